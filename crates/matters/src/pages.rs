//! Pages of the closed loop, for residents and for staff.

mod desk;
mod doors;
mod files;
mod home;
mod ledger;
pub(crate) mod matter;
mod methods;
mod office;
mod paper;
pub(crate) mod raise;
mod register;
pub(crate) mod settings;
mod slip;
pub(crate) mod story;
pub(crate) mod verbs;
pub(crate) mod words;

pub use doors::DOORS;

use axum::{
    Router,
    routing::{get, post},
};
use ui::Ctx;

/// The routes of this room.
pub fn routes() -> Router<Ctx> {
    ui::register(&crate::WORDS);
    Router::new()
        .route("/", get(home::home))
        .route("/mine", get(home::mine))
        .route("/offline", get(home::offline))
        .route("/raise", get(raise::show).post(raise::send))
        .route("/raise/similar", get(raise::similar))
        .route("/raise/done/{number}", get(raise::done))
        .route("/m/{number}", get(matter::show))
        .route("/m/{number}/join", get(slip::join_form).post(slip::join))
        .route("/m/{number}/evaluate", get(matter::evaluate_form).post(matter::evaluate))
        .route("/m/{number}/add", get(matter::add_form).post(matter::add))
        .route("/m/{number}/urge", post(matter::urge))
        .route("/m/{number}/thank", get(matter::thank_form).post(matter::thank))
        .route("/m/{number}/withdraw", get(matter::withdraw_form).post(matter::withdraw))
        .route("/m/{number}/reopen", get(matter::reopen_form).post(matter::reopen))
        .route("/m/{number}/check", get(matter::check_form).post(matter::check))
        .route("/m/{number}/slip", get(paper::slip))
        .route("/s/{number}/{secret}", get(slip::open_slip))
        .route("/follow", get(slip::follow_form).post(slip::follow))
        .route("/files/{id}", get(files::show))
        .route("/office", get(desk::desk))
        .route("/office/matters", get(desk::list))
        .route("/office/matters/{ending}", get(desk::export))
        .route("/office/live", get(desk::live))
        .route("/office/events", get(desk::events))
        .route("/office/bulk", post(desk::bulk))
        .route("/office/register", get(register::show).post(register::send))
        .route("/office/register/discard", post(register::discard))
        .route("/office/import", get(ledger::form).post(ledger::send))
        .route("/office/m/{number}", get(office::show))
        .route("/office/m/{number}/who", post(office::who))
        .route("/office/m/{number}/redact", get(office::redact_form).post(office::redact))
        .route("/office/m/{number}/paper/{kind}", get(paper::staff))
        .route("/office/m/{number}/{verb}", get(verbs::form).post(verbs::send))
        .route("/office/handover", get(paper::handover))
        .route("/office/settings", get(settings::show))
        .route("/office/settings/calendar", post(settings::calendar))
        .route("/office/settings/category", get(settings::category_form).post(settings::category))
        .route("/office/settings/method", post(settings::method))
        .route("/office/settings/methods", get(methods::show).post(methods::save))
        .route("/office/settings/methods/drop", post(methods::give_up))
        .route("/office/categories.{ending}", get(settings::export))
}
