//! Sealing the record: signed heads over one growing tree of all entries, and the proofs that come of it.
//!
//! An entry becomes a leaf when it is sealed, not when it is written, so the order in which transactions happen to
//! commit does not matter: what was not yet visible to one seal still waits in `unsealed` for the next.

use crate::{
    Conn, Engine, Fault, Row, Store, Tx, args,
    record::{entry_of, hash_of},
};
use journal::{
    Hash, Receipt, Seal, receipt,
    tree::{self, Growing, Perfect, Range},
};
use kernel::{
    Time,
    time::{local_date, stamp},
};

/// Most entries that one seal takes in; more are sealed at once by several seals.
const BATCH: i64 = 20_000;
/// Heights of the tree whose hashes are kept are multiples of this.
pub(crate) const STRIDE: u32 = 8;
/// The lock under which PostgreSQL seals: one server at a time.
const LOCK: i64 = 0x5ea1_0001;

/// What is known of an entry by its hash.
#[derive(Clone, Debug)]
pub struct Stands {
    /// The entry's hash.
    pub event: Hash,
    /// When it was recorded.
    pub at: Time,
    /// Whether the entry still gives its hash.
    pub whole: bool,
    /// The proof, once it is sealed: under the last seal of that day, the one that is published.
    pub receipt: Option<Receipt>,
}

/// Database numbers are signed; a count below zero was not written by us.
pub(crate) fn count(row: &Row, column: &str) -> Result<u64, Fault> {
    u64::try_from(row.get::<i64>(column)?)
        .map_err(|_| Fault::Cell { column: column.to_owned(), why: "below zero".into() })
}

pub(crate) fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

pub(crate) const SEAL: &str = "SELECT n, entries, head, before, at, day, public_key, signature FROM seal";

pub(crate) fn seal_of(row: &Row) -> Result<Seal, Fault> {
    let bytes: Vec<u8> = row.get("signature")?;
    let signature = bytes
        .try_into()
        .map_err(|_| Fault::Cell { column: "signature".into(), why: "not 64 bytes".into() })?;
    Ok(Seal {
        seal: count(row, "n")?,
        entries: count(row, "entries")?,
        head: hash_of(row, "head")?,
        before: hash_of(row, "before")?,
        time: row.get("at")?,
        public_key: hash_of(row, "public_key")?,
        signature,
    })
}

impl Store {
    /// Seals everything that was recorded since the last seal; `None` when there is nothing new.
    ///
    /// # Errors
    /// What the database says.
    pub async fn seal(&self) -> Result<Option<Seal>, Fault> {
        let mut newest = None;
        while let Some(seal) = self.write(|tx| Box::pin(tx.seal_next())).await? {
            newest = Some(seal);
        }
        Ok(newest)
    }
}

impl Tx {
    /// Seals what waits, at most [`BATCH`] entries, oldest position first.
    async fn seal_next(&mut self) -> Result<Option<Seal>, Fault> {
        if self.engine() == Engine::Postgres {
            // Released at the end of the transaction. Writers take no part in it and never wait for a seal.
            self.one("SELECT 1 AS n FROM pg_advisory_xact_lock($1)", args![LOCK]).await?;
        }
        let last = self.latest_seal().await?;
        let size = last.as_ref().map_or(0, |s| s.entries);
        let taken = self
            .run(
                "INSERT INTO leaf (n, pos) SELECT $1 + ROW_NUMBER() OVER (ORDER BY pos) - 1, pos FROM unsealed ORDER BY pos LIMIT $2",
                args![signed(size), BATCH],
            )
            .await?;
        if taken == 0 {
            return Ok(None);
        }
        self.run(
            "DELETE FROM unsealed WHERE pos IN (SELECT pos FROM leaf WHERE n >= $1)",
            args![signed(size)],
        )
        .await?;
        let mut edge = Vec::new();
        for part in (Range { start: 0, end: size }).perfect() {
            edge.push(self.subtree(part).await?);
        }
        let mut tree = Growing::resume(size, edge)
            .ok_or_else(|| Fault::other("the tree has another size than its edge"))?;
        let mut kept = Vec::new();
        for hash in self.leaves(size, taken).await? {
            tree.push(&hash, |part, hash| {
                if part.level > 0 && part.level % STRIDE == 0 {
                    kept.push((part, *hash));
                }
            });
        }
        if tree.size() != size + taken {
            return Err(Fault::other("an entry that waits for its seal is not in the journal"));
        }
        for (part, hash) in kept {
            self.run(
                "INSERT INTO branch (level, n, hash) VALUES ($1, $2, $3)",
                args![i64::from(part.level), signed(part.n), hash.to_vec()],
            )
            .await?;
        }
        // A clock that was set back must not date a seal before the one it follows.
        let at = last.as_ref().map_or(self.now, |s| self.now.max(s.time));
        let (number, before) = last.map_or((1, [0; 32]), |s| (s.seal + 1, s.code()));
        let seal = Seal::make(&self.keys().attest()?, number, tree.size(), tree.head(), before, at);
        self.run(
            "INSERT INTO seal (n, entries, head, before, at, day, public_key, signature) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![
                signed(seal.seal),
                signed(seal.entries),
                seal.head.to_vec(),
                seal.before.to_vec(),
                at,
                local_date(at),
                seal.public_key.to_vec(),
                seal.signature.to_vec()
            ],
        )
        .await?;
        Ok(Some(seal))
    }
}

impl Conn {
    /// The newest seal.
    ///
    /// # Errors
    /// What the database says.
    pub async fn latest_seal(&mut self) -> Result<Option<Seal>, Fault> {
        let sql = format!("{SEAL} ORDER BY n DESC LIMIT 1");
        self.one(sql, vec![]).await?.as_ref().map(seal_of).transpose()
    }

