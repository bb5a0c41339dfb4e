//! Every verb on a matter: load, keep the words, decide, record, tell.

use super::{notices, raise::attach};
use crate::{
    model::*,
    queries,
    rules::{self, Command, Facts},
    tables,
};
use kernel::{
    Actor, Id, PlacePath, Refusal,
    text::{self, NOTE, TITLE, Words},
};
use methods::Category;
use store::{Blob, Fault, Tx, pictures::Redaction};

async fn note(tx: &mut Tx, actor: &Actor, field: &'static str, text: &str) -> Result<Words, Fault> {
    let text = text::required(field, text, NOTE)?;
    tx.keep(actor.street, actor.on_behalf_of.or(actor.person), &text).await
}

async fn maybe(
    tx: &mut Tx,
    actor: &Actor,
    field: &'static str,
    text: Option<&str>,
) -> Result<Option<Words>, Fault> {
    match text::optional(field, text.unwrap_or_default(), NOTE)? {
        Some(text) => Ok(Some(tx.keep(actor.street, actor.on_behalf_of.or(actor.person), &text).await?)),
        None => Ok(None),
    }
}

/// A unit by its id, which must be in use.
async fn unit(tx: &mut Tx, street: Id, id: Id, field: &'static str) -> Result<Id, Fault> {
    let unit = people::queries::unit(tx, street, id).await?;
    match unit.filter(|u| u.active) {
        Some(unit) => Ok(unit.id),
        None => Err(Refusal::invalid(field, "matters.no-unit").into()),
    }
}

async fn tasks(tx: &mut Tx, street: Id, m: &Matter, units: &[Id]) -> Result<Vec<Task>, Fault> {
    let mut out: Vec<Task> = Vec::new();
    for id in units {
        if out.iter().any(|t| t.unit == *id) {
            continue;
        }
        let unit = unit(tx, street, *id, "support").await?;
        let (id, at) = (tx.new_id()?, tx.now);
        out.push(Task {
            id,
            unit,
            words: None,
            round: m.round.max(1),
            at,
            ended_at: None,
            waived: false,
            result: None,
        });
    }
    Ok(out)
}

fn voice_or_first(m: &Matter, voice: Option<Id>) -> Result<Id, Refusal> {
    voice
        .or_else(|| m.voices.iter().find(|v| !v.withdrawn).map(|v| v.id))
        .ok_or(Refusal::missing("matters.no-voice"))
}

fn own(voice: Option<Id>) -> Result<Id, Refusal> {
    voice.ok_or(Refusal::forbidden("matters.not-your-matter"))
}

/// Does a verb. Whoever calls has proven that the office holds the verb here ([`queries::need`]), or that
/// `voice` is the viewer's own.
///
/// # Errors
/// Refusals of the rules; what the database says.
pub async fn act(
    tx: &mut Tx,
    world: &World,
    actor: &Actor,
    matter: Id,
    input: Input,
    blobs: Vec<Blob>,
    voice: Option<Id>,
) -> Result<Matter, Fault> {
    if let Input::Merge { into } = &input {
        return merge(tx, world, actor, matter, into).await;
    }
    let m: Matter = tx.load(actor.street, matter).await?.ok_or(Refusal::missing("matters.no-matter"))?;
    if matches!(input, Input::Unmerge) {
        return unmerge(tx, world, actor, m).await;
    }
    let named = match &input {
        Input::Accept { category, .. } => Some(category.clone()),
        Input::Correct { category, .. } => category.clone(),
        _ => None,
    };
    let category: Option<&Category> = match &named {
        Some(code) => world.catalogue.get(code).filter(|c| c.enabled),
        None => m.category.as_deref().and_then(|c| world.catalogue.get(c)),
    };
    // Photos of the work may be seen by all; what residents send only after staff let it.
    let by_resident = voice.is_some();
    let attachments = attach(tx, actor.street, blobs, input.purpose(), m.round, !by_resident).await?;
    let command = command(tx, actor, &m, input, attachments, voice, category).await?;
    let facts = Facts { category, ..Facts::of(tx.now, world, &m.community, actor) };
    let events = rules::decide(&m, command, &facts)?;
    finish(tx, world, m, &events, actor).await
}

async fn finish(
    tx: &mut Tx,
    world: &World,
    before: Matter,
    events: &[Event],
    actor: &Actor,
) -> Result<Matter, Fault> {
    if events.is_empty() {
        return Ok(before);
    }
    let (after, _) = tables::record(tx, before.id, Some(before), events, actor, None).await?;
    notices::tell(tx, &world.calendar, &after, events, actor).await?;
    Ok(after)
}

