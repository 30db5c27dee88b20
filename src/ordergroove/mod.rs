//! Ordergroove: its signature, hosts and REST calls, as plain data.

pub mod hosts;
pub mod signature;
pub mod subscriptions;
