//! The only writers: polls themselves.

use crate::{
    model::{NewPoll, Poll, PollEvent, PollState, Roll, Voter},
    queries,
    rules::{
        self, Act, Facts, Known, Line,
        recount::{self, File},
    },
    tables::roll,
};
use chrono::NaiveDate;
use futures_util::future::BoxFuture;
use kernel::{
    Actor, Id, PlacePath, Refusal,
    text::{self, BODY},
    time::{local_date, stamp},
};
use sha2::{Digest, Sha256};
use store::{Conn, Fault, Notice, Tx};
use tally::rule::Silence;

pub mod secret;
mod voters;

pub use voters::{cast, drop_sheets, proxy, recognise, revoke, serve, sheet, sheet_code, strike};

/// Tells what a poll came from how it ended: certified and published, set aside, or ended without a count.
pub type Ended = for<'a> fn(&'a mut Tx, &'a Actor, &'a Poll) -> BoxFuture<'a, Result<(), Fault>>;

/// A standing body of another room, for a roll of its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Who votes in it on that day.
    pub members: Vec<Id>,
}

/// Lists the standing bodies of a place and below with those who vote in them on a day.
pub type Bodies =
    for<'a> fn(&'a mut Conn, Id, &'a PlacePath, NaiveDate) -> BoxFuture<'a, Result<Vec<Body>, Fault>>;

/// What this room asks of rooms that it does not know: handed in by `app`.
#[derive(Clone, Copy)]
pub struct Bridge {
    /// Tells the end.
    pub ended: Ended,
    /// Lists bodies.
    pub bodies: Bodies,
}

impl Bridge {
    /// A bridge to a house without bodies.
    #[must_use]
    pub const fn new(ended: Ended) -> Self {
        Self { ended, bodies: |_, _, _, _| Box::pin(async { Ok(Vec::new()) }) }
    }
}

impl std::fmt::Debug for Bridge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bridge").finish_non_exhaustive()
    }
}

/// The id of a head's record: the same for the same head of the same poll.
#[must_use]
pub fn voter_id(poll: Id, head: u32) -> Id {
    Id::named(&format!("poll-head {poll} {head}"))
}

async fn load(tx: &mut Tx, street: Id, id: Id) -> Result<Poll, Fault> {
    Ok(tx.load(street, id).await?.ok_or(Refusal::missing("polls.no-poll"))?)
}

/// Drafts a poll. Whoever calls has proven the right at its place.
///
/// # Errors
/// Which field is wrong.
pub async fn draft(tx: &mut Tx, actor: &Actor, new: NewPoll) -> Result<Poll, Fault> {
    if places::queries::by_path(tx, actor.street, &new.place).await?.is_none() {
        return Err(Refusal::invalid("place", "ui.not-valid").into());
    }
    let id = tx.new_id()?;
    let year = local_date(tx.now).format("%Y").to_string();
    let event = rules::draft(&new, id, String::new())?;
    // Only a poll that is right draws a number: numbers have no holes.
    let n = tx.next_number(actor.street, &format!("poll {year}")).await?;
    let event = match event {
        PollEvent::PollDrafted {
            id,
            place,
            title,
            text,
            shape,
            secret,
            trust,
            options,
            candidates,
            origin,
            ..
        } => {
            let number = format!("BJ-{year}-{n:04}");
            PollEvent::PollDrafted {
                id,
                number,
                place,
                title,
                text,
                shape,
                secret,
                trust,
                options,
                candidates,
                origin,
            }
        }
        other => other,
    };
    Ok(tx.record::<Poll>(id, None, &[event], actor, None).await?.0)
}

/// Does a verb of a poll. Whoever calls has proven the right at its place, or that the actor acts for the own person.
///
/// # Errors
/// Refusals of the rules; `polls.no-poll`.
pub async fn act(tx: &mut Tx, bridge: Bridge, actor: &Actor, poll: Id, act: Act) -> Result<Poll, Fault> {
    let p = load(tx, actor.street, poll).await?;
    step(tx, bridge, actor, p, act).await
}

