//! The only writers: elections, and the polls of their rounds.

use crate::{
    model::{Act, Bar, Election, ElectionEvent, ElectionState, NewElection, NewNominee, Way},
    queries,
    rules::{self, Facts},
};
use kernel::{
    Actor, Id, Refusal,
    calendar::Calendar,
    text::{self, BODY, NOTE},
    time::local_date,
};
use polls::model::PollState;
use std::collections::{BTreeSet, HashMap};
use store::{Fault, Notice, Tx};

mod present;
mod roll;
mod rounds;

pub(crate) use present::ALT;
pub use present::{Photo, Told, present};
pub(crate) use roll::WHY;
pub use roll::{Correction, correct_roll, lines_of, print_roll, publish_roll};
pub use rounds::{ORIGIN, Times, call_round, cancel, publish_candidates, round_ended, tick};

async fn load(tx: &mut Tx, street: Id, id: Id) -> Result<Election, Fault> {
    Ok(tx.load(street, id).await?.ok_or(Refusal::missing("elections.no-election"))?)
}

/// Prepares an election. Whoever calls has proven the right at its place.
///
/// # Errors
/// Which field is wrong; `elections.day-too-near` with the earliest lawful polling day.
pub async fn prepare(
    tx: &mut Tx,
    actor: &Actor,
    new: NewElection,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    if places::queries::by_path(tx, actor.street, &new.place).await?.is_none() {
        return Err(Refusal::invalid("place", "ui.not-valid").into());
    }
    let (id, today) = (tx.new_id()?, local_date(tx.now));
    rules::prepare(&new, id, String::new(), today, calendar)?;
    // Only an election that is right draws a number: numbers have no holes.
    let year = today.format("%Y").to_string();
    let n = tx.next_number(actor.street, &format!("election {year}")).await?;
    let event = rules::prepare(&new, id, format!("XJ-{year}-{n:04}"), today, calendar)?;
    Ok(tx.record::<Election>(id, None, &[event], actor, None).await?.0)
}

/// Does a verb of an election that needs nothing but its state. Whoever calls has proven the right at its place, or that the actor
/// acts for the own person.
///
/// # Errors
/// Refusals of the rules; `elections.no-election`.
pub async fn act(
    tx: &mut Tx,
    actor: &Actor,
    id: Id,
    act: Act,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    let e = load(tx, actor.street, id).await?;
    step(tx, actor, e, act, calendar).await
}

async fn step(
    tx: &mut Tx,
    actor: &Actor,
    e: Election,
    act: Act,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    let ground = Ground::of(tx, &e, &act).await?;
    let facts = ground.facts(tx, actor, calendar, "")?;
    let events = rules::decide(&e, act, &facts)?;
    record(tx, actor, e, events).await
}

/// What rules ask of other tables.
struct Ground {
    units: BTreeSet<String>,
    names: HashMap<Id, String>,
    certified: bool,
}

impl Ground {
    /// Reads only what the act needs.
    async fn of(tx: &mut Tx, e: &Election, act: &Act) -> Result<Self, Fault> {
        let keys = tx.keys().clone();
        let units = match act {
            Act::Sign(..) => queries::roll(tx, &keys, e).await?.into_iter().map(|l| l.unit).collect(),
            _ => BTreeSet::new(),
        };
        let names = match act {
            Act::PublishCandidates(..) | Act::DecideWrittenIn(..) => {
                let persons = queries::names(tx, &keys, e).await?;
                let name = |person| persons.get(person).cloned();
                e.nominees.iter().filter_map(|n| Some((n.id, name(&n.person)?))).collect()
            }
            _ => HashMap::new(),
        };
        let certified = match (act, e.round().filter(|r| r.count.is_none())) {
            (Act::Kin(..), Some(round)) => {
                let poll = polls::queries::poll(tx, e.street, round.poll).await?;
                poll.is_some_and(|p| matches!(p.state, PollState::Certified | PollState::Published))
            }
            _ => false,
        };
        Ok(Self { units, names, certified })
    }

    fn facts<'a>(
        &'a self,
        tx: &Tx,
        actor: &Actor,
        calendar: &'a Calendar,
        seed: &'a str,
    ) -> Result<Facts<'a>, Fault> {
        let (units, names, certified) = (&self.units, &self.names, self.certified);
        let (now, id, person) = (tx.now, tx.new_id()?, actor.person);
        Ok(Facts { now, id, person, calendar, units, names, seed, certified })
    }
}

