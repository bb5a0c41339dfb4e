//! An old ledger is taken over: all of it or nothing, the same file twice is one import, everything is found again.
//! On both engines.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

mod common;

use common::{Town, path};
use kernel::{Actor, Channel};
use matters::{
    actions::{self, Imported},
    model::{ClosedHow, Event, Input, Matter, Status},
    queries,
    rules::ledger::{self, Ledger, LedgerRow},
};
use methods::Catalogue;
use std::path::Path;
use store::{
    Store, args,
    testing::{TestStore, refused},
};
use ui::sheet::{Cell, Sheet};

const CSV: &str = "编号,留言用户,标题,反映时间,内容,答复,答复时间,地点,类别,联系电话\n\
    101,A1,楼道灯不亮,2025-03-01 08:00,三单元四楼的声控灯坏了半个月,已更换灯头,2025-03-04 08:00,柳荫花园 3号楼,楼道照明,13900000123\n\
    102,A2,,2025-03-02,下水道反水，厨房都淹了,,,东门外小广场,,\n\
    103,A3,噪音扰民,2025/3/3 21:15,广场舞音响太吵,已约谈舞队,2025-03-13 21:15,,,\n";

fn read(bytes: &[u8], now: kernel::Time) -> Ledger {
    ledger::read(&ui::sheet::read(bytes).unwrap(), &[], Catalogue::shipped(), now).unwrap()
}

fn clerk(street: kernel::Id) -> Actor {
    Actor { channel: Channel::System, ..Actor::system(street) }
}

async fn take(store: &Store, street: kernel::Id, rows: Vec<LedgerRow>) -> Imported {
    let actor = clerk(street);
    store
        .write(move |tx| {
            Box::pin(async move { actions::import_ledger(tx, &actor, &path("/QH/LY/"), rows).await })
        })
        .await
        .unwrap()
}

async fn a_ledger_becomes_history(t: TestStore) {
    let town = Town::new(t).await;
    let (store, street) = (&town.t.store, town.street);
    let rows = read(CSV.as_bytes(), store.now()).rows;
    let mut conn = store.read().await.unwrap();
    let community = places::queries::by_path(&mut conn, street, &path("/QH/LY/")).await.unwrap().unwrap();
    let look = actions::preview_ledger(&mut conn, &community, &rows).await.unwrap();
    assert_eq!(look, Imported { added: 3, known: 0 });
    assert_eq!(
        conn.number("SELECT COUNT(*) AS n FROM matter", vec![]).await.unwrap(),
        0,
        "a preview writes nothing"
    );
    assert_eq!(take(store, street, rows.clone()).await, Imported { added: 3, known: 0 });
    assert_eq!(
        take(store, street, rows.clone()).await,
        Imported { added: 0, known: 3 },
        "the same file again"
    );
    let look = actions::preview_ledger(&mut conn, &community, &rows).await.unwrap();
    assert_eq!(look, Imported { added: 0, known: 3 });

    // Every one is found by the words of title, body or reply, and by the number that it had.
    for (words, number) in [
        ("声控灯", "101"),
        ("更换灯头", "101"),
        ("反水", "102"),
        ("广场舞", "103"),
        ("舞队", "103"),
        ("102", "102"),
    ] {
        let hits = conn.search(street, "matter", words, 10).await.unwrap();
        assert_eq!(hits.len(), 1, "{words}");
        let m: Matter = conn.get(street, hits[0]).await.unwrap().unwrap();
        assert_eq!(m.ledger.as_ref().unwrap().id.as_deref(), Some(number));
        assert_eq!((m.status, m.imported, m.voices.len()), (Status::Closed, true, 1));
    }
    let id = conn.search(street, "matter", "声控灯", 10).await.unwrap()[0];
    let m: Matter = conn.get(street, id).await.unwrap().unwrap();
    assert_eq!(m.number, "LY-2025-000001", "numbered in the year in which it was raised");
    assert_eq!(m.place, path("/QH/LY/LYHY/3/"), "a place that the tree knows");
    assert_eq!(m.category.as_deref(), Some("0101"));
    assert_eq!(kernel::time::stamp(m.raised_at), "2025-03-01T00:00:00.000000Z", "the ledger's time");
    assert_eq!(m.closed_at, Some(store.now()), "the record's own time stays apart");
    assert!(m.voices[0].person.is_some(), "known by the telephone");
    let (happened, clear) = queries::timeline(&mut conn, store.keys(), &m).await.unwrap();
    assert!(matches!(happened.last().unwrap().event, Event::Closed { how: ClosedHow::Ledger, .. }));
    assert!(happened.iter().all(|h| h.meta.actor.channel == Channel::Import));
    assert_eq!(clear[&m.ledger.unwrap().reply.unwrap().commit], "已更换灯头");
    let minutes = conn
        .one("SELECT reply_minutes FROM matter WHERE street = $1 AND id = $2", args![street, id])
        .await
        .unwrap()
        .unwrap();
    assert_eq!(minutes.get::<Option<i64>>("reply_minutes").unwrap(), Some(3 * 24 * 60));
    drop(conn);

    // Nobody can reopen history by the old slip, and the record holds.
    let world = queries::world(&mut store.read().await.unwrap(), street).await.unwrap();
    let voice = m.voices[0].id;
    let resident = Actor { person: m.voices[0].person, ..Actor::anonymous(street, Channel::App) };
    let again = store
        .write(move |tx| {
            Box::pin(async move {
                actions::act(
                    tx,
                    &world,
                    &resident,
                    id,
                    Input::Reopen { words: "又不亮了".into() },
                    vec![],
                    Some(voice),
                )
                .await
            })
        })
        .await;
    assert_eq!(refused(again), "matters.reopen-late");
    let (checked, faults) = matters::verify(&mut store.read().await.unwrap(), store.keys()).await.unwrap();
    assert_eq!((checked, faults.len()), (3, 0));
}

