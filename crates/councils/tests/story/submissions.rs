//! Motions handed in between sittings: signed by others, admitted or not, put on an agenda, and waiting again when nothing was
//! decided on them.

use super::*;
use councils::{
    Submission,
    model::{MotionAct, MotionState, NewSubmission, SubmissionAct, SubmissionState},
};

impl Hall {
    async fn submit(&self, by: Actor, title: &'static str, text: &'static str) -> Result<Submission, Fault> {
        let council = self.council.id;
        let done = self.t.store.write(move |tx| {
            let by = by.clone();
            let new =
                NewSubmission { title: title.into(), text: text.into(), why: "居民多次反映".into() };
            Box::pin(async move { actions::submit(tx, &by, council, new).await })
        });
        done.await
    }

    async fn submission(&self, id: Id, act: SubmissionAct) -> Result<Submission, Fault> {
        let (by, council) = (self.actor.clone(), self.council.id);
        let done = self.t.store.write(move |tx| {
            let (by, act) = (by.clone(), act.clone());
            Box::pin(async move { actions::submission(tx, &by, council, id, act).await })
        });
        let done = done.await;
        let (_, faults) = queries_verify(&self.t).await;
        assert!(faults.is_empty(), "{faults:?}");
        done
    }

    async fn state(&self, id: Id) -> SubmissionState {
        let mut conn = self.t.store.read().await.unwrap();
        queries::submission(&mut conn, self.actor.street, id).await.unwrap().unwrap().state
    }
}

