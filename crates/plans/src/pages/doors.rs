//! What every address of this room asks of whoever knocks.

use crate::rules::rights::{LEAD, READ, RECORD};
use ui::{
    Door,
    Needs::{At, Nothing, SignedIn, Somewhere},
    needs::{get, post},
};

/// The doors of this room.
pub const DOORS: &[Door] = &[
    get("/office/plans", Somewhere(&READ)),
    get("/office/plans/new", Somewhere(&LEAD)),
    post("/office/plans/new", At(&LEAD)),
    get("/office/plans/{id}", At(&READ)),
    post("/office/plans/{id}/record/{act}", At(&RECORD)),
    post("/office/plans/{id}/{act}", At(&LEAD)),
    get("/plans", Nothing),
    get("/plans/{id}", Nothing),
    get("/plans/{id}/photos/{photo}", Nothing),
    post("/plans/{id}/{act}", SignedIn),
];
