//! The API and the papers through the door, as programs and browsers see them; on both engines.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod common;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use common::{Town, path, photo};
use kernel::{Actor, Id};
use matters::model::*;
use serde_json::{Value, json};
use std::sync::Arc;
use store::testing::TestStore;
use tower::ServiceExt as _;

/// One grey pixel.
const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

struct Web {
    town: Town,
    app: Router,
}

struct Answer {
    status: StatusCode,
    kind: String,
    location: String,
    allow: String,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }
    fn code(&self) -> String {
        assert_eq!(self.kind, "application/problem+json", "{}", self.text);
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert!(!problem["title"].as_str().unwrap().is_empty());
        problem["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Web {
    async fn new(t: TestStore) -> Self {
        let town = Town::new(t).await;
        let store = town.store().clone();
        let site = ui::Site { base_url: "https://ly.example".into(), ..ui::Site::default() };
        let ctx =
            ui::Ctx { gate: Arc::new(people::Gatekeeper::new(store.clone())), store, site: Arc::new(site) };
        let app = ui::wrap(matters::routes().merge(ui::routes()), &ctx).with_state(ctx);
        Self { town, app }
    }

    async fn token(&self, person: Id, login: &'static str) -> String {
        let street = self.town.street;
        self.town
            .store()
            .write(move |tx| {
                Box::pin(async move {
                    let sys = Actor::system(street);
                    let account = people::actions::open_account(tx, &sys, person, login, None).await?;
                    people::actions::create_token(tx, &sys, account, "test").await
                })
            })
            .await
            .unwrap()
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let status = response.status();
        assert!(!status.is_server_error(), "{status}");
        let get =
            |name| response.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let (kind, location, allow) = (get(header::CONTENT_TYPE), get(header::LOCATION), get(header::ALLOW));
        let text =
            String::from_utf8_lossy(&to_bytes(response.into_body(), usize::MAX).await.unwrap()).into_owned();
        assert!(!text.contains("No localization"), "a sentence is missing: {text}");
        Answer { status, kind, location, allow, text }
    }

    async fn get(&self, to: &str, auth: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(to);
        for (name, value) in auth {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, to: &str, auth: &[(&str, &str)], key: &str, body: &Value) -> Answer {
        let mut request =
            Request::post(to).header("content-type", "application/json").header("idempotency-key", key);
        for (name, value) in auth {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Sends a form of a page with the token that stands in it.
    async fn form(&self, page: &str, to: &str, bearer: &str, fields: &[(&str, &str)]) -> Answer {
        let shown = self.get(page, &[("authorization", bearer)]).await;
        let csrf = shown
            .text
            .split("name=\"csrf\" value=\"")
            .nth(1)
            .and_then(|t| t.split('"').next())
            .expect("a form")
            .to_owned();
        let mut body = format!("csrf={}", ui::parts::query(&csrf));
        for (k, v) in fields {
            body.push_str(&format!("&{k}={}", ui::parts::query(v)));
        }
        let request = Request::post(to)
            .header("authorization", bearer)
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).unwrap()).await
    }
}

store::story!(
    a_program_raises_and_staff_answer,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: TestStore| async move {
        let web = Web::new(t).await;
        let all = "/api/v1/matters";
        let new = json!({ "place": "/QH/LY/LYHY/3/", "spot": "二单元", "body": "门禁坏了，打13912345678找王秀兰", "phone": "13912345678", "name": "王秀兰", "photos": [{ "data": PIXEL }] });

        // The door: keys, types, shapes.
        let bare = |kind: Option<&'static str>, key: Option<&'static str>, body: &'static str| {
            let mut r = Request::post(all);
            if let Some(kind) = kind {
                r = r.header("content-type", kind);
            }
            if let Some(key) = key {
                r = r.header("idempotency-key", key);
            }
            r.body(Body::from(body)).unwrap()
        };
        let json_type = Some("application/json");
        for (request, status, code) in [
            (bare(json_type, None, "{}"), 400, "matters.api-key"),
            (bare(json_type, Some(" "), "{}"), 400, "matters.api-key"),
            (bare(Some("text/plain"), Some("k"), "{}"), 415, "matters.api-type"),
            (bare(None, Some("k"), "{}"), 415, "matters.api-type"),
            (bare(json_type, Some("k"), "{\"place\":"), 400, "matters.api-json"),
            (bare(json_type, Some("k"), "[]"), 400, "matters.api-json"),
            (bare(json_type, Some("k"), ""), 400, "matters.api-json"),
            (
                bare(json_type, Some("k"), "{\"place\":\"/QH/LY/\",\"body\":\"\\ud800\"}"),
                400,
                "matters.api-json",
            ),
            (
                bare(json_type, Some("k"), "{\"place\":\"/QH/LY/\",\"body\":\"x\",\"more\":1}"),
                422,
                "matters.bad-input",
            ),
            (bare(json_type, Some("k"), "{\"place\":7,\"body\":\"x\"}"), 422, "matters.bad-input"),
            (
                bare(json_type, Some("k"), "{\"place\":\"/QH/LY/\\u0000/\",\"body\":\"x\"}"),
                422,
                "matters.no-place",
            ),
            (
                bare(json_type, Some("k"), "{\"place\":\"/QH/LY/\",\"body\":\"\\u0000\"}"),
                422,
                "matters.say-what",
            ),
            (
                bare(json_type, Some("k"), "{\"place\":\"/QH/LY/\",\"body\":\"x\",\"lat\":91,\"lon\":0}"),
                422,
                "ui.not-valid",
            ),
            (
                bare(json_type, Some("k"), "{\"place\":\"/QH/LY/\",\"body\":\"x\",\"lat\":1e400,\"lon\":0}"),
                400,
                "matters.api-json",
            ),
            (
                bare(json_type, Some("k"), "{\"place\":\"/QH/LY/\",\"body\":\"x\",\"channel\":\"phone\"}"),
                422,
                "matters.api-channel",
            ),
            (
                bare(
                    json_type,
                    Some("k"),
                    "{\"place\":\"/QH/LY/\",\"body\":\"x\",\"client_at\":\"0000-01-01T00:00:00+08:00\"}",
                ),
                422,
                "ui.not-valid",
            ),
            (
                bare(
                    json_type,
                    Some("k"),
                    "{\"place\":\"/QH/LY/\",\"body\":\"x\",\"photos\":[{\"data\":\"%\"}]}",
                ),
                422,
                "ui.not-valid",
            ),
            (
                bare(json_type, Some("k"), "{\"place\":\"/QH/LY/\",\"body\":\"x\",\"on_behalf\":true}"),
                401,
                "ui.sign-in",
            ),
        ] {
            let answer = web.send(request).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code));
        }
        let answer = web.send(Request::delete(all).body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status.as_u16(), answer.kind.as_str()), (405, "application/problem+json"));
        assert!(answer.allow.contains("POST"), "a 405 names what there is: {}", answer.allow);

        // Raised once, whatever the network does.
        let first = web.post(all, &[], "key-1", &new).await;
        assert_eq!(
            (first.status, first.location.as_str()),
            (StatusCode::CREATED, "/api/v1/matters/LY-2026-000001"),
            "{}",
            first.text
        );
        let again = web.post(all, &[], "key-1", &new).await;
        assert_eq!((again.status, again.text.as_str()), (StatusCode::CREATED, first.text.as_str()));
        let other = web.post(all, &[], "key-1", &json!({ "place": "/QH/LY/", "body": "别的" })).await;
        assert_eq!((other.status.as_u16(), other.code().as_str()), (409, "ui.key-reused"));
        let slip = first.json();
        let secret = slip["secret"].as_str().unwrap();
        assert_eq!(slip["link"], format!("https://ly.example/s/LY-2026-000001/{secret}"));
        let m = web.town.sound(web.town.row_id("LY-2026-000001").await).await;
        assert_eq!((m.channel, m.attachments.len()), (kernel::Channel::Api, 1));

        // Reading: the public projection tells neither who nor exactly where.
        let one = "/api/v1/matters/LY-2026-000001";
        let public = web.get(one, &[]).await;
        assert_eq!(public.status, StatusCode::OK);
        for word in ["13912345678", "二单元", secret] {
            assert!(!public.text.contains(word), "{word} in {}", public.text);
        }
        assert_eq!(
            (&public.json()["files"], &public.json()["verbs"], &public.json()["parties"]),
            (&json!([]), &json!([]), &json!([]))
        );
        let own = web.get(one, &[("slip-secret", secret)]).await.json();
        assert_eq!((&own["own_number"], &own["spot"]), (&json!("LY-2026-000001"), &json!("二单元")));
        assert_eq!(own["verbs"], json!(["add", "urge", "withdraw"]));
        for bad in [
            "/api/v1/matters/LY-2026-000009",
            "/api/v1/matters/%00",
            "/api/v1/matters/%E2%80%AE",
            "/api/v1/matters/LY-2026-000001/nothing",
            "/api/v1/matters/%00/timeline",
        ] {
            let answer = web.get(bad, &[]).await;
            assert!(
                answer.status == StatusCode::NOT_FOUND || answer.status == StatusCode::METHOD_NOT_ALLOWED,
                "{bad}: {}",
                answer.status
            );
            assert_eq!(answer.kind, "application/problem+json");
        }
        assert_eq!(web.get("/api/v1/matters/%FF", &[]).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(web.get(one, &[("authorization", "Bearer nobody")]).await.code(), "ui.bad-token");

        // Verbs: who may, who may not.
        let duty = format!("Bearer {}", web.token(web.town.duty, "duty1").await);
        let resident = format!("Bearer {}", web.token(web.town.resident, "hejumin").await);
        let accept = json!({ "tier": "autonomy", "category": "0103" });
        let to = |verb: &str| format!("{one}/{verb}");
        assert_eq!(web.post(&to("accept"), &[], "a", &accept).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(
            web.post(&to("accept"), &[("authorization", &resident)], "a", &accept).await.code(),
            "ui.no-right"
        );
        assert_eq!(
            web.post(&to("nothing"), &[("authorization", &duty)], "a", &json!({})).await.code(),
            "matters.no-verb"
        );
        assert_eq!(
            web.post(
                &to("accept"),
                &[("authorization", &duty)],
                "a",
                &json!({ "tier": "small", "category": "0103" })
            )
            .await
            .code(),
            "matters.bad-input"
        );
        assert_eq!(
            web.post(
                &to("accept"),
                &[("authorization", &duty)],
                "a",
                &json!({ "tier": "autonomy", "category": "0103", "verb": "ask_void" })
            )
            .await
            .status
            .as_u16(),
            200,
            "the path names the verb"
        );
        assert_eq!(
            web.post(&to("accept"), &[("authorization", &duty)], "b", &accept).await.code(),
            "matters.not-now"
        );
        assert_eq!(
            web.post(
                &to("evaluate"),
                &[("authorization", &duty)],
                "c",
                &json!({ "contacted": true, "solved": true, "satisfied": "satisfied" })
            )
            .await
            .code(),
            "matters.not-now"
        );
        let dispatcher = format!("Bearer {}", web.token(web.town.dispatcher, "dispatch1").await);
        let hand = format!("Bearer {}", web.token(web.town.handler, "hand1").await);
        let stranger = format!("Bearer {}", web.token(web.town.officer, "hand3").await);
        let grid = format!("Bearer {}", web.token(web.town.grid, "grid1").await);
        assert_eq!(
            web.get(one, &[("authorization", &hand)]).await.json()["parties"],
            json!([]),
            "a unit that was not given it is a stranger"
        );
        let sent = web
            .post(
                &to("dispatch"),
                &[("authorization", &dispatcher)],
                "d",
                &json!({ "lead": web.town.property }),
            )
            .await;
        assert_eq!(
            (&sent.json()["status"], &sent.json()["lead"]),
            (&json!("dispatched"), &json!("柳荫物业")),
            "{}",
            sent.text
        );
        assert_eq!(
            web.post(&to("sign"), &[("authorization", &stranger)], "e", &json!({})).await.code(),
            "matters.not-yours"
        );
        // A verb that needs nothing takes an empty body without a type.
        let empty = Request::post(to("sign"))
            .header("idempotency-key", "e")
            .header("authorization", &hand)
            .body(Body::empty())
            .unwrap();
        assert_eq!(web.send(empty).await.json()["status"], "handling");
        let far = json!({ "until": "+262142-12-31", "words": "x" });
        assert_eq!(
            web.post(&to("ask_extend"), &[("authorization", &hand)], "f", &far).await.code(),
            "matters.bad-input"
        );
        let finish = json!({ "outcome": "solved", "answer": "门禁修好了", "photos": [{ "data": PIXEL }] });
        let done = web.post(&to("finish"), &[("authorization", &hand)], "g", &finish).await.json();
        assert_eq!(done["status"], "handled");
        assert!(
            !done.to_string().contains("13912345678") || !done["parties"].as_array().unwrap().is_empty(),
            "contacts are never given"
        );
        assert_eq!(
            web.get(one, &[("slip-secret", secret)]).await.json()["answer"],
            Value::Null,
            "the answer waits for the check"
        );
        assert_eq!(
            web.post(&to("check"), &[("authorization", &grid)], "h", &json!({ "finding": "pass" }))
                .await
                .json()["status"],
            "answered"
        );
        assert_eq!(web.get(one, &[]).await.json()["answer"], "门禁修好了");
        let judged = web
            .post(
                &to("evaluate"),
                &[("slip-secret", secret)],
                "i",
                &json!({ "contacted": true, "solved": true, "satisfied": "satisfied" }),
            )
            .await;
        assert_eq!(judged.json()["status"], "closed", "{}", judged.text);
        let lines = web.get(&to("timeline"), &[]).await.json();
        let events: Vec<&str> =
            lines["items"].as_array().unwrap().iter().map(|e| e["event"].as_str().unwrap()).collect();
        assert_eq!(
            events,
            [
                "matters.raised",
                "matters.accepted",
                "matters.dispatched",
                "matters.signed",
                "matters.handled",
                "matters.checked",
                "matters.closed"
            ]
        );
        let inside = web.get(&to("timeline"), &[("authorization", &duty)]).await.json();
        assert!(
            inside["items"].as_array().unwrap().len() > events.len()
                && inside["items"][0]["receipt"].as_str().unwrap().len() == 64
        );

        // Thanks: by the voice, in words, seen by staff and by whoever said it, not by strangers.
        let own = web.get(one, &[("slip-secret", secret)]).await.json();
        assert_eq!(own["verbs"], json!(["reopen", "thank"]));
        let words = json!({ "words": "当天就修好了，辛苦了" });
        let stranger = web.post(&to("thank"), &[("authorization", &resident)], "t0", &words).await;
        assert_eq!(stranger.status, StatusCode::FORBIDDEN, "{}", stranger.text);
        let thanked = web.post(&to("thank"), &[("slip-secret", secret)], "t1", &words).await;
        assert_eq!(thanked.json()["verbs"], json!(["reopen"]), "{}", thanked.text);
        for (who, sees) in [
            (vec![("authorization", duty.as_str())], true),
            (vec![("slip-secret", secret)], true),
            (vec![], false),
        ] {
            let told = web.get(&to("timeline"), &who).await;
            assert_eq!(told.text.contains("当天就修好了"), sees, "{}", told.text);
        }

        // Me too.
        let slip =
            web.post(all, &[], "key-2", &json!({ "place": "/QH/LY/", "body": "小区门口积水" })).await.json();
        let joined = web
            .post(
                &format!("{all}/{}/join", slip["number"].as_str().unwrap()),
                &[("authorization", &resident)],
                "j",
                &json!({ "body": "我也踩到了" }),
            )
            .await;
        assert_eq!(
            (joined.status, joined.json()["number"].as_str().unwrap()),
            (StatusCode::CREATED, "LY-2026-000003")
        );
        let mine = web.get(&format!("{all}?part=mine"), &[("authorization", &resident)]).await.json();
        assert_eq!(mine["items"][0]["number"], "LY-2026-000003");
        web.town.verify().await;
    }
);

