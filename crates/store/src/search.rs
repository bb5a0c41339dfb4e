//! Chinese full-text search by bigrams, alike on both engines; simplified and traditional are one.

use crate::{Conn, Engine, Fault, Tx, args};
use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use kernel::Id;
use std::{collections::HashSet, sync::LazyLock};

static SIMPLIFY: LazyLock<Option<OpenCC>> = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::T2s).ok());

/// Folds text for searching: traditional to simplified, full width to half width, lower case.
#[must_use]
pub fn fold(text: &str) -> String {
    let text = match SIMPLIFY.as_ref() {
        Some(cc) => cc.convert(text),
        None => text.to_owned(),
    };
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '\u{3000}' => ' ',
            c => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3134F}')
}

/// Runs of Han characters and of letters and digits.
fn runs(text: &str) -> Vec<(bool, Vec<char>)> {
    let mut out: Vec<(bool, Vec<char>)> = Vec::new();
    let mut open = false;
    for c in fold(text).chars() {
        if !c.is_alphanumeric() {
            open = false;
            continue;
        }
        let han = is_han(c);
        match out.last_mut() {
            Some((kind, run)) if open && *kind == han => run.push(c),
            _ => out.push((han, vec![c])),
        }
        open = true;
    }
    out
}

/// The words under which a text is filed: overlapping pairs of Han characters, the last one of each
/// run alone (so that single characters are found by prefix), and whole words of letters and digits.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (han, run) in runs(text) {
        if han {
            out.extend(run.windows(2).map(|pair| pair.iter().collect::<String>()));
            out.extend(run.last().map(ToString::to_string));
        } else {
            out.push(run.into_iter().collect());
        }
    }
    out
}

/// What is asked of the index for a typed query; `None` when nothing searchable was typed.
#[must_use]
pub fn query(text: &str, engine: Engine) -> Option<String> {
    let mut terms: Vec<(String, bool)> = Vec::new();
    for (han, run) in runs(text) {
        if han && run.len() > 1 {
            terms.extend(run.windows(2).map(|pair| (pair.iter().collect(), false)));
        } else {
            // A single character, or the beginning of a word or number.
            terms.push((run.into_iter().collect(), true));
        }
    }
    terms.truncate(24);
    if terms.is_empty() {
        return None;
    }
    let join = |f: fn(&(String, bool)) -> String, by: &str| terms.iter().map(f).collect::<Vec<_>>().join(by);
    Some(match engine {
        Engine::Sqlite => join(|(t, prefix)| format!("\"{t}\"{}", if *prefix { "*" } else { "" }), " AND "),
        Engine::Postgres => join(|(t, prefix)| format!("'{t}'{}", if *prefix { ":*" } else { "" }), " & "),
    })
}

/// What the index finds, to select from beside a room's own table: `d.ref` is the id of a hit.
#[derive(Clone, Debug)]
pub struct Hits {
    /// What stands behind `FROM`. Join a table by `CROSS JOIN`, which keeps SQLite from turning the order around.
    pub tables: String,
    /// What must hold.
    pub condition: String,
    /// The column by whose descent the newest registered comes first. On SQLite the index itself runs in this order, so
    /// that a page is full after a few steps, however many hits there are.
    pub doc: &'static str,
}

/// The hits of a query, with the numbers of the arguments for street, kind and query.
#[must_use]
pub fn hits(engine: Engine, street: usize, kind: usize, query: usize) -> Hits {
    match engine {
        Engine::Sqlite => Hits {
            tables: "search_fts f CROSS JOIN search_doc d".to_owned(),
            condition: format!(
                "f.words MATCH ${query} AND d.doc = f.rowid AND d.street = ${street} AND d.kind = ${kind}"
            ),
            doc: "f.rowid",
        },
        // OFFSET 0 has the hits made once. Joined plainly PostgreSQL, which knows nothing yet of a table that was just
        // filled, may ask the index anew for every row of the other side: twenty seconds instead of one hundredth.
        Engine::Postgres => Hits {
            tables: format!(
                "(SELECT d.doc, d.ref FROM search_doc d WHERE d.words @@ to_tsquery('simple', ${query}) \
                 AND d.street = ${street} AND d.kind = ${kind} OFFSET 0) d"
            ),
            condition: "1 = 1".to_owned(),
            doc: "d.doc",
        },
    }
}

