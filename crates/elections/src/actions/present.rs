//! How nominees present themselves: what they say, and the photo they give.

use super::{load, step};
use crate::model::{Act, Election, Nominee, Portrait, Presentation};
use kernel::{
    Actor, Id, Refusal,
    calendar::Calendar,
    text::{self, NOTE},
};
use store::{Blob, Fault, Tx};

/// Characters of the words that stand for a photo: a sentence, as screen readers read them out.
pub(crate) const ALT: usize = 120;

/// What becomes of the photo.
#[derive(Clone, Debug, Default)]
pub enum Photo {
    /// It stays as it is: the form did not ask.
    #[default]
    Stays,
    /// It stays, or there is none, and these words are to stand for it.
    Said(String),
    /// A new one, with what is to be seen on it.
    Given(Box<Blob>, String),
    /// It is taken away.
    Away,
}

/// How a nominee presents themself.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Who I am.
    pub about: String,
    /// What I promise.
    pub promise: String,
    /// How I look.
    pub photo: Photo,
}

/// Presents a candidate in their own words, and with a photo if they give one.
///
/// # Errors
/// Refusals of the rules; texts that are too long; `elections.no-photo-alt` for a photo without what is to be seen on it,
/// `elections.no-photo-chosen` for the words without the photo.
pub async fn present(
    tx: &mut Tx,
    actor: &Actor,
    id: Id,
    nominee: Id,
    told: Told,
    calendar: &Calendar,
) -> Result<Election, Fault> {
    let e = load(tx, actor.street, id).await?;
    let n = e.nominee(nominee).cloned();
    let subject = n.as_ref().map(|n| n.person);
    let about = text::optional("about", &told.about, NOTE)?;
    let promise = text::optional("promise", &told.promise, NOTE)?;
    let portrait = portrait(tx, e.street, n.as_ref(), told.photo).await?;
    let about = tx.keep_some(e.street, subject, about.as_deref()).await?;
    let promise = tx.keep_some(e.street, subject, promise.as_deref()).await?;
    step(tx, actor, e, Act::Present(nominee, Presentation { about, promise, portrait }), calendar).await
}

/// The photo as it is afterwards.
async fn portrait(
    tx: &mut Tx,
    street: Id,
    n: Option<&Nominee>,
    photo: Photo,
) -> Result<Option<Portrait>, Fault> {
    let (mut now, subject) = (n.and_then(Nominee::portrait).cloned(), n.map(|n| n.person));
    let mut said = None;
    if let Some(p) = &now {
        let keys = tx.keys().clone();
        said =
            tx.clear_words(&keys, street, std::slice::from_ref(&p.alt.commit)).await?.remove(&p.alt.commit);
    }
    // A photo without its words was erased.
    now = now.filter(|_| said.is_some());
    let seen = |alt: &str| {
        let alt = text::optional("alt", alt, ALT)?;
        alt.ok_or(Refusal::invalid("alt", "elections.no-photo-alt"))
    };
    Ok(match (photo, now) {
        (Photo::Stays, now) => now,
        (Photo::Away, _) => None,
        (Photo::Given(blob, alt), _) => {
            let alt = seen(&alt)?;
            let alt = tx.keep(street, subject, &alt).await?;
            Some(Portrait { photo: tx.put_blob(street, *blob).await?.0, alt })
        }
        (Photo::Said(alt), Some(now)) => {
            let alt = seen(&alt)?;
            // The same words are no change: a form that is saved for its texts leaves the photo as it is.
            if said.as_ref() == Some(&alt) {
                Some(now)
            } else {
                Some(Portrait { photo: now.photo, alt: tx.keep(street, subject, &alt).await? })
            }
        }
        // A browser does not keep a file that was refused: the words are there, the photo is not.
        (Photo::Said(alt), None) if !alt.trim().is_empty() => {
            return Err(Refusal::invalid("photo", "elections.no-photo-chosen").into());
        }
        (Photo::Said(_), None) => None,
    })
}

/// Erases photos that nobody presents any more, with the words that stood for them.
pub(super) async fn clear_away(tx: &mut Tx, before: &Election, after: &Election) -> Result<(), Fault> {
    let kept: Vec<Id> = after.nominees.iter().filter_map(Nominee::portrait).map(|p| p.photo).collect();
    for n in &before.nominees {
        if let Some(gone) = n.portrait().filter(|p| !kept.contains(&p.photo)) {
            tx.erase_blob(before.street, gone.photo).await?;
            tx.erase_words(before.street, n.person, std::slice::from_ref(&gone.alt.commit)).await?;
        }
    }
    Ok(())
}
