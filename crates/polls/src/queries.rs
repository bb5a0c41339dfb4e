//! What pages list, what is counted, what is checked, and what is kept of people.

use crate::{
    model::{Poll, PollState, Voter},
    rules::Head,
};
use kernel::{Id, PlacePath, Time};
use store::{Arg, Conn, Fault, Keys, Row, args};

mod check;
pub mod house;
mod keep;

pub use check::verify;
pub use keep::KEEPER;

/// Rows of a page of a list.
pub(crate) const PAGE: i64 = 50;

/// A poll.
///
/// # Errors
/// What the database says.
pub async fn poll(conn: &mut Conn, street: Id, id: Id) -> Result<Option<Poll>, Fault> {
    conn.get(street, id).await
}

/// The polls of some places and below, the newest first, before an id.
///
/// # Errors
/// What the database says.
pub async fn polls(
    conn: &mut Conn,
    street: Id,
    within: &[&PlacePath],
    public: bool,
    before: Id,
) -> Result<Vec<Poll>, Fault> {
    let such = if public { "status NOT IN ('draft', 'ruled', 'rolled')" } else { "1 = 1" };
    conn.newest(street, within, such, before, PAGE + 1).await
}

/// The polls that came from something.
///
/// # Errors
/// What the database says.
pub async fn polls_of(conn: &mut Conn, street: Id, origin: Id) -> Result<Vec<Poll>, Fault> {
    let sql = "SELECT state FROM poll WHERE street = $1 AND origin = $2 ORDER BY id";
    conn.all(sql, args![street, origin]).await?.iter().map(Row::state).collect()
}

/// Polls whose clock has struck.
pub(crate) async fn struck(conn: &mut Conn, now: Time, limit: i64) -> Result<Vec<(Id, Id)>, Fault> {
    let sql = "SELECT street, id FROM poll WHERE next_at <= $1 AND status IN ('noticed', 'open', 'published') ORDER BY next_at LIMIT $2";
    conn.all(sql, args![now, limit]).await?.iter().map(|r| Ok((r.get("street")?, r.get("id")?))).collect()
}

/// A published text of a poll: `roll-1`, `result`.
///
/// # Errors
/// What the database says.
pub async fn text(conn: &mut Conn, street: Id, poll: Id, name: &str) -> Result<Option<String>, Fault> {
    let sql = "SELECT body FROM poll_text WHERE street = $1 AND poll = $2 AND name = $3";
    conn.one(sql, args![street, poll, name]).await?.map(|r| r.get("body")).transpose()
}

/// The heads of a poll's roll with names and telephones: what was kept encrypted.
///
/// # Errors
/// What the database says.
pub async fn heads(conn: &mut Conn, keys: &Keys, poll: &Poll) -> Result<Vec<Head>, Fault> {
    let Some(roll) = &poll.roll else { return Ok(Vec::new()) };
    let commit = [roll.names.commit.clone()];
    let clear = conn.clear_words(keys, poll.street, &commit).await?;
    let text =
        clear.get(&roll.names.commit).ok_or_else(|| Fault::other("the names of a roll are not there"))?;
    Ok(serde_json::from_str(text)?)
}

/// A head as its row has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadRow {
    /// Its number.
    pub head: u32,
    /// Its units in words.
    pub units: String,
    /// Its area in 0.01 m².
    pub area: u64,
}

fn head_row(row: &Row) -> Result<HeadRow, Fault> {
    Ok(HeadRow { head: row.get("head")?, units: row.get("units")?, area: row.get("area")? })
}

/// The heads `h` of a street (`$1`) that may be a person (`$2`), by the roll, by the telephone there (`$3`), or as staff recognised
/// them in `v`: three looks into three indexes, however long the rolls are.
const PERHAPS: &str = "(SELECT poll, head FROM poll_head WHERE street = $1 AND person = $2 \
    UNION SELECT poll, head FROM poll_head WHERE street = $1 AND blind = $3 \
    UNION SELECT poll, head FROM poll_voter WHERE street = $1 AND person = $2) m \
    JOIN poll_head h ON h.street = $1 AND h.poll = m.poll AND h.head = m.head \
    LEFT JOIN poll_voter v ON v.street = $1 AND v.poll = m.poll AND v.head = m.head";
/// Those of them who are. Staff's recognition goes before the roll: a unit changed hands while the poll ran. A person on the roll
/// goes before the telephone there: a number may come to somebody else.
const THEIRS: &str =
    "(v.person = $2 OR (v.person IS NULL AND (h.person = $2 OR (h.person IS NULL AND h.blind = $3))))";

