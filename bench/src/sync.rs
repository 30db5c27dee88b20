//! What reading a catalogue costs, and whether a large one costs more than its share.
//!
//! The app is installed before the store has products; the reading that is measured is the one that the merchant asks
//! for.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::inspector::Inspector;
use crate::report::Report;
use crate::stats::Spread;
use crate::store::{LARGE, SAMPLE_EVERY, SMALL, Store};
use crate::workerd::{Build, Project, free_port};

/// A round is a small catalogue and a large one, each in a workerd of its own.
const ROUNDS: usize = 3;
/// As often as the console looks at a reading that is under way.
const LOOK_EVERY: Duration = Duration::from_secs(2);

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
    store.fill(count);
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
    store.fill(count);
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
