//! The stand-ins from outside, over HTTP.

mod bigcommerce;
mod common;
mod demo;
mod faults;
mod storefront;
