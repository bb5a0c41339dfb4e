//! Motions that members hand in between sittings, and what becomes of them.

use super::{load, tell};
use crate::{
    model::{
        Act, Council, MotionState, NewSubmission, Sitting, SittingState, Submission, SubmissionAct,
        SubmissionEvent, SubmissionFacts,
    },
    rules,
};
use kernel::{Actor, Id, Refusal, time::local_date};
use std::collections::BTreeSet;
use store::{Fault, Tx};

/// Hands a motion in for the actor's own seat; chair and secretary hear of it.
///
/// # Errors
/// `councils.not-member`; which field is wrong.
pub async fn submit(
    tx: &mut Tx,
    actor: &Actor,
    council: Id,
    new: NewSubmission,
) -> Result<Submission, Fault> {
    let council = load(tx, actor.street, council).await?;
    let today = local_date(tx.now);
    let seat = actor.person.and_then(|p| council.seat_of(p, today));
    let seat = seat.ok_or(Refusal::forbidden("councils.not-member"))?.id;
    let id = tx.new_id()?;
    let event = rules::submit(&council, id, seat, &new, today)?;
    let s = tx.record::<Submission>(id, None, &[event], actor, None).await?.0;
    let preside = council.serving(today).filter(|m| council.presides(m.id)).map(|m| m.person);
    say(
        tx,
        &council,
        &s,
        preside.filter(|p| Some(*p) != actor.person).collect(),
        "councils.notice-submitted",
    )
    .await?;
    Ok(s)
}

async fn say(
    tx: &mut Tx,
    council: &Council,
    s: &Submission,
    to: BTreeSet<Id>,
    key: &str,
) -> Result<(), Fault> {
    let reason = s.reason.clone().unwrap_or_default();
    for person in to {
        let args = serde_json::json!({ "council": council.name, "title": s.title, "reason": reason });
        tell(tx, s.street, person, key, args, format!("/councils/{}/motions", s.council)).await?;
    }
    Ok(())
}

async fn found(tx: &mut Tx, actor: &Actor, council: Id, id: Id) -> Result<Submission, Fault> {
    let s: Option<Submission> = tx.load(actor.street, id).await?;
    Ok(s.filter(|s| s.council == council).ok_or(Refusal::missing("councils.no-submission"))?)
}

/// Does something with a motion that was handed in. Whoever calls has proven that the actor presides, or acts for an own seat.
///
/// # Errors
/// `councils.no-submission`; which field is wrong; refusals of the rules.
pub async fn submission(
    tx: &mut Tx,
    actor: &Actor,
    council: Id,
    id: Id,
    act: SubmissionAct,
) -> Result<Submission, Fault> {
    let council = load(tx, actor.street, council).await?;
    let s = found(tx, actor, council.id, id).await?;
    let other = match &act {
        SubmissionAct::Merge(into, _) if *into != id => Some(found(tx, actor, council.id, *into).await?),
        _ => None,
    };
    let today = local_date(tx.now);
    let facts = SubmissionFacts { council: &council, today, other: other.as_ref() };
    let (own, theirs) = rules::decide_submission(&s, act, facts)?;
    let key = match &own {
        SubmissionEvent::MotionAdmitted => Some("councils.notice-admitted"),
        SubmissionEvent::MotionNotAdmitted { .. } => Some("councils.notice-not-admitted"),
        SubmissionEvent::SubmissionMerged { .. } => Some("councils.notice-merged"),
        _ => None,
    };
    let (s, _) = tx.record(s.id, Some(s), &[own], actor, None).await?;
    if let (Some(other), Some(event)) = (other, theirs) {
        tx.record(other.id, Some(other), &[event], actor, None).await?;
    }
    if let Some(key) = key.filter(|_| actor.person != Some(s.person)) {
        say(tx, &council, &s, BTreeSet::from([s.person]), key).await?;
    }
    Ok(s)
}

/// What an act of a sitting does to the motions that were handed in: one that is brought stands on its agenda; those that
/// stand there no more without a decision wait again.
pub(super) async fn follow(
    tx: &mut Tx,
    actor: &Actor,
    act: &Act,
    before: &Sitting,
    after: &Sitting,
) -> Result<(), Fault> {
    if let Act::Bring(id, _) = act {
        let s = found(tx, actor, after.council, *id).await?;
        let event = SubmissionEvent::MotionJoined { sitting: after.id };
        tx.record(s.id, Some(s), &[event], actor, None).await?;
        return Ok(());
    }
    let off = |m: &crate::model::Motion| match after.motion(m.id) {
        None => true,
        Some(_) if after.state == SittingState::Cancelled => before.state != SittingState::Cancelled,
        // It fell with an item that was put off: nothing was decided on it.
        Some(now) => {
            let tabled = after.item(now.item).is_some_and(|i| i.state == crate::model::ItemState::Tabled);
            tabled && now.state == MotionState::Fallen && m.state != MotionState::Fallen
        }
    };
    let gone: Vec<Id> = before.motions.iter().filter(|m| m.handed_in && off(m)).map(|m| m.id).collect();
    for id in gone {
        let s = found(tx, actor, after.council, id).await?;
        if s.sitting == Some(after.id) {
            tx.record(s.id, Some(s), &[SubmissionEvent::MotionReleased], actor, None).await?;
        }
    }
    Ok(())
}
