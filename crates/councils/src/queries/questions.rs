//! Questions: the board of a sitting, what is promised, figures, and what a person asked.

use super::PAGE;
use crate::model::{Question, QuestionFigures, QuestionState};
use kernel::{Id, PlacePath};
use store::{Arg, Conn, Fault, Keys, Row, Tx, args};
use ui::Erased;

/// The texts of questions; empty where they were erased.
async fn with_texts(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    all: Vec<Question>,
) -> Result<Vec<(Question, String)>, Fault> {
    let commits: Vec<String> = all.iter().map(|q| q.text.commit.clone()).collect();
    let mut clear = conn.clear_words(keys, street, &commits).await?;
    Ok(all
        .into_iter()
        .map(|q| {
            let text = clear.remove(&q.text.commit).unwrap_or_default();
            (q, text)
        })
        .collect())
}

/// The questions of a sitting with their texts, in the order in which they were put; a sitting takes a limited number.
///
/// # Errors
/// What the database says.
pub async fn questions(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    sitting: Id,
) -> Result<Vec<(Question, String)>, Fault> {
    let sql = "SELECT state FROM sitting_question WHERE street = $1 AND sitting = $2 ORDER BY id LIMIT 200";
    let all =
        conn.all(sql, args![street, sitting]).await?.iter().map(Row::state).collect::<Result<_, _>>()?;
    with_texts(conn, keys, street, all).await
}

/// What a person put to a sitting.
///
/// # Errors
/// What the database says.
pub async fn own_questions(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    sitting: Id,
    person: Id,
) -> Result<Vec<(Question, String)>, Fault> {
    let sql = "SELECT state FROM sitting_question WHERE street = $1 AND person = $2 AND sitting = $3 ORDER BY id LIMIT 200";
    let all = conn
        .all(sql, args![street, person, sitting])
        .await?
        .iter()
        .map(Row::state)
        .collect::<Result<_, _>>()?;
    with_texts(conn, keys, street, all).await
}

/// How many questions a sitting has, and how many of one person nothing was said to yet.
pub(crate) async fn asked(
    conn: &mut Conn,
    street: Id,
    sitting: Id,
    person: Option<Id>,
) -> Result<(u64, u64), Fault> {
    let sql = "SELECT COUNT(*) AS n FROM sitting_question WHERE street = $1 AND sitting = $2";
    let all = conn.number(sql, args![street, sitting]).await?;
    let own = match person {
        Some(person) => {
            let sql = "SELECT COUNT(*) AS n FROM sitting_question WHERE street = $1 AND sitting = $2 AND person = $3 \
                       AND status IN ('asked', 'admitted')";
            conn.number(sql, args![street, sitting, person]).await?
        }
        None => 0,
    };
    Ok((all.unsigned_abs(), own.unsigned_abs()))
}

/// How many questions of a sitting nothing was said to yet.
pub(crate) async fn open_questions(conn: &mut Conn, street: Id, sitting: Id) -> Result<u64, Fault> {
    let sql = "SELECT COUNT(*) AS n FROM sitting_question WHERE street = $1 AND sitting = $2 AND status IN ('asked', 'admitted')";
    Ok(conn.number(sql, args![street, sitting]).await?.unsigned_abs())
}

/// Promised answers of some places and below that are still owed, the longest overdue first, after a day and an id.
///
/// # Errors
/// What the database says.
pub async fn promised(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    within: &[&PlacePath],
    after: (&str, Id),
) -> Result<Vec<(Question, String)>, Fault> {
    let mut args = args![street, after.0, after.1, PAGE + 1];
    let any = store::in_places(&mut args, within);
    let sql = format!(
        "SELECT state FROM sitting_question WHERE street = $1 AND status = 'promised' AND (due_on, id) > ($2, $3) AND {any} \
         ORDER BY due_on, id LIMIT $4"
    );
    let all = conn.all(sql, args).await?.iter().map(Row::state).collect::<Result<_, _>>()?;
    with_texts(conn, keys, street, all).await
}

/// What became of the questions put to the sittings of a place and below; of one sitting, when it is named.
///
/// # Errors
/// What the database says.
pub async fn question_figures(
    conn: &mut Conn,
    street: Id,
    within: &PlacePath,
    sitting: Option<Id>,
) -> Result<QuestionFigures, Fault> {
    let mut args = args![street, within, within.upper()];
    let one = match sitting {
        Some(sitting) => {
            args.push(Arg::from(sitting));
            "AND sitting = $4"
        }
        None => "",
    };
    let sql = format!(
        "SELECT status, COUNT(*) AS n FROM sitting_question WHERE street = $1 AND place >= $2 AND place < $3 {one} GROUP BY status"
    );
    by_state(&conn.all(sql, args).await?)
}

/// Counts of questions by their state.
pub(super) fn by_state(rows: &[Row]) -> Result<QuestionFigures, Fault> {
    let mut out = QuestionFigures::default();
    for row in rows {
        let (status, n): (String, u64) = (row.get("status")?, row.get("n")?);
        out.asked += n;
        match QuestionState::parse(&status) {
            Some(QuestionState::Answered) => out.answered = n,
            Some(QuestionState::Promised) => out.promised = n,
            Some(QuestionState::Delivered) => out.delivered = n,
            Some(QuestionState::Refused) => out.refused = n,
            _ => {}
        }
    }
    Ok(out)
}

async fn all_of(conn: &mut Conn, street: Id, person: Id) -> Result<Vec<Question>, Fault> {
    let sql = "SELECT state FROM sitting_question WHERE street = $1 AND person = $2 ORDER BY id";
    conn.all(sql, args![street, person]).await?.iter().map(Row::state).collect()
}

/// Everything that a person asked.
pub(super) async fn of_person(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    person: Id,
) -> Result<Vec<(Question, String)>, Fault> {
    let all = all_of(conn, street, person).await?;
    with_texts(conn, keys, street, all).await
}

/// Erases what a person asked, but for what nothing was said to yet or an answer is owed to.
pub(super) async fn erase(tx: &mut Tx, street: Id, person: Id) -> Result<Erased, Fault> {
    let mut done = Erased::default();
    for q in all_of(tx, street, person).await? {
        if q.state.is_open() || q.state == QuestionState::Promised {
            done.frozen += 1;
            continue;
        }
        done.erased += tx.erase_words(street, person, &[q.text.commit]).await?;
    }
    Ok(done)
}
