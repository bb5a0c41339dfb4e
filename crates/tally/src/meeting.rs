//! Decisions of assemblies, representatives, committees and councils, counted by persons.

use crate::rule::Base;
use crate::{Fault, Gap, MOST, Rule, Settled, Verdict, Why};

/// What was counted at a meeting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many are entitled (应到).
    pub eligible: u64,
    /// How many came (实到).
    pub attending: u64,
    /// For.
    pub yes: u64,
    /// Against.
    pub no: u64,
    /// Abstaining.
    pub abstain: u64,
    /// Ballots that cannot be read.
    pub invalid: u64,
}

impl Count {
    /// What agreement is measured against.
    #[must_use]
    pub const fn base(&self, base: Base) -> u64 {
        match base {
            Base::Eligible => self.eligible,
            Base::Attending => self.attending,
            Base::Cast => self.yes + self.no + self.abstain + self.invalid,
            Base::Valid => self.yes + self.no + self.abstain,
            Base::YesNo => self.yes + self.no,
        }
    }

    /// # Errors
    /// A number that is too large; `eligible`: nobody; `attending`: more than eligible; `yes`: with the others more than
    /// attending.
    fn check(&self) -> Result<(), Fault> {
        let parts = [
            ("eligible", self.eligible),
            ("attending", self.attending),
            ("yes", self.yes),
            ("no", self.no),
            ("abstain", self.abstain),
            ("invalid", self.invalid),
        ];
        if let Some((field, _)) = parts.iter().find(|(_, value)| *value > MOST) {
            return Err(Fault::at(*field, Why::TooLarge { most: MOST }));
        }
        if self.eligible == 0 {
            return Err(Fault::at("eligible", Why::TooSmall { least: 1 }));
        }
        if self.attending > self.eligible {
            let why = Why::MoreThan { sum: self.attending, whole: "eligible", most: self.eligible };
            return Err(Fault::at("attending", why));
        }
        let sum = self.base(Base::Cast);
        if sum > self.attending {
            let why = Why::MoreThan { sum, whole: "attending", most: self.attending };
            return Err(Fault::at("yes+no+abstain+invalid", why));
        }
        Ok(())
    }
}

/// How a meeting decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How many had to come; 0 when the rule asks for no number.
    pub need_attend: u64,
    /// Whether they came.
    pub quorum: bool,
    /// What agreement was measured against.
    pub base: u64,
    /// How many had to agree.
    pub need_yes: u64,
    /// The verdict.
    pub verdict: Verdict,
    /// The gap to the quorum, when the rule asks for one.
    pub attend: Option<Gap>,
    /// The gap to agreement.
    pub agree: Gap,
}

/// Counts a meeting's decision.
///
/// # Errors
/// Numbers that do not add up: more there than entitled, more votes than there, nobody entitled.
pub fn count(rule: &Rule, count: &Count) -> Result<Outcome, Fault> {
    count.check()?;
    let attend = rule.attend.map(|share| share.gap(count.attending, count.eligible));
    let base = count.base(rule.agree_of);
    let agree = rule.agree.gap(count.yes, base);
    let quorum = attend.is_none_or(|gap| gap.met());
    Ok(Outcome {
        need_attend: attend.map_or(0, |gap| gap.need),
        quorum,
        base,
        need_yes: agree.need,
        verdict: Verdict::of(quorum, rule.agree.reached(count.yes, base)),
        attend,
        agree,
    })
}

