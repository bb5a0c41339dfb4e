//! How a body sits again and again, and the sittings that follow from it.

use super::{change, load};
use crate::{
    model::{Council, CouncilEvent, Mode, Rhythm, Sitting, SittingEvent},
    queries, rules,
};
use kernel::{Actor, Id, calendar::Calendar};
use store::{Fault, Tx};

/// Says how a body sits again and again, or that it does no more. What is planned already stays.
///
/// # Errors
/// Which field is wrong; `councils.no-council`.
pub async fn set_rhythm(
    tx: &mut Tx,
    actor: &Actor,
    council: Id,
    rhythm: Option<Rhythm>,
) -> Result<Council, Fault> {
    let council = load(tx, actor.street, council).await?;
    let rhythm = rhythm.map(rules::check_rhythm).transpose()?;
    if council.rhythm == rhythm {
        return Ok(council);
    }
    change(tx, actor, council, CouncilEvent::RhythmSet { rhythm }).await
}

/// Plans the next sittings of a rhythm that are not planned yet, as drafts; returns those that are new. Done twice it plans
/// nothing the second time: a sitting knows for which day it is, wherever it was moved to and even when it was cancelled.
///
/// # Errors
/// `councils.no-council`; what the database says.
pub async fn plan_ahead(
    tx: &mut Tx,
    actor: &Actor,
    calendar: &Calendar,
    council: Id,
) -> Result<Vec<Sitting>, Fault> {
    // Locks the body: two at once must not plan the same day.
    let council = load(tx, actor.street, council).await?;
    let Some(rhythm) = &council.rhythm else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for o in rules::next(rhythm, calendar, tx.now, rules::AHEAD) {
        if queries::occurrence_planned(tx, council.street, council.id, o.of).await? {
            continue;
        }
        let id = tx.new_id()?;
        let event = SittingEvent::SittingPlanned {
            id,
            council: council.id,
            place: council.place.clone(),
            number: queries::next_number(tx, council.street, council.id).await?,
            venue: rhythm.venue.clone(),
            mode: Mode::Onsite,
            join: None,
            starts: o.starts,
            ends: o.ends,
            occurrence: Some(o.of),
        };
        out.push(tx.record::<Sitting>(id, None, &[event], actor, None).await?.0);
    }
    Ok(out)
}
