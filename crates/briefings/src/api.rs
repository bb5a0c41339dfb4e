//! `/api/v1/figures`: the same figures for programs; public without a token, the token's reach with one.

use crate::{
    model::{Part, Value},
    pages::{definition, name},
    queries::{self, Look, figure, look},
};
use axum::{
    Json, Router,
    extract::{Path, Query, State},
    response::IntoResponse,
    routing::get,
};
use kernel::{Refusal, time};
use serde::Serialize;
use store::Fault;
use ui::{Answer, Ctx, Fields, Problem, Viewer};
use utoipa::{OpenApi, ToSchema};

type Asked = Query<Vec<(String, String)>>;

/// The routes of the API.
pub(crate) fn routes() -> Router<Ctx> {
    Router::new().route("/api/v1/figures", get(list)).route("/api/v1/figures/{code}/matters", get(matters_of))
}

/// One figure over the place and period that were asked for.
#[derive(Debug, Serialize, ToSchema)]
struct FigureOut {
    /// Its code.
    code: String,
    /// Its name in the reader's language.
    name: String,
    /// Its definition in words.
    definition: String,
    /// In what `value` is written: `count`, `permille` (937 is 93.7 %) or `tenths_of_days` (32 is 3.2 days).
    unit: String,
    /// The value as a whole number; null when it is hidden.
    value: Option<i64>,
    /// How many count; null for medians and composites, and when hidden.
    numerator: Option<i64>,
    /// Out of how many; null for counts.
    denominator: Option<i64>,
    /// Why the value is null: `nothing` (there is nothing to count) or `too_few` (too small a base for the public).
    hidden_because: Option<String>,
    /// Where the matters behind it are listed; null when they do not open to this reader.
    matters: Option<String>,
}

/// Figures over a place and a period.
#[derive(Debug, Serialize, ToSchema)]
struct FiguresOut {
    /// The first day, in China.
    from: String,
    /// The last day.
    to: String,
    /// The path of the place.
    place: String,
    /// Its name.
    place_name: String,
    /// Whose view: `public`, or `staff` for a token with offices.
    scope: String,
    /// The figures.
    figures: Vec<FigureOut>,
}

/// A matter behind a figure.
#[derive(Debug, Serialize, ToSchema)]
struct MatterOut {
    /// Its number.
    number: String,
    /// Its title; in public the moderated one.
    title: String,
    /// Its state.
    status: String,
    /// When it was raised.
    raised_at: String,
    /// When it was first closed.
    closed_at: Option<String>,
    /// How often it counts (rounds, verdicts, voices).
    times: i64,
    /// Its page.
    page: String,
}

/// The matters behind a figure.
#[derive(Debug, Serialize, ToSchema)]
struct MattersOut {
    /// The figure.
    code: String,
    /// `numerator` or `denominator`.
    part: String,
    /// The matters, newest first.
    matters: Vec<MatterOut>,
    /// Where the next page begins; null on the last.
    next: Option<String>,
}

#[derive(OpenApi)]
#[openapi(
    paths(list, matters_of),
    components(schemas(FigureOut, FiguresOut, MatterOut, MattersOut, Problem))
)]
struct Described;

/// The description of this room's part of the API.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// A token with offices that read gets the staff's view, anybody else the public one.
async fn seen(ctx: &Ctx, viewer: &Viewer, fields: &Fields) -> Result<(store::Conn, Look), Fault> {
    let mut conn = ctx.store.read().await?;
    let staff = !viewer.offices_for(&matters::rules::READ).is_empty();
    let look = look(&mut conn, viewer, fields, staff, ctx.store.now()).await?;
    Ok((conn, look))
}

fn link(ctx: &Ctx, look: &Look, v: &Value) -> Option<String> {
    let part =
        if v.denominator.is_none() || v.figure.has_parts() { Part::Numerator } else { Part::Denominator };
    let closed = look.cut.is_public() && (!v.figure.opens || v.hidden.is_some());
    (!closed).then(|| {
        let path = format!("{}/api/v1/figures/{}/matters", ctx.site.base_url, v.figure.code);
        look.address(&path, &[("part", part.code())])
    })
}

