//! A candidate's photo, from the form of the nominee to the page that a stranger reads, and photos of boards: what is sent by
//! browsers without script, what is refused in words, and what nobody gets to see before its day.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use axum::http::StatusCode;
use chrono::{Days, Duration, NaiveDate};
use elections::{
    Election, actions,
    actions::{Named, Times},
    model::{Act, Bar, ElectionKind, Mode, NewElection, RollLine, Warning, Way},
    queries,
};
use kernel::{Actor, Id, OfficeKind, calendar::Calendar, time};
use polls::Bridge;
use std::sync::Arc;
use store::{Engine, pictures::sample, testing, testing::TestStore};
use ui::testing::{Browser, Doorkeeper};

const BRIDGE: Bridge = Bridge::new(|tx, actor, poll| Box::pin(actions::round_ended(tx, actor, poll)));

/// What a photo must not tell: where it was taken.
const SECRET: &[u8] = b"Exif\0\0SECRET-GPS";

/// A photo as a phone sends it, with its place in it.
fn snapshot(hue: u8) -> Vec<u8> {
    let mut photo = sample(900, 1200, hue).unwrap();
    let mut segment = vec![0xFF, 0xE1];
    segment.extend_from_slice(&u16::try_from(SECRET.len() + 2).unwrap().to_be_bytes());
    segment.extend_from_slice(SECRET);
    photo.splice(2..2, segment);
    photo
}

struct Town {
    t: TestStore,
    b: Browser,
    election: Id,
    secretary: Actor,
    duty: Actor,
    /// Whoever stands, and another resident.
    nominee: Id,
    other: Id,
}

impl Town {
    /// An election whose committee is there; its roll is not.
    async fn new() -> Self {
        let rooms = &[places::MIGRATIONS, people::MIGRATIONS, polls::MIGRATIONS, elections::MIGRATIONS];
        let t = testing::open(Engine::Sqlite, rooms).await.unwrap().unwrap();
        let (street, place, people, election) = t
            .store
            .write(|tx| {
                Box::pin(async move {
                    let (sys, place) = places::testing::community(tx).await?;
                    let mut people = Vec::new();
                    for n in 0..4 {
                        let (phone, name) = (format!("1390000{n:04}"), format!("居民{n}"));
                        people.push(people::actions::person_by_phone(tx, &sys, &phone, Some(&name)).await?);
                    }
                    let new = NewElection {
                        kind: ElectionKind::PavilionHead,
                        mode: Mode::Plurality,
                        title: "柳荫亭长推选".into(),
                        post: "亭长".into(),
                        seats: 1,
                        place: place.clone(),
                        polling_day: time::local_date(tx.now) + Days::new(14),
                        roll_posted: None,
                        candidates_days: None,
                    };
                    let calendar = Calendar::shipped();
                    let id = actions::prepare(tx, &sys, new, &calendar).await?.id;
                    for (name, chair) in [("甲", true), ("乙", false)] {
                        actions::name_member(tx, &sys, id, name, None, chair, &calendar).await?;
                    }
                    actions::act(tx, &sys, id, Act::Form, &calendar).await?;
                    Ok((sys.street, place, people, id))
                })
            })
            .await
            .unwrap();
        for words in [&*elections::WORDS, &*polls::WORDS, &*people::WORDS, &*places::WORDS] {
            ui::register(words);
        }
        let home = places::home(&mut t.store.read().await.unwrap()).await.unwrap().unwrap();
        let (secretary, duty) = (people[0], people[1]);
        let keeper = Doorkeeper {
            store: t.store.clone(),
            home: Arc::new(home),
            offices: vec![
                (secretary, OfficeKind::CommunitySecretary, place.clone()),
                (duty, OfficeKind::DutyOfficer, place),
            ],
        };
        let b = Browser::new(elections::routes(BRIDGE), keeper);
        let by = |person| Actor { person: Some(person), ..Actor::system(street) };
        let (secretary, duty) = (by(secretary), by(duty));
        Self { t, b, election, secretary, duty, nominee: people[2], other: people[3] }
    }

    async fn act(&self, act: Act) {
        let (actor, id) = (self.secretary.clone(), self.election);
        let done = self.t.store.write(move |tx| {
            Box::pin(async move { actions::act(tx, &actor, id, act, &Calendar::shipped()).await })
        });
        done.await.unwrap();
    }

