//! How fast a large file reaches an OpenSSH server: from the Worker, and from OpenSSH's own client.
//!
//! One server, one key, one folder; the two take turns. What counts is the time from nothing to a finished file, so the
//! client's includes its start, and ours its look at the folder and the renaming at the end.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::Outcome;
use crate::http::{Connection, render};
use crate::install::{accepted, variables};
use crate::kv;
use crate::report::Report;
use crate::stats::Spread;
use crate::workerd::{Build, Bundle, Project, Storage, Workerd, free_port};

const BYTES: u64 = 256 << 20;
const ROUNDS: usize = 7;
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(50);
const FILE: &str = "feed.xml";

/// Measures the throughput of both.
pub(crate) async fn measure(project: &Project, scratch: &Path, report: &mut Report) -> Outcome<()> {
    let server = Server::start(&scratch.join("openssh")).await?;
    let port = free_port()?;
    let kv = kv::start().await?;
    let variables = variables(port, port, "");
    let bundle = Bundle::ours(project, scratch, "sftp", &variables, kv, (Build::WithHooks, Storage::Memory))?;
    let worker = Workerd::spawn(project, &bundle, port)?;
    worker.started().await?;
    let [mut ours, mut theirs] = [Vec::new(), Vec::new()];
    // The first round fills caches.
    for round in 0..=ROUNDS {
        let pair = [server.by_worker(&worker).await?, server.by_client().await?];
        if round > 0 {
            ours.push(pair[0]);
            theirs.push(pair[1]);
        }
    }
    Report::amounts("256 MiB over SFTP", "MB/s", &[("ours", &ours), ("OpenSSH's client", &theirs)]);
    println!();
    report.ratio("sftp_vs_openssh", Spread::of_ratios(&ours, &theirs));
    Ok(())
}

/// An OpenSSH server of the current user's, with a key that opens it and the file that its client sends.
struct Server {
    _process: Child,
    port: u16,
    username: String,
    fingerprint: String,
    home: PathBuf,
}

impl Server {
    async fn start(home: &Path) -> Outcome<Self> {
        std::fs::create_dir_all(home.join("incoming"))?;
        for name in ["host", "user"] {
            let file = home.join(name);
            said(Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(file)).await?;
        }
        let shown = said(Command::new("ssh-keygen").arg("-lf").arg(home.join("host.pub"))).await?;
        let fingerprint = shown.split(' ').nth(1).unwrap_or_default().to_owned();
        let username = said(Command::new("id").arg("-un")).await?.trim().to_owned();
        if username == "root" {
            std::fs::create_dir_all("/run/sshd")?;
        }
        let port = free_port()?;
        let place = home.display();
        let text = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {place}/host\nAuthorizedKeysFile {place}/user.pub\n\
             PidFile none\nUsePAM no\nStrictModes no\nPermitRootLogin yes\nSubsystem sftp internal-sftp\n"
        );
        std::fs::write(home.join("config"), text)?;
        let file = std::fs::File::create(home.join(FILE))?;
        file.set_len(BYTES)?;
        let sshd = said(Command::new("sh").args(["-c", "PATH=$PATH:/usr/sbin command -v sshd"])).await?;
        let process = Command::new(sshd.trim())
            .args(["-D", "-e", "-f"])
            .arg(home.join("config"))
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            if began.elapsed() > PATIENCE {
                return Err("sshd does not listen".into());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(Self { _process: process, port, username, fingerprint, home: home.to_owned() })
    }

    /// Megabytes a second from the Worker.
    async fn by_worker(&self, worker: &Workerd) -> Outcome<f64> {
        let key = std::fs::read_to_string(self.home.join("user"))?;
        let folder = self.home.join("incoming").display().to_string();
        let (port, bytes) = (self.port.to_string(), BYTES.to_string());
        let query = [
            ("host", "127.0.0.1"),
            ("port", &port),
            ("username", &self.username),
            ("private_key", &key),
            ("directory", &folder),
            ("host_key", &self.fingerprint),
            ("name", FILE),
            ("bytes", &bytes),
        ];
        let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let none: [(&str, &str); 0] = [];
        let request = render("POST", &format!("/test/sftp?{}", query.join("&")), &none, "");
        let mut connection = Connection::open(worker.port).await?;
        let began = Instant::now();
        let answer = accepted("delivering", connection.send(&request).await?)?;
        let took = began.elapsed();
        let told: Value = serde_json::from_slice(&answer.body)?;
        if told["size"] == BYTES { self.finished(took) } else { Err(format!("delivering: {told}").into()) }
    }

    /// Megabytes a second from OpenSSH's client.
    async fn by_client(&self) -> Outcome<f64> {
        let place = self.home.display();
        let batch = self.home.join("batch");
        std::fs::write(&batch, format!("put {place}/{FILE} {place}/incoming/{FILE}\n"))?;
        let began = Instant::now();
        said(
            Command::new("sftp")
                .arg("-q")
                .arg("-b")
                .arg(batch)
                .arg("-P")
                .arg(self.port.to_string())
                .arg("-i")
                .arg(self.home.join("user"))
                .args(["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"])
                .arg(format!("{}@127.0.0.1", self.username)),
        )
        .await?;
        self.finished(began.elapsed())
    }

    /// Looks at the file, and removes it.
    fn finished(&self, took: Duration) -> Outcome<f64> {
        let file = self.home.join("incoming").join(FILE);
        if std::fs::metadata(&file)?.len() != BYTES {
            return Err("the file is not whole".into());
        }
        std::fs::remove_file(file)?;
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let megabytes = BYTES as f64 / 1e6;
        Ok(megabytes / took.as_secs_f64())
    }
}

fn encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric();
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// What a program prints; an error if it fails.
async fn said(command: &mut Command) -> Outcome<String> {
    let output = command.stdin(Stdio::null()).output().await?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?);
    }
    Err(format!("{:?}: {}", command.as_std(), String::from_utf8_lossy(&output.stderr)).into())
}
