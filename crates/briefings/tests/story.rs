//! One month, every figure counted by hand, on both engines.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

mod common;

use briefings::{By, Cut, FIGURES, Hidden, Part, Reach, Seat, Value, figure, queries};
use common::*;
use methods::{Method, Methods};
use std::collections::BTreeMap;
use store::Conn;

fn method() -> Method {
    Methods::shipped().get(Methods::DEFAULT).unwrap().clone()
}

async fn all(conn: &mut Conn, cut: &Cut) -> BTreeMap<&'static str, Value> {
    let values = briefings::figures(conn, cut, &method()).await.unwrap();
    values.into_iter().map(|v| (v.figure.code, v)).collect()
}

async fn numbers(conn: &mut Conn, cut: &Cut, code: &str, part: Part) -> (Vec<String>, i64) {
    let (mut names, mut times, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let (lines, next) =
            queries::behind(conn, cut, &method(), figure(code).unwrap(), part, &cursor, 2).await.unwrap();
        for l in lines {
            assert!(!names.contains(&l.number), "{} came twice", l.number);
            names.push(l.number);
            times += l.times;
        }
        match next {
            Some(next) => cursor = next,
            None => break,
        }
    }
    names.sort();
    (names, times)
}

/// (code, value, numerator, denominator), counted by hand from the table in `common`.
const EXPECTED: &[(&str, i64, Option<i64>, Option<i64>)] = &[
    ("raised", 8, Some(8), None),
    ("joined_voices", 2, Some(2), None),
    ("closed", 4, Some(4), None),
    ("ended_otherwise", 2, Some(2), None),
    ("open", 3, Some(3), None),
    ("suspended", 1, Some(1), None),
    ("suspended_30d", 0, Some(0), Some(1)),
    ("suspended_90d", 0, Some(0), Some(1)),
    ("overdue", 500, Some(1), Some(2)),
    ("self_governance", 333, Some(2), Some(6)),
    ("repeat", 333, Some(2), Some(6)),
    ("accepted_in_time", 714, Some(5), Some(7)),
    ("handle_median", 60, None, Some(3)),
    ("handle_p90", 100, None, Some(3)),
    ("close_median", 130, None, Some(4)),
    ("contact_24h", 667, Some(4), Some(6)),
    ("signed_in_time", 833, Some(5), Some(6)),
    ("on_time", 667, Some(2), Some(3)),
    ("closed_on_time", 333, Some(1), Some(3)),
    ("solved", 500, Some(2), Some(4)),
    ("redone", 333, Some(1), Some(3)),
    ("rework", 250, Some(1), Some(4)),
    ("evaluated_rate", 750, Some(3), Some(4)),
    ("evaluated", 5, Some(5), None),
    ("contacted_said", 600, Some(3), Some(5)),
    ("solved_said", 800, Some(4), Some(5)),
    ("satisfied", 760, Some(4), Some(5)),
    ("composite", 764, None, Some(5)),
    ("by_staff", 200, Some(1), Some(5)),
    ("satisfied_by_staff", 900, Some(1), Some(1)),
    ("dispatched", 7, Some(7), None),
    ("dispatch_accuracy", 857, Some(6), Some(7)),
    ("returned", 143, Some(1), Some(7)),
    ("extended", 143, Some(1), Some(7)),
    ("imported", 3, Some(3), None),
    ("imported_answered", 667, Some(2), Some(3)),
    ("imported_reply_median", 35, None, Some(2)),
    ("imported_reply_p90", 50, None, Some(2)),
];

store::story!(
    every_figure_agrees_with_a_count_by_hand,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: store::testing::TestStore| async move {
        fill(&t.store).await;
        let mut conn = t.store.read().await.unwrap();
        let cut = march(staff());
        let values = all(&mut conn, &cut).await;
        let expected: Vec<&str> = EXPECTED.iter().map(|e| e.0).collect();
        assert_eq!(expected, FIGURES.iter().map(|f| f.code).collect::<Vec<_>>(), "every figure is expected");
        for (code, value, numerator, denominator) in EXPECTED {
            let v = values[code];
            assert_eq!(
                (v.value, v.numerator, v.denominator),
                (Some(*value), *numerator, *denominator),
                "{code}"
            );
        }
        assert_eq!(values["satisfied"].full, Some(2));
    }
);

