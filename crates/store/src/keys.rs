//! The key file: encryption of personal fields (AES-256-GCM), blind indexes, cookie signatures, seals (Ed25519).
//! It lies outside the database; without it the encrypted fields cannot be read by anybody.

use crate::{Entropy, Fault};
use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// The keys of an installation.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// Which key new values are sealed with.
    current: u8,
    /// All keys by number, in hexadecimal; old ones stay until everything is sealed anew.
    seal: BTreeMap<u8, String>,
    /// For blind indexes: finding a phone number without storing it in clear.
    index: String,
    /// For signing cookies and form tokens.
    sign: String,
    /// The file they were read from: a running program finds there the key that another one added meanwhile.
    #[serde(skip)]
    file: Option<PathBuf>,
    /// The Ed25519 key that seals the record. Key files of before there were seals get one when they are opened.
    #[serde(default)]
    attest: String,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("current", &self.current).finish_non_exhaustive()
    }
}

impl Keys {
    /// Draws fresh keys.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn fresh(entropy: &mut Entropy) -> Result<Self, Fault> {
        let mut draw = || -> Result<String, Fault> {
            let mut key = [0u8; 32];
            entropy.fill(&mut key)?;
            Ok(hex::encode(key))
        };
        Ok(Self {
            current: 1,
            seal: BTreeMap::from([(1, draw()?)]),
            index: draw()?,
            sign: draw()?,
            file: None,
            attest: draw()?,
        })
    }

    /// Reads the key file, or draws keys and writes it (mode 0600) when there is none.
    ///
    /// # Errors
    /// When the file cannot be read, written or understood.
    pub fn open(path: &Path, entropy: &mut Entropy) -> Result<Self, Fault> {
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let mut keys: Self = serde_json::from_str(&text)
                    .map_err(|e| Fault::other(format!("key file {}: {e}", path.display())))?;
                if keys.attest.is_empty() {
                    keys.attest = Self::fresh(entropy)?.attest;
                    keys.save(path)?;
                }
                Ok(Self { file: Some(path.to_owned()), ..keys })
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let keys = Self { file: Some(path.to_owned()), ..Self::fresh(entropy)? };
                keys.save(path)?;
                Ok(keys)
            }
            Err(e) => Err(Fault::other(format!("key file {}: {e}", path.display()))),
        }
    }

    /// Writes the key file beside itself first, then renames, so that a crash leaves the old or the new.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), Fault> {
        let fresh = path.with_extension("new");
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&fresh)?;
        std::io::Write::write_all(&mut file, &serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        std::fs::rename(&fresh, path)?;
        Ok(())
    }

    /// Adds a new current key; values sealed before stay readable.
    ///
    /// # Errors
    /// When there is no randomness or 255 keys are used up.
    pub fn rotate(&mut self, entropy: &mut Entropy) -> Result<(), Fault> {
        let next = self.current.checked_add(1).ok_or_else(|| Fault::other("no key number left"))?;
        let mut key = [0u8; 32];
        entropy.fill(&mut key)?;
        self.seal.insert(next, hex::encode(key));
        self.current = next;
        Ok(())
    }

    /// The number of the key that seals new values.
    #[must_use]
    pub const fn current(&self) -> u8 {
        self.current
    }

    /// The numbers of all keys.
    pub fn numbers(&self) -> impl Iterator<Item = u8> {
        self.seal.keys().copied()
    }

    /// Takes keys out that no value needs any more; the current one stays. Returns which ones went.
    pub fn retire(&mut self, needed: &[u8]) -> Vec<u8> {
        let gone: Vec<u8> = self.numbers().filter(|n| *n != self.current && !needed.contains(n)).collect();
        for number in &gone {
            self.seal.remove(number);
        }
        gone
    }

    /// The secret half of the key that seals the record.
    pub(crate) fn attest(&self) -> Result<[u8; 32], Fault> {
        let key = hex::decode(&self.attest).ok().and_then(|k| k.try_into().ok());
        key.ok_or_else(|| Fault::other("the key file holds no key for seals"))
    }

    /// The public half of the key that seals the record.
    ///
    /// # Errors
    /// When the key file is damaged.
    pub fn seal_key(&self) -> Result<[u8; 32], Fault> {
        Ok(journal::seal::public_key(&self.attest()?))
    }

    /// A mark over parts of a row: whoever has only the database cannot make it.
    pub(crate) fn mark(&self, about: &str, parts: &[&[u8]]) -> String {
        let mut all = vec![about.as_bytes().to_vec()];
        for part in parts {
            // Lengths first, so that nothing can move from one part to the next.
            all.push((part.len() as u64).to_be_bytes().to_vec());
            all.push(part.to_vec());
        }
        hex::encode(mac(&self.index, &all.iter().map(Vec::as_slice).collect::<Vec<_>>()))
    }

    fn cipher(&self, number: u8) -> Result<Aes256Gcm, Fault> {
        let text = self
            .seal
            .get(&number)
            .cloned()
            .or_else(|| {
                let text = std::fs::read_to_string(self.file.as_ref()?).ok()?;
                serde_json::from_str::<Self>(&text).ok()?.seal.remove(&number)
            })
            .ok_or_else(|| Fault::other(format!("the key file has no key {number}")))?;
        let key = hex::decode(&text)
            .map_err(|_| Fault::other("the key file holds a key that is not hexadecimal"))?;
        Aes256Gcm::new_from_slice(&key)
            .map_err(|_| Fault::other("the key file holds a key of a wrong length"))
    }

    /// Encrypts, bound to `about` (the same words must be given to open it): key number ‖ nonce ‖ ciphertext.
    ///
    /// # Errors
    /// When the key file is damaged.
    pub fn seal(&self, about: &str, clear: &[u8], nonce: [u8; 12]) -> Result<Vec<u8>, Fault> {
        let sealed = self
            .cipher(self.current)?
            .encrypt(&nonce.into(), Payload { msg: clear, aad: about.as_bytes() })
            .map_err(|_| Fault::other("a value cannot be encrypted"))?;
        let mut out = vec![self.current];
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Decrypts what [`Keys::seal`] made.
    ///
    /// # Errors
    /// When the key is missing, or the value was altered or sealed about something else.
    pub fn open_sealed(&self, about: &str, sealed: &[u8]) -> Result<Vec<u8>, Fault> {
        let (Some(number), Some(nonce), Some(body)) = (sealed.first(), sealed.get(1..13), sealed.get(13..))
        else {
            return Err(Fault::other("an encrypted value is too short"));
        };
        let nonce: [u8; 12] =
            nonce.try_into().map_err(|_| Fault::other("an encrypted value is too short"))?;
        self.cipher(*number)?
            .decrypt(&nonce.into(), Payload { msg: body, aad: about.as_bytes() })
            .map_err(|_| Fault::other("an encrypted value cannot be opened with this key file"))
    }

    /// Decrypts to text.
    ///
    /// # Errors
    /// As [`Keys::open_sealed`], or when it is not text.
    pub fn open_text(&self, about: &str, sealed: &[u8]) -> Result<String, Fault> {
        String::from_utf8(self.open_sealed(about, sealed)?)
            .map_err(|_| Fault::other("an encrypted value is not text"))
    }

    /// A blind index: the same value gives the same code, the code does not give the value.
    #[must_use]
    pub fn blind(&self, about: &str, value: &str) -> String {
        hex::encode(mac(&self.index, &[about.as_bytes(), b"\0", value.as_bytes()]))
    }

    /// A signature over text, for cookies and form tokens.
    #[must_use]
    pub fn sign(&self, about: &str, value: &str) -> String {
        hex::encode(mac(&self.sign, &[about.as_bytes(), b"\0", value.as_bytes()]))
    }

    /// Whether a signature holds; compared in constant time.
    #[must_use]
    pub fn verify(&self, about: &str, value: &str, signature: &str) -> bool {
        let right = self.sign(about, value);
        right.len() == signature.len()
            && right.bytes().zip(signature.bytes()).fold(0u8, |d, (a, b)| d | (a ^ b)) == 0
    }
}

