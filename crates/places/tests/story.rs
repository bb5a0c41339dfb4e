//! A street is founded, filled, imported twice, and checked against its journal; on both engines.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use kernel::{Actor, Id, PlacePath};
use places::{NewGrid, NewPlace, NewStreet, PlaceKind, actions, queries, rules::import::RowError};
use store::{Fault, testing::TestStore};

fn path(text: &str) -> PlacePath {
    PlacePath::parse(text).unwrap()
}

async fn founded(t: &TestStore) -> Actor {
    let street = t
        .store
        .write(|tx| {
            Box::pin(async move {
                let nowhere = Actor::system(Id::named("nowhere"));
                let street = places::found_street(
                    tx,
                    &nowhere,
                    NewStreet {
                        name: "清和街道".into(),
                        code: "QH".into(),
                        statistical: Some("330105007000".into()),
                    },
                )
                .await?;
                let actor = Actor::system(street.id);
                for (code, name, digits) in
                    [("LY", "柳荫社区", "330105007001"), ("HB", "河滨社区", "330105007002")]
                {
                    let new = NewPlace {
                        statistical: Some(digits.into()),
                        phone: Some("0571-88001234".into()),
                        ..NewPlace::plain(street.path.clone(), PlaceKind::Community, code, name)
                    };
                    places::add(tx, &actor, new).await?;
                }
                Ok(street.id)
            })
        })
        .await
        .unwrap();
    Actor::system(street)
}

async fn refused<T>(result: Result<T, Fault>) -> &'static str {
    match result {
        Ok(_) => "nothing",
        Err(Fault::Refused(r)) => r.code,
        Err(fault) => panic!("{fault}"),
    }
}

async fn add(t: &TestStore, actor: &Actor, new: NewPlace) -> Result<places::Place, Fault> {
    let actor = actor.clone();
    t.store.write(move |tx| Box::pin(async move { places::add(tx, &actor, new).await })).await
}

async fn import(t: &TestStore, actor: &Actor, rows: &[&[&str]]) -> Result<actions::Imported, Fault> {
    let actor = actor.clone();
    let rows: Vec<Vec<String>> = rows.iter().map(|r| r.iter().map(|c| (*c).to_owned()).collect()).collect();
    t.store.write(move |tx| Box::pin(async move { places::import_places(tx, &actor, &rows).await })).await
}

