//! What an event makes of the motions of a sitting.

use crate::model::{
    Ballot, ItemState, Motion, MotionState as M, Origin, Sitting, SittingEvent as E, Version, Voice,
};
use kernel::{Id, Time};
use tally::Verdict;

/// Motions that are still open fall with what they hang on.
pub(super) fn fall(s: &mut Sitting, such: impl Fn(&Motion) -> bool) {
    for m in s.motions.iter_mut().filter(|m| m.state.is_live() && such(m)) {
        m.state = M::Fallen;
    }
}

fn change(s: &mut Sitting, id: Id, change: impl FnOnce(&mut Motion)) {
    if let Some(m) = s.motions.iter_mut().find(|m| m.id == id) {
        change(m);
    }
}

fn word(s: &mut Sitting, id: Id, text: &str, origin: Origin, at: Time) {
    change(s, id, |m| m.versions.push(Version { text: text.to_owned(), origin, at }));
}

/// A motion came to an end; its amendments fall with it.
fn end(s: &mut Sitting, id: Id, state: M, words: Option<&String>) {
    change(s, id, |m| {
        m.state = state;
        m.words = words.cloned();
    });
    fall(s, |m| m.parent == Some(id));
}

/// Somebody who is not in the room said it while hands are counted on an item; what was said last counts.
pub(super) fn heard(s: &mut Sitting, item: Id, voice: Voice) {
    let put = s.motions.iter_mut().find(|m| m.item == item && m.state == M::Put);
    let ballot = match put {
        Some(motion) => motion.ballot.as_mut(),
        None => s.items.iter_mut().find(|i| i.id == item).and_then(|i| i.ballot.as_mut()),
    };
    if let Some(ballot) = ballot {
        ballot.voices.retain(|v| v.member != voice.member);
        ballot.voices.push(voice);
    }
}

pub(super) fn evolve(s: &mut Sitting, event: &E, at: Time) {
    match event {
        E::MotionMoved { id, item, parent, base, sponsor, text, distance, cosigners, handed_in } => {
            s.motions.push(Motion {
                id: *id,
                item: *item,
                parent: *parent,
                base: *base,
                sponsor: *sponsor,
                // Whoever signed it too has seconded it.
                seconder: cosigners.first().copied(),
                cosigners: cosigners.clone(),
                handed_in: *handed_in,
                versions: vec![Version { text: text.clone(), origin: Origin::Moved, at }],
                distance: *distance,
                state: if cosigners.is_empty() { M::Moved } else { M::Seconded },
                ballot: None,
                words: None,
            })
        }
        E::MotionSeconded { motion, seat } => change(s, *motion, |m| {
            m.state = M::Seconded;
            m.seconder = Some(*seat);
        }),
        E::MotionReworded { motion, text, base } => {
            word(s, *motion, text, Origin::Reworded, at);
            change(s, *motion, |m| m.base = *base);
        }
        E::MotionDistanced { motion, distance } => change(s, *motion, |m| m.distance = *distance),
        E::MotionDebated { motion } => change(s, *motion, |m| m.state = M::Debating),
        E::MotionPut { motion, rule, eligible, attending, remote } => {
            change(s, *motion, |m| {
                m.state = M::Put;
                let (text, room) = (m.text().to_owned(), (*eligible, *attending));
                m.ballot = Some(Ballot::open(&text, rule, room, remote, at));
            });
            // What nobody seconded is not put.
            fall(s, |m| m.parent == Some(*motion));
        }
        E::MotionCounted { motion, tellers, votes, verdict } => {
            change(s, *motion, |m| {
                if let Some(ballot) = &mut m.ballot {
                    ballot.tellers = Some(*tellers);
                    ballot.votes = Some(*votes);
                    ballot.verdict = Some(*verdict);
                }
            });
            counted(s, *motion, *verdict == Verdict::Passed, at);
        }
        E::MotionsMerged { motion, into, text } => {
            word(s, *into, text, Origin::Merged(*motion), at);
            end(s, *motion, M::Merged, None);
        }
        E::MotionWithdrawn { motion } => end(s, *motion, M::Withdrawn, None),
        E::MotionPostponed { motion, words } => end(s, *motion, M::Postponed, Some(words)),
        E::MotionReferred { motion, words } => end(s, *motion, M::Referred, Some(words)),
        _ => {}
    }
}

/// An adopted amendment is the next version of its motion; a motion settles the item when it was adopted, or when no other
/// stands.
fn counted(s: &mut Sitting, id: Id, passed: bool, at: Time) {
    end(s, id, if passed { M::Adopted } else { M::Rejected }, None);
    let Some(m) = s.motion(id).cloned() else { return };
    if let Some(parent) = m.parent {
        if passed {
            word(s, parent, m.text(), Origin::Amended(id), at);
        }
        return;
    }
    let others = s.motions.iter().any(|o| o.item == m.item && o.parent.is_none() && o.state.is_live());
    if passed || !others {
        fall(s, |o| o.item == m.item);
        if let Some(item) = s.items.iter_mut().find(|i| i.id == m.item) {
            item.state = ItemState::Decided;
            item.ballot = m.ballot;
        }
    }
}
