//! What tests of pages look at: the forms of a page, and the faults that no page may have.

use crate::{Ctx, Gate, Home, Office, Signed, Site};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header, request::Builder},
    response::Response,
};
use futures_util::future::BoxFuture;
use kernel::{Id, OfficeKind, PlacePath};
use std::sync::Arc;
use store::{Fault, Store};
use tower::ServiceExt;

/// The form of a page that is sent to `action` by POST, or one of whose buttons is.
#[must_use]
pub fn form_of<'a>(page: &'a str, action: &str) -> Option<&'a str> {
    let forms = page.split("<form").skip(1).map(|f| &f[..f.find("</form>").unwrap_or(f.len())]);
    let sent = format!("action=\"{action}\"");
    forms.into_iter().find(|f| f.contains(&sent) && f[..f.find('>').unwrap_or(0)].contains("post"))
}

/// The value of an attribute of a tag.
#[must_use]
pub fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let from = tag.find(&format!("{name}=\""))? + name.len() + 2;
    Some(&tag[from..from + tag[from..].find('"')?])
}

/// The hidden fields of a form.
#[must_use]
pub fn hidden(form: &str) -> Vec<(String, String)> {
    let tags = form.split("<input").skip(1).map(|i| &i[..i.find('>').unwrap_or(i.len())]);
    tags.filter(|tag| tag.contains("type=\"hidden\""))
        .filter_map(|tag| {
            let value = attribute(tag, "value").unwrap_or_default();
            Some((attribute(tag, "name")?.to_owned(), value.replace("&quot;", "\"").replace("&amp;", "&")))
        })
        .collect()
}

fn values<'a>(page: &'a str, before: &str) -> Vec<&'a str> {
    page.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// Every id once, every label leads somewhere, one heading of the first order, every sentence found, no inline style.
///
/// # Panics
/// When the page has one of these faults; it names the page.
pub fn sound(path: &str, page: &str) {
    assert!(!page.contains("No localization"), "{path}: a sentence is missing");
    assert_eq!(page.matches("<h1").count(), 1, "{path}");
    let ids = values(page, " id=\"");
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "{path}: an id stands twice in {ids:?}");
    for target in values(page, " for=\"") {
        assert!(once.contains(&target), "{path}: a label leads to {target}");
    }
    for part in values(page, "aria-describedby=\"").into_iter().flat_map(|v| v.split(' ')) {
        assert!(once.contains(&part), "{path}: described by {part}");
    }
    assert!(!page.contains(" style=") && !page.contains("<style"), "{path}: inline style");
}

/// Lets in whoever's id the session cookie names, with the offices that were given here.
pub struct Doorkeeper {
    /// The database.
    pub store: Store,
    /// The street.
    pub home: Arc<Home>,
    /// Who holds which office where.
    pub offices: Vec<(Id, OfficeKind, PlacePath)>,
}

impl Gate for Doorkeeper {
    fn session<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Option<Signed>, Fault>> {
        let Ok(person) = token.parse::<Id>() else { return Box::pin(async { Ok(None) }) };
        let held = self.offices.iter().filter(|(who, ..)| *who == person);
        let offices = held
            .map(|(_, kind, place)| Office {
                id: person,
                kind: *kind,
                place: place.clone(),
                place_name: place.to_string(),
                unit: None,
                unit_name: None,
            })
            .collect();
        let signed = Signed {
            street: self.home.street,
            account: person,
            person,
            name: "somebody".into(),
            lives_at: None,
            offices,
            must_go: None,
            session: token.into(),
            unread: 0,
        };
        Box::pin(async { Ok(Some(signed)) })
    }
    fn bearer<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Option<Signed>, Fault>> {
        Box::pin(async { Ok(None) })
    }
    fn home(&self) -> BoxFuture<'_, Result<Option<Arc<Home>>, Fault>> {
        Box::pin(async { Ok(Some(self.home.clone())) })
    }
}

/// What came back: status, where it leads, the page.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The status.
    pub status: StatusCode,
    /// Where it leads.
    pub to: String,
    /// The page.
    pub text: String,
}

/// A browser without script in front of the routes of a room.
pub struct Browser {
    routes: Router,
    /// Who is signed in.
    pub who: Option<Id>,
}

impl Browser {
    /// In front of these routes.
    #[must_use]
    pub fn new(routes: Router<Ctx>, keeper: Doorkeeper) -> Self {
        let site = Arc::new(Site { base_url: "http://here".into(), ..Site::default() });
        let ctx = Ctx { store: keeper.store.clone(), gate: Arc::new(keeper), site };
        let routes = crate::wrap(routes.merge(crate::routes()), &ctx).with_state(ctx);
        Self { routes, who: None }
    }

