//! What reading a catalogue costs, and whether a large one costs more than its share.
//!
//! The sandbox is BigCommerce, in this process: its CPU time is not counted. It allows as many requests as anybody
//! likes, so that nothing is measured of waiting. The app is installed before the store has products; the reading that
//! is measured is the one that the merchant asks for.

use std::path::Path;
use std::time::{Duration, Instant};

use sandbox::{Callbacks, Config, NewApp, NewStore, Sandbox};
use serde_json::Value;

use crate::Outcome;
use crate::app::{CLIENT_ID, CLIENT_SECRET, STORE_HASH};
use crate::http::{Connection, render};
use crate::inspector::Inspector;
use crate::install::{accepted, authorize, register, variables};
use crate::kv;
use crate::report::Report;
use crate::stats::Spread;
use crate::workerd::{Build, Bundle, Project, Storage, Workerd, free_port};

const SMALL: u32 = 10_000;
const LARGE: u32 = 100_000;
/// A round is a small catalogue and a large one, each in a workerd of its own.
const ROUNDS: usize = 3;
/// As often as the console looks at a reading that is under way.
const LOOK_EVERY: Duration = Duration::from_secs(2);
const SAMPLE_EVERY: Duration = Duration::from_millis(100);
const SEED: u64 = 11;

/// Measures CPU time by product and memory.
pub(crate) async fn measure(project: &Project, scratch: &Path, report: &mut Report) -> Outcome<()> {
    let [mut small, mut large] = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        small.push(cpu(project, scratch, SMALL).await?);
        large.push(cpu(project, scratch, LARGE).await?);
    }
    Report::amounts(
        "reading a catalogue",
        "CPU us/product",
        &[("10,000 products", &small), ("100,000 products", &large)],
    );
    let growth = memory(project, scratch, LARGE).await?;
    println!();
    report.ratio("sync_cpu_growth", Spread::of_ratios(&large, &small));
    report.amount("sync_growth_mb", growth);
    Ok(())
}

/// Microseconds of CPU time for each of `count` products.
async fn cpu(project: &Project, scratch: &Path, count: u32) -> Outcome<f64> {
    let store = Store::open(project, scratch, Build::Deployed, None).await?;
    store.sandbox.generate_products(STORE_HASH, count, SEED);
    let before = store.worker.cpu()?;
    store.start_sync().await?;
    while store.is_syncing(count).await? {
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let cpu = store.worker.cpu()?.saturating_sub(before);
    Ok(cpu.as_secs_f64() * 1e6 / f64::from(count))
}

/// By how many megabytes wasm memory and V8's heap grow at most while `count` products are read.
async fn memory(project: &Project, scratch: &Path, count: u32) -> Outcome<f64> {
    let port = free_port()?;
    let store = Store::open(project, scratch, Build::WithHooks, Some(port)).await?;
    let mut inspector = Inspector::connect(&store.worker, port).await?;
    inspector.collect().await?;
    let idle = [store.wasm_memory().await?, inspector.heap().await?];
    store.sandbox.generate_products(STORE_HASH, count, SEED);
    store.start_sync().await?;
    let mut most = idle;
    let mut looked = Instant::now();
    loop {
        let now = [store.wasm_memory().await?, inspector.heap().await?];
        if now.iter().sum::<f64>() > most.iter().sum() {
            most = now;
        }
        if looked.elapsed() > LOOK_EVERY {
            looked = Instant::now();
            if !store.is_syncing(count).await? {
                break;
            }
        }
        tokio::time::sleep(SAMPLE_EVERY).await;
    }
    let [wasm, heap] = [most[0] - idle[0], most[1] - idle[1]].map(|bytes| bytes / 1e6);
    println!("\nmemory of 100,000 products      wasm +{wasm:.1} MB, V8's heap +{heap:.1} MB");
    Ok(wasm + heap)
}

/// A Worker of its own with the app installed in an empty store.
struct Store {
    worker: Workerd,
    sandbox: Sandbox,
    session: String,
}

impl Store {
    async fn open(project: &Project, scratch: &Path, build: Build, inspector: Option<u16>) -> Outcome<Self> {
        let config = Config { listen: ([127, 0, 0, 1], 0).into(), ..Config::default() };
        let sandbox = Sandbox::start(config).await?;
        let port = free_port()?;
        let variables = variables(port, sandbox.address().port(), "/bigcommerce");
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

    async fn start_sync(&self) -> Outcome<()> {
        self.console("POST", "/console/api/sync").await.map(drop)
    }

    /// Whether the reading is under way; an error if it ended with another number of products than `count`.
    async fn is_syncing(&self, count: u32) -> Outcome<bool> {
        let sync = self.console("GET", "/console/api/sync").await?;
        match sync["state"].as_str() {
            Some("done") if sync["products"] == count => Ok(false),
            // Waiting after a call that failed costs time, which is not measured.
            Some("never" | "running" | "waiting") => Ok(true),
            _ => Err(format!("the reading of {count} products: {sync}").into()),
        }
    }

    async fn wasm_memory(&self) -> Outcome<f64> {
        let told = self.console("GET", "/test/memory").await?;
        told["bytes"].as_f64().ok_or_else(|| format!("wasm memory: {told}").into())
    }

    async fn console(&self, method: &str, path: &str) -> Outcome<Value> {
        let headers = [("authorization", format!("Bearer {}", self.session))];
        // A connection of its own: workerd closes one that rests for some seconds.
        let mut connection = Connection::open(self.worker.port).await?;
        let answer = connection.send(&render(method, path, &headers, "")).await?;
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
