//! What can go wrong below the rules.

use kernel::Refusal;

/// What is the matter with the place where everything is kept. Nothing is half kept: the change as a whole was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The disk is full.
    Full,
    /// It can be read but not written.
    ReadOnly,
    /// Somebody else holds it for long.
    Busy,
    /// It cannot be reached, or the disk fails.
    Away,
}

/// A failure: a refusal that the reader should see, or something only the operator can mend.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Said to the reader in words.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database said no.
    #[error("database: {0}")]
    Db(#[from] sqlx::Error),
    /// A stored value is not what the code wrote: names the exact bad cell.
    #[error("stored value {column} cannot be read: {why}")]
    Cell {
        /// The column as selected.
        column: String,
        /// What is wrong with it.
        why: String,
    },
    /// The record cannot be continued.
    #[error("journal: {0}")]
    Journal(#[from] journal::Fault),
    /// A value cannot be written or read as JSON.
    #[error("json: {0}")]
    Json(#[from] serde_json::Error),
    /// Files and sockets.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The place where everything is kept cannot take more, or not now.
    #[error("{why}")]
    Trouble {
        /// What is the matter with it.
        what: Trouble,
        /// What the database says.
        why: String,
    },
    /// Anything else, in a sentence for the operator.
    #[error("{0}")]
    Other(String),
}

impl Fault {
    /// A fault from a sentence.
    pub fn other(text: impl Into<String>) -> Self {
        Self::Other(text.into())
    }

    /// The refusal, if it is one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// What is the matter with the place where everything is kept, if that is the reason.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        match self {
            Self::Trouble { what, .. } => Some(*what),
            Self::Db(sqlx::Error::Database(e)) => of_code(&e.code()?),
            Self::Db(sqlx::Error::PoolTimedOut) => Some(Trouble::Busy),
            Self::Db(sqlx::Error::Io(_)) => Some(Trouble::Away),
            Self::Io(e) => match e.kind() {
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Some(Trouble::Full),
                std::io::ErrorKind::ReadOnlyFilesystem => Some(Trouble::ReadOnly),
                _ => None,
            },
            _ => None,
        }
    }

    /// The same fault for everybody who waited for one commit.
    pub(crate) fn again(&self, about: &str) -> Self {
        let why = format!("{about}: {self}");
        match self.trouble() {
            Some(what) => Self::Trouble { what, why },
            None => Self::Other(why),
        }
    }

    /// Whether the database reports a broken unique constraint.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Db(sqlx::Error::Database(e)) if e.is_unique_violation())
    }
}

/// The engines' own codes: SQLite's result codes (decimal, extended ones carry the primary code in the low byte),
/// PostgreSQL's SQLSTATE.
fn of_code(code: &str) -> Option<Trouble> {
    match code {
        "53100" => return Some(Trouble::Full),
        "25006" => return Some(Trouble::ReadOnly),
        "55P03" | "40P01" | "53300" => return Some(Trouble::Busy),
        "57P01" | "57P02" | "57P03" | "58030" => return Some(Trouble::Away),
        _ => {}
    }
    // SQLSTATE has five characters; SQLite's codes have at most four.
    match code.parse::<u32>().ok().filter(|_| code.len() < 5)? & 0xFF {
        13 => Some(Trouble::Full),
        8 => Some(Trouble::ReadOnly),
        5 | 6 => Some(Trouble::Busy),
        10 | 14 => Some(Trouble::Away),
        _ => None,
    }
}
