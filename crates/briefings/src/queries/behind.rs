//! The matters behind a figure: the same tables and conditions as its count.

use super::sql::{Statement, from};
use crate::model::{Cut, Figure, Kind, Part};
use kernel::{Id, PlacePath, Refusal, Time, time};
use methods::{Method, Tier};
use store::{Conn, Fault, Row};
use ui::Cursor;

/// A matter behind a figure.
#[derive(Clone, Debug)]
pub struct Behind {
    /// Its id.
    pub id: Id,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// The title that everybody may read, if staff wrote one.
    pub public_title: Option<String>,
    /// Its community.
    pub community: PlacePath,
    /// Its place.
    pub place: PlacePath,
    /// The code of its state.
    pub status: String,
    /// When it was raised.
    pub raised_at: Time,
    /// When it was first closed.
    pub closed_at: Option<Time>,
    /// Its category.
    pub category: Option<String>,
    /// Its tier.
    pub tier: Option<Tier>,
    /// The unit that leads.
    pub lead: Option<Id>,
    /// How often it counts: rounds, verdicts or voices; 1 for a figure of matters.
    pub times: i64,
}

impl Behind {
    fn of(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.get("id")?,
            number: row.get("number")?,
            title: row.get::<Option<String>>("title")?.unwrap_or_default(),
            public_title: row.get("public_title")?,
            community: row.get("community")?,
            place: row.get("place")?,
            status: row.get("status")?,
            raised_at: row.get("raised_at")?,
            closed_at: row.get("closed_at")?,
            category: row.get("category")?,
            tier: row.get::<Option<String>>("tier")?.as_deref().and_then(Tier::parse),
            lead: row.get("lead")?,
            times: row.get("times")?,
        })
    }
}

/// The matters that a figure counts, newest first. In public only those that everybody may see.
///
/// # Errors
/// `ui.bad-cursor`, or what the database says.
pub async fn behind(
    conn: &mut Conn,
    cut: &Cut,
    method: &Method,
    figure: &'static Figure,
    part: Part,
    cursor: &str,
    limit: i64,
) -> Result<(Vec<Behind>, Option<String>), Fault> {
    let mut st = Statement::new(cut, method, conn.engine());
    let of = st.fill(figure.of);
    let mut inner = format!("{} AND {of}", st.wheres(figure.base, figure.clock));
    let counts = matches!(figure.kind, Kind::Count | Kind::Sum(_));
    if part == Part::Numerator || counts {
        let condition = st.fill(figure.part);
        inner.push_str(&format!(" AND {condition}"));
    }
    if let Some(measure) = figure.measure() {
        inner.push_str(&format!(" AND {} IS NOT NULL", st.measure(measure)));
    }
    let times = match figure.kind {
        Kind::Sum(what) => format!("CAST(SUM({what}) AS BIGINT)"),
        _ => "COUNT(*)".to_owned(),
    };
    let mut outer = vec!["m.street = $1".to_owned()];
    if cut.is_public() {
        // As in the public ledger.
        outer.push("NOT m.hidden AND m.status NOT IN ('voided', 'merged', 'rejected', 'withdrawn')".into());
    }
    if let Some(c) = Cursor::decode(cursor, 2)? {
        let bad = || Refusal::invalid("cursor", "ui.bad-cursor");
        let at = time::parse_stamp(c.text(0)).ok_or_else(bad)?;
        let id: Id = c.text(1).parse().map_err(|_| bad())?;
        let (a, b) = (st.arg("cursor at", at), st.arg("cursor id", id));
        outer.push(format!("(m.raised_at < ${a} OR (m.raised_at = ${a} AND m.id < ${b}))"));
    }
    let n = st.arg("limit", limit + 1);
    let sql = format!(
        "SELECT m.id, m.number, m.title, m.public_title, m.community, m.place, m.status, m.raised_at, m.closed_at, m.category, m.tier, m.lead, \
         w.times FROM (SELECT m.id AS id, {times} AS times FROM {} WHERE {inner} GROUP BY m.id) w JOIN matter m ON m.id = w.id \
         WHERE {} ORDER BY m.raised_at DESC, m.id DESC LIMIT ${n}",
        from(figure.base),
        outer.join(" AND "),
    );
    let mut lines = conn.all(sql, st.args).await?.iter().map(Behind::of).collect::<Result<Vec<_>, _>>()?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = lines.len() > most;
    lines.truncate(most);
    let next = lines
        .last()
        .filter(|_| more)
        .map(|l| Cursor(vec![time::stamp(l.raised_at).into(), l.id.to_string().into()]).encode());
    Ok((lines, next))
}
