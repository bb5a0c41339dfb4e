//! One council of the demo: a sitting that was held, with a motion and its amendment, questions, votes, actions and published
//! minutes, and one to come.

use super::street::{Cast, Quarter};
use crate::wiring::COUNCILS;
use chrono::{Duration, NaiveTime};
use councils::{
    Council, Sitting, actions,
    model::{
        Act, Capacity, CouncilKind, How, ItemKind, Mode, MotionAct, NewAction, NewCouncil, NewItem,
        NewMember, NewSitting, NewSubmission, Owner, QuestionAct, Side, SubmissionAct, TellerCount, Votes,
    },
    queries,
};
use kernel::{Actor, Id, Satisfaction, Time, time};
use matters::model::Matter;
use methods::UnitKind;
use store::{Fault, Store, Tx};
use ui::Lang;

/// Days between the notice and the held sitting: the rule asks for ten.
const NOTICE: i64 = 11;
/// Where it sits.
const VENUE: &str = "柳荫社区二楼议事厅";

/// What comes next.
#[derive(Clone, Copy)]
enum Stage {
    Notice,
    Held(Id),
    Minutes(Id),
    ToCome,
    Over,
}

/// The council and how far its story is.
pub(super) struct Assembly {
    stage: Stage,
    due: Time,
    end: Time,
}

/// Afternoon of a day so many days after an instant.
fn afternoon(at: Time, days: i64) -> Time {
    let day = time::local_date(at + Duration::days(days));
    time::from_local(day.and_time(NaiveTime::from_hms_opt(14, 30, 0).unwrap_or_default()))
}

impl Assembly {
    /// The held sitting ends some days before the end, so that the one to come is noticed after it.
    pub(super) fn new(start: Time, end: Time) -> Self {
        Self { stage: Stage::Notice, due: start.max(end - Duration::days(NOTICE + 8)), end }
    }

    /// Does what is due.
    ///
    /// # Errors
    /// What the database says, and what an action refuses: none in a good story.
    pub(super) async fn pass(&mut self, store: &Store, cast: &Cast) -> Result<(), Fault> {
        let (now, stage) = (store.now(), self.stage);
        let Some(quarter) = cast.quarters.first().filter(|_| now >= self.due).cloned() else { return Ok(()) };
        let actor = quarter.secretary.actor(cast.street.id);
        let unit = cast.agency(UnitKind::PropertyCompany, &quarter.place.path).map(|a| a.id);
        let people: Vec<Id> = cast
            .residents
            .iter()
            .filter(|r| r.lives_at.within(&quarter.place.path))
            .take(7)
            .map(|r| r.person)
            .collect();
        (self.stage, self.due) = store
            .write(move |tx| {
                Box::pin(async move {
                    Ok(match stage {
                        Stage::Notice => {
                            let s = noticed(tx, &actor, &quarter, &people).await?;
                            (Stage::Held(s.id), s.starts)
                        }
                        Stage::Held(id) => {
                            held(tx, &actor, id, unit).await?;
                            (Stage::Minutes(id), now + Duration::days(1))
                        }
                        Stage::Minutes(id) => {
                            minutes(tx, &actor, id).await?;
                            (Stage::ToCome, now + Duration::days(1))
                        }
                        Stage::ToCome => {
                            to_come(tx, &actor, &quarter).await?;
                            (Stage::Over, now)
                        }
                        Stage::Over => (Stage::Over, now),
                    })
                })
            })
            .await?;
        if matches!(self.stage, Stage::Over) {
            self.due = self.end + Duration::days(1);
        }
        Ok(())
    }
}

async fn act(tx: &mut Tx, actor: &Actor, sitting: Id, act: Act) -> Result<Sitting, Fault> {
    actions::act(tx, COUNCILS, actor, sitting, act).await
}

async fn council(tx: &mut Tx, actor: &Actor, quarter: &Quarter) -> Result<Council, Fault> {
    let all = queries::councils(tx, actor.street, &[&quarter.place.path], ("", "")).await?;
    all.into_iter().next().ok_or_else(|| Fault::other("the demo has no council"))
}

fn member(capacity: Capacity) -> NewMember {
    let votes = capacity.usually_votes();
    NewMember { name: String::new(), phone: None, capacity, votes, until: None }
}

