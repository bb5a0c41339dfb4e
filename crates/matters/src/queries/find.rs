//! Finding one matter, and what its viewer is to it.

use crate::{
    model::*,
    rules::{self, READ},
};
use kernel::{Id, Refusal, text::Words};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};
use store::{Conn, Fault, args};
use ui::Viewer;

/// What the viewer is to a matter; decides what is shown.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Sees what is internal.
    pub staff: bool,
    /// The viewer's own voice, by account or by the secret of the slip.
    pub voice: Option<Id>,
    /// The viewer's unit where it leads, supports or is called.
    pub unit: Option<Id>,
}

impl Standing {
    /// Neither staff nor voice: sees the public projection only.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        !self.staff && self.voice.is_none()
    }
}

/// The settings of a street, made ready; kept until they change.
///
/// # Errors
/// What the database says.
pub async fn world(conn: &mut Conn, street: Id) -> Result<Arc<World>, Fault> {
    type Kept = HashMap<Id, (String, Arc<World>)>;
    static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);
    let text = conn.setting(street, "matters").await?.map(|v| v.to_string()).unwrap_or_default();
    if let Some((known, world)) = KEPT.lock().unwrap_or_else(PoisonError::into_inner).get(&street)
        && *known == text
    {
        return Ok(world.clone());
    }
    let settings = if text.is_empty() { Settings::default() } else { serde_json::from_str(&text)? };
    let (world, _) = World::new(settings);
    let world = Arc::new(world);
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).insert(street, (text, world.clone()));
    Ok(world)
}

/// The settings of a street as they are stored; what is shipped where nothing was changed.
///
/// # Errors
/// What the database says.
pub async fn settings(conn: &mut Conn, street: Id) -> Result<Settings, Fault> {
    match conn.setting(street, "matters").await? {
        Some(value) => Ok(serde_json::from_value(value)?),
        None => Ok(Settings::default()),
    }
}

/// The id of a matter by its own number or by the number of any voice in it.
///
/// # Errors
/// What the database says.
pub async fn id_of(conn: &mut Conn, street: Id, number: &str) -> Result<Option<Id>, Fault> {
    // What cannot be a number is not asked of the database, which would choke on some of it.
    if number.is_empty() || number.len() > 60 || !number.chars().all(|c| c.is_alphanumeric() || c == '-') {
        return Ok(None);
    }
    let row = conn
        .one("SELECT matter FROM matter_voice WHERE street = $1 AND number = $2", args![street, number])
        .await?;
    if let Some(row) = row {
        return Ok(Some(row.get("matter")?));
    }
    // A merged matter's first voice is counted at the other one; its own record is found by its own number.
    let row =
        conn.one("SELECT id FROM matter WHERE street = $1 AND number = $2", args![street, number]).await?;
    row.map(|r| r.get("id")).transpose()
}

/// The hash under which the secret of a slip is kept.
#[must_use]
pub fn secret_hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// What a viewer is to a matter.
#[must_use]
pub fn standing(viewer: &Viewer, m: &Matter) -> Standing {
    let involved = |unit: Id| {
        m.rounds.iter().any(|r| r.leads.iter().any(|l| l.unit == unit))
            || m.tasks.iter().any(|t| t.unit == unit)
            || m.whistle.iter().flat_map(|w| &w.units).any(|c| c.unit == unit)
    };
    let mut staff = false;
    let mut unit = None;
    for office in viewer.signed.iter().flat_map(|s| &s.offices) {
        if !READ.offices.contains(&office.kind) || !m.place.within(&office.place) {
            continue;
        }
        if let Some(mine) = office.unit {
            // A unit sees what it was given, nothing else.
            if involved(mine) {
                staff = true;
                unit = Some(mine);
            }
        } else {
            staff = true;
        }
    }
    let by_person = viewer.signed.as_ref().and_then(|s| m.voice_of(s.person)).map(|v| v.id);
    let by_slip = viewer.slip.as_ref().and_then(|(_, secret)| {
        let hash = secret_hash(secret);
        m.voices.iter().find(|v| v.secret == hash).map(|v| v.id)
    });
    Standing { staff, voice: by_person.or(by_slip), unit }
}