async fn step(tx: &mut Tx, bridge: Bridge, actor: &Actor, p: Poll, act: Act) -> Result<Poll, Fault> {
    let facts = Facts { now: tx.now, id: tx.new_id()?, person: actor.person, unsettled: 0 };
    let events = rules::decide(&p, act, &facts)?;
    record(tx, bridge, actor, p, events).await
}

async fn record(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    p: Poll,
    events: Vec<PollEvent>,
) -> Result<Poll, Fault> {
    let (after, _) = tx.record(p.id, Some(p), &events, actor, None).await?;
    for event in &events {
        match event {
            PollEvent::PollNoticed { .. } => tell(tx, actor, &after, "polls.notice-noticed").await?,
            PollEvent::PollOpened => tell(tx, actor, &after, "polls.notice-opened").await?,
            PollEvent::PollExtended { .. } => tell(tx, actor, &after, "polls.notice-extended").await?,
            PollEvent::ResultPublished { .. } => {
                tell(tx, actor, &after, "polls.notice-result").await?;
                (bridge.ended)(tx, actor, &after).await?;
            }
            PollEvent::PollVoided { .. } => {
                if after.noticed_at.is_some() {
                    tell(tx, actor, &after, "polls.notice-void").await?;
                }
                (bridge.ended)(tx, actor, &after).await?;
            }
            PollEvent::ResultAnnulled { .. } => {
                tell(tx, actor, &after, "polls.notice-annulled").await?;
                (bridge.ended)(tx, actor, &after).await?;
            }
            PollEvent::ObjectionAnswered { id, .. } => {
                if let Some(by) = after.objections.iter().find(|o| o.id == *id).map(|o| o.by) {
                    notify(tx, &after, by, "polls.notice-answered").await?;
                }
            }
            _ => {}
        }
    }
    Ok(after)
}

async fn tell(tx: &mut Tx, actor: &Actor, poll: &Poll, key: &str) -> Result<(), Fault> {
    for person in queries::known_persons(tx, poll.street, poll.id).await? {
        if Some(person) != actor.person {
            notify(tx, poll, person, key).await?;
        }
    }
    Ok(())
}

async fn notify(tx: &mut Tx, poll: &Poll, person: Id, key: &str) -> Result<(), Fault> {
    tx.notify(Notice {
        street: poll.street,
        person,
        key: key.to_owned(),
        args: serde_json::json!({ "title": poll.title }),
        link: format!("/polls/{}", poll.id),
        due_at: None,
    })
    .await
}

/// Freezes a roll: puts the lines together, keeps names and telephones encrypted and the public text beside its hash. During
/// the time for objections a corrected roll takes the place of the one before, whose text stays.
///
/// # Errors
/// What is wrong with a line; `polls.rule-first`, `polls.not-now`.
pub async fn freeze(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    poll: Id,
    lines: &[Line],
) -> Result<Poll, Fault> {
    freeze_from(tx, bridge, actor, poll, lines, None).await
}

/// Freezes a roll that was made from what the house knows: `from` says what, in words for the record.
///
/// # Errors
/// As [`freeze`].
pub async fn freeze_from(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    poll: Id,
    lines: &[Line],
    from: Option<String>,
) -> Result<Poll, Fault> {
    let p = load(tx, actor.street, poll).await?;
    let rule = p.rule.as_ref().ok_or(Refusal::conflict("polls.rule-first"))?;
    let mut built = rules::build(&p.shape, rule.rule.parking_counts, lines)?;
    let phones: Vec<String> = built.heads.iter().filter_map(|h| h.phone.clone()).collect();
    let phones: Vec<&str> = phones.iter().map(String::as_str).collect();
    let keys = tx.keys().clone();
    let holders = people::queries::find_by_phones(tx, &keys, p.street, &phones).await?;
    let persons: Vec<Id> = holders.values().copied().collect();
    let names = people::queries::names(tx, &keys, p.street, &persons).await?;
    let known = |(phone, person)| (phone, Known { person, name: names.get(&person).cloned() });
    rules::identify(&mut built.heads, &holders.into_iter().map(known).collect());
    let version =
        u32::try_from(p.earlier_rolls.len() + usize::from(p.roll.is_some()) + 1).unwrap_or(u32::MAX);
    let names = tx.keep(p.street, None, &serde_json::to_string(&built.heads)?).await?;
    let frozen = Roll {
        version,
        sha256: built.sha256.clone(),
        lines: built.lines,
        heads: u32::try_from(built.heads.len()).unwrap_or(u32::MAX),
        area: built.area,
        names,
        from,
        frozen_at: tx.now,
    };
    let after = step(tx, bridge, actor, p, Act::Freeze(frozen)).await?;
    roll::put_text(tx, after.street, after.id, &format!("roll-{version}"), &built.text).await?;
    roll::put_heads(tx, &keys, after.street, after.id, &built.heads).await?;
    Ok(after)
}

