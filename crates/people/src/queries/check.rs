//! What `verify` looks at beyond rows and chains: the ways in which people are found, and who may act for them.

use crate::model::{Account, AccountEvent, PersonState};
use kernel::{Id, text::Words};
use std::collections::HashMap;
use store::{Conn, Fault, Keys, StreamFault, args};

/// Rows of one round.
const ROUND: i64 = 500;

fn fault(stream: Id, why: impl Into<String>) -> StreamFault {
    StreamFault { room: "people".into(), stream, why: why.into() }
}

/// Checks that what is known of persons and accounts can be read, that each is found by the blind indexes of exactly
/// that, and that every API token was made in the record.
///
/// # Errors
/// What the database says.
pub async fn verify_keys(conn: &mut Conn, keys: &Keys) -> Result<Vec<StreamFault>, Fault> {
    let mut faults = Vec::new();
    persons(conn, keys, &mut faults).await?;
    accounts(conn, keys, &mut faults).await?;
    tokens(conn, &mut faults).await?;
    Ok(faults)
}

async fn persons(conn: &mut Conn, keys: &Keys, faults: &mut Vec<StreamFault>) -> Result<(), Fault> {
    let (mut after, mut wanted) = (Id::from(uuid::Uuid::nil()), 0);
    loop {
        let sql = "SELECT id, state FROM person WHERE id > $1 ORDER BY id LIMIT $2";
        let rows = conn.all(sql, args![after, ROUND]).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            after = row.get("id")?;
            // A state that cannot be read is reported with its row.
            let Ok(person) = serde_json::from_value::<PersonState>(row.get("state")?) else { continue };
            let all: Vec<&Words> =
                [&person.name, &person.phone, &person.lives_at].into_iter().flatten().collect();
            let clear = clear(conn, keys, person.street, &all).await?;
            if clear.len() != all.len() {
                faults.push(fault(after, "what is known of this person cannot be read"));
                continue;
            }
            let mut want: Vec<(String, String, Id)> = Vec::new();
            for (kind, words) in [("name", &person.name), ("phone", &person.phone)] {
                if let Some(text) = words.as_ref().and_then(|w| clear.get(&w.commit)) {
                    want.push((kind.to_owned(), keys.blind(kind, text), person.street));
                }
            }
            wanted += want.len();
            let mut have = Vec::new();
            let sql = "SELECT kind, blind, street FROM person_key WHERE person = $1 ORDER BY kind, blind";
            for row in conn.all(sql, args![after]).await? {
                have.push((row.get("kind")?, row.get("blind")?, row.get("street")?));
            }
            if have != want {
                faults.push(fault(after, "this person is not found by name and telephone"));
            }
        }
    }
    let kept = conn.number("SELECT COUNT(*) AS n FROM person_key", vec![]).await?;
    if faults.is_empty() && usize::try_from(kept).ok() != Some(wanted) {
        faults.push(fault(Id::from(uuid::Uuid::nil()), "a telephone or name leads to nobody"));
    }
    Ok(())
}

async fn clear(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    words: &[&Words],
) -> Result<HashMap<String, String>, Fault> {
    let commits: Vec<String> = words.iter().map(|w| w.commit.clone()).collect();
    // A text that cannot be opened counts as one that is not there.
    match conn.clear_words(keys, street, &commits).await {
        Ok(clear) => Ok(clear),
        Err(Fault::Db(fault)) => Err(fault.into()),
        Err(_) => Ok(HashMap::new()),
    }
}

async fn accounts(conn: &mut Conn, keys: &Keys, faults: &mut Vec<StreamFault>) -> Result<(), Fault> {
    let mut after = Id::from(uuid::Uuid::nil());
    loop {
        let sql = "SELECT a.id, a.state, s.login, s.account AS secret FROM account a \
                   LEFT JOIN account_secret s ON s.street = a.street AND s.account = a.id WHERE a.id > $1 ORDER BY a.id LIMIT $2";
        let rows = conn.all(sql, args![after, ROUND]).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            after = row.get("id")?;
            let Ok(account) = serde_json::from_value::<Account>(row.get("state")?) else { continue };
            let words: Vec<&Words> = account.login.iter().collect();
            let clear = clear(conn, keys, account.street, &words).await?;
            let login = account.login.as_ref().and_then(|w| clear.get(&w.commit));
            if login.is_none() != account.login.is_none() {
                faults.push(fault(after, "the login of this account cannot be read"));
            } else if row.get::<Option<Id>>("secret")?.is_none() {
                faults.push(fault(after, "this account has lost its way to sign in"));
            } else if row.get::<Option<String>>("login")? != login.map(|l| keys.blind("login", l)) {
                faults.push(fault(after, "this account is not found by its login"));
            }
        }
    }
    let stray = "SELECT COUNT(*) AS n FROM account_secret s WHERE NOT EXISTS \
                 (SELECT 1 FROM account a WHERE a.street = s.street AND a.id = s.account)";
    if conn.number(stray, vec![]).await? > 0 {
        faults.push(fault(Id::from(uuid::Uuid::nil()), "a login leads to no account"));
    }
    Ok(())
}

/// Tokens act for their accounts: none without its event, none alive that was revoked.
async fn tokens(conn: &mut Conn, faults: &mut Vec<StreamFault>) -> Result<(), Fault> {
    let sql = "SELECT t.street, t.id, t.account, t.person, t.name, t.revoked_at, a.person AS owner FROM api_token t \
               LEFT JOIN account a ON a.street = t.street AND a.id = t.account ORDER BY t.account, t.id";
    let mut made = 0;
    for row in conn.all(sql, vec![]).await? {
        let (id, account): (Id, Id) = (row.get("id")?, row.get("account")?);
        let (mut known, mut revoked) = (None, false);
        for entry in conn.stream(account).await? {
            match store::event_of::<AccountEvent>(&entry) {
                Ok(AccountEvent::TokenMade { token, name }) if token == id => known = Some(name),
                Ok(AccountEvent::TokenRevoked { token }) if token == id => revoked = true,
                Ok(AccountEvent::AccountClosed) => revoked = true,
                _ => {}
            }
        }
        let owner: Option<Id> = row.get("owner")?;
        let alive = row.get::<Option<kernel::Time>>("revoked_at")?.is_none();
        if known != Some(row.get("name")?) || owner != Some(row.get("person")?) || alive == revoked {
            faults.push(fault(account, "an API token of this account is not what the journal says"));
        }
        made += 1;
    }
    let written = "SELECT COUNT(*) AS n FROM journal WHERE kind = 'people.token_made'";
    if faults.is_empty() && conn.number(written, vec![]).await? != made {
        faults.push(fault(Id::from(uuid::Uuid::nil()), "an API token that was made is gone"));
    }
    Ok(())
}
