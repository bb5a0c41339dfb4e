//! Failures in words: a page for people, RFC 9457 problem+json for programs.

use crate::{Lang, Viewer, layout, parts, refusal_next, refusal_text, t};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{Refusal, refusal::RefusalKind};
use maud::html;
use store::{Fault, Trouble};

/// A failed answer. It is dressed in the reader's language on its way out.
#[derive(Debug)]
pub struct Oops(pub Fault);

impl<E: Into<Fault>> From<E> for Oops {
    fn from(fault: E) -> Self {
        Self(fault.into())
    }
}

/// What a reader is told when the store cannot take more.
const fn out_of_order(trouble: Trouble) -> Refusal {
    let code = match trouble {
        Trouble::Full => "ui.store-full",
        Trouble::ReadOnly => "ui.store-read-only",
        Trouble::Busy => "ui.store-busy",
        Trouble::Away => "ui.store-away",
    };
    Refusal::new(RefusalKind::Unavailable, code)
}

/// What travels from the handler to the door.
#[derive(Clone, Debug)]
pub(crate) struct Failed(pub Option<Refusal>);

impl IntoResponse for Oops {
    fn into_response(self) -> Response {
        let (status, failed) = match self.0 {
            Fault::Refused(refusal) => (
                StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::CONFLICT),
                Failed(Some(refusal)),
            ),
            fault => {
                tracing::error!(%fault, "request failed");
                match fault.trouble() {
                    Some(trouble) => (StatusCode::SERVICE_UNAVAILABLE, Failed(Some(out_of_order(trouble)))),
                    None => (StatusCode::INTERNAL_SERVER_ERROR, Failed(None)),
                }
            }
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(failed);
        response
    }
}

/// Whether a refusal goes back into the form instead of onto a page of its own.
///
/// # Errors
/// The fault itself, when it is none that a form can show.
pub fn into_form(fault: Fault) -> Result<Refusal, Fault> {
    match fault {
        Fault::Refused(r)
            if matches!(r.kind, RefusalKind::Invalid | RefusalKind::Conflict | RefusalKind::TooMany)
                || (r.kind == RefusalKind::TooLarge && r.field.is_some()) =>
        {
            Ok(r)
        }
        other => Err(other),
    }
}

/// A page that shows a refusal, under the status of the refusal.
#[must_use]
pub fn with_status(refusal: &Refusal, page: maud::Markup) -> Response {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::CONFLICT);
    (status, page).into_response()
}

/// Problem details (RFC 9457), as [`problem`] writes them; for the descriptions of the rooms' APIs.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// A URN of the refusal.
    pub r#type: String,
    /// What was refused and why, in the reader's language.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The code of the refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub code: Option<&'static str>,
    /// The field or parameter that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub field: Option<&'static str>,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next: Option<String>,
}

/// RFC 9457 problem details of a refusal.
#[must_use]
pub fn problem(lang: Lang, status: StatusCode, refusal: Option<&Refusal>) -> Response {
    let title = match refusal {
        Some(r) => refusal_text(lang, r),
        None if status == StatusCode::NOT_FOUND => t!(lang, "refusal-no-page"),
        None if status == StatusCode::METHOD_NOT_ALLOWED => t!(lang, "refusal-no-method"),
        None => t!(lang, "refusal-broken"),
    };
    let body = Problem {
        r#type: refusal
            .map_or_else(|| "about:blank".to_owned(), |r| format!("urn:yishiting:refusal:{}", r.code)),
        title,
        status: status.as_u16(),
        code: refusal.map(|r| r.code),
        field: refusal.and_then(|r| r.field),
        next: refusal.and_then(|r| refusal_next(lang, r)),
    };
    let mut response = (status, axum::Json(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// The page of a failure.
#[must_use]
pub(crate) fn page(viewer: &Viewer, status: StatusCode, refusal: Option<&Refusal>) -> Response {
    let lang = viewer.lang;
    let title = match refusal {
        Some(r) => refusal_text(lang, r),
        None if status == StatusCode::NOT_FOUND => t!(lang, "refusal-no-page"),
        None if status == StatusCode::METHOD_NOT_ALLOWED => t!(lang, "refusal-no-method"),
        None if status == StatusCode::PAYLOAD_TOO_LARGE => t!(lang, "refusal-file-too-large", max = 12),
        None if status.is_client_error() => t!(lang, "refusal-bad-form"),
        None => t!(lang, "refusal-broken"),
    };
    let next = refusal.and_then(|r| refusal_next(lang, r)).unwrap_or_else(|| t!(lang, "oops-next"));
    let sign_in = refusal.is_some_and(|r| r.kind == RefusalKind::SignIn);
    // Whose session ended over a form signs in and comes back to the page that it stood on, the address above its own.
    let stale = refusal.is_some_and(|r| r.code == "ui.stale-form");
    let above = viewer.path.rsplit_once('/').map_or("/", |(above, _)| above);
    let body = html! {
        section."oops card card-p" {
            p."oops-n num" { (status.as_u16()) }
            h1 { (title) }
            p { (next) }
            p.btns {
                @if sign_in { a.btn.pri href={ "/sign-in?to=" (parts::query(&viewer.here)) } { (t!(lang, "sign-in")) } }
                @if stale && viewer.signed.is_none() { a.btn.pri href={ "/sign-in?to=" (parts::query(above)) } { (t!(lang, "sign-in")) } }
                a.btn href="/" { (t!(lang, "go-home")) }
                @if viewer.is_staff() { a.btn href="/office" { (t!(lang, "go-office")) } }
            }
        }
    };
    let mut response = layout::plain(viewer, &title, &body).into_response();
    *response.status_mut() = status;
    response
}