/// Finds a matter for a viewer, with what the viewer is to it. A hidden matter does not exist for strangers.
///
/// # Errors
/// `matters.no-matter` when there is none or it is not for this viewer.
pub async fn find(
    conn: &mut Conn,
    street: Id,
    viewer: &Viewer,
    number: &str,
) -> Result<(Matter, Standing), Fault> {
    let missing = || Fault::from(Refusal::missing("matters.no-matter"));
    let id = id_of(conn, street, number).await?.ok_or_else(missing)?;
    let m: Matter = conn.get(street, id).await?.ok_or_else(missing)?;
    let standing = standing(viewer, &m);
    if standing.is_public() && (m.hidden || matches!(m.status, Status::Voided | Status::Merged)) {
        return Err(missing());
    }
    Ok((m, standing))
}

/// One line of what happened, with its words at hand.
#[derive(Clone, Debug)]
pub struct Happened {
    /// The event.
    pub event: Event,
    /// When, who, in which office.
    pub meta: store::Meta,
    /// The receipt of the event, in hexadecimal.
    pub hash: String,
}

/// Everything that happened to a matter, oldest first, and the clear text of all its words.
///
/// # Errors
/// What the database says.
pub async fn timeline(
    conn: &mut Conn,
    keys: &store::Keys,
    m: &Matter,
) -> Result<(Vec<Happened>, HashMap<String, String>), Fault> {
    let entries = conn.stream(m.id).await?;
    let mut commits: Vec<String> = Vec::new();
    let mut out = Vec::with_capacity(entries.len());
    for entry in &entries {
        store::commitments(&entry.body.data, &mut commits);
        out.push(Happened {
            event: store::event_of(entry)?,
            meta: store::Meta { seq: entry.seq, at: entry.at, actor: entry.body.actor.clone() },
            hash: hex(&entry.hash),
        });
    }
    let clear = conn.clear_words(keys, m.street, &commits).await?;
    Ok((out, clear))
}

/// The clear text of some words of a matter.
///
/// # Errors
/// What the database says.
pub async fn clear(
    conn: &mut Conn,
    keys: &store::Keys,
    street: Id,
    words: &[&Words],
) -> Result<HashMap<String, String>, Fault> {
    let commits: Vec<String> = words.iter().map(|w| w.commit.clone()).collect();
    conn.clear_words(keys, street, &commits).await
}

/// The state that a matter's journal gives, beside the one in its row (for tests and `verify`).
///
/// # Errors
/// What the database says.
pub async fn replayed(conn: &mut Conn, id: Id) -> Result<Option<Matter>, Fault> {
    store::replay::<Matter>(&conn.stream(id).await?)
}

/// Matters whose next clock has struck, oldest first.
///
/// # Errors
/// What the database says.
pub async fn struck(conn: &mut Conn, now: kernel::Time, limit: i64) -> Result<Vec<(Id, Id)>, Fault> {
    conn.all("SELECT street, id FROM matter WHERE next_at <= $1 ORDER BY next_at LIMIT $2", args![now, limit])
        .await?
        .iter()
        .map(|r| Ok((r.get("street")?, r.get("id")?)))
        .collect()
}

/// The verbs that a viewer may use on a matter now, as far as office, place and state tell.
#[must_use]
pub fn verbs_for(viewer: &Viewer, m: &Matter, standing: &Standing) -> Vec<&'static str> {
    VERBS
        .iter()
        .filter(|(verb, rights)| {
            let held = rights.iter().any(|r| {
                viewer.may(r, &m.place).is_some_and(|o| o.unit.is_none() || o.unit == standing.unit)
            });
            held && standing.staff && fits(verb, m, standing)
        })
        .map(|(verb, _)| *verb)
        .collect()
}

