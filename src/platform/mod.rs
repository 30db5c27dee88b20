//! What the app needs of the Workers runtime, as plain Rust: time, randomness, fetch, SQLite, panics, logs.
//!
//! Beside this folder only the objects in `store/` and the entry points touch `worker`, for what they
//! are: objects, bindings and events.

pub mod address;
pub mod clock;
pub mod contain;
pub mod gzip;
pub mod http;
pub mod inbound;
pub mod log;
pub mod patience;
pub mod random;
pub mod socket;
pub mod sql;
pub mod webcrypto;
pub mod zone;
