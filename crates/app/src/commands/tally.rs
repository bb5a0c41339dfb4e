//! `tally`: counts a file by the rules of decision and prints the figures. Needs no store.

use crate::{Failure, WORDS, config::Config, say, t};
use serde::Serialize;
use std::{io::Read, path::Path};
use tally::json::{Answer, File, Note};
use tally::{Fault, json};
use ui::Lang;

/// Counts a file, or what comes on standard input for `-`.
///
/// # Errors
/// A file that cannot be opened or is no JSON; the first field that cannot be taken.
pub(super) fn run(config: &Config, file: &Path) -> Result<(), Failure> {
    let lang = config.lang;
    let shown = if file == Path::new("-") { t!(lang, "tally-stdin") } else { file.display().to_string() };
    let text = read(file)
        .map_err(|e| Failure::said(t!(lang, "no-file", file = shown.as_str(), why = e.to_string())))?;
    // Some editors put a mark before the first character.
    let value = json::parse(text.trim_start_matches('\u{feff}'))
        .map_err(|e| Failure::said(t!(lang, "bad-json", file = shown.as_str(), why = e.to_string())))?;
    let counted = json::file(&value).map_err(|fault| refused(lang, &fault))?;
    match counted {
        File::One(answer) => {
            notes(config, None, &answer);
            print(&answer.expect)
        }
        File::Many(answers) => {
            for (at, answer) in answers.iter().enumerate() {
                notes(config, Some(at), answer);
            }
            print(&answers.iter().map(|answer| &answer.expect).collect::<Vec<_>>())
        }
    }
}

/// The text of a file, or of standard input for `-`.
///
/// # Errors
/// What the system says.
pub(super) fn read(file: &Path) -> std::io::Result<String> {
    if file != Path::new("-") {
        return std::fs::read_to_string(file);
    }
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text)?;
    Ok(text)
}

/// Prints figures with their fields in the order of the files.
fn print(figures: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(figures).map_err(|e| Failure::said(e.to_string()))?;
    say::line(text);
    Ok(())
}

/// A refusal in the reader's words.
pub(super) fn refused(lang: Lang, fault: &Fault) -> Failure {
    let why = WORDS.say(lang, &format!("tally-{}", fault.why.code()), &fault.why.args());
    let field = if fault.field.is_empty() { t!(lang, "tally-whole") } else { fault.field.clone() };
    Failure::Field { code: format!("tally.{}", fault.why.code()), field, why }
}

/// Says on standard error what was left out: the figures alone would not show it.
fn notes(config: &Config, case: Option<usize>, answer: &Answer) {
    for Note { field, owner, reason } in &answer.notes {
        let field = match case {
            Some(at) => format!("cases[{at}].input.{field}"),
            None => format!("input.{field}"),
        };
        let key = format!("tally-left-{}", reason.code());
        let why = WORDS.say(config.lang, &key, &[("owner", owner.clone())]);
        if config.json {
            let note = serde_json::json!({ "note": why, "code": format!("tally.left-{}", reason.code()), "field": field });
            say::note(note.to_string());
        } else {
            say::note(t!(config.lang, "tally-note", field = field, why = why));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use tally::Why;
    use tally::json::Left;

    #[test]
    fn every_refusal_and_note_has_its_sentence() {
        let each = [
            Why::Missing,
            Why::Unexpected,
            Why::NotOneOf { found: "a".into(), known: "b".into() },
            Why::NotAnArea("a".into()),
            Why::NotADate("a".into()),
            Why::NotATime("a".into()),
            Why::NotAShare("a".into()),
            Why::TooLarge { most: 1 },
            Why::TooSmall { least: 1 },
            Why::MoreThan { sum: 2, whole: "total", most: 1 },
            Why::Twice("a".into()),
            Why::NotOnRoll("a".into()),
            Why::NotTheirs("a".into()),
            Why::Empty,
            Why::Turned,
        ];
        let wanted = ["object", "list", "text", "count", "truth"].map(Why::Wanted);
        for lang in [Lang::ZhHans, Lang::ZhHant, Lang::En] {
            for why in each.iter().chain(&wanted) {
                let key = format!("tally-{}", why.code());
                assert!(WORDS.has(&key), "{key}");
                let said = WORDS.say(lang, &key, &why.args());
                assert!(!said.contains('{') && !said.contains("No localization"), "{key}: {said}");
            }
            for left in Left::ALL {
                assert!(WORDS.has(&format!("tally-left-{}", left.code())));
            }
        }
    }

    #[test]
    fn a_refusal_names_field_and_reason() {
        let file: Value =
            serde_json::json!({ "kind": "meeting", "input": { "body": "resident_reps", "eligible": -1 } });
        let fault = json::file(&file).unwrap_err();
        let Failure::Field { code, field, why } = refused(Lang::En, &fault) else {
            panic!("another failure")
        };
        assert_eq!((code.as_str(), field.as_str()), ("tally.too-small", "input.eligible"));
        assert!(why.contains('0'), "{why}");
    }
}
