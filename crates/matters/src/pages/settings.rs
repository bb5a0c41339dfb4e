//! What a street works by: its method told in words, the catalogue, the working calendar.

use super::words::*;
use crate::{WORDS, actions, actions::SettingsChange, model::*, queries, rules::SETTINGS, t};
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::IntoResponse,
};
use chrono::{Datelike, NaiveDate};
use kernel::{
    PlacePath, Refusal,
    calendar::{ClockKind, DayOverride, DutyWindows, Limit},
    text::{self, TITLE},
};
use maud::{Markup, html};
use methods::{Category, CategoryEdit, Label, Method, Nature, Tier, UnitKind, Urgency};
use serde::Deserialize;
use store::Fault;
use ui::{
    Answer, Ctx, Fields, Form, Lang, Posted, Viewer,
    layout::{self, Page},
    parts::*,
    sheet::Sheet,
};

pub(super) const HERE: &str = "/office/settings";

/// Reads a date as forms send it, within the years that a calendar can be asked about.
pub fn read_date(text: &str) -> Option<NaiveDate> {
    let date: NaiveDate = text.trim().parse().ok()?;
    (text.trim().len() == 10 && (2000..2100).contains(&date.year())).then_some(date)
}

/// The place for which the right must be held to change what holds for the whole street: the street, or its only
/// community where there is but one.
pub(super) fn whole(viewer: &Viewer) -> Result<PlacePath, Refusal> {
    let home = viewer.home().ok_or(Refusal::conflict("ui.no-street"))?;
    Ok(match home.communities.as_slice() {
        [only] => only.path.clone(),
        _ => home.path.clone(),
    })
}

fn unit_kind(lang: Lang, kind: UnitKind) -> String {
    word(lang, &format!("lead-{}", kind.code()))
}

/// The limits and bounds of a method, each in a sentence.
fn rules_told(lang: Lang, m: &Method) -> Vec<String> {
    let t = &m.timers;
    let limits: [(&str, Limit); 16] = [
        ("accept", t.accept),
        ("accept_web", t.accept_web),
        ("verify", t.verify),
        ("dispatch_urgent", t.dispatch_urgent),
        ("dispatch_utility", t.dispatch_utility),
        ("dispatch_ordinary", t.dispatch_ordinary),
        ("sign", t.sign),
        ("first_contact", t.first_contact),
        ("fallback_ordinary", t.fallback_ordinary),
        ("progress", t.progress),
        ("check", t.check),
        ("evaluate", t.evaluate),
        ("request", t.request),
        ("reopen", t.reopen),
        ("suspension_review_max", t.suspension_review_max),
        ("resident_wait_max", t.resident_wait_max),
    ];
    let bounds = [
        ("returns", m.returns.max_per_unit),
        ("onsite", m.returns.units_before_onsite),
        ("extensions", m.extensions.max),
        ("supervise", m.redo.supervise_at),
        ("council", m.redo.council_at),
        ("attempts", m.evaluation.contact_attempts),
    ];
    let limits = limits.into_iter().map(|(key, limit)| {
        WORDS.say(lang, &format!("set-timer-{key}"), &[("limit", limit_name(lang, limit))])
    });
    let bounds = bounds
        .into_iter()
        .map(|(key, n)| WORDS.say(lang, &format!("set-rule-{key}"), &[("n", n.to_string())]));
    limits.chain(bounds).collect()
}

/// `/office/settings`
pub async fn show(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    page(&ctx, &viewer, Form::default(), StatusCode::OK).await
}

