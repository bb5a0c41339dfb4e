//! A plan from the desk to the phone, as browsers without script do it: the secretary draws it up and answers, a resident objects and
//! judges the answer, a stranger reads; and everything that was typed wrong said in words.

use axum::http::{Request, StatusCode};
use chrono::Duration;
use kernel::{OfficeKind, time::local_date};
use plans::Bridge;
use std::sync::Arc;
use store::{Engine, testing};
use ui::testing::{Browser, Doorkeeper};

const BRIDGE: Bridge = Bridge {
    find: |_, _, _| Box::pin(async { Ok(None) }),
    follow: |_, _, _, _, _| Box::pin(async { Ok(()) }),
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_asked_and_answered() {
    let rooms = &[places::MIGRATIONS, people::MIGRATIONS, plans::MIGRATIONS];
    let t = testing::open(Engine::Sqlite, rooms).await.unwrap().unwrap();
    let (ids, place) = t
        .store
        .write(|tx| {
            Box::pin(async move {
                let (sys, place) = places::testing::community(tx).await?;
                let mut out = Vec::new();
                for (name, phone) in
                    [("周文静", "13900000100"), ("李敏", "13900000101"), ("孙伟", "13900000102")]
                {
                    out.push(people::actions::person_by_phone(tx, &sys, phone, Some(name)).await?);
                }
                Ok((out, place))
            })
        })
        .await
        .unwrap();
    for words in [&*plans::WORDS, &*people::WORDS, &*places::WORDS] {
        ui::register(words);
    }
    let (secretary, resident, grid) = (ids[0], ids[1], ids[2]);
    let home = places::home(&mut t.store.read().await.unwrap()).await.unwrap().unwrap();
    let keeper = Doorkeeper {
        store: t.store.clone(),
        home: Arc::new(home),
        offices: vec![
            (secretary, OfficeKind::CommunitySecretary, place.clone()),
            (grid, OfficeKind::GridOfficer, place),
        ],
    };
    let mut b = Browser::new(plans::routes(BRIDGE), keeper);
    b.who = Some(secretary);
    b.open("/office/plans").await;
    let new = "/office/plans/new";
    let fields = [("title", "下水管道改造"), ("place", "/QH/LY/"), ("text", "一次挖开，停水一天。")];
    b.refused(new, new, &[("title", " "), ("place", "/QH/LY/"), ("text", "换管")], "f-title").await;
    let numbered = [&fields[..], &[("matter", "LY-2026-000001")]].concat();
    b.refused(new, new, &numbered, "没有这个编号的事项").await;
    let desk = b.done(new, new, &fields).await;
    let public = desk.replace("/office/plans/", "/plans/");
    b.who = None;
    assert_eq!(b.send(Request::get(&public), String::new()).await.status, StatusCode::NOT_FOUND, "a draft");
    b.who = Some(grid);
    assert!(!b.open(&desk).await.contains("/open\""), "who only records does not put it out");
    b.who = Some(secretary);
    let day = |n: i64| (local_date(t.store.now()) + Duration::days(n)).to_string();
    b.refused(&desk, &format!("{desk}/open"), &[("until", &day(1))], "至少").await;
    b.done(&desk, &format!("{desk}/open"), &[("until", &day(4))]).await;

    // A resident objects; a grid officer writes down what was said at a door.
    b.who = None;
    assert!(b.open(&public).await.contains("登录后提意见"));
    b.who = Some(resident);
    let say = format!("{public}/say");
    b.refused(&public, &say, &[("kind", "object"), ("text", "")], "f-text").await;
    b.refused(&public, &say, &[("kind", "shout"), ("text", "不行")], "f-kind").await;
    b.done(&public, &say, &[("kind", "object"), ("text", "老人出不了门，打 13900000101")]).await;
    b.who = Some(grid);
    let heard = format!("{desk}/record/say");
    b.done(&desk, &heard, &[("kind", "suggest"), ("channel", "visit"), ("text", "设取水点")]).await;
    b.refused(
        &desk,
        &heard,
        &[("kind", "suggest"), ("channel", "hotline"), ("text", "设取水点")],
        "f-channel",
    )
    .await;
    b.who = None;
    let text = b.open(&public).await;
    assert!(
        text.contains("异议 1 条") && !text.contains("老人出不了门"),
        "not before it is answered: {text}"
    );

    t.clock.set(t.store.now() + Duration::days(5));
    plans::jobs::sweep(&t.store).await.unwrap();
    b.who = Some(secretary);
    assert!(b.open(&desk).await.contains("还有 2 条没有答复"));
    let answer = format!("{desk}/answer");
    for _ in 0..2 {
        // The first form that is left on the page.
        b.refused(&desk, &answer, &[("how", "adopted"), ("words", " ")], "f-words").await;
        b.done(&desk, &answer, &[("how", "adopted"), ("words", "分两段施工")]).await;
    }
    b.who = None;
    let text = b.open(&public).await;
    assert!(text.contains("老人出不了门") && text.contains("分两段施工"));
    assert!(!text.contains("13900000101") && !text.contains("李敏"), "no telephone, no name: {text}");
    b.who = Some(resident);
    b.done(&public, &format!("{public}/content"), &[]).await;
    assert!(b.open(&public).await.contains("认可答复"));

    b.who = Some(secretary);
    b.refused(&desk, &format!("{desk}/settle"), &[("how", "一致同意"), ("link", "/elsewhere")], "f-link")
        .await;
    b.done(&desk, &format!("{desk}/settle"), &[("how", "各方一致同意")]).await;
    let begin = format!("{desk}/begin");
    b.refused(&desk, &begin, &[("by", "施工队"), ("from", &day(3)), ("until", &day(1))], "早于开工").await;
    let goals = |text: &'static str| [("by", "施工队"), ("goals", text)];
    let (from, until) = (day(0), day(20));
    let days = [("from", from.as_str()), ("until", until.as_str())];
    b.refused(&desk, &begin, &[&goals("新管")[..], &days].concat(), "先写建什么").await;
    b.done(&desk, &begin, &[&goals("200 毫米新管 120 米")[..], &days].concat()).await;
    b.who = Some(grid);
    let note = format!("{desk}/record/note");
    b.refused(&desk, &note, &[("entry", "safety"), ("day", &day(3)), ("words", "围挡")], "还没到").await;
    b.done(&desk, &note, &[("entry", "safety"), ("day", &day(0)), ("words", "装了围挡")]).await;
    let laid =
        |n: &'static str| [("entry", "progress"), ("words", "北段"), ("built", n), ("day", from.as_str())];
    b.refused(&desk, &note, &laid("-5"), "不能减到零以下").await;
    b.refused(&desk, &note, &laid("五米"), "f-built").await;
    b.done(&desk, &note, &laid("80")).await;
    b.who = Some(secretary);
    b.done(&desk, &format!("{desk}/finish"), &[("accepted", "居民代表通水试验")]).await;
    b.who = None;
    let text = b.open(&public).await;
    for part in ["各方一致同意", "装了围挡", "居民代表通水试验", "施工队"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.contains("80 / 120 米") && text.contains("200 毫米新管 +80 米"), "{text}");
    let list = b.open("/plans").await;
    assert!(list.contains("下水管道改造") && list.contains("80 / 120 米"), "{list}");
    let behind = list.split("href=\"/plans?what=").nth(1).unwrap().split('"').next().unwrap();
    assert!(b.open(&format!("/plans?what={behind}")).await.contains("下水管道改造"));
    assert!(!b.open("/plans?what=x").await.contains("下水管道改造"));
}
