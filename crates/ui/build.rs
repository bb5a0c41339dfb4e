//! Prepares the assets: joins the style sheets, strips comments, writes hashed names into the references between files, compresses each
//! file with brotli and gzip, and writes the table that `src/assets.rs` includes. No Node, no bundler.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use sha2::{Digest, Sha256};

/// Served name, parts in the order in which they are joined, content type, whether the name carries the hash.
const FILES: &[(&str, &[&str], &str, bool)] = &[
    (
        "app.css",
        &["styles/tokens.css", "styles/base.css", "styles/frame.css", "styles/parts.css", "styles/forms.css"],
        CSS,
        true,
    ),
    ("staff.css", &["styles/staff.css"], CSS, true),
    ("wall.css", &["styles/wall.css"], CSS, true),
    ("print.css", &["styles/print.css"], CSS, true),
    ("app.js", &["scripts/app.js"], JS, true),
    ("staff.js", &["scripts/staff.js"], JS, true),
    ("photo.js", &["scripts/photo.js"], JS, true),
    ("receipt.js", &["scripts/receipt.js"], JS, true),
    ("outbox-core.js", &["scripts/outbox-core.js"], JS, true),
    ("htmx.min.js", &["vendor/htmx.min.js"], JS, true),
    ("icons.svg", &["icons/icons.svg"], SVG, true),
    ("icon.svg", &["img/icon.svg"], SVG, true),
    ("pavilion.svg", &["img/pavilion.svg"], SVG, true),
    ("icon-192.png", &["img/icon-192.png"], "image/png", true),
    ("favicon.ico", &["img/favicon.ico"], "image/x-icon", false),
    ("app.webmanifest", &["app.webmanifest"], "application/manifest+json", false),
    ("sw.js", &["scripts/sw.js"], JS, false),
];
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

struct Done {
    name: &'static str,
    path: String,
    mime: &'static str,
    hashed: bool,
    digest: String,
    body: Vec<u8>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let source = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("assets");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=assets");

    let mut waiting = Vec::new();
    for &(name, parts, mime, hashed) in FILES {
        waiting.push((name, mime, hashed, read(&source, parts)?));
    }
    let mut done: Vec<Done> = Vec::new();
    // A file can be finished when everything that it names is; the service worker comes last because it carries the hash of them all.
    while !waiting.is_empty() {
        let before = waiting.len();
        let names: Vec<&str> = waiting.iter().map(|w| w.0).collect();
        let (ready, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(name, _, _, body)| {
            !names.iter().any(|other| other != name && refers(body, other))
                && (*name != "sw.js" || before == 1)
        });
        for (name, mime, hashed, body) in ready {
            done.push(finish(name, mime, hashed, body, &done));
        }
        waiting = later;
        if waiting.len() == before {
            return Err(format!("assets refer to each other in a circle: {names:?}").into());
        }
    }
    let best = env::var("PROFILE")? == "release";
    let mut table = String::from("pub(crate) static FILES: &[File] = &[\n");
    for file in &done {
        let plain = out.join(file.name);
        fs::write(&plain, &file.body)?;
        let (br, gz) = if file.mime == "image/png" || file.mime == "image/x-icon" {
            ("None".to_owned(), "None".to_owned())
        } else {
            let br = out.join(format!("{}.br", file.name));
            fs::write(&br, brotli_of(&file.body, if best { 11 } else { 6 })?)?;
            let gz = out.join(format!("{}.gz", file.name));
            fs::write(&gz, gzip_of(&file.body)?)?;
            (format!("Some(include_bytes!({br:?}))"), format!("Some(include_bytes!({gz:?}))"))
        };
        writeln!(
            table,
            "    File {{ name: {:?}, path: {:?}, mime: {:?}, hashed: {}, digest: {:?}, plain: include_bytes!({plain:?}), br: {br}, gz: {gz} }},",
            file.name, file.path, file.mime, file.hashed, file.digest
        )?;
    }
    table.push_str("];\n");
    fs::write(out.join("assets_table.rs"), table)?;
    Ok(())
}

