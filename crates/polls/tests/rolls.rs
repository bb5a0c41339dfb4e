//! Who is who on a roll, on both engines: one telephone on several lines, people of one name, a number that came to somebody
//! else, what the house knows.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use chrono::Duration;
use kernel::{Actor, Channel, Id, OfficeKind, PlacePath, time::local_date};
use places::{NewPlace, PlaceKind};
use polls::{
    Body, Bridge, actions,
    model::{NewPoll, Poll, Shape, Source, Trust},
    queries::{self, house},
    rules::{Act, Own, read_sheet},
};
use store::testing::{TestStore, refused};

const BRIDGE: Bridge = Bridge {
    ended: |_, _, _| Box::pin(async { Ok(()) }),
    bodies: |_, _, _, _| {
        let members = vec![Id::named("nobody")];
        Box::pin(async move { Ok(vec![Body { id: Id::named("council"), name: "议事会".into(), members }]) })
    },
};

struct Town {
    t: TestStore,
    staff: Actor,
    place: PlacePath,
}

impl Town {
    async fn new(t: TestStore) -> Self {
        let (staff, place) = t
            .store
            .write(|tx| {
                Box::pin(async move {
                    let (sys, place) = places::testing::community(tx).await?;
                    let mut path = place.clone();
                    for (kind, code) in [
                        (PlaceKind::Compound, "YY"),
                        (PlaceKind::Building, "1"),
                        (PlaceKind::Unit, "1"),
                        (PlaceKind::Dwelling, "101"),
                        (PlaceKind::Dwelling, "102"),
                    ] {
                        let made =
                            places::add(tx, &sys, NewPlace::plain(path.clone(), kind, code, code)).await?;
                        if kind != PlaceKind::Dwelling {
                            path = made.path;
                        }
                    }
                    let person =
                        people::actions::person_by_phone(tx, &sys, "13900000100", Some("周文静")).await?;
                    let office = people::NewOffice {
                        person,
                        kind: OfficeKind::CommunitySecretary,
                        place: place.clone(),
                        unit: None,
                        from: None,
                        until: None,
                    };
                    people::actions::give_office(tx, &sys, office).await?;
                    Ok((Actor { person: Some(person), channel: Channel::App, ..sys }, place))
                })
            })
            .await
            .unwrap();
        Self { t, staff, place }
    }

    async fn person(&self, phone: &'static str, name: &'static str, lives: Option<&'static str>) -> Id {
        let sys = Actor::system(self.staff.street);
        let lives_at = lives.and_then(PlacePath::parse);
        let new = people::NewPerson { name: Some(name.into()), phone: Some(phone.into()), lives_at };
        self.t
            .store
            .write(move |tx| Box::pin(async move { people::actions::add_person(tx, &sys, new).await }))
            .await
            .unwrap()
    }

    /// A poll that is open now, its roll from a sheet.
    async fn open(
        &self,
        shape: Shape,
        rule: &'static str,
        options: &[&str],
        candidates: Vec<Id>,
        sheet: &[&[&str]],
    ) -> Poll {
        let new = NewPoll {
            place: self.place.clone(),
            title: "推选楼道长".into(),
            text: "推选一名。".into(),
            shape,
            secret: matches!(shape, Shape::Election { .. }),
            trust: Trust::Grouped,
            options: options.iter().map(|o| (*o).to_owned()).collect(),
            candidates,
            origin: None,
        };
        let sheet: Vec<Vec<String>> =
            sheet.iter().map(|r| r.iter().map(|c| (*c).to_owned()).collect()).collect();
        let actor = self.staff.clone();
        let lines = read_sheet(&shape, &sheet).unwrap();
        let id = self
            .t
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let id = actions::draft(tx, &actor, new).await?.id;
                    actions::act(tx, BRIDGE, &actor, id, Act::Rule(rule.into(), Own::default())).await?;
                    actions::freeze(tx, BRIDGE, &actor, id, &lines).await?;
                    let act = Act::Notice(tx.now, tx.now + Duration::days(9), Some("试".into()));
                    Ok(actions::act(tx, BRIDGE, &actor, id, act).await?.id)
                })
            })
            .await
            .unwrap();
        polls::jobs::sweep(&self.t.store, BRIDGE).await.unwrap();
        let mut conn = self.t.store.read().await.unwrap();
        queries::poll(&mut conn, self.staff.street, id).await.unwrap().unwrap()
    }

    /// The heads that are a person's.
    async fn own(&self, poll: &Poll, person: Id) -> Vec<u32> {
        let mut conn = self.t.store.read().await.unwrap();
        let keys = self.t.store.keys();
        let own = queries::own_heads(&mut conn, keys, poll.street, poll.id, person).await.unwrap();
        let open = queries::open_for(&mut conn, keys, poll.street, person).await.unwrap();
        assert_eq!(open.iter().any(|p| p.id == poll.id), !own.is_empty(), "what waits for {person}");
        own.iter().map(|h| h.head).collect()
    }

    async fn sound(&self) {
        let mut conn = self.t.store.read().await.unwrap();
        let (_, faults) = polls::verify(&mut conn, self.t.store.keys()).await.unwrap();
        assert!(faults.is_empty(), "{faults:?}");
    }
}

