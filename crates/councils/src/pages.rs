//! Pages of this room: bodies and sittings for staff, notices and minutes for everybody.

use crate::{Bridge, model::Council, model::Sitting};
use axum::{Extension, Router};
use chrono::{Datelike, NaiveDateTime};
use kernel::{Id, Refusal, Time, time};
use maud::Markup;
use std::collections::HashMap;
use store::Fault;
use ui::{
    Ctx, Fields, Viewer, into_form,
    layout::{self, Page},
    with_status,
};

mod chair;
mod councils;
mod doors;
mod minutes;
mod paper;
mod public;
mod sitting;
mod words;

pub use doors::DOORS;
pub use minutes::draft_minutes;

/// The pages of this room. What it asks of the room of matters is handed in.
pub fn routes(bridge: Bridge) -> Router<Ctx> {
    Router::new()
        .merge(councils::routes())
        .merge(sitting::routes())
        .merge(public::routes())
        .layer(Extension(bridge))
}

/// The query of an address.
type Query = axum::extract::Query<HashMap<String, String>>;

/// A page of the staff desk.
fn desk(ctx: &Ctx, viewer: &Viewer, title: &str, body: &Markup) -> Markup {
    layout::staff(ctx, viewer, Page { title, current: "/office/councils", ..Page::default() }, body)
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
