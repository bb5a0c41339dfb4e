//! An action: what is to be done and what became of it, for everybody once the minutes are out; its owner reports on it,
//! residents say how satisfied they are, and whoever runs the body takes it up again.

use super::{
    Query, body_of, presides, sitting_of,
    words::{Owners, action_chip, sitting_title},
};
use crate::{
    Bridge, actions,
    model::{Action, ActionState, Council, Owner, Sitting},
    queries,
    rules::{self, rights::HOLD},
    t,
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::{get, post},
};
use kernel::{Actor, Id, OfficeKind, Refusal, Satisfaction, time::local_date};
use maud::{Markup, html};
use store::{Conn, Fault};
use ui::{
    Answer, Ctx, Form, Posted, Viewer, into_form,
    layout::{self, Page},
    parts::{self, Field},
    with_status,
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/council-actions/{id}", get(show).post(report))
        .route("/council-actions/{id}/evaluate", post(evaluate))
}

/// An action with where it was given.
struct Duty {
    a: Action,
    council: Council,
    s: Sitting,
}

impl Duty {
    async fn of(ctx: &Ctx, viewer: &Viewer, id: &str) -> Result<Self, Fault> {
        let none = || Fault::from(Refusal::missing("councils.no-action"));
        let id: Id = id.parse().map_err(|_| none())?;
        let street = ctx.street(viewer)?;
        let a = queries::action(&mut ctx.store.read().await?, street, id).await?.ok_or_else(none)?;
        let s = sitting_of(ctx, viewer, &a.sitting.to_string()).await?;
        let council = body_of(ctx, &s).await?;
        Ok(Self { a, council, s })
    }

    /// Whether the viewer runs the body: presides over it, or holds sittings there.
    fn runs(&self, viewer: &Viewer) -> bool {
        presides(viewer, &self.council, &self.s) || viewer.may(&HOLD, &self.a.place).is_some()
    }

    /// As whom the viewer reports: the own person, the handler of the unit that does it, or who runs the sittings.
    fn reporter(&self, viewer: &Viewer) -> Result<Actor, Refusal> {
        let signed = viewer.signed_in()?;
        let own = match self.a.owner {
            Owner::Person(person) => person == signed.person,
            Owner::Unit(_) => false,
        };
        if own || presides(viewer, &self.council, &self.s) {
            return viewer.actor(None);
        }
        let handles = |o: &&ui::Office| {
            o.kind == OfficeKind::UnitHandler && matches!(self.a.owner, Owner::Unit(u) if o.unit == Some(u))
        };
        match signed.offices.iter().find(handles) {
            Some(office) => viewer.actor(Some(office)),
            None => viewer.actor(Some(viewer.need(&HOLD, &self.a.place)?)),
        }
    }
}

async fn show(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>, _: Query) -> Answer {
    let duty = Duty::of(&ctx, &viewer, &id).await?;
    if !rules::action_is_public(&duty.s) {
        duty.reporter(&viewer)?;
    }
    Ok(page(&ctx, &viewer, &duty, &Form::default()).await?.into_response())
}

