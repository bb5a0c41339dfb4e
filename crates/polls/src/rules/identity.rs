//! Who is who on a roll. A mistake here lets somebody vote for somebody else, so that doubt always means: nobody, until staff
//! looked at a paper.

use super::Head;
use kernel::Id;
use std::collections::{BTreeMap, HashMap};

/// Whose telephone it is, as the register of people knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The person.
    pub person: Id,
    /// The name.
    pub name: Option<String>,
}

/// Whether a head has this name, joint owners one of them.
fn bears(head: &Head, name: &str) -> bool {
    head.name.split('&').any(|n| n == name)
}

/// Finds the persons of heads by their telephones, for heads of which none is known. A telephone on one head means its holder.
/// One on several heads, as parents' on those of their children, means the holder only on heads of which the papers say that they
/// are one person's, or else on the single head that bears the holder's name; on the others it stands to be rung, and nobody is
/// known by it.
pub fn identify(heads: &mut [Head], known: &HashMap<String, Known>) {
    let mut by_phone: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, head) in heads.iter().enumerate() {
        if let Some(phone) = &head.phone {
            by_phone.entry(phone.clone()).or_default().push(at);
        }
    }
    for (phone, group) in by_phone {
        let holder = known.get(&phone);
        let of = |at: &usize| heads.get(*at);
        let first = group.first().and_then(of);
        let one = first.is_some_and(|first| {
            first.paper.is_some() && group.iter().filter_map(of).all(|h| h.paper == first.paper)
        });
        let name = holder.and_then(|h| h.name.as_deref());
        let named: Vec<usize> = match name {
            Some(name) => group.iter().copied().filter(|at| of(at).is_some_and(|h| bears(h, name))).collect(),
            None => Vec::new(),
        };
        let alone = group.len() == 1 || one;
        for at in group {
            let Some(head) = heads.get_mut(at).filter(|h| h.person.is_none()) else { continue };
            if alone || (named.len() == 1 && named.contains(&at)) {
                head.person = holder.map(|h| h.person);
            } else {
                head.shared = true;
            }
        }
    }
}

/// The heads of those who stand for election.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Certainly theirs.
    pub sure: Vec<u32>,
    /// Perhaps: more heads bear the name than candidates do, and nobody said who is who.
    pub doubtful: Vec<u32>,
}

/// Which heads belong to candidates: by person where both are known, and by name only when as many heads bear it as candidates.
#[must_use]
pub fn standing(options: &[String], candidates: &[Id], heads: &[Head]) -> Standing {
    let is = |h: &&Head| h.person.is_some_and(|p| candidates.contains(&p));
    let mut out =
        Standing { sure: heads.iter().filter(is).map(|h| h.number).collect(), ..Standing::default() };
    // Somebody known who is none of the candidates, all of them known, only shares the name.
    let all_known = candidates.len() >= options.len();
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for option in options {
        *names.entry(option.split('（').next().unwrap_or(option).trim()).or_default() += 1;
    }
    for (name, stand) in names {
        let of_name = || heads.iter().filter(|h| bears(h, name));
        let found = of_name().filter(is).count();
        let rest: Vec<u32> =
            of_name().filter(|h| !(is(h) || (all_known && h.person.is_some()))).map(|h| h.number).collect();
        if found >= stand {
            continue;
        }
        if rest.len() <= stand - found {
            out.sure.extend(rest);
        } else {
            out.doubtful.extend(rest);
        }
    }
    out.sure.sort_unstable();
    out.sure.dedup();
    out
}