#[expect(clippy::too_many_lines, reason = "one line or two per verb; splitting would hide the list")]
async fn command(
    tx: &mut Tx,
    actor: &Actor,
    m: &Matter,
    input: Input,
    attachments: Vec<Attachment>,
    voice: Option<Id>,
    category: Option<&Category>,
) -> Result<Command, Fault> {
    let street = actor.street;
    Ok(match input {
        Input::Merge { .. } | Input::Unmerge => return Err(Refusal::missing("matters.no-verb").into()),
        Input::AskVerification { words } => {
            Command::AskVerification { words: maybe(tx, actor, "words", words.as_deref()).await? }
        }
        Input::Verify { finding, words } => {
            Command::Verify { finding, words: note(tx, actor, "words", &words).await?, attachments }
        }
        Input::Accept { tier, category: code, nature, urgency, hazard } => {
            let default = category.ok_or(Refusal::invalid("category", "matters.no-category"))?;
            Command::Accept {
                tier,
                category: code,
                nature: nature.unwrap_or(default.nature),
                urgency: urgency.unwrap_or(default.urgency),
                hazard: hazard || default.hazard,
            }
        }
        Input::Reject { reason, pointer } => {
            Command::Reject { reason, pointer: note(tx, actor, "pointer", &pointer).await? }
        }
        Input::Dispatch { lead, support, limit, words } => Command::Dispatch {
            lead: unit(tx, street, lead, "lead").await?,
            tasks: tasks(tx, street, m, &support).await?,
            limit: read_limit(limit.as_deref())?,
            words: maybe(tx, actor, "words", words.as_deref()).await?,
        },
        Input::Sign => Command::Sign,
        Input::Contact { voice: whom, reached, seconds, words } => Command::Contact {
            voice: voice_or_first(m, whom)?,
            reached,
            seconds,
            words: maybe(tx, actor, "words", words.as_deref()).await?,
        },
        Input::Progress { words } => {
            Command::Progress { words: note(tx, actor, "words", &words).await?, attachments }
        }
        Input::AskReturn { reason, competent, words } => {
            let competent = match competent.as_deref().filter(|c| !c.is_empty()) {
                Some(id) => Some(
                    unit(
                        tx,
                        street,
                        id.parse().map_err(|_| Refusal::invalid("competent", "ui.not-valid"))?,
                        "competent",
                    )
                    .await?,
                ),
                None => None,
            };
            Command::Ask {
                id: tx.new_id()?,
                ask: Ask::Return { reason, competent },
                words: note(tx, actor, "words", &words).await?,
            }
        }
        Input::AskExtend { until, words } => Command::Ask {
            id: tx.new_id()?,
            ask: Ask::Extend { until },
            words: note(tx, actor, "words", &words).await?,
        },
        Input::AskSuspend { cause, review, words } => Command::Ask {
            id: tx.new_id()?,
            ask: Ask::Suspend { cause, review },
            words: note(tx, actor, "words", &words).await?,
        },
        Input::AskWhistle { units, at, words } => {
            let mut called = Vec::new();
            for id in units {
                called.push(unit(tx, street, id, "units").await?);
            }
            called.sort();
            called.dedup();
            Command::Ask {
                id: tx.new_id()?,
                ask: Ask::Whistle { units: called, at },
                words: note(tx, actor, "words", &words).await?,
            }
        }
        Input::Decide { request, granted, words } => Command::Decide {
            request: request
                .or_else(|| m.waiting_request().map(|r| r.id))
                .ok_or(Refusal::missing("matters.no-request"))?,
            granted,
            words: maybe(tx, actor, "words", words.as_deref()).await?,
        },
        Input::AwaitResident { words } => {
            Command::AwaitResident { words: note(tx, actor, "words", &words).await? }
        }
        Input::Resume { words } => Command::Resume { words: note(tx, actor, "words", &words).await? },
        Input::GiveTask { unit: id, words } => {
            let unit = unit(tx, street, id, "unit").await?;
            let words = maybe(tx, actor, "words", words.as_deref()).await?;
            let (id, at) = (tx.new_id()?, tx.now);
            Command::GiveTask {
                task: Task {
                    id,
                    unit,
                    words,
                    round: m.round,
                    at,
                    ended_at: None,
                    waived: false,
                    result: None,
                },
            }
        }
        Input::FinishTask { task, words } => {
            Command::FinishTask { task, words: note(tx, actor, "words", &words).await?, attachments }
        }
        Input::WaiveTask { task, words } => {
            Command::WaiveTask { task, words: note(tx, actor, "words", &words).await? }
        }
        Input::SetAgenda { words } => Command::SetAgenda { words: note(tx, actor, "words", &words).await? },
        Input::SettleAgenda { words } => {
            Command::SettleAgenda { words: note(tx, actor, "words", &words).await? }
        }
        Input::ReportIn => Command::ReportIn,
        Input::Score { unit, score, words } => {
            Command::Score { unit, score, words: maybe(tx, actor, "words", words.as_deref()).await? }
        }
        Input::Supervise { words } => Command::Supervise { words: note(tx, actor, "words", &words).await? },
        Input::EndSupervision { words } => {
            Command::EndSupervision { words: note(tx, actor, "words", &words).await? }
        }
        Input::Finish { outcome, answer } => {
            Command::Finish { outcome, answer: note(tx, actor, "answer", &answer).await?, attachments }
        }
        Input::Check { finding, words } => Command::Check {
            finding,
            words: maybe(tx, actor, "words", words.as_deref()).await?,
            attachments,
            voice,
        },
        Input::Evaluate { voice: whose, contacted, solved, satisfied, words } => {
            let by_staff = voice.is_none();
            Command::Evaluate {
                voice: match voice {
                    Some(own) => own,
                    None => voice_or_first(m, whose)?,
                },
                contacted,
                solved,
                satisfied,
                words: maybe(tx, actor, "words", words.as_deref()).await?,
                by_staff,
            }
        }
        Input::Reopen { words } => Command::Reopen { voice, words: note(tx, actor, "words", &words).await? },
        Input::AskVoid { words } => {
            Command::Ask { id: tx.new_id()?, ask: Ask::Void, words: note(tx, actor, "words", &words).await? }
        }
        Input::Withdraw => Command::Withdraw { voice: own(voice)? },
        Input::Transfer { pointer } => {
            Command::Transfer { pointer: note(tx, actor, "pointer", &pointer).await? }
        }
        Input::Add { words } => {
            Command::Add { voice, words: maybe(tx, actor, "words", words.as_deref()).await?, attachments }
        }
        Input::Note { words } => {
            Command::Note { words: note(tx, actor, "words", &words).await?, attachments }
        }
        Input::Urge => Command::Urge { voice: own(voice)? },
        Input::Thank { words } => {
            Command::Thank { voice: own(voice)?, words: note(tx, actor, "words", &words).await? }
        }
        Input::Correct { title, public_title, place, category, hidden, words } => {
            let place = match place.as_deref().filter(|p| !p.is_empty()) {
                Some(text) => {
                    let path = PlacePath::parse(text).ok_or(Refusal::invalid("place", "matters.no-place"))?;
                    places::queries::by_path(tx, street, &path)
                        .await?
                        .ok_or(Refusal::invalid("place", "matters.no-place"))?;
                    Some(path)
                }
                None => None,
            };
            let title = text::optional("title", title.as_deref().unwrap_or_default(), TITLE)?;
            let public_title =
                text::optional("public_title", public_title.as_deref().unwrap_or_default(), TITLE)?;
            Command::Correct {
                title: tx.keep_some(street, None, title.as_deref()).await?,
                public_title: tx.keep_some(street, None, public_title.as_deref()).await?,
                place,
                category,
                hidden,
                words: note(tx, actor, "words", &words).await?,
            }
        }
    })
}

