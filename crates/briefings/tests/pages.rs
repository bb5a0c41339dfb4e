//! What readers get: the pages, spreadsheets and API, through the door of the product.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

mod common;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use common::*;
use futures_util::future::BoxFuture;
use kernel::{Actor, Id, OfficeKind, PlacePath};
use places::{NewPlace, NewStreet, PlaceKind};
use std::sync::Arc;
use store::{Fault, Store, testing::TestStore};
use tower::ServiceExt;
use ui::{Community, Ctx, Gate, Home, Office, Signed, Site};

/// Sessions by name: `secretary` of LY, `handler` of unit one, `resident`.
struct Door(Arc<Home>);

fn signed(street: Id, token: &str) -> Option<Signed> {
    let office = |kind, place: &str, unit| Office {
        id: Id::named("office"),
        kind,
        place: path(place),
        place_name: "柳荫社区".into(),
        unit,
        unit_name: None,
    };
    let offices = match token {
        "secretary" => vec![office(OfficeKind::CommunitySecretary, "/QH/LY/", None)],
        "handler" => vec![office(OfficeKind::UnitHandler, "/QH/", Some(u1()))],
        "resident" => vec![],
        _ => return None,
    };
    Some(Signed {
        street,
        account: Id::named("account"),
        person: Id::named("person"),
        name: "周文静".into(),
        lives_at: None,
        offices,
        must_go: None,
        session: token.into(),
        unread: 0,
    })
}

impl Gate for Door {
    fn session<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Option<Signed>, Fault>> {
        Box::pin(async move { Ok(signed(self.0.street, token)) })
    }
    fn bearer<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Option<Signed>, Fault>> {
        self.session(token)
    }
    fn home(&self) -> BoxFuture<'_, Result<Option<Arc<Home>>, Fault>> {
        Box::pin(async move { Ok(Some(self.0.clone())) })
    }
}

async fn places(store: &Store) -> Id {
    store
        .write(|tx| {
            Box::pin(async move {
                let new = NewStreet { name: "清和街道".into(), code: "QH".into(), statistical: None };
                let street = places::found_street(tx, &Actor::system(Id::named("nowhere")), new).await?;
                let actor = Actor::system(street.id);
                for (parent, kind, code, name) in [
                    ("/QH/", PlaceKind::Community, "LY", "柳荫社区"),
                    ("/QH/", PlaceKind::Community, "HY", "河滨社区"),
                    ("/QH/LY/", PlaceKind::Compound, "A", "柳荫花园"),
                    ("/QH/LY/", PlaceKind::Compound, "B", "新村"),
                    ("/QH/HY/", PlaceKind::Compound, "C", "河滨苑"),
                    ("/QH/HY/C/", PlaceKind::Building, "9", "9号楼"),
                    ("/QH/HY/C/9/", PlaceKind::Unit, "2", "2单元"),
                    ("/QH/HY/C/9/2/", PlaceKind::Dwelling, "101", "101室"),
                    ("/QH/LY/A/", PlaceKind::Building, "1", "1号楼"),
                ] {
                    places::add(
                        tx,
                        &actor,
                        NewPlace::plain(PlacePath::parse(parent).unwrap(), kind, code, name),
                    )
                    .await?;
                }
                Ok(street.id)
            })
        })
        .await
        .unwrap()
}

async fn serve(t: &TestStore) -> Router {
    ui::register(&briefings::WORDS);
    let street = places(&t.store).await;
    fill_for(&t.store, street).await;
    t.clock.set(now());
    let community = |code: &str, name: &str| Community {
        id: Id::named(code),
        path: path(&format!("/QH/{code}/")),
        code: code.into(),
        name: name.into(),
        phone: None,
    };
    let home = Home {
        street,
        name: "清和街道".into(),
        path: path("/QH/"),
        communities: vec![community("LY", "柳荫社区"), community("HY", "河滨社区")],
    };
    let ctx =
        Ctx { store: t.store.clone(), gate: Arc::new(Door(Arc::new(home))), site: Arc::new(Site::default()) };
    ui::wrap(briefings::routes(), &ctx).with_state(ctx)
}

