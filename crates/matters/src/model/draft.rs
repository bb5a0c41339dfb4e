//! A draft (草稿): what staff began to register and will finish later, at another desk or with another device.
//! It has no number, no clock and stands in no figure until it is raised. A resident's draft stays on the own phone.

use super::{input::NewMatter, matter::Attachment};
use kernel::{Channel, Id, PlacePath, Time, coded_enum, text::Words};
use serde::{Deserialize, Serialize};

coded_enum! {
    /// What became of a draft.
    pub enum DraftState {
        /// Kept for later.
        Kept = "kept",
        /// It is a matter now.
        Raised = "raised",
        /// Thrown away.
        Discarded = "discarded",
    }
}

/// What a draft holds; everything may still be missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DraftContent {
    /// Where.
    pub place: Option<PlacePath>,
    /// Where exactly.
    pub spot: Option<Words>,
    /// What is the matter.
    pub body: Option<Words>,
    /// Category, if chosen.
    pub category: Option<String>,
    /// By which channel it came.
    pub channel: Option<Channel>,
    /// The resident's name.
    pub name: Option<Words>,
    /// The resident's phone.
    pub phone: Option<Words>,
    /// Whether the unit may know who it is.
    pub open_identity: bool,
}

/// A draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Its id and stream.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// Who keeps it; nobody else sees it.
    pub author: Option<Id>,
    /// When it was last kept.
    pub at: Time,
    /// What it holds.
    pub content: DraftContent,
    /// Photos taken already.
    pub attachments: Vec<Attachment>,
    /// What became of it.
    pub status: DraftState,
    /// The matter that it became.
    pub matter: Option<Id>,
}

/// What can happen to a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftEvent {
    /// Begun, with its first content.
    DraftBegun {
        /// The content.
        content: DraftContent,
        /// Photos.
        attachments: Vec<Attachment>,
        /// Its id.
        id: Id,
    },
    /// Kept again.
    DraftKept {
        /// The whole content now.
        content: DraftContent,
        /// Photos besides the earlier ones.
        attachments: Vec<Attachment>,
    },
    /// Raised as a matter.
    DraftRaised {
        /// The matter.
        matter: Id,
    },
    /// Thrown away.
    DraftDiscarded,
}

/// A draft in clear text, for its author's form.
#[derive(Clone, Debug)]
pub struct OpenDraft {
    /// Its id.
    pub id: Id,
    /// What the form is filled with.
    pub input: NewMatter,
    /// How many photos it has.
    pub photos: usize,
    /// When it was last kept.
    pub at: Time,
}
