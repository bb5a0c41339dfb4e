//! What happened to a matter, told: one line an event, for residents in plain words, for staff in full.

use super::words::{limit_name, place_name, tier_name, word};
use crate::{
    model::*,
    queries::{Happened, Standing},
    t,
};
use kernel::{Id, OfficeKind, PlacePath, text::Words};
use maud::{Markup, html};
use places::model::Place;
use std::{collections::HashMap, sync::Arc};
use ui::{
    Lang, Viewer,
    layout::office_name,
    parts::{chip, icon_s},
    show,
};

/// Names and texts that a story needs, and the present.
#[derive(Clone)]
pub struct Cast {
    /// The names and texts.
    pub known: Arc<Known>,
    /// Now.
    pub now: kernel::Time,
}

impl std::ops::Deref for Cast {
    type Target = Known;
    fn deref(&self) -> &Known {
        &self.known
    }
}

/// What a story tells and names.
pub struct Known {
    /// What happened, in order.
    pub list: Vec<Happened>,
    /// Clear texts by commitment.
    pub words: HashMap<String, String>,
    /// Units by id.
    pub units: HashMap<Id, String>,
    /// Persons by id, for staff only.
    pub persons: HashMap<Id, String>,
    /// Places by path.
    pub places: HashMap<PlacePath, Place>,
    /// The street's settings.
    pub world: Arc<World>,
}

impl Known {
    /// The clear text of words; a note where it was erased.
    pub fn text(&self, lang: Lang, words: &Words) -> String {
        self.words.get(&words.commit).cloned().unwrap_or_else(|| t!(lang, "erased"))
    }

    /// A unit's name.
    pub fn unit(&self, lang: Lang, id: Id) -> String {
        self.units.get(&id).cloned().unwrap_or_else(|| t!(lang, "some-unit"))
    }
}

/// An event in words.
pub struct Told {
    icon: &'static str,
    /// What happened.
    pub title: String,
    /// What was said with it.
    pub words: Option<String>,
    photos: Vec<Attachment>,
    /// The page that says more.
    link: Option<String>,
    /// Whether only staff see it.
    pub internal: bool,
}

impl Told {
    fn new(icon: &'static str, title: String) -> Self {
        Self { icon, title, words: None, photos: Vec::new(), link: None, internal: false }
    }
    fn words(mut self, text: Option<String>) -> Self {
        self.words = text.filter(|t| !t.is_empty());
        self
    }
    fn photos(mut self, list: &[Attachment]) -> Self {
        self.photos = list.to_vec();
        self
    }
    fn link(mut self, to: &str) -> Self {
        self.link = Some(to.to_owned());
        self
    }
    const fn inside(mut self) -> Self {
        self.internal = true;
        self
    }
}

