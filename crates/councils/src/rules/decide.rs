//! What an act gives in a state: events, or a refusal in words.

use super::{
    attendance, decision_rule, delegates_allowed, floor, item_goes,
    motions::{self, MOTION},
    sitting_goes,
};
use crate::model::{
    Act, Council, Item, ItemKind, ItemState, MatterRef, Member, NewSitting, Sitting, SittingEvent as E,
    SittingState as S, Submission, TellerCount,
};
use chrono::{Days, Duration, NaiveDate};
use kernel::{
    Id, Refusal, Time,
    text::{self, NOTE, TITLE, Words},
    time::local_date,
};
use tally::rule::Pinned;
use tally::{
    Rule, Why,
    deadline::latest_notice_before,
    meeting::{self, Count},
};

/// Most lines of an agenda.
const ITEMS: usize = 50;
/// Longest time for an item, in minutes.
const MINUTES: u32 = 480;

/// What a decision is made from beside the state.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// Now.
    pub now: Time,
    /// The body.
    pub council: &'a Council,
    /// Who acts.
    pub person: Option<Id>,
    /// An id that was never used.
    pub id: Id,
    /// The matter that a new line comes from, with its title.
    pub matter: Option<(MatterRef, String)>,
    /// Whether the matter stands on the agenda of another sitting that is still to come.
    pub matter_elsewhere: bool,
    /// Whether another sitting is at this venue at this time.
    pub venue_taken: bool,
    /// The motion that was handed in and is brought.
    pub submission: Option<Submission>,
    /// The text of the minutes, kept.
    pub words: Option<Words>,
    /// How many questions nothing was said to yet.
    pub open_questions: u64,
}

pub(super) fn ensure(holds: bool, refusal: impl FnOnce() -> Refusal) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(refusal()) }
}

pub(super) fn not_now() -> Refusal {
    Refusal::conflict("councils.not-now")
}

fn go(s: &Sitting, to: S) -> Result<(), Refusal> {
    ensure(sitting_goes(s.state, to), not_now)
}

/// An item of a sitting in session.
pub(super) fn item_in(s: &Sitting, id: Id) -> Result<&Item, Refusal> {
    let item = s.item(id).ok_or(Refusal::missing("councils.no-item"))?;
    ensure(s.state == S::InSession, || Refusal::conflict("councils.not-in-session"))?;
    Ok(item)
}

/// An item of a sitting in session that may go there.
fn item(s: &Sitting, id: Id, to: ItemState) -> Result<&Item, Refusal> {
    let item = item_in(s, id)?;
    ensure(s.put_motion().is_none_or(|m| m.item != id), || Refusal::conflict("councils.vote-open"))?;
    let refusal = match (item.state, to) {
        // Said by itself, since it is what people try: a vote is never held again.
        (ItemState::Decided, ItemState::Voting | ItemState::Debating) => "councils.never-reopens",
        (ItemState::Voting, _) => "councils.vote-open",
        _ => "councils.item-not-now",
    };
    ensure(item_goes(item.state, to), || Refusal::conflict(refusal))?;
    Ok(item)
}

/// The last day on which notice is early enough, when that day is over already.
#[must_use]
pub fn short_notice(rule: &Rule, starts: Time, now: Time) -> Option<NaiveDate> {
    let last = latest_notice_before(local_date(starts), rule.notice_days)?;
    (local_date(now) > last).then_some(last)
}

fn times(new: &NewSitting, now: Time) -> Result<(), Refusal> {
    ensure(new.starts > now, || Refusal::invalid("starts", "councils.past"))?;
    ensure(new.ends > new.starts, || Refusal::invalid("ends", "councils.turned"))?;
    ensure(new.ends - new.starts <= Duration::days(1), || Refusal::invalid("ends", "councils.too-long"))
}

