//! The sittings as a calendar that a telephone follows.

use super::{
    Query, council_of,
    words::{item_word, sitting_title},
};
use crate::{
    model::SittingState,
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
    let entries: Vec<Entry<'_>> = all
        .iter()
        .map(|(s, body, version)| {
            let off = matches!(s.state, SittingState::Postponed | SittingState::Cancelled);
            let why =
                s.reason.as_ref().filter(|_| off).map(|r| format!("{}: {}", t!(lang, "reason"), blot(r)));
            let agenda = s.items.iter().enumerate().map(|(n, i)| {
                let n = n + 1;
                format!("{n}. {} ({})", i.title, item_word(lang, i.kind))
            });
            Entry {
                sitting: s,
                version: *version,
                title: sitting_title(lang, body, s),
                about: why.into_iter().chain(agenda).collect::<Vec<_>>().join("\n"),
                link: format!("{}/sittings/{}", ctx.site.base_url, s.id),
            }
        })
        .collect();
    let mut response = ical::calendar(name, &entries).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    headers
        .insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"calendar.ics\""));
    Ok(response)
}