fn mac(key: &str, parts: &[&[u8]]) -> [u8; 32] {
    #[expect(clippy::unwrap_used, reason = "HMAC takes a key of any length")]
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key.as_bytes()).unwrap();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::fresh(&mut Entropy::Seeded { seed: 1, drawn: 0 }).unwrap()
    }

    #[test]
    fn sealed_values_open_only_about_the_same_thing() {
        let keys = keys();
        let sealed = keys.seal("phone", "13900001111".as_bytes(), [7; 12]).unwrap();
        assert_eq!(keys.open_text("phone", &sealed).unwrap(), "13900001111");
        assert!(keys.open_text("name", &sealed).is_err());
        let mut altered = sealed;
        *altered.last_mut().unwrap() ^= 1;
        assert!(keys.open_text("phone", &altered).is_err());
    }

    #[test]
    fn rotation_keeps_old_values_readable() {
        let mut keys = keys();
        let old = keys.seal("x", b"old", [1; 12]).unwrap();
        keys.rotate(&mut Entropy::Seeded { seed: 2, drawn: 0 }).unwrap();
        let new = keys.seal("x", b"new", [2; 12]).unwrap();
        assert_eq!((old[0], new[0]), (1, 2));
        assert_eq!(keys.open_sealed("x", &old).unwrap(), b"old");
        assert_eq!(keys.open_sealed("x", &new).unwrap(), b"new");
    }

    #[test]
    fn an_older_key_file_gets_a_sealing_key_once() {
        let folder = std::env::temp_dir().join(format!("yst_keys_{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("keys.json");
        let mut old = serde_json::to_value(keys()).unwrap();
        old.as_object_mut().unwrap().remove("attest");
        std::fs::write(&path, old.to_string()).unwrap();
        let open = |seed| Keys::open(&path, &mut Entropy::Seeded { seed, drawn: 0 }).unwrap();
        let (first, second) = (open(3), open(4));
        assert_eq!(first.seal_key().unwrap(), second.seal_key().unwrap(), "written down the first time");
        assert_eq!(first.blind("phone", "1"), keys().blind("phone", "1"), "the other keys stay");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn signatures_and_blind_indexes() {
        let keys = keys();
        assert!(keys.verify("form", "a", &keys.sign("form", "a")));
        assert!(!keys.verify("form", "b", &keys.sign("form", "a")));
        assert_eq!(keys.blind("phone", "1"), keys.blind("phone", "1"));
        assert_ne!(keys.blind("phone", "1"), keys.blind("name", "1"));
    }
}
