//! People sign in, hold offices and are imported; what is personal stands nowhere in clear. On both engines.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use chrono::{Duration, NaiveDate};
use kernel::{Actor, Channel, Id, OfficeKind, PlacePath, time};
use people::{
    Caller, NewOffice, NewPerson, NewUnit, SetUp, SetUpDone, UnitKind, actions, gate, jobs, queries,
    queries::lists::{self, Filter},
    rules::second,
};
use store::{Fault, Outgoing, Row, Sender, Store, args, testing::TestStore};
use ui::Lang;

const GOOD: &str = "柳荫Sheng-71";
const ROOMS: [store::Migrations; 2] = [places::MIGRATIONS, people::MIGRATIONS];

fn path(text: &str) -> PlacePath {
    PlacePath::parse(text).unwrap()
}

fn refused<T>(result: Result<T, Fault>) -> &'static str {
    match result {
        Ok(_) => "nothing",
        Err(Fault::Refused(r)) => r.code,
        Err(fault) => panic!("{fault}"),
    }
}

async fn set_up(store: &Store) -> SetUpDone {
    let input = SetUp {
        street_name: "清和街道".into(),
        street_code: "QH".into(),
        community_name: "柳荫社区".into(),
        community_code: "LY".into(),
        admin_login: "Gate".into(),
        admin_password: GOOD.into(),
        secretary_name: Some("周文静".into()),
        ..SetUp::default()
    };
    store.write(move |tx| Box::pin(async move { people::set_up(tx, input).await })).await.unwrap()
}

fn caller() -> Caller {
    Caller { address: "192.0.2.7".into(), agent: "Firefox 128".into() }
}

async fn enter(store: &Store, login: &str, password: &str) -> Result<people::SignedIn, Fault> {
    actions::sign_in(store, login, password, &caller()).await
}

/// A resident with telephone, account and login, opened by the system itself.
async fn staff(store: &Store, street: Id, login: &'static str, phone: &'static str) -> (Id, Id) {
    store
        .write(move |tx| {
            Box::pin(async move {
                let actor = Actor::system(street);
                let new =
                    NewPerson { name: Some("李敏".into()), phone: Some(phone.into()), lives_at: None };
                let person = actions::add_person(tx, &actor, new).await?;
                let account = actions::open_account(tx, &actor, person, login, Some(GOOD)).await?;
                Ok((person, account))
            })
        })
        .await
        .unwrap()
}

async fn setting(store: &Store, street: Id, name: &'static str, value: serde_json::Value) {
    store.write(move |tx| Box::pin(async move { tx.set(street, name, value).await })).await.unwrap();
}

store::story!(
    a_password_opens_and_failures_lock,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let done = set_up(&t.store).await;
        let (person, account) = staff(&t.store, done.street, "limin", "13900001111").await;
        let signed = enter(&t.store, " LiMin ", GOOD).await.unwrap();
        assert_eq!((signed.person, signed.account, signed.staff), (person, account, false));
        assert_eq!(signed.seconds, Some(30 * 86_400), "a resident stays signed in");
        let by_phone = enter(&t.store, "139 0000 1111", GOOD).await.unwrap();
        assert_eq!(by_phone.account, account);
        let who = gate::session(&t.store, &signed.token).await.unwrap().unwrap();
        assert_eq!((who.name.as_str(), who.offices.len(), who.must_go), ("李敏", 0, None));
        assert!(gate::session(&t.store, &"0".repeat(64)).await.unwrap().is_none());

        // The same sentences for an account that exists and one that does not.
        for login in ["limin", "nobody"] {
            for _ in 0..4 {
                assert_eq!(
                    refused(enter(&t.store, login, "Falsch-123").await),
                    "people.wrong-sign-in",
                    "{login}"
                );
            }
            assert_eq!(refused(enter(&t.store, login, "Falsch-123").await), "people.locked-out", "{login}");
            assert_eq!(
                refused(enter(&t.store, login, GOOD).await),
                "people.locked-out",
                "{login}: even the right one"
            );
        }
        t.clock.advance(Duration::minutes(10));
        assert_eq!(refused(enter(&t.store, "limin", "Falsch-123").await), "people.wrong-sign-in");
        enter(&t.store, "limin", GOOD).await.unwrap();
        for _ in 0..5 {
            let _ = enter(&t.store, "limin", "Falsch-123").await;
        }
        let mut conn = t.store.read().await.unwrap();
        let rows = lists::accounts(
            &mut conn,
            done.street,
            &Filter { persons: Some(vec![person]), ..Filter::default() },
            time::local_date(t.store.now()),
            None,
            10,
        )
        .await
        .unwrap();
        assert!(rows[0].1.is_some(), "the administrator sees the lock");
        let log = lists::log(&mut conn, done.street, Some("locked_out"), None, 10).await.unwrap();
        assert_eq!(log.len(), 2, "both locks are in the log");
        let failed = lists::log(&mut conn, done.street, Some("sign_in_failed"), None, 50).await.unwrap();
        assert_eq!(failed.len(), 11);
        drop(conn);
        let street = done.street;
        t.store
            .write(move |tx| {
                Box::pin(async move { actions::unlock_account(tx, &Actor::system(street), account).await })
            })
            .await
            .unwrap();
        enter(&t.store, "limin", GOOD).await.unwrap();
        assert_eq!(people::verify(&mut t.store.read().await.unwrap()).await.unwrap().1.len(), 0);
    }
);

