//! Seals: the record is sealed every few minutes, the last seal of each day is published, and whoever holds a receipt
//! can see whether the entry behind it still stands.
//!
//! * Words: an *entry* is recorded; a *seal* is a signed head over all entries so far; a *receipt* proves that one
//!   entry stands under a seal. Their mathematics are in `journal`, their rows in `store`.
//! * Journey: a resident gets a slip with a receipt code → [`jobs::sweep`] seals → `/receipt` says that it stands, the
//!   browser checks it by itself, and the file can be kept → the day's seal hangs on the notice board from `/seals`.
//! * Programs: `/api/v1/seals`, `/api/v1/receipts`, described by [`openapi`].
//!
//! Has no records of its own: everything that it shows is public and holds nothing but hashes and times.

mod api;
pub mod jobs;
mod pages;
pub mod rules;

pub use api::openapi;

pub use pages::DOORS;

/// Every route of this room.
pub fn routes() -> axum::Router<ui::Ctx> {
    pages::routes().merge(api::routes())
}

#[derive(Default, rust_embed::RustEmbed)]
#[folder = "i18n"]
struct Languages;

ui::room_words!("seals", Languages);
