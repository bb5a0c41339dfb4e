//! What pages and other rooms ask about people. "In force" is always for an instant that the caller hands in.

use crate::model::{Account, Consent, Holder, InfoRequest, Office, Past, Person, PersonState, Unit};
use chrono::NaiveDate;
use kernel::{Id, OfficeKind, PlacePath, Time, text::Words, time::local_date};
use std::collections::HashMap;
use store::{Arg, Conn, Fault, Keys, Row, StreamFault, args, place_marks};

mod check;
pub mod gate;
pub mod information;
pub mod lists;
mod rolls;
pub(crate) mod secrets;

pub use check::verify_keys;
pub use rolls::{in_office, living_in};

/// What offices in force on a day have in common; `$day` is the number of that argument.
pub(crate) fn in_force(table: &str, day: usize) -> String {
    format!(
        "NOT {table}.ended AND {table}.from_on <= ${day} AND ({table}.until_on IS NULL OR {table}.until_on >= ${day})"
    )
}

fn chain(path: &PlacePath) -> Vec<PlacePath> {
    (0..=path.codes().count()).map(|depth| path.cut(depth)).collect()
}

// ------------------------------------------------------------------------------------------------------- units

/// The units at work in a street, by kind and name.
///
/// # Errors
/// What the database says.
pub async fn units(conn: &mut Conn, street: Id) -> Result<Vec<Unit>, Fault> {
    let rows = conn
        .all("SELECT state FROM unit WHERE street = $1 AND active ORDER BY kind, name", args![street])
        .await?;
    rows.iter().map(Row::state).collect()
}

/// Every unit, those that no longer work here too.
///
/// # Errors
/// What the database says.
pub async fn all_units(conn: &mut Conn, street: Id) -> Result<Vec<Unit>, Fault> {
    let rows = conn
        .all("SELECT state FROM unit WHERE street = $1 ORDER BY active DESC, kind, name", args![street])
        .await?;
    rows.iter().map(Row::state).collect()
}

/// A unit, at work or not.
///
/// # Errors
/// What the database says.
pub async fn unit(conn: &mut Conn, street: Id, id: Id) -> Result<Option<Unit>, Fault> {
    conn.get::<Unit>(street, id).await
}

/// The units at work whose territory contains the path, the nearest territory first; of one kind, if asked.
///
/// # Errors
/// What the database says.
pub async fn units_near(
    conn: &mut Conn,
    street: Id,
    at: &PlacePath,
    kind_code: Option<&str>,
) -> Result<Vec<Unit>, Fault> {
    let chain = chain(at);
    let mut args = args![street];
    args.extend(chain.iter().map(Arg::from));
    let mut sql = format!(
        "SELECT state FROM unit WHERE street = $1 AND active AND place IN ({})",
        place_marks(2, chain.len())
    );
    if let Some(kind) = kind_code {
        args.push(Arg::from(kind));
        sql.push_str(&format!(" AND kind = ${}", args.len()));
    }
    sql.push_str(" ORDER BY LENGTH(place) DESC, name");
    conn.all(sql, args).await?.iter().map(Row::state).collect()
}

/// The names of units.
///
/// # Errors
/// What the database says.
pub async fn unit_names(conn: &mut Conn, street: Id, ids: &[Id]) -> Result<HashMap<Id, String>, Fault> {
    let mut out = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let mut args = args![street];
        args.extend(chunk.iter().map(|id| Arg::from(*id)));
        let sql = format!(
            "SELECT id, name FROM unit WHERE street = $1 AND id IN ({})",
            place_marks(2, chunk.len())
        );
        for row in conn.all(sql, args).await? {
            out.insert(row.get("id")?, row.get("name")?);
        }
    }
    Ok(out)
}

// ----------------------------------------------------------------------------------------------------- persons

fn clear(of: &Option<Words>, texts: &HashMap<String, String>) -> Option<String> {
    of.as_ref().and_then(|w| texts.get(&w.commit)).cloned()
}

/// Persons in clear; two statements for any number of them.
///
/// # Errors
/// What the database says.
pub async fn persons(conn: &mut Conn, keys: &Keys, street: Id, ids: &[Id]) -> Result<Vec<Person>, Fault> {
    let mut found: Vec<PersonState> = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let mut args = args![street];
        args.extend(chunk.iter().map(|id| Arg::from(*id)));
        let sql =
            format!("SELECT state FROM person WHERE street = $1 AND id IN ({})", place_marks(2, chunk.len()));
        for row in conn.all(sql, args).await? {
            found.push(row.state()?);
        }
    }
    let commits: Vec<String> = found
        .iter()
        .flat_map(|p| [&p.name, &p.phone, &p.lives_at])
        .flatten()
        .map(|w| w.commit.clone())
        .collect();
    let texts = conn.clear_words(keys, street, &commits).await?;
    Ok(found
        .into_iter()
        .map(|p| Person {
            id: p.id,
            street: p.street,
            name: clear(&p.name, &texts),
            phone: clear(&p.phone, &texts),
            lives_at: clear(&p.lives_at, &texts).and_then(|t| PlacePath::parse(&t)),
        })
        .collect())
}

