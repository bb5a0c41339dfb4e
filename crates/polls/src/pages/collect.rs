//! Collecting: deliveries, paper sheets, help at the table. On the page of the poll what is entered by number; on the page of a
//! head what concerns that head.

use super::{
    DESK,
    desk::{entry, leave},
    vote_text,
};
use crate::{
    actions,
    actions::secret::{self, Pass},
    model::{DeliveryWay, Poll, PollState, Reached, Vote},
    queries::{self, HeadRow},
    rules::{Hand, rights::COLLECT},
    t,
};
use axum::{
    Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::post,
};
use kernel::Refusal;
use maud::{Markup, html};
use store::Fault;
use tally::events::Way;
use ui::{
    Answer, Ctx, Fields, Form, Posted, Viewer, layout,
    parts::{self, Field},
    show,
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new().route("/office/polls/{id}/collect/{act}", post(collect))
}

/// What may be collected now, on the page of the poll.
pub(super) fn sections(ctx: &Ctx, viewer: &Viewer, p: &Poll, form: &Form) -> Markup {
    let lang = viewer.lang;
    let address = |act: &str| format!("{DESK}/{}/collect/{act}", p.id);
    html! {
        @if matches!(p.state, PollState::Open | PollState::Closed) && !p.secret { section."sec mt3" id="sheets" aria-labelledby="h-sheets" {
            div.sec-h { h2 #h-sheets { (t!(lang, "sheets")) } }
            div."card card-p" {
                p.hint { (t!(lang, "sheets-about")) }
                form."form mt2" method="post" enctype="multipart/form-data" action=(address("sheet")) data-once {
                    (parts::hidden(ctx, viewer))
                    (parts::field(lang, form, Field { name: "code", label: &t!(lang, "sheet-code"), hint: &t!(lang, "sheet-code-hint"), required: true, max: 30, autocomplete: "off", ..Field::default() }))
                    (super::vote::choices(lang, p, form))
                    (parts::check(form, "unreadable", &t!(lang, "sheet-unreadable")))
                    (parts::field(lang, form, Field { name: "image", label: &t!(lang, "sheet-image"), kind: "file", ..Field::default() }))
                    div."btns mt3" { button."btn pri" { (t!(lang, "sheet-save")) } }
                }
            }
        } }
        @if p.secret && p.state == PollState::Open { section."sec mt3" aria-labelledby="h-hand" {
            div.sec-h { h2 #h-hand { (t!(lang, "hand-out")) } }
            div."card card-p" {
                p.hint { (t!(lang, "hand-out-about")) }
                form."form mt2" method="post" action=(address("hand-out")) data-once {
                    (parts::hidden(ctx, viewer))
                    (parts::field(lang, form, Field { name: "head", label: &t!(lang, "head-number"), hint: &t!(lang, "head-number-hint"), kind: "number", required: true, ..Field::default() }))
                    div."btns mt3" { button."btn pri" name="form" value="booth" { (t!(lang, "hand-out-booth")) } button.btn name="form" value="paper" { (t!(lang, "hand-out-paper")) } }
                }
            }
        } }
    }
}

fn heads(f: &Fields) -> Result<Vec<u32>, Refusal> {
    f.all("head").map(|h| h.parse().map_err(|_| Refusal::invalid("head", "ui.not-valid"))).collect()
}

/// The one head of a form.
fn head(f: &Fields) -> Result<u32, Refusal> {
    f.parse("head")?.ok_or(Refusal::invalid("head", "ui.empty"))
}

async fn collect(
    State(ctx): State<Ctx>,
    Path((id, act)): Path<(String, String)>,
    mut posted: Posted,
) -> Answer {
    let (p, actor) = entry(&ctx, &posted, &id, &COLLECT).await?;
    let (id, key) = (p.id, posted.key());
    let mut files = Vec::new();
    for field in ["image", "proof", "paper"] {
        match posted.take_files(field, 1).await {
            Ok(taken) => files.extend(taken),
            Err(fault) => return leave(&ctx, &posted, id, Err(fault)).await,
        }
    }
    let f = posted.fields.clone();
    if act == "hand-out" || act == "reissue" {
        let (paper, again) = (f.get("form") == "paper", act == "reissue");
        let form = f.get("key").to_owned();
        let number = head(&f);
        let done = match number.clone() {
            Err(refusal) => Err(Fault::from(refusal)),
            Ok(head) => {
                // Not once by its key: what is kept with a key would lie beside the mark of who was handed a ballot, with its time.
                ctx.store
                    .write(move |tx| {
                        Box::pin(async move {
                            if again {
                                return secret::reissue(tx, &actor, id, head, &form).await.map(Some);
                            }
                            secret::hand_out(tx, &actor, id, head, paper, &form).await
                        })
                    })
                    .await
            }
        };
        return match (done, number) {
            (Ok(Some(pass)), Ok(head)) => {
                let row = queries::head(&mut ctx.store.read().await?, p.street, id, head).await?;
                Ok(pass_page(&ctx, &posted.viewer, &p, row.as_ref(), &pass).into_response())
            }
            (Err(fault), _) => leave(&ctx, &posted, id, Err(fault)).await,
            _ => leave(&ctx, &posted, id, Ok(())).await,
        };
    }
    let options = p.options.len();
    let shape = p.shape;
    let back = f.some("back").is_some();
    let first = f.get("head").to_owned();
    let done = ctx
        .store
        .once(key, move |tx| {
            Box::pin(async move {
                let blob = files.pop();
                match act.as_str() {
                    "sheet" => {
                        let vote = if f.ticked("unreadable") {
                            "invalid".to_owned()
                        } else {
                            vote_text(&f, options)
                        };
                        actions::sheet(tx, &actor, id, f.get("code"), &vote, blob).await.map(|_| ())
                    }
                    "serve" => {
                        let way =
                            f.code("way", DeliveryWay::parse)?.ok_or(Refusal::invalid("way", "ui.empty"))?;
                        let reached = f
                            .code("reached", Reached::parse)?
                            .ok_or(Refusal::invalid("reached", "ui.empty"))?;
                        actions::serve(tx, &actor, id, &heads(&f)?, way, reached, blob).await.map(|_| ())
                    }
                    "recognise" => {
                        actions::recognise(tx, &actor, id, head(&f)?, f.get("phone"), f.get("known_by"))
                            .await
                            .map(|_| ())
                    }
                    "proxy" => {
                        let agent = f.parse("agent")?.ok_or(Refusal::invalid("agent", "ui.empty"))?;
                        actions::proxy(tx, &actor, id, head(&f)?, agent, blob).await.map(|_| ())
                    }
                    "revoke" => actions::revoke(tx, &actor, id, head(&f)?).await.map(|_| ()),
                    "assist" => {
                        let vote = Vote::read(&shape, options, &vote_text(&f, options), false)?;
                        let witness = f.some("witness").map(str::to_owned);
                        let hand = Hand { vote, way: Way::Assisted, agent: None, witness };
                        actions::cast(tx, &actor, id, head(&f)?, hand).await.map(|_| ())
                    }
                    "lost" => secret::lose(tx, &actor, id, head(&f)?, f.get("stub"), f.get("lost"))
                        .await
                        .map(|_| ()),
                    "drop" => actions::drop_sheets(tx, &actor, id, head(&f)?, f.get("why")).await.map(|_| ()),
                    _ => Err(Refusal::missing("polls.no-verb").into()),
                }
            })
        })
        .await;
    match done {
        Ok(()) if back => {
            let to = if first.is_empty() {
                format!("{DESK}/{id}/heads")
            } else {
                format!("{DESK}/{id}/heads/{first}")
            };
            Ok(ui::done(&ctx, &to, "polls.done-saved", &[]))
        }
        done => leave(&ctx, &posted, id, done).await,
    }
}

/// The code, large, once: it is not shown again. What the voter takes along, and below it what stays at the table.
fn pass_page(ctx: &Ctx, viewer: &Viewer, p: &Poll, head: Option<&HeadRow>, pass: &Pass) -> Markup {
    let lang = viewer.lang;
    let title = t!(lang, "booth-code");
    let split =
        format!("{} {}", pass.code.get(..4).unwrap_or_default(), pass.code.get(4..).unwrap_or_default());
    let body = html! {
        section."sheet center" {
            h1 { (p.title) }
            p { (t!(lang, "booth-code-about")) }
            p."oops-n num" { (split) }
            p { (parts::qr(&format!("{}/polls/{}/booth", ctx.site.base_url, p.id))) }
            p { (t!(lang, "return-until", until = p.closes.map(show::full).unwrap_or_default())) }
        }
        section.sheet {
            header.sheet-h { div { h2 { (t!(lang, "stub")) } p { (p.number) " · " (p.title) } } }
            p { (t!(lang, "stub-about")) }
            table.sheet-kv {
                @if let Some(h) = head { tr { th { (t!(lang, "head-number")) } td.num { (h.head) " · " (h.units) } } }
                tr { th { (t!(lang, "stub-number")) } td."num stub" { (pass.stub) } }
            }
            div.sheet-sign { span { (t!(lang, "signature")) } span { (t!(lang, "day")) } }
        }
    };
    layout::paper(viewer, &title, &format!("{DESK}/{}", p.id), &body)
}