store::story!(a_tree_grows_and_is_found, [places::MIGRATIONS], |t: TestStore| async move {
    let actor = founded(&t).await;
    let street = actor.street;
    let compound = NewPlace {
        lat: Some(30_300_000),
        lon: Some(120_100_000),
        ..NewPlace::plain(path("/QH/LY/"), PlaceKind::Compound, "LYHY", "柳荫花园")
    };
    add(&t, &actor, compound.clone()).await.unwrap();
    for n in [10, 2, 3] {
        let building = NewPlace {
            lat: Some(30_300_000 + n * 100),
            lon: Some(120_100_000),
            ..NewPlace::plain(path("/QH/LY/LYHY/"), PlaceKind::Building, &n.to_string(), &format!("{n}号楼"))
        };
        add(&t, &actor, building).await.unwrap();
    }
    let unit = add(&t, &actor, NewPlace::plain(path("/QH/LY/LYHY/3/"), PlaceKind::Unit, "2", "2单元"))
        .await
        .unwrap();
    assert_eq!(unit.full_name, "柳荫花园 3号楼 2单元");
    // A level may be left out on the way down, but none turned round.
    add(&t, &actor, NewPlace::plain(path("/QH/HB/"), PlaceKind::Building, "1", "河滨1号")).await.unwrap();
    assert_eq!(refused(add(&t, &actor, compound).await).await, "places.code-taken");
    let upside = NewPlace::plain(path("/QH/LY/LYHY/3/"), PlaceKind::Compound, "X", "X");
    assert_eq!(refused(add(&t, &actor, upside).await).await, "places.wrong-level");
    let loose = NewPlace::plain(path("/QH/"), PlaceKind::Building, "1", "1号楼");
    assert_eq!(
        refused(add(&t, &actor, loose).await).await,
        "places.wrong-level",
        "no building without a community"
    );
    let other = NewPlace {
        statistical: Some("330106007003".into()),
        ..NewPlace::plain(path("/QH/"), PlaceKind::Community, "XH", "西湖")
    };
    assert_eq!(refused(add(&t, &actor, other).await).await, "places.other-street");
    let short = NewPlace {
        short_code: Some("LY".into()),
        ..NewPlace::plain(path("/QH/"), PlaceKind::Community, "LY2", "柳荫二")
    };
    assert_eq!(refused(add(&t, &actor, short).await).await, "places.short-taken");

    let mut conn = t.store.read().await.unwrap();
    let names = |list: Vec<places::Place>| list.into_iter().map(|p| p.name).collect::<Vec<_>>();
    let buildings =
        places::under(&mut conn, street, &path("/QH/LY/"), &[PlaceKind::Building], 100).await.unwrap();
    assert_eq!(buildings[0].full_name, "柳荫花园 2号楼");
    assert_eq!(names(buildings), ["2号楼", "3号楼", "10号楼"], "as people count");
    assert_eq!(
        names(places::nearest(&mut conn, street, 30_300_290, 120_100_000, 2).await.unwrap()),
        ["3号楼", "2号楼"]
    );
    assert!(places::nearest(&mut conn, street, 31_300_000, 120_100_000, 2).await.unwrap().is_empty());
    let home = places::home(&mut conn).await.unwrap().unwrap();
    assert_eq!((home.street, home.communities.len(), home.communities[0].code.as_str()), (street, 2, "LY"));
    let some =
        places::by_paths(&mut conn, street, &[path("/QH/LY/LYHY/3/2/"), path("/QH/LY/none/")]).await.unwrap();
    assert_eq!(some.len(), 1);
    assert_eq!(some[&path("/QH/LY/LYHY/3/2/")].full_name, "柳荫花园 3号楼 2单元");
    assert_eq!(places::by_id(&mut conn, street, unit.id).await.unwrap().unwrap(), unit);
    drop(conn);

    // A new name above shows below at once; a place with places in it cannot be closed.
    let closed = t
        .store
        .write({
            let actor = actor.clone();
            move |tx| {
                Box::pin(async move {
                    actions::rename(tx, &actor, &path("/QH/LY/LYHY/"), "柳荫家园").await?;
                    actions::close(tx, &actor, &path("/QH/LY/LYHY/3/2/")).await?;
                    Ok(actions::close(tx, &actor, &path("/QH/LY/LYHY/")).await)
                })
            }
        })
        .await
        .unwrap();
    assert_eq!(refused(closed).await, "places.has-places");
    let mut conn = t.store.read().await.unwrap();
    let unit = places::by_path(&mut conn, street, &path("/QH/LY/LYHY/3/2/")).await.unwrap().unwrap();
    assert_eq!((unit.full_name.as_str(), unit.active), ("柳荫家园 3号楼 2单元", false));
    assert_eq!(places::verify(&mut conn).await.unwrap().1.len(), 0);
});

store::story!(grids_lie_across_the_tree, [places::MIGRATIONS], |t: TestStore| async move {
    let actor = founded(&t).await;
    let street = actor.street;
    for code in ["A", "B"] {
        add(&t, &actor, NewPlace::plain(path("/QH/LY/"), PlaceKind::Compound, code, code)).await.unwrap();
    }
    add(&t, &actor, NewPlace::plain(path("/QH/LY/A/"), PlaceKind::Building, "1", "1号楼")).await.unwrap();
    let draw = |code: &'static str, places: Vec<PlacePath>| {
        let actor = actor.clone();
        t.store.write(move |tx| {
            Box::pin(async move {
                places::add_grid(
                    tx,
                    &actor,
                    NewGrid {
                        community: path("/QH/LY/"),
                        code: code.into(),
                        name: format!("网格{code}"),
                        places,
                    },
                )
                .await
            })
        })
    };
    let first = draw("001", vec![path("/QH/LY/A/")]).await.unwrap();
    assert_eq!(refused(draw("001", vec![]).await).await, "places.grid-code-taken");
    assert_eq!(refused(draw("002", vec![path("/QH/LY/A/")]).await).await, "places.grid-taken");
    assert_eq!(refused(draw("002", vec![path("/QH/HB/")]).await).await, "places.grid-foreign");
    assert_eq!(refused(draw("2", vec![]).await).await, "places.bad-grid-code");
    draw("002", vec![path("/QH/LY/A/1/"), path("/QH/LY/B/")]).await.unwrap();
    let mut conn = t.store.read().await.unwrap();
    let mut code =
        async |p: &str| places::grid_of(&mut conn, street, &path(p)).await.unwrap().map(|g| g.code);
    assert_eq!(code("/QH/LY/A/2/").await.as_deref(), Some("001"));
    assert_eq!(code("/QH/LY/A/1/").await.as_deref(), Some("002"), "the narrower one");
    assert_eq!(code("/QH/LY/").await, None);
    drop(conn);
    let again = t
        .store
        .write(move |tx| {
            Box::pin(async move {
                actions::close_grid(tx, &actor, first.id).await?;
                places::add_grid(
                    tx,
                    &actor,
                    NewGrid {
                        community: path("/QH/LY/"),
                        code: "001".into(),
                        name: "新".into(),
                        places: vec![path("/QH/LY/A/")],
                    },
                )
                .await
            })
        })
        .await
        .unwrap();
    let mut conn = t.store.read().await.unwrap();
    assert_eq!(places::grid_of(&mut conn, street, &path("/QH/LY/A/9/")).await.unwrap(), Some(again));
    assert_eq!(places::verify(&mut conn).await.unwrap().1.len(), 0);
});

