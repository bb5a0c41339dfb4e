//! What time does: a consultation ends with its last day.

use crate::{actions, queries};
use store::{Fault, Store};

/// Closes the consultations whose last day is over, at most 200 a call; returns how many.
///
/// # Errors
/// What the database says. One that cannot be closed does not stop the others.
pub async fn sweep(store: &Store) -> Result<usize, Fault> {
    let due = queries::struck(&mut store.read().await?, store.now(), 200).await?;
    let mut n = 0;
    for (street, id) in due {
        match store.write(move |tx| Box::pin(async move { actions::tick(tx, street, id).await })).await {
            Ok(()) => n += 1,
            Err(Fault::Refused(_)) => {}
            Err(fault) => tracing::error!(%fault, plan = %id, "a consultation could not be closed"),
        }
    }
    Ok(n)
}
