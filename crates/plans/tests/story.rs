//! A sewer from the first draft to the day the water runs: two rounds, every opinion answered, one objection maintained until the
//! council decided, a diary, and the matter that hears of it all. On both engines; every wrong step is refused and leaves
//! nothing behind.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use chrono::{Duration, NaiveDate};
use kernel::{Actor, Channel, Id, OfficeKind, PlacePath, time::local_date};
use plans::{
    Bridge, Opinion, Plan, actions, jobs,
    model::{
        Act, EntryKind, HowAnswered, NewOpinion, NewPlan, OpinionAct, OpinionKind, OpinionState,
        PlanState as S, Works,
    },
    queries,
    rules::goals,
};
use std::sync::{Mutex, PoisonError};
use store::{
    Fault,
    testing::{TestStore, refused},
};

/// What the matter heard.
static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());

const BRIDGE: Bridge = Bridge {
    find: |_, _, number| {
        Box::pin(async move { Ok((number == "LY-2026-000007").then(|| Id::named("matter"))) })
    },
    follow: |_, _, matter, words, link| {
        Box::pin(async move {
            assert!(matter == Id::named("matter") && link.starts_with("/plans/"));
            HEARD.lock().unwrap_or_else(PoisonError::into_inner).push(words);
            Ok(())
        })
    },
};

struct Town {
    t: TestStore,
    staff: Actor,
    people: Vec<Id>,
}

impl Town {
    async fn new(t: TestStore) -> Self {
        let (staff, people) = t
            .store
            .write(|tx| {
                Box::pin(async move {
                    let (sys, _) = places::testing::community(tx).await?;
                    let mut people = Vec::new();
                    for name in ["周文静", "李敏", "王建国", "赵慧"] {
                        let new =
                            people::NewPerson { name: Some(name.into()), ..people::NewPerson::default() };
                        people.push(people::actions::add_person(tx, &sys, new).await?);
                    }
                    let office = Some(OfficeKind::CommunitySecretary);
                    Ok((Actor { person: Some(people[0]), office, channel: Channel::App, ..sys }, people))
                })
            })
            .await
            .unwrap();
        Self { t, staff, people }
    }

    async fn sound(&self) {
        let (_, faults) = queries::verify(&mut self.t.store.read().await.unwrap()).await.unwrap();
        assert!(faults.is_empty(), "{faults:?}");
    }

    async fn draft(&self, matter: &str, text: &str) -> Result<Plan, Fault> {
        let actor = self.staff.clone();
        let new = NewPlan {
            place: PlacePath::parse("/QH/LY/").unwrap(),
            title: "下水管道改造".into(),
            matter: Some(matter.into()),
            parties: "物业公司\n\n施工队".into(),
            text: text.into(),
        };
        self.t
            .store
            .write(move |tx| Box::pin(async move { actions::draft(tx, BRIDGE, &actor, new).await }))
            .await
    }

    async fn act(&self, plan: Id, act: Act) -> Result<Plan, Fault> {
        let actor = self.staff.clone();
        let done = self
            .t
            .store
            .write(move |tx| Box::pin(async move { actions::act(tx, BRIDGE, &actor, plan, act).await }))
            .await;
        self.sound().await;
        done
    }

    async fn say(
        &self,
        plan: Id,
        who: Option<usize>,
        kind: OpinionKind,
        text: &str,
    ) -> Result<Opinion, Fault> {
        let person = who.map(|n| self.people[n]);
        let actor = Actor { person, ..Actor::system(self.staff.street) };
        let new = NewOpinion { person, channel: Channel::App, kind, text: text.into() };
        self.t.store.write(move |tx| Box::pin(async move { actions::say(tx, &actor, plan, new).await })).await
    }

