//! On which days a body sits: a rule of recurrence in the words of RFC 5545, section 3.3.10, and what it needs to become
//! a sitting.

use chrono::{NaiveTime, Weekday};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Days that come again. Only these three forms are known; written and read as RFC 5545 says.
///
/// * `FREQ=MONTHLY;BYMONTHDAY=5,15,25`: days of the month, rising; `-1` is its last day and stands last.
/// * `FREQ=WEEKLY;BYDAY=MO`: one day of every week.
/// * `FREQ=MONTHLY;BYDAY=1MO`: the first to the fourth such day of the month; `-1MO` is the last one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Recurrence {
    /// Days of every month, from 1 to 31.
    MonthDays {
        /// The days, rising, none twice.
        days: Vec<u32>,
        /// Whether the last day is one of them, whatever its number is.
        last: bool,
    },
    /// A day of every week.
    Weekly(Weekday),
    /// The n-th such day of every month.
    MonthWeekday(Nth, Weekday),
}

kernel::coded_enum! {
    /// Which of the four or five such days of a month. A fifth one is not in every month, so it is not offered: the last is.
    pub enum Nth {
        /// The first.
        First = "1",
        /// The second.
        Second = "2",
        /// The third.
        Third = "3",
        /// The fourth.
        Fourth = "4",
        /// The last.
        Last = "-1",
    }
}

/// The days of the week as RFC 5545 writes them, Monday first.
pub const WEEKDAYS: [(Weekday, &str); 7] = [
    (Weekday::Mon, "MO"),
    (Weekday::Tue, "TU"),
    (Weekday::Wed, "WE"),
    (Weekday::Thu, "TH"),
    (Weekday::Fri, "FR"),
    (Weekday::Sat, "SA"),
    (Weekday::Sun, "SU"),
];

/// The day of the week of a code such as `MO`.
#[must_use]
pub fn weekday(code: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(_, c)| *c == code).map(|(d, _)| *d)
}

/// The code of a day of the week.
#[must_use]
pub fn weekday_code(day: Weekday) -> &'static str {
    WEEKDAYS.iter().find(|(d, _)| *d == day).map_or("MO", |(_, c)| c)
}

/// A text that is none of the forms of [`Recurrence`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotARecurrence;

impl fmt::Display for NotARecurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a rule of recurrence that is known here")
    }
}

impl std::error::Error for NotARecurrence {}

impl fmt::Display for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MonthDays { days, last } => {
                let mut all: Vec<String> = days.iter().map(u32::to_string).collect();
                all.extend(last.then(|| "-1".to_owned()));
                write!(f, "FREQ=MONTHLY;BYMONTHDAY={}", all.join(","))
            }
            Self::Weekly(day) => write!(f, "FREQ=WEEKLY;BYDAY={}", weekday_code(*day)),
            Self::MonthWeekday(nth, day) => write!(f, "FREQ=MONTHLY;BYDAY={nth}{}", weekday_code(*day)),
        }
    }
}

impl FromStr for Recurrence {
    type Err = NotARecurrence;

    /// Reads what [`Recurrence`] writes, to the letter: no other order, no blanks, no other parts.
    fn from_str(text: &str) -> Result<Self, NotARecurrence> {
        let read = || {
            if let Some(list) = text.strip_prefix("FREQ=MONTHLY;BYMONTHDAY=") {
                let (list, last) = match list.strip_suffix("-1") {
                    Some(rest) => (rest.strip_suffix(',').unwrap_or(rest), true),
                    None => (list, false),
                };
                let days: Option<Vec<u32>> = if list.is_empty() {
                    Some(Vec::new())
                } else {
                    list.split(',').map(|d| d.parse().ok()).collect()
                };
                return Self::month_days(days?, last);
            }
            if let Some(day) = text.strip_prefix("FREQ=WEEKLY;BYDAY=") {
                return weekday(day).map(Self::Weekly);
            }
            let by = text.strip_prefix("FREQ=MONTHLY;BYDAY=")?;
            let (nth, day) = by.split_at_checked(by.len().checked_sub(2)?)?;
            Some(Self::MonthWeekday(Nth::parse(nth)?, weekday(day)?))
        };
        read().filter(|r| r.to_string() == text).ok_or(NotARecurrence)
    }
}

impl TryFrom<String> for Recurrence {
    type Error = NotARecurrence;
    fn try_from(text: String) -> Result<Self, NotARecurrence> {
        text.parse()
    }
}

impl From<Recurrence> for String {
    fn from(r: Recurrence) -> Self {
        r.to_string()
    }
}

impl Recurrence {
    /// Days of the month in any order; nothing when there is none, or one that no month has.
    #[must_use]
    pub fn month_days(mut days: Vec<u32>, last: bool) -> Option<Self> {
        days.sort_unstable();
        days.dedup();
        let good = (last || !days.is_empty()) && days.iter().all(|d| (1..=31).contains(d));
        good.then_some(Self::MonthDays { days, last })
    }
}

kernel::coded_enum! {
    /// What is done with a day that is not worked.
    pub enum DayOff {
        /// The body sits all the same: it never misses one.
        Keep = "keep",
        /// It sits on the next working day.
        NextWorkday = "next_workday",
    }
}

/// How a body sits again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rhythm {
    /// On which days.
    pub rule: Recurrence,
    /// From when, in China Standard Time.
    pub at: NaiveTime,
    /// For how many minutes.
    pub minutes: u32,
    /// Where.
    pub venue: String,
    /// What is done with a day off.
    pub off: DayOff,
}
