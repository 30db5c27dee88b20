//! Files on the server: SFTP, version 3 (draft-ietf-secsh-filexfer-02, and OpenSSH's PROTOCOL file).

use std::collections::HashSet;
use std::fmt::Display;
use std::time::Duration;

use futures_util::{Stream, StreamExt as _};

use super::channel::Channel;
use super::fault::{Fault, Stage};
use super::host_key::Fingerprint;
use super::wire::{Put as _, Reader};
use crate::platform::patience::within;

const INIT: u8 = 1;
const VERSION: u8 = 2;
const OPEN: u8 = 3;
const CLOSE: u8 = 4;
const WRITE: u8 = 6;
const OPENDIR: u8 = 11;
const REMOVE: u8 = 13;
const STAT: u8 = 17;
const RENAME: u8 = 18;
const STATUS: u8 = 101;
const HANDLE: u8 = 102;
const ATTRS: u8 = 105;
const EXTENDED: u8 = 200;

/// Write, make if need be, empty what was there.
const FLAGS: u32 = 0x02 | 0x08 | 0x10;
const HAS_SIZE: u32 = 0x01;
const POSIX_RENAME: &str = "posix-rename@openssh.com";

/// The longest answer to anything asked here.
const LONGEST_ANSWER: usize = 256 * 1024;
/// Every server takes packets of this size (draft, section 3); with its head it fits into one packet of SSH.
const PIECE: usize = 32_000;
/// So many writes on their way keep a server busy. When there are, room is made for some before the next is sent.
const MOST_UNANSWERED: usize = 64;
const ENOUGH_ANSWERED: usize = 48;

/// Why the server said no (draft, section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Missing,
    Forbidden,
    Unsupported,
    NoSpace,
    Other,
}

/// An open SFTP session in one folder.
pub struct Session {
    channel: Channel,
    directory: String,
    can_replace: bool,
    last_id: u32,
    patience: Duration,
}

type Answered<T> = Result<Result<T, Refusal>, Fault>;

impl Session {
    /// Starts SFTP in `directory`.
    pub(super) async fn start(mut channel: Channel, directory: &str, patience: Duration) -> Result<Self, Fault> {
        channel.send(&[0, 0, 0, 5, INIT, 0, 0, 0, 3]).await?;
        let version = loop {
            if let Some(packet) = channel.packet(LONGEST_ANSWER)? {
                break packet;
            }
            channel.wait().await.map_err(|fault| if fault == Fault::Closed { Fault::NoSftp } else { fault })?;
        };
        let mut reader = Reader::new(&version);
        if reader.u8()? != VERSION || reader.u32()? < 3 {
            return Err(Fault::NoSftp);
        }
        let mut can_replace = false;
        while !reader.is_empty() {
            let (name, value) = (reader.string()?, reader.string()?);
            can_replace |= name == POSIX_RENAME.as_bytes() && value == b"1";
        }
        let directory = directory.trim_end_matches('/').to_owned();
        Ok(Self { channel, directory, can_replace, last_id: 0, patience })
    }

