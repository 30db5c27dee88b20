//! Delivers a file: whole or not at all, once, and again after a failure that may pass.
//!
//! It is written under another name, its size is checked, then it gets its name. Before that last step the run says
//! so, and so a run that dies in the middle of it finds out which of the two files is there.

use std::rc::Rc;

use futures_util::future::abortable;
use futures_util::stream;

use super::deciding::OFF;
use super::runs::Next;
use super::{FeedRun, State};
use crate::error::{Error, Result};
use crate::platform::log::{self, RequestId};
use crate::platform::{clock, gzip};
use crate::sftp::{self, Fault, Session};
use crate::store::calls::FeedSetup;
use crate::store::catalog::catalog_do::Catalog;
use crate::store::destination::Unready;
use crate::store::feed_settings::{Channel, FeedKind};

/// Seconds until the next try after each that failed.
const RETRIES: [i64; 6] = [15, 60, 120, 300, 600, 1800];

/// Why a delivery broke off.
enum Broken {
    Sftp(Fault),
    /// The settings are not what they were; a sentence for the merchant.
    NotReady(String),
    Ours(Error),
}

impl From<Fault> for Broken {
    fn from(fault: Fault) -> Self {
        Self::Sftp(fault)
    }
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl Catalog {
    pub(super) async fn deliver_feed(self: &Rc<Self>, run: &FeedRun, request_id: &RequestId) -> Result<Next> {
        let setup = self.feed_setup(request_id).await?;
        if run.feed == FeedKind::Categories && !setup.feeds().sends_categories() {
            return self.end_feed(run, State::Cancelled, OFF);
        }
        if setup.address(run.feed) != run.destination {
            let message = "The settings changed while the feed was under way. Send it again.";
            return self.end_feed(run, State::Failed, message);
        }
        if run.channel == Channel::Rest {
            return self.deliver_in_batches(run, &setup, request_id).await;
        }
        match self.deliver_file(run, &setup).await {
            Ok(true) => self.accept(run, &setup),
            Ok(false) => Ok(Next::Nothing),
            Err(Broken::Ours(error)) => Err(error),
            Err(Broken::NotReady(sentence)) => self.put_off_delivery(run, &sentence, true, 0, request_id),
            Err(Broken::Sftp(fault)) => self.put_off_delivery(run, &fault.message(), fault.is_final(), 0, request_id),
        }
    }

    /// Whether the file got its name; not if the run was cancelled meanwhile.
    async fn deliver_file(self: &Rc<Self>, run: &FeedRun, setup: &FeedSetup) -> Result<bool, Broken> {
        let destination = match setup.destination(&*self.bindings()?) {
            Ok(destination) => destination,
            Err(Unready::NotAllowed(sentence)) => return Err(Broken::NotReady(sentence)),
            Err(Unready::Missing(_)) => return Err(Broken::NotReady("Feeds are not set up any more.".to_owned())),
        };
        let delivering = async {
            let mut session = sftp::connect(&destination).await?;
            let delivered = self.deliver_over(run, &mut session).await;
            session.close().await;
            delivered
        };
        // Whoever cancels does not wait for a server that hangs.
        let (delivering, handle) = abortable(delivering);
        self.delivery.replace(Some(handle));
        let delivered = delivering.await;
        self.delivery.replace(None);
        delivered.unwrap_or(Ok(false))
    }

    /// Breaks off the delivery that is under way, unless the file is getting its name.
    pub(super) fn break_off(&self, run: &FeedRun) {
        if let Some(handle) = self.delivery.take().filter(|_| !run.is_placing) {
            handle.abort();
        }
    }

    async fn deliver_over(self: &Rc<Self>, run: &FeedRun, session: &mut Session) -> Result<bool, Broken> {
        let (temporary, bytes) = (run.temporary_name(), u64::try_from(run.bytes).map_err(Error::internal)?);
        if run.is_placing {
            // This try died, or was cut off, while the file got its name.
            match session.size_of(&temporary).await? {
                Some(size) if size == bytes => return self.place(run, session).await.map(|()| true),
                None if session.size_of(&run.file).await? == Some(bytes) => return Ok(true),
                _ => {}
            }
        }
        self.remove_leftovers(run, session).await?;
        let progress = |sent: u64| self.delivered.set(Some((run.id, sent)));
        let sent = session.upload(&temporary, Box::pin(self.clone().feed_file(run.id, run.chunks)), progress).await?;
        if sent != bytes {
            return Err(Error::internal(format!("{sent} of {bytes} bytes of a feed were sent")).into());
        }
        if !self.is_still_delivering(run)? {
            session.remove(&temporary).await?;
            return Ok(false);
        }
        self.commit_feed(run, |run| {
            run.is_placing = true;
            Ok(())
        })?;
        self.place(run, session).await.map(|()| true)
    }

    /// Gives the file its name. That the old one is removed first is written down before it is.
    async fn place(&self, run: &FeedRun, session: &mut Session) -> Result<(), Broken> {
        let on_removal = |removes_first: bool| {
            let noted = self.commit_feed(run, |run| {
                run.removes_first = removes_first;
                Ok(())
            });
            noted.map_err(|error| Fault::Internal(error.to_string()))
        };
        Ok(session.put_in_place(&run.temporary_name(), &run.file, on_removal).await?)
    }

    /// What earlier runs that broke off left on the server.
    async fn remove_leftovers(&self, run: &FeedRun, session: &mut Session) -> Result<(), Broken> {
        for other in self.last_feeds(10)? {
            let broke_off = matches!(other.state, State::Failed | State::Cancelled) && other.attempted;
            if broke_off && other.id != run.id && folder(&other.destination) == folder(&run.destination) {
                let name = other.temporary_name();
                if session.size_of(&name).await?.is_some() {
                    session.remove(&name).await?;
                }
            }
        }
        self.commit_feed(run, |run| {
            run.attempted = true;
            Ok(())
        })?;
        Ok(())
    }

    fn is_still_delivering(&self, run: &FeedRun) -> Result<bool> {
        Ok(self.feed_run(run.id)?.state == State::Delivering)
    }

    /// The file's chunks, one after another, as they were before they were compressed.
    pub(in crate::store::catalog) fn feed_file(
        self: Rc<Self>,
        id: i64,
        chunks: i64,
    ) -> impl futures_util::Stream<Item = Result<Vec<u8>>> {
        stream::unfold((self, 0), move |(catalog, number)| async move {
            if number >= chunks {
                return None;
            }
            let plain = match catalog.feed_chunk(id, number) {
                Ok(packed) => gzip::unpack(&packed).await,
                Err(error) => Err(error),
            };
            Some((plain, (catalog, number + 1)))
        })
    }

    /// Writes down that the other side has it.
    pub(super) fn accept(&self, read: &FeedRun, setup: &FeedSetup) -> Result<Next> {
        let now = clock::now();
        self.database.transaction(|| {
            let mut run = self.feed_run(read.id)?;
            if run.removes_first {
                run.notes.push(
                    "The server cannot replace a file in one step: the old one was removed a moment before the new one got its name."
                        .to_owned(),
                );
            }
            self.keep_accepted(&run)?;
            run.end(State::Delivered, "", now);
            run.stage_done = run.stage_total;
            self.keep_feed(&run)?;
            self.begin_categories(&run, setup)
        })?;
        self.log_feed(read.id)?;
        Ok(Next::Nothing)
    }

    /// Tries again later, `at_least` so many seconds, or gives up and says why.
    pub(super) fn put_off_delivery(
        &self,
        run: &FeedRun,
        message: &str,
        is_final: bool,
        at_least: i64,
        request_id: &RequestId,
    ) -> Result<Next> {
        self.delivered.set(None);
        let fields = serde_json::json!({"client_id": self.client_id()?, "run": run.id, "attempt": run.attempts + 1, "fault": message});
        log::warn("feed_not_delivered", request_id, fields);
        let wait = usize::try_from(run.attempts).ok().and_then(|tried| RETRIES.get(tried));
        let Some(wait) = wait.filter(|_| !is_final) else {
            return self.end_feed(run, State::Failed, message);
        };
        let at = clock::now() + at_least.max(*wait);
        self.commit_feed(run, |run| {
            run.attempts += 1;
            run.next_try_at = Some(at);
            run.message = format!("{message} It is tried again by itself.");
            Ok(())
        })?;
        Ok(Next::At(at))
    }
}

/// Where a file lies, without its name.
fn folder(destination: &str) -> &str {
    destination.rsplit_once('/').map_or(destination, |(folder, _)| folder)
}
