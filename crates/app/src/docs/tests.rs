//! The made documents are current, and the running server does what they say: cell by cell.

use super::*;
use crate::{cli, config::Config, server};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use clap::Parser;
use futures_util::{StreamExt, stream};
use kernel::{Actor, Channel, Id, PlacePath};
use matters::model::{Input, NewMatter, VERBS};
use people::{NewOffice, NewPerson, NewUnit, UnitKind, actions, gate};
use places::{NewGrid, NewPlace, NewStreet, PlaceKind};
use std::{collections::BTreeSet, path::Path, sync::Arc, sync::Mutex};
use store::{Engine, Fault, Outgoing, Sender, testing, testing::TestStore};
use tower::ServiceExt;
use ui::Ctx;

mod council;
mod election;
mod hostile;
mod log;
mod plan;
mod poll;

/// Requests under way at a time.
const SIDE_BY_SIDE: usize = 16;

#[test]
fn the_documents_in_the_repository_are_those_that_the_program_makes() {
    rooms::register_words();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    for (name, text) in all() {
        let kept = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(kept == text, "docs/{name} is out of date: cargo run -p app -- docs docs");
    }
}

#[derive(Default)]
struct Kept(Mutex<Vec<Outgoing>>);

impl Sender for Kept {
    fn send<'a>(&'a self, out: &'a Outgoing) -> futures_util::future::BoxFuture<'a, Result<(), String>> {
        self.0.lock().unwrap().push(out.clone());
        Box::pin(async { Ok(()) })
    }
}

/// Somebody who knocks: an office with its place, a resident, nobody.
struct Knocker {
    name: String,
    offices: Vec<(OfficeKind, PlacePath)>,
    /// Whether the unit of the office leads the matter.
    leads: bool,
    cookie: Option<String>,
    token: Option<String>,
    csrf: String,
}

impl Knocker {
    fn holds(&self, right: &Right, at: Option<&PlacePath>) -> bool {
        self.offices
            .iter()
            .any(|(kind, place)| right.offices.contains(kind) && at.is_none_or(|at| at.within(place)))
    }
}

struct Town {
    test: TestStore,
    app: Router,
    knockers: Vec<Knocker>,
    number: String,
    /// Another matter, for what everybody may do: whoever joins it has a voice from then on.
    open: String,
    matter_at: PlacePath,
    unit: Id,
    spare: Id,
    office: Id,
    grid: Id,
    account: Id,
    category: String,
    /// A council with its sitting, an action and a duty.
    council: [Id; 4],
    /// A poll.
    poll: Id,
    /// An election whose committee is public.
    election: Id,
    /// A plan that people are asked about.
    plan: Id,
}

/// An office with its place, or none.
type Held = Option<(OfficeKind, PlacePath)>;

fn path(text: &str) -> PlacePath {
    PlacePath::parse(text).unwrap()
}

