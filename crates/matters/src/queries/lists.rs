//! Lists of matters: the staff's worklist, a resident's own, the public ledger.

use crate::model::*;
use kernel::{Id, OfficeKind, PlacePath, Time, calendar::ClockKind};
use methods::Tier;
use store::{Arg, Conn, Engine, Fault, Row, search};
use ui::{Cursor, Viewer};

/// A line of a list: plain columns, no state to unpack.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the columns of the table `matter`")]
pub struct Line {
    pub id: Id,
    pub number: String,
    pub title: String,
    pub public_title: Option<String>,
    pub community: PlacePath,
    pub place: PlacePath,
    pub status: Status,
    pub raised_at: Time,
    pub channel: String,
    pub category: Option<String>,
    pub urgency: String,
    pub tier: Option<Tier>,
    pub lead: Option<Id>,
    pub round: i64,
    pub due_at: Option<Time>,
    pub due_start: Option<Time>,
    pub due_kind: Option<ClockKind>,
    pub closed_at: Option<Time>,
    pub outcome: Option<Outcome>,
    pub voices: i64,
    pub photos: i64,
    pub urges: i64,
    pub asked: Option<RequestKind>,
    pub suspended: bool,
    pub waiting: bool,
    pub supervised: bool,
    pub agenda: bool,
    pub whistled: bool,
    pub hidden: bool,
    pub imported: bool,
}

pub(super) const COLUMNS: &str = "m.id, m.number, m.title, m.public_title, m.community, m.place, m.status, m.raised_at, m.channel, m.category, \
m.urgency, m.tier, m.lead, m.round, m.due_at, m.due_start, m.due_kind, m.closed_at, m.outcome, m.voices, m.photos, m.urges, m.asked, \
m.suspended, m.waiting, m.supervised, m.agenda, m.whistled, m.hidden, m.imported";

impl Line {
    pub(super) fn of(row: &Row) -> Result<Self, Fault> {
        let some = |column: &str| row.get::<Option<String>>(column);
        Ok(Self {
            id: row.get("id")?,
            number: row.get("number")?,
            title: some("title")?.unwrap_or_default(),
            public_title: some("public_title")?,
            community: row.get("community")?,
            place: row.get("place")?,
            status: row.code("status", Status::parse)?,
            raised_at: row.get("raised_at")?,
            channel: row.get("channel")?,
            category: some("category")?,
            urgency: row.get("urgency")?,
            tier: some("tier")?.as_deref().and_then(Tier::parse),
            lead: row.get("lead")?,
            round: row.get("round")?,
            due_at: row.get("due_at")?,
            due_start: row.get("due_start")?,
            due_kind: some("due_kind")?.as_deref().and_then(ClockKind::parse),
            closed_at: row.get("closed_at")?,
            outcome: some("outcome")?.as_deref().and_then(Outcome::parse),
            voices: row.get("voices")?,
            photos: row.get("photos")?,
            urges: row.get("urges")?,
            asked: some("asked")?.as_deref().and_then(RequestKind::parse),
            suspended: row.get("suspended")?,
            waiting: row.get("waiting")?,
            supervised: row.get("supervised")?,
            agenda: row.get("agenda")?,
            whistled: row.get("whistled")?,
            hidden: row.get("hidden")?,
            imported: row.get("imported")?,
        })
    }
}

/// Where matters without a clock are sorted: last.
#[must_use]
pub fn never() -> Time {
    const NEVER: &str = "2999-01-01T00:00:00.000000Z";
    kernel::time::parse_stamp(NEVER).unwrap_or_default()
}

/// How a list is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The tightest deadline first.
    #[default]
    Due,
    /// The newest first.
    Newest,
}

/// Which part of the worklist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// What waits for the viewer.
    Mine,
    /// Everything open.
    #[default]
    Open,
    /// Waiting for the resident's verdict.
    Answered,
    /// Over.
    Ended,
    /// Everything.
    All,
}

