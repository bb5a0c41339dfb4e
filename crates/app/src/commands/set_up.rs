//! `setup`: what the set-up page does, unattended.

use crate::{Failure, cli, config::Config, say, server, t};
use people::{SetUp, SetUpDone};
use serde_json::json;
use store::Options;

/// Makes street, first community and administrators in a fresh store.
///
/// # Errors
/// Which input is wrong, or that it is set up already.
pub(super) async fn run(config: &Config, given: cli::Setup) -> Result<(), Failure> {
    let lang = config.lang;
    let password = given.admin_password.ok_or_else(|| Failure::said(t!(lang, "no-admin-password")))?;
    let mut names = given.admin_names.into_iter();
    let input = SetUp {
        street_name: given.street_name,
        street_code: given.street_code,
        street_statistical: given.street_statistical,
        community_name: given.community_name,
        community_code: given.community_code,
        community_statistical: given.community_statistical,
        community_phone: given.community_phone,
        admin_login: given.admin_login.clone(),
        admin_password: password,
        admin_names: std::array::from_fn(|_| names.next().unwrap_or_default()),
        secretary_name: given.secretary_name,
    };
    let store = server::open(config, Options::default()).await?;
    let done: SetUpDone = store.write(move |tx| Box::pin(people::set_up(tx, input))).await?;
    store.close().await;
    if config.json {
        say::json(&json!({
            "street": done.street,
            "street_path": done.street_path,
            "community": done.community.short_code,
            "admin": given.admin_login.to_lowercase(),
            "accounts": done.one_time.iter().map(|(office, login, password)| json!({
                "office": office, "account": login, "one_time_password": password,
            })).collect::<Vec<_>>(),
        }));
        return Ok(());
    }
    say::line(t!(
        lang,
        "set-up-done",
        street = done.street_path.as_str(),
        community = done.community.name.as_str()
    ));
    for (office, login, password) in &done.one_time {
        let office = ui::layout::office_name(lang, office.code());
        say::line(format!("  {login:<24} {password:<24} {office}"));
    }
    say::line(t!(lang, "set-up-next"));
    Ok(())
}
