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

/// Has xmllint judge a feed by the schema of Ordergroove's rules.
pub fn xmllint(bytes: &[u8]) {
    let file = root().join(format!(".run/test/feed-{}-{}.xml", std::process::id(), bytes.len()));
    std::fs::write(&file, bytes).expect("written");
    let schema = root().join("tests/fixtures/feeds/products.xsd");
    let judged = Command::new("xmllint").args(["--noout", "--schema"]).arg(schema).arg(&file).output();
    let judged = judged.expect("xmllint; make test installs it");
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    std::fs::remove_file(file).expect("removed");
}
