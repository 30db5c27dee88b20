//! The Worker under `wrangler dev`: real workerd, SQLite on disk, alarms and cron.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::process::{Group, free_port, root};
use super::wait::within;

/// The operator's token of every Worker under test.
pub const OPERATOR_TOKEN: &str = "operator-token-of-the-tests-0123456789";

/// The ring that seals: one key.
pub const SEALING_KEYS: &str = "t1:dGVzdHMtc2VhbGluZy1rZXktb2YtMzItYnl0ZXMtISE=";

/// A running Worker. Its state is on disk and goes with it.
pub struct Worker {
    running: Mutex<Running>,
    command: String,
    pub url: String,
    state: PathBuf,
}

struct Running {
    group: Option<Group>,
    /// What earlier groups printed.
    printed: String,
}

impl Worker {
    /// Starts one that talks to the stand-ins at `sandbox`.
    pub async fn start(sandbox: &sandbox::Sandbox) -> Self {
        Self::start_with(sandbox, &fresh_state(), SEALING_KEYS).await
    }

    /// Starts one whose operator allows feeds to go to `server` as well.
    pub async fn start_allowing(sandbox: &sandbox::Sandbox, server: &str) -> Self {
        Self::start_on(sandbox, &fresh_state(), SEALING_KEYS, &format!("{},{server}", sandbox.sftp().address())).await
    }

    /// Starts one on the state of an earlier one, or with other keys.
    pub async fn start_with(sandbox: &sandbox::Sandbox, state: &Path, sealing_keys: &str) -> Self {
        Self::start_on(sandbox, state, sealing_keys, &sandbox.sftp().address().to_string()).await
    }

    /// A port that was free may be taken by the time wrangler listens: then another is tried.
    async fn start_on(sandbox: &sandbox::Sandbox, state: &Path, sealing_keys: &str, servers: &str) -> Self {
        for _ in 0..2 {
            let worker = Self::spawn(sandbox, state, sealing_keys, servers);
            if tokio::time::timeout(Duration::from_mins(1), worker.answers()).await.is_ok() {
                return worker;
            }
            println!("a Worker did not start; it printed {}", worker.log());
        }
        let worker = Self::spawn(sandbox, state, sealing_keys, servers);
        worker.answers().await;
        worker
    }

    fn spawn(sandbox: &sandbox::Sandbox, state: &Path, sealing_keys: &str, servers: &str) -> Self {
        let port = free_port();
        let url = format!("http://localhost:{port}");
        let host = sandbox.address();
        let vars = [
            format!("PUBLIC_URL:{url}"),
            format!("BIGCOMMERCE_API_URL:{}", sandbox.bigcommerce_api_url()),
            format!("BIGCOMMERCE_LOGIN_URL:{}", sandbox.bigcommerce_login_url()),
            format!("BIGCOMMERCE_SDK_URL:{}", sandbox.bigcommerce_sdk_url()),
            format!("ORDERGROOVE_HOSTS:*.ordergroove.com,{host},{servers}"),
            format!("OPERATOR_TOKEN:{OPERATOR_TOKEN}"),
            format!("SEALING_KEYS:{sealing_keys}"),
        ];
        let vars = vars.map(|var| format!("--var '{var}'")).join(" ");
        let command = format!(
            "wrangler dev --config {} --port {port} --inspector-port 0 --persist-to {} --test-scheduled --show-interactive-dev-session=false {vars}",
            configuration(state).display(),
            state.display(),
        );
        let running = Mutex::new(Running { group: Some(start_group(&command)), printed: String::new() });
        Self { running, command, url, state: state.to_owned() }
    }

    /// Waits until it answers.
    pub async fn answers(&self) {
        let health = format!("{}/healthz", self.url);
        within(Duration::from_secs(90), &format!("the Worker answers; it printed {}", self.log()), || async {
            super::app::client().get(&health).send().await.ok().filter(|answer| answer.status() == 200)
        })
        .await;
    }

    /// All it logged.
    pub fn log(&self) -> String {
        let running = self.running.lock().expect("not poisoned");
        let now = running.group.as_ref().map(Group::printed).unwrap_or_default();
        format!("{}{now}", running.printed)
    }

    /// The lines of the log that are JSON objects with `event`.
    pub fn events(&self, event: &str) -> Vec<serde_json::Value> {
        let log = self.log();
        let lines =
            log.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(&line[line.find('{')?..]).ok());
        lines.filter(|line| line["event"] == event).collect()
    }

    /// The folder of its SQLite and KV files.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// Kills workerd in the middle of whatever it does, as the kernel would, then comes back as a machine
    /// does: a new wrangler on what is on disk, without the alarms of the old one.
    pub async fn kill_workerd(&self) {
        {
            let mut running = self.running.lock().expect("not poisoned");
            let group = running.group.take().expect("running");
            group.kill("workerd");
            running.printed.push_str(&group.printed());
            drop(group);
            running.group = Some(start_group(&self.command));
        }
        self.answers().await;
    }

    /// Bytes of its wasm memory, which all its objects share.
    pub async fn wasm_memory(&self) -> u64 {
        let told = super::app::client().get(format!("{}/test/memory", self.url)).send().await.expect("sent");
        let told: serde_json::Value = told.json().await.expect("JSON");
        told["bytes"].as_u64().expect("a number")
    }

    /// Sets its clock ahead; only for a Worker that no other test uses.
    pub async fn set_ahead(&self, seconds: i64) {
        let answer =
            super::app::client().post(format!("{}/test/clock?ahead={seconds}", self.url)).send().await.expect("sent");
        assert_eq!(answer.status(), 204);
    }

    /// Fires the cron trigger.
    pub async fn cron(&self) {
        let answer =
            super::app::client().get(format!("{}/cdn-cgi/handler/scheduled", self.url)).send().await.expect("sent");
        assert_eq!(answer.status(), 200);
    }
}

fn start_group(command: &str) -> Group {
    let bin = root().join("node_modules/.bin");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    Group::start(command, &[("PATH", &path), ("WRANGLER_SEND_METRICS", "false"), ("NO_COLOR", "1")])
}

/// A new folder for a Worker's state.
pub fn fresh_state() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("worker-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let state = root().join(".run/test").join(name);
    std::fs::create_dir_all(&state).expect("a folder for state");
    state
}

/// wrangler.toml as it is deployed, but with the build that has the test hooks, and none to be made.
fn configuration(state: &Path) -> PathBuf {
    let built = root().join(".run/test-worker/worker/shim.mjs");
    assert!(built.exists(), "run these tests by `make test`: the Worker is not built");
    let text = std::fs::read_to_string(root().join("wrangler.toml")).expect("wrangler.toml");
    let (top, _) = text.split_once("\n[env.staging]").expect("environments come last");
    let mut config = String::new();
    let mut in_build = false;
    for line in top.lines() {
        in_build = if line.starts_with('[') { line == "[build]" } else { in_build };
        if in_build {
            continue;
        }
        let line = match line {
            "main = \"build/worker/shim.mjs\"" => format!("main = \"{}\"", built.display()),
            "directory = \"static\"" => format!("directory = \"{}\"", root().join("static").display()),
            line => line.to_owned(),
        };
        config.push_str(&line);
        config.push('\n');
    }
    // Each Worker has a file of its own: wrangler watches it, and would start over when another is written.
    let path = state.join("wrangler.toml");
    std::fs::write(&path, config).expect("written");
    path
}
