//! The machine, the days and the count under any order of acts.

use super::*;
use crate::model::{
    Act, Bar, Election, ElectionEvent, ElectionKind, ElectionState as S, Kin, Mode, NewElection, NewNominee,
    NewRound, NomineeState, RoundKind, RoundOutcome, Warning, Way,
};
use chrono::{Days, NaiveDate};
use kernel::{Id, PlacePath, Refusal, Time, calendar::Calendar, text::Words, time};
use proptest::prelude::*;
use std::collections::{BTreeSet, HashMap};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn words() -> Words {
    Words::commit("x", &[0; 16])
}

/// A world in which an election is led step by step.
struct World {
    e: Election,
    now: Time,
    n: u32,
    calendar: Calendar,
    units: BTreeSet<String>,
    names: HashMap<Id, String>,
    certified: bool,
}

impl World {
    fn new(kind: ElectionKind, mode: Mode, seats: u32) -> Self {
        let now = time::day_start(day("2026-03-02"));
        let new = NewElection {
            kind,
            mode,
            title: "换届".into(),
            post: "委员".into(),
            seats,
            place: PlacePath::parse("/QH/LY/").unwrap(),
            polling_day: day("2026-04-20"),
            roll_posted: None,
            candidates_days: None,
        };
        let calendar = Calendar::shipped();
        let event = prepare(&new, Id::named("e"), "XJ-1".into(), day("2026-03-02"), &calendar).unwrap();
        let e = evolve(None, &event, now, Id::named("street"), None).unwrap();
        let units = (1..=40).map(|n| format!("u{n}")).collect();
        Self { e, now, n: 0, calendar, units, names: HashMap::new(), certified: false }
    }

    fn id(&mut self) -> Id {
        self.n += 1;
        Id::named(&format!("id {}", self.n))
    }

    fn act(&mut self, by: &str, act: Act) -> Result<Vec<ElectionEvent>, Refusal> {
        let facts = Facts {
            now: self.now,
            id: self.id(),
            person: Some(Id::named(by)),
            calendar: &self.calendar,
            units: &self.units,
            names: &self.names,
            seed: "00ff",
            certified: self.certified,
        };
        let events = decide(&self.e, act, &facts)?;
        for event in &events {
            let before = self.e.state;
            let by = Some(Id::named(by));
            self.e = evolve(Some(self.e.clone()), event, self.now, self.e.street, by).unwrap();
            let name = serde_json::to_value(event).unwrap();
            let name = name
                .as_str()
                .map(str::to_owned)
                .unwrap_or_else(|| name.as_object().unwrap().keys().next().unwrap().clone());
            let after = self.e.state;
            assert!(
                before == after
                    || EDGES.iter().any(|x| (x.from, x.to, x.record) == (before, after, name.as_str())),
                "{name} led from {before} to {after}"
            );
        }
        Ok(events)
    }

    fn pass(&mut self, days: u64) {
        self.now += chrono::Duration::days(i64::try_from(days).unwrap());
    }

    fn nominate(&mut self, name: &str) -> Result<Id, Refusal> {
        let new = NewNominee {
            person: Id::named(name),
            woman: Some(false),
            way: Way::Organisation,
            from: Some("党委".into()),
            agrees: true,
        };
        self.act("staff", Act::Nominate(new))?;
        let id = self.e.nominees.last().unwrap().id;
        self.names.insert(id, name.to_owned());
        Ok(id)
    }

    fn vet(&mut self, id: Id, barred: bool) {
        let answers: Vec<(Bar, bool)> = Bar::ALL.iter().map(|b| (*b, barred && *b == Bar::Gang)).collect();
        for by in ["staff", "other"] {
            let _ = self.act(by, Act::Vet(id, answers.clone(), Some(words())));
        }
    }

    fn times(&mut self, on: NaiveDate) -> NewRound {
        let opens = time::day_start(on) + chrono::Duration::hours(8);
        let (id, poll) = (self.id(), self.id());
        NewRound { id, poll, opens, closes: opens + chrono::Duration::hours(8), late: Some("迟".into()) }
    }

    fn reasons() -> Vec<(Warning, String)> {
        Warning::ALL.iter().map(|w| (*w, "已说明".to_owned())).collect()
    }