/// Checks time, venue and means of joining of a new sitting; gives the last two.
///
/// # Errors
/// Which field is wrong.
pub(crate) fn check_plan(new: &NewSitting, now: Time) -> Result<(String, Option<String>), Refusal> {
    times(new, now)?;
    attendance::venue(new)
}

pub(super) fn serving<'a>(facts: &Facts<'a>, member: Id, day: NaiveDate) -> Result<&'a Member, Refusal> {
    let found = facts.council.member(member).filter(|m| m.serves(day));
    found.ok_or(Refusal::invalid("member", "councils.no-member"))
}

/// Who takes part in a vote that opens now.
pub(super) struct Room {
    /// How many are entitled.
    pub(super) eligible: u64,
    /// How many of them are there.
    pub(super) attending: u64,
    /// The seats of those who are not in the room.
    pub(super) remote: Vec<Id>,
}

/// Whether enough who vote are there; the refusal says what is needed, there and missing.
pub(super) fn quorum(s: &Sitting, facts: &Facts<'_>, rule: &Rule) -> Result<Room, Refusal> {
    let voters = || s.voters(facts.council, delegates_allowed(facts.council, rule).is_some());
    let (have, all) = (voters().count() as u64, facts.council.eligible(s.day()));
    ensure(have > 0, || Refusal::conflict("councils.nobody"))?;
    if let Some(gap) = rule.attend.map(|share| share.gap(have, all)) {
        ensure(gap.met(), || {
            Refusal::conflict("councils.no-quorum")
                .with("need", gap.need)
                .with("all", all)
                .with("have", have)
                .with("missing", gap.missing)
        })?;
    }
    Ok(Room { eligible: all, attending: have, remote: attendance::remote(voters()) })
}

