//! What is written is read back by a reader that is not ours, and held against OG's rules.

use std::io::Write as _;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Item, LeftOut, Price, category_xml, product_json, product_xml};
use crate::catalog::frequency::Period;
use crate::ordergroove::product_id::ProductId;

fn tea() -> Item {
    Item {
        product_id: 112,
        variant_id: 377,
        name: "Green Tea 250 g".to_owned(),
        variant_name: String::new(),
        sku: "TEA-250".to_owned(),
        price: Price::read("10").unwrap(),
        details_url: "https://shop.example.com/green-tea/".to_owned(),
        image_url: Some("https://cdn.example.com/tea.jpg".to_owned()),
        in_stock: true,
        eligible: true,
        discontinued: false,
        every: Some((1, Period::Months)),
    }
}

fn written(item: &Item) -> Result<String, LeftOut> {
    let mut xml = Vec::new();
    product_xml::write(item, &mut xml).map(|()| String::from_utf8(xml).unwrap())
}

fn feed(items: &[Item]) -> String {
    let mut xml = product_xml::HEAD.as_bytes().to_vec();
    for item in items {
        let _ = product_xml::write(item, &mut xml);
    }
    xml.extend_from_slice(product_xml::TAIL.as_bytes());
    String::from_utf8(xml).unwrap()
}

/// Each element with a text, in order: its path below the root, and the text.
fn elements(xml: &str) -> Vec<(String, String)> {
    let mut reader = Reader::from_str(xml);
    let (mut path, mut found) = (Vec::<String>::new(), Vec::<(String, String)>::new());
    let mut is_new = true;
    loop {
        let text = match reader.read_event().expect("well-formed") {
            Event::Start(start) => {
                path.push(start.name().as_ref().to_owned());
                is_new = true;
                continue;
            }
            Event::End(_) => {
                path.pop();
                continue;
            }
            Event::CData(text) => text.to_string(),
            Event::Text(text) if text.trim().is_empty() => continue,
            Event::Text(text) => text.to_string(),
            Event::Decl(_) => continue,
            Event::Eof => return found,
            other => panic!("{other:?} has no place in a feed"),
        };
        if is_new {
            found.push((path[1..].join("/"), String::new()));
            is_new = false;
        }
        found.last_mut().expect("just pushed").1.push_str(&text);
    }
}

/// What xmllint finds wrong with a feed.
fn against_schema(xml: &str) -> Result<(), String> {
    against("products.xsd", xml)
}

