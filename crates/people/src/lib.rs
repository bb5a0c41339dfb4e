//! People: persons, accounts, units, offices; signing in; what is kept about whom.
//!
//! * [`Person`] is anybody known: a resident with an account, staff, or only a telephone number that somebody
//!   left with a matter. [`Unit`] is who leads and supports. [`Office`] is a role of a person for a place and a
//!   term, perhaps in a unit; a term that has ended gives no right. [`Account`] lets a person sign in.
//! * Journey: [`actions::set_up`] makes street, community and the three administrators (三员: system, security,
//!   audit, never the same person) → the system administrator opens accounts ([`actions::open_account`]) → the
//!   security administrator gives offices ([`actions::give_office`]) → [`actions::sign_in`] → [`gate::session`]
//!   tells every request who looks → the audit administrator reads the log.
//! * Personal data (name, telephone, dwelling, login) stands in the journal and in tables as salted commitments
//!   only; the clear text lies encrypted, a telephone is found by a blind index, and [`actions::unmask`] asks a
//!   reason and is journalled.
//! * Pages: `/sign-in /account /inbox /privacy /setup` and, for staff, `/office/people /office/units`: [`routes`].

pub mod actions;
pub mod jobs;
pub mod model;
mod pages;
pub mod queries;
pub mod rules;
mod tables;

pub use actions::{SetUp, SetUpDone, set_up};
pub use model::{
    Account, AccountState, Caller, Holder, NewOffice, NewPerson, NewUnit, Office, Person, SignedIn, Unit,
};
pub use pages::{DOORS, routes};
pub use queries::gate::{self, Gatekeeper};
pub use queries::information::{KEEPER, notice_version};
pub use queries::{verify, verify_keys};
pub use rules::rights::RIGHTS;

/// The kind of a unit, shared with the categories that name who leads.
pub use methods::UnitKind;

/// The tables of this room.
pub const MIGRATIONS: store::Migrations = store::Migrations {
    room: "people",
    steps: &[("0001_people", include_str!("../migrations/0001_people.sql"))],
};

/// The sealed columns of this room, for a change of keys.
pub const SEALED: &[store::Sealed] = &[
    store::Sealed { table: "session", key: "hash", id: false, column: "agent", about: "session" },
    store::Sealed { table: "account_secret", key: "account", id: true, column: "totp", about: "totp" },
    store::Sealed { table: "account_secret", key: "account", id: true, column: "totp_new", about: "totp" },
];

#[derive(Default, rust_embed::RustEmbed)]
#[folder = "i18n"]
struct Languages;

ui::room_words!("people", Languages);
