//! Handing inputs to a target, and telling what went wrong.

use crate::Mutator;
use peak_alloc::PeakAlloc;
use std::{
    panic::{self, AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Counts memory where a test makes it its allocator: `#[global_allocator] static M: fuzz::… = fuzz::MEMORY;`.
pub const MEMORY: PeakAlloc = PeakAlloc;

/// Damaged inputs that are tried where nobody asked for a long run.
const SHORT: u64 = 300;
/// Longest answer.
const SLOW: Duration = Duration::from_secs(5);

/// What the last panic said, and where. Those that a parser catches itself, of a reader that is not ours, are not shown.
static SAID: Mutex<String> = Mutex::new(String::new());

/// What is tried, and with what.
pub struct Target<'a> {
    /// Its name; the folder of its samples in the corpus.
    pub name: &'a str,
    /// Samples made by code, beside those of the corpus.
    pub samples: Vec<Vec<u8>>,
    /// Words that the format knows.
    pub words: &'a [&'a str],
    /// Most memory, in MiB, that one input may take.
    pub memory: usize,
}

/// A turn: memory is counted for the whole process, so that only one test at a time counts it.
pub fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tries the target: every sample as it is, then damaged ones.
///
/// # Panics
/// When an input makes the target panic, or take too long or too much memory. The input is kept as a file.
pub fn run(target: &Target<'_>, mut read: impl FnMut(&[u8])) {
    let _turn = turn();
    let samples = [corpus(target.name), target.samples.clone()].concat();
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let limit = number("YISHITING_FUZZ_SECONDS").map(Duration::from_secs);
    let seed = number("YISHITING_FUZZ_SEED").unwrap_or(1);
    let mut tries = Tries { target, long: limit.is_some(), slowest: Duration::ZERO, most: 0 };
    let (started, mut inputs) = (Instant::now(), 0u64);
    panic::set_hook(Box::new(|panic| {
        *SAID.lock().unwrap_or_else(PoisonError::into_inner) = panic.to_string();
    }));
    for sample in &samples {
        tries.one(sample, &mut read);
        inputs += 1;
    }
    let mut chance = Mutator::new(seed);
    while limit.map_or(inputs < SHORT, |limit| started.elapsed() < limit) {
        let input = chance.input(&samples, target.words);
        tries.one(&input, &mut read);
        inputs += 1;
    }
    drop(panic::take_hook());
    if limit.is_some() {
        let seconds = started.elapsed().as_secs_f64();
        eprintln!(
            "fuzz {}: {inputs} inputs in {seconds:.0} s, {:.0}/s, slowest {} ms, most memory {} KiB, seed {seed}",
            target.name,
            inputs as f64 / seconds,
            tries.slowest.as_millis(),
            tries.most / 1024,
        );
        let _ = std::fs::remove_file(kept(target.name, "current"));
    }
}

struct Tries<'a> {
    target: &'a Target<'a>,
    long: bool,
    slowest: Duration,
    most: usize,
}

impl Tries<'_> {
    fn one(&mut self, input: &[u8], read: &mut impl FnMut(&[u8])) {
        if self.long {
            // A stack that overflows or memory that runs out ends the process: the input is there already.
            keep(&kept(self.target.name, "current"), input);
        }
        let (before, started) = (MEMORY.current_usage(), Instant::now());
        MEMORY.reset_peak_usage();
        let outcome = catch_unwind(AssertUnwindSafe(|| read(input)));
        let (taken, memory) = (started.elapsed(), MEMORY.peak_usage().saturating_sub(before));
        if outcome.is_err() {
            let said = SAID.lock().unwrap_or_else(PoisonError::into_inner).clone();
            self.fail(input, &said);
        }
        if memory > self.target.memory * 1024 * 1024 {
            self.fail(input, &format!("takes {} MiB of memory", memory / 1024 / 1024));
        }
        // Another program may have held the machine: what is slow is slow twice. Short runs assert no time.
        if self.long && taken > SLOW {
            let again = Instant::now();
            read(input);
            if again.elapsed() > SLOW {
                self.fail(input, &format!("takes {} s", again.elapsed().as_secs()));
            }
        }
        self.slowest = self.slowest.max(taken);
        self.most = self.most.max(memory);
    }

    fn fail(&self, input: &[u8], why: &str) -> ! {
        // FNV-1a: the same input has the same name.
        let print = input
            .iter()
            .fold(0xCBF2_9CE4_8422_2325u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x100_0000_01B3));
        let file = kept(self.target.name, &format!("{print:016x}"));
        keep(&file, input);
        let _ = std::fs::remove_file(kept(self.target.name, "current"));
        drop(panic::take_hook());
        panic!("{}: {why}\nthe input is kept in {}", self.target.name, file.display());
    }
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The samples of a target, in the order of their names.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(here().join("corpus").join(name)) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    files.iter().filter_map(|file| std::fs::read(file).ok()).collect()
}

/// Where an input that failed is kept.
fn kept(name: &str, what: &str) -> PathBuf {
    here().ancestors().nth(2).unwrap_or(here()).join("target/fuzz").join(format!("{name}-{what}"))
}

fn keep(file: &Path, input: &[u8]) {
    if let Some(folder) = file.parent() {
        let _ = std::fs::create_dir_all(folder);
    }
    if let Err(error) = std::fs::write(file, input) {
        eprintln!("{}: {error}", file.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target() -> Target<'static> {
        Target { name: "itself", samples: vec![b"{\"a\":12}".to_vec()], words: &["null"], memory: 64 }
    }

    #[test]
    fn the_same_seed_gives_the_same_inputs() {
        let all = |seed| {
            let mut chance = Mutator::new(seed);
            (0..200).map(|_| chance.input(&target().samples, &["null"])).collect::<Vec<_>>()
        };
        assert_eq!(all(1), all(1));
        assert_ne!(all(1), all(2));
    }

    #[test]
    #[should_panic(expected = "found it")]
    fn a_panic_is_told_with_its_input() {
        run(&target(), |input| assert!(!input.starts_with(b"null"), "found it"));
    }
}
