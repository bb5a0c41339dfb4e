//! What may be done with a plan.

use crate::model::{
    Act, Goal, MatterRef, NewPlan, Plan, PlanEvent as E,
    PlanState::{self as S, Answering, Consulting, Done, Draft, Settled, Withdrawn},
    Works,
};
use chrono::{Days, NaiveDate};
use kernel::{
    Id, Refusal,
    text::{self, BODY, NOTE, TITLE},
};

/// From which state a plan goes to which.
pub const EDGES: &[(S, S)] = &[
    (Draft, Consulting),
    (Consulting, Answering),
    (Answering, Consulting),
    (Answering, Settled),
    (Settled, S::Works),
    (Settled, Done),
    (S::Works, Done),
    (Draft, Withdrawn),
    (Consulting, Withdrawn),
    (Answering, Withdrawn),
    (Settled, Withdrawn),
];

/// Whether a plan may go there.
#[must_use]
pub fn goes(from: S, to: S) -> bool {
    EDGES.contains(&(from, to))
}

/// Longest text of a version, in characters.
pub const VERSION: usize = BODY * 2;
/// Fewest full days of a consultation. No statute sets it; whoever works shifts must be able to read the plan once.
pub const LEAST_DAYS: u64 = 3;
/// Days that are proposed.
pub const USUAL_DAYS: u64 = 7;
/// Longest consultation, in days: further away is a slip of the finger.
const MOST_DAYS: u64 = 180;
/// Most versions, rounds, parties and entries of the diary.
const MOST: usize = 500;
/// Most goals of the works.
const GOALS: usize = 20;
/// Most of one thing: more is a slip of the finger.
const MOST_BUILT: u32 = 1_000_000;
/// Longest word for what something is counted in, in characters.
const UNIT: usize = 8;
/// Most photos of an entry.
const PHOTOS: usize = 9;

/// What rules ask of the present.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Today.
    pub today: NaiveDate,
    /// Suggestions and objections that wait for an answer.
    pub unanswered: u64,
    /// Objections that are maintained.
    pub maintained: u64,
}

pub(super) fn ensure(holds: bool, refusal: impl FnOnce() -> Refusal) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(refusal()) }
}

/// A new plan.
///
/// # Errors
/// Which field is wrong.
pub fn draft(new: &NewPlan, id: Id, number: String, matter: Option<MatterRef>) -> Result<E, Refusal> {
    let parties: Vec<String> = new
        .parties
        .lines()
        .filter_map(|line| text::optional("parties", line, TITLE).transpose())
        .collect::<Result<_, _>>()?;
    ensure(parties.len() <= 20, || Refusal::invalid("parties", "plans.too-many-parties"))?;
    Ok(E::PlanDrafted {
        id,
        number,
        place: new.place.clone(),
        title: text::required("title", &new.title, TITLE)?,
        matter,
        parties,
        text: text::required("text", &new.text, VERSION)?,
    })
}

