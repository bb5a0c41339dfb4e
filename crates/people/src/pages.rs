//! Pages of this room: the door, the own account, the inbox, the privacy notice, set-up; for staff accounts,
//! offices, the log and units.

use crate::{
    Caller,
    rules::rights::{ACCOUNTS, DUTIES, GRANT, LOG, OFFICES, UNITS},
};
use axum::{
    Router,
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use kernel::{Refusal, refusal::RefusalKind};
use maud::Markup;
use std::{collections::HashMap, convert::Infallible, net::SocketAddr};
use store::Fault;
use ui::{
    Ctx, Viewer,
    layout::{self, Page},
    with_status,
};

mod account;
mod accounts;
mod door;
mod doors;
mod duties;
mod inbox;
mod information;
mod log;
mod offices;
mod second;
mod setup;
mod sheets;
mod units;

pub use doors::DOORS;

/// Rows of a page of a list.
const PAGE: i64 = 50;

/// The pages of this room.
pub fn routes() -> Router<Ctx> {
    Router::new()
        .merge(door::routes())
        .merge(account::routes())
        .merge(second::routes())
        .merge(inbox::routes())
        .merge(information::routes())
        .merge(duties::routes())
        .merge(setup::routes())
        .merge(accounts::routes())
        .merge(offices::routes())
        .merge(log::routes())
        .merge(units::routes())
        .merge(sheets::routes())
}

/// The query of an address.
type Query = axum::extract::Query<HashMap<String, String>>;

/// As [`ui::into_form`]; locked accounts and acts against oneself are said beside the form too.
fn into_form(fault: Fault) -> Result<Refusal, Fault> {
    match fault {
        Fault::Refused(r) if r.code.starts_with("people.") && r.kind == RefusalKind::Forbidden => Ok(r),
        other => ui::into_form(other),
    }
}

/// A page in the frame of the viewer: staff's or residents'.
fn frame(ctx: &Ctx, viewer: &Viewer, title: &str, current: &str, body: &Markup) -> Markup {
    if viewer.is_staff() {
        layout::staff(ctx, viewer, Page { title, current, ..Page::default() }, body)
    } else {
        layout::resident(
            ctx,
            viewer,
            Page { title, current, slim: true, back: Some("/mine"), ..Page::default() },
            body,
        )
    }
}

/// A page of the staff desk.
fn desk(ctx: &Ctx, viewer: &Viewer, title: &str, current: &str, body: &Markup) -> Markup {
    layout::staff(ctx, viewer, Page { title, current, ..Page::default() }, body)
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, v)| v.to_owned())
}

/// The session's token of a request.
struct Token(Option<String>);

impl<S: Sync> FromRequestParts<S> for Token {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(cookie(&parts.headers, "ys")))
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
        let text =
            |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        // What a proxy says about its caller counts only when the proxy runs on this machine.
        let told = text("x-forwarded-for")
            .rsplit(',')
            .next()
            .map(|a| a.trim().to_owned())
            .filter(|a| a.parse::<std::net::IpAddr>().is_ok());
        let address = match (peer, told) {
            (Some(peer), Some(told)) if peer.is_loopback() => told,
            (Some(peer), _) => peer.to_string(),
            (None, _) => String::new(),
        };
        Ok(Self { address, agent: text("user-agent") })
    }
}

/// Address, browser and system out of a line of the log; the names are those of products.
fn device(line: &str) -> String {
    let first = |words: &[(&'static str, &'static str)]| {
        words.iter().find(|(mark, _)| line.contains(mark)).map(|(_, n)| *n)
    };
    let browser = first(&[
        ("MicroMessenger", "WeChat"),
        ("DingTalk", "DingTalk"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("HarmonyOS", "HarmonyOS"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    let address = line.split(' ').next().filter(|a| a.parse::<std::net::IpAddr>().is_ok());
    let parts: Vec<&str> = [browser, system, address].into_iter().flatten().collect();
    if browser.is_none() && system.is_none() { line.to_owned() } else { parts.join(" · ") }
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn devices_by_the_names_that_people_know() {
        let phone = "192.0.2.7 Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/86.0 Mobile Safari/537.36 MicroMessenger/8.0";
        assert_eq!(device(phone), "WeChat · Android · 192.0.2.7");
        assert_eq!(device("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/128.0"), "Firefox · Windows");
        assert_eq!(device("192.0.2.7 curl/8.0"), "192.0.2.7 curl/8.0", "what is not known is shown whole");
    }
}
