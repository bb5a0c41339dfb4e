//! The residents' home page, their own matters, and the page without signal.

use super::words::*;
use crate::{
    model::*,
    queries::{self, Line},
    t,
};
use axum::extract::State;
use axum::response::IntoResponse;
use kernel::OfficeKind;
use maud::{Markup, html};
use ui::{
    Answer, Community, Ctx, Viewer,
    layout::{self, Page},
    parts::*,
    show,
};

/// A card of one's own matter: what it is, where it stands, what is next.
pub fn card(viewer: &Viewer, world: &World, l: &Line, own: &str, place: &str, now: kernel::Time) -> Markup {
    let lang = viewer.lang;
    let href = format!("/m/{own}");
    html! {
        article."card card-p matter" {
            div."matter-h" { h3 { a href=(href) { (l.title) } } (line_chip(lang, l)) }
            p.meta { span.num { (own) } span { (icon_s("map-pin")) (place) } span.num { (t!(lang, "raised-on", day = show::day(lang, l.raised_at, now))) } }
            @if l.status.is_open() || l.status == Status::Closed { (steps(lang, l.status, l.agenda)) }
            div.nextup {
                @if l.status == Status::Answered {
                    span { (t!(lang, "please-evaluate")) }
                    span.btns { a."btn pri" href={ (href) "/evaluate" } { (t!(lang, "evaluate")) } }
                } @else if l.waiting {
                    span { (t!(lang, "please-add")) }
                    span.btns { a."btn pri" href={ (href) "/add" } { (t!(lang, "add")) } }
                } @else {
                    span { (next_line(viewer, world, l, now)) }
                    span.btns { a.btn href=(href) { (t!(lang, "see-progress")) } }
                }
            }
        }
    }
}

fn next_line(viewer: &Viewer, world: &World, l: &Line, now: kernel::Time) -> String {
    let lang = viewer.lang;
    match line_due(lang, world, l, now) {
        Some(d) => format!("{}　{}", word(lang, &format!("next-{}", l.status.code())), d.text),
        None => word(lang, &format!("next-{}", l.status.code())),
    }
}