/// A street of two communities, a matter of the first that was dispatched to a unit, and for every office three holders:
/// in the matter's community, in the one next to it, and for the whole street.
async fn town() -> Town {
    rooms::register_words();
    let test = testing::open(Engine::Sqlite, rooms::MIGRATIONS).await.unwrap().unwrap();
    let typed = cli::Cli::try_parse_from(["yishiting", "serve"]).unwrap();
    let config = Config::of(Lang::En, &typed).unwrap();
    let ctx = server::context(&config, &test.store, "http://q.example".into(), false);
    let app = server::router(&ctx, &Arc::default());

    let mut wanted: Vec<(String, Held, bool)> = Vec::new();
    for kind in OfficeKind::ALL.iter().filter(|k| k.is_staff()) {
        for (word, place) in [("own place", "/QH/LY/"), ("next place", "/QH/HB/"), ("above", "/QH/")] {
            wanted.push((format!("{kind}, {word}"), Some((*kind, path(place))), true));
        }
    }
    wanted.push((
        "unit_handler of another unit, own place".into(),
        Some((OfficeKind::UnitHandler, path("/QH/LY/"))),
        false,
    ));
    wanted.push(("resident".into(), None, false));
    let people: Vec<_> = wanted.iter().map(|(_, office, leads)| (office.clone(), *leads)).collect();

    let (street, unit, spare, office, grid, holders, secretary) = test
        .store
        .write(move |tx| {
            Box::pin(async move {
                let street = places::found_street(
                    tx,
                    &Actor::system(Id::named("nowhere")),
                    NewStreet { name: "清和街道".into(), code: "QH".into(), statistical: None },
                )
                .await?;
                let sys = Actor::system(street.id);
                for (code, name) in [("LY", "柳荫社区"), ("HB", "河滨社区")] {
                    let new = NewPlace {
                        phone: Some("0571-88001234".into()),
                        ..NewPlace::plain(street.path.clone(), PlaceKind::Community, code, name)
                    };
                    places::add(tx, &sys, new).await?;
                }
                let grid = NewGrid {
                    community: path("/QH/LY/"),
                    code: "001".into(),
                    name: "第一网格".into(),
                    places: vec![],
                };
                let grid = places::add_grid(tx, &sys, grid).await?.id;
                let mut units = Vec::new();
                for name in ["柳荫物业", "路灯所", "闲置单位"] {
                    let new = NewUnit {
                        kind: UnitKind::PropertyCompany,
                        name: name.into(),
                        place: path("/QH/LY/"),
                        phone: None,
                    };
                    units.push(actions::add_unit(tx, &sys, new).await?.id);
                }
                // Signing in by a code from the telephone asks no second factor here: the rights are what is tried.
                tx.set(street.id, "people.second_factor", "off".into()).await?;
                let (mut holders, mut last) = (Vec::new(), street.id);
                for (n, (office, leads)) in people.into_iter().enumerate() {
                    let phone = format!("137000{n:05}");
                    let new = NewPerson {
                        name: Some(format!("试{n}")),
                        phone: Some(phone.clone()),
                        lives_at: None,
                    };
                    let person = actions::add_person(tx, &sys, new).await?;
                    let account = actions::open_account(tx, &sys, person, &format!("try{n}"), None).await?;
                    if let Some((kind, place)) = office {
                        let unit = (kind == OfficeKind::UnitHandler)
                            .then(|| if leads { units[0] } else { units[1] });
                        last = actions::give_office(
                            tx,
                            &sys,
                            NewOffice { person, kind, place, unit, from: None, until: None },
                        )
                        .await?;
                    }
                    // Asked about the notice already: otherwise that comes before everything else.
                    let own = Actor { person: Some(person), ..Actor::anonymous(street.id, Channel::App) };
                    actions::agree(tx, &own, &people::notice_version(rooms::KEEPERS)).await?;
                    let token = actions::create_token(tx, &sys, account, "cells").await?;
                    holders.push((person, account, phone, token));
                }
                let person = actions::add_person(
                    tx,
                    &sys,
                    NewPerson { name: Some("周书记".into()), ..NewPerson::default() },
                )
                .await?;
                Ok((street.id, units[0], units[2], last, grid, holders, person))
            })
        })
        .await
        .unwrap();

    let mut knockers = Vec::new();
    let caller = people::Caller::default();
    for ((name, office, leads), (_, _, phone, token)) in wanted.into_iter().zip(&holders) {
        actions::send_code(&test.store, phone, Lang::ZhHans, &caller).await.unwrap();
        let kept = Kept::default();
        store::deliver(&test.store, &kept).await.unwrap();
        let text = kept.0.lock().unwrap().pop().unwrap().text;
        let code = text.split(|c: char| !c.is_ascii_digit()).find(|w| w.len() == 6).unwrap().to_owned();
        let signed = actions::sign_in_by_code(&test.store, phone, &code, &caller).await.unwrap();
        let scope = gate::session(&test.store, &signed.token).await.unwrap().unwrap().session;
        knockers.push(Knocker {
            name,
            offices: office.into_iter().collect(),
            leads,
            csrf: test.store.keys().sign("form", &scope),
            cookie: Some(signed.token),
            token: Some(token.clone()),
        });
    }
    let csrf = test.store.keys().sign("form", "anon");
    knockers.push(Knocker {
        name: "nobody".into(),
        offices: vec![],
        leads: false,
        cookie: None,
        token: None,
        csrf,
    });

    let world = matters::queries::world(&mut test.store.read().await.unwrap(), street).await.unwrap();
    let category = world.catalogue.offered().next().unwrap().code.clone();
    let officer = |office| Actor {
        person: Some(secretary),
        office: Some(office),
        ..Actor::anonymous(street, Channel::App)
    };
    let (secretary, lead, code) = (officer(OfficeKind::CommunitySecretary), unit, category.clone());
    let (number, open) = test
        .store
        .write(move |tx| {
            Box::pin(async move {
                let new = NewMatter {
                    place: Some(path("/QH/LY/")),
                    body: "广场舞太吵".into(),
                    ..NewMatter::default()
                };
                let open =
                    matters::actions::raise(tx, &world, &Actor::anonymous(street, Channel::App), new, vec![])
                        .await?;
                let new = NewMatter {
                    place: Some(path("/QH/LY/")),
                    body: "楼道灯不亮".into(),
                    phone: Some("13900000001".into()),
                    ..NewMatter::default()
                };
                let slip =
                    matters::actions::raise(tx, &world, &Actor::anonymous(street, Channel::App), new, vec![])
                        .await?;
                for (verb, fields) in [
                    ("accept", serde_json::json!({ "tier": "autonomy", "category": code })),
                    ("dispatch", serde_json::json!({ "lead": lead })),
                ] {
                    let input = Input::read(verb, fields).map_err(|e| Fault::other(e.to_string()))?;
                    matters::actions::act(tx, &world, &secretary, slip.matter, input, vec![], None).await?;
                }
                Ok((slip.number, open.number))
            })
        })
        .await
        .unwrap();
    let account = holders.last().unwrap().1;
    let council = council::made(&test, street, unit).await;
    let poll = poll::made(&test, street).await;
    let election = election::made(&test, street).await;
    let plan = plan::made(&test, street).await;
    Town {
        test,
        app,
        knockers,
        number,
        open,
        matter_at: path("/QH/LY/"),
        unit,
        spare,
        office,
        grid,
        account,
        category,
        council,
        poll,
        election,
        plan,
    }
}

