//! Numbers over lists: the staff desk and the residents' home page.

use super::lists::{Where, mine, scope};
use kernel::{Id, PlacePath, Time};
use std::sync::LazyLock;
use store::{Conn, Engine, Fault, Kept, Store};
use ui::Viewer;

/// Numbers over the worklist: its tabs and tiles.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs, reason = "counts named after what they count")]
pub struct Counts {
    pub mine: i64,
    pub open: i64,
    pub answered: i64,
    pub submitted: i64,
    pub due_today: i64,
    pub late: i64,
    pub asked: i64,
    pub agenda: i64,
    pub supervised: i64,
}

/// Counts for the viewer's desk, kept until something changes, and for a few seconds at most: time makes things late.
///
/// # Errors
/// What the database says.
pub async fn counts(store: &Store, conn: &mut Conn, street: Id, viewer: &Viewer) -> Result<Counts, Fault> {
    static KEPT: LazyLock<Kept<Counts>> = LazyLock::new(|| Kept::new(5));
    let mut key = street.to_string();
    for o in viewer.offices_for(&crate::rules::READ) {
        key.push_str(&format!(" {} {} {:?}", o.kind.code(), o.place, o.unit));
    }
    KEPT.get(store, key, counted(conn, street, viewer, store.now())).await
}

/// Counts for the viewer's desk, in one statement.
async fn counted(conn: &mut Conn, street: Id, viewer: &Viewer, now: Time) -> Result<Counts, Fault> {
    let mut w = Where::new(street, conn.engine());
    scope(&mut w, viewer);
    w.and("m.is_open = TRUE".into());
    let base = w.text();
    // What waits for the viewer is a condition of its own, counted beside the others.
    let before = w.sql.len();
    mine(&mut w, viewer);
    let waits = w.sql.split_off(before).join(" AND ");
    let n = w.arg(now);
    let end = w.arg(kernel::time::day_start(kernel::time::local_date(now) + chrono::Days::new(1)));
    let sql = format!(
        "SELECT COUNT(*) FILTER (WHERE {waits}) AS mine, COUNT(*) AS open, \
         COUNT(*) FILTER (WHERE m.status = 'answered') AS answered, COUNT(*) FILTER (WHERE m.status = 'submitted') AS submitted, \
         COUNT(*) FILTER (WHERE m.due_at >= ${n} AND m.due_at < ${end}) AS due_today, \
         COUNT(*) FILTER (WHERE m.due_at < ${n} AND NOT m.suspended AND NOT m.waiting) AS late, \
         COUNT(*) FILTER (WHERE m.asked IS NOT NULL) AS asked, COUNT(*) FILTER (WHERE m.agenda) AS agenda, \
         COUNT(*) FILTER (WHERE m.supervised) AS supervised FROM matter m WHERE {base}"
    );
    let Some(row) = conn.one(sql, w.args).await? else { return Ok(Counts::default()) };
    Ok(Counts {
        mine: row.get("mine")?,
        open: row.get("open")?,
        answered: row.get("answered")?,
        submitted: row.get("submitted")?,
        due_today: row.get("due_today")?,
        late: row.get("late")?,
        asked: row.get("asked")?,
        agenda: row.get("agenda")?,
        supervised: row.get("supervised")?,
    })
}

/// The three figures of the residents' home page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hero {
    /// Raised this month.
    pub raised: i64,
    /// Of all: closed this month.
    pub settled: i64,
    /// Median days from raising to handling of the last 90 days, in tenths.
    pub median_tenths: Option<i64>,
}

/// The figures of the residents' home page for a community, kept while nothing changes.
///
/// # Errors
/// What the database says.
pub async fn hero(store: &Store, conn: &mut Conn, street: Id, community: &PlacePath) -> Result<Hero, Fault> {
    static KEPT: LazyLock<Kept<Hero>> = LazyLock::new(|| Kept::new(60));
    let key = format!("{street} {community}");
    KEPT.get(store, key, count_hero(conn, street, community, store.now())).await
}

async fn count_hero(conn: &mut Conn, street: Id, community: &PlacePath, now: Time) -> Result<Hero, Fault> {
    use chrono::Datelike;
    let today = kernel::time::local_date(now);
    let month = kernel::time::day_start(today.with_day(1).unwrap_or(today));
    // A month of matters is found by its instants, not by a place that holds years of them.
    let plus = if conn.engine() == Engine::Sqlite { "+" } else { "" };
    let of = format!(
        "FROM matter m WHERE m.street = $1 AND {plus}m.place >= $2 AND {plus}m.place < $3 AND NOT m.imported AND m.status <> 'merged'"
    );
    let row = conn
        .one(
            format!(
                "SELECT (SELECT COUNT(*) {of} AND m.raised_at >= $4) AS raised, (SELECT COUNT(*) {of} AND m.closed_at >= $4) AS settled"
            ),
            store::args![street, community, community.upper(), month],
        )
        .await?;
    let Some(row) = row else { return Ok(Hero::default()) };
    let since = now - chrono::Duration::days(90);
    let of = format!(
        "FROM matter_round r JOIN matter m ON m.street = r.street AND m.id = r.matter WHERE r.street = $1 \
         AND {plus}m.place >= $2 AND {plus}m.place < $3 AND r.round = 1 AND r.handled_at >= $4 AND NOT m.imported"
    );
    let n = conn
        .number(
            format!("SELECT COUNT(*) AS n {of}"),
            store::args![street, community, community.upper(), since],
        )
        .await?;
    let median = if n == 0 {
        None
    } else {
        let sql = format!("SELECT r.handle_minutes AS n {of} ORDER BY r.handle_minutes LIMIT 1 OFFSET $5");
        Some(conn.number(sql, store::args![street, community, community.upper(), since, (n - 1) / 2]).await?)
    };
    Ok(Hero {
        raised: row.get("raised")?,
        settled: row.get("settled")?,
        median_tenths: median.map(|m| (m * 10 + 720) / 1440),
    })
}
