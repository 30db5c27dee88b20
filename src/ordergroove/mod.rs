//! Ordergroove: its signature, hosts and REST calls, as plain data.

pub mod connection;
pub mod hosts;
pub mod product_id;
pub mod products_batch;
pub mod signature;
pub mod subscriptions;
