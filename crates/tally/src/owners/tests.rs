use super::*;
use crate::rule::owners_rule;

fn area(text: &str) -> Area {
    Area::parse(text).unwrap()
}

/// Units as `(id, owner, area)`; an owner that begins with `?` has a unit that was not handed over, one that begins with
/// `P` and a space a parking space.
fn roll<'a>(units: &[(&'a str, &'a str, &str)], parking_counts: bool) -> Roll<'a> {
    try_roll(units, parking_counts).unwrap()
}

fn try_roll<'a>(units: &[(&'a str, &'a str, &str)], parking_counts: bool) -> Result<Roll<'a>, Fault> {
    let entries = units.iter().map(|(id, owner, size)| {
        let (owner, state) = match owner.strip_prefix('?') {
            Some(owner) => (owner, State::Undelivered),
            None => (*owner, State::Delivered),
        };
        let (owner, kind) = match owner.strip_prefix("P ") {
            Some(owner) => (owner, Kind::Parking),
            None => (owner, Kind::Exclusive),
        };
        Entry { id, owner, area: area(size), state, kind }
    });
    Roll::new(entries, parking_counts)
}

fn run(rule: &Rule, roll: &Roll<'_>, ballots: &[(&str, &str, Choice)]) -> Outcome {
    let made = ballots.iter().filter_map(|(owner, unit, choice)| {
        roll.ballot(owner, (!unit.is_empty()).then_some(*unit), *choice, true).unwrap()
    });
    count(rule, roll, &[], made).unwrap()
}

fn pair(text: &str, heads: u64) -> Pair {
    Pair { area: area(text), heads }
}

fn ordinary() -> Rule {
    owners_rule(4).unwrap()
}

use Choice::{Abstain, Conform, Invalid as Bad, No, Yes};

const FOUR: [(&str, &str, &str); 4] =
    [("u1", "a", "100.00"), ("u2", "b", "100.00"), ("u3", "c", "100.00"), ("u4", "d", "100.00")];

#[test]
fn owners_of_several_units_joint_owners_and_the_developer_are_one_head_each() {
    let units = [
        ("u1", "a", "100.00"),
        ("u2", "a", "50.50"),
        ("u3", "a&b", "80.00"),
        ("u4", "b & a", "20.00"),
        ("u5", "?c", "70.00"),
        ("u6", "?", "30.00"),
        ("u7", "c", "10.00"),
        ("u8", DEVELOPER, "1.00"),
    ];
    let roll = roll(&units, false);
    let heads: Vec<(&str, String)> = roll.heads().iter().map(|h| (h.key, h.area.to_string())).collect();
    let wanted = [("a", "150.50"), ("a&b", "100.00"), (DEVELOPER, "101.00"), ("c", "10.00")];
    assert_eq!(heads, wanted.map(|(key, size)| (key, size.to_owned())));
    assert_eq!(roll.total(), pair("361.50", 4));
}

#[test]
fn parking_counts_only_where_the_owners_rules_say_so() {
    let units = [("u1", "a", "100.00"), ("p1", "P a", "12.50"), ("p2", "P k", "12.50")];
    assert_eq!(roll(&units, false).total(), pair("100.00", 1));
    assert_eq!(roll(&units, true).total(), pair("125.00", 2));
    let without = roll(&units, false);
    assert_eq!(without.ballot("k", None, Yes, true).unwrap(), None);
    assert_eq!(without.ballot("a", Some("p1"), Yes, true).unwrap(), None, "parking has no vote of its own");
    let whole = without.ballot("a", Some("p1"), Yes, false).unwrap().unwrap();
    assert_eq!(whole.unit, None, "but whoever names it speaks for the flat");
    // What is still the developer's is no reason to refuse the whole file to whoever bought it.
    let entry = |id, owner, state, kind| Entry { id, owner, area: area("10"), state, kind };
    let sold = entry("u1", "a", State::Delivered, Kind::Exclusive);
    let bought = entry("u2", "a", State::Undelivered, Kind::Exclusive);
    let stall = entry("p1", "k", State::Unsold, Kind::Parking);
    let all = Roll::new([sold, bought, stall], false).unwrap();
    assert_eq!(all.ballot("a", Some("u2"), Yes, false), Ok(None));
    let stalls = Roll::new([entry("u1", "a", State::Delivered, Kind::Exclusive), stall], false).unwrap();
    assert_eq!(stalls.ballot(DEVELOPER, None, Yes, false), Ok(None), "a developer of nothing that counts");
    assert!(roll(&units, true).ballot("k", Some("p2"), Yes, true).unwrap().is_some());
}

