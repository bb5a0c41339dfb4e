//! Writers of heads: who is served, who votes for whom, what was returned.

use super::{known, load};
use crate::{
    model::{DeliveryWay, Poll, PollState, Reached, Vote, Voter, VoterEvent},
    queries,
    rules::{Hand, Standing, standing, take, touched},
    tables::roll,
};
use kernel::{
    Actor, Id, Refusal,
    text::{self, NOTE},
};
use store::{Blob, Fault, Keys, Tx};
use tally::{
    events::Way,
    proxies::{Book, Proxy, Ruling},
};

/// The most heads that one form may serve.
const MOST_AT_ONCE: usize = 500;

pub(super) async fn record(
    tx: &mut Tx,
    actor: &Actor,
    voter: Option<Voter>,
    id: Id,
    events: &[VoterEvent],
) -> Result<Voter, Fault> {
    let before = voter.clone();
    let after = tx.record(id, voter, events, actor, None).await?.0;
    roll::add_turnout(tx, before.as_ref(), &after).await?;
    Ok(after)
}

/// Casts a ballot. Online it is the own head's, or that of somebody whose agent the own head is; otherwise whoever calls has proven
/// the right to collect.
///
/// # Errors
/// `polls.not-yours`; refusals of the rules.
pub async fn cast(tx: &mut Tx, actor: &Actor, poll: Id, head: u32, hand: Hand) -> Result<Voter, Fault> {
    let p = load(tx, actor.street, poll).await?;
    let (voter, of) = known(tx, &p, head).await?;
    let mut hand = hand;
    if hand.way == Way::Online {
        let person = actor.person.ok_or(Refusal::forbidden("polls.not-yours"))?;
        let keys = tx.keys().clone();
        let own: Vec<u32> =
            queries::own_heads(tx, &keys, p.street, p.id, person).await?.iter().map(|h| h.head).collect();
        hand.agent = voter.as_ref().and_then(Voter::agent).filter(|agent| own.contains(agent));
        if !own.contains(&head) && hand.agent.is_none() {
            return Err(Refusal::forbidden("polls.not-yours").into());
        }
    } else if hand.agent.is_none() {
        hand.agent = voter.as_ref().and_then(Voter::agent);
    }
    let events = take(&p, voter.as_ref(), of, hand, tx.now)?;
    record(tx, actor, voter, of.0, &events).await
}

/// Notes deliveries to heads.
///
/// # Errors
/// `polls.not-now` before notice and after the close; `polls.no-head`; `polls.too-many-heads`.
pub async fn serve(
    tx: &mut Tx,
    actor: &Actor,
    poll: Id,
    heads: &[u32],
    way: DeliveryWay,
    reached: Reached,
    proof: Option<Blob>,
) -> Result<usize, Fault> {
    let p = load(tx, actor.street, poll).await?;
    if !matches!(p.state, PollState::Noticed | PollState::Open) {
        return Err(Refusal::conflict("polls.not-now").into());
    }
    if heads.is_empty() {
        return Err(Refusal::invalid("heads", "ui.empty").into());
    }
    if heads.len() > MOST_AT_ONCE {
        return Err(Refusal::invalid("heads", "polls.too-many-heads").with("most", MOST_AT_ONCE).into());
    }
    let proof = match proof {
        Some(blob) => Some(tx.put_blob(p.street, blob).await?.0),
        None => None,
    };
    for head in heads {
        let (voter, of) = known(tx, &p, *head).await?;
        let mut events = touched(&p, voter.as_ref(), of);
        events.push(VoterEvent::HeadServed { way, reached, proof });
        record(tx, actor, voter, of.0, &events).await?;
    }
    Ok(heads.len())
}

/// Recognises an account holder, by telephone, as a head: because the roll carries no telephone, or because the unit changed
/// hands while the poll runs.
///
/// # Errors
/// `polls.not-now`; `polls.nobody` when no account has this telephone; what the paper was must be said.
pub async fn recognise(
    tx: &mut Tx,
    actor: &Actor,
    poll: Id,
    head: u32,
    phone: &str,
    paper: &str,
) -> Result<Voter, Fault> {
    let p = load(tx, actor.street, poll).await?;
    if !matches!(p.state, PollState::Noticed | PollState::Open) {
        return Err(Refusal::conflict("polls.not-now").into());
    }
    let paper = text::required("known_by", paper, NOTE)?;
    let keys = tx.keys().clone();
    let person = people::queries::find_by_phone(tx, &keys, p.street, phone).await?;
    let person = person.ok_or(Refusal::invalid("phone", "polls.nobody"))?;
    let (voter, of) = known(tx, &p, head).await?;
    let mut events = touched(&p, voter.as_ref(), of);
    events.push(VoterEvent::HeadRecognised { person, paper });
    record(tx, actor, voter, of.0, &events).await
}

