//! Pages of this room: plans for staff, and for everybody whom they concern.

use crate::{Bridge, model::Plan};
use axum::{Extension, Router};
use kernel::{Id, Refusal};
use maud::Markup;
use std::collections::HashMap;
use store::Fault;
use ui::{
    Ctx, Fields, Viewer,
    layout::{self, Page},
};

mod desk;
mod doors;
mod list;
mod public;
mod words;

pub use doors::DOORS;

/// The pages of this room. What it asks of the room of matters is handed in.
pub fn routes(bridge: Bridge) -> Router<Ctx> {
    Router::new().merge(list::routes()).merge(desk::routes()).merge(public::routes()).layer(Extension(bridge))
}

/// Where the staff's pages are.
const DESK: &str = "/office/plans";

/// The query of an address.
type Query = axum::extract::Query<HashMap<String, String>>;

/// A page of the staff desk.
fn page(ctx: &Ctx, viewer: &Viewer, title: &str, body: &Markup) -> Markup {
    layout::staff(ctx, viewer, Page { title, current: DESK, ..Page::default() }, body)
}

/// A plan by the id in an address.
async fn plan_of(ctx: &Ctx, viewer: &Viewer, id: &str) -> Result<Plan, Fault> {
    let none = || Fault::from(Refusal::missing("plans.no-plan"));
    let id: Id = id.parse().map_err(|_| none())?;
    crate::queries::plan(&mut ctx.store.read().await?, ctx.street(viewer)?, id).await?.ok_or_else(none)
}

/// What a field must hold.
fn must<T: std::str::FromStr>(fields: &Fields, name: &'static str) -> Result<T, Refusal> {
    fields.parse(name)?.ok_or(Refusal::invalid(name, "ui.empty"))
}

/// The id at which a list goes on; `first` where it begins.
fn cursor(query: &Query, name: &str, first: Id) -> Result<Id, Refusal> {
    match query.get(name).filter(|c| !c.is_empty()) {
        Some(id) => id.parse().map_err(|_| Refusal::invalid("cursor", "ui.bad-cursor")),
        None => Ok(first),
    }
}
