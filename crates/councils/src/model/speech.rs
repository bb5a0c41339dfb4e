//! Who asks to speak, and who spoke.

use super::Capacity;
use kernel::{Id, Time};
use serde::{Deserialize, Serialize};

/// Minutes that one may speak unless the chair sets another limit for the item.
pub const SPEECH_MINUTES: u32 = 3;

kernel::coded_enum! {
    /// What somebody wants to speak as.
    pub enum Side {
        /// For what is talked over.
        Pro = "pro",
        /// Against it.
        Contra = "contra",
        /// To ask.
        Question = "question",
        /// To tell what the others may not know.
        Info = "info",
        /// On how the sitting is held; goes before everybody.
        Order = "order",
    }
}

impl Side {
    /// Whether this is one of the two sides of the debate, which take turns.
    #[must_use]
    pub const fn debates(self) -> bool {
        matches!(self, Self::Pro | Self::Contra)
    }
}

/// A wish to speak, and what became of it. Wishes that were not reached stay in the record without a beginning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speech {
    /// Its id.
    pub id: Id,
    /// On which item.
    pub item: Id,
    /// The seat.
    pub member: Id,
    /// Who sits on it.
    pub person: Id,
    /// In which capacity.
    pub capacity: Capacity,
    /// As what.
    pub side: Side,
    /// When the wish was made known.
    pub queued: Time,
    /// When the word was given.
    pub began: Option<Time>,
    /// When it ended.
    pub ended: Option<Time>,
    /// Whether the wish was taken back, or the item ended before its turn.
    pub dropped: bool,
}

impl Speech {
    /// Whether it waits for its turn.
    #[must_use]
    pub const fn waits(&self) -> bool {
        self.began.is_none() && !self.dropped
    }

    /// Whether it is being held.
    #[must_use]
    pub const fn now(&self) -> bool {
        self.began.is_some() && self.ended.is_none()
    }
}
