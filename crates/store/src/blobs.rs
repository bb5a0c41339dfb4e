//! Photos, recordings and papers, in the database: one transaction with the change they belong to.

use crate::{Conn, Fault, Keys, Row, StreamFault, Tx, args};
use kernel::{Id, Time};
use sha2::{Digest, Sha256};

kernel::coded_enum! {
    /// What an attachment is.
    pub enum BlobKind {
        /// A photo: upright, shrunk, without metadata in its public copy.
        Photo = "photo",
        /// A voice recording.
        Audio = "audio",
        /// A paper (PDF).
        Paper = "paper",
    }
}

/// What is stored of an attachment; made by [`crate::pictures::take`].
#[derive(Clone, Debug)]
pub struct Blob {
    /// What it is.
    pub kind: BlobKind,
    /// The type that its bytes show, whatever its name says.
    pub mime: &'static str,
    /// Width in pixels, for photos.
    pub width: Option<i64>,
    /// Height in pixels, for photos.
    pub height: Option<i64>,
    /// When it was taken, by its own metadata; never public.
    pub taken_at: Option<Time>,
    /// As it was sent; kept encrypted.
    pub original: Vec<u8>,
    /// The copy that may be shown.
    pub public: Vec<u8>,
    /// A small copy for lists, for photos.
    pub thumb: Option<Vec<u8>>,
}

impl Tx {
    /// Stores an attachment; returns its id and the hash of its original.
    ///
    /// # Errors
    /// What the database says.
    pub async fn put_blob(&mut self, street: Id, blob: Blob) -> Result<(Id, String), Fault> {
        let id = self.new_id()?;
        let hash = hex::encode(Sha256::digest(&blob.original));
        let sealed = self.keys().seal("blob", &blob.original, self.random()?)?;
        let (size, now) = (blob.original.len(), self.now);
        let marked = Marked {
            street,
            id,
            kind: blob.kind.code(),
            mime: blob.mime,
            hash: &hash,
            size: i64::try_from(size).unwrap_or(i64::MAX),
            width: blob.width,
            height: blob.height,
            taken_at: blob.taken_at,
            public: Some(&blob.public),
            thumb: blob.thumb.as_deref(),
            at: now,
        };
        let mark = marked.mark(self.keys());
        self.run(
            "INSERT INTO blob (street, id, kind, mime, sha256, size, width, height, taken_at, original, public, thumb, at, mark) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            args![
                street,
                id,
                blob.kind.code(),
                blob.mime,
                &hash,
                size,
                blob.width,
                blob.height,
                blob.taken_at,
                sealed,
                blob.public,
                blob.thumb,
                now,
                mark
            ],
        )
        .await?;
        Ok((id, hash))
    }

    /// Replaces the public copies, after redaction.
    ///
    /// # Errors
    /// What the database says.
    pub async fn replace_public(
        &mut self,
        street: Id,
        id: Id,
        public: Vec<u8>,
        thumb: Option<Vec<u8>>,
    ) -> Result<(), Fault> {
        self.run(
            "UPDATE blob SET public = $3, thumb = $4 WHERE street = $1 AND id = $2",
            args![street, id, public, thumb],
        )
        .await?;
        self.mark_blob(street, id).await
    }

    /// Erases what an attachment shows, and when it was taken. That there was one stays, with its hash.
    ///
    /// # Errors
    /// What the database says.
    pub async fn erase_blob(&mut self, street: Id, id: Id) -> Result<(), Fault> {
        self.run(
            "UPDATE blob SET original = NULL, public = NULL, thumb = NULL, taken_at = NULL WHERE street = $1 AND id = $2",
            args![street, id],
        )
        .await?;
        self.mark_blob(street, id).await
    }

    /// Marks the row as ours, from what the database now holds of it.
    async fn mark_blob(&mut self, street: Id, id: Id) -> Result<(), Fault> {
        let keys = self.keys().clone();
        let sql = format!("{ROW} WHERE street = $1 AND id = $2");
        let row = self.one(sql, args![street, id]).await?;
        let mark = mark_of(&keys, &row.ok_or_else(|| Fault::other("an attachment vanished"))?)?;
        self.run("UPDATE blob SET mark = $3 WHERE street = $1 AND id = $2", args![street, id, mark]).await?;
        Ok(())
    }
}

/// Everything of an attachment but the original, which has its own hash, and the mark itself.
const ROW: &str = "SELECT street, id, kind, mime, sha256, size, width, height, taken_at, public, thumb, at, mark, original FROM blob";

/// What a mark vouches for.
struct Marked<'a> {
    street: Id,
    id: Id,
    kind: &'a str,
    mime: &'a str,
    hash: &'a str,
    size: i64,
    width: Option<i64>,
    height: Option<i64>,
    taken_at: Option<Time>,
    public: Option<&'a [u8]>,
    thumb: Option<&'a [u8]>,
    at: Time,
}

