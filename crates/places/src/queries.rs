//! What pages and other rooms ask about places. A constant number of statements, whatever the answer's length.

use crate::{
    model::{Grid, Place, PlaceKind},
    rules,
};
use kernel::{Id, PlacePath};
use std::collections::{BTreeSet, HashMap};
use store::{Arg, Conn, Fault, Row, StreamFault, args, place_marks};

fn ancestors(path: &PlacePath) -> Vec<PlacePath> {
    (1..=path.codes().count()).map(|depth| path.cut(depth)).collect()
}

/// Rows with these paths, without their full names.
async fn bare(conn: &mut Conn, street: Id, paths: &[PlacePath]) -> Result<Vec<Place>, Fault> {
    let mut out = Vec::with_capacity(paths.len());
    for chunk in paths.chunks(500) {
        let mut args = args![street];
        args.extend(chunk.iter().map(Arg::from));
        let sql = format!(
            "SELECT state FROM place WHERE street = $1 AND path IN ({})",
            place_marks(2, chunk.len())
        );
        for row in conn.all(sql, args).await? {
            out.push(row.state()?);
        }
    }
    Ok(out)
}

fn named(mut place: Place, names: &HashMap<PlacePath, String>) -> Place {
    let parts: Vec<&str> = ancestors(&place.path)
        .iter()
        .skip(2)
        .filter_map(|p| if *p == place.path { None } else { names.get(p).map(String::as_str) })
        .collect();
    place.full_name = match parts.is_empty() {
        true => place.name.clone(),
        false => format!("{} {}", parts.join(" "), place.name),
    };
    place
}

/// Puts full names to places: one statement for all of them.
async fn with_names(conn: &mut Conn, street: Id, places: Vec<Place>) -> Result<Vec<Place>, Fault> {
    let mut names: HashMap<PlacePath, String> =
        places.iter().map(|p| (p.path.clone(), p.name.clone())).collect();
    let above: BTreeSet<PlacePath> = places
        .iter()
        .flat_map(|p| ancestors(&p.path).into_iter().skip(2))
        .filter(|p| !names.contains_key(p))
        .collect();
    let above: Vec<PlacePath> = above.into_iter().collect();
    for place in bare(conn, street, &above).await? {
        names.insert(place.path, place.name);
    }
    Ok(places.into_iter().map(|p| named(p, &names)).collect())
}

/// The place with this path.
///
/// # Errors
/// What the database says.
pub async fn by_path(conn: &mut Conn, street: Id, path: &PlacePath) -> Result<Option<Place>, Fault> {
    let all = bare(conn, street, &ancestors(path)).await?;
    let names = all.iter().map(|p| (p.path.clone(), p.name.clone())).collect();
    Ok(all.into_iter().find(|p| p.path == *path).map(|p| named(p, &names)))
}

/// The places with these paths; those that do not exist are absent from the answer.
///
/// # Errors
/// What the database says.
pub async fn by_paths(
    conn: &mut Conn,
    street: Id,
    paths: &[PlacePath],
) -> Result<HashMap<PlacePath, Place>, Fault> {
    let wanted: BTreeSet<&PlacePath> = paths.iter().collect();
    let all: BTreeSet<PlacePath> = wanted.iter().flat_map(|p| ancestors(p)).collect();
    let all: Vec<PlacePath> = all.into_iter().collect();
    let places = bare(conn, street, &all).await?;
    let names = places.iter().map(|p| (p.path.clone(), p.name.clone())).collect();
    Ok(places
        .into_iter()
        .filter(|p| wanted.contains(&p.path))
        .map(|p| (p.path.clone(), named(p, &names)))
        .collect())
}

/// The place with this id.
///
/// # Errors
/// What the database says.
pub async fn by_id(conn: &mut Conn, street: Id, id: Id) -> Result<Option<Place>, Fault> {
    match conn.get::<Place>(street, id).await? {
        Some(place) => Ok(with_names(conn, street, vec![place]).await?.pop()),
        None => Ok(None),
    }
}

