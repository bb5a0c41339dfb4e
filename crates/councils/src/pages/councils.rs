//! Bodies: the list, a new one, and one with its members and sittings.

use super::{
    Query, council_of, desk, entered, framed, id_of, into_form, local_time, need_body, with_status,
    words::{
        Owners, actions as action_list, capacity_word, kind_word, mode_word, owned, rule_choices, rule_words,
        span, state_chip, venue,
    },
};
use crate::{
    actions,
    model::{Capacity, Council, CouncilKind, Mode, NewCouncil, NewMember, NewSitting, Rhythm},
    queries,
    rules::rights::{FOUND, HOLD, READ},
    t,
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::{get, post},
};
use kernel::{Id, PlacePath, Refusal, time::local_date};
use maud::{Markup, html};
use places::PlaceKind;
use store::Fault;
use ui::{
    Answer, Ctx, Cursor, Form, Posted, Viewer,
    parts::{self, Field},
};

const HERE: &str = "/office/councils";

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route(HERE, get(list))
        .route("/office/councils/new", get(new_form).post(new))
        .route("/office/councils/{id}", get(show))
        .route("/office/councils/{id}/sittings", post(plan))
        .route("/office/councils/{id}/plan-next", post(plan_next))
        .route("/office/councils/{id}/{act}", post(change))
        .route("/office/council-actions/{id}/done", post(finish))
}

async fn list(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    let lang = viewer.lang;
    let offices = viewer.need_somewhere(&READ)?;
    let reach: Vec<&PlacePath> = offices.iter().map(|o| &o.place).collect();
    let cursor = Cursor::decode(query.get("after").map_or("", String::as_str), 2)?;
    let after = cursor.as_ref().map_or(("", ""), |c| (c.text(0), c.text(1)));
    let street = ctx.street(&viewer)?;
    let mut conn = ctx.store.read().await?;
    let mut all = queries::councils(&mut conn, street, &reach, after).await?;
    let more = all.len() > queries::PAGE as usize;
    all.truncate(queries::PAGE as usize);
    let paths: Vec<PlacePath> = all.iter().map(|c| c.place.clone()).collect();
    let places = places::by_paths(&mut conn, street, &paths).await?;
    let owed = super::board::first(&ctx, &viewer, &mut conn, street).await?;
    drop(conn);
    let next = all.last().filter(|_| more).map(|c| {
        let at = Cursor(vec![c.place.as_str().into(), c.name.as_str().into()]);
        format!("{HERE}?after={}", at.encode())
    });
    let today = local_date(ctx.store.now());
    let title = t!(lang, "councils");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "councils-about")) } }
        p."btns mt3" {
            @if !viewer.offices_for(&FOUND).is_empty() { a."btn pri" href="/office/councils/new" { (parts::icon("plus")) (t!(lang, "council-new")) } }
            a."btn quiet" href="/councils" { (parts::icon("eye")) (t!(lang, "public-page")) }
        }
        (owed)
        @if all.is_empty() { (parts::empty("messages-square", &t!(lang, "councils-none"), &t!(lang, "councils-none-why"))) } @else {
            div."card tscroll mt3" tabindex="0" role="group" aria-label=(title) { table.tbl {
                caption.vh { (title) }
                thead { tr { th scope="col" { (t!(lang, "name")) } th scope="col" { (t!(lang, "kind")) } th scope="col" { (t!(lang, "place")) } th scope="col" { (t!(lang, "members")) } } }
                tbody { @for c in &all { tr {
                    td.c-t { a.tt href={ (HERE) "/" (c.id) } { (c.name) } }
                    td data-l=(t!(lang, "kind")) { (kind_word(lang, c.kind)) }
                    td data-l=(t!(lang, "place")) { @if let Some(p) = places.get(&c.place) { (p.full_name) } }
                    td.num data-l=(t!(lang, "members")) { (c.serving(today).count()) }
                } } }
            } }
            (parts::pager(lang, all.len(), cursor.is_some().then_some(HERE), next.as_deref()))
        }
    };
    Ok(desk(&ctx, &viewer, &title, &body).into_response())
}

