//! For everybody: notices with their agenda, and minutes once they are published. Members sign in and sign here.

use super::{
    Query,
    sitting::{Texts, text_of},
    sitting_of,
    words::{
        Owners, actions as action_list, came, owned, owned_promises, sitting_title, span, state_chip, venue,
        ways,
    },
};
use crate::{
    Bridge, actions,
    model::{Act, Council, Minutes, Sitting, SittingState},
    queries, t,
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use kernel::{
    Actor, Id, Refusal, Time,
    text::blot,
    time::{local_date, parse_stamp, stamp},
};
use maud::{Markup, html};
use store::Fault;
use ui::{
    Answer, Ctx, Cursor, Posted, Viewer,
    layout::{self, Page},
    parts,
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/councils", get(list))
        .route("/sittings/{id}", get(show))
        .route("/sittings/{id}/here", post(here))
        .route("/sittings/{id}/sign", post(sign))
}

async fn list(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    let lang = viewer.lang;
    let street = ctx.street(&viewer)?;
    let place = super::feed::place_of(&viewer);
    let cursor = Cursor::decode(query.get("before").map_or("", String::as_str), 2)?;
    let bad = || Refusal::invalid("cursor", "ui.bad-cursor");
    let before = match &cursor {
        Some(c) => (parse_stamp(c.text(0)).ok_or_else(bad)?, c.text(1).parse().map_err(|_| bad())?),
        // Before the end of time: every id.
        None => (far(), street),
    };
    let mut conn = ctx.store.read().await?;
    let mut all = queries::public_sittings(&mut conn, street, &place, before).await?;
    // The first page begins with the bodies themselves.
    let mut bodies = match cursor {
        Some(_) => Vec::new(),
        None => queries::councils(&mut conn, street, &[&place], ("", "")).await?,
    };
    bodies.truncate(queries::PAGE as usize);
    drop(conn);
    let more = all.len() > queries::PAGE as usize;
    all.truncate(queries::PAGE as usize);
    let next = all.last().filter(|_| more).map(|(s, _)| {
        format!("/councils?before={}", Cursor(vec![stamp(s.starts).into(), s.id.to_string().into()]).encode())
    });
    let title = t!(lang, "councils-public");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "councils-public-about")) } }
        p."btns mt3" { a."btn quiet" href={ "/councils/calendar.ics?place=" (parts::query(place.as_str())) } { (parts::icon("calendar-days")) (t!(lang, "calendar-follow")) }
            a."btn quiet" href="/receptions" { (parts::icon("user-round")) (t!(lang, "receptions")) }
            a."btn quiet" href="/councils/outcomes" { (parts::icon("chart-column")) (t!(lang, "outcomes")) } }
        @if !bodies.is_empty() { section."sec mt3" aria-labelledby="h-bodies" { div.sec-h { h2 #h-bodies { (t!(lang, "councils")) } }
            ul."card rowlist" { @for c in &bodies { li { a.rw href={ "/councils/" (c.id) } { (parts::icon("landmark")) span.tx { b { (c.name) } span.meta { span { (super::words::kind_word(lang, c.kind)) } } } } } } } } }
        @if all.is_empty() { (parts::empty("messages-square", &t!(lang, "sittings-none"), "")) } @else {
            ul."card rowlist mt3" { @for (s, name) in &all { li { a.rw href={ "/sittings/" (s.id) } { (parts::icon("calendar-days")) span.tx {
                b { (sitting_title(lang, name, s)) }
                span.meta { (state_chip(lang, s.state)) span.num { (span(s)) } span { (venue(lang, s)) } }
            } } } } }
            (parts::pager(lang, all.len(), cursor.is_some().then_some("/councils"), next.as_deref()))
        }
    };
    Ok(layout::resident(
        &ctx,
        &viewer,
        Page { title: &title, slim: true, back: Some("/"), ..Page::default() },
        &body,
    )
    .into_response())
}

/// Later than any sitting: forms take years up to 2099.
fn far() -> Time {
    parse_stamp("2200-01-01T00:00:00Z").unwrap_or_default()
}

