//! What may be done with a question. Pure.

use super::decide::ensure;
use crate::model::{
    Promise, Question, QuestionAct as A, QuestionEvent as E,
    QuestionState::{self, Admitted, Answered, Asked, Delivered, Promised, Refused},
    Sitting, SittingState as S,
};
use chrono::NaiveDate;
use kernel::{
    Id, Refusal, Time,
    text::{self, NOTE},
};

/// From which state a question goes to which.
pub const QUESTION_EDGES: &[(QuestionState, QuestionState)] = &[
    (Asked, Admitted),
    (Asked, Refused),
    (Admitted, Answered),
    (Admitted, Promised),
    (Admitted, Refused),
    (Promised, Delivered),
];

/// Whether a question may go there.
#[must_use]
pub fn question_goes(from: QuestionState, to: QuestionState) -> bool {
    QUESTION_EDGES.contains(&(from, to))
}

/// Most questions of a sitting, and most of one person that nothing was said to yet.
pub(crate) const BOARD: u64 = 200;
/// See [`BOARD`].
pub(crate) const OWN: u64 = 5;

/// Whether a sitting takes questions: from its notice until it closes.
#[must_use]
pub const fn takes_questions(s: &Sitting) -> bool {
    matches!(s.state, S::Noticed | S::SignIn | S::InSession | S::Recess)
}

/// Whether one more may be put: `all` of the sitting, `own` of the asker that are open.
///
/// # Errors
/// `councils.no-questions-now`, `councils.board-full`, `councils.too-many-questions`.
pub(crate) fn may_ask(s: &Sitting, all: u64, own: u64) -> Result<(), Refusal> {
    ensure(takes_questions(s), || Refusal::conflict("councils.no-questions-now"))?;
    ensure(all < BOARD, || Refusal::conflict("councils.board-full"))?;
    ensure(own < OWN, || Refusal::conflict("councils.too-many-questions").with("most", OWN))
}

/// What an act gives.
///
/// # Errors
/// Why it cannot be done now, or which field is wrong.
pub fn decide_question(q: &Question, s: &Sitting, act: A, today: NaiveDate) -> Result<E, Refusal> {
    let to = match act {
        A::Admit => Admitted,
        A::Answer(_) => Answered,
        A::Promise(..) => Promised,
        A::Deliver(_) => Delivered,
        A::Refuse(_) => Refused,
    };
    ensure(question_goes(q.state, to), || Refusal::conflict("councils.question-not-now"))?;
    // What is said at the sitting is said while it sits; a question may be put on the board or refused before.
    let sits = matches!(s.state, S::InSession | S::Recess);
    ensure(!matches!(to, Answered | Promised) || sits, || Refusal::conflict("councils.not-in-session"))?;
    Ok(match act {
        A::Admit => {
            ensure(takes_questions(s), || Refusal::conflict("councils.no-questions-now"))?;
            E::QuestionAdmitted
        }
        A::Answer(said) => E::QuestionAnswered { answer: text::required("answer", &said, NOTE)? },
        A::Promise(owner, due) => {
            ensure(due >= today, || Refusal::invalid("due", "councils.past"))?;
            E::QuestionPromised(Promise { owner, due })
        }
        A::Deliver(said) => E::QuestionDelivered { answer: text::required("answer", &said, NOTE)? },
        A::Refuse(why) => E::QuestionRefused { reason: text::required("words", &why, NOTE)? },
    })
}

/// The state of a question after an event.
#[must_use]
pub fn evolve_question(state: Option<Question>, event: &E, at: Time, street: Id) -> Option<Question> {
    if let (None, E::QuestionAsked { id, sitting, place, person, text }) = (&state, event) {
        return Some(Question {
            id: *id,
            street,
            sitting: *sitting,
            place: place.clone(),
            person: *person,
            text: text.clone(),
            state: Asked,
            asked_at: at,
            answer: None,
            promise: None,
            settled_at: None,
        });
    }
    let mut q = state?;
    let mut settle = |to, said: Option<&String>| {
        q.state = to;
        q.answer = said.cloned();
        q.settled_at = Some(at);
    };
    match event {
        E::QuestionAsked { .. } => {}
        E::QuestionAdmitted => q.state = Admitted,
        E::QuestionAnswered { answer } => settle(Answered, Some(answer)),
        E::QuestionPromised(promise) => {
            q.state = Promised;
            q.promise = Some(*promise);
        }
        E::QuestionDelivered { answer } => settle(Delivered, Some(answer)),
        E::QuestionRefused { reason } => settle(Refused, Some(reason)),
    }
    Some(q)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::Owner, rules::tests::planned_sitting};
    use kernel::{text::Words, time::parse_stamp};
    use proptest::prelude::*;

    fn now() -> Time {
        parse_stamp("2026-03-02T01:00:00Z").unwrap()
    }

    fn asked(s: &Sitting) -> Question {
        let event = E::QuestionAsked {
            id: Id::named("q"),
            sitting: s.id,
            place: s.place.clone(),
            person: None,
            text: Words::commit("什么时候修", &[1; 16]),
        };
        evolve_question(None, &event, now(), s.street).unwrap()
    }

    fn act(n: u8) -> A {
        match n % 5 {
            0 => A::Admit,
            1 => A::Answer("本周修".into()),
            2 => A::Promise(Owner::Unit(Id::named("unit")), NaiveDate::from_ymd_opt(2026, 4, 1).unwrap()),
            3 => A::Deliver("修好了".into()),
            _ => A::Refuse("与会议无关".into()),
        }
    }

    #[test]
    fn a_question_is_put_only_while_the_sitting_takes_them() {
        let mut s = planned_sitting();
        assert_eq!(may_ask(&s, 0, 0).unwrap_err().code, "councils.no-questions-now");
        s.state = S::Noticed;
        may_ask(&s, 0, 0).unwrap();
        assert_eq!(may_ask(&s, BOARD, 0).unwrap_err().code, "councils.board-full");
        assert_eq!(may_ask(&s, 9, OWN).unwrap_err().code, "councils.too-many-questions");
        s.state = S::Closed;
        assert_eq!(may_ask(&s, 0, 0).unwrap_err().code, "councils.no-questions-now");
        let past = A::Promise(Owner::Unit(Id::named("u")), NaiveDate::from_ymd_opt(2026, 3, 1).unwrap());
        let mut q = asked(&s);
        (q.state, s.state) = (Admitted, S::InSession);
        let today = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        assert_eq!(decide_question(&q, &s, past, today).unwrap_err().field, Some("due"));
    }

    proptest! {
        /// Whatever is tried, every step is an edge, and a promise ends only in its answer.
        #[test]
        fn no_question_is_lost(steps in prop::collection::vec((any::<u8>(), any::<bool>()), 1..20)) {
            let mut s = planned_sitting();
            let mut q = asked(&s);
            for (n, sits) in steps {
                s.state = if sits { S::InSession } else { S::Published };
                let Ok(event) = decide_question(&q, &s, act(n), now().date_naive()) else { continue };
                let before = q.clone();
                q = evolve_question(Some(q), &event, now(), s.street).unwrap();
                prop_assert!(question_goes(before.state, q.state));
                prop_assert!(before.state != Promised || q.state == Delivered && q.answer.is_some());
                prop_assert_eq!(q.state == Promised || q.state == Delivered, q.promise.is_some());
                prop_assert_eq!(q.settled_at.is_some(), !q.state.is_open() && q.state != Promised);
            }
        }
    }
}