/// A person in clear; the caller masks.
///
/// # Errors
/// What the database says.
pub async fn person(conn: &mut Conn, keys: &Keys, street: Id, id: Id) -> Result<Option<Person>, Fault> {
    Ok(persons(conn, keys, street, &[id]).await?.pop())
}

/// The names of persons; those without a name are absent from the answer.
///
/// # Errors
/// What the database says.
pub async fn names(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    ids: &[Id],
) -> Result<HashMap<Id, String>, Fault> {
    let mut commits: HashMap<String, Vec<Id>> = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let mut args = args![street];
        args.extend(chunk.iter().map(|id| Arg::from(*id)));
        let sql = format!(
            "SELECT id, name FROM person WHERE street = $1 AND name IS NOT NULL AND id IN ({})",
            place_marks(2, chunk.len())
        );
        for row in conn.all(sql, args).await? {
            commits.entry(row.get("name")?).or_default().push(row.get("id")?);
        }
    }
    let wanted: Vec<String> = commits.keys().cloned().collect();
    let texts = conn.clear_words(keys, street, &wanted).await?;
    let mut out = HashMap::with_capacity(ids.len());
    for (commit, text) in texts {
        for id in commits.get(&commit).into_iter().flatten() {
            out.insert(*id, text.clone());
        }
    }
    Ok(out)
}

/// The person with this telephone, however it is spaced, by its blind index.
///
/// # Errors
/// What the database says.
pub async fn find_by_phone(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    phone: &str,
) -> Result<Option<Id>, Fault> {
    let Ok(Some(phone)) = crate::rules::phone(Some(phone)) else { return Ok(None) };
    let sql = "SELECT person FROM person_key WHERE street = $1 AND kind = 'phone' AND blind = $2";
    conn.one(sql, args![street, keys.blind("phone", &phone)]).await?.map(|row| row.get("person")).transpose()
}

/// The persons with these telephones, already cleaned by [`crate::rules::phone`], by telephone.
///
/// # Errors
/// What the database says.
pub async fn find_by_phones(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    phones: &[&str],
) -> Result<HashMap<String, Id>, Fault> {
    let mut out = HashMap::new();
    for chunk in phones.chunks(500) {
        let blinds: HashMap<String, &str> = chunk.iter().map(|p| (keys.blind("phone", p), *p)).collect();
        let mut args = args![street];
        args.extend(blinds.keys().map(Arg::from));
        let sql = format!(
            "SELECT blind, person FROM person_key WHERE street = $1 AND kind = 'phone' AND blind IN ({})",
            place_marks(2, blinds.len())
        );
        for row in conn.all(sql, args).await? {
            let blind: String = row.get("blind")?;
            if let Some(phone) = blinds.get(&blind) {
                out.insert((*phone).to_owned(), row.get("person")?);
            }
        }
    }
    Ok(out)
}

/// The persons with exactly this name.
///
/// # Errors
/// What the database says.
pub async fn find_by_name(conn: &mut Conn, keys: &Keys, street: Id, name: &str) -> Result<Vec<Id>, Fault> {
    let sql = "SELECT person FROM person_key WHERE street = $1 AND kind = 'name' AND blind = $2 LIMIT 50";
    conn.all(sql, args![street, keys.blind("name", name)])
        .await?
        .iter()
        .map(|row| row.get("person"))
        .collect()
}

// ---------------------------------------------------------------------------------------------------- accounts

/// An account.
///
/// # Errors
/// What the database says.
pub async fn account(conn: &mut Conn, street: Id, id: Id) -> Result<Option<Account>, Fault> {
    conn.get::<Account>(street, id).await
}

/// The account of a person.
///
/// # Errors
/// What the database says.
pub async fn account_of(conn: &mut Conn, street: Id, person: Id) -> Result<Option<Account>, Fault> {
    let row = conn
        .one("SELECT state FROM account WHERE street = $1 AND person = $2", args![street, person])
        .await?;
    row.map(|row| row.state()).transpose()
}

/// The account with this login.
///
/// # Errors
/// What the database says.
pub async fn account_by_login(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    login: &str,
) -> Result<Option<Account>, Fault> {
    let sql = "SELECT a.state FROM account_secret s JOIN account a ON a.street = s.street AND a.id = s.account \
               WHERE s.street = $1 AND s.login = $2";
    let login = kernel::text::clean(login).to_lowercase();
    conn.one(sql, args![street, keys.blind("login", &login)]).await?.map(|row| row.state()).transpose()
}

