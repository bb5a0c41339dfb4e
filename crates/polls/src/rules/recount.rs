//! The file by which anybody counts a published result again, trusting nothing but the file: `yishiting recount FILE`.

use super::{
    count::{Counted, Group, count},
    roll::rows,
};
use crate::model::{Outcome, Shape, Trust};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use tally::{Area, Fault, Rule, Why, rule::Pinned};

/// The first field of the file.
pub const FORMAT: &str = "yishiting-recount 1";

/// A result with everything that it follows from. Fields stand in this order; the file's SHA-256 is what tellers sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// [`FORMAT`]
    pub format: String,
    /// The poll's number.
    pub number: String,
    /// What it was about.
    pub title: String,
    /// The proposal.
    pub text: String,
    /// The shape of its ballots.
    pub ballot: Shape,
    /// Whether it was secret.
    pub secret: bool,
    /// How openly ballots are published.
    pub published: Trust,
    /// Its options.
    pub options: Vec<String>,
    /// From when ballots were taken.
    pub opens: String,
    /// Until when.
    pub closes: String,
    /// The rule, the whole row.
    pub rule: Rule,
    /// Its SHA-256.
    pub rule_sha256: String,
    /// The roll.
    pub roll: String,
    /// Its SHA-256.
    pub roll_sha256: String,
    /// Heads that no ballot reached.
    pub unserved: Vec<u32>,
    /// How many were handed a secret ballot.
    pub handed: Option<u64>,
    /// The ballots that count.
    pub ballots: Vec<Group>,
    /// Ballots that were struck out, by reason.
    pub struck: BTreeMap<String, u64>,
    /// How it came out.
    pub outcome: Outcome,
}

impl File {
    /// The bytes that are published and hashed.
    ///
    /// # Errors
    /// When it cannot be written, which no file of ours can.
    pub fn bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Counts what it holds, whatever its outcome says.
    ///
    /// # Errors
    /// What does not add up.
    pub fn count(&self) -> Result<Outcome, Fault> {
        let roll =
            rows(&self.roll).map_err(|line| Fault::at(format!("roll, line {line}"), Why::Wanted("text")))?;
        count(&Counted {
            shape: &self.ballot,
            options: &self.options,
            rule: &self.rule,
            roll: &roll,
            unserved: &self.unserved,
            handed: self.handed,
            ballots: &self.ballots,
        })
    }

    /// Groups ballots as they are published: with heads where that was said before, else by vote and area, in an order that
    /// tells nothing.
    #[must_use]
    pub fn grouped(trust: Trust, secret: bool, owners: bool, ballots: &[(u32, u64, String)]) -> Vec<Group> {
        let mut groups: BTreeMap<(&str, Option<u64>), Group> = BTreeMap::new();
        for (head, area, vote) in ballots {
            let area = owners.then_some(*area);
            let group = groups.entry((vote, area)).or_insert_with(|| Group {
                vote: vote.clone(),
                n: 0,
                area: area.and_then(Area::new),
                heads: Vec::new(),
            });
            group.n += 1;
            if trust == Trust::Open && !secret {
                group.heads.push(*head);
            }
        }
        let mut groups: Vec<Group> = groups.into_values().collect();
        for group in &mut groups {
            group.heads.sort_unstable();
        }
        groups
    }
}

/// What a recount found.
#[derive(Clone, Debug)]
pub struct Recounted {
    /// The file as read.
    pub file: File,
    /// SHA-256 of its bytes, to be compared with the one that was printed and signed.
    pub sha256: String,
    /// The count made anew.
    pub outcome: Outcome,
    /// What is wrong with it: `rule`, `roll`, `outcome`.
    pub wrong: Vec<&'static str>,
}

/// Reads a file and counts it.
///
/// # Errors
/// What cannot be read or does not add up.
pub fn recount(bytes: &[u8]) -> Result<Recounted, Fault> {
    let file: File = serde_json::from_slice(bytes).map_err(|e| {
        Fault::at(
            format!("line {}", e.line()),
            Why::NotOneOf { found: e.to_string(), known: FORMAT.to_owned() },
        )
    })?;
    if file.format != FORMAT {
        return Err(Fault::at("format", Why::NotOneOf { found: file.format, known: FORMAT.to_owned() }));
    }
    let outcome = file.count()?;
    let mut wrong = Vec::new();
    let pinned = Pinned { rule: file.rule.clone(), hash: file.rule_sha256.clone() };
    if !pinned.holds() {
        wrong.push("rule");
    }
    if hex::encode(Sha256::digest(&file.roll)) != file.roll_sha256 {
        wrong.push("roll");
    }
    if outcome != file.outcome {
        wrong.push("outcome");
    }
    Ok(Recounted { sha256: hex::encode(Sha256::digest(bytes)), outcome, wrong, file })
}