fn against(schema: &str, xml: &str) -> Result<(), String> {
    let schema = format!("{}/tests/fixtures/feeds/{schema}", env!("CARGO_MANIFEST_DIR"));
    let mut lint = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema", &schema, "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("xmllint is installed (on Debian: libxml2-utils)");
    lint.stdin.take().unwrap().write_all(xml.as_bytes()).unwrap();
    let output = lint.wait_with_output().unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

#[test]
fn an_item_has_every_element_of_the_rules() {
    let mut item = tea();
    item.variant_name = "Größe L".to_owned();
    let xml = written(&item).unwrap();
    assert_eq!(
        xml,
        "<product><name><![CDATA[Green Tea 250 g]]></name><product_id>112_377</product_id><sku>TEA-250</sku>\
         <price>10.00</price><details_url>https://shop.example.com/green-tea/</details_url>\
         <image_url>https://cdn.example.com/tea.jpg</image_url><autoship_eligible>1</autoship_eligible>\
         <in_stock>1</in_stock><every>1</every><every_period>3</every_period>\
         <extra_data><field key=\"variant_name\"><![CDATA[Grosse L]]></field></extra_data></product>\n"
    );
}

#[test]
fn a_product_of_a_batch_says_the_same() {
    let mut item = tea();
    item.variant_name = "Größe \"L\"".to_owned();
    item.price = Price::read("10.05").unwrap();
    assert_eq!(
        product_json::value(&item).unwrap().to_string(),
        r#"{"autoship_enabled":true,"detail_url":"https://shop.example.com/green-tea/","every":1,"every_period":3,"#
            .to_owned()
            + r#""extra_data":"{\"variant_name\":\"Grosse \\\"L\\\"\"}","image_url":"https://cdn.example.com/tea.jpg","#
            + r#""live":true,"name":"Green Tea 250 g","price":10.05,"product_id":"112_377","sku":"TEA-250"}"#
    );
    let gone = product_json::value(&Item { discontinued: true, ..tea() }).unwrap();
    let state = ["autoship_enabled", "live", "discontinued"].map(|name| gone[name].as_bool());
    assert_eq!((state, gone.get("every")), ([Some(false), Some(false), Some(true)], None));
    assert_eq!(product_json::value(&Item { sku: String::new(), ..tea() }), Err(LeftOut::NoSku));
}

#[test]
fn an_optional_element_without_a_value_is_not_there() {
    for (eligible, every) in [(true, None), (true, Some((0, Period::Days))), (false, Some((1, Period::Days)))] {
        let xml = written(&Item { eligible, every, ..tea() }).unwrap();
        assert!(!["every", "extra_data", "discontinued"].iter().any(|name| xml.contains(name)), "{xml}");
    }
    let xml = written(&Item { variant_name: "\u{1f375}".to_owned(), ..tea() }).unwrap();
    assert!(!xml.contains("extra_data"), "{xml}");
}

#[test]
fn what_is_discontinued_is_neither_in_stock_nor_eligible() {
    let xml = written(&Item { discontinued: true, ..tea() }).unwrap();
    let state =
        "<autoship_eligible>0</autoship_eligible><in_stock>0</in_stock><discontinued>1</discontinued></product>";
    assert!(xml.contains(state), "{xml}");
}

type Change = fn(&mut Item, String);

#[test]
fn a_rule_that_is_not_kept_leaves_the_product_out() {
    let address = |length: usize| format!("https://shop.example.com/{}", "a".repeat(length - 25));
    let cases: [(Change, String, Option<LeftOut>); 19] = [
        (|item, text| item.name = text, String::new(), Some(LeftOut::NoName)),
        (|item, text| item.name = text, " \u{1f375} ".to_owned(), Some(LeftOut::NoName)),
        (|item, text| item.name = text, "a".repeat(5000), None),
        (|item, text| item.sku = text, "\u{a0}".to_owned(), Some(LeftOut::NoSku)),
        (|item, text| item.sku = text, "s".repeat(64), None),
        (|item, text| item.sku = text, "s".repeat(65), Some(LeftOut::LongSku)),
        (|item, text| item.sku = text, format!("ß{}", "s".repeat(63)), Some(LeftOut::LongSku)),
        (|item, text| item.details_url = text, String::new(), Some(LeftOut::NoAddress)),
        (|item, text| item.details_url = text, "/green-tea/".to_owned(), Some(LeftOut::NoAddress)),
        (|item, text| item.details_url = text, "javascript:alert(1)".to_owned(), Some(LeftOut::NoAddress)),
        (|item, text| item.details_url = text, "http://shop.example.com/a?b=c&d=<e>".to_owned(), None),
        (|item, text| item.details_url = text, address(400), None),
        (|item, text| item.details_url = text, address(401), Some(LeftOut::LongAddress)),
        (|item, text| item.details_url = text, "https://shop.example.com/crème/".to_owned(), None),
        (|item, _| item.image_url = None, String::new(), Some(LeftOut::NoImage)),
        (|item, text| item.image_url = Some(text), "tea.jpg".to_owned(), Some(LeftOut::NoImage)),
        (|item, text| item.image_url = Some(text), "http://cdn.example.com/a.jpg".to_owned(), Some(LeftOut::OpenImage)),
        (|item, text| item.image_url = Some(text), address(400), None),
        (|item, text| item.image_url = Some(text), address(401), Some(LeftOut::LongImage)),
    ];
    for (change, text, expected) in cases {
        let mut item = tea();
        change(&mut item, text.clone());
        let mut xml = b"before".to_vec();
        let result = product_xml::write(&item, &mut xml);
        assert_eq!(result.err(), expected, "{text}");
        assert_eq!(xml == b"before", expected.is_some(), "{text}: something or nothing is written");
    }
}

#[test]
fn the_schema_takes_what_is_written_and_nothing_else() {
    let mut full = tea();
    full.variant_name = "Red & <blue>".to_owned();
    full.details_url = "https://shop.example.com/a?b=c&d=e".to_owned();
    let items = [tea(), full, Item { discontinued: true, ..tea() }, Item { eligible: false, every: None, ..tea() }];
    let numbered: Vec<Item> = (1..).zip(items).map(|(variant_id, item)| Item { variant_id, ..item }).collect();
    let xml = feed(&numbered);
    assert_eq!(against_schema(&xml), Ok(()));
    for (from, to) in [
        ("10.00", "10"),
        ("10.00", "10.000"),
        ("10.00", "-1.00"),
        ("10.00", "100000000.00"),
        ("TEA-250", ""),
        ("<sku>TEA-250</sku>", ""),
        ("https://cdn", "http://cdn"),
        ("https://shop.example.com/green-tea/", "/green-tea/"),
        ("<in_stock>1", "<in_stock>true"),
        ("<every>1", "<every>0"),
        ("<every_period>3", "<every_period>5"),
        ("</product>", "<discontinued/></product>"),
        ("<products>", "<products><unknown>1</unknown>"),
        ("112_2", "112_1"),
    ] {
        assert!(against_schema(&xml.replacen(from, to, 1)).is_err(), "{from} -> {to}");
    }
}

/// A category feed, and what was left out of it.
fn category_feed(categories: &[(i64, &str, &[ProductId])]) -> (String, Vec<LeftOut>) {
    let (mut xml, mut left_out) = (category_xml::HEAD.as_bytes().to_vec(), Vec::new());
    for (id, name, products) in categories {
        match category_xml::open(*id, name, &mut xml) {
            Ok(()) => {
                for (place, product) in products.iter().enumerate() {
                    category_xml::push_product(*product, place == 0, &mut xml);
                }
                category_xml::close(!products.is_empty(), &mut xml);
            }
            Err(reason) => left_out.push(reason),
        }
    }
    xml.extend_from_slice(category_xml::TAIL.as_bytes());
    (String::from_utf8(xml).unwrap(), left_out)
}

#[test]
fn a_category_has_a_name_and_its_products() {
    let (xml, left_out) =
        category_feed(&[(12, "Thés & <tisanes>", &[tea().id()]), (13, "Empty", &[]), (14, "\u{1f381}", &[tea().id()])]);
    assert_eq!(left_out, [LeftOut::NoName]);
    let element = |name: &str, text: &str| (format!("category/{name}"), text.to_owned());
    let expected = [
        element("category_id", "12"),
        element("name", "Thes & <tisanes>"),
        element("products/product_id", "112_377"),
        element("category_id", "13"),
        element("name", "Empty"),
    ];
    assert_eq!(elements(&xml), expected);
}

#[test]
fn the_schema_of_categories_takes_what_is_written_and_nothing_else() {
    let other = ProductId { product: 7, variant: 8 };
    let (xml, _) = category_feed(&[(12, "Thés & <tisanes>", &[tea().id(), other]), (13, "Empty", &[])]);
    assert_eq!(against("categories.xsd", &xml), Ok(()));
    assert_eq!(against("categories.xsd", &category_feed(&[]).0), Ok(()));
    for (from, to) in [
        ("<category_id>13", "<category_id>12"),
        ("<category_id>13", "<category_id>0"),
        ("<category_id>13", "<category_id>x"),
        ("Empty", ""),
        ("Empty", "Thé"),
        ("112_377", "112"),
        ("7_8", "112_377"),
        ("<products><product_id>112_377</product_id><product_id>7_8</product_id></products>", "<products></products>"),
        ("</category>", "<parent>1</parent></category>"),
        ("<categories>", "<categories><unknown/>"),
    ] {
        assert!(xml.contains(from), "{from}");
        assert!(against("categories.xsd", &xml.replacen(from, to, 1)).is_err(), "{from} -> {to}");
    }
}

/// Texts as odd as can be, with what XML makes of them among the letters.
fn odd() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), r"(\]|>|<|&|\]\]>|<!\[CDATA\[|a|é|茶|\x00|\u{FFFF}| ){0,60}"]
}

