//! Spreadsheets in and out: CSV (with a mark so that Excel reads it as UTF-8) and XLSX.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use calamine::{Data, Reader, Xlsx};
use kernel::Refusal;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use std::{
    collections::BTreeMap,
    io::{self, Cursor, Read},
    panic::catch_unwind,
};
use store::Fault;

/// Most rows that are read from one file.
pub const MAX_ROWS: usize = 200_000;
/// Most columns of a row.
pub const MAX_COLUMNS: usize = 256;
/// Most cells of a file, the empty ones between full ones counted.
const MAX_CELLS: usize = 4_000_000;
/// Most bytes of an XLSX when it is unpacked: a ledger of the most rows has about half of it.
const MAX_UNPACKED: u64 = 192 * 1024 * 1024;

/// A cell to write.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// Nothing.
    None,
}

impl From<String> for Cell {
    fn from(v: String) -> Self {
        Self::Text(v)
    }
}
impl From<&str> for Cell {
    fn from(v: &str) -> Self {
        Self::Text(v.to_owned())
    }
}
impl From<i64> for Cell {
    fn from(v: i64) -> Self {
        Self::Int(v)
    }
}
impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(v: Option<T>) -> Self {
        v.map_or(Self::None, Into::into)
    }
}

/// A table to write: heads and rows.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// The heads of the columns.
    pub heads: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// As CSV. Text that a spreadsheet would run as a formula gets an apostrophe in front; [`read`] takes it away.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn csv(&self) -> Result<Vec<u8>, Fault> {
        let mut out = csv::Writer::from_writer(b"\xEF\xBB\xBF".to_vec());
        let fail = |e: csv::Error| Fault::other(format!("csv: {e}"));
        out.write_record(self.heads.iter().map(|head| harmless(head))).map_err(fail)?;
        for row in &self.rows {
            out.write_record(row.iter().map(|c| match c {
                Cell::Text(s) => harmless(s),
                Cell::Int(n) => n.to_string(),
                Cell::None => String::new(),
            }))
            .map_err(fail)?;
        }
        out.into_inner().map_err(|e| Fault::other(e.to_string()))
    }

    /// As XLSX, in constant memory.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn xlsx(&self) -> Result<Vec<u8>, Fault> {
        let write = || -> Result<Vec<u8>, XlsxError> {
            let mut book = Workbook::new();
            let bold = Format::new().set_bold();
            let page = book.add_worksheet_with_constant_memory()?;
            page.set_freeze_panes(1, 0)?;
            for (c, head) in (0u16..).zip(&self.heads) {
                page.set_column_width(c, (head.chars().count() as f64 * 2.2).max(12.0))?;
                page.write_with_format(0, c, head, &bold)?;
            }
            for (r, row) in (1u32..).zip(&self.rows) {
                for (c, cell) in (0u16..).zip(row) {
                    match cell {
                        // Excel holds at most 32,767 characters in a cell.
                        Cell::Text(s) => page.write(r, c, s.chars().take(32_000).collect::<String>())?,
                        #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
                        Cell::Int(n) => page.write(r, c, *n as f64)?,
                        Cell::None => page,
                    };
                }
            }
            book.save_to_buffer()
        };
        write().map_err(|e| Fault::other(format!("xlsx: {e}")))
    }

    /// As a download, by the ending asked for.
    ///
    /// # Errors
    /// `ui.not-valid` for another ending than `csv` or `xlsx`.
    pub fn download(&self, name: &str, ending: &str) -> Result<Response, Fault> {
        let (bytes, mime) = match ending {
            "csv" => (self.csv()?, "text/csv; charset=utf-8"),
            "xlsx" => (self.xlsx()?, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            _ => return Err(Refusal::invalid("format", "ui.not-valid").into()),
        };
        Ok(download(bytes, mime, &format!("{name}.{ending}")))
    }
}

