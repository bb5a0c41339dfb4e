//! What figures count: the table of definitions, the counting, and the matters behind.

mod behind;
mod definitions;
pub mod kept;
mod look;
mod measure;
mod sql;

pub use behind::{Behind, behind};
pub use definitions::{FIGURES, figure};
pub use look::{Look, look};

use crate::model::{By, Cut, Figure, Slice, Value};
use methods::Method;
use store::{Conn, Fault};

/// Every figure that the reader may see, in the order of the table.
///
/// The number of statements is the number of (table, instant) pairs of the definitions and one for all medians:
/// it does not depend on the number of matters.
///
/// # Errors
/// What the database says.
pub async fn figures(conn: &mut Conn, cut: &Cut, method: &Method) -> Result<Vec<Value>, Fault> {
    let wanted: Vec<&'static Figure> = FIGURES.iter().filter(|f| f.public || !cut.is_public()).collect();
    measure::totals(conn, cut, method, &wanted).await
}

/// Some figures, in the order asked for.
///
/// # Errors
/// What the database says.
pub async fn some(
    conn: &mut Conn,
    cut: &Cut,
    method: &Method,
    wanted: &[&'static Figure],
) -> Result<Vec<Value>, Fault> {
    measure::totals(conn, cut, method, wanted).await
}

/// Some figures, broken down; slices in the order of their keys.
///
/// # Errors
/// What the database says.
pub async fn breakdown(
    conn: &mut Conn,
    cut: &Cut,
    method: &Method,
    wanted: &[&'static Figure],
    by: By,
) -> Result<Vec<Slice>, Fault> {
    measure::slices(conn, cut, method, wanted, by).await
}
