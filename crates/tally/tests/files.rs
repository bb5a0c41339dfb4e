//! Files as people write them, beyond the published examples: every kind, field and value once.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use serde_json::{Value, json};
use tally::Why;
use tally::json::{Left, answer};

fn figures(kind: &str, input: Value) -> Value {
    let answer = answer(kind, &input).unwrap_or_else(|fault| panic!("{input}: {fault}"));
    serde_json::to_value(answer.expect).unwrap()
}

fn fault(kind: &str, input: Value) -> (String, Why) {
    let fault = answer(kind, &input).unwrap_err();
    (fault.field, fault.why)
}

#[test]
fn owners_with_every_field() {
    let input = json!({
        "item": "6",
        "units": [
            { "id": "u1", "owner": "A", "area": "100.00" },
            { "id": "u2", "owner": "A", "area": "50.00" },
            { "id": "u3", "owner": "B&C", "area": "80", "kind": "shop" },
            { "id": "u4", "owner": "D", "area": "70.5", "state": "undelivered" },
            { "id": "u5", "area": "9.50", "state": "unsold" },
            { "id": "p1", "owner": "P", "area": "12.50", "kind": "parking" },
        ],
        "rules": { "parking_counts": true, "per_unit": true, "invalid": "as_abstain", "silence": "none" },
        "not_served": ["P"],
        "groups": [{ "count": 4, "area_each": "60.00", "choice": "yes" }],
        "ballots": [
            { "owner": "A", "unit": "u1", "choice": "yes" },
            { "owner": "A", "unit": "u2", "choice": "no" },
            { "owner": "C&B", "choice": "invalid" },
            { "owner": "@developer", "choice": "yes" },
            { "owner": "D", "choice": "no" },
        ],
    });
    let counted = answer("owners", &input).unwrap();
    assert_eq!(counted.notes.len(), 1);
    assert_eq!(
        (counted.notes[0].field.as_str(), counted.notes[0].reason),
        ("ballots[4].owner", Left::Voteless)
    );
    assert_eq!(
        serde_json::to_value(counted.expect).unwrap(),
        json!({
            "total_area": "562.50", "total_heads": 8, "part_area": "550.00", "part_heads": 7,
            "yes_area": "420.00", "yes_heads": 5, "no_area": "50.00", "no_heads": 0,
            "abstain_area": "80.00", "abstain_heads": 1,
            "part_area_pct": "97.77", "part_heads_pct": "87.50", "yes_area_pct": "76.36", "yes_heads_pct": "71.42",
            "quorum_area": true, "quorum_heads": true, "pass_area": true, "pass_heads": false,
            "outcome": "rejected", "flags": ["split:A"],
        })
    );
}

#[test]
fn owners_that_cannot_be() {
    let of = |patch: fn(&mut Value)| {
        let mut input = json!({
            "item": 4,
            "units": [{ "id": "u1", "owner": "A", "area": "1.00" }, { "id": "u2", "owner": "B", "area": "1.00" }],
            "ballots": [{ "owner": "A", "choice": "yes" }],
        });
        patch(&mut input);
        fault("owners", input)
    };
    let at = |patch| of(patch).0;
    assert_eq!(at(|i| i["item"] = json!(10)), "input.item");
    assert_eq!(at(|i| i["item"] = json!("four")), "input.item");
    assert_eq!(at(|i| i["units"][1]["id"] = json!("u1")), "input.units[1].id");
    assert_eq!(at(|i| i["units"][1]["area"] = json!("-1.00")), "input.units[1].area");
    assert_eq!(at(|i| i["units"][1]["area"] = json!("1.001")), "input.units[1].area");
    assert_eq!(at(|i| i["units"][1]["state"] = json!("empty")), "input.units[1].state");
    assert_eq!(at(|i| i["units"] = json!([])), "input.ballots[0].owner");
    assert_eq!(at(|i| i["ballots"][0]["owner"] = json!("Z")), "input.ballots[0].owner");
    assert_eq!(at(|i| i["ballots"][0]["unit"] = json!("u2")), "input.ballots[0].unit");
    assert_eq!(at(|i| i["ballots"][0]["choice"] = json!("maybe")), "input.ballots[0].choice");
    assert_eq!(at(|i| i["rules"] = json!({ "silence": "yes" })), "input.rules.silence");
    assert_eq!(at(|i| i["not_served"] = json!(["Z"])), "input.not_served[0]");
    assert_eq!(at(|i| i["groups"] = json!([{ "count": 1, "area_each": "1.00" }])), "input.groups[0].choice");
    let nobody = json!({ "item": 4, "units": [], "ballots": [] });
    assert_eq!(fault("owners", nobody).0, "input.units");
}

