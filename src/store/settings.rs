//! What a merchant sets in the console: its shape, its defaults, and what is refused and why.
//!
//! Settings are one resource. Secrets are written and never read back: they show as `{"set": true}`.
//! A patch takes any part; an empty text or `null` puts a field back to its default or removes a secret.

use std::collections::BTreeMap;

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::feed_settings::{FeedPatch, FeedSettings};
use super::field_rules::{api_key, directory, host_key, merchant_id, private_key, secret_key, visible};
use crate::error::{Error, FieldError, Result};
use crate::ordergroove::hosts::{AllowedHosts, Environment};
use crate::secret::Secret;

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
pub(super) struct Text(Option<String>);

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

/// Where Ordergroove looks for feeds.
const DIRECTORY: &str = "/incoming";
/// SSH's own.
pub const SSH_PORT: u16 = 22;

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

pub(super) struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    pub(super) fn refuse(&mut self, field: &str, message: impl Into<String>) {
        self.errors.push(FieldError { field: field.to_owned(), message: message.into() });
    }

    pub(super) fn text(
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

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    fn apply(settings: &mut Settings, body: &str) -> Result<SecretChanges> {
        Patch::parse(body)?.apply(settings, Environment::Staging, &AllowedHosts::parse("*.ordergroove.com"), &|zone| {
            zone.contains('/')
        })
    }

    fn refused(body: &str) -> Vec<String> {
        let mut settings = Settings::default();
        let error = apply(&mut settings, body).unwrap_err();
        assert_eq!(settings, Settings::default(), "nothing is changed: {body}");
        let Error::InvalidSettings { errors } = error else { panic!("{body}: {error}") };
        errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn defaults_follow_the_environment_and_come_back_when_cleared() {
        let mut settings = Settings::default();
        let view = settings.view(Environment::Production, |_| false);
        assert_eq!(view["ordergroove"]["rest_url"], "https://restapi.ordergroove.com");
        assert_eq!(
            view["sftp"],
            json!({"host": "feeds.ordergroove.com", "port": 22, "username": "", "password": {"set": false}, "private_key": {"set": false}, "directory": "/incoming", "host_key": ""})
        );
        apply(&mut settings, r#"{"ordergroove":{"rest_url":" https://other.ordergroove.com/ "}}"#).unwrap();
        assert_eq!(settings.rest_url(Environment::Staging), "https://other.ordergroove.com");
        apply(&mut settings, r#"{"ordergroove":{"rest_url":""}}"#).unwrap();
        assert_eq!(settings.rest_url(Environment::Staging), "https://staging.restapi.ordergroove.com");
    }

    #[test]
    fn secrets_are_set_kept_and_removed_but_never_shown() {
        let mut settings = Settings::default();
        let changes =
            apply(&mut settings, &json!({"ordergroove": {"secret_key": KEY}, "sftp": {"password": null}}).to_string())
                .unwrap();
        assert_eq!(changes, [(SecretName::SecretKey, Some(Secret::new(KEY))), (SecretName::SftpPassword, None)]);
        assert!(!format!("{changes:?}").contains(KEY));
        let view = settings.view(Environment::Staging, |name| name == SecretName::SecretKey);
        assert_eq!(view["ordergroove"]["secret_key"], json!({"set": true}));
        assert_eq!(apply(&mut settings, &view.to_string()).unwrap(), [], "what was read can be sent back");
    }

    #[test]
    fn every_bad_field_is_named_and_nothing_changes() {
        assert_eq!(
            refused(
                r#"{"ordergroove":{"merchant_id":"a b","secret_key":"short","rest_url":"http://restapi.ordergroove.com"},"sftp":{"port":0,"directory":"incoming","host":"evil.example"},"environment":"production"}"#
            ),
            [
                "environment",
                "ordergroove.merchant_id",
                "ordergroove.rest_url",
                "sftp.port",
                "sftp.host",
                "sftp.directory",
                "ordergroove.secret_key"
            ]
        );
        assert_eq!(refused(r#"{"ordergroove":{"nonsense":1}}"#), ["ordergroove.nonsense"]);
        assert_eq!(refused(r#"{"ordergroove":{"merchant_id":7}}"#), ["ordergroove.merchant_id"]);
        assert_eq!(refused(r#"{"ordergroove":{"secret_key":["x"]}}"#), ["ordergroove.secret_key"]);
        for port in ["\"22\"", "0", "-1", "65536", "2.5", "[]", "true"] {
            assert_eq!(refused(&format!(r#"{{"sftp":{{"port":{port}}}}}"#)), ["sftp.port"], "{port}");
        }
        for (key, field) in [
            ("k".repeat(31), "ordergroove.secret_key"),
            ("k".repeat(33), "ordergroove.secret_key"),
            ("é".repeat(16), "ordergroove.secret_key"),
        ] {
            assert_eq!(refused(&json!({"ordergroove": {"secret_key": key}}).to_string()), [field]);
        }
        assert_eq!(
            refused(&json!({"ordergroove": {"api_key": "key-ü"}}).to_string()),
            ["ordergroove.api_key"],
            "it would be no header"
        );
        assert_eq!(
            refused(&json!({"sftp": {"private_key": "AAAA", "directory": "/a/../b", "username": "a\nb"}}).to_string()),
            ["sftp.username", "sftp.directory", "sftp.private_key"]
        );
    }

    #[test]
    fn a_port_is_cleared_like_a_text_and_belongs_to_its_host() {
        let mut settings = Settings::default();
        for (body, port) in [(r#"{"sftp":{"port":2222}}"#, Some(2222)), (r#"{"sftp":{"port":""}}"#, None)] {
            apply(&mut settings, body).unwrap();
            assert_eq!(settings.sftp.port, port);
        }
        let hosts = AllowedHosts::parse("*.ordergroove.com,127.0.0.1:8722");
        let mut patch =
            |body: &str| Patch::parse(body).unwrap().apply(&mut settings, Environment::Staging, &hosts, &|_| true);
        patch(r#"{"sftp":{"host":"127.0.0.1","port":8722}}"#).unwrap();
        assert!(patch(r#"{"sftp":{"port":25}}"#).is_err(), "another service of this machine");
        patch(r#"{"sftp":{"host":"feeds.ordergroove.com","port":null}}"#).unwrap();
    }

    #[test]
    fn a_confirmed_key_belongs_to_its_server() {
        const KEY: &str = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";
        let mut settings = Settings::default();
        let confirm = json!({"sftp": {"host_key": format!(" {KEY} ")}}).to_string();
        for (change, kept) in [
            (r#"{"sftp":{"username":"u","host":""}}"#, KEY),
            (r#"{"sftp":{"host":"other.ordergroove.com"}}"#, ""),
            (r#"{"sftp":{"port":2222}}"#, ""),
        ] {
            apply(&mut settings, &confirm).unwrap();
            assert_eq!(settings.sftp.host_key, KEY);
            apply(&mut settings, change).unwrap();
            assert_eq!(settings.sftp.host_key, kept, "{change}");
        }
        let both = json!({"sftp": {"host": "third.ordergroove.com", "host_key": KEY}}).to_string();
        apply(&mut settings, &both).unwrap();
        assert_eq!(settings.sftp.host_key, KEY, "the new server's own");
        for bad in ["SHA256:", "47DEQpj8HBSa", "MD5:00:11", "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="] {
            assert_eq!(refused(&json!({"sftp": {"host_key": bad}}).to_string()), ["sftp.host_key"], "{bad}");
        }
    }

    #[test]
    fn a_private_key_that_cannot_be_used_is_refused_when_it_is_entered() {
        let pem = |label: &str| format!("-----BEGIN {label}-----\nAAAA\n-----END {label}-----");
        for (key, words) in [
            (pem("ENCRYPTED PRIVATE KEY"), "passphrase"),
            (pem("DSA PRIVATE KEY"), "not supported"),
            (pem("OPENSSH PRIVATE KEY"), "cannot be read"),
        ] {
            let body = json!({"sftp": {"private_key": key}}).to_string();
            let Err(Error::InvalidSettings { errors }) = apply(&mut Settings::default(), &body) else {
                panic!("{key}")
            };
            assert!(errors[0].field == "sftp.private_key" && errors[0].message.contains(words), "{errors:?}");
        }
    }

    #[test]
    fn differences_name_the_field_with_both_texts() {
        let mut settings = Settings::default();
        let before = settings.view(Environment::Staging, |_| false);
        apply(&mut settings, r#"{"ordergroove":{"merchant_id":"m-1"},"sftp":{"port":2222}}"#).unwrap();
        let after = settings.view(Environment::Staging, |_| true);
        let expected = [("ordergroove.merchant_id", "", "m-1"), ("sftp.port", "22", "2222")];
        let text =
            |(field, before, after): &(&str, &str, &str)| (field.to_string(), before.to_string(), after.to_string());
        let found = differences(&before, &settings.view(Environment::Staging, |_| false));
        assert_eq!(found, expected.iter().map(text).collect::<Vec<_>>());
        assert_eq!(differences(&after, &after), []);
    }

    #[test]
    fn a_refusal_never_quotes_the_value() {
        for body in [
            r#"{"ordergroove":{"secret_key":{"hunter2":"hunter2"}}}"#,
            r#"{"ordergroove":{"merchant_id":["hunter2"]}}"#,
            r#"{"environment":"hunter2"}"#,
            r#"{"hunter2"#,
        ] {
            let error = apply(&mut Settings::default(), body).unwrap_err();
            assert!(!format!("{error:?}{error}").contains("hunter2"), "{error:?}");
        }
    }

    #[test]
    fn broken_json_is_a_bad_request() {
        for body in ["", "{", "[]x", "{} {}", "\u{feff}{}"] {
            assert!(matches!(Patch::parse(body), Err(Error::BadRequest { .. })), "{body:?}");
        }
    }

    #[test]
    fn a_list_is_no_patch() {
        for (body, field) in [
            ("[]", ""),
            (r#"[null,["merchant"],{}]"#, ""),
            (r#"{"ordergroove":[]}"#, "ordergroove"),
            (r#"{"ordergroove":["merchant"]}"#, "ordergroove"),
            (r#"{"sftp":["feeds.ordergroove.com",22,"user","password",null,"/"]}"#, "sftp"),
        ] {
            assert_eq!(refused(body), [field], "{body}");
        }
    }
}
