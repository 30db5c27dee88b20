//! The stand-ins from outside, over HTTP.

mod bigcommerce;
mod catalog;
mod common;
mod demo;
mod faults;
mod limits;
mod products;
mod storefront;
mod webhooks;
