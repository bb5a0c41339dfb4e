//! The machines: what is not in the tables does not happen, a vote never opens twice, and who is not there decides nothing.

use super::*;
use crate::model::{
    Act, Capacity, Council, CouncilKind, How, ItemKind, ItemState, Member, Mode, MotionAct, MotionState,
    NewItem, NewSitting, Side, Sitting, SittingEvent, SittingState, TellerCount, Votes,
};
use chrono::{Duration, NaiveDate};
use kernel::{Id, PlacePath, Time, text::Words, time::parse_stamp};
use proptest::prelude::*;

mod hybrid;

fn id(n: usize) -> Id {
    Id::named(&format!("n{n}"))
}

fn at() -> Time {
    parse_stamp("2026-03-02T01:00:00Z").unwrap()
}

/// Twelve members; the last three do not vote.
fn council() -> Council {
    let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let member = |n: usize| Member {
        id: id(n),
        person: id(100 + n),
        capacity: if n < 9 { Capacity::ResidentRep } else { Capacity::Expert },
        votes: n < 9,
        from: day,
        until: None,
    };
    Council {
        id: id(900),
        street: id(901),
        kind: CouncilKind::Pavilion,
        name: "柳荫议事亭".into(),
        place: PlacePath::parse("/QH/LY/").unwrap(),
        rule: "resident_reps".into(),
        members: (0..12).map(member).collect(),
        chair: Some(id(0)),
        secretary: Some(id(1)),
        delegates: true,
        rhythm: None,
        founded_at: at(),
    }
}

fn planned(c: &Council) -> Sitting {
    let event = SittingEvent::SittingPlanned {
        id: id(902),
        council: c.id,
        place: c.place.clone(),
        number: 1,
        venue: "社区会议室".into(),
        mode: Mode::Hybrid,
        join: Some("会议号 100".into()),
        starts: at() + Duration::days(11),
        ends: at() + Duration::days(11) + Duration::hours(2),
        occurrence: None,
    };
    evolve(None, &event, at(), c.street).unwrap()
}

/// The body of these tests, for those of rotas.
pub(super) fn standing_council() -> Council {
    council()
}

/// A sitting that was planned, for the tests of questions.
pub(super) fn planned_sitting() -> Sitting {
    planned(&council())
}

fn voters(s: &Sitting, c: &Council, rule: &tally::Rule) -> u64 {
    s.voters(c, delegates_allowed(c, rule).is_some()).count() as u64
}

struct Run {
    council: Council,
    sitting: Sitting,
    now: Time,
    made: usize,
    person: Option<Id>,
}

impl Run {
    fn new() -> Self {
        let council = council();
        let sitting = planned(&council);
        Self { council, sitting, now: at(), made: 1000, person: Some(id(100)) }
    }

