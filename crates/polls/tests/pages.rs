//! A poll from the desk to the ballot to the result, as browsers without script do it: the secretary, a clerk, an owner of 72,
//! a stranger; the booth; and everything that was typed wrong said in words.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use axum::http::{Request, StatusCode};
use chrono::Duration;
use kernel::{Actor, Id, OfficeKind, time};
use places::{NewPlace, PlaceKind};
use polls::Bridge;
use std::sync::Arc;
use store::{Engine, testing, testing::TestStore};
use ui::testing::{Browser, Doorkeeper, form_of};

/// Another room's body: everybody whom the street knows sits in it.
const BRIDGE: Bridge = Bridge {
    ended: |_, _, _| Box::pin(async { Ok(()) }),
    bodies: |conn, street, _, _| {
        Box::pin(async move {
            let rows =
                conn.all("SELECT id FROM person WHERE street = $1", vec![store::Arg::from(street)]).await?;
            let members = rows.iter().map(|r| r.get("id")).collect::<Result<_, _>>()?;
            Ok(vec![polls::Body { id: Id::named("council"), name: "柳荫议事会".into(), members }])
        })
    },
};

struct Town {
    t: TestStore,
    b: Browser,
    secretary: Id,
    clerk: Id,
    owner: Id,
}

async fn town() -> Town {
    town_with(false).await
}

async fn town_with(dwellings: bool) -> Town {
    let rooms = &[places::MIGRATIONS, people::MIGRATIONS, polls::MIGRATIONS];
    let t = testing::open(Engine::Sqlite, rooms).await.unwrap().unwrap();
    let people = t
        .store
        .write(move |tx| {
            Box::pin(async move {
                let (sys, place) = places::testing::community(tx).await?;
                if dwellings {
                    let mut path = place.clone();
                    for (kind, code) in [
                        (PlaceKind::Compound, "YY"),
                        (PlaceKind::Building, "1"),
                        (PlaceKind::Unit, "1"),
                        (PlaceKind::Dwelling, "101"),
                        (PlaceKind::Dwelling, "102"),
                        (PlaceKind::Dwelling, "201"),
                    ] {
                        let made =
                            places::add(tx, &sys, NewPlace::plain(path.clone(), kind, code, code)).await?;
                        if kind != PlaceKind::Dwelling {
                            path = made.path;
                        }
                    }
                }
                let mut out = Vec::new();
                for (name, phone) in
                    [("周文静", "13900000100"), ("李敏", "13900000101"), ("陈国强", "13900000001")]
                {
                    out.push(people::actions::person_by_phone(tx, &sys, phone, Some(name)).await?);
                }
                Ok((out, place))
            })
        })
        .await
        .unwrap();
    for words in [&*polls::WORDS, &*people::WORDS, &*places::WORDS] {
        ui::register(words);
    }
    let (ids, place) = people;
    let (secretary, clerk, owner) = (ids[0], ids[1], ids[2]);
    let home = places::home(&mut t.store.read().await.unwrap()).await.unwrap().unwrap();
    let keeper = Doorkeeper {
        store: t.store.clone(),
        home: Arc::new(home),
        offices: vec![
            (secretary, OfficeKind::CommunitySecretary, place.clone()),
            (clerk, OfficeKind::DutyOfficer, place),
        ],
    };
    let b = Browser::new(polls::routes(BRIDGE), keeper);
    Town { t, b, secretary, clerk, owner }
}

