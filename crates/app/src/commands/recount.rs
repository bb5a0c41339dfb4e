//! `recount`: counts a published result again, trusting nothing but the file. Needs no store and no keys.

use super::tally::{read, refused};
use crate::{Failure, config::Config, say, t};
use polls::{
    Unit, gap_words,
    model::GoalKind,
    rules::recount::{Recounted, recount},
};
use serde_json::json;
use std::path::Path;
use tally::Verdict;
use ui::Lang;

/// Counts a file again and says whether rule, roll and outcome are what it claims.
///
/// # Errors
/// A file that cannot be opened; the first field that cannot be taken; what is not so.
pub(super) fn run(config: &Config, file: &Path) -> Result<(), Failure> {
    let lang = config.lang;
    let shown = if file == Path::new("-") { t!(lang, "tally-stdin") } else { file.display().to_string() };
    let text =
        read(file).map_err(|e| Failure::said(t!(lang, "no-file", file = shown, why = e.to_string())))?;
    let found = recount(text.as_bytes()).map_err(|fault| refused(lang, &fault))?;
    if config.json {
        let said = json!({ "sha256": found.sha256, "outcome": found.outcome, "wrong": found.wrong });
        say::line(serde_json::to_string_pretty(&said).map_err(|e| Failure::said(e.to_string()))?);
    } else {
        for line in lines(lang, &found) {
            say::line(line);
        }
    }
    if found.wrong.is_empty() {
        return Ok(());
    }
    Err(Failure::Found(found.wrong.iter().map(|w| (*w).to_owned()).collect()))
}

fn lines(lang: Lang, found: &Recounted) -> Vec<String> {
    let (file, o) = (&found.file, &found.outcome);
    let mut out = vec![format!("{} {}", file.number, file.title), polls::rule_words(lang, &file.rule)];
    out.extend(o.verdict.map(|verdict| match verdict {
        Verdict::Passed => t!(lang, "recount-passed"),
        Verdict::Rejected => t!(lang, "recount-rejected"),
        Verdict::NoQuorum => t!(lang, "recount-no-quorum"),
    }));
    for goal in &o.goals {
        let owners = matches!(file.ballot, polls::model::Shape::Owners { .. });
        let unit = match goal.kind {
            GoalKind::QuorumArea | GoalKind::AgreeArea => Unit::Area,
            GoalKind::Elect => Unit::Votes,
            GoalKind::QuorumHeads | GoalKind::AgreeHeads if owners => Unit::Households,
            GoalKind::QuorumHeads | GoalKind::AgreeHeads => Unit::Persons,
        };
        out.push(gap_words(lang, unit, &goal.gap));
    }
    out.extend(o.votes.iter().map(|v| format!("{}\t{}", v.votes, v.name)));
    if !o.chosen.is_empty() {
        out.push(t!(lang, "recount-chosen", names = o.chosen.join("、")));
    }
    for (what, name) in [
        ("rule", t!(lang, "recount-rule")),
        ("roll", t!(lang, "recount-roll")),
        ("outcome", t!(lang, "recount-outcome")),
    ] {
        out.push(if found.wrong.contains(&what) {
            t!(lang, "recount-wrong", what = name)
        } else {
            t!(lang, "recount-right", what = name)
        });
    }
    out.push(t!(lang, "recount-print", hash = found.sha256.clone()));
    out
}
