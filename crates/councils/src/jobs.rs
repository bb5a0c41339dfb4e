//! What time does: the next sittings of a rhythm are planned, and what is over is said again.

use crate::{actions, queries};
use kernel::{Actor, Id, time::local_date};
use store::{Fault, Store};
use ui::CalendarOf;

/// How many actions are looked at in one go.
const AT_ONCE: i64 = 200;

/// How long before it begins a duty is told of.
const SOON: chrono::Duration = chrono::Duration::hours(40);

/// Everything that this room does once a day. Done oftener it does nothing more.
///
/// # Errors
/// What the database says.
pub async fn sweep(store: &Store, calendar: CalendarOf) -> Result<(), Fault> {
    plan_ahead(store, calendar).await?;
    remind(store, calendar).await?;
    plan_duties(store, calendar).await?;
    remind_duties(store).await?;
    Ok(())
}

/// Keeps the next sittings of every rhythm planned; returns how many are new. It may run as often as one likes.
///
/// # Errors
/// What the database says. One body that cannot plan does not stop the others.
pub async fn plan_ahead(store: &Store, calendar: CalendarOf) -> Result<usize, Fault> {
    let bodies = queries::with_rhythm(&mut store.read().await?).await?;
    let mut n = 0;
    for (street, id) in bodies {
        let known = calendar(&mut store.read().await?, street).await?;
        let done = store
            .write(move |tx| {
                let known = known.clone();
                Box::pin(async move { actions::plan_ahead(tx, &Actor::system(street), &known, id).await })
            })
            .await;
        match done {
            Ok(new) => n += new.len(),
            Err(fault) => tracing::error!(%fault, council = %id, "the next sittings could not be planned"),
        }
    }
    Ok(n)
}

/// Keeps the duties of every rota planned for the weeks to come; returns how many are new. It may run as often as one likes.
///
/// # Errors
/// What the database says. One rota that cannot be planned does not stop the others.
pub async fn plan_duties(store: &Store, calendar: CalendarOf) -> Result<usize, Fault> {
    let rotas = queries::open_rotas(&mut store.read().await?).await?;
    let mut n = 0;
    for (street, id) in rotas {
        let known = calendar(&mut store.read().await?, street).await?;
        let done = store
            .write(move |tx| {
                let known = known.clone();
                Box::pin(async move { actions::plan_duties(tx, &Actor::system(street), &known, id).await })
            })
            .await;
        match done {
            Ok(new) => n += new.len(),
            Err(fault) => tracing::error!(%fault, rota = %id, "the next duties could not be planned"),
        }
    }
    Ok(n)
}

/// Tells members of the duties of the next two days, each once; returns of how many.
///
/// # Errors
/// What the database says. One duty that fails does not stop the others.
pub async fn remind_duties(store: &Store) -> Result<usize, Fault> {
    let soon = (store.now(), store.now() + SOON);
    let mut n = 0;
    loop {
        let due = queries::to_remind(&mut store.read().await?, soon, AT_ONCE).await?;
        let before = n;
        for (street, id) in due {
            let done = store
                .write(move |tx| {
                    Box::pin(async move { actions::remind_duty(tx, &Actor::system(street), id).await })
                })
                .await;
            match done {
                Ok(said) => n += usize::from(said),
                Err(fault) => tracing::error!(%fault, duty = %id, "nobody could be told of a duty"),
            }
        }
        // Whoever was told is in the list no more; where nobody was, it would be the same list again.
        if n == before {
            return Ok(n);
        }
    }
}

/// Reminds those concerned of what is over; returns of how many actions.
///
/// # Errors
/// What the database says. One action that fails does not stop the others.
pub async fn remind(store: &Store, calendar: CalendarOf) -> Result<usize, Fault> {
    let today = local_date(store.now());
    let nil = Id::from(uuid::Uuid::nil());
    let mut after = (String::new(), nil, nil);
    let mut n = 0;
    loop {
        let due = queries::over(&mut store.read().await?, today, &after, AT_ONCE).await?;
        let Some(last) = due.last().cloned() else { return Ok(n) };
        after = last;
        for (_, street, id) in due {
            let known = calendar(&mut store.read().await?, street).await?;
            let done = store
                .write(move |tx| {
                    let known = known.clone();
                    Box::pin(async move { actions::remind(tx, &Actor::system(street), &known, id).await })
                })
                .await;
            match done {
                Ok(said) => n += usize::from(said),
                Err(fault) => tracing::error!(%fault, action = %id, "nobody could be reminded"),
            }
        }
    }
}
