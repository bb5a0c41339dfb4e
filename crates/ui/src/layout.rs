//! Frames of pages: residents', staff's, papers.

use crate::{Ctx, Lang, NavItem, Viewer, asset, parts::*, say, t};
use maud::{DOCTYPE, Markup, html};

/// What a page says about itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Page<'a> {
    /// The title, first in the window's title too.
    pub title: &'a str,
    /// A short title for the bar of a phone, where the title itself is long.
    pub short: &'a str,
    /// The tab or desk entry that it belongs to, by address.
    pub current: &'a str,
    /// For inner pages: where "back" leads on a phone.
    pub back: Option<&'a str>,
    /// Draft keys to clear, after something was stored.
    pub drafts_clear: &'a str,
    /// Narrow text or form page.
    pub slim: bool,
    /// Whether the page carries its own bar of actions at the bottom of a phone instead of the tabs.
    pub own_bar: bool,
}

fn document(
    viewer: &Viewer,
    title: &str,
    drafts_clear: &str,
    class: &str,
    staff: bool,
    body: &Markup,
) -> Markup {
    let lang = viewer.lang;
    let place =
        viewer.community.as_ref().map(|c| c.name.clone()).or_else(|| viewer.home().map(|h| h.name.clone()));
    // The outbox sends a record only for the account that wrote it, in whatever session.
    let who = viewer.signed.as_ref().map(|s| s.account.to_string().split_off(24)).unwrap_or_default();
    html! {
        (DOCTYPE)
        html lang=(lang.html()) class=[viewer.elder.then_some("elder")] data-who=(who) data-drafts-clear=[(!drafts_clear.is_empty()).then_some(drafts_clear)] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="description" content=(t!(lang, "site-about"));
                meta name="theme-color" content="#0b6b57";
                title { (title) " - " @if let Some(place) = place { (place) } (t!(lang, "site-name")) }
                link rel="icon" href=(asset!("icon.svg")) type="image/svg+xml";
                link rel="apple-touch-icon" href=(asset!("icon-192.png"));
                link rel="manifest" href="/app.webmanifest";
                link rel="stylesheet" href=(asset!("app.css"));
                @if class == "wall" {
                    link rel="stylesheet" href=(asset!("wall.css"));
                    // Nobody presses a button on a wall: where no script runs, the page fetches itself.
                    noscript { meta http-equiv="refresh" content="10"; }
                }
                @if class == "paper" { link rel="stylesheet" href=(asset!("print.css")); }
                script type="module" src=(asset!("app.js")) {}
                @if staff {
                    link rel="stylesheet" href=(asset!("staff.css"));
                    meta name="htmx-config" content=r#"{"includeIndicatorStyles":false,"allowEval":false,"selfRequestsOnly":true}"#;
                    script defer src=(asset!("htmx.min.js")) {}
                    script type="module" src=(asset!("staff.js")) {}
                }
            }
            body class=[(!class.is_empty()).then_some(class)] {
                a.skip href="#main" { (t!(lang, "skip")) }
                (body)
                p.toast role="status" data-toast hidden {}
            }
        }
    }
}

fn flash(viewer: &Viewer) -> Markup {
    html! {
        @if let Some((key, args)) = &viewer.flash {
            @let args: Vec<(&str, String)> = args.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
            div."notice ok mt3" role="status" { (icon("circle-check")) div { b { (say(viewer.lang, key, &args)) } } }
        }
    }
}

fn offline(lang: Lang) -> Markup {
    html! {
        div."notice offline mt3" hidden data-offline { (icon("wifi-off")) div { b { (t!(lang, "offline")) } br; (t!(lang, "offline-why")) } }
        div."notice mt3" role="status" hidden data-outbox-box data-t-wait=(t!(lang, "outbox-wait", n = "{n}")) data-t-done=(t!(lang, "outbox-done"))
            data-t-stuck=(t!(lang, "outbox-stuck", n = "{n}")) data-t-link=(t!(lang, "look")) {
            (icon("refresh-cw"))
            div {
                b data-text {} ul data-sent {}
                button."btn sm" type="button" data-outbox-go { (t!(lang, "outbox-go")) } " "
                button."btn sm quiet" type="button" data-outbox-drop { (t!(lang, "outbox-drop")) }
            }
        }
    }
}

fn tabs(viewer: &Viewer, current: &str, items: &[NavItem]) -> Markup {
    html! {
        nav.tabbar aria-label=(t!(viewer.lang, "nav-main")) {
            ul { @for item in items {
                @let big = item.href == "/raise";
                li { a.big[big] href=(item.href) aria-current=[(item.href == current).then_some("page")] {
                    @if big { i { (icon(item.icon)) } } @else { (icon(item.icon)) }
                    (say(viewer.lang, item.key, &[]))
                } }
            } }
        }
    }
}

