//! Journeys of matters through every state, on both engines: states, rounds, clocks, notices, refusals by their codes,
//! and after each step the journal folded anew against the row.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod common;

use common::{Town, at_local, path, photo};
use kernel::OfficeKind;
use matters::{model::*, queries};
use serde_json::json;
use store::testing::{TestStore, refused};

store::story!(
    a_matter_goes_all_the_way,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: TestStore| async move {
        let town = Town::new(t).await;
        let say = "3号楼2单元楼道灯不亮，请打13912345678找王秀兰";

        // Raising: Monday 9:00, without an account, with a photo and a telephone.
        let input = NewMatter {
            place: Some(path("/QH/LY/LYHY/3/")),
            spot: Some("二单元三楼拐角".into()),
            body: say.into(),
            phone: Some("139 1234 5678".into()),
            name: Some("王秀兰".into()),
            ..NewMatter::default()
        };
        let empty = NewMatter { place: Some(path("/QH/LY/")), ..NewMatter::default() };
        assert_eq!(refused(town.raise(&town.anonymous(), empty.clone(), vec![]).await), "matters.say-what");
        assert_eq!(
            refused(town.raise(&town.anonymous(), NewMatter { place: None, ..input.clone() }, vec![]).await),
            "matters.no-place"
        );
        assert_eq!(
            refused(
                town.raise(
                    &town.anonymous(),
                    NewMatter { place: Some(path("/QH/XX/")), ..input.clone() },
                    vec![]
                )
                .await
            ),
            "matters.no-place"
        );
        assert_eq!(
            refused(
                town.raise(
                    &town.anonymous(),
                    NewMatter { phone: Some("12345".into()), ..input.clone() },
                    vec![]
                )
                .await
            ),
            "matters.no-phone"
        );
        assert_eq!(
            refused(
                town.raise(
                    &town.anonymous(),
                    NewMatter { category: Some("9999".into()), ..input.clone() },
                    vec![]
                )
                .await
            ),
            "matters.no-category"
        );
        let slip = town.raise(&town.anonymous(), input, vec![photo(1)]).await.unwrap();
        let id = slip.matter;
        assert_eq!(slip.number, "LY-2026-000001", "refused tries use up no number");
        assert_eq!(slip.receipt.len(), 64);
        let m = town.sound(id).await;
        let voice = m.voices[0].id;
        assert_eq!((m.status, m.round, m.voices.len()), (Status::Submitted, 0, 1));
        assert_eq!(m.due().unwrap().at, at_local("2026-03-02 11:00"), "two working hours over the network");
        assert!(!m.attachments[0].public, "what residents send is theirs until staff let it out");
        assert_eq!(town.heard(town.duty).await, ["staff-raised"]);

        // Me too: an own number, and not twice.
        let joined = town
            .join(&town.resident(), id, NewMatter { body: "我家门口也是".into(), ..NewMatter::default() })
            .await
            .unwrap();
        assert_eq!((joined.number.as_str(), joined.matter), ("LY-2026-000002", id));
        assert_eq!(
            refused(town.join(&town.resident(), id, NewMatter::default()).await),
            "matters.joined-already"
        );
        let second = town.sound(id).await.voices[1].id;

        // A look on the spot, then accepting.
        assert_eq!(
            refused(
                town.act(&town.grid(), id, "verify", json!({ "finding": "exists", "words": "看过" })).await
            ),
            "matters.not-now"
        );
        town.act(&town.duty(), id, "ask_verification", json!({ "words": "看看是灯还是线路" })).await.unwrap();
        assert_eq!(town.heard(town.grid).await, ["staff-verify"]);
        let m = town
            .act(&town.grid(), id, "verify", json!({ "finding": "exists", "words": "灯泡坏了" }))
            .await
            .unwrap();
        assert_eq!(m.status, Status::Submitted);
        assert_eq!(m.due().unwrap().at, at_local("2026-03-02 11:00"), "asking for a look gives no new time");
        let accept = |category: &str| json!({ "tier": "autonomy", "category": category });
        assert_eq!(
            refused(town.act(&town.duty(), id, "accept", accept("9999")).await),
            "matters.no-category"
        );
        assert_eq!(
            refused(town.act(&town.dispatcher(), id, "dispatch", json!({ "lead": town.property })).await),
            "matters.not-now"
        );
        let m = town.act(&town.duty(), id, "accept", accept("0101")).await.unwrap();
        assert_eq!((m.status, m.category.as_deref()), (Status::Accepted, Some("0101")));
        assert_eq!(m.due().unwrap().at, at_local("2026-03-03 09:00"), "24 hours to dispatch");

        // Dispatching to a lead with a supporting unit.
        let bad = json!({ "lead": town.property, "support": [town.property] });
        assert_eq!(refused(town.act(&town.dispatcher(), id, "dispatch", bad).await), "matters.lead-supports");
        let bad = json!({ "lead": kernel::Id::named("nobody") });
        assert_eq!(refused(town.act(&town.dispatcher(), id, "dispatch", bad).await), "matters.no-unit");
        let m = town
            .act(
                &town.dispatcher(),
                id,
                "dispatch",
                json!({ "lead": town.property, "support": [town.lighting] }),
            )
            .await
            .unwrap();
        assert_eq!((m.status, m.round, m.tasks.len()), (Status::Dispatched, 1, 1));
        let original = at_local("2026-03-05 17:30");
        assert_eq!(m.current().unwrap().original, original, "three working days, from the dispatch");
        assert_eq!(town.heard(town.handler).await, ["staff-dispatched"]);
        assert_eq!(town.heard(town.lighter).await, ["staff-task"]);
        assert_eq!(town.heard(town.resident).await, ["notice-accepted", "notice-dispatched"]);

        // Signing: only the lead, and never who dispatched.
        assert_eq!(refused(town.act(&town.lighting(), id, "sign", json!({})).await), "matters.not-yours");
        let both = town.actor(town.dispatcher, OfficeKind::UnitHandler, Some(town.property));
        assert_eq!(refused(town.act(&both, id, "sign", json!({})).await), "matters.dispatcher-handles");
        let m = town.act(&town.property(), id, "sign", json!({})).await.unwrap();
        assert_eq!((m.status, m.clock(Timer::Sign).is_none()), (Status::Handling, true));
        let m = town
            .act(
                &town.property(),
                id,
                "contact",
                json!({ "reached": true, "seconds": 40, "words": "约下午上门" }),
            )
            .await
            .unwrap();
        assert!(m.clock(Timer::Contact).is_none() && m.current().unwrap().contacted_at.is_some());
        town.act(&town.property(), id, "progress", json!({ "words": "灯泡已经买好" })).await.unwrap();

        // An extension that nobody answers is refused by silence.
        assert_eq!(
            refused(
                town.act(
                    &town.property(),
                    id,
                    "ask_extend",
                    json!({ "until": "2026-03-04", "words": "人手不够" })
                )
                .await
            ),
            "matters.extend-earlier"
        );
        let m = town
            .act(&town.property(), id, "ask_extend", json!({ "until": "2026-03-06", "words": "人手不够" }))
            .await
            .unwrap();
        assert_eq!(
            m.clock(Timer::Request).unwrap().at,
            at_local("2026-03-02 15:00"),
            "four working hours, over the noon break"
        );
        assert_eq!(
            refused(
                town.act(
                    &town.property(),
                    id,
                    "ask_return",
                    json!({ "reason": "unclear_owner", "words": "说不清" })
                )
                .await
            ),
            "matters.request-waits"
        );
        town.go("2026-03-02 15:00");
        assert_eq!(town.sweep().await, 1);
        assert_eq!(town.sweep().await, 0, "a clock strikes once");
        let m = town.sound(id).await;
        let request = &m.requests[0];
        assert_eq!(request.decision.as_ref().map(|d| (d.granted, d.by)), Some((false, None)));
        assert_eq!((m.current().unwrap().deadline, m.current().unwrap().extensions), (original, 0));
        assert!(town.knows(town.handler, "staff-refused").await);
        let late = json!({ "request": request.id, "granted": true });
        assert_eq!(refused(town.act(&town.duty(), id, "decide", late).await), "matters.decided-already");

        // Giving back: with a name, decided by somebody else.
        let ask = |competent: serde_json::Value| json!({ "reason": "other_duty", "competent": competent, "words": "是公共照明" });
        assert_eq!(
            refused(town.act(&town.property(), id, "ask_return", ask(json!(null))).await),
            "matters.name-competent"
        );
        assert_eq!(
            refused(town.act(&town.property(), id, "ask_return", ask(json!(town.property))).await),
            "matters.name-competent"
        );
        town.act(&town.property(), id, "ask_return", ask(json!(town.lighting))).await.unwrap();
        let own = town.actor(town.handler, OfficeKind::DutyOfficer, None);
        assert_eq!(
            refused(town.act(&own, id, "decide", json!({ "granted": true })).await),
            "matters.decide-own"
        );
        assert_eq!(
            refused(town.act(&town.duty(), id, "decide", json!({ "granted": false })).await),
            "matters.say-why"
        );
        let m = town.act(&town.duty(), id, "decide", json!({ "granted": true })).await.unwrap();
        assert_eq!(
            (m.status, m.round, m.returned_by.as_slice()),
            (Status::Accepted, 1, &[town.property][..])
        );
        assert_eq!(m.lead_unit(), None);
        assert!(m.clock(Timer::Handle).is_none(), "nobody's clock runs");
        let m = town.act(&town.dispatcher(), id, "dispatch", json!({ "lead": town.lighting })).await.unwrap();
        assert_eq!(
            (m.round, m.rounds.len(), m.current().unwrap().leads.len()),
            (1, 1, 2),
            "the same round, another lead"
        );
        town.act(&town.lighting(), id, "sign", json!({})).await.unwrap();

        // Finishing: tasks first, with a photo.
        let finish = json!({ "outcome": "solved", "answer": "灯泡已换，楼道亮了" });
        assert_eq!(
            refused(town.act(&town.lighting(), id, "finish", finish.clone()).await),
            "matters.tasks-open"
        );
        let task = town.row(id).await.tasks[0].id;
        assert_eq!(
            refused(
                town.act(&town.property(), id, "finish_task", json!({ "task": task, "words": "好了" })).await
            ),
            "matters.not-yours"
        );
        town.act(&town.duty(), id, "waive_task", json!({ "task": task, "words": "改由主办一并办" }))
            .await
            .unwrap();
        assert_eq!(
            refused(town.act(&town.lighting(), id, "finish", finish.clone()).await),
            "matters.after-photo"
        );
        assert_eq!(
            refused(town.act(&town.property(), id, "finish", finish.clone()).await),
            "matters.not-yours"
        );
        let done = Input::read("finish", finish.clone()).unwrap();
        let m = town.act_with(&town.lighting(), id, done, vec![photo(2)], None).await.unwrap();
        assert_eq!((m.status, m.due().unwrap().timer), (Status::Handled, Timer::Check));

        // Checking: never dispatcher or handler; failing sends it back with the old clock.
        let pass = json!({ "finding": "pass" });
        let by_dispatcher = town.actor(town.dispatcher, OfficeKind::DutyOfficer, None);
        assert_eq!(
            refused(town.act(&by_dispatcher, id, "check", pass.clone()).await),
            "matters.dispatcher-checks"
        );
        let by_handler = town.actor(town.lighter, OfficeKind::GridOfficer, None);
        assert_eq!(refused(town.act(&by_handler, id, "check", pass.clone()).await), "matters.handler-checks");
        assert_eq!(
            refused(town.act(&town.grid(), id, "check", json!({ "finding": "fail" })).await),
            "matters.say-why"
        );
        let deadline = town.row(id).await.current().unwrap().deadline;
        let m = town
            .act(&town.grid(), id, "check", json!({ "finding": "fail", "words": "三楼还是黑的" }))
            .await
            .unwrap();
        assert_eq!((m.status, m.current().unwrap().reworks), (Status::Handling, 1));
        assert_eq!((m.current().unwrap().deadline, m.clock(Timer::Handle).unwrap().at), (deadline, deadline));
        assert!(town.knows(town.lighter, "staff-rework").await);
        town.act(&town.lighting(), id, "finish", finish.clone()).await.unwrap();
        let m = town.act(&town.grid(), id, "check", pass.clone()).await.unwrap();
        assert_eq!((m.status, m.round), (Status::Answered, 1));
        assert!(town.knows(town.resident, "notice-answered").await);

        // The verdict: not by those who did it, not without a why.
        let judge = |solved: bool, satisfied: &str, words: serde_json::Value| json!({ "contacted": true, "solved": solved, "satisfied": satisfied, "words": words });
        assert_eq!(
            refused(town.act(&town.lighting(), id, "evaluate", judge(true, "satisfied", json!(null))).await),
            "matters.judge-own"
        );
        assert_eq!(
            refused(
                town.own(&town.anonymous(), id, voice, "evaluate", judge(false, "dissatisfied", json!(null)))
                    .await
            ),
            "matters.say-why"
        );
        let m = town
            .own(&town.anonymous(), id, voice, "evaluate", judge(false, "dissatisfied", json!("晚上又灭了")))
            .await
            .unwrap();
        assert_eq!(
            (m.status, m.round, m.rounds.len()),
            (Status::Accepted, 2, 1),
            "another round; the first stays as it was"
        );
        assert!(m.supervision.is_none());
        assert!(town.knows(town.duty, "staff-unsolved").await);

        // Round 2: another checker; coming back a second time it is watched.
        let round = async |checker: &kernel::Actor| {
            town.act(&town.dispatcher(), id, "dispatch", json!({ "lead": town.lighting })).await.unwrap();
            town.act(&town.lighting(), id, "sign", json!({})).await.unwrap();
            assert_eq!(
                refused(town.act(&town.lighting(), id, "finish", finish.clone()).await),
                "matters.after-photo",
                "a photo for each round"
            );
            town.act_with(
                &town.lighting(),
                id,
                Input::read("finish", finish.clone()).unwrap(),
                vec![photo(3)],
                None,
            )
            .await
            .unwrap();
            town.act(checker, id, "check", pass.clone()).await
        };
        assert_eq!(refused(round(&town.grid()).await), "matters.other-checker");
        town.act(&town.grid2(), id, "check", pass.clone()).await.unwrap();
        let first_round = town.row(id).await.rounds[0].clone();
        let m = town
            .own(&town.anonymous(), id, voice, "evaluate", judge(false, "partly", json!(null)))
            .await
            .unwrap();
        assert_eq!(
            (m.round, m.supervision.as_ref().map(|s| s.by)),
            (3, Some(None)),
            "the ladder supervises by itself"
        );
        assert_eq!(m.rounds[0], first_round);

        // Round 3: closed by the first voice; the other one judges for itself.
        round(&town.duty()).await.unwrap();
        let m = town
            .own(&town.anonymous(), id, voice, "evaluate", judge(true, "satisfied", json!(null)))
            .await
            .unwrap();
        assert_eq!((m.status, m.supervision.is_none()), (Status::Closed, true));
        assert_eq!(m.clock(Timer::Reopen).unwrap().at, m.since + chrono::Duration::days(15));
        assert_eq!(
            refused(
                town.own(&town.anonymous(), id, voice, "evaluate", judge(true, "satisfied", json!(null)))
                    .await
            ),
            "matters.evaluated-already"
        );
        let m = town
            .own(&town.resident(), id, second, "evaluate", judge(true, "partly", json!(null)))
            .await
            .unwrap();
        assert_eq!((m.status, m.evaluations.len()), (Status::Closed, 4));
        assert_eq!(
            refused(town.own(&town.resident(), id, second, "urge", json!({})).await),
            "matters.urge-closed"
        );
        assert_eq!(
            refused(town.join(&town.anonymous(), id, NewMatter::default()).await),
            "matters.join-closed"
        );

        // Reopened: the third time back it is watched and goes to the council.
        town.go("2026-03-10 09:00");
        let m =
            town.own(&town.anonymous(), id, voice, "reopen", json!({ "words": "又不亮了" })).await.unwrap();
        assert_eq!(
            (m.status, m.round, m.supervision.is_some(), m.agenda.is_some()),
            (Status::Accepted, 4, true, true)
        );
        assert_eq!(
            refused(town.act(&town.secretary(), id, "set_agenda", json!({ "words": "再议" })).await),
            "matters.agenda-already"
        );
        town.act(&town.secretary(), id, "settle_agenda", json!({ "words": "整楼换线" })).await.unwrap();
        assert_eq!(
            refused(town.act(&town.supervisor(), id, "supervise", json!({ "words": "盯着" })).await),
            "matters.supervised-already"
        );

        // The whistle: the street decides, the called report in and are scored.
        let whistle = json!({ "units": [town.housing], "at": "2026-03-11T09:00", "words": "线路是谁的" });
        assert_eq!(
            refused(
                town.act(
                    &town.secretary(),
                    id,
                    "ask_whistle",
                    json!({ "units": [town.housing], "at": "2026-03-09", "words": "x" })
                )
                .await
            ),
            "matters.in-past"
        );
        town.act(&town.secretary(), id, "ask_whistle", whistle.clone()).await.unwrap();
        assert_eq!(
            refused(town.act(&town.duty(), id, "decide", json!({ "granted": true })).await),
            "matters.street-decides"
        );
        let m = town.act(&town.supervisor(), id, "decide", json!({ "granted": true })).await.unwrap();
        assert_eq!(m.whistle.as_ref().unwrap().units.len(), 1);
        assert_eq!(town.heard(town.officer).await, ["staff-called"]);
        assert_eq!(
            refused(town.act(&town.secretary(), id, "ask_whistle", whistle).await),
            "matters.whistled-already"
        );
        assert_eq!(
            refused(town.act(&town.property(), id, "report_in", json!({})).await),
            "matters.not-called"
        );
        town.act(&town.housing(), id, "report_in", json!({})).await.unwrap();
        assert_eq!(
            refused(town.act(&town.housing(), id, "report_in", json!({})).await),
            "matters.reported-already"
        );
        assert_eq!(
            refused(
                town.act(&town.secretary(), id, "score", json!({ "unit": town.housing, "score": 6 })).await
            ),
            "ui.not-valid"
        );
        town.act(&town.secretary(), id, "score", json!({ "unit": town.housing, "score": 4 })).await.unwrap();

        // On the book and off: the deadline moves by exactly the pause, the original one stays.
        let m = town
            .act(
                &town.dispatcher(),
                id,
                "dispatch",
                json!({ "lead": town.property, "limit": "72 urgent_hour" }),
            )
            .await
            .unwrap();
        let before = m.current().unwrap().clone();
        town.act(&town.property(), id, "sign", json!({})).await.unwrap();
        let book = |review: &str| json!({ "cause": "works", "review": review, "words": "等整楼换线" });
        assert_eq!(
            refused(town.act(&town.property(), id, "ask_suspend", book("2026-08-01")).await),
            "matters.review-range"
        );
        town.act(&town.property(), id, "ask_suspend", book("2026-04-10")).await.unwrap();
        assert_eq!(
            refused(town.act(&town.secretary(), id, "decide", json!({ "granted": true })).await),
            "matters.street-decides"
        );
        let m = town.act(&town.supervisor(), id, "decide", json!({ "granted": true })).await.unwrap();
        assert!(
            m.suspension.is_some() && m.clock(Timer::Handle).is_none() && m.clock(Timer::Review).is_some()
        );
        assert_eq!(
            refused(town.act(&town.property(), id, "finish", finish.clone()).await),
            "matters.suspended"
        );
        assert_eq!(
            refused(town.act(&town.property(), id, "await_resident", json!({ "words": "等" })).await),
            "matters.paused-already"
        );
        let pause = chrono::Duration::days(17);
        town.t.clock.advance(pause);
        let m = town.act(&town.secretary(), id, "resume", json!({ "words": "线换好了" })).await.unwrap();
        let after = m.current().unwrap();
        assert_eq!(after.deadline, before.deadline + pause);
        assert_eq!((after.original, m.clock(Timer::Handle).unwrap().at), (before.original, after.deadline));
        assert!(m.suspension.is_none() && m.clock(Timer::Review).is_none() && after.suspended);

        // Waiting for the resident, once a round: what is added ends it.
        town.act(&town.property(), id, "await_resident", json!({ "words": "几点在家" })).await.unwrap();
        town.t.clock.advance(chrono::Duration::hours(5));
        let m =
            town.own(&town.anonymous(), id, voice, "add", json!({ "words": "晚上七点后" })).await.unwrap();
        assert!(m.waiting.is_none());
        assert_eq!(m.current().unwrap().deadline, before.deadline + pause + chrono::Duration::hours(5));
        assert_eq!(
            refused(town.act(&town.property(), id, "await_resident", json!({ "words": "再等" })).await),
            "matters.waited-already"
        );
        assert_eq!(refused(town.own(&town.anonymous(), id, voice, "add", json!({})).await), "ui.empty");

        // Another matter, registered by staff, is merged into this one and taken out again.
        let other = NewMatter {
            place: Some(path("/QH/LY/LYHY/7/")),
            body: "七号楼也黑".into(),
            channel: Some(kernel::Channel::Phone),
            phone: Some("13988887777".into()),
            ..NewMatter::default()
        };
        let slip2 = town.raise(&town.duty(), other, vec![]).await.unwrap();
        let m2 = town.sound(slip2.matter).await;
        assert!(m2.voices[0].on_behalf);
        assert_eq!(m2.due().unwrap().limit.to_string(), "1 work_day", "by telephone");
        assert_eq!(
            refused(town.act(&town.duty(), m2.id, "merge", json!({ "into": m2.number })).await),
            "matters.merge-self"
        );
        assert_eq!(
            refused(town.act(&town.duty(), m2.id, "merge", json!({ "into": "LY-2026-009999" })).await),
            "matters.no-matter"
        );
        let merged =
            town.act(&town.duty(), m2.id, "merge", json!({ "into": "LY-2026-000001" })).await.unwrap();
        assert_eq!(merged.status, Status::Merged);
        let target = town.sound(id).await;
        assert_eq!(target.voices.len(), 3);
        let found = async |number: &str| {
            queries::id_of(&mut town.store().read().await.unwrap(), town.street, number).await.unwrap()
        };
        assert_eq!(
            (found(&slip2.number).await, found("LY-2026-000002").await),
            (Some(id), Some(id)),
            "every number finds the matter"
        );
        assert_eq!(found("LY-2026-\u{0}").await, None);
        let back = town.act(&town.duty(), m2.id, "unmerge", json!({})).await.unwrap();
        assert_eq!((back.status, town.sound(id).await.voices.len()), (Status::Submitted, 2));
        assert_eq!(found(&slip2.number).await, Some(m2.id));
        assert_eq!(refused(town.act(&town.duty(), m2.id, "unmerge", json!({})).await), "matters.not-now");

        // A hazard stays open when the resident withdraws; then it is void.
        let v2 = back.voices[0].id;
        let hazard = json!({ "tier": "joint", "category": "0101", "hazard": true });
        town.act(&town.duty(), m2.id, "accept", hazard).await.unwrap();
        let m = town.own(&town.anonymous(), m2.id, v2, "withdraw", json!({})).await.unwrap();
        assert_eq!((m.status, m.voices[0].withdrawn), (Status::Accepted, true));
        assert_eq!(
            refused(town.own(&town.anonymous(), m2.id, v2, "withdraw", json!({})).await),
            "matters.not-now"
        );
        // Who asks does not decide: the duty officer asks, the duty chief decides; what the chief asks, the street.
        let ask = json!({ "words": "重复登记" });
        let (yes, no) = (json!({ "granted": true }), json!({ "granted": false, "words": "不是重复的" }));
        town.act(&town.secretary(), m2.id, "ask_void", ask.clone()).await.unwrap();
        assert_eq!(
            refused(town.act(&town.duty(), m2.id, "decide", yes.clone()).await),
            "matters.street-decides"
        );
        let m = town.act(&town.supervisor(), m2.id, "decide", no).await.unwrap();
        assert_eq!(m.status, Status::Accepted);
        town.act(&town.duty(), m2.id, "ask_void", ask.clone()).await.unwrap();
        assert_eq!(refused(town.act(&town.duty(), m2.id, "decide", yes.clone()).await), "matters.decide-own");
        let m = town.act(&town.secretary(), m2.id, "decide", yes.clone()).await.unwrap();
        assert_eq!((m.status, m.running.len()), (Status::Voided, 0));
        assert_eq!(refused(town.act(&town.duty(), m2.id, "ask_void", ask).await), "matters.not-now");
        assert_eq!(
            refused(town.act(&town.duty(), m2.id, "correct", json!({ "title": "x", "words": "y" })).await),
            "matters.not-now"
        );

        town.verify().await;
        town.silent(&[
            "王秀兰",
            "13912345678",
            "13988887777",
            "楼道灯不亮",
            "灯泡",
            "晚上",
            "陈受理",
            "二单元三楼",
        ])
        .await;
    }
);

