//! Who is not in the room, who comes for somebody else, who is a guest: nobody counts twice, and no voice is lost.

use super::*;
use crate::model::{Say, Standing};

/// An act about coming, with ids that mostly exist. Persons from 120 on have no seat.
pub(super) fn any_act(n: u8, member: Id, pick: usize, item: Id) -> Act {
    let stranger = id(120 + pick % 5);
    let how = How::ALL[pick % How::ALL.len()];
    match n {
        0 | 1 => Act::Come(member, how),
        2 | 3 => Act::Delegate(member, if pick.is_multiple_of(7) { id(100 + pick % 12) } else { stranger }),
        4 => Act::DropDelegate(member),
        5 | 6 => Act::ComeFor(member, how),
        7 => Act::ComeGuest(stranger, Capacity::GUESTS[pick % Capacity::GUESTS.len()], how),
        _ => Act::Voice(item, member, Say::ALL[pick % Say::ALL.len()]),
    }
}

/// What must hold after every step.
pub(super) fn holds(council: &Council, s: &Sitting) {
    let mut there: Vec<Id> = s.present().map(|a| a.member).collect();
    there.sort_unstable();
    let n = there.len();
    there.dedup();
    assert_eq!(there.len(), n, "nobody sits on a seat twice");
    for a in &s.attendance {
        match a.standing {
            Standing::Guest => assert!(!a.votes && council.member(a.member).is_none()),
            Standing::Delegate => assert!(council.members.iter().all(|m| m.person != a.person)),
            Standing::Member => assert_eq!(council.member(a.member).unwrap().person, a.person),
        }
    }
    for d in &s.delegations {
        assert_eq!(s.delegations.iter().filter(|o| o.person == d.person).count(), 1, "one comes for one");
        assert!(council.seat_of(d.person, s.day()).is_none());
    }
    let ballots = s.items.iter().filter_map(|i| i.ballot.as_ref());
    for b in ballots.chain(s.motions.iter().filter_map(|m| m.ballot.as_ref())) {
        assert!(b.remote.len() as u64 <= b.attending && b.attending <= b.eligible);
        assert!(b.voices.iter().all(|v| b.remote.contains(&v.member)));
        let mut said: Vec<Id> = b.voices.iter().map(|v| v.member).collect();
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), b.voices.len(), "one voice each");
        if let Some(v) = b.votes {
            assert_eq!(b.voices.len(), b.remote.len(), "everybody was called");
            assert!(v.yes + v.no + v.abstain <= b.attending);
        }
    }
}

#[test]
fn whoever_is_not_in_the_room_counts_and_is_called_by_name() {
    // Five of nine in the room, one at the telephone: six make the quorum.
    let (mut run, item) = Run::sitting_with(5);
    assert_eq!(run.act(Act::Begin), Err("councils.no-quorum"));
    run.act(Act::Come(id(5), How::Phone)).unwrap();
    run.act(Act::Begin).unwrap();
    run.act(Act::Call(item)).unwrap();
    run.act(Act::OpenVote(item, "同意加装".into(), None)).unwrap();
    let ballot = |run: &Run| run.sitting.item(item).unwrap().ballot.clone().unwrap();
    assert_eq!(
        (ballot(&run).attending, ballot(&run).in_room(), &ballot(&run).remote[..]),
        (6, 5, &[id(5)][..])
    );
    for (a, b, refused) in [
        (counts(1, 4, 1, 1), counts(2, 4, 1, 1), "councils.too-many-hands"),
        (counts(1, 4, 1, 0), counts(5, 4, 1, 0), "councils.teller-away"),
        (counts(1, 4, 1, 0), counts(2, 4, 1, 0), "councils.voices-missing"),
    ] {
        assert_eq!(run.act(Act::Count(item, a, b)), Err(refused));
    }
    assert_eq!(
        run.act(Act::Voice(item, id(4), Say::Yes)),
        Err("councils.not-called"),
        "who is here has a hand"
    );
    run.act(Act::Voice(item, id(5), Say::No)).unwrap();
    run.act(Act::Voice(item, id(5), Say::Yes)).unwrap();
    run.act(Act::Count(item, counts(1, 3, 2, 0), counts(2, 3, 2, 0))).unwrap();
    let done = ballot(&run);
    assert_eq!(
        (done.votes.unwrap().yes, done.verdict),
        (4, Some(tally::Verdict::Passed)),
        "said last counts"
    );
    assert_eq!(run.act(Act::Voice(item, id(5), Say::No)), Err("councils.no-vote"), "counted is counted");
}

#[test]
fn the_notice_says_whether_one_may_take_part_from_elsewhere() {
    let (mut run, _) = Run::sitting_with(0);
    run.sitting.mode = Mode::Onsite;
    assert_eq!(run.act(Act::Come(id(0), How::Online)), Err("councils.not-remote"));
    let new = |mode, venue: &str, join: &str| NewSitting {
        venue: venue.into(),
        mode,
        join: join.into(),
        starts: at() + Duration::days(20),
        ends: at() + Duration::days(20) + Duration::hours(1),
    };
    let mut run = Run::new();
    for (mode, venue, join, refused) in [
        (Mode::Hybrid, "院子", "", "councils.no-join"),
        (Mode::Hybrid, " ", "会议号 100", "ui.empty"),
        (Mode::Online, "", " ", "councils.no-join"),
        (Mode::Onsite, "", "会议号 100", "ui.empty"),
    ] {
        assert_eq!(run.act(Act::Move(new(mode, venue, join))), Err(refused));
    }
    run.act(Act::Move(new(Mode::Online, "", "会议号 100"))).unwrap();
    run.act(Act::Move(new(Mode::Onsite, "院子", "会议号 100"))).unwrap();
    assert_eq!(run.sitting.join, None, "who sits in a room needs no number");
}