store::story!(
    a_spreadsheet_is_all_or_nothing_and_never_doubles,
    [places::MIGRATIONS],
    |t: TestStore| async move {
        let actor = founded(&t).await;
        let street = actor.street;
        let heads: &[&str] =
            &["社区", "小区", "楼栋", "单元", "户号", "名称", "代码", "网格", "经度", "纬度"];
        let good: Vec<&[&str]> = vec![
            heads,
            &["柳荫社区", "柳荫花园", "", "", "", "", "LYHY", "001 花园", "120.100001", "30.300002"],
            &["柳荫社区", "柳荫花园", "3号楼", "", "", "", "3", "", "", ""],
            &["LY", "柳荫花园", "3号楼", "1单元", "101", "", "", "", "", ""],
            &["柳荫社区", "柳荫花园", "3号楼", "1单元", "102", "", "", "", "", ""],
        ];
        let bad: Vec<&[&str]> = good
            .iter()
            .copied()
            .chain([
                &["柳荫社区", "新村", "", "", "", "", "a/b", "", "", ""][..],
                &["柳荫社区", "新村", "", "", "", "", "XC", "", "东经", ""][..],
                &["", "", "", "", "", "", "", "", "", ""][..],
                &["柳荫社区", "另一处", "", "", "", "", "LYC", "1", "", ""][..],
            ])
            .collect();
        assert_eq!(refused(import(&t, &actor, &bad).await).await, "places.import-errors");
        let mut conn = t.store.read().await.unwrap();
        assert_eq!(
            queries::everything(&mut conn, street, &path("/QH/")).await.unwrap().len(),
            3,
            "nothing was added"
        );
        let rows: Vec<Vec<String>> =
            bad.iter().map(|r| r.iter().map(|c| (*c).to_owned()).collect()).collect();
        let plan = queries::plan_import(&mut conn, street, &rows).await.unwrap();
        let errors: Vec<(usize, &str, Option<&str>)> =
            plan.errors.iter().map(|RowError { row, refusal }| (*row, refusal.code, refusal.field)).collect();
        assert_eq!(
            errors,
            [
                (6, "places.bad-code", Some("code")),
                (7, "places.bad-point", Some("lon")),
                (8, "ui.empty", Some("community")),
                (9, "places.bad-grid-code", Some("grid")),
            ]
        );
        drop(conn);
        let done = import(&t, &actor, &good).await.unwrap();
        assert_eq!((done.added, done.changed, done.grids, done.same), (5, 0, 1, 0));
        let again = import(&t, &actor, &good).await.unwrap();
        assert_eq!((again.added, again.changed, again.grids, again.same), (0, 0, 0, 4));
        let renamed = import(
            &t,
            &actor,
            &[&["community", "compound", "name", "code"], &["LY", "LYHY", "柳荫家园", "LYHY"]],
        )
        .await
        .unwrap();
        assert_eq!((renamed.added, renamed.changed), (0, 1));
        let mut conn = t.store.read().await.unwrap();
        let flat =
            places::by_path(&mut conn, street, &path("/QH/LY/LYHY/3/1单元/102/")).await.unwrap().unwrap();
        assert_eq!(flat.full_name, "柳荫家园 3号楼 1单元 102");
        assert_eq!(
            places::by_path(&mut conn, street, &path("/QH/LY/LYHY/")).await.unwrap().unwrap().lon,
            Some(120_100_001)
        );
        assert_eq!(places::grid_of(&mut conn, street, &flat.path).await.unwrap().unwrap().name, "花园");
        assert_eq!(places::verify(&mut conn).await.unwrap().1.len(), 0);
    }
);

store::story!(a_tampered_row_is_found, [places::MIGRATIONS], |t: TestStore| async move {
    founded(&t).await;
    let (checked, faults) = places::verify(&mut t.store.read().await.unwrap()).await.unwrap();
    assert_eq!((checked, faults.len()), (3, 0));
    t.store
        .write(|tx| {
            Box::pin(
                async move { tx.run("UPDATE place SET name = 'x' WHERE short_code = 'LY'", vec![]).await },
            )
        })
        .await
        .unwrap();
    let (_, faults) = places::verify(&mut t.store.read().await.unwrap()).await.unwrap();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].why.contains("place.name"), "{faults:?}");
});
