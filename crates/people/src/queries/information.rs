//! What is asked about consent, requests about the own information, and the list of deletion; and this room's own part
//! of "everything kept about me".

use super::{account_of, in_force, offices_of, person};
use crate::{
    model::{Consent, InfoRequest, Past, RequestState},
    rules::information::PERSONAL,
};
use futures_util::future::BoxFuture;
use kernel::{Id, Time, time::local_date};
use sha2::{Digest, Sha256};
use store::{Conn, Fault, Keys, Row, args};
use ui::{Erased, Keeper, Kept, Lang};

/// This room's part in the duties towards people.
pub const KEEPER: Keeper = Keeper { room: "people", fields: PERSONAL, looks: &[], about, erase };

/// The version of the notice: it changes with every field, basis, period and sentence that people were told.
#[must_use]
pub fn notice_version(keepers: &[Keeper]) -> String {
    let mut sha = Sha256::new();
    for field in keepers.iter().flat_map(|k| k.fields) {
        let said =
            |tail: &str| ui::say(Lang::ZhHans, &format!("{}.personal-{}{tail}", field.room, field.code), &[]);
        let line = format!(
            "{}|{}|{}|{}|{}|{}|{}|{}|{}\n",
            field.room,
            field.code,
            field.basis,
            field.sensitive,
            field.keep.code(),
            field.keep.n(),
            said(""),
            said("-why"),
            said("-who"),
        );
        sha.update(line.as_bytes());
    }
    hex::encode(sha.finalize()).split_off(56)
}

/// What a person said last.
///
/// # Errors
/// What the database says.
pub async fn consent(conn: &mut Conn, street: Id, person: Id) -> Result<Option<Consent>, Fault> {
    let sql = "SELECT state FROM consent WHERE street = $1 AND person = $2";
    conn.one(sql, args![street, person]).await?.map(|row| row.state()).transpose()
}

/// The requests of a person, newest first.
///
/// # Errors
/// What the database says.
pub async fn requests_of(conn: &mut Conn, street: Id, person: Id) -> Result<Vec<InfoRequest>, Fault> {
    let sql = "SELECT state FROM info_request WHERE street = $1 AND person = $2 ORDER BY id DESC LIMIT 100";
    conn.all(sql, args![street, person]).await?.iter().map(Row::state).collect()
}

/// The requests in a state, the soonest due first; after a line, for the next page.
///
/// # Errors
/// What the database says.
pub async fn requests(
    conn: &mut Conn,
    street: Id,
    open: bool,
    after: Option<Id>,
    limit: i64,
) -> Result<Vec<InfoRequest>, Fault> {
    let after = after.unwrap_or_else(|| Id::from(uuid::Uuid::nil()));
    let waiting = RequestState::Asked.code();
    let sql = if open {
        "SELECT state FROM info_request WHERE street = $1 AND status = $2 AND id > $3 ORDER BY id LIMIT $4"
    } else {
        "SELECT state FROM info_request WHERE street = $1 AND status <> $2 AND id > $3 ORDER BY id LIMIT $4"
    };
    conn.all(sql, args![street, waiting, after, limit]).await?.iter().map(Row::state).collect()
}

/// The lines of the list of deletion that wait for a decision.
///
/// # Errors
/// What the database says.
pub async fn past(conn: &mut Conn, street: Id, limit: i64) -> Result<Vec<Past>, Fault> {
    let sql = "SELECT state FROM past WHERE street = $1 AND status = 'listed' ORDER BY id LIMIT $2";
    conn.all(sql, args![street, limit]).await?.iter().map(Row::state).collect()
}