async fn page(ctx: &Ctx, viewer: &Viewer, form: Form, status: StatusCode) -> Answer {
    let lang = viewer.lang;
    viewer.need_somewhere(&SETTINGS)?;
    let street = ctx.street(viewer)?;
    let now = ctx.store.now();
    let mut conn = ctx.store.read().await?;
    let world = queries::world(&mut conn, street).await?;
    let all = viewer.may(&SETTINGS, &whole(viewer)?).is_some();
    let title = t!(lang, "set-title");
    let body = html! {
        h1 { (title) }
        (error_summary(lang, &form))
        @if !all { div."notice mt3" { (icon("info")) div { (t!(lang, "set-read-only")) } } }
        (methods_section(ctx, viewer, &world, all))
        (calendar_section(ctx, viewer, &world, &form, all, kernel::time::local_date(now).year()))
        (catalogue_section(viewer, &world, all))
    };
    let page = Page { title: &title, current: HERE, ..Page::default() };
    Ok((status, layout::staff(ctx, viewer, page, &body)).into_response())
}

fn method_choice(
    ctx: &Ctx,
    viewer: &Viewer,
    world: &World,
    community: &str,
    name: &str,
    chosen: Option<&String>,
    may: bool,
) -> Markup {
    let lang = viewer.lang;
    let id = format!(
        "f-method-{}",
        if community.is_empty() { "street".to_owned() } else { community.replace('/', "-") }
    );
    html! {
        form.mt3 method="post" action="/office/settings/method" {
            (hidden(ctx, viewer))
            input type="hidden" name="community" value=(community);
            div."field nomt" {
                label for=(id) { (name) }
                div.inline {
                    select #(id) name="method" disabled[!may] {
                        option value="" selected[chosen.is_none()] { @if community.is_empty() { (t!(lang, "set-method-plain")) } @else { (t!(lang, "set-method-street")) } }
                        @for m in world.methods().iter() { option value=(m.code) selected[chosen == Some(&m.code)] { (m.name.get(lang.code())) } }
                    }
                    @if may { button."btn sm" { (t!(lang, "set-choose")) } }
                }
            }
        }
    }
}

fn methods_section(ctx: &Ctx, viewer: &Viewer, world: &World, all: bool) -> Markup {
    let lang = viewer.lang;
    let home = viewer.home();
    let mut used: Vec<&Method> = Vec::new();
    for community in home.iter().flat_map(|h| &h.communities) {
        let method = world.method(&community.path);
        if !used.iter().any(|m| m.code == method.code) {
            used.push(method);
        }
    }
    html! {
        section.sec aria-labelledby="h-method" {
            h2 #h-method { (t!(lang, "set-method")) }
            div."card card-p mt3" {
                p.muted { (t!(lang, "set-method-hint")) }
                @if let Some(home) = home {
                    (method_choice(ctx, viewer, world, "", &home.name, world.settings.method.as_ref(), all))
                    @for c in &home.communities {
                        (method_choice(ctx, viewer, world, c.path.as_str(), &c.name, world.settings.methods.get(c.path.as_str()), viewer.may(&SETTINGS, &c.path).is_some()))
                    }
                }
            }
            @if all { p."btns mt3" { a."btn sm" href="/office/settings/methods" { (icon_s("pencil")) (t!(lang, "set-own-methods")) } } }
            @for m in used {
                details."more card card-p mt3" {
                    summary { (m.name.get(lang.code())) " · " (t!(lang, "set-method-rules")) }
                    p.mt2 { (m.description.get(lang.code())) }
                    @if !m.steps.is_empty() { ol.mt2 { @for s in &m.steps { li { b { (s.name.get(lang.code())) } " " (s.description.get(lang.code())) } } } }
                    dl."kv left mt2" { @for tier in Tier::ALL { @let rule = m.tiers.get(*tier); dt { (rule.name.get(lang.code())) } dd { (rule.description.get(lang.code())) } } }
                    ul.mt2 { @for said in rules_told(lang, m) { li { (said) } } }
                }
            }
        }
    }
}

fn days_text(days: &[DayOverride], work: bool) -> String {
    let lines: Vec<String> = days
        .iter()
        .filter(|d| d.work == work)
        .map(|d| format!("{} {}", d.date, d.name).trim().to_owned())
        .collect();
    lines.join("\n")
}

