use super::*;
use crate::error::{Error, Result};
use crate::ordergroove::hosts::AllowedHosts;
use crate::secret::Secret;

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn apply(settings: &mut Settings, body: &str) -> Result<SecretChanges> {
    Patch::parse(body)?
        .apply(settings, Environment::Staging, &AllowedHosts::parse("*.ordergroove.com"), &|zone| zone.contains('/'))
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
        let Err(Error::InvalidSettings { errors }) = apply(&mut Settings::default(), &body) else { panic!("{key}") };
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
    let text = |(field, before, after): &(&str, &str, &str)| (field.to_string(), before.to_string(), after.to_string());
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
