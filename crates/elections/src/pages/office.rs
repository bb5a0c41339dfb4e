//! The committee's one screen: what is loaded for it, and the verbs that are posted from it.

use super::{Query, calendar, desk, election_of, local_time, must, paper, show};
use crate::{
    actions::{self, Correction, Named, Times},
    model::{Act, Bar, Election, Presentation, RollLine, Warning, Way},
    queries,
    rules::rights::{CONCLUDE, PREPARE, READ, VET},
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::{get, post},
};
use kernel::{Actor, Id, Refusal, calendar::Calendar};
use maud::Markup;
use polls::{Bridge, Hung, model::Posted};
use std::collections::HashMap;
use store::{Fault, IdemKey, Tx};
use ui::{Answer, Ctx, Fields, Form, Viewer, into_form, with_status};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/office/elections/{id}", get(show_page))
        .route("/office/elections/{id}/paper", get(paper::show).post(paper::roll))
        .route("/office/elections/{id}/vet", post(vet))
        .route("/office/elections/{id}/conclude/{act}", post(conclude))
        .route("/office/elections/{id}/{act}", post(prepare))
}

/// Everything that the screen shows.
pub(super) struct Screen {
    pub(super) election: Election,
    pub(super) names: HashMap<Id, String>,
    /// Clear texts by commitment: appeals, presentations, what the vetting noted.
    pub(super) texts: HashMap<String, String>,
    pub(super) calendar: Calendar,
    /// The nominee that the vetting form is about.
    pub(super) chosen: Option<Id>,
    pub(super) prepare: bool,
    pub(super) vet: bool,
    pub(super) conclude: bool,
}

impl Screen {
    async fn load(ctx: &Ctx, viewer: &Viewer, e: Election, chosen: Option<Id>) -> Result<Self, Fault> {
        let calendar = calendar(ctx, e.street).await?;
        let mut conn = ctx.store.read().await?;
        let keys = ctx.store.keys();
        let names = queries::names(&mut conn, keys, &e).await?;
        let texts = conn.clear_words(keys, e.street, &wanted(&e)).await?;
        drop(conn);
        let may = |right| viewer.may(right, &e.place).is_some();
        let (prepare, vet, conclude) = (may(&PREPARE), may(&VET), may(&CONCLUDE));
        Ok(Self { names, texts, calendar, chosen, prepare, vet, conclude, election: e })
    }
}

/// What is kept of appeals, presentations and the vetting.
fn wanted(e: &Election) -> Vec<String> {
    let appeals = e.appeals.iter().flat_map(|a| [Some(&a.text), a.answer.as_ref()]).flatten();
    let shown = e.nominees.iter().filter_map(|n| n.presentation.as_ref());
    let shown = shown.flat_map(Presentation::words);
    let notes = e.nominees.iter().flat_map(|n| n.opinions.iter().filter_map(|o| o.note.as_ref()));
    let prints = e.prints.iter().map(|p| &p.reason);
    queries::commits(appeals.chain(shown).chain(notes).chain(prints))
}

pub(super) async fn page(
    ctx: &Ctx,
    viewer: &Viewer,
    e: Election,
    chosen: Option<Id>,
    form: &Form,
) -> Result<Markup, Fault> {
    let screen = Screen::load(ctx, viewer, e, chosen).await?;
    let body = show::screen(ctx, viewer, &screen, form);
    Ok(desk(ctx, viewer, &screen.election.title, &body))
}

async fn show_page(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>, query: Query) -> Answer {
    viewer.need_somewhere(&READ)?;
    let e = election_of(&ctx, &viewer, &id).await?;
    viewer.need(&READ, &e.place)?;
    let chosen = query.get("n").and_then(|n| n.parse().ok());
    Ok(page(&ctx, &viewer, e, chosen, &Form::default()).await?.into_response())
}

/// What a form of the screen asks.
enum Ask {
    Plain(Act),
    Member(String, Option<String>, bool),
    Roll(Vec<RollLine>, Option<Box<Hung>>),
    Correct(Correction, Option<Id>),
    Answer(Id, bool, String),
    Nominate(Named),
    Publish(Vec<(Warning, String)>, Times, Option<Box<Hung>>),
    Call(Times),
    Vet(Id, Vec<(Bar, bool)>, String),
    Strike(Id, String),
    WrittenIn(String, bool, String),
    Cancel(String),
}

