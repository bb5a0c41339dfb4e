//! Actions after they were given: reported on, done, and said again when their day is over.

use super::{Bridge, load, owner_told, tell};
use crate::{
    model::{Action, ActionEvent, ActionState, Evaluation, EvaluationEvent, Level, Owner, Reminded, Sitting},
    rules, t,
};
use chrono::NaiveDate;
use kernel::{
    Actor, Id, OfficeKind, Refusal, Satisfaction, Time,
    calendar::Calendar,
    text::{self, NOTE},
    time::local_date,
};
use std::collections::BTreeSet;
use store::{Fault, Notice, Tx};
use ui::Lang;

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
pub async fn finish(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    action: Id,
    result: &str,
) -> Result<Action, Fault> {
    let a = open(tx, actor, action).await?;
    let result = text::required("result", result, NOTE)?;
    let words = t!(LANG, "followed-done", text = a.text.clone(), result = result.clone());
    let (a, _) = tx.record(a.id, Some(a), &[ActionEvent::ActionDone { result }], actor, None).await?;
    heard(tx, bridge, actor, &a, words).await?;
    Ok(a)
}

/// Takes an action up again that was reported done, with a new last day; whoever owns it hears of it.
///
/// # Errors
/// `councils.no-action`, `councils.not-done`; which field is wrong.
pub async fn reopen(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    action: Id,
    reason: &str,
    due: NaiveDate,
) -> Result<Action, Fault> {
    let a: Action = tx.load(actor.street, action).await?.ok_or(Refusal::missing("councils.no-action"))?;
    let event = rules::reopen(&a, reason, due, local_date(tx.now))?;
    let council = load(tx, actor.street, a.council).await?;
    let (a, _) = tx.record(a.id, Some(a), &[event], actor, None).await?;
    let today = local_date(tx.now);
    // An owner who left the body or the street since is not rung up; the body is, when its day is over.
    let told = owner_told(tx, &council, today, a.owner, "owner").await;
    let args = serde_json::json!({ "text": a.text, "due": a.due.to_string() });
    for person in told.unwrap_or_default() {
        let link = format!("/council-actions/{}", a.id);
        tell(tx, a.street, person, "councils.notice-reopened", args.clone(), link).await?;
    }
    let words = t!(LANG, "followed-reopened", text = a.text.clone(), due = a.due.to_string());
    heard(tx, bridge, actor, &a, words).await?;
    Ok(a)
}

/// A resident says how satisfied they are with what was done; said again, the later counts.
///
/// # Errors
/// `councils.no-action`, `councils.not-done`, `councils.own-action`; `ui.too-long`.
pub async fn evaluate(
    tx: &mut Tx,
    actor: &Actor,
    action: Id,
    grade: Satisfaction,
    words: &str,
) -> Result<Evaluation, Fault> {
    let street = actor.street;
    let none = || Refusal::missing("councils.no-action");
    let person = actor.person.ok_or_else(none)?;
    let a: Action = tx.get(street, action).await?.ok_or_else(none)?;
    let s: Sitting = tx.get(street, a.sitting).await?.ok_or_else(none)?;
    rules::may_evaluate(&a, &s, person)?;
    let words = match text::optional("words", words, NOTE)? {
        Some(words) => Some(tx.keep(street, Some(person), &words).await?),
        None => None,
    };
    let id = Evaluation::stream(action, person);
    let before: Option<Evaluation> = tx.load(street, id).await?;
    let event = EvaluationEvent::ActionEvaluated { action, person, grade, words };
    Ok(tx.record(id, before, &[event], actor, None).await?.0)
}

/// What stands on a matter's timeline is public, so it is in the language of the record.
const LANG: Lang = Lang::ZhHans;

/// The matter that an action came from hears of it.
pub(super) async fn heard(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    a: &Action,
    words: String,
) -> Result<(), Fault> {
    match &a.matter {
        Some(m) => (bridge.follow)(tx, actor, m.id, words, format!("/council-actions/{}", a.id)).await,
        None => Ok(()),
    }
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
