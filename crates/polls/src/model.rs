//! Polls, the heads of their rolls, and what happens to them.

mod outcome;
mod poll;
mod posted;
mod source;
mod vote;
mod voter;

pub use outcome::{Goal, GoalKind, OptionVotes, Outcome, Side};
pub use poll::{
    About, BoxSeal, Certificate, Extension, NewPoll, Objection, Origin, PaperReading, Poll, PollEvent,
    PollState, Roll, Shape, Signature, TellerRole, Trust,
};
pub use posted::Posted;
pub use source::Source;
pub use vote::Vote;
pub use voter::{
    Ballot, Delivery, DeliveryWay, LostCode, Proxy, ProxyState, Reached, Sheet, Standing, Voter, VoterEvent,
};
