//! Reading typed fields out of JSON, each refusal with the path of its field.

use crate::{Area, Fault, MOST, Why};
use chrono::{NaiveDate, NaiveDateTime};
use serde_json::{Map, Value};

/// A text that is shown in a refusal is never long.
pub(super) fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

/// An object and where it stands.
pub(super) struct Object<'a> {
    pub map: &'a Map<String, Value>,
    path: String,
}

impl<'a> Object<'a> {
    pub(super) fn open(value: &'a Value) -> Result<Self, Fault> {
        let map = value.as_object().ok_or_else(|| Fault::at("", Why::Wanted("object")))?;
        Ok(Self { map, path: String::new() })
    }

    /// A fault in a field of this object.
    pub(super) fn fault(&self, field: &str, why: Why) -> Fault {
        Fault::at(field, why).within(&self.path)
    }

    /// Refuses fields that are not known.
    pub(super) fn knows(&self, fields: &[&str]) -> Result<(), Fault> {
        match self.map.keys().find(|key| !fields.contains(&key.as_str())) {
            Some(key) => Err(self.fault(&short(key), Why::Unexpected)),
            None => Ok(()),
        }
    }

    /// A field that may be left out; `null` is leaving it out.
    fn given(&self, field: &str) -> Option<&'a Value> {
        self.map.get(field).filter(|value| !value.is_null())
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.given(field).is_some()
    }

    fn needed(&self, field: &str) -> Result<&'a Value, Fault> {
        self.given(field).ok_or_else(|| self.fault(field, Why::Missing))
    }

    /// A text of a value in this object.
    fn as_text(&self, field: &str, value: &'a Value) -> Result<&'a str, Fault> {
        let text = value.as_str().ok_or_else(|| self.fault(field, Why::Wanted("text")))?;
        if text.trim().is_empty() { Err(self.fault(field, Why::Empty)) } else { Ok(text) }
    }

    pub(super) fn text(&self, field: &str) -> Result<&'a str, Fault> {
        self.needed(field).and_then(|value| self.as_text(field, value))
    }

    pub(super) fn maybe_text(&self, field: &str) -> Result<Option<&'a str>, Fault> {
        self.given(field).map(|value| self.as_text(field, value)).transpose()
    }

    /// One of the words that a code knows.
    pub(super) fn coded<T>(
        &self,
        field: &str,
        parse: impl Fn(&str) -> Option<T>,
        known: &[&str],
    ) -> Result<T, Fault> {
        let text = self.text(field)?;
        parse(text)
            .ok_or_else(|| self.fault(field, Why::NotOneOf { found: short(text), known: known.join(", ") }))
    }

    /// As [`Object::coded`], with a default.
    pub(super) fn coded_or<T>(
        &self,
        field: &str,
        parse: impl Fn(&str) -> Option<T>,
        known: &[&str],
        default: T,
    ) -> Result<T, Fault> {
        if self.has(field) { self.coded(field, parse, known) } else { Ok(default) }
    }

    pub(super) fn truth_or(&self, field: &str, default: bool) -> Result<bool, Fault> {
        let Some(value) = self.given(field) else { return Ok(default) };
        value.as_bool().ok_or_else(|| self.fault(field, Why::Wanted("truth")))
    }

    fn as_count(&self, field: &str, value: &Value) -> Result<u64, Fault> {
        if value.as_i64().is_some_and(|n| n < 0) {
            return Err(self.fault(field, Why::TooSmall { least: 0 }));
        }
        let count = value.as_u64().ok_or_else(|| self.fault(field, Why::Wanted("count")))?;
        if count > MOST { Err(self.fault(field, Why::TooLarge { most: MOST })) } else { Ok(count) }
    }

    pub(super) fn count(&self, field: &str) -> Result<u64, Fault> {
        self.needed(field).and_then(|value| self.as_count(field, value))
    }

    pub(super) fn count_or(&self, field: &str, default: u64) -> Result<u64, Fault> {
        self.given(field).map_or(Ok(default), |value| self.as_count(field, value))
    }

    pub(super) fn small(&self, field: &str, most: u32) -> Result<u32, Fault> {
        let count = self.count(field)?;
        let small = u32::try_from(count).ok().filter(|n| *n <= most);
        small.ok_or_else(|| self.fault(field, Why::TooLarge { most: u64::from(most) }))
    }

    /// An area; nothing is no area of a unit.
    pub(super) fn area(&self, field: &str) -> Result<Area, Fault> {
        let area = Area::parse(self.text(field)?).map_err(|why| self.fault(field, why))?;
        if area == Area::ZERO { Err(self.fault(field, Why::NotAnArea(area.to_string()))) } else { Ok(area) }
    }

    fn as_date(&self, field: &str, text: &str) -> Result<NaiveDate, Fault> {
        let bad = || self.fault(field, Why::NotADate(short(text)));
        if text.len() != 10 {
            return Err(bad());
        }
        NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| bad())
    }

    pub(super) fn date(&self, field: &str) -> Result<NaiveDate, Fault> {
        self.text(field).and_then(|text| self.as_date(field, text))
    }

    /// A time of the wall clock, with or without seconds.
    pub(super) fn time(&self, field: &str) -> Result<NaiveDateTime, Fault> {
        let text = self.text(field)?;
        let shape = match text.len() {
            16 => "%Y-%m-%dT%H:%M",
            19 => "%Y-%m-%dT%H:%M:%S",
            _ => return Err(self.fault(field, Why::NotATime(short(text)))),
        };
        NaiveDateTime::parse_from_str(text, shape).map_err(|_| self.fault(field, Why::NotATime(short(text))))
    }

    fn list(&self, field: &str, value: &'a Value) -> Result<&'a [Value], Fault> {
        value.as_array().map(Vec::as_slice).ok_or_else(|| self.fault(field, Why::Wanted("list")))
    }

    /// A list of texts; empty when it may be left out and is.
    pub(super) fn texts(&self, field: &str, needed: bool) -> Result<Vec<&'a str>, Fault> {
        let Some(value) = (if needed { Some(self.needed(field)?) } else { self.given(field) }) else {
            return Ok(Vec::new());
        };
        let each = self.list(field, value)?.iter().enumerate();
        each.map(|(at, value)| self.as_text(&format!("{field}[{at}]"), value)).collect()
    }

    pub(super) fn dates(&self, field: &str) -> Result<Vec<NaiveDate>, Fault> {
        let texts = self.texts(field, false)?;
        let each = texts.into_iter().enumerate();
        each.map(|(at, text)| self.as_date(&format!("{field}[{at}]"), text)).collect()
    }

    /// An object in a field that may be left out.
    pub(super) fn object(&self, field: &str) -> Result<Option<Object<'a>>, Fault> {
        let Some(value) = self.given(field) else { return Ok(None) };
        let map = value.as_object().ok_or_else(|| self.fault(field, Why::Wanted("object")))?;
        Ok(Some(Object { map, path: self.path_of(field) }))
    }

    /// A list of objects; empty when it may be left out and is.
    pub(super) fn objects(
        &self,
        field: &'a str,
        needed: bool,
    ) -> Result<impl ExactSizeIterator<Item = Result<Object<'a>, Fault>> + use<'a>, Fault> {
        let value = if needed { Some(self.needed(field)?) } else { self.given(field) };
        let list = value.map_or(Ok(&[][..]), |value| self.list(field, value))?;
        let outer = self.path_of(field);
        Ok(list.iter().enumerate().map(move |(at, value)| {
            let path = format!("{outer}[{at}]");
            match value.as_object() {
                Some(map) => Ok(Object { map, path }),
                None => Err(Fault::at(path, Why::Wanted("object"))),
            }
        }))
    }

    /// The path of a field of this object.
    pub(super) fn path_of(&self, field: &str) -> String {
        if self.path.is_empty() { field.to_owned() } else { format!("{}.{field}", self.path) }
    }
}
