//! `/receipt`: does what I was given a receipt for still stand? `/seals`: the seals of every day, for everybody.

mod receipt;
mod seals;

pub(crate) use seals::wanted;

use axum::{Router, routing::get};
use ui::Ctx;

/// The routes of the pages.
pub(crate) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/receipt", get(receipt::page))
        .route("/receipt/file", get(receipt::file))
        .route("/seals", get(seals::list))
        .route("/seals/{n}", get(seals::paper))
}
