//! Chance that repeats: the same seed gives the same street (SplitMix64).

/// A generator.
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    /// A generator from a seed.
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `from` up to, without, `to`.
    pub(super) fn range(&mut self, from: i64, to: i64) -> i64 {
        let span = u64::try_from((to - from).max(1)).unwrap_or(1);
        from + i64::try_from(self.next() % span).unwrap_or(0)
    }

    /// Whether something of so many in a hundred happens.
    pub(super) fn percent(&mut self, n: i64) -> bool {
        self.range(0, 100) < n
    }

    /// An index of a list of this length.
    pub(super) fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.range(0, i64::try_from(len).unwrap_or(1))).unwrap_or(0)
    }

    /// One of a list; `None` when it is empty.
    pub(super) fn of<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.index(list.len()))
    }

    /// One of several texts.
    pub(super) fn text(&mut self, list: &[&str]) -> String {
        self.of(list).map(ToString::to_string).unwrap_or_default()
    }

    /// Mixes a list.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.index(i + 1));
        }
    }
}
