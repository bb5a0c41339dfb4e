//! The only writers of this room. Rights are proven by the caller; what is written here keeps the tree whole.

use crate::{
    model::{Grid, GridEvent, NewGrid, NewPlace, NewStreet, Place, PlaceChange, PlaceEvent},
    queries,
    rules::{self, Facts},
};
use kernel::{Actor, Id, PlacePath, Refusal};
use store::{Fault, Tx};

mod import;
pub use import::{Imported, import_places};

fn missing() -> Fault {
    Refusal::missing("places.no-place").into()
}

/// Founds a street. It is filed under itself: whatever street the actor names is replaced by the new one.
///
/// # Errors
/// Which field is wrong; `places.code-taken` when the code is another street's.
pub async fn found_street(tx: &mut Tx, actor: &Actor, new: NewStreet) -> Result<Place, Fault> {
    let id = tx.new_id()?;
    let place = rules::new_street(id, &new)?;
    if queries::streets(tx).await?.iter().any(|s| s.path == place.path) {
        return Err(Refusal::invalid("code", "places.code-taken").with("code", &place.code).into());
    }
    let actor = Actor { street: id, ..actor.clone() };
    let full_name = place.full_name.clone();
    let (place, _) = tx.record::<Place>(id, None, &[PlaceEvent::Added(place)], &actor, None).await?;
    Ok(Place { full_name, ..place })
}

/// Adds a place under another one of the actor's street.
///
/// # Errors
/// Which field is wrong, or what stands in the way.
pub async fn add(tx: &mut Tx, actor: &Actor, new: NewPlace) -> Result<Place, Fault> {
    let parent = queries::by_path(tx, actor.street, &new.parent).await?.ok_or_else(missing)?;
    let path = new.parent.child(&kernel::text::clean(&new.code));
    let code_taken = match &path {
        Some(path) => queries::by_path(tx, actor.street, path).await?.is_some(),
        None => false,
    };
    let short_taken = match rules::short_code(new.short_code.as_deref(), &kernel::text::clean(&new.code)) {
        Ok(short) if new.kind == crate::PlaceKind::Community => {
            queries::has_short(tx, actor.street, &short).await?
        }
        _ => false,
    };
    let nth = tx.next_number(actor.street, "places").await?;
    let place = rules::new_place(tx.new_id()?, nth, &parent, &new, Facts { code_taken, short_taken })?;
    let path = place.path.clone();
    tx.record::<Place>(place.id, None, &[PlaceEvent::Added(place)], actor, None).await?;
    queries::by_path(tx, actor.street, &path).await?.ok_or_else(missing)
}

/// Changes name, telephone, statistical code or position of a place.
///
/// # Errors
/// Which field is wrong; `places.no-place`.
pub async fn change(
    tx: &mut Tx,
    actor: &Actor,
    path: &PlacePath,
    change: PlaceChange,
) -> Result<Place, Fault> {
    let place = load(tx, actor.street, path).await?;
    let above = match path.parent() {
        Some(parent) => queries::by_path(tx, actor.street, &parent).await?.and_then(|p| p.statistical),
        None => None,
    };
    let change = rules::change(&place, above.as_deref(), &change)?;
    if change != PlaceChange::from(&place) {
        tx.record(place.id, Some(place), &[PlaceEvent::Changed(change)], actor, None).await?;
    }
    queries::by_path(tx, actor.street, path).await?.ok_or_else(missing)
}

/// Gives a place another name; its code and path stay.
///
/// # Errors
/// As [`change`].
pub async fn rename(tx: &mut Tx, actor: &Actor, path: &PlacePath, name: &str) -> Result<Place, Fault> {
    let place = queries::by_path(tx, actor.street, path).await?.ok_or_else(missing)?;
    change(tx, actor, path, PlaceChange { name: name.to_owned(), ..PlaceChange::from(&place) }).await
}

/// Takes a place out of use. What was recorded for it stays.
///
/// # Errors
/// `places.has-places` while places below it are in use; `places.no-place`.
pub async fn close(tx: &mut Tx, actor: &Actor, path: &PlacePath) -> Result<(), Fault> {
    let place = load(tx, actor.street, path).await?;
    let below = queries::children(tx, actor.street, path).await?.iter().filter(|p| p.active).count();
    if below > 0 {
        return Err(Refusal::conflict("places.has-places").with("n", below).into());
    }
    if place.active {
        tx.record(place.id, Some(place), &[PlaceEvent::Closed], actor, None).await?;
    }
    Ok(())
}

