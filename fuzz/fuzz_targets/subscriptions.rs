//! Ordergroove's list: nothing but a list settles anything, and the next page is at the same host.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ordergroove_bigcommerce::ordergroove::subscriptions::{Page, SubscriberStatus, read_page};
use ordergroove_bigcommerce::outbound::OutboundAnswer;
use url::Url;

fuzz_target!(|input: (u16, bool, &str)| {
    let (status, seen_any, body) = input;
    let rest = Url::parse("https://restapi.ordergroove.com/base").unwrap();
    let linked = serde_json::json!({"next": body, "results": []}).to_string();
    for (status, body) in [(status, body), (200, body), (200, &linked)] {
        match read_page(&rest, &OutboundAnswer::new(status, body), seen_any) {
            Err(_) => {}
            Ok(Page::Continue(url)) => assert_eq!(url.origin(), rest.origin()),
            Ok(Page::Settled(SubscriberStatus::Unknown)) => assert!(status == 404 || !seen_any),
            Ok(Page::Settled(_)) => assert!((200..300).contains(&status)),
        }
    }
});