    /// Up to a called main round with so many candidates.
    fn until_candidates(&mut self, candidates: usize) {
        for (n, name) in ["a", "b", "c"].iter().enumerate() {
            self.act("staff", Act::Name(Id::named(name), n == 0)).unwrap();
        }
        self.act("staff", Act::Form).unwrap();
        self.act("staff", Act::PublishRoll("hash".into(), 40, words(), None)).unwrap();
        self.pass(12);
        self.act("staff", Act::OpenNominations).unwrap();
        for n in 0..candidates {
            self.nominate(&format!("候{n}")).unwrap();
        }
        self.act("staff", Act::CloseNominations).unwrap();
        for id in self.e.nominees.iter().map(|n| n.id).collect::<Vec<_>>() {
            self.vet(id, false);
        }
        let new = self.times(day("2026-04-20"));
        self.act("staff", Act::PublishCandidates(Self::reasons(), new, None)).unwrap();
    }
}

fn outcome(chosen: &[&str], tied: &[&str], next: &[&str]) -> RoundOutcome {
    let own = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    let votes = chosen.iter().chain(tied).chain(next).map(|n| ((*n).to_owned(), 5)).collect();
    RoundOutcome {
        registered: 40,
        took_part: 30,
        ballots: 30,
        need: 16,
        votes,
        chosen: own(chosen),
        tied: own(tied),
        next: own(next),
        ..RoundOutcome::default()
    }
}

#[test]
fn every_state_is_reached_and_no_edge_is_there_twice() {
    for state in S::ALL.iter().filter(|s| **s != S::Prepared) {
        assert!(EDGES.iter().any(|e| e.to == *state), "{state} is never reached");
    }
    for (n, edge) in EDGES.iter().enumerate() {
        let again = |e: &Edge| (e.from, e.to) == (edge.from, edge.to);
        assert!(!EDGES.iter().skip(n + 1).any(again), "{} → {} stands twice", edge.from, edge.to);
        assert!(edge.from != S::Cancelled, "what is cancelled stays so");
        if !edge.guard.is_empty() {
            let key = format!("refusal-{}", edge.guard);
            assert!(crate::WORDS.has(&key), "{key} is not said");
        }
    }
}

#[test]
fn a_name_that_was_written_in_waits_and_nobody_barred_comes_in_by_it() {
    let mut w = World::new(ElectionKind::Committee, Mode::Voters, 5);
    w.until_candidates(6);
    let poll = w.e.round().unwrap().poll;
    let struck = w.e.labelled("候5").unwrap().id;
    w.act("staff", Act::Strike(struck, words())).unwrap();
    let out = outcome(&["候0", "候1", "候5", "外人", "候2"], &[], &["候3"]);
    w.act("staff", Act::Ended(poll, Box::new(out))).unwrap();
    assert_eq!((w.e.state, w.e.elected.len()), (S::Counting, 3), "one waits, one is barred");
    assert_eq!(
        w.act("staff", Act::DecideWrittenIn("外人".into(), false, None)).unwrap_err().code,
        "elections.no-reason"
    );
    // Of the same name as the one struck out.
    let mut same = w.e.clone();
    same.rounds[0].count.as_mut().unwrap().pending = vec!["候5".into()];
    let mut twin = World::new(ElectionKind::Committee, Mode::Voters, 5);
    (twin.e, twin.names) = (same, w.names.clone());
    let back = twin.act("staff", Act::DecideWrittenIn("候5".into(), true, None));
    assert_eq!(back.unwrap_err().code, "elections.barred-name");
    w.act("staff", Act::DecideWrittenIn("外人".into(), true, None)).unwrap();
    assert_eq!((w.e.state, w.e.elected.len(), w.e.seats_left()), (S::Short, 4, 1));
    assert_eq!(candidates(&w.e, RoundKind::Runoff).len(), 1, "whoever stands next");
}