fn calendar_section(ctx: &Ctx, viewer: &Viewer, world: &World, form: &Form, all: bool, year: i32) -> Markup {
    let lang = viewer.lang;
    let own = &world.settings.calendar;
    let mut shown = form.clone();
    if shown.errors.is_empty() {
        let years: Vec<String> = own.years.iter().map(ToString::to_string).collect();
        shown.values.set("duty", String::from(world.calendar.duty().clone()));
        shown.values.set("off", days_text(&own.days, false));
        shown.values.set("work", days_text(&own.days, true));
        shown.values.set("years", years.join(" "));
    }
    let missing: Vec<String> =
        (year..=year + 1).filter(|y| !world.calendar.covers(*y)).map(|y| y.to_string()).collect();
    html! {
        section.sec aria-labelledby="h-cal" {
            h2 #h-cal { (t!(lang, "set-calendar")) }
            @if !missing.is_empty() { div."notice warn mt3" role="status" { (icon("triangle-alert")) div { b { (t!(lang, "set-year-missing", years = missing.join("、"))) } br; (t!(lang, "set-year-missing-hint")) } } }
            form."card card-p form mt3" method="post" action="/office/settings/calendar" {
                (hidden(ctx, viewer))
                fieldset.plain disabled[!all] {
                legend.vh { (t!(lang, "set-calendar")) }
                (field(lang, &shown, Field { name: "duty", label: &t!(lang, "set-duty"), hint: &t!(lang, "set-duty-hint"), max: 100, required: true, ..Field::default() }))
                (field(lang, &shown, Field { name: "off", label: &t!(lang, "set-off"), hint: &t!(lang, "set-days-hint"), kind: "textarea", rows: 4, max: 8000, ..Field::default() }))
                (field(lang, &shown, Field { name: "work", label: &t!(lang, "set-work"), hint: &t!(lang, "set-days-hint"), kind: "textarea", rows: 3, max: 8000, ..Field::default() }))
                (field(lang, &shown, Field { name: "years", label: &t!(lang, "set-years"), hint: &t!(lang, "set-years-hint"), max: 200, ..Field::default() }))
                }
                @if all { div."btns mt3" { button."btn pri" { (t!(lang, "set-save")) } } }
            }
        }
    }
}

fn catalogue_section(viewer: &Viewer, world: &World, all: bool) -> Markup {
    let lang = viewer.lang;
    let own = |code: &str| world.settings.categories.iter().any(|e| e.code == code);
    html! {
        section.sec aria-labelledby="h-cat" {
            div."sec-h" {
                h2 #h-cat { (t!(lang, "set-catalogue")) }
                span.btns {
                    a."btn sm" href="/office/categories.xlsx" { (icon_s("download")) "XLSX" }
                    a."btn sm" href="/office/categories.csv" { (icon_s("download")) "CSV" }
                }
            }
            @for major in world.catalogue.majors() {
                details."more card card-p mt3" {
                    summary { span.num { (major.code) } " " (major.name.get(lang.code())) " · " (t!(lang, "set-minors", n = major.categories.len())) @if !major.enabled { " " (chip("off", "", &t!(lang, "set-disabled"))) } }
                    div.tscroll tabindex="0" role="group" aria-label=(major.name.get(lang.code())) {
                        table.tbl {
                            caption.vh { (major.name.get(lang.code())) }
                            thead { tr {
                                th scope="col" { (t!(lang, "set-name")) } th scope="col" { (t!(lang, "set-tier")) } th scope="col" { (t!(lang, "set-limit")) }
                                th scope="col" { (t!(lang, "set-lead")) } th scope="col" { (t!(lang, "set-closing")) } th scope="col" { span.vh { (t!(lang, "set-edit")) } }
                            } }
                            tbody { @for c in &major.categories { tr {
                                th scope="row" { span.num { (c.code) } " " (c.name.get(lang.code())) @if !c.enabled { " " (chip("off", "", &t!(lang, "set-disabled"))) } @if own(&c.code) { " " (chip("line", "", &t!(lang, "set-own"))) } }
                                td data-l=(t!(lang, "set-tier")) { (tier_name(lang, c.tier)) }
                                td.num data-l=(t!(lang, "set-limit")) { (limit_name(lang, c.limit)) }
                                td data-l=(t!(lang, "set-lead")) { (unit_kind(lang, c.lead)) }
                                td.low data-l=(t!(lang, "set-closing")) { (c.closing.get(lang.code())) }
                                td { @if all { a."btn sm quiet" href={ "/office/settings/category?code=" (c.code) } aria-label=(t!(lang, "set-edit-named", name = c.name.get(lang.code()))) { (t!(lang, "set-edit")) } } }
                            } } }
                        }
                    }
                    @if all { p."btns mt2" { a."btn sm" href={ "/office/settings/category?new=" (major.code) } { (icon_s("plus")) (t!(lang, "set-add-minor")) } } }
                }
            }
        }
    }
}