store::story!(
    three_units_give_it_back,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: TestStore| async move {
        let town = Town::new(t).await;
        let (id, voice) = town.plain("井盖坏了没人管").await;
        town.act(&town.duty(), id, "accept", json!({ "tier": "joint", "category": "0101" })).await.unwrap();
        let units = [
            (town.property, town.property()),
            (town.lighting, town.lighting()),
            (town.housing, town.housing()),
        ];
        for (i, (unit, handler)) in units.iter().enumerate() {
            town.act(&town.dispatcher(), id, "dispatch", json!({ "lead": unit })).await.unwrap();
            town.act(handler, id, "ask_return", json!({ "reason": "unclear_owner", "words": "不知道归谁" }))
                .await
                .unwrap();
            let m = town.act(&town.duty(), id, "decide", json!({ "granted": true })).await.unwrap();
            assert_eq!(m.onsite, i == 2, "the third time the street decides on the spot");
        }
        assert_eq!(
            refused(town.act(&town.dispatcher(), id, "dispatch", json!({ "lead": town.property })).await),
            "matters.onsite-street"
        );
        let m = town.act(&town.supervisor(), id, "dispatch", json!({ "lead": town.property })).await.unwrap();
        assert!(!m.onsite);
        // A refused return is final for the round; and a unit may give back only so often.
        let ask = json!({ "reason": "unclear_owner", "words": "还是不知道" });
        town.act(&town.property(), id, "ask_return", ask.clone()).await.unwrap();
        town.act(&town.secretary(), id, "decide", json!({ "granted": false, "words": "现场已经认定" }))
            .await
            .unwrap();
        assert_eq!(
            refused(town.act(&town.property(), id, "ask_return", ask.clone()).await),
            "matters.return-denied"
        );
        town.act(&town.property(), id, "sign", json!({})).await.unwrap();
        town.act(&town.property(), id, "finish", json!({ "outcome": "unsolvable", "answer": "产权不清" }))
            .await
            .unwrap();
        assert_eq!(
            refused(town.own(&town.resident(), id, voice, "check", json!({ "finding": "pass" })).await),
            "matters.resident-checks"
        );
        town.act(&town.grid(), id, "check", json!({ "finding": "unable" })).await.unwrap();
        town.own(
            &town.resident(),
            id,
            voice,
            "evaluate",
            json!({ "contacted": false, "solved": false, "satisfied": "dissatisfied", "words": "没办" }),
        )
        .await
        .unwrap();
        for n in [0, 1] {
            town.act(&town.dispatcher(), id, "dispatch", json!({ "lead": town.property })).await.unwrap();
            let asked = town.act(&town.property(), id, "ask_return", ask.clone()).await;
            if n == 1 {
                assert_eq!(
                    refused(asked),
                    "matters.returned-enough",
                    "once before, once now: twice is enough"
                );
            } else {
                asked.unwrap();
                town.act(&town.duty(), id, "decide", json!({ "granted": true })).await.unwrap();
                // Three different units have returned it, so the street decides again.
                assert_eq!(
                    refused(
                        town.act(&town.dispatcher(), id, "dispatch", json!({ "lead": town.property })).await
                    ),
                    "matters.onsite-street"
                );
                town.act(&town.supervisor(), id, "dispatch", json!({ "lead": town.property })).await.unwrap();
                assert_eq!(
                    refused(town.act(&town.property(), id, "ask_return", ask.clone()).await),
                    "matters.returned-enough"
                );
                break;
            }
        }
        town.verify().await;
    }
);

