//! A matter that self-governance could not settle: on the agenda, signed in, voted by hands, an action with an owner and a
//! date, minutes signed by two and published; and every wrong step refused in words. On both engines.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

mod calendar;
mod hybrid;
mod outcomes;
mod rota;
mod submissions;

use chrono::{Duration, NaiveDate};
use councils::{
    Bridge, Council, Sitting, Waiting, actions,
    model::{
        Act, Capacity, CouncilKind, How, ItemKind, ItemState, MatterRef, NewAction, NewCouncil, NewItem,
        NewMember, NewSitting, Owner, QuestionAct, QuestionState, SittingState, TellerCount, Votes,
    },
    queries,
};
use kernel::{Actor, Id, OfficeKind, PlacePath, Satisfaction, Time};
use people::{NewUnit, UnitKind};
use std::sync::{Mutex, PoisonError};
use store::{
    Fault,
    testing::{TestStore, refused},
};
use ui::Lang;

/// What the matter heard.
static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// A room of matters with one that waits.
const BRIDGE: Bridge = Bridge {
    waiting: |_, _, place| {
        let here = place.as_str().starts_with("/QH/LY/");
        Box::pin(async move {
            let matter = Waiting {
                id: Id::named("matter"),
                number: "LY-2026-000007".into(),
                title: "3号楼充电桩".into(),
            };
            Ok(here.then_some(matter).into_iter().collect())
        })
    },
    settle: |_, _, matter, words| {
        Box::pin(async move {
            assert_eq!(matter, Id::named("matter"));
            HEARD.lock().unwrap_or_else(PoisonError::into_inner).push(words);
            Ok(())
        })
    },
    follow: |_, _, _, words, link| {
        Box::pin(async move {
            assert!(link.starts_with("/council-actions/"), "{link}");
            HEARD.lock().unwrap_or_else(PoisonError::into_inner).push(words);
            Ok(())
        })
    },
    raise: |_, _, concern| {
        Box::pin(async move {
            if concern.phone.as_deref() == Some("1") {
                return Err(kernel::Refusal::invalid("phone", "matters.no-phone").into());
            }
            Ok(MatterRef { id: Id::named(&concern.words), number: "LY-2026-000008".into() })
        })
    },
};

fn path(text: &str) -> PlacePath {
    PlacePath::parse(text).unwrap()
}

struct Hall {
    t: TestStore,
    actor: Actor,
    unit: Id,
    council: Council,
}

impl Hall {
    /// A community with a body of nine: the chair, the secretary, six representatives, a lawyer who speaks only.
    async fn new(t: TestStore) -> Self {
        let (actor, unit, council) = t
            .store
            .write(|tx| {
                Box::pin(async move {
                    let (sys, _) = places::testing::community(tx).await?;
                    let new = NewUnit {
                        kind: UnitKind::PropertyCompany,
                        name: "柳荫物业".into(),
                        place: path("/QH/LY/"),
                        phone: None,
                    };
                    let unit = people::actions::add_unit(tx, &sys, new).await?.id;
                    let new =
                        people::NewPerson { name: Some("周文静".into()), ..people::NewPerson::default() };
                    let chair = people::actions::add_person(tx, &sys, new).await?;
                    let actor = Actor {
                        person: Some(chair),
                        office: Some(OfficeKind::CommunitySecretary),
                        channel: kernel::Channel::App,
                        ..sys
                    };
                    let council = actions::found(tx, &actor, pavilion("柳荫议事亭")).await?;
                    actions::seat(tx, &actor, council.id, chair, member("周文静", Capacity::Committee))
                        .await?;
                    for name in ["李敏", "王建国", "赵慧", "陈明", "吴静", "孙伟", "胡欣"] {
                        actions::join(tx, &actor, council.id, member(name, Capacity::ResidentRep)).await?;
                    }
                    actions::join(tx, &actor, council.id, member("高律师", Capacity::Lawyer)).await?;
                    let council: Council = tx.get(actor.street, council.id).await?.unwrap();
                    let (chair, secretary) = (council.members[0].id, council.members[1].id);
                    let council = actions::settings(
                        tx,
                        &actor,
                        council.id,
                        Some(chair),
                        Some(secretary),
                        "resident_reps",
                    )
                    .await?;
                    Ok((actor, unit, council))
                })
            })
            .await
            .unwrap();
        Self { t, actor, unit, council }
    }

