//! The words of this room: what a figure is, over what it is counted, what came out.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime, Timelike};
use kernel::{Id, PlacePath, Refusal, Time, coded_enum, time};

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// Matters (`m`).
    Matter,
    /// Rounds (`r`) with their matter (`m`).
    Round,
    /// Residents' verdicts (`e`) with their matter (`m`).
    Evaluation,
}

/// Which instant the period cuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The stock at this moment; the period does not matter.
    Now,
    /// When the matter was raised.
    Raised,
    /// When it was first closed.
    Closed,
    /// When the round was dispatched.
    Dispatched,
    /// When the round was handled.
    Handled,
    /// When the resident was answered.
    Answered,
    /// When the round was due, by the original or the first granted deadline; never later than now.
    Due,
    /// When the resident gave the verdict.
    Evaluated,
}

/// A span of minutes that is measured on each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// From raised to handled.
    Handle,
    /// From raised to closed the first time.
    Close,
    /// From raised to the reply, as an imported ledger tells.
    Reply,
}

/// How a figure comes from its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// How many rows.
    Count,
    /// The sum of an SQL expression over the rows.
    Sum(&'static str),
    /// Part ÷ whole.
    Rate,
    /// (满意 + factor × 基本满意) ÷ verdicts; the factor is the method's.
    Weighted,
    /// Contacted, solved and satisfied weighed by the method (10/50/40).
    Composite,
    /// The median of a span.
    Median(Measure),
    /// The span within which nine of ten stay (nearest rank).
    P90(Measure),
}

coded_enum! {
    /// In what a value is written, always as a whole number.
    pub enum Unit {
        /// A number of things.
        Count = "count",
        /// Thousandths: `937` is 93.7 %.
        Permille = "permille",
        /// Tenths of a day of 24 hours: `32` is 3.2 days.
        TenthsOfDays = "tenths_of_days",
    }
}

coded_enum! {
    /// Where a figure stands on a page.
    pub enum Section {
        /// What comes and goes.
        Flow = "flow",
        /// How fast.
        Speed = "speed",
        /// How well.
        Result = "result",
        /// What residents say.
        Verdict = "verdict",
        /// How units work.
        Units = "units",
        /// What an old ledger says, apart from the record's own figures.
        Ledger = "ledger",
    }
}

/// A figure: its definition in one place. Name and definition in words are the sentences `fig-CODE` and `def-CODE`.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// Its code, for ever.
    pub code: &'static str,
    /// Where it stands.
    pub section: Section,
    /// How it comes from its rows.
    pub kind: Kind,
    /// Which rows.
    pub base: Base,
    /// Which instant the period cuts.
    pub clock: Clock,
    /// SQL condition of the whole (denominator).
    pub of: &'static str,
    /// SQL condition of the part (numerator), within the whole.
    pub part: &'static str,
    /// Whether residents see it.
    pub public: bool,
    /// Whether residents may open it to its matters. Verdicts stay between the resident and the office.
    pub opens: bool,
}

impl Figure {
    /// In what its value is written.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        match self.kind {
            Kind::Count | Kind::Sum(_) => Unit::Count,
            Kind::Rate | Kind::Weighted | Kind::Composite => Unit::Permille,
            Kind::Median(_) | Kind::P90(_) => Unit::TenthsOfDays,
        }
    }

    /// The span that it measures, if it measures one.
    #[must_use]
    pub const fn measure(&self) -> Option<Measure> {
        match self.kind {
            Kind::Median(m) | Kind::P90(m) => Some(m),
            _ => None,
        }
    }

    /// Whether it has a numerator that differs from its denominator, so that both can be opened.
    #[must_use]
    pub const fn has_parts(&self) -> bool {
        matches!(self.kind, Kind::Rate | Kind::Weighted)
    }
}

/// An office by which staff see matters: a place, and for unit handlers only what concerns their unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The place of the office.
    pub place: PlacePath,
    /// The unit of a unit handler.
    pub unit: Option<Id>,
}

/// How far a reader reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Everybody: every matter of the place counts, small bases hide rates.
    Public,
    /// Staff: the matters of their offices.
    Staff(Vec<Seat>),
}

