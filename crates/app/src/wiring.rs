//! The wiring between rooms: when this event, do that. The one place that knows two rooms at once.
//!
//! The table is empty: matters, the only room that acts so far, needs no other room to act. A council's decision that
//! becomes a matter's action, a closed poll that becomes a notice, get their lines here. What must not be lost
//! is done in the same transaction by the action that `app` hands in; what may be late stands in [`LATE`].

use store::{Change, Store};
use tokio::sync::broadcast::error::RecvError;

/// One line of the table.
pub(crate) struct Line {
    /// The event, `room.verb`.
    pub when: &'static str,
    /// What follows. It must bear being done twice: after a crash it may be.
    pub then: fn(Store, Change),
}

/// What follows later from a committed change.
pub(crate) const LATE: &[Line] = &[];

/// Listens for committed changes and does what the table says, until the store is closed.
pub(crate) async fn run(store: Store, table: &[Line]) {
    if table.is_empty() {
        return;
    }
    let mut changes = store.changes();
    loop {
        match changes.recv().await {
            Ok(change) => {
                for line in table.iter().filter(|l| l.when == change.kind) {
                    (line.then)(store.clone(), change.clone());
                }
            }
            Err(RecvError::Lagged(n)) => tracing::warn!(n, "changes were missed by the wiring"),
            Err(RecvError::Closed) => return,
        }
    }
}
