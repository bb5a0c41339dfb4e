//! Erasing what a person said, after the law's period.

use crate::{
    model::{Attachment, Event, Matter},
    queries::{commits_of, must_stay, of_voice},
    tables,
};
use futures_util::future::BoxFuture;
use kernel::{Actor, Id};
use store::{Fault, Tx};
use ui::Erased;

/// Erases what a person said in matters that are over and past their period; the others are frozen. The record of who did
/// what stays, with commitments that nobody can open any more (个人信息保护法 art. 47).
///
/// # Errors
/// What the database says.
pub fn erase_person<'a>(
    tx: &'a mut Tx,
    actor: &'a Actor,
    person: Id,
) -> BoxFuture<'a, Result<Erased, Fault>> {
    Box::pin(async move {
        let mut done = Erased::default();
        for m in of_voice(tx, actor.street, person).await? {
            if must_stay(&m, tx.now) {
                done.frozen += 1;
                continue;
            }
            let commits = commits_of(tx, &m).await?;
            let n = tx.erase_words(actor.street, person, &commits).await?;
            if n > 0 {
                // Clear copies and the search index follow what is left.
                tables::copy_words(tx, &m).await?;
            }
            done.erased += n + erase_files(tx, actor, m, person).await?;
        }
        Ok(done)
    })
}

/// Erases the photos, recordings and papers that a person handed in.
async fn erase_files(tx: &mut Tx, actor: &Actor, m: Matter, person: Id) -> Result<u64, Fault> {
    let theirs = |voice: Option<Id>| m.voices.iter().any(|v| Some(v.id) == voice && v.person == Some(person));
    let mut blobs = Vec::new();
    for entry in tx.stream(m.id).await? {
        let files = match store::event_of::<Event>(&entry)? {
            Event::Raised(r) if theirs(Some(r.voice.id)) => r.attachments,
            Event::Added { voice, attachments, .. } if theirs(voice) => attachments,
            _ => continue,
        };
        let there = |a: &Attachment| m.attachments.iter().any(|b| b.blob == a.blob && !b.erased);
        blobs.extend(files.into_iter().filter(there).map(|a| a.blob));
    }
    if blobs.is_empty() {
        return Ok(0);
    }
    for blob in &blobs {
        tx.erase_blob(m.street, *blob).await?;
    }
    let n = blobs.len() as u64;
    tables::record(tx, m.id, Some(m), &[Event::AttachmentsErased { blobs }], actor, None).await?;
    Ok(n)
}
