//! What an act gives in a state: events, or a refusal in words.

use super::{machine::goes, rule};
use crate::model::{
    About, BoxSeal, NewPoll, Outcome, Poll, PollEvent as E, PollState, Posted, Roll, Shape, TellerRole, Vote,
};
use chrono::{Days, NaiveDate};
use kernel::{
    Id, Refusal, Time,
    text::{self, BODY, NOTE, TITLE, Words},
    time::local_date,
};
use rule::Own;
use std::collections::BTreeMap;

/// Options of a poll at most.
const MOST_OPTIONS: usize = 200;
/// The shortest time for which a poll may be open: half an hour, for a vote in the room.
const SHORTEST_MINUTES: i64 = 30;
/// Longest vote, and longest ago that a notice hung, in days.
pub const LONGEST_DAYS: i64 = 366;
/// Objections to one poll at most, against flooding.
const MOST_OBJECTIONS: usize = 500;

/// A verb with what it needs.
#[derive(Clone, Debug)]
pub enum Act {
    /// Change the question: title, text, options.
    Edit(String, String, Vec<String>),
    /// Pin a rule.
    Rule(String, Own),
    /// Freeze a roll, already put together and kept.
    Freeze(Roll),
    /// Give notice: from, until, why so short.
    Notice(Time, Time, Option<String>),
    /// Give notice that hung on a board already: from, until, where it hung.
    Posted(Time, Time, Posted),
    /// Open, by the clock.
    Open,
    /// Put the closing time off.
    Extend(Time, String),
    /// Close, by the clock.
    Close(Option<BoxSeal>),
    /// Record how many of the paper ballots of a secret poll say what.
    Papers(Vec<(String, u64)>),
    /// Record a count.
    Count(Box<Outcome>, String),
    /// Send the count back.
    Return(String),
    /// Sign the count.
    Sign(TellerRole),
    /// Put the result on show.
    Publish,
    /// Add a photo of the board.
    Board(Id),
    /// The lawful period ended, by the clock.
    Archive,
    /// Object.
    Object(About, Words),
    /// Answer an objection.
    Answer(Id, String, bool),
    /// End it without a count.
    Void(String),
    /// Set the result aside.
    Annul(String),
}

/// What a decision has to know besides the poll.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Now.
    pub now: Time,
    /// An id for what is new.
    pub id: Id,
    /// Who acts.
    pub person: Option<Id>,
    /// Ballots that came in and are not settled: readings of sheets that differ or stand alone.
    pub unsettled: u64,
}

/// Checks a new poll and gives its event.
///
/// # Errors
/// Which field is wrong; `polls.secret-area`, `polls.few-options`, `polls.option-twice`, `polls.too-many-marks`.
pub fn draft(new: &NewPoll, id: Id, number: String) -> Result<E, Refusal> {
    if new.secret && matches!(new.shape, Shape::Owners { .. }) {
        return Err(Refusal::invalid("secret", "polls.secret-area"));
    }
    let options = options(&new.shape, &new.options)?;
    Ok(E::PollDrafted {
        id,
        number,
        place: new.place.clone(),
        title: text::required("title", &new.title, TITLE)?,
        text: text::required("text", &new.text, 4 * BODY)?,
        shape: new.shape,
        secret: new.secret,
        trust: new.trust,
        options,
        candidates: new.candidates.clone(),
        origin: new.origin.clone(),
    })
}

fn options(shape: &Shape, given: &[String]) -> Result<Vec<String>, Refusal> {
    if !shape.has_options() {
        return Ok(Vec::new());
    }
    let bad = |code| Refusal::invalid("options", code);
    let mut out: Vec<String> = Vec::with_capacity(given.len());
    for option in given.iter().filter(|o| !o.trim().is_empty()) {
        // A plus begins a name that is written in.
        let option = text::required("options", &option.replace('+', "＋"), 120)?;
        if out.contains(&option) {
            return Err(bad("polls.option-twice").with("option", option));
        }
        out.push(option);
    }
    if out.len() > MOST_OPTIONS {
        return Err(bad("polls.many-options").with("most", MOST_OPTIONS));
    }
    let (least, most) = match shape {
        Shape::Marks { most, places } => (2.max(*places), *most),
        Shape::Election { seats } => (1, *seats),
        _ => (2, 1),
    };
    if most == 0 || (out.len() as u64) < u64::from(least) {
        return Err(bad("polls.few-options").with("least", least));
    }
    if let Shape::Marks { most, places } = shape
        && (*places == 0 || *most as usize > out.len())
    {
        return Err(bad("polls.few-options").with("least", most));
    }
    Ok(out)
}

/// The first day on which a poll may open when notice is given today: so many days lie between (民法典 201).
#[must_use]
pub fn earliest_opening(today: NaiveDate, notice_days: u32) -> NaiveDate {
    today.checked_add_days(Days::new(u64::from(notice_days))).unwrap_or(today)
}

