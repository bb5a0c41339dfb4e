//! The open ledger and figures for everybody, and the staff's figures.

mod office;
mod public;
mod view;

use crate::{
    WORDS,
    model::{By, Figure, Hidden, Kind, Part, Slice, Unit, Value},
    queries::{Look, figure},
    t,
};
use axum::{Router, routing::get};
use kernel::{Id, PlacePath, Refusal};
use methods::{Method, Tier};
use std::collections::HashMap;
use store::{Conn, Fault};
use ui::{Ctx, Lang, show};

/// The routes of the pages.
pub(crate) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/public", get(public::page))
        .route("/public/print", get(public::print))
        .route("/public/figures/{code}", get(public::behind))
        .route("/public/sheet/figures.{ending}", get(public::figures_sheet))
        .route("/public/sheet/matters.{ending}", get(public::matters_sheet))
        .route("/office/figures", get(office::page))
        .route("/office/figures/{code}", get(office::behind))
        .route("/office/figures-sheet/figures.{ending}", get(office::sheet))
}

/// How many matters stand on a page.
const PAGE: i64 = 30;
/// Most rows of a spreadsheet.
const SHEET: i64 = 20_000;

/// The values that the sentences of definitions may name.
fn terms(method: &Method) -> Vec<(&'static str, String)> {
    let e = &method.evaluation;
    let factor = format!("{:03}", e.partial_permille);
    let factor = match e.partial_permille {
        1000.. => "1".to_owned(),
        _ => format!("0.{}", factor.trim_end_matches('0')),
    };
    vec![
        ("factor", factor),
        ("wc", format!("{}%", e.weight_contacted)),
        ("ws", format!("{}%", e.weight_solved)),
        ("wf", format!("{}%", e.weight_satisfied)),
        ("repeat", method.figures.repeat_days.to_string()),
    ]
}

/// The name of a figure.
pub(crate) fn name(lang: Lang, f: &Figure) -> String {
    WORDS.say(lang, &format!("fig-{}", f.code), &[])
}

/// The definition of a figure in words.
pub(crate) fn definition(lang: Lang, f: &Figure, method: &Method) -> String {
    WORDS.say(lang, &format!("def-{}", f.code), &terms(method))
}

/// A value in its unit: the number, and the word behind it.
fn shown(lang: Lang, v: &Value) -> (String, String) {
    let Some(n) = v.value else { return ("—".into(), String::new()) };
    match v.figure.unit() {
        Unit::Count => (n.to_string(), counted_in(lang, v.figure)),
        Unit::Permille => (show::tenths(n), "%".to_owned()),
        Unit::TenthsOfDays => (show::tenths(n), t!(lang, "unit-days")),
    }
}

fn counted_in(lang: Lang, f: &Figure) -> String {
    use crate::model::Base;
    match (f.kind, f.base) {
        (Kind::Sum(_), _) => t!(lang, "unit-people"),
        (_, Base::Matter) => t!(lang, "unit-count"),
        (_, Base::Round) => t!(lang, "unit-rounds"),
        (_, Base::Evaluation) => t!(lang, "unit-verdicts"),
    }
}

/// A value in one piece of text.
fn said(lang: Lang, v: &Value) -> String {
    let (n, unit) = shown(lang, v);
    match unit.as_str() {
        "" => n,
        "%" => format!("{n}%"),
        _ => format!("{n} {unit}"),
    }
}

/// The same for a table whose head says what is counted.
fn brief(lang: Lang, v: &Value) -> String {
    if v.figure.unit() == Unit::Count { shown(lang, v).0 } else { said(lang, v) }
}

/// Out of what a value comes, or why it is not shown.
fn basis(lang: Lang, v: &Value, method: &Method) -> String {
    let whole = v.denominator.unwrap_or(0);
    match (v.hidden, v.figure.kind) {
        (Some(Hidden::Nothing), _) => t!(lang, "hidden-nothing"),
        (Some(Hidden::TooFew), _) => t!(lang, "hidden-too_few", min = method.figures.min_n),
        (None, Kind::Count | Kind::Sum(_)) => String::new(),
        (None, Kind::Rate) => t!(lang, "of-is", part = v.numerator.unwrap_or(0), whole = whole),
        (None, Kind::Weighted) => {
            let full = v.full.unwrap_or(0);
            t!(lang, "weighed-is", full = full, partly = (v.numerator.unwrap_or(0) - full), whole = whole)
        }
        (None, _) => t!(lang, "n-is", n = format!("{whole} {}", counted_in(lang, v.figure))),
    }
}