    async fn opinion(&self, who: usize, plan: Id, o: Id, act: OpinionAct) -> Result<Opinion, Fault> {
        let actor = Actor { person: Some(self.people[who]), ..self.staff.clone() };
        let done = self
            .t
            .store
            .write(move |tx| Box::pin(async move { actions::opinion(tx, &actor, plan, o, act).await }))
            .await;
        self.sound().await;
        done
    }

    async fn unread(&self, who: usize) -> i64 {
        let mut conn = self.t.store.read().await.unwrap();
        let later = self.t.store.now() + Duration::days(400);
        conn.unread(self.staff.street, self.people[who], later).await.unwrap()
    }

    fn day(&self, days: i64) -> NaiveDate {
        local_date(self.t.store.now()) + Duration::days(days)
    }

    async fn wait(&self, days: i64) -> usize {
        self.t.clock.set(self.t.store.now() + Duration::days(days));
        jobs::sweep(&self.t.store).await.unwrap()
    }
}

store::story!(
    asked_answered_decided_built,
    [places::MIGRATIONS, people::MIGRATIONS, plans::MIGRATIONS],
    |t: TestStore| async move {
        let town = Town::new(t).await;
        assert_eq!(refused(town.draft("LY-2026-999999", "换管").await), "plans.no-matter");
        assert_eq!(refused(town.draft("LY-2026-000007", " ").await), "ui.empty");
        let p = town.draft("LY-2026-000007", "一次挖开，停水一天。").await.unwrap();
        assert!(p.number.ends_with("-0001"), "numbers have no holes: {}", p.number);
        assert_eq!(p.parties, ["物业公司", "施工队"]);
        let id = p.id;
        assert_eq!(refused(town.say(id, Some(1), OpinionKind::Support, "").await), "plans.not-asked-now");
        assert_eq!(refused(town.act(id, Act::Open(town.day(2))).await), "plans.too-short");
        assert_eq!(refused(town.act(id, Act::Settle("定".into(), None)).await), "plans.not-now");
        town.act(id, Act::Open(town.day(3))).await.unwrap();

        // People are asked: the text stands still.
        let change = Act::Revise("两段挖开".into(), "居民意见".into());
        assert_eq!(refused(town.act(id, change).await), "plans.not-while-consulting");
        town.say(id, Some(1), OpinionKind::Support, "").await.unwrap();
        assert_eq!(refused(town.say(id, Some(1), OpinionKind::Support, "").await), "plans.said-already");
        assert_eq!(refused(town.say(id, Some(2), OpinionKind::Object, " ").await), "ui.empty");
        let against = town.say(id, Some(2), OpinionKind::Object, "老人出不了门").await.unwrap().id;
        let heard = town.say(id, None, OpinionKind::Suggest, "设取水点").await.unwrap().id;
        for n in 0..5 {
            town.say(id, Some(3), OpinionKind::Suggest, &format!("建议 {n}")).await.unwrap();
        }
        assert_eq!(refused(town.say(id, Some(3), OpinionKind::Suggest, "再说").await), "plans.too-many-own");
        let mine = {
            let mut conn = town.t.store.read().await.unwrap();
            queries::own(&mut conn, town.t.store.keys(), town.staff.street, id, town.people[3]).await.unwrap()
        };
        assert_eq!(
            refused(town.opinion(2, id, mine[0].0.id, OpinionAct::TakeBack).await),
            "plans.no-opinion"
        );
        for (o, _) in &mine {
            town.opinion(3, id, o.id, OpinionAct::TakeBack).await.unwrap();
        }
        assert_eq!(refused(town.act(id, Act::Close).await), "plans.still-asked");
        assert_eq!(town.wait(3).await, 0, "the last day itself still counts");
        town.say(id, Some(3), OpinionKind::Support, "").await.unwrap();
        assert_eq!(town.wait(1).await, 1);
        assert_eq!(refused(town.say(id, Some(0), OpinionKind::Support, "").await), "plans.not-asked-now");

        // Nothing is settled over an opinion that was not answered, or an objection that is maintained.
        let settle = |link: Option<&str>| Act::Settle("各方一致同意".into(), link.map(str::to_owned));
        assert_eq!(refused(town.act(id, settle(None)).await), "plans.unanswered");
        let say = |words: &str| OpinionAct::Answer(HowAnswered::Partly, words.into());
        assert_eq!(refused(town.opinion(0, id, heard, say(" ")).await), "ui.empty");
        town.opinion(0, id, heard, say("院门口设一个")).await.unwrap();
        let before = town.unread(2).await;
        town.opinion(0, id, against, say("留一侧通道")).await.unwrap();
        assert_eq!(town.unread(2).await, before + 1, "who objected hears of the answer");
        assert_eq!(refused(town.opinion(1, id, against, OpinionAct::Content).await), "plans.no-opinion");
        let o = town.opinion(2, id, against, OpinionAct::Maintain).await.unwrap();
        assert_eq!(o.state, OpinionState::Maintained);
        assert_eq!(refused(town.act(id, settle(None)).await), "plans.maintained");
        assert_eq!(refused(town.act(id, settle(Some("https://elsewhere/"))).await), "plans.bad-link");

        // A changed plan is put out once more.
        let same = Act::Revise("一次挖开，停水一天。".into(), "无".into());
        assert_eq!(refused(town.act(id, same).await), "plans.same-text");
        assert_eq!(refused(town.act(id, Act::Open(town.day(9))).await), "plans.nothing-new");
        town.act(id, Act::Revise("分两段挖开，停水半天。".into(), "按居民意见".into())).await.unwrap();
        let decided = format!("/polls/{}", Id::named("poll"));
        assert_eq!(refused(town.act(id, settle(Some(&decided))).await), "plans.not-asked");
        town.act(id, Act::Open(town.day(5))).await.unwrap();
        town.say(id, Some(1), OpinionKind::Support, "").await.unwrap();
        town.wait(6).await;
        let p = town.act(id, settle(Some(&decided))).await.unwrap();
        assert_eq!((p.state, p.decision.as_ref().unwrap().version), (S::Settled, 2));
        let counts =
            queries::counts(&mut town.t.store.read().await.unwrap(), town.staff.street, id).await.unwrap();
        assert_eq!((counts.support, counts.suggest, counts.object, counts.unanswered), (3, 1, 1, 0));

        // The works, day by day.
        let works = |until| Works { by: "施工队".into(), from: town.day(1), until, goals: Vec::new() };
        assert_eq!(refused(town.act(id, Act::Begin(works(town.day(0)))).await), "plans.ends-before");
        town.act(id, Act::Begin(works(town.day(20)))).await.unwrap();
        let note = |day, words: &str| Act::Note {
            kind: EntryKind::Safety,
            day,
            words: words.into(),
            photos: Vec::new(),
            built: Vec::new(),
        };
        assert_eq!(refused(town.act(id, note(town.day(1), "围挡")).await), "plans.not-yet");
        assert_eq!(refused(town.act(id, note(town.day(0), "")).await), "ui.empty");
        town.act(id, note(town.day(0), "装了围挡")).await.unwrap();
        assert_eq!(refused(town.act(id, Act::Withdraw("不做了".into())).await), "plans.not-now");
        let p = town.act(id, Act::Finish("三名居民代表通水试验，没有渗漏".into())).await.unwrap();
        assert_eq!((p.state, p.versions.len(), p.rounds.len(), p.diary.len()), (S::Done, 2, 2, 1));
        let heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for part in ["公开征求意见", "定下来了：各方一致同意", "由施工队施工", "没有渗漏"]
        {
            assert!(heard.iter().any(|words| words.contains(part)), "the matter hears: {part}");
        }

        // What is kept of somebody, and what goes when they ask.
        let (street, person) = (town.staff.street, town.people[2]);
        let kept = {
            let mut conn = town.t.store.read().await.unwrap();
            (plans::KEEPER.about)(&mut conn, town.t.store.keys(), street, person).await.unwrap()
        };
        assert!(kept.len() == 1 && kept[0].value.contains("老人出不了门"));
        let actor = town.staff.clone();
        let erased = town
            .t
            .store
            .write(move |tx| Box::pin(async move { (plans::KEEPER.erase)(tx, &actor, person).await }))
            .await
            .unwrap();
        assert_eq!((erased.erased, erased.frozen), (1, 0));
        town.sound().await;
    }
);

