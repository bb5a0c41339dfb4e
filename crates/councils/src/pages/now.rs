//! What happens in the hall, as everybody may see it: no names, and nothing of the reader.

use super::{
    board, motions,
    words::{Owners, ballot, capacity_word, item_chip, item_word, owned_promises, state_chip},
};
use crate::{
    model::{Council, Item, ItemState, Side, Sitting, SittingState, Speech},
    queries, rules, t,
};
use kernel::text::blot;
use maud::{Markup, html};
use store::{Conn, Fault, Keys};
use ui::{Lang, parts, show};

/// What is shown of a sitting.
pub(super) struct Seen {
    pub(super) council: Council,
    pub(super) sitting: Sitting,
    board: Vec<board::Asked>,
    owners: Owners,
}

impl Seen {
    pub(super) async fn load(
        conn: &mut Conn,
        keys: &Keys,
        lang: Lang,
        sitting: Sitting,
    ) -> Result<Self, Fault> {
        let council = queries::council(conn, sitting.street, sitting.council).await?;
        let council = council.ok_or_else(|| Fault::other("a sitting without a body"))?;
        let board = queries::questions(conn, keys, sitting.street, sitting.id).await?;
        let owners = Owners::public(conn, lang, &council, &owned_promises(&board)).await?;
        Ok(Self { council, sitting, board, owners })
    }
}

pub(super) fn side_word(lang: Lang, side: Side) -> String {
    crate::WORDS.say(lang, &format!("side-{side}"), &[])
}

pub(super) fn side_chip(lang: Lang, side: Side) -> Markup {
    let class = match side {
        Side::Pro => "ok",
        Side::Contra => "late",
        Side::Question | Side::Info => "do",
        Side::Order => "horn",
    };
    parts::chip(class, "", &side_word(lang, side))
}

/// Who speaks, with the clock. Without script it says since when, and for how long.
pub(super) fn speaker(lang: Lang, s: &Sitting, who: &dyn Fn(&Speech) -> String) -> Markup {
    let Some(now) = s.speaking() else { return html! {} };
    let Some(began) = now.began else { return html! {} };
    let limit = s.item(now.item).map_or(0, Item::speech_seconds);
    let minutes = limit / 60;
    let plain = t!(lang, "speaks-since", time = show::full(began), minutes = minutes);
    html! {
        p.speaker { (side_chip(lang, now.side)) b { (who(now)) }
            span."clock num" data-clock=(began.timestamp_millis()) data-clock-limit=(limit) { (plain) } }
    }
}

/// The part that is live: for a phone, or for the wall.
pub(super) fn part(lang: Lang, x: &Seen, wall: bool) -> Markup {
    let s = &x.sitting;
    let held = s.state.is_held();
    let published = s.state == SittingState::Published;
    let who = |o: &Speech| capacity_word(lang, o.capacity);
    let waiting =
        s.current().map_or(0, |i| s.speeches.iter().filter(|o| o.item == i.id && o.waits()).count());
    html! {
        @if held { section."card card-p now mt3" aria-labelledby="h-now" {
            h2 #h-now."meta" { (state_chip(lang, s.state))
                span.num { (t!(lang, "in-the-room", have = rules::attending(s, &x.council), all = x.council.eligible(s.day()))) } }
            @match (s.state, s.current()) {
                (SittingState::Recess, _) => { p."now-t" { (t!(lang, "recess-now")) } },
                (_, Some(item)) => {
                    p."now-t" { (item.title) }
                    p.meta { (item_chip(lang, item)) span { (item_word(lang, item.kind)) }
                        @if waiting > 0 { span.num { (t!(lang, "waiting-to-speak", n = waiting)) } } }
                    (speaker(lang, s, &who))
                    @if let Some(b) = &item.ballot { (ballot(lang, b)) }
                    (motions::public(lang, &x.council, s, item))
                },
                _ => { p.muted { (t!(lang, "no-item-now")) } },
            }
        } }
        section."sec mt3" aria-labelledby="h-agenda" {
            div.sec-h { h2 #h-agenda { (t!(lang, "agenda")) } }
            ol.stack { @for (n, i) in s.items.iter().enumerate() { li."card card-p" {
                h3.h3 { (n + 1) ". " (i.title) }
                p.meta { @if held || published { (item_chip(lang, i)) } span { (item_word(lang, i.kind)) } @if let Some(p) = &i.poll { a href={ "/polls/" (p.id) } { (t!(lang, "put-to-poll", number = p.number.clone())) } }
                    @if let Some(m) = i.matter.as_ref().filter(|_| !wall) { a href={ "/m/" (m.number) } { (m.number) } } }
                // While it sits the hall sees the result; after that the minutes say it, when two have signed them.
                @if published || held && i.state == ItemState::Decided { @if let Some(b) = &i.ballot { (ballot(lang, b)) } (motions::public(lang, &x.council, s, i)) }
                (motions::handed_in(lang, &x.council, s, i))
                @if published { @if let Some(words) = &i.words { p { (blot(words)) } } }
            } } }
        }
        (board::public(lang, &x.board, &x.owners))
    }
}
