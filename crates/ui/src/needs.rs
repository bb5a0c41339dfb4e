//! What an address asks of whoever knocks: written beside the routes of a room, so that the table of rights in the docs
//! is made from it and a test can try every office at every address of the running server.

use crate::Right;

/// What a door asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: public pages, and those that a signature or a secret in the address proves.
    Nothing,
    /// The own matter, proven by the session or by the secret of the slip. No office opens it.
    Own,
    /// The own matter, or the right at its place.
    OwnOr(&'static Right),
    /// A seat that presides over the body that the request is about, proven by the session, or the right at its place.
    SeatOr(&'static Right),
    /// The own duty or that of a unit one handles for, a seat that presides over the body that gave it, or the right at its place.
    DutyOr(&'static Right),
    /// A session of whomever; the page shows what is the viewer's own.
    SignedIn,
    /// Any office of staff.
    Staff,
    /// The right, held for some place; lists then show only that place.
    Somewhere(&'static Right),
    /// The right, held for the place that the request is about.
    At(&'static Right),
    /// The right, held for the whole street.
    Street(&'static Right),
    /// One of the rights of the verb that stands in the address, at the place that the request is about.
    Verb,
}

/// An address with a method and what it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Door {
    /// `GET` (with it `HEAD`) or `POST`.
    pub method: &'static str,
    /// The address, with `{…}` for its parameters.
    pub path: &'static str,
    /// What it asks.
    pub needs: Needs,
}

/// A door for reading.
#[must_use]
pub const fn get(path: &'static str, needs: Needs) -> Door {
    Door { method: "GET", path, needs }
}

/// A door for changing.
#[must_use]
pub const fn post(path: &'static str, needs: Needs) -> Door {
    Door { method: "POST", path, needs }
}

/// The doors of this crate: the reader's preferences and what every page loads.
pub const DOORS: &[Door] = &[
    post("/prefs/elder", Needs::Nothing),
    post("/prefs/lang", Needs::Nothing),
    post("/prefs/community", Needs::Nothing),
    get("/assets/{name}", Needs::Nothing),
    get("/sw.js", Needs::Nothing),
    get("/app.webmanifest", Needs::Nothing),
    get("/favicon.ico", Needs::Nothing),
];
