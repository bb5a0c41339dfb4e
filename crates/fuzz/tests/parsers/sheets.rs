//! CSV and XLSX.

use crate::text;
use fuzz::{Target, run};
use std::io::{Cursor, Write};
use store::Fault;
use ui::sheet::{Cell, Sheet, read};
use zip::{ZipWriter, write::SimpleFileOptions};

const FORMULAS: &[&str] =
    &["=", "+", "-", "@", "\t", "'=1", "''", "\"\"", "\",\"", "\r", "\n", "＝1", "=HYPERLINK(\"x\")"];

/// The rows as a sheet to write, every row as wide as the widest.
fn sheet(rows: &[Vec<String>]) -> Sheet {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |row: &Vec<String>, at: usize| row.get(at).cloned().unwrap_or_default();
    Sheet {
        heads: (0..width).map(|at| cell(&rows[0], at)).collect(),
        rows: rows[1..].iter().map(|row| (0..width).map(|at| Cell::Text(cell(row, at))).collect()).collect(),
    }
}

/// Without the empty cells at the ends of rows, which say nothing.
fn trimmed(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let full = |row: &Vec<String>| row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
    rows.iter().map(|row| row[..full(row)].to_vec()).collect()
}

#[test]
fn csv() {
    let target = Target { name: "csv", samples: vec![], words: FORMULAS, memory: 64 };
    run(&target, |input| {
        if let Ok(rows) = read(input) {
            let csv = sheet(&rows).csv().unwrap();
            assert_eq!(trimmed(&read(&csv).unwrap()), trimmed(&rows), "what was exported is imported");
        }
        let _ = read(text(input).as_bytes());
    });
}

fn ledger() -> Sheet {
    let rows = [["柳荫花园3号楼", "2026-03-01 08:30", "楼道灯不亮"], ["=1+1", "2026/3/2", "<b>&amp;"]];
    Sheet {
        heads: ["地点", "时间", "内容"].map(str::to_owned).to_vec(),
        rows: rows.map(|row| row.map(Cell::from).to_vec()).to_vec(),
    }
}

#[test]
fn xlsx() {
    let words = ["PK\u{3}\u{4}", "PK\u{1}\u{2}", "PK\u{5}\u{6}", "xl/sharedStrings.xml", "xl/workbook.xml"];
    let target = Target { name: "xlsx", samples: vec![ledger().xlsx().unwrap()], words: &words, memory: 64 };
    run(&target, |input| drop(read(input)));
}

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const LINKS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const ROOT: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>"#;
const STRINGS: &str = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="2" uniqueCount="2"><si><t>时间</t></si><si><r><t>灯</t></r><r><t xml:space="preserve"> 不亮</t></r></si></sst>"#;
const PAGE: &str = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:C3"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>内容</t></is></c></row><row r="2"><c r="A2" s="1"><v>45000.5</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="b"><v>1</v></c></row><row r="3"><c r="A3"><f>1+1</f><v>2</v></c><c r="B3" t="e"><v>#N/A</v></c><c r="C3" t="d"><v>2026-03-01T08:30:00</v></c></row></sheetData></worksheet>"#;

