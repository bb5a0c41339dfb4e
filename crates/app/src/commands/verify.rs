//! `verify`: the whole record against itself, and against a seal that was printed earlier. `receipt`: one receipt
//! against nothing but itself and, where it is known, the key.

use super::existing;
use crate::{Failure, cli, config::Config, rooms, say, t};
use journal::{Flaw, seal::fingerprint};
use serde_json::json;
use std::path::Path;
use store::{Hash, Printed, Receipt, Seal};

/// Checks everything; every fault is a line on standard error.
///
/// # Errors
/// When anything is wrong.
pub(super) async fn run(config: &Config, given: &cli::Verify) -> Result<(), Failure> {
    let lang = config.lang;
    let printed = given.seal.as_deref().map(|text| brought(config, text)).transpose()?;
    let store = existing(config).await?;
    let mut conn = store.read().await?;
    // One instant of the store, although a server may be writing.
    conn.begin_snapshot().await?;
    let checked = rooms::verify_all(&mut conn, store.keys(), printed.as_ref()).await;
    conn.end_snapshot().await?;
    drop(conn);
    store.close().await;
    let checked = checked?;
    let seals = &checked.seals;
    if config.json {
        say::json(&json!({
            "entries": checked.entries,
            "rooms": checked.rooms.iter().map(|r| json!({ "room": r.room, "records": r.records })).collect::<Vec<_>>(),
            "seals": { "seals": seals.seals, "entries": seals.entries, "waiting": seals.waiting, "stands": seals.stands },
            "faults": checked.faults.iter()
                .map(|f| json!({ "room": f.room, "what": f.stream.to_string(), "why": f.why })).collect::<Vec<_>>(),
        }));
    } else {
        say::line(t!(lang, "verify-chains", n = checked.entries));
        for room in &checked.rooms {
            say::line(t!(lang, "verify-room", room = room.room, n = room.records));
        }
        say::line(t!(
            lang,
            "verify-seals",
            n = seals.seals,
            entries = seals.entries,
            waiting = seals.waiting
        ));
        if let Some(n) = seals.stands {
            say::line(t!(lang, "verify-stands", n = n));
        }
    }
    if !checked.faults.is_empty() {
        return Err(Failure::Found(
            checked.faults.into_iter().map(|f| format!("{} {}: {}", f.room, f.stream, f.why)).collect(),
        ));
    }
    if !config.json {
        say::line(t!(lang, "verify-good"));
    }
    Ok(())
}

fn hash(text: &str) -> Option<Hash> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    hex::decode(digits).ok()?.try_into().ok()
}

/// The seal that was brought along: a code as it stands on paper, or a file with a seal or a receipt.
fn brought(config: &Config, given: &str) -> Result<Printed, Failure> {
    if let Some(code) = hash(given) {
        return Ok(Printed::Code(code));
    }
    let text = read(config, Path::new(given))?;
    if let Ok(seal) = serde_json::from_str::<Seal>(&text) {
        return Ok(Printed::Seal(Box::new(seal)));
    }
    if let Ok(receipt) = serde_json::from_str::<Receipt>(&text) {
        return Ok(Printed::Receipt(Box::new(receipt)));
    }
    hash(&text).map(Printed::Code).ok_or_else(|| Failure::said(t!(config.lang, "bad-seal", file = given)))
}

fn read(config: &Config, file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|e| {
        Failure::said(t!(config.lang, "no-file", file = file.display().to_string(), why = e.to_string()))
    })
}

/// Checks a receipt without any store.
///
/// # Errors
/// When it does not hold.
pub(super) fn receipt(config: &Config, given: &cli::Receipt) -> Result<(), Failure> {
    let lang = config.lang;
    let shown = given.file.display().to_string();
    let key = match &given.key {
        Some(text) => {
            Some(hash(text).ok_or_else(|| Failure::said(t!(lang, "bad-key", key = text.as_str())))?)
        }
        None => None,
    };
    let text = read(config, &given.file)?;
    let receipt: Receipt = serde_json::from_str(&text)
        .map_err(|e| Failure::said(t!(lang, "bad-receipt", file = shown.as_str(), why = e.to_string())))?;
    receipt.check(key.as_ref()).map_err(|flaw| {
        Failure::said(match flaw {
            Flaw::Format => t!(lang, "receipt-format"),
            Flaw::Path => t!(lang, "receipt-path"),
            Flaw::Signature => t!(lang, "receipt-signature"),
            Flaw::Key => t!(lang, "receipt-key"),
        })
    })?;
    let seal = &receipt.seal;
    let (time, by) = (kernel::time::local(seal.time).to_string(), hex::encode(fingerprint(&seal.public_key)));
    if config.json {
        say::json(&json!({
            "event": hex::encode(receipt.event), "recorded_at": receipt.recorded_at, "seal": seal.seal,
            "sealed_at": kernel::time::stamp(seal.time), "code": hex::encode(seal.code()), "key": by, "key_trusted": key.is_some(),
        }));
        return Ok(());
    }
    say::line(t!(lang, "receipt-holds", n = seal.seal, at = time, entries = seal.entries));
    say::line(t!(lang, "receipt-code", code = hex::encode(seal.code())));
    say::line(if key.is_some() {
        t!(lang, "receipt-by", key = by)
    } else {
        t!(lang, "receipt-by-whom", key = by)
    });
    Ok(())
}
