//! The rules of the house (docs/ARCHITECTURE.md), held by reading `cargo metadata` and the sources: who may import
//! whom, which files a room has, and what may stand in which file. A failure names the rule and the line.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use serde_json::Value;

/// Pure libraries: words, evidence, counting.
const PURE: &[&str] = &["kernel", "journal", "tally"];
/// What every room stands on.
const BASE: &[&str] = &["store", "ui"];
/// Rooms that other rooms may import.
const GROUND: &[&str] = &["people", "places", "methods"];
/// A room that may import another one: every round of an election is a poll, and councils put items to polls.
const PAIRS: &[(&str, &str)] = &[("elections", "polls"), ("councils", "polls")];
/// The room that may read every other room.
const READER: &str = "briefings";
/// Crates that may import anything: the wiring, what measures and tries everything, and the developers' commands.
const FREE: &[&str] = &["app", "bench", "fuzz", "xtask"];
/// What a pure crate must not depend on, not even through another crate.
const IMPURE: &[&str] = &[
    "tokio",
    "async-std",
    "smol",
    "mio",
    "hyper",
    "axum",
    "tower",
    "reqwest",
    "ureq",
    "sqlx",
    "sqlx-core",
    "rusqlite",
    "libsqlite3-sys",
    "diesel",
    "tokio-postgres",
    "futures-util",
    "futures-core",
    "async-trait",
    "maud",
];
/// The furniture of a room: files in `src` (or a folder of the same name, which may hold any file). `testing` is what tests of
/// the rooms above stand on.
const FURNITURE: &[&str] =
    &["lib", "model", "rules", "actions", "queries", "tables", "pages", "api", "jobs", "testing"];
