//! Every verb of staff as a form: its fields come from one table, so that the form of a new verb costs a line here.
//! What else a verb costs stands in `docs/ARCHITECTURE.md`, "Where to change what".

use super::{
    matter::{cast, questions},
    office, raise,
    words::*,
};
use crate::{actions, model::*, queries, t};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use kernel::{Refusal, refusal::RefusalKind};
use maud::{Markup, html};
use methods::{Nature, Tier, Urgency};
use store::Fault;
use ui::{
    Answer, Ctx, Form, Posted, Viewer,
    layout::{self, Page},
    parts::*,
};

/// What a field of a verb is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Words,
    Line,
    Codes(&'static [&'static str], &'static str),
    Category,
    Unit,
    Units,
    Limit,
    Date,
    Moment,
    Yes,
    Tick,
    Task,
    Called,
    Score,
    Place,
    Voice,
    Questions,
}

/// A field: name, what it is, whether it must be filled.
type Spec = (&'static str, Kind, bool);

const TIERS: &[&str] = &["autonomy", "consultation", "joint"];
const NATURES: &[&str] = &["consult", "help", "complain", "report", "advise"];
const URGENCIES: &[&str] = &["urgent", "utility", "ordinary", "complex", "advice"];
const FINDINGS: &[&str] = &["exists", "absent", "unable"];
const CHECKS: &[&str] = &["pass", "fail", "unable"];
const OUTCOMES: &[&str] = &["solved", "partly", "explained", "unsolvable"];
const REJECTS: &[&str] =
    &["other_place", "legal_route", "already_settled", "not_found", "too_unclear", "private"];
const RETURNS: &[&str] = &["other_place", "other_duty", "unclear_owner", "too_little_known", "duplicate"];
const CAUSES: &[&str] = &["works", "money", "season", "legacy", "legal", "no_consensus"];

/// The fields of a verb and whether photos go with it.
fn spec(verb: &str) -> (&'static [Spec], bool) {
    use Kind::*;
    match verb {
        "ask_verification" => (&[("words", Words, false)], false),
        "verify" => (&[("finding", Codes(FINDINGS, "finding"), true), ("words", Words, true)], true),
        "accept" => (
            &[
                ("category", Category, true),
                ("tier", Codes(TIERS, "tier"), true),
                ("urgency", Codes(URGENCIES, "urgency"), false),
                ("nature", Codes(NATURES, "nature"), false),
                ("hazard", Tick, false),
            ],
            false,
        ),
        "reject" => (&[("reason", Codes(REJECTS, "reject"), true), ("pointer", Words, true)], false),
        "merge" => (&[("into", Line, true)], false),
        "dispatch" => (
            &[
                ("lead", Unit, true),
                ("support", Units, false),
                ("limit", Limit, false),
                ("words", Words, false),
            ],
            false,
        ),
        "contact" => (
            &[
                ("voice", Voice, false),
                ("reached", Yes, true),
                ("seconds", Score, false),
                ("words", Words, false),
            ],
            false,
        ),
        "progress" | "note" | "add" => (&[("words", Words, true)], true),
        "ask_return" => (
            &[("reason", Codes(RETURNS, "return"), true), ("competent", Unit, false), ("words", Words, true)],
            false,
        ),
        "ask_extend" => (&[("until", Date, true), ("words", Words, true)], false),
        "ask_suspend" => (
            &[("cause", Codes(CAUSES, "cause"), true), ("review", Date, true), ("words", Words, true)],
            false,
        ),
        "ask_whistle" => (&[("units", Units, true), ("at", Moment, true), ("words", Words, true)], false),
        "decide" => (&[("granted", Yes, true), ("words", Words, false)], false),
        "give_task" => (&[("unit", Unit, true), ("words", Words, false)], false),
        "finish_task" => (&[("task", Task, true), ("words", Words, true)], true),
        "waive_task" => (&[("task", Task, true), ("words", Words, true)], false),
        "score" => (&[("unit", Called, true), ("score", Score, true), ("words", Words, false)], false),
        "finish" => (&[("outcome", Codes(OUTCOMES, "outcome"), true), ("answer", Words, true)], true),
        "check" => (&[("finding", Codes(CHECKS, "check"), true), ("words", Words, false)], true),
        "evaluate" => (&[("voice", Voice, false), ("questions", Questions, true)], false),
        "transfer" => (&[("pointer", Words, true)], false),
        "correct" => (
            &[
                ("title", Line, false),
                ("public_title", Line, false),
                ("place", Place, false),
                ("category", Category, false),
                ("hidden", Yes, false),
                ("words", Words, true),
            ],
            false,
        ),
        "sign" | "unmerge" | "report_in" | "withdraw" | "urge" => (&[], false),
        _ => (&[("words", Words, true)], false),
    }
}

/// Whether photos go with a verb.
pub(crate) fn takes_photos(verb: &str) -> bool {
    spec(verb).1
}

/// Whether a verb needs nothing but its button.
pub fn is_plain(verb: &str) -> bool {
    spec(verb).0.is_empty()
}

/// Reads the fields of a verb; what serde finds is said as a refusal of the field it names.
pub fn read(verb: &str, fields: serde_json::Value) -> Result<Input, Refusal> {
    Input::read(verb, fields).map_err(|e| {
        let text = e.to_string();
        let field = spec(verb).0.iter().map(|(n, _, _)| *n).find(|n| text.contains(&format!("`{n}`")));
        match field {
            Some(field) => Refusal::invalid(field, "ui.empty"),
            None => Refusal::new(RefusalKind::Invalid, "matters.bad-input").with("why", text),
        }
    })
}

fn fields_json(form: &Posted, verb: &str) -> serde_json::Value {
    let mut map = serde_json::Map::new();
    for (name, kind, _) in spec(verb).0 {
        match kind {
            Kind::Units => {
                let list: Vec<serde_json::Value> =
                    form.fields.all(name).filter(|v| !v.is_empty()).map(Into::into).collect();
                map.insert((*name).into(), list.into());
            }
            Kind::Questions => {
                for q in ["contacted", "solved", "satisfied", "words"] {
                    map.insert(q.into(), form.fields.get(q).into());
                }
            }
            _ => {
                if let Some(v) = form.fields.some(name) {
                    map.insert((*name).into(), v.into());
                }
            }
        }
    }
    map.into()
}

/// The inner fields of a verb's form, with choices fit for this matter.
pub async fn inner(
    conn: &mut store::Conn,
    viewer: &Viewer,
    m: &Matter,
    verb: &str,
    form: &Form,
) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let world = queries::world(conn, m.street).await?;
    let (specs, photos) = spec(verb);
    let units = if specs.iter().any(|(_, k, _)| matches!(k, Kind::Unit | Kind::Units)) {
        people::queries::units_near(conn, m.street, &m.place, None).await?
    } else {
        Vec::new()
    };
    let involved: Vec<kernel::Id> = m
        .tasks
        .iter()
        .map(|t| t.unit)
        .chain(m.whistle.iter().flat_map(|w| w.units.iter().map(|c| c.unit)))
        .collect();
    let involved = people::queries::unit_names(conn, m.street, &involved).await?;
    let places = if specs.iter().any(|(_, k, _)| *k == Kind::Place) {
        raise::place_choices(conn, viewer, m.street).await?
    } else {
        Vec::new()
    };
    let mine = queries::standing(viewer, m).unit;
    let unit_choices: Vec<(String, String)> = units
        .iter()
        .map(|u| {
            (
                u.id.to_string(),
                format!("{}　{}", u.name, ui::say(lang, &format!("people.unit-kind-{}", u.kind.code()), &[])),
            )
        })
        .collect();
    let limits = [
        "1 urgent_hour",
        "24 urgent_hour",
        "1 work_day",
        "3 work_day",
        "5 work_day",
        "10 work_day",
        "15 work_day",
        "30 work_day",
    ];
    Ok(html! {
        @for (name, kind, required) in specs {
            @let label = word(lang, &format!("field-{name}"));
            @let f = Field { name, label: &label, required: *required, ..Field::default() };
            @match kind {
                Kind::Words => (field(lang, form, Field { kind: "textarea", rows: 3, max: kernel::text::NOTE, hint: &hint(lang, verb, name), ..f })),
                Kind::Line => (field(lang, form, Field { max: kernel::text::TITLE, hint: &hint(lang, verb, name), ..f })),
                Kind::Codes(codes, prefix) if codes.len() <= 4 && *required => {
                    (radios(lang, form, f, &codes.iter().map(|c| ((*c).to_owned(), word(lang, &format!("{prefix}-{c}")), word(lang, &format!("{prefix}-{c}-why")))).collect::<Vec<_>>()))
                }
                Kind::Codes(codes, prefix) => (select(lang, form, f, &codes.iter().map(|c| ((*c).to_owned(), word(lang, &format!("{prefix}-{c}")))).collect::<Vec<_>>())),
                Kind::Category => div.field.bad[form.error(name).is_some()] {
                    label for={ "f-" (name) } { (label) }
                    @if let Some(e) = form.error(name) { p.err { (icon_s("circle-alert")) (ui::refusal_text(lang, e)) } }
                    select #{ "f-" (name) } name=(name) required[*required] { option value="" { (t!(lang, "choose")) } (category_options(lang, &world, form.values.get(name))) }
                },
                Kind::Unit => (select(lang, form, f, &unit_choices)),
                Kind::Units => fieldset."field tiers".bad[form.error(name).is_some()] #{ "f-" (name) } {
                    legend { (label) @if !required { " " span.opt { (t!(lang, "optional")) } } }
                    @if let Some(e) = form.error(name) { p.err { (icon_s("circle-alert")) (ui::refusal_text(lang, e)) } }
                    details.more open[*required] { summary { (t!(lang, "choose-units")) }
                        @for (v, w) in &unit_choices { label.check { input type="checkbox" name=(name) value=(v) checked[form.values.all(name).any(|x| x == v)]; span { (w) } } } }
                },
                Kind::Limit => (select(lang, form, Field { hint: &t!(lang, "limit-hint"), ..f }, &limits.iter().filter_map(|l| Some(((*l).to_owned(), limit_name(lang, l.parse().ok()?)))).collect::<Vec<_>>())),
                Kind::Date => (field(lang, form, Field { kind: "date", hint: &hint(lang, verb, name), ..f })),
                Kind::Moment => (field(lang, form, Field { kind: "datetime-local", ..f })),
                Kind::Yes => (radios(lang, form, f, &[("yes".into(), word(lang, &format!("{name}-yes")), String::new()), ("no".into(), word(lang, &format!("{name}-no")), String::new())])),
                Kind::Tick => (check(form, name, &label)),
                Kind::Task => (select(lang, form, f, &m.tasks.iter().filter(|t| t.ended_at.is_none() && (verb == "waive_task" || Some(t.unit) == mine)).map(|t| (t.id.to_string(), involved.get(&t.unit).cloned().unwrap_or_default())).collect::<Vec<_>>())),
                Kind::Called => (select(lang, form, f, &m.whistle.iter().flat_map(|w| &w.units).filter(|c| c.reported_at.is_some()).map(|c| (c.unit.to_string(), involved.get(&c.unit).cloned().unwrap_or_default())).collect::<Vec<_>>())),
                Kind::Score => (field(lang, form, Field { kind: "number", ..f })),
                Kind::Place => (select(lang, form, f, &places.iter().map(|p| (p.path.as_str().to_owned(), p.full_name.clone())).collect::<Vec<_>>())),
                Kind::Voice => @if m.voices.len() > 1 { (select(lang, form, f, &m.voices.iter().map(|v| (v.id.to_string(), v.number.clone())).collect::<Vec<_>>())) },
                Kind::Questions => (questions(lang, form)),
            }
        }
        @if photos { (raise::photo_field(viewer, "photos", &t!(lang, "take-photo"), form)) }
    })
}

