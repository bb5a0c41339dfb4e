//! Motions: their versions side by side for everybody, what the chair does with them, what a member does from a phone.

use super::{
    chair::{address, count},
    floor::in_the_room,
    sitting::Screen,
    words::{ballot, capacity_word, rule_choices},
};
use crate::{
    model::{Council, Item, ItemKind, ItemState, Motion, MotionState as M, Origin, Sitting},
    t,
};
use kernel::Id;
use maud::{Markup, html};
use ui::{Ctx, Form, Lang, Viewer, parts};

fn chip(lang: Lang, m: &Motion) -> Markup {
    let class = match m.state {
        M::Moved => "new",
        M::Seconded => "talk",
        M::Debating | M::Put => "do",
        M::Adopted => "ok",
        M::Rejected => "late",
        M::Postponed | M::Referred => "horn",
        M::Withdrawn | M::Merged | M::Fallen => "off",
    };
    parts::chip(class, "", &crate::WORDS.say(lang, &format!("motion-{}", m.state), &[]))
}

/// The versions of a motion beside each other, each marked against the one before.
fn versions(lang: Lang, m: &Motion) -> Markup {
    html! {
        ol.versions { @for (n, v) in m.versions.iter().enumerate() { li {
            @let number: usize = n + 1;
            p."cap muted" { (t!(lang, "motion-version", n = number)) " · " @match v.origin {
                Origin::Moved => (t!(lang, "version-moved")),
                Origin::Reworded => (t!(lang, "version-reworded")),
                Origin::Amended(_) => (t!(lang, "version-amended")),
                Origin::Merged(_) => (t!(lang, "version-merged")),
            } }
            p { @match n.checked_sub(1).and_then(|n| m.versions.get(n)) { Some(old) => (ui::parts::compared(&old.text, &v.text)), None => (v.text) } }
        } } }
    }
}

/// The text of a motion: of an amendment with what it changes in the version that it is worded against.
fn text(s: &Sitting, m: &Motion) -> Markup {
    let old = m.parent.and_then(|p| s.motion(p)).and_then(|p| p.versions.get(m.base));
    html! { @match old { Some(old) => (ui::parts::compared(&old.text, m.text())), None => (m.text()) } }
}

fn ordered(s: &Sitting, item: Id) -> Vec<(&Motion, Vec<&Motion>)> {
    let of = |parent: Option<Id>| s.motions.iter().filter(move |m| m.item == item && m.parent == parent);
    of(None)
        .map(|main| {
            let mut amendments: Vec<&Motion> = of(Some(main.id)).collect();
            amendments.sort_by_key(|m| std::cmp::Reverse(m.distance));
            (main, amendments)
        })
        .collect()
}

/// The motions of an item as everybody sees them: by whom in which capacity, never who.
pub(super) fn public(lang: Lang, c: &Council, s: &Sitting, item: &Item) -> Markup {
    let by = |seat: Id| c.member(seat).map(|m| capacity_word(lang, m.capacity)).unwrap_or_default();
    let from = |m: &Motion| match m.seconder {
        Some(seconder) => t!(lang, "moved-seconded", by = by(m.sponsor), seconder = by(seconder)),
        None => t!(lang, "moved-by", by = by(m.sponsor)),
    };
    html! {
        @for (main, amendments) in ordered(s, item.id) { div."motion mt3" {
            p.meta { (chip(lang, main)) span { (from(main)) } }
            @if main.versions.len() > 1 { (versions(lang, main)) } @else { p."mt2" { (main.text()) } }
            @if let Some(words) = &main.words { p."said" { (kernel::text::blot(words)) } }
            @if main.ballot.is_some() && item.ballot.is_none() { @if let Some(b) = &main.ballot { (ballot(lang, b)) } }
            @for a in amendments { div."amendment mt2" {
                p.meta { b { (t!(lang, "amendment")) } (chip(lang, a)) span { (from(a)) } }
                p { (text(s, a)) }
                @if let Some(b) = &a.ballot { (ballot(lang, b)) }
            } }
        } }
    }
}

/// The motions of a line of the agenda that were handed in, before it is talked about.
pub(super) fn handed_in(lang: Lang, c: &Council, s: &Sitting, item: &Item) -> Markup {
    let any = s.motions.iter().any(|m| m.item == item.id && m.handed_in);
    html! { @if any && item.state == ItemState::Scheduled { (public(lang, c, s, item)) } }
}

/// A form about one motion: its fields have own ids, and what was typed comes back to it alone.
pub(super) struct About<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) viewer: &'a Viewer,
    pub(super) form: &'a Form,
    pub(super) id: Id,
}

