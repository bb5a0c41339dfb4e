//! What this room keeps of people.

use super::commits;
use crate::model::{Election, Nominee};
use futures_util::future::BoxFuture;
use kernel::{
    Actor, Id,
    personal::{Basis, Keep, PersonalField},
    text::Words,
};
use store::{Conn, Fault, Keys, Tx, args};
use ui::{Erased, Keeper, Kept};

const fn field(code: &'static str, kept_in: &'static str, law: &'static str, masked: bool) -> PersonalField {
    PersonalField {
        room: "elections",
        code,
        kept_in,
        basis: Basis::Duty,
        law,
        sensitive: false,
        masked,
        keep: Keep::Record,
    }
}

/// The register of this room.
pub const PERSONAL: &[PersonalField] = &[
    field("roll", "words", "居委会组织法 17; 村委会组织法 17; PIPL 13(1)3", true),
    field("roll-print", "election, words", "PIPL 13(1)3, 44, 51", false),
    field("member", "election_person, election", "居委会组织法 17; PIPL 13(1)3", false),
    field("nominee", "election_person, election", "居委会组织法 18; PIPL 13(1)3", false),
    field("signature", "election", "居委会组织法 18; PIPL 13(1)3", true),
    field("vetting", "words", "居委会组织法 18; PIPL 13(1)3", true),
    field("presentation", "words", "居委会组织法 18; PIPL 13(1)3", false),
    // Nobody has to give one, and giving it is the consent to its being published, which the form says (25).
    PersonalField {
        basis: Basis::Consent,
        keep: Keep::UntilErased,
        ..field("portrait", "blob, words", "PIPL 13(1)1, 25", false)
    },
    field("appeal", "words", "居委会组织法 17; PIPL 13(1)3", true),
];

/// This room's part in the duties towards people.
pub const KEEPER: Keeper =
    Keeper { room: "elections", fields: PERSONAL, looks: &["elections.roll_printed"], about, erase };

/// The texts that are a person's own: presentations, with what stands for a photo, and appeals.
fn own(e: &Election, person: Id) -> Vec<(&'static str, &Words)> {
    let shown = e.nominees.iter().filter(|n| n.person == person).filter_map(|n| n.presentation.as_ref());
    let shown = shown.flat_map(|p| {
        let said = p.about.iter().chain(&p.promise).map(|w| ("presentation", w));
        said.chain(p.portrait.as_ref().map(|p| ("portrait", &p.alt)))
    });
    let said = e.appeals.iter().filter(|a| a.by == person).flat_map(|a| [Some(&a.text), a.answer.as_ref()]);
    shown.chain(said.flatten().map(|w| ("appeal", w))).collect()
}

fn about<'a>(
    conn: &'a mut Conn,
    keys: &'a Keys,
    street: Id,
    person: Id,
) -> BoxFuture<'a, Result<Vec<Kept>, Fault>> {
    Box::pin(async move {
        let mut out = Vec::new();
        let sql = "SELECT DISTINCT election AS id FROM election_person WHERE street = $1 AND person = $2 ORDER BY election LIMIT 200";
        let mut ids: Vec<Id> = Vec::new();
        for row in conn.all(sql, args![street, person]).await? {
            ids.push(row.get("id")?);
        }
        for id in ids {
            let Some(e) = super::election(conn, street, id).await? else { continue };
            let of = e.number.clone();
            for m in e.committee.iter().filter(|m| m.person == person) {
                let value = e.title.clone();
                out.push(Kept { field: "member", of: of.clone(), value, at: Some(m.at) });
            }
            for n in e.nominees.iter().filter(|n| n.person == person) {
                let value = format!("{} ({})", e.post, n.state());
                out.push(Kept { field: "nominee", of: of.clone(), value, at: Some(n.at) });
            }
            let mine = own(&e, person);
            let notes: Vec<&Words> = e
                .nominees
                .iter()
                .filter(|n| n.person == person)
                .flat_map(|n| n.opinions.iter().filter_map(|o| o.note.as_ref()))
                .collect();
            let all = commits(mine.iter().map(|(_, w)| *w).chain(notes.iter().copied()));
            let texts = conn.clear_words(keys, street, &all).await?;
            let notes = notes.into_iter().map(|w| ("vetting", w));
            for (field, words) in mine.into_iter().chain(notes) {
                if let Some(value) = texts.get(&words.commit) {
                    out.push(Kept { field, of: of.clone(), value: value.clone(), at: None });
                }
            }
        }
        // Rolls are one text each: those of elections that run are looked through.
        let sql = "SELECT state FROM election WHERE street = $1 AND status NOT IN ('archived', 'cancelled') ORDER BY id DESC LIMIT 50";
        for row in conn.all(sql, args![street]).await? {
            let e = row.state()?;
            printed(conn, keys, &e, person, &mut out).await?;
            for unit in super::own_units(conn, keys, &e, person).await? {
                let signed = e.nominees.iter().filter(|n| n.signers.contains(&unit)).count();
                out.push(Kept {
                    field: "roll",
                    of: e.number.clone(),
                    value: unit,
                    at: e.roll().map(|r| r.at),
                });
                if signed > 0 {
                    let value = signed.to_string();
                    out.push(Kept { field: "signature", of: e.number.clone(), value, at: None });
                }
            }
        }
        Ok(out)
    })
}

/// When and why a roll was printed with the person's name on it.
async fn printed(
    conn: &mut Conn,
    keys: &Keys,
    e: &Election,
    person: Id,
    out: &mut Vec<Kept>,
) -> Result<(), Fault> {
    let texts = conn.clear_words(keys, e.street, &commits(e.prints.iter().map(|p| &p.reason))).await?;
    for roll in &e.rolls {
        let prints: Vec<_> = e.prints.iter().filter(|p| p.version == roll.version).collect();
        if prints.is_empty() || super::units_on(conn, keys, e, roll, person).await?.is_empty() {
            continue;
        }
        for p in prints {
            let reason = texts.get(&p.reason.commit).map_or("", String::as_str);
            let value = format!("{} {reason}", ui::show::full(p.at));
            out.push(Kept { field: "roll-print", of: e.number.clone(), value, at: Some(p.at) });
        }
    }
    Ok(())
}

/// Rolls, lists of candidates and results are the evidence of an election and stay (居委会组织法 39); what somebody wrote about
/// themself or in an appeal is theirs and goes.
fn erase<'a>(tx: &'a mut Tx, actor: &'a Actor, person: Id) -> BoxFuture<'a, Result<Erased, Fault>> {
    Box::pin(async move {
        let sql = "SELECT DISTINCT election FROM election_person WHERE street = $1 AND person = $2";
        let rows = tx.all(sql, args![actor.street, person]).await?;
        let (mut all, mut frozen) = (Vec::new(), 0);
        for row in rows {
            let Some(e) = super::election(tx, actor.street, row.get("election")?).await? else { continue };
            if let Some(photo) = e.nominee_of(person).and_then(Nominee::portrait).map(|p| p.photo) {
                tx.erase_blob(actor.street, photo).await?;
            }
            all.extend(commits(own(&e, person).into_iter().map(|(_, w)| w)));
            frozen += u64::from(e.nominee_of(person).is_some());
        }
        let erased = tx.erase_words(actor.street, person, &all).await?;
        Ok(Erased { erased, frozen })
    })
}