#[test]
fn exact_thirds_and_halves() {
    let units: Vec<(String, String)> = (0..12).map(|n| (format!("u{n}"), format!("o{n}"))).collect();
    let entries: Vec<(&str, &str, &str)> =
        units.iter().map(|(u, o)| (u.as_str(), o.as_str(), "100.00")).collect();
    let roll = roll(&entries, false);
    let of = |item, yes: usize, no: usize| {
        let yes = units.iter().take(yes).map(|(_, o)| (o.as_str(), "", Yes));
        let no = units.iter().rev().take(no).map(|(_, o)| (o.as_str(), "", No));
        run(&owners_rule(item).unwrap(), &roll, &yes.chain(no).collect::<Vec<_>>()).verdict
    };
    assert_eq!(of(4, 5, 3), Verdict::Passed);
    assert_eq!(of(4, 4, 4), Verdict::Rejected, "half is not more than half");
    assert_eq!(of(4, 7, 0), Verdict::NoQuorum);
    assert_eq!(of(6, 6, 2), Verdict::Passed, "three quarters are enough");
    assert_eq!(of(7, 8, 3), Verdict::Rejected);
    assert_eq!(of(8, 9, 3), Verdict::Passed);
    assert_eq!(of(9, 7, 5), Verdict::Passed);
    assert!(owners_rule(0).is_none() && owners_rule(10).is_none());
}

#[test]
fn area_and_heads_must_both_agree() {
    let units = [("s", "s", "600.00"), ("u1", "a", "100.00"), ("u2", "b", "100.00"), ("u3", "c", "100.00")];
    let roll = roll(&units, false);
    let rich = run(&ordinary(), &roll, &[("s", "", Yes), ("a", "", No), ("b", "", No), ("c", "", No)]);
    assert_eq!((rich.pass_area, rich.pass_heads, rich.verdict), (true, false, Verdict::Rejected));
    let many = run(&ordinary(), &roll, &[("s", "", No), ("a", "", Yes), ("b", "", Yes), ("c", "", Yes)]);
    assert_eq!((many.pass_area, many.pass_heads, many.verdict), (false, true, Verdict::Rejected));
}

#[test]
fn abstaining_counts_in_what_agreement_is_measured_against() {
    let roll = roll(&FOUR, false);
    let out = run(&ordinary(), &roll, &[("a", "", Yes), ("b", "", Yes), ("c", "", Abstain), ("d", "", No)]);
    assert_eq!((out.part, out.verdict), (pair("400.00", 4), Verdict::Rejected));
}

#[test]
fn invalid_ballots_follow_the_rule() {
    let roll = roll(&FOUR, false);
    let ballots = [("a", "", Yes), ("b", "", Yes), ("c", "", Bad)];
    let out = run(&ordinary(), &roll, &ballots);
    assert_eq!((out.part, out.verdict), (pair("200.00", 2), Verdict::NoQuorum));
    let rule = Rule { invalid: Invalid::AsAbstain, ..ordinary() };
    let out = run(&rule, &roll, &ballots);
    assert_eq!((out.part, out.abstain), (pair("300.00", 3), pair("100.00", 1)));
    assert_eq!(out.verdict, Verdict::Passed);
    // Whoever returned a ballot was not silent.
    let rule = Rule { silence: Silence::FollowMajority, ..ordinary() };
    assert_eq!(run(&rule, &roll, &ballots).part, pair("300.00", 3));
}

#[test]
fn silence_follows_only_whoever_leads_by_area_and_heads() {
    let rule = Rule { silence: Silence::FollowMajority, ..ordinary() };
    let units = [
        ("s", "s", "500.00"),
        ("u1", "a", "100.00"),
        ("u2", "b", "100.00"),
        ("u3", "c", "100.00"),
        ("u4", "d", "100.00"),
    ];
    let roll = roll(&units, false);
    let split = run(&rule, &roll, &[("s", "", Yes), ("a", "", No), ("b", "", No)]);
    assert!(split.no_common_majority);
    assert_eq!((split.part, split.yes, split.no), (pair("900.00", 5), pair("500.00", 1), pair("200.00", 2)));
    let led = run(&rule, &roll, &[("s", "", No), ("a", "", No), ("b", "", Yes)]);
    assert_eq!((led.no, led.no_common_majority), (pair("800.00", 4), false));
    let nobody = run(&rule, &roll, &[]);
    assert_eq!((nobody.part, nobody.no_common_majority), (pair("900.00", 5), true));
    assert_eq!(nobody.verdict, Verdict::Rejected);
    let all: Vec<_> = ["s", "a", "b", "c", "d"].map(|o| (o, "", if o == "s" { Yes } else { No })).to_vec();
    assert!(!run(&rule, &roll, &all).no_common_majority, "nobody is silent, so nobody follows");
}

