//! Days on which the disk is full, cannot be written, or is held by somebody else; and what people and programs send
//! that nobody should. Each gets a clear answer in the reader's language, and nothing is lost or half kept.

use super::{tests::get, *};
use crate::cli;
use axum::{body::Body, http::Request};
use clap::Parser;
use serde_json::{Value, json};
use store::{
    Fault, args,
    testing::{self, TestStore},
};
use tower::ServiceExt;
use ui::Lang;

struct Street {
    test: TestStore,
    app: Router,
}

async fn street() -> Street {
    rooms::register_words();
    let test = testing::open(Engine::Sqlite, rooms::MIGRATIONS).await.unwrap().unwrap();
    let input = people::SetUp {
        street_name: "清和街道".into(),
        street_code: "QH".into(),
        community_name: "柳荫社区".into(),
        community_code: "LY".into(),
        admin_login: "admin".into(),
        admin_password: "Kettle-7314".into(),
        ..people::SetUp::default()
    };
    test.store.write(move |tx| Box::pin(people::set_up(tx, input))).await.unwrap();
    Street { app: served(&test.store), test }
}

fn served(store: &Store) -> Router {
    let typed = cli::Cli::try_parse_from(["yishiting", "serve"]).unwrap();
    let config = Config::of(Lang::En, &typed).unwrap();
    let ctx = context(&config, store, "http://q.example".into(), false);
    router(&ctx, &Arc::default())
}

