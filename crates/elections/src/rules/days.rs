//! The days of the law, counted from the polling day (居委会组织法 17–19, 村委会组织法 17, 18; 民法典 201–203).

use crate::model::{Election, ElectionState as S, Mode, RoundKind};
use chrono::{Days, NaiveDate};
use kernel::{calendar::Calendar, time::local_date};
use tally::{
    deadline::{latest_notice_before, within_days_after},
    rule::ProxyKind,
};

/// The usual number of days for which candidates are on show where the law says only "before".
pub const CANDIDATES_DAYS: u32 = 5;

kernel::coded_enum! {
    /// A step with a day.
    pub enum Step {
        /// The roll is published.
        Roll = "roll",
        /// Appeals against it come in.
        Appeals = "appeals",
        /// Appeals are decided.
        Decisions = "decisions",
        /// Candidates are published.
        Candidates = "candidates",
        /// The list of proxies is published.
        Proxies = "proxies",
        /// Votes are cast.
        Polling = "polling",
        /// The further election is held.
        Runoff = "runoff",
        /// The old committee hands over.
        Handover = "handover",
    }
}

impl Step {
    /// The law by which a step has its day. What is elected by a charter has the charter's days.
    #[must_use]
    pub const fn law(self, mode: Mode) -> &'static str {
        match (mode, self) {
            (Mode::Plurality, _) => "推选章程",
            (Mode::Villagers, Self::Roll | Self::Appeals | Self::Decisions) => "村民委员会组织法17条",
            (Mode::Villagers, Self::Runoff) => "村民委员会组织法18条、省级选举办法",
            (Mode::Villagers, Self::Handover) => "村民委员会组织法",
            (Mode::Villagers, _) => "村民委员会组织法18条",
            (_, Self::Roll | Self::Appeals | Self::Decisions) => "居民委员会组织法17条",
            (_, Self::Candidates) => "居民委员会组织法18条",
            (_, Self::Runoff) => "居民委员会组织法19条、省级选举办法",
            (_, Self::Handover) => "居民委员会组织法",
            (_, Self::Proxies | Self::Polling) => "居民委员会组织法19条",
        }
    }
}

/// The lengths in days by which an election runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The roll hangs so many days before the vote, at least.
    pub roll: u32,
    /// Appeals come within so many days after it was published.
    pub appeal: u32,
    /// And are decided within so many.
    pub decide: u32,
    /// Candidates are on show so many days before the vote, at least.
    pub candidates: u32,
    /// The further election is within so many days after the vote.
    pub runoff: u32,
    /// The handing over within so many days after the result.
    pub handover: u32,
}

impl Terms {
    /// The terms of a rule's notice days: twenty, five and three by the law; a charter's shorter notice shortens the
    /// others with it, a day at least.
    #[must_use]
    pub fn of(mode: Mode, notice_days: u32, candidates_days: u32) -> Self {
        let lawful = mode.is_lawful();
        let short = (notice_days / 3).max(1);
        Self {
            roll: notice_days,
            appeal: if lawful { 5 } else { short },
            decide: if lawful { 3 } else { short },
            candidates: candidates_days,
            runoff: 30,
            handover: 10,
        }
    }

    /// Days for which candidates are on show unless the committee says more.
    #[must_use]
    pub fn usual_candidates(mode: Mode, notice_days: u32) -> u32 {
        if mode.is_lawful() { CANDIDATES_DAYS } else { (notice_days / 3).max(1) }
    }

    /// The terms of an election.
    #[must_use]
    pub fn of_election(e: &Election) -> Self {
        Self::of(e.mode, e.rule.rule.notice_days, e.candidates_days)
    }
}

fn later(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days))).unwrap_or(day)
}

/// The last day of "within so many days after"; moved when it is a day off.
pub(super) fn within(start: NaiveDate, days: u32, calendar: &Calendar) -> NaiveDate {
    within_days_after(start, days, |d| !calendar.is_workday(d)).unwrap_or_else(|| later(start, days))
}

/// The last day that is early enough, counted back from the vote.
pub(super) fn before(polling: NaiveDate, days: u32) -> NaiveDate {
    latest_notice_before(polling, days).unwrap_or(polling)
}

