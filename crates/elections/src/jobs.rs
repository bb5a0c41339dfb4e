//! What time does: an election follows the clock of its round's poll.

use crate::{actions, queries};
use store::{Fault, Store};

/// Looks at rounds that open or close, at most 200 a call; returns how many elections moved. The poll itself is opened and closed by
/// its own room; an election only says what is so.
///
/// # Errors
/// What the database says. One election that cannot move does not stop the others.
pub async fn sweep(store: &Store) -> Result<usize, Fault> {
    let due = queries::struck(&mut store.read().await?, store.now(), 200).await?;
    let mut n = 0;
    for (street, id) in due {
        match store.write(move |tx| Box::pin(async move { actions::tick(tx, street, id).await })).await {
            Ok(moved) => n += usize::from(moved),
            Err(Fault::Refused(_)) => {}
            Err(fault) => tracing::error!(%fault, election = %id, "an election could not move"),
        }
    }
    Ok(n)
}
