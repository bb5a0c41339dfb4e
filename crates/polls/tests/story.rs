//! An owners' vote from the question to the recount, on paper and online, with proxies and help; a secret vote whose ballots
//! nobody can find again; and every wrong step refused in words. On both engines.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use chrono::{Duration, NaiveDate};
use kernel::{Actor, Channel, Id, OfficeKind, PlacePath, Time, time};
use polls::{
    Bridge, Poll, actions,
    actions::secret,
    model::{
        About, DeliveryWay, GoalKind, NewPoll, PollState, Posted, Reached, Shape, TellerRole, Trust, Vote,
    },
    queries,
    rules::{Act, Hand, Own, read_sheet, recount::recount},
};
use std::sync::{Mutex, PoisonError};
use store::{
    Fault,
    testing::{TestStore, refused},
};
use tally::{Verdict, events::Way};

/// Polls that ended.
static ENDED: Mutex<Vec<(Id, &'static str)>> = Mutex::new(Vec::new());

const BRIDGE: Bridge = Bridge::new(|_, _, poll| {
    let (id, state) = (poll.id, poll.state.code());
    Box::pin(async move {
        ENDED.lock().unwrap_or_else(PoisonError::into_inner).push((id, state));
        Ok(())
    })
});

struct Town {
    t: TestStore,
    /// The secretary and two clerks.
    staff: [Actor; 3],
    place: PlacePath,
}

impl Town {
    async fn new(t: TestStore) -> Self {
        let (staff, place) = t
            .store
            .write(|tx| {
                Box::pin(async move {
                    let (sys, place) = places::testing::community(tx).await?;
                    let mut staff = Vec::new();
                    for (name, phone) in
                        [("周文静", "13900000100"), ("李敏", "13900000101"), ("王建国", "13900000102")]
                    {
                        let person = people::actions::person_by_phone(tx, &sys, phone, Some(name)).await?;
                        staff.push(Actor {
                            person: Some(person),
                            office: Some(OfficeKind::CommunitySecretary),
                            channel: Channel::App,
                            ..sys.clone()
                        });
                    }
                    Ok((staff, place))
                })
            })
            .await
            .unwrap();
        Self { t, staff: staff.try_into().unwrap(), place }
    }

    fn new_poll(&self, shape: Shape, secret: bool, options: &[&str]) -> NewPoll {
        NewPoll {
            place: self.place.clone(),
            title: "用公共收益加装充电棚".into(),
            text: "在三号楼南侧加装充电棚一处，费用 8 万元，从公共收益列支。".into(),
            shape,
            secret,
            trust: Trust::Grouped,
            options: options.iter().map(|o| (*o).to_owned()).collect(),
            candidates: Vec::new(),
            origin: None,
        }
    }

    async fn draft(&self, new: NewPoll) -> Result<Poll, Fault> {
        let actor = self.staff[0].clone();
        self.t.store.write(move |tx| Box::pin(async move { actions::draft(tx, &actor, new).await })).await
    }

    async fn act(&self, poll: Id, act: Act) -> Result<Poll, Fault> {
        self.act_by(0, poll, act).await
    }

    async fn act_by(&self, who: usize, poll: Id, act: Act) -> Result<Poll, Fault> {
        let actor = self.staff[who].clone();
        self.t
            .store
            .write(move |tx| Box::pin(async move { actions::act(tx, BRIDGE, &actor, poll, act).await }))
            .await
    }

    async fn freeze(&self, poll: Id, shape: Shape, sheet: &[&[&str]]) -> Result<Poll, Fault> {
        let sheet: Vec<Vec<String>> =
            sheet.iter().map(|r| r.iter().map(|c| (*c).to_owned()).collect()).collect();
        let lines = read_sheet(&shape, &sheet)?;
        let actor = self.staff[0].clone();
        self.t
            .store
            .write(move |tx| Box::pin(async move { actions::freeze(tx, BRIDGE, &actor, poll, &lines).await }))
            .await
    }

    /// The account holder with this telephone, acting for themselves.
    async fn resident(&self, phone: &'static str) -> Actor {
        let street = self.staff[0].street;
        let person = self
            .t
            .store
            .write(move |tx| {
                Box::pin(async move {
                    people::actions::person_by_phone(tx, &Actor::system(street), phone, None).await
                })
            })
            .await
            .unwrap();
        Actor { person: Some(person), channel: Channel::App, ..Actor::system(street) }
    }

    async fn cast(&self, actor: Actor, poll: Id, head: u32, vote: &str, way: Way) -> Result<(), Fault> {
        let vote = match vote {
            "yes" => Vote::Side(tally::Choice::Yes),
            "no" => Vote::Side(tally::Choice::No),
            _ => Vote::Side(tally::Choice::Abstain),
        };
        let witness = (way == Way::Assisted).then(|| "张桂兰".to_owned());
        let hand = Hand { vote, way, agent: None, witness };
        self.t
            .store
            .write(move |tx| {
                Box::pin(async move { actions::cast(tx, &actor, poll, head, hand).await.map(|_| ()) })
            })
            .await
    }

    async fn sheet(&self, who: usize, poll: Id, head: u32, vote: &'static str) -> Result<(), Fault> {
        let code = actions::sheet_code(self.t.store.keys(), poll, head);
        let actor = self.staff[who].clone();
        self.t
            .store
            .write(move |tx| {
                Box::pin(async move { actions::sheet(tx, &actor, poll, &code, vote, None).await.map(|_| ()) })
            })
            .await
    }

    async fn count(&self, poll: Id) -> Result<Poll, Fault> {
        let actor = self.staff[0].clone();
        self.t
            .store
            .write(move |tx| Box::pin(async move { actions::count(tx, BRIDGE, &actor, poll).await }))
            .await
    }

    async fn clock(&self, at: Time) {
        self.t.clock.set(at);
        polls::jobs::sweep(&self.t.store, BRIDGE).await.unwrap();
    }

    async fn sound(&self) {
        let mut conn = self.t.store.read().await.unwrap();
        let (_, mut faults) = polls::verify(&mut conn, self.t.store.keys()).await.unwrap();
        faults.extend(conn.check_chains().await.unwrap().1);
        assert!(faults.is_empty(), "{faults:?}");
    }

    async fn now(&self, poll: Id) -> Poll {
        let mut conn = self.t.store.read().await.unwrap();
        queries::poll(&mut conn, self.staff[0].street, poll).await.unwrap().unwrap()
    }
}

const OWNERS: Shape = Shape::Owners { conform: false };
/// Six heads: one with two flats, joint owners, the developer with an unsold and an undelivered flat; parking does not count.
const ROLL: &[&[&str]] = &[
    &["房号", "业主", "建筑面积（㎡）", "交付状态", "类型", "电话"],
    &["1-101", "陈国强", "100.00", "已交付", "住宅", "13900000001"],
    &["1-102", "陈国强", "50.00", "", "", "13900000001"],
    &["1-201", "刘洋、何丽", "90.5", "", "", "13900000002"],
    &["1-202", "马玉兰", "60", "", "", ""],
    &["1-301", "孙伟", "80", "", "", "13900000004"],
    &["1-302", "胡欣", "70", "", "", "13900000005"],
    &["2-101", "", "200", "未售", "", ""],
    &["2-102", "买家", "100", "未交付", "", "13900000006"],
    &["车位1", "孙伟", "12", "", "车位", "13900000004"],
];

async fn owners(t: TestStore) {
    let town = Town::new(t).await;
    assert_eq!(refused(town.draft(town.new_poll(OWNERS, true, &[])).await), "polls.secret-area");
    let poll = town.draft(town.new_poll(OWNERS, false, &[])).await.unwrap();
    assert_eq!((poll.state, poll.number.as_str()), (PollState::Draft, "BJ-2026-0001"));
    let id = poll.id;
    assert_eq!(refused(town.freeze(id, OWNERS, ROLL).await), "polls.rule-first");
    assert_eq!(
        refused(town.act(id, Act::Rule("resident_reps".into(), Own::default())).await),
        "polls.no-rule"
    );
    let own = Own { revote: true, ..Own::default() };
    assert_eq!(refused(town.act(id, Act::Rule("owners_ordinary".into(), own)).await), "polls.own-article");
    town.act(id, Act::Rule("owners_ordinary".into(), Own::default())).await.unwrap();
    for (line, code) in [
        (&["1-101", "陈国强", "", "", "", ""], "polls.roll-area"),
        (&["1-101", "陈国强", "8.333", "", "", ""], "polls.roll-area"),
        (&["1-101", "", "80", "", "", ""], "polls.roll-name"),
        (&["1-101", "陈国强", "80", "租", "", ""], "polls.roll-state"),
        (&["", "陈国强", "80", "", "", ""], "polls.roll-unit"),
        (&["1-101", "陈国强", "80", "", "", "12"], "polls.roll-phone"),
    ] {
        assert_eq!(refused(town.freeze(id, OWNERS, &[ROLL[0], line]).await), code, "{line:?}");
    }
    assert_eq!(refused(town.freeze(id, OWNERS, &[ROLL[0], ROLL[1], ROLL[1]]).await), "polls.roll-unit");
    let p = town.freeze(id, OWNERS, ROLL).await.unwrap();
    let roll = p.roll.unwrap();
    assert_eq!(
        (roll.lines, roll.heads, roll.area),
        (9, 6, 75_050),
        "parking stands on it and does not count"
    );
    // Notice: fifteen days.
    let now = town.t.store.now();
    let short = Act::Notice(now + Duration::days(10), now + Duration::days(20), None);
    assert_eq!(refused(town.act(id, short).await), "polls.short-notice");
    let (opens, closes) = (now + Duration::days(15), now + Duration::days(30));
    // What hung on the board before counts from that day, which is not ahead and not so near.
    let hung = |days, board: &str| {
        let on = time::local_date(now) - Duration::days(days);
        Posted { on, board: board.to_owned(), photo: None, roll_on: None }
    };
    let soon = now + Duration::days(6);
    for (days, board, code) in [
        (-1, "公示栏", "polls.posted-future"),
        (400, "公示栏", "polls.posted-long-ago"),
        (10, "", "ui.empty"),
        (8, "公示栏", "polls.short-notice"),
    ] {
        assert_eq!(refused(town.act(id, Act::Posted(soon, closes, hung(days, board))).await), code, "{days}");
    }
    town.act(id, Act::Notice(opens, closes, None)).await.unwrap();
    assert_eq!(refused(town.act(id, Act::Edit("换个题".into(), "换".into(), vec![])).await), "polls.not-now");
    // Somebody finds the roll wrong; it is corrected, and only then answered.
    let he = town.resident("13900000002").await;
    let actor = he.clone();
    town.t
        .store
        .write(move |tx| {
            Box::pin(async move { actions::object(tx, BRIDGE, &actor, id, "我家是 90.55 平方米").await })
        })
        .await
        .unwrap();
    town.clock(opens).await;
    assert_eq!(town.now(id).await.state, PollState::Noticed, "it does not open over an unanswered objection");
    let mut right = ROLL.to_vec();
    right[3] = &["1-201", "刘洋、何丽", "90.55", "", "", "13900000002"];
    let p = town.freeze(id, OWNERS, &right).await.unwrap();
    assert_eq!((p.roll.as_ref().unwrap().version, p.earlier_rolls.len()), (2, 1));
    let objection = p.objections[0].id;
    town.act(id, Act::Answer(objection, "已按登记簿更正".into(), true)).await.unwrap();
    let own = town.resident("13900000001").await;
    assert_eq!(refused(town.cast(own.clone(), id, 1, "yes", Way::Online).await), "polls.not-open");
    town.clock(opens).await;
    assert_eq!(town.now(id).await.state, PollState::Open);
    // Online: the own head, and nobody else's.
    town.cast(own.clone(), id, 1, "yes", Way::Online).await.unwrap();
    assert_eq!(refused(town.cast(own.clone(), id, 1, "no", Way::Online).await), "polls.voted-already");
    assert_eq!(refused(town.cast(own.clone(), id, 2, "yes", Way::Online).await), "polls.not-yours");
    // Deliveries, a proxy, somebody who is known at the door.
    let new_owner = town.resident("13900000006").await;
    let staff = town.staff[1].clone();
    town.t
        .store
        .write(move |tx| {
            Box::pin(async move {
                actions::serve(tx, &staff, id, &[2, 3], DeliveryWay::Door, Reached::Served, None).await?;
                actions::serve(tx, &staff, id, &[4], DeliveryWay::Door, Reached::Unserved, None).await?;
                assert_eq!(
                    refused(actions::proxy(tx, &staff, id, 3, 3, None).await),
                    "polls.proxy-not-written"
                );
                let paper = store::pictures::take(store::pictures::sample(40, 40, 3)?)?;
                actions::proxy(tx, &staff, id, 3, 1, Some(paper.clone())).await?;
                assert_eq!(
                    refused(actions::proxy(tx, &staff, id, 3, 2, Some(paper)).await),
                    "polls.proxy-twice"
                );
                actions::recognise(tx, &staff, id, 5, "13900000006", "不动产权证").await?;
                Ok(())
            })
        })
        .await
        .unwrap();
    town.cast(own, id, 3, "no", Way::Online).await.unwrap();
    let old_owner = town.resident("13900000005").await;
    assert_eq!(refused(town.cast(old_owner, id, 5, "no", Way::Online).await), "polls.not-yours");
    town.cast(new_owner, id, 5, "yes", Way::Online).await.unwrap();
    // Paper: read twice by two; a slip of the finger waits in the queue; paper goes before online.
    town.sheet(0, id, 4, "yes").await.unwrap();
    assert_eq!(refused(town.sheet(0, id, 4, "yes").await), "polls.other-reader");
    town.sheet(1, id, 4, "no").await.unwrap();
    assert_eq!(refused(town.sheet(2, id, 4, "no").await), "polls.differs");
    assert_eq!(
        queries::turnout(&mut town.t.store.read().await.unwrap(), &town.now(id).await)
            .await
            .unwrap()
            .unsettled,
        1
    );
    town.sheet(0, id, 5, "no").await.unwrap();
    town.sheet(1, id, 5, "no").await.unwrap();
    // Somebody who cannot hold a pen is helped, before a witness.
    town.cast(town.staff[1].clone(), id, 2, "yes", Way::Assisted).await.unwrap();
    assert_eq!(refused(town.act(id, Act::Extend(closes, "再等等".into())).await), "polls.not-later");
    let later = closes + Duration::days(1);
    town.act(id, Act::Extend(later, "连日大雨，投票不便".into())).await.unwrap();
    town.clock(closes).await;
    assert_eq!(town.now(id).await.state, PollState::Open);
    town.clock(later).await;
    let p = town.now(id).await;
    assert_eq!(p.state, PollState::Closed);
    assert_eq!(refused(town.cast(he, id, 2, "no", Way::Online).await), "polls.not-open");
    assert_eq!(refused(town.count(id).await), "polls.unsettled");
    let staff = town.staff[2].clone();
    town.t
        .store
        .write(move |tx| {
            Box::pin(async move { actions::drop_sheets(tx, &staff, id, 4, "第二人看错了").await })
        })
        .await
        .unwrap();
    town.sheet(0, id, 4, "yes").await.unwrap();
    town.sheet(1, id, 4, "yes").await.unwrap();
    // Count: 1 (150) yes, 2 (90.55) yes, 3 (60) no, 4 (80) yes, 5 (70) no by paper; the developer (300) is silent.
    let p = town.count(id).await.unwrap();
    let o = &p.count.as_ref().unwrap().outcome;
    assert_eq!((o.total.heads, o.total.area, o.part.heads, o.part.area), (6, 75_055, 5, 45_055));
    assert_eq!((o.yes.heads, o.yes.area, o.no.heads, o.no.area), (3, 32_055, 2, 13_000));
    assert_eq!(o.verdict, Some(Verdict::NoQuorum), "450.55 of 750.55 m² are less than two thirds");
    let area = o.goals.iter().find(|g| g.kind == GoalKind::QuorumArea).unwrap();
    assert_eq!((area.gap.need, area.gap.missing), (50_037, 4_982));
    assert_eq!(refused(town.act(id, Act::Publish).await), "polls.not-now");
    town.act(id, Act::Sign(TellerRole::Scrutineer)).await.unwrap();
    assert_eq!(refused(town.act(id, Act::Sign(TellerRole::Counter)).await), "polls.signed-already");
    assert_eq!(refused(town.act_by(1, id, Act::Sign(TellerRole::Scrutineer)).await), "polls.role-taken");
    let p = town.act_by(1, id, Act::Sign(TellerRole::Counter)).await.unwrap();
    assert_eq!(p.state, PollState::Certified);
    let p = town.act(id, Act::Publish).await.unwrap();
    let day = |days| time::local_date(town.t.store.now()) + Duration::days(days);
    assert_eq!(p.show_until, Some(day(15)), "fifteen whole days after today");
    // A stranger counts again from nothing but the file.
    let file = queries::text(&mut town.t.store.read().await.unwrap(), p.street, id, "result")
        .await
        .unwrap()
        .unwrap();
    let again = recount(file.as_bytes()).unwrap();
    assert!(again.wrong.is_empty() && again.sha256 == p.count.as_ref().unwrap().sha256);
    for name in ["陈国强", "刘洋", "13900000001"] {
        assert!(!file.contains(name), "{name} stands in the published file");
    }
    for (from, to) in [("\"n\": 1", "\"n\": 2"), ("\"area\": \"90.55\"", "\"area\": \"91.55\"")] {
        assert!(recount(file.replacen(from, to, 1).as_bytes()).is_err(), "{from}");
    }
    let forged = file.replacen("1-101\\t1\\t100.00", "1-101\\t1\\t900.00", 1);
    assert!(recount(forged.as_bytes()).map_or(true, |r| r.wrong.contains(&"roll")));
    let softer = file.replacen(
        "[\n      2,\n      3,\n      false\n    ]",
        "[\n      1,\n      3,\n      false\n    ]",
        1,
    );
    assert_ne!(softer, file);
    assert_eq!(recount(softer.as_bytes()).unwrap().wrong, ["rule", "outcome"]);
    assert!(ENDED.lock().unwrap_or_else(PoisonError::into_inner).contains(&(id, "published")));
    // The result may be set aside; what was published stays to be read.
    let p = town.act(id, Act::Annul("撤销之诉胜诉".into())).await.unwrap();
    assert!(p.state == PollState::Annulled && p.count.is_some());
    town.sound().await;
}

/// Households: persons by number.
const HOUSEHOLDS: &[&[&str]] = &[
    &["户号", "姓名", "电话"],
    &["1", "陈国强", "13900000001"],
    &["2", "刘洋", "13900000002"],
    &["3", "马玉兰", ""],
    &["4", "孙伟", "13900000004"],
    &["5", "胡欣", ""],
];

async fn secret_vote(t: TestStore) {
    let town = Town::new(t).await;
    let shape = Shape::Marks { most: 2, places: 1 };
    assert_eq!(refused(town.draft(town.new_poll(shape, true, &["甲方案"])).await), "polls.few-options");
    assert_eq!(
        refused(town.draft(town.new_poll(shape, true, &["甲方案", "甲方案"])).await),
        "polls.option-twice"
    );
    let id = town.draft(town.new_poll(shape, true, &["甲方案", "乙方案", "丙方案"])).await.unwrap().id;
    town.act(id, Act::Rule("consultation".into(), Own::default())).await.unwrap();
    town.freeze(id, shape, HOUSEHOLDS).await.unwrap();
    let now = town.t.store.now();
    let (opens, closes) = (now + Duration::hours(1), now + Duration::hours(9));
    town.act(id, Act::Notice(opens, closes, None)).await.unwrap();
    town.clock(opens).await;
    let cast = |actor: Actor, head: u32, vote: &'static str| {
        let store = town.t.store.clone();
        async move {
            store
                .write(move |tx| Box::pin(async move { secret::cast(tx, &actor, id, head, vote).await }))
                .await
        }
    };
    let (one, two) = (town.resident("13900000001").await, town.resident("13900000002").await);
    assert_eq!(refused(cast(one.clone(), 1, "1,2,3").await), "polls.too-many-marks");
    cast(one.clone(), 1, "2,1").await.unwrap();
    assert_eq!(
        refused(cast(one, 1, "3").await),
        "polls.voted-already",
        "what was refused left no mark, what was cast did"
    );
    cast(two.clone(), 2, "2").await.unwrap();
    assert_eq!(refused(cast(two, 3, "2").await), "polls.not-yours");
    // Two come to the table: one to the booth, one with a paper.
    let staff = town.staff[1].clone();
    let lost = town
        .t
        .store
        .write(move |tx| {
            Box::pin(async move {
                assert_eq!(
                    refused(secret::hand_out(tx, &staff, id, 1, false, "").await),
                    "polls.voted-already"
                );
                secret::hand_out(tx, &staff, id, 5, true, "").await?;
                secret::hand_out(tx, &staff, id, 3, false, "").await
            })
        })
        .await
        .unwrap()
        .unwrap();
    let street = town.staff[0].street;
    let booth = |code: String| {
        let store = town.t.store.clone();
        async move {
            store
                .write(move |tx| {
                    Box::pin(async move { secret::cast_by_pass(tx, street, id, &code, "3").await })
                })
                .await
        }
    };
    assert_eq!(refused(booth("AAAA2222".into()).await), "polls.bad-pass");
    // The code is lost before it was used: void by one clerk with its stub, given again by another.
    let lose = |head: u32, stub: String| {
        let (store, staff) = (town.t.store.clone(), town.staff[1].clone());
        async move {
            store
                .write(move |tx| {
                    Box::pin(async move { secret::lose(tx, &staff, id, head, &stub, "掉进雨水井").await })
                })
                .await
        }
    };
    let again = |who: usize, form: &'static str| {
        let (store, staff) = (town.t.store.clone(), town.staff[who].clone());
        async move {
            store
                .write(move |tx| Box::pin(async move { secret::reissue(tx, &staff, id, 3, form).await }))
                .await
        }
    };
    assert_eq!(refused(lose(5, lost.stub.clone()).await), "polls.no-code", "that one has a paper");
    assert_eq!(refused(lose(3, "0123456789".into()).await), "polls.code-used");
    assert_eq!(refused(again(2, "a").await), "polls.no-lost-code");
    lose(3, format!(" {}", lost.stub)).await.unwrap();
    assert_eq!(refused(booth(lost.code.clone()).await), "polls.bad-pass", "whoever finds it cannot use it");
    assert_eq!(refused(lose(3, lost.stub.clone()).await), "polls.lost-already");
    assert_eq!(refused(again(1, "a").await), "polls.other-hand");
    let pass = again(2, "a").await.unwrap();
    assert_eq!(again(2, "a").await.unwrap(), pass, "the same form shows the same code while it waits");
    assert_eq!(refused(again(2, "b").await), "polls.no-lost-code");
    assert!(pass.code != lost.code && pass.stub != lost.stub);
    let code = pass.code;
    booth(format!("{} {}", &code[..4], code[4..].to_lowercase())).await.unwrap();
    assert_eq!(refused(booth(code).await), "polls.bad-pass", "a code is good once");
    assert_eq!(refused(lose(3, pass.stub).await), "polls.code-used", "a used code is never replaced");
    assert_eq!(refused(again(2, "a").await), "polls.no-lost-code");
    let p = town.now(id).await;
    let seen = queries::turnout(&mut town.t.store.read().await.unwrap(), &p).await.unwrap();
    assert_eq!(seen.heads, 4);
    town.clock(closes).await;
    let sealed = town.now(id).await.sealed.unwrap();
    assert_eq!((sealed.ballots, sealed.handed), (3, 4));
    assert_eq!(refused(town.count(id).await), "polls.papers-differ", "the paper was not counted yet");
    town.act_by(0, id, Act::Papers(vec![("2".into(), 1)])).await.unwrap();
    assert_eq!(refused(town.act_by(0, id, Act::Papers(vec![("2".into(), 1)])).await), "polls.other-reader");
    town.act_by(1, id, Act::Papers(vec![("1,2".into(), 1)])).await.unwrap();
    assert_eq!(refused(town.count(id).await), "polls.papers-differ");
    town.act_by(2, id, Act::Papers(vec![("2".into(), 1), ("3".into(), 0)])).await.unwrap();
    let p = town.count(id).await.unwrap();
    let o = &p.count.as_ref().unwrap().outcome;
    let votes: Vec<(&str, u64)> = o.votes.iter().map(|v| (v.name.as_str(), v.votes)).collect();
    assert_eq!(votes, [("乙方案", 3), ("甲方案", 1), ("丙方案", 1)]);
    assert_eq!((o.chosen.as_slice(), o.part.heads, o.ballots), (&["乙方案".to_owned()][..], 4, 4));
    // Nothing in the journal says how anybody voted, or when.
    let mut conn = town.t.store.read().await.unwrap();
    let rows =
        conn.all("SELECT kind FROM journal WHERE kind LIKE 'polls.%' ORDER BY kind", vec![]).await.unwrap();
    let kinds: Vec<String> = rows.iter().map(|r| r.get("kind").unwrap()).collect();
    let of = |kind: &str| kinds.iter().filter(|k| *k == kind).count();
    assert_eq!((of("polls.ballot_cast"), of("polls.code_lost"), of("polls.code_reissued")), (0, 1, 1));
    assert_eq!(of("polls.head_touched"), 1, "only of whom the code was lost");
    drop(conn);
    // A wrong count goes back, with the reason, and is made again.
    let actor = town.staff[1].clone();
    town.t
        .store
        .write(move |tx| {
            Box::pin(async move { actions::send_back(tx, BRIDGE, &actor, id, "再点一遍".into()).await })
        })
        .await
        .unwrap();
    town.sound().await;
    town.count(id).await.unwrap();
    town.act_by(0, id, Act::Sign(TellerRole::Caller)).await.unwrap();
    town.act_by(1, id, Act::Sign(TellerRole::Scrutineer)).await.unwrap();
    town.act(id, Act::Publish).await.unwrap();
    // An objection to the result is answered before the file is closed.
    let he = town.resident("13900000004").await;
    town.t
        .store
        .write(move |tx| {
            Box::pin(async move { actions::object(tx, BRIDGE, &he, id, "我没有收到通知").await })
        })
        .await
        .unwrap();
    let over = time::day_start(NaiveDate::from_ymd_opt(2027, 1, 1).unwrap());
    town.clock(over).await;
    let p = town.now(id).await;
    assert_eq!((p.state, p.unanswered(About::Result).count()), (PollState::Published, 1));
    town.act(id, Act::Answer(p.objections[0].id, "通知已于当日张贴并送达".into(), false)).await.unwrap();
    town.clock(over).await;
    assert_eq!(town.now(id).await.state, PollState::Archived);
    town.sound().await;
}

store::story!(
    owners_vote_on_paper_and_online_and_anybody_counts_again,
    [places::MIGRATIONS, people::MIGRATIONS, polls::MIGRATIONS],
    |t: TestStore| owners(t)
);

store::story!(
    a_secret_ballot_is_counted_and_never_found_again,
    [places::MIGRATIONS, people::MIGRATIONS, polls::MIGRATIONS],
    |t: TestStore| secret_vote(t)
);