async fn new_page(ctx: &Ctx, viewer: &Viewer, form: &Form) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let street = ctx.street(viewer)?;
    let home = viewer.home().map(|h| h.path.clone()).ok_or(Refusal::conflict("ui.no-street"))?;
    let kinds = [PlaceKind::Street, PlaceKind::Community, PlaceKind::Compound];
    let places = places::under(&mut ctx.store.read().await?, street, &home, &kinds, 1000).await?;
    let places: Vec<(String, String)> = places
        .iter()
        .filter(|p| viewer.may(&FOUND, &p.path).is_some())
        .map(|p| (p.path.to_string(), p.full_name.clone()))
        .collect();
    let kinds: Vec<(String, String)> =
        CouncilKind::ALL.iter().map(|k| (k.code().to_owned(), kind_word(lang, *k))).collect();
    let title = t!(lang, "council-new");
    let body = html! {
        div.wh { h1 { (title) } }
        (parts::error_summary(lang, form))
        form."card card-p form mt3" method="post" action="/office/councils/new" data-once {
            (parts::hidden(ctx, viewer))
            (parts::select(lang, form, Field { name: "kind", label: &t!(lang, "kind"), required: true, ..Field::default() }, &kinds))
            (parts::field(lang, form, Field { name: "name", label: &t!(lang, "name"), required: true, max: 60, ..Field::default() }))
            (parts::select(lang, form, Field { name: "place", label: &t!(lang, "place"), required: true, ..Field::default() }, &places))
            (parts::select(lang, form, Field { name: "rule", label: &t!(lang, "rule"), hint: &t!(lang, "rule-hint"), ..Field::default() }, &rule_choices(lang)))
            div."btns mt3" { button."btn pri" { (t!(lang, "save")) } a.btn href=(HERE) { (t!(lang, "cancel")) } }
        }
    };
    Ok(desk(ctx, viewer, &title, &body))
}

async fn new_form(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    viewer.need_somewhere(&FOUND)?;
    Ok(new_page(&ctx, &viewer, &Form::default()).await?.into_response())
}

async fn new(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    viewer.need_somewhere(&FOUND)?;
    let f = &posted.fields;
    let read = || {
        Ok::<_, Refusal>(NewCouncil {
            place: PlacePath::parse(f.get("place")).ok_or(Refusal::invalid("place", "ui.empty"))?,
            kind: f.code("kind", CouncilKind::parse)?.ok_or(Refusal::invalid("kind", "ui.empty"))?,
            name: f.get("name").to_owned(),
            rule: f.some("rule").map(str::to_owned),
        })
    };
    // The right is proven before what else was sent is looked at.
    if let Some(place) = PlacePath::parse(f.get("place")) {
        viewer.need(&FOUND, &place)?;
    }
    let done = match read() {
        Err(refusal) => Err(Fault::from(refusal)),
        Ok(new) => {
            let actor = viewer.actor(Some(viewer.need(&FOUND, &new.place)?))?;
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move { actions::found(tx, &actor, new).await.map(|c| c.id) })
                })
                .await
        }
    };
    match done {
        Ok(id) => Ok(ui::done(&ctx, &format!("{HERE}/{id}"), "councils.done-saved", &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            Ok(with_status(&refusal, new_page(&ctx, viewer, &form).await?))
        }
    }
}

async fn show(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>, query: Query) -> Answer {
    viewer.signed_in()?;
    let council = council_of(&ctx, &viewer, &id).await?;
    need_body(&ctx, &viewer, &READ, &council)?;
    let before = query.get("before").and_then(|n| n.parse().ok()).unwrap_or(i64::MAX);
    Ok(page(&ctx, &viewer, &council, before, &Form::default()).await?.into_response())
}

