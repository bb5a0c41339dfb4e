//! Papers: the slip of a matter, the notice of its result for the stairwell board, the unit's work order, the
//! hand-over list. Contacts are masked on all of them, so that printing needs no reason.

use super::{matter::cast, story::Cast, words::*};
use crate::{
    model::*,
    queries::{self, Standing},
    rules::READ,
    t,
};
use axum::{
    extract::{Path, Query, State},
    response::IntoResponse,
};
use kernel::{Id, PlacePath, Refusal, Time};
use maud::{Markup, html};
use serde::Deserialize;
use store::{Conn, Fault};
use ui::{Answer, Ctx, Lang, Viewer, layout, parts::*, show};

/// How a paper is wanted.
#[derive(Deserialize)]
pub struct Wanted {
    /// Whether in large print.
    #[serde(default)]
    big: String,
}

fn community_phone(viewer: &Viewer, m: &Matter) -> Option<String> {
    viewer
        .home()
        .and_then(|h| h.communities.iter().find(|c| c.path == m.community))
        .and_then(|c| c.phone.clone())
}

fn community_name(viewer: &Viewer, m: &Matter) -> String {
    let home = viewer.home();
    let community =
        home.and_then(|h| h.communities.iter().find(|c| c.path == m.community)).map(|c| c.name.clone());
    community.or_else(|| home.map(|h| h.name.clone())).unwrap_or_default()
}

/// The head of a sheet: who issues it, what it is, and a code that leads to the matter.
fn head(issuer: &str, title: &str, number: &str, link: &str, said: &str) -> Markup {
    html! {
        header."sheet-h" {
            div { h1 { (issuer) " " (title) } p.num { (number) } }
            div."sheet-qr" { (qr(link)) span { (said) } }
        }
    }
}

fn kv(rows: &[(String, String)]) -> Markup {
    html! { table."sheet-kv" { tbody { @for (k, v) in rows.iter().filter(|(_, v)| !v.is_empty()) { tr { th scope="row" { (k) } td { (v) } } } } } }
}

fn foot(viewer: &Viewer, c: &Cast) -> Markup {
    html! { p."sheet-f num" { (t!(viewer.lang, "paper-printed", when = show::full(c.now))) } }
}

fn where_(lang: Lang, m: &Matter, c: &Cast) -> String {
    let spot = m.spot.as_ref().map(|s| c.text(lang, s)).unwrap_or_default();
    format!("{} {spot}", place_name(&c.places, &m.place)).trim().to_owned()
}

fn due_by(m: &Matter) -> String {
    m.due().map(|d| show::full(d.at)).unwrap_or_default()
}

/// Anybody whose slip this is gets the link that opens the matter as one's own; others the public one.
fn own_link(ctx: &Ctx, viewer: &Viewer, number: &str) -> (String, bool) {
    match viewer.slip.as_ref().filter(|(n, _)| n == number) {
        Some((n, secret)) => (format!("{}/s/{n}/{secret}", ctx.site.base_url), true),
        None => (format!("{}/m/{number}", ctx.site.base_url), false),
    }
}

/// `/m/{number}/slip`: what whoever raised a matter takes home.
pub async fn slip(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Path(number): Path<String>,
    Query(q): Query<Wanted>,
) -> Answer {
    let street = ctx.street(&viewer)?;
    let mut conn = ctx.store.read().await?;
    let (m, standing) = queries::find(&mut conn, street, &viewer, &number).await?;
    if standing.is_public() {
        return Err(Refusal::forbidden("matters.not-your-matter").into());
    }
    let c = cast(&mut conn, &ctx, &m, false).await?;
    let voice = match standing.voice {
        Some(v) => m.voice(v),
        None => m.voices.iter().find(|v| v.number == number).or_else(|| m.voices.first()),
    };
    let back =
        if standing.voice.is_some() { format!("/m/{number}") } else { format!("/office/m/{}", m.number) };
    let big = viewer.elder || q.big == "1";
    let receipt = voice.and_then(|v| receipt_of(&c.list, v));
    let body = slip_sheets(&ctx, &viewer, &m, voice, &standing, &c, big, receipt.as_deref());
    Ok(layout::paper(&viewer, &t!(viewer.lang, "paper-slip"), &back, &body).into_response())
}