fn read(source: &Path, parts: &[&str]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut body = Vec::new();
    for part in parts {
        let bytes = fs::read(source.join(part)).map_err(|e| format!("assets/{part}: {e}"))?;
        body.extend(match Path::new(part).extension().and_then(|e| e.to_str()) {
            Some("css") => lean_css(&String::from_utf8(bytes)?).into_bytes(),
            // vendored files stay byte for byte what their authors published
            Some("js") if !part.starts_with("vendor/") => lean_js(&String::from_utf8(bytes)?).into_bytes(),
            _ => bytes,
        });
    }
    Ok(body)
}

fn text(body: &[u8]) -> Option<&str> {
    std::str::from_utf8(body).ok()
}

/// The two ways in which our files name each other.
fn references(name: &str) -> [String; 2] {
    [format!("/assets/{name}"), format!("'./{name}'")]
}

fn refers(body: &[u8], name: &str) -> bool {
    text(body).is_some_and(|t| references(name).iter().any(|r| t.contains(r)))
}

fn finish(name: &'static str, mime: &'static str, hashed: bool, body: Vec<u8>, done: &[Done]) -> Done {
    let body = match text(&body) {
        Some(t) => {
            let mut t = t.to_owned();
            for other in done.iter().filter(|o| o.hashed) {
                let [absolute, module] = references(other.name);
                t = t.replace(&absolute, &other.path);
                t = t.replace(&module, &format!("'.{}'", other.path.trim_start_matches("/assets")));
            }
            if t.contains("__BUILD__") {
                let all: String = done.iter().map(|o| o.digest.as_str()).collect();
                t = t.replace("__BUILD__", &digest(all.as_bytes())[..12]);
            }
            t.into_bytes()
        }
        None => body,
    };
    let digest = digest(&body);
    let path = match (hashed, name.rsplit_once('.')) {
        (true, Some((stem, extension))) => format!("/assets/{stem}-{}.{extension}", &digest[..10]),
        _ => format!("/{name}"),
    };
    Done { name, path, mime, hashed, digest, body }
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut s, b| {
        let _ = write!(s, "{b:02x}");
        s
    })
}

fn brotli_of(body: &[u8], quality: u32) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut w = brotli::CompressorWriter::new(Vec::new(), 4096, quality, 22);
    w.write_all(body)?;
    w.flush()?;
    Ok(w.into_inner())
}

fn gzip_of(body: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut w = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    w.write_all(body)?;
    Ok(w.finish()?)
}

/// Drops comments and blanks that mean nothing in the CSS that we write (no comment marks or double blanks inside strings).
fn lean_css(css: &str) -> String {
    let mut bare = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(start) = rest.find("/*") {
        bare.push_str(&rest[..start]);
        rest = rest[start..].find("*/").map_or("", |end| &rest[start + end + 2..]);
    }
    bare.push_str(rest);
    let mut lean = bare.split_whitespace().collect::<Vec<_>>().join(" ");
    for (long, short) in [
        (" {", "{"),
        ("{ ", "{"),
        ("; ", ";"),
        (": ", ":"),
        (", ", ","),
        ("} ", "}"),
        (" }", "}"),
        (";}", "}"),
        (" > ", ">"),
    ] {
        lean = lean.replace(long, short);
    }
    lean.push('\n');
    lean
}

/// Drops comments that fill whole lines, and indentation; our scripts hold no text over several lines.
fn lean_js(js: &str) -> String {
    let mut lean = String::with_capacity(js.len());
    let mut inside = false;
    for line in js.lines().map(str::trim) {
        if inside {
            inside = !line.ends_with("*/");
        } else if line.starts_with("/*") && !line.contains("*/") {
            inside = true;
        } else if !(line.is_empty()
            || line.starts_with("//")
            || (line.starts_with("/*") && line.ends_with("*/") && line.matches("*/").count() == 1))
        {
            lean.push_str(line);
            lean.push('\n');
        }
    }
    lean
}