impl Tx {
    /// Files a document under its words, replacing what was filed before.
    ///
    /// # Errors
    /// What the database says.
    pub async fn index(&mut self, street: Id, kind: &str, id: Id, text: &str) -> Result<(), Fault> {
        let words = words(text).join(" ");
        match self.engine() {
            Engine::Sqlite => {
                let doc: i64 = self
                    .one(
                        "INSERT INTO search_doc (street, kind, ref) VALUES ($1, $2, $3) \
                         ON CONFLICT (street, kind, ref) DO UPDATE SET kind = excluded.kind RETURNING doc",
                        args![street, kind, id],
                    )
                    .await?
                    .ok_or_else(|| Fault::other("the search index gave no row"))?
                    .get("doc")?;
                self.run(
                    "INSERT OR REPLACE INTO search_fts (rowid, words) VALUES ($1, $2)",
                    args![doc, words],
                )
                .await?;
            }
            Engine::Postgres => {
                self.run(
                    "INSERT INTO search_doc (street, kind, ref, words) VALUES ($1, $2, $3, to_tsvector('simple', $4)) \
                     ON CONFLICT (street, kind, ref) DO UPDATE SET words = excluded.words",
                    args![street, kind, id, words],
                )
                .await?;
            }
        }
        Ok(())
    }
}

impl Conn {
    /// Ids of the documents of a kind that hold the words, newest first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn search(&mut self, street: Id, kind: &str, text: &str, limit: i64) -> Result<Vec<Id>, Fault> {
        let Some(query) = query(text, self.engine()) else { return Ok(Vec::new()) };
        let hits = hits(self.engine(), 1, 2, 3);
        let (tables, condition, doc) = (hits.tables, hits.condition, hits.doc);
        let sql = format!("SELECT d.ref FROM {tables} WHERE {condition} ORDER BY {doc} DESC LIMIT $4");
        self.all(sql, args![street, kind, query, limit]).await?.iter().map(|r| r.get("ref")).collect()
    }
}

/// The single characters and pairs of a text: made once, compared with many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grams(HashSet<(char, char)>);

impl Grams {
    /// Cuts a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut grams = HashSet::new();
        for (_, run) in runs(text) {
            // A character alone is a pair with nothing.
            grams.extend(run.iter().map(|c| (*c, '\0')));
            grams.extend(run.windows(2).map(|p| (p[0], p[1])));
        }
        Self(grams)
    }

    /// How alike two texts are: Jaccard index of their single characters and pairs, in thousandths.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> u32 {
        let both = self.0.intersection(&other.0).count();
        let any = self.0.len() + other.0.len() - both;
        (both * 1000).checked_div(any).and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
    }
}

/// How alike two short Chinese texts are, in thousandths; see [`Grams::likeness`].
#[must_use]
pub fn likeness(a: &str, b: &str) -> u32 {
    Grams::of(a).likeness(&Grams::of(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_into_pairs_and_words() {
        assert_eq!(words("停车难, LY-2026"), ["停车", "车难", "难", "ly", "2026"]);
        assert_eq!(words("電梯壞了"), words("电梯坏了"));
    }

    #[test]
    fn queries_for_either_engine() {
        assert_eq!(query("停车难", Engine::Sqlite).as_deref(), Some("\"停车\" AND \"车难\""));
        assert_eq!(query("灯", Engine::Postgres).as_deref(), Some("'灯':*"));
        assert_eq!(query("'\";--", Engine::Sqlite), None);
    }

    #[test]
    fn like_texts_score_higher() {
        let a = "3号楼2单元楼道灯不亮";
        assert_eq!(likeness(a, a), 1000);
        assert!(likeness(a, "3号楼楼道灯坏了不亮") > likeness(a, "广场舞音响太吵"));
    }
}
