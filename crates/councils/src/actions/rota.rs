//! Members on duty by rota: whose turn it is, who takes it for whom, who was received.

use super::{Bridge, Concern, load, tell};
use crate::{
    model::{Council, Duty, DutyAct, DutyEvent, DutyState, Heard, NewDuty, NewRota, Rota, RotaEvent, Swap},
    queries,
    rules::{self, DutyFacts},
};
use chrono::{Duration, NaiveDate};
use kernel::{
    Actor, Id, PlacePath, Refusal,
    calendar::Calendar,
    text::{self, BODY, NOTE},
    time::local_date,
};
use store::{Fault, Tx};

/// Most days of one rota that are planned in one go.
const OCCURRENCES: usize = 60;

async fn rota(tx: &mut Tx, actor: &Actor, council: Id, id: Id) -> Result<Rota, Fault> {
    let found: Option<Rota> = tx.load(actor.street, id).await?;
    let found = found.filter(|r| r.council == council && !r.ended);
    Ok(found.ok_or(Refusal::missing("councils.no-rota"))?)
}

/// Makes a rota.
///
/// # Errors
/// Which field is wrong; `councils.no-council`.
pub async fn make_rota(tx: &mut Tx, actor: &Actor, council: Id, new: NewRota) -> Result<Rota, Fault> {
    let council = load(tx, actor.street, council).await?;
    let NewRota { rhythm, each, order } = rules::check_rota(&council, new, local_date(tx.now))?;
    let id = tx.new_id()?;
    let event = RotaEvent::RotaMade { id, council: council.id, place: council.place, rhythm, each, order };
    Ok(tx.record::<Rota>(id, None, &[event], actor, None).await?.0)
}

/// Changes a rota; what is planned already stays.
///
/// # Errors
/// Which field is wrong; `councils.no-rota`.
pub async fn change_rota(
    tx: &mut Tx,
    actor: &Actor,
    council: Id,
    id: Id,
    new: NewRota,
) -> Result<Rota, Fault> {
    let council = load(tx, actor.street, council).await?;
    let rota = rota(tx, actor, council.id, id).await?;
    let NewRota { rhythm, each, order } = rules::check_rota(&council, new, local_date(tx.now))?;
    if (&rota.rhythm, rota.each, &rota.order) == (&rhythm, each, &order) {
        return Ok(rota);
    }
    let event = RotaEvent::RotaChanged { rhythm, each, order };
    Ok(tx.record(id, Some(rota), &[event], actor, None).await?.0)
}

/// Nothing more is planned by a rota; what is planned already stays.
///
/// # Errors
/// `councils.no-rota`.
pub async fn end_rota(tx: &mut Tx, actor: &Actor, council: Id, id: Id) -> Result<Rota, Fault> {
    let rota = rota(tx, actor, council, id).await?;
    Ok(tx.record(id, Some(rota), &[RotaEvent::RotaEnded], actor, None).await?.0)
}

/// Plans the duties of a rota for the weeks to come that are not planned yet; returns those that are new. Done twice it plans
/// nothing the second time.
///
/// # Errors
/// What the database says.
pub async fn plan_duties(
    tx: &mut Tx,
    actor: &Actor,
    calendar: &Calendar,
    id: Id,
) -> Result<Vec<Duty>, Fault> {
    // Locks the rota: two at once must not plan the same day.
    let Some(rota) = tx.load::<Rota>(actor.street, id).await?.filter(|r| !r.ended) else {
        return Ok(Vec::new());
    };
    let council = load(tx, rota.street, rota.council).await?;
    let mut last = queries::last_turns(tx, rota.street, rota.id).await?;
    let end = tx.now + Duration::days(rules::ROTA_DAYS);
    let mut out = Vec::new();
    for o in rules::next(&rota.rhythm, calendar, tx.now, OCCURRENCES).into_iter().filter(|o| o.starts < end) {
        let planned = queries::on_duty(tx, rota.street, rota.id, o.of).await?;
        let mut busy: Vec<Id> = planned.iter().map(|(_, seat)| *seat).collect();
        let serving = serving(&council, &rota, o.day);
        for slot in (0..rota.each).filter(|n| planned.iter().all(|(slot, _)| slot != n)) {
            let turn = rules::next_turn(&serving, &last, &busy);
            let Some(member) = turn.and_then(|seat| council.member(seat)) else { break };
            busy.push(member.id);
            last.insert(member.id, (o.of, slot));
            let event = DutyEvent::DutyPlanned {
                id: tx.new_id()?,
                council: council.id,
                place: council.place.clone(),
                rota: Some(rota.id),
                of: Some(o.of),
                slot,
                member: member.id,
                person: member.person,
                capacity: member.capacity,
                venue: rota.rhythm.venue.clone(),
                starts: o.starts,
                ends: o.ends,
            };
            out.push(planned_duty(tx, actor, event).await?);
        }
    }
    Ok(out)
}