/// Over what is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The street.
    pub street: Id,
    /// Only matters of this place and below; the street's own path for all of it.
    pub place: PlacePath,
    /// How far the reader reaches.
    pub reach: Reach,
    /// Only what this unit leads.
    pub unit: Option<Id>,
    /// The period begins here …
    pub from: Time,
    /// … and ends before this.
    pub to: Time,
    /// The present.
    pub now: Time,
}

impl Cut {
    /// Whether this is for everybody's eyes.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.reach == Reach::Public
    }
}

coded_enum! {
    /// Why a value is not shown.
    pub enum Hidden {
        /// There is nothing to count.
        Nothing = "nothing",
        /// The base is smaller than the method allows in public.
        TooFew = "too_few",
    }
}

coded_enum! {
    /// Which of the two lists behind a figure.
    pub enum Part {
        /// What counts.
        Numerator = "numerator",
        /// Out of what.
        Denominator = "denominator",
    }
}

/// What came out for a figure.
#[derive(Clone, Copy, Debug)]
pub struct Value {
    /// The definition.
    pub figure: &'static Figure,
    /// The value, in the figure's unit; nothing when it is hidden.
    pub value: Option<i64>,
    /// How many count; nothing for medians, for composites and when hidden.
    pub numerator: Option<i64>,
    /// Out of how many; nothing for counts.
    pub denominator: Option<i64>,
    /// Of a weighted rate, how many counted fully (the others of the numerator count by the method's factor).
    pub full: Option<i64>,
    /// Why nothing is shown.
    pub hidden: Option<Hidden>,
}

coded_enum! {
    /// By what figures are broken down.
    pub enum By {
        /// 层级
        Tier = "tier",
        /// 大类
        Category = "category",
        /// 社区
        Community = "community",
        /// 小区
        Compound = "compound",
        /// 渠道
        Channel = "channel",
        /// 月
        Month = "month",
        /// 主办单位
        Unit = "unit",
    }
}

/// The values of one part of a breakdown.
#[derive(Clone, Debug)]
pub struct Slice {
    /// Tier, class, path, channel, `YYYY-MM` or unit id; empty where the matter has none yet.
    pub key: String,
    /// The values, in the order asked for.
    pub values: Vec<Value>,
}

/// A period of whole days in China.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

/// No ledger of a street begins before.
pub const EARLIEST: NaiveDate = match NaiveDate::from_ymd_opt(2000, 1, 1) {
    Some(date) => date,
    None => NaiveDate::MIN,
};

/// Minutes between midnight and the hour at which a statistical day begins.
#[must_use]
pub fn shift_minutes(day_begins: NaiveTime) -> i64 {
    i64::from(day_begins.num_seconds_from_midnight() / 60)
}

/// The instant at which a statistical day begins: a day that begins at noon begins at noon of the day before.
fn begins(date: NaiveDate, day_begins: NaiveTime) -> Time {
    let shift = shift_minutes(day_begins);
    let back = if shift == 0 { 0 } else { 1440 - shift };
    time::day_start(date) - chrono::Duration::minutes(back)
}

fn read_date(name: &'static str, text: &str) -> Result<NaiveDate, Refusal> {
    let bad = || Refusal::invalid(name, "briefings.bad-date");
    if text.len() != 10
        || !text
            .bytes()
            .enumerate()
            .all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() })
    {
        return Err(bad());
    }
    text.parse().map_err(|_| bad())
}

impl Period {
    /// Reads two dates `YYYY-MM-DD`; either may be absent. Without a beginning it is the twelfth month back.
    ///
    /// # Errors
    /// `briefings.bad-date` for what is no date, `briefings.dates-order` when the end comes first.
    pub fn read(from: Option<&str>, to: Option<&str>, today: NaiveDate) -> Result<Self, Refusal> {
        let to = to.map(|t| read_date("to", t)).transpose()?.unwrap_or(today);
        let from = match from {
            Some(text) => read_date("from", text)?,
            None => Self::year(to).from,
        };
        if from > to {
            return Err(Refusal::invalid("from", "briefings.dates-order"));
        }
        Ok(Self { from, to })
    }

    /// The month of a day, so far.
    #[must_use]
    pub fn month(today: NaiveDate) -> Self {
        Self { from: today.with_day(1).unwrap_or(today), to: today }
    }

    /// The ninety days up to a day.
    #[must_use]
    pub fn quarter(today: NaiveDate) -> Self {
        Self { from: today.checked_sub_days(Days::new(89)).unwrap_or(today), to: today }
    }

