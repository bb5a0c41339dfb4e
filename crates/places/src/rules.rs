//! What a place tree must be like. Pure.

use crate::model::{
    Grid, GridEvent, NewGrid, NewPlace, NewStreet, Place, PlaceChange, PlaceEvent, PlaceKind,
};
use kernel::{Id, PlacePath, Refusal, text};

pub mod import;
pub mod rights;

/// Longest code of a place, in characters.
const CODE: usize = 20;

/// What must be known of the tree to add a place.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    /// Whether a sibling has the same code.
    pub code_taken: bool,
    /// Whether a community of the street has the same short code.
    pub short_taken: bool,
}

/// The state after an event.
#[must_use]
pub fn evolve(state: Option<Place>, event: &PlaceEvent) -> Option<Place> {
    match (state, event) {
        (None, PlaceEvent::Added(place)) => Some(place.clone()),
        (Some(place), PlaceEvent::Changed(c)) => Some(Place {
            name: c.name.clone(),
            phone: c.phone.clone(),
            statistical: c.statistical.clone(),
            lat: c.lat,
            lon: c.lon,
            ..place
        }),
        (Some(place), PlaceEvent::Closed) => Some(Place { active: false, ..place }),
        (Some(place), PlaceEvent::Reopened) => Some(Place { active: true, ..place }),
        (state, _) => state,
    }
}

/// The state of a grid after an event.
#[must_use]
pub fn evolve_grid(state: Option<Grid>, event: &GridEvent) -> Option<Grid> {
    match (state, event) {
        (None, GridEvent::GridAdded(grid)) => Some(grid.clone()),
        (Some(grid), GridEvent::GridChanged { name, places }) => {
            Some(Grid { name: name.clone(), places: places.clone(), ..grid })
        }
        // A grid that is no longer used lets go of its places: another may take them.
        (Some(grid), GridEvent::GridClosed) => Some(Grid { active: false, places: Vec::new(), ..grid }),
        (state, _) => state,
    }
}

/// Whether a place of this kind may lie directly under one of that kind. Levels may be left out on the
/// way down, except the community: everything below a street belongs to one.
#[must_use]
pub fn fits(kind: PlaceKind, parent: PlaceKind) -> bool {
    kind > parent && (parent != PlaceKind::Street || kind == PlaceKind::Community)
}

/// Two to six capital letters.
#[must_use]
pub fn is_short_code(code: &str) -> bool {
    (2..=6).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_uppercase())
}

fn name(text: &str) -> Result<String, Refusal> {
    text::required("name", text, text::TITLE)
}

fn code(parent: &PlacePath, code: &str) -> Result<(String, PlacePath), Refusal> {
    let code = text::required("code", code, CODE)?;
    let path = parent.child(&code).ok_or(Refusal::invalid("code", "places.bad-code"))?;
    Ok((code, path))
}

/// The 12 digits of GB/T 统计用区划代码: six of the county, three of the street, three of the community.
fn statistical(given: Option<&str>, above: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(digits) = given.map(text::clean).filter(|d| !d.is_empty()) else { return Ok(None) };
    if digits.len() != 12 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Refusal::invalid("statistical", "places.bad-statistical"));
    }
    let head = above.and_then(|a| a.get(..9));
    if head.is_some_and(|head| !digits.starts_with(head)) {
        return Err(
            Refusal::invalid("statistical", "places.other-street").with("head", head.unwrap_or_default())
        );
    }
    Ok(Some(digits))
}

fn phone(given: Option<&str>) -> Result<Option<String>, Refusal> {
    match given.map(text::clean).filter(|p| !p.is_empty()) {
        Some(p) if !text::is_phone(&p) => Err(Refusal::invalid("phone", "places.bad-phone")),
        other => Ok(other),
    }
}

fn point(lat: Option<i64>, lon: Option<i64>) -> Result<(), Refusal> {
    match (lat, lon) {
        (None, None) => Ok(()),
        (Some(lat), Some(lon)) if lat.abs() <= 90_000_000 && lon.abs() <= 180_000_000 => Ok(()),
        _ => Err(Refusal::invalid("lat", "places.bad-point")),
    }
}

/// The street that the input describes.
///
/// # Errors
/// Which field is wrong.
pub fn new_street(id: Id, new: &NewStreet) -> Result<Place, Refusal> {
    let (code, path) = code(&PlacePath::root(), &new.code)?;
    let name = name(&new.name)?;
    Ok(Place {
        id,
        street: id,
        path,
        kind: PlaceKind::Street,
        code,
        full_name: name.clone(),
        name,
        short_code: None,
        statistical: statistical(new.statistical.as_deref(), None)?,
        lat: None,
        lon: None,
        phone: None,
        active: true,
        nth: 0,
    })
}