fn tell(lang: Lang, m: &Matter, h: &Happened, c: &Cast) -> Option<Told> {
    let say = |w: &Words| Some(c.text(lang, w));
    let maybe = |w: &Option<Words>| w.as_ref().map(|w| c.text(lang, w));
    Some(match &h.event {
        Event::Raised(r) => {
            Told::new("flag", t!(lang, "told-raised")).words(say(&r.body)).photos(&r.attachments)
        }
        Event::Joined { .. } => Told::new("users", t!(lang, "told-joined")),
        Event::Left { .. } => Told::new("split", t!(lang, "told-left")).inside(),
        Event::Added { words, attachments, .. } => {
            Told::new("plus", t!(lang, "told-added")).words(maybe(words)).photos(attachments)
        }
        Event::Noted { words, attachments } => {
            Told::new("pencil", t!(lang, "told-noted")).words(say(words)).photos(attachments).inside()
        }
        Event::Urged { .. } => Told::new("bell", t!(lang, "told-urged")),
        Event::Thanked { words, .. } => {
            Told::new("heart-handshake", t!(lang, "told-thanked")).words(say(words))
        }
        Event::VerificationAsked { words, .. } => {
            Told::new("search", t!(lang, "told-verification-asked")).words(maybe(words))
        }
        Event::Verified { finding, words, attachments, .. } => {
            let finding = word(lang, &format!("finding-{}", finding.code()));
            Told::new("user-check", t!(lang, "told-verified", finding = finding))
                .words(say(words))
                .photos(attachments)
        }
        Event::Accepted { tier, category, .. } => {
            let category = super::words::category_name(lang, &c.world, category);
            Told::new("check", t!(lang, "told-accepted", tier = tier_name(lang, *tier), category = category))
        }
        Event::Rejected { reason, pointer } => {
            let reason = word(lang, &format!("reject-{}", reason.code()));
            Told::new("ban", t!(lang, "told-rejected", reason = reason)).words(say(pointer))
        }
        Event::Merged { number, .. } => Told::new("merge", t!(lang, "told-merged", number = number.clone())),
        Event::Unmerged { .. } => Told::new("split", t!(lang, "told-unmerged")),
        Event::Dispatched { lead, tasks, limit, words, .. } => {
            let title =
                t!(lang, "told-dispatched", unit = c.unit(lang, *lead), limit = limit_name(lang, *limit));
            let support: Vec<String> = tasks.iter().map(|t| c.unit(lang, t.unit)).collect();
            let mut text = maybe(words).unwrap_or_default();
            if !support.is_empty() {
                let line = t!(lang, "told-support", units = support.join("、"));
                text = if text.is_empty() { line } else { format!("{line}\n{text}") };
            }
            Told::new("send", title).words(Some(text))
        }
        Event::Signed => Told::new("user-check", t!(lang, "told-signed")),
        Event::Contacted { reached, seconds, words, .. } => {
            let title = if *reached { t!(lang, "told-reached") } else { t!(lang, "told-not-reached") };
            let mut told = Told::new("phone-call", title).words(maybe(words));
            if *seconds > 0 {
                told.title = format!("{} {}", told.title, t!(lang, "told-seconds", n = seconds.to_string()));
            }
            if *reached { told } else { told.inside() }
        }
        Event::Progressed { words, attachments, .. } => {
            Told::new("message-circle", t!(lang, "told-progressed")).words(say(words)).photos(attachments)
        }
        Event::Requested { request, .. } => {
            let title = match &request.ask {
                Ask::Return { reason, competent } => {
                    let reason = word(lang, &format!("return-{}", reason.code()));
                    match competent {
                        Some(unit) => {
                            t!(lang, "told-ask-return-to", reason = reason, unit = c.unit(lang, *unit))
                        }
                        None => t!(lang, "told-ask-return", reason = reason),
                    }
                }
                Ask::Extend { until } => t!(lang, "told-ask-extend", until = show::when(lang, *until, c.now)),
                Ask::Suspend { cause, review } => {
                    let cause = word(lang, &format!("cause-{}", cause.code()));
                    t!(lang, "told-ask-suspend", cause = cause, review = show::day(lang, *review, c.now))
                }
                Ask::Whistle { units, at } => {
                    let units: Vec<String> = units.iter().map(|u| c.unit(lang, *u)).collect();
                    t!(lang, "told-ask-whistle", units = units.join("、"), at = show::when(lang, *at, c.now))
                }
                Ask::Void => t!(lang, "told-ask-void"),
            };
            Told::new("hand-heart", title).words(say(&request.words)).inside()
        }
        Event::Decided { request, granted, words, .. } => {
            let ask = m.requests.iter().find(|r| r.id == *request).map(|r| &r.ask)?;
            let what = word(lang, &format!("request-{}", ask.kind().code()));
            if !granted {
                let title = if words.is_none() {
                    t!(lang, "told-refused-silent", what = what)
                } else {
                    t!(lang, "told-refused", what = what)
                };
                return Some(Told::new("x", title).words(maybe(words)).inside());
            }
            match ask {
                Ask::Return { .. } => Told::new("undo-2", t!(lang, "told-returned")).words(maybe(words)),
                Ask::Extend { until } => {
                    Told::new("timer", t!(lang, "told-extended", until = show::when(lang, *until, c.now)))
                        .words(maybe(words))
                }
                Ask::Suspend { cause, review } => {
                    let cause = word(lang, &format!("cause-{}", cause.code()));
                    let reason = m.requests.iter().find(|r| r.id == *request).map(|r| c.text(lang, &r.words));
                    Told::new(
                        "pause",
                        t!(lang, "told-suspended", cause = cause, review = show::day(lang, *review, c.now)),
                    )
                    .words(reason)
                }
                Ask::Whistle { units, at } => {
                    let units: Vec<String> = units.iter().map(|u| c.unit(lang, *u)).collect();
                    Told::new(
                        "siren",
                        t!(
                            lang,
                            "told-whistled",
                            units = units.join("、"),
                            at = show::when(lang, *at, c.now)
                        ),
                    )
                }
                Ask::Void => {
                    let reason = m.requests.iter().find(|r| r.id == *request).map(|r| c.text(lang, &r.words));
                    Told::new("ban", t!(lang, "told-voided")).words(reason)
                }
            }
        }
        Event::WaitBegan { words, .. } => {
            Told::new("message-circle", t!(lang, "told-wait-began")).words(say(words))
        }
        Event::WaitEnded { .. } => Told::new("play", t!(lang, "told-wait-ended")),
        Event::Resumed { words, .. } => Told::new("play", t!(lang, "told-resumed")).words(say(words)),
        Event::TaskGiven { task } => {
            Told::new("users", t!(lang, "told-task-given", unit = c.unit(lang, task.unit)))
                .words(maybe(&task.words))
        }
        Event::TaskDone { task, words, attachments } => {
            let unit =
                m.tasks.iter().find(|t| t.id == *task).map_or_else(String::new, |t| c.unit(lang, t.unit));
            Told::new("check", t!(lang, "told-task-done", unit = unit)).words(say(words)).photos(attachments)
        }
        Event::TaskWaived { task, words } => {
            let unit =
                m.tasks.iter().find(|t| t.id == *task).map_or_else(String::new, |t| c.unit(lang, t.unit));
            Told::new("x", t!(lang, "told-task-waived", unit = unit)).words(say(words)).inside()
        }
        Event::AgendaSet { words } => {
            Told::new("messages-square", t!(lang, "told-agenda-set")).words(maybe(words))
        }
        Event::AgendaSettled { words } => {
            Told::new("messages-square", t!(lang, "told-agenda-settled")).words(say(words))
        }
        Event::FollowedUp { words, link } => {
            Told::new("clipboard-check", t!(lang, "told-followed-up")).words(say(words)).link(link)
        }
        Event::ReportedIn { unit } => {
            Told::new("map-pin", t!(lang, "told-reported-in", unit = c.unit(lang, *unit)))
        }
        Event::Scored { unit, score, words } => {
            Told::new("star", t!(lang, "told-scored", unit = c.unit(lang, *unit), score = score.to_string()))
                .words(maybe(words))
                .inside()
        }
        Event::Supervised { words } => Told::new("eye", t!(lang, "told-supervised")).words(maybe(words)),
        Event::SupervisionEnded { words } => {
            Told::new("eye-off", t!(lang, "told-supervision-ended")).words(say(words)).inside()
        }
        Event::Handled { outcome, answer, attachments, .. } => {
            let outcome = word(lang, &format!("outcome-{}", outcome.code()));
            Told::new("wrench", t!(lang, "told-handled", outcome = outcome))
                .words(say(answer))
                .photos(attachments)
        }
        Event::Checked { finding, words, attachments, .. } => {
            let title = word(lang, &format!("told-checked-{}", finding.code()));
            Told::new("clipboard-check", title).words(maybe(words)).photos(attachments)
        }
        Event::Evaluated { evaluation: e } => {
            let satisfied = ui::parts::satisfied_word(lang, e.satisfied);
            let solved = if e.solved { t!(lang, "solved-yes") } else { t!(lang, "solved-no") };
            Told::new("star", t!(lang, "told-evaluated", solved = solved, satisfied = satisfied))
                .words(maybe(&e.words))
        }
        Event::Redone { round, .. } => {
            Told::new("rotate-ccw", t!(lang, "told-redone", round = round.to_string()))
        }
        Event::Closed { how, .. } => {
            Told::new("circle-check", word(lang, &format!("told-closed-{}", how.code())))
        }
        Event::Reopened { words, round, .. } => {
            Told::new("rotate-ccw", t!(lang, "told-reopened", round = round.to_string())).words(say(words))
        }
        Event::Withdrawn { kept, .. } => Told::new(
            "undo-2",
            if *kept { t!(lang, "told-withdrawn-kept") } else { t!(lang, "told-withdrawn") },
        ),
        Event::Transferred { pointer } => {
            Told::new("external-link", t!(lang, "told-transferred")).words(say(pointer))
        }
        Event::Corrected { words, title, place, category, .. } => {
            let mut what = Vec::new();
            if title.is_some() {
                what.push(t!(lang, "field-title"));
            }
            if let Some(p) = place {
                what.push(format!("{} → {}", t!(lang, "field-place"), place_name(&c.places, p)));
            }
            if let Some(code) = category {
                what.push(format!(
                    "{} → {}",
                    t!(lang, "field-category"),
                    super::words::category_name(lang, &c.world, code)
                ));
            }
            Told::new("pencil", t!(lang, "told-corrected", what = what.join("、"))).words(say(words)).inside()
        }
        Event::Redacted { .. } => Told::new("image", t!(lang, "told-redacted")).inside(),
        Event::AttachmentsErased { .. } => Told::new("image", t!(lang, "told-photos-erased")).inside(),
        Event::TimerStruck { timer } => {
            let told = Told::new("triangle-alert", word(lang, &format!("told-late-{}", timer.code())));
            if *timer == Timer::Handle { told } else { told.inside() }
        }
        Event::PersonalSeen { reason, .. } => {
            Told::new("eye", t!(lang, "told-personal-seen")).words(say(reason)).inside()
        }
    })
}

