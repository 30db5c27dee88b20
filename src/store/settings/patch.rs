//! A change to the settings: read strictly, checked whole, every bad field named.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use serde_json::Value;

use super::{SSH_PORT, SecretName, Settings};
use crate::error::{Error, FieldError, Result};
use crate::ordergroove::hosts::{AllowedHosts, Environment};
use crate::secret::Secret;
use crate::store::feed_settings::FeedPatch;
use crate::store::field_rules::{api_key, directory, host_key, merchant_id, private_key, secret_key, visible};

/// A change to the settings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Patch {
    environment: Option<Environment>,
    ordergroove: OrdergroovePatch,
    sftp: SftpPatch,
    feeds: FeedPatch,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct OrdergroovePatch {
    merchant_id: Text,
    secret_key: SecretPatch,
    api_url: Text,
    rest_url: Text,
    subscription_url: Text,
    static_url: Text,
    api_key: SecretPatch,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SftpPatch {
    host: Text,
    port: PortPatch,
    username: Text,
    password: SecretPatch,
    private_key: SecretPatch,
    directory: Text,
    host_key: Text,
}

/// A text that may be absent (kept), `null` or empty (cleared), or new. Pasted blanks are cut off.
#[derive(Debug, Clone, Default)]
pub(in crate::store) struct Text(Option<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<String>::deserialize(deserializer).map_err(|_| D::Error::custom("Enter a text."))?;
        Ok(Self(Some(text.unwrap_or_default().trim().to_owned())))
    }
}

/// Like [`Text`], for a port. What a form sends of an emptied field is `""`.
#[derive(Debug, Clone, Copy, Default)]
enum PortPatch {
    #[default]
    Kept,
    Cleared,
    New(i64),
}

impl<'de> Deserialize<'de> for PortPatch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Null => Ok(Self::Cleared),
            Value::String(text) if text.trim().is_empty() => Ok(Self::Cleared),
            Value::Number(number) => number.as_i64().map(Self::New).ok_or_else(|| D::Error::custom(NO_PORT)),
            _ => Err(D::Error::custom(NO_PORT)),
        }
    }
}

const NO_PORT: &str = "Enter a port from 1 to 65535; SFTP servers mostly use 22.";

/// Like [`Text`]; the `{"set": …}` that a read shows may be sent back and changes nothing.
#[derive(Clone, Default)]
struct SecretPatch(Option<String>);

impl std::fmt::Debug for SecretPatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "SecretPatch(…)" } else { "SecretPatch(kept)" })
    }
}

impl<'de> Deserialize<'de> for SecretPatch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Null => Ok(Self(Some(String::new()))),
            Value::String(text) => Ok(Self(Some(text.trim().to_owned()))),
            Value::Object(object) if object.len() == 1 && object.get("set").is_some_and(Value::is_boolean) => {
                Ok(Self(None))
            }
            _ => Err(D::Error::custom("Enter a text.")),
        }
    }
}

/// What a patch does to the secrets: `None` removes one.
pub type SecretChanges = Vec<(SecretName, Option<Secret>)>;