async fn page(ctx: &Ctx, viewer: &Viewer, c: &Council, before: i64, form: &Form) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let today = local_date(ctx.store.now());
    let mut conn = ctx.store.read().await?;
    let mut sittings = queries::sittings(&mut conn, c.street, c.id, before).await?;
    let more = sittings.len() > queries::PAGE as usize;
    sittings.truncate(queries::PAGE as usize);
    let open = queries::open_actions(&mut conn, c.street, c.id).await?;
    let owners = Owners::named(&mut conn, ctx.store.keys(), c, &owned(&open)).await?;
    let calendar = super::rhythm::calendar(ctx, &mut conn, c.street).await?;
    let done = queries::duty_figures(&mut conn, c.street, &c.place, Some(c.id), ctx.store.now()).await?;
    drop(conn);
    // Whoever presides plans sittings without an office; who sits is not theirs to say.
    let (found, hold) = (viewer.may(&FOUND, &c.place).is_some(), need_body(ctx, viewer, &HOLD, c).is_ok());
    let own = format!("{HERE}/{}", c.id);
    let next = sittings.last().filter(|_| more).map(|s| format!("{own}?before={}", s.number));
    let body = html! {
        div.wh { h1 { (c.name) } p.muted { (kind_word(lang, c.kind)) " · " (rule_words(lang, &c.rule)) } }
        p."btns mt3" { a."btn quiet" href={ "/councils/" (c.id) "/calendar.ics" } { (parts::icon("calendar-days")) (t!(lang, "calendar-follow")) }
            a."btn quiet" href={ "/councils/" (c.id) "/motions" } { (parts::icon("file-text")) (t!(lang, "submissions")) }
            a."btn quiet" href={ (own) "/rota" } { (parts::icon("user-round")) (t!(lang, "receptions")) }
            a."btn quiet" href={ "/councils/" (c.id) } { (parts::icon("eye")) (t!(lang, "public-page")) } }
        @if done.planned > 0 { p."muted mt3" { (super::reception::figures(lang, &done)) } }
        (parts::error_summary(lang, form))
        @if !open.is_empty() { section."sec mt3" aria-labelledby="h-open" {
            div.sec-h { h2 #h-open { (t!(lang, "actions-open")) } }
            (action_list(lang, &open, &owners, today, &|a| finish_form(ctx, viewer, hold, a.id)))
        } }
        section."sec mt3" aria-labelledby="h-sittings" {
            div.sec-h { h2 #h-sittings { (t!(lang, "sittings")) } }
            @if sittings.is_empty() { (parts::empty("calendar-days", &t!(lang, "sittings-none"), "")) } @else {
                ul."card rowlist" { @for s in &sittings { li { a.rw href={ "/office/sittings/" (s.id) } { (parts::icon("calendar-days")) span.tx {
                    b { (t!(lang, "sitting-number", number = s.number)) }
                    span.meta { (state_chip(lang, s.state)) span.num { (span(s)) } span { (venue(lang, s)) } }
                } } } } }
                (parts::pager(lang, sittings.len(), (before < i64::MAX).then_some(own.as_str()), next.as_deref()))
            }
            @if hold { @let form = form.of(viewer, &format!("{own}/sittings")); details."more card card-p mt3" open[!form.errors.is_empty()] {
                summary { (t!(lang, "sitting-new")) }
                form."form mt2" method="post" action={ (own) "/sittings" } data-once {
                    (parts::hidden(ctx, viewer))
                    (time_fields(viewer, &form))
                    div."btns mt3" { button."btn pri" { (t!(lang, "save")) } }
                }
            } }
        }
        (super::rhythm::part(ctx, viewer, c, &calendar, hold, form))
        (members(ctx, viewer, c, &owners, found, form))
        @if found { (settings(ctx, viewer, c, &owners, form)) }
    };
    Ok(framed(ctx, viewer, c, &c.name, &body))
}

/// Venue, way and times of a sitting.
pub(super) fn time_fields(viewer: &Viewer, form: &Form) -> Markup {
    let lang = viewer.lang;
    let modes: Vec<(String, String)> =
        Mode::ALL.iter().map(|m| (m.code().to_owned(), mode_word(lang, *m))).collect();
    let mut way = form.clone();
    if way.values.some("mode").is_none() {
        way.values.set("mode", Mode::Onsite.code());
    }
    html! {
        (parts::field(lang, form, Field { name: "venue", label: &t!(lang, "venue"), max: 60, bare: true, ..Field::default() }))
        (parts::select(lang, &way, Field { name: "mode", label: &t!(lang, "mode"), required: true, ..Field::default() }, &modes))
        (parts::field(lang, form, Field { name: "join", label: &t!(lang, "join"), hint: &t!(lang, "join-hint"), max: 200, bare: true, ..Field::default() }))
        div.g2 {
            (parts::field(lang, form, Field { name: "starts", label: &t!(lang, "starts"), kind: "datetime-local", required: true, ..Field::default() }))
            (parts::field(lang, form, Field { name: "ends", label: &t!(lang, "ends"), kind: "datetime-local", required: true, ..Field::default() }))
        }
    }
}

/// The form by which an action is reported done.
pub(super) fn finish_form(ctx: &Ctx, viewer: &Viewer, may: bool, action: Id) -> Markup {
    let lang = viewer.lang;
    html! {
        @if may { a."btn sm quiet" href={ "/council-actions/" (action) } { (t!(lang, "action-reports")) } form."field nomt inline mt2" method="post" action={ "/office/council-actions/" (action) "/done" } data-once {
            (parts::hidden(ctx, viewer))
            input name="result" required maxlength="2000" aria-label=(t!(lang, "action-result")) placeholder=(t!(lang, "action-result"));
            button."btn sm" { (t!(lang, "action-finish")) }
        } }
    }
}

fn members(ctx: &Ctx, viewer: &Viewer, c: &Council, owners: &Owners, may: bool, form: &Form) -> Markup {
    let lang = viewer.lang;
    let form = &form.of(viewer, &format!("{HERE}/{}/member", c.id));
    let today = local_date(ctx.store.now());
    let capacities: Vec<(String, String)> =
        Capacity::ALL.iter().map(|k| (k.code().to_owned(), capacity_word(lang, *k))).collect();
    html! {
        section."sec mt4" aria-labelledby="h-members" {
            div.sec-h { h2 #h-members { (t!(lang, "members")) } }
            ul."card rowlist" { @for m in c.serving(today) { li { div.rw { (parts::icon("user-round")) span.tx {
                b { (owners.persons.get(&m.person).cloned().unwrap_or_else(|| t!(lang, "nameless"))) }
                span.meta {
                    span { (capacity_word(lang, m.capacity)) }
                    @if c.chair == Some(m.id) { (parts::chip("talk", "", &t!(lang, "chair"))) }
                    @if c.secretary == Some(m.id) { (parts::chip("talk", "", &t!(lang, "secretary"))) }
                    @if !m.votes { (parts::chip("line", "", &t!(lang, "no-vote"))) }
                    @if let Some(until) = m.until { span.num { (t!(lang, "until", day = until.to_string())) } }
                }
            } @if may { form method="post" action={ (HERE) "/" (c.id) "/leave" } data-once {
                (parts::hidden(ctx, viewer)) input type="hidden" name="member" value=(m.id);
                button."btn sm quiet" { (t!(lang, "member-end")) }
            } } } } } }
            @if may { details."more card card-p mt3" open[!form.errors.is_empty()] {
                summary { (t!(lang, "member-add")) }
                form."form mt2" method="post" action={ (HERE) "/" (c.id) "/member" } data-once {
                    (parts::hidden(ctx, viewer))
                    div.g2 {
                        (parts::field(lang, form, Field { name: "name", label: &t!(lang, "person-name"), required: true, max: 40, ..Field::default() }))
                        (parts::field(lang, form, Field { name: "phone", label: &t!(lang, "phone"), hint: &t!(lang, "phone-hint"), kind: "tel", max: 20, ..Field::default() }))
                    }
                    div.g2 {
                        (parts::select(lang, form, Field { name: "capacity", label: &t!(lang, "capacity"), required: true, ..Field::default() }, &capacities))
                        (parts::field(lang, form, Field { name: "until", label: &t!(lang, "term-until"), kind: "date", ..Field::default() }))
                    }
                    (parts::check(form, "speaks", &t!(lang, "only-speaks")))
                    div."btns mt3" { button."btn pri" { (t!(lang, "save")) } }
                }
            } }
        }
    }
}

fn settings(ctx: &Ctx, viewer: &Viewer, c: &Council, owners: &Owners, form: &Form) -> Markup {
    let lang = viewer.lang;
    let form = &form.of(viewer, &format!("{HERE}/{}/settings", c.id));
    let today = local_date(ctx.store.now());
    let seats: Vec<(String, String)> = c
        .serving(today)
        .map(|m| {
            let name = owners.persons.get(&m.person).cloned().unwrap_or_else(|| t!(lang, "nameless"));
            (m.id.to_string(), format!("{name} · {}", capacity_word(lang, m.capacity)))
        })
        .collect();
    let mut now = form.clone();
    if form.errors.is_empty() {
        let seat = |id: Option<Id>| id.map(|i| i.to_string()).unwrap_or_default();
        now.values.set("chair", seat(c.chair));
        now.values.set("secretary", seat(c.secretary));
        now.values.set("rule", c.rule.as_str());
        if c.delegates {
            now.values.set("delegates", "1");
        }
    }
    html! {
        details."more card card-p mt4" open[!form.errors.is_empty()] {
            summary { (t!(lang, "council-settings")) }
            form."form mt2" method="post" action={ (HERE) "/" (c.id) "/settings" } data-once {
                (parts::hidden(ctx, viewer))
                div.g2 {
                    (parts::select(lang, &now, Field { name: "chair", label: &t!(lang, "chair"), ..Field::default() }, &seats))
                    (parts::select(lang, &now, Field { name: "secretary", label: &t!(lang, "secretary"), ..Field::default() }, &seats))
                }
                (parts::select(lang, &now, Field { name: "rule", label: &t!(lang, "rule"), required: true, ..Field::default() }, &rule_choices(lang)))
                @if !c.kind.by_law() { (parts::check(&now, "delegates", &t!(lang, "delegates-let"))) }
                div."btns mt3" { button.btn { (t!(lang, "save")) } }
            }
        }
    }
}

async fn refused(ctx: &Ctx, posted: &Posted, council: &Council, fault: Fault) -> Answer {
    let refusal = into_form(fault)?;
    let form = Form::refused(posted.fields.clone(), refusal.clone());
    Ok(with_status(&refusal, page(ctx, &posted.viewer, council, i64::MAX, &form).await?))
}

/// What a form about a body asks.
enum Change {
    Member(NewMember),
    Leave(Id),
    Rhythm(Option<Rhythm>),
    Settings(Option<Id>, Option<Id>, String, bool),
}

fn read(act: &str, posted: &Posted) -> Result<Change, Refusal> {
    let f = &posted.fields;
    Ok(match act {
        "member" => {
            let capacity = f.code("capacity", Capacity::parse)?;
            let capacity = capacity.ok_or(Refusal::invalid("capacity", "ui.empty"))?;
            Change::Member(NewMember {
                name: f.get("name").to_owned(),
                phone: f.some("phone").map(str::to_owned),
                capacity,
                votes: capacity.usually_votes() && !f.ticked("speaks"),
                until: f.parse("until")?,
            })
        }
        "rhythm" => Change::Rhythm(super::rhythm::read(f)?),
        "leave" => Change::Leave(id_of(f, "member")?),
        "settings" => {
            let rule = f.get("rule").to_owned();
            Change::Settings(f.parse("chair")?, f.parse("secretary")?, rule, f.ticked("delegates"))
        }
        _ => return Err(Refusal::missing("councils.no-verb")),
    })
}

async fn change(State(ctx): State<Ctx>, Path((id, act)): Path<(String, String)>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    viewer.need_somewhere(&FOUND)?;
    let council = council_of(&ctx, viewer, &id).await?;
    let actor = viewer.actor(Some(viewer.need(&FOUND, &council.place)?))?;
    let id = council.id;
    let done = match read(&act, &posted) {
        Err(refusal) => Err(Fault::from(refusal)),
        Ok(change) => {
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move {
                        match change {
                            Change::Member(new) => actions::join(tx, &actor, id, new).await.map(|_| ()),
                            Change::Rhythm(rhythm) => {
                                actions::set_rhythm(tx, &actor, id, rhythm).await.map(|_| ())
                            }
                            Change::Leave(member) => actions::leave(tx, &actor, id, member).await.map(|_| ()),
                            Change::Settings(chair, secretary, rule, delegates) => {
                                actions::settings(tx, &actor, id, chair, secretary, &rule).await?;
                                actions::let_delegates(tx, &actor, id, delegates).await.map(|_| ())
                            }
                        }
                    })
                })
                .await
        }
    };
    match done {
        Ok(()) => Ok(ui::done(&ctx, &format!("{HERE}/{id}"), "councils.done-saved", &[])),
        Err(fault) => refused(&ctx, &posted, &council, fault).await,
    }
}

