//! What stands in fields, addresses and headers: dates, codes, cursors, tokens, search words.

use crate::text;
use fuzz::{Target, run};
use kernel::{
    Id, PlacePath,
    calendar::{DutyWindows, Limit},
    text as words, time,
};
use store::{Engine, Entropy, Keys, search};
use ui::Cursor;

#[test]
fn fields() {
    let samples =
        ["17 work_day", "08:30-12:00 14:00-17:30", "/QH/LY/3/", "018f4e2a-7b1c-7def-8123-456789abcdef"];
    let more =
        ["2026-03-02T01:00:00.123456+08:00", "138 0000 1111", "zh-Hant-TW,zh;q=0.9,en;q=0.8", "2026-03-02"];
    let samples = samples.iter().chain(&more).map(|text| text.as_bytes().to_vec()).collect();
    let known =
        ["urgent_hour", "work_hour", "natural_day", "4294967296", "24:00", "{", "urn:uuid:", ";q=nan", "#"];
    let target = Target { name: "fields", samples, words: &known, memory: 32 };
    let today = chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
    run(&target, |input| {
        let text = text(input);
        let clean = words::clean(&text);
        assert_eq!(words::clean(&clean), clean, "what is clean stays");
        let fits = clean.chars().count() <= 60;
        assert_eq!(words::required("a", &text, 60).is_ok(), fits && !clean.is_empty());
        assert_eq!(words::optional("a", &text, 60).is_ok(), fits);
        let (blotted, masked) = (words::blot(&text), words::mask_phone(&text) + &words::mask_name(&text));
        assert!(blotted.chars().count() <= text.chars().count() && masked.len() < text.len() * 4 + 64);
        if let Some(at) = time::parse_stamp(&text) {
            assert_eq!((time::stamp(at).len(), time::parse_stamp(&time::stamp(at))), (27, Some(at)));
            let _ = (time::local(at), time::local_date(at));
        }
        if let Ok(limit) = text.parse::<Limit>() {
            assert_eq!(limit.to_string().parse(), Ok(limit));
        }
        if let Ok(duty) = text.parse::<DutyWindows>() {
            assert_eq!(String::from(duty.clone()).parse(), Ok(duty));
        }
        if let Ok(id) = text.parse::<Id>() {
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        if let Some(path) = PlacePath::parse(&text) {
            assert!(
                path.parent().is_none_or(|above| path.within(&above))
                    && path.as_str() < path.upper().as_str()
            );
            assert_eq!(path.cut(path.codes().count()), path);
        }
        let mut parts = text.split(' ');
        if let Ok(period) = briefings::Period::read(parts.next(), parts.next(), today) {
            let _ = (period.before(), period.month_keys(24), period.instants(chrono::NaiveTime::MIN));
        }
        let _ = (ui::Lang::parse(&text), ui::Lang::accepted(&text), ui::safe_return(&text));
        let _ = (places::rules::degrees(&text), places::rules::natural(&text, "3号楼"));
        let _ = (
            people::rules::password::check(&text, Some("admin"), true),
            people::rules::second::base32(input),
        );
    });
}

#[test]
fn cursors() {
    let samples = [vec!["2026".into(), "x".into()], vec![1.into(), serde_json::Value::Null, "柳".into()]];
    let samples = samples.map(|values| Cursor(values).encode().into_bytes()).to_vec();
    let target =
        Target { name: "cursors", samples, words: &["=", "W10", "W1tbW1tb", "WzFd", "-_"], memory: 32 };
    run(&target, |input| {
        let plain = text(input);
        // As it came, and as a program would put strange values into one.
        let made =
            serde_json::from_slice::<Vec<serde_json::Value>>(input).map(|values| Cursor(values).encode());
        for text in [Some(plain.as_ref()), made.ok().as_deref()].into_iter().flatten() {
            for values in 0..4 {
                if let Ok(Some(cursor)) = Cursor::decode(text, values) {
                    let again = Cursor::decode(&cursor.encode(), values).unwrap().unwrap();
                    assert_eq!(again.encode(), cursor.encode());
                    let _ = (cursor.text(0), cursor.text(9));
                }
            }
        }
    });
}

/// Signed and sealed values, one-time codes, receipt codes: nothing but the right one holds.
#[test]
fn tokens() {
    let keys = Keys::fresh(&mut Entropy::Seeded { seed: 1, drawn: 0 }).unwrap();
    let sealed = keys.seal("phone", b"13900001111", [7; 12]).unwrap();
    let signed = keys.sign("form", "a");
    let code = people::rules::second::code_at(&[9; 20], 1_772_413_200).unwrap();
    let samples = vec![
        sealed.clone(),
        signed.clone().into_bytes(),
        code.clone().into_bytes(),
        b"ABAB abab-abab\xC2\xB7ABAB".to_vec(),
    ];
    let target = Target { name: "tokens", samples, words: &["code=", "+", "０", " ", "000000"], memory: 32 };
    run(&target, |input| {
        let text = text(input);
        assert_eq!(keys.open_text("phone", input).is_ok(), input == sealed);
        assert_eq!(keys.verify("form", "a", &text), text == signed);
        if people::rules::second::step(&[9; 20], &text, 1_772_413_200, 0).is_some() {
            let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            assert!(plain.len() == 6 && plain.bytes().all(|b| b.is_ascii_digit()), "{plain}");
        }
        if let Ok(bytes) = seals::rules::code(&text) {
            assert_eq!(seals::rules::code(&seals::rules::grouped(&bytes)).unwrap(), bytes);
        }
    });
}

#[test]
fn searches() {
    let samples = ["柳荫花园 3号楼 灯不亮", "LY-2026-000731", "電梯 elevator 壞了", "\"OR\" NEAR(a b) -c*"];
    let samples = samples.map(|text| text.as_bytes().to_vec()).to_vec();
    let known = [" OR ", " AND ", "*", "\"", "'", ":*", "&", "|", "!", "<->", "\\", "^", "NEAR("];
    let target = Target { name: "searches", samples, words: &known, memory: 32 };
    run(&target, |input| {
        let text = text(input);
        let _ = search::words(&text);
        for (engine, quote, ends) in
            [(Engine::Sqlite, '"', ["\"", "\"*"]), (Engine::Postgres, '\'', ["'", "':*"])]
        {
            let Some(query) = search::query(&text, engine) else { continue };
            let by = if engine == Engine::Sqlite { " AND " } else { " & " };
            for term in query.split(by) {
                let inner =
                    term.strip_prefix(quote).and_then(|t| ends.iter().rev().find_map(|e| t.strip_suffix(e)));
                assert!(
                    inner.is_some_and(|t| !t.is_empty() && t.chars().all(char::is_alphanumeric)),
                    "{query}"
                );
            }
        }
    });
}