    async fn plan(&self, venue: &str, starts: Time) -> Result<Sitting, Fault> {
        let (actor, id) = (self.actor.clone(), self.council.id);
        let new = NewSitting {
            venue: venue.into(),
            starts,
            ends: starts + Duration::hours(2),
            ..NewSitting::default()
        };
        self.t.store.write(move |tx| Box::pin(async move { actions::plan(tx, &actor, id, new).await })).await
    }

    async fn act(&self, sitting: Id, act: Act) -> Result<Sitting, Fault> {
        self.by(self.actor.clone(), sitting, act).await
    }

    async fn by(&self, actor: Actor, sitting: Id, act: Act) -> Result<Sitting, Fault> {
        let done = self
            .t
            .store
            .write(move |tx| Box::pin(async move { actions::act(tx, BRIDGE, &actor, sitting, act).await }))
            .await;
        let (_, faults) = queries_verify(&self.t).await;
        assert!(faults.is_empty(), "{faults:?}");
        done
    }

    fn person(&self, seat: usize) -> Actor {
        Actor { person: Some(self.council.members[seat].person), ..self.actor.clone() }
    }

    fn count(&self, seat: usize, yes: u64, no: u64, abstain: u64) -> TellerCount {
        TellerCount { teller: self.council.members[seat].id, votes: Votes { yes, no, abstain } }
    }

    async fn give(&self, sitting: Id, new: NewAction) -> Result<councils::Action, Fault> {
        let actor = self.actor.clone();
        self.t
            .store
            .write(move |tx| Box::pin(async move { actions::give(tx, BRIDGE, &actor, sitting, new).await }))
            .await
    }
}

impl Hall {
    async fn judge(
        &self,
        seat: usize,
        action: Id,
        grade: Satisfaction,
    ) -> Result<councils::model::Evaluation, Fault> {
        let actor = self.person(seat);
        let words = "说一句";
        self.t
            .store
            .write(move |tx| {
                Box::pin(async move { actions::evaluate(tx, &actor, action, grade, words).await })
            })
            .await
    }
}

impl Hall {
    async fn ask(
        &self,
        sitting: Id,
        person: Option<Id>,
        text: &'static str,
    ) -> Result<councils::Question, Fault> {
        let actor = Actor { person, ..self.actor.clone() };
        self.t
            .store
            .write(move |tx| Box::pin(async move { actions::ask(tx, &actor, sitting, person, text).await }))
            .await
    }

    async fn question(&self, sitting: Id, id: Id, act: QuestionAct) -> Result<councils::Question, Fault> {
        let actor = self.actor.clone();
        let done = self
            .t
            .store
            .write(move |tx| Box::pin(async move { actions::question(tx, &actor, sitting, id, act).await }))
            .await;
        let (_, faults) = queries_verify(&self.t).await;
        assert!(faults.is_empty(), "{faults:?}");
        done
    }
}

async fn queries_verify(t: &TestStore) -> (u64, Vec<store::StreamFault>) {
    queries::verify(&mut t.store.read().await.unwrap()).await.unwrap()
}

fn pavilion(name: &str) -> NewCouncil {
    NewCouncil { kind: CouncilKind::Pavilion, name: name.into(), place: path("/QH/LY/"), rule: None }
}

fn member(name: &str, capacity: Capacity) -> NewMember {
    NewMember { name: name.into(), phone: None, capacity, votes: capacity.usually_votes(), until: None }
}

fn item(kind: ItemKind, title: &str) -> Act {
    Act::AddItem(NewItem { kind, title: Some(title.into()), minutes: 15, matter: None })
}