/// Title and words, without saying the same thing twice: most titles are the first clause.
fn said(title: &str, body: &str) -> String {
    let same = body.starts_with(title.trim_end_matches('…'));
    if same { body.to_owned() } else { format!("{title}\n{body}").trim().to_owned() }
}

/// The beginning of the receipt code of a voice, in groups of four: what has to be typed at `/receipt`.
fn receipt_of(list: &[queries::Happened], voice: &Voice) -> Option<String> {
    let own = |h: &&queries::Happened| match &h.event {
        Event::Raised(r) => r.voice.id == voice.id,
        Event::Joined { voice: v } => v.id == voice.id,
        _ => false,
    };
    let hash = &list.iter().find(own)?.hash;
    Some((0..4).filter_map(|i| hash.get(4 * i..4 * i + 4)).collect::<Vec<_>>().join(" "))
}

#[expect(clippy::too_many_arguments, reason = "everything that stands on the paper")]
fn slip_sheets(
    ctx: &Ctx,
    viewer: &Viewer,
    m: &Matter,
    voice: Option<&Voice>,
    standing: &Standing,
    c: &Cast,
    big: bool,
    receipt: Option<&str>,
) -> Markup {
    let lang = viewer.lang;
    let number = voice.map_or(m.number.as_str(), |v| v.number.as_str());
    let (link, secret) = own_link(ctx, viewer, number);
    let issuer = community_name(viewer, m);
    let channel = voice.map_or(m.channel, |v| v.channel);
    let at = voice.map_or(m.raised_at, |v| v.at);
    let phone = community_phone(viewer, m).unwrap_or_default();
    let rows = [
        (t!(lang, "paper-number"), number.to_owned()),
        (t!(lang, "paper-raised-at"), show::full(at)),
        (t!(lang, "paper-channel"), ui::say(lang, &format!("ui.channel-{}", channel.code()), &[])),
        (t!(lang, "paper-place"), where_(lang, m, c)),
        (t!(lang, "paper-answer-by"), due_by(m)),
        (t!(lang, "paper-phone"), phone.clone()),
        (
            t!(lang, "paper-receipt"),
            receipt.map(|r| format!("{r}（{}/receipt）", ctx.site.base_url)).unwrap_or_default(),
        ),
    ];
    let title = t!(lang, "paper-slip");
    let scan = if secret { t!(lang, "paper-scan-own") } else { t!(lang, "paper-scan") };
    let public = format!("{}/m/{number}", ctx.site.base_url);
    html! {
        section.sheet.half[!big].big[big] {
            (head(&issuer, &title, number, &link, &scan))
            (kv(&rows))
            div."sheet-box" { (said(&c.text(lang, &m.title), &c.text(lang, &m.body))) }
            p.mt2 { (t!(lang, "paper-how-to-follow", number = number)) @if !phone.is_empty() { " " (t!(lang, "paper-or-call", phone = phone.clone())) } }
            @if secret { p.cap { (t!(lang, "paper-keep-secret")) } }
            (foot(viewer, c))
        }
        @if !big {
            hr.cut;
            // The office's half carries the public link only: whoever files it must not be able to act as the resident.
            section."sheet half" {
                (head(&issuer, &t!(lang, "paper-stub"), number, &public, &t!(lang, "paper-scan")))
                (kv(&rows[..5]))
                div."sheet-box" { (c.text(lang, &m.title)) }
                div."sheet-sign" { span { (t!(lang, "paper-registrar")) } span { (t!(lang, "paper-resident")) } span { (t!(lang, "paper-date")) } }
                @if standing.staff && voice.is_some_and(|v| v.on_behalf) { p.cap { (t!(lang, "paper-on-behalf")) } }
            }
        }
    }
}

