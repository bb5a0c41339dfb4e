//! The chair's one screen: what is loaded for it, and the verbs that are posted from it.

use super::{
    chair,
    councils::new_sitting,
    desk, draft_minutes, entered, floor, id_of, into_form, paper, presides, sitting_of, with_status,
    words::{Owners, capacity_word, owned_promises},
};
use crate::{
    Bridge, Waiting,
    actions::{self, NewGuest},
    model::{
        Act, Action, Capacity, Council, How, ItemKind, Minutes, MotionAct, NewAction, NewItem, Owner,
        QuestionAct, Say, Side, Sitting, Submission, TellerCount, Votes,
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
use futures_util::future::BoxFuture;
use kernel::{Actor, Id, Refusal};
use maud::Markup;
use people::Unit;
use std::collections::HashMap;
use store::{Blob, Conn, Fault, Keys, Tx};
use ui::{
    Answer, Ctx, Fields, Form, Lang, Posted, Viewer,
    layout::{self, Page},
};

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/office/sittings/{id}", get(show))
        .route("/office/sittings/{id}/paper", get(paper::show))
        .route("/office/sittings/{id}/floor", get(floor_part))
        .route("/office/sittings/{id}/signed/{photo}", get(signed_paper))
        .route("/office/sittings/{id}/{act}", post(act))
}

/// Texts by their commitment.
pub(super) type Texts = HashMap<String, String>;

/// The minutes of a sitting in clear: as they stand, as corrected and as they were.
pub(super) async fn minutes_texts(conn: &mut Conn, keys: &Keys, s: &Sitting) -> Result<Texts, Fault> {
    let all = s.minutes.iter().chain(&s.correction).chain(&s.earlier);
    let commits: Vec<String> = all.map(|m| m.text.commit.clone()).collect();
    conn.clear_words(keys, s.street, &commits).await
}

/// The text of some minutes.
pub(super) fn text_of<'a>(texts: &'a Texts, minutes: Option<&Minutes>) -> &'a str {
    minutes.and_then(|m| texts.get(&m.text.commit)).map_or("", String::as_str)
}

/// Everything that the screen shows.
pub(super) struct Screen {
    pub(super) council: Council,
    pub(super) sitting: Sitting,
    /// Open actions of earlier sittings.
    pub(super) before: Vec<Action>,
    /// Actions that this sitting gave.
    pub(super) given: Vec<Action>,
    /// The questions put to it.
    pub(super) questions: Vec<super::board::Asked>,
    pub(super) owners: Owners,
    /// Matters that may still be put on the agenda.
    pub(super) waiting: Vec<Waiting>,
    /// Motions that were handed in and wait for an agenda.
    pub(super) admitted: Vec<Submission>,
    pub(super) units: Vec<Unit>,
    /// The texts of the minutes, of their correction and of what they were before, by commitment.
    pub(super) texts: Texts,
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

