//! What pages list, what is checked, and what is kept of people.

use crate::model::{Built, Counts, Opinion, OpinionKind, OpinionState, Plan};
use futures_util::future::BoxFuture;
use kernel::{
    Actor, Id, PlacePath, Time,
    personal::{Basis, Keep, PersonalField},
};
use store::{Conn, Fault, Keys, Row, StreamFault, Tx, args, in_places};
use ui::{Erased, Keeper, Kept};

/// Rows of a page of a list.
pub(crate) const PAGE: i64 = 50;

/// A plan.
///
/// # Errors
/// What the database says.
pub async fn plan(conn: &mut Conn, street: Id, id: Id) -> Result<Option<Plan>, Fault> {
    conn.get(street, id).await
}

/// The plans of some places and below, the newest first, before an id; only those that everybody may see, when asked.
///
/// # Errors
/// What the database says.
pub async fn plans(
    conn: &mut Conn,
    street: Id,
    within: &[&PlacePath],
    public: bool,
    before: Id,
) -> Result<Vec<Plan>, Fault> {
    let such = if public { "public = 1" } else { "1 = 1" };
    conn.newest(street, within, such, before, PAGE + 1).await
}

/// The plans of some places and below whose works build something, the newest first, before an id.
///
/// # Errors
/// What the database says.
pub async fn building(
    conn: &mut Conn,
    street: Id,
    within: &[&PlacePath],
    what: &str,
    before: Id,
) -> Result<Vec<Plan>, Fault> {
    let mut args = args![street, before, PAGE + 1, what];
    let within = in_places(&mut args, within);
    let sql = format!(
        "SELECT state FROM plan WHERE street = $1 AND id < $2 AND {within} \
         AND id IN (SELECT plan FROM plan_goal WHERE street = $1 AND what = $4) ORDER BY id DESC LIMIT $3"
    );
    conn.all(sql, args).await?.iter().map(Row::state).collect()
}

/// What the works of some places and below have built and mean to build, the most planned first.
///
/// # Errors
/// What the database says.
pub async fn built(conn: &mut Conn, street: Id, within: &[&PlacePath]) -> Result<Vec<Built>, Fault> {
    let mut args = args![street, PAGE];
    let within = in_places(&mut args, within);
    let sql = format!(
        "SELECT what, unit, COUNT(*) AS plans, CAST(SUM(planned) AS BIGINT) AS planned, CAST(SUM(built) AS BIGINT) AS built \
         FROM plan_goal WHERE street = $1 AND {within} GROUP BY what, unit ORDER BY 4 DESC, what, unit LIMIT $2"
    );
    let line = |r: &Row| {
        Ok(Built {
            what: r.get("what")?,
            unit: r.get("unit")?,
            plans: r.get("plans")?,
            planned: r.get("planned")?,
            built: r.get("built")?,
        })
    };
    conn.all(sql, args).await?.iter().map(line).collect()
}

/// Consultations whose last day is over.
pub(crate) async fn struck(conn: &mut Conn, now: Time, limit: i64) -> Result<Vec<(Id, Id)>, Fault> {
    let sql = "SELECT street, id FROM plan WHERE next_at <= $1 ORDER BY next_at LIMIT $2";
    conn.all(sql, args![now, limit]).await?.iter().map(|r| Ok((r.get("street")?, r.get("id")?))).collect()
}

/// How many opinions a plan has, and how far they are.
///
/// # Errors
/// What the database says.
pub async fn counts(conn: &mut Conn, street: Id, plan: Id) -> Result<Counts, Fault> {
    let sql = "SELECT kind, status, COUNT(*) AS n FROM plan_opinion WHERE street = $1 AND plan = $2 GROUP BY kind, status";
    let mut out = Counts::default();
    for row in conn.all(sql, args![street, plan]).await? {
        let (kind, status, n): (String, String, u64) = (row.get("kind")?, row.get("status")?, row.get("n")?);
        let status = OpinionState::parse(&status);
        if status == Some(OpinionState::TakenBack) {
            continue;
        }
        let kind = OpinionKind::parse(&kind);
        match kind {
            Some(OpinionKind::Support) => out.support += n,
            Some(OpinionKind::Suggest) => out.suggest += n,
            Some(OpinionKind::Object) => out.object += n,
            None => {}
        }
        match status {
            Some(OpinionState::Put) if kind != Some(OpinionKind::Support) => out.unanswered += n,
            Some(OpinionState::Maintained) => out.maintained += n,
            _ => {}
        }
    }
    Ok(out)
}

/// How many opinions of a kind one person has in a round that were not taken back.
pub(crate) async fn own_count(
    conn: &mut Conn,
    street: Id,
    plan: Id,
    (person, round, kind): (Id, usize, OpinionKind),
) -> Result<u64, Fault> {
    let sql = "SELECT COUNT(*) AS n FROM plan_opinion WHERE street = $1 AND plan = $2 AND person = $3 AND round = $4 \
               AND kind = $5 AND status <> 'taken_back'";
    let n = conn.number(sql, args![street, plan, person, round, kind.code()]).await?;
    Ok(n.unsigned_abs())
}

