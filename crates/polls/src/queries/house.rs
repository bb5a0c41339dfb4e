//! What the house knows that a roll can be made from.

use crate::{
    actions::{Body, Bridge},
    model::{Poll, Shape, Source},
    rules::{Line, house},
};
use chrono::NaiveDate;
use kernel::{Id, OfficeKind, Refusal};
use places::PlaceKind;
use std::collections::BTreeMap;
use store::{Conn, Fault, Keys};

/// Dwellings of a roll at most: a whole street.
const MOST_DWELLINGS: i64 = 50_000;

/// A source with how many it would bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Which.
    pub source: Source,
    /// Its name, where it has one of its own.
    pub name: String,
    /// How many.
    pub many: usize,
}

async fn bodies(conn: &mut Conn, bridge: Bridge, poll: &Poll, day: NaiveDate) -> Result<Vec<Body>, Fault> {
    (bridge.bodies)(conn, poll.street, &poll.place, day).await
}

async fn holders(
    conn: &mut Conn,
    poll: &Poll,
    day: NaiveDate,
) -> Result<BTreeMap<OfficeKind, Vec<Id>>, Fault> {
    let mut out: BTreeMap<OfficeKind, Vec<Id>> = BTreeMap::new();
    for (kind, person) in people::queries::in_office(conn, poll.street, &poll.place, day).await? {
        let list = out.entry(kind).or_default();
        if !list.contains(&person) {
            list.push(person);
        }
    }
    Ok(out)
}

/// What a poll's roll can be made from: bodies and offices of its place and below, its dwellings. Owners vote by area, which
/// the house does not know.
///
/// # Errors
/// What the database says.
pub async fn offers(
    conn: &mut Conn,
    bridge: Bridge,
    poll: &Poll,
    day: NaiveDate,
) -> Result<Vec<Offer>, Fault> {
    if matches!(poll.shape, Shape::Owners { .. }) {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    for body in bodies(conn, bridge, poll, day).await? {
        let many = body.members.len();
        out.push(Offer { source: Source::Body(body.id), name: body.name, many });
    }
    for (kind, persons) in holders(conn, poll, day).await? {
        out.push(Offer { source: Source::Office(kind), name: String::new(), many: persons.len() });
    }
    let kinds = [PlaceKind::Dwelling];
    let dwellings = places::count_under(conn, poll.street, &poll.place, &kinds).await?;
    if dwellings > 0 {
        out.push(Offer { source: Source::Dwellings, name: String::new(), many: dwellings });
    }
    Ok(out)
}

/// The lines that a source gives now, and its name.
///
/// # Errors
/// `polls.no-source` when it is none of this poll; `polls.source-empty`; `polls.source-nameless` with how many people have no name.
pub async fn lines(
    conn: &mut Conn,
    keys: &Keys,
    bridge: Bridge,
    poll: &Poll,
    source: Source,
    day: NaiveDate,
) -> Result<(String, Vec<Line>), Fault> {
    let none = || Refusal::invalid("from", "polls.no-source");
    if matches!(poll.shape, Shape::Owners { .. }) {
        return Err(none().into());
    }
    let (name, persons) = match source {
        Source::Body(id) => {
            let body = bodies(conn, bridge, poll, day).await?.into_iter().find(|b| b.id == id);
            let body = body.ok_or_else(none)?;
            (body.name, body.members)
        }
        Source::Office(kind) => {
            let mut all = holders(conn, poll, day).await?;
            (String::new(), all.remove(&kind).ok_or_else(none)?)
        }
        Source::Dwellings => {
            let kinds = [PlaceKind::Dwelling];
            let list = places::under(conn, poll.street, &poll.place, &kinds, MOST_DWELLINGS + 1).await?;
            if list.is_empty() {
                return Err(Refusal::invalid("from", "polls.source-empty").into());
            }
            if list.len() as i64 > MOST_DWELLINGS {
                let refusal = Refusal::invalid("from", "polls.roll-long");
                return Err(refusal.with("most", MOST_DWELLINGS).into());
            }
            let living = people::queries::living_in(conn, keys, poll.street, &poll.place).await?;
            let list: Vec<_> = list.into_iter().map(|p| (p.path, p.full_name)).collect();
            return Ok((String::new(), house::of_dwellings(&list, &living)));
        }
    };
    if persons.is_empty() {
        return Err(Refusal::invalid("from", "polls.source-empty").into());
    }
    let names = people::queries::names(conn, keys, poll.street, &persons).await?;
    let nameless = persons.iter().filter(|p| !names.contains_key(p)).count();
    if nameless > 0 {
        return Err(Refusal::invalid("from", "polls.source-nameless").with("n", nameless).into());
    }
    let people = persons.into_iter().filter_map(|p| Some((p, names.get(&p)?.clone())));
    Ok((name, house::of_people(people)))
}
