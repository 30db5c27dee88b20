//! Measures the Worker side by side with its peers, all in bare workerd, all in one run.
//!
//! 1. Each contestant is bundled and started in a workerd of its own ([`workerd`]); ours is registered, installed and
//!    set up over HTTP ([`install`]) against stand-ins for the two platforms ([`upstream`]).
//! 2. Each has to pass the same contract checks ([`contract`], [`judge`]).
//! 3. Load goes to one at a time, in alternating rounds ([`load`]); what counts is workerd's CPU time from the
//!    operating system, per request. Ratios are taken round by round ([`stats`]).
//! 4. Then ours and the empty one are started afresh a few times, without storage on disk ([`startup`]).
//! 5. Ours reads catalogues of two sizes from the sandbox ([`sync`]): what a product costs of either, and what memory
//!    the large one takes.
//! 6. Ours builds feeds of the same two sizes and sends them to the sandbox's SFTP server ([`feed`]): again what a product
//!    costs, and what memory the large one takes.
//! 7. Ours and OpenSSH's client send a large file to an OpenSSH server in turn ([`sftp`]).
//!
//! It prints a table and writes `bench/results.json`.

mod app;
mod contract;
mod feed;
mod http;
mod inspector;
mod install;
mod judge;
mod kv;
mod load;
mod report;
mod sftp;
mod startup;
mod stats;
mod store;
mod sync;
mod upstream;
mod workerd;

use std::path::{Path, PathBuf};
use std::process::Command;

use load::{Measured, Plan};
use report::Report;
use stats::Spread;
use workerd::{Build, Bundle, Project, Storage, Workerd, free_port};

/// What can fail ends the run, with a sentence.
type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const SIGNATURE_PLAN: Plan = Plan { rounds: 17, warm_up: 4000, requests: 5000 };
const STATUS_PLAN: Plan = Plan { rounds: 13, warm_up: 3000, requests: 3000 };
const STARTUPS: usize = 11;

const OURS: &str = "ours";
const HONO: &str = "Hono + jose";
const WEBCRYPTO: &str = "WebCrypto";
const EMPTY: &str = "empty JS";

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let scratch = Scratch::new();
    match run(&scratch.0).await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}

/// A directory for the files of a run, removed at its end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        let name = format!("ordergroove-bench-{}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nothing depends on it: the system clears its temporary directory sooner or later.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn run(scratch: &Path) -> Outcome<()> {
    let project = Project::here();
    // For work on one part alone.
    if asked("--sync-only") {
        return sync::measure(&project, scratch, &mut Report::default()).await;
    }
    if asked("--feed-only") {
        return feed::measure(&project, scratch, &mut Report::default()).await;
    }
    if asked("--sftp-only") {
        return sftp::measure(&project, scratch, &mut Report::default()).await;
    }
    let upstream = upstream::start().await?;
    let settings = peer_variables(upstream);
    let bundles = [
        Bundle::peer(&project, scratch, HONO, "hono.ts", &settings).await?,
        Bundle::peer(&project, scratch, WEBCRYPTO, "webcrypto.js", &settings).await?,
        Bundle::peer(&project, scratch, EMPTY, "empty.js", &[]).await?,
    ];
    let mut running = Vec::new();
    for bundle in &bundles {
        let contestant = Workerd::spawn(&project, bundle, free_port()?)?;
        contestant.started().await?;
        running.push(contestant);
    }
    let [_, _, empty] = &bundles;
    // For work on the peers: without ours there are no ratios, and no file.
    if asked("--peers-only") {
        measure(&running).await?;
        return Ok(());
    }

    let port = free_port()?;
    let variables = install::variables(port, upstream, "");
    let kv = kv::start().await?;
    let ours = Bundle::ours(&project, scratch, OURS, &variables, kv, (Build::Deployed, Storage::Disk))?;
    let contestant = Workerd::spawn(&project, &ours, port)?;
    contestant.started().await?;
    install::install(port, upstream).await?;
    running.insert(0, contestant);

    let [signature, status] = measure(&running).await?;
    // For work on the hot path alone.
    if asked("--edge-only") {
        for (name, measured, theirs) in [
            ("signature_vs_hono", &signature, HONO),
            ("signature_vs_webcrypto", &signature, WEBCRYPTO),
            ("status_vs_hono", &status, HONO),
        ] {
            Report::default().ratio(name, theirs_over_ours(measured, theirs)?);
        }
        return Ok(());
    }
    drop(running);
    let ours = Bundle::ours(&project, scratch, OURS, &variables, kv, (Build::Deployed, Storage::Memory))?;
    let startup = startup::measure(&project, &[&ours, empty], STARTUPS).await?;
    let [our_startup, empty_startup] = &startup[..] else {
        return Err("two contestants were started".into());
    };
    Report::times("time to first answer", OURS, our_startup);
    Report::times("", EMPTY, empty_startup);

    let mut report = Report::default();
    println!();
    report.ratio("signature_vs_hono", theirs_over_ours(&signature, HONO)?);
    report.ratio("signature_vs_webcrypto", theirs_over_ours(&signature, WEBCRYPTO)?);
    report.ratio("signature_vs_empty_js", theirs_over_ours(&signature, EMPTY)?);
    report.ratio("status_vs_hono", theirs_over_ours(&status, HONO)?);
    let startup = Spread::of_ratios(our_startup, empty_startup);
    report.ratio("startup_vs_empty_js", startup);
    let wasm = project.path("build/worker/index.wasm");
    report.count("wasm_gzip_bytes", gzipped(&wasm)?);
    sync::measure(&project, scratch, &mut report).await?;
    feed::measure(&project, scratch, &mut report).await?;
    sftp::measure(&project, scratch, &mut report).await?;
    report.write(&project.path("bench/results.json"))
}

