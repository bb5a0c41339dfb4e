//! A4: the notice for the board, and the list that people sign on arrival.

use super::{
    chair::sign_in_link,
    entered,
    words::{Owners, capacity_word, item_word, rule_words, sitting_title, span},
};
use crate::{rules::rights::READ, t};
use axum::{
    extract::{Path, State},
    response::IntoResponse,
};
use maud::html;
use ui::{Answer, Ctx, Viewer, layout, parts};

/// `/office/sittings/{id}/paper`
pub(super) async fn show(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>) -> Answer {
    let lang = viewer.lang;
    let (council, s, _) = entered(&ctx, &viewer, &READ, &id).await?;
    let mut conn = ctx.store.read().await?;
    let owners = Owners::named(&mut conn, ctx.store.keys(), &council, &[]).await?;
    drop(conn);
    let title = sitting_title(lang, &council.name, &s);
    let public = format!("{}/sittings/{}", ctx.site.base_url, s.id);
    let body = html! {
        section.sheet {
            header.sheet-h { div { h1 { (t!(lang, "notice-of", title = title.clone())) } p { (rule_words(lang, &council.rule)) } }
                div.sheet-qr { (parts::qr(&public)) span { (t!(lang, "scan-page")) } } }
            table.sheet-kv {
                tr { th { (t!(lang, "when")) } td { (span(&s)) } }
                tr { th { (t!(lang, "venue")) } td { (s.venue) } }
                @if let Some(urgent) = &s.urgent { tr { th { (t!(lang, "urgent")) } td { (urgent) } } }
            }
            h2 { (t!(lang, "agenda")) }
            table.sheet-list { tbody { @for (n, i) in s.items.iter().enumerate() { tr {
                td { (n + 1) } td { (i.title) } td { (item_word(lang, i.kind)) } td { @if i.minutes > 0 { (t!(lang, "minutes-allowed", n = i.minutes)) } }
            } } } }
        }
        section.sheet {
            header.sheet-h { div { h2 { (t!(lang, "sign-in-sheet", title = title.clone())) } p { (span(&s)) " " (s.venue) } }
                div.sheet-qr { (parts::qr(&sign_in_link(&ctx, s.id))) span { (t!(lang, "scan-sign-in")) } } }
            table.sheet-list {
                thead { tr { th { "#" } th { (t!(lang, "person-name")) } th { (t!(lang, "capacity")) } th { (t!(lang, "signature")) } th { (t!(lang, "time")) } } }
                tbody { @for (n, m) in council.serving(s.day()).enumerate() { tr {
                    td { (n + 1) } td { (owners.persons.get(&m.person).map_or("", String::as_str)) } td { (capacity_word(lang, m.capacity)) } td {} td {}
                } } }
            }
            div.sheet-sign { span { (t!(lang, "chair")) } span { (t!(lang, "secretary")) } }
        }
    };
    Ok(layout::paper(&viewer, &title, &format!("/office/sittings/{}", s.id), &body).into_response())
}
