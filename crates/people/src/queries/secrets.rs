//! Rows that hold secrets, counters and sessions: all of their SQL, for the actions of signing in.

use crate::model::Account;
use chrono::Duration;
use kernel::{Id, Refusal, Time, refusal::RefusalKind, text::Words};
use store::{Conn, Fault, Tx, args};

/// What is needed to prove a password.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub account: Id,
    pub password: Option<String>,
}

/// The account that a login or a telephone leads to (both as blind indexes).
pub(crate) async fn candidate(
    conn: &mut Conn,
    street: Id,
    login: &str,
    phone: &str,
) -> Result<Option<Candidate>, Fault> {
    let sql = "SELECT a.id, s.password FROM account a JOIN account_secret s ON s.street = a.street AND s.account = a.id \
               WHERE a.street = $1 AND (s.login = $2 OR a.person IN \
               (SELECT k.person FROM person_key k WHERE k.street = $1 AND k.kind = 'phone' AND k.blind = $3)) \
               ORDER BY CASE WHEN s.login = $2 THEN 0 ELSE 1 END LIMIT 1";
    conn.one(sql, args![street, login, phone])
        .await?
        .map(|row| Ok(Candidate { account: row.get("id")?, password: row.get("password")? }))
        .transpose()
}

/// The PHC string of an account.
pub(crate) async fn password(conn: &mut Conn, street: Id, account: Id) -> Result<Option<String>, Fault> {
    let sql = "SELECT password FROM account_secret WHERE street = $1 AND account = $2";
    Ok(conn.one(sql, args![street, account]).await?.map(|row| row.get("password")).transpose()?.flatten())
}

/// Makes the row of secrets of a fresh account.
pub(crate) async fn add_secret(
    tx: &mut Tx,
    street: Id,
    account: Id,
    login: Option<&str>,
) -> Result<(), Fault> {
    let blind = login.map(|l| tx.keys().blind("login", l));
    tx.run(
        "INSERT INTO account_secret (street, account, login, password, totp, totp_new, totp_step, recovery) \
         VALUES ($1, $2, $3, NULL, NULL, NULL, 0, $4)",
        args![street, account, blind, serde_json::json!([])],
    )
    .await?;
    Ok(())
}

/// Gives an account a login.
pub(crate) async fn set_login(tx: &mut Tx, street: Id, account: Id, login: &str) -> Result<(), Fault> {
    let blind = tx.keys().blind("login", login);
    tx.run(
        "UPDATE account_secret SET login = $3 WHERE street = $1 AND account = $2",
        args![street, account, blind],
    )
    .await?;
    Ok(())
}

/// Stores a password's hash.
pub(crate) async fn set_password(tx: &mut Tx, street: Id, account: Id, phc: &str) -> Result<(), Fault> {
    tx.run(
        "UPDATE account_secret SET password = $3 WHERE street = $1 AND account = $2",
        args![street, account, phc],
    )
    .await?;
    Ok(())
}

/// The second factor of an account, sealed: in use, begun, last step used, hashes of recovery codes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Second {
    pub totp: Option<Vec<u8>>,
    pub begun: Option<Vec<u8>>,
    pub step: i64,
    pub recovery: Vec<String>,
}

pub(crate) async fn second(conn: &mut Conn, street: Id, account: Id) -> Result<Second, Fault> {
    let sql =
        "SELECT totp, totp_new, totp_step, recovery FROM account_secret WHERE street = $1 AND account = $2";
    let Some(row) = conn.one(sql, args![street, account]).await? else { return Ok(Second::default()) };
    Ok(Second {
        totp: row.get("totp")?,
        begun: row.get("totp_new")?,
        step: row.get("totp_step")?,
        recovery: serde_json::from_value(row.get("recovery")?)?,
    })
}

pub(crate) async fn set_second(tx: &mut Tx, street: Id, account: Id, second: &Second) -> Result<(), Fault> {
    tx.run(
        "UPDATE account_secret SET totp = $3, totp_new = $4, totp_step = $5, recovery = $6 WHERE street = $1 AND account = $2",
        args![
            street,
            account,
            second.totp.clone(),
            second.begun.clone(),
            second.step,
            serde_json::to_value(&second.recovery)?
        ],
    )
    .await?;
    Ok(())
}