#[test]
fn of_near_relatives_who_both_win_the_one_with_fewer_votes_yields() {
    let world = |votes: [u64; 5], mode: Mode| {
        let mut w = World::new(ElectionKind::Committee, mode, 5);
        w.until_candidates(7);
        let id = |w: &World, n: usize| w.e.labelled(&format!("候{n}")).unwrap().id;
        let (one, other, third) = (id(&w, 0), id(&w, 1), id(&w, 5));
        w.e.kin = vec![Kin { first: one, second: other }, Kin { first: third, second: one }];
        let mut out = outcome(&["候0", "候1", "候2", "候3", "候4"], &[], &["候5", "候6"]);
        for (at, n) in votes.into_iter().enumerate() {
            out.votes[at].1 = n;
        }
        let poll = w.e.round().unwrap().poll;
        w.act("staff", Act::Ended(poll, Box::new(out))).unwrap();
        (w, one, other, third)
    };
    // The wife has more votes: the husband yields, and their cousin does not stand for the empty seat.
    let (w, one, other, third) = world([20, 18, 17, 17, 17], Mode::Voters);
    assert!(w.e.is_elected(one) && !w.e.is_elected(other));
    assert_eq!((w.e.state, w.e.seats_left()), (S::Short, 1));
    let next = candidates(&w.e, RoundKind::Runoff);
    assert!(!next.contains(&other) && !next.contains(&third) && next.len() == 1, "{next:?}");
    assert_eq!(w.e.rounds[0].count.as_ref().unwrap().yielded, [other]);
    // As many votes: nobody draws between them; both stand again, and only one of them can win then.
    let (mut w, one, other, _) = world([18, 18, 17, 17, 17], Mode::Voters);
    assert_eq!((w.e.state, w.e.seats_left(), w.e.is_elected(one)), (S::Short, 2, false));
    let next = candidates(&w.e, RoundKind::Runoff);
    assert_eq!(next[..2], [one, other]);
    w.now = w.e.round().unwrap().closes;
    let new = w.times(day("2026-04-25"));
    w.act("staff", Act::Call(new)).unwrap();
    let poll = w.e.round().unwrap().poll;
    let mut out = outcome(&["候1", "候0"], &[], &[]);
    out.votes[0].1 = 12;
    w.act("staff", Act::Ended(poll, Box::new(out))).unwrap();
    assert!(w.e.is_elected(other) && !w.e.is_elected(one));
    assert_eq!((w.e.state, w.e.seats_left()), (S::Short, 1));
}

#[test]
fn a_relation_that_comes_out_late_is_noted_until_the_count_is_certified() {
    let mut w = World::new(ElectionKind::Committee, Mode::Voters, 5);
    let two = [Id::named("a"), Id::named("b")];
    assert_eq!(w.act("staff", Act::Kin(two[0], two[1])).unwrap_err().code, "elections.not-now");
    w.until_candidates(7);
    let id = |w: &World, n: usize| w.e.labelled(&format!("候{n}")).unwrap().id;
    let (one, other, third, fourth) = (id(&w, 0), id(&w, 1), id(&w, 2), id(&w, 5));
    assert_eq!(w.e.state, S::CandidatesPublished);
    w.act("staff", Act::Kin(one, other)).unwrap();
    assert_eq!(w.act("staff", Act::Kin(other, one)).unwrap_err().code, "elections.kin-known");
    w.act("clock", Act::BeginPolling).unwrap();
    w.act("clock", Act::EndPolling).unwrap();
    w.certified = true;
    assert_eq!(w.act("staff", Act::Kin(one, third)).unwrap_err().code, "elections.kin-certified");
    w.certified = false;
    // Noted while ballots were counted, it holds for the count: the one with fewer votes yields.
    let mut out = outcome(&["候0", "候1", "候2", "候3", "候4"], &[], &["候5", "候6"]);
    out.votes[0].1 += 3;
    let poll = w.e.round().unwrap().poll;
    w.act("staff", Act::Ended(poll, Box::new(out))).unwrap();
    assert!(w.e.state == S::Short && w.e.is_elected(one) && !w.e.is_elected(other));
    // Of two who are elected nothing is noted any more; of one who may follow it is, and who then does not stand.
    assert_eq!(w.act("staff", Act::Kin(one, third)).unwrap_err().code, "elections.kin-certified");
    assert!(candidates(&w.e, RoundKind::Runoff).contains(&fourth));
    w.act("staff", Act::Kin(third, fourth)).unwrap();
    assert!(!candidates(&w.e, RoundKind::Runoff).contains(&fourth));
    w.act("staff", Act::LeaveVacant("不再选".into())).unwrap();
    assert_eq!(w.act("staff", Act::Kin(other, third)).unwrap_err().code, "elections.not-now");
}

