//! SFTP's requests, on one user's files.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use russh_sftp::protocol::{Attrs, FileAttributes, Handle, OpenFlags, Packet, Status, StatusCode, Version};
use russh_sftp::server::Handler;
use tokio::sync::Notify;

use super::disk::Disk;
use super::{SftpFault, SftpStep, Shared};

const POSIX_RENAME: &str = "posix-rename@openssh.com";

/// One session. A handle is the path it is for.
pub(super) struct Files {
    shared: Arc<Shared>,
    user: String,
    cut: Arc<Notify>,
    /// Bytes of files that came in.
    taken: u64,
}

impl Files {
    pub(super) fn new(shared: Arc<Shared>, user: String, cut: Arc<Notify>) -> Self {
        Self { shared, user, cut, taken: 0 }
    }

    fn has(&self, fault: SftpFault) -> bool {
        self.shared.has(&self.user, fault)
    }

    /// What there is to wait for before a step is done.
    async fn hang_at(&self, step: SftpStep) {
        if self.has(SftpFault::Hang(step)) {
            self.stick_at(step).await;
        }
        self.dawdle().await;
    }

    /// Waits for good, and has that known.
    async fn stick_at(&self, step: SftpStep) {
        self.shared.lock().stuck.push((self.user.clone(), step));
        std::future::pending::<()>().await;
    }

    async fn dawdle(&self) {
        let slow = |fault| if let SftpFault::Slow(ms) = fault { Some(ms) } else { None };
        if let Some(ms) = self.shared.find(&self.user, slow) {
            tokio::time::sleep(Duration::from_millis(ms)).await;
        }
    }

    fn disk<T>(&self, work: impl FnOnce(&mut Disk) -> T) -> Result<T, StatusCode> {
        self.shared.lock().disks.get_mut(&self.user).map(work).ok_or(StatusCode::NoSuchFile)
    }

    async fn rename_to(&self, from: &str, to: &str) -> Result<(), StatusCode> {
        if self.has(SftpFault::RenameRefused) {
            return Err(StatusCode::Failure);
        }
        if !self.disk(|disk| disk.rename(from, to))? {
            return Err(StatusCode::NoSuchFile);
        }
        self.shared.lock().renamed.push((self.user.clone(), to.to_owned()));
        if self.has(SftpFault::SilentRename) {
            self.stick_at(SftpStep::Rename).await;
        }
        self.dawdle().await;
        Ok(())
    }
}

fn done(id: u32) -> Status {
    Status { id, status_code: StatusCode::Ok, error_message: String::new(), language_tag: String::new() }
}

impl Handler for Files {
    type Error = StatusCode;

    fn unimplemented(&self) -> Self::Error {
        StatusCode::OpUnsupported
    }

    async fn init(&mut self, _: u32, _: HashMap<String, String>) -> Result<Version, Self::Error> {
        let mut version = Version::new();
        if !self.has(SftpFault::NoPosixRename) {
            version.extensions.insert(POSIX_RENAME.to_owned(), "1".to_owned());
        }
        Ok(version)
    }

    async fn open(
        &mut self,
        id: u32,
        filename: String,
        flags: OpenFlags,
        _: FileAttributes,
    ) -> Result<Handle, Self::Error> {
        self.hang_at(SftpStep::Open).await;
        if self.has(SftpFault::ReadOnly) {
            return Err(StatusCode::PermissionDenied);
        }
        if !flags.contains(OpenFlags::WRITE | OpenFlags::CREATE | OpenFlags::TRUNCATE) {
            return Err(StatusCode::OpUnsupported);
        }
        let is_open = self.disk(|disk| disk.open(&filename))?;
        if is_open { Ok(Handle { id, handle: filename }) } else { Err(StatusCode::NoSuchFile) }
    }

    async fn write(&mut self, id: u32, handle: String, offset: u64, data: Vec<u8>) -> Result<Status, Self::Error> {
        self.hang_at(SftpStep::Write).await;
        self.taken += data.len() as u64;
        let taken = self.taken;
        let limit = |fault| match fault {
            SftpFault::CloseAfter(most) | SftpFault::NoSpaceAfter(most) | SftpFault::ForgetAfter(most) => {
                (taken > most).then_some(fault)
            }
            _ => None,
        };
        match self.shared.find(&self.user, limit) {
            Some(SftpFault::CloseAfter(_)) => {
                self.cut.notify_one();
                std::future::pending::<()>().await;
            }
            Some(SftpFault::NoSpaceAfter(_)) => return Err(StatusCode::Failure),
            Some(_) => return Ok(done(id)),
            None => {}
        }
        let offset = usize::try_from(offset).map_err(|_| StatusCode::Failure)?;
        let is_written = self.disk(|disk| disk.write(&handle, offset, &data))?;
        if is_written { Ok(done(id)) } else { Err(StatusCode::Failure) }
    }

    async fn close(&mut self, id: u32, _: String) -> Result<Status, Self::Error> {
        Ok(done(id))
    }

    async fn opendir(&mut self, id: u32, path: String) -> Result<Handle, Self::Error> {
        let is_there = self.disk(|disk| disk.is_folder(&path))?;
        if is_there { Ok(Handle { id, handle: path }) } else { Err(StatusCode::NoSuchFile) }
    }

    async fn stat(&mut self, id: u32, path: String) -> Result<Attrs, Self::Error> {
        let size = self.disk(|disk| disk.read(&path).map(<[u8]>::len))?.ok_or(StatusCode::NoSuchFile)?;
        Ok(Attrs { id, attrs: FileAttributes { size: Some(size as u64), ..FileAttributes::empty() } })
    }

    async fn remove(&mut self, id: u32, filename: String) -> Result<Status, Self::Error> {
        self.hang_at(SftpStep::Remove).await;
        if self.has(SftpFault::NoRemoval) {
            return Err(StatusCode::PermissionDenied);
        }
        let is_removed = self.disk(|disk| disk.remove(&filename))?;
        if self.has(SftpFault::SilentRemoval) {
            self.stick_at(SftpStep::Remove).await;
        }
        if is_removed { Ok(done(id)) } else { Err(StatusCode::NoSuchFile) }
    }

    /// To a free name only, as the draft has it.
    async fn rename(&mut self, id: u32, from: String, to: String) -> Result<Status, Self::Error> {
        self.hang_at(SftpStep::Rename).await;
        if self.disk(|disk| disk.read(&to).is_some())? {
            return Err(StatusCode::Failure);
        }
        self.rename_to(&from, &to).await.map(|()| done(id))
    }

    async fn extended(&mut self, id: u32, request: String, data: Vec<u8>) -> Result<Packet, Self::Error> {
        self.hang_at(SftpStep::Rename).await;
        let is_there = !self.has(SftpFault::NoPosixRename) && !self.has(SftpFault::BrokenPosixRename);
        if request != POSIX_RENAME || !is_there {
            return Err(StatusCode::OpUnsupported);
        }
        let (from, rest) = text(&data).ok_or(StatusCode::BadMessage)?;
        let (to, _) = text(rest).ok_or(StatusCode::BadMessage)?;
        self.rename_to(from, to).await.map(|()| Packet::Status(done(id)))
    }
}

/// A text with its length before it, and what is behind it.
fn text(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (text, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
    Some((std::str::from_utf8(text).ok()?, rest))
}