async fn get(app: &Router, address: &str, who: &str) -> (StatusCode, String, String) {
    let mut request = Request::get(address);
    if !who.is_empty() {
        request = match address.starts_with("/api/") {
            true => request.header(header::AUTHORIZATION, format!("Bearer {who}")),
            false => request.header(header::COOKIE, format!("ys={who}")),
        };
    }
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let status = response.status();
    let body = to_bytes(response.into_body(), 1 << 24).await.unwrap();
    (status, kind, String::from_utf8_lossy(&body).into_owned())
}

const MARCH: &str = "from=2026-03-01&to=2026-03-31";

store::story!(
    residents_read_the_open_ledger,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: TestStore| async move {
        let app = serve(&t).await;
        let (status, _, page) = get(&app, &format!("/public?{MARCH}"), "").await;
        assert_eq!(status, StatusCode::OK);
        for text in [
            "办理公开",
            "收到事项",
            "不足 5 件，不公布比率",
            "满意 2，基本满意 2，共 5",
            "柳荫社区",
            "导入的旧台账",
        ] {
            assert!(page.contains(text), "{text}");
        }
        assert!(
            page.contains("href=\"/m/L1\"") && !page.contains("/m/L10\""),
            "hidden matters are not listed"
        );
        assert!(!page.contains("13812345678") && page.contains("138****"), "numbers in titles are blotted");
        assert!(page.contains("柳荫花园 1号楼"), "places are named to the building");
        assert!(!page.contains("按时签收率"), "what is for staff stays inside");

        // The whole ledger, page by page, holds every public matter once.
        let (_, _, paper) = get(&app, &format!("/public/print?{MARCH}"), "").await;
        assert!(paper.contains("清和街道 办理情况公开") && paper.contains("sheet-list"));
        let (status, kind, csv) = get(&app, &format!("/public/sheet/matters.csv?{MARCH}"), "").await;
        assert_eq!((status, kind.as_str()), (StatusCode::OK, "text/csv; charset=utf-8"));
        assert_eq!(csv.lines().count(), 1 + 9, "six of the record, three of the ledger:\n{csv}");
        assert!(!csv.contains("101室") && !csv.contains("13812345678"));
        let (_, _, csv) = get(&app, &format!("/public/sheet/figures.csv?{MARCH}"), "").await;
        assert!(csv.contains("满意率,76.0%,4,5,"), "{csv}");
        assert!(
            csv.contains("解决率,\"不足 5 件，不公布比率\",,4,")
                || csv.contains("解决率,不足 5 件，不公布比率,,4,"),
            "{csv}"
        );
        let (status, kind, _) = get(&app, &format!("/public/sheet/figures.xlsx?{MARCH}"), "").await;
        assert!(status.is_success() && kind.contains("spreadsheetml"));
        assert_eq!(get(&app, "/public/sheet/figures.exe", "").await.0, StatusCode::UNPROCESSABLE_ENTITY);

        // Figures open to what everybody may see; verdicts and small bases do not.
        let (status, _, page) = get(&app, &format!("/public/figures/closed?{MARCH}"), "").await;
        assert!(
            status.is_success()
                && page.contains("/m/L3\"")
                && !page.contains("/m/L10\"")
                && !page.contains("/m/L4\"")
        );
        for closed in ["satisfied", "solved", "returned"] {
            assert_eq!(
                get(&app, &format!("/public/figures/{closed}?{MARCH}"), "").await.0,
                StatusCode::FORBIDDEN,
                "{closed}"
            );
        }
        assert_eq!(get(&app, "/public/figures/nothing", "").await.0, StatusCode::NOT_FOUND);
        for bad in
            ["from=tomorrow", "from=2026-03-02&to=2026-03-01", "place=/XX/", "place=/QH/LY/A/1/", "place=NO"]
        {
            assert_eq!(
                get(&app, &format!("/public?{bad}"), "").await.0,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{bad}"
            );
        }
        // A place narrows everything.
        let (_, _, page) = get(&app, &format!("/public?{MARCH}&place=HY"), "").await;
        assert!(page.contains("/m/L5\"") && !page.contains("/m/L1\""));
    }
);

