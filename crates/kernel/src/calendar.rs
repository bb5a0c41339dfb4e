//! The working calendar: holidays with 调休 make-up days, duty windows, four clock kinds, deadlines and lamps.
//!
//! Rules of counting (China Standard Time throughout):
//! - [`ClockKind::UrgentHour`]: hours round the clock, every day.
//! - [`ClockKind::WorkHour`]: hours inside the duty windows of working days only; a count that begins off
//!   duty begins with the next window.
//! - [`ClockKind::WorkDay`]: the day of the start does not count (民法典 art. 201); the n-th working day
//!   after it is the last, until the end of duty. What comes in after hours or on a day off is therefore
//!   due as if it had come during that day: the next working day is number one.
//! - [`ClockKind::NaturalDay`]: whole days of 24 hours from the start.
//!
//! For a year without a holiday table the rule "Monday to Friday" is used, and every answer that relies
//! on it names that year. Nothing here loops over minutes; the loops go day by day.

use std::{collections::BTreeMap, sync::LazyLock};

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use serde::{Deserialize, Serialize};

use crate::time::{Time, from_local, local};

mod limit;
#[cfg(test)]
mod tests;

pub use limit::{ClockKind, DutyWindows, DutyWindowsError, Limit, LimitError};

crate::coded_enum! {
    /// What a date is.
    pub enum DayKind {
        /// Monday to Friday, worked.
        Work = "work",
        /// A day off by the week that is worked (调休).
        MakeUp = "make_up",
        /// Saturday or Sunday.
        Rest = "rest",
        /// Off by a holiday or by the street's own rule.
        Holiday = "holiday",
    }
}

impl DayKind {
    /// Whether people are on duty.
    #[must_use]
    pub const fn is_work(self) -> bool {
        matches!(self, Self::Work | Self::MakeUp)
    }
}

/// A date as the calendar sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Day {
    /// What it is.
    pub kind: DayKind,
    /// The holiday that it belongs to, such as 春节; empty on ordinary days.
    pub name: String,
    /// Whether the year has a holiday table; false means that only the week was looked at.
    pub certain: bool,
}

/// One date that a street sets by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayOverride {
    /// The date.
    pub date: NaiveDate,
    /// Whether it is worked.
    pub work: bool,
    /// Why, such as 春节 or 台风停工; may be empty.
    #[serde(default)]
    pub name: String,
}

/// What a street lays over the shipped table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Overrides {
    /// Single dates; the last one for a date wins.
    pub days: Vec<DayOverride>,
    /// Years whose holidays the street has entered in full, so that they no longer warn.
    pub years: Vec<i32>,
    /// Other duty windows than the default.
    pub duty: Option<DutyWindows>,
}

const SHIPPED: &str = include_str!("../data/holidays-cn.txt");
const FIRST_YEAR: i32 = 2004;
const LAST_YEAR: i32 = 2026;

/// The shipped table: one kind a day from the first of [`FIRST_YEAR`], and the names.
struct Table {
    first: i32,
    kinds: Vec<DayKind>,
    names: BTreeMap<NaiveDate, &'static str>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let begin = NaiveDate::from_yo_opt(FIRST_YEAR, 1).unwrap_or_default();
    let mut kinds: Vec<DayKind> =
        begin.iter_days().take_while(|d| d.year() <= LAST_YEAR).map(by_week).collect();
    let mut names = BTreeMap::new();
    for (date, work, name) in SHIPPED.lines().filter_map(read_line) {
        let at = usize::try_from((date - begin).num_days()).unwrap_or(usize::MAX);
        if let Some(kind) = kinds.get_mut(at) {
            *kind = special(date, work);
            names.insert(date, name);
        }
    }
    Table { first: begin.num_days_from_ce(), kinds, names }
});

fn read_line(line: &'static str) -> Option<(NaiveDate, bool, &'static str)> {
    let mut words = line.splitn(3, ' ');
    let date = words.next()?.parse().ok()?;
    let work = match words.next()? {
        "work" => true,
        "off" => false,
        _ => return None,
    };
    Some((date, work, words.next()?))
}

