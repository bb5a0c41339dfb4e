//! The append-only record: canonical encoding, the hash chain of each stream, the tree over all entries, seals and
//! receipts. No I/O.
//!
//! Every change of anything is an [`Entry`] in one stream (one matter, one account, one place …).
//! An entry's hash covers the hash before it in the same stream, so nothing can be changed, dropped,
//! reordered or backdated within a stream without every later hash telling so.
//!
//! Canonical form: the JSON of [`Body`] with object keys sorted bytewise, no white space, integers only
//! (a float is refused), so that the same facts give the same bytes in any language.
//!
//! The chains alone do not tell that the newest entries were cut off, or that everything was computed anew. The
//! [`tree`] over the hashes of all entries, signed as [`Seal`]s that are published and printed, does; a [`Receipt`]
//! proves that one entry stands under a seal.

mod hexed;
pub mod receipt;
pub mod seal;
pub mod tree;

pub use receipt::{Flaw, Receipt};
pub use seal::Seal;

use kernel::{Actor, Id, Time, time::stamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The hash before the first entry of every stream.
pub const GENESIS: Hash = [0; 32];

/// What happened, by whom: the hashed content of an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// The event's name, `room.verb_in_past`.
    pub kind: String,
    /// The version of the event's shape; old versions stay readable for ever.
    pub v: u32,
    /// The event's data. Personal text only as salted commitments.
    pub data: Value,
    /// Who acted, in which office and unit at that time.
    pub actor: Actor,
    /// The time by the device that sent it, where it differs (offline records).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_at: Option<Time>,
}

/// One line of the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The stream it belongs to.
    pub stream: Id,
    /// Its place in the stream, from 1 without gaps.
    pub seq: i64,
    /// What happened.
    pub body: Body,
    /// When the server recorded it.
    pub at: Time,
    /// The hash of the entry before it in the stream.
    pub prev: Hash,
    /// Its own hash.
    pub hash: Hash,
}

/// Why an entry cannot be encoded or does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A number in the data is not an integer.
    Float,
    /// An entry is missing or out of order: expected this sequence number.
    Gap(i64),
    /// The entry does not continue the hash before it.
    Broken(i64),
    /// The content does not give the hash that is written.
    Altered(i64),
    /// The entry is dated before the one before it.
    Backdated(i64),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Float => f.write_str("a number in an event is not an integer"),
            Self::Gap(n) => write!(f, "entry {n} is missing or out of order"),
            Self::Broken(n) => write!(f, "entry {n} does not follow from the entry before it"),
            Self::Altered(n) => write!(f, "entry {n} was altered"),
            Self::Backdated(n) => write!(f, "entry {n} is dated before the entry before it"),
        }
    }
}

impl std::error::Error for Fault {}

/// The canonical bytes of a body.
///
/// # Errors
/// [`Fault::Float`] when the data holds a number that is not an integer.
pub fn canonical(body: &Body) -> Result<Vec<u8>, Fault> {
    // `serde_json::Map` is a `BTreeMap` here, so objects come out sorted.
    let value = serde_json::to_value(body).map_err(|_| Fault::Float)?;
    integers_only(&value)?;
    serde_json::to_vec(&value).map_err(|_| Fault::Float)
}

fn integers_only(value: &Value) -> Result<(), Fault> {
    match value {
        Value::Number(n) if !(n.is_i64() || n.is_u64()) => Err(Fault::Float),
        Value::Array(items) => items.iter().try_for_each(integers_only),
        Value::Object(map) => map.values().try_for_each(integers_only),
        _ => Ok(()),
    }
}

/// SHA-256 over prev ‖ stream ‖ seq (big-endian) ‖ length of the canonical bytes (big-endian) ‖ canonical bytes ‖ at.
#[must_use]
pub fn hash(prev: &Hash, stream: Id, seq: i64, canonical: &[u8], at: Time) -> Hash {
    let mut digest = Sha256::new();
    digest.update(prev);
    digest.update(stream.bytes());
    digest.update(seq.to_be_bytes());
    digest.update((canonical.len() as u64).to_be_bytes());
    digest.update(canonical);
    digest.update(stamp(at).as_bytes());
    digest.finalize().into()
}