store::story!(
    staff_read_what_they_reach,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: TestStore| async move {
        let app = serve(&t).await;
        let (status, _, page) = get(&app, &format!("/office/figures?{MARCH}"), "secretary").await;
        assert_eq!(status, StatusCode::OK);
        for text in [
            "按时签收率",
            "这段时间反映的事项；不含作废",
            "按主办单位",
            "上期",
            "/office/figures/raised?from=2026-03-01",
        ] {
            assert!(page.contains(text), "{text}");
        }
        let (_, _, page) = get(&app, &format!("/office/figures/raised?{MARCH}"), "secretary").await;
        assert!(
            page.contains("/office/m/L1\"") && !page.contains("/office/m/L5\""),
            "the other community is out of reach"
        );
        let (_, _, page) = get(&app, &format!("/office/figures/raised?{MARCH}"), "handler").await;
        assert!(
            page.contains("/office/m/L2\"") && !page.contains("/office/m/L4\""),
            "another unit's matters are out of reach"
        );
        let (status, _, csv) =
            get(&app, &format!("/office/figures/raised?{MARCH}&format=csv"), "secretary").await;
        assert!(status.is_success() && csv.lines().count() == 7, "{csv}");
        assert_eq!(
            get(&app, &format!("/office/figures/raised?{MARCH}&format=csv"), "handler").await.0,
            StatusCode::FORBIDDEN
        );
        assert_eq!(get(&app, "/office/figures", "resident").await.0, StatusCode::FORBIDDEN);
        assert_eq!(get(&app, "/office/figures", "").await.0, StatusCode::SEE_OTHER, "to the sign-in page");
        for code in briefings::FIGURES.iter().map(|f| f.code) {
            for part in ["numerator", "denominator"] {
                let address = format!("/office/figures/{code}?{MARCH}&part={part}");
                assert_eq!(get(&app, &address, "secretary").await.0, StatusCode::OK, "{address}");
            }
        }
    }
);

store::story!(
    figures_reach_as_far_as_the_worklist,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: TestStore| async move {
        let street = places(&t.store).await;
        fill_for(&t.store, street).await;
        let mut conn = t.store.read().await.unwrap();
        let home = Home { street, name: "清和街道".into(), path: path("/QH/"), communities: vec![] };
        for who in ["secretary", "handler", "resident"] {
            let viewer = ui::Viewer::new(ui::Seen {
                lang: ui::Lang::ZhHans,
                elder: false,
                signed: signed(street, who),
                via: ui::Via::Cookie,
                home: Some(Arc::new(home.clone())),
                community: None,
                path: "/".into(),
                here: "/".into(),
                flash: None,
                fragment: None,
                site: Arc::new(Site::default()),
                slip: None,
            });
            let march = matters::queries::Filter {
                part: matters::queries::Part::All,
                from: Some(at("03-01 00:00")),
                to: Some(at("04-01 00:00")),
                ..Default::default()
            };
            let (lines, _) =
                matters::queries::worklist(&mut conn, street, &viewer, &march, "", 100, now()).await.unwrap();
            let mut listed: Vec<String> = lines
                .into_iter()
                .filter(|l| !l.imported && !matches!(l.status.code(), "voided" | "merged"))
                .map(|l| l.number)
                .collect();
            listed.sort();
            let fields = ui::Fields::new(vec![
                ("from".into(), "2026-03-01".into()),
                ("to".into(), "2026-03-31".into()),
            ]);
            let mut counted = Vec::new();
            match briefings::queries::look(&mut conn, &viewer, &fields, true, now()).await {
                Ok(look) => {
                    let figure = briefings::figure("raised").unwrap();
                    let (lines, _) = briefings::queries::behind(
                        &mut conn,
                        &look.cut,
                        look.method(),
                        figure,
                        briefings::Part::Numerator,
                        "",
                        100,
                    )
                    .await
                    .unwrap();
                    counted.extend(lines.into_iter().map(|l| l.number));
                }
                Err(refused) => assert!(who == "resident", "{refused}"),
            }
            counted.sort();
            assert_eq!(counted, listed, "{who}");
            assert_eq!(listed.is_empty(), who == "resident");
        }
    }
);

