//! The ballot on the own telephone, and what one has said.

use super::{
    public_of, vote_text,
    words::{area, side_word, vote_word},
};
use crate::{
    Bridge, actions,
    actions::secret,
    model::{Poll, Shape, Vote},
    queries::{self, HeadRow},
    rules::Hand,
    t,
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    routing::post,
};
use kernel::{Id, Refusal};
use maud::{Markup, html};
use store::{Conn, Fault, Keys};
use tally::events::Way;
use ui::{
    Answer, Ctx, Form, Lang, Posted, Viewer, into_form,
    parts::{self, Field},
    with_status,
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new().route("/polls/{id}/vote", post(cast)).route("/polls/{id}/object", post(object))
}

/// A head that somebody may vote for, with what was said already.
pub(super) struct Ballot {
    head: HeadRow,
    /// Whether it is somebody else's, by proxy.
    by_proxy: bool,
    /// Whether somebody else votes for it.
    given_away: bool,
    /// What counts now; of a secret poll only that something was cast.
    said: Option<String>,
}

impl Ballot {
    /// Every head that a person votes for in a poll.
    pub(super) async fn all_of(
        conn: &mut Conn,
        keys: &Keys,
        poll: &Poll,
        person: Id,
    ) -> Result<Vec<Self>, Fault> {
        let own = queries::own_heads(conn, keys, poll.street, poll.id, person).await?;
        let numbers: Vec<u32> = own.iter().map(|h| h.head).collect();
        let others = queries::principals(conn, poll.street, poll.id, &numbers).await?;
        let own = own.into_iter().map(|h| (h, false));
        let mut out = Vec::new();
        for (head, by_proxy) in own.chain(others.into_iter().map(|(h, _)| (h, true))) {
            let voter = queries::voter(conn, poll.street, poll.id, head.head).await?;
            let said = if poll.secret {
                let handed = queries::was_handed(conn, poll.street, poll.id, head.head).await?;
                handed.then(String::new)
            } else {
                voter.as_ref().and_then(|v| v.ballot()).map(|b| b.vote.clone())
            };
            let given_away = !by_proxy && voter.as_ref().is_some_and(|v| v.agent().is_some());
            out.push(Self { head, by_proxy, given_away, said });
        }
        Ok(out)
    }
}

fn name(lang: Lang, poll: &Poll, b: &Ballot) -> String {
    let units = b.head.units.clone();
    let units = if matches!(poll.shape, Shape::Owners { .. }) {
        t!(lang, "units-with-area", units = units, area = area(b.head.area))
    } else {
        units
    };
    if b.by_proxy { t!(lang, "for-somebody", units = units) } else { units }
}

/// What somebody has said, once nothing more is taken or for heads that are done.
pub(super) fn kept(lang: Lang, poll: &Poll, b: &Ballot) -> Markup {
    html! {
        @match &b.said {
            Some(_) if poll.secret => (parts::notice("ok mt3", "circle-check", &t!(lang, "you-voted", units = name(lang, poll, b)), &t!(lang, "you-voted-secret"))),
            Some(vote) => (parts::notice("ok mt3", "circle-check", &t!(lang, "you-voted", units = name(lang, poll, b)), &t!(lang, "you-said", vote = vote_word(lang, poll, vote)))),
            None => {},
        }
    }
}

/// Whether the last ballot counts.
pub(super) fn changes(poll: &Poll) -> bool {
    poll.rule.as_ref().is_some_and(|r| r.rule.revote == tally::rule::Revote::Last)
}

