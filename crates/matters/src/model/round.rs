//! The rounds of a matter, with what was asked for in them and who helped.

use super::matter::*;
use kernel::{
    Id, Time,
    calendar::{Limit, Pause},
    text::Words,
};
use serde::{Deserialize, Serialize};

/// A unit that was given the matter as lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    /// The unit.
    pub unit: Id,
    /// When it was dispatched to it.
    pub at: Time,
    /// Who dispatched.
    pub by: Option<Id>,
    /// By when it was to sign (T3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_by: Option<Time>,
    /// When it signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Time>,
    /// Who signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<Id>,
    /// When it was allowed to give it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned_at: Option<Time>,
}

/// One pass from dispatch to evaluation. A later round never rewrites an earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// From 1.
    pub n: u32,
    /// Units that led, the present one last.
    pub leads: Vec<Lead>,
    /// The frozen limit.
    pub limit: Limit,
    /// The deadline as first set; figures use it, or the first that was granted.
    pub original: Time,
    /// The first extended deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted: Option<Time>,
    /// The deadline in force.
    pub deadline: Time,
    /// How many extensions were granted.
    pub extensions: u32,
    /// When the clock stood still.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// When the resident was first reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacted_at: Option<Time>,
    /// When it was handled (the last time, after reworks).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handled_at: Option<Time>,
    /// Who handled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handled_by: Option<Id>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The answer to the resident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Words>,
    /// Who checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_by: Option<Id>,
    /// How often the check sent it back.
    pub reworks: u32,
    /// When the resident was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Time>,
    /// When the round was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Time>,
    /// Whether it was put on the book (挂账) in this round: left out of on-time figures.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspended: bool,
}

impl Round {
    /// The unit that leads now.
    #[must_use]
    pub fn lead(&self) -> Option<&Lead> {
        self.leads.last().filter(|l| l.returned_at.is_none())
    }

    /// The deadline that figures judge by: the original, or the first that was granted.
    #[must_use]
    pub fn judged_by(&self) -> Time {
        self.granted.unwrap_or(self.original)
    }
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// To give it back, naming who is competent.
    Return {
        /// Why.
        reason: ReturnReason,
        /// The competent unit, as far as known.
        competent: Option<Id>,
    },
    /// A later deadline.
    Extend {
        /// The new deadline.
        until: Time,
    },
    /// To put it on the book.
    Suspend {
        /// Why.
        cause: SuspendCause,
        /// When it is looked at again.
        review: Time,
    },
    /// To call departments to the spot.
    Whistle {
        /// Which units.
        units: Vec<Id>,
        /// When to report in.
        at: Time,
    },
    /// To declare it void; the duty chief decides, and never on the own request.
    Void,
}

impl Ask {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> RequestKind {
        match self {
            Self::Return { .. } => RequestKind::Return,
            Self::Extend { .. } => RequestKind::Extend,
            Self::Suspend { .. } => RequestKind::Suspend,
            Self::Whistle { .. } => RequestKind::Whistle,
            Self::Void => RequestKind::Void,
        }
    }
}

/// A request that waits for, or got, a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its id.
    pub id: Id,
    /// In which round.
    pub round: u32,
    /// What is asked.
    pub ask: Ask,
    /// The reason in words.
    pub words: Words,
    /// Which unit asks.
    pub unit: Option<Id>,
    /// Who asks.
    pub by: Option<Id>,
    /// When.
    pub at: Time,
    /// Whether the street decides (otherwise the duty officer or duty chief).
    pub street_decides: bool,
    /// The decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

/// A decision on a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Whether it was granted. Silence is a refusal.
    pub granted: bool,
    /// Why.
    pub words: Option<Words>,
    /// Who decided; nobody when time ran out.
    pub by: Option<Id>,
    /// When.
    pub at: Time,
}

/// What a supporting unit (协办) has to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its id.
    pub id: Id,
    /// The unit.
    pub unit: Id,
    /// What to do.
    pub words: Option<Words>,
    /// In which round.
    pub round: u32,
    /// When it was given.
    pub at: Time,
    /// When it was done or waived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Time>,
    /// Whether it was waived instead of done.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waived: bool,
    /// What was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Words>,
}
