//! The demo's street: places, units, people with their offices and accounts. All fictional.

use super::chance::Chance;
use kernel::{Actor, Channel, Id, OfficeKind, PlacePath};
use matters::actions::SettingsChange;
use methods::UnitKind;
use people::{NewOffice, NewPerson, NewUnit};
use places::{NewGrid, NewPlace, NewStreet, Place, PlaceKind};
use serde::Serialize;
use store::{Fault, Store, Tx};

/// The password of every demo account.
pub(super) const PASSWORD: &str = "Yishiting-2468";
/// Where the street's points on the map begin: on the open sea, so that no real place is meant (millionths of a degree).
const LAT: i64 = 26_500_000;
const LON: i64 = 124_500_000;

/// A community, its compounds with number of buildings, and its property company.
struct Ground {
    code: &'static str,
    name: &'static str,
    property: &'static str,
    compounds: &'static [(&'static str, &'static str, i64)],
}

const GROUND: [Ground; 3] = [
    Ground {
        code: "LY",
        name: "柳荫社区",
        property: "清和物业服务公司",
        compounds: &[("HY", "柳荫花园", 8), ("XC", "柳荫新村", 6)],
    },
    Ground {
        code: "HS",
        name: "槐树里社区",
        property: "安居物业服务公司",
        compounds: &[("HSL", "槐树里小区", 6), ("HA", "槐安苑", 4)],
    },
    Ground {
        code: "WH",
        name: "望河社区",
        property: "望河物业服务公司",
        compounds: &[("JY", "望河家园", 5), ("BH", "滨河公寓", 3)],
    },
];
/// Units of a building, and floors with a dwelling on record.
const UNITS: i64 = 3;
const FLOORS: i64 = 4;

/// Units that serve the whole street.
const STREET_UNITS: &[(UnitKind, &str)] = &[
    (UnitKind::StreetOffice, "清和街道办事处"),
    (UnitKind::LiftMaintenance, "通达电梯维保公司"),
    (UnitKind::UrbanManagement, "清和街道城管中队"),
    (UnitKind::Housing, "清和区住建局房管所"),
    (UnitKind::Planning, "清和区自然资源所"),
    (UnitKind::MunicipalWorks, "清和区市政设施养护所"),
    (UnitKind::Sanitation, "清和环卫所"),
    (UnitKind::Landscaping, "清和园林绿化所"),
    (UnitKind::Environment, "清和生态环境所"),
    (UnitKind::Fire, "清和消防救援站"),
    (UnitKind::Police, "清和派出所"),
    (UnitKind::TrafficPolice, "清和交警中队"),
    (UnitKind::Transport, "清和区交通运输所"),
    (UnitKind::MarketSupervision, "清和市场监管所"),
    (UnitKind::Water, "清和供水营业所"),
    (UnitKind::Power, "清和供电所"),
    (UnitKind::Gas, "清和燃气服务站"),
    (UnitKind::Heating, "清和热力服务站"),
    (UnitKind::Telecom, "清和通信共建办"),
    (UnitKind::CivilAffairs, "清和街道民政科"),
    (UnitKind::HumanResources, "清和街道人社所"),
    (UnitKind::MedicalInsurance, "清和街道医保窗口"),
    (UnitKind::Health, "清和社区卫生服务中心"),
    (UnitKind::Education, "清和街道教育联络站"),
    (UnitKind::Justice, "清和司法所"),
    (UnitKind::Veterans, "清和退役军人服务站"),
    (UnitKind::CultureSports, "清和街道文体站"),
    (UnitKind::Volunteers, "清和志愿服务队"),
    (UnitKind::SocialOrganisation, "暖邻社会工作服务中心"),
    (UnitKind::CoBuilding, "清和第二小学(共建单位)"),
    (UnitKind::CoBuilding, "清和农商银行(共建单位)"),
    (UnitKind::Other, "清和街道综合服务站"),
];

const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何",
    "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓",
    "许", "傅", "沈", "曾", "彭", "吕",
];
const GIVEN: &[&str] = &[
    "秀兰", "建国", "志强", "桂英", "海燕", "明", "丽华", "国庆", "雪梅", "文涛", "小军", "慧", "玉珍",
    "永福", "佳怡", "浩然", "思远", "晓东", "春花", "德胜", "静", "家豪", "淑芬", "子轩", "美玲", "立新",
    "红霞", "振华", "雅琴", "伟", "凤英", "俊杰", "婷婷", "长青", "月娥", "新民", "欣", "光明", "素云",
    "大勇",
];

/// Somebody with an office.
#[derive(Clone, Debug)]
pub(super) struct Staff {
    pub person: Id,
    pub office: OfficeKind,
    pub unit: Option<Id>,
}