store::story!(
    sessions_run_out_and_end_everywhere,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let done = set_up(&t.store).await;
        let street = done.street;
        setting(&t.store, street, "people.second_factor", "off".into()).await;
        let (person, account) = staff(&t.store, street, "limin", "13900001111").await;
        let resident = enter(&t.store, "limin", GOOD).await.unwrap();
        t.clock.advance(Duration::days(29));
        assert!(gate::session(&t.store, &resident.token).await.unwrap().is_some());
        t.clock.advance(Duration::days(29));
        assert!(gate::session(&t.store, &resident.token).await.unwrap().is_some(), "use keeps it alive");
        t.clock.advance(Duration::days(30));
        assert!(gate::session(&t.store, &resident.token).await.unwrap().is_none());

        // Staff: half an hour without a sign, twelve hours at most. The first office ends the resident's sessions.
        let resident = enter(&t.store, "limin", GOOD).await.unwrap();
        t.store
            .write(move |tx| {
                Box::pin(async move {
                    let office = NewOffice {
                        person,
                        kind: OfficeKind::GridOfficer,
                        place: path("/QH/LY/"),
                        unit: None,
                        from: None,
                        until: None,
                    };
                    actions::give_office(tx, &Actor::system(street), office).await
                })
            })
            .await
            .unwrap();
        assert!(gate::session(&t.store, &resident.token).await.unwrap().is_none());
        let signed = enter(&t.store, "limin", GOOD).await.unwrap();
        assert_eq!((signed.staff, signed.seconds, signed.must_go), (true, None, None));
        t.clock.advance(Duration::minutes(31));
        assert!(gate::session(&t.store, &signed.token).await.unwrap().is_none(), "idle");
        let signed = enter(&t.store, "limin", GOOD).await.unwrap();
        for _ in 0..35 {
            t.clock.advance(Duration::minutes(20));
            assert!(gate::session(&t.store, &signed.token).await.unwrap().is_some());
        }
        t.clock.advance(Duration::minutes(20));
        assert!(gate::session(&t.store, &signed.token).await.unwrap().is_none(), "twelve hours are over");

        let (a, b) =
            (enter(&t.store, "limin", GOOD).await.unwrap(), enter(&t.store, "limin", GOOD).await.unwrap());
        let token = a.token.clone();
        t.store.write(move |tx| Box::pin(async move { actions::sign_out(tx, &token).await })).await.unwrap();
        assert!(gate::session(&t.store, &a.token).await.unwrap().is_none());
        assert!(gate::session(&t.store, &b.token).await.unwrap().is_some(), "the other goes on");
        let me = Actor { person: Some(person), ..Actor::anonymous(street, Channel::App) };
        let c = enter(&t.store, "limin", GOOD).await.unwrap();
        let (mine, keep) = (me.clone(), c.token.clone());
        t.store
            .write(move |tx| {
                Box::pin(async move {
                    actions::change_password(tx, &mine, account, GOOD, "Hebin-2026x", Some(&keep)).await
                })
            })
            .await
            .unwrap();
        assert!(gate::session(&t.store, &b.token).await.unwrap().is_none(), "a new password ends the others");
        assert!(gate::session(&t.store, &c.token).await.unwrap().is_some());
        assert_eq!(refused(enter(&t.store, "limin", GOOD).await), "people.wrong-sign-in");
        t.store
            .write(move |tx| Box::pin(async move { actions::sign_out_everywhere(tx, &me, account).await }))
            .await
            .unwrap();
        assert!(gate::session(&t.store, &c.token).await.unwrap().is_none());
        t.clock.advance(Duration::days(365));
        assert!(jobs::sweep(&t.store).await.unwrap() > 0, "what has run out is removed");
        assert_eq!(people::verify(&mut t.store.read().await.unwrap()).await.unwrap().1.len(), 0);
    }
);

