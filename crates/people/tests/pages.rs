//! The pages as a browser without script walks them: set-up, sign-in, accounts, offices, units, places.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use std::{collections::HashMap, sync::Arc};
use store::testing::TestStore;
use tower::ServiceExt;
use ui::{
    Ctx, Site,
    testing::{form_of, hidden, sound},
};

/// A browser: it keeps cookies and follows nothing by itself.
struct Browser {
    routes: Router,
    cookies: HashMap<String, String>,
}

struct Seen {
    status: StatusCode,
    to: String,
    text: String,
}

impl Browser {
    fn new(t: &TestStore) -> Self {
        ui::register(&people::WORDS);
        ui::register(&places::WORDS);
        let ctx = Ctx {
            store: t.store.clone(),
            gate: Arc::new(people::Gatekeeper::new(t.store.clone())),
            site: Arc::new(Site::default()),
        };
        let routes = Router::new().merge(people::routes()).merge(places::routes()).merge(ui::routes());
        Self { routes: ui::wrap(routes, &ctx).with_state(ctx), cookies: HashMap::new() }
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Seen {
        let jar: Vec<String> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let request =
            request.header(header::COOKIE, jar.join("; ")).header(header::HOST, "here").body(body).unwrap();
        let response = self.routes.clone().oneshot(request).await.unwrap();
        for set in response.headers().get_all(header::SET_COOKIE) {
            let (pair, rest) = set.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = response.status();
        let to = response
            .headers()
            .get(header::LOCATION)
            .map(|l| l.to_str().unwrap().to_owned())
            .unwrap_or_default();
        let text =
            String::from_utf8_lossy(&to_bytes(response.into_body(), 1 << 24).await.unwrap()).into_owned();
        Seen { status, to, text }
    }

    /// Opens a page and looks for the faults that no page may have.
    async fn get(&mut self, path: &str) -> Seen {
        let seen = self.send(Request::get(path), Body::empty()).await;
        if seen.status == StatusCode::OK && seen.text.starts_with("<!DOCTYPE") {
            sound(path, &seen.text);
        }
        seen
    }

    async fn open(&mut self, path: &str) -> String {
        let seen = self.get(path).await;
        assert_eq!(seen.status, StatusCode::OK, "{path} leads to {:?}: {}", seen.to, seen.text);
        seen.text
    }

    /// Fills the form of `page` that is sent to `action`, with its hidden fields.
    async fn submit(&mut self, page: &str, action: &str, fields: &[(&str, &str)]) -> Seen {
        let text = self.open(page).await;
        let form = form_of(&text, action).unwrap_or_else(|| panic!("{page} has no form for {action}"));
        let mut pairs = hidden(form);
        pairs.extend(fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        self.post(action, &pairs).await
    }

    async fn post(&mut self, action: &str, pairs: &[(String, String)]) -> Seen {
        let body: Vec<String> =
            pairs.iter().map(|(k, v)| format!("{}={}", ui::parts::query(k), ui::parts::query(v))).collect();
        let request = Request::post(action).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let seen = self.send(request, Body::from(body.join("&"))).await;
        if seen.text.starts_with("<!DOCTYPE") {
            sound(action, &seen.text);
        }
        seen
    }

    async fn upload(&mut self, page: &str, action: &str, file: &str) -> Seen {
        let text = self.open(page).await;
        let mut body = String::new();
        for (name, value) in hidden(form_of(&text, action).unwrap()) {
            body.push_str(&format!(
                "--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        body.push_str(&format!("--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{file}\r\n--X--\r\n"));
        let request = Request::post(action).header(header::CONTENT_TYPE, "multipart/form-data; boundary=X");
        self.send(request, Body::from(body)).await
    }

    async fn sign_in(&mut self, login: &str, password: &str) -> Seen {
        self.cookies.remove("ys");
        self.submit("/sign-in", "/sign-in", &[("login", login), ("password", password)]).await
    }
}

const GOOD: &str = "柳荫Sheng-71";
const NEXT: &str = "清和Jiedao-88";

async fn set_up(b: &mut Browser) -> HashMap<String, String> {
    let seen = b
        .submit(
            "/setup",
            "/setup",
            &[
                ("street_name", "清和街道"),
                ("street_code", "QH"),
                ("community_name", "柳荫社区"),
                ("community_code", "LY"),
                ("community_phone", "0571-88001234"),
                ("admin_login", "gate"),
                ("admin_password", GOOD),
                ("secretary_name", "周文静"),
            ],
        )
        .await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    let cells: Vec<&str> = seen.text.split("<td>").skip(1).map(|c| &c[..c.find("</td>").unwrap()]).collect();
    cells
        .chunks(3)
        .filter_map(|row| {
            Some((row[1].to_owned(), row[2].strip_prefix("<code>")?.strip_suffix("</code>")?.to_owned()))
        })
        .collect()
}

/// Signs in with a one-time password and changes it, as the door asks.
async fn first_time(b: &mut Browser, login: &str, one_time: &str) {
    let seen = b.sign_in(login, one_time).await;
    assert!(seen.to.starts_with("/account/password"), "{}", seen.to);
    assert_eq!(b.get("/office/units").await.to, "/account/password", "nothing before the new password");
    let wrong = b
        .submit(
            "/account/password",
            "/account/password",
            &[("old", one_time), ("password", NEXT), ("again", "x")],
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let seen = b
        .submit(
            "/account/password",
            "/account/password",
            &[("old", one_time), ("password", NEXT), ("again", NEXT)],
        )
        .await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);
}

async fn off(t: &TestStore, street: kernel::Id) {
    t.store
        .write(move |tx| Box::pin(async move { tx.set(street, "people.second_factor", "off".into()).await }))
        .await
        .unwrap();
}

async fn street(t: &TestStore) -> kernel::Id {
    places::home(&mut t.store.read().await.unwrap()).await.unwrap().unwrap().street
}

store::story!(
    from_an_empty_store_to_a_working_street,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let mut b = Browser::new(&t);
        assert_eq!(b.get("/sign-in").await.to, "/setup");
        let seen = b
            .submit(
                "/setup",
                "/setup",
                &[("street_name", "清和街道"), ("street_code", "Q H"), ("admin_password", "x")],
            )
            .await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(seen.text.contains("id=\"f-street_code-e\""), "the error stands beside its field");
        assert!(
            seen.text.contains("value=\"清和街道\"") && !seen.text.contains("value=\"x\""),
            "values stay, passwords do not"
        );
        let one_time = set_up(&mut b).await;
        assert_eq!(one_time.len(), 3);
        assert_eq!(b.get("/setup").await.to, "/sign-in", "once");
        off(&t, street(&t).await).await;

        let wrong = b.sign_in("gate", "nonsense").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let right = b.sign_in("gate", GOOD).await;
        assert_eq!((right.status, right.to.as_str()), (StatusCode::SEE_OTHER, "/office/people"));

        // The system administrator opens an account and draws the tree; offices are not for this office.
        assert_eq!(b.get("/office/people/log").await.status, StatusCode::FORBIDDEN);
        assert_eq!(b.get("/office/people/offices/new").await.status, StatusCode::FORBIDDEN);
        let made = b
            .submit(
                "/office/people/new",
                "/office/people/new",
                &[("name", "李敏"), ("phone", "13900001111"), ("login", "limin")],
            )
            .await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.text);
        let limin = made
            .text
            .split("<code id=\"one-time\">")
            .nth(1)
            .map(|r| r[..r.find('<').unwrap()].to_owned())
            .unwrap();
        let list = b.open("/office/people?q=13900001111").await;
        assert!(
            list.contains("李敏") && !list.contains("周文静") && !list.contains("13900001111</"),
            "found by telephone, which is not shown"
        );
        let page = list
            .split("href=\"/office/people/")
            .map(|r| &r[..r.find('"').unwrap_or(0)])
            .find(|r| r.len() == 36)
            .unwrap()
            .to_owned();
        let page = format!("/office/people/{page}");
        assert!(b.open(&page).await.contains("139****1111"));
        let lock = format!("{page}/lock");
        let no_reason = b.submit(&page, &lock, &[]).await;
        assert_eq!(no_reason.status, StatusCode::UNPROCESSABLE_ENTITY);
        let text = b.open(&page).await;
        let mut pairs = hidden(form_of(&text, &lock).unwrap());
        pairs.push(("reason".into(), "核对身份".into()));
        let clear = b.post(&format!("{page}/unmask"), &pairs).await;
        assert!(clear.text.contains("13900001111"), "in clear with a reason");

        let add = |kind: &'static str, code: &'static str, name: &'static str| {
            [("kind", kind), ("code", code), ("name", name)]
        };
        let seen = b
            .submit(
                "/office/places/add?under=%2FQH%2FLY%2F",
                "/office/places/add",
                &add("compound", "LYHY", "柳荫花园"),
            )
            .await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);
        let twice = b
            .submit(
                "/office/places/add?under=%2FQH%2FLY%2F",
                "/office/places/add",
                &add("compound", "LYHY", "又一个"),
            )
            .await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(twice.text.contains("id=\"f-code-e\""));
        let edit = "/office/places/edit?at=%2FQH%2FLY%2FLYHY%2F";
        b.submit(edit, "/office/places/edit", &[("name", "柳荫家园"), ("lat", "30.3"), ("lon", "120.1")])
            .await;
        assert!(b.open("/office/places?at=%2FQH%2FLY%2FLYHY%2F").await.contains("30.300000"));
        let grid = b
            .submit(
                "/office/places/grid?in=%2FQH%2FLY%2F",
                "/office/places/grid",
                &[("code", "001"), ("name", "一网格"), ("place", "/QH/LY/LYHY/")],
            )
            .await;
        assert_eq!(grid.status, StatusCode::SEE_OTHER, "{}", grid.text);
        let tree = b.open("/office/places?at=%2FQH%2FLY%2F").await;
        assert!(tree.contains("柳荫家园") && tree.contains("一网格"));
        let grid =
            tree.split("href=\"/office/places/grid/").nth(1).map(|r| &r[..r.find('"').unwrap()]).unwrap();
        b.open(&format!("/office/places/grid/{grid}")).await;

        let csv = "社区,小区,楼栋,代码\n柳荫社区,柳荫家园,1号楼,1\n柳荫社区,柳荫家园,2号楼,2";
        let preview = b.upload("/office/places/import", "/office/places/import", csv).await;
        assert!(preview.text.contains("2号楼"), "{}", preview.text);
        let rows = hidden(form_of(&preview.text, "/office/places/import").unwrap());
        let done = b.post("/office/places/import", &rows).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert!(b.open("/office/places?at=%2FQH%2FLY%2FLYHY%2F").await.contains("2号楼"));
        let bad = b
            .upload("/office/places/import", "/office/places/import", "社区,小区,经度\n柳荫社区,新村,东边")
            .await;
        assert!(
            bad.text.contains("坐标不对") && form_of(&bad.text, "/office/places/import").is_none(),
            "no way on with a wrong row"
        );
        for ending in ["csv", "xlsx"] {
            for what in ["places/export", "people/export", "units/export", "people/offices/export"] {
                let seen = b.get(&format!("/office/{what}/{ending}")).await;
                assert_eq!(seen.status, StatusCode::OK, "{what} {ending}");
            }
        }
        assert!(b.get("/office/places/export/csv").await.text.contains("柳荫家园"));

        // The security administrator gives offices, the audit administrator reads who did what.
        first_time(&mut b, "gate.security", &one_time["gate.security"]).await;
        assert_eq!(b.get("/office/people").await.to, "/office/people/offices");
        let give = "/office/people/offices/new";
        let nobody = b
            .submit(give, give, &[("who", "unknown1"), ("kind", "grid_officer"), ("place", "/QH/LY/")])
            .await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        let seen = b
            .submit(
                give,
                give,
                &[("who", "limin"), ("kind", "grid_officer"), ("place", "/QH/LY/"), ("until", "2027-12-31")],
            )
            .await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);
        let own =
            b.submit(give, give, &[("who", "gate.security"), ("kind", "auditor"), ("place", "/QH/")]).await;
        assert_eq!(own.status, StatusCode::FORBIDDEN);
        let offices = b.open("/office/people/offices?kind=grid_officer").await;
        assert!(
            offices.contains("李敏") && offices.contains("139****1111") && offices.contains("2027-12-31")
        );
        b.open("/office/people/offices/import").await;
        assert_eq!(
            b.get("/office/people/new").await.status,
            StatusCode::FORBIDDEN,
            "accounts are not for this office"
        );

        first_time(&mut b, "gate.audit", &one_time["gate.audit"]).await;
        let log = b.open("/office/people/log").await;
        for word in ["授予职务", "查看个人信息", "核对身份", "登录失败", "李敏"] {
            assert!(log.contains(word), "{word} is not in the log");
        }
        assert!(b.get("/office/people/log/export/csv?kind=unmasked").await.text.contains("核对身份"));
        assert_eq!(b.get("/office/people/offices/new").await.status, StatusCode::FORBIDDEN);

        // The secretary enters units.
        first_time(&mut b, "gate.secretary", &one_time["gate.secretary"]).await;
        let unit = [
            ("name", "绿城物业"),
            ("kind", "property_company"),
            ("place", "/QH/LY/"),
            ("phone", "0571-88001111"),
        ];
        let seen = b.submit("/office/units/new", "/office/units/new", &unit).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);
        let above = b
            .submit(
                "/office/units/new",
                "/office/units/new",
                &[("name", "街道"), ("kind", "street_office"), ("place", "/QH/")],
            )
            .await;
        assert_eq!(above.status, StatusCode::FORBIDDEN, "not above the own community");
        let units = b.open("/office/units").await;
        let one = units
            .split("href=\"/office/units/")
            .map(|r| &r[..r.find('"').unwrap_or(0)])
            .find(|r| r.len() == 36)
            .unwrap()
            .to_owned();
        b.open(&format!("/office/units/{one}")).await;
        assert_eq!(b.get("/office/places/add?under=%2FQH%2F").await.status, StatusCode::FORBIDDEN);

        // A grid officer sees the tree and may not change it; every page speaks every language.
        first_time(&mut b, "limin", &limin).await;
        assert_eq!(b.get("/office/places/edit?at=%2FQH%2FLY%2F").await.status, StatusCode::FORBIDDEN);
        assert_eq!(b.get("/office/people").await.status, StatusCode::FORBIDDEN);
        for lang in ["zh-Hans", "en", "zh-Hant"] {
            b.cookies.insert("yl".into(), lang.into());
            for page in [
                "/office/places",
                "/office/units",
                "/account",
                "/account/password",
                "/account/profile",
                "/account/second-factor",
                "/inbox",
                "/privacy",
            ] {
                b.open(page).await;
            }
        }
        b.cookies.insert("yl".into(), "zh-Hans".into());
        assert!(b.open("/inbox").await.contains("您的职务有变动"));
        assert_eq!(b.submit("/inbox", "/inbox/read", &[]).await.to, "/inbox");
        let token = b.submit("/account", "/account/tokens", &[("name", "大屏")]).await;
        assert!(token.text.contains("yst_"), "shown once");
        assert!(!b.open("/account").await.contains("yst_"));
        let out = b.submit("/account", "/sign-out", &[]).await;
        assert_eq!(out.to, "/sign-in");
        assert!(!b.cookies.contains_key("ys"));
        assert_eq!(b.get("/account").await.to, "/sign-in?to=%2Faccount");
    }
);

