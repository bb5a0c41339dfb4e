//! Who comes: by the code of the room, from elsewhere, in the place of a member, as a guest.

use super::{act, load};
use crate::{
    Bridge,
    model::{Act, Capacity, How, Sitting, SittingState},
};
use kernel::{Actor, Id, Refusal, text};
use store::{Fault, Tx};

/// Longest name of a person, in characters.
const NAME: usize = 40;

/// Somebody who is asked to come.
#[derive(Clone, Debug)]
pub struct NewGuest {
    /// The name.
    pub name: String,
    /// The telephone, by which the person is known; without one a person is entered anew.
    pub phone: Option<String>,
    /// In which capacity.
    pub capacity: Capacity,
    /// How they came.
    pub how: How,
}

/// A person of this name, known by the telephone when there is one. Whoever only knows a number does not learn by it whose it
/// is: the name must be the one that is known.
async fn person(
    tx: &mut Tx,
    actor: &Actor,
    name: &str,
    phone: Option<&str>,
    field: &'static str,
) -> Result<Id, Fault> {
    let Some(phone) = phone else {
        let new = people::NewPerson { name: Some(name.to_owned()), ..people::NewPerson::default() };
        return people::actions::add_person(tx, actor, new).await;
    };
    let keys = tx.keys().clone();
    let Some(known) = people::queries::find_by_phone(tx, &keys, actor.street, phone).await? else {
        return people::actions::person_by_phone(tx, actor, phone, Some(name)).await;
    };
    let names = people::queries::names(tx, &keys, actor.street, &[known]).await?;
    if names.get(&known).is_none_or(|n| n == name) {
        return Ok(known);
    }
    Err(Refusal::invalid(field, "councils.other-name").into())
}

/// A guest comes to a sitting: observer, expert, official.
///
/// # Errors
/// Which field is wrong; refusals of the rules.
pub async fn guest(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    sitting: Id,
    new: NewGuest,
) -> Result<Sitting, Fault> {
    let name = text::required("guest", &new.name, NAME)?;
    let person = person(tx, actor, &name, new.phone.as_deref(), "guest_phone").await?;
    act(tx, bridge, actor, sitting, Act::ComeGuest(person, new.capacity, new.how)).await
}

/// Says who comes in the place of a member.
///
/// # Errors
/// Which field is wrong; refusals of the rules.
pub async fn send(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    sitting: Id,
    member: Id,
    name: &str,
    phone: Option<&str>,
) -> Result<Sitting, Fault> {
    let name = text::required("delegate", name, NAME)?;
    let person = person(tx, actor, &name, phone, "delegate_phone").await?;
    act(tx, bridge, actor, sitting, Act::Delegate(member, person)).await
}

/// How the own person comes to a sitting: to the own seat, or for whom it was sent.
async fn own(tx: &mut Tx, actor: &Actor, s: &Sitting, how: How) -> Result<Act, Fault> {
    let council = load(tx, actor.street, s.council).await?;
    let seat = actor.person.and_then(|p| council.seat_of(p, s.day()));
    let sent =
        actor.person.and_then(|p| s.delegations.iter().find(|d| d.person == p && !s.is_present(d.member)));
    match (seat, sent) {
        (Some(seat), _) if !s.is_present(seat.id) || sent.is_none() => Ok(Act::Come(seat.id, how)),
        (_, Some(sent)) => Ok(Act::ComeFor(sent.member, how)),
        _ => Err(Refusal::forbidden("councils.not-member").into()),
    }
}

async fn found(tx: &mut Tx, actor: &Actor, sitting: Id) -> Result<Sitting, Fault> {
    Ok(tx.get(actor.street, sitting).await?.ok_or(Refusal::missing("councils.no-sitting"))?)
}

/// Signs in the own person by the code shown in the room.
///
/// # Errors
/// `councils.wrong-code`, `councils.not-member`; refusals of the rules.
pub async fn sign_in(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    sitting: Id,
    code: &str,
) -> Result<Sitting, Fault> {
    let s = found(tx, actor, sitting).await?;
    if !tx.keys().verify("sitting-code", &sitting.to_string(), code) {
        return Err(Refusal::forbidden("councils.wrong-code").into());
    }
    let come = own(tx, actor, &s, How::Code).await?;
    act(tx, bridge, actor, sitting, come).await
}

/// Signs in the own person from elsewhere, where the notice says that one may take part so. Whoever did is called by name at
/// every vote.
///
/// # Errors
/// `councils.not-member`; refusals of the rules.
pub async fn sign_in_from_afar(
    tx: &mut Tx,
    bridge: Bridge,
    actor: &Actor,
    sitting: Id,
) -> Result<Sitting, Fault> {
    let s = found(tx, actor, sitting).await?;
    if s.state == SittingState::Draft {
        return Err(Refusal::missing("councils.no-sitting").into());
    }
    let come = own(tx, actor, &s, How::Online).await?;
    act(tx, bridge, actor, sitting, come).await
}
