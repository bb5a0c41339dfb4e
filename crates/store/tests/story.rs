//! The store keeps its promises on both engines.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on should stop there")]

use kernel::{Actor, Id, Refusal};
use serde_json::json;
use store::{
    Entropy, Fault, IdemKey, Keys, Notice, Outgoing, SEALED, Sender, Store, args, testing::TestStore,
};

fn street() -> Id {
    Id::named("street")
}

store::story!(all_or_nothing, [], |t: TestStore| async move {
    let stream = Id::named("stream");
    let failed: Result<(), Fault> = t
        .store
        .write(move |tx| {
            Box::pin(async move {
                tx.append("test", stream, "test.done", 1, &json!({"n": 1}), &Actor::system(street()), None)
                    .await?;
                tx.next_number(street(), "LY-2026").await?;
                Err(Refusal::conflict("test.no").into())
            })
        })
        .await;
    assert!(matches!(failed, Err(Fault::Refused(_))));
    let mut conn = t.store.read().await.unwrap();
    assert_eq!(conn.stream(stream).await.unwrap().len(), 0);
    assert_eq!(
        conn.number("SELECT COUNT(*) AS n FROM series", vec![]).await.unwrap(),
        0,
        "no number was used up"
    );
});

store::story!(concurrent_appends_make_one_chain, [], |t: TestStore| async move {
    let stream = Id::named("stream");
    let mut tasks = tokio::task::JoinSet::new();
    for i in 0..40 {
        let store = t.store.clone();
        tasks.spawn(async move {
            loop {
                let done = store
                    .write(move |tx| {
                        Box::pin(async move {
                            tx.append(
                                "test",
                                stream,
                                "test.done",
                                1,
                                &json!({"n": i}),
                                &Actor::system(street()),
                                None,
                            )
                            .await
                        })
                    })
                    .await;
                match done {
                    Ok(_) => break,
                    // Two writers on PostgreSQL may want the same place in the stream: one tries again.
                    Err(fault) if fault.is_duplicate() => {}
                    Err(fault) => panic!("{fault}"),
                }
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    let mut conn = t.store.read().await.unwrap();
    assert_eq!(conn.stream(stream).await.unwrap().len(), 40);
    let (entries, faults) = conn.check_chains().await.unwrap();
    assert_eq!((entries, faults.len()), (40, 0));
    drop(conn);
    // One altered byte is found.
    t.store
        .write(move |tx| {
            Box::pin(async move {
                tx.run("UPDATE journal SET body = replace(body, '\"n\":7', '\"n\":8') WHERE seq > 0", vec![])
                    .await
            })
        })
        .await
        .unwrap();
    let (_, faults) = t.store.read().await.unwrap().check_chains().await.unwrap();
    assert_eq!(faults.len(), 1, "{faults:?}");
});

store::story!(a_key_twice_is_one_change, [], |t: TestStore| async move {
    let once = |input: &'static [u8]| {
        t.store.once(Some(IdemKey::new("session", "k1", input)), move |tx| {
            Box::pin(async move { tx.next_number(street(), "LY-2026").await })
        })
    };
    assert_eq!(once(b"a").await.unwrap(), 1);
    assert_eq!(once(b"a").await.unwrap(), 1, "the first answer again");
    assert!(matches!(once(b"b").await, Err(Fault::Refused(r)) if r.code == "ui.key-reused"));
    let (left, right) = tokio::join!(
        t.store.once(Some(IdemKey::new("session", "k2", b"")), |tx| Box::pin(async move {
            tx.next_number(street(), "LY-2026").await
        })),
        t.store.once(Some(IdemKey::new("session", "k2", b"")), |tx| Box::pin(async move {
            tx.next_number(street(), "LY-2026").await
        })),
    );
    assert_eq!(left.unwrap(), right.unwrap(), "sent twice at once, done once");
});

store::story!(words_are_encrypted_found_and_checked, [], |t: TestStore| async move {
    let words = t
        .store
        .write(|tx| Box::pin(async move { tx.keep(street(), None, "三号楼灯不亮").await }))
        .await
        .unwrap();
    let mut conn = t.store.read().await.unwrap();
    let clear =
        conn.clear_words(t.store.keys(), street(), std::slice::from_ref(&words.commit)).await.unwrap();
    assert_eq!(clear.get(&words.commit).map(String::as_str), Some("三号楼灯不亮"));
    let stored: Vec<u8> =
        conn.one("SELECT sealed FROM words", vec![]).await.unwrap().unwrap().get("sealed").unwrap();
    assert!(!stored.windows(3).any(|w| w == "灯".as_bytes()), "not in clear at rest");
    assert!(conn.check_words(t.store.keys()).await.unwrap().is_empty());
    drop(conn);
    t.store
        .write(|tx| Box::pin(async move { tx.run("UPDATE words SET commitment = 'x'", vec![]).await }))
        .await
        .unwrap();
    assert_eq!(t.store.read().await.unwrap().check_words(t.store.keys()).await.unwrap(), ["x"]);
});

store::story!(chinese_is_found_by_any_part, [], |t: TestStore| async move {
    let ids: Vec<Id> = t
        .store
        .write(|tx| {
            Box::pin(async move {
                let mut ids = Vec::new();
                for text in ["地下车库停车难", "樓道電梯壞了 LY-2026-000731", "停电三小时"]
                {
                    let id = tx.new_id()?;
                    tx.index(street(), "matter", id, text).await?;
                    ids.push(id);
                }
                // Filed again with other words: the old words no longer lead to it.
                tx.index(street(), "matter", ids[2], "停水三小时").await?;
                Ok(ids)
            })
        })
        .await
        .unwrap();
    let mut conn = t.store.read().await.unwrap();
    let mut hits = async |q: &str| conn.search(street(), "matter", q, 10).await.unwrap();
    assert_eq!(hits("停车").await, [ids[0]]);
    assert_eq!(hits("电梯").await, [ids[1]], "simplified finds traditional");
    assert_eq!(hits("2026").await, [ids[1]]);
    assert_eq!(hits("停电").await, []);
    assert_eq!(hits("停水").await, [ids[2]]);
    assert_eq!(hits("难").await, [ids[0]], "a single character");
    assert_eq!(hits("' OR 1=1 --").await, []);
});

struct Flaky;
impl Sender for Flaky {
    fn send<'a>(&'a self, message: &'a Outgoing) -> futures_util::future::BoxFuture<'a, Result<(), String>> {
        Box::pin(async move { if message.to == "good" { Ok(()) } else { Err("no line".into()) } })
    }
}

store::story!(the_outbox_tries_again_then_lays_aside, [], |t: TestStore| async move {
    t.store
        .write(|tx| {
            Box::pin(async move {
                for to in ["good", "bad"] {
                    tx.send(street(), &Outgoing { channel: "sms".into(), to: to.into(), text: "码".into() })
                        .await?;
                }
                tx.notify(Notice {
                    street: street(),
                    person: Id::named("p"),
                    key: "matters.notice-accepted".into(),
                    args: json!({"number": "LY-2026-000001"}),
                    link: "/m/LY-2026-000001".into(),
                    due_at: Some(tx.now + chrono::Duration::hours(8)),
                })
                .await
            })
        })
        .await
        .unwrap();
    assert_eq!(store::deliver(&t.store, &Flaky).await.unwrap(), 1);
    let mut conn = t.store.read().await.unwrap();
    assert_eq!(
        conn.unread(street(), Id::named("p"), t.store.now()).await.unwrap(),
        0,
        "it rings in the morning"
    );
    assert_eq!(conn.notices(street(), Id::named("p"), None, 9).await.unwrap().len(), 1, "who looks sees it");
    drop(conn);
    for _ in 0..9 {
        t.clock.advance(chrono::Duration::days(1));
        store::deliver(&t.store, &Flaky).await.unwrap();
    }
    let mut conn = t.store.read().await.unwrap();
    let dead = conn
        .number("SELECT COUNT(*) AS n FROM outbox WHERE state = $1 AND tries = 8", args!["dead"])
        .await
        .unwrap();
    assert_eq!(dead, 1);
    assert_eq!(conn.unread(street(), Id::named("p"), t.store.now()).await.unwrap(), 1);
});

store::story!(a_new_key_seals_everything_anew_while_it_stays_readable, [], |t: TestStore| async move {
    const N: usize = 120;
    let old = t.store.clone();
    let commits: Vec<String> = old
        .write(|tx| {
            Box::pin(async move {
                let mut out = Vec::new();
                for n in 0..N {
                    out.push(tx.keep(street(), None, &format!("说的话{n}")).await?.commit);
                }
                Ok(out)
            })
        })
        .await
        .unwrap();
    let blind = old.keys().blind("phone", "13900001111");
    let file = t.folder.join("keys.json");
    let mut keys = Keys::open(&file, &mut Entropy::System).unwrap();
    keys.rotate(&mut Entropy::System).unwrap();
    keys.save(&file).unwrap();
    let new = t.again().await.unwrap();
    assert_eq!(
        (new.keys().current(), new.keys().blind("phone", "13900001111")),
        (2, blind),
        "found as before"
    );
    let all = |store: Store, commits: Vec<String>| async move {
        let mut conn = store.read().await.unwrap();
        let clear = conn.clear_words(store.keys(), street(), &commits).await.unwrap();
        assert_eq!(clear.len(), commits.len());
        assert!(clear.values().all(|text| text.starts_with("说的话")));
        assert!(conn.check_words(store.keys()).await.unwrap().is_empty());
    };
    // One step only, as if it had been stopped: part is sealed with either key, and both processes read all of it.
    let words = SEALED[0];
    assert!(new.reseal_some(words).await.unwrap() > 0);
    let used = new.read().await.unwrap().sealed_by(SEALED).await.unwrap();
    assert!(used[&1] > 0 && used[&2] > 0, "{used:?}");
    all(new.clone(), commits.clone()).await;
    all(old.clone(), commits.clone()).await;
    // The running process still writes with the key that it knows.
    old.write(|tx| Box::pin(async move { tx.keep(street(), None, "说的话后来").await })).await.unwrap();
    while new.reseal_some(words).await.unwrap() > 0 {}
    let used = new.read().await.unwrap().sealed_by(SEALED).await.unwrap();
    assert_eq!(used.keys().copied().collect::<Vec<_>>(), [2], "nothing needs the old key");
    assert_eq!(used[&2], N as u64 + 1);
    let mut keys = Keys::open(&file, &mut Entropy::System).unwrap();
    assert_eq!(keys.retire(&[2]), [1]);
    keys.save(&file).unwrap();
    let last = t.again().await.unwrap();
    all(last.clone(), commits).await;
    for store in [new, last] {
        store.close().await;
    }
});