    fn act(&mut self, act: Act) -> Result<(), &'static str> {
        self.made += 1;
        let facts = Facts {
            now: self.now,
            council: &self.council,
            person: self.person,
            id: id(self.made),
            matter: None,
            matter_elsewhere: false,
            venue_taken: false,
            submission: None,
            words: Some(Words::commit("纪要", &[1; 16])),
            open_questions: 0,
        };
        let events = decide(&self.sitting, act, &facts).map_err(|r| r.code)?;
        for event in events {
            let before = self.sitting.clone();
            let after = evolve(Some(before.clone()), &event, self.now, self.council.street).unwrap();
            self.holds(&before, &after);
            self.sitting = after;
        }
        Ok(())
    }

    /// What must hold after every step, whatever it was.
    fn holds(&self, before: &Sitting, after: &Sitting) {
        if before.state != after.state {
            assert!(sitting_goes(before.state, after.state), "{} → {}", before.state, after.state);
        }
        for item in &after.items {
            let Some(was) = before.item(item.id) else { continue };
            if was.state != item.state {
                assert!(item_goes(was.state, item.state), "{} → {}", was.state, item.state);
            }
            if let Some(ballot) = &was.ballot {
                let now = item.ballot.as_ref().unwrap();
                assert_eq!(
                    (&now.rule, now.attending, now.eligible, &now.motion),
                    (&ballot.rule, ballot.attending, ballot.eligible, &ballot.motion),
                    "an open vote keeps its rule and its room"
                );
                assert_eq!(now.rule.hash, now.rule.rule.pin_hex());
                if ballot.votes.is_some() {
                    assert_eq!(now, ballot, "what was counted stays");
                }
            } else if let Some(ballot) = item.ballot.as_ref().filter(|b| b.votes.is_none()) {
                let need = ballot.rule.rule.attend.unwrap().need(ballot.eligible);
                assert!(ballot.attending >= need, "a vote opens with a quorum only");
                assert_eq!(ballot.attending, voters(before, &self.council, &ballot.rule.rule));
            }
            if let Some(ballot) = &item.ballot
                && let Some(v) = ballot.votes
            {
                assert!(v.yes + v.no + v.abstain <= ballot.attending);
            }
        }
        assert!(after.speeches.iter().filter(|s| s.now()).count() <= 1, "one speaks at a time");
        assert!(after.speaking().is_none_or(|s| {
            after.state == SittingState::InSession
                && after.is_present(s.member)
                && after.item(s.item).is_some_and(|i| i.state == ItemState::Debating)
        }));
        assert!(after.speeches.len() >= before.speeches.len(), "what was asked for stays in the record");
        self.motions_hold(before, after);
        hybrid::holds(&self.council, after);
        let voting = after.items.iter().filter(|i| i.state == ItemState::Voting).count();
        let open = voting + after.motions.iter().filter(|m| m.state == MotionState::Put).count();
        assert!(open <= 1 && (open == 0 || after.state == SittingState::InSession));
    }

    /// What must hold for motions after every step.
    fn motions_hold(&self, before: &Sitting, after: &Sitting) {
        for m in &after.motions {
            let Some(was) = before.motion(m.id) else {
                let signed = if m.cosigners.is_empty() { MotionState::Moved } else { MotionState::Seconded };
                assert_eq!(m.state, signed);
                continue;
            };
            assert!(was.state == m.state || motion_goes(was.state, m.state), "{} → {}", was.state, m.state);
            assert!(m.versions.starts_with(&was.versions), "what was worded stays to be seen");
            assert!(m.seconder != Some(m.sponsor));
            assert!(
                m.seconder.is_some()
                    || matches!(m.state, MotionState::Moved | MotionState::Withdrawn | MotionState::Fallen)
            );
            match (&was.ballot, &m.ballot) {
                (Some(a), Some(b)) if a.votes.is_some() => assert_eq!(a, b, "what was counted stays"),
                (Some(a), b) => {
                    let b = b.as_ref().unwrap();
                    assert_eq!((&a.rule, a.attending, &a.motion), (&b.rule, b.attending, &b.motion));
                }
                (None, Some(b)) => {
                    assert_eq!(m.state, MotionState::Put);
                    assert_eq!(
                        (b.motion.as_str(), b.attending),
                        (m.text(), voters(before, &self.council, &b.rule.rule))
                    );
                    assert!(b.attending >= b.rule.rule.attend.unwrap().need(b.eligible));
                    let later =
                        after.motions.iter().filter(|o| o.parent == Some(m.id)).all(|o| !o.state.is_live());
                    assert!(later, "amendments are settled before their motion");
                }
                (None, None) => {}
            }
            if m.state == MotionState::Adopted && was.state == MotionState::Put {
                match m.parent {
                    Some(parent) => assert_eq!(after.motion(parent).unwrap().text(), m.text()),
                    None => assert_eq!(after.item(m.item).unwrap().state, ItemState::Decided),
                }
            }
            let alive = after.item(m.item).is_some_and(|i| {
                i.state == ItemState::Debating || m.handed_in && i.state == ItemState::Scheduled
            });
            assert!(alive || !m.state.is_live(), "nothing hangs on an item that is settled");
        }
    }

    fn add(&mut self, kind: ItemKind) -> Id {
        let new = NewItem { kind, title: Some("加装充电桩".into()), minutes: 20, matter: None };
        self.act(Act::AddItem(new)).unwrap();
        self.sitting.items.last().unwrap().id
    }

    /// Noticed and opened on its day, with some in the room.
    fn sitting_with(present: usize) -> (Self, Id) {
        let mut run = Self::new();
        let item = run.add(ItemKind::Decide);
        run.act(Act::Notice(None)).unwrap();
        run.now = run.sitting.starts;
        run.act(Act::OpenSignIn).unwrap();
        for n in 0..present {
            run.act(Act::Come(id(n), How::List)).unwrap();
        }
        (run, item)
    }
}