fn hint(lang: ui::Lang, verb: &str, name: &str) -> String {
    let key = format!("hint-{verb}-{name}");
    if crate::WORDS.has(&key) { word(lang, &key) } else { String::new() }
}

/// The values that a form begins with: what the matter has, else what is proposed.
pub fn defaults(m: &Matter, verb: &str, proposed: Option<&str>, world: &World) -> Form {
    let mut form = Form::default();
    match verb {
        "accept" => {
            let code = m.category.as_deref().or(proposed).unwrap_or_default();
            form.values.set("category", code);
            if let Some(c) = world.catalogue.get(code) {
                form.values.set("tier", m.tier.unwrap_or(c.tier).code());
                form.values.set("urgency", c.urgency.code());
                form.values.set("nature", m.nature.unwrap_or(c.nature).code());
                if c.hazard {
                    form.values.set("hazard", "1");
                }
            } else {
                form.values.set("tier", Tier::Autonomy.code());
                form.values.set("urgency", Urgency::Ordinary.code());
                form.values.set("nature", Nature::Help.code());
            }
        }
        "correct" => form.values.set("hidden", if m.hidden { "yes" } else { "no" }),
        "dispatch" => {
            if let Some(p) = proposed {
                form.values.set("lead", p);
            }
        }
        _ => {}
    }
    form
}

