//! Lists of plans, and a new one.

use super::{
    DESK, Query, cursor, page,
    words::{bars, state_chip},
};
use crate::{
    Bridge, actions,
    model::{Built, NewPlan, Plan},
    queries,
    rules::{
        VERSION,
        rights::{LEAD, READ},
    },
    t,
};
use axum::{Extension, Router, extract::State, response::IntoResponse, routing::get};
use kernel::{Id, PlacePath, Refusal};
use maud::{Markup, html};
use store::Fault;
use ui::{
    Answer, Ctx, Form, Lang, Posted, Viewer, into_form,
    layout::{self, Page},
    parts::{self, Field},
    with_status,
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route(DESK, get(list))
        .route("/office/plans/new", get(new_form).post(new))
        .route("/plans", get(public))
}

/// A page of plans, with what their works build on the first.
struct Listed {
    all: Vec<Plan>,
    built: Vec<Built>,
    /// Whether it is the first page.
    first: bool,
    /// Where it goes on.
    next: Option<Id>,
    /// Only those that build this.
    what: Option<String>,
}

impl Listed {
    async fn read(
        ctx: &Ctx,
        street: Id,
        within: &[&PlacePath],
        public: bool,
        query: &Query,
    ) -> Result<Self, Fault> {
        let first = !query.contains_key("before");
        let before = cursor(query, "before", Id::from(uuid::Uuid::max()))?;
        let what = query.get("what").filter(|w| !w.is_empty()).cloned();
        let mut conn = ctx.store.read().await?;
        let mut all = match &what {
            Some(what) => queries::building(&mut conn, street, within, what, before).await?,
            None => queries::plans(&mut conn, street, within, public, before).await?,
        };
        let mut built = if first { queries::built(&mut conn, street, within).await? } else { Vec::new() };
        built.retain(|b| what.as_ref().is_none_or(|what| b.what == *what));
        let more = all.len() > queries::PAGE as usize;
        all.truncate(queries::PAGE as usize);
        let next = all.last().filter(|_| more).map(|p| p.id);
        Ok(Self { all, built, first, next, what })
    }

    fn show(&self, lang: Lang, at: &str, none_why: &str) -> Markup {
        let only = self.what.as_ref().map(|w| format!("what={}", parts::query(w)));
        let here = only.as_ref().map_or_else(|| at.to_owned(), |only| format!("{at}?{only}"));
        let join = if only.is_some() { '&' } else { '?' };
        let next = self.next.map(|id| format!("{here}{join}before={id}"));
        let first = (!self.first).then_some(here.as_str());
        html! {
            @if self.what.is_some() { p."btns mt3" { a."btn quiet" href=(at) { (t!(lang, "plans-all")) } } }
            @if self.all.is_empty() { (parts::empty("file-text", &t!(lang, "plans-none"), none_why)) } @else {
                (rows(lang, &self.all, at))
                (parts::pager(lang, self.all.len(), first, next.as_deref()))
            }
            @if !self.built.is_empty() { section."sec mt3" aria-labelledby="h-built" {
                div.sec-h { h2 #h-built { (t!(lang, "built")) } }
                (bars(lang, &self.built, self.what.is_none().then_some(at)))
            } }
        }
    }
}

fn rows(lang: Lang, all: &[Plan], at: &str) -> Markup {
    html! { ul."card rowlist mt3" { @for p in all { li { a.rw href={ (at) "/" (p.id) } { (parts::icon("file-text")) span.tx {
        b { (p.title) }
        span.meta { (state_chip(lang, p.state)) span.num { (p.number) } @if let Some(at) = p.next_at() { span.num { (t!(lang, "asked-until", day = p.round().map(|r| r.until.to_string()).unwrap_or_default())) span.vh { (ui::show::full(at)) } } } }
    } } } } } }
}

async fn list(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    let lang = viewer.lang;
    let offices = viewer.need_somewhere(&READ)?;
    let reach: Vec<&PlacePath> = offices.iter().map(|o| &o.place).collect();
    let street = ctx.street(&viewer)?;
    let list = Listed::read(&ctx, street, &reach, false, &query).await?;
    let title = t!(lang, "plans");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "plans-about")) } }
        p."btns mt3" {
            @if !viewer.offices_for(&LEAD).is_empty() { a."btn pri" href="/office/plans/new" { (parts::icon("plus")) (t!(lang, "plan-new")) } }
            a."btn quiet" href="/plans" { (parts::icon("eye")) (t!(lang, "public-page")) }
        }
        (list.show(lang, DESK, &t!(lang, "plans-none-why")))
    };
    Ok(page(&ctx, &viewer, &title, &body).into_response())
}