async fn one_bad_row_keeps_all_out(t: TestStore) {
    let town = Town::new(t).await;
    let (store, street) = (&town.t.store, town.street);
    let actor = clerk(street);
    // The second row's community is not there: the first must not stay either.
    let rows = read(CSV.as_bytes(), store.now()).rows;
    let failed = store
        .write(move |tx| {
            Box::pin(async move {
                actions::import_ledger(tx, &actor, &path("/QH/LY/"), rows.clone()).await?;
                actions::import_ledger(tx, &actor, &path("/QH/NO/"), rows).await
            })
        })
        .await;
    assert_eq!(refused(failed), "matters.no-place");
    let mut conn = store.read().await.unwrap();
    assert_eq!(conn.number("SELECT COUNT(*) AS n FROM matter", vec![]).await.unwrap(), 0);
    // XLSX is read as CSV is, with dates as the spreadsheet shows them.
    let heads = ["id", "title", "raised_at", "body"].map(str::to_owned).to_vec();
    let cells = ["9", "路灯", "2025-01-02 09:00:00", "路灯不亮"].map(Cell::from).to_vec();
    let xlsx = Sheet { heads, rows: vec![cells] }.xlsx().unwrap();
    let rows = read(&xlsx, store.now()).rows;
    drop(conn);
    assert_eq!(take(store, street, rows).await, Imported { added: 1, known: 0 });
}

/// The real ledger that the project is tried with lies beside it; without it this says so.
async fn a_real_ledger_goes_in_whole(t: TestStore) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/resident-messages/matters_with_replies.csv");
    let Ok(bytes) = std::fs::read(&file) else {
        eprintln!("skipped: {} is not there", file.display());
        return;
    };
    let town = Town::new(t).await;
    let (store, street) = (&town.t.store, town.street);
    let read = read(&bytes, store.now());
    assert_eq!((read.rows.len(), read.errors.len()), (1418, 0));
    let begun = std::time::Instant::now();
    assert_eq!(take(store, street, read.rows.clone()).await.added, 1418);
    eprintln!("1,418 rows in {:?}", begun.elapsed());
    let mut conn = store.read().await.unwrap();
    // Any of them is found by words of its title; longer than any field of a form, and whole.
    for row in read.rows.iter().step_by(97) {
        let words: String = row.title.chars().take(8).collect();
        let hits = conn.search(street, "matter", &words, 200).await.unwrap();
        let mut numbers = Vec::new();
        for id in hits {
            numbers.push(conn.get::<Matter>(street, id).await.unwrap().unwrap().ledger.unwrap().id);
        }
        assert!(numbers.contains(&row.id), "{words}");
    }
    let longest = read.rows.iter().max_by_key(|r| r.body.chars().count()).unwrap();
    let sql = "SELECT body FROM matter WHERE street = $1 AND ledger_key = $2";
    let kept = conn.one(sql, args![street, format!("LY:{}", longest.key)]).await.unwrap().unwrap();
    assert_eq!(kept.get::<String>("body").unwrap(), longest.body);
    let mut days: Vec<i64> =
        read.rows.iter().map(|r| (r.replied_at.unwrap() - r.raised_at).num_minutes()).collect();
    days.sort_unstable();
    let sum = conn.number("SELECT SUM(reply_minutes) AS n FROM matter WHERE imported", vec![]).await;
    // PostgreSQL sums whole numbers into another type; the count says enough there.
    if let Ok(sum) = sum {
        assert_eq!(sum, days.iter().sum::<i64>());
    }
    assert_eq!(
        conn.number("SELECT COUNT(*) AS n FROM matter WHERE replied_at IS NOT NULL", vec![]).await.unwrap(),
        1418
    );
}

const ROOMS: [store::Migrations; 3] = [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS];

store::story!(history, [ROOMS[0], ROOMS[1], ROOMS[2]], a_ledger_becomes_history);
store::story!(all_or_nothing, [ROOMS[0], ROOMS[1], ROOMS[2]], one_bad_row_keeps_all_out);
store::story!(real, [ROOMS[0], ROOMS[1], ROOMS[2]], a_real_ledger_goes_in_whole);
