//! A question put to a sitting: answered there, promised with a date and an owner, or refused with a reason. None is lost.

use super::Owner;
use chrono::NaiveDate;
use kernel::{Id, PlacePath, Time, text::Words};
use serde::{Deserialize, Serialize};

kernel::coded_enum! {
    /// How far a question is.
    pub enum QuestionState {
        /// It was put; only its asker and the chair see it.
        Asked = "asked",
        /// It stands on the board.
        Admitted = "admitted",
        /// It was answered at the sitting.
        Answered = "answered",
        /// An answer was promised.
        Promised = "promised",
        /// The promise was kept.
        Delivered = "delivered",
        /// It was not taken up; the reason is told to its asker.
        Refused = "refused",
    }
}

impl QuestionState {
    /// Whether everybody sees it.
    #[must_use]
    pub const fn is_public(self) -> bool {
        !matches!(self, Self::Asked | Self::Refused)
    }

    /// Whether nothing has been said to it yet: a sitting does not close over such a question.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Asked | Self::Admitted)
    }
}

/// An answer that was promised: by whom, until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Who answers.
    pub owner: Owner,
    /// The last day.
    pub due: NaiveDate,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// The sitting.
    pub sitting: Id,
    /// The place of the body.
    pub place: PlacePath,
    /// Who asked; nobody when the chair wrote it down for somebody whose name was not taken.
    pub person: Option<Id>,
    /// What was asked.
    pub text: Words,
    /// How far it is.
    pub state: QuestionState,
    /// When it was put.
    pub asked_at: Time,
    /// The answer, when there is one; the reason, when it was refused.
    pub answer: Option<String>,
    /// What was promised.
    pub promise: Option<Promise>,
    /// When it was answered or refused.
    pub settled_at: Option<Time>,
}

impl Question {
    /// Whether its answer was promised for a day that is over.
    #[must_use]
    pub fn overdue(&self, today: NaiveDate) -> bool {
        self.state == QuestionState::Promised && self.promise.is_some_and(|p| p.due < today)
    }
}

/// What is done with a question.
#[derive(Clone, Debug)]
pub enum QuestionAct {
    /// Put it on the board.
    Admit,
    /// Answered at the sitting, in short.
    Answer(String),
    /// An answer is promised.
    Promise(Owner, NaiveDate),
    /// The promise is kept.
    Deliver(String),
    /// It is not taken up, for this reason.
    Refuse(String),
}

/// What happens to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionEvent {
    /// It was put.
    QuestionAsked {
        /// Its id.
        id: Id,
        /// The sitting.
        sitting: Id,
        /// The place of the body.
        place: PlacePath,
        /// Who asked.
        person: Option<Id>,
        /// What was asked.
        text: Words,
    },
    /// It stands on the board.
    QuestionAdmitted,
    /// It was answered at the sitting.
    QuestionAnswered {
        /// The answer in short.
        answer: String,
    },
    /// An answer was promised.
    QuestionPromised(Promise),
    /// The promise was kept.
    QuestionDelivered {
        /// The answer.
        answer: String,
    },
    /// It was not taken up.
    QuestionRefused {
        /// Why.
        reason: String,
    },
}

/// How many questions there were, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuestionFigures {
    /// All that were put.
    pub asked: u64,
    /// Answered at the sitting.
    pub answered: u64,
    /// Promised and not answered yet.
    pub promised: u64,
    /// Promised and answered later.
    pub delivered: u64,
    /// Not taken up.
    pub refused: u64,
}
