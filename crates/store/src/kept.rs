//! Answers that are kept while nothing changes: counts and figures that many people look at.

use crate::Store;
use kernel::Time;
use std::{
    collections::HashMap,
    future::Future,
    sync::{Mutex, PoisonError},
};

/// So many answers are kept at a time; then all are dropped.
const MOST: usize = 2000;

/// Answers by key. One is given again while the store's [`Store::generation`] stands and it is younger than `seconds`:
/// time alone makes things late, and another process may have written.
#[derive(Debug)]
pub struct Kept<V> {
    seconds: i64,
    answers: Mutex<HashMap<String, (u64, Time, V)>>,
}

impl<V: Clone> Kept<V> {
    /// Keeps answers for so many seconds at most.
    #[must_use]
    pub fn new(seconds: i64) -> Self {
        Self { seconds, answers: Mutex::default() }
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
        // Taken before reading: what is read afterwards is at least as new.
        let (generation, now) = (store.generation(), store.now());
        if let Some((of, at, answer)) = self.answers.lock().unwrap_or_else(PoisonError::into_inner).get(&key)
            && *of == generation
            && (0..self.seconds).contains(&(now - *at).num_seconds())
        {
            return Ok(answer.clone());
        }
        let answer = make.await?;
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= MOST {
            answers.clear();
        }
        answers.insert(key, (generation, now, answer.clone()));
        Ok(answer)
    }
}
