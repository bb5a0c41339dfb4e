//! Who evaluates what became of an action, and when it is taken up again. Pure.

use super::decide::ensure;
use crate::model::{
    Action, ActionEvent, ActionState, Evaluation, EvaluationEvent, Owner, Sitting, SittingState,
};
use chrono::NaiveDate;
use kernel::{
    Id, Refusal, Time,
    text::{self, NOTE},
};

/// Whether everybody may see an action: its minutes are out.
#[must_use]
pub const fn action_is_public(s: &Sitting) -> bool {
    matches!(s.state, SittingState::Published)
}

/// Whether a person may evaluate an action: it was done, everybody can see it, and it was not the own duty.
///
/// # Errors
/// `councils.no-action` while it is not public; `councils.not-done`; `councils.own-action`.
pub fn may_evaluate(a: &Action, s: &Sitting, person: Id) -> Result<(), Refusal> {
    ensure(action_is_public(s), || Refusal::missing("councils.no-action"))?;
    ensure(a.state == ActionState::Done, || Refusal::conflict("councils.not-done"))?;
    ensure(a.owner != Owner::Person(person), || Refusal::forbidden("councils.own-action"))
}

/// Takes an action up again that was reported done, with a new last day.
///
/// # Errors
/// `councils.not-done`; which field is wrong.
pub fn reopen(a: &Action, reason: &str, due: NaiveDate, today: NaiveDate) -> Result<ActionEvent, Refusal> {
    ensure(a.state == ActionState::Done, || Refusal::conflict("councils.not-done"))?;
    let reason = text::required("reason", reason, NOTE)?;
    ensure(due >= today, || Refusal::invalid("due", "councils.past"))?;
    Ok(ActionEvent::ActionReopened { reason, due })
}

/// The state of an evaluation after an event.
#[must_use]
pub fn evolve_evaluation(
    state: Option<Evaluation>,
    event: &EvaluationEvent,
    at: Time,
    street: Id,
) -> Option<Evaluation> {
    let EvaluationEvent::ActionEvaluated { action, person, grade, words } = event;
    let mut past = Vec::new();
    if let Some(before) = state {
        past = before.past;
        past.extend(before.words);
    }
    Some(Evaluation {
        id: Evaluation::stream(*action, *person),
        street,
        action: *action,
        person: *person,
        grade: *grade,
        words: words.clone(),
        past,
        at,
    })
}
