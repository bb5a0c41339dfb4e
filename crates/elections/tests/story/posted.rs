//! An election that began on paper: its roll and its candidates hung on a board before they were entered, and the days of the
//! law run from then.

use super::*;
use polls::model::Posted;

fn hung(on: NaiveDate) -> Posted {
    Posted { on, board: "居委会门口公示栏".into(), photo: None, roll_on: None }
}

impl Town {
    async fn roll_hung(&self, id: Id, lines: &[RollLine], posted: Posted) -> Result<Election, Fault> {
        let lines = lines.to_vec();
        does!(self, self.secretary, |tx, a, c| async move {
            actions::publish_roll(tx, &a, id, &lines, Some(posted), &c).await
        })
    }

    async fn candidates_hung(&self, e: &Election, posted: Posted) -> Result<Election, Fault> {
        let (id, opens) = (e.id, at(e.polling_day, 8));
        let times = Times { opens, closes: opens + Duration::hours(10), late: None };
        let reasons: Vec<(Warning, String)> = Warning::ALL.iter().map(|w| (*w, "已研究".into())).collect();
        does!(self, self.secretary, |tx, a, c| async move {
            actions::publish_candidates(tx, BRIDGE, &a, id, reasons, times, Some(posted), &c).await
        })
    }
}

store::story!(
    what_hung_on_a_board_before_it_was_entered_counts_from_that_day,
    [places::MIGRATIONS, people::MIGRATIONS, polls::MIGRATIONS, elections::MIGRATIONS],
    |t: TestStore| async move {
        let town = Town::new(t).await;
        let (_, lines) = town.voters(20).await;
        let today = town.today();
        let put_up = today - Duration::days(12);
        let day = later(today, 10);
        let kind = ElectionKind::Committee;
        let near = town.prepare(kind, Mode::Voters, 5, day).await;
        assert_eq!(refused(near), "elections.day-too-near");
        // A day that did not come yet does not help.
        let ahead = town.prepare_late(kind, Mode::Voters, 5, day, Some(later(today, 3))).await;
        assert_eq!(refused(ahead), "polls.posted-future");
        let ago = town.prepare_late(kind, Mode::Voters, 5, day, Some(today - Duration::days(400))).await;
        assert_eq!(refused(ago), "polls.posted-long-ago");
        let e = town.prepare_late(kind, Mode::Voters, 5, day, Some(put_up)).await.unwrap();
        for (n, name) in ["主任甲", "委员乙", "委员丙"].iter().enumerate() {
            town.member(e.id, name, &format!("1380000000{n}"), n == 0).await.unwrap();
        }
        town.act(e.id, Act::Form).await.unwrap();
        assert_eq!(refused(town.publish_roll(e.id, &lines).await), "elections.too-late");
        for (on, code) in [
            (later(today, 1), "polls.posted-future"),
            (today - Duration::days(400), "polls.posted-long-ago"),
            (today - Duration::days(9), "elections.too-late"),
        ] {
            assert_eq!(refused(town.roll_hung(e.id, &lines, hung(on)).await), code, "{on}");
        }
        let e = town.roll_hung(e.id, &lines, hung(put_up)).await.unwrap();
        assert_eq!(e.roll_day(), Some(put_up));
        assert_eq!(time::local_date(e.rolls[0].at), today, "when it was entered stands there too");
        // Appeals ran from the day on which it hung, and are over.
        town.act(e.id, Act::OpenNominations).await.unwrap();
        for n in 1..=6 {
            let new =
                named(&format!("候{n}"), &format!("1370000000{n}"), Way::Organisation, Some("社区党委"));
            town.nominate(&town.secretary, e.id, new, true).await.unwrap();
        }
        let e = town.act(e.id, Act::CloseNominations).await.unwrap();
        for n in &e.nominees {
            town.vet(&town.secretary, e.id, n.id, &[]).await.unwrap();
            town.vet(&town.duty, e.id, n.id, &[]).await.unwrap();
        }
        town.t.clock.set(at(day - Duration::days(2), 9));
        let on = day - Duration::days(6);
        let early = town.candidates_hung(&e, hung(later(put_up, 1))).await;
        assert_eq!(refused(early), "elections.posted-before-appeals");
        assert_eq!(refused(town.candidates_hung(&e, hung(later(on, 2))).await), "elections.too-late");
        let e = town.candidates_hung(&e, hung(on)).await.unwrap();
        assert_eq!(e.lot.as_ref().unwrap().posted.as_ref().unwrap().on, on);
        // The poll of the round has its notice from the roll, and is not called urgent.
        let poll = e.round().unwrap().poll;
        let poll = polls::queries::poll(&mut town.t.store.read().await.unwrap(), e.street, poll)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((poll.posted.map(|p| p.on), poll.urgent), (Some(put_up), None));
        let mut conn = town.t.store.read().await.unwrap();
        let (_, mut faults) = elections::verify(&mut conn).await.unwrap();
        faults.extend(polls::verify(&mut conn, town.t.store.keys()).await.unwrap().1);
        assert!(faults.is_empty(), "{faults:?}");
    }
);