/// What is certain already while those who came and have not voted yet may still vote anything, or nothing. Attendance
/// is taken as it stands.
///
/// # Errors
/// As [`count`].
pub fn settled(rule: &Rule, so_far: &Count) -> Result<Option<Settled>, Fault> {
    so_far.check()?;
    let open = so_far.attending - so_far.base(Base::Cast);
    let ends = |yes: u64, no: u64| {
        let end = Count { yes: so_far.yes + yes, no: so_far.no + no, ..*so_far };
        count(rule, &end).map(|o| o.verdict == Verdict::Passed)
    };
    // The best for the motion is that all are for it; the worst is that all are against it.
    Ok(match (ends(open, 0)?, ends(0, open)?) {
        (true, true) => Some(Settled::Passes),
        (false, _) => Some(Settled::Fails),
        (true, false) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Share;

    fn of(eligible: u64, attending: u64, yes: u64, no: u64, abstain: u64) -> Count {
        Count { eligible, attending, yes, no, abstain, invalid: 0 }
    }

    fn verdict(body: &str, c: Count) -> Verdict {
        count(Rule::shipped(body).unwrap(), &c).unwrap().verdict
    }

    #[test]
    fn bodies_differ_in_who_must_come_and_against_whom_agreement_counts() {
        use Verdict::{NoQuorum, Passed, Rejected};
        for (body, c, wanted) in [
            ("residents_meeting", of(1000, 500, 400, 50, 50), NoQuorum),
            ("residents_meeting", of(1000, 501, 251, 250, 0), Passed),
            ("residents_meeting", of(1000, 502, 251, 0, 251), Rejected),
            ("residents_meeting_households", of(300, 151, 76, 75, 0), Passed),
            ("resident_reps", of(60, 40, 21, 19, 0), Passed),
            ("resident_reps", of(60, 39, 39, 0, 0), NoQuorum),
            ("resident_reps", of(60, 40, 20, 0, 20), Rejected),
            ("villagers_meeting", of(1000, 501, 251, 250, 0), Passed),
            ("villagers_meeting_households", of(300, 200, 101, 99, 0), Passed),
            ("village_reps", of(30, 20, 11, 9, 0), Passed),
            ("village_group", of(90, 59, 59, 0, 0), NoQuorum),
            ("collective_members", of(300, 200, 199, 1, 0), Rejected),
            ("collective_members", of(300, 200, 200, 0, 0), Passed),
            ("collective_reps", of(30, 25, 20, 5, 0), Passed),
            ("collective_reps", of(30, 25, 19, 6, 0), Rejected),
            ("collective_council", of(7, 5, 4, 1, 0), Passed),
            ("collective_council", of(7, 4, 4, 0, 0), NoQuorum),
            ("owners_committee", of(7, 5, 3, 2, 0), Rejected),
            ("owners_committee", of(7, 4, 4, 0, 0), Passed),
            ("party_members_4y2g", of(40, 27, 20, 7, 0), Passed),
            ("party_members_4y2g", of(40, 27, 19, 8, 0), Rejected),
        ] {
            assert_eq!(verdict(body, c), wanted, "{body} {c:?}");
        }
    }

    #[test]
    fn every_base_counts_what_it_names() {
        let c = Count { eligible: 200, attending: 100, yes: 45, no: 44, abstain: 1, invalid: 5 };
        let base = |b| {
            let rule = Rule { agree_of: b, ..Rule::shipped("village_group").unwrap().clone() };
            let outcome = count(&Rule { attend: None, ..rule }, &c).unwrap();
            (outcome.base, outcome.need_yes, outcome.verdict == Verdict::Passed, outcome.need_attend)
        };
        assert_eq!(base(Base::Eligible), (200, 101, false, 0));
        assert_eq!(base(Base::Attending), (100, 51, false, 0));
        assert_eq!(base(Base::Cast), (95, 48, false, 0));
        assert_eq!(base(Base::Valid), (90, 46, false, 0));
        assert_eq!(base(Base::YesNo), (89, 45, true, 0));
    }

    #[test]
    fn what_does_not_add_up_is_refused() {
        let rule = Rule::shipped("resident_reps").unwrap();
        for (c, field) in [
            (of(0, 0, 0, 0, 0), "eligible"),
            (of(10, 11, 0, 0, 0), "attending"),
            (of(10, 5, 3, 2, 1), "yes+no+abstain+invalid"),
            (Count { invalid: 1, ..of(10, 5, 3, 2, 0) }, "yes+no+abstain+invalid"),
            (of(10, 5, u64::MAX, u64::MAX, 1), "yes"),
            (of(u64::MAX, 5, 3, 2, 1), "eligible"),
        ] {
            assert_eq!(count(rule, &c).unwrap_err().field, field, "{c:?}");
        }
    }

    #[test]
    fn nobody_there_decides_nothing() {
        let rule =
            Rule { attend: None, agree: Share::HALF, ..Rule::shipped("resident_reps").unwrap().clone() };
        let outcome = count(&rule, &of(10, 0, 0, 0, 0)).unwrap();
        assert_eq!((outcome.base, outcome.need_yes, outcome.verdict), (0, 1, Verdict::Rejected));
    }

    #[test]
    fn what_is_certain_early_is_said_only_when_it_is() {
        let rule = Rule::shipped("residents_meeting").unwrap();
        assert_eq!(settled(rule, &of(100, 60, 31, 0, 0)).unwrap(), Some(Settled::Passes));
        assert_eq!(settled(rule, &of(100, 60, 30, 0, 0)).unwrap(), None);
        assert_eq!(settled(rule, &of(100, 60, 0, 30, 0)).unwrap(), Some(Settled::Fails));
        assert_eq!(settled(rule, &of(100, 60, 0, 29, 0)).unwrap(), None);
        assert_eq!(settled(rule, &of(100, 50, 50, 0, 0)).unwrap(), Some(Settled::Fails));
    }
}
