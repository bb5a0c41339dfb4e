//! What pages list, what is checked, and what is kept of people.

use crate::model::{Election, ElectionState, Roll, RollLine};
use kernel::{Id, PlacePath, Time, text::Words};
use std::collections::HashMap;
use store::{Conn, Fault, Keys, StreamFault, args};

mod keep;

pub use keep::KEEPER;

/// Rows of a page of a list.
pub(crate) const PAGE: i64 = 50;

/// An election.
///
/// # Errors
/// What the database says.
pub async fn election(conn: &mut Conn, street: Id, id: Id) -> Result<Option<Election>, Fault> {
    conn.get(street, id).await
}

/// The elections of some places and below, the newest first, before an id.
///
/// # Errors
/// What the database says.
pub async fn elections(
    conn: &mut Conn,
    street: Id,
    within: &[&PlacePath],
    public: bool,
    before: Id,
) -> Result<Vec<Election>, Fault> {
    let hidden = ElectionState::ALL.iter().filter(|s| public && !s.is_public());
    let such: Vec<String> = hidden.map(|s| format!("status <> '{}'", s.code())).collect();
    let such = if such.is_empty() { "1 = 1".into() } else { such.join(" AND ") };
    conn.newest(street, within, &such, before, PAGE + 1).await
}

/// Elections whose round opens or closes by the clock.
pub(crate) async fn struck(conn: &mut Conn, now: Time, limit: i64) -> Result<Vec<(Id, Id)>, Fault> {
    let sql = "SELECT street, id FROM election WHERE next_at <= $1 ORDER BY next_at LIMIT $2";
    conn.all(sql, args![now, limit]).await?.iter().map(|r| Ok((r.get("street")?, r.get("id")?))).collect()
}

/// The lines of the roll that stands, with names and telephones: what was kept encrypted.
///
/// # Errors
/// What the database says.
pub async fn roll(conn: &mut Conn, keys: &Keys, e: &Election) -> Result<Vec<RollLine>, Fault> {
    match e.roll() {
        Some(roll) => lines_of(conn, keys, e, roll).await,
        None => Ok(Vec::new()),
    }
}

/// The lines of a version of the roll.
async fn lines_of(conn: &mut Conn, keys: &Keys, e: &Election, roll: &Roll) -> Result<Vec<RollLine>, Fault> {
    let text = conn.clear_words(keys, e.street, &commits([&roll.lines])).await?;
    let text =
        text.get(&roll.lines.commit).ok_or_else(|| Fault::other("the lines of a roll are not there"))?;
    Ok(serde_json::from_str(text)?)
}

/// The units of the roll by which a person is known: by the own telephone. One that stands on several lines, as parents' on those
/// of their children, means the single line that bears the person's name.
///
/// # Errors
/// What the database says.
pub async fn own_units(conn: &mut Conn, keys: &Keys, e: &Election, person: Id) -> Result<Vec<String>, Fault> {
    match e.roll() {
        Some(roll) => units_on(conn, keys, e, roll, person).await,
        None => Ok(Vec::new()),
    }
}

/// As [`own_units`], on a version of the roll.
async fn units_on(
    conn: &mut Conn,
    keys: &Keys,
    e: &Election,
    roll: &Roll,
    person: Id,
) -> Result<Vec<String>, Fault> {
    let person = people::queries::person(conn, keys, e.street, person).await?;
    let Some((phone, name)) = person.and_then(|p| Some((p.phone?, p.name))) else { return Ok(Vec::new()) };
    let mut lines = lines_of(conn, keys, e, roll).await?;
    lines.retain(|l| l.phone.as_deref() == Some(&phone));
    if lines.len() > 1 {
        lines.retain(|l| Some(&l.name) == name.as_ref());
    }
    Ok(if lines.len() == 1 { lines.into_iter().map(|l| l.unit).collect() } else { Vec::new() })
}

/// The names of everybody with a part in an election.
///
/// # Errors
/// What the database says.
pub async fn names(conn: &mut Conn, keys: &Keys, e: &Election) -> Result<HashMap<Id, String>, Fault> {
    let mut ids: Vec<Id> = e.committee.iter().map(|m| m.person).collect();
    ids.extend(e.nominees.iter().map(|n| n.person));
    ids.extend(e.appeals.iter().map(|a| a.by));
    ids.extend(e.prints.iter().filter_map(|p| p.by));
    ids.extend(e.nominees.iter().flat_map(|n| n.opinions.iter().map(|o| o.by)));
    ids.sort_unstable();
    ids.dedup();
    people::queries::names(conn, keys, e.street, &ids).await
}

/// The commitments of texts.
pub fn commits<'a>(words: impl IntoIterator<Item = &'a Words>) -> Vec<String> {
    words.into_iter().map(|w| w.commit.clone()).collect()
}

/// Folds every stream of this room and compares it with its rows.
///
/// # Errors
/// What the database says.
pub async fn verify(conn: &mut Conn) -> Result<(u64, Vec<StreamFault>), Fault> {
    conn.check_rows::<Election>("election_prepared").await
}