async fn record(
    tx: &mut Tx,
    actor: &Actor,
    e: Election,
    events: Vec<ElectionEvent>,
) -> Result<Election, Fault> {
    if events.is_empty() {
        return Ok(e);
    }
    let before = e.clone();
    let (after, _) = tx.record(e.id, Some(e), &events, actor, None).await?;
    present::clear_away(tx, &before, &after).await?;
    for event in &events {
        match event {
            ElectionEvent::Nominated { id, .. } => {
                // Whoever was named by others is asked.
                if let Some(n) = after.nominee(*id).filter(|n| Some(n.person) != actor.person) {
                    notify(tx, &after, n.person, "elections.notice-nominated").await?;
                }
            }
            ElectionEvent::AppealDecided { id, .. } => {
                if let Some(by) = after.appeals.iter().find(|a| a.id == *id).map(|a| a.by) {
                    notify(tx, &after, by, "elections.notice-decided").await?;
                }
            }
            ElectionEvent::CandidatesPublished { order, .. } => {
                let standing: Vec<Id> = order.iter().map(|(id, _)| *id).collect();
                for n in after.nominees.iter().filter(|n| standing.contains(&n.id)) {
                    notify(tx, &after, n.person, "elections.notice-candidate").await?;
                }
            }
            ElectionEvent::RoundSettled { to: ElectionState::Declared }
            | ElectionEvent::VacanciesLeft { .. } => {
                for n in after.nominees.iter().filter(|n| after.is_elected(n.id)) {
                    notify(tx, &after, n.person, "elections.notice-elected").await?;
                }
            }
            _ => {}
        }
    }
    Ok(after)
}

async fn notify(tx: &mut Tx, e: &Election, person: Id, key: &str) -> Result<(), Fault> {
    tx.notify(Notice {
        street: e.street,
        person,
        key: key.to_owned(),
        args: serde_json::json!({ "title": e.title }),
        link: format!("/elections/{}", e.id),
        due_at: None,
    })
    .await
}

/// The person of a name and telephone, known or entered anew.
async fn person(tx: &mut Tx, actor: &Actor, name: &str, phone: Option<&str>) -> Result<Id, Fault> {
    let name = text::required("name", name, 40)?;
    match phone.map(str::trim).filter(|p| !p.is_empty()) {
        Some(phone) => people::actions::person_by_phone(tx, actor, phone, Some(&name)).await,
        None => {
            let new = people::NewPerson { name: Some(name), ..people::NewPerson::default() };
            people::actions::add_person(tx, actor, new).await
        }
    }
}

/// Names a member of the committee.
///
/// # Errors
/// Which field is wrong; refusals of the rules.
pub async fn name_member(
    tx: &mut Tx,
    actor: &Actor,
    id: Id,
    name: &str,
    phone: Option<&str>,
    chair: bool,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    let e = load(tx, actor.street, id).await?;
    let person = person(tx, actor, name, phone).await?;
    step(tx, actor, e, Act::Name(person, chair), calendar).await
}

/// Who is nominated: themself, or somebody by name and telephone.
#[derive(Clone, Debug)]
pub struct Named {
    /// The name; for the own nomination what the register has counts.
    pub name: String,
    /// The telephone.
    pub phone: Option<String>,
    /// Whether this is a woman.
    pub woman: Option<bool>,
    /// How.
    pub way: Way,
    /// The organisation or compound.
    pub from: Option<String>,
    /// Whether the nominee agreed on paper; staff only.
    pub agrees: bool,
}

