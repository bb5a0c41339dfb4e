//! What `verify` looks at in the store itself: entries, chains, kept words, the tree and its seals.
//!
//! Everything is computed anew from the entries; nothing that is stored beside them is believed.

use crate::{
    Conn, Engine, Fault, Keys, Row, StreamFault, args, place_marks,
    record::{entry_of, hash_of},
    seals::{SEAL, STRIDE, count, seal_of, signed},
};
use chrono::Duration;
use journal::{
    Entry, Hash, Receipt, Seal, seal,
    tree::{Growing, Perfect},
};
use kernel::{Id, Time, time::local_date};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Rows of one round.
const ROUND: i64 = 2000;
/// How long a transaction may last, and how far the clocks of two servers may lie apart: an entry that is dated further
/// than this before the seal that it missed was backdated.
const GRACE: Duration = Duration::hours(1);

/// A seal that was published or printed earlier, brought along to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Printed {
    /// The code of a seal, or its head, as it stands on paper.
    Code(Hash),
    /// A whole seal, from its file.
    Seal(Box<Seal>),
    /// A receipt, from its file.
    Receipt(Box<Receipt>),
}

/// What checking the seals gave.
#[derive(Clone, Debug, Default)]
pub struct SealsChecked {
    /// How many seals were checked.
    pub seals: u64,
    /// How many entries they cover.
    pub entries: u64,
    /// How many entries wait for a seal.
    pub waiting: u64,
    /// The number of the seal that was brought along, when it stands.
    pub stands: Option<u64>,
    /// What is wrong.
    pub faults: Vec<StreamFault>,
}

impl SealsChecked {
    fn say(&mut self, why: impl Into<String>) {
        self.faults.push(fault("seals", Id::from(uuid::Uuid::nil()), why));
    }
}

fn fault(room: &str, stream: Id, why: impl Into<String>) -> StreamFault {
    StreamFault { room: room.to_owned(), stream, why: why.into() }
}

/// Every commitment in a piece of JSON.
pub fn commitments(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            if let Some(commit) = map.get("commit").and_then(Value::as_str) {
                out.push(commit.to_owned());
            }
            map.values().for_each(|v| commitments(v, out));
        }
        Value::Array(list) => list.iter().for_each(|v| commitments(v, out)),
        _ => {}
    }
}

/// What the columns beside the hashed body say, where they do not say what the body says.
fn filed_wrongly(row: &Row, entry: &Entry) -> Result<Option<&'static str>, Fault> {
    let (body, text) = (&entry.body, row.get::<String>("body")?);
    Ok(if row.get::<String>("kind")? != body.kind {
        Some("is filed under another kind")
    } else if body.kind.split_once('.').map(|(room, _)| room.to_owned()) != Some(row.get("room")?) {
        Some("is filed under another room")
    } else if row.get::<Id>("street")? != body.actor.street {
        Some("is filed under another street")
    } else if row.get::<Option<Id>>("person")? != body.actor.person {
        Some("is filed under another person")
    } else if text.as_bytes() != journal::canonical(body)?.as_slice() {
        // What is not hashed (a field that nobody reads) must not be there either.
        Some("holds more than was hashed")
    } else {
        None
    })
}

impl Conn {
    /// Begins to read the whole store as it is at one instant, however long that takes and whoever writes meanwhile.
    ///
    /// # Errors
    /// What the database says.
    pub async fn begin_snapshot(&mut self) -> Result<(), Fault> {
        self.script(
            match self.engine() {
                Engine::Sqlite => "BEGIN DEFERRED",
                Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            }
            .into(),
        )
        .await
    }

    /// Ends what [`Conn::begin_snapshot`] began.
    ///
    /// # Errors
    /// What the database says.
    pub async fn end_snapshot(&mut self) -> Result<(), Fault> {
        self.script("ROLLBACK".into()).await
    }

    /// The streams of a room in order of id, after `after`, at most `limit`: for walking through all of them.
    ///
    /// # Errors
    /// What the database says.
    pub async fn streams(&mut self, room: &str, after: Option<Id>, limit: i64) -> Result<Vec<Id>, Fault> {
        let sql =
            "SELECT DISTINCT stream FROM journal WHERE room = $1 AND stream > $2 ORDER BY stream LIMIT $3";
        let after = after.unwrap_or_else(|| Id::from(uuid::Uuid::nil()));
        self.all(sql, args![room, after, limit]).await?.iter().map(|r| r.get("stream")).collect()
    }

