//! Pages of this room: bodies and sittings for staff, notices and minutes for everybody.

use crate::{Bridge, model::Council, model::Sitting};
use axum::{Extension, Router};
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use kernel::{Actor, Id, Refusal, Time, time};
use maud::Markup;
use std::collections::HashMap;
use store::Fault;
use ui::{
    Ctx, Fields, Right, Viewer, into_form,
    layout::{self, Page},
    with_status,
};

mod attendance;
mod board;
mod body;
mod chair;
mod coming;
mod councils;
mod doors;
mod duty;
mod feed;
mod floor;
mod live;
mod minutes;
mod motions;
mod now;
mod outcomes;
mod own;
mod paper;
mod public;
mod reception;
mod rhythm;
mod rota;
mod sitting;
mod submissions;
mod words;

pub use doors::DOORS;
pub use minutes::draft_minutes;

/// The pages of this room. What it asks of the room of matters is handed in.
pub fn routes(bridge: Bridge) -> Router<Ctx> {
    Router::new()
        .merge(councils::routes())
        .merge(sitting::routes())
        .merge(public::routes())
        .merge(feed::routes())
        .merge(live::routes())
        .merge(own::routes())
        .merge(board::routes())
        .merge(duty::routes())
        .merge(rota::routes())
        .merge(reception::routes())
        .merge(body::routes())
        .merge(outcomes::routes())
        .merge(submissions::routes())
        .layer(Extension(bridge))
        .layer(Extension(live::Halls::default()))
}

/// The query of an address.
type Query = axum::extract::Query<HashMap<String, String>>;

/// A page of the staff desk.
fn desk(ctx: &Ctx, viewer: &Viewer, title: &str, body: &Markup) -> Markup {
    layout::staff(ctx, viewer, Page { title, current: "/office/councils", ..Page::default() }, body)
}

/// Whether the viewer sits on the seat of chair or secretary on the day of a sitting. Who presides over a body needs no
/// office of the street for it.
fn presides(viewer: &Viewer, council: &Council, s: &Sitting) -> bool {
    presides_on(viewer, council, s.day())
}

/// Whether the viewer sits on the seat of chair or secretary on a day.
fn presides_on(viewer: &Viewer, council: &Council, day: NaiveDate) -> bool {
    let seat = viewer.signed.as_ref().and_then(|g| council.seat_of(g.person, day));
    seat.is_some_and(|seat| council.presides(seat.id))
}

/// Whoever holds the right at the place of the body, in that office; or whoever presides over it, as a person.
fn need(viewer: &Viewer, right: &Right, council: &Council, s: &Sitting) -> Result<Actor, Refusal> {
    viewer.signed_in()?;
    match viewer.may(right, &s.place) {
        Some(office) => viewer.actor(Some(office)),
        None if presides(viewer, council, s) => viewer.actor(None),
        None => Err(Refusal::forbidden("ui.no-right")),
    }
}

/// A page about a body: at the desk for staff; for whoever presides over it without an office, as residents see pages.
fn framed(ctx: &Ctx, viewer: &Viewer, council: &Council, title: &str, body: &Markup) -> Markup {
    if viewer.may(&crate::rules::rights::READ, &council.place).is_some() {
        return desk(ctx, viewer, title, body);
    }
    let back = format!("/councils/{}", council.id);
    layout::resident(ctx, viewer, Page { title, back: Some(&back), ..Page::default() }, body)
}

/// Whoever holds the right at the place of a body, in that office; or whoever presides over it today, as a person.
fn need_body(ctx: &Ctx, viewer: &Viewer, right: &Right, council: &Council) -> Result<Actor, Refusal> {
    viewer.signed_in()?;
    match viewer.may(right, &council.place) {
        Some(office) => viewer.actor(Some(office)),
        None if presides_on(viewer, council, time::local_date(ctx.store.now())) => viewer.actor(None),
        None => Err(Refusal::forbidden("ui.no-right")),
    }
}

/// The sitting in an address, with its body and the actor who may do this there.
async fn entered(
    ctx: &Ctx,
    viewer: &Viewer,
    right: &Right,
    id: &str,
) -> Result<(Council, Sitting, Actor), Fault> {
    viewer.signed_in()?;
    let s = sitting_of(ctx, viewer, id).await?;
    let council = body_of(ctx, &s).await?;
    let actor = need(viewer, right, &council, &s)?;
    Ok((council, s, actor))
}

/// The body of a sitting.
async fn body_of(ctx: &Ctx, s: &Sitting) -> Result<Council, Fault> {
    let council = crate::queries::council(&mut ctx.store.read().await?, s.street, s.council).await?;
    council.ok_or_else(|| Fault::other("a sitting without a body"))
}

/// A body by the id in an address.
async fn council_of(ctx: &Ctx, viewer: &Viewer, id: &str) -> Result<Council, Fault> {
    let none = || Fault::from(Refusal::missing("councils.no-council"));
    let id: Id = id.parse().map_err(|_| none())?;
    crate::queries::council(&mut ctx.store.read().await?, ctx.street(viewer)?, id).await?.ok_or_else(none)
}

/// A sitting by the id in an address.
async fn sitting_of(ctx: &Ctx, viewer: &Viewer, id: &str) -> Result<Sitting, Fault> {
    let none = || Fault::from(Refusal::missing("councils.no-sitting"));
    let id: Id = id.parse().map_err(|_| none())?;
    crate::queries::sitting(&mut ctx.store.read().await?, ctx.street(viewer)?, id).await?.ok_or_else(none)
}

/// A time as forms send it: local, to the minute. Years far away are slips of the finger.
fn local_time(fields: &Fields, name: &'static str) -> Result<Time, Refusal> {
    let text = fields.some(name).ok_or(Refusal::invalid(name, "ui.empty"))?;
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .ok()
        .filter(|t| (2000..2100).contains(&t.year()))
        .map(time::from_local)
        .ok_or(Refusal::invalid(name, "ui.not-valid"))
}

/// The id that a field must hold.
fn id_of(fields: &Fields, name: &'static str) -> Result<Id, Refusal> {
    fields.parse(name)?.ok_or(Refusal::invalid(name, "ui.empty"))
}
