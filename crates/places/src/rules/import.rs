//! Reading a place tree from the rows of a spreadsheet: what would be added and changed, what is wrong, row by row.

use crate::{
    model::{NewGrid, NewPlace, Place, PlaceChange, PlaceKind},
    rules::{self, Facts},
};
use kernel::{Id, PlacePath, Refusal, text};
use std::collections::{BTreeMap, HashMap};

/// Columns by the heads that are understood, in Chinese and English.
const HEADS: [(&str, &[&str]); 15] = [
    ("community", &["社区", "社區", "community"]),
    ("compound", &["小区", "小區", "compound", "estate"]),
    ("building", &["楼栋", "楼", "栋", "樓棟", "幢", "building"]),
    ("unit", &["单元", "單元", "unit", "entrance"]),
    ("dwelling", &["户号", "户", "房号", "戶號", "室", "dwelling", "flat"]),
    ("name", &["名称", "名稱", "name"]),
    ("code", &["代码", "代碼", "code"]),
    ("short_code", &["社区代码", "编号前缀", "社區代碼", "short code", "short_code"]),
    (
        "statistical",
        &["统计代码", "区划代码", "统计用区划代码", "統計代碼", "statistical", "statistical code"],
    ),
    ("grid", &["网格", "網格", "grid"]),
    ("lon", &["经度", "經度", "longitude", "lon", "lng"]),
    ("lat", &["纬度", "緯度", "latitude", "lat"]),
    ("phone", &["电话", "電話", "phone", "telephone"]),
    ("kind", &["类型", "類型", "kind"]),
    ("state", &["状态", "狀態", "state"]),
];
const LEVELS: [(&str, PlaceKind); 5] = [
    ("community", PlaceKind::Community),
    ("compound", PlaceKind::Compound),
    ("building", PlaceKind::Building),
    ("unit", PlaceKind::Unit),
    ("dwelling", PlaceKind::Dwelling),
];

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// The row as the spreadsheet counts, the heads being row 1.
    pub row: usize,
    /// What is wrong; its field is the column.
    pub refusal: Refusal,
}

/// What an import would do.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Places to add, parents first.
    pub adds: Vec<NewPlace>,
    /// Places to change.
    pub changes: Vec<(PlacePath, PlaceChange)>,
    /// Grids to draw.
    pub grids: Vec<NewGrid>,
    /// Grids that get more places: their id and name, and all places they will then have.
    pub grown: Vec<(Id, String, Vec<PlacePath>)>,
    /// Rows that change nothing.
    pub same: usize,
    /// What is wrong.
    pub errors: Vec<RowError>,
}

impl Plan {
    /// Whether it would change anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.adds.is_empty() && self.changes.is_empty() && self.grids.is_empty() && self.grown.is_empty()
    }
}

/// A grid as the plan sees it: known (with its id) or to be drawn.
struct Drawn {
    id: Option<Id>,
    community: PlacePath,
    code: String,
    name: String,
    places: Vec<PlacePath>,
    touched: bool,
}

struct Planner {
    places: BTreeMap<PlacePath, Place>,
    /// Codes and names of the children of a place.
    labels: HashMap<(PlacePath, String), PlacePath>,
    grids: Vec<Drawn>,
    plan: Plan,
}