/// Which category is edited, or in which class one is added.
#[derive(Deserialize)]
pub struct Which {
    #[serde(default)]
    code: String,
    #[serde(default)]
    new: String,
}

fn next_code(world: &World, major: &str) -> Option<String> {
    let taken = &world.catalogue.major(major)?.categories;
    (1..100)
        .rev()
        .map(|n| format!("{major}{n:02}"))
        .find(|code| taken.iter().any(|c| c.code == *code))
        .map_or_else(
            || Some(format!("{major}01")),
            |last| {
                let n: u32 = last[2..].parse().ok()?;
                (n < 99).then(|| format!("{major}{:02}", n + 1))
            },
        )
}

fn filled(c: &Category) -> Form {
    let yes = |on: bool| if on { "1" } else { "" };
    Form::with(&[
        ("code", &c.code),
        ("name", &c.name.zh_hans),
        ("name_en", &c.name.en),
        ("name_hant", &c.name.zh_hant),
        ("tier", c.tier.code()),
        ("nature", c.nature.code()),
        ("urgency", c.urgency.code()),
        ("value", &c.limit.value.to_string()),
        ("kind", c.limit.kind.code()),
        ("lead", c.lead.code()),
        ("closing", &c.closing.zh_hans),
        ("keywords", &c.keywords.join(" ")),
        ("after_photo", yes(c.after_photo)),
        ("hazard", yes(c.hazard)),
        ("enabled", yes(c.enabled)),
    ])
}

/// `/office/settings/category`
pub async fn category_form(State(ctx): State<Ctx>, viewer: Viewer, Query(q): Query<Which>) -> Answer {
    viewer.need(&SETTINGS, &whole(&viewer)?)?;
    let street = ctx.street(&viewer)?;
    let world = queries::world(&mut ctx.store.read().await?, street).await?;
    let missing = || Refusal::missing("matters.no-category");
    let form = if q.new.is_empty() {
        filled(world.catalogue.get(&q.code).ok_or_else(missing)?)
    } else {
        let code = next_code(&world, &q.new).ok_or_else(missing)?;
        Form::with(&[
            ("code", &code),
            ("new", "1"),
            ("enabled", "1"),
            ("tier", "consultation"),
            ("nature", "help"),
            ("urgency", "ordinary"),
            ("value", "5"),
            ("kind", "work_day"),
            ("lead", "community"),
        ])
    };
    category_page(&ctx, &viewer, &form, StatusCode::OK)
}