    /// Checks every entry and the hash chain of every stream; returns how many entries were read and what is wrong.
    ///
    /// # Errors
    /// What the database says.
    pub async fn check_chains(&mut self) -> Result<(u64, Vec<StreamFault>), Fault> {
        let (mut read, mut faults) = (0, Vec::new());
        let mut open: (Id, Vec<Entry>) = (Id::from(uuid::Uuid::nil()), Vec::new());
        let mut last = (open.0, i64::MIN);
        let close = |(stream, list): &(Id, Vec<Entry>), faults: &mut Vec<StreamFault>| {
            if let Err(why) = journal::check(list) {
                let room = list.first().and_then(|e| e.body.kind.split_once('.')).map_or("", |(r, _)| r);
                faults.push(fault(room, *stream, why.to_string()));
            }
        };
        loop {
            let rows = self
                .all(
                    "SELECT street, room, stream, seq, kind, person, body, at, prev, hash FROM journal \
                     WHERE (stream, seq) > ($1, $2) ORDER BY stream, seq LIMIT $3",
                    args![last.0, last.1, ROUND],
                )
                .await?;
            if rows.is_empty() {
                close(&open, &mut faults);
                return Ok((read, faults));
            }
            for row in rows {
                last = (row.get("stream")?, row.get("seq")?);
                read += 1;
                if last.0 != open.0 {
                    close(&open, &mut faults);
                    open = (last.0, Vec::new());
                }
                match entry_of(&row).and_then(|entry| Ok((filed_wrongly(&row, &entry)?, entry))) {
                    Ok((wrong, entry)) => {
                        if let Some(wrong) = wrong {
                            let room = row.get::<String>("room")?;
                            faults.push(fault(&room, last.0, format!("entry {} {wrong}", last.1)));
                        }
                        open.1.push(entry);
                    }
                    Err(why) => {
                        let room = row.get::<String>("room").unwrap_or_default();
                        faults.push(fault(&room, last.0, format!("entry {}: {why}", last.1)));
                    }
                }
            }
        }
    }

    /// Streams that begin with an event that no kind of thing begins with: nothing folds them.
    ///
    /// # Errors
    /// What the database says.
    pub async fn check_beginnings(&mut self, known: &[&str]) -> Result<Vec<StreamFault>, Fault> {
        let sql = format!(
            "SELECT room, stream FROM journal WHERE seq = 1 AND kind NOT IN ({}) LIMIT 100",
            place_marks(1, known.len())
        );
        self.all(sql, known.iter().map(|k| crate::Arg::from(*k)).collect())
            .await?
            .iter()
            .map(|r| {
                Ok(fault(&r.get::<String>("room")?, r.get("stream")?, "belongs to nothing that is known"))
            })
            .collect()
    }