/// `/office/m/{number}/paper/{kind}`: `slip`, `notice` for the stairwell board, `order` for the unit.
pub async fn staff(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Path((number, kind)): Path<(String, String)>,
    Query(q): Query<Wanted>,
) -> Answer {
    let lang = viewer.lang;
    viewer.signed_in()?;
    let street = ctx.street(&viewer)?;
    let mut conn = ctx.store.read().await?;
    let (m, standing) = queries::find(&mut conn, street, &viewer, &number).await?;
    if !standing.staff {
        return Err(Refusal::forbidden("ui.no-right").into());
    }
    let c = cast(&mut conn, &ctx, &m, true).await?;
    let back = format!("/office/m/{}", m.number);
    let (title, body) = match kind.as_str() {
        "slip" => {
            let voice = m.voices.iter().find(|v| v.number == number).or_else(|| m.voices.first());
            let receipt = voice.and_then(|v| receipt_of(&c.list, v));
            let sheets =
                slip_sheets(&ctx, &viewer, &m, voice, &standing, &c, q.big == "1", receipt.as_deref());
            (t!(lang, "paper-slip"), sheets)
        }
        "notice" => (t!(lang, "paper-notice"), notice(&ctx, &viewer, &m, &c)?),
        "order" => {
            let contacts = contacts(&mut conn, &ctx, &m, lang).await?;
            (t!(lang, "paper-order"), order(&ctx, &viewer, &m, &c, &contacts)?)
        }
        _ => return Err(Refusal::missing("ui.no-page").into()),
    };
    Ok(layout::paper(&viewer, &title, &back, &body).into_response())
}

/// The notice of the result, in large print and without personal data.
fn notice(ctx: &Ctx, viewer: &Viewer, m: &Matter, c: &Cast) -> Result<Markup, Refusal> {
    let lang = viewer.lang;
    if m.hidden {
        return Err(Refusal::conflict("matters.notice-hidden"));
    }
    let told = m.rounds.iter().rev().find(|r| r.answered_at.is_some());
    let (Some(round), Status::Answered | Status::Closed) = (told, m.status) else {
        return Err(Refusal::conflict("matters.notice-early"));
    };
    let title = match &m.public_title {
        Some(words) => c.text(lang, words),
        None => kernel::text::blot(&c.text(lang, &m.title)),
    };
    let answer = round.answer.as_ref().map(|w| kernel::text::blot(&c.text(lang, w))).unwrap_or_default();
    let unit = round.leads.last().map(|l| c.unit(lang, l.unit)).unwrap_or_default();
    let day = |at: Time| show::full(at).chars().take(10).collect::<String>();
    let judged: Vec<&Evaluation> = m.evaluations.iter().filter(|e| e.round == m.round).collect();
    let solved = judged.iter().filter(|e| e.solved).count();
    let rows = [
        (t!(lang, "paper-number"), m.number.clone()),
        (t!(lang, "paper-place"), place_name(&c.places, &blurred(&m.place))),
        (t!(lang, "paper-raised-at"), day(m.raised_at)),
        (t!(lang, "paper-unit"), unit),
        (
            t!(lang, "paper-outcome"),
            round.outcome.map(|o| word(lang, &format!("outcome-{}", o.code()))).unwrap_or_default(),
        ),
        (t!(lang, "paper-done-on"), round.handled_at.map(day).unwrap_or_default()),
        (
            t!(lang, "paper-verdict"),
            if judged.is_empty() {
                t!(lang, "paper-no-verdict")
            } else {
                t!(lang, "paper-verdicts", n = judged.len(), solved = solved)
            },
        ),
    ];
    let link = format!("{}/m/{}", ctx.site.base_url, m.number);
    Ok(html! {
        section."sheet big" {
            (head(&community_name(viewer, m), &t!(lang, "paper-notice"), &m.number, &link, &t!(lang, "paper-scan")))
            h2 { (title) }
            (kv(&rows))
            @if !answer.is_empty() { div."sheet-box" { (answer) } }
            p.cap { @if let Some(phone) = community_phone(viewer, m) { (t!(lang, "paper-objections", phone = phone)) } @else { (t!(lang, "paper-objections-none")) } }
            p.cap { (t!(lang, "paper-issued", day = day(c.now))) }
        }
    })
}

