//! The first hour of an installation: street, community, the three administrators.

use super::{add_person, give_office, open_account, open_with_one_time};
use crate::model::{NewOffice, NewPerson};
use kernel::{Actor, Id, OfficeKind, PlacePath, Refusal};
use places::{NewPlace, NewStreet, Place, PlaceKind};
use serde::{Deserialize, Serialize};
use store::{Fault, Tx};

/// What is typed to set up a fresh store.
#[derive(Clone, Debug, Default)]
pub struct SetUp {
    /// The street's name.
    pub street_name: String,
    /// The street's code, the first of every path.
    pub street_code: String,
    /// The street's 12 digits, if known.
    pub street_statistical: Option<String>,
    /// The first community's name.
    pub community_name: String,
    /// The first community's code, two to six capital letters.
    pub community_code: String,
    /// The first community's 12 digits, if known.
    pub community_statistical: Option<String>,
    /// The first community's telephone.
    pub community_phone: Option<String>,
    /// The login of the system administrator; the others are made from it.
    pub admin_login: String,
    /// The password of the system administrator.
    pub admin_password: String,
    /// Names of the persons who will be system, security and audit administrator; the office's name where empty.
    pub admin_names: [String; 3],
    /// The name of a community secretary, if one is to be made too.
    pub secretary_name: Option<String>,
}

/// What set-up made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetUpDone {
    /// The street's id.
    pub street: Id,
    /// The street's path.
    pub street_path: PlacePath,
    /// The first community.
    pub community: Place,
    /// The system administrator's account.
    pub admin: Id,
    /// The other accounts: office, login, one-time password. Shown once, kept nowhere.
    pub one_time: Vec<(OfficeKind, String, String)>,
}

/// Makes street, first community and the accounts of the three administrators, while there is no street.
///
/// # Errors
/// Which field is wrong; `people.already-set-up`.
pub async fn set_up(tx: &mut Tx, input: SetUp) -> Result<SetUpDone, Fault> {
    // Two at once wait for each other here, so that the second one sees the street of the first.
    tx.next_number(Id::from(uuid::Uuid::nil()), "set-up").await?;
    if !places::queries::streets(tx).await?.is_empty() {
        return Err(Refusal::conflict("people.already-set-up").into());
    }
    // The actor's street is replaced by the one that is founded.
    let nowhere = Actor::system(Id::from(uuid::Uuid::nil()));
    let street = places::found_street(
        tx,
        &nowhere,
        NewStreet { name: input.street_name, code: input.street_code, statistical: input.street_statistical },
    )
    .await
    .map_err(|f| {
        rename(f, &[("name", "street_name"), ("code", "street_code"), ("statistical", "street_statistical")])
    })?;
    let actor = Actor::system(street.id);
    let community = places::add(
        tx,
        &actor,
        NewPlace {
            short_code: Some(input.community_code.clone()),
            statistical: input.community_statistical,
            phone: input.community_phone,
            ..NewPlace::plain(
                street.path.clone(),
                PlaceKind::Community,
                &input.community_code,
                &input.community_name,
            )
        },
    )
    .await
    .map_err(|f| {
        rename(
            f,
            &[
                ("name", "community_name"),
                ("code", "community_code"),
                ("short_code", "community_code"),
                ("statistical", "community_statistical"),
                ("phone", "community_phone"),
            ],
        )
    })?;

    let mut one_time = Vec::new();
    let mut admin = street.id;
    let secretary = input.secretary_name.filter(|n| !n.trim().is_empty());
    let [system, security, audit] = input.admin_names;
    let mut wanted = vec![
        (OfficeKind::SystemAdmin, system, "", &street.path),
        (OfficeKind::SecurityAdmin, security, ".security", &street.path),
        (OfficeKind::AuditAdmin, audit, ".audit", &street.path),
    ];
    if let Some(name) = secretary {
        wanted.push((OfficeKind::CommunitySecretary, name, ".secretary", &community.path));
    }
    for (kind, name, tail, place) in wanted {
        let name = match name.trim() {
            "" => ui::layout::office_name(ui::Lang::ZhHans, kind.code()),
            name => name.to_owned(),
        };
        let person = add_person(tx, &actor, NewPerson { name: Some(name), ..NewPerson::default() }).await?;
        let login = format!("{}{tail}", input.admin_login.trim().to_lowercase());
        let field = |f| rename(f, &[("login", "admin_login"), ("password", "admin_password")]);
        if kind == OfficeKind::SystemAdmin {
            admin =
                open_account(tx, &actor, person, &login, Some(&input.admin_password)).await.map_err(field)?;
        } else {
            let (_, clear) = open_with_one_time(tx, &actor, person, &login).await.map_err(field)?;
            one_time.push((kind, login, clear));
        }
        give_office(
            tx,
            &actor,
            NewOffice { person, kind, place: place.clone(), unit: None, from: None, until: None },
        )
        .await?;
    }
    Ok(SetUpDone { street: street.id, street_path: street.path.clone(), community, admin, one_time })
}

/// Points a refusal of an inner action at the field of this form.
fn rename(fault: Fault, names: &[(&'static str, &'static str)]) -> Fault {
    match fault {
        Fault::Refused(mut refusal) => {
            if let Some(field) = refusal.field
                && let Some((_, to)) = names.iter().find(|(from, _)| *from == field)
            {
                refusal.field = Some(to);
            }
            Fault::Refused(refusal)
        }
        other => other,
    }
}
