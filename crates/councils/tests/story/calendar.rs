//! What time does: regular sittings are planned once. On both engines.

use super::*;
use chrono::NaiveTime;
use councils::{
    jobs,
    model::{DayOff, Rhythm},
};
use kernel::calendar::Calendar;

fn known(_: &mut store::Conn, _: Id) -> futures_util::future::BoxFuture<'_, Result<Calendar, Fault>> {
    Box::pin(async { Ok(Calendar::shipped()) })
}

impl Hall {
    async fn rhythm(&self, rule: &str) -> Result<Council, Fault> {
        let (actor, id) = (self.actor.clone(), self.council.id);
        let rhythm = Rhythm {
            rule: rule.parse().unwrap(),
            at: NaiveTime::from_hms_opt(9, 0, 0).unwrap(),
            minutes: 90,
            venue: "议事厅".into(),
            off: DayOff::Keep,
        };
        self.t
            .store
            .write(move |tx| Box::pin(async move { actions::set_rhythm(tx, &actor, id, Some(rhythm)).await }))
            .await
    }

    async fn sittings(&self) -> Vec<Sitting> {
        let mut conn = self.t.store.read().await.unwrap();
        let mut all =
            queries::sittings(&mut conn, self.actor.street, self.council.id, i64::MAX).await.unwrap();
        all.sort_by_key(|s| s.starts);
        all
    }
}

store::story!(
    regular_sittings_are_planned_once,
    [places::MIGRATIONS, people::MIGRATIONS, councils::MIGRATIONS],
    |t: TestStore| async move {
        let hall = Hall::new(t).await;
        assert_eq!(jobs::plan_ahead(&hall.t.store, known).await.unwrap(), 0, "nothing without a rhythm");
        hall.rhythm("FREQ=MONTHLY;BYMONTHDAY=5,15,25").await.unwrap();
        assert_eq!(jobs::plan_ahead(&hall.t.store, known).await.unwrap(), 3);
        assert_eq!(
            jobs::plan_ahead(&hall.t.store, known).await.unwrap(),
            0,
            "done twice it does nothing more"
        );
        let all = hall.sittings().await;
        let days: Vec<NaiveDate> = all.iter().map(Sitting::day).collect();
        assert_eq!(days, all.iter().map(|s| s.occurrence.unwrap()).collect::<Vec<_>>());
        assert!(all.iter().all(|s| s.state == SittingState::Draft && s.venue == "议事厅"));

        // One moved by hand, and one called off, are not planned again.
        let moved = NewSitting {
            venue: "二楼".into(),
            starts: all[1].starts + Duration::days(1),
            ends: all[1].ends + Duration::days(1),
            ..NewSitting::default()
        };
        let s = hall.act(all[1].id, Act::Move(moved)).await.unwrap();
        assert_ne!(Some(s.day()), s.occurrence);
        hall.act(all[0].id, Act::Cancel("停电".into())).await.unwrap();
        assert_eq!(jobs::plan_ahead(&hall.t.store, known).await.unwrap(), 0);

        // Day by day for two months: none is missed and none is there twice.
        for _ in 0..60 {
            hall.t.clock.set(hall.t.store.now() + Duration::days(1));
            jobs::sweep(&hall.t.store, known).await.unwrap();
        }
        let all = hall.sittings().await;
        let mut of: Vec<NaiveDate> = all.iter().filter_map(|s| s.occurrence).collect();
        of.sort_unstable();
        let (first, last) = (of[0], of[of.len() - 1]);
        let every: Vec<NaiveDate> = first
            .iter_days()
            .take_while(|d| *d <= last)
            .filter(|d| [5, 15, 25].contains(&chrono::Datelike::day(d)))
            .collect();
        assert_eq!(of, every);
        assert!(of.len() >= 8, "{of:?}");
        let (_, faults) = queries_verify(&hall.t).await;
        assert!(faults.is_empty(), "{faults:?}");
    }
);

