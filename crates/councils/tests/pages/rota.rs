//! A rota is set on the page of a body; whoever is on duty enters from a phone whom they received; strangers see who receives
//! when, and numbers, but no names.

use super::{
    hybrid::{body, choices, person, plain, rooms},
    *,
};

/// The addresses of the duties that a page leads to.
fn duties(page: &str) -> Vec<String> {
    let links = page.split("href=\"/duties/").skip(1).filter_map(|l| l.split('"').next());
    links.filter(|l| l.len() == 36).map(|l| format!("/duties/{l}")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_on_duty_enters_whom_they_received() {
    let t = rooms().await;
    let (mut b, staff) = plain(&t).await;
    let council = body(&b).await;
    let public = council.replace("/office", "");
    let rota = format!("{council}/rota");
    let at = |act: &str| format!("{rota}/{act}");
    let seats: Vec<String> =
        choices(&b.open(&council).await, "chair").into_iter().map(str::to_owned).collect();
    let mut new = vec![
        ("pattern", "weekly"),
        ("weekday", "TH"),
        ("at", "09:00"),
        ("length", "120"),
        ("hall", "议事亭"),
        ("off", "keep"),
        ("each", "1"),
    ];
    b.refused(&rota, &at("make"), &new, "轮流的成员不够").await;
    new.extend([("order", seats[0].as_str()), ("order", &seats[1])]);
    b.done(&rota, &at("make"), &new).await;
    let page = b.open(&rota).await;
    let all = duties(&page);
    assert_eq!(all.len(), 4, "four weeks: {page}");
    assert!(page.contains("每星期四") || page.contains("每周四"), "{page}");
    b.done(&rota, &at("plan"), &[]).await;
    assert_eq!(duties(&b.open(&rota).await), all, "planned once");
    let id = page.split("?edit=").nth(1).unwrap()[..36].to_owned();
    assert!(b.open(&format!("{rota}?edit={id}")).await.contains("checked"));

    b.who = None;
    for page in [public.as_str(), "/receptions", "/councils"] {
        let seen = b.open(page).await;
        assert!(!seen.contains("李敏") && !seen.contains("王建国"), "{page}: {seen}");
    }
    let seen = b.open("/receptions").await;
    assert!(seen.contains("李*") && seen.contains("居民代表") && seen.contains("今天没有接待"), "{seen}");
    assert!(b.open("/councils").await.contains(&format!("href=\"{public}\"")));
    let feed = b.open(&format!("{public}/receptions.ics")).await;
    assert_eq!(feed.matches("BEGIN:VEVENT").count(), 4, "{feed}");
    assert!(feed.contains("SEQUENCE:0") && !feed.contains("李"), "{feed}");
    assert_eq!(
        b.send(Request::get(&all[0]), String::new()).await.status,
        StatusCode::SEE_OTHER,
        "who is it?"
    );

    // The first asks the second, who takes it.
    let (first, second) = (person(&t, "13900000001").await, person(&t, "13900000002").await);
    let third = person(&t, "13900000003").await;
    b.who = Some(third);
    assert_eq!(b.send(Request::get(&all[0]), String::new()).await.status, StatusCode::FORBIDDEN);
    b.who = Some(first);
    assert_eq!(duties(&b.open("/duties").await), [all[0].clone(), all[2].clone()]);
    let seen = b.open(&all[0]).await;
    assert!(!seen.contains("/cancel\"") && !seen.contains("/hand\""), "a member calls nothing off: {seen}");
    b.done(&all[0], &format!("{}/ask-swap", all[0]), &[("to", &seats[1])]).await;
    b.who = Some(second);
    assert!(b.open("/duties").await.contains("有成员请您替班"));
    b.done(&all[0], &format!("{}/take", all[0]), &[]).await;
    let own = b.open("/duties").await;
    assert_eq!(duties(&own).len(), 3);
    let link =
        own.split("href=\"http://here").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    b.who = None;
    let feed = b.open(&link).await;
    assert_eq!(feed.matches("BEGIN:VEVENT").count(), 3, "{feed}");
    assert!(feed.contains("SEQUENCE:1"), "who has it changed: {feed}");
    let status = b.send(Request::get(format!("{link}0")), String::new()).await.status;
    assert_eq!(status, StatusCode::NOT_FOUND, "not with another code");

    // On the day: three come with nothing, one with a question, one with something to be done.
    let street = street(&t).await;
    let id: Id = all[0].rsplit('/').next().unwrap().parse().unwrap();
    let d = councils::queries::duty(&mut t.store.read().await.unwrap(), street, id).await.unwrap().unwrap();
    b.who = Some(second);
    assert!(!b.open(&all[0]).await.contains("/receive\""), "not before its time");
    t.clock.set(d.starts);
    let enter = format!("{}/receive", all[0]);
    b.done(&all[0], &format!("{}/begin", all[0]), &[]).await;
    b.refused(&all[0], &enter, &[("people", "1"), ("about", "路灯"), ("end", "nothing")], "写了反映的事")
        .await;
    b.refused(&all[0], &enter, &[("people", "0"), ("end", "nothing")], "不用记").await;
    b.done(&all[0], &enter, &[("people", "3"), ("end", "nothing")]).await;
    let answered = [("people", "1"), ("about", "路灯几时修"), ("answer", "月底前"), ("end", "answered")];
    b.done(&all[0], &enter, &answered).await;
    let raised = [("people", "1"), ("about", "下水道堵了"), ("place", "/QH/LY/"), ("end", "raised")];
    b.done(&all[0], &enter, &raised).await;
    let seen = b.open(&all[0]).await;
    assert!(
        seen.contains("已接待 5 人，当场答复 1 件，转事项 1 件") && seen.contains("LY-2026-000008"),
        "{seen}"
    );
    b.who = None;
    let seen = b.open(&public).await;
    assert!(
        seen.contains("值班 1 次，到岗 1 次，没有到岗 0 次；接待 5 人") && !seen.contains("路灯几时修"),
        "{seen}"
    );
    // The next one nobody keeps.
    t.clock.set(d.ends + Duration::days(8));
    assert!(b.open(&public).await.contains("没有到岗 1 次"));
    b.who = Some(staff);
    assert!(b.open(&council).await.contains("没有到岗 1 次"));
    b.done(&all[2], &format!("{}/cancel", all[2]), &[("words", "会议室装修")]).await;
    b.done(&rota, &at("end"), &[]).await;
    assert!(b.open(&rota).await.contains("还没有值班表"));
}
