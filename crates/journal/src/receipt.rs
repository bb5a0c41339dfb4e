//! The receipt: what a person takes home. With it alone, and a key that was published, anybody can check that an
//! entry stands in the sealed record; `docs/receipts.md` writes the format and the check down for other programs.

use crate::{Hash, Seal, hexed, seal, tree};
use serde::{Deserialize, Serialize};

/// The name of the format.
pub const FORMAT: &str = "yishiting-receipt-v1";

/// A proof that one entry stands in the sealed record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// [`FORMAT`].
    pub format: String,
    /// The entry's hash: the receipt's code, as it stands on the slip.
    #[serde(with = "hexed")]
    pub event: Hash,
    /// When it was recorded, as the record says; what is proven is that it was there when the seal was made.
    pub recorded_at: String,
    /// Which leaf of the tree it is, from 0.
    pub leaf: u64,
    /// The hashes beside the way from the leaf to the head.
    #[serde(with = "hexed::list")]
    pub path: Vec<Hash>,
    /// The seal.
    pub seal: Seal,
}

/// Why a receipt does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The format is another one.
    Format,
    /// The path does not lead from the entry to the head of the seal.
    Path,
    /// The seal is not signed by the key that it names.
    Signature,
    /// The seal was made with another key than the one that is trusted.
    Key,
}

impl Receipt {
    /// Checks everything that can be checked without the record; with `key`, a fingerprint, also whose seal it is.
    ///
    /// # Errors
    /// The first flaw.
    pub fn check(&self, key: Option<&Hash>) -> Result<(), Flaw> {
        if self.format != FORMAT {
            return Err(Flaw::Format);
        }
        if !tree::included(&self.event, self.leaf, self.seal.entries, &self.path, &self.seal.head) {
            return Err(Flaw::Path);
        }
        if !self.seal.is_signed() {
            return Err(Flaw::Signature);
        }
        if key.is_some_and(|wanted| *wanted != seal::fingerprint(&self.seal.public_key)) {
            return Err(Flaw::Key);
        }
        Ok(())
    }
}
