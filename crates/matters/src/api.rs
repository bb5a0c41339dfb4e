//! The JSON API under `/api/v1`: raising, finding and every verb, by the same actions as the pages.
//!
//! Who sends a token acts by that account's offices, or by its voice where it is one; `Slip-Secret` proves the voice of
//! somebody without an account. Without either the public projection is read. Every POST needs an `Idempotency-Key`.

mod describe;
mod view;

use crate::{
    actions,
    model::*,
    pages::{
        matter::cast,
        raise::MAX_PHOTOS,
        verbs::takes_photos,
        words::{blurred, place_names},
    },
    queries::{self, Filter, Part, Sort, Standing},
    rules::{READ, REGISTER},
};
use axum::{
    Router,
    body::Bytes,
    extract::{FromRequest, Path, Query, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use kernel::{Channel, Id, PlacePath, Refusal, refusal::RefusalKind};
use methods::Tier;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use store::{Blob, Conn, Fault, IdemKey};
use ui::{Ctx, Oops, Seen, Viewer};

pub use describe::openapi;

/// The routes.
pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/api/v1/matters", get(list).post(raise))
        .route("/api/v1/matters/{number}", get(one))
        .route("/api/v1/matters/{number}/timeline", get(timeline))
        .route("/api/v1/matters/{number}/{verb}", post(act))
}

/// A failed answer: a refusal dressed by the door, or one with a status that refusals do not have.
struct Failure(Box<Response>);

impl<E: Into<Fault>> From<E> for Failure {
    fn from(fault: E) -> Self {
        Self(Box::new(Oops(fault.into()).into_response()))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        *self.0
    }
}

type Reply = Result<Response, Failure>;

fn problem(viewer: &Viewer, status: StatusCode, code: &'static str) -> Failure {
    Failure(Box::new(ui::problem(viewer.lang, status, Some(&Refusal::new(RefusalKind::Invalid, code)))))
}

fn json(status: StatusCode, value: &impl Serialize) -> Reply {
    let text = serde_json::to_string(value).map_err(Fault::from)?;
    let mut response = (status, text).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The viewer of an API request: the voice is proven by the header, never by the cookie of a page.
fn reader(viewer: &Viewer, headers: &HeaderMap) -> Viewer {
    let secret = headers.get("slip-secret").and_then(|v| v.to_str().ok()).filter(|s| s.len() <= 100);
    let slip = secret.map(|s| (String::new(), s.to_owned()));
    Viewer::new(Seen { slip, ..(**viewer).clone() })
}

/// A POST: who sends it, its idempotency key, its JSON object.
struct Sent {
    viewer: Viewer,
    key: IdemKey,
    body: Map<String, Value>,
}

impl FromRequest<Ctx> for Sent {
    type Rejection = Failure;

    async fn from_request(request: Request, ctx: &Ctx) -> Result<Self, Failure> {
        let viewer = request
            .extensions()
            .get::<Viewer>()
            .cloned()
            .ok_or_else(|| Fault::other("no viewer on the request"))?;
        let viewer = reader(&viewer, request.headers());
        let key = request.headers().get("idempotency-key").and_then(|v| v.to_str().ok()).map(str::trim);
        let key = key.filter(|k| !k.is_empty() && k.len() <= 200).map(str::to_owned);
        let key = key.ok_or_else(|| problem(&viewer, StatusCode::BAD_REQUEST, "matters.api-key"))?;
        let kind =
            request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let essence =
            kind.as_deref().and_then(|k| k.split(';').next()).map(|k| k.trim().to_ascii_lowercase());
        let is_json = essence.as_deref() == Some("application/json");
        let bytes = match Bytes::from_request(request, ctx).await {
            Ok(bytes) => bytes,
            Err(e) if e.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                let max = store::pictures::MAX_BYTES / 1024 / 1024;
                return Err(Refusal::new(RefusalKind::TooLarge, "ui.file-too-large").with("max", max).into());
            }
            Err(_) => return Err(problem(&viewer, StatusCode::BAD_REQUEST, "matters.api-json")),
        };
        // A verb that needs nothing may be sent with nothing.
        let body = if bytes.is_empty() && essence.is_none() {
            Map::new()
        } else if !is_json {
            return Err(problem(&viewer, StatusCode::UNSUPPORTED_MEDIA_TYPE, "matters.api-type"));
        } else {
            match serde_json::from_slice(&bytes) {
                Ok(Value::Object(map)) => map,
                _ => return Err(problem(&viewer, StatusCode::BAD_REQUEST, "matters.api-json")),
            }
        };
        let secret = viewer.slip.as_ref().map(|(_, s)| queries::secret_hash(s)).unwrap_or_default();
        let scope = format!("api:{}:{secret}:{}", viewer.scope(), viewer.path);
        Ok(Self { key: IdemKey::new(scope, key, &bytes), viewer, body })
    }
}

fn bad_input(why: &impl ToString) -> Refusal {
    let why: String = why.to_string().chars().filter(|c| !c.is_control()).take(200).collect();
    Refusal::new(RefusalKind::Invalid, "matters.bad-input").with("why", why)
}

fn read<T: DeserializeOwned>(body: Map<String, Value>) -> Result<T, Refusal> {
    serde_json::from_value(Value::Object(body)).map_err(|e| bad_input(&e))
}

async fn blobs(photos: Vec<view::Photo>) -> Result<Vec<Blob>, Fault> {
    if photos.len() > MAX_PHOTOS {
        return Err(Refusal::invalid("photos", "ui.too-many-files").with("max", MAX_PHOTOS).into());
    }
    let mut out = Vec::with_capacity(photos.len());
    for photo in photos {
        let bytes =
            STANDARD.decode(photo.data.trim()).map_err(|_| Refusal::invalid("photos", "ui.not-valid"))?;
        out.push(store::pictures::take_in(bytes).await?);
    }
    Ok(out)
}

/// An instant by a device, within the years that make sense.
fn client_at(at: Option<kernel::Time>) -> Result<Option<kernel::Time>, Refusal> {
    use chrono::Datelike;
    match at {
        Some(at) if !(2000..2100).contains(&at.year()) => Err(Refusal::invalid("client_at", "ui.not-valid")),
        at => Ok(at.map(kernel::time::micros)),
    }
}

fn point(lat: Option<f64>, lon: Option<f64>) -> Result<Option<(i64, i64)>, Refusal> {
    let micro = |degrees: f64, most: f64, field: &'static str| {
        let good = degrees.is_finite() && degrees.abs() <= most;
        #[expect(clippy::cast_possible_truncation, reason = "checked to be a degree")]
        let micro = (degrees * 1e6).round() as i64;
        if good { Ok(micro) } else { Err(Refusal::invalid(field, "ui.not-valid")) }
    };
    match (lat, lon) {
        (Some(lat), Some(lon)) => Ok(Some((micro(lat, 90.0, "lat")?, micro(lon, 180.0, "lon")?))),
        (None, None) => Ok(None),
        _ => Err(Refusal::invalid("lat", "ui.not-valid")),
    }
}