fn by_week(date: NaiveDate) -> DayKind {
    match date.weekday() {
        Weekday::Sat | Weekday::Sun => DayKind::Rest,
        _ => DayKind::Work,
    }
}

fn special(date: NaiveDate, work: bool) -> DayKind {
    match (work, by_week(date)) {
        (false, _) => DayKind::Holiday,
        (true, DayKind::Rest) => DayKind::MakeUp,
        (true, kind) => kind,
    }
}

/// A computed deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The last instant that is in time.
    pub at: Time,
    /// The first year without a holiday table that the count went through; a warning is due then.
    pub missing_year: Option<i32>,
}

/// An interval in which a clock stood still. One that is still open ends "now" for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// When it stopped.
    pub from: Time,
    /// When it went on.
    pub to: Time,
}

crate::coded_enum! {
    /// How near a deadline is: green below 80 % of the time, yellow from 80 %, red when over.
    pub enum Lamp {
        /// Below 80 %.
        Green = "green",
        /// From 80 % to the deadline.
        Yellow = "yellow",
        /// Over.
        Red = "red",
    }
}

/// The calendar that a street works by. Cheap to make; keep one per street.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    duty: DutyWindows,
    days: BTreeMap<NaiveDate, (DayKind, String)>,
    years: Vec<i32>,
}

/// A count stops here at the latest, should a street declare every day off.
const HORIZON_DAYS: i64 = 30 * 366;

impl Calendar {
    /// The shipped table with default duty windows.
    #[must_use]
    pub fn shipped() -> Self {
        Self::default()
    }

    /// The shipped table with a street's own days, years and duty windows over it.
    #[must_use]
    pub fn with_overrides(overrides: &Overrides) -> Self {
        let days =
            overrides.days.iter().map(|o| (o.date, (special(o.date, o.work), o.name.clone()))).collect();
        Self { duty: overrides.duty.clone().unwrap_or_default(), days, years: overrides.years.clone() }
    }

    /// The duty windows of a working day.
    #[must_use]
    pub const fn duty(&self) -> &DutyWindows {
        &self.duty
    }

    /// Whether there is a holiday table for the year, shipped or declared complete by the street.
    #[must_use]
    pub fn covers(&self, year: i32) -> bool {
        (FIRST_YEAR..=LAST_YEAR).contains(&year) || self.years.contains(&year)
    }

    /// What the date is, with its name and whether the year is covered.
    #[must_use]
    pub fn day(&self, date: NaiveDate) -> Day {
        let name = match self.days.get(&date) {
            Some((_, name)) => name.clone(),
            None => TABLE.names.get(&date).copied().unwrap_or_default().to_owned(),
        };
        let certain = self.covers(date.year()) || self.days.contains_key(&date);
        Day { kind: self.kind(date), name, certain }
    }

    /// Whether the date is worked. Ask [`Calendar::covers`] whether that is known or only guessed from the week.
    #[must_use]
    pub fn is_workday(&self, date: NaiveDate) -> bool {
        self.kind(date).is_work()
    }

    fn kind(&self, date: NaiveDate) -> DayKind {
        if !self.days.is_empty()
            && let Some((kind, _)) = self.days.get(&date)
        {
            return *kind;
        }
        let at = usize::try_from(date.num_days_from_ce() - TABLE.first).ok();
        at.and_then(|i| TABLE.kinds.get(i)).copied().unwrap_or_else(|| by_week(date))
    }

    /// The first uncovered year between two dates, both included.
    fn missing(&self, from: NaiveDate, to: NaiveDate) -> Option<i32> {
        (from.year()..=to.year()).find(|y| !self.covers(*y))
    }

    /// The deadline of a limit that begins to run at `start`.
    #[must_use]
    pub fn deadline(&self, start: Time, limit: Limit) -> Deadline {
        self.deadline_paused(start, limit, &[])
    }

