//! What who is to come does from a phone: joins from elsewhere, sends somebody, says yes or no when called.

use super::attendance::say_word;
use crate::{
    model::{Council, Say, Sitting, SittingState, Standing},
    rules, t,
};
use kernel::Id;
use maud::{Markup, html};
use ui::{
    Ctx, Form, Viewer,
    parts::{self, Field},
};

/// The seat that the reader takes at a sitting: the own one, or that of whoever sent them.
pub(super) fn seat_of(viewer: &Viewer, council: &Council, s: &Sitting) -> Option<(Id, Standing)> {
    let person = viewer.signed.as_ref()?.person;
    if let Some(a) = s.there(person) {
        return Some((a.member, a.standing));
    }
    let own = council.seat_of(person, s.day()).map(|m| (m.id, Standing::Member));
    own.or_else(|| s.comes_for(person).map(|d| (d.member, Standing::Delegate)))
}

/// How one joins, where one is expected from elsewhere.
pub(super) fn part(ctx: &Ctx, viewer: &Viewer, council: &Council, s: &Sitting) -> Markup {
    let lang = viewer.lang;
    let Some((seat, standing)) = seat_of(viewer, council, s) else { return html! {} };
    let comes = matches!(s.state, SittingState::Noticed) || s.state.is_held();
    html! {
        @if standing == Standing::Delegate && comes { (parts::notice("", "user-check", &t!(lang, "you-are-sent"), "")) }
        @if let Some(join) = s.join.as_ref().filter(|_| comes) {
            section."card card-p mt3" aria-labelledby="h-join" { h2.h3 #h-join { (t!(lang, "join")) } p { (join) } p.hint { (t!(lang, "join-private")) }
                @if s.state.is_held() && !s.is_present(seat) && standing != Standing::Guest {
                    form."mt2" method="post" action={ "/sittings/" (s.id) "/here" } data-once {
                        (parts::hidden(ctx, viewer)) input type="hidden" name="from" value="afar";
                        button."btn pri wide" { (t!(lang, "i-am-online")) }
                    }
                }
            }
        }
        @if standing == Standing::Member { (send(ctx, viewer, council, s, seat)) }
    }
}

/// Who cannot come sends somebody.
fn send(ctx: &Ctx, viewer: &Viewer, council: &Council, s: &Sitting, seat: Id) -> Markup {
    let lang = viewer.lang;
    let before = matches!(s.state, SittingState::Noticed | SittingState::SignIn) && !s.is_present(seat);
    let rule = rules::decision_rule(&council.rule).ok();
    let allowed = rule.is_some_and(|r| rules::delegates_allowed(council, r).is_some());
    let votes = council.member(seat).is_some_and(|m| m.votes);
    let to = |verb: &str| format!("/sittings/{}/own/{verb}", s.id);
    let form = Form::default();
    html! {
        @if before && s.delegate_of(seat).is_some() {
            section."card card-p mt3" { p { b { (t!(lang, "you-sent")) } }
                form."mt2" method="post" action=(to("drop-delegate")) data-once { (parts::hidden(ctx, viewer)) button.btn { (t!(lang, "i-come-myself")) } } }
        } @else if before && allowed && votes { details."more card card-p mt3" { summary { (t!(lang, "delegate-own")) }
            form."form mt2" method="post" action=(to("delegate")) data-once {
                (parts::hidden(ctx, viewer)) p.hint { (t!(lang, "delegate-own-about")) }
                (parts::field(lang, &form, Field { name: "delegate", label: &t!(lang, "delegate-name"), required: true, max: 40, ..Field::default() }))
                (parts::field(lang, &form, Field { name: "delegate_phone", label: &t!(lang, "phone"), hint: &t!(lang, "phone-hint"), kind: "tel", max: 20, ..Field::default() }))
                div."btns mt3" { button.btn { (t!(lang, "delegate-own")) } }
            }
        } }
    }
}

/// The own voice of somebody who is not in the room, while hands are counted.
pub(super) fn voice(ctx: &Ctx, viewer: &Viewer, s: &Sitting, seat: Id) -> Markup {
    let lang = viewer.lang;
    let of_motion = s.put_motion().and_then(|m| Some((m.item, m.ballot.as_ref()?)));
    let open = of_motion.or_else(|| s.current().and_then(|i| Some((i.id, i.ballot.as_ref()?))));
    let Some((item, b)) = open.filter(|(_, b)| b.remote.contains(&seat) && b.votes.is_none()) else {
        return html! {};
    };
    let said = b.voices.iter().find(|v| v.member == seat).map(|v| v.said);
    html! {
        section."card card-p mt3" aria-labelledby="h-voice" {
            h2.h3 #h-voice { (t!(lang, "your-voice")) } p { (b.motion) }
            @if let Some(said) = said { (parts::notice("ok", "circle-check", &t!(lang, "you-said", said = say_word(lang, said)), "")) }
            form."btns mt2" method="post" action={ "/sittings/" (s.id) "/own/voice" } data-once {
                (parts::hidden(ctx, viewer)) input type="hidden" name="item" value=(item);
                @for say in [Say::Yes, Say::No, Say::Abstain] { button.btn name="said" value=(say) { (say_word(lang, say)) } }
            }
        }
    }
}
