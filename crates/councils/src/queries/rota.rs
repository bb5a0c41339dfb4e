//! What pages and plans ask of rotas and duties.

use super::PAGE;
use crate::model::{Duty, DutyFigures, Heard, Rota};
use chrono::NaiveDate;
use kernel::{Id, PlacePath, Time};
use std::collections::HashMap;
use store::{Conn, Fault, Keys, Row, args};

/// The rotas of a body that go on, the first made first. There are some of them.
///
/// # Errors
/// What the database says.
pub async fn rotas(conn: &mut Conn, street: Id, council: Id) -> Result<Vec<Rota>, Fault> {
    let sql = "SELECT state FROM council_rota WHERE street = $1 AND council = $2 AND status = 'open' ORDER BY id LIMIT 100";
    conn.all(sql, args![street, council]).await?.iter().map(Row::state).collect()
}

/// The rotas of every street that go on: street and id.
pub(crate) async fn open_rotas(conn: &mut Conn) -> Result<Vec<(Id, Id)>, Fault> {
    let sql = "SELECT street, id FROM council_rota WHERE status = 'open' ORDER BY street, id";
    conn.all(sql, args![]).await?.iter().map(|r| Ok((r.get("street")?, r.get("id")?))).collect()
}

/// The day and the slot of the last turn that each seat had of a rota.
pub(crate) async fn last_turns(
    conn: &mut Conn,
    street: Id,
    rota: Id,
) -> Result<HashMap<Id, (NaiveDate, u32)>, Fault> {
    // Slots have one digit, so the text sorts as the pair does.
    let sql = "SELECT seat, MAX(occurrence || '/' || CAST(slot AS TEXT)) AS last FROM council_duty \
               WHERE street = $1 AND rota = $2 AND status <> 'cancelled' GROUP BY seat";
    let mut out = HashMap::new();
    for row in conn.all(sql, args![street, rota]).await? {
        let last: String = row.get("last")?;
        if let Some((Ok(day), Ok(slot))) = last.split_once('/').map(|(d, n)| (d.parse(), n.parse())) {
            out.insert(row.get("seat")?, (day, slot));
        }
    }
    Ok(out)
}

/// Who is on duty for a day of a rota: the slot and the seat. What was called off is planned too: it is not planned again.
pub(crate) async fn on_duty(
    conn: &mut Conn,
    street: Id,
    rota: Id,
    of: NaiveDate,
) -> Result<Vec<(u32, Id)>, Fault> {
    let sql = "SELECT slot, seat FROM council_duty WHERE street = $1 AND rota = $2 AND occurrence = $3 ORDER BY slot";
    let rows = conn.all(sql, args![street, rota, of.to_string()]).await?;
    rows.iter()
        .map(|r| Ok((u32::try_from(r.get::<i64>("slot")?).unwrap_or(u32::MAX), r.get("seat")?)))
        .collect()
}

/// The duties of a seat that are still to come, by time.
pub(crate) async fn turns_of(
    conn: &mut Conn,
    street: Id,
    council: Id,
    seat: Id,
    from: Time,
) -> Result<Vec<Duty>, Fault> {
    let sql = "SELECT state FROM council_duty WHERE street = $1 AND council = $2 AND seat = $3 AND starts_at > $4 \
               AND status = 'planned' ORDER BY starts_at, id";
    conn.all(sql, args![street, council, seat, from]).await?.iter().map(Row::state).collect()
}

/// A duty.
///
/// # Errors
/// What the database says.
pub async fn duty(conn: &mut Conn, street: Id, id: Id) -> Result<Option<Duty>, Fault> {
    conn.get(street, id).await
}

/// The duties of a place and below from one instant to another, by time, after a time and id; of one body when it is named.
/// With the name of the body.
///
/// # Errors
/// What the database says.
pub async fn duties(
    conn: &mut Conn,
    street: Id,
    within: &PlacePath,
    council: Option<Id>,
    (from, to): (Time, Time),
    after: (Time, Id),
) -> Result<Vec<(Duty, String)>, Fault> {
    let sql = "SELECT d.state, c.name FROM council_duty d JOIN council c ON c.street = d.street AND c.id = d.council \
               WHERE d.street = $1 AND d.place >= $2 AND d.place < $3 AND d.ends_at > $4 AND d.starts_at < $5 \
               AND (d.starts_at, d.id) > ($6, $7) AND d.council >= $8 AND d.council <= $9 ORDER BY d.starts_at, d.id LIMIT $10";
    let least = council.unwrap_or(Id::from(uuid::Uuid::nil()));
    let most = council.unwrap_or(Id::from(uuid::Uuid::max()));
    let args = args![street, within, within.upper(), from, to, after.0, after.1, least, most, PAGE + 1];
    conn.all(sql, args).await?.iter().map(|row| Ok((row.state()?, row.get("name")?))).collect()
}