    /// Twelve months, the one of this day included.
    #[must_use]
    pub fn year(today: NaiveDate) -> Self {
        Self::months(today, 12)
    }

    /// So many whole months up to a day, its own included.
    #[must_use]
    pub fn months(today: NaiveDate, months: u32) -> Self {
        let first = today.with_day(1).unwrap_or(today);
        Self {
            from: first.checked_sub_months(Months::new(months.saturating_sub(1))).unwrap_or(first),
            to: today,
        }
    }

    /// Everything up to a day.
    #[must_use]
    pub fn all(today: NaiveDate) -> Self {
        Self { from: EARLIEST.min(today), to: today }
    }

    /// The period of the same length before.
    #[must_use]
    pub fn before(self) -> Self {
        let days = Days::new(u64::try_from((self.to - self.from).num_days() + 1).unwrap_or(1));
        Self {
            from: self.from.checked_sub_days(days).unwrap_or(self.from),
            to: self.from.checked_sub_days(Days::new(1)).unwrap_or(self.from),
        }
    }

    /// From which instant until before which.
    #[must_use]
    pub fn instants(self, day_begins: NaiveTime) -> (Time, Time) {
        // Dates far outside any ledger would leave the range of the engines' times.
        let far = NaiveDate::from_ymd_opt(2200, 1, 1).unwrap_or(EARLIEST);
        let near = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or(EARLIEST);
        let next = self.to.clamp(near, far).checked_add_days(Days::new(1)).unwrap_or(self.to);
        (begins(self.from.clamp(near, far), day_begins), begins(next, day_begins))
    }

    /// The months that it touches, as `YYYY-MM`, the last `most` of them.
    #[must_use]
    pub fn month_keys(self, most: usize) -> Vec<String> {
        let mut out = Vec::new();
        let mut month = self.to.with_day(1).unwrap_or(self.to);
        while out.len() < most && (month.year(), month.month()) >= (self.from.year(), self.from.month()) {
            out.push(month.format("%Y-%m").to_string());
            match month.checked_sub_months(Months::new(1)) {
                Some(before) => month = before,
                None => break,
            }
        }
        out.reverse();
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn periods_are_read_and_refused() {
        let today = date("2026-03-15");
        let year = Period::read(None, None, today).unwrap();
        assert_eq!((year.from, year.to), (date("2025-04-01"), today));
        assert_eq!(year.month_keys(99).len(), 12);
        assert_eq!(year.month_keys(2), ["2026-02", "2026-03"]);
        for bad in ["2026-2-1", "2026-02-30", "yesterday", "", "20260201", "２026-02-1"] {
            let refusal = Period::read(Some(bad), None, today).unwrap_err();
            assert_eq!((refusal.code, refusal.field), ("briefings.bad-date", Some("from")), "{bad}");
        }
        let wrong = Period::read(Some("2026-03-02"), Some("2026-03-01"), today).unwrap_err();
        assert_eq!(wrong.code, "briefings.dates-order");
    }

    #[test]
    fn the_period_before_has_the_same_length_and_touches() {
        let before = Period { from: date("2026-03-01"), to: date("2026-03-31") }.before();
        assert_eq!(before, Period { from: date("2026-01-29"), to: date("2026-02-28") });
    }

    #[test]
    fn a_day_begins_at_midnight_or_at_noon_of_the_day_before() {
        let day = Period { from: date("2026-03-02"), to: date("2026-03-02") };
        let at = |text: &str| time::parse_stamp(text).unwrap();
        assert_eq!(
            day.instants(NaiveTime::MIN),
            (at("2026-03-02T00:00:00+08:00"), at("2026-03-03T00:00:00+08:00"))
        );
        let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap();
        assert_eq!(day.instants(noon), (at("2026-03-01T12:00:00+08:00"), at("2026-03-02T12:00:00+08:00")));
    }

    #[test]
    fn the_far_past_and_future_stay_within_what_databases_hold() {
        let all = Period::read(Some("0001-01-01"), Some("9999-12-31"), date("2026-03-02")).unwrap();
        let (from, to) = all.instants(NaiveTime::MIN);
        assert!(from.year() >= 1899 && to.year() <= 2200);
    }
}
