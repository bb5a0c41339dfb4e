//! The journal: appending in the same transaction as the change, reading and checking streams.

use crate::{Conn, Fault, Row, Tx, args};
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
        self.run(
            "INSERT INTO journal (street, room, stream, seq, kind, person, body, at, prev, hash) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![
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
            ],
        )
        .await?;
        self.changes.push(Change { street: actor.street, room, stream, kind: kind.to_owned() });
        Ok(Recorded { seq: entry.seq, hash: entry.hash, at })
    }
}

fn hash_of(row: &Row, column: &str) -> Result<Hash, Fault> {
    let bytes: Vec<u8> = row.get(column)?;
    bytes.try_into().map_err(|_| Fault::Cell { column: column.to_owned(), why: "not 32 bytes".into() })
}

fn entry_of(row: &Row) -> Result<Entry, Fault> {
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

    /// The streams of a room in order of id, after `after`, at most `limit`: for walking through all of them.
    ///
    /// # Errors
    /// What the database says.
    pub async fn streams(&mut self, room: &str, after: Option<Id>, limit: i64) -> Result<Vec<Id>, Fault> {
        let sql =
            "SELECT DISTINCT stream FROM journal WHERE room = $1 AND stream > $2 ORDER BY stream LIMIT $3";
        let after = after.unwrap_or_else(|| Id::from(uuid::Uuid::nil()));
        self.all(sql, args![room, after, limit]).await?.iter().map(|r| r.get("stream")).collect()
    }

    /// The rooms that have written anything.
    ///
    /// # Errors
    /// What the database says.
    pub async fn rooms_of_record(&mut self) -> Result<Vec<String>, Fault> {
        self.all("SELECT DISTINCT room FROM journal ORDER BY room", vec![])
            .await?
            .iter()
            .map(|r| r.get("room"))
            .collect()
    }

    /// Checks the hash chains of every stream; returns how many entries were read and what is wrong.
    ///
    /// # Errors
    /// What the database says.
    pub async fn check_chains(&mut self) -> Result<(u64, Vec<StreamFault>), Fault> {
        let (mut entries, mut faults) = (0, Vec::new());
        for room in self.rooms_of_record().await? {
            let mut after = None;
            loop {
                let streams = self.streams(&room, after, 500).await?;
                let Some(last) = streams.last() else { break };
                after = Some(*last);
                for stream in streams {
                    match self.stream(stream).await {
                        Ok(list) => {
                            entries += list.len() as u64;
                            if let Err(why) = journal::check(&list) {
                                faults.push(StreamFault { room: room.clone(), stream, why: why.to_string() });
                            }
                        }
                        Err(why) => {
                            faults.push(StreamFault { room: room.clone(), stream, why: why.to_string() })
                        }
                    }
                }
            }
        }
        // The columns beside the hashed body must say what the body says.
        let odd = self
            .all(
                "SELECT room, stream, seq FROM journal WHERE kind <> (body_kind(body)) LIMIT 100".replace(
                    "body_kind(body)",
                    match self.engine() {
                        crate::Engine::Sqlite => "body->>'kind'",
                        crate::Engine::Postgres => "(body::json)->>'kind'",
                    },
                ),
                vec![],
            )
            .await;
        if let Ok(rows) = odd {
            for row in rows {
                faults.push(StreamFault {
                    room: row.get("room")?,
                    stream: row.get("stream")?,
                    why: format!("entry {} is filed under another kind", row.get::<i64>("seq")?),
                });
            }
        }
        Ok((entries, faults))
    }
}
