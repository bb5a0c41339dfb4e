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
    let (status, _, text) = b.submit(&council, &set, &day("5、32")).await;
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