fn counts(teller: usize, yes: u64, no: u64, abstain: u64) -> TellerCount {
    TellerCount { teller: id(teller), votes: Votes { yes, no, abstain } }
}

#[test]
fn no_edge_leads_back_to_an_open_vote() {
    let mut reached = vec![ItemState::Voting];
    let mut n = 0;
    while n < reached.len() {
        for (from, to) in ITEM_EDGES {
            if *from == reached[n] && !reached.contains(to) {
                reached.push(*to);
            }
        }
        n += 1;
    }
    assert_eq!(reached, [ItemState::Voting, ItemState::Decided], "out of a vote leads the decision only");
    assert!(ITEM_EDGES.iter().all(|(_, to)| *to != ItemState::Scheduled));
    assert!(
        EDGES.iter().all(|(from, _)| *from != SittingState::Published && *from != SittingState::Cancelled)
    );
    assert_eq!(EDGES.iter().filter(|(from, _)| *from == SittingState::Closed).count(), 1);
}

#[test]
fn notice_is_early_enough_or_has_a_reason() {
    let mut run = Run::new();
    assert_eq!(run.act(Act::Notice(None)), Err("councils.no-agenda"));
    run.add(ItemKind::Decide);
    run.now = at() + Duration::days(2);
    assert_eq!(run.act(Act::Notice(None)), Err("councils.short-notice"));
    run.act(Act::Notice(Some("汛期".into()))).unwrap();
    assert_eq!(run.sitting.urgent.as_deref(), Some("汛期"));
    // Ten days before is early enough: the day of notice does not count, the tenth day does.
    let mut run = Run::new();
    run.add(ItemKind::Decide);
    run.now = at() + Duration::days(1);
    run.act(Act::Notice(Some("不需要".into()))).unwrap();
    assert_eq!(run.sitting.urgent, None, "no reason is printed where none is needed");
    let more = NewItem { kind: ItemKind::Report, title: Some("临时".into()), minutes: 0, matter: None };
    assert_eq!(run.act(Act::AddItem(more)), Err("councils.agenda-published"));
    assert_eq!(run.act(Act::OpenSignIn), Err("councils.too-early"));
}

#[test]
fn the_quorum_is_counted_from_the_room_when_it_begins_and_when_a_vote_opens() {
    // Nine vote; two thirds are six. The three who do not vote make no quorum.
    let (mut run, item) = Run::sitting_with(5);
    for n in 9..12 {
        run.act(Act::Come(id(n), How::List)).unwrap();
    }
    assert_eq!(run.act(Act::Begin), Err("councils.no-quorum"));
    run.act(Act::Come(id(5), How::List)).unwrap();
    assert_eq!(run.act(Act::Lapse), Err("councils.quorum-there"));
    run.act(Act::Begin).unwrap();
    run.act(Act::Call(item)).unwrap();
    run.act(Act::Leave(id(5))).unwrap();
    assert_eq!(run.act(Act::OpenVote(item, "同意加装".into(), None)), Err("councils.no-quorum"));
    run.act(Act::Come(id(6), How::List)).unwrap();
    run.act(Act::OpenVote(item, "同意加装".into(), None)).unwrap();
    let ballot = run.sitting.item(item).unwrap().ballot.clone().unwrap();
    assert_eq!((ballot.eligible, ballot.attending), (9, 6));
}

