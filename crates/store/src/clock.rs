//! The one place where the wall clock and the system's randomness are read.

use kernel::{Clock, Time};
use sha2::{Digest, Sha256};

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the single real clock")]
    fn now(&self) -> Time {
        kernel::time::micros(chrono::Utc::now())
    }
}

/// Where random bytes come from: the system, or a seed for demos and tests that must repeat.
#[derive(Debug)]
pub enum Entropy {
    /// The operating system's generator.
    System,
    /// SHA-256 of seed ‖ counter. Never for a real store: its secrets can be foretold.
    Seeded {
        /// The seed.
        seed: u64,
        /// How many blocks were drawn.
        drawn: u64,
    },
}

impl Entropy {
    /// Fills a buffer.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn fill(&mut self, out: &mut [u8]) -> Result<(), crate::Fault> {
        match self {
            Self::System => {
                getrandom::fill(out).map_err(|e| crate::Fault::other(format!("no randomness: {e}")))
            }
            Self::Seeded { seed, drawn } => {
                for chunk in out.chunks_mut(32) {
                    *drawn += 1;
                    let mut hash = Sha256::new();
                    hash.update(seed.to_be_bytes());
                    hash.update(drawn.to_be_bytes());
                    let block: [u8; 32] = hash.finalize().into();
                    chunk.copy_from_slice(&block[..chunk.len()]);
                }
                Ok(())
            }
        }
    }
}
