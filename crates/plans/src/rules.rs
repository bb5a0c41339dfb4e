//! What holds for plans and opinions. Pure.

mod decide;
mod evolve;
mod opinion;
pub mod rights;
#[cfg(test)]
mod tests;

pub use decide::{EDGES, Facts, LEAST_DAYS, USUAL_DAYS, VERSION, decide, draft, goals, goes};
pub use evolve::{evolve, evolve_opinion};
pub use opinion::{OPINION_EDGES, OWN, decide_opinion, may_say};
