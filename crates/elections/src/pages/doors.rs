//! What every address of this room asks of whoever knocks.

use crate::rules::rights::{CONCLUDE, PREPARE, READ, VET};
use ui::{
    Door,
    Needs::{At, Nothing, SignedIn, Somewhere},
    needs::{get, post},
};

/// The doors of this room.
pub const DOORS: &[Door] = &[
    get("/office/elections", Somewhere(&READ)),
    get("/office/elections/new", Somewhere(&PREPARE)),
    post("/office/elections/new", At(&PREPARE)),
    get("/office/elections/{id}", At(&READ)),
    get("/office/elections/{id}/paper", At(&READ)),
    post("/office/elections/{id}/paper", At(&PREPARE)),
    post("/office/elections/{id}/vet", At(&VET)),
    post("/office/elections/{id}/conclude/{act}", At(&CONCLUDE)),
    post("/office/elections/{id}/{act}", At(&PREPARE)),
    get("/elections", Nothing),
    get("/elections/{id}", Nothing),
    get("/elections/{id}/photos/{photo}", Nothing),
    // Whether the person is on the roll, or the nominee, is asked behind the door.
    post("/elections/{id}/{act}", SignedIn),
];
