//! What this room keeps of people, and everything of it that is about one of them.

use super::{timeline, world};
use crate::model::Matter;
use chrono::Months;
use futures_util::future::BoxFuture;
use kernel::{
    Id, Time,
    calendar::Calendar,
    personal::{Basis, Keep, PersonalField},
};
use store::{Conn, Fault, Keys, args};
use ui::{Keeper, Kept};

/// Months for which what was said about a matter is kept after its closing.
pub const KEEP_MONTHS: u32 = 24;

/// The register of this room.
pub const PERSONAL: &[PersonalField] = &[
    PersonalField {
        room: "matters",
        code: "said",
        kept_in: "words, matter, search_doc",
        basis: Basis::Duty,
        law: "PIPL 13(1)3, 34",
        sensitive: false,
        masked: false,
        keep: Keep::MonthsAfterClosing(KEEP_MONTHS),
    },
    PersonalField {
        room: "matters",
        code: "draft",
        kept_in: "words, matter_draft",
        basis: Basis::Duty,
        law: "PIPL 13(1)3",
        sensitive: false,
        masked: false,
        keep: Keep::Days(crate::actions::DRAFT_DAYS),
    },
    PersonalField {
        room: "matters",
        code: "voice",
        kept_in: "matter_voice",
        basis: Basis::Duty,
        law: "PIPL 13(1)3, 34",
        sensitive: false,
        masked: true,
        keep: Keep::Record,
    },
    PersonalField {
        room: "matters",
        code: "photos",
        kept_in: "blob, matter_attachment",
        basis: Basis::Consent,
        law: "PIPL 13(1)1, 28, 29",
        sensitive: true,
        masked: true,
        keep: Keep::MonthsAfterClosing(KEEP_MONTHS),
    },
    PersonalField {
        room: "matters",
        code: "verdict",
        kept_in: "matter_evaluation, words",
        basis: Basis::Duty,
        law: "PIPL 13(1)3, 34",
        sensitive: false,
        masked: false,
        keep: Keep::Record,
    },
    PersonalField {
        room: "matters",
        code: "look",
        kept_in: "journal, words",
        basis: Basis::Duty,
        law: "PIPL 51, 54",
        sensitive: false,
        masked: false,
        keep: Keep::Record,
    },
];

/// This room's part in the duties towards people.
pub const KEEPER: Keeper = Keeper {
    room: "matters",
    fields: PERSONAL,
    looks: &["matters.personal_seen"],
    about,
    erase: crate::actions::erase_person,
};

/// The working calendar of a street.
pub fn calendar(conn: &mut Conn, street: Id) -> BoxFuture<'_, Result<Calendar, Fault>> {
    Box::pin(async move { Ok(world(conn, street).await?.calendar.clone()) })
}

/// The matters in which a person has a voice, with the state of each.
pub(crate) async fn of_voice(conn: &mut Conn, street: Id, person: Id) -> Result<Vec<Matter>, Fault> {
    let sql = "SELECT m.state FROM matter_voice v JOIN matter m ON m.street = v.street AND m.id = v.matter \
               WHERE v.street = $1 AND v.person = $2 ORDER BY v.at DESC";
    conn.all(sql, args![street, person]).await?.iter().map(|row| row.state()).collect()
}

/// Whether what was said about a matter must still be kept: it is open, or its period runs.
pub(crate) fn must_stay(m: &Matter, now: Time) -> bool {
    // What was refused or declared void was never closed: its period runs from then.
    let over = m.closed_at.unwrap_or(m.since);
    let until = over.checked_add_months(Months::new(KEEP_MONTHS));
    m.status.is_open() || until.is_none_or(|until| until > now)
}

/// The commitments of everything that was said in a matter.
pub(crate) async fn commits_of(conn: &mut Conn, m: &Matter) -> Result<Vec<String>, Fault> {
    let mut out = Vec::new();
    for entry in conn.stream(m.id).await? {
        store::commitments(&entry.body.data, &mut out);
    }
    Ok(out)
}

fn about<'a>(
    conn: &'a mut Conn,
    keys: &'a Keys,
    street: Id,
    person: Id,
) -> BoxFuture<'a, Result<Vec<Kept>, Fault>> {
    Box::pin(async move {
        let mut out = Vec::new();
        for m in of_voice(conn, street, person).await? {
            let Some(voice) = m.voices.iter().find(|v| v.person == Some(person)) else { continue };
            let of = voice.number.clone();
            out.push(Kept {
                field: "voice",
                of: of.clone(),
                value: ui::show::full(voice.at),
                at: Some(voice.at),
            });
            let (list, clear) = timeline(conn, keys, &m).await?;
            for h in list.iter().filter(|h| {
                h.meta.actor.person == Some(person)
                    || h.meta.actor.on_behalf_of == Some(person)
                    || h.meta.seq <= 1
            }) {
                let (name, data) = store::split(&h.event)?;
                let mut commits = Vec::new();
                store::commitments(&data, &mut commits);
                let field = if name == "evaluated" { "verdict" } else { "said" };
                for text in commits.iter().filter_map(|c| clear.get(c)) {
                    out.push(Kept { field, of: of.clone(), value: text.clone(), at: Some(h.meta.at) });
                }
            }
            for h in &list {
                let crate::model::Event::PersonalSeen { voice: of_whom, reason, .. } = &h.event else {
                    continue;
                };
                if of_whom.is_none_or(|id| id == voice.id) {
                    let value = clear.get(&reason.commit).cloned().unwrap_or_default();
                    out.push(Kept { field: "look", of: of.clone(), value, at: Some(h.meta.at) });
                }
            }
            for a in m.attachments.iter().filter(|_| m.voices.len() == 1) {
                out.push(Kept { field: "photos", of: of.clone(), value: a.kind.clone(), at: Some(a.at) });
            }
        }
        Ok(out)
    })
}