/// Whether a verb makes sense in the present state; the rules have the last word.
fn fits(verb: &str, m: &Matter, standing: &Standing) -> bool {
    use Status::*;
    let leads = standing.unit.is_some() && standing.unit == m.lead_unit();
    let asked = m.waiting_request();
    match verb {
        "ask_verification" => m.status == Submitted,
        "verify" => m.status == Verifying,
        "accept" | "reject" => matches!(m.status, Submitted | Verifying),
        "merge" | "transfer" => matches!(m.status, Submitted | Verifying | Accepted),
        "unmerge" => m.status == Merged,
        "dispatch" => m.status == Accepted,
        "sign" => m.status == Dispatched && leads,
        "contact" => {
            m.status.is_open()
                && !m.voices.is_empty()
                && (standing.unit.is_none() || leads && matches!(m.status, Dispatched | Handling))
        }
        "progress" | "finish" => m.status == Handling && leads && m.suspension.is_none(),
        "ask_return" => matches!(m.status, Dispatched | Handling) && leads && asked.is_none(),
        "ask_extend" | "ask_suspend" | "await_resident" => {
            m.status == Handling && leads && asked.is_none() && !m.is_paused()
        }
        "ask_whistle" => {
            matches!(m.status, Accepted | Dispatched | Handling) && m.whistle.is_none() && asked.is_none()
        }
        "decide" => asked.is_some(),
        "resume" => m.suspension.is_some(),
        "give_task" => matches!(m.status, Dispatched | Handling),
        "finish_task" => m.tasks.iter().any(|t| Some(t.unit) == standing.unit && t.ended_at.is_none()),
        "waive_task" => m.tasks.iter().any(|t| t.ended_at.is_none()),
        "set_agenda" => matches!(m.status, Accepted | Dispatched | Handling) && m.agenda.is_none(),
        "settle_agenda" => m.agenda.is_some(),
        "report_in" => m
            .whistle
            .iter()
            .flat_map(|w| &w.units)
            .any(|c| Some(c.unit) == standing.unit && c.reported_at.is_none()),
        "score" => {
            m.whistle.iter().flat_map(|w| &w.units).any(|c| c.reported_at.is_some() && c.score.is_none())
        }
        "supervise" => m.status.is_open() && m.supervision.is_none(),
        "end_supervision" => m.supervision.is_some(),
        "check" => m.status == Handled,
        "evaluate" => m.status == Answered,
        "reopen" => m.status == Closed,
        "ask_void" => (m.status.is_open() || m.status == Closed) && asked.is_none(),
        "add" => m.status.is_open() && standing.unit.is_none(),
        "correct" => m.status != Voided,
        // What has no line is offered whenever the office holds it: a button too many is seen, one too few is searched for.
        _ => true,
    }
}

/// Proves one of a verb's rights for a matter; gives the office that holds it.
///
/// # Errors
/// `ui.sign-in`, `ui.no-right`, or `matters.not-yours` for a unit that is not involved.
pub fn need<'a>(viewer: &'a Viewer, verb: &str, m: &Matter) -> Result<&'a ui::Office, Refusal> {
    let rights = rights_of(verb).ok_or_else(|| Refusal::missing("matters.no-verb"))?;
    viewer.signed_in()?;
    let standing = standing(viewer, m);
    let signed = viewer.signed_in()?;
    let reaching =
        |o: &&ui::Office| rights.iter().any(|r| r.offices.contains(&o.kind)) && m.place.within(&o.place);
    let mut offices = signed.offices.iter().filter(reaching).peekable();
    if offices.peek().is_none() {
        return Err(Refusal::forbidden("ui.no-right"));
    }
    let asked_of_street = verb == "decide" && m.waiting_request().is_some_and(|r| r.street_decides);
    let onsite = verb == "dispatch" && m.onsite;
    let fit: Vec<&ui::Office> = offices.filter(|o| o.unit.is_none() || o.unit == standing.unit).collect();
    let street = |o: &&&ui::Office| rules::DECIDE_STREET.offices.contains(&o.kind);
    let chosen = if asked_of_street || onsite {
        fit.iter().find(street).or(fit.first())
    } else {
        fit.iter().find(|o| !street(o)).or(fit.first())
    };
    chosen.copied().ok_or_else(|| Refusal::forbidden("matters.not-yours"))
}

/// The matter that an attachment belongs to.
///
/// # Errors
/// What the database says.
pub async fn matter_of_file(conn: &mut Conn, street: Id, blob: Id) -> Result<Option<Id>, Fault> {
    let row = conn
        .one("SELECT matter FROM matter_attachment WHERE street = $1 AND blob = $2", args![street, blob])
        .await?;
    row.map(|r| r.get("matter")).transpose()
}
