//! The machine as a table: what is not in it does not happen. Nothing leads back to an open poll.

use crate::model::PollState::{
    self, Annulled, Archived, Certified, Closed, Counting, Draft, Noticed, Open, Published, Rolled, Ruled,
    Void,
};

/// From which state a poll goes to which.
pub const EDGES: &[(PollState, PollState)] = &[
    (Draft, Ruled),
    (Ruled, Rolled),
    (Rolled, Noticed),
    (Noticed, Open),
    (Open, Closed),
    (Closed, Counting),
    (Counting, Certified),
    (Certified, Published),
    (Published, Archived),
    (Draft, Void),
    (Ruled, Void),
    (Rolled, Void),
    (Noticed, Void),
    (Open, Void),
    (Certified, Annulled),
    (Published, Annulled),
    (Archived, Annulled),
];

/// Whether a poll may go there.
#[must_use]
pub fn goes(from: PollState, to: PollState) -> bool {
    EDGES.contains(&(from, to))
}
