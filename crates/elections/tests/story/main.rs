//! Three elections from preparation to the archive, on both engines: ten spokespersons recommended by compounds; a pavilion head with a
//! tie; a committee by representatives whose first vote is void and whose second leaves two seats to a further election. Every
//! wrong step on the way is refused and leaves nothing behind.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use chrono::{Days, Duration, NaiveDate, NaiveTime};
use elections::{
    Election, actions,
    actions::{Correction, Named, Times, Told},
    jobs,
    model::{
        Act, Bar, ElectionKind, ElectionState as S, Mode, NewElection, NomineeState, RollLine, RoundKind,
        Warning, Way,
    },
    queries, rules,
};
use kernel::{Actor, Id, OfficeKind, PlacePath, Time, calendar::Calendar, time};
use polls::{Bridge, model::TellerRole, rules::Act as PollAct};
use store::{
    Fault,
    testing::{TestStore, refused},
};

const BRIDGE: Bridge = Bridge::new(|tx, actor, poll| Box::pin(actions::round_ended(tx, actor, poll)));

fn arg<T>(result: Result<T, Fault>, code: &str, name: &str) -> String {
    match result {
        Err(Fault::Refused(r)) if r.code == code => {
            r.args.iter().find(|(n, _)| *n == name).unwrap().1.clone()
        }
        Err(fault) => panic!("{fault}"),
        Ok(_) => panic!("not refused"),
    }
}

fn at(day: NaiveDate, hour: u32) -> Time {
    time::from_local(day.and_time(NaiveTime::from_hms_opt(hour, 0, 0).unwrap()))
}

fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day + Days::new(days)
}

struct Town {
    t: TestStore,
    secretary: Actor,
    duty: Actor,
    calendar: Calendar,
}

/// Does an action in a transaction of its own, and checks that the record still holds.
macro_rules! does {
    ($town:expr, $actor:expr, |$tx:ident, $a:ident, $c:ident| $what:expr) => {{
        let ($a, $c) = ($actor.clone(), $town.calendar.clone());
        let done = $town.t.store.write(move |$tx| Box::pin(async move { $what.await })).await;
        let mut conn = $town.t.store.read().await.unwrap();
        let (_, faults) = queries::verify(&mut conn).await.unwrap();
        assert!(faults.is_empty(), "{faults:?}");
        done
    }};
}

impl Town {
    async fn new(t: TestStore) -> Self {
        let (secretary, duty) = t
            .store
            .write(|tx| {
                Box::pin(async move {
                    let (sys, _) = places::testing::community(tx).await?;
                    let mut staff = Vec::new();
                    for name in ["周文静", "孙伟"] {
                        let new =
                            people::NewPerson { name: Some(name.into()), ..people::NewPerson::default() };
                        let person = people::actions::add_person(tx, &sys, new).await?;
                        staff.push(Actor {
                            person: Some(person),
                            office: Some(OfficeKind::CommunitySecretary),
                            channel: kernel::Channel::App,
                            ..sys.clone()
                        });
                    }
                    Ok((staff[0].clone(), staff[1].clone()))
                })
            })
            .await
            .unwrap();
        Self { t, secretary, duty, calendar: Calendar::shipped() }
    }

    fn today(&self) -> NaiveDate {
        time::local_date(self.t.store.now())
    }

