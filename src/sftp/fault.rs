//! What can go wrong on the way to a file on somebody's server, in words for a merchant.

use super::host_key::Fingerprint;

/// Where a conversation is; names the steps of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Reaching the server.
    Address,
    /// Making sure that it is the right one.
    HostKey,
    /// Being let in.
    Login,
    /// Finding the folder.
    Directory,
    /// Writing a file.
    Write,
}

impl Stage {
    /// In order.
    pub const ALL: [Self; 5] = [Self::Address, Self::HostKey, Self::Login, Self::Directory, Self::Write];

    /// Stable name, for the console.
    pub fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::HostKey => "host_key",
            Self::Login => "login",
            Self::Directory => "directory",
            Self::Write => "write",
        }
    }
}

/// Why a private key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFault {
    /// It needs a passphrase.
    Encrypted,
    /// It is of a kind that is not used here, such as DSA.
    UnknownKind,
    /// It is broken.
    Unreadable,
}

impl KeyFault {
    /// For the merchant.
    pub fn message(self) -> &'static str {
        match self {
            Self::Encrypted => {
                "This private key is protected by a passphrase. Paste one without: ssh-keygen -p -f <file> removes it."
            }
            Self::UnknownKind => "This kind of private key is not supported. Use an Ed25519, ECDSA or RSA key.",
            Self::Unreadable => {
                "This private key cannot be read. Paste the whole file, from -----BEGIN to the last line."
            }
        }
    }
}

/// What went wrong. No variant holds a secret or a text of the server's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nobody answers at the address.
    Unreachable,
    /// No answer in time.
    Silent(Stage),
    /// The connection ended.
    Closed,
    /// The operator's proxy does not connect.
    Proxy(Option<u16>),
    /// What answers does not speak SSH.
    NotSsh,
    /// No algorithm in common: which kind.
    NoCommonAlgorithm(&'static str),
    /// The server's key is nobody's yet.
    HostKeyUnknown(Fingerprint),
    /// The server's key is another than the one confirmed.
    HostKeyChanged {
        /// The key it has now.
        found: Fingerprint,
    },
    /// The server cannot prove that it has its key.
    HostKeyUnproved,
    /// Wrong user name, password or key.
    LoginRefused {
        /// With a password, or with a key.
        with_password: bool,
    },
    /// The password is right but has run out.
    PasswordExpired,
    /// The server wants more than one credential.
    LoginIncomplete,
    /// Our own private key is of no use.
    Key(KeyFault),
    /// No SFTP behind the login.
    NoSftp,
    /// The folder is not there.
    DirectoryMissing(String),
    /// The server forbids it.
    Forbidden {
        /// What was forbidden: `write to`, `rename`, …
        what: &'static str,
        /// Which file or folder.
        path: String,
    },
    /// The server failed at it.
    Failed {
        /// What failed.
        what: &'static str,
        /// Which file or folder.
        path: String,
    },
    /// The disk is full.
    NoSpace,
    /// The new file could not take its place.
    NotPlaced {
        /// Whether the old file had to be removed before.
        old_is_gone: bool,
    },
    /// The server has another number of bytes than were sent.
    SizeDiffers {
        /// Bytes sent.
        sent: u64,
        /// Bytes there.
        found: u64,
    },
    /// The server broke the protocol; for the log.
    Protocol(String),
    /// Where the bytes come from failed, or the runtime did; for the log.
    Internal(String),
}

impl Fault {
    /// Trying again will not help: a person has to change something.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::HostKeyUnknown(_)
                | Self::HostKeyChanged { .. }
                | Self::LoginRefused { .. }
                | Self::PasswordExpired
                | Self::LoginIncomplete
                | Self::Key(_)
                | Self::NoCommonAlgorithm(_)
                | Self::NoSftp
                | Self::DirectoryMissing(_)
                | Self::Forbidden { .. }
        )
    }

    /// For the merchant.
    pub fn message(&self) -> String {
        match self {
            Self::Unreachable => "Nothing answers at this address. Check the host and the port. The server may also \
                                  let in known addresses only: ask Ordergroove."
                .into(),
            Self::Silent(Stage::Address) => "The server did not answer in time. Check the host and the port. It may \
                                             also let in known addresses only: ask Ordergroove."
                .into(),
            Self::Silent(_) => "The server stopped answering.".into(),
            Self::Closed => "The server ended the connection.".into(),
            Self::Proxy(Some(status)) => {
                format!("The operator's proxy refused the connection ({status}). Tell the operator of this app.")
            }
            Self::Proxy(None) => "The operator's proxy does not answer. Tell the operator of this app.".into(),
            Self::NotSsh => "What answers at this address is not an SFTP server. Check the host and the port.".into(),
            Self::NoCommonAlgorithm(kind) => {
                format!("The server offers only outdated methods ({kind}). It has to be updated by who runs it.")
            }
            Self::HostKeyUnknown(found) => {
                format!("The server shows the key {found}. Compare it with the one you were given, then confirm it.")
            }
            Self::HostKeyChanged { found } => format!(
                "The server's key is no longer the confirmed one: it is now {found}. Nothing was sent. Ask who runs \
                 the server whether the key was changed, and confirm the new one only then."
            ),
            Self::HostKeyUnproved => "The server could not prove that it owns its key. Nothing was sent.".into(),
            Self::LoginRefused { with_password: true } => {
                "The server refused the user name or the password. Check both.".into()
            }
            Self::LoginRefused { with_password: false } => "The server refused the user name or the private key. \
                                                            Check that it knows the public half of this key."
                .into(),
            Self::PasswordExpired => "The password has run out and must be changed at the server first.".into(),
            Self::LoginIncomplete => "The server asks for more than one proof of identity, which a program cannot \
                                      give. Ask who runs it for an account that needs one."
                .into(),
            Self::Key(fault) => fault.message().into(),
            Self::NoSftp => "The login works, but the server does not offer SFTP to this user.".into(),
            Self::DirectoryMissing(path) => {
                format!("There is no folder {path} on the server. Check the folder, or have it made.")
            }
            Self::Forbidden { what, path } => {
                format!("The server does not let this user {what} {path}. Ask who runs it for the right to do so.")
            }
            Self::Failed { what, path } => {
                format!("The server could not {what} {path}. Its disk may be full.")
            }
            Self::NoSpace => "There is no space left on the server.".into(),
            Self::NotPlaced { old_is_gone: false } => {
                "The server did not let the new file take the old one's place. The old file is unchanged.".into()
            }
            Self::NotPlaced { old_is_gone: true } => "The server let the old file be removed, but not the new one \
                                                      take its place. Send it again."
                .into(),
            Self::SizeDiffers { sent, found } => {
                format!("The server has {found} bytes of the {sent} that were sent. The old file is unchanged.")
            }
            Self::Protocol(_) => "The server answered in a way that makes no sense.".into(),
            Self::Internal(_) => "Something went wrong on our side. Try again in a minute.".into(),
        }
    }
}

/// For the log.
impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}
