//! Seals: signed heads of the tree, each naming the one before it.
//!
//! What is signed is a short text that can be read on paper and made again in any language ([`Seal::text`]). A seal's
//! code is the SHA-256 of that text: who has the code of one seal, printed long ago, can tell whether anything that
//! it covers was changed, and so can whoever has a [`crate::Receipt`].

use crate::{Hash, hexed};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use kernel::{Time, time::stamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A signed head over the first `entries` leaves of the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Its number, from 1 without gaps.
    pub seal: u64,
    /// How many entries of the record it covers.
    pub entries: u64,
    /// The head of the tree over them.
    #[serde(with = "hexed")]
    pub head: Hash,
    /// The code of the seal before it; zeros before the first.
    #[serde(with = "hexed")]
    pub before: Hash,
    /// When it was made.
    #[serde(with = "stamped")]
    pub time: Time,
    /// The Ed25519 key that it was made with.
    #[serde(with = "hexed")]
    pub public_key: [u8; 32],
    /// The Ed25519 signature over [`Seal::text`].
    #[serde(with = "hexed")]
    pub signature: [u8; 64],
}

impl Seal {
    /// Makes and signs a seal.
    #[must_use]
    pub fn make(secret: &[u8; 32], seal: u64, entries: u64, head: Hash, before: Hash, time: Time) -> Self {
        let key = SigningKey::from_bytes(secret);
        let public_key = key.verifying_key().to_bytes();
        let mut made = Self { seal, entries, head, before, time, public_key, signature: [0; 64] };
        made.signature = key.sign(made.text().as_bytes()).to_bytes();
        made
    }

    /// The text that is signed: seven lines, each ended by a line feed.
    #[must_use]
    pub fn text(&self) -> String {
        format!(
            "yishiting seal v1\nseal: {}\nentries: {}\nhead: {}\nbefore: {}\ntime: {}\nkey: {}\n",
            self.seal,
            self.entries,
            hex::encode(self.head),
            hex::encode(self.before),
            stamp(self.time),
            hex::encode(fingerprint(&self.public_key)),
        )
    }

    /// Its code: SHA-256 of the text. Names the seal, its head, and every seal before it.
    #[must_use]
    pub fn code(&self) -> Hash {
        Sha256::digest(self.text().as_bytes()).into()
    }

    /// Whether the signature is the key's.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        VerifyingKey::from_bytes(&self.public_key).is_ok_and(|key| {
            key.verify_strict(self.text().as_bytes(), &Signature::from_bytes(&self.signature)).is_ok()
        })
    }
}

/// The public half of a secret key.
#[must_use]
pub fn public_key(secret: &[u8; 32]) -> [u8; 32] {
    SigningKey::from_bytes(secret).verifying_key().to_bytes()
}

/// A key's fingerprint: SHA-256 of its 32 bytes.
#[must_use]
pub fn fingerprint(public_key: &[u8; 32]) -> Hash {
    Sha256::digest(public_key).into()
}

mod stamped {
    use kernel::{
        Time,
        time::{parse_stamp, stamp},
    };
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(time: &Time, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&stamp(*time))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Time, D::Error> {
        parse_stamp(&String::deserialize(d)?).ok_or_else(|| D::Error::custom("not a time"))
    }
}