fn item(kind: ItemKind, title: &str, minutes: u32) -> Act {
    Act::AddItem(NewItem { kind, title: Some(title.into()), minutes, matter: None })
}

/// Puts a matter that has waited for two weeks on the agenda, when there is one: what came a short time ago is brought back
/// by the plan of the demo itself.
async fn a_matter(tx: &mut Tx, actor: &Actor, s: &Sitting) -> Result<(), Fault> {
    let taken = queries::matters_on_agendas(tx, actor.street).await?;
    let mut waiting = crate::queries::matters_for_councils(tx, actor.street, &s.place).await?;
    waiting.retain(|w| !taken.contains(&w.id));
    for waits in waiting {
        let m: Option<Matter> = tx.get(actor.street, waits.id).await?;
        if m.and_then(|m| m.agenda).is_some_and(|since| since + Duration::days(14) < tx.now) {
            let new = NewItem { kind: ItemKind::Decide, title: None, minutes: 30, matter: Some(waits.id) };
            act(tx, actor, s.id, Act::AddItem(new)).await?;
            break;
        }
    }
    Ok(())
}

/// Founds the body and gives notice of its first sitting.
async fn noticed(tx: &mut Tx, actor: &Actor, quarter: &Quarter, people: &[Id]) -> Result<Sitting, Fault> {
    let place = quarter.place.path.clone();
    let new = NewCouncil { kind: CouncilKind::Pavilion, name: "柳荫议事亭".into(), place, rule: None };
    let id = actions::found(tx, actor, new).await?.id;
    let chair = actions::seat(tx, actor, id, quarter.secretary.person, member(Capacity::Committee)).await?.id;
    let secretary = actions::seat(tx, actor, id, quarter.duty.person, member(Capacity::Committee)).await?.id;
    for person in people {
        actions::seat(tx, actor, id, *person, member(Capacity::ResidentRep)).await?;
    }
    let new = NewMember { name: "陆知远".into(), ..member(Capacity::Lawyer) };
    actions::join(tx, actor, id, new).await?;
    actions::settings(tx, actor, id, Some(chair), Some(secretary), CouncilKind::Pavilion.usual_rule())
        .await?;
    actions::let_delegates(tx, actor, id, true).await?;
    let starts = afternoon(tx.now, NOTICE);
    let new = NewSitting {
        venue: VENUE.into(),
        starts,
        ends: starts + Duration::hours(2),
        ..NewSitting::default()
    };
    let s = actions::plan(tx, actor, id, new).await?;
    act(tx, actor, s.id, item(ItemKind::Report, "上月公共收益收支情况", 10)).await?;
    act(tx, actor, s.id, item(ItemKind::Decide, "南门外电动车停放点改建", 40)).await?;
    a_matter(tx, actor, &s).await?;
    act(tx, actor, s.id, Act::Notice(None)).await
}

/// The sitting itself: seven of nine who vote came.
async fn held(tx: &mut Tx, actor: &Actor, id: Id, unit: Option<Id>) -> Result<(), Fault> {
    let s = act(tx, actor, id, Act::OpenSignIn).await?;
    let council: Council =
        tx.get(actor.street, s.council).await?.ok_or_else(|| Fault::other("the demo has no council"))?;
    let voters: Vec<Id> = council.members.iter().filter(|m| m.votes).map(|m| m.id).collect();
    for member in voters.iter().take(7) {
        act(tx, actor, id, Act::Come(*member, How::List)).await?;
    }
    act(tx, actor, id, Act::Begin).await?;
    let due = time::local_date(tx.now + Duration::days(30));
    for i in s.items {
        act(tx, actor, id, Act::Call(i.id)).await?;
        if i.kind != ItemKind::Decide {
            let words = "听取了物业关于公共收益的通报，明细已在公示栏张贴。".to_owned();
            act(tx, actor, id, Act::Conclude(i.id, words)).await?;
            continue;
        }
        if i.matter.is_none() {
            debated(tx, actor, id, i.id, &voters).await?;
        } else {
            let motion = format!("按讨论的方案办理“{}”，费用从公共收益列支。", i.title);
            act(tx, actor, id, Act::OpenVote(i.id, motion, None)).await?;
            count(tx, actor, id, i.id, &voters, Votes { yes: 5, no: 1, abstain: 1 }).await?;
        }
        if let Some(unit) = unit {
            let text = format!("{}：拿出施工安排并张贴公示", i.title);
            actions::give(
                tx,
                COUNCILS,
                actor,
                id,
                NewAction { item: i.id, text, owner: Owner::Unit(unit), due },
            )
            .await?;
        }
    }
    asked(tx, actor, id, &council, unit).await?;
    act(tx, actor, id, Act::Close).await?;
    Ok(())
}