/// Merges a matter into another: its voices are counted, answered and evaluated there, with their own numbers.
async fn merge(tx: &mut Tx, world: &World, actor: &Actor, matter: Id, into: &str) -> Result<Matter, Fault> {
    let no_target = || Refusal::invalid("into", "matters.no-matter");
    let target = queries::id_of(tx, actor.street, into.trim()).await?.ok_or_else(no_target)?;
    // Always in the same order, so that two merges cannot lock each other out.
    let (first, second) = if matter < target { (matter, target) } else { (target, matter) };
    let a: Matter = tx.load(actor.street, first).await?.ok_or_else(no_target)?;
    let b: Matter = if first == second {
        a.clone()
    } else {
        tx.load(actor.street, second).await?.ok_or_else(no_target)?
    };
    let (source, target) = if a.id == matter { (a, b) } else { (b, a) };
    // Need-to-know: whoever merges must be allowed to sort the other one too; same community is the rule of thumb.
    let same_street = target.community.parent() == source.community.parent();
    if !same_street {
        return Err(no_target().into());
    }
    let command = Command::Merge {
        into: target.id,
        number: target.number.clone(),
        target_open: target.status.is_open(),
    };
    let facts = Facts::of(tx.now, world, &source.community, actor);
    let events = rules::decide(&source, command, &facts)?;
    let voices = source.voices.clone();
    let merged = finish(tx, world, source, &events, actor).await?;
    let joined: Vec<Event> =
        voices.into_iter().filter(|v| !v.withdrawn).map(|voice| Event::Joined { voice }).collect();
    if !joined.is_empty() {
        finish(tx, world, target, &joined, actor).await?;
    }
    Ok(merged)
}

