//! Who is there, on the chair's screen: by the list, by telephone, for somebody else, as a guest; and who is called by name
//! while hands are counted.

use super::{
    chair::{address, sign_in_link},
    sitting::Screen,
    words::{capacity_word, how_word, times},
};
use crate::{
    model::{Attendance, Ballot, Capacity, How, Item, Member, Say, SittingState, Standing},
    rules, t,
};
use kernel::Id;
use maud::{Markup, html};
use ui::{
    Ctx, Form, Lang, Viewer,
    parts::{self, Field},
};

/// Who is there, by the list; the code for signing in by oneself.
pub(super) fn part(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let s = &x.sitting;
    let (have, all) = (rules::attending(s, &x.council), x.council.eligible(s.day()));
    let gap =
        rules::decision_rule(&x.council.rule).ok().and_then(|r| r.attend).map(|share| share.gap(have, all));
    let link = sign_in_link(ctx, s.id);
    html! {
        section."sec mt3" aria-labelledby="h-there" {
            div.sec-h { h2 #h-there { (t!(lang, "attendance")) } @if s.state.is_held() { span.num { (t!(lang, "in-the-room", have = have, all = all)) } } }
            @if s.state.is_held() { @if let Some(gap) = gap { p { (polls::gap_words(lang, polls::Unit::Persons, &gap)) } } }
            ul."card rowlist" { @for m in x.council.serving(s.day()) { (row(ctx, viewer, x, m)) } (guests(ctx, viewer, x)) }
            @if x.hold && s.state.is_held() { (new_guest(ctx, viewer, x, form)) }
            @if x.hold { (send(ctx, viewer, x, form)) }
            @if s.state.is_held() { details."more card card-p mt3" { summary { (t!(lang, "sign-in-code")) } p { (t!(lang, "sign-in-code-about")) } (parts::qr(&link)) p."cap" { a href=(link) { (link) } } } }
        }
    }
}

/// The buttons by which somebody came: in the room, and from elsewhere where that was announced.
fn came(ctx: &Ctx, viewer: &Viewer, x: &Screen, verb: &str, member: Id, name: &str) -> Markup {
    let lang = viewer.lang;
    html! { form."btns" method="post" action=(address(x, verb)) data-once {
        (parts::hidden(ctx, viewer)) input type="hidden" name="member" value=(member);
        @if x.sitting.mode != crate::model::Mode::Online { button."btn sm" name="how" value=(How::List) aria-label=(t!(lang, "came-of", name = name.to_owned())) { (t!(lang, "came")) } }
        @if !x.sitting.mode.is_onsite() { @for how in [How::Phone, How::Online] {
            button."btn sm" name="how" value=(how) aria-label={ (how_word(lang, how)) " · " (t!(lang, "came-of", name = name.to_owned())) } { (how_word(lang, how)) }
        } }
    } }
}

fn went(ctx: &Ctx, viewer: &Viewer, x: &Screen, a: &Attendance) -> Markup {
    let lang = viewer.lang;
    html! { form method="post" action=(address(x, "leave")) data-once {
        (parts::hidden(ctx, viewer)) input type="hidden" name="member" value=(a.member);
        button."btn sm quiet" aria-label=(t!(lang, "went-of", name = x.name(a.person))) { (t!(lang, "went")) }
    } }
}

fn row(ctx: &Ctx, viewer: &Viewer, x: &Screen, m: &Member) -> Markup {
    let lang = viewer.lang;
    let s = &x.sitting;
    let there = s.present().find(|a| a.member == m.id);
    let sent = s.delegate_of(m.id);
    let held = x.hold && s.state.is_held();
    let been = times(s, m.id);
    html! {
        li { div.rw { (parts::icon(if there.is_some() { "user-check" } else { "user-round" })) span.tx { b { (x.name(m.person)) } span.meta {
            span { (capacity_word(lang, m.capacity)) }
            @if !m.votes { (parts::chip("line", "", &t!(lang, "no-vote"))) }
            @if let Some(d) = sent { (parts::chip("talk", "", &t!(lang, "sent", name = x.name(d.person)))) }
            @if let Some(a) = there { span { (how_word(lang, a.how)) } }
            @if !been.is_empty() { span.num { (been) } }
        } }
        @if let Some(a) = there.filter(|_| held) { (went(ctx, viewer, x, a)) }
        @else if held { @match sent {
            Some(d) => (came(ctx, viewer, x, "come-for", m.id, &x.name(d.person))),
            None => (came(ctx, viewer, x, "come", m.id, &x.name(m.person))),
        } }
        @if x.hold && sent.is_some() && there.is_none() && (s.state.is_held() || s.state == SittingState::Noticed) {
            form method="post" action=(address(x, "drop-delegate")) data-once {
                (parts::hidden(ctx, viewer)) input type="hidden" name="member" value=(m.id);
                button."btn sm quiet" { (t!(lang, "act-drop-delegate")) }
            }
        } } }
    }
}

/// Guests, each once.
fn guests(ctx: &Ctx, viewer: &Viewer, x: &Screen) -> Markup {
    let lang = viewer.lang;
    let s = &x.sitting;
    let mut all: Vec<&Attendance> =
        s.attendance.iter().filter(|a| a.standing == Standing::Guest).rev().collect();
    all.sort_by_key(|a| a.member);
    all.dedup_by_key(|a| a.member);
    html! { @for a in all { li { div.rw { (parts::icon(if a.left.is_none() { "user-check" } else { "user-round" })) span.tx { b { (x.name(a.person)) } span.meta {
        span { (capacity_word(lang, a.capacity)) } (parts::chip("line", "", &t!(lang, "no-vote")))
        span { (how_word(lang, a.how)) } span.num { (times(s, a.member)) }
    } } @if x.hold && s.state.is_held() && a.left.is_none() { (went(ctx, viewer, x, a)) } } } } }
}

fn name_and_phone(lang: Lang, form: &Form, name: &'static str, tel: &'static str) -> Markup {
    html! { div.g2 {
        (parts::field(lang, form, Field { name, label: &t!(lang, "person-name"), required: true, max: 40, ..Field::default() }))
        (parts::field(lang, form, Field { name: tel, label: &t!(lang, "phone"), hint: &t!(lang, "phone-hint"), kind: "tel", max: 20, ..Field::default() }))
    } }
}

fn new_guest(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let kinds: Vec<(String, String)> =
        Capacity::GUESTS.iter().map(|k| (k.code().to_owned(), capacity_word(lang, *k))).collect();
    let far = !x.sitting.mode.is_onsite();
    let hows: Vec<(String, String)> = [How::List, How::Phone, How::Online]
        .iter()
        .map(|h| (h.code().to_owned(), how_word(lang, *h)))
        .collect();
    html! {
        details."more card card-p mt3" open[["guest", "guest_phone", "as"].iter().any(|f| form.error(f).is_some())] { summary { (t!(lang, "guest-add")) }
            form."form mt2" method="post" action=(address(x, "guest")) data-once {
                (parts::hidden(ctx, viewer)) p.hint { (t!(lang, "guest-about")) }
                (name_and_phone(lang, form, "guest", "guest_phone"))
                (parts::select(lang, form, Field { name: "as", label: &t!(lang, "capacity"), required: true, ..Field::default() }, &kinds))
                @if far { (parts::select(lang, form, Field { name: "how", label: &t!(lang, "how"), required: true, ..Field::default() }, &hows)) }
                div."btns mt3" { button.btn { (t!(lang, "guest-add")) } }
            }
        }
    }
}

/// Who comes for whom, entered for a member who told so.
fn send(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let (lang, s) = (viewer.lang, &x.sitting);
    let open = matches!(s.state, SittingState::Noticed | SittingState::SignIn);
    let rule = rules::decision_rule(&x.council.rule).ok();
    let allowed = rule.is_some_and(|r| rules::delegates_allowed(&x.council, r).is_some());
    let seats: Vec<(String, String)> = x
        .council
        .serving(s.day())
        .filter(|m| m.votes && !s.is_present(m.id))
        .map(|m| (m.id.to_string(), x.name(m.person)))
        .collect();
    html! {
        @if open && allowed && !seats.is_empty() { details."more card card-p mt3" open[["delegate", "delegate_phone"].iter().any(|f| form.error(f).is_some())] { summary { (t!(lang, "delegate-enter")) }
            form."form mt2" method="post" action=(address(x, "delegate")) data-once {
                (parts::hidden(ctx, viewer)) p.hint { (t!(lang, "delegate-enter-about")) }
                (parts::select(lang, form, Field { name: "member", label: &t!(lang, "delegate-for"), required: true, ..Field::default() }, &seats))
                (name_and_phone(lang, form, "delegate", "delegate_phone"))
                div."btns mt3" { button.btn { (t!(lang, "save")) } }
            }
        } }
    }
}

pub(super) fn say_word(lang: Lang, said: Say) -> String {
    match said {
        Say::Yes => t!(lang, "yes"),
        Say::No => t!(lang, "no"),
        Say::Abstain => t!(lang, "abstain"),
        Say::Silent => t!(lang, "say-silent"),
    }
}

/// Those who are not in the room, called one by one while hands are counted.
pub(super) fn call(ctx: &Ctx, viewer: &Viewer, x: &Screen, i: &Item, b: &Ballot) -> Markup {
    let lang = viewer.lang;
    let who = |seat: Id| {
        let last = x.sitting.attendance.iter().rev().find(|a| a.member == seat);
        last.map(|a| x.name(a.person)).unwrap_or_default()
    };
    html! {
        @if !b.remote.is_empty() { section."mt3" aria-labelledby="h-call" {
            h3.h3 #h-call { (t!(lang, "call")) } p.hint { (t!(lang, "call-about")) }
            ul.rowlist { @for seat in &b.remote { @let said = b.voices.iter().find(|v| v.member == *seat).map(|v| v.said);
                li { div.rw { span.tx { b { (who(*seat)) } @if let Some(said) = said { span.meta { (parts::chip("ok", "circle-check", &say_word(lang, said))) } } }
                    form."btns" method="post" action=(address(x, "voice")) data-once {
                        (parts::hidden(ctx, viewer)) input type="hidden" name="item" value=(i.id); input type="hidden" name="member" value=(seat);
                        @for say in Say::ALL { button."btn sm" name="said" value=(say) aria-pressed=(if said == Some(*say) { "true" } else { "false" }) aria-label={ (say_word(lang, *say)) " · " (who(*seat)) } { (say_word(lang, *say)) } }
                    } } }
            } }
        } }
    }
}