/// Who acted, as this viewer may know it.
pub fn by(lang: Lang, h: &Happened, c: &Cast, staff: bool) -> String {
    let a = &h.meta.actor;
    if a.is_system() {
        return t!(lang, "by-system");
    }
    let name = a.person.filter(|_| staff).and_then(|p| c.persons.get(&p)).cloned();
    let mut role = match (a.unit, a.office) {
        (Some(unit), _) => c.unit(lang, unit),
        (None, Some(OfficeKind::Resident) | None) => t!(lang, "by-resident"),
        (None, Some(kind)) => office_name(lang, kind.code()),
    };
    if let (Some(name), true) = (name, a.office.is_some_and(OfficeKind::is_staff)) {
        role = format!("{role} {name}");
    }
    if a.on_behalf_of.is_some()
        || (matches!(h.event, Event::Raised(_)) && a.office.is_some_and(OfficeKind::is_staff))
    {
        role = format!("{role} · {}", t!(lang, "on-behalf"));
    }
    role
}

/// Whether an event is the business of residents who are no voice of the matter.
fn private(event: &Event) -> bool {
    matches!(
        event,
        Event::Added { .. }
            | Event::Urged { .. }
            | Event::Thanked { .. }
            | Event::Contacted { .. }
            | Event::Evaluated { .. }
            | Event::WaitBegan { .. }
    )
}

