//! Signing in and out. Whether an account exists cannot be told from the sentence, the lock or the time taken.

use super::{
    accounts::{self, note, slow, try_key},
    person_by_phone,
};
use crate::{
    model::{Account, AccountEvent, AccountState, Caller, Office, SignedIn},
    queries::{
        self,
        gate::{self, sha2_hex},
        secrets::{self, NewSession},
    },
    rules::{self, ADMINS, lock, password},
};
use chrono::Duration;
use kernel::{Actor, Channel, Id, OfficeKind, Refusal, refusal::RefusalKind, text, time::local_date};
use store::{Fault, Outgoing, Store, Tx};
use ui::Lang;

/// How long a code holds, in minutes (no shorter than 5, so that nobody has to hurry).
const CODE_MINUTES: i64 = 5;
const CODE_TRIES: i64 = 5;

async fn home(store: &Store) -> Result<Id, Fault> {
    let street = places::queries::streets(&mut store.read().await?).await?.into_iter().next();
    Ok(street.ok_or(Refusal::conflict("ui.no-street"))?.id)
}

fn wrong() -> Refusal {
    Refusal::new(RefusalKind::Invalid, "people.wrong-sign-in")
}

fn locked(minutes: i64) -> Refusal {
    Refusal::new(RefusalKind::TooMany, "people.locked-out").with("minutes", minutes)
}

fn as_person(account: &Account) -> Actor {
    Actor {
        street: account.street,
        person: Some(account.person),
        office: None,
        unit: None,
        on_behalf_of: None,
        channel: Channel::App,
    }
}

/// Signs in by login (or telephone) and password.
///
/// # Errors
/// `people.wrong-sign-in` for an unknown account and a wrong password alike; `people.locked-out` after five
/// failures, for ten minutes, then longer; `people.account-locked` when an administrator locked it.
pub async fn sign_in(store: &Store, login: &str, clear: &str, caller: &Caller) -> Result<SignedIn, Fault> {
    let street = home(store).await?;
    let login = text::clean(login).to_lowercase();
    if login.is_empty() || clear.is_empty() || login.chars().count() > 100 || clear.chars().count() > 300 {
        return Err(wrong().into());
    }
    let keys = store.keys();
    let blind = keys.blind("login", &login);
    let phone: String = login.chars().filter(|c| !c.is_whitespace()).collect();
    let (found, key) = {
        let mut conn = store.read().await?;
        let found = secrets::candidate(&mut conn, street, &blind, &keys.blind("phone", &phone)).await?;
        let key = found.as_ref().map_or_else(|| format!("login:{blind}"), |f| try_key(f.account));
        let (_, until) = secrets::tries(&mut conn, street, &key).await?;
        if let Some(minutes) = lock::left(until, store.now()) {
            return Err(locked(minutes).into());
        }
        (found, key)
    };
    let (clear, phc) = (clear.to_owned(), found.as_ref().and_then(|f| f.password.clone()));
    let proven = slow(move || password::holds(&clear, phc.as_deref())).await?;
    let from = caller.line();
    // A refusal would undo the counting: it is handed out as a value.
    let outcome = store
        .write(move |tx| {
            Box::pin(async move {
                let (_, until) = secrets::tries(tx, street, &key).await?;
                if let Some(minutes) = lock::left(until, tx.now) {
                    return Ok(Err(locked(minutes)));
                }
                let account = match &found {
                    Some(f) => Some(accounts::load(tx, street, f.account).await?),
                    None => None,
                };
                match account {
                    Some(account) if proven => {
                        if account.state != AccountState::Open {
                            return Ok(Err(Refusal::forbidden("people.account-locked")));
                        }
                        if password::run_out(account.one_time, account.password_at, tx.now) {
                            return Ok(Err(Refusal::forbidden("people.one-time-over")));
                        }
                        secrets::forgive(tx, street, &key).await?;
                        enter(tx, account, "password", &from).await.map(Ok)
                    }
                    account => failed(tx, street, &key, account, &from).await.map(Err),
                }
            })
        })
        .await?;
    Ok(outcome?)
}

