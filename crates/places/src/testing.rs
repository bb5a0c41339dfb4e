//! What tests of other rooms stand on.

use crate::{NewPlace, NewStreet, PlaceKind, add, found_street};
use kernel::{Actor, Id, PlacePath};
use store::{Fault, Tx};

/// The street `/QH/` with one community, `/QH/LY/`: who founded it, and the community.
///
/// # Errors
/// What the database says.
pub async fn community(tx: &mut Tx) -> Result<(Actor, PlacePath), Fault> {
    let nowhere = Actor::system(Id::named("nowhere"));
    let new = NewStreet { name: "清和街道".into(), code: "QH".into(), statistical: None };
    let street = found_street(tx, &nowhere, new).await?;
    let actor = Actor::system(street.id);
    let place = add(tx, &actor, NewPlace::plain(street.path, PlaceKind::Community, "LY", "柳荫社区")).await?;
    Ok((actor, place.path))
}
