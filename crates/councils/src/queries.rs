//! What pages list, what is checked, and what is kept of people.

use crate::model::{Action, Council, Duty, Evaluation, Question, Rota, Sitting, SittingState, Submission};

mod calendar;
mod evaluations;
mod outcomes;
mod questions;
mod rota;
mod submissions;

pub(crate) use calendar::{fed, fed_duties, occurrence_planned, over, with_rhythm};
pub use evaluations::{evaluations_said, grades};
use futures_util::future::BoxFuture;
use kernel::{
    Actor, Id, PlacePath, Time,
    personal::{Basis, Keep, PersonalField},
};
pub use outcomes::{actions_within, outcomes};
pub(crate) use questions::{asked, open_questions};
pub use questions::{own_questions, promised, question_figures, questions};
pub use rota::{duties, duty, duty_figures, own_duties, rotas};
pub(crate) use rota::{duties_to_come, last_turns, on_duty, open_rotas, said, to_remind, turns_of};
use store::{Conn, Fault, Keys, Row, StreamFault, Tx, args};
pub use submissions::{admitted, submission, submissions};
use ui::{Erased, Keeper, Kept};

/// Rows of a page of a list.
pub(crate) const PAGE: i64 = 50;

/// The bodies of some places and below, by place and name, after a place and name.
///
/// # Errors
/// What the database says.
pub async fn councils(
    conn: &mut Conn,
    street: Id,
    within: &[&PlacePath],
    after: (&str, &str),
) -> Result<Vec<Council>, Fault> {
    let mut args = args![street, after.0, after.1, PAGE + 1];
    let any = store::in_places(&mut args, within);
    let sql = format!(
        "SELECT state FROM council WHERE street = $1 AND {any} AND (place, name) > ($2, $3) ORDER BY place, name LIMIT $4"
    );
    conn.all(sql, args).await?.iter().map(Row::state).collect()
}

/// Whether a place has a body of this name already.
pub(crate) async fn name_taken(
    conn: &mut Conn,
    street: Id,
    place: &PlacePath,
    name: &str,
) -> Result<bool, Fault> {
    let sql = "SELECT COUNT(*) AS n FROM council WHERE street = $1 AND place = $2 AND name = $3";
    Ok(conn.number(sql, args![street, place, name]).await? > 0)
}

/// The codes of the states of a sitting that are such, as SQL says them: codes are the program's own words.
fn states(such: fn(SittingState) -> bool) -> String {
    let codes: Vec<String> =
        SittingState::ALL.iter().filter(|s| such(**s)).map(|s| format!("'{}'", s.code())).collect();
    codes.join(", ")
}

/// Whether a sitting of a body is being held.
pub(crate) async fn sits_now(conn: &mut Conn, street: Id, council: Id) -> Result<bool, Fault> {
    let held = states(SittingState::is_held);
    let sql = format!(
        "SELECT COUNT(*) AS n FROM sitting WHERE street = $1 AND council = $2 AND status IN ({held})"
    );
    Ok(conn.number(sql, args![street, council]).await? > 0)
}

/// A body.
///
/// # Errors
/// What the database says.
pub async fn council(conn: &mut Conn, street: Id, id: Id) -> Result<Option<Council>, Fault> {
    conn.get(street, id).await
}

/// A sitting.
///
/// # Errors
/// What the database says.
pub async fn sitting(conn: &mut Conn, street: Id, id: Id) -> Result<Option<Sitting>, Fault> {
    conn.get(street, id).await
}

/// The version of what a sitting shows: rises with every change of it.
///
/// # Errors
/// What the database says; `councils.no-sitting`.
pub async fn version(conn: &mut Conn, street: Id, id: Id) -> Result<i64, Fault> {
    let sql = "SELECT s.seq + (SELECT CAST(COALESCE(SUM(q.seq + 1), 0) AS BIGINT) FROM sitting_question q WHERE q.street = s.street \
               AND q.sitting = s.id) AS n FROM sitting s WHERE s.street = $1 AND s.id = $2";
    let row = conn.one(sql, args![street, id]).await?;
    row.ok_or(kernel::Refusal::missing("councils.no-sitting"))?.get("n")
}

