//! One sandbox and one Worker that all ordinary tests share, and a runtime to run them in.

use std::future::Future;
use std::path::PathBuf;
use std::sync::LazyLock;

use sandbox::{Config, Sandbox};
use tokio::runtime::Runtime;
use tokio::sync::OnceCell;

use super::process::root;
use super::worker::Worker;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));
static SHARED: OnceCell<World> = OnceCell::const_new();

/// The stand-ins and a Worker that talks to them.
pub struct World {
    pub sandbox: Sandbox,
    pub worker: Worker,
}

impl World {
    /// The shared one, started by the first test that asks.
    pub async fn shared() -> &'static Self {
        SHARED.get_or_init(Self::start).await
    }

    /// One of its own.
    pub async fn start() -> Self {
        let sandbox = start_sandbox().await;
        let worker = Worker::start(&sandbox).await;
        Self { sandbox, worker }
    }

    /// One of its own whose feeds may go to `server`, `host:port`.
    pub async fn start_allowing(server: &str) -> Self {
        let sandbox = start_sandbox().await;
        let worker = Worker::start_allowing(&sandbox, server).await;
        Self { sandbox, worker }
    }
}

/// The stand-ins; BigCommerce's OpenAPI files judge every request where they are at hand.
pub async fn start_sandbox() -> Sandbox {
    let config = Config {
        listen: "127.0.0.1:0".parse().expect("an address"),
        openapi_dir: std::env::var_os("BIGCOMMERCE_OPENAPI_DIR").map(PathBuf::from),
        browser_libraries: Some(root().join(".run/browser")),
        state_file: None,
        sftp_listen: Some("127.0.0.1:0".parse().expect("an address")),
    };
    Sandbox::start(config).await.expect("the sandbox starts")
}

/// Runs a test in the shared runtime, where shared connections stay alive.
pub fn run(test: impl Future<Output = ()>) {
    RUNTIME.block_on(test);
}