    /// The deadline of a limit whose clock stood still during `pauses` (in any order; they may overlap).
    /// The deadline in working days stays an end of duty: a day that was paused in part is given whole.
    #[must_use]
    pub fn deadline_paused(&self, start: Time, limit: Limit, pauses: &[Pause]) -> Deadline {
        let mut need = self.length(limit);
        let mut at = origin(start, limit.kind);
        for pause in merged(pauses) {
            let run = self.measure(at, pause.from, limit.kind);
            if run >= need {
                break;
            }
            need -= run;
            at = at.max(pause.to);
        }
        let mut end = self.go(at, need, limit.kind);
        if limit.kind == ClockKind::WorkDay {
            end = from_local(local(end).date().and_time(self.duty.end()));
        }
        let missing_year =
            if limit.kind.is_work() { self.missing(local(start).date(), local(end).date()) } else { None };
        Deadline { at: end, missing_year }
    }

    /// The running time that a limit allows.
    #[must_use]
    pub fn length(&self, limit: Limit) -> Duration {
        let n = i32::try_from(limit.value).unwrap_or(i32::MAX);
        match limit.kind {
            ClockKind::UrgentHour | ClockKind::WorkHour => Duration::hours(i64::from(n)),
            ClockKind::WorkDay => self.duty.day() * n,
            ClockKind::NaturalDay => Duration::days(i64::from(n)),
        }
    }

    /// Running time spent between `start` and `now`; zero when `now` is earlier. Work kinds count duty
    /// time, [`ClockKind::WorkDay`] only from the day after the start, so that at the deadline exactly the limit is spent.
    #[must_use]
    pub fn elapsed(&self, start: Time, now: Time, kind: ClockKind, pauses: &[Pause]) -> Duration {
        let from = origin(start, kind);
        let mut sum = self.measure(from, now, kind);
        for pause in merged(pauses) {
            sum -= self.measure(pause.from.max(from), pause.to.min(now), kind);
        }
        sum
    }

    /// Whole minutes spent; see [`Calendar::elapsed`].
    #[must_use]
    pub fn used(&self, start: Time, now: Time, kind: ClockKind) -> i64 {
        self.elapsed(start, now, kind, &[]).num_minutes()
    }

    /// Whole minutes until the deadline, negative once it is over: duty minutes for work kinds, natural
    /// minutes for the others. Unlike [`Calendar::used`] this counts the rest of today for working days as well.
    #[must_use]
    pub fn remaining(&self, now: Time, deadline: Time, kind: ClockKind) -> i64 {
        if now <= deadline {
            self.measure(now, deadline, kind).num_minutes()
        } else {
            -self.measure(deadline, now, kind).num_minutes()
        }
    }

    /// Days from today to the deadline's day, negative when over: working days for work kinds, natural days
    /// for the others. 0 is "today".
    #[must_use]
    pub fn days_left(&self, now: Time, deadline: Time, kind: ClockKind) -> i64 {
        let (today, last) = (local(now).date(), local(deadline).date());
        if !kind.is_work() {
            return (last - today).num_days();
        }
        let (low, high, sign) = if today <= last { (today, last, 1) } else { (last, today, -1) };
        let days = low.iter_days().skip(1).take_while(|d| *d <= high).filter(|d| self.is_workday(*d));
        sign * i64::try_from(days.count()).unwrap_or(i64::MAX)
    }

    /// The lamp of a deadline (which may have been extended since).
    #[must_use]
    pub fn lamp(&self, start: Time, deadline: Time, now: Time, kind: ClockKind) -> Lamp {
        self.lamp_paused(start, deadline, now, kind, &[])
    }

    /// The lamp of a deadline whose clock stood still during `pauses`.
    #[must_use]
    pub fn lamp_paused(
        &self,
        start: Time,
        deadline: Time,
        now: Time,
        kind: ClockKind,
        pauses: &[Pause],
    ) -> Lamp {
        if now > deadline {
            return Lamp::Red;
        }
        let total = self.elapsed(start, deadline, kind, pauses).num_seconds();
        let spent = self.elapsed(start, now, kind, pauses).num_seconds();
        if total > 0 && spent * 5 >= total * 4 { Lamp::Yellow } else { Lamp::Green }
    }

