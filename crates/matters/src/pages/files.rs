//! Attachments, shown only to those who may see their matter.

use crate::{model::*, queries};
use axum::{
    extract::{Path, Query, State},
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use kernel::{Id, Refusal};
use serde::Deserialize;
use ui::{Answer, Ctx, Viewer};

/// Which copy.
#[derive(Deserialize)]
pub struct Size {
    size: Option<String>,
}

/// `/files/{id}`: the public copy; the private original never leaves by this door.
pub async fn show(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(q): Query<Size>,
) -> Answer {
    let missing = || Refusal::missing("matters.no-photo");
    let id: Id = id.parse().map_err(|_| missing())?;
    let street = ctx.street(&viewer)?;
    let mut conn = ctx.store.read().await?;
    let matter = queries::matter_of_file(&mut conn, street, id).await?.ok_or_else(missing)?;
    let m: Matter = conn.get(street, matter).await?.ok_or_else(missing)?;
    let standing = queries::standing(&viewer, &m);
    let public = m.attachments.iter().any(|a| a.blob == id && a.public) && !m.hidden;
    if standing.is_public() && !public {
        return Err(missing().into());
    }
    let (mime, bytes) =
        conn.blob(street, id, q.size.as_deref() == Some("small")).await?.ok_or_else(missing)?;
    Ok(file(&mime, bytes, public))
}

fn file(mime: &str, bytes: Vec<u8>, public: bool) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    if let Ok(mime) = HeaderValue::from_str(mime) {
        headers.insert(header::CONTENT_TYPE, mime);
    }
    let keep = if public { "private, max-age=300" } else { "no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    response
}