    /// Who may be given a duty: units nearby, and members by name.
    pub(super) fn owner_choices(&self, lang: Lang) -> Vec<(String, String)> {
        let units = self.units.iter().map(|u| (format!("unit:{}", u.id), u.name.clone()));
        let persons = self.council.serving(self.sitting.day()).filter_map(|m| {
            let name = self.owners.persons.get(&m.person)?;
            Some((format!("person:{}", m.person), format!("{name} · {}", capacity_word(lang, m.capacity))))
        });
        units.chain(persons).collect()
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
        let questions = queries::questions(&mut conn, ctx.store.keys(), street, sitting.id).await?;
        let mut owned: Vec<Owner> = before.iter().chain(&given).map(|a| a.owner).collect();
        owned.extend(owned_promises(&questions));
        // Whoever comes for a member, or as a guest, has a name too.
        owned.extend(sitting.delegations.iter().map(|d| Owner::Person(d.person)));
        owned.extend(sitting.attendance.iter().map(|a| Owner::Person(a.person)));
        let owners = Owners::named(&mut conn, ctx.store.keys(), &council, &owned).await?;
        let (mut waiting, mut admitted) = (Vec::new(), Vec::new());
        if sitting.state.is_plan() {
            let taken = queries::matters_on_agendas(&mut conn, street).await?;
            waiting = (bridge.waiting)(&mut conn, street, &sitting.place).await?;
            admitted = queries::admitted(&mut conn, street, council.id).await?;
            waiting.retain(|w| !taken.contains(&w.id));
        }
        let units = people::queries::units_near(&mut conn, street, &sitting.place, None).await?;
        let texts = minutes_texts(&mut conn, ctx.store.keys(), &sitting).await?;
        let hold = viewer.may(&HOLD, &sitting.place).is_some() || presides(viewer, &council, &sitting);
        let staff = viewer.may(&READ, &sitting.place).is_some();
        Ok(Self {
            council,
            sitting,
            before,
            given,
            questions,
            owners,
            waiting,
            admitted,
            units,
            texts,
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

/// How somebody came, as the chair or secretary says: never by the code, which is the person's own.
fn how(f: &Fields) -> Result<How, Refusal> {
    let how = f.code("how", How::parse)?.unwrap_or(How::List);
    if how == How::Code { Err(Refusal::invalid("how", "ui.not-valid")) } else { Ok(how) }
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
        "bring" => Act::Bring(id_of(f, "submission")?, f.parse("line")?),
        "remove-item" => Act::RemoveItem(item()?),
        "raise-item" => Act::RaiseItem(item()?),
        "notice" => Act::Notice(f.some("urgent").map(str::to_owned)),
        "postpone" => Act::Postpone(text("words")),
        "cancel" => Act::Cancel(text("words")),
        "open" => Act::OpenSignIn,
        "come" => Act::Come(id_of(f, "member")?, how(f)?),
        "come-for" => Act::ComeFor(id_of(f, "member")?, how(f)?),
        "drop-delegate" => Act::DropDelegate(id_of(f, "member")?),
        "voice" => {
            let said = f.code("said", Say::parse)?.ok_or(Refusal::invalid("said", "ui.empty"))?;
            Act::Voice(item()?, id_of(f, "member")?, said)
        }
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
        "move-motion" | "amend" | "second" | "reword" | "distance" | "debate" | "put" | "merge"
        | "withdraw-motion" | "postpone-motion" | "refer-motion" => Act::Motion(read_motion(act, f)?),
        "conclude" => Act::Conclude(item()?, text("words")),
        "table" => Act::Table(item()?, text("words")),
        "refer" => Act::Refer(item()?, text("words")),
        "withdraw" => Act::Withdraw(item()?, text("words")),
        "draft" => Act::Draft(draft),
        "edit" => Act::Edit(text("text")),
        "correct" => Act::Correct(text("text"), text("words")),
        "publish" => Act::Publish,
        _ => return Err(Refusal::missing("councils.no-verb")),
    })
}

/// The verb of a form about a motion; `id` is the motion, or the item that one is moved on.
fn read_motion(verb: &str, f: &Fields) -> Result<MotionAct, Refusal> {
    let (motion, text, words) = (id_of(f, "id")?, f.get("motion").to_owned(), f.get("words").to_owned());
    let distance = || f.parse("distance")?.ok_or(Refusal::invalid("distance", "ui.empty"));
    Ok(match verb {
        "move-motion" => MotionAct::Move { item: motion, sponsor: id_of(f, "sponsor")?, text },
        "amend" => MotionAct::Amend { motion, sponsor: id_of(f, "sponsor")?, text, distance: distance()? },
        "second" => MotionAct::Second { motion, seat: id_of(f, "seconder")? },
        "reword" => MotionAct::Reword { motion, text },
        "distance" => MotionAct::Distance { motion, distance: distance()? },
        "debate" => MotionAct::Debate(motion),
        "put" => MotionAct::Put { motion, rule: f.some("rule").map(str::to_owned) },
        "merge" => MotionAct::Merge { motion, into: id_of(f, "into")?, text },
        "withdraw-motion" => MotionAct::Withdraw { motion, seat: id_of(f, "seat")? },
        "postpone-motion" => MotionAct::Postpone { motion, words },
        "refer-motion" => MotionAct::Refer { motion, words },
        _ => return Err(Refusal::missing("councils.no-verb")),
    })
}

/// The owner of a form: `unit:ID` or `person:ID`.
fn read_owner(f: &Fields) -> Result<Owner, Refusal> {
    let bad = || Refusal::invalid("owner", "ui.not-valid");
    let owner = f.some("owner").ok_or(Refusal::invalid("owner", "ui.empty"))?;
    let (kind, id) = owner.split_once(':').ok_or_else(bad)?;
    let id: Id = id.parse().map_err(|_| bad())?;
    match kind {
        "unit" => Ok(Owner::Unit(id)),
        "person" => Ok(Owner::Person(id)),
        _ => Err(bad()),
    }
}

fn read_action(f: &Fields) -> Result<NewAction, Refusal> {
    let owner = read_owner(f)?;
    Ok(NewAction {
        item: id_of(f, "item")?,
        text: f.get("what").to_owned(),
        owner,
        due: f.parse("due")?.ok_or(Refusal::invalid("due", "ui.empty"))?,
    })
}

/// What a form of the screen asks: of the sitting, of a question put to it, or a duty that follows.
enum Asked {
    Act(Act),
    Give(NewAction),
    Ask(Option<Id>, String),
    Question(Id, QuestionAct),
    Poll(Id, String, polls::model::Shape),
    Guest(NewGuest),
    Send(Id, String, Option<String>),
    Sign(Vec<Id>, Blob),
}

impl Asked {
    fn run(self, tx: &mut Tx, bridge: Bridge, actor: Actor, sitting: Id) -> BoxFuture<'_, Result<(), Fault>> {
        Box::pin(async move {
            match self {
                Self::Act(act) => actions::act(tx, bridge, &actor, sitting, act).await.map(|_| ()),
                Self::Give(new) => actions::give(tx, bridge, &actor, sitting, new).await.map(|_| ()),
                Self::Ask(person, text) => actions::ask(tx, &actor, sitting, person, &text).await.map(|_| ()),
                Self::Poll(item, text, shape) => {
                    actions::to_poll(tx, bridge, &actor, sitting, item, text, shape).await.map(|_| ())
                }
                Self::Guest(new) => actions::guest(tx, bridge, &actor, sitting, new).await.map(|_| ()),
                Self::Send(seat, name, phone) => {
                    actions::send(tx, bridge, &actor, sitting, seat, &name, phone.as_deref())
                        .await
                        .map(|_| ())
                }
                Self::Sign(seats, photo) => {
                    let photo = tx.put_blob(actor.street, photo).await?.0;
                    for seat in seats {
                        actions::act(tx, bridge, &actor, sitting, Act::SignOnPaper(seat, photo)).await?;
                    }
                    Ok(())
                }
                Self::Question(id, act) => actions::question(tx, &actor, sitting, id, act).await.map(|_| ()),
            }
        })
    }
}

fn asked(verb: &str, posted: &Posted, s: &Sitting, draft: String) -> Result<Asked, Refusal> {
    let f = &posted.fields;
    let text = |name: &str| f.get(name).to_owned();
    let act = match verb {
        "action" => return Ok(Asked::Give(read_action(f)?)),
        "guest" => {
            let capacity = f.code("as", Capacity::parse)?.ok_or(Refusal::invalid("as", "ui.empty"))?;
            let phone = f.some("guest_phone").map(str::to_owned);
            return Ok(Asked::Guest(NewGuest { name: text("guest"), phone, capacity, how: how(f)? }));
        }
        "delegate" => {
            let phone = f.some("delegate_phone").map(str::to_owned);
            return Ok(Asked::Send(id_of(f, "member")?, text("delegate"), phone));
        }
        "ask" => {
            let seat: Option<Id> = f.parse("asker")?;
            let there = |seat| s.present().find(|a| a.member == seat).map(|a| a.person);
            let person = match seat {
                Some(seat) => Some(there(seat).ok_or(Refusal::invalid("asker", "councils.not-in-room"))?),
                None => None,
            };
            return Ok(Asked::Ask(person, text("question")));
        }
        "to-poll" => {
            let shape = match f.get("shape") {
                "sides" => polls::model::Shape::Sides,
                "owners" => polls::model::Shape::Owners { conform: false },
                _ => return Err(Refusal::invalid("shape", "ui.empty")),
            };
            return Ok(Asked::Poll(id_of(f, "item")?, text("proposal"), shape));
        }
        "admit" => QuestionAct::Admit,
        "answer" => QuestionAct::Answer(text("answer")),
        "promise" => {
            let due = f.parse("due")?.ok_or(Refusal::invalid("due", "ui.empty"))?;
            QuestionAct::Promise(read_owner(f)?, due)
        }
        "deliver" => QuestionAct::Deliver(text("answer")),
        "refuse-question" => QuestionAct::Refuse(text("words")),
        _ => return Ok(Asked::Act(read(verb, f, posted, draft)?)),
    };
    Ok(Asked::Question(id_of(f, "id")?, act))
}

/// Who signed the minutes on paper, and the photo of it.
async fn signed_on_paper(posted: &mut Posted) -> Result<Asked, Fault> {
    let photo = posted.take_photo("signed").await?;
    let seats: Result<Vec<Id>, _> = posted.fields.all("signers").map(str::parse).collect();
    let seats = seats.map_err(|_| Refusal::invalid("signers", "ui.not-valid"))?;
    if seats.is_empty() {
        return Err(Refusal::invalid("signers", "ui.empty").into());
    }
    Ok(Asked::Sign(seats, photo.ok_or(Refusal::invalid("signed", "ui.empty"))?))
}

/// The photo of minutes that were signed on paper.
async fn signed_paper(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Path((id, photo)): Path<(String, String)>,
) -> Answer {
    let (_, s, _) = entered(&ctx, &viewer, &READ, &id).await?;
    let missing = || Refusal::missing("councils.no-paper");
    let photo: Id = photo.parse().map_err(|_| missing())?;
    let mut all = s.minutes.iter().chain(&s.correction).chain(&s.earlier).flat_map(|m| &m.signed);
    if !all.any(|g| g.paper == Some(photo)) {
        return Err(missing().into());
    }
    let kept = ctx.store.read().await?.blob(s.street, photo, false).await?.ok_or_else(missing)?;
    Ok(ui::photo(kept, "no-store")?)
}

async fn act(
    State(ctx): State<Ctx>,
    Extension(bridge): Extension<Bridge>,
    Path((id, verb)): Path<(String, String)>,
    mut posted: Posted,
) -> Answer {
    let (_, s, actor) = entered(&ctx, &posted.viewer, &HOLD, &id).await?;
    let id = s.id;
    let paper = match verb.as_str() {
        "sign-paper" => Some(signed_on_paper(&mut posted).await),
        _ => None,
    };
    let viewer = &posted.viewer;
    let draft = match verb.as_str() {
        "draft" => draft_minutes(&mut ctx.store.read().await?, viewer.lang, s.street, &s).await?,
        _ => String::new(),
    };
    let done = match paper.unwrap_or_else(|| Ok(asked(&verb, &posted, &s, draft)?)) {
        Err(fault) => Err(fault),
        Ok(asked) => ctx.store.once(posted.key(), move |tx| asked.run(tx, bridge, actor, id)).await,
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
