//! Shares of a whole: compared by cross multiplication, never by percentages or floating point.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A share that must be reached (以上, 不少于) or exceeded (过半数, 超过); 民法典 1259.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Raw", into = "Raw")]
pub struct Share {
    num: u32,
    den: u32,
    strict: bool,
}

/// As a share is written in a row: numerator, denominator, whether it must be exceeded.
#[derive(Serialize, Deserialize)]
struct Raw(u32, u32, bool);

impl From<Share> for Raw {
    fn from(share: Share) -> Self {
        Self(share.num, share.den, share.strict)
    }
}

impl TryFrom<Raw> for Share {
    type Error = &'static str;

    fn try_from(raw: Raw) -> Result<Self, Self::Error> {
        Self::new(raw.0, raw.1, raw.2).ok_or("not a share between nothing and the whole")
    }
}

impl Share {
    /// More than half: 过半数.
    pub const OVER_HALF: Self = Self { num: 1, den: 2, strict: true };
    /// Half or more: 半数以上.
    pub const HALF: Self = Self { num: 1, den: 2, strict: false };
    /// Two thirds or more: 三分之二以上.
    pub const TWO_THIRDS: Self = Self { num: 2, den: 3, strict: false };
    /// More than two thirds: 超过三分之二.
    pub const OVER_TWO_THIRDS: Self = Self { num: 2, den: 3, strict: true };
    /// Three quarters or more: 四分之三以上.
    pub const THREE_QUARTERS: Self = Self { num: 3, den: 4, strict: false };
    /// A third or more: 三分之一以上.
    pub const THIRD: Self = Self { num: 1, den: 3, strict: false };
    /// A fifth or more: 五分之一以上, 20% 以上.
    pub const FIFTH: Self = Self { num: 1, den: 5, strict: false };
    /// A tenth or more: 十分之一以上.
    pub const TENTH: Self = Self { num: 1, den: 10, strict: false };

    /// A share. None when nothing at all would reach it or not even the whole could.
    #[must_use]
    pub const fn new(num: u32, den: u32, strict: bool) -> Option<Self> {
        let possible = den > 0 && if strict { num < den } else { num > 0 && num <= den };
        if possible { Some(Self { num, den, strict }) } else { None }
    }

    /// Numerator.
    #[must_use]
    pub const fn num(self) -> u32 {
        self.num
    }

    /// Denominator.
    #[must_use]
    pub const fn den(self) -> u32 {
        self.den
    }

    /// Whether it must be exceeded.
    #[must_use]
    pub const fn strict(self) -> bool {
        self.strict
    }

    /// Whether `part` of `whole` is enough. Of nothing nothing is enough.
    #[must_use]
    pub const fn reached(self, part: u64, whole: u64) -> bool {
        let (have, wanted) = (part as u128 * self.den as u128, whole as u128 * self.num as u128);
        whole > 0 && if self.strict { have > wanted } else { have >= wanted }
    }

    /// The smallest number that is enough of `whole`; 1 for an empty whole, which no number can satisfy.
    #[must_use]
    pub const fn need(self, whole: u64) -> u64 {
        if whole == 0 {
            return 1;
        }
        let wanted = whole as u128 * self.num as u128;
        let den = self.den as u128;
        // At most the whole, since a share is never above it.
        (if self.strict { wanted / den + 1 } else { wanted.div_ceil(den) }) as u64
    }

    /// What is missing.
    #[must_use]
    pub const fn gap(self, have: u64, whole: u64) -> Gap {
        let need = self.need(whole);
        Gap { share: self, need, have, whole, missing: need.saturating_sub(have) }
    }

    /// Whether whatever reaches this share also reaches the other.
    #[must_use]
    pub const fn implies(self, other: Self) -> bool {
        let (a, b) = (self.num as u64 * other.den as u64, other.num as u64 * self.den as u64);
        a > b || (a == b && (self.strict || !other.strict))
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}/{}", if self.strict { '>' } else { '≥' }, self.num, self.den)
    }
}

/// How far a number is from the share that it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The share.
    pub share: Share,
    /// The smallest number that is enough.
    pub need: u64,
    /// What there is.
    pub have: u64,
    /// The whole.
    pub whole: u64,
    /// What is missing, 0 when it is enough.
    pub missing: u64,
}

impl Gap {
    /// Whether nothing is missing.
    #[must_use]
    pub const fn met(&self) -> bool {
        self.missing == 0
    }
}

/// `part` of `whole` in percent with two places, cut and not rounded; `0.00` of nothing. Only to be read: nothing is
/// ever decided by it.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    let hundredths = (u128::from(part) * 10_000).checked_div(u128::from(whole)).unwrap_or(0);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_itself_counts_for_one_kind_and_not_for_the_other() {
        assert!(Share::TWO_THIRDS.reached(800, 1200));
        assert!(!Share::OVER_TWO_THIRDS.reached(800, 1200));
        assert!(!Share::OVER_HALF.reached(500, 1000));
        assert!(Share::OVER_HALF.reached(501, 1000));
        assert!(Share::HALF.reached(500, 1000));
        assert!(Share::THREE_QUARTERS.reached(3, 4));
        assert!(!Share::TWO_THIRDS.reached(66_666_666, 100_000_000));
        assert!(Share::TWO_THIRDS.reached(66_666_667, 100_000_000));
    }

    #[test]
    fn of_nothing_nothing_is_enough() {
        for share in [Share::OVER_HALF, Share::TWO_THIRDS, Share::THREE_QUARTERS] {
            assert!(!share.reached(0, 0));
            assert_eq!(share.need(0), 1);
        }
    }

    #[test]
    fn needs_are_whole_numbers() {
        assert_eq!(Share::TWO_THIRDS.need(1101), 734);
        assert_eq!(Share::TWO_THIRDS.need(300), 200);
        assert_eq!(Share::OVER_HALF.need(1000), 501);
        assert_eq!(Share::OVER_HALF.need(7), 4);
        assert_eq!(Share::FIFTH.need(501), 101);
        assert_eq!(Share::new(1, 1, false).unwrap().need(9), 9);
        assert_eq!(Share::TWO_THIRDS.need(u64::MAX), u64::MAX / 3 * 2);
        let gap = Share::TWO_THIRDS.gap(733, 1101);
        assert_eq!((gap.need, gap.missing, gap.met()), (734, 1, false));
    }

    #[test]
    fn shares_that_decide_nothing_are_not_made() {
        for (num, den, strict) in [(1, 0, false), (0, 0, true), (4, 3, false), (1, 1, true), (0, 5, false)] {
            assert_eq!(Share::new(num, den, strict), None, "{num}/{den} {strict}");
        }
        assert!(serde_json::from_str::<Share>("[3,2,false]").is_err());
        assert_eq!(serde_json::from_str::<Share>("[2,3,false]").unwrap(), Share::TWO_THIRDS);
    }

    #[test]
    fn percentages_are_cut() {
        assert_eq!(percent(2, 3), "66.66");
        assert_eq!(percent(2066, 2261), "91.37");
        assert_eq!(percent(1, 1), "100.00");
        assert_eq!(percent(0, 0), "0.00");
        assert_eq!(percent(u64::MAX, u64::MAX), "100.00");
    }
}