/// Figures over a place and a period, each with numerator, denominator, definition and its matters.
#[utoipa::path(
    get,
    path = "/api/v1/figures",
    tag = "figures",
    params(
        ("from" = Option<String>, Query, description = "First day, YYYY-MM-DD in China; the twelfth month back when absent", pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
        ("to" = Option<String>, Query, description = "Last day, YYYY-MM-DD in China; today when absent", pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
        ("place" = Option<String>, Query, description = "A community's short code, or the path of a place; the whole street when absent"),
        ("unit" = Option<String>, Query, description = "With a token: only what this unit leads (its id)"),
    ),
    responses(
        (status = 200, description = "The figures", body = FiguresOut),
        (status = 400, description = "The query cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The token is not valid", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "No street has been set up", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A parameter cannot be used", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn list(State(ctx): State<Ctx>, viewer: Viewer, Query(pairs): Asked) -> Answer {
    let lang = viewer.lang;
    let (mut conn, look) = seen(&ctx, &viewer, &Fields::new(pairs)).await?;
    let values = queries::kept::figures(&ctx.store, &mut conn, &look.cut, look.method()).await?;
    let out = FiguresOut {
        from: look.period.from.to_string(),
        to: look.period.to.to_string(),
        place: look.cut.place.to_string(),
        place_name: look.place_name.clone(),
        scope: if look.cut.is_public() { "public" } else { "staff" }.to_owned(),
        figures: values
            .iter()
            .map(|v| FigureOut {
                code: v.figure.code.to_owned(),
                name: name(lang, v.figure),
                definition: definition(lang, v.figure, look.method()),
                unit: v.figure.unit().code().to_owned(),
                value: v.value,
                numerator: v.numerator,
                denominator: v.denominator,
                hidden_because: v.hidden.map(|h| h.code().to_owned()),
                matters: link(&ctx, &look, v),
            })
            .collect(),
    };
    Ok(Json(out).into_response())
}

/// The matters behind a figure, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/figures/{code}/matters",
    tag = "figures",
    params(
        ("code" = String, Path, description = "The code of the figure"),
        ("part" = Option<String>, Query, description = "`numerator` (when absent) or `denominator`", pattern = "^(numerator|denominator)$"),
        ("from" = Option<String>, Query, description = "First day, YYYY-MM-DD in China", pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
        ("to" = Option<String>, Query, description = "Last day, YYYY-MM-DD in China", pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
        ("place" = Option<String>, Query, description = "A community's short code, or the path of a place"),
        ("unit" = Option<String>, Query, description = "With a token: only what this unit leads (its id)"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "How many, 50 when absent", minimum = 1, maximum = 200),
    ),
    responses(
        (status = 200, description = "The matters", body = MattersOut),
        (status = 400, description = "The query cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The token is not valid", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The figure does not open to this reader", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such figure", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "No street has been set up", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A parameter cannot be used", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn matters_of(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    Path(code): Path<String>,
    Query(pairs): Asked,
) -> Answer {
    let fields = Fields::new(pairs);
    let figure = figure(&code).ok_or(Refusal::missing("briefings.no-figure"))?;
    let part = fields.code("part", Part::parse)?.unwrap_or(Part::Numerator);
    let limit = fields.parse::<i64>("limit")?.unwrap_or(50);
    if !(1..=200).contains(&limit) {
        return Err(Refusal::invalid("limit", "briefings.bad-limit").into());
    }
    let (mut conn, look) = seen(&ctx, &viewer, &fields).await?;
    let public = look.cut.is_public();
    let not_open = Refusal::forbidden("briefings.not-open");
    if public {
        let value = queries::some(&mut conn, &look.cut, look.method(), &[figure]).await?.first().copied();
        if !figure.opens
            || value.is_none_or(|v| v.hidden == Some(crate::Hidden::TooFew) && part == Part::Numerator)
        {
            return Err(not_open.into());
        }
    }
    let (lines, next) =
        queries::behind(&mut conn, &look.cut, look.method(), figure, part, fields.get("cursor"), limit)
            .await?;
    let out = MattersOut {
        code,
        part: part.code().to_owned(),
        matters: lines
            .into_iter()
            .map(|l| MatterOut {
                page: format!("{}/{}/{}", ctx.site.base_url, if public { "m" } else { "office/m" }, l.number),
                title: if public {
                    crate::pages::open_title(l.public_title.as_deref(), &l.title)
                } else {
                    l.title
                },
                number: l.number,
                status: l.status,
                raised_at: time::stamp(l.raised_at),
                closed_at: l.closed_at.map(time::stamp),
                times: l.times,
            })
            .collect(),
        next,
    };
    Ok(Json(out).into_response())
}
