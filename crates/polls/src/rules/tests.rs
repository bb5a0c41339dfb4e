//! The machine, the count, the roll: what holds whatever is brought.

use super::{
    EDGES, Line, build,
    count::{Counted, Group, count},
    goes,
    recount::{FORMAT, File, recount},
    roll::DEVELOPER,
    rows,
    rule::{Own, pick},
};
use crate::model::{Outcome, PollState, Shape, Trust};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use tally::{
    Area, Rule, Verdict,
    owners::{Kind, State},
};

#[test]
fn nothing_leads_back_to_an_open_poll_or_out_of_an_end() {
    let into_open: Vec<_> = EDGES.iter().filter(|(_, to)| *to == PollState::Open).collect();
    assert_eq!(into_open, [&(PollState::Noticed, PollState::Open)]);
    for (from, _) in EDGES {
        assert!(!matches!(from, PollState::Void | PollState::Annulled), "{from} is an end");
    }
    // From anything that was open, open is never reached again.
    let mut reached = vec![PollState::Open];
    while let Some(next) =
        PollState::ALL.iter().find(|to| !reached.contains(to) && reached.iter().any(|from| goes(*from, **to)))
    {
        reached.push(*next);
    }
    assert!(
        !reached.contains(&PollState::Noticed)
            && !EDGES.iter().any(|(f, t)| reached.contains(f) && *t == PollState::Open)
    );
}

#[test]
fn a_rule_fits_its_shape_and_the_owners_own_rules_name_their_article() {
    let owners = Shape::Owners { conform: false };
    let code = |r: Result<tally::rule::Pinned, kernel::Refusal>| r.map_or_else(|e| e.code, |_| "taken");
    assert_eq!(code(pick(&owners, false, "owners_special", &Own::default())), "taken");
    assert_eq!(code(pick(&owners, true, "owners_special", &Own::default())), "polls.secret-area");
    assert_eq!(
        code(pick(&Shape::Election { seats: 1 }, false, "election_voters", &Own::default())),
        "polls.secret-rule"
    );
    assert_eq!(code(pick(&Shape::Sides, false, "owners_special", &Own::default())), "polls.no-rule");
    let silent = Own { silence_follows: true, ..Own::default() };
    assert_eq!(code(pick(&owners, false, "owners_special", &silent)), "polls.own-article");
    assert_eq!(code(pick(&Shape::Sides, false, "resident_reps", &silent)), "polls.own-not-here");
    let named = Own { article: Some("第十二条".into()), ..silent };
    let (own, plain) = (
        pick(&owners, false, "owners_special", &named).unwrap(),
        pick(&owners, false, "owners_special", &Own::default()).unwrap(),
    );
    assert!(own.holds() && own.hash != plain.hash && own.rule.laws.len() == plain.rule.laws.len() + 1);
    let again = Own { revote: true, article: Some("第三条".into()), ..Own::default() };
    assert_eq!(code(pick(&Shape::Sides, true, "consultation", &again)), "polls.secret-revote");
}

fn line(unit: usize, owner: &str, area: u64, state: State, kind: Kind) -> Line {
    Line {
        unit: format!("u{unit}"),
        name: owner.to_owned(),
        paper: None,
        phone: None,
        person: None,
        area: Area::new(area).unwrap(),
        state,
        kind,
    }
}

prop_compose! {
    /// A compound: each line an owner of few, an area, sold or not, flat or parking.
    fn compound()(rows in prop::collection::vec((0usize..12, 1u64..20_000, 0u8..8, 0u8..6), 1..40)) -> Vec<Line> {
        rows.into_iter().enumerate().map(|(n, (owner, area, sold, kind))| {
            let state = match sold { 0 => State::Unsold, 1 => State::Undelivered, _ => State::Delivered };
            let kind = if kind == 0 { Kind::Parking } else { Kind::Exclusive };
            line(n, &format!("业主{owner}"), area, state, kind)
        }).collect()
    }
}