/// Two tellers count the same hands.
async fn count(
    tx: &mut Tx,
    actor: &Actor,
    id: Id,
    item: Id,
    voters: &[Id],
    votes: Votes,
) -> Result<(), Fault> {
    let teller = |n: usize| TellerCount { teller: voters[n], votes };
    act(tx, actor, id, Act::Count(item, teller(2), teller(3))).await?;
    Ok(())
}

/// A motion is moved, spoken for and against, amended and adopted.
async fn debated(tx: &mut Tx, actor: &Actor, id: Id, item: Id, voters: &[Id]) -> Result<(), Fault> {
    let text = "在南门外东侧划线，设电动车停放点60个，装充电插座12个，费用从公共收益列支。".to_owned();
    let moved = MotionAct::Move { item, sponsor: voters[2], text };
    let s = act(tx, actor, id, Act::Motion(moved)).await?;
    let none = || Fault::other("the demo has no motion");
    let motion = s.motions.last().ok_or_else(none)?.id;
    act(tx, actor, id, Act::Motion(MotionAct::Second { motion, seat: voters[4] })).await?;
    act(tx, actor, id, Act::Motion(MotionAct::Debate(motion))).await?;
    for (n, side) in [(2, Side::Pro), (5, Side::Contra), (3, Side::Question)] {
        act(tx, actor, id, Act::AskToSpeak(item, voters[n], side)).await?;
    }
    for _ in 0..3 {
        act(tx, actor, id, Act::GiveWord(item)).await?;
    }
    act(tx, actor, id, Act::EndSpeech).await?;
    let text = "在南门外东侧划线，设电动车停放点60个，装充电插座20个，夜间23点后断电，费用从公共收益列支。"
        .to_owned();
    let amend = MotionAct::Amend { motion, sponsor: voters[5], text, distance: 1 };
    let s = act(tx, actor, id, Act::Motion(amend)).await?;
    let amendment = s.motions.last().ok_or_else(none)?.id;
    act(tx, actor, id, Act::Motion(MotionAct::Second { motion: amendment, seat: voters[6] })).await?;
    act(tx, actor, id, Act::Motion(MotionAct::Debate(amendment))).await?;
    for (one, votes) in
        [(amendment, Votes { yes: 5, no: 2, abstain: 0 }), (motion, Votes { yes: 6, no: 1, abstain: 0 })]
    {
        act(tx, actor, id, Act::Motion(MotionAct::Put { motion: one, rule: None })).await?;
        count(tx, actor, id, item, voters, votes).await?;
    }
    Ok(())
}

/// Two questions from the room: one answered there, one promised.
async fn asked(tx: &mut Tx, actor: &Actor, id: Id, council: &Council, unit: Option<Id>) -> Result<(), Fault> {
    let owner = match (unit, council.chair.and_then(|seat| council.member(seat))) {
        (Some(unit), _) => Owner::Unit(unit),
        (None, Some(chair)) => Owner::Person(chair.person),
        (None, None) => return Ok(()),
    };
    let person = |n: usize| council.members.get(n).map(|m| m.person);
    let due = time::local_date(tx.now + Duration::days(40));
    let answered = QuestionAct::Answer("每季度公布一次，明细贴在公示栏，也可以在公开页上看。".into());
    for (asker, text, said) in [
        (person(3), "公共收益多久公布一次？", answered),
        (person(4), "充电插座以后谁来维护，坏了多久修好？", QuestionAct::Promise(owner, due)),
    ] {
        let q = actions::ask(tx, actor, id, asker, text).await?.id;
        actions::question(tx, actor, id, q, QuestionAct::Admit).await?;
        actions::question(tx, actor, id, q, said).await?;
    }
    Ok(())
}

