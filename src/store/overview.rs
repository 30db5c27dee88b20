//! What the console's first page shows: what is done, what is missing, what needs attention.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::calls::{ReadInbox, ReadOverview};
use super::inbox::{self, Inbox};
use super::jobs::{self, JobKind};
use super::keep_hooks::HooksState;
use super::object::call;
use super::rows::{App, Installation, read_settings, sealed_secret};
use super::sessions::Session;
use super::settings::SecretName;
use super::store_do::Store;
use crate::bigcommerce::ids::{PanelUser, StoreHash};
use crate::bigcommerce::scopes;
use crate::error::{Error, Party, Result};
use crate::ordergroove::hosts::Environment;
use crate::platform::clock;
use crate::platform::log::{self, RequestId};

/// An event that waits longer is said to.
const LATE_SECONDS: i64 = 10 * 60;

const NOT_TAKEN: &str = "BigCommerce did not take the app's webhooks. The app tries again by itself.";

const SWITCHED_OFF: &str = "BigCommerce had switched off some of the app's webhooks, and the app switched them on again. \
    Changes of the last days may have been missed.";

/// The console's first page.
#[derive(Debug, Serialize, Deserialize)]
pub struct Overview {
    store: StoreName,
    environment: Environment,
    user: PanelUser,
    session: SessionLife,
    checks: Vec<Check>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoreName {
    hash: StoreHash,
    name: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct SessionLife {
    idle_seconds: i64,
    ends_at: i64,
}

/// One thing that has to be right; `detail` is its own.
#[derive(Debug, Serialize, Deserialize)]
pub struct Check {
    id: String,
    state: CheckState,
    #[serde(flatten)]
    detail: Value,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum CheckState {
    Done,
    Missing,
    Attention,
}

impl Check {
    pub(super) fn new(id: &str, state: CheckState) -> Self {
        Self { id: id.to_owned(), state, detail: json!({}) }
    }

    fn missing_unless(id: &str, good: bool) -> Self {
        Self::new(id, if good { CheckState::Done } else { CheckState::Missing })
    }

    fn attention_unless(id: &str, good: bool) -> Self {
        Self::new(id, if good { CheckState::Done } else { CheckState::Attention })
    }

    pub(super) fn with(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }
}

impl Store {
    pub(super) async fn read_overview(&self, asked: &ReadOverview, request_id: &RequestId) -> Result<Overview> {
        let Session { user, idle_seconds, ends_at } = self.authenticate(&asked.session_token)?;
        let app = self.app()?;
        let installation = Installation::read(&self.database)?.ok_or(Error::NotInstalled)?;
        let (settings, _) = read_settings(&self.database)?;
        let has_key = sealed_secret(&self.database, SecretName::SecretKey)?.is_some();
        let behind = jobs::is_scheduled(&self.database, JobKind::WriteKvCopy)?;
        let missing = scopes::missing(&installation.granted_scopes());
        let inbox = inbox::look(&self.database)?.and(self.inbox_of_products(&app, request_id).await);
        let checks = vec![
            Check::attention_unless("active", installation.is_active()),
            Check::attention_unless("scopes", missing.is_empty()).with(json!({"missing": missing})),
            Check::missing_unless("store_addresses", installation.has_origins()),
            Check::missing_unless("merchant_id", !settings.ordergroove.merchant_id.is_empty()),
            Check::missing_unless("secret_key", has_key),
            Check::attention_unless("edge_copy", !behind),
            webhooks_check(&self.hooks_state()?, &inbox, clock::now()),
            self.connection_check(Party::BigCommerce)?,
            self.connection_check(Party::Ordergroove)?,
            self.connection_check(Party::Sftp)?,
        ];
        Ok(Overview {
            store: StoreName { hash: installation.store_hash, name: installation.store_name },
            environment: app.environment,
            user,
            session: SessionLife { idle_seconds, ends_at },
            checks,
        })
    }

    /// Empty when it cannot be seen: the first page does not fail for it.
    async fn inbox_of_products(&self, app: &App, request_id: &RequestId) -> Inbox {
        call(&self.env, app.client_id.as_str(), request_id, ReadInbox {}).await.unwrap_or_else(|error| {
            log::error("inbox_unread", request_id, &error, json!({"client_id": app.client_id}));
            Inbox::default()
        })
    }

    fn connection_check(&self, party: Party) -> Result<Check> {
        let Some(test) = self.last_test(party)? else { return Ok(Check::new(party.name(), CheckState::Missing)) };
        let check = Check::attention_unless(party.name(), test.is_ok());
        Ok(check.with(json!({"tested_at": test.tested_at, "message": test.message})))
    }
}

/// Whether the store's changes reach the app.
fn webhooks_check(hooks: &HooksState, inbox: &Inbox, now: i64) -> Check {
    let late = inbox.waiting_since.is_some_and(|since| now - since > LATE_SECONDS);
    let (state, message) = if hooks.failing_since.is_some() {
        (CheckState::Attention, NOT_TAKEN.to_owned())
    } else if hooks.kept_at.is_none() {
        (CheckState::Missing, "The app's webhooks are not registered with BigCommerce yet.".to_owned())
    } else if late {
        let message = "BigCommerce told the app of changes that have been waiting for more than ten minutes";
        (CheckState::Attention, format!("{message}: {}.", inbox.waiting))
    } else if hooks.switched_off_lately(now) {
        (CheckState::Attention, SWITCHED_OFF.to_owned())
    } else {
        (CheckState::Done, "The app's webhooks are registered with BigCommerce.".to_owned())
    };
    Check::new("webhooks", state).with(json!({"message": message, "last_event_at": inbox.last_event_at}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webhooks_are_right_when_all_of_it_is() {
        const NOW: i64 = 1_700_000_000;
        let kept = HooksState { kept_at: Some(NOW - 60), ..HooksState::default() };
        let quiet = Inbox { waiting: 0, waiting_since: None, last_event_at: Some(NOW - 5) };
        let waiting = |since| Inbox { waiting: 1, waiting_since: Some(since), ..quiet };
        let check = |hooks: &HooksState, inbox: &Inbox| {
            let check = serde_json::to_value(webhooks_check(hooks, inbox, NOW)).unwrap();
            assert_eq!(check["last_event_at"], json!(inbox.last_event_at));
            (check["state"].as_str().unwrap().to_owned(), check["message"].as_str().unwrap().to_owned())
        };
        let state = |hooks: &HooksState, inbox: &Inbox| check(hooks, inbox).0;
        assert_eq!(state(&kept, &quiet), "done");
        assert_eq!(state(&HooksState::default(), &quiet), "missing");
        assert_eq!(
            (state(&kept, &waiting(NOW - 600)), state(&kept, &waiting(NOW - 601))),
            ("done".into(), "attention".into())
        );
        for hooks in [
            HooksState { failing_since: Some(NOW), ..kept.clone() },
            HooksState { kept_at: None, failing_since: Some(NOW), ..kept.clone() },
        ] {
            assert_eq!(state(&hooks, &quiet), "attention");
        }
        for (ago, expected) in [(0, "attention"), (86_399, "attention"), (86_400, "done")] {
            let (state, message) = check(&HooksState { switched_off_at: Some(NOW - ago), ..kept.clone() }, &quiet);
            assert_eq!(
                (state.as_str(), message.contains("switched off")),
                (expected, expected == "attention"),
                "{ago}"
            );
        }
    }
}