/// Places in use at or below a path, of these kinds (every kind when empty), sorted as people count.
///
/// # Errors
/// What the database says.
pub async fn under(
    conn: &mut Conn,
    street: Id,
    path: &PlacePath,
    kinds: &[PlaceKind],
    limit: i64,
) -> Result<Vec<Place>, Fault> {
    let mut args = args![street, path, path.upper(), limit];
    let kinds_sql = if kinds.is_empty() {
        String::new()
    } else {
        args.extend(kinds.iter().map(|k| Arg::from(k.code())));
        format!(" AND kind IN ({})", place_marks(5, kinds.len()))
    };
    let sql = format!(
        "SELECT state FROM place WHERE street = $1 AND path >= $2 AND path < $3 AND active{kinds_sql} ORDER BY path LIMIT $4"
    );
    let rows = conn.all(sql, args).await?;
    let places = rows.iter().map(Row::state).collect::<Result<Vec<_>, _>>()?;
    let mut places = with_names(conn, street, places).await?;
    places.sort_by(|a, b| rules::natural(a.path.as_str(), b.path.as_str()));
    Ok(places)
}

/// How many places in use are at or below a path, of these kinds.
///
/// # Errors
/// What the database says.
pub async fn count_under(
    conn: &mut Conn,
    street: Id,
    path: &PlacePath,
    kinds: &[PlaceKind],
) -> Result<usize, Fault> {
    let mut args = args![street, path, path.upper()];
    args.extend(kinds.iter().map(|k| Arg::from(k.code())));
    let sql = format!(
        "SELECT COUNT(*) AS n FROM place WHERE street = $1 AND path >= $2 AND path < $3 AND active AND kind IN ({})",
        place_marks(4, kinds.len())
    );
    Ok(usize::try_from(conn.number(sql, args).await?).unwrap_or(0))
}

/// Every place at or below a path, those out of use too, in order of the tree: for exports.
///
/// # Errors
/// What the database says.
pub async fn everything(conn: &mut Conn, street: Id, path: &PlacePath) -> Result<Vec<Place>, Fault> {
    let rows = conn
        .all(
            "SELECT state FROM place WHERE street = $1 AND path >= $2 AND path < $3 ORDER BY path",
            args![street, path, path.upper()],
        )
        .await?;
    let places = rows.iter().map(Row::state).collect::<Result<Vec<_>, _>>()?;
    let mut places = with_names(conn, street, places).await?;
    places.sort_by(|a, b| rules::natural(a.path.as_str(), b.path.as_str()));
    Ok(places)
}

/// The places directly below one, those out of use too.
///
/// # Errors
/// What the database says.
pub async fn children(conn: &mut Conn, street: Id, path: &PlacePath) -> Result<Vec<Place>, Fault> {
    let rows =
        conn.all("SELECT state FROM place WHERE street = $1 AND parent = $2", args![street, path]).await?;
    let places = rows.iter().map(Row::state).collect::<Result<Vec<_>, _>>()?;
    let mut places = with_names(conn, street, places).await?;
    places.sort_by(|a, b| rules::natural(&a.code, &b.code));
    Ok(places)
}

/// The communities in use of a street, in the order in which they were entered.
///
/// # Errors
/// What the database says.
pub async fn communities(conn: &mut Conn, street: Id) -> Result<Vec<Place>, Fault> {
    let rows = conn
        .all("SELECT state FROM place WHERE street = $1 AND kind = 'community' AND active", args![street])
        .await?;
    let mut list: Vec<Place> = rows
        .iter()
        .map(|row| row.state().map(|p: Place| Place { full_name: p.name.clone(), ..p }))
        .collect::<Result<_, _>>()?;
    list.sort_by_key(|p| p.nth);
    Ok(list)
}

/// Every street of the installation, oldest first.
///
/// # Errors
/// What the database says.
pub async fn streets(conn: &mut Conn) -> Result<Vec<Place>, Fault> {
    conn.all("SELECT state FROM place WHERE kind = 'street' ORDER BY id", vec![])
        .await?
        .iter()
        .map(|row| row.state().map(|p: Place| Place { full_name: p.name.clone(), ..p }))
        .collect()
}

/// The street that strangers see: the first one; `None` before set-up.
///
/// # Errors
/// What the database says.
pub async fn home(conn: &mut Conn) -> Result<Option<ui::Home>, Fault> {
    let Some(street) = streets(conn).await?.into_iter().next() else { return Ok(None) };
    let communities = communities(conn, street.id)
        .await?
        .into_iter()
        .map(|c| ui::Community {
            id: c.id,
            path: c.path,
            code: c.short_code.unwrap_or(c.code),
            name: c.name,
            phone: c.phone,
        })
        .collect();
    Ok(Some(ui::Home { street: street.id, name: street.name, path: street.path, communities }))
}

