//! The only writers of this room: units, persons, and below accounts, offices, signing in, set-up, imports.

use crate::{
    model::{AccountEvent, NewPerson, NewUnit, PersonEvent, PersonState, Unit, UnitEvent},
    queries::{self, secrets},
    rules,
};
use kernel::{Actor, Id, OfficeKind, PlacePath, Refusal, text, text::Words, time::local_date};
use store::{Fault, Tx};

mod accounts;
mod door;
mod import;
mod information;
mod offices;
mod second;
mod set_up;

pub(crate) use accounts::try_key;
pub use accounts::{
    change_password, create_token, lock_account, open_account, open_with_one_time, reset_password,
    revoke_token, set_login, set_password, unlock_account,
};
pub use door::{send_code, sign_in, sign_in_by_code, sign_out, sign_out_everywhere};
pub use import::{Imported, import_offices, import_units, plan_offices, plan_units};
pub use information::{
    agree, answer_request, ask, decide_past, list_past, note_consent, refuse_notice, withdraw_consent,
};
pub use offices::{end_office, give_office};
pub use second::{
    Enrolment, check_second_factor, confirm_second_factor, drop_second_factor, start_second_factor,
};
pub use set_up::{SetUp, SetUpDone, set_up};

/// Longest reason, in characters.
const REASON: usize = 200;

fn missing(code: &'static str) -> Fault {
    Refusal::missing(code).into()
}

async fn known_place(tx: &mut Tx, street: Id, place: &PlacePath) -> Result<(), Fault> {
    match places::by_path(tx, street, place).await? {
        Some(place) if place.active => Ok(()),
        _ => Err(Refusal::invalid("place", "people.no-place").into()),
    }
}

/// Enters a unit.
///
/// # Errors
/// Which field is wrong; `people.unit-name-taken`.
pub async fn add_unit(tx: &mut Tx, actor: &Actor, new: NewUnit) -> Result<Unit, Fault> {
    let new = rules::unit(&new)?;
    known_place(tx, actor.street, &new.place).await?;
    if queries::units(tx, actor.street).await?.iter().any(|u| u.name == new.name) {
        return Err(Refusal::invalid("name", "people.unit-name-taken").into());
    }
    let id = tx.new_id()?;
    let unit = Unit {
        id,
        street: actor.street,
        kind: new.kind,
        name: new.name,
        place: new.place,
        phone: new.phone,
        active: true,
    };
    Ok(tx.record::<Unit>(id, None, &[UnitEvent::UnitAdded(unit)], actor, None).await?.0)
}

/// Changes a unit.
///
/// # Errors
/// Which field is wrong; `people.no-unit`.
pub async fn change_unit(tx: &mut Tx, actor: &Actor, id: Id, to: NewUnit) -> Result<Unit, Fault> {
    let unit = tx
        .load::<Unit>(actor.street, id)
        .await?
        .filter(|u| u.active)
        .ok_or_else(|| missing("people.no-unit"))?;
    let to = rules::unit(&to)?;
    known_place(tx, actor.street, &to.place).await?;
    if queries::units(tx, actor.street).await?.iter().any(|u| u.id != id && u.name == to.name) {
        return Err(Refusal::invalid("name", "people.unit-name-taken").into());
    }
    let same = NewUnit {
        kind: unit.kind,
        name: unit.name.clone(),
        place: unit.place.clone(),
        phone: unit.phone.clone(),
    };
    if same == to {
        return Ok(unit);
    }
    Ok(tx.record(id, Some(unit), &[UnitEvent::UnitChanged(to)], actor, None).await?.0)
}

/// Closes a unit: it gets no more work. What it did stays.
///
/// # Errors
/// `people.no-unit`.
pub async fn close_unit(tx: &mut Tx, actor: &Actor, id: Id) -> Result<(), Fault> {
    let unit = tx.load::<Unit>(actor.street, id).await?.ok_or_else(|| missing("people.no-unit"))?;
    if unit.active {
        tx.record(id, Some(unit), &[UnitEvent::UnitClosed], actor, None).await?;
    }
    Ok(())
}

fn name(given: Option<&str>) -> Result<Option<String>, Refusal> {
    given.map_or(Ok(None), |n| text::optional("name", n, 40))
}

