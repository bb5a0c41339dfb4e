//! Seals over the record, on both engines: everything that was recorded can be proven, and what was taken away or
//! written anew after a seal was printed is found.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on should stop there")]

use chrono::Duration;
use journal::{seal::fingerprint, tree};
use kernel::{Actor, Id};
use serde_json::json;
use store::{Engine, Hash, Printed, Recorded, Seal, SealsChecked, Store, args, testing::TestStore};
use tokio::sync::oneshot;

fn street() -> Id {
    Id::named("street")
}

/// Records entries `from..to`, each in a stream of its own.
async fn record(store: &Store, from: i64, to: i64) -> Vec<Recorded> {
    store
        .write(move |tx| {
            Box::pin(async move {
                let mut out = Vec::new();
                for n in from..to {
                    let (stream, actor) = (Id::named(&format!("s{n}")), Actor::system(street()));
                    out.push(
                        tx.append("test", stream, "test.done", 1, &json!({ "n": n }), &actor, None).await?,
                    );
                }
                Ok(out)
            })
        })
        .await
        .unwrap()
}

async fn checked(store: &Store, printed: Option<&Printed>) -> SealsChecked {
    store.read().await.unwrap().check_seals(store.keys(), printed).await.unwrap()
}

/// What is wrong, without a seal of earlier.
async fn faults(store: &Store) -> Vec<String> {
    checked(store, None).await.faults.into_iter().map(|f| f.why).collect()
}

