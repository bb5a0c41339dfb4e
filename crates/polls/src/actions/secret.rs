//! Secret ballots, kept apart from the list of voters (decision 0013).
//!
//! `poll_handed` says who was handed a ballot, to the day. `poll_box` says how many ballots say what. Both change in one
//! transaction and share nothing else: no id, no order, no time. Neither is written to the journal ballot by ballot, because the
//! journal keeps the order; when the poll closes, both are hashed into it and written anew in alphabetical order.

use super::{known, load, voters::record};
use crate::{
    model::{BoxSeal, Poll, PollState, Vote, Voter},
    queries,
    rules::{lose_code, reissue_code, takes_codes},
    tables::ballot_box,
};
use kernel::{Actor, Id, Refusal, time::local_date};
use sha2::{Digest, Sha256};
use store::{Fault, Tx};

kernel::coded_enum! {
    /// In what form a ballot was handed out.
    pub enum Handed {
        /// Voted with the own device.
        Online = "online",
        /// A code for the booth.
        Booth = "booth",
        /// A paper.
        Paper = "paper",
    }
}

/// Signs of a booth code: none that are mistaken for another.
const SIGNS: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// Their number in a code.
const SIGNS_IN_CODE: usize = 8;
/// Signs of a stub.
const STUB: usize = 10;

/// SHA-256 over votes and their numbers.
#[must_use]
pub fn hash_box(papers: &[(String, u64)]) -> String {
    let mut hash = Sha256::new();
    for (vote, n) in papers {
        hash.update(format!("{vote}\t{n}\n"));
    }
    hex::encode(hash.finalize())
}

/// SHA-256 over the heads that were handed a ballot.
#[must_use]
pub fn hash_handed(list: &[(u32, String, String)]) -> String {
    let mut hash = Sha256::new();
    for (head, day, way) in list {
        hash.update(format!("{head}\t{day}\t{way}\n"));
    }
    hex::encode(hash.finalize())
}

/// Marks a head as handed a ballot. The unique key refuses a second one, whatever runs beside it.
async fn hand(tx: &mut Tx, poll: &Poll, head: u32, way: Handed) -> Result<(), Fault> {
    if queries::head(tx, poll.street, poll.id, head).await?.is_none() {
        return Err(Refusal::missing("polls.no-head").into());
    }
    if queries::was_handed(tx, poll.street, poll.id, head).await? {
        return Err(Refusal::conflict("polls.voted-already").into());
    }
    let day = local_date(tx.now).to_string();
    ballot_box::mark(tx, poll.street, poll.id, head, &day, way.code()).await
}

async fn drop_in(tx: &mut Tx, poll: &Poll, vote: &str) -> Result<(), Fault> {
    let vote = Vote::read(&poll.shape, poll.options.len(), vote, false)?.text();
    ballot_box::drop_in(tx, poll.street, poll.id, &vote, 1).await
}

/// Casts a secret ballot with the own device, for an own head or as its agent.
///
/// # Errors
/// `polls.not-secret`, `polls.not-open`, `polls.not-yours`, `polls.proxy-given`, `polls.voted-already`; a vote that the poll does
/// not offer.
pub async fn cast(tx: &mut Tx, actor: &Actor, poll: Id, head: u32, vote: &str) -> Result<(), Fault> {
    let p = load(tx, actor.street, poll).await?;
    takes_codes(&p, tx.now)?;
    let person = actor.person.ok_or(Refusal::forbidden("polls.not-yours"))?;
    let keys = tx.keys().clone();
    let own: Vec<u32> =
        queries::own_heads(tx, &keys, p.street, p.id, person).await?.iter().map(|h| h.head).collect();
    let agent = queries::voter(tx, p.street, p.id, head).await?.and_then(|v| v.agent());
    match agent {
        Some(agent) if own.contains(&agent) => {}
        Some(_) if own.contains(&head) => return Err(Refusal::conflict("polls.proxy-given").into()),
        None if own.contains(&head) => {}
        _ => return Err(Refusal::forbidden("polls.not-yours").into()),
    }
    hand(tx, &p, head, Handed::Online).await?;
    drop_in(tx, &p, vote).await
}

/// A code for the booth as it is shown and printed once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// What the voter types.
    pub code: String,
    /// What stays at the table: the number by which the code is made void when it is lost. It does not give the code, and stands
    /// nowhere beside the head but on that paper.
    pub stub: String,
}

/// Hands a ballot to a voter who stands at the table: a code for the booth, or a paper. `form` is the key of the form by which
/// it is asked for: the code is made from it, so that the same form sent twice, because the answer was lost on its way, shows the same code
/// as long as nobody used it, and nothing of it need be kept.
///
/// # Errors
/// As [`cast`].
pub async fn hand_out(
    tx: &mut Tx,
    actor: &Actor,
    poll: Id,
    head: u32,
    paper: bool,
    form: &str,
) -> Result<Option<Pass>, Fault> {
    let p = load(tx, actor.street, poll).await?;
    takes_codes(&p, tx.now)?;
    if paper {
        hand(tx, &p, head, Handed::Paper).await?;
        return Ok(None);
    }
    let pass = drawn(tx, &p, head, form)?;
    if !form.is_empty() && ballot_box::has_pass(tx, p.street, p.id, &keyed(tx, &p, &pass.code)).await? {
        return Ok(Some(pass));
    }
    hand(tx, &p, head, Handed::Booth).await?;
    let keyed = keyed(tx, &p, &pass.code);
    ballot_box::keep_pass(tx, p.street, p.id, &keyed).await?;
    Ok(Some(pass))
}

