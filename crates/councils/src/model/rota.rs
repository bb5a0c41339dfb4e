//! Members on duty by rota receive residents.

use super::{Capacity, MatterRef, Rhythm};
use chrono::NaiveDate;
use kernel::{Id, PlacePath, Time, text::Words};
use serde::{Deserialize, Serialize};

/// On which days members of a body receive residents, and who in turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rota {
    /// Its id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// The body.
    pub council: Id,
    /// The place of the body.
    pub place: PlacePath,
    /// On which days, when, where.
    pub rhythm: Rhythm,
    /// How many members each time.
    pub each: u32,
    /// The seats that take turns, in their order.
    pub order: Vec<Id>,
    /// Whether nothing more is planned by it.
    pub ended: bool,
}

/// What is said of a rota.
#[derive(Clone, Debug)]
pub struct NewRota {
    /// On which days, when, where.
    pub rhythm: Rhythm,
    /// How many members each time.
    pub each: u32,
    /// The seats that take turns, in their order.
    pub order: Vec<Id>,
}

/// What happens to a rota.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RotaEvent {
    /// It was made.
    RotaMade {
        /// Its id.
        id: Id,
        /// The body.
        council: Id,
        /// The place of the body.
        place: PlacePath,
        /// On which days, when, where.
        rhythm: Rhythm,
        /// How many members each time.
        each: u32,
        /// The seats that take turns.
        order: Vec<Id>,
    },
    /// It was changed; what is planned already stays.
    RotaChanged {
        /// On which days, when, where.
        rhythm: Rhythm,
        /// How many members each time.
        each: u32,
        /// The seats that take turns.
        order: Vec<Id>,
    },
    /// Nothing more is planned by it.
    RotaEnded,
}

kernel::coded_enum! {
    /// How far a duty is. One that is over and still planned was not kept.
    pub enum DutyState {
        /// It is to come, or nobody came to it.
        Planned = "planned",
        /// The member was there.
        Kept = "kept",
        /// It will not be.
        Cancelled = "cancelled",
    }
}

/// Another member is asked to take a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// The seat that is asked.
    pub to: Id,
    /// Who sits on it.
    pub person: Id,
    /// The duty of theirs that is offered to be taken for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Id>,
}

/// What came of what somebody said at a reception.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heard {
    /// Nothing was raised; people are counted only.
    Nothing,
    /// It was answered on the spot.
    Answered {
        /// What was raised.
        about: Words,
        /// What was answered.
        answer: Words,
    },
    /// It became a matter.
    Raised {
        /// Which.
        matter: MatterRef,
    },
}

/// People who were received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// Its id.
    pub id: Id,
    /// How many; 0 for one thing more of the same people.
    pub people: u32,
    /// What came of it.
    pub heard: Heard,
    /// When it was entered.
    pub at: Time,
    /// Whether it was entered by mistake.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub struck: bool,
}

/// A member is there for residents at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Its id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// The body.
    pub council: Id,
    /// The place of the body.
    pub place: PlacePath,
    /// The rota that it comes from.
    pub rota: Option<Id>,
    /// The day of the rota that it is for.
    pub of: Option<NaiveDate>,
    /// Which of those who are on duty together, from 0.
    pub slot: u32,
    /// Whose turn it is: the seat.
    pub member: Id,
    /// Who sits on it.
    pub person: Id,
    /// In which capacity.
    pub capacity: Capacity,
    /// Where.
    pub venue: String,
    /// From when.
    pub starts: Time,
    /// Until when.
    pub ends: Time,
    /// How far it is.
    pub state: DutyState,
    /// Why it will not be.
    pub reason: Option<String>,
    /// Who is asked to take it.
    pub swap: Option<Swap>,
    /// When the member came.
    pub begun_at: Option<Time>,
    /// Who was received, in the order of entering.
    pub received: Vec<Received>,
    /// Whether the member was reminded.
    pub reminded: bool,
    /// How often time, person or state changed since it was planned.
    pub revision: u32,
    /// When they did last.
    pub revised_at: Time,
}

