//! Who hears of what: residents of every step, staff of what waits for them.

use crate::model::*;
use kernel::{Actor, Id, OfficeKind, PlacePath, calendar::Calendar};
use methods::Urgency;
use serde_json::json;
use store::{Fault, Notice, Tx};

/// Writes the notices that follow from events. Whoever acted is not told of the own act, and outside duty hours
/// nobody is rung up unless the matter is urgent.
///
/// # Errors
/// What the database says.
pub(super) async fn tell(
    tx: &mut Tx,
    calendar: &Calendar,
    m: &Matter,
    events: &[Event],
    actor: &Actor,
) -> Result<(), Fault> {
    for event in events {
        if let Some(key) = for_residents(event, m) {
            let mut told: Vec<Id> = Vec::new();
            for voice in m.voices.iter().filter(|v| !v.withdrawn) {
                let Some(person) = voice.person.filter(|p| Some(*p) != actor.person && !told.contains(p))
                else {
                    continue;
                };
                told.push(person);
                send(tx, calendar, m, person, key, (&voice.number, &format!("/m/{}", voice.number))).await?;
            }
        }
        for (key, people) in for_staff(tx, event, m).await? {
            let mut told: Vec<Id> = Vec::new();
            for person in people.into_iter().filter(|p| Some(*p) != actor.person) {
                if !told.contains(&person) {
                    told.push(person);
                    send(tx, calendar, m, person, key, (&m.number, &format!("/office/m/{}", m.number)))
                        .await?;
                }
            }
        }
    }
    Ok(())
}

async fn send(
    tx: &mut Tx,
    calendar: &Calendar,
    m: &Matter,
    person: Id,
    key: &str,
    (number, link): (&str, &str),
) -> Result<(), Fault> {
    let due_at = (m.urgency != Urgency::Urgent).then(|| calendar.next_duty(tx.now));
    // The title may be personal: the notice carries only the number; the page shows the rest by right.
    tx.notify(Notice {
        street: m.street,
        person,
        key: format!("matters.{key}"),
        args: json!({ "number": number }),
        link: link.to_owned(),
        due_at,
    })
    .await
}

/// The sentence that residents get for an event, if any.
fn for_residents(event: &Event, m: &Matter) -> Option<&'static str> {
    Some(match event {
        Event::Accepted { .. } => "notice-accepted",
        Event::Rejected { .. } => "notice-rejected",
        Event::Merged { .. } => "notice-merged",
        Event::Dispatched { .. } => "notice-dispatched",
        Event::Signed => "notice-signed",
        Event::Progressed { .. } => "notice-progressed",
        Event::Decided { granted: true, request, .. } => {
            match m.requests.iter().find(|r| r.id == *request).map(|r| r.ask.kind()) {
                Some(RequestKind::Extend) => "notice-extended",
                Some(RequestKind::Suspend) => "notice-suspended",
                Some(RequestKind::Whistle) => "notice-whistled",
                Some(RequestKind::Void) => "notice-voided",
                _ => return None,
            }
        }
        Event::WaitBegan { .. } => "notice-waiting",
        Event::Resumed { .. } => "notice-resumed",
        Event::AgendaSet { .. } => "notice-agenda",
        Event::AgendaSettled { .. } => "notice-agenda-settled",
        Event::FollowedUp { .. } => "notice-followed-up",
        Event::Checked { finding, .. } if *finding != CheckFinding::Fail => "notice-answered",
        Event::Redone { .. } => "notice-redone",
        Event::Reopened { .. } => "notice-reopened",
        Event::Closed { how: ClosedHow::Silence | ClosedHow::Unreachable, .. } => "notice-closed",
        Event::Transferred { .. } => "notice-transferred",
        _ => return None,
    })
}

async fn holders(tx: &mut Tx, m: &Matter, kind: OfficeKind, at: &PlacePath) -> Result<Vec<Id>, Fault> {
    let now = tx.now;
    Ok(people::queries::holders(tx, m.street, kind, at, now).await?.into_iter().map(|h| h.person).collect())
}

async fn of_unit(tx: &mut Tx, m: &Matter, unit: Id) -> Result<Vec<Id>, Fault> {
    let now = tx.now;
    people::queries::handlers(tx, m.street, unit, now).await
}

