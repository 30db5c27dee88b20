//! What BigCommerce says of a store: origins as browsers write them, and nothing else.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ordergroove_bigcommerce::bigcommerce::store_info::{self, SitesPage, StoreInfo};
use ordergroove_bigcommerce::outbound::OutboundAnswer;
use url::Url;

fuzz_target!(|input: &str| {
    let input = input.split_once('\n').unwrap_or((input, input));
    let answer = |body: &str| OutboundAnswer::new(200, body);
    let named = serde_json::json!({"data": [{"url": input.0, "urls": [{"url": input.1}]}]}).to_string();
    let store: StoreInfo =
        store_info::parse(&answer(input.0)).unwrap_or_else(|_| store_info::parse(&answer("{}")).unwrap());
    let pages = [input.1, &named].map(|body| store_info::parse::<SitesPage>(&answer(body)).ok());
    let pages: Vec<SitesPage> = pages.into_iter().flatten().collect();
    for page in &pages {
        assert!(page.next_page().is_none_or(|next| next > 0));
    }
    for origin in store_info::origins(&store, &pages) {
        let url = Url::parse(&origin).expect("an origin is an address");
        assert_eq!(url.origin().ascii_serialization(), origin);
        assert!(origin != "null" && origin.is_ascii() && !origin.contains(['*', ' ', ',', '\r', '\n']), "{origin}");
    }
});