store::story!(
    programs_read_figures_and_open_them,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: TestStore| async move {
        let app = serve(&t).await;
        let json = async |address: String, who: &'static str| -> (StatusCode, String, serde_json::Value) {
            let (status, kind, body) = get(&app, &address, who).await;
            (status, kind, serde_json::from_str(&body).unwrap_or_else(|e| panic!("{address}: {e}: {body}")))
        };
        let figure = |out: &serde_json::Value, code: &str| {
            out["figures"].as_array().unwrap().iter().find(|f| f["code"] == code).cloned()
        };
        let (status, _, out) = json(format!("/api/v1/figures?{MARCH}"), "").await;
        assert_eq!(
            (status, &out["scope"], &out["place"]),
            (StatusCode::OK, &"public".into(), &"/QH/".into())
        );
        let satisfied = figure(&out, "satisfied").unwrap();
        assert_eq!(
            (&satisfied["value"], &satisfied["numerator"], &satisfied["denominator"]),
            (&760.into(), &4.into(), &5.into())
        );
        assert!(satisfied["matters"].is_null() && satisfied["definition"].as_str().unwrap().contains("0.9"));
        assert_eq!(figure(&out, "on_time").unwrap()["hidden_because"], "too_few");
        assert!(figure(&out, "returned").is_none());

        // Following the links gives exactly the counted matters.
        let (_, _, out) = json(format!("/api/v1/figures?{MARCH}&place=LY"), "secretary").await;
        assert_eq!(out["scope"], "staff");
        for f in out["figures"].as_array().unwrap() {
            let Some(mut link) = f["matters"].as_str().map(str::to_owned) else { continue };
            link.push_str("&limit=2");
            let (mut times, mut cursor) = (0, String::new());
            loop {
                let (status, _, page) = json(format!("{link}&cursor={cursor}"), "secretary").await;
                assert_eq!(status, StatusCode::OK);
                times += page["matters"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|m| m["times"].as_i64().unwrap())
                    .sum::<i64>();
                match page["next"].as_str() {
                    Some(next) => cursor = next.to_owned(),
                    None => break,
                }
            }
            let counted = if link.contains("part=numerator") { &f["numerator"] } else { &f["denominator"] };
            assert_eq!(counted, &times, "{}", f["code"]);
        }

        for (address, who, expected, code) in [
            ("/api/v1/figures?from=2026-3-1", "", 422, "briefings.bad-date"),
            ("/api/v1/figures?from=2026-03-02&to=2026-03-01", "", 422, "briefings.dates-order"),
            ("/api/v1/figures?place=%00", "", 422, "briefings.no-place"),
            ("/api/v1/figures?unit=x", "secretary", 422, "ui.not-valid"),
            ("/api/v1/figures", "nobody", 401, "ui.bad-token"),
            ("/api/v1/figures/none/matters", "", 404, "briefings.no-figure"),
            ("/api/v1/figures/satisfied/matters", "", 403, "briefings.not-open"),
            ("/api/v1/figures/raised/matters?limit=0", "", 422, "briefings.bad-limit"),
            ("/api/v1/figures/raised/matters?cursor=x", "", 422, "ui.bad-cursor"),
            ("/api/v1/figures/raised/matters?part=half", "", 422, "ui.not-valid"),
        ] {
            let (status, kind, problem) = json(address.to_owned(), who).await;
            assert_eq!((status.as_u16(), kind.as_str()), (expected, "application/problem+json"), "{address}");
            assert_eq!((&problem["code"], &problem["status"]), (&code.into(), &expected.into()), "{address}");
        }
    }
);

#[test]
fn the_description_names_both_routes_and_what_they_answer() {
    let described = serde_json::to_value(briefings::openapi()).unwrap();
    assert!(described["openapi"].as_str().unwrap().starts_with("3.1"));
    for path in ["/api/v1/figures", "/api/v1/figures/{code}/matters"] {
        let responses = &described["paths"][path]["get"]["responses"];
        assert!(responses["200"]["content"]["application/json"]["schema"].is_object(), "{path}");
        assert!(responses["422"]["content"]["application/problem+json"]["schema"].is_object(), "{path}");
        for p in described["paths"][path]["get"]["parameters"].as_array().unwrap() {
            assert_eq!(p["required"], p["in"] == "path", "{path}: {p}");
        }
    }
}
