//! Some in the room, some at the telephone, one sent by a member, one who only listens.

use super::*;
use councils::{
    actions::NewGuest,
    model::{Mode, Say, Standing},
};

impl Hall {
    async fn send(&self, by: Actor, sitting: Id, seat: usize, phone: &'static str) -> Result<Sitting, Fault> {
        let seat = self.council.members[seat].id;
        let done = self.t.store.write(move |tx| {
            Box::pin(
                async move { actions::send(tx, BRIDGE, &by, sitting, seat, "王小满", Some(phone)).await },
            )
        });
        done.await
    }

    async fn allow(&self, allowed: bool) {
        let (actor, id) = (self.actor.clone(), self.council.id);
        let done = self
            .t
            .store
            .write(move |tx| Box::pin(async move { actions::let_delegates(tx, &actor, id, allowed).await }));
        done.await.unwrap();
    }
}

store::story!(
    some_by_telephone_one_sent_and_one_who_listens,
    [places::MIGRATIONS, people::MIGRATIONS, councils::MIGRATIONS],
    |t: TestStore| async move {
        let hall = Hall::new(t).await;
        let (street, starts) = (hall.actor.street, hall.t.store.now() + Duration::days(12));
        let (actor, id) = (hall.actor.clone(), hall.council.id);
        let new = NewSitting {
            venue: "社区会议室".into(),
            mode: Mode::Hybrid,
            join: "会议电话 0571-88001234，会议号 100".into(),
            starts,
            ends: starts + Duration::hours(2),
        };
        let plan =
            hall.t.store.write(move |tx| Box::pin(async move { actions::plan(tx, &actor, id, new).await }));
        let s = plan.await.unwrap();
        hall.act(s.id, item(ItemKind::Decide, "加装充电桩")).await.unwrap();
        hall.act(s.id, Act::Notice(None)).await.unwrap();

        // A member cannot come and says who does, as soon as the body lets it be.
        let own = hall.person(5);
        assert_eq!(refused(hall.send(own.clone(), s.id, 5, "13900000009").await), "councils.delegates-not");
        let mut conn = hall.t.store.read().await.unwrap();
        let keys = hall.t.store.keys();
        let found = people::queries::find_by_phone(&mut conn, keys, street, "13900000009").await.unwrap();
        assert_eq!(found, None, "what was refused entered nobody");
        drop(conn);
        hall.allow(true).await;
        let sent = hall.send(own.clone(), s.id, 5, "13900000009").await.unwrap();
        let delegate = sent.delegations[0].person;
        assert_eq!(
            refused(hall.send(hall.actor.clone(), s.id, 6, "13900000009").await),
            "councils.delegate-taken"
        );
        let mut conn = hall.t.store.read().await.unwrap();
        assert_eq!(conn.unread(street, delegate, starts).await.unwrap(), 1, "who is sent is told");
        drop(conn);

        // Four in the room, one at the telephone, one online by the own account, the delegate by the code.
        hall.t.clock.set(starts);
        hall.act(s.id, Act::OpenSignIn).await.unwrap();
        for seat in [0, 1, 2] {
            hall.act(s.id, Act::Come(hall.council.members[seat].id, How::List)).await.unwrap();
        }
        hall.act(s.id, Act::Come(hall.council.members[3].id, How::Phone)).await.unwrap();
        let online = hall.person(4);
        let by = online.clone();
        let joined = hall.t.store.write(move |tx| {
            Box::pin(async move { actions::sign_in_from_afar(tx, BRIDGE, &by, s.id).await })
        });
        assert_eq!(joined.await.unwrap().there(online.person.unwrap()).unwrap().how, How::Online);
        assert_eq!(refused(hall.act(s.id, Act::Begin).await), "councils.no-quorum", "five of eight");
        let code = hall.t.store.keys().sign("sitting-code", &s.id.to_string());
        let by = Actor { person: Some(delegate), ..hall.actor.clone() };
        let came = hall.t.store.write(move |tx| {
            let (by, code) = (by.clone(), code.clone());
            Box::pin(async move { actions::sign_in(tx, BRIDGE, &by, s.id, &code).await })
        });
        let came = came.await.unwrap();
        let there = came.there(delegate).unwrap();
        assert_eq!((there.member, there.standing), (hall.council.members[5].id, Standing::Delegate));
        let actor = hall.actor.clone();
        let by = hall.actor.clone();
        let curious = hall.t.store.write(move |tx| {
            let (by, phone) = (by.clone(), Some("13900000009".to_owned()));
            let new = NewGuest { name: "某某".into(), phone, capacity: Capacity::Observer, how: How::List };
            Box::pin(async move { actions::guest(tx, BRIDGE, &by, s.id, new).await })
        });
        assert_eq!(refused(curious.await), "councils.other-name", "a number does not tell whose it is");
        let new = NewGuest { name: "郑工".into(), phone: None, capacity: Capacity::Expert, how: How::List };
        let guest = hall.t.store.write(move |tx| {
            let new = new.clone();
            let actor = actor.clone();
            Box::pin(async move { actions::guest(tx, BRIDGE, &actor, s.id, new).await })
        });
        guest.await.unwrap();
        hall.act(s.id, Act::Begin).await.unwrap();

        // Who leaves is counted no more; who comes back is.
        let item = came.items[0].id;
        hall.act(s.id, Act::Call(item)).await.unwrap();
        hall.act(s.id, Act::Leave(hall.council.members[3].id)).await.unwrap();
        let vote = || Act::OpenVote(item, "在车棚装六个".into(), None);
        assert_eq!(refused(hall.act(s.id, vote()).await), "councils.no-quorum");
        hall.act(s.id, Act::Come(hall.council.members[3].id, How::Phone)).await.unwrap();
        let open = hall.act(s.id, vote()).await.unwrap();
        let ballot = open.items[0].ballot.clone().unwrap();
        assert_eq!((ballot.attending, ballot.remote.len(), ballot.in_room()), (6, 2, 4));
        let hands = || Act::Count(item, hall.count(1, 3, 1, 0), hall.count(2, 3, 1, 0));
        assert_eq!(refused(hall.act(s.id, hands()).await), "councils.voices-missing");
        hall.act(s.id, Act::Voice(item, hall.council.members[3].id, Say::Silent)).await.unwrap();
        hall.by(online, s.id, Act::Voice(item, hall.council.members[4].id, Say::Yes)).await.unwrap();
        let done = hall.act(s.id, hands()).await.unwrap();
        let votes = done.items[0].ballot.as_ref().unwrap().votes.unwrap();
        assert_eq!((votes.yes, votes.no, votes.abstain), (4, 1, 0));

        let s = hall.act(s.id, Act::Close).await.unwrap();
        assert!(s.attendance.iter().all(|a| a.left.is_some()));
        let mut conn = hall.t.store.read().await.unwrap();
        let draft = councils::draft_minutes(&mut conn, Lang::ZhHans, street, &s).await.unwrap();
        for part in
            ["现场 5、电话 1、线上 1", "受托出席 1 人：居民代表的受托人（现场扫码）", "专家 1", "点名 2 人"]
        {
            assert!(draft.contains(part), "{part} in {draft}");
        }
        for name in ["王小满", "郑工", "会议号"] {
            assert!(!draft.contains(name), "{name} in {draft}");
        }
        let kept = (councils::KEEPER.about)(&mut conn, hall.t.store.keys(), street, delegate).await.unwrap();
        let fields: Vec<&str> = kept.iter().map(|k| k.field).collect();
        assert!(fields.contains(&"delegation"));
    }
);
