//! The chair's one screen: what is loaded for it, and the verbs that are posted from it.

use super::{
    chair, councils::new_sitting, desk, draft_minutes, entered, floor, id_of, into_form, paper, presides,
    sitting_of, with_status, words::Owners,
};
use crate::{
    Bridge, Waiting, actions,
    model::{
        Act, Action, Council, How, ItemKind, NewAction, NewItem, Owner, Side, Sitting, TellerCount, Votes,
    },
    queries,
    rules::rights::{HOLD, READ},
    t,
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::{get, post},
};
use kernel::{Id, Refusal};
use maud::Markup;
use people::Unit;
use store::Fault;
use ui::{
    Answer, Ctx, Fields, Form, Posted, Viewer,
    layout::{self, Page},
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/office/sittings/{id}", get(show))
        .route("/office/sittings/{id}/paper", get(paper::show))
        .route("/office/sittings/{id}/floor", get(floor_part))
        .route("/office/sittings/{id}/{act}", post(act))
}

/// Everything that the screen shows.
pub(super) struct Screen {
    pub(super) council: Council,
    pub(super) sitting: Sitting,
    /// Open actions of earlier sittings.
    pub(super) before: Vec<Action>,
    /// Actions that this sitting gave.
    pub(super) given: Vec<Action>,
    pub(super) owners: Owners,
    /// Matters that may still be put on the agenda.
    pub(super) waiting: Vec<Waiting>,
    pub(super) units: Vec<Unit>,
    /// The text of the minutes.
    pub(super) minutes: String,
    /// Whether the reader may change something.
    pub(super) hold: bool,
    /// Whether the reader has a desk; whoever presides without an office has none.
    pub(super) staff: bool,
    /// The version that was read.
    pub(super) version: i64,
    nameless: String,
}

impl Screen {
    /// The name of somebody who sits on the body.
    pub(super) fn name(&self, person: Id) -> String {
        self.owners.persons.get(&person).cloned().unwrap_or_else(|| self.nameless.clone())
    }

    async fn load(ctx: &Ctx, viewer: &Viewer, bridge: Bridge, sitting: Sitting) -> Result<Self, Fault> {
        let street = sitting.street;
        let mut conn = ctx.store.read().await?;
        // The version first: what is read after it is at least as new.
        let version = queries::version(&mut conn, street, sitting.id).await?;
        let sitting = queries::sitting(&mut conn, street, sitting.id).await?.unwrap_or(sitting);
        let council = queries::council(&mut conn, street, sitting.council).await?;
        let council = council.ok_or_else(|| Fault::other("a sitting without a body"))?;
        let mut before = queries::open_actions(&mut conn, street, council.id).await?;
        before.retain(|a| a.sitting != sitting.id);
        let given = queries::actions_of(&mut conn, street, sitting.id).await?;
        let all: Vec<Action> = before.iter().chain(&given).cloned().collect();
        let owners = Owners::named(&mut conn, ctx.store.keys(), &council, &all).await?;
        let mut waiting = Vec::new();
        if sitting.state.is_plan() {
            let taken = queries::matters_on_agendas(&mut conn, street).await?;
            waiting = (bridge.waiting)(&mut conn, street, &sitting.place).await?;
            waiting.retain(|w| !taken.contains(&w.id));
        }
        let units = people::queries::units_near(&mut conn, street, &sitting.place, None).await?;
        let minutes = match &sitting.minutes {
            Some(m) => {
                let commit = [m.text.commit.clone()];
                let mut clear = conn.clear_words(ctx.store.keys(), street, &commit).await?;
                clear.remove(&m.text.commit).unwrap_or_default()
            }
            None => String::new(),
        };
        let hold = viewer.may(&HOLD, &sitting.place).is_some() || presides(viewer, &council, &sitting);
        let staff = viewer.may(&READ, &sitting.place).is_some();
        Ok(Self {
            council,
            sitting,
            before,
            given,
            owners,
            waiting,
            units,
            minutes,
            hold,
            staff,
            version,
            nameless: t!(viewer.lang, "nameless"),
        })
    }
}

async fn page(ctx: &Ctx, viewer: &Viewer, bridge: Bridge, s: Sitting, form: &Form) -> Result<Markup, Fault> {
    let screen = Screen::load(ctx, viewer, bridge, s).await?;
    let (title, body) = chair::screen(ctx, viewer, &screen, form);
    if screen.staff {
        return Ok(desk(ctx, viewer, &title, &body));
    }
    let back = format!("/sittings/{}", screen.sitting.id);
    let page = Page { title: &title, back: Some(&back), ..Page::default() };
    Ok(layout::resident(ctx, viewer, page, &body))
}

