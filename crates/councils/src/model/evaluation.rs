//! What residents think of an action that was done.

use kernel::{Id, Satisfaction, Time, text::Words};
use serde::{Deserialize, Serialize};

/// One person's evaluation of an action; the later one counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Its id, named from action and person.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// The action.
    pub action: Id,
    /// Who.
    pub person: Id,
    /// How satisfied.
    pub grade: Satisfaction,
    /// Why, for those who run the body.
    pub words: Option<Words>,
    /// What was said before it was given anew, so that it can be erased.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past: Vec<Words>,
    /// When.
    pub at: Time,
}

impl Evaluation {
    /// The stream of one person's evaluation of an action.
    #[must_use]
    pub fn stream(action: Id, person: Id) -> Id {
        Id::named(&format!("evaluation/{action}/{person}"))
    }
}

/// What happens to an evaluation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvaluationEvent {
    /// It was given, or given anew.
    ActionEvaluated {
        /// The action.
        action: Id,
        /// Who.
        person: Id,
        /// How satisfied.
        grade: Satisfaction,
        /// Why.
        words: Option<Words>,
    },
}

/// How many are how satisfied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grades {
    /// 满意
    pub satisfied: u64,
    /// 基本满意
    pub partly: u64,
    /// 不满意
    pub dissatisfied: u64,
}

impl Grades {
    /// All of them.
    #[must_use]
    pub const fn all(self) -> u64 {
        self.satisfied + self.partly + self.dissatisfied
    }
}