/// Failures so far and until when it is locked.
pub(crate) async fn tries(conn: &mut Conn, street: Id, key: &str) -> Result<(i64, Option<Time>), Fault> {
    let sql = "SELECT failed, locked_until FROM sign_in_try WHERE street = $1 AND key = $2";
    match conn.one(sql, args![street, key]).await? {
        Some(row) => Ok((row.get("failed")?, row.get("locked_until")?)),
        None => Ok((0, None)),
    }
}

/// Counts a failure; returns how many there are now. Locks the row until the end of the change.
pub(crate) async fn fail(tx: &mut Tx, street: Id, key: &str) -> Result<i64, Fault> {
    let now = tx.now;
    tx.one(
        "INSERT INTO sign_in_try (street, key, failed, locked_until, at) VALUES ($1, $2, 1, NULL, $3) \
         ON CONFLICT (street, key) DO UPDATE SET failed = sign_in_try.failed + 1, at = excluded.at RETURNING failed",
        args![street, key, now],
    )
    .await?
    .ok_or_else(|| Fault::other("a counter gave no number"))?
    .get("failed")
}

pub(crate) async fn lock_out(tx: &mut Tx, street: Id, key: &str, until: Time) -> Result<(), Fault> {
    tx.run(
        "UPDATE sign_in_try SET locked_until = $3 WHERE street = $1 AND key = $2",
        args![street, key, until],
    )
    .await?;
    Ok(())
}

pub(crate) async fn forgive(tx: &mut Tx, street: Id, key: &str) -> Result<(), Fault> {
    tx.run("DELETE FROM sign_in_try WHERE street = $1 AND key = $2", args![street, key]).await?;
    Ok(())
}

/// Counts an event of a window; refuses beyond `max`.
pub(crate) async fn rate(
    tx: &mut Tx,
    street: Id,
    key: &str,
    window: Duration,
    max: i64,
) -> Result<(), Fault> {
    let now = tx.now;
    let length = window.num_seconds().max(1);
    let begins = now
        - Duration::seconds(now.timestamp().rem_euclid(length))
        - Duration::microseconds(i64::from(now.timestamp_subsec_micros()));
    let n: i64 = tx
        .one(
            "INSERT INTO sign_in_rate (street, key, begins_at, n) VALUES ($1, $2, $3, 1) \
             ON CONFLICT (street, key, begins_at) DO UPDATE SET n = sign_in_rate.n + 1 RETURNING n",
            args![street, key, begins],
        )
        .await?
        .ok_or_else(|| Fault::other("a counter gave no number"))?
        .get("n")?;
    if n > max {
        return Err(Refusal::new(RefusalKind::TooMany, "people.too-many-codes").into());
    }
    Ok(())
}

/// A code that was sent.
pub(crate) struct Sent {
    pub hash: String,
    pub sent_at: Time,
    pub until: Time,
    pub tries: i64,
}

pub(crate) async fn sent_code(tx: &mut Tx, street: Id, phone: &str) -> Result<Option<Sent>, Fault> {
    let sql = format!(
        "SELECT hash, sent_at, until_at, tries FROM sign_in_code WHERE street = $1 AND phone = $2{}",
        tx.lock()
    );
    tx.one(sql, args![street, phone])
        .await?
        .map(|row| {
            Ok(Sent {
                hash: row.get("hash")?,
                sent_at: row.get("sent_at")?,
                until: row.get("until_at")?,
                tries: row.get("tries")?,
            })
        })
        .transpose()
}

pub(crate) async fn keep_code(
    tx: &mut Tx,
    street: Id,
    phone: &str,
    hash: &str,
    until: Time,
) -> Result<(), Fault> {
    let now = tx.now;
    tx.run(
        "INSERT INTO sign_in_code (street, phone, hash, sent_at, until_at, tries) VALUES ($1, $2, $3, $4, $5, 0) \
         ON CONFLICT (street, phone) DO UPDATE SET hash = excluded.hash, sent_at = excluded.sent_at, until_at = excluded.until_at, tries = 0",
        args![street, phone, hash, now, until],
    )
    .await?;
    Ok(())
}

