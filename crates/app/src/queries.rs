//! What the operator's commands and `/metrics` count, across rooms.

use kernel::{Id, PlacePath, Time};
use store::{Conn, Fault, args};

/// Counts for `/metrics` and `doctor`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    /// Messages that wait for being sent.
    pub outbox_waiting: i64,
    /// Messages that were laid aside after too many tries.
    pub outbox_dead: i64,
    /// Entries of the journal.
    pub journal: i64,
    /// Matters that are open.
    pub matters_open: i64,
    /// Matters of all states.
    pub matters: i64,
    /// Clocks that have struck and were not acted upon.
    pub struck: i64,
}

/// Counts what is going on; two statements.
///
/// # Errors
/// What the database says.
pub(crate) async fn counts(conn: &mut Conn, now: Time) -> Result<Counts, Fault> {
    let Some(row) = conn
        .one(
            "SELECT (SELECT COUNT(*) FROM outbox WHERE state = 'waiting') AS waiting, \
             (SELECT COUNT(*) FROM outbox WHERE state = 'dead') AS dead, \
             (SELECT COUNT(*) FROM journal) AS journal, (SELECT COUNT(*) FROM matter) AS matters, \
             (SELECT COUNT(*) FROM matter WHERE next_at <= $1) AS struck",
            args![now],
        )
        .await?
    else {
        return Ok(Counts::default());
    };
    Ok(Counts {
        outbox_waiting: row.get("waiting")?,
        outbox_dead: row.get("dead")?,
        journal: row.get("journal")?,
        matters: row.get("matters")?,
        struck: row.get("struck")?,
        matters_open: conn.number("SELECT COUNT(*) AS n FROM matter WHERE is_open", vec![]).await?,
    })
}

/// Whether the store answers.
///
/// # Errors
/// What the database says.
pub(crate) async fn answers(conn: &mut Conn) -> Result<(), Fault> {
    conn.number("SELECT COUNT(*) AS n FROM migration", vec![]).await.map(|_| ())
}

/// The version of the engine, in its own words.
///
/// # Errors
/// What the database says.
pub(crate) async fn engine_version(conn: &mut Conn) -> Result<String, Fault> {
    let sql = match conn.engine() {
        store::Engine::Sqlite => "SELECT 'SQLite ' || sqlite_version() AS v",
        store::Engine::Postgres => "SELECT version() AS v",
    };
    conn.one(sql, vec![]).await?.ok_or_else(|| Fault::other("the engine gives no version"))?.get("v")
}

/// What SQLite's own check finds; nothing on PostgreSQL.
///
/// # Errors
/// What the database says.
pub(crate) async fn quick_check(conn: &mut Conn) -> Result<Vec<String>, Fault> {
    if conn.engine() == store::Engine::Postgres {
        return Ok(Vec::new());
    }
    let rows = conn.all("SELECT quick_check AS v FROM pragma_quick_check", vec![]).await?;
    let lines = rows.iter().map(|r| r.get::<String>("v")).collect::<Result<Vec<_>, _>>()?;
    Ok(lines.into_iter().filter(|l| l != "ok").collect())
}

/// The steps that were applied.
///
/// # Errors
/// What the database says.
pub(crate) async fn steps(conn: &mut Conn) -> Result<Vec<(String, String)>, Fault> {
    let rows = conn.all("SELECT room, step FROM migration ORDER BY room, step", vec![]).await?;
    rows.iter().map(|r| Ok((r.get("room")?, r.get("step")?))).collect()
}

/// Accounts that still have a password that somebody else set.
///
/// # Errors
/// What the database says.
pub(crate) async fn passwords_to_change(conn: &mut Conn) -> Result<i64, Fault> {
    let path = match conn.engine() {
        store::Engine::Sqlite => "SELECT COUNT(*) AS n FROM account WHERE state->>'must_change' = '1'",
        store::Engine::Postgres => "SELECT COUNT(*) AS n FROM account WHERE state->>'must_change' = 'true'",
    };
    conn.number(path, vec![]).await
}

/// The newest entry of the journal.
///
/// # Errors
/// What the database says.
pub(crate) async fn last_entry(conn: &mut Conn) -> Result<Option<Time>, Fault> {
    conn.one("SELECT at FROM journal ORDER BY pos DESC LIMIT 1", vec![])
        .await?
        .map(|r| r.get("at"))
        .transpose()
}

/// A matter as a line of an export.
pub(crate) struct Line {
    /// Values in the order of the heads.
    pub cells: Vec<String>,
}

/// Every matter of a place, oldest first, in pages of `limit` after the last raised time and id.
///
/// # Errors
/// What the database says.
pub(crate) async fn export_matters(
    conn: &mut Conn,
    street: Id,
    within: &PlacePath,
) -> Result<Vec<Line>, Fault> {
    let rows = conn
        .all(
            "SELECT m.number, m.status, m.title, m.body, m.community, m.place, m.category, m.tier, m.urgency, m.channel, m.raised_at, \
             m.due_at, m.answered_at, m.closed_at, m.outcome, m.replied_at, m.imported, m.ledger_key, u.name AS unit \
             FROM matter m LEFT JOIN unit u ON u.street = m.street AND u.id = m.lead \
             WHERE m.street = $1 AND m.place >= $2 AND m.place < $3 ORDER BY m.raised_at, m.id",
            args![street, within, within.upper()],
        )
        .await?;
    let time = |at: Option<Time>| {
        at.map(|t| kernel::time::local(t).format("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default()
    };
    rows.iter()
        .map(|r| {
            let some = |c: &str| r.get::<Option<String>>(c).map(Option::unwrap_or_default);
            Ok(Line {
                cells: vec![
                    some("number")?,
                    some("status")?,
                    some("title")?,
                    some("body")?,
                    some("community")?,
                    some("place")?,
                    some("category")?,
                    some("tier")?,
                    some("urgency")?,
                    some("channel")?,
                    some("unit")?,
                    time(r.get("raised_at")?),
                    time(r.get("due_at")?),
                    time(r.get("answered_at")?),
                    time(r.get("closed_at")?),
                    some("outcome")?,
                    time(r.get("replied_at")?),
                    some("ledger_key")?,
                ],
            })
        })
        .collect()
}

/// The matters of a place and below that stand for a council, oldest first, with titles that strangers may read.
///
/// # Errors
/// What the database says.
pub(crate) async fn matters_for_councils(
    conn: &mut Conn,
    street: Id,
    within: &PlacePath,
) -> Result<Vec<councils::Waiting>, Fault> {
    let rows = conn
        .all(
            "SELECT id, number, title, public_title FROM matter WHERE street = $1 AND agenda AND is_open \
             AND place >= $2 AND place < $3 ORDER BY raised_at, id LIMIT 200",
            args![street, within, within.upper()],
        )
        .await?;
    rows.iter()
        .map(|r| {
            let public: Option<String> = r.get("public_title")?;
            let title = public.or(r.get("title")?).unwrap_or_default();
            Ok(councils::Waiting {
                id: r.get("id")?,
                number: r.get("number")?,
                title: kernel::text::blot(&title),
            })
        })
        .collect()
}

#[cfg(test)]
mod tamper;
