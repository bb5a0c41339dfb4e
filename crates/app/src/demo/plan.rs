//! What happens to whom in half a year: every matter gets a story, every story turns at instants of its own.
//! Nothing here touches the store; what lies after "now" is simply not played, so that recent matters stand open.

mod stories;

use super::{
    chance::Chance,
    street::{Cast, Compound},
    texts::{self, Level, Template, Where},
};
use chrono::{Datelike, Duration, NaiveTime, Timelike, Weekday};
use kernel::{
    Channel, PlacePath, Time,
    calendar::{Calendar, ClockKind, Limit},
    time,
};
use matters::model::{
    CheckFinding, Finding, Outcome, RejectReason, ReturnReason, Satisfaction, SuspendCause,
};
use methods::{Tier, UnitKind};
use stories::{Age, SHARES, Story};

/// What a matter is about and who brings it.
#[derive(Clone, Debug)]
pub(super) struct Seed {
    pub template: Template,
    pub quarter: usize,
    pub compound: usize,
    pub place: PlacePath,
    pub words: Where,
    pub title: String,
    pub body: String,
    pub answer: String,
    pub channel: Channel,
    pub voice: Speaker,
    pub photo: bool,
    pub tier: Tier,
}

/// Who brings a matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaker {
    /// A known resident, signed in.
    Known(usize),
    /// A known resident who leaves a telephone.
    Phone(usize),
    /// Nobody knows who.
    Nobody,
}

/// Who records a verdict, opens again, or reaches out: the resident (for a contact: the officer who asks how it
/// was), or staff (for a contact: the unit).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Resident,
    Staff,
}