fn file(lines: &[Line], rule: &Rule, ballots: Vec<Group>, unserved: Vec<u32>, trust: Trust) -> Option<File> {
    let shape = Shape::Owners { conform: true };
    let built = build(&shape, rule.parking_counts, lines).ok()?;
    let mut file = File {
        format: FORMAT.into(),
        number: "BJ-2026-0001".into(),
        title: "充电棚".into(),
        text: "建".into(),
        ballot: shape,
        secret: false,
        published: trust,
        options: Vec::new(),
        opens: String::new(),
        closes: String::new(),
        rule: rule.clone(),
        rule_sha256: rule.pin_hex(),
        roll_sha256: hex::encode(Sha256::digest(&built.text)),
        roll: built.text,
        unserved,
        handed: None,
        ballots,
        struck: BTreeMap::new(),
        outcome: Outcome::default(),
    };
    file.outcome = file.count().unwrap();
    Some(file)
}

const SAID: [&str; 5] = ["yes", "no", "abstain", "conform", "invalid"];

proptest! {
    /// Grouping by vote and area, which is what is published, counts the same as counting head by head; and the file of either
    /// gives its own outcome again.
    #[test]
    fn what_is_published_counts_as_what_was_cast(
        lines in compound(),
        said in prop::collection::vec(0usize..7, 40),
        special in any::<bool>(),
        follow in any::<bool>(),
        shuffle in any::<prop::sample::Index>(),
    ) {
        let own = Own { silence_follows: follow, article: Some("第一条".into()), ..Own::default() };
        let code = if special { "owners_special" } else { "owners_ordinary" };
        let rule = pick(&Shape::Owners { conform: true }, false, code, &own).unwrap().rule;
        let Ok(built) = build(&Shape::Owners { conform: true }, false, &lines) else { return Ok(()) };
        let mut cast = Vec::new();
        let mut unserved = Vec::new();
        for (head, said) in built.heads.iter().zip(&said) {
            match SAID.get(*said) {
                Some(vote) => cast.push((head.number, head.area, (*vote).to_owned())),
                None if *said == 5 && follow => unserved.push(head.number),
                None => {}
            }
        }
        let open = file(&lines, &rule, File::grouped(Trust::Open, false, true, &cast), unserved.clone(), Trust::Open).unwrap();
        // The order in which ballots came never matters.
        if !cast.is_empty() {
            let at = shuffle.index(cast.len());
            cast.rotate_left(at);
        }
        let grouped = file(&lines, &rule, File::grouped(Trust::Grouped, false, true, &cast), unserved, Trust::Grouped).unwrap();
        prop_assert_eq!(&open.outcome, &grouped.outcome);
        for file in [open, grouped] {
            let again = recount(&file.bytes().unwrap()).unwrap();
            prop_assert!(again.wrong.is_empty(), "{:?}", again.wrong);
            prop_assert_eq!(&again.outcome, &file.outcome);
        }
    }

    /// Who would pass three quarters passes a half; splitting a flat into two of one owner changes nothing.
    #[test]
    fn a_stricter_rule_passes_nothing_more_and_splitting_a_unit_helps_nobody(
        lines in compound(),
        said in prop::collection::vec(0usize..3, 40),
        which in any::<prop::sample::Index>(),
    ) {
        let shape = Shape::Owners { conform: true };
        let Ok(built) = build(&shape, false, &lines) else { return Ok(()) };
        let cast: Vec<(u32, u64, String)> =
            built.heads.iter().zip(&said).filter_map(|(h, s)| Some((h.number, h.area, SAID.get(*s)?.to_string()))).collect();
        let verdict = |lines: &[Line], code: &str| {
            let rule = Rule::shipped(code).unwrap();
            let ballots = File::grouped(Trust::Open, false, true, &cast);
            file(lines, rule, ballots, Vec::new(), Trust::Open).unwrap().outcome
        };
        let (loose, strict) = (verdict(&lines, "owners_ordinary"), verdict(&lines, "owners_special"));
        prop_assert!(strict.verdict != Some(Verdict::Passed) || loose.verdict == Some(Verdict::Passed));
        let at = which.index(lines.len());
        let mut split = lines.clone();
        let half = split[at].area.hundredths() / 2;
        if half > 0 {
            let rest = split[at].area.hundredths() - half;
            let twin = Line { unit: "twin".into(), area: Area::new(half).unwrap(), ..split[at].clone() };
            split[at].area = Area::new(rest).unwrap();
            split.push(twin);
            prop_assert_eq!(verdict(&split, "owners_ordinary"), loose);
        }
    }

    /// A roll's text gives its lines again; everything unsold or not handed over is one head; areas add up.
    #[test]
    fn a_roll_says_what_was_brought(lines in compound(), parking in any::<bool>()) {
        let shape = Shape::Owners { conform: false };
        let Ok(built) = build(&shape, parking, &lines) else {
            prop_assert!(!parking && lines.iter().all(|l| l.kind == Kind::Parking));
            return Ok(());
        };
        let back = rows(&built.text).unwrap();
        prop_assert_eq!(back.len(), lines.len());
        for (row, line) in back.iter().zip(&lines) {
            prop_assert_eq!((row.unit, row.area, row.state, row.kind), (line.unit.as_str(), line.area, line.state, line.kind));
            prop_assert_eq!(row.head == DEVELOPER, line.state != State::Delivered);
        }
        let counts = |l: &&Line| parking || l.kind != Kind::Parking;
        prop_assert_eq!(built.area, lines.iter().filter(counts).map(|l| l.area.hundredths()).sum::<u64>());
        prop_assert_eq!(built.heads.iter().map(|h| h.area).sum::<u64>(), built.area);
    }

    /// Whatever bytes are brought, a recount answers; it never falls over.
    #[test]
    fn a_damaged_file_is_refused_and_never_believed(at in any::<prop::sample::Index>(), with in any::<u8>()) {
        let lines: Vec<Line> = (0..6).map(|n| line(n, &format!("业主{n}"), 8_000 + n as u64, State::Delivered, Kind::Exclusive)).collect();
        let cast: Vec<(u32, u64, String)> = (1..5).map(|h| (h, 7_999 + u64::from(h), "yes".to_owned())).collect();
        let good = file(&lines, Rule::shipped("owners_ordinary").unwrap(), File::grouped(Trust::Grouped, false, true, &cast), Vec::new(), Trust::Grouped).unwrap();
        let mut bytes = good.bytes().unwrap();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != with);
        bytes[at] = with;
        if let Ok(found) = recount(&bytes) {
            // What is still believed says the same numbers: a changed title or a blank between words.
            prop_assert!(!found.wrong.is_empty() || found.outcome == good.outcome);
        }
    }
}

