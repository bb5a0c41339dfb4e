//! `cargo xtask fuzz`: the parsers of outside bytes against damaged inputs, for minutes instead of a moment.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::process;

/// Where the targets are: package, the test binary, the test; the name is the test's.
const TARGETS: &[(&str, &[&str], &str)] = &[
    ("fuzz", PARSERS, "sheets::csv"),
    ("fuzz", PARSERS, "sheets::xlsx"),
    ("fuzz", PARSERS, "sheets::xlsx_inside"),
    ("fuzz", PARSERS, "pictures::pictures"),
    ("fuzz", PARSERS, "rows::ledgers"),
    ("fuzz", PARSERS, "rows::places"),
    ("fuzz", PARSERS, "rows::people"),
    ("fuzz", PARSERS, "documents::verbs"),
    ("fuzz", PARSERS, "documents::receipts"),
    ("fuzz", PARSERS, "documents::methods"),
    ("fuzz", PARSERS, "documents::catalogues"),
    ("fuzz", PARSERS, "words::fields"),
    ("fuzz", PARSERS, "words::cursors"),
    ("fuzz", PARSERS, "words::tokens"),
    ("fuzz", PARSERS, "words::searches"),
    ("fuzz", PARSERS, "ballots::rolls"),
    ("fuzz", PARSERS, "ballots::recounts"),
    ("fuzz", PARSERS, "ballots::rhythms"),
    ("app", &["--bin", "yishiting"], "docs::tests::hostile::requests"),
];
const PARSERS: &[&str] = &["--test", "parsers"];
/// Longest that building and one last input take.
const AROUND: Duration = Duration::from_secs(60 * 60);

/// Tries each target for `minutes`; `only` names some of them.
///
/// # Errors
/// When a name is no target, or an input made one fail; what else there is to try is tried first.
pub(crate) fn run(root: &Path, minutes: f64, only: &[String], seed: u64) -> Result<()> {
    let name = |test: &str| test.rsplit("::").next().unwrap_or(test).to_owned();
    let all: Vec<String> = TARGETS.iter().map(|(_, _, test)| name(test)).collect();
    if let Some(unknown) = only.iter().find(|wanted| !all.contains(wanted)) {
        bail!("`{unknown}` is none of {}", all.join(", "));
    }
    let long = Duration::try_from_secs_f64(minutes * 60.0)?;
    let mut failed = Vec::new();
    for (package, binary, test) in TARGETS {
        let name = name(test);
        if !only.is_empty() && !only.contains(&name) {
            continue;
        }
        let mut cargo = process::cargo();
        cargo.args(["test", "--quiet", "--package", package]).args(*binary);
        cargo.args(["--", "--exact", test, "--nocapture"]).current_dir(root);
        cargo.env("YISHITING_FUZZ_SECONDS", long.as_secs().to_string());
        cargo.env("YISHITING_FUZZ_SEED", seed.to_string());
        if let Err(error) = process::run(&mut cargo, long + AROUND) {
            if process::interrupted() {
                return Err(error);
            }
            // What ends the whole process leaves the input on which it was.
            eprintln!("{error:#}; inputs that failed, and `{name}-current`, are in target/fuzz");
            failed.push(name);
        }
    }
    if failed.is_empty() { Ok(()) } else { bail!("failed: {}", failed.join(", ")) }
}