store::story!(
    a_resident_signs_in_by_code_and_comes_back,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let mut b = Browser::new(&t);
        set_up(&mut b).await;
        let asked = b.submit("/sign-in?to=%2Finbox", "/sign-in/code", &[("phone", "13800002222")]).await;
        assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
        assert!(asked.text.contains("138****2222"));
        let row =
            t.store.read().await.unwrap().one("SELECT sealed FROM outbox", vec![]).await.unwrap().unwrap();
        let message = t.store.keys().open_text("outbox", &row.get::<Vec<u8>>("sealed").unwrap()).unwrap();
        let text = serde_json::from_str::<store::Outgoing>(&message).unwrap().text;
        let code = text.split(|c: char| !c.is_ascii_digit()).find(|w| w.len() == 6).unwrap().to_owned();
        let mut pairs = hidden(form_of(&asked.text, "/sign-in/with-code").unwrap());
        pairs.push(("code".into(), "1".into()));
        let wrong = b.post("/sign-in/with-code", &pairs).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let mut pairs = hidden(form_of(&wrong.text, "/sign-in/with-code").unwrap());
        pairs.push(("code".into(), code));
        let seen = b.post("/sign-in/with-code", &pairs).await;
        assert_eq!((seen.status, seen.to.as_str()), (StatusCode::SEE_OTHER, "/inbox"));
        b.open("/inbox").await;
        let saved = b.submit("/account/profile", "/account/profile", &[("name", "王秀英")]).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        assert!(b.open("/account").await.contains("王秀英"));
        assert_eq!(b.get("/office/units").await.status, StatusCode::FORBIDDEN);
        assert_eq!(b.get("/office/places").await.status, StatusCode::FORBIDDEN);
        assert_eq!(b.post("/account/everywhere", &[]).await.status, StatusCode::FORBIDDEN, "no form of ours");
        assert_eq!(b.submit("/account", "/account/everywhere", &[]).await.to, "/sign-in");
        assert!(b.get("/account").await.to.starts_with("/sign-in"));
    }
);

