//! Keeping a half-written slip for later. Only its author goes on with it.

use super::raise::{NAME, SPOT, attach};
use crate::{model::*, queries};
use kernel::{
    Actor, Id, Refusal,
    text::{self, BODY},
};
use store::{Blob, Fault, Tx};

/// Most drafts that one person keeps at a time.
const MAX_DRAFTS: i64 = 100;

/// Loads a draft that the actor may go on with.
///
/// # Errors
/// `matters.no-draft` when there is none, it is somebody else's, or it was raised or thrown away.
pub(super) async fn own(tx: &mut Tx, actor: &Actor, id: Id) -> Result<Draft, Fault> {
    let draft: Option<Draft> = tx.load(actor.street, id).await?;
    let mine =
        draft.filter(|d| d.status == DraftState::Kept && d.author.is_some() && d.author == actor.person);
    mine.ok_or_else(|| Refusal::missing("matters.no-draft").into())
}

/// Keeps a draft, or keeps it again with what the form holds now; returns its id. Nothing has to be complete.
///
/// # Errors
/// `matters.draft-empty`, `matters.drafts-many`, texts that are too long; what the database says.
pub async fn keep_draft(tx: &mut Tx, actor: &Actor, input: NewMatter, blobs: Vec<Blob>) -> Result<Id, Fault> {
    let street = actor.street;
    let body = text::optional("body", &input.body, BODY)?;
    let spot = text::optional("spot", input.spot.as_deref().unwrap_or_default(), SPOT)?;
    let name = text::optional("name", input.name.as_deref().unwrap_or_default(), NAME)?;
    let phone = text::optional("phone", input.phone.as_deref().unwrap_or_default(), NAME)?;
    let before = match input.draft {
        Some(id) => Some(own(tx, actor, id).await?),
        None => None,
    };
    let had = before.as_ref().map_or(0, |d| d.attachments.len());
    if had + blobs.len() > MAX_PHOTOS {
        return Err(Refusal::invalid("photos", "ui.too-many-files").with("max", MAX_PHOTOS).into());
    }
    if body.is_none() && name.is_none() && phone.is_none() && had + blobs.len() == 0 {
        return Err(Refusal::invalid("body", "matters.draft-empty").into());
    }
    if before.is_none() && queries::kept_drafts(tx, street, actor.person).await? >= MAX_DRAFTS {
        return Err(Refusal::conflict("matters.drafts-many").with("max", MAX_DRAFTS).into());
    }
    let content = DraftContent {
        place: input.place,
        spot: tx.keep_some(street, None, spot.as_deref()).await?,
        body: tx.keep_some(street, None, body.as_deref()).await?,
        category: input.category,
        channel: input.channel,
        name: tx.keep_some(street, None, name.as_deref()).await?,
        phone: tx.keep_some(street, None, phone.as_deref()).await?,
        open_identity: input.open_identity,
    };
    let attachments = attach(tx, street, blobs, Purpose::Raised, 0, false).await?;
    let (id, event) = match &before {
        Some(draft) => (draft.id, DraftEvent::DraftKept { content, attachments }),
        None => {
            let id = tx.new_id()?;
            (id, DraftEvent::DraftBegun { id, content, attachments })
        }
    };
    tx.record(id, before, &[event], actor, input.client_at).await?;
    Ok(id)
}

/// Throws a draft away.
///
/// # Errors
/// `matters.no-draft`; what the database says.
pub async fn discard_draft(tx: &mut Tx, actor: &Actor, id: Id) -> Result<(), Fault> {
    let draft = own(tx, actor, id).await?;
    tx.record(id, Some(draft), &[DraftEvent::DraftDiscarded], actor, None).await?;
    Ok(())
}
