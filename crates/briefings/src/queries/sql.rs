//! One statement under construction: tables, scope and period of a cut, with numbered arguments.

use crate::model::{Base, By, Clock, Cut, Measure, Reach, shift_minutes};
use chrono::Duration;
use kernel::PlacePath;
use methods::Method;
use std::collections::HashMap;
use store::{Arg, Engine};

pub(super) struct Statement<'a> {
    cut: &'a Cut,
    method: &'a Method,
    engine: Engine,
    pub args: Vec<Arg>,
    known: HashMap<String, usize>,
}

const TABLE: [(Base, &str); 3] = [
    (Base::Matter, "matter m"),
    (Base::Round, "matter_round r JOIN matter m ON m.street = r.street AND m.id = r.matter"),
    (Base::Evaluation, "matter_evaluation e JOIN matter m ON m.street = e.street AND m.id = e.matter"),
];

/// Who led the round of a verdict.
const VERDICT_LEAD: &str = "(SELECT u.lead FROM matter_round u WHERE u.street = e.street AND u.matter = e.matter AND u.round = e.round)";

/// That a voice gave no later verdict in the period.
const LAST: &str = "NOT EXISTS (SELECT 1 FROM matter_evaluation x WHERE x.street = e.street AND x.matter = e.matter \
AND x.voice = e.voice AND x.round > e.round AND x.at < {to})";

/// The tables of a base for counting. SQLite, which knows nothing of widths, is told of the index that holds every column
/// that figures ask: the rows themselves are wide, and a year of them is read many times.
pub(super) fn narrow(base: Base, engine: Engine) -> String {
    match engine {
        Engine::Sqlite => from(base).replace("matter m", "matter m INDEXED BY matter_figures"),
        Engine::Postgres => from(base).to_owned(),
    }
}

/// The tables of a base.
pub(super) fn from(base: Base) -> &'static str {
    TABLE.iter().find(|(b, _)| *b == base).map_or("", |(_, text)| text)
}

fn column(clock: Clock) -> &'static str {
    match clock {
        Clock::Now | Clock::Raised => "m.raised_at",
        Clock::Closed => "m.closed_at",
        Clock::Dispatched => "r.dispatched_at",
        Clock::Handled => "r.handled_at",
        Clock::Answered => "r.answered_at",
        Clock::Due => "r.judged_by",
        Clock::Evaluated => "e.at",
    }
}

impl<'a> Statement<'a> {
    pub fn new(cut: &'a Cut, method: &'a Method, engine: Engine) -> Self {
        let mut new = Self { cut, method, engine, args: Vec::new(), known: HashMap::new() };
        // The street is `$1` everywhere.
        new.arg("street", cut.street);
        new
    }

    /// The number of an argument, the same for the same name.
    pub fn arg(&mut self, name: impl Into<String>, value: impl Into<Arg>) -> usize {
        let name = name.into();
        if let Some(n) = self.known.get(&name) {
            return *n;
        }
        self.args.push(value.into());
        self.known.insert(name, self.args.len());
        self.args.len()
    }

    /// Puts the values of a definition's `{…}` in.
    pub fn fill(&mut self, text: &str) -> String {
        let mut out = text.to_owned();
        let ago = |days| self.cut.now - Duration::days(days);
        for (token, at) in [
            ("{to}", self.cut.to),
            ("{now}", self.cut.now),
            ("{day_ago}", ago(1)),
            ("{30_days_ago}", ago(30)),
            ("{90_days_ago}", ago(90)),
        ] {
            if out.contains(token) {
                let n = self.arg(token, at);
                out = out.replace(token, &format!("${n}"));
            }
        }
        if out.contains("{repeat_since}") {
            let days = self.method.figures.repeat_days;
            let since = match self.engine {
                // Without the fraction it sorts just before the instant itself.
                Engine::Sqlite => format!("strftime('%Y-%m-%dT%H:%M:%S', m.raised_at, '-{days} days')"),
                Engine::Postgres => format!("m.raised_at - INTERVAL '{days} days'"),
            };
            out = out.replace("{repeat_since}", &since);
        }
        out
    }

    fn within(&mut self, path: &PlacePath) -> String {
        let (from, to) =
            (self.arg(format!("from {path}"), path), self.arg(format!("to {path}"), path.upper()));
        format!("m.place >= ${from} AND m.place < ${to}")
    }

    fn led(&mut self, base: Base, unit: kernel::Id) -> String {
        let n = self.arg(format!("unit {unit}"), unit);
        match base {
            Base::Matter => format!("m.lead = ${n}"),
            Base::Round => format!("r.lead = ${n}"),
            Base::Evaluation => format!("{VERDICT_LEAD} = ${n}"),
        }
    }

