//! The rows of secret polls, which no journal entry carries one by one.

use kernel::Id;
use store::{Fault, Tx, args};

/// Marks a head as handed a ballot.
pub(crate) async fn mark(
    tx: &mut Tx,
    street: Id,
    poll: Id,
    head: u32,
    day: &str,
    way: &str,
) -> Result<(), Fault> {
    let sql = "INSERT INTO poll_handed (street, poll, head, day, way) VALUES ($1, $2, $3, $4, $5)";
    tx.run(sql, args![street, poll, head, day, way]).await.map(|_| ())
}

/// Drops so many ballots that say the same into the box.
pub(crate) async fn drop_in(tx: &mut Tx, street: Id, poll: Id, vote: &str, n: u64) -> Result<(), Fault> {
    let sql = "INSERT INTO poll_box (street, poll, vote, n) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (street, poll, vote) DO UPDATE SET n = poll_box.n + excluded.n";
    tx.run(sql, args![street, poll, vote, n]).await.map(|_| ())
}

/// Keeps a code that was handed out.
pub(crate) async fn keep_pass(tx: &mut Tx, street: Id, poll: Id, pass: &str) -> Result<(), Fault> {
    let sql = "INSERT INTO poll_pass (street, poll, pass) VALUES ($1, $2, $3)";
    tx.run(sql, args![street, poll, pass]).await.map(|_| ())
}

/// Takes a code; says whether there was one.
pub(crate) async fn take_pass(tx: &mut Tx, street: Id, poll: Id, pass: &str) -> Result<bool, Fault> {
    let sql = "DELETE FROM poll_pass WHERE street = $1 AND poll = $2 AND pass = $3";
    Ok(tx.run(sql, args![street, poll, pass]).await? == 1)
}

/// Whether a code that was handed out waits to be used.
pub(crate) async fn has_pass(tx: &mut Tx, street: Id, poll: Id, pass: &str) -> Result<bool, Fault> {
    let sql = "SELECT COUNT(*) AS n FROM poll_pass WHERE street = $1 AND poll = $2 AND pass = $3";
    Ok(tx.number(sql, args![street, poll, pass]).await? > 0)
}

/// Takes the code that a stub, letters and digits alone, belongs to; says whether there was one.
pub(crate) async fn take_stub(tx: &mut Tx, street: Id, poll: Id, stub: &str) -> Result<bool, Fault> {
    let sql = "DELETE FROM poll_pass WHERE street = $1 AND poll = $2 AND pass LIKE $3";
    Ok(tx.run(sql, args![street, poll, format!("{stub}%")]).await? == 1)
}

/// Empties list, box and codes of a poll, to be written anew.
pub(crate) async fn clear(tx: &mut Tx, street: Id, poll: Id) -> Result<(), Fault> {
    for sql in [
        "DELETE FROM poll_box WHERE street = $1 AND poll = $2",
        "DELETE FROM poll_handed WHERE street = $1 AND poll = $2",
        "DELETE FROM poll_pass WHERE street = $1 AND poll = $2",
    ] {
        tx.run(sql, args![street, poll]).await?;
    }
    Ok(())
}
