//! Products and their parts, as the API answers them.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::bigcommerce::moment;
use crate::catalog::{Adjuster, Modifier, OptionType, OptionValue, Product, Variant};

/// The word the API has for this.
pub(super) fn word(name: &impl Serialize) -> String {
    json!(name).as_str().unwrap_or_default().to_owned()
}

/// A product without its parts.
pub(super) fn fields(product: &Product) -> Map<String, Value> {
    let url =
        if product.custom_url.is_empty() { format!("/product-{}/", product.id) } else { product.custom_url.clone() };
    let base = product.variants.first().filter(|_| product.options.is_empty()).map(|variant| variant.id);
    let itself = json!({
        "id": product.id, "name": product.name, "type": product.kind, "sku": product.sku,
        "description": product.description, "weight": 1, "width": 0, "depth": 0, "height": 0,
        "price": money(product.price), "cost_price": money(product.cost_price),
        "retail_price": money(product.retail_price), "sale_price": money(product.sale_price), "map_price": 0,
        "calculated_price": money(product.calculated_price()), "tax_class_id": 0, "product_tax_code": "",
        "categories": product.categories, "brand_id": product.brand_id,
        "inventory_level": product.inventory_level, "inventory_warning_level": product.inventory_warning_level,
        "inventory_tracking": product.inventory_tracking,
        "is_free_shipping": product.is_free_shipping, "fixed_cost_shipping_price": 0,
        "is_visible": product.is_visible, "is_featured": product.is_featured,
        "availability": product.availability, "availability_description": "",
        "order_quantity_minimum": product.order_quantity_minimum,
        "order_quantity_maximum": product.order_quantity_maximum,
        "upc": product.upc, "mpn": product.mpn, "gtin": product.gtin,
        "date_created": moment::write(product.date_created), "date_modified": moment::write(product.date_modified),
        "base_variant_id": base, "custom_url": { "url": url, "is_customized": !product.custom_url.is_empty() },
        "is_price_hidden": product.is_price_hidden, "price_hidden_label": "",
    });
    let beside = json!({
        "option_set_id": null, "option_set_display": "right", "reviews_rating_sum": 0, "reviews_count": 0,
        "total_sold": 0, "related_products": [-1], "warranty": "", "bin_picking_number": "", "layout_file": "",
        "date_last_imported": "", "search_keywords": "", "condition": "New", "is_condition_shown": false,
        "gift_wrapping_options_type": "any", "gift_wrapping_options_list": [], "sort_order": 0,
        "page_title": "", "meta_keywords": [], "meta_description": "", "view_count": 0,
        "preorder_release_date": null, "preorder_message": "", "is_preorder_only": false,
        "open_graph_type": "product", "open_graph_title": "", "open_graph_description": "",
        "open_graph_use_meta_description": true, "open_graph_use_product_name": true, "open_graph_use_image": true,
    });
    let [Value::Object(mut fields), Value::Object(beside)] = [itself, beside] else {
        return Map::new();
    };
    fields.extend(beside);
    fields
}

/// What `include` asks for by this name.
pub(super) fn part(product: &Product, name: &str) -> Value {
    match name {
        "variants" => Value::Array(variants(product)),
        "modifiers" => Value::Array(modifiers(product)),
        "options" => Value::Array(options(product)),
        "images" => (0..).zip(&product.images).map(|(place, file)| image(product, place, file)).collect(),
        "primary_image" => product.images.first().map_or(Value::Null, |file| image(product, 0, file)),
        "custom_fields" => {
            let fields = (1..).zip(&product.custom_fields);
            fields
                .map(|(place, (name, value))| json!({ "id": product.id * 10 + place, "name": name, "value": value }))
                .collect()
        }
        "channels" => json!([1]),
        _ => json!([]),
    }
}

fn image(product: &Product, place: u64, file: &str) -> Value {
    let url = |size: &str| format!("https://images.example/{}/{size}/{file}", product.id);
    json!({
        "id": product.id * 10 + place, "product_id": product.id, "is_thumbnail": place == 0, "sort_order": place,
        "description": "", "image_file": file, "url_zoom": url("1280"), "url_standard": url("386"),
        "url_thumbnail": url("220"), "url_tiny": url("44"), "date_modified": moment::write(product.date_created),
    })
}

