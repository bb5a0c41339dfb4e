//! Numbers that are given out in order and never again, and settings by name.

use crate::{Conn, Fault, Tx, args};
use kernel::Id;
use serde_json::Value;

impl Tx {
    /// The next number of a series, from 1.
    ///
    /// # Errors
    /// What the database says.
    pub async fn next_number(&mut self, street: Id, name: &str) -> Result<i64, Fault> {
        self.one(
            "INSERT INTO series (street, name, last) VALUES ($1, $2, 1) \
             ON CONFLICT (street, name) DO UPDATE SET last = series.last + 1 RETURNING last",
            args![street, name],
        )
        .await?
        .ok_or_else(|| Fault::other("a series gave no number"))?
        .get("last")
    }

    /// Writes a setting of a street.
    ///
    /// # Errors
    /// What the database says.
    pub async fn set(&mut self, street: Id, name: &str, value: Value) -> Result<(), Fault> {
        self.run(
            "INSERT INTO setting (street, name, value) VALUES ($1, $2, $3) \
             ON CONFLICT (street, name) DO UPDATE SET value = excluded.value",
            args![street, name, value],
        )
        .await?;
        Ok(())
    }
}

impl Conn {
    /// A setting of a street, if it was ever set.
    ///
    /// # Errors
    /// What the database says.
    pub async fn setting(&mut self, street: Id, name: &str) -> Result<Option<Value>, Fault> {
        self.one("SELECT value FROM setting WHERE street = $1 AND name = $2", args![street, name])
            .await?
            .map(|row| row.get("value"))
            .transpose()
    }
}
