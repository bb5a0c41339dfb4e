//! `/api/v1/seals` and `/api/v1/receipts`: everything that a program needs to watch the record from outside.
//! Public, without a token.

use crate::{jobs, pages, rules};
use axum::{
    Json, Router,
    extract::{Path, Query, State},
    response::IntoResponse,
    routing::get,
};
use journal::seal::fingerprint;
use kernel::{
    Refusal,
    time::{local_date, stamp},
};
use serde::Serialize;
use store::{Receipt, Seal};
use ui::{Answer, Ctx, Cursor, Fields, Problem};
use utoipa::{OpenApi, ToSchema};

/// The routes of the API.
pub(crate) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/api/v1/seals", get(list))
        .route("/api/v1/seals/{n}", get(one))
        .route("/api/v1/seals/{n}/consistency", get(consistency))
        .route("/api/v1/receipts/{code}", get(receipt))
}

/// A signed head over the first entries of the record (docs/receipts.md).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Seal)]
struct SealOut {
    /// Its number, from 1 without gaps.
    seal: u64,
    /// How many entries it covers.
    entries: u64,
    /// The head of the tree over them (RFC 6962), in hexadecimal.
    head: String,
    /// The code of the seal before it.
    before: String,
    /// When it was made, RFC 3339.
    time: String,
    /// The Ed25519 key, in hexadecimal.
    public_key: String,
    /// The Ed25519 signature over the text of the seal.
    signature: String,
}

/// A published seal with its code.
#[derive(Debug, Serialize, ToSchema)]
struct DailySeal {
    /// The day in China whose last seal it is.
    day: String,
    /// The code that stands on paper: SHA-256 of the text of the seal.
    code: String,
    /// The seal.
    #[schema(value_type = SealOut)]
    seal: Seal,
}

/// The seals of the days, newest first.
#[derive(Debug, Serialize, ToSchema)]
struct SealsOut {
    /// The fingerprint of the key in use: SHA-256 of its bytes.
    key: String,
    /// How many entries wait for the next seal.
    waiting: i64,
    /// The seals.
    seals: Vec<DailySeal>,
    /// Where the next page begins; null on the last.
    next: Option<String>,
}

/// A proof that a seal continues an earlier one: nothing that the earlier one covers was changed.
#[derive(Debug, Serialize, ToSchema)]
struct ConsistencyOut {
    /// How many entries the earlier seal covers.
    from: u64,
    /// How many the later one covers.
    to: u64,
    /// The hashes of the proof (RFC 9162, section 2.1.4), in hexadecimal.
    path: Vec<String>,
}

/// A receipt (docs/receipts.md).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Receipt)]
#[allow(dead_code, reason = "only described here; `journal` writes it")]
struct ReceiptShape {
    /// `yishiting-receipt-v1`.
    format: String,
    /// The hash of the entry: the receipt code.
    event: String,
    /// When it was recorded, as the record says.
    recorded_at: String,
    /// Which leaf of the tree it is, from 0.
    leaf: u64,
    /// The hashes beside the way from the leaf to the head.
    path: Vec<String>,
    /// The seal.
    seal: SealOut,
}

/// What is known of an entry.
#[derive(Debug, Serialize, ToSchema)]
struct StandsOut {
    /// The hash of the entry: the receipt code in full.
    event: String,
    /// When it was recorded, RFC 3339.
    recorded_at: String,
    /// Whether the entry still gives its own hash.
    whole: bool,
    /// Until it is sealed: within how many minutes it will be.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    sealed_within_minutes: Option<u64>,
    /// The receipt; null until it is sealed.
    #[schema(value_type = Option<ReceiptShape>)]
    receipt: Option<Receipt>,
}

#[derive(OpenApi)]
#[openapi(
    paths(list, one, consistency, receipt),
    components(schemas(SealOut, DailySeal, SealsOut, ConsistencyOut, ReceiptShape, StandsOut, Problem))
)]
struct Described;