/// What an act gives.
///
/// # Errors
/// Why it cannot be done now, or which field is wrong.
#[expect(clippy::too_many_lines, reason = "one line or two per verb; splitting would hide the list")]
pub fn decide(s: &Sitting, act: Act, facts: &Facts<'_>) -> Result<Vec<E>, Refusal> {
    let plan = || ensure(s.state.is_plan(), || Refusal::conflict("councils.agenda-published"));
    let said = |text: &str| text::required("words", text, NOTE);
    let known = |id: Id| s.item(id).map(|i| i.id).ok_or(Refusal::missing("councils.no-item"));
    let one = match act {
        Act::Move(new) => {
            plan()?;
            let (venue, join) = check_plan(&new, facts.now)?;
            E::SittingMoved { venue, mode: new.mode, join, starts: new.starts, ends: new.ends }
        }
        Act::AddItem(new) => {
            plan()?;
            ensure(new.minutes <= MINUTES, || Refusal::invalid("minutes", "ui.not-valid"))?;
            ensure(new.matter.is_none() || facts.matter.is_some(), || {
                Refusal::invalid("matter", "councils.no-matter")
            })?;
            let twice = facts.matter.as_ref().is_some_and(|(m, _)| {
                facts.matter_elsewhere
                    || s.items.iter().any(|i| i.matter.as_ref().is_some_and(|n| n.id == m.id))
            });
            ensure(!twice, || Refusal::invalid("matter", "councils.matter-twice"))?;
            let given = new.title.unwrap_or_default();
            let title = match (&facts.matter, text::optional("title", &given, TITLE)?) {
                (_, Some(title)) => title,
                (Some((_, title)), None) => title.clone(),
                (None, None) => return Err(Refusal::invalid("title", "ui.empty")),
            };
            let matter = facts.matter.as_ref().map(|(m, _)| m.clone());
            new_line(s, facts.id, new.kind, title, new.minutes, matter)?
        }
        Act::Bring(_, item) => {
            plan()?;
            return motions::bring(s, facts, item);
        }
        Act::RemoveItem(id) => {
            plan()?;
            E::ItemRemoved { item: known(id)? }
        }
        Act::RaiseItem(id) => {
            plan()?;
            E::ItemRaised { item: known(id)? }
        }
        Act::Notice(urgent) => {
            go(s, S::Noticed)?;
            ensure(!s.items.is_empty(), || Refusal::conflict("councils.no-agenda"))?;
            ensure(facts.council.eligible(s.day()) > 0, || Refusal::conflict("councils.no-voters"))?;
            ensure(s.starts > facts.now, || Refusal::conflict("councils.past"))?;
            ensure(!facts.venue_taken, || Refusal::conflict("councils.venue-taken"))?;
            let rule = decision_rule(&facts.council.rule)?;
            let late = short_notice(rule, s.starts, facts.now);
            let urgent =
                text::optional("urgent", &urgent.unwrap_or_default(), NOTE)?.filter(|_| late.is_some());
            if let (Some(last), None) = (late, &urgent) {
                return Err(Refusal::invalid("urgent", "councils.short-notice")
                    .with("days", rule.notice_days)
                    .with("last", last));
            }
            E::SittingNoticed { urgent }
        }
        Act::Postpone(reason) => {
            go(s, S::Postponed)?;
            E::SittingPostponed { reason: said(&reason)? }
        }
        Act::Cancel(reason) => {
            go(s, S::Cancelled)?;
            E::SittingCancelled { reason: said(&reason)? }
        }
        Act::OpenSignIn => {
            go(s, S::SignIn)?;
            let day = local_date(facts.now);
            // The hall opens on the day itself; who is late by a day holds another sitting.
            ensure(day >= s.day(), || Refusal::conflict("councils.too-early").with("day", s.day()))?;
            let after = s.day().checked_add_days(Days::new(1)).is_some_and(|last| day <= last);
            ensure(after, || Refusal::conflict("councils.too-late"))?;
            E::SignInOpened
        }
        Act::Come(member, how) => attendance::come(s, facts, member, how)?,
        Act::ComeFor(member, how) => attendance::come_for(s, facts, member, how)?,
        Act::ComeGuest(person, capacity, how) => attendance::come_guest(s, facts, person, capacity, how)?,
        Act::Delegate(member, person) => attendance::delegate(s, facts, member, person)?,
        Act::DropDelegate(member) => attendance::drop_delegate(s, member)?,
        Act::Voice(item, member, said) => attendance::voice(s, item, member, said)?,
        Act::Leave(member) => {
            ensure(s.state.is_held(), not_now)?;
            ensure(s.is_present(member), || Refusal::conflict("councils.not-there"))?;
            E::MemberWent { member }
        }
        Act::Lapse => {
            go(s, S::Lapsed)?;
            let rule = decision_rule(&facts.council.rule)?;
            ensure(quorum(s, facts, rule).is_err(), || Refusal::conflict("councils.quorum-there"))?;
            E::SittingLapsed
        }
        Act::Begin => {
            go(s, S::InSession)?;
            ensure(s.state == S::SignIn, not_now)?;
            quorum(s, facts, decision_rule(&facts.council.rule)?)?;
            E::SittingBegun
        }
        Act::Pause => {
            go(s, S::Recess)?;
            ensure(!s.vote_open(), || Refusal::conflict("councils.vote-open"))?;
            E::SittingPaused
        }
        Act::Resume => {
            ensure(s.state == S::Recess, not_now)?;
            E::SittingResumed
        }
        Act::Close => {
            go(s, S::Closed)?;
            ensure(!s.vote_open(), || Refusal::conflict("councils.vote-open"))?;
            ensure(facts.open_questions == 0, || {
                Refusal::conflict("councils.questions-open").with("n", facts.open_questions)
            })?;
            E::SittingClosed
        }
        Act::Call(id) => {
            item(s, id, ItemState::Debating)?;
            ensure(s.current().is_none(), || Refusal::conflict("councils.one-at-a-time"))?;
            E::ItemCalled { item: id }
        }
        Act::AskToSpeak(item, member, side) => floor::ask(s, facts, item, member, side)?,
        Act::DropSpeech(speech) => floor::give_up(s, speech)?,
        Act::GiveWord(item) => return floor::give(s, item),
        Act::EndSpeech => return floor::end(s),
        Act::LimitSpeech(item, minutes) => floor::limit(s, item, minutes)?,
        Act::OpenVote(id, motion, rule) => {
            let found = item(s, id, ItemState::Voting)?;
            // Only what the notice announced as a decision is voted on (北京 35, 杭州 19).
            ensure(found.kind == ItemKind::Decide, || Refusal::conflict("councils.not-to-decide"))?;
            let moved = s.motions.iter().any(|m| m.item == id && m.state.is_live());
            ensure(!moved, || Refusal::conflict("councils.motions-open"))?;
            let rule = decision_rule(rule.as_deref().unwrap_or(&facts.council.rule))?;
            let motion = text::required("motion", &motion, MOTION)?;
            let Room { eligible, attending, remote } = quorum(s, facts, rule)?;
            E::VoteOpened { item: id, motion, rule: Pinned::of(rule), eligible, attending, remote }
        }
        Act::Count(id, first, second) => counted(s, facts, id, &first, &second)?,
        Act::Motion(act) => motions::decide(s, act, facts)?,
        Act::Conclude(id, words) => {
            let found = item(s, id, ItemState::Decided)?;
            ensure(found.state != ItemState::Voting, || Refusal::conflict("councils.vote-open"))?;
            ensure(found.kind != ItemKind::Decide, || Refusal::conflict("councils.needs-vote"))?;
            E::ItemConcluded { item: id, words: said(&words)? }
        }
        Act::Table(id, words) => {
            item(s, id, ItemState::Tabled)?;
            E::ItemTabled { item: id, words: said(&words)? }
        }
        Act::Refer(id, words) => {
            item(s, id, ItemState::Referred)?;
            E::ItemReferred { item: id, words: said(&words)? }
        }
        Act::Poll(id, poll) => {
            item(s, id, ItemState::Referred)?;
            E::ItemPolled { item: id, poll }
        }
        Act::Withdraw(id, words) => {
            item(s, id, ItemState::Withdrawn)?;
            E::ItemWithdrawn { item: id, words: said(&words)? }
        }
        Act::Draft(_) => {
            go(s, S::MinutesDraft)?;
            E::MinutesDrafted { text: kept(facts)? }
        }
        Act::Edit(_) => {
            ensure(s.state == S::MinutesDraft, not_now)?;
            E::MinutesEdited { text: kept(facts)? }
        }
        Act::Correct(_, reason) => {
            ensure(matches!(s.state, S::MinutesSigned | S::Published), not_now)?;
            E::MinutesCorrected { text: kept(facts)?, reason: said(&reason)? }
        }
        Act::Sign => {
            let person = facts.person.ok_or(Refusal::forbidden("councils.not-member"))?;
            let seat =
                facts.council.seat_of(person, s.day()).ok_or(Refusal::forbidden("councils.not-member"))?;
            signed(s, facts, seat, None)?
        }
        Act::SignOnPaper(seat, photo) => {
            let seat = facts.council.member(seat).filter(|m| m.serves(s.day()));
            let seat = seat.ok_or(Refusal::invalid("signers", "councils.not-member"))?;
            signed(s, facts, seat, Some(photo))
                .map_err(|r| if r.field.is_none() { Refusal::invalid("signers", r.code) } else { r })?
        }
        Act::Publish => {
            go(s, S::Published)?;
            E::MinutesPublished
        }
    };
    Ok(vec![one])
}