impl Part {
    /// Reads the address.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Some(match code {
            "mine" => Self::Mine,
            "open" => Self::Open,
            "answered" => Self::Answered,
            "ended" => Self::Ended,
            "all" => Self::All,
            _ => return None,
        })
    }
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs, reason = "each field narrows by the column of its name")]
pub struct Filter {
    pub part: Part,
    pub status: Option<Status>,
    pub tier: Option<Tier>,
    pub channel: Option<String>,
    pub category: Option<String>,
    pub place: Option<PlacePath>,
    pub unit: Option<Id>,
    pub late: bool,
    pub due_before: Option<Time>,
    pub from: Option<Time>,
    pub to: Option<Time>,
    pub overlay: Option<String>,
    pub text: Option<String>,
    pub sort: Sort,
}

/// A condition under construction: SQL with numbered arguments.
pub(crate) struct Where {
    pub sql: Vec<String>,
    pub args: Vec<Arg>,
    /// What is asked of the search index; its hits then lead the list.
    found: Option<String>,
    engine: Engine,
}

impl Where {
    pub fn new(street: Id, engine: Engine) -> Self {
        Self { sql: vec!["m.street = $1".into()], args: vec![Arg::from(street)], found: None, engine }
    }

    pub fn arg(&mut self, value: impl Into<Arg>) -> usize {
        self.args.push(value.into());
        self.args.len()
    }

    pub fn and(&mut self, sql: String) {
        self.sql.push(sql);
    }

    pub fn eq(&mut self, column: &str, value: impl Into<Arg>) {
        let n = self.arg(value);
        self.and(format!("{column} = ${n}"));
    }

    pub fn within(&mut self, path: &PlacePath) {
        let within = self.place_within(path);
        self.and(within);
    }

    /// That a matter lies in a place. Street and community hold so much that going through a list in its order finds a
    /// page of them at once; SQLite, which keeps no such numbers, is kept from collecting them all by place first.
    fn place_within(&mut self, path: &PlacePath) -> String {
        let (from, to) = (self.arg(path), self.arg(path.upper()));
        let plus = if self.engine == Engine::Sqlite && path.codes().count() <= 2 { "+" } else { "" };
        format!("{plus}m.place >= ${from} AND {plus}m.place < ${to}")
    }

    /// Lets the hits lead, if words are looked for; gives the column of their order and what to select from.
    fn search(&mut self) -> Option<(&'static str, String)> {
        let query = self.found.take()?;
        let (kind, q) = (self.arg("matter"), self.arg(query));
        let hits = search::hits(self.engine, 1, kind, q);
        self.and(format!("{} AND m.id = d.ref", hits.condition));
        Some((hits.doc, format!("{} CROSS JOIN matter m", hits.tables)))
    }

    pub fn text(&self) -> String {
        self.sql.join(" AND ")
    }
}

/// What the viewer's offices reach: places, and for unit handlers only what their unit was given.
pub(crate) fn scope(w: &mut Where, viewer: &Viewer) {
    let mut any = Vec::new();
    for office in viewer.offices_for(&crate::rules::READ) {
        let place = w.place_within(&office.place);
        match office.unit {
            Some(unit) => {
                let n = w.arg(unit);
                any.push(format!(
                    "({place} AND (m.lead = ${n} OR EXISTS (SELECT 1 FROM matter_round r WHERE r.street = m.street AND r.matter = m.id AND r.lead = ${n}) \
                     OR EXISTS (SELECT 1 FROM matter_task t WHERE t.street = m.street AND t.matter = m.id AND t.unit = ${n})))"
                ));
            }
            None => any.push(format!("({place})")),
        }
    }
    w.and(if any.is_empty() { "1 = 0".to_owned() } else { format!("({})", any.join(" OR ")) });
}

