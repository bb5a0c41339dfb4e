//! The closed loop: a matter from any channel to the resident's own verdict.
//!
//! Words: a *matter* (事项) is *raised* by a *voice* (who may be joined by others), *accepted* into a *tier*,
//! *dispatched* to a *lead* unit for a *round*, *signed*, *handled*, *checked* by somebody else, *answered*,
//! *evaluated*, and perhaps *reopened*. Everything beside that line is an overlay (on the book, waiting for the
//! resident, whistled, supervised, on an agenda) or a decided *request* (return, extension, suspension).
//!
//! Journey: `actions::raise` → `rules::decide` → events → `store` (journal + rows) → `pages` and `api`.
//! Offers: [`actions`], [`queries`], [`jobs::sweep`], [`routes`], [`verify`].

pub mod actions;
mod api;
pub mod jobs;
pub mod model;
mod pages;
pub mod queries;
pub mod rules;
mod tables;

pub use api::openapi;
pub use pages::DOORS;
pub use queries::KEEPER;
pub use tables::{MIGRATIONS, verify};

/// The routes of this room: pages and API.
pub fn routes() -> axum::Router<ui::Ctx> {
    pages::routes().merge(api::routes())
}

#[derive(Default, rust_embed::RustEmbed)]
#[folder = "i18n"]
struct Languages;

ui::room_words!("matters", Languages);
