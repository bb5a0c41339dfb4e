//! Rounds: who stands in the next one, by which rule, and what follows from a count.

use super::days::{Terms, within};
use crate::model::{
    Elected, Election, ElectionEvent as E, ElectionState as S, Round, RoundCount, RoundKind, RoundOutcome,
};
use chrono::NaiveDate;
use kernel::{Id, Refusal, calendar::Calendar, time::local_date};

/// The last round that gave a result.
fn counted(e: &Election) -> Option<(&Round, &RoundCount)> {
    e.rounds.iter().rev().filter(|r| !r.set_aside).find_map(|r| {
        let count = r.count.as_ref().filter(|c| c.void.is_none())?;
        Some((r, count))
    })
}

/// The round that came to nothing and is held once more.
fn again(e: &Election) -> Option<&Round> {
    match e.state {
        S::InvalidTurnout | S::InvalidOverflow => e.rounds.last(),
        // Of those set aside one after another the first is where the way went wrong.
        S::SetAside => e.rounds.iter().rev().take_while(|r| r.set_aside).last(),
        _ => None,
    }
}

fn stands(e: &Election, id: Id) -> bool {
    e.nominee(id).is_some_and(|n| n.stands()) && !e.is_elected(id) && !beside_kin(e, id)
}

/// Whether somebody may not sit because a near relative is elected already (居委会组织法 8, 村委会组织法 8). What is elected by a
/// charter has no such bar.
fn beside_kin(e: &Election, id: Id) -> bool {
    let elected = e.elected.iter().filter_map(|x| x.nominee);
    e.mode.is_lawful() && elected.into_iter().any(|other| e.are_kin(id, other))
}

/// Who yields of those with enough votes: of near relatives the one with fewer votes; both when they have as many, because
/// nothing is drawn and no name comes first: they stand again in the further election.
fn yielding(e: &Election, elected: &[Elected]) -> Vec<Id> {
    if !e.mode.is_lawful() {
        return Vec::new();
    }
    let mut order: Vec<(Id, u64)> = elected.iter().filter_map(|x| Some((x.nominee?, x.votes))).collect();
    order.sort_by_key(|(_, votes)| std::cmp::Reverse(*votes));
    let (mut kept, mut out): (Vec<(Id, u64)>, Vec<Id>) = (Vec::new(), Vec::new());
    for (id, votes) in &order {
        let above = kept.iter().any(|(other, more)| more > votes && e.are_kin(*id, *other));
        let level = order.iter().any(|(other, same)| same == votes && e.are_kin(*id, *other));
        if above || level || beside_kin(e, *id) {
            out.push(*id);
        } else {
            kept.push((*id, *votes));
        }
    }
    out
}

/// The kind of round that may be called now: the same once more, a vote among the tied, a further election.
#[must_use]
pub fn next_round(e: &Election) -> Option<RoundKind> {
    match e.state {
        S::Tie => {
            let tied = counted(e).map_or(0, |(_, c)| c.tied.iter().filter(|id| stands(e, **id)).count());
            Some(if tied > e.seats_left() as usize { RoundKind::Tie } else { RoundKind::Runoff })
        }
        S::Short => Some(RoundKind::Runoff),
        _ => again(e).map(|r| r.kind),
    }
}

/// Who stands in the next round: all candidates; the tied; or those who stand next, one more than seats.
#[must_use]
pub fn candidates(e: &Election, kind: RoundKind) -> Vec<Id> {
    if let Some(last) = again(e) {
        return last.candidates.iter().copied().filter(|id| stands(e, *id)).collect();
    }
    let from: Vec<Id> = match (kind, counted(e)) {
        (RoundKind::Tie, Some((_, count))) => count.tied.clone(),
        (RoundKind::Runoff, Some((_, count))) => count.tied.iter().chain(&count.next).copied().collect(),
        _ => e.lot.iter().flat_map(|l| l.order.iter().map(|(id, _)| *id)).collect(),
    };
    let most = if kind == RoundKind::Runoff { e.seats_left() as usize + 1 } else { usize::MAX };
    from.into_iter().filter(|id| stands(e, *id)).take(most).collect()
}

/// The code of the rule of the next round. The tied are voted on by the rule under which they tied.
#[must_use]
pub fn rule_code(e: &Election, kind: RoundKind) -> String {
    match (kind, counted(e)) {
        (RoundKind::Tie, Some((round, _))) => round.rule.clone(),
        (RoundKind::Runoff, _) => e.mode.runoff().to_owned(),
        _ => e.mode.rule().to_owned(),
    }
}

/// The last day of the further election: thirty days after the round that left seats empty.
#[must_use]
pub fn runoff_until(e: &Election, calendar: &Calendar) -> Option<NaiveDate> {
    let counts = |r: &&Round| !r.set_aside && r.count.as_ref().is_some_and(|c| c.void.is_none());
    let last = e.rounds.iter().rev().filter(counts).find(|r| r.kind != RoundKind::Runoff)?;
    Some(within(local_date(last.opens), Terms::of_election(e).runoff, calendar))
}

/// What follows when nothing waits: all seats taken, equal votes for what is left, or empty seats.
pub(super) fn settle(left: u32, tied: usize) -> S {
    if left == 0 {
        S::Declared
    } else if tied > left as usize {
        S::Tie
    } else {
        S::Short
    }
}

