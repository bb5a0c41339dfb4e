//! How places and grids lie in their tables.

use crate::{
    model::{Grid, GridEvent, Place, PlaceEvent},
    rules,
};
use kernel::PlacePath;
use store::{Arg, ChildRow, Fold};

impl Fold for Place {
    const ROOM: &'static str = "places";
    const TABLE: &'static str = "place";
    store::stream!(PlaceEvent, |state, event, _| rules::evolve(state, event));

    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("path", Arg::from(&self.path)),
            ("parent", Arg::from(self.path.parent().unwrap_or_else(PlacePath::root))),
            ("kind", Arg::from(self.kind.code())),
            ("name", Arg::from(&self.name)),
            ("short_code", Arg::from(self.short_code.clone())),
            ("lat", Arg::from(self.lat)),
            ("lon", Arg::from(self.lon)),
            ("active", Arg::from(self.active)),
        ]
    }
}

impl Fold for Grid {
    const ROOM: &'static str = "places";
    const TABLE: &'static str = "grid";
    const CHILD_KEY: &'static str = "grid";
    const CHILD_TABLES: &'static [&'static str] = &["grid_place"];
    store::stream!(GridEvent, |state, event, _| rules::evolve_grid(state, event));

    fn columns(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("community", Arg::from(&self.community)),
            ("code", Arg::from(&self.code)),
            ("active", Arg::from(self.active)),
        ]
    }
    fn children(&self) -> Vec<ChildRow> {
        self.places
            .iter()
            .map(|p| ChildRow { table: "grid_place", key: vec![("place", Arg::from(p))], columns: vec![] })
            .collect()
    }
}