/// Keeps what would have been sent.
#[derive(Default)]
struct Kept(std::sync::Mutex<Vec<Outgoing>>);
impl Sender for Kept {
    fn send<'a>(&'a self, message: &'a Outgoing) -> futures_util::future::BoxFuture<'a, Result<(), String>> {
        self.0.lock().unwrap().push(message.clone());
        Box::pin(async { Ok(()) })
    }
}

async fn last_code(store: &Store) -> String {
    let kept = Kept::default();
    store::deliver(store, &kept).await.unwrap();
    let sent = kept.0.lock().unwrap().pop().expect("a message");
    assert_eq!((sent.channel.as_str(), sent.to.as_str()), ("sms", "13800002222"));
    sent.text.split(|c: char| !c.is_ascii_digit()).find(|w| w.len() == 6).expect("six digits").to_owned()
}

store::story!(
    a_code_opens_a_resident_s_account,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let done = set_up(&t.store).await;
        let phone = "13800002222";
        assert_eq!(
            refused(actions::send_code(&t.store, "0571-88001234", Lang::ZhHans, &caller()).await),
            "people.bad-mobile"
        );
        actions::send_code(&t.store, phone, Lang::ZhHans, &caller()).await.unwrap();
        assert_eq!(
            refused(actions::send_code(&t.store, phone, Lang::ZhHans, &caller()).await),
            "people.code-too-soon"
        );
        let code = last_code(&t.store).await;
        let bad = if code == "000000" { "000001" } else { "000000" };
        for _ in 0..4 {
            assert_eq!(
                refused(actions::sign_in_by_code(&t.store, phone, bad, &caller()).await),
                "people.code-wrong"
            );
        }
        let first = actions::sign_in_by_code(&t.store, phone, &code, &caller()).await.unwrap();
        assert_eq!(
            refused(actions::sign_in_by_code(&t.store, phone, &code, &caller()).await),
            "people.code-wrong",
            "once only"
        );
        let who = gate::session(&t.store, &first.token).await.unwrap().unwrap();
        assert_eq!(who.name, "138****2222");

        t.clock.advance(Duration::minutes(2));
        actions::send_code(&t.store, phone, Lang::En, &caller()).await.unwrap();
        let code = last_code(&t.store).await;
        for _ in 0..5 {
            let _ = actions::sign_in_by_code(&t.store, phone, bad, &caller()).await;
        }
        assert_eq!(
            refused(actions::sign_in_by_code(&t.store, phone, &code, &caller()).await),
            "people.code-wrong",
            "five tries are over"
        );
        t.clock.advance(Duration::minutes(2));
        actions::send_code(&t.store, phone, Lang::ZhHans, &caller()).await.unwrap();
        let code = last_code(&t.store).await;
        t.clock.advance(Duration::minutes(6));
        assert_eq!(
            refused(actions::sign_in_by_code(&t.store, phone, &code, &caller()).await),
            "people.code-wrong",
            "run out"
        );
        actions::send_code(&t.store, phone, Lang::ZhHans, &caller()).await.unwrap();
        let code = last_code(&t.store).await;
        let second = actions::sign_in_by_code(&t.store, phone, &code, &caller()).await.unwrap();
        assert_eq!(second.account, first.account, "the same account again");
        t.clock.advance(Duration::minutes(2));
        actions::send_code(&t.store, phone, Lang::ZhHans, &caller()).await.unwrap();
        t.clock.advance(Duration::minutes(2));
        assert_eq!(
            refused(actions::send_code(&t.store, phone, Lang::ZhHans, &caller()).await),
            "people.too-many-codes"
        );
        let mut conn = t.store.read().await.unwrap();
        let found = queries::find_by_phone(&mut conn, t.store.keys(), done.street, phone).await.unwrap();
        assert_eq!(found, Some(first.person));
    }
);