/// Opinions with their words, and where the list goes on.
pub type Opinions = (Vec<(Opinion, String)>, Option<Id>);

/// The opinions of a plan that say something, in the order in which they were said, after an id.
///
/// # Errors
/// What the database says.
pub async fn opinions(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    plan: Id,
    after: Id,
) -> Result<Opinions, Fault> {
    let sql = "SELECT state FROM plan_opinion WHERE street = $1 AND plan = $2 AND kind <> 'support' \
               AND status <> 'taken_back' AND id > $3 ORDER BY id LIMIT $4";
    let mut all: Vec<Opinion> = conn
        .all(sql, args![street, plan, after, PAGE + 1])
        .await?
        .iter()
        .map(Row::state)
        .collect::<Result<_, _>>()?;
    let more = all.len() > PAGE as usize;
    all.truncate(PAGE as usize);
    let next = all.last().filter(|_| more).map(|o| o.id);
    Ok((with_words(conn, keys, street, all).await?, next))
}

/// What one person said to a plan.
///
/// # Errors
/// What the database says.
pub async fn own(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    plan: Id,
    person: Id,
) -> Result<Vec<(Opinion, String)>, Fault> {
    let sql = "SELECT state FROM plan_opinion WHERE street = $1 AND plan = $2 AND person = $3 ORDER BY id";
    let all =
        conn.all(sql, args![street, plan, person]).await?.iter().map(Row::state).collect::<Result<_, _>>()?;
    with_words(conn, keys, street, all).await
}

/// Everybody who said something to a plan.
pub(crate) async fn voices(conn: &mut Conn, street: Id, plan: Id) -> Result<Vec<Id>, Fault> {
    let sql = "SELECT DISTINCT person FROM plan_opinion WHERE street = $1 AND plan = $2 AND person IS NOT NULL \
               AND status <> 'taken_back' ORDER BY person";
    conn.all(sql, args![street, plan]).await?.iter().map(|r| r.get("person")).collect()
}

async fn with_words(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    all: Vec<Opinion>,
) -> Result<Vec<(Opinion, String)>, Fault> {
    let commits: Vec<String> = all.iter().filter_map(|o| o.text.as_ref()).map(|w| w.commit.clone()).collect();
    let mut clear = conn.clear_words(keys, street, &commits).await?;
    let said = |o: Opinion| {
        let text = o.text.as_ref().and_then(|w| clear.remove(&w.commit)).unwrap_or_default();
        (o, text)
    };
    Ok(all.into_iter().map(said).collect())
}

/// Folds every stream of this room and compares it with its rows.
///
/// # Errors
/// What the database says.
pub async fn verify(conn: &mut Conn) -> Result<(u64, Vec<StreamFault>), Fault> {
    let (mut n, mut faults) = conn.check_rows::<Plan>("plan_drafted").await?;
    let (more, found) = conn.check_rows::<Opinion>("opinion_put").await?;
    n += more;
    faults.extend(found);
    Ok((n, faults))
}

/// The register of this room: what somebody said to a plan.
pub const PERSONAL: &[PersonalField] = &[PersonalField {
    room: "plans",
    code: "opinion",
    kept_in: "plan_opinion, words",
    basis: Basis::Duty,
    law: "居委会组织法 33, 35; PIPL 13(1)3",
    sensitive: false,
    masked: false,
    keep: Keep::Record,
}];

/// This room's part in the duties towards people.
pub const KEEPER: Keeper = Keeper { room: "plans", fields: PERSONAL, looks: &[], about, erase };

async fn of_person(conn: &mut Conn, street: Id, person: Id) -> Result<Vec<Opinion>, Fault> {
    let sql = "SELECT state FROM plan_opinion WHERE street = $1 AND person = $2 ORDER BY id";
    conn.all(sql, args![street, person]).await?.iter().map(Row::state).collect()
}

fn about<'a>(
    conn: &'a mut Conn,
    keys: &'a Keys,
    street: Id,
    person: Id,
) -> BoxFuture<'a, Result<Vec<Kept>, Fault>> {
    Box::pin(async move {
        let all = of_person(conn, street, person).await?;
        let all = with_words(conn, keys, street, all).await?;
        let kept = |(o, text): (Opinion, String)| Kept {
            field: "opinion",
            of: ui::show::full(o.at),
            value: format!("{} {text}", o.kind),
            at: Some(o.at),
        };
        Ok(all.into_iter().map(kept).collect())
    })
}

/// The words of an opinion are erased; that there was one, and what was answered, stays. One that is still owed an answer stays
/// until it is answered.
fn erase<'a>(tx: &'a mut Tx, actor: &'a Actor, person: Id) -> BoxFuture<'a, Result<Erased, Fault>> {
    Box::pin(async move {
        let mut done = Erased::default();
        for o in of_person(tx, actor.street, person).await? {
            let Some(words) = o.text else { continue };
            let plan: Option<Plan> = tx.get(actor.street, o.plan).await?;
            let owed = o.state == OpinionState::Put && plan.is_some_and(|p| p.ended_at.is_none());
            if owed {
                done.frozen += 1;
                continue;
            }
            done.erased += tx.erase_words(actor.street, person, &[words.commit]).await?;
        }
        Ok(done)
    })
}