/// The ballots of whoever looks, one after another.
pub(super) fn section(ctx: &Ctx, viewer: &Viewer, poll: &Poll, mine: &[Ballot], form: &Form) -> Markup {
    let lang = viewer.lang;
    let revote = changes(poll);
    html! {
        section."sec mt3" id="vote" aria-labelledby="h-vote" {
            div.sec-h { h2 #h-vote { (t!(lang, "your-ballot")) } }
            @if viewer.signed.is_none() {
                div."card card-p" { p { (t!(lang, "vote-sign-in")) } p."btns mt3" { a."btn pri" href={ "/sign-in?to=" (parts::query(&viewer.here)) } { (t!(lang, "sign-in-first")) } } }
            } @else if mine.is_empty() {
                (parts::notice("", "info", &t!(lang, "not-on-roll"), &t!(lang, "not-on-roll-why")))
            }
            @for b in mine {
                (kept(lang, poll, b))
                @if b.given_away && b.said.is_none() { (parts::notice("", "info", &name(lang, poll, b), &t!(lang, "proxy-votes"))) }
                @else if b.said.is_none() || (revote && !poll.secret && !b.given_away) {
                    @let again = b.said.is_some();
                    @let own = form.values.get("head") == b.head.head.to_string();
                    @let shown = if own { form.clone() } else { Form::default() };
                    @let ballot = ballot_form(ctx, viewer, poll, b, &shown);
                    @if again { details."more card card-p mt3" open[own] { summary { (t!(lang, "vote-again")) } (ballot) } }
                    @else { div."card card-p mt3" { (ballot) } }
                }
            }
        }
    }
}

fn ballot_form(ctx: &Ctx, viewer: &Viewer, poll: &Poll, b: &Ballot, form: &Form) -> Markup {
    let lang = viewer.lang;
    html! {
        h3.h3 { (name(lang, poll, b)) }
        form.form method="post" action={ "/polls/" (poll.id) "/vote" } data-once {
            (parts::hidden(ctx, viewer))
            input type="hidden" name="head" value=(b.head.head);
            (choices(lang, poll, form))
            div."btns mt3" { button."btn pri wide" { (t!(lang, "cast")) } }
            @if changes(poll) { p.mt2 { (t!(lang, "own-revote")) } }
            p."cap muted mt2" { (super::public::published_how(lang, poll)) }
        }
    }
}

/// The choices of a ballot: sides, boxes, or numbers of an order.
pub(super) fn choices(lang: Lang, poll: &Poll, form: &Form) -> Markup {
    let error = form.error("vote");
    let err = html! { @if let Some(e) = error { p."err" id="f-vote-e" { (parts::icon_s("circle-alert")) (ui::refusal_text(lang, e)) } } };
    let bad = error.is_some();
    match &poll.shape {
        Shape::Sides | Shape::Owners { .. } => {
            let conform = matches!(poll.shape, Shape::Owners { conform: true });
            let sides = ["yes", "no", "abstain"].into_iter().chain(conform.then_some("conform"));
            html! {
                fieldset."tiers field".bad[bad] id="f-vote" {
                    legend { (t!(lang, "do-you-agree")) }
                    (err)
                    @for side in sides { label {
                        input type="radio" name="side" value=(side) required checked[form.values.get("side") == side];
                        span { b { (side_word(lang, side)) } @if side == "conform" { (t!(lang, "conform-why")) } }
                    } }
                }
            }
        }
        Shape::Ranking => html! {
            fieldset."field".bad[bad] id="f-vote" {
                legend { (t!(lang, "rank-them")) }
                p.hint { (t!(lang, "rank-hint")) }
                (err)
                @for (n, option) in (1..).zip(&poll.options) {
                    @let field = format!("rank_{n}");
                    div."field" { label for={ "f-" (field) } { (option) }
                        select id={ "f-" (field) } name=(field) { option value="" { (t!(lang, "not-ranked")) }
                            @for place in 1..=poll.options.len() { option value=(place) selected[form.values.get(&field) == place.to_string()] { (t!(lang, "place-n", n = place)) } } } }
                }
            }
        },
        Shape::Marks { .. } | Shape::Election { .. } => {
            let most = poll.shape.most(poll.options.len());
            html! {
                fieldset."tiers field".bad[bad] id="f-vote" {
                    legend { (t!(lang, "mark-up-to", n = most)) }
                    (err)
                    @for (n, option) in (1..).zip(&poll.options) { label {
                        input type=(if most == 1 { "radio" } else { "checkbox" }) name="mark" value=(n) checked[form.values.all("mark").any(|m| m == n.to_string())];
                        span { b { (option) } }
                    } }
                }
            }
        }
    }
}

async fn cast(State(ctx): State<Ctx>, Path(id): Path<String>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    viewer.signed_in()?;
    let actor = viewer.actor(None)?;
    let poll = public_of(&ctx, viewer, &id).await?;
    let (id, f) = (poll.id, &posted.fields);
    let text = vote_text(f, poll.options.len());
    let read = || {
        let head: u32 = f.parse("head")?.ok_or(Refusal::invalid("head", "ui.empty"))?;
        Ok::<_, Refusal>((head, Vote::read(&poll.shape, poll.options.len(), &text, false)?))
    };
    let done = match read() {
        Err(refusal) => Err(Fault::from(refusal)),
        Ok((head, vote)) if poll.secret => {
            // Not once by its key: what is kept with a key would lie beside the ballot. A head is handed one ballot.
            ctx.store
                .write(move |tx| {
                    Box::pin(async move { secret::cast(tx, &actor, id, head, &vote.text()).await })
                })
                .await
        }
        Ok((head, vote)) => {
            let hand = Hand { vote, way: Way::Online, agent: None, witness: None };
            ctx.store
                .once(posted.key(), move |tx| {
                    Box::pin(async move { actions::cast(tx, &actor, id, head, hand).await.map(|_| ()) })
                })
                .await
        }
    };
    match done {
        Ok(()) => Ok(ui::done(&ctx, &format!("/polls/{id}"), "polls.done-voted", &[])),
        Err(fault) => refused(&ctx, &posted, &poll, fault).await,
    }
}

async fn refused(ctx: &Ctx, posted: &Posted, poll: &Poll, fault: Fault) -> Answer {
    let refusal = into_form(fault)?;
    let form = Form::refused(posted.fields.clone(), refusal.clone());
    let now = public_of(ctx, &posted.viewer, &poll.id.to_string()).await?;
    Ok(with_status(&refusal, super::public::page(ctx, &posted.viewer, &now, &form).await?))
}

async fn object(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    let viewer = &posted.viewer;
    viewer.signed_in()?;
    let actor = viewer.actor(None)?;
    let poll = public_of(&ctx, viewer, &id).await?;
    let (id, said) = (poll.id, posted.fields.get("objection").to_owned());
    let done = ctx
        .store
        .once(posted.key(), move |tx| {
            Box::pin(async move { actions::object(tx, bridge, &actor, id, &said).await.map(|_| ()) })
        })
        .await;
    match done {
        Ok(()) => Ok(ui::done(&ctx, &format!("/polls/{id}"), "polls.done-objected", &[])),
        Err(fault) => refused(&ctx, &posted, &poll, fault).await,
    }
}

/// The field of a witness and the other words of a ballot that staff enter.
pub(super) fn witness(lang: Lang, form: &Form) -> Markup {
    parts::field(
        lang,
        form,
        Field {
            name: "witness",
            label: &t!(lang, "witness"),
            hint: &t!(lang, "witness-hint"),
            required: true,
            max: 40,
            ..Field::default()
        },
    )
}