pub(crate) async fn count_code(tx: &mut Tx, street: Id, phone: &str) -> Result<(), Fault> {
    tx.run(
        "UPDATE sign_in_code SET tries = tries + 1 WHERE street = $1 AND phone = $2",
        args![street, phone],
    )
    .await?;
    Ok(())
}

pub(crate) async fn drop_code(tx: &mut Tx, street: Id, phone: &str) -> Result<(), Fault> {
    tx.run("DELETE FROM sign_in_code WHERE street = $1 AND phone = $2", args![street, phone]).await?;
    Ok(())
}

/// A session to be opened.
pub(crate) struct NewSession<'a> {
    pub account: &'a Account,
    pub hash: String,
    pub second: &'static str,
    pub agent: Vec<u8>,
    pub idle: Duration,
    pub until: Time,
}

pub(crate) async fn open_session(tx: &mut Tx, s: NewSession<'_>) -> Result<(), Fault> {
    let now = tx.now;
    tx.run(
        "DELETE FROM session WHERE street = $1 AND account = $2 AND until_at < $3",
        args![s.account.street, s.account.id, now],
    )
    .await?;
    tx.run(
        "INSERT INTO session (street, hash, account, person, second, agent, started_at, seen_at, idle_s, until_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9)",
        args![s.account.street, s.hash, s.account.id, s.account.person, s.second, s.agent, now, s.idle.num_seconds(), s.until],
    )
    .await?;
    Ok(())
}

/// Whose session a hash is.
pub(crate) async fn session_of(conn: &mut Conn, hash: &str) -> Result<Option<(Id, Id)>, Fault> {
    conn.one("SELECT street, account FROM session WHERE hash = $1", args![hash])
        .await?
        .map(|row| Ok((row.get("street")?, row.get("account")?)))
        .transpose()
}

pub(crate) async fn end_session(tx: &mut Tx, hash: &str) -> Result<u64, Fault> {
    tx.run("DELETE FROM session WHERE hash = $1", args![hash]).await
}

/// Ends every session of an account but one.
pub(crate) async fn end_sessions(
    tx: &mut Tx,
    street: Id,
    account: Id,
    but: Option<&str>,
) -> Result<u64, Fault> {
    let but = but.unwrap_or_default();
    tx.run(
        "DELETE FROM session WHERE street = $1 AND account = $2 AND hash <> $3",
        args![street, account, but],
    )
    .await
}

pub(crate) async fn touch(tx: &mut Tx, hash: &str) -> Result<(), Fault> {
    let now = tx.now;
    tx.run("UPDATE session SET seen_at = $2 WHERE hash = $1 AND seen_at < $2", args![hash, now]).await?;
    Ok(())
}

pub(crate) async fn second_done(tx: &mut Tx, hash: &str) -> Result<(), Fault> {
    tx.run("UPDATE session SET second = 'done' WHERE hash = $1", args![hash]).await?;
    Ok(())
}

pub(crate) async fn add_token(
    tx: &mut Tx,
    account: &Account,
    id: Id,
    name: &str,
    hash: &str,
) -> Result<(), Fault> {
    let now = tx.now;
    tx.run(
        "INSERT INTO api_token (street, id, account, person, name, hash, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![account.street, id, account.id, account.person, name, hash, now],
    )
    .await?;
    Ok(())
}

pub(crate) async fn revoke_token(tx: &mut Tx, street: Id, account: Id, id: Id) -> Result<u64, Fault> {
    let now = tx.now;
    tx.run(
        "UPDATE api_token SET revoked_at = $4 WHERE street = $1 AND account = $2 AND id = $3 AND revoked_at IS NULL",
        args![street, account, id, now],
    )
    .await
}

pub(crate) async fn touch_token(tx: &mut Tx, hash: &str) -> Result<(), Fault> {
    let now = tx.now;
    tx.run("UPDATE api_token SET used_at = $2 WHERE hash = $1", args![hash, now]).await?;
    Ok(())
}