/// The events that this viewer may know of, in words, oldest first.
pub fn seen<'a>(lang: Lang, m: &Matter, standing: &Standing, c: &'a Cast) -> Vec<(&'a Happened, Told)> {
    let staff = standing.staff;
    let checked = c.list.iter().rev().find_map(|h| match &h.event {
        Event::Checked { .. } => Some(h.meta.seq),
        _ => None,
    });
    c.list
        .iter()
        .filter(|h| staff || standing.voice.is_some() || !private(&h.event))
        // The answer is the resident's only after somebody else has looked.
        .filter(|h| {
            staff || !matches!(h.event, Event::Handled { .. }) || checked.is_some_and(|n| n > h.meta.seq)
        })
        .filter_map(|h| tell(lang, m, h, c).map(|told| (h, told)))
        .filter(|(_, told)| staff || !told.internal)
        .collect()
}

/// The timeline, newest first, with the promised next step on top.
pub fn timeline(viewer: &Viewer, m: &Matter, standing: &Standing, c: &Cast, next: Option<&str>) -> Markup {
    let lang = viewer.lang;
    let staff = standing.staff;
    let mut items = seen(lang, m, standing, c);
    items.reverse();
    html! {
        ol."card card-p tl tl-card mt3" {
            @if let Some(next) = next {
                li.todo { span.pin { (icon_s("clipboard-list")) } h3 { (next) } }
            }
            @for (i, (h, told)) in items.iter().enumerate() {
                li.now[i == 0 && m.status.is_open()].internal[told.internal] {
                    span.pin { (icon_s(told.icon)) }
                    h3 { (told.title) }
                    p.meta {
                        span { (by(lang, h, c, staff)) }
                        span.num { time datetime=(kernel::time::stamp(h.meta.at)) { (show::when(lang, h.meta.at, c.now)) } }
                        @if let (Event::Raised(_), channel) = (&h.event, m.channel) { span { (ui::say(lang, &format!("ui.channel-{}", channel.code()), &[])) } }
                        @if staff && told.internal { (chip("line", "eye-off", &t!(lang, "staff-only"))) }
                    }
                    // What residents said and sent is for them and staff; the public sees a blotted copy.
                    @if let Some(text) = &told.words {
                        div.said { @if standing.is_public() { (kernel::text::blot(text)) } @else { (lines(text)) } (photos(lang, m, standing, &told.photos)) }
                        @if let Some(link) = &told.link { p.mt1 { a href=(link) { (t!(lang, "told-more")) } } }
                    } @else if !told.photos.is_empty() { div.said { (photos(lang, m, standing, &told.photos)) } }
                }
            }
        }
    }
}