impl Marked<'_> {
    fn mark(&self, keys: &Keys) -> String {
        let digest = |bytes: &[u8]| hex::encode(Sha256::digest(bytes));
        let said = serde_json::json!([
            self.street,
            self.id,
            self.kind,
            self.mime,
            self.hash,
            self.size,
            self.width,
            self.height,
            self.taken_at.map(kernel::time::stamp),
            self.public.map(digest),
            self.thumb.map(digest),
            kernel::time::stamp(self.at),
        ]);
        keys.mark("blob", &[said.to_string().as_bytes()])
    }
}

/// The mark that a row should carry.
fn mark_of(keys: &Keys, row: &Row) -> Result<String, Fault> {
    let (kind, mime, hash): (String, String, String) =
        (row.get("kind")?, row.get("mime")?, row.get("sha256")?);
    let (public, thumb): (Option<Vec<u8>>, Option<Vec<u8>>) = (row.get("public")?, row.get("thumb")?);
    let marked = Marked {
        street: row.get("street")?,
        id: row.get("id")?,
        kind: &kind,
        mime: &mime,
        hash: &hash,
        size: row.get("size")?,
        width: row.get("width")?,
        height: row.get("height")?,
        taken_at: row.get("taken_at")?,
        public: public.as_deref(),
        thumb: thumb.as_deref(),
        at: row.get("at")?,
    };
    Ok(marked.mark(keys))
}

/// Whether an attachment's original gives its hash and its row gives its mark.
fn whole(keys: &Keys, row: &Row) -> Result<bool, Fault> {
    let marked = row.get::<Option<String>>("mark")? == Some(mark_of(keys, row)?);
    let Some(sealed) = row.get::<Option<Vec<u8>>>("original")? else {
        // Erased by us, with everything that it showed: the mark would not hold otherwise.
        return Ok(marked && row.get::<Option<Vec<u8>>>("public")?.is_none());
    };
    let original = keys.open_sealed("blob", &sealed)?;
    Ok(marked
        && hex::encode(Sha256::digest(&original)) == row.get::<String>("sha256")?
        && Some(original.len()) == usize::try_from(row.get::<i64>("size")?).ok())
}

impl Conn {
    /// Checks every attachment: the original against its hash, the rest of the row against its mark. Returns ids of
    /// those that do not hold.
    ///
    /// # Errors
    /// What the database says.
    pub async fn check_blobs(&mut self, keys: &Keys) -> Result<Vec<StreamFault>, Fault> {
        let (mut faults, mut after) = (Vec::new(), Id::from(uuid::Uuid::nil()));
        loop {
            // Few at a time: each may be megabytes.
            let rows = self.all(format!("{ROW} WHERE id > $1 ORDER BY id LIMIT 8"), args![after]).await?;
            if rows.is_empty() {
                return Ok(faults);
            }
            for row in rows {
                after = row.get("id")?;
                let why = match whole(keys, &row) {
                    Ok(true) => continue,
                    Ok(false) => "the attachment was changed".to_owned(),
                    Err(fault) => fault.to_string(),
                };
                faults.push(StreamFault { room: "files".into(), stream: after, why });
            }
        }
    }

    /// The public copy (or the thumb) of an attachment with its type; none when it was erased.
    ///
    /// # Errors
    /// What the database says.
    pub async fn blob(
        &mut self,
        street: Id,
        id: Id,
        thumb: bool,
    ) -> Result<Option<(String, Vec<u8>)>, Fault> {
        let sql = if thumb {
            "SELECT mime, COALESCE(thumb, public) AS data FROM blob WHERE street = $1 AND id = $2"
        } else {
            "SELECT mime, public AS data FROM blob WHERE street = $1 AND id = $2"
        };
        let Some(row) = self.one(sql, args![street, id]).await? else { return Ok(None) };
        let data: Option<Vec<u8>> = row.get("data")?;
        data.map(|data| Ok((row.get("mime")?, data))).transpose()
    }

    /// The original of an attachment, decrypted; none when it was erased. Only for those with a right to it.
    ///
    /// # Errors
    /// What the database says, or that the key is missing.
    pub async fn original(
        &mut self,
        keys: &Keys,
        street: Id,
        id: Id,
    ) -> Result<Option<(String, Vec<u8>)>, Fault> {
        let Some(row) = self
            .one("SELECT mime, original FROM blob WHERE street = $1 AND id = $2", args![street, id])
            .await?
        else {
            return Ok(None);
        };
        let Some(sealed) = row.get::<Option<Vec<u8>>>("original")? else { return Ok(None) };
        Ok(Some((row.get("mime")?, keys.open_sealed("blob", &sealed)?)))
    }
}
