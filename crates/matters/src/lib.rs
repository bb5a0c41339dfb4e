//! The closed loop.
pub mod model;
pub mod rules;