store::story!(
    extensions_have_an_end,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: TestStore| async move {
        let town = Town::new(t).await;
        let (id, _) = town.plain("门禁坏了").await;
        town.act(&town.duty(), id, "accept", json!({ "tier": "consultation", "category": "0103" }))
            .await
            .unwrap();
        let m = town
            .act(&town.dispatcher(), id, "dispatch", json!({ "lead": town.property, "limit": "3 work_day" }))
            .await
            .unwrap();
        let original = m.current().unwrap().original;
        town.act(&town.property(), id, "sign", json!({})).await.unwrap();
        let ask = |day: &str| json!({ "until": day, "words": "等配件" });
        town.act(&town.property(), id, "ask_extend", ask("2026-03-09")).await.unwrap();
        let m = town.act(&town.duty(), id, "decide", json!({ "granted": true })).await.unwrap();
        let first = at_local("2026-03-09 17:30");
        assert_eq!(
            (m.current().unwrap().deadline, m.current().unwrap().judged_by(), m.current().unwrap().original),
            (first, first, original)
        );
        let m = town.act(&town.property(), id, "ask_extend", ask("2026-03-12")).await.unwrap();
        assert!(m.waiting_request().unwrap().street_decides, "the second is the street's");
        let m = town.act(&town.supervisor(), id, "decide", json!({ "granted": true })).await.unwrap();
        assert_eq!(
            (m.current().unwrap().judged_by(), m.current().unwrap().original),
            (first, original),
            "figures judge by the first that was granted"
        );
        assert_eq!(
            refused(town.act(&town.property(), id, "ask_extend", ask("2026-03-20")).await),
            "matters.extended-enough"
        );
        town.go("2026-03-13 09:00");
        assert!(town.sweep().await > 0);
        assert!(town.sound(id).await.clock(Timer::Handle).unwrap().fired);
        assert!(town.knows(town.supervisor, "staff-late").await);
        assert_eq!(town.sweep().await, 0);
        town.verify().await;
    }
);

