//! Offices, units, contacts, spreadsheets; what is personal stands nowhere in clear.

use super::*;

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
        let log = lists::log(&mut t.store.read().await.unwrap(), street, Some("unmasked"), &[], None, 10)
            .await
            .unwrap();
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
        let row =
            t.store.read().await.unwrap().one("SELECT sealed FROM outbox", vec![]).await.unwrap().unwrap();
        let code = t.store.keys().open_text("outbox", &row.get::<Vec<u8>>("sealed").unwrap()).unwrap();
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

store::story!(
    the_forgotten_lead_to_nobody,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let done = set_up(&t.store).await;
        let street = done.street;
        let (person, account) = staff(&t.store, street, "wangxy", "13912345678").await;
        let me = Actor { person: Some(person), ..Actor::anonymous(street, Channel::App) };
        let signed = enter(&t.store, "wangxy", GOOD).await.unwrap();
        let token = t
            .store
            .write({
                let me = me.clone();
                move |tx| Box::pin(async move { actions::create_token(tx, &me, account, "x").await })
            })
            .await
            .unwrap();
        let forget = |actor: Actor| {
            t.store.write(move |tx| Box::pin(async move { actions::forget_person(tx, &actor, person).await }))
        };
        let neighbour = Actor { person: Some(Id::named("n")), ..me.clone() };
        assert_eq!(refused(forget(neighbour).await), "ui.no-right");
        let office = t
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let actor = Actor::system(street);
                    let new = NewOffice {
                        person,
                        kind: OfficeKind::Auditor,
                        place: path("/QH/"),
                        unit: None,
                        from: None,
                        until: None,
                    };
                    actions::give_office(tx, &actor, new).await
                })
            })
            .await
            .unwrap();
        assert_eq!(refused(forget(me.clone()).await), "people.holds-office");
        t.store
            .write(move |tx| {
                Box::pin(async move { actions::end_office(tx, &Actor::system(street), office, "离任").await })
            })
            .await
            .unwrap();
        forget(me).await.unwrap();
        assert!(gate::session(&t.store, &signed.token).await.unwrap().is_none());
        assert!(gate::bearer(&t.store, &token).await.unwrap().is_none());
        assert_eq!(refused(enter(&t.store, "wangxy", GOOD).await), "people.wrong-sign-in");
        let mut conn = t.store.read().await.unwrap();
        let left = queries::person(&mut conn, t.store.keys(), street, person).await.unwrap().unwrap();
        assert_eq!((left.name, left.phone, left.lives_at), (None, None, None));
        for find in ["13912345678", "139 1234 5678"] {
            assert_eq!(queries::find_by_phone(&mut conn, t.store.keys(), street, find).await.unwrap(), None);
        }
        // Not even with the key file: no ciphertext of name or telephone is left.
        for row in conn.all("SELECT sealed FROM words WHERE sealed IS NOT NULL", vec![]).await.unwrap() {
            let clear = t.store.keys().open_text("words", &row.get::<Vec<u8>>("sealed").unwrap()).unwrap();
            assert!(
                !clear.contains("李敏") && !clear.contains("13912345678") && !clear.contains("wangxy"),
                "{clear}"
            );
        }
        assert_eq!(people::verify(&mut conn).await.unwrap().1.len(), 0);
        assert!(conn.check_chains().await.unwrap().1.is_empty(), "the chain stands");
        drop(conn);
        let again = t
            .store
            .write(move |tx| {
                Box::pin(async move {
                    actions::person_by_phone(tx, &Actor::system(street), "13912345678", None).await
                })
            })
            .await
            .unwrap();
        assert_ne!(again, person, "somebody new");
    }
);