#[test]
fn two_tellers_agree_and_nobody_counts_more_hands_than_there_are() {
    let (mut run, item) = Run::sitting_with(7);
    run.act(Act::Begin).unwrap();
    run.act(Act::Call(item)).unwrap();
    run.act(Act::OpenVote(item, "同意加装".into(), None)).unwrap();
    for (a, b, refused) in [
        (counts(1, 4, 2, 1), counts(1, 4, 2, 1), "councils.one-teller"),
        (counts(1, 4, 2, 1), counts(8, 4, 2, 1), "councils.teller-away"),
        (counts(1, 4, 2, 1), counts(2, 4, 1, 1), "councils.counts-differ"),
        (counts(1, 4, 2, 2), counts(2, 4, 2, 2), "councils.too-many-hands"),
        (counts(1, u64::MAX, 2, 2), counts(2, u64::MAX, 2, 2), "ui.not-valid"),
    ] {
        assert_eq!(run.act(Act::Count(item, a, b)), Err(refused));
    }
    assert_eq!(run.act(Act::Close), Err("councils.vote-open"));
    assert_eq!(run.act(Act::Table(item, "改天".into())), Err("councils.vote-open"));
    assert_eq!(run.act(Act::Conclude(item, "算了".into())), Err("councils.vote-open"));
    run.act(Act::Count(item, counts(1, 4, 2, 1), counts(2, 4, 2, 1))).unwrap();
    let done = run.sitting.item(item).unwrap();
    let outcome = done.ballot.as_ref().unwrap().outcome().unwrap();
    assert_eq!((outcome.base, outcome.need_yes, outcome.agree.missing), (7, 4, 0));
    assert_eq!(run.act(Act::Call(item)), Err("councils.never-reopens"));
    assert_eq!(run.act(Act::OpenVote(item, "再来".into(), None)), Err("councils.never-reopens"));
    let again = Act::Count(item, counts(1, 7, 0, 0), counts(2, 7, 0, 0));
    assert_eq!(run.act(again), Err("councils.no-vote"));
}

#[test]
fn two_different_people_sign_one_of_them_presiding() {
    let (mut run, _) = Run::sitting_with(7);
    run.act(Act::Begin).unwrap();
    run.act(Act::Close).unwrap();
    run.act(Act::Draft("纪要".into())).unwrap();
    assert_eq!(run.act(Act::Publish), Err("councils.not-now"));
    run.person = Some(id(5000));
    assert_eq!(run.act(Act::Sign), Err("councils.not-member"));
    run.person = Some(id(108));
    assert_eq!(run.act(Act::Sign), Err("councils.was-not-there"));
    run.person = Some(id(104));
    run.act(Act::Sign).unwrap();
    assert_eq!(run.act(Act::Sign), Err("councils.signed-already"));
    run.person = Some(id(105));
    assert_eq!(run.act(Act::Sign), Err("councils.chair-signs"));
    run.person = Some(id(100));
    run.act(Act::Edit("改了".into())).unwrap();
    assert!(run.sitting.minutes.as_ref().unwrap().signed.is_empty(), "another text is signed anew");
    run.act(Act::Sign).unwrap();
    run.person = Some(id(105));
    run.act(Act::Sign).unwrap();
    assert_eq!(run.act(Act::Edit("再改".into())), Err("councils.not-now"));
    run.act(Act::Publish).unwrap();
    assert_eq!(run.sitting.state, SittingState::Published);
}