/// `/`
pub async fn home(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    let lang = viewer.lang;
    let Some(home) = viewer.home() else { return Ok(axum::response::Redirect::to("/setup").into_response()) };
    let now = ctx.store.now();
    let street = home.street;
    let mut conn = ctx.store.read().await?;
    let world = queries::world(&mut conn, street).await?;
    let community = viewer.community.clone();
    let path = community.as_ref().map_or_else(|| home.path.clone(), |c| c.path.clone());
    let hero = queries::hero(&ctx.store, &mut conn, street, &path).await?;
    let mine = match &viewer.signed {
        Some(s) => queries::of_person(&mut conn, street, s.person, 30).await?,
        None => Vec::new(),
    };
    let done = queries::settled(&mut conn, street, &path, 4).await?;
    let paths = mine.iter().map(|(l, _)| l.place.clone()).chain(done.iter().map(|l| blurred(&l.place)));
    let names = place_names(&mut conn, street, paths).await?;
    let officer = grid_officer(&mut conn, &ctx, &viewer, street, &path).await?;
    let phone = community.as_ref().and_then(|c| c.phone.clone());
    let open = mine.iter().filter(|(l, _)| l.status.is_open()).count();
    let hi = viewer
        .signed
        .as_ref()
        .map(|s| t!(lang, "hello", name = s.name.clone(), greeting = show::greeting(lang, now)));
    let body = html! {
        section.hero aria-labelledby="h-hero" {
            img."hero-art" src=(ui::asset!("pavilion.svg")) alt="" width="300" height="190";
            p."hero-hi" { (hi.unwrap_or_else(|| show::greeting(lang, now))) }
            h1 #h-hero { (t!(lang, "hero-title")) }
            a."hero-cta" href="/raise" {
                span.plus { (icon("plus")) }
                span { b { (t!(lang, "hero-raise")) } small { (t!(lang, "hero-raise-hint")) } }
                span.go { (icon("chevron-right")) }
            }
            div.ways {
                a href="/raise#f-photos" { (icon("camera")) (t!(lang, "way-photo")) }
                a href="/raise#f-voice" { (icon("mic")) (t!(lang, "way-voice")) }
                @if let Some(phone) = &phone { a href={ "tel:" (phone) } { (icon("phone")) (t!(lang, "way-phone")) } }
                @else { a href="/follow" { (icon("search")) (t!(lang, "way-follow")) } }
            }
            dl.facts {
                div { dt { (t!(lang, "fact-raised")) } dd.num { (t!(lang, "pieces", n = hero.raised)) } }
                div { dt { (t!(lang, "fact-settled")) } dd.num { (t!(lang, "pieces", n = hero.settled)) } }
                @if let Some(tenths) = hero.median_tenths { div { dt { (t!(lang, "fact-median")) } dd.num { (t!(lang, "days", n = show::tenths(tenths))) } } }
            }
        }
        @if viewer.elder { (officer_card(&viewer, officer.as_deref(), community.as_ref())) }
        @if viewer.signed.is_some() {
            section.sec aria-labelledby="h-mine" {
                div."sec-h" { h2 #h-mine { (t!(lang, "my-matters")) } @if !mine.is_empty() { a href="/mine" { (t!(lang, "all-n", n = mine.len())) (icon_s("chevron-right")) } } }
                @if open == 0 { div.card { (empty("circle-check", &t!(lang, "none-open"), &t!(lang, "none-open-hint"))) } }
                @else {
                    div."pair stack" { @for (l, own) in mine.iter().filter(|(l, _)| l.status.is_open()).take(4) {
                        (card(&viewer, &world, l, own, &place_name(&names, &l.place), now))
                    } }
                }
            }
        } @else {
            section.sec aria-labelledby="h-follow" {
                div."card card-p who" {
                    span.ava aria-hidden="true" { (icon("search")) }
                    span.tx { b #h-follow { (t!(lang, "follow-title")) } br; span."cap muted" { (t!(lang, "follow-hint")) } }
                    a.btn href="/follow" { (t!(lang, "follow-go")) }
                }
            }
        }
        div.two {
            section.sec aria-labelledby="h-done" {
                div."sec-h" { h2 #h-done { (t!(lang, "neighbours-done")) } a href="/public" { (t!(lang, "open-ledger")) (icon_s("chevron-right")) } }
                @if done.is_empty() { div.card { (empty("inbox", &t!(lang, "nothing-yet"), "")) } }
                @else { ul."card rowlist" { @for l in &done {
                    li { a href={ "/m/" (l.number) } {
                        span.tx { b { (public_title(l)) } span.meta { span { (place_name(&names, &blurred(&l.place))) } @if let Some(at) = l.closed_at { span.num { (t!(lang, "took", span = show::span(lang, (at - l.raised_at).num_minutes()))) } } } }
                        (icon_s("chevron-right"))
                    } }
                } } }
            }
            div {
                @if !viewer.elder { (officer_card(&viewer, officer.as_deref(), community.as_ref())) }
                @if home.communities.len() > 1 {
                    section.sec aria-labelledby="h-com" {
                        h2 #h-com { (t!(lang, "choose-community")) }
                        form."card card-p mt3" method="post" action="/prefs/community" {
                            (csrf(&ctx, &viewer)) input type="hidden" name="to" value="/";
                            div.btns { @for c in &home.communities {
                                button."btn sm" .pri[community.as_ref() == Some(c)] name="community" value=(c.code) aria-pressed=[(community.as_ref() == Some(c)).then_some("true")] { (c.name) }
                            } }
                        }
                    }
                }
            }
        }
    };
    let page = Page { title: &t!(lang, "home"), current: "/", ..Page::default() };
    Ok(layout::resident(&ctx, &viewer, page, &body).into_response())
}

async fn grid_officer(
    conn: &mut store::Conn,
    ctx: &Ctx,
    viewer: &Viewer,
    street: kernel::Id,
    community: &kernel::PlacePath,
) -> Result<Option<String>, store::Fault> {
    let at = viewer.signed.as_ref().and_then(|s| s.lives_at.clone()).unwrap_or_else(|| community.clone());
    let holders =
        people::queries::holders(conn, street, OfficeKind::GridOfficer, &at, ctx.store.now()).await?;
    let Some(first) = holders.first() else { return Ok(None) };
    let names = people::queries::names(conn, ctx.store.keys(), street, &[first.person]).await?;
    Ok(names.get(&first.person).cloned())
}

fn officer_card(viewer: &Viewer, officer: Option<&str>, community: Option<&Community>) -> Markup {
    let lang = viewer.lang;
    let phone = community.and_then(|c| c.phone.clone());
    html! {
        @if let Some(name) = officer {
            section.sec aria-labelledby="h-grid" {
                h2.vh #h-grid { (t!(lang, "my-officer")) }
                div."card card-p who" {
                    span.ava aria-hidden="true" { (name.chars().next().unwrap_or('·')) }
                    span.tx { b { (name) } "　" (layout::office_name(lang, "grid_officer")) br; span."cap muted" { (t!(lang, "officer-hint")) } }
                    @if let Some(phone) = phone { a."btn sm" href={ "tel:" (phone) } aria-label=(t!(lang, "call-named", name = name)) { (icon_s("phone")) (t!(lang, "call")) } }
                }
            }
        }
    }
}

/// `/mine`
pub async fn mine(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    let lang = viewer.lang;
    let signed = viewer.signed_in()?;
    let street = ctx.street(&viewer)?;
    let now = ctx.store.now();
    let mut conn = ctx.store.read().await?;
    let world = queries::world(&mut conn, street).await?;
    let mine = queries::of_person(&mut conn, street, signed.person, 100).await?;
    let names = place_names(&mut conn, street, mine.iter().map(|(l, _)| l.place.clone())).await?;
    let body = html! {
        h1.vh { (t!(lang, "my-matters")) }
        section.sec {
            div."card card-p who" {
                span.ava aria-hidden="true" { (signed.name.chars().next().unwrap_or('·')) }
                span.tx { b { (signed.name) } br; span."cap muted" { @for (i, o) in signed.offices.iter().enumerate() { @if i > 0 { "、" } (layout::office_name(lang, o.kind.code())) } } }
                a."btn sm" href="/account" { (icon_s("settings")) (t!(lang, "account")) }
            }
        }
        section.sec aria-labelledby="h-mine" {
            div."sec-h" { h2 #h-mine { (t!(lang, "my-matters")) } a href="/raise" { (icon_s("plus")) (t!(lang, "raise-one")) } }
            @if mine.is_empty() { div.card { (empty("inbox", &t!(lang, "none-mine"), &t!(lang, "none-mine-hint"))) } }
            div."pair stack" { @for (l, own) in &mine { (card(&viewer, &world, l, own, &place_name(&names, &l.place), now)) } }
        }
        section.sec { form method="post" action="/sign-out" { (csrf(&ctx, &viewer)) button."btn quiet wide" { (icon_s("log-out")) (t!(lang, "sign-out")) } } }
    };
    let page = Page { title: &t!(lang, "my-matters"), current: "/mine", ..Page::default() };
    Ok(layout::resident(&ctx, &viewer, page, &body).into_response())
}

/// `/offline`: what the service worker shows without signal. Knows nobody.
pub async fn offline(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    let lang = viewer.lang;
    let body = html! {
        section.sec { div."card card-p" {
            h1.h2s { (t!(lang, "offline-title")) }
            p.mt2 { (t!(lang, "offline-text")) }
            p."btns mt3" { a."btn pri" href="/raise" { (t!(lang, "hero-raise")) } a.btn href="/" { (t!(lang, "try-again")) } }
        } }
    };
    let page = Page { title: &t!(lang, "offline-title"), slim: true, ..Page::default() };
    Ok(layout::resident(&ctx, &viewer, page, &body).into_response())
}