/// Names a nominee. A voter who names somebody signs for them at once. Whoever calls has proven the right at its place, or that a
/// voter acts for the own person.
///
/// # Errors
/// Which field is wrong; refusals of the rules; `elections.not-voter` when a resident who is not on the roll names somebody.
pub async fn nominate(
    tx: &mut Tx,
    actor: &Actor,
    id: Id,
    named: Named,
    staff: bool,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    let e = load(tx, actor.street, id).await?;
    let own = (named.way == Way::Own && !staff).then_some(actor.person).flatten();
    let keys = tx.keys().clone();
    let units = match actor.person {
        Some(person) if !staff => queries::own_units(tx, &keys, &e, person).await?,
        _ => Vec::new(),
    };
    if !staff {
        // Residents speak for themselves or as voters; organisations send their paper to the committee.
        if !matches!(named.way, Way::Own | Way::Peers) {
            return Err(Refusal::invalid("way", "elections.way-staff").into());
        }
        if units.is_empty() {
            return Err(Refusal::forbidden("elections.not-voter").into());
        }
    }
    let person = match own {
        Some(person) => person,
        None => {
            let phone = named.phone.as_deref().map(str::trim).filter(|p| !p.is_empty());
            // Without a telephone nobody could be asked, and namesakes would be mixed up.
            let phone = phone.ok_or(Refusal::invalid("phone", "ui.empty"))?;
            self::person(tx, actor, &named.name, Some(phone)).await?
        }
    };
    let new = NewNominee {
        person,
        woman: named.woman,
        way: named.way,
        from: named.from,
        agrees: (staff && named.agrees) || own.is_some(),
    };
    let e = step(tx, actor, e, Act::Nominate(new), calendar).await?;
    let nominee = e.nominee_of(person).filter(|n| n.need > 0).map(|n| n.id);
    match (nominee, units.is_empty()) {
        (Some(nominee), false) => step(tx, actor, e, Act::Sign(nominee, units), calendar).await,
        _ => Ok(e),
    }
}

/// Signs for a nominee as a voter.
///
/// # Errors
/// `elections.not-voter`; refusals of the rules.
pub async fn sign(
    tx: &mut Tx,
    actor: &Actor,
    id: Id,
    nominee: Id,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    let e = load(tx, actor.street, id).await?;
    let person = actor.person.ok_or(Refusal::forbidden("elections.no-person"))?;
    let keys = tx.keys().clone();
    let units = queries::own_units(tx, &keys, &e, person).await?;
    if units.is_empty() {
        return Err(Refusal::forbidden("elections.not-voter").into());
    }
    step(tx, actor, e, Act::Sign(nominee, units), calendar).await
}

/// Appeals against the roll, for the own person.
///
/// # Errors
/// Refusals of the rules; an empty text.
pub async fn appeal(
    tx: &mut Tx,
    actor: &Actor,
    id: Id,
    said: &str,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    let e = load(tx, actor.street, id).await?;
    let said = text::required("said", said, BODY)?;
    let words = tx.keep(e.street, actor.person, &said).await?;
    step(tx, actor, e, Act::Appeal(words), calendar).await
}

/// Decides an appeal.
///
/// # Errors
/// Refusals of the rules; an empty answer.
pub async fn decide_appeal(
    tx: &mut Tx,
    actor: &Actor,
    id: Id,
    appeal: Id,
    upheld: bool,
    answer: &str,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    let e = load(tx, actor.street, id).await?;
    let answer = text::required("answer", answer, NOTE)?;
    let by = e.appeals.iter().find(|a| a.id == appeal).map(|a| a.by);
    let words = tx.keep(e.street, by, &answer).await?;
    step(tx, actor, e, Act::Decide(appeal, upheld, words), calendar).await
}

/// Says what the vetting of a nominee found.
///
/// # Errors
/// Refusals of the rules.
pub async fn vet(
    tx: &mut Tx,
    actor: &Actor,
    id: Id,
    nominee: Id,
    answers: Vec<(Bar, bool)>,
    note: &str,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    let e = load(tx, actor.street, id).await?;
    let note = text::optional("note", note, NOTE)?;
    let subject = e.nominee(nominee).map(|n| n.person);
    let note = tx.keep_some(e.street, subject, note.as_deref()).await?;
    step(tx, actor, e, Act::Vet(nominee, answers, note), calendar).await
}

/// Bars a candidate after the list was published.
///
/// # Errors
/// Refusals of the rules; an empty reason.
pub async fn strike(
    tx: &mut Tx,
    actor: &Actor,
    id: Id,
    nominee: Id,
    why: &str,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    let e = load(tx, actor.street, id).await?;
    let why = text::required("note", why, NOTE)?;
    let subject = e.nominee(nominee).map(|n| n.person);
    let note = tx.keep(e.street, subject, &why).await?;
    step(tx, actor, e, Act::Strike(nominee, note), calendar).await
}

/// Decides on a name that was written in and has enough votes.
///
/// # Errors
/// Refusals of the rules.
pub async fn decide_written_in(
    tx: &mut Tx,
    actor: &Actor,
    id: Id,
    name: &str,
    accepted: bool,
    note: &str,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    let e = load(tx, actor.street, id).await?;
    let note = text::optional("note", note, NOTE)?;
    let note = tx.keep_some(e.street, None, note.as_deref()).await?;
    step(tx, actor, e, Act::DecideWrittenIn(name.to_owned(), accepted, note), calendar).await
}
