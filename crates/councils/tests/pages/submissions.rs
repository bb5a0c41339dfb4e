//! A member hands a motion in from a phone; the chair, without any office, admits it and plans the sitting that takes it.

use super::{
    hybrid::{body, choices, person, plain, rooms},
    *,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chair_without_an_office_admits_and_plans() {
    let t = rooms().await;
    let (mut b, _) = plain(&t).await;
    let council = body(&b).await;
    let public = council.replace("/office", "");
    let motions = format!("{public}/motions");
    let at = |act: &str| format!("{motions}/{act}");
    let seats: Vec<String> =
        choices(&b.open(&council).await, "chair").into_iter().map(str::to_owned).collect();
    let fields = [("chair", seats[0].as_str()), ("secretary", &seats[1]), ("rule", "resident_reps")];
    b.done(&council, &format!("{council}/settings"), &fields).await;
    let (chair, second) = (person(&t, "13900000001").await, person(&t, "13900000002").await);
    let third = person(&t, "13900000003").await;

    b.who = Some(Id::named("stranger"));
    assert_eq!(b.send(Request::get(&motions), String::new()).await.status, StatusCode::FORBIDDEN);
    b.who = Some(third);
    let new = |title| [("title", title), ("motion", "在南门外划线停车60个"), ("why", "门口乱")];
    b.refused(&motions, &at("submit"), &new(" "), "这里不能空着").await;
    b.done(&motions, &at("submit"), &new("南门停车")).await;
    let seen = b.open(&motions).await;
    assert!(seen.contains("等待受理") && !seen.contains("/admit\"") && !seen.contains("/cosign\""), "{seen}");
    let id = seen.split("id=\"s-").nth(1).unwrap()[..36].to_owned();
    // What the form does not offer is refused at the door too.
    let csrf = t.store.keys().sign("form", &third.to_string());
    let request =
        Request::post(at("admit")).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(b.send(request, format!("csrf={csrf}&id={id}")).await.status, StatusCode::FORBIDDEN);
    b.who = Some(second);
    b.done(&motions, &at("cosign"), &[]).await;
    assert!(b.open(&motions).await.contains("您已联署"));

    // The chair has a resident's account.
    b.who = Some(chair);
    assert!(b.open(&public).await.contains(&format!("href=\"{council}\"")), "the seat leads to the planning");
    b.refused(&motions, &at("not-admit"), &[("words", " ")], "这里不能空着").await;
    b.done(&motions, &at("admit"), &[]).await;
    let starts = t.store.now() + Duration::days(12);
    let local = |at| time::local(at).format("%Y-%m-%dT%H:%M").to_string();
    let (from, to) = (local(starts), local(starts + Duration::hours(2)));
    let page = b.open(&council).await;
    assert!(
        !page.contains("/settings\"") && !page.contains("/member\""),
        "who sits is not theirs to say: {page}"
    );
    let plan = format!("{council}/sittings");
    b.refused(&council, &plan, &[("venue", "院子"), ("starts", &to), ("ends", &from)], "结束要晚于开始")
        .await;
    let s = b.done(&council, &plan, &[("venue", "院子"), ("starts", &from), ("ends", &to)]).await;
    b.done(&s, &format!("{s}/bring"), &[("submission", &id)]).await;
    b.done(&s, &format!("{s}/notice"), &[]).await;
    assert!(b.open(&format!("{s}/paper")).await.contains("在南门外划线停车60个"));
    b.who = None;
    let notice = b.open(&s.replace("/office", "")).await;
    assert!(
        notice.contains("在南门外划线停车60个") && notice.contains("居民代表提出，居民代表附议"),
        "{notice}"
    );
    b.who = Some(third);
    assert!(b.open(&motions).await.contains("已上议程"));
    assert_eq!(b.send(Request::get(&council), String::new()).await.status, StatusCode::FORBIDDEN, "no chair");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_called_off_sitting_reaches_those_who_follow() {
    let t = rooms().await;
    let (b, _) = plain(&t).await;
    let council = body(&b).await;
    let starts = t.store.now() + Duration::days(12);
    let local = |at| time::local(at).format("%Y-%m-%dT%H:%M").to_string();
    let (from, to) = (local(starts), local(starts + Duration::hours(2)));
    let times = [("venue", "院子"), ("starts", from.as_str()), ("ends", to.as_str())];
    let s = b.done(&council, &format!("{council}/sittings"), &times).await;
    b.done(&s, &format!("{s}/add-item"), &[("title", "停车"), ("kind", "discuss")]).await;
    b.done(&s, &format!("{s}/notice"), &[]).await;
    let feed = format!("{}/calendar.ics", council.replace("/office", ""));
    let value = |text: &str, name: &str| {
        let line = text.lines().find_map(|l| l.strip_prefix(name)).unwrap_or_default();
        line.trim_start_matches(':').to_owned()
    };
    let first = b.open(&feed).await;
    let (uid, sequence) = (value(&first, "UID"), value(&first, "SEQUENCE"));
    assert_eq!(value(&first, "STATUS"), "CONFIRMED");
    // A day later it is called off: another version, from then, of the same entry.
    t.clock.set(t.store.now() + Duration::days(1));
    let when = t.store.now().format("%Y%m%dT%H%M%SZ").to_string();
    b.done(&s, &format!("{s}/cancel"), &[("words", "停电")]).await;
    t.clock.set(t.store.now() + Duration::days(1));
    let second = b.open(&feed).await;
    assert_eq!((value(&second, "UID"), value(&second, "STATUS")), (uid, "CANCELLED".to_owned()));
    assert_eq!(value(&second, "DTSTAMP"), when, "{second}");
    let number = |s: &str| s.parse::<i64>().unwrap();
    assert!(number(&value(&second, "SEQUENCE")) > number(&sequence), "{second}");
    assert_eq!(b.open(&feed).await, second, "asked again it is the same");
}
