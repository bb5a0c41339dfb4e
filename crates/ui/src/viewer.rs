//! Who looks at a page: language, type size, session, offices; and what they may do, where.

use crate::{Community, Ctx, Home, Lang, Site};
use axum::{extract::FromRequestParts, http::request::Parts};
use kernel::{Actor, Channel, Id, OfficeKind, PlacePath, Refusal, refusal::RefusalKind};
use std::{ops::Deref, sync::Arc};

/// A verb and the offices that hold it. A room's rights are constants, written once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Right {
    /// `room.verb`.
    pub verb: &'static str,
    /// Who holds it, each within the place of the office.
    pub offices: &'static [OfficeKind],
}

/// An office that a person holds: a role for a place, perhaps in a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// Its id.
    pub id: Id,
    /// The role.
    pub kind: OfficeKind,
    /// For which place and all below it.
    pub place: PlacePath,
    /// The name of that place.
    pub place_name: String,
    /// The unit, for unit handlers.
    pub unit: Option<Id>,
    /// The unit's name.
    pub unit_name: Option<String>,
}

/// Somebody signed in.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The street of the account.
    pub street: Id,
    /// The account.
    pub account: Id,
    /// The person.
    pub person: Id,
    /// How the person is called.
    pub name: String,
    /// The dwelling or other place that the person lives at, if known.
    pub lives_at: Option<PlacePath>,
    /// Offices in force.
    pub offices: Vec<Office>,
    /// Whether a second factor or a new password is due before anything else, and where to give it.
    pub must_go: Option<&'static str>,
    /// A name for the session that is not the token, for form tokens and idempotency scopes.
    pub session: String,
    /// Notices not yet read.
    pub unread: i64,
}

/// By what a request proved who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// Nothing.
    Nobody,
    /// A session cookie.
    Cookie,
    /// An API token.
    Token,
}

/// What is known of the viewer of a request.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The language.
    pub lang: Lang,
    /// Whether the large type is on (长辈版).
    pub elder: bool,
    /// Who is signed in.
    pub signed: Option<Signed>,
    /// By what.
    pub via: Via,
    /// The street.
    pub home: Option<Arc<Home>>,
    /// The community chosen by cookie, office or home.
    pub community: Option<Community>,
    /// The path of the request.
    pub path: String,
    /// The path and query, for coming back.
    pub here: String,
    /// A message from the page before, as `room.key` with values.
    pub flash: Option<(String, Vec<(String, String)>)>,
    /// The target of a fragment request, when only a part of the page is wanted.
    pub fragment: Option<String>,
    /// Names and navigation.
    pub site: Arc<Site>,
    /// The secret of the slip that this browser opened last, by number.
    pub slip: Option<(String, String)>,
}

/// The viewer, cheap to clone.
#[derive(Clone, Debug)]
pub struct Viewer(pub(crate) Arc<Seen>);

impl Deref for Viewer {
    type Target = Seen;
    fn deref(&self) -> &Seen {
        &self.0
    }
}

impl Viewer {
    /// A viewer made by hand, for tests and for papers printed by jobs.
    #[must_use]
    pub fn new(seen: Seen) -> Self {
        Self(Arc::new(seen))
    }

    /// The street and its communities.
    #[must_use]
    pub fn home(&self) -> Option<&Home> {
        self.0.home.as_deref()
    }

    /// Whoever is signed in.
    ///
    /// # Errors
    /// `ui.sign-in`.
    pub fn signed_in(&self) -> Result<&Signed, Refusal> {
        self.signed.as_ref().ok_or(Refusal::new(RefusalKind::SignIn, "ui.sign-in"))
    }

    /// Whether the viewer holds any office of staff.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        self.signed.as_ref().is_some_and(|s| s.offices.iter().any(|o| o.kind.is_staff()))
    }

    /// The office by which the viewer may do this here, if any.
    #[must_use]
    pub fn may(&self, right: &Right, at: &PlacePath) -> Option<&Office> {
        self.signed.as_ref()?.offices.iter().find(|o| right.offices.contains(&o.kind) && at.within(&o.place))
    }

    /// The offices by which the viewer may do this anywhere.
    #[must_use]
    pub fn offices_for(&self, right: &Right) -> Vec<&Office> {
        self.signed.iter().flat_map(|s| &s.offices).filter(|o| right.offices.contains(&o.kind)).collect()
    }

    /// Proves a right for a place.
    ///
    /// # Errors
    /// `ui.sign-in` when nobody is signed in, `ui.no-right` when the offices do not reach.
    pub fn need(&self, right: &Right, at: &PlacePath) -> Result<&Office, Refusal> {
        self.signed_in()?;
        self.may(right, at).ok_or_else(|| Refusal::forbidden("ui.no-right"))
    }

    /// Proves a right for some place, for pages that then show only that place.
    ///
    /// # Errors
    /// As [`Viewer::need`].
    pub fn need_somewhere(&self, right: &Right) -> Result<Vec<&Office>, Refusal> {
        self.signed_in()?;
        let offices = self.offices_for(right);
        if offices.is_empty() { Err(Refusal::forbidden("ui.no-right")) } else { Ok(offices) }
    }

    /// The actor for the journal: in this office, or as a resident.
    ///
    /// # Errors
    /// `ui.no-street` before set-up.
    pub fn actor(&self, office: Option<&Office>) -> Result<Actor, Refusal> {
        let street = self
            .signed
            .as_ref()
            .map(|s| s.street)
            .or_else(|| self.home().map(|h| h.street))
            .ok_or(Refusal::conflict("ui.no-street"))?;
        Ok(Actor {
            street,
            person: self.signed.as_ref().map(|s| s.person),
            office: office.map(|o| o.kind).or(self.signed.as_ref().map(|_| OfficeKind::Resident)),
            unit: office.and_then(|o| o.unit),
            on_behalf_of: None,
            channel: if self.via == Via::Token { Channel::Api } else { Channel::App },
        })
    }

    /// A name for whose idempotency keys and form tokens these are.
    #[must_use]
    pub fn scope(&self) -> String {
        self.signed.as_ref().map_or_else(|| "anon".to_owned(), |s| s.session.clone())
    }
}

impl FromRequestParts<Ctx> for Viewer {
    type Rejection = crate::Oops;
    async fn from_request_parts(parts: &mut Parts, _: &Ctx) -> Result<Self, Self::Rejection> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| store::Fault::other("no viewer on the request").into())
    }
}
