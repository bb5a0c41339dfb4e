//! What holds for polls and their voters. Pure.

mod ballot;
mod count;
mod decide;
mod evolve;
pub mod house;
mod identity;
mod machine;
pub mod recount;
pub mod rights;
mod roll;
#[cfg(test)]
mod roll_tests;
mod rule;
#[cfg(test)]
mod tests;

pub use ballot::{Hand, lose_code, reissue_code, take, takes_codes, touched};
pub use count::{Counted, Group, count};
pub use decide::{Act, Facts, LONGEST_DAYS, decide, draft, earliest_opening, posted};
pub use evolve::{evolve, evolve_voter};
pub use identity::{Known, Standing, identify, standing};
pub use machine::{EDGES, goes};
pub use roll::{Built, Head, Line, build, cells, read_sheet, rows};
pub use rule::{Own, choices, pick};
