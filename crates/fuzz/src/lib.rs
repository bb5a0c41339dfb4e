//! Tries parsers of outside bytes with very many wrong inputs.
//!
//! An input is a valid sample that was damaged ([`Mutator`]), or chance. [`run`] hands inputs to a parser and expects
//! three things of it: no panic, an answer within five seconds, and no more memory than the target allows. A target is
//! an ordinary test: it tries some hundreds of inputs, the same every time. With `YISHITING_FUZZ_SECONDS` set, as
//! `cargo xtask fuzz` does, it goes on for so long; what fails is kept as a file and belongs into the corpus.

mod mutate;
mod runner;

pub use mutate::Mutator;
pub use runner::{MEMORY, Target, run, turn};
