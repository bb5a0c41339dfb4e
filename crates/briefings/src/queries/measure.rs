//! Counting: one statement per table and instant, one for all medians.

use super::sql::{Statement, narrow};
use crate::{
    model::{Base, By, Clock, Cut, Figure, Hidden, Kind, Measure, Slice, Value},
    rules,
};
use kernel::Id;
use methods::Method;
use std::collections::{BTreeMap, HashMap};
use store::{Conn, Fault, Row};

/// What was counted for one figure, before any arithmetic.
#[derive(Clone, Copy, Debug, Default)]
struct Raw {
    of: i64,
    part: i64,
    satisfied: i64,
    contacted: i64,
    solved: i64,
    /// Twice the span.
    doubled: Option<i64>,
}

type Counted = BTreeMap<String, HashMap<&'static str, Raw>>;

/// The values over the whole cut.
pub(super) async fn totals(
    conn: &mut Conn,
    cut: &Cut,
    method: &Method,
    wanted: &[&'static Figure],
) -> Result<Vec<Value>, Fault> {
    let counted = count(conn, cut, method, wanted, None).await?;
    let none = HashMap::new();
    let raw = counted.get("").unwrap_or(&none);
    Ok(wanted.iter().map(|f| value(f, raw.get(f.code).copied().unwrap_or_default(), cut, method)).collect())
}

/// The values of each part of a breakdown.
pub(super) async fn slices(
    conn: &mut Conn,
    cut: &Cut,
    method: &Method,
    wanted: &[&'static Figure],
    by: By,
) -> Result<Vec<Slice>, Fault> {
    let counted = count(conn, cut, method, wanted, Some(by)).await?;
    Ok(counted
        .into_iter()
        .map(|(key, raw)| Slice {
            key,
            values: wanted
                .iter()
                .map(|f| value(f, raw.get(f.code).copied().unwrap_or_default(), cut, method))
                .collect(),
        })
        .filter(|s| s.values.iter().any(|v| v.numerator.unwrap_or(0) > 0 || v.denominator.unwrap_or(0) > 0))
        .collect())
}

fn key_of(row: &Row, by: Option<By>) -> Result<String, Fault> {
    Ok(match by {
        None => String::new(),
        Some(By::Unit) => row.get::<Option<Id>>("slice")?.map(|id| id.to_string()).unwrap_or_default(),
        Some(_) => row.get::<Option<String>>("slice")?.unwrap_or_default(),
    })
}

async fn count(
    conn: &mut Conn,
    cut: &Cut,
    method: &Method,
    wanted: &[&'static Figure],
    by: Option<By>,
) -> Result<Counted, Fault> {
    let mut counted = Counted::new();
    let mut sources: Vec<(Base, Clock)> = Vec::new();
    for f in wanted.iter().filter(|f| f.measure().is_none()) {
        if !sources.contains(&(f.base, f.clock)) {
            sources.push((f.base, f.clock));
        }
    }
    for (base, clock) in sources {
        let here: Vec<&'static Figure> = wanted
            .iter()
            .copied()
            .filter(|f| f.measure().is_none() && (f.base, f.clock) == (base, clock))
            .collect();
        aggregate(conn, cut, method, (base, clock), &here, by, &mut counted).await?;
    }
    spans(conn, cut, method, wanted, by, &mut counted).await?;
    Ok(counted)
}

async fn aggregate(
    conn: &mut Conn,
    cut: &Cut,
    method: &Method,
    (base, clock): (Base, Clock),
    here: &[&'static Figure],
    by: Option<By>,
    counted: &mut Counted,
) -> Result<(), Fault> {
    let mut st = Statement::new(cut, method, conn.engine());
    let mut columns = Vec::new();
    if let Some(by) = by {
        columns.push(format!("{} AS slice", st.key(by, base, clock)));
    }
    for (i, f) in here.iter().enumerate() {
        let (of, part) = (st.fill(f.of), st.fill(f.part));
        columns.push(format!("COUNT(*) FILTER (WHERE {of}) AS d{i}"));
        columns.push(match f.kind {
            Kind::Sum(what) => {
                format!("COALESCE(CAST(SUM({what}) FILTER (WHERE {of} AND {part}) AS BIGINT), 0) AS n{i}")
            }
            _ => format!("COUNT(*) FILTER (WHERE {of} AND {part}) AS n{i}"),
        });
        if matches!(f.kind, Kind::Weighted | Kind::Composite) {
            columns.push(format!("COUNT(*) FILTER (WHERE {of} AND e.satisfied = 'satisfied') AS a{i}"));
        }
        if f.kind == Kind::Composite {
            columns.push(format!(
                "COUNT(*) FILTER (WHERE {of} AND e.satisfied IN ('satisfied', 'partly')) AS b{i}"
            ));
            columns.push(format!("COUNT(*) FILTER (WHERE {of} AND e.contacted) AS c{i}"));
            columns.push(format!("COUNT(*) FILTER (WHERE {of} AND e.solved) AS s{i}"));
        }
    }
    let group = if by.is_some() { " GROUP BY 1" } else { "" };
    let sql = format!(
        "SELECT {} FROM {} WHERE {}{group}",
        columns.join(", "),
        narrow(base, conn.engine()),
        st.wheres(base, clock)
    );
    for row in conn.all(sql, st.args).await? {
        let slice = counted.entry(key_of(&row, by)?).or_default();
        for (i, f) in here.iter().enumerate() {
            let mut raw =
                Raw { of: row.get(&format!("d{i}"))?, part: row.get(&format!("n{i}"))?, ..Raw::default() };
            if matches!(f.kind, Kind::Weighted | Kind::Composite) {
                raw.satisfied = row.get(&format!("a{i}"))?;
            }
            if f.kind == Kind::Composite {
                raw.part = row.get(&format!("b{i}"))?;
                raw.contacted = row.get(&format!("c{i}"))?;
                raw.solved = row.get(&format!("s{i}"))?;
            }
            slice.insert(f.code, raw);
        }
    }
    Ok(())
}

/// Medians and nine tenths: neither engine needs a percentile function, only ranks.
async fn spans(
    conn: &mut Conn,
    cut: &Cut,
    method: &Method,
    wanted: &[&'static Figure],
    by: Option<By>,
    counted: &mut Counted,
) -> Result<(), Fault> {
    let mut sources: Vec<(Base, Clock, Measure, &'static str)> = Vec::new();
    for f in wanted {
        if let Some(measure) = f.measure() {
            let source = (f.base, f.clock, measure, f.of);
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
    }
    if sources.is_empty() {
        return Ok(());
    }
    let mut st = Statement::new(cut, method, conn.engine());
    let mut selects = Vec::new();
    for (i, (base, clock, measure, of)) in sources.iter().enumerate() {
        let minutes = st.measure(*measure);
        let (key, parted) = match by {
            Some(by) => (st.key(by, *base, *clock), "PARTITION BY v.slice"),
            None => ("CAST(NULL AS TEXT)".to_owned(), ""),
        };
        let of = st.fill(of);
        let wheres = st.wheres(*base, *clock);
        selects.push(format!(
            "SELECT CAST({i} AS BIGINT) AS source, q.slice, q.minutes, q.rank, q.n FROM (SELECT v.slice, v.minutes, \
             ROW_NUMBER() OVER ({parted} ORDER BY v.minutes) AS rank, COUNT(*) OVER ({parted}) AS n FROM (SELECT {key} AS slice, \
             {minutes} AS minutes FROM {from} WHERE {wheres} AND {of}) v WHERE v.minutes IS NOT NULL) q \
             WHERE q.rank IN ((q.n + 1) / 2, (q.n + 2) / 2, (9 * q.n + 9) / 10)",
            from = narrow(*base, conn.engine()),
        ));
    }
    // The key of a unit is an id on one engine and bytes on the other; the union keeps its type.
    let mut found: BTreeMap<(String, usize), (i64, HashMap<i64, i64>)> = BTreeMap::new();
    for row in conn.all(selects.join(" UNION ALL "), st.args).await? {
        let source = usize::try_from(row.get::<i64>("source")?).unwrap_or(usize::MAX);
        let entry = found.entry((key_of(&row, by)?, source)).or_default();
        entry.0 = row.get("n")?;
        entry.1.insert(row.get("rank")?, row.get("minutes")?);
    }
    for ((slice, source), (n, at)) in found {
        let (low, high, ninth) = rules::ranks(n);
        for f in wanted {
            let Some(measure) = f.measure() else { continue };
            if sources.get(source) != Some(&(f.base, f.clock, measure, f.of)) {
                continue;
            }
            let doubled = match f.kind {
                Kind::Median(_) => at.get(&low).zip(at.get(&high)).map(|(a, b)| a + b),
                _ => at.get(&ninth).map(|v| 2 * v),
            };
            counted
                .entry(slice.clone())
                .or_default()
                .insert(f.code, Raw { of: n, doubled, ..Raw::default() });
        }
    }
    Ok(())
}

fn value(figure: &'static Figure, raw: Raw, cut: &Cut, method: &Method) -> Value {
    let mut out =
        Value { figure, value: None, numerator: None, denominator: Some(raw.of), full: None, hidden: None };
    match figure.kind {
        Kind::Count | Kind::Sum(_) => {
            out.value = Some(raw.part);
            out.numerator = Some(raw.part);
            out.denominator = None;
            return out;
        }
        Kind::Rate => {
            out.value = rules::permille(raw.part, raw.of);
            out.numerator = Some(raw.part);
        }
        Kind::Weighted => {
            out.value = rules::weighted(raw.satisfied, raw.part - raw.satisfied, raw.of, &method.evaluation);
            out.numerator = Some(raw.part);
            out.full = Some(raw.satisfied);
        }
        Kind::Composite => {
            let partly = raw.part - raw.satisfied;
            out.value = rules::composite(
                raw.contacted,
                raw.solved,
                raw.satisfied,
                partly,
                raw.of,
                &method.evaluation,
            );
        }
        Kind::Median(_) | Kind::P90(_) => out.value = raw.doubled.map(rules::tenths_of_days),
    }
    if raw.of == 0 {
        out.hidden = Some(Hidden::Nothing);
    } else if cut.is_public() && raw.of < i64::from(method.figures.min_n) {
        // The numerator would tell the rate as well.
        (out.value, out.numerator, out.full) = (None, None, None);
        out.hidden = Some(Hidden::TooFew);
    }
    out
}
