//! What an SSH server says before anything of it is believed: read or refused, and no packet is more than was sent.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ordergroove_bigcommerce::sftp::{Fingerprint, read_as_anything};

fuzz_target!(|input: (u16, &[u8])| {
    let (place, bytes) = input;
    let (bytes, other) = bytes.split_at(usize::from(place) % (bytes.len() + 1));
    let messages = read_as_anything(bytes, other);
    // A packet has a length, the length of its padding, and a message.
    let sent: usize = messages.iter().map(|message| 4 + 1 + message.len()).sum();
    assert!(sent <= bytes.len() && messages.iter().all(|message| !message.is_empty()));
    if let Some(fingerprint) = std::str::from_utf8(bytes).ok().and_then(Fingerprint::parse) {
        assert_eq!(Fingerprint::parse(&fingerprint.to_string()), Some(fingerprint));
    }
});