async fn plan(State(ctx): State<Ctx>, Path(id): Path<String>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    viewer.signed_in()?;
    let council = council_of(&ctx, viewer, &id).await?;
    let actor = need_body(&ctx, viewer, &HOLD, &council)?;
    let id = council.id;
    let done = match new_sitting(&posted) {
        Err(refusal) => Err(Fault::from(refusal)),
        Ok(new) => {
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move { actions::plan(tx, &actor, id, new).await.map(|s| s.id) })
                })
                .await
        }
    };
    match done {
        Ok(id) => Ok(ui::done(&ctx, &format!("/office/sittings/{id}"), "councils.done-saved", &[])),
        Err(fault) => refused(&ctx, &posted, &council, fault).await,
    }
}

/// Plans the next sittings of the rhythm at once, as the sweep does every day.
async fn plan_next(State(ctx): State<Ctx>, Path(id): Path<String>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    viewer.signed_in()?;
    let council = council_of(&ctx, viewer, &id).await?;
    let actor = need_body(&ctx, viewer, &HOLD, &council)?;
    let calendar = super::rhythm::calendar(&ctx, &mut ctx.store.read().await?, council.street).await?;
    let id = council.id;
    let n = ctx
        .store
        .once(posted.key(), move |tx| {
            Box::pin(async move { actions::plan_ahead(tx, &actor, &calendar, id).await.map(|new| new.len()) })
        })
        .await?;
    Ok(ui::done(&ctx, &format!("{HERE}/{id}"), "councils.done-planned", &[("n", &n.to_string())]))
}

