//! Spreadsheets that became rows: ledgers, places, people.

use crate::text;
use fuzz::{Target, run};
use kernel::{Id, PlacePath, time};
use matters::rules::ledger;
use methods::Catalogue;
use people::rules::rows;
use places::{Place, PlaceKind, rules::import};

/// The rows of a spreadsheet, as the import gets them.
fn sheet(input: &[u8]) -> Vec<Vec<String>> {
    let plain = || text(input).lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    ui::sheet::read(input).unwrap_or_else(|_| plain())
}

#[test]
fn ledgers() {
    let now = time::parse_stamp("2026-03-02T01:00:00Z").unwrap();
    let words =
        ["时间", "raised_at", "内容", "标题=title", "=-", "=body", "2026年3月1日", "：", "-262143-1-1 0:0"];
    let target = Target { name: "ledgers", samples: vec![], words: &words, memory: 32 };
    run(&target, |input| {
        let rows = sheet(input);
        let maps: Vec<_> = rows.iter().flatten().filter_map(|cell| ledger::read_map(cell).ok()).collect();
        for map in [&maps[..0], &maps[..maps.len().min(2)]] {
            if let Ok(read) = ledger::read(&rows, map, Catalogue::shipped(), now) {
                assert!(read.rows.iter().all(|row| row.raised_at <= now && row.row <= rows.len()));
            }
        }
        for cell in rows.iter().flatten() {
            if let Some(at) = ledger::read_time(cell) {
                let stamp = time::stamp(at);
                assert_eq!((stamp.len(), ledger::read_time(&stamp)), (27, Some(at)), "{cell}");
            }
        }
    });
}

fn place(path: &str, kind: PlaceKind, name: &str) -> Place {
    let path = PlacePath::parse(path).unwrap();
    Place {
        id: Id::named(path.as_str()),
        street: Id::named("/QH/"),
        code: path.codes().last().unwrap_or_default().to_owned(),
        path,
        kind,
        name: name.to_owned(),
        full_name: name.to_owned(),
        short_code: None,
        statistical: None,
        lat: None,
        lon: None,
        phone: None,
        active: true,
        nth: 1,
    }
}

#[test]
fn places() {
    let street = place("/QH/", PlaceKind::Street, "清和街道");
    let known = [street.clone(), place("/QH/LY/", PlaceKind::Community, "柳荫社区")];
    let words =
        ["社区", "小区", "楼栋", "单元", "户号", "网格", "001", "柳荫社区", "LY", "NaN", "1e-400", "/"];
    let target = Target { name: "places", samples: vec![], words: &words, memory: 32 };
    run(&target, |input| {
        if let Ok(plan) = import::plan(&street, &known, &[], &sheet(input)) {
            for new in &plan.adds {
                assert!(new.parent.child(&new.code).is_some(), "{:?} below {}", new.code, new.parent);
            }
        }
    });
}

#[test]
fn people() {
    let book = rows::PlaceBook::new(&[place("/QH/LY/", PlaceKind::Community, "柳荫社区")]);
    let words =
        ["姓名", "手机", "职务", "地点", "起", "止", "+86-", "2026年3月1日", "262142-12-31", "柳荫社区"];
    let target = Target { name: "people", samples: vec![], words: &words, memory: 32 };
    run(&target, |input| {
        let sheet = sheet(input);
        for heads in [rows::UNIT_HEADS, rows::OFFICE_HEADS] {
            let Ok((found, numbers)) = rows::read(heads, &["name"], &sheet) else { continue };
            for number in numbers {
                let cells = rows::cells(&found, &sheet[number]);
                let _ = cells.need("name");
                for date in [cells.date("from"), cells.date("until")].into_iter().flatten().flatten() {
                    assert_eq!(time::stamp(time::day_start(date)).len(), 27);
                }
                let _ = book.find(&cells.get("place").unwrap_or_default());
            }
        }
        for cell in sheet.iter().flatten() {
            if let Ok(Some(phone)) = people::rules::phone(Some(cell)) {
                assert_eq!(people::rules::phone(Some(&phone)).unwrap(), Some(phone));
            }
            if let Ok(login) = people::rules::login(cell) {
                assert_eq!(people::rules::login(&login).unwrap(), login);
            }
        }
    });
}