/// Counts a failure and locks where it is time.
async fn failed(
    tx: &mut Tx,
    street: Id,
    key: &str,
    account: Option<Account>,
    from: &str,
) -> Result<Refusal, Fault> {
    let n = secrets::fail(tx, street, key).await?;
    let minutes = lock::minutes(n);
    if let Some(minutes) = minutes {
        let until = tx.now + Duration::minutes(minutes);
        secrets::lock_out(tx, street, key, until).await?;
    }
    if let Some(account) = account {
        let actor = Actor::anonymous(street, Channel::App);
        let from = tx.keep(street, Some(account.person), from).await?;
        let account = note(tx, &actor, account, AccountEvent::SignInFailed { from }).await?;
        if let Some(minutes) = minutes {
            note(tx, &actor, account, AccountEvent::LockedOut { minutes }).await?;
        }
    }
    Ok(minutes.map_or_else(wrong, locked))
}

/// Opens a session after somebody proved who it is.
async fn enter(tx: &mut Tx, account: Account, way: &str, from: &str) -> Result<SignedIn, Fault> {
    let (street, now) = (account.street, tx.now);
    let offices = queries::offices_in_force(tx, street, &[account.person], local_date(now)).await?;
    let staff = offices.iter().any(|o| o.kind.is_staff());
    let second = match account.second_factor {
        true => "due",
        false if second_needed(tx, street, &offices).await? => "enrol",
        false => "none",
    };
    let idle = if staff {
        let minutes = tx.setting(street, "people.idle_minutes").await?.and_then(|v| v.as_i64()).unwrap_or(30);
        Duration::minutes(minutes.clamp(1, 24 * 60))
    } else {
        Duration::days(30)
    };
    let until = now + if staff { Duration::hours(12) } else { Duration::days(180) };
    let token = hex::encode(tx.random::<32>()?);
    let agent = tx.seal("session", from)?;
    secrets::open_session(
        tx,
        NewSession { account: &account, hash: gate::hash(&token), second, agent, idle, until },
    )
    .await?;
    let actor = as_person(&account);
    let from = tx.keep(street, Some(account.person), from).await?;
    let mut account = note(tx, &actor, account, AccountEvent::SignedIn { way: way.to_owned(), from }).await?;
    // Off unless the street sets it (等保 assessors ask for 90 days): a change that nobody asked for makes weak passwords.
    let days = tx.setting(street, "people.password_days").await?.and_then(|v| v.as_i64()).unwrap_or(0);
    if staff && way == "password" && !account.must_change && password::due(days, account.password_at, now) {
        account = note(tx, &actor, account, AccountEvent::PasswordExpired).await?;
    }
    let must_go = match second {
        "none" => account.must_change.then_some(gate::PASSWORD),
        _ => Some(gate::SECOND_FACTOR),
    };
    Ok(SignedIn {
        token,
        seconds: (!staff).then_some(30 * 86_400),
        street,
        account: account.id,
        person: account.person,
        staff,
        home: rules::start(offices.iter().map(|o| o.kind)),
        must_go,
    })
}

/// Whether the street's setting `people.second_factor` (`off`, `admins`, `staff`; `admins` when never set) asks
/// holders of these offices for a second factor.
pub(super) async fn second_needed(tx: &mut Tx, street: Id, offices: &[Office]) -> Result<bool, Fault> {
    let setting = tx.setting(street, "people.second_factor").await?;
    Ok(match setting.as_ref().and_then(|v| v.as_str()) {
        Some("off") => false,
        Some("staff") => offices.iter().any(|o| o.kind.is_staff()),
        _ => offices.iter().any(|o| ADMINS.contains(&o.kind)),
    })
}

fn code_hash(street: Id, phone: &str, code: &str) -> String {
    sha2_hex(&[&street.bytes(), phone.as_bytes(), b"\0", code.as_bytes()])
}