/// A head of a poll.
///
/// # Errors
/// What the database says.
pub async fn head(conn: &mut Conn, street: Id, poll: Id, head: u32) -> Result<Option<HeadRow>, Fault> {
    let sql = "SELECT head, units, area FROM poll_head WHERE street = $1 AND poll = $2 AND head = $3";
    conn.one(sql, args![street, poll, head]).await?.as_ref().map(head_row).transpose()
}

/// Which heads of a poll a person is: by the register, by the telephone that the roll carries, or as staff recognised them.
///
/// # Errors
/// What the database says.
pub async fn own_heads(
    conn: &mut Conn,
    keys: &Keys,
    street: Id,
    poll: Id,
    person: Id,
) -> Result<Vec<HeadRow>, Fault> {
    let phone = people::queries::person(conn, keys, street, person).await?.and_then(|p| p.phone);
    let blind = phone.map(|p| keys.blind("phone", &p));
    let sql = format!(
        "SELECT h.head, h.units, h.area FROM {PERHAPS} WHERE h.poll = $4 AND {THEIRS} ORDER BY h.head LIMIT 100"
    );
    conn.all(sql, args![street, person, blind, poll]).await?.iter().map(head_row).collect()
}

/// Heads for which some heads vote as agents.
///
/// # Errors
/// What the database says.
pub async fn principals(
    conn: &mut Conn,
    street: Id,
    poll: Id,
    agents: &[u32],
) -> Result<Vec<(HeadRow, u32)>, Fault> {
    if agents.is_empty() {
        return Ok(Vec::new());
    }
    let mut args = args![street, poll];
    args.extend(agents.iter().map(|a| Arg::from(*a)));
    let sql = format!(
        "SELECT h.head, h.units, h.area, v.agent FROM poll_voter v JOIN poll_head h ON h.street = v.street AND h.poll = v.poll \
         AND h.head = v.head WHERE v.street = $1 AND v.poll = $2 AND v.agent IN ({}) ORDER BY h.head LIMIT 100",
        store::place_marks(3, agents.len())
    );
    conn.all(sql, args).await?.iter().map(|r| Ok((head_row(r)?, r.get("agent")?))).collect()
}

/// What is known of a head.
///
/// # Errors
/// What the database says.
pub async fn voter(conn: &mut Conn, street: Id, poll: Id, head: u32) -> Result<Option<Voter>, Fault> {
    conn.get(street, crate::actions::voter_id(poll, head)).await
}

/// Heads with what happened to them, by number after one; `find` looks for a unit.
///
/// # Errors
/// What the database says.
pub async fn register(
    conn: &mut Conn,
    street: Id,
    poll: Id,
    find: &str,
    only: Only,
    after: i64,
) -> Result<Vec<(HeadRow, Option<Voter>)>, Fault> {
    let only = match only {
        Only::All => "",
        Only::Unserved => " AND (v.reached IS NULL OR v.reached = 'unserved') AND v.vote IS NULL",
        Only::Unsettled => " AND v.unsettled",
        Only::Silent => " AND v.vote IS NULL",
        Only::Proxies => " AND v.agent IS NOT NULL",
    };
    let only = if conn.engine() == store::Engine::Sqlite {
        only.replace("v.unsettled", "v.unsettled = 1")
    } else {
        only.to_owned()
    };
    let sql = format!(
        "SELECT h.head, h.units, h.area, v.state FROM poll_head h \
         LEFT JOIN poll_voter v ON v.street = h.street AND v.poll = h.poll AND v.head = h.head \
         WHERE h.street = $1 AND h.poll = $2 AND h.head > $3 AND h.units LIKE $4{only} ORDER BY h.head LIMIT $5"
    );
    let like = format!("%{}%", find.replace(['%', '_'], ""));
    conn.all(sql, args![street, poll, after, like, PAGE + 1])
        .await?
        .iter()
        .map(|r| {
            let voter: Option<serde_json::Value> = r.get("state")?;
            Ok((head_row(r)?, voter.map(serde_json::from_value).transpose()?))
        })
        .collect()
}

/// Which heads of a register are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Only {
    /// All.
    #[default]
    All,
    /// Not reached yet.
    Unserved,
    /// Whose paper was read once, or differently.
    Unsettled,
    /// Without a ballot.
    Silent,
    /// With a proxy.
    Proxies,
}

/// Who took part so far, and how deliveries went. Never what anybody said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turnout {
    /// Heads that voted, or were handed a secret ballot.
    pub heads: u64,
    /// Their area in 0.01 m².
    pub area: u64,
    /// Heads served.
    pub served: u64,
    /// Heads for whom it was put up.
    pub posted: u64,
    /// Heads that were not met.
    pub unserved: u64,
    /// Heads whose paper is not settled.
    pub unsettled: u64,
}

