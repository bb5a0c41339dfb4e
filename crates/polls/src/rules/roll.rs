//! Rolls: lines of a spreadsheet or of the register put together into heads, and the text that is published and hashed.
//!
//! The public text carries units, numbers of heads and areas, never a name: whoever has it can count again. Names and
//! telephones go into an encrypted text beside it.

use crate::model::Shape;
use kernel::{Id, Refusal, text};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use tally::{
    Area,
    owners::{Kind, State},
};

/// The first line of a roll's text.
const HEADER: &str = "yishiting-roll 1";
/// Lines of a roll at most: more than any street has dwellings.
pub const MOST_LINES: usize = 200_000;
/// The number of the developer's head, which holds everything unsold or not handed over (法释 9).
pub const DEVELOPER: u32 = 0;

/// A line as it is brought: a unit with its owner, or a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The unit, or what tells this person from others on a published list, such as the household.
    pub unit: String,
    /// Owner, joint owners as `A&B`; or the person.
    pub name: String,
    /// What tells people of one name apart: number of a paper. Only compared, never kept.
    pub paper: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// The person, where the register knows.
    pub person: Option<Id>,
    /// Area.
    pub area: Area,
    /// Whether it was handed over.
    pub state: State,
    /// What it is.
    pub kind: Kind,
}

/// A head of a roll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its number.
    #[serde(rename = "h")]
    pub number: u32,
    /// Its units, in words.
    #[serde(rename = "u")]
    pub units: String,
    /// Their area in 0.01 m², those that count.
    #[serde(rename = "a")]
    pub area: u64,
    /// Its name.
    #[serde(rename = "n")]
    pub name: String,
    /// Its telephone.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The person.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Id>,
    /// Whether its telephone stands on other people's heads too, so that nobody is known by it.
    #[serde(rename = "s", default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
    /// What tells people of one name apart: only compared, never kept.
    #[serde(skip)]
    pub paper: Option<String>,
}

impl Head {
    /// The telephone by which somebody is known as this head.
    #[must_use]
    pub fn known_by(&self) -> Option<&str> {
        self.phone.as_deref().filter(|_| !self.shared)
    }
}

/// A roll put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// The public text.
    pub text: String,
    /// Its SHA-256.
    pub sha256: String,
    /// Lines.
    pub lines: u32,
    /// The heads that count, by number.
    pub heads: Vec<Head>,
    /// Their area together in 0.01 m².
    pub area: u64,
}

/// A line of the public text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// The unit.
    pub unit: &'a str,
    /// The number of its head.
    pub head: u32,
    /// Its area.
    pub area: Area,
    /// Whether it was handed over.
    pub state: State,
    /// What it is.
    pub kind: Kind,
}