impl Staff {
    /// Acting in the office.
    pub(super) fn actor(&self, street: Id) -> Actor {
        Actor {
            street,
            person: Some(self.person),
            office: Some(self.office),
            unit: self.unit,
            on_behalf_of: None,
            channel: Channel::App,
        }
    }
}

/// A unit and who handles for it.
#[derive(Clone, Debug)]
pub(super) struct Agency {
    pub id: Id,
    pub kind: UnitKind,
    pub place: PlacePath,
    pub handler: Staff,
}

/// A compound with its buildings and their units (stairwells).
#[derive(Clone, Debug)]
pub(super) struct Compound {
    pub place: Place,
    pub buildings: Vec<(Place, Vec<Place>)>,
}

/// A community and who works for it.
#[derive(Clone, Debug)]
pub(super) struct Quarter {
    pub place: Place,
    pub compounds: Vec<Compound>,
    pub secretary: Staff,
    pub duty: Staff,
    pub dispatcher: Staff,
    pub grid_head: Staff,
    /// One for each compound, in their order.
    pub grid_officers: Vec<Staff>,
    pub stairwell: Staff,
}

/// A resident.
#[derive(Clone, Debug)]
pub(super) struct Resident {
    pub person: Id,
    pub name: String,
    pub phone: String,
    pub lives_at: PlacePath,
}

/// An account of the demo, as its list shows it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Login {
    pub account: String,
    pub password: String,
    pub office: String,
    pub name: String,
    pub place: String,
    pub unit: Option<String>,
}

/// Everybody and everything.
#[derive(Clone, Debug)]
pub(super) struct Cast {
    pub street: Place,
    pub quarters: Vec<Quarter>,
    pub agencies: Vec<Agency>,
    pub supervisor: Staff,
    pub residents: Vec<Resident>,
    pub logins: Vec<Login>,
}

impl Cast {
    /// The unit that usually leads matters of a kind at a place: the nearest territory.
    pub(super) fn agency(&self, kind: UnitKind, at: &PlacePath) -> Option<&Agency> {
        let fit = self.agencies.iter().filter(|a| a.kind == kind && at.within(&a.place));
        fit.max_by_key(|a| a.place.as_str().len())
    }

    /// A unit by its id.
    pub(super) fn by_id(&self, id: Id) -> Option<&Agency> {
        self.agencies.iter().find(|a| a.id == id)
    }
}

/// Hands out fictional names and telephones, each once.
struct Registry {
    chance: Chance,
    used: usize,
    phones: i64,
}

impl Registry {
    fn name(&mut self) -> String {
        // Strides without a common factor with the lists: no name comes twice before all have come.
        let n = self.used;
        self.used += 1;
        let surname = SURNAMES[(n * 7 + 3) % SURNAMES.len()];
        let given = GIVEN[(n * 11 + n / SURNAMES.len() * 3 + 5) % GIVEN.len()];
        format!("{surname}{given}")
    }

    /// 1990000xxxx: a mobile number by its form that no network has given out.
    fn phone(&mut self) -> String {
        self.phones += 1;
        format!("1990000{:04}", self.phones)
    }
}

/// Makes the street in one transaction.
///
/// # Errors
/// What an action refuses.
pub(super) async fn make(store: &Store) -> Result<Cast, Fault> {
    store.write(|tx| Box::pin(found(tx))).await
}

async fn found(tx: &mut Tx) -> Result<Cast, Fault> {
    let nowhere = Actor::system(Id::from(uuid::Uuid::nil()));
    let new =
        NewStreet {
            name: "清和街道".into(), code: "QH".into(), statistical: Some("990101001000".into())
        };
    let street = places::found_street(tx, &nowhere, new).await?;
    let actor = Actor::system(street.id);
    let mut registry = Registry { chance: Chance::new(7), used: 0, phones: 0 };
    let mut logins = Vec::new();

    // 柳荫 works by 阳光议事, the others by the plain method.
    let change =
        SettingsChange::Method { community: PlacePath::parse("/QH/LY/"), code: Some("sunshine".into()) };
    matters::actions::change_settings(tx, &actor, change).await?;
    // Who tries the demo out should not have to fetch an authenticator first, nor sign in again after a phone call.
    tx.set(street.id, "people.second_factor", "off".into()).await?;
    tx.set(street.id, "people.idle_minutes", 720.into()).await?;

    let mut quarters = Vec::new();
    let mut residents = Vec::new();
    let mut agencies = Vec::new();
    let mut lead =
        Making { tx, actor: &actor, registry: &mut registry, logins: &mut logins, street: &street };
    let supervisor = lead.staff("supervisor", OfficeKind::StreetSupervisor, &street, None).await?;
    for (login, office) in [
        ("auditor", OfficeKind::Auditor),
        ("sysadmin", OfficeKind::SystemAdmin),
        ("security", OfficeKind::SecurityAdmin),
        ("auditadmin", OfficeKind::AuditAdmin),
    ] {
        lead.staff(login, office, &street, None).await?;
    }
    for (kind, name) in STREET_UNITS {
        let login = match kind {
            UnitKind::UrbanManagement => "chengguan",
            UnitKind::LiftMaintenance => "lift",
            UnitKind::Water => "water",
            _ => "",
        };
        agencies.push(lead.agency(login, *kind, name, &street).await?);
    }
    for (n, ground) in (0..).zip(&GROUND) {
        let (quarter, own, people) = lead.quarter(n, ground).await?;
        quarters.push(quarter);
        agencies.extend(own);
        residents.extend(people);
    }
    // Accounts of residents; the first lives where the demo's first community is.
    let logins_of_residents: Vec<(usize, &str)> = vec![(0, "resident"), (1, "neighbour")];
    for (at, login) in logins_of_residents {
        if let Some(resident) = residents.get(at) {
            lead.open(login, OfficeKind::Resident, resident.person, &resident.name, "柳荫社区", None).await?;
            // They were asked about the notice when they first came.
            let version = people::notice_version(crate::rooms::KEEPERS);
            let own =
                Actor { person: Some(resident.person), ..Actor::anonymous(lead.actor.street, Channel::App) };
            people::actions::agree(lead.tx, &own, &version).await?;
        }
    }
    Ok(Cast { street, quarters, agencies, supervisor, residents, logins })
}

