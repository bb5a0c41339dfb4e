//! What is said when something cannot be done: what, why, by which rule, and what to do next.

use serde::{Deserialize, Serialize};

/// The kind of a refusal, which decides the HTTP status and the tone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// The input cannot be taken as it is (422).
    Invalid,
    /// The reader has no right to this, here (403).
    Forbidden,
    /// There is no such thing, or not for this reader (404).
    Missing,
    /// It cannot be done in the present state, or somebody was faster (409).
    Conflict,
    /// Too often or too fast (429).
    TooMany,
    /// Sign in first (401).
    SignIn,
    /// Too large (413).
    TooLarge,
    /// Nothing is wrong with the input, but it cannot be kept now (503).
    Unavailable,
}

/// A refusal. It carries a code, not a sentence: `matters.not-yours` is the sentence
/// `refusal-not-yours` of the room `matters` in the reader's language, its attribute `.next` says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}{}", .field.map(|f| format!(" ({f})")).unwrap_or_default())]
pub struct Refusal {
    /// Which refusal, as `room.name`.
    pub code: &'static str,
    /// What kind it is.
    pub kind: RefusalKind,
    /// The input field it is about, if it is about one.
    pub field: Option<&'static str>,
    /// Values for the sentence.
    pub args: Vec<(&'static str, String)>,
}

impl Refusal {
    /// A refusal without field and values.
    #[must_use]
    pub const fn new(kind: RefusalKind, code: &'static str) -> Self {
        Self { code, kind, field: None, args: Vec::new() }
    }

    /// Bad input in one field.
    #[must_use]
    pub const fn invalid(field: &'static str, code: &'static str) -> Self {
        Self { code, kind: RefusalKind::Invalid, field: Some(field), args: Vec::new() }
    }

    /// Not allowed in this office or place.
    #[must_use]
    pub const fn forbidden(code: &'static str) -> Self {
        Self::new(RefusalKind::Forbidden, code)
    }

    /// Not there, or not for this reader.
    #[must_use]
    pub const fn missing(code: &'static str) -> Self {
        Self::new(RefusalKind::Missing, code)
    }

    /// Not possible in the present state.
    #[must_use]
    pub const fn conflict(code: &'static str) -> Self {
        Self::new(RefusalKind::Conflict, code)
    }

    /// Adds a value for the sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// The HTTP status of the kind.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self.kind {
            RefusalKind::Invalid => 422,
            RefusalKind::Forbidden => 403,
            RefusalKind::Missing => 404,
            RefusalKind::Conflict => 409,
            RefusalKind::TooMany => 429,
            RefusalKind::SignIn => 401,
            RefusalKind::TooLarge => 413,
            RefusalKind::Unavailable => 503,
        }
    }
}
