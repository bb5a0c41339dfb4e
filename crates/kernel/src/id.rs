//! Identifiers: `UUIDv7` inside, readable numbers outside.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

use crate::Time;

/// An identifier of anything stored: a `UUIDv7`, so that newer ids sort after older ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(uuid::Uuid);

impl Id {
    /// Makes an id from an instant and ten random bytes, both handed in.
    #[must_use]
    pub fn new(at: Time, random: [u8; 10]) -> Self {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// A fixed id for well-known things; the same name gives the same id for ever.
    #[must_use]
    pub fn named(name: &str) -> Self {
        use sha2::Digest;
        let digest = sha2::Sha256::digest(name.as_bytes());
        let mut bytes = [0u8; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// The sixteen bytes.
    #[must_use]
    pub fn bytes(self) -> [u8; 16] {
        *self.0.as_bytes()
    }

    /// The UUID, for drivers that know the type.
    #[must_use]
    pub fn uuid(self) -> uuid::Uuid {
        self.0
    }
}

impl From<uuid::Uuid> for Id {
    fn from(uuid: uuid::Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Id {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        uuid::Uuid::parse_str(text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_ids_sort_after_older_ones() {
        let early = crate::time::parse_stamp("2026-01-01T00:00:00Z").unwrap();
        let late = crate::time::parse_stamp("2026-01-01T00:00:00.001Z").unwrap();
        assert!(Id::new(early, [255; 10]) < Id::new(late, [0; 10]));
    }

    #[test]
    fn a_named_id_never_changes() {
        assert_eq!(Id::named("street").to_string(), Id::named("street").to_string());
        assert_ne!(Id::named("street"), Id::named("Street"));
    }
}
