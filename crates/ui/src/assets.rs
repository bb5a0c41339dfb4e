//! Styles, scripts, icons and pictures, embedded in the binary.
//!
//! Names carry a hash of the contents (`/assets/app-3f2a9c41d0.css`), so browsers keep them for a year; the three files whose address is
//! fixed (`/sw.js`, `/app.webmanifest`, `/favicon.ico`) are asked for again. `build.rs` makes the table, with brotli and gzip copies.
//! Views write [`asset!`](crate::asset); what each file is for stands in `docs/design-language.md`.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// One embedded file and its copies.
#[derive(Debug)]
pub(crate) struct File {
    name: &'static str,
    path: &'static str,
    mime: &'static str,
    hashed: bool,
    digest: &'static str,
    plain: &'static [u8],
    br: Option<&'static [u8]>,
    gz: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets_table.rs"));

/// The address of an asset by its plain name (`"app.css"`); for [`asset!`](crate::asset), which calls it while compiling.
///
/// # Panics
/// When there is no such asset: inside `asset!` that is a compile error.
#[must_use]
pub const fn url(name: &str) -> &'static str {
    let mut i = 0;
    while i < FILES.len() {
        if same(FILES[i].name.as_bytes(), name.as_bytes()) {
            return FILES[i].path;
        }
        i += 1;
    }
    panic!("no such asset; the names stand in crates/ui/build.rs")
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// The hashed address of an asset, checked by the compiler: `asset!("app.css")`, `asset!("icons.svg", "#phone")`.
#[macro_export]
macro_rules! asset {
    ($name:literal) => {{
        const ADDRESS: &str = $crate::assets::url($name);
        ADDRESS
    }};
    ($name:literal, $fragment:expr) => {
        ::std::format!("{}{}", $crate::asset!($name), $fragment)
    };
}

/// Serves `/assets/*`, `/sw.js`, `/app.webmanifest` and `/favicon.ico`. Needs no state, no session and no store.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let mut router = Router::new().route("/assets/{name}", get(hashed));
    for file in FILES.iter().filter(|f| !f.hashed) {
        router = router.route(file.path, get(move |headers: HeaderMap| async move { serve(file, &headers) }));
    }
    router
}

async fn hashed(Path(name): Path<String>, headers: HeaderMap) -> Response {
    FILES
        .iter()
        .find(|f| f.hashed && f.path.strip_prefix("/assets/") == Some(name.as_str()))
        .map_or_else(|| StatusCode::NOT_FOUND.into_response(), |f| serve(f, &headers))
}

fn serve(file: &'static File, headers: &HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("");
    let (body, encoding) = match (file.br, file.gz) {
        (Some(br), _) if accepts(accepted, "br") => (br, Some("br")),
        (_, Some(gz)) if accepts(accepted, "gzip") => (gz, Some("gzip")),
        _ => (file.plain, None),
    };
    // a strong tag belongs to one representation, so each encoding has its own
    let tag = format!(
        "\"{}{}\"",
        &file.digest[..20],
        encoding.map_or("", |e| if e == "br" { "-br" } else { "-gz" })
    );
    let keep = match (file.hashed, file.name) {
        (true, _) => "public, max-age=31536000, immutable",
        (false, "sw.js") => "no-cache",
        (false, _) => "public, max-age=3600",
    };
    let common = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, keep.to_owned()),
        (header::VARY, "accept-encoding".to_owned()),
    ];
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .any(|t| t.trim() == "*" || t.trim().trim_start_matches("W/") == tag);
    if known {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let fixed = [(header::CONTENT_TYPE, file.mime), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    match encoding {
        Some(e) => (common, fixed, [(header::CONTENT_ENCODING, e)], body).into_response(),
        None => (common, fixed, body).into_response(),
    }
}

/// Whether an `Accept-Encoding` value takes this coding (RFC 9110, 12.5.3): named or `*`, and not with `q=0`.
fn accepts(accepted: &str, coding: &str) -> bool {
    let mut any = false;
    for item in accepted.split(',') {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or("");
        let wanted =
            !parts.any(|p| p.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0)));
        if name.eq_ignore_ascii_case(coding) {
            return wanted;
        }
        if name == "*" {
            any = wanted;
        }
    }
    any
}

#[cfg(test)]
#[path = "assets_tests.rs"]
mod tests;