fn category_page(ctx: &Ctx, viewer: &Viewer, form: &Form, status: StatusCode) -> Answer {
    let lang = viewer.lang;
    let new = form.values.ticked("new");
    let title = if new { t!(lang, "set-add-minor") } else { t!(lang, "set-edit-minor") };
    let leads: Vec<(String, String)> =
        UnitKind::ALL.iter().map(|k| (k.code().to_owned(), unit_kind(lang, *k))).collect();
    let kinds: Vec<(String, String)> = ClockKind::ALL
        .iter()
        .map(|k| (k.code().to_owned(), word(lang, &format!("set-clock-{}", k.code()))))
        .collect();
    let body = html! {
        h1 { (title) " " span.num { (form.values.get("code")) } }
        (error_summary(lang, form))
        form."card card-p form mt3" method="post" action="/office/settings/category" data-once {
            (hidden(ctx, viewer))
            input type="hidden" name="code" value=(form.values.get("code"));
            input type="hidden" name="new" value=(form.values.get("new"));
            (field(lang, form, Field { name: "name", label: &t!(lang, "set-name"), required: true, max: TITLE, ..Field::default() }))
            div.g2 {
                (field(lang, form, Field { name: "name_en", label: &t!(lang, "set-name-en"), max: TITLE, ..Field::default() }))
                (field(lang, form, Field { name: "name_hant", label: &t!(lang, "set-name-hant"), max: TITLE, ..Field::default() }))
            }
            div.g2 {
                (select(lang, form, Field { name: "tier", label: &t!(lang, "set-tier"), required: true, ..Field::default() }, &coded(lang, Tier::ALL, "tier", Tier::code)))
                (select(lang, form, Field { name: "lead", label: &t!(lang, "set-lead"), required: true, ..Field::default() }, &leads))
            }
            div.g2 {
                (field(lang, form, Field { name: "value", label: &t!(lang, "set-limit"), hint: &t!(lang, "set-limit-hint"), kind: "number", required: true, ..Field::default() }))
                (select(lang, form, Field { name: "kind", label: &t!(lang, "set-clock"), required: true, ..Field::default() }, &kinds))
            }
            div.g2 {
                (select(lang, form, Field { name: "urgency", label: &t!(lang, "field-urgency"), required: true, ..Field::default() }, &coded(lang, Urgency::ALL, "urgency", Urgency::code)))
                (select(lang, form, Field { name: "nature", label: &t!(lang, "field-nature"), required: true, ..Field::default() }, &coded(lang, Nature::ALL, "nature", Nature::code)))
            }
            (field(lang, form, Field { name: "closing", label: &t!(lang, "set-closing"), required: true, kind: "textarea", rows: 2, max: 200, ..Field::default() }))
            (field(lang, form, Field { name: "keywords", label: &t!(lang, "set-keywords"), hint: &t!(lang, "set-keywords-hint"), kind: "textarea", rows: 2, max: 2000, ..Field::default() }))
            (check(form, "after_photo", &t!(lang, "set-after-photo")))
            (check(form, "hazard", &t!(lang, "set-hazard")))
            (check(form, "enabled", &t!(lang, "set-enabled")))
            p."cap muted mt2" { (t!(lang, "set-frozen")) }
            div."btns mt3" { button."btn pri" { (t!(lang, "set-save")) } a.btn href=(HERE) { (t!(lang, "set-cancel")) } }
        }
    };
    let page = Page { title: &title, current: HERE, back: Some(HERE), ..Page::default() };
    Ok((status, layout::staff(ctx, viewer, page, &body)).into_response())
}

/// A name in three languages: what is not typed takes the simplified text.
fn label(fields: &Fields, field: &'static str, en: &str, hant: &str, max: usize) -> Result<Label, Refusal> {
    let zh_hans = text::required(field, fields.get(field), max)?;
    let or = |name: &str| {
        fields.some(name).map(text::clean).filter(|t| !t.is_empty()).unwrap_or_else(|| zh_hans.clone())
    };
    Ok(Label { en: or(en), zh_hant: or(hant), zh_hans })
}

