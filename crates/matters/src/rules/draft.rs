//! What an event does to a draft.

use crate::model::{Draft, DraftEvent, DraftState};
use store::Meta;

/// The draft after an event. What was raised or thrown away stays so.
#[must_use]
pub fn evolve_draft(state: Option<Draft>, event: &DraftEvent, meta: &Meta) -> Option<Draft> {
    if let DraftEvent::DraftBegun { id, content, attachments } = event {
        return Some(Draft {
            id: *id,
            street: meta.actor.street,
            author: meta.actor.person,
            at: meta.at,
            content: content.clone(),
            attachments: attachments.clone(),
            status: DraftState::Kept,
            matter: None,
        });
    }
    let mut draft = state?;
    match event {
        DraftEvent::DraftBegun { .. } => {}
        DraftEvent::DraftKept { content, attachments } => {
            draft.content = content.clone();
            draft.attachments.extend_from_slice(attachments);
            draft.at = meta.at;
        }
        DraftEvent::DraftRaised { matter } => {
            draft.status = DraftState::Raised;
            draft.matter = Some(*matter);
        }
        DraftEvent::DraftDiscarded => draft.status = DraftState::Discarded,
    }
    Some(draft)
}