/// Sends a code to a mobile telephone, whether or not it is known: one a minute, five an hour, ten a day, and
/// thirty an hour from one address.
///
/// # Errors
/// `people.bad-phone`, `people.code-too-soon`, `people.too-many-codes`.
pub async fn send_code(store: &Store, phone: &str, lang: Lang, caller: &Caller) -> Result<(), Fault> {
    let street = home(store).await?;
    let phone = rules::phone(Some(phone))?
        .filter(|p| text::is_mobile(p))
        .ok_or(Refusal::invalid("phone", "people.bad-mobile"))?;
    let address = caller.address.clone();
    store
        .write(move |tx| {
            Box::pin(async move {
                let blind = tx.keys().blind("phone", &phone);
                if let Some(sent) = secrets::sent_code(tx, street, &blind).await?
                    && tx.now - sent.sent_at < Duration::seconds(60)
                {
                    return Err(Refusal::new(RefusalKind::TooMany, "people.code-too-soon").into());
                }
                secrets::rate(tx, street, &format!("hour:{blind}"), Duration::hours(1), 5).await?;
                secrets::rate(tx, street, &format!("day:{blind}"), Duration::days(1), 10).await?;
                if !address.is_empty() {
                    let from = tx.keys().blind("address", &address);
                    secrets::rate(tx, street, &format!("from:{from}"), Duration::hours(1), 30).await?;
                }
                // Six digits without bias: what lies beyond the last whole million of u32 is drawn again.
                let code = loop {
                    let n = u32::from_be_bytes(tx.random()?);
                    if n < 4_294_000_000 {
                        break format!("{:06}", n % 1_000_000);
                    }
                };
                let until = tx.now + Duration::minutes(CODE_MINUTES);
                secrets::keep_code(tx, street, &blind, &code_hash(street, &blind, &code), until).await?;
                let text = crate::t!(lang, "sms-code", code = code, minutes = CODE_MINUTES);
                tx.send(street, &Outgoing { channel: "sms".into(), to: phone, text }).await
            })
        })
        .await
}

/// Signs in by the code that was sent; the first time it opens a resident's account.
///
/// # Errors
/// `people.code-wrong` (wrong, used, run out, or never sent), `people.account-locked`.
pub async fn sign_in_by_code(
    store: &Store,
    phone: &str,
    code: &str,
    caller: &Caller,
) -> Result<SignedIn, Fault> {
    let street = home(store).await?;
    let phone = rules::phone(Some(phone))?
        .filter(|p| text::is_mobile(p))
        .ok_or(Refusal::invalid("phone", "people.bad-mobile"))?;
    let code: String = text::clean(code).chars().filter(|c| !c.is_whitespace()).collect();
    let from = caller.line();
    let outcome = store
        .write(move |tx| {
            Box::pin(async move {
                let wrong = || Refusal::invalid("code", "people.code-wrong");
                let blind = tx.keys().blind("phone", &phone);
                let Some(sent) = secrets::sent_code(tx, street, &blind).await? else {
                    return Ok(Err(wrong()));
                };
                if sent.until <= tx.now || sent.tries >= CODE_TRIES {
                    return Ok(Err(wrong()));
                }
                if sent.hash != code_hash(street, &blind, &code) {
                    secrets::count_code(tx, street, &blind).await?;
                    return Ok(Err(wrong()));
                }
                secrets::drop_code(tx, street, &blind).await?;
                let actor = Actor::anonymous(street, Channel::App);
                let person = person_by_phone(tx, &actor, &phone, None).await?;
                let account = match queries::account_of(tx, street, person).await? {
                    Some(account) => accounts::load(tx, street, account.id).await?,
                    None => {
                        accounts::open(tx, &Actor { person: Some(person), ..actor }, person, None).await?
                    }
                };
                if account.state != AccountState::Open {
                    return Ok(Err(Refusal::forbidden("people.account-locked")));
                }
                enter(tx, account, "code", &from).await.map(Ok)
            })
        })
        .await?;
    Ok(outcome?)
}

/// Ends the session of a token; a token that is none changes nothing.
///
/// # Errors
/// What the database says.
pub async fn sign_out(tx: &mut Tx, token: &str) -> Result<(), Fault> {
    let hash = gate::hash(token);
    let Some((street, account)) = secrets::session_of(tx, &hash).await? else { return Ok(()) };
    secrets::end_session(tx, &hash).await?;
    let account = accounts::load(tx, street, account).await?;
    note(tx, &as_person(&account), account, AccountEvent::SignedOut).await?;
    Ok(())
}

/// Ends every session of an account: the owner's act, or the system administrator's.
///
/// # Errors
/// `people.no-account`; `ui.no-right`.
pub async fn sign_out_everywhere(tx: &mut Tx, actor: &Actor, account: Id) -> Result<(), Fault> {
    let account = accounts::load(tx, actor.street, account).await?;
    if actor.person != Some(account.person) {
        rules::acts_as(actor, OfficeKind::SystemAdmin)?;
    }
    secrets::end_sessions(tx, account.street, account.id, None).await?;
    note(tx, actor, account, AccountEvent::SignedOutEverywhere).await?;
    Ok(())
}