async fn show(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Answer {
    let (_, s, _) = entered(&ctx, &viewer, &READ, &id).await?;
    Ok(page(&ctx, &viewer, bridge, s, &Form::default()).await?.into_response())
}

/// The floor alone, for the screen that follows it.
async fn floor_part(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Answer {
    let (_, s, _) = entered(&ctx, &viewer, &READ, &id).await?;
    let screen = Screen::load(&ctx, &viewer, bridge, s).await?;
    Ok(floor::part(&ctx, &viewer, &screen, &Form::default()).into_response())
}

fn count(f: &Fields, side: &'static str) -> Result<TellerCount, Refusal> {
    let hands = |name: &str| match f.some(&format!("{side}_{name}")) {
        None => Ok(0),
        Some(text) => text.parse().map_err(|_| Refusal::invalid(side, "ui.not-valid")),
    };
    let votes = Votes { yes: hands("yes")?, no: hands("no")?, abstain: hands("abstain")? };
    Ok(TellerCount { teller: id_of(f, side)?, votes })
}

/// The verb of a form. `draft` is the text of minutes made from what happened.
fn read(act: &str, f: &Fields, posted: &Posted, draft: String) -> Result<Act, Refusal> {
    let text = |name: &str| f.get(name).to_owned();
    let item = || id_of(f, "item");
    Ok(match act {
        "move" => Act::Move(new_sitting(posted)?),
        "add-item" => Act::AddItem(NewItem {
            kind: f.code("kind", ItemKind::parse)?.ok_or(Refusal::invalid("kind", "ui.empty"))?,
            title: f.some("title").map(str::to_owned),
            minutes: f.parse("minutes")?.unwrap_or(0),
            matter: f.parse("matter")?,
        }),
        "remove-item" => Act::RemoveItem(item()?),
        "raise-item" => Act::RaiseItem(item()?),
        "notice" => Act::Notice(f.some("urgent").map(str::to_owned)),
        "postpone" => Act::Postpone(text("words")),
        "cancel" => Act::Cancel(text("words")),
        "open" => Act::OpenSignIn,
        "come" => Act::Come(id_of(f, "member")?, How::List),
        "leave" => Act::Leave(id_of(f, "member")?),
        "lapse" => Act::Lapse,
        "begin" => Act::Begin,
        "pause" => Act::Pause,
        "resume" => Act::Resume,
        "close" => Act::Close,
        "call" => Act::Call(item()?),
        "vote" => Act::OpenVote(item()?, text("motion"), f.some("rule").map(str::to_owned)),
        "count" => Act::Count(item()?, count(f, "first")?, count(f, "second")?),
        "add-speaker" => {
            let side = f.code("side", Side::parse)?.ok_or(Refusal::invalid("side", "ui.empty"))?;
            Act::AskToSpeak(item()?, id_of(f, "speaker")?, side)
        }
        "drop-speech" => Act::DropSpeech(id_of(f, "speech")?),
        "give-word" => Act::GiveWord(item()?),
        "end-speech" => Act::EndSpeech,
        "limit-speech" => {
            Act::LimitSpeech(item()?, f.parse("limit")?.ok_or(Refusal::invalid("limit", "ui.empty"))?)
        }
        "conclude" => Act::Conclude(item()?, text("words")),
        "table" => Act::Table(item()?, text("words")),
        "refer" => Act::Refer(item()?, text("words")),
        "withdraw" => Act::Withdraw(item()?, text("words")),
        "draft" => Act::Draft(draft),
        "edit" => Act::Edit(text("text")),
        "publish" => Act::Publish,
        _ => return Err(Refusal::missing("councils.no-verb")),
    })
}

/// An action of a form: the owner is `unit:ID` or `person:ID`.
fn read_action(f: &Fields) -> Result<NewAction, Refusal> {
    let bad = || Refusal::invalid("owner", "ui.not-valid");
    let owner = f.some("owner").ok_or(Refusal::invalid("owner", "ui.empty"))?;
    let (kind, id) = owner.split_once(':').ok_or_else(bad)?;
    let id: Id = id.parse().map_err(|_| bad())?;
    let owner = match kind {
        "unit" => Owner::Unit(id),
        "person" => Owner::Person(id),
        _ => return Err(bad()),
    };
    Ok(NewAction {
        item: id_of(f, "item")?,
        text: f.get("what").to_owned(),
        owner,
        due: f.parse("due")?.ok_or(Refusal::invalid("due", "ui.empty"))?,
    })
}

async fn act(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    Path((id, verb)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let viewer = &posted.viewer;
    let (_, s, actor) = entered(&ctx, viewer, &HOLD, &id).await?;
    let id = s.id;
    let done = if verb == "action" {
        match read_action(&posted.fields) {
            Err(refusal) => Err(Fault::from(refusal)),
            Ok(new) => {
                ctx.store
                    .once(posted.key(), move |tx| {
                        Box::pin(async move { actions::give(tx, &actor, id, new).await.map(|_| ()) })
                    })
                    .await
            }
        }
    } else {
        let draft = match verb.as_str() {
            "draft" => draft_minutes(&mut ctx.store.read().await?, viewer.lang, s.street, &s).await?,
            _ => String::new(),
        };
        match read(&verb, &posted.fields, &posted, draft) {
            Err(refusal) => Err(refusal.into()),
            Ok(act) => {
                ctx.store
                    .once(posted.key(), move |tx| {
                        Box::pin(async move { actions::act(tx, bridge, &actor, id, act).await.map(|_| ()) })
                    })
                    .await
            }
        }
    };
    match done {
        Ok(()) => Ok(ui::done(&ctx, &format!("/office/sittings/{id}"), "councils.done-saved", &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            // Somebody may have been faster: the page shows what is so now.
            let now = sitting_of(&ctx, viewer, &id.to_string()).await?;
            Ok(with_status(&refusal, page(&ctx, viewer, bridge, now, &form).await?))
        }
    }
}
