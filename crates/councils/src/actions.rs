//! The only writers: bodies, sittings, actions, and what the matter behind an item is told.

use crate::{
    model::{
        Act, Action, ActionEvent, Council, CouncilEvent, ItemState, MatterRef, Member, NewAction, NewCouncil,
        NewMember, NewSitting, PollRef, Sitting, SittingEvent, SittingState,
    },
    queries,
    rules::{self, Facts},
    t,
};
use futures_util::future::BoxFuture;
use kernel::{
    Actor, Id, PlacePath, Refusal,
    text::{self, BODY, NOTE, TITLE},
    time::local_date,
};
use store::{Conn, Fault, Notice, Tx};
use tally::Verdict;
use ui::Lang;

mod attendance;
mod duties;
mod questions;
mod rhythm;
mod rota;
mod submissions;

pub use attendance::{NewGuest, guest, send, sign_in, sign_in_from_afar};
pub use duties::{evaluate, finish, remind, reopen, report};
use questions::told as owner_told;
pub use questions::{ask, question};
pub use rhythm::{plan_ahead, set_rhythm};
pub use rota::{
    Said, add_duty, change_rota, duty, end_rota, make_rota, plan_duties, receive, remind_duty, take,
};
pub use submissions::{submission, submit};

/// A matter that stands for a council.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its id.
    pub id: Id,
    /// Its number.
    pub number: String,
    /// Its title, as strangers may read it.
    pub title: String,
}

/// The matters of a place and below that stand for a council.
pub type WaitingOf =
    for<'a> fn(&'a mut Conn, Id, &'a PlacePath) -> BoxFuture<'a, Result<Vec<Waiting>, Fault>>;
/// Tells a matter, in the same transaction, what the council decided. It must bear a matter that was taken off meanwhile.
pub type Settle = for<'a> fn(&'a mut Tx, &'a Actor, Id, String) -> BoxFuture<'a, Result<(), Fault>>;

/// Writes into a matter's story what became of it, with the page where that stands.
pub type Follow = for<'a> fn(&'a mut Tx, &'a Actor, Id, String, String) -> BoxFuture<'a, Result<(), Fault>>;

/// What was raised with a member on duty, to become a matter.
#[derive(Clone, Debug)]
pub struct Concern {
    /// Where.
    pub place: PlacePath,
    /// What is the matter.
    pub words: String,
    /// The resident's name.
    pub name: Option<String>,
    /// The resident's telephone.
    pub phone: Option<String>,
}

/// Raises a matter, in the same transaction.
pub type Raise = for<'a> fn(&'a mut Tx, &'a Actor, Concern) -> BoxFuture<'a, Result<MatterRef, Fault>>;

/// What this room asks of the room of matters, which it does not know: handed in by `app`.
#[derive(Clone, Copy)]
pub struct Bridge {
    /// Which matters wait.
    pub waiting: WaitingOf,
    /// Tells the result.
    pub settle: Settle,
    /// Tells what follows from it.
    pub follow: Follow,
    /// Raises one.
    pub raise: Raise,
}

impl std::fmt::Debug for Bridge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bridge").finish_non_exhaustive()
    }
}

async fn load(tx: &mut Tx, street: Id, id: Id) -> Result<Council, Fault> {
    Ok(tx.load(street, id).await?.ok_or(Refusal::missing("councils.no-council"))?)
}

async fn change(tx: &mut Tx, actor: &Actor, council: Council, event: CouncilEvent) -> Result<Council, Fault> {
    Ok(tx.record(council.id, Some(council), &[event], actor, None).await?.0)
}

/// Sets up a body.
///
/// # Errors
/// Which field is wrong; `councils.name-taken`.
pub async fn found(tx: &mut Tx, actor: &Actor, new: NewCouncil) -> Result<Council, Fault> {
    let name = text::required("name", &new.name, TITLE)?;
    let rule = new.rule.unwrap_or_else(|| new.kind.usual_rule().to_owned());
    rules::decision_rule(&rule)?;
    if places::queries::by_path(tx, actor.street, &new.place).await?.is_none() {
        return Err(Refusal::invalid("place", "ui.not-valid").into());
    }
    if queries::name_taken(tx, actor.street, &new.place, &name).await? {
        return Err(Refusal::invalid("name", "councils.name-taken").into());
    }
    let id = tx.new_id()?;
    let event = CouncilEvent::CouncilFounded { id, kind: new.kind, name, place: new.place, rule };
    Ok(tx.record::<Council>(id, None, &[event], actor, None).await?.0)
}

