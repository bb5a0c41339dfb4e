//! What holds for every count, whatever the figures.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use proptest::prelude::*;
use tally::owners::{Ballot, Counter, Entry, Kind, Outcome, Roll, State, count};
use tally::rule::{Invalid, Silence, owners_rule};
use tally::{Area, Choice, Rule, Settled, Share, Verdict, meeting};

fn choice() -> impl Strategy<Value = Choice> {
    prop::sample::select(Choice::ALL)
}

fn share() -> impl Strategy<Value = Share> {
    (1_u32..40, 1_u32..40, any::<bool>())
        .prop_filter_map("a share", |(num, den, strict)| Share::new(num, den, strict))
}

fn rule() -> impl Strategy<Value = Rule> {
    (1_u64..10, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(item, per_unit, follow, abstain)| {
        Rule {
            per_unit,
            silence: if follow { Silence::FollowMajority } else { Silence::None },
            invalid: if abstain { Invalid::AsAbstain } else { Invalid::NotParticipating },
            ..owners_rule(item).unwrap()
        }
    })
}

/// Units: the owner of each and its area.
type Units = Vec<(u8, u64)>;

fn named(units: &Units) -> Vec<(String, String, Area)> {
    let unit = |(n, (owner, area)): (usize, &(u8, u64))| {
        (format!("u{n}"), format!("o{owner}"), Area::new(*area).unwrap())
    };
    units.iter().enumerate().map(unit).collect()
}

fn roll(named: &[(String, String, Area)]) -> Roll<'_> {
    let entries = named.iter().map(|(id, owner, area)| Entry {
        id,
        owner,
        area: *area,
        state: State::Delivered,
        kind: Kind::Exclusive,
    });
    Roll::new(entries, false).unwrap()
}

fn made(roll: &Roll<'_>, units: &Units, ballots: &[(usize, bool, Choice)]) -> Vec<Ballot> {
    let one = |(unit, single, choice): &(usize, bool, Choice)| {
        let unit = unit % units.len();
        let name = format!("u{unit}");
        roll.ballot(&format!("o{}", units[unit].0), single.then_some(name.as_str()), *choice, true)
            .unwrap()
            .unwrap()
    };
    ballots.iter().map(one).collect()
}

fn units() -> impl Strategy<Value = Units> {
    prop::collection::vec((0_u8..12, 1_u64..1_000_000), 1..30)
}

fn papers() -> impl Strategy<Value = Vec<(usize, bool, Choice)>> {
    prop::collection::vec((0_usize..30, any::<bool>(), choice()), 0..40)
}

fn sound(out: &Outcome) {
    for side in [out.yes, out.no, out.abstain] {
        assert!(side.area <= out.part.area && side.heads <= out.part.heads);
    }
    let heads = out.yes.heads + out.no.heads + out.abstain.heads;
    assert!(heads <= out.part.heads && out.part.heads <= out.total.heads);
    assert!(out.part.area <= out.total.area);
    assert_eq!(
        out.verdict == Verdict::Passed,
        out.quorum_area && out.quorum_heads && out.pass_area && out.pass_heads
    );
}