fn read_category(fields: &Fields, world: &World) -> Result<CategoryEdit, Refusal> {
    let code = fields.get("code").trim().to_owned();
    let known = world.catalogue.get(&code);
    let digits = code.len() == 4 && code.bytes().all(|b| b.is_ascii_digit());
    if !digits || world.catalogue.major_of(&code).is_none() || known.is_some() == fields.ticked("new") {
        return Err(Refusal::invalid("code", "matters.no-category"));
    }
    let empty = |field: &'static str| Refusal::invalid(field, "ui.empty");
    let limit = format!("{} {}", fields.get("value").trim(), fields.get("kind").trim());
    let limit: Limit = limit.parse().map_err(|_| Refusal::invalid("value", "ui.not-valid"))?;
    let mut closing = label(fields, "closing", "closing_en", "closing_hant", 200)?;
    if let Some(known) = known.filter(|k| k.closing.zh_hans == closing.zh_hans) {
        // The translations stay as long as the text is the same.
        closing = known.closing.clone();
    }
    let keywords =
        fields.get("keywords").split([' ', '，', ',', '、', '\n', '\r', '\t']).filter(|k| !k.is_empty());
    Ok(CategoryEdit {
        name: Some(label(fields, "name", "name_en", "name_hant", TITLE)?),
        enabled: Some(fields.ticked("enabled")),
        keywords: Some(keywords.map(|k| text::clean(k).to_lowercase()).filter(|k| !k.is_empty()).collect()),
        nature: Some(fields.code("nature", Nature::parse)?.ok_or_else(|| empty("nature"))?),
        tier: Some(fields.code("tier", Tier::parse)?.ok_or_else(|| empty("tier"))?),
        urgency: Some(fields.code("urgency", Urgency::parse)?.ok_or_else(|| empty("urgency"))?),
        limit: Some(limit),
        lead: Some(fields.code("lead", UnitKind::parse)?.ok_or_else(|| empty("lead"))?),
        closing: Some(closing),
        after_photo: Some(fields.ticked("after_photo")),
        hazard: Some(fields.ticked("hazard")),
        map: None,
        code,
    })
}

pub(super) async fn change(
    ctx: &Ctx,
    form: &Posted,
    at: &PlacePath,
    change: SettingsChange,
) -> Result<(), Fault> {
    let office = form.viewer.need(&SETTINGS, at)?;
    let actor = form.viewer.actor(Some(office))?;
    ctx.store
        .once(form.key(), move |tx| {
            Box::pin(async move { actions::change_settings(tx, &actor, change).await.map(|_| ()) })
        })
        .await
}

/// `POST /office/settings/category`
pub async fn category(State(ctx): State<Ctx>, form: Posted) -> Answer {
    let at = whole(&form.viewer)?;
    form.viewer.need(&SETTINGS, &at)?;
    let street = ctx.street(&form.viewer)?;
    let world = queries::world(&mut ctx.store.read().await?, street).await?;
    let done = match read_category(&form.fields, &world) {
        Ok(edit) => change(&ctx, &form, &at, SettingsChange::Category(Box::new(edit))).await,
        Err(refusal) => Err(refusal.into()),
    };
    match done {
        Ok(()) => Ok(ui::done(&ctx, HERE, "matters.set-saved", &[])),
        Err(Fault::Refused(refusal)) if refusal.field.is_some() => {
            let viewer = form.viewer.clone();
            category_page(
                &ctx,
                &viewer,
                &Form::refused(form.fields, refusal),
                StatusCode::UNPROCESSABLE_ENTITY,
            )
        }
        Err(fault) => Err(fault.into()),
    }
}

