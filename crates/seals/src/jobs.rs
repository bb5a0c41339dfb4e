//! What time does: sealing.

use store::{Fault, Seal, Store};

/// How many minutes lie between two seals, at most; said to whoever asks about an entry that is not sealed yet.
pub const EVERY_MINUTES: u64 = 5;

/// Seals what is new since the last time; nothing when nothing is.
///
/// # Errors
/// What the database says.
pub async fn sweep(store: &Store) -> Result<Option<Seal>, Fault> {
    store.seal().await
}