#[test]
fn when_the_tied_go_back_the_seat_goes_to_a_further_election() {
    let mut w = World::new(ElectionKind::PavilionHead, Mode::Plurality, 1);
    w.until_candidates(3);
    let poll = w.e.round().unwrap().poll;
    w.act("staff", Act::Ended(poll, Box::new(outcome(&[], &["候0", "候1"], &[])))).unwrap();
    assert_eq!((w.e.state, next_round(&w.e)), (S::Tie, Some(RoundKind::Tie)));
    let back = w.e.labelled("候0").unwrap().id;
    w.act("staff", Act::Withdraw(back)).unwrap();
    assert_eq!(next_round(&w.e), Some(RoundKind::Runoff));
    w.now = w.e.round().unwrap().closes;
    let new = w.times(day("2026-04-25"));
    w.act("staff", Act::Call(new)).unwrap();
    assert_eq!(w.e.state, S::Runoff);
    assert_eq!(w.e.round().unwrap().candidates, [w.e.labelled("候1").unwrap().id]);
}

#[test]
fn two_who_agree_decide_and_a_third_breaks_the_balance() {
    let mut w = World::new(ElectionKind::Committee, Mode::Voters, 5);
    w.until_candidates(6);
    let mut e = w.e.clone();
    e.state = S::Vetting;
    e.nominees[0].opinions.clear();
    w.e = e;
    let id = w.e.nominees[0].id;
    let ask = |barred: bool| Bar::ALL.iter().map(|b| (*b, barred && *b == Bar::Cult)).collect::<Vec<_>>();
    let few = ask(false)[1..].to_vec();
    assert_eq!(w.act("x", Act::Vet(id, few, None)).unwrap_err().code, "elections.bar-unasked");
    assert_eq!(w.act("x", Act::Vet(id, ask(true), None)).unwrap_err().code, "elections.no-reason");
    assert_eq!(w.act("候0", Act::Vet(id, ask(false), None)).unwrap_err().code, "elections.own-vetting");
    w.act("x", Act::Vet(id, ask(true), Some(words()))).unwrap();
    w.act("y", Act::Vet(id, ask(false), None)).unwrap();
    assert_eq!(w.e.nominee(id).unwrap().state(), NomineeState::Open);
    w.act("z", Act::Vet(id, ask(true), Some(words()))).unwrap();
    assert_eq!(w.e.nominee(id).unwrap().state(), NomineeState::Barred);
}

#[test]
fn people_of_one_name_are_told_apart() {
    let mut w = World::new(ElectionKind::Committee, Mode::Voters, 5);
    w.until_candidates(6);
    let ids: Vec<Id> = w.e.nominees.iter().map(|n| n.id).collect();
    let mut names = w.names.clone();
    names.insert(ids[1], "候0".into());
    let mut seen: Vec<String> = labels(&w.e, &ids, &names).into_iter().map(|(_, l)| l).collect();
    assert_eq!(seen[..2], ["候0（党委）", "候0（1）"].map(str::to_owned));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), ids.len());
}

fn any_mode() -> impl Strategy<Value = Mode> {
    prop::sample::select(Mode::ALL.to_vec())
}

