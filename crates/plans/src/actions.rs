//! The only writers: plans, opinions, and what the matter behind a plan and those who spoke are told.

use crate::{
    model::{
        Act, MatterRef, NewOpinion, NewPlan, Opinion, OpinionAct, OpinionEvent, OpinionKind, Plan, PlanEvent,
    },
    queries,
    rules::{self, Facts},
    t,
};
use futures_util::future::BoxFuture;
use kernel::{
    Actor, Id, Refusal,
    text::{self, NOTE},
    time::local_date,
};
use store::{Fault, Notice, Tx};
use ui::Lang;

/// The matter of a number, if there is one that the plan may be for.
pub type Find = for<'a> fn(&'a mut Tx, Id, &'a str) -> BoxFuture<'a, Result<Option<Id>, Fault>>;
/// Writes into a matter's story what became of it, with the page where that stands.
pub type Follow = for<'a> fn(&'a mut Tx, &'a Actor, Id, String, String) -> BoxFuture<'a, Result<(), Fault>>;

/// What this room asks of the room of matters, which it does not know: handed in by `app`.
#[derive(Clone, Copy)]
pub struct Bridge {
    /// Which matter.
    pub find: Find,
    /// Tells it.
    pub follow: Follow,
}

impl std::fmt::Debug for Bridge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bridge").finish_non_exhaustive()
    }
}

/// What stands on a matter's timeline is public, so it is in the language of the record.
const LANG: Lang = Lang::ZhHans;

async fn load(tx: &mut Tx, street: Id, id: Id) -> Result<Plan, Fault> {
    Ok(tx.load(street, id).await?.ok_or(Refusal::missing("plans.no-plan"))?)
}

/// Draws up a plan.
///
/// # Errors
/// Which field is wrong; `plans.no-matter`.
pub async fn draft(tx: &mut Tx, bridge: Bridge, actor: &Actor, new: NewPlan) -> Result<Plan, Fault> {
    if places::queries::by_path(tx, actor.street, &new.place).await?.is_none() {
        return Err(Refusal::invalid("place", "ui.not-valid").into());
    }
    let matter = match new.matter.as_deref().map(str::trim).filter(|n| !n.is_empty()) {
        Some(number) => {
            let id = (bridge.find)(tx, actor.street, number).await?;
            let id = id.ok_or(Refusal::invalid("matter", "plans.no-matter"))?;
            Some(MatterRef { id, number: number.to_owned() })
        }
        None => None,
    };
    let id = tx.new_id()?;
    rules::draft(&new, id, String::new(), None)?;
    // Only a plan that is right draws a number: numbers have no holes.
    let year = local_date(tx.now).format("%Y").to_string();
    let n = tx.next_number(actor.street, &format!("plan {year}")).await?;
    let event = rules::draft(&new, id, format!("FA-{year}-{n:04}"), matter)?;
    Ok(tx.record::<Plan>(id, None, &[event], actor, None).await?.0)
}

/// Does a verb of a plan. Whoever calls has proven the right at its place.
///
/// # Errors
/// Refusals of the rules; `plans.no-plan`.
pub async fn act(tx: &mut Tx, bridge: Bridge, actor: &Actor, id: Id, act: Act) -> Result<Plan, Fault> {
    let p = load(tx, actor.street, id).await?;
    let counts = queries::counts(tx, actor.street, id).await?;
    let facts =
        Facts { today: local_date(tx.now), unanswered: counts.unanswered, maintained: counts.maintained };
    let event = rules::decide(&p, act, &facts)?;
    let (p, _) = tx.record(id, Some(p), std::slice::from_ref(&event), actor, None).await?;
    tell(tx, bridge, actor, &p, &event).await?;
    Ok(p)
}