/// Name and telephone of each voice as the unit may know them: masked, and only of those who agreed.
async fn contacts(conn: &mut Conn, ctx: &Ctx, m: &Matter, lang: Lang) -> Result<Vec<String>, Fault> {
    let open: Vec<Id> =
        m.voices.iter().filter(|v| v.open_identity && !v.withdrawn).filter_map(|v| v.person).collect();
    let known = people::queries::persons(conn, ctx.store.keys(), m.street, &open).await?;
    Ok(m.voices
        .iter()
        .filter(|v| !v.withdrawn)
        .map(|v| {
            match v.person.filter(|_| v.open_identity).and_then(|id| known.iter().find(|p| p.id == id)) {
                Some(p) => {
                    let name = p.masked_name().unwrap_or_else(|| t!(lang, "by-resident"));
                    format!("{} {name} {}", v.number, p.masked_phone().unwrap_or_default()).trim().to_owned()
                }
                None => format!("{} {}", v.number, t!(lang, "paper-unnamed")),
            }
        })
        .collect())
}

/// The work order that the unit's people carry to the spot.
fn order(ctx: &Ctx, viewer: &Viewer, m: &Matter, c: &Cast, contacts: &[String]) -> Result<Markup, Refusal> {
    let lang = viewer.lang;
    let round = m.current().ok_or(Refusal::conflict("matters.order-early"))?;
    let lead = round.leads.last().ok_or(Refusal::conflict("matters.order-early"))?;
    let category = m.category.as_deref().and_then(|code| c.world.catalogue.get(code));
    let support: Vec<String> =
        m.tasks.iter().filter(|t| t.round == m.round).map(|t| c.unit(lang, t.unit)).collect();
    let rows = [
        (t!(lang, "paper-number"), m.number.clone()),
        (t!(lang, "paper-unit"), c.unit(lang, lead.unit)),
        (t!(lang, "paper-support"), support.join("、")),
        (t!(lang, "paper-place"), where_(lang, m, c)),
        (
            t!(lang, "paper-category"),
            category.map(|k| k.name.get(lang.code()).to_owned()).unwrap_or_default(),
        ),
        (t!(lang, "paper-dispatched-at"), show::full(lead.at)),
        (
            t!(lang, "paper-limit"),
            format!("{} · {}", limit_name(lang, round.limit), show::full(round.deadline)),
        ),
        (
            t!(lang, "paper-closing"),
            category.map(|k| k.closing.get(lang.code()).to_owned()).unwrap_or_default(),
        ),
        (t!(lang, "paper-contact"), contacts.join("；")),
    ];
    let link = format!("{}/office/m/{}", ctx.site.base_url, m.number);
    Ok(html! {
        section.sheet {
            (head(&community_name(viewer, m), &t!(lang, "paper-order"), &m.number, &link, &t!(lang, "paper-scan-work")))
            (kv(&rows))
            h2 { (c.text(lang, &m.title)) }
            div."sheet-box" { (c.text(lang, &m.body)) }
            h2 { (t!(lang, "paper-result")) }
            div."sheet-box" {}
            p.cap { (t!(lang, "paper-order-contact")) }
            div."sheet-sign" { span { (t!(lang, "paper-signed-by")) } span { (t!(lang, "paper-finished-by")) } span { (t!(lang, "paper-date")) } }
            (foot(viewer, c))
        }
    })
}

/// What a hand-over list is narrowed to.
#[derive(Deserialize)]
pub struct Narrow {
    #[serde(default)]
    unit: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    place: String,
}

