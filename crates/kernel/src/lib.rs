//! Words that every room uses: typed ids, time, the working calendar, actors, places, refusals.
//!
//! Pure: no I/O, no wall clock, no randomness. Time and random bytes are handed in.

pub mod actor;
pub mod calendar;
pub mod diff;
pub mod id;
pub mod personal;
pub mod place;
pub mod refusal;
pub mod text;
pub mod time;

pub use actor::{Actor, Channel, OfficeKind, Satisfaction};
pub use id::Id;
pub use place::PlacePath;
pub use refusal::Refusal;
pub use time::{Clock, FixedClock, Time};
