//! Offices: given by the security administrator for a place and a term, ended with a reason.

use super::{REASON, missing};
use crate::{
    model::{NewOffice, Office, OfficeEvent},
    queries::{self, secrets},
    rules::{self, OfficeFacts},
};
use kernel::{Actor, Id, OfficeKind, Refusal, text, time::local_date};
use store::{Fault, Notice, Tx};

/// Gives an office; only the security administrator and the system itself may, and nobody to oneself. The
/// first office of staff ends the person's sessions, so that the shorter limits of staff hold from then on.
///
/// # Errors
/// Which field is wrong; `people.not-self`, `people.three-admins`, `people.already-held`; `ui.no-right`.
pub async fn give_office(tx: &mut Tx, actor: &Actor, new: NewOffice) -> Result<Id, Fault> {
    rules::acts_as(actor, OfficeKind::SecurityAdmin)?;
    let (street, today) = (actor.street, local_date(tx.now));
    // Locks the person's row: two grants at once must see each other.
    if tx.load::<crate::model::PersonState>(street, new.person).await?.is_none() {
        return Err(missing("people.no-person"));
    }
    let facts = OfficeFacts {
        held: queries::offices_from(tx, street, new.person, today).await?,
        place_known: places::by_path(tx, street, &new.place).await?.is_some_and(|p| p.active),
        unit_known: match new.unit {
            Some(unit) => queries::unit(tx, street, unit).await?.is_some_and(|u| u.active),
            None => false,
        },
    };
    let id = tx.new_id()?;
    let office = rules::give(id, actor, &new, &facts, today)?;
    if facts.held.is_empty()
        && let Some(account) = queries::account_of(tx, street, new.person).await?
    {
        secrets::end_sessions(tx, street, account.id, None).await?;
    }
    tx.record::<Office>(id, None, &[OfficeEvent::OfficeGiven(office)], actor, None).await?;
    tell(tx, street, new.person).await?;
    Ok(id)
}

/// Ends an office before its term; only the security administrator and the system itself may.
///
/// # Errors
/// `people.no-office`, `people.office-ended`; `ui.empty` for the field `reason`; `ui.no-right`.
pub async fn end_office(tx: &mut Tx, actor: &Actor, office: Id, reason: &str) -> Result<(), Fault> {
    rules::acts_as(actor, OfficeKind::SecurityAdmin)?;
    let reason = text::required("reason", reason, REASON)?;
    let office = tx.load::<Office>(actor.street, office).await?.ok_or_else(|| missing("people.no-office"))?;
    if office.ended.is_some() {
        return Err(Refusal::conflict("people.office-ended").into());
    }
    if actor.person == Some(office.person) {
        return Err(Refusal::forbidden("people.not-self").into());
    }
    let person = office.person;
    let reason = tx.keep(actor.street, Some(person), &reason).await?;
    tx.record(office.id, Some(office), &[OfficeEvent::OfficeEnded { reason }], actor, None).await?;
    tell(tx, actor.street, person).await
}

async fn tell(tx: &mut Tx, street: Id, person: Id) -> Result<(), Fault> {
    tx.notify(Notice {
        street,
        person,
        key: "people.notice-offices".into(),
        args: serde_json::json!({}),
        link: "/account".into(),
        due_at: None,
    })
    .await
}
