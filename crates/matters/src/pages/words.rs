//! Words and small pieces that the pages of this room share.

use crate::{WORDS, model::*, queries::Line, t};
use kernel::{
    Id, PlacePath, Time,
    calendar::{Lamp, Limit},
};
use maud::{Markup, html};
use methods::Tier;
use places::model::Place;
use std::collections::HashMap;
use store::{Conn, Fault};
use ui::{
    Lang,
    parts::{chip, icon_s},
    show,
};

/// A word by a key that is only known at run time.
pub fn word(lang: Lang, key: &str) -> String {
    WORDS.say(lang, key, &[])
}

/// The status as residents and staff read it.
pub fn status_name(lang: Lang, status: Status) -> String {
    word(lang, &format!("status-{}", status.code()))
}

/// The chip of a state with its overlays: what is most telling wins.
pub fn status_chip(
    lang: Lang,
    status: Status,
    suspended: bool,
    whistled: bool,
    agenda: bool,
    waiting: bool,
) -> Markup {
    if status.is_open() {
        if suspended {
            return chip("horn", "pause", &t!(lang, "overlay-suspended"));
        }
        if waiting {
            return chip("rate", "message-circle", &t!(lang, "overlay-waiting"));
        }
        if whistled && !matches!(status, Status::Handled | Status::Answered) {
            return chip("horn", "siren", &t!(lang, "overlay-whistled"));
        }
        if agenda {
            return chip("talk", "messages-square", &t!(lang, "overlay-agenda"));
        }
    }
    let (class, icon) = match status {
        Status::Submitted => ("new", "inbox"),
        Status::Verifying => ("new", "search"),
        Status::Accepted => ("new", "clipboard-list"),
        Status::Dispatched => ("do", "send"),
        Status::Handling => ("do", "wrench"),
        Status::Handled => ("do", "clipboard-check"),
        Status::Answered => ("rate", "star"),
        Status::Closed => ("ok", "circle-check"),
        Status::Rejected | Status::Voided => ("off", "ban"),
        Status::Merged => ("off", "merge"),
        Status::Withdrawn => ("off", "undo-2"),
        Status::Transferred => ("off", "external-link"),
    };
    chip(class, icon, &status_name(lang, status))
}

/// The chip of a line of a list.
pub fn line_chip(lang: Lang, l: &Line) -> Markup {
    status_chip(lang, l.status, l.suspended, l.whistled, l.agenda, l.waiting)
}

/// The name of a tier, as the general words say it.
pub fn tier_name(lang: Lang, tier: Tier) -> String {
    word(lang, &format!("tier-{}", tier.code()))
}

/// The name of a category in the reader's language.
pub fn category_name(lang: Lang, world: &World, code: &str) -> String {
    world.catalogue.get(code).map_or_else(|| code.to_owned(), |c| c.name.get(lang.code()).to_owned())
}

/// A limit in words: `5 个工作日`.
pub fn limit_name(lang: Lang, limit: Limit) -> String {
    WORDS.say(lang, &format!("limit-{}", limit.kind.code()), &[("n", limit.value.to_string())])
}

/// How much time is left, or how late it is, with its lamp.
pub struct Due {
    /// The lamp.
    pub lamp: Lamp,
    /// "还剩 2 天", "超期 6 小时".
    pub text: String,
    /// Used part in hundredths, for the bar.
    pub used: i64,
}

/// The state of a clock now.
pub fn due(
    lang: Lang,
    world: &World,
    start: Time,
    at: Time,
    kind: kernel::calendar::ClockKind,
    now: Time,
) -> Due {
    let lamp = world.calendar.lamp(start, at, now, kind);
    let left = (at - now).num_minutes();
    let text = if left < 0 {
        t!(lang, "late-by", span = show::span(lang, -left))
    } else {
        t!(lang, "left", span = show::span(lang, left))
    };
    let whole = (at - start).num_minutes().max(1);
    let used = ((now - start).num_minutes() * 100 / whole).clamp(0, 100);
    Due { lamp, text, used }
}

