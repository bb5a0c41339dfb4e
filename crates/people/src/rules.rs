//! What holds for units, persons, accounts and offices. Pure.

use crate::model::{
    Account, AccountEvent, AccountState, Ended, NewOffice, NewUnit, Office, OfficeEvent, PersonEvent,
    PersonState, Unit, UnitEvent,
};
use chrono::NaiveDate;
use kernel::{Actor, Id, OfficeKind, Refusal, Time, text};

pub mod information;
pub mod lock;
pub mod password;
pub mod rights;
pub mod rows;
pub mod second;

/// The three administrators (GB/T 22239-2019 8.1.5): never the same person.
pub const ADMINS: [OfficeKind; 3] =
    [OfficeKind::SystemAdmin, OfficeKind::SecurityAdmin, OfficeKind::AuditAdmin];

/// Where somebody with these offices begins: at the desk, the administrators at theirs, residents at home.
#[must_use]
pub fn start(offices: impl Iterator<Item = OfficeKind>) -> &'static str {
    let (mut desk, mut admin) = (false, false);
    for kind in offices.filter(|k| k.is_staff()) {
        if ADMINS.contains(&kind) { admin = true } else { desk = true }
    }
    match (desk, admin) {
        (true, _) => "/office",
        (false, true) => "/office/people",
        (false, false) => "/",
    }
}

/// The state of a unit after an event.
#[must_use]
pub fn evolve_unit(state: Option<Unit>, event: &UnitEvent) -> Option<Unit> {
    match (state, event) {
        (None, UnitEvent::UnitAdded(unit)) => Some(unit.clone()),
        (Some(unit), UnitEvent::UnitChanged(c)) => Some(Unit {
            kind: c.kind,
            name: c.name.clone(),
            place: c.place.clone(),
            phone: c.phone.clone(),
            ..unit
        }),
        (Some(unit), UnitEvent::UnitClosed) => Some(Unit { active: false, ..unit }),
        (state, _) => state,
    }
}

/// The state of a person after an event.
#[must_use]
pub fn evolve_person(state: Option<PersonState>, event: &PersonEvent) -> Option<PersonState> {
    match (state, event) {
        (None, PersonEvent::PersonAdded(person)) => Some(person.clone()),
        (Some(person), PersonEvent::PersonChanged { name, phone, lives_at }) => Some(PersonState {
            name: name.clone(),
            phone: phone.clone(),
            lives_at: lives_at.clone(),
            ..person
        }),
        (Some(person), PersonEvent::PersonForgotten) => {
            Some(PersonState { name: None, phone: None, lives_at: None, ..person })
        }
        (state, _) => state,
    }
}

/// The state of an account after an event.
#[must_use]
pub fn evolve_account(state: Option<Account>, event: &AccountEvent, at: Time, street: Id) -> Option<Account> {
    match (state, event) {
        (None, AccountEvent::AccountOpened { id, person, login }) => Some(Account {
            id: *id,
            street,
            person: *person,
            login: login.clone(),
            state: AccountState::Open,
            has_password: false,
            must_change: false,
            one_time: false,
            password_at: None,
            second_factor: false,
            opened_at: at,
            last_sign_in: None,
        }),
        (Some(account), event) => Some(match event {
            AccountEvent::LoginSet { login } => Account { login: Some(login.clone()), ..account },
            AccountEvent::PasswordSet => Account {
                has_password: true,
                must_change: true,
                one_time: true,
                password_at: Some(at),
                ..account
            },
            AccountEvent::PasswordChanged => Account {
                has_password: true,
                must_change: false,
                one_time: false,
                password_at: Some(at),
                ..account
            },
            AccountEvent::PasswordExpired => Account { must_change: true, ..account },
            AccountEvent::SignedIn { .. } => Account { last_sign_in: Some(at), ..account },
            AccountEvent::AccountLocked { .. } => Account { state: AccountState::Locked, ..account },
            AccountEvent::AccountClosed => Account {
                state: AccountState::Closed,
                login: None,
                has_password: false,
                must_change: false,
                one_time: false,
                second_factor: false,
                ..account
            },
            AccountEvent::AccountUnlocked => Account { state: AccountState::Open, ..account },
            AccountEvent::SecondFactorSet => Account { second_factor: true, ..account },
            AccountEvent::SecondFactorRemoved => Account { second_factor: false, ..account },
            _ => account,
        }),
        (state, _) => state,
    }
}