/// What waits for the viewer, office by office.
pub(crate) fn mine(w: &mut Where, viewer: &Viewer) {
    use OfficeKind::*;
    let mut any: Vec<String> = Vec::new();
    for office in viewer.offices_for(&crate::rules::READ) {
        match office.kind {
            UnitHandler => {
                if let Some(unit) = office.unit {
                    let n = w.arg(unit);
                    any.push(format!("(m.lead = ${n} AND m.status IN ('dispatched', 'handling') AND NOT m.suspended AND NOT m.waiting)"));
                    any.push(format!(
                        "EXISTS (SELECT 1 FROM matter_task t WHERE t.street = m.street AND t.matter = m.id AND t.unit = ${n} AND t.ended_at IS NULL)"
                    ));
                }
            }
            DutyOfficer => any.push("(m.status IN ('submitted', 'accepted', 'handled', 'answered') OR (m.asked IS NOT NULL AND m.asked <> 'void' AND NOT m.street_decides))".into()),
            Dispatcher => any.push("m.status = 'accepted'".into()),
            CommunitySecretary => any.push("((m.asked IS NOT NULL AND NOT m.street_decides) OR m.agenda OR m.status IN ('submitted', 'accepted'))".into()),
            StreetSupervisor => any.push("((m.asked IS NOT NULL AND m.street_decides) OR m.supervised OR m.onsite)".into()),
            GridOfficer | GridHead => any.push("m.status IN ('verifying', 'handled')".into()),
            StairwellChief | BuildingHead => any.push("m.status = 'verifying'".into()),
            Auditor | Resident | SystemAdmin | SecurityAdmin | AuditAdmin => {}
        }
    }
    w.and(if any.is_empty() { "1 = 0".to_owned() } else { format!("({})", any.join(" OR ")) });
}

/// Applies a filter.
fn narrow(w: &mut Where, viewer: &Viewer, f: &Filter, now: Time) {
    match f.part {
        Part::Mine => {
            // A wish to void outlives the closing.
            w.and("(m.is_open = TRUE OR m.asked = 'void')".into());
            mine(w, viewer);
        }
        Part::Open => w.and("m.is_open = TRUE".into()),
        Part::Answered => w.and("m.status = 'answered'".into()),
        Part::Ended => w.and("m.is_open = FALSE".into()),
        Part::All => {}
    }
    if let Some(status) = f.status {
        w.eq("m.status", status.code());
    }
    if let Some(tier) = f.tier {
        w.eq("m.tier", tier.code());
    }
    if let Some(channel) = &f.channel {
        w.eq("m.channel", channel.as_str());
    }
    if let Some(category) = &f.category {
        if category.len() == 2 {
            let n = w.arg(format!("{category}%"));
            w.and(format!("m.category LIKE ${n}"));
        } else {
            w.eq("m.category", category.as_str());
        }
    }
    if let Some(place) = &f.place {
        w.within(place);
    }
    if let Some(unit) = f.unit {
        w.eq("m.lead", unit);
    }
    if f.late {
        let n = w.arg(now);
        w.and(format!("m.is_open AND m.due_at < ${n} AND NOT m.suspended AND NOT m.waiting"));
    }
    if let Some(before) = f.due_before {
        let (a, b) = (w.arg(now), w.arg(before));
        w.and(format!("m.is_open AND m.due_at >= ${a} AND m.due_at < ${b}"));
    }
    if let Some(from) = f.from {
        let n = w.arg(from);
        w.and(format!("m.raised_at >= ${n}"));
    }
    if let Some(to) = f.to {
        let n = w.arg(to);
        w.and(format!("m.raised_at < ${n}"));
    }
    match f.overlay.as_deref() {
        Some("suspended") => w.and("m.suspended".into()),
        Some("supervised") => w.and("m.supervised".into()),
        Some("agenda") => w.and("m.agenda".into()),
        Some("whistled") => w.and("m.whistled".into()),
        Some("asked") => w.and("m.asked IS NOT NULL".into()),
        Some("waiting") => w.and("m.waiting".into()),
        Some("imported") => w.and("m.imported".into()),
        _ => {}
    }
    if let Some(text) = f.text.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        match search::query(text, w.engine) {
            Some(query) => w.found = Some(query),
            None => w.and("1 = 0".into()),
        }
    }
}

/// One page of the staff's list, and the cursor of the next.
///
/// # Errors
/// `ui.bad-cursor`, or what the database says.
pub async fn worklist(
    conn: &mut Conn,
    street: Id,
    viewer: &Viewer,
    f: &Filter,
    cursor: &str,
    limit: i64,
    now: Time,
) -> Result<(Vec<Line>, Option<String>), Fault> {
    let mut w = Where::new(street, conn.engine());
    scope(&mut w, viewer);
    narrow(&mut w, viewer, f, now);
    page(conn, w, f.sort, cursor, limit).await
}