store::story!(
    from_a_matter_to_signed_minutes,
    [places::MIGRATIONS, people::MIGRATIONS, councils::MIGRATIONS],
    |t: TestStore| async move {
        let hall = Hall::new(t).await;
        let council = &hall.council;
        let (street, now) = (hall.actor.street, hall.t.store.now());
        let starts = now + Duration::days(12);
        let s = hall.plan("社区会议室", starts).await.unwrap();
        assert_eq!((s.number, s.state), (1, SittingState::Draft));
        assert_eq!(refused(hall.plan("社区会议室", now - Duration::hours(1)).await), "councils.past");

        // The agenda: the matter that waits, with its own title, and a report.
        let of_matter = || {
            Act::AddItem(NewItem {
                kind: ItemKind::Decide,
                title: None,
                minutes: 30,
                matter: Some(Id::named("matter")),
            })
        };
        let stranger = Act::AddItem(NewItem {
            kind: ItemKind::Decide,
            title: None,
            minutes: 0,
            matter: Some(Id::named("other")),
        });
        assert_eq!(refused(hall.act(s.id, stranger).await), "councils.no-matter");
        hall.act(s.id, of_matter()).await.unwrap();
        assert_eq!(refused(hall.act(s.id, of_matter()).await), "councils.matter-twice");
        let other = hall.plan("社区会议室", starts + Duration::hours(1)).await.unwrap();
        assert_eq!(
            refused(hall.act(other.id, of_matter()).await),
            "councils.matter-twice",
            "nor on another agenda"
        );
        let s = hall.act(s.id, item(ItemKind::Report, "上月落实情况")).await.unwrap();
        let (charge, report) = (s.items[0].id, s.items[1].id);
        assert_eq!(s.items[0].title, "3号楼充电桩");
        let s = hall.act(s.id, Act::RaiseItem(report)).await.unwrap();
        assert_eq!(s.items[0].id, report);

        // Notice; the venue is taken from then on.
        hall.act(s.id, Act::Notice(None)).await.unwrap();
        hall.act(other.id, item(ItemKind::Notice, "通知")).await.unwrap();
        assert_eq!(refused(hall.act(other.id, Act::Notice(None)).await), "councils.venue-taken");
        assert_eq!(
            refused(hall.act(s.id, item(ItemKind::Discuss, "临时")).await),
            "councils.agenda-published"
        );
        let told = hall
            .t
            .store
            .read()
            .await
            .unwrap()
            .unread(street, council.members[2].person, now + Duration::days(1))
            .await
            .unwrap();
        assert_eq!(told, 1, "members are told");

        // On the day: one by the code of the room, the others by the list.
        assert_eq!(refused(hall.act(s.id, Act::OpenSignIn).await), "councils.too-early");
        hall.t.clock.set(starts);
        hall.act(s.id, Act::OpenSignIn).await.unwrap();
        let code = hall.t.store.keys().sign("sitting-code", &s.id.to_string());
        let sign_in = |actor: Actor, code: String| {
            let id = s.id;
            hall.t.store.write(move |tx| {
                Box::pin(async move { actions::sign_in(tx, BRIDGE, &actor, id, &code).await })
            })
        };
        assert_eq!(refused(sign_in(hall.person(1), "0".into()).await), "councils.wrong-code");
        let nobody = Actor { person: Some(Id::named("nobody")), ..hall.actor.clone() };
        assert_eq!(refused(sign_in(nobody, code.clone()).await), "councils.not-member");
        sign_in(hall.person(1), code).await.unwrap();
        for seat in [0, 2, 3, 8] {
            hall.act(s.id, Act::Come(council.members[seat].id, How::List)).await.unwrap();
        }
        // Four of the eight who vote; two thirds are six.
        assert_eq!(refused(hall.act(s.id, Act::Begin).await), "councils.no-quorum");
        for seat in [4, 5] {
            hall.act(s.id, Act::Come(council.members[seat].id, How::List)).await.unwrap();
        }
        hall.act(s.id, Act::Begin).await.unwrap();
        let actor = hall.actor.clone();
        let (id, seat) = (council.id, council.members[5].id);
        let gone = hall
            .t
            .store
            .write(move |tx| Box::pin(async move { actions::leave(tx, &actor, id, seat).await }))
            .await;
        assert_eq!(refused(gone), "councils.sits-now", "who is entitled does not change meanwhile");

        // The report is heard; the matter is voted on.
        hall.act(s.id, Act::Call(report)).await.unwrap();
        assert_eq!(refused(hall.act(s.id, Act::Call(charge)).await), "councils.one-at-a-time");
        assert_eq!(
            refused(hall.act(s.id, Act::OpenVote(report, "同意".into(), None)).await),
            "councils.not-to-decide"
        );
        hall.act(s.id, Act::Conclude(report, "听取了通报".into())).await.unwrap();
        hall.act(s.id, Act::Call(charge)).await.unwrap();
        assert_eq!(
            refused(hall.act(s.id, Act::Conclude(charge, "都同意".into())).await),
            "councils.needs-vote"
        );
        assert_eq!(
            refused(
                hall.act(s.id, Act::OpenVote(charge, "在车棚装".into(), Some("owners_special".into()))).await
            ),
            "councils.no-rule"
        );
        let early = NewAction {
            item: charge,
            text: "装充电桩".into(),
            owner: Owner::Unit(hall.unit),
            due: NaiveDate::from_ymd_opt(2026, 5, 1).unwrap(),
        };
        assert_eq!(refused(hall.give(s.id, early.clone()).await), "councils.not-decided");
        hall.act(s.id, Act::OpenVote(charge, "在3号楼车棚装六个充电桩".into(), None)).await.unwrap();
        let differ = Act::Count(charge, hall.count(1, 4, 1, 1), hall.count(2, 5, 1, 0));
        assert_eq!(refused(hall.act(s.id, differ).await), "councils.counts-differ");
        let many = Act::Count(charge, hall.count(1, 6, 1, 0), hall.count(2, 6, 1, 0));
        assert_eq!(refused(hall.act(s.id, many).await), "councils.too-many-hands", "the lawyer has no hand");
        let s2 =
            hall.act(s.id, Act::Count(charge, hall.count(1, 4, 1, 1), hall.count(2, 4, 1, 1))).await.unwrap();
        let voted = s2.item(charge).unwrap().ballot.clone().unwrap();
        assert_eq!((voted.eligible, voted.attending, voted.verdict), (8, 6, Some(tally::Verdict::Passed)));
        assert_eq!(voted.rule.hash, tally::Rule::shipped("resident_reps").unwrap().pin_hex());
        let heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner).clone();
        assert_eq!(heard.len(), 1);
        assert!(heard[0].contains("在3号楼车棚装六个充电桩") && heard[0].contains("通过"), "{heard:?}");
        assert_eq!(refused(hall.act(s.id, Act::Call(charge)).await), "councils.never-reopens");

        // The action, owned and dated; done later, shown first until then.
        let action = hall.give(s.id, early).await.unwrap();
        assert_eq!(action.matter.as_ref().unwrap().number, "LY-2026-000007");
        hall.act(s.id, Act::Close).await.unwrap();
        let draft = {
            let mut conn = hall.t.store.read().await.unwrap();
            let s: Sitting = conn.get(street, s.id).await.unwrap().unwrap();
            councils::draft_minutes(&mut conn, Lang::ZhHans, street, &s).await.unwrap()
        };
        for part in [
            "柳荫议事亭 第 1 次会议",
            "到会 7 人",
            "同意 4，反对 1，弃权 1",
            "实际4人，已达到",
            "柳荫物业",
            "2026-05-01",
            "听取了通报",
        ] {
            assert!(draft.contains(part), "{part} in {draft}");
        }
        assert!(!draft.contains("李敏"), "no names: {draft}");
        hall.act(s.id, Act::Draft(draft)).await.unwrap();
        assert_eq!(refused(hall.act(s.id, Act::Publish).await), "councils.not-now");
        hall.by(hall.person(0), s.id, Act::Sign).await.unwrap();
        assert_eq!(refused(hall.by(hall.person(0), s.id, Act::Sign).await), "councils.signed-already");
        assert_eq!(refused(hall.by(hall.person(7), s.id, Act::Sign).await), "councils.was-not-there");
        let s3 = hall.by(hall.person(1), s.id, Act::Sign).await.unwrap();
        assert_eq!(s3.state, SittingState::MinutesSigned);
        assert_eq!(hall.act(s.id, Act::Publish).await.unwrap().state, SittingState::Published);

        // What was published is corrected by a text that two sign again; what it was stays.
        let correct = |why: &str| Act::Correct("更正：到会 6 人".into(), why.into());
        assert_eq!(refused(hall.act(s.id, correct(" ")).await), "ui.empty");
        hall.act(s.id, correct("到会人数写错")).await.unwrap();
        hall.by(hall.person(0), s.id, Act::Sign).await.unwrap();
        assert_eq!(refused(hall.by(hall.person(0), s.id, Act::Sign).await), "councils.signed-already");
        let s4 = hall.by(hall.person(1), s.id, Act::Sign).await.unwrap();
        assert_eq!((s4.state, s4.earlier.len(), s4.correction), (SittingState::Published, 1, None));
        assert_eq!(refused(hall.by(hall.person(1), s.id, Act::Sign).await), "councils.not-now");

        let mut conn = hall.t.store.read().await.unwrap();
        let open = queries::open_actions(&mut conn, street, council.id).await.unwrap();
        assert_eq!(open.len(), 1);
        assert!(
            !open[0].overdue(NaiveDate::from_ymd_opt(2026, 5, 1).unwrap()),
            "the last day itself is in time"
        );
        assert!(open[0].overdue(NaiveDate::from_ymd_opt(2026, 5, 2).unwrap()));
        let kept =
            (councils::KEEPER.about)(&mut conn, hall.t.store.keys(), street, council.members[1].person)
                .await
                .unwrap();
        let fields: Vec<&str> = kept.iter().map(|k| k.field).collect();
        assert_eq!(fields, ["seat", "attendance"]);
        let public = queries::public_sittings(
            &mut conn,
            street,
            &path("/QH/"),
            (starts + Duration::days(99), Id::named("last")),
        )
        .await
        .unwrap();
        assert_eq!(public.len(), 1, "a plan is not public");
        drop(conn);
        let actor = hall.actor.clone();
        let id = action.id;
        let finish = |words: &'static str| {
            let actor = actor.clone();
            hall.t.store.write(move |tx| {
                Box::pin(async move { actions::finish(tx, BRIDGE, &actor, id, words).await })
            })
        };
        assert_eq!(refused(finish(" ").await), "ui.empty");
        assert_eq!(refused(hall.judge(2, id, Satisfaction::Satisfied).await), "councils.not-done");
        finish("六个都装好了").await.unwrap();
        assert_eq!(refused(finish("再报一次").await), "councils.done-already");

        // Residents judge it; the later word of one person counts; then it is taken up again.
        hall.judge(2, id, Satisfaction::Satisfied).await.unwrap();
        hall.judge(3, id, Satisfaction::Partly).await.unwrap();
        hall.judge(2, id, Satisfaction::Dissatisfied).await.unwrap();
        let grades = queries::grades(&mut hall.t.store.read().await.unwrap(), street, id).await.unwrap();
        assert_eq!((grades.satisfied, grades.partly, grades.dissatisfied), (0, 1, 1));
        let reopen = |why: &'static str, due: &'static str| {
            let actor = hall.actor.clone();
            hall.t.store.write(move |tx| {
                let due = due.parse().unwrap();
                Box::pin(async move { actions::reopen(tx, BRIDGE, &actor, id, why, due).await })
            })
        };
        assert_eq!(refused(reopen("两个充不进电", "2026-01-01").await), "councils.past");
        assert_eq!(refused(reopen(" ", "2026-06-01").await), "ui.empty");
        let a = reopen("两个充不进电", "2026-06-01").await.unwrap();
        assert_eq!(
            (a.reopened, a.result.as_deref(), a.reports.len()),
            (1, None, 2),
            "what was reported stays"
        );
        assert_eq!(refused(reopen("再来", "2026-06-01").await), "councils.not-done");
        let heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for part in
            ["定下一件事：装充电桩（2026-05-01", "办完了：装充电桩。六个都装好了", "重新办理：装充电桩"]
        {
            assert!(heard.iter().any(|words| words.contains(part)), "the matter hears {part}: {heard:?}");
        }
        let (n, faults) = queries_verify(&hall.t).await;
        assert!(n == 6 && faults.is_empty(), "{n} {faults:?}");
    }
);

