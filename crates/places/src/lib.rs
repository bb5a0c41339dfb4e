//! Places: the tree street › community › compound › building › unit › dwelling, and the grids across it.
//!
//! * [`Place`] is a node of the tree, found by its [`kernel::PlacePath`]; [`Grid`] is a set of places of one
//!   community, with the three digits that follow the community's twelve (统计用区划代码 + 网格号).
//! * Journey: [`actions::found_street`] → [`actions::add`] communities, compounds, buildings … →
//!   [`actions::add_grid`]; or a whole tree from a spreadsheet: [`actions::import_places`].
//! * Other rooms ask [`queries`]: by path, below a place, nearest to a point, the grid of a place.
//! * Staff pages under `/office/places`: [`routes`].

pub mod actions;
pub mod model;
mod pages;
pub mod queries;
pub mod rules;
mod tables;
pub mod testing;

pub use actions::{add, add_grid, found_street, import_places};
pub use model::{Grid, NewGrid, NewPlace, NewStreet, Place, PlaceChange, PlaceKind};
pub use pages::{DOORS, routes};
pub use queries::verify;
pub use queries::{by_id, by_path, by_paths, communities, count_under, grid_of, grids, home, nearest, under};
pub use rules::rights::RIGHTS;

/// The tables of this room.
pub const MIGRATIONS: store::Migrations = store::Migrations {
    room: "places",
    steps: &[("0001_places", include_str!("../migrations/0001_places.sql"))],
};

#[derive(Default, rust_embed::RustEmbed)]
#[folder = "i18n"]
struct Languages;

ui::room_words!("places", Languages);