/// Minutes, signed by chair and secretary, published.
async fn minutes(tx: &mut Tx, actor: &Actor, id: Id) -> Result<(), Fault> {
    let street = actor.street;
    let s: Sitting = tx.get(street, id).await?.ok_or_else(|| Fault::other("the demo has no sitting"))?;
    let council: Council =
        tx.get(street, s.council).await?.ok_or_else(|| Fault::other("the demo has no council"))?;
    let text = councils::draft_minutes(tx, Lang::ZhHans, street, &s).await?;
    act(tx, actor, id, Act::Draft(text)).await?;
    for seat in [council.chair, council.secretary].into_iter().flatten() {
        let person = council.member(seat).map(|m| m.person);
        act(tx, &Actor { person, ..actor.clone() }, id, Act::Sign).await?;
    }
    act(tx, actor, id, Act::Publish).await?;
    done(tx, actor, id, &council).await
}

/// The first action is done, and three of those concerned say how they find it.
async fn done(tx: &mut Tx, actor: &Actor, id: Id, council: &Council) -> Result<(), Fault> {
    let Some(first) = councils::queries::actions_of(tx, actor.street, id).await?.into_iter().next() else {
        return Ok(());
    };
    actions::report(tx, actor, first.id, "施工安排已经拿出来，正在征求楼栋意见。").await?;
    actions::finish(tx, COUNCILS, actor, first.id, "施工安排已张贴在各单元门口和公示栏。").await?;
    let grades = [
        (Satisfaction::Satisfied, ""),
        (Satisfaction::Satisfied, "写得清楚，时间也合适。"),
        (Satisfaction::Partly, "最好再在群里发一遍。"),
    ];
    for (member, (grade, words)) in council.members.iter().skip(3).zip(grades) {
        let by = Actor { person: Some(member.person), ..Actor::system(actor.street) };
        actions::evaluate(tx, &by, first.id, grade, words).await?;
    }
    Ok(())
}

/// The next sitting, with notice.
async fn to_come(tx: &mut Tx, actor: &Actor, quarter: &Quarter) -> Result<(), Fault> {
    let council = council(tx, actor, quarter).await?;
    let starts = afternoon(tx.now, NOTICE + 3);
    let new = NewSitting {
        venue: VENUE.into(),
        mode: Mode::Hybrid,
        join: "会议电话 0571-88001234，会议号 1003".into(),
        starts,
        ends: starts + Duration::hours(2),
    };
    let s = actions::plan(tx, actor, council.id, new).await?;
    a_matter(tx, actor, &s).await?;
    act(tx, actor, s.id, item(ItemKind::Discuss, "暑期亲子活动怎么办", 30)).await?;
    act(tx, actor, s.id, item(ItemKind::Decide, "健身器材更新", 20)).await?;
    handed_in(tx, actor, &council, s.id).await?;
    act(tx, actor, s.id, Act::Notice(None)).await?;
    // One of the residents cannot come and sends a neighbour.
    if let Some(away) = council.members.iter().filter(|m| m.votes).nth(5) {
        actions::send(tx, COUNCILS, actor, s.id, away.id, "孟庆云", None).await?;
    }
    Ok(())
}

/// Motions that members handed in: one that is signed, admitted and on the agenda, and one that waits.
async fn handed_in(tx: &mut Tx, actor: &Actor, council: &Council, sitting: Id) -> Result<(), Fault> {
    let voters: Vec<_> = council.members.iter().filter(|m| m.votes).collect();
    let (Some(first), Some(second)) = (voters.get(3), voters.get(4)) else { return Ok(()) };
    let by = |person| Actor { person: Some(person), office: None, unit: None, ..actor.clone() };
    let new = NewSubmission {
        title: "楼道灯换声控灯".into(),
        text: "把12栋楼的楼道灯全部换成声控灯，费用从公共收益列支。".into(),
        why: "灯长明费电，坏得也快，今年已经报修二十多次。".into(),
    };
    let lamps = actions::submit(tx, &by(first.person), council.id, new).await?.id;
    let cosign = SubmissionAct::Cosign(second.id);
    actions::submission(tx, &by(second.person), council.id, lamps, cosign).await?;
    actions::submission(tx, actor, council.id, lamps, SubmissionAct::Admit).await?;
    act(tx, actor, sitting, Act::Bring(lamps, None)).await?;
    let new = NewSubmission {
        title: "快递车限速".into(),
        text: "小区内快递车限速每小时10公里，地面画减速标线。".into(),
        why: "老人孩子多，上月有两次擦碰。".into(),
    };
    actions::submit(tx, &by(second.person), council.id, new).await?;
    Ok(())
}
