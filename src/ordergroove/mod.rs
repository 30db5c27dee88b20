//! Ordergroove: its signature, hosts and REST calls, as plain data.

pub mod connection;
pub mod hosts;
pub mod signature;
pub mod subscriptions;
