//! Regular days are set on the page of a body, planned by the button, and followed from any calendar.

use super::*;

const BOARD: &str = "/office/councils/new";

async fn body(b: &Browser) -> String {
    b.done(BOARD, BOARD, &[("kind", "pavilion"), ("name", "柳荫议事亭"), ("place", "/QH/LY/")]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn regular_days_are_set_and_planned() {
    let t = testing::open(Engine::Sqlite, &[places::MIGRATIONS, people::MIGRATIONS, councils::MIGRATIONS])
        .await
        .unwrap()
        .unwrap();
    let (b, _) = hall(&t).await;
    let council = body(&b).await;
    let (set, plan) = (format!("{council}/rhythm"), format!("{council}/plan-next"));
    let day = |days| {
        [
            ("pattern", "month_days"),
            ("days", days),
            ("at", "09:00"),
            ("length", "120"),
            ("hall", "议事厅"),
            ("off", "keep"),
        ]
    };
    let Seen { status, text, .. } = b.submit(&council, &set, &day("5、32")).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("href=\"#f-days\""), "{text}");
    assert!(text.contains("value=\"5、32\""), "what was typed is kept: {text}");
    b.done(&council, &set, &day("25、5 15 31")).await;
    let page = b.open(&council).await;
    assert!(page.contains("每月 5、15、25、31 日"), "{page}");
    assert!(page.contains("2、4、6、9、11 月没有 31 日"), "short months are said: {page}");
    b.done(&council, &plan, &[]).await;
    b.done(&council, &plan, &[]).await;
    let page = b.open(&council).await;
    assert_eq!(page.matches("href=\"/office/sittings/").count(), 3, "planned once: {page}");
    b.done(&council, &set, &[("pattern", "")]).await;
    assert!(!b.open(&council).await.contains(&plan), "no regular days, nothing to plan");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_telephone_follows_the_sittings() {
    let t = testing::open(Engine::Sqlite, &[places::MIGRATIONS, people::MIGRATIONS, councils::MIGRATIONS])
        .await
        .unwrap()
        .unwrap();
    let (mut b, staff) = hall(&t).await;
    let council = body(&b).await;
    let join = format!("{council}/member");
    let who = [("name", "李敏"), ("phone", "13900000001"), ("capacity", "resident_rep")];
    b.done(&council, &join, &who).await;
    let starts = t.store.now() + Duration::days(12);
    let local = |at| time::local(at).format("%Y-%m-%dT%H:%M").to_string();
    let (from, to) = (local(starts), local(starts + Duration::hours(2)));
    let times = [("venue", "议事厅;一楼"), ("starts", from.as_str()), ("ends", to.as_str())];
    let s = b.done(&council, &format!("{council}/sittings"), &times).await;
    let at = |act: &str| format!("{s}/{act}");
    b.done(&s, &at("add-item"), &[("title", "电动车停放、充电"), ("kind", "report")]).await;
    let own = format!("{}/calendar.ics", council.replace("/office", ""));
    let street = "/councils/calendar.ics";
    b.who = None;
    for feed in [own.as_str(), street] {
        let Seen { status, text, .. } = b.send(Request::get(feed), String::new()).await;
        assert_eq!(status, StatusCode::OK);
        assert!(!text.contains("VEVENT"), "a plan is not public: {text}");
    }
    b.who = Some(staff);
    b.done(&s, &at("notice"), &[]).await;
    b.who = None;
    let page = b.open("/councils").await;
    let link = page.split("href=\"/councils/calendar.ics").nth(1).unwrap().split('"').next().unwrap();
    let link = format!("/councils/calendar.ics{link}");
    let mut last = -1;
    for (verb, status) in [("", "CONFIRMED"), ("cancel", "CANCELLED")] {
        if !verb.is_empty() {
            b.who = Some(staff);
            b.done(&s, &at(verb), &[("words", "停电"), ("reason", "停电")]).await;
            b.who = None;
        }
        for feed in [own.as_str(), street, link.as_str()] {
            let text = b.send(Request::get(feed), String::new()).await.text;
            assert_eq!(text.matches("BEGIN:VEVENT").count(), 1, "{feed}: {text}");
            assert!(text.contains(&format!("STATUS:{status}\r\n")), "{text}");
            assert!(text.contains("LOCATION:议事厅\\;一楼\r\n"), "{text}");
            assert!(text.replace("\r\n ", "").contains("电动车停放、充电"), "{text}");
        }
        let text = b.send(Request::get(&own), String::new()).await.text;
        let sequence: i64 =
            text.split("SEQUENCE:").nth(1).unwrap().split("\r\n").next().unwrap().parse().unwrap();
        assert!(sequence > last, "a change is a later version: {text}");
        last = sequence;
    }
    let Seen { status, text, .. } =
        b.send(Request::get("/councils/calendar.ics?place=/QH/OTHER/"), String::new()).await;
    assert!(status == StatusCode::OK && !text.contains("VEVENT"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_reports_and_nobody_else() {
    use councils::{
        Council, actions,
        model::{Act, How, ItemKind, NewAction, NewItem, NewSitting, Owner},
    };
    let t = testing::open(Engine::Sqlite, &[places::MIGRATIONS, people::MIGRATIONS, councils::MIGRATIONS])
        .await
        .unwrap()
        .unwrap();
    let (mut b, staff) = hall(&t).await;
    let council = body(&b).await;
    let join = format!("{council}/member");
    for (name, phone) in [("李敏", "13900000001"), ("王建国", "13900000002"), ("赵慧", "13900000003")]
    {
        b.done(&council, &join, &[("name", name), ("phone", phone), ("capacity", "resident_rep")]).await;
    }
    let id: Id = council.rsplit('/').next().unwrap().parse().unwrap();
    let street = places::home(&mut t.store.read().await.unwrap()).await.unwrap().unwrap().street;
    let c: Council =
        councils::queries::council(&mut t.store.read().await.unwrap(), street, id).await.unwrap().unwrap();
    let (owner, other, chair) = (c.members[0].person, c.members[1].person, c.members[2].clone());
    let actor = Actor { person: Some(staff), ..Actor::system(street) };
    let by = actor.clone();
    let seats = t.store.write(move |tx| {
        Box::pin(async move { actions::settings(tx, &by, id, Some(chair.id), None, "resident_reps").await })
    });
    seats.await.unwrap();
    let starts = t.store.now() + Duration::days(12);
    let new = NewSitting {
        venue: "议事厅".into(),
        starts,
        ends: starts + Duration::hours(1),
        ..NewSitting::default()
    };
    let by = actor.clone();
    let s = t.store.write(move |tx| Box::pin(async move { actions::plan(tx, &by, id, new).await }));
    let s = s.await.unwrap().id;
    let act = async |act: Act| {
        let by = actor.clone();
        let done =
            t.store.write(move |tx| Box::pin(async move { actions::act(tx, BRIDGE, &by, s, act).await }));
        done.await.unwrap()
    };
    let new = NewItem { kind: ItemKind::Report, title: Some("楼道灯".into()), minutes: 0, matter: None };
    let item = act(Act::AddItem(new)).await.items[0].id;
    act(Act::Notice(None)).await;
    t.clock.set(starts);
    act(Act::OpenSignIn).await;
    for m in &c.members {
        act(Act::Come(m.id, How::List)).await;
    }
    act(Act::Begin).await;
    act(Act::Call(item)).await;
    act(Act::Conclude(item, "要修".into())).await;
    let due = time::local_date(starts);
    let new = NewAction { item, text: "修楼道灯".into(), owner: Owner::Person(owner), due };
    let by = actor.clone();
    let a = t.store.write(move |tx| Box::pin(async move { actions::give(tx, BRIDGE, &by, s, new).await }));
    let page = format!("/council-actions/{}", a.await.unwrap().id);

    b.who = None;
    assert_ne!(b.send(Request::get(&page), String::new()).await.status, StatusCode::OK, "who is it?");
    b.who = Some(other);
    assert_eq!(b.send(Request::get(&page), String::new()).await.status, StatusCode::FORBIDDEN);
    b.who = Some(owner);
    let Seen { status, text, .. } = b.submit(&page, &page, &[("act", "report"), ("result", " ")]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("href=\"#f-result\""), "{text}");
    b.done(&page, &page, &[("act", "report"), ("result", "灯已买好")]).await;
    assert!(b.open(&page).await.contains("灯已买好"));
    t.clock.set(starts + Duration::days(2));
    assert!(b.open(&page).await.contains("已逾期"), "it is said that its day is over");
    b.who = Some(staff);
    b.done(&page, &page, &[("act", "done"), ("result", "都亮了")]).await;
    let text = b.open(&page).await;
    assert!(text.contains("都亮了") && !text.contains("value=\"report\""), "done is done: {text}");

    // Once the minutes are out, everybody sees it and residents judge it; who did it does not.
    b.who = Some(other);
    let judge = format!("{page}/evaluate");
    assert_eq!(b.send(Request::get(&page), String::new()).await.status, StatusCode::FORBIDDEN);
    act(Act::Close).await;
    act(Act::Draft("听取了通报".into())).await;
    for signer in [chair.person, owner] {
        let by = Actor { person: Some(signer), ..actor.clone() };
        let signed = t
            .store
            .write(move |tx| Box::pin(async move { actions::act(tx, BRIDGE, &by, s, Act::Sign).await }));
        signed.await.unwrap();
    }
    act(Act::Publish).await;
    let Seen { status, text, .. } = b.submit(&page, &judge, &[("grade", "great")]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("href=\"#f-grade\""), "{text}");
    b.done(&page, &judge, &[("grade", "dissatisfied"), ("words", "晚上又灭了")]).await;
    let text = b.open(&page).await;
    assert!(text.contains("不满意 1 人") && !text.contains("晚上又灭了"), "the words are not public: {text}");
    b.who = None;
    assert!(b.open(&page).await.contains("不满意 1 人"));
    b.who = Some(owner);
    assert!(!b.open(&page).await.contains("name=\"grade\""), "nobody judges the own work");
    b.who = Some(staff);
    assert!(b.open(&page).await.contains("晚上又灭了"));
    let Seen { status, text, .. } =
        b.submit(&page, &page, &[("act", "reopen"), ("reason", "灯又灭了"), ("due", "")]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("href=\"#f-due\""), "{text}");
    let later = (due + Duration::days(30)).to_string();
    b.done(&page, &page, &[("act", "reopen"), ("reason", "灯又灭了"), ("due", &later)]).await;
    assert!(b.open(&page).await.contains("灯又灭了"));
}
