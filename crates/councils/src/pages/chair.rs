//! The chair's one screen: state, the next act, attendance, agenda, vote, actions, minutes.

use super::{
    attendance,
    councils::{finish_form, time_fields},
    floor, motions,
    sitting::{Screen, text_of},
    words::{
        actions as action_list, ballot, capacity_word, item_chip, item_word, rule_choices, rule_words,
        sitting_title, span, state_chip, venue,
    },
};
use crate::{
    model::{Item, ItemKind, ItemState, Member, Minutes, SittingState},
    rules, t,
};
use kernel::{Id, time::local_date};
use maud::{Markup, html};
use tally::Verdict;
use ui::{
    Ctx, Form, Viewer,
    parts::{self, Field},
    show,
};

/// Title and body of the screen.
pub(super) fn screen(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> (String, Markup) {
    let lang = viewer.lang;
    let s = &x.sitting;
    let today = local_date(ctx.store.now());
    let title = sitting_title(lang, &x.council.name, s);
    let body = html! {
        div.wh { h1 { (title) } p.meta { (state_chip(lang, s.state)) span.num { (span(s)) } span { (venue(lang, s)) }
            @if x.staff { a href={ "/office/councils/" (x.council.id) } { (x.council.name) } } } }
        (parts::error_summary(lang, form))
        @if let Some(reason) = &s.reason { (parts::notice("warn", "info", &t!(lang, "reason"), reason)) }
        @if let Some(urgent) = &s.urgent { (parts::notice("warn", "timer", &t!(lang, "urgent"), urgent)) }
        @if x.hold { (next(ctx, viewer, x, form)) }
        @if !x.before.is_empty() { section."sec mt3" aria-labelledby="h-before" {
            div.sec-h { h2 #h-before { (t!(lang, "actions-before")) } }
            (action_list(lang, &x.before, &x.owners, today, &|a| finish_form(ctx, viewer, x.hold, a.id)))
        } }
        // Members act on their phones meanwhile: what they ask for appears by itself.
        @if s.state.is_held() { div #live data-now={ "/sittings/" (s.id) "/live" } data-version=(x.version) {} }
        div #floor data-now-part={ "/office/sittings/" (s.id) "/floor" } { (floor::part(ctx, viewer, x, form)) }
        // What is being dealt with comes first; before that, who is there.
        @if s.current().is_some() { (agenda(ctx, viewer, x, form)) }
        @if s.state.is_held() || s.state == SittingState::Noticed { (attendance::part(ctx, viewer, x, form)) }
        @if s.current().is_none() { (agenda(ctx, viewer, x, form)) }
        (given(ctx, viewer, x, form))
        @if s.minutes.is_some() { (minutes(ctx, viewer, x, form)) }
        p."btns mt4" {
            @if s.state != SittingState::Draft { a."btn quiet" href={ "/sittings/" (s.id) } { (parts::icon("eye")) (t!(lang, "public-page")) } }
            @if s.state != SittingState::Draft { a."btn quiet" href={ "/sittings/" (s.id) "/screen" } { (parts::icon("layout-dashboard")) (t!(lang, "wall-page")) } }
            a."btn quiet" href={ "/office/sittings/" (s.id) "/paper" } { (parts::icon("printer")) (t!(lang, "print-papers")) }
        }
    };
    (title, body)
}

pub(super) fn address(x: &Screen, act: &str) -> String {
    format!("/office/sittings/{}/{act}", x.sitting.id)
}

/// A form of one button.
pub(super) fn button(ctx: &Ctx, viewer: &Viewer, x: &Screen, act: &str, class: &str, word: &str) -> Markup {
    html! { form method="post" action=(address(x, act)) data-once { (parts::hidden(ctx, viewer)) button class={ "btn " (class) } { (word) } } }
}

/// The one next act, and what else may happen to the whole sitting.
fn next(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    use SittingState::{
        Cancelled, Closed, Draft, InSession, Lapsed, MinutesDraft, MinutesSigned, Noticed, Postponed,
        Published, Recess, SignIn,
    };
    let lang = viewer.lang;
    let one = |act, word: &str| button(ctx, viewer, x, act, "pri", word);
    let s = &x.sitting;
    html! {
        section."card card-p mt3" aria-label=(t!(lang, "next-act")) { div.btns {
            @match s.state {
                Draft | Postponed | Lapsed => (give_notice(ctx, viewer, x, form)),
                Noticed => (one("open", &t!(lang, "act-open"))),
                SignIn => { (one("begin", &t!(lang, "act-begin"))) (button(ctx, viewer, x, "lapse", "quiet", &t!(lang, "act-lapse"))) },
                InSession => {
                    @if let Some(item) = s.current() { a."btn pri" href=(if s.put_motion().is_some() { "#floor" } else { "#now" }) { (parts::icon("arrow-right")) (item.title) } }
                    @else if let Some(item) = s.items.iter().find(|i| i.state == ItemState::Scheduled) {
                        form method="post" action=(address(x, "call")) data-once { (parts::hidden(ctx, viewer)) input type="hidden" name="item" value=(item.id);
                            button."btn pri" { (t!(lang, "act-call", title = item.title.clone())) } }
                    } @else { (one("close", &t!(lang, "act-close"))) }
                    @if !s.vote_open() {
                        (button(ctx, viewer, x, "pause", "quiet", &t!(lang, "act-pause")))
                        @if s.items.iter().any(|i| i.state == ItemState::Scheduled) || s.current().is_some() { (close_early(ctx, viewer, x)) }
                    }
                },
                Recess => (one("resume", &t!(lang, "act-resume"))),
                Closed => (one("draft", &t!(lang, "act-draft"))),
                MinutesDraft => { a."btn pri" href="#minutes" { (t!(lang, "act-sign-below")) } },
                MinutesSigned => (one("publish", &t!(lang, "act-publish"))),
                Published => { (parts::notice("ok", "circle-check", &t!(lang, "all-done"), "")) },
                Cancelled => { p.muted { (t!(lang, "state-cancelled")) } },
            } }
            @if matches!(s.state, Draft | Noticed | Postponed | Lapsed) {
                details."more mt3" open[form.error("words").is_some()] { summary { (t!(lang, "not-held")) }
                    form."form mt2" method="post" action=(address(x, "cancel")) data-once {
                        (parts::hidden(ctx, viewer))
                        (parts::field(lang, form, Field { name: "words", label: &t!(lang, "reason"), required: true, max: 2000, ..Field::default() }))
                        div."btns mt3" {
                            @if s.state == Noticed { button.btn formaction=(address(x, "postpone")) { (t!(lang, "act-postpone")) } }
                            button."btn bad" { (t!(lang, "act-cancel")) }
                        }
                    }
                }
            }
        }
    }
}

/// Notice: where it is late by the rule, a reason is asked.
fn give_notice(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let rule = rules::decision_rule(&x.council.rule).ok();
    let late = rule.and_then(|r| rules::short_notice(r, x.sitting.starts, ctx.store.now()));
    html! {
        form.form method="post" action=(address(x, "notice")) data-once {
            (parts::hidden(ctx, viewer))
            p."cap muted" { (rule_words(lang, &x.council.rule)) }
            @if let Some(last) = late {
                (parts::field(lang, form, Field { name: "urgent", label: &t!(lang, "urgent"), hint: &t!(lang, "urgent-hint", day = last.to_string()), required: true, max: 2000, ..Field::default() }))
            }
            div."btns mt3" { button."btn pri" { (t!(lang, "act-notice")) } }
        }
    }
}

/// The address by which a member signs in; its code is a signature, so nothing secret is stored.
pub(super) fn sign_in_link(ctx: &Ctx, sitting: kernel::Id) -> String {
    let code = ctx.store.keys().sign("sitting-code", &sitting.to_string());
    format!("{}/sittings/{sitting}?code={code}", ctx.site.base_url)
}

fn agenda(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let s = &x.sitting;
    let plan = x.hold && s.state.is_plan();
    html! {
        section."sec mt3" aria-labelledby="h-agenda" {
            div.sec-h { h2 #h-agenda { (t!(lang, "agenda")) } }
            @if s.items.is_empty() { (parts::empty("list-checks", &t!(lang, "agenda-none"), "")) }
            ol.stack { @for (n, i) in s.items.iter().enumerate() {
                li."card card-p" id=[s.current().is_some_and(|c| c.id == i.id).then_some("now")] {
                    h3.h3 { (n + 1) ". " (i.title) }
                    p.meta { (item_chip(lang, i)) span { (item_word(lang, i.kind)) } @if let Some(p) = &i.poll { a href={ "/polls/" (p.id) } { (t!(lang, "put-to-poll", number = p.number.clone())) } }
                        @if i.minutes > 0 { span.num { (t!(lang, "minutes-allowed", n = i.minutes)) } }
                        @if let Some(m) = &i.matter { a href={ "/office/m/" (m.number) } { (m.number) } } }
                    @if let Some(b) = &i.ballot { (ballot(lang, b)) }
                    (motions::handed_in(lang, &x.council, s, i))
                    @if let Some(words) = &i.words { p."mt2" { (words) } }
                    @if x.hold && s.state == SittingState::InSession { @match i.state {
                        ItemState::Debating if s.put_motion().is_some() => {},
                        ItemState::Debating => (debate(ctx, viewer, x, i, form)),
                        ItemState::Voting => (count(ctx, viewer, x, i, form)),
                        _ => {},
                    } }
                    @if plan { form."btns mt2" method="post" action=(address(x, "raise-item")) data-once {
                        (parts::hidden(ctx, viewer)) input type="hidden" name="item" value=(i.id);
                        @if n > 0 { button."btn sm quiet" { (t!(lang, "item-up")) } }
                        button."btn sm quiet" formaction=(address(x, "remove-item")) { (t!(lang, "item-remove")) }
                    } }
                }
            } }
            @if plan { (planning(ctx, viewer, x, form)) }
        }
    }
}

/// Ending a sitting before everything was dealt with: said twice, because what is left is put off.
fn close_early(ctx: &Ctx, viewer: &Viewer, x: &Screen) -> Markup {
    let lang = viewer.lang;
    let left = x.sitting.items.iter().filter(|i| i.state == ItemState::Scheduled).count()
        + usize::from(x.sitting.current().is_some());
    html! { details."more" { summary { (t!(lang, "act-close")) }
        p.mt2 { (t!(lang, "close-left", n = left)) }
        (button(ctx, viewer, x, "close", "bad", &t!(lang, "act-close")))
    } }
}

/// Before notice: a new line, and another time.
fn planning(ctx: &Ctx, viewer: &Viewer, x: &Screen, all: &Form) -> Markup {
    let lang = viewer.lang;
    let kinds: Vec<(String, String)> =
        ItemKind::ALL.iter().map(|k| (k.code().to_owned(), item_word(lang, *k))).collect();
    let waiting: Vec<(String, String)> =
        x.waiting.iter().map(|w| (w.id.to_string(), format!("{} {}", w.number, w.title))).collect();
    let mut moved = all.of(viewer, &address(x, "move"));
    let form = &all.of(viewer, &address(x, "add-item"));
    let again = !moved.errors.is_empty();
    if !again {
        let local = |at| kernel::time::local(at).format("%Y-%m-%dT%H:%M").to_string();
        moved.values.set("venue", x.sitting.venue.as_str());
        moved.values.set("mode", x.sitting.mode.code());
        moved.values.set("join", x.sitting.join.as_deref().unwrap_or_default());
        moved.values.set("starts", local(x.sitting.starts));
        moved.values.set("ends", local(x.sitting.ends));
    }
    html! {
        form."card card-p form mt3" method="post" action=(address(x, "add-item")) data-once {
            (parts::hidden(ctx, viewer))
            h3.h3 { (t!(lang, "item-add")) }
            @if !waiting.is_empty() { (parts::select(lang, form, Field { name: "matter", label: &t!(lang, "item-matter"), ..Field::default() }, &waiting)) }
            div.g2 {
                (parts::field(lang, form, Field { name: "title", label: &t!(lang, "item-title"), hint: &if x.waiting.is_empty() { String::new() } else { t!(lang, "item-title-hint") }, max: 60, bare: true, required: x.waiting.is_empty(), ..Field::default() }))
                (parts::select(lang, form, Field { name: "kind", label: &t!(lang, "item-kind"), required: true, ..Field::default() }, &kinds))
            }
            (parts::field(lang, form, Field { name: "minutes", label: &t!(lang, "item-minutes"), kind: "number", ..Field::default() }))
            div."btns mt3" { button.btn { (t!(lang, "item-add")) } }
        }
        (bring(ctx, viewer, x, all))
        details."more card card-p mt3" open[again] {
            summary { (t!(lang, "sitting-move")) }
            form."form mt2" method="post" action=(address(x, "move")) data-once {
                (parts::hidden(ctx, viewer))
                (time_fields(viewer, &moved))
                div."btns mt3" { button.btn { (t!(lang, "save")) } }
            }
        }
    }
}

/// Motions that were handed in and admitted: on a line of their own, or on one where something is to be decided.
fn bring(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let form = &form.of(viewer, &address(x, "bring"));
    let lines: Vec<(String, String)> = x
        .sitting
        .items
        .iter()
        .filter(|i| i.kind == ItemKind::Decide)
        .map(|i| (i.id.to_string(), i.title.clone()))
        .collect();
    let admitted: Vec<(String, String)> =
        x.admitted.iter().map(|s| (s.id.to_string(), s.title.clone())).collect();
    html! {
        @if !admitted.is_empty() { form."card card-p form mt3" method="post" action=(address(x, "bring")) data-once {
            (parts::hidden(ctx, viewer))
            h3.h3 { (t!(lang, "act-bring")) } p.hint { (t!(lang, "bring-about", n = admitted.len())) }
            (parts::select(lang, form, Field { name: "submission", label: &t!(lang, "submissions"), required: true, ..Field::default() }, &admitted))
            @if !lines.is_empty() { (parts::select(lang, form, Field { name: "line", label: &t!(lang, "bring-line"), hint: &t!(lang, "bring-line-hint"), ..Field::default() }, &lines)) }
            div."btns mt3" { button.btn { (t!(lang, "act-bring")) } }
        } }
    }
}

/// An item under debate: a vote for what is to be decided, a conclusion for the rest, or another end.
fn debate(ctx: &Ctx, viewer: &Viewer, x: &Screen, i: &Item, form: &Form) -> Markup {
    let lang = viewer.lang;
    let vote = i.kind == ItemKind::Decide;
    // Where a motion was moved, that is put.
    let moved = x.sitting.motions.iter().any(|m| m.item == i.id && m.state.is_live());
    let mut now = form.of(viewer, &address(x, "vote"));
    if now.values.some("rule").is_none() {
        now.values.set("rule", x.council.rule.as_str());
    }
    html! {
        @if vote && !moved { form."form mt3" method="post" action=(address(x, "vote")) data-once {
            (parts::hidden(ctx, viewer)) input type="hidden" name="item" value=(i.id);
            (parts::field(lang, form, Field { name: "motion", label: &t!(lang, "motion"), hint: &t!(lang, "motion-hint"), kind: "textarea", rows: 2, required: true, max: 500, ..Field::default() }))
            (parts::select(lang, &now, Field { name: "rule", label: &t!(lang, "rule"), required: true, ..Field::default() }, &rule_choices(lang)))
            div."btns mt3" { button."btn pri" { (t!(lang, "act-vote")) } }
        } }
        @if vote { details."more mt3" open[form.error("proposal").is_some() || form.error("shape").is_some()] { summary { (t!(lang, "act-to-poll")) }
            form."form mt2" method="post" action=(address(x, "to-poll")) data-once {
                (parts::hidden(ctx, viewer)) input type="hidden" name="item" value=(i.id);
                p.hint { (t!(lang, "to-poll-hint")) }
                (parts::select(lang, form, Field { name: "shape", label: &t!(lang, "poll-who"), required: true, ..Field::default() },
                    &[("owners".to_owned(), t!(lang, "poll-owners")), ("sides".to_owned(), t!(lang, "poll-sides"))]))
                (parts::field(lang, &proposal(x, i, form), Field { name: "proposal", label: &t!(lang, "proposal"), kind: "textarea", rows: 3, required: true, max: 2000, ..Field::default() }))
                div."btns mt3" { button.btn { (t!(lang, "act-to-poll")) } }
            }
        } }
        form."form mt3" method="post" action=(address(x, if vote { "table" } else { "conclude" })) data-once {
            (parts::hidden(ctx, viewer)) input type="hidden" name="item" value=(i.id);
            (parts::field(lang, form, Field { name: "words", label: &t!(lang, "item-words"), kind: "textarea", rows: 2, required: true, max: 2000, ..Field::default() }))
            div."btns mt3" {
                @if !vote { button."btn pri" { (t!(lang, "act-conclude")) } }
                button.btn formaction=(address(x, "table")) { (t!(lang, "act-table")) }
                button.btn formaction=(address(x, "refer")) { (t!(lang, "act-refer")) }
                button.btn formaction=(address(x, "withdraw")) { (t!(lang, "act-withdraw")) }
            }
        }
    }
}

/// The text that a poll would begin with: the motion as it stands.
fn proposal(x: &Screen, i: &Item, form: &Form) -> Form {
    let mut now = form.clone();
    if let Some(motion) = x.sitting.motion_now(i.id).filter(|_| now.values.some("proposal").is_none()) {
        now.values.set("proposal", motion.text());
    }
    now
}

/// Double entry: two tellers, each with the hands they counted.
pub(super) fn count(ctx: &Ctx, viewer: &Viewer, x: &Screen, i: &Item, form: &Form) -> Markup {
    let lang = viewer.lang;
    // Hands are counted by who sees them.
    let sees = |a: &&crate::model::Attendance| {
        a.standing != crate::model::Standing::Guest
            && (!a.how.remote() || x.sitting.mode == crate::model::Mode::Online)
    };
    let there: Vec<(String, String)> = x
        .sitting
        .present()
        .filter(sees)
        .map(|a| {
            let name = x.owners.persons.get(&a.person).cloned().unwrap_or_else(|| t!(lang, "nameless"));
            (a.member.to_string(), name)
        })
        .collect();
    // Two different people from the start; the chair presides and does not count.
    let form = &form.of(viewer, &address(x, "count"));
    let mut now = form.clone();
    let others = x.sitting.present().filter(sees).map(|a| a.member).filter(|m| x.council.chair != Some(*m));
    for (field, member) in ["first", "second"].into_iter().zip(others) {
        if now.values.some(field).is_none() {
            now.values.set(field, member.to_string());
        }
    }
    let side = |side: &'static str, word: &str| {
        let hands = [("yes", t!(lang, "yes")), ("no", t!(lang, "no")), ("abstain", t!(lang, "abstain"))];
        html! {
            div {
                (parts::select(lang, &now, Field { name: side, label: word, required: true, ..Field::default() }, &there))
                @for (code, word) in &hands {
                    @let name = format!("{side}_{code}");
                    div.field { label for={ "f-" (name) } { (word) }
                        input.short #{ "f-" (name) } name=(name) type="number" min="0" inputmode="numeric" required value=(form.values.get(&name)); }
                }
            }
        }
    };
    let ballot = x.sitting.put_motion().filter(|m| m.item == i.id).and_then(|m| m.ballot.as_ref());
    html! {
        @if let Some(b) = ballot.or(i.ballot.as_ref()) { (attendance::call(ctx, viewer, x, i, b)) }
        form."form mt3" method="post" action=(address(x, "count")) data-once {
            (parts::hidden(ctx, viewer)) input type="hidden" name="item" value=(i.id);
            p { (t!(lang, "count-about")) }
            div.g2 { (side("first", &t!(lang, "teller-first"))) (side("second", &t!(lang, "teller-second"))) }
            div."btns mt3" { button."btn pri" { (t!(lang, "act-count")) } }
        }
    }
}

/// Actions of this sitting, and a new one.
fn given(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let s = &x.sitting;
    let today = local_date(ctx.store.now());
    let decided: Vec<(String, String)> = s
        .items
        .iter()
        .filter(|i| i.state == ItemState::Decided)
        .filter(|i| i.ballot.as_ref().is_none_or(|b| b.verdict == Some(Verdict::Passed)))
        .map(|i| (i.id.to_string(), i.title.clone()))
        .collect();
    let owners = x.owner_choices(lang);
    let may = x.hold
        && !decided.is_empty()
        && matches!(
            s.state,
            SittingState::InSession
                | SittingState::Recess
                | SittingState::Closed
                | SittingState::MinutesDraft
        );
    html! {
        @if may || !x.given.is_empty() { section."sec mt3" aria-labelledby="h-given" {
            div.sec-h { h2 #h-given { (t!(lang, "actions")) } }
            (action_list(lang, &x.given, &x.owners, today, &|a| finish_form(ctx, viewer, x.hold && a.done_at.is_none(), a.id)))
            @if may { details."more card card-p mt3" open[x.given.is_empty() || ["what", "owner", "due"].iter().any(|f| form.error(f).is_some())] {
                summary { (t!(lang, "action-add")) }
                form."form mt2" method="post" action=(address(x, "action")) data-once {
                    (parts::hidden(ctx, viewer))
                    (parts::select(lang, form, Field { name: "item", label: &t!(lang, "action-item"), required: true, ..Field::default() }, &decided))
                    (parts::field(lang, form, Field { name: "what", label: &t!(lang, "action-what"), required: true, max: 2000, ..Field::default() }))
                    div.g2 {
                        (parts::select(lang, form, Field { name: "owner", label: &t!(lang, "action-owner"), required: true, ..Field::default() }, &owners))
                        (parts::field(lang, form, Field { name: "due", label: &t!(lang, "action-due"), kind: "date", required: true, ..Field::default() }))
                    }
                    div."btns mt3" { button.btn { (t!(lang, "action-add")) } }
                }
            } }
        } }
    }
}

/// Members who sign on paper: who they are, and a photo of the paper.
fn on_paper(ctx: &Ctx, viewer: &Viewer, x: &Screen, waiting: &[&Member], form: &Form) -> Markup {
    let lang = viewer.lang;
    let to = address(x, "sign-paper");
    let form = form.of(viewer, &to);
    let chosen = |seat: Id| form.values.all("signers").any(|v| v == seat.to_string());
    html! { details."more card card-p mt3" open[!form.errors.is_empty()] { summary { (t!(lang, "sign-on-paper")) }
        form."form mt2" method="post" enctype="multipart/form-data" action=(to) data-once {
            (parts::hidden(ctx, viewer))
            p.muted { (t!(lang, "sign-on-paper-about")) }
            fieldset #f-signers.field.bad[form.error("signers").is_some()] { legend { (t!(lang, "signers")) }
                @if let Some(e) = form.error("signers") { p.err { (ui::refusal_text(lang, e)) } }
                @for m in waiting { label.check { input type="checkbox" name="signers" value=(m.id) checked[chosen(m.id)]; span { (x.name(m.person)) " · " (capacity_word(lang, m.capacity)) } } } }
            (parts::field(lang, &form, Field { name: "signed", label: &t!(lang, "signed-paper"), kind: "file", required: true, ..Field::default() }))
            div."btns mt3" { button.btn { (t!(lang, "save")) } }
        }
    } }
}

/// The text with its signatures; what was signed can be corrected.
fn minutes(ctx: &Ctx, viewer: &Viewer, x: &Screen, form: &Form) -> Markup {
    let lang = viewer.lang;
    let s = &x.sitting;
    let open = s.state == SittingState::MinutesDraft;
    let text = text_of(&x.texts, s.minutes.as_ref());
    let edited = form.of(viewer, &address(x, "edit"));
    let mut now = if edited.errors.is_empty() { form.of(viewer, &address(x, "correct")) } else { edited };
    if now.errors.is_empty() {
        now.values.set("text", s.correction.as_ref().map_or(text, |c| text_of(&x.texts, Some(c))));
    }
    let area = |label: &str| {
        parts::field(
            lang,
            &now,
            Field {
                name: "text",
                label,
                hint: &t!(lang, "minutes-hint"),
                kind: "textarea",
                rows: 14,
                required: true,
                max: 16_000,
                ..Field::default()
            },
        )
    };
    let signed = |m: &Minutes| {
        html! { @for g in &m.signed { p."meta mt2" {
            span { (parts::icon_s("circle-check")) " " (t!(lang, "signed-by", name = x.name(g.person), capacity = capacity_word(lang, g.capacity))) }
            span.num { (show::full(g.at)) }
            @if let Some(photo) = g.paper { a href={ "/office/sittings/" (s.id) "/signed/" (photo) } { (t!(lang, "signed-paper")) } }
        } } }
    };
    let waiting: Vec<&Member> = s.may_sign(&x.council).collect();
    let me = viewer.signed.as_ref().map(|s| s.person);
    let sign = || {
        html! {
            p.muted { (t!(lang, "sign-about")) }
            @if waiting.iter().any(|m| Some(m.person) == me) { form method="post" action={ "/sittings/" (s.id) "/sign" } data-once { (parts::hidden(ctx, viewer)) button."btn pri" { (t!(lang, "act-sign")) } } }
            @else { p { (t!(lang, "sign-by-members")) } }
            @if x.hold && !waiting.is_empty() { (on_paper(ctx, viewer, x, &waiting, form)) }
        }
    };
    html! {
        section."sec mt3" id="minutes" aria-labelledby="h-minutes" {
            div.sec-h { h2 #h-minutes { (t!(lang, "minutes")) } }
            @if open && x.hold { form."card card-p form" method="post" action=(address(x, "edit")) data-once {
                (parts::hidden(ctx, viewer)) (area(&t!(lang, "minutes")))
                div."btns mt3" { button.btn { (t!(lang, "save")) } }
            } } @else { div."card card-p prose" { @for line in text.lines() { p { (line) } } } }
            @if let Some(m) = &s.minutes { (signed(m)) }
            @if open { (sign()) }
            @if let Some(c) = &s.correction { div."card card-p prose mt3" {
                h3 { (t!(lang, "correction")) } p.muted { (c.reason.as_deref().unwrap_or_default()) }
                @for line in text_of(&x.texts, Some(c)).lines() { p { (line) } }
                (signed(c)) (sign())
            } }
            @if x.hold && matches!(s.state, SittingState::MinutesSigned | SittingState::Published) {
                details."more card card-p mt3" open[form.error("text").is_some() || form.error("words").is_some()] { summary { (t!(lang, "act-correct")) }
                    form."form mt2" method="post" action=(address(x, "correct")) data-once {
                        (parts::hidden(ctx, viewer)) p.muted { (t!(lang, "correct-about")) } (area(&t!(lang, "correction")))
                        (parts::field(lang, form, Field { name: "words", label: &t!(lang, "reason"), required: true, max: 2000, ..Field::default() }))
                        div."btns mt3" { button.btn { (t!(lang, "act-correct")) } }
                    }
                }
            }
        }
    }
}