    /// Checks that every commitment of the journal still has its text where it belongs, and that no other texts are
    /// kept. Texts of `erasable` rooms may be gone: the law lets people have them erased, and those rooms check which.
    /// Elsewhere only the texts of `forgotten` persons may be.
    ///
    /// # Errors
    /// What the database says.
    pub async fn check_commitments(
        &mut self,
        erasable: &[&str],
        forgotten: &HashSet<Id>,
    ) -> Result<Vec<StreamFault>, Fault> {
        let (mut faults, mut after) = (Vec::new(), i64::MIN);
        let mut known: HashSet<(Id, Vec<u8>)> = HashSet::new();
        loop {
            let rows = self
                .all(
                    "SELECT pos, street, room, stream, body FROM journal WHERE pos > $1 ORDER BY pos LIMIT $2",
                    args![after, ROUND],
                )
                .await?;
            if rows.is_empty() {
                break;
            }
            let mut wanted: HashMap<Id, Vec<(String, String, Id)>> = HashMap::new();
            for row in rows {
                after = row.get("pos")?;
                let (room, stream): (String, Id) = (row.get("room")?, row.get("stream")?);
                let mut list = Vec::new();
                // A body that cannot be read is reported with its chain.
                commitments(
                    &serde_json::from_str(&row.get::<String>("body")?).unwrap_or_default(),
                    &mut list,
                );
                let of = wanted.entry(row.get("street")?).or_default();
                of.extend(list.into_iter().map(|commit| (commit, room.clone(), stream)));
            }
            for (street, list) in wanted {
                for some in list.chunks(400) {
                    let mut args = args![street];
                    args.extend(some.iter().map(|(commit, _, _)| crate::Arg::from(commit)));
                    let sql = format!(
                        "SELECT commitment, subject, sealed IS NULL AS gone FROM words WHERE street = $1 AND commitment IN ({})",
                        place_marks(2, some.len())
                    );
                    let mut there = HashMap::new();
                    for row in self.all(sql, args).await? {
                        let whose: Option<Id> = row.get("subject")?;
                        let may = whose.is_some_and(|p| forgotten.contains(&p));
                        there.insert(row.get::<String>("commitment")?, row.get::<bool>("gone")? && !may);
                    }
                    for (commit, room, stream) in some {
                        match there.get(commit) {
                            None => faults.push(fault(room, *stream, "a text that it commits to is missing")),
                            Some(true) if !erasable.contains(&room.as_str()) => {
                                faults.push(fault(room, *stream, "a text that it commits to was erased"));
                            }
                            Some(_) => {
                                // Half of a hash tells them apart, at half the memory.
                                let mut half =
                                    hex::decode(commit).unwrap_or_else(|_| commit.clone().into_bytes());
                                half.truncate(16);
                                known.insert((street, half));
                            }
                        }
                    }
                }
            }
        }
        let kept = self.number("SELECT COUNT(*) AS n FROM words", vec![]).await?;
        let extra = kept - i64::try_from(known.len()).unwrap_or(i64::MAX);
        if faults.is_empty() && extra != 0 {
            let why = format!("{extra} texts are kept that no entry commits to");
            faults.push(fault("words", Id::from(uuid::Uuid::nil()), why));
        }
        Ok(faults)
    }