    /// Street, place and what the reader's offices reach.
    pub fn scope(&mut self, base: Base) -> String {
        let mut all = vec!["m.street = $1".to_owned()];
        // Everything of a street lies within it: saying so costs the engines the index on the instant.
        if self.cut.place.codes().count() > 1 {
            all.push(self.within(&self.cut.place));
        }
        if let Reach::Staff(seats) = &self.cut.reach {
            let mut any = Vec::new();
            for seat in seats {
                let place = self.within(&seat.place);
                any.push(match seat.unit {
                    None => format!("({place})"),
                    // As in the worklist: what the unit was given; of rounds and verdicts only its own.
                    Some(unit) if base == Base::Matter => {
                        let n = self.arg(format!("unit {unit}"), unit);
                        format!(
                            "({place} AND (m.lead = ${n} OR EXISTS (SELECT 1 FROM matter_round u WHERE u.street = m.street AND u.matter = m.id AND u.lead = ${n}) \
                             OR EXISTS (SELECT 1 FROM matter_task u WHERE u.street = m.street AND u.matter = m.id AND u.unit = ${n})))"
                        )
                    }
                    Some(unit) => format!("({place} AND {})", self.led(base, unit)),
                });
            }
            all.push(if any.is_empty() { "1 = 0".to_owned() } else { format!("({})", any.join(" OR ")) });
        }
        if let Some(unit) = self.cut.unit {
            all.push(self.led(base, unit));
        }
        all.join(" AND ")
    }

    /// The period of a clock; nothing for the stock of this moment.
    pub fn period(&mut self, clock: Clock) -> Option<String> {
        if clock == Clock::Now {
            return None;
        }
        let from = self.arg("{from}", self.cut.from);
        let to = match clock {
            // What is not due yet is neither on time nor late.
            Clock::Due => self.arg("{due}", self.cut.to.min(self.cut.now)),
            _ => self.arg("{to}", self.cut.to),
        };
        let column = column(clock);
        Some(format!("{column} >= ${from} AND {column} < ${to}"))
    }

    /// Scope and period; of verdicts only each voice's last up to the end of the period.
    pub fn wheres(&mut self, base: Base, clock: Clock) -> String {
        let mut all = vec![self.scope(base)];
        all.extend(self.period(clock));
        if base == Base::Evaluation {
            all.push(self.fill(LAST));
        }
        all.join(" AND ")
    }

    /// A span in whole minutes, cut from whole seconds so that both engines give the same.
    pub fn measure(&self, measure: Measure) -> &'static str {
        match (measure, self.engine) {
            (Measure::Handle, _) => "r.handle_minutes",
            (Measure::Reply, _) => "m.reply_minutes",
            (Measure::Close, Engine::Sqlite) => {
                "((CAST(strftime('%s', m.closed_at) AS INTEGER) - CAST(strftime('%s', m.raised_at) AS INTEGER)) / 60)"
            }
            (Measure::Close, Engine::Postgres) => {
                "((CAST(FLOOR(EXTRACT(EPOCH FROM m.closed_at)) AS BIGINT) - CAST(FLOOR(EXTRACT(EPOCH FROM m.raised_at)) AS BIGINT)) / 60)"
            }
        }
    }

    /// The key of a breakdown.
    pub fn key(&self, by: By, base: Base, clock: Clock) -> String {
        match by {
            By::Tier => "COALESCE(m.tier, '')".into(),
            By::Category => "COALESCE(SUBSTR(m.category, 1, 2), '')".into(),
            By::Community => "m.community".into(),
            By::Channel => "m.channel".into(),
            By::Compound => {
                let find = if self.engine == Engine::Sqlite { "INSTR" } else { "STRPOS" };
                let below = "SUBSTR(m.place, LENGTH(m.community) + 1)";
                format!("m.community || SUBSTR({below}, 1, {find}({below}, '/'))")
            }
            By::Month => {
                // Chinese wall-clock time, moved on where a statistical day begins before midnight.
                let shift = shift_minutes(self.method.figures.day_begins);
                let minutes = 480 + if shift == 0 { 0 } else { 1440 - shift };
                let column = column(clock);
                match self.engine {
                    Engine::Sqlite => format!("strftime('%Y-%m', {column}, '+{minutes} minutes')"),
                    Engine::Postgres => format!(
                        "TO_CHAR(({column} AT TIME ZONE 'UTC') + INTERVAL '{minutes} minutes', 'YYYY-MM')"
                    ),
                }
            }
            By::Unit => match base {
                Base::Matter => "m.lead".into(),
                Base::Round => "r.lead".into(),
                Base::Evaluation => VERDICT_LEAD.into(),
            },
        }
    }
}