/// A new line of the agenda.
pub(super) fn new_line(
    s: &Sitting,
    id: Id,
    kind: ItemKind,
    title: String,
    minutes: u32,
    matter: Option<MatterRef>,
) -> Result<E, Refusal> {
    ensure(s.items.len() < ITEMS, || Refusal::conflict("councils.agenda-full"))?;
    Ok(E::ItemAdded(Box::new(Item {
        id,
        kind,
        title,
        minutes,
        matter,
        state: ItemState::Scheduled,
        ballot: None,
        words: None,
        poll: None,
        speech_minutes: None,
    })))
}

fn kept(facts: &Facts<'_>) -> Result<Words, Refusal> {
    facts.words.clone().ok_or(Refusal::invalid("text", "ui.empty"))
}

/// Double entry: two tellers, both in the room, and the same hands; then the voices of those who were called.
fn counted(s: &Sitting, facts: &Facts<'_>, id: Id, a: &TellerCount, b: &TellerCount) -> Result<E, Refusal> {
    s.item(id).ok_or(Refusal::missing("councils.no-item"))?;
    ensure(s.state == S::InSession, || Refusal::conflict("councils.not-in-session"))?;
    let ballot = attendance::open_ballot(s, id).ok_or(Refusal::conflict("councils.no-vote"))?;
    for (field, teller) in [("first", a), ("second", b)] {
        serving(facts, teller.teller, s.day()).map_err(|_| Refusal::invalid(field, "councils.no-member"))?;
        ensure(attendance::counts_hands(s, teller.teller), || {
            Refusal::invalid(field, "councils.teller-away")
        })?;
    }
    ensure(a.teller != b.teller, || Refusal::invalid("second", "councils.one-teller"))?;
    // Hands are in the room; whoever is elsewhere has a voice, not a hand.
    let hands = ballot.in_room();
    for votes in [a.votes, b.votes] {
        let room = Count { attending: hands, ..ballot.count(votes) };
        meeting::count(&ballot.rule.rule, &room).map_err(|fault| match fault.why {
            Why::MoreThan { sum, most, .. } => {
                Refusal::invalid("first", "councils.too-many-hands").with("sum", sum).with("most", most)
            }
            _ => Refusal::invalid("first", "ui.not-valid"),
        })?;
    }
    ensure(a.votes == b.votes, || {
        let all = |t: &TellerCount| format!("{}/{}/{}", t.votes.yes, t.votes.no, t.votes.abstain);
        Refusal::conflict("councils.counts-differ").with("first", all(a)).with("second", all(b))
    })?;
    let missing = ballot.remote.len() - ballot.voices.len();
    ensure(missing == 0, || Refusal::conflict("councils.voices-missing").with("n", missing))?;
    let votes = ballot.with_voices(a.votes);
    let outcome = meeting::count(&ballot.rule.rule, &ballot.count(votes))
        .map_err(|_| Refusal::invalid("first", "ui.not-valid"))?;
    let (tellers, verdict) = ((a.teller, b.teller), outcome.verdict);
    Ok(match s.put_motion().filter(|m| m.item == id) {
        Some(motion) => E::MotionCounted { motion: motion.id, tellers, votes, verdict },
        None => E::VoteCounted { item: id, tellers, votes, verdict },
    })
}

/// Two different people sign, one of them chair or secretary; who signs presides or was there.
fn signed(s: &Sitting, facts: &Facts<'_>, seat: &Member, paper: Option<Id>) -> Result<E, Refusal> {
    let minutes = s.to_sign().ok_or_else(not_now)?;
    let person = seat.person;
    let presides = |member| facts.council.presides(member);
    ensure(presides(seat.id) || s.attendance.iter().any(|a| a.person == person), || {
        Refusal::forbidden("councils.was-not-there")
    })?;
    ensure(minutes.signed.iter().all(|g| g.person != person), || {
        Refusal::conflict("councils.signed-already")
    })?;
    let one_presides =
        presides(seat.id) || minutes.signed.is_empty() || minutes.signed.iter().any(|g| presides(g.member));
    ensure(one_presides, || Refusal::forbidden("councils.chair-signs"))?;
    Ok(E::MinutesSigned { member: seat.id, person, capacity: seat.capacity, paper })
}