impl Ask {
    async fn run(
        self,
        tx: &mut Tx,
        bridge: Bridge,
        actor: &Actor,
        id: Id,
        calendar: &Calendar,
    ) -> Result<(), Fault> {
        let c = calendar;
        match self {
            Self::Plain(act) => actions::act(tx, actor, id, act, c).await,
            Self::Member(name, phone, chair) => {
                actions::name_member(tx, actor, id, &name, phone.as_deref(), chair, c).await
            }
            Self::Roll(lines, hung) => {
                let posted = kept(tx, actor, hung).await?;
                actions::publish_roll(tx, actor, id, &lines, posted, c).await
            }
            Self::Correct(how, appeal) => actions::correct_roll(tx, actor, id, how, appeal, c).await,
            Self::Answer(appeal, upheld, answer) => {
                actions::decide_appeal(tx, actor, id, appeal, upheld, &answer, c).await
            }
            Self::Nominate(named) => actions::nominate(tx, actor, id, named, true, c).await,
            Self::Publish(reasons, times, hung) => {
                let posted = kept(tx, actor, hung).await?;
                actions::publish_candidates(tx, bridge, actor, id, reasons, times, posted, c).await
            }
            Self::Call(times) => actions::call_round(tx, bridge, actor, id, times, c).await,
            Self::Vet(nominee, answers, note) => {
                actions::vet(tx, actor, id, nominee, answers, &note, c).await
            }
            Self::Strike(nominee, why) => actions::strike(tx, actor, id, nominee, &why, c).await,
            Self::WrittenIn(name, accepted, note) => {
                actions::decide_written_in(tx, actor, id, &name, accepted, &note, c).await
            }
            Self::Cancel(why) => actions::cancel(tx, bridge, actor, id, &why, c).await,
        }
        .map(|_| ())
    }
}

/// Where a notice hung, with its photo kept.
async fn kept(tx: &mut Tx, actor: &Actor, hung: Option<Box<Hung>>) -> Result<Option<Posted>, Fault> {
    match hung {
        Some(hung) => hung.keep(tx, actor.street).await.map(Some),
        None => Ok(None),
    }
}

fn times(f: &Fields) -> Result<Times, Refusal> {
    let (opens, closes) = (local_time(f, "opens")?, local_time(f, "closes")?);
    Ok(Times { opens, closes, late: f.some("late").map(str::to_owned) })
}

/// Yes or no; neither is an empty field.
fn yes(f: &Fields, name: &'static str) -> Result<bool, Refusal> {
    match f.some(name) {
        Some("yes") => Ok(true),
        Some("no") => Ok(false),
        Some(_) => Err(Refusal::invalid(name, "ui.not-valid")),
        None => Err(Refusal::invalid(name, "ui.empty")),
    }
}

/// Whom a form names.
pub(super) fn named(f: &Fields) -> Result<Named, Refusal> {
    let woman = match f.some("woman") {
        None => None,
        Some("yes") => Some(true),
        Some("no") => Some(false),
        Some(_) => return Err(Refusal::invalid("woman", "ui.not-valid")),
    };
    Ok(Named {
        name: f.get("name").to_owned(),
        phone: f.some("phone").map(str::to_owned),
        woman,
        way: f.code("way", Way::parse)?.ok_or(Refusal::invalid("way", "ui.empty"))?,
        from: f.some("from").map(str::to_owned),
        agrees: f.ticked("agrees"),
    })
}

async fn read(act: &str, posted: &mut ui::Posted) -> Result<Ask, Fault> {
    let hung = Hung::read(posted).await?.map(Box::new);
    let f = &posted.fields;
    let text = |name: &str| f.get(name).to_owned();
    let phone = || f.some("phone").map(str::to_owned);
    Ok(match act {
        "move" => Ask::Plain(Act::Move(must(f, "day")?, text("moved"))),
        "member" => Ask::Member(text("name"), phone(), f.ticked("chair")),
        "resign" => Ask::Plain(Act::Resign(must(f, "member")?)),
        "form" => Ask::Plain(Act::Form),
        "roll" => {
            let file = posted.file("roll")?.ok_or(Refusal::invalid("roll", "ui.empty"))?;
            let sheet = ui::sheet::read(&file.bytes).map_err(|fault| match fault {
                // The reader of spreadsheets calls its field by another name.
                Fault::Refused(r) => Fault::from(Refusal { field: Some("roll"), ..r }),
                other => other,
            })?;
            Ask::Roll(actions::lines_of(&sheet)?, hung)
        }
        "add" => {
            let line = RollLine { unit: text("unit"), name: text("name"), phone: phone() };
            Ask::Correct(Correction::Add(line), f.parse("appeal")?)
        }
        "remove" => Ask::Correct(Correction::Remove(text("gone")), f.parse("struck")?),
        "answer" => Ask::Answer(must(f, "id")?, yes(f, "upheld")?, text("answer")),
        "open" => Ask::Plain(Act::OpenNominations),
        "nominate" => Ask::Nominate(named(f)?),
        "sign" => {
            let units = f.get("units").split(['\n', ',', '，', '、', ';', '；']).map(str::trim);
            let units = units.filter(|u| !u.is_empty()).map(str::to_owned).collect();
            Ask::Plain(Act::Sign(must(f, "id")?, units))
        }
        "agree" => Ask::Plain(Act::Agree(must(f, "id")?)),
        "decline" => Ask::Plain(Act::Decline(must(f, "id")?)),
        "withdraw" => Ask::Plain(Act::Withdraw(must(f, "id")?)),
        "close" => Ask::Plain(Act::CloseNominations),
        "reopen" => Ask::Plain(Act::ReopenNominations(text("again"))),
        "kin" => Ask::Plain(Act::Kin(must(f, "first")?, must(f, "second")?)),
        "publish" => {
            let reasons = Warning::ALL.iter().map(|w| (*w, text(w.code()))).collect();
            Ask::Publish(reasons, times(f)?, hung)
        }
        "meet" => Ask::Plain(Act::Meet(must(f, "on")?, text("how"))),
        "call" => Ask::Call(times(f)?),
        _ => return Err(Refusal::missing("elections.no-verb").into()),
    })
}

