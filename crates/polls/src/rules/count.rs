//! The count itself: rule, roll and ballots in, the outcome out. The same for the certificate and for a stranger's recount.

use super::roll::{DEVELOPER, Row};
use crate::model::{Goal, GoalKind, OptionVotes, Outcome, Shape, Side, Vote};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use tally::{
    Area, Choice, Fault, Rule, Why,
    choice::Marks,
    election, meeting,
    owners::{self, Ballot, Entry, Pair, Whose},
    ranking::Orders,
};

/// Ballots that say the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// What they say.
    pub vote: String,
    /// How many.
    pub n: u64,
    /// The area of each, where area counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Area>,
    /// Whose, where that is published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heads: Vec<u32>,
}

/// Everything that is counted.
#[derive(Clone, Debug)]
pub struct Counted<'a> {
    /// The shape of the ballots.
    pub shape: &'a Shape,
    /// The options.
    pub options: &'a [String],
    /// The rule.
    pub rule: &'a Rule,
    /// The roll.
    pub roll: &'a [Row<'a>],
    /// Heads that no ballot reached; they never take part.
    pub unserved: &'a [u32],
    /// How many were handed a secret ballot; for named polls the ballots themselves say who took part.
    pub handed: Option<u64>,
    /// The ballots.
    pub ballots: &'a [Group],
}

fn wrong(at: usize, field: &str, why: Why) -> Fault {
    Fault::at(format!("ballots[{at}].{field}"), why)
}

/// Counts.
///
/// # Errors
/// What does not add up, by field: a vote that this poll does not offer, more ballots than heads, a head twice, an area that
/// no head has left.
pub fn count(all: &Counted<'_>) -> Result<Outcome, Fault> {
    let mut votes = Vec::with_capacity(all.ballots.len());
    for (at, group) in all.ballots.iter().enumerate() {
        let vote = Vote::read(all.shape, all.options.len(), &group.vote, true);
        votes.push(vote.map_err(|_| {
            wrong(at, "vote", Why::NotOneOf { found: group.vote.clone(), known: String::new() })
        })?);
        if !group.heads.is_empty() && group.heads.len() as u64 != group.n {
            return Err(wrong(
                at,
                "n",
                Why::MoreThan { sum: group.n, whole: "heads", most: group.heads.len() as u64 },
            ));
        }
    }
    if let Shape::Owners { .. } = all.shape {
        return by_owners(all, &votes);
    }
    let eligible = all.roll.len() as u64;
    let returned: u64 = all.ballots.iter().map(|g| g.n).fold(0, u64::saturating_add);
    let took_part = all.handed.unwrap_or(returned);
    for (field, n) in [("handed", took_part), ("ballots", returned)] {
        if n > eligible && !matches!(all.shape, Shape::Election { .. }) {
            return Err(Fault::at(field, Why::MoreThan { sum: n, whole: "roll", most: eligible }));
        }
    }
    let known: BTreeSet<u32> = all.roll.iter().map(|r| r.head).collect();
    let mut seen = BTreeSet::new();
    for (at, group) in all.ballots.iter().enumerate() {
        for head in &group.heads {
            if !known.contains(head) {
                return Err(wrong(at, "heads", Why::NotOnRoll(head.to_string())));
            }
            if !seen.insert(*head) {
                return Err(wrong(at, "heads", Why::Twice(head.to_string())));
            }
        }
    }
    let mut out = Outcome {
        total: Side { heads: eligible, area: 0 },
        part: Side { heads: took_part, area: 0 },
        ballots: returned,
        ..Outcome::default()
    };
    match all.shape {
        Shape::Sides | Shape::Owners { .. } => sides(all, &votes, &mut out)?,
        Shape::Marks { most, places } => {
            let mut marks = Marks::new(all.options.len(), *most as usize);
            each(all, &votes, |m, _| marks.add(m));
            let standing = marks.standing(*places as usize);
            (out.blank, out.invalid) = (standing.blank, standing.invalid + unreadable(all, &votes));
            out.votes =
                named(all.options, standing.order.iter().map(|o| (*o, standing.votes.get(*o).copied())));
            out.chosen = names(all.options, &standing.chosen);
            out.tied = names(all.options, &standing.tied);
            out.vacancies = u64::from(*places).saturating_sub(standing.chosen.len() as u64);
            quorum(all, &mut out);
        }
        Shape::Ranking => {
            let mut orders = Orders::new(all.options.len());
            each(all, &votes, |m, _| orders.add(m));
            (out.blank, out.invalid) = (orders.blank(), orders.invalid() + unreadable(all, &votes));
            let points = orders.points();
            let best = points.first().map_or(0, |(_, n)| *n);
            let first: Vec<usize> =
                points.iter().filter(|(_, n)| *n == best && best > 0).map(|(o, _)| *o).collect();
            out.votes = named(all.options, points.iter().map(|(o, n)| (*o, Some(*n))));
            if first.len() == 1 {
                out.chosen = names(all.options, &first);
            } else {
                out.tied = names(all.options, &first);
                out.vacancies = 1;
            }
            quorum(all, &mut out);
        }
        Shape::Election { seats } => elect(all, &votes, *seats, eligible, took_part, returned, &mut out)?,
    }
    Ok(out)
}

