//! Whether enough have signed to ask for something: an assembly, a recall, a nomination.

use crate::{Fault, Gap, MOST, Rule, Why};

/// What a petition has and needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it is enough.
    pub met: bool,
    /// How many persons it needs.
    pub need: u64,
    /// How many are missing.
    pub missing: u64,
}

/// Counts the signers of a petition against the `base` of those who could sign. A rule with a fixed number
/// (居委会组织法 18: ten voters) does not look at the base.
///
/// # Errors
/// `base`, `signers`: too large; `base`: zero where a share of it is asked; `signers`: more than the base.
pub fn count(rule: &Rule, base: u64, signers: u64) -> Result<Outcome, Fault> {
    for (field, value) in [("base", base), ("signers", signers)] {
        if value > MOST {
            return Err(Fault::at(field, Why::TooLarge { most: MOST }));
        }
    }
    if base == 0 && rule.fixed.is_none() {
        return Err(Fault::at("base", Why::TooSmall { least: 1 }));
    }
    if signers > base && base > 0 {
        return Err(Fault::at("signers", Why::MoreThan { sum: signers, whole: "base", most: base }));
    }
    let need = rule.fixed.unwrap_or_else(|| rule.agree.need(base));
    Ok(Outcome { met: signers >= need, need, missing: need.saturating_sub(signers) })
}

/// The gap to say in words; none for a fixed number.
#[must_use]
pub fn gap(rule: &Rule, base: u64, signers: u64) -> Option<Gap> {
    rule.fixed.is_none().then(|| rule.agree.gap(signers, base))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(action: &str, base: u64, signers: u64) -> (bool, u64) {
        let rule = Rule::shipped(&format!("petition_{action}")).unwrap();
        let outcome = count(rule, base, signers).unwrap();
        (outcome.met, outcome.need)
    }

    #[test]
    fn the_number_itself_is_enough() {
        assert_eq!(met("owners_interim_assembly", 500, 100), (true, 100));
        assert_eq!(met("owners_interim_assembly", 501, 100), (false, 101));
        assert_eq!(met("residents_meeting", 1001, 100), (false, 101));
        assert_eq!(met("resident_reps_meeting", 50, 10), (true, 10));
        assert_eq!(met("residents_recall", 100, 10), (true, 10));
        assert_eq!(met("residents_recall_by_reps", 50, 16), (false, 17));
        assert_eq!(met("villagers_recall", 1000, 200), (true, 200));
    }

    #[test]
    fn ten_voters_nominate_whatever_the_roll() {
        assert_eq!(met("residents_nominate", 5000, 10), (true, 10));
        assert_eq!(met("residents_nominate", 5000, 9), (false, 10));
        assert_eq!(met("residents_nominate", 0, 12), (true, 10));
    }

    #[test]
    fn more_signers_than_persons_are_refused() {
        let rule = Rule::shipped("petition_residents_recall").unwrap();
        assert_eq!(count(rule, 10, 11).unwrap_err().field, "signers");
        assert_eq!(count(rule, 0, 0).unwrap_err().field, "base");
        assert_eq!(count(rule, u64::MAX, 0).unwrap_err().why, Why::TooLarge { most: MOST });
    }
}
