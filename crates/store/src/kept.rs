//! Answers that are kept while nothing changes: counts and figures that many people look at.

use crate::Store;
use chrono::Duration;
use kernel::Time;
use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

/// So many answers are kept at a time unless said otherwise; then all are dropped.
const MOST: usize = 2000;

/// An answer that took longer than this to make is dear.
const DEAR: i64 = 500;

/// A dear answer is given again for so many times as long as it took, and at most for [`LONGEST`] minutes, whatever has
/// changed: so one dear question takes a twentieth of a core and no more.
const TIMES: i32 = 20;
const LONGEST: i64 = 5;

struct Answer<V> {
    generation: u64,
    at: Time,
    took: Duration,
    value: V,
}

type Slot<V> = Arc<tokio::sync::Mutex<Option<Answer<V>>>>;

/// Answers by key. One is given again while the store's [`Store::generation`] stands and it is younger than `seconds`:
/// time alone makes things late, and another process may have written. Only what was dear to make is given for longer.
/// Whoever asks while one is being made waits for it instead of making it too.
pub struct Kept<V> {
    seconds: i64,
    most: usize,
    slots: Mutex<HashMap<String, Slot<V>>>,
}

impl<V> std::fmt::Debug for Kept<V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept").field("seconds", &self.seconds).finish_non_exhaustive()
    }
}

impl<V> Answer<V> {
    fn dear(&self, age: Duration) -> bool {
        let long = (self.took * TIMES).min(Duration::minutes(LONGEST));
        self.took >= Duration::milliseconds(DEAR) && age >= Duration::zero() && age < long
    }
}

impl<V: Clone> Kept<V> {
    /// Keeps answers for so many seconds at most.
    #[must_use]
    pub fn new(seconds: i64) -> Self {
        Self { seconds, most: MOST, slots: Mutex::default() }
    }

    /// Keeps no more than so many answers: for large ones.
    #[must_use]
    pub fn at_most(self, most: usize) -> Self {
        Self { most, ..self }
    }

    fn slot(&self, key: String) -> Slot<V> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= self.most && !slots.contains_key(&key) {
            slots.clear();
        }
        slots.entry(key).or_default().clone()
    }

    /// The answer that is kept under `key`, or the one that `make` gives.
    ///
    /// # Errors
    /// What `make` says.
    pub async fn get<E>(
        &self,
        store: &Store,
        key: String,
        make: impl Future<Output = Result<V, E>>,
    ) -> Result<V, E> {
        let slot = self.slot(key);
        let mut kept = slot.lock().await;
        // Taken before reading: what is read afterwards is at least as new.
        let (generation, now) = (store.generation(), store.now());
        if let Some(answer) = kept.as_ref() {
            let age = now - answer.at;
            let fresh = answer.generation == generation && (0..self.seconds).contains(&age.num_seconds());
            if fresh || answer.dear(age) {
                return Ok(answer.value.clone());
            }
        }
        let value = make.await?;
        *kept = Some(Answer { generation, at: now, took: store.now() - now, value: value.clone() });
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Engine, Fault, testing};
    use kernel::Actor;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_answer_is_made_once_until_something_changes_or_time_passes() {
        let t = testing::open(Engine::Sqlite, &[]).await.unwrap().unwrap();
        let (kept, made) = (Kept::new(5), AtomicUsize::new(0));
        let ask = async || {
            let make = async { Ok::<_, Fault>(made.fetch_add(1, Ordering::Relaxed)) };
            kept.get(&t.store, "k".into(), make).await.unwrap()
        };
        assert_eq!((ask().await, ask().await), (0, 0));
        t.store.write(|_| Box::pin(async { Ok::<_, Fault>(()) })).await.unwrap();
        assert_eq!(ask().await, 0, "what stands in no journal changes no answer");
        let record = || {
            t.store.write(|tx| {
                Box::pin(async move {
                    let (id, actor) = (tx.new_id()?, Actor::system(tx.new_id()?));
                    tx.append("test", id, "test.done", 1, &(), &actor, None).await
                })
            })
        };
        record().await.unwrap();
        assert_eq!((ask().await, ask().await), (1, 1), "something may have changed");
        t.clock.advance(chrono::Duration::seconds(5));
        assert_eq!((ask().await, ask().await), (2, 2), "time has passed");
        t.clock.advance(-chrono::Duration::seconds(60));
        assert_eq!(ask().await, 3, "a clock that was set back trusts nothing");
        let failed = kept.get(&t.store, "other".into(), async { Err::<usize, _>(Fault::other("no")) }).await;
        assert!(failed.is_err(), "a failure is not kept");
        assert_eq!(kept.get(&t.store, "other".into(), async { Ok::<_, Fault>(9) }).await.unwrap(), 9);

        let count = async |seconds: i64, n: usize| {
            let make = async {
                t.clock.advance(chrono::Duration::seconds(seconds));
                Ok::<_, Fault>(n)
            };
            kept.get(&t.store, "dear".into(), make).await.unwrap()
        };
        assert_eq!(count(2, 1).await, 1, "it took two seconds");
        record().await.unwrap();
        t.clock.advance(chrono::Duration::seconds(37));
        assert_eq!(count(2, 2).await, 1, "so it is given for forty, whatever has changed");
        t.clock.advance(chrono::Duration::seconds(2));
        assert_eq!(count(2, 2).await, 2, "and then no more");
    }
}
