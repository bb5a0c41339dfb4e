//! 睦邻议事家园: eight residents' councils and three courtyard councils over a year, thirty-six matters talked over, things
//! to be done given at each and thirty-seven of them done. The page counts what happened, and only that.

use super::*;
use councils::model::{KindOutcomes, Outcomes, year};
use kernel::time::local_date;

/// Every matter waits; nothing is heard.
const ALL_WAIT: Bridge = Bridge {
    waiting: |_, _, _| {
        Box::pin(async {
            let matter = |n: u32| Waiting {
                id: Id::named(&format!("matter {n}")),
                number: format!("LY-2026-{n:06}"),
                title: format!("第 {n} 件"),
            };
            Ok((0..36).map(matter).collect())
        })
    },
    settle: |_, _, _, _| Box::pin(async { Ok(()) }),
    follow: |_, _, _, _, _| Box::pin(async { Ok(()) }),
    ..BRIDGE
};

impl Hall {
    async fn step(&self, sitting: Id, act: Act) -> Sitting {
        let actor = self.actor.clone();
        let done = self
            .t
            .store
            .write(move |tx| Box::pin(async move { actions::act(tx, ALL_WAIT, &actor, sitting, act).await }));
        done.await.unwrap()
    }

    /// A sitting that talks over these matters, each with so many things to be done; its minutes are published or not.
    async fn held(&self, body: &Council, matters: &[u32], each: usize, published: bool) -> Vec<Id> {
        let starts = self.t.store.now() + Duration::days(12);
        let (actor, id) = (self.actor.clone(), body.id);
        let new = NewSitting {
            venue: "院子里".into(),
            starts,
            ends: starts + Duration::hours(2),
            ..NewSitting::default()
        };
        let planned =
            self.t.store.write(move |tx| Box::pin(async move { actions::plan(tx, &actor, id, new).await }));
        let s = planned.await.unwrap();
        for n in matters {
            let matter = Some(Id::named(&format!("matter {n}")));
            let item = NewItem { kind: ItemKind::Discuss, title: None, minutes: 10, matter };
            self.step(s.id, Act::AddItem(item)).await;
        }
        self.step(s.id, Act::Notice(None)).await;
        self.t.clock.set(starts);
        self.step(s.id, Act::OpenSignIn).await;
        for member in &body.members {
            self.step(s.id, Act::Come(member.id, How::List)).await;
        }
        let s = self.step(s.id, Act::Begin).await;
        let mut given = Vec::new();
        for item in &s.items {
            self.step(s.id, Act::Call(item.id)).await;
            self.step(s.id, Act::Conclude(item.id, "大家同意".into())).await;
            for n in 0..each {
                let new = NewAction {
                    item: item.id,
                    text: format!("办第 {n} 件"),
                    owner: Owner::Unit(self.unit),
                    due: local_date(starts) + chrono::Days::new(30),
                };
                let (actor, id) = (self.actor.clone(), s.id);
                let gave = self.t.store.write(move |tx| {
                    Box::pin(async move { actions::give(tx, ALL_WAIT, &actor, id, new).await })
                });
                given.push(gave.await.unwrap().id);
            }
        }
        self.step(s.id, Act::Close).await;
        self.step(s.id, Act::Draft("纪要".into())).await;
        if published {
            for member in &body.members[..2] {
                let actor = Actor { person: Some(member.person), ..self.actor.clone() };
                let id = s.id;
                let signed = self.t.store.write(move |tx| {
                    Box::pin(async move { actions::act(tx, ALL_WAIT, &actor, id, Act::Sign).await })
                });
                signed.await.unwrap();
            }
            self.step(s.id, Act::Publish).await;
        }
        given
    }

