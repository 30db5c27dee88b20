//! A product feed as Ordergroove reads it.

use std::collections::BTreeMap;
use std::process::Command;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::process::root;

/// Elements of one product by name; repeated and nested ones by their own name.
pub type FeedItem = BTreeMap<String, String>;

/// A feed.
pub struct FeedFile(Vec<FeedItem>);

impl FeedFile {
    /// Reads a file; what is no XML fails the test.
    pub fn read(bytes: &[u8]) -> Self {
        let mut reader = Reader::from_str(std::str::from_utf8(bytes).expect("UTF-8"));
        let (mut items, mut item, mut element) = (Vec::new(), FeedItem::new(), String::new());
        loop {
            match reader.read_event().expect("XML") {
                Event::Start(start) => {
                    start.name().as_ref().clone_into(&mut element);
                    if element == "product" {
                        item = FeedItem::new();
                    }
                }
                Event::Text(text) if !text.trim().is_empty() => {
                    item.entry(element.clone()).or_default().push_str(&text);
                }
                Event::GeneralRef(entity) => {
                    let text = quick_xml::escape::resolve_xml_entity(&entity).expect("an entity of XML");
                    item.entry(element.clone()).or_default().push_str(text);
                }
                Event::CData(data) => {
                    item.entry(element.clone()).or_default().push_str(&data);
                }
                Event::End(end) if end.name().as_ref() == "product" => items.push(std::mem::take(&mut item)),
                Event::Eof => break,
                _ => {}
            }
        }
        Self(items)
    }

    pub fn items(&self) -> impl Iterator<Item = &FeedItem> {
        self.0.iter()
    }

    /// By Ordergroove's id.
    pub fn item(&self, id: &str) -> Option<&FeedItem> {
        self.items().find(|item| item["product_id"] == id)
    }

    /// The variants of one of BigCommerce's products.
    pub fn of_product(&self, id: u64) -> impl Iterator<Item = &FeedItem> {
        self.items().filter(move |item| item["product_id"].starts_with(&format!("{id}_")))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// A category of a feed: its id, its name, and the ids of its products in their order.
pub type FeedCategory = (u64, String, Vec<String>);

/// Reads a category feed; what is no XML fails the test.
pub fn categories(bytes: &[u8]) -> Vec<FeedCategory> {
    let mut reader = Reader::from_str(std::str::from_utf8(bytes).expect("UTF-8"));
    let (mut categories, mut element, mut text) = (Vec::<FeedCategory>::new(), String::new(), String::new());
    loop {
        match reader.read_event().expect("XML") {
            Event::Start(start) => {
                start.name().as_ref().clone_into(&mut element);
                text.clear();
                if element == "category" {
                    categories.push((0, String::new(), Vec::new()));
                }
            }
            Event::Text(part) => text.push_str(&part),
            Event::CData(part) => text.push_str(&part),
            Event::End(_) => {
                let category = categories.last_mut();
                match (element.as_str(), category) {
                    ("category_id", Some(category)) => category.0 = text.parse().expect("a number"),
                    ("name", Some(category)) => category.1.clone_from(&text),
                    ("product_id", Some(category)) => category.2.push(text.clone()),
                    _ => {}
                }
                element.clear();
            }
            Event::Eof => return categories,
            _ => {}
        }
    }
}

/// Has xmllint judge a product feed by the schema of Ordergroove's rules.
pub fn xmllint(bytes: &[u8]) {
    judge(bytes, "products.xsd");
}

/// Has xmllint judge a category feed by the schema of our guess.
pub fn xmllint_categories(bytes: &[u8]) {
    judge(bytes, "categories.xsd");
}

fn judge(bytes: &[u8], schema: &str) {
    let file = root().join(format!(".run/test/{schema}-{}-{}.xml", std::process::id(), super::app::unique("feed")));
    std::fs::write(&file, bytes).expect("written");
    let schema = root().join("tests/fixtures/feeds").join(schema);
    let judged = Command::new("xmllint").args(["--noout", "--schema"]).arg(schema).arg(&file).output();
    let judged = judged.expect("xmllint; make test installs it");
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    std::fs::remove_file(file).expect("removed");
}
