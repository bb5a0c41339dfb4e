//! The system administrator's desk: accounts opened, locked, reset.

use super::{ACCOUNTS, GRANT, LOG, OFFICES, PAGE, Query, desk, into_form, with_status};
use crate::{
    Account, AccountState, actions,
    model::Person,
    queries::{
        self,
        lists::{self, Filter},
    },
    t,
};
use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use kernel::{Actor, Id, OfficeKind, Refusal, text, time::local_date};
use maud::{Markup, html};
use std::collections::HashMap;
use store::{Conn, Fault};
use ui::{
    Answer, Ctx, Form, Lang, Posted, Viewer, layout,
    parts::{self, Field},
    show,
};

pub(super) const HERE: &str = "/office/people";

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route(HERE, get(list))
        .route("/office/people/new", get(new_form).post(new))
        .route("/office/people/{account}", get(one))
        .route("/office/people/{account}/{act}", post(act))
}

/// The tabs of the people desk that the viewer may open.
pub(super) fn tabs(viewer: &Viewer, current: &str) -> Markup {
    let lang = viewer.lang;
    let all = [
        (HERE, t!(lang, "accounts"), ACCOUNTS),
        ("/office/people/offices", t!(lang, "offices"), OFFICES),
        ("/office/people/log", t!(lang, "log"), LOG),
    ];
    html! {
        nav.segs aria-label=(t!(lang, "people")) {
            @for (href, word, right) in &all { @if !viewer.offices_for(right).is_empty() {
                a href=(href) aria-current=[(*href == current).then_some("true")] { (word) }
            } }
        }
    }
}

/// The persons that a search leads to: by telephone, login or whole name; `None` when nothing was searched.
pub(super) async fn search(
    conn: &mut Conn,
    ctx: &Ctx,
    street: Id,
    q: &str,
) -> Result<Option<Vec<Id>>, Fault> {
    let q = text::clean(q);
    if q.is_empty() {
        return Ok(None);
    }
    let keys = ctx.store.keys();
    let mut found = queries::find_by_name(conn, keys, street, &q).await?;
    let phone: String = q.chars().filter(|c| !c.is_whitespace()).collect();
    found.extend(queries::find_by_phone(conn, keys, street, &phone).await?);
    found.extend(queries::account_by_login(conn, keys, street, &q).await?.map(|a| a.person));
    Ok(Some(found))
}

/// How an account's person is called: staff in clear, residents masked.
fn called(account: &Account, person: Option<&Person>) -> String {
    let Some(person) = person else { return String::new() };
    if account.login.is_some() {
        person.called()
    } else {
        person.masked_name().or_else(|| person.masked_phone()).unwrap_or_default()
    }
}

async fn logins(
    conn: &mut Conn,
    ctx: &Ctx,
    street: Id,
    accounts: &[&Account],
) -> Result<HashMap<Id, String>, Fault> {
    let commits: Vec<String> =
        accounts.iter().filter_map(|a| a.login.as_ref()).map(|w| w.commit.clone()).collect();
    let texts = conn.clear_words(ctx.store.keys(), street, &commits).await?;
    Ok(accounts.iter().filter_map(|a| Some((a.id, texts.get(&a.login.as_ref()?.commit)?.clone()))).collect())
}

/// Rows of the list, and of its spreadsheet.
pub(super) struct AccountLine {
    pub account: Account,
    pub name: String,
    pub login: String,
    pub offices: Vec<OfficeKind>,
    pub locked_until: Option<kernel::Time>,
}

pub(super) async fn lines(
    ctx: &Ctx,
    street: Id,
    filter: &Filter,
    before: Option<Id>,
    limit: i64,
) -> Result<Vec<AccountLine>, Fault> {
    let today = local_date(ctx.store.now());
    let mut conn = ctx.store.read().await?;
    let rows = lists::accounts(&mut conn, street, filter, today, before, limit).await?;
    let ids: Vec<Id> = rows.iter().map(|(a, _)| a.person).collect();
    let persons = queries::persons(&mut conn, ctx.store.keys(), street, &ids).await?;
    let offices = queries::offices_in_force(&mut conn, street, &ids, today).await?;
    let refs: Vec<&Account> = rows.iter().map(|(a, _)| a).collect();
    let mut names = logins(&mut conn, ctx, street, &refs).await?;
    Ok(rows
        .into_iter()
        .map(|(account, locked_until)| AccountLine {
            name: called(&account, persons.iter().find(|p| p.id == account.person)),
            login: names.remove(&account.id).unwrap_or_default(),
            offices: offices.iter().filter(|o| o.person == account.person).map(|o| o.kind).collect(),
            locked_until,
            account,
        })
        .collect())
}