fn joint(name: &str) -> String {
    let mut names: Vec<&str> =
        name.split(['&', '、', '，', ',', '；', ';']).map(str::trim).filter(|n| !n.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    names.join("&")
}

fn fault(line: usize, field: &'static str, code: &'static str) -> Refusal {
    Refusal::invalid(field, code).with("line", line)
}

/// Puts lines together into heads: an owner of several units is one head, joint owners are one, what is unsold or not handed
/// over is the developer's. People of one name are one head only when
/// the number of their paper, or else the telephone, is the same too.
///
/// # Errors
/// `polls.roll-empty`, `polls.roll-long`; with the number of the line: `polls.roll-unit` (empty or twice), `polls.roll-name`,
/// `polls.roll-area`.
pub fn build(shape: &Shape, parking_counts: bool, lines: &[Line]) -> Result<Built, Refusal> {
    let owners = matches!(shape, Shape::Owners { .. });
    if lines.is_empty() {
        return Err(Refusal::invalid("roll", "polls.roll-empty"));
    }
    if lines.len() > MOST_LINES {
        return Err(Refusal::invalid("roll", "polls.roll-long").with("most", MOST_LINES));
    }
    let mut numbers: HashMap<(String, Option<String>), u32> = HashMap::with_capacity(lines.len());
    let mut units: HashMap<&str, usize> = HashMap::with_capacity(lines.len());
    let mut heads: Vec<Head> = Vec::with_capacity(lines.len());
    let mut places: HashMap<u32, usize> = HashMap::with_capacity(lines.len());
    let (mut text, mut last, mut area) = (format!("{HEADER}\n"), DEVELOPER, 0u64);
    for (at, line) in lines.iter().enumerate() {
        let n = at + 1;
        let unit = line.unit.trim();
        if unit.is_empty() || unit.chars().count() > 60 || unit.contains(['\t', '\n']) {
            return Err(fault(n, "roll", "polls.roll-unit"));
        }
        if units.insert(unit, n).is_some() {
            return Err(fault(n, "roll", "polls.roll-unit").with("unit", unit));
        }
        let sold = !owners || line.state == State::Delivered;
        let name = joint(&line.name);
        if sold && (name.is_empty() || name.chars().count() > 200) {
            return Err(fault(n, "roll", "polls.roll-name"));
        }
        if owners && line.area == Area::ZERO {
            return Err(fault(n, "roll", "polls.roll-area"));
        }
        let head = if !sold {
            DEVELOPER
        } else {
            // A person of a roll of persons is one line; the same name twice is two people unless papers say otherwise.
            let key = if owners {
                (name.clone(), line.paper.clone().or_else(|| line.phone.clone()))
            } else {
                (unit.to_owned(), None)
            };
            *numbers.entry(key).or_insert_with(|| {
                last += 1;
                last
            })
        };
        let _ = std::fmt::Write::write_fmt(
            &mut text,
            format_args!("{unit}\t{head}\t{}\t{}\t{}\n", line.area, line.state, line.kind),
        );
        if owners && line.kind == Kind::Parking && !parking_counts {
            continue;
        }
        let own = if owners { line.area.hundredths() } else { 0 };
        area = area.saturating_add(own);
        match places.get(&head).and_then(|p| heads.get_mut(*p)) {
            Some(known) => {
                known.units.push('、');
                known.units.push_str(unit);
                known.area = known.area.saturating_add(own);
            }
            None => {
                places.insert(head, heads.len());
                heads.push(Head {
                    number: head,
                    units: unit.to_owned(),
                    area: own,
                    name: if head == DEVELOPER { String::new() } else { name },
                    phone: line.phone.clone().filter(|_| head != DEVELOPER),
                    person: line.person.filter(|_| head != DEVELOPER),
                    shared: false,
                    paper: line.paper.clone().filter(|_| head != DEVELOPER),
                });
            }
        }
    }
    if area > Area::MOST.hundredths() {
        return Err(Refusal::invalid("roll", "polls.roll-area").with("line", lines.len()));
    }
    if heads.is_empty() {
        return Err(Refusal::invalid("roll", "polls.roll-empty"));
    }
    heads.sort_by_key(|h| h.number);
    for head in &mut heads {
        // A developer's thousand flats need not all be named in a list.
        if head.units.chars().count() > 120 {
            let short: String = head.units.chars().take(110).collect();
            head.units = format!("{short}…");
        }
    }
    let lines = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    Ok(Built { sha256: hex::encode(Sha256::digest(&text)), text, lines, heads, area })
}

/// The lines of a roll's public text.
///
/// # Errors
/// The number of the first line that is none.
pub fn rows(text: &str) -> Result<Vec<Row<'_>>, usize> {
    let mut lines = text.lines();
    if lines.next() != Some(HEADER) {
        return Err(1);
    }
    let mut out = Vec::new();
    for (at, line) in lines.enumerate() {
        let mut parts = line.split('\t');
        let row = (|| {
            let row = Row {
                unit: parts.next().filter(|u| !u.is_empty())?,
                head: parts.next()?.parse().ok()?,
                area: Area::parse(parts.next()?).ok()?,
                state: State::parse(parts.next()?)?,
                kind: Kind::parse(parts.next()?)?,
            };
            parts.next().is_none().then_some(row)
        })();
        out.push(row.ok_or(at + 2)?);
    }
    Ok(out)
}

/// What a column of a spreadsheet holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Unit,
    Name,
    Area,
    State,
    Kind,
    Paper,
    Phone,
}