store::story!(
    silence_closes_only_after_tries,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: TestStore| async move {
        let town = Town::new(t).await;
        let answered = async |id| {
            town.act(&town.duty(), id, "accept", json!({ "tier": "autonomy", "category": "0103" }))
                .await
                .unwrap();
            town.act(&town.dispatcher(), id, "dispatch", json!({ "lead": town.property })).await.unwrap();
            town.act(&town.property(), id, "sign", json!({})).await.unwrap();
            let done = Input::read("finish", json!({ "outcome": "solved", "answer": "门修好了" })).unwrap();
            town.act_with(&town.property(), id, done, vec![photo(1)], None).await.unwrap();
            town.act(&town.grid(), id, "check", json!({ "finding": "pass" })).await.unwrap();
        };
        let (known, voice) = town.plain("单元门关不上").await;
        answered(known).await;
        let input =
            NewMatter {
                place: Some(path("/QH/LY/")), body: "小区大门关不上".into(), ..NewMatter::default()
            };
        let nobody = town.raise(&town.anonymous(), input, vec![]).await.unwrap().matter;
        answered(nobody).await;
        town.go("2026-03-09 10:00");
        town.sweep().await;
        assert_eq!(town.sound(nobody).await.status, Status::Closed, "nobody can be asked");
        let m = town.sound(known).await;
        assert_eq!(
            (m.status, m.clock(Timer::Evaluate).unwrap().fired),
            (Status::Answered, true),
            "silence alone closes nothing"
        );
        town.act(&town.duty(), known, "contact", json!({ "reached": false })).await.unwrap();
        town.sweep().await;
        assert_eq!(town.sound(known).await.status, Status::Answered);
        town.act(&town.duty(), known, "contact", json!({ "reached": false })).await.unwrap();
        town.sweep().await;
        let m = town.sound(known).await;
        assert_eq!(m.status, Status::Closed, "two tries are logged and the time is over");
        // A wish to void outlives the closing, and waits for the chief; silence refuses it.
        town.act(&town.duty(), known, "ask_void", json!({ "words": "测试件" })).await.unwrap();
        assert!(town.row(known).await.waiting_request().is_some());
        assert!(town.knows(town.secretary().person.unwrap(), "staff-asked").await);
        town.go("2026-03-12 10:00");
        town.sweep().await;
        let m = town.sound(known).await;
        assert_eq!((m.status, m.waiting_request()), (Status::Closed, None), "silence refuses");
        assert!(m.clock(Timer::Reopen).is_some(), "the resident may still open it again");
        // After the window only staff open it again.
        town.go("2026-04-01 10:00");
        town.sweep().await;
        let m = town.sound(known).await;
        assert!(m.running.is_empty());
        assert_eq!(
            refused(town.own(&town.resident(), known, voice, "reopen", json!({ "words": "又坏了" })).await),
            "matters.reopen-late"
        );
        let m =
            town.act(&town.duty(), known, "reopen", json!({ "words": "居民来电说又坏了" })).await.unwrap();
        assert_eq!((m.status, m.round), (Status::Accepted, 2));
        town.verify().await;
    }
);

