//! Reading a ledger that an office already keeps: which column is what, which row is a matter, what is wrong in which row.
//!
//! Columns are known by their heads in Chinese and English; others are named by `column=field`, and `column=-` leaves a
//! column out. Nothing is cut: old ledgers hold long letters.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use kernel::{Channel, Refusal, Time, text, time};
use methods::Catalogue;
use std::collections::{BTreeMap, HashMap};

/// Longest text of one cell, in characters: far beyond any letter, short of a file that was put into a cell.
const CELL: usize = 100_000;
/// Characters of a title made from the words.
const SHORT_TITLE: usize = 40;

/// The fields of a ledger with the heads by which they are known.
const HEADS: [(&str, &[&str]); 12] = [
    ("id", &["id", "编号", "序号", "工单号", "工单编号", "留言编号", "number", "no"]),
    ("user", &["user", "用户", "留言用户", "网友", "username"]),
    ("title", &["title", "标题", "主题", "留言主题", "事由", "subject"]),
    (
        "raised_at",
        &[
            "raised_at",
            "反映时间",
            "留言时间",
            "登记时间",
            "受理时间",
            "来电时间",
            "日期",
            "时间",
            "raised at",
            "date",
        ],
    ),
    (
        "body",
        &["body", "内容", "反映内容", "留言详情", "诉求内容", "详情", "问题描述", "content", "description"],
    ),
    (
        "reply",
        &[
            "reply",
            "答复",
            "答复内容",
            "答复意见",
            "办理结果",
            "处理结果",
            "办理情况",
            "回复",
            "回复内容",
            "answer",
            "result",
        ],
    ),
    (
        "replied_at",
        &[
            "replied_at",
            "答复时间",
            "回复时间",
            "办结时间",
            "完成时间",
            "replied at",
            "answered_at",
            "closed_at",
        ],
    ),
    ("place", &["place", "地点", "地址", "位置", "小区", "address", "location"]),
    ("category", &["category", "类别", "分类", "问题类别", "事项类别", "type"]),
    ("phone", &["phone", "电话", "联系电话", "手机", "手机号", "联系方式", "telephone"]),
    ("name", &["name", "姓名", "反映人", "联系人", "诉求人"]),
    ("channel", &["channel", "渠道", "来源", "反映渠道", "source"]),
];

/// What a column may be mapped to.
pub const FIELDS: [&str; 12] = [
    "id",
    "user",
    "title",
    "raised_at",
    "body",
    "reply",
    "replied_at",
    "place",
    "category",
    "phone",
    "name",
    "channel",
];

/// Words for channels as ledgers write them.
const CHANNELS: [(Channel, &[&str]); 9] = [
    (Channel::App, &["网页", "网站", "线上", "网络", "app", "web"]),
    (Channel::Wechat, &["微信", "公众号", "小程序", "wechat"]),
    (Channel::Phone, &["电话", "来电", "phone"]),
    (Channel::OpinionBox, &["意见箱", "信箱"]),
    (Channel::Board, &["意见板", "公示栏", "留言板"]),
    (Channel::Visit, &["走访", "入户", "入户走访", "visit"]),
    (Channel::Council, &["议事会", "会议", "council"]),
    (Channel::Hotline, &["12345", "热线", "12345热线", "hotline"]),
    (Channel::Desk, &["来访", "窗口", "接待", "desk"]),
];

/// One row, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRow {
    /// The row as the spreadsheet counts; the heads are row 1.
    pub row: usize,
    /// What tells it from every other row of the community: the ledger's number, or a print of its words.
    pub key: String,
    /// The number that it had in the ledger.
    pub id: Option<String>,
    /// Who raised it, as the ledger writes it.
    pub user: Option<String>,
    /// Its title; made from the words when the ledger has none.
    pub title: String,
    /// When it was raised, by the ledger.
    pub raised_at: Time,
    /// What was said.
    pub body: String,
    /// The office's reply.
    pub reply: Option<String>,
    /// When it replied, by the ledger.
    pub replied_at: Option<Time>,
    /// Where, in the ledger's words.
    pub place: Option<String>,
    /// Category code.
    pub category: Option<String>,
    /// The resident's telephone.
    pub phone: Option<String>,
    /// The resident's name.
    pub name: Option<String>,
    /// By which channel it once came.
    pub channel: Channel,
}

