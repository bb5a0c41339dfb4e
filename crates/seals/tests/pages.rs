//! A receipt from the slip to the file, and the published seals, as a browser without script and a program see them.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use chrono::Duration;
use journal::{Receipt, Seal, seal::fingerprint};
use kernel::{Actor, Id};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Recorded, testing::TestStore};
use tower::ServiceExt;
use ui::{Ctx, Site};

struct Reader {
    routes: Router,
}

impl Reader {
    fn new(t: &TestStore) -> Self {
        ui::register(&seals::WORDS);
        ui::register(&places::WORDS);
        let ctx = Ctx {
            store: t.store.clone(),
            gate: Arc::new(people::Gatekeeper::new(t.store.clone())),
            site: Arc::new(Site::default()),
        };
        Self { routes: ui::wrap(seals::routes().merge(ui::routes()), &ctx).with_state(ctx) }
    }

    async fn get(&self, path: &str) -> (StatusCode, String) {
        let request = Request::get(path).header("host", "here").header("accept-language", "en");
        let response = self.routes.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), 1 << 22).await.unwrap();
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    async fn json(&self, path: &str) -> Value {
        let (status, text) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }
}

async fn raised(t: &TestStore, n: i64) -> Recorded {
    t.store
        .write(move |tx| {
            Box::pin(async move {
                let actor = Actor::system(Id::named("street"));
                tx.append(
                    "test",
                    Id::named(&format!("m{n}")),
                    "test.raised",
                    1,
                    &json!({ "n": n }),
                    &actor,
                    None,
                )
                .await
            })
        })
        .await
        .unwrap()
}

store::story!(
    a_receipt_from_the_slip_to_the_file,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let reader = Reader::new(&t);
        let entry = raised(&t, 1).await;
        let code = hex::encode(entry.hash);

        let (status, page) = reader.get("/receipt").await;
        assert!(
            status == StatusCode::OK && page.matches("<form").count() >= 1 && page.contains("name=\"code\""),
            "{page}"
        );

        // Recorded a moment ago: said plainly, and no file yet.
        let (status, page) = reader.get(&format!("/receipt?code={code}")).await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            page.contains("will be sealed within 5 minutes") && !page.contains("/receipt/file"),
            "{page}"
        );
        assert_eq!(reader.get(&format!("/receipt/file?code={code}")).await.0, StatusCode::CONFLICT);
        let known = reader.json(&format!("/api/v1/receipts/{code}")).await;
        assert_eq!((&known["sealed_within_minutes"], &known["receipt"]), (&json!(5), &Value::Null));

        t.clock.advance(Duration::minutes(5));
        let seal = seals::jobs::sweep(&t.store).await.unwrap().unwrap();
        // As it is typed from paper: the beginning, in groups, in capitals.
        let typed = code[..16].to_uppercase();
        let typed = format!("{}+{}-{}%20{}", &typed[..4], &typed[4..8], &typed[8..12], &typed[12..]);
        for asked in [code.clone(), typed] {
            let (status, page) = reader.get(&format!("/receipt?code={asked}")).await;
            assert_eq!(status, StatusCode::OK, "{asked}");
            assert!(
                page.contains("The record stands and was not changed") && page.contains("/seals/1"),
                "{page}"
            );
            // What the script needs stands in the page, hidden until the script has something to say.
            assert!(
                page.contains(&format!("data-receipt=\"/receipt/file?code={code}\""))
                    && page.contains("/assets/receipt-")
            );
        }
        let (_, file) = reader.get(&format!("/receipt/file?code={code}")).await;
        let receipt: Receipt = serde_json::from_str(&file).unwrap();
        let key = fingerprint(&t.store.keys().seal_key().unwrap());
        assert_eq!((receipt.event, receipt.check(Some(&key))), (entry.hash, Ok(())));
        let known = reader.json(&format!("/api/v1/receipts/{code}")).await;
        assert_eq!(serde_json::from_value::<Receipt>(known["receipt"].clone()).unwrap(), receipt);
        assert_eq!((&known["whole"], receipt.seal), (&json!(true), seal));

        // A code that nobody was given, and something that is no code.
        let (status, page) = reader.get(&format!("/receipt?code={}", "0".repeat(64))).await;
        assert!(
            status == StatusCode::NOT_FOUND && page.contains("No record has this receipt code"),
            "{page}"
        );
        let (status, page) = reader.get("/receipt?code=abc").await;
        assert!(
            status == StatusCode::UNPROCESSABLE_ENTITY
                && page.contains("error-summary")
                && page.contains("value=\"abc\"")
        );
        assert_eq!(reader.get("/api/v1/receipts/zz").await.0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            reader.get(&format!("/api/v1/receipts/{}", "1".repeat(64))).await.0,
            StatusCode::NOT_FOUND
        );

        // The record is changed behind the program's back: the page says so, although the hash still stands there.
        t.store
            .write(|tx| {
                Box::pin(async move {
                    tx.run("UPDATE journal SET body = replace(body, '\"n\":1', '\"n\":2')", vec![]).await
                })
            })
            .await
            .unwrap();
        let (_, page) = reader.get(&format!("/receipt?code={code}")).await;
        assert!(
            page.contains("does not agree with the receipt") && !page.contains("stands and was not changed"),
            "{page}"
        );
    }
);

