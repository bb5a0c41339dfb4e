//! Areas in hundredths of a square metre: whole numbers, so that sums and comparisons are exact.

use crate::Why;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An area in 0.01 m², at most [`Area::MOST`]. Its text has two places: `66.70`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Area(u64);

impl Area {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// Ten million square kilometres, more than any roll holds; products with it stay inside 128 bits.
    pub const MOST: Self = Self(1_000_000_000_000_000);

    /// An area of so many hundredths; nothing above [`Area::MOST`].
    #[must_use]
    pub const fn new(hundredths: u64) -> Option<Self> {
        if hundredths <= Self::MOST.0 { Some(Self(hundredths)) } else { None }
    }

    /// For sums over parts of one roll, whose total was checked.
    pub(crate) const fn raw(hundredths: u64) -> Self {
        Self(hundredths)
    }

    /// The hundredths of a square metre.
    #[must_use]
    pub const fn hundredths(self) -> u64 {
        self.0
    }

    /// The sum, when it is not above [`Area::MOST`].
    #[must_use]
    pub const fn plus(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Self::new(sum),
            None => None,
        }
    }

    /// So many times this area, when it is not above [`Area::MOST`].
    #[must_use]
    pub const fn times(self, count: u64) -> Option<Self> {
        match self.0.checked_mul(count) {
            Some(product) => Self::new(product),
            None => None,
        }
    }

    /// Reads digits with at most two after the point: `88.5`, `88.50`, `88`. No sign, no exponent, no spaces.
    ///
    /// # Errors
    /// [`Why::NotAnArea`], and [`Why::TooLarge`] (in whole square metres).
    pub fn parse(text: &str) -> Result<Self, Why> {
        let bad = || Why::NotAnArea(text.chars().take(40).collect());
        let (whole, rest) = match text.split_once('.') {
            Some((_, "")) => return Err(bad()),
            Some(parts) => parts,
            None => (text, ""),
        };
        let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || rest.len() > 2 || !digits(whole) || !digits(rest) {
            return Err(bad());
        }
        let large = || Why::TooLarge { most: Self::MOST.0 / 100 };
        let metres: u64 = whole.parse().map_err(|_| large())?;
        // "5" after the point are fifty hundredths.
        let part: u64 = match rest.len() {
            0 => 0,
            1 => rest.parse::<u64>().map_err(|_| bad())? * 10,
            _ => rest.parse().map_err(|_| bad())?,
        };
        metres.checked_mul(100).and_then(|h| h.checked_add(part)).and_then(Self::new).ok_or_else(large)
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl From<Area> for String {
    fn from(area: Area) -> Self {
        area.to_string()
    }
}

impl TryFrom<String> for Area {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|why| why.code().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_read_exactly_and_written_with_two_places() {
        for (text, hundredths) in
            [("0", 0), ("0.01", 1), ("88", 8800), ("88.5", 8850), ("88.05", 8805), ("007.10", 710)]
        {
            assert_eq!(Area::parse(text).unwrap().hundredths(), hundredths, "{text}");
        }
        assert_eq!(Area::parse("88.5").unwrap().to_string(), "88.50");
        assert_eq!(Area::parse("0.1").unwrap().to_string(), "0.10");
        assert_eq!(Area::parse("10000000000000.00").unwrap(), Area::MOST);
    }

    #[test]
    fn what_is_no_area_is_refused() {
        for text in
            ["", ".", "1.", ".5", "-1.00", "+1.00", "1.005", "1e2", " 1", "1 ", "1,5", "１.00", "NaN", "0x10"]
        {
            assert!(matches!(Area::parse(text), Err(Why::NotAnArea(_))), "{text}");
        }
        for text in ["10000000000000.01", "99999999999999999999999999.00", "18446744073709551615"] {
            assert!(matches!(Area::parse(text), Err(Why::TooLarge { .. })), "{text}");
        }
        assert_eq!(Area::MOST.plus(Area::raw(1)), None);
        assert_eq!(Area::MOST.times(u64::MAX), None);
    }
}
