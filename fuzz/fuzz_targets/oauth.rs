//! The answer to an install code: a token and a store whose name is one, or an error without either.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ordergroove_bigcommerce::bigcommerce::{oauth, scopes};
use ordergroove_bigcommerce::error::Error;
use ordergroove_bigcommerce::outbound::OutboundAnswer;

fuzz_target!(|input: (u16, &str)| {
    let (status, body) = input;
    let secret = "a-token-nobody-may-see";
    let broken = format!(r#"{{"access_token":"{secret}","scope":"","user":{{"id":{body}"#);
    for (status, body) in [(status, body), (200, body), (200, &broken)] {
        match oauth::granted(&OutboundAnswer::new(status, body)) {
            Ok(granted) => {
                assert!((200..300).contains(&status) && !granted.access_token.is_empty());
                assert!(granted.store_hash.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric()));
                let _ = scopes::missing(&granted.scopes);
            }
            Err(Error::CodeRefused { status: refused }) => assert_eq!(refused, status),
            Err(error) => assert!(!format!("{error}{error:?}{}", error.message()).contains(secret)),
        }
    }
});