/// A file to save.
#[must_use]
pub fn download(bytes: Vec<u8>, mime: &'static str, name: &str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    let encoded = crate::parts::query(name);
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{encoded}")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// Whether a spreadsheet would run text behind any apostrophes as a formula.
fn runs(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// Text with an apostrophe in front of what a spreadsheet would run. Text that had one gets another, so that
/// [`plain`] gives every text back.
fn harmless(text: &str) -> String {
    if runs(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text that [`harmless`] was given.
fn plain(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| runs(rest)).unwrap_or(text)
}

fn broken(why: impl ToString) -> Fault {
    // The reason goes onto a page: what strange programs wrote into the file does not.
    let why: String = why.to_string().chars().filter(|c| !c.is_control()).take(200).collect();
    Refusal::invalid("file", "ui.sheet-broken").with("why", why).into()
}

fn large() -> Fault {
    Refusal::invalid("file", "ui.sheet-too-large").into()
}

/// The rows of a file as they are read, within what one file may hold.
#[derive(Default)]
struct Rows {
    rows: Vec<Vec<String>>,
    cells: usize,
}

impl Rows {
    fn take(&mut self, row: Vec<String>) -> Result<(), Fault> {
        if row.len() > MAX_COLUMNS {
            return Err(wide());
        }
        if row.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        self.cells += row.len();
        if self.rows.len() >= MAX_ROWS {
            return Err(Refusal::invalid("file", "ui.sheet-too-long").with("max", MAX_ROWS).into());
        }
        if self.cells > MAX_CELLS {
            return Err(large());
        }
        self.rows.push(row);
        Ok(())
    }
}

fn wide() -> Fault {
    Refusal::invalid("file", "ui.sheet-too-wide").with("max", MAX_COLUMNS).into()
}

/// Reads a CSV (UTF-8, with or without mark) or XLSX file as rows of text; the first row is the heads.
/// The bytes decide which it is. Dates come as `YYYY-MM-DD HH:MM:SS`. Blank rows are left out.
///
/// The older `.xls` and `.ods` are refused: their reader lays out every cell between the first and the last, so
/// that a file of some hundred bytes takes gigabytes.
///
/// # Errors
/// `ui.sheet-broken` when it is neither, `ui.sheet-empty` when it has no rows, `ui.sheet-too-long`,
/// `ui.sheet-too-wide`, `ui.sheet-too-large`.
pub fn read(bytes: &[u8]) -> Result<Vec<Vec<String>>, Fault> {
    let mut rows = Rows::default();
    if bytes.starts_with(b"PK\x03\x04") {
        weigh(bytes)?;
        // The reader is not ours, and some numbers that no spreadsheet writes make it panic.
        rows = catch_unwind(|| read_xlsx(bytes)).unwrap_or_else(|_| Err(broken("XLSX")))?;
    } else if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(broken(".xls"));
    } else {
        // The reader takes the mark away, and would take a second one.
        let text = std::str::from_utf8(bytes).map_err(|_| broken("UTF-8"))?;
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(broken)? {
            if record.len() > MAX_COLUMNS {
                return Err(wide());
            }
            rows.take(record.iter().map(|cell| plain(cell).to_owned()).collect())?;
        }
    }
    if rows.rows.len() < 2 {
        return Err(Refusal::invalid("file", "ui.sheet-empty").into());
    }
    Ok(rows.rows)
}

/// Reads the first page cell by cell, so that only what is there takes memory.
fn read_xlsx(bytes: &[u8]) -> Result<Rows, Fault> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let page = book.sheet_names().first().cloned().ok_or_else(|| broken("no sheet"))?;
    let mut cells = book.worksheet_cells_reader(&page).map_err(broken)?;
    // Rows may stand in any order in the file.
    let mut found: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let text = cell_text(&Data::from(cell.get_value().clone()));
        if text.is_empty() {
            continue;
        }
        let column = usize::try_from(column).map_err(broken)?;
        if column >= MAX_COLUMNS {
            return Err(wide());
        }
        let row = found.entry(row).or_default();
        if row.len() <= column {
            count += column + 1 - row.len();
            row.resize(column + 1, String::new());
        }
        row[column] = text;
        if count > MAX_CELLS {
            return Err(large());
        }
    }
    let mut rows = Rows::default();
    found.into_values().try_for_each(|row| rows.take(row))?;
    Ok(rows)
}

