//! Sealed records: what is sealed opens in its own record alone, and nothing else ever opens.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ordergroove_bigcommerce::secret::Secret;
use ordergroove_bigcommerce::store::seal::Sealer;

const RING: &str = "b:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=,a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

const UNUSED: &str = "b:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

fuzz_target!(|input: (u16, u8, &str)| {
    let (place, byte, text) = input;
    let (name, text) = text.split_once('\n').unwrap_or(("app/client1", text));
    let sealer = Sealer::from_ring(RING).unwrap();
    // Never a panic, whatever stands in the ring.
    let _ = Sealer::from_ring(text);
    // Another ring: the fuzzer sees what this process seals, and sends it back.
    assert!(Sealer::from_ring(UNUSED).unwrap().open(name, text).is_err(), "nobody without a key seals");

    let sealed = sealer.seal(name, &Secret::new(text)).unwrap();
    assert_eq!(sealer.open(name, &sealed).unwrap().expose(), text);
    assert!(sealer.is_current(&sealed));
    assert!(sealer.open(&format!("{name}x"), &sealed).is_err());
    let mut changed = sealed.clone().into_bytes();
    let place = usize::from(place) % changed.len();
    changed[place] ^= byte;
    if let Ok(changed) = String::from_utf8(changed) {
        assert!(changed == sealed || sealer.open(name, &changed).is_err(), "{changed}");
    }
});
