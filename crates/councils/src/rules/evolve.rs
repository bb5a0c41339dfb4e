//! The state of a sitting after an event.

use crate::model::{
    Attendance, Ballot, Delegation, Item, ItemState, Minutes, Signature, Sitting, SittingEvent as E,
    SittingState as S, Speech,
};
use kernel::{Id, Time};

mod moved;

fn begin(event: &E, street: Id) -> Option<Sitting> {
    let E::SittingPlanned { id, council, place, number, venue, mode, join, starts, ends, occurrence } = event
    else {
        return None;
    };
    Some(Sitting {
        id: *id,
        street,
        council: *council,
        place: place.clone(),
        number: *number,
        state: S::Draft,
        venue: venue.clone(),
        mode: *mode,
        join: join.clone(),
        starts: *starts,
        ends: *ends,
        occurrence: *occurrence,
        urgent: None,
        reason: None,
        noticed_at: None,
        items: Vec::new(),
        delegations: Vec::new(),
        attendance: Vec::new(),
        speeches: Vec::new(),
        motions: Vec::new(),
        correction: None,
        earlier: Vec::new(),
        minutes: None,
        began_at: None,
        closed_at: None,
        published_at: None,
    })
}

fn item(s: &mut Sitting, id: Id, change: impl FnOnce(&mut Item)) {
    if let Some(item) = s.items.iter_mut().find(|i| i.id == id) {
        change(item);
    }
}

/// Who speaks has ended: something else comes now.
fn hush(s: &mut Sitting, at: Time) {
    for speech in s.speeches.iter_mut().filter(|o| o.now()) {
        speech.ended = Some(at);
    }
}

/// Nobody waits any more of whom this holds.
fn unqueue(s: &mut Sitting, such: impl Fn(&Speech) -> bool) {
    for speech in s.speeches.iter_mut().filter(|o| o.waits() && such(o)) {
        speech.dropped = true;
    }
}

fn ended(state: ItemState, words: &str) -> impl FnOnce(&mut Item) {
    move |i| {
        i.state = state;
        i.words = Some(words.to_owned());
    }
}

