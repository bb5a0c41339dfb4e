//! `token create`: a token for programs, printed once.

use super::{existing, operator, street};
use crate::{Failure, cli, config::Config, say, t};
use serde_json::json;

/// Makes a token for an account; it is the last line that is printed.
///
/// # Errors
/// When there is no such account.
pub(super) async fn create(config: &Config, given: cli::TokenCreate) -> Result<(), Failure> {
    let store = existing(config).await?;
    let mut conn = store.read().await?;
    let street = street(config, &mut conn).await?;
    let account =
        people::queries::account_by_login(&mut conn, store.keys(), street.id, &given.account).await?;
    drop(conn);
    let account = account
        .ok_or_else(|| Failure::said(t!(config.lang, "no-account", account = given.account.as_str())))?;
    let (actor, name) = (operator(&street), given.name.clone());
    let token = store
        .write(move |tx| {
            Box::pin(async move { people::actions::create_token(tx, &actor, account.id, &name).await })
        })
        .await?;
    store.close().await;
    if config.json {
        say::json(&json!({ "account": given.account, "name": given.name, "token": token }));
        return Ok(());
    }
    say::note(t!(config.lang, "token-once", account = given.account.as_str()));
    say::line(token);
    Ok(())
}