/// Gives the turns to come of a seat whose term ended to whose turn it is instead. What no rota gives, or nobody is left to
/// take, waits for somebody to be named: chair and secretary are told.
pub(super) async fn hand_over(tx: &mut Tx, actor: &Actor, council: &Council, seat: Id) -> Result<(), Fault> {
    let now = tx.now;
    for d in queries::turns_of(tx, council.street, council.id, seat, now).await? {
        let rota: Option<Rota> = match d.rota {
            Some(id) => tx.load(council.street, id).await?,
            None => None,
        };
        let next = match (&rota, d.of) {
            (Some(rota), Some(of)) => {
                let planned = queries::on_duty(tx, council.street, rota.id, of).await?;
                let busy: Vec<Id> = planned.into_iter().map(|(_, seat)| seat).collect();
                let last = queries::last_turns(tx, council.street, rota.id).await?;
                rules::next_turn(&serving(council, rota, local_date(d.starts)), &last, &busy)
            }
            _ => None,
        };
        match next {
            Some(to) => {
                let d = done(tx, actor, council, d, DutyAct::Hand(to)).await?;
                say(tx, council, &d, d.person, "councils.notice-duty").await?;
            }
            None => {
                for m in council.members.iter().filter(|m| council.presides(m.id)) {
                    say(tx, council, &d, m.person, "councils.notice-duty-open").await?;
                }
            }
        }
    }
    Ok(())
}

/// Those of a rota who serve on a day, in its order.
fn serving(council: &Council, rota: &Rota, day: NaiveDate) -> Vec<Id> {
    let serves = |seat: &Id| council.member(*seat).is_some_and(|m| m.serves(day));
    rota.order.iter().copied().filter(serves).collect()
}

async fn planned_duty(tx: &mut Tx, actor: &Actor, event: DutyEvent) -> Result<Duty, Fault> {
    let DutyEvent::DutyPlanned { id, .. } = &event else { return Err(Fault::other("not a plan of a duty")) };
    let id = *id;
    Ok(tx.record::<Duty>(id, None, &[event], actor, None).await?.0)
}

/// Plans a duty that no rota gives.
///
/// # Errors
/// Which field is wrong; `councils.no-council`.
pub async fn add_duty(tx: &mut Tx, actor: &Actor, council: Id, new: NewDuty) -> Result<Duty, Fault> {
    let council = load(tx, actor.street, council).await?;
    let venue = rules::check_duty(&council, &new, tx.now)?;
    let m = council.member(new.member).ok_or(Refusal::invalid("member", "councils.no-member"))?;
    let event = DutyEvent::DutyPlanned {
        id: tx.new_id()?,
        council: council.id,
        place: council.place.clone(),
        rota: None,
        of: None,
        slot: 0,
        member: m.id,
        person: m.person,
        capacity: m.capacity,
        venue,
        starts: new.starts,
        ends: new.ends,
    };
    let d = planned_duty(tx, actor, event).await?;
    if Some(d.person) != actor.person {
        say(tx, &council, &d, d.person, "councils.notice-duty").await?;
    }
    Ok(d)
}

async fn found(tx: &mut Tx, actor: &Actor, duty: Id) -> Result<Duty, Fault> {
    Ok(tx.load(actor.street, duty).await?.ok_or(Refusal::missing("councils.no-duty"))?)
}

/// Tells somebody of a duty.
async fn say(tx: &mut Tx, council: &Council, d: &Duty, person: Id, key: &str) -> Result<(), Fault> {
    let args = serde_json::json!({
        "council": council.name, "time": ui::show::full(d.starts), "venue": d.venue,
    });
    tell(tx, d.street, person, key, args, format!("/duties/{}", d.id)).await
}

async fn done(tx: &mut Tx, actor: &Actor, council: &Council, d: Duty, act: DutyAct) -> Result<Duty, Fault> {
    let facts = DutyFacts { now: tx.now, council, id: tx.new_id()? };
    let events = rules::decide_duty(&d, act, facts)?;
    Ok(tx.record(d.id, Some(d), &events, actor, None).await?.0)
}

