//! Rounds: the main one, a vote among the tied, a further election.

use kernel::{Id, Time};
use serde::{Deserialize, Serialize};

kernel::coded_enum! {
    /// What a round is for.
    pub enum RoundKind {
        /// All seats, all candidates.
        Main = "main",
        /// The last seats, among those with equal votes.
        Tie = "tie",
        /// 另行选举: the empty seats, among those who stand next.
        Runoff = "runoff",
    }
}

/// How a round came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundCount {
    /// Who is entitled.
    pub registered: u64,
    /// Who took part.
    pub took_part: u64,
    /// Ballots collected.
    pub ballots: u64,
    /// Of them not to be read.
    pub invalid: u64,
    /// Of them blank.
    pub blank: u64,
    /// The smallest number of votes that elects.
    pub need: u64,
    /// Everybody with votes, most first.
    pub votes: Vec<(String, u64)>,
    /// Why it is void.
    pub void: Option<String>,
    /// Names on no list that have enough votes and wait for a decision.
    pub pending: Vec<String>,
    /// Who has enough votes and yields the seat to a near relative with more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub yielded: Vec<Id>,
    /// Candidates with equal votes at the last seat.
    pub tied: Vec<Id>,
    /// Candidates who stand next for a further election.
    pub next: Vec<Id>,
}

/// A round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Its id: the part that the poll names.
    pub id: Id,
    /// What it is for.
    pub kind: RoundKind,
    /// Its poll.
    pub poll: Id,
    /// How many seats.
    pub seats: u32,
    /// Candidates in the order of the ballot.
    pub candidates: Vec<Id>,
    /// The code of its rule.
    pub rule: String,
    /// From when ballots are taken.
    pub opens: Time,
    /// Until before when.
    pub closes: Time,
    /// Why it comes later than the law asks.
    pub late: Option<String>,
    /// How it came out.
    pub count: Option<RoundCount>,
    /// Whether it was ended without a count, or its result set aside.
    pub set_aside: bool,
}

/// Somebody who is elected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elected {
    /// The candidate; nobody for a name that was written in.
    pub nominee: Option<Id>,
    /// The name on the ballot.
    pub name: String,
    /// The votes.
    pub votes: u64,
    /// In which round.
    pub round: Id,
}
