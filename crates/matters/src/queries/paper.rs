//! What hand-over lists on paper show.

use super::lists::{COLUMNS, Line, Where, scope};
use kernel::{Id, PlacePath, Time};
use store::{Conn, Fault};
use ui::Viewer;

/// A matter that a unit was given.
#[derive(Clone, Debug)]
pub struct Given {
    /// The unit.
    pub unit: Id,
    /// When it was dispatched.
    pub at: Time,
    /// Until when it has to be settled.
    pub deadline: Time,
    /// When the unit signed for it in the system.
    pub signed_at: Option<Time>,
    /// The matter.
    pub line: Line,
}

/// Matters that were dispatched between two instants, unit by unit, oldest first; of one unit or below one place if
/// asked. Scoped by the viewer's offices; at most 500.
///
/// # Errors
/// What the database says.
pub async fn given(
    conn: &mut Conn,
    street: Id,
    viewer: &Viewer,
    unit: Option<Id>,
    place: Option<&PlacePath>,
    (from, to): (Time, Time),
) -> Result<Vec<Given>, Fault> {
    let mut w = Where::new(street, conn.engine());
    scope(&mut w, viewer);
    let (a, b) = (w.arg(from), w.arg(to));
    w.and(format!("r.dispatched_at >= ${a} AND r.dispatched_at < ${b} AND r.lead IS NOT NULL"));
    if let Some(unit) = unit {
        w.eq("r.lead", unit);
    }
    if let Some(place) = place {
        w.within(place);
    }
    let sql = format!(
        "SELECT {COLUMNS}, r.lead AS given_to, r.dispatched_at, r.deadline AS given_until, r.signed_at AS given_signed \
         FROM matter_round r JOIN matter m ON m.street = r.street AND m.id = r.matter \
         WHERE {} ORDER BY r.lead, r.dispatched_at, m.id LIMIT 500",
        w.text()
    );
    conn.all(sql, w.args)
        .await?
        .iter()
        .map(|row| {
            Ok(Given {
                unit: row.get("given_to")?,
                at: row.get("dispatched_at")?,
                deadline: row.get("given_until")?,
                signed_at: row.get("given_signed")?,
                line: Line::of(row)?,
            })
        })
        .collect()
}