store::story!(
    offices_hold_for_their_term_only,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let done = set_up(&t.store).await;
        let street = done.street;
        setting(&t.store, street, "people.second_factor", "off".into()).await;
        let (person, _) = staff(&t.store, street, "limin", "13900001111").await;
        let day = |d: &str| d.parse::<NaiveDate>().unwrap();
        let give = |actor: Actor, new: NewOffice| {
            t.store.write(move |tx| Box::pin(async move { actions::give_office(tx, &actor, new).await }))
        };
        let plain = NewOffice {
            person,
            kind: OfficeKind::BuildingHead,
            place: path("/QH/LY/"),
            unit: None,
            from: Some(day("2026-03-10")),
            until: Some(day("2026-03-20")),
        };
        let in_office = |office| Actor {
            person: Some(Id::named("somebody")),
            office: Some(office),
            ..Actor::anonymous(street, Channel::App)
        };
        assert_eq!(refused(give(in_office(OfficeKind::SystemAdmin), plain.clone()).await), "ui.no-right");
        let own = Actor { person: Some(person), ..in_office(OfficeKind::SecurityAdmin) };
        assert_eq!(refused(give(own, plain.clone()).await), "people.not-self");
        let security = in_office(OfficeKind::SecurityAdmin);
        let office = give(security.clone(), plain.clone()).await.unwrap();
        assert_eq!(refused(give(security.clone(), plain.clone()).await), "people.already-held");
        let no_unit = NewOffice { kind: OfficeKind::UnitHandler, ..plain.clone() };
        assert_eq!(refused(give(security.clone(), no_unit).await), "people.unit-needed");
        assert_eq!(
            refused(give(security.clone(), NewOffice { place: path("/QH/XX/"), ..plain.clone() }).await),
            "people.no-place"
        );
        let backwards =
            NewOffice { from: Some(day("2026-05-02")), until: Some(day("2026-05-01")), ..plain.clone() };
        assert_eq!(refused(give(security.clone(), backwards).await), "people.until-before-from");

        let token = enter(&t.store, "limin", GOOD).await.unwrap().token;
        for (date, held) in [("2026-03-09", 0), ("2026-03-10", 1), ("2026-03-20", 1), ("2026-03-21", 0)] {
            // Noon in China.
            t.clock.set(time::parse_stamp(&format!("{date}T04:00:00Z")).unwrap());
            let signed = gate::session(&t.store, &token).await.unwrap().unwrap();
            assert_eq!(signed.offices.len(), held, "{date}");
            let mut conn = t.store.read().await.unwrap();
            let holders = queries::holders(
                &mut conn,
                street,
                OfficeKind::BuildingHead,
                &path("/QH/LY/A/3/"),
                t.store.now(),
            )
            .await
            .unwrap();
            assert_eq!(holders.len(), held, "{date}");
            let outside =
                queries::holders(&mut conn, street, OfficeKind::BuildingHead, &path("/QH/"), t.store.now())
                    .await
                    .unwrap();
            assert_eq!(outside.len(), 0, "{date}: not above its place");
        }
        t.clock.set(time::parse_stamp("2026-03-12T04:00:00Z").unwrap());
        let signed = gate::session(&t.store, &token).await.unwrap().unwrap();
        assert_eq!(signed.offices[0].place_name, "柳荫社区");
        t.store
            .write(move |tx| {
                Box::pin(async move { actions::end_office(tx, &security, office, "换届").await })
            })
            .await
            .unwrap();
        assert!(gate::session(&t.store, &token).await.unwrap().unwrap().offices.is_empty(), "ended at once");

        // The three administrators are never the same person.
        let admins = queries::holders(
            &mut t.store.read().await.unwrap(),
            street,
            OfficeKind::SystemAdmin,
            &path("/QH/"),
            t.store.now(),
        )
        .await
        .unwrap();
        let admin = admins[0].person;
        for kind in [OfficeKind::SecurityAdmin, OfficeKind::AuditAdmin] {
            let new =
                NewOffice { person: admin, kind, place: path("/QH/"), unit: None, from: None, until: None };
            assert_eq!(
                refused(give(in_office(OfficeKind::SecurityAdmin), new).await),
                "people.three-admins",
                "{kind}"
            );
        }
        assert_eq!(people::verify(&mut t.store.read().await.unwrap()).await.unwrap().1.len(), 0);
    }
);

