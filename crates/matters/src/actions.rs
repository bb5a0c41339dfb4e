//! The only writers: raising, joining, every verb, and the passing of time.

mod act;
mod drafts;
mod erase;
mod follow;
mod import;
mod notices;
mod raise;
mod settings;

pub use act::{act, redact, see_personal, tick};
pub use drafts::{DRAFT_DAYS, discard_draft, drop_old_drafts, keep_draft};
pub use erase::erase_person;
pub use follow::follow;
pub use import::*;
pub use raise::{join, raise};
pub use settings::{SettingsChange, change_settings, settings_stream};