/// The sittings of a body, the last first, before a number.
///
/// # Errors
/// What the database says.
pub async fn sittings(conn: &mut Conn, street: Id, council: Id, before: i64) -> Result<Vec<Sitting>, Fault> {
    let sql = "SELECT state FROM sitting WHERE street = $1 AND council = $2 AND number < $3 ORDER BY number DESC LIMIT $4";
    conn.all(sql, args![street, council, before, PAGE + 1]).await?.iter().map(Row::state).collect()
}

/// Sittings that the public sees, the latest first, before an instant and id; of a place and below.
///
/// # Errors
/// What the database says.
pub async fn public_sittings(
    conn: &mut Conn,
    street: Id,
    within: &PlacePath,
    before: (Time, Id),
) -> Result<Vec<(Sitting, String)>, Fault> {
    let sql = "SELECT s.state, c.name FROM sitting s JOIN council c ON c.street = s.street AND c.id = s.council \
               WHERE s.street = $1 AND s.place >= $2 AND s.place < $3 AND s.status <> 'draft' AND (s.starts_at, s.id) < ($4, $5) \
               ORDER BY s.starts_at DESC, s.id DESC LIMIT $6";
    conn.all(sql, args![street, within, within.upper(), before.0, before.1, PAGE + 1])
        .await?
        .iter()
        .map(|row| Ok((row.state()?, row.get("name")?)))
        .collect()
}

/// The number that the next sitting of a body gets.
pub(crate) async fn next_number(conn: &mut Conn, street: Id, council: Id) -> Result<u32, Fault> {
    let sql = "SELECT COALESCE(MAX(number), 0) + 1 AS n FROM sitting WHERE street = $1 AND council = $2";
    Ok(u32::try_from(conn.number(sql, args![street, council]).await?).unwrap_or(u32::MAX))
}

/// Whether another sitting stands at this venue at this time.
pub(crate) async fn venue_taken(conn: &mut Conn, s: &Sitting) -> Result<bool, Fault> {
    let sql = format!(
        "SELECT COUNT(*) AS n FROM sitting WHERE street = $1 AND id <> $2 AND venue = $3 AND starts_at < $4 AND ends_at > $5 \
         AND status IN ({})",
        states(SittingState::claims_venue)
    );
    Ok(conn.number(sql, args![s.street, s.id, &s.venue, s.ends, s.starts]).await? > 0)
}

/// The matters that stand on an agenda still to be dealt with.
///
/// # Errors
/// What the database says.
pub async fn matters_on_agendas(conn: &mut Conn, street: Id) -> Result<Vec<Id>, Fault> {
    let sql = "SELECT DISTINCT i.matter FROM sitting_item i JOIN sitting s ON s.street = i.street AND s.id = i.sitting \
               WHERE i.street = $1 AND i.matter IS NOT NULL AND i.status IN ('scheduled', 'debating', 'voting') \
               AND s.status NOT IN ('cancelled', 'closed', 'minutes_draft', 'minutes_signed', 'published')";
    conn.all(sql, args![street]).await?.iter().map(|row| row.get("matter")).collect()
}

/// The open actions of a body, the next due first.
///
/// # Errors
/// What the database says.
pub async fn open_actions(conn: &mut Conn, street: Id, council: Id) -> Result<Vec<Action>, Fault> {
    let sql = "SELECT state FROM council_action WHERE street = $1 AND council = $2 AND status = 'open' ORDER BY due_on, id LIMIT 200";
    conn.all(sql, args![street, council]).await?.iter().map(Row::state).collect()
}

/// An action.
///
/// # Errors
/// What the database says.
pub async fn action(conn: &mut Conn, street: Id, id: Id) -> Result<Option<Action>, Fault> {
    conn.get(street, id).await
}