proptest! {
    #[test]
    fn the_order_of_ballots_never_matters(
        rule in rule(), units in units(), papers in papers(), turn in any::<prop::sample::Index>(),
    ) {
        let names = named(&units);
        let roll = roll(&names);
        let mut ballots = made(&roll, &units, &papers);
        let first = count(&rule, &roll, &[], ballots.iter().copied()).unwrap();
        sound(&first);
        ballots.reverse();
        if !ballots.is_empty() {
            let by = turn.index(ballots.len());
            ballots.rotate_left(by);
        }
        prop_assert_eq!(count(&rule, &roll, &[], ballots).unwrap(), first);
    }

    /// An owner who splits a unit in two keeps area, head and weight.
    #[test]
    fn splitting_units_never_helps(rule in rule(), units in units(), papers in papers(), at in any::<prop::sample::Index>()) {
        let rule = Rule { per_unit: false, ..rule };
        let papers: Vec<_> = papers.into_iter().map(|(unit, _, choice)| (unit % units.len(), false, choice)).collect();
        let names = named(&units);
        let whole = roll(&names);
        let before = count(&rule, &whole, &[], made(&whole, &units, &papers)).unwrap();
        let mut split = units.clone();
        let at = at.index(units.len());
        prop_assume!(split[at].1 > 1);
        let (owner, area) = split[at];
        split[at].1 = area / 2;
        split.push((owner, area - area / 2));
        let names = named(&split);
        let halves = roll(&names);
        prop_assert_eq!(count(&rule, &halves, &[], made(&halves, &split, &papers)).unwrap(), before);
    }

    #[test]
    fn a_stricter_rule_never_passes_what_a_looser_one_refused(
        units in units(), papers in papers(), a in share(), b in share(), quorum in share(),
    ) {
        let (strict, loose) = if a.implies(b) { (a, b) } else { (b, a) };
        prop_assert!(strict.implies(loose));
        let names = named(&units);
        let roll = roll(&names);
        let ballots = made(&roll, &units, &papers);
        let of = |attend, agree| {
            let rule = Rule { attend: Some(attend), agree, ..owners_rule(4).unwrap() };
            count(&rule, &roll, &[], ballots.iter().copied()).unwrap().verdict == Verdict::Passed
        };
        prop_assert!(!of(quorum, strict) || of(quorum, loose));
        prop_assert!(!of(strict, quorum) || of(loose, quorum));
    }

    #[test]
    fn what_is_needed_is_the_least_that_is_enough(share in share(), whole in 1_u64..u64::MAX, have in any::<u64>()) {
        let need = share.need(whole);
        prop_assert!(need >= 1 && need <= whole);
        prop_assert!(share.reached(need, whole));
        prop_assert!(!share.reached(need - 1, whole));
        prop_assert_eq!(share.gap(have, whole).met(), share.reached(have, whole));
    }

    /// What is told to be certain stays so, whoever else votes.
    #[test]
    fn certain_is_certain(rule in rule(), units in units(), papers in papers(), later in papers()) {
        let names = named(&units);
        let roll = roll(&names);
        let ballots = made(&roll, &units, &papers);
        let mut counter = Counter::new(&rule, &roll);
        for ballot in &ballots {
            counter.add(*ballot).unwrap();
        }
        let settled = counter.settled(&[]).unwrap();
        // Under one vote without change, a later ballot comes from a head that has said nothing yet.
        for ballot in made(&roll, &units, &later) {
            if !ballots.iter().any(|b| b.head == ballot.head) {
                counter.add(ballot).unwrap();
            }
        }
        let passed = counter.outcome(&[]).unwrap().verdict == Verdict::Passed;
        match settled {
            Some(Settled::Passes) => prop_assert!(passed),
            Some(Settled::Fails) => prop_assert!(!passed),
            None => {}
        }
    }

    #[test]
    fn a_meeting_passes_exactly_when_nothing_is_missing(
        attend in prop::option::of(share()), agree in share(),
        base in prop::sample::select(tally::rule::Base::ALL),
        (yes, no, abstain, invalid) in (0_u64..200, 0_u64..200, 0_u64..200, 0_u64..9), idle in 0_u64..50, away in 0_u64..300,
    ) {
        let attending = yes + no + abstain + invalid + idle;
        prop_assume!(attending + away > 0);
        let rule = Rule { attend, agree, agree_of: base, ..Rule::shipped("resident_reps").unwrap().clone() };
        let c = meeting::Count { eligible: attending + away, attending, yes, no, abstain, invalid };
        let out = meeting::count(&rule, &c).unwrap();
        let missing = out.attend.map_or(0, |g| g.missing) + out.agree.missing;
        prop_assert_eq!(out.verdict == Verdict::Passed, missing == 0);
    }
}
