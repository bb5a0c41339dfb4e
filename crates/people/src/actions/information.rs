//! Consent, requests about the own information, and the list of deletion.

use super::{REASON, missing};
use crate::{
    model::{
        Consent, ConsentEvent, InfoRequest, InfoRequestEvent, Past, PastEvent, PastReason, PastState,
        PersonState, RequestState, Wish,
    },
    queries::information as asked,
    rules::information::{self, ANSWER_DAYS, IDLE_MONTHS},
};
use chrono::Months;
use kernel::{Actor, Channel, Id, Refusal, calendar::Calendar, text};
use store::{Fault, Notice, Store, Tx};
use ui::{Erased, Keeper};

/// Longest wish in words.
const WISH: usize = 500;

async fn say(tx: &mut Tx, actor: &Actor, person: Id, event: ConsentEvent) -> Result<(), Fault> {
    match asked::consent(tx, actor.street, person).await? {
        Some(known) => tx.record(known.id, Some(known), &[event], actor, None).await?,
        None => {
            let id = tx.new_id()?;
            let events = [ConsentEvent::ConsentAsked { id, person }, event];
            tx.record::<Consent>(id, None, &events, actor, None).await?
        }
    };
    Ok(())
}

/// Writes down that a person agreed to a version of the notice (个人信息保护法 art. 14). Once for a version: what stands
/// already is not written again.
///
/// # Errors
/// What the database says.
pub async fn note_consent(
    tx: &mut Tx,
    actor: &Actor,
    person: Id,
    version: &str,
    channel: Channel,
) -> Result<(), Fault> {
    let known = asked::consent(tx, actor.street, person).await?;
    if known.is_some_and(|c| c.given && c.version == version) {
        return Ok(());
    }
    // Whoever is not the person wrote it down for the person.
    let proxy = actor.person.filter(|p| *p != person);
    let version = version.to_owned();
    say(tx, actor, person, ConsentEvent::ConsentGiven { version, channel, proxy }).await
}

/// Consent of whoever is signed in.
///
/// # Errors
/// `ui.no-right` for nobody.
pub async fn agree(tx: &mut Tx, actor: &Actor, version: &str) -> Result<(), Fault> {
    let person = actor.person.ok_or(Refusal::forbidden("ui.no-right"))?;
    note_consent(tx, actor, person, version, actor.channel).await
}

/// Whoever is signed in was asked and said no: asked again only when the notice changes. What needs no consent stays
/// open (art. 16: services are not refused for a "no").
///
/// # Errors
/// `ui.no-right` for nobody.
pub async fn refuse_notice(tx: &mut Tx, actor: &Actor, version: &str) -> Result<(), Fault> {
    let person = actor.person.ok_or(Refusal::forbidden("ui.no-right"))?;
    let version = version.to_owned();
    say(tx, actor, person, ConsentEvent::ConsentDeclined { version }).await
}

/// Takes consent back (art. 15): as easy as giving it; what was done before stays lawful.
///
/// # Errors
/// `people.no-consent` when none stands; `ui.no-right`.
pub async fn withdraw_consent(tx: &mut Tx, actor: &Actor) -> Result<(), Fault> {
    let person = actor.person.ok_or(Refusal::forbidden("ui.no-right"))?;
    let known = asked::consent(tx, actor.street, person).await?.filter(|c| c.given);
    let known = known.ok_or(Refusal::conflict("people.no-consent"))?;
    tx.record(known.id, Some(known), &[ConsentEvent::ConsentWithdrawn], actor, None).await?;
    Ok(())
}

/// Asks for correction, erasure or an explanation (art. 45 to 48); its clock is counted in working days.
///
/// # Errors
/// `ui.empty`, `ui.too-long` for the field `words`; `people.asked-already` while the same wish waits.
pub async fn ask(
    tx: &mut Tx,
    actor: &Actor,
    person: Id,
    wish: Wish,
    words: &str,
    calendar: &Calendar,
) -> Result<InfoRequest, Fault> {
    let street = actor.street;
    let words = text::required("words", words, WISH)?;
    // Locks the person's row: two at once must see each other.
    tx.load::<PersonState>(street, person).await?.ok_or_else(|| missing("people.no-person"))?;
    let before = asked::requests_of(tx, street, person).await?;
    if before.iter().any(|r| r.wish == wish && r.state == RequestState::Asked) {
        return Err(Refusal::conflict("people.asked-already").into());
    }
    let days = tx
        .setting(street, "people.answer_days")
        .await?
        .and_then(|v| v.as_u64())
        .unwrap_or(ANSWER_DAYS.into());
    let days = u32::try_from(days.clamp(1, 30)).unwrap_or(ANSWER_DAYS);
    let due = information::due(calendar, tx.now, days);
    let id = tx.new_id()?;
    let words = tx.keep(street, Some(person), &words).await?;
    let proxy = actor.person.filter(|p| *p != person);
    let event = InfoRequestEvent::RequestMade { id, person, wish, words, due, proxy };
    Ok(tx.record::<InfoRequest>(id, None, &[event], actor, None).await?.0)
}

