//! Photos, recordings and papers, in the database: one transaction with the change they belong to.

use crate::{Conn, Fault, Keys, Tx, args};
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
        let size = blob.original.len();
        let now = self.now;
        self.run(
            "INSERT INTO blob (street, id, kind, mime, sha256, size, width, height, taken_at, original, public, thumb, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
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
                now
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
        Ok(())
    }
}

impl Conn {
    /// The public copy (or the thumb) of an attachment with its type.
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
        Ok(Some((row.get("mime")?, row.get("data")?)))
    }

    /// The original of an attachment, decrypted. Only for those with a right to it.
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
        Ok(Some((row.get("mime")?, keys.open_sealed("blob", &row.get::<Vec<u8>>("original")?)?)))
    }
}