/// Gives a seat. A person is known by the telephone, or entered anew.
///
/// # Errors
/// Which field is wrong; `councils.member-already`.
pub async fn join(tx: &mut Tx, actor: &Actor, council: Id, new: NewMember) -> Result<Member, Fault> {
    let name = text::required("name", &new.name, 40)?;
    let person = match new.phone.as_deref() {
        Some(phone) => people::actions::person_by_phone(tx, actor, phone, Some(&name)).await?,
        None => {
            let new = people::NewPerson { name: Some(name), ..people::NewPerson::default() };
            people::actions::add_person(tx, actor, new).await?
        }
    };
    seat(tx, actor, council, person, new).await
}

/// Gives a seat to a person who is known.
///
/// # Errors
/// `councils.member-already`; `councils.sits-now`; a term that ended before today is `ui.not-valid`.
pub async fn seat(
    tx: &mut Tx,
    actor: &Actor,
    council: Id,
    person: Id,
    new: NewMember,
) -> Result<Member, Fault> {
    let council = load(tx, actor.street, council).await?;
    not_sitting(tx, &council).await?;
    let today = local_date(tx.now);
    if council.seat_of(person, today).is_some() {
        return Err(Refusal::conflict("councils.member-already").into());
    }
    if new.until.is_some_and(|until| until < today) {
        return Err(Refusal::invalid("until", "ui.not-valid").into());
    }
    let (capacity, votes, until) = (new.capacity, new.votes, new.until);
    let member = Member { id: tx.new_id()?, person, capacity, votes, from: today, until };
    change(tx, actor, council, CouncilEvent::MemberJoined(member.clone())).await?;
    Ok(member)
}

/// Who is entitled must not change while it is being counted.
async fn not_sitting(tx: &mut Tx, council: &Council) -> Result<(), Fault> {
    if queries::sits_now(tx, council.street, council.id).await? {
        return Err(Refusal::conflict("councils.sits-now").into());
    }
    Ok(())
}

/// Ends a term with yesterday, so that whoever left today counts no more today. Turns to come go to others.
///
/// # Errors
/// `councils.no-member`; `councils.sits-now` while a sitting is held.
pub async fn leave(tx: &mut Tx, actor: &Actor, council: Id, member: Id) -> Result<Council, Fault> {
    let council = load(tx, actor.street, council).await?;
    let today = local_date(tx.now);
    if council.member(member).is_none_or(|m| !m.serves(today)) {
        return Err(Refusal::missing("councils.no-member").into());
    }
    not_sitting(tx, &council).await?;
    let on = today.pred_opt().unwrap_or(today);
    let council = change(tx, actor, council, CouncilEvent::MemberLeft { member, on }).await?;
    rota::hand_over(tx, actor, &council, member).await?;
    Ok(council)
}

/// Names chair and secretary, two different seats, and the rule for what comes.
///
/// # Errors
/// `councils.no-member`, `councils.one-person`, `councils.no-rule`.
pub async fn settings(
    tx: &mut Tx,
    actor: &Actor,
    council: Id,
    chair: Option<Id>,
    secretary: Option<Id>,
    rule: &str,
) -> Result<Council, Fault> {
    let council = load(tx, actor.street, council).await?;
    let today = local_date(tx.now);
    for (field, seat) in [("chair", chair), ("secretary", secretary)] {
        if seat.is_some_and(|id| council.member(id).is_none_or(|m| !m.serves(today))) {
            return Err(Refusal::invalid(field, "councils.no-member").into());
        }
    }
    if chair.is_some() && chair == secretary {
        return Err(Refusal::invalid("secretary", "councils.one-person").into());
    }
    rules::decision_rule(rule)?;
    let mut events = Vec::new();
    if (council.chair, council.secretary) != (chair, secretary) {
        events.push(CouncilEvent::SeatsGiven { chair, secretary });
    }
    if council.rule != rule {
        events.push(CouncilEvent::RuleChosen { rule: rule.to_owned() });
    }
    Ok(tx.record(council.id, Some(council), &events, actor, None).await?.0)
}