/// The making of it.
struct Making<'a> {
    tx: &'a mut Tx,
    actor: &'a Actor,
    registry: &'a mut Registry,
    logins: &'a mut Vec<Login>,
    street: &'a Place,
}

impl Making<'_> {
    async fn open(
        &mut self,
        login: &str,
        office: OfficeKind,
        person: Id,
        name: &str,
        place: &str,
        unit: Option<&str>,
    ) -> Result<(), Fault> {
        if login.is_empty() {
            return Ok(());
        }
        people::actions::open_account(self.tx, self.actor, person, login, Some(PASSWORD)).await?;
        self.logins.push(Login {
            account: login.to_owned(),
            password: PASSWORD.to_owned(),
            office: office.code().to_owned(),
            name: name.to_owned(),
            place: place.to_owned(),
            unit: unit.map(str::to_owned),
        });
        Ok(())
    }

    /// A person in an office, with an account when `login` is not empty.
    async fn staff(
        &mut self,
        login: &str,
        office: OfficeKind,
        place: &Place,
        unit: Option<(Id, &str)>,
    ) -> Result<Staff, Fault> {
        let name = self.registry.name();
        let phone = self.registry.phone();
        let new = NewPerson { name: Some(name.clone()), phone: Some(phone), lives_at: None };
        let person = people::actions::add_person(self.tx, self.actor, new).await?;
        self.open(login, office, person, &name, &place.full_name, unit.map(|u| u.1)).await?;
        let unit = unit.map(|u| u.0);
        let given =
            NewOffice { person, kind: office, place: place.path.clone(), unit, from: None, until: None };
        people::actions::give_office(self.tx, self.actor, given).await?;
        Ok(Staff { person, office, unit })
    }

    async fn agency(
        &mut self,
        login: &str,
        kind: UnitKind,
        name: &str,
        place: &Place,
    ) -> Result<Agency, Fault> {
        let phone = format!("9900-{:07}", 1_000 + self.registry.used);
        let new = NewUnit { kind, name: name.to_owned(), place: place.path.clone(), phone: Some(phone) };
        let unit = people::actions::add_unit(self.tx, self.actor, new).await?;
        let handler = self.staff(login, OfficeKind::UnitHandler, place, Some((unit.id, name))).await?;
        Ok(Agency { id: unit.id, kind, place: place.path.clone(), handler })
    }

    async fn quarter(
        &mut self,
        n: i64,
        ground: &Ground,
    ) -> Result<(Quarter, Vec<Agency>, Vec<Resident>), Fault> {
        let place = places::add(
            self.tx,
            self.actor,
            NewPlace {
                short_code: Some(ground.code.to_owned()),
                statistical: Some(format!("99010100100{}", n + 1)),
                phone: Some(format!("9900-880000{n}")),
                lat: Some(LAT + n * 12_000),
                lon: Some(LON + n * 9_000),
                ..NewPlace::plain(self.street.path.clone(), PlaceKind::Community, ground.code, ground.name)
            },
        )
        .await?;
        let mut compounds = Vec::new();
        let mut dwellings = Vec::new();
        for (at, (code, name, buildings)) in (0..).zip(ground.compounds) {
            let point = (LAT + n * 12_000 + at * 3_500, LON + n * 9_000 + at * 2_500);
            let (compound, homes) = self.compound(&place, code, name, *buildings, point).await?;
            let grid = NewGrid {
                community: place.path.clone(),
                code: format!("{:03}", at + 1),
                name: format!("{name}网格"),
                places: vec![compound.place.path.clone()],
            };
            places::add_grid(self.tx, self.actor, grid).await?;
            compounds.push(compound);
            dwellings.extend(homes);
        }
        // Only the first community's staff sign in; the others' names differ by their community's code.
        let tail = if n == 0 { String::new() } else { format!("-{}", ground.code.to_lowercase()) };
        let login = |name: &str| if n < 2 { format!("{name}{tail}") } else { String::new() };
        let first = |name: &str| if n == 0 { name.to_owned() } else { String::new() };
        let secretary = self.staff(&login("secretary"), OfficeKind::CommunitySecretary, &place, None).await?;
        let duty = self.staff(&login("duty"), OfficeKind::DutyOfficer, &place, None).await?;
        let dispatcher = self.staff(&login("dispatcher"), OfficeKind::Dispatcher, &place, None).await?;
        let grid_head = self.staff(&first("gridhead"), OfficeKind::GridHead, &place, None).await?;
        let mut grid_officers = Vec::new();
        for (at, compound) in compounds.iter().enumerate() {
            let name = if at == 0 { first("grid") } else { String::new() };
            grid_officers.push(self.staff(&name, OfficeKind::GridOfficer, &compound.place, None).await?);
        }
        let mut stairwell = None;
        if let Some((building, units)) = compounds.first().and_then(|c| c.buildings.first()) {
            self.staff(&first("building"), OfficeKind::BuildingHead, building, None).await?;
            if let Some(unit) = units.first() {
                stairwell =
                    Some(self.staff(&first("stairwell"), OfficeKind::StairwellChief, unit, None).await?);
            }
        }
        let mut own = vec![
            self.agency(&login("property"), UnitKind::PropertyCompany, ground.property, &place).await?,
            self.agency("", UnitKind::Community, &format!("{}居委会", ground.name), &place).await?,
            self.agency("", UnitKind::ResidentsGroup, &format!("{}楼道自治小组", ground.name), &place)
                .await?,
        ];
        for compound in &compounds {
            let name = format!("{}业主委员会", compound.place.name);
            let place = compound.place.clone();
            own.push(self.agency("", UnitKind::OwnersCommittee, &name, &place).await?);
        }
        let mut residents = Vec::new();
        self.registry.chance.shuffle(&mut dwellings);
        for dwelling in dwellings.into_iter().take(50) {
            let (name, phone) = (self.registry.name(), self.registry.phone());
            let new = NewPerson {
                name: Some(name.clone()),
                phone: Some(phone.clone()),
                lives_at: Some(dwelling.clone()),
            };
            let person = people::actions::add_person(self.tx, self.actor, new).await?;
            residents.push(Resident { person, name, phone, lives_at: dwelling });
        }
        let stairwell = stairwell.unwrap_or_else(|| grid_head.clone());
        let quarter =
            Quarter { place, compounds, secretary, duty, dispatcher, grid_head, grid_officers, stairwell };
        Ok((quarter, own, residents))
    }

    async fn compound(
        &mut self,
        community: &Place,
        code: &str,
        name: &str,
        buildings: i64,
        (lat, lon): (i64, i64),
    ) -> Result<(Compound, Vec<PlacePath>), Fault> {
        let at = |path: &PlacePath, kind, code: &str, name: &str, lat, lon| NewPlace {
            lat: Some(lat),
            lon: Some(lon),
            ..NewPlace::plain(path.clone(), kind, code, name)
        };
        let new = at(&community.path, PlaceKind::Compound, code, name, lat, lon);
        let place = places::add(self.tx, self.actor, new).await?;
        let (mut all, mut dwellings) = (Vec::new(), Vec::new());
        for b in 1..=buildings {
            let (lat, lon) = (lat + (b % 3) * 400, lon + (b / 3) * 600);
            let new = at(&place.path, PlaceKind::Building, &b.to_string(), &format!("{b}号楼"), lat, lon);
            let building = places::add(self.tx, self.actor, new).await?;
            let mut units = Vec::new();
            for u in 1..=UNITS {
                let new = at(
                    &building.path,
                    PlaceKind::Unit,
                    &u.to_string(),
                    &format!("{u}单元"),
                    lat,
                    lon + u * 60,
                );
                let unit = places::add(self.tx, self.actor, new).await?;
                for floor in 1..=FLOORS {
                    let code = format!("{}01", floor);
                    let new =
                        NewPlace::plain(unit.path.clone(), PlaceKind::Dwelling, &code, &format!("{code}室"));
                    dwellings.push(places::add(self.tx, self.actor, new).await?.path);
                }
                units.push(unit);
            }
            all.push((building, units));
        }
        Ok((Compound { place, buildings: all }, dwellings))
    }
}
