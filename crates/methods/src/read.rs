//! Reading TOML so that an error names the file, the line, the key and the reason.

use serde::de::DeserializeOwned;

/// Why a method or catalogue file cannot be used. For the person who keeps the file; not shown to residents.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {key}: {reason}", .line.map(|n| format!(", line {n}")).unwrap_or_default())]
pub struct ReadError {
    /// The file, or `shipped` text, that was read.
    pub file: String,
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// The key with its tables, such as `timers.accept`.
    pub key: String,
    /// What is wrong with it.
    pub reason: String,
}

impl ReadError {
    /// A rule that a well-formed file breaks.
    pub(crate) fn rule(file: &str, key: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, key: key.into(), reason: reason.into() }
    }
}

/// Parses TOML strictly; `deny_unknown_fields` on the types does the refusing.
pub(crate) fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, ReadError> {
    toml::from_str(text).map_err(|error| {
        let at = error.span().map(|span| span.start.min(text.len()));
        ReadError {
            file: file.to_owned(),
            line: at.map(|at| text.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() + 1),
            key: at.map_or_else(|| "?".to_owned(), |at| key_at(text, at)),
            reason: error.message().to_owned(),
        }
    })
}

/// The key on the line of a position, with the table header above it.
fn key_at(text: &str, at: usize) -> String {
    let number = text.as_bytes()[..at].iter().filter(|b| **b == b'\n').count();
    let header = |line: &str| {
        let line = line.trim_start();
        line.starts_with('[')
            .then(|| line.trim_start_matches('[').split(']').next().unwrap_or_default().to_owned())
    };
    let lines: Vec<&str> = text.lines().take(number + 1).collect();
    let Some(line) = lines.last() else { return "?".to_owned() };
    if let Some(table) = header(line) {
        return table;
    }
    let table = lines.iter().rev().find_map(|l| header(l));
    let key = line.split_once('=').map(|(key, _)| key.trim().to_owned()).filter(|k| !k.is_empty());
    match (table, key) {
        (Some(table), Some(key)) => format!("{table}.{key}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "?".to_owned(),
    }
}
