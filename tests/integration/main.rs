//! The built Worker in real workerd, the stand-ins, and Chromium.
//!
//! A test asserts what a person sees or a peer receives. Every test makes a store, a merchant and an
//! app of its own, so tests run at once and in any order; those that stop clocks or kill processes
//! have a Worker of their own.

mod attack;
mod big_catalogue;
mod browser;
mod browser_catalog;
mod browser_changes;
mod browser_changes_states;
mod browser_discontinued;
mod browser_editing;
mod browser_feeds;
mod browser_feeds_states;
mod browser_products;
mod browser_reading;
mod browser_states;
mod catalog_sync;
mod console;
mod crash;
mod exports;
mod feeds;
mod feeds_batches;
mod feeds_categories;
mod feeds_categories_faults;
mod feeds_faults;
mod feeds_killed;
mod feeds_schedule;
mod hooks;
mod imports;
mod imports_killed;
mod imports_refused;
mod imports_switched;
mod install;
mod observed;
mod openapi;
mod operator;
mod pace;
mod panics;
mod products;
mod settings;
mod sftp;
mod sftp_test;
mod signature;
mod status;
mod support;
mod tenants;
mod uninstall;
mod vectors;
mod webhooks;
