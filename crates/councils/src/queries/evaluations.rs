//! What residents think of actions that were done.

use crate::model::{Evaluation, Grades};
use kernel::{Id, Satisfaction};
use store::{Conn, Fault, Keys, Row, Tx, args};
use ui::Erased;

/// How many are how satisfied with an action.
///
/// # Errors
/// What the database says.
pub async fn grades(conn: &mut Conn, street: Id, action: Id) -> Result<Grades, Fault> {
    let sql = "SELECT grade, COUNT(*) AS n FROM council_evaluation WHERE street = $1 AND action = $2 GROUP BY grade";
    by_grade(&conn.all(sql, args![street, action]).await?)
}

/// Counts of evaluations by their grade.
pub(super) fn by_grade(rows: &[Row]) -> Result<Grades, Fault> {
    let mut out = Grades::default();
    for row in rows {
        let (grade, n): (String, u64) = (row.get("grade")?, row.get("n")?);
        match Satisfaction::parse(&grade) {
            Some(Satisfaction::Satisfied) => out.satisfied = n,
            Some(Satisfaction::Partly) => out.partly = n,
            Some(Satisfaction::Dissatisfied) => out.dissatisfied = n,
            None => {}
        }
    }
    Ok(out)
}

/// What was said with the evaluations of an action, the newest first: for those who run the body.
///
/// # Errors
/// What the database says.
pub async fn evaluations_said(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    action: Id,
) -> Result<Vec<(Evaluation, String)>, Fault> {
    let sql =
        "SELECT state FROM council_evaluation WHERE street = $1 AND action = $2 ORDER BY id DESC LIMIT 200";
    let all: Vec<Evaluation> =
        conn.all(sql, args![street, action]).await?.iter().map(Row::state).collect::<Result<_, _>>()?;
    with_words(conn, keys, street, all).await
}

async fn with_words(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    all: Vec<Evaluation>,
) -> Result<Vec<(Evaluation, String)>, Fault> {
    let commits: Vec<String> =
        all.iter().filter_map(|e| e.words.as_ref()).map(|w| w.commit.clone()).collect();
    let mut clear = conn.clear_words(keys, street, &commits).await?;
    let said = |e: Evaluation| {
        let text = e.words.as_ref().and_then(|w| clear.remove(&w.commit)).unwrap_or_default();
        (e, text)
    };
    Ok(all.into_iter().map(said).collect())
}

async fn all_of(conn: &mut Conn, street: Id, person: Id) -> Result<Vec<Evaluation>, Fault> {
    let sql = "SELECT state FROM council_evaluation WHERE street = $1 AND person = $2 ORDER BY id";
    conn.all(sql, args![street, person]).await?.iter().map(Row::state).collect()
}

/// Everything that a person said of actions.
pub(super) async fn of_person(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    person: Id,
) -> Result<Vec<(Evaluation, String)>, Fault> {
    let all = all_of(conn, street, person).await?;
    with_words(conn, keys, street, all).await
}

/// Erases what a person said; the grade stays in the count.
pub(super) async fn erase(tx: &mut Tx, street: Id, person: Id) -> Result<Erased, Fault> {
    let mut done = Erased::default();
    for e in all_of(tx, street, person).await? {
        let commits: Vec<String> = e.past.iter().chain(&e.words).map(|w| w.commit.clone()).collect();
        done.erased += tx.erase_words(street, person, &commits).await?;
    }
    Ok(done)
}
