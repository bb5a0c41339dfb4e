//! Who comes, how, and for whom. Pure.

use super::{
    decide::{Facts, ensure, not_now, serving},
    decision_rule,
};
use crate::model::{
    Attendance, Ballot, Capacity, Council, How, ItemState, Mode, NewSitting, Say, Sitting, SittingEvent as E,
    SittingState as S, Standing, Voice,
};
use kernel::{
    Id, Refusal,
    text::{self, NOTE, TITLE},
};
use tally::{Rule, rule::ProxyKind};

/// Most guests of a sitting.
const GUESTS: usize = 500;

/// For how many members one may come at most under a rule, 0 being no limit; nothing when members of the body come
/// themselves. Where the rule says nothing of it, a body that no law names may let one come for one.
#[must_use]
pub fn delegates_allowed(council: &Council, rule: &Rule) -> Option<u32> {
    match rule.proxies.kind {
        ProxyKind::None => (council.delegates && !council.kind.by_law()).then_some(1),
        _ => Some(rule.proxies.most),
    }
}

/// How many who count are there (实到) by the body's own rule.
#[must_use]
pub fn attending(s: &Sitting, council: &Council) -> u64 {
    let delegates = decision_rule(&council.rule).is_ok_and(|r| delegates_allowed(council, r).is_some());
    s.voters(council, delegates).count() as u64
}

/// Checks where and how a sitting is held: the venue, and the means of joining.
pub(super) fn venue(new: &NewSitting) -> Result<(String, Option<String>), Refusal> {
    let venue = text::optional("venue", &new.venue, TITLE)?;
    let join = text::optional("join", &new.join, NOTE)?.filter(|_| !new.mode.is_onsite());
    ensure(venue.is_some() || new.mode == Mode::Online, || Refusal::invalid("venue", "ui.empty"))?;
    ensure(join.is_some() || new.mode.is_onsite(), || Refusal::invalid("join", "councils.no-join"))?;
    Ok((venue.unwrap_or_default(), join))
}

fn held(s: &Sitting) -> Result<(), Refusal> {
    ensure(s.state.is_held(), not_now)
}

/// Whether one may come in this way: only what the notice announced.
fn way(s: &Sitting, how: How) -> Result<(), Refusal> {
    ensure(!how.remote() || !s.mode.is_onsite(), || Refusal::conflict("councils.not-remote"))
}

/// A member comes.
pub(super) fn come(s: &Sitting, facts: &Facts<'_>, member: Id, how: How) -> Result<E, Refusal> {
    held(s)?;
    let m = serving(facts, member, s.day())?;
    let other = s.present().find(|a| a.member == member);
    ensure(other.is_none(), || match other.map(|a| a.standing) {
        Some(Standing::Delegate) => Refusal::conflict("councils.delegate-there"),
        _ => Refusal::conflict("councils.there-already"),
    })?;
    ensure(how != How::Code || facts.person == Some(m.person), || Refusal::forbidden("councils.not-member"))?;
    way(s, how)?;
    let (person, capacity, votes) = (m.person, m.capacity, m.votes);
    Ok(E::MemberCame { member, person, capacity, votes, how, standing: Standing::Member })
}

/// Whoever was named comes for a member.
pub(super) fn come_for(s: &Sitting, facts: &Facts<'_>, member: Id, how: How) -> Result<E, Refusal> {
    held(s)?;
    let m = serving(facts, member, s.day())?;
    let d = s.delegate_of(member).ok_or(Refusal::conflict("councils.no-delegate"))?;
    ensure(!s.is_present(member), || Refusal::conflict("councils.there-already"))?;
    ensure(how != How::Code || facts.person == Some(d.person), || Refusal::forbidden("councils.not-member"))?;
    way(s, how)?;
    let (person, capacity, votes) = (d.person, m.capacity, m.votes);
    Ok(E::MemberCame { member, person, capacity, votes, how, standing: Standing::Delegate })
}

/// A guest comes: speaks, but neither counts nor votes.
pub(super) fn come_guest(
    s: &Sitting,
    facts: &Facts<'_>,
    person: Id,
    capacity: Capacity,
    how: How,
) -> Result<E, Refusal> {
    held(s)?;
    ensure(Capacity::GUESTS.contains(&capacity), || Refusal::invalid("as", "ui.not-valid"))?;
    ensure(facts.council.seat_of(person, s.day()).is_none(), || {
        Refusal::invalid("guest", "councils.guest-member")
    })?;
    ensure(s.comes_for(person).is_none(), || Refusal::invalid("guest", "councils.guest-delegate"))?;
    ensure(s.there(person).is_none(), || Refusal::conflict("councils.there-already"))?;
    let guests = s.attendance.iter().filter(|a| a.standing == Standing::Guest);
    // Who comes back is known again.
    let before = guests.clone().find(|a| a.person == person).map(|a| a.member);
    ensure(guests.count() < GUESTS, || Refusal::conflict("councils.guests-full"))?;
    way(s, how)?;
    let (member, standing) = (before.unwrap_or(facts.id), Standing::Guest);
    Ok(E::MemberCame { member, person, capacity, votes: false, how, standing })
}

