//! A place in memory through which `shim.js` and the signature endpoint hand each other texts.
//!
//! JavaScript writes while nothing here runs, and reads before anything else does: one thread, no I/O between.

use std::cell::RefCell;

use super::LONGEST_HEADER;

/// More than a header may have, by the longest sign of UTF-8: JavaScript writes whole signs only, so what was cut off
/// is still longer than a header may be.
pub const BYTES: usize = LONGEST_HEADER + 4;

thread_local! {
    static DESK: RefCell<[u8; BYTES]> = const { RefCell::new([0; BYTES]) };
}

/// Where it is, for as long as the instance lives.
pub fn address() -> *const u8 {
    DESK.with_borrow(|desk| desk.as_ptr())
}

/// A copy of the text of `length` bytes that lies there: nothing stays borrowed while it is worked on.
pub(super) fn read(length: usize) -> Option<String> {
    DESK.with_borrow(|desk| String::from_utf8(desk.get(..length)?.to_vec()).ok())
}

/// Leaves `text` there and gives its length; 0 if it does not fit.
pub(super) fn leave(text: &str) -> usize {
    DESK.with_borrow_mut(|desk| {
        let Some(place) = desk.get_mut(..text.len()) else { return 0 };
        place.copy_from_slice(text.as_bytes());
        text.len()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_is_there_until_something_else_is() {
        for text in ["abc", "", &"x".repeat(BYTES)] {
            assert_eq!(leave(text), text.len());
            assert_eq!(read(text.len()).as_deref(), Some(text));
        }
        assert_eq!(leave(&"x".repeat(BYTES + 1)), 0);
        assert_eq!(read(BYTES + 1), None);
    }
}
