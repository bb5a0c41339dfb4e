//! Pages of this room: polls and their results for everybody, the ballot of whoever may vote, the booth, the staff's desk.

use crate::{Bridge, model::Poll, queries};
use axum::{Extension, Router};
use chrono::{Datelike, NaiveDateTime};
use kernel::{Id, Refusal, Time, time};
use maud::Markup;
use std::collections::HashMap;
use store::Fault;
use ui::{
    Ctx, Fields, Viewer,
    layout::{self, Page},
};

mod booth;
mod collect;
mod desk;
mod doors;
mod house;
mod new;
mod notice;
mod paper;
mod public;
mod register;
mod vote;
mod words;

pub use doors::DOORS;
pub use notice::{Hung, posted_fields, posted_words};
pub use words::{Unit, gap_words, rule_name, rule_words};

/// The pages of this room.
pub fn routes(bridge: Bridge) -> Router<Ctx> {
    Router::new()
        .merge(public::routes())
        .merge(vote::routes())
        .merge(booth::routes())
        .merge(new::routes())
        .merge(desk::routes())
        .merge(house::routes())
        .merge(collect::routes())
        .merge(register::routes())
        .merge(paper::routes())
        .layer(Extension(bridge))
}

/// The query of an address.
type Query = axum::extract::Query<HashMap<String, String>>;

/// The list of the desk.
const DESK: &str = "/office/polls";

/// A page of the staff desk.
fn desk_page(ctx: &Ctx, viewer: &Viewer, title: &str, body: &Markup) -> Markup {
    layout::staff(ctx, viewer, Page { title, current: DESK, ..Page::default() }, body)
}

/// A poll by the id in an address.
async fn poll_of(ctx: &Ctx, viewer: &Viewer, id: &str) -> Result<Poll, Fault> {
    let none = || Fault::from(Refusal::missing("polls.no-poll"));
    let id: Id = id.parse().map_err(|_| none())?;
    queries::poll(&mut ctx.store.read().await?, ctx.street(viewer)?, id).await?.ok_or_else(none)
}

/// A poll that everybody may see: a plan is nobody's business yet.
async fn public_of(ctx: &Ctx, viewer: &Viewer, id: &str) -> Result<Poll, Fault> {
    let poll = poll_of(ctx, viewer, id).await?;
    if poll.state.is_public() && poll.noticed_at.is_some() {
        return Ok(poll);
    }
    Err(Refusal::missing("polls.no-poll").into())
}

/// A time as forms send it: local, to the minute. Years far away are slips of the finger.
fn local_time(fields: &Fields, name: &'static str) -> Result<Time, Refusal> {
    let text = fields.some(name).ok_or(Refusal::invalid(name, "ui.empty"))?;
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .ok()
        .filter(|t| (2000..2100).contains(&t.year()))
        .map(time::from_local)
        .ok_or(Refusal::invalid(name, "ui.not-valid"))
}

/// The vote of a form: one side, marked boxes, or places in an order.
fn vote_text(fields: &Fields, options: usize) -> String {
    if let Some(side) = fields.some("side") {
        return side.to_owned();
    }
    let ranked = (1..=options).any(|o| fields.some(&format!("rank_{o}")).is_some());
    if ranked {
        let mut order: Vec<(u32, usize)> = (1..=options)
            .filter_map(|o| fields.some(&format!("rank_{o}")).and_then(|n| n.parse().ok()).map(|n| (n, o)))
            .collect();
        order.sort_unstable();
        // Two options in one place are two marks of one number: refused by the reader as an option that there is not.
        if order.windows(2).any(|two| two.first().map(|o| o.0) == two.last().map(|o| o.0)) {
            return "0".to_owned();
        }
        return order.iter().map(|(_, o)| o.to_string()).collect::<Vec<_>>().join(",");
    }
    let mut out = fields.all("mark").collect::<Vec<_>>().join(",");
    for name in fields.get("written").split(['、', '，', ',', '\n']).map(str::trim).filter(|n| !n.is_empty())
    {
        out.push('+');
        out.push_str(name);
    }
    out
}
