//! Limits and cleaning of text that people type, and text that must be erasable.

use crate::{Refusal, refusal::RefusalKind};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Longest title, in characters.
pub const TITLE: usize = 60;
/// Longest note or answer, in characters.
pub const NOTE: usize = 2_000;
/// Longest description of a matter, in characters.
pub const BODY: usize = 4_000;

/// Cleans typed text: line ends unified, control, zero-width and direction-overriding characters
/// dropped (they hide words from readers and from search), trimmed at both ends.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\n' | '\t' => out.push(c),
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

/// Cleans and measures: empty or longer than `max` characters is refused for `field`.
///
/// # Errors
/// `ui.empty` or `ui.too-long`.
pub fn required(field: &'static str, text: &str, max: usize) -> Result<String, Refusal> {
    let text = optional(field, text, max)?;
    text.ok_or_else(|| Refusal::invalid(field, "ui.empty"))
}

/// Cleans and measures; nothing but blanks is `None`.
///
/// # Errors
/// `ui.too-long`.
pub fn optional(field: &'static str, text: &str, max: usize) -> Result<Option<String>, Refusal> {
    let text = clean(text);
    let n = text.chars().count();
    if n > max {
        return Err(Refusal {
            kind: RefusalKind::Invalid,
            field: Some(field),
            ..Refusal::new(RefusalKind::Invalid, "ui.too-long")
        }
        .with("max", max)
        .with("n", n));
    }
    Ok((!text.is_empty()).then_some(text))
}

/// Text of a person that may have to be erased one day. The journal keeps only the commitment
/// SHA-256(salt ‖ text); the clear text and its salt lie encrypted in a table, so that erasing them
/// leaves every hash chain whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The commitment, in hexadecimal.
    #[serde(rename = "commit")]
    pub commit: String,
    /// The clear text, when at hand. Never written to the journal.
    #[serde(skip)]
    pub clear: Option<String>,
}

impl Words {
    /// Commits to a text with a salt.
    #[must_use]
    pub fn commit(text: &str, salt: &[u8; 16]) -> Self {
        let mut hash = Sha256::new();
        hash.update(salt);
        hash.update(text.as_bytes());
        Self { commit: hex::encode(hash.finalize()), clear: Some(text.to_owned()) }
    }

    /// The clear text, or nothing when it is not at hand or was erased.
    #[must_use]
    pub fn text(&self) -> &str {
        self.clear.as_deref().unwrap_or_default()
    }
}

/// Masks a mobile number as `138****0000`, anything else to its last two characters.
#[must_use]
pub fn mask_phone(phone: &str) -> String {
    let chars: Vec<char> = phone.chars().collect();
    if chars.len() == 11 {
        let head: String = chars[..3].iter().collect();
        let tail: String = chars[7..].iter().collect();
        format!("{head}****{tail}")
    } else {
        let tail: String = chars[chars.len().saturating_sub(2)..].iter().collect();
        format!("****{tail}")
    }
}

/// Masks a name to its first character: `王**`.
#[must_use]
pub fn mask_name(name: &str) -> String {
    let n = name.chars().count();
    match name.chars().next() {
        None => String::new(),
        Some(c) => format!("{c}{}", "*".repeat(n.saturating_sub(1).clamp(1, 2))),
    }
}

/// Whether this is a mainland mobile number (11 digits from 13 to 19).
#[must_use]
pub fn is_mobile(phone: &str) -> bool {
    phone.len() == 11
        && phone.bytes().all(|b| b.is_ascii_digit())
        && phone.starts_with('1')
        && matches!(phone.as_bytes().get(1), Some(b'3'..=b'9'))
}

/// Whether this is a telephone number: mobile, or a land line of 7 to 12 digits with optional dashes.
#[must_use]
pub fn is_phone(phone: &str) -> bool {
    let digits = phone.bytes().filter(u8::is_ascii_digit).count();
    is_mobile(phone)
        || ((7..=12).contains(&digits)
            && !phone.starts_with('1')
            && phone.bytes().all(|b| b.is_ascii_digit() || b == b'-'))
}

/// Blots out mobile numbers and identity card numbers in free text, for public copies; also when they are written in
/// groups, and bank cards and whatever else is a long run of digits.
#[must_use]
pub fn blot(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        if !digit(i) {
            out.push(chars[i]);
            i += 1;
            continue;
        }
        let run = |grouped: bool| {
            let (mut end, mut plain) = (i, String::new());
            loop {
                if digit(end) || (matches!(chars.get(end), Some('X' | 'x')) && plain.len() == 17) {
                    plain.push(chars[end]);
                    end += 1;
                } else if grouped
                    && plain.len() < 11
                    && matches!(chars.get(end), Some(' ' | '-' | '－'))
                    && digit(end + 1)
                {
                    end += 1;
                } else {
                    return (end, plain);
                }
            }
        };
        let (grouped, (end, plain)) = (run(true), run(false));
        if is_mobile(&grouped.1) {
            out.push_str(&grouped.1[..3]);
            out.push_str("****");
            i = grouped.0;
        } else if plain.len() >= 11 {
            out.push_str(&plain[..3]);
            out.push_str("****");
            i = end;
        } else {
            out.push_str(&plain);
            i = end;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_and_turning_characters_are_dropped() {
        assert_eq!(clean(" a\u{202E}b\u{200B}c\r\nd\u{7} "), "abc\nd");
    }

    #[test]
    fn numbers_are_blotted_in_public_copies() {
        assert_eq!(blot("请打13812345678找我"), "请打138****找我");
        assert_eq!(blot("身份证11010519491231002X"), "身份证110****");
        assert_eq!(blot("3号楼2单元，电话 8888 6666"), "3号楼2单元，电话 8888 6666");
        assert_eq!(blot("打139 1234 5678或139-1234-5678。3"), "打139****或139****。3");
        assert_eq!(blot("卡号6222020200012345678，单号 LY-2026-000731"), "卡号622****，单号 LY-2026-000731");
        assert_eq!(blot("2026-11-22 10:20"), "2026-11-22 10:20");
    }

    #[test]
    fn commitments_hide_and_bind() {
        let a = Words::commit("灯不亮", &[1; 16]);
        assert_ne!(a.commit, Words::commit("灯不亮", &[2; 16]).commit);
        assert_eq!(serde_json::to_string(&a).unwrap(), format!("{{\"commit\":\"{}\"}}", a.commit));
    }

    #[test]
    fn phones() {
        assert!(is_mobile("13900001111") && !is_mobile("12900001111") && !is_mobile("1390000111"));
        assert!(is_phone("0571-88886666") && !is_phone("12345"));
        assert_eq!(mask_phone("13900001111"), "139****1111");
    }
}