#[test]
fn heads_that_cannot_be() {
    let of = |yes: i64| json!({ "item": 4, "total": 10, "yes": yes, "no": 3, "abstain": 2, "silent_served": 1, "unserved": 1 });
    assert_eq!(figures("owners_heads", of(3))["outcome"], "rejected");
    assert_eq!(fault("owners_heads", of(4)).0, "input.yes+no+abstain+silent_served+unserved");
    assert_eq!(fault("owners_heads", of(-1)), ("input.yes".to_owned(), Why::TooSmall { least: 0 }));
}

fn meeting(extra: Value) -> Value {
    let mut input =
        json!({ "body": "owners_committee", "eligible": 7, "attending": 5, "yes": 4, "no": 1, "abstain": 0 });
    for (key, value) in extra.as_object().unwrap() {
        input[key] = value.clone();
    }
    input
}

#[test]
fn a_charter_may_ask_for_more_than_the_law() {
    let of = |extra| {
        let f = figures("meeting", meeting(extra));
        (f["need_attend"].as_u64().unwrap(), f["base"].as_u64().unwrap(), f["need_yes"].as_u64().unwrap())
    };
    assert_eq!(of(json!({})), (4, 7, 4));
    assert_eq!(of(json!({ "rule": { "attend": [2, 3, false] } })), (5, 7, 4));
    assert_eq!(of(json!({ "rule": { "yes": [2, 3, false] } })), (4, 7, 5));
    assert_eq!(of(json!({ "rule": { "yes": ["attending", 1, 2, true] } })), (4, 5, 3));
    assert_eq!(of(json!({ "rule": { "yes": ["yes_no", [1, 2, true]] } })), (4, 5, 3));
    assert_eq!(of(json!({ "rule": { "yes": [1, 2, true], "base": "valid" } })), (4, 5, 3));
    assert_eq!(of(json!({ "rule": { "attend": null, "yes": [1, 2, true, "cast"] } })), (0, 5, 3));
    let own = json!({ "eligible": 10, "attending": 4, "yes": 3, "no": 1, "abstain": 0, "rule": { "yes": ["cast", 3, 4, false] } });
    assert_eq!(figures("meeting", own)["outcome"], "passed");
}

#[test]
fn meetings_that_cannot_be() {
    let at = |extra| fault("meeting", meeting(extra)).0;
    assert_eq!(at(json!({ "body": "council" })), "input.body");
    assert_eq!(at(json!({ "body": "owners_ordinary" })), "input.body");
    assert_eq!(at(json!({ "attending": 8 })), "input.attending");
    assert_eq!(at(json!({ "invalid": 1 })), "input.yes+no+abstain+invalid");
    for bad in [
        json!([2, 0, false]),
        json!([3, 2, true]),
        json!([1, 2]),
        json!("1/2"),
        json!([1, 2, 1]),
        json!([-1, 2, true]),
    ] {
        assert_eq!(at(json!({ "rule": { "attend": bad } })), "input.rule.attend");
    }
    assert_eq!(at(json!({ "rule": { "yes": ["all", 1, 2, true] } })), "input.rule.yes");
}

#[test]
fn elections() {
    let of = |mode: &str, round: u64, marks: Value| {
        json!({
            "mode": mode, "registered": 100, "participants": 90, "collected": 90, "seats": 1, "round": round,
            "candidates": ["甲", "乙"], "ballots": [{ "count": 40, "marks": ["甲"] }, { "count": 30, "marks": marks }],
        })
    };
    let first = figures("election", of("voters", 1, json!(["辛"])));
    assert_eq!(first["votes"], json!({ "甲": 40, "辛": 30 }));
    assert_eq!((&first["elected"], &first["runoff_order"]), (&json!([]), &json!(["甲", "辛"])));
    assert_eq!(figures("election", of("reps", 2, json!([])))["elected"], json!(["甲"]));
    assert_eq!(figures("election", of("households", 1, json!(["甲", "乙"])))["invalid_ballots"], 30);
    assert_eq!(figures("election", of("households", 1, json!(["甲"])))["elected"], json!(["甲"]));
    assert_eq!(fault("election", of("voters", 3, json!([]))).0, "input.round");
    assert_eq!(fault("election", of("villagers", 1, json!([]))).0, "input.mode");
    let mut many = of("voters", 1, json!([]));
    many["ballots"][1]["count"] = json!(51);
    assert_eq!(fault("election", many).0, "input.ballots[1].count");
    let mut stuffed = of("voters", 1, json!([]));
    stuffed["collected"] = json!(91);
    let void = figures("election", stuffed);
    assert_eq!((&void["reason"], &void["votes"]), (&json!("more_ballots_than_voters"), &json!({})));
}

