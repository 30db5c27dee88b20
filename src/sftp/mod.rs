//! Putting a file on somebody's SFTP server, whole or not at all.
//!
//! An SSH client for this one purpose, and small for it: of the protocol what a client needs, of algorithms what the
//! runtime's own cryptography has. A server must show the key that was confirmed before it learns anything; its
//! messages are read with every length checked; each step ends in time; memory does not grow with the file.
//! Nothing here holds a task of its own: a session lives in the one that uses it.

mod channel;
mod connection;
mod fault;
mod host_key;
mod login;
mod negotiation;
mod packets;
mod proxy;
mod session;
mod user_key;
mod wire;

use std::cell::Cell;
use std::future::Future;
use std::time::Duration;

pub use fault::{Fault, KeyFault, Stage};
pub use host_key::{Fingerprint, Scheme};
pub use proxy::Proxy;
pub use session::Session;
pub use user_key::PrivateKey;

use crate::platform::patience::within;
use crate::platform::socket::Socket;
use crate::secret::Secret;
use channel::Channel;
use connection::Connection;

/// What a user proves to be one with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A password.
    Password(Secret),
    /// A private key's file.
    Key(Secret),
}

/// Where files go. The host must be one that the operator allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// Name or address.
    pub host: String,
    /// Mostly 22.
    pub port: u16,
    /// Who logs in.
    pub username: String,
    /// With what.
    pub credential: Credential,
    /// The folder, from the root on.
    pub directory: String,
    /// The server's key, once somebody confirmed it.
    pub host_key: Option<Fingerprint>,
    /// The way out, if it is not the direct one.
    pub proxy: Option<Proxy>,
    /// How long one step may take.
    pub patience: Duration,
}

/// How long one step may take: servers look up names and slow down guessing.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Connects, makes sure of the server, logs in and starts SFTP.
pub async fn connect(destination: &Destination) -> Result<Session, Fault> {
    connect_in_view(destination, &Cell::new(Stage::Address)).await
}

/// The same; `stage` says how far it came.
pub async fn connect_in_view(destination: &Destination, stage: &Cell<Stage>) -> Result<Session, Fault> {
    let Destination { host, port, username, credential, directory, host_key, proxy, patience } = destination;
    stage.set(Stage::Address);
    let reaching = async {
        let (socket, rest) = match proxy {
            Some(proxy) => proxy.connect(host, *port).await?,
            None => (Socket::open(host, *port, false).await.map_err(|_| Fault::Unreachable)?, Vec::new()),
        };
        Connection::greet(socket, rest).await
    };
    let mut connection = step(stage, *patience, reaching).await?;
    stage.set(Stage::HostKey);
    step(stage, *patience, connection.begin(*host_key)).await?;
    stage.set(Stage::Login);
    step(stage, *patience, login::login(&mut connection, username, credential)).await?;
    let starting = async {
        let channel = Channel::open(connection).await?;
        Session::start(channel, directory, *patience).await
    };
    step(stage, *patience, starting).await
}

async fn step<T>(
    stage: &Cell<Stage>,
    patience: Duration,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    within(patience, work).await.unwrap_or_else(|| Err(Fault::Silent(stage.get())))
}

/// Reads bytes as each message that a server can send before anything of it is believed; gives what came as packets in
/// clear. For the fuzz target and the tests: whatever the bytes are, nothing here panics or waits.
#[doc(hidden)]
pub fn read_as_anything(one: &[u8], other: &[u8]) -> Vec<Vec<u8>> {
    use futures_util::FutureExt as _;
    let _ = negotiation::agree(one);
    let mut offer = vec![negotiation::MSG_KEXINIT; 17];
    offer.extend(one);
    let _ = negotiation::agree(&offer);
    for kind in ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256"] {
        let _ = host_key::Proof::read(kind, one, other);
    }
    let _ = login::answers(one, "password");
    let mut reader = wire::Reader::new(one);
    while reader.number().is_ok() {}
    let mut incoming = packets::Incoming::new(one.to_vec());
    let mut messages = Vec::new();
    while let Some(Ok(Some(message))) = incoming.next_if_here().now_or_never() {
        messages.push(message);
    }
    messages
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::wire::Put as _;
    use super::*;

    /// Bytes in SSH's forms, so that reading gets further than the first length.
    fn message() -> impl Strategy<Value = Vec<u8>> {
        let string = prop::collection::vec(any::<u8>(), 0..40).prop_map(|bytes| {
            let mut string = Vec::new();
            string.put_string(bytes);
            string
        });
        let name = prop::sample::select(vec!["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa", "rsa-sha2-512", "none"]);
        let name = name.prop_map(|name| {
            let mut string = Vec::new();
            string.put_string(name);
            string
        });
        let piece = prop_oneof![string, name, prop::collection::vec(any::<u8>(), 0..8)];
        prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn nothing_that_a_server_sends_makes_reading_panic(one in message(), other in message()) {
            read_as_anything(&one, &other);
        }

        #[test]
        fn no_text_for_a_private_key_makes_reading_panic(bytes in message(), label in "(OPENSSH |RSA |EC |)PRIVATE KEY") {
            use base64::Engine as _;
            let body = base64::engine::general_purpose::STANDARD.encode([b"openssh-key-v1\0".as_slice(), &bytes].concat());
            let _ = PrivateKey::parse(&format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----"));
        }
    }
}