#[test]
fn conforming_ballots_follow_without_any_rule() {
    let roll = roll(&FOUR, false);
    let out = run(&ordinary(), &roll, &[("a", "", Yes), ("b", "", Yes), ("c", "", No), ("d", "", Conform)]);
    assert_eq!(
        (out.yes, out.following, out.verdict),
        (pair("300.00", 3), pair("100.00", 1), Verdict::Passed)
    );
    let tie = run(&ordinary(), &roll, &[("a", "", Yes), ("c", "", No), ("d", "", Conform)]);
    assert_eq!((tie.part, tie.yes, tie.no_common_majority), (pair("300.00", 3), pair("100.00", 1), true));
}

#[test]
fn who_was_not_served_never_takes_part() {
    let mut roll = roll(&FOUR, false);
    roll.not_served("d").unwrap();
    assert_eq!(roll.not_served("zz"), Err(Why::NotOnRoll("zz".into())));
    let rule = Rule { silence: Silence::FollowMajority, ..ordinary() };
    let out = run(&rule, &roll, &[("a", "", Yes), ("d", "", No)]);
    assert_eq!((out.part, out.no), (pair("300.00", 3), pair("0.00", 0)));
    assert_eq!(out.returned_unserved, ["d"]);
    assert_eq!(out.total, pair("400.00", 4));
}

#[test]
fn a_vote_for_each_unit_splits_area_and_leaves_the_head_on_no_side() {
    let rule = Rule { per_unit: true, ..ordinary() };
    let units = [("u1", "A", "100.00"), ("u2", "A", "60.00"), ("u3", "b", "100.00"), ("u4", "c", "100.00")];
    let roll = roll(&units, false);
    let out = run(&rule, &roll, &[("A", "u1", Yes), ("A", "u2", No), ("b", "u3", Yes), ("c", "", Yes)]);
    assert_eq!((out.yes, out.no), (pair("300.00", 2), pair("60.00", 0)));
    assert_eq!((out.part, out.split), (pair("360.00", 3), vec!["A".to_owned()]));
    let same = run(&rule, &roll, &[("A", "u1", Yes), ("A", "u2", Yes)]);
    assert_eq!((same.yes, same.split.len()), (pair("160.00", 1), 0));
    let one = run(&rule, &roll, &[("A", "u1", Yes)]);
    assert_eq!((one.part, one.yes), (pair("100.00", 1), pair("100.00", 1)));
    let rest = run(&rule, &roll, &[("A", "", No), ("A", "u1", Yes)]);
    assert_eq!((rest.yes, rest.no), (pair("100.00", 0), pair("60.00", 0)));
    let follows = run(&rule, &roll, &[("A", "u1", Yes), ("A", "u2", Conform), ("b", "", Yes)]);
    assert_eq!((follows.yes, follows.split.len()), (pair("260.00", 2), 0));
    // Without votes per unit a ballot for one unit speaks for all.
    let whole = run(&ordinary(), &roll, &[("A", "u1", Yes)]);
    assert_eq!(whole.yes, pair("160.00", 1));
}

#[test]
fn the_same_ballot_twice_is_one_and_two_different_ones_are_split() {
    let roll = roll(&FOUR, false);
    let twice = run(&ordinary(), &roll, &[("a", "", Yes), ("a", "", Yes)]);
    assert_eq!(twice.yes, pair("100.00", 1));
    for ballots in [[("a", "", Yes), ("a", "", No)], [("a", "", No), ("a", "", Yes)]] {
        let out = run(&ordinary(), &roll, &ballots);
        assert_eq!((out.part, out.yes, out.no), (pair("100.00", 1), Pair::default(), Pair::default()));
        assert_eq!(out.split, ["a"]);
    }
    let spoiled = run(&ordinary(), &roll, &[("a", "", Bad), ("a", "", Yes)]);
    assert_eq!(spoiled.yes, pair("100.00", 1));
}

