//! Consent, requests about the own information, the list of deletion.

use super::*;
use kernel::calendar::Calendar;
use people::{
    KEEPER,
    model::{PastState, RequestState, Wish},
    queries::information as asked,
};

/// A resident with an account who signed in by code.
async fn resident(store: &Store, street: Id) -> (Id, Actor) {
    let (person, _) = staff(store, street, "heqing", "13800007777").await;
    let actor = Actor {
        person: Some(person),
        office: Some(OfficeKind::Resident),
        ..Actor::anonymous(street, Channel::App)
    };
    (person, actor)
}

fn officer(street: Id, person: Id) -> Actor {
    Actor {
        person: Some(person),
        office: Some(OfficeKind::StreetSupervisor),
        ..Actor::anonymous(street, Channel::App)
    }
}

async fn verified(store: &Store) {
    let mut conn = store.read().await.unwrap();
    let (n, faults) = conn.check_chains().await.unwrap();
    assert!(n > 0 && faults.is_empty(), "{faults:?}");
    let (n, faults) = people::verify(&mut conn).await.unwrap();
    assert!(n > 0 && faults.is_empty(), "{faults:?}");
    assert!(conn.check_words(store.keys()).await.unwrap().is_empty());
}

async fn change<T: Send + 'static>(
    store: &Store,
    work: impl for<'t> FnOnce(&'t mut store::Tx) -> futures_util::future::BoxFuture<'t, Result<T, Fault>>
    + Send
    + 'static,
) -> Result<T, Fault> {
    store.write(work).await
}

store::story!(
    consent_is_a_ledger_and_a_changed_notice_asks_again,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let done = set_up(&t.store).await;
        let street = done.street;
        let (person, me) = resident(&t.store, street).await;
        let signed = enter(&t.store, "heqing", GOOD).await.unwrap();
        let gate = |version: &str| people::Gatekeeper::asking(t.store.clone(), version.to_owned());
        use ui::Gate;
        let must = |s: Option<ui::Signed>| s.unwrap().must_go;
        assert_eq!(
            must(gate("v1").session(&signed.token).await.unwrap()),
            Some(gate::CONSENT),
            "never asked"
        );
        let actor = me.clone();
        change(&t.store, move |tx| Box::pin(async move { actions::agree(tx, &actor, "v1").await }))
            .await
            .unwrap();
        assert_eq!(must(gate("v1").session(&signed.token).await.unwrap()), None);
        assert_eq!(
            must(gate("v2").session(&signed.token).await.unwrap()),
            Some(gate::CONSENT),
            "the notice changed"
        );
        // A "no" is an answer too: nobody is asked twice about the same notice.
        let actor = me.clone();
        change(&t.store, move |tx| Box::pin(async move { actions::refuse_notice(tx, &actor, "v2").await }))
            .await
            .unwrap();
        assert_eq!(must(gate("v2").session(&signed.token).await.unwrap()), None);
        let actor = me.clone();
        let none =
            change(&t.store, move |tx| Box::pin(async move { actions::withdraw_consent(tx, &actor).await }))
                .await;
        assert_eq!(refused(none), "people.no-consent");
        // By telephone: a member of staff writes it down, and the ledger says so.
        let clerk = officer(street, done.admin);
        let by = clerk.clone();
        change(&t.store, move |tx| {
            Box::pin(async move { actions::note_consent(tx, &by, person, "v2", Channel::Phone).await })
        })
        .await
        .unwrap();
        let actor = me.clone();
        change(&t.store, move |tx| Box::pin(async move { actions::withdraw_consent(tx, &actor).await }))
            .await
            .unwrap();
        let mut conn = t.store.read().await.unwrap();
        let now = asked::consent(&mut conn, street, person).await.unwrap().unwrap();
        assert!(
            !now.given && now.version == "v2" && now.proxy == clerk.person && now.channel == Channel::Phone
        );
        let kinds: Vec<String> =
            conn.stream(now.id).await.unwrap().into_iter().map(|e| e.body.kind).collect();
        assert_eq!(
            kinds,
            [
                "people.consent_asked",
                "people.consent_given",
                "people.consent_declined",
                "people.consent_given",
                "people.consent_withdrawn"
            ]
        );
        drop(conn);
        verified(&t.store).await;
    }
);