/// Residents whose account nobody used since an instant and who are not on the list already; without offices.
///
/// # Errors
/// What the database says.
pub(crate) async fn idle(conn: &mut Conn, street: Id, since: Time, now: Time) -> Result<Vec<Id>, Fault> {
    // The last use is in the state; whoever was never erased still has a telephone or a name to be found by.
    let sql = format!(
        "SELECT a.person, a.state FROM account a WHERE a.street = $1 \
         AND EXISTS (SELECT 1 FROM person_key k WHERE k.street = a.street AND k.person = a.person) \
         AND NOT EXISTS (SELECT 1 FROM past p WHERE p.street = a.street AND p.person = a.person AND p.status = 'listed') \
         AND NOT EXISTS (SELECT 1 FROM office o WHERE o.street = a.street AND o.person = a.person AND {}) ORDER BY a.id",
        in_force("o", 2)
    );
    let mut out = Vec::new();
    for row in conn.all(sql, args![street, local_date(now)]).await? {
        let account: crate::model::Account = row.state()?;
        if account.last_sign_in.unwrap_or(account.opened_at) < since {
            out.push(account.person);
        }
    }
    Ok(out)
}

/// Frozen requests whose person is not on the list.
///
/// # Errors
/// What the database says.
pub(crate) async fn frozen(conn: &mut Conn, street: Id) -> Result<Vec<InfoRequest>, Fault> {
    let sql = "SELECT r.state FROM info_request r WHERE r.street = $1 AND r.status = 'frozen' AND NOT EXISTS \
               (SELECT 1 FROM past p WHERE p.street = r.street AND p.person = r.person AND p.status = 'listed') ORDER BY r.id";
    conn.all(sql, args![street]).await?.iter().map(Row::state).collect()
}

fn about<'a>(
    conn: &'a mut Conn,
    keys: &'a Keys,
    street: Id,
    id: Id,
) -> BoxFuture<'a, Result<Vec<Kept>, Fault>> {
    Box::pin(async move {
        let mut out = Vec::new();
        let mut put = |field, value: Option<String>, at| {
            if let Some(value) = value {
                out.push(Kept { field, of: String::new(), value, at });
            }
        };
        let known = person(conn, keys, street, id).await?;
        put("name", known.as_ref().and_then(|p| p.name.clone()), None);
        put("phone", known.as_ref().and_then(|p| p.phone.clone()), None);
        let home = match known.and_then(|p| p.lives_at) {
            // In the words of the street; the path itself where the place is gone.
            Some(path) => {
                let place = places::queries::by_path(conn, street, &path).await?;
                Some(place.map_or_else(|| path.to_string(), |p| p.full_name))
            }
            None => None,
        };
        put("lives-at", home, None);
        if let Some(account) = account_of(conn, street, id).await? {
            if let Some(login) = &account.login {
                let clear = conn.clear_words(keys, street, std::slice::from_ref(&login.commit)).await?;
                put("login", clear.get(&login.commit).cloned(), Some(account.opened_at));
            }
            put("sign-in", account.last_sign_in.map(ui::show::full), account.last_sign_in);
        }
        for office in offices_of(conn, street, id).await? {
            let until = office.until.map(|d| d.to_string()).unwrap_or_default();
            put("office", Some(format!("{} {} {} – {until}", office.kind, office.place, office.from)), None);
        }
        if let Some(c) = consent(conn, street, id).await? {
            put("consent", Some(format!("{} {}", c.version, if c.given { "✓" } else { "–" })), Some(c.at));
        }
        let asked = requests_of(conn, street, id).await?;
        let commits: Vec<String> = asked.iter().map(|r| r.words.commit.clone()).collect();
        let clear = conn.clear_words(keys, street, &commits).await?;
        for r in asked {
            put("request", clear.get(&r.words.commit).cloned(), Some(r.asked_at));
        }
        Ok(out)
    })
}

/// Erasing is [`crate::actions::forget_person`]'s: it comes last, after the other rooms have found their own by the person.
fn erase<'a>(
    tx: &'a mut store::Tx,
    actor: &'a kernel::Actor,
    id: Id,
) -> BoxFuture<'a, Result<Erased, Fault>> {
    Box::pin(async move { crate::actions::erase_identity(tx, actor, id).await })
}
