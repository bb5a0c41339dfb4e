//! Motions that members hand in between sittings.

use chrono::NaiveDate;
use kernel::{Id, PlacePath, Time};
use serde::{Deserialize, Serialize};

kernel::coded_enum! {
    /// How far a motion is that was handed in.
    pub enum SubmissionState {
        /// It waits for chair or secretary.
        Submitted = "submitted",
        /// It comes before the body.
        Admitted = "admitted",
        /// It does not, for a reason.
        NotAdmitted = "not_admitted",
        /// It stands on the agenda of a sitting.
        Joined = "joined",
        /// It became part of another.
        Merged = "merged",
        /// Its sponsor took it back.
        Withdrawn = "withdrawn",
    }
}

impl SubmissionState {
    /// Whether it waits to come before the body.
    #[must_use]
    pub const fn waits(self) -> bool {
        matches!(self, Self::Submitted | Self::Admitted)
    }
}

/// A motion that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Its id; on an agenda it is the motion's.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// The body.
    pub council: Id,
    /// The place of the body.
    pub place: PlacePath,
    /// The seat of whoever handed it in.
    pub sponsor: Id,
    /// Who that is.
    pub person: Id,
    /// What it is about, in a line.
    pub title: String,
    /// What the body is asked to decide; as it was worded, and as it was after others became part of it.
    pub texts: Vec<String>,
    /// Why.
    pub why: String,
    /// The seats of those who signed it too.
    pub cosigners: Vec<Id>,
    /// How far it is.
    pub state: SubmissionState,
    /// Why it does not come before the body.
    pub reason: Option<String>,
    /// The sitting on whose agenda it stands.
    pub sitting: Option<Id>,
    /// The one that it became part of.
    pub into: Option<Id>,
    /// When it was handed in.
    pub at: Time,
}

impl Submission {
    /// The text that stands now.
    #[must_use]
    pub fn text(&self) -> &str {
        self.texts.last().map_or("", String::as_str)
    }
}

/// A motion that somebody hands in.
#[derive(Clone, Debug)]
pub struct NewSubmission {
    /// What it is about, in a line.
    pub title: String,
    /// What the body is asked to decide.
    pub text: String,
    /// Why.
    pub why: String,
}

/// What is done with a motion that was handed in.
#[derive(Clone, Debug)]
pub enum SubmissionAct {
    /// Sign it too: the seat.
    Cosign(Id),
    /// Let it come before the body.
    Admit,
    /// Do not, for a reason.
    NotAdmit(String),
    /// Make one of two: the other, the text of both.
    Merge(Id, String),
    /// Its sponsor takes it back: the seat.
    Withdraw(Id),
}

/// What happens to a motion that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubmissionEvent {
    /// It was handed in.
    MotionSubmitted {
        /// Its id.
        id: Id,
        /// The body.
        council: Id,
        /// The place of the body.
        place: PlacePath,
        /// The seat of whoever handed it in.
        sponsor: Id,
        /// Who that is.
        person: Id,
        /// What it is about, in a line.
        title: String,
        /// What the body is asked to decide.
        text: String,
        /// Why.
        why: String,
    },
    /// Another member signed it too.
    MotionCosigned {
        /// The seat.
        seat: Id,
    },
    /// It comes before the body.
    MotionAdmitted,
    /// It does not.
    MotionNotAdmitted {
        /// Why.
        reason: String,
    },
    /// It became part of another.
    SubmissionMerged {
        /// Of which.
        into: Id,
    },
    /// Another became part of it.
    SubmissionGrew {
        /// Which.
        from: Id,
        /// The text of both.
        text: String,
        /// The seats of those who sponsored and signed the other.
        cosigners: Vec<Id>,
    },
    /// It stands on the agenda of a sitting.
    MotionJoined {
        /// Which.
        sitting: Id,
    },
    /// It stands there no more, and nothing was decided: it waits again.
    MotionReleased,
    /// Its sponsor took it back.
    SubmissionWithdrawn,
}

/// What a decision on a motion that was handed in is made from beside its state.
#[derive(Clone, Copy, Debug)]
pub struct SubmissionFacts<'a> {
    /// The body.
    pub council: &'a super::Council,
    /// Today.
    pub today: NaiveDate,
    /// The other one, where two become one.
    pub other: Option<&'a Submission>,
}