/// What a knock came to.
#[derive(Clone, Debug, PartialEq)]
enum Outcome {
    Allowed,
    SignIn,
    Refused,
    /// The request of this test is no good: it proves nothing.
    Astray(String),
}

impl Town {
    /// Asks with a good session (or token, for the API) and as little input as shows whether the right is there.
    async fn knock(&self, who: &Knocker, method: &str, address: &str, pairs: &[(&str, String)]) -> Outcome {
        let mut request = Request::builder().method(method).header(header::ACCEPT, "application/json");
        let api = address.starts_with("/api/");
        match (&who.cookie, &who.token) {
            (_, Some(token)) if api => {
                request = request.header(header::AUTHORIZATION, format!("Bearer {token}"))
            }
            (Some(cookie), _) if !api => request = request.header(header::COOKIE, format!("ys={cookie}")),
            _ => {}
        }
        let query: Vec<String> = pairs.iter().map(|(k, v)| format!("{k}={}", ui::parts::query(v))).collect();
        let query = query.join("&");
        let request = match (method, api) {
            ("GET", _) => request.uri(format!("{address}?{query}")).body(Body::empty()),
            (_, true) => request
                .uri(address)
                .header(header::CONTENT_TYPE, "application/json")
                .header("idempotency-key", format!("{}{address}", who.name))
                .body(Body::from("{}")),
            (_, false) => request
                .uri(address)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(format!("csrf={}&{query}", who.csrf))),
        };
        let response = self.app.clone().oneshot(request.unwrap()).await.unwrap();
        let status = response.status();
        if status.is_success() || status.is_redirection() {
            // A stream of events never ends: its head says enough. A redirect is said as JSON.
            let kind = response
                .headers()
                .get(header::CONTENT_TYPE)
                .and_then(|l| l.to_str().ok())
                .unwrap_or_default();
            if api || kind != "application/json" {
                return Outcome::Allowed;
            }
            let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
            let said: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
            // Whoever has no voice in a matter is led to its public page.
            let public = format!("/m/{}", self.number);
            return if said["location"] == public.as_str() { Outcome::Refused } else { Outcome::Allowed };
        }
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        let said: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let code = said["code"].as_str().unwrap_or_default().to_owned();
        match (status, code.as_str()) {
            (StatusCode::UNAUTHORIZED, _) => Outcome::SignIn,
            (StatusCode::FORBIDDEN, "ui.no-right" | "matters.not-yours" | "matters.not-your-matter") => {
                Outcome::Refused
            }
            // A form that comes back with the refusal beside it.
            (StatusCode::FORBIDDEN, "") => Outcome::Refused,
            (StatusCode::NOT_FOUND, "matters.no-matter") => Outcome::Refused,
            // There is none of this id: looked for only after the right was proven.
            (
                StatusCode::NOT_FOUND,
                "people.no-token"
                | "people.no-request"
                | "people.no-past"
                | "matters.no-draft"
                | "matters.no-own-method"
                | "polls.no-result"
                | "polls.no-photo"
                | "councils.no-paper",
            ) => Outcome::Allowed,
            (StatusCode::NOT_FOUND, c) if c.ends_with(".no-verb") => Outcome::Allowed,
            // The right was there; what was sent, or the state of the thing, was not enough.
            (StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT | StatusCode::BAD_REQUEST, _) => {
                Outcome::Allowed
            }
            (StatusCode::TOO_MANY_REQUESTS, _) => Outcome::Allowed,
            // Four eyes, and things that only the right kind of account has.
            (StatusCode::FORBIDDEN, c)
                if ["matters.", "people.", "councils.", "polls.", "elections.", "plans."]
                    .iter()
                    .any(|room| c.starts_with(room)) =>
            {
                Outcome::Allowed
            }
            _ => Outcome::Astray(format!(
                "{status} {code} {}",
                String::from_utf8_lossy(&bytes).chars().take(120).collect::<String>()
            )),
        }
    }

    /// An address with its parameters filled in.
    fn filled(&self, door: &ui::Door, verb: &str) -> String {
        let id = match door.path {
            p if p.starts_with("/office/units") => self.spare,
            p if p.starts_with("/office/places/grid") => self.grid,
            p if p.starts_with("/office/people/offices") => self.office,
            p if p.starts_with("/office/councils") || p.contains("/motions") => self.council[0],
            p if p.contains("/sittings/") => self.council[1],
            p if p.contains("/council-actions/") => self.council[2],
            p if p.contains("/duties/") => self.council[3],
            p if p.contains("/polls/") => self.poll,
            p if p.contains("/elections/") => self.election,
            p if p.contains("/plans/") => self.plan,
            _ => self.unit,
        };
        door.path
            .replace("{number}", if door.needs == Needs::Nothing { &self.open } else { &self.number })
            .replace("{verb}", verb)
            .replace("{id}", &id.to_string())
            .replace("{account}", &self.account.to_string())
            .replace("{act}", if door.path.contains("/people/") { "unlock" } else { "move" })
            .replace("{head}", "1")
            .replace("{photo}", &self.unit.to_string())
            .replace("{ending}", "csv")
            .replace("{kind}", "order")
            .replace("{code}", "raised")
            .replace("{secret}", "none")
            .replace("{name}", "none")
    }

    /// Input that names the place of the matter, as the forms do.
    fn input(&self, door: &ui::Door) -> Vec<(&'static str, String)> {
        let at = self.matter_at.to_string();
        match (door.method, door.path) {
            ("POST", "/office/people/offices/new") => {
                vec![("who", "none".into()), ("kind", "auditor".into()), ("place", at)]
            }
            (
                "POST",
                "/office/councils/new" | "/office/polls/new" | "/office/elections/new" | "/office/plans/new",
            ) => {
                vec![("place", at)]
            }
            ("POST", "/office/units/new" | "/office/units/{id}") => {
                vec![("name", "闲置单位".into()), ("kind", "property_company".into()), ("place", at)]
            }
            ("POST", "/office/places/state") => vec![("at", at), ("to", "open".into())],
            ("POST", "/office/register") => {
                vec![("place", at), ("body", "路灯不亮".into()), ("channel", "".into())]
            }
            ("POST", "/office/settings/method") => vec![("community", at), ("code", "none".into())],
            ("POST", "/office/m/{number}/redact") => vec![("blob", self.unit.to_string())],
            ("POST", "/office/bulk") => vec![("verb", "accept".into())],
            (_, "/office/settings/category") => vec![("code", self.category.clone())],
            // Ending, changing: refused for want of a reason or a name, after the right was proven.
            (_, p) if p.starts_with("/office/places") => {
                vec![("at", at.clone()), ("under", at.clone()), ("in", at)]
            }
            _ => vec![],
        }
    }

    fn expected(&self, who: &Knocker, needs: Needs, verb: &str) -> Outcome {
        let at = &self.matter_at;
        if needs != Needs::Nothing && who.cookie.is_none() {
            return Outcome::SignIn;
        }
        // A unit sees the matters that it was given, nothing else.
        let involved = |right: &Right| {
            who.offices.iter().any(|(kind, place)| {
                right.offices.contains(kind)
                    && at.within(place)
                    && (*kind != OfficeKind::UnitHandler || who.leads)
            })
        };
        let allowed = match needs {
            Needs::Nothing | Needs::SignedIn => true,
            Needs::Own => false,
            Needs::OwnOr(right) => involved(right),
            Needs::Staff => !who.offices.is_empty(),
            Needs::Somewhere(right) => who.holds(right, None),
            Needs::At(right) if right.verb.starts_with("matters.") => involved(right),
            // None of them has a seat: `councils` tries whoever has.
            Needs::At(right) | Needs::SeatOr(right) => who.holds(right, Some(at)),
            // The unit that leads the matter owns the duty as well.
            Needs::DutyOr(right) => {
                let handles = |(kind, _): &(OfficeKind, _)| *kind == OfficeKind::UnitHandler && who.leads;
                who.holds(right, Some(at)) || who.offices.iter().any(handles)
            }
            Needs::Street(right) => who.holds(right, Some(&at.cut(1))),
            Needs::Verb => {
                let rights = VERBS.iter().find(|(v, _)| *v == verb).map(|(_, r)| *r).unwrap_or_default();
                rights.iter().any(|r| involved(r))
            }
        };
        if allowed { Outcome::Allowed } else { Outcome::Refused }
    }
}

