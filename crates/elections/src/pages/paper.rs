//! A4 for the board: the notice of election, the list of candidates, the result; and the roll, whose names are shown for a reason.

use super::{
    calendar, election_of, office,
    words::{
        due_day, due_words, kind_word, mode_word, name, portrait, round_word, rule_words, way_word, word,
    },
};
use crate::{
    actions,
    model::{Election, Presentation},
    queries, rules,
    rules::rights::{PREPARE, READ},
    t,
};
use axum::{
    extract::{Path, State},
    response::IntoResponse,
};
use chrono::NaiveDate;
use kernel::time::local_date;
use maud::{Markup, html};
use ui::{Answer, Ctx, Form, Lang, Posted, Viewer, into_form, layout, parts, show, with_status};

/// `/office/elections/{id}/paper`: a sheet for everything that is there to be published.
pub(super) async fn show(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>) -> Answer {
    let lang = viewer.lang;
    viewer.need_somewhere(&READ)?;
    let e = election_of(&ctx, &viewer, &id).await?;
    viewer.need(&READ, &e.place)?;
    let calendar = calendar(&ctx, e.street).await?;
    let keys = ctx.store.keys();
    let mut conn = ctx.store.read().await?;
    let names = queries::names(&mut conn, keys, &e).await?;
    let texts = conn.clear_words(keys, e.street, &shown(&e)).await?;
    drop(conn);
    let today = local_date(ctx.store.now());
    let head = |title: String| head(&ctx, lang, &e, &title);
    let sign = sign(lang, today);
    let body = html! {
        h1.vh { (e.title) }
        @if e.roll().is_some() { p."btns no-print" { a."btn quiet" href={ "/office/elections/" (e.id) "#h-roll" } { (parts::icon("list-checks")) (t!(lang, "print-roll")) } } }
        section.sheet {
            (head(t!(lang, "paper-notice")))
            table.sheet-kv {
                tr { th { (t!(lang, "what-elected")) } td { (kind_word(lang, e.kind)) " · " (mode_word(lang, e.mode)) } }
                tr { th { (t!(lang, "post")) } td { (t!(lang, "seats-of", post = e.post.clone(), n = e.seats)) } }
                tr { th { (t!(lang, "polling-day")) } td { (e.polling_day) " " (show::weekday(lang, e.polling_day)) } }
                tr { th { (t!(lang, "rule")) } td { (rule_words(lang, &e.rule.rule)) } }
                tr { th { (t!(lang, "committee")) } td { @for m in e.serving() { (name(lang, &names, m.person)) @if m.chair { "（" (t!(lang, "chair")) "）" } " " } } }
            }
            h3 { (t!(lang, "days")) }
            table.sheet-list { tbody { @for d in rules::plan(&e, today, &calendar) { tr { td { (due_day(&d)) } td { (due_words(lang, &d)) } td { (d.step.law(e.mode)) } } } } }
            (sign)
        }
        @if let Some(lot) = &e.lot { section.sheet {
            (head(t!(lang, "paper-candidates")))
            p { (t!(lang, "lot-about")) " " (lot.seed) }
            @let pictured = e.listed().any(|n| portrait(&e, n, &texts).is_some());
            table.sheet-list { thead { tr { th { "#" } @if pictured { th { (t!(lang, "photo")) } } th { (t!(lang, "person-name")) } th { (t!(lang, "sex")) } th { (t!(lang, "way")) } th { (t!(lang, "present-about")) } } }
                tbody { @for (at, (id, label)) in lot.order.iter().enumerate() { @if let Some(n) = e.nominee(*id) { tr {
                    td { (at + 1) } @if pictured { td { @if let Some((src, alt)) = portrait(&e, n, &texts) { img src=(src) alt=(alt); } } } td { (label) }
                    td { @match n.woman { Some(true) => (t!(lang, "woman")), Some(false) => (t!(lang, "man")), None => "" } }
                    td { (way_word(lang, n.way)) @if let Some(from) = &n.from { "：" (from) } }
                    td { @if let Some(text) = n.presentation.as_ref().and_then(|p| p.about.as_ref()).and_then(|w| texts.get(&w.commit)) { (text) } }
                } } } } }
            (sign)
        } }
        @if e.declared_at.is_some() { section.sheet {
            (head(t!(lang, "paper-result")))
            table.sheet-list { thead { tr { th { "#" } th { (t!(lang, "person-name")) } th { (t!(lang, "post")) } th { (t!(lang, "votes-word")) } } }
                tbody { @for (n, x) in e.elected.iter().enumerate() { tr { td { (n + 1) } td { (x.name) } td { (e.post) } td { (x.votes) } } } } }
            @if let Some(why) = &e.vacant { p { (t!(lang, "left-vacant")) "：" (why) } }
            @for (at, r) in e.rounds.iter().enumerate() { @if let Some(c) = r.count.as_ref().filter(|_| !r.set_aside) {
                h3 { (round_word(lang, &e, at)) " " (show::full(r.opens)) }
                p { (t!(lang, "paper-counts", entitled = c.registered, part = c.took_part, ballots = c.ballots, invalid = c.invalid, blank = c.blank)) }
                @if let Some(void) = &c.void { p { (word(lang, &format!("void-{void}"))) } }
                p { @for (name, n) in &c.votes { (name) " " (n) "　" } }
            } }
            (sign)
        } }
    };
    Ok(layout::paper(&viewer, &e.title, &format!("/office/elections/{}", e.id), &body).into_response())
}

