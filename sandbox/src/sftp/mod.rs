//! An SFTP server as Ordergroove's: users with a home each, files in memory, and faults.
//!
//! The protocols are russh's and russh-sftp's, so that what the Worker speaks is read by somebody else's code.

mod disk;
mod files;
mod ssh;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use russh::keys::ssh_key::private::Ed25519Keypair;
use russh::keys::{HashAlg, PrivateKey};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use disk::Disk;

/// Somebody who may log in.
#[derive(Debug, Clone, Default)]
pub struct SftpUser {
    /// The name.
    pub name: String,
    /// The password; empty for none.
    pub password: String,
    /// Public keys, as in `authorized_keys`.
    pub keys: Vec<String>,
    /// The password is taken in a dialogue only.
    pub only_by_dialogue: bool,
}

/// Where a conversation can stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SftpStep {
    /// Before the server's first word.
    Connect,
    /// At the login.
    Login,
    /// When a file is opened.
    Open,
    /// When a file is written.
    Write,
    /// When a file is removed.
    Remove,
    /// When a file is renamed.
    Rename,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SftpFault {
    /// The server shows another key; whoever asks.
    OtherHostKey,
    /// No answer from this step on, and nothing is done.
    Hang(SftpStep),
    /// A file is renamed, but the answer is lost.
    SilentRename,
    /// A file is removed, but the answer is lost.
    SilentRemoval,
    /// Every step with files takes so many milliseconds longer, and a rename as many again until its answer.
    Slow(u64),
    /// The connection ends after so many bytes of files.
    CloseAfter(u64),
    /// The disk is full after so many bytes of files.
    NoSpaceAfter(u64),
    /// Bytes beyond so many are taken and forgotten.
    ForgetAfter(u64),
    /// No file may be renamed.
    RenameRefused,
    /// The extension that replaces a file in one step is not there.
    NoPosixRename,
    /// The extension is promised, but not there.
    BrokenPosixRename,
    /// Nothing may be written.
    ReadOnly,
    /// Nothing may be removed.
    NoRemoval,
}

/// The running server; dropping it ends it and every connection.
#[derive(Debug)]
pub struct SftpServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

impl Drop for SftpServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// What all connections share.
#[derive(Debug, Default)]
struct Shared(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    users: BTreeMap<String, SftpUser>,
    disks: BTreeMap<String, Disk>,
    faults: Vec<(String, SftpFault)>,
    /// Names that somebody tried to log in with.
    logins: Vec<String>,
    /// Steps that hang, or whose answer is lost, by user.
    stuck: Vec<(String, SftpStep)>,
    /// New names that files got, by user.
    renamed: Vec<(String, String)>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has(&self, user: &str, fault: SftpFault) -> bool {
        self.find(user, |set| (set == fault).then_some(())).is_some()
    }

    /// The first fault of this user's, or of everybody's, that `choose` takes.
    fn find<T>(&self, user: &str, choose: impl Fn(SftpFault) -> Option<T>) -> Option<T> {
        let state = self.lock();
        let mut faults = state.faults.iter().filter(|(scope, _)| scope == user || scope == "*");
        faults.find_map(|(_, fault)| choose(*fault))
    }
}

impl SftpServer {
    /// Listens and answers, on a task of its own. Its key is always the same.
    pub async fn start(listen: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let server = tokio::spawn(serve(listener, shared.clone()));
        Ok(Self { address, shared, server })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its key's fingerprint, as OpenSSH writes it.
    pub fn fingerprint(&self) -> String {
        fingerprint(&host_key(false))
    }

    /// The fingerprint of [`SftpFault::OtherHostKey`].
    pub fn other_fingerprint(&self) -> String {
        fingerprint(&host_key(true))
    }

    /// Lets somebody in, with an empty home that has `/incoming`.
    pub fn add_user(&self, user: SftpUser) {
        let mut state = self.shared.lock();
        state.disks.insert(user.name.clone(), Disk::with_folder("/incoming"));
        state.users.insert(user.name.clone(), user);
    }

    /// Sets a fault for a user, or for all with `*`; it stays until taken back.
    pub fn set_fault(&self, user: &str, fault: SftpFault) {
        self.shared.lock().faults.push((user.to_owned(), fault));
    }

    /// Takes back the faults of a user, or those for all.
    pub fn clear_faults(&self, user: &str) {
        let mut state = self.shared.lock();
        state.faults.retain(|(scope, _)| scope != user);
        state.stuck.retain(|(scope, _)| scope != user);
    }

    /// Whether this step of the user's hangs, or lost its answer, since the faults were taken back.
    pub fn is_stuck(&self, user: &str, step: SftpStep) -> bool {
        self.shared.lock().stuck.iter().any(|(name, stuck)| name == user && *stuck == step)
    }

    /// How often a file of the user's got this name.
    pub fn renames(&self, user: &str, path: &str) -> usize {
        self.shared.lock().renamed.iter().filter(|(name, to)| name == user && to == path).count()
    }

    /// What a file holds.
    pub fn file(&self, user: &str, path: &str) -> Option<Vec<u8>> {
        self.shared.lock().disks.get(user)?.read(path).map(<[u8]>::to_vec)
    }

    /// The paths of a user's files.
    pub fn files(&self, user: &str) -> Vec<String> {
        self.shared.lock().disks.get(user).map(Disk::paths).unwrap_or_default()
    }

    /// Puts a file there.
    pub fn put(&self, user: &str, path: &str, bytes: &[u8]) {
        if let Some(disk) = self.shared.lock().disks.get_mut(user) {
            disk.put(path, bytes);
        }
    }

    /// How often somebody tried to log in with this name.
    pub fn logins(&self, user: &str) -> usize {
        self.shared.lock().logins.iter().filter(|name| *name == user).count()
    }
}

/// Accepts until the task is aborted; the connections end with it.
async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            continue;
        };
        connections.spawn(ssh::converse(stream, shared.clone()));
        while connections.try_join_next().is_some() {}
    }
}

/// Keys of a stand-in protect nothing: these are the same on every machine, so that a confirmed one stays confirmed.
fn host_key(is_other: bool) -> PrivateKey {
    Ed25519Keypair::from_seed(&[if is_other { 2 } else { 1 }; 32]).into()
}

fn fingerprint(key: &PrivateKey) -> String {
    key.public_key().fingerprint(HashAlg::Sha256).to_string()
}
