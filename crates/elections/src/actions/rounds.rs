//! Writers of rounds: each is a secret poll, and its result comes back.

use super::{Ground, act, load, record, step};
use crate::{
    model::{
        Act, Election, ElectionEvent, ElectionState, NewRound, RollLine, RoundKind, RoundOutcome, Warning,
    },
    queries, rules, t,
};
use kernel::{
    Actor, Id, Refusal, Time,
    calendar::Calendar,
    text::{self, NOTE},
};
use polls::{
    Bridge, Poll,
    model::{GoalKind, NewPoll, Origin, PollState, Posted, Shape, Trust},
    rules::{Line, Own},
};
use store::{Fault, Tx};
use tally::{
    Area,
    owners::{Kind, State},
};
use ui::Lang;

/// The kind of origin by which a poll names its election.
pub const ORIGIN: &str = "election";

/// What stands in the record and on polls is in the language of the record.
const RECORD: Lang = Lang::ZhHans;

/// The times of a round.
#[derive(Clone, Debug)]
pub struct Times {
    /// From when ballots are taken.
    pub opens: Time,
    /// Until before when.
    pub closes: Time,
    /// Why it comes later than the law asks.
    pub late: Option<String>,
}

/// Publishes the candidates in an order drawn by lot, and calls the main round with its secret poll.
///
/// # Errors
/// Refusals of the rules, of this room and of polls.
#[expect(clippy::too_many_arguments, reason = "what a published list is made of")]
pub async fn publish_candidates(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    id: Id,
    reasons: Vec<(Warning, String)>,
    times: Times,
    posted: Option<Posted>,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    let e = load(tx, actor.street, id).await?;
    let drawn: [u8; 16] = tx.random()?;
    let seed: String = drawn.iter().map(|b| format!("{b:02x}")).collect();
    let act = |new| Act::PublishCandidates(reasons, new, posted);
    round(tx, bridge, actor, e, RoundKind::Main, times, &seed, act, calendar).await
}

/// Calls the next round: the same once more, a vote among the tied, a further election.
///
/// # Errors
/// Refusals of the rules, of this room and of polls.
pub async fn call_round(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    id: Id,
    times: Times,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    let e = load(tx, actor.street, id).await?;
    let kind = rules::next_round(&e).ok_or(Refusal::conflict("elections.not-now"))?;
    round(tx, bridge, actor, e, kind, times, "", Act::Call, calendar).await
}

#[expect(clippy::too_many_arguments, reason = "one caller each for the two ways to a round")]
async fn round(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    e: Election,
    kind: RoundKind,
    times: Times,
    seed: &str,
    act: impl FnOnce(NewRound) -> Act,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    let (opens, closes) = (times.opens, times.closes);
    let new = NewRound { id: tx.new_id()?, poll: e.id, opens, closes, late: times.late };
    let act = act(new);
    let ground = Ground::of(tx, &e, &act).await?;
    let facts = ground.facts(tx, actor, calendar, seed)?;
    // The rules speak first: a poll is made for a round that is right.
    let mut events = rules::decide(&e, act, &facts)?;
    let mut order = e.lot.as_ref().map(|l| l.order.clone()).unwrap_or_default();
    if let Some(ElectionEvent::CandidatesPublished { order: drawn, .. }) = events.first() {
        order.clone_from(drawn);
    }
    for event in &mut events {
        let ElectionEvent::RoundCalled { id, poll, candidates, rule, seats, .. } = event else { continue };
        let label = |c: &Id| order.iter().find(|(o, _)| o == c).map(|(_, l)| l.clone());
        let options = candidates.iter().filter_map(label).collect();
        let persons = candidates.iter().filter_map(|c| e.nominee(*c)).map(|n| n.person).collect();
        let who = (options, persons);
        *poll = poll_of(tx, bridge, actor, &e, kind, *id, who, rule, *seats, (opens, closes)).await?;
    }
    record(tx, actor, e, events).await
}

