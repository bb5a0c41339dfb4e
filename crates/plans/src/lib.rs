//! Plans that are put to consultation before anything is built: versions, rounds, opinions that are answered one by one, the
//! decision, the diary of the works.
//!
//! * A [`Plan`] goes draft → consulting → answering → (a further version, a further round)* → settled → works → done:
//!   [`rules::EDGES`]. While people are asked, the text does not change under them.
//! * An [`Opinion`] supports, suggests or objects. What suggests or objects is answered with reasons, or the plan is not settled;
//!   who objected says whether the answer is enough. An objection that is maintained asks for a decision by a body that may
//!   decide it: a poll or a sitting.
//! * Every version stays and can be compared with any other; the diary of the works tells day by day of progress, quality, safety.
//! * Matters are another room: `app` hands in a [`Bridge`] by which the matter behind a plan is found and hears of it.
//! * Pages: `/plans`, `/plans/{id}`; staff `/office/plans`.

pub mod actions;
pub mod jobs;
pub mod model;
mod pages;
pub mod queries;
pub mod rules;
mod tables;

pub use actions::Bridge;
pub use model::{Opinion, Plan};
pub use pages::{DOORS, routes};
pub use queries::{KEEPER, verify};
pub use rules::rights::RIGHTS;

/// The tables of this room.
pub const MIGRATIONS: store::Migrations = store::Migrations {
    room: "plans",
    steps: &[
        ("0001_plans", include_str!("../migrations/0001_plans.sql")),
        ("0002_goals", include_str!("../migrations/0002_goals.sql")),
    ],
};

#[derive(Default, rust_embed::RustEmbed)]
#[folder = "i18n"]
struct Languages;

ui::room_words!("plans", Languages);
