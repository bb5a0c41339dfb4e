//! `/receipt`: does what I was given a receipt for still stand? `/seals`: the seals of every day, for everybody.

mod receipt;
mod seals;

pub(crate) use seals::wanted;

use axum::{Router, routing::get};
use ui::{Ctx, Door, Needs::Nothing, needs::get as door};

/// What every address asks: nothing. Whoever holds a receipt, or distrusts the record, needs no account.
pub const DOORS: &[Door] = &[
    door("/receipt", Nothing),
    door("/receipt/file", Nothing),
    door("/seals", Nothing),
    door("/seals/{n}", Nothing),
    door("/api/v1/seals", Nothing),
    door("/api/v1/seals/{n}", Nothing),
    door("/api/v1/seals/{n}/consistency", Nothing),
    door("/api/v1/receipts/{code}", Nothing),
];

/// The routes of the pages.
pub(crate) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/receipt", get(receipt::page))
        .route("/receipt/file", get(receipt::file))
        .route("/seals", get(seals::list))
        .route("/seals/{n}", get(seals::paper))
}