/// Decides.
///
/// # Errors
/// `polls.not-now` for a step that the machine does not know, and what each step asks.
pub fn decide(p: &Poll, act: Act, facts: &Facts) -> Result<Vec<E>, Refusal> {
    let to = |state: PollState| -> Result<(), Refusal> {
        if goes(p.state, state) { Ok(()) } else { Err(Refusal::conflict("polls.not-now")) }
    };
    let plan = || if p.state.is_plan() { Ok(()) } else { Err(Refusal::conflict("polls.not-now")) };
    let said = |field, text: &str| text::required(field, text, NOTE);
    Ok(vec![match act {
        Act::Edit(title, body, given) => {
            plan()?;
            E::PollEdited {
                title: text::required("title", &title, TITLE)?,
                text: text::required("text", &body, 4 * BODY)?,
                options: options(&p.shape, &given)?,
            }
        }
        Act::Rule(code, own) => {
            plan()?;
            let pinned = rule::pick(&p.shape, p.secret, &code, &own)?;
            // Whether parking counts decides who is on the roll.
            let parking = |r: &Option<tally::rule::Pinned>| r.as_ref().is_some_and(|r| r.rule.parking_counts);
            if p.roll.is_some() && parking(&p.rule) != pinned.rule.parking_counts {
                return Err(Refusal::conflict("polls.roll-first"));
            }
            E::RulePinned(pinned)
        }
        Act::Freeze(roll) => {
            let corrected = p.state == PollState::Noticed;
            if !corrected && !matches!(p.state, PollState::Ruled | PollState::Rolled) {
                return Err(Refusal::conflict(if p.rule.is_none() {
                    "polls.rule-first"
                } else {
                    "polls.not-now"
                }));
            }
            E::RollFrozen(roll)
        }
        Act::Notice(opens, closes, urgent) => notice(p, opens, closes, urgent, None, facts)?,
        Act::Posted(opens, closes, posted) => notice(p, opens, closes, None, Some(posted), facts)?,
        Act::Open => {
            to(PollState::Open)?;
            if p.opens.is_none_or(|opens| facts.now < opens) {
                return Err(Refusal::conflict("polls.not-now"));
            }
            if p.unanswered(About::Roll).next().is_some() {
                return Err(Refusal::conflict("polls.objections-open"));
            }
            E::PollOpened
        }
        Act::Extend(closes, why) => {
            let before = p.closes.filter(|c| p.state == PollState::Open && facts.now < *c);
            let before = before.ok_or(Refusal::conflict("polls.not-now"))?;
            if closes <= before || closes > before + chrono::Duration::days(LONGEST_DAYS) {
                return Err(Refusal::invalid("closes", "polls.not-later"));
            }
            E::PollExtended { closes, why: said("why", &why)? }
        }
        Act::Close(sealed) => {
            to(PollState::Closed)?;
            if p.closes.is_none_or(|closes| facts.now < closes) {
                return Err(Refusal::conflict("polls.not-now"));
            }
            E::PollClosed { sealed }
        }
        Act::Papers(groups) => {
            if p.state != PollState::Closed || !p.secret {
                return Err(Refusal::conflict("polls.not-now"));
            }
            let person = facts.person.ok_or(Refusal::forbidden("polls.no-teller"))?;
            if p.papers.last().is_some_and(|r| r.by == person) {
                return Err(Refusal::conflict("polls.other-reader"));
            }
            E::PapersRead { groups: papers(p, groups)? }
        }
        Act::Count(outcome, sha256) => {
            to(PollState::Counting)?;
            if facts.unsettled > 0 {
                return Err(Refusal::conflict("polls.unsettled").with("n", facts.unsettled));
            }
            E::PollCounted { outcome, sha256 }
        }
        Act::Return(why) => {
            if p.state != PollState::Counting {
                return Err(Refusal::conflict("polls.not-now"));
            }
            E::CountReturned { why: said("return", &why)? }
        }
        Act::Sign(role) => {
            to(PollState::Certified)?;
            let count = p.count.as_ref().ok_or(Refusal::conflict("polls.not-now"))?;
            let person = facts.person.ok_or(Refusal::forbidden("polls.no-teller"))?;
            if count.signed.iter().any(|s| s.person == person) {
                return Err(Refusal::conflict("polls.signed-already"));
            }
            if count.signed.iter().any(|s| s.role == role) {
                return Err(Refusal::invalid("role", "polls.role-taken"));
            }
            E::CountSigned { role }
        }
        Act::Publish => {
            to(PollState::Published)?;
            let days = p.rule.as_ref().map_or(15, |r| r.rule.publish_days.max(15));
            let until = tally::deadline::earliest_removal(local_date(facts.now), days);
            let until = until.and_then(|d| d.pred_opt()).ok_or(Refusal::conflict("polls.not-now"))?;
            E::ResultPublished { until }
        }
        Act::Board(photo) => {
            if !p.state.is_public() || p.boards.len() >= 20 {
                return Err(Refusal::conflict("polls.not-now"));
            }
            E::BoardShown { photo }
        }
        Act::Archive => {
            to(PollState::Archived)?;
            if p.show_until.is_none_or(|until| local_date(facts.now) <= until)
                || p.unanswered(About::Result).next().is_some()
            {
                return Err(Refusal::conflict("polls.not-now"));
            }
            E::PollArchived
        }
        Act::Object(about, text) => {
            let fits = match about {
                About::Roll => p.state == PollState::Noticed,
                About::Result => p.state == PollState::Published,
            };
            let by = facts.person.ok_or(Refusal::forbidden("polls.no-person"))?;
            if !fits || p.objections.len() >= MOST_OBJECTIONS {
                return Err(Refusal::conflict("polls.not-now"));
            }
            if p.unanswered(about).any(|o| o.by == by) {
                return Err(Refusal::conflict("polls.objected-already"));
            }
            E::ObjectionMade { id: facts.id, about, by, text }
        }
        Act::Answer(id, answer, upheld) => {
            let objection =
                p.objections.iter().find(|o| o.id == id).ok_or(Refusal::missing("polls.no-objection"))?;
            if objection.answer.is_some() {
                return Err(Refusal::conflict("polls.answered-already"));
            }
            E::ObjectionAnswered { id, answer: said("answer", &answer)?, upheld }
        }
        Act::Void(reason) => {
            to(PollState::Void)?;
            E::PollVoided { reason: said("reason", &reason)? }
        }
        Act::Annul(reason) => {
            to(PollState::Annulled)?;
            E::ResultAnnulled { reason: said("reason", &reason)? }
        }
    }])
}

