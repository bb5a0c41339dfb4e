//! What every address of this room asks of whoever knocks.

use crate::rules::rights::{ANNUL, COLLECT, PREPARE, READ, TELL};
use ui::{
    Door,
    Needs::{At, Nothing, SignedIn, Somewhere},
    needs::{get, post},
};

/// The doors of this room.
pub const DOORS: &[Door] = &[
    get("/polls", Nothing),
    get("/polls/{id}", Nothing),
    get("/polls/{id}/result.json", Nothing),
    get("/polls/{id}/roll.txt", Nothing),
    get("/polls/{id}/boards/{photo}", Nothing),
    // Whether the person is on the roll is asked behind the door.
    post("/polls/{id}/vote", SignedIn),
    post("/polls/{id}/object", SignedIn),
    // The booth knows nobody: whoever holds a code that was handed out.
    get("/polls/{id}/booth", Nothing),
    post("/polls/{id}/booth", Nothing),
    get("/office/polls", Somewhere(&READ)),
    get("/office/polls/new", Somewhere(&PREPARE)),
    post("/office/polls/new", At(&PREPARE)),
    get("/office/polls/{id}", At(&READ)),
    get("/office/polls/{id}/roll", At(&PREPARE)),
    get("/office/polls/{id}/paper", At(&READ)),
    get("/office/polls/{id}/ballots", At(&COLLECT)),
    get("/office/polls/{id}/heads", At(&READ)),
    get("/office/polls/{id}/heads/{head}", At(&READ)),
    post("/office/polls/{id}/prepare/roll-from", At(&PREPARE)),
    post("/office/polls/{id}/prepare/{act}", At(&PREPARE)),
    post("/office/polls/{id}/tell/{act}", At(&TELL)),
    post("/office/polls/{id}/end/{act}", At(&ANNUL)),
    post("/office/polls/{id}/collect/{act}", At(&COLLECT)),
];
