//! Briefings: figures over the matters of a street, each with its definition, its numerator and denominator,
//! and the matters behind both.
//!
//! * [`FIGURES`] is the one table of definitions ([`Figure`]); pages, spreadsheets, the API and the residents'
//!   home page all count by it.
//! * [`Cut`] says over what is counted: place, period, and how far the reader reaches; [`Value`] is what came out.
//! * Journey: a page makes a [`Cut`] → [`queries::figures`] counts → a reader opens one →
//!   [`queries::behind`] lists the matters → each leads to its own page.
//! * Pages: `/public` (open ledger and figures for everybody) and `/office/figures` (staff): [`routes`];
//!   programs: `/api/v1/figures`, described by [`openapi`].
//!
//! The one room that reads other rooms' tables. It writes nothing.

mod api;
pub mod model;
mod pages;
pub mod queries;
pub mod rules;

pub use api::openapi;
pub use model::{By, Cut, Figure, Hidden, Kind, Part, Period, Reach, Seat, Slice, Unit, Value};
pub use queries::{FIGURES, figure, figures};

/// Every route of this room.
pub fn routes() -> axum::Router<ui::Ctx> {
    pages::routes().merge(api::routes())
}

#[derive(Default, rust_embed::RustEmbed)]
#[folder = "i18n"]
struct Languages;

ui::room_words!("briefings", Languages);