/// Approves a proxy: the paper was looked at, the rule allows it.
///
/// # Errors
/// `polls.voted-already`, `polls.not-now`, and every reason of [`Ruling`] as `polls.proxy-…`.
pub async fn proxy(
    tx: &mut Tx,
    actor: &Actor,
    poll: Id,
    principal: u32,
    agent: u32,
    paper: Option<Blob>,
) -> Result<Voter, Fault> {
    let p = load(tx, actor.street, poll).await?;
    if !matches!(p.state, PollState::Noticed | PollState::Open) {
        return Err(Refusal::conflict("polls.not-now").into());
    }
    let (voter, of) = known(tx, &p, principal).await?;
    known(tx, &p, agent).await.map_err(|_| Refusal::invalid("agent", "polls.no-head"))?;
    if voter.as_ref().is_some_and(|v| v.ballot().is_some())
        || queries::was_handed(tx, p.street, p.id, principal).await?
    {
        return Err(Refusal::conflict("polls.voted-already").into());
    }
    ruling(tx, &p, principal, agent, paper.is_some()).await?;
    let paper = match paper {
        Some(blob) => Some(tx.put_blob(p.street, blob).await?.0),
        None => None,
    };
    let mut events = touched(&p, voter.as_ref(), of);
    events.push(VoterEvent::ProxyApproved { agent, paper });
    record(tx, actor, voter, of.0, &events).await
}

/// Asks the book of proxies with everything that stands in it.
async fn ruling(tx: &mut Tx, p: &Poll, principal: u32, agent: u32, written: bool) -> Result<(), Fault> {
    let rule = &p.rule.as_ref().ok_or(Refusal::conflict("polls.rule-first"))?.rule;
    let standing = queries::proxies(tx, p.street, p.id).await?;
    let keys: Vec<(String, String)> = standing
        .iter()
        .chain(std::iter::once(&(principal, agent)))
        .map(|(principal, agent)| (principal.to_string(), agent.to_string()))
        .collect();
    // Both heads are on the roll: that was asked before.
    let registered = keys.iter().flat_map(|(a, b)| [a.as_str(), b.as_str()]);
    let stand = candidates(tx, p).await?;
    if rule.proxies.no_candidates && stand.doubtful.contains(&agent) {
        return Err(Refusal::invalid("agent", "polls.proxy-namesake").into());
    }
    let stand: Vec<String> = stand.sure.iter().map(u32::to_string).collect();
    let mut book = Book::new(&rule.proxies, registered, stand.iter().map(String::as_str));
    let mut last = Ruling::Ok;
    for (n, (principal, agent)) in keys.iter().enumerate() {
        let written = n + 1 < keys.len() || written;
        last = book.ask(Proxy { principal, agent, written });
    }
    match last {
        Ruling::Ok => Ok(()),
        Ruling::ModeForbidsProxy => Err(Refusal::invalid("agent", "polls.proxy-forbidden").into()),
        Ruling::NotWritten => Err(Refusal::invalid("proxy", "polls.proxy-not-written").into()),
        Ruling::AgentIsPrincipal => Err(Refusal::invalid("agent", "polls.proxy-self").into()),
        Ruling::AgentIsCandidate => Err(Refusal::invalid("agent", "polls.proxy-candidate").into()),
        Ruling::PrincipalAlreadyDelegated => Err(Refusal::conflict("polls.proxy-twice").into()),
        Ruling::AgentHasDelegated => Err(Refusal::invalid("agent", "polls.proxy-agent-gave").into()),
        Ruling::PrincipalIsAgent => Err(Refusal::conflict("polls.proxy-chain").into()),
        Ruling::OverLimit => {
            Err(Refusal::invalid("agent", "polls.proxy-limit").with("most", rule.proxies.most).into())
        }
        Ruling::PrincipalNotRegistered | Ruling::AgentNotRegistered => {
            Err(Refusal::invalid("agent", "polls.no-head").into())
        }
    }
}

/// The heads of candidates of an election; whom staff recognised counts as that person.
async fn candidates(tx: &mut Tx, p: &Poll) -> Result<Standing, Fault> {
    if !matches!(p.shape, crate::model::Shape::Election { .. }) {
        return Ok(Standing::default());
    }
    let keys: Keys = tx.keys().clone();
    let mut heads = queries::heads(tx, &keys, p).await?;
    let recognised = queries::recognised(tx, p.street, p.id).await?;
    for head in &mut heads {
        head.person = recognised.get(&head.number).copied().or(head.person);
    }
    Ok(standing(&p.options, &p.candidates, &heads))
}

/// Takes a proxy back, as long as nobody voted by it.
///
/// # Errors
/// `polls.no-proxy`, `polls.voted-already`.
pub async fn revoke(tx: &mut Tx, actor: &Actor, poll: Id, principal: u32) -> Result<Voter, Fault> {
    let p = load(tx, actor.street, poll).await?;
    if !matches!(p.state, PollState::Noticed | PollState::Open) {
        return Err(Refusal::conflict("polls.not-now").into());
    }
    let (voter, of) = known(tx, &p, principal).await?;
    let voter = voter.filter(|v| v.agent().is_some()).ok_or(Refusal::missing("polls.no-proxy"))?;
    if voter.ballot().is_some() || queries::was_handed(tx, p.street, p.id, principal).await? {
        return Err(Refusal::conflict("polls.voted-already").into());
    }
    record(tx, actor, Some(voter), of.0, &[VoterEvent::ProxyRevoked]).await
}

