//! Who may be put on a roll: holders of offices, people by where they live.

use super::{clear, in_force};
use crate::model::PersonState;
use chrono::NaiveDate;
use kernel::{Id, OfficeKind, PlacePath};
use store::{Conn, Fault, Keys, Row, args};

/// People who are read at a time.
const AT_ONCE: i64 = 2000;

/// Everybody who holds an office in force at a place or below: the office and the person, who may hold several.
///
/// # Errors
/// What the database says.
pub async fn in_office(
    conn: &mut Conn,
    street: Id,
    place: &PlacePath,
    day: NaiveDate,
) -> Result<Vec<(OfficeKind, Id)>, Fault> {
    let sql = format!(
        "SELECT o.state FROM office o WHERE o.street = $1 AND {} AND o.place >= $3 AND o.place < $4 ORDER BY o.id",
        in_force("o", 2)
    );
    let rows = conn.all(sql, args![street, day, place, place.upper()]).await?;
    let offices = rows.iter().map(Row::state::<crate::model::Office>);
    offices.map(|office| office.map(|o| (o.kind, o.person))).collect()
}

/// Everybody who is registered as living at a place or below. Where people live is kept encrypted, so that all of them are
/// read: for a roll, not for a page that is opened often.
///
/// # Errors
/// What the database says.
pub async fn living_in(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    place: &PlacePath,
) -> Result<Vec<(Id, PlacePath)>, Fault> {
    let (mut out, mut after) = (Vec::new(), Id::from(uuid::Uuid::nil()));
    loop {
        let sql = "SELECT state FROM person WHERE street = $1 AND id > $2 AND lives_at IS NOT NULL ORDER BY id LIMIT $3";
        let rows = conn.all(sql, args![street, after, AT_ONCE]).await?;
        let persons = rows.iter().map(Row::state::<PersonState>).collect::<Result<Vec<_>, _>>()?;
        let Some(last) = persons.last() else { return Ok(out) };
        after = last.id;
        let commits: Vec<String> =
            persons.iter().filter_map(|p| p.lives_at.as_ref()).map(|w| w.commit.clone()).collect();
        let texts = conn.clear_words(keys, street, &commits).await?;
        for person in &persons {
            let at = clear(&person.lives_at, &texts).and_then(|text| PlacePath::parse(&text));
            out.extend(at.filter(|at| at.within(place)).map(|at| (person.id, at)));
        }
    }
}
