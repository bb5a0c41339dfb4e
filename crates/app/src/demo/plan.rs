//! What happens to whom in half a year: every matter gets a story, every story turns at instants of its own.
//! Nothing here touches the store; what lies after "now" is simply not played, so that recent matters stand open.

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
use matters::model::{CheckFinding, Finding, Outcome, RejectReason, ReturnReason, Satisfaction, SuspendCause};
use methods::{Tier, UnitKind};

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
    Void(&'static str),
    Withdraw,
    Urge,
    Note,
    Hide,
    PublicTitle,
}

/// A turn with its instant.
pub(super) type Timed = (Time, usize, Turn);

/// What kind of story a matter has, and how many have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Story {
    Plain,
    Partly,
    Revisited,
    Late,
    Verified,
    Absent,
    Returned,
    ReturnDenied,
    OnSite,
    Extended,
    ExtendSilence,
    ExtendTwice,
    Waited,
    WaitedOut,
    WaitStill,
    Suspended,
    SuspendStill,
    Whistled,
    WhistleStill,
    Supported,
    SupportStill,
    Council,
    CouncilStill,
    Supervised,
    SuperviseStill,
    Rework,
    Redo,
    RedoTwice,
    RedoThrice,
    ReopenedByResident,
    ReopenedByStaff,
    Rejected,
    Transferred,
    Withdrawn,
    Voided,
    Merged,
    Unmerged,
    Silence,
    Unreachable,
    Joined,
    ResidentChecked,
    Urged,
    Explained,
    Unsolvable,
    Hidden,
    Fresh,
    AskedStill,
    VerifyStill,
    SignStill,
    CheckStill,
}

