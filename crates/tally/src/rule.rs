//! Rules of decision as data: immutable rows that a poll pins, each with the article that it comes from.

use crate::Share;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt::Write;

mod shipped;

pub use shipped::{owners_rule, shipped};

/// A text that is either shipped or read from a row.
pub type Text = Cow<'static, str>;

kernel::coded_enum! {
    /// What a rule rules.
    pub enum Form {
        /// Owners, counted by area and heads.
        Owners = "owners",
        /// A meeting of persons or representatives.
        Meeting = "meeting",
        /// A round of an election.
        Election = "election",
        /// A request that needs a number of signers.
        Petition = "petition",
    }
}

kernel::coded_enum! {
    /// What agreement is measured against.
    pub enum Base {
        /// All who are entitled (全体).
        Eligible = "eligible",
        /// Who came (到会): abstaining counts against.
        Attending = "attending",
        /// Ballots returned, invalid ones with them.
        Cast = "cast",
        /// Ballots that can be read: for, against, abstaining.
        Valid = "valid",
        /// For and against only.
        YesNo = "yes_no",
    }
}

kernel::coded_enum! {
    /// What the silence of somebody who was served means. 建房〔2009〕274号 26: only where the owners' own rules say so.
    pub enum Silence {
        /// Not taking part.
        None = "none",
        /// Taking part, with the majority of the others.
        FollowMajority = "follow_majority",
    }
}

kernel::coded_enum! {
    /// What a returned ballot that cannot be read counts as; national law is silent.
    pub enum Invalid {
        /// Not taking part.
        NotParticipating = "not_participating",
        /// Taking part, abstaining.
        AsAbstain = "as_abstain",
    }
}

kernel::coded_enum! {
    /// What a second ballot for the same unit does while the poll is open.
    pub enum Revote {
        /// It is refused: one vote, no change (北京业主 APP).
        None = "none",
        /// The last one counts.
        Last = "last",
    }
}

kernel::coded_enum! {
    /// How sure the source is.
    pub enum Confidence {
        /// Text of a national law, read in full.
        Statute = "statute",
        /// Local regulation, read in full.
        Regulation = "regulation",
        /// Guideline of a ministry, number and clauses known, text quoted second-hand.
        Guideline = "guideline",
        /// Figures of a court case.
        Case = "case",
        /// Published practice of a public platform or form.
        Practice = "practice",
        /// Our own reading where the law is silent.
        Interpretation = "interpretation",
    }
}

kernel::coded_enum! {
    /// Who may act for somebody else.
    pub enum ProxyKind {
        /// Nobody: everybody votes in person.
        None = "none",
        /// A voter of the same roll.
        Voter = "voter",
        /// A grown-up of the same household (农村集体经济组织法 27).
        Household = "household",
        /// Anybody named in writing (指导规则 26).
        Anyone = "anyone",
    }
}

/// Proxies under a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proxying {
    /// Who may be one.
    pub kind: ProxyKind,
    /// For how many others at most; 0 is no limit.
    pub most: u32,
    /// Whether it must be in writing.
    pub written: bool,
    /// Whether a candidate may not be one.
    pub no_candidates: bool,
}

impl Proxying {
    /// Everybody votes in person.
    #[must_use]
    pub const fn none() -> Self {
        Self { kind: ProxyKind::None, most: 0, written: true, no_candidates: true }
    }

    /// Elections (居委会组织法 19, 村委会组织法 18): in writing, a voter, for three at most, no candidate.
    #[must_use]
    pub const fn election() -> Self {
        Self { kind: ProxyKind::Voter, most: 3, written: true, no_candidates: true }
    }
}

/// A source of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Law {
    /// The law by its name, with its revision where that matters.
    pub name: Text,
    /// The article, such as `278条2款`.
    pub article: Text,
    /// How sure it is.
    pub confidence: Confidence,
}

/// A rule of decision. Rows are never changed: another rule is another version, and a poll keeps the
/// [pin](Rule::pin) of the one that it was opened under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its code, such as `owners_special`.
    pub code: Text,
    /// Its version, from 1.
    pub version: u32,
    /// Its name in Chinese.
    pub name: Text,
    /// Its name in English.
    pub name_en: Text,
    /// Where it comes from.
    pub laws: Vec<Law>,
    /// What it rules.
    pub form: Form,
    /// How many of all who are entitled must take part (owners: of area and of heads); none when no number is asked.
    pub attend: Option<Share>,
    /// What agreement is measured against; owners always by what takes part, which is [`Base::Attending`].
    pub agree_of: Base,
    /// How many of them must agree (owners: of area and of heads; election: of the ballots collected).
    pub agree: Share,
    /// A number of persons that is enough whatever the whole is; petitions only, and then instead of `agree`.
    pub fixed: Option<u64>,
    /// What silence means.
    pub silence: Silence,
    /// What an invalid ballot counts as.
    pub invalid: Invalid,
    /// Whether parking spaces count (建房〔2009〕274号 25: the owners' rules must say so).
    pub parking_counts: bool,
    /// Whether an owner of several units votes for each of them.
    pub per_unit: bool,
    /// What a second ballot does.
    pub revote: Revote,
    /// Who may act for others.
    pub proxies: Proxying,
    /// Whether the ballot is secret.
    pub secret: bool,
    /// Days of notice before, at least.
    pub notice_days: u32,
    /// Days within which the result is published; 0 is at once.
    pub result_days: u32,
    /// Days for which it stays on show, at least.
    pub publish_days: u32,
    /// The first day of the law behind it, as 2021-01-01.
    pub since: Text,
}

