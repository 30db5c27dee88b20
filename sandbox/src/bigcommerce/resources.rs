//! What the API only shows: the store, its channels, its sites.

use serde_json::{Value, json};

use super::api::Passed;
use super::paging::page;
use super::problem::Problem;
use crate::model::{SiteUrl, UrlType};
use crate::state::Shared;

const DEFAULT_CHANNEL: u64 = 1;
const DEFAULT_SITE: u64 = 1000;
const CREATED: &str = "2024-03-04T10:00:00Z";

/// `/v2/store`.
pub(super) fn store(shared: &Shared, hash: &str) -> Result<Value, Problem> {
    shared.read(|state| {
        let store = state.stores.get(hash).ok_or_else(|| Problem::no_such("store"))?;
        let origin = shared.storefront_origin(hash);
        Ok(json!({
            "id": hash,
            "account_uuid": format!("00000000-0000-4000-8000-{:012}", store.number),
            "domain": origin.trim_start_matches("http://"),
            "secure_url": origin,
            "control_panel_base_url": shared.control_panel_origin(hash),
            "name": store.profile.name,
            "status": "live",
            "admin_email": store.profile.owner.email,
            "order_email": store.profile.owner.email,
            "timezone": {
                "name": "America/Chicago", "raw_offset": -21600, "dst_offset": -18000, "dst_correction": true
            },
            "language": "en",
            "currency": "USD",
            "currency_symbol": "$",
            "decimal_separator": ".",
            "thousands_separator": ",",
            "decimal_places": 2,
            "weight_units": "Ounces",
            "dimension_units": "Inches",
            "plan_name": "Pro",
            "plan_level": "Pro",
            "plan_is_trial": false,
            "is_price_entered_with_tax": false,
            "store_id": store.number,
            "default_channel_id": DEFAULT_CHANNEL,
            "default_site_id": DEFAULT_SITE,
            "features": {
                "stencil_enabled": true, "sitewidehttps_enabled": true,
                "checkout_type": "optimized", "multi_storefront_enabled": false
            },
        }))
    })
}

/// `/v3/channels`: the one storefront every store has.
pub(super) fn channels(shared: &Shared, passed: &Passed<'_>) -> Result<Value, Problem> {
    let name = shared
        .read(|state| state.stores.get(passed.store_hash).map(|store| store.profile.name.clone()))
        .ok_or_else(|| Problem::no_such("store"))?;
    let wanted = |parameter: &str, value: &str| {
        passed.parameter(parameter).is_none_or(|list| list.split(',').any(|word| word == value))
    };
    let shown = wanted("type:in", "storefront")
        && wanted("platform:in", "bigcommerce")
        && wanted("status:in", "active")
        && passed.parameter("available") != Some("false");
    let channel = json!({
        "id": DEFAULT_CHANNEL, "name": name, "type": "storefront", "platform": "bigcommerce", "status": "active",
        "external_id": "", "is_listable_from_ui": true, "is_visible": true, "is_enabled": true,
        "icon_url": "", "date_created": CREATED, "date_modified": CREATED,
    });
    Ok(page(passed, if shown { vec![channel] } else { Vec::new() }))
}

/// `/v3/sites`, every address with its type.
pub(super) fn sites(shared: &Shared, passed: &Passed<'_>) -> Result<Value, Problem> {
    let origin = shared.storefront_origin(passed.store_hash);
    let mut urls = vec![
        SiteUrl { url: origin.clone(), kind: UrlType::Primary },
        SiteUrl { url: format!("https://store-{}.mybigcommerce.com", passed.store_hash), kind: UrlType::Canonical },
        SiteUrl { url: origin.clone(), kind: UrlType::Checkout },
    ];
    let extra = shared
        .read(|state| state.stores.get(passed.store_hash).map(|store| store.profile.extra_urls.clone()))
        .ok_or_else(|| Problem::no_such("store"))?;
    let customized = extra.iter().any(|url| url.kind == UrlType::Checkout);
    // A checkout of its own replaces the storefront's.
    urls.retain(|url| !(customized && url.kind == UrlType::Checkout));
    urls.extend(extra);
    let kinds = passed.parameter("url_type:in");
    let urls: Vec<Value> = urls
        .iter()
        .map(|url| json!({ "url": url.url, "type": url.kind, "created_at": CREATED, "updated_at": CREATED }))
        .filter(|url| kinds.is_none_or(|kinds| kinds.split(',').any(|kind| url["type"] == kind)))
        .collect();
    let site = json!({
        "id": DEFAULT_SITE, "url": origin, "channel_id": DEFAULT_CHANNEL, "created_at": CREATED, "updated_at": CREATED,
        "ssl_status": "dedicated", "urls": urls, "is_checkout_url_customized": customized,
    });
    let shown =
        passed.parameter("channel_id:in").is_none_or(|ids| ids.split(',').any(|id| id.parse() == Ok(DEFAULT_CHANNEL)));
    Ok(page(passed, if shown { vec![site] } else { Vec::new() }))
}
