//! The committee's staff lead an election from one screen, as a browser without script does; residents name, sign, appeal and read. On
//! no open page stands a telephone, an appeal or what the vetting noted.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use axum::http::{Request, StatusCode};
use chrono::{Days, Duration};
use elections::{Election, actions, jobs, model::ElectionState as S, queries};
use kernel::{Actor, Id, OfficeKind, PlacePath, time};
use polls::{Bridge, model::TellerRole, rules::Act as PollAct};
use std::sync::Arc;
use store::{Engine, testing, testing::TestStore};
use ui::testing::{Browser, Doorkeeper, Seen};

const BRIDGE: Bridge = Bridge::new(|tx, actor, poll| Box::pin(actions::round_ended(tx, actor, poll)));

fn path(text: &str) -> PlacePath {
    PlacePath::parse(text).unwrap()
}

struct Hall {
    street: Id,
    staff: [Id; 2],
    voters: Vec<Id>,
}

async fn hall(t: &TestStore) -> (Browser, Hall) {
    let hall = t
        .store
        .write(|tx| {
            Box::pin(async move {
                let (sys, _) = places::testing::community(tx).await?;
                let mut people = Vec::new();
                for n in 0..14 {
                    let phone = format!("1390000{n:04}");
                    let name = format!("居民{n}");
                    people.push(people::actions::person_by_phone(tx, &sys, &phone, Some(&name)).await?);
                }
                Ok(Hall {
                    street: sys.street,
                    staff: [people[12], people[13]],
                    voters: people[..12].to_vec(),
                })
            })
        })
        .await
        .unwrap();
    for words in [&*elections::WORDS, &*polls::WORDS, &*people::WORDS, &*places::WORDS] {
        ui::register(words);
    }
    let home = places::home(&mut t.store.read().await.unwrap()).await.unwrap().unwrap();
    let secretary = |who| (who, OfficeKind::CommunitySecretary, path("/QH/LY/"));
    let keeper = Doorkeeper {
        store: t.store.clone(),
        home: Arc::new(home),
        offices: hall.staff.map(secretary).to_vec(),
    };
    let mut b = Browser::new(elections::routes(BRIDGE), keeper);
    b.who = Some(hall.staff[0]);
    (b, hall)
}