/// `/office/handover`: what was dispatched on a day, a sheet for each unit, for signature.
pub async fn handover(State(ctx): State<Ctx>, viewer: Viewer, Query(q): Query<Narrow>) -> Answer {
    let lang = viewer.lang;
    viewer.need_somewhere(&READ)?;
    let street = ctx.street(&viewer)?;
    let now = ctx.store.now();
    let unit: Option<Id> = match q.unit.trim() {
        "" => None,
        id => Some(id.parse().map_err(|_| Refusal::invalid("unit", "ui.not-valid"))?),
    };
    let day = match q.day.trim() {
        "" => kernel::time::local_date(now),
        text => super::settings::read_date(text).ok_or(Refusal::invalid("day", "ui.not-valid"))?,
    };
    let place = match q.place.trim() {
        "" => None,
        text => Some(PlacePath::parse(text).ok_or(Refusal::invalid("place", "ui.not-valid"))?),
    };
    let span = (kernel::time::day_start(day), kernel::time::day_start(day + chrono::Days::new(1)));
    let mut conn = ctx.store.read().await?;
    let world = queries::world(&mut conn, street).await?;
    let given = queries::given(&mut conn, street, &viewer, unit, place.as_ref(), span).await?;
    let names = place_names(&mut conn, street, given.iter().map(|g| g.line.place.clone())).await?;
    let units = people::queries::units(&mut conn, street).await?;
    let ids: Vec<Id> = given.iter().map(|g| g.unit).collect();
    let unit_names = people::queries::unit_names(&mut conn, street, &ids).await?;
    // One community's list is issued by it; a list across communities by the street.
    let home = viewer.home();
    let one = home.and_then(|h| {
        h.communities.iter().find(|k| !given.is_empty() && given.iter().all(|g| g.line.community == k.path))
    });
    let issuer = one.map(|k| k.name.clone()).or_else(|| home.map(|h| h.name.clone())).unwrap_or_default();
    let title = t!(lang, "paper-handover");
    let mut sheets: Vec<(Id, Vec<&queries::Given>)> = Vec::new();
    for g in &given {
        match sheets.last_mut().filter(|(u, _)| *u == g.unit) {
            Some((_, list)) => list.push(g),
            None => sheets.push((g.unit, vec![g])),
        }
    }
    let body = html! {
        form."filters np" method="get" action="/office/handover" {
            label { span.vh { (t!(lang, "paper-date")) } input type="date" name="day" value=(day.to_string()); }
            label { span.vh { (t!(lang, "paper-unit")) } select name="unit" data-autosubmit {
                option value="" { (t!(lang, "paper-all-units")) }
                @for u in &units { option value=(u.id) selected[Some(u.id) == unit] { (u.name) } }
            } }
            @if let Some(home) = viewer.home() { label { span.vh { (t!(lang, "paper-place")) } select name="place" data-autosubmit {
                option value="" { (home.name) }
                @for k in &home.communities { option value=(k.path.as_str()) selected[place.as_ref() == Some(&k.path)] { (k.name) } }
            } } }
            button."btn sm" { (icon_s("filter")) (t!(lang, "paper-show")) }
        }
        @if sheets.is_empty() { section.sheet { h1 { (title) } p { (t!(lang, "paper-nothing", day = day.to_string())) } } }
        @for (unit, list) in &sheets {
            section.sheet {
                header."sheet-h" { div {
                    h1 { (issuer) " " (title) }
                    p { (unit_names.get(unit).cloned().unwrap_or_else(|| t!(lang, "some-unit"))) " · " span.num { (day.to_string()) } " · " (t!(lang, "paper-count", n = list.len())) }
                } }
                table."sheet-list" {
                    thead { tr {
                        th scope="col" { (t!(lang, "paper-number")) } th scope="col" { (t!(lang, "paper-what")) } th scope="col" { (t!(lang, "paper-place")) }
                        th scope="col" { (t!(lang, "paper-category")) } th scope="col" { (t!(lang, "paper-until")) } th scope="col" { (t!(lang, "paper-signature")) }
                    } }
                    tbody { @for g in list { tr {
                        td.num { (g.line.number) } td { (g.line.title) } td { (place_name(&names, &g.line.place)) }
                        td { @if let Some(code) = &g.line.category { (category_name(lang, &world, code)) } }
                        td.num { (show::full(g.deadline)) } td.num { @if let Some(at) = g.signed_at { (t!(lang, "paper-signed-already", when = show::full(at))) } }
                    } } }
                }
                div."sheet-sign" { span { (t!(lang, "paper-giver")) } span { (t!(lang, "paper-taker")) } span { (t!(lang, "paper-date")) } }
                p."sheet-f num" { (t!(lang, "paper-printed", when = show::full(now))) }
            }
        }
    };
    Ok(layout::paper(&viewer, &title, "/office", &body).into_response())
}
