//! What may be said to a plan, and what is done with it.

use super::decide::ensure;
use crate::model::{
    Opinion, OpinionAct as A, OpinionEvent as E, OpinionKind,
    OpinionState::{self, Answered, Content, Maintained, Put, TakenBack},
    Plan, PlanState,
};
use kernel::{
    Id, Refusal,
    text::{self, NOTE},
};

/// From which state an opinion goes to which.
pub const OPINION_EDGES: &[(OpinionState, OpinionState)] =
    &[(Put, Answered), (Put, TakenBack), (Answered, Content), (Answered, Maintained), (Maintained, Answered)];

/// Most suggestions and objections of one person in one round.
pub const OWN: u64 = 5;

/// Whether one more may be said: `own` of that person of the same kind in this round.
///
/// # Errors
/// `plans.not-asked-now`, `plans.said-already`, `plans.too-many-own`.
pub fn may_say(p: &Plan, kind: OpinionKind, own: u64) -> Result<(), Refusal> {
    ensure(p.state == PlanState::Consulting, || Refusal::conflict("plans.not-asked-now"))?;
    match kind {
        OpinionKind::Support => ensure(own == 0, || Refusal::conflict("plans.said-already")),
        _ => ensure(own < OWN, || Refusal::conflict("plans.too-many-own").with("most", OWN)),
    }
}

/// What an act gives; `person` is who acts for themself.
///
/// # Errors
/// Why it cannot be done now, or which field is wrong.
pub fn decide_opinion(o: &Opinion, p: &Plan, act: A, person: Option<Id>) -> Result<E, Refusal> {
    let to = match act {
        A::Answer(..) => Answered,
        A::Content => Content,
        A::Maintain => Maintained,
        A::TakeBack => TakenBack,
    };
    ensure(OPINION_EDGES.contains(&(o.state, to)), || Refusal::conflict("plans.not-now"))?;
    ensure(matches!(p.state, PlanState::Consulting | PlanState::Answering), || {
        Refusal::conflict("plans.not-now")
    })?;
    let own = || ensure(o.person.is_some() && o.person == person, || Refusal::missing("plans.no-opinion"));
    Ok(match act {
        A::Answer(how, words) => E::OpinionAnswered { how, words: text::required("words", &words, NOTE)? },
        A::Content => own().map(|()| E::OpinionContent)?,
        A::Maintain => own().map(|()| E::OpinionMaintained)?,
        A::TakeBack => own().map(|()| E::OpinionTakenBack)?,
    })
}