pub(super) fn state_chip(lang: Lang, account: &Account, locked: bool) -> Markup {
    html! {
        @if account.state == AccountState::Locked { span."chip late" { (t!(lang, "state-locked")) } }
        @else if account.state == AccountState::Closed { span."chip off" { (t!(lang, "state-closed")) } }
        @else if locked { span."chip horn" { (t!(lang, "state-locked-out")) } }
        @else if account.must_change { span."chip new" { (t!(lang, "state-one-time")) } }
        @else { span."chip ok" { (t!(lang, "state-open")) } }
    }
}

async fn list(State(ctx): State<Ctx>, viewer: Viewer, query: Query) -> Answer {
    viewer.signed_in()?;
    if viewer.offices_for(&ACCOUNTS).is_empty() {
        // Security and audit administrators have their own tab of this desk.
        let to = if viewer.offices_for(&GRANT).is_empty() && !viewer.offices_for(&LOG).is_empty() {
            "/office/people/log"
        } else {
            "/office/people/offices"
        };
        viewer.need_somewhere(&OFFICES)?;
        return Ok(Redirect::to(to).into_response());
    }
    let lang = viewer.lang;
    let street = ctx.street(&viewer)?;
    let q = query.get("q").cloned().unwrap_or_default();
    let kind = query.get("kind").and_then(|k| OfficeKind::parse(k));
    let before: Option<Id> = query.get("before").and_then(|b| b.parse().ok());
    let persons = search(&mut ctx.store.read().await?, &ctx, street, &q).await?;
    let filter = Filter { office: kind, place: None, persons };
    let lines = lines(&ctx, street, &filter, before, PAGE).await?;
    let now = ctx.store.now();
    let title = t!(lang, "accounts");
    let kept = format!("q={}&kind={}", parts::query(&q), kind.map_or("", OfficeKind::code));
    let next =
        lines.last().filter(|_| lines.len() >= 50).map(|l| format!("{HERE}?{kept}&before={}", l.account.id));
    let body = html! {
        div.wh { h1 { (t!(lang, "people")) } p.muted { (t!(lang, "accounts-about")) } }
        (tabs(&viewer, HERE))
        p."btns mt3" {
            a."btn pri" href="/office/people/new" { (parts::icon("plus")) (t!(lang, "account-open")) }
            a."btn quiet" href={ "/office/people/export/xlsx?" (kept) } { (parts::icon("download")) "XLSX" }
            a."btn quiet" href={ "/office/people/export/csv?" (kept) } { (parts::icon("download")) "CSV" }
        }
        form."filters mt3" method="get" action=(HERE) {
            label { span.vh { (t!(lang, "find-person")) } input type="search" name="q" value=(q) placeholder=(t!(lang, "find-person")); }
            label { span.vh { (t!(lang, "office")) } select name="kind" { option value="" { (t!(lang, "any-office")) } @for k in OfficeKind::ALL.iter().filter(|k| k.is_staff()) { option value=(k.code()) selected[kind == Some(*k)] { (layout::office_name(lang, k.code())) } } } }
            button."btn sm quiet" { (parts::icon("filter")) (t!(lang, "find")) }
        }
        @if lines.is_empty() { (parts::empty("users", &t!(lang, "nobody-found"), "")) } @else {
            div."card tscroll mt3" tabindex="0" role="group" aria-label=(title) { table.tbl {
                caption.vh { (title) }
                thead { tr { th scope="col" { (t!(lang, "field-name")) } th scope="col" { (t!(lang, "login")) } th scope="col" { (t!(lang, "offices")) } th scope="col" { (t!(lang, "state")) } th scope="col" { (t!(lang, "last-sign-in")) } } }
                tbody { @for l in &lines { tr {
                    td.c-t { a.tt href={ (HERE) "/" (l.account.id) } { (l.name) } }
                    td data-l=(t!(lang, "login")) { @if l.login.is_empty() { (t!(lang, "by-code")) } @else { (l.login) } }
                    td data-l=(t!(lang, "offices")) { @for (i, k) in l.offices.iter().enumerate() { @if i > 0 { ", " } (layout::office_name(lang, k.code())) } }
                    td data-l=(t!(lang, "state")) { (state_chip(lang, &l.account, l.locked_until.is_some_and(|u| u > now))) }
                    td.num data-l=(t!(lang, "last-sign-in")) { @if let Some(at) = l.account.last_sign_in { (show::when(lang, at, now)) } }
                } } }
            } }
            (parts::pager(lang, lines.len(), before.map(|_| HERE), next.as_deref()))
        }
    };
    Ok(desk(&ctx, &viewer, &title, HERE, &body).into_response())
}

