//! The audit administrator's desk: sign-ins, grants and looks at personal data, straight from the journal.

use super::{LOG, PAGE, Query, accounts, desk};
use crate::{
    queries::{
        self,
        lists::{self, LogRow},
    },
    t,
};
use axum::{Router, extract::State, response::IntoResponse, routing::get};
use kernel::Id;
use maud::html;
use store::Fault;
use ui::{Answer, Ctx, Lang, Viewer, layout, parts, show};

const HERE: &str = "/office/people/log";

pub(super) fn routes() -> Router<Ctx> {
    Router::new().route(HERE, get(list))
}

/// The events by which other rooms record a look at personal data.
fn looks(ctx: &Ctx) -> Vec<&'static str> {
    ctx.site.keepers.iter().flat_map(|k| k.looks.iter().copied()).collect()
}

/// Every event that may be asked for: those of this room, and looks of others.
pub(super) fn kinds(ctx: &Ctx) -> Vec<&'static str> {
    lists::LOGGED.into_iter().chain(looks(ctx)).collect()
}

/// Rows of the list, and of its spreadsheet.
pub(super) struct LogLine {
    pub row: LogRow,
    pub about: String,
    pub by: String,
    pub from: String,
}

pub(super) async fn lines(
    ctx: &Ctx,
    lang: Lang,
    street: Id,
    kind: Option<&str>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<LogLine>, Fault> {
    let mut conn = ctx.store.read().await?;
    let rows = lists::log(&mut conn, street, kind, &looks(ctx), before, limit).await?;
    let mut streams: Vec<Id> = rows.iter().map(|r| r.stream).collect();
    streams.sort();
    streams.dedup();
    let mut about = std::collections::HashMap::new();
    for chunk in streams.chunks(400) {
        about.extend(lists::persons_of(&mut conn, street, chunk).await?);
    }
    let mut ids: Vec<Id> =
        about.values().copied().chain(rows.iter().filter_map(|r| r.actor.person)).collect();
    ids.sort();
    ids.dedup();
    let names: std::collections::HashMap<Id, String> =
        queries::persons(&mut conn, ctx.store.keys(), street, &ids)
            .await?
            .into_iter()
            .map(|p| (p.id, p.called()))
            .collect();
    let commit = |r: &LogRow, field: &str| {
        r.data.get(field).and_then(|f| f.get("commit")).and_then(|c| c.as_str()).map(str::to_owned)
    };
    let commits: Vec<String> =
        rows.iter().flat_map(|r| [commit(r, "from"), commit(r, "reason")]).flatten().collect();
    let texts = conn.clear_words(ctx.store.keys(), street, &commits).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let text = |field: &str| commit(&row, field).and_then(|c| texts.get(&c).cloned());
            let plain = |field: &str| row.data.get(field).and_then(|v| v.as_str()).map(str::to_owned);
            let person = |id: Option<Id>| id.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
            let word = |key: String| crate::WORDS.say(lang, &key, &[]);
            let details: Vec<String> = [
                plain("way").map(|way| word(format!("by-{way}"))),
                plain("field").map(|field| word(format!("field-{}", field.replace('_', "-")))),
                plain("kind").map(|kind| layout::office_name(lang, &kind)),
                plain("name"),
                plain("number"),
                text("reason"),
                text("from").map(|line| super::device(&line)),
            ]
            .into_iter()
            .flatten()
            .collect();
            LogLine {
                about: person(about.get(&row.stream).copied()),
                by: person(row.actor.person),
                from: details.join(" · "),
                row,
            }
        })
        .collect())
}

pub(super) fn event_name(lang: Lang, kind: &str) -> String {
    let (room, kind) = kind.split_once('.').unwrap_or(("people", kind));
    ui::say(lang, &format!("{room}.event-{}", kind.replace('_', "-")), &[])
}

async fn list(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    viewer.need_somewhere(&LOG)?;
    let lang = viewer.lang;
    let street = ctx.street(&viewer)?;
    let kinds = kinds(&ctx);
    let kind = query.get("kind").map(String::as_str).filter(|k| kinds.contains(k));
    let before: Option<i64> = query.get("before").and_then(|b| b.parse().ok());
    let lines = lines(&ctx, lang, street, kind, before, PAGE).await?;
    let title = t!(lang, "log");
    let kept = format!("kind={}", kind.unwrap_or_default());
    let next =
        lines.last().filter(|_| lines.len() >= 50).map(|l| format!("{HERE}?{kept}&before={}", l.row.pos));
    let body = html! {
        div.wh { h1 { (t!(lang, "people")) } p.muted { (t!(lang, "log-about")) } }
        (accounts::tabs(&viewer, HERE))
        form."filters mt3" method="get" action=(HERE) {
            label { span.vh { (t!(lang, "event")) } select name="kind" { option value="" { (t!(lang, "any-event")) } @for k in &kinds { option value=(k) selected[kind == Some(*k)] { (event_name(lang, k)) } } } }
            button."btn sm quiet" { (parts::icon("filter")) (t!(lang, "find")) }
            a."btn sm quiet" href={ "/office/people/log/export/xlsx?" (kept) } { (parts::icon("download")) "XLSX" }
            a."btn sm quiet" href={ "/office/people/log/export/csv?" (kept) } { (parts::icon("download")) "CSV" }
        }
        @if lines.is_empty() { (parts::empty("history", &t!(lang, "log-empty"), "")) } @else {
            div."card tscroll mt3" tabindex="0" role="group" aria-label=(title) { table.tbl {
                caption.vh { (title) }
                thead { tr { th scope="col" { (t!(lang, "time")) } th scope="col" { (t!(lang, "event")) } th scope="col" { (t!(lang, "about-whom")) } th scope="col" { (t!(lang, "by-whom")) } th scope="col" { (t!(lang, "details")) } } }
                tbody { @for l in &lines { tr {
                    td."c-t num" { (show::full(l.row.at)) }
                    td data-l=(t!(lang, "event")) { (event_name(lang, &l.row.kind)) }
                    td data-l=(t!(lang, "about-whom")) { (l.about) }
                    td data-l=(t!(lang, "by-whom")) { (l.by) @if let Some(o) = l.row.actor.office { " " span."cap muted" { (layout::office_name(lang, o.code())) } } }
                    td data-l=(t!(lang, "details")) { (l.from) }
                } } }
            } }
            (parts::pager(lang, lines.len(), before.map(|_| HERE), next.as_deref()))
        }
    };
    Ok(desk(&ctx, &viewer, &title, accounts::HERE, &body).into_response())
}