    /// Residents with telephones, and the roll of them.
    async fn voters(&self, n: usize) -> (Vec<Actor>, Vec<RollLine>) {
        let sys = self.secretary.clone();
        self.t
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let (mut actors, mut lines) = (Vec::new(), Vec::new());
                    for i in 1..=n {
                        let (name, phone) = (format!("住户{i}"), format!("139000{i:05}"));
                        let person = people::actions::person_by_phone(tx, &sys, &phone, Some(&name)).await?;
                        actors.push(Actor {
                            person: Some(person),
                            office: Some(OfficeKind::Resident),
                            ..sys.clone()
                        });
                        lines.push(RollLine { unit: format!("柳荫-{i:03}"), name, phone: Some(phone) });
                    }
                    Ok((actors, lines))
                })
            })
            .await
            .unwrap()
    }

    async fn prepare(
        &self,
        kind: ElectionKind,
        mode: Mode,
        seats: u32,
        day: NaiveDate,
    ) -> Result<Election, Fault> {
        self.prepare_late(kind, mode, seats, day, None).await
    }

    async fn prepare_late(
        &self,
        kind: ElectionKind,
        mode: Mode,
        seats: u32,
        day: NaiveDate,
        roll_posted: Option<NaiveDate>,
    ) -> Result<Election, Fault> {
        let new = NewElection {
            kind,
            mode,
            title: "柳荫社区换届".into(),
            post: "委员".into(),
            seats,
            place: PlacePath::parse("/QH/LY/").unwrap(),
            polling_day: day,
            roll_posted,
            candidates_days: None,
        };
        does!(self, self.secretary, |tx, a, c| async move { actions::prepare(tx, &a, new, &c).await })
    }

    async fn act(&self, id: Id, act: Act) -> Result<Election, Fault> {
        self.by(&self.secretary, id, act).await
    }

    async fn by(&self, who: &Actor, id: Id, act: Act) -> Result<Election, Fault> {
        does!(self, who, |tx, a, c| async move { actions::act(tx, &a, id, act, &c).await })
    }

    async fn member(&self, id: Id, name: &str, phone: &str, chair: bool) -> Result<Election, Fault> {
        let (name, phone) = (name.to_owned(), phone.to_owned());
        does!(self, self.secretary, |tx, a, c| async move {
            actions::name_member(tx, &a, id, &name, Some(&phone), chair, &c).await
        })
    }

    async fn publish_roll(&self, id: Id, lines: &[RollLine]) -> Result<Election, Fault> {
        let lines = lines.to_vec();
        does!(self, self.secretary, |tx, a, c| async move {
            actions::publish_roll(tx, &a, id, &lines, None, &c).await
        })
    }

    async fn nominate(&self, who: &Actor, id: Id, named: Named, staff: bool) -> Result<Election, Fault> {
        does!(self, who, |tx, a, c| async move { actions::nominate(tx, &a, id, named, staff, &c).await })
    }

    async fn sign(&self, who: &Actor, id: Id, nominee: Id) -> Result<Election, Fault> {
        does!(self, who, |tx, a, c| async move { actions::sign(tx, &a, id, nominee, &c).await })
    }

    async fn vet(&self, who: &Actor, id: Id, nominee: Id, bars: &[Bar]) -> Result<Election, Fault> {
        let answers: Vec<(Bar, bool)> = Bar::ALL.iter().map(|b| (*b, bars.contains(b))).collect();
        let note = if bars.is_empty() { "" } else { "档案里有记录" };
        does!(self, who, |tx, a, c| async move { actions::vet(tx, &a, id, nominee, answers, note, &c).await })
    }

    async fn appeal(&self, who: &Actor, id: Id, said: &str) -> Result<Election, Fault> {
        let said = said.to_owned();
        does!(self, who, |tx, a, c| async move { actions::appeal(tx, &a, id, &said, &c).await })
    }

    async fn answer(&self, id: Id, appeal: Id, upheld: bool) -> Result<Election, Fault> {
        does!(self, self.secretary, |tx, a, c| async move {
            actions::decide_appeal(tx, &a, id, appeal, upheld, "核对了户籍", &c).await
        })
    }

    async fn correct(&self, id: Id, how: Correction, appeal: Option<Id>) -> Result<Election, Fault> {
        does!(self, self.secretary, |tx, a, c| async move {
            actions::correct_roll(tx, &a, id, how, appeal, &c).await
        })
    }

    async fn candidates(
        &self,
        id: Id,
        reasons: Vec<(Warning, String)>,
        opens: Time,
        closes: Time,
    ) -> Result<Election, Fault> {
        let times = Times { opens, closes, late: None };
        does!(self, self.secretary, |tx, a, c| async move {
            actions::publish_candidates(tx, BRIDGE, &a, id, reasons, times, None, &c).await
        })
    }

    async fn call(&self, id: Id, opens: Time, late: Option<&str>) -> Result<Election, Fault> {
        let times = Times { opens, closes: opens + Duration::hours(8), late: late.map(str::to_owned) };
        does!(self, self.secretary, |tx, a, c| async move {
            actions::call_round(tx, BRIDGE, &a, id, times, &c).await
        })
    }

    async fn cast(&self, who: &Actor, poll: Id, head: u32, vote: &str) -> Result<(), Fault> {
        let vote = vote.to_owned();
        does!(
            self,
            who,
            |tx, a, _c| async move { polls::actions::secret::cast(tx, &a, poll, head, &vote).await }
        )
    }

    /// A ballot by the code of the booth.
    async fn booth(&self, poll: Id, head: u32, vote: &str) {
        let vote = vote.to_owned();
        does!(self, self.duty, |tx, a, _c| async move {
            let code = polls::actions::secret::hand_out(tx, &a, poll, head, false, "").await?;
            polls::actions::secret::cast_by_pass(tx, a.street, poll, &code.unwrap_or_default().code, &vote)
                .await
        })
        .unwrap();
    }

    /// The clock strikes.
    async fn pass(&self, to: Time) {
        self.t.clock.set(to);
        polls::jobs::sweep(&self.t.store, BRIDGE).await.unwrap();
        jobs::sweep(&self.t.store).await.unwrap();
    }

    async fn get(&self, id: Id) -> Election {
        let mut conn = self.t.store.read().await.unwrap();
        queries::election(&mut conn, self.secretary.street, id).await.unwrap().unwrap()
    }

    /// Votes by candidate: who of the roll marks whom; the first half votes with the own device.
    async fn round(&self, e: &Election, voters: &[Actor], votes: &[(u32, &[&str])]) -> Election {
        let round = e.round().unwrap().clone();
        self.pass(round.opens).await;
        assert_eq!(self.get(e.id).await.state, S::Polling);
        for (head, names) in votes {
            let marks: Vec<String> = names
                .iter()
                .map(|name| {
                    let place = round
                        .candidates
                        .iter()
                        .position(|c| e.label(*c) == Some(*name))
                        .unwrap_or_else(|| panic!("{name} does not stand"));
                    (place + 1).to_string()
                })
                .collect();
            let vote = marks.join(",");
            if head % 2 == 0 {
                let at = usize::try_from(*head).unwrap() - 1;
                self.cast(&voters[at], round.poll, *head, &vote).await.unwrap();
            } else {
                self.booth(round.poll, *head, &vote).await;
            }
        }
        self.pass(round.closes).await;
        assert_eq!(self.get(e.id).await.state, S::Counting);
        self.certify(round.poll).await;
        self.get(e.id).await
    }

    async fn certify(&self, poll: Id) {
        does!(
            self,
            self.secretary,
            |tx, a, _c| async move { polls::actions::count(tx, BRIDGE, &a, poll).await }
        )
        .unwrap();
        for (who, role) in [(&self.secretary, TellerRole::Scrutineer), (&self.duty, TellerRole::Counter)] {
            does!(self, who, |tx, a, _c| async move {
                polls::actions::act(tx, BRIDGE, &a, poll, PollAct::Sign(role)).await
            })
            .unwrap();
        }
        let late = self.kin_now(poll).await;
        assert_eq!(late, "elections.kin-certified", "what was certified stands, published or not");
        does!(self, self.secretary, |tx, a, _c| async move {
            polls::actions::act(tx, BRIDGE, &a, poll, PollAct::Publish).await
        })
        .unwrap();
    }

    /// What noting the first two nominees of a poll's election as near relatives comes to.
    async fn kin_now(&self, poll: Id) -> &'static str {
        let mut conn = self.t.store.read().await.unwrap();
        let poll = polls::queries::poll(&mut conn, self.secretary.street, poll).await.unwrap().unwrap();
        drop(conn);
        let e = self.get(poll.origin.unwrap().id).await;
        refused(self.act(e.id, Act::Kin(e.nominees[0].id, e.nominees[1].id)).await)
    }

    /// From nothing to open nominations, with a committee of three.
    async fn until_nominations(&self, e: &Election, lines: &[RollLine]) -> Election {
        for (n, name) in ["主任甲", "委员乙", "委员丙"].iter().enumerate() {
            self.member(e.id, name, &format!("1380000000{n}"), n == 0).await.unwrap();
        }
        self.act(e.id, Act::Form).await.unwrap();
        self.publish_roll(e.id, lines).await.unwrap();
        let terms = rules::Terms::of_election(e);
        self.t.clock.set(at(later(self.today(), u64::from(terms.appeal) + 4), 9));
        self.act(e.id, Act::OpenNominations).await.unwrap()
    }
}

