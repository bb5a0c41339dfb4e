//! What runs by itself: cleaning up what has run out.

use crate::queries::secrets;
use store::{Fault, Store};

/// Removes sessions, codes and counters that have run out; returns how many rows. Once an hour is enough.
///
/// # Errors
/// What the database says.
pub async fn sweep(store: &Store) -> Result<u64, Fault> {
    store.write(|tx| Box::pin(secrets::sweep(tx))).await
}
