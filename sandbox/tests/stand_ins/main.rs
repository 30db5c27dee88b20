//! The stand-ins from outside, over HTTP.

mod bigcommerce;
mod catalog;
mod categories;
mod common;
mod demo;
mod faults;
mod limits;
mod products;
mod storefront;
mod webhooks;
