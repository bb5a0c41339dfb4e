//! What every address of this room asks of whoever knocks.

use crate::rules::rights::{READ, WRITE};
use ui::{
    Door,
    Needs::{At, Somewhere},
    needs::{get, post},
};

/// The doors of this room. The tree of places is no secret among staff: reading it reaches everywhere.
pub const DOORS: &[Door] = &[
    get("/office/places", Somewhere(&READ)),
    get("/office/places/add", At(&WRITE)),
    post("/office/places/add", At(&WRITE)),
    get("/office/places/edit", At(&WRITE)),
    post("/office/places/edit", At(&WRITE)),
    post("/office/places/state", At(&WRITE)),
    get("/office/places/grid", At(&WRITE)),
    post("/office/places/grid", At(&WRITE)),
    get("/office/places/grid/{id}", At(&WRITE)),
    post("/office/places/grid/{id}", At(&WRITE)),
    get("/office/places/export/{ending}", Somewhere(&READ)),
    get("/office/places/import", Somewhere(&WRITE)),
    post("/office/places/import", Somewhere(&WRITE)),
];
