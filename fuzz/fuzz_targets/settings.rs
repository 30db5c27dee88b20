//! Settings patches: a refused one changes nothing and quotes nothing; a good one leaves allowed addresses only.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ordergroove_bigcommerce::ordergroove::hosts::{AllowedHosts, Environment};
use ordergroove_bigcommerce::store::settings::{Patch, SecretName, Settings};
use serde_json::Value;

fuzz_target!(|input: (bool, &str)| {
    let (live, body) = input;
    let environment = if live { Environment::Production } else { Environment::Staging };
    let hosts = AllowedHosts::parse("*.ordergroove.com");
    let mut settings = Settings::default();
    let Ok(patch) = Patch::parse(body) else { return };
    match patch.apply(&mut settings, environment, &hosts, &|zone| zone.contains('/')) {
        Err(_) => assert_eq!(settings, Settings::default(), "refused, so nothing is changed"),
        Ok(secrets) => {
            let view =
                settings.view(environment, |name| secrets.iter().any(|(set, text)| *set == name && text.is_some()));
            for field in ["api_url", "rest_url", "subscription_url", "static_url"] {
                let address = view["ordergroove"][field].as_str().unwrap();
                assert!(hosts.check_url(address).is_ok(), "{address}");
            }
            let (host, port) = (view["sftp"]["host"].as_str().unwrap(), view["sftp"]["port"].as_u64().unwrap());
            assert!(hosts.check_host(host, u16::try_from(port).unwrap()).is_ok(), "{host}");
            assert!(port > 0 && view["sftp"]["directory"].as_str().unwrap().starts_with('/'));
            for (name, secret) in &secrets {
                let shown = name.path().split('.').fold(&view, |view, part| &view[part]);
                assert!(matches!(shown, Value::Object(shown) if shown.len() == 1 && shown["set"].is_boolean()));
                let text = secret.as_ref().map_or("", |secret| secret.expose());
                assert!(*name != SecretName::SecretKey || [0, 32].contains(&text.len()));
                assert!(*name != SecretName::ApiKey || text.bytes().all(|byte| byte.is_ascii_graphic()));
            }
            // What was read may be sent back and changes nothing but the spelling of defaults.
            let again = Patch::parse(&view.to_string())
                .unwrap()
                .apply(&mut settings, environment, &hosts, &|zone| zone.contains('/'));
            assert_eq!(again.unwrap(), []);
            assert_eq!(
                settings.view(environment, |name| secrets.iter().any(|(set, text)| *set == name && text.is_some())),
                view
            );
        }
    }
});
