//! Instants and clocks. Everything is stored in UTC and shown in China Standard Time.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Datelike, Duration, FixedOffset, NaiveDate, NaiveDateTime, SecondsFormat, Utc};

/// An instant in UTC, kept to the microsecond (both engines store no more).
pub type Time = DateTime<Utc>;

/// China Standard Time, UTC+8 the whole year since 1991 (no daylight saving).
#[must_use]
pub fn china() -> FixedOffset {
    const EAST_SECONDS: i32 = 8 * 3600;
    #[expect(clippy::unwrap_used, reason = "a constant offset within a day")]
    FixedOffset::east_opt(EAST_SECONDS).unwrap()
}

/// The wall-clock date and time in China of an instant.
#[must_use]
pub fn local(at: Time) -> NaiveDateTime {
    at.with_timezone(&china()).naive_local()
}

/// The date in China of an instant.
#[must_use]
pub fn local_date(at: Time) -> NaiveDate {
    local(at).date()
}

/// The instant of a Chinese wall-clock date and time.
#[must_use]
pub fn from_local(at: NaiveDateTime) -> Time {
    // Only within hours of the first instant that can be told is there no such instant.
    at.checked_sub_signed(Duration::hours(8)).unwrap_or(NaiveDateTime::MIN).and_utc()
}

/// The instant at which a date begins in China.
#[must_use]
pub fn day_start(date: NaiveDate) -> Time {
    from_local(date.and_time(chrono::NaiveTime::MIN))
}

/// RFC 3339 in UTC with six decimals: fixed width, so that text order is time order.
#[must_use]
pub fn stamp(at: Time) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Reads what [`stamp`] wrote, or any RFC 3339 text, to the microsecond. An offset that leads out of the years 0 to
/// 9999 is refused: beyond them [`stamp`] is wider, and text order no longer time order.
#[must_use]
pub fn parse_stamp(text: &str) -> Option<Time> {
    let at = DateTime::parse_from_rfc3339(text).ok().map(|t| micros(t.with_timezone(&Utc)))?;
    (0..=9999).contains(&at.year()).then_some(at)
}

/// Cuts an instant to whole microseconds, the finest that is stored.
#[must_use]
pub fn micros(at: Time) -> Time {
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}

/// Where "now" comes from. Handed in, so that tests and the demo can live in another time.
pub trait Clock: Send + Sync {
    /// The present instant, to the microsecond.
    fn now(&self) -> Time;
}

/// A clock that stands still until it is moved; shared by its clones.
#[derive(Clone)]
pub struct FixedClock(Arc<Mutex<Time>>);

impl FixedClock {
    /// A clock that shows `at`.
    #[must_use]
    pub fn at(at: Time) -> Self {
        Self(Arc::new(Mutex::new(micros(at))))
    }

    /// Moves the clock to `at`, forwards or backwards.
    pub fn set(&self, at: Time) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = micros(at);
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now += by;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Time {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_time_are_no_panic_and_every_stamp_is_as_wide() {
        for at in [NaiveDateTime::MIN, NaiveDateTime::MAX] {
            let _ = from_local(at);
        }
        for bad in ["0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"] {
            assert_eq!(parse_stamp(bad), None, "{bad}");
        }
        for good in ["0000-01-01T00:00:00Z", "2026-03-02T08:00:00.1234567+08:00", "2016-12-31T23:59:60Z"] {
            assert_eq!(parse_stamp(good).map(stamp).map(|text| text.len()), Some(27), "{good}");
        }
    }
}