/// Checks a notice that hung on a board, and gives it with its words cleaned.
///
/// # Errors
/// `polls.posted-future`, `polls.posted-long-ago`; which field is wrong.
pub fn posted(given: Posted, today: NaiveDate) -> Result<Posted, Refusal> {
    if given.on > today {
        return Err(Refusal::invalid("posted_on", "polls.posted-future"));
    }
    if (today - given.on).num_days() > LONGEST_DAYS {
        return Err(Refusal::invalid("posted_on", "polls.posted-long-ago"));
    }
    Ok(Posted { board: text::required("board", &given.board, TITLE)?, ..given })
}

/// Notice, from today or from the day on which it hung.
fn notice(
    p: &Poll,
    opens: Time,
    closes: Time,
    urgent: Option<String>,
    hung: Option<Posted>,
    facts: &Facts,
) -> Result<E, Refusal> {
    if !goes(p.state, PollState::Noticed) {
        return Err(Refusal::conflict("polls.not-now"));
    }
    times(p, opens, closes, facts.now)?;
    let today = local_date(facts.now);
    let hung = hung.map(|given| posted(given, today)).transpose()?;
    if let (Some(hung), Some(roll), Shape::Election { .. }) = (&hung, &p.roll, &p.shape) {
        // The days of an election run from its roll: what hung before there was one is no notice of it.
        let since = hung.roll_on.unwrap_or(local_date(roll.frozen_at));
        if hung.on < since {
            return Err(Refusal::invalid("posted_on", "polls.posted-before-roll").with("day", since));
        }
    }
    let days = p.rule.as_ref().map_or(0, |r| r.rule.notice_days);
    let from = hung.as_ref().map_or(today, |hung| hung.on);
    let short = local_date(opens) < earliest_opening(from, days);
    let urgent = text::optional("urgent", urgent.as_deref().unwrap_or_default(), NOTE)?;
    if short && urgent.is_none() {
        return Err(Refusal::invalid("opens", "polls.short-notice").with("days", days));
    }
    Ok(E::PollNoticed { opens, closes, urgent: urgent.filter(|_| short), posted: hung })
}

/// Papers by what they say, each once.
fn papers(p: &Poll, given: Vec<(String, u64)>) -> Result<Vec<(String, u64)>, Refusal> {
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for (vote, n) in given.into_iter().filter(|(_, n)| *n > 0) {
        let vote = Vote::read(&p.shape, p.options.len(), &vote, true)?.text();
        let sum = sums.entry(vote).or_default();
        *sum = sum
            .checked_add(n)
            .filter(|n| *n <= 1_000_000)
            .ok_or(Refusal::invalid("papers", "ui.not-valid"))?;
    }
    Ok(sums.into_iter().collect())
}

fn times(p: &Poll, opens: Time, closes: Time, now: Time) -> Result<(), Refusal> {
    if opens < now {
        return Err(Refusal::invalid("opens", "polls.past"));
    }
    let open = closes - opens;
    if open.num_minutes() < SHORTEST_MINUTES || open.num_days() > LONGEST_DAYS {
        return Err(Refusal::invalid("closes", "polls.bad-length"));
    }
    if p.roll.is_none() {
        return Err(Refusal::conflict("polls.roll-first"));
    }
    Ok(())
}