/// Who took part so far.
///
/// # Errors
/// What the database says.
pub async fn turnout(conn: &mut Conn, poll: &Poll) -> Result<Turnout, Fault> {
    let sql = "SELECT heads, area, served, posted, unserved, unsettled FROM poll_turnout WHERE street = $1 AND poll = $2";
    let row = conn.one(sql, args![poll.street, poll.id]).await?;
    let mut out = row.as_ref().map(turnout_row).transpose()?.unwrap_or_default();
    if poll.secret {
        let sql = "SELECT COUNT(*) AS n FROM poll_handed WHERE street = $1 AND poll = $2";
        out.heads = u64::try_from(conn.number(sql, args![poll.street, poll.id]).await?).unwrap_or(0);
    }
    Ok(out)
}

fn turnout_row(row: &Row) -> Result<Turnout, Fault> {
    Ok(Turnout {
        heads: row.get("heads")?,
        area: row.get("area")?,
        served: row.get("served")?,
        posted: row.get("posted")?,
        unserved: row.get("unserved")?,
        unsettled: row.get("unsettled")?,
    })
}

/// The same, counted from the heads themselves: what `verify` compares.
pub(crate) async fn turnout_counted(conn: &mut Conn, street: Id, poll: Id) -> Result<Turnout, Fault> {
    let mut out = Turnout::default();
    let sql = "SELECT COUNT(*) AS n, CAST(SUM(area) AS BIGINT) AS area FROM poll_voter WHERE street = $1 AND poll = $2 AND vote IS NOT NULL";
    if let Some(row) = conn.one(sql, args![street, poll]).await? {
        (out.heads, out.area) = (row.get("n")?, row.get::<Option<u64>>("area")?.unwrap_or(0));
    }
    let sql = "SELECT reached, unsettled, COUNT(*) AS n FROM poll_voter WHERE street = $1 AND poll = $2 GROUP BY reached, unsettled";
    for row in conn.all(sql, args![street, poll]).await? {
        let many: u64 = row.get("n")?;
        match row.get::<Option<String>>("reached")?.as_deref() {
            Some("served") => out.served += many,
            Some("posted") => out.posted += many,
            Some("unserved") => out.unserved += many,
            _ => {}
        }
        if row.get::<bool>("unsettled")? {
            out.unsettled += many;
        }
    }
    Ok(out)
}

/// The ballots that count of a named poll: head, area, vote. `heads` are only read where they are published.
pub(crate) async fn ballots(
    conn: &mut Conn,
    poll: &Poll,
    heads: bool,
) -> Result<Vec<(u32, u64, String, u64)>, Fault> {
    let sql = if heads {
        "SELECT head, area, vote, 1 AS n FROM poll_voter WHERE street = $1 AND poll = $2 AND vote IS NOT NULL ORDER BY head"
    } else {
        "SELECT 0 AS head, area, vote, COUNT(*) AS n FROM poll_voter WHERE street = $1 AND poll = $2 AND vote IS NOT NULL \
         GROUP BY vote, area ORDER BY vote, area"
    };
    let mut out = Vec::new();
    for row in conn.all(sql, args![poll.street, poll.id]).await? {
        // PostgreSQL types a literal as a four-byte number; the count and the columns are eight.
        let head = if heads { row.get("head")? } else { 0 };
        let n = if heads { 1 } else { row.get("n")? };
        out.push((head, row.get("area")?, row.get("vote")?, n));
    }
    Ok(out)
}

/// Heads that were neither served nor voted.
pub(crate) async fn unserved(conn: &mut Conn, poll: &Poll) -> Result<Vec<u32>, Fault> {
    let sql = "SELECT h.head FROM poll_head h LEFT JOIN poll_voter v ON v.street = h.street AND v.poll = h.poll AND v.head = h.head \
               WHERE h.street = $1 AND h.poll = $2 AND (v.reached IS NULL OR v.reached <> 'served') AND v.vote IS NULL ORDER BY h.head";
    conn.all(sql, args![poll.street, poll.id]).await?.iter().map(|r| r.get("head")).collect()
}

/// Ballots that were struck out, by reason.
pub(crate) async fn struck_out(
    conn: &mut Conn,
    poll: &Poll,
) -> Result<std::collections::BTreeMap<String, u64>, Fault> {
    let sql = "SELECT state FROM poll_voter WHERE street = $1 AND poll = $2 AND vote IS NULL AND reached IS NOT NULL";
    let mut out = std::collections::BTreeMap::new();
    for row in conn.all(sql, args![poll.street, poll.id]).await? {
        let voter: Voter = row.state()?;
        for ballot in voter.ballots.iter().filter(|b| b.why.is_some()) {
            *out.entry(ballot.why.clone().unwrap_or_default()).or_default() += 1;
        }
    }
    Ok(out)
}

