//! For everybody: a body with its sittings, who receives when, and what came of it.

use super::{
    Query, council_of,
    feed::place_of,
    reception::{figures, listed, rows},
    words::{capacity_word, kind_word, sitting_title, span, state_chip, venue},
};
use crate::{
    model::{Capacity, Council, Duty, SittingState},
    queries, rules, t,
};
use axum::{
    Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::get,
};
use chrono::Duration;
use kernel::{
    Id, PlacePath, Time,
    text::mask_name,
    time::{day_start, local_date},
};
use maud::{Markup, html};
use std::collections::HashMap;
use store::{Conn, Fault, Keys};
use ui::{
    Answer, Ctx, Lang, Viewer,
    layout::{self, Page},
    parts,
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new().route("/councils/{id}", get(show)).route("/receptions", get(receptions))
}

/// From this morning for the weeks that are planned.
fn weeks(now: Time) -> (Time, Time) {
    (day_start(local_date(now)), now + Duration::days(rules::ROTA_DAYS))
}

/// The names of those on duty as strangers see them: the first character.
async fn masked(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    all: &[(Duty, String)],
) -> Result<HashMap<Id, String>, Fault> {
    let ids: Vec<Id> = all.iter().map(|(d, _)| d.person).collect();
    let names = people::queries::names(conn, keys, street, &ids).await?;
    Ok(names.into_iter().map(|(id, name)| (id, mask_name(&name))).collect())
}

/// The list, today's first and apart.
fn list(lang: Lang, all: &[(Duty, String)], names: &HashMap<Id, String>, now: Time) -> Markup {
    let tomorrow = day_start(local_date(now)) + Duration::days(1);
    let (today, later): (Vec<_>, Vec<_>) = all.iter().cloned().partition(|(d, _)| d.starts < tomorrow);
    let who = |d: &Duty| names.get(&d.person).cloned().unwrap_or_default();
    html! {
        section."sec mt3" aria-labelledby="h-today" { div.sec-h { h2 #h-today { (t!(lang, "receives-today")) } }
            @if today.is_empty() { p.muted { (t!(lang, "receives-nobody")) } } @else { (rows(lang, &today, now, false, &who)) } }
        @if !later.is_empty() { section."sec mt3" aria-labelledby="h-later" { div.sec-h { h2 #h-later { (t!(lang, "receives-later")) } } (rows(lang, &later, now, false, &who)) } }
    }
}

/// Who receives when, in the reader's place.
async fn receptions(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    let lang = viewer.lang;
    let (street, place, now) = (ctx.street(&viewer)?, place_of(&viewer), ctx.store.now());
    let after = query.get("after").map_or("", String::as_str);
    let mut conn = ctx.store.read().await?;
    let duties = listed(&mut conn, (street, &place, None), weeks(now), after).await?;
    let names = masked(&mut conn, ctx.store.keys(), street, &duties.rows).await?;
    let done = queries::duty_figures(&mut conn, street, &place, None, now).await?;
    drop(conn);
    let title = t!(lang, "receptions");
    let next = duties.next.map(|n| format!("/receptions?after={n}"));
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "receptions-about")) } }
        @if viewer.signed.is_some() { p."btns mt3" { a."btn quiet" href="/duties" { (parts::icon("user-round")) (t!(lang, "own-duties")) } } }
        (list(lang, &duties.rows, &names, now))
        (parts::pager(lang, duties.rows.len(), (!after.is_empty()).then_some("/receptions"), next.as_deref()))
        @if done.planned > 0 { p."muted mt3" { (figures(lang, &done)) } }
    };
    let page = Page { title: &title, slim: true, back: Some("/councils"), ..Page::default() };
    Ok(layout::resident(&ctx, &viewer, page, &body).into_response())
}

/// How many sit on it, by capacity; never who.
fn seats(lang: Lang, c: &Council, now: Time) -> String {
    let n = |k: Capacity| c.serving(local_date(now)).filter(|m| m.capacity == k).count();
    let all = Capacity::ALL.iter().map(|k| (*k, n(*k))).filter(|(_, n)| *n > 0);
    all.map(|(k, n)| format!("{} {n}", capacity_word(lang, k))).collect::<Vec<_>>().join("、")
}

async fn show(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>, query: Query) -> Answer {
    let lang = viewer.lang;
    let c = council_of(&ctx, &viewer, &id).await?;
    let now = ctx.store.now();
    let after = query.get("after").map_or("", String::as_str);
    let mut conn = ctx.store.read().await?;
    let mut sittings = queries::sittings(&mut conn, c.street, c.id, i64::MAX).await?;
    sittings.retain(|s| s.state != SittingState::Draft);
    sittings.truncate(12);
    let at: (Id, &PlacePath, Option<Id>) = (c.street, &c.place, Some(c.id));
    let duties = listed(&mut conn, at, weeks(now), after).await?;
    let names = masked(&mut conn, ctx.store.keys(), c.street, &duties.rows).await?;
    let done = queries::duty_figures(&mut conn, c.street, &c.place, Some(c.id), now).await?;
    drop(conn);
    let seated = viewer.signed.as_ref().and_then(|g| c.seat_of(g.person, local_date(now)));
    let presides = super::presides_on(&viewer, &c, local_date(now));
    let receives = done.planned > 0 || !duties.rows.is_empty();
    let own = format!("/councils/{}", c.id);
    let next = duties.next.map(|n| format!("{own}?after={n}"));
    let body = html! {
        div.wh { h1 { (c.name) } p.muted { (kind_word(lang, c.kind)) " · " (seats(lang, &c, now)) } }
        p."btns mt3" {
            a."btn quiet" href={ (own) "/calendar.ics" } { (parts::icon("calendar-days")) (t!(lang, "calendar-follow")) }
            @if receives { a."btn quiet" href={ (own) "/receptions.ics" } { (parts::icon("calendar-days")) (t!(lang, "receptions-follow")) } }
            @if seated.is_some() { a."btn quiet" href="/duties" { (parts::icon("user-round")) (t!(lang, "own-duties")) } }
            @if seated.is_some() || presides { a."btn quiet" href={ (own) "/motions" } { (parts::icon("file-text")) (t!(lang, "submissions")) } }
            @if presides { a."btn pri" href={ "/office/councils/" (c.id) } { (parts::icon("calendar-days")) (t!(lang, "sitting-new")) } }
            @if presides { a."btn quiet" href={ "/office/councils/" (c.id) "/rota" } { (parts::icon("list-checks")) (t!(lang, "rota")) } }
        }
        @if receives {
            (list(lang, &duties.rows, &names, now))
            (parts::pager(lang, duties.rows.len(), (!after.is_empty()).then_some(own.as_str()), next.as_deref()))
            p."muted mt3" { (figures(lang, &done)) }
        }
        section."sec mt4" aria-labelledby="h-sittings" { div.sec-h { h2 #h-sittings { (t!(lang, "sittings")) } }
            @if sittings.is_empty() { (parts::empty("messages-square", &t!(lang, "sittings-none"), "")) } @else {
                ul."card rowlist" { @for s in &sittings { li { a.rw href={ "/sittings/" (s.id) } { (parts::icon("calendar-days")) span.tx {
                    b { (sitting_title(lang, &c.name, s)) }
                    span.meta { (state_chip(lang, s.state)) span.num { (span(s)) } span { (venue(lang, s)) } }
                } } } } }
            } }
    };
    let page = Page { title: &c.name, slim: true, back: Some("/councils"), ..Page::default() };
    Ok(layout::resident(&ctx, &viewer, page, &body).into_response())
}
