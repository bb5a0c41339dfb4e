//! Owners counted by heads only: what a judgment, a report or a quick look has, where the areas are not known.
//! Says nothing about areas, so a pass here is only half of one.

use crate::rule::Silence;
use crate::{Fault, Gap, MOST, Rule, Verdict, Why};

/// What is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// All owners.
    pub total: u64,
    /// Ballots for.
    pub yes: u64,
    /// Ballots against.
    pub no: u64,
    /// Ballots abstaining.
    pub abstain: u64,
    /// Served, nothing returned.
    pub silent_served: u64,
    /// Not served: never taking part.
    pub unserved: u64,
}

/// How it came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Who takes part.
    pub part: u64,
    /// For, with those who follow.
    pub yes: u64,
    /// Against, with those who follow.
    pub no: u64,
    /// Abstaining, with those who follow.
    pub abstain: u64,
    /// Whether enough take part.
    pub quorum: bool,
    /// The verdict, by heads alone.
    pub verdict: Verdict,
    /// Whether silent owners would follow a majority that there is not.
    pub no_common_majority: bool,
    /// The gap to the quorum, when the rule asks for one.
    pub attend: Option<Gap>,
    /// The gap to agreement.
    pub agree: Gap,
}

/// Counts.
///
/// # Errors
/// `total`: nobody, or less than the parts together; any number that is too large.
pub fn count(rule: &Rule, count: &Count) -> Result<Outcome, Fault> {
    let parts = [
        ("total", count.total),
        ("yes", count.yes),
        ("no", count.no),
        ("abstain", count.abstain),
        ("silent_served", count.silent_served),
        ("unserved", count.unserved),
    ];
    if let Some((field, _)) = parts.iter().find(|(_, value)| *value > MOST) {
        return Err(Fault::at(*field, Why::TooLarge { most: MOST }));
    }
    if count.total == 0 {
        return Err(Fault::at("total", Why::TooSmall { least: 1 }));
    }
    let sum: u64 = parts.iter().skip(1).map(|(_, value)| value).sum();
    if sum > count.total {
        let why = Why::MoreThan { sum, whole: "total", most: count.total };
        return Err(Fault::at("yes+no+abstain+silent_served+unserved", why));
    }
    let Count { mut yes, mut no, mut abstain, .. } = *count;
    let mut part = yes + no + abstain;
    let mut no_common_majority = false;
    if rule.silence == Silence::FollowMajority && count.silent_served > 0 {
        part += count.silent_served;
        let leader = if yes > no && yes > abstain {
            Some(&mut yes)
        } else if no > yes && no > abstain {
            Some(&mut no)
        } else if abstain > yes && abstain > no {
            Some(&mut abstain)
        } else {
            None
        };
        match leader {
            Some(side) => *side += count.silent_served,
            None => no_common_majority = true,
        }
    }
    let attend = rule.attend.map(|share| share.gap(part, count.total));
    let quorum = attend.is_none_or(|gap| gap.met());
    let agree = rule.agree.gap(yes, part);
    let verdict = Verdict::of(quorum, rule.agree.reached(yes, part));
    Ok(Outcome { part, yes, no, abstain, quorum, verdict, no_common_majority, attend, agree })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::owners_rule;

    #[test]
    fn silence_follows_only_a_majority_that_is_there() {
        let rule = Rule { silence: Silence::FollowMajority, ..owners_rule(4).unwrap() };
        let c = Count { total: 100, yes: 20, no: 20, abstain: 5, silent_served: 40, unserved: 15 };
        let tie = count(&rule, &c).unwrap();
        assert_eq!((tie.part, tie.yes, tie.no, tie.no_common_majority), (85, 20, 20, true));
        assert_eq!(tie.verdict, Verdict::Rejected);
        let against = count(&rule, &Count { no: 21, unserved: 14, ..c }).unwrap();
        assert_eq!((against.yes, against.no, against.no_common_majority), (20, 61, false));
        let abstaining = count(&rule, &Count { yes: 2, no: 1, abstain: 30, ..c }).unwrap();
        assert_eq!(abstaining.abstain, 70);
        let nobody_silent = count(&rule, &Count { silent_served: 0, ..c }).unwrap();
        assert!(!nobody_silent.no_common_majority);
    }

    #[test]
    fn three_quarters_for_items_six_to_eight() {
        let of = |item, yes| {
            let c = Count { total: 120, yes, no: 80 - yes, ..Count::default() };
            count(&owners_rule(item).unwrap(), &c).unwrap().verdict
        };
        assert_eq!((of(6, 60), of(7, 59), of(8, 60)), (Verdict::Passed, Verdict::Rejected, Verdict::Passed));
        assert_eq!((of(4, 41), of(5, 40)), (Verdict::Passed, Verdict::Rejected));
    }

    #[test]
    fn parts_above_the_whole_are_refused() {
        let rule = owners_rule(4).unwrap();
        assert_eq!(count(&rule, &Count::default()).unwrap_err().field, "total");
        let c = Count { total: 10, yes: 11, ..Count::default() };
        assert!(matches!(count(&rule, &c).unwrap_err().why, Why::MoreThan { sum: 11, most: 10, .. }));
        let c = Count { total: 10, unserved: u64::MAX, ..Count::default() };
        assert_eq!(count(&rule, &c).unwrap_err().field, "unserved");
    }
}