/// The box of a secret poll: votes and how many ballots say so.
pub(crate) async fn secret_box(conn: &mut Conn, street: Id, poll: Id) -> Result<Vec<(String, u64)>, Fault> {
    let sql = "SELECT vote, n FROM poll_box WHERE street = $1 AND poll = $2 ORDER BY vote";
    let mut out: Vec<(String, u64)> = conn
        .all(sql, args![street, poll])
        .await?
        .iter()
        .map(|r| Ok((r.get("vote")?, r.get("n")?)))
        .collect::<Result<_, Fault>>()?;
    // Engines sort letters in different ways; the hash needs one.
    out.sort();
    Ok(out)
}

/// Who was handed a secret ballot: head, day, way.
pub(crate) async fn handed(
    conn: &mut Conn,
    street: Id,
    poll: Id,
) -> Result<Vec<(u32, String, String)>, Fault> {
    let sql = "SELECT head, day, way FROM poll_handed WHERE street = $1 AND poll = $2 ORDER BY head";
    conn.all(sql, args![street, poll])
        .await?
        .iter()
        .map(|r| Ok((r.get("head")?, r.get("day")?, r.get("way")?)))
        .collect()
}

/// Whether a head was handed a secret ballot.
///
/// # Errors
/// What the database says.
pub async fn was_handed(conn: &mut Conn, street: Id, poll: Id, head: u32) -> Result<bool, Fault> {
    let sql = "SELECT COUNT(*) AS n FROM poll_handed WHERE street = $1 AND poll = $2 AND head = $3";
    Ok(conn.number(sql, args![street, poll, head]).await? > 0)
}

/// In what form a head was handed a secret ballot.
///
/// # Errors
/// What the database says.
pub async fn handed_way(conn: &mut Conn, street: Id, poll: Id, head: u32) -> Result<Option<String>, Fault> {
    let sql = "SELECT way FROM poll_handed WHERE street = $1 AND poll = $2 AND head = $3";
    conn.one(sql, args![street, poll, head]).await?.map(|r| r.get("way")).transpose()
}

/// The proxies that stand: principal and agent, in the order of heads.
pub(crate) async fn proxies(conn: &mut Conn, street: Id, poll: Id) -> Result<Vec<(u32, u32)>, Fault> {
    let sql = "SELECT head, agent FROM poll_voter WHERE street = $1 AND poll = $2 AND agent IS NOT NULL ORDER BY head";
    conn.all(sql, args![street, poll]).await?.iter().map(|r| Ok((r.get("head")?, r.get("agent")?))).collect()
}

/// Account holders whom staff recognised as heads.
pub(crate) async fn recognised(
    conn: &mut Conn,
    street: Id,
    poll: Id,
) -> Result<std::collections::HashMap<u32, Id>, Fault> {
    let sql = "SELECT head, person FROM poll_voter WHERE street = $1 AND poll = $2 AND person IS NOT NULL";
    conn.all(sql, args![street, poll]).await?.iter().map(|r| Ok((r.get("head")?, r.get("person")?))).collect()
}

/// The persons on a roll who are known, each once.
pub(crate) async fn known_persons(conn: &mut Conn, street: Id, poll: Id) -> Result<Vec<Id>, Fault> {
    let sql = "SELECT DISTINCT person FROM poll_head WHERE street = $1 AND poll = $2 AND person IS NOT NULL LIMIT 20000";
    conn.all(sql, args![street, poll]).await?.iter().map(|r| r.get("person")).collect()
}

/// The polls in which a person may vote now.
///
/// # Errors
/// What the database says.
pub async fn open_for(conn: &mut Conn, keys: &Keys, street: Id, person: Id) -> Result<Vec<Poll>, Fault> {
    let phone = people::queries::person(conn, keys, street, person).await?.and_then(|p| p.phone);
    let blind = phone.map(|p| keys.blind("phone", &p));
    let sql = format!(
        "SELECT DISTINCT h.poll FROM {PERHAPS} JOIN poll p ON p.street = h.street AND p.id = h.poll \
         WHERE p.status = $4 AND {THEIRS} LIMIT 20"
    );
    let mut out = Vec::new();
    for row in conn.all(sql, args![street, person, blind, PollState::Open.code()]).await? {
        out.extend(poll(conn, street, row.get("poll")?).await?);
    }
    Ok(out)
}
