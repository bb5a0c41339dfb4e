//! Forms: what was sent (proven and read), and what is to be shown (values and errors kept per field).

use crate::{Ctx, Oops, Viewer};
use axum::{
    Form as AxumForm,
    extract::{FromRequest, Multipart, Request},
    http::header,
};
use kernel::{Refusal, refusal::RefusalKind};
use sha2::{Digest, Sha256};
use store::{Fault, IdemKey};

/// Most fields in one form, against hostile ones.
const MAX_FIELDS: usize = 2_000;

/// The fields of a form in the order in which they came; a name may come several times.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Fields from pairs.
    #[must_use]
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The fields of an address, from what stands behind its question mark.
    #[must_use]
    pub fn of_query(raw: Option<&str>) -> Self {
        let pairs = raw.unwrap_or_default().split('&').filter(|p| !p.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let read = |text: &str| kernel::text::clean(&crate::parts::unquery(text));
            (read(name), read(value))
        });
        Self(pairs.collect())
    }

    /// The first value of a name; empty when absent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }

    /// The first value of a name unless it is blank.
    #[must_use]
    pub fn some(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|v| !v.is_empty())
    }

    /// Every value of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Whether a checkbox was ticked.
    #[must_use]
    pub fn ticked(&self, name: &str) -> bool {
        self.some(name).is_some_and(|v| v != "0" && v != "false")
    }

    /// A value that has to be read: absent is `None`.
    ///
    /// # Errors
    /// `ui.not-valid` for the field when it is there but cannot be read.
    pub fn parse<T: std::str::FromStr>(&self, name: &'static str) -> Result<Option<T>, Refusal> {
        self.some(name).map(|v| v.parse().map_err(|_| Refusal::invalid(name, "ui.not-valid"))).transpose()
    }

    /// A code that has to be one of an enum's: absent is `None`.
    ///
    /// # Errors
    /// `ui.not-valid` for the field when it is none of them.
    pub fn code<T>(
        &self,
        name: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        self.some(name).map(|v| parse(v).ok_or(Refusal::invalid(name, "ui.not-valid"))).transpose()
    }

    /// Sets a value, replacing those of the same name.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.retain(|(n, _)| n != name);
        self.0.push((name.to_owned(), value.into()));
    }

    /// All pairs.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }
}

/// A file that was sent.
#[derive(Clone, Debug)]
pub struct File {
    /// The field.
    pub field: String,
    /// The name it had on the device; only shown, never trusted.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A form that was sent: from our own page (token and origin hold), fields and files read.
#[derive(Debug)]
pub struct Posted {
    /// Who sent it.
    pub viewer: Viewer,
    /// Its fields.
    pub fields: Fields,
    /// Its files; empty file inputs are left out.
    pub files: Vec<File>,
    key: Option<String>,
}

impl Posted {
    /// The idempotency key of this form, with a print of its contents.
    #[must_use]
    pub fn key(&self) -> Option<IdemKey> {
        let key = self.key.clone()?;
        let mut print = Vec::new();
        for (name, value) in self.fields.iter().filter(|(n, _)| *n != "csrf") {
            print.extend_from_slice(name.as_bytes());
            print.push(0);
            print.extend_from_slice(value.as_bytes());
            print.push(0);
        }
        for file in &self.files {
            print.extend_from_slice(&Sha256::digest(&file.bytes));
        }
        Some(IdemKey::new(format!("form:{}:{}", self.viewer.scope(), self.viewer.path), key, &print))
    }

    /// The file of a field, as it was sent: for spreadsheets.
    ///
    /// # Errors
    /// `ui.file-too-large` for `field`: only its beginning is here.
    pub fn file(&self, field: &'static str) -> Result<Option<&File>, Refusal> {
        let file = self.files.iter().find(|f| f.field == field);
        if file.is_some_and(|f| f.bytes.len() > store::pictures::MAX_BYTES) {
            return Err(Refusal { field: Some(field), ..too_large() });
        }
        Ok(file)
    }

    /// Takes in the attachments of one field, off the async threads.
    ///
    /// # Errors
    /// As [`store::pictures::take`]; `ui.too-many-files` beyond `max`.
    pub async fn take_files(&mut self, field: &str, max: usize) -> Result<Vec<store::Blob>, Fault> {
        let (mine, rest): (Vec<File>, Vec<File>) =
            std::mem::take(&mut self.files).into_iter().partition(|f| f.field == field);
        self.files = rest;
        if mine.len() > max {
            return Err(Refusal::invalid("photos", "ui.too-many-files").with("max", max).into());
        }
        let mut out = Vec::with_capacity(mine.len());
        for file in mine {
            out.push(store::pictures::take_in(file.bytes).await?);
        }
        Ok(out)
    }

    /// Takes in the one photo of a field; nothing when none was chosen. Recordings and papers, which other fields take, are
    /// none, and what is wrong is said beside this field.
    ///
    /// # Errors
    /// As [`Posted::take_files`], for `field`; `ui.photo-kind`.
    pub async fn take_photo(&mut self, field: &'static str) -> Result<Option<store::Blob>, Fault> {
        let taken = self.take_files(field, 1).await.map_err(|fault| match fault {
            Fault::Refused(r) => Fault::from(Refusal { field: Some(field), ..r }),
            other => other,
        });
        match taken?.pop() {
            Some(blob) if blob.kind != store::BlobKind::Photo => {
                Err(Refusal::invalid(field, "ui.photo-kind").into())
            }
            photo => Ok(photo),
        }
    }
}

impl FromRequest<Ctx> for Posted {
    type Rejection = Oops;

