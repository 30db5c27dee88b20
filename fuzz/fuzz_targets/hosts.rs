//! Addresses and hosts: whatever is let through is at an allowed host, as every reader of addresses sees it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ordergroove_bigcommerce::ordergroove::hosts::AllowedHosts;
use url::Url;

fuzz_target!(|input: (u16, &str)| {
    let (port, text) = input;
    let hosts = AllowedHosts::parse("*.ordergroove.com, 127.0.0.1:8788");
    for text in [text, &format!("https://{text}.ordergroove.com"), &format!("https://restapi.ordergroove.com{text}")] {
        let Ok(url) = hosts.check_url(text) else { continue };
        let again = Url::parse(url.as_str()).expect("what was taken can be read again");
        assert_eq!(again, url);
        assert!(url.username().is_empty() && url.password().is_none() && url.query().is_none());
        let host = url.host_str().unwrap();
        match url.scheme() {
            "https" if host != "127.0.0.1" => {
                assert!(host.ends_with(".ordergroove.com") && url.port().is_none(), "{url}");
            }
            _ => assert_eq!((host, url.port()), ("127.0.0.1", Some(8788)), "{url}"),
        }
    }
    for text in [text, &format!("{text}.ordergroove.com")] {
        if hosts.check_host(text, port).is_ok() {
            let allowed =
                text.to_ascii_lowercase().ends_with(".ordergroove.com") || (text, port) == ("127.0.0.1", 8788);
            assert!(allowed, "{text}");
            assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-'), "{text:?}");
        }
    }
});