proptest! {
    /// The earliest polling day is lawful, and the day before it is not.
    #[test]
    fn the_earliest_day_is_in_time_and_the_day_before_is_not(
        mode in any_mode(),
        start in 0u64..700,
        candidates in 1u32..20,
        since in proptest::option::of(0u64..40),
        nominating: bool,
    ) {
        let calendar = Calendar::shipped();
        let today = day("2025-01-01") + Days::new(start);
        let roll = since.map(|d| today - Days::new(d));
        // Nominees are named only after the roll.
        let nominating = nominating && roll.is_some();
        let rule = tally::Rule::shipped(mode.rule()).unwrap();
        let terms = Terms::of(mode, rule.notice_days, candidates);
        let first = earliest(terms, roll, nominating, today, &calendar);
        let lawful = |polling: NaiveDate| {
            let published = roll.unwrap_or(today);
            let appeals = days::within(published, terms.appeal, &calendar);
            let named = if nominating { today } else { today.max(appeals + Days::new(1)) };
            published <= days::before(polling, terms.roll) && named <= days::before(polling, terms.candidates)
        };
        prop_assert!(lawful(first));
        prop_assert!(!lawful(first - Days::new(1)));
        prop_assert!(first > today);
        // The last day of a time limit is a working day, never earlier than its days.
        let last = days::within(today, terms.appeal, &calendar);
        prop_assert!(calendar.is_workday(last) && last >= today + Days::new(u64::from(terms.appeal)));
    }

    /// Of the calendar at most one line is next, what is late is over, and no day changes by looking at it later.
    #[test]
    fn the_calendar_says_one_thing_at_a_time(mode in any_mode(), on in 0u64..120) {
        let kind = *ElectionKind::ALL.iter().find(|k| k.modes().contains(&mode)).unwrap();
        let w = World::new(kind, mode, kind.seats().0.max(1));
        let today = day("2026-03-02") + Days::new(on);
        let (lines, later) = (plan(&w.e, today, &w.calendar), plan(&w.e, today + Days::new(9), &w.calendar));
        prop_assert!(lines.iter().filter(|l| l.state == DueState::Next).count() <= 1);
        for (line, after) in lines.iter().zip(&later) {
            prop_assert_eq!((line.step, line.day), (after.step, after.day));
            prop_assert_eq!(line.state == DueState::Late, today > line.day);
        }
        let polling = lines.iter().find(|l| l.step == Step::Polling).unwrap().day;
        let roll = lines.iter().find(|l| l.step == Step::Roll).unwrap().day;
        prop_assert_eq!((polling - roll).num_days(), i64::from(w.e.rule.rule.notice_days));
    }

    /// Whatever is done in whatever order: nobody barred or withdrawn is elected, and never more than there are seats. The machine is
    /// never left: `World::act` looks at every event.
    #[test]
    fn no_path_elects_the_barred_or_too_many(
        seats in 1u32..4,
        standing in 2usize..6,
        steps in prop::collection::vec((0u8..12, 0usize..8, 0usize..8, any::<u8>()), 1..40),
    ) {
        let mut w = World::new(ElectionKind::Spokespersons, Mode::Plurality, seats);
        w.until_candidates(standing);
        for (what, a, b, bits) in steps {
            let ids: Vec<Id> = w.e.nominees.iter().map(|n| n.id).collect();
            let id = ids[a % ids.len()];
            let label = |n: usize| if n == 7 { "外人".to_owned() } else { format!("候{n}") };
            let some = |bits: u8| -> Vec<String> { (0..8).filter(|n| bits & (1 << n) != 0).map(label).collect() };
            let act = match what {
                0 => Act::Withdraw(id),
                1 => Act::Strike(id, words()),
                2 => { let on = time::local_date(w.now) + Days::new(3); let new = w.times(on); Act::Call(new) }
                3..=6 => {
                    let Some(round) = w.e.round() else { continue };
                    let mut out = RoundOutcome { registered: 40, took_part: 30, ballots: 30, need: 1, ..RoundOutcome::default() };
                    match what {
                        3 => out.void = Some(if b % 2 == 0 { "turnout".into() } else { "more_ballots_than_voters".into() }),
                        4 => { out.tied = some(bits); out.chosen = vec![label(a)]; }
                        _ => { out.chosen = some(bits); out.next = some(!bits); }
                    }
                    out.votes = out.chosen.iter().chain(&out.tied).chain(&out.next).map(|n| (n.clone(), 3)).collect();
                    Act::Ended(round.poll, Box::new(out))
                }
                7 => match w.e.rounds.get(a % w.e.rounds.len()) { Some(r) => Act::SetAside(r.poll, "错".into()), None => continue },
                8 => Act::DecideWrittenIn("外人".into(), b % 2 == 0, Some(words())),
                9 => Act::LeaveVacant("缺".into()),
                10 => Act::BeginPolling,
                _ => Act::EndPolling,
            };
            let before = w.e.clone();
            if w.act("staff", act).is_err() {
                prop_assert_eq!(&w.e, &before, "a refusal leaves everything as it was");
            }
            w.now += chrono::Duration::hours(7);
            prop_assert!(w.e.elected.len() <= seats as usize, "{:?}", w.e.elected);
            for x in &w.e.elected {
                if let Some(n) = x.nominee {
                    prop_assert!(w.e.nominee(n).unwrap().stands(), "{:?}", x);
                }
                let twice = w.e.elected.iter().filter(|y| y.name == x.name).count();
                prop_assert_eq!(twice, 1);
            }
            if w.e.state == S::Declared && w.e.vacant.is_none() {
                prop_assert_eq!(w.e.elected.len(), seats as usize);
            }
        }
    }
}
