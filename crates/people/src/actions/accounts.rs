//! Accounts: opening, passwords, locks, tokens for programs.

use super::{REASON, missing};
use crate::{
    model::{Account, AccountEvent, AccountState},
    queries::{self, gate, secrets},
    rules::{self, password},
};
use kernel::{Actor, Id, OfficeKind, Refusal, text, time::local_date};
use store::{Fault, Tx};

/// The name of an account's counter of failures.
pub(crate) fn try_key(account: Id) -> String {
    format!("account:{account}")
}

pub(super) async fn load(tx: &mut Tx, street: Id, account: Id) -> Result<Account, Fault> {
    tx.load::<Account>(street, account).await?.ok_or_else(|| missing("people.no-account"))
}

pub(super) async fn note(
    tx: &mut Tx,
    actor: &Actor,
    account: Account,
    event: AccountEvent,
) -> Result<Account, Fault> {
    Ok(tx.record(account.id, Some(account), &[event], actor, None).await?.0)
}

/// argon2 off the async threads.
pub(super) async fn slow<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Fault::other(e.to_string()))
}

async fn is_staff(tx: &mut Tx, account: &Account) -> Result<bool, Fault> {
    let today = local_date(tx.now);
    Ok(!queries::offices_from(tx, account.street, account.person, today).await?.is_empty())
}

async fn store_password(tx: &mut Tx, account: &Account, clear: &str) -> Result<(), Fault> {
    let (clear, salt) = (clear.to_owned(), tx.random::<16>()?);
    let phc = slow(move || password::hash(&clear, &salt)).await?.map_err(Fault::other)?;
    secrets::set_password(tx, account.street, account.id, &phc).await
}

async fn login_of(tx: &mut Tx, account: &Account) -> Result<Option<String>, Fault> {
    let Some(words) = &account.login else { return Ok(None) };
    let keys = tx.keys().clone();
    let mut texts = tx.clear_words(&keys, account.street, std::slice::from_ref(&words.commit)).await?;
    Ok(texts.remove(&words.commit))
}

/// Opens an account for a person; only the system administrator and the system itself may. Without a login
/// the person signs in by telephone and code; with a password the owner signs in at once (to hand out a
/// password that must be changed, see [`open_with_one_time`]).
///
/// # Errors
/// Which field is wrong; `people.login-taken`, `people.has-account`, `people.no-person`; `ui.no-right`.
pub async fn open_account(
    tx: &mut Tx,
    actor: &Actor,
    person: Id,
    login: &str,
    password: Option<&str>,
) -> Result<Id, Fault> {
    rules::acts_as(actor, OfficeKind::SystemAdmin)?;
    let login = rules::login(login)?;
    if let Some(clear) = password {
        password::check(clear, Some(&login), true)?;
    }
    let account = open(tx, actor, person, Some(&login)).await?;
    let id = account.id;
    if let Some(clear) = password {
        store_password(tx, &account, clear).await?;
        note(tx, actor, account, AccountEvent::PasswordChanged).await?;
    }
    Ok(id)
}

/// Opens an account with a one-time password, which is returned once and kept nowhere.
///
/// # Errors
/// As [`open_account`].
pub async fn open_with_one_time(
    tx: &mut Tx,
    actor: &Actor,
    person: Id,
    login: &str,
) -> Result<(Id, String), Fault> {
    let id = open_account(tx, actor, person, login, None).await?;
    let clear = reset_password(tx, actor, id).await?;
    Ok((id, clear))
}

/// Opens the account of a resident without a right to be proven: the telephone was.
pub(super) async fn open(
    tx: &mut Tx,
    actor: &Actor,
    person: Id,
    login: Option<&str>,
) -> Result<Account, Fault> {
    let street = actor.street;
    if tx.get::<crate::model::PersonState>(street, person).await?.is_none() {
        return Err(missing("people.no-person"));
    }
    if queries::account_of(tx, street, person).await?.is_some() {
        return Err(Refusal::conflict("people.has-account").into());
    }
    if let Some(login) = login {
        free_login(tx, street, login).await?;
    }
    let id = tx.new_id()?;
    secrets::add_secret(tx, street, id, login).await?;
    let login = tx.keep_some(street, Some(person), login).await?;
    let event = AccountEvent::AccountOpened { id, person, login };
    Ok(tx.record::<Account>(id, None, &[event], actor, None).await?.0)
}

async fn free_login(tx: &mut Tx, street: Id, login: &str) -> Result<(), Fault> {
    let keys = tx.keys().clone();
    match queries::account_by_login(tx, &keys, street, login).await? {
        Some(_) => Err(Refusal::invalid("login", "people.login-taken").into()),
        None => Ok(()),
    }
}

/// Gives a login to an account that has none (a resident who becomes staff); the system administrator.
///
/// # Errors
/// `people.bad-login`, `people.login-taken`, `people.has-login`; `ui.no-right`.
pub async fn set_login(tx: &mut Tx, actor: &Actor, account: Id, login: &str) -> Result<(), Fault> {
    rules::acts_as(actor, OfficeKind::SystemAdmin)?;
    let login = rules::login(login)?;
    let account = load(tx, actor.street, account).await?;
    if account.login.is_some() {
        return Err(Refusal::conflict("people.has-login").into());
    }
    free_login(tx, actor.street, &login).await?;
    secrets::set_login(tx, actor.street, account.id, &login).await?;
    let words = tx.keep(actor.street, Some(account.person), &login).await?;
    note(tx, actor, account, AccountEvent::LoginSet { login: words }).await?;
    Ok(())
}

