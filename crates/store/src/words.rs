//! Clear values of committed words: encrypted, found by their commitment, erasable.

use crate::{Conn, Fault, Keys, Tx, args, place_marks};
use kernel::{Id, text::Words};
use std::collections::HashMap;

const ABOUT: &str = "words";

impl Tx {
    /// Keeps a text and returns its commitment for the journal. `subject` is the person whose text it
    /// is, so that it can be found when that person asks for erasure.
    ///
    /// # Errors
    /// What the database says.
    pub async fn keep(&mut self, street: Id, subject: Option<Id>, text: &str) -> Result<Words, Fault> {
        let salt: [u8; 16] = self.random()?;
        let words = Words::commit(text, &salt);
        let clear = format!("{}{text}", hex::encode(salt));
        let sealed = self.seal(ABOUT, &clear)?;
        self.run(
            "INSERT INTO words (street, commitment, subject, sealed) VALUES ($1, $2, $3, $4)",
            args![street, &words.commit, subject, sealed],
        )
        .await?;
        Ok(words)
    }

    /// As [`Tx::keep`] for text that may be absent.
    ///
    /// # Errors
    /// What the database says.
    pub async fn keep_some(
        &mut self,
        street: Id,
        subject: Option<Id>,
        text: Option<&str>,
    ) -> Result<Option<Words>, Fault> {
        match text {
            Some(text) => self.keep(street, subject, text).await.map(Some),
            None => Ok(None),
        }
    }

    /// Erases the clear values and salts of those commitments whose text is this person's; returns how many there were.
    /// The commitments stay in the journal, whose chains hold as before, and tell nothing any more.
    ///
    /// # Errors
    /// What the database says.
    pub async fn erase_words(&mut self, street: Id, subject: Id, commits: &[String]) -> Result<u64, Fault> {
        let mut n = 0;
        for chunk in commits.chunks(400) {
            let mut args = args![street, subject];
            args.extend(chunk.iter().map(crate::Arg::from));
            let sql = format!(
                "UPDATE words SET sealed = NULL WHERE street = $1 AND subject = $2 AND sealed IS NOT NULL AND commitment IN ({})",
                place_marks(3, chunk.len())
            );
            n += self.run(sql, args).await?;
        }
        Ok(n)
    }

    /// Erases every text that is kept for a subject: a person, or a slip that came to nothing.
    ///
    /// # Errors
    /// What the database says.
    pub async fn erase_subject(&mut self, street: Id, subject: Id) -> Result<u64, Fault> {
        let sql = "UPDATE words SET sealed = NULL WHERE street = $1 AND subject = $2 AND sealed IS NOT NULL";
        self.run(sql, args![street, subject]).await
    }
}

impl Conn {
    /// The clear texts of commitments; those erased are absent from the answer.
    ///
    /// # Errors
    /// What the database says, or that a text was altered behind its commitment.
    pub async fn clear_words(
        &mut self,
        keys: &Keys,
        street: Id,
        commits: &[String],
    ) -> Result<HashMap<String, String>, Fault> {
        let mut out = HashMap::with_capacity(commits.len());
        for chunk in commits.chunks(400) {
            let mut args = args![street];
            args.extend(chunk.iter().map(crate::Arg::from));
            let sql = format!(
                "SELECT commitment, sealed FROM words WHERE street = $1 AND sealed IS NOT NULL AND commitment IN ({})",
                place_marks(2, chunk.len())
            );
            for row in self.all(sql, args).await? {
                let commit: String = row.get("commitment")?;
                let clear = keys.open_text(ABOUT, &row.get::<Vec<u8>>("sealed")?)?;
                let text = clear.get(32..).unwrap_or_default().to_owned();
                out.insert(commit, text);
            }
        }
        Ok(out)
    }

    /// Whether these are the keys of this store: the first kept text opens with them.
    ///
    /// # Errors
    /// What the database says.
    pub async fn keys_fit(&mut self, keys: &Keys) -> Result<bool, Fault> {
        let row = self.one("SELECT sealed FROM words WHERE sealed IS NOT NULL LIMIT 1", args![]).await?;
        let Some(row) = row else { return Ok(true) };
        Ok(keys.open_text(ABOUT, &row.get::<Vec<u8>>("sealed")?).is_ok())
    }

    /// Checks that every kept text still gives its commitment; returns the commitments that do not.
    ///
    /// # Errors
    /// What the database says.
    pub async fn check_words(&mut self, keys: &Keys) -> Result<Vec<String>, Fault> {
        let (mut bad, mut after) = (Vec::new(), String::new());
        loop {
            let rows = self
                .all(
                    "SELECT commitment, sealed FROM words WHERE commitment > $1 AND sealed IS NOT NULL ORDER BY commitment LIMIT 1000",
                    args![&after],
                )
                .await?;
            let Some(last) = rows.last() else { return Ok(bad) };
            after = last.get("commitment")?;
            for row in rows {
                let commit: String = row.get("commitment")?;
                let holds = keys.open_text(ABOUT, &row.get::<Vec<u8>>("sealed")?).ok().and_then(|clear| {
                    let salt: [u8; 16] = hex::decode(clear.get(..32)?).ok()?.try_into().ok()?;
                    Some(Words::commit(clear.get(32..)?, &salt).commit == commit)
                });
                if holds != Some(true) {
                    bad.push(commit);
                }
            }
        }
    }
}
