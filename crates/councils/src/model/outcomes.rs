//! What came of sittings.

use super::{CouncilKind, Grades, QuestionFigures};
use chrono::NaiveDate;
use kernel::{Time, time::day_start};

/// What the bodies of one kind did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindOutcomes {
    /// The kind.
    pub kind: CouncilKind,
    /// Sittings that were opened.
    pub sittings: u64,
    /// Items that they decided.
    pub decided: u64,
    /// Actions that followed, of sittings whose minutes are published.
    pub actions: u64,
    /// Those of them that were done.
    pub done: u64,
    /// Those of them that are over and not done.
    pub overdue: u64,
}

impl KindOutcomes {
    /// Nothing yet.
    #[must_use]
    pub const fn none(kind: CouncilKind) -> Self {
        Self { kind, sittings: 0, decided: 0, actions: 0, done: 0, overdue: 0 }
    }
}

/// What came of the sittings of a place in a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// By kind of body; only kinds that sat.
    pub kinds: Vec<KindOutcomes>,
    /// Different matters that stood on an agenda and were talked over.
    pub matters: u64,
    /// Questions put to the sittings.
    pub questions: QuestionFigures,
    /// What residents say of actions that were done.
    pub grades: Grades,
}

impl Outcomes {
    /// One number of all kinds together.
    pub fn sum(&self, of: impl Fn(&KindOutcomes) -> u64) -> u64 {
        self.kinds.iter().map(of).sum()
    }
}

/// A year in China: its first instant, and the first of the next. None for a year that no form takes.
#[must_use]
pub fn year(year: i32) -> Option<(Time, Time)> {
    let first = |y| NaiveDate::from_ymd_opt(y, 1, 1).map(day_start);
    if (2000..2100).contains(&year) { first(year).zip(first(year + 1)) } else { None }
}
