//! The only writers: raising, joining, every verb, and the passing of time.

mod act;
mod import;
mod notices;
mod raise;

pub use act::{act, redact, see_personal, tick};
pub use import::*;
pub use raise::{join, raise};