fn named(name: &str, phone: &str, way: Way, from: Option<&str>) -> Named {
    Named {
        name: name.into(),
        phone: Some(phone.into()),
        woman: Some(name.ends_with('女')),
        way,
        from: from.map(str::to_owned),
        agrees: true,
    }
}

fn told(about: &str, promise: &str) -> Told {
    Told { about: about.into(), promise: promise.into(), ..Told::default() }
}

fn id_of(e: &Election, label: &str) -> Id {
    e.labelled(label).unwrap().id
}

mod posted;

store::story!(
    ten_spokespersons_recommended_by_compounds,
    [places::MIGRATIONS, people::MIGRATIONS, polls::MIGRATIONS, elections::MIGRATIONS],
    |t: TestStore| async move {
        let town = Town::new(t).await;
        let (voters, lines) = town.voters(60).await;
        let near = town.prepare(ElectionKind::Spokespersons, Mode::Plurality, 10, town.today()).await;
        let first: NaiveDate = arg(near, "elections.day-too-near", "earliest").parse().unwrap();
        assert_eq!(
            refused(town.prepare(ElectionKind::Spokespersons, Mode::Voters, 10, first).await),
            "elections.bad-mode"
        );
        let day = later(town.today(), 14);
        assert!(first <= day);
        let e = town.prepare(ElectionKind::Spokespersons, Mode::Plurality, 10, day).await.unwrap();
        assert_eq!((e.number.as_str(), e.state), ("XJ-2026-0001", S::Prepared));
        assert_eq!(refused(town.act(e.id, Act::Form).await), "elections.few-members");
        assert_eq!(refused(town.publish_roll(e.id, &lines).await), "elections.not-now");
        let e = town.until_nominations(&e, &lines).await;

        // Twelve people, from six compounds.
        let compound = |n: usize| format!("第{}小区", n % 6 + 1);
        let mut last = e;
        for n in 1..=12usize {
            let name = if n % 2 == 0 { format!("荐{n}女") } else { format!("荐{n}") };
            let from = compound(n);
            let new = named(&name, &format!("137000000{n:02}"), Way::Compound, Some(&from));
            last = town.nominate(&town.secretary, last.id, new, true).await.unwrap();
        }
        let e = last;
        let again = named("荐1", "13700000001", Way::Compound, Some("第2小区"));
        assert_eq!(
            refused(town.nominate(&town.secretary, e.id, again, true).await),
            "elections.nominated-already"
        );
        let nameless = named("荐99", "13700000099", Way::Compound, None);
        assert_eq!(
            refused(town.nominate(&town.secretary, e.id, nameless, true).await),
            "elections.from-whom"
        );
        // A resident stands by the own wish, and goes back.
        let own = named("住户1", "", Way::Own, None);
        let e = town.nominate(&voters[0], e.id, own, false).await.unwrap();
        let me = e.nominee_of(voters[0].person.unwrap()).unwrap().id;
        let e = town.by(&voters[0], e.id, Act::Withdraw(me)).await.unwrap();
        assert_eq!(e.nominee(me).unwrap().state(), NomineeState::Withdrawn);
        let e = town.act(e.id, Act::CloseNominations).await.unwrap();

        // Two of the twelve are looked at with different eyes; one is barred.
        let ids: Vec<Id> = e.nominees.iter().filter(|n| n.ended.is_none()).map(|n| n.id).collect();
        for id in &ids {
            let bars: &[Bar] = if *id == ids[0] { &[Bar::Convicted] } else { &[] };
            town.vet(&town.secretary, e.id, *id, bars).await.unwrap();
            assert_eq!(refused(town.vet(&town.secretary, e.id, *id, bars).await), "elections.vetted-already");
        }
        let (opens, closes) = (at(day, 8), at(day, 20));
        assert_eq!(refused(town.candidates(e.id, vec![], opens, closes).await), "elections.vetting-open");
        for id in &ids {
            let bars: &[Bar] = if *id == ids[0] { &[Bar::Convicted] } else { &[] };
            town.vet(&town.duty, e.id, *id, bars).await.unwrap();
        }
        let e = town.get(e.id).await;
        assert_eq!(e.nominee(ids[0]).unwrap().state(), NomineeState::Barred);
        assert_eq!(rules::warnings(&e), vec![], "eleven for ten, women among them");
        assert_eq!(
            refused(town.candidates(e.id, vec![], at(later(day, 1), 8), at(later(day, 1), 20)).await),
            "elections.not-the-day"
        );
        let e = town.candidates(e.id, vec![], opens, closes).await.unwrap();
        assert_eq!((e.state, e.round().unwrap().candidates.len()), (S::CandidatesPublished, 11));
        // Whoever has the record draws the lot again.
        let lot = e.lot.clone().unwrap();
        let drawn: Vec<Id> = lot.order.iter().map(|(id, _)| *id).collect();
        let mut sorted = drawn.clone();
        sorted.sort_unstable();
        assert_eq!(rules::order(sorted, &lot.seed), drawn);
        town.by(&town.secretary, e.id, Act::Meet(town.today(), "党群中心见面会".into())).await.unwrap();

        // Everybody votes for ten of the eleven; the one left out differs, so no two have the same votes by chance.
        let labels: Vec<String> = lot.order.iter().map(|(_, l)| l.clone()).collect();
        let votes: Vec<(u32, Vec<&str>)> = (1..=60u32)
            .map(|head| {
                let most = if head % 3 == 0 { 9 } else { 10 };
                (head, labels.iter().map(String::as_str).take(most).collect())
            })
            .collect();
        let votes: Vec<(u32, &[&str])> = votes.iter().map(|(h, v)| (*h, v.as_slice())).collect();
        let e = town.round(&e, &voters, &votes).await;
        assert_eq!(e.state, S::Declared);
        assert_eq!(e.elected.len(), 10);
        assert!(e.elected.iter().all(|x| x.nominee.is_some_and(|n| e.nominee(n).unwrap().stands())));
        assert_eq!(e.elected[0].votes, 60);
        let twice = town.cast(&voters[1], e.round().unwrap().poll, 2, "1").await;
        assert_eq!(refused(twice), "polls.not-open");
        assert_eq!(refused(town.act(e.id, Act::Archive).await), "elections.not-now");
    }
);