fn new_page(ctx: &Ctx, viewer: &Viewer, form: &Form) -> Markup {
    let lang = viewer.lang;
    let title = t!(lang, "account-open");
    let body = html! {
        div.wh { h1 { (title) } p.muted { (t!(lang, "account-open-about")) } }
        (parts::error_summary(lang, form))
        form."card card-p form mt3" method="post" action="/office/people/new" data-once autocomplete="off" {
            (parts::csrf(ctx, viewer))
            (parts::field(lang, form, Field { name: "name", label: &t!(lang, "field-name"), required: true, max: 40, ..Field::default() }))
            (parts::field(lang, form, Field { name: "phone", label: &t!(lang, "field-phone"), hint: &t!(lang, "phone-finds"), kind: "tel", max: 20, ..Field::default() }))
            (parts::field(lang, form, Field { name: "login", label: &t!(lang, "login"), hint: &t!(lang, "login-hint"), required: true, max: 32, ..Field::default() }))
            div."btns mt3" { button."btn pri" { (t!(lang, "account-open")) } a.btn href=(HERE) { (t!(lang, "cancel")) } }
        }
    };
    desk(ctx, viewer, &title, HERE, &body)
}

async fn new_form(State(ctx): State<Ctx>, viewer: Viewer) -> Answer {
    viewer.need_somewhere(&ACCOUNTS)?;
    Ok(new_page(&ctx, &viewer, &Form::default()).into_response())
}

/// In which office the system administrator acts.
fn admin(viewer: &Viewer) -> Result<Actor, Refusal> {
    viewer.actor(viewer.need_somewhere(&ACCOUNTS)?.first().copied())
}

