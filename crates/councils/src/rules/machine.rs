//! The two machines as tables: what is not in them does not happen.

use crate::model::{
    ItemState::{self, Debating, Decided, Referred, Scheduled, Tabled, Voting, Withdrawn},
    SittingState::{
        self, Cancelled, Closed, Draft, InSession, Lapsed, MinutesDraft, MinutesSigned, Noticed, Postponed,
        Published, Recess, SignIn,
    },
};

/// From which state a sitting goes to which. Postponed and lapsed sittings get a new notice.
pub const EDGES: &[(SittingState, SittingState)] = &[
    (Draft, Noticed),
    (Draft, Cancelled),
    (Noticed, SignIn),
    (Noticed, Postponed),
    (Noticed, Cancelled),
    (Postponed, Noticed),
    (Postponed, Cancelled),
    (SignIn, InSession),
    (SignIn, Lapsed),
    (Lapsed, Noticed),
    (Lapsed, Cancelled),
    (InSession, Recess),
    (Recess, InSession),
    (InSession, Closed),
    (Closed, MinutesDraft),
    (MinutesDraft, MinutesSigned),
    (MinutesSigned, Published),
];

/// From which state an item goes to which. Nothing leads into a vote but the debate, and out of a vote leads only the
/// decision: a vote never opens twice.
pub const ITEM_EDGES: &[(ItemState, ItemState)] = &[
    (Scheduled, Debating),
    (Scheduled, Tabled),
    (Scheduled, Withdrawn),
    (Debating, Voting),
    (Debating, Decided),
    (Debating, Tabled),
    (Debating, Referred),
    (Debating, Withdrawn),
    (Voting, Decided),
];

/// Whether a sitting may go there.
#[must_use]
pub fn sitting_goes(from: SittingState, to: SittingState) -> bool {
    EDGES.contains(&(from, to))
}

/// Whether an item may go there.
#[must_use]
pub fn item_goes(from: ItemState, to: ItemState) -> bool {
    ITEM_EDGES.contains(&(from, to))
}
