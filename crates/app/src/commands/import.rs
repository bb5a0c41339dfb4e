//! `import`: a file that an office already keeps, all of it or nothing; `--preview` says what would happen.

use super::{community, existing, operator, street};
use crate::{
    Failure,
    cli::{self, What},
    config::Config,
    failure::BadRow,
    say, t,
};
use kernel::{Actor, Refusal};
use matters::rules::ledger;
use places::Place;
use serde_json::json;
use store::{Conn, Store};

/// What an import did or would do.
struct Outcome {
    added: usize,
    changed: usize,
    same: usize,
    /// Columns that were taken, and those that were not.
    taken: Vec<(String, String)>,
    left: Vec<String>,
}

/// Imports a file.
///
/// # Errors
/// Row, field and reason of everything that is wrong; then nothing is changed.
pub(super) async fn run(config: &Config, given: cli::Import) -> Result<(), Failure> {
    let lang = config.lang;
    let shown = given.file.display().to_string();
    let bytes = std::fs::read(&given.file)
        .map_err(|e| Failure::said(t!(lang, "no-file", file = shown.as_str(), why = e.to_string())))?;
    if given.what != What::Matters && !given.map.is_empty() {
        return Err(Failure::said(t!(lang, "map-matters-only")));
    }
    let rows = ui::sheet::read(&bytes)?;
    let store = existing(config).await?;
    let mut conn = store.read().await?;
    let street = street(config, &mut conn).await?;
    let actor = operator(&street);
    let outcome = match given.what {
        What::Matters => {
            let community = community(config, &mut conn, &street, given.community.as_deref()).await?;
            matters(&store, conn, actor, &community, rows, &given).await?
        }
        What::Places => places(&store, conn, actor, rows, given.preview).await?,
        What::Units => units(&store, conn, actor, rows, given.preview).await?,
        What::People => people(&store, conn, actor, rows, given.preview).await?,
    };
    store.close().await;
    if config.json {
        say::json(&json!({
            "preview": given.preview, "added": outcome.added, "changed": outcome.changed, "same": outcome.same,
            "columns": outcome.taken.iter().map(|(c, f)| json!({ "column": c, "field": f })).collect::<Vec<_>>(),
            "columns_left": outcome.left,
        }));
        return Ok(());
    }
    for (column, field) in &outcome.taken {
        say::line(t!(lang, "column-taken", column = column.as_str(), field = field.as_str()));
    }
    if !outcome.left.is_empty() {
        say::line(t!(lang, "columns-left", columns = outcome.left.join(", ")));
    }
    let (added, changed, same) = (outcome.added, outcome.changed, outcome.same);
    say::line(if given.preview {
        t!(lang, "import-preview", added = added, changed = changed, same = same)
    } else {
        t!(lang, "import-done", added = added, changed = changed, same = same)
    });
    Ok(())
}

async fn matters(
    store: &Store,
    mut conn: Conn,
    actor: Actor,
    community: &Place,
    rows: Vec<Vec<String>>,
    given: &cli::Import,
) -> Result<Outcome, Failure> {
    let map = given.map.iter().map(|m| ledger::read_map(m)).collect::<Result<Vec<_>, Refusal>>()?;
    let world = matters::queries::world(&mut conn, actor.street).await?;
    let read = ledger::read(&rows, &map, &world.catalogue, store.now())?;
    if !read.errors.is_empty() {
        let rows = read.errors.into_iter().map(|e| BadRow {
            row: e.row,
            field: if e.column.is_empty() {
                e.refusal.field.unwrap_or_default().to_owned()
            } else {
                e.column
            },
            refusal: e.refusal,
        });
        return Err(Failure::Rows(rows.collect()));
    }
    let taken = read.taken.into_iter().map(|(c, f)| (c, f.to_owned())).collect();
    let done = if given.preview {
        matters::actions::preview_ledger(&mut conn, community, &read.rows).await?
    } else {
        drop(conn);
        let path = community.path.clone();
        store
            .write(move |tx| {
                Box::pin(async move { matters::actions::import_ledger(tx, &actor, &path, read.rows).await })
            })
            .await?
    };
    Ok(Outcome { added: done.added, changed: 0, same: done.known, taken, left: read.left })
}

/// The rows of a plan that cannot be taken.
fn bad(errors: Vec<(usize, Refusal)>) -> Result<(), Failure> {
    if errors.is_empty() {
        return Ok(());
    }
    let rows = errors.into_iter().map(|(row, refusal)| BadRow {
        row,
        field: refusal.field.unwrap_or_default().to_owned(),
        refusal,
    });
    Err(Failure::Rows(rows.collect()))
}

fn plain(added: usize, changed: usize, same: usize) -> Outcome {
    Outcome { added, changed, same, taken: Vec::new(), left: Vec::new() }
}

async fn places(
    store: &Store,
    mut conn: Conn,
    actor: Actor,
    rows: Vec<Vec<String>>,
    preview: bool,
) -> Result<Outcome, Failure> {
    let plan = places::queries::plan_import(&mut conn, actor.street, &rows).await?;
    drop(conn);
    bad(plan.errors.into_iter().map(|e| (e.row, e.refusal)).collect())?;
    if preview {
        return Ok(plain(plan.adds.len(), plan.changes.len(), plan.same));
    }
    let done = store
        .write(move |tx| Box::pin(async move { places::import_places(tx, &actor, &rows).await }))
        .await?;
    Ok(plain(done.added, done.changed, done.same))
}

async fn units(
    store: &Store,
    mut conn: Conn,
    actor: Actor,
    rows: Vec<Vec<String>>,
    preview: bool,
) -> Result<Outcome, Failure> {
    let plan = people::actions::plan_units(&mut conn, actor.street, &rows).await?;
    drop(conn);
    bad(plan.errors.into_iter().map(|e| (e.row, e.refusal)).collect())?;
    if preview {
        return Ok(plain(plan.adds.len(), plan.changes.len(), plan.same));
    }
    let done = store
        .write(move |tx| Box::pin(async move { people::actions::import_units(tx, &actor, &rows).await }))
        .await?;
    Ok(plain(done.added, done.changed, done.same))
}

async fn people(
    store: &Store,
    mut conn: Conn,
    actor: Actor,
    rows: Vec<Vec<String>>,
    preview: bool,
) -> Result<Outcome, Failure> {
    let plan = people::actions::plan_offices(&mut conn, store.keys(), &actor, &rows, store.now()).await?;
    drop(conn);
    bad(plan.errors.into_iter().map(|e| (e.row, e.refusal)).collect())?;
    if preview {
        return Ok(plain(plan.adds.len(), 0, plan.same));
    }
    let done = store
        .write(move |tx| Box::pin(async move { people::actions::import_offices(tx, &actor, &rows).await }))
        .await?;
    Ok(plain(done.added, done.changed, done.same))
}