/// The figure that an address names.
fn wanted(code: &str) -> Result<&'static Figure, Refusal> {
    figure(code).ok_or(Refusal::missing("briefings.no-figure"))
}

fn figures_of(codes: &[&str]) -> Vec<&'static Figure> {
    codes.iter().filter_map(|c| figure(c)).collect()
}

fn part_name(lang: Lang, part: Part) -> String {
    match part {
        Part::Numerator => t!(lang, "numerator"),
        Part::Denominator => t!(lang, "denominator"),
    }
}

/// Names of what a breakdown's keys stand for, fetched once for a page.
#[derive(Default)]
struct Names {
    places: HashMap<PlacePath, String>,
    units: HashMap<Id, String>,
}

impl Names {
    async fn fetch(conn: &mut Conn, street: Id, broken: &[(By, &[Slice])]) -> Result<Self, Fault> {
        let (mut paths, mut ids) = (Vec::new(), Vec::new());
        for (by, slice) in broken.iter().flat_map(|(by, slices)| slices.iter().map(move |s| (*by, s))) {
            match by {
                By::Community | By::Compound => paths.extend(PlacePath::parse(&slice.key)),
                By::Unit => ids.extend(slice.key.parse::<Id>().ok()),
                By::Tier | By::Category | By::Channel | By::Month => {}
            }
        }
        let places = if paths.is_empty() {
            HashMap::new()
        } else {
            places::queries::by_paths(conn, street, &paths).await?
        };
        let units = if ids.is_empty() {
            HashMap::new()
        } else {
            people::queries::unit_names(conn, street, &ids).await?
        };
        Ok(Self { places: places.into_iter().map(|(path, p)| (path, p.name)).collect(), units })
    }

    fn of(&self, lang: Lang, look: &Look, by: By, key: &str) -> String {
        let found = match by {
            By::Tier => Tier::parse(key).map(|t| look.method().tiers.get(t).name.get(lang.code()).to_owned()),
            By::Category => look.world.catalogue.major(key).map(|m| m.name.get(lang.code()).to_owned()),
            By::Channel => (!key.is_empty()).then(|| ui::say(lang, &format!("ui.channel-{key}"), &[])),
            By::Month => Some(key.to_owned()),
            By::Unit => key.parse::<Id>().ok().and_then(|id| self.units.get(&id).cloned()),
            By::Community => PlacePath::parse(key).and_then(|p| self.places.get(&p).cloned()),
            // What is in the community but in none of its compounds.
            By::Compound if PlacePath::parse(key).is_some_and(|p| p.codes().count() < 3) => {
                Some(t!(lang, "elsewhere"))
            }
            By::Compound => PlacePath::parse(key).and_then(|p| self.places.get(&p).cloned()),
        };
        found.unwrap_or_else(|| if key.is_empty() { t!(lang, "none-yet") } else { key.to_owned() })
    }
}

/// Names of the places of a list, to the building at most.
async fn buildings(
    conn: &mut Conn,
    street: Id,
    paths: impl Iterator<Item = PlacePath>,
) -> Result<HashMap<PlacePath, String>, Fault> {
    let mut all: Vec<PlacePath> = paths.flat_map(|p| [p.cut(4), p.cut(2)]).collect();
    all.sort();
    all.dedup();
    if all.is_empty() {
        return Ok(HashMap::new());
    }
    let found = places::queries::by_paths(conn, street, &all).await?;
    Ok(found.into_iter().map(|(path, p)| (path, p.full_name)).collect())
}

/// The name of a place, blurred to its building; its community's where the building is not known.
fn blurred(names: &HashMap<PlacePath, String>, path: &PlacePath) -> String {
    names.get(&path.cut(4)).or_else(|| names.get(&path.cut(2))).cloned().unwrap_or_default()
}

/// The title that everybody may read.
pub(crate) fn open_title(public: Option<&str>, title: &str) -> String {
    kernel::text::blot(public.filter(|t| !t.trim().is_empty()).unwrap_or(title))
}
