//! Pages of this room: one screen for the committee's staff, candidates and results for everybody.

use crate::model::Election;
use axum::{Extension, Router};
use chrono::NaiveDateTime;
use kernel::{Id, Refusal, Time, calendar::Calendar, time};
use maud::Markup;
use polls::Bridge;
use std::collections::HashMap;
use store::Fault;
use ui::{
    Ctx, Fields, Viewer,
    layout::{self, Page},
};

mod doors;
mod list;
mod office;
mod paper;
mod public;
mod show;
mod steps;
mod words;

pub use doors::DOORS;

/// The pages of this room. The bridge of polls is handed in, because rounds are polls.
pub fn routes(bridge: Bridge) -> Router<Ctx> {
    Router::new()
        .merge(list::routes())
        .merge(office::routes())
        .merge(public::routes())
        .layer(Extension(bridge))
}

/// The query of an address.
type Query = axum::extract::Query<HashMap<String, String>>;

/// A page of the staff desk.
fn desk(ctx: &Ctx, viewer: &Viewer, title: &str, body: &Markup) -> Markup {
    layout::staff(ctx, viewer, Page { title, current: "/office/elections", ..Page::default() }, body)
}

/// An election by the id in an address.
async fn election_of(ctx: &Ctx, viewer: &Viewer, id: &str) -> Result<Election, Fault> {
    let none = || Fault::from(Refusal::missing("elections.no-election"));
    let id: Id = id.parse().map_err(|_| none())?;
    crate::queries::election(&mut ctx.store.read().await?, ctx.street(viewer)?, id).await?.ok_or_else(none)
}

/// The street's working calendar.
async fn calendar(ctx: &Ctx, street: Id) -> Result<Calendar, Fault> {
    match ctx.site.calendar {
        Some(of) => of(&mut ctx.store.read().await?, street).await,
        None => Ok(Calendar::shipped()),
    }
}

/// A time as forms send it: local, to the minute. Years far away are slips of the finger.
fn local_time(fields: &Fields, name: &'static str) -> Result<Time, Refusal> {
    let text = fields.some(name).ok_or(Refusal::invalid(name, "ui.empty"))?;
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .ok()
        .filter(|t| (2000..2100).contains(&chrono::Datelike::year(t)))
        .map(time::from_local)
        .ok_or(Refusal::invalid(name, "ui.not-valid"))
}

/// A time as such a field shows it.
fn shown(at: Time) -> String {
    time::local(at).format("%Y-%m-%dT%H:%M").to_string()
}

/// What a field must hold.
fn must<T: std::str::FromStr>(fields: &Fields, name: &'static str) -> Result<T, Refusal> {
    fields.parse(name)?.ok_or(Refusal::invalid(name, "ui.empty"))
}
