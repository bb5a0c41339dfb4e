//! `doctor`: looks at everything around a store that can go wrong, and says what to do about it.

use super::existing;
use crate::{Failure, config::Config, queries, rooms, say, t};
use chrono::Datelike;
use kernel::time::local_date;
use serde_json::json;
use store::{Conn, Location, Store};

/// How bad a finding is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Grade {
    Good,
    Warning,
    Bad,
}

impl Grade {
    const fn code(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Bad => "bad",
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Warning => "!",
            Self::Bad => "✗",
        }
    }
}

/// Room on the disk under which a warning is due, in bytes.
const ROOM: u64 = 1 << 30;

/// Looks at everything.
///
/// # Errors
/// When something is bad; warnings alone are no failure.
pub(super) async fn run(config: &Config) -> Result<(), Failure> {
    let lang = config.lang;
    let mut found: Vec<(Grade, &'static str, String)> = Vec::new();
    let store = existing(config).await?;
    let mut conn = store.read().await?;
    found.push((
        Grade::Good,
        "store",
        t!(lang, "doctor-store", place = config.place(), engine = queries::engine_version(&mut conn).await?),
    ));
    files(config, &mut found);
    database(config, &store, &mut conn, &mut found).await?;
    drop(conn);
    store.close().await;
    if config.json {
        say::json(&json!(
            found
                .iter()
                .map(|(g, what, text)| json!({ "grade": g.code(), "what": what, "text": text }))
                .collect::<Vec<_>>()
        ));
    } else {
        for (grade, _, text) in &found {
            say::line(format!("{} {text}", grade.sign()));
        }
    }
    let bad: Vec<String> =
        found.into_iter().filter(|(g, _, _)| *g == Grade::Bad).map(|(_, _, text)| text).collect();
    if bad.is_empty() { Ok(()) } else { Err(Failure::Found(bad)) }
}

fn files(config: &Config, found: &mut Vec<(Grade, &'static str, String)>) {
    let lang = config.lang;
    let key_file = config.key_file();
    let shown = key_file.display().to_string();
    #[cfg(unix)]
    if let Ok(meta) = std::fs::metadata(&key_file) {
        let mode = std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o777;
        found.push(if mode & 0o077 == 0 {
            (Grade::Good, "keys", t!(lang, "doctor-keys", file = shown.as_str()))
        } else {
            (
                Grade::Bad,
                "keys",
                t!(lang, "doctor-keys-open", file = shown.as_str(), mode = format!("{mode:o}")),
            )
        });
    }
    if let Location::Folder(folder) = &config.location {
        // Asking `df` keeps the program free of unsafe calls; where there is none, nothing is said.
        let df = std::process::Command::new("df").args(["-Pk"]).arg(folder).output().ok();
        let free = df.and_then(|out| {
            let text = String::from_utf8(out.stdout).ok()?;
            text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok()
        });
        if let Some(kib) = free {
            let (mib, short) = (kib / 1024, kib * 1024 < ROOM);
            let grade = if short { Grade::Warning } else { Grade::Good };
            found.push((grade, "disk", t!(lang, "doctor-disk", mib = mib)));
        }
    }
}

async fn database(
    config: &Config,
    store: &Store,
    conn: &mut Conn,
    found: &mut Vec<(Grade, &'static str, String)>,
) -> Result<(), Failure> {
    let lang = config.lang;
    let damage = queries::quick_check(conn).await?;
    found.push(match damage.first() {
        None => (Grade::Good, "database", t!(lang, "doctor-database")),
        Some(first) => (Grade::Bad, "database", t!(lang, "doctor-database-bad", why = first.as_str())),
    });
    let steps = queries::steps(conn).await?;
    let known: usize = rooms::MIGRATIONS.iter().chain([&store::MIGRATIONS]).map(|m| m.steps.len()).sum();
    found.push(if steps.len() == known {
        (Grade::Good, "schema", t!(lang, "doctor-schema", n = known))
    } else {
        (Grade::Bad, "schema", t!(lang, "doctor-schema-bad", there = steps.len(), known = known))
    });
    let now = store.now();
    let last = queries::last_entry(conn).await?;
    found.push(match last {
        Some(at) if at > now + chrono::Duration::minutes(5) => {
            (Grade::Bad, "clock", t!(lang, "doctor-clock-bad", at = kernel::time::local(at).to_string()))
        }
        _ => (
            Grade::Good,
            "clock",
            t!(lang, "doctor-clock", at = kernel::time::local(now).format("%Y-%m-%d %H:%M:%S").to_string()),
        ),
    });
    let streets = places::queries::streets(conn).await?;
    match streets.first() {
        None => found.push((Grade::Warning, "street", t!(lang, "no-street"))),
        Some(street) => {
            found.push((Grade::Good, "street", t!(lang, "doctor-street", name = street.name.as_str())));
            let world = matters::queries::world(conn, street.id).await?;
            let year = local_date(now).year();
            for year in [year, year + 1] {
                // Next year's holidays are published in November.
                let due = year == local_date(now).year() || local_date(now).month() == 12;
                if !world.calendar.covers(year) && due {
                    found.push((
                        Grade::Warning,
                        "calendar",
                        t!(lang, "doctor-year", year = year.to_string()),
                    ));
                } else if year == local_date(now).year() {
                    found.push((
                        Grade::Good,
                        "calendar",
                        t!(lang, "doctor-calendar", year = year.to_string()),
                    ));
                }
            }
        }
    }
    let counts = queries::counts(conn, now).await?;
    let grade = if counts.outbox_dead > 0 { Grade::Warning } else { Grade::Good };
    found.push((
        grade,
        "outbox",
        t!(lang, "doctor-outbox", waiting = counts.outbox_waiting, dead = counts.outbox_dead),
    ));
    let late = counts.struck > 0;
    found.push((
        if late { Grade::Warning } else { Grade::Good },
        "clocks",
        if late { t!(lang, "doctor-struck", n = counts.struck) } else { t!(lang, "doctor-clocks") },
    ));
    let passwords = queries::passwords_to_change(conn).await?;
    let grade = if passwords > 0 { Grade::Warning } else { Grade::Good };
    found.push((grade, "passwords", t!(lang, "doctor-passwords", n = passwords)));
    Ok(())
}