impl Duty {
    /// What was entered and not struck.
    pub fn entries(&self) -> impl Iterator<Item = &Received> {
        self.received.iter().filter(|r| !r.struck)
    }

    /// How many were received.
    #[must_use]
    pub fn people(&self) -> u64 {
        self.entries().map(|r| u64::from(r.people)).sum()
    }

    /// How many things were answered on the spot.
    #[must_use]
    pub fn answered(&self) -> u64 {
        self.entries().filter(|r| matches!(r.heard, Heard::Answered { .. })).count() as u64
    }

    /// How many things became matters.
    #[must_use]
    pub fn raised(&self) -> u64 {
        self.entries().filter(|r| matches!(r.heard, Heard::Raised { .. })).count() as u64
    }

    /// Whether its time is over and nobody said that they were there.
    #[must_use]
    pub fn missed(&self, now: Time) -> bool {
        self.state == DutyState::Planned && self.ends < now
    }
}

/// What is done with a duty.
#[derive(Clone, Debug)]
pub enum DutyAct {
    /// The member is there.
    Begin,
    /// People were received.
    Receive(u32, Heard),
    /// An entry was a mistake.
    Strike(Id),
    /// Another member is asked to take it: the seat, and a duty of theirs.
    AskSwap(Id, Option<Id>),
    /// Nobody is asked any more: taken back, or declined.
    DropSwap,
    /// Another member takes it: the seat.
    Hand(Id),
    /// It will not be.
    Cancel(String),
}

/// What happens to a duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyEvent {
    /// It was planned.
    DutyPlanned {
        /// Its id.
        id: Id,
        /// The body.
        council: Id,
        /// The place of the body.
        place: PlacePath,
        /// The rota that it comes from.
        rota: Option<Id>,
        /// The day of the rota that it is for.
        of: Option<NaiveDate>,
        /// Which of those who are on duty together.
        slot: u32,
        /// The seat.
        member: Id,
        /// Who sits on it.
        person: Id,
        /// In which capacity.
        capacity: Capacity,
        /// Where.
        venue: String,
        /// From when.
        starts: Time,
        /// Until when.
        ends: Time,
    },
    /// The member was told that it comes.
    DutyReminded,
    /// Another member was asked to take it.
    SwapAsked(Swap),
    /// Nobody is asked any more.
    SwapDropped,
    /// Another member has it now.
    DutyHanded {
        /// The seat.
        member: Id,
        /// Who sits on it.
        person: Id,
        /// In which capacity.
        capacity: Capacity,
    },
    /// The member came.
    DutyBegun,
    /// People were received.
    PeopleReceived {
        /// Its id.
        id: Id,
        /// How many.
        people: u32,
        /// What came of it.
        heard: Heard,
    },
    /// An entry was a mistake.
    EntryStruck {
        /// Which.
        id: Id,
    },
    /// It will not be.
    DutyCancelled {
        /// Why.
        reason: String,
    },
}

/// A duty that no rota gives.
#[derive(Clone, Debug)]
pub struct NewDuty {
    /// The seat.
    pub member: Id,
    /// Where.
    pub venue: String,
    /// From when.
    pub starts: Time,
    /// Until when.
    pub ends: Time,
}

/// What members on duty did, of a body or a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DutyFigures {
    /// Duties whose time is over, and that were not cancelled.
    pub planned: i64,
    /// Duties that were kept.
    pub kept: i64,
    /// People received.
    pub people: i64,
    /// Things answered on the spot.
    pub answered: i64,
    /// Things that became matters.
    pub raised: i64,
}

impl DutyFigures {
    /// Duties that nobody kept.
    #[must_use]
    pub const fn missed(&self) -> i64 {
        self.planned - self.kept
    }
}
