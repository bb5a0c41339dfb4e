//! The wiring between rooms: when this event, do that. The one place that knows two rooms at once.
//!
//! What must not be lost is done in the same transaction by the action that `app` hands in: [`COUNCILS`] lists the matters
//! that stand for a council, brings its decision back to them, and raises what a member on duty was told; [`POLLS`] tells an election how its round ended. What may be late stands in [`LATE`], which is empty.

use crate::queries;
use chrono::NaiveDate;
use futures_util::future::BoxFuture;
use kernel::{Actor, Channel, Id, PlacePath};
use matters::model::{Input, Matter};
use store::{Change, Conn, Fault, Store, Tx};
use tokio::sync::broadcast::error::RecvError;

/// What councils ask of matters.
pub(crate) const COUNCILS: councils::Bridge = councils::Bridge { waiting, settle, follow, raise };

fn waiting<'a>(
    conn: &'a mut Conn,
    street: Id,
    within: &'a PlacePath,
) -> BoxFuture<'a, Result<Vec<councils::Waiting>, Fault>> {
    Box::pin(queries::matters_for_councils(conn, street, within))
}

/// The matter takes the council's result by its own verb, so its timeline and those who follow it hear of it.
fn settle<'a>(
    tx: &'a mut Tx,
    actor: &'a Actor,
    matter: Id,
    words: String,
) -> BoxFuture<'a, Result<(), Fault>> {
    Box::pin(async move {
        // Staff may have taken it off the agenda while the council sat; then there is nothing to bring back.
        let stands = tx.get::<Matter>(actor.street, matter).await?.is_some_and(|m| m.agenda.is_some());
        if stands {
            let world = matters::queries::world(tx, actor.street).await?;
            let input = Input::SettleAgenda { words };
            matters::actions::act(tx, &world, actor, matter, input, Vec::new(), None).await?;
        }
        Ok(())
    })
}

/// The matter's story says what follows from the decision.
fn follow<'a>(
    tx: &'a mut Tx,
    actor: &'a Actor,
    matter: Id,
    words: String,
    link: String,
) -> BoxFuture<'a, Result<(), Fault>> {
    Box::pin(async move { matters::actions::follow(tx, actor, matter, &words, &link).await })
}

/// What plans ask of matters.
pub(crate) const PLANS: plans::Bridge = plans::Bridge { find, follow };

fn find<'a>(tx: &'a mut Tx, street: Id, number: &'a str) -> BoxFuture<'a, Result<Option<Id>, Fault>> {
    Box::pin(async move { matters::queries::id_of(tx, street, number).await })
}

/// What a resident told a member on duty is raised like anything else. Staff register it for the resident. A member without
/// an office hands in what the resident said: with a telephone it is the resident's own matter, to whom the answer goes;
/// without one it is the member's, who tells the resident.
fn raise<'a>(
    tx: &'a mut Tx,
    actor: &'a Actor,
    concern: councils::Concern,
) -> BoxFuture<'a, Result<councils::model::MatterRef, Fault>> {
    Box::pin(async move {
        let world = matters::queries::world(tx, actor.street).await?;
        let staff = actor.office.is_some_and(kernel::OfficeKind::is_staff);
        let by = if staff || concern.phone.is_none() {
            Actor { channel: Channel::Council, ..actor.clone() }
        } else {
            Actor::anonymous(actor.street, Channel::Council)
        };
        let new = matters::model::NewMatter {
            place: Some(concern.place),
            body: concern.words,
            name: concern.name,
            phone: concern.phone,
            channel: Some(Channel::Council),
            ..matters::model::NewMatter::default()
        };
        let slip = matters::actions::raise(tx, &world, &by, new, Vec::new()).await?;
        Ok(councils::model::MatterRef { id: slip.matter, number: slip.number })
    })
}

/// What polls ask of where they come from.
pub(crate) const POLLS: polls::Bridge = polls::Bridge { ended, bodies };

/// Councils are the bodies whose members a poll may ask.
fn bodies<'a>(
    conn: &'a mut Conn,
    street: Id,
    within: &'a PlacePath,
    day: NaiveDate,
) -> BoxFuture<'a, Result<Vec<polls::Body>, Fault>> {
    Box::pin(async move {
        let (mut out, mut after) = (Vec::new(), (String::new(), String::new()));
        loop {
            let page = councils::queries::councils(conn, street, &[within], (&after.0, &after.1)).await?;
            let Some(last) = page.last() else { return Ok(out) };
            after = (last.place.to_string(), last.name.clone());
            out.extend(page.iter().map(|c| {
                let members = c.serving(day).filter(|m| m.votes).map(|m| m.person).collect();
                polls::Body { id: c.id, name: c.name.clone(), members }
            }));
        }
    })
}

/// A poll that came from elsewhere tells its end there.
fn ended<'a>(tx: &'a mut Tx, actor: &'a Actor, poll: &'a polls::Poll) -> BoxFuture<'a, Result<(), Fault>> {
    Box::pin(async move {
        match poll.origin.as_ref().map(|o| o.kind.as_str()) {
            Some(councils::actions::POLL_ORIGIN) => {
                councils::actions::poll_ended(tx, COUNCILS, actor, poll).await
            }
            Some(elections::actions::ORIGIN) => elections::actions::round_ended(tx, actor, poll).await,
            _ => Ok(()),
        }
    })
}

/// One line of the table.
pub(crate) struct Line {
    /// The event, `room.verb`.
    pub when: &'static str,
    /// What follows. It must bear being done twice: after a crash it may be.
    pub then: fn(Store, Change),
}

/// What follows later from a committed change.
pub(crate) const LATE: &[Line] = &[];

/// Listens for committed changes and does what the table says, until the store is closed.
pub(crate) async fn run(store: Store, table: &[Line]) {
    if table.is_empty() {
        return;
    }
    let mut changes = store.changes();
    loop {
        match changes.recv().await {
            Ok(change) => {
                for line in table.iter().filter(|l| l.when == change.kind) {
                    (line.then)(store.clone(), change.clone());
                }
            }
            Err(RecvError::Lagged(n)) => tracing::warn!(n, "changes were missed by the wiring"),
            Err(RecvError::Closed) => return,
        }
    }
}
