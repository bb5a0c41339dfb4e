//! What is printed, field by field as in the files.

use crate::Area;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use std::collections::BTreeMap;

/// A counted case, as it is printed.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Expect {
    /// `owners`
    Owners(Box<Owners>),
    /// `owners_heads`
    OwnersHeads(OwnersHeads),
    /// `meeting`
    Meeting(Meeting),
    /// `election`
    Election(Election),
    /// `petition`
    Petition(Petition),
    /// `deadline`
    Deadline(Deadline),
    /// `proxies`
    Proxies(Proxies),
    /// `events`
    Events(Events),
}

/// Owners by area and heads.
#[derive(Clone, Debug, Serialize)]
pub struct Owners {
    /// Area of all.
    pub total_area: Area,
    /// Heads of all.
    pub total_heads: u64,
    /// Area taking part.
    pub part_area: Area,
    /// Heads taking part.
    pub part_heads: u64,
    /// Area for.
    pub yes_area: Area,
    /// Heads for.
    pub yes_heads: u64,
    /// Area against.
    pub no_area: Area,
    /// Heads against.
    pub no_heads: u64,
    /// Area abstaining.
    pub abstain_area: Area,
    /// Heads abstaining.
    pub abstain_heads: u64,
    /// Area taking part, of all, in percent.
    pub part_area_pct: String,
    /// Heads taking part, of all, in percent.
    pub part_heads_pct: String,
    /// Area for, of what takes part, in percent.
    pub yes_area_pct: String,
    /// Heads for, of those taking part, in percent.
    pub yes_heads_pct: String,
    /// Whether enough area takes part.
    pub quorum_area: bool,
    /// Whether enough heads take part.
    pub quorum_heads: bool,
    /// Whether enough area agrees.
    pub pass_area: bool,
    /// Whether enough heads agree.
    pub pass_heads: bool,
    /// The verdict.
    pub outcome: &'static str,
    /// `split:KEY` for each owner who voted differently, `no_common_majority`.
    pub flags: Vec<String>,
}

/// Owners by heads.
#[derive(Clone, Debug, Serialize)]
pub struct OwnersHeads {
    /// Who takes part.
    pub part: u64,
    /// For.
    pub yes: u64,
    /// Against.
    pub no: u64,
    /// Abstaining.
    pub abstain: u64,
    /// Taking part, of all, in percent.
    pub part_pct: String,
    /// For, of those taking part, in percent.
    pub yes_pct_of_part: String,
    /// For, of all, in percent.
    pub yes_pct_of_total: String,
    /// Whether enough take part.
    pub quorum: bool,
    /// The verdict.
    pub outcome: &'static str,
    /// `no_common_majority`.
    pub flags: Vec<String>,
}

/// A decision of a meeting.
#[derive(Clone, Debug, Serialize)]
pub struct Meeting {
    /// How many had to come.
    pub need_attend: u64,
    /// Whether they came.
    pub quorum: bool,
    /// What agreement was measured against.
    pub base: u64,
    /// How many had to agree.
    pub need_yes: u64,
    /// The verdict.
    pub outcome: &'static str,
}

/// A round of an election.
#[derive(Clone, Debug, Serialize)]
pub struct Election {
    /// Whether enough took part.
    pub turnout_ok: bool,
    /// Whether the election is valid.
    pub valid: bool,
    /// Why it is not.
    pub reason: Option<&'static str>,
    /// Ballots that can be read.
    pub valid_ballots: u64,
    /// Ballots that cannot.
    pub invalid_ballots: u64,
    /// Persons with votes, most first.
    pub votes: Tallied,
    /// Who is elected.
    pub elected: Vec<String>,
    /// Who is equal at the last seat.
    pub tied: Vec<String>,
    /// Seats that stay empty.
    pub vacancies: u32,
    /// Who stands next.
    pub runoff_order: Vec<String>,
}

/// A petition.
#[derive(Clone, Debug, Serialize)]
pub struct Petition {
    /// Whether it is enough.
    pub met: bool,
    /// What it needs.
    pub need: Need,
}

/// What a petition needs.
#[derive(Clone, Debug, Serialize)]
pub struct Need {
    /// How many persons.
    pub heads: u64,
}

/// Answers to proxies.
#[derive(Clone, Debug, Serialize)]
pub struct Proxies {
    /// An answer to each proxy.
    pub results: Vec<&'static str>,
}

/// Answers to events.
#[derive(Clone, Debug, Serialize)]
pub struct Events {
    /// An answer to each event.
    pub results: Vec<&'static str>,
    /// The ballots that count, by unit.
    pub r#final: BTreeMap<String, &'static str>,
}

/// A day.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Deadline {
    /// The last day on which it can be done.
    LastDay(String),
    /// The last day on which notice can be given.
    LatestDay(String),
    /// The first day on which it may be taken down.
    EarliestRemoval(String),
}

/// Names with their votes, an object in the order of votes.
#[derive(Clone, Debug)]
pub struct Tallied(pub Vec<(String, u64)>);

impl Serialize for Tallied {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, votes) in &self.0 {
            map.serialize_entry(name, votes)?;
        }
        map.end()
    }
}
