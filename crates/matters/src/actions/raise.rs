//! Raising a matter, registering one on a resident's behalf, meeting with one too.

use crate::{model::*, queries, rules, t, tables};
use kernel::{
    Actor, Channel, Id, PlacePath, Refusal,
    text::{self, BODY, TITLE},
};
use methods::{PhoneRule, Urgency};
use places::model::PlaceKind;
use store::{Blob, Fault, Tx};

/// Longest exact place in words.
pub(super) const SPOT: usize = 60;
/// Longest name of a person.
pub(super) const NAME: usize = 30;

/// Makes a title of the first clause of what was said.
fn title_of(body: &str) -> String {
    let first: String =
        body.split(['。', '！', '？', '!', '?', '\n', ';', '；']).next().unwrap_or(body).chars().collect();
    let short: String = first.chars().take(28).collect();
    if short.chars().count() < first.chars().count() { format!("{short}…") } else { short }
}

/// Who is behind a voice: the account's person, or the contact that was given.
async fn whose(
    tx: &mut Tx,
    actor: &Actor,
    input: &NewMatter,
    staff: bool,
    rule: PhoneRule,
) -> Result<Option<Id>, Fault> {
    let phone = input.phone.as_deref().map(|p| p.replace([' ', '-'], "")).filter(|p| !p.is_empty());
    let name = text::optional("name", input.name.as_deref().unwrap_or_default(), NAME)?;
    if !staff && actor.person.is_some() {
        return Ok(actor.person);
    }
    match phone {
        Some(phone) => {
            if !text::is_phone(&phone) {
                return Err(Refusal::invalid("phone", "matters.no-phone").into());
            }
            Ok(Some(people::actions::person_by_phone(tx, actor, &phone, name.as_deref()).await?))
        }
        None if rule == PhoneRule::Required && !staff => {
            Err(Refusal::invalid("phone", "matters.phone-needed").into())
        }
        None => Ok(None),
    }
}

/// The next number of a community, such as `LY-2026-000731`. Never reused.
async fn number(tx: &mut Tx, street: Id, community: &places::model::Place) -> Result<String, Fault> {
    use chrono::Datelike;
    let year = kernel::time::local(tx.now).year();
    number_of_year(tx, street, community, year).await
}

/// The next number of a community in the series of a year.
pub(super) async fn number_of_year(
    tx: &mut Tx,
    street: Id,
    community: &places::model::Place,
    year: i32,
) -> Result<String, Fault> {
    let code = community.short_code.clone().unwrap_or_else(|| community.code.clone());
    let n = tx.next_number(street, &format!("{code}-{year}")).await?;
    Ok(format!("{code}-{year}-{n:06}"))
}

/// Stores attachments and describes them for the journal.
pub(super) async fn attach(
    tx: &mut Tx,
    street: Id,
    blobs: Vec<Blob>,
    purpose: Purpose,
    round: u32,
    public: bool,
) -> Result<Vec<Attachment>, Fault> {
    let mut out = Vec::with_capacity(blobs.len());
    for blob in blobs {
        let kind = blob.kind.code().to_owned();
        let photo = blob.kind == store::BlobKind::Photo;
        let (id, hash) = tx.put_blob(street, blob).await?;
        // Only pictures of the work may be public at once; a voice tells who speaks.
        out.push(Attachment {
            blob: id,
            kind,
            hash,
            purpose,
            round,
            at: tx.now,
            public: public && photo,
            redactions: 0,
            erased: false,
        });
    }
    Ok(out)
}

pub(super) async fn new_voice(
    tx: &mut Tx,
    number: String,
    person: Option<Id>,
    channel: Channel,
    staff: bool,
    open: bool,
) -> Result<(Voice, String), Fault> {
    let secret = queries::hex(&tx.random::<16>()?);
    let voice = Voice {
        id: tx.new_id()?,
        number,
        person,
        secret: queries::secret_hash(&secret),
        at: tx.now,
        channel,
        on_behalf: staff,
        open_identity: open,
        urged_at: None,
        thanked_at: None,
        withdrawn: false,
    };
    Ok((voice, secret))
}

fn slip(matter: Id, number: String, secret: String, recorded: Option<&store::Recorded>) -> Slip {
    Slip { matter, number, secret, receipt: recorded.map(|r| queries::hex(&r.hash)).unwrap_or_default() }
}

