//! JSON and TOML: verbs, receipts, methods, catalogues.

use crate::text;
use fuzz::{Target, run};
use journal::{
    Hash, Receipt, Seal, receipt,
    tree::{self, Growing},
};
use kernel::{calendar::Overrides, time::parse_stamp};
use matters::model::{Input, VERBS};
use methods::{Catalogue, CategoryEdit, Method, Methods};
use serde_json::Value;

const JSON: &[&str] =
    &["null", "true", "[]", "{}", "[[[[", "{\"a\":", "\"\\u0000\"", "\"\\ud800\"", "1e400", "-0.0"];

#[test]
fn verbs() {
    let target = Target { name: "verbs", samples: vec![], words: JSON, memory: 32 };
    run(&target, |input| {
        let Ok(fields) = serde_json::from_slice::<Value>(input) else { return };
        let said = fields.get("verb").and_then(Value::as_str).map(str::to_owned);
        for verb in VERBS.iter().map(|(verb, _)| *verb).filter(|v| said.as_deref().is_none_or(|s| s == *v)) {
            if let Ok(read) = Input::read(verb, fields.clone()) {
                assert_eq!(read.verb(), verb);
                let written = serde_json::to_value(&read).unwrap();
                assert_eq!(Input::read(verb, written).unwrap(), read);
            }
        }
        let _ = matters::model::read_limit(fields.get("limit").and_then(Value::as_str));
    });
}

fn entry(n: u8) -> Hash {
    [n; 32]
}

/// A receipt of the first of two entries.
fn sealed() -> Receipt {
    let mut growing = Growing::default();
    growing.push(&entry(1), |_, _| {});
    growing.push(&entry(2), |_, _| {});
    let time = parse_stamp("2026-03-02T01:00:00.000001Z").unwrap();
    Receipt {
        format: receipt::FORMAT.into(),
        event: entry(1),
        recorded_at: "2026-03-02T00:59:00.000000Z".into(),
        leaf: 0,
        path: vec![tree::leaf(&entry(2))],
        seal: Seal::make(&[7; 32], 1, 2, growing.head(), [0; 32], time),
    }
}

#[test]
fn receipts() {
    let good = sealed();
    good.check(None).unwrap();
    let words = ["\"leaf\":18446744073709551615", "\"entries\":0", "00", "FF", "0000-01-01T00:00:00+23:59"];
    let samples = vec![serde_json::to_vec(&good).unwrap()];
    let target = Target { name: "receipts", samples, words: &words, memory: 32 };
    run(&target, |input| {
        let Ok(read) = serde_json::from_slice::<Receipt>(input) else { return };
        let again: Receipt = serde_json::from_slice(&serde_json::to_vec(&read).unwrap()).unwrap();
        assert_eq!(again, read);
        if read.check(None).is_ok() && read.seal.public_key == good.seal.public_key {
            assert_eq!((read.event, read.leaf, &read.seal), (good.event, good.leaf, &good.seal), "forged");
        }
        let _ = tree::continues(read.leaf, &read.event, read.seal.entries, &read.seal.head, &read.path);
        let _ = tree::inclusion(read.leaf, read.seal.entries);
        let _ = tree::consistency(read.leaf, read.seal.entries);
    });
}

#[test]
fn methods() {
    let samples = ["plain", "sunshine"].map(|code| Methods::text(code).unwrap().into()).to_vec();
    let words = ["work_day", "0", "[[", "]]", "= {", "\"\"\"", "channels = []", "24:00", "08:30-12:00"];
    let target = Target { name: "methods", samples, words: &words, memory: 32 };
    run(&target, |input| {
        let text = text(input);
        if let Ok(method) = Method::read("typed", &text) {
            let taken = Methods::text(&method.code).is_some();
            assert!(Methods::shipped().with_text(&text).is_ok() || taken, "{}", method.code);
        }
        let _ = serde_json::from_slice::<Overrides>(input);
    });
}

#[test]
fn catalogues() {
    let words =
        ["[[major]]", "[[major.minor]]", "code = \"0101\"", "limit = \"0 work_day\"", "灯+不亮", "~", "+"];
    let target = Target { name: "catalogues", samples: vec![], words: &words, memory: 64 };
    run(&target, |input| {
        let text = text(input);
        if let Ok(read) = Catalogue::read("typed", &text) {
            let _ = methods::propose("三号楼灯不亮，谢谢", &read);
        }
        if let Ok(edits) = serde_json::from_slice::<Vec<CategoryEdit>>(input)
            && let Ok(edited) = Catalogue::shipped().with_edits(&edits)
        {
            assert!(edits.iter().all(|edit| edit.code.len() == 2 || edited.get(&edit.code).is_some()));
        }
    });
}
