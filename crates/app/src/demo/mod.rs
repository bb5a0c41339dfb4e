//! The demo: a fictional street with half a year of life, made by the same actions that users call, then served.

mod ballots;
mod chance;
mod consult;
mod council;
mod election;
mod life;
mod plan;
mod receptions;
mod scenes;
mod street;
mod texts;

use crate::{Failure, commands, config::Config, queries, rooms, say, server, t};
use chrono::Duration;
use kernel::{Clock, FixedClock, Time, calendar::Calendar};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};
use store::{Entropy, Fault, Location, Options, Store, SystemClock};

/// The setting by which a store is known as a demo.
const MARK: &str = "demo";
/// The list of accounts beside the store.
const ACCOUNTS: &str = "demo-accounts.json";

/// Fills the store when it is empty, and serves it.
///
/// # Errors
/// When it holds something else, or cannot be filled or served.
pub(crate) async fn run(config: &Config) -> Result<(), Failure> {
    let lang = config.lang;
    commands::start_log(config, "warn");
    let listener = server::listen(config).await?;
    let at = listener.local_addr().map_err(Fault::from)?;
    std::fs::create_dir_all(&config.data).map_err(|e| {
        Failure::said(t!(lang, "no-write", file = config.data.display().to_string(), why = e.to_string()))
    })?;
    if fresh(config).await? {
        fill(config).await?;
    }
    let store = server::open(config, Options::default()).await?;
    let url = server::address(config, at);
    say::line("");
    say::line(t!(lang, "demo-ready"));
    say::line(format!("  {url}/  ({})", t!(lang, "demo-residents")));
    say::line(format!("  {url}/office  ({})", t!(lang, "demo-staff")));
    say::line(format!("  {url}/public  ({})", t!(lang, "demo-public")));
    accounts(config);
    say::line(t!(lang, "demo-fiction"));
    say::line(t!(lang, "codes-here"));
    say::line(t!(lang, "how-to-stop"));
    server::serve(config, &store, listener, true).await?;
    store.close().await;
    Ok(())
}

/// Prints the accounts.
fn accounts(config: &Config) {
    let lang = config.lang;
    let file = config.data.join(ACCOUNTS);
    let Ok(text) = std::fs::read_to_string(&file) else { return };
    let list: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap_or_default();
    say::line("");
    say::line(t!(lang, "demo-accounts", password = street::PASSWORD));
    for entry in &list {
        let of = |key: &str| entry[key].as_str().unwrap_or_default();
        let office = ui::layout::office_name(lang, of("office"));
        let unit = entry["unit"].as_str().unwrap_or_else(|| of("place"));
        say::line(format!("  {:<14} {office}  {}  {unit}", of("account"), of("name")));
    }
    say::line(t!(lang, "demo-account-file", file = file.display().to_string()));
}

/// Whether there is nothing yet; a store that is no demo is refused.
async fn fresh(config: &Config) -> Result<bool, Failure> {
    if matches!(config.location, Location::Folder(_)) && !config.exists() {
        return Ok(true);
    }
    let store = server::open(config, Options::default()).await?;
    let mut conn = store.read().await?;
    let first = places::queries::streets(&mut conn).await?.into_iter().next();
    let answer = match first {
        None => Ok(true),
        Some(street) if conn.setting(street.id, MARK).await?.is_some() => Ok(false),
        Some(_) => Err(Failure::said(t!(config.lang, "demo-not-demo", place = config.place()))),
    };
    drop(conn);
    store.close().await;
    answer
}

/// Fills an empty store. In a folder it is made beside and moved in at the end: half a street is never seen.
async fn fill(config: &Config) -> Result<(), Failure> {
    let begun = Instant::now();
    say::line(t!(config.lang, "demo-filling", street = "清和街道"));
    let end = SystemClock.now();
    let (location, beside) = match &config.location {
        Location::Folder(folder) => {
            let beside = folder.join(".filling");
            let _ = std::fs::remove_dir_all(&beside);
            (Location::Folder(beside.clone()), Some((beside, folder.clone())))
        }
        server => (server.clone(), None),
    };
    let made = fill_at(config, &location, end).await?;
    if let Some((from, to)) = beside {
        moved(&from, &to).map_err(Fault::from)?;
    }
    let list = serde_json::to_string_pretty(&made.logins).map_err(Fault::from)?;
    std::fs::write(config.data.join(ACCOUNTS), list).map_err(Fault::from)?;
    let seconds = format!("{:.1}", begun.elapsed().as_secs_f64());
    say::line(t!(
        config.lang,
        "demo-filled",
        matters = made.matters,
        entries = made.entries,
        seconds = seconds
    ));
    Ok(())
}

/// What filling made.
struct Made {
    logins: Vec<street::Login>,
    matters: i64,
    entries: i64,
}

async fn fill_at(config: &Config, location: &Location, end: Time) -> Result<Made, Failure> {
    let start = kernel::time::day_start(kernel::time::local_date(end)) - Duration::days(plan::DAYS)
        + Duration::hours(8);
    let clock = FixedClock::at(start);
    // Repeats for a date; a demo has no secrets. Nothing waits for the disk: a demo that is lost is made anew.
    let options = Options {
        clock: Arc::new(clock.clone()),
        entropy: Entropy::Seeded { seed: 2026, drawn: 0 },
        durable: false,
    };
    let store = Store::open(location, options).await?;
    store.migrate(rooms::MIGRATIONS).await?;
    let cast = street::make(&store).await?;
    let plan = plan::make(&cast, &Calendar::shipped(), end);
    let lived = life::play(config, &store, &clock, &cast, plan, end).await?;
    for refused in &lived.refused {
        tracing::warn!("{}", t!(config.lang, "demo-refused", why = refused.as_str()));
    }
    let street = cast.street.id;
    store.write(move |tx| Box::pin(async move { tx.set(street, MARK, json!(true)).await })).await?;
    let counts = queries::counts(&mut store.read().await?, end).await?;
    store.close().await;
    Ok(Made { logins: cast.logins, matters: counts.matters, entries: counts.journal })
}

/// Moves the files of a store; the database last, because its presence says that all is there.
fn moved(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(from)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    files.sort_by_key(|f| f.extension().is_some_and(|e| e == "db"));
    for file in files {
        if let Some(name) = file.file_name() {
            std::fs::rename(&file, to.join(name))?;
        }
    }
    std::fs::remove_dir(from)
}

#[cfg(test)]
pub(crate) mod tests;