/// Sets a password for somebody else: it has to be changed at the next sign-in, and every session ends.
///
/// # Errors
/// Why the password cannot be taken; `people.no-account`; `ui.no-right`.
pub async fn set_password(tx: &mut Tx, actor: &Actor, account: Id, clear: &str) -> Result<(), Fault> {
    rules::acts_as(actor, OfficeKind::SystemAdmin)?;
    let account = load(tx, actor.street, account).await?;
    let login = login_of(tx, &account).await?;
    password::check(clear, login.as_deref(), true)?;
    store_password(tx, &account, clear).await?;
    secrets::end_sessions(tx, account.street, account.id, None).await?;
    secrets::forgive(tx, account.street, &try_key(account.id)).await?;
    note(tx, actor, account, AccountEvent::PasswordSet).await?;
    Ok(())
}

/// Sets a one-time password and returns it.
///
/// # Errors
/// As [`set_password`].
pub async fn reset_password(tx: &mut Tx, actor: &Actor, account: Id) -> Result<String, Fault> {
    loop {
        let clear = password::one_time(&tx.random()?);
        match set_password(tx, actor, account, &clear).await {
            Ok(()) => return Ok(clear),
            // Chance drew a weak one: once more.
            Err(fault) if fault.refusal().is_some_and(|r| r.field == Some("password")) => {}
            Err(fault) => return Err(fault),
        }
    }
}

/// The owner chooses a new password; the old one is proven, unless there was none. Every session but the one
/// with this token ends.
///
/// # Errors
/// Why the password cannot be taken; `people.password-wrong` for the field `old`; `people.password-same`.
pub async fn change_password(
    tx: &mut Tx,
    actor: &Actor,
    account: Id,
    old: &str,
    new: &str,
    token: Option<&str>,
) -> Result<(), Fault> {
    let account = load(tx, actor.street, account).await?;
    if actor.person != Some(account.person) {
        return Err(Refusal::forbidden("ui.no-right").into());
    }
    let login = login_of(tx, &account).await?;
    let staff = is_staff(tx, &account).await?;
    password::check(new, login.as_deref(), staff)?;
    if account.has_password {
        let phc = secrets::password(tx, account.street, account.id).await?;
        let (clear, known) = (old.to_owned(), phc.clone());
        if !slow(move || password::holds(&clear, known.as_deref())).await? {
            return Err(Refusal::invalid("old", "people.password-wrong").into());
        }
        if old == new {
            return Err(Refusal::invalid("password", "people.password-same").into());
        }
    }
    store_password(tx, &account, new).await?;
    secrets::end_sessions(tx, account.street, account.id, token.map(gate::hash).as_deref()).await?;
    note(tx, actor, account, AccountEvent::PasswordChanged).await?;
    Ok(())
}

/// Locks an account and ends its sessions; the system administrator, never the own one.
///
/// # Errors
/// `people.not-self`; `ui.empty` for the field `reason`; `ui.no-right`.
pub async fn lock_account(tx: &mut Tx, actor: &Actor, account: Id, reason: &str) -> Result<(), Fault> {
    rules::acts_as(actor, OfficeKind::SystemAdmin)?;
    let account = load(tx, actor.street, account).await?;
    if actor.person == Some(account.person) {
        return Err(Refusal::forbidden("people.not-self").into());
    }
    let reason = text::required("reason", reason, REASON)?;
    secrets::end_sessions(tx, account.street, account.id, None).await?;
    if account.state == AccountState::Open {
        let reason = tx.keep(actor.street, Some(account.person), &reason).await?;
        note(tx, actor, account, AccountEvent::AccountLocked { reason }).await?;
    }
    Ok(())
}

/// Opens an account again after a lock or too many failures; the system administrator.
///
/// # Errors
/// `people.no-account`; `ui.no-right`.
pub async fn unlock_account(tx: &mut Tx, actor: &Actor, account: Id) -> Result<(), Fault> {
    rules::acts_as(actor, OfficeKind::SystemAdmin)?;
    let account = load(tx, actor.street, account).await?;
    if account.state == AccountState::Closed {
        return Err(missing("people.no-account"));
    }
    secrets::forgive(tx, account.street, &try_key(account.id)).await?;
    note(tx, actor, account, AccountEvent::AccountUnlocked).await?;
    Ok(())
}

/// Makes a token for programs, which acts with the offices of the account; returned once, kept as a hash.
/// The owner's own act, or the system's (command line).
///
/// # Errors
/// `ui.empty` for the field `name`; `ui.no-right`.
pub async fn create_token(tx: &mut Tx, actor: &Actor, account: Id, name: &str) -> Result<String, Fault> {
    let account = load(tx, actor.street, account).await?;
    if !actor.is_system() && actor.person != Some(account.person) {
        return Err(Refusal::forbidden("ui.no-right").into());
    }
    let name = text::required("name", name, 40)?;
    let token = format!("yst_{}", hex::encode(tx.random::<32>()?));
    let id = tx.new_id()?;
    secrets::add_token(tx, &account, id, &name, &gate::hash(&token)).await?;
    note(tx, actor, account, AccountEvent::TokenMade { token: id, name }).await?;
    Ok(token)
}

/// Revokes a token: the owner, the system administrator or the system.
///
/// # Errors
/// `people.no-token`; `ui.no-right`.
pub async fn revoke_token(tx: &mut Tx, actor: &Actor, account: Id, token: Id) -> Result<(), Fault> {
    let account = load(tx, actor.street, account).await?;
    if actor.person != Some(account.person) {
        rules::acts_as(actor, OfficeKind::SystemAdmin)?;
    }
    if secrets::revoke_token(tx, account.street, account.id, token).await? == 0 {
        return Err(missing("people.no-token"));
    }
    note(tx, actor, account, AccountEvent::TokenRevoked { token }).await?;
    Ok(())
}
