//! What a person does from a phone: asks to speak, puts a question.

use super::{body_of, coming, id_of, motions, now::side_word, sitting_of};
use crate::{
    Bridge, actions,
    model::{Act, Council, ItemState, MotionAct, Say, Side, Sitting, SittingState},
    rules, t,
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::{get, post},
};
use kernel::{Id, Refusal};
use maud::{Markup, html};
use ui::{Answer, Ctx, Fields, Posted, Viewer, parts};

pub(super) fn routes() -> Router<Ctx> {
    Router::new().route("/sittings/{id}/own", get(show)).route("/sittings/{id}/own/{act}", post(act))
}

/// The seat of the viewer, or that of whoever sent them, or what they have as a guest; when they are there.
fn seated(viewer: &Viewer, s: &Sitting) -> Option<Id> {
    s.there(viewer.signed.as_ref()?.person).map(|a| a.member)
}

/// The part of the page that is the reader's own; it follows the sitting.
pub(super) fn part(ctx: &Ctx, viewer: &Viewer, council: &Council, s: &Sitting) -> Markup {
    let in_session = s.state == SittingState::InSession;
    let seat = seated(viewer, s).filter(|_| in_session);
    html! {
        (coming::part(ctx, viewer, council, s))
        @if let Some(seat) = seat {
            (coming::voice(ctx, viewer, s, seat))
            (speak(ctx, viewer, s, seat))
            @if council.member(seat).is_some_and(|m| m.votes) { (motions::own(ctx, viewer, s, seat)) }
        }
    }
}

fn speak(ctx: &Ctx, viewer: &Viewer, s: &Sitting, seat: Id) -> Markup {
    let lang = viewer.lang;
    let Some(item) = s.current().filter(|i| i.state == ItemState::Debating) else { return html! {} };
    let mine = s.speeches.iter().find(|o| o.item == item.id && o.member == seat && o.waits());
    let speaks = s.speaking().is_some_and(|o| o.member == seat);
    html! {
        section."card card-p mt3" aria-labelledby="h-speak" {
            h2.h3 #h-speak { (t!(lang, "speak")) }
            @if speaks { (parts::notice("ok", "mic", &t!(lang, "you-speak"), "")) }
            @else if let Some(mine) = mine {
                @let turn = rules::speaking_order(&s.speeches, item.id).iter().position(|id| *id == mine.id).unwrap_or(0) + 1;
                p { b { (t!(lang, "your-turn", n = turn)) } "　" (side_word(lang, mine.side)) }
                form."mt2" method="post" action={ "/sittings/" (s.id) "/own/unspeak" } data-once {
                    (parts::hidden(ctx, viewer)) input type="hidden" name="speech" value=(mine.id);
                    button."btn quiet" { (t!(lang, "act-unspeak")) }
                }
            } @else {
                form method="post" action={ "/sittings/" (s.id) "/own/speak" } data-once {
                    (parts::hidden(ctx, viewer)) input type="hidden" name="item" value=(item.id);
                    div."btns mt2" { @for side in Side::ALL { button.btn name="side" value=(side.code()) { (side_word(lang, *side)) } } }
                }
            }
        }
    }
}

async fn show(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>) -> Answer {
    viewer.signed_in()?;
    let s = sitting_of(&ctx, &viewer, &id).await?;
    if !super::live::is_public(&s) {
        return Err(Refusal::missing("councils.no-sitting").into());
    }
    let council = body_of(&ctx, &s).await?;
    Ok(part(&ctx, &viewer, &council, &s).into_response())
}