/// Plans an import into a street. `places` are all of its places, `grids` its grids in use.
///
/// # Errors
/// `places.no-heads` when no column names a level.
pub fn plan(
    street: &Place,
    places: &[Place],
    grids: &[crate::Grid],
    rows: &[Vec<String>],
) -> Result<Plan, Refusal> {
    let heads = rows.first().map(|row| read_heads(row)).unwrap_or_default();
    if !LEVELS.iter().any(|(level, _)| heads.contains_key(level)) {
        return Err(Refusal::invalid("file", "places.no-heads"));
    }
    let mut planner = Planner {
        places: BTreeMap::new(),
        labels: HashMap::new(),
        grids: grids
            .iter()
            .map(|g| Drawn {
                id: Some(g.id),
                community: g.community.clone(),
                code: g.code.clone(),
                name: g.name.clone(),
                places: g.places.clone(),
                touched: false,
            })
            .collect(),
        plan: Plan::default(),
    };
    for place in places {
        planner.learn(place.clone());
    }
    for (i, row) in rows.iter().enumerate().skip(1) {
        let cell = |name: &str| {
            heads.get(name).and_then(|at| row.get(*at)).map(|c| text::clean(c)).filter(|c| !c.is_empty())
        };
        if let Err(refusal) = planner.row(street, &cell) {
            planner.plan.errors.push(RowError { row: i + 1, refusal });
        }
    }
    let Planner { grids, mut plan, .. } = planner;
    for grid in grids.into_iter().filter(|g| g.touched) {
        match grid.id {
            Some(id) => plan.grown.push((id, grid.name, grid.places)),
            None => plan.grids.push(NewGrid {
                community: grid.community,
                code: grid.code,
                name: grid.name,
                places: grid.places,
            }),
        }
    }
    Ok(plan)
}

fn read_heads(row: &[String]) -> HashMap<&'static str, usize> {
    let mut heads = HashMap::new();
    for (at, head) in row.iter().enumerate() {
        let head = text::clean(head).to_lowercase();
        if let Some((name, _)) = HEADS.iter().find(|(_, words)| words.contains(&head.as_str())) {
            heads.entry(*name).or_insert(at);
        }
    }
    heads
}

/// A code made from a label: what a path cannot hold is left out.
fn slug(label: &str) -> String {
    label.chars().filter(|c| c.is_alphanumeric() || *c == '-' || *c == '_').take(20).collect()
}

impl Planner {
    fn learn(&mut self, place: Place) {
        if let Some(parent) = place.path.parent() {
            // A code is surer than a name: it never gives way to another place's name.
            self.labels.insert((parent.clone(), place.code.clone()), place.path.clone());
            self.labels.entry((parent, place.name.clone())).or_insert_with(|| place.path.clone());
        }
        self.places.insert(place.path.clone(), place);
    }

    fn row(&mut self, street: &Place, cell: &dyn Fn(&str) -> Option<String>) -> Result<(), Refusal> {
        let named: Vec<(&'static str, PlaceKind, String)> =
            LEVELS.iter().filter_map(|(level, kind)| cell(level).map(|c| (*level, *kind, c))).collect();
        let Some((last_level, last_kind, label)) = named.last().cloned() else {
            return Err(Refusal::invalid("community", "ui.empty"));
        };
        let mut at = street.path.clone();
        let mut changed = false;
        for (level, kind, label) in &named[..named.len() - 1] {
            let parent = at.clone();
            at = match self.labels.get(&(parent.clone(), label.clone())) {
                Some(path) => path.clone(),
                None => {
                    changed = true;
                    self.add(NewPlace::plain(parent, *kind, &slug(label), label), level)?
                }
            };
        }
        let code = cell("code");
        let known = code
            .as_ref()
            .and_then(|c| self.labels.get(&(at.clone(), c.clone())))
            .or_else(|| self.labels.get(&(at.clone(), label.clone())))
            .cloned();
        let degrees = |name: &'static str| match cell(name) {
            None => Ok(None),
            Some(text) => rules::degrees(&text).map(Some).ok_or(Refusal::invalid(name, "places.bad-point")),
        };
        let (lat, lon) = (degrees("lat")?, degrees("lon")?);
        let path = match known {
            Some(path) => {
                changed |= self.change(&path, cell, lat, lon)?;
                path
            }
            None => {
                changed = true;
                let new = NewPlace {
                    parent: at,
                    kind: last_kind,
                    code: code.unwrap_or_else(|| slug(&label)),
                    name: cell("name").unwrap_or(label),
                    short_code: cell("short_code"),
                    statistical: cell("statistical"),
                    phone: cell("phone"),
                    lat,
                    lon,
                };
                self.add(new, last_level)?
            }
        };
        if let Some(grid) = cell("grid") {
            changed |= self.draw(&path, &grid)?;
        }
        if !changed {
            self.plan.same += 1;
        }
        Ok(())
    }

