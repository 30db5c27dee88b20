//! Exports, imports, and changes of many products in the console: requirements C2 and C4.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::browser_states::{SIZES, open};
use crate::products::{in_demo_store, named};
use crate::support::app::unique;
use crate::support::browser::Browser;
use crate::support::{App, World, eventually, run};
