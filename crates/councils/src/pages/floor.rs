//! The floor, on the chair's screen: who speaks, who is next, who else waits. It follows what members do on their phones.

use super::{
    board,
    chair::{address, button},
    motions,
    now::{side_chip, side_word, speaker},
    sitting::Screen,
};
use crate::{
    model::{Item, ItemState, Side, SittingState, Speech},
    rules, t,
};
use kernel::Id;
use maud::{Markup, html};
use ui::{
    Ctx, Form, Viewer,
    parts::{self, Field},
};

/// Those in the room as choices for a form, by name: (seat, name). Of those who vote only, if so asked.
pub(super) fn in_the_room(x: &Screen, voters: bool) -> Vec<(String, String)> {
    let there = x.sitting.present().filter(|a| a.votes || !voters);
    there.map(|a| (a.member.to_string(), x.name(a.person))).collect()
}

/// Everything that is the floor's, in one part that can be fetched by itself.
pub(super) fn part(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let held = x.sitting.state == SittingState::InSession;
    html! {
        @if x.hold && held { @if let Some(i) = x.sitting.current().filter(|i| i.state == ItemState::Debating) {
            // While hands are counted, that comes first; else who speaks.
            @if !x.sitting.vote_open() { (speakers(ctx, viewer, x, i, form)) }
            (motions::chair(ctx, viewer, x, i, form))
        } }
        (board::chair(ctx, viewer, x, form))
    }
}

fn speakers(ctx: &Ctx, viewer: &Viewer, x: &Screen, i: &Item, form: &Form) -> Markup {
    let lang = viewer.lang;
    let s = &x.sitting;
    let order = rules::speaking_order(&s.speeches, i.id);
    let waiting: Vec<&Speech> =
        order.iter().filter_map(|id: &Id| s.speeches.iter().find(|o| o.id == *id)).collect();
    let spoke = s.speeches.iter().filter(|o| o.item == i.id && o.ended.is_some()).count();
    let sides: Vec<(String, String)> =
        Side::ALL.iter().map(|k| (k.code().to_owned(), side_word(lang, *k))).collect();
    let item = || html! { input type="hidden" name="item" value=(i.id); };
    let mut now = form.of(viewer, &address(x, "limit-speech"));
    let form = &form.of(viewer, &address(x, "add-speaker"));
    if now.error("limit").is_none() {
        now.values.set("limit", (i.speech_seconds() / 60).to_string());
    }
    html! {
        section."sec mt3" aria-labelledby="h-floor" {
            div.sec-h { h2 #h-floor { (t!(lang, "speakers")) } span.num { (t!(lang, "spoke", n = spoke)) } }
            div."card card-p" {
                (speaker(lang, s, &|o| x.name(o.person)))
                div."btns mt2" {
                    @if !waiting.is_empty() { form method="post" action=(address(x, "give-word")) data-once { (parts::hidden(ctx, viewer)) (item())
                        button."btn pri" { (parts::icon("mic")) (t!(lang, "act-give-word")) } } }
                    @if s.speaking().is_some() { (button(ctx, viewer, x, "end-speech", "quiet", &t!(lang, "act-end-speech"))) }
                }
                @if !waiting.is_empty() { ol."rowlist mt2" { @for (n, o) in waiting.iter().enumerate() { li { div.rw {
                    span.num { (n + 1) }
                    span.tx { b { (x.name(o.person)) } span.meta { (side_chip(lang, o.side)) } }
                    form method="post" action=(address(x, "drop-speech")) data-once { (parts::hidden(ctx, viewer))
                        input type="hidden" name="speech" value=(o.id);
                        button."btn sm quiet" aria-label=(t!(lang, "drop-of", name = x.name(o.person))) { (t!(lang, "item-remove")) } }
                } } } } }
                details."more mt3" { summary { (t!(lang, "act-add-speaker")) }
                    form."form mt2" method="post" action=(address(x, "add-speaker")) data-once { (parts::hidden(ctx, viewer)) (item())
                        div.g2 {
                            (parts::select(lang, form, Field { name: "speaker", label: &t!(lang, "members"), required: true, ..Field::default() }, &in_the_room(x, false)))
                            (parts::select(lang, form, Field { name: "side", label: &t!(lang, "capacity"), required: true, ..Field::default() }, &sides))
                        }
                        div."btns mt3" { button.btn { (t!(lang, "act-add-speaker")) } }
                    }
                    form."form mt3" method="post" action=(address(x, "limit-speech")) data-once { (parts::hidden(ctx, viewer)) (item())
                        (parts::field(lang, &now, Field { name: "limit", label: &t!(lang, "speech-limit"), kind: "number", required: true, ..Field::default() }))
                        div."btns mt3" { button.btn { (t!(lang, "save")) } }
                    }
                }
            }
        }
    }
}
