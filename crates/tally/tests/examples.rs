//! The examples that outside checks are made from: every case gives exactly what is expected, and changed ones are either
//! counted or refused by the path of a field, never more.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use proptest::prelude::*;
use serde_json::{Value, json};
use tally::{Why, json};

fn examples() -> Value {
    serde_json::from_str(include_str!("vote-examples.json")).unwrap()
}

#[test]
fn every_example_gives_what_is_expected() {
    let examples = examples();
    let cases = examples["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 19);
    for case in cases {
        let answer = json::case(case).unwrap_or_else(|fault| panic!("{}: {fault}", case["id"]));
        assert_eq!(serde_json::to_value(&answer.expect).unwrap(), case["expect"], "{}", case["id"]);
        assert!(answer.notes.is_empty(), "{}", case["id"]);
    }
    let json::File::Many(all) = json::file(&examples).unwrap() else {
        panic!("one answer to a file of cases")
    };
    assert_eq!(all.len(), cases.len());
}

#[test]
fn figures_are_printed_in_the_order_of_the_examples() {
    let file =
        json!({ "kind": "petition", "input": { "action": "villagers_recall", "base": 9, "signers": 2 } });
    let answer = json::case(&file).unwrap();
    assert_eq!(serde_json::to_string(&answer.expect).unwrap(), r#"{"met":true,"need":{"heads":2}}"#);
}

/// Every place of a value: its path as a JSON pointer.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, inner)| {
            found.push(format!("{at}/{key}"));
            places(inner, &format!("{at}/{key}"), found);
        }),
        Value::Array(list) => list.iter().enumerate().for_each(|(n, inner)| {
            found.push(format!("{at}/{n}"));
            places(inner, &format!("{at}/{n}"), found);
        }),
        _ => {}
    }
}

/// Fields that may be left out.
const OPTIONAL: [&str; 5] = ["rules", "parking_counts", "silence", "not_served", "kind"];

#[test]
fn a_field_of_another_type_or_left_out_is_refused_by_its_name() {
    let examples = examples();
    for case in examples["cases"].as_array().unwrap() {
        let mut found = Vec::new();
        places(&case["input"], "", &mut found);
        for place in found {
            let id = &case["id"];
            let field = place.rsplit('/').next().unwrap().to_owned();
            for wrong in [json!(true), json!(-1), json!(1.5), json!({ "x": 1 }), json!([[]])] {
                let mut changed = case.clone();
                let target = changed["input"].pointer_mut(&place).unwrap();
                // A truth where a truth belongs, and an empty list of lists nowhere.
                if target.is_boolean() && wrong.is_boolean() {
                    continue;
                }
                *target = wrong.clone();
                let fault = json::case(&changed).expect_err(&format!("{id} {place} {wrong}"));
                assert!(fault.field.starts_with("input."), "{id} {place}: {fault}");
            }
            let mut changed = case.clone();
            let (outer, _) = place.rsplit_once('/').unwrap();
            let Some(map) = changed["input"].pointer_mut(outer).unwrap().as_object_mut() else { continue };
            let is_unit = outer.ends_with("roster");
            map.remove(&field);
            if OPTIONAL.contains(&field.as_str()) || is_unit || field == "written" || field == "candidates" {
                continue;
            }
            let fault = json::case(&changed).expect_err(&format!("{id} without {place}"));
            assert_eq!((fault.field.ends_with(&field), fault.why), (true, Why::Missing), "{id} {place}");
        }
    }
}

#[test]
fn an_unknown_field_or_kind_is_refused() {
    let examples = examples();
    for case in examples["cases"].as_array().unwrap() {
        let mut changed = case.clone();
        changed["input"]["silense"] = json!("follow_majority");
        let fault = json::case(&changed).unwrap_err();
        assert_eq!((fault.field.as_str(), fault.why), ("input.silense", Why::Unexpected), "{}", case["id"]);
        let mut changed = case.clone();
        changed["kind"] = json!("owner");
        assert_eq!(json::case(&changed).unwrap_err().field, "kind");
    }
    assert_eq!(json::case(&json!([])).unwrap_err().why, Why::Wanted("object"));
    assert_eq!(json::case(&json!({ "kind": "owners" })).unwrap_err().field, "input");
    let several = json!({ "cases": [examples["cases"][0], { "kind": "meeting", "input": { "body": "x" } }] });
    assert_eq!(json::file(&several).unwrap_err().field, "cases[1].input.body");
}

fn some_json() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z0-9.&@:-]{0,12}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!("999999999999.99")),
        Just(json!(1_000_000_000_000_u64)),
    ]
}

proptest! {
    /// Whatever stands in a place, the answer is figures or a refusal.
    #[test]
    fn nothing_panics(case in 0_usize..19, place in any::<prop::sample::Index>(), value in some_json()) {
        let mut case = examples()["cases"][case].clone();
        let mut found = Vec::new();
        places(&case, "", &mut found);
        *case.pointer_mut(&found[place.index(found.len())]).unwrap() = value;
        if let Ok(answer) = json::case(&case) {
            serde_json::to_string(&answer.expect).unwrap();
        }
    }
}