store::story!(
    lists_are_filtered_and_paged,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: TestStore| async move {
        let web = Web::new(t).await;
        for i in 0..7 {
            let place = if i % 2 == 0 { "/QH/LY/LYHY/3/" } else { "/QH/HB/" };
            let body = if i < 3 { "楼道灯不亮" } else { "垃圾没人收，电话13912345678" };
            let input =
                NewMatter { place: Some(path(place)), body: format!("{body}。{i}"), ..NewMatter::default() };
            web.town.raise(&web.town.anonymous(), input, vec![photo(i)]).await.unwrap();
            web.town.t.clock.advance(chrono::Duration::hours(1));
        }
        let list = async |query: &str, auth: &[(&str, &str)]| {
            web.get(&format!("/api/v1/matters?{query}"), auth).await
        };
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = list(&format!("limit=3&cursor={cursor}"), &[]).await.json();
            seen.extend(
                page["items"].as_array().unwrap().iter().map(|i| i["number"].as_str().unwrap().to_owned()),
            );
            match page["next"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(seen.len(), 7, "{seen:?}");
        let mut once = seen.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), 7, "nothing twice");
        for (query, n) in [
            ("place=/QH/LY/", 4),
            ("place=%2FQH%2FHB%2F", 3),
            ("q=%E6%A5%BC%E9%81%93%E7%81%AF", 3),
            ("q=%00%27%22;--", 0),
            ("status=submitted&part=open", 7),
            ("status=closed", 0),
            ("from=2026-03-03", 0),
            ("from=2026-03-02&to=2026-03-02", 7),
            ("tier=joint", 0),
            ("category=0101", 0),
            ("limit=200", 7),
        ] {
            let answer = list(query, &[]).await;
            assert_eq!(answer.json()["items"].as_array().map(Vec::len), Some(n), "{query}: {}", answer.text);
        }
        for (query, status) in [
            ("limit=0", 422),
            ("limit=201", 422),
            ("limit=99999999999999999999", 422),
            ("limit=", 422),
            ("cursor=%25%25", 422),
            ("cursor=WzEsMl0", 422),
            ("status=nothing", 422),
            ("part=nothing", 422),
            ("part=mine", 401),
            ("from=-262143-01-01", 422),
            ("to=2026-02-30", 422),
            ("place=..", 422),
            ("category=%25%25", 422),
            ("colour=red", 422),
        ] {
            let answer = list(query, &[]).await;
            answer.code();
            assert_eq!(answer.status.as_u16(), status, "{query}");
        }
        let public = list("", &[]).await;
        assert!(!public.text.contains("13912345678"));
        let duty = format!("Bearer {}", web.token(web.town.duty, "duty1").await);
        let scoped = list("", &[("authorization", &duty)]).await.json();
        assert_eq!(
            scoped["items"].as_array().unwrap().len(),
            4,
            "staff of one community do not list the other's"
        );
        let waits = list("part=mine", &[("authorization", &duty)]).await.json();
        assert_eq!(waits["items"].as_array().unwrap().len(), 4);
    }
);

