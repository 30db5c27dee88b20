//! What a merchant sets in the console: its shape, its defaults, and what is refused and why.
//!
//! Settings are one resource. Secrets are written and never read back: they show as `{"set": true}`.
//! A patch takes any part; an empty text or `null` puts a field back to its default or removes a secret.

mod patch;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(super) use patch::{Check, Text};
pub use patch::{Patch, SecretChanges};

use super::feed_settings::FeedSettings;
use crate::ordergroove::hosts::Environment;

/// Where Ordergroove looks for feeds.
const DIRECTORY: &str = "/incoming";
/// SSH's own.
pub const SSH_PORT: u16 = 22;

/// The settings as stored, without secrets. An empty text means the environment's default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Ordergroove's ids and addresses.
    pub ordergroove: OrdergrooveSettings,
    /// Where feeds go.
    pub sftp: SftpSettings,
    /// When they go, and how.
    pub feeds: FeedSettings,
}

/// Ordergroove's ids and addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are Ordergroove's own words")]
pub struct OrdergrooveSettings {
    pub merchant_id: String,
    pub api_url: String,
    pub rest_url: String,
    pub subscription_url: String,
    pub static_url: String,
}

/// Where feeds go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names say it")]
pub struct SftpSettings {
    pub host: String,
    pub port: Option<u16>,
    pub username: String,
    pub directory: String,
    pub host_key: String,
}

/// The secrets among the settings, each sealed in a row of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretName {
    /// The merchant's hash key.
    SecretKey,
    /// Ordergroove's REST key.
    ApiKey,
    /// SFTP password.
    SftpPassword,
    /// SFTP private key, PEM.
    SftpPrivateKey,
}

impl SecretName {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::SecretKey, Self::ApiKey, Self::SftpPassword, Self::SftpPrivateKey];

    /// Its path in the settings, and its name in the table.
    pub fn path(self) -> &'static str {
        match self {
            Self::SecretKey => "ordergroove.secret_key",
            Self::ApiKey => "ordergroove.api_key",
            Self::SftpPassword => "sftp.password",
            Self::SftpPrivateKey => "sftp.private_key",
        }
    }
}

impl Settings {
    /// The REST address in force.
    pub fn rest_url(&self, environment: Environment) -> &str {
        or(&self.ordergroove.rest_url, environment.defaults().rest_url)
    }

    /// Ordergroove's addresses in force, with their names.
    pub fn addresses(&self, environment: Environment) -> [(&'static str, &str); 4] {
        let (own, defaults) = (&self.ordergroove, environment.defaults());
        [
            ("rest_url", or(&own.rest_url, defaults.rest_url)),
            ("api_url", or(&own.api_url, defaults.api_url)),
            ("subscription_url", or(&own.subscription_url, defaults.subscription_url)),
            ("static_url", or(&own.static_url, defaults.static_url)),
        ]
    }

    /// Where feeds go, with what is in force where nothing is set.
    pub fn sftp(&self, environment: Environment) -> SftpSettings {
        SftpSettings {
            host: or(&self.sftp.host, environment.defaults().sftp_host).to_owned(),
            port: Some(self.sftp.port.unwrap_or(SSH_PORT)),
            directory: or(&self.sftp.directory, DIRECTORY).to_owned(),
            ..self.sftp.clone()
        }
    }

    /// The settings as the console reads them: defaults filled in, secrets only as set or not.
    pub fn view(&self, environment: Environment, is_set: impl Fn(SecretName) -> bool) -> Value {
        let defaults = environment.defaults();
        let set = |name| json!({ "set": is_set(name) });
        json!({
            "environment": environment,
            "ordergroove": {
                "merchant_id": self.ordergroove.merchant_id,
                "secret_key": set(SecretName::SecretKey),
                "api_url": or(&self.ordergroove.api_url, defaults.api_url),
                "rest_url": self.rest_url(environment),
                "subscription_url": or(&self.ordergroove.subscription_url, defaults.subscription_url),
                "static_url": or(&self.ordergroove.static_url, defaults.static_url),
                "api_key": set(SecretName::ApiKey),
            },
            "sftp": {
                "host": or(&self.sftp.host, defaults.sftp_host),
                "port": self.sftp.port.unwrap_or(SSH_PORT),
                "username": self.sftp.username,
                "password": set(SecretName::SftpPassword),
                "private_key": set(SecretName::SftpPrivateKey),
                "directory": or(&self.sftp.directory, DIRECTORY),
                "host_key": self.sftp.host_key,
            },
            "feeds": self.feeds.view(),
        })
    }
}

/// The fields whose text differs between two views: path, before, after. Secrets are not compared.
pub fn differences(before: &Value, after: &Value) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    collect_differences("", before, after, &mut found);
    found
}

fn collect_differences(path: &str, before: &Value, after: &Value, found: &mut Vec<(String, String, String)>) {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, new) in new {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect_differences(&path, old.get(name).unwrap_or(&Value::Null), new, found);
            }
        }
        _ if before != after => found.push((path.to_owned(), text(before), text(after))),
        _ => {}
    }
}

fn or<'a>(text: &'a str, default: &'a str) -> &'a str {
    if text.is_empty() { default } else { text }
}
