//! What every request brings before anybody is known: ids, times, session tokens, request ids.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ordergroove_bigcommerce::bigcommerce::ids::{ClientId, StoreHash};
use ordergroove_bigcommerce::ordergroove::signature::{AHEAD_SECONDS, OLDEST_SECONDS, Signer, Timestamp, url_encoded};
use ordergroove_bigcommerce::platform::log::RequestId;
use ordergroove_bigcommerce::routes;
use ordergroove_bigcommerce::store::sessions::app_of_session;

fuzz_target!(|input: (i64, &str)| {
    let (now, text) = input;
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if let Ok(id) = ClientId::parse(text) {
        assert!(id.as_str() == text && plain(text) && (1..=64).contains(&text.len()));
    }
    if let Ok(store) = StoreHash::from_context(text) {
        assert_eq!(format!("stores/{store}"), text);
    }
    if let Some(app) = app_of_session(text) {
        assert!(text.starts_with(&format!("{app}.")));
    }
    let id = RequestId::from_ray(Some(text));
    assert!(plain(id.as_str()) && (8..=64).contains(&id.as_str().len()), "{id:?}");

    // Since 2001 a time has ten digits, none of them a leading zero.
    let now = 1_001_000_000 + now.rem_euclid(8_000_000_000);
    if let Some(ts) = Timestamp::parse(text, now) {
        assert_eq!(ts.to_string(), text);
        assert!((-OLDEST_SECONDS..=AHEAD_SECONDS).contains(&(ts.seconds() - now)));
    }
    let signature = Signer::new(text).sign(text, Timestamp::now(now));
    assert_eq!(signature.len(), 44);
    assert!(!url_encoded(&signature).contains(['+', '/', '=']));

    // Of storefront paths there is one spelling.
    if routes::storefront_endpoint(text).is_some() {
        assert!(routes::table().any(|(_, path)| path == text));
    }
});