async fn lead(tx: &mut Tx, m: &Matter) -> Result<Vec<Id>, Fault> {
    match m.lead_unit() {
        Some(unit) => of_unit(tx, m, unit).await,
        None => Ok(Vec::new()),
    }
}

/// The sentences that staff get for an event, with the people who get them.
async fn for_staff(tx: &mut Tx, event: &Event, m: &Matter) -> Result<Vec<(&'static str, Vec<Id>)>, Fault> {
    use OfficeKind::*;
    let desk = |tx| Box::pin(holders(tx, m, DutyOfficer, &m.place));
    Ok(match event {
        Event::Raised(r) if r.ledger_key.is_none() => vec![("staff-raised", desk(tx).await?)],
        Event::VerificationAsked { .. } => {
            vec![("staff-verify", holders(tx, m, GridOfficer, &m.place).await?)]
        }
        Event::Verified { .. } => vec![("staff-verified", desk(tx).await?)],
        Event::Accepted { .. } | Event::Redone { .. } | Event::Reopened { .. } => {
            vec![("staff-dispatch", holders(tx, m, Dispatcher, &m.place).await?)]
        }
        Event::Dispatched { tasks, .. } => {
            let mut out = vec![("staff-dispatched", lead(tx, m).await?)];
            for task in tasks {
                out.push(("staff-task", of_unit(tx, m, task.unit).await?));
            }
            out
        }
        Event::TaskGiven { task } => vec![("staff-task", of_unit(tx, m, task.unit).await?)],
        Event::Urged { .. } => {
            let mut people = lead(tx, m).await?;
            people.extend(desk(tx).await?);
            vec![("staff-urged", people)]
        }
        Event::Thanked { .. } => vec![("staff-thanked", lead(tx, m).await?)],
        Event::Added { voice: Some(_), .. } => vec![("staff-added", lead(tx, m).await?)],
        Event::Requested { request, .. } => {
            let kind = match request.ask {
                _ if request.street_decides => StreetSupervisor,
                Ask::Void => CommunitySecretary,
                _ => DutyOfficer,
            };
            vec![("staff-asked", holders(tx, m, kind, &m.place).await?)]
        }
        Event::Decided { request, granted, .. } => {
            let asked = m.requests.iter().find(|r| r.id == *request);
            let mut out = Vec::new();
            if let Some(by) = asked.and_then(|r| r.by) {
                out.push((if *granted { "staff-granted" } else { "staff-refused" }, vec![by]));
            }
            if let (true, Some(Ask::Whistle { units, .. })) = (*granted, asked.map(|r| r.ask.clone())) {
                for unit in units {
                    out.push(("staff-called", of_unit(tx, m, unit).await?));
                }
            }
            out
        }
        Event::Handled { .. } => vec![("staff-check", holders(tx, m, GridOfficer, &m.place).await?)],
        Event::Checked { finding: CheckFinding::Fail, .. } => vec![("staff-rework", lead(tx, m).await?)],
        Event::Evaluated { evaluation } if !evaluation.solved => vec![("staff-unsolved", desk(tx).await?)],
        Event::Supervised { .. } => {
            let mut people = lead(tx, m).await?;
            people.extend(holders(tx, m, CommunitySecretary, &m.place).await?);
            vec![("staff-supervised", people)]
        }
        Event::TimerStruck { timer } => match timer {
            Timer::Accept | Timer::Check | Timer::Evaluate => vec![("staff-late", desk(tx).await?)],
            Timer::Dispatch => vec![("staff-late", holders(tx, m, Dispatcher, &m.place).await?)],
            Timer::Verify => vec![("staff-late", holders(tx, m, GridOfficer, &m.place).await?)],
            Timer::Sign | Timer::Contact | Timer::Progress => vec![("staff-late", lead(tx, m).await?)],
            Timer::Handle => {
                let mut people = lead(tx, m).await?;
                people.extend(holders(tx, m, StreetSupervisor, &m.place).await?);
                vec![("staff-late", people)]
            }
            Timer::Review => vec![("staff-review", holders(tx, m, StreetSupervisor, &m.place).await?)],
            Timer::Request | Timer::Reopen | Timer::Wait => Vec::new(),
        },
        _ => Vec::new(),
    })
}