/// Gives every ballot's marks, from 0, once for each ballot of its group.
fn each(all: &Counted<'_>, votes: &[Vote], mut take: impl FnMut(&[u32], &[String])) {
    for (group, vote) in all.ballots.iter().zip(votes) {
        if let Vote::Marks(marks, written) = vote {
            let zero: Vec<u32> = marks.iter().map(|m| m - 1).collect();
            for _ in 0..group.n {
                take(&zero, written);
            }
        }
    }
}

fn unreadable(all: &Counted<'_>, votes: &[Vote]) -> u64 {
    all.ballots.iter().zip(votes).filter(|(_, v)| **v == Vote::Invalid).map(|(g, _)| g.n).sum()
}

fn names(options: &[String], which: &[usize]) -> Vec<String> {
    which.iter().filter_map(|o| options.get(*o).cloned()).collect()
}

fn named(options: &[String], votes: impl Iterator<Item = (usize, Option<u64>)>) -> Vec<OptionVotes> {
    votes
        .filter_map(|(o, n)| Some(OptionVotes { name: options.get(o)?.clone(), votes: n.unwrap_or(0) }))
        .collect()
}

fn quorum(all: &Counted<'_>, out: &mut Outcome) {
    if let Some(share) = all.rule.attend {
        out.goals.push(Goal { kind: GoalKind::QuorumHeads, gap: share.gap(out.part.heads, out.total.heads) });
    }
}

fn sides(all: &Counted<'_>, votes: &[Vote], out: &mut Outcome) -> Result<(), Fault> {
    let of = |want: &Vote| -> u64 {
        all.ballots.iter().zip(votes).filter(|(_, v)| *v == want).map(|(g, _)| g.n).sum()
    };
    let (yes, no, abstain) =
        (of(&Vote::Side(Choice::Yes)), of(&Vote::Side(Choice::No)), of(&Vote::Side(Choice::Abstain)));
    let invalid = of(&Vote::Invalid);
    let numbers =
        meeting::Count { eligible: out.total.heads, attending: out.part.heads, yes, no, abstain, invalid };
    let result = meeting::count(all.rule, &numbers)?;
    let side = |heads| Side { heads, area: 0 };
    (out.yes, out.no, out.abstain, out.invalid) = (side(yes), side(no), side(abstain), invalid);
    out.goals.extend(result.attend.map(|gap| Goal { kind: GoalKind::QuorumHeads, gap }));
    out.goals.push(Goal { kind: GoalKind::AgreeHeads, gap: result.agree });
    out.verdict = Some(result.verdict);
    Ok(())
}

fn elect(
    all: &Counted<'_>,
    votes: &[Vote],
    seats: u32,
    registered: u64,
    participants: u64,
    collected: u64,
    out: &mut Outcome,
) -> Result<(), Fault> {
    let candidates: Vec<&str> = all.options.iter().map(String::as_str).collect();
    let turnout = election::Turnout { registered, participants, collected };
    let mut counter = election::Counter::new(all.rule, turnout, seats, &candidates)?;
    let mut blank = 0;
    for (at, (group, vote)) in all.ballots.iter().zip(votes).enumerate() {
        let bad = |why| wrong(at, "n", why);
        match vote {
            Vote::Marks(marks, written) => {
                let mut places: Vec<u32> = marks.iter().map(|m| m - 1).collect();
                for name in written {
                    places.push(counter.person(name).map_err(bad)?);
                }
                if places.is_empty() {
                    blank += group.n;
                }
                counter.add(group.n, &places).map_err(bad)?;
            }
            // More marks than seats is what makes a ballot invalid; one that cannot be read is counted the same way.
            Vote::Invalid | Vote::Side(_) => {
                counter.add(group.n, &vec![0; seats as usize + 1]).map_err(bad)?;
            }
        }
    }
    let result = counter.outcome();
    (out.blank, out.invalid) = (blank, result.invalid_ballots);
    out.void = result.void.map(|v| v.code().to_owned());
    out.votes = result.votes.into_iter().map(|v| OptionVotes { name: v.name, votes: v.votes }).collect();
    (out.chosen, out.tied, out.next) = (result.elected, result.tied, result.runoff_order);
    out.vacancies = u64::from(result.vacancies);
    if let Some(share) = all.rule.attend {
        out.goals.push(Goal { kind: GoalKind::QuorumHeads, gap: share.gap(participants, registered) });
    }
    let best = out.votes.first().map_or(0, |v| v.votes);
    out.goals.push(Goal { kind: GoalKind::Elect, gap: all.rule.agree.gap(best, collected) });
    Ok(())
}