/// Enters a person; returns the id.
///
/// # Errors
/// Which field is wrong; `people.phone-taken` when somebody has this telephone already.
pub async fn add_person(tx: &mut Tx, actor: &Actor, new: NewPerson) -> Result<Id, Fault> {
    let (name, phone) = (name(new.name.as_deref())?, rules::phone(new.phone.as_deref())?);
    let id = tx.new_id()?;
    if let Some(phone) = &phone
        && secrets::claim_phone(tx, actor.street, phone, id).await? != id
    {
        return Err(Refusal::invalid("phone", "people.phone-taken").into());
    }
    enter(tx, actor, id, name, phone, new.lives_at).await?;
    Ok(id)
}

async fn enter(
    tx: &mut Tx,
    actor: &Actor,
    id: Id,
    name: Option<String>,
    phone: Option<String>,
    lives_at: Option<PlacePath>,
) -> Result<(), Fault> {
    let street = actor.street;
    secrets::index_name(tx, street, id, name.as_deref()).await?;
    let person = PersonState {
        id,
        street,
        name: tx.keep_some(street, Some(id), name.as_deref()).await?,
        phone: tx.keep_some(street, Some(id), phone.as_deref()).await?,
        lives_at: tx.keep_some(street, Some(id), lives_at.as_ref().map(PlacePath::as_str)).await?,
    };
    tx.record::<PersonState>(id, None, &[PersonEvent::PersonAdded(person)], actor, None).await?;
    Ok(())
}

/// The person with this telephone, or a new one without an account; a name is only taken when none is known.
///
/// # Errors
/// `people.bad-phone`.
pub async fn person_by_phone(
    tx: &mut Tx,
    actor: &Actor,
    phone: &str,
    name_: Option<&str>,
) -> Result<Id, Fault> {
    let name = name(name_)?;
    let phone = rules::phone(Some(phone))?.ok_or(Refusal::invalid("phone", "people.bad-phone"))?;
    let id = tx.new_id()?;
    let owner = secrets::claim_phone(tx, actor.street, &phone, id).await?;
    if owner == id {
        enter(tx, actor, id, name, Some(phone), None).await?;
    } else if name.is_some() {
        let person =
            tx.load::<PersonState>(actor.street, owner).await?.ok_or_else(|| missing("people.no-person"))?;
        if person.name.is_none() {
            secrets::index_name(tx, actor.street, owner, name.as_deref()).await?;
            let name = tx.keep_some(actor.street, Some(owner), name.as_deref()).await?;
            let event = PersonEvent::PersonChanged {
                name,
                phone: person.phone.clone(),
                lives_at: person.lives_at.clone(),
            };
            tx.record(owner, Some(person), &[event], actor, None).await?;
        }
    }
    Ok(owner)
}

/// Changes what is known of a person; the whole of it.
///
/// # Errors
/// Which field is wrong; `people.phone-taken`; `people.no-person`.
pub async fn change_person(tx: &mut Tx, actor: &Actor, id: Id, to: NewPerson) -> Result<(), Fault> {
    let street = actor.street;
    let state = tx.load::<PersonState>(street, id).await?.ok_or_else(|| missing("people.no-person"))?;
    let keys = tx.keys().clone();
    let known = queries::person(tx, &keys, street, id).await?.ok_or_else(|| missing("people.no-person"))?;
    let (name, phone) = (name(to.name.as_deref())?, rules::phone(to.phone.as_deref())?);
    if known.name == name && known.phone == phone && known.lives_at == to.lives_at {
        return Ok(());
    }
    if known.phone != phone {
        secrets::free_phone(tx, street, id).await?;
        if let Some(phone) = &phone
            && secrets::claim_phone(tx, street, phone, id).await? != id
        {
            return Err(Refusal::invalid("phone", "people.phone-taken").into());
        }
    }
    secrets::index_name(tx, street, id, name.as_deref()).await?;
    let name = kept(tx, street, id, known.name == name, &state.name, name.as_deref()).await?;
    let phone = kept(tx, street, id, known.phone == phone, &state.phone, phone.as_deref()).await?;
    let lives = to.lives_at.as_ref().map(PlacePath::as_str);
    let lives_at = kept(tx, street, id, known.lives_at == to.lives_at, &state.lives_at, lives).await?;
    tx.record(id, Some(state), &[PersonEvent::PersonChanged { name, phone, lives_at }], actor, None).await?;
    Ok(())
}

