//! What holds for consent, requests about the own information, and the list of deletion. Pure.

use crate::model::{
    Consent, ConsentEvent, InfoRequest, InfoRequestEvent, Past, PastEvent, PastState, RequestState,
};
use chrono::NaiveDate;
use kernel::{
    Channel, Id, Time,
    calendar::{Calendar, ClockKind, Limit},
    personal::{Basis, Keep, PersonalField},
    time::local_date,
};

/// Working days in which a request is answered, where the street set nothing. The law asks for a timely answer without a
/// number (个人信息保护法 art. 50).
pub const ANSWER_DAYS: u32 = 15;
/// Months after which an account that nobody used is put on the list of deletion.
pub const IDLE_MONTHS: u32 = 36;
/// The fewest days that a security log is kept (网络安全法 art. 21(3): no less than six months).
pub const LOG_DAYS: i64 = 183;

/// The register of this room.
pub const PERSONAL: &[PersonalField] = &[
    field(
        "name",
        "words, person, person_key",
        Basis::Consent,
        "PIPL 13(1)1",
        false,
        Keep::IdleMonths(IDLE_MONTHS),
    ),
    field(
        "phone",
        "words, person, person_key",
        Basis::Consent,
        "PIPL 13(1)1",
        true,
        Keep::IdleMonths(IDLE_MONTHS),
    ),
    field("lives-at", "words, person", Basis::Consent, "PIPL 13(1)1", true, Keep::IdleMonths(IDLE_MONTHS)),
    field(
        "login",
        "words, account, account_secret",
        Basis::Contract,
        "PIPL 13(1)2; GB/T 22239 8.1.4.1",
        false,
        Keep::UntilErased,
    ),
    field("office", "office", Basis::Duty, "PIPL 13(1)3, 34", false, Keep::Record),
    field("sign-in", "words, journal, session", Basis::Duty, "PIPL 13(1)3; CSL 21(3)", false, Keep::Record),
    field("notices", "inbox, outbox", Basis::Duty, "PIPL 13(1)3", false, Keep::UntilErased),
    field("consent", "consent, journal", Basis::Duty, "PIPL 14, 15", false, Keep::Record),
    field("request", "words, info_request", Basis::Duty, "PIPL 44-50", false, Keep::Record),
];

const fn field(
    code: &'static str,
    kept_in: &'static str,
    basis: Basis,
    law: &'static str,
    masked: bool,
    keep: Keep,
) -> PersonalField {
    PersonalField { room: "people", code, kept_in, basis, law, sensitive: false, masked, keep }
}

/// The last day for an answer to a request that was made at an instant.
#[must_use]
pub fn due(calendar: &Calendar, asked: Time, work_days: u32) -> NaiveDate {
    local_date(calendar.deadline(asked, Limit::new(work_days, ClockKind::WorkDay)).at)
}

/// The state of consent after an event.
#[must_use]
pub fn evolve_consent(state: Option<Consent>, event: &ConsentEvent, at: Time, street: Id) -> Option<Consent> {
    if let (None, ConsentEvent::ConsentAsked { id, person }) = (&state, event) {
        return Some(Consent {
            id: *id,
            street,
            person: *person,
            version: String::new(),
            given: false,
            at,
            channel: Channel::App,
            proxy: None,
        });
    }
    let known = state?;
    Some(match event {
        ConsentEvent::ConsentAsked { .. } => known,
        ConsentEvent::ConsentGiven { version, channel, proxy } => {
            Consent { version: version.clone(), given: true, at, channel: *channel, proxy: *proxy, ..known }
        }
        ConsentEvent::ConsentDeclined { version } => Consent {
            version: version.clone(),
            given: false,
            at,
            channel: Channel::App,
            proxy: None,
            ..known
        },
        ConsentEvent::ConsentWithdrawn => Consent { given: false, at, ..known },
    })
}

/// The state of a request after an event.
#[must_use]
pub fn evolve_request(
    state: Option<InfoRequest>,
    event: &InfoRequestEvent,
    at: Time,
    street: Id,
) -> Option<InfoRequest> {
    match (state, event) {
        (None, InfoRequestEvent::RequestMade { id, person, wish, words, due, proxy }) => Some(InfoRequest {
            id: *id,
            street,
            person: *person,
            wish: *wish,
            words: words.clone(),
            asked_at: at,
            due: *due,
            proxy: *proxy,
            state: RequestState::Asked,
            answer: None,
            answered_at: None,
            frozen: 0,
        }),
        (Some(r), InfoRequestEvent::RequestGranted { answer, frozen, .. }) => Some(InfoRequest {
            state: if *frozen > 0 { RequestState::Frozen } else { RequestState::Granted },
            answer: answer.clone(),
            answered_at: Some(at),
            frozen: *frozen,
            ..r
        }),
        (Some(r), InfoRequestEvent::RequestCompleted { .. }) => {
            Some(InfoRequest { state: RequestState::Granted, frozen: 0, ..r })
        }
        (Some(r), InfoRequestEvent::RequestRefused { answer }) => Some(InfoRequest {
            state: RequestState::Refused,
            answer: Some(answer.clone()),
            answered_at: Some(at),
            ..r
        }),
        (state, _) => state,
    }
}

/// The state of a line of the list of deletion after an event.
#[must_use]
pub fn evolve_past(state: Option<Past>, event: &PastEvent, at: Time, street: Id) -> Option<Past> {
    match (state, event) {
        (None, PastEvent::PastListed { id, person, reason, request }) => Some(Past {
            id: *id,
            street,
            person: *person,
            reason: *reason,
            request: *request,
            at,
            state: PastState::Listed,
        }),
        (Some(p), PastEvent::PastErased { .. }) => Some(Past { state: PastState::Erased, ..p }),
        (Some(p), PastEvent::PastKept { .. }) => Some(Past { state: PastState::KeptOn, ..p }),
        (state, _) => state,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_due_after_fifteen_working_days() {
        let asked = kernel::time::parse_stamp("2026-03-02T01:00:00Z").unwrap();
        assert_eq!(due(&Calendar::shipped(), asked, ANSWER_DAYS).to_string(), "2026-03-23");
    }
}