    /// The roll is published; two stand by the own wish.
    async fn nominated(&self) {
        let (actor, id, people) = (self.secretary.clone(), self.election, [self.nominee, self.other]);
        let lines: Vec<RollLine> = (0..4)
            .map(|n| RollLine {
                unit: format!("户{n}"),
                name: format!("居民{n}"),
                phone: Some(format!("1390000{n:04}")),
            })
            .collect();
        let published = self.t.store.write(move |tx| {
            Box::pin(async move {
                actions::publish_roll(tx, &actor, id, &lines, None, &Calendar::shipped()).await
            })
        });
        published.await.unwrap();
        self.t.clock.set(self.t.store.now() + Duration::days(4));
        self.act(Act::OpenNominations).await;
        let street = self.secretary.street;
        let nominated = self.t.store.write(move |tx| {
            Box::pin(async move {
                for person in people {
                    let own = Actor { person: Some(person), ..Actor::system(street) };
                    let named = Named {
                        name: String::new(),
                        phone: None,
                        woman: None,
                        way: Way::Own,
                        from: None,
                        agrees: false,
                    };
                    actions::nominate(tx, &own, id, named, false, &Calendar::shipped()).await?;
                }
                Ok(())
            })
        });
        nominated.await.unwrap();
    }

    /// Both passed, and the list is published.
    async fn published(&self) {
        self.act(Act::CloseNominations).await;
        let e = self.election().await;
        let (one, two, id) = (self.secretary.clone(), self.duty.clone(), self.election);
        let published = self.t.store.write(move |tx| {
            Box::pin(async move {
                let calendar = Calendar::shipped();
                let clear: Vec<(Bar, bool)> = Bar::ALL.iter().map(|b| (*b, false)).collect();
                for n in &e.nominees {
                    for by in [&one, &two] {
                        actions::vet(tx, by, id, n.id, clear.clone(), "", &calendar).await?;
                    }
                }
                let reasons: Vec<(Warning, String)> =
                    Warning::ALL.iter().map(|w| (*w, "已研究".into())).collect();
                let opens = time::day_start(e.polling_day) + Duration::hours(8);
                let times = Times { opens, closes: opens + Duration::hours(10), late: None };
                actions::publish_candidates(tx, BRIDGE, &one, id, reasons, times, None, &calendar).await
            })
        });
        published.await.unwrap();
    }

    async fn election(&self) -> Election {
        let mut conn = self.t.store.read().await.unwrap();
        queries::election(&mut conn, self.secretary.street, self.election).await.unwrap().unwrap()
    }

    fn page(&self) -> String {
        format!("/elections/{}", self.election)
    }

    fn desk(&self) -> String {
        format!("/office/elections/{}", self.election)
    }

    /// Where the nominee's photo lies, if there is one.
    async fn portrait(&self) -> Option<String> {
        let e = self.election().await;
        Some(format!("{}/photos/{}", self.page(), e.nominee_of(self.nominee)?.portrait()?.photo))
    }

