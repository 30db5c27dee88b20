//! What building and delivering a feed costs, and whether that of a large catalogue costs more than its share.
//!
//! The feed goes to the sandbox's SFTP server, in this process: its CPU time is not counted. A run reads the catalogue
//! first, which [`crate::sync`] measures: here counting begins when the run says that it is building, and ends when
//! the file has its name on the server. In the first feed every product is new; the one after it changes nothing, is
//! built and compared, and not sent.

use std::path::Path;
use std::time::Duration;

use sandbox::SftpUser;
use serde_json::{Value, json};

use crate::Outcome;
use crate::inspector::Inspector;
use crate::report::Report;
use crate::stats::Spread;
use crate::store::{LARGE, SAMPLE_EVERY, SMALL, Store};
use crate::workerd::{Build, Project, free_port};

/// A round is a small feed and a large one, each in a workerd of its own.
const ROUNDS: usize = 3;
/// As often as the console looks at a run that is under way.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How soon the beginning of the building is noticed.
const NOTICE_AFTER: Duration = Duration::from_millis(20);
const RUNS: &str = "/console/api/feeds/runs";
const USER: &str = "feeds";
const PASSWORD: &str = "correct horse battery staple";
const MERCHANT: &str = "bench-merchant";

/// Microseconds of CPU time for each product of two feeds.
struct Cost {
    first: f64,
    unchanged: f64,
}

/// Measures CPU time by product and memory.
pub(crate) async fn measure(project: &Project, scratch: &Path, report: &mut Report) -> Outcome<()> {
    let [mut small, mut large] = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        small.push(cpu(project, scratch, SMALL).await?);
        large.push(cpu(project, scratch, LARGE).await?);
    }
    let [first, unchanged] = [|cost: &Cost| cost.first, |cost: &Cost| cost.unchanged]
        .map(|part| [&small, &large].map(|costs| costs.iter().map(part).collect::<Vec<f64>>()));
    Report::amounts(
        "building and sending a feed",
        "CPU us/product",
        &[
            ("10,000 products", &first[0]),
            ("100,000 products", &first[1]),
            ("10,000, unchanged", &unchanged[0]),
            ("100,000, unchanged", &unchanged[1]),
        ],
    );
    let growth = memory(project, scratch, LARGE).await?;
    println!();
    report.ratio("feed_cpu_growth", Spread::of_ratios(&first[1], &first[0]));
    report.amount("feed_growth_mb", growth);
    Ok(())
}

async fn cpu(project: &Project, scratch: &Path, count: u32) -> Outcome<Cost> {
    let store = Store::open(project, scratch, Build::Deployed, None).await?;
    set_up(&store, count).await?;
    Ok(Cost {
        first: cpu_of_feed(&store, count, "delivered").await?,
        unchanged: cpu_of_feed(&store, count, "unchanged").await?,
    })
}

/// Microseconds of CPU time for each of `count` products of a feed that ends as `wanted`.
async fn cpu_of_feed(store: &Store, count: u32, wanted: &str) -> Outcome<f64> {
    let run = begin(store).await?;
    while is_reading(&look(store, &run).await?) {
        tokio::time::sleep(NOTICE_AFTER).await;
    }
    let before = store.worker.cpu()?;
    while !has_ended(&look(store, &run).await?, wanted)? {
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let cpu = store.worker.cpu()?.saturating_sub(before);
    check(store, &look(store, &run).await?)?;
    Ok(cpu.as_secs_f64() * 1e6 / f64::from(count))
}

/// By how many megabytes wasm memory and V8's heap are above those of an idle Worker at most, while a feed of `count`
/// products is built and delivered.
async fn memory(project: &Project, scratch: &Path, count: u32) -> Outcome<f64> {
    let port = free_port()?;
    let store = Store::open(project, scratch, Build::WithHooks, Some(port)).await?;
    let mut inspector = Inspector::connect(&store.worker, port).await?;
    inspector.collect().await?;
    let idle = [store.wasm_memory().await?, inspector.heap().await?];
    set_up(&store, count).await?;
    let run = begin(&store).await?;
    while is_reading(&look(&store, &run).await?) {
        tokio::time::sleep(SAMPLE_EVERY).await;
    }
    // What reading the catalogue left to be collected is not the feed's.
    inspector.collect().await?;
    let mut most = idle;
    let mut seen = 0_u32;
    loop {
        let now = [store.wasm_memory().await?, inspector.heap().await?];
        if now.iter().sum::<f64>() > most.iter().sum() {
            most = now;
        }
        seen += 1;
        if seen.is_multiple_of(10) && has_ended(&look(&store, &run).await?, "delivered")? {
            break;
        }
        tokio::time::sleep(SAMPLE_EVERY).await;
    }
    check(&store, &look(&store, &run).await?)?;
    let [wasm, heap] = [most[0] - idle[0], most[1] - idle[1]].map(|bytes| bytes / 1e6);
    println!("\nmemory of their feed            wasm +{wasm:.1} MB, V8's heap +{heap:.1} MB");
    Ok(wasm + heap)
}

/// Fills the store, and has its feeds go to the sandbox's SFTP server.
async fn set_up(store: &Store, count: u32) -> Outcome<()> {
    let sftp = store.sandbox.sftp();
    sftp.add_user(SftpUser { name: USER.to_owned(), password: PASSWORD.to_owned(), ..SftpUser::default() });
    let settings = json!({"ordergroove": {"merchant_id": MERCHANT}, "sftp": {
        "host": sftp.address().ip().to_string(), "port": sftp.address().port(), "username": USER, "password": PASSWORD,
        "host_key": sftp.fingerprint(),
    }});
    store.console_with("PATCH", "/console/api/settings", &settings.to_string()).await?;
    store.fill(count);
    Ok(())
}

/// Asks for a feed; gives its address.
async fn begin(store: &Store) -> Outcome<String> {
    let run = store.console_with("POST", RUNS, &json!({"send_unchanged": false}).to_string()).await?;
    Ok(format!("{RUNS}/{}", run["id"]))
}

async fn look(store: &Store, run: &str) -> Outcome<Value> {
    store.console("GET", run).await
}

fn is_reading(run: &Value) -> bool {
    run["state"] == "waiting" || run["state"] == "syncing"
}

/// Whether nothing more will happen to it; an error if it ended otherwise.
fn has_ended(run: &Value, wanted: &str) -> Outcome<bool> {
    match run["state"].as_str() {
        Some("building" | "checking" | "delivering") => Ok(false),
        Some(state) if state == wanted => Ok(true),
        _ => Err(format!("a feed that was to be {wanted}: {run}").into()),
    }
}

/// Whether the file on the server is the one that the run tells of.
fn check(store: &Store, run: &Value) -> Outcome<()> {
    let path = format!("/incoming/{MERCHANT}.Products.xml");
    let there = store.sandbox.sftp().file(USER, &path).map_or(0, |file| file.len());
    if run["bytes"] == there && run["attempts"] == 0 { Ok(()) } else { Err(format!("{there} bytes of {run}").into()) }
}
