//! What pages list and count. Every finder is scoped by the viewer's offices, unit or voice.

mod counts;
mod drafts;
mod find;
mod lists;
mod paper;
mod past;
mod personal;

pub use counts::*;
pub use drafts::*;
pub use find::*;
pub use lists::*;
pub use paper::*;
pub use past::*;
pub use personal::*;
