//! Whether everything that stands in the tables of this room is what the journal says.

use super::{handed, heads, secret_box, text, turnout_counted, turnout_row};
use crate::{
    actions::secret::{hash_box, hash_handed},
    model::{Poll, Voter},
    rules,
};
use kernel::Id;
use sha2::{Digest, Sha256};
use store::{Conn, Fault, Keys, StreamFault, args};

/// Folds every stream of this room and compares it with its rows; compares texts with their hashes, the list of heads
/// with the roll, and the boxes of secret polls with what was sealed.
///
/// # Errors
/// What the database says.
pub async fn verify(conn: &mut Conn, keys: &Keys) -> Result<(u64, Vec<StreamFault>), Fault> {
    let (mut n, mut faults) = conn.check_rows::<Poll>("poll_drafted").await?;
    let (more, found) = conn.check_rows::<Voter>("head_touched").await?;
    n += more;
    faults.extend(found);
    let mut after = Id::from(uuid::Uuid::nil());
    let mut known = [0i64; 6];
    loop {
        let rows = conn
            .all("SELECT street, id, state FROM poll WHERE id > $1 ORDER BY id LIMIT 50", args![after])
            .await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            after = row.get("id")?;
            let poll: Poll = match serde_json::from_value(row.get("state")?) {
                Ok(poll) => poll,
                // Said above already: the row is not what the journal gives.
                Err(_) => continue,
            };
            for why in one(conn, keys, &poll, &mut known).await? {
                faults.push(StreamFault { room: "polls".into(), stream: poll.id, why });
            }
        }
    }
    for (table, count) in TABLES.iter().zip(known) {
        let rows = conn.number(format!("SELECT COUNT(*) AS n FROM {table}"), vec![]).await?;
        if rows != count {
            let why = format!("table {table} has {rows} rows, the polls know {count}");
            faults.push(StreamFault { room: "polls".into(), stream: Id::from(uuid::Uuid::nil()), why });
        }
    }
    Ok((n, faults))
}

const TABLES: [&str; 6] = ["poll_text", "poll_head", "poll_handed", "poll_box", "poll_pass", "poll_turnout"];

async fn one(conn: &mut Conn, keys: &Keys, poll: &Poll, known: &mut [i64; 6]) -> Result<Vec<String>, Fault> {
    let mut out = Vec::new();
    let [texts, rows, handed_rows, boxes, passes, turnouts] = known;
    // Texts.
    let mut want: Vec<(String, &str)> = poll
        .earlier_rolls
        .iter()
        .enumerate()
        .map(|(n, hash)| (format!("roll-{}", n + 1), hash.as_str()))
        .collect();
    want.extend(poll.roll.iter().map(|r| (format!("roll-{}", r.version), r.sha256.as_str())));
    want.extend(poll.count.iter().map(|c| ("result".to_owned(), c.sha256.as_str())));
    for (name, hash) in want {
        *texts += 1;
        match text(conn, poll.street, poll.id, &name).await? {
            Some(body) if hex::encode(Sha256::digest(&body)) == hash => {}
            Some(_) => out.push(format!("the text {name} is not the one whose hash was recorded")),
            None => out.push(format!("the text {name} is missing")),
        }
    }
    // The list of heads.
    if let Some(roll) = &poll.roll {
        match heads(conn, keys, poll).await {
            Ok(list) => {
                let wrong = rules_of(conn, keys, poll, &list).await?;
                *rows += i64::try_from(list.len()).unwrap_or(i64::MAX);
                if list.len() != roll.heads as usize || wrong {
                    out.push("the list of heads is not what the roll says".to_owned());
                }
            }
            Err(Fault::Db(fault)) => return Err(fault.into()),
            Err(fault) => out.push(fault.to_string()),
        }
    }
    // Who took part.
    let counted = turnout_counted(conn, poll.street, poll.id).await?;
    let sql = "SELECT heads, area, served, posted, unserved, unsettled FROM poll_turnout WHERE street = $1 AND poll = $2";
    let row = conn.one(sql, args![poll.street, poll.id]).await?;
    *turnouts += i64::from(row.is_some());
    let noted = row.as_ref().map(turnout_row).transpose();
    if noted.ok().flatten().unwrap_or_default() != counted {
        out.push("the numbers of those who took part are not those of the heads".to_owned());
    }
    // Secret ballots.
    let count =
        |conn: &'static str| format!("SELECT COUNT(*) AS n FROM {conn} WHERE street = $1 AND poll = $2");
    *passes += conn.number(count("poll_pass"), args![poll.street, poll.id]).await?;
    let list = handed(conn, poll.street, poll.id).await?;
    let papers = secret_box(conn, poll.street, poll.id).await?;
    *handed_rows += i64::try_from(list.len()).unwrap_or(i64::MAX);
    *boxes += i64::try_from(papers.len()).unwrap_or(i64::MAX);
    let ballots: u64 = papers.iter().map(|(_, n)| *n).fold(0, u64::saturating_add);
    if let Some(sealed) = &poll.sealed {
        if hash_box(&papers) != sealed.sha256 || ballots != sealed.ballots {
            out.push("the box is not the one that was sealed".to_owned());
        }
        if hash_handed(&list) != sealed.voted || list.len() as u64 != sealed.handed {
            out.push("the list of those who were handed a ballot is not the one that was sealed".to_owned());
        }
    } else if ballots > list.len() as u64 {
        out.push("there are more ballots in the box than were handed out".to_owned());
    }
    Ok(out)
}

/// Whether a row of the list of heads differs from the roll. Rows are compared in the order of numbers.
async fn rules_of(conn: &mut Conn, keys: &Keys, poll: &Poll, list: &[rules::Head]) -> Result<bool, Fault> {
    let sql = "SELECT head, units, area, blind, person FROM poll_head WHERE street = $1 AND poll = $2 AND head > $3 ORDER BY head LIMIT 5000";
    let (mut at, mut after) = (0, -1i64);
    loop {
        let rows = conn.all(sql, args![poll.street, poll.id, after]).await?;
        if rows.is_empty() {
            return Ok(at != list.len());
        }
        for row in rows {
            after = row.get("head")?;
            let Some(head) = list.get(at) else { return Ok(true) };
            at += 1;
            let blind = head.known_by().map(|p| keys.blind("phone", p));
            let same = after == i64::from(head.number)
                && row.get::<String>("units")? == head.units
                && row.get::<u64>("area")? == head.area
                && row.get::<Option<String>>("blind")? == blind
                && row.get::<Option<Id>>("person")? == head.person;
            if !same {
                return Ok(true);
            }
        }
    }
}