async fn show(
    State(ctx): State<Ctx>,
    Extension(halls): Extension<super::live::Halls>,
    viewer: Viewer,
    Path(id): Path<String>,
    query: Query,
) -> Answer {
    let s = sitting_of(&ctx, &viewer, &id).await?;
    // A plan is nobody's business yet.
    if s.state == SittingState::Draft {
        if super::presides(&viewer, &super::body_of(&ctx, &s).await?, &s) {
            return Ok(Redirect::to(&format!("/office/sittings/{}", s.id)).into_response());
        }
        return Err(Refusal::missing("councils.no-sitting").into());
    }
    let lang = viewer.lang;
    let mut conn = ctx.store.read().await?;
    let council = queries::council(&mut conn, s.street, s.council).await?;
    let council = council.ok_or_else(|| Fault::other("a sitting without a body"))?;
    let published = s.state == SittingState::Published;
    let given = if published { queries::actions_of(&mut conn, s.street, s.id).await? } else { Vec::new() };
    let mine = match &viewer.signed {
        Some(g) => queries::own_questions(&mut conn, ctx.store.keys(), s.street, s.id, g.person).await?,
        None => Vec::new(),
    };
    let mut duties = owned(&given);
    duties.extend(owned_promises(&mine));
    let owners = Owners::public(&mut conn, lang, &council, &duties).await?;
    let figures = queries::question_figures(&mut conn, s.street, &s.place, Some(s.id)).await?;
    let seat = viewer.signed.as_ref().and_then(|g| council.seat_of(g.person, s.day())).map(|m| m.id);
    let comes = super::coming::seat_of(&viewer, &council, &s);
    // A member reads what waits for signatures, everybody what was published.
    let to_sign = s.to_sign().filter(|_| seat.is_some());
    let texts = super::sitting::minutes_texts(&mut conn, ctx.store.keys(), &s).await?;
    drop(conn);
    let (version, live) = halls.part(&ctx, &viewer, s.id, false, true).await?;
    let own = super::own::part(&ctx, &viewer, &council, &s);
    let today = local_date(ctx.store.now());
    let title = sitting_title(lang, &council.name, &s);
    let code = query.get("code").map_or("", String::as_str);
    let body = html! {
        div.wh { h1 { (title) } p.meta { (state_chip(lang, s.state)) span.num { (span(&s)) } span { (venue(lang, &s)) } a href={ "/councils/" (council.id) } { (council.name) } } }
        @if let Some(reason) = s.reason.as_ref().filter(|_| matches!(s.state, SittingState::Postponed | SittingState::Cancelled)) { (parts::notice("warn", "info", &t!(lang, "reason"), reason)) }
        @if let Some(urgent) = &s.urgent { (parts::notice("", "timer", &t!(lang, "urgent"), urgent)) }
        @if super::presides(&viewer, &council, &s) && viewer.may(&crate::rules::rights::READ, &s.place).is_none() {
            p."btns mt3" { a."btn pri" href={ "/office/sittings/" (s.id) } { (parts::icon("list-checks")) (t!(lang, "preside")) } }
        }
        @if s.state.is_held() && !code.is_empty() { (arrive(&ctx, &viewer, &s, comes.map(|(seat, _)| seat), code)) }
        @if comes.is_some_and(|(seat, _)| s.is_present(seat)) && s.state == SittingState::InSession {
            p."btns mt3" { a.btn href="#own" { (parts::icon("mic")) (t!(lang, "to-own")) } }
        }
        (super::live::boxed(lang, s.id, version, &live, false, &viewer.here))
        // Only who is on the body has something here that follows the sitting: the others share one part.
        @if comes.is_some() { div #own data-now-part={ "/sittings/" (s.id) "/own" } { (own) } }
        (super::board::own(&ctx, &viewer, &s, &mine, &owners))
        @if published && figures.asked > 0 { p."muted mt3" { (super::board::figures(lang, &figures)) } }
        @if published { (results(&viewer, &council, &s)) }
        @if !given.is_empty() { section."sec mt3" aria-labelledby="h-actions" {
            div.sec-h { h2 #h-actions { (t!(lang, "actions")) } }
            (action_list(lang, &given, &owners, today, &|_| html! {}))
        } }
        (minutes(&ctx, &viewer, &s, &texts, to_sign))
    };
    Ok(layout::resident(
        &ctx,
        &viewer,
        Page { title: &title, slim: true, back: Some("/councils"), ..Page::default() },
        &body,
    )
    .into_response())
}

/// The minutes: as published, with what they were before they were corrected; to a member also what waits for signatures.
fn minutes(ctx: &Ctx, viewer: &Viewer, s: &Sitting, texts: &Texts, to_sign: Option<&Minutes>) -> Markup {
    let lang = viewer.lang;
    // Numbers of telephones and cards do not go on the board, whoever wrote them into the text.
    let lines = |m: &Minutes| html! { @for line in blot(text_of(texts, Some(m))).lines() { p { (line) } } };
    let why = |m: &Minutes| html! { @if let Some(reason) = &m.reason { p.muted { (t!(lang, "corrected-why", reason = blot(reason))) } } };
    let published = s.minutes.as_ref().filter(|_| s.state == SittingState::Published);
    html! {
        @if published.is_some() || to_sign.is_some() { section."sec mt3" id="minutes" aria-labelledby="h-minutes" {
            div.sec-h { h2 #h-minutes { (t!(lang, "minutes")) } }
            @if let Some(m) = published { article."card card-p prose" { (why(m)) (lines(m)) } }
            @if let Some(m) = to_sign { article."card card-p prose mt3" {
                @if m.reason.is_some() { h3 { (t!(lang, "correction")) } }
                (why(m)) (lines(m))
                form."mt3" method="post" action={ "/sittings/" (s.id) "/sign" } data-once { (parts::hidden(ctx, viewer)) button."btn pri" { (t!(lang, "act-sign")) } }
            } }
            @if published.is_some() { @for (n, m) in s.earlier.iter().enumerate().rev() { @let number: usize = n + 1; details."more card card-p mt3" {
                summary { (t!(lang, "minutes-before", n = number)) }
                div.prose { (why(m)) (lines(m)) }
            } } }
        } }
    }
}

/// Attendance in numbers, and in which capacity the minutes were signed.
fn results(viewer: &Viewer, council: &Council, s: &Sitting) -> Markup {
    let lang = viewer.lang;
    let signed: Vec<String> = s
        .minutes
        .iter()
        .flat_map(|m| &m.signed)
        .map(|g| {
            if council.chair == Some(g.member) {
                t!(lang, "chair")
            } else if council.secretary == Some(g.member) {
                t!(lang, "secretary")
            } else {
                super::words::capacity_word(lang, g.capacity)
            }
        })
        .collect();
    html! {
        dl."kv left card card-p mt3" {
            dt { (t!(lang, "attendance")) }
            dd { @for (word, n) in came(lang, s) { span.num { (word) " " (n) "　" } } }
            @if !s.mode.is_onsite() { dt { (t!(lang, "how")) } dd { @for (word, n) in ways(lang, s) { span.num { (word) " " (n) "　" } } } }
            dt { (t!(lang, "signed-as")) } dd { (signed.join("、")) }
        }
    }
}

/// Signing in with the code of the room.
fn arrive(ctx: &Ctx, viewer: &Viewer, s: &Sitting, seat: Option<Id>, code: &str) -> Markup {
    let lang = viewer.lang;
    html! {
        section."card card-p mt3" {
            @match seat {
                Some(seat) if s.is_present(seat) => (parts::notice("ok", "circle-check", &t!(lang, "you-are-here"), "")),
                Some(_) => { form method="post" action={ "/sittings/" (s.id) "/here" } data-once {
                    (parts::hidden(ctx, viewer)) input type="hidden" name="code" value=(code);
                    button."btn pri wide" { (t!(lang, "i-am-here")) }
                } },
                None if viewer.signed.is_some() => { p { (t!(lang, "refusal-not-member")) } },
                None => { p { a."btn pri wide" href={ "/sign-in?to=" (parts::query(&viewer.here)) } { (t!(lang, "sign-in-first")) } } },
            }
        }
    }
}

/// The own person, without any office.
fn own(viewer: &Viewer) -> Result<Actor, Refusal> {
    viewer.signed_in()?;
    viewer.actor(None)
}

async fn here(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    let actor = own(&posted.viewer)?;
    let id = sitting_of(&ctx, &posted.viewer, &id).await?.id;
    let code = posted.fields.get("code").to_owned();
    let afar = posted.fields.get("from") == "afar";
    ctx.store
        .once(posted.key(), move |tx| {
            Box::pin(async move {
                if afar {
                    actions::sign_in_from_afar(tx, bridge, &actor, id).await.map(|_| ())
                } else {
                    actions::sign_in(tx, bridge, &actor, id, &code).await.map(|_| ())
                }
            })
        })
        .await?;
    Ok(ui::done(&ctx, &format!("/sittings/{id}"), "councils.done-here", &[]))
}

async fn sign(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    let viewer = &posted.viewer;
    let actor = own(viewer)?;
    let s = sitting_of(&ctx, viewer, &id).await?;
    let id = s.id;
    ctx.store
        .once(posted.key(), move |tx| {
            Box::pin(async move { actions::act(tx, bridge, &actor, id, Act::Sign).await.map(|_| ()) })
        })
        .await?;
    let council = super::body_of(&ctx, &s).await?;
    let chair =
        viewer.may(&crate::rules::rights::READ, &s.place).is_some() || super::presides(viewer, &council, &s);
    let to = if chair { format!("/office/sittings/{id}") } else { format!("/sittings/{id}") };
    Ok(ui::done(&ctx, &to, "councils.done-signed", &[]))
}
