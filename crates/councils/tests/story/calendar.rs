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