/// Unpacks an XLSX for its weight alone, before anything of it is kept: a small file may unpack to any size, and what
/// it says of its sizes may be a lie.
fn weigh(bytes: &[u8]) -> Result<(), Fault> {
    let mut packed = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut room = MAX_UNPACKED;
    for n in 0..packed.len() {
        let part = packed.by_index(n).map_err(broken)?;
        let strings = part.name().map_err(broken)?.to_ascii_lowercase().ends_with("sharedstrings.xml");
        let mut part = part.take(room + 1);
        let taken = if strings {
            let mut text = Vec::new();
            let taken = part.read_to_end(&mut text).map_err(broken)?;
            if promised(&text).is_none_or(|n| n > text.len()) {
                return Err(broken("sharedStrings"));
            }
            taken as u64
        } else {
            io::copy(&mut part, &mut io::sink()).map_err(broken)?
        };
        room = room.checked_sub(taken).ok_or_else(large)?;
    }
    Ok(())
}

/// How many shared strings a file promises: the reader makes room for so many at once. `None` when it cannot be told.
fn promised(text: &[u8]) -> Option<usize> {
    const WORD: &[u8] = b"uniqueCount";
    // UTF-16, where the word would not be found.
    if text.iter().take(1024).any(|b| *b == 0)
        || text.starts_with(b"\xFF\xFE")
        || text.starts_with(b"\xFE\xFF")
    {
        return None;
    }
    let mut most = 0;
    for at in (0..text.len()).filter(|at| text[*at..].starts_with(WORD)) {
        let said = text[at + WORD.len()..].iter().skip_while(|b| b" \t\r\n=\"'+".contains(b));
        let digits: String = said.take_while(|b| b.is_ascii_digit()).map(|b| char::from(*b)).collect();
        if !digits.is_empty() {
            most = most.max(digits.parse().ok()?);
        }
    }
    Some(most)
}

fn cell_text(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(s) => s.clone(),
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
        Data::Float(f) if f.fract() == 0.0 && f.abs() < 1e15 => (*f as i64).to_string(),
        Data::DateTime(d) => {
            d.as_datetime().map_or_else(String::new, |d| d.format("%Y-%m-%d %H:%M:%S").to_string())
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        Sheet {
            heads: vec!["编号".into(), "n".into()],
            rows: vec![vec!["=1+1".into(), 7.into()], vec![Cell::None, 0.into()]],
        }
    }

    #[test]
    fn what_is_written_can_be_read() {
        let back = read(&sheet().xlsx().unwrap()).unwrap();
        assert_eq!(back, [["编号", "n"], ["=1+1", "7"], ["", "0"]]);
        let back = read(&sheet().csv().unwrap()).unwrap();
        assert_eq!(back, [["编号", "n"], ["=1+1", "7"], ["", "0"]]);
        let csv = String::from_utf8(sheet().csv().unwrap()).unwrap();
        assert!(csv.contains("'=1+1"), "a formula in CSV is made harmless: {csv}");
    }

    #[test]
    fn apostrophes_in_front_of_formulas_come_back_as_they_were() {
        for text in ["=1", "'=1", "''=1", "'柳荫", "'", "", "\t1", "\r", "＝1", "-", "a=1"] {
            assert!(!harmless(text).starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝']), "{text:?}");
            assert_eq!(plain(&harmless(text)), text);
        }
    }

    #[test]
    fn what_is_no_sheet_is_refused() {
        for bad in [&b"PK\x03\x04broken"[..], b"\xFF\xFE\x00", b"", b"only,heads\n"] {
            assert!(matches!(read(bad), Err(Fault::Refused(_))), "{bad:?}");
        }
    }
}