store::story!(
    behind_every_figure_stand_exactly_its_matters,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: store::testing::TestStore| async move {
        fill(&t.store).await;
        let mut conn = t.store.read().await.unwrap();
        let cut = march(staff());
        for v in all(&mut conn, &cut).await.values() {
            let code = v.figure.code;
            if let Some(n) = v.denominator {
                assert_eq!(
                    numbers(&mut conn, &cut, code, Part::Denominator).await.1,
                    n,
                    "{code}: denominator"
                );
            }
            if let Some(n) = v.numerator {
                assert_eq!(numbers(&mut conn, &cut, code, Part::Numerator).await.1, n, "{code}: numerator");
            }
        }
        for (code, part, names) in [
            ("raised", Part::Numerator, vec!["L1", "L11", "L2", "L3", "L4", "L5", "L6", "L7"]),
            ("joined_voices", Part::Numerator, vec!["L1"]),
            ("repeat", Part::Numerator, vec!["L2", "L4"]),
            ("on_time", Part::Denominator, vec!["L1", "L2", "L3"]),
            ("on_time", Part::Numerator, vec!["L1", "L3"]),
            ("solved", Part::Numerator, vec!["L10", "L3"]),
            ("solved", Part::Denominator, vec!["L1", "L10", "L2", "L3"]),
            ("contact_24h", Part::Denominator, vec!["L1", "L11", "L2", "L3", "L6"]),
            ("satisfied", Part::Numerator, vec!["L1", "L10", "L3"]),
            ("handle_median", Part::Denominator, vec!["L1", "L2", "L3"]),
            ("imported_reply_p90", Part::Denominator, vec!["I1", "I2"]),
        ] {
            assert_eq!(numbers(&mut conn, &cut, code, part).await.0, names, "{code} {part}");
        }
    }
);

store::story!(
    the_public_sees_no_rate_of_a_few_and_no_hidden_matter,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: store::testing::TestStore| async move {
        fill(&t.store).await;
        let mut conn = t.store.read().await.unwrap();
        let cut = march(Reach::Public);
        let values = all(&mut conn, &cut).await;
        assert!(FIGURES.iter().all(|f| f.public == values.contains_key(f.code)), "only what is public");
        for (code, value, numerator, denominator) in EXPECTED.iter().filter(|e| figure(e.0).unwrap().public) {
            let v = values[code];
            match denominator {
                Some(n) if *n < 5 => {
                    assert_eq!(
                        (v.value, v.numerator, v.full, v.hidden),
                        (None, None, None, Some(Hidden::TooFew)),
                        "{code}"
                    );
                    assert_eq!(v.denominator, Some(*n), "{code}: n is told");
                }
                _ => assert_eq!((v.value, v.numerator, v.hidden), (Some(*value), *numerator, None), "{code}"),
            }
        }
        // L10 counts, but is not shown.
        assert_eq!(numbers(&mut conn, &cut, "closed", Part::Numerator).await.0, ["L1", "L2", "L3"]);
        assert_eq!(
            numbers(&mut conn, &cut, "raised", Part::Numerator).await.0,
            ["L1", "L2", "L3", "L4", "L5", "L6"]
        );
        // A period without anything says so instead of 0 %.
        let empty = Cut { from: at("01-01"), to: at("01-02"), ..cut };
        let nothing = all(&mut conn, &empty).await;
        assert_eq!((nothing["on_time"].value, nothing["on_time"].hidden), (None, Some(Hidden::Nothing)));
        assert_eq!(nothing["raised"].value, Some(0));
    }
);

