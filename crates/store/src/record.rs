//! The journal: appending in the same transaction as the change, reading and checking streams.

use crate::{Conn, Engine, Fault, Row, Tx, args};
use journal::{Body, Entry, GENESIS, Hash};
use kernel::{Actor, Id, Time};
use serde::Serialize;

/// What live pages hear after a commit.
#[derive(Clone, Debug)]
pub struct Change {
    /// In which street.
    pub street: Id,
    /// In which room.
    pub room: &'static str,
    /// In which stream.
    pub stream: Id,
    /// The event's name.
    pub kind: String,
}

/// What is known of an entry after it was appended.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its place in the stream.
    pub seq: i64,
    /// Its hash: the receipt.
    pub hash: Hash,
    /// When it was recorded.
    pub at: Time,
}

/// A fault in one stream, as `verify` reports it.
#[derive(Clone, Debug)]
pub struct StreamFault {
    /// The room of the stream.
    pub room: String,
    /// The stream.
    pub stream: Id,
    /// What is wrong.
    pub why: String,
}

impl Tx {
    /// Appends an event to a stream. `kind` is the event's name, `room.verb`.
    ///
    /// # Errors
    /// When the data cannot be encoded, or the database refuses.
    #[expect(clippy::too_many_arguments, reason = "the columns of one line of the journal")]
    pub async fn append(
        &mut self,
        room: &'static str,
        stream: Id,
        kind: &str,
        v: u32,
        data: &impl Serialize,
        actor: &Actor,
        client_at: Option<Time>,
    ) -> Result<Recorded, Fault> {
        let last = self
            .one(
                "SELECT seq, hash, at FROM journal WHERE stream = $1 ORDER BY seq DESC LIMIT 1",
                args![stream],
            )
            .await?;
        let (seq, prev, before) = match last {
            Some(row) => (row.get::<i64>("seq")?, hash_of(&row, "hash")?, Some(row.get::<Time>("at")?)),
            None => (0, GENESIS, None),
        };
        // A clock that was set back must not date an entry before the one it follows.
        let at = before.map_or(self.now, |b| self.now.max(b));
        let body = Body {
            kind: kind.to_owned(),
            v,
            data: serde_json::to_value(data)?,
            actor: actor.clone(),
            client_at,
        };
        let text = String::from_utf8(journal::canonical(&body)?).map_err(|e| Fault::other(e.to_string()))?;
        let entry = journal::next(stream, (seq, prev), body, at)?;
        let values = args![
            actor.street,
            room,
            stream,
            entry.seq,
            kind,
            actor.person,
            text,
            at,
            entry.prev.to_vec(),
            entry.hash.to_vec()
        ];
        let insert = "INSERT INTO journal (street, room, stream, seq, kind, person, body, at, prev, hash) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING pos";
        // Every entry waits for its seal; see the table `unsealed`.
        match self.engine() {
            Engine::Sqlite => {
                let row = self.one(insert, values).await?;
                let pos: i64 = row.ok_or_else(|| Fault::other("an entry got no position"))?.get("pos")?;
                self.run("INSERT INTO unsealed (pos) VALUES ($1)", args![pos]).await?;
            }
            Engine::Postgres => {
                // One round trip instead of two.
                let sql =
                    format!("WITH entry AS ({insert}) INSERT INTO unsealed (pos) SELECT pos FROM entry");
                self.run(sql, values).await?;
            }
        }
        self.changes.push(Change { street: actor.street, room, stream, kind: kind.to_owned() });
        Ok(Recorded { seq: entry.seq, hash: entry.hash, at })
    }
}

pub(crate) fn hash_of(row: &Row, column: &str) -> Result<Hash, Fault> {
    let bytes: Vec<u8> = row.get(column)?;
    bytes.try_into().map_err(|_| Fault::Cell { column: column.to_owned(), why: "not 32 bytes".into() })
}

pub(crate) fn entry_of(row: &Row) -> Result<Entry, Fault> {
    Ok(Entry {
        stream: row.get("stream")?,
        seq: row.get("seq")?,
        body: serde_json::from_str(&row.get::<String>("body")?)?,
        at: row.get("at")?,
        prev: hash_of(row, "prev")?,
        hash: hash_of(row, "hash")?,
    })
}

impl Conn {
    /// Every entry of a stream, oldest first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn stream(&mut self, stream: Id) -> Result<Vec<Entry>, Fault> {
        self.all(
            "SELECT stream, seq, body, at, prev, hash FROM journal WHERE stream = $1 ORDER BY seq",
            args![stream],
        )
        .await?
        .iter()
        .map(entry_of)
        .collect()
    }
}