store::story!(
    postponed_lapsed_and_noticed_again,
    [places::MIGRATIONS, people::MIGRATIONS, councils::MIGRATIONS],
    |t: TestStore| async move {
        let hall = Hall::new(t).await;
        let now = hall.t.store.now();
        let s = hall.plan("院子", now + Duration::days(3)).await.unwrap();
        assert_eq!(refused(hall.act(s.id, Act::Notice(None)).await), "councils.no-agenda");
        hall.act(s.id, item(ItemKind::Discuss, "晾衣杆")).await.unwrap();
        assert_eq!(refused(hall.act(s.id, Act::Notice(None)).await), "councils.short-notice");
        hall.act(s.id, Act::Notice(Some("台风前要定".into()))).await.unwrap();
        hall.act(s.id, Act::Postpone("下雨".into())).await.unwrap();
        let later = NewSitting {
            venue: "院子".into(),
            starts: now + Duration::days(14),
            ends: now + Duration::days(14) + Duration::hours(1),
            ..NewSitting::default()
        };
        hall.act(s.id, Act::Move(later)).await.unwrap();
        let again = hall.act(s.id, Act::Notice(None)).await.unwrap();
        assert_eq!((again.state, again.urgent, again.reason), (SittingState::Noticed, None, None));
        hall.t.clock.set(again.starts);
        hall.act(s.id, Act::OpenSignIn).await.unwrap();
        hall.act(s.id, Act::Come(hall.council.members[0].id, How::List)).await.unwrap();
        assert_eq!(
            refused(hall.act(s.id, Act::Come(hall.council.members[0].id, How::List)).await),
            "councils.there-already"
        );
        let lapsed = hall.act(s.id, Act::Lapse).await.unwrap();
        assert!(lapsed.attendance.is_empty());
        hall.act(s.id, Act::Cancel("不开了".into())).await.unwrap();
        assert_eq!(refused(hall.act(s.id, Act::Notice(None)).await), "councils.not-now");
        assert_eq!(hall.council.members.len(), 9);
        // Two bodies of one name in one place cannot be told apart.
        let actor = hall.actor.clone();
        let twice = hall
            .t
            .store
            .write(move |tx| {
                Box::pin(async move { actions::found(tx, &actor, pavilion("柳荫议事亭")).await })
            })
            .await;
        assert_eq!(refused(twice), "councils.name-taken");
        assert_eq!(lapsed.items[0].state, ItemState::Scheduled);
    }
);