/// What is asked, by the reader's own seat.
fn read(verb: &str, f: &Fields, s: &Sitting, seat: Option<Id>) -> Result<Act, Refusal> {
    let seat = seat.ok_or(Refusal::forbidden("councils.not-in-room"));
    Ok(match verb {
        "speak" => {
            let side = f.code("side", Side::parse)?.ok_or(Refusal::invalid("side", "ui.empty"))?;
            Act::AskToSpeak(super::id_of(f, "item")?, seat?, side)
        }
        "unspeak" => {
            let speech = super::id_of(f, "speech")?;
            let seat = seat?;
            let mine = s.speeches.iter().any(|o| o.id == speech && o.member == seat);
            if !mine {
                return Err(Refusal::forbidden("councils.not-yours"));
            }
            Act::DropSpeech(speech)
        }
        "voice" => {
            let said = f.code("said", Say::parse)?.ok_or(Refusal::invalid("said", "ui.empty"))?;
            Act::Voice(id_of(f, "item")?, seat?, said)
        }
        _ => Act::Motion(read_motion(verb, f, seat?)?),
    })
}

/// What is asked of a motion, by the reader's own seat. How far an amendment is the chair says.
fn read_motion(verb: &str, f: &Fields, seat: Id) -> Result<MotionAct, Refusal> {
    let (id, text) = (id_of(f, "id")?, f.get("motion").to_owned());
    Ok(match verb {
        "move-motion" => MotionAct::Move { item: id, sponsor: seat, text },
        "amend" => MotionAct::Amend { motion: id, sponsor: seat, text, distance: 1 },
        "second" => MotionAct::Second { motion: id, seat },
        "withdraw-motion" => MotionAct::Withdraw { motion: id, seat },
        _ => return Err(Refusal::missing("councils.no-verb")),
    })
}

async fn act(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    Path((id, verb)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let viewer = &posted.viewer;
    viewer.signed_in()?;
    let actor = viewer.actor(None)?;
    let s = sitting_of(&ctx, viewer, &id).await?;
    let council = body_of(&ctx, &s).await?;
    let id = s.id;
    if verb == "ask" {
        // Whoever is signed in may ask; a plan is not there for them.
        if !super::live::is_public(&s) {
            return Err(Refusal::missing("councils.no-sitting").into());
        }
        let (person, text) = (actor.person, posted.fields.get("question").to_owned());
        ctx.store
            .once(posted.key(), move |tx| {
                Box::pin(async move { actions::ask(tx, &actor, id, person, &text).await.map(|_| ()) })
            })
            .await?;
        return Ok(ui::done(&ctx, &format!("/sittings/{id}"), "councils.done-asked", &[]));
    }
    if verb == "delegate" || verb == "drop-delegate" {
        return send(&ctx, bridge, &posted, &council, &s, verb == "delegate").await;
    }
    let act = read(&verb, &posted.fields, &s, seated(viewer, &s))?;
    ctx.store
        .once(posted.key(), move |tx| {
            Box::pin(async move { actions::act(tx, bridge, &actor, id, act).await.map(|_| ()) })
        })
        .await?;
    Ok(ui::done(&ctx, &format!("/sittings/{id}"), "councils.done-saved", &[]))
}

/// A member says who comes in their place, or that they come themselves.
async fn send(
    ctx: &Ctx,
    bridge: Bridge,
    posted: &Posted,
    council: &Council,
    s: &Sitting,
    sends: bool,
) -> Answer {
    let actor = posted.viewer.actor(None)?;
    let seat = actor.person.and_then(|p| council.seat_of(p, s.day())).map(|m| m.id);
    let seat = seat.ok_or(Refusal::forbidden("councils.not-member"))?;
    let (id, f) = (s.id, &posted.fields);
    let (name, phone) = (f.get("delegate").to_owned(), f.some("delegate_phone").map(str::to_owned));
    ctx.store
        .once(posted.key(), move |tx| {
            Box::pin(async move {
                if sends {
                    actions::send(tx, bridge, &actor, id, seat, &name, phone.as_deref()).await.map(|_| ())
                } else {
                    actions::act(tx, bridge, &actor, id, Act::DropDelegate(seat)).await.map(|_| ())
                }
            })
        })
        .await?;
    Ok(ui::done(ctx, &format!("/sittings/{id}"), "councils.done-saved", &[]))
}