/// `/office/m/{number}/{verb}`: a page of its own for the verb; works on phones and without script.
pub async fn form(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Path((number, verb)): Path<(String, String)>,
) -> Answer {
    page(&ctx, &viewer, &number, &verb, None, StatusCode::OK).await
}

async fn page(
    ctx: &Ctx,
    viewer: &Viewer,
    number: &str,
    verb: &str,
    again: Option<Form>,
    status: StatusCode,
) -> Answer {
    let lang = viewer.lang;
    let street = ctx.street(viewer)?;
    let mut conn = ctx.store.read().await?;
    let (m, standing) = queries::find(&mut conn, street, viewer, number).await?;
    if !standing.staff {
        return Err(Refusal::forbidden("ui.no-right").into());
    }
    queries::need(viewer, verb, &m)?;
    let c = cast(&mut conn, ctx, &m, true).await?;
    let proposal = office::propose(&mut conn, ctx, &m, &c).await?;
    let proposed = if verb == "dispatch" {
        proposal.unit.as_ref().map(|(id, _)| id.to_string())
    } else {
        proposal.category.clone()
    };
    let form = again.unwrap_or_else(|| defaults(&m, verb, proposed.as_deref(), &c.world));
    let fields = inner(&mut conn, viewer, &m, verb, &form).await?;
    let title = word(lang, &format!("verb-{verb}"));
    let body = html! {
        div.wh { h1 { (title) } p.muted { span.num { (m.number) } "　" (c.text(lang, &m.title)) } }
        (error_summary(lang, &form))
        form."card card-p form mt3" method="post" action={ "/office/m/" (m.number) "/" (verb) } enctype="multipart/form-data" data-draft={ (verb) "-" (m.number) } data-outbox data-once {
            (hidden(ctx, viewer))
            @if verb == "decide" { (office::asked(viewer, &m, &c)) }
            @if matches!(verb, "accept" | "dispatch") { (office::reasons(viewer, &proposal, &c)) }
            (fields)
            div."btns mt3" { button."btn pri" { (title) } a."btn quiet" href={ "/office/m/" (m.number) } { (t!(lang, "cancel")) } }
        }
    };
    let page = Page { title: &title, current: "/office", slim: true, ..Page::default() };
    Ok((status, layout::staff(ctx, viewer, page, &body)).into_response())
}