/// What a certified count gives. Only who stands is elected: whoever was barred or withdrew leaves the seat empty; a name on no
/// list waits for a decision.
pub(super) fn ended(e: &Election, poll: Id, out: &RoundOutcome) -> Result<Vec<E>, Refusal> {
    let not_now = || Refusal::conflict("elections.not-now");
    let round = e.round().filter(|r| r.poll == poll && r.count.is_none()).ok_or_else(not_now)?;
    let mut events = match e.state {
        S::CandidatesPublished | S::MeetingVoters | S::TieVote | S::Runoff => {
            vec![E::PollingBegan, E::PollingEnded]
        }
        S::Polling => vec![E::PollingEnded],
        S::Counting => vec![],
        _ => return Err(not_now()),
    };
    let listed = |name: &String| {
        let n = e.labelled(name).filter(|n| n.stands() && !e.is_elected(n.id))?;
        (round.kind != RoundKind::Tie || round.candidates.contains(&n.id)).then_some(n.id)
    };
    let votes = |name: &String| out.votes.iter().find(|(n, _)| n == name).map_or(0, |(_, v)| *v);
    let mut count = RoundCount {
        registered: out.registered,
        took_part: out.took_part,
        ballots: out.ballots,
        invalid: out.invalid,
        blank: out.blank,
        need: out.need,
        votes: out.votes.clone(),
        void: out.void.clone(),
        pending: Vec::new(),
        yielded: Vec::new(),
        tied: Vec::new(),
        next: Vec::new(),
    };
    let mut elected = Vec::new();
    let mut to = None;
    if let Some(void) = &out.void {
        to = Some(if void == "turnout" { S::InvalidTurnout } else { S::InvalidOverflow });
    } else {
        for name in out.chosen.iter().take(e.seats_left() as usize) {
            match listed(name) {
                Some(id) => {
                    let (name, votes) = (name.clone(), votes(name));
                    elected.push(Elected { nominee: Some(id), name, votes, round: round.id });
                }
                None if e.labelled(name).is_none() && round.kind != RoundKind::Tie => {
                    count.pending.push(name.clone());
                }
                None => {}
            }
        }
        count.yielded = yielding(e, &elected);
        elected.retain(|x| x.nominee.is_none_or(|id| !count.yielded.contains(&id)));
        // Whoever has a near relative among those who are elected does not stand for what is left.
        let sits = |id: &Id| {
            let now = elected.iter().filter_map(|x| x.nominee);
            e.mode.is_lawful() && (beside_kin(e, *id) || now.into_iter().any(|other| e.are_kin(*id, other)))
        };
        let left = e.seats_left().saturating_sub(u32::try_from(elected.len()).unwrap_or(u32::MAX));
        count.tied = out.tied.iter().filter_map(listed).filter(|id| !sits(id)).collect();
        if count.tied.len() <= left as usize {
            // Not more of them are left than seats: they stand first in the further election.
            count.next = std::mem::take(&mut count.tied);
        }
        let further = out.next.iter().filter_map(listed).collect::<Vec<_>>();
        count.next.extend(count.yielded.iter().copied().filter(|id| !sits(id)));
        count.next.extend(further);
        count.next.retain(|id| !sits(id));
        count.next.retain(|id| !elected.iter().any(|e| e.nominee == Some(*id)));
        // Where the count names nobody, those with votes stand next, most first.
        if count.next.is_empty() && count.tied.is_empty() {
            let some = out.votes.iter().filter(|(_, v)| *v > 0);
            count.next = some
                .filter_map(|(n, _)| listed(n))
                .filter(|id| !elected.iter().any(|e| e.nominee == Some(*id)) && !sits(id))
                .collect();
        }
        if count.pending.is_empty() {
            to = Some(settle(left, count.tied.len()));
        }
    }
    events.push(E::RoundCounted { round: round.id, count: Box::new(count), elected });
    events.extend(to.map(|to| E::RoundSettled { to }));
    Ok(events)
}

/// A round that is called, with its days.
pub(super) fn called(
    e: &Election,
    kind: RoundKind,
    candidates: Vec<Id>,
    new: crate::model::NewRound,
    today: NaiveDate,
    calendar: &Calendar,
) -> Result<E, Refusal> {
    if candidates.is_empty() || (kind == RoundKind::Tie && candidates.len() < 2) {
        return Err(Refusal::conflict("elections.nobody-next"));
    }
    let day = local_date(new.opens);
    if day < today {
        return Err(Refusal::invalid("opens", "elections.past"));
    }
    let mut late = None;
    if kind == RoundKind::Runoff
        && let Some(until) = runoff_until(e, calendar).filter(|until| day > *until)
    {
        late = kernel::text::optional("late", new.late.as_deref().unwrap_or_default(), kernel::text::NOTE)?;
        if late.is_none() {
            return Err(Refusal::invalid("late", "elections.runoff-late")
                .with("last", until)
                .with("law", super::Step::Runoff.law(e.mode)));
        }
    }
    Ok(E::RoundCalled {
        id: new.id,
        kind,
        poll: new.poll,
        seats: e.seats_left(),
        candidates,
        rule: rule_code(e, kind),
        opens: new.opens,
        closes: new.closes,
        late,
    })
}

/// The round once more, or the one that follows.
pub(super) fn call(
    e: &Election,
    new: crate::model::NewRound,
    today: NaiveDate,
    calendar: &Calendar,
) -> Result<Vec<E>, Refusal> {
    let kind = next_round(e).ok_or(Refusal::conflict("elections.not-now"))?;
    // Candidates are on show again before all seats are voted on again.
    let days = Terms::of_election(e).candidates;
    if kind == RoundKind::Main && super::days::before(local_date(new.opens), days) < today {
        return Err(Refusal::invalid("opens", "elections.too-soon")
            .with("days", days)
            .with("law", super::Step::Candidates.law(e.mode)));
    }
    Ok(vec![called(e, kind, candidates(e, kind), new, today, calendar)?])
}
