//! Bytes of a fixed length as hexadecimal text in JSON.

use serde::{Deserialize, Deserializer, Serializer, de::Error};

/// Writes the bytes.
pub fn serialize<S: Serializer, const N: usize>(bytes: &[u8; N], s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(&hex::encode(bytes))
}

/// Reads the bytes; another length is refused.
pub fn deserialize<'de, D: Deserializer<'de>, const N: usize>(d: D) -> Result<[u8; N], D::Error> {
    read(&String::deserialize(d)?)
}

fn read<E: Error, const N: usize>(text: &str) -> Result<[u8; N], E> {
    let bytes = hex::decode(text).map_err(|_| E::custom("not hexadecimal"))?;
    bytes.try_into().map_err(|_| E::custom(format!("not {N} bytes")))
}

/// A list of hashes.
pub mod list {
    use crate::Hash;
    use serde::{Deserialize, Deserializer, Serializer, ser::SerializeSeq};

    /// Writes the list.
    pub fn serialize<S: Serializer>(list: &[Hash], s: S) -> Result<S::Ok, S::Error> {
        let mut out = s.serialize_seq(Some(list.len()))?;
        for hash in list {
            out.serialize_element(&hex::encode(hash))?;
        }
        out.end()
    }

    /// Reads the list.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Hash>, D::Error> {
        Vec::<String>::deserialize(d)?.iter().map(|text| super::read(text)).collect()
    }
}