/// The code that a printed sheet carries: the number of the head and a check, so that a slip of the finger hits nobody else.
#[must_use]
pub fn sheet_code(keys: &Keys, poll: Id, head: u32) -> String {
    let check: String = keys
        .sign("sheet", &format!("{poll} {head}"))
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(5)
        .collect();
    format!("{head}-{}", check.to_uppercase())
}

/// The head of a sheet's code.
fn head_of(keys: &Keys, poll: Id, code: &str) -> Result<u32, Refusal> {
    let bad = || Refusal::invalid("code", "polls.bad-code");
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    let head: u32 = code.split('-').next().and_then(|n| n.parse().ok()).ok_or_else(bad)?;
    if sheet_code(keys, poll, head) == code { Ok(head) } else { Err(bad()) }
}

/// Reads a paper sheet. Two readings by different clerks that say the same make a ballot; readings that differ wait in the queue.
///
/// # Errors
/// `polls.bad-code`, `polls.other-reader` when the same clerk reads twice, `polls.differs` when a third reading comes before
/// the first two are settled; refusals of the rules.
pub async fn sheet(
    tx: &mut Tx,
    actor: &Actor,
    poll: Id,
    code: &str,
    vote: &str,
    image: Option<Blob>,
) -> Result<Voter, Fault> {
    let p = load(tx, actor.street, poll).await?;
    if !matches!(p.state, PollState::Open | PollState::Closed) || p.secret {
        return Err(Refusal::conflict("polls.not-now").into());
    }
    let person = actor.person.ok_or(Refusal::forbidden("polls.no-person"))?;
    let head = head_of(tx.keys(), p.id, code)?;
    let vote = Vote::read(&p.shape, p.options.len(), vote, true)?;
    let (voter, of) = known(tx, &p, head).await?;
    let sheets = voter.as_ref().map_or(&[][..], |v| v.sheets.as_slice());
    if sheets.iter().any(|s| s.by == person) {
        return Err(Refusal::conflict("polls.other-reader").into());
    }
    if sheets.len() >= 2 {
        return Err(Refusal::conflict("polls.differs").into());
    }
    let agree = sheets.iter().any(|s| s.vote == vote.text());
    let image = match image {
        Some(blob) => Some(tx.put_blob(p.street, blob).await?.0),
        None => None,
    };
    let mut events = touched(&p, voter.as_ref(), of);
    events.push(VoterEvent::SheetRead { vote: vote.text(), image });
    if agree {
        let agent = voter.as_ref().and_then(Voter::agent);
        let hand = Hand { vote, way: Way::Paper, agent, witness: None };
        // `take` would begin the record once more.
        let cast = take(&p, voter.as_ref(), of, hand, tx.now)?;
        events.extend(cast.into_iter().filter(|e| !matches!(e, VoterEvent::HeadTouched { .. })));
    } else if voter.as_ref().is_some_and(|v| v.ballot().is_some_and(|b| b.way == Way::Paper)) {
        // A second sheet of a head whose paper counts already.
        return Err(Refusal::conflict("polls.voted-already").into());
    }
    record(tx, actor, voter, of.0, &events).await
}

/// Throws away readings that differ, to read the sheet anew.
///
/// # Errors
/// `polls.nothing-unsettled`.
pub async fn drop_sheets(tx: &mut Tx, actor: &Actor, poll: Id, head: u32, why: &str) -> Result<Voter, Fault> {
    let p = load(tx, actor.street, poll).await?;
    let why = text::required("why", why, NOTE)?;
    let (voter, of) = known(tx, &p, head).await?;
    let voter = voter.filter(|v| !v.sheets.is_empty()).ok_or(Refusal::conflict("polls.nothing-unsettled"))?;
    if !matches!(p.state, PollState::Open | PollState::Closed) {
        return Err(Refusal::conflict("polls.not-now").into());
    }
    record(tx, actor, Some(voter), of.0, &[VoterEvent::SheetsDropped { why }]).await
}

/// Strikes a ballot out after the close and before the count, with the reason that is published.
///
/// # Errors
/// `polls.not-now`, `polls.no-ballot`.
pub async fn strike(tx: &mut Tx, actor: &Actor, poll: Id, head: u32, why: &str) -> Result<Voter, Fault> {
    let p = load(tx, actor.street, poll).await?;
    let why = text::required("struck", why, NOTE)?;
    if p.state != PollState::Closed {
        return Err(Refusal::conflict("polls.not-now").into());
    }
    let (voter, of) = known(tx, &p, head).await?;
    let voter = voter.filter(|v| v.ballot().is_some()).ok_or(Refusal::missing("polls.no-ballot"))?;
    record(tx, actor, Some(voter), of.0, &[VoterEvent::BallotStruck { why }]).await
}
