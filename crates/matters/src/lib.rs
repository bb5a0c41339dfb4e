//! The closed loop.
pub mod model;
pub mod rules;
pub mod actions;
pub mod jobs;
pub mod queries;
mod tables;

pub use tables::{MIGRATIONS, verify};