store::story!(
    small_ends_and_urging,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: TestStore| async move {
        let town = Town::new(t).await;
        let (a, voice) = town.plain("楼下烧烤烟大").await;
        town.own(&town.resident(), a, voice, "urge", json!({})).await.unwrap();
        assert_eq!(
            refused(town.own(&town.resident(), a, voice, "urge", json!({})).await),
            "matters.urged-already"
        );
        assert_eq!(town.row(a).await.urges, 1);
        let m = town
            .act(&town.duty(), a, "reject", json!({ "reason": "other_place", "pointer": "请找城管 12319" }))
            .await
            .unwrap();
        assert_eq!((m.status, m.running.len()), (Status::Rejected, 0));
        assert!(town.knows(town.resident, "notice-rejected").await);
        let (b, _) = town.plain("医保怎么转").await;
        let m = town
            .act(&town.duty(), b, "transfer", json!({ "pointer": "已转区医保局 2026-17" }))
            .await
            .unwrap();
        assert_eq!(m.status, Status::Transferred);
        assert_eq!(
            refused(
                town.act(&town.duty(), b, "accept", json!({ "tier": "joint", "category": "0101" })).await
            ),
            "matters.not-now"
        );
        let (c, voice) = town.plain("算了不说了").await;
        let m = town.own(&town.resident(), c, voice, "withdraw", json!({})).await.unwrap();
        assert_eq!(m.status, Status::Withdrawn);
        // Merging into what is over is refused; correcting keeps what was said.
        let (d, _) = town.plain("垃圾桶满了").await;
        let into = town.row(c).await.number;
        assert_eq!(
            refused(town.act(&town.duty(), d, "merge", json!({ "into": into })).await),
            "matters.merge-closed"
        );
        let m = town.act(&town.duty(), d, "correct", json!({ "public_title": "3号楼垃圾桶满溢", "place": "/QH/LY/LYHY/7/", "hidden": true, "words": "地点登记错了" })).await.unwrap();
        assert!(m.hidden && m.place == path("/QH/LY/LYHY/7/"));
        assert_eq!(
            refused(town.act(&town.duty(), d, "correct", json!({ "place": "/QH/NO/", "words": "x" })).await),
            "matters.no-place"
        );
        assert_eq!(
            refused(town.own(&town.resident(), d, kernel::Id::named("nobody"), "urge", json!({})).await),
            "matters.no-voice"
        );
        town.verify().await;
    }
);