/// Claims a blind index for a person; returns who has it: the person, or whoever was first.
pub(crate) async fn claim_phone(tx: &mut Tx, street: Id, phone: &str, person: Id) -> Result<Id, Fault> {
    let blind = tx.keys().blind("phone", phone);
    tx.run(
        "INSERT INTO person_key (street, kind, blind, person) VALUES ($1, 'phone', $2, $3) ON CONFLICT DO NOTHING",
        args![street, &blind, person],
    )
    .await?;
    tx.one(
        "SELECT person FROM person_key WHERE street = $1 AND kind = 'phone' AND blind = $2",
        args![street, &blind],
    )
    .await?
    .ok_or_else(|| Fault::other("a telephone has no owner"))?
    .get("person")
}

/// Puts the blind index of a name, in place of an older one.
pub(crate) async fn index_name(tx: &mut Tx, street: Id, person: Id, name: Option<&str>) -> Result<(), Fault> {
    tx.run(
        "DELETE FROM person_key WHERE street = $1 AND person = $2 AND kind = 'name'",
        args![street, person],
    )
    .await?;
    if let Some(name) = name {
        let blind = tx.keys().blind("name", name);
        tx.run(
            "INSERT INTO person_key (street, kind, blind, person) VALUES ($1, 'name', $2, $3)",
            args![street, blind, person],
        )
        .await?;
    }
    Ok(())
}

pub(crate) async fn free_phone(tx: &mut Tx, street: Id, person: Id) -> Result<(), Fault> {
    tx.run(
        "DELETE FROM person_key WHERE street = $1 AND person = $2 AND kind = 'phone'",
        args![street, person],
    )
    .await?;
    Ok(())
}

/// Erases the clear text of a commitment: what is left tells nothing.
pub(crate) async fn erase(tx: &mut Tx, street: Id, words: Option<&Words>) -> Result<(), Fault> {
    if let Some(words) = words {
        let sql = "UPDATE words SET sealed = NULL WHERE street = $1 AND commitment = $2";
        tx.run(sql, args![street, &words.commit]).await?;
    }
    Ok(())
}

/// Erases the requests of a person in the person's own words. What the security log holds stays for its period: the law
/// asks for it (网络安全法 art. 21), and without the name it leads to nobody.
pub(crate) async fn erase_of_room(tx: &mut Tx, street: Id, person: Id) -> Result<u64, Fault> {
    let mut n = 0;
    for request in super::information::requests_of(tx, street, person).await? {
        erase(tx, street, Some(&request.words)).await?;
        erase(tx, street, request.answer.as_ref()).await?;
        n += 1;
    }
    Ok(n)
}

/// Removes every way to find a person and every secret of the account.
pub(crate) async fn forget(tx: &mut Tx, street: Id, person: Id, account: Option<Id>) -> Result<(), Fault> {
    let now = tx.now;
    tx.run("DELETE FROM person_key WHERE street = $1 AND person = $2", args![street, person]).await?;
    if let Some(account) = account {
        tx.run("DELETE FROM session WHERE street = $1 AND account = $2", args![street, account]).await?;
        tx.run(
            "UPDATE account_secret SET login = NULL, password = NULL, totp = NULL, totp_new = NULL, recovery = $3 \
             WHERE street = $1 AND account = $2",
            args![street, account, serde_json::json!([])],
        )
        .await?;
        tx.run(
            "UPDATE api_token SET revoked_at = $3 WHERE street = $1 AND account = $2 AND revoked_at IS NULL",
            args![street, account, now],
        )
        .await?;
    }
    Ok(())
}

/// Removes what has run out: sessions, codes, counters. Returns how many rows.
pub(crate) async fn sweep(tx: &mut Tx) -> Result<u64, Fault> {
    let now = tx.now;
    let mut n = tx.run("DELETE FROM session WHERE until_at < $1", args![now]).await?;
    n += tx.run("DELETE FROM sign_in_code WHERE until_at < $1", args![now - Duration::days(1)]).await?;
    n += tx.run("DELETE FROM sign_in_rate WHERE begins_at < $1", args![now - Duration::days(2)]).await?;
    n += tx
        .run(
            "DELETE FROM sign_in_try WHERE at < $1 AND (locked_until IS NULL OR locked_until < $2)",
            args![now - Duration::days(30), now],
        )
        .await?;
    Ok(n)
}
