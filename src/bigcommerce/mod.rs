//! BigCommerce: its identifiers, tokens, scopes and REST calls, as plain data.
//!
//! Nothing in here does I/O: a call is built as an [`OutboundRequest`](crate::outbound::OutboundRequest)
//! and its answer is read from an [`OutboundAnswer`](crate::outbound::OutboundAnswer).

pub mod categories;
pub mod connection;
pub mod hooks;
pub mod ids;
pub mod oauth;
pub mod pace;
pub mod page;
mod prepared_hmac;
pub mod products;
pub mod scopes;
pub mod store_info;
pub mod token;
pub mod webhook;
