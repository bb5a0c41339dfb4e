//! What the street's own past says: to whom matters like this went, and how it went.

use kernel::{Id, PlacePath, Time};
use store::{Conn, Fault, args};

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

/// Units that led matters of a category in a community since `since`, the most frequent first.
///
/// # Errors
/// What the database says.
pub async fn past_leads(
    conn: &mut Conn,
    street: Id,
    community: &PlacePath,
    category: &str,
    since: Time,
) -> Result<Vec<PastLead>, Fault> {
    conn.all(
        "SELECT r.lead, COUNT(*) AS led, COUNT(*) FILTER (WHERE r.leads = 1) AS fit FROM matter_round r \
         JOIN matter m ON m.street = r.street AND m.id = r.matter \
         WHERE r.street = $1 AND m.community = $2 AND m.category = $3 AND r.dispatched_at >= $4 AND r.lead IS NOT NULL \
         GROUP BY r.lead ORDER BY fit DESC, led DESC LIMIT 5",
        args![street, community, category, since],
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
    conn: &mut Conn,
    street: Id,
    community: &PlacePath,
    words: &str,
) -> Result<Vec<(String, u32, String)>, Fault> {
    let rows = conn
        .all(
            "SELECT number, title, category FROM matter WHERE street = $1 AND community = $2 AND category IS NOT NULL AND tier IS NOT NULL \
             ORDER BY raised_at DESC LIMIT 400",
            args![street, community],
        )
        .await?;
    let mut found: Vec<(String, u32, String)> = Vec::new();
    for row in rows {
        let title: Option<String> = row.get("title")?;
        let likeness = store::search::likeness(words, &title.unwrap_or_default());
        if likeness < 250 {
            continue;
        }
        let category: String = row.get("category")?;
        match found.iter_mut().find(|(c, _, _)| *c == category) {
            Some((_, n, _)) => *n += 1,
            None => found.push((category, 1, row.get("number")?)),
        }
    }
    found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found.truncate(3);
    Ok(found)
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