store::story!(
    readers_count_only_what_they_reach,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: store::testing::TestStore| async move {
        fill(&t.store).await;
        let mut conn = t.store.read().await.unwrap();
        let seat = |place: &str, unit| Seat { place: path(place), unit };
        for (seats, raised, dispatched, evaluated) in [
            (vec![], 0, 0, 0),
            (vec![seat("/QH/LY/", None)], 6, 6, 4),
            (vec![seat("/QH/HY/", None)], 2, 1, 1),
            (vec![seat("/QH/HY/", None), seat("/QH/LY/", None)], 8, 7, 5),
            (vec![seat("/QH/LY/A/", None)], 4, 3, 3),
            // A unit handler: matters, rounds and verdicts of the unit.
            (vec![seat("/QH/", Some(u1()))], 3, 3, 4),
            (vec![seat("/QH/LY/", Some(u1()))], 2, 2, 3),
        ] {
            let values = all(&mut conn, &march(Reach::Staff(seats.clone()))).await;
            let got = ["raised", "dispatched", "evaluated"].map(|c| values[c].value);
            assert_eq!(got, [Some(raised), Some(dispatched), Some(evaluated)], "{seats:?}");
        }
        let narrowed = Cut { place: path("/QH/LY/B/"), ..march(staff()) };
        assert_eq!(all(&mut conn, &narrowed).await["raised"].value, Some(2));
        let unit = Cut { unit: Some(u2()), ..march(staff()) };
        let values = all(&mut conn, &unit).await;
        assert_eq!((values["dispatched"].value, values["evaluated"].value), (Some(4), Some(1)));
    }
);

store::story!(
    breakdowns_add_up_to_the_whole,
    [places::MIGRATIONS, people::MIGRATIONS, matters::MIGRATIONS],
    |t: store::testing::TestStore| async move {
        fill(&t.store).await;
        let mut conn = t.store.read().await.unwrap();
        let cut = march(staff());
        let wanted =
            ["raised", "closed", "dispatched", "evaluated", "on_time", "handle_median", "close_median"]
                .map(|c| figure(c).unwrap());
        let whole = queries::some(&mut conn, &cut, &method(), &wanted).await.unwrap();
        for by in By::ALL {
            let slices = queries::breakdown(&mut conn, &cut, &method(), &wanted, *by).await.unwrap();
            for (i, v) in whole.iter().enumerate() {
                let sum = |get: fn(&Value) -> Option<i64>| {
                    slices.iter().filter_map(|s| get(&s.values[i])).sum::<i64>()
                };
                assert_eq!(sum(|v| v.numerator), v.numerator.unwrap_or(0), "{} by {by}", v.figure.code);
                assert_eq!(sum(|v| v.denominator), v.denominator.unwrap_or(0), "{} by {by}", v.figure.code);
            }
        }
        let mut raised = async |cut: &Cut, by: By| -> Vec<(String, i64)> {
            let slices = queries::breakdown(&mut conn, cut, &method(), &wanted[..1], by).await.unwrap();
            slices.into_iter().map(|s| (s.key, s.values[0].value.unwrap())).collect()
        };
        let pairs =
            |list: &[(&str, i64)]| list.iter().map(|(k, n)| ((*k).to_owned(), *n)).collect::<Vec<_>>();
        assert_eq!(
            raised(&cut, By::Tier).await,
            pairs(&[("", 2), ("autonomy", 2), ("consultation", 2), ("joint", 2)])
        );
        assert_eq!(raised(&cut, By::Category).await, pairs(&[("", 2), ("01", 3), ("02", 2), ("03", 1)]));
        assert_eq!(raised(&cut, By::Community).await, pairs(&[("/QH/HY/", 2), ("/QH/LY/", 6)]));
        assert_eq!(
            raised(&cut, By::Compound).await,
            pairs(&[("/QH/HY/C/", 2), ("/QH/LY/A/", 4), ("/QH/LY/B/", 2)])
        );
        // L1 was raised half an hour after midnight in China, when it was still February elsewhere.
        let winter = Cut { from: at("02-01"), ..cut.clone() };
        assert_eq!(raised(&winter, By::Month).await, pairs(&[("2026-02", 1), ("2026-03", 8)]));

        let units = queries::breakdown(&mut conn, &cut, &method(), &wanted, By::Unit).await.unwrap();
        let of = |unit: kernel::Id, figure: usize| {
            units.iter().find(|s| s.key == unit.to_string()).unwrap().values[figure].value
        };
        assert_eq!((of(u1(), 2), of(u2(), 2)), (Some(3), Some(4)), "rounds given");
        assert_eq!((of(u1(), 5), of(u2(), 5)), (Some(60), Some(60)), "medians of 2 and 10, and of 6 days");
    }
);