    /// The server's key.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.channel.connection().host_key
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.directory)
    }

    /// Whether the folder is there and may be read.
    pub async fn directory_exists(&mut self) -> Result<bool, Fault> {
        let path = if self.directory.is_empty() { "/".to_owned() } else { self.directory.clone() };
        match self.ask(OPENDIR, |body| body.put_string(&path), handle).await? {
            Ok(handle) => self.close_file(&handle).await.map(|_| true),
            // A drop box may be written to but not listed.
            Err(Refusal::Forbidden) => Ok(true),
            Err(_) => Ok(false),
        }
    }

    /// Bytes of a file, or `None` if there is none.
    pub async fn size_of(&mut self, name: &str) -> Result<Option<u64>, Fault> {
        let path = self.path(name);
        let size = |kind: u8, reader: &mut Reader<'_>| {
            let has_size = kind == ATTRS && reader.u32()? & HAS_SIZE != 0;
            if has_size { Ok(reader.u64()?) } else { Err(Fault::Protocol("a file without a size".to_owned())) }
        };
        match self.ask(STAT, |body| body.put_string(&path), size).await? {
            Ok(size) => Ok(Some(size)),
            Err(Refusal::Missing) => Ok(None),
            Err(refusal) => Err(refusal.fault("look at", path)),
        }
    }

    /// Writes `bytes` to a file, in place of what it held; gives the number of bytes, which the server confirmed.
    /// Many writes are on their way at once, but never more than two megabytes. `on_progress` is told how many bytes
    /// the server has taken.
    pub async fn upload<E: Display>(
        &mut self,
        name: &str,
        bytes: impl Stream<Item = Result<Vec<u8>, E>>,
        on_progress: impl Fn(u64),
    ) -> Result<u64, Fault> {
        let path = self.path(name);
        let open = |body: &mut Vec<u8>| {
            body.put_string(&path);
            body.put_u32(FLAGS);
            body.put_u32(0);
        };
        let file = match self.ask(OPEN, open, handle).await? {
            Ok(file) => file,
            Err(Refusal::Missing) => return Err(Fault::DirectoryMissing(self.directory.clone())),
            Err(refusal) => return Err(refusal.fault("write to", path)),
        };
        let sent = match self.write_all(&file, bytes, on_progress).await? {
            Ok(sent) => sent,
            Err(refusal) => {
                // What was written takes up the space that is missing. The refusal is what counts.
                let _ = self.close_file(&file).await?;
                let _ = self.remove(name).await;
                return Err(refusal.fault("write to", path));
            }
        };
        if let Err(refusal) = self.close_file(&file).await? {
            return Err(refusal.fault("write to", path));
        }
        match self.size_of(name).await? {
            Some(found) if found == sent => Ok(sent),
            found => Err(Fault::SizeDiffers { sent, found: found.unwrap_or(0) }),
        }
    }

    async fn write_all<E: Display>(
        &mut self,
        file: &[u8],
        bytes: impl Stream<Item = Result<Vec<u8>, E>>,
        on_progress: impl Fn(u64),
    ) -> Answered<u64> {
        let mut bytes = std::pin::pin!(bytes);
        let mut writes = Writes::default();
        let mut piece = Vec::with_capacity(PIECE);
        while let Some(chunk) = bytes.next().await {
            let chunk = chunk.map_err(|error| Fault::Internal(error.to_string()))?;
            let mut rest = chunk.as_slice();
            while !rest.is_empty() {
                let (more, left) = rest.split_at(rest.len().min(PIECE - piece.len()));
                piece.extend_from_slice(more);
                rest = left;
                if piece.len() == PIECE {
                    self.write(file, &mut piece, &mut writes).await?;
                    on_progress(writes.taken);
                    if let Some(refusal) = writes.refusal {
                        return self.finish(&mut writes).await.map(|()| Err(refusal));
                    }
                }
            }
        }
        if !piece.is_empty() {
            self.write(file, &mut piece, &mut writes).await?;
        }
        self.finish(&mut writes).await?;
        on_progress(writes.taken);
        Ok(writes.refusal.map_or(Ok(writes.taken), Err))
    }

    /// Sends one piece; takes in the answers that have come, and waits for one if too many are missing.
    async fn write(&mut self, file: &[u8], piece: &mut Vec<u8>, writes: &mut Writes) -> Result<(), Fault> {
        let patience = self.patience;
        let sending = async {
            if writes.unanswered.len() >= MOST_UNANSWERED {
                self.channel.flush().await?;
                while writes.unanswered.len() > ENOUGH_ANSWERED {
                    self.channel.wait().await?;
                    self.take_answers(writes)?;
                }
            }
            self.last_id = self.last_id.wrapping_add(1);
            let length = 1 + 4 + 4 + file.len() + 8 + 4 + piece.len();
            let mut head = Vec::with_capacity(4 + length);
            head.put_u32(u32::try_from(length).unwrap_or(u32::MAX));
            head.push(WRITE);
            head.put_u32(self.last_id);
            head.put_string(file);
            head.put_u64(writes.offset);
            head.put_string(&*piece);
            self.channel.send(&head).await?;
            writes.unanswered.insert(self.last_id);
            writes.offset += piece.len() as u64;
            piece.clear();
            self.channel.look().await?;
            self.take_answers(writes)
        };
        within(patience, sending).await.unwrap_or(Err(Fault::Silent(Stage::Write)))
    }

    async fn finish(&mut self, writes: &mut Writes) -> Result<(), Fault> {
        while !writes.unanswered.is_empty() {
            let waiting = async {
                self.channel.flush().await?;
                self.channel.wait().await
            };
            within(self.patience, waiting).await.unwrap_or(Err(Fault::Silent(Stage::Write)))?;
            self.take_answers(writes)?;
        }
        writes.taken = writes.offset;
        Ok(())
    }

    fn take_answers(&mut self, writes: &mut Writes) -> Result<(), Fault> {
        while let Some(packet) = self.channel.packet(LONGEST_ANSWER)? {
            let mut reader = Reader::new(&packet);
            let (kind, id) = (reader.u8()?, reader.u32()?);
            if kind != STATUS || !writes.unanswered.remove(&id) {
                return Err(Fault::Protocol("an answer to nothing".to_owned()));
            }
            if let Some(refusal) = Refusal::of(reader.u32()?) {
                writes.refusal.get_or_insert(refusal);
            }
        }
        writes.taken = writes.offset.saturating_sub((writes.unanswered.len() * PIECE) as u64);
        Ok(())
    }

    async fn close_file(&mut self, file: &[u8]) -> Answered<()> {
        self.ask(CLOSE, |body| body.put_string(file), nothing).await
    }

    /// Gives `from` the name `to`, in place of what is there: in one step, so that whoever looks sees the old file or
    /// the new one. Where the server cannot do that, the old one is removed first: `on_removal` is told true before
    /// that, and false if it could not be removed.
    pub async fn put_in_place(
        &mut self,
        from: &str,
        to: &str,
        on_removal: impl Fn(bool) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let (from, to_path) = (self.path(from), self.path(to));
        let names = |body: &mut Vec<u8>| {
            body.put_string(&from);
            body.put_string(&to_path);
        };
        if self.can_replace {
            let request = |body: &mut Vec<u8>| {
                body.put_string(POSIX_RENAME);
                names(body);
            };
            match self.ask(EXTENDED, request, nothing).await? {
                Ok(()) => return Ok(()),
                Err(Refusal::Unsupported) => {}
                Err(Refusal::Forbidden) => return Err(Refusal::Forbidden.fault("rename", from)),
                Err(_) => return Err(Fault::NotPlaced { old_is_gone: false }),
            }
        }
        // To a name that is free, and on some servers to any.
        match self.ask(RENAME, names, nothing).await? {
            Ok(()) => return Ok(()),
            Err(Refusal::Forbidden) => return Err(Refusal::Forbidden.fault("rename", from)),
            Err(_) => {}
        }
        if self.size_of(to).await?.is_none() {
            return Err(Fault::NotPlaced { old_is_gone: false });
        }
        on_removal(true)?;
        // A server that falls silent here may have removed it.
        match self.ask(REMOVE, |body| body.put_string(&to_path), nothing).await? {
            Ok(()) | Err(Refusal::Missing) => {}
            Err(_) => {
                on_removal(false)?;
                return Err(Fault::NotPlaced { old_is_gone: false });
            }
        }
        self.ask(RENAME, names, nothing).await?.map_err(|_| Fault::NotPlaced { old_is_gone: true })
    }

    /// Removes a file; one that is not there is no fault.
    pub async fn remove(&mut self, name: &str) -> Result<(), Fault> {
        let path = self.path(name);
        match self.ask(REMOVE, |body| body.put_string(&path), nothing).await? {
            Ok(()) | Err(Refusal::Missing) => Ok(()),
            Err(refusal) => Err(refusal.fault("remove", path)),
        }
    }

    /// Ends it in good order. Without, dropping closes the connection.
    pub async fn close(mut self) {
        // What was to be done is done: a server that does not let go changes nothing.
        let _ = within(self.patience, self.channel.close()).await;
    }

    /// One request and its answer.
    async fn ask<T>(
        &mut self,
        kind: u8,
        write: impl FnOnce(&mut Vec<u8>),
        read: impl FnOnce(u8, &mut Reader<'_>) -> Result<T, Fault>,
    ) -> Answered<T> {
        self.last_id = self.last_id.wrapping_add(1);
        let id = self.last_id;
        let mut body = vec![kind];
        body.put_u32(id);
        write(&mut body);
        let mut packet = Vec::with_capacity(4 + body.len());
        packet.put_string(&body);
        let asking = async {
            self.channel.send(&packet).await?;
            loop {
                if let Some(answer) = self.channel.packet(LONGEST_ANSWER)? {
                    return Ok(answer);
                }
                self.channel.wait().await?;
            }
        };
        let answer = within(self.patience, asking).await.unwrap_or(Err(Fault::Silent(Stage::Write)))?;
        let mut reader = Reader::new(&answer);
        let (kind, answered) = (reader.u8()?, reader.u32()?);
        if answered != id {
            return Err(Fault::Protocol("an answer to nothing".to_owned()));
        }
        if kind == STATUS
            && let Some(refusal) = Refusal::of(reader.u32()?)
        {
            return Ok(Err(refusal));
        }
        read(kind, &mut reader).map(Ok)
    }
}

