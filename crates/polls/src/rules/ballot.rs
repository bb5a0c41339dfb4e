//! Whether a ballot is taken: the poll is open, the head is entitled, and a second ballot does what the rule says.

use crate::model::{DeliveryWay, Poll, PollState, Reached, Vote, Voter, VoterEvent};
use kernel::{Id, Refusal, Time, text};
use tally::events::{Answer, Way, again};

/// A ballot that is handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hand {
    /// What it says.
    pub vote: Vote,
    /// How it comes.
    pub way: Way,
    /// The head of the agent who votes for this one.
    pub agent: Option<u32>,
    /// Who watches an assisted one.
    pub witness: Option<String>,
}

/// Takes a ballot of a named poll, or says why not. `voter` is what is known of the head so far; `head` its number and area.
///
/// # Errors
/// `polls.not-open`, `polls.is-secret`, `polls.proxy-given` when somebody else votes for this head,
/// `polls.not-agent`, `polls.no-witness`, `polls.paper-prevails`, `polls.voted-already`, `polls.handed-on`.
pub fn take(
    poll: &Poll,
    voter: Option<&Voter>,
    head: (Id, u32, u64),
    hand: Hand,
    now: Time,
) -> Result<Vec<VoterEvent>, Refusal> {
    // What lay in the box when it closed is read afterwards.
    let paper = hand.way == Way::Paper && matches!(poll.state, PollState::Open | PollState::Closed);
    if !poll.takes(now) && !paper {
        return Err(Refusal::conflict("polls.not-open"));
    }
    if poll.secret {
        return Err(Refusal::conflict("polls.is-secret"));
    }
    let standing = voter.and_then(Voter::agent);
    match (standing, hand.agent) {
        (Some(_), None) if hand.way == Way::Online => return Err(Refusal::conflict("polls.proxy-given")),
        (None, Some(_)) => return Err(Refusal::forbidden("polls.not-agent")),
        (Some(agent), Some(given)) if agent != given => return Err(Refusal::forbidden("polls.not-agent")),
        _ => {}
    }
    let witness = match (hand.way, hand.witness.as_deref()) {
        (Way::Assisted, None) => return Err(Refusal::invalid("witness", "polls.no-witness")),
        (_, Some(name)) => Some(text::required("witness", name, 40)?),
        (_, None) => None,
    };
    if let Some(earlier) = voter.and_then(Voter::ballot) {
        let revote = poll.rule.as_ref().map(|p| p.rule.revote).unwrap_or(tally::rule::Revote::None);
        match again(revote, earlier.way, hand.way) {
            Answer::Replaced => {}
            Answer::PaperPrevails => return Err(Refusal::conflict("polls.paper-prevails")),
            _ => return Err(Refusal::conflict("polls.voted-already")),
        }
    }
    let mut events = touched(poll, voter, head);
    // Whoever returned a ballot was served, whatever the ledger says.
    let served = voter.and_then(Voter::reached) == Some(Reached::Served);
    if !served && hand.way != Way::Online {
        events.push(VoterEvent::HeadServed { way: DeliveryWay::Door, reached: Reached::Served, proof: None });
    }
    events.push(VoterEvent::BallotCast { vote: hand.vote.text(), way: hand.way, agent: hand.agent, witness });
    Ok(events)
}

/// The first event of a head, when nothing happened to it before.
#[must_use]
pub fn touched(poll: &Poll, voter: Option<&Voter>, head: (Id, u32, u64)) -> Vec<VoterEvent> {
    let (id, number, area) = head;
    match voter {
        Some(_) => Vec::new(),
        None => vec![VoterEvent::HeadTouched { id, poll: poll.id, head: number, area }],
    }
}

/// A booth code is void because it was lost; whether it was used already is asked of the codes that are left.
///
/// # Errors
/// `polls.not-secret`, `polls.not-open`; `polls.lost-already` while a new one waits to be given.
pub fn lose_code(
    poll: &Poll,
    voter: Option<&Voter>,
    head: (Id, u32, u64),
    why: &str,
    now: Time,
) -> Result<Vec<VoterEvent>, Refusal> {
    takes_codes(poll, now)?;
    if voter.and_then(Voter::waits_for_code).is_some() {
        return Err(Refusal::conflict("polls.lost-already"));
    }
    let why = text::required("lost", why, text::NOTE)?;
    let mut events = touched(poll, voter, head);
    events.push(VoterEvent::CodeLost { why });
    Ok(events)
}

/// A new code for one that was lost, by somebody else than who made the lost one void.
///
/// # Errors
/// `polls.not-secret`, `polls.not-open`; `polls.no-lost-code`; `polls.other-hand`.
pub fn reissue_code(
    poll: &Poll,
    voter: Option<&Voter>,
    by: Option<Id>,
    now: Time,
) -> Result<Vec<VoterEvent>, Refusal> {
    takes_codes(poll, now)?;
    let lost = voter.and_then(Voter::waits_for_code).ok_or(Refusal::conflict("polls.no-lost-code"))?;
    if by.is_none() || lost.by == by {
        return Err(Refusal::forbidden("polls.other-hand"));
    }
    Ok(vec![VoterEvent::CodeReissued])
}

/// Whether codes are handed out now.
///
/// # Errors
/// `polls.not-secret`, `polls.not-open`.
pub fn takes_codes(poll: &Poll, now: Time) -> Result<(), Refusal> {
    if !poll.secret {
        return Err(Refusal::conflict("polls.not-secret"));
    }
    if !poll.takes(now) {
        return Err(Refusal::conflict("polls.not-open"));
    }
    Ok(())
}