/// Words that mean I/O, waiting, the wall clock or chance, as paths of identifiers.
const IMPURE_WORDS: &[&[&str]] = &[
    &["async"],
    &["await"],
    &["sqlx"],
    &["tokio"],
    &["axum"],
    &["getrandom"],
    &["SystemTime"],
    &["Instant"],
    &["Utc", "now"],
    &["Local", "now"],
    &["Uuid", "new_v4"],
    &["Uuid", "now_v7"],
    &["std", "fs"],
    &["std", "net"],
    &["std", "env"],
];
/// How a statement begins, written as we write SQL.
const SQL: &[&str] = &["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

// --------------------------------------------------------------------------------------------- who imports whom

fn metadata() -> Value {
    let printed = |program: &str, arguments: &[&str]| {
        let program = std::env::var_os(program).unwrap_or_else(|| program.to_lowercase().into());
        let out = Command::new(program).args(arguments).current_dir(root()).output().unwrap();
        assert!(out.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).into_owned()
    };
    // Without the platform, crates for WebAssembly would count as ours.
    let version = printed("RUSTC", &["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let text = printed("CARGO", &["metadata", "--format-version", "1", "--filter-platform", host]);
    serde_json::from_str(&text).unwrap()
}

/// The rooms: every crate of the workspace that is not one of the others.
fn is_room(name: &str) -> bool {
    ![PURE, BASE, FREE].iter().any(|list| list.contains(&name))
}

/// Whether a room keeps records. One that does not (`methods`: a way of working as data) is a pure library with files
/// of its own choice; with the first record it becomes a room like the others, furniture and all.
fn keeps_records(name: &str) -> bool {
    let manifest = root().join("crates").join(name).join("Cargo.toml");
    std::fs::read_to_string(manifest).is_ok_and(|text| text.lines().any(|line| line.starts_with("store")))
}

/// Whether no async and no I/O is wanted anywhere in this crate.
fn is_pure(name: &str) -> bool {
    PURE.contains(&name) || (is_room(name) && !keeps_records(name))
}

/// Why `from` must not import the workspace's crate `to`; nothing when it may.
fn refused(from: &str, to: &str) -> Option<&'static str> {
    let pure = PURE.contains(&to);
    if FREE.contains(&from) {
        None
    } else if PURE.contains(&from) {
        (!pure).then_some("a pure crate (kernel, journal, tally) imports only pure crates")
    } else if BASE.contains(&from) {
        (!pure && !BASE.contains(&to)).then_some("store and ui know no room")
    } else if pure
        || BASE.contains(&to)
        || GROUND.contains(&to)
        || (from == READER && is_room(to))
        || PAIRS.contains(&(from, to))
    {
        None
    } else {
        Some("a room imports the pure crates, store, ui, people, places and methods, never another room")
    }
}

/// Where in its Cargo.toml a crate names a dependency.
fn line_of(manifest: &Path, dependency: &str) -> String {
    let text = std::fs::read_to_string(manifest).unwrap_or_default();
    let line = text.lines().position(|line| line.starts_with(dependency)).map_or(1, |n| n + 1);
    format!("{}:{line}", manifest.strip_prefix(root()).unwrap_or(manifest).display())
}

#[test]
fn imports_follow_the_rules() {
    let metadata = metadata();
    let members: BTreeSet<&str> =
        metadata["workspace_members"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    let packages: Vec<&Value> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|p| members.contains(p["id"].as_str().unwrap()))
        .collect();
    let ours: BTreeSet<&str> = packages.iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert!(ours.contains("kernel") && ours.contains("matters"), "the workspace was not read: {ours:?}");

    let mut broken = Vec::new();
    for package in packages {
        let from = package["name"].as_str().unwrap();
        let manifest = Path::new(package["manifest_path"].as_str().unwrap());
        for dependency in package["dependencies"].as_array().unwrap() {
            let to = dependency["name"].as_str().unwrap();
            if let Some(rule) = ours.contains(to).then(|| refused(from, to)).flatten() {
                broken.push(format!("{}: {from} imports {to}: {rule}", line_of(manifest, to)));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn pure_crates_bring_no_waiting_and_no_io_with_them() {
    let metadata = metadata();
    let names: BTreeMap<&str, &str> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (p["id"].as_str().unwrap(), p["name"].as_str().unwrap()))
        .collect();
    let mut needs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for node in metadata["resolve"]["nodes"].as_array().unwrap() {
        let normal = node["deps"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|dep| dep["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"].is_null()));
        needs.insert(node["id"].as_str().unwrap(), normal.map(|dep| dep["pkg"].as_str().unwrap()).collect());
    }
    let mut broken = Vec::new();
    let mut seen_pure = 0;
    for id in needs.keys().filter(|id| metadata_is_member(&metadata, id) && is_pure(names[*id])) {
        seen_pure += 1;
        let mut open = vec![(*id, names[id].to_owned())];
        let mut seen = BTreeSet::new();
        while let Some((next, way)) = open.pop() {
            if !seen.insert(next) {
                continue;
            }
            if IMPURE.contains(&names[next]) {
                broken.push(format!(
                    "crates/{}/Cargo.toml:1: a pure crate brings no async or I/O crate: {way}",
                    names[id]
                ));
            }
            open.extend(needs[next].iter().map(|to| (*to, format!("{way} → {}", names[to]))));
        }
    }
    assert!(seen_pure >= 2, "kernel and journal were not found");
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

fn metadata_is_member(metadata: &Value, id: &str) -> bool {
    metadata["workspace_members"].as_array().unwrap().iter().any(|member| member == id)
}

// ------------------------------------------------------------------------------------- what stands in which file

/// A piece of code: a word, a sign or a text, and its line. Comments, documentation and code that is only there for
/// tests are left out.
#[derive(Debug)]
enum Piece {
    Word(String),
    Sign(char),
    Text(String),
}

fn pieces(source: &str) -> Result<Vec<(Piece, usize)>, String> {
    let stream: TokenStream = source.parse().map_err(|error| format!("cannot be read: {error}"))?;
    let mut found = Vec::new();
    flatten(stream, &mut found);
    Ok(found)
}

fn flatten(stream: TokenStream, found: &mut Vec<(Piece, usize)>) {
    let mut tokens = stream.into_iter().peekable();
    // Set after `#[cfg(test)]`: the item that follows is skipped, to its braces or its semicolon.
    let mut skipping = false;
    while let Some(token) = tokens.next() {
        let line = token.span().start().line;
        match token {
            TokenTree::Punct(sign) if sign.as_char() == '#' => {
                if let Some(TokenTree::Punct(bang)) = tokens.peek()
                    && bang.as_char() == '!'
                {
                    tokens.next();
                }
                if let Some(TokenTree::Group(group)) = tokens.peek()
                    && group.delimiter() == Delimiter::Bracket
                {
                    let text = group.stream().to_string().replace(' ', "");
                    skipping |= text.starts_with("cfg(test)") || text == "test";
                    tokens.next();
                }
            }
            TokenTree::Group(group) => {
                let ends = group.delimiter() == Delimiter::Brace;
                if !skipping {
                    flatten(group.stream(), found);
                }
                skipping &= !ends;
            }
            TokenTree::Punct(sign) => {
                if !skipping {
                    found.push((Piece::Sign(sign.as_char()), line));
                }
                skipping &= !(sign.as_char() == ';' && sign.spacing() == Spacing::Alone);
            }
            TokenTree::Ident(word) if !skipping => found.push((Piece::Word(word.to_string()), line)),
            TokenTree::Literal(literal) if !skipping => {
                let text = literal.to_string();
                if text.contains('"') {
                    found.push((Piece::Text(text), line));
                }
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// The lines in which `path` (`Utc::now`, or a single word) stands.
fn lines_with_path(pieces: &[(Piece, usize)], path: &[&str]) -> Vec<usize> {
    let mut found = Vec::new();
    for (at, (piece, line)) in pieces.iter().enumerate() {
        let mut rest = pieces[at..].iter();
        let hit = matches!(piece, Piece::Word(word) if word == path[0])
            && path.iter().enumerate().all(|(n, wanted)| {
                let signs = n == 0
                    || (matches!(rest.next(), Some((Piece::Sign(':'), _)))
                        && matches!(rest.next(), Some((Piece::Sign(':'), _))));
                signs && matches!(rest.next(), Some((Piece::Word(word), _)) if word == wanted)
            });
        if hit {
            found.push(*line);
        }
    }
    found
}

/// The part of a source's path that tells what it is for: `pages` for `pages.rs` and for `pages/desk.rs`.
fn role(path: &Path) -> String {
    let first =
        path.components().next().map(|c| c.as_os_str().to_string_lossy().into_owned()).unwrap_or_default();
    first.trim_end_matches(".rs").to_owned()
}

/// What breaks a rule in one source: `name` of the crate, path below its `src`, text.
fn broken_in(name: &str, path: &Path, source: &str) -> Vec<(usize, String)> {
    let mut broken = Vec::new();
    let role = role(path);
    let pieces = match pieces(source) {
        Ok(pieces) => pieces,
        Err(error) => return vec![(1, error)],
    };

    if is_room(name) && !is_pure(name) && !FURNITURE.contains(&role.as_str()) {
        let list = FURNITURE.join(", ");
        broken.push((1, format!("a room's furniture is {list} (as .rs or folder), not `{role}`")));
    }
    if is_pure(name) || (is_room(name) && ["model", "rules"].contains(&role.as_str())) {
        // A library room reads its own data files when the program starts.
        let reads_files = is_room(name) && is_pure(name);
        for words in IMPURE_WORDS.iter().filter(|words| !(reads_files && **words == ["std", "fs"])) {
            for line in lines_with_path(&pieces, words) {
                let rule = "model, rules and the pure crates: no waiting, no I/O, no wall clock, no chance";
                broken.push((line, format!("{rule}: `{}`", words.join("::"))));
            }
        }
    }
    if name != "store" && name != "xtask" && !["tables", "queries"].contains(&role.as_str()) {
        for (piece, line) in &pieces {
            let Piece::Text(text) = piece else { continue };
            let flat = text.replace("\\n", " ").split_whitespace().collect::<Vec<_>>().join(" ");
            if let Some(begins) = SQL.iter().find(|begins| flat.contains(*begins)) {
                broken.push((*line, format!("SQL stands in tables, queries and store only: `{begins}…`")));
            }
        }
    }
    if name != "ui" && name != "xtask" && !role.starts_with("pages") {
        for pair in pieces.windows(2) {
            if let [(Piece::Word(word), line), (Piece::Sign('!'), _)] = pair
                && word == "html"
            {
                broken.push((*line, "HTML stands in pages and ui only: `html!`".to_owned()));
            }
        }
    }
    broken
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_file_keeps_to_its_purpose() {
    let mut broken = Vec::new();
    let mut read = 0;
    for entry in std::fs::read_dir(root().join("crates")).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let src = entry.path().join("src");
        let mut files = Vec::new();
        sources(&src, &mut files);
        files.sort();
        for file in files {
            read += 1;
            let text = std::fs::read_to_string(&file).unwrap();
            let shown = file.strip_prefix(root()).unwrap().display().to_string();
            for (line, rule) in broken_in(&name, file.strip_prefix(&src).unwrap(), &text) {
                broken.push(format!("{shown}:{line}: {rule}"));
            }
        }
    }
    assert!(read >= 11, "only {read} sources were found");
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

// ----------------------------------------------------------------------------------------- the rules themselves

#[test]
fn the_import_rules_refuse_what_they_should() {
    for (from, to) in [
        ("kernel", "store"),
        ("journal", "matters"),
        ("tally", "ui"),
        ("store", "people"),
        ("ui", "matters"),
        ("people", "matters"),
        ("matters", "councils"),
        ("polls", "elections"),
        ("matters", "briefings"),
        ("matters", "app"),
        ("briefings", "app"),
    ] {
        assert!(refused(from, to).is_some(), "{from} → {to} was let through");
    }
    for (from, to) in [
        ("journal", "kernel"),
        ("store", "journal"),
        ("ui", "store"),
        ("matters", "people"),
        ("councils", "tally"),
        ("elections", "polls"),
        ("people", "places"),
        ("briefings", "matters"),
        ("app", "matters"),
    ] {
        assert_eq!(refused(from, to), None, "{from} → {to}");
    }
}

#[test]
fn the_source_rules_find_the_line_and_leave_tests_and_comments_alone() {
    let lines = |name: &str, path: &str, source: &str| -> Vec<usize> {
        broken_in(name, Path::new(path), source).into_iter().map(|(line, _)| line).collect()
    };
    assert_eq!(lines("matters", "rules.rs", "fn a() {\n    let t = chrono::Utc::now();\n}"), [2]);
    assert_eq!(lines("matters", "model/state.rs", "async fn a() {\n    b().await\n}"), [1, 2]);
    assert_eq!(lines("kernel", "time.rs", "use std::time::SystemTime;"), [1]);
    assert_eq!(lines("matters", "rules.rs", "/// async SELECT x\n// Utc::now()\nfn a() { now(); }"), [0; 0]);
    assert_eq!(lines("matters", "actions.rs", "const Q: &str = \"SELECT id\n FROM m\";"), [1]);
    assert_eq!(lines("matters", "jobs.rs", "\nconst Q: &str = r#\"DELETE\n   FROM m\"#;"), [2]);
    assert_eq!(lines("matters", "queries/list.rs", "const Q: &str = \"SELECT id FROM m\";"), [0; 0]);
    assert_eq!(lines("app", "main.rs", "const Q: &str = \"UPDATE m SET a = 1\";"), [1]);
    assert_eq!(lines("matters", "api.rs", "fn a() -> Markup {\n    html! { p { \"x\" } }\n}"), [2]);
    assert_eq!(lines("matters", "pages/desk.rs", "fn a() -> Markup { html! { p {} } }"), [0; 0]);
    assert_eq!(lines("matters", "helpers.rs", "fn a() {}"), [1]);
    let tested = "fn a() {}\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn b() { Utc::now(); }\n}\nfn c() { Utc::now(); }";
    assert_eq!(lines("matters", "rules.rs", tested), [7]);
}
