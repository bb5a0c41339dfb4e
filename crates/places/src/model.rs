//! The words of this room: places, grids, and what is typed to make them.

use kernel::{Id, PlacePath};
use serde::{Deserialize, Serialize};

kernel::coded_enum! {
    /// What a place is; in order from the widest to the narrowest.
    pub enum PlaceKind {
        /// 街道
        Street = "street",
        /// 社区
        Community = "community",
        /// 小区
        Compound = "compound",
        /// 楼栋
        Building = "building",
        /// 单元
        Unit = "unit",
        /// 户
        Dwelling = "dwelling",
    }
}

/// A node of the place tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its id; for a street the street's own.
    pub id: Id,
    /// The street it belongs to.
    pub street: Id,
    /// The chain of codes from the street down.
    pub path: PlacePath,
    /// What it is.
    pub kind: PlaceKind,
    /// Its code among its siblings.
    pub code: String,
    /// Its own name, such as 3号楼.
    pub name: String,
    /// Names below the community, such as 柳荫花园 3号楼 2单元; for a street or community its own name.
    /// Put together when read, so that a new name above shows at once.
    #[serde(skip)]
    pub full_name: String,
    /// The code that matters' numbers begin with, such as LY (communities only).
    pub short_code: Option<String>,
    /// The 12 digits of the statistical code (统计用区划代码), on streets and communities.
    pub statistical: Option<String>,
    /// Latitude in millionths of a degree.
    pub lat: Option<i64>,
    /// Longitude in millionths of a degree.
    pub lon: Option<i64>,
    /// The telephone of its office.
    pub phone: Option<String>,
    /// Whether it is in use.
    pub active: bool,
    /// Its number in the order in which the street's places were entered.
    pub nth: i64,
}

/// What happens to a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceEvent {
    /// It was entered.
    Added(Place),
    /// Its name, telephone, codes or position were changed.
    Changed(PlaceChange),
    /// It is no longer used.
    Closed,
    /// It is used again.
    Reopened,
}

/// A grid (网格): places of one community that one grid officer looks after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// Its id.
    pub id: Id,
    /// The street.
    pub street: Id,
    /// The community.
    pub community: PlacePath,
    /// Its three digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The places that it holds, with all below them.
    pub places: Vec<PlacePath>,
    /// Whether it is in use.
    pub active: bool,
}

/// What happens to a grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GridEvent {
    /// It was drawn.
    GridAdded(Grid),
    /// Its name or places were changed.
    GridChanged {
        /// The name.
        name: String,
        /// The places.
        places: Vec<PlacePath>,
    },
    /// It is no longer used.
    GridClosed,
}

/// A street to be founded.
#[derive(Clone, Debug, Default)]
pub struct NewStreet {
    /// Its name.
    pub name: String,
    /// Its code, the first of every path.
    pub code: String,
    /// Its 12 digits, if known.
    pub statistical: Option<String>,
}

/// A place to be added.
#[derive(Clone, Debug)]
pub struct NewPlace {
    /// Under which place.
    pub parent: PlacePath,
    /// What it is.
    pub kind: PlaceKind,
    /// Its code among its siblings.
    pub code: String,
    /// Its name.
    pub name: String,
    /// For communities: the code of matters' numbers; the place's own code is taken when it fits.
    pub short_code: Option<String>,
    /// For communities: the 12 digits.
    pub statistical: Option<String>,
    /// The telephone of its office.
    pub phone: Option<String>,
    /// Latitude in millionths of a degree.
    pub lat: Option<i64>,
    /// Longitude in millionths of a degree.
    pub lon: Option<i64>,
}

impl NewPlace {
    /// A place with nothing but kind, code and name.
    #[must_use]
    pub fn plain(parent: PlacePath, kind: PlaceKind, code: &str, name: &str) -> Self {
        Self {
            parent,
            kind,
            code: code.to_owned(),
            name: name.to_owned(),
            short_code: None,
            statistical: None,
            phone: None,
            lat: None,
            lon: None,
        }
    }
}

/// What may be changed about a place; the whole of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceChange {
    /// The name.
    pub name: String,
    /// The telephone.
    pub phone: Option<String>,
    /// The 12 digits.
    pub statistical: Option<String>,
    /// Latitude in millionths of a degree.
    pub lat: Option<i64>,
    /// Longitude in millionths of a degree.
    pub lon: Option<i64>,
}

impl From<&Place> for PlaceChange {
    fn from(p: &Place) -> Self {
        Self {
            name: p.name.clone(),
            phone: p.phone.clone(),
            statistical: p.statistical.clone(),
            lat: p.lat,
            lon: p.lon,
        }
    }
}

/// A grid to be drawn.
#[derive(Clone, Debug)]
pub struct NewGrid {
    /// In which community.
    pub community: PlacePath,
    /// Its three digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The places that it holds.
    pub places: Vec<PlacePath>,
}
