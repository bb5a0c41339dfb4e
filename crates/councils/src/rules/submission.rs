//! Motions that members hand in between sittings: signed by others, admitted or not, put on an agenda. Pure.

use super::{decide::ensure, motions::MOTION};
use crate::model::{
    Council, NewSubmission, Submission, SubmissionAct as A, SubmissionEvent as E, SubmissionFacts,
    SubmissionState::{self as S, Admitted, Joined, Merged, NotAdmitted, Submitted, Withdrawn},
};
use chrono::NaiveDate;
use kernel::{
    Id, Refusal, Time,
    text::{self, NOTE, TITLE},
};

/// From which state a motion goes to which that was handed in. Only from an agenda on which nothing was decided leads a way
/// back.
pub const SUBMISSION_EDGES: &[(S, S)] = &[
    (Submitted, Admitted),
    (Submitted, NotAdmitted),
    (Submitted, Merged),
    (Submitted, Withdrawn),
    (Admitted, Joined),
    (Admitted, Merged),
    (Admitted, Withdrawn),
    (Joined, Admitted),
];

/// Whether it may go there.
#[must_use]
pub fn submission_goes(from: S, to: S) -> bool {
    SUBMISSION_EDGES.contains(&(from, to))
}

/// A seat whose holder votes.
fn voter(c: &Council, seat: Id, today: NaiveDate) -> Result<Id, Refusal> {
    let m = c.member(seat).filter(|m| m.serves(today)).ok_or(Refusal::forbidden("councils.not-member"))?;
    ensure(m.votes, || Refusal::forbidden("councils.voters-only"))?;
    Ok(m.person)
}

/// Hands a motion in.
///
/// # Errors
/// Which field is wrong; `councils.not-member`; `councils.voters-only`.
pub(crate) fn submit(
    c: &Council,
    id: Id,
    sponsor: Id,
    new: &NewSubmission,
    today: NaiveDate,
) -> Result<E, Refusal> {
    let person = voter(c, sponsor, today)?;
    Ok(E::MotionSubmitted {
        id,
        council: c.id,
        place: c.place.clone(),
        sponsor,
        person,
        title: text::required("title", &new.title, TITLE)?,
        text: text::required("motion", &new.text, MOTION)?,
        why: text::required("why", &new.why, NOTE)?,
    })
}

/// What an act gives: for this one, and for the other where two become one.
///
/// # Errors
/// Why it cannot be done now, or which field is wrong.
pub fn decide_submission(s: &Submission, act: A, f: SubmissionFacts<'_>) -> Result<(E, Option<E>), Refusal> {
    let go = |to| ensure(submission_goes(s.state, to), || Refusal::conflict("councils.submission-not-now"));
    Ok(match act {
        A::Cosign(seat) => {
            ensure(s.state.waits(), || Refusal::conflict("councils.submission-not-now"))?;
            voter(f.council, seat, f.today)?;
            ensure(seat != s.sponsor, || Refusal::conflict("councils.own-motion"))?;
            ensure(!s.cosigners.contains(&seat), || Refusal::conflict("councils.cosigned-already"))?;
            (E::MotionCosigned { seat }, None)
        }
        A::Admit => {
            go(Admitted)?;
            // Back from an agenda leads the agenda's own way.
            ensure(s.state == Submitted, || Refusal::conflict("councils.submission-not-now"))?;
            (E::MotionAdmitted, None)
        }
        A::NotAdmit(reason) => {
            go(NotAdmitted)?;
            (E::MotionNotAdmitted { reason: text::required("words", &reason, NOTE)? }, None)
        }
        A::Merge(_, text) => {
            go(Merged)?;
            let into = f.other.filter(|o| o.id != s.id && o.council == s.council && o.state.waits());
            let into = into.ok_or(Refusal::invalid("into", "councils.submission-merge-not"))?;
            let text = text::required("motion", &text, MOTION)?;
            let mut cosigners = vec![s.sponsor];
            cosigners.extend(&s.cosigners);
            cosigners.retain(|seat| *seat != into.sponsor && !into.cosigners.contains(seat));
            (E::SubmissionMerged { into: into.id }, Some(E::SubmissionGrew { from: s.id, text, cosigners }))
        }
        A::Withdraw(seat) => {
            go(Withdrawn)?;
            ensure(seat == s.sponsor, || Refusal::forbidden("councils.not-sponsor"))?;
            (E::SubmissionWithdrawn, None)
        }
    })
}