/// The description of this room's part of the API.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// The last seal of each day, newest first; of today the newest so far.
#[utoipa::path(
    get,
    path = "/api/v1/seals",
    tag = "seals",
    security(()),
    params(
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "How many, 31 when absent", minimum = 1, maximum = 200),
    ),
    responses(
        (status = 200, description = "The seals", body = SealsOut),
        (status = 400, description = "The query cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The token is not valid", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A parameter cannot be used", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn list(State(ctx): State<Ctx>, Query(pairs): Query<Vec<(String, String)>>) -> Answer {
    let fields = Fields::new(pairs);
    let limit = fields.parse::<i64>("limit")?.unwrap_or(31);
    if !(1..=200).contains(&limit) {
        return Err(Refusal::invalid("limit", "seals.bad-limit").into());
    }
    let before = match Cursor::decode(fields.get("cursor"), 1)? {
        Some(cursor) => {
            Some(cursor.0[0].as_u64().ok_or_else(|| Refusal::invalid("cursor", "ui.bad-cursor"))?)
        }
        None => None,
    };
    let mut conn = ctx.store.read().await?;
    let mut seals = conn.daily_seals(before, limit + 1).await?;
    let waiting = conn.unsealed().await?;
    let more = seals.len() as i64 > limit;
    seals.truncate(usize::try_from(limit).unwrap_or(0));
    let next = seals.last().filter(|_| more).map(|s| Cursor(vec![s.seal.into()]).encode());
    let seals = seals
        .into_iter()
        .map(|seal| DailySeal {
            day: local_date(seal.time).to_string(),
            code: hex::encode(seal.code()),
            seal,
        })
        .collect();
    let key = hex::encode(fingerprint(&ctx.store.keys().seal_key()?));
    Ok(Json(SealsOut { key, waiting, seals, next }).into_response())
}

/// One seal: the file that `yishiting verify --seal` takes.
#[utoipa::path(
    get,
    path = "/api/v1/seals/{n}",
    tag = "seals",
    security(()),
    params(("n" = String, Path, description = "The number of the seal")),
    responses(
        (status = 200, description = "The seal", body = SealOut),
        (status = 401, description = "The token is not valid", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such seal", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn one(State(ctx): State<Ctx>, Path(n): Path<String>) -> Answer {
    Ok(Json(pages::wanted(&ctx, &n).await?).into_response())
}

/// The proof that a seal continues an earlier one.
#[utoipa::path(
    get,
    path = "/api/v1/seals/{n}/consistency",
    tag = "seals",
    security(()),
    params(
        ("n" = String, Path, description = "The number of the later seal"),
        ("since" = String, Query, description = "The number of the earlier seal"),
    ),
    responses(
        (status = 200, description = "The proof", body = ConsistencyOut),
        (status = 400, description = "The query cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The token is not valid", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such seal", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The other seal is not an earlier one", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn consistency(
    State(ctx): State<Ctx>,
    Path(n): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Answer {
    let to = pages::wanted(&ctx, &n).await?;
    let from = pages::wanted(&ctx, Fields::new(pairs).get("since")).await?;
    if from.seal > to.seal {
        return Err(Refusal::invalid("since", "seals.not-earlier").into());
    }
    let path = ctx.store.read().await?.consistency(from.entries, to.entries).await?;
    let path = path.iter().map(hex::encode).collect();
    Ok(Json(ConsistencyOut { from: from.entries, to: to.entries, path }).into_response())
}

/// Whether an entry stands in the record, by its receipt code or the first 16 digits of it, with its proof.
#[utoipa::path(
    get,
    path = "/api/v1/receipts/{code}",
    tag = "seals",
    security(()),
    params(("code" = String, Path, description = "The receipt code in hexadecimal, at least 16 digits", pattern = "^[0-9a-fA-F]{16,64}$")),
    responses(
        (status = 200, description = "What is known of it", body = StandsOut),
        (status = 401, description = "The token is not valid", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No entry has this code", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "This is no code", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn receipt(State(ctx): State<Ctx>, Path(code): Path<String>) -> Answer {
    let code = rules::code(&code)?;
    let stands = ctx.store.read().await?.stands(&code).await?;
    let stands = stands.ok_or(Refusal::missing("seals.no-entry"))?;
    let out = StandsOut {
        event: hex::encode(stands.event),
        recorded_at: stamp(stands.at),
        whole: stands.whole,
        sealed_within_minutes: stands.receipt.is_none().then_some(jobs::EVERY_MINUTES),
        receipt: stands.receipt,
    };
    Ok(Json(out).into_response())
}