store::story!(
    a_pavilion_head_with_a_tie,
    [places::MIGRATIONS, people::MIGRATIONS, polls::MIGRATIONS, elections::MIGRATIONS],
    |t: TestStore| async move {
        let town = Town::new(t).await;
        let (voters, lines) = town.voters(20).await;
        let day = later(town.today(), 14);
        let e = town.prepare(ElectionKind::PavilionHead, Mode::Plurality, 1, day).await.unwrap();
        let e = town.until_nominations(&e, &lines).await;
        // By the own wish, by voters together, by the organisation.
        town.nominate(&voters[0], e.id, named("住户1", "", Way::Own, None), false).await.unwrap();
        let e = town
            .nominate(&voters[1], e.id, named("赵女", "13700000001", Way::Peers, None), false)
            .await
            .unwrap();
        let zhao = e.nominees.last().unwrap().clone();
        assert_eq!(zhao.state(), NomineeState::Collecting);
        assert_eq!((zhao.need, zhao.signers.len()), (10, 1), "whoever names somebody signs");
        assert_eq!(refused(town.sign(&voters[1], e.id, zhao.id).await), "elections.signed-already");
        assert_eq!(refused(town.sign(&town.duty, e.id, zhao.id).await), "elections.not-voter");
        for voter in &voters[2..11] {
            town.sign(voter, e.id, zhao.id).await.unwrap();
        }
        let e = town.get(e.id).await;
        assert_eq!(e.nominee(zhao.id).unwrap().state(), NomineeState::Asked, "not without the own word");
        let zhao_self = Actor { person: Some(zhao.person), ..voters[0].clone() };
        town.by(&zhao_self, e.id, Act::Agree(zhao.id)).await.unwrap();
        // The chair of the committee is nominated: out of the committee as soon as the chair agrees.
        let chair = e.committee[0].person;
        let mut new = named("主任甲", "13800000000", Way::Organisation, Some("社区党委"));
        new.agrees = false;
        let e = town.nominate(&town.secretary, e.id, new, true).await.unwrap();
        assert!(e.serving().any(|m| m.person == chair), "not by being named");
        let named_chair = e.nominee_of(chair).unwrap().id;
        let e = town.act(e.id, Act::Agree(named_chair)).await.unwrap();
        assert!(!e.serving().any(|m| m.person == chair));
        town.act(e.id, Act::CloseNominations).await.unwrap();
        let ids: Vec<Id> = e.nominees.iter().map(|n| n.id).collect();
        for id in &ids {
            town.vet(&town.secretary, e.id, *id, &[]).await.unwrap();
            town.vet(&town.duty, e.id, *id, &[]).await.unwrap();
        }
        let e = town.candidates(e.id, vec![], at(day, 8), at(day, 18)).await.unwrap();
        let (a, b, c) = (&["住户1"][..], &["赵女"][..], &["主任甲"][..]);
        let votes: Vec<(u32, &[&str])> = (1..=10)
            .map(|h| {
                (
                    h,
                    if h <= 4 {
                        a
                    } else if h <= 8 {
                        b
                    } else {
                        c
                    },
                )
            })
            .collect();
        let e = town.round(&e, &voters, &votes).await;
        assert_eq!((e.state, e.elected.len()), (S::Tie, 0), "never a lot, never the alphabet");
        assert_eq!(refused(town.act(e.id, Act::LeaveVacant("没有人".into())).await), "elections.tie-stands");
        let when = at(later(town.today(), 1), 9);
        let e = town.call(e.id, when, None).await.unwrap();
        let round = e.round().unwrap().clone();
        assert_eq!((e.state, round.kind, round.seats), (S::TieVote, RoundKind::Tie, 1));
        assert_eq!(round.candidates.len(), 2, "the tied and nobody else");
        let votes: Vec<(u32, &[&str])> = (1..=7).map(|h| (h, if h <= 3 { a } else { b })).collect();
        let e = town.round(&e, &voters, &votes).await;
        assert_eq!(e.state, S::Declared);
        assert_eq!(e.elected.iter().map(|x| x.name.as_str()).collect::<Vec<_>>(), b);

        // The result is set aside, the round held again; the one before cannot be set aside meanwhile.
        let main = e.rounds[0].poll;
        let annul = |poll: Id| {
            let town = &town;
            async move {
                does!(town, town.secretary, |tx, a, _c| async move {
                    polls::actions::act(tx, BRIDGE, &a, poll, PollAct::Annul("计票有误".into())).await
                })
            }
        };
        assert_eq!(refused(annul(main).await), "elections.later-round");
        annul(e.rounds[1].poll).await.unwrap();
        let e = town.get(e.id).await;
        assert_eq!((e.state, e.elected.len()), (S::SetAside, 0));
        let e = town.call(e.id, at(later(town.today(), 1), 9), None).await.unwrap();
        assert_eq!(e.state, S::TieVote);
        let cancelled = does!(town, town.secretary, |tx, a, c| async move {
            actions::cancel(tx, BRIDGE, &a, e.id, "街道要求重新组织", &c).await
        })
        .unwrap();
        assert_eq!(cancelled.state, S::Cancelled);
    }
);