/// Does something with a duty. Whoever calls has proven the right at its place, or that it is the actor's own.
///
/// # Errors
/// `councils.no-duty`; refusals of the rules.
pub async fn duty(tx: &mut Tx, actor: &Actor, duty: Id, act: DutyAct) -> Result<Duty, Fault> {
    let d = found(tx, actor, duty).await?;
    let council = load(tx, actor.street, d.council).await?;
    if let DutyAct::AskSwap(to, Some(against)) = &act {
        let other = found(tx, actor, *against).await?;
        let person = council.member(*to).map(|m| m.person).unwrap_or(d.person);
        let swap = Swap { to: *to, person, against: Some(*against) };
        rules::check_exchange(&swap, &d, &other, tx.now)?;
    }
    let before = d.clone();
    let d = done(tx, actor, &council, d, act.clone()).await?;
    let told = match (&act, d.swap, before.swap) {
        (DutyAct::AskSwap(..), Some(swap), _) => vec![(swap.person, "councils.notice-swap-asked")],
        (DutyAct::DropSwap, _, Some(swap)) if actor.person == Some(swap.person) => {
            vec![(d.person, "councils.notice-swap-declined")]
        }
        (DutyAct::Hand(_), ..) => {
            vec![(d.person, "councils.notice-duty"), (before.person, "councils.notice-duty-taken")]
        }
        (DutyAct::Cancel(_), ..) => vec![(d.person, "councils.notice-duty-cancelled")],
        _ => Vec::new(),
    };
    for (person, key) in told.into_iter().filter(|(person, _)| Some(*person) != actor.person) {
        say(tx, &council, &d, person, key).await?;
    }
    Ok(d)
}

/// Takes a duty that one was asked to take; an own one goes to the asker, where that was offered.
///
/// # Errors
/// `councils.no-swap` when one is not asked; `councils.swap-not`; refusals of the rules.
pub async fn take(tx: &mut Tx, actor: &Actor, duty: Id) -> Result<Duty, Fault> {
    let d = found(tx, actor, duty).await?;
    let asked = d.swap.filter(|s| Some(s.person) == actor.person);
    let swap = asked.ok_or(Refusal::conflict("councils.no-swap"))?;
    if tx.now >= d.starts {
        return Err(Refusal::conflict("councils.duty-began").into());
    }
    let council = load(tx, actor.street, d.council).await?;
    let (asker, seat) = (d.person, d.member);
    if let Some(against) = swap.against {
        let other = found(tx, actor, against).await?;
        rules::check_exchange(&swap, &d, &other, tx.now)?;
        done(tx, actor, &council, other, DutyAct::Hand(seat)).await?;
    }
    let d = done(tx, actor, &council, d, DutyAct::Hand(swap.to)).await?;
    say(tx, &council, &d, asker, "councils.notice-swap-done").await?;
    Ok(d)
}

/// What somebody said at a reception.
#[derive(Clone, Debug)]
pub enum Said {
    /// Nothing; people are counted only.
    Nothing,
    /// Something that was answered on the spot.
    Answered {
        /// What was raised.
        about: String,
        /// What was answered.
        answer: String,
    },
    /// Something that becomes a matter.
    Raise {
        /// Where; the place of the body when absent.
        place: Option<PlacePath>,
        /// What was raised.
        about: String,
        /// The resident's name.
        name: Option<String>,
        /// The resident's telephone: to it the matter's answer goes.
        phone: Option<String>,
    },
}

/// People were received at a duty. What becomes a matter is raised in the same transaction: both or nothing.
///
/// # Errors
/// Which field is wrong; refusals of the rules and of the room of matters.
pub async fn receive(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    duty: Id,
    people: u32,
    said: Said,
) -> Result<Duty, Fault> {
    let d = found(tx, actor, duty).await?;
    let council = load(tx, actor.street, d.council).await?;
    // Whether it may be entered at all is asked before anything is kept or raised.
    let facts = DutyFacts { now: tx.now, council: &council, id: d.id };
    rules::decide_duty(&d, DutyAct::Receive(people.max(1), Heard::Nothing), facts)?;
    let heard = match said {
        Said::Nothing => Heard::Nothing,
        Said::Answered { about, answer } => {
            let (about, answer) =
                (text::required("about", &about, NOTE)?, text::required("answer", &answer, NOTE)?);
            Heard::Answered {
                about: tx.keep(d.street, None, &about).await?,
                answer: tx.keep(d.street, None, &answer).await?,
            }
        }
        Said::Raise { place, about, name, phone } => {
            let words = text::required("about", &about, BODY)?;
            let place = place.unwrap_or_else(|| council.place.clone());
            if !place.within(&council.place) {
                return Err(Refusal::invalid("place", "ui.not-valid").into());
            }
            let matter = (bridge.raise)(tx, actor, Concern { place, words, name, phone }).await?;
            Heard::Raised { matter }
        }
    };
    done(tx, actor, &council, d, DutyAct::Receive(people, heard)).await
}

/// Tells a member that a duty comes, once; whether it did.
///
/// # Errors
/// What the database says.
pub async fn remind_duty(tx: &mut Tx, actor: &Actor, duty: Id) -> Result<bool, Fault> {
    let Some(d) = tx.load::<Duty>(actor.street, duty).await? else { return Ok(false) };
    if d.reminded || d.state != DutyState::Planned || d.starts < tx.now {
        return Ok(false);
    }
    let council = load(tx, actor.street, d.council).await?;
    say(tx, &council, &d, d.person, "councils.notice-duty").await?;
    tx.record(d.id, Some(d), &[DutyEvent::DutyReminded], actor, None).await?;
    Ok(true)
}