async fn election(t: &TestStore, street: Id, page: &str) -> Election {
    let id: Id = page.rsplit('/').next().unwrap().parse().unwrap();
    queries::election(&mut t.store.read().await.unwrap(), street, id).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_election_from_one_screen() {
    let rooms = &[places::MIGRATIONS, people::MIGRATIONS, polls::MIGRATIONS, elections::MIGRATIONS];
    let t = testing::open(Engine::Sqlite, rooms).await.unwrap().unwrap();
    let (mut b, hall) = hall(&t).await;
    let (first, second) = (hall.staff[0], hall.staff[1]);
    assert!(b.open("/office/elections").await.contains("还没有选举"));
    let new = "/office/elections/new";
    let today = time::local_date(t.store.now());
    let day = today + Days::new(14);
    let day_text = day.to_string();
    let fields = |day: &'static str| {
        vec![
            ("mode", "pavilion_head:plurality"),
            ("title", "柳荫亭长推选"),
            ("post", "亭长"),
            ("place", "/QH/LY/"),
            ("seats", "1"),
            ("polling_day", day),
        ]
    };
    let Seen { status, text, .. } = b.submit(new, new, &fields("2026-03-03")).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("投票日最早"), "{text}");
    let mut good = fields("");
    good.pop();
    good.push(("polling_day", &day_text));
    let e = b.done(new, new, &good).await;
    let at = |act: &str| format!("{e}/{act}");
    let public = e.replace("/office", "");
    assert_eq!(
        b.send(Request::get(&public), String::new()).await.status,
        StatusCode::NOT_FOUND,
        "a plan is not public"
    );
    let Seen { status, text, .. } = b.submit(&e, &at("form"), &[]).await;
    assert!(status == StatusCode::CONFLICT && text.contains("至少 2 人"), "{text}");
    b.done(&e, &at("member"), &[("name", "吴主任"), ("phone", "13811110001"), ("chair", "1")]).await;
    b.done(&e, &at("member"), &[("name", "郑委员")]).await;
    b.done(&e, &at("form"), &[]).await;

    // The roll: a bad line is told by its number, nothing is published by it.
    let Seen { status, text, .. } =
        b.upload(&e, &at("roll"), &[], &[("roll", "roll.csv", "编号,姓名\n1,\n".as_bytes())]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    assert_eq!(election(&t, hall.street, &e).await.state, S::Committee);
    let mut roll = "编号,姓名,手机号\n".to_owned();
    for n in 0..11 {
        roll.push_str(&format!("户{n},居民{n},1390000{n:04}\n"));
    }
    let seen = b.upload(&e, &at("roll"), &[], &[("roll", "roll.csv", roll.as_bytes())]).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);

    // A resident who is missing appeals; staff answer and correct.
    b.who = Some(hall.voters[11]);
    assert!(b.open(&public).await.contains("名册上没有找到"));
    let status = b.submit(&public, &format!("{public}/appeal"), &[("said", " ")]).await.status;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    b.done(&public, &format!("{public}/appeal"), &[("said", "名册漏了我家，电话13912345678")]).await;
    b.who = Some(first);
    assert!(b.open(&e).await.contains("名册漏了我家"));
    b.done(&e, &at("answer"), &[("upheld", "yes"), ("answer", "补上")]).await;
    let appeal = election(&t, hall.street, &e).await.appeals[0].id.to_string();
    b.done(
        &e,
        &at("add"),
        &[("unit", "户11"), ("name", "居民11"), ("phone", "13900000011"), ("appeal", &appeal)],
    )
    .await;
    let Seen { status, text, .. } = b.submit(&e, &at("open"), &[]).await;
    assert!(status == StatusCode::CONFLICT && text.contains("申诉期到"), "{text}");
    t.clock.set(t.store.now() + Duration::days(4));
    b.done(&e, &at("open"), &[]).await;

    // Two ways for residents, one for staff.
    b.who = Some(hall.voters[0]);
    b.done(&public, &format!("{public}/nominate"), &[("way", "own")]).await;
    b.done(&public, &format!("{public}/present"), &[("about", "住在三号楼"), ("promise", "每月一次议事")])
        .await;
    b.who = Some(hall.voters[1]);
    let peers = [("way", "peers"), ("name", "钱大姐"), ("phone", "13822220001"), ("woman", "yes")];
    b.done(&public, &format!("{public}/nominate"), &peers).await;
    assert!(b.open(&public).await.contains("联名 1/10"));
    b.who = Some(hall.voters[2]);
    b.done(&public, &format!("{public}/sign"), &[]).await;
    b.who = None;
    let seen = b.open(&public).await;
    assert!(!seen.contains("钱大姐"), "who did not agree yet is no news for strangers");
    b.who = Some(first);
    let qian = election(&t, hall.street, &e).await.nominees[1].id.to_string();
    let units = "户3\n户4\n户5\n户6，户7、户8\n户9\n户10";
    let Seen { status, text, .. } = b.submit(&e, &at("sign"), &[("id", &qian), ("units", "户99")]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("没有编号 户99"), "{text}");
    b.done(&e, &at("sign"), &[("id", &qian), ("units", units)]).await;
    b.done(&e, &at("agree"), &[]).await;
    let compound = [
        ("way", "compound"),
        ("name", "冯师傅"),
        ("phone", "13833330001"),
        ("from", "柳荫二区"),
        ("agrees", "1"),
    ];
    b.done(&e, &at("nominate"), &compound).await;
    let Seen { status, text, .. } = b.submit(&e, &at("nominate"), &compound).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("已经被提名"), "{text}");
    b.done(&e, &at("close"), &[]).await;

    // Every bar is asked; two look.
    let no = [
        ("bar_not_entitled", "no"),
        ("bar_expelled", "no"),
        ("bar_convicted", "no"),
        ("bar_gang", "no"),
        ("bar_cult", "no"),
    ];
    let Seen { status, text, .. } = b.submit(&e, &at("vet"), &no[1..]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("每一项都要回答"), "{text}");
    for who in [first, second] {
        b.who = Some(who);
        for n in 0..3 {
            let mut answers = no.to_vec();
            if n == 2 {
                // The last one is barred, by both.
                answers[2].1 = "yes";
                answers.push(("note", "查到刑事判决"));
            }
            b.done(&e, &at("vet"), &answers).await;
        }
    }
    let state = election(&t, hall.street, &e).await;
    assert_eq!(state.nominees.iter().filter(|n| n.stands()).count(), 2);
    assert!(b.open(&e).await.contains("查到刑事判决"));
    let (opens, closes) = (format!("{day}T08:00"), format!("{day}T18:00"));
    let times = [("opens", opens.as_str()), ("closes", closes.as_str())];
    b.done(&e, &at("publish"), &times).await;
    b.done(&e, &at("meet"), &[("on", &time::local_date(t.store.now()).to_string()), ("how", "亭里见面")])
        .await;

    b.who = None;
    let seen = b.open(&public).await;
    for part in ["钱大姐", "住在三号楼", "每月一次议事", "柳荫亭长推选", "吴主任", "/polls/"]
    {
        assert!(seen.contains(part), "{part}: {seen}");
    }
    assert!(!seen.contains("冯师傅"), "whoever is barred is not published");
    assert!(b.open("/elections").await.contains("柳荫亭长推选"));

    // The vote, and its result.
    let round = election(&t, hall.street, &e).await.round().unwrap().clone();
    let label = election(&t, hall.street, &e).await.label(round.candidates[0]).unwrap().to_owned();
    vote(&t, &hall, round.poll, round.opens, round.closes).await;
    let seen = b.open(&public).await;
    for part in ["当选名单", label.as_str(), "重新计票文件", "result.json"] {
        assert!(seen.contains(part), "{part}: {seen}");
    }
    for hidden in ["查到刑事判决", "13912345678", "名册漏了", "13822220001", "13900000001", "冯师傅"]
    {
        assert!(!seen.contains(hidden), "{hidden} stands on the public page");
    }
    b.who = Some(first);
    let paper = b.open(&at("paper")).await;
    for part in ["选举公告", "候选人名单", "当选公告", "<svg"] {
        assert!(paper.contains(part), "{part}");
    }
    assert!(!paper.contains("居民9"), "the names of the roll are shown for a reason alone");
    printed_with_names(&t, &mut b, &hall, &e).await;
    let when = time::local_date(t.store.now()).to_string();
    b.done(&e, &at("conclude/hand-over"), &[("on", &when), ("how", "亭章一枚")]).await;
    b.done(&e, &at("conclude/archive"), &[]).await;
    assert_eq!(election(&t, hall.street, &e).await.state, S::Archived);
    b.who = Some(hall.voters[3]);
    let status = b.send(Request::get(&e), String::new()).await.status;
    assert_eq!(status, StatusCode::FORBIDDEN, "the desk is no place for residents");
}

