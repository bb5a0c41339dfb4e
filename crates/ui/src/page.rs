//! Keyset paging: a cursor holds the sort values of the last row seen.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::Refusal;
use serde_json::Value;

/// A place in a sorted list, opaque to those who carry it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor(pub Vec<Value>);

impl Cursor {
    /// As text for a link.
    #[must_use]
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(Value::Array(self.0.clone()).to_string())
    }

    /// Reads a cursor; empty text is the beginning.
    ///
    /// # Errors
    /// `ui.bad-cursor` when it was not made here.
    pub fn decode(text: &str, values: usize) -> Result<Option<Self>, Refusal> {
        if text.is_empty() {
            return Ok(None);
        }
        let bad = || Refusal::invalid("cursor", "ui.bad-cursor");
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Array(list)) if list.len() == values => Ok(Some(Self(list))),
            _ => Err(bad()),
        }
    }

    /// The text at a position.
    #[must_use]
    pub fn text(&self, at: usize) -> &str {
        self.0.get(at).and_then(Value::as_str).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_and_strange_ones_are_refused() {
        let cursor = Cursor(vec!["2026".into(), "x".into()]);
        assert_eq!(Cursor::decode(&cursor.encode(), 2).unwrap(), Some(cursor.clone()));
        assert!(Cursor::decode(&cursor.encode(), 3).is_err());
        assert!(Cursor::decode("%%%", 2).is_err());
        assert_eq!(Cursor::decode("", 2).unwrap(), None);
    }
}
