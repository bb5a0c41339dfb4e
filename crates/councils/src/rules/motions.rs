//! What may be done with motions and amendments. Pure.

use super::{
    decide::{Facts, Room, ensure, item_in, quorum, serving},
    decision_rule,
};
use crate::model::{
    Item, ItemKind, ItemState, Motion, MotionAct as A,
    MotionState::{
        self, Adopted, Debating, Fallen, Merged, Moved, Postponed, Put, Referred, Rejected, Seconded,
        Withdrawn,
    },
    Sitting, SittingEvent as E, SubmissionState,
};
use kernel::{
    Id, Refusal,
    text::{self, NOTE},
};
use tally::rule::Pinned;

/// Longest motion, in characters.
pub(super) const MOTION: usize = 500;
/// Most motions and amendments of an item.
const MOTIONS: usize = 30;

/// From which state a motion goes to which. Out of a vote leads only its result: nothing is put twice.
pub const MOTION_EDGES: &[(MotionState, MotionState)] = &[
    (Moved, Seconded),
    (Moved, Withdrawn),
    (Moved, Fallen),
    (Seconded, Debating),
    (Seconded, Withdrawn),
    (Seconded, Merged),
    (Seconded, Fallen),
    (Debating, Put),
    (Debating, Withdrawn),
    (Debating, Postponed),
    (Debating, Referred),
    (Debating, Merged),
    (Debating, Fallen),
    (Put, Adopted),
    (Put, Rejected),
];

/// Whether a motion may go there.
#[must_use]
pub fn motion_goes(from: MotionState, to: MotionState) -> bool {
    MOTION_EDGES.contains(&(from, to))
}

/// The amendment of a motion that is put next: of those seconded the furthest, and of equals the first moved.
#[must_use]
pub fn next_amendment(motions: &[Motion], of: Id) -> Option<&Motion> {
    let waiting = motions.iter().filter(|m| m.parent == Some(of));
    waiting
        .filter(|m| matches!(m.state, Seconded | Debating | Put))
        .enumerate()
        .min_by_key(|(n, m)| (std::cmp::Reverse(m.distance), *n))
        .map(|(_, m)| m)
}

fn find(s: &Sitting, id: Id) -> Result<&Motion, Refusal> {
    s.motion(id).ok_or(Refusal::missing("councils.no-motion"))
}

/// A motion of the item that is being debated, which may go there.
fn goes(s: &Sitting, id: Id, to: MotionState) -> Result<&Motion, Refusal> {
    let m = find(s, id)?;
    let item = item_in(s, m.item)?;
    ensure(item.state == ItemState::Debating, || Refusal::conflict("councils.not-debated"))?;
    ensure(motion_goes(m.state, to), || match (m.state, to) {
        (Put, _) => Refusal::conflict("councils.vote-open"),
        (Moved, _) => Refusal::conflict("councils.not-seconded"),
        (Seconded, Put | Postponed | Referred) => Refusal::conflict("councils.not-debated-yet"),
        _ => Refusal::conflict("councils.motion-not-now"),
    })?;
    ensure(s.put_motion().is_none(), || Refusal::conflict("councils.vote-open"))?;
    Ok(m)
}

/// An item that takes motions now.
fn takes(s: &Sitting, id: Id) -> Result<&Item, Refusal> {
    let item = item_in(s, id)?;
    // Only what the notice announced as a decision is voted on.
    ensure(item.kind == ItemKind::Decide, || Refusal::conflict("councils.not-to-decide"))?;
    ensure(item.state == ItemState::Debating, || Refusal::conflict("councils.not-debated"))?;
    ensure(s.motions.iter().filter(|m| m.item == id).count() < MOTIONS, || {
        Refusal::conflict("councils.motions-full")
    })?;
    Ok(item)
}

/// A seat of somebody in the room who votes.
fn voter(s: &Sitting, facts: &Facts<'_>, seat: Id, field: &'static str) -> Result<(), Refusal> {
    let m = serving(facts, seat, s.day()).map_err(|_| Refusal::invalid(field, "councils.no-member"))?;
    ensure(s.is_present(seat), || Refusal::invalid(field, "councils.not-in-room"))?;
    ensure(m.votes, || Refusal::invalid(field, "councils.voters-only"))
}

fn wording(text: &str) -> Result<String, Refusal> {
    text::required("motion", text, MOTION)
}

/// Puts a motion that was handed in and admitted on an agenda that is not published yet: on a line where something is to be
/// decided, or on one of its own.
pub(super) fn bring(s: &Sitting, facts: &Facts<'_>, item: Option<Id>) -> Result<Vec<E>, Refusal> {
    let m = facts.submission.as_ref().filter(|m| m.council == s.council);
    let m = m.ok_or(Refusal::missing("councils.no-submission"))?;
    ensure(m.state == SubmissionState::Admitted, || Refusal::conflict("councils.submission-not-now"))?;
    let mut out = Vec::new();
    let item = match item {
        Some(id) => {
            let item = s.item(id).ok_or(Refusal::invalid("line", "councils.no-item"))?;
            ensure(item.kind == ItemKind::Decide, || Refusal::invalid("line", "councils.not-to-decide"))?;
            ensure(s.motions.iter().filter(|m| m.item == id).count() < MOTIONS, || {
                Refusal::conflict("councils.motions-full")
            })?;
            id
        }
        None => {
            out.push(super::decide::new_line(s, facts.id, ItemKind::Decide, m.title.clone(), 0, None)?);
            facts.id
        }
    };
    out.push(E::MotionMoved {
        id: m.id,
        item,
        parent: None,
        base: 0,
        sponsor: m.sponsor,
        text: m.text().to_owned(),
        distance: 0,
        cosigners: m.cosigners.clone(),
        handed_in: true,
    });
    Ok(out)
}