/// The roll with its names, for a reason: whoever stands on it and the audit administrator read who printed it, when and why.
async fn printed_with_names(t: &TestStore, b: &mut Browser, hall: &Hall, e: &str) {
    let paper = format!("{e}/paper");
    let Seen { status, text, .. } = b.submit(e, &paper, &[("print_why", " ")]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("f-print_why-e"), "{text}");
    assert!(!text.contains("居民9"), "nothing is shown without a reason");
    assert!(election(t, hall.street, e).await.prints.is_empty());
    let Seen { status, text, .. } = b.submit(e, &paper, &[("print_why", "张贴在三号楼公示栏")]).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    assert!(text.contains("名册公告") && text.contains("居民9"), "{text}");
    assert!(!text.contains("13900000001"), "no telephone hangs on the board");
    let screen = b.open(e).await;
    assert!(
        screen.contains("打印了带姓名的名册（第 2 版）") && screen.contains("张贴在三号楼公示栏"),
        "{screen}"
    );
    let keys = t.store.keys().clone();
    let mut conn = t.store.read().await.unwrap();
    let looks = elections::KEEPER.looks;
    let log = people::queries::lists::log(&mut conn, hall.street, None, looks, None, 10).await.unwrap();
    let print = log.iter().find(|l| l.kind == "elections.roll_printed").unwrap();
    assert_eq!((print.actor.person, print.data["version"].as_u64()), (Some(hall.staff[0]), Some(2)));
    assert_eq!(ui::say(ui::Lang::ZhHans, "elections.event-roll-printed", &[]), "打印带姓名的名册");
    for (person, many) in [(hall.voters[3], 1), (hall.staff[1], 0)] {
        let kept = (elections::KEEPER.about)(&mut conn, &keys, hall.street, person).await.unwrap();
        let prints: Vec<_> = kept.iter().filter(|k| k.field == "roll-print").collect();
        assert_eq!(prints.len(), many, "{kept:?}");
        assert!(prints.iter().all(|p| p.value.contains("三号楼公示栏")), "{prints:?}");
    }
}

/// Six vote for the first on the list, three for the second; counted, signed by two, published.
async fn vote(t: &TestStore, hall: &Hall, poll: Id, opens: kernel::Time, closes: kernel::Time) {
    let act = |person: Id| Actor { person: Some(person), ..Actor::system(hall.street) };
    t.clock.set(opens);
    polls::jobs::sweep(&t.store, BRIDGE).await.unwrap();
    jobs::sweep(&t.store).await.unwrap();
    for (n, voter) in hall.voters.iter().enumerate().take(9) {
        let (actor, mark) = (act(*voter), if n < 6 { "1" } else { "2" });
        let head = u32::try_from(n).unwrap() + 1;
        t.store
            .write(move |tx| {
                Box::pin(async move { polls::actions::secret::cast(tx, &actor, poll, head, mark).await })
            })
            .await
            .unwrap();
    }
    t.clock.set(closes);
    polls::jobs::sweep(&t.store, BRIDGE).await.unwrap();
    jobs::sweep(&t.store).await.unwrap();
    let (one, two) = (act(hall.staff[0]), act(hall.staff[1]));
    t.store
        .write(move |tx| {
            Box::pin(async move {
                polls::actions::count(tx, BRIDGE, &one, poll).await?;
                let sign = PollAct::Sign(TellerRole::Scrutineer);
                polls::actions::act(tx, BRIDGE, &one, poll, sign).await?;
                polls::actions::act(tx, BRIDGE, &two, poll, PollAct::Sign(TellerRole::Counter)).await?;
                polls::actions::act(tx, BRIDGE, &one, poll, PollAct::Publish).await
            })
        })
        .await
        .unwrap();
}