fn read_days(fields: &Fields, field: &'static str, work: bool) -> Result<Vec<DayOverride>, Refusal> {
    let mut out = Vec::new();
    for line in fields.get(field).lines().map(str::trim).filter(|l| !l.is_empty()) {
        let (date, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let bad = || {
            Refusal::invalid(field, "matters.bad-day").with("line", line.chars().take(40).collect::<String>())
        };
        let date = read_date(date).ok_or_else(bad)?;
        let name = text::clean(name).chars().take(30).collect();
        out.push(DayOverride { date, work, name });
    }
    Ok(out)
}

/// `POST /office/settings/calendar`
pub async fn calendar(State(ctx): State<Ctx>, form: Posted) -> Answer {
    let at = whole(&form.viewer)?;
    form.viewer.need(&SETTINGS, &at)?;
    let read = || -> Result<kernel::calendar::Overrides, Refusal> {
        let duty: DutyWindows =
            form.fields.get("duty").parse().map_err(|_| Refusal::invalid("duty", "matters.bad-duty"))?;
        let mut days = read_days(&form.fields, "off", false)?;
        days.extend(read_days(&form.fields, "work", true)?);
        days.sort_by_key(|d| d.date);
        if let Some(twice) = days.windows(2).find(|d| d[0].date == d[1].date) {
            return Err(Refusal::invalid("work", "matters.day-twice").with("day", twice[0].date));
        }
        let mut years = Vec::new();
        for word in form.fields.get("years").split([' ', ',', '，', '、']).filter(|w| !w.is_empty()) {
            let year: i32 = word.parse().map_err(|_| Refusal::invalid("years", "ui.not-valid"))?;
            if !(2000..2100).contains(&year) {
                return Err(Refusal::invalid("years", "ui.not-valid"));
            }
            years.push(year);
        }
        years.sort_unstable();
        years.dedup();
        let duty = (duty != DutyWindows::default()).then_some(duty);
        Ok(kernel::calendar::Overrides { days, years, duty })
    };
    let done = match read() {
        Ok(new) => change(&ctx, &form, &at, SettingsChange::Calendar(new)).await,
        Err(refusal) => Err(refusal.into()),
    };
    match done {
        Ok(()) => Ok(ui::done(&ctx, HERE, "matters.set-saved", &[])),
        Err(Fault::Refused(refusal)) if refusal.field.is_some() => {
            let viewer = form.viewer.clone();
            page(&ctx, &viewer, Form::refused(form.fields, refusal), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /office/settings/method`
pub async fn method(State(ctx): State<Ctx>, form: Posted) -> Answer {
    let home = form.viewer.home().ok_or(Refusal::conflict("ui.no-street"))?;
    let (at, community) = match form.fields.some("community") {
        None => (whole(&form.viewer)?, None),
        Some(path) => {
            let known = home
                .communities
                .iter()
                .find(|c| c.path.as_str() == path)
                .ok_or(Refusal::invalid("community", "ui.not-valid"))?;
            (known.path.clone(), Some(known.path.clone()))
        }
    };
    let code = form.fields.some("method").map(str::to_owned);
    change(&ctx, &form, &at, SettingsChange::Method { community, code }).await?;
    Ok(ui::done(&ctx, HERE, "matters.set-saved", &[]))
}

/// `/office/categories.{csv|xlsx}`
pub async fn export(State(ctx): State<Ctx>, viewer: Viewer, Path(ending): Path<String>) -> Answer {
    let lang = viewer.lang;
    viewer.need_somewhere(&SETTINGS)?;
    let street = ctx.street(&viewer)?;
    let world = queries::world(&mut ctx.store.read().await?, street).await?;
    let heads = [
        "code",
        "class",
        "name",
        "tier",
        "urgency",
        "nature",
        "limit",
        "lead",
        "closing",
        "keywords",
        "after_photo",
        "hazard",
        "enabled",
        "cjt214",
        "dbj11",
        "hotline",
        "open311",
    ];
    let yes = |on: bool| if on { t!(lang, "set-yes") } else { t!(lang, "set-no") };
    let mut sheet = Sheet {
        heads: heads.iter().map(|h| word(lang, &format!("set-col-{h}"))).collect(),
        rows: Vec::new(),
    };
    for major in world.catalogue.majors() {
        for c in &major.categories {
            sheet.rows.push(vec![
                c.code.clone().into(),
                major.name.get(lang.code()).into(),
                c.name.get(lang.code()).into(),
                tier_name(lang, c.tier).into(),
                word(lang, &format!("urgency-{}", c.urgency.code())).into(),
                word(lang, &format!("nature-{}", c.nature.code())).into(),
                limit_name(lang, c.limit).into(),
                unit_kind(lang, c.lead).into(),
                c.closing.get(lang.code()).into(),
                c.keywords.join(" ").into(),
                yes(c.after_photo).into(),
                yes(c.hazard).into(),
                yes(c.enabled && major.enabled).into(),
                c.map.cjt214.as_str().into(),
                c.map.dbj11.as_str().into(),
                c.map.hotline.as_str().into(),
                c.map.open311.as_str().into(),
            ]);
        }
    }
    Ok(sheet.download(&t!(lang, "set-catalogue"), &ending)?)
}
