//! A store with as many products as wanted, and our Worker installed in it.
//!
//! The sandbox is both platforms, in this process: its CPU time is not counted. It allows as many requests as anybody
//! likes, so that nothing is measured of waiting.

use std::path::Path;
use std::time::Duration;

use sandbox::{Callbacks, Config, NewApp, NewStore, Sandbox};
use serde_json::Value;

use crate::Outcome;
use crate::app::{CLIENT_ID, CLIENT_SECRET, STORE_HASH};
use crate::http::{Connection, render};
use crate::install::{accepted, authorize, register, variables};
use crate::kv;
use crate::workerd::{Build, Bundle, Project, Storage, Workerd, free_port};

pub(crate) const SMALL: u32 = 10_000;
pub(crate) const LARGE: u32 = 100_000;
pub(crate) const SAMPLE_EVERY: Duration = Duration::from_millis(100);
const SEED: u64 = 11;

/// A Worker of its own with the app installed in an empty store.
pub(crate) struct Store {
    pub(crate) worker: Workerd,
    pub(crate) sandbox: Sandbox,
    session: String,
}

impl Store {
    pub(crate) async fn open(project: &Project, scratch: &Path, build: Build, inspector: Option<u16>) -> Outcome<Self> {
        let local = ([127, 0, 0, 1], 0).into();
        let config = Config { listen: local, sftp_listen: Some(local), ..Config::default() };
        let sandbox = Sandbox::start(config).await?;
        let port = free_port()?;
        let mut variables = variables(port, sandbox.address().port(), "/bigcommerce");
        variables.retain(|(name, _)| *name != "ORDERGROOVE_HOSTS");
        variables.push(("ORDERGROOVE_HOSTS", sandbox.sftp().address().to_string()));
        let kv = kv::start().await?;
        let bundle = Bundle::ours(project, scratch, "catalogue", &variables, kv, (build, Storage::Disk))?;
        let worker = match inspector {
            None => Workerd::spawn(project, &bundle, port)?,
            Some(inspector) => Workerd::spawn_inspected(project, &bundle, port, inspector)?,
        };
        worker.started().await?;
        let mut connection = Connection::open(port).await?;
        let scopes = register(&mut connection).await?;
        sandbox.add_store(NewStore { hash: STORE_HASH.to_owned(), quota: 1_000_000_000, ..NewStore::default() });
        sandbox.set_products(STORE_HASH, Vec::new());
        sandbox.add_app(app(port, scopes)?);
        let callback = sandbox.auth_callback_url(STORE_HASH, CLIENT_ID);
        let path = format!("{}?{}", callback.path(), callback.query().unwrap_or_default());
        let session = authorize(&mut connection, &path).await?;
        let store = Self { worker, sandbox, session };
        while store.is_syncing(0).await? {
            tokio::time::sleep(SAMPLE_EVERY).await;
        }
        Ok(store)
    }

    /// Gives the store so many products.
    pub(crate) fn fill(&self, products: u32) {
        self.sandbox.generate_products(STORE_HASH, products, SEED);
    }

    pub(crate) async fn start_sync(&self) -> Outcome<()> {
        self.console("POST", "/console/api/sync").await.map(drop)
    }

    /// Whether the reading is under way; an error if it ended with another number of products than `count`.
    pub(crate) async fn is_syncing(&self, count: u32) -> Outcome<bool> {
        let sync = self.console("GET", "/console/api/sync").await?;
        match sync["state"].as_str() {
            Some("done") if sync["products"] == count => Ok(false),
            // Waiting after a call that failed costs time, which is not measured.
            Some("never" | "running" | "waiting") => Ok(true),
            _ => Err(format!("the reading of {count} products: {sync}").into()),
        }
    }

    pub(crate) async fn wasm_memory(&self) -> Outcome<f64> {
        let told = self.console("GET", "/test/memory").await?;
        told["bytes"].as_f64().ok_or_else(|| format!("wasm memory: {told}").into())
    }

    /// A call of the console, without a body.
    pub(crate) async fn console(&self, method: &str, path: &str) -> Outcome<Value> {
        self.console_with(method, path, "").await
    }

    /// A call of the console.
    pub(crate) async fn console_with(&self, method: &str, path: &str, body: &str) -> Outcome<Value> {
        let headers = [("authorization", format!("Bearer {}", self.session))];
        // A connection of its own: workerd closes one that rests for some seconds.
        let mut connection = Connection::open(self.worker.port).await?;
        let answer = connection.send(&render(method, path, &headers, body)).await?;
        Ok(serde_json::from_slice(&accepted(path, answer)?.body)?)
    }
}

/// The app as the developer portal has it.
fn app(port: u16, scopes: Vec<String>) -> Outcome<NewApp> {
    let callback = |name: &str| format!("http://127.0.0.1:{port}/bigcommerce/{CLIENT_ID}/{name}").parse();
    let callbacks = Callbacks {
        auth: callback("auth")?,
        load: callback("load")?,
        uninstall: callback("uninstall")?,
        remove_user: callback("remove-user")?,
    };
    Ok(NewApp {
        client_id: CLIENT_ID.to_owned(),
        client_secret: CLIENT_SECRET.to_owned(),
        callbacks,
        scopes,
        store_hash: STORE_HASH.to_owned(),
        jwt_alg: sandbox::JwtAlg::Hs256,
    })
}