/// The state of an office after an event.
#[must_use]
pub fn evolve_office(state: Option<Office>, event: &OfficeEvent, at: Time) -> Option<Office> {
    match (state, event) {
        (None, OfficeEvent::OfficeGiven(office)) => Some(office.clone()),
        (Some(office), OfficeEvent::OfficeEnded { reason }) => {
            Some(Office { ended: Some(Ended { at, reason: reason.clone() }), ..office })
        }
        (state, _) => state,
    }
}

/// Whether the actor acts in this office, or is the system itself.
///
/// # Errors
/// `ui.no-right`.
pub fn acts_as(actor: &Actor, office: OfficeKind) -> Result<(), Refusal> {
    if actor.is_system() || actor.office == Some(office) {
        Ok(())
    } else {
        Err(Refusal::forbidden("ui.no-right"))
    }
}

/// A unit as typed, cleaned.
///
/// # Errors
/// Which field is wrong.
pub fn unit(new: &NewUnit) -> Result<NewUnit, Refusal> {
    Ok(NewUnit {
        kind: new.kind,
        name: text::required("name", &new.name, text::TITLE)?,
        place: new.place.clone(),
        phone: phone(new.phone.as_deref())?,
    })
}

/// A telephone as typed, cleaned; blanks inside are dropped.
///
/// # Errors
/// `people.bad-phone`.
pub fn phone(given: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(given) = given else { return Ok(None) };
    let phone: String = text::clean(given).chars().filter(|c| !c.is_whitespace()).collect();
    let phone = phone.strip_prefix("+86").map_or(phone.clone(), |p| p.trim_start_matches('-').to_owned());
    match phone.is_empty() {
        true => Ok(None),
        false if text::is_phone(&phone) => Ok(Some(phone)),
        false => Err(Refusal::invalid("phone", "people.bad-phone")),
    }
}

/// A login as typed, in small letters: 3 to 32 of a–z, 0–9, `.`, `_`, `-`, a letter first (so that it can
/// never be taken for a telephone).
///
/// # Errors
/// `people.bad-login`.
pub fn login(given: &str) -> Result<String, Refusal> {
    let login = text::clean(given).to_lowercase();
    let good = (3..=32).contains(&login.len())
        && login.starts_with(|c: char| c.is_ascii_lowercase())
        && login.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b));
    if good { Ok(login) } else { Err(Refusal::invalid("login", "people.bad-login")) }
}

/// What must be known to give an office.
#[derive(Clone, Debug, Default)]
pub struct OfficeFacts {
    /// Offices of the person that are in force or begin later.
    pub held: Vec<Office>,
    /// Whether the place exists and is in use.
    pub place_known: bool,
    /// Whether the unit exists and is in use.
    pub unit_known: bool,
}