/// Makes a code void that was lost before it was used. Whoever does it holds the stub that stayed at the table.
///
/// # Errors
/// `polls.no-code` when this head was handed none; `polls.code-used` when the stub's code is not waiting any more; refusals of the rules.
pub async fn lose(
    tx: &mut Tx,
    actor: &Actor,
    poll: Id,
    head: u32,
    stub: &str,
    why: &str,
) -> Result<Voter, Fault> {
    let p = load(tx, actor.street, poll).await?;
    let (voter, of) = known(tx, &p, head).await?;
    let events = lose_code(&p, voter.as_ref(), of, why, tx.now)?;
    if queries::handed_way(tx, p.street, p.id, head).await?.as_deref() != Some(Handed::Booth.code()) {
        return Err(Refusal::conflict("polls.no-code").into());
    }
    let stub: String =
        stub.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    if stub.len() != STUB || !ballot_box::take_stub(tx, p.street, p.id, &stub).await? {
        return Err(Refusal::invalid("stub", "polls.code-used").into());
    }
    record(tx, actor, voter, of.0, &events).await
}

/// Gives a new code for one that was lost: by another person than who made that one void.
///
/// # Errors
/// Refusals of the rules.
pub async fn reissue(tx: &mut Tx, actor: &Actor, poll: Id, head: u32, form: &str) -> Result<Pass, Fault> {
    let p = load(tx, actor.street, poll).await?;
    let (voter, of) = known(tx, &p, head).await?;
    let pass = drawn(tx, &p, head, form)?;
    let keyed = keyed(tx, &p, &pass.code);
    // The same form once more, because the answer was lost on its way.
    if takes_codes(&p, tx.now).is_ok()
        && !form.is_empty()
        && ballot_box::has_pass(tx, p.street, p.id, &keyed).await?
    {
        return Ok(pass);
    }
    let events = reissue_code(&p, voter.as_ref(), actor.person, tx.now)?;
    ballot_box::keep_pass(tx, p.street, p.id, &keyed).await?;
    record(tx, actor, voter, of.0, &events).await?;
    Ok(pass)
}

/// The code that a form gives: from its key, or by chance without one.
fn drawn(tx: &mut Tx, poll: &Poll, head: u32, form: &str) -> Result<Pass, Fault> {
    let bytes: [u8; 32] = if form.is_empty() {
        tx.random()?
    } else {
        let signed = tx.keys().sign("booth-code", &format!("{} {head} {form}", poll.id));
        Sha256::digest(signed).into()
    };
    let sign = |b: &u8| char::from(SIGNS.get(usize::from(*b) % SIGNS.len()).copied().unwrap_or(b'2'));
    let code: String = bytes.iter().take(SIGNS_IN_CODE).map(sign).collect();
    let stub = keyed(tx, poll, &code).chars().take(STUB).collect::<String>().to_uppercase();
    Ok(Pass { code, stub })
}

fn keyed(tx: &Tx, poll: &Poll, code: &str) -> String {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    tx.keys().blind("booth", &format!("{} {code}", poll.id))
}

/// Casts the ballot of the booth: whoever holds the code, once.
///
/// # Errors
/// `polls.bad-pass`; as [`cast`].
pub async fn cast_by_pass(tx: &mut Tx, street: Id, poll: Id, code: &str, vote: &str) -> Result<(), Fault> {
    let p = load(tx, street, poll).await?;
    takes_codes(&p, tx.now)?;
    let pass = keyed(tx, &p, code);
    if !ballot_box::take_pass(tx, p.street, p.id, &pass).await? {
        return Err(Refusal::invalid("code", "polls.bad-pass").into());
    }
    drop_in(tx, &p, vote).await
}

/// Seals box and list when the poll closes, and writes both anew in order, so that where their rows lie says nothing about
/// when they came. Codes that nobody used are dropped.
pub(super) async fn seal_box(tx: &mut Tx, poll: &Poll) -> Result<BoxSeal, Fault> {
    debug_assert_eq!(poll.state, PollState::Open);
    let papers = queries::secret_box(tx, poll.street, poll.id).await?;
    let list = queries::handed(tx, poll.street, poll.id).await?;
    ballot_box::clear(tx, poll.street, poll.id).await?;
    for (vote, n) in &papers {
        ballot_box::drop_in(tx, poll.street, poll.id, vote, *n).await?;
    }
    for (head, day, way) in &list {
        ballot_box::mark(tx, poll.street, poll.id, *head, day, way).await?;
    }
    Ok(BoxSeal {
        ballots: papers.iter().map(|(_, n)| *n).sum(),
        sha256: hash_box(&papers),
        voted: hash_handed(&list),
        handed: list.len() as u64,
    })
}
