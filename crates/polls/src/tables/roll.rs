//! The texts of a poll and the list of heads that is made from them.

use crate::rules::Head;
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
            let blind = head.phone.as_ref().map(|p| keys.blind("phone", p));
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
