//! What came of sittings: counts by kind of body, and the actions themselves.

use super::{PAGE, questions::by_state, states};
use crate::model::{Action, CouncilKind, KindOutcomes, Outcomes, SittingState};
use chrono::NaiveDate;
use kernel::{Id, PlacePath, Time};
use store::{Arg, Conn, Fault, Row, args};

/// The sittings of a place and below that begin in a period, as `s`.
const WITHIN: &str =
    "s.street = $1 AND s.place >= $2 AND s.place < $3 AND s.starts_at >= $4 AND s.starts_at < $5";

/// Whether a sitting was opened, whatever became of it then.
const fn was_held(state: SittingState) -> bool {
    use SittingState::{Closed, InSession, MinutesDraft, MinutesSigned, Published, Recess};
    matches!(state, InSession | Recess | Closed | MinutesDraft | MinutesSigned | Published)
}

fn scope(street: Id, within: &PlacePath, (from, to): (Time, Time)) -> Vec<Arg> {
    args![street, within, within.upper(), from, to]
}

/// The entry of a row's kind.
fn entry<'a>(kinds: &'a mut Vec<KindOutcomes>, row: &Row) -> Result<&'a mut KindOutcomes, Fault> {
    let kind: String = row.get("kind")?;
    let kind = CouncilKind::parse(&kind).ok_or_else(|| Fault::other("no such kind"))?;
    let at = kinds.iter().position(|k| k.kind == kind).unwrap_or_else(|| {
        kinds.push(KindOutcomes::none(kind));
        kinds.len() - 1
    });
    kinds.get_mut(at).ok_or_else(|| Fault::other("no such kind"))
}

/// What came of the sittings of a place and below that began in a period (its end is not part of it). A constant number of
/// statements.
///
/// # Errors
/// What the database says.
pub async fn outcomes(
    conn: &mut Conn,
    street: Id,
    within: &PlacePath,
    period: (Time, Time),
    today: NaiveDate,
) -> Result<Outcomes, Fault> {
    let held = states(was_held);
    let body = "JOIN council k ON k.street = s.street AND k.id = s.council";
    let mut out = Outcomes::default();
    let sql = format!(
        "SELECT k.kind, COUNT(*) AS n FROM sitting s {body} WHERE {WITHIN} AND s.status IN ({held}) GROUP BY k.kind ORDER BY k.kind"
    );
    for row in conn.all(sql, scope(street, within, period)).await? {
        entry(&mut out.kinds, &row)?.sittings = row.get("n")?;
    }
    let sql = format!(
        "SELECT k.kind, COUNT(*) AS n FROM sitting_item i JOIN sitting s ON s.street = i.street AND s.id = i.sitting {body} \
         WHERE {WITHIN} AND s.status IN ({held}) AND i.status = 'decided' GROUP BY k.kind ORDER BY k.kind"
    );
    for row in conn.all(sql, scope(street, within, period)).await? {
        entry(&mut out.kinds, &row)?.decided = row.get("n")?;
    }
    let sql = format!(
        "SELECT COUNT(DISTINCT i.matter) AS n FROM sitting_item i JOIN sitting s ON s.street = i.street AND s.id = i.sitting \
         WHERE {WITHIN} AND s.status IN ({held}) AND i.status NOT IN ('scheduled', 'withdrawn')"
    );
    out.matters = conn.number(sql, scope(street, within, period)).await?.unsigned_abs();
    let action = "JOIN sitting s ON s.street = a.street AND s.id = a.sitting";
    let sql = format!(
        "SELECT k.kind, COUNT(*) AS n, COUNT(CASE WHEN a.status = 'done' THEN 1 END) AS done, \
         COUNT(CASE WHEN a.status = 'open' AND a.due_on < $6 THEN 1 END) AS overdue FROM council_action a {action} {body} \
         WHERE {WITHIN} AND s.status = 'published' GROUP BY k.kind ORDER BY k.kind"
    );
    let mut args = scope(street, within, period);
    args.push(Arg::from(today.to_string()));
    for row in conn.all(sql, args).await? {
        let kind = entry(&mut out.kinds, &row)?;
        (kind.actions, kind.done, kind.overdue) = (row.get("n")?, row.get("done")?, row.get("overdue")?);
    }
    let sql = format!(
        "SELECT e.grade, COUNT(*) AS n FROM council_evaluation e JOIN council_action a ON a.street = e.street AND a.id = e.action {action} \
         WHERE {WITHIN} AND s.status = 'published' GROUP BY e.grade"
    );
    out.grades = super::evaluations::by_grade(&conn.all(sql, scope(street, within, period)).await?)?;
    let sql = format!(
        "SELECT q.status, COUNT(*) AS n FROM sitting_question q JOIN sitting s ON s.street = q.street AND s.id = q.sitting \
         WHERE {WITHIN} GROUP BY q.status"
    );
    out.questions = by_state(&conn.all(sql, scope(street, within, period)).await?)?;
    Ok(out)
}

/// The actions behind [`outcomes`], those that are due last first, before a day and an id; one more than a page.
///
/// # Errors
/// What the database says.
pub async fn actions_within(
    conn: &mut Conn,
    street: Id,
    within: &PlacePath,
    period: (Time, Time),
    before: (&str, Id),
) -> Result<Vec<Action>, Fault> {
    let sql = format!(
        "SELECT a.state FROM council_action a JOIN sitting s ON s.street = a.street AND s.id = a.sitting \
         WHERE {WITHIN} AND s.status = 'published' AND (a.due_on, a.id) < ($6, $7) ORDER BY a.due_on DESC, a.id DESC LIMIT $8"
    );
    let mut args = scope(street, within, period);
    args.extend(args![before.0, before.1, PAGE + 1]);
    conn.all(sql, args).await?.iter().map(Row::state).collect()
}
