//! Drafts, which only their authors see.

use crate::model::*;
use kernel::{Id, Time, text::Words};
use std::collections::HashSet;
use store::{Conn, Fault, Keys, args};

/// How many drafts a person keeps.
///
/// # Errors
/// What the database says.
pub async fn kept_drafts(conn: &mut Conn, street: Id, author: Option<Id>) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) AS n FROM matter_draft WHERE street = $1 AND author = $2 AND status = 'kept'";
    conn.number(sql, args![street, author]).await
}

/// The drafts of every street that were last kept before an instant.
///
/// # Errors
/// What the database says.
pub(crate) async fn drafts_before(conn: &mut Conn, before: Time) -> Result<Vec<Draft>, Fault> {
    let rows = conn.all("SELECT state FROM matter_draft WHERE status = 'kept'", args![]).await?;
    let all = rows.iter().map(|row| row.state());
    all.filter(|d: &Result<Draft, Fault>| d.as_ref().map_or(true, |d| d.at < before)).collect()
}

/// Drafts that have ended, by the journal: what they said is gone.
///
/// # Errors
/// What the database says.
pub async fn ended_drafts(conn: &mut Conn) -> Result<HashSet<Id>, Fault> {
    let sql = "SELECT DISTINCT stream FROM journal WHERE kind IN ('matters.draft_raised', 'matters.draft_discarded')";
    conn.all(sql, args![]).await?.iter().map(|row| row.get("stream")).collect()
}

/// Every draft that a person keeps, newest first, in clear text.
///
/// # Errors
/// What the database says.
pub async fn drafts(conn: &mut Conn, keys: &Keys, street: Id, author: Id) -> Result<Vec<OpenDraft>, Fault> {
    let sql = "SELECT state FROM matter_draft WHERE street = $1 AND author = $2 AND status = 'kept' ORDER BY id DESC LIMIT 100";
    let rows = conn.all(sql, args![street, author]).await?;
    let mut list: Vec<Draft> = Vec::with_capacity(rows.len());
    for row in &rows {
        list.push(row.state()?);
    }
    let commits: Vec<String> = list
        .iter()
        .flat_map(|d| [&d.content.spot, &d.content.body, &d.content.name, &d.content.phone])
        .flatten()
        .map(|w| w.commit.clone())
        .collect();
    let clear = conn.clear_words(keys, street, &commits).await?;
    let of = |w: &Option<Words>| w.as_ref().and_then(|w| clear.get(&w.commit).cloned());
    Ok(list
        .into_iter()
        .map(|d| OpenDraft {
            id: d.id,
            photos: d.attachments.len(),
            at: d.at,
            input: NewMatter {
                draft: Some(d.id),
                spot: of(&d.content.spot),
                body: of(&d.content.body).unwrap_or_default(),
                name: of(&d.content.name),
                phone: of(&d.content.phone),
                place: d.content.place,
                category: d.content.category,
                channel: d.content.channel,
                open_identity: d.content.open_identity,
                ..NewMatter::default()
            },
        })
        .collect())
}