fn slip_view(ctx: &Ctx, slip: Slip) -> Reply {
    let link = format!("{}/s/{}/{}", ctx.site.base_url, slip.number, slip.secret);
    let at = format!("/api/v1/matters/{}", slip.number);
    let view = view::SlipView { link, number: slip.number, secret: slip.secret, receipt: slip.receipt };
    let mut response = json(StatusCode::CREATED, &view)?;
    if let Ok(at) = HeaderValue::from_str(&at) {
        response.headers_mut().insert(header::LOCATION, at);
    }
    Ok(response)
}

/// `POST /api/v1/matters`
async fn raise(State(ctx): State<Ctx>, sent: Sent) -> Reply {
    let Sent { viewer, key, body } = sent;
    let street = ctx.street(&viewer)?;
    let body: view::NewMatterBody = read(body)?;
    let place = PlacePath::parse(&body.place).ok_or(Refusal::invalid("place", "matters.no-place"))?;
    let channel = match body.channel.as_deref() {
        None => None,
        Some(_) if !body.on_behalf => return Err(Refusal::invalid("channel", "matters.api-channel").into()),
        Some(code) => {
            let channel = Channel::parse(code).filter(|c| !matches!(c, Channel::System | Channel::Import));
            Some(channel.ok_or(Refusal::invalid("channel", "ui.not-valid"))?)
        }
    };
    let office = if body.on_behalf { Some(viewer.need(&REGISTER, &place)?) } else { None };
    let mut actor = viewer.actor(office)?;
    actor.channel = Channel::Api;
    let input = NewMatter {
        place: Some(place),
        spot: body.spot,
        point: point(body.lat, body.lon)?,
        title: body.title,
        body: body.body.unwrap_or_default(),
        category: body.category,
        channel,
        phone: body.phone,
        name: body.name,
        open_identity: body.open_identity,
        client_at: client_at(body.client_at)?,
        draft: None,
    };
    let blobs = blobs(body.photos).await?;
    let world = queries::world(&mut ctx.store.read().await?, street).await?;
    let slip = ctx
        .store
        .once(Some(key), move |tx| {
            Box::pin(async move { actions::raise(tx, &world, &actor, input, blobs).await })
        })
        .await?;
    slip_view(&ctx, slip)
}