/// The place that the input describes, under its parent; the nth one of the street.
///
/// # Errors
/// Which field is wrong, or what stands in the way.
pub fn new_place(id: Id, nth: i64, parent: &Place, new: &NewPlace, facts: Facts) -> Result<Place, Refusal> {
    if !parent.active {
        return Err(Refusal::conflict("places.parent-closed"));
    }
    if !fits(new.kind, parent.kind) {
        return Err(Refusal::invalid("kind", "places.wrong-level"));
    }
    let (code, path) = code(&parent.path, &new.code)?;
    if facts.code_taken {
        return Err(Refusal::invalid("code", "places.code-taken").with("code", &code));
    }
    let community = new.kind == PlaceKind::Community;
    let short_code = if community { Some(short_code(new.short_code.as_deref(), &code)?) } else { None };
    if community && facts.short_taken {
        return Err(Refusal::invalid("short_code", "places.short-taken"));
    }
    point(new.lat, new.lon)?;
    let name = name(&new.name)?;
    Ok(Place {
        id,
        street: parent.street,
        path,
        kind: new.kind,
        code,
        full_name: name.clone(),
        name,
        short_code,
        statistical: if community {
            statistical(new.statistical.as_deref(), parent.statistical.as_deref())?
        } else {
            None
        },
        lat: new.lat,
        lon: new.lon,
        phone: phone(new.phone.as_deref())?,
        active: true,
        nth,
    })
}

/// The short code of a community: as given, or its own code when that fits.
///
/// # Errors
/// `places.bad-short`.
pub fn short_code(given: Option<&str>, code: &str) -> Result<String, Refusal> {
    let short = given.map(text::clean).filter(|s| !s.is_empty()).unwrap_or_else(|| code.to_owned());
    if is_short_code(&short) { Ok(short) } else { Err(Refusal::invalid("short_code", "places.bad-short")) }
}

/// The change that the input describes.
///
/// # Errors
/// Which field is wrong.
pub fn change(place: &Place, above: Option<&str>, change: &PlaceChange) -> Result<PlaceChange, Refusal> {
    point(change.lat, change.lon)?;
    let coded = matches!(place.kind, PlaceKind::Street | PlaceKind::Community);
    Ok(PlaceChange {
        name: name(&change.name)?,
        phone: phone(change.phone.as_deref())?,
        statistical: if coded { statistical(change.statistical.as_deref(), above)? } else { None },
        lat: change.lat,
        lon: change.lon,
    })
}

/// The grid that the input describes. `known` are the places of the community that exist.
///
/// # Errors
/// Which field is wrong.
pub fn new_grid(id: Id, street: Id, new: &NewGrid, known: &[PlacePath]) -> Result<Grid, Refusal> {
    let code = text::clean(&new.code);
    if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Refusal::invalid("code", "places.bad-grid-code"));
    }
    Ok(Grid {
        id,
        street,
        community: new.community.clone(),
        code,
        name: name(&new.name)?,
        places: grid_places(&new.community, &new.places, known)?,
        active: true,
    })
}

/// The places of a grid, each once, in order.
///
/// # Errors
/// `places.grid-foreign` when one lies outside the community or does not exist.
pub fn grid_places(
    community: &PlacePath,
    places: &[PlacePath],
    known: &[PlacePath],
) -> Result<Vec<PlacePath>, Refusal> {
    let mut list = places.to_vec();
    list.sort();
    list.dedup();
    match list.iter().find(|p| !p.within(community) || !known.contains(p)) {
        Some(p) => Err(Refusal::invalid("places", "places.grid-foreign").with("place", p)),
        None => Ok(list),
    }
}

/// Reads degrees as millionths of a degree.
#[must_use]
pub fn degrees(text: &str) -> Option<i64> {
    let value: f64 = text.trim().parse().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "at most 180 millions")]
    (value.is_finite() && value.abs() <= 180.0).then(|| (value * 1e6).round() as i64)
}

