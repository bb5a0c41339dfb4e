//! The arithmetic of figures: whole numbers, rounded to the nearest once, at the end.

use methods::Evaluation;

fn rounded(part: i128, whole: i128) -> i64 {
    // Half away from zero upwards; the same on both engines because neither of them divides.
    i64::try_from((2 * part + whole).div_euclid(2 * whole)).unwrap_or(i64::MAX)
}

/// Part of a whole in thousandths; nothing when there is no whole.
#[must_use]
pub fn permille(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| rounded(i128::from(part) * 1000, i128::from(whole)))
}

/// 满意率 in thousandths: (满意 + factor × 基本满意) ÷ verdicts.
#[must_use]
pub fn weighted(satisfied: i64, partly: i64, whole: i64, rule: &Evaluation) -> Option<i64> {
    let sum = i128::from(satisfied) * 1000 + i128::from(partly) * i128::from(rule.partial_permille);
    (whole > 0).then(|| rounded(sum, i128::from(whole)))
}

/// 综合 in thousandths: contacted, solved and satisfied by the method's three weights.
#[must_use]
pub fn composite(
    contacted: i64,
    solved: i64,
    satisfied: i64,
    partly: i64,
    whole: i64,
    rule: &Evaluation,
) -> Option<i64> {
    let satisfaction = i128::from(satisfied) * 1000 + i128::from(partly) * i128::from(rule.partial_permille);
    let sum = i128::from(rule.weight_contacted) * i128::from(contacted) * 1000
        + i128::from(rule.weight_solved) * i128::from(solved) * 1000
        + i128::from(rule.weight_satisfied) * satisfaction;
    (whole > 0).then(|| rounded(sum, 100 * i128::from(whole)))
}

/// The ranks (from 1) that a sorted list of `n` needs: the two middle ones, which are the same when `n` is odd,
/// and the nearest rank of nine tenths.
#[must_use]
pub const fn ranks(n: i64) -> (i64, i64, i64) {
    ((n + 1) / 2, (n + 2) / 2, (9 * n + 9) / 10)
}

/// Twice a number of minutes in tenths of a day. (The middle of two whole numbers may be a half.)
#[must_use]
pub fn tenths_of_days(doubled_minutes: i64) -> i64 {
    rounded(i128::from(doubled_minutes) * 10, 2 * 1440)
}

#[cfg(test)]
mod tests {
    use super::*;
    use methods::Methods;
    use proptest::prelude::*;

    fn rule() -> Evaluation {
        Methods::shipped().get(Methods::DEFAULT).unwrap().evaluation
    }

    #[test]
    fn known_sums() {
        // 天门 2016-12: 911 of 972 due are closed, 737 in time.
        assert_eq!(permille(911, 972), Some(937));
        assert_eq!(permille(737, 972), Some(758));
        assert_eq!(permille(0, 0), None);
        // 3 satisfied, 2 partly of 6: (3 + 1.8) / 6.
        assert_eq!(weighted(3, 2, 6, &rule()), Some(800));
        // 0.1 × 5/6 + 0.5 × 4/6 + 0.4 × 4.8/6.
        assert_eq!(composite(5, 4, 3, 2, 6, &rule()), Some(737));
        assert_eq!(tenths_of_days(2 * 1440), 10);
        assert_eq!(tenths_of_days(2 * 72), 1, "half a tenth rounds up");
        assert_eq!(ranks(1), (1, 1, 1));
        assert_eq!(ranks(10), (5, 6, 9));
        assert_eq!(ranks(11), (6, 6, 10));
    }

    proptest! {
        #[test]
        fn the_median_parts_the_list_and_nine_tenths_lie_within_p90(mut list in prop::collection::vec(0i64..1_000_000, 1..200)) {
            list.sort_unstable();
            let n = i64::try_from(list.len()).unwrap();
            let (low, high, ninth) = ranks(n);
            let at = |rank: i64| list[usize::try_from(rank - 1).unwrap()];
            let doubled = at(low) + at(high);
            let below = list.iter().filter(|v| **v * 2 < doubled).count();
            let above = list.iter().filter(|v| **v * 2 > doubled).count();
            prop_assert!(below * 2 <= list.len() && above * 2 <= list.len());
            let within = list.iter().filter(|v| **v <= at(ninth)).count();
            prop_assert!(within * 10 >= list.len() * 9);
            let tighter = list.iter().filter(|v| **v < at(ninth)).count();
            prop_assert!(tighter * 10 < list.len() * 9, "no smaller value would do");
        }

        #[test]
        fn rates_lie_between_nothing_and_all_and_are_within_half_a_thousandth(part in 0i64..100_000, rest in 0i64..100_000) {
            let whole = part + rest;
            match permille(part, whole) {
                None => prop_assert_eq!(whole, 0),
                Some(p) => {
                    prop_assert!((0..=1000).contains(&p));
                    prop_assert!((p * whole - part * 1000).abs() * 2 <= whole);
                }
            }
        }

        #[test]
        fn weighed_rates_are_bounded_by_what_they_weigh(sat in 0i64..500, partly in 0i64..500, not in 0i64..500, c in 0i64..1500, s in 0i64..1500) {
            let whole = sat + partly + not;
            prop_assume!(whole > 0);
            let (c, s) = (c.min(whole), s.min(whole));
            let w = weighted(sat, partly, whole, &rule()).unwrap();
            prop_assert!(permille(sat, whole).unwrap() <= w && w <= permille(sat + partly, whole).unwrap());
            let all = composite(c, s, sat, partly, whole, &rule()).unwrap();
            let three = [permille(c, whole).unwrap(), permille(s, whole).unwrap(), w];
            prop_assert!(*three.iter().min().unwrap() - 1 <= all && all <= *three.iter().max().unwrap() + 1);
        }

        #[test]
        fn days_grow_with_minutes(a in 0i64..10_000_000, b in 0i64..10_000_000) {
            prop_assert!((a <= b) == (tenths_of_days(a) <= tenths_of_days(b)) || tenths_of_days(a) == tenths_of_days(b));
            prop_assert!((tenths_of_days(a) * 288 - a).abs() <= 144);
        }
    }
}