/// Who comes in the place of a member: said before the sitting, where the body lets it be.
pub(super) fn delegate(s: &Sitting, facts: &Facts<'_>, member: Id, person: Id) -> Result<E, Refusal> {
    let m = serving(facts, member, s.day())?;
    ensure(matches!(s.state, S::Noticed | S::SignIn), || Refusal::conflict("councils.delegate-late"))?;
    let rule = decision_rule(&facts.council.rule)?;
    let most = delegates_allowed(facts.council, rule).ok_or(Refusal::conflict("councils.delegates-not"))?;
    ensure(!s.is_present(member), || Refusal::conflict("councils.there-already"))?;
    ensure(m.votes, || Refusal::invalid("delegate", "councils.voters-only"))?;
    ensure(m.person != person, || Refusal::invalid("delegate", "councils.delegate-self"))?;
    let sits = facts.council.seat_of(person, s.day());
    let fits = match (rule.proxies.kind, sits) {
        (ProxyKind::Voter, Some(seat)) => seat.votes && s.delegate_of(seat.id).is_none(),
        (ProxyKind::Voter, None) => false,
        // Who has a hand of their own does not raise a second one.
        (_, Some(_)) => false,
        (_, None) => true,
    };
    ensure(fits, || Refusal::invalid("delegate", "councils.delegate-sits"))?;
    let others = s.delegations.iter().filter(|d| d.person == person && d.member != member).count();
    ensure(most == 0 || others < most as usize, || {
        Refusal::invalid("delegate", "councils.delegate-taken").with("most", most)
    })?;
    ensure(s.delegate_of(member).is_none_or(|d| d.person != person), || {
        Refusal::conflict("councils.delegate-already")
    })?;
    ensure(s.there(person).is_none_or(|a| a.standing != Standing::Guest), || {
        Refusal::invalid("delegate", "councils.delegate-guest")
    })?;
    Ok(E::DelegateNamed { member, person })
}

/// Nobody comes in the place of a member any more: the member comes, or it was not in order.
pub(super) fn drop_delegate(s: &Sitting, member: Id) -> Result<E, Refusal> {
    ensure(s.delegate_of(member).is_some(), || Refusal::conflict("councils.no-delegate"))?;
    ensure(matches!(s.state, S::Noticed) || s.state.is_held(), not_now)?;
    ensure(!s.is_present(member), || Refusal::conflict("councils.delegate-there"))?;
    Ok(E::DelegateDropped { member })
}

/// The vote by hands that is open on an item, the motion's own first.
pub(super) fn open_ballot(s: &Sitting, item: Id) -> Option<&Ballot> {
    match s.put_motion().filter(|m| m.item == item) {
        Some(motion) => motion.ballot.as_ref(),
        None => s.item(item).filter(|i| i.state == ItemState::Voting)?.ballot.as_ref(),
    }
}

/// Somebody who is not in the room is called by name. Said again it counts as said last, until the hands are in.
pub(super) fn voice(s: &Sitting, item: Id, member: Id, said: Say) -> Result<E, Refusal> {
    ensure(s.state == S::InSession, || Refusal::conflict("councils.not-in-session"))?;
    let ballot = open_ballot(s, item).ok_or(Refusal::conflict("councils.no-vote"))?;
    ensure(ballot.remote.contains(&member), || Refusal::invalid("member", "councils.not-called"))?;
    Ok(E::VoiceHeard { item, voice: Voice { member, said } })
}

/// The seats of those who count and are not in the room.
pub(super) fn remote<'a>(voters: impl Iterator<Item = &'a Attendance>) -> Vec<Id> {
    voters.filter(|a| a.how.remote()).map(|a| a.member).collect()
}

/// Whether somebody may count hands: in the room, or anywhere when nobody is in a room.
pub(super) fn counts_hands(s: &Sitting, member: Id) -> bool {
    s.present().any(|a| a.member == member && (s.mode == Mode::Online || !a.how.remote()))
}
