//! Erasing what a person said, after the law's period.

use crate::{
    queries::{commits_of, must_stay, of_voice},
    tables,
};
use futures_util::future::BoxFuture;
use kernel::{Actor, Id};
use store::{Fault, Tx};
use ui::Erased;

/// Erases what a person said in matters that are over and past their period; the others are frozen. The record of who did
/// what stays, with commitments that nobody can open any more (个人信息保护法 art. 47).
///
/// # Errors
/// What the database says.
pub fn erase_person<'a>(
    tx: &'a mut Tx,
    actor: &'a Actor,
    person: Id,
) -> BoxFuture<'a, Result<Erased, Fault>> {
    Box::pin(async move {
        let mut done = Erased::default();
        for m in of_voice(tx, actor.street, person).await? {
            if must_stay(&m, tx.now) {
                done.frozen += 1;
                continue;
            }
            let commits = commits_of(tx, &m).await?;
            let n = tx.erase_words(actor.street, person, &commits).await?;
            if n > 0 {
                // Clear copies and the search index follow what is left.
                tables::copy_words(tx, &m).await?;
            }
            done.erased += n;
        }
        Ok(done)
    })
}