#[test]
fn amendments_furthest_first_then_the_motion_as_it_reads_then() {
    let (mut run, item) = Run::sitting_with(7);
    run.act(Act::Begin).unwrap();
    run.act(Act::Call(item)).unwrap();
    let act = |run: &mut Run, act: MotionAct| run.act(Act::Motion(act)).map(|()| id(run.made));
    let text = |t: &str| t.to_owned();
    let moved = |sponsor: usize, t: &str| MotionAct::Move { item, sponsor: id(sponsor), text: text(t) };
    let amend =
        |motion, t: &str, distance| MotionAct::Amend { motion, sponsor: id(3), text: text(t), distance };
    let second = |motion, seat: usize| MotionAct::Second { motion, seat: id(seat) };
    assert_eq!(act(&mut run, moved(8, "装六个")), Err("councils.not-in-room"));
    assert_eq!(act(&mut run, moved(0, " ")), Err("ui.empty"));
    let main = act(&mut run, moved(0, "装六个")).unwrap();
    assert_eq!(act(&mut run, MotionAct::Debate(main)), Err("councils.not-seconded"));
    assert_eq!(act(&mut run, second(main, 0)), Err("councils.own-motion"));
    assert_eq!(act(&mut run, amend(main, "装八个", 1)), Err("councils.motion-not-now"));
    act(&mut run, second(main, 1)).unwrap();
    assert_eq!(
        act(&mut run, MotionAct::Reword { motion: main, text: text("别的") }),
        Err("councils.motion-not-now")
    );
    act(&mut run, MotionAct::Debate(main)).unwrap();
    assert_eq!(act(&mut run, amend(main, "装六个", 1)), Err("councils.changes-nothing"));
    let near = act(&mut run, amend(main, "装八个", 1)).unwrap();
    let far = act(&mut run, amend(main, "先不装", 9)).unwrap();
    let lonely = act(&mut run, amend(main, "装一百个", 99)).unwrap();
    for a in [near, far] {
        act(&mut run, second(a, 4)).unwrap();
    }
    assert_eq!(run.act(Act::OpenVote(item, "直接表决".into(), None)), Err("councils.motions-open"));
    assert_eq!(act(&mut run, MotionAct::Put { motion: main, rule: None }), Err("councils.amendments-first"));
    assert_eq!(act(&mut run, MotionAct::Debate(near)), Err("councils.furthest-first"));
    act(&mut run, MotionAct::Debate(far)).unwrap();
    act(&mut run, MotionAct::Put { motion: far, rule: None }).unwrap();
    assert_eq!(run.act(Act::Close), Err("councils.vote-open"));
    assert_eq!(run.act(Act::Table(item, "改天".into())), Err("councils.vote-open"));
    run.act(Act::Count(item, counts(1, 2, 5, 0), counts(2, 2, 5, 0))).unwrap();
    assert_eq!(run.sitting.motion(far).unwrap().state, MotionState::Rejected);
    // Another wording of the motion makes the amendment stale until it is worded against it.
    let other = act(
        &mut run,
        MotionAct::Amend {
            motion: main, sponsor: id(5), text: text("装六个，夜间断电"), distance: 5
        },
    )
    .unwrap();
    act(&mut run, second(other, 6)).unwrap();
    act(&mut run, MotionAct::Debate(other)).unwrap();
    act(&mut run, MotionAct::Put { motion: other, rule: None }).unwrap();
    run.act(Act::Count(item, counts(1, 6, 1, 0), counts(2, 6, 1, 0))).unwrap();
    assert_eq!(run.sitting.motion(main).unwrap().text(), "装六个，夜间断电");
    act(&mut run, MotionAct::Debate(near)).unwrap();
    assert_eq!(act(&mut run, MotionAct::Put { motion: near, rule: None }), Err("councils.amendment-stale"));
    act(&mut run, MotionAct::Reword { motion: near, text: text("装八个，夜间断电") }).unwrap();
    act(&mut run, MotionAct::Put { motion: near, rule: None }).unwrap();
    run.act(Act::Count(item, counts(1, 5, 1, 1), counts(2, 5, 1, 1))).unwrap();
    act(&mut run, MotionAct::Put { motion: main, rule: None }).unwrap();
    assert_eq!(run.sitting.motion(lonely).unwrap().state, MotionState::Fallen, "nobody seconded it");
    assert_eq!(act(&mut run, MotionAct::Withdraw { motion: main, seat: id(0) }), Err("councils.vote-open"));
    run.act(Act::Count(item, counts(1, 7, 0, 0), counts(2, 7, 0, 0))).unwrap();
    let done = run.sitting.item(item).unwrap();
    assert_eq!(
        (done.state, done.ballot.as_ref().unwrap().motion.as_str()),
        (ItemState::Decided, "装八个，夜间断电")
    );
    assert_eq!(run.sitting.motion(main).unwrap().versions.len(), 3);
}

