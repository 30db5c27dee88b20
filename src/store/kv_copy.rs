//! The copy at the edge: the whole app, sealed, under one KV key.
//!
//! While the job's row is there, KV is behind. One write is under way at a time, and after one that
//! was given up the next waits, so an older copy does not land after a newer one.

use std::time::Duration;

use super::edge_record::EdgeRecord;
use super::jobs::{self, JobKind, Outcome};
use super::rows;
use super::store_do::Store;
use crate::bindings;
use crate::error::{Error, Result};
use crate::platform::clock;
use crate::platform::patience::within;
use crate::secret::Secret;

/// A write that takes longer is given up and tried again.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A write that was given up, or died in a panic, may still land for so long.
const STRAY_SECONDS: i64 = 30;

impl Store {
    /// Marks KV as behind; called in the transaction of the change.
    pub(super) fn schedule_kv_copy(&self) -> Result<()> {
        let now = clock::now();
        jobs::schedule(&self.database, JobKind::WriteKvCopy, now, now)
    }

    /// Writes the copy now rather than by alarm. A failure leaves the mark, and the alarm tries again.
    pub(super) async fn write_kv_copy_now(&self) -> Result<()> {
        match jobs::read(&self.database, JobKind::WriteKvCopy)? {
            Some(job) => self.run(&job).await,
            None => Ok(()),
        }
    }

    pub(super) async fn write_kv_copy(&self) -> Result<Outcome> {
        let now = clock::now();
        if self.is_writing_kv() {
            return Ok(Outcome::Again(now + 1));
        }
        self.writing_kv_since.set(now);
        let written = within(TIMEOUT, self.put()).await.ok_or_else(|| Error::internal("KV: no answer in time"))?;
        self.writing_kv_since.set(0);
        written.map(|()| Outcome::Done)
    }

    fn is_writing_kv(&self) -> bool {
        clock::now() - self.writing_kv_since.get() < STRAY_SECONDS
    }

    async fn put(&self) -> Result<()> {
        let app = self.app()?;
        let key = EdgeRecord::key(&app.client_id);
        let kv = self.env.kv(bindings::APPS).map_err(Error::internal)?;
        let sealer = &self.bindings()?.sealer;
        let record = rows::edge_record(&self.database, sealer, clock::now())?.ok_or(Error::UnknownApp)?;
        let plain = Secret::new(serde_json::to_string(&record).map_err(Error::internal)?);
        let put = kv.put(&key, sealer.seal(&key, &plain)?).map_err(Error::internal)?;
        put.execute().await.map_err(|error| Error::internal(format!("KV: {error}")))
    }

    /// Takes the copy away, when the app itself goes.
    pub(super) async fn delete_kv_copy(&self) -> Result<()> {
        if self.is_writing_kv() {
            return Err(Error::Conflict {
                message: "The app is being changed right now. Try again in half a minute.".to_owned(),
            });
        }
        let app = self.app()?;
        let kv = self.env.kv(bindings::APPS).map_err(Error::internal)?;
        kv.delete(&EdgeRecord::key(&app.client_id)).await.map_err(|error| Error::internal(format!("KV: {error}")))
    }
}