fn column(name: &str) -> Option<Column> {
    let name: String = name.chars().filter(|c| !c.is_whitespace() && !"（）()㎡²*".contains(*c)).collect();
    Some(match name.to_lowercase().as_str() {
        "房号" | "单元" | "室号" | "门牌" | "房屋" | "户" | "户号" | "编号" | "序号" | "unit"
        | "household" => Column::Unit,
        "业主" | "产权人" | "姓名" | "户主" | "代表" | "owner" | "name" => Column::Name,
        "面积" | "建筑面积" | "专有面积" | "产权面积" | "面积平方米" | "area" | "aream" => {
            Column::Area
        }
        "状态" | "交付状态" | "state" => Column::State,
        "类型" | "用途" | "性质" | "kind" => Column::Kind,
        "证件号" | "证件号码" | "身份证号" | "身份证" | "paper" => Column::Paper,
        "电话" | "手机" | "手机号" | "联系电话" | "phone" => Column::Phone,
        _ => return None,
    })
}

/// The cells of lines that were pasted: a tab between them, or a comma of either kind.
#[must_use]
pub fn cells(text: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| -> Vec<String> {
        line.split(if line.contains('\t') { '\t' } else { ',' }).map(|c| c.trim().to_owned()).collect()
    };
    text.replace('，', ",").lines().filter(|l| !l.trim().is_empty()).map(cells).collect()
}

/// Reads a spreadsheet whose first line names its columns: unit, owner or name, area, state, kind, number of a paper,
/// telephone.
///
/// # Errors
/// `polls.roll-columns` when unit or name (or, for owners, the area) is not there; with the number of the line:
/// `polls.roll-area`, `polls.roll-state`, `polls.roll-kind`, `polls.roll-phone`.
pub fn read_sheet(shape: &Shape, sheet: &[Vec<String>]) -> Result<Vec<Line>, Refusal> {
    let owners = matches!(shape, Shape::Owners { .. });
    let head = sheet.first().ok_or(Refusal::invalid("roll", "polls.roll-empty"))?;
    let columns: Vec<Option<Column>> = head.iter().map(|c| column(c)).collect();
    let has = |c: Column| columns.contains(&Some(c));
    if !has(Column::Unit) || !has(Column::Name) || (owners && !has(Column::Area)) {
        return Err(Refusal::invalid("roll", "polls.roll-columns"));
    }
    let mut out = Vec::with_capacity(sheet.len());
    for (at, cells) in sheet.iter().enumerate().skip(1) {
        let n = at + 1;
        let get = |wanted: Column| {
            let cell = columns.iter().position(|c| *c == Some(wanted)).and_then(|p| cells.get(p));
            cell.map(|c| c.trim()).filter(|c| !c.is_empty())
        };
        if cells.iter().all(|c| c.trim().is_empty()) {
            continue;
        }
        let area = match get(Column::Area) {
            Some(cell) if owners => {
                let plain = cell.trim_end_matches(['㎡', 'm', '²', ' ']).replace(',', "");
                Area::parse(&plain).map_err(|_| fault(n, "roll", "polls.roll-area"))?
            }
            _ => Area::ZERO,
        };
        let state = match get(Column::State) {
            None | Some("已交付" | "已售" | "已售已交付" | "delivered") => State::Delivered,
            Some("未售" | "未出售" | "unsold") => State::Unsold,
            Some("未交付" | "已售未交付" | "undelivered") => State::Undelivered,
            Some(_) => return Err(fault(n, "roll", "polls.roll-state")),
        };
        let kind = match get(Column::Kind) {
            Some("车位" | "车库" | "储藏室车位" | "parking") => Kind::Parking,
            None | Some("住宅" | "商铺" | "商业" | "办公" | "其他" | "公寓" | "别墅" | "exclusive") => {
                Kind::Exclusive
            }
            Some(_) => return Err(fault(n, "roll", "polls.roll-kind")),
        };
        let phone =
            people::rules::phone(get(Column::Phone)).map_err(|_| fault(n, "roll", "polls.roll-phone"))?;
        out.push(Line {
            unit: text::clean(get(Column::Unit).unwrap_or_default()),
            name: text::clean(get(Column::Name).unwrap_or_default()),
            paper: get(Column::Paper).map(str::to_owned),
            phone,
            person: None,
            area,
            state,
            kind,
        });
    }
    Ok(out)
}