    /// Rows fold to what they are, and every attachment holds.
    async fn sound(&self) {
        let mut conn = self.t.store.read().await.unwrap();
        let (_, mut faults) = elections::verify(&mut conn).await.unwrap();
        faults.extend(conn.check_blobs(self.t.store.keys()).await.unwrap());
        assert!(faults.is_empty(), "{faults:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_candidates_photo_is_seen_from_the_day_of_the_list_on() {
    let mut town = Town::new().await;
    town.nominated().await;
    let (page, present) = (town.page(), format!("{}/present", town.page()));
    let said = [("about", "住在三号楼"), ("promise", "每月一次议事")];
    let with = |alt: &'static str| [said[0], said[1], ("alt", alt)];
    town.b.who = Some(town.nominee);

    // What is wrong is said, what was typed stays, and nothing is kept of it.
    let huge = vec![0xFF; 13 << 20];
    let photo = snapshot(30);
    let pdf: &[u8] = b"%PDF-1.7 a paper";
    for (file, alt, words, status) in [
        (Some(&photo[..]), "", "请写照片说明", StatusCode::UNPROCESSABLE_ENTITY),
        (Some(pdf), "半身照", "这里要一张照片", StatusCode::UNPROCESSABLE_ENTITY),
        (Some(b"<svg onload=alert(1)>"), "半身照", "只收照片", StatusCode::UNPROCESSABLE_ENTITY),
        (Some(b"\xFF\xD8\xFFbroken"), "半身照", "打不开", StatusCode::UNPROCESSABLE_ENTITY),
        (Some(&huge), "半身照", "最多 12 MB", StatusCode::PAYLOAD_TOO_LARGE),
        (None, "半身照", "还没有选照片", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let files: Vec<(&str, &str, &[u8])> = file.map(|f| ("photo", "me.jpg", f)).into_iter().collect();
        let seen = town.b.upload(&page, &present, &with(alt), &files).await;
        assert_eq!(seen.status, status, "{words}: {}", seen.text);
        for part in [words, "住在三号楼", "每月一次议事", alt] {
            assert!(seen.text.contains(part), "{part}: {}", seen.text);
        }
        assert!(town.election().await.nominee_of(town.nominee).unwrap().presentation.is_none());
    }

    // A good one: the nominee sees it, and nobody else does, whoever guesses where it lies.
    let files: [(&str, &str, &[u8]); 1] = [("photo", "me.jpg", &photo)];
    let seen = town.b.upload(&page, &present, &with("居民2的半身照，短发"), &files).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);
    let first = town.portrait().await.unwrap();
    assert!(town.b.open(&page).await.contains(&format!("{first}?size=small")));
    let whole = town.b.photo(&first).await.unwrap();
    assert!(!whole.windows(6).any(|w| w == b"SECRET"), "nothing but the picture");
    for who in [None, Some(town.other), town.secretary.person] {
        town.b.who = who;
        assert_eq!(town.b.photo(&first).await, Err(StatusCode::NOT_FOUND), "{who:?}");
        assert_eq!(town.b.photo(&format!("{first}?size=small")).await, Err(StatusCode::NOT_FOUND));
        assert!(!town.b.open(&page).await.contains("/photos/"));
    }

    // Saved for its texts alone, it stays; other words for it are other words for the same.
    town.b.who = Some(town.nominee);
    town.b.upload(&page, &present, &with("居民2的半身照，短发"), &[]).await;
    assert_eq!(town.portrait().await.as_ref(), Some(&first));
    let seen = town.b.upload(&page, &present, &with(" "), &[]).await;
    assert!(seen.text.contains("请写照片说明"), "{}", seen.text);
    town.b.upload(&page, &present, &with("居民2在亭前"), &[]).await;
    assert_eq!(town.portrait().await.as_ref(), Some(&first));

    // Another one, and none: what was given before is gone.
    let other = snapshot(200);
    let files: [(&str, &str, &[u8]); 1] = [("photo", "me.jpg", &other)];
    town.b.upload(&page, &present, &with("居民2在亭前"), &files).await;
    let second = town.portrait().await.unwrap();
    assert_ne!(first, second);
    assert_eq!(town.b.photo(&first).await, Err(StatusCode::NOT_FOUND));
    let away = [said[0], said[1], ("alt", "居民2在亭前"), ("away", "1")];
    town.b.upload(&page, &present, &away, &[]).await;
    assert_eq!((town.portrait().await, town.b.photo(&second).await.is_err()), (None, true));
    let seen = town.b.upload(&page, &present, &with("居民2在亭前"), &files).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);
    let third = town.portrait().await.unwrap();
    town.sound().await;

    // From the day of the list on everybody sees it, on the page and on paper, in a light copy.
    town.published().await;
    town.b.who = None;
    let seen = town.b.open(&page).await;
    assert!(seen.contains("alt=\"居民2在亭前\"") && seen.contains(&format!("{third}?size=small")), "{seen}");
    let (whole, small) =
        (town.b.photo(&third).await.unwrap(), town.b.photo(&format!("{third}?size=small")).await.unwrap());
    assert!(small.len() <= whole.len() && small.len() < 60_000, "{} of {}", small.len(), whole.len());
    town.b.who = town.secretary.person;
    assert!(town.b.open(&format!("{}/paper", town.desk())).await.contains(&format!("{third}?size=small")));

    // It stays as it hangs on boards; words may still change.
    town.b.who = Some(town.nominee);
    let own = town.b.open(&page).await;
    assert!(!own.contains("name=\"photo\"") && !own.contains("name=\"away\""), "{own}");
    for (fields, files) in [(&away[..], &[][..]), (&with("别的说明")[..], &files[..])] {
        let seen = town.b.upload(&page, &present, fields, files).await;
        assert!(seen.status == StatusCode::CONFLICT && seen.text.contains("照片不能再改"), "{}", seen.text);
    }
    town.b.done(&page, &format!("{page}/withdraw"), &[]).await;
    assert_eq!((town.portrait().await, town.b.photo(&third).await.is_err()), (None, true), "gone with them");
    town.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_is_its_persons_to_erase() {
    let mut town = Town::new().await;
    town.nominated().await;
    let (page, present) = (town.page(), format!("{}/present", town.page()));
    town.b.who = Some(town.nominee);
    let photo = snapshot(90);
    let files: [(&str, &str, &[u8]); 1] = [("photo", "me.jpg", &photo)];
    town.b.upload(&page, &present, &[("about", "住在三号楼"), ("alt", "居民2的半身照")], &files).await;
    town.published().await;
    let at = town.portrait().await.unwrap();
    let (street, person, keys) = (town.secretary.street, town.nominee, town.t.store.keys().clone());
    let mut conn = town.t.store.read().await.unwrap();
    let kept = (elections::KEEPER.about)(&mut conn, &keys, street, person).await.unwrap();
    drop(conn);
    assert!(kept.iter().any(|k| k.field == "portrait" && k.value == "居民2的半身照"), "{kept:?}");
    let erased = town.t.store.write(move |tx| {
        Box::pin(async move { (elections::KEEPER.erase)(tx, &Actor::system(street), person).await })
    });
    assert_eq!(erased.await.unwrap().erased, 2, "what was said, and what the photo shows");
    for who in [None, Some(town.nominee)] {
        town.b.who = who;
        assert_eq!(town.b.photo(&at).await, Err(StatusCode::NOT_FOUND));
        let seen = town.b.open(&page).await;
        assert!(!seen.contains("/photos/") && !seen.contains("居民2的半身照"), "{seen}");
    }
    town.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strangers_eyes_reach_the_photo_of_a_board_and_no_other_file_passes_for_one() {
    let mut town = Town::new().await;
    town.b.who = town.secretary.person;
    let (desk, roll) = (town.desk(), format!("{}/roll", town.desk()));
    let day: NaiveDate = time::local_date(town.t.store.now());
    let on = day.to_string();
    let hung = [("posted_on", on.as_str()), ("board", "居委会门口公示栏")];
    let lines = "编号,姓名\n1,居民0\n2,居民1\n".as_bytes();
    let pdf: &[u8] = b"%PDF-1.7 a paper";
    for (file, words) in [(pdf, "这里要一张照片"), (b"no photo at all", "只收照片")] {
        let files = [("roll", "roll.csv", lines), ("board_photo", "board.jpg", file)];
        let seen = town.b.upload(&desk, &roll, &hung, &files).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", seen.text);
        assert!(seen.text.contains(words) && seen.text.contains("f-board_photo-e"), "{}", seen.text);
        assert!(seen.text.contains("居委会门口公示栏"), "what was typed stays");
        assert!(town.election().await.rolls.is_empty(), "nothing is published by it");
    }
    let photo = snapshot(140);
    let files = [("roll", "roll.csv", lines), ("board_photo", "board.jpg", &photo[..])];
    let seen = town.b.upload(&desk, &roll, &hung, &files).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);
    let e = town.election().await;
    let at = format!("{}/photos/{}", town.page(), e.rolls[0].posted.as_ref().unwrap().photo.unwrap());
    town.b.who = None;
    let seen = town.b.open(&town.page()).await;
    assert!(seen.contains(&at) && seen.contains("居委会门口公示栏"), "{seen}");
    let shown = town.b.photo(&at).await.unwrap();
    assert!(!shown.windows(6).any(|w| w == b"SECRET"), "nothing but the picture");
    town.sound().await;
}
