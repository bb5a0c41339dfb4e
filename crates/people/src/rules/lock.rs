//! Locking out after failures (GB/T 22239-2019 8.1.4.1), the same whether the account exists or not.

use chrono::Duration;
use kernel::Time;

/// Failures before a lock.
pub const FAILURES: i64 = 5;
/// The first lock, in minutes; each further one is twice as long, up to a day.
const FIRST_MINUTES: i64 = 10;
const DAY_MINUTES: i64 = 24 * 60;

/// For how many minutes the n-th failure in a row locks, if it locks.
#[must_use]
pub fn minutes(failed: i64) -> Option<i64> {
    (failed > 0 && failed % FAILURES == 0)
        .then(|| (FIRST_MINUTES << (failed / FAILURES - 1).min(8)).min(DAY_MINUTES))
}

/// Whole minutes until the lock opens, at least one; nothing when it is open.
#[must_use]
pub fn left(locked_until: Option<Time>, now: Time) -> Option<i64> {
    let left = locked_until? - now;
    (left > Duration::zero()).then(|| (left.num_seconds() + 59) / 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_fifth_failure_locks_and_locks_grow() {
        assert_eq!((1..=4).find_map(minutes), None);
        assert_eq!((minutes(5), minutes(6), minutes(10), minutes(15)), (Some(10), None, Some(20), Some(40)));
    }

    proptest! {
        #[test]
        fn a_lock_never_shrinks_nor_passes_a_day(a in 1i64..10_000, b in 1i64..10_000) {
            let (a, b) = (a.min(b) * FAILURES, a.max(b) * FAILURES);
            let (x, y) = (minutes(a).unwrap(), minutes(b).unwrap());
            prop_assert!(x <= y && y <= DAY_MINUTES);
        }
    }
}