#[test]
fn a_delegate_counts_and_votes_in_the_place_of_one_member() {
    let mut run = Run::new();
    let item = run.add(ItemKind::Decide);
    let stranger = id(120);
    assert_eq!(
        run.act(Act::Delegate(id(5), stranger)),
        Err("councils.delegate-late"),
        "a plan is not a notice"
    );
    run.act(Act::Notice(None)).unwrap();
    for (seat, person, refused) in [
        (5, 105, "councils.delegate-self"),
        (5, 106, "councils.delegate-sits"),
        (10, 120, "councils.voters-only"),
        (50, 120, "councils.no-member"),
    ] {
        assert_eq!(run.act(Act::Delegate(id(seat), id(person))), Err(refused));
    }
    run.act(Act::Delegate(id(5), stranger)).unwrap();
    assert_eq!(run.act(Act::Delegate(id(6), stranger)), Err("councils.delegate-taken"));
    run.now = run.sitting.starts;
    run.act(Act::OpenSignIn).unwrap();
    for n in 0..5 {
        run.act(Act::Come(id(n), How::List)).unwrap();
    }
    assert_eq!(
        run.act(Act::ComeGuest(stranger, Capacity::Observer, How::List)),
        Err("councils.guest-delegate")
    );
    run.act(Act::ComeFor(id(5), How::List)).unwrap();
    assert_eq!(run.act(Act::Come(id(5), How::List)), Err("councils.delegate-there"));
    run.act(Act::Begin).unwrap();
    assert_eq!(run.act(Act::Delegate(id(6), id(121))), Err("councils.delegate-late"));
    run.act(Act::Call(item)).unwrap();
    run.act(Act::AskToSpeak(item, id(5), Side::Pro)).unwrap();
    assert_eq!(run.sitting.speeches[0].person, stranger, "who speaks is who is there");
    run.act(Act::OpenVote(item, "同意".into(), None)).unwrap();
    assert_eq!(run.sitting.items[0].ballot.as_ref().unwrap().attending, 6);
    // The member comes after all: first the delegate leaves.
    run.act(Act::Leave(id(5))).unwrap();
    run.act(Act::Come(id(5), How::List)).unwrap();
}

#[test]
fn where_members_come_themselves_a_delegate_is_no_voter() {
    let (mut run, item) = Run::sitting_with(6);
    run.act(Act::Leave(id(5))).unwrap();
    run.act(Act::Delegate(id(5), id(120))).unwrap();
    run.act(Act::ComeFor(id(5), How::List)).unwrap();
    assert_eq!(attending(&run.sitting, &run.council), 6);
    run.act(Act::Begin).unwrap();
    run.act(Act::Call(item)).unwrap();
    run.council.delegates = false;
    assert_eq!(attending(&run.sitting, &run.council), 5);
    assert_eq!(run.act(Act::OpenVote(item, "同意".into(), None)), Err("councils.no-quorum"));
    // A rule that lets somebody of the household come needs no leave of the body, and sets no limit.
    run.act(Act::OpenVote(item, "同意".into(), Some("collective_members".into()))).unwrap();
    assert_eq!(run.sitting.items[0].ballot.as_ref().unwrap().attending, 6);
    run.council.kind = CouncilKind::OwnersCommittee;
    run.council.delegates = true;
    let rule = decision_rule("owners_committee").unwrap();
    assert_eq!(delegates_allowed(&run.council, rule), None, "a law names it");
}

#[test]
fn guests_speak_and_neither_count_nor_vote() {
    let (mut run, item) = Run::sitting_with(5);
    run.act(Act::ComeGuest(id(120), Capacity::Official, How::Phone)).unwrap();
    run.act(Act::ComeGuest(id(121), Capacity::Observer, How::List)).unwrap();
    assert_eq!(
        run.act(Act::ComeGuest(id(121), Capacity::Observer, How::List)),
        Err("councils.there-already")
    );
    assert_eq!(run.act(Act::ComeGuest(id(103), Capacity::Observer, How::List)), Err("councils.guest-member"));
    assert_eq!(run.act(Act::ComeGuest(id(122), Capacity::Deputy, How::List)), Err("ui.not-valid"));
    assert_eq!(run.act(Act::Begin), Err("councils.no-quorum"));
    run.act(Act::Come(id(5), How::List)).unwrap();
    run.act(Act::Begin).unwrap();
    run.act(Act::Call(item)).unwrap();
    let guest = run.sitting.there(id(121)).unwrap().member;
    run.act(Act::AskToSpeak(item, guest, Side::Question)).unwrap();
    let moved = MotionAct::Move { item, sponsor: guest, text: "办法".into() };
    assert_eq!(run.act(Act::Motion(moved)), Err("councils.no-member"));
    run.act(Act::Leave(guest)).unwrap();
    run.act(Act::ComeGuest(id(121), Capacity::Observer, How::List)).unwrap();
    assert_eq!(run.sitting.there(id(121)).unwrap().member, guest, "who comes back is the same");
    run.act(Act::OpenVote(item, "同意".into(), None)).unwrap();
    let ballot = run.sitting.items[0].ballot.as_ref().unwrap();
    assert_eq!((ballot.attending, ballot.remote.len()), (6, 0));
}
