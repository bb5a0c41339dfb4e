//! Faces that every room shares: languages, layout, components, forms, rights at the door, errors in words.
//!
//! * [`Ctx`] is what every handler gets; [`Viewer`] is who looks: language, type size, session, offices.
//! * [`Posted`] is a form that was sent: CSRF proven, idempotency key, files; [`Form`] is a form to show.
//! * [`Right`] names a verb and the offices that hold it; [`Viewer::need`] proves it for a place; a [`Door`] says what
//!   an address asks.
//! * [`layout`] frames a page, [`parts`] are its components (see `docs/design-language.md`).
//!
//! Knows no room: navigation and sessions are handed in by `app`.

pub mod assets;
mod ctx;
mod door;
mod fail;
mod form;
mod keeper;
mod lang;
pub mod layout;
pub mod live;
pub mod needs;
mod page;
pub mod parts;
pub mod sheet;
pub mod show;
pub mod testing;
mod viewer;

pub use ctx::{Community, Ctx, Gate, Home, NavItem, Site};
pub use door::{done, photo, routes, safe_return, set_cookie, wrap};
pub use fail::{Oops, Problem, into_form, problem, with_status};
pub use form::{Fields, File, Form, Posted};
pub use keeper::{CalendarOf, Erased, Keeper, Kept};
pub use lang::{Lang, Words, refusal_next, refusal_text, register, say, words_of};
pub use needs::{Door, Needs};
pub use page::Cursor;
pub use viewer::{Office, Right, Seen, Signed, Via, Viewer};

/// A handler's answer.
pub type Answer = Result<axum::response::Response, Oops>;

/// The sentences of a crate, of the language files that `$languages` embeds: the static `WORDS` (hand it to [`register`] when the program
/// starts), and `t!(lang, "key", name = value)`, which fails to compile when the key is missing.
#[macro_export]
#[expect(clippy::crate_in_macro_def, reason = "`t!` speaks for the room that it is made in")]
macro_rules! room_words {
    ($room:literal, $languages:ty) => {
        $crate::room_words!(@ ($) $room, $languages);
    };
    (@ ($d:tt) $room:literal, $languages:ty) => {
        /// The sentences of this crate.
        pub static WORDS: std::sync::LazyLock<$crate::Words> =
            std::sync::LazyLock::new(|| $crate::Words::load::<$languages>($room));

        macro_rules! t {
            ($d lang:expr, $d($d rest:tt)+) => { i18n_embed_fl::fl!(crate::WORDS.of($d lang), $d($d rest)+) };
        }
        pub(crate) use t;
    };
}

#[derive(Default, rust_embed::RustEmbed)]
#[folder = "i18n"]
struct Languages;

room_words!("ui", Languages);