store::story!(
    a_committee_by_representatives,
    [places::MIGRATIONS, people::MIGRATIONS, polls::MIGRATIONS, elections::MIGRATIONS],
    |t: TestStore| async move {
        let town = Town::new(t).await;
        let (voters, lines) = town.voters(15).await;
        let day = later(town.today(), 40);
        assert_eq!(
            refused(town.prepare(ElectionKind::Committee, Mode::Representatives, 3, day).await),
            "elections.bad-seats"
        );
        let e = town.prepare(ElectionKind::Committee, Mode::Representatives, 5, day).await.unwrap();
        for (n, name) in ["主任甲", "委员乙", "委员丙"].iter().enumerate() {
            town.member(e.id, name, &format!("1380000000{n}"), n == 0).await.unwrap();
        }
        assert_eq!(
            refused(town.member(e.id, "委员乙", "13800000001", false).await),
            "elections.member-already"
        );
        town.act(e.id, Act::Form).await.unwrap();
        let mut twice = lines.clone();
        twice.push(lines[0].clone());
        assert_eq!(refused(town.publish_roll(e.id, &twice).await), "polls.roll-unit");
        // Nineteen days before is one too few; the refusal says which day would do.
        let begun = town.t.store.now();
        town.t.clock.set(at(day, 9) - Duration::days(19));
        let late = town.publish_roll(e.id, &lines).await;
        assert_eq!(arg(late, "elections.too-late", "last"), (day - Days::new(20)).to_string());
        let late = town.publish_roll(e.id, &lines).await;
        let earliest: NaiveDate = arg(late, "elections.too-late", "earliest").parse().unwrap();
        assert_eq!(earliest, later(day, 1));
        assert_eq!(refused(town.act(e.id, Act::Move(day, "提前".into())).await), "elections.day-too-near");
        town.t.clock.set(begun);
        town.publish_roll(e.id, &lines[..14]).await.unwrap();
        let plan = rules::plan(&town.get(e.id).await, town.today(), &town.calendar);
        assert_eq!((plan[0].state, plan[0].done_on), (rules::DueState::Done, Some(town.today())));

        // The fifteenth is missing: an appeal in time, decided, corrected.
        let e = town.appeal(&voters[14], e.id, "名册上没有我").await.unwrap();
        let appeal = e.appeals[0].id;
        assert_eq!(refused(town.appeal(&voters[14], e.id, "还是没有").await), "elections.appealed-already");
        assert_eq!(refused(town.act(e.id, Act::OpenNominations).await), "elections.appeals-run");
        town.t.clock.set(begun + Duration::days(8));
        assert_eq!(refused(town.appeal(&voters[0], e.id, "太晚").await), "elections.appeals-over");
        assert_eq!(refused(town.act(e.id, Act::OpenNominations).await), "elections.appeals-open");
        town.answer(e.id, appeal, true).await.unwrap();
        assert_eq!(refused(town.answer(e.id, appeal, false).await), "elections.decided-already");
        assert_eq!(refused(town.act(e.id, Act::OpenNominations).await), "elections.not-corrected");
        assert_eq!(
            refused(town.correct(e.id, Correction::Add(lines[0].clone()), Some(appeal)).await),
            "elections.on-roll-already"
        );
        let e = town.correct(e.id, Correction::Add(lines[14].clone()), Some(appeal)).await.unwrap();
        assert_eq!((e.roll().unwrap().version, e.roll().unwrap().voters), (2, 15));
        town.act(e.id, Act::OpenNominations).await.unwrap();

        let compound = named("候1女", "13700000001", Way::Compound, Some("第1小区"));
        assert_eq!(
            refused(town.nominate(&town.secretary, e.id, compound, true).await),
            "elections.way-not-here"
        );
        for n in 1..=7 {
            let name = if n == 1 { "候1女".to_owned() } else { format!("候{n}") };
            let new = named(&name, &format!("1370000000{n}"), Way::Organisation, Some("社区党委"));
            town.nominate(&town.secretary, e.id, new, true).await.unwrap();
        }
        let e = town.act(e.id, Act::CloseNominations).await.unwrap();
        town.act(e.id, Act::Kin(e.nominees[1].id, e.nominees[2].id)).await.unwrap();
        for n in &e.nominees {
            town.vet(&town.secretary, e.id, n.id, &[]).await.unwrap();
            town.vet(&town.duty, e.id, n.id, &[]).await.unwrap();
        }
        let own = Actor { person: Some(e.nominees[0].person), ..voters[0].clone() };
        let nominee = e.nominees[0].id;
        does!(town, own, |tx, a, c| async move {
            actions::present(tx, &a, e.id, nominee, told("在社区住了二十年", "每周三晚上在家接待"), &c).await
        })
        .unwrap();
        let (opens, closes) = (at(day, 8), at(day, 18));
        assert_eq!(refused(town.candidates(e.id, vec![], opens, closes).await), "elections.warning");
        let reasons = vec![(Warning::NearRelatives, "两人为表亲，公示说明".to_owned())];
        town.t.clock.set(at(day, 9) - Duration::days(4));
        let late = town.candidates(e.id, reasons.clone(), opens, closes).await;
        assert_eq!(arg(late, "elections.too-late", "last"), (day - Days::new(5)).to_string());
        town.t.clock.set(at(day, 9) - Duration::days(6));
        let e = town.candidates(e.id, reasons, opens, closes).await.unwrap();
        // What comes out after the list was published is noted as well.
        let e = town.act(e.id, Act::Kin(e.nominees[6].id, e.nominees[2].id)).await.unwrap();
        assert!(e.are_kin(e.nominees[2].id, e.nominees[6].id));

        // Ten of fifteen are two thirds, and more than two thirds are asked: void.
        let all = ["候1女", "候2", "候3", "候4", "候5"];
        let votes: Vec<(u32, &[&str])> = (1..=10).map(|h| (h, &all[..])).collect();
        let e = town.round(&e, &voters, &votes).await;
        assert_eq!((e.state, e.elected.len()), (S::InvalidTurnout, 0));
        let too_soon = town.call(e.id, at(later(town.today(), 2), 8), None).await;
        assert_eq!(refused(too_soon), "elections.too-soon");
        let e = town.call(e.id, at(later(town.today(), 7), 8), None).await.unwrap();
        assert_eq!(
            (e.state, e.round().unwrap().kind, e.rounds.len()),
            (S::CandidatesPublished, RoundKind::Main, 2)
        );
        // One goes back although the ballots are out: whoever is marked then is not elected.
        let back = id_of(&e, "候3");
        let e = town.act(e.id, Act::Withdraw(back)).await.unwrap();
        let four = ["候1女", "候2", "候3", "候4"];
        let mut votes: Vec<(u32, &[&str])> = (1..=12).map(|h| (h, &four[..])).collect();
        votes.push((13, &["候5", "候6"]));
        votes.push((14, &["候5", "候7"]));
        votes.push((15, &["候6"]));
        let e = town.round(&e, &voters, &votes).await;
        assert_eq!((e.state, e.elected.len(), e.seats_left()), (S::Short, 3, 2));
        assert!(!e.is_elected(back));
        // The further election within thirty days: two seats, the three who stand next.
        let until = rules::runoff_until(&e, &town.calendar).unwrap();
        let beyond = town.call(e.id, at(later(until, 1), 8), None).await;
        assert_eq!(arg(beyond, "elections.runoff-late", "last"), until.to_string());
        let e = town.call(e.id, at(later(town.today(), 10), 8), None).await.unwrap();
        let round = e.round().unwrap().clone();
        assert_eq!((round.kind, round.seats, round.candidates.len()), (RoundKind::Runoff, 2, 3));
        assert_eq!(round.rule, "election_reps_runoff");
        let votes: Vec<(u32, &[&str])> = (1..=15)
            .map(|h| match h {
                1..=5 => (h, &["候5"][..]),
                6..=11 => (h, &["候6"][..]),
                _ => (h, &["候7"][..]),
            })
            .collect();
        let e = town.round(&e, &voters, &votes).await;
        assert_eq!(e.state, S::Declared, "five of fifteen are a third");
        // The first three have as many votes as one another: they stand in the order of the lot.
        let mut elected: Vec<&str> = e.elected.iter().map(|x| x.name.as_str()).collect();
        elected[..3].sort_unstable();
        assert_eq!(elected, ["候1女", "候2", "候4", "候6", "候5"]);

        assert_eq!(
            refused(town.act(e.id, Act::HandOver(later(town.today(), 1), "公章".into())).await),
            "elections.bad-handover"
        );
        let plan = rules::plan(&e, later(town.today(), 20), &town.calendar);
        assert_eq!(plan.last().unwrap().state, rules::DueState::Late, "overdue is shown");
        town.act(e.id, Act::HandOver(town.today(), "公章、档案、账目".into())).await.unwrap();
        let e = town.act(e.id, Act::Archive).await.unwrap();
        assert_eq!(e.state, S::Archived);
        let mut conn = town.t.store.read().await.unwrap();
        let keys = town.t.store.keys().clone();
        let (street, person) = (e.street, e.nominees[0].person);
        let kept = (elections::KEEPER.about)(&mut conn, &keys, street, person).await.unwrap();
        assert!(kept.iter().any(|k| k.field == "presentation" && k.value.contains("二十年")));
    }
);
