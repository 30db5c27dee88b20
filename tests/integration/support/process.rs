//! Helper processes that never outlive the tests.

use std::io::{BufRead as _, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

/// A process with its whole group, and what it printed.
///
/// It runs under a shell that waits for the end of its standard input: when the tests end, however
/// they end, the pipe closes and the shell ends the group.
pub struct Group {
    shell: Child,
    printed: Arc<Mutex<String>>,
}

impl Group {
    /// Starts `command`, a line of shell.
    pub fn start(command: &str, variables: &[(&str, &str)]) -> Self {
        let line =
            format!("{{ {command}; }} </dev/null & cat >/dev/null; trap '' TERM; kill -TERM 0; sleep 1; kill -KILL 0");
        let mut shell = Command::new("bash")
            .args(["-c", &line])
            .envs(variables.iter().copied())
            .current_dir(root())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("bash");
        let printed = Arc::new(Mutex::new(String::new()));
        keep(shell.stdout.take().expect("piped"), &printed);
        keep(shell.stderr.take().expect("piped"), &printed);
        Self { shell, printed }
    }

    /// All it printed so far.
    pub fn printed(&self) -> String {
        self.printed.lock().expect("not poisoned").clone()
    }

    /// Ids of the processes of the group whose command is `name`.
    pub fn members(&self, name: &str) -> Vec<u32> {
        let group = self.shell.id();
        let processes = std::fs::read_dir("/proc").expect("procfs").filter_map(Result::ok);
        let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        ids.filter(|id| {
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            let Some((head, tail)) = stat.rsplit_once(')') else { return false };
            let command = head.split_once('(').map_or("", |(_, command)| command);
            let fields: Vec<&str> = tail.split_whitespace().collect();
            command == name && fields.get(2).and_then(|group| group.parse().ok()) == Some(group) && fields[0] != "Z"
        })
        .collect()
    }

    /// Kills them as the kernel does when memory runs out.
    pub fn kill(&self, name: &str) {
        let ids = self.members(name);
        assert!(!ids.is_empty(), "no {name} is running");
        for id in ids {
            Command::new("kill").args(["-KILL", &id.to_string()]).status().expect("kill");
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        // The shell is killed with its group.
        let _ = self.shell.wait();
    }
}

fn keep(stream: impl Read + Send + 'static, printed: &Arc<Mutex<String>>) {
    let printed = Arc::clone(printed);
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let mut printed = printed.lock().expect("not poisoned");
            printed.push_str(&line);
            printed.push('\n');
        }
    });
}

/// A port that is free now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}

/// The project's folder.
pub fn root() -> &'static std::path::Path {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
}
