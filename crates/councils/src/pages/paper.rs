//! A4: the notice for the board, the list that people sign on arrival, and the minutes with lines for their signatures.

use super::{
    chair::sign_in_link,
    entered,
    words::{
        Owners, capacity_word, how_word, item_word, last_entries, rule_words, sitting_title, span, times,
        venue,
    },
};
use crate::{
    model::{How, Owner, Standing},
    rules::rights::READ,
    t,
};
use axum::{
    extract::{Path, State},
    response::IntoResponse,
};
use kernel::Id;
use maud::html;
use ui::{Answer, Ctx, Viewer, layout, parts};

/// `/office/sittings/{id}/paper`
pub(super) async fn show(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>) -> Answer {
    let lang = viewer.lang;
    let (council, s, _) = entered(&ctx, &viewer, &READ, &id).await?;
    let others = s.delegations.iter().map(|d| d.person).chain(s.attendance.iter().map(|a| a.person));
    let known: Vec<Owner> = others.map(Owner::Person).collect();
    let mut conn = ctx.store.read().await?;
    let owners = Owners::named(&mut conn, ctx.store.keys(), &council, &known).await?;
    let texts = super::sitting::minutes_texts(&mut conn, ctx.store.keys(), &s).await?;
    drop(conn);
    // What waits for signatures, or else what stands.
    let minutes = s.to_sign().or(s.minutes.as_ref());
    let title = sitting_title(lang, &council.name, &s);
    let public = format!("{}/sittings/{}", ctx.site.base_url, s.id);
    let name = |person: Id| owners.persons.get(&person).cloned().unwrap_or_default();
    // Each way once, in the order of coming.
    let ways = |seat: Id| {
        let mut all: Vec<How> = s.attendance.iter().filter(|a| a.member == seat).map(|a| a.how).collect();
        all.dedup();
        all.into_iter().map(|h| how_word(lang, h)).collect::<Vec<_>>().join("、")
    };
    let body = html! {
        section.sheet {
            header.sheet-h { div { h1 { (t!(lang, "notice-of", title = title.clone())) } p { (rule_words(lang, &council.rule)) } }
                div.sheet-qr { (parts::qr(&public)) span { (t!(lang, "scan-page")) } } }
            table.sheet-kv {
                tr { th { (t!(lang, "when")) } td { (span(&s)) } }
                tr { th { (t!(lang, "venue")) } td { (venue(lang, &s)) } }
                @if let Some(urgent) = &s.urgent { tr { th { (t!(lang, "urgent")) } td { (urgent) } } }
            }
            h2 { (t!(lang, "agenda")) }
            table.sheet-list { tbody { @for (n, i) in s.items.iter().enumerate() { tr {
                td { (n + 1) } td { (i.title) @for m in s.motions.iter().filter(|m| m.item == i.id && m.handed_in) { br; small { (m.text()) } } } td { (item_word(lang, i.kind)) } td { @if i.minutes > 0 { (t!(lang, "minutes-allowed", n = i.minutes)) } }
            } } } }
        }
        section.sheet {
            header.sheet-h { div { h2 { (t!(lang, "sign-in-sheet", title = title.clone())) } p { (span(&s)) " " (venue(lang, &s)) } }
                div.sheet-qr { (parts::qr(&sign_in_link(&ctx, s.id))) span { (t!(lang, "scan-sign-in")) } } }
            table.sheet-list {
                thead { tr { th { "#" } th { (t!(lang, "person-name")) } th { (t!(lang, "capacity")) } th { (t!(lang, "signature")) } th { (t!(lang, "how")) } th { (t!(lang, "time")) } } }
                tbody { @for (n, m) in council.serving(s.day()).enumerate() { tr {
                    td { (n + 1) }
                    td { (name(m.person)) @if let Some(d) = s.delegate_of(m.id) { br; (t!(lang, "sent", name = name(d.person))) } }
                    td { (capacity_word(lang, m.capacity)) } td {} td { (ways(m.id)) } td { (times(&s, m.id)) }
                } }
                // Who came as a guest stands below the members; before the sitting there are lines to write on.
                @for (n, a) in last_entries(&s).into_iter().filter(|a| a.standing == Standing::Guest).enumerate() { tr {
                    td { (t!(lang, "guest")) " " (n + 1) } td { (name(a.person)) } td { (capacity_word(lang, a.capacity)) } td {} td { (ways(a.member)) } td { (times(&s, a.member)) }
                } }
                @if !s.state.is_held() && s.closed_at.is_none() { @for _ in 0..3 { tr { td { (t!(lang, "guest")) } td {} td {} td {} td {} td {} } } } }
            }
            div.sheet-sign { span { (t!(lang, "chair")) } span { (t!(lang, "secretary")) } }
        }
        @if let Some(m) = minutes { section.sheet {
            header.sheet-h { div { h2 { (t!(lang, "minutes")) } p { (title) } } }
            @for line in super::sitting::text_of(&texts, Some(m)).lines() { p { (line) } }
            @for g in &m.signed { p { (t!(lang, "signed-by", name = name(g.person), capacity = capacity_word(lang, g.capacity))) " " (ui::show::full(g.at)) } }
            @if m.signed.len() < 2 { div.sheet-sign { @for _ in m.signed.len()..2 { span { (t!(lang, "signature")) } } } }
        } }
    };
    Ok(layout::paper(&viewer, &title, &format!("/office/sittings/{}", s.id), &body).into_response())
}
