//! The words of this room.

use chrono::NaiveDate;
use kernel::{Id, OfficeKind, PlacePath, Time, text, text::Words};
use methods::UnitKind;
use serde::{Deserialize, Serialize};

mod information;

pub use information::*;

/// A unit (单位): who leads or supports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// What kind of unit.
    pub kind: UnitKind,
    /// Its name.
    pub name: String,
    /// Its territory: this place and all below it.
    pub place: PlacePath,
    /// Its office telephone.
    pub phone: Option<String>,
    /// Whether it still works here.
    pub active: bool,
}

/// A unit to be entered, or what an entered one is to become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewUnit {
    /// What kind of unit.
    pub kind: UnitKind,
    /// Its name.
    pub name: String,
    /// Its territory.
    pub place: PlacePath,
    /// Its office telephone.
    pub phone: Option<String>,
}

/// What happens to a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitEvent {
    /// It was entered.
    UnitAdded(Unit),
    /// It was changed.
    UnitChanged(NewUnit),
    /// It no longer works here.
    UnitClosed,
}

/// A person, in clear. Show it masked ([`Person::masked_phone`]) unless a reason was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The person's id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// The name, if it was ever given.
    pub name: Option<String>,
    /// The telephone.
    pub phone: Option<String>,
    /// The dwelling, or a wider place.
    pub lives_at: Option<PlacePath>,
}

impl Person {
    /// How the person is called: the name, else the masked telephone.
    #[must_use]
    pub fn called(&self) -> String {
        self.name.clone().or_else(|| self.masked_phone()).unwrap_or_default()
    }

    /// The telephone as `138****0000`.
    #[must_use]
    pub fn masked_phone(&self) -> Option<String> {
        self.phone.as_deref().map(text::mask_phone)
    }

    /// The name as `王**`.
    #[must_use]
    pub fn masked_name(&self) -> Option<String> {
        self.name.as_deref().map(text::mask_name)
    }
}

/// A person as the record knows one: commitments only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonState {
    /// The person's id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// Of the name.
    pub name: Option<Words>,
    /// Of the telephone.
    pub phone: Option<Words>,
    /// Of the path of the dwelling.
    pub lives_at: Option<Words>,
}

/// What happens to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonEvent {
    /// The person became known.
    PersonAdded(PersonState),
    /// Name, telephone or dwelling changed.
    PersonChanged {
        /// Of the name.
        name: Option<Words>,
        /// Of the telephone.
        phone: Option<Words>,
        /// Of the dwelling.
        lives_at: Option<Words>,
    },
    /// Everything that told who it is was erased.
    PersonForgotten,
    /// Somebody looked at a field in clear.
    Unmasked {
        /// Which field.
        field: String,
        /// Why.
        reason: Words,
    },
}

/// A person to be entered.
#[derive(Clone, Debug, Default)]
pub struct NewPerson {
    /// The name.
    pub name: Option<String>,
    /// The telephone.
    pub phone: Option<String>,
    /// The dwelling.
    pub lives_at: Option<PlacePath>,
}

kernel::coded_enum! {
    /// Whether an account may be used.
    pub enum AccountState {
        /// It may.
        Open = "open",
        /// An administrator locked it.
        Locked = "locked",
        /// Its owner was forgotten.
        Closed = "closed",
    }
}

/// An account. Password and second factor lie in a table of their own and are in no journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// Whose it is.
    pub person: Id,
    /// Of the login; residents who sign in by code have none.
    pub login: Option<Words>,
    /// Whether it may be used.
    pub state: AccountState,
    /// Whether it has a password.
    pub has_password: bool,
    /// Whether the password must be changed before anything else.
    pub must_change: bool,
    /// Whether the password is one that an administrator handed out: it runs out.
    #[serde(default)]
    pub one_time: bool,
    /// Since when the password holds.
    #[serde(default)]
    pub password_at: Option<Time>,
    /// Whether a second factor was set.
    pub second_factor: bool,
    /// When it was opened.
    pub opened_at: Time,
    /// When somebody signed in last.
    pub last_sign_in: Option<Time>,
}