/// Undoes a merge while the other matter is open: the voices come back.
async fn unmerge(tx: &mut Tx, world: &World, actor: &Actor, m: Matter) -> Result<Matter, Fault> {
    let Some(Ending::Merged { into, .. }) = m.ending.clone() else {
        return Err(Refusal::conflict("matters.not-now").into());
    };
    let target: Matter = tx.load(actor.street, into).await?.ok_or(Refusal::missing("matters.no-matter"))?;
    let facts = Facts::of(tx.now, world, &m.community, actor);
    let events = rules::decide(&m, Command::Unmerge { target_open: target.status.is_open() }, &facts)?;
    let mut left = Vec::new();
    for voice in m.voices.iter().filter(|v| target.voice(v.id).is_some()) {
        left.extend(rules::decide(&target, Command::Leave { voice: voice.id }, &facts)?);
    }
    finish(tx, world, target, &left, actor).await?;
    finish(tx, world, m, &events, actor).await
}

/// Blackens boxes in a photo: its public copies change for good, the private original stays.
///
/// # Errors
/// `matters.no-photo`; what the database says.
pub async fn redact(
    tx: &mut Tx,
    world: &World,
    actor: &Actor,
    matter: Id,
    blob: Id,
    boxes: Vec<Redaction>,
) -> Result<Matter, Fault> {
    let m: Matter = tx.load(actor.street, matter).await?.ok_or(Refusal::missing("matters.no-matter"))?;
    let command = Command::Redact { blob, boxes: u32::try_from(boxes.len()).unwrap_or(u32::MAX) };
    let facts = Facts::of(tx.now, world, &m.community, actor);
    let events = rules::decide(&m, command, &facts)?;
    let (_, public) =
        tx.blob(actor.street, blob, false).await?.ok_or(Refusal::missing("matters.no-photo"))?;
    let (public, thumb) = store::pictures::redact(&public, &boxes)?;
    tx.replace_public(actor.street, blob, public, Some(thumb)).await?;
    finish(tx, world, m, &events, actor).await
}

/// Records that personal data of a voice was looked at, printed or exported, and why.
///
/// # Errors
/// `ui.empty` without a reason; what the database says.
pub async fn see_personal(
    tx: &mut Tx,
    world: &World,
    actor: &Actor,
    matter: Id,
    voice: Option<Id>,
    fields: &[&str],
    reason: &str,
) -> Result<Matter, Fault> {
    let m: Matter = tx.load(actor.street, matter).await?.ok_or(Refusal::missing("matters.no-matter"))?;
    let reason = note(tx, actor, "reason", reason).await?;
    let command =
        Command::SeePersonal { voice, fields: fields.iter().map(|f| (*f).to_owned()).collect(), reason };
    let facts = Facts::of(tx.now, world, &m.community, actor);
    let events = rules::decide(&m, command, &facts)?;
    finish(tx, world, m, &events, actor).await
}

/// Lets time act on a matter: strikes its clocks.
///
/// # Errors
/// What the database says.
pub async fn tick(tx: &mut Tx, world: &World, street: Id, matter: Id) -> Result<usize, Fault> {
    let Some(m): Option<Matter> = tx.load(street, matter).await? else { return Ok(0) };
    let actor = Actor::system(street);
    let facts = Facts::of(tx.now, world, &m.community, &actor);
    let events = rules::decide(&m, Command::Tick, &facts)?;
    let n = events.len();
    finish(tx, world, m, &events, &actor).await?;
    Ok(n)
}
