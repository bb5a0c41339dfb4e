//! Elections: a committee, a published roll, nominees who were looked at, rounds of secret ballots, a result that is declared
//! and handed over.
//!
//! * An [`Election`] goes prepared → committee → roll published → appeals → nominating → vetting → candidates published →
//!   voters' meeting → polling → counting → {turnout too small | more ballots than voters | tie → tie vote | short → runoff} →
//!   declared → handover → archived: [`rules::EDGES`], each with who, guard and record.
//! * The days of the law follow from the polling day ([`rules::Terms`], [`rules::plan`]). A step that comes too late is refused
//!   with the day on which it would have been in time, the article, and the earliest lawful polling day.
//! * Every round is a secret poll of the room `polls`; its published result comes back by [`actions::round_ended`], which `app`
//!   wires. Whoever was elected in any round stays elected; nobody barred or withdrawn is ever declared.
//! * Names of nominees lie with `people`; those of candidates are published. Telephones, what the vetting noted and what an appeal
//!   says are kept encrypted.
//! * Pages: `/elections`, `/elections/{id}`; staff `/office/elections`.

pub mod actions;
pub mod jobs;
pub mod model;
mod pages;
pub mod queries;
pub mod rules;
mod tables;

pub use model::Election;
pub use pages::{DOORS, routes};
pub use queries::{KEEPER, verify};
pub use rules::rights::RIGHTS;

/// The tables of this room.
pub const MIGRATIONS: store::Migrations = store::Migrations {
    room: "elections",
    steps: &[("0001_elections", include_str!("../migrations/0001_elections.sql"))],
};

#[derive(Default, rust_embed::RustEmbed)]
#[folder = "i18n"]
struct Languages;

ui::room_words!("elections", Languages);
