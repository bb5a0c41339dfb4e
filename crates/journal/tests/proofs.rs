//! Proofs hold for everything that stands in the record, and for nothing else.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use journal::{
    Flaw, Hash, Receipt, Seal, receipt, seal,
    tree::{self, Growing, Range},
};
use kernel::time::parse_stamp;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

fn entry(n: u64) -> Hash {
    Sha256::digest(n.to_be_bytes()).into()
}

/// The tree as RFC 6962 defines it, word by word: slow and plain.
fn defined(range: Range) -> Hash {
    match range.end - range.start {
        0 => Sha256::digest([]).into(),
        1 => tree::leaf(&entry(range.start)),
        n => {
            let k = (1..).map(|i| 1u64 << i).find(|p| *p >= n).unwrap() / 2;
            let middle = range.start + k;
            tree::node(
                &defined(Range { start: range.start, end: middle }),
                &defined(Range { start: middle, end: range.end }),
            )
        }
    }
}

fn head(size: u64) -> Hash {
    defined(Range { start: 0, end: size })
}

fn hashes(ranges: Vec<Range>) -> Vec<Hash> {
    ranges.into_iter().map(defined).collect()
}

#[test]
fn the_heads_are_those_of_rfc_6962() {
    // What the text itself fixes: the empty tree, the shape, and that leaves and nodes cannot be taken for each other.
    let hex = |h: Hash| h.iter().map(|b| format!("{b:02x}")).collect::<String>();
    assert_eq!(hex(head(0)), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    let (a, b, c) = (tree::leaf(&entry(0)), tree::leaf(&entry(1)), tree::leaf(&entry(2)));
    assert_eq!(head(3), tree::node(&tree::node(&a, &b), &c));
    assert_ne!(
        tree::leaf(&entry(0)),
        Hash::from(Sha256::digest(entry(0))),
        "leaves and nodes are told apart"
    );
}

#[test]
fn growing_gives_the_defined_heads_and_every_perfect_subtree_once() {
    let mut growing = Growing::default();
    let mut seen = Vec::new();
    for n in 0..70 {
        assert_eq!(growing.head(), head(n));
        growing.push(&entry(n), |p, hash| {
            let size = 1 << p.level;
            assert_eq!(*hash, defined(Range { start: p.n * size, end: (p.n + 1) * size }));
            seen.push((p.level, p.n));
        });
    }
    let all = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), all);
    assert_eq!(all, 70 + 35 + 17 + 8 + 4 + 2 + 1);
}

