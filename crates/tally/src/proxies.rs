//! Whose proxy may be taken (居委会组织法 19, 村委会组织法 18), in the order in which they come in.

use crate::rule::{ProxyKind, Proxying};
use std::collections::{HashMap, HashSet};

kernel::coded_enum! {
    /// What becomes of a proxy. The first reason that applies is told, in this order.
    pub enum Ruling {
        /// It is taken.
        Ok = "ok",
        /// Everybody votes in person here.
        ModeForbidsProxy = "rejected:mode_forbids_proxy",
        /// It is not in writing.
        NotWritten = "rejected:not_written",
        /// Who gives it is not on the roll.
        PrincipalNotRegistered = "rejected:principal_not_registered",
        /// Who is to vote is not on the roll.
        AgentNotRegistered = "rejected:agent_not_registered",
        /// Nobody is their own proxy.
        AgentIsPrincipal = "rejected:agent_is_principal",
        /// Who is to vote is a candidate.
        AgentIsCandidate = "rejected:agent_is_candidate",
        /// Who gives it has given one already.
        PrincipalAlreadyDelegated = "rejected:principal_already_delegated",
        /// Who is to vote has given their own vote away.
        AgentHasDelegated = "rejected:agent_has_delegated",
        /// Who gives it votes for others already: a vote cannot be handed on.
        PrincipalIsAgent = "rejected:principal_is_agent",
        /// Who is to vote does so for enough others already.
        OverLimit = "rejected:over_limit",
    }
}

/// A proxy that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proxy<'a> {
    /// Who gives it.
    pub principal: &'a str,
    /// Who is to vote.
    pub agent: &'a str,
    /// Whether it is in writing.
    pub written: bool,
}

/// The proxies of one poll, taken one after another. Only those taken count for the ones that follow.
#[derive(Clone, Debug)]
pub struct Book<'a> {
    rule: &'a Proxying,
    registered: HashSet<&'a str>,
    candidates: HashSet<&'a str>,
    given: HashSet<&'a str>,
    held: HashMap<&'a str, u32>,
}

impl<'a> Book<'a> {
    /// An empty book.
    #[must_use]
    pub fn new(
        rule: &'a Proxying,
        registered: impl IntoIterator<Item = &'a str>,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self {
            rule,
            registered: registered.into_iter().collect(),
            candidates: candidates.into_iter().collect(),
            given: HashSet::new(),
            held: HashMap::new(),
        }
    }

    /// Takes a proxy or says why not.
    pub fn ask(&mut self, proxy: Proxy<'a>) -> Ruling {
        let ruling = self.judge(&proxy);
        if ruling == Ruling::Ok {
            self.given.insert(proxy.principal);
            *self.held.entry(proxy.agent).or_default() += 1;
        }
        ruling
    }

    fn judge(&self, proxy: &Proxy<'a>) -> Ruling {
        let Proxy { principal, agent, written } = *proxy;
        let held = |who| self.held.get(who).copied().unwrap_or(0);
        if self.rule.kind == ProxyKind::None {
            Ruling::ModeForbidsProxy
        } else if self.rule.written && !written {
            Ruling::NotWritten
        } else if !self.registered.contains(principal) {
            Ruling::PrincipalNotRegistered
        } else if self.rule.kind == ProxyKind::Voter && !self.registered.contains(agent) {
            Ruling::AgentNotRegistered
        } else if principal == agent {
            Ruling::AgentIsPrincipal
        } else if self.rule.no_candidates && self.candidates.contains(agent) {
            Ruling::AgentIsCandidate
        } else if self.given.contains(principal) {
            Ruling::PrincipalAlreadyDelegated
        } else if self.given.contains(agent) {
            Ruling::AgentHasDelegated
        } else if held(principal) > 0 {
            Ruling::PrincipalIsAgent
        } else if self.rule.most > 0 && held(agent) >= self.rule.most {
            Ruling::OverLimit
        } else {
            Ruling::Ok
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_its_case() {
        let rule = Proxying::election();
        let voters = ["v1", "v2", "v3", "v4", "v5", "v6", "c"];
        let mut book = Book::new(&rule, voters, ["c"]);
        let mut ask = |principal, agent| book.ask(Proxy { principal, agent, written: true });
        assert_eq!(ask("v2", "c"), Ruling::AgentIsCandidate);
        assert_eq!(ask("v2", "v1"), Ruling::Ok);
        assert_eq!(ask("v2", "v3"), Ruling::PrincipalAlreadyDelegated);
        assert_eq!(ask("v3", "v2"), Ruling::AgentHasDelegated);
        assert_eq!(ask("v1", "v4"), Ruling::PrincipalIsAgent);
        assert_eq!(ask("v5", "v5"), Ruling::AgentIsPrincipal);
        assert_eq!(ask("zz", "v1"), Ruling::PrincipalNotRegistered);
        assert_eq!(ask("v5", "zz"), Ruling::AgentNotRegistered);
        // What was refused does not count for what follows.
        assert_eq!(ask("v3", "v1"), Ruling::Ok);
        assert_eq!(ask("c", "v1"), Ruling::Ok);
        assert_eq!(ask("v4", "v1"), Ruling::OverLimit);
        assert_eq!(ask("v4", "v5"), Ruling::Ok);
        let unwritten = Proxy { principal: "v6", agent: "v5", written: false };
        assert_eq!(book.ask(unwritten), Ruling::NotWritten);
    }

    #[test]
    fn representatives_vote_in_person() {
        let rule = Proxying::none();
        let mut book = Book::new(&rule, ["a", "b"], []);
        let asked = Proxy { principal: "a", agent: "b", written: false };
        assert_eq!(book.ask(asked), Ruling::ModeForbidsProxy);
    }
}
