//! The demo store's catalogue: one product of every kind that a merchant's catalogue may hold.

use super::{
    Adjuster, Availability, InventoryTracking, Modifier, OptionType, OptionValue, Product, ProductType, Variant,
};

/// 6 January 2025; each product is a day younger than the one before.
const FIRST_DAY: u64 = 1_736_150_400;
const DAY: u64 = 86_400;
/// Where a product is listed beside "Shop all", by a word of its name.
const CATEGORIES: [(&str, u64); 5] = [("coffee", 24), ("roast", 24), ("tea ", 25), ("kettle", 26), ("gift", 27)];
const FREQUENCIES: [&str; 4] = ["One-time purchase", "Every 2 weeks", "Every month", "Every 2 months"];

/// Always the same products, with the same ids and dates when they are put into an empty catalogue.
pub fn demo_catalog() -> Vec<Product> {
    let parts = [plain(), subscriptions(), odd_modifiers(), names(), versions(), states()];
    let mut products: Vec<Product> = parts.into_iter().flatten().collect();
    for (place, product) in (0..).zip(&mut products) {
        product.date_created = FIRST_DAY;
        product.date_modified = FIRST_DAY + place * DAY;
        if product.sku.is_empty() {
            product.sku = format!("DEMO-{:03}", place + 1);
        }
        product.images = vec![format!("demo-{:03}.jpg", place + 1)];
        let name = product.name.to_lowercase();
        for (word, category) in CATEGORIES {
            if name.contains(word) && !product.categories.contains(&category) {
                product.categories.push(category);
            }
        }
    }
    products
}

fn priced(name: &str, price: f64) -> Product {
    Product { price, ..Product::named(name) }
}

fn subscription() -> Modifier {
    Modifier::dropdown("Subscription", &FREQUENCIES)
}

fn subscribed(name: &str, price: f64) -> Product {
    priced(name, price).with(subscription())
}

fn offered(name: &str, modifier: &str, labels: &[&str]) -> Product {
    priced(name, 18.0).with(Modifier::dropdown(modifier, labels))
}

/// No modifier at all, or none that is about subscribing.
fn plain() -> Vec<Product> {
    let text = |kind, name: &str| Modifier { kind, display_name: name.to_owned(), ..Modifier::default() };
    vec![
        priced("Ceramic pour-over dripper", 24.0),
        priced("Paper filters, 100 pieces", 6.5),
        priced("Hand grinder", 89.0),
        priced("Gooseneck kettle", 64.0),
        priced("Tea strainer", 7.25),
        priced("Gift box", 12.0).with(Modifier::dropdown("Gift wrap", &["None", "Brown paper", "Linen"])),
        priced("Engraved mug", 19.0).with(text(OptionType::Text, "Engraving").required()),
        priced("Birthday hamper", 55.0).with(text(OptionType::Date, "Deliver on")),
        priced("Greeting card", 3.0).with(text(OptionType::MultiLineText, "Message")),
        priced("Carbon-neutral crate", 15.0)
            .with(Modifier { kind: OptionType::Checkbox, ..Modifier::dropdown("Add a ribbon", &["Yes", "No"]) }),
    ]
}

/// What the app is for, in the wordings that merchants choose.
fn subscriptions() -> Vec<Product> {
    vec![
        subscribed("House blend coffee, 1 kg", 22.0),
        subscribed("Decaf coffee, 500 g", 14.5),
        subscribed("Espresso roast, 250 g", 9.0),
        subscribed("Oat granola", 6.0),
        subscribed("Dry cat food, chicken", 31.0),
        subscribed("Dog biscuits", 8.75),
        offered("Green tea sachets", "Subscription", &["Every week", "Every 2 weeks", "Every 4 weeks"]),
        offered(
            "Multivitamin, 60 capsules",
            "Subscribe & Save Subscription",
            &["No", "Monthly", "Quarterly", "Yearly"],
        ),
        offered("Omega-3 capsules", "Subscription frequency", &["Just once", "30 days", "60 days", "90 days"]),
        offered("Collagen powder", "Subscription plan", &["One time", "Ships every month", "Ships every 6 weeks"]),
        offered("Razor blades", "Subscription", &["Deliver every 3 months", "Deliver every month", "One-time"]),
        offered("Laundry sheets", "Subscription", &["Deliver once", "Every 10 days", "Every 45 days"]),
        offered("Hand soap refill", "Subscription", &["None", "Every fortnight", "Every other month"]),
        offered("Sparkling water", "Subscription", &["One-time purchase", "Each Monday", "Twice a month"]),
        offered("Contact lenses", "Subscription", &["Once", "Every 1 month", "Every 12 months"]),
    ]
}