/// Writes on their way.
#[derive(Default)]
struct Writes {
    unanswered: HashSet<u32>,
    /// Bytes sent, and of them those that the server surely has.
    offset: u64,
    taken: u64,
    refusal: Option<Refusal>,
}

fn nothing(kind: u8, _: &mut Reader<'_>) -> Result<(), Fault> {
    if kind == STATUS { Ok(()) } else { Err(unexpected(kind)) }
}

fn handle(kind: u8, reader: &mut Reader<'_>) -> Result<Vec<u8>, Fault> {
    const LONGEST_HANDLE: usize = 256;
    let handle = if kind == HANDLE { reader.string()? } else { return Err(unexpected(kind)) };
    if handle.len() > LONGEST_HANDLE { Err(unexpected(kind)) } else { Ok(handle.to_vec()) }
}

fn unexpected(kind: u8) -> Fault {
    Fault::Protocol(format!("an SFTP answer of kind {kind}"))
}

impl Refusal {
    /// `None`: it went well.
    fn of(code: u32) -> Option<Self> {
        Some(match code {
            0 => return None,
            2 | 10 => Self::Missing,
            3 | 12 => Self::Forbidden,
            8 => Self::Unsupported,
            14 | 15 => Self::NoSpace,
            _ => Self::Other,
        })
    }

    fn fault(self, what: &'static str, path: String) -> Fault {
        match self {
            Self::Forbidden => Fault::Forbidden { what, path },
            Self::NoSpace => Fault::NoSpace,
            Self::Missing | Self::Unsupported | Self::Other => Fault::Failed { what, path },
        }
    }
}
