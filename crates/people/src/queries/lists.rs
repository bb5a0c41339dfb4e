//! Lists of the staff pages: accounts with offices, sessions, tokens, the log of sign-ins and grants.

use super::in_force;
use crate::model::{Account, Office};
use chrono::NaiveDate;
use kernel::{Actor, Id, OfficeKind, PlacePath, Time};
use serde_json::Value;
use store::{Arg, Conn, Fault, Row, args, place_marks};

/// What a list of persons is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those who hold this office in force.
    pub office: Option<OfficeKind>,
    /// Only offices at or below this place.
    pub place: Option<PlacePath>,
    /// Only these persons (found by telephone, name or login before).
    pub persons: Option<Vec<Id>>,
}

/// A page of accounts, newest first: (account, failures lock it until).
///
/// # Errors
/// What the database says.
pub async fn accounts(
    conn: &mut Conn,
    street: Id,
    filter: &Filter,
    day: NaiveDate,
    before: Option<Id>,
    limit: i64,
) -> Result<Vec<(Account, Option<Time>)>, Fault> {
    let before = before.unwrap_or_else(|| Id::from(uuid::Uuid::max()));
    let mut args = args![street, before, limit];
    let mut sql = "SELECT a.state FROM account a WHERE a.street = $1 AND a.id < $2".to_owned();
    if filter.office.is_some() || filter.place.is_some() {
        args.push(Arg::from(day));
        let mut inner =
            format!("SELECT o.person FROM office o WHERE o.street = $1 AND {}", in_force("o", args.len()));
        if let Some(kind) = filter.office {
            args.push(Arg::from(kind.code()));
            inner.push_str(&format!(" AND o.kind = ${}", args.len()));
        }
        if let Some(place) = &filter.place {
            args.push(Arg::from(place));
            inner.push_str(&format!(" AND o.place >= ${}", args.len()));
            args.push(Arg::from(place.upper()));
            inner.push_str(&format!(" AND o.place < ${}", args.len()));
        }
        sql.push_str(&format!(" AND a.person IN ({inner})"));
    }
    if let Some(persons) = &filter.persons {
        let from = args.len() + 1;
        args.extend(persons.iter().map(|p| Arg::from(*p)));
        sql.push_str(&format!(" AND a.person IN ({})", place_marks(from, persons.len())));
    }
    sql.push_str(" ORDER BY a.id DESC LIMIT $3");
    let accounts: Vec<Account> =
        conn.all(sql, args).await?.iter().map(Row::state).collect::<Result<_, _>>()?;
    // The key of a counter is text made from the account's id, which the engines spell differently: read apart, not joined.
    let keys: Vec<String> = accounts.iter().map(|a| crate::actions::try_key(a.id)).collect();
    let mut args = args![street];
    args.extend(keys.iter().map(Arg::from));
    let sql = format!(
        "SELECT key, locked_until FROM sign_in_try WHERE street = $1 AND locked_until IS NOT NULL AND key IN ({})",
        place_marks(2, keys.len())
    );
    let mut locks = std::collections::HashMap::new();
    for row in conn.all(sql, args).await? {
        locks.insert(row.get::<String>("key")?, row.get::<Time>("locked_until")?);
    }
    Ok(accounts.into_iter().zip(keys).map(|(a, k)| (a, locks.get(&k).copied())).collect())
}

/// A page of offices, newest first; those in force or still to come, or all of them.
///
/// # Errors
/// What the database says.
pub async fn offices(
    conn: &mut Conn,
    street: Id,
    filter: &Filter,
    current: Option<NaiveDate>,
    before: Option<Id>,
    limit: i64,
) -> Result<Vec<Office>, Fault> {
    let before = before.unwrap_or_else(|| Id::from(uuid::Uuid::max()));
    let mut args = args![street, before, limit];
    let mut sql = "SELECT state FROM office WHERE street = $1 AND id < $2".to_owned();
    if let Some(day) = current {
        args.push(Arg::from(day));
        sql.push_str(&format!(" AND NOT ended AND (until_on IS NULL OR until_on >= ${})", args.len()));
    }
    if let Some(kind) = filter.office {
        args.push(Arg::from(kind.code()));
        sql.push_str(&format!(" AND kind = ${}", args.len()));
    }
    if let Some(place) = &filter.place {
        args.push(Arg::from(place));
        sql.push_str(&format!(" AND place >= ${}", args.len()));
        args.push(Arg::from(place.upper()));
        sql.push_str(&format!(" AND place < ${}", args.len()));
    }
    if let Some(persons) = &filter.persons {
        let from = args.len() + 1;
        args.extend(persons.iter().map(|p| Arg::from(*p)));
        sql.push_str(&format!(" AND person IN ({})", place_marks(from, persons.len())));
    }
    sql.push_str(" ORDER BY id DESC LIMIT $3");
    conn.all(sql, args).await?.iter().map(Row::state).collect()
}

/// A session as its owner sees it.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Its name, not its token.
    pub name: String,
    /// Address and program, sealed.
    pub agent: Vec<u8>,
    /// Since when.
    pub started: Time,
    /// Used last.
    pub seen: Time,
}