#[test]
fn petitions() {
    for (action, need) in [
        ("owners_interim_assembly", 21),
        ("resident_reps_meeting", 21),
        ("residents_meeting", 11),
        ("residents_nominate", 10),
        ("residents_recall", 11),
        ("residents_recall_by_reps", 34),
        ("villagers_recall", 21),
    ] {
        let of = |signers| figures("petition", json!({ "action": action, "base": 101, "signers": signers }));
        assert_eq!(of(need), json!({ "met": true, "need": { "heads": need } }), "{action}");
        assert_eq!(of(need - 1)["met"], false, "{action}");
    }
    let of = |action| fault("petition", json!({ "action": action, "base": 10, "signers": 11 })).0;
    assert_eq!(
        (of("villagers_recall"), of("strike")),
        ("input.signers".to_owned(), "input.action".to_owned())
    );
}

#[test]
fn deadlines() {
    let of = |kind: &str, days: Value, holidays: Value| json!({ "type": kind, "date": "2026-09-21", "days": days, "holidays": holidays });
    let week = || json!(["2026-10-01", "2026-10-02", "2027-09-21"]);
    assert_eq!(
        figures("deadline", of("within_days_after", json!(10), week())),
        json!({ "last_day": "2026-10-03" })
    );
    assert_eq!(
        figures("deadline", of("within_one_year_after", Value::Null, week())),
        json!({ "last_day": "2027-09-22" })
    );
    assert_eq!(
        figures("deadline", of("latest_notice_before", json!(15), Value::Null)),
        json!({ "latest_day": "2026-09-06" })
    );
    assert_eq!(
        figures("deadline", of("publish_at_least", json!(15), week())),
        json!({ "earliest_removal": "2026-10-07" })
    );
    assert_eq!(fault("deadline", of("within_days_after", Value::Null, week())).0, "input.days");
    assert_eq!(fault("deadline", of("within_days_after", json!(1), json!(["1.10."]))).0, "input.holidays[0]");
    assert_eq!(fault("deadline", of("by_tomorrow", json!(1), week())).0, "input.type");
    for date in ["2026-02-29", "2026-2-01", "20260201", "2026-02-01T00:00", "２０２６-02-01"] {
        let input = json!({ "type": "publish_at_least", "date": date, "days": 1 });
        assert_eq!(fault("deadline", input).0, "input.date", "{date}");
    }
}

#[test]
fn proxies() {
    let of = |mode: &str, written: bool| {
        let proxy = json!({ "principal": "a", "agent": "b", "written": written });
        let input = json!({ "mode": mode, "registered": ["a", "b"], "candidates": [], "proxies": [proxy] });
        figures("proxies", input)["results"][0].clone()
    };
    assert_eq!(of("voters", true), "ok");
    assert_eq!(of("households", false), "rejected:not_written");
    assert_eq!(of("reps", true), "rejected:mode_forbids_proxy");
}

#[test]
fn events() {
    let input = json!({
        "open": "2026-06-01T09:00", "close": "2026-06-15T18:00:00", "revote": "last", "roster": { "u1": "A", "u2": "B" },
        "events": [
            { "op": "add_unit", "unit": "u3", "to": "C", "t": "2026-05-31T09:00" },
            { "op": "cast", "unit": "u1", "by": "A", "choice": "yes", "t": "2026-06-01T09:00" },
            { "op": "cast", "unit": "u1", "by": "A", "choice": "no", "t": "2026-06-01T09:01" },
            { "op": "cast", "unit": "u2", "by": "B", "choice": "yes", "t": "2026-06-02T09:00", "channel": "paper" },
            { "op": "cast", "unit": "u2", "by": "B", "choice": "no", "t": "2026-06-03T09:00", "channel": "online" },
            { "op": "add_unit", "unit": "u4", "t": "2026-06-03T09:00" },
            { "op": "transfer", "unit": "u1", "to": "Z", "t": "2026-06-04T09:00" },
            { "op": "cast", "unit": "u1", "by": "Z", "choice": "yes", "t": "2026-06-04T10:00" },
        ],
    });
    assert_eq!(
        figures("events", input.clone()),
        json!({
            "results": ["ok", "ok", "ok:replaced", "ok", "rejected:paper_prevails", "rejected:roster_frozen", "ok",
                        "rejected:unit_already_voted"],
            "final": { "u1": "no", "u2": "yes" },
        })
    );
    let at = |patch: fn(&mut Value)| {
        let mut changed = input.clone();
        patch(&mut changed);
        fault("events", changed).0
    };
    assert_eq!(at(|i| i["close"] = json!("2026-06-01T09:00")), "input.close");
    assert_eq!(at(|i| i["open"] = json!("2026-06-01T09:00+08:00")), "input.open");
    assert_eq!(at(|i| i["events"][1]["choice"] = json!("none")), "input.events[1].choice");
    assert_eq!(at(|i| i["events"][1]["op"] = json!("drop")), "input.events[1].op");
    assert_eq!(at(|i| i["events"][0]["to"] = Value::Null), "input.events[0].to");
    assert_eq!(at(|i| i["roster"]["u1"] = json!(1)), "input.roster.u1");
}
