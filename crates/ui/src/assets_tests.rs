//! What browsers rely on: types, encodings that decode to the original, validators, names that resolve, vendored files as published.

use std::io::Read as _;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;

use super::{FILES, accepts, routes, url};

const KIND: &[(&str, &str)] = &[
    (".css", "text/css; charset=utf-8"),
    (".js", "text/javascript; charset=utf-8"),
    (".svg", "image/svg+xml"),
    (".png", "image/png"),
    (".ico", "image/x-icon"),
    (".webmanifest", "application/manifest+json"),
];

async fn fetch(path: &str, headers: &[(header::HeaderName, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut request = Request::builder().uri(path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let answer = routes::<()>().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    (status, headers, to_bytes(answer.into_body(), 10_000_000).await.unwrap().to_vec())
}

#[tokio::test]
async fn every_asset_is_served_with_its_type_and_age() {
    assert!(FILES.len() >= 15);
    for file in FILES {
        let (status, headers, body) = fetch(file.path, &[]).await;
        assert_eq!(status, StatusCode::OK, "{}", file.path);
        let kind = KIND.iter().find(|(end, _)| file.name.ends_with(end)).unwrap().1;
        assert_eq!(headers[header::CONTENT_TYPE], kind, "{}", file.path);
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        let age = headers[header::CACHE_CONTROL].to_str().unwrap();
        assert_eq!(age.contains("immutable"), file.path.starts_with("/assets/"), "{}: {age}", file.path);
        assert_eq!(body, file.plain, "{}", file.path);
        assert!(!headers.contains_key(header::CONTENT_ENCODING));
    }
}

#[tokio::test]
async fn encodings_decode_to_the_original() {
    for file in FILES.iter().filter(|f| f.br.is_some()) {
        let (_, headers, body) = fetch(file.path, &[(header::ACCEPT_ENCODING, "gzip, deflate, br")]).await;
        assert_eq!(headers[header::CONTENT_ENCODING], "br");
        assert_eq!(headers[header::VARY], "accept-encoding");
        let mut plain = Vec::new();
        brotli::Decompressor::new(body.as_slice(), 4096).read_to_end(&mut plain).unwrap();
        assert_eq!(plain, file.plain, "{} br", file.name);

        let (_, headers, body) = fetch(file.path, &[(header::ACCEPT_ENCODING, "gzip")]).await;
        assert_eq!(headers[header::CONTENT_ENCODING], "gzip");
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(body.as_slice()).read_to_end(&mut plain).unwrap();
        assert_eq!(plain, file.plain, "{} gz", file.name);
        assert!(body.len() < file.plain.len(), "{} does not shrink", file.name);
    }
}

#[tokio::test]
async fn a_known_copy_is_not_sent_again() {
    let path = crate::asset!("app.css");
    let (_, headers, _) = fetch(path, &[(header::ACCEPT_ENCODING, "br")]).await;
    let tag = headers[header::ETAG].to_str().unwrap().to_owned();
    let (status, headers, body) =
        fetch(path, &[(header::ACCEPT_ENCODING, "br"), (header::IF_NONE_MATCH, &format!("\"old\", {tag}"))])
            .await;
    assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(headers[header::ETAG], tag.as_str());
    // the plain representation has another tag
    let (status, ..) = fetch(path, &[(header::IF_NONE_MATCH, &tag)]).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn unknown_names_are_not_found() {
    for path in
        ["/assets/none.css", "/assets/app.css", "/assets/sw.js", "/assets/..%2FCargo.toml", "/assets/"]
    {
        assert_eq!(fetch(path, &[]).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn names_carry_the_hash_of_the_contents() {
    for file in FILES {
        let digest = hex::encode(Sha256::digest(file.plain));
        assert_eq!(digest, file.digest, "{}", file.name);
        if file.hashed {
            assert!(file.path.contains(&digest[..10]), "{}", file.path);
        }
        assert_eq!(url(file.name), file.path);
    }
}

/// A reference that was not rewritten would be a 404 that only shows in the browser.
#[test]
fn references_between_assets_resolve() {
    let mut seen = 0;
    for file in FILES.iter().filter(|f| f.name != "htmx.min.js") {
        let Ok(text) = std::str::from_utf8(file.plain) else { continue };
        assert!(!text.contains("__BUILD__"), "{}", file.name);
        for (at, _) in text.match_indices("/assets/") {
            let end = text[at..].find(['\'', '"', ')', ' ']).map_or(text.len(), |n| at + n);
            let path = &text[at..end];
            if path == "/assets/" {
                continue; // the worker asks whether an address starts so
            }
            assert!(FILES.iter().any(|f| f.path == path), "{} names {path}", file.name);
            seen += 1;
        }
        for (at, _) in text.match_indices("'./") {
            let end = text[at + 1..].find('\'').map_or(text.len(), |n| at + 1 + n);
            let path = format!("/assets{}", &text[at + 2..end]);
            assert!(FILES.iter().any(|f| f.path == path), "{} imports {path}", file.name);
            seen += 1;
        }
    }
    assert!(seen >= 10, "only {seen} references found");
}

#[test]
fn no_asset_breaks_the_content_security_policy_or_calls_another_host() {
    for file in FILES.iter().filter(|f| f.name != "htmx.min.js") {
        let Ok(text) = std::str::from_utf8(file.plain) else { continue };
        for word in ["eval(", "new Function", "setAttribute('style'", ".style.", "https://", "cdn."] {
            assert!(!text.contains(word), "{} contains {word}", file.name);
        }
        assert!(!text.replace("http://www.w3.org/2000/svg", "").contains("http://"), "{}", file.name);
    }
}

#[test]
fn styles_keep_to_chromium_86() {
    for file in FILES.iter().filter(|f| f.name.ends_with(".css")) {
        let css = std::str::from_utf8(file.plain).unwrap();
        for word in [
            ":is(",
            ":where(",
            ":has(",
            "inset:",
            "aspect-ratio",
            "@layer",
            "color-mix",
            "@container",
            "dvh",
            "text-wrap",
        ] {
            assert!(!css.contains(word), "{} uses {word}", file.name);
        }
        assert_eq!(css.matches('{').count(), css.matches('}').count(), "{}", file.name);
    }
}

/// The first visit on a slow phone pays for these.
#[test]
fn sizes_stay_small() {
    for (name, most) in [
        ("app.css", 8192),
        ("staff.css", 4096),
        ("print.css", 1536),
        ("app.js", 9216),
        ("staff.js", 4096),
        ("icons.svg", 8192),
    ] {
        let file = FILES.iter().find(|f| f.name == name).unwrap();
        let size = file.gz.unwrap().len();
        assert!(size <= most, "{name} is {size} bytes, more than {most}");
    }
    assert!(FILES.iter().find(|f| f.name == "icons.svg").unwrap().plain.len() <= 25 * 1024);
}

#[test]
fn vendored_files_are_what_their_authors_published() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let list: serde_json::Value =
        serde_json::from_slice(&std::fs::read(root.join("vendor/VENDOR.json")).unwrap()).unwrap();
    let list = list.as_array().unwrap();
    assert!(!list.is_empty());
    for entry in list {
        let of = |key: &str| entry[key].as_str().unwrap();
        let bytes = std::fs::read(root.join(of("path"))).unwrap();
        assert_eq!(hex::encode(Sha256::digest(&bytes)), of("sha256"), "{}", of("path"));
        assert!(root.join(of("licence_path")).is_file(), "{}", of("licence_path"));
    }
    // nothing lies in the folder without an entry
    for file in std::fs::read_dir(root.join("vendor")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let path = format!("vendor/{name}");
        assert!(
            name == "VENDOR.json"
                || list.iter().any(|e| e["path"] == path.as_str() || e["licence_path"] == path.as_str()),
            "{path} has no entry in VENDOR.json"
        );
    }
}

#[test]
fn accept_encoding_is_read_as_the_standard_says() {
    assert!(accepts("gzip, deflate, br", "br"));
    assert!(accepts("BR;q=0.5", "br"));
    assert!(accepts("*", "gzip"));
    assert!(!accepts("", "br"));
    assert!(!accepts("gzip", "br"));
    assert!(!accepts("br;q=0, gzip", "br"));
    assert!(!accepts("*, br;q=0.0", "br"));
    assert!(!accepts("brotli", "br"));
}