/// Modifiers that an app must look at twice.
fn odd_modifiers() -> Vec<Product> {
    let dear = |price| OptionValue { price: Some(price), label: "Every month".to_owned(), ..OptionValue::default() };
    let no_default = |mut modifier: Modifier| {
        modifier.values.iter_mut().for_each(|value| value.is_default = false);
        modifier
    };
    let priced_value = |name: &str, price| {
        let mut modifier = Modifier::dropdown("Subscription", &["One-time purchase"]);
        modifier.values.push(dear(price));
        priced(name, 20.0).with(modifier)
    };
    let many: Vec<String> = (1..=52).map(|weeks| format!("Every {weeks} weeks")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let kind = |name: &str, kind| priced(name, 11.0).with(Modifier { kind, ..subscription() });
    vec![
        subscribed("Two subscriptions to choose from", 21.0)
            .with(Modifier::dropdown("Subscription box", &["No", "Small box monthly", "Large box monthly"])),
        priced("Subscription that must be chosen", 21.0).with(subscription().required()),
        offered("Renamed modifier", "Delivery plan", &FREQUENCIES),
        offered("Lowercase modifier", "subscription", &FREQUENCIES),
        offered("Modifier in capitals", "SUBSCRIPTION", &FREQUENCIES),
        offered("Resubscription", "Resubscription offer", &FREQUENCIES),
        offered("Only once", "Subscription", &["One-time purchase"]),
        priced("Subscription without a value", 13.0).with(Modifier::dropdown("Subscription", &[])),
        priced("Nothing chosen beforehand", 13.0).with(no_default(subscription())),
        offered("Two labels alike", "Subscription", &["One-time purchase", "Every month", "Every month"]),
        offered("A frequency for each week", "Subscription", &many),
        offered("Labels that say nothing", "Subscription", &["Basic", "Plus", "Premium, monthly-ish"]),
        offered("Labels that look like formulas", "Subscription", &["=1+1", "+2 weeks", "-month", "@weekly"]),
        offered("Labels with separators", "Subscription", &["Once; or not", "Every 2 weeks, free", "\"Every\"\tmonth"]),
        priced_value("A discount for subscribers", Adjuster::Percentage(-10.0)),
        priced_value("A fee for subscribers", Adjuster::Relative(1.5)),
        kind("Subscription as radio buttons", OptionType::RadioButtons),
        kind("Subscription as rectangles", OptionType::Rectangles),
        priced("Subscription as a text", 11.0).with(Modifier {
            kind: OptionType::Text,
            values: Vec::new(),
            ..subscription()
        }),
        subscribed("Coffee with a gift wrap", 25.0)
            .with(Modifier::dropdown("Gift wrap", &["None", "Paper"]))
            .with(Modifier { kind: OptionType::Text, display_name: "Engraving".to_owned(), ..Modifier::default() }),
    ]
}

/// Names that break what is not ready for them.
fn names() -> Vec<Product> {
    let long: String = "A coffee whose name goes on and on, ".chars().cycle().take(250).collect();
    let wide: String = "☕️長い名前のコーヒー".chars().cycle().take(250).collect();
    [
        long.as_str(),
        &wide,
        "Coffee ☕ for 👩‍👩‍👧‍👦 and 🐈",
        "コーヒー豆 200グラム",
        "قهوة عربية بالهيل",
        "Кофе в зёрнах",
        "कॉफ़ी पाउडर",
        "Zoë's Café crème — naïve, déjà vu",
        "Cafe\u{301} with a combining accent",
        "=HYPERLINK(\"https://shop.example\",\"Coffee\")",
        "+1 coffee for free",
        "-50% coffee",
        "@home coffee",
        "Coffee, \"fine\"; ground",
        "Coffee <script>alert(1)</script> & more",
        "  Coffee with spaces around  ",
        "Coffee\ton two\u{2028}lines",
        "'; DROP TABLE products; --",
        "NULL",
        "000123",
    ]
    .map(|name| subscribed(name, 16.0))
    .into()
}

/// Variants, one of each way.
fn versions() -> Vec<Product> {
    let mut tracked = Product { sku: "SHIRT".to_owned(), ..subscribed("Shirt in three sizes", 25.0) }
        .in_variants("Size", &["S", "M", "L"]);
    tracked.inventory_tracking = InventoryTracking::Variant;
    for (stock, variant) in [0, 5, 40].into_iter().zip(&mut tracked.variants) {
        variant.inventory_level = stock;
    }
    let mut own_prices = subscribed("Coffee by weight", 9.0).in_variants("Weight", &["250 g", "500 g", "1 kg"]);
    for (price, variant) in [None, Some(16.0), Some(29.0)].into_iter().zip(&mut own_prices.variants) {
        variant.price = price;
    }
    let mut off_sale = subscribed("One variant off sale", 12.0).in_variants("Colour", &["Red", "Blue"]);
    off_sale.variants[1].purchasing_disabled = true;
    let mut square = priced("Grind and weight", 10.0)
        .in_variants("Grind", &["Whole", "Filter", "Espresso"])
        .in_variants("Weight", &["250 g", "1 kg"])
        .with(subscription());
    let pairs =
        ["Whole", "Filter", "Espresso"].into_iter().flat_map(|grind| ["250 g", "1 kg"].map(|size| [grind, size]));
    square.variants =
        pairs.map(|pair| Variant { labels: pair.map(str::to_owned).into(), ..Variant::default() }).collect();
    vec![
        tracked,
        own_prices,
        off_sale,
        square,
        priced("Plain shirt in two sizes", 20.0).in_variants("Size", &["S", "L"]),
    ]
}

/// What cannot be bought, or not seen, or costs nothing.
fn states() -> Vec<Product> {
    let like = |name: &str| subscribed(name, 17.0);
    let counted = |name: &str, inventory_level| Product {
        inventory_tracking: InventoryTracking::Product,
        inventory_level,
        inventory_warning_level: 3,
        ..like(name)
    };
    vec![
        Product { kind: ProductType::Digital, ..like("Brewing course, video") },
        Product { kind: ProductType::Digital, ..priced("Recipe book, PDF", 9.0) },
        Product { availability: Availability::Disabled, ..like("Discontinued roast") },
        Product { availability: Availability::Preorder, ..like("Harvest of next year") },
        Product { is_visible: false, ..like("Hidden roast") },
        Product { is_price_hidden: true, ..like("Price on request") },
        Product { price: 0.0, ..like("Free sample") },
        Product { sale_price: 11.0, retail_price: 21.0, cost_price: 6.0, ..like("Roast on sale") },
        counted("Sold out roast", 0),
        counted("Last two bags", 2),
        Product { order_quantity_minimum: 6, order_quantity_maximum: 24, ..like("Wholesale case") },
        Product {
            upc: "012345678905".to_owned(),
            gtin: "00012345678905".to_owned(),
            mpn: "RST-7".to_owned(),
            brand_id: 35,
            categories: vec![23, 24],
            is_featured: true,
            is_free_shipping: true,
            custom_fields: vec![("Origin".to_owned(), "Huehuetenango".to_owned())],
            custom_url: "/our-best-roast/".to_owned(),
            ..like("Our best roast")
        },
    ]
}
