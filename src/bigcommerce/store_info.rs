//! What the app reads about a store after an install: its name and every address of its storefronts.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Deserialize;
use url::Url;

use super::ids::StoreHash;
use super::page::Page;
use crate::error::{Error, Party};
use crate::outbound::{OutboundAnswer, OutboundRequest, join};

/// A read of the Management API.
const TIMEOUT: Duration = Duration::from_secs(8);

/// The parts of `GET /v2/store` that are used.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StoreInfo {
    /// Shown in the console.
    #[serde(default)]
    pub name: String,
    /// Address of the default storefront.
    #[serde(default)]
    pub secure_url: String,
    /// May frame the console, beside BigCommerce's own hosts.
    #[serde(default)]
    pub control_panel_base_url: String,
    /// The channel of the default storefront.
    #[serde(default)]
    pub default_channel_id: Option<u64>,
}

/// One page of `GET /v3/sites`.
pub type SitesPage = Page<Site>;

/// A storefront.
#[derive(Debug, Clone, Deserialize)]
pub struct Site {
    #[serde(default)]
    url: String,
    #[serde(default)]
    urls: Vec<SiteUrl>,
}

#[derive(Debug, Clone, Deserialize)]
struct SiteUrl {
    #[serde(default)]
    url: String,
}

fn read(api_url: &Url, store: &StoreHash, access_token: &str, path: &str) -> OutboundRequest {
    let url = join(api_url, &format!("/stores/{store}{path}"));
    OutboundRequest::get(Party::BigCommerce, url, TIMEOUT).header("x-auth-token", access_token)
}

/// `GET /v2/store`.
pub fn store(api_url: &Url, store: &StoreHash, access_token: &str) -> OutboundRequest {
    read(api_url, store, access_token, "/v2/store")
}

/// `GET /v3/sites`, one page.
pub fn sites(api_url: &Url, store: &StoreHash, access_token: &str, page: u32) -> OutboundRequest {
    let mut request = read(api_url, store, access_token, "/v3/sites");
    request.url.query_pairs_mut().append_pair("page", &page.to_string()).append_pair("limit", "250");
    request
}

/// Whether BigCommerce still takes a stored token, as an answer to any read shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenState {
    /// 2xx, or a refusal that is about something else: the app is installed.
    Accepted,
    /// 401: the app was uninstalled or its consent withdrawn.
    Dead,
    /// No telling: an outage, a rate limit, garbage.
    Unknown,
}

/// Reads [`TokenState`] from the answer to [`store`].
pub fn token_state(answer: &OutboundAnswer) -> TokenState {
    match answer.status {
        401 => TokenState::Dead,
        200..=299 | 403 => TokenState::Accepted,
        _ => TokenState::Unknown,
    }
}

/// Reads an answer as `T`; anything but 2xx is the platform's fault.
pub fn parse<T: serde::de::DeserializeOwned>(answer: &OutboundAnswer) -> Result<T, Error> {
    if !(200..=299).contains(&answer.status) {
        return Err(Error::upstream(Party::BigCommerce, format!("answered {}", answer.status)));
    }
    answer.json().map_err(|cause| Error::upstream(Party::BigCommerce, cause))
}

/// Every address in what was read, to be spelled in ASCII before anything is made of it.
pub fn addresses<'a>(store: &'a mut StoreInfo, sites: &'a mut [SitesPage]) -> impl Iterator<Item = &'a mut String> {
    let of_sites = sites.iter_mut().flat_map(|page| &mut page.data);
    let urls = of_sites
        .flat_map(|site| std::iter::once(&mut site.url).chain(site.urls.iter_mut().map(|entry| &mut entry.url)));
    urls.chain([&mut store.secure_url, &mut store.control_panel_base_url])
}

/// Every origin a page of the store can have: of all its channels, and of its checkouts.
pub fn origins(store: &StoreInfo, sites: &[SitesPage]) -> Vec<String> {
    let of_sites = sites.iter().flat_map(|page| &page.data);
    let urls = of_sites.flat_map(|site| std::iter::once(&site.url).chain(site.urls.iter().map(|entry| &entry.url)));
    let all: BTreeSet<String> = urls.chain([&store.secure_url]).filter_map(|url| origin(url)).collect();
    all.into_iter().collect()
}

/// The origin of an address, as a browser writes it in `Origin`.
pub fn origin(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    // An address may have "*", ";" and "," in its host; in a header they would mean something else.
    let plain = url.host_str()?.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte));
    (plain && matches!(url.scheme(), "https" | "http")).then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_come_from_every_channel_and_checkout_once() {
        let store = StoreInfo {
            name: String::new(),
            secure_url: "https://shop.example/".into(),
            control_panel_base_url: String::new(),
            default_channel_id: None,
        };
        let page: SitesPage = serde_json::from_str(r#"{"data":[
            {"id":1,"url":"https://shop.example","channel_id":1,"urls":[{"url":"https://shop.example","type":"primary"},{"url":"https://checkout.shop.example:8443/x","type":"checkout"}]},
            {"id":2,"url":"https://second.example","channel_id":2},{"id":3,"url":"not an address"},{"id":4,"url":"javascript:alert(1)"},
            {"id":5,"url":"https://*"},{"id":6,"url":"https://*.example"},{"id":7,"url":"https://a;script-src,b.example"}],
            "meta":{"pagination":{"current_page":1,"total_pages":2}}}"#).unwrap();
        assert_eq!(page.next_page(), Some(2));
        assert_eq!(
            origins(&store, &[page]),
            ["https://checkout.shop.example:8443", "https://second.example", "https://shop.example"]
        );
    }

    #[test]
    fn only_401_means_uninstalled() {
        let state = |status| token_state(&OutboundAnswer::new(status, ""));
        assert_eq!(state(401), TokenState::Dead);
        assert_eq!((state(200), state(403)), (TokenState::Accepted, TokenState::Accepted));
        for status in [302, 404, 429, 500, 503] {
            assert_eq!(state(status), TokenState::Unknown, "{status}");
        }
    }
}