/// Objects to the roll or the result, for the own person.
///
/// # Errors
/// Refusals of the rules.
pub async fn object(tx: &mut Tx, bridge: Bridge, actor: &Actor, poll: Id, said: &str) -> Result<Poll, Fault> {
    let p = load(tx, actor.street, poll).await?;
    let about =
        if p.state == PollState::Noticed { crate::model::About::Roll } else { crate::model::About::Result };
    let said = text::required("objection", said, BODY)?;
    let words = tx.keep(p.street, actor.person, &said).await?;
    step(tx, bridge, actor, p, Act::Object(about, words)).await
}

/// Counts a closed poll and makes the file by which anybody counts it again.
///
/// # Errors
/// `polls.unsettled` while papers are not settled, `polls.papers-differ`; what does not add up.
pub async fn count(tx: &mut Tx, bridge: Bridge, actor: &Actor, poll: Id) -> Result<Poll, Fault> {
    let p = load(tx, actor.street, poll).await?;
    if p.state != PollState::Closed {
        return Err(Refusal::conflict("polls.not-now").into());
    }
    let unsettled = queries::turnout(tx, &p).await?.unsettled;
    let mut file = file(tx, &p).await?;
    file.outcome = file.count().map_err(|fault| {
        Refusal::conflict("polls.does-not-add-up")
            .with("field", fault.field.clone())
            .with("why", fault.why.code())
    })?;
    let bytes = file.bytes()?;
    let again = recount::recount(&bytes).map_err(|fault| Fault::other(format!("{fault:?}")))?;
    if !again.wrong.is_empty() {
        return Err(Fault::other(format!("the file does not give the count: {:?}", again.wrong)));
    }
    let body = String::from_utf8(bytes).map_err(|e| Fault::other(e.to_string()))?;
    let sha256 = hex::encode(Sha256::digest(&body));
    let facts = Facts { now: tx.now, id: tx.new_id()?, person: actor.person, unsettled };
    let events = rules::decide(&p, Act::Count(Box::new(file.outcome), sha256), &facts)?;
    roll::put_text(tx, p.street, p.id, "result", &body).await?;
    record(tx, bridge, actor, p, events).await
}

/// Sends a count back: it is counted again.
///
/// # Errors
/// Refusals of the rules.
pub async fn send_back(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    poll: Id,
    why: String,
) -> Result<Poll, Fault> {
    let after = act(tx, bridge, actor, poll, Act::Return(why)).await?;
    roll::drop_result(tx, after.street, after.id).await?;
    Ok(after)
}

