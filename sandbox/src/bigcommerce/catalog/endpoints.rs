//! The catalogue's part of the table of endpoints.

use axum::http::Method;

use crate::bigcommerce::endpoints::{Endpoint, Kind, LIMIT, PAGE};
use crate::faults::Route;

/// What can be shown with a product beside its own fields.
const INCLUDES: Kind = Kind::Words(&[
    "bulk_pricing_rules",
    "channels",
    "custom_fields",
    "images",
    "modifiers",
    "options",
    "parent_relations",
    "primary_image",
    "reviews",
    "variants",
    "videos",
]);

const AVAILABILITY: Kind = Kind::Word(&["available", "disabled", "preorder"]);
const SORTS: Kind = Kind::Word(&[
    "id",
    "name",
    "sku",
    "price",
    "date_modified",
    "date_last_imported",
    "inventory_level",
    "is_visible",
    "total_sold",
    "calculated_price",
]);

const FIELDS: [(&str, Kind); 2] = [("include_fields", Kind::Text), ("exclude_fields", Kind::Text)];
const ONE: &[(&str, Kind)] = &FIELDS;
const LIST: &[(&str, Kind)] = &[PAGE, LIMIT, FIELDS[0], FIELDS[1]];

const fn endpoint(route: Route, path: &'static str, query: &'static [(&'static str, Kind)]) -> Endpoint {
    let scopes = &["store_v2_products_read_only", "store_v2_products"];
    Endpoint { route, path, methods: &[Method::GET], scopes, query }
}

/// Only reading: the app changes no product.
pub(in crate::bigcommerce) static CATALOG: [Endpoint; 10] = [
    endpoint(
        Route::Products,
        "v3/catalog/products",
        &[
            PAGE,
            LIMIT,
            FIELDS[0],
            FIELDS[1],
            ("include", INCLUDES),
            ("sort", SORTS),
            ("direction", Kind::Word(&["asc", "desc"])),
            ("id", Kind::Whole),
            ("id:in", Kind::Wholes),
            ("id:not_in", Kind::Wholes),
            ("id:min", Kind::Whole),
            ("id:max", Kind::Whole),
            ("id:greater", Kind::Whole),
            ("id:less", Kind::Whole),
            ("channel_id:in", Kind::Positives),
            ("name", Kind::Text),
            ("sku", Kind::Text),
            ("sku:in", Kind::Text),
            ("upc", Kind::Text),
            ("mpn", Kind::Text),
            ("price", Kind::Decimal),
            ("brand_id", Kind::Whole),
            ("categories", Kind::Positive),
            ("categories:in", Kind::Positives),
            ("type", Kind::Word(&["digital", "physical"])),
            ("availability", AVAILABILITY),
            ("is_visible", Kind::Bool),
            ("is_featured", Kind::Flag),
            ("is_free_shipping", Kind::Flag),
            ("inventory_level", Kind::Whole),
            ("inventory_level:min", Kind::Whole),
            ("inventory_level:max", Kind::Whole),
            ("date_modified:min", Kind::Moment),
            ("date_modified:max", Kind::Moment),
            ("keyword", Kind::Text),
            ("keyword_context", Kind::Word(&["shopper", "merchant"])),
        ],
    ),
    endpoint(Route::Product, "v3/catalog/products/{id}", &[FIELDS[0], FIELDS[1], ("include", INCLUDES)]),
    endpoint(Route::Variants, "v3/catalog/products/{id}/variants", LIST),
    endpoint(Route::Variants, "v3/catalog/products/{id}/variants/{id}", ONE),
    endpoint(Route::Modifiers, "v3/catalog/products/{id}/modifiers", LIST),
    endpoint(Route::Modifiers, "v3/catalog/products/{id}/modifiers/{id}", ONE),
    endpoint(Route::Modifiers, "v3/catalog/products/{id}/modifiers/{id}/values", LIST),
    endpoint(Route::Modifiers, "v3/catalog/products/{id}/modifiers/{id}/values/{id}", ONE),
    // Its file names no page and no limit.
    endpoint(Route::Trees, "v3/catalog/trees", &[("id:in", Kind::Positives), ("channel_id:in", Kind::Positives)]),
    endpoint(
        Route::Categories,
        "v3/catalog/trees/categories",
        &[
            PAGE,
            LIMIT,
            FIELDS[0],
            FIELDS[1],
            ("category_uuid:in", Kind::Text),
            ("category_uuid:not_in", Kind::Text),
            ("category_id:in", Kind::Positives),
            ("category_id:not_in", Kind::Positives),
            ("tree_id:in", Kind::Positives),
            ("tree_id:not_in", Kind::Positives),
            ("parent_id:in", Kind::Wholes),
            ("parent_id:not_in", Kind::Wholes),
            ("page_title", Kind::Text),
            ("page_title:like", Kind::Text),
            ("name", Kind::Text),
            ("name:like", Kind::Text),
            ("keyword", Kind::Text),
            ("is_visible", Kind::Bool),
        ],
    ),
];
