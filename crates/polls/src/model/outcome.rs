//! A counted result: what is shown, printed, signed and recounted.

use serde::{Deserialize, Serialize};
use tally::{Gap, Verdict};

kernel::coded_enum! {
    /// What a threshold is about.
    pub enum GoalKind {
        /// Heads that take part.
        QuorumHeads = "quorum_heads",
        /// Area that takes part, in 0.01 m².
        QuorumArea = "quorum_area",
        /// Heads that agree.
        AgreeHeads = "agree_heads",
        /// Area that agrees, in 0.01 m².
        AgreeArea = "agree_area",
        /// Ballots that a candidate needs.
        Elect = "elect",
    }
}

/// A threshold with what is there and what is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goal {
    /// About what.
    pub kind: GoalKind,
    /// The numbers.
    pub gap: Gap,
}

/// A side of a vote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// Heads.
    pub heads: u64,
    /// Area in 0.01 m²; 0 where area does not count.
    pub area: u64,
}

/// An option or candidate with its votes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionVotes {
    /// Its words.
    pub name: String,
    /// Votes; points in a ranking.
    pub votes: u64,
}

/// How a poll came out. Everything in it follows from roll, ballots and rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The verdict, where there is a question to be answered by yes or no.
    pub verdict: Option<Verdict>,
    /// Who is entitled.
    pub total: Side,
    /// Who takes part by the rule.
    pub part: Side,
    /// For.
    pub yes: Side,
    /// Against.
    pub no: Side,
    /// Abstaining.
    pub abstain: Side,
    /// Of those: counted as following the majority.
    pub following: Side,
    /// Ballots that were returned.
    pub ballots: u64,
    /// Of them: not to be read.
    pub invalid: u64,
    /// Of them: without a mark.
    pub blank: u64,
    /// Thresholds.
    pub goals: Vec<Goal>,
    /// Options or candidates, most votes first.
    pub votes: Vec<OptionVotes>,
    /// Who or what is chosen.
    pub chosen: Vec<String>,
    /// Equal votes at the last place: voted on again, never drawn.
    pub tied: Vec<String>,
    /// Who stands next for a further election.
    pub next: Vec<String>,
    /// Places that stay empty.
    pub vacancies: u64,
    /// Why an election is void.
    pub void: Option<String>,
    /// What the counters should know: `no_common_majority`, `returned_unserved`.
    pub notes: Vec<String>,
}