// ----------------------------------------------------------------------------------------------------- offices

/// Who holds an office in force whose place contains `at`, the nearest place first.
///
/// # Errors
/// What the database says.
pub async fn holders(
    conn: &mut Conn,
    street: Id,
    kind: OfficeKind,
    at: &PlacePath,
    now: Time,
) -> Result<Vec<Holder>, Fault> {
    let chain = chain(at);
    let mut args = args![street, kind.code(), local_date(now)];
    args.extend(chain.iter().map(Arg::from));
    let sql = format!(
        "SELECT o.person, o.id, o.place, o.unit FROM office o WHERE o.street = $1 AND o.kind = $2 AND {} AND o.place IN ({}) \
         ORDER BY LENGTH(o.place) DESC, o.id",
        in_force("o", 3),
        place_marks(4, chain.len())
    );
    conn.all(sql, args)
        .await?
        .iter()
        .map(|row| {
            Ok(Holder {
                person: row.get("person")?,
                office: row.get("id")?,
                place: row.get("place")?,
                unit: row.get("unit")?,
            })
        })
        .collect()
}

/// The handlers of a unit whose office is in force.
///
/// # Errors
/// What the database says.
pub async fn handlers(conn: &mut Conn, street: Id, unit: Id, now: Time) -> Result<Vec<Id>, Fault> {
    let sql = format!(
        "SELECT o.person FROM office o WHERE o.street = $1 AND o.unit = $2 AND o.kind = 'unit_handler' AND {} ORDER BY o.id",
        in_force("o", 3)
    );
    conn.all(sql, args![street, unit, local_date(now)]).await?.iter().map(|row| row.get("person")).collect()
}

/// Every office of a person, past ones too, newest first.
///
/// # Errors
/// What the database says.
pub async fn offices_of(conn: &mut Conn, street: Id, person: Id) -> Result<Vec<Office>, Fault> {
    let sql = "SELECT state FROM office WHERE street = $1 AND person = $2 ORDER BY id DESC";
    conn.all(sql, args![street, person]).await?.iter().map(Row::state).collect()
}

/// Offices of a person that are in force on a day or begin later.
///
/// # Errors
/// What the database says.
pub async fn offices_from(
    conn: &mut Conn,
    street: Id,
    person: Id,
    day: NaiveDate,
) -> Result<Vec<Office>, Fault> {
    let sql = "SELECT state FROM office WHERE street = $1 AND person = $2 AND NOT ended AND (until_on IS NULL OR until_on >= $3) ORDER BY id";
    conn.all(sql, args![street, person, day]).await?.iter().map(Row::state).collect()
}

/// Offices of persons that are in force on a day: one statement for all of them.
///
/// # Errors
/// What the database says.
pub async fn offices_in_force(
    conn: &mut Conn,
    street: Id,
    persons: &[Id],
    day: NaiveDate,
) -> Result<Vec<Office>, Fault> {
    let mut out = Vec::new();
    for chunk in persons.chunks(500) {
        let mut args = args![street, day];
        args.extend(chunk.iter().map(|id| Arg::from(*id)));
        let sql = format!(
            "SELECT o.state FROM office o WHERE o.street = $1 AND {} AND o.person IN ({}) ORDER BY o.id",
            in_force("o", 2),
            place_marks(3, chunk.len())
        );
        for row in conn.all(sql, args).await? {
            out.push(row.state()?);
        }
    }
    Ok(out)
}

/// Folds the journal of this room and compares it with the tables.
///
/// # Errors
/// What the database says.
pub async fn verify(conn: &mut Conn) -> Result<(u64, Vec<StreamFault>), Fault> {
    let (mut checked, mut faults) = conn.check_rows::<Unit>("unit_added").await?;
    for (n, more) in [
        conn.check_rows::<PersonState>("person_added").await?,
        conn.check_rows::<Account>("account_opened").await?,
        conn.check_rows::<Office>("office_given").await?,
        conn.check_rows::<Consent>("consent_asked").await?,
        conn.check_rows::<InfoRequest>("request_made").await?,
        conn.check_rows::<Past>("past_listed").await?,
    ] {
        checked += n;
        faults.extend(more);
    }
    Ok((checked, faults))
}

/// Everybody who was forgotten, by the journal: what they said may be gone.
///
/// # Errors
/// What the database says.
pub async fn forgotten(conn: &mut Conn) -> Result<std::collections::HashSet<Id>, Fault> {
    let sql = "SELECT DISTINCT stream FROM journal WHERE kind = 'people.person_forgotten'";
    conn.all(sql, args![]).await?.iter().map(|row| row.get("stream")).collect()
}