store::story!(
    what_is_over_is_said_again_and_climbs,
    [places::MIGRATIONS, people::MIGRATIONS, councils::MIGRATIONS],
    |t: TestStore| async move {
        let hall = Hall::new(t).await;
        let (street, now) = (hall.actor.street, hall.t.store.now());
        let s = hall.plan("社区会议室", now + Duration::days(12)).await.unwrap();
        let s = hall.act(s.id, item(ItemKind::Report, "上月落实情况")).await.unwrap();
        let report = s.items[0].id;
        hall.act(s.id, Act::Notice(None)).await.unwrap();
        hall.t.clock.set(s.starts);
        hall.act(s.id, Act::OpenSignIn).await.unwrap();
        for seat in 0..7 {
            hall.act(s.id, Act::Come(hall.council.members[seat].id, How::List)).await.unwrap();
        }
        hall.act(s.id, Act::Begin).await.unwrap();
        hall.act(s.id, Act::Call(report)).await.unwrap();
        hall.act(s.id, Act::Conclude(report, "听取了通报".into())).await.unwrap();
        let owner = hall.council.members[3].person;
        let due = kernel::time::local_date(hall.t.store.now()) + Duration::days(2);
        let new = NewAction { item: report, text: "修楼道灯".into(), owner: Owner::Person(owner), due };
        let a = hall.give(s.id, new).await.unwrap();

        let over = |n: i64| kernel::time::day_start(due) + Duration::days(n) + Duration::hours(3);
        let unread = async |person: Id| {
            let mut conn = hall.t.store.read().await.unwrap();
            conn.unread(street, person, over(60)).await.unwrap()
        };
        let (chair, secretary) = (hall.council.members[0].person, hall.council.members[1].person);
        let before = [unread(owner).await, unread(chair).await, unread(secretary).await];
        for (day, said) in [(0, 0), (1, 1), (2, 1)] {
            hall.t.clock.set(over(day));
            assert_eq!(jobs::remind(&hall.t.store, known).await.unwrap(), said, "day {day}");
            assert_eq!(jobs::remind(&hall.t.store, known).await.unwrap(), 0, "once a day");
        }
        assert_eq!(unread(owner).await - before[0], 2);
        assert_eq!(unread(chair).await, before[1], "the chair does not hear of it yet");
        hall.t.clock.set(over(3));
        jobs::sweep(&hall.t.store, known).await.unwrap();
        assert_eq!([unread(chair).await, unread(secretary).await], [before[1] + 1, before[2] + 1]);
        hall.t.clock.set(over(8));
        jobs::sweep(&hall.t.store, known).await.unwrap();
        let read = async || {
            queries::action(&mut hall.t.store.read().await.unwrap(), street, a.id).await.unwrap().unwrap()
        };
        assert_eq!(read().await.reminded.unwrap().level, councils::model::Level::Place);

        // It is reported on, then done; then nobody hears of it any more.
        let (actor, id) = (hall.person(3), a.id);
        let say = |done: bool, words: &'static str| {
            let actor = actor.clone();
            hall.t.store.write(move |tx| {
                Box::pin(async move {
                    match done {
                        true => actions::finish(tx, BRIDGE, &actor, id, words).await,
                        false => actions::report(tx, &actor, id, words).await,
                    }
                })
            })
        };
        assert_eq!(refused(say(false, " ").await), "ui.empty");
        say(false, "灯已买好").await.unwrap();
        say(true, "都亮了").await.unwrap();
        assert_eq!(refused(say(false, "再说").await), "councils.done-already");
        assert_eq!(read().await.reports.len(), 1);
        hall.t.clock.set(over(30));
        assert_eq!(jobs::remind(&hall.t.store, known).await.unwrap(), 0);
        let (_, faults) = queries_verify(&hall.t).await;
        assert!(faults.is_empty(), "{faults:?}");
    }
);
