//! How a command fails: a sentence on standard error, rows with field and reason, or JSON; and an exit code.

use crate::{say, t};
use kernel::Refusal;
use serde_json::json;
use store::Fault;
use ui::Lang;

/// What is wrong with one row of a file.
#[derive(Clone, Debug)]
pub(crate) struct BadRow {
    /// The row as the spreadsheet counts.
    pub row: usize,
    /// The head of the column, or the field.
    pub field: String,
    /// Why.
    pub refusal: Refusal,
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// In a sentence.
    Said(String),
    /// One field of an input.
    Field {
        /// The code of the sentence, as `room.name`.
        code: String,
        /// The path of the field.
        field: String,
        /// Why, in a sentence.
        why: String,
    },
    /// From below.
    Fault(Fault),
    /// Rows of a file that cannot be taken; nothing was changed.
    Rows(Vec<BadRow>),
    /// Findings that were listed already; only the exit code is left to say.
    Found(Vec<String>),
}

impl<E: Into<Fault>> From<E> for Failure {
    fn from(fault: E) -> Self {
        Self::Fault(fault.into())
    }
}

impl Failure {
    /// A failure in a sentence.
    pub(crate) fn said(text: impl Into<String>) -> Self {
        Self::Said(text.into())
    }

    /// The exit code.
    pub(crate) const fn code(&self) -> u8 {
        1
    }

    fn sentence(lang: Lang, fault: &Fault) -> String {
        match fault {
            Fault::Refused(refusal) => refused(lang, refusal),
            other => other.to_string(),
        }
    }

    /// Says it on standard error.
    pub(crate) fn print(&self, lang: Lang, machine: bool) {
        if machine {
            let value = match self {
                Self::Said(text) => json!({ "error": text }),
                Self::Fault(fault) => json!({
                    "error": Self::sentence(lang, fault),
                    "code": fault.refusal().map(|r| r.code),
                    "field": fault.refusal().and_then(|r| r.field),
                }),
                Self::Field { code, field, why } => json!({ "error": why, "code": code, "field": field }),
                Self::Rows(rows) => json!({
                    "error": t!(lang, "rows-bad", n = rows.len()),
                    "rows": rows.iter().map(|r| json!({
                        "row": r.row, "field": r.field, "code": r.refusal.code, "reason": ui::refusal_text(lang, &r.refusal),
                    })).collect::<Vec<_>>(),
                }),
                Self::Found(found) => json!({ "error": t!(lang, "found", n = found.len()), "found": found }),
            };
            say::note(serde_json::to_string(&value).unwrap_or_default());
            return;
        }
        match self {
            Self::Said(text) => say::note(t!(lang, "failed", why = text.as_str())),
            Self::Field { field, why, .. } => {
                say::note(t!(lang, "field-bad", field = field.as_str(), why = why.as_str()));
            }
            Self::Fault(fault) => say::note(t!(lang, "failed", why = Self::sentence(lang, fault))),
            Self::Rows(rows) => {
                for r in rows {
                    let reason = refused(lang, &r.refusal);
                    say::note(t!(lang, "row-bad", row = r.row, field = r.field.as_str(), reason = reason));
                }
                say::note(t!(lang, "rows-bad", n = rows.len()));
            }
            Self::Found(found) => {
                for line in found {
                    say::note(line);
                }
                say::note(t!(lang, "found", n = found.len()));
            }
        }
    }
}

/// A refusal with what to do next, in one line.
pub(crate) fn refused(lang: Lang, refusal: &Refusal) -> String {
    let text = ui::refusal_text(lang, refusal);
    match ui::refusal_next(lang, refusal) {
        Some(next) => format!("{text} {next}"),
        None => text,
    }
}
