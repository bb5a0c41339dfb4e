//! The second factor: enrolled by the owner, asked at every sign-in, reset by the system administrator.

use super::accounts::{load, note};
use crate::{
    model::AccountEvent,
    queries::{
        self,
        gate::{self, sha2_hex},
        secrets::{self, Second},
    },
    rules::{self, lock, second},
};
use chrono::Duration;
use kernel::{Actor, Id, OfficeKind, Refusal, refusal::RefusalKind, time::local_date};
use store::{Fault, Store, Tx};

const ABOUT: &str = "totp";

/// What the owner needs to set up an authenticator program.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Enrolment {
    /// The secret in base 32, for typing.
    pub secret: String,
    /// The address for a QR code.
    pub uri: String,
}

fn own(actor: &Actor, person: Id) -> Result<(), Refusal> {
    if actor.person == Some(person) { Ok(()) } else { Err(Refusal::forbidden("ui.no-right")) }
}

fn code_wrong() -> Refusal {
    Refusal::invalid("code", "people.second-wrong")
}

fn recovery_hash(account: Id, code: &str) -> String {
    let code: String =
        code.trim().to_lowercase().chars().filter(|c| *c != '-' && !c.is_whitespace()).collect();
    sha2_hex(&[b"recovery\0", &account.bytes(), code.as_bytes()])
}

/// Begins an enrolment, or shows the one that was begun: nothing is asked at sign-in until it is confirmed.
///
/// # Errors
/// `people.second-set` when there is one already; `ui.no-right`.
pub async fn start_second_factor(
    tx: &mut Tx,
    actor: &Actor,
    account: Id,
    issuer: &str,
    label: &str,
) -> Result<Enrolment, Fault> {
    let account = load(tx, actor.street, account).await?;
    own(actor, account.person)?;
    if account.second_factor {
        return Err(Refusal::conflict("people.second-set").into());
    }
    let known = secrets::second(tx, account.street, account.id).await?;
    let secret = match &known.begun {
        Some(sealed) => tx.keys().open_sealed(ABOUT, sealed)?,
        None => {
            let secret = tx.random::<20>()?.to_vec();
            let sealed = tx.keys().seal(ABOUT, &secret, tx.random()?)?;
            secrets::set_second(tx, account.street, account.id, &Second { begun: Some(sealed), ..known })
                .await?;
            secret
        }
    };
    Ok(Enrolment { secret: second::base32(&secret), uri: second::uri(issuer, label, &secret) })
}

/// Confirms an enrolment with a first code; returns the recovery codes, which are shown once.
///
/// # Errors
/// `people.second-wrong` for the field `code`; `ui.no-right`.
pub async fn confirm_second_factor(
    tx: &mut Tx,
    actor: &Actor,
    account: Id,
    code: &str,
    token: Option<&str>,
) -> Result<Vec<String>, Fault> {
    let account = load(tx, actor.street, account).await?;
    own(actor, account.person)?;
    let known = secrets::second(tx, account.street, account.id).await?;
    let sealed = known.begun.clone().ok_or_else(code_wrong)?;
    let secret = tx.keys().open_sealed(ABOUT, &sealed)?;
    let step = second::step(&secret, code, tx.now.timestamp(), 0).ok_or_else(code_wrong)?;
    let mut codes = Vec::with_capacity(second::RECOVERY);
    for _ in 0..second::RECOVERY {
        codes.push(second::recovery(&tx.random()?));
    }
    let recovery = codes.iter().map(|c| recovery_hash(account.id, c)).collect();
    secrets::set_second(
        tx,
        account.street,
        account.id,
        &Second { totp: Some(sealed), begun: None, step, recovery },
    )
    .await?;
    if let Some(token) = token {
        let hash = gate::hash(token);
        secrets::end_sessions(tx, account.street, account.id, Some(&hash)).await?;
        secrets::second_done(tx, &hash).await?;
    }
    note(tx, actor, account, AccountEvent::SecondFactorSet).await?;
    Ok(codes)
}