    /// Checks the tree over all entries, every seal, and, when one is brought along, that a seal or receipt of earlier
    /// still stands.
    ///
    /// # Errors
    /// What the database says.
    pub async fn check_seals(
        &mut self,
        keys: &Keys,
        printed: Option<&Printed>,
    ) -> Result<SealsChecked, Fault> {
        let mut out = SealsChecked::default();
        self.check_positions(&mut out).await?;
        let mut walk = Walk::default();
        let (mut last, mut met): (Option<Seal>, Option<Met>) = (None, None);
        let ours = seal::fingerprint(&keys.seal_key()?);
        loop {
            let after = out.seals;
            let rows = self
                .all(format!("{SEAL} WHERE n > $1 ORDER BY n LIMIT $2"), args![signed(after), ROUND])
                .await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let seal = match seal_of(&row) {
                    Ok(seal) => seal,
                    Err(why) => {
                        out.say(format!("seal {}: {why}", after + 1));
                        return Ok(out);
                    }
                };
                let n = seal.seal;
                let before = last.as_ref();
                let since = before.map(|b| b.time);
                let reached =
                    self.walk_to(&mut walk, seal.entries, since, Some(seal.time), printed, &mut out).await?;
                let wrong = [
                    (n != out.seals + 1, "a seal before it is missing"),
                    (
                        seal.before != before.map_or([0; 32], Seal::code),
                        "does not follow from the seal before it",
                    ),
                    (since.is_some_and(|t| seal.time < t), "is dated before the seal before it"),
                    (
                        seal.entries <= before.map_or(0, |b| b.entries),
                        "covers no more than the seal before it",
                    ),
                    (!reached, "covers entries that are not there: the end was cut off"),
                    (reached && walk.tree.head() != seal.head, "does not match the entries that it covers"),
                    (!seal.is_signed(), "carries no valid signature"),
                    (
                        seal::fingerprint(&seal.public_key) != ours,
                        "was made with another key than this installation's",
                    ),
                    (
                        row.get::<String>("day")? != local_date(seal.time).to_string(),
                        "is filed under another day",
                    ),
                ];
                for (_, why) in wrong.iter().filter(|(is, _)| *is) {
                    out.say(format!("seal {n} {why}"));
                }
                met = met.or(printed.and_then(|p| Met::of(p, &seal)));
                out.seals = n;
                out.entries = seal.entries;
                last = Some(seal);
            }
        }
        // What is not under a seal must wait for one, and must not be a leaf already.
        let leaves = self.number("SELECT COUNT(*) AS n FROM leaf", vec![]).await?;
        if u64::try_from(leaves).ok() != Some(out.entries) {
            out.say(format!("the tree has {leaves} leaves, the last seal covers {}", out.entries));
        }
        let since = last.as_ref().map(|s| s.time);
        if let Some(since) = since {
            let late = self
                .number(
                    "SELECT COUNT(*) AS n FROM journal j JOIN unsealed u ON u.pos = j.pos WHERE j.at < $1",
                    args![since - GRACE],
                )
                .await?;
            if late > 0 {
                out.say(format!("{late} entries are dated before a seal that does not hold them"));
            }
        }
        let branches = self.number("SELECT COUNT(*) AS n FROM branch", vec![]).await?;
        if u64::try_from(branches).ok() != Some(walk.branches) {
            out.say(format!("the tree keeps {branches} branches, the entries give {}", walk.branches));
        }
        if let Some(printed) = printed {
            compare(printed, met, &walk, ours, &mut out);
        }
        Ok(out)
    }

    /// Every entry is a leaf or waits to become one, and nothing else does.
    async fn check_positions(&mut self, out: &mut SealsChecked) -> Result<(), Fault> {
        for (sql, why) in [
            (
                "SELECT COUNT(*) AS n FROM journal j WHERE NOT EXISTS (SELECT 1 FROM leaf l WHERE l.pos = j.pos) \
                 AND NOT EXISTS (SELECT 1 FROM unsealed u WHERE u.pos = j.pos)",
                "entries neither stand under a seal nor wait for one",
            ),
            (
                "SELECT COUNT(*) AS n FROM leaf l WHERE NOT EXISTS (SELECT 1 FROM journal j WHERE j.pos = l.pos)",
                "sealed entries are gone",
            ),
            (
                "SELECT COUNT(*) AS n FROM unsealed u WHERE NOT EXISTS (SELECT 1 FROM journal j WHERE j.pos = u.pos) \
                 OR EXISTS (SELECT 1 FROM leaf l WHERE l.pos = u.pos)",
                "places wait for a seal without an entry of their own",
            ),
        ] {
            let n = self.number(sql, vec![]).await?;
            if n > 0 {
                out.say(format!("{n} {why}"));
            }
        }
        let waiting = self.number("SELECT COUNT(*) AS n FROM unsealed", vec![]).await?;
        out.waiting = u64::try_from(waiting).unwrap_or(0);
        Ok(())
    }

    /// Adds leaves until there are `size`; whether there are so many.
    async fn walk_to(
        &mut self,
        walk: &mut Walk,
        size: u64,
        since: Option<Time>,
        until: Option<Time>,
        printed: Option<&Printed>,
        out: &mut SealsChecked,
    ) -> Result<bool, Fault> {
        while walk.tree.size() < size {
            let first = walk.tree.size();
            let end = size.min(first + ROUND as u64);
            let rows = self
                .all(
                    "SELECT l.n, j.hash, j.stream, j.at FROM leaf l JOIN journal j ON j.pos = l.pos \
                     WHERE l.n >= $1 AND l.n < $2 ORDER BY l.n",
                    args![signed(first), signed(end)],
                )
                .await?;
            let mut branches = Vec::new();
            for row in &rows {
                if count(row, "n")? != walk.tree.size() {
                    break;
                }
                let (hash, at): (Hash, Time) = (hash_of(row, "hash")?, row.get("at")?);
                if since.is_some_and(|s| at < s - GRACE) {
                    let why = "an entry is dated before a seal that does not hold it";
                    out.faults.push(fault("seals", row.get("stream")?, why));
                }
                if until.is_some_and(|u| at > u + GRACE) {
                    let why = "an entry is dated after the seal that holds it";
                    out.faults.push(fault("seals", row.get("stream")?, why));
                }
                walk.note(printed, &hash);
                walk.tree.push(&hash, |part, hash| {
                    if part.level > 0 && part.level % STRIDE == 0 {
                        branches.push((part, *hash));
                    }
                });
                walk.note_size(printed);
            }
            self.check_branches(&branches, walk, out).await?;
            if walk.tree.size() < end {
                return Ok(false);
            }
        }
        Ok(walk.tree.size() == size)
    }

    async fn check_branches(
        &mut self,
        branches: &[(Perfect, Hash)],
        walk: &mut Walk,
        out: &mut SealsChecked,
    ) -> Result<(), Fault> {
        for (part, hash) in branches {
            walk.branches += 1;
            let row = self
                .one(
                    "SELECT hash FROM branch WHERE level = $1 AND n = $2",
                    args![i64::from(part.level), signed(part.n)],
                )
                .await?;
            let kept = row.map(|r| r.get::<Vec<u8>>("hash")).transpose()?;
            if kept.as_deref() != Some(hash.as_slice()) {
                out.say(format!("branch {} of height {} is not what the entries give", part.n, part.level));
            }
        }
        Ok(())
    }
}

