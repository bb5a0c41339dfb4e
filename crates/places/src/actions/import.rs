//! A place tree from a spreadsheet: all of it or nothing; the same file twice is one tree.

use crate::{actions, queries, rules::import};
use kernel::{Actor, Refusal};
use store::{Fault, Tx};

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Imported {
    /// Places added.
    pub added: usize,
    /// Places changed.
    pub changed: usize,
    /// Grids drawn or grown.
    pub grids: usize,
    /// Rows that changed nothing.
    pub same: usize,
}

/// Imports rows (the first one the heads) into the actor's street.
///
/// # Errors
/// `places.import-errors` naming the first bad row when any row is wrong; then nothing is changed.
pub async fn import_places(tx: &mut Tx, actor: &Actor, rows: &[Vec<String>]) -> Result<Imported, Fault> {
    let plan = queries::plan_import(tx, actor.street, rows).await?;
    if let Some(first) = plan.errors.first() {
        return Err(Refusal::invalid("file", "places.import-errors")
            .with("n", plan.errors.len())
            .with("row", first.row)
            .with("code", first.refusal.code)
            .into());
    }
    let done = Imported {
        added: plan.adds.len(),
        changed: plan.changes.len(),
        grids: plan.grids.len() + plan.grown.len(),
        same: plan.same,
    };
    let import::Plan { adds, changes, grids, grown, .. } = plan;
    for new in adds {
        actions::add(tx, actor, new).await?;
    }
    for (path, change) in changes {
        actions::change(tx, actor, &path, change).await?;
    }
    for grid in grids {
        actions::add_grid(tx, actor, grid).await?;
    }
    for (id, name, places) in grown {
        actions::change_grid(tx, actor, id, &name, places).await?;
    }
    Ok(done)
}