store::story!(
    a_second_factor_is_asked_and_works_once,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let done = set_up(&t.store).await;
        let street = done.street;
        // Never set: administrators need one.
        let signed = enter(&t.store, "gate", GOOD).await.unwrap();
        assert_eq!(signed.must_go, Some("/account/second-factor"));
        let me = Actor {
            person: Some(signed.person),
            office: Some(OfficeKind::SystemAdmin),
            ..Actor::anonymous(street, Channel::App)
        };
        let (actor, account) = (me.clone(), signed.account);
        let enrolment = t
            .store
            .write(move |tx| {
                Box::pin(async move {
                    actions::start_second_factor(tx, &actor, account, "议事亭", "gate").await
                })
            })
            .await
            .unwrap();
        let secret = unbase32(&enrolment.secret);
        let code = second::code_at(&secret, t.store.now().timestamp()).unwrap();
        let (actor, token, first) = (me.clone(), signed.token.clone(), code.clone());
        let spare = t
            .store
            .write(move |tx| {
                Box::pin(async move {
                    actions::confirm_second_factor(tx, &actor, account, &first, Some(&token)).await
                })
            })
            .await
            .unwrap();
        assert_eq!(spare.len(), 8);
        let who = gate::session(&t.store, &signed.token).await.unwrap().unwrap();
        assert_eq!((who.must_go, who.offices.len()), (None, 1));

        let next = enter(&t.store, "gate", GOOD).await.unwrap();
        let who = gate::session(&t.store, &next.token).await.unwrap().unwrap();
        assert_eq!(
            (who.must_go, who.offices.len()),
            (Some("/account/second-factor"), 0),
            "no office before the second factor"
        );
        assert_eq!(
            refused(actions::check_second_factor(&t.store, &next.token, &code).await),
            "people.second-wrong",
            "used before"
        );
        t.clock.advance(Duration::seconds(60));
        let code = second::code_at(&secret, t.store.now().timestamp()).unwrap();
        actions::check_second_factor(&t.store, &next.token, &code).await.unwrap();
        assert_eq!(gate::session(&t.store, &next.token).await.unwrap().unwrap().offices.len(), 1);

        let third = enter(&t.store, "gate", GOOD).await.unwrap();
        for _ in 0..5 {
            assert_eq!(
                refused(actions::check_second_factor(&t.store, &third.token, "123").await),
                "people.second-wrong"
            );
        }
        assert_eq!(
            refused(actions::check_second_factor(&t.store, &third.token, &spare[0]).await),
            "people.locked-out"
        );
        t.clock.advance(Duration::minutes(11));
        actions::check_second_factor(&t.store, &third.token, &spare[0].to_uppercase()).await.unwrap();
        let fourth = enter(&t.store, "gate", GOOD).await.unwrap();
        assert_eq!(
            refused(actions::check_second_factor(&t.store, &fourth.token, &spare[0]).await),
            "people.second-wrong",
            "used up"
        );
        let dropped = t
            .store
            .write(move |tx| {
                Box::pin(async move { actions::drop_second_factor(tx, &me, account, Some("000000")).await })
            })
            .await;
        assert_eq!(refused(dropped), "people.second-needed");
    }
);

fn unbase32(text: &str) -> Vec<u8> {
    let (mut bits, mut n, mut out) = (0u32, 0, Vec::new());
    for c in text.bytes() {
        let v = if c.is_ascii_uppercase() { c - b'A' } else { c - b'2' + 26 };
        bits = (bits << 5) | u32::from(v);
        n += 5;
        if n >= 8 {
            n -= 8;
            out.push(u8::try_from((bits >> n) & 0xff).unwrap());
        }
    }
    out
}

store::story!(
    one_time_passwords_must_be_changed,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let done = set_up(&t.store).await;
        setting(&t.store, done.street, "people.second_factor", "off".into()).await;
        let kinds: Vec<OfficeKind> = done.one_time.iter().map(|o| o.0).collect();
        assert_eq!(
            kinds,
            [OfficeKind::SecurityAdmin, OfficeKind::AuditAdmin, OfficeKind::CommunitySecretary]
        );
        let (_, login, password) = &done.one_time[0];
        let signed = enter(&t.store, login, password).await.unwrap();
        let who = gate::session(&t.store, &signed.token).await.unwrap().unwrap();
        assert_eq!(
            (who.must_go, who.offices[0].kind),
            (Some("/account/password"), OfficeKind::SecurityAdmin)
        );
        let me = Actor { person: Some(signed.person), ..Actor::anonymous(done.street, Channel::App) };
        let change = |new: &'static str| {
            let (me, old, token) = (me.clone(), password.clone(), signed.token.clone());
            t.store.write(move |tx| {
                Box::pin(async move {
                    actions::change_password(tx, &me, signed.account, &old, new, Some(&token)).await
                })
            })
        };
        assert_eq!(refused(change("kurz").await), "people.password-short");
        assert_eq!(refused(change("password123").await), "people.password-common");
        change(GOOD).await.unwrap();
        assert_eq!(gate::session(&t.store, &signed.token).await.unwrap().unwrap().must_go, None);
        let again =
            t.store.write(|tx| Box::pin(async move { people::set_up(tx, SetUp::default()).await })).await;
        assert_eq!(refused(again), "people.already-set-up");
    }
);