store::story!(
    the_seals_of_the_days_are_published,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let reader = Reader::new(&t);
        let (status, page) = reader.get("/seals").await;
        assert!(status == StatusCode::OK && page.contains("Nothing has been sealed yet"), "{page}");
        let mut last = None;
        for n in 0..80 {
            raised(&t, n).await;
            last = seals::jobs::sweep(&t.store).await.unwrap();
            t.clock.advance(Duration::hours(12));
        }
        let last = last.unwrap();
        let code = hex::encode(last.code());
        let (_, page) = reader.get("/seals").await;
        assert_eq!(page.matches("href=\"/seals/").count(), 31, "a seal a day, a month a page");
        assert!(
            page.contains(&seals::rules::grouped(&last.code()[..8])) && page.contains("rel=\"next\""),
            "{page}"
        );
        let next = page.split("href=\"/seals?cursor=").nth(1).unwrap().split('"').next().unwrap();
        let (_, older) = reader.get(&format!("/seals?cursor={next}")).await;
        assert!(older.contains("rel=\"first\"") && !older.contains("rel=\"next\""), "{older}");
        assert_eq!(reader.get("/seals?cursor=x").await.0, StatusCode::UNPROCESSABLE_ENTITY);

        // The paper has the code in full, and how to check it.
        let (_, paper) = reader.get(&format!("/seals/{}", last.seal)).await;
        assert!(
            paper.contains(&seals::rules::grouped(&last.code()))
                && paper.contains(&format!("verify --seal {code}")),
            "{paper}"
        );
        for none in ["/seals/0", "/seals/81", "/seals/x", "/api/v1/seals/-1"] {
            assert_eq!(reader.get(none).await.0, StatusCode::NOT_FOUND, "{none}");
        }

        // A program walks through all days, and is given proofs that each continues the one before.
        let (mut days, mut cursor) = (Vec::<Seal>::new(), String::new());
        loop {
            let page = reader.json(&format!("/api/v1/seals?limit=9&cursor={cursor}")).await;
            for item in page["seals"].as_array().unwrap() {
                let seal: Seal = serde_json::from_value(item["seal"].clone()).unwrap();
                assert!(seal.is_signed() && item["code"] == hex::encode(seal.code()));
                days.push(seal);
            }
            match page["next"].as_str() {
                Some(next) => next.clone_into(&mut cursor),
                None => break,
            }
        }
        assert_eq!(days.len(), 40, "40 days in China, each once");
        for pair in days.windows(2) {
            let (new, old) = (&pair[0], &pair[1]);
            let proof =
                reader.json(&format!("/api/v1/seals/{}/consistency?since={}", new.seal, old.seal)).await;
            let path: Vec<[u8; 32]> = proof["path"]
                .as_array()
                .unwrap()
                .iter()
                .map(|h| hex::decode(h.as_str().unwrap()).unwrap().try_into().unwrap())
                .collect();
            assert!(journal::tree::continues(old.entries, &old.head, new.entries, &new.head, &path));
        }
        assert_eq!(
            reader.get("/api/v1/seals/3/consistency?since=9").await.0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(reader.get("/api/v1/seals?limit=0").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    }
);
