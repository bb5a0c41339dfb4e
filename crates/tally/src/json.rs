//! The files of `yishiting tally`: an object with `kind` and `input` in, the counted figures out.
//!
//! Strict: a field that is not known, missing or of another type is refused by its path, since a misspelled one could
//! change an outcome unseen. Areas and percentages are texts, counts are numbers. What stands beside `kind` and `input`
//! (`id`, `title`, `law`, `expect` …) is not looked at.

use crate::{Choice, Fault, Why};
use serde_json::Value;

mod before;
mod expect;
mod owners;
mod persons;
mod read;
mod strict;

pub use expect::{
    Deadline, Election, Events, Expect, Meeting, Need, Owners, OwnersHeads, Petition, Proxies, Tallied,
};
use read::Object;
pub use strict::parse;

/// Every kind of file.
pub const KINDS: [&str; 8] =
    ["owners", "owners_heads", "meeting", "election", "petition", "deadline", "proxies", "events"];

/// Something that was left out of a count, for the one who counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where it stands.
    pub field: String,
    /// Whose it is.
    pub owner: String,
    /// Why it was left out.
    pub reason: Left,
}

kernel::coded_enum! {
    /// Why something was left out of a count.
    pub enum Left {
        /// The owner or the unit has no vote in this poll: parking that does not count, not yet handed over.
        Voteless = "voteless",
        /// The owner was not served.
        Unserved = "unserved",
    }
}

/// An answer with what was left out of it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was counted.
    pub expect: Expect,
    /// What was left out.
    pub notes: Vec<Note>,
}

impl From<Expect> for Answer {
    fn from(expect: Expect) -> Self {
        Self { expect, notes: Vec::new() }
    }
}

/// The answers to a file.
#[derive(Clone, Debug)]
pub enum File {
    /// Of a file with one case.
    One(Box<Answer>),
    /// Of a file with `cases`, in their order.
    Many(Vec<Answer>),
}

/// Counts a whole file: one case, or an object with `cases`.
///
/// # Errors
/// The first [`Fault`]; its field begins with `cases[n].` in a file with several.
pub fn file(value: &Value) -> Result<File, Fault> {
    let Some(cases) = value.get("cases") else { return case(value).map(|a| File::One(Box::new(a))) };
    let cases = cases.as_array().ok_or_else(|| Fault::at("cases", Why::Wanted("list")))?;
    if cases.is_empty() {
        return Err(Fault::at("cases", Why::Empty));
    }
    let each = cases.iter().enumerate();
    let answers = each.map(|(at, one)| case(one).map_err(|f| f.within(&format!("cases[{at}]"))));
    answers.collect::<Result<_, _>>().map(File::Many)
}

/// Counts one case: an object with `kind` and `input`.
///
/// # Errors
/// The first [`Fault`].
pub fn case(value: &Value) -> Result<Answer, Fault> {
    let whole = Object::open(value)?;
    let kind = whole.text("kind")?;
    let input = whole.map.get("input").ok_or_else(|| Fault::at("input", Why::Missing))?;
    answer(kind, input)
}

/// Counts an input of a kind.
///
/// # Errors
/// The first [`Fault`]; fields of the input begin with `input.`.
pub fn answer(kind: &str, input: &Value) -> Result<Answer, Fault> {
    let count: fn(&Object<'_>) -> Result<Answer, Fault> = match kind {
        "owners" => owners::owners,
        "owners_heads" => owners::owners_heads,
        "meeting" => persons::meeting,
        "election" => persons::election,
        "petition" => persons::petition,
        "deadline" => before::deadline,
        "proxies" => before::proxies,
        "events" => before::events,
        _ => {
            let why = Why::NotOneOf { found: read::short(kind), known: KINDS.join(", ") };
            return Err(Fault::at("kind", why));
        }
    };
    Object::open(input).and_then(|input| count(&input)).map_err(|fault| fault.within("input"))
}

/// A choice of a ballot.
fn choice(ballot: &Object<'_>) -> Result<Choice, Fault> {
    ballot.coded("choice", Choice::parse, &Choice::ALL.iter().map(|c| c.code()).collect::<Vec<_>>())
}
