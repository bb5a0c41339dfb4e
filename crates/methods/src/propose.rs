//! Proposing a category from a resident's words.

use serde::Serialize;

use crate::catalogue::{Catalogue, Category};

#[cfg(test)]
mod tests;

/// A category that fits, with what speaks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// The category.
    pub code: String,
    /// How strongly the words speak for it. Only good for comparing proposals of one text.
    pub score: u32,
    /// The words found, as they stand in the catalogue (`灯…不亮` for parts apart), strongest first.
    pub because: Vec<String>,
}

/// How many proposals are made.
const MOST: usize = 3;
/// Parts of one keyword must stand within so many characters of each other.
const REACH: usize = 24;
/// Words that stand this early (a title, the first clause) count twice; weak ones only count here.
const EARLY: usize = 24;
/// Weight of a keyword by its length in characters, about ten times length to the power 1.5: a longer one
/// says more, but one long phrase must not drown two short words.
const WEIGHT: [u32; 9] = [0, 10, 28, 52, 80, 112, 147, 185, 226];

/// The categories that fit the words best, at most three, best first; none when no keyword occurs.
///
/// Pure and repeatable: keywords of every offered category are looked for, longer ones count more, a
/// keyword inside a longer one that was found already counts nothing, and what stands early counts more. The words must be in simplified
/// characters (fold traditional ones first). This proposes; people decide.
#[must_use]
pub fn propose(words: &str, catalogue: &Catalogue) -> Vec<Proposal> {
    let text = plain(words);
    if text.is_empty() {
        return Vec::new();
    }
    let whole: String = text.iter().collect();
    let mut all: Vec<Proposal> = catalogue.offered().filter_map(|c| weigh(c, &text, &whole)).collect();
    all.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.code.cmp(&b.code)));
    all.truncate(MOST);
    all
}

/// Lower case, full-width letters and digits made narrow, blanks dropped between non-ASCII characters.
fn plain(words: &str) -> Vec<char> {
    let mut out: Vec<char> = Vec::new();
    let mut blank = false;
    for c in words.chars() {
        let c = match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            c => c,
        };
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        if blank && c.is_ascii() && out.last().is_some_and(char::is_ascii) {
            out.push(' ');
        }
        blank = false;
        out.extend(c.to_lowercase());
    }
    out
}

struct Hit {
    weight: u32,
    spans: Vec<(usize, usize)>,
    shown: String,
}

fn weigh(category: &Category, text: &[char], whole: &str) -> Option<Proposal> {
    let name = std::iter::once(category.name.zh_hans.as_str());
    let keywords = category.keywords.iter().map(String::as_str).chain(name);
    // Most keywords do not occur: a plain search of the whole text weeds them out fast.
    let occurs = |k: &&str| k.trim_start_matches('~').split('+').all(|part| whole.contains(part));
    let mut hits: Vec<Hit> = keywords.filter(occurs).filter_map(|k| find(k, text)).collect();
    hits.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.shown.cmp(&b.shown)));
    let mut covered: Vec<(usize, usize)> = Vec::new();
    let mut score = 0;
    let mut because = Vec::new();
    for hit in hits {
        let known = |span: &(usize, usize)| covered.iter().any(|c| c.0 <= span.0 && span.1 <= c.1);
        if hit.spans.iter().all(known) {
            continue;
        }
        score += hit.weight;
        covered.extend(hit.spans);
        because.push(hit.shown);
    }
    (score > 0).then(|| Proposal { code: category.code.clone(), score, because })
}

/// Looks for a keyword and weighs it.
fn find(keyword: &str, text: &[char]) -> Option<Hit> {
    let (bare, weak) = keyword.strip_prefix('~').map_or((keyword, false), |bare| (bare, true));
    let parts: Vec<Vec<char>> = bare.split('+').map(|part| part.chars().collect()).collect();
    let (first, rest) = parts.split_first()?;
    let spans = places(first, text).find_map(|at| {
        let mut spans = vec![(at, at + first.len())];
        for part in rest {
            let near = |b: &usize| b.abs_diff(at) <= REACH;
            let place = places(part, text).filter(near).min_by_key(|b| (b.abs_diff(at), *b))?;
            spans.push((place, place + part.len()));
        }
        Some(spans)
    })?;
    let length: usize = parts.iter().map(Vec::len).sum();
    // An English word says as much as a third of its letters in Chinese characters.
    let length = if bare.is_ascii() { length.div_ceil(3) } else { length };
    let early = spans.iter().all(|s| s.0 < EARLY);
    if weak && !early {
        return None;
    }
    let mut weight = if weak { 4 } else { WEIGHT[length.min(WEIGHT.len() - 1)] };
    if parts.len() > 1 {
        weight = weight * 4 / 5;
    }
    if early {
        weight *= 2;
    }
    Some(Hit { weight, spans, shown: bare.replace('+', "…") })
}

/// Where a run of characters begins in the text. English words begin at a word's beginning.
fn places<'a>(part: &'a [char], text: &'a [char]) -> impl Iterator<Item = usize> + 'a {
    let letter = |c: Option<&char>| c.is_some_and(char::is_ascii_alphanumeric);
    let ascii = letter(part.first());
    text.windows(part.len().max(1))
        .enumerate()
        .filter(move |(i, window)| *window == part && !(ascii && *i > 0 && letter(text.get(i - 1))))
        .map(|(i, _)| i)
}