/// Time and venue of a form.
pub(super) fn new_sitting(posted: &Posted) -> Result<NewSitting, Refusal> {
    let f = &posted.fields;
    Ok(NewSitting {
        venue: f.get("venue").to_owned(),
        mode: f.code("mode", Mode::parse)?.unwrap_or_default(),
        join: f.get("join").to_owned(),
        starts: local_time(f, "starts")?,
        ends: local_time(f, "ends")?,
    })
}

async fn finish(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<crate::Bridge>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    let viewer = &posted.viewer;
    viewer.signed_in()?;
    let none = || Fault::from(Refusal::missing("councils.no-action"));
    let id: Id = id.parse().map_err(|_| none())?;
    let street = ctx.street(viewer)?;
    let action = queries::action(&mut ctx.store.read().await?, street, id).await?.ok_or_else(none)?;
    let (_, s, actor) = entered(&ctx, viewer, &HOLD, &action.sitting.to_string()).await?;
    let result = posted.fields.get("result").to_owned();
    ctx.store
        .once(posted.key(), move |tx| {
            Box::pin(async move { actions::finish(tx, bridge, &actor, id, &result).await.map(|_| ()) })
        })
        .await?;
    let staff = viewer.may(&READ, &s.place).is_some();
    let to = if staff {
        format!("{HERE}/{}", action.council)
    } else {
        format!("/office/sittings/{}", action.sitting)
    };
    Ok(ui::done(&ctx, &to, "councils.done-saved", &[]))
}