store::story!(
    handed_in_signed_admitted_and_put_on_an_agenda,
    [places::MIGRATIONS, people::MIGRATIONS, councils::MIGRATIONS],
    |t: TestStore| async move {
        let hall = Hall::new(t).await;
        let seat = |n: usize| hall.council.members[n].id;
        let now = hall.t.store.now();
        let nobody = Actor { person: Some(Id::named("nobody")), ..hall.actor.clone() };
        assert_eq!(refused(hall.submit(nobody, "停车", "划线").await), "councils.not-member");
        assert_eq!(refused(hall.submit(hall.person(8), "停车", "划线").await), "councils.voters-only");
        assert_eq!(refused(hall.submit(hall.person(2), "停车", " ").await), "ui.empty");
        let bays = hall.submit(hall.person(2), "南门停车", "在南门外划线停车60个").await.unwrap();
        let lamps = hall.submit(hall.person(3), "楼道灯", "楼道灯全部换成声控灯").await.unwrap();
        let more = hall.submit(hall.person(4), "停车位", "在南门外划线停车40个").await.unwrap();
        let song = hall.submit(hall.person(5), "合唱", "办一次合唱比赛").await.unwrap();

        // Signed by another; the own and the second signature are refused.
        hall.submission(bays.id, SubmissionAct::Cosign(seat(6))).await.unwrap();
        assert_eq!(
            refused(hall.submission(bays.id, SubmissionAct::Cosign(seat(6))).await),
            "councils.cosigned-already"
        );
        assert_eq!(
            refused(hall.submission(bays.id, SubmissionAct::Cosign(seat(2))).await),
            "councils.own-motion"
        );
        // Two of one thing become one; one is not admitted and its mover hears why; one is taken back.
        let both = SubmissionAct::Merge(bays.id, "在南门外划线停车60个，其中充电位10个".into());
        hall.submission(more.id, both).await.unwrap();
        let unread = async |n: usize| {
            let mut conn = hall.t.store.read().await.unwrap();
            let person = hall.council.members[n].person;
            conn.unread(hall.actor.street, person, now + Duration::days(1)).await.unwrap()
        };
        let before = unread(5).await;
        assert_eq!(refused(hall.submission(song.id, SubmissionAct::NotAdmit(" ".into())).await), "ui.empty");
        let song = hall.submission(song.id, SubmissionAct::NotAdmit("请向文体队提".into())).await.unwrap();
        assert_eq!((song.state, unread(5).await), (SubmissionState::NotAdmitted, before + 1), "told");
        assert_eq!(
            refused(hall.submission(song.id, SubmissionAct::Admit).await),
            "councils.submission-not-now"
        );

        // On an agenda only what was admitted; off it again with its line.
        let s = hall.plan("社区会议室", now + Duration::days(12)).await.unwrap();
        assert_eq!(refused(hall.act(s.id, Act::Bring(bays.id, None)).await), "councils.submission-not-now");
        assert_eq!(refused(hall.act(s.id, Act::Bring(Id::named("x"), None)).await), "councils.no-submission");
        hall.submission(bays.id, SubmissionAct::Admit).await.unwrap();
        hall.submission(lamps.id, SubmissionAct::Admit).await.unwrap();
        let s = hall.act(s.id, Act::Bring(bays.id, None)).await.unwrap();
        assert_eq!((s.items[0].title.as_str(), s.motions[0].seconder), ("南门停车", Some(seat(6))));
        let s = hall.act(s.id, Act::RemoveItem(s.items[0].id)).await.unwrap();
        assert!(s.motions.is_empty());
        assert_eq!(hall.state(bays.id).await, SubmissionState::Admitted, "it waits again");
        let s = hall.act(s.id, Act::Bring(bays.id, None)).await.unwrap();
        assert_eq!(refused(hall.act(s.id, Act::Bring(bays.id, None)).await), "councils.submission-not-now");
        let withdrawn = hall.submission(bays.id, SubmissionAct::Withdraw(seat(2))).await;
        assert_eq!(refused(withdrawn), "councils.submission-not-now", "on an agenda it is the sitting's");
        let s = hall.act(s.id, Act::Bring(lamps.id, None)).await.unwrap();
        let (first, second) = (s.items[0].id, s.items[1].id);
        hall.act(s.id, Act::Notice(None)).await.unwrap();

        // At the sitting: signed by another it needs no second; nobody signed the other.
        hall.t.clock.set(s.starts);
        hall.act(s.id, Act::OpenSignIn).await.unwrap();
        for n in 0..6 {
            hall.act(s.id, Act::Come(seat(n), How::List)).await.unwrap();
        }
        hall.act(s.id, Act::Begin).await.unwrap();
        hall.act(s.id, Act::Call(first)).await.unwrap();
        hall.act(s.id, Act::Motion(MotionAct::Debate(bays.id))).await.unwrap();
        hall.act(s.id, Act::Motion(MotionAct::Put { motion: bays.id, rule: None })).await.unwrap();
        let s =
            hall.act(s.id, Act::Count(first, hall.count(1, 5, 1, 0), hall.count(2, 5, 1, 0))).await.unwrap();
        let adopted = s.motion(bays.id).unwrap();
        assert_eq!(
            (adopted.state, adopted.text()),
            (MotionState::Adopted, "在南门外划线停车60个，其中充电位10个")
        );
        hall.act(s.id, Act::Call(second)).await.unwrap();
        let debate = Act::Motion(MotionAct::Debate(lamps.id));
        assert_eq!(refused(hall.act(s.id, debate).await), "councils.not-seconded");
        hall.act(s.id, Act::Close).await.unwrap();
        assert_eq!(
            hall.state(lamps.id).await,
            SubmissionState::Admitted,
            "put off: it waits for another agenda"
        );
        assert_eq!(hall.state(bays.id).await, SubmissionState::Joined);

        // A sitting that is called off gives back what stood on its agenda.
        let next = hall.plan("院子", hall.t.store.now() + Duration::days(12)).await.unwrap();
        hall.act(next.id, Act::Bring(lamps.id, None)).await.unwrap();
        hall.act(next.id, Act::Notice(None)).await.unwrap();
        hall.act(next.id, Act::Postpone("停电".into())).await.unwrap();
        assert_eq!(hall.state(lamps.id).await, SubmissionState::Joined, "put off with its sitting");
        hall.act(next.id, Act::Cancel("不开了".into())).await.unwrap();
        hall.submission(lamps.id, SubmissionAct::Withdraw(seat(3))).await.unwrap();
        let mut conn = hall.t.store.read().await.unwrap();
        let mover = hall.council.members[2].person;
        let kept = (councils::KEEPER.about)(&mut conn, hall.t.store.keys(), hall.actor.street, mover);
        assert!(kept.await.unwrap().iter().any(|k| k.field == "motion"));
        let (_, faults) = queries::verify(&mut conn).await.unwrap();
        assert!(faults.is_empty(), "{faults:?}");
    }
);