/// Lets members of a body who cannot come send somebody, or does so no more.
///
/// # Errors
/// `councils.delegates-not` for a body that a law names.
pub async fn let_delegates(tx: &mut Tx, actor: &Actor, council: Id, allowed: bool) -> Result<Council, Fault> {
    let council = load(tx, actor.street, council).await?;
    if allowed && council.kind.by_law() {
        return Err(Refusal::invalid("delegates", "councils.delegates-not").into());
    }
    if council.delegates == allowed {
        return Ok(council);
    }
    change(tx, actor, council, CouncilEvent::DelegatesLet { allowed }).await
}

/// Plans a sitting.
///
/// # Errors
/// Which field is wrong; `councils.no-council`.
pub async fn plan(tx: &mut Tx, actor: &Actor, council: Id, new: NewSitting) -> Result<Sitting, Fault> {
    // Locks the body: two at once must not draw the same number.
    let council = load(tx, actor.street, council).await?;
    let (venue, join) = rules::check_plan(&new, tx.now)?;
    let id = tx.new_id()?;
    let number = queries::next_number(tx, actor.street, council.id).await?;
    let event = SittingEvent::SittingPlanned {
        id,
        council: council.id,
        place: council.place,
        number,
        venue,
        mode: new.mode,
        join,
        starts: new.starts,
        ends: new.ends,
        occurrence: None,
    };
    Ok(tx.record::<Sitting>(id, None, &[event], actor, None).await?.0)
}

/// Does a verb of a sitting. Whoever calls has proven the right at its place, or that the actor signs for the own person.
///
/// # Errors
/// Refusals of the rules; `councils.no-sitting`.
pub async fn act(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    sitting: Id,
    act: Act,
) -> Result<Sitting, Fault> {
    let street = actor.street;
    if matches!(act, Act::Notice(_)) {
        // Locks the street: two bodies that want one venue must see each other.
        tx.load::<places::Place>(street, street).await?;
    }
    let s: Sitting = tx.load(street, sitting).await?.ok_or(Refusal::missing("councils.no-sitting"))?;
    let council = load(tx, street, s.council).await?;
    let matter = match &act {
        Act::AddItem(new) if new.matter.is_some() => (bridge.waiting)(tx, street, &s.place)
            .await?
            .into_iter()
            .find(|w| Some(w.id) == new.matter)
            .map(|w| (crate::model::MatterRef { id: w.id, number: w.number }, w.title)),
        _ => None,
    };
    let matter_elsewhere = match &matter {
        Some((m, _)) => queries::matters_on_agendas(tx, street).await?.contains(&m.id),
        None => false,
    };
    let submission = match &act {
        Act::Bring(id, _) => tx.load(street, *id).await?,
        _ => None,
    };
    let words = match &act {
        Act::Draft(said) | Act::Edit(said) | Act::Correct(said, _) => {
            let said = text::required("text", said, 4 * BODY)?;
            Some(tx.keep(street, None, &said).await?)
        }
        _ => None,
    };
    let facts = Facts {
        now: tx.now,
        council: &council,
        person: actor.person,
        id: tx.new_id()?,
        matter,
        matter_elsewhere,
        venue_taken: matches!(act, Act::Notice(_))
            && !s.venue.is_empty()
            && queries::venue_taken(tx, &s).await?,
        submission,
        words,
        open_questions: match act {
            Act::Close => queries::open_questions(tx, street, s.id).await?,
            _ => 0,
        },
    };
    let events = rules::decide(&s, act.clone(), &facts)?;
    let before = s.clone();
    let (after, _) = tx.record(s.id, Some(s), &events, actor, None).await?;
    submissions::follow(tx, actor, &act, &before, &after).await?;
    for event in &events {
        follow(tx, bridge, actor, &council, &after, event).await?;
    }
    Ok(after)
}