/// The matter and those who spoke hear of what matters to them; a day of the diary rings nobody.
async fn tell(tx: &mut Tx, bridge: Bridge, actor: &Actor, p: &Plan, event: &PlanEvent) -> Result<(), Fault> {
    let title = p.title.clone();
    let (key, words) = match event {
        PlanEvent::RoundOpened { until } => {
            let until = until.to_string();
            ("plans.notice-opened", t!(LANG, "followed-opened", title = title, until = until))
        }
        PlanEvent::PlanSettled { how, .. } => {
            ("plans.notice-settled", t!(LANG, "followed-settled", title = title, how = how.clone()))
        }
        PlanEvent::WorksBegun(works) => {
            let (from, until) = (works.from.to_string(), works.until.to_string());
            let by = works.by.clone();
            let words = t!(LANG, "followed-begun", title = title, by = by, from = from, until = until);
            ("plans.notice-begun", words)
        }
        PlanEvent::PlanFinished { accepted } => {
            ("plans.notice-done", t!(LANG, "followed-done", title = title, words = accepted.clone()))
        }
        PlanEvent::PlanWithdrawn { reason } if p.is_public() => {
            ("plans.notice-withdrawn", t!(LANG, "followed-withdrawn", title = title, why = reason.clone()))
        }
        _ => return Ok(()),
    };
    let link = format!("/plans/{}", p.id);
    if let Some(m) = &p.matter {
        (bridge.follow)(tx, actor, m.id, words, link.clone()).await?;
    }
    for person in queries::voices(tx, p.street, p.id).await? {
        let args = serde_json::json!({ "title": p.title });
        let (key, link) = (key.into(), link.clone());
        tx.notify(Notice { street: p.street, person, key, args, link, due_at: None }).await?;
    }
    Ok(())
}

/// Closes a consultation whose last day is over.
///
/// # Errors
/// Refusals of the rules.
pub(crate) async fn tick(tx: &mut Tx, street: Id, id: Id) -> Result<(), Fault> {
    let p = load(tx, street, id).await?;
    let facts = Facts { today: local_date(tx.now), unanswered: 0, maintained: 0 };
    let event = rules::decide(&p, Act::Close, &facts)?;
    tx.record(id, Some(p), &[event], &Actor::system(street), None).await?;
    Ok(())
}

/// Says something to a plan, for `new.person`; for nobody when it was written down without a name.
///
/// # Errors
/// `plans.not-asked-now`, `plans.said-already`, `plans.too-many-own`; `ui.empty` where a suggestion or objection has no words.
pub async fn say(tx: &mut Tx, actor: &Actor, plan: Id, new: NewOpinion) -> Result<Opinion, Fault> {
    let street = actor.street;
    // Locks the plan: a consultation must not close while an opinion comes in.
    let p = load(tx, street, plan).await?;
    let round = p.rounds.len();
    let own = match new.person {
        Some(person) => queries::own_count(tx, street, plan, (person, round, new.kind)).await?,
        None => 0,
    };
    rules::may_say(&p, new.kind, own)?;
    let said = match new.kind {
        OpinionKind::Support => text::optional("text", &new.text, NOTE)?,
        OpinionKind::Suggest | OpinionKind::Object => Some(text::required("text", &new.text, NOTE)?),
    };
    let text = match said {
        Some(said) => Some(tx.keep(street, new.person, &said).await?),
        None => None,
    };
    let id = tx.new_id()?;
    let (person, channel, kind) = (new.person, new.channel, new.kind);
    let event = OpinionEvent::OpinionPut { id, plan, round, person, channel, kind, text };
    Ok(tx.record::<Opinion>(id, None, &[event], actor, None).await?.0)
}

/// Does something with an opinion. Whoever calls has proven the right at the plan's place, or acts for themself.
///
/// # Errors
/// `plans.no-opinion`; refusals of the rules.
pub async fn opinion(
    tx: &mut Tx,
    actor: &Actor,
    plan: Id,
    opinion: Id,
    act: OpinionAct,
) -> Result<Opinion, Fault> {
    let p = load(tx, actor.street, plan).await?;
    let o: Option<Opinion> = tx.load(actor.street, opinion).await?;
    let o = o.filter(|o| o.plan == plan).ok_or(Refusal::missing("plans.no-opinion"))?;
    let event = rules::decide_opinion(&o, &p, act, actor.person)?;
    let answered = matches!(event, OpinionEvent::OpinionAnswered { .. });
    let (o, _) = tx.record(opinion, Some(o), &[event], actor, None).await?;
    if let Some(person) = o.person.filter(|_| answered) {
        tx.notify(Notice {
            street: p.street,
            person,
            key: "plans.notice-answered".into(),
            args: serde_json::json!({ "title": p.title }),
            link: format!("/plans/{plan}"),
            due_at: None,
        })
        .await?;
    }
    Ok(o)
}
