//! Notices inside the product: what happened to my matter, what waits for me.

use crate::{Conn, Fault, Tx, args};
use kernel::{Id, Time};
use serde_json::Value;

/// A notice to one person: a language key with values, and where it leads.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The street.
    pub street: Id,
    /// To whom.
    pub person: Id,
    /// `room.key` of the sentence.
    pub key: String,
    /// Values of the sentence, as a flat object.
    pub args: Value,
    /// Where it leads.
    pub link: String,
    /// From when on it may ring (count as new, and go out by other channels); at once when none is given.
    /// Who opens the list sees it before.
    pub due_at: Option<Time>,
}

/// A stored notice.
#[derive(Clone, Debug)]
pub struct NoticeRow {
    /// Its id.
    pub id: Id,
    /// `room.key` of the sentence.
    pub key: String,
    /// Values of the sentence.
    pub args: Value,
    /// Where it leads.
    pub link: String,
    /// When.
    pub at: Time,
    /// Whether it was read.
    pub read: bool,
}

impl Tx {
    /// Puts a notice into a person's inbox.
    ///
    /// # Errors
    /// What the database says.
    pub async fn notify(&mut self, notice: Notice) -> Result<(), Fault> {
        let (id, now) = (self.new_id()?, self.now);
        self.run(
            "INSERT INTO inbox (street, id, person, key, args, link, at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![notice.street, id, notice.person, notice.key, notice.args, notice.link, now, notice.due_at.unwrap_or(now)],
        )
        .await?;
        Ok(())
    }

    /// Marks every notice of a person as read.
    ///
    /// # Errors
    /// What the database says.
    pub async fn read_notices(&mut self, street: Id, person: Id) -> Result<(), Fault> {
        let now = self.now;
        self.run(
            "UPDATE inbox SET read_at = $3 WHERE street = $1 AND person = $2 AND read_at IS NULL",
            args![street, person, now],
        )
        .await?;
        Ok(())
    }
}

impl Conn {
    /// How many notices that may ring by now a person has not read.
    ///
    /// # Errors
    /// What the database says.
    pub async fn unread(&mut self, street: Id, person: Id, now: Time) -> Result<i64, Fault> {
        self.number(
            "SELECT COUNT(*) AS n FROM inbox WHERE street = $1 AND person = $2 AND read_at IS NULL AND due_at <= $3",
            args![street, person, now],
        )
        .await
    }

    /// A person's notices, newest first, before `before`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn notices(
        &mut self,
        street: Id,
        person: Id,
        before: Option<Id>,
        limit: i64,
    ) -> Result<Vec<NoticeRow>, Fault> {
        let before = before.unwrap_or_else(|| Id::from(uuid::Uuid::max()));
        self.all(
            "SELECT id, key, args, link, at, read_at FROM inbox WHERE street = $1 AND person = $2 AND id < $3 ORDER BY id DESC LIMIT $4",
            args![street, person, before, limit],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(NoticeRow {
                id: row.get("id")?,
                key: row.get("key")?,
                args: row.get("args")?,
                link: row.get("link")?,
                at: row.get("at")?,
                read: row.get::<Option<Time>>("read_at")?.is_some(),
            })
        })
        .collect()
    }
}
