//! Contestants as processes of bare workerd: their files, their configuration, their CPU time.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};

use crate::Outcome;
use crate::http::{Answer, Connection, render};
use crate::stats::cpu_of_stat;

/// The date all contestants are compiled against.
const COMPATIBILITY_DATE: &str = "2026-11-17";
const PATIENCE: Duration = Duration::from_secs(20);

/// Everything workerd needs to serve one contestant, written into a directory of its own.
#[derive(Clone)]
pub(crate) struct Bundle {
    pub(crate) name: &'static str,
    directory: PathBuf,
}

/// Where our Durable Objects are kept.
#[derive(Clone, Copy)]
pub(crate) enum Storage {
    /// Where load is measured.
    Disk,
    /// Where starting is measured: workerd makes and syncs its files on this machine's disk before it answers, for
    /// ours alone. On the edge no start waits for that.
    Memory,
}

/// Which build of ours.
#[derive(Clone, Copy)]
pub(crate) enum Build {
    /// As it is deployed.
    Deployed,
    /// With the test hooks, which tell the size of wasm memory.
    WithHooks,
}

impl Build {
    fn directory(self) -> &'static str {
        match self {
            Self::Deployed => "build/worker",
            Self::WithHooks => ".run/test-worker/worker",
        }
    }
}

/// Where the tools and the sources are.
pub(crate) struct Project {
    root: PathBuf,
}

impl Project {
    /// The workspace this crate was built in.
    pub(crate) fn here() -> Self {
        let bench = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = bench.parent().unwrap_or(bench);
        Self { root: root.to_owned() }
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    fn tool(&self, name: &str) -> Outcome<PathBuf> {
        let path = self.root.join("node_modules/.bin").join(name);
        if path.exists() {
            return Ok(path);
        }
        Err(format!("{name} is missing: run npm ci first").into())
    }

    /// Bundles `source` of `bench/peers/` into one module.
    pub(crate) async fn esbuild(&self, source: &str, into: &Path) -> Outcome<()> {
        let peer = self.root.join("bench/peers").join(source);
        let output = Command::new(self.tool("esbuild")?)
            .arg(peer)
            .args(["--bundle", "--format=esm", "--target=esnext", "--conditions=workerd,worker,browser"])
            .arg("--log-level=warning")
            .arg(format!("--outfile={}", into.display()))
            .output()
            .await?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("esbuild of {source}: {said}").into())
    }
}

/// A text that a Worker finds in its `env`.
pub(crate) type Variables<'a> = [(&'a str, String)];

/// A string literal of Cap'n Proto; none of the values has anything to escape but these two.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn text_bindings(variables: &Variables<'_>) -> String {
    let mut text = String::new();
    for (name, value) in variables {
        let _ = write!(text, "(name = {}, text = {}), ", quoted(name), quoted(value));
    }
    text
}

/// A configuration of one Worker on the socket `http`, whose port is given when it starts. `worker` is the inside of
/// its definition, `services` what it needs beside it.
fn configuration(worker: &str, services: &str) -> String {
    format!(
        r#"using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (compatibilityDate = "{COMPATIBILITY_DATE}", {worker})),
    (name = "internet", network = (allow = ["private", "public"])),
    {services}
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
"#
    )
}