/// Sorts as people count: 2号楼 before 10号楼.
#[must_use]
pub fn natural(a: &str, b: &str) -> std::cmp::Ordering {
    let (mut a, mut b) = (a.chars().peekable(), b.chars().peekable());
    let digits = |it: &mut std::iter::Peekable<std::str::Chars<'_>>| {
        let mut n: u64 = 0;
        while let Some(d) = it.peek().and_then(|c| c.to_digit(10)) {
            n = n.saturating_mul(10).saturating_add(u64::from(d));
            it.next();
        }
        n
    };
    loop {
        match (a.peek().copied(), b.peek().copied()) {
            (None, None) => return std::cmp::Ordering::Equal,
            (None, Some(_)) => return std::cmp::Ordering::Less,
            (Some(_), None) => return std::cmp::Ordering::Greater,
            (Some(x), Some(y)) => {
                let order = if x.is_ascii_digit() && y.is_ascii_digit() {
                    digits(&mut a).cmp(&digits(&mut b))
                } else {
                    a.next();
                    b.next();
                    x.cmp(&y)
                };
                if order.is_ne() {
                    return order;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn street() -> Place {
        let new = NewStreet {
            name: "清和街道".into(),
            code: "QH".into(),
            statistical: Some("330105007000".into()),
        };
        new_street(Id::named("QH"), &new).unwrap()
    }

    #[test]
    fn only_a_community_lies_directly_under_a_street() {
        use PlaceKind::{Building, Community, Compound, Dwelling, Street};
        assert!(fits(Community, Street) && fits(Building, Community) && fits(Dwelling, Compound));
        assert!(!fits(Building, Street) && !fits(Compound, Building) && !fits(Street, Street));
    }

    proptest! {
        /// What may be added lies within its parent, deeper in the order of kinds, and can be found by its path.
        #[test]
        fn a_new_place_lies_within_its_parent(code in "\\PC{0,24}", name in "\\PC{0,70}", kind in 0usize..6, lat in any::<Option<i64>>(), lon in any::<Option<i64>>()) {
            let parent = street();
            let kind = PlaceKind::ALL[kind];
            let new = NewPlace { lat, lon, short_code: Some("LY".into()), ..NewPlace::plain(parent.path.clone(), kind, &code, &name) };
            if let Ok(place) = new_place(Id::named("x"), 1, &parent, &new, Facts::default()) {
                prop_assert!(place.path.within(&parent.path) && place.path != parent.path);
                prop_assert_eq!(place.path.parent(), Some(parent.path.clone()));
                prop_assert_eq!(PlacePath::parse(place.path.as_str()), Some(place.path.clone()));
                prop_assert!(kind > parent.kind && !place.name.is_empty() && place.lat.is_some() == place.lon.is_some());
            }
        }

        /// A file that was read plans nothing when it is read against what it made.
        #[test]
        fn an_import_read_twice_changes_nothing(rows in prop::collection::vec(("[甲乙]村", "[1-3]号楼", prop::option::of("[12]单元"), prop::option::of("00[1-3]")), 1..12)) {
            let street = street();
            let community = new_place(Id::named("LY"), 1, &street, &NewPlace::plain(street.path.clone(), PlaceKind::Community, "LY", "柳荫社区"), Facts::default()).unwrap();
            let mut sheet = vec![["社区", "小区", "楼栋", "单元", "网格"].map(str::to_owned).to_vec()];
            for (compound, building, unit, grid) in &rows {
                sheet.push(vec!["柳荫社区".into(), compound.clone(), building.clone(), unit.clone().unwrap_or_default(), grid.clone().unwrap_or_default()]);
            }
            let first = import::plan(&street, &[street.clone(), community.clone()], &[], &sheet).unwrap();
            let mut places = vec![street.clone(), community];
            for new in &first.adds {
                let parent = places.iter().find(|p| p.path == new.parent).unwrap().clone();
                prop_assert!(!places.iter().any(|p| Some(&p.path) == new.parent.child(&new.code).as_ref()), "added twice");
                places.push(new_place(Id::named(&new.code), 1, &parent, new, Facts::default()).unwrap());
            }
            let grids: Vec<Grid> = first.grids.iter().map(|g| {
                let known: Vec<PlacePath> = places.iter().map(|p| p.path.clone()).collect();
                new_grid(Id::named(&g.code), street.id, g, &known).unwrap()
            }).collect();
            let again = import::plan(&street, &places, &grids, &sheet).unwrap();
            prop_assert!(again.is_empty(), "{:?}", again);
            // A place in two grids is wrong the first time and the second.
            prop_assert_eq!(again.errors, first.errors);
        }

        #[test]
        fn natural_order_is_an_order(a in "[0-9号楼a/]{0,8}", b in "[0-9号楼a/]{0,8}", c in "[0-9号楼a/]{0,8}") {
            prop_assert_eq!(natural(&a, &b), natural(&b, &a).reverse());
            if natural(&a, &b).is_le() && natural(&b, &c).is_le() {
                prop_assert!(natural(&a, &c).is_le());
            }
        }
    }
}