fn by_owners(all: &Counted<'_>, votes: &[Vote]) -> Result<Outcome, Fault> {
    let numbers: Vec<String> = all.roll.iter().map(|r| r.head.to_string()).collect();
    let entries = all.roll.iter().zip(&numbers).map(|(row, number)| Entry {
        id: row.unit,
        owner: if row.head == DEVELOPER { "" } else { number },
        area: row.area,
        state: row.state,
        kind: row.kind,
    });
    let mut roll = owners::Roll::new(entries, all.rule.parking_counts)?;
    let key = |head: u32| if head == DEVELOPER { owners::DEVELOPER.to_owned() } else { head.to_string() };
    let place = |roll: &owners::Roll<'_>, head: u32| match roll.owner(&key(head)) {
        Ok(Whose::Of(at)) => Ok(at),
        _ => Err(Why::NotOnRoll(head.to_string())),
    };
    for head in all.unserved {
        roll.not_served(&key(*head)).map_err(|why| Fault::at("unserved", why))?;
    }
    // A group without names stands for any heads of that area: which of them does not change the count.
    let mut free: HashMap<Area, Vec<u32>> = HashMap::new();
    if all.ballots.iter().any(|g| g.heads.is_empty()) {
        for (at, head) in roll.heads().iter().enumerate().rev() {
            if head.served {
                free.entry(head.area).or_default().push(u32::try_from(at).unwrap_or(u32::MAX));
            }
        }
    }
    let mut taken = vec![false; roll.heads().len()];
    let mut counter = owners::Counter::new(all.rule, &roll);
    let (mut returned, mut invalid) = (0, 0);
    for (at, (group, vote)) in all.ballots.iter().zip(votes).enumerate() {
        let choice = match vote {
            Vote::Side(choice) => *choice,
            _ => Choice::Invalid,
        };
        let mut ballot = |head: u32| -> Result<(), Fault> {
            match taken.get_mut(head as usize) {
                Some(taken) if !*taken => *taken = true,
                _ => return Err(wrong(at, "heads", Why::Twice(head.to_string()))),
            }
            counter.add(Ballot { head, unit: None, choice }).map_err(|why| wrong(at, "heads", why))
        };
        if group.heads.is_empty() {
            let area = group.area.ok_or_else(|| wrong(at, "area", Why::Missing))?;
            for _ in 0..group.n {
                let head = free.get_mut(&area).and_then(Vec::pop);
                ballot(head.ok_or_else(|| wrong(at, "area", Why::NotOnRoll(area.to_string())))?)?;
            }
        } else {
            for head in &group.heads {
                ballot(place(&roll, *head).map_err(|why| wrong(at, "heads", why))?)?;
            }
        }
        returned += group.n;
        invalid += if choice == Choice::Invalid { group.n } else { 0 };
    }
    let result = counter.outcome(&[])?;
    let side = |pair: Pair| Side { heads: pair.heads, area: pair.area.hundredths() };
    let mut goals = Vec::new();
    goals.extend(result.gaps.quorum_heads.map(|gap| Goal { kind: GoalKind::QuorumHeads, gap }));
    goals.extend(result.gaps.quorum_area.map(|gap| Goal { kind: GoalKind::QuorumArea, gap }));
    goals.push(Goal { kind: GoalKind::AgreeHeads, gap: result.gaps.pass_heads });
    goals.push(Goal { kind: GoalKind::AgreeArea, gap: result.gaps.pass_area });
    let mut notes = Vec::new();
    if result.no_common_majority {
        notes.push("no_common_majority".to_owned());
    }
    if !result.returned_unserved.is_empty() {
        notes.push("returned_unserved".to_owned());
    }
    Ok(Outcome {
        verdict: Some(result.verdict),
        total: side(result.total),
        part: side(result.part),
        yes: side(result.yes),
        no: side(result.no),
        abstain: side(result.abstain),
        following: side(result.following),
        ballots: returned,
        invalid,
        goals,
        notes,
        ..Outcome::default()
    })
}