#[test]
fn an_election_that_too_few_took_part_in_is_void() {
    let shape = Shape::Election { seats: 2 };
    let lines: Vec<Line> =
        (0..10).map(|n| line(n, &format!("居民{n}"), 0, State::Delivered, Kind::Exclusive)).collect();
    let built = build(&shape, false, &lines).unwrap();
    let roll = rows(&built.text).unwrap();
    let options: Vec<String> = ["甲", "乙", "丙"].map(str::to_owned).into();
    let group = |vote: &str, n| Group { vote: vote.into(), n, area: None, heads: Vec::new() };
    let run = |handed, ballots: &[Group]| {
        count(&Counted {
            shape: &shape,
            options: &options,
            rule: Rule::shipped("election_voters").unwrap(),
            roll: &roll,
            unserved: &[],
            handed: Some(handed),
            ballots,
        })
        .unwrap()
    };
    assert_eq!(
        run(5, &[group("1,2", 5)]).void.as_deref(),
        Some("turnout"),
        "more than half is asked, not half"
    );
    let good = run(6, &[group("1,2", 4), group("1+李四", 1), group("invalid", 1)]);
    assert_eq!((good.chosen, good.invalid, good.vacancies), (vec!["甲".to_owned(), "乙".to_owned()], 1, 0));
    assert_eq!(run(6, &[group("1", 7)]).void.as_deref(), Some("more_ballots_than_voters"));
}
