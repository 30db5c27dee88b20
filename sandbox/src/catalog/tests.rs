use std::collections::BTreeSet;

use super::{Catalog, CatalogChange, Changed, Generated, Modifier, Product, demo_catalog};

fn thousand() -> Catalog {
    Catalog::generated(Generated { count: 1000, seed: 7 })
}

#[test]
fn a_generated_catalogue_is_the_same_each_time_and_another_for_another_seed() {
    let (one, same) = (thousand(), thousand());
    let other = Catalog::generated(Generated { count: 1000, seed: 8 });
    let ids: Vec<u64> = one.ids_above(0).collect();
    assert_eq!(ids.len(), 1000);
    assert!(ids.is_sorted_by(|one, next| one < next));
    assert!(ids.iter().all(|id| one.get(*id) == same.get(*id)));
    assert_ne!(ids, other.ids_above(0).collect::<Vec<_>>());
}

#[test]
fn counting_agrees_with_looking_whatever_was_changed() {
    let mut catalog = thousand();
    let ids: Vec<u64> = catalog.ids_above(0).collect();
    catalog.apply(CatalogChange::Put(Box::new(Product::named("New")))).expect("a change");
    let changed = Product { id: ids[400], ..Product::named("Changed") };
    assert_eq!(catalog.apply(CatalogChange::Put(Box::new(changed))), Ok((ids[400], Changed::Updated)));
    for place in [0, 500, 999] {
        assert_eq!(catalog.apply(CatalogChange::Delete(ids[place])), Ok((ids[place], Changed::Deleted)));
        assert!(catalog.apply(CatalogChange::Delete(ids[place])).is_err());
    }
    assert_eq!(catalog.count_above(0), 998);
    for id in (90..110).chain((ids[0] - 3..ids[999] + 3).step_by(13)) {
        assert_eq!(catalog.count_above(id), catalog.ids_above(id).count(), "{id}");
    }
    assert_eq!(catalog.get(ids[400]).map(|product| product.name.clone()).as_deref(), Some("Changed"));
    assert_eq!(catalog.get(ids[500]), None);
}

#[test]
fn what_is_known_in_brief_is_what_the_product_says() {
    let catalog = thousand();
    for id in catalog.ids_above(0) {
        let (brief, product) = (catalog.brief(id).expect("it is there"), catalog.get(id).expect("it is there"));
        assert_eq!(
            (brief.date_modified, brief.is_visible, brief.availability, brief.kind),
            (product.date_modified, product.is_visible, product.availability, product.kind)
        );
        assert_eq!(product.check(), Ok(()));
    }
}

#[test]
fn no_two_things_of_one_kind_share_an_id() {
    let demo = Catalog::of(demo_catalog()).expect("a catalogue");
    for catalog in [thousand(), demo] {
        let products: Vec<_> = catalog.ids_above(0).filter_map(|id| catalog.get(id)).collect();
        let modifiers: Vec<_> = products.iter().flat_map(|product| &product.modifiers).collect();
        let values: Vec<u64> = modifiers.iter().flat_map(|modifier| &modifier.values).map(|value| value.id).collect();
        let variants: Vec<u64> =
            products.iter().flat_map(|product| &product.variants).map(|variant| variant.id).collect();
        for ids in [modifiers.iter().map(|modifier| modifier.id).collect(), values, variants] {
            assert!(!ids.contains(&0));
            assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
        }
    }
}

#[test]
fn the_demo_catalogue_has_every_kind_and_stays_the_same() {
    let (one, again) = (Catalog::of(demo_catalog()), Catalog::of(demo_catalog()));
    let (one, again) = (one.expect("a catalogue"), again.expect("a catalogue"));
    let products: Vec<_> = one.ids_above(0).filter_map(|id| one.get(id)).collect();
    assert!(products.len() >= 60, "{}", products.len());
    assert!(products.iter().all(|product| again.get(product.id).as_ref() == Some(product)));
    let some = |what: &dyn Fn(&Product) -> bool| products.iter().any(|product| what(product));
    let offers = |product: &Product| {
        product.modifiers.iter().filter(|modifier| modifier.display_name.contains("Subscription")).count()
    };
    assert!(some(&|product| product.modifiers.is_empty()));
    assert!(some(&|product| offers(product) == 2));
    assert!(some(&|product| offers(product) == 0 && product.name == "Renamed modifier"));
    assert!(some(&|product| product.modifiers.iter().any(|modifier| modifier.required && offers(product) == 1)));
    assert!(some(&|product| product.name.chars().count() == 250 && product.name.is_ascii()));
    for first in ["=", "+", "-", "@"] {
        assert!(some(&|product| product.name.starts_with(first)), "{first}");
    }
    assert!(some(&|product| product.variants.len() == 6));
    assert!(some(&|product| product.price == 0.0));
}

#[test]
fn modifiers_do_not_move_the_date_and_only_their_going_is_told() {
    let mut catalog = Catalog::default();
    let product = Product { date_modified: 1000, ..Product::named("Tea") };
    let (id, _) = catalog.apply(CatalogChange::Put(Box::new(product))).expect("a change");
    let mut edit = |change: &dyn Fn(&mut Product)| {
        let mut product = catalog.get(id).expect("it is there").into_owned();
        change(&mut product);
        let (_, changed) = catalog.apply(CatalogChange::Put(Box::new(product))).expect("a change");
        (changed, catalog.get(id).expect("it is there").date_modified)
    };
    let add = |product: &mut Product| product.modifiers.push(Modifier::dropdown("Subscription", &["Once"]));
    assert_eq!(edit(&add), (Changed::Untold, 1000));
    assert_eq!(edit(&|product| product.modifiers[0].values[0].label = "Never".to_owned()), (Changed::Untold, 1000));
    assert_eq!(edit(&|product| product.modifiers.clear()), (Changed::Updated, 1000));
    assert_eq!(edit(&|_| ()), (Changed::Untold, 1000));
    assert_eq!(edit(&|product| product.date_modified = 2000), (Changed::Untold, 2000));
    assert_eq!(edit(&|product| (product.date_created, product.date_modified) = (0, 0)), (Changed::Untold, 2000));
    let (changed, moved) = edit(&|product| product.price = 3.0);
    assert!(changed == Changed::Updated && moved > 2000);
}

#[test]
fn what_the_platform_would_not_take_is_not_taken() {
    let mut catalog = Catalog::default();
    let two = |modifier: Modifier| {
        let values = modifier.values.iter().map(|value| super::OptionValue { is_default: true, ..value.clone() });
        Modifier { values: values.collect(), ..modifier }
    };
    for wrong in [
        Product::named(""),
        Product::named(&"a".repeat(251)),
        Product { price: -1.0, ..Product::default() },
        Product { price: f64::NAN, ..Product::default() },
        Product { sku: "a".repeat(256), ..Product::default() },
        Product::default().with(Modifier::dropdown("", &["a"])),
        Product::default().with(Modifier::dropdown("a", &[""])),
        Product::default().with(two(Modifier::dropdown("a", &["a", "b"]))),
        Product {
            variants: vec![super::Variant { labels: vec!["S".to_owned()], ..Default::default() }],
            ..Product::default()
        },
    ] {
        assert!(catalog.apply(CatalogChange::Put(Box::new(wrong.clone()))).is_err(), "{wrong:?}");
    }
    assert!(catalog.apply(CatalogChange::Put(Box::new(Product::named(&"é".repeat(250))))).is_ok());
}