/// Whether a community of the street, in use or not, has this short code.
pub(crate) async fn has_short(conn: &mut Conn, street: Id, short: &str) -> Result<bool, Fault> {
    let sql = "SELECT COUNT(*) AS n FROM place WHERE street = $1 AND short_code = $2";
    Ok(conn.number(sql, args![street, short]).await? > 0)
}

/// The places in use that are nearest to a point (millionths of a degree), nearest first, within about two
/// kilometres; places without a position are not found.
///
/// # Errors
/// What the database says.
pub async fn nearest(
    conn: &mut Conn,
    street: Id,
    lat: i64,
    lon: i64,
    limit: usize,
) -> Result<Vec<Place>, Fault> {
    const REACH: i64 = 20_000;
    let rows = conn
        .all(
            "SELECT state FROM place WHERE street = $1 AND active AND lat BETWEEN $2 AND $3 AND lon BETWEEN $4 AND $5 LIMIT 2000",
            args![street, lat - REACH, lat + REACH, lon - REACH, lon + REACH],
        )
        .await?;
    let mut places = rows.iter().map(Row::state).collect::<Result<Vec<_>, _>>()?;
    // A degree of longitude is shorter than one of latitude, by the cosine of the latitude.
    #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
    let squeeze = (lat as f64 / 1e6).to_radians().cos();
    #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
    let distance = |p: &Place| {
        let (dy, dx) = ((p.lat.unwrap_or(lat) - lat) as f64, (p.lon.unwrap_or(lon) - lon) as f64 * squeeze);
        dx.mul_add(dx, dy * dy)
    };
    places.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
    places.truncate(limit);
    with_names(conn, street, places).await
}

/// The grid whose places contain the path; the narrowest one when several do.
///
/// # Errors
/// What the database says.
pub async fn grid_of(conn: &mut Conn, street: Id, path: &PlacePath) -> Result<Option<Grid>, Fault> {
    let chain = ancestors(path);
    let mut args = args![street];
    args.extend(chain.iter().map(Arg::from));
    let sql = format!(
        "SELECT g.state FROM grid_place p JOIN grid g ON g.street = p.street AND g.id = p.grid \
         WHERE p.street = $1 AND p.place IN ({}) ORDER BY LENGTH(p.place) DESC LIMIT 1",
        place_marks(2, chain.len())
    );
    match conn.one(sql, args).await? {
        Some(row) => row.state().map(Some),
        None => Ok(None),
    }
}

/// The grids in use of the communities at or below a path, by community and code.
///
/// # Errors
/// What the database says.
pub async fn grids(conn: &mut Conn, street: Id, path: &PlacePath) -> Result<Vec<Grid>, Fault> {
    conn.all(
        "SELECT state FROM grid WHERE street = $1 AND active AND community >= $2 AND community < $3 ORDER BY community, code",
        args![street, path, path.upper()],
    )
    .await?
    .iter()
    .map(Row::state)
    .collect()
}

/// Folds the journal of this room and compares it with the tables.
///
/// # Errors
/// What the database says.
pub async fn verify(conn: &mut Conn) -> Result<(u64, Vec<StreamFault>), Fault> {
    let (places, mut faults) = conn.check_rows::<Place>("added").await?;
    let (grids, more) = conn.check_rows::<Grid>("grid_added").await?;
    faults.extend(more);
    Ok((places + grids, faults))
}

/// What an import of these rows (the first one the heads) would do.
///
/// # Errors
/// `places.no-heads` when the columns are not understood; what the database says.
pub async fn plan_import(
    conn: &mut Conn,
    street: Id,
    rows: &[Vec<String>],
) -> Result<rules::import::Plan, Fault> {
    let root =
        conn.get::<Place>(street, street).await?.ok_or_else(|| kernel::Refusal::conflict("ui.no-street"))?;
    let places = everything(conn, street, &root.path).await?;
    let grids = grids(conn, street, &root.path).await?;
    Ok(rules::import::plan(&root, &places, &grids, rows)?)
}
