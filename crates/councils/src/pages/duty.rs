//! An action as its owner sees it: what is to be done, what was reported, and one form to report.

use super::{
    Query, body_of, presides, sitting_of,
    words::{Owners, action_chip, sitting_title},
};
use crate::{
    actions,
    model::{Action, Council, Owner, Sitting},
    queries,
    rules::rights::HOLD,
    t,
};
use axum::{
    Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::get,
};
use kernel::{Actor, Id, OfficeKind, Refusal, time::local_date};
use maud::{Markup, html};
use store::Fault;
use ui::{
    Answer, Ctx, Form, Posted, Viewer, into_form,
    layout::{self, Page},
    parts::{self, Field},
    with_status,
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new().route("/council-actions/{id}", get(show).post(report))
}

/// As whom the viewer reports: the own person, the handler of the unit that does it, or who runs the sittings.
fn reporter(viewer: &Viewer, a: &Action, council: &Council, s: &Sitting) -> Result<Actor, Refusal> {
    let signed = viewer.signed.as_ref().ok_or(Refusal::forbidden("ui.no-right"))?;
    let own = match a.owner {
        Owner::Person(person) => person == signed.person,
        Owner::Unit(_) => false,
    };
    if own || presides(viewer, council, s) {
        return viewer.actor(None);
    }
    let handles = |o: &&ui::Office| {
        o.kind == OfficeKind::UnitHandler && matches!(a.owner, Owner::Unit(u) if o.unit == Some(u))
    };
    match signed.offices.iter().find(handles) {
        Some(office) => viewer.actor(Some(office)),
        None => viewer.actor(Some(viewer.need(&HOLD, &a.place)?)),
    }
}

/// The action in an address, with its body, its sitting and who may report on it.
async fn entered(ctx: &Ctx, viewer: &Viewer, id: &str) -> Result<(Action, Council, Sitting, Actor), Fault> {
    viewer.signed_in()?;
    let none = || Fault::from(Refusal::missing("councils.no-action"));
    let id: Id = id.parse().map_err(|_| none())?;
    let street = ctx.street(viewer)?;
    let a = queries::action(&mut ctx.store.read().await?, street, id).await?.ok_or_else(none)?;
    let s = sitting_of(ctx, viewer, &a.sitting.to_string()).await?;
    let council = body_of(ctx, &s).await?;
    let actor = reporter(viewer, &a, &council, &s)?;
    Ok((a, council, s, actor))
}

async fn show(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>, _: Query) -> Answer {
    let (a, council, s, _) = entered(&ctx, &viewer, &id).await?;
    Ok(page(&ctx, &viewer, (&a, &council, &s), &Form::default()).await?.into_response())
}

async fn page(
    ctx: &Ctx,
    viewer: &Viewer,
    (a, council, s): (&Action, &Council, &Sitting),
    form: &Form,
) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let mut conn = ctx.store.read().await?;
    let owners = Owners::public(&mut conn, lang, council, &[a.owner]).await?;
    drop(conn);
    let (now, today) = (ctx.store.now(), local_date(ctx.store.now()));
    let here = format!("/council-actions/{}", a.id);
    let body = html! {
        div.wh { h1 { (a.text) } p.meta {
            (action_chip(lang, a, today))
            span { (owners.word(lang, a.owner)) }
            span.num { (t!(lang, "due-on", day = a.due.to_string())) }
        } }
        p."mt2" { a href={ "/sittings/" (s.id) } { (sitting_title(lang, &council.name, s)) } }
        (parts::error_summary(lang, form))
        @if !a.reports.is_empty() { section."sec mt3" aria-labelledby="h-reports" {
            div.sec-h { h2 #h-reports { (t!(lang, "action-reports")) } }
            ul."card rowlist" { @for r in a.reports.iter().rev() { li { div.rw { (parts::icon("clipboard-check")) span.tx { b { (r.words) } span."meta num" { (ui::show::when(lang, r.at, now)) } } } } } }
        } }
        @if let Some(result) = &a.result { (parts::notice("ok", "circle-check", &t!(lang, "action-done"), result)) }
        @else {
            form."card card-p form mt3" method="post" action=(here) data-once {
                (parts::hidden(ctx, viewer))
                (parts::field(lang, form, Field { name: "result", label: &t!(lang, "action-say"), hint: &t!(lang, "action-say-hint"), kind: "textarea", required: true, max: 2000, ..Field::default() }))
                div."btns mt3" {
                    button.btn name="act" value="report" { (t!(lang, "action-report")) }
                    button."btn pri" name="act" value="done" { (t!(lang, "action-finish")) }
                }
            }
        }
    };
    let (title, back) = (t!(lang, "action"), format!("/sittings/{}", s.id));
    Ok(layout::resident(
        ctx,
        viewer,
        Page { title: &title, slim: true, back: Some(&back), ..Page::default() },
        &body,
    ))
}

async fn report(State(ctx): State<Ctx>, Path(id): Path<String>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    let (a, council, s, actor) = entered(&ctx, viewer, &id).await?;
    let (id, words) = (a.id, posted.fields.get("result").to_owned());
    let done = match posted.fields.get("act") {
        "done" => {
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move { actions::finish(tx, &actor, id, &words).await.map(|_| ()) })
                })
                .await
        }
        "report" => {
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move { actions::report(tx, &actor, id, &words).await.map(|_| ()) })
                })
                .await
        }
        _ => Err(Refusal::missing("councils.no-verb").into()),
    };
    match done {
        Ok(()) => Ok(ui::done(&ctx, &format!("/council-actions/{id}"), "councils.done-saved", &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            Ok(with_status(&refusal, page(&ctx, viewer, (&a, &council, &s), &form).await?))
        }
    }
}