#[test]
fn two_motions_side_by_side_one_rejected_one_merged() {
    let (mut run, item) = Run::sitting_with(7);
    run.act(Act::Begin).unwrap();
    run.act(Act::Call(item)).unwrap();
    let act = |run: &mut Run, act: MotionAct| run.act(Act::Motion(act)).map(|()| id(run.made));
    let mut all = Vec::new();
    for (n, text) in ["车棚装", "北侧装", "南侧装"].into_iter().enumerate() {
        let m = act(&mut run, MotionAct::Move { item, sponsor: id(n), text: text.into() }).unwrap();
        act(&mut run, MotionAct::Second { motion: m, seat: id(n + 1) }).unwrap();
        all.push(m);
    }
    assert_eq!(
        act(&mut run, MotionAct::Withdraw { motion: all[0], seat: id(2) }),
        Err("councils.not-sponsor")
    );
    act(&mut run, MotionAct::Merge { motion: all[2], into: all[1], text: "南北两侧装".into() }).unwrap();
    assert_eq!(run.sitting.motion(all[1]).unwrap().text(), "南北两侧装");
    act(&mut run, MotionAct::Debate(all[0])).unwrap();
    assert_eq!(act(&mut run, MotionAct::Debate(all[1])), Err("councils.one-motion"));
    act(&mut run, MotionAct::Put { motion: all[0], rule: None }).unwrap();
    run.act(Act::Count(item, counts(1, 1, 6, 0), counts(2, 1, 6, 0))).unwrap();
    assert_eq!(run.sitting.item(item).unwrap().state, ItemState::Debating, "another motion stands");
    act(&mut run, MotionAct::Debate(all[1])).unwrap();
    act(&mut run, MotionAct::Put { motion: all[1], rule: None }).unwrap();
    run.act(Act::Count(item, counts(1, 1, 6, 0), counts(2, 1, 6, 0))).unwrap();
    let done = run.sitting.item(item).unwrap();
    assert_eq!(done.ballot.as_ref().unwrap().verdict, Some(tally::Verdict::Rejected), "none stands any more");
    assert_eq!(done.state, ItemState::Decided);
}

#[test]
fn out_of_a_vote_on_a_motion_leads_its_result_only() {
    for (from, to) in MOTION_EDGES {
        assert!(from.is_live() && motion_goes(*from, *to));
        let counted = matches!(to, MotionState::Adopted | MotionState::Rejected);
        assert_eq!(*from == MotionState::Put, counted, "{from} → {to}");
    }
    for from in MotionState::ALL.iter().filter(|s| !s.is_live()) {
        assert!(MotionState::ALL.iter().all(|to| !motion_goes(*from, *to)), "{from} is an end");
    }
}

#[test]
fn signed_minutes_are_corrected_by_another_text_that_two_sign() {
    let (mut run, _) = Run::sitting_with(7);
    run.act(Act::Begin).unwrap();
    run.act(Act::Close).unwrap();
    let correct = || Act::Correct("更正后的纪要".into(), "人数写错".into());
    run.act(Act::Draft("纪要".into())).unwrap();
    assert_eq!(run.act(correct()), Err("councils.not-now"), "what nobody signed is edited");
    let sign = |run: &mut Run, n: usize| {
        run.person = Some(id(n));
        run.act(Act::Sign)
    };
    sign(&mut run, 100).unwrap();
    sign(&mut run, 101).unwrap();
    run.act(Act::Publish).unwrap();
    assert_eq!(sign(&mut run, 104), Err("councils.not-now"));
    assert_eq!(run.act(Act::Correct("更正".into(), " ".into())), Err("ui.empty"));
    run.act(correct()).unwrap();
    let first = run.sitting.minutes.clone();
    sign(&mut run, 104).unwrap();
    assert_eq!(sign(&mut run, 105), Err("councils.chair-signs"));
    assert_eq!(
        (&run.sitting.minutes, run.sitting.earlier.len()),
        (&first, 0),
        "one signature changes nothing"
    );
    sign(&mut run, 101).unwrap();
    assert_eq!(run.sitting.earlier, Vec::from_iter(first));
    assert_eq!(run.sitting.minutes.as_ref().unwrap().reason.as_deref(), Some("人数写错"));
    assert_eq!((run.sitting.state, &run.sitting.correction), (SittingState::Published, &None));
}

