//! What can go wrong below the rules.

use kernel::Refusal;

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

    /// Whether the database reports a broken unique constraint.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Db(sqlx::Error::Database(e)) if e.is_unique_violation())
    }
}
