//! What time does: polls open and close by the clock, results leave the board when their time is over.

use crate::{Bridge, actions, queries};
use store::{Fault, Store};

/// Acts on struck clocks, at most 200 polls a call; returns how many moved. A poll that may not move yet (an objection to its
/// roll waits for an answer) is looked at again at the next sweep.
///
/// # Errors
/// What the database says. One poll that cannot move does not stop the others.
pub async fn sweep(store: &Store, bridge: Bridge) -> Result<usize, Fault> {
    let due = queries::struck(&mut store.read().await?, store.now(), 200).await?;
    let mut n = 0;
    for (street, id) in due {
        let done =
            store.write(move |tx| Box::pin(async move { actions::tick(tx, bridge, street, id).await })).await;
        match done {
            Ok(moved) => n += usize::from(moved),
            Err(Fault::Refused(_)) => {}
            Err(fault) => tracing::error!(%fault, poll = %id, "a poll could not move"),
        }
    }
    Ok(n)
}