#[test]
fn every_leaf_of_every_small_tree_is_proven() {
    for size in 1..=40 {
        for index in 0..size {
            let path = hashes(tree::inclusion(index, size));
            assert!(tree::included(&entry(index), index, size, &path, &head(size)), "{index} of {size}");
        }
        for from in 1..=size {
            let path = hashes(tree::consistency(from, size));
            assert!(tree::continues(from, &head(from), size, &head(size), &path), "{from} to {size}");
        }
    }
    assert!(tree::inclusion(5, 5).is_empty());
    assert!(!tree::included(&entry(5), 5, 5, &[], &head(5)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn resuming_a_tree_is_growing_it(size in 0u64..400, more in 1u64..60) {
        let edge = hashes(Range { start: 0, end: size }.perfect().into_iter().map(|p| {
            Range { start: p.n << p.level, end: (p.n + 1) << p.level }
        }).collect());
        let mut growing = Growing::resume(size, edge).unwrap();
        (size..size + more).for_each(|n| growing.push(&entry(n), |_, _| {}));
        prop_assert_eq!(growing.head(), head(size + more));
        prop_assert_eq!(growing.size(), size + more);
    }

    #[test]
    fn nothing_altered_is_proven(size in 1u64..300, at in 0u64..300, bit in 0usize..256, which in 0usize..12) {
        let index = at % size;
        let (path, head) = (hashes(tree::inclusion(index, size)), head(size));
        prop_assert!(tree::included(&entry(index), index, size, &path, &head));
        let flip = |mut h: Hash| { h[bit / 8] ^= 1 << (bit % 8); h };
        prop_assert!(!tree::included(&flip(entry(index)), index, size, &path, &head));
        prop_assert!(!tree::included(&entry(index), index, size, &path, &flip(head)));
        prop_assert!(!tree::included(&entry(index + 1), index, size, &path, &head));
        for other in (0..size).filter(|o| *o != index) {
            prop_assert!(!tree::included(&entry(index), other, size, &path, &head), "also leaf {}", other);
        }
        if !path.is_empty() {
            let mut bent = path.clone();
            let n = which % bent.len();
            bent[n] = flip(bent[n]);
            prop_assert!(!tree::included(&entry(index), index, size, &bent, &head));
            prop_assert!(!tree::included(&entry(index), index, size, &path[1..], &head));
        }
        let mut longer = path.clone();
        longer.push(entry(999));
        prop_assert!(!tree::included(&entry(index), index, size, &longer, &head));
    }

    #[test]
    fn a_rewritten_past_is_never_consistent(from in 1u64..200, more in 1u64..100, bit in 0usize..256, which in 0usize..12) {
        let to = from + more;
        let path = hashes(tree::consistency(from, to));
        let (old, new) = (head(from), head(to));
        prop_assert!(tree::continues(from, &old, to, &new, &path));
        let flip = |mut h: Hash| { h[bit / 8] ^= 1 << (bit % 8); h };
        prop_assert!(!tree::continues(from, &flip(old), to, &new, &path));
        prop_assert!(!tree::continues(from, &old, to, &flip(new), &path));
        prop_assert!(!tree::continues(from, &old, from, &new, &path));
        prop_assert!(!tree::continues(to, &new, from, &old, &path), "a record does not shrink");
        if !path.is_empty() {
            let mut bent = path.clone();
            let n = which % bent.len();
            bent[n] = flip(bent[n]);
            prop_assert!(!tree::continues(from, &old, to, &new, &bent));
        }
    }
}

fn sealed() -> Receipt {
    let at = parse_stamp("2026-03-02T09:00:00Z").unwrap();
    let seal = Seal::make(&[7; 32], 3, 21, head(21), entry(99), at);
    Receipt {
        format: receipt::FORMAT.to_owned(),
        event: entry(13),
        recorded_at: "2026-03-02T08:59:00.000000Z".to_owned(),
        leaf: 13,
        path: hashes(tree::inclusion(13, 21)),
        seal,
    }
}

#[test]
fn the_text_of_a_seal_is_fixed() {
    // Programs of others make this text too: it must never change.
    let seal = sealed().seal;
    let key: String =
        seal::fingerprint(&seal::public_key(&[7; 32])).iter().map(|b| format!("{b:02x}")).collect();
    let hex = |h: Hash| h.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let text = format!(
        "yishiting seal v1\nseal: 3\nentries: 21\nhead: {}\nbefore: {}\ntime: 2026-03-02T09:00:00.000000Z\nkey: {key}\n",
        hex(head(21)),
        hex(entry(99))
    );
    assert_eq!(seal.text(), text);
    assert_eq!(seal.code(), Hash::from(Sha256::digest(text)));
    // The public key of RFC 8032 for a known secret: another library would give the same.
    assert_eq!(
        hex(seal::public_key(&[7; 32])),
        "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c"
    );
}

#[test]
fn a_receipt_holds_alone_and_under_the_right_key_only() {
    let receipt = sealed();
    let key = seal::fingerprint(&seal::public_key(&[7; 32]));
    assert_eq!(receipt.check(None), Ok(()));
    assert_eq!(receipt.check(Some(&key)), Ok(()));
    assert_eq!(receipt.check(Some(&entry(0))), Err(Flaw::Key));
    let text = serde_json::to_string(&receipt).unwrap();
    assert_eq!(serde_json::from_str::<Receipt>(&text).unwrap(), receipt);
}

#[test]
fn every_changed_character_of_a_receipt_is_found() {
    let receipt = sealed();
    let key = seal::fingerprint(&receipt.seal.public_key);
    let text = serde_json::to_string(&receipt).unwrap();
    // What the record says of the time is not proven by the receipt; the seal's own time is.
    let said = text.find(&receipt.recorded_at).unwrap()..text.find(&receipt.recorded_at).unwrap() + 27;
    let mut tried = 0;
    for at in (0..text.len()).filter(|at| !said.contains(at)) {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
        let Ok(changed) = serde_json::from_slice::<Receipt>(&bytes) else { continue };
        tried += 1;
        assert!(changed == receipt || changed.check(Some(&key)).is_err(), "character {at} of {text}");
    }
    assert!(tried > 500, "{tried}");
}