/// `POST /api/v1/matters/{number}/join`
async fn join(ctx: &Ctx, sent: Sent, number: &str) -> Reply {
    let Sent { viewer, key, body } = sent;
    let street = ctx.street(&viewer)?;
    let body: view::JoinBody = read(body)?;
    let mut conn = ctx.store.read().await?;
    let (m, _) = queries::find(&mut conn, street, &viewer, number).await?;
    let world = queries::world(&mut conn, street).await?;
    drop(conn);
    if world.method(&m.community).raising.account_required {
        viewer.signed_in()?;
    }
    let mut actor = viewer.actor(None)?;
    actor.channel = Channel::Api;
    let joiner = NewMatter {
        body: body.body.unwrap_or_default(),
        phone: body.phone,
        name: body.name,
        open_identity: body.open_identity,
        ..NewMatter::default()
    };
    let id = m.id;
    let slip = ctx
        .store
        .once(Some(key), move |tx| {
            Box::pin(async move { actions::join(tx, &world, &actor, id, joiner).await })
        })
        .await?;
    slip_view(ctx, slip)
}

/// `POST /api/v1/matters/{number}/{verb}`
async fn act(State(ctx): State<Ctx>, Path((number, verb)): Path<(String, String)>, sent: Sent) -> Reply {
    if verb == "join" {
        return join(&ctx, sent, &number).await;
    }
    let Sent { viewer, key, mut body } = sent;
    if rights_of(&verb).is_none() {
        return Err(Refusal::missing("matters.no-verb").into());
    }
    let street = ctx.street(&viewer)?;
    let mut conn = ctx.store.read().await?;
    let (m, standing) = queries::find(&mut conn, street, &viewer, &number).await?;
    let world = queries::world(&mut conn, street).await?;
    drop(conn);
    let (mut actor, voice) = match standing.voice.filter(|_| OWN_VERBS.contains(&verb.as_str())) {
        // A resident acts as a resident, whatever offices the person holds besides.
        Some(voice) => (viewer.actor(None)?, Some(voice)),
        None => (viewer.actor(Some(queries::need(&viewer, &verb, &m)?))?, None),
    };
    actor.channel = Channel::Api;
    let photos: Vec<view::Photo> = match body.remove("photos").filter(|_| takes_photos(&verb)) {
        Some(value) => serde_json::from_value(value).map_err(|e| bad_input(&e))?,
        None => Vec::new(),
    };
    let input = Input::read(&verb, Value::Object(body)).map_err(|e| bad_input(&e))?;
    let blobs = blobs(photos).await?;
    let id = m.id;
    let after = ctx
        .store
        .once(Some(key), move |tx| {
            Box::pin(async move { actions::act(tx, &world, &actor, id, input, blobs, voice).await })
        })
        .await?;
    let standing = queries::standing(&viewer, &after);
    let mut conn = ctx.store.read().await?;
    shown(&ctx, &mut conn, &viewer, &after, &standing).await
}

async fn shown(ctx: &Ctx, conn: &mut Conn, viewer: &Viewer, m: &Matter, standing: &Standing) -> Reply {
    let c = cast(conn, ctx, m, standing.staff).await?;
    json(StatusCode::OK, &view::matter(viewer, m, standing, &c))
}

/// `GET /api/v1/matters/{number}`
async fn one(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(number): Path<String>,
) -> Reply {
    let viewer = reader(&viewer, &headers);
    let street = ctx.street(&viewer)?;
    let mut conn = ctx.store.read().await?;
    let (m, standing) = queries::find(&mut conn, street, &viewer, &number).await?;
    shown(&ctx, &mut conn, &viewer, &m, &standing).await
}