/// What an event brings with it: members are told, the matter behind an item hears the result.
async fn follow(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    council: &Council,
    s: &Sitting,
    event: &SittingEvent,
) -> Result<(), Fault> {
    let key = match event {
        SittingEvent::SittingNoticed { .. } => "councils.notice-noticed",
        SittingEvent::SittingPostponed { .. } => "councils.notice-postponed",
        SittingEvent::SittingCancelled { .. } if s.noticed_at.is_some() => "councils.notice-cancelled",
        SittingEvent::DelegateNamed { person, .. } => {
            let args = serde_json::json!({ "council": council.name, "time": ui::show::full(s.starts) });
            let link = format!("/sittings/{}", s.id);
            return tell(tx, s.street, *person, "councils.notice-delegate", args, link).await;
        }
        SittingEvent::VoteCounted { item, .. } | SittingEvent::ItemConcluded { item, .. } => {
            return settle(tx, bridge, actor, council, s, *item).await;
        }
        // A motion settles its item when it was adopted, or the last that stood.
        SittingEvent::MotionCounted { motion, .. } => {
            let item = s.motion(*motion).and_then(|m| s.item(m.item));
            return match item.filter(|i| i.state == ItemState::Decided) {
                Some(item) => settle(tx, bridge, actor, council, s, item.id).await,
                None => Ok(()),
            };
        }
        _ => return Ok(()),
    };
    let args = serde_json::json!({ "council": council.name, "time": ui::show::full(s.starts) });
    for member in council.serving(s.day()).filter(|m| Some(m.person) != actor.person) {
        tell(tx, s.street, member.person, key, args.clone(), format!("/sittings/{}", s.id)).await?;
    }
    Ok(())
}

async fn tell(
    tx: &mut Tx,
    street: Id,
    person: Id,
    key: &str,
    args: serde_json::Value,
    link: String,
) -> Result<(), Fault> {
    tx.notify(Notice { street, person, key: key.into(), args, link, due_at: None }).await
}

/// Brings the result back to the matter that an item came from.
async fn settle(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    council: &Council,
    s: &Sitting,
    item: Id,
) -> Result<(), Fault> {
    let Some((item, matter)) = s.item(item).and_then(|i| i.matter.as_ref().map(|m| (i, m.id))) else {
        return Ok(());
    };
    // What stands on a matter's timeline is public, so it is in the language of the record.
    let lang = Lang::ZhHans;
    let (name, number) = (council.name.clone(), s.number);
    let words = match &item.ballot {
        Some(ballot) => {
            let votes = ballot.votes.unwrap_or_default();
            let (motion, yes, no, abstain) = (ballot.motion.clone(), votes.yes, votes.no, votes.abstain);
            let outcome = if ballot.verdict == Some(Verdict::Passed) {
                t!(lang, "verdict-passed")
            } else {
                t!(lang, "verdict-rejected")
            };
            t!(
                lang,
                "settled-vote",
                council = name,
                number = number,
                motion = motion,
                outcome = outcome,
                yes = yes,
                no = no,
                abstain = abstain
            )
        }
        None => {
            let said = item.words.clone().unwrap_or_default();
            t!(lang, "settled-words", council = name, number = number, words = said)
        }
    };
    (bridge.settle)(tx, actor, matter, words).await
}

/// Gives an action that follows from a decided item: owned and dated.
///
/// # Errors
/// Which field is wrong; `councils.not-decided` before the item is decided; `councils.not-now` once the minutes are signed.
pub async fn give(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    sitting: Id,
    new: NewAction,
) -> Result<Action, Fault> {
    use SittingState::{Closed, InSession, MinutesDraft, Recess};
    let street = actor.street;
    let s: Sitting = tx.load(street, sitting).await?.ok_or(Refusal::missing("councils.no-sitting"))?;
    let item = s.item(new.item).ok_or(Refusal::missing("councils.no-item"))?;
    if !matches!(s.state, InSession | Recess | Closed | MinutesDraft) {
        return Err(Refusal::conflict("councils.not-now").into());
    }
    let rejected = item.ballot.as_ref().is_some_and(|b| b.verdict != Some(Verdict::Passed));
    if item.state != crate::model::ItemState::Decided || rejected {
        return Err(Refusal::conflict("councils.not-decided").into());
    }
    let text = text::required("what", &new.text, NOTE)?;
    let today = local_date(tx.now);
    if new.due < today {
        return Err(Refusal::invalid("due", "councils.past").into());
    }
    let last = today + chrono::Days::new(rules::LONGEST_ACTION_DAYS);
    if new.due > last {
        return Err(Refusal::invalid("due", "councils.too-far").with("day", last.to_string()).into());
    }
    let council = load(tx, street, s.council).await?;
    let told = owner_told(tx, &council, s.day(), new.owner, "owner").await?;
    let id = tx.new_id()?;
    for person in told {
        let args = serde_json::json!({ "text": text, "due": new.due.to_string() });
        tell(tx, street, person, "councils.notice-action", args, format!("/sittings/{}", s.id)).await?;
    }
    let event = ActionEvent::ActionGiven {
        id,
        council: s.council,
        sitting: s.id,
        item: new.item,
        place: s.place.clone(),
        matter: item.matter.clone(),
        text,
        owner: new.owner,
        due: new.due,
    };
    let (a, _) = tx.record::<Action>(id, None, &[event], actor, None).await?;
    let words = t!(Lang::ZhHans, "followed-given", text = a.text.clone(), due = a.due.to_string());
    duties::heard(tx, bridge, actor, &a, words).await?;
    Ok(a)
}