async fn page(
    conn: &mut Conn,
    mut w: Where,
    sort: Sort,
    cursor: &str,
    limit: i64,
) -> Result<(Vec<Line>, Option<String>), Fault> {
    let bad = || kernel::Refusal::invalid("cursor", "ui.bad-cursor");
    let found = w.search();
    let order = match sort {
        // What the words find comes as it was registered, the newest first: the index gives that order by itself.
        _ if found.is_some() => {
            if let Some(c) = Cursor::decode(cursor, 1)? {
                let doc: i64 = c.text(0).parse().map_err(|_| bad())?;
                let n = w.arg(doc);
                let column = found.as_ref().map_or("", |(doc, _)| doc);
                w.and(format!("{column} < ${n}"));
            }
            "doc DESC".to_owned()
        }
        Sort::Due => {
            if let Some(c) = Cursor::decode(cursor, 2)? {
                let at = kernel::time::parse_stamp(c.text(0)).ok_or_else(bad)?;
                let id: Id = c.text(1).parse().map_err(|_| bad())?;
                let (a, b) = (w.arg(at), w.arg(id));
                w.and(format!("(m.sort_at, m.id) > (${a}, ${b})"));
            }
            "m.sort_at, m.id".to_owned()
        }
        Sort::Newest => {
            if let Some(c) = Cursor::decode(cursor, 2)? {
                let at = kernel::time::parse_stamp(c.text(0)).ok_or_else(bad)?;
                let id: Id = c.text(1).parse().map_err(|_| bad())?;
                let (a, b) = (w.arg(at), w.arg(id));
                w.and(format!("(m.raised_at, m.id) < (${a}, ${b})"));
            }
            "m.raised_at DESC, m.id DESC".to_owned()
        }
    };
    let n = w.arg(limit + 1);
    let searched = found.is_some();
    let (doc, from) = found.unwrap_or(("0", "matter m".to_owned()));
    let sql =
        format!("SELECT {COLUMNS}, {doc} AS doc FROM {from} WHERE {} ORDER BY {order} LIMIT ${n}", w.text());
    let rows = conn.all(sql, w.args).await?;
    let mut lines = rows.iter().map(Line::of).collect::<Result<Vec<_>, _>>()?;
    let more = lines.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    lines.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    if let (true, true, Some(last)) = (searched, more, rows.get(lines.len().saturating_sub(1))) {
        let doc: i64 = last.get("doc")?;
        return Ok((lines, Some(Cursor(vec![doc.to_string().into()]).encode())));
    }
    let next = lines.last().filter(|_| more).map(|l| {
        let at = match sort {
            Sort::Due => l.due_at.unwrap_or_else(never),
            Sort::Newest => l.raised_at,
        };
        Cursor(vec![kernel::time::stamp(at).into(), l.id.to_string().into()]).encode()
    });
    Ok((lines, next))
}

/// The matters of a resident, newest first, with the own number of each.
///
/// # Errors
/// What the database says.
pub async fn of_person(
    conn: &mut Conn,
    street: Id,
    person: Id,
    limit: i64,
) -> Result<Vec<(Line, String)>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS}, v.number AS own_number FROM matter_voice v JOIN matter m ON m.street = v.street AND m.id = v.matter \
         WHERE v.street = $1 AND v.person = $2 ORDER BY v.at DESC LIMIT $3"
    );
    conn.all(sql, store::args![street, person, limit])
        .await?
        .iter()
        .map(|row| Ok((Line::of(row)?, row.get("own_number")?)))
        .collect()
}

