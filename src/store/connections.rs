//! Trying out the connections with the saved settings, and remembering how it went.
//!
//! A result is about the settings it was made with: a change of them, or a new access token, forgets it.

use futures_util::future::{join, join_all};
use serde::{Deserialize, Serialize};
use url::Url;

use super::audit::{Action, Change};
use super::calls::TestConnection;
use super::rows::{App, Installation, read_secret, read_settings};
use super::settings::{SecretName, Settings};
use super::store_do::Store;
use crate::bigcommerce::{connection as bigcommerce, scopes, store_info};
use crate::connection::Step;
use crate::error::{Error, Party, Result};
use crate::ordergroove::connection as ordergroove;
use crate::ordergroove::signature::{Signer, Timestamp};
use crate::ordergroove::subscriptions::Credential;
use crate::outbound::{OutboundAnswer, OutboundRequest};
use crate::platform::log::{self, RequestId};
use crate::platform::{clock, http};

/// What a test found.
#[derive(Debug, Serialize, Deserialize)]
pub struct ConnectionTest {
    party: Party,
    /// Every step went well.
    ok: bool,
    /// Unix seconds.
    tested_at: i64,
    steps: Vec<Step>,
}

/// How the last test went.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct LastTest {
    ok: i64,
    pub(super) message: String,
    pub(super) tested_at: i64,
}

impl LastTest {
    pub(super) fn is_ok(&self) -> bool {
        self.ok != 0
    }
}

impl Store {
    pub(super) async fn test_connection(
        &self,
        call: &TestConnection,
        request_id: &RequestId,
    ) -> Result<ConnectionTest> {
        let session = self.authenticate(&call.session_token)?;
        let app = self.app()?;
        let begun_with = self.tested_with(&app)?;
        let steps = match call.party {
            Party::BigCommerce => self.try_bigcommerce(&app, request_id).await?,
            Party::Ordergroove => self.try_ordergroove(&app, request_id).await?,
            Party::Sftp => self.try_sftp(&app, request_id).await?,
        };
        let test =
            ConnectionTest { party: call.party, ok: steps.iter().all(|step| step.ok), tested_at: clock::now(), steps };
        self.database.transaction(|| {
            let mut change = Change::of(Action::ConnectionTested);
            change.field = Some(call.party.name().to_owned());
            change.after = Some(if test.ok { "ok" } else { "failed" }.to_owned());
            self.note(Some(&session.user), &change, None)?;
            // Settings that changed while the other side was thinking were not tested.
            if self.tested_with(&app)? == begun_with { self.keep_test(&test) } else { Ok(()) }
        })?;
        Ok(test)
    }

    /// What a result depends on.
    fn tested_with(&self, app: &App) -> Result<(i64, Option<String>, String)> {
        let (_, version) = read_settings(&self.database)?;
        let token = Installation::read(&self.database)?.and_then(|installation| installation.access_token);
        Ok((version, token, app.client_secret.clone()))
    }

    fn keep_test(&self, test: &ConnectionTest) -> Result<()> {
        let message = test.steps.iter().find(|step| !step.ok).map_or("", |step| step.message.as_str());
        self.database.run(
            "INSERT OR REPLACE INTO connections (party, ok, message, tested_at) VALUES (?, ?, ?, ?)",
            vec![test.party.name().into(), i64::from(test.ok).into(), message.into(), test.tested_at.into()],
        )
    }

    /// Called where a result no longer says anything.
    pub(super) fn forget_test(&self, party: Party) -> Result<()> {
        self.database.run("DELETE FROM connections WHERE party = ?", vec![party.name().into()])
    }

    pub(super) fn last_test(&self, party: Party) -> Result<Option<LastTest>> {
        self.database.row("SELECT ok, message, tested_at FROM connections WHERE party = ?", vec![party.name().into()])
    }

    async fn try_bigcommerce(&self, app: &App, request_id: &RequestId) -> Result<Vec<Step>> {
        let bindings = self.bindings()?;
        let installation = Installation::read(&self.database)?.ok_or(Error::NotInstalled)?;
        let token = installation.access_token(&bindings.sealer, &app.client_id)?;
        let request = store_info::store(&bindings.bigcommerce_api_url, &installation.store_hash, token.expose());
        let url = request.url.clone();
        let answer = ask(request, request_id).await;
        Ok(vec![
            bigcommerce::access_token(&url, answer.as_ref()),
            bigcommerce::permissions(&scopes::missing(&installation.granted_scopes())),
        ])
    }

    async fn try_ordergroove(&self, app: &App, request_id: &RequestId) -> Result<Vec<Step>> {
        let (settings, _) = read_settings(&self.database)?;
        let addresses = settings.addresses(app.environment);
        let knocks = addresses.iter().filter(|(name, _)| *name != "rest_url").map(|(name, address)| async move {
            let Ok(url) = Url::parse(address) else { return Step::failed(name, "This address cannot be read.") };
            ordergroove::reachable(name, &url, ask(ordergroove::knock(&url), request_id).await.as_ref())
        });
        let (mut steps, knocks) = join(self.try_credentials(app, &settings, request_id), join_all(knocks)).await;
        if let Ok(steps) = &mut steps {
            steps.extend(knocks);
        }
        steps
    }

    async fn try_credentials(&self, app: &App, settings: &Settings, request_id: &RequestId) -> Result<Vec<Step>> {
        let sealer = &self.bindings()?.sealer;
        let secret = |name| read_secret(&self.database, sealer, &app.client_id, name);
        let rest_url = Url::parse(settings.rest_url(app.environment)).map_err(Error::internal)?;
        let merchant_id = &settings.ordergroove.merchant_id;
        let mut steps = Vec::new();
        let signer = secret(SecretName::SecretKey)?.map(|key| Signer::new(key.expose()));
        match signer {
            Some(signer) if !merchant_id.is_empty() => {
                let ts = Timestamp::now(clock::now());
                let question =
                    ordergroove::question(&rest_url, &Credential::Signature { merchant_id, signer: &signer, ts });
                let answer = ask(question, request_id).await;
                let what = "merchant ID with this secret key";
                steps.push(ordergroove::credential("credentials", what, &rest_url, answer.as_ref()));
            }
            _ => steps.push(Step::failed("credentials", "Enter the merchant ID and the secret key first.")),
        }
        if let Some(key) = secret(SecretName::ApiKey)? {
            let answer = ask(ordergroove::question(&rest_url, &Credential::ApiKey(key.expose())), request_id).await;
            steps.push(ordergroove::credential("api_key", "REST API key", &rest_url, answer.as_ref()));
        }
        Ok(steps)
    }
}

/// The answer, if one came; why none came is for the log.
async fn ask(request: OutboundRequest, request_id: &RequestId) -> Option<OutboundAnswer> {
    let host = request.url.host_str().unwrap_or_default().to_owned();
    match http::send(request).await {
        Ok(answer) => Some(answer),
        Err(error) => {
            log::error("connection_test_unanswered", request_id, &error, serde_json::json!({"host": host}));
            None
        }
    }
}
