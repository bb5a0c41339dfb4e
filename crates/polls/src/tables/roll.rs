//! The texts of a poll and the list of heads that is made from them.

use crate::{
    model::{Reached, Voter},
    rules::Head,
};
use kernel::Id;
use store::{Arg, Fault, Keys, Tx, args, place_marks};

/// Heads that one statement writes.
const AT_ONCE: usize = 100;

/// Keeps a published text.
pub(crate) async fn put_text(tx: &mut Tx, street: Id, poll: Id, name: &str, body: &str) -> Result<(), Fault> {
    let key = vec![("street", Arg::from(street)), ("poll", Arg::from(poll)), ("name", Arg::from(name))];
    tx.upsert("poll_text", key, vec![("body", Arg::from(body))]).await
}

/// Drops the file of a count that was sent back.
pub(crate) async fn drop_result(tx: &mut Tx, street: Id, poll: Id) -> Result<(), Fault> {
    let sql = "DELETE FROM poll_text WHERE street = $1 AND poll = $2 AND name = 'result'";
    tx.run(sql, args![street, poll]).await.map(|_| ())
}

/// Adds to the numbers of those who took part what changed with one head.
pub(crate) async fn add_turnout(tx: &mut Tx, before: Option<&Voter>, after: &Voter) -> Result<(), Fault> {
    let is = |v: Option<&Voter>, what: fn(&Voter) -> bool| i64::from(v.is_some_and(what));
    let change = |what: fn(&Voter) -> bool| is(Some(after), what) - is(before, what);
    let heads = change(|v| v.ballot().is_some());
    let area = i64::try_from(after.area).unwrap_or(0) * heads;
    let changes = [
        heads,
        area,
        change(|v| v.reached() == Some(Reached::Served)),
        change(|v| v.reached() == Some(Reached::Posted)),
        change(|v| v.reached() == Some(Reached::Unserved)),
        change(|v| !v.sheets.is_empty()),
    ];
    if changes.iter().all(|n| *n == 0) {
        return Ok(());
    }
    let sql = "INSERT INTO poll_turnout (street, poll, heads, area, served, posted, unserved, unsettled) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (street, poll) DO UPDATE SET \
               heads = poll_turnout.heads + excluded.heads, area = poll_turnout.area + excluded.area, \
               served = poll_turnout.served + excluded.served, posted = poll_turnout.posted + excluded.posted, \
               unserved = poll_turnout.unserved + excluded.unserved, unsettled = poll_turnout.unsettled + excluded.unsettled";
    let mut args = args![after.street, after.poll];
    args.extend(changes.into_iter().map(Arg::from));
    tx.run(sql, args).await.map(|_| ())
}

/// Writes the list of heads anew.
pub(crate) async fn put_heads(
    tx: &mut Tx,
    keys: &Keys,
    street: Id,
    poll: Id,
    heads: &[Head],
) -> Result<(), Fault> {
    tx.run("DELETE FROM poll_head WHERE street = $1 AND poll = $2", args![street, poll]).await?;
    for chunk in heads.chunks(AT_ONCE) {
        let mut args = Vec::with_capacity(chunk.len() * 7);
        let mut marks = Vec::with_capacity(chunk.len());
        for head in chunk {
            marks.push(format!("({})", place_marks(args.len() + 1, 7)));
            let blind = head.known_by().map(|p| keys.blind("phone", p));
            args.extend(args![street, poll, head.number, &head.units, head.area, blind, head.person]);
        }
        let sql = format!(
            "INSERT INTO poll_head (street, poll, head, units, area, blind, person) VALUES {}",
            marks.join(", ")
        );
        tx.run(sql, args).await?;
    }
    Ok(())
}
