//! Members on duty by rota receive residents: whose turn it is, who takes it for whom, what was said, what became of it.

use super::*;
use chrono::NaiveTime;
use councils::{
    Duty,
    actions::Said,
    jobs,
    model::{DayOff, DutyAct, DutyState, NewDuty, NewRota, Rhythm},
};
use futures_util::future::BoxFuture;
use kernel::calendar::Calendar;
use store::Conn;

fn known(_: &mut Conn, _: Id) -> BoxFuture<'_, Result<Calendar, Fault>> {
    Box::pin(async { Ok(Calendar::shipped()) })
}

fn weekly(order: Vec<Id>, each: u32) -> NewRota {
    let rhythm = Rhythm {
        rule: "FREQ=WEEKLY;BYDAY=TH".parse().unwrap(),
        at: NaiveTime::from_hms_opt(9, 0, 0).unwrap(),
        minutes: 120,
        venue: "议事亭".into(),
        off: DayOff::Keep,
    };
    NewRota { rhythm, each, order }
}

impl Hall {
    async fn rota(&self, new: NewRota) -> Result<councils::Rota, Fault> {
        let (actor, id) = (self.actor.clone(), self.council.id);
        let made = self.t.store.write(move |tx| {
            let new = new.clone();
            let actor = actor.clone();
            Box::pin(async move { actions::make_rota(tx, &actor, id, new).await })
        });
        made.await
    }

    async fn duties(&self) -> Vec<Duty> {
        let far = (Time::default(), self.t.store.now() + Duration::days(999));
        let (street, place) = (self.actor.street, path("/QH/"));
        let mut conn = self.t.store.read().await.unwrap();
        let mut out: Vec<Duty> = Vec::new();
        loop {
            let after = out.last().map_or((Time::default(), street), |d| (d.starts, d.id));
            let page = queries::duties(&mut conn, street, &place, None, far, after).await.unwrap();
            if page.is_empty() {
                return out;
            }
            out.extend(page.into_iter().map(|(d, _)| d));
        }
    }

    async fn duty(&self, by: Actor, id: Id, act: DutyAct) -> Result<Duty, Fault> {
        let done = self.t.store.write(move |tx| {
            let (by, act) = (by.clone(), act.clone());
            Box::pin(async move { actions::duty(tx, &by, id, act).await })
        });
        self.sound(done.await).await
    }

    async fn take(&self, by: Actor, id: Id) -> Result<Duty, Fault> {
        let done = self.t.store.write(move |tx| {
            let by = by.clone();
            Box::pin(async move { actions::take(tx, &by, id).await })
        });
        self.sound(done.await).await
    }

    async fn receive(&self, by: Actor, id: Id, people: u32, said: Said) -> Result<Duty, Fault> {
        let done = self.t.store.write(move |tx| {
            let (by, said) = (by.clone(), said.clone());
            Box::pin(async move { actions::receive(tx, BRIDGE, &by, id, people, said).await })
        });
        done.await
    }

    async fn sound<T>(&self, done: T) -> T {
        let (_, faults) = queries_verify(&self.t).await;
        assert!(faults.is_empty(), "{faults:?}");
        done
    }

    async fn figures(&self) -> (i64, i64, i64, i64, i64) {
        let mut conn = self.t.store.read().await.unwrap();
        let (street, now) = (self.actor.street, self.t.store.now());
        let f = queries::duty_figures(&mut conn, street, &path("/QH/"), Some(self.council.id), now)
            .await
            .unwrap();
        (f.planned, f.kept, f.people, f.answered, f.raised)
    }

    async fn unread(&self, person: Id) -> i64 {
        let mut conn = self.t.store.read().await.unwrap();
        let far = self.t.store.now() + Duration::days(1);
        conn.unread(self.actor.street, person, far).await.unwrap()
    }
}

fn raise(about: &str, phone: Option<&str>) -> Said {
    Said::Raise { place: None, about: about.into(), name: None, phone: phone.map(str::to_owned) }
}

