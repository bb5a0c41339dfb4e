//! The one door to the database: SQLite or PostgreSQL through one code path.
//!
//! * [`Store`] opens, migrates, reads and writes. A write is one transaction that holds the journal
//!   entries, the tables projected from them, the outbox rows and the jobs, or none of it.
//! * [`Conn`] runs SQL with typed arguments ([`args!`]) and typed columns ([`Row::get`]) on either engine.
//! * [`Tx`] is a [`Conn`] that may also append to the journal, keep words, number things, store blobs.
//!
//! Knows no room. See `docs/ARCHITECTURE.md` for the walk of a change.

mod blobs;
mod check;
mod clock;
mod conn;
mod fault;
mod fold;
mod inbox;
mod jobs;
mod kept;
mod keys;
mod migrate;
pub mod pictures;
mod record;
mod reseal;
mod seals;
pub mod search;
mod series;
pub mod testing;
mod tx;
mod words;

pub use blobs::{Blob, BlobKind};
pub use check::{Printed, SealsChecked, commitments};
pub use clock::{Entropy, SystemClock};
pub use conn::{Arg, Conn, Engine, FromCol, Row, in_places, place_marks};
pub use fault::{Fault, Trouble};
pub use fold::{ChildRow, Fold, Meta, event_of, replay, split};
pub use inbox::{Notice, NoticeRow};
pub use jobs::{Outgoing, Sender, deliver};
pub use kept::Kept;
pub use keys::Keys;
pub use migrate::Migrations;
pub use record::{Change, Recorded, StreamFault};
pub use reseal::{SEALED, Sealed};
pub use seals::Stands;

/// What proofs are made of, for pages and commands.
pub use journal::{Hash, Receipt, Seal};
pub use tx::{IdemKey, Location, Options, Store, Tx};

/// The tables of the store itself.
pub const MIGRATIONS: Migrations = Migrations {
    room: "store",
    steps: &[
        ("0001_ground", include_str!("../migrations/0001_ground.sql")),
        ("0002_seals", include_str!("../migrations/0002_seals.sql")),
    ],
};