/// What happens to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountEvent {
    /// It was opened.
    AccountOpened {
        /// Its id.
        id: Id,
        /// Whose it is.
        person: Id,
        /// Of the login.
        login: Option<Words>,
    },
    /// It was given a login.
    LoginSet {
        /// Of the login.
        login: Words,
    },
    /// A password was set by somebody else: it has to be changed at the next sign-in.
    PasswordSet,
    /// The owner chose a new password.
    PasswordChanged,
    /// The password is older than the street allows: it has to be changed before anything else.
    PasswordExpired,
    /// Somebody signed in.
    SignedIn {
        /// `password` or `code`.
        way: String,
        /// Of address and program.
        from: Words,
    },
    /// A sign-in failed.
    SignInFailed {
        /// Of address and program.
        from: Words,
    },
    /// Too many failures.
    LockedOut {
        /// For how long.
        minutes: i64,
    },
    /// One session ended.
    SignedOut,
    /// All sessions ended.
    SignedOutEverywhere,
    /// An administrator locked it.
    AccountLocked {
        /// Why.
        reason: Words,
    },
    /// Its owner was forgotten.
    AccountClosed,
    /// An administrator opened it again, after a lock or too many failures.
    AccountUnlocked,
    /// A second factor was set.
    SecondFactorSet,
    /// The second factor was taken away.
    SecondFactorRemoved,
    /// A recovery code was used up in place of the second factor.
    RecoveryCodeUsed,
    /// A token for programs was made.
    TokenMade {
        /// Its id.
        token: Id,
        /// What it is for.
        name: String,
    },
    /// A token was revoked.
    TokenRevoked {
        /// Its id.
        token: Id,
    },
}

/// How an office came to an end before its term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// When.
    pub at: Time,
    /// Why.
    pub reason: Words,
}

/// An office (职务): a role of a person for a place and a term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// Its id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// Who holds it.
    pub person: Id,
    /// Which role.
    pub kind: OfficeKind,
    /// For this place and all below it.
    pub place: PlacePath,
    /// In which unit.
    pub unit: Option<Id>,
    /// The first day.
    pub from: NaiveDate,
    /// The last day; open when absent.
    pub until: Option<NaiveDate>,
    /// Whether it was ended early.
    pub ended: Option<Ended>,
}

impl Office {
    /// Whether it gives rights on a day.
    #[must_use]
    pub fn in_force(&self, day: NaiveDate) -> bool {
        self.ended.is_none() && self.from <= day && self.until.is_none_or(|u| day <= u)
    }
}

/// An office to be given.
#[derive(Clone, Debug)]
pub struct NewOffice {
    /// To whom.
    pub person: Id,
    /// Which role.
    pub kind: OfficeKind,
    /// For which place.
    pub place: PlacePath,
    /// In which unit; needed for unit handlers.
    pub unit: Option<Id>,
    /// The first day; today when absent.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub until: Option<NaiveDate>,
}

/// What happens to an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfficeEvent {
    /// It was given.
    OfficeGiven(Office),
    /// It was ended before its term.
    OfficeEnded {
        /// Why.
        reason: Words,
    },
}

/// Somebody who holds an office in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The person.
    pub person: Id,
    /// The office.
    pub office: Id,
    /// For which place.
    pub place: PlacePath,
    /// In which unit.
    pub unit: Option<Id>,
}

/// From where somebody knocks, for the log and against too many tries.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The network address; empty when unknown.
    pub address: String,
    /// What the browser says about itself.
    pub agent: String,
}

impl Caller {
    /// One line for the log.
    #[must_use]
    pub fn line(&self) -> String {
        let agent: String = text::clean(&self.agent).chars().take(120).collect();
        format!("{} {agent}", self.address).trim().to_owned()
    }
}

/// A fresh session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The value of the cookie `ys`.
    pub token: String,
    /// How long the browser keeps it; `None` until it is closed (staff).
    pub seconds: Option<i64>,
    /// The street.
    pub street: Id,
    /// The account.
    pub account: Id,
    /// The person.
    pub person: Id,
    /// Whether the person holds an office of staff.
    pub staff: bool,
    /// Where the person's work begins.
    pub home: &'static str,
    /// What is due before anything else.
    pub must_go: Option<&'static str>,
}