store::story!(
    members_receive_in_turn_and_what_they_hear_is_answered_or_becomes_a_matter,
    [places::MIGRATIONS, people::MIGRATIONS, councils::MIGRATIONS],
    |t: TestStore| async move {
        let hall = Hall::new(t).await;
        let seats: Vec<Id> = hall.council.members.iter().map(|m| m.id).collect();
        assert_eq!(refused(hall.rota(weekly(vec![seats[2]], 2)).await), "councils.rota-few");
        assert_eq!(refused(hall.rota(weekly(vec![Id::named("x")], 1)).await), "councils.no-member");
        hall.rota(weekly(seats[2..5].to_vec(), 1)).await.unwrap();
        assert_eq!(jobs::plan_duties(&hall.t.store, known).await.unwrap(), 4, "four weeks");
        assert_eq!(
            jobs::plan_duties(&hall.t.store, known).await.unwrap(),
            0,
            "done twice it plans nothing more"
        );
        let all = hall.duties().await;
        let turns: Vec<Id> = all.iter().map(|d| d.member).collect();
        assert_eq!(turns, [seats[2], seats[3], seats[4], seats[2]], "in turn");

        // The first cannot come, asks the second in exchange for theirs; who was not asked cannot take it.
        let (one, two) = (&all[0], &all[1]);
        let (first, second) = (hall.person(2), hall.person(3));
        assert_eq!(refused(hall.take(second.clone(), one.id).await), "councils.no-swap");
        let against_own = DutyAct::AskSwap(seats[3], Some(all[3].id));
        assert_eq!(refused(hall.duty(first.clone(), one.id, against_own).await), "councils.swap-not");
        let before = hall.unread(second.person.unwrap()).await;
        hall.duty(first.clone(), one.id, DutyAct::AskSwap(seats[3], Some(two.id))).await.unwrap();
        assert_eq!(hall.unread(second.person.unwrap()).await, before + 1);
        assert_eq!(refused(hall.take(hall.person(4), one.id).await), "councils.no-swap");
        hall.take(second.clone(), one.id).await.unwrap();
        let now: Vec<Id> = hall.duties().await.iter().map(|d| d.member).collect();
        assert_eq!(now, [seats[3], seats[2], seats[4], seats[2]], "both or neither");
        // The third is asked and cannot.
        hall.duty(hall.person(4), all[2].id, DutyAct::AskSwap(seats[5], None)).await.unwrap();
        hall.duty(hall.person(5), all[2].id, DutyAct::DropSwap).await.unwrap();
        assert_eq!(refused(hall.take(hall.person(5), all[2].id).await), "councils.no-swap");

        // Told once before it begins.
        hall.t.clock.set(one.starts - Duration::hours(20));
        assert_eq!(jobs::remind_duties(&hall.t.store).await.unwrap(), 1);
        assert_eq!(jobs::remind_duties(&hall.t.store).await.unwrap(), 0);
        assert_eq!(
            refused(hall.receive(second.clone(), one.id, 1, Said::Nothing).await),
            "councils.duty-early"
        );

        // Received: some only counted, one answered, one that becomes a matter.
        hall.t.clock.set(one.starts + Duration::minutes(10));
        hall.receive(second.clone(), one.id, 5, Said::Nothing).await.unwrap();
        let answered =
            |answer: &str| Said::Answered { about: "几时修路灯".into(), answer: answer.into() };
        assert_eq!(refused(hall.receive(second.clone(), one.id, 1, answered(" ")).await), "ui.empty");
        hall.receive(second.clone(), one.id, 1, answered("月底前，已经下单")).await.unwrap();
        assert_eq!(
            refused(hall.receive(second.clone(), one.id, 1, raise("下水道堵", Some("1"))).await),
            "matters.no-phone"
        );
        let d = hall.receive(second.clone(), one.id, 0, raise("下水道堵", None)).await.unwrap();
        assert_eq!((d.state, d.people(), d.answered(), d.raised()), (DutyState::Kept, 6, 1, 1));
        let mistake = d.received[0].id;
        hall.duty(second.clone(), one.id, DutyAct::Strike(mistake)).await.unwrap();
        assert_eq!(hall.figures().await, (1, 1, 1, 1, 1));

        // The next is not kept, the third is called off; both are seen.
        hall.t.clock.set(two.ends + Duration::hours(1));
        assert_eq!(hall.figures().await, (2, 1, 1, 1, 1), "one of two was kept");
        hall.duty(hall.actor.clone(), all[2].id, DutyAct::Cancel("停电".into())).await.unwrap();
        hall.t.clock.set(all[2].ends + Duration::days(1));
        assert_eq!(hall.figures().await, (2, 1, 1, 1, 1), "what was called off was not missed");
        let (actor, id) = (hall.actor.clone(), hall.council.id);
        let extra = NewDuty {
            member: seats[8],
            venue: "物业大厅".into(),
            starts: hall.t.store.now() + Duration::hours(1),
            ends: hall.t.store.now() + Duration::hours(2),
        };
        let added = hall.t.store.write(move |tx| {
            let (actor, extra) = (actor.clone(), extra.clone());
            Box::pin(async move { actions::add_duty(tx, &actor, id, extra).await })
        });
        assert_eq!(added.await.unwrap().rota, None);
        let mut conn = hall.t.store.read().await.unwrap();
        let street = hall.actor.street;
        let kept = (councils::KEEPER.about)(&mut conn, hall.t.store.keys(), street, second.person.unwrap());
        assert_eq!(kept.await.unwrap().iter().filter(|k| k.field == "duty").count(), 1);
    }
);

