//! What a person said is erased after the law's period, and not before. On both engines.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

mod common;

use chrono::Duration;
use common::{Town, path, photo};
use kernel::Actor;
use matters::{KEEPER, model::NewMatter, queries};
use serde_json::json;
use store::testing::TestStore;

store::story!(
    what_was_said_is_frozen_while_its_period_runs_and_erased_after,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: TestStore| async move {
        let town = Town::new(t).await;
        let input = NewMatter {
            place: Some(path("/QH/LY/LYHY/3/")),
            body: "楼上漏水三天了".into(),
            phone: Some("13900008888".into()),
            ..NewMatter::default()
        };
        let slip = town.raise(&town.anonymous(), input, vec![photo(1)]).await.unwrap();
        let person = town.row(slip.matter).await.voices[0].person.unwrap();
        let erase = || async {
            let sys = Actor::system(town.street);
            town.store()
                .write(move |tx| Box::pin(async move { (KEEPER.erase)(tx, &sys, person).await }))
                .await
                .unwrap()
        };
        let found = || async {
            let mut conn = town.store().read().await.unwrap();
            conn.search(town.street, "matter", "漏水", 10).await.unwrap().len()
        };
        let done = erase().await;
        assert_eq!((done.erased, done.frozen), (0, 1), "an open matter is only stored");
        town.act(
            &town.duty(),
            slip.matter,
            "reject",
            json!({ "reason": "private", "pointer": "请联系物业" }),
        )
        .await
        .unwrap();
        town.t.clock.advance(Duration::days(300));
        assert_eq!(erase().await.frozen, 1, "the period runs");
        assert_eq!(found().await, 1);
        town.t.clock.advance(Duration::days(500));
        let done = erase().await;
        assert!(done.erased >= 2 && done.frozen == 0, "{done:?}");
        assert_eq!(found().await, 0, "nobody finds it by its words");
        let mut conn = town.store().read().await.unwrap();
        let kept = (KEEPER.about)(&mut conn, town.store().keys(), town.street, person).await.unwrap();
        assert!(kept.iter().all(|k| !k.value.contains("漏水")), "{kept:?}");
        assert!(
            queries::id_of(&mut conn, town.street, &slip.number).await.unwrap().is_some(),
            "the record stays"
        );
        let blob = town.row(slip.matter).await.attachments[0].blob;
        assert!(conn.blob(town.street, blob, true).await.unwrap().is_none(), "the photo is gone");
        assert!(conn.original(town.store().keys(), town.street, blob).await.unwrap().is_none());
        assert!(conn.check_blobs(town.store().keys()).await.unwrap().is_empty(), "and rightly so");
        drop(conn);
        assert_eq!(erase().await.erased, 0, "once");
        town.verify().await;
    }
);
