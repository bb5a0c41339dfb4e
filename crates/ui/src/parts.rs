//! Components of `docs/design-language.md` as typed functions.

use crate::{Ctx, Form, Lang, Viewer, refusal_text, say, t};
use kernel::{
    Satisfaction,
    diff::{Piece, compare},
};
use maud::{Markup, html};

/// Percent-encodes a value for a query or path.
#[must_use]
pub fn query(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

/// Undoes [`query`], and reads what browsers send: a plus is a space, what is no number becomes `?`.
#[must_use]
pub fn unquery(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(b) = rest.next() {
        match b {
            b'+' => bytes.push(b' '),
            b'%' => {
                let pair = [rest.next().unwrap_or(b'0'), rest.next().unwrap_or(b'0')];
                let hex = std::str::from_utf8(&pair).ok().filter(|p| !p.starts_with('+'));
                bytes.push(hex.and_then(|p| u8::from_str_radix(p, 16).ok()).unwrap_or(b'?'));
            }
            b => bytes.push(b),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An icon of the sprite; beside a word or in a labelled control, never alone.
#[must_use]
pub fn icon(name: &str) -> Markup {
    html! { svg.ico aria-hidden="true" { use href={ (crate::asset!("icons.svg")) "#" (name) } {} } }
}

/// An icon of the size of its text.
#[must_use]
pub fn icon_s(name: &str) -> Markup {
    html! { svg."ico-s" aria-hidden="true" { use href={ (crate::asset!("icons.svg")) "#" (name) } {} } }
}

/// A status chip: word, icon and tint.
#[must_use]
pub fn chip(class: &str, icon: &str, word: &str) -> Markup {
    html! { span class={ "chip " (class) } { @if !icon.is_empty() { (icon_s(icon)) } (word) } }
}

/// The hidden fields that every form of ours carries: its token and a fresh idempotency key.
#[must_use]
pub fn hidden(ctx: &Ctx, viewer: &Viewer) -> Markup {
    let key = ctx.store.new_id().map(|id| id.to_string()).unwrap_or_default();
    html! {
        (csrf(ctx, viewer))
        input type="hidden" name="key" value=(key);
    }
}

/// The token alone, for forms that may be sent twice without harm.
#[must_use]
pub fn csrf(ctx: &Ctx, viewer: &Viewer) -> Markup {
    html! { input type="hidden" name="csrf" value=(ctx.store.keys().sign("form", &viewer.scope())); }
}

/// The list of what is wrong with a form, each leading to its field.
#[must_use]
pub fn error_summary(lang: Lang, form: &Form) -> Markup {
    html! {
        @if !form.errors.is_empty() {
            div."error-summary" role="alert" tabindex="-1" data-focus aria-labelledby="es-h" {
                h2 # "es-h" { (t!(lang, "form-not-yet")) }
                ul {
                    @for e in &form.errors {
                        li { @match e.field {
                            Some(field) => a href={ "#f-" (field) } { (refusal_text(lang, e)) },
                            None => (refusal_text(lang, e)),
                        } }
                    }
                }
            }
        }
    }
}

/// What a field of a form looks like.
#[derive(Clone, Copy, Debug, Default)]
pub struct Field<'a> {
    /// Its name.
    pub name: &'static str,
    /// Its label.
    pub label: &'a str,
    /// A line of help, or nothing.
    pub hint: &'a str,
    /// The `type` of the input; `textarea` for several lines.
    pub kind: &'a str,
    /// Whether it must be filled.
    pub required: bool,
    /// The autocomplete token.
    pub autocomplete: &'a str,
    /// Longest text in characters; 0 for no limit.
    pub max: usize,
    /// Rows of a text area.
    pub rows: usize,
    /// Leave out the word "optional": one of several fields must be filled.
    pub bare: bool,
}

/// One of the questions of an evaluation with its large choices: value, class, icon and words of each.
#[must_use]
pub fn ask(
    lang: Lang,
    form: &Form,
    name: &'static str,
    legend: &str,
    choices: &[(&str, &str, &str, String)],
) -> Markup {
    let error = form.error(name);
    let value = form.values.get(name);
    html! {
        fieldset.ask.bad[error.is_some()] #{ "f-" (name) } {
            legend { (legend) }
            @if let Some(e) = error { p.err { (icon_s("circle-alert")) (refusal_text(lang, e)) } }
            div.choices { @for (v, class, icon_name, text) in choices {
                label class={ "choice " (class) } { input type="radio" name=(name) value=(v) required checked[*v == value]; span { (icon(icon_name)) b { (text) } } }
            } }
        }
    }
}

/// The word for how satisfied somebody is.
#[must_use]
pub fn satisfied_word(lang: Lang, grade: Satisfaction) -> String {
    say(lang, &format!("ui.satisfied-{}", grade.code()), &[])
}

/// The question how satisfied somebody is.
#[must_use]
pub fn satisfaction(lang: Lang, form: &Form, name: &'static str, legend: &str) -> Markup {
    let choices = Satisfaction::ALL.iter().map(|grade| {
        let (class, icon_name) = match grade {
            Satisfaction::Satisfied => ("good", "thumbs-up"),
            Satisfaction::Partly => ("mid", "meh"),
            Satisfaction::Dissatisfied => ("bad", "thumbs-down"),
        };
        (grade.code(), class, icon_name, satisfied_word(lang, *grade))
    });
    ask(lang, form, name, legend, &choices.collect::<Vec<_>>())
}

/// A labelled field with its hint and error.
#[must_use]
pub fn field(lang: Lang, form: &Form, f: Field<'_>) -> Markup {
    let error = form.error(f.name);
    let id = format!("f-{}", f.name);
    let mut described = Vec::new();
    if !f.hint.is_empty() {
        described.push(format!("{id}-h"));
    }
    if error.is_some() {
        described.push(format!("{id}-e"));
    }
    let described = (!described.is_empty()).then(|| described.join(" "));
    let value = form.values.get(f.name);
    let max = (f.max > 0).then(|| f.max.to_string());
    let complete = (!f.autocomplete.is_empty()).then_some(f.autocomplete);
    html! {
        div.field.bad[error.is_some()] {
            label for=(id) { (f.label) @if !f.required && !f.bare { " " span.opt { (t!(lang, "optional")) } } }
            @if !f.hint.is_empty() { p.hint #{ (id) "-h" } { (f.hint) } }
            @if let Some(e) = error { p.err #{ (id) "-e" } { (icon_s("circle-alert")) (refusal_text(lang, e)) } }
            @if f.kind == "textarea" {
                textarea #(id) name=(f.name) rows=(if f.rows == 0 { 4 } else { f.rows }) maxlength=[max] required[f.required]
                    aria-invalid=[error.map(|_| "true")] aria-describedby=[described] autocomplete=[complete] { (value) }
            } @else {
                input #(id) name=(f.name) type=(if f.kind.is_empty() { "text" } else { f.kind }) maxlength=[max] required[f.required]
                    value=[(f.kind != "password").then_some(value)] aria-invalid=[error.map(|_| "true")] aria-describedby=[described] autocomplete=[complete];
            }
        }
    }
}

/// A labelled choice from a list of (value, word).
#[must_use]
pub fn select(lang: Lang, form: &Form, f: Field<'_>, choices: &[(String, String)]) -> Markup {
    let error = form.error(f.name);
    let id = format!("f-{}", f.name);
    let value = form.values.get(f.name);
    html! {
        div.field.bad[error.is_some()] {
            label for=(id) { (f.label) @if !f.required { " " span.opt { (t!(lang, "optional")) } } }
            @if !f.hint.is_empty() { p.hint { (f.hint) } }
            @if let Some(e) = error { p.err #{ (id) "-e" } { (icon_s("circle-alert")) (refusal_text(lang, e)) } }
            select #(id) name=(f.name) required[f.required] aria-invalid=[error.map(|_| "true")] aria-describedby=[error.map(|_| format!("{id}-e"))] {
                @if !f.required { option value="" { (t!(lang, "choose-none")) } }
                @for (v, word) in choices { option value=(v) selected[v == value] { (word) } }
            }
        }
    }
}

/// Radio cards: (value, word, explanation).
#[must_use]
pub fn radios(lang: Lang, form: &Form, f: Field<'_>, choices: &[(String, String, String)]) -> Markup {
    let error = form.error(f.name);
    let value = form.values.get(f.name);
    html! {
        fieldset."tiers field".bad[error.is_some()] #{ "f-" (f.name) } {
            legend { (f.label) @if !f.required { " " span.opt { (t!(lang, "optional")) } } }
            @if !f.hint.is_empty() { p.hint { (f.hint) } }
            @if let Some(e) = error { p.err { (icon_s("circle-alert")) (refusal_text(lang, e)) } }
            @for (v, word, why) in choices {
                label { input type="radio" name=(f.name) value=(v) checked[v == value] required[f.required]; span { b { (word) } (why) } }
            }
        }
    }
}

/// One checkbox with its sentence.
#[must_use]
pub fn check(form: &Form, name: &str, word: &str) -> Markup {
    html! { label.check { input type="checkbox" name=(name) value="1" checked[form.values.ticked(name)]; span { (word) } } }
}

/// A text with what was added and removed since another.
#[must_use]
pub fn compared(old: &str, new: &str) -> Markup {
    html! { @for piece in compare(old, new) { @match piece {
        Piece::Same(s) => (s),
        Piece::Added(s) => ins { (s) },
        Piece::Removed(s) => del { (s) },
    } } }
}

/// An empty list, said kindly.
#[must_use]
pub fn empty(icon_name: &str, title: &str, text: &str) -> Markup {
    html! { div.empty { (icon(icon_name)) b { (title) } @if !text.is_empty() { p { (text) } } } }
}

/// The pager of a keyset list: how many are shown, and on.
#[must_use]
pub fn pager(lang: Lang, shown: usize, first: Option<&str>, next: Option<&str>) -> Markup {
    html! {
        nav.pager aria-label=(t!(lang, "pager")) {
            span."muted cap num" { (t!(lang, "rows-shown", n = shown)) }
            span.btns {
                @if let Some(href) = first { a."btn sm quiet" rel="first" href=(href) { (t!(lang, "page-first")) } }
                @if let Some(href) = next { a."btn sm quiet" rel="next" href=(href) { (t!(lang, "page-next")) } }
            }
        }
    }
}

/// A QR code of a link, as SVG.
#[must_use]
pub fn qr(link: &str) -> Markup {
    use qrcode::{QrCode, render::svg};
    match QrCode::new(link.as_bytes()) {
        Ok(code) => {
            let svg = code.render::<svg::Color>().min_dimensions(120, 120).quiet_zone(true).build();
            let start = svg.find("<svg").unwrap_or(0);
            html! { (maud::PreEscaped(&svg[start..])) }
        }
        Err(_) => html! {},
    }
}

/// A banner with an icon.
#[must_use]
pub fn notice(class: &str, icon_name: &str, title: &str, text: &str) -> Markup {
    html! {
        div class={ "notice " (class) } role="status" {
            (icon(icon_name))
            div { b { (title) } @if !text.is_empty() { br; (text) } }
        }
    }
}