fn footer(ctx: &Ctx, viewer: &Viewer) -> Markup {
    let lang = viewer.lang;
    html! {
        footer.foot {
            @if viewer.site.demo { p.cap { (t!(lang, "demo-line")) } }
            p."foot-l" {
                a href="/public" { (t!(lang, "foot-public")) }
                a href="/councils" { (t!(lang, "foot-councils")) }
                a href="/plans" { (t!(lang, "foot-plans")) }
                a href="/polls" { (t!(lang, "foot-polls")) }
                a href="/elections" { (t!(lang, "foot-elections")) }
                a href="/receipt" { (t!(lang, "foot-receipt")) }
                a href="/privacy" { (t!(lang, "foot-privacy")) }
                @if viewer.signed.is_none() { a href="/sign-in" { (t!(lang, "sign-in")) } }
                @if viewer.is_staff() { a href="/office" { (t!(lang, "go-office")) } }
            }
            form.langs method="post" action="/prefs/lang" {
                (csrf(ctx, viewer))
                input type="hidden" name="to" value=(viewer.here);
                @for l in Lang::ALL {
                    button.lk name="lang" value=(l.code()) lang=(l.html()) aria-pressed=[(*l == lang).then_some("true")] { (l.name()) }
                }
            }
            @for (text, link) in &viewer.site.filings { p.cap { a href=(link) rel="noopener" { (text) } } }
        }
    }
}

/// A page for residents.
#[must_use]
pub fn resident(ctx: &Ctx, viewer: &Viewer, page: Page<'_>, body: &Markup) -> Markup {
    let lang = viewer.lang;
    let unread = viewer.signed.as_ref().map_or(0, |s| s.unread);
    let (place, over) = match (&viewer.community, viewer.home()) {
        (Some(c), Some(h)) => (c.name.clone(), h.name.clone()),
        (None, Some(h)) => (h.name.clone(), String::new()),
        _ => (t!(lang, "site-name"), String::new()),
    };
    let inner = html! {
        header.top { div."top-in" {
            @if let Some(back) = page.back {
                a."top-btn only-m" href=(back) aria-label=(t!(lang, "back")) { (icon("chevron-left")) }
                span."top-title only-m" aria-hidden="true" { @if page.short.is_empty() { (page.title) } @else { (page.short) } }
            }
            a."top-place".only-l[page.back.is_some()] href="/" { (icon("map-pin")) span { (place) small { (over) } } }
            nav.topnav aria-label=(t!(lang, "nav-top")) {
                @for item in &viewer.site.tabs {
                    a href=(item.href) aria-current=[(item.href == page.current).then_some("page")] { (say(lang, item.key, &[])) }
                }
            }
            form method="post" action="/prefs/elder" {
                (csrf(ctx, viewer))
                input type="hidden" name="to" value=(viewer.here);
                button."top-btn outline" name="elder" value=(if viewer.elder { "0" } else { "1" }) {
                    @if viewer.elder { (t!(lang, "type-standard")) } @else { (t!(lang, "type-elder")) }
                }
            }
            @if viewer.signed.is_some() {
                a."top-btn" href="/inbox" aria-label=(t!(lang, "inbox-unread", n = unread)) { (icon("bell")) @if unread > 0 { span.dot { (unread.min(99)) } } }
            }
        } }
        main #main.wrap.slim[page.slim] {
            (flash(viewer)) (offline(lang))
            (body)
        }
        (footer(ctx, viewer))
        @if !page.own_bar { (tabs(viewer, page.current, &viewer.site.tabs)) }
    };
    document(viewer, page.title, page.drafts_clear, "", false, &inner)
}