impl Patch {
    /// Reads a patch; a field that is unknown or of the wrong type is named.
    pub fn parse(body: &str) -> Result<Self> {
        let mut json = serde_json::Deserializer::from_str(body);
        let patch = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let (field, inner) = (error.path().to_string(), error.into_inner());
            if inner.is_data() {
                // Of serde's own text only the reason is kept, never a value.
                let reason = inner.to_string();
                let message = if reason.starts_with("unknown field") {
                    "There is no such setting.".to_owned()
                } else {
                    reason.split(" at line ").next().map_or_else(String::new, plain_reason)
                };
                Error::InvalidSettings { errors: vec![FieldError { field, message }] }
            } else {
                Error::bad_request("The body is not valid JSON.")
            }
        })?;
        json.end().map_err(|_| Error::bad_request("The body is not valid JSON."))?;
        only_objects(body)?;
        Ok(patch)
    }

    /// Checks the patch whole and applies it to `settings`, or changes nothing and names every bad field.
    pub fn apply(
        self,
        settings: &mut Settings,
        environment: Environment,
        hosts: &AllowedHosts,
        knows_zone: &dyn Fn(&str) -> bool,
    ) -> Result<SecretChanges> {
        let mut check = Check { errors: Vec::new() };
        let mut next = settings.clone();
        if self.environment.is_some_and(|asked| asked != environment) {
            check.refuse("environment", "The environment was fixed when the app was registered.");
        }
        let og = self.ordergroove;
        check.text("ordergroove.merchant_id", og.merchant_id, &mut next.ordergroove.merchant_id, merchant_id);
        let url = |text: &str| hosts.check_url(text).map(|url| url.as_str().trim_end_matches('/').to_owned());
        check.text("ordergroove.api_url", og.api_url, &mut next.ordergroove.api_url, url);
        check.text("ordergroove.rest_url", og.rest_url, &mut next.ordergroove.rest_url, url);
        check.text("ordergroove.subscription_url", og.subscription_url, &mut next.ordergroove.subscription_url, url);
        check.text("ordergroove.static_url", og.static_url, &mut next.ordergroove.static_url, url);
        let sftp = self.sftp;
        match sftp.port {
            PortPatch::Kept => {}
            PortPatch::Cleared => next.sftp.port = None,
            PortPatch::New(port) => match u16::try_from(port) {
                Ok(port) if port > 0 => next.sftp.port = Some(port),
                _ => check.refuse("sftp.port", NO_PORT),
            },
        }
        let port = next.sftp.port.unwrap_or(SSH_PORT);
        let host_is_new = sftp.host.0.is_some();
        check.text("sftp.host", sftp.host, &mut next.sftp.host, |host| {
            hosts.check_host(host, port).map(|()| host.to_ascii_lowercase())
        });
        // A host on this machine is allowed with its port only.
        if !host_is_new && !next.sftp.host.is_empty() && hosts.check_host(&next.sftp.host, port).is_err() {
            check.refuse("sftp.port", "This server is not allowed with this port.");
        }
        check.text("sftp.username", sftp.username, &mut next.sftp.username, |text| visible(text, 128));
        check.text("sftp.directory", sftp.directory, &mut next.sftp.directory, directory);
        // The key that was confirmed is the old server's.
        if (&next.sftp.host, next.sftp.port) != (&settings.sftp.host, settings.sftp.port) {
            next.sftp.host_key.clear();
        }
        check.text("sftp.host_key", sftp.host_key, &mut next.sftp.host_key, host_key);
        self.feeds.apply(&mut check, &mut next.feeds, knows_zone);
        let mut secrets = Vec::new();
        check.secret(SecretName::SecretKey, og.secret_key, &mut secrets, secret_key);
        check.secret(SecretName::ApiKey, og.api_key, &mut secrets, api_key);
        check.secret(SecretName::SftpPassword, sftp.password, &mut secrets, |text| visible(text, 256));
        check.secret(SecretName::SftpPrivateKey, sftp.private_key, &mut secrets, private_key);
        if check.errors.is_empty() {
            *settings = next;
            Ok(secrets)
        } else {
            Err(Error::InvalidSettings { errors: check.errors })
        }
    }
}

/// serde takes a list for a struct, by the order of its fields; what came in has names.
fn only_objects(body: &str) -> Result<()> {
    let wrong =
        |field: &str| FieldError { field: field.to_owned(), message: "This value has the wrong form.".to_owned() };
    let Ok(parts) = serde_json::from_str::<BTreeMap<String, Value>>(body) else {
        return Err(Error::InvalidSettings { errors: vec![wrong("")] });
    };
    let lists = parts.iter().filter(|(_, part)| part.is_array()).map(|(name, _)| wrong(name));
    let errors: Vec<FieldError> = lists.collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::InvalidSettings { errors }) }
}

pub(in crate::store) struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    pub(in crate::store) fn refuse(&mut self, field: &str, message: impl Into<String>) {
        self.errors.push(FieldError { field: field.to_owned(), message: message.into() });
    }

    pub(in crate::store) fn text(
        &mut self,
        field: &str,
        patch: Text,
        slot: &mut String,
        rule: impl Fn(&str) -> Result<String, String>,
    ) {
        match patch.0 {
            None => {}
            Some(text) if text.is_empty() => slot.clear(),
            Some(text) => match rule(&text) {
                Ok(text) => *slot = text,
                Err(message) => self.refuse(field, message),
            },
        }
    }

    fn secret(
        &mut self,
        name: SecretName,
        patch: SecretPatch,
        changes: &mut SecretChanges,
        rule: impl Fn(&str) -> Result<String, String>,
    ) {
        match patch.0 {
            None => {}
            Some(text) if text.is_empty() => changes.push((name, None)),
            Some(text) => match rule(&text) {
                Ok(text) => changes.push((name, Some(Secret::new(text)))),
                Err(message) => self.refuse(name.path(), message),
            },
        }
    }
}

fn plain_reason(reason: &str) -> String {
    if reason.starts_with("invalid type") || reason.starts_with("unknown variant") {
        "This value has the wrong form.".to_owned()
    } else {
        reason.to_owned()
    }
}
