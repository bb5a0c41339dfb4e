//! A4: the notice for the board, the result sheet, and a ballot for every head with the code by which it is entered.

use super::{
    DESK, Query, poll_of,
    words::{area, how_words, outcome, role_word, short, side_word, times},
};
use crate::{
    actions::sheet_code,
    model::{Poll, Shape},
    queries::{self, HeadRow, Only},
    rules::rights::{COLLECT, READ},
    t,
};
use axum::{
    Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::get,
};
use kernel::Id;
use maud::{Markup, html};
use ui::{Answer, Ctx, Lang, Viewer, layout, parts, show};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/office/polls/{id}/paper", get(papers))
        .route("/office/polls/{id}/ballots", get(ballots))
}

async fn papers(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>) -> Answer {
    viewer.need_somewhere(&READ)?;
    let lang = viewer.lang;
    let p = poll_of(&ctx, &viewer, &id).await?;
    viewer.need(&READ, &p.place)?;
    let tellers: Vec<Id> = p.count.iter().flat_map(|c| &c.signed).map(|s| s.person).collect();
    let names =
        people::queries::names(&mut ctx.store.read().await?, ctx.store.keys(), p.street, &tellers).await?;
    let public = format!("{}/polls/{}", ctx.site.base_url, p.id);
    let body = html! {
        section.sheet {
            header.sheet-h { div { h1 { (t!(lang, "notice-of", title = p.title.clone())) } p { (p.number) } }
                div.sheet-qr { (parts::qr(&public)) span { (t!(lang, "scan-page")) } } }
            table.sheet-kv {
                tr { th { (t!(lang, "when")) } td { (times(lang, &p)) } }
                @if let Some(roll) = &p.roll {
                    tr { th { (t!(lang, "entitled")) } td { (t!(lang, "roll-of", lines = roll.lines, heads = roll.heads)) @if roll.area > 0 { " · " (area(roll.area)) " ㎡" } } }
                    tr { th { (t!(lang, "roll-pin")) } td { (roll.sha256) } }
                }
                @if let Some(rule) = &p.rule {
                    tr { th { (t!(lang, "how-decided")) } td { (how_words(lang, &p)) } }
                    tr { th { (t!(lang, "rule-pin")) } td { (rule.hash) } }
                }
                @if let (Some(posted), Some(at)) = (&p.posted, p.noticed_at) { tr { th { (t!(lang, "posted-on")) } td { (super::posted_words(lang, posted, at)) } } }
                @if let Some(urgent) = &p.urgent { tr { th { (t!(lang, "urgent-why")) } td { (urgent) } } }
                tr { th { (t!(lang, "published")) } td { (super::public::published_how(lang, &p)) } }
            }
            h2 { (t!(lang, "proposal")) }
            @for line in p.text.lines().filter(|l| !l.trim().is_empty()) { p { (line) } }
            @if p.shape.has_options() { ol { @for o in &p.options { li { (o) } } } }
            p { (t!(lang, "object-before")) }
        }
        @if let Some(count) = &p.count { section.sheet {
            header.sheet-h { div { h2 { (t!(lang, "result-of", title = p.title.clone())) } p { (p.number) " · " (times(lang, &p)) } }
                div.sheet-qr { (parts::qr(&public)) span { (t!(lang, "scan-recount")) } } }
            (outcome(lang, &p, &count.outcome))
            table.sheet-kv { tr { th { (t!(lang, "file-pin")) } td { (count.sha256) } }
                @if let Some(until) = p.show_until { tr { th { (t!(lang, "shown")) } td { (t!(lang, "show-until", day = until.to_string())) } } } }
            div.sheet-sign { @for s in &count.signed { span { (role_word(lang, s.role)) "：" (names.get(&s.person).map_or("", String::as_str)) " " (show::full(s.at)) } }
                @for _ in count.signed.len()..2 { span { (t!(lang, "signature")) } } }
        } }
    };
    Ok(layout::paper(&viewer, &p.title, &format!("{DESK}/{}", p.id), &body).into_response())
}

/// Ballots, fifty to a page: of a secret poll one without a code, to be copied.
async fn ballots(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>, query: Query) -> Answer {
    viewer.need_somewhere(&COLLECT)?;
    let lang = viewer.lang;
    let p = poll_of(&ctx, &viewer, &id).await?;
    viewer.need(&COLLECT, &p.place)?;
    let after: i64 = query.get("after").and_then(|n| n.parse().ok()).unwrap_or(-1);
    let here = format!("{DESK}/{}/ballots", p.id);
    let mut heads = Vec::new();
    if !p.secret {
        heads = queries::register(&mut ctx.store.read().await?, p.street, p.id, "", Only::All, after).await?;
    }
    let more = heads.len() > queries::PAGE as usize;
    heads.truncate(queries::PAGE as usize);
    let next = heads.last().filter(|_| more).map(|(h, _)| format!("{here}?after={}", h.head));
    let body = html! {
        h1.vh { (t!(lang, "print-ballots")) }
        @if let Some(next) = &next { p."btns no-print" { a.btn href=(next) { (t!(lang, "next-fifty")) } } }
        @if p.secret { (ballot(&ctx, lang, &p, None)) }
        @for (h, _) in &heads { (ballot(&ctx, lang, &p, Some(h))) }
    };
    Ok(layout::paper(&viewer, &p.title, &format!("{DESK}/{}", p.id), &body).into_response())
}

fn ballot(ctx: &Ctx, lang: Lang, p: &Poll, head: Option<&HeadRow>) -> Markup {
    let code = head.map(|h| sheet_code(ctx.store.keys(), p.id, h.head));
    let conform = matches!(p.shape, Shape::Owners { conform: true });
    html! {
        section.sheet {
            header.sheet-h {
                div { h2 { (t!(lang, "ballot-of", title = p.title.clone())) }
                    p { (p.number) @if let Some(h) = head { " · " (h.units) @if h.area > 0 { " · " (area(h.area)) " ㎡" } } } }
                @if let Some(code) = &code { div.sheet-qr { (parts::qr(&format!("{}{DESK}/{}?sheet={}#sheets", ctx.site.base_url, p.id, parts::query(code)))) span.num { (code) } } }
            }
            @for line in p.text.lines().filter(|l| !l.trim().is_empty()) { p { (line) } }
            table.sheet-list { tbody {
                @if p.shape.has_options() { @for (n, o) in (1..).zip(&p.options) { tr { td { (n) } td { (o) } td { @if matches!(p.shape, Shape::Ranking) { "____" } @else { "□" } } } }
                    @if matches!(p.shape, Shape::Election { .. }) { tr { td {} td { (t!(lang, "write-in")) } td { "□" } } } }
                @else { tr { @for side in ["yes", "no", "abstain"].into_iter().chain(conform.then_some("conform")) { td { "□ " (side_word(lang, side)) } } } }
            } }
            @if p.shape.has_options() { p { @if matches!(p.shape, Shape::Ranking) { (t!(lang, "rank-hint")) } @else { (t!(lang, "mark-up-to", n = p.shape.most(p.options.len()))) } } }
            @if let Some(rule) = &p.rule { p { (how_words(lang, p)) " [" (short(&rule.hash)) "]" } }
            p { (super::public::published_how(lang, p)) " " (t!(lang, "return-until", until = p.closes.map(show::full).unwrap_or_default())) }
            @if head.is_some() { div.sheet-sign { span { (t!(lang, "signature")) } span { (t!(lang, "day")) } } }
        }
    }
}
