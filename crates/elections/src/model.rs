//! Elections, nominees, rounds, and what happens to them.

mod act;
mod election;
mod event;
mod nominee;
mod round;

pub use act::{Act, NewElection, NewNominee, NewRound, RoundOutcome};
pub use election::{
    Appeal, Election, ElectionKind, ElectionState, LeftWhy, Lot, Member, Mode, Print, Roll, RollLine, Warning,
};
pub use event::ElectionEvent;
pub use nominee::{Bar, Kin, Nominee, NomineeState, Opinion, Portrait, Presentation, Way};
pub use round::{Elected, Round, RoundCount, RoundKind};