fn lines(text: &str) -> Markup {
    html! { @for (i, line) in text.lines().enumerate() { @if i > 0 { br; } (line) } }
}

/// The pictures and recordings of an event that this viewer may see.
pub fn photos(lang: Lang, m: &Matter, standing: &Standing, list: &[Attachment]) -> Markup {
    let seen: Vec<&Attachment> = list
        .iter()
        .filter_map(|a| m.attachments.iter().find(|b| b.blob == a.blob))
        .filter(|a| a.public || !standing.is_public())
        .collect();
    html! {
        @if !seen.is_empty() {
            figure.shots {
                @for (i, a) in seen.iter().enumerate() {
                    @if a.erased {
                        span.muted { (t!(lang, "erased")) }
                    } @else if a.kind == "photo" {
                        a href={ "/files/" (a.blob) } { img src={ "/files/" (a.blob) "?size=small" } width="120" height="90" loading="lazy"
                            alt=(t!(lang, "photo-alt", what = word(lang, &format!("purpose-{}", a.purpose.code())), n = (i + 1).to_string())); }
                    } @else if a.kind == "audio" {
                        audio controls preload="none" src={ "/files/" (a.blob) } aria-label=(t!(lang, "recording")) {}
                    } @else { a href={ "/files/" (a.blob) } { (icon_s("file-text")) (t!(lang, "paper-file")) } }
                }
            }
        }
    }
}
