//! Who takes the places when more are wanted than there are: by votes, and never by lot, alphabet or order of listing.

/// Who takes the places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Who takes one, most votes first.
    pub taken: Vec<usize>,
    /// Who has equal votes at the last place and waits for another vote; their places stay empty.
    pub tied: Vec<usize>,
}

/// Fills `seats` places from `(who, votes)` in the order of votes. Equal votes above the last place hurt nobody; at the
/// last place they elect nobody at that place.
#[must_use]
pub fn fill(ranked: &[(usize, u64)], seats: usize) -> Filled {
    let all = |list: &[(usize, u64)]| list.iter().map(|(who, _)| *who).collect();
    let (Some(last), Some((_, next))) = (seats.checked_sub(1).and_then(|n| ranked.get(n)), ranked.get(seats))
    else {
        return Filled { taken: all(ranked.get(..seats).unwrap_or(ranked)), tied: Vec::new() };
    };
    if last.1 != *next {
        return Filled { taken: all(ranked.get(..seats).unwrap_or(ranked)), tied: Vec::new() };
    }
    let above: Vec<_> = ranked.iter().copied().filter(|(_, votes)| *votes > *next).collect();
    let equal: Vec<_> = ranked.iter().copied().filter(|(_, votes)| *votes == *next).collect();
    Filled { taken: all(&above), tied: all(&equal) }
}

/// Orders `(who, votes)` by votes; among equals by `who`, which only decides how they are listed.
pub fn rank(list: &mut [(usize, u64)]) {
    list.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tie_matters_only_at_the_last_place() {
        let above = fill(&[(0, 9), (1, 9), (2, 5)], 2);
        assert_eq!((above.taken, above.tied), (vec![0, 1], vec![]));
        let last = fill(&[(0, 9), (1, 5), (2, 5), (3, 1)], 2);
        assert_eq!((last.taken, last.tied), (vec![0], vec![1, 2]));
        let three = fill(&[(0, 5), (1, 5), (2, 5)], 2);
        assert_eq!((three.taken, three.tied), (vec![], vec![0, 1, 2]));
        let few = fill(&[(0, 5)], 2);
        assert_eq!((few.taken, few.tied), (vec![0], vec![]));
        assert_eq!(fill(&[(0, 5)], 0), Filled::default());
        assert_eq!(fill(&[], 3), Filled::default());
    }
}