/// How often each story comes, and how many days ago it begins when that matters.
const SHARES: &[(Story, i64, Option<(i64, i64)>)] = &[
    (Story::Plain, 88, None),
    (Story::Partly, 18, None),
    (Story::Revisited, 24, None),
    (Story::Late, 14, None),
    (Story::Verified, 14, None),
    (Story::Absent, 3, None),
    (Story::Returned, 9, None),
    (Story::ReturnDenied, 3, None),
    (Story::OnSite, 2, None),
    (Story::Extended, 10, None),
    (Story::ExtendSilence, 4, None),
    (Story::ExtendTwice, 3, None),
    (Story::Waited, 7, None),
    (Story::WaitedOut, 2, None),
    (Story::WaitStill, 2, Some((3, 5))),
    (Story::Suspended, 5, Some((60, 150))),
    (Story::SuspendStill, 4, Some((20, 55))),
    (Story::Whistled, 5, None),
    (Story::WhistleStill, 2, Some((4, 6))),
    (Story::Supported, 9, None),
    (Story::SupportStill, 2, Some((3, 5))),
    (Story::Council, 7, Some((30, 160))),
    (Story::CouncilStill, 3, Some((8, 16))),
    (Story::Supervised, 4, None),
    (Story::SuperviseStill, 2, Some((6, 10))),
    (Story::Rework, 10, None),
    (Story::Redo, 9, None),
    (Story::RedoTwice, 3, Some((50, 150))),
    (Story::RedoThrice, 2, Some((30, 60))),
    (Story::ReopenedByResident, 4, Some((20, 160))),
    (Story::ReopenedByStaff, 3, Some((20, 160))),
    (Story::Rejected, 9, None),
    (Story::Transferred, 6, None),
    (Story::Withdrawn, 6, None),
    (Story::Voided, 3, None),
    (Story::Merged, 7, None),
    (Story::Unmerged, 1, None),
    (Story::Silence, 9, None),
    (Story::Unreachable, 7, None),
    (Story::Joined, 14, None),
    (Story::ResidentChecked, 6, None),
    (Story::Urged, 5, None),
    (Story::Explained, 7, None),
    (Story::Unsolvable, 3, None),
    (Story::Hidden, 3, None),
    (Story::Fresh, 9, Some((0, 1))),
    (Story::AskedStill, 3, Some((2, 4))),
    (Story::VerifyStill, 2, Some((0, 1))),
    (Story::SignStill, 3, Some((0, 1))),
    (Story::CheckStill, 3, Some((2, 3))),
];
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
    let mut stories: Vec<(Story, Option<(i64, i64)>)> =
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
    fn begin(&mut self, age: Option<(i64, i64)>) -> Time {
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
            Story::Plain | Story::Partly | Story::Revisited | Story::Rework | Story::Redo | Story::Rejected | Story::Silence
                | Story::Unreachable | Story::Joined | Story::Explained | Story::Hidden | Story::Fresh | Story::Voided
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
            (Story::Revisited | Story::Silence, n) => ([Channel::Phone, Channel::Hotline, Channel::Desk][n as usize % 3], Speaker::Phone(resident)),
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
        self.plan.seeds.push(Seed { template, quarter, compound, place, words, title, body, answer, channel, voice, photo, tier });
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
        let open = self.calendar.is_workday(local.date()) && ((510..720).contains(&minutes) || (840..1050).contains(&minutes));
        if open { at } else { self.calendar.deadline(at, Limit::new(1, ClockKind::WorkHour)).at - Duration::minutes(self.chance.range(8, 56)) }
    }

    /// When the resident gets round to it.
    fn evening(&mut self, at: Time, days: i64) -> Time {
        let date = time::local_date(at) + Duration::days(days);
        let clock = NaiveTime::from_hms_opt(19, u32::try_from(self.chance.range(5, 55)).unwrap_or(5), 4).unwrap_or_default();
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

    fn pressing(&self, n: usize) -> bool {
        let category = methods::Catalogue::shipped().get(self.plan.seeds[n].template.category);
        category.is_some_and(|c| c.limit.kind == ClockKind::UrgentHour)
    }

    /// Dispatch, signature and first contact; gives the instant of the last.
    fn taken(&mut self, n: usize, at: Time, to: Option<UnitKind>, support: Option<UnitKind>) -> Time {
        let hurry = self.pressing(n);
        let at = if hurry { at + Duration::minutes(self.chance.range(5, 40)) } else { self.work(at, 1) };
        self.turn(at, n, Turn::Dispatch { to, support });
        let signed = if hurry { at + Duration::minutes(self.chance.range(5, 50)) } else { let h = self.chance.range(1, 4); self.work(at, h) };
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
        let permille = if late { self.chance.range(1050, 1600) } else { self.chance.range(250, 920) };
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
        let by = if matches!(self.plan.seeds[n].channel, Channel::App | Channel::Wechat) { By::Resident } else { By::Staff };
        let days = self.chance.range(0, 4);
        let at = if by == By::Resident { self.evening(from, days) } else { let h = self.chance.range(3, 20); self.work(from, h) };
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
        self.turn(at, n, Turn::Evaluate { by, contacted: true, solved: false, satisfied: Satisfaction::Dissatisfied });
        at
    }

    #[expect(clippy::too_many_lines, reason = "one arm per story; splitting would hide the list")]
    fn story(&mut self, story: Story, begin: Time) {
        let n = self.seed(story);
        let hurry = self.pressing(n);
        match story {
            Story::Plain | Story::Revisited => {
                let at = self.accepted(n, begin, hurry);
                let at = self.taken(n, at, None, None);
                if self.chance.percent(12) {
                    self.turn(at + Duration::minutes(3), n, Turn::Note);
                }
                if self.chance.percent(18) {
                    self.turn(at + Duration::minutes(4), n, Turn::PublicTitle);
                }
                self.usual_end(n, at);
            }
            Story::Partly => {
                let at = self.accepted(n, begin, hurry);
                let at = self.taken(n, at, None, None);
                let at = self.handled(n, at, Outcome::Partly);
                let at = self.checked(n, at, CheckFinding::Pass);
                self.verdict(n, at, true, Satisfaction::Partly);
            }
            Story::Late => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, None, None);
                let permille = self.chance.range(1200, 2300);
                let at = self.done_at(n, at, permille);
                self.turn(at, n, Turn::Finish(Outcome::Solved));
                let at = self.checked(n, at, CheckFinding::Pass);
                self.verdict(n, at, true, Satisfaction::Partly);
            }
            Story::Verified | Story::Absent => {
                self.turn(begin, n, Turn::Raise);
                let at = self.work(begin, 1);
                self.turn(at, n, Turn::AskVerification);
                let at = self.work(at, 4);
                let found = if story == Story::Absent { Finding::Absent } else { Finding::Exists };
                self.turn(at, n, Turn::Verify(found));
                let at = self.work(at, 1);
                if story == Story::Absent {
                    self.turn(at, n, Turn::Reject(RejectReason::NotFound, "网格员两次到现场，未发现所说情况；如再出现请拍照反映。"));
                } else {
                    self.turn(at, n, Turn::Accept);
                    let at = self.taken(n, at, None, None);
                    self.usual_end(n, at);
                }
            }
            Story::Returned | Story::ReturnDenied => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, Some(UnitKind::Community), None);
                let at = self.work(at, 2);
                self.turn(at, n, Turn::Return(ReturnReason::OtherDuty));
                let at = self.work(at, 2);
                let granted = story == Story::Returned;
                self.turn(at, n, Turn::Decide { granted });
                let at = if granted { self.taken(n, at, None, None) } else { at };
                self.usual_end(n, at);
            }
            Story::OnSite => {
                let mut at = self.accepted(n, begin, false);
                for to in [UnitKind::Community, UnitKind::MunicipalWorks, UnitKind::UrbanManagement] {
                    at = self.taken(n, at, Some(to), None);
                    at = self.work(at, 2);
                    self.turn(at, n, Turn::Return(ReturnReason::UnclearOwner));
                    at = self.work(at, 2);
                    self.turn(at, n, Turn::Decide { granted: true });
                }
                let at = self.taken(n, at, Some(UnitKind::StreetOffice), None);
                self.usual_end(n, at);
            }
            Story::Extended | Story::ExtendSilence | Story::ExtendTwice => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, None, None);
                let asked = if hurry { at + Duration::hours(1) } else { self.work(at, 5) };
                let words = self.chance.text(texts::LATER);
                self.turn(asked, n, Turn::Extend { days: 3, words });
                let mut at = if story == Story::ExtendSilence {
                    self.work(asked, 10)
                } else {
                    let decided = self.work(asked, 2);
                    self.turn(decided, n, Turn::Decide { granted: true });
                    decided
                };
                if story == Story::ExtendTwice {
                    at = self.work(at, 6);
                    let words = self.chance.text(texts::LATER);
                    self.turn(at, n, Turn::Extend { days: 2, words });
                    at = self.work(at, 3);
                    self.turn(at, n, Turn::Decide { granted: true });
                }
                let words = self.chance.text(texts::PROGRESS);
                let at = self.work(at, 5);
                self.turn(at, n, Turn::Progress(words));
                self.usual_end(n, at);
            }
            Story::AskedStill => {
                let at = self.accepted(n, begin, false);
                self.taken(n, at, None, None);
                // Asked within the last hours of duty, and not yet decided.
                let at = self.now - Duration::minutes(self.chance.range(20, 100));
                let words = self.chance.text(texts::LATER);
                self.turn(at, n, Turn::Extend { days: 3, words });
            }
            Story::Waited | Story::WaitedOut | Story::WaitStill => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, None, None);
                let at = if hurry { at + Duration::minutes(30) } else { self.work(at, 2) };
                self.turn(at, n, Turn::AwaitResident("请告诉我们方便入户的时间，并补一张照片。"));
                if story == Story::WaitStill {
                    return;
                }
                let at = if story == Story::Waited {
                    let at = self.evening(at, 1);
                    self.turn(at, n, Turn::Add("周三晚上七点以后都在家，照片已补。"));
                    at
                } else {
                    at + Duration::days(9)
                };
                self.usual_end(n, at);
            }
            Story::Suspended | Story::SuspendStill => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, None, None);
                let asked = if hurry { at + Duration::minutes(50) } else { self.work(at, 6) };
                let (cause, words) = match self.chance.range(0, 4) {
                    0 => (SuspendCause::Works, "列入管网改造工程，随工程一并解决，恢复条件：管沟开挖完成。"),
                    1 => (SuspendCause::Money, "维修资金表决尚未通过，恢复条件：表决通过。"),
                    2 => (SuspendCause::NoConsensus, "两侧住户意见不一致，恢复条件：议事会形成意见。"),
                    _ => (SuspendCause::Season, "低温期无法施工，恢复条件：气温回升。"),
                };
                let days = if story == Story::SuspendStill { 80 } else { 40 };
                self.turn(asked, n, Turn::Suspend { cause, days, words });
                let at = self.work(asked, 3);
                self.turn(at, n, Turn::Decide { granted: true });
                if story == Story::Suspended {
                    let gone = self.chance.range(12, 34);
                    let at = self.on_duty(at + Duration::days(gone));
                    self.turn(at, n, Turn::Resume("条件已具备，恢复办理。"));
                    self.usual_end(n, at);
                }
            }
            Story::Whistled | Story::WhistleStill => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, None, None);
                let at = if hurry { at + Duration::minutes(40) } else { self.work(at, 4) };
                let units = [UnitKind::UrbanManagement, UnitKind::Fire];
                self.turn(at, n, Turn::Whistle { units, words: "涉及多个部门，请到现场一起定办法。" });
                let at = self.work(at, 2);
                self.turn(at, n, Turn::Decide { granted: true });
                let at = self.work(at, 7);
                self.turn(at, n, Turn::ReportIn { first_only: story == Story::WhistleStill });
                if story == Story::Whistled {
                    let at = self.work(at, 3);
                    self.turn(at, n, Turn::Score);
                    self.usual_end(n, at);
                }
            }
            Story::Supported | Story::SupportStill => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, None, Some(UnitKind::Volunteers));
                if story == Story::Supported {
                    let at = if hurry { at + Duration::minutes(50) } else { self.work(at, 5) };
                    let turn = if self.chance.percent(80) { Turn::FinishTasks } else { Turn::WaiveTasks };
                    self.turn(at, n, turn);
                    self.usual_end(n, at);
                }
            }
            Story::Council | Story::CouncilStill => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, None, None);
                let at = self.work(at, 6);
                self.turn(at, n, Turn::SetAgenda("涉及多户利益，提请议事会讨论：办不办、怎么办、钱怎么出。"));
                if story == Story::Council {
                    let at = self.on_duty(at + Duration::days(5));
                    self.turn(at, n, Turn::SettleAgenda("议事会到会 17 人，15 人同意按方案二办理，由物业组织实施，社区监督。"));
                    self.usual_end(n, at);
                }
            }
            Story::Supervised | Story::SuperviseStill => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, None, None);
                let at = self.work(at, 8);
                self.turn(at, n, Turn::Supervise("群众反映集中，请抓紧办理并每两天报一次进展。"));
                let words = self.chance.text(texts::PROGRESS);
                let at = self.work(at, 5);
                self.turn(at, n, Turn::Progress(words));
                if story == Story::Supervised {
                    let at = self.handled(n, at, Outcome::Solved);
                    self.turn(at + Duration::minutes(9), n, Turn::EndSupervision);
                    let at = self.checked(n, at, CheckFinding::Pass);
                    self.verdict(n, at, true, Satisfaction::Satisfied);
                }
            }
            Story::Rework => {
                let at = self.accepted(n, begin, hurry);
                let at = self.taken(n, at, None, None);
                let at = self.handled(n, at, Outcome::Solved);
                let at = self.checked(n, at, CheckFinding::Fail);
                let at = self.work(at, 9);
                self.turn(at, n, Turn::Finish(Outcome::Solved));
                let at = self.checked(n, at, CheckFinding::Pass);
                let satisfied = self.satisfied();
                self.verdict(n, at, true, satisfied);
            }
            Story::Redo | Story::RedoTwice | Story::RedoThrice => {
                let at = self.accepted(n, begin, hurry);
                let at = self.taken(n, at, None, None);
                let at = self.handled(n, at, Outcome::Solved);
                let at = self.checked(n, at, CheckFinding::Pass);
                let mut at = self.unhappy(n, at);
                let more = match story {
                    Story::RedoTwice => 1,
                    Story::RedoThrice => 2,
                    _ => 0,
                };
                for _ in 0..more {
                    at = self.again(n, at, false);
                }
                if story != Story::RedoThrice {
                    self.again(n, at, true);
                }
            }
            Story::ReopenedByResident | Story::ReopenedByStaff => {
                let at = self.accepted(n, begin, hurry);
                let at = self.taken(n, at, None, None);
                let at = self.handled(n, at, Outcome::Solved);
                let at = self.checked(n, at, CheckFinding::Pass);
                let at = self.work(at, 6);
                let by = if story == Story::ReopenedByResident { By::Resident } else { By::Staff };
                self.turn(at, n, Turn::Evaluate { by, contacted: true, solved: true, satisfied: Satisfaction::Satisfied });
                let at = self.evening(at, 6);
                self.turn(at, n, Turn::Reopen { by });
                self.again(n, at, true);
            }
            Story::Rejected => {
                self.turn(begin, n, Turn::Raise);
                let at = self.work(begin, 2);
                let (reason, words) = match self.chance.range(0, 4) {
                    0 => (RejectReason::OtherPlace, "该地段属邻近街道管辖，已告知对方受理电话，可直接向其反映。"),
                    1 => (RejectReason::LegalRoute, "属民事合同纠纷，可向清和司法所申请调解，或依法提起诉讼。"),
                    2 => (RejectReason::AlreadySettled, "同一问题上月已办结并评价，如有新的情况请补充后再反映。"),
                    _ => (RejectReason::Private, "属个人之间的买卖，建议双方协商，或拨打消费维权电话。"),
                };
                self.turn(at, n, Turn::Reject(reason, words));
            }
            Story::Transferred => {
                let at = self.accepted(n, begin, hurry);
                let at = self.work(at, 1);
                self.turn(at, n, Turn::Transfer("已转市轨道交通公司，对方编号 GD-0217，预计十个工作日答复。"));
            }
            Story::Withdrawn => {
                let at = self.accepted(n, begin, false);
                let at = self.evening(at, 0);
                self.turn(at, n, Turn::Withdraw);
            }
            Story::Voided => {
                self.turn(begin, n, Turn::Raise);
                let at = self.work(begin, 1);
                self.turn(at, n, Turn::Void("系统培训时录入的测试件，经值班长同意作废。"));
            }
            Story::Merged | Story::Unmerged => self.pair(story, n, begin),
            Story::Silence | Story::Unreachable => {
                let at = self.accepted(n, begin, hurry);
                let at = self.taken(n, at, None, None);
                let at = self.handled(n, at, Outcome::Solved);
                let at = self.checked(n, at, CheckFinding::Pass);
                if story == Story::Silence {
                    self.silence(n, at);
                }
            }
            Story::Joined => {
                let at = self.accepted(n, begin, hurry);
                let others: Vec<usize> = (0..self.cast.residents.len())
                    .filter(|r| self.cast.residents[*r].lives_at.within(&self.plan.seeds[n].place.cut(3)))
                    .collect();
                let many = self.chance.range(1, 6);
                let mut joined = Vec::new();
                for i in 0..many {
                    let Some(resident) = self.chance.of(&others).copied() else { break };
                    let known = matches!(self.plan.seeds[n].voice, Speaker::Known(r) | Speaker::Phone(r) if r == resident);
                    if known || joined.contains(&resident) {
                        continue;
                    }
                    joined.push(resident);
                    let words = self.chance.text(texts::ME_TOO);
                    self.turn(begin + Duration::minutes(9 + i * 7), n, Turn::Join { resident, words });
                }
                let at = self.taken(n, at.max(begin + Duration::minutes(50)), None, None);
                self.usual_end(n, at);
            }
            Story::ResidentChecked => {
                let at = self.accepted(n, begin, hurry);
                let at = self.taken(n, at, None, None);
                let at = self.handled(n, at, Outcome::Solved);
                let at = if self.plan.seeds[n].tier == Tier::Autonomy {
                    let at = self.evening(at, 0);
                    self.turn(at, n, Turn::ResidentChecks);
                    at
                } else {
                    self.checked(n, at, CheckFinding::Pass)
                };
                self.verdict(n, at, true, Satisfaction::Satisfied);
            }
            Story::Urged => {
                let at = self.accepted(n, begin, false);
                let at = self.taken(n, at, None, None);
                let urged = self.evening(at, 1);
                self.turn(urged, n, Turn::Urge);
                let at = self.done_at(n, at, 1150).max(urged + Duration::hours(3));
                self.turn(at, n, Turn::Finish(Outcome::Solved));
                let at = self.checked(n, at, CheckFinding::Pass);
                self.verdict(n, at, true, Satisfaction::Partly);
            }
            Story::Explained | Story::Unsolvable => {
                let at = self.accepted(n, begin, hurry);
                let at = self.taken(n, at, None, None);
                let outcome = if story == Story::Explained { Outcome::Explained } else { Outcome::Unsolvable };
                let at = self.handled(n, at, outcome);
                let at = self.checked(n, at, CheckFinding::Pass);
                if story == Story::Explained {
                    self.verdict(n, at, true, Satisfaction::Partly);
                } else {
                    self.silence(n, at);
                }
            }
            Story::Hidden => {
                let at = self.accepted(n, begin, hurry);
                self.turn(at + Duration::minutes(5), n, Turn::Hide);
                let at = self.taken(n, at, None, None);
                self.usual_end(n, at);
            }
            Story::Fresh => {
                self.turn(begin, n, Turn::Raise);
                if self.chance.percent(30) {
                    self.turn(begin + Duration::minutes(5), n, Turn::Accept);
                }
            }
            // Somebody is on duty at weekends too: these stand where they stand whatever the day.
            Story::VerifyStill => {
                self.turn(begin, n, Turn::Raise);
                self.turn(begin + Duration::minutes(3), n, Turn::AskVerification);
            }
            Story::SignStill => {
                self.turn(begin, n, Turn::Raise);
                self.turn(begin + Duration::minutes(2), n, Turn::Accept);
                self.turn(begin + Duration::minutes(4), n, Turn::Dispatch { to: None, support: None });
            }
            Story::CheckStill => {
                let at = self.accepted(n, begin, true) + Duration::minutes(9);
                self.turn(at, n, Turn::Dispatch { to: None, support: None });
                self.turn(at + Duration::minutes(14), n, Turn::Sign);
                let at = self.now - Duration::minutes(self.chance.range(15, 200));
                self.turn(at, n, Turn::Finish(Outcome::Solved));
            }
        }
    }

    /// Two residents say the same; the office merges the second into the first.
    fn pair(&mut self, story: Story, first: usize, begin: Time) {
        let at = self.accepted(first, begin, false);
        let second = self.plan.seeds.len();
        let mut twin = self.plan.seeds[first].clone();
        twin.body = format!("{}（另一户也有同样情况）", twin.body);
        let near: Vec<usize> = (0..self.cast.residents.len())
            .filter(|r| self.cast.residents[*r].lives_at.within(&twin.place.cut(3)))
            .filter(|r| !matches!(twin.voice, Speaker::Known(v) | Speaker::Phone(v) if v == *r))
            .collect();
        twin.voice = self.chance.of(&near).map_or(Speaker::Nobody, |r| Speaker::Phone(*r));
        twin.channel = Channel::Phone;
        self.plan.seeds.push(twin);
        self.turn(begin + Duration::minutes(31), second, Turn::Raise);
        let merged = at.max(begin + Duration::minutes(40)) + Duration::minutes(6);
        self.turn(merged, second, Turn::Merge { into: first });
        let at = self.taken(first, merged, None, None);
        if story == Story::Unmerged {
            self.turn(at + Duration::minutes(3), second, Turn::Unmerge);
            self.turn(at + Duration::minutes(9), second, Turn::Accept);
            let later = self.taken(second, at + Duration::minutes(12), None, None);
            self.usual_end(second, later);
        }
        self.usual_end(first, at);
    }
}