impl Street {
    async fn send(&self, request: Request<Body>) -> (StatusCode, String) {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 24).await.unwrap();
        (parts.status, String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn raise(&self, key: &str, body: &str) -> (StatusCode, Value) {
        self.raise_with(key, json!({ "place": "/QH/LY/", "body": body, "phone": "13900000000" })).await
    }

    async fn raise_with(&self, key: &str, body: Value) -> (StatusCode, Value) {
        let request = Request::post("/api/v1/matters")
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .header("accept-language", "zh-Hans")
            .body(Body::from(body.to_string()))
            .unwrap();
        let (status, text) = self.send(request).await;
        (status, serde_json::from_str(&text).unwrap_or_else(|e| panic!("{status} {e}: {text}")))
    }

    /// Changes how the writing connection works; whether that very change could still be committed.
    async fn pragma(&self, sql: &'static str) -> bool {
        let done = self.test.store.write(move |tx| {
            Box::pin(async move {
                tx.all(sql, args![]).await?;
                Ok::<_, Fault>(())
            })
        });
        done.await.is_ok()
    }

    async fn matters(&self) -> i64 {
        let mut conn = self.test.store.read().await.unwrap();
        crate::queries::counts(&mut conn, self.test.store.now()).await.unwrap().matters
    }

    /// Everything that was kept is whole.
    async fn sound(&self) {
        let mut conn = self.test.store.read().await.unwrap();
        let (_, faults) = matters::verify(&mut conn, self.test.store.keys()).await.unwrap();
        assert!(faults.is_empty(), "{faults:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_keeps_nothing_by_halves_and_says_so() {
    let s = street().await;
    assert_eq!(s.raise("a", "楼道灯不亮").await.0, StatusCode::CREATED);
    s.pragma("PRAGMA max_page_count = 1").await;
    let mut kept = 1;
    // What is free in the file still takes a few; then the store says that it is full.
    let refused = loop {
        let (status, answer) = s.raise(&format!("b{kept}"), &"水管漏水，".repeat(300)).await;
        if status != StatusCode::CREATED {
            break (status, answer);
        }
        kept += 1;
        assert!(kept < 10_000, "the disk never gets full");
    };
    assert_eq!(
        (refused.0, refused.1["code"].as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, Some("ui.store-full"))
    );
    assert!(refused.1["title"].as_str().unwrap().contains("存储满了"), "{}", refused.1);
    assert_eq!(s.matters().await, kept, "nothing half, nothing lost");
    assert_eq!(get(&s.app, "/", &[]).await.0, StatusCode::OK, "reading goes on");
    // Room again: the same command is done, once.
    s.pragma("PRAGMA max_page_count = 1000000").await;
    let key = format!("b{kept}");
    let first = s.raise(&key, &"水管漏水，".repeat(300)).await;
    let again = s.raise(&key, &"水管漏水，".repeat(300)).await;
    assert_eq!((first.0, &first.1["number"]), (StatusCode::CREATED, &again.1["number"]));
    assert_eq!(s.matters().await, kept + 1);
    s.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_cannot_be_written_is_told_of() {
    let s = street().await;
    s.pragma("PRAGMA query_only = 1").await;
    let (status, answer) = s.raise("a", "楼道灯不亮").await;
    assert_eq!(
        (status, answer["code"].as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, Some("ui.store-read-only"))
    );
    assert_eq!((s.matters().await, get(&s.app, "/", &[]).await.0), (0, StatusCode::OK));
    // Writable again, after a new start.
    let folder = store::Location::Folder(s.test.folder.clone());
    let store = store::Store::open(&folder, Options::default()).await.unwrap();
    let s = Street { app: served(&store), ..s };
    assert_eq!((s.raise("a", "楼道灯不亮").await.0, s.matters().await), (StatusCode::CREATED, 1));
    s.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_database_is_waited_for_and_then_told_of() {
    let s = street().await;
    s.pragma("PRAGMA busy_timeout = 20").await;
    // Another program on the same folder is in the middle of a change.
    let folder = store::Location::Folder(s.test.folder.clone());
    let other = store::Store::open(&folder, Options::default()).await.unwrap();
    let (began, begun) = tokio::sync::oneshot::channel();
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let held = tokio::spawn(async move {
        other
            .write(move |_| {
                Box::pin(async move {
                    began.send(()).unwrap();
                    let _ = ended.await;
                    Ok::<_, Fault>(())
                })
            })
            .await
    });
    begun.await.unwrap();
    let (status, answer) = s.raise("a", "楼道灯不亮").await;
    assert_eq!((status, answer["code"].as_str()), (StatusCode::SERVICE_UNAVAILABLE, Some("ui.store-busy")));
    end.send(()).unwrap();
    held.await.unwrap().unwrap();
    let (status, _) = s.raise("a", "楼道灯不亮").await;
    assert_eq!((status, s.matters().await), (StatusCode::CREATED, 1), "the same key, once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_and_huge_uploads_are_refused_in_words() {
    let s = street().await;
    let with = |data: String| json!({ "place": "/QH/LY/", "body": "看照片", "phone": "13900000000", "photos": [{ "data": data }] });
    for (key, data, code) in [
        ("half", "/9j/4AAQSkZJRgABAQ==", "ui.photo-broken"),
        ("text", "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "ui.file-kind"),
        ("none", "%%%", "ui.not-valid"),
    ] {
        let (status, answer) = s.raise_with(key, with(data.into())).await;
        assert_eq!(
            (status, answer["code"].as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some(code)),
            "{key}"
        );
    }
    // 50 MB: refused while it comes, whether by the API or by the form.
    let (status, answer) = s.raise_with("huge", with("A".repeat(50 << 20))).await;
    assert_eq!((status, answer["code"].as_str()), (StatusCode::PAYLOAD_TOO_LARGE, Some("ui.file-too-large")));
    let mut form =
        b"--x\r\nContent-Disposition: form-data; name=\"photos\"; filename=\"a.jpg\"\r\n\r\n".to_vec();
    form.resize(50 << 20, 0xFF);
    form.extend_from_slice(b"\r\n--x--\r\n");
    let request = Request::post("/raise")
        .header("content-type", "multipart/form-data; boundary=x")
        .header("accept-language", "zh-Hans")
        .body(Body::from(form))
        .unwrap();
    let (status, page) = s.send(request).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.contains("12") && page.contains("<html"), "{page}");
    assert_eq!(s.matters().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_text_stays_text() {
    let s = street().await;
    let texts = [
        "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
        "向右\u{202E}写的\u{2066}字\u{200B}零宽\u{FEFF}和\u{0007}铃",
        "'; DROP TABLE matter; --",
        "{{7*7}} ${jndi:ldap://x} %s %n ../../etc/passwd",
    ];
    for (i, text) in texts.iter().enumerate() {
        let (status, answer) = s.raise(&format!("t{i}"), text).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        let number = answer["number"].as_str().unwrap();
        let secret = answer["secret"].as_str().unwrap();
        let response = s
            .app
            .clone()
            .oneshot(Request::get(format!("/s/{number}/{secret}")).body(Body::empty()).unwrap())
            .await
            .unwrap();
        let cookie =
            response.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        let (status, _, page) = get(&s.app, &format!("/m/{number}"), &[("cookie", &cookie)]).await;
        assert_eq!(status, StatusCode::OK);
        for raw in ["<script>alert", "<img src=x", "\u{202E}", "\u{2066}", "\u{200B}", "\u{FEFF}", "\u{0007}"]
        {
            assert!(!page.contains(raw), "{raw:?} reached the page");
        }
    }
    // 10,000 characters are more than a matter takes: refused with the bound, not cut.
    let (status, answer) = s.raise("long", &"长".repeat(10_000)).await;
    assert_eq!(
        (status, answer["field"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("body")),
        "{answer}"
    );
    assert_eq!(s.matters().await, 4);
    s.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_wrong_changes_no_order() {
    let s = street().await;
    assert_eq!(s.raise("a", "楼道灯不亮").await.0, StatusCode::CREATED);
    // The machine's clock is set back a year: what comes later still stands after what came before.
    s.test.clock.advance(-chrono::Duration::days(365));
    assert_eq!(s.raise("b", "又不亮了").await.0, StatusCode::CREATED);
    s.test.clock.advance(chrono::Duration::days(3 * 365));
    assert_eq!(s.raise("c", "还是不亮").await.0, StatusCode::CREATED);
    assert!(matters::jobs::sweep(&s.test.store).await.unwrap() > 0, "clocks strike");
    s.sound().await;
    // A device's clock is only noted, and a year that makes no sense is refused.
    let body = json!({ "place": "/QH/LY/", "body": "x", "phone": "13900000000", "client_at": "1970-01-01T00:00:00Z" });
    let (status, answer) = s.raise_with("d", body).await;
    assert_eq!((status, answer["field"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("client_at")));
}
