//! The notice of a poll: given now, or entered after it hung on a board.

use super::{desk::address, local_time};
use crate::{
    model::{Poll, Posted},
    rules::{self, Act},
    t,
};
use chrono::NaiveDate;
use kernel::{Id, Refusal, Time, time};
use maud::{Markup, html};
use store::{Blob, Fault, Tx};
use ui::{
    Ctx, Form, Lang, Viewer,
    parts::{self, Field},
};

pub(super) fn form(ctx: &Ctx, viewer: &Viewer, p: &Poll, form: &Form) -> Markup {
    let lang = viewer.lang;
    let days = p.rule.as_ref().map_or(0, |r| r.rule.notice_days);
    let first = rules::earliest_opening(time::local_date(ctx.store.now()), days);
    html! {
        form."form" method="post" enctype="multipart/form-data" action=(address(p, "prepare/notice")) data-once {
            (parts::hidden(ctx, viewer))
            div.g2 {
                (parts::field(lang, form, Field { name: "opens", label: &t!(lang, "opens"), hint: &t!(lang, "opens-hint", days = days, day = first.to_string()), kind: "datetime-local", required: true, ..Field::default() }))
                (parts::field(lang, form, Field { name: "closes", label: &t!(lang, "closes"), hint: &t!(lang, "closes-hint"), kind: "datetime-local", required: true, ..Field::default() }))
            }
            (parts::field(lang, form, Field { name: "urgent", label: &t!(lang, "urgent-why"), hint: &t!(lang, "urgent-hint"), max: 2000, ..Field::default() }))
            (posted_fields(lang, form))
            div."btns mt3" { button."btn pri" { (t!(lang, "give-notice")) } }
        }
    }
}

/// The fields by which a notice is entered that hung on a board already.
#[must_use]
pub fn posted_fields(lang: Lang, form: &Form) -> Markup {
    let names = ["posted_on", "board", "board_photo"];
    let open = names.iter().any(|f| form.error(f).is_some()) || form.values.some("posted_on").is_some();
    html! {
        details."more mt3" open[open] { summary { (t!(lang, "posted-already")) }
            p.hint { (t!(lang, "posted-about")) }
            div.g2 {
                (parts::field(lang, form, Field { name: "posted_on", label: &t!(lang, "posted-on"), hint: &t!(lang, "posted-on-hint"), kind: "date", ..Field::default() }))
                (parts::field(lang, form, Field { name: "board", label: &t!(lang, "posted-board"), hint: &t!(lang, "posted-board-hint"), max: 60, ..Field::default() }))
            }
            (parts::field(lang, form, Field { name: "board_photo", label: &t!(lang, "board-photo"), hint: &t!(lang, "posted-photo-hint"), kind: "file", ..Field::default() }))
        }
    }
}

/// In words where and when a notice hung, and when it was entered.
#[must_use]
pub fn posted_words(lang: Lang, posted: &Posted, entered: Time) -> String {
    t!(
        lang,
        "posted-words",
        day = posted.on.to_string(),
        board = posted.board.clone(),
        entered = time::local_date(entered).to_string()
    )
}

/// A notice that hung, as a form gives it.
#[derive(Debug)]
pub struct Hung {
    on: NaiveDate,
    board: String,
    photo: Blob,
}

impl Hung {
    /// Reads it; nothing when the form gives no day. Without a photo anybody could date a notice back.
    ///
    /// # Errors
    /// Which field is wrong; what is wrong with the photo.
    pub async fn read(posted: &mut ui::Posted) -> Result<Option<Self>, Fault> {
        let photo = posted.take_photo("board_photo").await?;
        let f = &posted.fields;
        let Some(on) = f.parse("posted_on")? else {
            return match f.some("board").is_some() || photo.is_some() {
                true => Err(Refusal::invalid("posted_on", "ui.empty").into()),
                false => Ok(None),
            };
        };
        let board = f.some("board").ok_or(Refusal::invalid("board", "ui.empty"))?.to_owned();
        let photo = photo.ok_or(Refusal::invalid("board_photo", "polls.no-board-photo"))?;
        Ok(Some(Self { on, board, photo }))
    }

    /// Keeps the photo.
    ///
    /// # Errors
    /// What the database says.
    pub async fn keep(self, tx: &mut Tx, street: Id) -> Result<Posted, Fault> {
        let photo = Some(tx.put_blob(street, self.photo).await?.0);
        Ok(Posted { on: self.on, board: self.board, photo, roll_on: None })
    }
}

/// A notice as the desk gives it.
pub(super) struct Given {
    opens: Time,
    closes: Time,
    urgent: Option<String>,
    hung: Option<Hung>,
}

impl Given {
    pub(super) async fn act(self, tx: &mut Tx, street: Id) -> Result<Act, Fault> {
        Ok(match self.hung {
            Some(hung) => Act::Posted(self.opens, self.closes, hung.keep(tx, street).await?),
            None => Act::Notice(self.opens, self.closes, self.urgent),
        })
    }
}

pub(super) async fn read(posted: &mut ui::Posted) -> Result<Given, Fault> {
    let hung = Hung::read(posted).await?;
    let f = &posted.fields;
    let (opens, closes) = (local_time(f, "opens")?, local_time(f, "closes")?);
    Ok(Given { opens, closes, urgent: f.some("urgent").map(str::to_owned), hung })
}
