//! `backup` and `restore`: database and key file in one tar archive. Whoever has it can read everything: the keys
//! are in it, because without them nothing that is personal could ever be read again. Who keeps the key file elsewhere
//! leaves it out, and names it again when restoring.

use super::{existing, export::free};
use crate::{
    Failure,
    cli::{Backup, Restore},
    config::Config,
    queries, say, t,
};
use serde_json::json;
use std::{
    fs::File,
    io::{Read, Write},
    path::Path,
};
use store::{Fault, Location, Options, Store};

const DATABASE: &str = "yishiting.db";
const KEYS: &str = "keys.json";

/// Writes an archive of a SQLite store, while it may be running.
///
/// # Errors
/// On PostgreSQL; when the file is there already or cannot be written.
pub(super) async fn backup(config: &Config, what: &Backup) -> Result<(), Failure> {
    let (lang, file) = (config.lang, what.file.as_path());
    if matches!(config.location, Location::Server { .. }) {
        return Err(Failure::said(t!(
            lang,
            "backup-postgres",
            file = file.display().to_string(),
            keys = config.key_file().display().to_string()
        )));
    }
    free(config, file)?;
    let store = existing(config).await?;
    // Beside the archive: the same disk, so that room is found or missed before anything is replaced.
    let copy = beside(file, ".db.part");
    let part = beside(file, ".part");
    let written = async {
        store.copy_to(&copy).await?;
        let mut conn = store.read().await?;
        let counts = queries::counts(&mut conn, store.now()).await?;
        let mut out = tar::Builder::new(private(&part)?);
        out.append_path_with_name(&copy, DATABASE).map_err(Fault::from)?;
        if !what.without_keys {
            out.append_path_with_name(config.key_file(), KEYS).map_err(Fault::from)?;
        }
        let mut out = out.into_inner().map_err(Fault::from)?;
        out.flush().and_then(|()| out.sync_all()).map_err(Fault::from)?;
        std::fs::rename(&part, file).map_err(Fault::from)?;
        Ok::<_, Failure>(counts)
    }
    .await;
    let _ = std::fs::remove_file(&copy);
    store.close().await;
    let counts = match written {
        Ok(counts) => counts,
        Err(failure) => {
            let _ = std::fs::remove_file(&part);
            return Err(failure);
        }
    };
    let shown = file.display().to_string();
    if config.json {
        say::json(&json!({ "file": shown, "entries": counts.journal, "matters": counts.matters }));
    } else {
        say::line(t!(
            lang,
            "backed-up",
            file = shown.as_str(),
            entries = counts.journal,
            matters = counts.matters
        ));
        if what.without_keys {
            say::line(t!(lang, "backed-up-keyless", keys = config.key_file().display().to_string()));
        }
    }
    Ok(())
}

/// Unpacks an archive into a folder that holds no store, and opens it once.
///
/// # Errors
/// When there is a store already, the archive is none of ours, or its keys are elsewhere.
pub(super) async fn restore(config: &Config, what: &Restore) -> Result<(), Failure> {
    let (lang, file) = (config.lang, what.file.as_path());
    let Location::Folder(folder) = &config.location else {
        return Err(Failure::said(t!(
            lang,
            "restore-postgres",
            file = file.display().to_string(),
            keys = config.key_file().display().to_string()
        )));
    };
    if config.exists() || config.key_file().exists() {
        return Err(Failure::said(t!(lang, "store-there", place = config.place())));
    }
    let shown = file.display().to_string();
    let broken = |why: String| Failure::said(t!(lang, "bad-archive", file = shown.as_str(), why = why));
    let archive = File::open(file)
        .map_err(|e| Failure::said(t!(lang, "no-file", file = shown.as_str(), why = e.to_string())))?;
    std::fs::create_dir_all(folder).map_err(Fault::from)?;
    let mut got = Vec::new();
    let unpacked = (|| -> Result<(), Failure> {
        let mut archive = tar::Archive::new(archive);
        for entry in archive.entries().map_err(|e| broken(e.to_string()))? {
            let mut entry = entry.map_err(|e| broken(e.to_string()))?;
            let name = entry.path().map_err(|e| broken(e.to_string()))?.display().to_string();
            // Only the two files that we write, by their exact names: an archive cannot write anywhere else.
            let Some(known) = [DATABASE, KEYS].into_iter().find(|k| *k == name) else {
                return Err(broken(name));
            };
            let mut out = private(&folder.join(known))?;
            let mut chunk = vec![0; 1 << 16];
            loop {
                let n = entry.read(&mut chunk).map_err(|e| broken(e.to_string()))?;
                if n == 0 {
                    break;
                }
                out.write_all(&chunk[..n]).map_err(Fault::from)?;
            }
            out.sync_all().map_err(Fault::from)?;
            got.push(known);
        }
        if let Some(from) = &what.keys_from {
            let _ = std::fs::remove_file(folder.join(KEYS));
            let named = from.display().to_string();
            let keys = std::fs::read(from).map_err(|e| {
                Failure::said(t!(lang, "no-file", file = named.as_str(), why = e.to_string()))
            })?;
            private(&folder.join(KEYS))?.write_all(&keys).map_err(Fault::from)?;
        } else if !got.contains(&KEYS) && got.contains(&DATABASE) {
            return Err(Failure::said(t!(lang, "archive-keyless", file = shown.as_str())));
        }
        if got.contains(&DATABASE) { Ok(()) } else { Err(broken(format!("{DATABASE}, {KEYS}"))) }
    })();
    let opened = match unpacked {
        Ok(()) => open(config, &shown).await,
        Err(failure) => Err(failure),
    };
    let counts = match opened {
        Ok(counts) => counts,
        Err(failure) => {
            for name in
                [DATABASE.to_owned(), format!("{DATABASE}-wal"), format!("{DATABASE}-shm"), KEYS.to_owned()]
            {
                let _ = std::fs::remove_file(folder.join(name));
            }
            return Err(failure);
        }
    };
    if config.json {
        say::json(&json!({ "data": config.place(), "entries": counts.journal, "matters": counts.matters }));
    } else {
        say::line(t!(
            lang,
            "restored",
            place = config.place(),
            entries = counts.journal,
            matters = counts.matters
        ));
    }
    Ok(())
}

/// Opens what was unpacked, with the keys that it was written with.
async fn open(config: &Config, archive: &str) -> Result<queries::Counts, Failure> {
    let store = Store::open(&config.location, Options::default()).await?;
    let opened = async {
        store.migrate(crate::rooms::MIGRATIONS).await?;
        let mut conn = store.read().await?;
        if !conn.keys_fit(store.keys()).await? {
            return Err(Failure::said(t!(config.lang, "archive-other-keys", file = archive)));
        }
        Ok(queries::counts(&mut conn, store.now()).await?)
    }
    .await;
    store.close().await;
    opened
}

fn beside(file: &Path, tail: &str) -> std::path::PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(tail);
    name.into()
}

/// A new file that only its owner can read.
fn private(path: &Path) -> Result<File, Failure> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(options.open(path).map_err(Fault::from)?)
}
