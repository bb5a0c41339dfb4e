//! The second factor: codes by time (RFC 6238) and recovery codes.

use totp_rs::{Builder, Secret, Totp};

/// Recovery codes that are given out at once.
pub const RECOVERY: usize = 8;

fn totp(secret: &[u8]) -> Option<Totp> {
    Builder::new().with_secret(secret.to_vec()).build().ok()
}

/// The step of time at which the code holds, if it holds now or half a minute around; a step at or before
/// `used` is refused, so that a code works once.
#[must_use]
pub fn step(secret: &[u8], code: &str, unix_seconds: i64, used: i64) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let step = totp(secret)?.check(&code, u64::try_from(unix_seconds).ok()?)?;
    i64::try_from(step).ok().filter(|s| *s > used)
}

/// The code of an instant; for tests and for nothing else.
#[must_use]
pub fn code_at(secret: &[u8], unix_seconds: i64) -> Option<String> {
    Some(totp(secret)?.generate(u64::try_from(unix_seconds).ok()?).to_string())
}

/// The secret as people type it into their program.
#[must_use]
pub fn base32(secret: &[u8]) -> String {
    Secret::from(secret.to_vec()).to_base32()
}

/// The address that a QR code carries (the key URI format of authenticator programs).
#[must_use]
pub fn uri(issuer: &str, account: &str, secret: &[u8]) -> String {
    let (issuer, account) =
        (ui::parts::query(&issuer.replace(':', " ")), ui::parts::query(&account.replace(':', " ")));
    format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&digits=6&period=30", base32(secret))
}

/// A recovery code from chance: ten letters and digits in two groups.
#[must_use]
pub fn recovery(random: &[u8; 10]) -> String {
    const SIGNS: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";
    let mut out = String::with_capacity(11);
    for (i, byte) in random.iter().enumerate() {
        if i == 5 {
            out.push('-');
        }
        out.push(char::from(SIGNS[usize::from(*byte) % SIGNS.len()]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rfc_s_own_example() {
        // RFC 6238 appendix B, SHA-1, at 59 s: 94287082, of which six digits are 287082.
        assert_eq!(code_at(b"12345678901234567890", 59).unwrap(), "287082");
        assert_eq!(step(b"12345678901234567890", "287 082", 59, 0), Some(1));
        assert_eq!(step(b"12345678901234567890", "287082", 59, 1), None, "a code works once");
        assert_eq!(step(b"12345678901234567890", "287082", 200, 0), None, "and not for long");
    }

    #[test]
    fn the_address_names_issuer_and_account() {
        let uri = uri("议事亭", "zhouwj", b"12345678901234567890");
        assert!(uri.starts_with("otpauth://totp/%E8%AE%AE"), "{uri}");
        assert!(uri.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&"), "{uri}");
    }
}