store::story!(
    tokens_act_for_their_account,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let done = set_up(&t.store).await;
        let street = done.street;
        let mut conn = t.store.read().await.unwrap();
        let account =
            queries::account_by_login(&mut conn, t.store.keys(), street, "GATE").await.unwrap().unwrap();
        drop(conn);
        assert_eq!(account.id, done.admin);
        let token = t
            .store
            .write(move |tx| {
                Box::pin(async move {
                    actions::create_token(tx, &Actor::system(street), account.id, "大屏").await
                })
            })
            .await
            .unwrap();
        assert!(token.starts_with("yst_") && token.len() == 68);
        let who = gate::bearer(&t.store, &token).await.unwrap().unwrap();
        assert_eq!(
            (who.account, who.offices[0].kind, who.must_go),
            (done.admin, OfficeKind::SystemAdmin, None)
        );
        assert!(gate::session(&t.store, &token[4..]).await.unwrap().is_none(), "a token is no session");
        let list = lists::tokens(&mut t.store.read().await.unwrap(), street, done.admin).await.unwrap();
        let id = list[0].id;
        t.store
            .write(move |tx| {
                Box::pin(
                    async move { actions::revoke_token(tx, &Actor::system(street), account.id, id).await },
                )
            })
            .await
            .unwrap();
        assert!(gate::bearer(&t.store, &token).await.unwrap().is_none());
    }
);

store::story!(
    a_contact_is_found_again_and_unmasking_is_logged,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let done = set_up(&t.store).await;
        let street = done.street;
        let actor = Actor::anonymous(street, Channel::App);
        let find = |phone: &'static str, name: Option<&'static str>| {
            let actor = actor.clone();
            t.store.write(move |tx| {
                Box::pin(async move { actions::person_by_phone(tx, &actor, phone, name).await })
            })
        };
        let first = find("139 1234 5678", None).await.unwrap();
        assert_eq!(find("+8613912345678", Some("王秀英")).await.unwrap(), first);
        assert_eq!(find("13912345678", Some("别人")).await.unwrap(), first);
        assert_eq!(refused(find("12345", None).await), "people.bad-phone");
        let (left, right) = tokio::join!(find("13912340000", None), find("13912340000", None));
        assert_eq!(left.unwrap(), right.unwrap(), "two at once are one person");
        let mut conn = t.store.read().await.unwrap();
        let person = queries::person(&mut conn, t.store.keys(), street, first).await.unwrap().unwrap();
        assert_eq!(
            (person.name.as_deref(), person.phone.as_deref()),
            (Some("王秀英"), Some("13912345678")),
            "the first name stays"
        );
        assert_eq!(
            queries::names(&mut conn, t.store.keys(), street, &[first]).await.unwrap()[&first],
            "王秀英"
        );
        assert_eq!(
            queries::find_by_name(&mut conn, t.store.keys(), street, "王秀英").await.unwrap(),
            [first]
        );
        drop(conn);
        let look = |reason: &'static str| {
            let actor = Actor {
                person: Some(Id::named("officer")),
                office: Some(OfficeKind::GridOfficer),
                ..actor.clone()
            };
            t.store.write(move |tx| {
                Box::pin(async move { actions::unmask(tx, &actor, first, "phone", reason).await })
            })
        };
        assert_eq!(refused(look("  ").await), "ui.empty");
        assert_eq!(look("联系上门时间").await.unwrap(), "13912345678");
        let log =
            lists::log(&mut t.store.read().await.unwrap(), street, Some("unmasked"), None, 10).await.unwrap();
        assert_eq!((log.len(), log[0].stream, log[0].actor.person), (1, first, Some(Id::named("officer"))));
        assert_eq!(people::verify(&mut t.store.read().await.unwrap()).await.unwrap().1.len(), 0);
    }
);

