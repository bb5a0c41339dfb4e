//! Councils: what self-governance could not settle is put on an agenda, talked over, voted on, and becomes owned, dated
//! actions.
//!
//! * A [`Council`] is a standing body with members, each in a capacity and for a term. A [`Sitting`] is one meeting of
//!   it, with agenda, attendance, votes and minutes. An [`Action`] is the owned, dated duty that follows.
//! * Journey: plan → notice (not later than the rule's days) → sign in → in session → call an item → open a vote (the rule
//!   is pinned and the quorum counted from who is in the room) → count twice → actions → close → minutes → two signatures →
//!   published.
//! * In session, members ask to speak, move, second and amend from their phones; anybody asks questions. Whose turn it is,
//!   what is put next and whether nothing is left unanswered is in `rules`.
//! * Phones and the wall follow by [`queries::version`]: `/sittings/{id}/{live,now,screen}`.
//! * The machines are [`rules::EDGES`], [`rules::ITEM_EDGES`], [`rules::MOTION_EDGES`],
//!   [`rules::SUBMISSION_EDGES`] and [`rules::QUESTION_EDGES`]; no edge leads back to an open vote.
//! * Members on duty by rota receive residents: a [`Rota`] gives each a [`Duty`] in turn; what is raised there is answered or
//!   becomes a matter.
//! * Matters are another room: `app` hands in a [`Bridge`] by which waiting matters are listed and told the result.
//! * Pages: `/office/councils`, `/office/sittings/{id}`; for everybody `/councils`, `/sittings/{id}`.

pub mod actions;
pub mod jobs;
pub mod model;
mod pages;
pub mod queries;
pub mod rules;
mod tables;

pub use actions::{Bridge, Concern, Waiting};
pub use model::{Action, Council, Duty, Question, Rota, Sitting, Submission};
pub use pages::{DOORS, draft_minutes, routes};
pub use queries::{KEEPER, verify};
pub use rules::rights::RIGHTS;

/// The tables of this room.
pub const MIGRATIONS: store::Migrations = store::Migrations {
    room: "councils",
    steps: &[
        ("0001_councils", include_str!("../migrations/0001_councils.sql")),
        ("0002_questions", include_str!("../migrations/0002_questions.sql")),
        ("0003_calendar", include_str!("../migrations/0003_calendar.sql")),
        ("0004_attendance", include_str!("../migrations/0004_attendance.sql")),
        ("0005_rota", include_str!("../migrations/0005_rota.sql")),
        ("0006_motions", include_str!("../migrations/0006_motions.sql")),
        ("0007_evaluations", include_str!("../migrations/0007_evaluations.sql")),
    ],
};

#[derive(Default, rust_embed::RustEmbed)]
#[folder = "i18n"]
struct Languages;

ui::room_words!("councils", Languages);
