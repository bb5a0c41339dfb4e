//! What figures count: the table of definitions, the counting, and the matters behind.

mod behind;
mod definitions;
mod look;
mod measure;
mod sql;

pub use behind::{Behind, behind};
pub use definitions::{FIGURES, figure};
pub use look::{Look, look};

use crate::model::{By, Cut, Figure, Slice, Value};
use chrono::{Datelike, Duration};
use kernel::{Id, PlacePath, Time, time};
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

/// Three numbers for the residents' home page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hero {
    /// Figure `raised` over this month.
    pub raised_this_month: i64,
    /// Figure `closed` over this month.
    pub settled_this_month: i64,
    /// Figure `handle_median` over the last ninety days, in tenths of a day; nothing while too few are handled.
    pub median_tenths_days: Option<i64>,
}

/// The numbers of the home page of a community, as the public may know them.
///
/// # Errors
/// What the database says.
pub async fn hero(conn: &mut Conn, street: Id, community: &PlacePath, now: Time) -> Result<Hero, Fault> {
    let world = matters::queries::world(conn, street).await?;
    let today = time::local_date(now);
    let to = time::day_start(today) + Duration::days(1);
    let month = time::day_start(today.with_day(1).unwrap_or(today));
    let cut = |from: Time| Cut {
        street,
        place: community.clone(),
        reach: crate::Reach::Public,
        unit: None,
        from,
        to,
        now,
    };
    let (raised, closed) = measure::raised_and_closed(conn, &cut(month), world.method(community)).await?;
    let fast: Vec<&'static Figure> = figure("handle_median").into_iter().collect();
    let fast = measure::totals(conn, &cut(to - Duration::days(90)), world.method(community), &fast).await?;
    Ok(Hero {
        raised_this_month: raised,
        settled_this_month: closed,
        median_tenths_days: fast.first().and_then(|v| v.value),
    })
}
