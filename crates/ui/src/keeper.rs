//! What rooms keep about a person, and how it is erased. Every room that keeps something hands in a [`Keeper`]; the page
//! "my information", the notice and the lists of deletion ask all of them without knowing any.

use futures_util::future::BoxFuture;
use kernel::{Actor, Id, Time, calendar::Calendar, personal::PersonalField};
use store::{Conn, Fault, Keys, Tx};

/// One thing that is kept about a person, in clear: only for the person's own eyes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The code of the field in the register.
    pub field: &'static str,
    /// What it belongs to, such as the number of a matter.
    pub of: String,
    /// The value.
    pub value: String,
    /// Since when, if known.
    pub at: Option<Time>,
}

/// What came of an erasure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// How many texts were erased.
    pub erased: u64,
    /// How many things have to stay for now, because the law asks for them (个人信息保护法 art. 47: only stored).
    pub frozen: u64,
}

/// What is kept about a person.
pub type About = for<'a> fn(&'a mut Conn, &'a Keys, Id, Id) -> BoxFuture<'a, Result<Vec<Kept>, Fault>>;
/// Erases what may be erased of a person, in the transaction of the decision.
pub type Erase = for<'a> fn(&'a mut Tx, &'a Actor, Id) -> BoxFuture<'a, Result<Erased, Fault>>;
/// The working calendar of a street.
pub type CalendarOf = for<'a> fn(&'a mut Conn, Id) -> BoxFuture<'a, Result<Calendar, Fault>>;

/// A room's part in the duties towards the people whose data it keeps.
#[derive(Clone, Copy)]
pub struct Keeper {
    /// The room.
    pub room: &'static str,
    /// Its register.
    pub fields: &'static [PersonalField],
    /// The events, by their full names, that record a look at what it keeps: the audit administrator reads them in the log of
    /// looks. The sentence of `room.event_kind` is `room.event-event-kind`.
    pub looks: &'static [&'static str],
    /// What it keeps about a person.
    pub about: About,
    /// How it erases.
    pub erase: Erase,
}

impl std::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keeper").field("room", &self.room).finish_non_exhaustive()
    }
}
