//! What is wrong with an input: which field, and why.

use std::fmt;

/// Why a field cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The field is not there.
    Missing,
    /// No such field is known; it may be misspelled, and leaving it out unseen could change the outcome.
    Unexpected,
    /// Another kind of value is wanted: `object`, `list`, `text`, `count` (a whole number from 0), `truth`.
    Wanted(&'static str),
    /// Not one of the words that are known here.
    NotOneOf {
        /// What stands there.
        found: String,
        /// What could stand there.
        known: String,
    },
    /// Not an area: digits, and at most two after the point.
    NotAnArea(String),
    /// Not a date as 2026-03-02.
    NotADate(String),
    /// Not a time as 2026-06-01T09:00.
    NotATime(String),
    /// Not a share such as `[2, 3, false]`: above nothing, at most the whole, and not more than the whole.
    NotAShare(String),
    /// Above what can be counted.
    TooLarge {
        /// The most that is taken.
        most: u64,
    },
    /// Below what makes sense.
    TooSmall {
        /// The least that is taken.
        least: u64,
    },
    /// The parts are more than their whole.
    MoreThan {
        /// The sum of the parts.
        sum: u64,
        /// The field of the whole.
        whole: &'static str,
        /// Its value.
        most: u64,
    },
    /// It stands there a second time.
    Twice(String),
    /// Nobody and nothing of this name is on the roll.
    NotOnRoll(String),
    /// The unit belongs to somebody else.
    NotTheirs(String),
    /// A name or text without a letter.
    Empty,
    /// It ends before it begins.
    Turned,
}

impl Why {
    /// The code of the sentence, `tally-…` in the language files.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Unexpected => "unexpected",
            Self::Wanted(_) => "wanted",
            Self::NotOneOf { .. } => "not-one-of",
            Self::NotAnArea(_) => "not-an-area",
            Self::NotADate(_) => "not-a-date",
            Self::NotATime(_) => "not-a-time",
            Self::NotAShare(_) => "not-a-share",
            Self::TooLarge { .. } => "too-large",
            Self::TooSmall { .. } => "too-small",
            Self::MoreThan { .. } => "more-than",
            Self::Twice(_) => "twice",
            Self::NotOnRoll(_) => "not-on-roll",
            Self::NotTheirs(_) => "not-theirs",
            Self::Empty => "empty",
            Self::Turned => "turned",
        }
    }

    /// The values of the sentence.
    #[must_use]
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Missing | Self::Unexpected | Self::Empty | Self::Turned => Vec::new(),
            Self::Wanted(kind) => vec![("kind", (*kind).to_owned())],
            Self::NotOneOf { found, known } => vec![("found", found.clone()), ("known", known.clone())],
            Self::NotAnArea(found)
            | Self::NotADate(found)
            | Self::NotATime(found)
            | Self::NotAShare(found)
            | Self::Twice(found)
            | Self::NotOnRoll(found)
            | Self::NotTheirs(found) => vec![("found", found.clone())],
            Self::TooLarge { most } => vec![("most", most.to_string())],
            Self::TooSmall { least } => vec![("least", least.to_string())],
            Self::MoreThan { sum, whole, most } => {
                vec![("sum", sum.to_string()), ("whole", (*whole).to_owned()), ("most", most.to_string())]
            }
        }
    }
}

/// A refusal of an input: the field by its path (`units[3].area`) and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Fault {
    /// The field, by the names of the input.
    pub field: String,
    /// Why.
    pub why: Why,
}

impl Fault {
    /// A fault in a field.
    #[must_use]
    pub fn at(field: impl Into<String>, why: Why) -> Self {
        Self { field: field.into(), why }
    }

    /// The same fault, seen from an object that holds the input under `outer`.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        if !outer.is_empty() {
            self.field = match (self.field.is_empty(), self.field.starts_with('[')) {
                (true, _) => outer.to_owned(),
                (false, true) => format!("{outer}{}", self.field),
                (false, false) => format!("{outer}.{}", self.field),
            };
        }
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.why.code())?;
        for (name, value) in self.why.args() {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}
