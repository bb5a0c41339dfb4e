//! Changing the key (等保 GB/T 22239-2019 8.1.4.8): a new one seals what is written from now on, and everything that is
//! sealed already is sealed anew, a few rows at a time. Stopping in between loses nothing: every value names its key, the
//! old key stays in the file until no value needs it, and doing it again goes on where it stopped.
//!
//! Blind indexes are made with a key of their own, which stays: what is found by telephone, name or login is found as before.

use crate::{Conn, Engine, Fault, Store, args};
use kernel::Id;
use std::collections::BTreeMap;

/// Rows of one step.
const STEP: i64 = 50;

/// A column of sealed values. Its table is keyed by `street` and one more column.
#[derive(Clone, Copy, Debug)]
pub struct Sealed {
    /// The table.
    pub table: &'static str,
    /// The second column of its key.
    pub key: &'static str,
    /// Whether that is an id; text otherwise.
    pub id: bool,
    /// The column.
    pub column: &'static str,
    /// What the values are sealed about.
    pub about: &'static str,
}

/// The sealed columns of the store itself.
pub const SEALED: &[Sealed] = &[
    Sealed { table: "words", key: "commitment", id: false, column: "sealed", about: "words" },
    Sealed { table: "blob", key: "id", id: true, column: "original", about: "blob" },
    Sealed { table: "outbox", key: "id", id: true, column: "sealed", about: "outbox" },
];

fn first_byte(engine: Engine, column: &str) -> String {
    match engine {
        // The first byte, as two hexadecimal signs.
        Engine::Sqlite => format!("hex(substr({column}, 1, 1))"),
        Engine::Postgres => format!("upper(encode(substring({column} from 1 for 1), 'hex'))"),
    }
}

impl Conn {
    /// How many values each key has sealed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn sealed_by(&mut self, columns: &[Sealed]) -> Result<BTreeMap<u8, u64>, Fault> {
        let mut out = BTreeMap::new();
        for c in columns {
            let sql = format!(
                "SELECT {} AS k, COUNT(*) AS n FROM {} WHERE {} IS NOT NULL GROUP BY 1",
                first_byte(self.engine(), c.column),
                c.table,
                c.column
            );
            for row in self.all(sql, vec![]).await? {
                let number = u8::from_str_radix(&row.get::<String>("k")?, 16)
                    .map_err(|_| Fault::other(format!("{}.{} holds an empty value", c.table, c.column)))?;
                *out.entry(number).or_default() += u64::try_from(row.get::<i64>("n")?).unwrap_or(0);
            }
        }
        Ok(out)
    }
}

impl Store {
    /// Seals anew, with the current key, a few dozen values of a column that another key has sealed; returns how
    /// many, so that zero is the end.
    ///
    /// # Errors
    /// What the database says, or that a value cannot be opened: then its old key is missing from the file.
    pub async fn reseal_some(&self, column: Sealed) -> Result<u64, Fault> {
        self.write(move |tx| {
            Box::pin(async move {
                let Sealed { table, key, id, column, about } = column;
                let now = format!("{:02X}", tx.keys().current());
                let sql = format!(
                    "SELECT street, {key} AS k, {column} AS sealed FROM {table} WHERE {column} IS NOT NULL AND {} <> $1 LIMIT {STEP}{}",
                    first_byte(tx.engine(), column),
                    tx.lock()
                );
                let update = format!("UPDATE {table} SET {column} = $3 WHERE street = $1 AND {key} = $2");
                let mut n = 0;
                for row in tx.all(sql, args![now]).await? {
                    let street: Id = row.get("street")?;
                    let clear = tx.keys().open_sealed(about, &row.get::<Vec<u8>>("sealed")?)?;
                    let fresh = tx.keys().seal(about, &clear, tx.random()?)?;
                    n += if id {
                        tx.run(update.clone(), args![street, row.get::<Id>("k")?, fresh]).await?
                    } else {
                        tx.run(update.clone(), args![street, row.get::<String>("k")?, fresh]).await?
                    };
                }
                Ok(n)
            })
        })
        .await
    }
}
