//! What time does: a sweep over the clocks that have struck. Idempotent: a clock strikes once.

use crate::{actions, queries};
use store::{Fault, Store};

/// Acts on struck clocks, at most 500 matters a call; returns how many events followed.
///
/// # Errors
/// What the database says. One matter that cannot be ticked does not stop the others.
pub async fn sweep(store: &Store) -> Result<usize, Fault> {
    let mut conn = store.read().await?;
    let due = queries::struck(&mut conn, store.now(), 500).await?;
    let mut n = 0;
    for (street, id) in due {
        let world = queries::world(&mut conn, street).await?;
        let done =
            store.write(move |tx| Box::pin(async move { actions::tick(tx, &world, street, id).await })).await;
        match done {
            Ok(events) => n += events,
            Err(fault) => tracing::error!(%fault, matter = %id, "a clock could not strike"),
        }
    }
    Ok(n)
}
