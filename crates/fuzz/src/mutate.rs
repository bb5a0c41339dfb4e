//! Damaging samples: everything follows from a seed, so that a failure can be repeated.

/// What readers of text trip over, whatever the format.
const HOSTILE: &[&[u8]] = &[
    b"\0",
    b"\r\n",
    b"\n",
    b"\r",
    b"\t",
    b"\"",
    b"'",
    b"\\",
    b"%",
    b"%00",
    b"%FF",
    b"=1+1",
    b"@",
    b"+",
    b"-",
    b"-0",
    b"-1",
    b"NaN",
    b"1e999",
    b"4294967296",
    b"18446744073709551616",
    b"-9223372036854775808",
    b"-262143-01-01",
    b"262142-12-31T23:59:59",
    b"0000-01-01T00:00:00+23:59",
    b"9999-12-31T23:59:60-23:59",
    b"\xEF\xBB\xBF",
    b"\xC0\x80",
    b"\xED\xA0\x80",
    b"\xF4\x90\x80\x80",
    "\u{202E}".as_bytes(),
    "\u{2066}".as_bytes(),
    "\u{200B}".as_bytes(),
    "\u{200D}".as_bytes(),
    "\u{FEFF}".as_bytes(),
    "\u{3000}".as_bytes(),
    "\u{FFFF}".as_bytes(),
    "\u{10FFFF}".as_bytes(),
    "İ".as_bytes(),
    "ß".as_bytes(),
    "ﷺ".as_bytes(),
    "𠀀".as_bytes(),
    "👨‍👩‍👧".as_bytes(),
    "e\u{301}\u{301}\u{301}".as_bytes(),
    "＋".as_bytes(),
    "１２".as_bytes(),
    "Ⅷ".as_bytes(),
    "٣".as_bytes(),
];
/// Bytes at which numbers turn over.
const EDGES: [u8; 8] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF, b'0', b' '];
/// Longest input that is made; what only grows tells nothing new.
const LONGEST: usize = 256 * 1024;

/// Chance from a seed, and the ways of damaging a sample.
pub struct Mutator {
    state: u64,
}

impl Mutator {
    /// Everything that follows is decided by the seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits of chance (SplitMix64).
    pub const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let chance = self.next();
        usize::try_from(chance % (end.max(1) as u64)).unwrap_or(0)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    /// An input: a damaged sample, seldom bytes of chance. `words` are those that the format knows.
    pub fn input(&mut self, samples: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
        if samples.is_empty() || self.below(32) == 0 {
            let length = self.below(300);
            return (0..length).map(|_| self.byte()).collect();
        }
        let mut bytes = samples[self.below(samples.len())].clone();
        // Mostly little damage: what is broken everywhere is refused at the first byte.
        let times = 1 << self.below(4);
        for _ in 0..1 + self.below(times) {
            self.damage(&mut bytes, samples, words);
        }
        bytes.truncate(LONGEST);
        bytes
    }

    /// A stretch of the bytes, at most `most` long.
    fn stretch(&mut self, bytes: &[u8], most: usize) -> std::ops::Range<usize> {
        let from = self.below(bytes.len() + 1);
        let length = self.below(most.min(bytes.len() - from) + 1);
        from..from + length
    }

    fn damage(&mut self, bytes: &mut Vec<u8>, samples: &[Vec<u8>], words: &[&str]) {
        let at = self.below(bytes.len());
        match self.below(14) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
            1 if !bytes.is_empty() => bytes[at] = self.byte(),
            2 if !bytes.is_empty() => bytes[at] = EDGES[self.below(EDGES.len())],
            3 => bytes.truncate(at),
            4 => {
                let gone = self.stretch(bytes, 64);
                bytes.drain(gone);
            }
            5 => {
                let again = self.stretch(bytes, 4096);
                let chunk = bytes[again.clone()].to_vec();
                bytes.splice(again.end..again.end, chunk);
            }
            6 => {
                // Deep nesting, and names that come a thousand times.
                let again = self.stretch(bytes, 8);
                let times = 1 << self.below(13);
                let chunk = bytes[again.clone()].repeat(times);
                bytes.splice(again.end..again.end, chunk);
            }
            7 => {
                let from = self.stretch(bytes, 256);
                let other = &samples[self.below(samples.len())];
                let piece = self.stretch(other, 4096);
                bytes.splice(from, other[piece].to_vec());
            }
            8 | 9 if !words.is_empty() => {
                let place = self.stretch(bytes, 12);
                let word = words[self.below(words.len())].as_bytes();
                bytes.splice(place, word.to_vec());
            }
            10 => self.number(bytes),
            11 if bytes.len() >= 4 => {
                // A length or a size, in either byte order.
                let value = [0, 1, 0x7FFF_FFFF, 0x8000_0000, u32::MAX, 60_000, 0xFFFF][self.below(7)];
                let value = if self.below(2) == 0 { value.to_be_bytes() } else { value.to_le_bytes() };
                let at = self.below(bytes.len() - 3);
                let width = 1 + self.below(4);
                bytes[at..at + width].copy_from_slice(&value[4 - width..]);
            }
            _ => {
                let place = self.stretch(bytes, 4);
                let hostile = HOSTILE[self.below(HOSTILE.len())];
                let times = if self.below(8) == 0 { 200 } else { 1 };
                bytes.splice(place, hostile.repeat(times));
            }
        }
    }

    /// Puts another number where a number stands.
    fn number(&mut self, bytes: &mut Vec<u8>) {
        let digits: Vec<usize> =
            bytes.iter().enumerate().filter(|(_, b)| b.is_ascii_digit()).map(|(at, _)| at).collect();
        let Some(from) = (!digits.is_empty()).then(|| digits[self.below(digits.len())]) else { return };
        let length = bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
        let numbers: [&[u8]; 9] = [
            b"0",
            b"-1",
            b"00000000000000000000",
            b"1048577",
            b"2147483648",
            b"9223372036854775807",
            b"18446744073709551615",
            b"99999999999999999999999999",
            b"0.1e308",
        ];
        let number = numbers[self.below(numbers.len())];
        bytes.splice(from..from + length, number.iter().copied());
    }
}