/// Proves the second factor of a session, by a code of the program or a recovery code (each works once).
/// Failures lock as those of passwords do.
///
/// # Errors
/// `people.second-wrong`, `people.locked-out`; `ui.sign-in` when the session is over.
pub async fn check_second_factor(store: &Store, token: &str, code: &str) -> Result<(), Fault> {
    let (hash, code) = (gate::hash(token), code.to_owned());
    let outcome = store
        .write(move |tx| {
            Box::pin(async move {
                let Some((street, id)) = secrets::session_of(tx, &hash).await? else {
                    return Ok(Err(Refusal::new(RefusalKind::SignIn, "ui.sign-in")));
                };
                let account = load(tx, street, id).await?;
                let key = format!("second:{id}");
                let (_, until) = secrets::tries(tx, street, &key).await?;
                if let Some(minutes) = lock::left(until, tx.now) {
                    return Ok(Err(
                        Refusal::new(RefusalKind::TooMany, "people.locked-out").with("minutes", minutes)
                    ));
                }
                let mut known = secrets::second(tx, street, id).await?;
                let secret = match &known.totp {
                    Some(sealed) => tx.keys().open_sealed(ABOUT, sealed)?,
                    None => return Ok(Err(code_wrong())),
                };
                let spare = recovery_hash(id, &code);
                let mut event = None;
                if let Some(step) = second::step(&secret, &code, tx.now.timestamp(), known.step) {
                    known.step = step;
                } else if known.recovery.contains(&spare) {
                    known.recovery.retain(|h| *h != spare);
                    event = Some(AccountEvent::RecoveryCodeUsed);
                } else {
                    let n = secrets::fail(tx, street, &key).await?;
                    if let Some(minutes) = lock::minutes(n) {
                        let until = tx.now + Duration::minutes(minutes);
                        secrets::lock_out(tx, street, &key, until).await?;
                    }
                    return Ok(Err(code_wrong()));
                }
                secrets::forgive(tx, street, &key).await?;
                secrets::set_second(tx, street, id, &known).await?;
                secrets::second_done(tx, &hash).await?;
                if let Some(event) = event {
                    let actor = Actor {
                        person: Some(account.person),
                        ..Actor::anonymous(street, kernel::Channel::App)
                    };
                    note(tx, &actor, account, event).await?;
                }
                Ok(Ok(()))
            })
        })
        .await?;
    Ok(outcome?)
}

/// Takes the second factor away: the owner with a code (unless the street asks for one), or the system
/// administrator for somebody who lost the telephone; then every session ends.
///
/// # Errors
/// `people.second-wrong`, `people.second-needed`; `ui.no-right`.
pub async fn drop_second_factor(
    tx: &mut Tx,
    actor: &Actor,
    account: Id,
    code: Option<&str>,
) -> Result<(), Fault> {
    let account = load(tx, actor.street, account).await?;
    let known = secrets::second(tx, account.street, account.id).await?;
    if actor.person == Some(account.person) {
        let today = local_date(tx.now);
        let offices = queries::offices_in_force(tx, account.street, &[account.person], today).await?;
        if super::door::second_needed(tx, account.street, &offices).await? {
            return Err(Refusal::conflict("people.second-needed").into());
        }
        let secret = match &known.totp {
            Some(sealed) => tx.keys().open_sealed(ABOUT, sealed)?,
            None => return Ok(()),
        };
        second::step(&secret, code.unwrap_or_default(), tx.now.timestamp(), known.step)
            .ok_or_else(code_wrong)?;
    } else {
        rules::acts_as(actor, OfficeKind::SystemAdmin)?;
        secrets::end_sessions(tx, account.street, account.id, None).await?;
    }
    secrets::set_second(tx, account.street, account.id, &Second { step: known.step, ..Second::default() })
        .await?;
    note(tx, actor, account, AccountEvent::SecondFactorRemoved).await?;
    Ok(())
}