store::story!(
    the_turns_of_a_member_who_leaves_go_to_whose_turn_it_is,
    [places::MIGRATIONS, people::MIGRATIONS, councils::MIGRATIONS],
    |t: TestStore| async move {
        let hall = Hall::new(t).await;
        let seats: Vec<Id> = hall.council.members.iter().map(|m| m.id).collect();
        hall.rota(weekly(seats[2..5].to_vec(), 1)).await.unwrap();
        jobs::plan_duties(&hall.t.store, known).await.unwrap();
        let now = hall.t.store.now();
        let (actor, id, seat) = (hall.actor.clone(), hall.council.id, seats[3]);
        let extra = NewDuty {
            member: seat,
            venue: "物业大厅".into(),
            starts: now + Duration::days(3),
            ends: now + Duration::days(3) + Duration::hours(1),
        };
        let added = hall.t.store.write(move |tx| {
            let (actor, extra) = (actor.clone(), extra.clone());
            Box::pin(async move { actions::add_duty(tx, &actor, id, extra).await })
        });
        let extra = added.await.unwrap();
        let turns: Vec<Id> =
            hall.duties().await.iter().filter(|d| d.rota.is_some()).map(|d| d.member).collect();
        assert_eq!(turns, [seats[2], seats[3], seats[4], seats[2]]);
        let (next, chair) = (hall.council.members[4].person, hall.council.members[0].person);
        let before = (hall.unread(next).await, hall.unread(chair).await);
        let actor = hall.actor.clone();
        let gone = hall.t.store.write(move |tx| {
            let actor = actor.clone();
            Box::pin(async move { actions::leave(tx, &actor, id, seat).await })
        });
        gone.await.unwrap();
        let all = hall.duties().await;
        let turns: Vec<Id> = all.iter().filter(|d| d.rota.is_some()).map(|d| d.member).collect();
        assert_eq!(
            turns,
            [seats[2], seats[4], seats[4], seats[2]],
            "whoever was on duty longest ago takes it"
        );
        assert_eq!(hall.unread(next).await, before.0 + 1, "and is told");
        let open = all.iter().find(|d| d.id == extra.id).unwrap();
        assert_eq!(open.member, seat, "a duty of no rota waits for somebody to be named");
        assert_eq!(hall.unread(chair).await, before.1 + 1, "of which the chair is told");
        jobs::plan_duties(&hall.t.store, known).await.unwrap();
        assert!(hall.duties().await.iter().filter(|d| d.rota.is_some()).all(|d| d.member != seat));
        hall.sound(()).await;
    }
);

store::story!(
    fifty_members_and_eight_hundred_people,
    [places::MIGRATIONS, people::MIGRATIONS, councils::MIGRATIONS],
    |t: TestStore| async move {
        let hall = Hall::new(t).await;
        let (actor, id) = (hall.actor.clone(), hall.council.id);
        let joined = hall.t.store.write(move |tx| {
            let actor = actor.clone();
            Box::pin(async move {
                let mut seats = Vec::new();
                for n in 0..52 {
                    let new = member(&format!("委员{n}"), Capacity::CppccMember);
                    seats.push(actions::join(tx, &actor, id, new).await?.id);
                }
                Ok(seats)
            })
        });
        let seats = joined.await.unwrap();
        hall.rota(weekly(seats.clone(), 2)).await.unwrap();
        // Half a year: every week two receive sixteen or seventeen people each.
        for week in 0..26_i64 {
            jobs::plan_duties(&hall.t.store, known).await.unwrap();
            let all = hall.duties().await;
            let due: Vec<Duty> = all.into_iter().filter(|d| d.state == DutyState::Planned).take(2).collect();
            hall.t.clock.set(due[0].starts + Duration::minutes(5));
            for (n, d) in due.iter().enumerate() {
                let by = Actor { person: Some(d.person), ..hall.actor.clone() };
                if week == 3 && n == 1 {
                    // One does not come; nobody else may say so.
                    hall.duty(hall.actor.clone(), d.id, DutyAct::Cancel("生病".into())).await.unwrap();
                    continue;
                }
                hall.receive(by.clone(), d.id, 14, Said::Nothing).await.unwrap();
                let said = Said::Answered { about: "物业费".into(), answer: "按合同".into() };
                hall.receive(by.clone(), d.id, 1, said).await.unwrap();
                hall.receive(by, d.id, 1, raise("楼道灯", None)).await.unwrap();
            }
        }
        let all = hall.duties().await;
        let had: Vec<usize> = seats.iter().map(|s| all.iter().filter(|d| d.member == *s).count()).collect();
        assert!(had.iter().all(|n| (1..=2).contains(n)), "everybody had a turn: {had:?}");
        hall.t.clock.set(all.iter().filter(|d| d.state == DutyState::Kept).map(|d| d.ends).max().unwrap());
        assert_eq!(hall.figures().await, (51, 51, 51 * 16, 51, 51));
        hall.sound(()).await;
    }
);
