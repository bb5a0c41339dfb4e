//! What pages list and count. Every finder is scoped by the viewer's offices, unit or voice.

mod drafts;
mod find;
mod lists;
mod paper;
mod past;
mod personal;

pub use drafts::*;
pub use find::*;
pub use lists::*;
pub use paper::*;
pub use past::*;
pub use personal::*;
