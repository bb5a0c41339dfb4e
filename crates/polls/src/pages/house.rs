//! A roll from what the house knows: choose a source, look at what it gives, take it.

use super::{
    DESK, Query,
    desk::{address, entry, leave},
    desk_page, poll_of,
};
use crate::{
    Bridge, actions,
    model::{Poll, PollState, Source},
    queries::house::{self, Offer},
    rules::{Line, house::print, rights::PREPARE},
    t,
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::{get, post},
};
use kernel::{Refusal, text::mask_name, time::local_date};
use maud::{Markup, html};
use store::Fault;
use ui::{
    Answer, Ctx, Form, Lang, Posted, Viewer, into_form, layout,
    parts::{self, Field},
    with_status,
};

/// Lines that are shown before a roll is taken.
const SHOWN: usize = 500;

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/office/polls/{id}/roll", get(look))
        .route("/office/polls/{id}/prepare/roll-from", post(take))
}

/// Whether a roll may be given now.
fn rollable(p: &Poll) -> bool {
    matches!(p.state, PollState::Ruled | PollState::Rolled | PollState::Noticed)
}

fn source_word(lang: Lang, source: Source, name: &str) -> String {
    match source {
        Source::Body(_) => t!(lang, "source-body", name = name),
        Source::Office(kind) => t!(lang, "source-office", name = layout::office_name(lang, kind.code())),
        Source::Dwellings => t!(lang, "source-dwellings"),
    }
}

async fn look(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    viewer: Viewer,
    Path(id): Path<String>,
    query: Query,
) -> Answer {
    viewer.need_somewhere(&PREPARE)?;
    let p = poll_of(&ctx, &viewer, &id).await?;
    viewer.need(&PREPARE, &p.place)?;
    if !rollable(&p) {
        return Err(Refusal::conflict("polls.not-now").into());
    }
    let day = local_date(ctx.store.now());
    let mut conn = ctx.store.read().await?;
    let offers = house::offers(&mut conn, bridge, &p, day).await?;
    let chosen = query.get("from").map_or("", String::as_str);
    let mut form = Form::with(&[("from", chosen)]);
    let seen = if chosen.is_empty() {
        None
    } else {
        match lines_of(&mut conn, &ctx, bridge, &p, chosen).await {
            Ok(seen) => Some(seen),
            Err(fault) => {
                form = Form::refused(form.values.clone(), into_form(fault)?);
                None
            }
        }
    };
    drop(conn);
    let bad = form.errors.first().cloned();
    let body = page(&ctx, &viewer, &p, &offers, seen.as_ref(), &form);
    Ok(match bad {
        Some(refusal) => with_status(&refusal, body),
        None => body.into_response(),
    })
}

async fn lines_of(
    conn: &mut store::Conn,
    ctx: &Ctx,
    bridge: Bridge,
    p: &Poll,
    code: &str,
) -> Result<(Source, String, Vec<Line>), Fault> {
    let source = Source::parse(code).ok_or(Refusal::invalid("from", "polls.no-source"))?;
    let day = local_date(ctx.store.now());
    let (name, lines) = house::lines(conn, ctx.store.keys(), bridge, p, source, day).await?;
    Ok((source, name, lines))
}

fn page(
    ctx: &Ctx,
    viewer: &Viewer,
    p: &Poll,
    offers: &[Offer],
    seen: Option<&(Source, String, Vec<Line>)>,
    form: &Form,
) -> Markup {
    let lang = viewer.lang;
    let title = t!(lang, "roll-house");
    let choices: Vec<(String, String)> = offers
        .iter()
        .map(|o| {
            let word = source_word(lang, o.source, &o.name);
            (o.source.code(), t!(lang, "source-many", name = word, n = o.many))
        })
        .collect();
    let body = html! {
        div.wh { h1 { (title) } p.meta { a href={ (DESK) "/" (p.id) } { (p.title) } } p.muted { (t!(lang, "roll-house-about")) } }
        (parts::error_summary(lang, form))
        @if choices.is_empty() { (parts::empty("users", &t!(lang, "source-none"), &t!(lang, "source-none-why"))) } @else {
            form."card card-p form mt3" method="get" action=(address(p, "roll")) {
                (parts::select(lang, form, Field { name: "from", label: &t!(lang, "roll-from"), required: true, ..Field::default() }, &choices))
                div."btns mt3" { button.btn { (t!(lang, "source-look")) } }
            }
        }
        @if let Some((source, name, lines)) = seen {
            @let known = lines.iter().filter(|l| l.person.is_some()).count();
            section."sec mt3" aria-labelledby="h-lines" {
                div.sec-h { h2 #h-lines { (t!(lang, "source-many", name = source_word(lang, *source, name), n = lines.len())) } }
                (parts::notice("", "info", &t!(lang, "roll-known", n = known), &t!(lang, "roll-known-why")))
                div."card tscroll mt3" tabindex="0" role="group" aria-label=(title) { table.tbl {
                    caption.vh { (title) }
                    thead { tr { th scope="col" { (t!(lang, "units")) } th scope="col" { (t!(lang, "on-roll-name")) } th scope="col" { (t!(lang, "votes-online")) } } }
                    tbody { @for line in lines.iter().take(SHOWN) { tr {
                        td."c-t num" { (line.unit) }
                        td data-l=(t!(lang, "on-roll-name")) { @if *source == Source::Dwellings { "—" } @else { (mask_name(&line.name)) } }
                        td data-l=(t!(lang, "votes-online")) { @if line.person.is_some() { (parts::chip("ok", "circle-check", &t!(lang, "online-known"))) } @else { (parts::chip("line", "", &t!(lang, "online-unknown"))) } }
                    } } }
                } }
                @let more = lines.len().saturating_sub(SHOWN);
                @if more > 0 { p.muted { (t!(lang, "source-more", n = more)) } }
                form."card card-p mt3" method="post" action=(address(p, "prepare/roll-from")) data-once {
                    (parts::hidden(ctx, viewer))
                    input type="hidden" name="from" value=(source.code());
                    input type="hidden" name="print" value=(print(lines));
                    p { (t!(lang, "roll-take-about")) }
                    div."btns mt3" { button."btn pri" { (t!(lang, "roll-freeze")) } a."btn quiet" href={ (DESK) "/" (p.id) } { (t!(lang, "cancel")) } }
                }
            }
        }
    };
    desk_page(ctx, viewer, &title, &body)
}

async fn take(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    let (p, actor) = entry(&ctx, &posted, &id, &PREPARE).await?;
    let (id, key) = (p.id, posted.key());
    let mut conn = ctx.store.read().await?;
    let seen = lines_of(&mut conn, &ctx, bridge, &p, posted.fields.get("from")).await;
    drop(conn);
    let done = match seen {
        Err(fault) => Err(fault),
        // Somebody joined or left since it was looked at: look again.
        Ok((_, _, lines)) if print(&lines) != posted.fields.get("print") => {
            Err(Refusal::conflict("polls.source-moved").into())
        }
        Ok((source, name, lines)) => {
            let from = source_word(Lang::ZhHans, source, &name);
            ctx.store
                .once(key, move |tx| {
                    Box::pin(async move {
                        actions::freeze_from(tx, bridge, &actor, id, &lines, Some(from)).await.map(|_| ())
                    })
                })
                .await
        }
    };
    leave(&ctx, &posted, id, done).await
}