fn local(at: kernel::Time) -> String {
    time::local(at).format("%Y-%m-%dT%H:%M").to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn owners_decide_from_notice_to_recount() {
    let Town { t, mut b, secretary, clerk, owner } = town().await;
    b.who = Some(secretary);
    b.open("/office/polls").await;
    let new = "/office/polls/new";
    let question = [
        ("place", "/QH/LY/"),
        ("shape", "owners"),
        ("title", "装充电棚"),
        ("text", "在南门装充电棚，花 8 万元。"),
    ];
    let secret = [&question[..], &[("secret", "1")]].concat();
    b.refused(new, new, &secret, "按面积计票不能无记名").await;
    b.refused(new, new, &[("place", "/QH/LY/"), ("shape", "owners"), ("title", "装充电棚")], "f-text").await;
    let poll = b.done(new, new, &question).await;
    let at = |act: &str| format!("{poll}/{act}");
    let own = [("rule", "owners_special"), ("article", "第九条"), ("parking", "1"), ("revote", "1")];
    b.done(&poll, &at("prepare/rule"), &own).await;
    let kept = b.submit(&poll, &at("prepare/roll"), &[("lines", "房号,业主\n1-101,陈国强")]).await.text;
    let form = form_of(&kept, &at("prepare/rule")).unwrap();
    for part in ["value=\"owners_special\" selected", "value=\"第九条\""] {
        assert!(form.contains(part), "another form that is refused leaves the rule as it is: {form}");
    }
    assert_eq!(form.matches(" checked").count(), 2, "{form}");
    b.done(&poll, &at("prepare/rule"), &[("rule", "owners_ordinary")]).await;
    b.refused(&poll, &at("prepare/roll"), &[("lines", "房号,业主\n1-101,陈国强")], "面积").await;
    b.refused(&poll, &at("prepare/roll"), &[("lines", "房号,业主,面积\n1-101,陈国强,八十")], "第 2 行").await;
    let roll =
        "房号，业主，面积，电话\n1-101，陈国强，100，13900000001\n1-102，马玉兰，80，\n1-201，孙伟，60，";
    b.done(&poll, &at("prepare/roll"), &[("lines", roll)]).await;
    let now = t.store.now();
    let (opens, closes) = (local(now + Duration::days(16)), local(now + Duration::days(26)));
    let times = [("opens", opens.as_str()), ("closes", closes.as_str())];
    let soon = local(now + Duration::days(3));
    b.refused(
        &poll,
        &at("prepare/notice"),
        &[("opens", soon.as_str()), ("closes", closes.as_str())],
        "提前 15 日",
    )
    .await;
    let public = poll.replace("/office", "");
    let hidden = b.send(Request::get(&public), String::new()).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND, "a plan is nobody's business");
    // The notice hung already: that needs the day, the board and a photo.
    let hung = time::local_date(now - Duration::days(13)).to_string();
    let posted = [("opens", soon.as_str()), ("closes", closes.as_str()), ("board", "南门公示栏")];
    b.refused(&poll, &at("prepare/notice"), &posted, "f-posted_on").await;
    let posted = [&posted[..], &[("posted_on", hung.as_str())]].concat();
    b.refused(&poll, &at("prepare/notice"), &posted, "请拍下公示牌").await;
    b.done(&poll, &at("prepare/notice"), &times).await;
    // Everybody reads what is decided, by which rule; the roll has no names.
    b.who = None;
    let page = b.open(&public).await;
    assert!(
        page.contains("民法典278条2款") && page.contains("三分之二以上（含）") && !page.contains("马玉兰")
    );
    let text = b.open(&format!("{public}/roll.txt")).await;
    assert!(text.contains("1-102\t2\t80.00") && !text.contains("马玉兰"));
    b.who = Some(owner);
    b.done(&public, &format!("{public}/object"), &[("objection", "我家应是 101 平方米")]).await;
    b.who = Some(secretary);
    assert!(b.open(&poll).await.contains("我家应是 101 平方米"));
    b.who = Some(clerk);
    b.done(&poll, &at("prepare/answer"), &[("answer", "以登记簿为准"), ("upheld", "0")]).await;
    t.clock.set(now + Duration::days(17));
    polls::jobs::sweep(&t.store, BRIDGE).await.unwrap();
    // The owner votes on the telephone; whoever is not on the roll is told what to do.
    b.who = Some(owner);
    assert!(b.open("/polls").await.contains("等您投票"));
    b.refused(&public, &format!("{public}/vote"), &[], "请选一项").await;
    b.done(&public, &format!("{public}/vote"), &[("side", "yes")]).await;
    let page = b.open(&public).await;
    assert!(page.contains("您投的是：同意") && page.contains("实际1户") && !page.contains("下载重算文件"));
    b.who = Some(clerk);
    assert!(b.open(&public).await.contains("您不在这次表决的名册上"));
    // While it runs nobody sees what was said, at the desk neither.
    let heads = b.open(&at("heads")).await;
    assert!(heads.contains("已投票") && b.open(&at("heads/1")).await.matches("同意").count() == 0);
    // Two clerks read a paper; a third household was not met.
    let code = {
        let sheet = b.open(&at("ballots")).await;
        let from = sheet.find("<span class=\"num\">2-").unwrap() + 18;
        sheet[from..from + 7].to_owned()
    };
    for who in [secretary, clerk] {
        b.who = Some(who);
        b.refused(&poll, &at("collect/sheet"), &[("code", "2-AAAAA"), ("side", "yes")], "票上的编码不对")
            .await;
        b.done(&poll, &at("collect/sheet"), &[("code", code.as_str()), ("side", "yes")]).await;
    }
    b.done(&at("heads"), &at("collect/serve"), &[("head", "3"), ("way", "door"), ("reached", "unserved")])
        .await;
    t.clock.set(now + Duration::days(27));
    polls::jobs::sweep(&t.store, BRIDGE).await.unwrap();
    b.done(&poll, &at("tell/count"), &[]).await;
    b.done(&poll, &at("tell/sign"), &[("role", "counter")]).await;
    b.refused(&poll, &at("tell/sign"), &[("role", "scrutineer")], "要由另一个人签").await;
    b.who = Some(secretary);
    b.done(&poll, &at("tell/sign"), &[("role", "scrutineer")]).await;
    b.done(&poll, &at("prepare/publish"), &[]).await;
    for page in [&poll, &at("paper"), &at("heads/2")] {
        b.open(page).await;
    }
    b.who = None;
    let page = b.open(&public).await;
    assert!(page.contains("需≥2/3：2户/3户，实际2户，已达到") && page.contains("通过"), "{page}");
    let file = b.open(&format!("{public}/result.json")).await;
    let found = polls::rules::recount::recount(file.as_bytes()).unwrap();
    assert!(found.wrong.is_empty() && page.contains(&found.sha256[..16]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_booth_takes_a_code_once_and_shows_nothing_again() {
    let Town { t, mut b, secretary, owner, clerk } = town().await;
    b.who = Some(secretary);
    let new = "/office/polls/new";
    let options = "甲\n乙\n丙";
    let fields = [
        ("place", "/QH/LY/"),
        ("shape", "election"),
        ("title", "推选楼道长"),
        ("text", "推选两名。"),
        ("options", options),
        ("places", "2"),
        ("secret", "1"),
    ];
    let poll = b.done(new, new, &fields).await;
    let at = |act: &str| format!("{poll}/{act}");
    b.done(&poll, &at("prepare/rule"), &[("rule", "plurality")]).await;
    b.done(
        &poll,
        &at("prepare/roll"),
        &[("lines", "户号,姓名,电话\n1,陈国强,13900000001\n2,马玉兰,\n3,孙伟,")],
    )
    .await;
    let now = t.store.now();
    let (opens, closes) = (local(now + Duration::days(4)), local(now + Duration::days(5)));
    b.done(&poll, &at("prepare/notice"), &[("opens", opens.as_str()), ("closes", closes.as_str())]).await;
    t.clock.set(now + Duration::days(4));
    polls::jobs::sweep(&t.store, BRIDGE).await.unwrap();
    let public = poll.replace("/office", "");
    let booth = format!("{public}/booth");
    let handed = b.submit(&poll, &at("collect/hand-out"), &[("head", "2"), ("form", "booth")]).await;
    assert_eq!(handed.status, StatusCode::OK, "{}", handed.text);
    let cut = |text: &str, before: &str, long: usize| {
        let from = text.find(before).unwrap() + before.len();
        text[from..from + long].to_owned()
    };
    // The page is printed: what the voter takes along, and the stub that stays at the table.
    let (lost, stub) =
        (cut(&handed.text, "class=\"oops-n num\">", 9), cut(&handed.text, "class=\"num stub\">", 10));
    let head = at("heads/2");
    let why = [("head", "2"), ("stub", stub.as_str()), ("lost", "出门时弄丢了")];
    b.refused(
        &head,
        &at("collect/lost"),
        &[("head", "2"), ("stub", "0000000000"), ("lost", "丢了")],
        "票根号不对",
    )
    .await;
    b.refused(&head, &at("collect/lost"), &[("head", "2"), ("stub", stub.as_str())], "f-lost").await;
    b.done(&head, &at("collect/lost"), &why).await;
    assert!(b.open(&head).await.contains("等另一人补发"));
    b.refused(&head, &at("collect/reissue"), &[("head", "2")], "另一位工作人员补发").await;
    b.who = Some(clerk);
    let again = b.submit(&head, &at("collect/reissue"), &[("head", "2")]).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.text);
    let code = &cut(&again.text, "class=\"oops-n num\">", 9);
    assert_ne!(*code, lost);
    assert!(b.open(&head).await.contains("已补发"));
    b.refused(&poll, &at("collect/hand-out"), &[("head", "2"), ("form", "booth")], "已经投过票了").await;
    b.who = None;
    for bad in ["22222222", lost.as_str()] {
        b.refused(&booth, &booth, &[("code", bad), ("mark", "1")], "投票码不对").await;
    }
    b.done(&booth, &booth, &[("code", code), ("mark", "1"), ("mark", "3")]).await;
    b.refused(&booth, &booth, &[("code", code), ("mark", "1")], "投票码不对").await;
    // The owner votes at home, in 长辈版 as well as not; the page only says that it was done.
    b.who = Some(owner);
    let vote = format!("{public}/vote");
    b.refused(&public, &vote, &[("mark", "1"), ("mark", "2"), ("mark", "3")], "最多选 2 项").await;
    b.done(&public, &vote, &[("mark", "1")]).await;
    let page = b.open(&public).await;
    assert!(page.contains("没有任何地方记着您投了什么") && !page.contains("您投的是"));
    let mut conn = t.store.read().await.unwrap();
    let kept = conn.all("SELECT scope FROM idempotency WHERE scope LIKE '%/vote' OR scope LIKE '%/booth' OR scope LIKE '%hand-out'", vec![]).await.unwrap();
    assert!(kept.is_empty(), "what is kept with a key would lie beside the ballot");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roll_is_made_of_what_the_house_knows_and_looked_at_before_it_is_taken() {
    let Town { t, mut b, secretary, owner, .. } = town_with(true).await;
    b.who = Some(secretary);
    let new = "/office/polls/new";
    let question =
        |title| [("place", "/QH/LY/"), ("shape", "sides"), ("title", title), ("text", "周三还是周六。")];
    let poll = b.done(new, new, &question("议事日改在周六")).await;
    let at = |act: &str| format!("{poll}/{act}");
    b.done(&poll, &at("prepare/rule"), &[("rule", "consultation")]).await;
    assert!(b.open(&poll).await.contains(&at("roll")));
    let page = b.open(&at("roll")).await;
    assert!(page.contains("议事组织：柳荫议事会（3）") && page.contains("登记在册的住房"), "{page}");
    let none = b.send(Request::get(at("roll?from=body-nothing")), String::new()).await;
    assert!(none.status == StatusCode::UNPROCESSABLE_ENTITY && none.text.contains("没有这个名册来源"));
    // It is looked at, without whole names; what moved meanwhile is not taken unseen.
    let from = format!("body-{}", Id::named("council"));
    let print = |page: &str| {
        let from = page.find("name=\"print\" value=\"").unwrap() + 20;
        page[from..from + 64].to_owned()
    };
    let page = b.open(&at(&format!("roll?from={from}"))).await;
    assert!(
        page.contains("其中 3 户（人）已对上账号") && page.contains("陈**") && !page.contains("陈国强"),
        "{page}"
    );
    let seen = print(&page);
    let street = places::home(&mut t.store.read().await.unwrap()).await.unwrap().unwrap().street;
    let sys = Actor::system(street);
    let late = {
        let sys = sys.clone();
        t.store
            .write(move |tx| {
                Box::pin(async move {
                    people::actions::person_by_phone(tx, &sys, "13900000009", Some("陈国强")).await
                })
            })
            .await
            .unwrap()
    };
    let look = at(&format!("roll?from={from}"));
    let moved = [("from", from.as_str()), ("print", seen.as_str())];
    b.refused(&look, &at("prepare/roll-from"), &moved, "名单有变动").await;
    let seen = print(&b.open(&look).await);
    b.done(&look, &at("prepare/roll-from"), &[("from", from.as_str()), ("print", seen.as_str())]).await;
    assert!(b.open(&poll).await.contains("议事组织：柳荫议事会"));
    let now = t.store.now();
    let (opens, closes) = (local(now + Duration::days(1)), local(now + Duration::days(2)));
    b.done(&poll, &at("prepare/notice"), &[("opens", opens.as_str()), ("closes", closes.as_str())]).await;
    t.clock.set(now + Duration::days(1));
    polls::jobs::sweep(&t.store, BRIDGE).await.unwrap();
    // Two members of one name: each has the own ballot and not the other's.
    let public = poll.replace("/office", "");
    let mut heads = Vec::new();
    for who in [owner, late] {
        b.who = Some(who);
        let page = b.open(&public).await;
        assert_eq!(page.matches("name=\"head\"").count(), 1, "{page}");
        let from = page.find("name=\"head\" value=\"").unwrap() + 19;
        heads.push(page[from..].split('"').next().unwrap().to_owned());
    }
    assert_ne!(heads[0], heads[1]);
    b.refused(
        &public,
        &format!("{public}/vote"),
        &[("head", heads[0].as_str()), ("side", "no")],
        "不是您的票",
    )
    .await;
    b.done(&public, &format!("{public}/vote"), &[("side", "yes")]).await;

    // By households: a dwelling is a head, and only whoever alone is registered there votes for it by phone.
    let person = move |phone: &'static str, lives: Option<&'static str>| {
        let (store, sys) = (t.store.clone(), sys.clone());
        async move {
            let lives_at = lives.and_then(kernel::PlacePath::parse);
            let new =
                people::NewPerson { name: Some("马玉兰".into()), phone: Some(phone.into()), lives_at };
            store
                .write(move |tx| Box::pin(async move { people::actions::add_person(tx, &sys, new).await }))
                .await
                .unwrap()
        }
    };
    b.who = Some(secretary);
    let alone = person("13900000011", Some("/QH/LY/YY/1/1/101/")).await;
    for phone in ["13900000012", "13900000013"] {
        person(phone, Some("/QH/LY/YY/1/1/102/")).await;
    }
    let poll = b.done(new, new, &question("垃圾桶放哪里")).await;
    let at = |act: &str| format!("{poll}/{act}");
    b.done(&poll, &at("prepare/rule"), &[("rule", "consultation")]).await;
    let look = at("roll?from=dwellings");
    let page = b.open(&look).await;
    assert!(
        page.contains("登记在册的住房，一户一票（3）") && page.contains("其中 1 户（人）已对上账号"),
        "{page}"
    );
    let seen = print(&page);
    b.done(&look, &at("prepare/roll-from"), &[("from", "dwellings"), ("print", seen.as_str())]).await;
    let page = b.open(&at("heads")).await;
    assert!(page.contains("102"), "{page}");
    let _ = alone;
}

/// What a photo must not tell: where it was taken.
const SECRET: &[u8] = b"Exif\0\0SECRET-GPS";

/// A photo as a phone sends it, with its place in it.
fn snapshot(hue: u8) -> Vec<u8> {
    let mut photo = store::pictures::sample(1200, 900, hue).unwrap();
    let mut segment = vec![0xFF, 0xE1];
    segment.extend_from_slice(&u16::try_from(SECRET.len() + 2).unwrap().to_be_bytes());
    segment.extend_from_slice(SECRET);
    photo.splice(2..2, segment);
    photo
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strangers_eyes_reach_the_photo_of_a_board_and_no_other_file_passes_for_one() {
    let Town { t, mut b, secretary, .. } = town().await;
    b.who = Some(secretary);
    let new = "/office/polls/new";
    let question =
        [("place", "/QH/LY/"), ("shape", "sides"), ("title", "议事日改在周六"), ("text", "周三还是周六。")];
    let poll = b.done(new, new, &question).await;
    let at = |act: &str| format!("{poll}/{act}");
    let public = poll.replace("/office", "");
    b.done(&poll, &at("prepare/rule"), &[("rule", "consultation")]).await;
    let roll = b.upload(&poll, &at("prepare/roll"), &[("lines", "编号,姓名\n1,李敏\n2,陈国强")], &[]).await;
    assert_eq!(roll.status, StatusCode::SEE_OTHER, "{}", roll.text);
    let state = async || {
        let id: Id = poll.rsplit('/').next().unwrap().parse().unwrap();
        let mut conn = t.store.read().await.unwrap();
        let street = places::home(&mut conn).await.unwrap().unwrap().street;
        let (_, faults) = polls::verify(&mut conn, t.store.keys()).await.unwrap();
        assert!(faults.is_empty() && conn.check_blobs(t.store.keys()).await.unwrap().is_empty());
        polls::queries::poll(&mut conn, street, id).await.unwrap().unwrap()
    };

    // The notice that hung before it was entered, then a photo of the board as it hangs now.
    let opens = t.store.now() + Duration::days(20);
    let (from, to) = (local(opens), local(opens + Duration::days(2)));
    let on = time::local_date(t.store.now()).to_string();
    let notice = [
        ("opens", from.as_str()),
        ("closes", to.as_str()),
        ("posted_on", on.as_str()),
        ("board", "三号楼公示栏"),
    ];
    let pdf: &[u8] = b"%PDF-1.7 a paper";
    let huge = vec![0xFF; 13 << 20];
    let wrong = [
        (pdf, "这里要一张照片", StatusCode::UNPROCESSABLE_ENTITY),
        (&b"no photo at all"[..], "只收照片", StatusCode::UNPROCESSABLE_ENTITY),
        (&huge[..], "最多 12 MB", StatusCode::PAYLOAD_TOO_LARGE),
    ];
    for (file, words, status) in wrong {
        let files = [("board_photo", "board.jpg", file)];
        let seen = b.upload(&poll, &at("prepare/notice"), &notice, &files).await;
        assert_eq!(seen.status, status, "{}", seen.text);
        assert!(seen.text.contains(words) && seen.text.contains("f-board_photo-e"), "{}", seen.text);
        assert!(seen.text.contains("三号楼公示栏") && seen.text.contains(&from), "what was typed stays");
        let p = state().await;
        assert!(p.noticed_at.is_none() && p.boards.is_empty(), "no notice is given by it");
    }
    let photo = snapshot(20);
    let files = [("board_photo", "board.jpg", &photo[..])];
    let seen = b.upload(&poll, &at("prepare/notice"), &notice, &files).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);
    for (file, words, status) in wrong {
        let seen = b.upload(&poll, &at("prepare/board"), &[], &[("photo", "board.jpg", file)]).await;
        assert!(seen.status == status && seen.text.contains(words), "{} {}", seen.status, seen.text);
        assert_eq!(state().await.boards.len(), 1);
    }
    let other = snapshot(200);
    let seen = b.upload(&poll, &at("prepare/board"), &[], &[("photo", "board.jpg", &other)]).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);
    let boards = state().await.boards;
    assert_eq!(boards.len(), 2);

    b.who = None;
    let page = b.open(&public).await;
    for photo in boards {
        let at = format!("{public}/boards/{photo}");
        assert!(page.contains(&at), "{page}");
        let shown = b.photo(&at).await.unwrap();
        assert!(!shown.windows(6).any(|w| w == b"SECRET"), "nothing but the picture");
    }
    let none = b.photo(&format!("{public}/boards/{}", Id::named("none"))).await;
    assert_eq!(none, Err(StatusCode::NOT_FOUND));
}
