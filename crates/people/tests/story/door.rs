//! Passwords, codes, the second factor, sessions, tokens.

use super::*;

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
        let log = lists::log(&mut conn, done.street, Some("locked_out"), &[], None, 10).await.unwrap();
        assert_eq!(log.len(), 2, "both locks are in the log");
        let failed = lists::log(&mut conn, done.street, Some("sign_in_failed"), &[], None, 50).await.unwrap();
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
    one_time_passwords_run_out_and_old_ones_are_changed_where_the_street_asks,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let done = set_up(&t.store).await;
        let (_, login, one_time) = done.one_time[0].clone();
        setting(&t.store, done.street, "people.second_factor", "off".into()).await;
        t.clock.advance(Duration::days(6));
        let signed = enter(&t.store, &login, &one_time).await.unwrap();
        assert_eq!(signed.must_go, Some(gate::PASSWORD));
        t.clock.advance(Duration::days(2));
        assert_eq!(refused(enter(&t.store, &login, &one_time).await), "people.one-time-over");
        // A password that its owner chose does not run out, unless the street asks for changes.
        t.clock.advance(Duration::days(100));
        assert_eq!(enter(&t.store, "gate", GOOD).await.unwrap().must_go, None);
        setting(&t.store, done.street, "people.password_days", 90.into()).await;
        assert_eq!(enter(&t.store, "gate", GOOD).await.unwrap().must_go, Some(gate::PASSWORD));
        let (n, faults) = people::verify(&mut t.store.read().await.unwrap()).await.unwrap();
        assert!(n > 0 && faults.is_empty(), "{faults:?}");
    }
);