store::story!(
    units_and_offices_come_from_spreadsheets,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let done = set_up(&t.store).await;
        let street = done.street;
        let rows = |text: &str| -> Vec<Vec<String>> {
            text.lines().map(|l| l.split(',').map(str::to_owned).collect()).collect()
        };
        let units = |text: &'static str| {
            let rows = rows(text);
            t.store.write(move |tx| {
                Box::pin(async move { actions::import_units(tx, &Actor::system(street), &rows).await })
            })
        };
        let offices = |text: &'static str| {
            let rows = rows(text);
            t.store.write(move |tx| {
                Box::pin(async move { actions::import_offices(tx, &Actor::system(street), &rows).await })
            })
        };
        let good = "名称,类型,地点,电话\n绿城物业,物业公司,柳荫社区,0571-88001111\n社区居委会,community,LY,";
        assert_eq!(
            refused(
                units("名称,类型,地点\n绿城物业,物业公司,柳荫社区\n无名,皇宫,LY\n甲,物业公司,火星").await
            ),
            "people.import-errors"
        );
        assert_eq!(
            queries::units(&mut t.store.read().await.unwrap(), street).await.unwrap().len(),
            0,
            "nothing was entered"
        );
        let plan = actions::plan_units(
            &mut t.store.read().await.unwrap(),
            street,
            &rows("名称,类型,地点\n无名,皇宫,LY\n甲,物业公司,火星"),
        )
        .await
        .unwrap();
        let errors: Vec<_> = plan.errors.iter().map(|e| (e.row, e.refusal.field)).collect();
        assert_eq!(errors, [(2, Some("kind")), (3, Some("place"))]);
        assert_eq!(units(good).await.unwrap().added, 2);
        let again = units(good).await.unwrap();
        assert_eq!((again.added, again.changed, again.same), (0, 0, 2));
        assert_eq!(
            units("name,kind,place,phone\n绿城物业,property_company,/QH/LY/,0571-88002222")
                .await
                .unwrap()
                .changed,
            1
        );
        let near = queries::units_near(
            &mut t.store.read().await.unwrap(),
            street,
            &path("/QH/LY/A/3/"),
            Some("property_company"),
        )
        .await
        .unwrap();
        assert_eq!((near.len(), near[0].phone.as_deref()), (1, Some("0571-88002222")));

        let heads = "姓名,手机,职务,地点,单位,起,止\n";
        let _ = heads;
        let good = "姓名,手机,职务,地点,单位,起,止\n王师傅,13700001111,单位经办人,LY,绿城物业,,\n李敏,13700002222,网格员,柳荫社区,,2026-01-01,2026/12/31";
        let bad = "姓名,手机,职务,地点,单位,起,止\n王师傅,13700001111,单位经办人,LY,,,\n李敏,1370000,网格员,柳荫社区,,,\n赵,13700003333,网格员,LY,,三月,";
        assert_eq!(refused(offices(bad).await), "people.import-errors");
        let plan = actions::plan_offices(
            &mut t.store.read().await.unwrap(),
            t.store.keys(),
            &Actor::system(street),
            &rows(bad),
            t.store.now(),
        )
        .await
        .unwrap();
        let errors: Vec<_> = plan.errors.iter().map(|e| (e.row, e.refusal.field)).collect();
        assert_eq!(errors, [(2, Some("unit")), (3, Some("phone")), (4, Some("from"))]);
        assert_eq!(offices(good).await.unwrap().added, 2);
        let again = offices(good).await.unwrap();
        assert_eq!((again.added, again.same), (0, 2));
        let handlers =
            queries::handlers(&mut t.store.read().await.unwrap(), street, near[0].id, t.store.now())
                .await
                .unwrap();
        assert_eq!(handlers.len(), 1);
        assert_eq!(people::verify(&mut t.store.read().await.unwrap()).await.unwrap().1.len(), 0);
    }
);

/// Every cell of every table, as text.
async fn dump(store: &Store) -> String {
    let mut conn = store.read().await.unwrap();
    let tables = match conn.engine() {
        store::Engine::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_fts%'"
        }
        store::Engine::Postgres => {
            "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'"
        }
    };
    let names: Vec<String> =
        conn.all(tables, vec![]).await.unwrap().iter().map(|r| r.get("name").unwrap()).collect();
    assert!(names.len() > 15, "{names:?}");
    let mut out = String::new();
    for name in names {
        for row in conn.all(format!("SELECT * FROM {name}"), vec![]).await.unwrap() {
            for column in row.columns() {
                out.push_str(&cell(&row, &column));
                out.push('\n');
            }
        }
    }
    out
}