/// The clock of a line, if one runs.
pub fn line_due(lang: Lang, world: &World, l: &Line, now: Time) -> Option<Due> {
    if !l.status.is_open() || l.suspended || l.waiting {
        return None;
    }
    let (Some(start), Some(at), Some(kind)) = (l.due_start, l.due_at, l.due_kind) else { return None };
    Some(due(lang, world, start, at, kind, now))
}

/// The cell of a clock in a table.
pub fn due_cell(lang: Lang, due: Option<&Due>, l: &Line) -> Markup {
    html! {
        @match due {
            Some(d) => {
                @let (class, icon) = match d.lamp { Lamp::Green => ("", "clock"), Lamp::Yellow => ("wrn", "timer"), Lamp::Red => ("err", "triangle-alert") };
                span.num class=(class) { (icon_s(icon)) (d.text) }
                progress class=(match d.lamp { Lamp::Green => "", Lamp::Yellow => "warn", Lamp::Red => "late" }) max="100" value=(d.used) aria-label=(t!(lang, "time-used")) {}
            }
            None => span.muted { @if l.suspended { (icon_s("pause")) (t!(lang, "overlay-suspended")) } @else if l.waiting { (icon_s("pause")) (t!(lang, "overlay-waiting")) } @else { "—" } }
        }
    }
}

/// The five steps of a matter: done, now, to come.
pub fn steps(lang: Lang, status: Status, agenda: bool) -> Markup {
    let labels = [
        t!(lang, "step-registered"),
        t!(lang, "step-accepted"),
        if agenda { t!(lang, "step-talk") } else { t!(lang, "step-handling") },
        t!(lang, "step-done"),
        t!(lang, "step-evaluated"),
    ];
    let at = match status {
        Status::Submitted | Status::Verifying => 1,
        Status::Accepted | Status::Dispatched | Status::Handling => 2,
        Status::Handled => 3,
        Status::Answered => 4,
        _ => 5,
    };
    html! {
        ol.steps aria-label=(t!(lang, "steps")) {
            @for (i, label) in labels.iter().enumerate() {
                @if i < at {
                    li.done { svg.tick aria-hidden="true" { use href=(ui::asset!("icons.svg", "#check")) {} } (label) span.vh { (t!(lang, "step-is-done")) } }
                } @else if i == at {
                    li.now aria-current="step" { (label) span.vh { (t!(lang, "step-is-now")) } }
                } @else { li { (label) } }
            }
        }
    }
}

/// Names of places by path, for lists.
pub async fn place_names(
    conn: &mut Conn,
    street: Id,
    paths: impl Iterator<Item = PlacePath>,
) -> Result<HashMap<PlacePath, Place>, Fault> {
    let paths: Vec<PlacePath> = paths.collect();
    places::queries::by_paths(conn, street, &paths).await
}

/// The full name of a place, or its codes where it is gone.
pub fn place_name(names: &HashMap<PlacePath, Place>, path: &PlacePath) -> String {
    names
        .get(path)
        .map_or_else(|| path.codes().skip(1).collect::<Vec<_>>().join(" "), |p| p.full_name.clone())
}

/// The place as the public sees it: building at most.
pub fn blurred(path: &PlacePath) -> PlacePath {
    path.cut(4)
}

/// Choices of categories under their majors, for a select.
pub fn category_options(lang: Lang, world: &World, chosen: &str) -> Markup {
    html! {
        @for major in world.catalogue.majors().iter().filter(|m| m.enabled) {
            optgroup label=(major.name.get(lang.code())) {
                @for c in major.categories.iter().filter(|c| c.enabled) {
                    option value=(c.code) selected[c.code == chosen] { (c.name.get(lang.code())) }
                }
            }
        }
    }
}

/// Codes with their words, for a select.
pub fn coded<T: Copy>(
    lang: Lang,
    all: &[T],
    prefix: &str,
    code: impl Fn(T) -> &'static str,
) -> Vec<(String, String)> {
    all.iter().map(|v| (code(*v).to_owned(), word(lang, &format!("{prefix}-{}", code(*v))))).collect()
}

/// The public title of a matter: the one that staff wrote, or the resident's with numbers blotted out.
pub fn public_title(l: &Line) -> String {
    l.public_title.clone().unwrap_or_else(|| kernel::text::blot(&l.title))
}