/// The parts of a workbook, packed.
fn packed(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let fast = SimpleFileOptions::default().compression_level(Some(1));
    for (name, bytes) in parts {
        zip.start_file(*name, fast).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn workbook(book: &str, styles: &str, strings: &str, page: &str) -> Vec<u8> {
    packed(&[
        ("_rels/.rels", format!("{HEAD}{ROOT}").into_bytes()),
        ("xl/workbook.xml", format!("{HEAD}{book}").into_bytes()),
        ("xl/_rels/workbook.xml.rels", format!("{HEAD}{LINKS}").into_bytes()),
        ("xl/styles.xml", format!("{HEAD}{styles}").into_bytes()),
        ("xl/sharedStrings.xml", format!("{HEAD}{strings}").into_bytes()),
        ("xl/worksheets/sheet1.xml", format!("{HEAD}{page}").into_bytes()),
    ])
}

/// What stands inside: an input is one of the parts of a workbook, told by its first element.
#[test]
fn xlsx_inside() {
    let words = [
        "<c r=\"XFD1048576\" t=\"inlineStr\"><is><t>x</t></is></c>",
        "<c r=\"A4294967295\"><v>1</v></c>",
        "<row r=\"1048576\">",
        "r=\"AAAAAAAAA1\"",
        "r=\"\"",
        "t=\"s\"",
        "t=\"str\"",
        "t=\"e\"",
        "s=\"99999\"",
        "uniqueCount=\"99999999999\"",
        "uniqueCount='18446744073709551615'",
        "<si><t/></si>",
        "&#0;",
        "&lol;",
        "_x0000_",
        "<!--",
        "]]>",
        "<v>1e308</v>",
        "<v>-99999999</v>",
    ];
    let samples = [BOOK, STYLES, STRINGS, PAGE].map(|part| part.as_bytes().to_vec()).to_vec();
    let target = Target { name: "xlsx_inside", samples, words: &words, memory: 96 };
    run(&target, |input| {
        let part = text(input);
        let file = match part.get(..4) {
            Some("<wor") if part.starts_with("<workb") => workbook(&part, STYLES, STRINGS, PAGE),
            Some("<sty") => workbook(BOOK, &part, STRINGS, PAGE),
            Some("<sst") => workbook(BOOK, STYLES, &part, PAGE),
            _ => workbook(BOOK, STYLES, STRINGS, &part),
        };
        if let Ok(rows) = read(&file) {
            let again = read(&sheet(&rows).xlsx().unwrap()).unwrap();
            let control = |rows: &[Vec<String>]| rows.iter().flatten().any(|c| c.contains("_x"));
            if !control(&rows) {
                assert_eq!(trimmed(&again), trimmed(&rows), "what was exported is imported");
            }
        }
    });
}

fn refused(file: &[u8]) -> &'static str {
    match read(file) {
        Err(Fault::Refused(refusal)) => refusal.code,
        other => panic!("not refused: {:?}", other.map(|rows| rows.len())),
    }
}

#[test]
fn small_files_that_unpack_to_giants_are_refused_before_they_do() {
    let _turn = fuzz::turn();
    assert_eq!(read(&workbook(BOOK, STYLES, STRINGS, PAGE)).unwrap()[0], ["时间", "内容"], "they are read");

    let far = PAGE.replace("r=\"B3\"", "r=\"XFD1048576\"").replace("t=\"e\"><v>#N/A</v>", "><v>1</v>");
    assert_eq!(refused(&workbook(BOOK, STYLES, STRINGS, &far)), "ui.sheet-too-wide");
    let low = PAGE.replace("r=\"B3\"", "r=\"B1048576\"").replace("t=\"e\"><v>#N/A</v>", "><v>1</v>");
    assert_eq!(read(&workbook(BOOK, STYLES, STRINGS, &low)).unwrap().len(), 4, "far down is no fault");
    for count in ["99999999999", "18446744073709551615", "999999999999999999999999"] {
        let strings = STRINGS.replace("uniqueCount=\"2\"", &format!("uniqueCount=\"{count}\""));
        assert_eq!(refused(&workbook(BOOK, STYLES, &strings, PAGE)), "ui.sheet-broken", "{count}");
    }
    let bomb = packed(&[("xl/media/image1.png", vec![0; 200 * 1024 * 1024])]);
    assert!(bomb.len() < 2 * 1024 * 1024);
    fuzz::MEMORY.reset_peak_usage();
    let before = fuzz::MEMORY.current_usage();
    assert_eq!(refused(&bomb), "ui.sheet-too-large");
    assert!(fuzz::MEMORY.peak_usage() - before < 4 * 1024 * 1024, "it is weighed, not kept");

    let wide = format!("a{}\nb\n", ",".repeat(300));
    assert_eq!(refused(wide.as_bytes()), "ui.sheet-too-wide");
    assert_eq!(refused(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "ui.sheet-broken", "the older .xls");
}
