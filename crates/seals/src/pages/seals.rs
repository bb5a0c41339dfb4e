//! The seals of every day: a list for everybody, a paper for the notice board.

use crate::{jobs, rules, t};
use axum::{
    extract::{Path, Query, State},
    response::IntoResponse,
};
use journal::seal::fingerprint;
use kernel::{Refusal, time::local_date};
use maud::html;
use store::Seal;
use ui::{Answer, Ctx, Cursor, Fields, Viewer, layout, layout::Page, parts::*, show};

/// Days on a page.
const PAGE: usize = 31;

/// `/seals`
pub(super) async fn list(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Answer {
    let lang = viewer.lang;
    let now = ctx.store.now();
    let cursor = Cursor::decode(Fields::new(pairs).get("cursor"), 1)?;
    let before = cursor.as_ref().and_then(|c| c.0.first()).and_then(serde_json::Value::as_u64);
    let mut conn = ctx.store.read().await?;
    let mut seals = conn.daily_seals(before, PAGE as i64 + 1).await?;
    let waiting = conn.unsealed().await?;
    let more = seals.len() > PAGE;
    seals.truncate(PAGE);
    let next = seals.last().filter(|_| more).map(|s| Cursor(vec![s.seal.into()]).encode());
    let key = fingerprint(&ctx.store.keys().seal_key()?);
    let title = t!(lang, "seals-title");
    let today = local_date(now);
    let body = html! {
        section.sec {
            h1 { (title) }
            p."muted mt1" { (t!(lang, "seals-lead")) }
            @if waiting > 0 { p.mt2 { (t!(lang, "waiting-n", n = waiting, minutes = jobs::EVERY_MINUTES)) } }
            p."btns mt3" { a.btn href="/receipt" { (icon_s("shield-check")) (t!(lang, "receipt-title")) } }
        }
        section.sec aria-labelledby="h-days" {
            h2.h3 #h-days { (t!(lang, "days")) }
            @if seals.is_empty() { (empty("stamp", &t!(lang, "no-seals"), &t!(lang, "no-seals-text", minutes = jobs::EVERY_MINUTES))) }
            @else {
                ul."card rowlist mt2" { @for s in &seals {
                    @let day = local_date(s.time);
                    li { a href={ "/seals/" (s.seal) } {
                        span.tx {
                            b { (show::date(lang, day, today)) @if day == today { " " (t!(lang, "so-far")) } }
                            span.meta { span.num { (t!(lang, "number-n", n = s.seal)) } span.num { (t!(lang, "entries-n", n = s.entries)) } span.num { (rules::grouped(&s.code()[..8])) } }
                        }
                        (icon("chevron-right"))
                    } }
                } }
                @let on = next.map(|n| format!("/seals?cursor={n}"));
                (pager(lang, seals.len(), before.is_some().then_some("/seals"), on.as_deref()))
            }
        }
        section.sec aria-labelledby="h-key" {
            h2.h3 #h-key { (t!(lang, "the-key")) }
            p.mt1 { (t!(lang, "key-text")) }
            p."card card-p num mt2" { (rules::grouped(&key)) }
        }
    };
    let page =
        Page { title: &title, current: "/public", back: Some("/public"), slim: true, ..Page::default() };
    Ok(layout::resident(&ctx, &viewer, page, &body).into_response())
}

/// A seal by the number in an address.
pub(crate) async fn wanted(ctx: &Ctx, n: &str) -> Result<Seal, ui::Oops> {
    let missing = || Refusal::missing("seals.no-seal");
    let n: u64 = n.parse().map_err(|_| missing())?;
    Ok(ctx.store.read().await?.seal_by_number(n).await?.ok_or_else(missing)?)
}

/// `/seals/{n}`: the paper for the notice board.
pub(super) async fn paper(State(ctx): State<Ctx>, viewer: Viewer, Path(n): Path<String>) -> Answer {
    let lang = viewer.lang;
    let seal = wanted(&ctx, &n).await?;
    let link = format!("{}/seals/{}", ctx.site.base_url, seal.seal);
    let street = viewer.home().map(|h| h.name.clone()).unwrap_or_default();
    let title = t!(lang, "paper-title");
    let rows = [
        (t!(lang, "paper-day"), local_date(seal.time).to_string()),
        (t!(lang, "seal-number"), seal.seal.to_string()),
        (t!(lang, "sealed-at"), show::full(seal.time)),
        (t!(lang, "paper-entries"), seal.entries.to_string()),
        (t!(lang, "seal-code"), rules::grouped(&seal.code())),
        (t!(lang, "paper-head"), rules::grouped(&seal.head)),
        (t!(lang, "paper-key"), rules::grouped(&fingerprint(&seal.public_key))),
    ];
    let body = html! {
        section.sheet {
            header."sheet-h" { div { h1 { (street) " " (title) } p { (t!(lang, "paper-lead")) } } div."sheet-qr" { (qr(&link)) span { (t!(lang, "paper-scan")) } } }
            table."sheet-kv" { tbody { @for (k, v) in &rows { tr { th scope="row" { (k) } td.num { (v) } } } } }
            p.mt3 { (t!(lang, "paper-keep")) }
            p."sheet-f" { (t!(lang, "paper-check")) " yishiting verify --seal " (hex::encode(seal.code())) }
        }
    };
    Ok(layout::paper(&viewer, &title, "/seals", &body).into_response())
}