/// The public ledger: what is not hidden, newest first. Places are blurred by the page.
///
/// # Errors
/// `ui.bad-cursor`, or what the database says.
pub async fn public(
    conn: &mut Conn,
    street: Id,
    viewer: &Viewer,
    f: &Filter,
    cursor: &str,
    limit: i64,
    now: Time,
) -> Result<(Vec<Line>, Option<String>), Fault> {
    let mut w = Where::new(street, conn.engine());
    w.and("NOT m.hidden AND m.status NOT IN ('voided', 'merged', 'rejected', 'withdrawn')".into());
    narrow(&mut w, viewer, &Filter { text: None, ..f.clone() }, now);
    // Strangers find only by what strangers may read: the resident's own words tell who lives where. The index narrows,
    // the title that they see decides; a number is blotted out of it, so it finds nothing.
    if let Some(text) = f.text.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        let plain: String = text.chars().filter(|c| !matches!(c, '%' | '_' | '\\')).collect();
        w.found = search::query(&plain, conn.engine());
        if w.found.is_none() || kernel::text::blot(&plain) != plain {
            return Ok((Vec::new(), None));
        }
        let (as_typed, folded) = (w.arg(format!("%{plain}%")), w.arg(format!("%{}%", search::fold(&plain))));
        let title = "COALESCE(m.public_title, m.title)";
        w.and(format!("({title} LIKE ${as_typed} OR {title} LIKE ${folded})"));
    }
    page(conn, w, Sort::Newest, cursor, limit).await
}

/// Open matters near a place that sound like these words, the likest first: shown before sending.
///
/// # Errors
/// What the database says.
pub async fn similar(
    conn: &mut Conn,
    street: Id,
    place: &PlacePath,
    words: &str,
    since: Time,
    most: usize,
) -> Result<Vec<Line>, Fault> {
    let mut w = Where::new(street, conn.engine());
    // A compound (third code) is near; where only the community is known, the community.
    w.within(&place.cut(3));
    w.and("m.is_open = TRUE AND NOT m.hidden".into());
    let n = w.arg(since);
    w.and(format!("m.raised_at >= ${n}"));
    let sql = format!(
        "SELECT {COLUMNS}, m.body FROM matter m WHERE {} ORDER BY m.raised_at DESC LIMIT 300",
        w.text()
    );
    let mut hits = Vec::new();
    let words = search::Grams::of(words);
    for row in conn.all(sql, w.args).await? {
        let line = Line::of(&row)?;
        let body: Option<String> = row.get("body")?;
        let like = |text: &str| words.likeness(&search::Grams::of(text));
        let likeness = like(&line.title).max(like(&body.unwrap_or_default()));
        let near = if line.place.within(place) || place.within(&line.place) { 60 } else { 0 };
        if likeness + near >= 180 && likeness >= 100 {
            hits.push((likeness + near, line));
        }
    }
    hits.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| b.1.id.cmp(&a.1.id)));
    Ok(hits.into_iter().take(most).map(|(_, l)| l).collect())
}

/// Recently settled matters that the public may see, for the home page.
///
/// # Errors
/// What the database says.
pub async fn settled(
    conn: &mut Conn,
    street: Id,
    community: &PlacePath,
    limit: i64,
) -> Result<Vec<Line>, Fault> {
    let mut w = Where::new(street, conn.engine());
    w.within(community);
    w.and("m.status = 'closed' AND NOT m.hidden AND NOT m.imported AND m.outcome = 'solved'".into());
    let n = w.arg(limit);
    let sql =
        format!("SELECT {COLUMNS} FROM matter m WHERE {} ORDER BY m.closed_at DESC LIMIT ${n}", w.text());
    conn.all(sql, w.args).await?.iter().map(Line::of).collect()
}

/// Every matter of a filter, for spreadsheets; at most 50,000.
///
/// # Errors
/// What the database says.
pub async fn export(
    conn: &mut Conn,
    street: Id,
    viewer: &Viewer,
    f: &Filter,
    now: Time,
) -> Result<Vec<Line>, Fault> {
    let mut w = Where::new(street, conn.engine());
    scope(&mut w, viewer);
    narrow(&mut w, viewer, f, now);
    let (_, from) = w.search().unwrap_or(("", "matter m".to_owned()));
    let sql =
        format!("SELECT {COLUMNS} FROM {from} WHERE {} ORDER BY m.raised_at, m.id LIMIT 50000", w.text());
    conn.all(sql, w.args).await?.iter().map(Line::of).collect()
}
