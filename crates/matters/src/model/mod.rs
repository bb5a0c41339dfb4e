//! What a matter is (`matter`), what happens to it (`event`), what people ask for (`input`),
//! and the settings of its street (`world`).

mod event;
mod input;
mod matter;
mod world;

pub use event::*;
pub use input::*;
pub use matter::*;
pub use world::*;
