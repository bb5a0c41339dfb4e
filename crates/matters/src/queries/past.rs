//! What the street's own past says: to whom matters like this went, and how it went.

use kernel::{Id, PlacePath, Time};
use std::sync::{Arc, LazyLock};
use store::{Conn, Fault, Kept, Store, args, search::Grams};

/// A unit that led matters of this category here before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastLead {
    /// The unit.
    pub unit: Id,
    /// How many it led.
    pub led: i64,
    /// In how many of them it was the only lead: the dispatch was right the first time.
    pub right: i64,
}

/// Of so many matters of a kind one learns who leads them; older ones tell of other times.
const LAST: i64 = 200;

/// Units that led the last matters of a category in a community since `since`, the most frequent first.
///
/// # Errors
/// What the database says.
pub async fn past_leads(
    store: &Store,
    conn: &mut Conn,
    street: Id,
    community: &PlacePath,
    category: &str,
    since: Time,
) -> Result<Vec<PastLead>, Fault> {
    static KEPT: LazyLock<Kept<Vec<PastLead>>> = LazyLock::new(|| Kept::new(60));
    let key = format!("{street} {community} {category}");
    KEPT.get(store, key, count_leads(conn, street, community, category, since)).await
}

async fn count_leads(
    conn: &mut Conn,
    street: Id,
    community: &PlacePath,
    category: &str,
    since: Time,
) -> Result<Vec<PastLead>, Fault> {
    conn.all(
        "SELECT r.lead, COUNT(*) AS led, COUNT(*) FILTER (WHERE r.leads = 1) AS fit FROM (SELECT street, id FROM matter \
         WHERE street = $1 AND community = $2 AND category = $3 AND raised_at >= $4 AND round > 0 ORDER BY raised_at DESC LIMIT $5) m \
         JOIN matter_round r ON r.street = m.street AND r.matter = m.id WHERE r.lead IS NOT NULL \
         GROUP BY r.lead ORDER BY fit DESC, led DESC LIMIT 5",
        args![street, community, category, since, LAST],
    )
    .await?
    .iter()
    .map(|row| Ok(PastLead { unit: row.get("lead")?, led: row.get("led")?, right: row.get("fit")? }))
    .collect()
}

/// How often each category was chosen for matters whose words resemble these, and an example's number.
///
/// # Errors
/// What the database says.
pub async fn past_categories(
    store: &Store,
    conn: &mut Conn,
    street: Id,
    community: &PlacePath,
    words: &str,
) -> Result<Vec<(String, u32, String)>, Fault> {
    static KEPT: LazyLock<Kept<Arc<Vec<Sorted>>>> = LazyLock::new(|| Kept::new(60));
    let rows = KEPT.get(store, format!("{street} {community}"), sorted(conn, street, community)).await?;
    let words = Grams::of(words);
    let mut found: Vec<(String, u32, String)> = Vec::new();
    for row in rows.iter().filter(|r| words.likeness(&r.title) >= 250) {
        match found.iter_mut().find(|(c, _, _)| *c == row.category) {
            Some((_, n, _)) => *n += 1,
            None => found.push((row.category.clone(), 1, row.number.clone())),
        }
    }
    found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found.truncate(3);
    Ok(found)
}

/// A matter that was sorted lately.
struct Sorted {
    number: String,
    title: Grams,
    category: String,
}

async fn sorted(conn: &mut Conn, street: Id, community: &PlacePath) -> Result<Arc<Vec<Sorted>>, Fault> {
    let rows = conn
        .all(
            "SELECT number, title, category FROM matter WHERE street = $1 AND community = $2 AND category IS NOT NULL AND tier IS NOT NULL \
             ORDER BY raised_at DESC LIMIT 400",
            args![street, community],
        )
        .await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let title: Option<String> = row.get("title")?;
        let title = Grams::of(&title.unwrap_or_default());
        out.push(Sorted { number: row.get("number")?, title, category: row.get("category")? });
    }
    Ok(Arc::new(out))
}

/// The keys of every row that was taken over from an old ledger.
///
/// # Errors
/// What the database says.
pub async fn known_ledger_keys(
    conn: &mut Conn,
    street: Id,
) -> Result<std::collections::HashSet<String>, Fault> {
    conn.all("SELECT ledger_key FROM matter WHERE street = $1 AND ledger_key IS NOT NULL", args![street])
        .await?
        .iter()
        .map(|row| row.get("ledger_key"))
        .collect()
}