store::story!(
    thanks_are_given_once_when_it_is_closed,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: TestStore| async move {
        let town = Town::new(t).await;
        let (id, voice) = town.plain("门口路灯不亮").await;
        let thank = |words: &str| json!({ "words": words });
        assert_eq!(
            refused(town.own(&town.resident(), id, voice, "thank", thank("谢谢")).await),
            "matters.thank-closed"
        );
        town.act(&town.duty(), id, "accept", json!({ "tier": "joint", "category": "1701" })).await.unwrap();
        town.act(&town.dispatcher(), id, "dispatch", json!({ "lead": town.lighting })).await.unwrap();
        town.act(&town.lighting(), id, "sign", json!({})).await.unwrap();
        let finish = Input::read("finish", json!({ "outcome": "solved", "answer": "灯修好了" })).unwrap();
        town.act_with(&town.lighting(), id, finish, vec![photo(1)], None).await.unwrap();
        town.act(&town.grid(), id, "check", json!({ "finding": "pass" })).await.unwrap();
        let content = json!({ "contacted": true, "solved": true, "satisfied": "satisfied" });
        let m = town.own(&town.resident(), id, voice, "evaluate", content).await.unwrap();
        assert_eq!((m.status, m.may_thank(voice)), (Status::Closed, true));

        // In words, by a voice of this matter, once; the unit hears of it and nothing else changes.
        assert_eq!(refused(town.own(&town.resident(), id, voice, "thank", thank(" ")).await), "ui.empty");
        assert_eq!(
            refused(town.act(&town.duty(), id, "thank", thank("谢谢")).await),
            "matters.not-your-matter"
        );
        let nobody = kernel::Id::named("nobody");
        assert_eq!(
            refused(town.own(&town.resident(), id, nobody, "thank", thank("谢谢")).await),
            "matters.no-voice"
        );
        let after =
            town.own(&town.resident(), id, voice, "thank", thank("当晚就亮了，辛苦了")).await.unwrap();
        assert_eq!((after.status, after.running.clone()), (m.status, m.running.clone()));
        assert!(!after.may_thank(voice));
        assert!(town.knows(town.lighter, "staff-thanked").await);
        assert_eq!(
            refused(town.own(&town.resident(), id, voice, "thank", thank("再谢")).await),
            "matters.thanked-already"
        );
        town.silent(&["辛苦了"]).await;
        town.verify().await;
    }
);