/// What is wrong with one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// The row as the spreadsheet counts.
    pub row: usize,
    /// The head of the column.
    pub column: String,
    /// What is wrong; its field is one of [`FIELDS`].
    pub refusal: Refusal,
}

/// A ledger, read.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// The rows without faults.
    pub rows: Vec<LedgerRow>,
    /// What is wrong, in order of rows.
    pub errors: Vec<RowError>,
    /// Which column was taken as which field.
    pub taken: Vec<(String, &'static str)>,
    /// Columns that were not taken.
    pub left: Vec<String>,
}

/// Reads a mapping `column=field`; `-` as the field leaves the column out.
///
/// # Errors
/// `matters.ledger-map` when it has no `=` or names no field.
pub fn read_map(text: &str) -> Result<(String, Option<&'static str>), Refusal> {
    let bad =
        || Refusal::invalid("map", "matters.ledger-map").with("map", text).with("fields", FIELDS.join(", "));
    let (column, field) = text.split_once('=').ok_or_else(bad)?;
    let column = text::clean(column);
    if column.is_empty() {
        return Err(bad());
    }
    match field.trim() {
        "-" => Ok((column, None)),
        name => FIELDS.iter().find(|f| **f == name).map(|f| (column, Some(*f))).ok_or_else(bad),
    }
}