fn cell(row: &Row, column: &str) -> String {
    if let Ok(text) = row.get::<Option<String>>(column) {
        return text.unwrap_or_default();
    }
    if let Ok(bytes) = row.get::<Option<Vec<u8>>>(column) {
        return String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned();
    }
    if let Ok(json) = row.get::<Option<serde_json::Value>>(column) {
        return json.unwrap_or_default().to_string();
    }
    String::new()
}

store::story!(
    nothing_personal_stands_in_clear,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let done = set_up(&t.store).await;
        let street = done.street;
        let (person, account) = staff(&t.store, street, "wangxy", "13912345678").await;
        t.store
            .write(move |tx| {
                Box::pin(async move {
                    let actor = Actor::system(street);
                    let to = NewPerson {
                        name: Some("王秀英".into()),
                        phone: Some("13987654321".into()),
                        lives_at: Some(path("/QH/LY/LYHY/3/2/101/")),
                    };
                    actions::change_person(tx, &actor, person, to).await?;
                    let office = NewOffice {
                        person,
                        kind: OfficeKind::StairwellChief,
                        place: path("/QH/LY/"),
                        unit: None,
                        from: None,
                        until: None,
                    };
                    actions::give_office(tx, &actor, office).await?;
                    actions::unmask(tx, &actor, person, "phone", "电话回访老王").await?;
                    actions::lock_account(tx, &actor, account, "手机丢了老王").await?;
                    actions::unlock_account(tx, &actor, account).await
                })
            })
            .await
            .unwrap();
        enter(&t.store, "wangxy", GOOD).await.unwrap();
        let _ = enter(&t.store, "13987654321", "falsch").await;
        actions::send_code(&t.store, "13987654321", Lang::ZhHans, &caller()).await.unwrap();
        let code = {
            let kept = Kept::default();
            let row = t
                .store
                .read()
                .await
                .unwrap()
                .one("SELECT sealed FROM outbox", vec![])
                .await
                .unwrap()
                .unwrap();
            let clear = t.store.keys().open_text("outbox", &row.get::<Vec<u8>>("sealed").unwrap()).unwrap();
            drop(kept);
            clear
        };
        assert!(code.contains("13987654321"), "the message itself is whole");
        let all = dump(&t.store).await;
        assert!(
            all.contains("people.signed_in") && all.contains("柳荫社区"),
            "the dump sees the journal and the tables"
        );
        for secret in [
            "王秀英",
            "李敏",
            "13987654321",
            "13912345678",
            "/3/2/101/",
            "wangxy",
            "老王",
            "192.0.2.7",
            "Firefox",
            GOOD,
            "周文静",
        ] {
            assert!(!all.contains(secret), "{secret} stands in clear");
        }
        assert_eq!(
            t.store.read().await.unwrap().check_words(t.store.keys()).await.unwrap(),
            Vec::<String>::new()
        );
    }
);

store::story!(a_tampered_row_is_found, [places::MIGRATIONS, people::MIGRATIONS], |t: TestStore| async move {
    let done = set_up(&t.store).await;
    let street = done.street;
    t.store
        .write(move |tx| {
            Box::pin(async move {
                let unit = NewUnit {
                    kind: UnitKind::PropertyCompany,
                    name: "绿城物业".into(),
                    place: path("/QH/LY/"),
                    phone: None,
                };
                actions::add_unit(tx, &Actor::system(street), unit).await
            })
        })
        .await
        .unwrap();
    let (checked, faults) = people::verify(&mut t.store.read().await.unwrap()).await.unwrap();
    assert_eq!((checked, faults.len()), (13, 0), "{faults:?}");
    for (sql, word) in [
        ("UPDATE office SET until_on = '2099-01-01' WHERE kind = 'system_admin'", "office.until_on"),
        ("UPDATE unit SET name = 'x'", "unit.name"),
        (
            "UPDATE account SET person = (SELECT id FROM place LIMIT 1) WHERE id = (SELECT id FROM account LIMIT 1)",
            "account.person",
        ),
    ] {
        let tampered =
            t.store.write(move |tx| Box::pin(async move { tx.run(sql, args![]).await })).await.unwrap();
        assert_eq!(tampered, 1);
        let (_, faults) = people::verify(&mut t.store.read().await.unwrap()).await.unwrap();
        assert!(faults.iter().any(|f| f.why.contains(word)), "{word}: {faults:?}");
    }
});

#[test]
fn the_rooms_are_listed() {
    assert_eq!(ROOMS.map(|r| r.room), ["places", "people"]);
}