/// The sessions of an account that have not run out, newest first.
///
/// # Errors
/// What the database says.
pub async fn sessions(conn: &mut Conn, street: Id, account: Id, now: Time) -> Result<Vec<SessionRow>, Fault> {
    conn.all(
        "SELECT hash, agent, started_at, seen_at FROM session WHERE street = $1 AND account = $2 AND until_at > $3 ORDER BY started_at DESC LIMIT 50",
        args![street, account, now],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(SessionRow {
            name: super::gate::name_of(&row.get::<String>("hash")?),
            agent: row.get("agent")?,
            started: row.get("started_at")?,
            seen: row.get("seen_at")?,
        })
    })
    .collect()
}

/// An API token as its owner sees it.
#[derive(Clone, Debug)]
pub struct TokenRow {
    /// Its id.
    pub id: Id,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub made: Time,
    /// When it was used last.
    pub used: Option<Time>,
}

/// The tokens of an account that were not revoked.
///
/// # Errors
/// What the database says.
pub async fn tokens(conn: &mut Conn, street: Id, account: Id) -> Result<Vec<TokenRow>, Fault> {
    conn.all(
        "SELECT id, name, made_at, used_at FROM api_token WHERE street = $1 AND account = $2 AND revoked_at IS NULL ORDER BY id DESC LIMIT 50",
        args![street, account],
    )
    .await?
    .iter()
    .map(|row| Ok(TokenRow { id: row.get("id")?, name: row.get("name")?, made: row.get("made_at")?, used: row.get("used_at")? }))
    .collect()
}

/// An entry of the log of sign-ins, grants and looks at personal data.
#[derive(Clone, Debug)]
pub struct LogRow {
    /// Its place in the whole journal.
    pub pos: i64,
    /// Which event: of this room without its name, of others in full.
    pub kind: String,
    /// Of which account, office or person.
    pub stream: Id,
    /// Who acted.
    pub actor: Actor,
    /// Its data.
    pub data: Value,
    /// When.
    pub at: Time,
}

/// The events that the audit administrator reads.
pub const LOGGED: [&str; 22] = [
    "account_opened",
    "login_set",
    "password_set",
    "password_changed",
    "password_expired",
    "signed_in",
    "sign_in_failed",
    "locked_out",
    "signed_out",
    "signed_out_everywhere",
    "account_locked",
    "account_closed",
    "person_forgotten",
    "account_unlocked",
    "second_factor_set",
    "second_factor_removed",
    "recovery_code_used",
    "token_made",
    "token_revoked",
    "office_given",
    "office_ended",
    "unmasked",
];

/// A page of the log, newest first, straight from the journal; of one kind, if asked. `looks` are the events of other rooms that
/// record a look at personal data, by their full names.
///
/// # Errors
/// What the database says.
pub async fn log(
    conn: &mut Conn,
    street: Id,
    kind: Option<&str>,
    looks: &[&str],
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<LogRow>, Fault> {
    let mut args = args![street, before.unwrap_or(i64::MAX), limit];
    let kinds: Vec<String> = match kind {
        Some(kind) if kind.contains('.') => vec![kind.to_owned()],
        Some(kind) => vec![format!("people.{kind}")],
        None => {
            let own = LOGGED.iter().map(|k| format!("people.{k}"));
            own.chain(looks.iter().map(|k| (*k).to_owned())).collect()
        }
    };
    args.extend(kinds.iter().map(Arg::from));
    let sql = format!(
        "SELECT pos, stream, seq, body, at, prev, hash FROM journal WHERE street = $1 AND pos < $2 AND kind IN ({}) ORDER BY pos DESC LIMIT $3",
        place_marks(4, kinds.len())
    );
    conn.all(sql, args)
        .await?
        .iter()
        .map(|row| {
            let body: Value = serde_json::from_str(&row.get::<String>("body")?)?;
            let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            Ok(LogRow {
                pos: row.get("pos")?,
                kind: text("kind").trim_start_matches("people.").to_owned(),
                stream: row.get("stream")?,
                actor: serde_json::from_value(body.get("actor").cloned().unwrap_or_default())?,
                data: body.get("data").cloned().unwrap_or_default(),
                at: row.get("at")?,
            })
        })
        .collect()
}

/// Of whom the streams of the log are: accounts and offices by their person, persons by themselves.
///
/// # Errors
/// What the database says.
pub async fn persons_of(
    conn: &mut Conn,
    street: Id,
    streams: &[Id],
) -> Result<std::collections::HashMap<Id, Id>, Fault> {
    let mut args = args![street];
    args.extend(streams.iter().map(|s| Arg::from(*s)));
    let marks = place_marks(2, streams.len());
    let sql = format!(
        "SELECT id, person FROM account WHERE street = $1 AND id IN ({marks}) \
         UNION ALL SELECT id, person FROM office WHERE street = $1 AND id IN ({marks}) \
         UNION ALL SELECT id, id AS person FROM person WHERE street = $1 AND id IN ({marks})"
    );
    conn.all(sql, args).await?.iter().map(|row| Ok((row.get("id")?, row.get("person")?))).collect()
}
