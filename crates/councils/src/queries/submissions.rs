//! Motions that were handed in.

use super::PAGE;
use crate::model::Submission;
use kernel::Id;
use store::{Conn, Fault, Row, args};

/// The motions handed in to a body, the last first, before an id.
///
/// # Errors
/// What the database says.
pub async fn submissions(
    conn: &mut Conn,
    street: Id,
    council: Id,
    before: Id,
) -> Result<Vec<Submission>, Fault> {
    let sql = "SELECT state FROM council_motion WHERE street = $1 AND council = $2 AND id < $3 ORDER BY id DESC LIMIT $4";
    conn.all(sql, args![street, council, before, PAGE + 1]).await?.iter().map(Row::state).collect()
}

/// Those that wait for an agenda, the first handed in first.
///
/// # Errors
/// What the database says.
pub async fn admitted(conn: &mut Conn, street: Id, council: Id) -> Result<Vec<Submission>, Fault> {
    let sql = "SELECT state FROM council_motion WHERE street = $1 AND council = $2 AND status = 'admitted' ORDER BY id LIMIT 200";
    conn.all(sql, args![street, council]).await?.iter().map(Row::state).collect()
}

/// A motion that was handed in.
///
/// # Errors
/// What the database says.
pub async fn submission(conn: &mut Conn, street: Id, id: Id) -> Result<Option<Submission>, Fault> {
    conn.get(street, id).await
}
