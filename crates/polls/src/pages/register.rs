//! The register of a poll: who is on the roll, who was reached, who voted; and what is done with one head.

use super::{
    DESK, Query, desk_page, poll_of,
    vote::{choices, witness},
    words::{area, vote_word},
};
use crate::{
    actions::secret::Handed,
    model::{DeliveryWay, Poll, PollState, Reached, Shape, Voter},
    queries::{self, HeadRow, Only},
    rules::rights::{COLLECT, READ, TELL},
    t,
};
use axum::{
    Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::get,
};
use kernel::{Id, Refusal};
use maud::{Markup, html};
use ui::{
    Answer, Ctx, Form, Lang, Viewer,
    parts::{self, Field, chip},
    show,
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/office/polls/{id}/heads", get(list))
        .route("/office/polls/{id}/heads/{head}", get(one))
}

fn only(query: &Query) -> (&'static str, Only) {
    match query.get("only").map_or("", String::as_str) {
        "unserved" => ("unserved", Only::Unserved),
        "unsettled" => ("unsettled", Only::Unsettled),
        "silent" => ("silent", Only::Silent),
        "proxies" => ("proxies", Only::Proxies),
        _ => ("all", Only::All),
    }
}

/// How a head was reached, and whether it voted. What it said is nobody's business while the poll runs.
fn chips(lang: Lang, voter: Option<&Voter>) -> Markup {
    let reached = voter.and_then(Voter::reached);
    html! {
        @match reached {
            Some(Reached::Served) => (chip("ok", "circle-check", &t!(lang, "reached-served"))),
            Some(Reached::Posted) => (chip("talk", "", &t!(lang, "reached-posted"))),
            Some(Reached::Unserved) => (chip("late", "", &t!(lang, "reached-unserved"))),
            None => (chip("line", "", &t!(lang, "reached-not"))),
        }
        @if voter.is_some_and(|v| v.ballot().is_some()) { " " (chip("do", "vote", &t!(lang, "has-voted"))) }
        @if voter.is_some_and(|v| v.agent().is_some()) { " " (chip("talk", "", &t!(lang, "has-proxy"))) }
        @if voter.is_some_and(Voter::differs) { " " (chip("late", "triangle-alert", &t!(lang, "sheets-differ"))) }
        @else if voter.is_some_and(|v| !v.sheets.is_empty()) { " " (chip("rate", "", &t!(lang, "sheet-once"))) }
    }
}

async fn list(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>, query: Query) -> Answer {
    viewer.need_somewhere(&READ)?;
    let lang = viewer.lang;
    let p = poll_of(&ctx, &viewer, &id).await?;
    viewer.need(&READ, &p.place)?;
    let (code, only) = only(&query);
    let find = query.get("q").map_or("", String::as_str).trim().to_owned();
    let after: i64 = query.get("after").and_then(|n| n.parse().ok()).unwrap_or(-1);
    let mut all = queries::register(&mut ctx.store.read().await?, p.street, p.id, &find, only, after).await?;
    let more = all.len() > queries::PAGE as usize;
    all.truncate(queries::PAGE as usize);
    let here = format!("{DESK}/{}/heads", p.id);
    let kept = format!("only={code}&q={}", parts::query(&find));
    let next = all.last().filter(|_| more).map(|(h, _)| format!("{here}?{kept}&after={}", h.head));
    let serve =
        viewer.may(&COLLECT, &p.place).is_some() && matches!(p.state, PollState::Noticed | PollState::Open);
    let owners = matches!(p.shape, Shape::Owners { .. });
    let title = t!(lang, "heads");
    let body = html! {
        div.wh { h1 { (title) } p.meta { a href={ (DESK) "/" (p.id) } { (p.title) } } }
        nav."segs mt3" aria-label=(t!(lang, "filter")) { @for key in ["all", "unserved", "silent", "unsettled", "proxies"] {
            a href={ (here) "?only=" (key) } aria-current=[(key == code).then_some("true")] { (crate::WORDS.say(lang, &format!("only-{key}"), &[])) }
        } }
        form.find role="search" aria-label=(t!(lang, "find-unit")) method="get" action=(here) {
            label.vh for="find-unit" { (t!(lang, "find-unit")) } (parts::icon("search"))
            input id="find-unit" name="q" type="search" value=(find) placeholder=(t!(lang, "find-unit"));
            input type="hidden" name="only" value=(code);
        }
        @if all.is_empty() { (parts::empty("users", &t!(lang, "heads-none"), "")) } @else {
            form.mt3 method="post" enctype="multipart/form-data" action={ (DESK) "/" (p.id) "/collect/serve" } data-once {
                @if serve { (parts::hidden(&ctx, &viewer)) input type="hidden" name="back" value="1"; }
                div."card tscroll" tabindex="0" role="group" aria-label=(title) { table.tbl {
                    caption.vh { (title) }
                    thead { tr { @if serve { th scope="col" { span.vh { (t!(lang, "choose")) } } } th scope="col" { (t!(lang, "head-number")) } th scope="col" { (t!(lang, "units")) } @if owners { th.r scope="col" { (t!(lang, "area")) } } th scope="col" { (t!(lang, "state")) } } }
                    tbody { @for (h, voter) in &all { tr {
                        @if serve { td { label { input type="checkbox" name="head" value=(h.head); span.vh { (h.units) } } } }
                        td.num data-l=(t!(lang, "head-number")) { (h.head) }
                        td.c-t { a.tt href={ (here) "/" (h.head) } { @if h.head == 0 && owners { (t!(lang, "developer")) " " } (h.units) } }
                        @if owners { td."num r" data-l=(t!(lang, "area")) { (area(h.area)) } }
                        td data-l=(t!(lang, "state")) { (chips(lang, voter.as_ref())) }
                    } } }
                } }
                @if serve { div."card card-p form mt3" { p.hint { (t!(lang, "serve-chosen")) } (serve_fields(lang)) div."btns mt3" { button.btn { (t!(lang, "serve-save")) } } } }
            }
            (parts::pager(lang, all.len(), (after >= 0).then_some(format!("{here}?{kept}")).as_deref(), next.as_deref()))
        }
    };
    Ok(desk_page(&ctx, &viewer, &title, &body).into_response())
}