/// Raises a matter. Whoever acts in an office registers it on the resident's behalf (代办).
///
/// # Errors
/// Refusals of the input; what the database says.
pub async fn raise(
    tx: &mut Tx,
    world: &World,
    actor: &Actor,
    input: NewMatter,
    blobs: Vec<Blob>,
) -> Result<Slip, Fault> {
    let staff = actor.office.is_some_and(kernel::OfficeKind::is_staff);
    let street = actor.street;
    let place = input.place.clone().ok_or(Refusal::invalid("place", "matters.no-place"))?;
    let known = places::queries::by_paths(tx, street, &[place.clone(), place.cut(2)]).await?;
    let no_place = || Refusal::invalid("place", "matters.no-place");
    known.get(&place).ok_or_else(no_place)?;
    let community =
        known.get(&place.cut(2)).filter(|p| p.kind == PlaceKind::Community).ok_or_else(no_place)?;
    let method = world.method(&community.path);
    if method.raising.account_required && !staff && actor.person.is_none() {
        return Err(Refusal::new(kernel::refusal::RefusalKind::SignIn, "matters.account-needed").into());
    }
    let channel = input.channel.unwrap_or(actor.channel);
    let body = text::optional("body", &input.body, BODY)?;
    let draft = match input.draft {
        Some(id) => Some(super::drafts::own(tx, actor, id).await?),
        None => None,
    };
    let taken = draft.as_ref().map(|d| d.attachments.clone()).unwrap_or_default();
    if taken.len() + blobs.len() > MAX_PHOTOS + 1 {
        return Err(Refusal::invalid("photos", "ui.too-many-files").with("max", MAX_PHOTOS).into());
    }
    // Words, or a photo, or a voice: any of the three is enough.
    if body.is_none() && blobs.is_empty() && taken.is_empty() {
        return Err(Refusal::invalid("body", "matters.say-what").into());
    }
    let body = body.unwrap_or_default();
    let title = text::optional("title", input.title.as_deref().unwrap_or_default(), TITLE)?;
    let spot = text::optional("spot", input.spot.as_deref().unwrap_or_default(), SPOT)?;
    let category = input.category.as_deref().filter(|c| !c.is_empty());
    let category = match category {
        Some(code) => Some(
            world
                .catalogue
                .get(code)
                .filter(|c| c.enabled)
                .ok_or(Refusal::invalid("category", "matters.no-category"))?,
        ),
        None => None,
    };
    let proposed = methods::propose(&store::search::fold(&body), &world.catalogue);
    // Before anybody has sorted it, only what is pressing by its own words hurries the clock.
    let urgency = category
        .or_else(|| proposed.first().and_then(|p| world.catalogue.get(&p.code)))
        .map_or(Urgency::Ordinary, |c| c.urgency);
    let title = match title {
        Some(title) => title,
        None if body.is_empty() => match (category, blobs.first().map(|b| b.kind)) {
            (Some(c), _) => c.name.zh_hans.clone(),
            (None, Some(store::BlobKind::Audio)) => t!(ui::Lang::ZhHans, "title-voice"),
            _ => t!(ui::Lang::ZhHans, "title-photo"),
        },
        None => title_of(&body),
    };
    let person = whose(tx, actor, &input, staff, method.raising.phone).await?;
    let number = number(tx, street, community).await?;
    let (voice, secret) = new_voice(tx, number.clone(), person, channel, staff, input.open_identity).await?;
    let mut attachments = taken;
    attachments.extend(attach(tx, street, blobs, Purpose::Raised, 0, false).await?);
    let limit = method.timers.accept_for(channel);
    let facts = rules::Facts { category, ..rules::Facts::of(tx.now, world, &community.path, actor) };
    let clocks = vec![rules::starts(&facts, Timer::Accept, limit)];
    let id = tx.new_id()?;
    let raised = Raised {
        id,
        number: number.clone(),
        community: community.path.clone(),
        place,
        spot: tx.keep_some(street, person, spot.as_deref()).await?,
        point: input.point,
        raised_at: tx.now,
        channel,
        title: tx.keep(street, person, &title).await?,
        body: tx.keep(street, person, &body).await?,
        category: category.map(|c| c.code.clone()),
        urgency,
        voice,
        attachments,
        clocks,
        ledger_key: None,
        ledger: None,
    };
    let actor = Actor { on_behalf_of: if staff { person } else { None }, channel, ..actor.clone() };
    let event = Event::Raised(Box::new(raised));
    let (matter, recorded) =
        tables::record(tx, id, None, std::slice::from_ref(&event), &actor, input.client_at).await?;
    if let Some(draft) = draft {
        super::drafts::end(tx, &actor, draft, DraftEvent::DraftRaised { matter: id }).await?;
    }
    super::notices::tell(tx, &world.calendar, &matter, &[event], &actor).await?;
    Ok(slip(id, number, secret, recorded.as_ref()))
}

/// "Me too": joins an open matter with an own number, answer and evaluation.
///
/// # Errors
/// Refusals of the rules; what the database says.
pub async fn join(
    tx: &mut Tx,
    world: &World,
    actor: &Actor,
    matter: Id,
    joiner: NewMatter,
) -> Result<Slip, Fault> {
    let staff = actor.office.is_some_and(kernel::OfficeKind::is_staff);
    let m: Matter = tx.load(actor.street, matter).await?.ok_or(Refusal::missing("matters.no-matter"))?;
    let method = world.method(&m.community);
    let person = whose(tx, actor, &joiner, staff, method.raising.phone).await?;
    let community = community_of(tx, actor.street, &m.community).await?;
    let number = number(tx, actor.street, &community).await?;
    let channel = joiner.channel.unwrap_or(actor.channel);
    let (voice, secret) = new_voice(tx, number.clone(), person, channel, staff, joiner.open_identity).await?;
    let id = voice.id;
    let facts = rules::Facts::of(tx.now, world, &m.community, actor);
    let mut events = rules::decide(&m, rules::Command::Join { voice }, &facts)?;
    if let Some(words) = text::optional("body", &joiner.body, BODY)? {
        let words = tx.keep(actor.street, person, &words).await?;
        events.push(Event::Added { voice: Some(id), words: Some(words), attachments: Vec::new() });
    }
    let (after, recorded) = tables::record(tx, matter, Some(m), &events, actor, joiner.client_at).await?;
    super::notices::tell(tx, &world.calendar, &after, &events, actor).await?;
    Ok(slip(matter, number, secret, recorded.as_ref()))
}

async fn community_of(tx: &mut Tx, street: Id, path: &PlacePath) -> Result<places::model::Place, Fault> {
    let place = places::queries::by_path(tx, street, path).await?;
    place.ok_or_else(|| Fault::from(Refusal::missing("matters.no-place")))
}