/// The actions that a sitting gave.
///
/// # Errors
/// What the database says.
pub async fn actions_of(conn: &mut Conn, street: Id, sitting: Id) -> Result<Vec<Action>, Fault> {
    let sql =
        "SELECT state FROM council_action WHERE street = $1 AND sitting = $2 ORDER BY due_on, id LIMIT 200";
    conn.all(sql, args![street, sitting]).await?.iter().map(Row::state).collect()
}

/// Folds every stream of this room and compares it with its rows.
///
/// # Errors
/// What the database says.
pub async fn verify(conn: &mut Conn) -> Result<(u64, Vec<StreamFault>), Fault> {
    let (mut n, mut faults) = conn.check_rows::<Council>("council_founded").await?;
    for (more, found) in [
        conn.check_rows::<Sitting>("sitting_planned").await?,
        conn.check_rows::<Action>("action_given").await?,
        conn.check_rows::<Question>("question_asked").await?,
        conn.check_rows::<Evaluation>("action_evaluated").await?,
        conn.check_rows::<Rota>("rota_made").await?,
        conn.check_rows::<Duty>("duty_planned").await?,
        conn.check_rows::<Submission>("motion_submitted").await?,
    ] {
        n += more;
        faults.extend(found);
    }
    Ok((n, faults))
}

const fn field(code: &'static str, kept_in: &'static str, law: &'static str) -> PersonalField {
    PersonalField {
        room: "councils",
        code,
        kept_in,
        basis: Basis::Duty,
        law,
        sensitive: false,
        masked: false,
        keep: Keep::Record,
    }
}

/// The register of this room: only who sat where and did what in a public body; names stay with `people`.
pub const PERSONAL: &[PersonalField] = &[
    field("seat", "council_member, council", "PIPL 13(1)3, 34"),
    field("attendance", "sitting_person, sitting", "PIPL 13(1)3, 34"),
    field("delegation", "sitting_delegate, sitting", "PIPL 13(1)3, 34"),
    field("action", "council_action", "PIPL 13(1)3, 34"),
    field("speech", "sitting", "PIPL 13(1)3, 34"),
    field("question", "sitting_question, words", "PIPL 13(1)3, 34"),
    field("evaluation", "council_evaluation, words", "PIPL 13(1)3, 34"),
    field("motion", "council_motion", "PIPL 13(1)3, 34"),
    field("duty", "council_duty, council_rota", "PIPL 13(1)3, 34"),
    field("reception", "council_duty, words", "PIPL 13(1)3, 34"),
];

/// This room's part in the duties towards people.
pub const KEEPER: Keeper = Keeper { room: "councils", fields: PERSONAL, looks: &[], about, erase };

