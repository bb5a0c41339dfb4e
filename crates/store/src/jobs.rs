//! The outbox: messages that leave the product, tried again with growing pauses, then laid aside as dead.

use crate::{Fault, Store, Tx, args};
use futures_util::future::BoxFuture;
use kernel::Id;
use serde::{Deserialize, Serialize};

/// Tries before a message is laid aside.
const TRIES: i64 = 8;

/// A message to somebody outside.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Outgoing {
    /// The channel, such as `sms`.
    pub channel: String,
    /// The address on that channel.
    pub to: String,
    /// The text.
    pub text: String,
}

/// Delivers messages of one channel.
pub trait Sender: Send + Sync {
    /// Sends one message.
    ///
    /// # Errors
    /// A sentence for the operator; the message is tried again later.
    fn send<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Result<(), String>>;
}

impl Tx {
    /// Queues a message; it leaves after the commit.
    ///
    /// # Errors
    /// What the database says.
    pub async fn send(&mut self, street: Id, message: &Outgoing) -> Result<(), Fault> {
        let (id, now) = (self.new_id()?, self.now);
        // Address and text are personal: encrypted at rest.
        let sealed = self.seal("outbox", &serde_json::to_string(message)?)?;
        self.run(
            "INSERT INTO outbox (street, id, channel, sealed, state, tries, due_at, at) VALUES ($1, $2, $3, $4, 'waiting', 0, $5, $5)",
            args![street, id, &message.channel, sealed, now],
        )
        .await?;
        Ok(())
    }
}

/// Sends what is due, at most 50; returns how many were sent.
///
/// # Errors
/// What the database says; failures of a sender are kept with the message.
pub async fn deliver(store: &Store, sender: &dyn Sender) -> Result<usize, Fault> {
    let now = store.now();
    let mut conn = store.read().await?;
    let rows = conn
        .all(
            "SELECT street, id, sealed, tries FROM outbox WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at LIMIT 50",
            args![now],
        )
        .await?;
    drop(conn);
    let mut sent = 0;
    for row in rows {
        let (street, id, tries): (Id, Id, i64) = (row.get("street")?, row.get("id")?, row.get("tries")?);
        let text = store.keys().open_text("outbox", &row.get::<Vec<u8>>("sealed")?)?;
        let outcome = sender.send(&serde_json::from_str(&text)?).await;
        let (state, error) = match &outcome {
            Ok(()) => ("sent", None),
            Err(why) if tries + 1 >= TRIES => ("dead", Some(why.clone())),
            Err(why) => ("waiting", Some(why.clone())),
        };
        sent += usize::from(outcome.is_ok());
        let due = now + chrono::Duration::seconds(30 << tries.min(10));
        store
            .write(move |tx| {
                Box::pin(async move {
                    tx.run(
                        "UPDATE outbox SET state = $3, tries = tries + 1, due_at = $4, error = $5 WHERE street = $1 AND id = $2",
                        args![street, id, state, due, error],
                    )
                    .await
                })
            })
            .await?;
    }
    Ok(sent)
}
