//! What runs by itself beside the server: clocks, seals, messages, cleaning up, the wiring.

use crate::{config::Config, say, t, wiring};
use futures_util::future::BoxFuture;
use std::time::Duration;
use store::{Outgoing, Sender, Store};
use ui::Lang;

/// How often the clocks of matters are looked at.
const CLOCKS: Duration = Duration::from_secs(20);
/// How often the record is sealed.
const SEALING: Duration = Duration::from_secs(60 * seals::jobs::EVERY_MINUTES);
/// How often the outbox is looked at.
const OUTBOX: Duration = Duration::from_secs(2);
/// How often what has run out is removed.
const CLEANING: Duration = Duration::from_secs(3600);

/// How often the list of deletion is made; what is listed already is not listed again.
const NIGHTLY: Duration = Duration::from_secs(24 * 3600);

/// Prints messages to the terminal instead of sending them: for trying out and development.
pub(crate) struct Console {
    /// In which language the line says what it is.
    pub lang: Lang,
}

impl Sender for Console {
    fn send<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            let (channel, to, text) = (message.channel.as_str(), message.to.as_str(), message.text.as_str());
            say::line(t!(self.lang, "console-message", channel = channel, to = to, text = text));
            Ok(())
        })
    }
}

/// Starts everything that runs by itself; it ends with the runtime.
pub(crate) fn start(store: &Store, config: &Config) {
    every(CLOCKS, store.clone(), |store| {
        Box::pin(async move {
            if let Err(fault) = matters::jobs::sweep(&store).await {
                tracing::error!(%fault, "clocks");
            }
            if let Err(fault) = polls::jobs::sweep(&store, wiring::POLLS).await {
                tracing::error!(%fault, "polls");
            }
            if let Err(fault) = elections::jobs::sweep(&store).await {
                tracing::error!(%fault, "elections");
            }
            if let Err(fault) = plans::jobs::sweep(&store).await {
                tracing::error!(%fault, "plans");
            }
        })
    });
    every(CLEANING, store.clone(), |store| {
        Box::pin(async move {
            if let Err(fault) = people::jobs::sweep(&store).await {
                tracing::error!(%fault, "cleaning up");
            }
        })
    });
    every(NIGHTLY, store.clone(), |store| {
        Box::pin(async move {
            if let Err(fault) = people::actions::list_past(&store).await {
                tracing::error!(%fault, "list of deletion");
            }
            if let Err(fault) = matters::actions::drop_old_drafts(&store).await {
                tracing::error!(%fault, "old drafts");
            }
            if let Err(fault) = councils::jobs::sweep(&store, matters::queries::calendar).await {
                tracing::error!(%fault, "sittings");
            }
        })
    });
    every(SEALING, store.clone(), |store| {
        Box::pin(async move {
            if let Err(fault) = seals::jobs::sweep(&store).await {
                tracing::error!(%fault, "sealing");
            }
        })
    });
    let lang = config.lang;
    every(OUTBOX, store.clone(), move |store| {
        Box::pin(async move {
            if let Err(fault) = store::deliver(&store, &Console { lang }).await {
                tracing::error!(%fault, "outbox");
            }
        })
    });
    tokio::spawn(wiring::run(store.clone(), wiring::LATE));
}

/// Does something again and again; a round that takes long delays the next one.
fn every(pause: Duration, store: Store, work: impl Fn(Store) -> BoxFuture<'static, ()> + Send + 'static) {
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(pause);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            work(store.clone()).await;
        }
    });
}
