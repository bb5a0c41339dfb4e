//! Questions put to a sitting, and what is said to them.

use super::{owner_told, tell};
use crate::{
    model::{Council, Owner, Question, QuestionAct, QuestionEvent, QuestionState, Sitting},
    queries, rules,
};
use kernel::{Actor, Id, Refusal, text, time::local_date};
use store::{Fault, Tx};

/// Longest question, in characters.
const QUESTION: usize = 500;

/// Puts a question to a sitting, for `person`; for nobody when the name was not taken. What was asked is the asker's own
/// text: it can be erased.
///
/// # Errors
/// `ui.empty`, `ui.too-long`; refusals of the rules.
pub async fn ask(
    tx: &mut Tx,
    actor: &Actor,
    sitting: Id,
    person: Option<Id>,
    said: &str,
) -> Result<Question, Fault> {
    let street = actor.street;
    // Locks the sitting: it must not close while a question comes in.
    let s: Sitting = tx.load(street, sitting).await?.ok_or(Refusal::missing("councils.no-sitting"))?;
    let said = text::required("question", said, QUESTION)?;
    let (all, own) = queries::asked(tx, street, sitting, person).await?;
    rules::may_ask(&s, all, own)?;
    let text = tx.keep(street, person, &said).await?;
    let id = tx.new_id()?;
    let event = QuestionEvent::QuestionAsked { id, sitting, place: s.place, person, text };
    Ok(tx.record::<Question>(id, None, &[event], actor, None).await?.0)
}

/// Does something with a question of a sitting. Whoever calls has proven the right at its place.
///
/// # Errors
/// `councils.no-question`; which field is wrong; refusals of the rules.
pub async fn question(
    tx: &mut Tx,
    actor: &Actor,
    sitting: Id,
    question: Id,
    act: QuestionAct,
) -> Result<Question, Fault> {
    let street = actor.street;
    let s: Sitting = tx.load(street, sitting).await?.ok_or(Refusal::missing("councils.no-sitting"))?;
    let q: Option<Question> = tx.load(street, question).await?;
    let q = q.filter(|q| q.sitting == sitting).ok_or(Refusal::missing("councils.no-question"))?;
    let event = rules::decide_question(&q, &s, act, local_date(tx.now))?;
    let council = super::load(tx, street, s.council).await?;
    let owners = match &event {
        QuestionEvent::QuestionPromised(promise) => {
            owner_told(tx, &council, s.day(), promise.owner, "owner").await?
        }
        _ => Vec::new(),
    };
    let (q, _) = tx.record(q.id, Some(q), &[event], actor, None).await?;
    heard(tx, &council, &s, &q, owners).await?;
    Ok(q)
}

/// The asker hears what became of it, its owner what was promised.
async fn heard(
    tx: &mut Tx,
    council: &Council,
    s: &Sitting,
    q: &Question,
    owners: Vec<Id>,
) -> Result<(), Fault> {
    let link = format!("/sittings/{}", s.id);
    if let Some(promise) = q.promise.filter(|_| q.state == QuestionState::Promised) {
        let args = serde_json::json!({ "council": council.name, "due": promise.due.to_string() });
        for person in owners {
            tell(tx, s.street, person, "councils.notice-promise", args.clone(), link.clone()).await?;
        }
    }
    let Some(person) = q.person else { return Ok(()) };
    let key = match q.state {
        QuestionState::Answered | QuestionState::Delivered => "councils.notice-answered",
        QuestionState::Promised => "councils.notice-promised",
        QuestionState::Refused => "councils.notice-refused",
        QuestionState::Asked | QuestionState::Admitted => return Ok(()),
    };
    let due = q.promise.map(|p| p.due.to_string()).unwrap_or_default();
    let args = serde_json::json!({ "council": council.name, "due": due });
    tell(tx, s.street, person, key, args, link).await
}

/// Whether an owner is somebody who can be held to it; who hears of it.
pub(super) async fn told(
    tx: &mut Tx,
    council: &Council,
    day: chrono::NaiveDate,
    owner: Owner,
    field: &'static str,
) -> Result<Vec<Id>, Fault> {
    let street = council.street;
    Ok(match owner {
        Owner::Unit(unit) => {
            let known = people::queries::unit(tx, street, unit).await?.filter(|u| u.active);
            known.ok_or(Refusal::invalid(field, "ui.not-valid"))?;
            let now = tx.now;
            people::queries::handlers(tx, street, unit, now).await?
        }
        Owner::Person(person) => {
            council.seat_of(person, day).ok_or(Refusal::invalid(field, "councils.no-member"))?;
            vec![person]
        }
    })
}
