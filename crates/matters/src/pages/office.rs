//! A matter as staff see it: in full, with what they may do now; and the side panel of the worklist.

use super::{
    matter::cast,
    story::{self, Cast},
    verbs,
    words::*,
};
use crate::{
    actions,
    model::*,
    queries::{self, Standing},
    rules, t,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use kernel::{Id, Refusal};
use maud::{Markup, html};
use store::{Conn, Fault, pictures::Redaction};
use ui::{
    Answer, Ctx, Form, Posted, Viewer,
    layout::{self, Page},
    parts::*,
    show,
};

/// What is proposed for sorting, with the reasons; people decide.
#[derive(Default)]
pub struct Proposal {
    /// Category code.
    pub category: Option<String>,
    /// Words that spoke for it.
    pub because: Vec<String>,
    /// A like matter of the past and how many.
    pub past: Option<(u32, String)>,
    /// The unit that led such matters here before, with how often, and how often rightly.
    pub unit: Option<(Id, Option<(i64, i64)>)>,
    /// Its name.
    pub unit_name: Option<String>,
}

/// Proposes category and unit from the words and from the street's own past.
pub async fn propose(conn: &mut Conn, ctx: &Ctx, m: &Matter, c: &Cast) -> Result<Proposal, Fault> {
    let mut out = Proposal::default();
    if !matches!(m.status, Status::Submitted | Status::Verifying | Status::Accepted) {
        return Ok(out);
    }
    let zh = ui::Lang::ZhHans;
    let words = format!("{}。{}", c.text(zh, &m.title), c.text(zh, &m.body));
    let by_words = methods::propose(&store::search::fold(&words), &c.world.catalogue);
    let past = queries::past_categories(&ctx.store, conn, m.street, &m.community, &words).await?;
    if let Some(p) = by_words.first() {
        out.category = Some(p.code.clone());
        out.because = p.because.iter().take(3).cloned().collect();
    }
    if let Some((code, n, number)) = past.first() {
        // The street's own past weighs more once it has said the same thing twice.
        if out.category.is_none()
            || (*n >= 2 && !by_words.iter().any(|p| p.code == *code && p.code == by_words[0].code))
        {
            out.category = Some(code.clone());
        }
        if out.category.as_ref() == Some(code) {
            out.past = Some((*n, number.clone()));
        }
    }
    let Some(code) = m.category.clone().or_else(|| out.category.clone()) else { return Ok(out) };
    let since = ctx.store.now() - chrono::Duration::days(365);
    let leads = queries::past_leads(&ctx.store, conn, m.street, &m.community, &code, since).await?;
    let usable: Vec<_> = leads.iter().filter(|l| !m.returned_by.contains(&l.unit)).collect();
    if let Some(lead) = usable.first() {
        out.unit = Some((lead.unit, Some((lead.led, lead.right))));
    } else if let Some(kind) = c.world.catalogue.get(&code).map(|k| k.lead) {
        let near = people::queries::units_near(conn, m.street, &m.place, Some(kind.code())).await?;
        out.unit = near.iter().find(|u| !m.returned_by.contains(&u.id)).map(|u| (u.id, None));
    }
    if let Some((id, _)) = out.unit {
        out.unit_name = people::queries::unit_names(conn, m.street, &[id]).await?.remove(&id);
    }
    Ok(out)
}

/// The reasons of a proposal, in words.
pub fn reasons(viewer: &Viewer, p: &Proposal, c: &Cast) -> Markup {
    let lang = viewer.lang;
    html! {
        @if p.category.is_some() || p.unit.is_some() {
            div."notice mt3" { (icon("lightbulb")) div {
                b { (t!(lang, "propose")) }
                @if let Some(code) = &p.category { p { (t!(lang, "propose-category", name = category_name(lang, &c.world, code)))
                    @if !p.because.is_empty() { "　" span.muted { (t!(lang, "propose-because", words = p.because.join("、"))) } }
                    @if let Some((n, number)) = &p.past { "　" a href={ "/office/m/" (number) } { (t!(lang, "propose-past", n = n.to_string(), number = number.clone())) } } } }
                @if let (Some((_, past)), Some(name)) = (&p.unit, &p.unit_name) { p {
                    @match past { Some((led, right)) => (t!(lang, "propose-unit-past", name = name.clone(), led = led.to_string(), right = right.to_string())), None => (t!(lang, "propose-unit-kind", name = name.clone())) }
                } }
                p."cap muted" { (t!(lang, "propose-decide")) }
            } }
        }
    }
}

/// The request that waits for a decision.
pub fn asked(viewer: &Viewer, m: &Matter, c: &Cast) -> Markup {
    let lang = viewer.lang;
    html! {
        @if let Some(r) = m.waiting_request() {
            div."notice warn mt3" { (icon("hand-heart")) div {
                b { (word(lang, &format!("asked-{}", r.ask.kind().code()))) @if let Some(u) = r.unit { "　" (c.unit(lang, u)) } }
                p { @match &r.ask {
                    Ask::Return { reason, competent } => { (word(lang, &format!("return-{}", reason.code()))) @if let Some(u) = competent { "　" (t!(lang, "competent-is", unit = c.unit(lang, *u))) } },
                    Ask::Extend { until } => (t!(lang, "until-is", when = show::when(lang, *until, c.now))),
                    Ask::Suspend { cause, review } => { (word(lang, &format!("cause-{}", cause.code()))) "　" (t!(lang, "review-is", when = show::day(lang, *review, c.now))) },
                    Ask::Void => {},
                    Ask::Whistle { units, at } => { (units.iter().map(|u| c.unit(lang, *u)).collect::<Vec<_>>().join("、")) "　" (show::when(lang, *at, c.now)) },
                } }
                p { (c.text(lang, &r.words)) }
                @if let Some(clock) = m.clock(Timer::Request) { p."cap muted" { (t!(lang, "silence-refuses", when = show::when(lang, clock.at, c.now))) } }
            } }
        }
    }
}

/// The one verb that the viewer most likely wants now.
fn main_verb(verbs: &[&'static str], m: &Matter) -> Option<&'static str> {
    let order: &[&str] = match m.status {
        Status::Submitted => &["accept"],
        Status::Verifying => &["verify", "accept"],
        Status::Accepted => &["dispatch"],
        Status::Dispatched => &["sign"],
        Status::Handling => &["finish", "finish_task", "decide"],
        Status::Handled => &["check"],
        Status::Answered => &["evaluate", "contact"],
        _ => &[],
    };
    let decide = verbs.contains(&"decide").then_some("decide");
    decide.or_else(|| order.iter().find(|v| verbs.contains(v)).copied())
}

/// Buttons for everything that may be done now.
fn buttons(ctx: &Ctx, viewer: &Viewer, m: &Matter, list: &[&'static str], main: Option<&str>) -> Markup {
    let lang = viewer.lang;
    let rest: Vec<&str> = list.iter().copied().filter(|v| Some(*v) != main).collect();
    html! {
        div."btns mt3" {
            @for verb in rest {
                @if verbs::is_plain(verb) {
                    form method="post" action={ "/office/m/" (m.number) "/" (verb) } data-once { (hidden(ctx, viewer)) button."btn sm" { (word(lang, &format!("verb-{verb}"))) } }
                } @else {
                    a."btn sm quiet" .bad[verb == "ask_void"] href={ "/office/m/" (m.number) "/" (verb) } { (word(lang, &format!("verb-{verb}"))) }
                }
            }
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "what one form is made of")]
async fn main_form(
    conn: &mut Conn,
    ctx: &Ctx,
    viewer: &Viewer,
    m: &Matter,
    verb: &str,
    p: &Proposal,
    c: &Cast,
    to: Option<&str>,
) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let proposed =
        if verb == "dispatch" { p.unit.as_ref().map(|(id, _)| id.to_string()) } else { p.category.clone() };
    let form = verbs::defaults(m, verb, proposed.as_deref(), &c.world);
    let inner = verbs::inner(conn, viewer, m, verb, &form).await?;
    Ok(html! {
        form."form mt3" method="post" action={ "/office/m/" (m.number) "/" (verb) } enctype="multipart/form-data" data-draft={ (verb) "-" (m.number) } data-outbox data-once {
            (hidden(ctx, viewer))
            @if let Some(to) = to { input type="hidden" name="to" value=(to); }
            (inner)
            p.up data-sending hidden { progress aria-label=(t!(lang, "sending")) {} span { (t!(lang, "sending")) } }
            div."btns mt3" { button."btn pri wide" { (word(lang, &format!("verb-{verb}"))) } }
        }
    })
}

/// Chips of a matter for staff.
fn chips(viewer: &Viewer, m: &Matter) -> Markup {
    let lang = viewer.lang;
    html! {
        p.btns {
            (status_chip(lang, m.status, m.suspension.is_some(), m.whistle.is_some(), m.agenda.is_some(), m.waiting.is_some()))
            span."chip line num" { (m.number) }
            @if let Some(tier) = m.tier { (chip("line", "", &tier_name(lang, tier))) }
            @if m.round > 1 { (chip("late", "rotate-ccw", &t!(lang, "round-n", n = m.round))) }
            @if m.supervision.is_some() { (chip("horn", "eye", &t!(lang, "overlay-supervised"))) }
            @if m.onsite { (chip("horn", "map-pin", &t!(lang, "overlay-onsite"))) }
            @if m.hazard { (chip("late", "triangle-alert", &t!(lang, "overlay-hazard"))) }
            @if m.hidden { (chip("off", "eye-off", &t!(lang, "overlay-hidden"))) }
            @if m.imported { (chip("off", "file-down", &t!(lang, "overlay-imported"))) }
        }
    }
}

fn clock_line(viewer: &Viewer, m: &Matter, c: &Cast) -> Markup {
    let lang = viewer.lang;
    html! {
        @if let Some(d) = m.due().filter(|_| !m.is_paused()) {
            @let d2 = due(lang, &c.world, d.start, d.at, d.limit.kind, c.now);
            p."due mt2" { progress class=(match d2.lamp { kernel::calendar::Lamp::Green => "", kernel::calendar::Lamp::Yellow => "warn", kernel::calendar::Lamp::Red => "late" }) max="100" value=(d2.used) aria-label=(t!(lang, "time-used")) {} b.num { (d2.text) } }
            @if let Some(year) = d.missing_year { p."cap wrn" { (t!(lang, "calendar-missing", year = year)) } }
        }
    }
}

/// The side panel of the worklist: what it is, what is proposed, and the next act without leaving the list.
pub async fn panel(ctx: &Ctx, viewer: &Viewer, conn: &mut Conn, number: &str) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let street = ctx.street(viewer)?;
    let (m, standing) = queries::find(conn, street, viewer, number).await?;
    if !standing.staff {
        return Err(Refusal::missing("matters.no-matter").into());
    }
    let c = cast(conn, ctx, &m, true).await?;
    let proposal = propose(conn, ctx, &m, &c).await?;
    let verbs = queries::verbs_for(viewer, &m, &standing);
    let main = main_verb(&verbs, &m);
    let form = match main {
        Some(verb) if !verbs::is_plain(verb) => {
            Some(main_form(conn, ctx, viewer, &m, verb, &proposal, &c, Some("/office")).await?)
        }
        _ => None,
    };
    Ok(html! {
        (chips(viewer, &m))
        h2."h3 mt2" { a href={ "/office/m/" (m.number) } { (c.text(lang, &m.title)) } }
        p.meta { span { (icon_s("map-pin")) (place_name(&c.places, &m.place)) @if let Some(s) = &m.spot { " " (c.text(lang, s)) } }
            span { (ui::say(lang, &format!("ui.channel-{}", m.channel.code()), &[])) } span.num { (show::when(lang, m.raised_at, c.now)) } }
        (clock_line(viewer, &m, &c))
        div."said mt2" { (c.text(lang, &m.body)) (story::photos(lang, &m, &standing, &m.attachments.iter().filter(|a| a.purpose == Purpose::Raised).cloned().collect::<Vec<_>>())) }
        (asked(viewer, &m, &c))
        (reasons(viewer, &proposal, &c))
        @match (form, main) {
            (Some(form), _) => (form),
            (None, Some(verb)) => { form."mt3" method="post" action={ "/office/m/" (m.number) "/" (verb) } data-once { (hidden(ctx, viewer)) button."btn pri wide" { (word(lang, &format!("verb-{verb}"))) } } },
            _ => {}
        }
        (buttons(ctx, viewer, &m, &verbs, main))
        p."mt3" { a."btn sm" href={ "/office/m/" (m.number) } { (t!(lang, "open-page")) } }
    })
}

/// `/office/m/{number}`
pub async fn show(State(ctx): State<Ctx>, viewer: Viewer, Path(number): Path<String>) -> Answer {
    let lang = viewer.lang;
    viewer.signed_in()?;
    let street = ctx.street(&viewer)?;
    let mut conn = ctx.store.read().await?;
    let (m, standing) = find_staff(&mut conn, street, &viewer, &number).await?;
    let c = cast(&mut conn, &ctx, &m, true).await?;
    let proposal = propose(&mut conn, &ctx, &m, &c).await?;
    let verbs = queries::verbs_for(&viewer, &m, &standing);
    let main = main_verb(&verbs, &m);
    let form = match main {
        Some(verb) if !verbs::is_plain(verb) => {
            Some(main_form(&mut conn, &ctx, &viewer, &m, verb, &proposal, &c, None).await?)
        }
        _ => None,
    };
    let title = c.text(lang, &m.title);
    let body = html! {
        div.wh { h1 { (title) } p."btns" {
            a."btn sm quiet" href={ "/office/m/" (m.number) "/paper/slip" } { (icon_s("printer")) (t!(lang, "print-slip")) }
            @if m.status.is_open() && m.current().is_some() { a."btn sm quiet" href={ "/office/m/" (m.number) "/paper/order" } { (icon_s("printer")) (t!(lang, "print-order")) } }
            @if matches!(m.status, Status::Answered | Status::Closed) { a."btn sm quiet" href={ "/office/m/" (m.number) "/paper/notice" } { (icon_s("printer")) (t!(lang, "print-notice")) } }
            a."btn sm quiet" href={ "/m/" (m.number) } { (icon_s("eye")) (t!(lang, "residents-page")) }
        } }
        div."split acts" {
            div."w-what" {
                section."card card-p" {
                    (chips(&viewer, &m))
                    p."meta mt2" { span { (icon_s("map-pin")) (place_name(&c.places, &m.place)) @if let Some(s) = &m.spot { " " (c.text(lang, s)) } }
                        span { (ui::say(lang, &format!("ui.channel-{}", m.channel.code()), &[])) } span.num { (show::when(lang, m.raised_at, c.now)) }
                        @if let Some(code) = &m.category { span { (category_name(lang, &c.world, code)) } } }
                    (clock_line(&viewer, &m, &c))
                    div."said mt2" { (c.text(lang, &m.body)) (story::photos(lang, &m, &standing, &m.attachments.iter().filter(|a| a.purpose == Purpose::Raised).cloned().collect::<Vec<_>>())) }
                    @if m.attachments.iter().any(|a| a.kind == "photo") && viewer.may(&rules::CORRECT, &m.place).is_some() { p."btns mt2" { a."btn sm quiet" href={ "/office/m/" (m.number) "/redact" } { (icon_s("crop")) (t!(lang, "redact")) } } }
                }
            }
            div."w-story" {
                section.sec aria-labelledby="h-tl" { h2 #h-tl { (t!(lang, "timeline")) } (story::timeline(&viewer, &m, &standing, &c, super::matter::next_step(&viewer, &m).as_deref())) }
            }
            aside."w-do" aria-label=(t!(lang, "do-now")) {
                section."card card-p" aria-labelledby="h-do" {
                    h2."h2s" #h-do { (t!(lang, "do-now")) }
                    (asked(&viewer, &m, &c))
                    (reasons(&viewer, &proposal, &c))
                    @match (form, main) {
                        (Some(form), _) => (form),
                        (None, Some(verb)) => { form."mt3" method="post" action={ "/office/m/" (m.number) "/" (verb) } data-once { (hidden(&ctx, &viewer)) button."btn pri wide" { (word(lang, &format!("verb-{verb}"))) } } },
                        (None, None) => { p."muted mt2" { (t!(lang, "nothing-now")) } }
                    }
                    (buttons(&ctx, &viewer, &m, &verbs, main))
                }
                (people_card(&ctx, &viewer, &m, &c, None))
                (rounds_card(&viewer, &m, &c))
            }
        }
    };
    let page = Page { title: &title, current: "/office/matters", ..Page::default() };
    Ok(layout::staff(&ctx, &viewer, page, &body).into_response())
}

async fn find_staff(
    conn: &mut Conn,
    street: Id,
    viewer: &Viewer,
    number: &str,
) -> Result<(Matter, Standing), Fault> {
    let (m, standing) = queries::find(conn, street, viewer, number).await?;
    if !standing.staff {
        return Err(Refusal::missing("matters.no-matter").into());
    }
    Ok((m, standing))
}

/// Who raised it: masked; seeing it asks a reason, which is kept.
fn people_card(ctx: &Ctx, viewer: &Viewer, m: &Matter, c: &Cast, clear: Option<(Id, &str, &str)>) -> Markup {
    let lang = viewer.lang;
    let may = viewer
        .may(&rules::UNMASK, &m.place)
        .is_some_and(|o| o.unit.is_none() || m.voices.iter().any(|v| v.open_identity));
    html! {
        section."card card-p mt3" aria-labelledby="h-voices" {
            h2."h2s" #h-voices { (t!(lang, "voices-n", n = m.voices.len())) }
            ul.mt2 { @for v in &m.voices {
                li { p.meta { span.num { (v.number) } span.num { (show::day(lang, v.at, c.now)) } span { (ui::say(lang, &format!("ui.channel-{}", v.channel.code()), &[])) }
                    @if v.on_behalf { (chip("line", "", &t!(lang, "on-behalf"))) } @if v.withdrawn { (chip("off", "undo-2", &t!(lang, "withdrawn"))) } }
                    @match (v.person, clear) {
                        (Some(_), Some((id, name, phone))) if id == v.id => { p { b { (name) } "　" a href={ "tel:" (phone) } { (phone) } } }
                        (Some(_), _) => { p.muted { (t!(lang, "masked")) } }
                        (None, _) => { p.muted { (t!(lang, "anonymous")) } }
                    }
                }
            } }
            @if may && clear.is_none() && m.voices.iter().any(|v| v.person.is_some()) {
                details."more mt2" { summary { (t!(lang, "unmask")) }
                    form.form method="post" action={ "/office/m/" (m.number) "/who" } {
                        (hidden(ctx, viewer))
                        @if m.voices.len() > 1 { div.field { label for="f-voice-who" { (t!(lang, "field-voice")) } select #f-voice-who name="voice" { @for v in m.voices.iter().filter(|v| v.person.is_some()) { option value=(v.id) { (v.number) } } } } }
                        (field(lang, &Form::default(), Field { name: "reason", label: &t!(lang, "unmask-reason"), required: true, max: 200, ..Field::default() }))
                        button."btn sm mt2" { (icon_s("eye")) (t!(lang, "unmask")) }
                    }
                }
            }
        }
    }
}

fn rounds_card(viewer: &Viewer, m: &Matter, c: &Cast) -> Markup {
    let lang = viewer.lang;
    html! {
        @for r in m.rounds.iter().rev() {
            section."card card-p mt3" {
                h2."h3" { (t!(lang, "round-n", n = r.n)) }
                dl."kv mt2" {
                    dt { (t!(lang, "field-unit")) } dd { (r.leads.iter().map(|l| c.unit(lang, l.unit)).collect::<Vec<_>>().join(" → ")) }
                    dt { (t!(lang, "field-limit")) } dd { (limit_name(lang, r.limit)) }
                    dt { (t!(lang, "original-deadline")) } dd.num { (show::full(r.original)) }
                    @if r.deadline != r.original { dt { (t!(lang, "deadline-now")) } dd.num { (show::full(r.deadline)) } }
                    @if let Some(at) = r.handled_at { dt { (t!(lang, "handled-at")) } dd.num { (show::full(at)) } }
                    @if r.reworks > 0 { dt { (t!(lang, "reworks")) } dd.num { (r.reworks) } }
                }
                @for task in m.tasks.iter().filter(|x| x.round == r.n) {
                    p."meta mt2" { span { (icon_s(if task.ended_at.is_some() { "check" } else { "clock" })) (c.unit(lang, task.unit)) } span { @if task.waived { (t!(lang, "task-waived")) } @else if task.ended_at.is_some() { (t!(lang, "task-done")) } @else { (t!(lang, "task-open")) } } }
                }
            }
        }
        @if let Some(w) = &m.whistle {
            section."card card-p mt3" { h2."h3" { (icon_s("siren")) " " (t!(lang, "overlay-whistled")) } p."cap muted num" { (show::full(w.at)) }
                @for u in &w.units { p."meta mt2" { span { (c.unit(lang, u.unit)) } span.num { @match u.reported_at { Some(at) => (t!(lang, "reported-at", when = show::when(lang, at, c.now))), None => (t!(lang, "not-reported")) } } @if let Some(s) = u.score { span.num { (t!(lang, "score-n", n = s)) } } } }
            }
        }
    }
}

/// `POST /office/m/{number}/who`: shows a contact for a reason; both are kept in the journal.
pub async fn who(State(ctx): State<Ctx>, Path(number): Path<String>, form: Posted) -> Answer {
    let viewer = form.viewer.clone();
    let lang = viewer.lang;
    let street = ctx.street(&viewer)?;
    let mut conn = ctx.store.read().await?;
    let (m, standing) = find_staff(&mut conn, street, &viewer, &number).await?;
    let office = viewer.need(&rules::UNMASK, &m.place)?.clone();
    let wanted = form.fields.parse::<Id>("voice")?;
    let voice = m
        .voices
        .iter()
        .find(|v| v.person.is_some() && wanted.is_none_or(|w| w == v.id))
        .ok_or(Refusal::missing("matters.no-voice"))?
        .clone();
    if office.unit.is_some() && !(voice.open_identity && standing.unit == office.unit) {
        return Err(Refusal::forbidden("matters.identity-closed").into());
    }
    let actor = viewer.actor(Some(&office))?;
    let world = queries::world(&mut conn, street).await?;
    let (id, vid, reason) = (m.id, voice.id, form.fields.get("reason").to_owned());
    drop(conn);
    ctx.store
        .write(move |tx| {
            Box::pin(async move {
                actions::see_personal(tx, &world, &actor, id, Some(vid), &["name", "phone"], &reason).await
            })
        })
        .await?;
    let mut conn = ctx.store.read().await?;
    let person = match voice.person {
        Some(p) => people::queries::person(&mut conn, ctx.store.keys(), street, p).await?,
        None => None,
    };
    let c = cast(&mut conn, &ctx, &m, true).await?;
    let (name, phone) =
        person.map(|p| (p.name.unwrap_or_default(), p.phone.unwrap_or_default())).unwrap_or_default();
    let title = t!(lang, "unmask");
    let body = html! {
        div.wh { h1 { (c.text(lang, &m.title)) } p.muted { span.num { (m.number) } } }
        (people_card(&ctx, &viewer, &m, &c, Some((voice.id, &name, &phone))))
        p."btns mt3" { a."btn pri" href={ "/office/m/" (m.number) "/contact" } { (icon_s("phone-call")) (word(lang, "verb-contact")) } a.btn href={ "/office/m/" (m.number) } { (t!(lang, "back-to-matter")) } }
        p.wm aria-hidden="true" { (viewer.signed.as_ref().map(|s| s.name.clone()).unwrap_or_default()) " " (show::full(ctx.store.now())) }
    };
    let page = Page { title: &title, current: "/office/matters", slim: true, ..Page::default() };
    Ok(layout::staff(&ctx, &viewer, page, &body).into_response())
}

/// `/office/m/{number}/redact`: black boxes over faces and plates before a photo becomes public.
pub async fn redact_form(State(ctx): State<Ctx>, viewer: Viewer, Path(number): Path<String>) -> Answer {
    redact_page(&ctx, &viewer, &number, Form::default(), StatusCode::OK).await
}

async fn redact_page(ctx: &Ctx, viewer: &Viewer, number: &str, form: Form, status: StatusCode) -> Answer {
    let lang = viewer.lang;
    let street = ctx.street(viewer)?;
    let mut conn = ctx.store.read().await?;
    let (m, _) = find_staff(&mut conn, street, viewer, number).await?;
    viewer.need(&rules::CORRECT, &m.place)?;
    let rows: Vec<u32> = (0..10).collect();
    let title = t!(lang, "redact");
    let body = html! {
        div.wh { h1 { (title) } p.muted { span.num { (m.number) } "　" (t!(lang, "redact-hint")) } }
        (error_summary(lang, &form))
        @for a in m.attachments.iter().filter(|a| a.kind == "photo") {
            form."card card-p form mt3" method="post" action={ "/office/m/" (m.number) "/redact" } {
                (hidden(ctx, viewer)) input type="hidden" name="blob" value=(a.blob);
                img src={ "/files/" (a.blob) } alt=(word(lang, &format!("purpose-{}", a.purpose.code()))) width="600";
                // A grid of tick boxes over the picture's tenths works by keyboard, by touch and without script.
                fieldset.field { legend { (t!(lang, "redact-grid")) }
                    table."tbl plain mask" { tbody { @for y in &rows { tr { @for x in &rows {
                        td { input type="checkbox" name="cell" value={ (x) "," (y) } aria-label=(t!(lang, "redact-cell", x = (x + 1).to_string(), y = (y + 1).to_string())); }
                    } } } } }
                }
                button."btn bad mt2" { (icon_s("crop")) (t!(lang, "redact-do")) }
                @if a.redactions > 0 { p."cap muted" { (t!(lang, "redacted-n", n = a.redactions)) } }
            }
        }
    };
    let page = Page { title: &title, current: "/office/matters", slim: true, ..Page::default() };
    Ok((status, layout::staff(ctx, viewer, page, &body)).into_response())
}

/// `POST /office/m/{number}/redact`
pub async fn redact(State(ctx): State<Ctx>, Path(number): Path<String>, form: Posted) -> Answer {
    let viewer = form.viewer.clone();
    let street = ctx.street(&viewer)?;
    let mut conn = ctx.store.read().await?;
    let (m, _) = find_staff(&mut conn, street, &viewer, &number).await?;
    let office = viewer.need(&rules::CORRECT, &m.place)?;
    let actor = viewer.actor(Some(office))?;
    let world = queries::world(&mut conn, street).await?;
    drop(conn);
    let blob: Id = form.fields.parse("blob")?.ok_or(Refusal::missing("matters.no-photo"))?;
    let boxes: Vec<Redaction> = form
        .fields
        .all("cell")
        .filter_map(|c| c.split_once(','))
        .filter_map(|(x, y)| {
            Some(Redaction {
                x: x.parse::<u32>().ok()?.min(9) * 100,
                y: y.parse::<u32>().ok()?.min(9) * 100,
                w: 100,
                h: 100,
            })
        })
        .collect();
    if boxes.is_empty() {
        let refusal = Refusal::invalid("cell", "matters.no-cells");
        return redact_page(
            &ctx,
            &viewer,
            &number,
            Form::refused(form.fields, refusal),
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    }
    let id = m.id;
    ctx.store
        .once(form.key(), move |tx| {
            Box::pin(
                async move { actions::redact(tx, &world, &actor, id, blob, boxes).await.map(|m| m.number) },
            )
        })
        .await?;
    Ok(ui::done(&ctx, &format!("/office/m/{}/redact", m.number), "matters.done-redacted", &[]))
}