/// The duties of a person that end after an instant, and those that they are asked to take, by time. With the name of the body.
///
/// # Errors
/// What the database says.
pub async fn own_duties(
    conn: &mut Conn,
    street: Id,
    person: Id,
    from: Time,
) -> Result<Vec<(Duty, String)>, Fault> {
    let sql = "SELECT d.state, c.name FROM council_duty d JOIN council c ON c.street = d.street AND c.id = d.council \
               WHERE d.street = $1 AND (d.person = $2 OR d.asked = $2) AND d.ends_at > $3 ORDER BY d.starts_at, d.id LIMIT 200";
    conn.all(sql, args![street, person, from])
        .await?
        .iter()
        .map(|row| Ok((row.state()?, row.get("name")?)))
        .collect()
}

/// The duties to come of those who sit on a body, for an exchange: at most so many as a list can be chosen from.
pub(crate) async fn duties_to_come(
    conn: &mut Conn,
    street: Id,
    council: Id,
    from: Time,
) -> Result<Vec<Duty>, Fault> {
    let sql = "SELECT state FROM council_duty WHERE street = $1 AND council = $2 AND starts_at > $3 AND status = 'planned' \
               ORDER BY starts_at, id LIMIT 200";
    conn.all(sql, args![street, council, from]).await?.iter().map(Row::state).collect()
}

/// What members on duty did until an instant, in a place and below; of one body when it is named.
///
/// # Errors
/// What the database says.
pub async fn duty_figures(
    conn: &mut Conn,
    street: Id,
    within: &PlacePath,
    council: Option<Id>,
    now: Time,
) -> Result<DutyFigures, Fault> {
    let sql = "SELECT COUNT(CASE WHEN status = 'kept' OR status = 'planned' AND ends_at < $4 THEN 1 END) AS planned, \
               COUNT(CASE WHEN status = 'kept' THEN 1 END) AS kept, CAST(COALESCE(SUM(people), 0) AS BIGINT) AS people, \
               CAST(COALESCE(SUM(answered), 0) AS BIGINT) AS answered, CAST(COALESCE(SUM(raised), 0) AS BIGINT) AS raised \
               FROM council_duty WHERE street = $1 AND place >= $2 AND place < $3 AND council >= $5 AND council <= $6";
    let least = council.unwrap_or(Id::from(uuid::Uuid::nil()));
    let most = council.unwrap_or(Id::from(uuid::Uuid::max()));
    let Some(r) = conn.one(sql, args![street, within, within.upper(), now, least, most]).await? else {
        return Ok(DutyFigures::default());
    };
    Ok(DutyFigures {
        planned: r.get("planned")?,
        kept: r.get("kept")?,
        people: r.get("people")?,
        answered: r.get("answered")?,
        raised: r.get("raised")?,
    })
}

/// Duties of every street that begin soon and of which nobody was told: street and id.
pub(crate) async fn to_remind(
    conn: &mut Conn,
    (from, to): (Time, Time),
    limit: i64,
) -> Result<Vec<(Id, Id)>, Fault> {
    let sql = "SELECT street, id FROM council_duty WHERE status = 'planned' AND reminded = 0 AND starts_at > $1 AND starts_at < $2 \
               ORDER BY starts_at, id LIMIT $3";
    let rows = conn.all(sql, args![from, to, limit]).await?;
    rows.iter().map(|r| Ok((r.get("street")?, r.get("id")?))).collect()
}

/// The words of what was answered on the spot, by their commitment.
pub(crate) async fn said(conn: &mut Conn, keys: &Keys, d: &Duty) -> Result<HashMap<String, String>, Fault> {
    let all = d.entries().filter_map(|r| match &r.heard {
        Heard::Answered { about, answer } => Some([about.commit.clone(), answer.commit.clone()]),
        _ => None,
    });
    let commits: Vec<String> = all.flatten().collect();
    conn.clear_words(keys, d.street, &commits).await
}
