//! The sittings as a calendar that a telephone follows.

use super::{
    Query, council_of,
    words::{capacity_word, item_word, sitting_title, venue},
};
use crate::{
    model::{Duty, DutyState, SittingState},
    queries,
    rules::{Entry, ical},
    t,
};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use kernel::{Id, PlacePath, Refusal, text::blot};
use store::Fault;
use ui::{Answer, Ctx, Lang, Viewer};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/councils/calendar.ics", get(of_place))
        .route("/councils/{id}/calendar.ics", get(of_council))
        .route("/councils/{id}/receptions.ics", get(receptions))
        .route("/duties/calendar.ics", get(own))
}

/// The place whose sittings the reader follows: the own community, or the street.
pub(super) fn place_of(viewer: &Viewer) -> PlacePath {
    viewer
        .community
        .as_ref()
        .map(|c| c.path.clone())
        .or_else(|| viewer.home().map(|h| h.path.clone()))
        .unwrap_or_else(PlacePath::root)
}

/// A calendar program sends no cookies, so the place stands in the address.
async fn of_place(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    let street = ctx.street(&viewer)?;
    let place = match query.get("place") {
        Some(text) => PlacePath::parse(text).ok_or(Refusal::invalid("place", "ui.not-valid"))?,
        None => place_of(&viewer),
    };
    let name = t!(viewer.lang, "councils-public");
    Ok(feed(&ctx, viewer.lang, &name, street, &place, None).await?)
}

async fn of_council(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>) -> Answer {
    let c = council_of(&ctx, &viewer, &id).await?;
    Ok(feed(&ctx, viewer.lang, &c.name, c.street, &c.place, Some(c.id)).await?)
}

async fn feed(
    ctx: &Ctx,
    lang: Lang,
    name: &str,
    street: Id,
    place: &PlacePath,
    council: Option<Id>,
) -> Result<Response, Fault> {
    let mut conn = ctx.store.read().await?;
    let all = queries::fed(&mut conn, street, place, council, ctx.store.now()).await?;
    drop(conn);
    let entries: Vec<Entry> = all
        .iter()
        .map(|(s, body, version, revised)| {
            // A postponed one is off until it has another time and notice.
            let off =
                matches!(s.state, SittingState::Postponed | SittingState::Cancelled | SittingState::Lapsed);
            let why =
                s.reason.as_ref().filter(|_| off).map(|r| format!("{}: {}", t!(lang, "reason"), blot(r)));
            let agenda = s.items.iter().enumerate().map(|(n, i)| {
                let n = n + 1;
                format!("{n}. {} ({})", i.title, item_word(lang, i.kind))
            });
            Entry {
                uid: format!("sitting-{}", s.id),
                version: *version,
                revised: *revised,
                starts: s.starts,
                ends: s.ends,
                venue: venue(lang, s),
                off,
                title: sitting_title(lang, body, s),
                about: why.into_iter().chain(agenda).collect::<Vec<_>>().join("\n"),
                link: format!("{}/sittings/{}", ctx.site.base_url, s.id),
            }
        })
        .collect();
    Ok(answer(name, &entries))
}

fn answer(name: &str, entries: &[Entry]) -> Response {
    let mut response = ical::calendar(name, entries).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    headers
        .insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"calendar.ics\""));
    response
}

/// A duty as a calendar shows it.
fn duty(d: &Duty, title: String, about: String, link: String) -> Entry {
    Entry {
        uid: format!("duty-{}", d.id),
        version: i64::from(d.revision),
        revised: d.revised_at,
        starts: d.starts,
        ends: d.ends,
        venue: d.venue.clone(),
        off: d.state == DutyState::Cancelled,
        title,
        about,
        link,
    }
}

/// When members of a body receive residents, for everybody.
async fn receptions(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>) -> Answer {
    let (lang, c) = (viewer.lang, council_of(&ctx, &viewer, &id).await?);
    let now = ctx.store.now();
    let all = queries::fed_duties(&mut ctx.store.read().await?, c.street, &c.place, Some(c.id), now).await?;
    let link = format!("{}/councils/{}", ctx.site.base_url, c.id);
    // By capacity only: a calendar keeps what it saw.
    let entries: Vec<Entry> = all
        .iter()
        .map(|(d, body)| {
            let title =
                t!(lang, "reception-of", council = body.clone(), capacity = capacity_word(lang, d.capacity));
            duty(d, title, String::new(), link.clone())
        })
        .collect();
    Ok(answer(&t!(lang, "receptions-of", council = c.name), &entries))
}

/// The address of a person's own duties as a calendar. Its code is a signature, so nothing secret is stored.
pub(super) fn own_link(ctx: &Ctx, person: Id) -> String {
    let code = ctx.store.keys().sign("duty-calendar", &person.to_string());
    format!("{}/duties/calendar.ics?who={person}&code={code}", ctx.site.base_url)
}

/// The own duties: a calendar program sends no cookies, so who asks stands in the address, with a code.
async fn own(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    let lang = viewer.lang;
    let none = || Refusal::missing("councils.no-duty");
    let (who, code) = (query.get("who").ok_or_else(none)?, query.get("code").ok_or_else(none)?);
    if !ctx.store.keys().verify("duty-calendar", who, code) {
        return Err(none().into());
    }
    let person: Id = who.parse().map_err(|_| none())?;
    let street = ctx.street(&viewer)?;
    let since = ctx.store.now() - chrono::Duration::days(180);
    let all = queries::own_duties(&mut ctx.store.read().await?, street, person, since).await?;
    let own = all.iter().filter(|(d, _)| d.person == person);
    let entries: Vec<Entry> = own
        .map(|(d, body)| {
            let link = format!("{}/duties/{}", ctx.site.base_url, d.id);
            duty(d, t!(lang, "own-duty-of", council = body.clone()), String::new(), link)
        })
        .collect();
    Ok(answer(&t!(lang, "own-duties"), &entries))
}
