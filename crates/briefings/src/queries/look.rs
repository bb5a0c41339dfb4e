//! From an address to a cut: period, place, unit and how far the reader reaches.

use crate::model::{Cut, Period, Reach, Seat};
use kernel::{Id, PlacePath, Refusal, Time, time};
use matters::{model::World, rules::READ};
use methods::Method;
use std::sync::Arc;
use store::{Conn, Fault};
use ui::{Fields, Viewer, parts::query};

/// What a reader looks at.
#[derive(Clone, Debug)]
pub struct Look {
    /// Catalogue, methods, calendar.
    pub world: Arc<World>,
    /// The days.
    pub period: Period,
    /// What is counted.
    pub cut: Cut,
    /// The name of the place.
    pub place_name: String,
    /// Whether the place is the whole street.
    pub whole: bool,
}

impl Look {
    /// The method of the place.
    #[must_use]
    pub fn method(&self) -> &Method {
        self.world.method(&self.cut.place.cut(2))
    }

    /// The same place and unit over another period.
    #[must_use]
    pub fn over(&self, period: Period) -> Cut {
        let (from, to) = period.instants(self.method().figures.day_begins);
        Cut { from, to, ..self.cut.clone() }
    }

    /// An address that looks at the same; `more` comes last.
    #[must_use]
    pub fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        self.address_over(path, self.period, more)
    }

    /// An address that looks at the same over another period.
    #[must_use]
    pub fn address_over(&self, path: &str, period: Period, more: &[(&str, &str)]) -> String {
        let mut out =
            format!("{path}?from={}&to={}&place={}", period.from, period.to, query(self.cut.place.as_str()));
        if let Some(unit) = self.cut.unit {
            out.push_str(&format!("&unit={unit}"));
        }
        for (name, value) in more {
            out.push_str(&format!("&{name}={}", query(value)));
        }
        out
    }
}

/// Reads `from`, `to`, `place` (a path or the short code of a community) and, for staff, `unit`.
/// Staff see what their offices reach; others the public part, down to compounds.
///
/// # Errors
/// `briefings.bad-date`, `briefings.dates-order`, `briefings.no-place`, `ui.not-valid`, `ui.no-street`;
/// `ui.no-right` or `ui.sign-in` for staff without an office that reads; what the database says.
pub async fn look(
    conn: &mut Conn,
    viewer: &Viewer,
    fields: &Fields,
    staff: bool,
    now: Time,
) -> Result<Look, Fault> {
    let home = viewer.home().ok_or(Refusal::conflict("ui.no-street"))?;
    let period = Period::read(fields.some("from"), fields.some("to"), time::local_date(now))?;
    let no_place = || Fault::from(Refusal::invalid("place", "briefings.no-place"));
    let place = match fields.some("place") {
        None => home.path.clone(),
        Some(text) if text.starts_with('/') => PlacePath::parse(text).ok_or_else(no_place)?,
        Some(code) => {
            home.communities.iter().find(|c| c.code == code).map(|c| c.path.clone()).ok_or_else(no_place)?
        }
    };
    // Below a compound few matters are left, and few people behind them.
    if !place.within(&home.path) || (!staff && place.codes().count() > 3) {
        return Err(no_place());
    }
    let whole = place == home.path;
    let place_name = if whole {
        home.name.clone()
    } else if let Some(c) = home.communities.iter().find(|c| c.path == place) {
        c.name.clone()
    } else {
        places::queries::by_path(conn, home.street, &place).await?.ok_or_else(no_place)?.full_name
    };
    let (reach, unit) = if staff {
        let seats = viewer
            .need_somewhere(&READ)?
            .into_iter()
            .map(|o| Seat { place: o.place.clone(), unit: o.unit })
            .collect();
        (Reach::Staff(seats), fields.parse::<Id>("unit")?)
    } else {
        (Reach::Public, None)
    };
    let world = matters::queries::world(conn, home.street).await?;
    let (from, to) = period.instants(world.method(&place.cut(2)).figures.day_begins);
    let cut = Cut { street: home.street, place, reach, unit, from, to, now };
    Ok(Look { world, period, cut, place_name, whole })
}