    /// A seal by its number.
    ///
    /// # Errors
    /// What the database says.
    pub async fn seal_by_number(&mut self, n: u64) -> Result<Option<Seal>, Fault> {
        self.one(format!("{SEAL} WHERE n = $1"), args![signed(n)]).await?.as_ref().map(seal_of).transpose()
    }

    /// The last seal of each day, newest first, before seal `before`: what is published.
    ///
    /// # Errors
    /// What the database says.
    pub async fn daily_seals(&mut self, before: Option<u64>, limit: i64) -> Result<Vec<Seal>, Fault> {
        let sql = format!(
            "{SEAL} s WHERE s.n < $1 AND NOT EXISTS (SELECT 1 FROM seal l WHERE l.day = s.day AND l.n > s.n) ORDER BY s.n DESC LIMIT $2"
        );
        let before = before.map_or(i64::MAX, signed);
        self.all(sql, args![before, limit]).await?.iter().map(seal_of).collect()
    }

    /// How many entries wait for their seal.
    ///
    /// # Errors
    /// What the database says.
    pub async fn unsealed(&mut self) -> Result<i64, Fault> {
        self.number("SELECT COUNT(*) AS n FROM unsealed", vec![]).await
    }

    /// Whether an entry stands in the record, since when, and its proof; by its hash or at least eight bytes that the
    /// hash begins with.
    ///
    /// # Errors
    /// What the database says.
    pub async fn stands(&mut self, event: &[u8]) -> Result<Option<Stands>, Fault> {
        if !(8..=32).contains(&event.len()) {
            return Ok(None);
        }
        let end = |with: u8| {
            let mut whole = event.to_vec();
            whole.resize(32, with);
            whole
        };
        let found = self
            .one(
                "SELECT j.stream, j.seq, j.body, j.at, j.prev, j.hash, l.n FROM journal j LEFT JOIN leaf l ON l.pos = j.pos \
                 WHERE j.hash >= $1 AND j.hash <= $2 ORDER BY j.hash LIMIT 1",
                args![end(0), end(255)],
            )
            .await?;
        let Some(row) = found else { return Ok(None) };
        let (event, at): (Hash, Time) = (hash_of(&row, "hash")?, row.get("at")?);
        let whole = entry_of(&row).is_ok_and(|e| {
            journal::canonical(&e.body)
                .is_ok_and(|body| journal::hash(&e.prev, e.stream, e.seq, &body, e.at) == event)
        });
        if row.get::<Option<i64>>("n")?.is_none() {
            return Ok(Some(Stands { event, at, whole, receipt: None }));
        }
        let leaf = count(&row, "n")?;
        // The day on which it was first sealed; of that day the seal that is, or will be, published.
        let sql = format!(
            "{SEAL} WHERE day = (SELECT day FROM seal WHERE entries > $1 ORDER BY entries LIMIT 1) ORDER BY n DESC LIMIT 1"
        );
        let row = self.one(sql, args![signed(leaf)]).await?;
        let seal = seal_of(&row.ok_or_else(|| Fault::other("a leaf has no seal"))?)?;
        let mut path = Vec::new();
        for range in tree::inclusion(leaf, seal.entries) {
            path.push(self.hash_of_range(range).await?);
        }
        let receipt =
            Receipt { format: receipt::FORMAT.to_owned(), event, recorded_at: stamp(at), leaf, path, seal };
        Ok(Some(Stands { event, at, whole, receipt: Some(receipt) }))
    }

    /// The proof that the record at `to` entries begins with the record at `from` entries; both are sealed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn consistency(&mut self, from: u64, to: u64) -> Result<Vec<Hash>, Fault> {
        let mut path = Vec::new();
        for range in tree::consistency(from, to) {
            path.push(self.hash_of_range(range).await?);
        }
        Ok(path)
    }

    /// The head over some leaves.
    pub(crate) async fn hash_of_range(&mut self, range: Range) -> Result<Hash, Fault> {
        let mut parts = Vec::new();
        for part in range.perfect() {
            parts.push(self.subtree(part).await?);
        }
        Ok(tree::join(&parts))
    }

    /// The hash of a perfect subtree, from the kept hashes of the height below.
    async fn subtree(&mut self, part: Perfect) -> Result<Hash, Fault> {
        let base = part.level - part.level % STRIDE;
        let (first, width) = (part.n << (part.level - base), 1u64 << (part.level - base));
        let row = if base == 0 {
            self.leaves(first, width).await?.iter().map(tree::leaf).collect()
        } else {
            self.all(
                "SELECT hash FROM branch WHERE level = $1 AND n >= $2 AND n < $3 ORDER BY n",
                args![i64::from(base), signed(first), signed(first + width)],
            )
            .await?
            .iter()
            .map(|r| hash_of(r, "hash"))
            .collect::<Result<Vec<_>, _>>()?
        };
        if row.len() as u64 != width {
            return Err(Fault::other("the tree over the record has a hole: run verify"));
        }
        tree::fold(row).ok_or_else(|| Fault::other("the tree over the record has a hole: run verify"))
    }

    /// The hashes of the entries that are these leaves.
    async fn leaves(&mut self, first: u64, width: u64) -> Result<Vec<Hash>, Fault> {
        self.all(
            "SELECT j.hash FROM leaf l JOIN journal j ON j.pos = l.pos WHERE l.n >= $1 AND l.n < $2 ORDER BY l.n",
            args![signed(first), signed(first + width)],
        )
        .await?
        .iter()
        .map(|r| hash_of(r, "hash"))
        .collect()
    }
}
