//! The rules of a matter, pure: who may do what (`rights`), what follows from a command (`decide`),
//! what an event does to the state (`evolve`).

mod command;
mod decide;
mod draft;
mod evolve;
pub mod ledger;
mod requests;
mod rights;
#[cfg(test)]
mod tests;

pub use command::{Command, Facts};
pub use decide::{decide, starts};
pub use draft::evolve_draft;
pub use evolve::evolve;
pub use rights::*;