store::story!(
    a_request_has_a_clock_and_an_answer_and_erasing_leaves_the_chains_whole,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let done = set_up(&t.store).await;
        let street = done.street;
        let (person, me) = resident(&t.store, street).await;
        let send = |wish: Wish, words: &'static str| {
            let (store, actor) = (t.store.clone(), me.clone());
            async move {
                change(&store, move |tx| {
                    Box::pin(async move {
                        actions::ask(tx, &actor, person, wish, words, &Calendar::shipped()).await
                    })
                })
                .await
            }
        };
        assert_eq!(refused(send(Wish::Erase, " ").await), "ui.empty");
        let first = send(Wish::Erase, "请删除我的全部信息").await.unwrap();
        assert_eq!(first.due.to_string(), "2026-03-23", "fifteen working days after 2 March");
        assert_eq!(refused(send(Wish::Erase, "再说一次").await), "people.asked-already");
        let answer = |by: Actor, id: Id, yes: bool, words: &'static str| {
            let store = t.store.clone();
            async move {
                change(&store, move |tx| {
                    Box::pin(async move { actions::answer_request(tx, &by, &[KEEPER], id, yes, words).await })
                })
                .await
            }
        };
        let clerk = officer(street, done.admin);
        assert_eq!(
            refused(answer(clerk.clone(), first.id, false, "").await),
            "ui.empty",
            "a refusal has its reason"
        );
        assert_eq!(refused(answer(officer(street, person), first.id, true, "").await), "people.own-request");
        let no = answer(clerk.clone(), first.id, false, "请先办完正在处理的事项").await.unwrap();
        assert_eq!(no.state, RequestState::Refused);
        assert_eq!(refused(answer(clerk.clone(), first.id, true, "").await), "people.request-answered");

        let before = {
            let mut conn = t.store.read().await.unwrap();
            let kept = (KEEPER.about)(&mut conn, t.store.keys(), street, person).await.unwrap();
            for (field, value) in [
                ("name", "李敏"),
                ("phone", "13800007777"),
                ("login", "heqing"),
                ("request", "请删除我的全部信息"),
            ] {
                assert!(kept.iter().any(|k| k.field == field && k.value == value), "{field}: {kept:?}");
            }
            conn.one("SELECT COUNT(*) AS n FROM journal", vec![])
                .await
                .unwrap()
                .unwrap()
                .get::<i64>("n")
                .unwrap()
        };
        let again = send(Wish::Erase, "请删除").await.unwrap();
        let yes = answer(clerk.clone(), again.id, true, "").await.unwrap();
        assert_eq!((yes.state, yes.frozen), (RequestState::Granted, 0));
        let mut conn = t.store.read().await.unwrap();
        let keys = t.store.keys();
        assert_eq!(queries::find_by_phone(&mut conn, keys, street, "13800007777").await.unwrap(), None);
        assert!(queries::find_by_name(&mut conn, keys, street, "李敏").await.unwrap().is_empty());
        assert!(queries::account_by_login(&mut conn, keys, street, "heqing").await.unwrap().is_none());
        let left = queries::person(&mut conn, keys, street, person).await.unwrap().unwrap();
        assert_eq!((left.name, left.phone, left.lives_at), (None, None, None));
        let clear =
            "SELECT COUNT(*) AS n FROM words WHERE street = $1 AND commitment = $2 AND sealed IS NOT NULL";
        let row = conn.one(clear, args![street, &first.words.commit]).await.unwrap().unwrap();
        assert_eq!(row.get::<i64>("n").unwrap(), 0, "what the person wrote is gone, with its salt");
        let after = conn
            .one("SELECT COUNT(*) AS n FROM journal", vec![])
            .await
            .unwrap()
            .unwrap()
            .get::<i64>("n")
            .unwrap();
        assert!(after > before, "nothing leaves the journal");
        let heard: Vec<String> =
            conn.notices(street, person, None, 50).await.unwrap().into_iter().map(|n| n.key).collect();
        assert!(heard.contains(&"people.notice-request-refused".to_owned()), "{heard:?}");
        drop(conn);
        assert_eq!(refused(enter(&t.store, "heqing", GOOD).await), "people.wrong-sign-in");
        verified(&t.store).await;
    }
);

store::story!(
    what_is_past_its_time_is_listed_and_erased_after_staff_approve,
    [places::MIGRATIONS, people::MIGRATIONS],
    |t: TestStore| async move {
        let done = set_up(&t.store).await;
        let street = done.street;
        let (person, _) = resident(&t.store, street).await;
        assert_eq!(actions::list_past(&t.store).await.unwrap(), 0);
        t.clock.advance(Duration::days(4 * 365));
        assert_eq!(actions::list_past(&t.store).await.unwrap(), 1, "staff and administrators are not listed");
        assert_eq!(actions::list_past(&t.store).await.unwrap(), 0, "what is listed is not listed again");
        let line = asked::past(&mut t.store.read().await.unwrap(), street, 10).await.unwrap().pop().unwrap();
        assert_eq!(line.person, person);
        let known = |store: Store| async move {
            queries::find_by_phone(&mut store.read().await.unwrap(), store.keys(), street, "13800007777")
                .await
                .unwrap()
        };
        assert_eq!(known(t.store.clone()).await, Some(person), "nothing is erased before staff say so");
        let clerk = officer(street, done.admin);
        let decide = |erase: bool, reason: &'static str| {
            let (store, actor) = (t.store.clone(), clerk.clone());
            async move {
                change(&store, move |tx| {
                    Box::pin(async move {
                        actions::decide_past(tx, &actor, &[KEEPER], line.id, erase, reason).await
                    })
                })
                .await
            }
        };
        assert_eq!(refused(decide(false, "").await), "ui.empty");
        decide(true, "").await.unwrap();
        assert_eq!(refused(decide(true, "").await), "people.no-past");
        assert_eq!(known(t.store.clone()).await, None);
        let row: Option<people::model::Past> =
            t.store.read().await.unwrap().get(street, line.id).await.unwrap();
        assert_eq!(row.unwrap().state, PastState::Erased);
        verified(&t.store).await;
    }
);
