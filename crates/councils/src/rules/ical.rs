//! Sittings and duties as a calendar that any program can follow: RFC 5545, published as RFC 5546 says.

use kernel::Time;

/// Longest line in octets, without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// Something at a time, as the calendar shows it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name among all that there ever were: never changes.
    pub uid: String,
    /// Its version: rises when time, place or state change (RFC 5546, 2.1.4).
    pub version: i64,
    /// When they changed last.
    pub revised: Time,
    /// From when.
    pub starts: Time,
    /// Until when.
    pub ends: Time,
    /// Where.
    pub venue: String,
    /// Whether it is called off, or has no time for now.
    pub off: bool,
    /// Its title, such as 柳荫议事亭 第 3 次会议.
    pub title: String,
    /// More about it, in several lines.
    pub about: String,
    /// The address of its page.
    pub link: String,
}

/// A text with its special characters escaped (RFC 5545, 3.3.11). Other control characters are left out: they may not stand.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' | '\r' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A line in pieces of at most 75 octets (RFC 5545, 3.1), each further one after a line end and a blank, never inside a character; with
/// the end of the line.
#[must_use]
pub fn fold(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + line.len() / 24 + 2);
    let mut used = 0;
    for c in line.chars() {
        if used + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(c);
        used += c.len_utf8();
    }
    out.push_str("\r\n");
    out
}

/// An instant as UTC: 20260305T010000Z.
fn utc(at: Time) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// The calendar with its name, entries in the order given. Two calls with the same entries give the same text.
#[must_use]
pub fn calendar(name: &str, entries: &[Entry]) -> String {
    let mut out = String::new();
    let mut line = |text: &str| out.push_str(&fold(text));
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//Yishiting//Councils//ZH");
    line("CALSCALE:GREGORIAN");
    line("METHOD:PUBLISH");
    line(&format!("X-WR-CALNAME:{}", escape(name)));
    line("X-WR-TIMEZONE:Asia/Shanghai");
    for e in entries {
        line("BEGIN:VEVENT");
        line(&format!("UID:{}@yishiting", e.uid.replace(char::is_control, "")));
        line(&format!("SEQUENCE:{}", e.version.max(0)));
        line(&format!("DTSTAMP:{}", utc(e.revised)));
        line(&format!("LAST-MODIFIED:{}", utc(e.revised)));
        line(&format!("DTSTART:{}", utc(e.starts)));
        line(&format!("DTEND:{}", utc(e.ends)));
        line(&format!("SUMMARY:{}", escape(&e.title)));
        line(&format!("LOCATION:{}", escape(&e.venue)));
        if !e.about.is_empty() {
            line(&format!("DESCRIPTION:{}", escape(&e.about)));
        }
        line(if e.off { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
        // An address is written as it is; one with a line end in it would be no address.
        line(&format!("URL:{}", e.link.replace(char::is_control, "")));
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads a calendar as a program does: unfolds, splits at the first colon, takes the escapes back.
    fn read(text: &str) -> Vec<(String, String)> {
        assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']));
        text.replace("\r\n ", "")
            .split_terminator("\r\n")
            .map(|line| {
                let (name, value) = line.split_once(':').expect("a name and a value");
                assert!(name.chars().all(|c| c.is_ascii_uppercase() || c == '-'), "{name}");
                let (mut out, mut chars) = (String::new(), value.chars());
                while let Some(c) = chars.next() {
                    out.push(match c {
                        '\\' => match chars.next().expect("something is escaped") {
                            'n' => '\n',
                            other => other,
                        },
                        c => c,
                    });
                }
                (name.to_owned(), out)
            })
            .collect()
    }

    fn entry(title: &str, about: &str) -> Entry {
        let at = |text| kernel::time::parse_stamp(text).unwrap();
        Entry {
            uid: "sitting-7".into(),
            version: 7,
            revised: at("2026-03-02T01:30:00Z"),
            starts: at("2026-03-13T01:00:00Z"),
            ends: at("2026-03-13T03:00:00Z"),
            venue: "社区会议室".into(),
            off: false,
            title: title.into(),
            about: about.into(),
            link: "http://here/sittings/7".into(),
        }
    }

    #[test]
    fn an_entry_is_an_event_with_a_stable_name() {
        let mut e = entry("柳荫议事亭 第 1 次会议", "");
        let value = |lines: &[(String, String)], name: &str| {
            lines.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap_or_default()
        };
        let lines = read(&calendar("议事", std::slice::from_ref(&e)));
        for (name, wanted) in [
            // 2026-03-13 01:00 UTC is nine in the morning there.
            ("DTSTART", "20260313T010000Z"),
            ("DTEND", "20260313T030000Z"),
            ("DTSTAMP", "20260302T013000Z"),
            ("STATUS", "CONFIRMED"),
            ("SEQUENCE", "7"),
            ("UID", "sitting-7@yishiting"),
        ] {
            assert_eq!(value(&lines, name), wanted);
        }
        e.off = true;
        let lines = read(&calendar("议事", &[e]));
        assert_eq!(value(&lines, "STATUS"), "CANCELLED");
        assert_eq!(value(&lines, "UID"), "sitting-7@yishiting");
    }

    proptest! {
        #[test]
        fn folding_splits_no_character_and_no_line_is_longer(line in "[a-z议事亭é😀;, ]{0,300}") {
            let folded = fold(&line);
            prop_assert!(folded.ends_with("\r\n"));
            for piece in folded.split_terminator("\r\n") {
                prop_assert!(piece.len() <= LINE, "{}", piece.len());
            }
            prop_assert_eq!(folded.replace("\r\n ", "").replace("\r\n", ""), line);
        }

        #[test]
        fn whatever_stands_in_a_text_comes_back(title in "\\PC{0,120}", about in "[\\PC\n;,\\\\]{1,200}") {
            let lines = read(&calendar(&title, &[entry(&title, &about)]));
            let all = |name: &str| lines.iter().filter(|(n, _)| n == name).map(|(_, v)| v.clone()).collect::<Vec<_>>();
            prop_assert_eq!(all("SUMMARY"), [title]);
            prop_assert_eq!(all("DESCRIPTION"), [about]);
            prop_assert_eq!(all("BEGIN"), ["VCALENDAR", "VEVENT"]);
            prop_assert_eq!(all("END"), ["VEVENT", "VCALENDAR"]);
        }
    }
}