store::story!(
    every_question_is_answered_promised_or_refused,
    [places::MIGRATIONS, people::MIGRATIONS, councils::MIGRATIONS],
    |t: TestStore| async move {
        let hall = Hall::new(t).await;
        let (street, now) = (hall.actor.street, hall.t.store.now());
        let s = hall.plan("礼堂", now + Duration::days(12)).await.unwrap();
        let asker = hall.person(4).person;
        hall.act(s.id, item(ItemKind::Report, "上月收支")).await.unwrap();
        assert_eq!(refused(hall.ask(s.id, asker, "路灯几时修").await), "councils.no-questions-now");
        hall.act(s.id, Act::Notice(None)).await.unwrap();
        assert_eq!(refused(hall.ask(s.id, asker, " ").await), "ui.empty");
        let lamp = hall.ask(s.id, asker, "路灯几时修，电话13812345678").await.unwrap();
        let money = hall.ask(s.id, asker, "收支明细在哪里看").await.unwrap();
        let noise = hall.ask(s.id, None, "邻居太吵").await.unwrap();
        for n in 0..3 {
            hall.ask(s.id, asker, ["一", "二", "三"][n]).await.unwrap();
        }
        assert_eq!(refused(hall.ask(s.id, asker, "第六个").await), "councils.too-many-questions");

        // Before it sits, questions are let onto the board; they are answered at the sitting.
        hall.question(s.id, lamp.id, QuestionAct::Admit).await.unwrap();
        let early = QuestionAct::Answer("月底前".into());
        assert_eq!(refused(hall.question(s.id, lamp.id, early).await), "councils.not-in-session");
        hall.t.clock.set(s.starts);
        hall.act(s.id, Act::OpenSignIn).await.unwrap();
        for seat in 0..6 {
            hall.act(s.id, Act::Come(hall.council.members[seat].id, How::List)).await.unwrap();
        }
        let s = hall.act(s.id, Act::Begin).await.unwrap();
        let before = queries::version(&mut hall.t.store.read().await.unwrap(), street, s.id).await.unwrap();
        hall.question(s.id, money.id, QuestionAct::Admit).await.unwrap();
        let after = queries::version(&mut hall.t.store.read().await.unwrap(), street, s.id).await.unwrap();
        assert!(after > before, "whoever looks on hears of it");
        hall.question(s.id, money.id, QuestionAct::Answer("公示栏和公开页".into())).await.unwrap();
        let due = kernel::time::local_date(s.starts + Duration::days(7));
        let promise = |owner| QuestionAct::Promise(owner, due);
        let nobody = Owner::Unit(Id::named("nobody"));
        assert_eq!(refused(hall.question(s.id, lamp.id, promise(nobody)).await), "ui.not-valid");
        let lamp = hall.question(s.id, lamp.id, promise(Owner::Unit(hall.unit))).await.unwrap();
        assert_eq!(lamp.state, QuestionState::Promised);
        assert_eq!(refused(hall.act(s.id, Act::Close).await), "councils.questions-open");
        assert_eq!(
            refused(hall.question(s.id, lamp.id, QuestionAct::Refuse("不答了".into())).await),
            "councils.question-not-now",
            "a promise ends in its answer only"
        );
        hall.question(s.id, noise.id, QuestionAct::Refuse("请向物业反映".into())).await.unwrap();
        let mut conn = hall.t.store.read().await.unwrap();
        let all = queries::questions(&mut conn, hall.t.store.keys(), street, s.id).await.unwrap();
        drop(conn);
        for (q, _) in all.iter().filter(|(q, _)| q.state == QuestionState::Asked) {
            hall.question(s.id, q.id, QuestionAct::Refuse("重复".into())).await.unwrap();
        }
        hall.act(s.id, Act::Close).await.unwrap();
        assert_eq!(refused(hall.ask(s.id, asker, "太晚").await), "councils.no-questions-now");

        // What was promised stays on the list until it is answered.
        let place = path("/QH/");
        let owed = async || {
            let mut conn = hall.t.store.read().await.unwrap();
            queries::promised(&mut conn, hall.t.store.keys(), street, &[&place], ("", street)).await.unwrap()
        };
        let list = owed().await;
        assert_eq!(list.len(), 1);
        assert!(list[0].0.overdue(due + Duration::days(1)) && !list[0].0.overdue(due));
        hall.question(s.id, lamp.id, QuestionAct::Deliver("灯已换好".into())).await.unwrap();
        assert!(owed().await.is_empty());
        let mut conn = hall.t.store.read().await.unwrap();
        let f = queries::question_figures(&mut conn, street, &place, None).await.unwrap();
        assert_eq!((f.asked, f.answered, f.promised, f.delivered, f.refused), (6, 1, 0, 1, 4));

        // Its words are the asker's: kept about the person, and erased with it.
        let person = asker.unwrap();
        let kept = (councils::KEEPER.about)(&mut conn, hall.t.store.keys(), street, person).await.unwrap();
        assert_eq!(kept.iter().filter(|k| k.field == "question").count(), 5);
        drop(conn);
        let actor = hall.actor.clone();
        let erased = hall
            .t
            .store
            .write(move |tx| Box::pin(async move { (councils::KEEPER.erase)(tx, &actor, person).await }))
            .await
            .unwrap();
        assert_eq!((erased.erased, erased.frozen), (5, 0));
        let mut conn = hall.t.store.read().await.unwrap();
        let all = queries::questions(&mut conn, hall.t.store.keys(), street, s.id).await.unwrap();
        assert_eq!(all.iter().filter(|(_, text)| text.is_empty()).count(), 5);
    }
);