    async fn from_request(request: Request, ctx: &Ctx) -> Result<Self, Oops> {
        let viewer = request
            .extensions()
            .get::<Viewer>()
            .cloned()
            .ok_or_else(|| Fault::other("no viewer on the request"))?;
        same_origin(&request)?;
        let headers = request.headers();
        let header_key = headers.get("idempotency-key").and_then(|v| v.to_str().ok()).map(str::to_owned);
        let multipart = headers
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|v| v.starts_with("multipart/"));
        let bad = |_| Refusal::new(RefusalKind::Invalid, "ui.bad-form");
        let ours = |token: &str| ctx.store.keys().verify("form", &viewer.scope(), token);
        let (mut pairs, mut files) = (Vec::<(String, String)>::new(), Vec::new());
        if multipart {
            let mut parts = Multipart::from_request(request, ctx)
                .await
                .map_err(|_| Refusal::new(RefusalKind::Invalid, "ui.bad-form"))?;
            while let Some(part) = parts.next_field().await.map_err(too_large_or_bad)? {
                let field = part.name().unwrap_or_default().to_owned();
                let name = part.file_name().map(str::to_owned);
                let known = pairs.iter().any(|(name, value)| name == "csrf" && ours(value));
                let bytes = whole(part, name.is_some() && known).await?;
                match name {
                    Some(name) => {
                        if !bytes.is_empty() {
                            files.push(File { field, name, bytes });
                        }
                    }
                    None => pairs.push((field, String::from_utf8_lossy(&bytes).into_owned())),
                }
                if pairs.len() + files.len() > MAX_FIELDS {
                    return Err(Refusal::new(RefusalKind::Invalid, "ui.bad-form").into());
                }
            }
        } else {
            let AxumForm(read) =
                AxumForm::<Vec<(String, String)>>::from_request(request, ctx).await.map_err(|_| bad(()))?;
            pairs = read;
        }
        let fields = Fields(pairs);
        if !ours(fields.get("csrf")) {
            return Err(Refusal::forbidden("ui.stale-form").into());
        }
        let key = header_key.or_else(|| fields.some("key").map(str::to_owned)).filter(|k| k.len() <= 100);
        Ok(Self { viewer, fields, files, key })
    }
}

/// Reads a part. A file that is too large and comes after the token of our own form may be read past, and only its beginning
/// kept, one byte more than is taken: whoever looks at it refuses it, and the rest of the form is there to be shown again.
/// Anything else as large is refused while it comes.
async fn whole(mut part: axum::extract::multipart::Field<'_>, past: bool) -> Result<Vec<u8>, Refusal> {
    let most = store::pictures::MAX_BYTES + 1;
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(too_large_or_bad)? {
        bytes.extend_from_slice(&chunk[..chunk.len().min(most - bytes.len())]);
        if bytes.len() == most && !past {
            return Err(too_large());
        }
    }
    Ok(bytes)
}

fn too_large() -> Refusal {
    Refusal::new(RefusalKind::TooLarge, "ui.file-too-large")
        .with("max", store::pictures::MAX_BYTES / 1024 / 1024)
}

fn too_large_or_bad(e: axum::extract::multipart::MultipartError) -> Refusal {
    if e.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    Refusal::new(RefusalKind::Invalid, "ui.bad-form")
}

/// Refuses what another site's page sends: browsers say where a request comes from.
fn same_origin(request: &Request) -> Result<(), Refusal> {
    let get = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    let foreign = || Refusal::forbidden("ui.foreign-form");
    if let Some(site) = get("sec-fetch-site") {
        return if matches!(site, "same-origin" | "none") { Ok(()) } else { Err(foreign()) };
    }
    match (get("origin"), get("host")) {
        (Some(origin), Some(host)) if origin != "null" => {
            let named = origin.split_once("://").map_or(origin, |(_, rest)| rest);
            if named == host { Ok(()) } else { Err(foreign()) }
        }
        _ => Ok(()),
    }
}

/// A form to show: what was typed and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// What stands in the fields.
    pub values: Fields,
    /// What is wrong.
    pub errors: Vec<Refusal>,
}

impl Form {
    /// A form with values and nothing wrong yet.
    #[must_use]
    pub fn with(pairs: &[(&str, &str)]) -> Self {
        Self {
            values: Fields(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()),
            errors: Vec::new(),
        }
    }

    /// A form that comes back with an error.
    #[must_use]
    pub fn refused(values: Fields, refusal: Refusal) -> Self {
        Self { values, errors: vec![refusal] }
    }

    /// What the form that is sent to `action` shows, where a page holds several: what was sent, when it was sent there, and
    /// nothing when another one of them was refused, so that it begins with what is kept.
    #[must_use]
    pub fn of(&self, viewer: &Viewer, action: &str) -> Self {
        if self.errors.is_empty() || viewer.path == action { self.clone() } else { Self::default() }
    }

    /// The error of a field.
    #[must_use]
    pub fn error(&self, field: &str) -> Option<&Refusal> {
        self.errors.iter().find(|e| e.field == Some(field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_an_address_are_read() {
        let fields = Fields::of_query(Some("q=3%E5%8F%B7+%2B&part=all&part=mine&&late"));
        assert_eq!((fields.get("q"), fields.get("late")), ("3号 +", ""));
        assert_eq!(fields.all("part").collect::<Vec<_>>(), ["all", "mine"]);
        assert_eq!(Fields::of_query(Some("q=%+A%4")).get("q"), "?@");
        assert_eq!(Fields::of_query(None).iter().count(), 0);
    }
}
