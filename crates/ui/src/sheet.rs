//! Spreadsheets in and out: CSV (with a mark so that Excel reads it as UTF-8) and XLSX.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use calamine::{Data, Reader};
use kernel::Refusal;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use std::io::Cursor;
use store::Fault;

/// Most rows that are read from one file.
pub const MAX_ROWS: usize = 200_000;

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
    /// As CSV. Text that a spreadsheet would run as a formula gets an apostrophe in front.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn csv(&self) -> Result<Vec<u8>, Fault> {
        let mut out = csv::Writer::from_writer(b"\xEF\xBB\xBF".to_vec());
        let fail = |e: csv::Error| Fault::other(format!("csv: {e}"));
        out.write_record(&self.heads).map_err(fail)?;
        for row in &self.rows {
            out.write_record(row.iter().map(|c| match c {
                Cell::Text(s) if s.starts_with(['=', '+', '-', '@', '\t']) => format!("'{s}"),
                Cell::Text(s) => s.clone(),
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

/// Reads a CSV (UTF-8, with or without mark) or XLSX file as rows of text; the first row is the heads.
/// The bytes decide which it is. Dates come as `YYYY-MM-DD HH:MM:SS`.
///
/// # Errors
/// `ui.sheet-broken` when it is neither, `ui.sheet-empty` when it has no rows, `ui.sheet-too-long`.
pub fn read(bytes: &[u8]) -> Result<Vec<Vec<String>>, Fault> {
    let broken = |why: String| Fault::from(Refusal::invalid("file", "ui.sheet-broken").with("why", why));
    let mut rows = Vec::new();
    let long = || Fault::from(Refusal::invalid("file", "ui.sheet-too-long").with("max", MAX_ROWS));
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        let mut book =
            calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|e| broken(e.to_string()))?;
        let range = book
            .worksheet_range_at(0)
            .ok_or_else(|| broken("no sheet".into()))?
            .map_err(|e| broken(e.to_string()))?;
        if range.height() > MAX_ROWS {
            return Err(long());
        }
        rows.extend(range.rows().map(|row| row.iter().map(cell_text).collect::<Vec<_>>()));
    } else {
        let text = std::str::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes))
            .map_err(|_| broken("UTF-8".into()))?;
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        for record in reader.records() {
            let record = record.map_err(|e| broken(e.to_string()))?;
            if rows.len() > MAX_ROWS {
                return Err(long());
            }
            rows.push(record.iter().map(str::to_owned).collect());
        }
    }
    rows.retain(|row| row.iter().any(|cell| !cell.trim().is_empty()));
    if rows.len() < 2 {
        return Err(Refusal::invalid("file", "ui.sheet-empty").into());
    }
    Ok(rows)
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
        assert_eq!(back[1], ["'=1+1", "7"], "a formula in CSV is made harmless");
    }

    #[test]
    fn what_is_no_sheet_is_refused() {
        for bad in [&b"PK\x03\x04broken"[..], b"\xFF\xFE\x00", b"", b"only,heads\n"] {
            assert!(matches!(read(bad), Err(Fault::Refused(_))), "{bad:?}");
        }
    }
}
