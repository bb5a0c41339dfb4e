//! What every address of this room asks of whoever knocks.

use crate::rules::rights::{FOUND, HOLD, READ, ROTA};
use ui::{
    Door,
    Needs::{At, DutyOr, Nothing, SeatOr, SignedIn, Somewhere},
    needs::{get, post},
};

/// The doors of this room.
pub const DOORS: &[Door] = &[
    get("/office/councils", Somewhere(&READ)),
    get("/office/councils/new", Somewhere(&FOUND)),
    post("/office/councils/new", At(&FOUND)),
    get("/office/councils/promised", Somewhere(&READ)),
    get("/office/councils/{id}", SeatOr(&READ)),
    post("/office/councils/{id}/sittings", SeatOr(&HOLD)),
    post("/office/councils/{id}/plan-next", SeatOr(&HOLD)),
    post("/office/councils/{id}/{act}", At(&FOUND)),
    get("/office/councils/{id}/rota", SeatOr(&READ)),
    post("/office/councils/{id}/rota/{act}", SeatOr(&ROTA)),
    get("/office/sittings/{id}", SeatOr(&READ)),
    get("/office/sittings/{id}/paper", SeatOr(&READ)),
    get("/office/sittings/{id}/floor", SeatOr(&READ)),
    get("/office/sittings/{id}/signed/{photo}", SeatOr(&READ)),
    post("/office/sittings/{id}/{act}", SeatOr(&HOLD)),
    post("/office/council-actions/{id}/done", SeatOr(&HOLD)),
    get("/councils", Nothing),
    get("/councils/calendar.ics", Nothing),
    get("/councils/outcomes", Nothing),
    get("/councils/{id}", Nothing),
    get("/councils/{id}/calendar.ics", Nothing),
    get("/councils/{id}/receptions.ics", Nothing),
    get("/councils/{id}/motions", SeatOr(&HOLD)),
    post("/councils/{id}/motions/{act}", SeatOr(&HOLD)),
    get("/receptions", Nothing),
    get("/duties", SignedIn),
    get("/duties/calendar.ics", Nothing),
    get("/duties/{id}", SeatOr(&ROTA)),
    post("/duties/{id}/{act}", SeatOr(&ROTA)),
    get("/sittings/{id}", Nothing),
    get("/sittings/{id}/live", Nothing),
    get("/sittings/{id}/now", Nothing),
    get("/sittings/{id}/screen", Nothing),
    get("/sittings/{id}/own", SignedIn),
    post("/sittings/{id}/own/{act}", SignedIn),
    // Before the minutes are out, only who reports on it sees it.
    get("/council-actions/{id}", Nothing),
    post("/council-actions/{id}/evaluate", SignedIn),
    post("/council-actions/{id}", DutyOr(&HOLD)),
    // Whether the person has a seat is asked behind the door.
    post("/sittings/{id}/here", SignedIn),
    post("/sittings/{id}/sign", SignedIn),
];