fn read_conclude(act: &str, f: &Fields) -> Result<Ask, Refusal> {
    let text = |name: &str| f.get(name).to_owned();
    Ok(match act {
        "strike" => Ask::Strike(must(f, "id")?, text("note")),
        "written-in" => Ask::WrittenIn(text("name"), yes(f, "accepted")?, text("note")),
        "vacant" => Ask::Plain(Act::LeaveVacant(text("vacant"))),
        "hand-over" => Ask::Plain(Act::HandOver(must(f, "on")?, text("how"))),
        "archive" => Ask::Plain(Act::Archive),
        "cancel" => Ask::Cancel(text("why")),
        _ => return Err(Refusal::missing("elections.no-verb")),
    })
}

async fn prepare(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    Path((id, act)): Path<(String, String)>,
    mut posted: ui::Posted,
) -> Answer {
    // Before the photo is taken out of the form: another photo is another form.
    let key = posted.key();
    let asked = read(&act, &mut posted).await;
    answer(&ctx, bridge, &PREPARE, &id, &posted, key, asked).await
}

async fn conclude(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    Path((id, act)): Path<(String, String)>,
    posted: ui::Posted,
) -> Answer {
    let asked = read_conclude(&act, &posted.fields).map_err(Fault::from);
    answer(&ctx, bridge, &CONCLUDE, &id, &posted, posted.key(), asked).await
}

async fn vet(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    Path(id): Path<String>,
    posted: ui::Posted,
) -> Answer {
    let asked = read_vet(&posted.fields).map_err(Fault::from);
    answer(&ctx, bridge, &VET, &id, &posted, posted.key(), asked).await
}

fn read_vet(f: &Fields) -> Result<Ask, Refusal> {
    let mut answers = Vec::new();
    for bar in Bar::ALL {
        match f.some(&format!("bar_{bar}")) {
            Some("yes") => answers.push((*bar, true)),
            Some("no") => answers.push((*bar, false)),
            _ => {}
        }
    }
    Ok(Ask::Vet(must(f, "id")?, answers, f.get("note").to_owned()))
}

/// Proves the right, does what the form asks, and shows the screen again: with what was wrong, or as it is now.
async fn answer(
    ctx: &Ctx,
    bridge: Bridge,
    right: &ui::Right,
    id: &str,
    posted: &ui::Posted,
    key: Option<IdemKey>,
    asked: Result<Ask, Fault>,
) -> Answer {
    let viewer = &posted.viewer;
    viewer.need_somewhere(right)?;
    let e = election_of(ctx, viewer, id).await?;
    let actor = viewer.actor(Some(viewer.need(right, &e.place)?))?;
    let calendar = calendar(ctx, e.street).await?;
    let id = e.id;
    let done = match asked {
        Err(fault) => Err(fault),
        Ok(ask) => {
            ctx.store
                .once(key, move |tx| {
                    Box::pin(async move { ask.run(tx, bridge, &actor, id, &calendar).await })
                })
                .await
        }
    };
    match done {
        Ok(()) => Ok(ui::done(ctx, &format!("/office/elections/{id}"), "elections.done-saved", &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            // Somebody may have been faster: the page shows what is so now.
            let now = election_of(ctx, viewer, &id.to_string()).await?;
            let chosen = posted.fields.parse("id").ok().flatten();
            Ok(with_status(&refusal, page(ctx, viewer, now, chosen, &form).await?))
        }
    }
}
