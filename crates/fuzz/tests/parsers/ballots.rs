//! Rolls as they are brought, the file by which a result is counted again, and days that come again.

use crate::text;
use councils::{
    model::{DayOff, Recurrence, Rhythm},
    rules as councils_rules,
};
use fuzz::{Target, run};
use kernel::calendar::Calendar;
use polls::{
    model::{Outcome, Shape, Trust},
    rules::{
        self, Group, build, read_sheet,
        recount::{FORMAT, File, recount},
    },
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use tally::Rule;

const OWNERS: Shape = Shape::Owners { conform: true };

const ROLL: &str = "房号，业主，建筑面积（㎡），交付状态，类型，证件号，电话\n1-101，陈国强，100.00，已交付，住宅，3301，13900000001\n\
                    1-102，陈国强，50，，，3301，13900000001\n1-201，刘洋、何丽，90.5㎡，，，，\n2-101，，200，未售，，，\n车位1，孙伟，12，，车位，，\n";
const PERSONS: &str = "户号\t姓名\t电话\n1\t马玉兰\t139 0000 0001\n2\t马强\t13900000001\n3\t马强\t\n";

#[test]
fn rolls() {
    let words = [
        "未售",
        "未交付",
        "车位",
        "房号",
        "面积",
        "姓名",
        "unit",
        "name",
        "area",
        "state",
        "kind",
        "phone",
        "㎡",
        "&",
        "、",
        "，",
        "\t",
        "1e9",
        "-1",
        "99999999999999999999",
        "0.005",
        "\u{0}",
    ];
    let samples = vec![ROLL.as_bytes().to_vec(), PERSONS.as_bytes().to_vec()];
    let target = Target { name: "rolls", samples, words: &words, memory: 64 };
    run(&target, |input| {
        let sheets = [Some(rules::cells(&text(input))), ui::sheet::read(input).ok()];
        for sheet in sheets.iter().flatten() {
            for shape in [OWNERS, Shape::Sides] {
                let Ok(lines) = read_sheet(&shape, sheet) else { continue };
                let Ok(mut built) = build(&shape, true, &lines) else { continue };
                // The published text says the same as the list of heads that is kept.
                let rows = rules::rows(&built.text).unwrap();
                assert_eq!(rows.len(), built.lines as usize);
                let heads: HashSet<u32> = rows.iter().map(|row| row.head).collect();
                assert_eq!(heads, built.heads.iter().map(|head| head.number).collect::<HashSet<u32>>());
                let area: u64 = built.heads.iter().map(|head| head.area).sum();
                assert_eq!(area, built.area);
                // Whose telephone it is nobody knows: nobody is a person, and each is known by it on one head at most.
                rules::identify(&mut built.heads, &HashMap::new());
                let mut known = HashMap::new();
                for head in &built.heads {
                    assert!(head.person.is_none());
                    if let Some(phone) = head.known_by()
                        && let Some(paper) = known.insert(phone, &head.paper)
                    {
                        assert!(paper.is_some() && *paper == head.paper, "two people by one telephone");
                    }
                }
            }
        }
    });
}

/// A small result with its count.
fn result(shape: Shape, rule: &str, secret: bool) -> File {
    let sheet = rules::cells(if matches!(shape, Shape::Owners { .. }) { ROLL } else { PERSONS });
    let built = build(&shape, false, &read_sheet(&shape, &sheet).unwrap()).unwrap();
    let rule = Rule::shipped(rule).unwrap();
    let owners = matches!(shape, Shape::Owners { .. });
    let vote = if shape.has_options() { "1" } else { "yes" };
    let ballots = built
        .heads
        .iter()
        .map(|head| Group {
            vote: vote.to_owned(),
            n: 1,
            area: owners.then(|| tally::Area::new(head.area).unwrap()),
            heads: if secret { Vec::new() } else { vec![head.number] },
        })
        .collect();
    let mut file = File {
        format: FORMAT.into(),
        number: "BJ-2026-0001".into(),
        title: "充电棚".into(),
        text: "建".into(),
        ballot: shape,
        secret,
        published: Trust::Open,
        options: if shape.has_options() { vec!["甲".into(), "乙".into()] } else { Vec::new() },
        opens: String::new(),
        closes: String::new(),
        rule: rule.clone(),
        rule_sha256: rule.pin_hex(),
        roll_sha256: hex::encode(Sha256::digest(&built.text)),
        roll: built.text,
        unserved: Vec::new(),
        handed: secret.then_some(3),
        ballots,
        struck: BTreeMap::new(),
        outcome: Outcome::default(),
    };
    file.outcome = file.count().unwrap();
    file
}

#[test]
fn recounts() {
    let samples = [
        (OWNERS, "owners_ordinary", false),
        (Shape::Sides, "consultation", false),
        (Shape::Marks { most: 1, places: 1 }, "consultation", true),
        (Shape::Ranking, "consultation", true),
        (Shape::Election { seats: 1 }, "election_voters", true),
    ];
    let samples: Vec<Vec<u8>> = samples
        .into_iter()
        .map(|(shape, rule, secret)| result(shape, rule, secret).bytes().unwrap())
        .collect();
    for sample in &samples {
        assert!(recount(sample).unwrap().wrong.is_empty(), "a result of ours is counted again as it was");
    }
    let words = [
        "18446744073709551615",
        "4294967295",
        "-1",
        "1,2",
        "+甲",
        "invalid",
        "\"owners\"",
        "\"election\"",
        "\"ranking\"",
        "\"marks\"",
        "\"seats\": 0",
        "\"most\": 4294967295",
        "\"places\": 0",
        "null",
        "\\n",
        "yishiting-roll 1\\n",
    ];
    let target = Target { name: "recounts", samples, words: &words, memory: 64 };
    run(&target, |input| {
        if let Ok(again) = recount(input) {
            // What is found does not depend on how the file was laid out.
            let own = recount(&again.file.bytes().unwrap()).unwrap();
            assert_eq!((own.outcome, own.wrong), (again.outcome, again.wrong));
        }
    });
}

#[test]
fn rhythms() {
    let samples =
        ["FREQ=MONTHLY;BYMONTHDAY=5,15,25", "FREQ=MONTHLY;BYMONTHDAY=30,31,-1", "FREQ=WEEKLY;BYDAY=MO"];
    let more = ["FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=-1FR"];
    let samples = samples.iter().chain(&more).map(|rule| rule.as_bytes().to_vec()).collect();
    let words =
        ["FREQ=", "BYDAY=", "BYMONTHDAY=", ";", ",", "-1", "SU", "31", "32", "0", "4294967296", "5MO", "+1"];
    let target = Target { name: "rhythms", samples, words: &words, memory: 32 };
    let calendar = Calendar::shipped();
    let after = kernel::time::parse_stamp("2026-03-02T08:00:00Z").unwrap();
    run(&target, |input| {
        let text = text(input);
        let Ok(rule) = text.parse::<Recurrence>() else { return };
        assert_eq!(rule.to_string(), text, "one way to write it");
        assert_eq!(rule.to_string().parse(), Ok(rule.clone()));
        let _ = councils_rules::gaps(&rule, 2028);
        for off in [DayOff::Keep, DayOff::NextWorkday] {
            let at = chrono::NaiveTime::from_hms_opt(19, 0, 0).unwrap();
            let rhythm = Rhythm { rule: rule.clone(), at, minutes: 90, venue: "议事厅".into(), off };
            let next = councils_rules::next(&rhythm, &calendar, after, 12);
            assert_eq!(next.len(), 12, "{text}");
            assert!(next.iter().all(|o| o.starts > after && o.ends > o.starts && o.day >= o.of));
            assert!(next.windows(2).all(|two| two[0].of < two[1].of && two[0].day <= two[1].day));
        }
    });
}