async fn namesakes(t: TestStore) {
    let town = Town::new(t).await;
    // A mother whose telephone stands on her children's lines; two of one name; somebody who comes later.
    let mother = town.person("13900000001", "马玉兰", None).await;
    let one = town.person("13900000002", "李敏", None).await;
    let sheet: &[&[&str]] = &[
        &["户号", "姓名", "电话"],
        &["1", "马玉兰", "13900000001"],
        &["2", "马强", "13900000001"],
        &["3", "李敏", "13900000002"],
        &["4", "李敏", ""],
        &["5", "孙伟", "13900000005"],
    ];
    let poll = town.open(Shape::Sides, "consultation", &[], Vec::new(), sheet).await;
    assert_eq!(town.own(&poll, mother).await, [1], "her son's ballot is not hers");
    assert_eq!(town.own(&poll, one).await, [3]);
    let other = town.person("13900000003", "李敏", None).await;
    assert_eq!(town.own(&poll, other).await, [0u32; 0], "a name alone is nobody");
    let sun = town.person("13900000005", "孙伟", None).await;
    assert_eq!(town.own(&poll, sun).await, [5], "known by the telephone that came later");
    // Staff look at a paper: the other 李敏 is number 4, and only that.
    let (staff, id) = (town.staff.clone(), poll.id);
    town.t
        .store
        .write(move |tx| {
            Box::pin(async move { actions::recognise(tx, &staff, id, 4, "13900000003", "身份证").await })
        })
        .await
        .unwrap();
    assert_eq!((town.own(&poll, other).await, town.own(&poll, one).await), (vec![4], vec![3]));
    // 李敏 of number 3 gave up the telephone; whoever has it now is not on the roll.
    let sys = Actor::system(poll.street);
    town.t
        .store
        .write(move |tx| {
            Box::pin(async move {
                let to = people::NewPerson { name: Some("李敏".into()), ..people::NewPerson::default() };
                people::actions::change_person(tx, &sys, one, to).await
            })
        })
        .await
        .unwrap();
    let stranger = town.person("13900000002", "李敏", None).await;
    assert_eq!((town.own(&poll, stranger).await, town.own(&poll, one).await), (vec![], vec![3]));
    town.sound().await;
}