/// The next entry of a stream whose last entry is `(seq, hash)`; `(0, GENESIS)` begins one.
///
/// # Errors
/// [`Fault::Float`] when the data cannot be encoded canonically.
pub fn next(stream: Id, last: (i64, Hash), body: Body, at: Time) -> Result<Entry, Fault> {
    let (seq, prev) = (last.0 + 1, last.1);
    let hash = hash(&prev, stream, seq, &canonical(&body)?, at);
    Ok(Entry { stream, seq, body, at, prev, hash })
}

/// Checks one stream from its first entry on.
///
/// # Errors
/// The first fault found.
pub fn check(entries: &[Entry]) -> Result<(), Fault> {
    let (mut prev, mut at) = (GENESIS, None);
    for (i, entry) in entries.iter().enumerate() {
        let seq = i as i64 + 1;
        if entry.seq != seq {
            return Err(Fault::Gap(seq));
        }
        if entry.prev != prev {
            return Err(Fault::Broken(seq));
        }
        if hash(&prev, entry.stream, seq, &canonical(&entry.body)?, entry.at) != entry.hash {
            return Err(Fault::Altered(seq));
        }
        if at.is_some_and(|before| entry.at < before) {
            return Err(Fault::Backdated(seq));
        }
        prev = entry.hash;
        at = Some(entry.at);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::time::parse_stamp;
    use serde_json::json;

    fn chain(n: i64) -> Vec<Entry> {
        let street = Id::named("street");
        let start = parse_stamp("2026-01-01T00:00:00Z").unwrap();
        let mut last = (0, GENESIS);
        (0..n)
            .map(|i| {
                let body = Body {
                    kind: "matters.noted".into(),
                    v: 1,
                    data: json!({"n": i, "b": 1, "a": [1, "x"]}),
                    actor: Actor::system(street),
                    client_at: None,
                };
                let entry = next(Id::named("m"), last, body, start + chrono::Duration::seconds(i)).unwrap();
                last = (entry.seq, entry.hash);
                entry
            })
            .collect()
    }

    #[test]
    fn canonical_bytes_are_sorted_and_compact() {
        let bytes = canonical(&chain(1)[0].body).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with(r#"{"actor":{"channel":"system""#), "{text}");
        assert!(text.contains(r#""data":{"a":[1,"x"],"b":1,"n":0}"#), "{text}");
    }

    #[test]
    fn a_float_is_refused() {
        let mut body = chain(1).remove(0).body;
        body.data = json!({"x": 0.5});
        assert_eq!(canonical(&body), Err(Fault::Float));
    }

    #[test]
    fn a_whole_chain_holds() {
        assert_eq!(check(&chain(20)), Ok(()));
    }

    #[test]
    fn every_tampering_is_found() {
        let good = chain(6);
        let mut altered = good.clone();
        altered[2].body.data = json!({"n": 99});
        assert_eq!(check(&altered), Err(Fault::Altered(3)));
        let mut dropped = good.clone();
        dropped.remove(1);
        assert_eq!(check(&dropped), Err(Fault::Gap(2)));
        let mut swapped = good.clone();
        swapped.swap(3, 4);
        assert_eq!(check(&swapped), Err(Fault::Gap(4)));
        let mut backdated = good.clone();
        backdated[4].at -= chrono::Duration::days(1);
        assert_eq!(check(&backdated), Err(Fault::Altered(5)));
        let mut rewritten = good;
        let last = (rewritten[2].seq, rewritten[2].hash);
        let mut body = rewritten[3].body.clone();
        body.data = json!({"n": 7});
        rewritten[3] = next(Id::named("m"), last, body, rewritten[3].at).unwrap();
        assert_eq!(check(&rewritten), Err(Fault::Broken(5)));
    }
}
