//! A poll from the desk to the ballot to the result, as browsers without script do it: the secretary, a clerk, an owner of 72,
//! a stranger; the booth; and everything that was typed wrong said in words.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use axum::http::{Request, StatusCode};
use chrono::Duration;
use kernel::{Actor, Id, OfficeKind, time};
use places::{NewPlace, NewStreet, PlaceKind};
use polls::Bridge;
use std::sync::Arc;
use store::{Engine, testing, testing::TestStore};
use ui::testing::{Browser, Doorkeeper};

const BRIDGE: Bridge = Bridge { ended: |_, _, _| Box::pin(async { Ok(()) }) };

struct Town {
    t: TestStore,
    b: Browser,
    secretary: Id,
    clerk: Id,
    owner: Id,
}

async fn town() -> Town {
    let rooms = &[places::MIGRATIONS, people::MIGRATIONS, polls::MIGRATIONS];
    let t = testing::open(Engine::Sqlite, rooms).await.unwrap().unwrap();
    let people = t
        .store
        .write(|tx| {
            Box::pin(async move {
                let nowhere = Actor::system(Id::named("nowhere"));
                let new = NewStreet { name: "清和街道".into(), code: "QH".into(), statistical: None };
                let street = places::found_street(tx, &nowhere, new).await?;
                let sys = Actor::system(street.id);
                let new = NewPlace::plain(street.path.clone(), PlaceKind::Community, "LY", "柳荫社区");
                let place = places::add(tx, &sys, new).await?.path;
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
    let Town { t, mut b, secretary, owner, .. } = town().await;
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
    let from = handed.text.find("class=\"oops-n num\">").unwrap() + 19;
    let code = &handed.text[from..from + 9];
    b.refused(&poll, &at("collect/hand-out"), &[("head", "2"), ("form", "booth")], "已经投过票了").await;
    b.who = None;
    b.refused(&booth, &booth, &[("code", "22222222"), ("mark", "1")], "投票码不对").await;
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
