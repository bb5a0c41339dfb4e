//! Secret ballots, kept apart from the list of voters (decision 0013).
//!
//! `poll_handed` says who was handed a ballot, to the day. `poll_box` says how many ballots say what. Both change in one
//! transaction and share nothing else: no id, no order, no time. Neither is written to the journal ballot by ballot, because the
//! journal keeps the order; when the poll closes, both are hashed into it and written anew in alphabetical order.

use super::load;
use crate::{
    model::{BoxSeal, Poll, PollState, Vote},
    queries,
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

fn open(poll: &Poll, tx: &Tx) -> Result<(), Refusal> {
    if !poll.secret {
        return Err(Refusal::conflict("polls.not-secret"));
    }
    if !poll.takes(tx.now) {
        return Err(Refusal::conflict("polls.not-open"));
    }
    Ok(())
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
    open(&p, tx)?;
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

/// Hands a ballot to a voter who stands at the table: a code for the booth, or a paper. Returns the code.
///
/// # Errors
/// As [`cast`].
pub async fn hand_out(
    tx: &mut Tx,
    actor: &Actor,
    poll: Id,
    head: u32,
    paper: bool,
) -> Result<Option<String>, Fault> {
    let p = load(tx, actor.street, poll).await?;
    open(&p, tx)?;
    if paper {
        hand(tx, &p, head, Handed::Paper).await?;
        return Ok(None);
    }
    hand(tx, &p, head, Handed::Booth).await?;
    let random: [u8; SIGNS_IN_CODE] = tx.random()?;
    let code: String = random
        .iter()
        .map(|b| char::from(SIGNS.get(usize::from(*b) % SIGNS.len()).copied().unwrap_or(b'2')))
        .collect();
    let pass = pass(tx, &p, &code);
    ballot_box::keep_pass(tx, p.street, p.id, &pass).await?;
    Ok(Some(code))
}

fn pass(tx: &Tx, poll: &Poll, code: &str) -> String {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    tx.keys().blind("booth", &format!("{} {code}", poll.id))
}

/// Casts the ballot of the booth: whoever holds the code, once.
///
/// # Errors
/// `polls.bad-pass`; as [`cast`].
pub async fn cast_by_pass(tx: &mut Tx, street: Id, poll: Id, code: &str, vote: &str) -> Result<(), Fault> {
    let p = load(tx, street, poll).await?;
    open(&p, tx)?;
    let pass = pass(tx, &p, code);
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
