//! Reading rows of spreadsheets: heads in Chinese and English, places and codes by their words.

use chrono::NaiveDate;
use kernel::{PlacePath, Refusal, text};
use places::Place;
use std::collections::HashMap;

/// Columns by the heads that are understood.
pub type Heads = [(&'static str, &'static [&'static str])];

/// Columns of a list of units.
pub const UNIT_HEADS: &Heads = &[
    ("name", &["名称", "名稱", "单位", "單位", "单位名称", "name", "unit"]),
    ("kind", &["类型", "類型", "单位类型", "kind", "type"]),
    ("place", &["地点", "地點", "管辖地点", "辖区", "place", "territory"]),
    ("phone", &["电话", "電話", "phone", "telephone"]),
];

/// Columns of a list of offices.
pub const OFFICE_HEADS: &Heads = &[
    ("name", &["姓名", "name", "person"]),
    ("phone", &["手机", "手機", "电话", "電話", "手机号", "phone", "mobile"]),
    ("kind", &["职务", "職務", "office", "role"]),
    ("place", &["地点", "地點", "辖区", "管辖地点", "place"]),
    ("unit", &["单位", "單位", "unit"]),
    ("from", &["起", "起始", "开始", "开始日期", "開始日期", "任期起", "from"]),
    ("until", &["止", "截止", "结束", "结束日期", "結束日期", "任期止", "until", "to"]),
];

/// A row by the names of its columns.
pub struct Cells<'a> {
    heads: &'a HashMap<&'static str, usize>,
    row: &'a [String],
}

impl Cells<'_> {
    /// A cell that is not blank.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        self.heads
            .get(name)
            .and_then(|at| self.row.get(*at))
            .map(|c| text::clean(c))
            .filter(|c| !c.is_empty())
    }

    /// A cell that must not be blank.
    ///
    /// # Errors
    /// `ui.empty` for the column.
    pub fn need(&self, name: &'static str) -> Result<String, Refusal> {
        self.get(name).ok_or(Refusal::invalid(name, "ui.empty"))
    }

    /// A date, as `2026-03-01`, `2026/3/1` or `2026年3月1日`.
    ///
    /// # Errors
    /// `ui.not-valid` for the column.
    pub fn date(&self, name: &'static str) -> Result<Option<NaiveDate>, Refusal> {
        self.get(name).map(|text| date(&text).ok_or(Refusal::invalid(name, "ui.not-valid"))).transpose()
    }
}

/// Reads a date as people and spreadsheets write it, within the years of which people speak; a time of
/// day behind it is dropped.
#[must_use]
pub fn date(text: &str) -> Option<NaiveDate> {
    let day = text.split_whitespace().next()?;
    let parts: Vec<u32> = day
        .split(|c: char| !c.is_ascii_digit())
        .filter(|p| !p.is_empty())
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    match parts[..] {
        [y @ 1900..2200, m, d] => NaiveDate::from_ymd_opt(i32::try_from(y).ok()?, m, d),
        _ => None,
    }
}

/// The rows below the heads with their number in the spreadsheet.
///
/// # Errors
/// `people.no-heads` when one of the needed columns is missing.
pub fn read(
    heads: &Heads,
    needed: &[&str],
    rows: &[Vec<String>],
) -> Result<(HashMap<&'static str, usize>, Vec<usize>), Refusal> {
    let mut found = HashMap::new();
    for (at, head) in rows.first().into_iter().flatten().enumerate() {
        let head = text::clean(head).to_lowercase();
        if let Some((name, _)) = heads.iter().find(|(_, words)| words.contains(&head.as_str())) {
            found.entry(*name).or_insert(at);
        }
    }
    if needed.iter().any(|n| !found.contains_key(n)) {
        return Err(Refusal::invalid("file", "people.no-heads"));
    }
    Ok((found, (1..rows.len()).collect()))
}

/// One row by its columns.
#[must_use]
pub fn cells<'a>(heads: &'a HashMap<&'static str, usize>, row: &'a [String]) -> Cells<'a> {
    Cells { heads, row }
}

/// Places by what people call them.
#[derive(Debug, Default)]
pub struct PlaceBook(HashMap<String, Vec<PlacePath>>);

impl PlaceBook {
    /// A book of places.
    #[must_use]
    pub fn new(places: &[Place]) -> Self {
        let mut book: HashMap<String, Vec<PlacePath>> = HashMap::new();
        for place in places.iter().filter(|p| p.active) {
            let mut words = vec![place.path.to_string(), place.name.clone(), place.full_name.clone()];
            words.extend(place.short_code.clone());
            words.sort();
            words.dedup();
            for word in words {
                book.entry(word).or_default().push(place.path.clone());
            }
        }
        Self(book)
    }

    /// The place that is meant by a path, a short code, a name or a full name.
    ///
    /// # Errors
    /// `people.no-place`, or `people.place-ambiguous` when several are called so; for the column `place`.
    pub fn find(&self, text: &str) -> Result<PlacePath, Refusal> {
        match self.0.get(text).map(Vec::as_slice) {
            Some([one]) => Ok(one.clone()),
            Some(several) if several.len() > 1 => {
                Err(Refusal::invalid("place", "people.place-ambiguous").with("n", several.len()))
            }
            _ => Err(Refusal::invalid("place", "people.no-place")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_people_write_them() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 1);
        for text in ["2026-03-01", "2026/3/1", "2026年3月1日", "2026.3.1", "2026-03-01 00:00:00"] {
            assert_eq!(date(text), day, "{text}");
        }
        for bad in ["2026-13-01", "三月", "2026-02-30", "1/2", "26-3-1", "262142-12-31"] {
            assert_eq!(date(bad), None, "{bad}");
        }
    }
}