/// The first polling day that is still lawful when the next step is done today: the roll hangs long enough, appeals run
/// out before nominees are named, and candidates are on show long enough.
#[must_use]
pub fn earliest(
    terms: Terms,
    roll_day: Option<NaiveDate>,
    nominating: bool,
    today: NaiveDate,
    calendar: &Calendar,
) -> NaiveDate {
    let roll = roll_day.unwrap_or(today);
    let appeals = within(roll, terms.appeal, calendar);
    let named = if nominating { today } else { today.max(later(appeals, 1)) };
    later(roll, terms.roll).max(later(named, terms.candidates))
}

/// The same for an election as it is.
pub(super) fn earliest_for(e: &Election, today: NaiveDate, calendar: &Calendar) -> NaiveDate {
    let nominating = matches!(e.state, S::Nominating | S::Vetting);
    earliest(Terms::of_election(e), e.roll_day(), nominating, today, calendar)
}

/// The last day on which appeals are taken.
pub(super) fn appeals_until(e: &Election, calendar: &Calendar) -> Option<NaiveDate> {
    Some(within(e.roll_day()?, Terms::of_election(e).appeal, calendar))
}

kernel::coded_enum! {
    /// How a step stands to today.
    pub enum DueState {
        /// It was done.
        Done = "done",
        /// Its last day is over.
        Late = "late",
        /// It is the next.
        Next = "next",
        /// It comes later.
        Later = "later",
    }
}

/// A line of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Which step.
    pub step: Step,
    /// Its last day.
    pub day: NaiveDate,
    /// The day on which it was done, where that is a day of its own.
    pub done_on: Option<NaiveDate>,
    /// How it stands.
    pub state: DueState,
}

/// The day on which a step that may be done early was done.
fn done_on(e: &Election, step: Step) -> Option<NaiveDate> {
    match step {
        Step::Roll => e.roll_day(),
        Step::Candidates => e.lot.as_ref().map(|l| l.posted.as_ref().map_or(local_date(l.at), |p| p.on)),
        Step::Handover => e.handed.as_ref().map(|(on, _)| *on),
        Step::Appeals | Step::Decisions | Step::Proxies | Step::Polling | Step::Runoff => None,
    }
}

/// The calendar of an election, in the order of steps.
#[must_use]
pub fn plan(e: &Election, today: NaiveDate, calendar: &Calendar) -> Vec<Due> {
    let terms = Terms::of_election(e);
    let roll = before(e.polling_day, terms.roll);
    let appeals = within(e.roll_day().unwrap_or(roll), terms.appeal, calendar);
    let decisions =
        e.appeals.iter().map(|a| a.due).max().unwrap_or_else(|| within(appeals, terms.decide, calendar));
    let past_appeals = !matches!(e.state, S::Prepared | S::Committee | S::RollPublished | S::Appeals);
    let voted = e.round().is_some_and(|r| r.count.is_some()) || e.declared_at.is_some();
    let mut lines = vec![
        (Step::Roll, roll, e.roll_day().is_some()),
        (Step::Appeals, appeals, past_appeals || (e.roll_day().is_some() && today > appeals)),
        (Step::Decisions, decisions, past_appeals),
        (Step::Candidates, before(e.polling_day, terms.candidates), e.lot.is_some()),
    ];
    if e.rule.rule.proxies.kind != ProxyKind::None {
        let begun = voted || matches!(e.state, S::Polling | S::Counting);
        lines.push((Step::Proxies, before(e.polling_day, 1), begun));
    }
    lines.push((Step::Polling, e.polling_day, voted));
    let runs = e.rounds.iter().any(|r| r.kind == RoundKind::Runoff);
    if matches!(e.state, S::Short) || runs {
        let until = super::runoff_until(e, calendar).unwrap_or(e.polling_day);
        let held = e.rounds.iter().any(|r| r.kind == RoundKind::Runoff && r.count.is_some());
        lines.push((Step::Runoff, until, held && e.state != S::Short));
    }
    let declared = e.declared_at.map_or(e.polling_day, local_date);
    lines.push((Step::Handover, within(declared, terms.handover, calendar), e.handed.is_some()));
    let mut next = false;
    lines
        .into_iter()
        .map(|(step, day, done)| {
            let state = if done {
                DueState::Done
            } else if today > day {
                DueState::Late
            } else if !std::mem::replace(&mut next, true) {
                DueState::Next
            } else {
                DueState::Later
            };
            Due { step, day, done_on: done_on(e, step), state }
        })
        .collect()
}