store::story!(
    sheds_of_a_street_are_counted_from_the_diaries_of_its_compounds,
    [places::MIGRATIONS, people::MIGRATIONS, plans::MIGRATIONS],
    |t: TestStore| async move {
        let town = Town::new(t).await;
        let counted = async || {
            let mut conn = town.t.store.read().await.unwrap();
            let within = PlacePath::parse("/QH/").unwrap();
            let all = queries::built(&mut conn, town.staff.street, &[&within]).await.unwrap();
            all.into_iter().map(|b| (b.what, b.unit, b.plans, b.planned, b.built)).collect::<Vec<_>>()
        };
        let mut plans = Vec::new();
        for n in 0..3 {
            let id = town.draft("LY-2026-000007", &format!("第 {n} 处充电棚")).await.unwrap().id;
            town.act(id, Act::Open(town.day(3))).await.unwrap();
            plans.push(id);
        }
        town.wait(4).await;
        for id in &plans {
            town.act(*id, Act::Settle("一致同意".into(), None)).await.unwrap();
            let goals = goals("充电棚 78 座\n7 千瓦充电位 180 个").unwrap();
            let works = Works { by: "施工队".into(), from: town.day(0), until: town.day(60), goals };
            town.act(*id, Act::Begin(works)).await.unwrap();
        }
        let day = |built: &[i64]| Act::Note {
            kind: EntryKind::Progress,
            day: town.day(0),
            words: "今天完工的".into(),
            photos: Vec::new(),
            built: built.to_vec(),
        };
        assert_eq!(refused(town.act(plans[0], day(&[-1])).await), "plans.less-than-none");
        assert_eq!(refused(town.act(plans[0], day(&[1, 1, 1])).await), "ui.not-valid");
        for id in &plans {
            town.act(*id, day(&[40, 100])).await.unwrap();
            town.act(*id, day(&[39])).await.unwrap();
            town.act(*id, day(&[-1, 75])).await.unwrap();
            let p = town.act(*id, day(&[0, 0])).await.unwrap();
            assert!(p.diary.last().unwrap().built.is_empty(), "a day on which nothing was finished");
        }
        let line = |what: &str, unit: &str, planned, built| (what.into(), unit.into(), 3, planned, built);
        assert_eq!(counted().await, [line("7 千瓦充电位", "个", 540, 525), line("充电棚", "座", 234, 234)]);
        let within = PlacePath::parse("/QH/LY/").unwrap();
        let mut conn = town.t.store.read().await.unwrap();
        let last = Id::from(uuid::Uuid::max());
        let behind =
            queries::building(&mut conn, town.staff.street, &[&within], "充电棚", last).await.unwrap();
        assert_eq!(behind.len(), 3, "the figure opens to the plans behind it");
        assert!(
            queries::building(&mut conn, town.staff.street, &[&within], "座", last).await.unwrap().is_empty()
        );
        for (line, code) in [
            ("充电棚", "plans.bad-goal"),
            ("234 座", "plans.bad-goal"),
            ("棚 0 座", "plans.bad-goal"),
            ("棚 2 座\n棚 3 座", "plans.goal-twice"),
            ("棚 99999999999 座", "plans.bad-goal"),
            ("棚 3", "plans.bad-goal"),
        ] {
            assert_eq!(goals(line).map(|_| ()).unwrap_err().code, code, "{line}");
        }
        town.sound().await;
    }
);
