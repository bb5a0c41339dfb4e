//! `keys rotate`, `keys retire`: a new key for the encrypted fields, and the end of an old one.

use super::existing;
use crate::{Failure, config::Config, rooms, say, t};
use serde_json::json;
use store::{Entropy, Keys};

/// Adds a new key, unless an earlier rotation is unfinished, and seals everything anew with the newest. May be stopped and
/// started again; values are readable before, during and after.
///
/// # Errors
/// When there is no store, or a value cannot be opened with any key of the file.
pub(super) async fn rotate(config: &Config) -> Result<(), Failure> {
    let columns = rooms::sealed();
    let mut store = existing(config).await?;
    let file = config.key_file();
    let used = store.read().await?.sealed_by(&columns).await?;
    if used.keys().all(|n| *n == store.keys().current()) {
        let mut keys = Keys::open(&file, &mut Entropy::System)?;
        keys.rotate(&mut Entropy::System)?;
        // The file first: a value must never be sealed with a key that is written nowhere.
        keys.save(&file)?;
        store.close().await;
        store = existing(config).await?;
    }
    let mut n = 0;
    for column in columns {
        loop {
            let step = store.reseal_some(column).await?;
            if step == 0 {
                break;
            }
            n += step;
        }
    }
    let current = store.keys().current();
    store.close().await;
    if config.json {
        say::json(&json!({ "key": current, "values": n }));
    } else {
        say::line(t!(config.lang, "keys-rotated", key = current, n = n));
    }
    Ok(())
}

/// Takes old keys that no value needs out of the file.
///
/// # Errors
/// When there is no store, or values still need an old key.
pub(super) async fn retire(config: &Config) -> Result<(), Failure> {
    let store = existing(config).await?;
    let used = store.read().await?.sealed_by(&rooms::sealed()).await?;
    let needed: Vec<u8> = used.keys().copied().collect();
    let old: u64 = used.iter().filter(|(k, _)| **k != store.keys().current()).map(|(_, n)| n).sum();
    store.close().await;
    if old > 0 {
        return Err(Failure::said(t!(config.lang, "keys-needed", n = old)));
    }
    let file = config.key_file();
    let mut keys = Keys::open(&file, &mut Entropy::System)?;
    let gone = keys.retire(&needed);
    keys.save(&file)?;
    if config.json {
        say::json(&json!({ "retired": gone }));
    } else {
        say::line(t!(config.lang, "keys-retired", n = gone.len()));
    }
    Ok(())
}