/// The old commitment when nothing changed; otherwise a fresh one, and the old text is erased.
async fn kept(
    tx: &mut Tx,
    street: Id,
    person: Id,
    same: bool,
    old: &Option<Words>,
    new: Option<&str>,
) -> Result<Option<Words>, Fault> {
    if same {
        return Ok(old.clone());
    }
    secrets::erase(tx, street, old.as_ref()).await?;
    tx.keep_some(street, Some(person), new).await
}

/// Forgets a person (个人信息保护法 art. 47): name, telephone, dwelling and login are erased, the account is
/// closed, and the record keeps only what leads to nobody. The person's own act, or the system administrator's
/// on the person's behalf; not while the person holds an office. Matters stay.
///
/// # Errors
/// `people.holds-office`; `people.no-person`; `ui.no-right`.
pub async fn forget_person(tx: &mut Tx, actor: &Actor, id: Id) -> Result<(), Fault> {
    if actor.person != Some(id) {
        rules::acts_as(actor, OfficeKind::SystemAdmin)?;
    }
    erase_identity(tx, actor, id).await.map(|_| ())
}

/// Erases whatever tells who a person is. The caller has proven that it may be.
pub(crate) async fn erase_identity(tx: &mut Tx, actor: &Actor, id: Id) -> Result<ui::Erased, Fault> {
    let street = actor.street;
    let person = tx.load::<PersonState>(street, id).await?.ok_or_else(|| missing("people.no-person"))?;
    let today = local_date(tx.now);
    if !queries::offices_from(tx, street, id, today).await?.is_empty() {
        return Err(Refusal::conflict("people.holds-office").into());
    }
    if person.name.is_none() && person.phone.is_none() && person.lives_at.is_none() {
        return Ok(ui::Erased::default());
    }
    let account = queries::account_of(tx, street, id).await?;
    let mut erased = 0;
    for words in [&person.name, &person.phone, &person.lives_at] {
        erased += u64::from(words.is_some());
        secrets::erase(tx, street, words.as_ref()).await?;
    }
    secrets::forget(tx, street, id, account.as_ref().map(|a| a.id)).await?;
    // What the person wrote in requests, and from where the person signed in.
    erased += secrets::erase_of_room(tx, street, id).await?;
    if let Some(account) = account {
        secrets::erase(tx, street, account.login.as_ref()).await?;
        accounts::note(tx, actor, account, AccountEvent::AccountClosed).await?;
    }
    tx.record(id, Some(person), &[PersonEvent::PersonForgotten], actor, None).await?;
    Ok(ui::Erased { erased, frozen: 0 })
}

/// Shows a field of a person in clear (`phone`, `name`, `lives_at`) to whoever gives a reason; the look is
/// journalled as `people.unmasked` on the person's stream. The caller proves the right to look.
///
/// # Errors
/// `ui.empty` for the field `reason`; `people.no-person`; `ui.not-valid` for another field.
pub async fn unmask(
    tx: &mut Tx,
    actor: &Actor,
    person: Id,
    field: &str,
    reason: &str,
) -> Result<String, Fault> {
    let reason = text::required("reason", reason, REASON)?;
    let state =
        tx.load::<PersonState>(actor.street, person).await?.ok_or_else(|| missing("people.no-person"))?;
    let keys = tx.keys().clone();
    let clear =
        queries::person(tx, &keys, actor.street, person).await?.ok_or_else(|| missing("people.no-person"))?;
    let value = match field {
        "phone" => clear.phone,
        "name" => clear.name,
        "lives_at" => clear.lives_at.map(|p| p.to_string()),
        _ => return Err(Refusal::invalid("field", "ui.not-valid").into()),
    };
    let reason = tx.keep(actor.street, Some(person), &reason).await?;
    tx.record(person, Some(state), &[PersonEvent::Unmasked { field: field.to_owned(), reason }], actor, None)
        .await?;
    Ok(value.unwrap_or_default())
}
