//! Taking over an old ledger: all of it or nothing, and the same file twice is one import.

use super::raise::{new_voice, number_of_year};
use crate::{
    model::{self, ClosedHow, Event, Raised},
    rules::ledger::LedgerRow,
    tables,
};
use chrono::Datelike;
use kernel::{Actor, Channel, PlacePath, Refusal, time};
use methods::Urgency;
use places::model::{Place, PlaceKind};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::{Conn, Fault, Tx};

/// What an import did, or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Matters that are new.
    pub added: usize,
    /// Rows that were taken over before.
    pub known: usize,
}

/// The key under which a row of a community's ledger is known for ever.
#[must_use]
pub fn ledger_key(community: &Place, row: &LedgerRow) -> String {
    format!("{}:{}", community.short_code.as_deref().unwrap_or(&community.code), row.key)
}

/// What an import would do; writes nothing.
///
/// # Errors
/// What the database says.
pub async fn preview_ledger(
    conn: &mut Conn,
    community: &Place,
    rows: &[LedgerRow],
) -> Result<Imported, Fault> {
    let known = crate::queries::known_ledger_keys(conn, community.street).await?;
    let known = rows.iter().filter(|r| known.contains(&ledger_key(community, r))).count();
    Ok(Imported { added: rows.len() - known, known })
}

/// Takes over the rows of a ledger as closed history of a community. Rows that were taken over before are left alone.
///
/// # Errors
/// `matters.no-place` when `community` is none; what the database says. Then nothing is changed.
pub async fn import_ledger(
    tx: &mut Tx,
    actor: &Actor,
    community: &PlacePath,
    rows: Vec<LedgerRow>,
) -> Result<Imported, Fault> {
    let street = actor.street;
    let found = places::queries::by_path(tx, street, community).await?;
    let community = found
        .filter(|p| p.kind == PlaceKind::Community)
        .ok_or(Refusal::invalid("community", "matters.no-place"))?;
    // Where the ledger's words name a place of the tree, the matter stands there; else the words are kept.
    let mut named: HashMap<String, PlacePath> = HashMap::new();
    for place in places::queries::everything(tx, street, &community.path).await? {
        if matches!(place.kind, PlaceKind::Compound | PlaceKind::Building) {
            named.insert(place.full_name.clone(), place.path.clone());
            named.entry(place.full_name.replace(' ', "")).or_insert(place.path);
        }
    }
    let known = crate::queries::known_ledger_keys(tx, street).await?;
    let mut done = Imported::default();
    for row in rows {
        let key = ledger_key(&community, &row);
        if known.contains(&key) {
            done.known += 1;
            continue;
        }
        let person = match (&row.phone, &row.name) {
            (Some(phone), name) => {
                Some(people::actions::person_by_phone(tx, actor, phone, name.as_deref()).await?)
            }
            _ => None,
        };
        let place = row.place.as_ref().and_then(|p| named.get(p)).cloned();
        let spot = if place.is_some() { None } else { row.place.as_deref() };
        let user = row.user.as_deref().or(row.name.as_deref());
        let number = number_of_year(tx, street, &community, time::local(row.raised_at).year()).await?;
        // Nobody holds the secret of this slip: it is drawn and forgotten.
        let (mut voice, _) =
            new_voice(tx, number.clone(), person, row.channel, row.channel != Channel::Import, false).await?;
        voice.at = row.raised_at;
        let id = tx.new_id()?;
        let raised = Raised {
            id,
            number,
            community: community.path.clone(),
            place: place.unwrap_or_else(|| community.path.clone()),
            spot: tx.keep_some(street, person, spot).await?,
            point: None,
            raised_at: row.raised_at,
            channel: row.channel,
            title: tx.keep(street, person, &row.title).await?,
            body: tx.keep(street, person, &row.body).await?,
            category: row.category.clone(),
            urgency: Urgency::Ordinary,
            voice,
            attachments: Vec::new(),
            clocks: Vec::new(),
            ledger_key: Some(key),
            ledger: Some(model::Ledger {
                id: row.id.clone(),
                user: tx.keep_some(street, person, user).await?,
                reply: tx.keep_some(street, person, row.reply.as_deref()).await?,
                replied_at: row.replied_at,
            }),
        };
        let events =
            [Event::Raised(Box::new(raised)), Event::Closed { how: ClosedHow::Ledger, clocks: Vec::new() }];
        let actor = Actor { channel: Channel::Import, ..actor.clone() };
        tables::record(tx, id, None, &events, &actor, None).await?;
        done.added += 1;
    }
    Ok(done)
}
