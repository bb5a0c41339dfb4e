//! The rules of a matter, pure: who may do what (`rights`), what follows from a command (`decide`),
//! what an event does to the state (`evolve`).

mod decide;
mod draft;
mod evolve;
pub mod ledger;
mod rights;
#[cfg(test)]
mod tests;

pub use decide::{Command, Facts, decide, starts};
pub use draft::evolve_draft;
pub use evolve::evolve;
pub use rights::*;