impl About<'_> {
    fn mine(&self, verb: &str) -> bool {
        self.form.values.get("id") == self.id.to_string() && self.form.values.get("about") == verb
    }

    fn label(&self, verb: &str, name: &str, word: &str) -> Markup {
        let error = self.form.errors.iter().find(|e| e.field == Some(name) && self.mine(verb));
        html! {
            label for={ "m-" (verb) "-" (name) "-" (self.id) } { (word) }
            @if let Some(e) = error { p.err { (ui::refusal_text(self.viewer.lang, e)) } }
        }
    }

    pub(super) fn area(&self, verb: &str, name: &str, word: &str, value: &str) -> Markup {
        let value = if self.mine(verb) { self.form.values.get(name) } else { value };
        html! { div.field { (self.label(verb, name, word))
        textarea #{ "m-" (verb) "-" (name) "-" (self.id) } name=(name) rows="3" maxlength="500" required { (value) } } }
    }

    pub(super) fn choice(
        &self,
        verb: &str,
        name: &str,
        word: &str,
        choices: &[(String, String)],
        value: &str,
    ) -> Markup {
        let value = if self.mine(verb) { self.form.values.get(name) } else { value };
        html! { div.field { (self.label(verb, name, word))
        select #{ "m-" (verb) "-" (name) "-" (self.id) } name=(name) required { @for (v, w) in choices { option value=(v) selected[v == value] { (w) } } } } }
    }

    fn number(&self, verb: &str, name: &str, word: &str, value: u32) -> Markup {
        html! { div.field { (self.label(verb, name, word))
        input.short #{ "m-" (verb) "-" (name) "-" (self.id) } name=(name) type="number" min="0" max="99" required value=(value); } }
    }

    /// The form with its button, folded away unless it is the next thing to do.
    pub(super) fn folded(&self, to: &str, verb: &str, word: &str, open: bool, fields: &Markup) -> Markup {
        let hidden = html! {
            (parts::hidden(self.ctx, self.viewer))
            input type="hidden" name="id" value=(self.id);
            input type="hidden" name="about" value=(verb);
        };
        html! { details."more mt2" open[open || self.mine(verb)] { summary { (word) }
        form."form mt2" method="post" action=(to) data-once { (hidden) (fields) div."btns mt2" { button.btn.pri[open] { (word) } } } } }
    }
}

/// The motions of the item that is being debated, on the chair's screen.
pub(super) fn chair(ctx: &Ctx, viewer: &Viewer, x: &Screen, item: &Item, form: &Form) -> Markup {
    let lang = viewer.lang;
    if item.kind != ItemKind::Decide || item.state != ItemState::Debating {
        return html! {};
    }
    let s = &x.sitting;
    let about = About { ctx, viewer, form, id: item.id };
    let voters = in_the_room(x, true);
    let main = html! { (about.area("move-motion", "motion", &t!(lang, "motion-text"), "")) (about.choice("move-motion", "sponsor", &t!(lang, "sponsor"), &voters, "")) };
    html! {
        section."sec mt3" aria-labelledby="h-motions" {
            div.sec-h { h2 #h-motions { (t!(lang, "motions")) } }
            @for (main, amendments) in ordered(s, item.id) { div."card card-p mt3" {
                p.meta { (chip(lang, main)) span { (t!(lang, "moved-by", by = seat_name(x, main.sponsor))) } @if let Some(seat) = main.seconder { span { (t!(lang, "seconded-by", by = seat_name(x, seat))) } } }
                (versions(lang, main))
                @if let Some(b) = &main.ballot { (ballot(lang, b)) }
                (acts(ctx, viewer, x, item, main, form))
                @for a in amendments { div."amendment mt3" {
                    p.meta { b { (t!(lang, "amendment")) } (chip(lang, a)) span { (t!(lang, "moved-by", by = seat_name(x, a.sponsor))) } @if let Some(seat) = a.seconder { span { (t!(lang, "seconded-by", by = seat_name(x, seat))) } } span.num { (t!(lang, "distance-of", n = a.distance)) } }
                    p { (text(s, a)) }
                    @if let Some(b) = &a.ballot { (ballot(lang, b)) }
                    (acts(ctx, viewer, x, item, a, form))
                } }
            } }
            @if s.put_motion().is_none() { div."card card-p mt3" { (about.folded(&address(x, "move-motion"), "move-motion", &t!(lang, "act-move"), false, &main)) } }
        }
    }
}

fn seat_name(x: &Screen, seat: Id) -> String {
    x.council.member(seat).map(|m| x.name(m.person)).unwrap_or_default()
}

/// What the chair may do with a motion now: the next thing open, the rest folded.
fn acts(ctx: &Ctx, viewer: &Viewer, x: &Screen, item: &Item, m: &Motion, form: &Form) -> Markup {
    let lang = viewer.lang;
    let s = &x.sitting;
    if m.state == M::Put {
        return count(ctx, viewer, x, item, form);
    }
    if !m.state.is_live() || s.put_motion().is_some() {
        return html! {};
    }
    let about = About { ctx, viewer, form, id: m.id };
    let voters = in_the_room(x, true);
    let others: Vec<(String, String)> =
        voters.iter().filter(|(seat, _)| *seat != m.sponsor.to_string()).cloned().collect();
    let into: Vec<(String, String)> = s
        .motions
        .iter()
        .filter(|o| {
            o.item == m.item
                && o.parent.is_none()
                && o.id != m.id
                && matches!(o.state, M::Seconded | M::Debating)
        })
        .map(|o| (o.id.to_string(), o.text().chars().take(24).collect()))
        .collect();
    let seconded = matches!(m.state, M::Seconded | M::Debating);
    let main = m.parent.is_none();
    // Amendments are put before their motion, the furthest first.
    let next = crate::rules::next_amendment(&s.motions, m.parent.unwrap_or(m.id));
    let turn = if main { next.is_none() } else { next.is_some_and(|n| n.id == m.id) };
    let words = |verb: &str| about.area(verb, "words", &t!(lang, "reason"), "");
    let form_of = |verb: &str, word: String, open: bool, fields: &Markup| {
        about.folded(&address(x, verb), verb, &word, open, fields)
    };
    let sponsor = html! { input type="hidden" name="seat" value=(m.sponsor); };
    html! {
        @if m.state == M::Moved { (form_of("second", t!(lang, "act-second"), true, &about.choice("second", "seconder", &t!(lang, "seconder"), &others, ""))) }
        @if m.state == M::Seconded { (form_of("debate", t!(lang, "act-debate"), true, &html! {})) }
        @if m.state == M::Debating && !turn { p."cap muted mt2" { (t!(lang, "amendments-first")) } }
        @if m.state == M::Debating && turn { (form_of("put", t!(lang, "act-put"), true, &about.choice("put", "rule", &t!(lang, "rule"), &rule_choices(lang), &x.council.rule))) }
        @if main && seconded { (form_of("amend", t!(lang, "act-amend"), false, &html! {
            (about.area("amend", "motion", &t!(lang, "amended-text"), m.text()))
            (about.choice("amend", "sponsor", &t!(lang, "sponsor"), &voters, ""))
            (about.number("amend", "distance", &t!(lang, "distance"), 1))
        })) }
        @if !main || m.state == M::Moved { (form_of("reword", t!(lang, "act-reword"), false, &about.area("reword", "motion", &t!(lang, "motion-text"), m.text()))) }
        @if !main && m.state != M::Debating { (form_of("distance", t!(lang, "distance"), false, &about.number("distance", "distance", &t!(lang, "distance"), m.distance))) }
        @if main && seconded && !into.is_empty() { (form_of("merge", t!(lang, "act-merge"), false, &html! {
            (about.choice("merge", "into", &t!(lang, "merge-into"), &into, ""))
            (about.area("merge", "motion", &t!(lang, "motion-text"), m.text()))
        })) }
        @if main && m.state == M::Debating {
            (form_of("postpone-motion", t!(lang, "act-postpone-motion"), false, &words("postpone-motion")))
            (form_of("refer-motion", t!(lang, "act-refer-motion"), false, &words("refer-motion")))
        }
        (form_of("withdraw-motion", t!(lang, "act-withdraw-motion"), false, &sponsor))
    }
}

/// What a member in the room who votes does with motions from a phone.
pub(super) fn own(ctx: &Ctx, viewer: &Viewer, s: &Sitting, seat: Id) -> Markup {
    let lang = viewer.lang;
    let open = |i: &&Item| i.kind == ItemKind::Decide && i.state == ItemState::Debating;
    let Some(item) = s.current().filter(open).filter(|_| s.put_motion().is_none()) else { return html! {} };
    let form = Form::default();
    let to = |verb: &str| format!("/sittings/{}/own/{verb}", s.id);
    let about = |id: Id| About { ctx, viewer, form: &form, id };
    let button = |m: &Motion, verb: &str, class: &str, word: String| {
        html! {
            form method="post" action=(to(verb)) data-once { (parts::hidden(ctx, viewer)) input type="hidden" name="id" value=(m.id); button class={ "btn sm " (class) } { (word) } }
        }
    };
    html! {
        section."card card-p mt3" aria-labelledby="h-mine" {
            h2.h3 #h-mine { (t!(lang, "motions")) }
            @for m in s.motions.iter().filter(|m| m.item == item.id && m.state.is_live()) { div."motion mt2" {
                p.meta { @if m.parent.is_some() { b { (t!(lang, "amendment")) } } (chip(lang, m)) }
                p { (text(s, m)) }
                div."btns mt2" {
                    @if m.state == M::Moved && m.sponsor != seat { (button(m, "second", "pri", t!(lang, "act-second"))) }
                    @if m.sponsor == seat { (button(m, "withdraw-motion", "quiet", t!(lang, "act-withdraw-motion"))) }
                }
                @if m.parent.is_none() && matches!(m.state, M::Seconded | M::Debating) {
                    (about(m.id).folded(&to("amend"), "amend", &t!(lang, "act-amend"), false, &about(m.id).area("amend", "motion", &t!(lang, "amended-text"), m.text())))
                }
            } }
            (about(item.id).folded(&to("move-motion"), "move-motion", &t!(lang, "act-move"), false, &about(item.id).area("move-motion", "motion", &t!(lang, "motion-text"), "")))
        }
    }
}