/// Every address that the router knows. It has no list to ask for; what it prints of itself holds them.
fn addresses(ctx_free: &Router<Ctx>) -> BTreeSet<String> {
    let printed = format!("{ctx_free:?}");
    printed
        .split("RouteId(")
        .filter_map(|part| part.split_once("): \""))
        .filter(|(n, _)| n.chars().all(|c| c.is_ascii_digit()))
        .filter_map(|(_, rest)| rest.split_once('"'))
        .map(|(path, _)| path.to_owned())
        .filter(|path| !path.contains("__private"))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_address_of_the_router_has_its_line_and_every_line_an_address() {
    let town = town().await;
    let mut known = addresses(&rooms::routes());
    assert!(known.len() > 80, "{known:?}");
    known.extend(OWN_ADDRESSES.iter().map(|a| (*a).to_owned()));
    let doors: Vec<&ui::Door> = rooms::DOORS.iter().flat_map(|(_, doors)| *doors).collect();
    let listed: BTreeSet<String> = doors.iter().map(|d| d.path.to_owned()).collect();
    let missing: Vec<_> = known.difference(&listed).collect();
    assert!(missing.is_empty(), "addresses without a line in DOORS: {missing:?}");
    let gone: Vec<_> = listed.difference(&known).collect();
    assert!(gone.is_empty(), "lines in DOORS without an address: {gone:?}");
    // The methods, from what the server says when it is asked with one that it does not know.
    for address in &known {
        let plain = address.replace(['{', '}'], "");
        let request = Request::builder().method("TRACE").uri(plain).body(Body::empty()).unwrap();
        let response = town.app.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{address}");
        let allow = response.headers()[header::ALLOW].to_str().unwrap().to_owned();
        let there: BTreeSet<&str> = allow.split(',').map(str::trim).filter(|m| *m != "HEAD").collect();
        let listed: BTreeSet<&str> = doors.iter().filter(|d| d.path == address).map(|d| d.method).collect();
        assert_eq!(there, listed, "{address}");
    }
    let rights = rooms::rights();
    let verbs: BTreeSet<&str> = rights.iter().map(|r| r.verb).collect();
    assert_eq!(verbs.len(), rights.len(), "a right is written once");
    for right in VERBS.iter().flat_map(|(_, rights)| *rights) {
        assert!(verbs.contains(right.verb), "{}", right.verb);
    }
}

/// What the program serves beside the rooms.
const OWN_ADDRESSES: [&str; 4] = ["/api/openapi.json", "/healthz", "/readyz", "/metrics"];

/// These end the session that asks: they are tried by those alone who have none.
const ENDS: [&str; 3] = ["/sign-out", "/account/everywhere", "/account/forget"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_office_at_every_address_as_the_table_says() {
    let town = town().await;
    let mut cells = Vec::new();
    for (_, doors) in rooms::DOORS {
        for door in *doors {
            let verbs: Vec<&str> = match door.needs {
                Needs::Verb => VERBS.iter().map(|(v, _)| *v).collect(),
                _ => vec![""],
            };
            for verb in verbs {
                for who in &town.knockers {
                    if door.method == "POST" && ENDS.contains(&door.path) && who.cookie.is_some() {
                        continue;
                    }
                    cells.push((door, verb, who));
                }
            }
        }
    }
    let count = cells.len();
    let town = &town;
    let wrong: Vec<String> = stream::iter(cells)
        .map(|(door, verb, who)| async move {
            let address = town.filled(door, verb);
            let seen = town.knock(who, door.method, &address, &town.input(door)).await;
            let right = town.expected(who, door.needs, verb);
            // Whether there is something behind an open address is not a question of rights.
            let lost = matches!(seen, Outcome::Astray(_) | Outcome::Refused) && door.needs == Needs::Nothing;
            // An action is open to all once its minutes are; before, its address asks who knocks.
            let lost = lost || seen == Outcome::SignIn && door.path == "/council-actions/{id}";
            // To nobody a matter's inner pages do not exist: that is said, instead of asking who it is.
            let shut = who.cookie.is_none() && (&seen, &right) == (&Outcome::Refused, &Outcome::SignIn);
            (seen != right && !lost && !shut).then(|| {
                format!(
                    "{} {} {verb} by {}: {seen:?}, the table says {right:?}",
                    door.method, door.path, who.name
                )
            })
        })
        .buffer_unordered(SIDE_BY_SIDE)
        .filter_map(|w| async move { w })
        .collect()
        .await;
    assert!(wrong.is_empty(), "{} of {count} cells:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 6000, "{count} cells");
    town.test.store.close().await;
}