store::story!(
    papers_and_settings,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: TestStore| async move {
        let web = Web::new(t).await;
        let town = &web.town;
        let input = NewMatter {
            place: Some(path("/QH/LY/LYHY/3/")),
            spot: Some("二单元".into()),
            body: "门禁坏了，找王秀兰".into(),
            phone: Some("13912345678".into()),
            name: Some("王秀兰".into()),
            open_identity: true,
            ..NewMatter::default()
        };
        let slip = town.raise(&town.anonymous(), input, vec![]).await.unwrap();
        let id = slip.matter;
        let duty = format!("Bearer {}", web.token(town.duty, "duty1").await);
        let hand = format!("Bearer {}", web.token(town.handler, "hand1").await);
        let supervisor = format!("Bearer {}", web.token(town.supervisor, "super1").await);
        let secretary = format!("Bearer {}", web.token(town.secretary, "secretary1").await);
        let paper = async |kind: &str, bearer: &str| {
            web.get(&format!("/office/m/LY-2026-000001/paper/{kind}"), &[("authorization", bearer)]).await
        };

        // The slip: the own voice gets the secret link's code, the office's copy and staff the public one.
        let cookie = format!("yslip={}~{}", slip.number, slip.secret);
        let own = web.get("/m/LY-2026-000001/slip", &[("cookie", &cookie)]).await;
        assert_eq!(own.status, StatusCode::OK);
        assert!(
            own.text.contains("门禁坏了")
                && own.text.contains("0571-88001234")
                && own.text.matches("class=\"sheet half\"").count() == 2
        );
        assert!(!own.text.contains(&slip.secret), "the secret stands in the code only");
        assert_eq!(web.get("/m/LY-2026-000001/slip", &[]).await.status, StatusCode::FORBIDDEN);
        assert!(
            web.get("/m/LY-2026-000001/slip?big=1", &[("cookie", &cookie)])
                .await
                .text
                .contains("class=\"sheet big\"")
        );
        assert_eq!(paper("slip", &duty).await.status, StatusCode::OK);
        assert_eq!(paper("nothing", &duty).await.status, StatusCode::NOT_FOUND);
        assert_eq!(paper("order", &duty).await.status, StatusCode::CONFLICT, "not dispatched yet");
        assert_eq!(paper("notice", &duty).await.status, StatusCode::CONFLICT, "nothing to tell yet");
        assert_ne!(paper("order", &hand).await.status, StatusCode::OK, "not its matter");

        town.act(&town.duty(), id, "accept", json!({ "tier": "autonomy", "category": "0103" }))
            .await
            .unwrap();
        town.act(&town.dispatcher(), id, "dispatch", json!({ "lead": town.property })).await.unwrap();
        let order = paper("order", &hand).await;
        assert_eq!(order.status, StatusCode::OK);
        assert!(
            order.text.contains("139****5678")
                && order.text.contains("王**")
                && !order.text.contains("13912345678"),
            "masked"
        );
        let list = web.get("/office/handover?day=2026-03-02", &[("authorization", &duty)]).await;
        assert!(
            list.status == StatusCode::OK
                && list.text.contains("LY-2026-000001")
                && list.text.contains("柳荫物业")
        );
        let none = web.get("/office/handover?day=2026-03-03", &[("authorization", &duty)]).await;
        assert!(!none.text.contains("LY-2026-000001"));
        for bad in ["day=2026-02-31", "day=-262143-01-01", "unit=7", "place=.."] {
            assert_eq!(
                web.get(&format!("/office/handover?{bad}"), &[("authorization", &duty)])
                    .await
                    .status
                    .as_u16(),
                422,
                "{bad}"
            );
        }
        town.act(&town.property(), id, "sign", json!({})).await.unwrap();
        let done =
            Input::read("finish", json!({ "outcome": "solved", "answer": "门禁换好了，已告知13912345678" }))
                .unwrap();
        town.act_with(&town.property(), id, done, vec![photo(2)], None).await.unwrap();
        town.act(&town.grid(), id, "check", json!({ "finding": "pass" })).await.unwrap();
        let notice = paper("notice", &duty).await;
        assert!(
            notice.status == StatusCode::OK
                && notice.text.contains("门禁换好了")
                && notice.text.contains("sheet big")
        );
        assert!(
            !notice.text.contains("13912345678") && !notice.text.contains("二单元"),
            "no personal data on the board"
        );

        // Settings: seen by the community, changed by the street.
        let page = "/office/settings";
        let seen = web.get(page, &[("authorization", &secretary)]).await;
        assert!(
            seen.status == StatusCode::OK
                && seen.text.contains("楼道照明")
                && !seen.text.contains("category?code=0101")
        );
        assert!(seen.text.contains("2027"), "next year's holidays are missing, and it says so");
        assert_eq!(web.get(page, &[("authorization", &hand)]).await.status, StatusCode::FORBIDDEN);
        let shown = web.get("/office/settings/category?code=0101", &[("authorization", &supervisor)]).await;
        assert!(shown.status == StatusCode::OK && shown.text.contains("楼道照明"));
        let edit = [
            ("code", "0101"),
            ("name", "楼道灯"),
            ("name_en", ""),
            ("name_hant", ""),
            ("tier", "joint"),
            ("nature", "help"),
            ("urgency", "ordinary"),
            ("value", "2"),
            ("kind", "work_day"),
            ("lead", "community"),
            ("closing", "灯亮"),
            ("keywords", "楼道灯 灯+不亮"),
            ("after_photo", "1"),
            ("enabled", "1"),
        ];
        let to = "/office/settings/category";
        let saved = web.form("/office/settings/category?code=0101", to, &supervisor, &edit).await;
        assert_eq!((saved.status.as_u16(), saved.location.as_str()), (303, page), "{}", saved.text);
        let world = town.world().await;
        let c = world.catalogue.get("0101").unwrap();
        assert_eq!(
            (c.name.zh_hans.as_str(), c.name.en.as_str(), c.limit.to_string().as_str(), c.tier.code()),
            ("楼道灯", "楼道灯", "2 work_day", "joint")
        );
        let wrong: Vec<(&str, &str)> =
            edit.iter().map(|(k, v)| if *k == "value" { (*k, "0") } else { (*k, *v) }).collect();
        assert_eq!(
            web.form("/office/settings/category?code=0101", to, &supervisor, &wrong).await.status.as_u16(),
            422
        );
        let new = web.get("/office/settings/category?new=01", &[("authorization", &supervisor)]).await;
        let code = new.text.split("name=\"code\" value=\"").nth(1).unwrap()[..4].to_owned();
        assert!(world.catalogue.get(&code).is_none());
        let mut add: Vec<(&str, &str)> = edit.to_vec();
        add[0] = ("code", &code);
        add.push(("new", "1"));
        assert_eq!(
            web.form("/office/settings/category?new=01", to, &supervisor, &add).await.status.as_u16(),
            303
        );
        assert!(town.world().await.catalogue.get(&code).is_some());
        assert_eq!(web.form(page, to, &secretary, &edit).await.status.as_u16(), 403, "only the street");
        let calendar = [
            ("duty", "09:00-12:00 13:00-17:00"),
            ("off", "2027-02-06 春节\n2027-02-08"),
            ("work", "2027-02-14"),
            ("years", "2027"),
        ];
        assert_eq!(
            web.form(page, "/office/settings/calendar", &supervisor, &calendar).await.status.as_u16(),
            303
        );
        let world = town.world().await;
        let day = |text: &str| text.parse().unwrap();
        assert!(
            world.calendar.covers(2027)
                && !world.calendar.is_workday(day("2027-02-08"))
                && world.calendar.is_workday(day("2027-02-14"))
        );
        for bad in [("duty", "9-5"), ("off", "明天"), ("work", "2027-02-06"), ("years", "soon")] {
            let fields: Vec<(&str, &str)> =
                calendar.iter().map(|f| if f.0 == bad.0 { bad } else { *f }).collect();
            assert_eq!(
                web.form(page, "/office/settings/calendar", &supervisor, &fields).await.status.as_u16(),
                422,
                "{bad:?}"
            );
        }
        let method = [("community", "/QH/LY/"), ("method", "sunshine")];
        assert_eq!(
            web.form(page, "/office/settings/method", &secretary, &method).await.status.as_u16(),
            303,
            "the own community's method"
        );
        assert_eq!(
            web.form(page, "/office/settings/method", &secretary, &[("method", "sunshine")])
                .await
                .status
                .as_u16(),
            403,
            "not the street's"
        );
        assert_eq!(town.world().await.method(&path("/QH/LY/")).code, "sunshine");
        let sheet = web.get("/office/categories.csv", &[("authorization", &supervisor)]).await;
        assert!(
            sheet.kind.starts_with("text/csv")
                && sheet.text.lines().count() > 90
                && sheet.text.contains("楼道灯")
        );

        // A ledger: looked at, confirmed, and not doubled.
        let import = "/office/import";
        let csv = "编号,标题,反映时间,内容,答复,答复时间,经办\n7,楼道灯不亮,2025-01-02,三单元的灯坏了,已换,2025-01-03 09:00,老李\n8,漏水,2025-01-05,四楼漏水,已修,2025-01-07,老李\n";
        use base64::Engine as _;
        let kept = base64::engine::general_purpose::STANDARD.encode(csv);
        let looked = web.form(import, import, &secretary, &[("community", "/QH/LY/"), ("kept", &kept)]).await;
        assert!(
            looked.status == StatusCode::OK
                && looked.text.contains("name=\"confirm\"")
                && looked.text.contains("老李"),
            "{}",
            looked.text
        );
        let confirm = [("community", "/QH/LY/"), ("kept", kept.as_str()), ("confirm", "1")];
        let done = web.form(import, import, &secretary, &confirm).await;
        assert_eq!(done.status.as_u16(), 303, "{}", done.text);
        let id = town.row_id("LY-2025-000001").await;
        assert!(town.sound(id).await.imported);
        assert_eq!(
            web.form(import, import, &secretary, &confirm).await.status.as_u16(),
            303,
            "again: nothing doubles"
        );
        let mapped = [
            ("community", "/QH/LY/"),
            ("kept", kept.as_str()),
            ("mapped", "1"),
            ("col-1", "title"),
            ("col-3", "title"),
        ];
        assert_eq!(
            web.form(import, import, &secretary, &mapped).await.status.as_u16(),
            422,
            "one field for two columns"
        );
        let unknown = [("community", "/QH/LY/"), ("kept", kept.as_str()), ("mapped", "1"), ("col-0", "id")];
        let help = web.form(import, import, &secretary, &unknown).await;
        assert!(
            help.status == StatusCode::OK && !help.text.contains("name=\"confirm\""),
            "columns must be named first"
        );
        assert_eq!(
            web.form(import, import, &secretary, &[("community", "/QH/HB/"), ("kept", &kept)])
                .await
                .status
                .as_u16(),
            422,
            "not the secretary's community"
        );
        town.verify().await;
    }
);