/// Which column is which field, and the columns that are nothing.
type Columns = (BTreeMap<&'static str, usize>, Vec<usize>);

fn columns(heads: &[String], map: &[(String, Option<&'static str>)]) -> Result<Columns, Refusal> {
    let plain = |t: &str| text::clean(t).trim_start_matches('\u{FEFF}').to_lowercase();
    let mut found: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut left = Vec::new();
    for (column, _) in map {
        if !heads.iter().any(|h| plain(h) == plain(column)) {
            return Err(Refusal::invalid("map", "matters.ledger-column").with("column", column));
        }
    }
    for (at, head) in heads.iter().enumerate() {
        let said = map.iter().find(|(column, _)| plain(column) == plain(head));
        let field = match said {
            Some((_, field)) => *field,
            // A field that is named for another column is not looked for by its head.
            None => HEADS
                .iter()
                .find(|(field, words)| {
                    words.contains(&plain(head).as_str()) && !map.iter().any(|(_, f)| f == &Some(*field))
                })
                .map(|(field, _)| *field),
        };
        match field {
            Some(field) if !found.contains_key(field) => {
                found.insert(field, at);
            }
            _ => left.push(at),
        }
    }
    if !found.contains_key("raised_at") || !(found.contains_key("body") || found.contains_key("title")) {
        return Err(Refusal::invalid("file", "matters.ledger-heads").with("heads", heads.join("、")));
    }
    Ok((found, left))
}

/// Reads a ledger. `now` bounds its times; the catalogue knows the categories.
///
/// # Errors
/// `matters.ledger-heads` when no column holds the time, or none the words; `matters.ledger-column` when the mapping
/// names a column that is not there. What is wrong in single rows stands in [`Ledger::errors`].
pub fn read(
    rows: &[Vec<String>],
    map: &[(String, Option<&'static str>)],
    catalogue: &Catalogue,
    now: Time,
) -> Result<Ledger, Refusal> {
    let heads = rows.first().map(Vec::as_slice).unwrap_or_default();
    let (columns, left) = columns(heads, map)?;
    let head = |at: usize| heads.get(at).map(|h| text::clean(h)).unwrap_or_default();
    let mut ledger = Ledger {
        taken: FIELDS.iter().filter_map(|f| columns.get(f).map(|at| (head(*at), *f))).collect(),
        left: left.into_iter().map(head).filter(|h| !h.is_empty()).collect(),
        ..Ledger::default()
    };
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (at, row) in rows.iter().enumerate().skip(1) {
        let number = at + 1;
        let mut faults: Vec<Refusal> = Vec::new();
        let reader = Reader { row, columns: &columns };
        if let Some(read) = reader.read(number, catalogue, now, &mut faults) {
            match seen.get(&read.key) {
                Some(first) => {
                    faults.push(Refusal::invalid("id", "matters.ledger-twice").with("first", first))
                }
                None => {
                    seen.insert(read.key.clone(), number);
                    if faults.is_empty() {
                        ledger.rows.push(read);
                    }
                }
            }
        }
        for refusal in faults {
            let column = refusal.field.and_then(|f| columns.get(f)).map_or_else(String::new, |at| head(*at));
            ledger.errors.push(RowError { row: number, column, refusal });
        }
    }
    Ok(ledger)
}

struct Reader<'a> {
    row: &'a [String],
    columns: &'a BTreeMap<&'static str, usize>,
}

impl Reader<'_> {
    fn cell(&self, field: &'static str, faults: &mut Vec<Refusal>) -> Option<String> {
        let raw = self.columns.get(field).and_then(|at| self.row.get(*at))?;
        match text::optional(field, raw, CELL) {
            Ok(text) => text,
            Err(refusal) => {
                faults.push(refusal);
                None
            }
        }
    }

    fn time(&self, field: &'static str, now: Time, faults: &mut Vec<Refusal>) -> Option<Time> {
        let cell = self.cell(field, faults)?;
        match read_time(&cell) {
            Some(at) if at <= now => Some(at),
            Some(_) => {
                faults.push(Refusal::invalid(field, "matters.ledger-future").with("found", cell));
                None
            }
            None => {
                faults.push(Refusal::invalid(field, "matters.ledger-time").with("found", cell));
                None
            }
        }
    }

    fn read(
        &self,
        row: usize,
        catalogue: &Catalogue,
        now: Time,
        faults: &mut Vec<Refusal>,
    ) -> Option<LedgerRow> {
        let id = self.cell("id", faults);
        let (title, body) = (self.cell("title", faults), self.cell("body", faults));
        let (raised_at, before) = (self.time("raised_at", now, faults), faults.len());
        let replied_at = self.time("replied_at", now, faults);
        if raised_at.is_none() && before == 0 {
            faults.push(Refusal::invalid("raised_at", "ui.empty"));
        }
        if let (Some(from), Some(to)) = (raised_at, replied_at)
            && to < from
        {
            faults.push(Refusal::invalid("replied_at", "matters.ledger-reply-before"));
        }
        let body = match (&title, body) {
            (_, Some(body)) => Some(body),
            (Some(title), None) => Some(title.clone()),
            (None, None) => {
                let field = if self.columns.contains_key("body") { "body" } else { "title" };
                faults.push(Refusal::invalid(field, "ui.empty"));
                None
            }
        };
        let category = self.cell("category", faults).and_then(|cell| {
            let known = find_category(catalogue, &cell);
            if known.is_none() {
                faults.push(Refusal::invalid("category", "matters.ledger-category").with("found", &cell));
            }
            known
        });
        let phone = self.cell("phone", faults).map(|p| p.replace([' ', '-'], "")).and_then(|phone| {
            let good = text::is_phone(&phone);
            if !good {
                faults.push(Refusal::invalid("phone", "matters.no-phone"));
            }
            good.then_some(phone)
        });
        let channel = match self.cell("channel", faults) {
            None => Channel::Import,
            Some(cell) => match find_channel(&cell) {
                Some(channel) => channel,
                None => {
                    faults.push(Refusal::invalid("channel", "matters.ledger-channel").with("found", cell));
                    Channel::Import
                }
            },
        };
        let (raised_at, body) = (raised_at?, body?);
        let title = title.unwrap_or_else(|| short(&body));
        let key = match &id {
            Some(id) => id.clone(),
            // Without a number the words and the time tell a row from the others.
            None => {
                let whole = format!("{}\u{1f}{title}\u{1f}{body}", time::stamp(raised_at));
                format!("#{}", &text::Words::commit(&whole, &[0; 16]).commit[..24])
            }
        };
        Some(LedgerRow {
            row,
            key,
            id,
            user: self.cell("user", faults),
            title,
            raised_at,
            body,
            reply: self.cell("reply", faults),
            replied_at,
            place: self.cell("place", faults),
            category,
            phone,
            name: self.cell("name", faults),
            channel,
        })
    }
}

fn short(body: &str) -> String {
    let first = body.split(['。', '！', '？', '\n']).next().unwrap_or(body);
    let cut: String = first.chars().take(SHORT_TITLE).collect();
    if cut.chars().count() < first.chars().count() { format!("{cut}…") } else { cut }
}

fn find_channel(cell: &str) -> Option<Channel> {
    let cell = cell.to_lowercase();
    Channel::parse(&cell)
        .or_else(|| CHANNELS.iter().find(|(_, words)| words.contains(&cell.as_str())).map(|(c, _)| *c))
}

fn find_category(catalogue: &Catalogue, cell: &str) -> Option<String> {
    if let Some(category) = catalogue.get(cell) {
        return Some(category.code.clone());
    }
    let named = catalogue.majors().iter().flat_map(|m| &m.categories);
    named
        .into_iter()
        .find(|c| c.name.zh_hans == cell || c.name.zh_hant == cell || c.name.en.eq_ignore_ascii_case(cell))
        .map(|c| c.code.clone())
}

/// Reads a time as ledgers write it: RFC 3339, or date with or without the time of day in China. Before 1900 nobody
/// kept one: such years are slips of the finger, and two digits of a year are not guessed at.
#[must_use]
pub fn read_time(cell: &str) -> Option<Time> {
    any_time(cell.trim()).filter(|at| (1900..=9999).contains(&at.year()))
}

fn any_time(cell: &str) -> Option<Time> {
    if let Some(at) = time::parse_stamp(cell) {
        return Some(at);
    }
    let flat = cell.replace(['年', '月', '/', '.'], "-").replace(['日', 'T'], " ").replace('：', ":");
    let flat = flat.split_whitespace().collect::<Vec<_>>().join(" ");
    for format in ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"] {
        if let Ok(at) = NaiveDateTime::parse_from_str(&flat, format) {
            return Some(time::from_local(at));
        }
    }
    NaiveDate::parse_from_str(&flat, "%Y-%m-%d").ok().map(|d| time::from_local(d.and_time(NaiveTime::MIN)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|r| r.iter().map(ToString::to_string).collect()).collect()
    }

    fn now() -> Time {
        time::parse_stamp("2026-03-02T01:00:00Z").unwrap()
    }

    fn codes(ledger: &Ledger) -> Vec<(usize, &str, &str)> {
        ledger.errors.iter().map(|e| (e.row, e.refusal.field.unwrap_or_default(), e.refusal.code)).collect()
    }

    #[test]
    fn heads_in_either_language_and_times_as_people_write_them() {
        for (cell, want) in [
            ("2019-04-24T16:03:40+08:00", "2019-04-24T08:03:40.000000Z"),
            ("2019/4/24 16:03", "2019-04-24T08:03:00.000000Z"),
            ("2019年4月24日 16：03", "2019-04-24T08:03:00.000000Z"),
            ("2019-04-24", "2019-04-23T16:00:00.000000Z"),
        ] {
            assert_eq!(time::stamp(read_time(cell).unwrap()), want, "{cell}");
        }
        assert_eq!(read_time("上周"), None);
        let rows = sheet(&[
            &["编号", "标题", "反映时间", "内容", "答复", "答复时间", "类别", "渠道", "经办"],
            &[
                "7",
                "楼道灯不亮",
                "2025-01-02",
                "三单元的灯坏了",
                "已换",
                "2025-01-03 09:00",
                "楼道照明",
                "电话",
                "老李",
            ],
        ]);
        let ledger = read(&rows, &[], Catalogue::shipped(), now()).unwrap();
        assert_eq!(codes(&ledger), []);
        assert_eq!(ledger.left, ["经办"]);
        let row = &ledger.rows[0];
        assert_eq!(
            (row.row, row.key.as_str(), row.category.as_deref(), row.channel),
            (2, "7", Some("0101"), Channel::Phone)
        );
    }

    #[test]
    fn every_fault_is_named_by_row_and_field() {
        let rows = sheet(&[
            &["id", "raised_at", "body", "replied_at", "category", "phone"],
            &["1", "2025-01-02", "好", "2025-01-01", "", ""],
            &["2", "昨天", "好", "", "没有的类别", "12"],
            &["2", "2027-01-01", "", "", "", ""],
            &["4", "", "好", "", "", ""],
            &["5", "2025-01-02", "好", "", "", ""],
            &["5", "2025-01-02", "又一件", "", "", ""],
        ]);
        let ledger = read(&rows, &[], Catalogue::shipped(), now()).unwrap();
        assert_eq!(
            codes(&ledger),
            [
                (2, "replied_at", "matters.ledger-reply-before"),
                (3, "raised_at", "matters.ledger-time"),
                (3, "category", "matters.ledger-category"),
                (3, "phone", "matters.no-phone"),
                (4, "raised_at", "matters.ledger-future"),
                (4, "body", "ui.empty"),
                (5, "raised_at", "ui.empty"),
                (7, "id", "matters.ledger-twice"),
            ]
        );
        assert_eq!(ledger.rows.len(), 1);
    }

    #[test]
    fn columns_can_be_named() {
        let rows = sheet(&[&["甲", "乙", "时间", "类别"], &["楼道灯不亮", "A-1", "2025-01-02", "照明类"]]);
        assert_eq!(read(&rows, &[], Catalogue::shipped(), now()).unwrap_err().code, "matters.ledger-heads");
        let map: Vec<_> = ["甲=body", "乙=id", "类别=-"].iter().map(|m| read_map(m).unwrap()).collect();
        let ledger = read(&rows, &map, Catalogue::shipped(), now()).unwrap();
        assert_eq!(codes(&ledger), []);
        assert_eq!((ledger.rows[0].title.as_str(), ledger.rows[0].key.as_str()), ("楼道灯不亮", "A-1"));
        assert_eq!(read_map("甲=nothing").unwrap_err().code, "matters.ledger-map");
        let absent = vec![read_map("丁=body").unwrap()];
        assert_eq!(
            read(&rows, &absent, Catalogue::shipped(), now()).unwrap_err().code,
            "matters.ledger-column"
        );
    }

    #[test]
    fn without_numbers_the_words_tell_rows_apart() {
        let rows =
            sheet(&[&["时间", "内容"], &["2025-01-02", "灯"], &["2025-01-02", "水"], &["2025-01-02", "灯"]]);
        let ledger = read(&rows, &[], Catalogue::shipped(), now()).unwrap();
        assert_eq!(codes(&ledger), [(4, "id", "matters.ledger-twice")]);
        assert!(ledger.rows[0].key.starts_with('#') && ledger.rows[0].key != ledger.rows[1].key);
        let long = "长".repeat(20_000);
        let rows = sheet(&[&["时间", "内容"], &["2025-01-02", &long]]);
        assert_eq!(
            read(&rows, &[], Catalogue::shipped(), now()).unwrap().rows[0].body.chars().count(),
            20_000
        );
    }
}