/// The state after an event.
#[must_use]
pub fn evolve(state: Option<Sitting>, event: &E, at: Time, street: Id) -> Option<Sitting> {
    let Some(mut s) = state else { return begin(event, street) };
    match event {
        E::ItemConcluded { item, .. }
        | E::ItemTabled { item, .. }
        | E::ItemReferred { item, .. }
        | E::ItemPolled { item, .. }
        | E::ItemWithdrawn { item, .. }
        | E::VoteOpened { item, .. } => {
            hush(&mut s, at);
            unqueue(&mut s, |o| o.item == *item);
            moved::fall(&mut s, |m| m.item == *item);
        }
        E::MotionPut { .. } => hush(&mut s, at),
        E::SittingPaused => hush(&mut s, at),
        E::SittingClosed => {
            hush(&mut s, at);
            unqueue(&mut s, |_| true);
            moved::fall(&mut s, |_| true);
        }
        _ => {}
    }
    match event {
        E::SittingPlanned { .. } => {}
        E::SittingMoved { venue, mode, join, starts, ends } => {
            s.venue.clone_from(venue);
            s.join.clone_from(join);
            s.mode = *mode;
            (s.starts, s.ends) = (*starts, *ends);
        }
        E::ItemAdded(item) => s.items.push((**item).clone()),
        E::ItemRemoved { item } => {
            s.items.retain(|i| i.id != *item);
            s.motions.retain(|m| m.item != *item);
        }
        E::ItemRaised { item } => {
            if let Some(n) = s.items.iter().position(|i| i.id == *item).filter(|n| *n > 0) {
                s.items.swap(n, n - 1);
            }
        }
        E::SittingNoticed { urgent } => {
            s.state = S::Noticed;
            s.urgent.clone_from(urgent);
            s.reason = None;
            s.noticed_at = Some(at);
        }
        E::SittingPostponed { reason } => {
            s.state = S::Postponed;
            // Who comes for whom was said of that day.
            s.delegations.clear();
            s.reason = Some(reason.clone());
        }
        E::SittingCancelled { reason } => {
            s.state = S::Cancelled;
            s.reason = Some(reason.clone());
        }
        E::SignInOpened => s.state = S::SignIn,
        E::MemberCame { member, person, capacity, votes, how, standing } => s.attendance.push(Attendance {
            member: *member,
            person: *person,
            capacity: *capacity,
            votes: *votes,
            how: *how,
            standing: *standing,
            came: at,
            left: None,
        }),
        E::MemberWent { member } => {
            for a in s.attendance.iter_mut().filter(|a| a.member == *member && a.left.is_none()) {
                a.left = Some(at);
            }
            if s.speaking().is_some_and(|o| o.member == *member) {
                hush(&mut s, at);
            }
            unqueue(&mut s, |o| o.member == *member);
        }
        E::DelegateNamed { member, person } => {
            s.delegations.retain(|d| d.member != *member);
            s.delegations.push(Delegation { member: *member, person: *person, at });
        }
        E::DelegateDropped { member } => s.delegations.retain(|d| d.member != *member),
        E::SittingLapsed => {
            s.state = S::Lapsed;
            // Who came this time is in the record; next time they sign in anew.
            s.attendance.clear();
            s.delegations.clear();
        }
        E::SittingBegun => {
            s.state = S::InSession;
            s.began_at = Some(at);
        }
        E::SittingPaused => s.state = S::Recess,
        E::SittingResumed => s.state = S::InSession,
        E::SittingClosed => {
            s.state = S::Closed;
            s.closed_at = Some(at);
            for i in
                s.items.iter_mut().filter(|i| matches!(i.state, ItemState::Scheduled | ItemState::Debating))
            {
                i.state = ItemState::Tabled;
            }
            for a in s.attendance.iter_mut().filter(|a| a.left.is_none()) {
                a.left = Some(at);
            }
        }
        E::ItemCalled { item: id } => item(&mut s, *id, |i| i.state = ItemState::Debating),
        E::SpeechAsked { id, item, member, person, capacity, side } => s.speeches.push(Speech {
            id: *id,
            item: *item,
            member: *member,
            person: *person,
            capacity: *capacity,
            side: *side,
            queued: at,
            began: None,
            ended: None,
            dropped: false,
        }),
        E::SpeechDropped { speech } => unqueue(&mut s, |o| o.id == *speech),
        E::SpeechBegun { speech } => {
            for o in s.speeches.iter_mut().filter(|o| o.id == *speech) {
                o.began = Some(at);
            }
        }
        E::SpeechEnded { speech } => {
            for o in s.speeches.iter_mut().filter(|o| o.id == *speech) {
                o.ended = Some(at);
            }
        }
        E::SpeechLimitSet { item: id, minutes } => {
            item(&mut s, *id, |i| i.speech_minutes = Some(*minutes));
        }
        E::VoiceHeard { item: id, voice } => moved::heard(&mut s, *id, *voice),
        E::VoteOpened { item: id, motion, rule, eligible, attending, remote } => item(&mut s, *id, |i| {
            i.state = ItemState::Voting;
            i.ballot = Some(Ballot::open(motion, rule, (*eligible, *attending), remote, at));
        }),
        E::VoteCounted { item: id, tellers, votes, verdict } => item(&mut s, *id, |i| {
            i.state = ItemState::Decided;
            if let Some(ballot) = &mut i.ballot {
                ballot.tellers = Some(*tellers);
                ballot.votes = Some(*votes);
                ballot.verdict = Some(*verdict);
            }
        }),
        E::MotionMoved { .. }
        | E::MotionSeconded { .. }
        | E::MotionReworded { .. }
        | E::MotionDistanced { .. }
        | E::MotionDebated { .. }
        | E::MotionPut { .. }
        | E::MotionCounted { .. }
        | E::MotionsMerged { .. }
        | E::MotionWithdrawn { .. }
        | E::MotionPostponed { .. }
        | E::MotionReferred { .. } => {
            moved::evolve(&mut s, event, at);
            let decided: Vec<Id> =
                s.items.iter().filter(|i| i.state == ItemState::Decided).map(|i| i.id).collect();
            unqueue(&mut s, |o| decided.contains(&o.item));
        }
        E::ItemConcluded { item: id, words } => item(&mut s, *id, ended(ItemState::Decided, words)),
        E::ItemTabled { item: id, words } => item(&mut s, *id, ended(ItemState::Tabled, words)),
        E::ItemReferred { item: id, words } => item(&mut s, *id, ended(ItemState::Referred, words)),
        E::ItemPolled { item: id, poll } => item(&mut s, *id, |i| {
            i.state = ItemState::Referred;
            i.poll = Some(poll.clone());
        }),
        E::ItemWithdrawn { item: id, words } => item(&mut s, *id, ended(ItemState::Withdrawn, words)),
        E::MinutesDrafted { text } | E::MinutesEdited { text } => {
            s.state = S::MinutesDraft;
            s.minutes = Some(Minutes { text: text.clone(), signed: Vec::new(), reason: None });
        }
        E::MinutesSigned { member, person, capacity, paper } => {
            let (member, person, capacity, paper) = (*member, *person, *capacity, *paper);
            let signature = Signature { member, person, capacity, paper, at };
            if s.state == S::MinutesDraft {
                if let Some(minutes) = &mut s.minutes {
                    minutes.signed.push(signature);
                    if minutes.signed.len() >= 2 {
                        s.state = S::MinutesSigned;
                    }
                }
            } else if let Some(mut correction) = s.correction.take() {
                correction.signed.push(signature);
                if correction.signed.len() >= 2 {
                    // What was signed before stays to be seen.
                    s.earlier.extend(s.minutes.replace(correction));
                } else {
                    s.correction = Some(correction);
                }
            }
        }
        E::MinutesCorrected { text, reason } => {
            let reason = Some(reason.clone());
            s.correction = Some(Minutes { text: text.clone(), signed: Vec::new(), reason });
        }
        E::MinutesPublished => {
            s.state = S::Published;
            s.published_at = Some(at);
        }
    }
    Some(s)
}
