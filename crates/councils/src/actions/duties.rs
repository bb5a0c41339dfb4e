//! Actions after they were given: reported on, done, and said again when their day is over.

use super::load;
use crate::{
    model::{Action, ActionEvent, ActionState, Level, Owner, Reminded},
    rules,
};
use kernel::{
    Actor, Id, OfficeKind, Refusal, Time,
    calendar::Calendar,
    text::{self, NOTE},
    time::local_date,
};
use std::collections::BTreeSet;
use store::{Fault, Notice, Tx};

/// An action that is still to be done.
async fn open(tx: &mut Tx, actor: &Actor, action: Id) -> Result<Action, Fault> {
    let a: Action = tx.load(actor.street, action).await?.ok_or(Refusal::missing("councils.no-action"))?;
    if a.state == ActionState::Done {
        return Err(Refusal::conflict("councils.done-already").into());
    }
    Ok(a)
}

/// Reports an action done.
///
/// # Errors
/// `councils.no-action`, `councils.done-already`; `ui.empty` without a word on what came of it.
pub async fn finish(tx: &mut Tx, actor: &Actor, action: Id, result: &str) -> Result<Action, Fault> {
    let a = open(tx, actor, action).await?;
    let result = text::required("result", result, NOTE)?;
    Ok(tx.record(a.id, Some(a), &[ActionEvent::ActionDone { result }], actor, None).await?.0)
}

/// Reports how far an action is.
///
/// # Errors
/// `councils.no-action`, `councils.done-already`; `ui.empty` without a word.
pub async fn report(tx: &mut Tx, actor: &Actor, action: Id, words: &str) -> Result<Action, Fault> {
    let a = open(tx, actor, action).await?;
    let words = text::required("result", words, NOTE)?;
    Ok(tx.record(a.id, Some(a), &[ActionEvent::ActionReported { words }], actor, None).await?.0)
}

/// Reminds those concerned of an action whose last day is over, not oftener than the rule says; whether it did. It rings when
/// people are on duty.
///
/// # Errors
/// What the database says.
pub async fn remind(tx: &mut Tx, actor: &Actor, calendar: &Calendar, action: Id) -> Result<bool, Fault> {
    let (street, today) = (actor.street, local_date(tx.now));
    let Some(a) = tx.load::<Action>(street, action).await? else { return Ok(false) };
    let Some(level) = rules::reminder(&a, today) else { return Ok(false) };
    let rings = calendar.next_duty(tx.now);
    for person in concerned(tx, &a, level, tx.now).await? {
        let days = (today - a.due).num_days();
        tx.notify(Notice {
            street,
            person,
            key: "councils.notice-overdue".into(),
            args: serde_json::json!({ "text": a.text, "due": a.due.to_string(), "days": days }),
            link: format!("/council-actions/{}", a.id),
            due_at: Some(rings),
        })
        .await?;
    }
    let event = ActionEvent::ActionReminded(Reminded { level, on: today });
    tx.record(a.id, Some(a), &[event], actor, None).await?;
    Ok(true)
}

/// Who hears of it at a level, nobody twice.
async fn concerned(tx: &mut Tx, a: &Action, level: Level, now: Time) -> Result<BTreeSet<Id>, Fault> {
    let mut out: BTreeSet<Id> = match a.owner {
        Owner::Person(person) => BTreeSet::from([person]),
        Owner::Unit(unit) => people::queries::handlers(tx, a.street, unit, now).await?.into_iter().collect(),
    };
    if level >= Level::Body {
        let council = load(tx, a.street, a.council).await?;
        let today = local_date(now);
        let preside = council.serving(today).filter(|m| council.presides(m.id)).map(|m| m.person);
        out.extend(preside);
    }
    if level >= Level::Place {
        let holders =
            people::queries::holders(tx, a.street, OfficeKind::CommunitySecretary, &a.place, now).await?;
        // The nearest place comes first; who holds the office there is concerned, not those above.
        let nearest = holders.first().map(|h| h.place.clone());
        out.extend(holders.into_iter().filter(|h| Some(&h.place) == nearest.as_ref()).map(|h| h.person));
    }
    Ok(out)
}