/// Polls that tell a sitting how they ended.
const POLLS: polls::Bridge =
    polls::Bridge::new(|tx, actor, poll| Box::pin(actions::poll_ended(tx, BRIDGE, actor, poll)));

store::story!(
    an_item_that_everybody_decides_becomes_a_poll_and_the_matter_hears_its_end,
    [places::MIGRATIONS, people::MIGRATIONS, polls::MIGRATIONS, councils::MIGRATIONS],
    |t: TestStore| async move {
        let hall = Hall::new(t).await;
        let now = hall.t.store.now();
        let s = hall.plan("议事厅", now + Duration::days(12)).await.unwrap();
        let matter =
            NewItem { kind: ItemKind::Decide, title: None, minutes: 15, matter: Some(Id::named("matter")) };
        hall.act(s.id, Act::AddItem(matter)).await.unwrap();
        let s = hall.act(s.id, Act::Notice(None)).await.unwrap();
        hall.t.clock.set(s.starts);
        hall.act(s.id, Act::OpenSignIn).await.unwrap();
        for member in &hall.council.members {
            hall.act(s.id, Act::Come(member.id, How::List)).await.unwrap();
        }
        hall.act(s.id, Act::Begin).await.unwrap();
        let item = s.items[0].id;
        let put = |text: &'static str| {
            let (store, actor, id) = (hall.t.store.clone(), hall.actor.clone(), s.id);
            let shape = polls::model::Shape::Owners { conform: false };
            async move {
                store
                    .write(move |tx| {
                        Box::pin(async move {
                            actions::to_poll(tx, BRIDGE, &actor, id, item, text.into(), shape).await
                        })
                    })
                    .await
            }
        };
        assert_eq!(refused(put("装充电桩").await), "councils.item-not-now", "nobody talked about it yet");
        let mut conn = hall.t.store.read().await.unwrap();
        let drafted = polls::queries::polls_of(&mut conn, hall.actor.street, s.id).await.unwrap();
        assert!(drafted.is_empty(), "what was refused left no poll behind");
        drop(conn);
        hall.act(s.id, Act::Call(item)).await.unwrap();
        assert_eq!(refused(put(" ").await), "ui.empty");
        let s = put("在 3 号楼装充电桩六个，从公共收益列支。").await.unwrap();
        assert_eq!(s.items[0].state, ItemState::Referred);
        let poll = s.items[0].poll.clone().unwrap();
        let actor = hall.actor.clone();
        hall.t
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let act = polls::rules::Act::Void("业主大会另行召开".into());
                    polls::actions::act(tx, POLLS, &actor, poll.id, act).await
                })
            })
            .await
            .unwrap();
        let heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner).clone();
        assert!(
            heard.iter().any(|h| h.contains(&poll.number) && h.contains("业主大会另行召开")),
            "{heard:?}"
        );
        assert_eq!(refused(hall.act(s.id, Act::Call(item)).await), "councils.item-not-now");
    }
);