    /// Whether somebody is on duty: inside a window (its end excluded) of a working day.
    #[must_use]
    pub fn on_duty(&self, at: Time) -> bool {
        let at = local(at);
        self.duty.windows().iter().any(|(a, b)| *a <= at.time() && at.time() < *b)
            && self.is_workday(at.date())
    }

    /// `at` when on duty, otherwise the beginning of the next duty window. Notices wait for it unless urgent.
    #[must_use]
    pub fn next_duty(&self, at: Time) -> Time {
        if self.on_duty(at) {
            return at;
        }
        let begin = local(at);
        if self.is_workday(begin.date())
            && let Some((a, _)) = self.duty.windows().iter().find(|(a, _)| *a > begin.time())
        {
            return from_local(begin.date().and_time(*a));
        }
        let first = self.duty.windows().first().map_or(NaiveTime::MIN, |w| w.0);
        from_local(self.workday_after(begin.date()).and_time(first))
    }

    /// The first working day after a date.
    #[must_use]
    pub fn workday_after(&self, date: NaiveDate) -> NaiveDate {
        let next = || date.iter_days().skip(1);
        let horizon = date + Duration::days(HORIZON_DAYS);
        next().take_while(|d| *d <= horizon).find(|d| self.is_workday(*d)).unwrap_or(horizon)
    }

    /// Running time between two instants; zero when the second is earlier.
    fn measure(&self, from: Time, to: Time, kind: ClockKind) -> Duration {
        if to <= from {
            return Duration::zero();
        }
        if !kind.is_work() {
            return to - from;
        }
        let (a, b) = (local(from), local(to));
        if a.date() == b.date() {
            return if self.is_workday(a.date()) {
                self.duty.between(a.time(), b.time())
            } else {
                Duration::zero()
            };
        }
        let part = |date, from, to| {
            if self.is_workday(date) { self.duty.between(from, to) } else { Duration::zero() }
        };
        let midnight = NaiveTime::MIN;
        let whole = a
            .date()
            .iter_days()
            .skip(1)
            .take_while(|d| *d < b.date())
            .filter(|d| self.is_workday(*d))
            .count();
        let whole = self.duty.day() * i32::try_from(whole).unwrap_or(i32::MAX);
        part(a.date(), a.time(), self.duty.end().max(a.time())) + whole + part(b.date(), midnight, b.time())
    }

    /// The instant at which `need` of running time after `from` is used up.
    fn go(&self, from: Time, need: Duration, kind: ClockKind) -> Time {
        if !kind.is_work() {
            return from + need;
        }
        let begin = local(from);
        let mut need = need;
        let mut at: NaiveDateTime = begin;
        let horizon = begin.date() + Duration::days(HORIZON_DAYS);
        loop {
            if self.is_workday(at.date()) {
                match self.duty.advance(at.time(), need) {
                    Ok(time) => return from_local(at.date().and_time(time)),
                    Err(rest) => need = rest,
                }
            }
            match at.date().succ_opt() {
                Some(next) if next <= horizon => at = next.and_time(NaiveTime::MIN),
                _ => return from_local(at),
            }
        }
    }
}

/// Where the count begins: for working days the midnight after the start, since that day does not count.
fn origin(start: Time, kind: ClockKind) -> Time {
    if kind == ClockKind::WorkDay {
        from_local((local(start).date() + Duration::days(1)).and_time(NaiveTime::MIN))
    } else {
        start
    }
}

/// Pauses in order, joined where they touch; empty and turned ones dropped.
fn merged(pauses: &[Pause]) -> Vec<Pause> {
    let mut sorted: Vec<Pause> = pauses.iter().copied().filter(|p| p.from < p.to).collect();
    sorted.sort_by_key(|p| (p.from, p.to));
    let mut out: Vec<Pause> = Vec::with_capacity(sorted.len());
    for pause in sorted {
        match out.last_mut() {
            Some(last) if pause.from <= last.to => last.to = last.to.max(pause.to),
            _ => out.push(pause),
        }
    }
    out
}