async fn public(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    let lang = viewer.lang;
    let street = ctx.street(&viewer)?;
    let place = viewer
        .community
        .as_ref()
        .map(|c| c.path.clone())
        .or_else(|| viewer.home().map(|h| h.path.clone()))
        .unwrap_or_else(PlacePath::root);
    let list = Listed::read(&ctx, street, &[&place], true, &query).await?;
    let title = t!(lang, "plans-public");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "plans-public-about")) } }
        (list.show(lang, "/plans", ""))
    };
    let page = Page { title: &title, slim: true, back: Some("/"), ..Page::default() };
    Ok(layout::resident(&ctx, &viewer, page, &body).into_response())
}

async fn new_page(ctx: &Ctx, viewer: &Viewer, form: &Form) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let street = ctx.street(viewer)?;
    let home = viewer.home().map(|h| h.path.clone()).ok_or(Refusal::conflict("ui.no-street"))?;
    let kinds = [places::PlaceKind::Community, places::PlaceKind::Compound, places::PlaceKind::Building];
    let places = places::under(&mut ctx.store.read().await?, street, &home, &kinds, 1000).await?;
    let places: Vec<(String, String)> = places
        .iter()
        .filter(|p| viewer.may(&LEAD, &p.path).is_some())
        .map(|p| (p.path.to_string(), p.full_name.clone()))
        .collect();
    let title = t!(lang, "plan-new");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "plan-new-about")) } }
        (parts::error_summary(lang, form))
        form."card card-p form mt3" method="post" action="/office/plans/new" data-once {
            (parts::hidden(ctx, viewer))
            (parts::field(lang, form, Field { name: "title", label: &t!(lang, "title"), hint: &t!(lang, "title-hint"), required: true, max: 60, ..Field::default() }))
            (parts::select(lang, form, Field { name: "place", label: &t!(lang, "place"), hint: &t!(lang, "place-hint"), required: true, ..Field::default() }, &places))
            (parts::field(lang, form, Field { name: "matter", label: &t!(lang, "matter"), hint: &t!(lang, "matter-hint"), max: 40, ..Field::default() }))
            (parts::field(lang, form, Field { name: "parties", label: &t!(lang, "parties"), hint: &t!(lang, "parties-hint"), kind: "textarea", rows: 3, ..Field::default() }))
            (parts::field(lang, form, Field { name: "text", label: &t!(lang, "text"), hint: &t!(lang, "text-hint"), kind: "textarea", rows: 12, required: true, max: VERSION, ..Field::default() }))
            div."btns mt3" { button."btn pri" { (t!(lang, "save")) } a.btn href=(DESK) { (t!(lang, "cancel")) } }
        }
    };
    Ok(page(ctx, viewer, &title, &body))
}

async fn new_form(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    viewer.need_somewhere(&LEAD)?;
    let mut form = Form::default();
    // From a matter, its number is filled in.
    form.values.set("matter", query.get("matter").map_or("", String::as_str));
    Ok(new_page(&ctx, &viewer, &form).await?.into_response())
}

async fn new(State(ctx): State<Ctx>, Extension(bridge): Extension<Bridge>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    viewer.need_somewhere(&LEAD)?;
    let f = &posted.fields;
    let done = match PlacePath::parse(f.get("place")).filter(|p| !p.as_str().trim_matches('/').is_empty()) {
        None => Err(Fault::from(Refusal::invalid("place", "ui.empty"))),
        Some(place) => {
            let actor = viewer.actor(Some(viewer.need(&LEAD, &place)?))?;
            let new = NewPlan {
                place,
                title: f.get("title").to_owned(),
                matter: f.some("matter").map(str::to_owned),
                parties: f.get("parties").to_owned(),
                text: f.get("text").to_owned(),
            };
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move { actions::draft(tx, bridge, &actor, new).await.map(|p| p.id) })
                })
                .await
        }
    };
    match done {
        Ok(id) => Ok(ui::done(&ctx, &format!("{DESK}/{id}"), "plans.done-saved", &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            Ok(with_status(&refusal, new_page(&ctx, viewer, &form).await?))
        }
    }
}