/// The office that the input describes.
///
/// # Errors
/// Which field is wrong; `people.not-self`, `people.three-admins`, `people.already-held`; `ui.no-right`.
pub fn give(
    id: Id,
    actor: &Actor,
    new: &NewOffice,
    facts: &OfficeFacts,
    today: NaiveDate,
) -> Result<Office, Refusal> {
    acts_as(actor, OfficeKind::SecurityAdmin)?;
    if actor.person == Some(new.person) {
        return Err(Refusal::forbidden("people.not-self"));
    }
    if !new.kind.is_staff() {
        return Err(Refusal::invalid("kind", "ui.not-valid"));
    }
    if !facts.place_known {
        return Err(Refusal::invalid("place", "people.no-place"));
    }
    match new.unit {
        None if new.kind == OfficeKind::UnitHandler => {
            return Err(Refusal::invalid("unit", "people.unit-needed"));
        }
        Some(_) if !facts.unit_known => return Err(Refusal::invalid("unit", "people.no-unit")),
        _ => {}
    }
    let from = new.from.unwrap_or(today);
    if new.until.is_some_and(|u| u < from) {
        return Err(Refusal::invalid("until", "people.until-before-from"));
    }
    if ADMINS.contains(&new.kind) && facts.held.iter().any(|o| o.kind != new.kind && ADMINS.contains(&o.kind))
    {
        return Err(Refusal::conflict("people.three-admins"));
    }
    let same = |o: &&Office| o.kind == new.kind && o.place == new.place && o.unit == new.unit;
    let meets = |o: &&Office| new.until.is_none_or(|u| o.from <= u) && o.until.is_none_or(|u| from <= u);
    if facts.held.iter().filter(same).any(|o| meets(&o)) {
        return Err(Refusal::conflict("people.already-held"));
    }
    Ok(Office {
        id,
        street: actor.street,
        person: new.person,
        kind: new.kind,
        place: new.place.clone(),
        unit: new.unit,
        from,
        until: new.until,
        ended: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Channel, PlacePath};
    use proptest::prelude::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(739_000 + i32::try_from(n).unwrap()).unwrap()
    }

    fn security() -> Actor {
        Actor {
            person: Some(Id::named("security")),
            office: Some(OfficeKind::SecurityAdmin),
            ..Actor::anonymous(Id::named("street"), Channel::App)
        }
    }

    #[test]
    fn telephones_as_people_type_them() {
        let read = |text| phone(Some(text)).map_err(|r| r.code);
        assert_eq!(read("139 0000 1111"), Ok(Some("13900001111".into())));
        assert_eq!(read("+86-13900001111"), Ok(Some("13900001111".into())));
        assert_eq!(read(" "), Ok(None));
        assert_eq!(read("12345"), Err("people.bad-phone"));
    }

    proptest! {
        /// Whatever is granted in whatever order, nobody is two of the three administrators at once, no two
        /// equal offices overlap, and an office gives rights on the days of its term and on no other.
        #[test]
        fn grants_keep_the_rules(asked in prop::collection::vec((0usize..OfficeKind::ALL.len(), 0u32..40, prop::option::of(0u32..40)), 1..30)) {
            let person = Id::named("person");
            let place = PlacePath::parse("/QH/LY/").unwrap();
            let mut held: Vec<Office> = Vec::new();
            for (kind, from, until) in asked {
                let kind = OfficeKind::ALL[kind];
                let new = NewOffice { person, kind, place: place.clone(), unit: None, from: Some(day(from)), until: until.map(day) };
                let facts = OfficeFacts { held: held.clone(), place_known: true, unit_known: false };
                if let Ok(office) = give(Id::named("x"), &security(), &new, &facts, day(0)) {
                    held.push(office);
                }
            }
            for n in 0..45 {
                let today: Vec<OfficeKind> = held.iter().filter(|o| o.in_force(day(n))).map(|o| o.kind).collect();
                prop_assert!(today.iter().filter(|k| ADMINS.contains(k)).count() <= 1, "{today:?}");
                let mut once = today.clone();
                once.sort();
                once.dedup();
                prop_assert_eq!(once.len(), today.len());
                for office in &held {
                    let within = office.from <= day(n) && office.until.is_none_or(|u| day(n) <= u);
                    prop_assert_eq!(office.in_force(day(n)), within);
                }
            }
            prop_assert!(held.iter().all(|o| o.kind.is_staff() && o.kind != OfficeKind::UnitHandler));
        }

        /// A login can never be read as a telephone, so that one field can take both.
        #[test]
        fn a_login_is_no_telephone(text in "\\PC{0,40}") {
            if let Ok(login) = login(&text) {
                prop_assert!(!matches!(phone(Some(&login)), Ok(Some(_))));
                prop_assert_eq!(super::login(&login).unwrap(), login.clone());
            }
        }
    }
}
