//! What an operator and a resident can prove with the built program: seals of earlier, receipts, backups made while
//! others write.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use kernel::Actor;
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};
use store::{Location, Options, Store};
use tempfile::TempDir;

fn types(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yishiting"));
    for (name, _) in std::env::vars().filter(|(n, _)| n.starts_with("YISHITING_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).env("LC_ALL", "C.UTF-8").args(args).output().unwrap()
}

fn said(out: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}

fn good(folder: &Path, args: &[&str]) -> String {
    let out = types(folder, args);
    assert!(out.status.success(), "{args:?}\n{}", said(&out));
    said(&out)
}

fn bad(folder: &Path, args: &[&str]) -> String {
    let out = types(folder, args);
    assert_eq!(out.status.code(), Some(1), "{args:?}\n{}", said(&out));
    said(&out)
}

/// A folder whose data folder `a` holds a street, opened.
async fn street() -> (TempDir, Store, Actor) {
    let folder = tempfile::tempdir().unwrap();
    good(
        folder.path(),
        &[
            "setup",
            "--data",
            "a",
            "--street-name",
            "清和街道",
            "--street-code",
            "QH",
            "--community-name",
            "柳荫社区",
            "--community-code",
            "LY",
            "--admin-password",
            "Kettle-7314",
        ],
    );
    let store = open(folder.path().join("a")).await;
    let streets = places::queries::streets(&mut store.read().await.unwrap()).await.unwrap();
    let actor = Actor::system(streets[0].id);
    (folder, store, actor)
}

async fn open(folder: PathBuf) -> Store {
    Store::open(&Location::Folder(folder), Options::default()).await.unwrap()
}

async fn add(store: &Store, actor: &Actor, n: usize) {
    let actor = actor.clone();
    let new = people::NewPerson { name: Some(format!("张三{n}")), ..people::NewPerson::default() };
    store
        .write(move |tx| Box::pin(async move { people::actions::add_person(tx, &actor, new).await }))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seal_of_earlier_and_a_receipt_are_checked() {
    let (folder, store, actor) = street().await;
    let at = folder.path();
    let seal = store.seal().await.unwrap().unwrap();
    let code = hex::encode(seal.code());
    let key = hex::encode(journal::seal::fingerprint(&seal.public_key));
    std::fs::write(at.join("seal.json"), serde_json::to_string(&seal).unwrap()).unwrap();
    let row = store
        .read()
        .await
        .unwrap()
        .one("SELECT hash FROM journal ORDER BY pos LIMIT 1", vec![])
        .await
        .unwrap();
    let event: Vec<u8> = row.unwrap().get("hash").unwrap();
    let receipt = store.read().await.unwrap().stands(&event).await.unwrap().unwrap().receipt.unwrap();
    let text = serde_json::to_string_pretty(&receipt).unwrap();
    std::fs::write(at.join("receipt.json"), &text).unwrap();
    add(&store, &actor, 1).await;
    store.seal().await.unwrap().unwrap();
    add(&store, &actor, 2).await;

    let grouped: String =
        code.as_bytes().chunks(4).map(|c| format!("{} ", String::from_utf8_lossy(c))).collect();
    for earlier in [code.as_str(), grouped.as_str(), "seal.json", "receipt.json"] {
        let said = good(at, &["verify", "--data", "a", "--seal", earlier]);
        assert!(
            said.contains("Seal 1 of earlier still stands") && said.contains("1 wait for the next"),
            "{said}"
        );
    }
    let report: Value =
        serde_json::from_str(&good(at, &["verify", "--data", "a", "--seal", &code, "--json"])).unwrap();
    assert_eq!((&report["seals"]["seals"], &report["seals"]["stands"]), (&2.into(), &1.into()));
    assert!(bad(at, &["verify", "--data", "a", "--seal", &"0".repeat(64)]).contains("no seal has the code"));
    assert!(bad(at, &["verify", "--data", "a", "--seal", "nothing.json"]).contains("nothing.json"));

    // The receipt holds without any store, and with the right key only.
    let holds = good(at, &["receipt", "receipt.json"]);
    assert!(holds.contains("The receipt holds") && holds.contains(&code) && holds.contains(&key), "{holds}");
    assert!(good(at, &["receipt", "receipt.json", "--key", &key]).contains("the key that you trust"));
    assert!(bad(at, &["receipt", "receipt.json", "--key", &"1".repeat(64)]).contains("another key"));
    assert!(bad(at, &["receipt", "receipt.json", "--key", "abc"]).contains("no fingerprint"));
    for (what, from, to, why) in [
        (
            "path",
            format!("\"leaf\": {}", receipt.leaf),
            format!("\"leaf\": {}", receipt.leaf + 1),
            "does not lead",
        ),
        ("time", "\"seal\": 1,".to_owned(), "\"seal\": 7,".to_owned(), "not signed"),
        ("form", "receipt-v1".to_owned(), "receipt-v9".to_owned(), "format"),
        ("json", "{".to_owned(), "".to_owned(), "is no receipt"),
    ] {
        let changed = text.replacen(&from, &to, 1);
        assert_ne!(changed, text, "{what}");
        std::fs::write(at.join("changed.json"), changed).unwrap();
        assert!(bad(at, &["receipt", "changed.json"]).contains(why), "{what}");
    }

    // Whoever holds the key file makes the record anew, without its newest entries.
    for sql in [
        "DELETE FROM seal",
        "DELETE FROM leaf",
        "DELETE FROM unsealed",
        "INSERT INTO unsealed SELECT pos FROM journal",
    ] {
        store.write(move |tx| Box::pin(async move { tx.run(sql, vec![]).await })).await.unwrap();
    }
    store.seal().await.unwrap().unwrap();
    assert!(good(at, &["verify", "--data", "a"]).contains("All agree"), "nothing but paper tells");
    for earlier in [code.as_str(), "seal.json", "receipt.json"] {
        let said = bad(at, &["verify", "--data", "a", "--seal", earlier]);
        assert!(said.contains("seal"), "{said}");
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_made_while_others_write_is_whole() {
    let (folder, store, actor) = street().await;
    let (stop, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let writer = {
        let (store, actor, stop, written) = (store.clone(), actor.clone(), stop.clone(), written.clone());
        tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                add(&store, &actor, written.fetch_add(1, Ordering::Relaxed)).await;
                if written.load(Ordering::Relaxed) % 7 == 0 {
                    store.seal().await.unwrap();
                }
            }
        })
    };
    let at = folder.path().to_owned();
    let counts = tokio::task::spawn_blocking(move || {
        let mut counts = Vec::new();
        for n in 0..3 {
            let (archive, data) = (format!("{n}.tar"), format!("b{n}"));
            // The check, too, sees one instant, although the record grows under it.
            assert!(good(&at, &["verify", "--data", "a"]).contains("All agree"));
            good(&at, &["backup", &archive, "--data", "a"]);
            good(&at, &["restore", &archive, "--data", &data]);
            let report: Value =
                serde_json::from_str(&good(&at, &["verify", "--data", &data, "--json"])).unwrap();
            counts.push(report["entries"].as_u64().unwrap());
        }
        counts
    })
    .await
    .unwrap();
    stop.store(true, Ordering::Relaxed);
    writer.await.unwrap();
    assert!(counts.windows(2).all(|w| w[0] < w[1]), "the record grew while it was copied: {counts:?}");
    // A seal of the original is a seal of what was restored from it: the same record under the same key.
    store.seal().await.unwrap();
    let (original, restored) = (store.keys().seal_key().unwrap(), open(folder.path().join("b2")).await);
    assert_eq!(restored.keys().seal_key().unwrap(), original);
    restored.close().await;
    store.close().await;
}
