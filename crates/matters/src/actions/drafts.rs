//! Keeping a half-written slip for later. Only its author goes on with it.

use super::raise::{NAME, SPOT, attach};
use crate::{model::*, queries};
use kernel::{
    Actor, Id, Refusal,
    text::{self, BODY},
};
use store::{Blob, Fault, Store, Tx};

/// Most drafts that one person keeps at a time.
const MAX_DRAFTS: i64 = 100;

/// Days after which a draft that nobody has gone on with is thrown away.
pub const DRAFT_DAYS: u32 = 30;

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
    let id = match &before {
        Some(draft) => draft.id,
        None => tx.new_id()?,
    };
    // The texts belong to the slip until it is raised: with it they go.
    let of = Some(id);
    let content = DraftContent {
        place: input.place,
        spot: tx.keep_some(street, of, spot.as_deref()).await?,
        body: tx.keep_some(street, of, body.as_deref()).await?,
        category: input.category,
        channel: input.channel,
        name: tx.keep_some(street, of, name.as_deref()).await?,
        phone: tx.keep_some(street, of, phone.as_deref()).await?,
        open_identity: input.open_identity,
    };
    let attachments = attach(tx, street, blobs, Purpose::Raised, 0, false).await?;
    let event = match &before {
        Some(_) => DraftEvent::DraftKept { content, attachments },
        None => DraftEvent::DraftBegun { id, content, attachments },
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
    drop_draft(tx, actor, draft).await
}

async fn drop_draft(tx: &mut Tx, actor: &Actor, draft: Draft) -> Result<(), Fault> {
    for a in &draft.attachments {
        tx.erase_blob(draft.street, a.blob).await?;
    }
    end(tx, actor, draft, DraftEvent::DraftDiscarded).await
}

/// Ends a draft; what it said is erased, since nobody needs it any more (个人信息保护法 art. 47).
pub(super) async fn end(tx: &mut Tx, actor: &Actor, draft: Draft, event: DraftEvent) -> Result<(), Fault> {
    let (street, id) = (draft.street, draft.id);
    tx.erase_subject(street, id).await?;
    tx.record(id, Some(draft), &[event], actor, None).await?;
    Ok(())
}

/// Throws away the drafts that nobody has touched for [`DRAFT_DAYS`]; returns how many.
///
/// # Errors
/// What the database says.
pub async fn drop_old_drafts(store: &Store) -> Result<usize, Fault> {
    let mut conn = store.read().await?;
    let old =
        queries::drafts_before(&mut conn, store.now() - chrono::Duration::days(DRAFT_DAYS.into())).await?;
    drop(conn);
    let n = old.len();
    for draft in old {
        store
            .write(move |tx| {
                Box::pin(async move {
                    // Its author may have gone on with it in the meantime.
                    match tx.load::<Draft>(draft.street, draft.id).await? {
                        Some(now) if now == draft => {
                            let system = Actor::system(now.street);
                            drop_draft(tx, &system, now).await
                        }
                        _ => Ok(()),
                    }
                })
            })
            .await?;
    }
    Ok(n)
}
