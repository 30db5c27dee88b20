//! A real OpenSSH server on this machine, and the keys that open it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::process::{Group, free_port, root};
use super::wait::within;

/// A running server of the current user's, with a folder for files.
pub struct OpenSsh {
    _group: Group,
    pub port: u16,
    /// Its key, as `ssh-keygen -l` shows it.
    pub fingerprint: String,
    /// Where files may be put.
    pub folder: PathBuf,
    /// Who may log in.
    pub username: String,
    /// Where its keys lie.
    home: PathBuf,
}

impl OpenSsh {
    /// Starts one with a key of `kind` (`ed25519`, `rsa`, `ecdsa -b 384`, …) and more lines of configuration.
    pub async fn start(kind: &str, configuration: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("openssh-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let home = root().join(".run/test").join(name);
        let folder = home.join("incoming");
        std::fs::create_dir_all(&folder).expect("a folder for files");
        make_key(&home, "host", kind);
        let shown = run(Command::new("ssh-keygen").arg("-lf").arg(home.join("host.pub")));
        let fingerprint = shown.split(' ').nth(1).expect("a fingerprint").to_owned();
        let username = run(Command::new("id").arg("-un")).trim().to_owned();
        if username == "root" {
            std::fs::create_dir_all("/run/sshd").expect("the folder that sshd confines itself to");
        }
        let port = free_port();
        let home_text = home.display();
        let text = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {home_text}/host\nAuthorizedKeysFile {home_text}/authorized\n\
             PidFile none\nUsePAM no\nStrictModes no\nPermitRootLogin yes\nSubsystem sftp internal-sftp\n{configuration}\n"
        );
        std::fs::write(home.join("config"), text).expect("written");
        std::fs::write(home.join("authorized"), "").expect("written");
        // sshd starts itself again by its full path.
        let command = format!("$(PATH=$PATH:/usr/sbin command -v sshd) -D -e -f {home_text}/config");
        let group = Group::start(&command, &[]);
        let server = Self { _group: group, port, fingerprint, folder, username, home };
        within(Duration::from_secs(20), "sshd listens; is openssh-server installed?", || async {
            tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok()
        })
        .await;
        server
    }

    /// A new private key of `kind` that opens the server; `options` as of ssh-keygen.
    pub fn key(&self, name: &str, kind: &str) -> String {
        make_key(&self.home, name, kind);
        let read = |name: String| std::fs::read_to_string(self.home.join(name)).expect("a key");
        let listed = read("authorized".to_owned()) + &read(format!("{name}.pub"));
        std::fs::write(self.home.join("authorized"), listed).expect("written");
        read(name.to_owned())
    }
}

impl Drop for OpenSsh {
    fn drop(&mut self) {
        // Large files would pile up.
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

fn make_key(home: &Path, name: &str, kind: &str) {
    let file = home.join(name);
    run(Command::new("ssh-keygen").args(["-q", "-N", "", "-f"]).arg(file).arg("-t").args(kind.split(' ')));
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("an OpenSSH program; make test installs them");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}
