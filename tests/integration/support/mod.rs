//! What every test stands on.

pub mod app;
pub mod browser;
pub mod downloads;
pub mod feed_file;
pub mod files;
pub mod hooks;
pub mod moments;
pub mod openssh;
pub mod process;
pub mod products_file;
pub mod proxy;
pub mod wait;
pub mod worker;
pub mod world;

pub use app::App;
pub use wait::eventually;
pub use world::{World, run};