fn head(ctx: &Ctx, lang: Lang, e: &Election, title: &str) -> Markup {
    let public = format!("{}/elections/{}", ctx.site.base_url, e.id);
    html! { header.sheet-h { div { h2 { (title) } p { (e.title) " · " (e.number) } } div.sheet-qr { (parts::qr(&public)) span { (t!(lang, "scan-page")) } } } }
}

fn sign(lang: Lang, today: NaiveDate) -> Markup {
    html! { div.sheet-sign { span { (t!(lang, "paper-committee")) } span { (t!(lang, "paper-date")) " " (today) } } }
}

/// `POST /office/elections/{id}/paper`: the roll with its names, for a reason that is kept with who asked. Names stand on the board
/// of the community, as the law asks; telephones do not, and no name is on the open page.
pub(super) async fn roll(State(ctx): State<Ctx>, Path(id): Path<String>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    let lang = viewer.lang;
    viewer.need_somewhere(&PREPARE)?;
    let e = election_of(&ctx, viewer, &id).await?;
    let actor = viewer.actor(Some(viewer.need(&PREPARE, &e.place)?))?;
    let calendar = calendar(&ctx, e.street).await?;
    let (id, why, days) = (e.id, posted.fields.get("print_why").to_owned(), calendar.clone());
    // Sent again it is the same print: shown, and recorded once.
    let done = ctx.store.once(posted.key(), move |tx| {
        Box::pin(async move { actions::print_roll(tx, &actor, id, &why, &days).await.map(|_| ()) })
    });
    if let Err(fault) = done.await {
        let refusal = into_form(fault)?;
        let form = Form::refused(posted.fields.clone(), refusal.clone());
        return Ok(with_status(&refusal, office::page(&ctx, viewer, e, None, &form).await?));
    }
    let e = election_of(&ctx, viewer, &id.to_string()).await?;
    let lines = queries::roll(&mut ctx.store.read().await?, ctx.store.keys(), &e).await?;
    let today = local_date(ctx.store.now());
    let body = html! {
        h1.vh { (e.title) }
        @if let Some(r) = e.roll() { section.sheet {
            (head(&ctx, lang, &e, &t!(lang, "paper-roll")))
            p { (t!(lang, "roll-version", n = r.version, voters = r.voters)) " · " (t!(lang, "paper-appeal", day = appeal_day(&e, today, &calendar))) }
            table.sheet-list { thead { tr { th { "#" } th { (t!(lang, "roll-unit")) } th { (t!(lang, "person-name")) } } }
                tbody { @for (n, l) in lines.iter().enumerate() { tr { td { (n + 1) } td { (l.unit) } td { (l.name) } } } } }
            (sign(lang, today))
        } }
    };
    Ok(layout::paper(viewer, &e.title, &format!("/office/elections/{}", e.id), &body).into_response())
}

/// The texts by which candidates present themselves.
fn shown(e: &Election) -> Vec<String> {
    let shown = e.nominees.iter().filter_map(|n| n.presentation.as_ref());
    queries::commits(shown.flat_map(Presentation::words))
}

fn appeal_day(e: &Election, today: NaiveDate, calendar: &kernel::calendar::Calendar) -> String {
    let due = rules::plan(e, today, calendar).into_iter().find(|d| d.step == rules::Step::Appeals);
    due.map(|d| d.day.to_string()).unwrap_or_default()
}