/// Whether the command line has `option`. With any, no file is written.
fn asked(option: &str) -> bool {
    std::env::args().any(|argument| argument == option)
}

/// Checks and measures everybody who serves the contract, and the empty Worker beside them: signature, then status.
async fn measure(running: &[Workerd]) -> Outcome<[Vec<Measured>; 2]> {
    let serve = |contestant: &&Workerd| contestant.name != EMPTY;
    let serving: Vec<&Workerd> = running.iter().filter(serve).collect();
    for contestant in &serving {
        let checks = contract::check(contestant.name, contestant.port).await?;
        println!("{:<14}passes {checks} checks", contestant.name);
    }
    let path = format!("{}?ts={}", app::SIGNATURE, app::now());
    let all: Vec<&Workerd> = running.iter().collect();
    let signature = load::measure(&all, &path, SIGNATURE_PLAN).await?;
    Report::table("signature", &signature);
    let status = load::measure(&serving, app::SUBSCRIPTIONS, STATUS_PLAN).await?;
    Report::table("has_subscriptions", &status);
    Ok([signature, status])
}

/// CPU per request: above 1 ours is cheaper.
fn theirs_over_ours(measured: &[Measured], theirs: &str) -> Outcome<Spread> {
    let cpu = |name: &str| {
        let found = measured.iter().find(|one| one.name == name);
        found.map(|one| &one.cpu).ok_or_else(|| format!("{name} was not measured"))
    };
    Ok(Spread::of_ratios(cpu(theirs)?, cpu(OURS)?))
}

/// What the peers know by configuration.
fn peer_variables(upstream: u16) -> Vec<(&'static str, String)> {
    vec![
        ("CLIENT_ID", app::CLIENT_ID.to_owned()),
        ("CLIENT_SECRET", app::CLIENT_SECRET.to_owned()),
        ("STORE_HASH", app::STORE_HASH.to_owned()),
        ("SECRET_KEY", app::SECRET_KEY.to_owned()),
        ("API_KEY", app::API_KEY.to_owned()),
        ("REST_URL", format!("http://127.0.0.1:{upstream}")),
        ("ALLOWED_ORIGIN", app::ORIGIN.to_owned()),
    ]
}

/// The size of a file after `gzip -9`.
fn gzipped(file: &Path) -> Outcome<usize> {
    let output = Command::new("gzip").args(["-9", "-c"]).arg(file).output()?;
    if output.status.success() {
        return Ok(output.stdout.len());
    }
    Err(format!("gzip: {}", String::from_utf8_lossy(&output.stderr)).into())
}
