//! The receipt: one field, one answer.

use crate::{jobs, rules, t};
use axum::{
    extract::{Query, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use kernel::Refusal;
use maud::{Markup, html};
use store::{Fault, Stands};
use ui::{Answer, Ctx, Fields, Form, Lang, Viewer, asset, layout, layout::Page, parts::*, show};

type Asked = Query<Vec<(String, String)>>;

/// What there is to say.
enum Said {
    /// Nothing was asked yet.
    Nothing,
    /// No such entry.
    Unknown,
    /// There is one.
    Stands(Box<Stands>),
}

/// `/receipt?code=…`
pub(super) async fn page(State(ctx): State<Ctx>, viewer: Viewer, Query(pairs): Asked) -> Answer {
    let fields = Fields::new(pairs);
    let Some(typed) = fields.some("code") else {
        return show(&ctx, &viewer, &Form::default(), &Said::Nothing, StatusCode::OK);
    };
    let code = match rules::code(typed) {
        Ok(code) => code,
        Err(refusal) => {
            let form = Form::refused(fields, refusal);
            return show(&ctx, &viewer, &form, &Said::Nothing, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let found = ctx.store.read().await?.stands(&code).await?;
    let form = Form { values: fields, ..Form::default() };
    match found {
        Some(stands) => show(&ctx, &viewer, &form, &Said::Stands(Box::new(stands)), StatusCode::OK),
        None => show(&ctx, &viewer, &form, &Said::Unknown, StatusCode::NOT_FOUND),
    }
}

/// `/receipt/file?code=…`: the receipt as a file (docs/receipts.md).
pub(super) async fn file(State(ctx): State<Ctx>, Query(pairs): Asked) -> Answer {
    let code = rules::code(Fields::new(pairs).get("code"))?;
    let stands = ctx.store.read().await?.stands(&code).await?;
    let stands = stands.ok_or(Refusal::missing("seals.no-entry"))?;
    let receipt =
        stands.receipt.ok_or(Refusal::conflict("seals.not-sealed").with("minutes", jobs::EVERY_MINUTES))?;
    let name = format!("attachment; filename=\"receipt-{}.json\"", hex::encode(&receipt.event[..8]));
    let text = serde_json::to_string_pretty(&receipt).map_err(Fault::from)?;
    let kind = "application/json; charset=utf-8".to_owned();
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], text + "\n").into_response())
}

fn show(ctx: &Ctx, viewer: &Viewer, form: &Form, said: &Said, status: StatusCode) -> Answer {
    let lang = viewer.lang;
    let asked = !matches!(said, Said::Nothing);
    let body = html! {
        section.sec {
            h1 { (t!(lang, "receipt-title")) }
            @if !asked { p."muted mt1" { (t!(lang, "receipt-lead")) } }
            (error_summary(lang, form))
            (answer(lang, said))
            @if !asked { (question(lang, form)) }
            @else { p."btns mt3" { a."btn quiet" href="/receipt" { (t!(lang, "another")) } } }
        }
        section.sec aria-labelledby="h-how" {
            h2.h3 #h-how { (t!(lang, "how-title")) }
            p.mt1 { (t!(lang, "how-text")) }
            p.mt2 { a.lk href="/seals" { (t!(lang, "to-seals")) } }
        }
    };
    let title = t!(lang, "receipt-title");
    let page = Page { title: &title, current: "/public", back: Some("/"), slim: true, ..Page::default() };
    Ok((status, layout::resident(ctx, viewer, page, &body)).into_response())
}

fn question(lang: Lang, form: &Form) -> Markup {
    html! {
        form."card card-p form mt3" method="get" action="/receipt" {
            (field(lang, form, Field { name: "code", label: &t!(lang, "the-code"), hint: &t!(lang, "code-hint"), required: true, max: 200, autocomplete: "off", ..Field::default() }))
            div."btns mt3" { button."btn pri wide" { (t!(lang, "check-it")) } }
        }
    }
}

fn answer(lang: Lang, said: &Said) -> Markup {
    match said {
        Said::Nothing => html! {},
        Said::Unknown => {
            html! { (notice("warn mt3", "circle-alert", &t!(lang, "unknown"), &t!(lang, "unknown-next"))) }
        }
        Said::Stands(s) if !s.whole => {
            html! { (notice("late mt3", "triangle-alert", &t!(lang, "altered"), &t!(lang, "altered-next"))) }
        }
        Said::Stands(s) => html! {
            @match &s.receipt {
                None => (notice("mt3", "clock", &t!(lang, "recorded", at = show::full(s.at)), &t!(lang, "soon", minutes = jobs::EVERY_MINUTES))),
                Some(r) => {
                    (notice("ok mt3", "circle-check", &t!(lang, "stands"), &t!(lang, "stands-text", at = show::full(s.at), sealed = show::full(r.seal.time))))
                    (proof(lang, s, r))
                }
            }
        },
    }
}

/// What is known of a sealed entry, what the browser found by itself, and the file to keep.
fn proof(lang: Lang, s: &Stands, r: &store::Receipt) -> Markup {
    let file = format!("/receipt/file?code={}", hex::encode(s.event));
    html! {
        // Filled in by the script, which trusts nothing but the file and what it computes; without script it stays away.
        div."notice mt3" role="status" hidden data-receipt=(file) data-event=(hex::encode(s.event))
            data-t-good=(t!(lang, "own-good")) data-t-half=(t!(lang, "own-half")) data-t-bad=(t!(lang, "own-bad")) {
            (icon("shield-check")) div { b data-text {} }
        }
        dl."card card-p kv left mt3" {
            dt { (t!(lang, "recorded-at")) } dd.num { (show::full(s.at)) }
            dt { (t!(lang, "sealed-at")) } dd.num { (show::full(r.seal.time)) }
            dt { (t!(lang, "seal-number")) } dd.num { a href={ "/seals/" (r.seal.seal) } { (t!(lang, "number-n", n = r.seal.seal)) } }
            dt { (t!(lang, "the-code")) } dd."num" { (rules::grouped(&s.event)) }
        }
        p."btns mt3" { a."btn pri" href=(file) download { (icon_s("download")) (t!(lang, "get-file")) } }
        script type="module" src=(asset!("receipt.js")) {}
    }
}
