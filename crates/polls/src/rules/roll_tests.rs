//! Who is who on a roll, whatever telephones and names stand there: nobody is ever known as somebody else.

use super::{Head, Known, Standing, house, identify, standing};
use kernel::{Id, PlacePath};
use proptest::prelude::*;
use std::collections::{BTreeSet, HashMap};

fn id(n: usize) -> Id {
    Id::named(&format!("person {n}"))
}

fn head(number: u32, name: &str, phone: Option<&str>) -> Head {
    Head {
        number,
        units: number.to_string(),
        area: 0,
        name: name.to_owned(),
        phone: phone.map(str::to_owned),
        person: None,
        shared: false,
        paper: None,
    }
}

fn known(phone: &str, person: usize, name: &str) -> HashMap<String, Known> {
    HashMap::from([(phone.to_owned(), Known { person: id(person), name: Some(name.to_owned()) })])
}

#[test]
fn a_mothers_telephone_on_three_lines_is_hers_on_her_own_only() {
    let mut heads =
        [head(1, "马玉兰", Some("139")), head(2, "马强", Some("139")), head(3, "马丽", Some("139"))];
    identify(&mut heads, &known("139", 1, "马玉兰"));
    assert_eq!(heads.each_ref().map(|h| h.person), [Some(id(1)), None, None]);
    assert_eq!(heads.each_ref().map(|h| h.known_by().is_some()), [true, false, false]);
}

#[test]
fn two_people_of_one_name_with_one_telephone_are_nobody_until_papers_say_they_are_one() {
    let mut heads = [head(1, "李敏", Some("139")), head(2, "李敏", Some("139"))];
    identify(&mut heads, &known("139", 1, "李敏"));
    assert!(heads.iter().all(|h| h.person.is_none() && h.known_by().is_none()));
    let mut heads = [head(1, "李敏", Some("139")), head(2, "李敏", Some("139"))];
    for head in &mut heads {
        head.paper = Some("3301".into());
    }
    identify(&mut heads, &known("139", 1, "李敏"));
    assert!(heads.iter().all(|h| h.person == Some(id(1))));
}

#[test]
fn a_telephone_that_the_register_gives_to_somebody_else_changes_no_known_person() {
    let mut heads =
        [Head { person: Some(id(7)), ..head(1, "李敏", Some("139")) }, head(2, "王强", Some("139"))];
    identify(&mut heads, &known("139", 1, "李敏"));
    assert_eq!((heads[0].person, heads[1].person, heads[1].known_by()), (Some(id(7)), None, None));
}

#[test]
fn a_candidate_is_known_by_person_and_by_name_only_when_no_namesake_is_there() {
    let options = ["李敏（3号楼）".to_owned(), "王强".to_owned()];
    let heads = |persons: [Option<usize>; 3]| {
        let mut heads = [head(1, "李敏", None), head(2, "李敏", None), head(3, "王强", None)];
        for (head, person) in heads.iter_mut().zip(persons) {
            head.person = person.map(id);
        }
        heads
    };
    let both = [id(1), id(2)];
    let ask = |candidates: &[Id], persons| standing(&options, candidates, &heads(persons));
    let is = |sure: &[u32], doubtful: &[u32]| Standing { sure: sure.to_vec(), doubtful: doubtful.to_vec() };
    assert_eq!(ask(&both, [None, None, None]), is(&[3], &[1, 2]), "which of the two stands nobody said");
    assert_eq!(ask(&both, [None, Some(1), None]), is(&[2, 3], &[]), "the other one only has the name");
    assert_eq!(ask(&both, [Some(9), None, None]), is(&[2, 3], &[]), "a known person who does not stand");
    assert_eq!(ask(&[], [Some(9), None, None]), is(&[3], &[1, 2]), "nobody said who stands");
}

proptest! {
    /// Whatever stands on a roll: a person who was not named there is known by a telephone only, and a telephone never makes one
    /// person known on two heads unless the papers say that both are theirs.
    #[test]
    fn one_telephone_is_one_voter(
        rows in prop::collection::vec((0usize..4, prop::option::of(0usize..4), prop::option::of(0usize..3)), 1..20),
        names in prop::collection::vec(0usize..4, 4),
    ) {
        let mut heads: Vec<Head> = (1u32..).zip(&rows).map(|(n, (name, phone, paper))| Head {
            paper: paper.map(|p| p.to_string()),
            ..head(n, &format!("n{name}"), phone.map(|p| format!("p{p}")).as_deref())
        }).collect();
        let register: HashMap<String, Known> = names.iter().enumerate()
            .map(|(n, name)| (format!("p{n}"), Known { person: id(n), name: Some(format!("n{name}")) }))
            .collect();
        identify(&mut heads, &register);
        for n in 0..4 {
            let phone = format!("p{n}");
            let group: Vec<&Head> = heads.iter().filter(|h| h.phone.as_deref() == Some(&phone)).collect();
            // Whom this account votes for: as the person, or by the telephone.
            let theirs: Vec<&&Head> =
                group.iter().filter(|h| h.person == Some(id(n)) || (h.person.is_none() && h.known_by().is_some())).collect();
            let papers: BTreeSet<_> = group.iter().map(|h| h.paper.clone()).collect();
            let one = papers.len() == 1 && !papers.contains(&None);
            prop_assert!(theirs.len() <= 1 || one, "{group:?}");
            prop_assert!(heads.iter().filter(|h| h.person == Some(id(n))).all(|h| h.phone.as_deref() == Some(&phone)));
            if group.len() == 1 {
                prop_assert_eq!(theirs.len(), 1);
            }
        }
    }

    /// Every person of a source is one line, every dwelling one head; a dwelling is somebody's only when nobody else lives there.
    #[test]
    fn what_the_house_knows_is_on_the_roll_once(
        people in prop::collection::vec((0usize..8, 0usize..3), 0..20),
        lives in prop::collection::vec((0usize..8, 0usize..6), 0..20),
    ) {
        let lines = house::of_people(people.iter().map(|(n, name)| (id(*n), format!("n{name}"))));
        let want: BTreeSet<Id> = people.iter().map(|(n, _)| id(*n)).collect();
        let got: Vec<Id> = lines.iter().filter_map(|l| l.person).collect();
        prop_assert_eq!(got.iter().copied().collect::<BTreeSet<_>>(), want);
        prop_assert_eq!(got.iter().collect::<BTreeSet<_>>().len(), got.len());
        let door = |n: usize| PlacePath::parse(&format!("/QH/LY/{n}/")).unwrap();
        // Two doors bear the same name.
        let dwellings: Vec<(PlacePath, String)> = (0..6).map(|n| (door(n), format!("{}室", n.max(1)))).collect();
        let living: Vec<(Id, PlacePath)> = lives.iter().map(|(n, at)| (id(*n), door(*at))).collect();
        let lines = house::of_dwellings(&dwellings, &living);
        prop_assert_eq!(lines.len(), 6);
        prop_assert_eq!(lines.iter().map(|l| l.unit.clone()).collect::<BTreeSet<_>>().len(), 6);
        for (n, line) in lines.iter().enumerate() {
            let here: BTreeSet<Id> = lives.iter().filter(|(_, at)| *at == n).map(|(p, _)| id(*p)).collect();
            prop_assert_eq!(line.person, if here.len() == 1 { here.first().copied() } else { None });
        }
    }
}