async fn page(ctx: &Ctx, viewer: &Viewer, duty: &Duty, form: &Form) -> Result<Markup, Fault> {
    let (lang, a, s) = (viewer.lang, &duty.a, &duty.s);
    let mut conn = ctx.store.read().await?;
    let owners = Owners::public(&mut conn, lang, &duty.council, &[a.owner]).await?;
    let judged = judged(ctx, &mut conn, viewer, duty, form).await?;
    drop(conn);
    let (now, today) = (ctx.store.now(), local_date(ctx.store.now()));
    let here = format!("/council-actions/{}", a.id);
    let body = html! {
        div.wh { h1 { (a.text) } p.meta {
            (action_chip(lang, a, today))
            span { (owners.word(lang, a.owner)) }
            span.num { (t!(lang, "due-on", day = a.due.to_string())) }
            @if let Some(m) = &a.matter { a href={ "/m/" (m.number) } { (m.number) } }
        } }
        p."mt2" { a href={ "/sittings/" (s.id) } { (sitting_title(lang, &duty.council.name, s)) } }
        (parts::error_summary(lang, form))
        @if !a.reports.is_empty() { section."sec mt3" aria-labelledby="h-reports" {
            div.sec-h { h2 #h-reports { (t!(lang, "action-reports")) } }
            ul."card rowlist" { @for r in a.reports.iter().rev() { li { div.rw { (parts::icon("clipboard-check")) span.tx { b { (r.words) } span."meta num" { (ui::show::when(lang, r.at, now)) } } } } } }
        } }
        @if let Some(result) = &a.result { (parts::notice("ok", "circle-check", &t!(lang, "action-done"), result)) (judged) }
        @else if duty.reporter(viewer).is_ok() {
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

/// What residents think of what was done: how many, the form of the viewer, and for those who run the body what was said.
async fn judged(
    ctx: &Ctx,
    conn: &mut Conn,
    viewer: &Viewer,
    duty: &Duty,
    form: &Form,
) -> Result<Markup, Fault> {
    let (lang, a) = (viewer.lang, &duty.a);
    if a.state != ActionState::Done {
        return Ok(html! {});
    }
    let grades = queries::grades(conn, a.street, a.id).await?;
    let runs = duty.runs(viewer);
    let said = match runs {
        true => queries::evaluations_said(conn, ctx.store.keys(), a.street, a.id).await?,
        false => Vec::new(),
    };
    let may = viewer.signed.as_ref().is_some_and(|g| rules::may_evaluate(a, &duty.s, g.person).is_ok());
    let here = format!("/council-actions/{}", a.id);
    let now = ctx.store.now();
    Ok(html! {
        section."sec mt4" aria-labelledby="h-judged" {
            div.sec-h { h2 #h-judged { (t!(lang, "evaluated")) } }
            @if grades.all() == 0 { p.muted { (t!(lang, "evaluated-none")) } } @else {
                p.num { (t!(lang, "evaluated-counts", all = grades.all(), satisfied = grades.satisfied, partly = grades.partly, dissatisfied = grades.dissatisfied)) }
            }
            @if may { form."card card-p form mt3" method="post" action={ (here) "/evaluate" } data-once {
                (parts::hidden(ctx, viewer))
                (parts::satisfaction(lang, form, "grade", &t!(lang, "evaluate-ask")))
                (parts::field(lang, form, Field { name: "words", label: &t!(lang, "evaluate-words"), hint: &t!(lang, "evaluate-words-hint"), kind: "textarea", rows: 2, max: 2000, ..Field::default() }))
                button."btn pri wide mt3" { (t!(lang, "evaluate-send")) }
            } } @else if viewer.signed.is_none() { p.mt3 { a.btn href={ "/sign-in?to=" (here) } { (t!(lang, "evaluate-sign-in")) } } }
            @if runs {
                @if said.iter().any(|(_, text)| !text.is_empty()) { ul."card rowlist mt3" { @for (e, text) in said.iter().filter(|(_, text)| !text.is_empty()) { li { div.rw { (parts::icon("star")) span.tx { b { (parts::satisfied_word(lang, e.grade)) } span { (text) } span."meta num" { (ui::show::when(lang, e.at, now)) } } } } } } }
                details."card card-p mt3" open[form.error("reason").is_some() || form.error("due").is_some()] { summary { (t!(lang, "action-reopen")) }
                    form.form method="post" action=(here) data-once {
                        (parts::hidden(ctx, viewer))
                        (parts::field(lang, form, Field { name: "reason", label: &t!(lang, "action-reopen-why"), kind: "textarea", rows: 2, required: true, max: 2000, ..Field::default() }))
                        (parts::field(lang, form, Field { name: "due", label: &t!(lang, "action-due"), kind: "date", required: true, ..Field::default() }))
                        button."btn mt3" name="act" value="reopen" { (t!(lang, "action-reopen")) }
                    }
                }
            }
        }
    })
}

async fn report(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    let viewer = &posted.viewer;
    viewer.signed_in()?;
    let duty = Duty::of(&ctx, viewer, &id).await?;
    let actor = duty.reporter(viewer)?;
    let (id, words) = (duty.a.id, posted.fields.get("result").to_owned());
    let done = match posted.fields.get("act") {
        "done" => {
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move { actions::finish(tx, bridge, &actor, id, &words).await.map(|_| ()) })
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
        "reopen" if duty.runs(viewer) => {
            let reason = posted.fields.get("reason").to_owned();
            match posted.fields.parse("due") {
                Ok(due) => {
                    ctx.store
                        .once(posted.key(), move |tx| {
                            Box::pin(async move {
                                let due = due.ok_or(Refusal::invalid("due", "ui.empty"))?;
                                actions::reopen(tx, bridge, &actor, id, &reason, due).await.map(|_| ())
                            })
                        })
                        .await
                }
                Err(refusal) => Err(refusal.into()),
            }
        }
        _ => Err(Refusal::missing("councils.no-verb").into()),
    };
    answered(&ctx, &posted, &duty, done, "councils.done-saved").await
}

async fn evaluate(State(ctx): State<Ctx>, Path(id): Path<String>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    viewer.signed_in()?;
    let duty = Duty::of(&ctx, viewer, &id).await?;
    let (id, actor, words) = (duty.a.id, viewer.actor(None)?, posted.fields.get("words").to_owned());
    let grade = Satisfaction::parse(posted.fields.get("grade"));
    let done = ctx
        .store
        .once(posted.key(), move |tx| {
            Box::pin(async move {
                let grade = grade.ok_or(Refusal::invalid("grade", "ui.choose"))?;
                actions::evaluate(tx, &actor, id, grade, &words).await.map(|_| ())
            })
        })
        .await;
    answered(&ctx, &posted, &duty, done, "councils.done-evaluated").await
}

/// Back to the action, or the form with what is wrong.
async fn answered(
    ctx: &Ctx,
    posted: &Posted,
    duty: &Duty,
    done: Result<(), Fault>,
    message: &'static str,
) -> Answer {
    match done {
        Ok(()) => Ok(ui::done(ctx, &format!("/council-actions/{}", duty.a.id), message, &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            Ok(with_status(&refusal, page(ctx, &posted.viewer, duty, &form).await?))
        }
    }
}
