//! Members of the demo's council receive residents in turn: twice a week, most of them kept.

use super::street::Cast;
use crate::wiring::COUNCILS;
use chrono::{Datelike, NaiveTime};
use councils::{
    Duty,
    actions::{self, Said},
    jobs,
    model::{DayOff, DutyState, NewRota, Rhythm},
    queries,
};
use kernel::{Actor, Id, Time, time};
use store::{Fault, Store};

/// What residents say, and what they are told.
const SAID: [(&str, &str); 6] = [
    ("公共收益几时公布", "每季度公布一次，明细在公示栏。"),
    ("老年饭桌怎么报名", "带身份证到社区一楼登记，当天可以用餐。"),
    ("南门晚上几点关", "夜里十一点关，刷卡可以进。"),
    ("楼道里的旧家具谁清", "物业周六统一清，已记下楼号。"),
    ("充电桩什么时候装好", "下月中旬完工，进度贴在公示栏。"),
    ("下雨地库进水怎么办", "排水泵已换，雨天有人值守；再进水请打值班电话。"),
];

/// How far the receptions are.
#[derive(Default)]
pub(super) struct Receptions {
    council: Option<Id>,
    seen: Option<Time>,
}

impl Receptions {
    /// Does what is due: the rotas once there is a council, then what happens at every duty that was.
    ///
    /// # Errors
    /// What the database says, and what an action refuses: none in a good story.
    pub(super) async fn pass(&mut self, store: &Store, cast: &Cast) -> Result<(), Fault> {
        let (street, now) = (cast.street.id, store.now());
        let Some(quarter) = cast.quarters.first() else { return Ok(()) };
        let Some(council) = self.council else {
            let place = &quarter.place.path;
            let all = queries::councils(&mut store.read().await?, street, &[place], ("", "")).await?;
            let Some(c) = all.into_iter().next() else { return Ok(()) };
            let (actor, id) = (quarter.secretary.actor(street), c.id);
            let order: Vec<Id> = c.members.iter().skip(2).filter(|m| m.votes).map(|m| m.id).collect();
            store
                .write(move |tx| {
                    let (actor, order) = (actor.clone(), order.clone());
                    Box::pin(async move {
                        for (day, hour) in [("TU", 9), ("TH", 15)] {
                            actions::make_rota(tx, &actor, id, rota(day, hour, &order)?).await?;
                        }
                        Ok(())
                    })
                })
                .await?;
            (self.council, self.seen) = (Some(id), Some(now));
            return Ok(());
        };
        jobs::plan_duties(store, matters::queries::calendar).await?;
        let since = self.seen.replace(now).unwrap_or(now);
        let place = quarter.place.path.clone();
        let nil = Id::from(uuid::Uuid::nil());
        let all = queries::duties(
            &mut store.read().await?,
            street,
            &place,
            Some(council),
            (since, now),
            (since, nil),
        )
        .await?;
        for (d, _) in all {
            // Now and then nobody comes to be received by: that is seen too.
            if d.state == DutyState::Planned && time::local_date(d.starts).day() % 9 != 4 {
                received(store, street, &d).await?;
            }
        }
        Ok(())
    }
}

fn rota(day: &str, hour: u32, order: &[Id]) -> Result<NewRota, Fault> {
    let rhythm = Rhythm {
        rule: format!("FREQ=WEEKLY;BYDAY={day}")
            .parse()
            .map_err(|_| Fault::other("no rule of recurrence"))?,
        at: NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default(),
        minutes: 120,
        venue: "柳荫议事亭".into(),
        off: DayOff::NextWorkday,
    };
    Ok(NewRota { rhythm, each: 1, order: order.to_vec() })
}

/// What happened at a duty: some were only counted, some were answered.
async fn received(store: &Store, street: Id, d: &Duty) -> Result<(), Fault> {
    let (id, day) = (d.id, time::local_date(d.starts).day());
    let actor = Actor { person: Some(d.person), channel: kernel::Channel::App, ..Actor::system(street) };
    store
        .write(move |tx| {
            let actor = actor.clone();
            Box::pin(async move {
                actions::receive(tx, COUNCILS, &actor, id, 3 + day % 5, Said::Nothing).await?;
                for n in 0..=day % 3 {
                    let (about, answer) = SAID[((day + n) % 6) as usize];
                    let said = Said::Answered { about: about.into(), answer: answer.into() };
                    actions::receive(tx, COUNCILS, &actor, id, 1, said).await?;
                }
                Ok(())
            })
        })
        .await
}