/// Everything that is counted, without the outcome.
async fn file(tx: &mut Tx, p: &Poll) -> Result<File, Fault> {
    let (rule, roll) = match (&p.rule, &p.roll) {
        (Some(rule), Some(roll)) => (rule, roll),
        _ => return Err(Refusal::conflict("polls.roll-first").into()),
    };
    let roll_text = queries::text(tx, p.street, p.id, &format!("roll-{}", roll.version)).await?;
    let roll_text = roll_text.ok_or_else(|| Fault::other("a poll without its roll's text"))?;
    let owners = matches!(p.shape, crate::model::Shape::Owners { .. });
    let (mut ballots, mut handed) = (Vec::new(), None);
    if p.secret {
        let mut votes = queries::secret_box(tx, p.street, p.id).await?;
        let list = queries::handed(tx, p.street, p.id).await?;
        let on_paper = list.iter().filter(|(_, _, way)| way == secret::Handed::Paper.code()).count() as u64;
        if on_paper > 0 || !p.papers.is_empty() {
            let papers = p.papers_agreed().ok_or(Refusal::conflict("polls.papers-differ"))?;
            // More papers than were handed out make the whole vote doubtful; in an election the law says void.
            let sum: u64 = papers.iter().map(|(_, n)| *n).sum();
            if sum > on_paper && !matches!(p.shape, crate::model::Shape::Election { .. }) {
                return Err(Refusal::conflict("polls.too-many-papers").with("n", on_paper).into());
            }
            votes.extend(papers.iter().cloned());
        }
        votes.sort();
        for (vote, n) in votes {
            match ballots.last_mut() {
                Some(rules::Group { vote: last, n: sum, .. }) if *last == vote => *sum += n,
                _ => ballots.push(rules::Group { vote, n, area: None, heads: Vec::new() }),
            }
        }
        handed = Some(list.len() as u64);
    } else {
        let open = p.trust == crate::model::Trust::Open;
        for (head, area, vote, n) in queries::ballots(tx, p, open).await? {
            let area = if owners { tally::Area::new(area) } else { None };
            match ballots.iter_mut().find(|g: &&mut rules::Group| g.vote == vote && g.area == area && open) {
                Some(group) => {
                    group.n += 1;
                    group.heads.push(head);
                }
                None if open => ballots.push(rules::Group { vote, n, area, heads: vec![head] }),
                // Areas are null where they do not count: the same vote may come in several rows.
                None => match ballots.last_mut() {
                    Some(last) if last.vote == vote && last.area == area => last.n += n,
                    _ => ballots.push(rules::Group { vote, n, area, heads: Vec::new() }),
                },
            }
        }
    }
    let follow = rule.rule.silence == Silence::FollowMajority;
    Ok(File {
        format: recount::FORMAT.to_owned(),
        number: p.number.clone(),
        title: p.title.clone(),
        text: p.text.clone(),
        ballot: p.shape,
        secret: p.secret,
        published: p.trust,
        options: p.options.clone(),
        opens: p.opens.map(stamp).unwrap_or_default(),
        closes: p.closes.map(stamp).unwrap_or_default(),
        rule: rule.rule.clone(),
        rule_sha256: rule.hash.clone(),
        roll: roll_text,
        roll_sha256: roll.sha256.clone(),
        unserved: if follow { queries::unserved(tx, p).await? } else { Vec::new() },
        handed,
        ballots,
        struck: queries::struck_out(tx, p).await?,
        outcome: crate::model::Outcome::default(),
    })
}

/// What the clock does with a poll: open, close, take off the board. Says whether anything moved.
///
/// # Errors
/// `polls.objections-open` while an objection to the roll waits.
pub async fn tick(tx: &mut Tx, bridge: Bridge, street: Id, poll: Id) -> Result<bool, Fault> {
    let p = load(tx, street, poll).await?;
    if p.next_at().is_none_or(|at| at > tx.now) {
        return Ok(false);
    }
    let act = match p.state {
        PollState::Noticed => Act::Open,
        PollState::Open => Act::Close(if p.secret { Some(secret::seal_box(tx, &p).await?) } else { None }),
        PollState::Published => Act::Archive,
        _ => return Ok(false),
    };
    step(tx, bridge, &Actor::system(street), p, act).await?;
    Ok(true)
}

/// The record of a head, and what an event of it needs.
async fn known(tx: &mut Tx, poll: &Poll, head: u32) -> Result<(Option<Voter>, (Id, u32, u64)), Fault> {
    let row =
        queries::head(tx, poll.street, poll.id, head).await?.ok_or(Refusal::missing("polls.no-head"))?;
    let id = voter_id(poll.id, head);
    Ok((tx.load(poll.street, id).await?, (id, head, row.area)))
}
