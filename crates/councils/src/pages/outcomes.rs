//! 议事成效: what came of a year's sittings, in figures that anybody can follow to the actions behind them.

use super::{
    Query,
    feed::place_of,
    words::{Owners, actions as action_list, kind_word, owned},
};
use crate::{
    model::{KindOutcomes, Outcomes, year},
    queries, t,
};
use axum::{Router, extract::State, response::IntoResponse, routing::get};
use chrono::Datelike;
use kernel::{Refusal, time::local_date};
use maud::{Markup, html};
use ui::{
    Answer, Ctx, Cursor, Lang, Viewer,
    layout::{self, Page},
    parts,
};

/// Years that the page offers.
const YEARS: i32 = 3;

pub(super) fn routes() -> Router<Ctx> {
    Router::new().route("/councils/outcomes", get(page))
}

/// A number with what it is and how it is counted.
fn fig(title: &str, value: &str, under: &str) -> Markup {
    html! { div.fig { dt { (title) } dd.num { (value) } dd."cap muted" { (under) } } }
}

fn figures(lang: Lang, out: &Outcomes) -> Markup {
    let (actions, done) = (out.sum(|k| k.actions), out.sum(|k| k.done));
    let (q, g) = (&out.questions, &out.grades);
    html! {
        dl."figs mt3" {
            (fig(&t!(lang, "out-sittings"), &out.sum(|k| k.sittings).to_string(), &t!(lang, "out-sittings-def")))
            (fig(&t!(lang, "out-matters"), &out.matters.to_string(), &t!(lang, "out-matters-def")))
            (fig(&t!(lang, "out-decided"), &out.sum(|k| k.decided).to_string(), &t!(lang, "out-decided-def")))
            (fig(&t!(lang, "out-done"), &format!("{done} / {actions}"), &t!(lang, "out-done-def", overdue = out.sum(|k| k.overdue))))
            (fig(&t!(lang, "out-answered"), &format!("{} / {}", q.answered + q.delivered, q.asked), &t!(lang, "out-answered-def", promised = q.promised, refused = q.refused)))
            (fig(&t!(lang, "out-satisfied"), &format!("{} / {}", g.satisfied + g.partly, g.all()), &t!(lang, "out-satisfied-def", satisfied = g.satisfied, partly = g.partly)))
        }
    }
}

/// The same by kind of body.
fn by_kind(lang: Lang, out: &Outcomes) -> Markup {
    type Column = (&'static str, fn(&KindOutcomes) -> u64);
    let columns: [Column; 5] = [
        ("out-sittings", |k| k.sittings),
        ("out-decided", |k| k.decided),
        ("out-actions", |k| k.actions),
        ("action-done", |k| k.done),
        ("action-overdue", |k| k.overdue),
    ];
    let title = t!(lang, "out-by-kind");
    html! {
        section."sec mt3" aria-labelledby="h-kinds" { div.sec-h { h2 #h-kinds { (title) } }
            div.card { div.tscroll tabindex="0" role="group" aria-label=(title) { table."tbl sheet-list" {
                caption.vh { (title) }
                thead { tr { th scope="col" { (t!(lang, "kind")) } @for (word, _) in &columns { th.r scope="col" { (crate::WORDS.say(lang, word, &[])) } } } }
                tbody { @for k in &out.kinds { tr { th scope="row" { (kind_word(lang, k.kind)) }
                    @for (word, of) in &columns { td."r num" data-l=(crate::WORDS.say(lang, word, &[])) { (of(k)) } } } } }
            } } } }
    }
}

async fn page(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    let lang = viewer.lang;
    let (street, place) = (ctx.street(&viewer)?, place_of(&viewer));
    let today = local_date(ctx.store.now());
    let wrong = || Refusal::invalid("year", "ui.not-valid");
    let asked = match query.get("year") {
        Some(text) => text.parse().map_err(|_| wrong())?,
        None => today.year(),
    };
    let period = year(asked).ok_or_else(wrong)?;
    let cursor = Cursor::decode(query.get("before").map_or("", String::as_str), 2)?;
    let bad = || Refusal::invalid("cursor", "ui.bad-cursor");
    let before = match &cursor {
        Some(c) => (c.text(0), c.text(1).parse().map_err(|_| bad())?),
        // Later than any day that an action may be due.
        None => ("9999", street),
    };
    let mut conn = ctx.store.read().await?;
    let out = queries::outcomes(&mut conn, street, &place, period, today).await?;
    let mut actions = queries::actions_within(&mut conn, street, &place, period, before).await?;
    let more = actions.len() > queries::PAGE as usize;
    actions.truncate(queries::PAGE as usize);
    let owners = Owners::anybody(&mut conn, lang, street, &owned(&actions)).await?;
    drop(conn);
    let next = actions.last().filter(|_| more).map(|a| {
        let cursor = Cursor(vec![a.due.to_string().into(), a.id.to_string().into()]).encode();
        format!("/councils/outcomes?year={asked}&before={cursor}")
    });
    let first = cursor.is_some().then(|| format!("/councils/outcomes?year={asked}"));
    let title = t!(lang, "outcomes");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "outcomes-about")) } }
        nav."segs np mt3" aria-label=(t!(lang, "outcomes-years")) { @for y in (today.year() - YEARS + 1..=today.year()).rev() {
            a href={ "/councils/outcomes?year=" (y) } aria-current=[(y == asked).then_some("true")] { (t!(lang, "outcomes-year", year = y.to_string())) }
        } }
        @if out.kinds.is_empty() { (parts::empty("messages-square", &t!(lang, "sittings-none"), "")) } @else {
            (figures(lang, &out))
            (by_kind(lang, &out))
            section."sec mt3" aria-labelledby="h-actions" { div.sec-h { h2 #h-actions { (t!(lang, "outcomes-actions")) } }
                @if actions.is_empty() { p.muted { (t!(lang, "outcomes-actions-none")) } } @else {
                    (action_list(lang, &actions, &owners, today, &|_| html! {}))
                    (parts::pager(lang, actions.len(), first.as_deref(), next.as_deref()))
                } }
        }
    };
    let page = Page { title: &title, slim: true, back: Some("/councils"), ..Page::default() };
    Ok(layout::resident(&ctx, &viewer, page, &body).into_response())
}