fn once(ctx: &Ctx, viewer: &Viewer, login: &str, password: &str, back: &str) -> Markup {
    let lang = viewer.lang;
    let title = t!(lang, "password-one-time");
    let body = html! {
        div.wh { h1 { (title) } }
        (parts::notice("ok", "key-round", &t!(lang, "one-time-about"), ""))
        dl."kv left card card-p mt3" {
            @if !login.is_empty() { dt { (t!(lang, "login")) } dd { (login) } }
            dt { (title) } dd { code #one-time { (password) } " " button."btn sm" type="button" data-copy="#one-time" data-t-done=(t!(lang, "copied")) { (parts::icon_s("copy")) (t!(lang, "copy")) } }
        }
        p."btns mt3" { a."btn pri" href=(back) { (t!(lang, "go-on")) } }
        (watermark(ctx, viewer))
    };
    desk(ctx, viewer, &title, HERE, &body)
}

fn watermark(ctx: &Ctx, viewer: &Viewer) -> Markup {
    let name = viewer.signed.as_ref().map(|s| s.name.clone()).unwrap_or_default();
    html! { p.wm aria-hidden="true" { (name) " " (show::full(ctx.store.now())) } }
}

async fn new(State(ctx): State<Ctx>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    let actor = admin(viewer)?;
    let some = |name: &str| posted.fields.some(name).map(str::to_owned);
    let (name, phone, login) = (some("name"), some("phone"), posted.fields.get("login").to_owned());
    let shown = login.trim().to_lowercase();
    // Not kept with the idempotency keys: the answer is a secret; a login is given out once anyway.
    let done = ctx
        .store
        .write(move |tx| {
            Box::pin(async move {
                let name = Some(text::required("name", &name.unwrap_or_default(), 40)?);
                let person = match phone {
                    Some(phone) => actions::person_by_phone(tx, &actor, &phone, name.as_deref()).await?,
                    None => {
                        actions::add_person(
                            tx,
                            &actor,
                            crate::NewPerson { name, ..crate::NewPerson::default() },
                        )
                        .await?
                    }
                };
                match queries::account_of(tx, actor.street, person).await? {
                    // A resident who becomes staff keeps the account.
                    Some(known) => {
                        actions::set_login(tx, &actor, known.id, &login).await?;
                        Ok((known.id, actions::reset_password(tx, &actor, known.id).await?))
                    }
                    None => actions::open_with_one_time(tx, &actor, person, &login).await,
                }
            })
        })
        .await;
    match done {
        Ok((account, password)) => {
            Ok(once(&ctx, viewer, &shown, &password, &format!("{HERE}/{account}")).into_response())
        }
        Err(fault) => {
            let refusal = into_form(fault)?;
            Ok(with_status(
                &refusal,
                new_page(&ctx, viewer, &Form::refused(posted.fields.clone(), refusal.clone())),
            ))
        }
    }
}

async fn known(ctx: &Ctx, viewer: &Viewer, id: &str) -> Result<Account, Fault> {
    let none = || Fault::from(Refusal::missing("people.no-account"));
    let id: Id = id.parse().map_err(|_| none())?;
    queries::account(&mut ctx.store.read().await?, ctx.street(viewer)?, id).await?.ok_or_else(none)
}

async fn one_page(
    ctx: &Ctx,
    viewer: &Viewer,
    account: &Account,
    form: &Form,
    clear: Option<&str>,
) -> Result<Markup, Fault> {
    let lang = viewer.lang;
    let now = ctx.store.now();
    let mut conn = ctx.store.read().await?;
    let person = queries::person(&mut conn, ctx.store.keys(), account.street, account.person).await?;
    let login = logins(&mut conn, ctx, account.street, &[account]).await?.remove(&account.id);
    let offices = queries::gate::offices(&mut conn, account.street, account.person, now).await?;
    let locked = queries::secrets::tries(&mut conn, account.street, &actions::try_key(account.id))
        .await?
        .1
        .filter(|u| *u > now);
    let sessions = lists::sessions(&mut conn, account.street, account.id, now).await?.len();
    drop(conn);
    let name = called(account, person.as_ref());
    let phone = match clear {
        Some(phone) => Some(phone.to_owned()),
        None => person.as_ref().and_then(Person::masked_phone),
    };
    let path = |act: &str| format!("{HERE}/{}/{act}", account.id);
    let button = |act: &str, class: &str, word: String| {
        html! {
            form method="post" action=(path(act)) { (parts::csrf(ctx, viewer)) button class={ "btn " (class) } { (word) } }
        }
    };
    let body = html! {
        div.wh { h1 { (name) } p { (state_chip(lang, account, locked.is_some())) } }
        (parts::error_summary(lang, form))
        dl."kv card card-p mt3" {
            dt { (t!(lang, "login")) } dd { (login.clone().unwrap_or_else(|| t!(lang, "by-code"))) }
            dt { (t!(lang, "field-phone")) } dd.num { (phone.unwrap_or_else(|| t!(lang, "not-given"))) }
            dt { (t!(lang, "offices")) } dd { @for (i, o) in offices.iter().enumerate() { @if i > 0 { ", " } (layout::office_name(lang, o.kind.code())) " " (o.place_name) } }
            dt { (t!(lang, "second")) } dd { @if account.second_factor { (t!(lang, "on")) } @else { (t!(lang, "off")) } }
            dt { (t!(lang, "opened")) } dd.num { (show::when(lang, account.opened_at, now)) }
            dt { (t!(lang, "last-sign-in")) } dd.num { @if let Some(at) = account.last_sign_in { (show::when(lang, at, now)) } }
            dt { (t!(lang, "sessions")) } dd.num { (sessions) }
            @if let Some(until) = locked { dt { (t!(lang, "locked-until")) } dd.num { (show::when(lang, until, now)) } }
        }
        div."row mt3" {
            @if account.login.is_some() { (button("reset", "", t!(lang, "password-reset"))) }
            @if account.state == AccountState::Locked || locked.is_some() { (button("unlock", "", t!(lang, "unlock"))) }
            @if account.second_factor { (button("second", "bad", t!(lang, "second-reset"))) }
            @if sessions > 0 { (button("everywhere", "", t!(lang, "end-sessions"))) }
            @if account.state != AccountState::Closed && offices.is_empty() { (button("forget", "bad", t!(lang, "forget"))) }
        }
        @if account.state == AccountState::Open {
            form."card card-p form mt4" method="post" action=(path("lock")) {
                h2.h3 { (t!(lang, "lock")) }
                (parts::csrf(ctx, viewer))
                (parts::field(lang, form, Field { name: "reason", label: &t!(lang, "reason"), hint: &t!(lang, "reason-hint"), required: true, max: 200, ..Field::default() }))
                div."btns mt3" {
                    button."btn bad" { (t!(lang, "lock")) }
                    @if clear.is_none() && account.login.is_some() { button.btn formaction=(path("unmask")) { (parts::icon("eye")) (t!(lang, "unmask")) } }
                }
            }
        }
        @if clear.is_some() { (watermark(ctx, viewer)) }
        p.mt4 { a.btn href=(HERE) { (t!(lang, "accounts")) } }
    };
    Ok(desk(ctx, viewer, &name, HERE, &body))
}

async fn one(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<String>) -> Answer {
    viewer.need_somewhere(&ACCOUNTS)?;
    let account = known(&ctx, &viewer, &id).await?;
    Ok(one_page(&ctx, &viewer, &account, &Form::default(), None).await?.into_response())
}

async fn act(State(ctx): State<Ctx>, Path((id, act)): Path<(String, String)>, posted: Posted) -> Answer {
    let viewer = &posted.viewer;
    let actor = admin(viewer)?;
    let account = known(&ctx, viewer, &id).await?;
    let (id, person, reason) = (account.id, account.person, posted.fields.get("reason").to_owned());
    let to = format!("{HERE}/{id}");
    let verb = act.clone();
    if verb == "unmask" && account.login.is_none() {
        // Residents' data is not the system administrator's business.
        return Err(Refusal::forbidden("ui.no-right").into());
    }
    let done: Result<String, Fault> = ctx
        .store
        .write(move |tx| {
            Box::pin(async move {
                match verb.as_str() {
                    "lock" => actions::lock_account(tx, &actor, id, &reason).await?,
                    "unlock" => actions::unlock_account(tx, &actor, id).await?,
                    "second" => actions::drop_second_factor(tx, &actor, id, None).await?,
                    "everywhere" => actions::sign_out_everywhere(tx, &actor, id).await?,
                    "forget" => actions::forget_person(tx, &actor, person).await?,
                    "reset" => return actions::reset_password(tx, &actor, id).await,
                    "unmask" => return actions::unmask(tx, &actor, person, "phone", &reason).await,
                    _ => return Err(Refusal::missing("people.no-account").into()),
                }
                Ok(String::new())
            })
        })
        .await;
    match done {
        Ok(password) if act == "reset" => Ok(once(&ctx, viewer, "", &password, &to).into_response()),
        Ok(phone) if act == "unmask" => {
            Ok(one_page(&ctx, viewer, &account, &Form::default(), Some(&phone)).await?.into_response())
        }
        Ok(_) => Ok(ui::done(&ctx, &to, "people.done-saved", &[])),
        Err(fault) => {
            let refusal = into_form(fault)?;
            let form = Form::refused(posted.fields.clone(), refusal.clone());
            Ok(with_status(&refusal, one_page(&ctx, viewer, &account, &form, None).await?))
        }
    }
}