async fn tell(tx: &mut Tx, r: &InfoRequest) -> Result<(), Fault> {
    let key = format!("people.notice-request-{}", r.state);
    tx.notify(Notice {
        street: r.street,
        person: r.person,
        key,
        args: serde_json::json!({}),
        link: "/me/information".into(),
        due_at: None,
    })
    .await
}

/// Answers a request. Granting an erasure erases at once what no law asks to keep; the rest is frozen: stored, found by
/// nobody, erased when its period is over (art. 47(2)). A refusal needs its reason (art. 50).
///
/// # Errors
/// `people.no-request`, `people.request-answered`; `ui.empty` for the field `answer` of a refusal; `people.holds-office`.
pub async fn answer_request(
    tx: &mut Tx,
    actor: &Actor,
    keepers: &[Keeper],
    id: Id,
    granted: bool,
    answer: &str,
) -> Result<InfoRequest, Fault> {
    let street = actor.street;
    let request = tx.load::<InfoRequest>(street, id).await?.ok_or_else(|| missing("people.no-request"))?;
    if request.state != RequestState::Asked {
        return Err(Refusal::conflict("people.request-answered").into());
    }
    if actor.person == Some(request.person) {
        return Err(Refusal::forbidden("people.own-request").into());
    }
    let person = request.person;
    let event = if granted {
        let answer = text::optional("answer", answer, WISH)?;
        let done = match request.wish {
            Wish::Erase => erase_all(tx, actor, keepers, person).await?,
            Wish::Correct | Wish::Explain => Erased::default(),
        };
        // An answer about somebody who is erased must not bring back who it was.
        let answer = match request.wish {
            Wish::Erase => None,
            _ => tx.keep_some(street, Some(person), answer.as_deref()).await?,
        };
        InfoRequestEvent::RequestGranted { answer, erased: done.erased, frozen: done.frozen }
    } else {
        let answer = text::required("answer", answer, WISH)?;
        InfoRequestEvent::RequestRefused { answer: tx.keep(street, Some(person), &answer).await? }
    };
    let (request, _) = tx.record(id, Some(request), &[event], actor, None).await?;
    tell(tx, &request).await?;
    Ok(request)
}

/// Every room erases what it may; the identity goes last, so that the others still find their own by it.
async fn erase_all(tx: &mut Tx, actor: &Actor, keepers: &[Keeper], person: Id) -> Result<Erased, Fault> {
    let mut all = Erased::default();
    for keeper in
        keepers.iter().filter(|k| k.room != "people").chain(keepers.iter().filter(|k| k.room == "people"))
    {
        let done = (keeper.erase)(tx, actor, person).await?;
        all.erased += done.erased;
        all.frozen += done.frozen;
    }
    Ok(all)
}

/// The nightly job: puts on the list of deletion what is past its time. Nothing is erased before staff say so.
///
/// # Errors
/// What the database says.
pub async fn list_past(store: &Store) -> Result<usize, Fault> {
    let streets = places::queries::streets(&mut store.read().await?).await?;
    let mut listed = 0;
    for street in streets {
        let id = street.id;
        listed += store
            .write(move |tx| {
                Box::pin(async move {
                    let actor = Actor::system(id);
                    let since = tx.now.checked_sub_months(Months::new(IDLE_MONTHS)).unwrap_or(tx.now);
                    let mut due: Vec<(Id, PastReason, Option<Id>)> = Vec::new();
                    for request in asked::frozen(tx, id).await? {
                        due.push((request.person, PastReason::Thawed, Some(request.id)));
                    }
                    let now = tx.now;
                    for person in asked::idle(tx, id, since, now).await? {
                        due.push((person, PastReason::Idle, None));
                    }
                    for (person, reason, request) in &due {
                        let id = tx.new_id()?;
                        let event =
                            PastEvent::PastListed { id, person: *person, reason: *reason, request: *request };
                        tx.record::<Past>(id, None, &[event], &actor, None).await?;
                    }
                    Ok(due.len())
                })
            })
            .await?;
    }
    Ok(listed)
}

/// Decides a line of the list of deletion: erased now, or kept on with a reason.
///
/// # Errors
/// `people.no-past`; `ui.empty` for the field `reason` when it is kept on.
pub async fn decide_past(
    tx: &mut Tx,
    actor: &Actor,
    keepers: &[Keeper],
    id: Id,
    erase: bool,
    reason: &str,
) -> Result<(), Fault> {
    let street = actor.street;
    let line = tx.load::<Past>(street, id).await?.filter(|p| p.state == PastState::Listed);
    let line = line.ok_or_else(|| missing("people.no-past"))?;
    if !erase {
        let reason = text::required("reason", reason, REASON)?;
        let reason = tx.keep(street, None, &reason).await?;
        tx.record(id, Some(line), &[PastEvent::PastKept { reason }], actor, None).await?;
        return Ok(());
    }
    let done = erase_all(tx, actor, keepers, line.person).await?;
    if let Some(request) = line.request
        && done.frozen == 0
        && let Some(request) = tx.load::<InfoRequest>(street, request).await?
    {
        let event = InfoRequestEvent::RequestCompleted { erased: done.erased };
        tx.record(request.id, Some(request), &[event], actor, None).await?;
    }
    tx.record(id, Some(line), &[PastEvent::PastErased { erased: done.erased }], actor, None).await?;
    Ok(())
}