/// What an act gives.
///
/// # Errors
/// Why it cannot be done now, or which field is wrong.
pub(super) fn decide(s: &Sitting, act: A, facts: &Facts<'_>) -> Result<E, Refusal> {
    Ok(match act {
        A::Move { item, sponsor, text } => {
            takes(s, item)?;
            voter(s, facts, sponsor, "sponsor")?;
            E::MotionMoved {
                id: facts.id,
                item,
                parent: None,
                base: 0,
                sponsor,
                text: wording(&text)?,
                distance: 0,
                cosigners: Vec::new(),
                handed_in: false,
            }
        }
        A::Amend { motion, sponsor, text, distance } => {
            let parent = find(s, motion)?;
            takes(s, parent.item)?;
            ensure(parent.parent.is_none() && matches!(parent.state, Seconded | Debating), || {
                Refusal::conflict("councils.motion-not-now")
            })?;
            voter(s, facts, sponsor, "sponsor")?;
            let text = wording(&text)?;
            ensure(text != parent.text(), || Refusal::invalid("motion", "councils.changes-nothing"))?;
            let (item, base) = (parent.item, parent.current());
            E::MotionMoved {
                id: facts.id,
                item,
                parent: Some(motion),
                base,
                sponsor,
                text,
                distance,
                cosigners: Vec::new(),
                handed_in: false,
            }
        }
        A::Second { motion, seat } => {
            let m = goes(s, motion, Seconded)?;
            voter(s, facts, seat, "seconder")?;
            ensure(m.sponsor != seat, || Refusal::invalid("seconder", "councils.own-motion"))?;
            E::MotionSeconded { motion, seat }
        }
        A::Reword { motion, text } => {
            let m = find(s, motion)?;
            takes(s, m.item)?;
            let open = match m.parent {
                // What others seconded is not changed under them, but by amendments.
                None => m.state == Moved,
                Some(_) => matches!(m.state, Moved | Seconded | Debating),
            };
            ensure(open, || Refusal::conflict("councils.motion-not-now"))?;
            let text = wording(&text)?;
            let parent = m.parent.and_then(|p| s.motion(p));
            let same = parent.is_some_and(|p| p.text() == text);
            ensure(!same, || Refusal::invalid("motion", "councils.changes-nothing"))?;
            E::MotionReworded { motion, text, base: parent.map_or(0, Motion::current) }
        }
        A::Distance { motion, distance } => {
            let m = find(s, motion)?;
            let waits = m.parent.is_some() && matches!(m.state, Moved | Seconded);
            ensure(waits, || Refusal::conflict("councils.motion-not-now"))?;
            E::MotionDistanced { motion, distance }
        }
        A::Debate(motion) => {
            let m = goes(s, motion, Debating)?;
            match m.parent {
                None => {
                    let other = s.motions.iter().any(|o| o.item == m.item && o.state == Debating);
                    ensure(!other, || Refusal::conflict("councils.one-motion"))?;
                }
                Some(parent) => {
                    let of = find(s, parent)?;
                    ensure(of.state == Debating, || Refusal::conflict("councils.not-debated-yet"))?;
                    let next = next_amendment(&s.motions, parent).is_some_and(|n| n.id == motion);
                    ensure(next, || Refusal::conflict("councils.furthest-first"))?;
                }
            }
            E::MotionDebated { motion }
        }
        A::Put { motion, rule } => {
            let m = goes(s, motion, Put)?;
            match m.parent {
                None => {
                    let open = next_amendment(&s.motions, motion).is_some();
                    ensure(!open, || Refusal::conflict("councils.amendments-first"))?;
                }
                Some(parent) => {
                    let next = next_amendment(&s.motions, parent).is_some_and(|n| n.id == motion);
                    ensure(next, || Refusal::conflict("councils.furthest-first"))?;
                    ensure(m.base == find(s, parent)?.current(), || {
                        Refusal::conflict("councils.amendment-stale")
                    })?;
                }
            }
            let rule = decision_rule(rule.as_deref().unwrap_or(&facts.council.rule))?;
            let Room { eligible, attending, remote } = quorum(s, facts, rule)?;
            E::MotionPut { motion, rule: Pinned::of(rule), eligible, attending, remote }
        }
        A::Merge { motion, into, text } => {
            let m = goes(s, motion, Merged)?;
            let other = find(s, into)?;
            let fits = m.parent.is_none()
                && other.parent.is_none()
                && other.id != m.id
                && other.item == m.item
                && matches!(other.state, Seconded | Debating);
            ensure(fits, || Refusal::invalid("into", "councils.merge-not"))?;
            let amended = [motion, into].iter().any(|m| next_amendment(&s.motions, *m).is_some());
            ensure(!amended, || Refusal::conflict("councils.amendments-first"))?;
            E::MotionsMerged { motion, into, text: wording(&text)? }
        }
        A::Withdraw { motion, seat } => {
            let m = goes(s, motion, Withdrawn)?;
            ensure(m.sponsor == seat, || Refusal::forbidden("councils.not-sponsor"))?;
            E::MotionWithdrawn { motion }
        }
        A::Postpone { motion, words } => {
            goes(s, motion, Postponed)?;
            E::MotionPostponed { motion, words: text::required("words", &words, NOTE)? }
        }
        A::Refer { motion, words } => {
            goes(s, motion, Referred)?;
            E::MotionReferred { motion, words: text::required("words", &words, NOTE)? }
        }
    })
}