pub(super) fn variants(product: &Product) -> Vec<Value> {
    product.variants.iter().map(|variant| one_variant(product, variant)).collect()
}

fn one_variant(product: &Product, variant: &Variant) -> Value {
    let base = product.options.is_empty();
    let labels = product.options.iter().zip(&variant.labels);
    let values: Vec<Value> = labels
        .map(|(option, label)| {
            json!({
                "id": option.value(label).map(|value| value.id), "label": label,
                "option_id": option.id, "option_display_name": option.display_name,
            })
        })
        .collect();
    let sale = variant.sale_price.or((product.sale_price > 0.0).then_some(product.sale_price));
    let calculated = variant.sale_price.or(variant.price).unwrap_or_else(|| product.calculated_price());
    json!({
        "id": variant.id, "product_id": product.id, "sku": if base { &product.sku } else { &variant.sku },
        "sku_id": (!base).then_some(variant.id), "price": variant.price.map(money),
        "calculated_price": money(calculated), "sale_price": sale.filter(|_| !base).map(money),
        "retail_price": null, "map_price": null, "cost_price": null,
        "weight": null, "calculated_weight": 1, "width": null, "height": null, "depth": null,
        "is_free_shipping": product.is_free_shipping, "fixed_cost_shipping_price": null,
        "purchasing_disabled": variant.purchasing_disabled, "purchasing_disabled_message": "",
        "image_url": variant.image_url, "upc": variant.upc, "gtin": variant.gtin, "mpn": "",
        "inventory_level": if base { product.inventory_level } else { variant.inventory_level },
        "inventory_warning_level": 0, "bin_picking_number": "", "option_values": values,
    })
}

fn options(product: &Product) -> Vec<Value> {
    let option = |(place, option): (u64, &crate::catalog::VariantOption)| {
        json!({
            "id": option.id, "product_id": product.id, "name": format!("{}{}", option.display_name, option.id),
            "display_name": option.display_name, "type": option.kind, "config": {}, "sort_order": place,
            "option_values": (0..).zip(&option.values).map(value).collect::<Vec<_>>(),
        })
    };
    (0..).zip(&product.options).map(option).collect()
}

pub(super) fn modifiers(product: &Product) -> Vec<Value> {
    (0..).zip(&product.modifiers).map(|(place, modifier)| one_modifier(product.id, place, modifier)).collect()
}

fn one_modifier(product_id: u64, place: u64, modifier: &Modifier) -> Value {
    let values = (0..).zip(&modifier.values).map(|(place, one)| modifier_value(modifier, place, one));
    json!({
        "id": modifier.id, "product_id": product_id, "name": format!("{}{}", modifier.display_name, modifier.id),
        "display_name": modifier.display_name, "type": modifier.kind, "required": modifier.required,
        "sort_order": place, "config": config(modifier.kind), "option_values": values.collect::<Vec<_>>(),
    })
}

fn config(kind: OptionType) -> Value {
    match kind {
        OptionType::Checkbox => json!({ "checkbox_label": "", "checked_by_default": false }),
        OptionType::Text => json!({ "default_value": "", "text_characters_limited": false, "text_max_length": 0 }),
        OptionType::Date => json!({ "date_limited": false, "default_value": "" }),
        _ => json!({}),
    }
}

fn modifier_value(modifier: &Modifier, place: u64, one: &OptionValue) -> Value {
    let mut answer = value((place, one));
    let price = one.price.map(|adjuster| match adjuster {
        Adjuster::Relative(by) => json!({ "adjuster": "relative", "adjuster_value": money(by) }),
        Adjuster::Percentage(by) => json!({ "adjuster": "percentage", "adjuster_value": money(by) }),
    });
    answer["option_id"] = json!(modifier.id);
    answer["adjusters"] = json!({
        "price": price, "weight": null, "image_url": "", "purchasing_disabled": { "status": false, "message": "" },
    });
    answer
}

fn value((place, one): (u64, &OptionValue)) -> Value {
    json!({
        "id": one.id, "label": one.label, "sort_order": place, "value_data": null, "is_default": one.is_default,
    })
}

/// A sum as the platform writes it: 10, not 10.0.
fn money(amount: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "only where nothing is cut off")]
    if amount.fract() == 0.0 && amount.abs() < 1e15 { json!(amount as i64) } else { json!(amount) }
}
