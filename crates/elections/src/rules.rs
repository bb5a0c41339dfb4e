//! What holds for elections. Pure.

mod days;
mod decide;
mod evolve;
mod machine;
mod nominees;
pub mod rights;
mod rounds;
#[cfg(test)]
mod tests;

pub use days::{Due, DueState, Step, Terms, earliest, plan};
pub use decide::{Facts, decide, prepare};
pub use evolve::evolve;
pub use machine::{EDGES, Edge, Who, goes};
pub use nominees::{labels, need, order, takes_kin, warnings};
pub use rounds::{candidates, next_round, rule_code, runoff_until};
