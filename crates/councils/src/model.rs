//! Councils, sittings, actions, and what happens to them.

mod act;
mod action;
mod council;
mod sitting;

pub use act::Act;
pub use action::{Action, ActionEvent, ActionState, NewAction, Owner};
pub use council::{Capacity, Council, CouncilEvent, CouncilKind, Member, NewCouncil, NewMember};
pub use sitting::{
    Attendance, Ballot, How, Item, ItemKind, ItemState, MatterRef, Minutes, NewItem, NewSitting, Pinned,
    Signature, Sitting, SittingEvent, SittingState, TellerCount, Votes,
};