    /// Sends a request.
    ///
    /// # Panics
    /// When the request is none.
    pub async fn send(&self, request: Builder, body: impl Into<Body>) -> Seen {
        let response = self.answer(request, body.into()).await;
        let status = response.status();
        let to = response
            .headers()
            .get(header::LOCATION)
            .and_then(|l| l.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap_or_default();
        Seen { status, to, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// Sends a request; the answer as it comes, which may have no end.
    ///
    /// # Panics
    /// When the request is none.
    pub async fn answer(&self, request: Builder, body: Body) -> Response {
        let mut request = request.header(header::HOST, "here");
        if let Some(who) = self.who {
            request = request.header(header::COOKIE, format!("ys={who}"));
        }
        let request = request.body(body).expect("a request");
        self.routes.clone().oneshot(request).await.expect("an answer")
    }

    /// A photo of a page: its bytes, or the status with which it is kept back.
    ///
    /// # Errors
    /// The status, when it is not there or is no photo.
    pub async fn photo(&self, address: &str) -> Result<Vec<u8>, StatusCode> {
        let response = self.answer(Request::get(address), Body::empty()).await;
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|k| k.to_str().ok());
        if response.status() != StatusCode::OK || kind != Some("image/jpeg") {
            return Err(response.status());
        }
        Ok(axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap_or_default().to_vec())
    }

    /// Fills a form that takes files, as [`Browser::submit`] fills others: files are field, name and bytes.
    ///
    /// # Panics
    /// When there is no such form, or it takes no files.
    pub async fn upload(
        &self,
        page: &str,
        action: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Seen {
        let text = self.open(page).await;
        let form =
            form_of(&text, action).unwrap_or_else(|| panic!("{page} has no form for {action}: {text}"));
        assert!(form.contains("multipart/form-data"), "{page}: {action} takes no files");
        let mut pairs = hidden(form);
        pairs.extend(fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        let mut body = Vec::new();
        for (name, value) in &pairs {
            let part = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (field, name, bytes) in files {
            let head = format!("name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: image/jpeg\r\n\r\n");
            body.extend_from_slice(format!("--b\r\nContent-Disposition: form-data; {head}").as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--b--\r\n");
        let request = Request::post(action).header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
        let seen = self.send(request, body).await;
        if seen.text.starts_with("<!DOCTYPE") {
            sound(action, &seen.text);
        }
        seen
    }

    /// Opens a page that is there, and looks for the faults that no page may have.
    ///
    /// # Panics
    /// When it is not there, or has one.
    pub async fn open(&self, page: &str) -> String {
        let seen = self.send(Request::get(page), String::new()).await;
        assert_eq!(seen.status, StatusCode::OK, "{page} leads to {}: {}", seen.to, seen.text);
        if seen.text.starts_with("<!DOCTYPE") {
            sound(page, &seen.text);
        }
        seen.text
    }

    /// Fills the form of `page` that is sent to `action` (or one of whose buttons is), with its hidden fields.
    ///
    /// # Panics
    /// When there is no such form.
    pub async fn submit(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Seen {
        let text = self.open(page).await;
        let form =
            form_of(&text, action).unwrap_or_else(|| panic!("{page} has no form for {action}: {text}"));
        let mut pairs = hidden(form);
        pairs.retain(|(name, _)| !fields.iter().any(|(f, _)| f == name));
        pairs.extend(fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        let body: Vec<String> = pairs
            .iter()
            .map(|(k, v)| format!("{}={}", crate::parts::query(k), crate::parts::query(v)))
            .collect();
        let request = Request::post(action).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let seen = self.send(request, body.join("&")).await;
        if seen.text.starts_with("<!DOCTYPE") {
            sound(action, &seen.text);
        }
        seen
    }

    /// A form that is taken; where it leads.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn done(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> String {
        let seen = self.submit(page, action, fields).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{action}: {}", seen.text);
        seen.to
    }

    /// A form that is refused, in these words.
    ///
    /// # Panics
    /// When it is taken, or refused in other words.
    pub async fn refused(&self, page: &str, action: &str, fields: &[(&str, &str)], words: &str) {
        let seen = self.submit(page, action, fields).await;
        assert!(seen.status.is_client_error() && seen.text.contains(words), "{} {}", seen.status, seen.text);
    }
}