    async fn body(&self, kind: CouncilKind, name: &str) -> Council {
        let (actor, name) = (self.actor.clone(), name.to_owned());
        let founded = self.t.store.write(move |tx| {
            Box::pin(async move {
                let new =
                    NewCouncil { kind, name, place: path("/QH/LY/"), rule: Some("consultation".into()) };
                let council = actions::found(tx, &actor, new).await?;
                for (name, capacity) in [
                    ("韩梅", Capacity::ContactCadre),
                    ("秦岚", Capacity::ResidentRep),
                    ("陶然", Capacity::Property),
                ] {
                    actions::join(tx, &actor, council.id, member(name, capacity)).await?;
                }
                let council: Council = tx.get(actor.street, council.id).await?.unwrap();
                let (chair, secretary) = (council.members[0].id, council.members[1].id);
                actions::settings(tx, &actor, council.id, Some(chair), Some(secretary), "consultation").await
            })
        });
        founded.await.unwrap()
    }

    async fn finish(&self, action: Id) {
        let actor = self.actor.clone();
        let done = self.t.store.write(move |tx| {
            Box::pin(async move { actions::finish(tx, ALL_WAIT, &actor, action, "办好了").await })
        });
        done.await.unwrap();
    }

    async fn came(&self, year_asked: i32, place: &str) -> Outcomes {
        let mut conn = self.t.store.read().await.unwrap();
        let today = local_date(self.t.store.now());
        let period = year(year_asked).unwrap();
        queries::outcomes(&mut conn, self.actor.street, &path(place), period, today).await.unwrap()
    }
}

store::story!(
    eleven_sittings_of_a_year_and_what_came_of_them,
    [places::MIGRATIONS, people::MIGRATIONS, councils::MIGRATIONS],
    |t: TestStore| async move {
        let hall = Hall::new(t).await;
        let pavilion = hall.body(CouncilKind::Pavilion, "睦邻议事家园").await;
        let courtyard = hall.body(CouncilKind::Courtyard, "庭院议事").await;
        assert_eq!(hall.came(2026, "/QH/").await, Outcomes::default(), "nothing was held yet");
        let mut given = Vec::new();
        // Eight sittings with three matters each, three with four: thirty-six.
        for n in 0..8 {
            given.extend(hall.held(&pavilion, &[3 * n, 3 * n + 1, 3 * n + 2], 1, true).await);
        }
        for n in 0..3 {
            let first = 24 + 4 * n;
            given.extend(hall.held(&courtyard, &[first, first + 1, first + 2, first + 3], 2, n < 2).await);
        }
        assert_eq!(given.len(), 24 + 24);
        for action in &given[..37] {
            hall.finish(*action).await;
        }
        let out = hall.came(2026, "/QH/LY/").await;
        let kinds = [
            KindOutcomes {
                kind: CouncilKind::Courtyard,
                sittings: 3,
                decided: 12,
                // Eight of the last sitting wait for its minutes.
                actions: 16,
                done: 13,
                overdue: 0,
            },
            KindOutcomes {
                kind: CouncilKind::Pavilion,
                sittings: 8,
                decided: 24,
                actions: 24,
                done: 24,
                overdue: 0,
            },
        ];
        assert_eq!((out.kinds.as_slice(), out.matters), (kinds.as_slice(), 36));
        assert_eq!(out.sum(|k| k.done), 37);

        // What residents say of one; and what is over and not done.
        hall.judge(2, given[0], Satisfaction::Satisfied).await.unwrap();
        hall.judge(3, given[0], Satisfaction::Dissatisfied).await.unwrap();
        hall.t.clock.set(hall.t.store.now() + Duration::days(60));
        let out = hall.came(2026, "/QH/LY/").await;
        assert_eq!((out.grades.satisfied, out.grades.all(), out.sum(|k| k.overdue)), (1, 2, 3));

        // The list behind the figures is as long as they say; elsewhere and in other years there is nothing.
        let mut conn = hall.t.store.read().await.unwrap();
        let (street, place) = (hall.actor.street, path("/QH/"));
        let list = queries::actions_within(&mut conn, street, &place, year(2026).unwrap(), ("9999", street));
        assert_eq!(list.await.unwrap().len() as u64, out.sum(|k| k.actions));
        assert_eq!(hall.came(2025, "/QH/").await, Outcomes::default());
        assert_eq!(hall.came(2026, "/QH/HY/").await, Outcomes::default());
        assert_eq!(year(1999).or(year(2100)), None);
    }
);