/// One thing that happens to a matter.
#[derive(Clone, Debug)]
pub(super) enum Turn {
    Raise,
    Join { resident: usize, words: String },
    AskVerification,
    Verify(Finding),
    Accept,
    Reject(RejectReason, &'static str),
    Transfer(&'static str),
    Merge { into: usize },
    Unmerge,
    Dispatch { to: Option<UnitKind>, support: Option<UnitKind> },
    Sign,
    Contact { reached: bool, by: By },
    Progress(String),
    Return(ReturnReason),
    Extend { days: u32, words: String },
    Suspend { cause: SuspendCause, days: i64, words: &'static str },
    Whistle { units: [UnitKind; 2], words: &'static str },
    Decide { granted: bool },
    AwaitResident(&'static str),
    Add(&'static str),
    Resume(&'static str),
    FinishTasks,
    WaiveTasks,
    SetAgenda(&'static str),
    SettleAgenda(&'static str),
    ReportIn { first_only: bool },
    Score,
    Supervise(&'static str),
    EndSupervision,
    Finish(Outcome),
    Check(CheckFinding),
    ResidentChecks,
    Evaluate { by: By, contacted: bool, solved: bool, satisfied: Satisfaction },
    Reopen { by: By },
    AskVoid(&'static str),
    Withdraw,
    Urge,
    Note,
    Hide,
    PublicTitle,
}

/// A turn with its instant.
pub(super) type Timed = (Time, usize, Turn);

/// How far back the demo goes, in days.
pub(super) const DAYS: i64 = 183;

/// Everything that will happen.
pub(super) struct Plan {
    pub seeds: Vec<Seed>,
    /// In order of time.
    pub turns: Vec<Timed>,
}

struct Planner<'a> {
    cast: &'a Cast,
    calendar: &'a Calendar,
    templates: Vec<Template>,
    chance: Chance,
    now: Time,
    plan: Plan,
    used: usize,
}

/// Plans half a year that ends `now`.
pub(super) fn make(cast: &Cast, calendar: &Calendar, now: Time) -> Plan {
    let mut templates = texts::templates();
    let mut chance = Chance::new(2026);
    chance.shuffle(&mut templates);
    let plan = Plan { seeds: Vec::new(), turns: Vec::new() };
    let mut planner = Planner { cast, calendar, templates, chance, now, plan, used: 0 };
    let mut stories: Vec<(Story, Age)> =
        SHARES.iter().flat_map(|(story, n, age)| (0..*n).map(|_| (*story, *age))).collect();
    planner.chance.shuffle(&mut stories);
    for (story, age) in stories {
        let at = planner.begin(age);
        planner.story(story, at);
    }
    let mut plan = planner.plan;
    plan.turns.retain(|(at, _, _)| *at <= now);
    // Stable: the turns of one matter keep their order.
    plan.turns.sort_by_key(|(at, _, _)| *at);
    plan
}

impl Planner<'_> {
    /// An instant at which people raise matters: by day and in the evening, fewer on days off.
    fn begin(&mut self, age: Age) -> Time {
        if age == Some((0, 1)) {
            return self.now - Duration::minutes(self.chance.range(6, 14 * 60));
        }
        let (young, old) = age.unwrap_or((1, DAYS));
        for _ in 0..8 {
            // A little square pulls some of them towards the present: the street has come to know the office.
            let part = self.chance.range(0, 1000);
            let days = young + (old - young) * part * (600_000 + 400 * part) / 1_000_000_000;
            let date = time::local_date(self.now) - Duration::days(days.min(old - 1).max(young));
            let rest = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
            if rest && self.chance.percent(50) {
                continue;
            }
            let hour = [8, 8, 9, 9, 10, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 20, 21, 22];
            let hour = u32::try_from(hour[self.chance.index(hour.len())]).unwrap_or(9);
            let minute = u32::try_from(self.chance.range(0, 60)).unwrap_or(0);
            let clock = NaiveTime::from_hms_opt(hour, minute, 17).unwrap_or_default();
            let at = time::from_local(date.and_time(clock));
            if at < self.now {
                return at;
            }
        }
        self.now - Duration::days(old.max(2)) + Duration::hours(3)
    }

    /// The next kind of matter; stories that take days want one with days.
    fn template(&mut self, story: Story) -> Template {
        let calm = !matches!(
            story,
            Story::Plain
                | Story::Partly
                | Story::Revisited
                | Story::Rework
                | Story::Redo
                | Story::Rejected
                | Story::Silence
                | Story::Unreachable
                | Story::Joined
                | Story::Explained
                | Story::Hidden
                | Story::Fresh
                | Story::Voided
        );
        loop {
            self.used += 1;
            let template = &self.templates[self.used % self.templates.len()];
            let limit = methods::Catalogue::shipped().get(template.category).map(|c| c.limit);
            let days = limit.is_some_and(|l| l.kind == ClockKind::WorkDay && l.value >= 5);
            if days || !calm {
                return template.clone();
            }
        }
    }

    fn seed(&mut self, story: Story) -> usize {
        let template = self.template(story);
        let quarter = match self.chance.range(0, 100) {
            0..50 => 0,
            50..78 => 1,
            _ => 2,
        };
        let q = &self.cast.quarters[quarter];
        let compound = self.chance.index(q.compounds.len());
        let c: &Compound = &q.compounds[compound];
        let (building, units) = &c.buildings[self.chance.index(c.buildings.len())];
        let unit = &units[self.chance.index(units.len())];
        let place = match template.level {
            Level::Community => q.place.path.clone(),
            Level::Compound => c.place.path.clone(),
            Level::Building => building.path.clone(),
            Level::Unit => unit.path.clone(),
        };
        let words = Where {
            community: q.place.name.clone(),
            compound: c.place.name.clone(),
            building: building.name.clone(),
            unit: unit.name.clone(),
        };
        let floor = self.chance.range(2, 7);
        let when = texts::when(&mut self.chance);
        let said = |text: &str| texts::fill(text, &words, floor, &when);
        let (title, body, answer) = (said(template.title), said(template.body), said(template.answer));
        // Residents speak of where they live, as far as anybody there is known.
        let near: Vec<usize> = (0..self.cast.residents.len())
            .filter(|r| self.cast.residents[*r].lives_at.within(&c.place.path))
            .collect();
        let resident = self.chance.of(&near).copied().unwrap_or_default();
        // The demo's resident has matters of the own.
        let resident = if quarter == 0 && self.chance.percent(9) { 0 } else { resident };
        let (channel, voice) = match (story, self.chance.range(0, 100)) {
            (Story::Unreachable, _) => (Channel::OpinionBox, Speaker::Nobody),
            (Story::Revisited | Story::Silence, n) => {
                ([Channel::Phone, Channel::Hotline, Channel::Desk][n as usize % 3], Speaker::Phone(resident))
            }
            (_, 0..44) => (Channel::App, Speaker::Known(resident)),
            (_, 44..58) => (Channel::Wechat, Speaker::Known(resident)),
            (_, 58..64) => (Channel::App, Speaker::Phone(resident)),
            (_, 64..76) => (Channel::Phone, Speaker::Phone(resident)),
            (_, 76..81) => (Channel::OpinionBox, Speaker::Phone(resident)),
            (_, 81..84) => (Channel::Board, Speaker::Phone(resident)),
            (_, 84..90) => (Channel::Visit, Speaker::Phone(resident)),
            (_, 90..93) => (Channel::Council, Speaker::Phone(resident)),
            (_, 93..97) => (Channel::Hotline, Speaker::Phone(resident)),
            _ => (Channel::Desk, Speaker::Phone(resident)),
        };
        let own = matches!(channel, Channel::App | Channel::Wechat);
        let photo = own && template.scene != "paper" && self.chance.percent(62);
        let tier = methods::Catalogue::shipped().get(template.category).map_or(Tier::Joint, |c| c.tier);
        self.plan.seeds.push(Seed {
            template,
            quarter,
            compound,
            place,
            words,
            title,
            body,
            answer,
            channel,
            voice,
            photo,
            tier,
        });
        self.plan.seeds.len() - 1
    }

    /// So many hours of duty later, give or take.
    fn work(&mut self, at: Time, hours: i64) -> Time {
        let hours = u32::try_from(hours.max(1)).unwrap_or(1);
        let later = self.calendar.deadline(at, Limit::new(hours, ClockKind::WorkHour)).at;
        let early = later - Duration::minutes(self.chance.range(3, 41));
        if early > at { early } else { at + Duration::minutes(2) }
    }

    /// The next instant on duty.
    fn on_duty(&mut self, at: Time) -> Time {
        let local = time::local(at);
        let minutes = local.time().hour() * 60 + local.time().minute();
        let open = self.calendar.is_workday(local.date())
            && ((510..720).contains(&minutes) || (840..1050).contains(&minutes));
        if open {
            at
        } else {
            self.calendar.deadline(at, Limit::new(1, ClockKind::WorkHour)).at
                - Duration::minutes(self.chance.range(8, 56))
        }
    }

    /// When the resident gets round to it.
    fn evening(&mut self, at: Time, days: i64) -> Time {
        let date = time::local_date(at) + Duration::days(days);
        let clock = NaiveTime::from_hms_opt(19, u32::try_from(self.chance.range(5, 55)).unwrap_or(5), 4)
            .unwrap_or_default();
        time::from_local(date.and_time(clock)).max(at + Duration::minutes(7))
    }

    fn turn(&mut self, at: Time, n: usize, turn: Turn) {
        self.plan.turns.push((at, n, turn));
    }

    /// From raising to acceptance; gives the instant of acceptance.
    fn accepted(&mut self, n: usize, at: Time, hurry: bool) -> Time {
        self.turn(at, n, Turn::Raise);
        let hours = if self.chance.percent(12) { 6 } else { 1 };
        let at = if hurry { at + Duration::minutes(self.chance.range(4, 25)) } else { self.work(at, hours) };
        self.turn(at, n, Turn::Accept);
        at
    }

    /// As [`Self::accepted`] and [`Self::taken`], within the hour and on any day: for stories that must stand where
    /// they stand whatever the day of the week is.
    fn brisk(&mut self, n: usize, begin: Time, support: Option<UnitKind>) -> Time {
        self.turn(begin, n, Turn::Raise);
        self.turn(begin + Duration::minutes(9), n, Turn::Accept);
        self.turn(begin + Duration::minutes(21), n, Turn::Dispatch { to: None, support });
        self.turn(begin + Duration::minutes(43), n, Turn::Sign);
        begin + Duration::minutes(50)
    }

    fn pressing(&self, n: usize) -> bool {
        let category = methods::Catalogue::shipped().get(self.plan.seeds[n].template.category);
        category.is_some_and(|c| c.limit.kind == ClockKind::UrgentHour)
    }

    /// Dispatch, signature and first contact; gives the instant of the last.
    fn taken(&mut self, n: usize, at: Time, to: Option<UnitKind>, support: Option<UnitKind>) -> Time {
        let hurry = self.pressing(n);
        let at = if hurry { at + Duration::minutes(self.chance.range(5, 40)) } else { self.work(at, 1) };
        self.turn(at, n, Turn::Dispatch { to, support });
        let signed = if hurry {
            at + Duration::minutes(self.chance.range(5, 50))
        } else {
            let h = self.chance.range(1, 4);
            self.work(at, h)
        };
        // A few are late with their signature.
        let signed = if !hurry && self.chance.percent(6) { self.work(signed, 6) } else { signed };
        self.turn(signed, n, Turn::Sign);
        let mut last = signed;
        if self.plan.seeds[n].voice != Speaker::Nobody && self.chance.percent(88) {
            last = signed + Duration::minutes(self.chance.range(6, 90));
            if self.chance.percent(15) {
                self.turn(last, n, Turn::Contact { reached: false, by: By::Staff });
                last += Duration::minutes(80);
            }
            self.turn(last, n, Turn::Contact { reached: true, by: By::Staff });
        }
        last
    }

    /// When the work is done: at a part of the limit, in thousandths.
    fn done_at(&mut self, n: usize, from: Time, permille: i64) -> Time {
        let category = methods::Catalogue::shipped().get(self.plan.seeds[n].template.category);
        let limit = category.map_or(Limit::new(5, ClockKind::WorkDay), |c| c.limit);
        let span = self.calendar.deadline(from, limit).at - from;
        let at = from + Duration::minutes(span.num_minutes() * permille / 1000);
        if limit.kind == ClockKind::UrgentHour { at } else { self.on_duty(at) }
    }

    /// The unit's work, usually in time; gives when it said that it is done.
    fn handled(&mut self, n: usize, from: Time, outcome: Outcome) -> Time {
        let late = self.chance.percent(8);
        let permille = if late { self.chance.range(1050, 1600) } else { self.chance.range(150, 760) };
        let at = self.done_at(n, from, permille).max(from + Duration::minutes(25));
        if at - from > Duration::days(3) {
            let words = self.chance.text(texts::PROGRESS);
            let half = from + (at - from) / 2;
            let half = self.on_duty(half);
            if half < at {
                self.turn(half, n, Turn::Progress(words));
            }
        }
        self.turn(at, n, Turn::Finish(outcome));
        at
    }

    fn checked(&mut self, n: usize, from: Time, finding: CheckFinding) -> Time {
        let hours = self.chance.range(1, 9);
        let at = self.work(from, hours);
        self.turn(at, n, Turn::Check(finding));
        at
    }

    fn verdict(&mut self, n: usize, from: Time, solved: bool, satisfied: Satisfaction) -> Time {
        let by = if matches!(self.plan.seeds[n].channel, Channel::App | Channel::Wechat) {
            By::Resident
        } else {
            By::Staff
        };
        let days = self.chance.range(0, 4);
        let at = if by == By::Resident {
            self.evening(from, days)
        } else {
            let h = self.chance.range(3, 20);
            self.work(from, h)
        };
        let contacted = self.chance.percent(90);
        // Some never answer; the office asks, and closes when nobody is reached.
        if by == By::Resident && solved && self.chance.percent(13) {
            return self.silence(n, from);
        }
        self.turn(at, n, Turn::Evaluate { by, contacted, solved, satisfied });
        at
    }

    fn silence(&mut self, n: usize, from: Time) -> Time {
        // Within the days that the resident has for a verdict, holidays or not.
        let first = self.evening(from, 1);
        self.turn(first, n, Turn::Contact { reached: false, by: By::Resident });
        let second = self.evening(from, 3);
        self.turn(second, n, Turn::Contact { reached: false, by: By::Resident });
        second
    }

    fn satisfied(&mut self) -> Satisfaction {
        if self.chance.percent(82) { Satisfaction::Satisfied } else { Satisfaction::Partly }
    }

    /// The end of a usual story, from the work on.
    fn usual_end(&mut self, n: usize, from: Time) -> Time {
        let at = self.handled(n, from, Outcome::Solved);
        let at = self.checked(n, at, CheckFinding::Pass);
        let satisfied = self.satisfied();
        self.verdict(n, at, true, satisfied)
    }

    /// A further round after a bad verdict or a reopening.
    fn again(&mut self, n: usize, from: Time, content: bool) -> Time {
        let at = self.taken(n, from, None, None);
        let at = self.handled(n, at, Outcome::Solved);
        let at = self.checked(n, at, CheckFinding::Pass);
        if content { self.verdict(n, at, true, Satisfaction::Satisfied) } else { self.unhappy(n, at) }
    }

    fn unhappy(&mut self, n: usize, from: Time) -> Time {
        let at = self.work(from, 7);
        let by = if self.plan.seeds[n].channel == Channel::App { By::Resident } else { By::Staff };
        self.turn(
            at,
            n,
            Turn::Evaluate { by, contacted: true, solved: false, satisfied: Satisfaction::Dissatisfied },
        );
        at
    }
}
