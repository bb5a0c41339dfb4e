//! The number of statements does not depend on the number of matters: counted by what the driver logs.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

mod common;

use briefings::{By, FIGURES, Part, figure, queries};
use common::*;
use methods::Methods;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::{Engine, Store};
use tracing_subscriber::{Layer, layer::SubscriberExt, util::SubscriberInitExt};

static SEEN: AtomicUsize = AtomicUsize::new(0);

struct Counter;

impl<S: tracing::Subscriber> Layer<S> for Counter {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            SEEN.fetch_add(1, Ordering::SeqCst);
        }
    }
}

async fn statements(store: &Store) -> usize {
    let mut conn = store.read().await.unwrap();
    let method = Methods::shipped().get(Methods::DEFAULT).unwrap().clone();
    let cut = march(staff());
    let before = SEEN.load(Ordering::SeqCst);
    briefings::figures(&mut conn, &cut, &method).await.unwrap();
    let wanted: Vec<_> = FIGURES.iter().collect();
    for by in By::ALL {
        queries::breakdown(&mut conn, &cut, &method, &wanted, *by).await.unwrap();
    }
    let (lines, _) =
        queries::behind(&mut conn, &cut, &method, figure("raised").unwrap(), Part::Numerator, "", 500)
            .await
            .unwrap();
    assert!(!lines.is_empty());
    SEEN.load(Ordering::SeqCst) - before
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_number_of_statements_stays_the_same() {
    tracing_subscriber::registry().with(Counter).init();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let rooms = [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS];
        let Some(test) = store::testing::open(engine, &rooms).await.unwrap() else { continue };
        fill(&test.store).await;
        let few = statements(&test.store).await;
        assert!(few > 0, "the driver logs its statements");
        test.store
            .write(|tx| {
                Box::pin(async move {
                    for i in 0..150 {
                        let name: &'static str = Box::leak(format!("X{i}").into_boxed_str());
                        let place: &'static str = Box::leak(format!("/QH/LY/A/{i}/").into_boxed_str());
                        m(name, place, "submitted", "03-20").put(tx, street()).await?;
                        r(name, u1(), "03-21", "03-25").put(tx, street()).await?;
                    }
                    Ok(())
                })
            })
            .await
            .unwrap();
        assert_eq!(statements(&test.store).await, few, "{engine:?}");
        // One per table and instant (nine of them), and one for the medians.
        assert!(few <= 11 * (By::ALL.len() + 1) + 1, "{few} statements");
    }
}