#[test]
fn strangers_and_other_peoples_units_are_refused() {
    let roll = roll(&[("u1", "a", "100.00"), ("u2", "b", "50.00"), ("u3", "?e", "50.00")], false);
    assert_eq!(roll.ballot("zz", None, Yes, true), Err(("owner", Why::NotOnRoll("zz".into()))));
    assert_eq!(roll.ballot("a", Some("u9"), Yes, true), Err(("unit", Why::NotOnRoll("u9".into()))));
    assert_eq!(roll.ballot("a", Some("u2"), Yes, true), Err(("unit", Why::NotTheirs("u2".into()))));
    assert_eq!(roll.ballot("e", Some("u3"), Yes, true), Ok(None));
    assert!(roll.ballot(DEVELOPER, Some("u3"), Yes, true).unwrap().is_some());
    let stray = Ballot { head: 99, unit: None, choice: Yes };
    assert_eq!(count(&ordinary(), &roll, &[], [stray]).unwrap_err().field, "ballots");
}

#[test]
fn rolls_that_cannot_be_are_refused() {
    let field = |units: &[(&str, &str, &str)]| try_roll(units, false).unwrap_err().field;
    assert_eq!(field(&[("u1", "a", "1.00"), ("u1", "b", "1.00")]), "units[1].id");
    assert_eq!(field(&[("", "a", "1.00")]), "units[0].id");
    assert_eq!(field(&[("u1", "", "1.00")]), "units[0].owner");
    assert_eq!(field(&[("u1", "a&", "1.00")]), "units[0].owner");
    assert_eq!(field(&[("u1", "a", "0.00")]), "units[0].area");
    let most = "10000000000000.00";
    assert_eq!(field(&[("u1", "a", most), ("u2", "b", "0.01")]), "units[1].area");
}

#[test]
fn nobody_on_the_roll_decides_nothing() {
    for item in [4, 6] {
        let rule = owners_rule(item).unwrap();
        let out = count(&rule, &Roll::default(), &[], []).unwrap();
        assert_eq!((out.verdict, out.pass_area, out.quorum_heads), (Verdict::NoQuorum, false, false));
    }
}

#[test]
fn groups_count_like_the_owners_they_stand_for() {
    let group = |count, choice| Group { count, area_each: area("89.50"), choice };
    let groups = [group(500, Yes), group(200, No), group(33, Abstain), group(368, Choice::None)];
    let out = count(&ordinary(), &Roll::default(), &groups, []).unwrap();
    assert_eq!((out.total, out.part.heads), (pair("98539.50", 1101), 733));
    assert_eq!(out.verdict, Verdict::NoQuorum);
    let gap = out.gaps.quorum_heads.unwrap();
    assert_eq!((gap.need, gap.missing), (734, 1));
    let rule = Rule { silence: Silence::FollowMajority, ..ordinary() };
    let led = count(&rule, &Roll::default(), &groups, []).unwrap();
    assert_eq!((led.yes.heads, led.verdict), (868, Verdict::Passed));
    let huge = Group { count: u64::MAX, area_each: Area::MOST, choice: Yes };
    assert_eq!(count(&ordinary(), &Roll::default(), &[huge], []).unwrap_err().field, "groups[0].count");
    let most = Group { count: 1, area_each: Area::MOST, choice: Yes };
    assert_eq!(count(&ordinary(), &Roll::default(), &[most, most], []).unwrap_err().field, "groups[1].count");
}

#[test]
fn what_is_certain_before_the_end() {
    let roll = roll(&FOUR, false);
    let settled = |rule: &Rule, ballots: &[(&str, Choice)]| {
        let mut counter = Counter::new(rule, &roll);
        for (owner, choice) in ballots {
            counter.add(roll.ballot(owner, None, *choice, true).unwrap().unwrap()).unwrap();
        }
        counter.settled(&[]).unwrap()
    };
    assert_eq!(settled(&ordinary(), &[("a", Yes), ("b", Yes), ("c", Yes)]), Some(Settled::Passes));
    assert_eq!(settled(&ordinary(), &[("a", Yes), ("b", Yes)]), None);
    assert_eq!(settled(&ordinary(), &[("a", No), ("b", No)]), Some(Settled::Fails));
    assert_eq!(settled(&ordinary(), &[("a", No), ("b", Conform)]), None);
    assert_eq!(settled(&owners_rule(6).unwrap(), &[("a", No), ("b", Abstain)]), Some(Settled::Fails));
    let may_change = Rule { revote: Revote::Last, ..ordinary() };
    assert_eq!(settled(&may_change, &[("a", No), ("b", No), ("c", No), ("d", No)]), None);
}
