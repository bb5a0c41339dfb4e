//! What this room keeps of people.

use crate::model::{Poll, Voter};
use futures_util::future::BoxFuture;
use kernel::{
    Actor, Id,
    personal::{Basis, Keep, PersonalField},
};
use store::{Conn, Fault, Keys, Tx, args};
use ui::{Erased, Keeper, Kept};

const fn field(code: &'static str, kept_in: &'static str, law: &'static str) -> PersonalField {
    PersonalField {
        room: "polls",
        code,
        kept_in,
        basis: Basis::Duty,
        law,
        sensitive: false,
        masked: true,
        keep: Keep::Record,
    }
}

/// The register of this room.
pub const PERSONAL: &[PersonalField] = &[
    field("roll", "words, poll_head", "民法典 278; 居委会组织法 17, 39; PIPL 13(1)3"),
    field("ballot", "poll_voter, journal", "民法典 278; 居委会组织法 39; PIPL 13(1)3"),
    field("handed", "poll_handed", "居委会组织法 19, 39; PIPL 13(1)3"),
    field("objection", "words", "居委会组织法 17; PIPL 13(1)3"),
];

/// This room's part in the duties towards people.
pub const KEEPER: Keeper = Keeper { room: "polls", fields: PERSONAL, looks: &[], about, erase };

fn about<'a>(
    conn: &'a mut Conn,
    keys: &'a Keys,
    street: Id,
    person: Id,
) -> BoxFuture<'a, Result<Vec<Kept>, Fault>> {
    Box::pin(async move {
        let mut out = Vec::new();
        let phone = people::queries::person(conn, keys, street, person).await?.and_then(|p| p.phone);
        let blind = phone.map(|p| keys.blind("phone", &p));
        let sql = format!(
            "SELECT p.state, h.units, h.head, v.state AS voter FROM {} JOIN poll p ON p.street = $1 AND p.id = h.poll \
             ORDER BY p.id LIMIT 500",
            super::PERHAPS
        );
        for row in conn.all(sql, args![street, person, blind]).await? {
            let poll: Poll = row.state()?;
            let head: u32 = row.get("head")?;
            out.push(Kept {
                field: "roll",
                of: poll.number.clone(),
                value: row.get("units")?,
                at: poll.noticed_at,
            });
            let voter: Option<serde_json::Value> = row.get("voter")?;
            let voter: Option<Voter> = voter.map(serde_json::from_value).transpose()?;
            for ballot in voter.iter().flat_map(|v| &v.ballots) {
                let value = format!("{} ({})", ballot.vote, ballot.way);
                out.push(Kept { field: "ballot", of: poll.number.clone(), value, at: Some(ballot.at) });
            }
            if poll.secret && super::was_handed(conn, street, poll.id, head).await? {
                out.push(Kept {
                    field: "handed",
                    of: poll.number.clone(),
                    value: head.to_string(),
                    at: None,
                });
            }
            let mine: Vec<_> = poll.objections.iter().filter(|o| o.by == person).collect();
            let commits: Vec<String> = mine.iter().map(|o| o.text.commit.clone()).collect();
            let clear = conn.clear_words(keys, street, &commits).await?;
            for o in mine {
                let value = clear.get(&o.text.commit).cloned().unwrap_or_default();
                out.push(Kept { field: "objection", of: poll.number.clone(), value, at: Some(o.at) });
            }
        }
        Ok(out)
    })
}

/// Rolls and ballots are the evidence of a decision and stay (居委会组织法 39: archives of elections and meetings); the words of
/// an objection are the person's own and go.
fn erase<'a>(tx: &'a mut Tx, actor: &'a Actor, person: Id) -> BoxFuture<'a, Result<Erased, Fault>> {
    Box::pin(async move {
        let sql = "SELECT state FROM poll WHERE street = $1";
        let mut commits = Vec::new();
        for row in tx.all(sql, args![actor.street]).await? {
            let poll: Poll = row.state()?;
            commits.extend(poll.objections.iter().filter(|o| o.by == person).map(|o| o.text.commit.clone()));
        }
        let erased = tx.erase_words(actor.street, person, &commits).await?;
        let sql = "SELECT COUNT(*) AS n FROM poll_voter WHERE street = $1 AND person = $2";
        let frozen = u64::try_from(tx.number(sql, args![actor.street, person]).await?).unwrap_or(0);
        Ok(Erased { erased, frozen })
    })
}
