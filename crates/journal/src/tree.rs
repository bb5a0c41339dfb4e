//! The Merkle tree of RFC 6962 (section 2.1; checks after RFC 9162), over the hashes of entries.
//!
//! A leaf is SHA-256(0x00 ‖ hash of the entry), a node SHA-256(0x01 ‖ left ‖ right). The tree only grows: a head over
//! more leaves can be proven to hold everything that an older head held. Nothing here knows where the hashes lie;
//! whoever keeps them is told which [`Range`]s a proof needs.

use crate::Hash;
use sha2::{Digest, Sha256};

/// The leaves from `start` up to, without, `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first leaf.
    pub start: u64,
    /// The leaf after the last.
    pub end: u64,
}

/// A perfect subtree: `2^level` leaves, the `n`-th of that size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Perfect {
    /// Its height above the leaves.
    pub level: u32,
    /// Which one of that height, from 0.
    pub n: u64,
}

impl Range {
    /// The perfect subtrees that it is made of, from left to right. Holds for ranges that begin a subtree, as every
    /// range of a proof does.
    #[must_use]
    pub fn perfect(self) -> Vec<Perfect> {
        let (mut start, mut out) = (self.start, Vec::new());
        while start < self.end {
            let level = (self.end - start).ilog2();
            out.push(Perfect { level, n: start >> level });
            start += 1 << level;
        }
        out
    }
}

/// The hash of a leaf.
#[must_use]
pub fn leaf(entry: &Hash) -> Hash {
    let mut digest = Sha256::new();
    digest.update([0]);
    digest.update(entry);
    digest.finalize().into()
}

/// The hash of a node.
#[must_use]
pub fn node(left: &Hash, right: &Hash) -> Hash {
    let mut digest = Sha256::new();
    digest.update([1]);
    digest.update(left);
    digest.update(right);
    digest.finalize().into()
}

/// The head over neighbouring perfect subtrees of falling size, from left to right; of none it is SHA-256 of nothing.
#[must_use]
pub fn join(hashes: &[Hash]) -> Hash {
    let mut rest = hashes.iter().rev();
    let Some(last) = rest.next() else { return Sha256::digest([]).into() };
    rest.fold(*last, |right, left| node(left, &right))
}

/// The hash of a perfect subtree from all its leaves or nodes of one height, whose number is a power of two.
#[must_use]
pub fn fold(mut row: Vec<Hash>) -> Option<Hash> {
    if !row.len().is_power_of_two() {
        return None;
    }
    while row.len() > 1 {
        row = row.chunks(2).map(|pair| node(&pair[0], &pair[1])).collect();
    }
    row.pop()
}

/// The largest power of two below `n`, for `n` of at least 2.
fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// The subtrees whose hashes prove that a leaf stands in a tree of `size` leaves, from the leaf upwards.
/// Empty when there is no such leaf.
#[must_use]
pub fn inclusion(index: u64, size: u64) -> Vec<Range> {
    let (mut start, mut end, mut out) = (0, size, Vec::new());
    if index >= size {
        return out;
    }
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            out.push(Range { start: middle, end });
            end = middle;
        } else {
            out.push(Range { start, end: middle });
            start = middle;
        }
    }
    out.reverse();
    out
}

/// The subtrees whose hashes prove that the tree of `to` leaves begins with the tree of `from` leaves.
/// Empty when there is nothing to prove (`from` is 0, `to`, or more).
#[must_use]
pub fn consistency(from: u64, to: u64) -> Vec<Range> {
    let (mut start, mut end, mut out) = (0, to, Vec::new());
    if from == 0 || from >= to {
        return out;
    }
    // Whether the subtree that is looked at is, at its left edge, the whole old tree: its hash is known already.
    let mut whole = true;
    while from != end {
        let middle = start + split(end - start);
        if from <= middle {
            out.push(Range { start: middle, end });
            end = middle;
        } else {
            out.push(Range { start, end: middle });
            start = middle;
            whole = false;
        }
    }
    if !whole {
        out.push(Range { start, end });
    }
    out.reverse();
    out
}

/// Whether `path` proves that the entry stands as leaf `index` under the head of `size` leaves.
#[must_use]
pub fn included(entry: &Hash, index: u64, size: u64, path: &[Hash], head: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, leaf(entry));
    for sibling in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *head
}

/// Whether `path` proves that the head of `to` leaves continues the head of `from` leaves.
#[must_use]
pub fn continues(from: u64, old: &Hash, to: u64, new: &Hash, path: &[Hash]) -> bool {
    if from == 0 || from > to {
        return false;
    }
    if from == to {
        return path.is_empty() && old == new;
    }
    // A whole perfect tree is its own first piece.
    let mut pieces = path.iter();
    let Some(first) = (if from.is_power_of_two() { Some(old) } else { pieces.next() }) else { return false };
    let (mut at, mut last) = (from - 1, to - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let (mut was, mut is) = (*first, *first);
    for piece in pieces {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            was = node(piece, &was);
            is = node(piece, &is);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            is = node(&is, piece);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && was == *old && is == *new
}

/// A tree that grows leaf by leaf and remembers only its right edge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Growing {
    size: u64,
    edge: Vec<Hash>,
}

impl Growing {
    /// Goes on from a tree of `size` leaves whose perfect subtrees (`Range { 0, size }.perfect()`) have these hashes.
    #[must_use]
    pub fn resume(size: u64, edge: Vec<Hash>) -> Option<Self> {
        (edge.len() == size.count_ones() as usize).then_some(Self { size, edge })
    }

    /// How many leaves it has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds an entry; `done` hears of every perfect subtree that it completes, the leaf itself first.
    pub fn push(&mut self, entry: &Hash, mut done: impl FnMut(Perfect, &Hash)) {
        let (mut hash, mut n, mut level) = (leaf(entry), self.size, 0);
        done(Perfect { level, n }, &hash);
        while n & 1 == 1 {
            // The edge holds one hash for every bit of the size that is set.
            let Some(left) = self.edge.pop() else { break };
            hash = node(&left, &hash);
            n >>= 1;
            level += 1;
            done(Perfect { level, n }, &hash);
        }
        self.edge.push(hash);
        self.size += 1;
    }

    /// The head over everything so far.
    #[must_use]
    pub fn head(&self) -> Hash {
        join(&self.edge)
    }
}