/// `POST /office/m/{number}/{verb}`
pub async fn send(
    State(ctx): State<Ctx>,
    Path((number, verb)): Path<(String, String)>,
    mut form: Posted,
) -> Answer {
    let viewer = form.viewer.clone();
    let street = ctx.street(&viewer)?;
    let key = form.key();
    let done = async {
        let mut conn = ctx.store.read().await?;
        let (m, standing) = queries::find(&mut conn, street, &viewer, &number).await?;
        if !standing.staff {
            return Err(Refusal::missing("matters.no-matter").into());
        }
        let office = queries::need(&viewer, &verb, &m)?;
        let actor = viewer.actor(Some(office))?;
        let input = read(&verb, fields_json(&form, &verb))?;
        let blobs = form.take_files("photos", raise::MAX_PHOTOS).await?;
        let world = queries::world(&mut conn, street).await?;
        drop(conn);
        let id = m.id;
        ctx.store
            .once(key, move |tx| {
                Box::pin(async move {
                    actions::act(tx, &world, &actor, id, input, blobs, None).await.map(|m| m.number)
                })
            })
            .await
    }
    .await;
    match done {
        Ok(number) => {
            let back = form
                .fields
                .some("to")
                .map_or_else(|| format!("/office/m/{number}"), |to| ui::safe_return(to).to_owned());
            Ok(ui::done(
                &ctx,
                &back,
                "matters.done-verb",
                &[("what", &word(viewer.lang, &format!("verb-{verb}"))), ("number", &number)],
            ))
        }
        Err(Fault::Refused(refusal))
            if matches!(refusal.kind, RefusalKind::Invalid | RefusalKind::TooLarge) && !is_plain(&verb) =>
        {
            let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            page(&ctx, &viewer, &number, &verb, Some(Form::refused(form.fields, refusal)), status).await
        }
        Err(fault) => Err(fault.into()),
    }
}