    fn add(&mut self, new: NewPlace, level: &'static str) -> Result<PlacePath, Refusal> {
        let parent =
            self.places.get(&new.parent).cloned().ok_or(Refusal::invalid(level, "places.no-place"))?;
        let code = text::clean(&new.code);
        let short = rules::short_code(new.short_code.as_deref(), &code).ok();
        let facts = Facts {
            code_taken: new.parent.child(&code).is_some_and(|p| self.places.contains_key(&p)),
            short_taken: new.kind == PlaceKind::Community
                && short.is_some()
                && self.places.values().any(|p| p.short_code == short),
        };
        // The id given here is only a stand-in: the action draws its own.
        let place = rules::new_place(parent.id, 0, &parent, &new, facts)?;
        let path = place.path.clone();
        self.learn(place);
        self.plan.adds.push(new);
        Ok(path)
    }

    /// Cells that are empty leave what is known as it is.
    fn change(
        &mut self,
        path: &PlacePath,
        cell: &dyn Fn(&str) -> Option<String>,
        lat: Option<i64>,
        lon: Option<i64>,
    ) -> Result<bool, Refusal> {
        let Some(place) = self.places.get(path).cloned() else { return Ok(false) };
        let above = path.parent().and_then(|p| self.places.get(&p)).and_then(|p| p.statistical.clone());
        let now = PlaceChange::from(&place);
        let wanted = PlaceChange {
            name: cell("name").unwrap_or_else(|| now.name.clone()),
            phone: cell("phone").or_else(|| now.phone.clone()),
            statistical: cell("statistical").or_else(|| now.statistical.clone()),
            lat: lat.or(now.lat),
            lon: lon.or(now.lon),
        };
        let change = rules::change(&place, above.as_deref(), &wanted)?;
        if change == now {
            return Ok(false);
        }
        self.learn(Place {
            name: change.name.clone(),
            phone: change.phone.clone(),
            statistical: change.statistical.clone(),
            lat: change.lat,
            lon: change.lon,
            ..place
        });
        match self.plan.adds.iter_mut().find(|a| a.parent.child(&a.code).as_ref() == Some(path)) {
            // Added by an earlier row of the same file: it is added as the later row wants it.
            Some(add) => {
                add.name = change.name;
                add.phone = change.phone;
                add.statistical = change.statistical;
                (add.lat, add.lon) = (change.lat, change.lon);
            }
            None => {
                self.plan.changes.retain(|(p, _)| p != path);
                self.plan.changes.push((path.clone(), change));
            }
        }
        Ok(true)
    }

    /// `001`, or `001 柳荫花园东`.
    fn draw(&mut self, path: &PlacePath, cell: &str) -> Result<bool, Refusal> {
        let (code, name) = match cell.split_once(char::is_whitespace) {
            Some((code, name)) => (code, name.trim()),
            None => (cell, cell),
        };
        let community = path.cut(2);
        if let Some(other) = self.grids.iter().find(|g| g.places.contains(path)) {
            if other.community == community && (other.code == code || other.name == cell) {
                return Ok(false);
            }
            return Err(Refusal::invalid("grid", "places.grid-taken")
                .with("grid", &other.name)
                .with("place", path));
        }
        if let Some(grid) =
            self.grids.iter_mut().find(|g| g.community == community && (g.code == code || g.name == cell))
        {
            grid.places.push(path.clone());
            grid.touched = true;
            return Ok(true);
        }
        let new = NewGrid {
            community: community.clone(),
            code: code.to_owned(),
            name: name.to_owned(),
            places: vec![path.clone()],
        };
        let street = self
            .places
            .get(&community)
            .map(|c| c.street)
            .ok_or(Refusal::invalid("grid", "places.no-place"))?;
        let grid = rules::new_grid(street, street, &new, std::slice::from_ref(path))
            .map_err(|r| Refusal { field: Some("grid"), ..r })?;
        self.grids.push(Drawn {
            id: None,
            community,
            code: grid.code,
            name: grid.name,
            places: grid.places,
            touched: true,
        });
        Ok(true)
    }
}