fn about<'a>(
    conn: &'a mut Conn,
    keys: &'a Keys,
    street: Id,
    person: Id,
) -> BoxFuture<'a, Result<Vec<Kept>, Fault>> {
    Box::pin(async move {
        let mut out = Vec::new();
        let sql = "SELECT c.state FROM council_member m JOIN council c ON c.street = m.street AND c.id = m.council \
                   WHERE m.street = $1 AND m.person = $2 ORDER BY m.member";
        for row in conn.all(sql, args![street, person]).await? {
            let c: Council = row.state()?;
            let seat = c.members.iter().find(|m| m.person == person);
            let value = seat.map(|m| format!("{} {}", m.capacity, m.from)).unwrap_or_default();
            out.push(Kept { field: "seat", of: c.name, value, at: None });
        }
        let sql = "SELECT DISTINCT s.id, s.starts_at, c.name, s.number FROM sitting_person p JOIN sitting s ON s.street = p.street \
                   AND s.id = p.sitting JOIN council c ON c.street = s.street AND c.id = s.council \
                   WHERE p.street = $1 AND p.person = $2 ORDER BY s.starts_at DESC";
        for row in conn.all(sql, args![street, person]).await? {
            let (name, number, at): (String, i64, Time) =
                (row.get("name")?, row.get("number")?, row.get("starts_at")?);
            let of = format!("{name} {number}");
            out.push(Kept { field: "attendance", of, value: ui::show::full(at), at: Some(at) });
        }
        let sql = "SELECT s.starts_at, c.name, s.number FROM sitting_delegate d JOIN sitting s ON s.street = d.street \
                   AND s.id = d.sitting JOIN council c ON c.street = s.street AND c.id = s.council \
                   WHERE d.street = $1 AND d.person = $2 ORDER BY s.starts_at DESC";
        for row in conn.all(sql, args![street, person]).await? {
            let (name, number, at): (String, i64, Time) =
                (row.get("name")?, row.get("number")?, row.get("starts_at")?);
            let of = format!("{name} {number}");
            out.push(Kept { field: "delegation", of, value: ui::show::full(at), at: Some(at) });
        }
        let sql = "SELECT state FROM council_action WHERE street = $1 AND person = $2 ORDER BY due_on DESC";
        for row in conn.all(sql, args![street, person]).await? {
            let a: Action = row.state()?;
            out.push(Kept { field: "action", of: a.due.to_string(), value: a.text, at: Some(a.given_at) });
        }
        let sql = "SELECT s.id, s.starts_at, s.state FROM sitting_person p JOIN sitting s ON s.street = p.street \
                   AND s.id = p.sitting WHERE p.street = $1 AND p.person = $2 ORDER BY s.starts_at DESC, s.id";
        for row in conn.all(sql, args![street, person]).await? {
            let s: Sitting = row.state()?;
            for o in s.speeches.iter().filter(|o| o.person == person) {
                let item = s.item(o.item).map(|i| i.title.clone()).unwrap_or_default();
                out.push(Kept { field: "speech", of: item, value: o.side.to_string(), at: o.began });
            }
        }
        let sql = "SELECT d.state, c.name FROM council_duty d JOIN council c ON c.street = d.street AND c.id = d.council \
                   WHERE d.street = $1 AND d.person = $2 ORDER BY d.starts_at DESC";
        for row in conn.all(sql, args![street, person]).await? {
            let (d, of): (Duty, String) = (row.state()?, row.get("name")?);
            let value = format!("{} {}", ui::show::full(d.starts), d.state);
            out.push(Kept { field: "duty", of, value, at: Some(d.starts) });
        }
        let sql = "SELECT state FROM council_motion WHERE street = $1 AND person = $2 ORDER BY id DESC";
        for row in conn.all(sql, args![street, person]).await? {
            let s: Submission = row.state()?;
            out.push(Kept {
                field: "motion",
                of: s.title.clone(),
                value: s.text().to_owned(),
                at: Some(s.at),
            });
        }
        for (q, text) in questions::of_person(conn, keys, street, person).await? {
            let of = ui::show::full(q.asked_at);
            out.push(Kept { field: "question", of, value: text, at: Some(q.asked_at) });
        }
        for (e, text) in evaluations::of_person(conn, keys, street, person).await? {
            let value = format!("{} {text}", e.grade);
            out.push(Kept { field: "evaluation", of: ui::show::full(e.at), value, at: Some(e.at) });
        }
        Ok(out)
    })
}

/// Who sat in a public body and spoke there is part of the public record; the person's name is erased where it is kept, by
/// `people`. What somebody asked is erased, unless an answer is still owed to it.
fn erase<'a>(tx: &'a mut Tx, actor: &'a Actor, person: Id) -> BoxFuture<'a, Result<Erased, Fault>> {
    Box::pin(async move {
        let asked = questions::erase(tx, actor.street, person).await?;
        let said = evaluations::erase(tx, actor.street, person).await?;
        Ok(Erased { erased: asked.erased + said.erased, frozen: asked.frozen + said.frozen })
    })
}