impl Rule {
    /// The text that [`Rule::pin`] hashes: a line per field in a fixed order, and a line per source. A value cannot pass
    /// for another field, since line ends and backslashes in it are written as `\n` and `\\`.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut out = String::from("yishiting-rule 1\n");
        let mut line = |name: &str, value: &str| {
            let value = value.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
            // Writing to a text cannot fail.
            let _ = writeln!(out, "{name} {value}");
        };
        line("code", &self.code);
        line("version", &self.version.to_string());
        line("name", &self.name);
        line("name_en", &self.name_en);
        for law in &self.laws {
            line("law", &law.name);
            line("article", &law.article);
            line("confidence", law.confidence.code());
        }
        line("form", self.form.code());
        line("attend", &self.attend.map(written).unwrap_or_default());
        line("agree_of", self.agree_of.code());
        line("agree", &written(self.agree));
        line("fixed", &self.fixed.map(|n| n.to_string()).unwrap_or_default());
        line("silence", self.silence.code());
        line("invalid", self.invalid.code());
        line("parking_counts", truth(self.parking_counts));
        line("per_unit", truth(self.per_unit));
        line("revote", self.revote.code());
        line("proxy_kind", self.proxies.kind.code());
        line("proxy_most", &self.proxies.most.to_string());
        line("proxy_written", truth(self.proxies.written));
        line("proxy_no_candidates", truth(self.proxies.no_candidates));
        line("secret", truth(self.secret));
        line("notice_days", &self.notice_days.to_string());
        line("result_days", &self.result_days.to_string());
        line("publish_days", &self.publish_days.to_string());
        line("since", &self.since);
        out
    }

    /// The SHA-256 by which a poll pins the rule.
    #[must_use]
    pub fn pin(&self) -> [u8; 32] {
        Sha256::digest(self.canonical()).into()
    }

    /// The pin in hexadecimal digits.
    #[must_use]
    pub fn pin_hex(&self) -> String {
        hex::encode(self.pin())
    }
}

/// A rule as a vote keeps it: the whole row and its hash. Whoever holds the row can check it against the hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinned {
    /// The row.
    pub rule: Rule,
    /// Its SHA-256 in hexadecimal digits: [`Rule::pin_hex`].
    pub hash: String,
}

impl Pinned {
    /// Pins a rule.
    #[must_use]
    pub fn of(rule: &Rule) -> Self {
        Self { hash: rule.pin_hex(), rule: rule.clone() }
    }

    /// Whether the row is the one that was pinned.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.rule.pin_hex() == self.hash
    }
}

const fn truth(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

fn written(share: Share) -> String {
    share.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_shipped_rule_has_a_source_and_its_own_pin() {
        let (mut codes, mut pins) = (BTreeSet::new(), BTreeSet::new());
        for rule in shipped() {
            assert!(codes.insert(rule.code.clone()), "{} twice", rule.code);
            assert!(pins.insert(rule.pin_hex()), "{} has the pin of another", rule.code);
            assert!(
                !rule.laws.is_empty() && rule.laws.iter().all(|l| !l.article.is_empty()),
                "{}",
                rule.code
            );
            assert!(!rule.name.is_empty() && !rule.name_en.is_empty());
            assert_eq!(
                rule.silence,
                Silence::None,
                "silence is never consent unless the owners' rules say so"
            );
        }
        assert!(codes.len() >= 25);
    }

    #[test]
    fn a_rule_comes_back_from_its_row_with_the_same_pin_and_any_change_shows() {
        let rule = owners_rule(6).unwrap();
        let row = serde_json::to_string(&rule).unwrap();
        let back: Rule = serde_json::from_str(&row).unwrap();
        assert_eq!((back.pin(), &back), (rule.pin(), &rule));
        let changed: Vec<Rule> = vec![
            Rule { version: 2, ..rule.clone() },
            Rule { agree: Share::TWO_THIRDS, ..rule.clone() },
            Rule { attend: None, ..rule.clone() },
            Rule { silence: Silence::FollowMajority, ..rule.clone() },
            Rule { invalid: Invalid::AsAbstain, ..rule.clone() },
            Rule { parking_counts: true, ..rule.clone() },
            Rule { per_unit: true, ..rule.clone() },
            Rule { notice_days: 7, ..rule.clone() },
            Rule { secret: true, ..rule.clone() },
            Rule { name: "x\nsecret true".into(), ..rule.clone() },
        ];
        let pins: BTreeSet<_> = changed.iter().map(Rule::pin).chain([rule.pin()]).collect();
        assert_eq!(pins.len(), changed.len() + 1);
    }
}
