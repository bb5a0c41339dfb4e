//! Two plans of the demo: a sewer that was changed after people were asked and is being laid, and a charging shed that people are
//! asked about now.

use super::street::{Cast, Resident};
use crate::wiring::PLANS;
use chrono::Duration;
use kernel::{Actor, Channel, Id, Time, time::local_date};
use plans::{
    actions,
    model::{Act, EntryKind, HowAnswered, NewOpinion, NewPlan, OpinionAct, OpinionKind, Works},
    rules,
};
use store::{Fault, Store, Tx};

/// Days before the end at which the first begins.
const LEAD: i64 = 33;

/// What comes next.
#[derive(Clone, Copy)]
enum Stage {
    Ask,
    Answer(Id),
    Again(Id),
    Settle(Id),
    Works(Id, u8),
    Second,
    Over,
}

/// The plans and how far their story is.
pub(super) struct Drawings {
    stage: Stage,
    due: Time,
    end: Time,
}

impl Drawings {
    /// The first begins so long before the end that its works are under way then.
    pub(super) fn new(start: Time, end: Time) -> Self {
        Self { stage: Stage::Ask, due: start.max(end - Duration::days(LEAD)), end }
    }

    /// Does what is due.
    ///
    /// # Errors
    /// What the database says, and what an action refuses: none in a good story.
    pub(super) async fn pass(&mut self, store: &Store, cast: &Cast) -> Result<(), Fault> {
        let (now, stage, end) = (store.now(), self.stage, self.end);
        let Some(quarter) = cast.quarters.first().filter(|_| now >= self.due).cloned() else { return Ok(()) };
        let here = |r: &&Resident| r.lives_at.within(&quarter.place.path);
        let people: Vec<Id> = cast.residents.iter().filter(here).take(12).map(|r| r.person).collect();
        let by = quarter.secretary.actor(cast.street.id);
        let place = quarter.place.path.clone();
        plans::jobs::sweep(store).await?;
        (self.stage, self.due) = store
            .write(move |tx| {
                Box::pin(async move {
                    let days = |n: i64| now + Duration::days(n);
                    Ok(match stage {
                        Stage::Ask => {
                            let new = NewPlan {
                                place,
                                title: "3 号楼下水管道改造".into(),
                                matter: None,
                                parties: "柳荫物业\n施工队\n居民代表".into(),
                                text: SEWER.into(),
                            };
                            let id = actions::draft(tx, PLANS, &by, new).await?.id;
                            asked(tx, &by, id, 7).await?;
                            said(tx, &by, id, &people).await?;
                            (Stage::Answer(id), days(9))
                        }
                        Stage::Answer(id) => {
                            answered(tx, &by, id).await?;
                            (Stage::Again(id), days(1))
                        }
                        Stage::Again(id) => {
                            let why = "按居民意见，分两段施工，停水不超过半天；增加临时取水点。";
                            let text =
                                SEWER.replace("一次挖开", "分两段挖开").replace("停水一天", "停水半天")
                                    + "\n院门口设临时取水点。";
                            actions::act(tx, PLANS, &by, id, Act::Revise(text, why.into())).await?;
                            asked(tx, &by, id, 5).await?;
                            say(tx, &by, id, &people[people.len().min(6)..], OpinionKind::Support, "")
                                .await?;
                            (Stage::Settle(id), days(7))
                        }
                        Stage::Settle(id) => {
                            let how =
                                "两次征求意见，建议和异议都已答复；物业、施工队和楼栋居民代表一致同意。";
                            actions::act(tx, PLANS, &by, id, Act::Settle(how.into(), None)).await?;
                            let from = local_date(now);
                            let works = Works {
                                by: "清和市政工程队".into(),
                                from,
                                until: from + Duration::days(20),
                                goals: rules::goals("新管 60 米\n检查井 3 个")?,
                            };
                            actions::act(tx, PLANS, &by, id, Act::Begin(works)).await?;
                            (Stage::Works(id, 0), days(1))
                        }
                        Stage::Works(id, n) => {
                            let (kind, words, built) = DIARY[usize::from(n) % DIARY.len()];
                            let day = local_date(now);
                            let (words, built) = (words.into(), built.to_vec());
                            let note = Act::Note { kind, day, words, photos: Vec::new(), built };
                            actions::act(tx, PLANS, &by, id, note).await?;
                            let next = usize::from(n) + 1;
                            match next < DIARY.len() {
                                true => (Stage::Works(id, n + 1), days(3)),
                                false => (Stage::Second, (end - Duration::days(2)).max(now)),
                            }
                        }
                        Stage::Second => {
                            let new = NewPlan {
                                place,
                                title: "南门电动车充电棚".into(),
                                matter: None,
                                parties: "柳荫物业\n业主委员会".into(),
                                text: SHED.into(),
                            };
                            let id = actions::draft(tx, PLANS, &by, new).await?.id;
                            asked(tx, &by, id, 10).await?;
                            let few = &people[..people.len().min(2)];
                            say(tx, &by, id, few, OpinionKind::Support, "").await?;
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

const SEWER: &str = "3 号楼排水主管用了二十多年，管径小，常堵。\n一次挖开楼前路面，换成 200 毫米新管，新做三个检查井。\n工期二十天，停水一天。\n费用 4.6 万元，从公共收益列支，不向居民收钱。";
const SHED: &str = "南门东侧空地建电动车充电棚，18 个充电位，带烟感和喷淋。\n费用 8 万元，公共收益出 5 万元，街道补助 3 万元。\n建成以后楼道内不再停放电动车。";
const DIARY: &[(EntryKind, &str, &[i64])] = &[
    (EntryKind::Notice, "明天上午 8 点到 12 点一、二单元停水，院门口有临时取水点。", &[]),
    (EntryKind::Progress, "北段旧管已取出，新管下沟。", &[32, 1]),
    (EntryKind::Safety, "沟边加了围挡和夜间警示灯。", &[]),
    (EntryKind::Quality, "新管通水试压半小时，没有渗漏；居民代表在场。", &[28, 2]),
];

async fn asked(tx: &mut Tx, by: &Actor, id: Id, days: i64) -> Result<(), Fault> {
    let until = local_date(tx.now + Duration::days(days));
    actions::act(tx, PLANS, by, id, Act::Open(until)).await.map(|_| ())
}

async fn say(
    tx: &mut Tx,
    by: &Actor,
    plan: Id,
    people: &[Id],
    kind: OpinionKind,
    text: &str,
) -> Result<(), Fault> {
    for person in people {
        let actor = Actor { person: Some(*person), ..Actor::system(by.street) };
        let new = NewOpinion { person: Some(*person), channel: Channel::App, kind, text: text.into() };
        actions::say(tx, &actor, plan, new).await?;
    }
    Ok(())
}

async fn said(tx: &mut Tx, by: &Actor, plan: Id, people: &[Id]) -> Result<(), Fault> {
    let some = |from: usize, to: usize| people.get(from..to).unwrap_or_default();
    say(tx, by, plan, some(0, 4), OpinionKind::Support, "").await?;
    say(tx, by, plan, some(4, 5), OpinionKind::Object, "一次挖开，老人小孩没法出门，不同意。").await?;
    say(tx, by, plan, some(5, 6), OpinionKind::Suggest, "停水能不能别超过半天？").await?;
    let new = NewOpinion {
        person: None,
        channel: Channel::Visit,
        kind: OpinionKind::Suggest,
        text: "停水那天门口放个取水点。".into(),
    };
    actions::say(tx, by, plan, new).await.map(|_| ())
}

async fn answered(tx: &mut Tx, by: &Actor, plan: Id) -> Result<(), Fault> {
    let keys = tx.keys().clone();
    let first = Id::from(uuid::Uuid::nil());
    let (all, _) = plans::queries::opinions(tx, &keys, by.street, plan, first).await?;
    for (o, text) in all {
        let words = match o.kind {
            OpinionKind::Object => "改为分两段施工，先北后南，每段都留一侧通道。",
            _ if text.contains("取水") => "院门口设临时取水点，有人看护。",
            _ => "和供水公司商定，停水不超过半天，提前一天贴通知。",
        };
        let act = OpinionAct::Answer(HowAnswered::Adopted, words.into());
        let o = actions::opinion(tx, by, plan, o.id, act).await?;
        if let Some(person) = o.person {
            let actor = Actor { person: Some(person), ..Actor::system(by.street) };
            actions::opinion(tx, &actor, plan, o.id, OpinionAct::Content).await?;
        }
    }
    Ok(())
}