/// The state of a motion that was handed in after an event.
#[must_use]
pub fn evolve_submission(state: Option<Submission>, event: &E, at: Time, street: Id) -> Option<Submission> {
    if let (None, E::MotionSubmitted { id, council, place, sponsor, person, title, text, why }) =
        (&state, event)
    {
        return Some(Submission {
            id: *id,
            street,
            council: *council,
            place: place.clone(),
            sponsor: *sponsor,
            person: *person,
            title: title.clone(),
            texts: vec![text.clone()],
            why: why.clone(),
            cosigners: Vec::new(),
            state: Submitted,
            reason: None,
            sitting: None,
            into: None,
            at,
        });
    }
    let mut s = state?;
    match event {
        E::MotionSubmitted { .. } => {}
        E::MotionCosigned { seat } => s.cosigners.push(*seat),
        E::MotionAdmitted => s.state = Admitted,
        E::MotionNotAdmitted { reason } => {
            s.state = NotAdmitted;
            s.reason = Some(reason.clone());
        }
        E::SubmissionMerged { into } => {
            s.state = Merged;
            s.into = Some(*into);
        }
        E::SubmissionGrew { text, cosigners, .. } => {
            s.texts.push(text.clone());
            s.cosigners.extend(cosigners);
        }
        E::MotionJoined { sitting } => {
            s.state = Joined;
            s.sitting = Some(*sitting);
        }
        E::MotionReleased => {
            s.state = Admitted;
            s.sitting = None;
        }
        E::SubmissionWithdrawn => s.state = Withdrawn,
    }
    Some(s)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::standing_council;
    use kernel::time::{local_date, parse_stamp};
    use proptest::prelude::*;

    fn at() -> Time {
        parse_stamp("2026-03-02T01:00:00Z").unwrap()
    }

    fn submitted(c: &Council, n: usize, sponsor: usize) -> Submission {
        let new = NewSubmission { title: "停车".into(), text: "划线".into(), why: "乱".into() };
        let id = Id::named(&format!("m{n}"));
        let event = submit(c, id, c.members[sponsor].id, &new, local_date(at())).unwrap();
        evolve_submission(None, &event, at(), c.street).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever is tried in whatever order with two of them: every step is in the table, nobody signs twice or for an own
        /// one, and what was worded stays.
        #[test]
        fn whatever_is_tried_the_machine_holds(
            steps in prop::collection::vec((0..2_usize, 0..7_u8, 0..13_usize), 1..40)
        ) {
            let c = standing_council();
            let mut both = [submitted(&c, 0, 0), submitted(&c, 1, 1)];
            for (n, verb, seat) in steps {
                let seat = c.members.get(seat).map_or(Id::named("nobody"), |m| m.id);
                let other = both[1 - n].clone();
                let events = match verb {
                    0 | 1 => Some(A::Cosign(seat)),
                    2 => Some(A::Admit),
                    3 => Some(A::NotAdmit("不属于本会".into())),
                    4 => Some(A::Merge(other.id, "合起来".into())),
                    5 => Some(A::Withdraw(seat)),
                    _ => None,
                };
                let facts = SubmissionFacts { council: &c, today: local_date(at()), other: Some(&other) };
                let events = match events {
                    Some(act) => decide_submission(&both[n], act, facts).ok(),
                    // What an agenda does with it.
                    None => match both[n].state {
                        Admitted => Some((E::MotionJoined { sitting: Id::named("s") }, None)),
                        Joined => Some((E::MotionReleased, None)),
                        _ => None,
                    },
                };
                let Some((own, theirs)) = events else { continue };
                for (k, event) in [(n, Some(own)), (1 - n, theirs)] {
                    let Some(event) = event else { continue };
                    let before = both[k].clone();
                    let after = evolve_submission(Some(before.clone()), &event, at(), c.street).unwrap();
                    prop_assert!(before.state == after.state || submission_goes(before.state, after.state));
                    prop_assert!(after.texts.starts_with(&before.texts));
                    prop_assert!(!after.cosigners.contains(&after.sponsor));
                    let mut once = after.cosigners.clone();
                    once.sort_unstable();
                    once.dedup();
                    prop_assert_eq!(once.len(), after.cosigners.len());
                    both[k] = after;
                }
            }
        }
    }

    #[test]
    fn a_reason_is_told_and_guests_hand_nothing_in() {
        let c = standing_council();
        let s = submitted(&c, 0, 0);
        let facts = SubmissionFacts { council: &c, today: local_date(at()), other: None };
        let code = |act| decide_submission(&s, act, facts).map_err(|r| r.code).err();
        assert_eq!(code(A::NotAdmit(" ".into())), Some("ui.empty"));
        assert_eq!(code(A::Cosign(c.members[0].id)), Some("councils.own-motion"));
        assert_eq!(code(A::Cosign(c.members[10].id)), Some("councils.voters-only"));
        assert_eq!(code(A::Withdraw(c.members[1].id)), Some("councils.not-sponsor"));
        assert_eq!(code(A::Merge(s.id, "合".into())), Some("councils.submission-merge-not"));
    }
}
