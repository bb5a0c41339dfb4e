//! What a matter is (`matter`, `round`), what happens to it (`event`), what people ask for (`input`), what they began to write
//! (`draft`), and the settings of its street (`world`).

mod draft;
mod event;
mod input;
mod matter;
mod round;
mod world;

pub use draft::*;
pub use event::*;
pub use input::*;
pub use matter::*;
pub use round::*;
pub use world::*;
