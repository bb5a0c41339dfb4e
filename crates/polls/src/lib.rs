//! Polls: a question, a rule that is pinned before anybody votes, a frozen roll, ballots, a count that anybody can make again.
//!
//! * A [`Poll`] goes draft → ruled → rolled → noticed → open → closed → counting → certified → published → archived
//!   ([`rules::EDGES`]); nothing leads back to open. Its rule is a row of `tally`, pinned by hash; its roll is a text whose
//!   hash stands in the journal.
//! * A [`Voter`] is a head of a roll to whom something happened: served, recognised, given a proxy, a ballot. Named ballots
//!   are its events, so each is in the chain and under the seals.
//! * Secret ballots are kept apart ([`actions::secret`]): a list of who was handed one, to the day; a box that only counts how
//!   many ballots say what. No order, no time, no link; the box is sealed by hash when it closes (decision 0013).
//! * The same [`rules::count`] makes the certificate and the stranger's recount of the published file ([`rules::recount`]).
//! * Nobody sees the direction of a running vote: pages show who took part, and what is missing to the quorum.
//! * Where a poll comes from (a sitting, an election) hears of its result by a [`Bridge`] that `app` hands in.
//! * Pages: `/polls`, `/polls/{id}`, the booth `/polls/{id}/booth`; staff `/office/polls`.

pub mod actions;
pub mod jobs;
pub mod model;
mod pages;
pub mod queries;
pub mod rules;
mod tables;

pub use actions::{Body, Bridge};
pub use model::{Poll, Voter};
pub use pages::{DOORS, Hung, Unit, gap_words, posted_fields, posted_words, routes, rule_name, rule_words};
pub use queries::{KEEPER, verify};
pub use rules::rights::RIGHTS;

/// The tables of this room.
pub const MIGRATIONS: store::Migrations = store::Migrations {
    room: "polls",
    steps: &[
        ("0001_polls", include_str!("../migrations/0001_polls.sql")),
        ("0002_agents", include_str!("../migrations/0002_agents.sql")),
    ],
};

#[derive(Default, rust_embed::RustEmbed)]
#[folder = "i18n"]
struct Languages;

ui::room_words!("polls", Languages);
