//! The whole server, asked without a socket: doors, headers, failures in words.

use super::*;
use crate::cli;
use axum::{body::Body, http::Request};
use clap::Parser;
use store::testing::{self, TestStore};
use tower::ServiceExt;
use ui::Lang;

async fn server() -> (TestStore, Router) {
    rooms::register_words();
    let test = testing::open(Engine::Sqlite, rooms::MIGRATIONS).await.unwrap().unwrap();
    let typed = cli::Cli::try_parse_from(["yishiting", "serve", "--base-url", "https://q.example"]).unwrap();
    let config = Config::of(Lang::En, &typed).unwrap();
    let ctx = context(&config, &test.store, "https://q.example".into(), false);
    assert!(ctx.site.secure_cookies, "an https address keeps cookies to TLS");
    let app = router(&ctx, &Arc::default());
    (test, app)
}

pub(super) async fn get(
    app: &Router,
    path: &str,
    headers: &[(&str, &str)],
) -> (StatusCode, axum::http::HeaderMap, String) {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 1 << 24).await.unwrap();
    (parts.status, parts.headers, String::from_utf8_lossy(&bytes).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operators_questions_are_answered() {
    let (test, app) = server().await;
    assert_eq!(get(&app, "/healthz", &[]).await.2, "ok\n");
    assert_eq!(get(&app, "/readyz", &[]).await.0, StatusCode::OK);
    let (status, headers, text) = get(&app, "/metrics", &[]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/plain; version=0.0.4"));
    for line in
        ["yishiting_outbox{state=\"dead\"} 0", "yishiting_journal_entries 0", "yishiting_matters_open 0"]
    {
        assert!(text.lines().any(|l| l == line), "{line}\n{text}");
    }
    let (status, _, text) = get(&app, "/api/openapi.json", &[]).await;
    assert_eq!((status, text.contains("\"3.1.0\"")), (StatusCode::OK, true));
    test.store.close().await;
    assert_eq!(get(&app, "/healthz", &[]).await.0, StatusCode::OK, "the process lives");
    assert_eq!(get(&app, "/readyz", &[]).await.0, StatusCode::SERVICE_UNAVAILABLE, "its store does not");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_come_in_words_and_every_answer_behind_the_same_headers() {
    let (_test, app) = server().await;
    let (status, headers, text) = get(&app, "/nothing", &[("accept-language", "en")]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(text.contains("<html") && headers.contains_key("content-security-policy"), "{text}");
    let (status, headers, text) = get(&app, "/api/v1/matters/NO-1", &[]).await;
    assert!(status.is_client_error());
    assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
    assert!(text.contains("\"title\""), "{text}");
    // A fresh store leads to its set-up.
    let (status, headers, _) = get(&app, "/setup", &[]).await;
    assert!(status == StatusCode::OK || headers.contains_key(header::LOCATION));
    let (_, headers, _) = get(&app, "/nothing", &[("accept-encoding", "gzip")]).await;
    assert_eq!(headers[header::CONTENT_ENCODING], "gzip", "pages are compressed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_is_a_page_that_says_so() {
    let (test, _) = server().await;
    async fn falls() -> &'static str {
        panic!("on purpose")
    }
    let typed = cli::Cli::try_parse_from(["yishiting", "serve"]).unwrap();
    let config = Config::of(Lang::En, &typed).unwrap();
    let ctx = context(&config, &test.store, "http://q.example".into(), false);
    let app = dressed(Router::new().route("/falls", axum::routing::get(falls)), &ctx, &Arc::default());
    let (status, _, text) = get(&app, "/falls", &[("accept-language", "en")]).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(text.contains("<html") && !text.contains("on purpose"), "{text}");
}