/// `GET /api/v1/matters/{number}/timeline`
async fn timeline(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(number): Path<String>,
) -> Reply {
    let viewer = reader(&viewer, &headers);
    let street = ctx.street(&viewer)?;
    let mut conn = ctx.store.read().await?;
    let (m, standing) = queries::find(&mut conn, street, &viewer, &number).await?;
    let c = cast(&mut conn, &ctx, &m, standing.staff).await?;
    json(StatusCode::OK, &view::timeline(viewer.lang, &m, &standing, &c))
}

struct Wanted {
    filter: Filter,
    part: Option<Part>,
    cursor: String,
    limit: i64,
}

/// Reads the query of a list. A name that means nothing is refused: a filter that does not filter misleads.
fn wanted(pairs: Vec<(String, String)>) -> Result<Wanted, Refusal> {
    let mut out = Wanted {
        filter: Filter { part: Part::All, sort: Sort::Newest, ..Filter::default() },
        part: None,
        cursor: String::new(),
        limit: 50,
    };
    let day = |field: &'static str, text: &str| {
        let date = crate::pages::settings::read_date(text).ok_or(Refusal::invalid(field, "ui.not-valid"))?;
        Ok::<_, Refusal>(date)
    };
    for (name, value) in pairs {
        let text = value.trim();
        let bad = |field: &'static str| Refusal::invalid(field, "ui.not-valid");
        if text.is_empty() && name != "limit" {
            continue;
        }
        let f = &mut out.filter;
        match name.as_str() {
            "status" => f.status = Some(Status::parse(text).ok_or(bad("status"))?),
            "tier" => f.tier = Some(Tier::parse(text).ok_or(bad("tier"))?),
            "category" => {
                let digits = matches!(text.len(), 2 | 4) && text.bytes().all(|b| b.is_ascii_digit());
                f.category = Some(if digits { text.to_owned() } else { return Err(bad("category")) });
            }
            "place" => f.place = Some(PlacePath::parse(text).ok_or(bad("place"))?),
            "q" => f.text = Some(text.chars().take(100).collect()),
            "from" => f.from = Some(kernel::time::day_start(day("from", text)?)),
            "to" => f.to = Some(kernel::time::day_start(day("to", text)? + chrono::Days::new(1))),
            "part" => out.part = Some(Part::parse(text).ok_or(bad("part"))?),
            "cursor" => out.cursor = value,
            "limit" => out.limit = text.parse().ok().filter(|n| (1..=200).contains(n)).ok_or(bad("limit"))?,
            _ => {
                return Err(Refusal::new(RefusalKind::Invalid, "matters.api-filter")
                    .with("name", name.chars().filter(|c| !c.is_control()).take(40).collect::<String>()));
            }
        }
    }
    Ok(out)
}

/// `GET /api/v1/matters`
async fn list(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Reply {
    let viewer = reader(&viewer, &headers);
    let street = ctx.street(&viewer)?;
    let w = wanted(pairs)?;
    let now = ctx.store.now();
    let mut conn = ctx.store.read().await?;
    let staff = !viewer.offices_for(&READ).is_empty();
    let filter = Filter { part: w.part.unwrap_or(Part::All), ..w.filter };
    let (lines, next, public) = if staff {
        let (lines, next) =
            queries::worklist(&mut conn, street, &viewer, &filter, &w.cursor, w.limit, now).await?;
        (lines, next, false)
    } else if filter.part == Part::Mine {
        // A resident's own: few enough for one page.
        let person = viewer.signed_in()?.person;
        let own = queries::of_person(&mut conn, street, person, w.limit).await?;
        let lines = own.into_iter().map(|(l, number)| queries::Line { number, ..l }).collect();
        (lines, None, false)
    } else {
        let (lines, next) =
            queries::public(&mut conn, street, &viewer, &filter, &w.cursor, w.limit, now).await?;
        (lines, next, true)
    };
    let paths = lines.iter().map(|l| if public { blurred(&l.place) } else { l.place.clone() });
    let places = place_names(&mut conn, street, paths).await?;
    let mut units: Vec<Id> = lines.iter().filter_map(|l| l.lead).collect();
    units.sort();
    units.dedup();
    let units = people::queries::unit_names(&mut conn, street, &units).await?;
    let names = view::Names { places, units };
    let items = lines.into_iter().map(|l| view::line(l, &names, public)).collect();
    json(StatusCode::OK, &view::MatterPage { items, next })
}
