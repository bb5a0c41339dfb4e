//! Live pages: server-sent events that say "something changed", at most one a second.

use crate::{Ctx, Viewer};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use std::{convert::Infallible, time::Duration};
use tokio::sync::broadcast::error::RecvError;

/// The stream of changes of a street. It carries no data: the page asks for its own fragment, with its own rights.
pub fn changes(
    ctx: &Ctx,
    viewer: &Viewer,
    room: &'static str,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let street = viewer.signed.as_ref().map(|s| s.street);
    let stream = stream::unfold(ctx.store.changes(), move |mut heard| async move {
        loop {
            match heard.recv().await {
                Ok(change) if Some(change.street) == street && change.room == room => {
                    // Let a burst of changes pass as one.
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    while heard.try_recv().is_ok() {}
                    return Some((Ok(Event::default().event("message").data("changed")), heard));
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => return Some((Ok(Event::default().data("changed")), heard)),
                Err(RecvError::Closed) => return None,
            }
        }
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(20)))
}
