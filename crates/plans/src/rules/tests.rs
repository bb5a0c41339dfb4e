use super::*;
use crate::model::{
    Act, EntryKind, HowAnswered, NewPlan, Opinion, OpinionAct, OpinionEvent, OpinionKind, Plan,
    PlanState as S, Works,
};
use chrono::{Days, NaiveDate};
use kernel::{Channel, Id, PlacePath, Time, time::parse_stamp};
use proptest::prelude::*;

fn now() -> Time {
    parse_stamp("2026-03-02T01:00:00Z").unwrap()
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
}

fn drawn() -> Plan {
    let new = NewPlan {
        place: PlacePath::parse("/QH/LY/").unwrap(),
        title: "下水管道".into(),
        matter: None,
        parties: String::new(),
        text: "换管".into(),
    };
    let event = draft(&new, Id::named("plan"), "FA-2026-0001".into(), None).unwrap();
    evolve(None, &event, now(), Id::named("street")).unwrap()
}

fn act(n: u8, step: usize, day: NaiveDate) -> Act {
    match n % 8 {
        0 => Act::Revise(format!("第 {step} 版"), "改".into()),
        1 => Act::Open(day + Days::new(u64::from(n) % 9)),
        2 => Act::Close,
        3 => Act::Settle(
            "一致同意".into(),
            n.is_multiple_of(2).then(|| format!("/polls/{}", Id::named("poll"))),
        ),
        4 => Act::Begin(Works {
            by: "施工队".into(),
            from: day,
            until: day,
            goals: goals("充电棚 3 座\n7 千瓦充电桩 20 个").unwrap(),
        }),
        5 => Act::Note {
            kind: EntryKind::Progress,
            day,
            words: "挖".into(),
            photos: Vec::new(),
            built: vec![i64::from(n) - 100, 1],
        },
        6 => Act::Finish("通水".into()),
        _ => Act::Withdraw("不做了".into()),
    }
}

proptest! {
    /// Whatever is tried in whatever order: every step is an edge, the text stands still while people are asked, and nothing is
    /// settled that they were not asked about or that is still owed an answer.
    #[test]
    fn nothing_is_settled_unasked_or_unanswered(
        steps in prop::collection::vec((any::<u8>(), 0_u64..12, 0_u64..2, 0_u64..2), 1..60),
    ) {
        let (mut p, mut day) = (drawn(), today());
        for (step, (n, days, unanswered, maintained)) in steps.into_iter().enumerate() {
            day = day + Days::new(days);
            let facts = Facts { today: day, unanswered, maintained };
            let Ok(event) = decide(&p, act(n, step, day), &facts) else { continue };
            let before = p.clone();
            p = evolve(Some(p), &event, now(), before.street).unwrap();
            prop_assert!(before.state == p.state || goes(before.state, p.state));
            prop_assert!(p.versions.starts_with(&before.versions), "versions stay");
            if before.state == S::Consulting {
                prop_assert_eq!(&before.versions, &p.versions);
            }
            if p.state == S::Settled && before.state != S::Settled {
                prop_assert_eq!(unanswered, 0);
                prop_assert!(maintained == 0 || p.decision.as_ref().unwrap().link.is_some());
                prop_assert_eq!(p.round().unwrap().version, p.versions.len());
                prop_assert!(p.round().unwrap().until < day, "the last day was over");
            }
            prop_assert_eq!(p.next_at().is_some(), p.state == S::Consulting);
        }
    }

    /// An opinion is answered before anybody is content with it, and only who said it says so.
    #[test]
    fn only_who_spoke_is_content(steps in prop::collection::vec((0_u8..4, any::<bool>()), 1..20)) {
        let mut p = drawn();
        p.state = S::Answering;
        let me = Id::named("me");
        let put = OpinionEvent::OpinionPut {
            id: Id::named("o"), plan: p.id, round: 1, person: Some(me), channel: Channel::App,
            kind: OpinionKind::Object, text: None,
        };
        let mut o: Opinion = evolve_opinion(None, &put, now(), p.street).unwrap();
        for (n, own) in steps {
            let act = match n {
                0 => OpinionAct::Answer(HowAnswered::Declined, "因为".into()),
                1 => OpinionAct::Content,
                2 => OpinionAct::Maintain,
                _ => OpinionAct::TakeBack,
            };
            let who = if own { me } else { Id::named("other") };
            let Ok(event) = decide_opinion(&o, &p, act, Some(who)) else { continue };
            prop_assert!(n == 0 || own);
            let before = o.clone();
            o = evolve_opinion(Some(o), &event, now(), p.street).unwrap();
            prop_assert!(OPINION_EDGES.contains(&(before.state, o.state)));
            prop_assert!(!matches!(n, 1 | 2) || o.reply.is_some());
        }
    }
}