/// The tree as it grows again, and what it meets of the seal that was brought along.
#[derive(Default)]
struct Walk {
    tree: Growing,
    branches: u64,
    /// The head when the tree had the size of the seal that was brought along.
    head_then: Option<Hash>,
    /// The entry at the leaf of the receipt that was brought along.
    entry_there: Option<Hash>,
}

impl Walk {
    fn note(&mut self, printed: Option<&Printed>, hash: &Hash) {
        if let Some(Printed::Receipt(receipt)) = printed
            && receipt.leaf == self.tree.size()
        {
            self.entry_there = Some(*hash);
        }
    }

    fn note_size(&mut self, printed: Option<&Printed>) {
        let wanted = match printed {
            Some(Printed::Seal(seal)) => seal.entries,
            Some(Printed::Receipt(receipt)) => receipt.seal.entries,
            _ => return,
        };
        if wanted == self.tree.size() {
            self.head_then = Some(self.tree.head());
        }
    }
}

/// That the record holds the seal that was brought along.
#[derive(Clone, Copy)]
struct Met(u64);

impl Met {
    fn of(printed: &Printed, seal: &Seal) -> Option<Self> {
        let same = match printed {
            Printed::Code(code) => seal.code() == *code || seal.head == *code,
            Printed::Seal(old) => **old == *seal,
            Printed::Receipt(old) => old.seal == *seal,
        };
        same.then_some(Self(seal.seal))
    }
}

/// Says what became of the seal that was brought along.
fn compare(printed: &Printed, met: Option<Met>, walk: &Walk, ours: Hash, out: &mut SealsChecked) {
    let seal = match printed {
        Printed::Code(code) => {
            match met {
                Some(Met(n)) => out.stands = Some(n),
                None => out.say(format!(
                    "no seal has the code {}: the record was cut off or sealed anew since it was printed",
                    hex::encode(code)
                )),
            }
            return;
        }
        Printed::Seal(seal) => seal.as_ref(),
        Printed::Receipt(receipt) => {
            if receipt.check(None).is_err() {
                out.say("the receipt that was brought along does not hold in itself");
                return;
            }
            if walk.entry_there != Some(receipt.event) {
                out.say(format!(
                    "leaf {} is not the entry of the receipt that was brought along",
                    receipt.leaf
                ));
            }
            &receipt.seal
        }
    };
    let n = seal.seal;
    if !seal.is_signed() {
        out.say(format!("the seal {n} that was brought along carries no valid signature"));
        return;
    }
    if seal::fingerprint(&seal.public_key) != ours {
        out.say(format!(
            "the seal {n} that was brought along was made with another key than this installation's"
        ));
    }
    match walk.head_then {
        None => out.say(format!(
            "the seal {n} that was brought along covers {} entries, the sealed record holds {}: its end was cut off",
            seal.entries,
            walk.tree.size()
        )),
        Some(head) if head != seal.head => {
            out.say(format!("the entries under the seal {n} that was brought along were changed since"));
        }
        Some(_) => match met {
            Some(Met(n)) => out.stands = Some(n),
            None => out.say(format!("the seal {n} that was brought along was replaced by another one since")),
        },
    }
}