/// Puts an item to a poll of everybody concerned: drafts the poll with the item's title and the text as it stands, and
/// hands the item over to it. Rule, roll and times are given at the desk of polls; the result comes back by [`poll_ended`].
///
/// # Errors
/// `councils.no-item`; refusals of the rules and of the draft.
pub async fn to_poll(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    sitting: Id,
    item: Id,
    text: String,
    shape: polls::model::Shape,
) -> Result<Sitting, Fault> {
    let s: Sitting = tx.load(actor.street, sitting).await?.ok_or(Refusal::missing("councils.no-sitting"))?;
    let found = s.item(item).ok_or(Refusal::missing("councils.no-item"))?;
    let text = text::required("proposal", &text, BODY)?;
    let new = polls::model::NewPoll {
        place: s.place.clone(),
        title: found.title.clone(),
        text,
        shape,
        secret: false,
        trust: polls::model::Trust::Grouped,
        options: Vec::new(),
        candidates: Vec::new(),
        origin: Some(polls::model::Origin {
            kind: POLL_ORIGIN.to_owned(),
            id: s.id,
            part: Some(item),
            link: format!("/sittings/{}", s.id),
        }),
    };
    let poll = polls::actions::draft(tx, actor, new).await?;
    act(tx, bridge, actor, sitting, Act::Poll(item, PollRef { id: poll.id, number: poll.number })).await
}

/// What polls call a sitting that they come from.
pub const POLL_ORIGIN: &str = "sitting";

/// A poll that came from an item has ended: the matter behind the item hears how.
///
/// # Errors
/// What the database says.
pub async fn poll_ended(tx: &mut Tx, bridge: Bridge, actor: &Actor, poll: &polls::Poll) -> Result<(), Fault> {
    let Some((sitting, item)) = poll.origin.as_ref().and_then(|o| Some((o.id, o.part?))) else {
        return Ok(());
    };
    let s: Option<Sitting> = tx.get(poll.street, sitting).await?;
    let Some(matter) = s.and_then(|s| s.item(item).and_then(|i| i.matter.as_ref().map(|m| m.id))) else {
        return Ok(());
    };
    // What stands on a matter's timeline is public, so it is in the language of the record.
    let lang = Lang::ZhHans;
    let (number, title) = (poll.number.clone(), poll.title.clone());
    let outcome = poll.count.as_ref().filter(|_| poll.state.shows_result()).map(|c| &c.outcome);
    let words = match (outcome, poll.state) {
        (_, polls::model::PollState::Annulled) => {
            t!(
                lang,
                "poll-annulled",
                number = number,
                title = title,
                why = poll.reason.clone().unwrap_or_default()
            )
        }
        (Some(o), _) => {
            let passed = o.verdict == Some(Verdict::Passed);
            let verdict = if passed { t!(lang, "verdict-passed") } else { t!(lang, "verdict-rejected") };
            let (yes, no, abstain) = (o.yes.heads, o.no.heads, o.abstain.heads);
            t!(
                lang,
                "poll-ended",
                number = number,
                title = title,
                outcome = verdict,
                yes = yes,
                no = no,
                abstain = abstain
            )
        }
        (None, _) => {
            t!(
                lang,
                "poll-void",
                number = number,
                title = title,
                why = poll.reason.clone().unwrap_or_default()
            )
        }
    };
    (bridge.settle)(tx, actor, matter, words).await
}
