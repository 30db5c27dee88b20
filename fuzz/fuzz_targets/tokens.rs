//! Load and shopper tokens: never a panic; ours verify as what they are; a changed byte never does.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use libfuzzer_sys::fuzz_target;
use ordergroove_bigcommerce::bigcommerce::ids::{ClientId, StoreHash};
use ordergroove_bigcommerce::bigcommerce::token::{TokenKey, verify_load_token, verify_shopper_token};
use sha2::Sha256;

const NOW: i64 = 1_700_000_000;
const SECRET: &str = "client-secret-of-the-app";

fn signed(claims: &str) -> String {
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#), URL_SAFE_NO_PAD.encode(claims));
    let mac = <Hmac<Sha256>>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(&message);
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

fuzz_target!(|input: (u64, u16, u8, &str)| {
    let (customer, place, byte, text) = input;
    let keys = [TokenKey::new(SECRET)];
    let (id, store) = (ClientId::parse("client1").unwrap(), StoreHash::parse("abc123").unwrap());
    let load = |token: &str| verify_load_token(token, &keys, &id, NOW);
    let shopper = |token: &str| verify_shopper_token(token, &keys, &id, &store, NOW);

    // Nobody without the secret makes a token. Another secret: the fuzzer sees what this process signs.
    let unused = [TokenKey::new("a-secret-that-signs-nothing")];
    assert!(verify_load_token(text, &unused, &id, NOW).is_err());
    assert!(verify_shopper_token(text, &unused, &id, &store, NOW).is_err());

    // Any claims, rightly signed: what is let through names this app and this store.
    let any = signed(text);
    let names = |what: &str| text.contains(what) || text.contains('\\');
    assert!(load(&any).is_err() || (names("client1") && names("stores/")));
    assert!(shopper(&any).is_err() || (names("client1") && names("abc123")));

    // One of ours verifies as the one kind and as no other, with the customer it names.
    let claims = format!(
        r#"{{"aud":"client1","iss":"bc/apps","sub":"abc123","store_hash":"abc123","operation":"current_customer",
            "iat":{NOW},"exp":{},"customer":{{"id":{customer}}}}}"#,
        NOW + 900
    );
    let good = signed(&claims);
    assert!(load(&good).is_err());
    match shopper(&good) {
        Ok(named) => assert_eq!(u64::from(named), customer),
        Err(_) => assert_eq!(customer, 0),
    }
    let mut changed = good.clone().into_bytes();
    let place = usize::from(place) % changed.len();
    changed[place] ^= byte;
    if let Ok(changed) = String::from_utf8(changed) {
        assert!(changed == good || shopper(&changed).is_err(), "{changed}");
    }
});
