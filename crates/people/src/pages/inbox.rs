//! Notices to the viewer.

use super::{Query, frame};
use crate::t;
use axum::{
    Router,
    extract::State,
    response::IntoResponse,
    routing::{get, post},
};
use kernel::Id;
use maud::html;
use serde_json::Value;
use ui::{Answer, Ctx, Posted, Viewer, parts, say, show};

pub(super) fn routes() -> Router<Ctx> {
    Router::new().route("/inbox", get(inbox)).route("/inbox/read", post(read))
}

async fn inbox(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    const LIMIT: i64 = 30;
    let lang = viewer.lang;
    let signed = viewer.signed_in()?;
    let before: Option<Id> = query.get("before").and_then(|b| b.parse().ok());
    let notices = ctx.store.read().await?.notices(signed.street, signed.person, before, LIMIT).await?;
    let now = ctx.store.now();
    let title = t!(lang, "inbox");
    let next = notices.last().filter(|_| notices.len() >= 30).map(|n| format!("/inbox?before={}", n.id));
    let body = html! {
        div.wh { h1 { (title) } }
        @if notices.is_empty() { (parts::empty("bell", &t!(lang, "inbox-empty"), &t!(lang, "inbox-empty-why"))) } @else {
            @if signed.unread > 0 {
                form method="post" action="/inbox/read" { (parts::csrf(&ctx, &viewer)) p.btns { button."btn sm" { (parts::icon("check-check")) (t!(lang, "all-read")) } } }
            }
            ul."card rowlist mt3" { @for n in &notices {
                @let args: Vec<(&str, String)> = match &n.args {
                    Value::Object(map) => map.iter().map(|(k, v)| (k.as_str(), v.as_str().map_or_else(|| v.to_string(), str::to_owned))).collect(),
                    _ => Vec::new(),
                };
                li { a href=(ui::safe_return(&n.link)) {
                    (parts::icon(if n.read { "bell" } else { "circle-dot" }))
                    span.tx { b { (say(lang, &n.key, &args)) } span.meta { span.num { (show::when(lang, n.at, now)) } @if !n.read { span."chip new" { (t!(lang, "unread")) } } } }
                    (parts::icon("chevron-right"))
                } }
            } }
            (parts::pager(lang, notices.len(), before.map(|_| "/inbox"), next.as_deref()))
        }
    };
    Ok(frame(&ctx, &viewer, &title, "/inbox", &body).into_response())
}

async fn read(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let (street, person) = {
        let s = posted.viewer.signed_in()?;
        (s.street, s.person)
    };
    ctx.store.write(move |tx| Box::pin(async move { tx.read_notices(street, person).await })).await?;
    Ok(ui::done(&ctx, "/inbox", "people.done-read", &[]))
}