/// Makes the secret poll of a round: drafted, its rule pinned, the election's roll frozen, noticed.
#[expect(clippy::too_many_arguments, reason = "what a poll is made of")]
async fn poll_of(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    e: &Election,
    kind: RoundKind,
    round: Id,
    (options, candidates): (Vec<String>, Vec<Id>),
    rule: &str,
    seats: u32,
    (opens, closes): (Time, Time),
) -> Result<Id, Fault> {
    let (title, post) = (e.title.clone(), e.post.clone());
    let names = options.join("、");
    let title = match kind {
        RoundKind::Main => title,
        RoundKind::Tie => t!(RECORD, "poll-title-tie", title = title),
        RoundKind::Runoff => t!(RECORD, "poll-title-runoff", title = title),
    };
    let new = NewPoll {
        place: e.place.clone(),
        title: title.chars().take(text::TITLE).collect(),
        text: t!(RECORD, "poll-text", post = post, seats = seats, names = names),
        shape: Shape::Election { seats },
        secret: true,
        trust: Trust::Grouped,
        options,
        candidates,
        origin: Some(Origin {
            kind: ORIGIN.to_owned(),
            id: e.id,
            part: Some(round),
            link: format!("/elections/{}", e.id),
        }),
    };
    let keys = tx.keys().clone();
    let lines: Vec<Line> = queries::roll(tx, &keys, e).await?.into_iter().map(line).collect();
    let poll = polls::actions::draft(tx, actor, new).await?.id;
    let pin = polls::rules::Act::Rule(rule.to_owned(), Own::default());
    polls::actions::act(tx, bridge, actor, poll, pin).await?;
    polls::actions::freeze(tx, bridge, actor, poll, &lines).await?;
    // The days of notice ran from the publication of the roll, not from the notice of the poll.
    let law = rules::Step::Roll.law(e.mode);
    let on = e.roll_day().ok_or(Refusal::conflict("elections.not-now"))?;
    let board = match e.rolls.first().and_then(|r| r.posted.as_ref()) {
        Some(posted) => posted.board.clone(),
        None => t!(RECORD, "poll-notice-board", law = law),
    };
    let hung = Posted { on, board, photo: None, roll_on: Some(on) };
    let notice = polls::rules::Act::Posted(opens, closes, hung);
    polls::actions::act(tx, bridge, actor, poll, notice).await?;
    Ok(poll)
}

/// A line as polls take it.
pub(super) fn line(l: RollLine) -> Line {
    Line {
        unit: l.unit,
        name: l.name,
        paper: None,
        phone: l.phone,
        person: None,
        area: Area::ZERO,
        state: State::Delivered,
        kind: Kind::Exclusive,
    }
}

/// Cancels an election. A round that runs is ended first, without a count.
///
/// # Errors
/// Refusals of the rules, of this room and of polls.
pub async fn cancel(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    id: Id,
    why: &str,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    let why = text::required("why", why, NOTE)?;
    let e = load(tx, actor.street, id).await?;
    if let Some(round) = e.round().filter(|r| e.state.is_running() && r.count.is_none()) {
        let void = polls::rules::Act::Void(why.clone());
        polls::actions::act(tx, bridge, actor, round.poll, void).await?;
    }
    act(tx, actor, id, Act::Cancel(why), calendar).await
}

/// What the bridge of polls calls when a round's poll ended: published, ended without a count, or set aside.
///
/// # Errors
/// `elections.later-round` when a round that others followed would be set aside; what the database says.
pub async fn round_ended(tx: &mut Tx, actor: &Actor, poll: &Poll) -> Result<(), Fault> {
    let Some(origin) = poll.origin.as_ref().filter(|o| o.kind == ORIGIN) else { return Ok(()) };
    // A poll may have taken its name from an election without being its round.
    let Some(e) = tx.load::<Election>(poll.street, origin.id).await? else { return Ok(()) };
    if !e.rounds.iter().any(|r| r.poll == poll.id) {
        return Ok(());
    }
    let act = match poll.state {
        PollState::Published => match &poll.count {
            Some(count) => Act::Ended(poll.id, Box::new(outcome(&count.outcome))),
            None => return Err(Fault::other("a published poll without a count")),
        },
        PollState::Void | PollState::Annulled => {
            Act::SetAside(poll.id, poll.reason.clone().unwrap_or_default())
        }
        _ => return Ok(()),
    };
    step(tx, actor, e, act, &Calendar::shipped()).await?;
    Ok(())
}

fn outcome(o: &polls::model::Outcome) -> RoundOutcome {
    let need = o.goals.iter().find(|g| g.kind == GoalKind::Elect).map_or(0, |g| g.gap.need);
    RoundOutcome {
        registered: o.total.heads,
        took_part: o.part.heads,
        ballots: o.ballots,
        invalid: o.invalid,
        blank: o.blank,
        need,
        votes: o.votes.iter().map(|v| (v.name.clone(), v.votes)).collect(),
        void: o.void.clone(),
        chosen: o.chosen.clone(),
        tied: o.tied.clone(),
        next: o.next.clone(),
    }
}

/// What the clock does with an election: it says whether the round's poll takes ballots. Returns whether it moved.
///
/// # Errors
/// What the database says.
pub async fn tick(tx: &mut Tx, street: Id, id: Id) -> Result<bool, Fault> {
    let e = load(tx, street, id).await?;
    if e.next_at().is_none_or(|at| at > tx.now) {
        return Ok(false);
    }
    let Some(round) = e.round() else { return Ok(false) };
    let poll = polls::queries::poll(tx, street, round.poll).await?;
    let polling = e.state == ElectionState::Polling;
    let acts: &[Act] = match poll.map(|p| p.state) {
        Some(PollState::Open) if !polling => &[Act::BeginPolling],
        Some(PollState::Closed | PollState::Counting | PollState::Certified) if polling => &[Act::EndPolling],
        Some(PollState::Closed | PollState::Counting | PollState::Certified) => {
            &[Act::BeginPolling, Act::EndPolling]
        }
        _ => return Ok(false),
    };
    let mut e = e;
    for act in acts {
        e = step(tx, &Actor::system(street), e, act.clone(), &Calendar::shipped()).await?;
    }
    Ok(true)
}
