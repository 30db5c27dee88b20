//! A file comes in: made UTF-8 and written down piece by piece, never held whole.

use futures_util::StreamExt as _;
use worker::ByteStream;

use super::super::catalog_do::Catalog;
use super::views::ChangeView;
use super::{Check, Fault, Prepared, State, sql_count};
use crate::catalog::csv::decode::{Decoder, Unreadable};
use crate::error::{Error, Result};
use crate::platform::clock;
use crate::store::jobs::{self, JobKind};

/// Bytes of a file: what a spreadsheet program can still open, and Cloudflare's smallest plans let through.
pub const LONGEST_FILE: u64 = 95 * 1024 * 1024;

/// Bytes of a chunk as it is kept: all but the last have so many.
pub(super) const CHUNK: usize = 256 * 1024;

/// An upload of which nothing came for so long is dead: the runtime says nothing when a caller goes.
const DEAD_AFTER: i64 = 30;

/// What came in.
struct Received {
    bytes: u64,
    text_bytes: u64,
    unreadable: Option<Unreadable>,
}

impl Catalog {
    /// Takes the file of a change that was begun; its check begins when all of it is there.
    pub(in crate::store::catalog) async fn take_upload(&self, version: i64, body: ByteStream) -> Result<ChangeView> {
        let taken = self.keep_pieces(version, body).await;
        self.upload.set(None);
        let ended = taken.and_then(|received| self.end_upload(version, &received));
        if ended.is_err() {
            self.database.transaction(|| match self.prepared(version)? {
                prepared if prepared.state == State::Uploading => self.fail(&prepared, "The upload broke off."),
                _ => Ok(()),
            })?;
        }
        ended?;
        self.read_change(version)
    }

    async fn keep_pieces(&self, version: i64, mut body: ByteStream) -> Result<Received> {
        let mut decoder = Decoder::default();
        let mut received = Received { bytes: 0, text_bytes: 0, unreadable: None };
        let (mut pending, mut number) = (Vec::new(), 0);
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(|_| Error::bad_request("The upload broke off."))?;
            self.go_on_with_upload(version)?;
            received.bytes += piece.len() as u64;
            if received.bytes > LONGEST_FILE {
                return Err(Error::BodyTooLarge);
            }
            // What cannot be read is let in to its end: whoever sends does not listen before.
            if received.unreadable.is_some() {
                continue;
            }
            match decoder.push(&piece) {
                Ok(text) => pending.extend_from_slice(text.as_bytes()),
                Err(unreadable) => received.unreadable = Some(unreadable),
            }
            let whole = pending.len() - pending.len() % CHUNK;
            for chunk in pending[..whole].chunks(CHUNK) {
                self.keep_chunk(version, number, chunk)?;
                number += 1;
            }
            pending.drain(..whole);
        }
        if received.unreadable.is_none() {
            match decoder.finish() {
                Ok(text) => pending.extend_from_slice(text.as_bytes()),
                Err(unreadable) => received.unreadable = Some(unreadable),
            }
        }
        for chunk in pending.chunks(CHUNK) {
            self.keep_chunk(version, number, chunk)?;
            number += 1;
            received.text_bytes = chunk.len() as u64;
        }
        received.text_bytes += (u64::try_from(number).unwrap_or(0)).saturating_sub(1) * CHUNK as u64;
        Ok(received)
    }

    /// Whether the change still waits for its file: it may have been cancelled meanwhile.
    fn go_on_with_upload(&self, version: i64) -> Result<()> {
        if self.upload.get().is_some_and(|(under_way, _)| under_way == version) {
            self.note_upload(version);
            return Ok(());
        }
        Err(Error::Conflict { message: "This import was cancelled.".to_owned() })
    }

    /// Notes that a piece of the file came just now.
    pub(super) fn note_upload(&self, version: i64) {
        self.upload.set(Some((version, clock::now())));
    }

    fn keep_chunk(&self, version: i64, number: i64, chunk: &[u8]) -> Result<()> {
        self.database.run(
            "INSERT INTO uploads (version, number, bytes) VALUES (?, ?, ?)",
            vec![version.into(), number.into(), chunk.to_vec().into()],
        )
    }

    fn end_upload(&self, version: i64, received: &Received) -> Result<()> {
        self.database.transaction(|| {
            let Prepared { state, check, .. } = self.prepared(version)?;
            if state != State::Uploading {
                return Err(Error::Conflict { message: "This import was cancelled.".to_owned() });
            }
            let Received { bytes, text_bytes, unreadable } = received;
            let mut check = Check { file_bytes: Some(*bytes), text_bytes: *text_bytes, total: *bytes, ..check };
            let state = if let Some(unreadable) = unreadable {
                let (line, reason) = (Some(unreadable.line), unreadable.to_string());
                let fault = Fault { line, place: String::new(), product_id: None, reason, value: String::new() };
                self.add_faults(version, &mut check, &[fault])?;
                check.done = *bytes;
                self.tidy_later()?;
                State::Faulty
            } else {
                self.schedule_check()?;
                State::Checking
            };
            self.keep_check(version, &check)?;
            self.set_state(version, state)
        })
    }

    /// A chunk of the text.
    pub(super) fn chunk(&self, version: i64, number: u64) -> Result<Vec<u8>> {
        let chunk = self.database.bytes(
            "SELECT bytes FROM uploads WHERE version = ? AND number = ?",
            vec![version.into(), sql_count(number).into()],
        )?;
        chunk.ok_or_else(|| Error::internal("a chunk of an upload is missing"))
    }

    /// Ends uploads of which nothing comes any more; gives whether one is left.
    pub(super) fn give_up_dead_uploads(&self) -> Result<bool> {
        let Some(prepared) = self.find_prepared("v.state = ?", State::Uploading.name().into())? else {
            return Ok(false);
        };
        // After a start of the object nothing is under way.
        let is_alive = self
            .upload
            .get()
            .is_some_and(|(version, seen_at)| version == prepared.version && clock::now() - seen_at < DEAD_AFTER);
        if !is_alive {
            self.fail(&prepared, "The upload broke off.")?;
        }
        Ok(is_alive)
    }

    pub(super) fn look_for_dead_uploads_later(&self) -> Result<()> {
        let now = clock::now();
        jobs::schedule(&self.database, JobKind::Tidy, now + DEAD_AFTER, now)
    }
}
