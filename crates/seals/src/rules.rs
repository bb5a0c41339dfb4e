//! Codes as people copy them.

use kernel::Refusal;

/// Fewest digits of a code: what has to be typed from paper. 64 bits tell entries apart.
pub const FEWEST: usize = 16;

/// The bytes of a receipt code, whole or its beginning (at least [`FEWEST`] digits), however it was spaced.
///
/// # Errors
/// `seals.bad-code` for the field `code`.
pub fn code(text: &str) -> Result<Vec<u8>, Refusal> {
    let bad = || Refusal::invalid("code", "seals.bad-code");
    // A scanned link is as good as the code in it.
    let text = text.rsplit_once("code=").map_or(text, |(_, code)| code);
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && !"-–—·.:：".contains(*c)).collect();
    if digits.len() < FEWEST || digits.len() > 64 || digits.len() % 2 == 1 {
        return Err(bad());
    }
    (0..digits.len() / 2)
        .map(|i| digits.get(2 * i..2 * i + 2).filter(|d| !d.starts_with('+')))
        .map(|pair| pair.and_then(|d| u8::from_str_radix(d, 16).ok()))
        .collect::<Option<Vec<u8>>>()
        .ok_or_else(bad)
}

/// Hexadecimal in groups of four, for reading and typing.
#[must_use]
pub fn grouped(bytes: &[u8]) -> String {
    bytes
        .chunks(2)
        .map(|pair| pair.iter().map(|b| format!("{b:02x}")).collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_copy_them() {
        let whole = "ab".repeat(32);
        assert_eq!(code(&whole).unwrap(), vec![0xab; 32]);
        assert_eq!(
            code(" ABAB abab-abab·ABAB ").unwrap(),
            vec![0xab; 8],
            "the beginning, spaced, in capitals"
        );
        assert_eq!(code(&format!("https://ysh.example.cn/receipt?code={whole}")).unwrap(), vec![0xab; 32]);
        assert_eq!(grouped(&[0xab, 1, 2, 3]), "ab01 0203");
        for bad in [
            "",
            "abab",
            "abababababababa",
            "zzzzzzzzzzzzzzzz",
            &"ab".repeat(33),
            "＋bababababababab",
            "+b+a+b+a+b+a+b+a",
            "灯亮灯亮灯亮灯亮",
        ] {
            assert_eq!(code(bad).unwrap_err().field, Some("code"), "{bad}");
        }
    }
}
