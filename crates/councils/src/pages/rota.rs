//! Who receives residents when: the rotas of a body, the duties of the weeks to come, and what came of those that were.

use super::{
    Query, council_of, framed, id_of, into_form, local_time, need_body,
    reception::{self, figures},
    rhythm, with_status,
    words::{Owners, capacity_word},
};
use crate::{
    actions,
    model::{Council, NewDuty, NewRota, Rota},
    queries,
    rules::{
        self,
        rights::{READ, ROTA},
    },
    t,
};
use axum::{
    Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::{get, post},
};
use chrono::Duration;
use kernel::{Actor, Id, Refusal, calendar::Calendar, time::local_date};
use maud::{Markup, html};
use store::{Fault, Tx};
use ui::{
    Answer, Ctx, Fields, Form, Posted, Viewer,
    parts::{self, Field},
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/office/councils/{id}/rota", get(show))
        .route("/office/councils/{id}/rota/{act}", post(change))
}

fn here(c: &Council) -> String {
    format!("/office/councils/{}/rota", c.id)
}

async fn show(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>, query: Query) -> Answer {
    viewer.signed_in()?;
    let c = council_of(&ctx, &viewer, &id).await?;
    need_body(&ctx, &viewer, &READ, &c)?;
    let edit = query.get("edit").and_then(|id| id.parse().ok());
    let after = query.get("after").map_or("", String::as_str);
    Ok(page(&ctx, &viewer, &c, edit, after, &Form::default()).await?.into_response())
}

async fn page(
    ctx: &Ctx,
    viewer: &Viewer,
    c: &Council,
    edit: Option<Id>,
    after: &str,
    form: &Form,
) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let now = ctx.store.now();
    let may = need_body(ctx, viewer, &ROTA, c).is_ok();
    let span = (now - Duration::days(14), now + Duration::days(rules::ROTA_DAYS));
    let mut conn = ctx.store.read().await?;
    let rotas = queries::rotas(&mut conn, c.street, c.id).await?;
    let done = queries::duty_figures(&mut conn, c.street, &c.place, Some(c.id), now).await?;
    let owners = Owners::named(&mut conn, ctx.store.keys(), c, &[]).await?;
    let duties = reception::listed(&mut conn, (c.street, &c.place, Some(c.id)), span, after).await?;
    drop(conn);
    let name = |person: Id| owners.persons.get(&person).cloned().unwrap_or_else(|| t!(lang, "nameless"));
    let seat = |id: &Id| c.member(*id).map(|m| name(m.person)).unwrap_or_default();
    let title = t!(lang, "receptions-of", council = c.name.clone());
    let edited = edit.and_then(|id| rotas.iter().find(|r| r.id == id));
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "rota-about")) } }
        p."btns mt3" { a."btn quiet" href={ "/councils/" (c.id) } { (parts::icon("eye")) (t!(lang, "public-page")) } }
        (parts::error_summary(lang, form))
        p."mt3" { (figures(lang, &done)) }
        section."sec mt3" aria-labelledby="h-rotas" {
            div.sec-h { h2 #h-rotas { (t!(lang, "rota")) } }
            @if rotas.is_empty() { p.muted { (t!(lang, "rota-none")) } }
            ul."card rowlist" { @for r in &rotas { li { div.rw { (parts::icon("calendar-days")) span.tx {
                b { (rhythm::rule_said(lang, &r.rhythm.rule)) " " span.num { (r.rhythm.at.format("%H:%M").to_string()) } }
                span.meta { span { (t!(lang, "minutes-allowed", n = r.rhythm.minutes)) } span { (r.rhythm.venue) } span { (t!(lang, "rota-each-of", each = r.each, n = r.order.len())) } }
                p.cap { (r.order.iter().map(seat).collect::<Vec<_>>().join("、")) }
                @if may { form."btns mt2" method="post" action={ (here(c)) "/end" } data-once {
                    (parts::hidden(ctx, viewer)) input type="hidden" name="rota" value=(r.id);
                    a."btn sm quiet" href={ (here(c)) "?edit=" (r.id) "#edit" } { (t!(lang, "rota-change")) }
                    button."btn sm quiet" { (t!(lang, "rota-end")) }
                } }
            } } } } }
            @if may && !rotas.is_empty() { form."mt2" method="post" action={ (here(c)) "/plan" } data-once { (parts::hidden(ctx, viewer)) button.btn { (t!(lang, "rota-plan")) } } }
            @if may { (make(ctx, viewer, c, &owners, edited, form)) }
        }
        section."sec mt4" aria-labelledby="h-duties" {
            div.sec-h { h2 #h-duties { (t!(lang, "duties")) } }
            (reception::rows(lang, &duties.rows, now, may, &|d| name(d.person)))
            (parts::pager(lang, duties.rows.len(), (!after.is_empty()).then_some(here(c).as_str()), duties.next.map(|n| format!("{}?after={n}", here(c))).as_deref()))
            @if may { (add(ctx, viewer, c, &owners, form)) }
        }
    };
    Ok(framed(ctx, viewer, c, &title, &body))
}

