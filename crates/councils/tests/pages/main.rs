//! The chair runs a sitting from one screen, as a browser without script does; strangers see what is public, without names.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

mod calendar;
mod hybrid;
mod live;
mod rota;
mod submissions;

use axum::http::{Request, StatusCode, header};
use chrono::Duration;
use councils::Bridge;
use kernel::{Actor, Id, OfficeKind, PlacePath, time};
use std::sync::Arc;
use store::{Engine, testing, testing::TestStore};
use ui::testing::{Browser, Doorkeeper, Seen, attribute, form_of};

/// No matter waits.
const BRIDGE: Bridge = Bridge {
    waiting: |_, _, _| Box::pin(async { Ok(Vec::new()) }),
    settle: |_, _, _, _| Box::pin(async { Ok(()) }),
    follow: |_, _, _, _, _| Box::pin(async { Ok(()) }),
    raise: |_, _, concern| {
        Box::pin(async move {
            let number = "LY-2026-000008".into();
            Ok(councils::model::MatterRef { id: Id::named(&concern.words), number })
        })
    },
};

fn path(text: &str) -> PlacePath {
    PlacePath::parse(text).unwrap()
}

async fn hall(t: &TestStore) -> (Browser, Id) {
    let staff = t
        .store
        .write(|tx| {
            Box::pin(async move {
                let (sys, _) = places::testing::community(tx).await?;
                let new = people::NewPerson {
                    name: Some("周文静".into()),
                    phone: Some("13900000000".into()),
                    lives_at: None,
                };
                people::actions::add_person(tx, &sys, new).await
            })
        })
        .await
        .unwrap();
    for words in [&*councils::WORDS, &*people::WORDS, &*places::WORDS] {
        ui::register(words);
    }
    let home = places::home(&mut t.store.read().await.unwrap()).await.unwrap().unwrap();
    let keeper = Doorkeeper {
        store: t.store.clone(),
        home: Arc::new(home),
        offices: vec![(staff, OfficeKind::CommunitySecretary, path("/QH/LY/"))],
    };
    let mut b = Browser::new(councils::routes(BRIDGE), keeper);
    b.who = Some(staff);
    (b, staff)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sitting_from_one_screen() {
    let t = testing::open(Engine::Sqlite, &[places::MIGRATIONS, people::MIGRATIONS, councils::MIGRATIONS])
        .await
        .unwrap()
        .unwrap();
    let (mut b, staff) = hall(&t).await;
    b.open("/office/councils").await;
    let new = "/office/councils/new";
    let Seen { status, text, .. } =
        b.submit(new, new, &[("kind", "pavilion"), ("name", " "), ("place", "/QH/LY/")]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("href=\"#f-name\""), "{text}");
    let council =
        b.done(new, new, &[("kind", "pavilion"), ("name", "柳荫议事亭"), ("place", "/QH/LY/")]).await;
    let join = format!("{council}/member");
    for (name, phone) in [("周文静", "13900000000"), ("李敏", "13900000001"), ("王建国", "13900000002")]
    {
        b.done(&council, &join, &[("name", name), ("phone", phone), ("capacity", "resident_rep")]).await;
    }
    let page = b.open(&council).await;
    let seats: Vec<&str> = page
        .split("<option value=\"")
        .skip(1)
        .map(|o| &o[..o.find('"').unwrap()])
        .filter(|v| v.len() == 36)
        .take(3)
        .collect();
    assert_eq!(seats.len(), 3, "{page}");
    let rule = "resident_reps";
    b.done(
        &council,
        &format!("{council}/settings"),
        &[("chair", seats[0]), ("secretary", seats[1]), ("rule", rule)],
    )
    .await;
    // Another form that is refused leaves this one with what is kept, and opens its own.
    let seen = b.submit(&council, &join, &[("name", "赵慧"), ("phone", "abc"), ("capacity", "lawyer")]).await;
    let settings = form_of(&seen.text, &format!("{council}/settings")).unwrap();
    for kept in [seats[0], seats[1], rule] {
        assert!(settings.contains(&format!("value=\"{kept}\" selected")), "{kept}: {settings}");
    }
    let member = form_of(&seen.text, &join).unwrap();
    assert!(member.contains("value=\"abc\"") && member.contains("赵慧"), "what was typed stays: {member}");

    let starts = t.store.now() + Duration::days(12);
    let local = |at| time::local(at).format("%Y-%m-%dT%H:%M").to_string();
    let (from, to) = (local(starts), local(starts + Duration::hours(2)));
    let times = [("venue", "议事厅"), ("starts", from.as_str()), ("ends", to.as_str())];
    let s = b.done(&council, &format!("{council}/sittings"), &times).await;
    let at = |act: &str| format!("{s}/{act}");
    let public = s.replace("/office", "");
    b.who = None;
    assert_eq!(
        b.send(Request::get(&public), String::new()).await.status,
        StatusCode::NOT_FOUND,
        "a plan is not public"
    );
    b.who = Some(staff);
    assert_eq!(b.send(Request::get(&public), String::new()).await.to, s, "who presides is led to it");
    b.done(&s, &at("add-item"), &[("title", "电动车停放"), ("kind", "decide"), ("minutes", "30")]).await;
    b.done(&s, &at("add-item"), &[("title", "上月收支"), ("kind", "report")]).await;
    b.done(&s, &at("notice"), &[]).await;
    let notice = b.open(&public).await;
    assert!(notice.contains("电动车停放") && notice.contains("议事厅"));
    let paper = b.open(&at("paper")).await;
    assert!(paper.contains("李敏") && paper.contains("<svg"));

    t.clock.set(starts);
    b.done(&s, &at("open"), &[]).await;
    let Seen { status, text, .. } = b.submit(&s, &at("begin"), &[]).await;
    assert!(status == StatusCode::CONFLICT && text.contains("还没有可以表决的成员签到"), "{text}");
    for seat in &seats[..2] {
        b.done(&s, &at("come"), &[("member", seat)]).await;
    }
    // The third scans the code of the room on an own telephone.
    let code = t.store.keys().sign("sitting-code", public.rsplit('/').next().unwrap());
    let third = people::queries::find_by_phone(
        &mut t.store.read().await.unwrap(),
        t.store.keys(),
        street(&t).await,
        "13900000002",
    )
    .await
    .unwrap()
    .unwrap();
    let second = people::queries::find_by_phone(
        &mut t.store.read().await.unwrap(),
        t.store.keys(),
        street(&t).await,
        "13900000001",
    )
    .await
    .unwrap()
    .unwrap();
    b.who = Some(third);
    b.done(&format!("{public}?code={code}"), &format!("{public}/here"), &[]).await;
    b.who = Some(staff);
    b.done(&s, &at("begin"), &[]).await;
    b.done(&s, &at("call"), &[]).await;
    b.done(&s, &at("vote"), &[("motion", "在南门外划线停放"), ("rule", rule)]).await;
    let hands = |second_yes: &'static str| {
        vec![
            ("first", seats[1]),
            ("second", seats[2]),
            ("first_yes", "2"),
            ("first_no", "1"),
            ("second_yes", second_yes),
            ("second_no", "1"),
        ]
    };
    let Seen { status, text, .. } = b.submit(&s, &at("count"), &hands("1")).await;
    assert!(status == StatusCode::CONFLICT && text.contains("2/1/0 和 1/1/0"), "{text}");
    b.done(&s, &at("count"), &hands("2")).await;
    let text = b.open(&s).await;
    assert!(
        text.contains("需&gt;1/2：2人/3人，实际2人，已达到")
            || text.contains("需>1/2：2人/3人，实际2人，已达到"),
        "{text}"
    );
    assert!(b.open(&public).await.contains("在南门外划线停放"), "the hall sees what was decided");
    let owner = format!("person:{second}");
    b.done(
        &s,
        &at("action"),
        &[("item", item_of(&text)), ("what", "划线"), ("owner", &owner), ("due", "2026-04-30")],
    )
    .await;
    b.done(&s, &at("call"), &[]).await;
    b.done(&s, &at("conclude"), &[("words", "已听取，电话13812345678")]).await;
    // The secretary of the body has a resident's account: the seat alone lets preside; a member's seat does not.
    b.who = Some(second);
    assert!(b.open(&public).await.contains(&format!("href=\"{s}\"")), "the seat leads to the screen");
    b.done(&s, &at("pause"), &[]).await;
    assert!(!b.open(&s).await.contains("href=\"/office/councils/"), "no way into the desk");
    b.open(&at("paper")).await;
    b.who = Some(third);
    assert_eq!(b.send(Request::get(&s), String::new()).await.status, StatusCode::FORBIDDEN);
    assert!(!b.open(&public).await.contains(&format!("href=\"{s}\"")));
    b.who = Some(second);
    b.done(&s, &at("resume"), &[]).await;
    b.who = Some(staff);
    b.done(&s, &at("close"), &[]).await;
    assert!(!b.open(&public).await.contains("划线停放"), "then the signed minutes say it, nothing before");
    b.done(&s, &at("draft"), &[]).await;
    b.done(&s, &format!("{public}/sign"), &[]).await;
    let sheet = b.open(&at("paper")).await;
    assert!(
        sheet.contains("会议纪要") && sheet.contains("在南门外划线停放"),
        "to be signed on paper: {sheet}"
    );
    b.who = Some(second);
    assert!(b.open(&public).await.contains("在南门外划线停放"), "a member reads what is to be signed");
    b.done(&public, &format!("{public}/sign"), &[]).await;
    b.who = Some(staff);
    b.done(&s, &at("publish"), &[]).await;

    b.who = None;
    let seen = b.open(&public).await;
    for part in ["在南门外划线停放", "通过", "居民代表 3", "划线", "主持人、记录人"] {
        assert!(seen.contains(part), "{part}: {seen}");
    }
    for name in ["李敏", "王建国", "周文静", "13812345678"] {
        assert!(!seen.contains(name), "{name} stands on the public page");
    }
    assert!(b.open("/councils").await.contains("柳荫议事亭"));
    // A correction is signed by two again; the earlier text stays to be read.
    b.who = Some(staff);
    b.done(&s, &at("correct"), &[("text", "更正后的全文"), ("words", "漏了一句")]).await;
    // One signs on the screen, the other on paper, of which the desk keeps a photo.
    b.done(&public, &format!("{public}/sign"), &[]).await;
    b.who = None;
    assert!(!b.open(&public).await.contains("更正后的全文"), "not before two have signed it");
    b.who = Some(staff);
    let (paper, page) = (at("sign-paper"), store::pictures::sample(400, 300, 7).unwrap());
    let photo = [("signed", "a.jpg", page.as_slice())];
    let seen = b.upload(&s, &paper, &[("signers", seats[1])], &[]).await;
    assert!(seen.text.contains("href=\"#f-signed\""), "without the paper: {}", seen.text);
    let seen = b.upload(&s, &paper, &[], &photo).await;
    assert!(seen.text.contains("href=\"#f-signers\""), "nobody: {}", seen.text);
    let seen = b.upload(&s, &paper, &[("signers", seats[0])], &photo).await;
    assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "who signed already");
    let seen = b.upload(&s, &paper, &[("signers", seats[1])], &photo).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);
    let desk = b.open(&s).await;
    let kept = desk.split("href=\"").map(|a| a.split('"').next().unwrap()).find(|a| a.contains("/signed/"));
    assert!(b.photo(kept.unwrap()).await.is_ok());
    b.who = None;
    assert!(b.photo(kept.unwrap()).await.is_err(), "not for everybody");
    b.who = None;
    let seen = b.open(&public).await;
    for part in ["更正后的全文", "更正原因：漏了一句", "更正前的纪要（第 1 稿）"] {
        assert!(seen.contains(part), "{part}: {seen}");
    }
    assert_eq!(
        b.send(Request::get(&s), String::new()).await.status,
        StatusCode::SEE_OTHER,
        "the desk asks who it is"
    );
    b.who = Some(staff);
    let actions = b.open(&council).await;
    let finish = actions
        .split("action=\"")
        .map(|a| &a[..a.find('"').unwrap_or(0)])
        .find(|a| a.ends_with("/done"))
        .unwrap()
        .to_owned();
    b.done(&council, &finish, &[("result", "划好了")]).await;
    assert!(!b.open(&council).await.contains("/done\""));
}

/// The item that the form of actions offers.
fn item_of(page: &str) -> &str {
    let select = &page[page.find("id=\"f-item\"").unwrap()..];
    attribute(&select[select.find("<option").unwrap()..], "value").unwrap()
}

async fn street(t: &TestStore) -> Id {
    places::home(&mut t.store.read().await.unwrap()).await.unwrap().unwrap().street
}