/// Runs statements behind the program's back.
async fn tamper(store: &Store, statements: &'static [&'static str]) {
    store
        .write(move |tx| {
            Box::pin(async move {
                for sql in statements {
                    tx.run(*sql, vec![]).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
}

store::story!(everything_recorded_is_sealed_and_proven, [], |t: TestStore| async move {
    assert_eq!(t.store.seal().await.unwrap(), None, "an empty record needs no seal");
    let first = record(&t.store, 0, 3).await;
    let early = t.store.read().await.unwrap().stands(&first[1].hash).await.unwrap().unwrap();
    assert!(early.receipt.is_none() && early.at == first[1].at, "recorded, not sealed yet");
    let one = t.store.seal().await.unwrap().unwrap();
    assert_eq!((one.seal, one.entries, one.before), (1, 3, [0; 32]));
    assert_eq!(t.store.seal().await.unwrap(), None, "nothing new");

    // Beyond one kept branch, with an edge that is no power of two.
    let mut all = first;
    let mut seals = vec![one];
    for (from, to) in [(3, 4), (4, 300), (300, 777)] {
        t.clock.advance(Duration::minutes(5));
        all.extend(record(&t.store, from, to).await);
        seals.push(t.store.seal().await.unwrap().unwrap());
    }
    let found = checked(&t.store, None).await;
    assert_eq!((found.seals, found.entries, found.waiting), (4, 777, 0));
    assert_eq!(found.faults.len(), 0, "{:?}", found.faults);
    let mut conn = t.store.read().await.unwrap();
    let key = fingerprint(&t.store.keys().seal_key().unwrap());
    for n in [0usize, 2, 3, 255, 256, 299, 511, 512, 767, 776] {
        let receipt = conn.stands(&all[n].hash).await.unwrap().unwrap().receipt.unwrap();
        assert_eq!(receipt.check(Some(&key)), Ok(()), "entry {n}");
        assert_eq!(receipt.seal, seals[3], "under the last seal of its day");
    }
    assert!(conn.stands(&[9; 32]).await.unwrap().is_none());
    for (old, new) in [(0, 1), (0, 3), (1, 2), (2, 3)] {
        let (old, new) = (&seals[old], &seals[new]);
        let path = conn.consistency(old.entries, new.entries).await.unwrap();
        assert!(tree::continues(old.entries, &old.head, new.entries, &new.head, &path));
    }
    drop(conn);

    // The next day has a seal of its own; receipts of today stay under today's.
    t.clock.advance(Duration::days(1));
    record(&t.store, 777, 778).await;
    let tomorrow = t.store.seal().await.unwrap().unwrap();
    let mut conn = t.store.read().await.unwrap();
    let daily = conn.daily_seals(None, 10).await.unwrap();
    assert_eq!(daily, [tomorrow.clone(), seals[3].clone()]);
    assert_eq!(conn.daily_seals(Some(tomorrow.seal), 10).await.unwrap(), [seals[3].clone()]);
    let receipt = conn.stands(&all[0].hash).await.unwrap().unwrap().receipt.unwrap();
    assert_eq!(receipt.seal, seals[3]);
});

store::story!(what_is_changed_under_a_seal_is_found, [], |t: TestStore| async move {
    record(&t.store, 0, 300).await;
    t.store.seal().await.unwrap();
    t.clock.advance(Duration::hours(3));
    record(&t.store, 300, 310).await;
    t.store.seal().await.unwrap();
    record(&t.store, 310, 312).await;
    assert_eq!(faults(&t.store).await, Vec::<String>::new());

    // Each on the good record, undone after it was looked at.
    for (sql, word) in [
        ("DELETE FROM journal WHERE pos = 100", "gone"),
        ("DELETE FROM journal WHERE pos = 312", "wait for a seal without an entry"),
        ("DELETE FROM unsealed WHERE pos = 311", "neither stand under a seal nor wait"),
        ("DELETE FROM leaf WHERE n = 5", "neither stand under a seal nor wait"),
        ("DELETE FROM leaf WHERE n = 309", "cut off"),
        ("DELETE FROM seal WHERE n = 2", "the last seal covers 300"),
        ("DELETE FROM seal WHERE n = 1", "a seal before it is missing"),
        ("DELETE FROM branch", "branch 0 of height 8"),
        ("UPDATE seal SET entries = 309 WHERE n = 2", "does not match the entries"),
        ("UPDATE seal SET day = '2026-03-01' WHERE n = 1", "another day"),
        ("UPDATE leaf SET n = n + 1000 WHERE n = 309", "cut off"),
        (
            "UPDATE journal SET hash = (SELECT hash FROM journal WHERE pos = 8) WHERE pos = 7",
            "does not match",
        ),
    ] {
        let keys = t.store.keys().clone();
        let found = t
            .store
            .write(move |tx| {
                Box::pin(async move {
                    assert!(tx.run(sql, vec![]).await? > 0, "{sql} changes nothing");
                    let found = tx.check_seals(&keys, None).await?;
                    let whys = found.faults.iter().map(|f| f.why.clone()).collect::<Vec<_>>().join("\n");
                    Err::<(), _>(store::Fault::other(whys))
                })
            })
            .await
            .unwrap_err()
            .to_string();
        assert!(found.contains(word), "{sql}: {found}");
    }
    assert_eq!(faults(&t.store).await, Vec::<String>::new(), "all undone");

    // An entry of today dated before a seal that does not hold it.
    t.store
        .write(|tx| {
            Box::pin(async move {
                let long_ago = tx.now - Duration::hours(2);
                tx.run("UPDATE journal SET at = $1 WHERE pos = 311", args![long_ago]).await
            })
        })
        .await
        .unwrap();
    assert!(faults(&t.store).await.iter().any(|f| f.contains("dated before a seal")));
});

// Whoever holds database and key file can make everything anew; only what was printed before tells.
store::story!(a_cut_tail_and_a_new_seal_are_found_by_a_printed_one, [], |t: TestStore| async move {
    let entries = record(&t.store, 0, 10).await;
    let morning = t.store.seal().await.unwrap().unwrap();
    t.clock.advance(Duration::hours(1));
    let evening_entries = record(&t.store, 10, 20).await;
    let evening = t.store.seal().await.unwrap().unwrap();
    let of = |seal: &Seal| Printed::Seal(Box::new(seal.clone()));
    let receipt = |hash: Hash| {
        let store = t.store.clone();
        async move {
            let stands = store.read().await.unwrap().stands(&hash).await.unwrap().unwrap();
            Printed::Receipt(Box::new(stands.receipt.unwrap()))
        }
    };
    let (kept, late) = (receipt(entries[4].hash).await, receipt(evening_entries[4].hash).await);
    for printed in [
        of(&morning),
        of(&evening),
        Printed::Code(evening.code()),
        Printed::Code(morning.head),
        kept.clone(),
        late.clone(),
    ] {
        let found = checked(&t.store, Some(&printed)).await;
        assert!(found.faults.is_empty() && found.stands.is_some(), "{printed:?} {:?}", found.faults);
    }

    // The evening never happened.
    tamper(
        &t.store,
        &[
            "DELETE FROM seal WHERE n = 2",
            "DELETE FROM leaf WHERE n >= 10",
            "DELETE FROM journal WHERE pos > 10",
        ],
    )
    .await;
    assert_eq!(faults(&t.store).await, Vec::<String>::new(), "in itself it looks whole");
    assert!(checked(&t.store, Some(&of(&morning))).await.faults.is_empty());
    for printed in [of(&evening), Printed::Code(evening.code()), late] {
        let found = checked(&t.store, Some(&printed)).await;
        assert!(
            found.stands.is_none() && found.faults.iter().any(|f| f.why.contains("cut off")),
            "{:?}",
            found.faults
        );
    }

    // The morning was another one: an entry is put in the place of another and everything is sealed again.
    tamper(
        &t.store,
        &[
            "DELETE FROM seal",
            "DELETE FROM leaf",
            "UPDATE journal SET hash = (SELECT hash FROM journal WHERE pos = 3) WHERE pos = 5",
            "INSERT INTO unsealed (pos) SELECT pos FROM journal",
        ],
    )
    .await;
    t.store.seal().await.unwrap();
    assert_eq!(faults(&t.store).await, Vec::<String>::new(), "sealed again with the right key");
    let found = checked(&t.store, Some(&of(&morning))).await;
    assert!(found.faults.iter().any(|f| f.why.contains("were changed since")), "{:?}", found.faults);
    assert!(!checked(&t.store, Some(&Printed::Code(morning.code()))).await.faults.is_empty());
    let found = checked(&t.store, Some(&kept)).await;
    assert!(
        found.faults.iter().any(|f| f.why.contains("is not the entry of the receipt")),
        "{:?}",
        found.faults
    );
});

/// On PostgreSQL a lower position may be committed after a higher one was sealed. It must not be skipped.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_commit_is_sealed_by_the_next_seal() {
    let Some(t) = store::testing::open(Engine::Postgres, &[]).await.unwrap() else { return };
    let (begun, has_begun) = oneshot::channel::<()>();
    let (go, may_go) = oneshot::channel::<()>();
    let store = t.store.clone();
    let slow = tokio::spawn(async move {
        store
            .write(move |tx| {
                Box::pin(async move {
                    let actor = Actor::system(street());
                    let entry = tx
                        .append("test", Id::named("slow"), "test.done", 1, &json!({}), &actor, None)
                        .await?;
                    begun.send(()).unwrap();
                    may_go.await.unwrap();
                    Ok(entry)
                })
            })
            .await
            .unwrap()
    });
    has_begun.await.unwrap();
    let quick = record(&t.store, 0, 2).await;
    let first = t.store.seal().await.unwrap().unwrap();
    assert_eq!(first.entries, 2, "the seal neither waits for the slow change nor counts it");
    go.send(()).unwrap();
    let slow = slow.await.unwrap();
    let second = t.store.seal().await.unwrap().unwrap();
    assert_eq!(second.entries, 3);
    let mut conn = t.store.read().await.unwrap();
    let lowest = conn.number("SELECT MIN(pos) AS n FROM journal", vec![]).await.unwrap();
    let row = conn.one("SELECT pos FROM leaf WHERE n = 2", vec![]).await.unwrap().unwrap();
    assert_eq!(row.get::<i64>("pos").unwrap(), lowest, "the lowest position is the last leaf");
    for entry in quick.iter().chain([&slow]) {
        let receipt = conn.stands(&entry.hash).await.unwrap().unwrap().receipt.unwrap();
        assert_eq!(receipt.check(None), Ok(()));
    }
    drop(conn);
    assert_eq!(faults(&t.store).await, Vec::<String>::new());
}

store::story!(two_servers_seal_one_record, [], |t: TestStore| async move {
    record(&t.store, 0, 50).await;
    let (a, b) = tokio::join!(t.store.seal(), t.store.seal());
    let made = [a.unwrap(), b.unwrap()].into_iter().flatten().count();
    assert_eq!(made, 1, "what one sealed the other does not");
    assert_eq!(faults(&t.store).await, Vec::<String>::new());
});
