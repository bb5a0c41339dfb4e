//! Motions on an item, and amendments to them.

use super::Ballot;
use kernel::{Id, Time};
use serde::{Deserialize, Serialize};

kernel::coded_enum! {
    /// How far a motion is.
    pub enum MotionState {
        /// Somebody moved it.
        Moved = "moved",
        /// Another seconded it.
        Seconded = "seconded",
        /// It is being debated.
        Debating = "debating",
        /// Hands were asked for.
        Put = "put",
        /// It was adopted.
        Adopted = "adopted",
        /// It was rejected.
        Rejected = "rejected",
        /// It was put off.
        Postponed = "postponed",
        /// It was handed to somebody else.
        Referred = "referred",
        /// Its sponsor took it back.
        Withdrawn = "withdrawn",
        /// It became part of another.
        Merged = "merged",
        /// The item, or the motion that it would change, was settled without it.
        Fallen = "fallen",
    }
}

impl MotionState {
    /// Whether something may still become of it.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Moved | Self::Seconded | Self::Debating | Self::Put)
    }
}

/// Where a version comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// As it was moved.
    Moved,
    /// Worded anew by its sponsor or the chair.
    Reworded,
    /// By this amendment.
    Amended(Id),
    /// With this motion.
    Merged(Id),
}

/// The text of a motion at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The whole text.
    pub text: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Since when.
    pub at: Time,
}

/// A motion, or an amendment to one. An amendment's text is the whole text of the motion as it would then read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Motion {
    /// Its id.
    pub id: Id,
    /// On which item.
    pub item: Id,
    /// The motion that it would change.
    pub parent: Option<Id>,
    /// Which version of that motion it was worded against, from 0.
    pub base: usize,
    /// The seat of whoever moved it.
    pub sponsor: Id,
    /// The seat of whoever seconded it.
    pub seconder: Option<Id>,
    /// The seats of those who signed it before the sitting.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cosigners: Vec<Id>,
    /// Whether it was handed in before the sitting.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub handed_in: bool,
    /// Its texts, the first first; never empty.
    pub versions: Vec<Version>,
    /// How far an amendment is from the motion: the furthest is put first.
    pub distance: u32,
    /// How far it is.
    pub state: MotionState,
    /// The vote on it, once there was one.
    pub ballot: Option<Ballot>,
    /// Why it was put off, or to whom it went.
    pub words: Option<String>,
}

impl Motion {
    /// The text that stands now.
    #[must_use]
    pub fn text(&self) -> &str {
        self.versions.last().map_or("", |v| v.text.as_str())
    }

    /// The number of the version that stands now, from 0.
    #[must_use]
    pub fn current(&self) -> usize {
        self.versions.len().saturating_sub(1)
    }
}