store::story!(
    settings_are_journalled,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: TestStore| async move {
        use matters::actions::{SettingsChange, change_settings, settings_stream};
        let town = Town::new(t).await;
        let (id, _) = town.plain("灯坏了").await;
        let change = async |change: SettingsChange| {
            let actor = town.supervisor();
            town.store()
                .write(move |tx| Box::pin(async move { change_settings(tx, &actor, change).await }))
                .await
        };
        let limit = |code: &str, limit: &str| {
            let edit = methods::CategoryEdit {
                code: code.into(),
                limit: Some(limit.parse().unwrap()),
                ..Default::default()
            };
            SettingsChange::Category(Box::new(edit))
        };
        change(limit("0101", "1 work_day")).await.unwrap();
        change(limit("0101", "1 work_day")).await.unwrap();
        change(limit("0101", "2 work_day")).await.unwrap();
        assert_eq!(refused(change(limit("0199", "2 work_day")).await), "matters.bad-category");
        let method =
            |code: &str| SettingsChange::Method { community: Some(path("/QH/LY/")), code: Some(code.into()) };
        assert_eq!(refused(change(method("nothing")).await), "matters.no-method");
        change(method("sunshine")).await.unwrap();
        let world = town.world().await;
        assert_eq!(world.catalogue.get("0101").unwrap().limit.to_string(), "2 work_day");
        assert_eq!(
            (world.method(&path("/QH/LY/")).code.as_str(), world.method(&path("/QH/HB/")).code.as_str()),
            ("sunshine", "plain")
        );

        // A street writes its own method: refused with what is wrong, chosen by its code, kept while it is used.
        let own = methods::Methods::text("plain").unwrap().replacen("\"plain\"", "\"ours\"", 1);
        let own_method = |text: &str| SettingsChange::OwnMethod(text.to_owned());
        assert_eq!(refused(change(own_method("code = 1")).await), "matters.bad-method");
        let shipped = methods::Methods::text("plain").unwrap();
        assert_eq!(refused(change(own_method(shipped)).await), "matters.bad-method");
        change(own_method(&own)).await.unwrap();
        change(method("ours")).await.unwrap();
        assert_eq!(town.world().await.method(&path("/QH/LY/")).code, "ours");
        let drop = || SettingsChange::DropMethod("ours".into());
        assert_eq!(refused(change(drop()).await), "matters.method-used");
        change(method("sunshine")).await.unwrap();
        change(drop()).await.unwrap();
        assert_eq!(refused(change(method("ours")).await), "matters.no-method");

        let entries = town.store().read().await.unwrap().stream(settings_stream(town.street)).await.unwrap();
        assert_eq!(entries.len(), 7, "what changes nothing is not written");
        assert_eq!(entries[1].body.kind, "matters.settings_changed");
        assert_eq!(
            (&entries[1].body.data["old"]["limit"], &entries[1].body.data["new"]["limit"]),
            (&json!("1 work_day"), &json!("2 work_day"))
        );
        town.act(&town.duty(), id, "accept", json!({ "tier": "autonomy", "category": "0101" }))
            .await
            .unwrap();
        let m = town.act(&town.dispatcher(), id, "dispatch", json!({ "lead": town.property })).await.unwrap();
        assert_eq!(m.current().unwrap().limit.to_string(), "2 work_day");
        town.verify().await;
    }
);
