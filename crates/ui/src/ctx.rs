//! What every handler gets, and what `app` hands in.

use crate::{CalendarOf, Keeper, Signed, Viewer};
use futures_util::future::BoxFuture;
use kernel::{Id, OfficeKind, PlacePath};
use std::sync::Arc;
use store::{Fault, Store};

/// The context of a running server, cheap to clone.
#[derive(Clone)]
pub struct Ctx {
    /// The database.
    pub store: Store,
    /// Sessions and the home street, answered by the ground rooms.
    pub gate: Arc<dyn Gate>,
    /// Names, addresses and navigation of this installation.
    pub site: Arc<Site>,
}

/// What `ui` must know of people and places without knowing their rooms.
pub trait Gate: Send + Sync {
    /// Who holds this session cookie.
    fn session<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Option<Signed>, Fault>>;
    /// Who holds this API token.
    fn bearer<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Option<Signed>, Fault>>;
    /// The street that strangers see; `None` before set-up.
    fn home(&self) -> BoxFuture<'_, Result<Option<Arc<Home>>, Fault>>;
}

/// A street with its communities.
#[derive(Clone, Debug)]
pub struct Home {
    /// The street.
    pub street: Id,
    /// Its name.
    pub name: String,
    /// Its path.
    pub path: PlacePath,
    /// Its communities.
    pub communities: Vec<Community>,
}

/// A community of the street.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Community {
    /// Its place.
    pub id: Id,
    /// Its path.
    pub path: PlacePath,
    /// The short code that its matters' numbers begin with.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its telephone, if known.
    pub phone: Option<String>,
}

/// An entry of the navigation.
#[derive(Clone, Copy, Debug)]
pub struct NavItem {
    /// The icon.
    pub icon: &'static str,
    /// `room.key` of its label.
    pub key: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Which offices see it; empty for everybody.
    pub offices: &'static [OfficeKind],
}

/// What differs between installations and what `app` wires.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// The address under which people reach it, without a slash at the end; for QR codes and links.
    pub base_url: String,
    /// Whether cookies are only sent over TLS.
    pub secure_cookies: bool,
    /// Whether this is the demo: a line says so on every page.
    pub demo: bool,
    /// Registration strings of the footer (ICP and public security), as they are to be shown.
    pub filings: Vec<(String, String)>,
    /// The residents' bar.
    pub tabs: Vec<NavItem>,
    /// The staff's side bar.
    pub desk: Vec<NavItem>,
    /// Who keeps what about people.
    pub keepers: Vec<Keeper>,
    /// The working calendar of a street, by which the law's periods are counted; as shipped where none is handed in.
    pub calendar: Option<CalendarOf>,
}

impl Ctx {
    /// The street in which a viewer acts.
    ///
    /// # Errors
    /// `ui.no-street` before set-up.
    pub fn street(&self, viewer: &Viewer) -> Result<Id, Fault> {
        viewer.home().map(|h| h.street).ok_or_else(|| kernel::Refusal::conflict("ui.no-street").into())
    }
}
