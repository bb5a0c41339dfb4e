//! What follows from a decision: owned and dated.

use super::MatterRef;
use chrono::NaiveDate;
use kernel::{Id, PlacePath, Time};
use serde::{Deserialize, Serialize};

kernel::coded_enum! {
    /// How far an action is.
    pub enum ActionState {
        /// It is to be done.
        Open = "open",
        /// It was done.
        Done = "done",
    }
}

kernel::coded_enum! {
    /// Who is reminded of an action that is over; each level with those before it.
    pub enum Level {
        /// Whoever does it.
        Owner = "owner",
        /// Chair and secretary of the body too.
        Body = "body",
        /// The community's secretary too.
        Place = "place",
    }
}

/// A reminder that went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// To whom.
    pub level: Level,
    /// On which day.
    pub on: NaiveDate,
}

/// What was reported on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What.
    pub words: String,
    /// When.
    pub at: Time,
}

/// Who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// A unit.
    Unit(Id),
    /// A member of the body, by the person.
    Person(Id),
}

/// An owned, dated duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// Its id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// The body that decided.
    pub council: Id,
    /// At which sitting.
    pub sitting: Id,
    /// On which item.
    pub item: Id,
    /// The place of the body.
    pub place: PlacePath,
    /// The matter that it came from.
    pub matter: Option<MatterRef>,
    /// What is to be done.
    pub text: String,
    /// Who does it.
    pub owner: Owner,
    /// The last day.
    pub due: NaiveDate,
    /// How far it is.
    pub state: ActionState,
    /// The last reminder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded: Option<Reminded>,
    /// What was reported on the way, the first first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<Report>,
    /// What came of it.
    pub result: Option<String>,
    /// How often it was taken up again after it was reported done.
    #[serde(default, skip_serializing_if = "is_none")]
    pub reopened: u32,
    /// When it was given.
    pub given_at: Time,
    /// When it was done.
    pub done_at: Option<Time>,
}

impl Action {
    /// Whether it is open and its last day is over.
    #[must_use]
    pub fn overdue(&self, today: NaiveDate) -> bool {
        self.state == ActionState::Open && self.due < today
    }
}

// By reference, because that is how serde asks.
#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_none(n: &u32) -> bool {
    *n == 0
}

/// A new action.
#[derive(Clone, Debug)]
pub struct NewAction {
    /// On which item.
    pub item: Id,
    /// What is to be done.
    pub text: String,
    /// Who does it.
    pub owner: Owner,
    /// The last day.
    pub due: NaiveDate,
}

/// What happens to an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionEvent {
    /// It was given.
    ActionGiven {
        /// Its id.
        id: Id,
        /// The body that decided.
        council: Id,
        /// At which sitting.
        sitting: Id,
        /// On which item.
        item: Id,
        /// The place of the body.
        place: PlacePath,
        /// The matter that it came from.
        matter: Option<MatterRef>,
        /// What is to be done.
        text: String,
        /// Who does it.
        owner: Owner,
        /// The last day.
        due: NaiveDate,
    },
    /// It is over, and those concerned were reminded.
    ActionReminded(Reminded),
    /// It was reported how far it is.
    ActionReported {
        /// What.
        words: String,
    },
    /// It was done.
    ActionDone {
        /// What came of it.
        result: String,
    },
    /// It was taken up again.
    ActionReopened {
        /// Why.
        reason: String,
        /// The new last day.
        due: NaiveDate,
    },
}
