//! Passwords: what may be chosen, argon2id, and one-time passwords that can be read aloud.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use chrono::Duration;
use kernel::{Refusal, Time};
use std::sync::LazyLock;

/// Passwords that everybody tries first.
const COMMON: &[&str] = &[
    "12345678",
    "123456789",
    "1234567890",
    "87654321",
    "11111111",
    "00000000",
    "66666666",
    "88888888",
    "password",
    "password1",
    "password123",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword1",
    "admin123",
    "admin@123",
    "admin1234",
    "admin888",
    "qwertyui",
    "qwerty123",
    "qwer1234",
    "1qaz2wsx",
    "1qaz@wsx",
    "1q2w3e4r",
    "a1234567",
    "a12345678",
    "abc12345",
    "abcd1234",
    "abcd@1234",
    "aa123456",
    "aa123456@",
    "zxcvbnm1",
    "iloveyou",
    "woaini1314",
    "woaini520",
    "5201314a",
    "shequ123",
    "shequ@123",
    "jiedao123",
    "wangge123",
    "yishiting",
    "yishiting1",
    "welcome1",
    "changeme",
    "test1234",
    "abc@12345",
    "qwe123456",
    "asd123456",
    "147258369",
    "123qweasd",
    "1234qwer",
    "qazwsxedc",
    "dragon123",
];
/// Longest password, in characters: argon2 would take more, nobody types it.
const LONGEST: usize = 200;

/// Whether a password may be chosen: 8 characters or more; for staff three of the four classes small letters,
/// capitals, digits, others (等保 8.1.4.1); not the login; not one that everybody tries first.
///
/// # Errors
/// `people.password-short`, `-long`, `-simple`, `-login`, `-common`, all for the field `password`.
pub fn check(password: &str, login: Option<&str>, staff: bool) -> Result<(), Refusal> {
    let bad = |code| Err(Refusal::invalid("password", code));
    let n = password.chars().count();
    let small = password.to_lowercase();
    if n < 8 {
        return bad("people.password-short");
    }
    if n > LONGEST {
        return bad("people.password-long");
    }
    if login.is_some_and(|l| small.contains(&l.to_lowercase())) {
        return bad("people.password-login");
    }
    let mut kinds: Vec<char> = small.chars().collect();
    kinds.sort_unstable();
    kinds.dedup();
    if COMMON.contains(&small.as_str()) || kinds.len() < 4 {
        return bad("people.password-common");
    }
    if staff {
        let classes: [fn(char) -> bool; 4] = [
            |c| c.is_lowercase(),
            |c| c.is_uppercase(),
            |c| c.is_ascii_digit(),
            |c| !c.is_lowercase() && !c.is_uppercase() && !c.is_ascii_digit(),
        ];
        if classes.iter().filter(|class| password.chars().any(**class)).count() < 3 {
            return bad("people.password-simple");
        }
    }
    Ok(())
}

/// For how many days a one-time password holds that an administrator handed out (GB/T 22239-2019 8.1.4.1: what is handed
/// out must not lie about for ever).
pub const ONE_TIME_DAYS: i64 = 7;

/// Whether a one-time password has run out.
#[must_use]
pub fn run_out(one_time: bool, set: Option<Time>, now: Time) -> bool {
    one_time && set.is_some_and(|at| now - at > Duration::days(ONE_TIME_DAYS))
}

/// Whether a password is due to be changed; `days` 0 asks for no change at all.
#[must_use]
pub fn due(days: i64, set: Option<Time>, now: Time) -> bool {
    days > 0 && set.is_some_and(|at| now - at > Duration::days(days))
}

/// The argon2id hash of a password as a PHC string (19 MiB, 2 passes: OWASP's advice). Slow on purpose: never
/// call it on a thread that others wait for.
///
/// # Errors
/// A sentence when the library refuses.
pub fn hash(password: &str, salt: &[u8; 16]) -> Result<String, String> {
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), salt)
        .map(|h| h.to_string())
        .map_err(|e| e.to_string())
}

/// Whether a password gives this hash. Without a hash the same work is done, so that time tells nothing.
#[must_use]
pub fn holds(password: &str, phc: Option<&str>) -> bool {
    static NOBODY: LazyLock<String> = LazyLock::new(|| hash("nobody", &[7; 16]).unwrap_or_default());
    let known = phc.is_some();
    let phc = phc.unwrap_or(&NOBODY);
    Argon2::default().verify_password(password.as_bytes(), phc).is_ok() && known
}

/// A one-time password from chance: 16 letters and digits in groups of four, none that look alike.
#[must_use]
pub fn one_time(random: &[u8; 16]) -> String {
    const SMALL: &[u8] = b"abcdefghjkmnpqrstuvwxyz";
    const LARGE: &[u8] = b"ABCDEFGHJKMNPQRSTUVWXYZ";
    const DIGIT: &[u8] = b"23456789";
    let mut out = String::with_capacity(19);
    for (i, byte) in random.iter().enumerate() {
        if i > 0 && i % 4 == 0 {
            out.push('-');
        }
        let from = [LARGE, SMALL, SMALL, DIGIT][i % 4];
        out.push(char::from(from[usize::from(*byte) % from.len()]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(password: &str, staff: bool) -> Option<&'static str> {
        check(password, Some("zhouwj"), staff).err().map(|r| r.code)
    }

    #[test]
    fn weak_passwords_are_named() {
        assert_eq!(code("Ab1!xyz", true), Some("people.password-short"));
        assert_eq!(code("柳荫社区office", true), Some("people.password-simple"));
        assert_eq!(code("柳荫社区office", false), None);
        assert_eq!(code("P@ssw0rd", true), Some("people.password-common"));
        assert_eq!(code("Aa1!Aa1!Aa1!", true), Some("people.password-common"), "three different signs only");
        assert_eq!(code("ZhouWJ-2026!", true), Some("people.password-login"));
        assert_eq!(code("柳荫Sheng-71", true), None);
    }

    #[test]
    fn a_hash_holds_for_its_password_only() {
        let phc = hash("柳荫Sheng-71", &[3; 16]).unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(holds("柳荫Sheng-71", Some(&phc)));
        assert!(!holds("柳荫Sheng-72", Some(&phc)));
        assert!(!holds("nobody", None), "no account has no password");
    }

    proptest! {
        #[test]
        fn one_time_passwords_may_be_chosen(random: [u8; 16]) {
            let made = one_time(&random);
            prop_assert_eq!(made.len(), 19);
            // Chance may draw the same letter again and again; then it is refused as any other.
            let verdict = check(&made, Some("zhouwj"), true).err().map(|r| r.code);
            prop_assert!(matches!(verdict, None | Some("people.password-common")), "{} {:?}", made, verdict);
        }
    }
}
