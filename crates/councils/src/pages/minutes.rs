//! The draft of minutes, made from what happened.

use super::words::{
    Owners, came, capacity_word, how_word, item_word, last_entries, owned, sitting_title, span, venue, ways,
};
use crate::{
    model::{Action, Ballot, Council, Item, Sitting, Standing},
    queries, t,
};
use kernel::Id;
use store::{Conn, Fault};
use tally::Verdict;
use ui::{Lang, show};

/// What the minutes of a sitting say before anybody changes them: attendance in numbers, items, results in words,
/// actions. No names: they become public.
///
/// # Errors
/// What the database says.
pub async fn draft_minutes(conn: &mut Conn, lang: Lang, street: Id, s: &Sitting) -> Result<String, Fault> {
    let council: Council =
        conn.get(street, s.council).await?.ok_or_else(|| Fault::other("a sitting without a body"))?;
    let given = queries::actions_of(conn, street, s.id).await?;
    let owners = Owners::public(conn, lang, &council, &owned(&given)).await?;
    let mut lines = vec![sitting_title(lang, &council.name, s)];
    lines.push(t!(lang, "minutes-when", time = span(s), venue = venue(lang, s)));
    if let (Some(from), Some(to)) = (s.began_at, s.closed_at) {
        lines.push(t!(lang, "minutes-held", from = show::full(from), to = show::full(to)));
    }
    let there = came(lang, s);
    let n: usize = there.iter().map(|(_, n)| n).sum();
    let parts: Vec<String> = there.iter().map(|(word, n)| format!("{word} {n}")).collect();
    lines.push(t!(lang, "minutes-there", n = n, parts = parts.join("、"), all = council.eligible(s.day())));
    let far = ways(lang, s);
    if !s.mode.is_onsite() && !far.is_empty() {
        let parts: Vec<String> = far.iter().map(|(word, n)| format!("{word} {n}")).collect();
        lines.push(t!(lang, "minutes-ways", parts = parts.join("、")));
    }
    let sent: Vec<String> = last_entries(s)
        .into_iter()
        .filter(|a| a.standing == Standing::Delegate)
        .map(|a| {
            t!(lang, "delegate-of", capacity = capacity_word(lang, a.capacity), how = how_word(lang, a.how))
        })
        .collect();
    if !sent.is_empty() {
        lines.push(t!(lang, "minutes-sent", n = sent.len(), parts = sent.join("、")));
    }
    let asked = queries::question_figures(conn, street, &s.place, Some(s.id)).await?;
    if asked.asked > 0 {
        lines.push(super::board::figures(lang, &asked));
    }
    for (n, item) in (1..).zip(&s.items) {
        lines.push(String::new());
        lines.push(format!("{n}. [{}] {}", item_word(lang, item.kind), item.title));
        let spoke = s.speeches.iter().filter(|o| o.item == item.id && o.ended.is_some()).count();
        if spoke > 0 {
            lines.push(t!(lang, "minutes-spoke", n = spoke));
        }
        lines.extend(moved(lang, &council, s, item));
        lines.extend(result(lang, item));
        lines.extend(given.iter().filter(|a| a.item == item.id).map(|a| action(lang, a, &owners)));
    }
    Ok(lines.join("\n"))
}

/// Amendments, and motions that did not settle the item, in the order in which they were moved.
fn moved(lang: Lang, council: &Council, s: &Sitting, item: &Item) -> Vec<String> {
    let who = |seat: Id| council.member(seat).map(|m| capacity_word(lang, m.capacity)).unwrap_or_default();
    let mut out = Vec::new();
    for m in s.motions.iter().filter(|m| m.item == item.id) {
        if m.parent.is_none() && m.ballot.is_some() && m.ballot == item.ballot {
            continue;
        }
        let (text, sponsor) = (m.text().to_owned(), who(m.sponsor));
        out.push(if m.parent.is_some() {
            t!(lang, "minutes-amendment", text = text, sponsor = sponsor)
        } else {
            t!(lang, "minutes-moved", text = text, sponsor = sponsor)
        });
        out.extend(m.seconder.map(|seat| t!(lang, "minutes-seconded", seconder = who(seat))));
        match m.ballot.as_ref().and_then(|b| counted(lang, b)) {
            Some(line) => out.push(line),
            None => out.push(crate::WORDS.say(lang, &format!("motion-{}", m.state), &[])),
        }
    }
    out
}

/// The hands that were counted, with the gaps.
fn counted(lang: Lang, b: &Ballot) -> Option<String> {
    let (votes, outcome) = (b.votes?, b.outcome()?);
    let word = if b.verdict == Some(Verdict::Passed) {
        t!(lang, "verdict-passed")
    } else {
        t!(lang, "verdict-rejected")
    };
    let mut hands = t!(lang, "votes", yes = votes.yes, no = votes.no, abstain = votes.abstain);
    if !b.voices.is_empty() {
        hands.push_str(&t!(lang, "of-them-called", n = b.voices.len()));
    }
    let words = |gap| polls::gap_words(lang, polls::Unit::Persons, gap);
    let came = outcome.attend.as_ref().map(|gap| t!(lang, "minutes-quorum", gap = words(gap)));
    let vote = t!(lang, "minutes-vote", hands = hands, gap = words(&outcome.agree), outcome = word);
    Some(came.unwrap_or_default() + &vote)
}

fn result(lang: Lang, item: &Item) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(b) = &item.ballot {
        out.push(t!(lang, "minutes-motion", motion = b.motion.clone()));
        out.extend(counted(lang, b));
    } else {
        out.push(crate::WORDS.say(lang, &format!("item-state-{}", item.state), &[]));
    }
    out.extend(item.words.clone());
    out
}

fn action(lang: Lang, a: &Action, owners: &Owners) -> String {
    let owner = owners.word(lang, a.owner);
    t!(lang, "minutes-action", text = a.text.clone(), owner = owner, due = a.due.to_string())
}
