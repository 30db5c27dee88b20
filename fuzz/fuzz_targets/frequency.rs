//! The Frequency cell: whatever is read can be written, and is then read as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ordergroove_bigcommerce::catalog::{frequency, wording};

fuzz_target!(|cell: &str| {
    let _ = wording::read(cell);
    if let Ok(options) = frequency::read(cell) {
        let written = frequency::write(&options);
        assert_eq!(frequency::read(&written), Ok(options), "{written}");
    }
});
