//! What became of a matter elsewhere: another room tells, and those who follow the matter hear of it.

use super::notices;
use crate::{
    model::{Ending, Event, Matter, Status},
    queries, tables,
};
use kernel::{
    Actor, Id,
    text::{self, NOTE},
};
use store::{Fault, Tx};

/// Most matters that were merged into each other in a row; more would be a ring.
const MERGES: usize = 8;

/// Writes into the story of a matter what became of it elsewhere, with the page where that stands. A merged matter hears of it
/// in the one that it was merged into. It changes nothing else, and a matter that was voided hears nothing any more.
///
/// # Errors
/// `ui.empty`, `ui.too-long`; what the database says.
pub async fn follow(tx: &mut Tx, actor: &Actor, matter: Id, words: &str, link: &str) -> Result<(), Fault> {
    let words = text::required("words", words, NOTE)?;
    let mut at = Some(matter);
    let mut found = None;
    for _ in 0..MERGES {
        let Some(id) = at else { break };
        let Some(m) = tx.load::<Matter>(actor.street, id).await? else { break };
        at = match &m.ending {
            Some(Ending::Merged { into, .. }) => Some(*into),
            _ => None,
        };
        found = Some(m);
    }
    let Some(m) = found.filter(|m| m.status != Status::Voided) else { return Ok(()) };
    let words = tx.keep(actor.street, None, &words).await?;
    let event = [Event::FollowedUp { words, link: link.to_owned() }];
    let (m, _) = tables::record(tx, m.id, Some(m), &event, actor, None).await?;
    let world = queries::world(tx, actor.street).await?;
    notices::tell(tx, &world.calendar, &m, &event, actor).await
}