/// Any act, with ids that mostly exist.
fn any_act(n: u8, member: usize, item: usize, hands: (u64, u64, u64), run: &Run) -> Act {
    let at = run.sitting.items.get(item % run.sitting.items.len().max(1)).map_or(id(7), |i| i.id);
    let m = id(member % 13);
    let c = |teller: usize| counts(teller, hands.0, hands.1, hands.2);
    match n % 52 {
        0 => Act::AddItem(NewItem {
            kind: ItemKind::ALL[item % 4],
            title: Some("题".into()),
            minutes: 5,
            matter: None,
        }),
        1 => Act::RemoveItem(at),
        2 => Act::RaiseItem(at),
        3 => Act::Notice(Some("急".into())),
        4 => Act::Postpone("雨".into()),
        5 => Act::Cancel("停".into()),
        6 => Act::OpenSignIn,
        7..=9 => Act::Come(m, How::List),
        10 => Act::Leave(m),
        11 => Act::Lapse,
        12 => Act::Begin,
        13 => Act::Pause,
        14 => Act::Resume,
        15 => Act::Close,
        16 => Act::Call(at),
        17 => Act::OpenVote(at, "同意".into(), member.is_multiple_of(3).then(|| "collective_council".into())),
        18 => Act::Count(at, c(member % 9), c((member + 1) % 9)),
        19 => Act::Conclude(at, "好".into()),
        20 => Act::Table(at, "再议".into()),
        21 => Act::Refer(at, "街道".into()),
        22 => Act::Withdraw(at, "撤".into()),
        23 => Act::Draft("纪要".into()),
        24 if n > 9 => Act::SignOnPaper(Id::named("x"), Id::named("photo")),
        24 => Act::Sign,
        25 => Act::AskToSpeak(at, m, Side::ALL[item % 5]),
        26 => Act::GiveWord(at),
        27 => Act::EndSpeech,
        29..=40 => Act::Motion(any_motion(n % 52 - 29, m, at, item, run)),
        42..=51 => hybrid::any_act(n % 52 - 42, m, hands.0 as usize + item, at),
        28 => Act::DropSpeech(run.sitting.speeches.first().map_or(id(7), |s| s.id)),
        _ => Act::Move(NewSitting {
            venue: "院子".into(),
            mode: Mode::Hybrid,
            join: "会议号 100".into(),
            starts: run.now + Duration::days(i64::try_from(member % 20).unwrap_or(0)),
            ends: run.now + Duration::days(i64::try_from(member % 20).unwrap_or(0)) + Duration::hours(1),
        }),
    }
}

/// Any act with a motion, mostly with one that exists.
fn any_motion(n: u8, seat: Id, item: Id, pick: usize, run: &Run) -> MotionAct {
    let one =
        |k: usize| run.sitting.motions.get(k % run.sitting.motions.len().max(1)).map_or(id(7), |m| m.id);
    let (motion, text) = (one(pick), format!("办法{pick}"));
    match n {
        0 => MotionAct::Move { item, sponsor: seat, text },
        1 => MotionAct::Amend { motion, sponsor: seat, text, distance: u32::try_from(pick % 4).unwrap() },
        2..=4 => MotionAct::Second { motion, seat },
        5 => MotionAct::Reword { motion, text },
        6 => MotionAct::Distance { motion, distance: u32::try_from(pick % 5).unwrap() },
        7 => MotionAct::Debate(motion),
        8 => MotionAct::Put { motion, rule: None },
        9 => MotionAct::Merge { motion, into: one(pick + 1), text },
        10 => MotionAct::Withdraw { motion, seat },
        _ if pick.is_multiple_of(2) => MotionAct::Postpone { motion, words: "再议".into() },
        _ => MotionAct::Refer { motion, words: "街道".into() },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is tried in whatever order, from a plan or from a sitting in session: every step is one of the tables, a
    /// vote opens once and with a quorum, its rule and room stay, and no more hands are counted than there are voters.
    #[test]
    fn whatever_is_tried_the_machines_hold(
        held in any::<bool>(),
        steps in prop::collection::vec((any::<u8>(), 0..40_usize, 0..6_usize, (0..8_u64, 0..4_u64, 0..3_u64)), 1..160)
    ) {
        let mut run = if held {
            let (mut run, item) = Run::sitting_with(8);
            run.act(Act::Begin).unwrap();
            run.act(Act::Call(item)).unwrap();
            run
        } else {
            Run::new()
        };
        let mut opened: Vec<Id> = Vec::new();
        for (n, member, item, hands) in steps {
            run.person = Some(id(100 + member % 13));
            if !held && n % 52 == 6 {
                run.now = run.sitting.starts;
            }
            let act = any_act(n, member, item, hands, &run);
            let vote = match &act { Act::OpenVote(item, ..) => Some(*item), _ => None };
            if run.act(act).is_ok() && let Some(item) = vote {
                prop_assert!(!opened.contains(&item), "a vote opened twice");
                opened.push(item);
            }
        }
    }
}