fn any_item() -> impl Strategy<Value = Item> {
    let texts = (odd(), odd(), odd(), odd(), prop::option::of(odd()));
    let every =
        prop::option::of((0..4_u16, prop_oneof![Just(Period::Days), Just(Period::Weeks), Just(Period::Months)]));
    let rest = (any::<u64>(), any::<u64>(), 0..=9_999_999_999_u64, any::<[bool; 3]>(), every);
    (texts, rest).prop_map(|((name, variant_name, sku, path, image), (product_id, variant_id, cents, flags, every))| {
        Item {
            product_id,
            variant_id,
            name: format!("x{name}"),
            variant_name,
            sku: format!("x{}", sku.chars().take(8).collect::<String>()),
            price: Price::from_cents(cents).unwrap(),
            details_url: format!("https://shop.example.com/{path}"),
            image_url: image.map(|image| format!("https://cdn.example.com/{image}")),
            in_stock: flags[0],
            eligible: flags[1],
            discontinued: flags[2],
            every,
        }
    })
}

proptest! {
    #[test]
    fn no_text_breaks_the_feed(items in prop::collection::vec(any_item(), 0..6)) {
        let written: Vec<&Item> = items.iter().filter(|item| written(item).is_ok()).collect();
        let xml = feed(&items);
        prop_assert!(xml.bytes().all(|byte| matches!(byte, b'\n' | b' '..=b'~')));
        let found = elements(&xml);
        let texts = |name: &str| -> Vec<&str> {
            found.iter().filter(|(path, _)| path == name).map(|(_, text)| text.as_str()).collect()
        };
        let ids: Vec<String> = written.iter().map(|item| item.id().to_string()).collect();
        prop_assert_eq!(texts("product/product_id"), ids);
        let names: Vec<String> = written.iter().map(|item| super::text::ascii(&item.name).into_owned()).collect();
        prop_assert_eq!(texts("product/name"), names);
        let skus: Vec<String> = written.iter().map(|item| super::text::ascii(&item.sku).into_owned()).collect();
        prop_assert_eq!(texts("product/sku"), skus);
        prop_assert!(found.iter().all(|(_, text)| !text.is_empty()));
    }

    #[test]
    fn no_category_breaks_the_feed(name in odd()) {
        let (xml, left_out) = category_feed(&[(1, &name, &[ProductId { product: 1, variant: 2 }])]);
        prop_assert_eq!(elements(&xml).len(), if left_out.is_empty() { 3 } else { 0 });
    }
}

#[test]
fn feeds_of_odd_texts_keep_the_schema() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let items = prop::collection::vec(any_item(), 200).new_tree(&mut runner).unwrap().current();
    let xml = feed(&items);
    assert!(xml.matches("<product>").count() > 50, "most of them can be written");
    assert_eq!(against_schema(&xml), Ok(()));
}
