//! What the calendar asks: which days are planned, which bodies sit again and again, which sittings a feed shows.

use super::state;
use crate::model::Council;
use chrono::NaiveDate;
use kernel::Id;
use store::{Conn, Fault, args};

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
    let all: Result<Vec<Council>, Fault> = rows.iter().map(state).collect();
    Ok(all?.into_iter().filter(|c| c.rhythm.is_some()).map(|c| (c.street, c.id)).collect())
}