impl Bundle {
    /// A peer: one file of `bench/peers/`.
    pub(crate) async fn peer(
        project: &Project,
        base: &Path,
        name: &'static str,
        source: &str,
        variables: &Variables<'_>,
    ) -> Outcome<Self> {
        let bundle = Self::create(base, name)?;
        project.esbuild(source, &bundle.directory.join("main.js")).await?;
        let bindings = text_bindings(variables);
        bundle.configure(
            project,
            &format!(r#"modules = [(name = "main.js", esModule = embed "main.js")], bindings = [{bindings}]"#),
            "",
        )?;
        Ok(bundle)
    }

    /// Ours, as `make` left it, with its Durable Objects in `storage` and the KV namespace at port `kv`.
    pub(crate) fn ours(
        project: &Project,
        base: &Path,
        name: &'static str,
        variables: &Variables<'_>,
        kv: u16,
        (build, storage): (Build, Storage),
    ) -> Outcome<Self> {
        let (directory, kept, disk) = match storage {
            // Relative to where workerd is started: each process gets a state of its own.
            Storage::Disk => {
                ("on disk", r#"localDisk = "state""#, r#"(name = "state", disk = (path = "state", writable = true)),"#)
            }
            Storage::Memory => ("in memory", "inMemory = void", ""),
        };
        let bundle = Self { name, ..Self::create(&base.join(name), directory)? };
        for file in ["shim.mjs", "index.wasm"] {
            let built = project.path(build.directory()).join(file);
            std::fs::copy(&built, bundle.directory.join(file))
                .map_err(|error| format!("{}: {error}; run this by make bench", built.display()))?;
        }
        let objects = [("STORE", "StoreObject"), ("CATALOG", "CatalogObject"), ("REGISTRY", "RegistryObject")];
        let mut bindings = text_bindings(variables);
        let mut namespaces = String::new();
        for (binding, class) in objects {
            let _ = write!(bindings, r#"(name = "{binding}", durableObjectNamespace = "{class}"), "#);
            let _ = write!(namespaces, r#"(className = "{class}", uniqueKey = "{class}", enableSql = true), "#);
        }
        let worker = format!(
            r#"
      modules = [(name = "shim.mjs", esModule = embed "shim.mjs"), (name = "index.wasm", wasm = embed "index.wasm")],
      bindings = [{bindings}(name = "APPS", kvNamespace = "kv")],
      durableObjectNamespaces = [{namespaces}],
      durableObjectStorage = ({kept})"#
        );
        let services = format!(
            r#"{disk}
    (name = "kv", external = (address = "127.0.0.1:{kv}", http = ())),"#
        );
        bundle.configure(project, &worker, &services)?;
        Ok(bundle)
    }

    fn create(base: &Path, name: &'static str) -> Outcome<Self> {
        let directory = base.join(name);
        std::fs::create_dir_all(&directory)?;
        Ok(Self { name, directory })
    }

    /// Writes the configuration as workerd reads it without parsing, as wrangler and Cloudflare hand it over: read as
    /// text, the modules in it would count as text that is parsed at each start.
    fn configure(&self, project: &Project, worker: &str, services: &str) -> Outcome<()> {
        let text = self.directory.join("config.capnp");
        std::fs::write(&text, configuration(worker, services))?;
        let compiled = std::process::Command::new(project.tool("workerd")?)
            .args(["compile", "--config-only"])
            .arg(&text)
            .output()?;
        if !compiled.status.success() {
            return Err(format!("{}: {}", text.display(), String::from_utf8_lossy(&compiled.stderr)).into());
        }
        Ok(std::fs::write(self.directory.join("config.bin"), compiled.stdout)?)
    }
}

/// A running contestant. It is killed when this is dropped.
pub(crate) struct Workerd {
    pub(crate) name: &'static str,
    pub(crate) port: u16,
    pid: u32,
    ticks_per_second: u32,
    log: PathBuf,
    _process: Child,
}

impl Workerd {
    /// Starts `bundle` on `port`. Nothing is awaited: it may not listen yet.
    pub(crate) fn spawn(project: &Project, bundle: &Bundle, port: u16) -> Outcome<Self> {
        Self::spawn_with(project, bundle, port, &[])
    }

    /// The same with V8's inspector listening on `inspector`.
    pub(crate) fn spawn_inspected(project: &Project, bundle: &Bundle, port: u16, inspector: u16) -> Outcome<Self> {
        Self::spawn_with(project, bundle, port, &[format!("--inspector-addr=127.0.0.1:{inspector}")])
    }

    fn spawn_with(project: &Project, bundle: &Bundle, port: u16, options: &[String]) -> Outcome<Self> {
        let cwd = bundle.directory.join(format!("run-{port}"));
        std::fs::create_dir_all(cwd.join("state"))?;
        let log_path = cwd.join("workerd.log");
        let log = std::fs::File::create(&log_path)?;
        let process = Command::new(project.tool("workerd")?)
            .args(["serve", "--binary"])
            .arg(bundle.directory.join("config.bin"))
            .arg(format!("--socket-addr=http=127.0.0.1:{port}"))
            .args(options)
            .current_dir(&cwd)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let pid = process.id().ok_or("workerd ended at once")?;
        Ok(Self {
            name: bundle.name,
            port,
            pid,
            ticks_per_second: ticks_per_second()?,
            log: log_path,
            _process: process,
        })
    }

    /// Sends `request` again and again until it is answered.
    pub(crate) async fn first_answer(&self, request: &[u8]) -> Outcome<Answer> {
        let began = Instant::now();
        loop {
            let tried = async { Connection::open(self.port).await?.send(request).await };
            match tried.await {
                Ok(answer) => return Ok(answer),
                Err(error) if began.elapsed() > PATIENCE => {
                    let log = std::fs::read_to_string(&self.log).unwrap_or_default();
                    return Err(format!("{} does not answer: {error}\n{log}", self.name).into());
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
            }
        }
    }

    /// Waits until anything at all is answered.
    pub(crate) async fn started(&self) -> Outcome<()> {
        let none: [(&str, &str); 0] = [];
        self.first_answer(&render("GET", "/", &none, "")).await?;
        Ok(())
    }

    /// CPU time so far, of all threads, ended ones too.
    pub(crate) fn cpu(&self) -> Outcome<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid))
            .map_err(|error| format!("{} is gone: {error}", self.name))?;
        cpu_of_stat(&stat, self.ticks_per_second).ok_or_else(|| "/proc/<pid>/stat has an unknown form".into())
    }
}

/// The unit of `/proc/<pid>/stat`.
fn ticks_per_second() -> Outcome<u32> {
    let output = std::process::Command::new("getconf").arg("CLK_TCK").output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// A port nobody listens on.
pub(crate) fn free_port() -> Outcome<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_become_bindings() {
        let bindings = text_bindings(&[("A", "x\"y\\".to_owned()), ("B", String::new())]);
        assert_eq!(bindings, r#"(name = "A", text = "x\"y\\"), (name = "B", text = ""), "#);
    }

    #[test]
    fn the_clock_of_proc_is_known() {
        assert!(ticks_per_second().unwrap() >= 1);
    }
}