store::story!(
    an_administrator_sets_a_second_factor,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let mut b = Browser::new(&t);
        set_up(&mut b).await;
        let seen = b.sign_in("gate", GOOD).await;
        assert_eq!(seen.to, "/account/second-factor?to=%2Foffice%2Fpeople");
        assert_eq!(b.get("/office/people").await.to, "/account/second-factor");
        let page = b.open("/account/second-factor").await;
        assert!(page.contains("<svg"), "a QR code");
        let secret =
            page.split("<code class=\"num\">").nth(1).map(|r| r[..r.find('<').unwrap()].to_owned()).unwrap();
        let wrong =
            b.submit("/account/second-factor", "/account/second-factor/confirm", &[("code", "000000")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains(&secret), "the same secret again");
        let code = people::rules::second::code_at(&unbase32(&secret), t.store.now().timestamp()).unwrap();
        let done =
            b.submit("/account/second-factor", "/account/second-factor/confirm", &[("code", &code)]).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        assert_eq!(done.text.matches("<code>").count(), 8, "recovery codes");
        assert_eq!(b.get("/office/people").await.status, StatusCode::OK);
        b.sign_in("gate", GOOD).await;
        assert_eq!(b.get("/office/people").await.to, "/account/second-factor");
        t.clock.advance(chrono::Duration::seconds(60));
        let code = people::rules::second::code_at(&unbase32(&secret), t.store.now().timestamp()).unwrap();
        let seen = b.submit("/account/second-factor", "/account/second-factor", &[("code", &code)]).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);
        assert_eq!(b.get("/office/people").await.status, StatusCode::OK);
    }
);

fn unbase32(text: &str) -> Vec<u8> {
    let (mut bits, mut n, mut out) = (0u32, 0, Vec::new());
    for c in text.bytes() {
        let v = if c.is_ascii_uppercase() { c - b'A' } else { c - b'2' + 26 };
        bits = (bits << 5) | u32::from(v);
        n += 5;
        if n >= 8 {
            n -= 8;
            out.push(u8::try_from((bits >> n) & 0xff).unwrap());
        }
    }
    out
}
