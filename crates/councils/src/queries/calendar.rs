//! What the calendar asks: which days are planned, which bodies sit again and again, which sittings a feed shows.

use crate::model::{Council, Duty, Sitting};
use chrono::{Duration, NaiveDate};
use kernel::{Id, PlacePath, Time};
use store::{Conn, Fault, Row, args};

/// Whether a body has a sitting for a day of its rhythm.
pub(crate) async fn occurrence_planned(
    conn: &mut Conn,
    street: Id,
    council: Id,
    of: NaiveDate,
) -> Result<bool, Fault> {
    let sql = "SELECT COUNT(*) AS n FROM sitting WHERE street = $1 AND council = $2 AND occurrence = $3";
    Ok(conn.number(sql, args![street, council, of.to_string()]).await? > 0)
}

/// The bodies of every street that sit again and again: street and id. There are some dozens of bodies in a street.
pub(crate) async fn with_rhythm(conn: &mut Conn) -> Result<Vec<(Id, Id)>, Fault> {
    let rows = conn.all("SELECT state FROM council ORDER BY street, id", args![]).await?;
    let all: Result<Vec<Council>, Fault> = rows.iter().map(Row::state).collect();
    Ok(all?.into_iter().filter(|c| c.rhythm.is_some()).map(|c| (c.street, c.id)).collect())
}

/// How many sittings a feed shows at most, and of how many days before today: programs keep what they saw.
const FEED: (i64, i64) = (500, 180);

/// A sitting as a feed shows it: with the name of its body, its version and when that is from.
pub(crate) type Fed = (Sitting, String, i64, Time);

/// What changes time, place or state of a sitting for those who follow it. Who came and went does not.
const REVISES: &str = "'councils.sitting_noticed', 'councils.sitting_postponed', 'councils.sitting_cancelled', \
                       'councils.sitting_lapsed', 'councils.sitting_moved'";

/// The sittings of a place and below of which notice was given, the latest first; of one body when it is named. The version is
/// the place in the record of the last change that concerns those who follow (RFC 5546, 2.1.4: it rises with each).
pub(crate) async fn fed(
    conn: &mut Conn,
    street: Id,
    within: &PlacePath,
    council: Option<Id>,
    now: Time,
) -> Result<Vec<Fed>, Fault> {
    let sql = format!(
        "SELECT s.state, c.name, j.seq, j.at FROM sitting s JOIN council c ON c.street = s.street AND c.id = s.council \
         JOIN journal j ON j.stream = s.id AND j.seq = \
         (SELECT MAX(k.seq) FROM journal k WHERE k.stream = s.id AND k.kind IN ({REVISES})) \
         WHERE s.street = $1 AND s.place >= $2 AND s.place < $3 AND s.status <> 'draft' AND s.starts_at > $4 \
         AND s.council >= $5 AND s.council <= $6 ORDER BY s.starts_at DESC, s.id DESC LIMIT $7"
    );
    let least = council.unwrap_or(Id::from(uuid::Uuid::nil()));
    let most = council.unwrap_or(Id::from(uuid::Uuid::max()));
    let since = now - Duration::days(FEED.1);
    let args = args![street, within, within.upper(), since, least, most, FEED.0];
    let rows = conn.all(sql, args).await?;
    let all: Result<Vec<Fed>, Fault> = rows
        .iter()
        .map(|row| Ok((row.state()?, row.get("name")?, row.get("seq")?, row.get("at")?)))
        .collect();
    // A plan that was called off before notice was nobody's business.
    Ok(all?.into_iter().filter(|(s, ..): &Fed| s.noticed_at.is_some()).collect())
}

/// The duties of a place and below for a feed, the latest first, with the name of the body; of one body when it is named.
pub(crate) async fn fed_duties(
    conn: &mut Conn,
    street: Id,
    within: &PlacePath,
    council: Option<Id>,
    now: Time,
) -> Result<Vec<(Duty, String)>, Fault> {
    let sql = "SELECT d.state, c.name FROM council_duty d JOIN council c ON c.street = d.street AND c.id = d.council \
               WHERE d.street = $1 AND d.place >= $2 AND d.place < $3 AND d.starts_at > $4 AND d.council >= $5 AND d.council <= $6 \
               ORDER BY d.starts_at DESC, d.id DESC LIMIT $7";
    let least = council.unwrap_or(Id::from(uuid::Uuid::nil()));
    let most = council.unwrap_or(Id::from(uuid::Uuid::max()));
    let since = now - Duration::days(FEED.1);
    let args = args![street, within, within.upper(), since, least, most, FEED.0];
    conn.all(sql, args).await?.iter().map(|row| Ok((row.state()?, row.get("name")?))).collect()
}

/// Open actions of every street whose last day is over, the oldest first, after a day, street and id: street, id and day.
pub(crate) async fn over(
    conn: &mut Conn,
    today: NaiveDate,
    after: &(String, Id, Id),
    limit: i64,
) -> Result<Vec<(String, Id, Id)>, Fault> {
    let sql = "SELECT due_on, street, id FROM council_action WHERE status = 'open' AND due_on < $1 \
               AND (due_on, street, id) > ($2, $3, $4) ORDER BY due_on, street, id LIMIT $5";
    let args = args![today.to_string(), &after.0, after.1, after.2, limit];
    let rows = conn.all(sql, args).await?;
    rows.iter().map(|r| Ok((r.get("due_on")?, r.get("street")?, r.get("id")?))).collect()
}