/// Takes a closed place into use again.
///
/// # Errors
/// `places.parent-closed` while the place above is closed; `places.no-place`.
pub async fn reopen(tx: &mut Tx, actor: &Actor, path: &PlacePath) -> Result<(), Fault> {
    let place = load(tx, actor.street, path).await?;
    if let Some(parent) = path.parent()
        && queries::by_path(tx, actor.street, &parent).await?.is_some_and(|p| !p.active)
    {
        return Err(Refusal::conflict("places.parent-closed").into());
    }
    if !place.active {
        tx.record(place.id, Some(place), &[PlaceEvent::Reopened], actor, None).await?;
    }
    Ok(())
}

async fn load(tx: &mut Tx, street: Id, path: &PlacePath) -> Result<Place, Fault> {
    let id = queries::by_path(tx, street, path).await?.ok_or_else(missing)?.id;
    tx.load::<Place>(street, id).await?.ok_or_else(missing)
}

/// Draws a grid.
///
/// # Errors
/// Which field is wrong; `places.grid-taken` when code or a place already belongs to another grid.
pub async fn add_grid(tx: &mut Tx, actor: &Actor, new: NewGrid) -> Result<Grid, Fault> {
    let community = queries::by_path(tx, actor.street, &new.community).await?;
    if community.is_none_or(|c| c.kind != crate::PlaceKind::Community) {
        return Err(Refusal::invalid("community", "places.no-place").into());
    }
    let known: Vec<PlacePath> = queries::by_paths(tx, actor.street, &new.places).await?.into_keys().collect();
    let grid = rules::new_grid(tx.new_id()?, actor.street, &new, &known)?;
    let others = queries::grids(tx, actor.street, &new.community).await?;
    if others.iter().any(|g| g.code == grid.code) {
        return Err(Refusal::invalid("code", "places.grid-code-taken").with("code", &grid.code).into());
    }
    free(&others, &grid.places)?;
    Ok(tx.record::<Grid>(grid.id, None, &[GridEvent::GridAdded(grid)], actor, None).await?.0)
}

fn free(others: &[Grid], places: &[PlacePath]) -> Result<(), Refusal> {
    for grid in others {
        if let Some(place) = grid.places.iter().find(|p| places.contains(p)) {
            return Err(Refusal::invalid("places", "places.grid-taken")
                .with("grid", &grid.name)
                .with("place", place));
        }
    }
    Ok(())
}

/// Changes name and places of a grid.
///
/// # Errors
/// As [`add_grid`]; `places.no-grid`.
pub async fn change_grid(
    tx: &mut Tx,
    actor: &Actor,
    id: Id,
    name: &str,
    places: Vec<PlacePath>,
) -> Result<Grid, Fault> {
    let no_grid = || Fault::from(Refusal::missing("places.no-grid"));
    let grid = tx.load::<Grid>(actor.street, id).await?.filter(|g| g.active).ok_or_else(no_grid)?;
    let known: Vec<PlacePath> = queries::by_paths(tx, actor.street, &places).await?.into_keys().collect();
    let places = rules::grid_places(&grid.community, &places, &known)?;
    let name = kernel::text::required("name", name, kernel::text::TITLE)?;
    let mut others = queries::grids(tx, actor.street, &grid.community).await?;
    others.retain(|g| g.id != id);
    free(&others, &places)?;
    if name == grid.name && places == grid.places {
        return Ok(grid);
    }
    Ok(tx.record(id, Some(grid), &[GridEvent::GridChanged { name, places }], actor, None).await?.0)
}

/// Takes a grid out of use; its places are free for others.
///
/// # Errors
/// `places.no-grid`.
pub async fn close_grid(tx: &mut Tx, actor: &Actor, id: Id) -> Result<(), Fault> {
    let grid = tx
        .load::<Grid>(actor.street, id)
        .await?
        .ok_or_else(|| Fault::from(Refusal::missing("places.no-grid")))?;
    if grid.active {
        tx.record(id, Some(grid), &[GridEvent::GridClosed], actor, None).await?;
    }
    Ok(())
}
