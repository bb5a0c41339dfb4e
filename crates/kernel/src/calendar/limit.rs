//! Limits and duty windows, and how they are written.

use std::{fmt, str::FromStr};

use chrono::{Duration, NaiveTime};
use serde::{Deserialize, Serialize};

crate::coded_enum! {
    /// How a limit runs.
    pub enum ClockKind {
        /// Hours round the clock.
        UrgentHour = "urgent_hour",
        /// Hours inside duty windows of working days.
        WorkHour = "work_hour",
        /// Working days, to the end of duty.
        WorkDay = "work_day",
        /// Days of 24 hours.
        NaturalDay = "natural_day",
    }
}

impl ClockKind {
    /// Whether the clock stands still outside duty windows.
    #[must_use]
    pub const fn is_work(self) -> bool {
        matches!(self, Self::WorkHour | Self::WorkDay)
    }

    /// The largest value of a limit of this kind: ten years.
    #[must_use]
    pub const fn max_value(self) -> u32 {
        match self {
            Self::UrgentHour => 87_600,
            Self::WorkHour => 17_500,
            Self::WorkDay => 2_500,
            Self::NaturalDay => 3_650,
        }
    }
}

/// A time limit. Its text form, which serde uses too, is `"5 work_day"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Limit {
    /// How it runs.
    pub kind: ClockKind,
    /// How many hours or days; at least 1, at most [`ClockKind::max_value`].
    pub value: u32,
}

/// Why a text is not a [`Limit`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// Not two words.
    #[error("a limit reads like \"5 work_day\", not {0:?}")]
    Shape(String),
    /// The first word is no number in range.
    #[error("the value of a limit is a whole number from 1 to {max}, not {found:?}")]
    Value {
        /// What stood there.
        found: String,
        /// The most that the kind allows.
        max: u32,
    },
    /// The second word is no clock kind.
    #[error("{0:?} is no clock kind: urgent_hour, work_hour, work_day or natural_day")]
    Kind(String),
}

impl Limit {
    /// A limit of `value` hours or days.
    #[must_use]
    pub const fn new(value: u32, kind: ClockKind) -> Self {
        Self { kind, value }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, self.kind)
    }
}

impl FromStr for Limit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        let mut words = text.split_whitespace();
        let (Some(value), Some(kind), None) = (words.next(), words.next(), words.next()) else {
            return Err(LimitError::Shape(text.to_owned()));
        };
        let kind = ClockKind::parse(kind).ok_or_else(|| LimitError::Kind(kind.to_owned()))?;
        let max = kind.max_value();
        match value.parse::<u32>() {
            Ok(n) if (1..=max).contains(&n) => Ok(Self::new(n, kind)),
            _ => Err(LimitError::Value { found: value.to_owned(), max }),
        }
    }
}

impl TryFrom<String> for Limit {
    type Error = LimitError;

    fn try_from(text: String) -> Result<Self, LimitError> {
        text.parse()
    }
}

impl From<Limit> for String {
    fn from(limit: Limit) -> Self {
        limit.to_string()
    }
}

/// The duty windows of a working day, in order, not touching. Text form of serde: `"08:30-12:00 14:00-17:30"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DutyWindows(Vec<(NaiveTime, NaiveTime)>);

/// Why a text is no list of duty windows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("duty windows read like \"08:30-12:00 14:00-17:30\", in order and apart, not {0:?}")]
pub struct DutyWindowsError(pub String);

impl DutyWindows {
    /// The windows as begin and end, in order.
    #[must_use]
    pub fn windows(&self) -> &[(NaiveTime, NaiveTime)] {
        &self.0
    }

    /// Duty time of a whole working day.
    #[must_use]
    pub fn day(&self) -> Duration {
        self.0.iter().fold(Duration::zero(), |sum, (from, to)| sum + (*to - *from))
    }

    /// Duty time of a working day between two times of that day.
    pub(super) fn between(&self, from: NaiveTime, to: NaiveTime) -> Duration {
        let piece = |(a, b): &(NaiveTime, NaiveTime)| (to.min(*b) - from.max(*a)).max(Duration::zero());
        self.0.iter().map(piece).fold(Duration::zero(), |sum, d| sum + d)
    }

    /// The time at which `need` of duty time after `from` is used up; what is left over when the day does not suffice.
    pub(super) fn advance(&self, from: NaiveTime, mut need: Duration) -> Result<NaiveTime, Duration> {
        for (a, b) in &self.0 {
            let begin = from.max(*a);
            let room = *b - begin;
            if room > Duration::zero() {
                if need <= room {
                    return Ok(begin + need);
                }
                need -= room;
            }
        }
        Err(need)
    }

    /// The end of duty.
    pub(super) fn end(&self) -> NaiveTime {
        self.0.last().map_or(NaiveTime::MIN, |w| w.1)
    }
}

impl Default for DutyWindows {
    /// 08:30–12:00 and 14:00–17:30.
    fn default() -> Self {
        let at = |h, m| NaiveTime::from_hms_opt(h, m, 0).unwrap_or(NaiveTime::MIN);
        Self(vec![(at(8, 30), at(12, 0)), (at(14, 0), at(17, 30))])
    }
}

impl FromStr for DutyWindows {
    type Err = DutyWindowsError;

    fn from_str(text: &str) -> Result<Self, DutyWindowsError> {
        let fail = || DutyWindowsError(text.to_owned());
        let clock = |t: &str| NaiveTime::parse_from_str(t, "%H:%M").map_err(|_| fail());
        let mut windows: Vec<(NaiveTime, NaiveTime)> = Vec::new();
        for word in text.split_whitespace() {
            let (from, to) = word.split_once('-').ok_or_else(fail)?;
            let (from, to) = (clock(from)?, clock(to)?);
            if from >= to || windows.last().is_some_and(|last| last.1 >= from) {
                return Err(fail());
            }
            windows.push((from, to));
        }
        if windows.is_empty() { Err(fail()) } else { Ok(Self(windows)) }
    }
}

impl TryFrom<String> for DutyWindows {
    type Error = DutyWindowsError;

    fn try_from(text: String) -> Result<Self, DutyWindowsError> {
        text.parse()
    }
}

impl From<DutyWindows> for String {
    fn from(duty: DutyWindows) -> Self {
        let words: Vec<String> =
            duty.0.iter().map(|(a, b)| format!("{}-{}", a.format("%H:%M"), b.format("%H:%M"))).collect();
        words.join(" ")
    }
}