/// What an act gives.
///
/// # Errors
/// Why it cannot be done now, or which field is wrong.
pub fn decide(p: &Plan, act: Act, facts: &Facts) -> Result<E, Refusal> {
    let go = |to| ensure(goes(p.state, to), || Refusal::conflict("plans.not-now"));
    let today = facts.today;
    match act {
        Act::Revise(body, why) => {
            // The text does not change under those who are asked, nor after it was decided.
            ensure(p.state != Consulting, || Refusal::conflict("plans.not-while-consulting"))?;
            ensure(matches!(p.state, Draft | Answering), || Refusal::conflict("plans.not-now"))?;
            ensure(p.versions.len() < MOST, || Refusal::conflict("plans.too-many"))?;
            let body = text::required("text", &body, VERSION)?;
            ensure(body != p.text(), || Refusal::invalid("text", "plans.same-text"))?;
            Ok(E::PlanRevised { text: body, why: text::required("why", &why, NOTE)? })
        }
        Act::Open(until) => {
            go(Consulting)?;
            ensure(p.rounds.len() < MOST, || Refusal::conflict("plans.too-many"))?;
            // A further round asks about something further.
            let last = p.round().map_or(0, |r| r.version);
            ensure(p.versions.len() > last, || Refusal::conflict("plans.nothing-new"))?;
            let least = today.checked_add_days(Days::new(LEAST_DAYS));
            let short = || {
                let day = least.map(|d| d.to_string()).unwrap_or_default();
                Refusal::invalid("until", "plans.too-short").with("days", LEAST_DAYS).with("day", day)
            };
            ensure(least.is_some_and(|d| until >= d), short)?;
            let most = today.checked_add_days(Days::new(MOST_DAYS));
            ensure(most.is_some_and(|d| until <= d), || Refusal::invalid("until", "ui.not-valid"))?;
            Ok(E::RoundOpened { until })
        }
        Act::Close => {
            go(Answering)?;
            let over = p.round().is_some_and(|r| r.until < today);
            ensure(over, || Refusal::conflict("plans.still-asked"))?;
            Ok(E::RoundClosed)
        }
        Act::Settle(how, link) => {
            go(Settled)?;
            ensure(facts.unanswered == 0, || {
                Refusal::conflict("plans.unanswered").with("n", facts.unanswered)
            })?;
            // A version nobody was asked about is not decided by having asked about another.
            let asked = p.round().map_or(0, |r| r.version);
            ensure(asked == p.versions.len(), || Refusal::conflict("plans.not-asked"))?;
            let link = link.filter(|l| !l.trim().is_empty());
            if let Some(link) = &link {
                ensure(decides(link), || Refusal::invalid("link", "plans.bad-link"))?;
            }
            ensure(facts.maintained == 0 || link.is_some(), || {
                Refusal::invalid("link", "plans.maintained").with("n", facts.maintained)
            })?;
            Ok(E::PlanSettled { how: text::required("how", &how, NOTE)?, link })
        }
        Act::Begin(works) => {
            go(S::Works)?;
            let by = text::required("by", &works.by, TITLE)?;
            ensure(works.until >= works.from, || Refusal::invalid("until", "plans.ends-before"))?;
            ensure(works.goals.len() <= GOALS, || {
                Refusal::invalid("goals", "plans.many-goals").with("most", GOALS)
            })?;
            Ok(E::WorksBegun(Works { by, ..works }))
        }
        Act::Note { kind, day, words, photos, built } => {
            ensure(p.state == S::Works, || Refusal::conflict("plans.not-now"))?;
            ensure(p.diary.len() < MOST, || Refusal::conflict("plans.too-many"))?;
            ensure(photos.len() <= PHOTOS, || {
                Refusal::invalid("photos", "ui.too-many-files").with("max", PHOTOS)
            })?;
            ensure(day <= today, || Refusal::invalid("day", "plans.not-yet"))?;
            let built = added(p, built)?;
            Ok(E::DiaryWritten { kind, day, words: text::required("words", &words, NOTE)?, photos, built })
        }
        Act::Finish(accepted) => {
            go(Done)?;
            Ok(E::PlanFinished { accepted: text::required("accepted", &accepted, NOTE)? })
        }
        Act::Withdraw(reason) => {
            go(Withdrawn)?;
            Ok(E::PlanWithdrawn { reason: text::required("reason", &reason, NOTE)? })
        }
    }
}

/// What was added to each goal; nothing at all where none was. What is there is never less than none.
fn added(p: &Plan, mut built: Vec<i64>) -> Result<Vec<i64>, Refusal> {
    let wrong = || Refusal::invalid("built", "ui.not-valid");
    ensure(built.len() <= p.built().count(), wrong)?;
    let most = i64::from(MOST_BUILT);
    for ((goal, there), more) in p.built().zip(&built) {
        ensure((-most..=most).contains(more), wrong)?;
        ensure((0..=most).contains(&(there + more)), || {
            let refusal = Refusal::invalid("built", "plans.less-than-none");
            refusal.with("what", goal.what.clone()).with("n", there)
        })?;
    }
    if built.iter().all(|n| *n == 0) {
        built.clear();
    }
    Ok(built)
}

/// Reads goals, a line each: what, how many, in what it is counted (`充电棚 234 座`). The last number of a line is how many, so
/// that what is built may have one in its name.
///
/// # Errors
/// `plans.bad-goal`, with the line; `plans.goal-twice`.
pub fn goals(text: &str) -> Result<Vec<Goal>, Refusal> {
    let mut out: Vec<Goal> = Vec::new();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let bad = || Refusal::invalid("goals", "plans.bad-goal").with("line", line.to_owned());
        let end = line.rfind(|c: char| c.is_ascii_digit()).ok_or_else(bad)? + 1;
        let start = line[..end].trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let (what, unit) = (line[..start].trim(), line[end..].trim());
        let planned: u32 = line[start..end].parse().map_err(|_| bad())?;
        ensure((1..=MOST_BUILT).contains(&planned), bad)?;
        let goal = Goal {
            what: text::required("goals", what, TITLE).map_err(|_| bad())?,
            unit: text::required("goals", unit, UNIT).map_err(|_| bad())?,
            planned,
        };
        ensure(!out.iter().any(|g| g.what == goal.what), || {
            Refusal::invalid("goals", "plans.goal-twice").with("what", goal.what.clone())
        })?;
        out.push(goal);
    }
    Ok(out)
}

/// Whether an address is that of a poll or a sitting of this house.
fn decides(link: &str) -> bool {
    let id = link.strip_prefix("/polls/").or_else(|| link.strip_prefix("/sittings/"));
    id.is_some_and(|id| id.parse::<Id>().is_ok())
}