async fn candidates(t: TestStore) {
    let town = Town::new(t).await;
    let stands = town.person("13900000001", "李敏", None).await;
    let sheet: &[&[&str]] = &[
        &["户号", "姓名", "电话"],
        &["1", "李敏", ""],
        &["2", "李敏", ""],
        &["3", "孙伟", ""],
        &["4", "王强", ""],
    ];
    let shape = Shape::Election { seats: 1 };
    let poll =
        town.open(shape, "election_voters", &["李敏", "王强"], vec![stands, Id::named("王强")], sheet).await;
    let proxy = |agent: u32| {
        let (store, staff, id) = (town.t.store.clone(), town.staff.clone(), poll.id);
        async move {
            store
                .write(move |tx| {
                    Box::pin(async move {
                        let paper = store::pictures::take(store::pictures::sample(40, 40, 3)?)?;
                        actions::proxy(tx, &staff, id, 3, agent, Some(paper)).await
                    })
                })
                .await
        }
    };
    assert_eq!(refused(proxy(4).await), "polls.proxy-candidate", "nobody else has the name");
    assert_eq!(refused(proxy(1).await), "polls.proxy-namesake", "perhaps it is the candidate");
    let (store, staff, id) = (town.t.store.clone(), town.staff.clone(), poll.id);
    store
        .write(move |tx| {
            Box::pin(async move {
                actions::recognise(tx, &staff, id, 2, "13900000001", "身份证").await.map(|_| ())
            })
        })
        .await
        .unwrap();
    assert_eq!(refused(proxy(2).await), "polls.proxy-candidate");
    assert_eq!(refused(proxy(1).await), "nothing", "the other one only has the name");
    town.sound().await;
}

async fn sources(t: TestStore) {
    let town = Town::new(t).await;
    let alone = town.person("13900000001", "马玉兰", Some("/QH/LY/YY/1/1/101/")).await;
    for phone in ["13900000002", "13900000003"] {
        town.person(phone, "刘洋", Some("/QH/LY/YY/1/1/102/")).await;
    }
    let poll =
        town.open(Shape::Sides, "consultation", &[], Vec::new(), &[&["户号", "姓名"], &["1", "甲"]]).await;
    let day = local_date(town.t.store.now());
    let mut conn = town.t.store.read().await.unwrap();
    let offers = house::offers(&mut conn, BRIDGE, &poll, day).await.unwrap();
    let offers: Vec<(String, usize)> = offers.into_iter().map(|o| (o.source.code(), o.many)).collect();
    let body = Source::Body(Id::named("council"));
    assert_eq!(
        offers,
        [(body.code(), 1), ("office-community_secretary".to_owned(), 1), ("dwellings".to_owned(), 2)]
    );
    let keys = town.t.store.keys();
    let (_, lines) = house::lines(&mut conn, keys, BRIDGE, &poll, Source::Dwellings, day).await.unwrap();
    assert_eq!(lines.iter().map(|l| l.person).collect::<Vec<_>>(), [Some(alone), None]);
    let office = Source::Office(OfficeKind::CommunitySecretary);
    let (_, lines) = house::lines(&mut conn, keys, BRIDGE, &poll, office, day).await.unwrap();
    assert_eq!(
        lines.iter().map(|l| (l.unit.as_str(), l.person)).collect::<Vec<_>>(),
        [("1", town.staff.person)]
    );
    for (source, code) in [
        (body, "polls.source-nameless"),
        (Source::Body(Id::named("other")), "polls.no-source"),
        (Source::Office(OfficeKind::GridHead), "polls.no-source"),
    ] {
        assert_eq!(refused(house::lines(&mut conn, keys, BRIDGE, &poll, source, day).await), code);
    }
    // Owners vote by area, which the house does not know.
    let owners = Poll { shape: Shape::Owners { conform: false }, ..poll };
    assert!(house::offers(&mut conn, BRIDGE, &owners, day).await.unwrap().is_empty());
    assert_eq!(
        refused(house::lines(&mut conn, keys, BRIDGE, &owners, Source::Dwellings, day).await),
        "polls.no-source"
    );
}

store::story!(
    one_telephone_and_one_name_are_never_two_voters,
    [places::MIGRATIONS, people::MIGRATIONS, polls::MIGRATIONS],
    |t: TestStore| namesakes(t)
);
store::story!(
    a_candidates_namesake_may_be_an_agent_once_somebody_looked,
    [places::MIGRATIONS, people::MIGRATIONS, polls::MIGRATIONS],
    |t: TestStore| candidates(t)
);
store::story!(
    a_roll_comes_from_bodies_offices_and_dwellings,
    [places::MIGRATIONS, people::MIGRATIONS, polls::MIGRATIONS],
    |t: TestStore| sources(t)
);