fn serve_fields(lang: Lang) -> Markup {
    let form = Form::default();
    let word = |key: String| crate::WORDS.say(lang, &key, &[]);
    let ways: Vec<(String, String)> =
        DeliveryWay::ALL.iter().map(|w| (w.code().to_owned(), word(format!("way-{w}")))).collect();
    let reached: Vec<(String, String)> =
        Reached::ALL.iter().map(|r| (r.code().to_owned(), word(format!("reached-{r}")))).collect();
    html! {
        div.g2 {
            (parts::select(lang, &form, Field { name: "way", label: &t!(lang, "way"), required: true, ..Field::default() }, &ways))
            (parts::select(lang, &form, Field { name: "reached", label: &t!(lang, "reached"), required: true, ..Field::default() }, &reached))
        }
        (parts::field(lang, &form, Field { name: "proof", label: &t!(lang, "proof"), hint: &t!(lang, "proof-hint"), kind: "file", ..Field::default() }))
    }
}

async fn one(State(ctx): State<Ctx>, viewer: Viewer, Path((id, head)): Path<(String, String)>) -> Answer {
    viewer.need_somewhere(&READ)?;
    let lang = viewer.lang;
    let p = poll_of(&ctx, &viewer, &id).await?;
    viewer.need(&READ, &p.place)?;
    let none = || Refusal::missing("polls.no-head");
    let number: u32 = head.parse().map_err(|_| none())?;
    let mut conn = ctx.store.read().await?;
    let h = queries::head(&mut conn, p.street, p.id, number).await?.ok_or_else(none)?;
    let voter = queries::voter(&mut conn, p.street, p.id, number).await?;
    let way = if p.secret { queries::handed_way(&mut conn, p.street, p.id, number).await? } else { None };
    let (handed, booth) = (way.is_some(), way.as_deref() == Some(Handed::Booth.code()));
    let people: Vec<Id> = voter
        .iter()
        .flat_map(|v| {
            v.deliveries
                .iter()
                .filter_map(|d| d.by)
                .chain(v.lost_codes.iter().flat_map(|l| [l.by, l.again.and_then(|(by, _)| by)]).flatten())
        })
        .collect();
    let names = people::queries::names(&mut conn, ctx.store.keys(), p.street, &people).await?;
    drop(conn);
    let title = h.units.clone();
    let word = |key: String| crate::WORDS.say(lang, &key, &[]);
    let counted = matches!(p.state, PollState::Counting | PollState::Certified) || p.state.shows_result();
    let body = html! {
        div.wh { h1 { (title) } p.meta { span.num { (t!(lang, "head-n", n = h.head)) } @if h.area > 0 { span.num { (area(h.area)) " ㎡" } } a href={ (DESK) "/" (p.id) "/heads" } { (p.title) } } }
        p.mt2 { (chips(lang, voter.as_ref())) @if handed { " " (chip("do", "vote", &t!(lang, "has-voted"))) } }
        @if let Some(v) = &voter { section."sec mt3" aria-labelledby="h-story" {
            div.sec-h { h2 #h-story { (t!(lang, "what-happened")) } }
            ul."card rowlist" {
                @for d in &v.deliveries { li { div.rw { (parts::icon("send")) span.tx { b { (word(format!("way-{}", d.way))) " · " (word(format!("reached-{}", d.reached))) }
                    span.meta { span.num { (show::full(d.at)) } @if let Some(by) = d.by { span { (names.get(&by).map_or("", String::as_str)) } } @if d.proof.is_some() { span { (t!(lang, "proof-kept")) } } } } } } }
                @for lost in &v.lost_codes { li { div.rw { (parts::icon("undo-2")) span.tx { b { (t!(lang, "code-was-lost")) } p { (lost.why) }
                    span.meta { span.num { (show::full(lost.at)) } @if let Some(by) = lost.by { span { (names.get(&by).map_or("", String::as_str)) } } }
                    @match lost.again {
                        Some((by, at)) => span.meta { span { (t!(lang, "code-given-again")) } span.num { (show::full(at)) } @if let Some(by) = by { span { (names.get(&by).map_or("", String::as_str)) } } },
                        None => span.meta { (chip("late", "timer", &t!(lang, "code-waits"))) },
                    } } } } }
                @for b in &v.ballots { li { div.rw { (parts::icon("vote")) span.tx { b { (word(format!("cast-{}", b.way))) }
                    span.meta { span.num { (show::full(b.at)) } span { (word(format!("standing-{}", b.standing))) } @if let Some(w) = &b.witness { span { (t!(lang, "witness")) " " (w) } } @if let Some(agent) = b.agent { span { (t!(lang, "by-agent", n = agent)) } } }
                    // What a ballot says is seen by staff only after the count.
                    @if counted { p { (vote_word(lang, &p, &b.vote)) } }
                    @if let Some(why) = &b.why { p { (why) } } } } } }
            }
        } }
        @if viewer.may(&COLLECT, &p.place).is_some() { (forms(&ctx, &viewer, &p, &h, voter.as_ref(), booth)) }
        @if viewer.may(&TELL, &p.place).is_some() && p.state == PollState::Closed && voter.as_ref().is_some_and(|v| v.ballot().is_some()) {
            (small(&ctx, &viewer, &p, &h, "tell/strike", &t!(lang, "strike"), &html! { (parts::field(lang, &Form::default(), Field { name: "struck", label: &t!(lang, "why"), hint: &t!(lang, "strike-hint"), required: true, max: 2000, ..Field::default() })) }))
        }
    };
    Ok(desk_page(&ctx, &viewer, &title, &body).into_response())
}

/// A folded form about a head.
fn small(
    ctx: &Ctx,
    viewer: &Viewer,
    p: &Poll,
    h: &HeadRow,
    act: &str,
    word: &str,
    fields: &Markup,
) -> Markup {
    html! {
        details."more card card-p mt3" { summary { (word) }
            form."form mt2" method="post" enctype="multipart/form-data" action={ (DESK) "/" (p.id) "/" (act) } data-once {
                (parts::hidden(ctx, viewer)) input type="hidden" name="head" value=(h.head); input type="hidden" name="back" value="1";
                (fields)
                div."btns mt3" { button.btn { (word) } }
            }
        }
    }
}

fn forms(ctx: &Ctx, viewer: &Viewer, p: &Poll, h: &HeadRow, voter: Option<&Voter>, booth: bool) -> Markup {
    let lang = viewer.lang;
    let form = Form::default();
    let f = |name, label: String, hint: String, kind: &'static str, required| {
        parts::field(
            lang,
            &form,
            Field { name, label: &label, hint: &hint, kind, required, ..Field::default() },
        )
    };
    let one = |act: &str, word: String, fields: Markup| {
        small(ctx, viewer, p, h, &format!("collect/{act}"), &word, &fields)
    };
    let running = matches!(p.state, PollState::Noticed | PollState::Open);
    let proxies = p.rule.as_ref().is_some_and(|r| r.rule.proxies.kind != tally::rule::ProxyKind::None);
    html! {
        @if running { (one("serve", t!(lang, "serve-save"), serve_fields(lang))) }
        @if p.state == PollState::Open && !p.secret && voter.is_none_or(|v| v.ballot().is_none()) {
            (one("assist", t!(lang, "assist"), html! { p.hint { (t!(lang, "assist-about")) } (choices(lang, p, &form)) (witness(lang, &form)) }))
        }
        @if running { (one("recognise", t!(lang, "recognise"), html! { p.hint { (t!(lang, "recognise-about")) }
            (f("phone", t!(lang, "phone"), String::new(), "tel", true)) (f("known_by", t!(lang, "known-by"), t!(lang, "known-by-hint"), "", true)) })) }
        @if running && proxies { @if voter.is_some_and(|v| v.agent().is_some()) { (one("revoke", t!(lang, "proxy-revoke"), html! {})) } @else {
            (one("proxy", t!(lang, "proxy-add"), html! { (f("agent", t!(lang, "proxy-agent"), t!(lang, "proxy-agent-hint"), "number", true)) (f("paper", t!(lang, "proxy-paper"), t!(lang, "proxy-paper-hint"), "file", true)) })) } }
        @if p.secret && p.state == PollState::Open && booth {
            @if voter.is_some_and(|v| v.waits_for_code().is_some()) { (one("reissue", t!(lang, "code-again"), html! { p.hint { (t!(lang, "code-again-about")) } })) }
            @else { (one("lost", t!(lang, "code-lost"), html! { p.hint { (t!(lang, "code-lost-about")) }
                (f("stub", t!(lang, "stub-number"), t!(lang, "stub-number-hint"), "", true)) (f("lost", t!(lang, "why"), t!(lang, "code-lost-hint"), "", true)) })) }
        }
        @if voter.is_some_and(|v| !v.sheets.is_empty()) { (one("drop", t!(lang, "sheets-drop"), f("why", t!(lang, "why"), t!(lang, "sheets-drop-hint"), "", true))) }
    }
}