/// A new rota, or another form of one.
fn make(
    ctx: &Ctx,
    viewer: &Viewer,
    c: &Council,
    owners: &Owners,
    edited: Option<&Rota>,
    form: &Form,
) -> Markup {
    let lang = viewer.lang;
    let today = local_date(ctx.store.now());
    let act = if edited.is_some() { "change" } else { "make" };
    let form = &form.of(viewer, &format!("{}/{act}", here(c)));
    let mut now = form.clone();
    if form.errors.is_empty() {
        rhythm::fill(&mut now.values, edited.map(|r| &r.rhythm));
        now.values.set("each", edited.map_or(1, |r| r.each).to_string());
    }
    let mine = !form.errors.is_empty();
    let chosen = |seat: Id| {
        if form.errors.is_empty() {
            edited.is_some_and(|r| r.order.contains(&seat))
        } else {
            form.values.all("order").any(|v| v == seat.to_string())
        }
    };
    html! {
        details."more card card-p mt3" id="edit" open[mine || edited.is_some()] {
            summary { @if edited.is_some() { (t!(lang, "rota-change")) } @else { (t!(lang, "rota-new")) } }
            form."form mt2" method="post" action={ (here(c)) "/" (act) } data-once {
                (parts::hidden(ctx, viewer))
                @if let Some(r) = edited { input type="hidden" name="rota" value=(r.id); }
                (rhythm::fields(lang, &now, true))
                (parts::field(lang, &now, Field { name: "each", label: &t!(lang, "rota-each-label"), kind: "number", required: true, ..Field::default() }))
                fieldset.field { legend { (t!(lang, "rota-order")) }
                    @if let Some(e) = form.error("order") { p.err #f-order { (ui::refusal_text(lang, e)) } }
                    @for m in c.serving(today) { label.check {
                        input type="checkbox" name="order" value=(m.id) checked[chosen(m.id)];
                        span { (owners.persons.get(&m.person).cloned().unwrap_or_else(|| t!(lang, "nameless"))) " · " (capacity_word(lang, m.capacity)) }
                    } }
                }
                div."btns mt3" { button."btn pri" { (t!(lang, "save")) } }
            }
        }
    }
}

/// A duty that no rota gives.
fn add(ctx: &Ctx, viewer: &Viewer, c: &Council, owners: &Owners, form: &Form) -> Markup {
    let lang = viewer.lang;
    let today = local_date(ctx.store.now());
    let seats: Vec<(String, String)> = c
        .serving(today)
        .map(|m| {
            (m.id.to_string(), owners.persons.get(&m.person).cloned().unwrap_or_else(|| t!(lang, "nameless")))
        })
        .collect();
    html! {
        details."more card card-p mt3" open[["member", "venue", "starts", "ends"].iter().any(|f| form.error(f).is_some())] { summary { (t!(lang, "duty-add")) }
            form."form mt2" method="post" action={ (here(c)) "/add" } data-once {
                (parts::hidden(ctx, viewer))
                (parts::select(lang, form, Field { name: "member", label: &t!(lang, "duty-who"), required: true, ..Field::default() }, &seats))
                (parts::field(lang, form, Field { name: "venue", label: &t!(lang, "duty-where"), required: true, max: 60, ..Field::default() }))
                div.g2 {
                    (parts::field(lang, form, Field { name: "starts", label: &t!(lang, "starts"), kind: "datetime-local", required: true, ..Field::default() }))
                    (parts::field(lang, form, Field { name: "ends", label: &t!(lang, "ends"), kind: "datetime-local", required: true, ..Field::default() }))
                }
                div."btns mt3" { button.btn { (t!(lang, "duty-add")) } }
            }
        }
    }
}

/// What a form of the page asks.
enum Change {
    Make(NewRota),
    Reform(Id, NewRota),
    End(Id),
    Add(NewDuty),
    Plan,
}

fn read_rota(f: &Fields) -> Result<NewRota, Refusal> {
    let rhythm = rhythm::read(f)?.ok_or(Refusal::invalid("pattern", "ui.empty"))?;
    let each = f.parse("each")?.ok_or(Refusal::invalid("each", "ui.empty"))?;
    let order: Result<Vec<Id>, _> = f.all("order").map(str::parse).collect();
    let order = order.map_err(|_| Refusal::invalid("order", "ui.not-valid"))?;
    Ok(NewRota { rhythm, each, order })
}

fn read(act: &str, f: &Fields) -> Result<Change, Refusal> {
    Ok(match act {
        "make" => Change::Make(read_rota(f)?),
        "change" => Change::Reform(id_of(f, "rota")?, read_rota(f)?),
        "end" => Change::End(id_of(f, "rota")?),
        "add" => Change::Add(NewDuty {
            member: id_of(f, "member")?,
            venue: f.get("venue").to_owned(),
            starts: local_time(f, "starts")?,
            ends: local_time(f, "ends")?,
        }),
        "plan" => Change::Plan,
        _ => return Err(Refusal::missing("councils.no-verb")),
    })
}

/// A new rota gives its duties at once; how many are new.
async fn run(
    tx: &mut Tx,
    actor: &Actor,
    calendar: &Calendar,
    council: Id,
    change: Change,
) -> Result<usize, Fault> {
    let ids = match change {
        Change::Make(new) => vec![actions::make_rota(tx, actor, council, new).await?.id],
        Change::Reform(id, new) => vec![actions::change_rota(tx, actor, council, id, new).await?.id],
        Change::End(id) => {
            actions::end_rota(tx, actor, council, id).await?;
            Vec::new()
        }
        Change::Add(new) => {
            actions::add_duty(tx, actor, council, new).await?;
            return Ok(1);
        }
        Change::Plan => queries::rotas(tx, actor.street, council).await?.into_iter().map(|r| r.id).collect(),
    };
    let mut n = 0;
    for id in ids {
        n += actions::plan_duties(tx, actor, calendar, id).await?.len();
    }
    Ok(n)
}

async fn change(State(ctx): State<Ctx>, Path((id, act)): Path<(String, String)>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    viewer.signed_in()?;
    let c = council_of(&ctx, viewer, &id).await?;
    let actor = need_body(&ctx, viewer, &ROTA, &c)?;
    let calendar = rhythm::calendar(&ctx, &mut ctx.store.read().await?, c.street).await?;
    let id = c.id;
    let done = match read(&act, &posted.fields) {
        Err(refusal) => Err(Fault::from(refusal)),
        Ok(change) => {
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move { run(tx, &actor, &calendar, id, change).await })
                })
                .await
        }
    };
    match done {
        Ok(n) if act == "end" => {
            Ok(ui::done(&ctx, &here(&c), "councils.done-saved", &[("n", &n.to_string())]))
        }
        Ok(n) => Ok(ui::done(&ctx, &here(&c), "councils.done-duties", &[("n", &n.to_string())])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            let edit = posted.fields.parse("rota").ok().flatten();
            Ok(with_status(&refusal, page(&ctx, viewer, &c, edit, "", &form).await?))
        }
    }
}
