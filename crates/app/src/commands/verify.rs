//! `verify`: hash chains, kept words, and that folding the journal equals the tables.

use super::existing;
use crate::{Failure, config::Config, rooms, say, t};
use serde_json::json;

/// Checks everything; every fault is a line on standard error.
///
/// # Errors
/// When anything is wrong.
pub(super) async fn run(config: &Config) -> Result<(), Failure> {
    let lang = config.lang;
    let store = existing(config).await?;
    let mut conn = store.read().await?;
    let mut found = Vec::new();
    let (entries, chains) = conn.check_chains().await?;
    found.extend(chains.into_iter().map(|f| (f.room, f.stream.to_string(), f.why)));
    let words = conn.check_words(store.keys()).await?;
    found.extend(words.into_iter().map(|commit| ("words".to_owned(), commit, t!(lang, "verify-word"))));
    let rooms = rooms::verify(&mut conn, store.keys()).await?;
    for room in &rooms {
        found.extend(room.faults.iter().map(|f| (f.room.clone(), f.stream.to_string(), f.why.clone())));
    }
    drop(conn);
    store.close().await;
    if config.json {
        say::json(&json!({
            "entries": entries,
            "rooms": rooms.iter().map(|r| json!({ "room": r.room, "records": r.records })).collect::<Vec<_>>(),
            "faults": found.iter().map(|(room, what, why)| json!({ "room": room, "what": what, "why": why })).collect::<Vec<_>>(),
        }));
    } else {
        say::line(t!(lang, "verify-chains", n = entries));
        for room in &rooms {
            say::line(t!(lang, "verify-room", room = room.room, n = room.records));
        }
    }
    if !found.is_empty() {
        return Err(Failure::Found(
            found.into_iter().map(|(room, what, why)| format!("{room} {what}: {why}")).collect(),
        ));
    }
    if !config.json {
        say::line(t!(lang, "verify-good"));
    }
    Ok(())
}