/// A page for staff.
#[must_use]
pub fn staff(ctx: &Ctx, viewer: &Viewer, page: Page<'_>, body: &Markup) -> Markup {
    let lang = viewer.lang;
    let signed = viewer.signed.as_ref();
    let name = signed.map(|s| s.name.clone()).unwrap_or_default();
    let unread = signed.map_or(0, |s| s.unread);
    let office = signed.and_then(|s| s.offices.iter().find(|o| o.kind.is_staff()));
    let where_ =
        office.map(|o| o.unit_name.clone().unwrap_or_else(|| o.place_name.clone())).unwrap_or_default();
    let mine: Vec<NavItem> = viewer
        .site
        .desk
        .iter()
        .filter(|i| {
            i.offices.is_empty()
                || signed.is_some_and(|s| s.offices.iter().any(|o| i.offices.contains(&o.kind)))
        })
        .copied()
        .collect();
    let first = name.chars().next().unwrap_or('·').to_string();
    let inner = html! {
        div.shell {
            aside.side {
                a.brand href="/office" { img src=(asset!("pavilion.svg")) alt="" width="46" height="29"; span { (t!(lang, "site-name")) small { (where_) } } }
                nav aria-label=(t!(lang, "nav-desk")) { ul {
                    @for item in &mine { li { a href=(item.href) aria-current=[(item.href == page.current).then_some("page")] { (icon(item.icon)) span { (say(lang, item.key, &[])) } } } }
                } }
                p."side-f" { a href="/" { (t!(lang, "go-home")) } @if viewer.site.demo { span.cap { (t!(lang, "demo-short")) } } }
            }
            div.mainc {
                header.bar {
                    form.find role="search" aria-label=(t!(lang, "search")) method="get" action="/office/matters" {
                        label.vh for="q" { (t!(lang, "search")) } (icon("search"))
                        input #q name="q" type="search" placeholder=(t!(lang, "search-hint")) data-search;
                    }
                    @if mine.iter().any(|i| i.href == "/office/register") {
                    a."btn sm hot only-d" href="/office/register" { (icon("plus")) (t!(lang, "register")) }
                    }
                    a."top-btn ink" href="/inbox" aria-label=(t!(lang, "inbox-unread", n = unread)) { (icon("bell")) @if unread > 0 { span.dot { (unread.min(99)) } } }
                    details.me {
                        summary { span."ava sm" aria-hidden="true" { (first) } span."only-d" { (name) small { @if let Some(o) = office { (office_name(lang, o.kind.code())) } } } span.vh { (t!(lang, "account-menu")) } }
                        div."me-m card" {
                            a href="/mine" { (t!(lang, "nav-mine")) }
                            a href="/account" { (t!(lang, "account")) }
                            form method="post" action="/prefs/lang" {
                                (csrf(ctx, viewer)) input type="hidden" name="to" value=(viewer.here);
                                @for l in Lang::ALL { button.lk name="lang" value=(l.code()) lang=(l.html()) aria-pressed=[(*l == lang).then_some("true")] { (l.name()) } " " }
                            }
                            form method="post" action="/sign-out" { (csrf(ctx, viewer)) button.lk { (icon_s("log-out")) (t!(lang, "sign-out")) } }
                        }
                    }
                }
                main #main.work { (flash(viewer)) (offline(lang)) (body) }
            }
        }
        (tabs(viewer, page.current, &mine.iter().take(5).copied().collect::<Vec<_>>()))
    };
    document(viewer, page.title, page.drafts_clear, "staff", true, &inner)
}

/// The name of an office in the reader's language.
#[must_use]
pub fn office_name(lang: Lang, code: &str) -> String {
    crate::WORDS.say(lang, &format!("office-{code}"), &[])
}

/// A page without navigation: failures.
#[must_use]
pub fn plain(viewer: &Viewer, title: &str, body: &Markup) -> Markup {
    let inner = html! { main #main."wrap slim" { (body) } };
    document(viewer, title, "", "", false, &inner)
}

/// Sign-in, set-up: one card in the middle. `wipe` drops what scripts kept on the device.
#[must_use]
pub fn gate(ctx: &Ctx, viewer: &Viewer, title: &str, body: &Markup) -> Markup {
    let inner = html! {
        main #main.gate { img."gate-art" src=(asset!("pavilion.svg")) alt="" width="120" height="76"; h1 { (title) } (flash(viewer)) (body) }
        (footer(ctx, viewer))
    };
    document(viewer, title, "", "", false, &inner)
}

/// A page for the wall of a hall: large, no navigation, nothing to press.
#[must_use]
pub fn wall(viewer: &Viewer, title: &str, body: &Markup) -> Markup {
    let inner = html! { main #main."wall-in" { (body) } };
    document(viewer, title, "", "wall", false, &inner)
}

/// A paper to print.
#[must_use]
pub fn paper(viewer: &Viewer, title: &str, back: &str, body: &Markup) -> Markup {
    let lang = viewer.lang;
    let inner = html! {
        header."paper-bar btns" {
            button."btn pri" type="button" hidden data-print { (icon("printer")) (t!(lang, "print")) }
            a.btn href=(back) { (t!(lang, "back")) }
        }
        main #main.sheets { (body) }
    };
    document(viewer, title, "", "paper", false, &inner)
}
