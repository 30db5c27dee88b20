//! CatalogObject, one per app: catalogue, product configuration and feeds.
//!
//! Apart from StoreObject because one alarm runs at a time in an object: a long delivery must not
//! hold up money. Its work is jobs in small steps, each committed with its cursor: what dies in the middle goes on.

#![expect(missing_docs, reason = "of what #[durable_object] makes")]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::future::AbortHandle;
use serde::Deserialize;
use worker::{ByteStream, DurableObject, Env, Request, Response, State, durable_object};

use crate::bigcommerce::ids::ClientId;
use crate::bigcommerce::pace::Pace;
use crate::bindings::Bindings;
use crate::error::{Error, Result};
use crate::platform::clock;
use crate::platform::contain::contain;
use crate::platform::log::{self, RequestId};
use crate::platform::sql::{self, Database};
use crate::store::alarm::Alarm;
use crate::store::calls::{Access, AppObject, CatalogCall, NoteDone, ReadAccess, StartSync};
use crate::store::inbox::{self, Inbox};
use crate::store::jobs::{self, Job, JobKind, Outcome};
use crate::store::object::{Envelope, Stream, answer, call, receive, reply};

use super::products::Counts;
use super::tables::MIGRATIONS;

/// Jobs run in one alarm before the next alarm is set: an alarm that fails is given up after six tries.
const JOBS_PER_ALARM: usize = 16;

/// See the module.
#[durable_object]
pub struct CatalogObject {
    catalog: Rc<Catalog>,
}

/// The object's inside, shared with the work that is under way in it.
pub(super) struct Catalog {
    pub(super) database: Database,
    env: Env,
    alarm: Alarm,
    /// The pace towards the store's API.
    pub(super) pace: RefCell<Pace>,
    /// Counts of the whole catalogue, with the generation they are of.
    pub(super) counts: Cell<Option<(i64, Counts)>>,
    /// The file that comes in, by its change, and when its last piece came.
    pub(super) upload: Cell<Option<(i64, i64)>>,
    /// Bytes of the feed, by its run, that the other side has.
    pub(super) delivered: Cell<Option<(i64, u64)>>,
    /// Breaks off the delivery that is under way.
    pub(super) delivery: RefCell<Option<AbortHandle>>,
    migrated: Cell<bool>,
}

impl DurableObject for CatalogObject {
    fn new(state: State, env: Env) -> Self {
        let catalog = Catalog {
            database: Database::new(state.storage()),
            env,
            alarm: Alarm::default(),
            pace: RefCell::default(),
            counts: Cell::default(),
            upload: Cell::default(),
            delivered: Cell::default(),
            delivery: RefCell::default(),
            migrated: Cell::new(false),
        };
        Self { catalog: Rc::new(catalog) }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let catalog = self.catalog.clone();
        match Stream::of(&request) {
            Some(Stream::Upload(id)) => {
                return receive(request, move |body| async move { catalog.upload(id, body).await }).await;
            }
            Some(Stream::Download(id)) => return catalog.download(id),
            Some(Stream::Feed(id)) => return catalog.download_feed(id),
            None => {}
        }
        answer(request, move |envelope| async move { catalog.answer(envelope).await }).await
    }

    async fn alarm(&self) -> worker::Result<Response> {
        let catalog = self.catalog.clone();
        catalog.alarm.went_off();
        match contain(async move { catalog.work().await }).await {
            Some(Ok(())) => Response::empty(),
            // The runtime tries a failed alarm again, later and later; the rows are still there.
            Some(Err(error)) => Err(worker::Error::RustError(error.to_string())),
            None => Err(worker::Error::RustError("panicked in an alarm".to_owned())),
        }
    }
}

impl Catalog {
    async fn answer(self: Rc<Self>, envelope: Envelope<CatalogCall>) -> Result<serde_json::Value> {
        if let CatalogCall::EraseCatalog(_) = envelope.call {
            return reply(self.erase().await?);
        }
        if !sql::exists(&self.database)? {
            match envelope.call {
                // Before the first run there is nothing to keep up to date: that run reads everything.
                CatalogCall::WakeCatalog(_) | CatalogCall::TakeProductEvent(_) => return reply(()),
                CatalogCall::ReadInbox(_) => return reply(Inbox::default()),
                _ => {}
            }
        }
        self.migrate()?;
        let answer = match envelope.call {
            CatalogCall::StartSync(call) => reply(self.start_sync(&call)?),
            CatalogCall::ReadSync(_) => reply(self.read_sync()?),
            CatalogCall::CancelSync(_) => reply(self.cancel_sync()?),
            CatalogCall::CheckCatalog(_) => reply([self.check_products()?, self.check_feeds()?]),
            CatalogCall::ReadProducts(call) => reply(self.read_products(&call.query, &envelope.request_id).await?),
            CatalogCall::PatchProducts(call) => reply(self.patch_products(&call, &envelope.request_id).await?),
            CatalogCall::MarkDiscontinued(call) => reply(self.mark_discontinued(&call, &envelope.request_id).await?),
            CatalogCall::TakeProductEvent(call) => reply(self.take_event(&call, &envelope.request_id)?),
            CatalogCall::ReadInbox(_) => reply(inbox::look(&self.database)?),
            CatalogCall::WakeCatalog(_) => {
                // Whatever this object believes of its alarm, cron knows better: it is late.
                self.alarm.went_off();
                reply(())
            }
            CatalogCall::BeginImport(call) => reply(self.begin_import(&call)?),
            CatalogCall::BeginChange(call) => reply(self.begin_change(&call)?),
            CatalogCall::ListChanges(call) => reply(self.list_changes(call.before)?),
            CatalogCall::ReadChange(call) => reply(self.read_change(call.id)?),
            CatalogCall::ReadFaults(call) => reply(self.read_faults(call.id, call.after)?),
            CatalogCall::ReadDifference(call) => reply(self.read_difference(call.id, call.after)?),
            CatalogCall::ApplyChange(call) => reply(self.apply_change(call.id)?),
            CatalogCall::UndoChange(call) => reply(self.undo_change(call.id)?),
            CatalogCall::DiscardChange(call) => reply(self.discard_change(call.id)?),
            CatalogCall::BeginExport(call) => reply(self.begin_export(&call)?),
            CatalogCall::ListExports(_) => reply(self.list_exports()?),
            CatalogCall::ReadExport(call) => reply(self.read_export(call.id)?),
            CatalogCall::DeleteExport(call) => reply(self.delete_export(call.id)?),
            CatalogCall::PlanFeeds(call) => reply(self.plan_feeds(&call)?),
            CatalogCall::ReadFeeds(_) => reply(self.read_feeds(&envelope.request_id).await?),
            CatalogCall::StartFeed(call) => reply(self.start_feed(&call, &envelope.request_id).await?),
            CatalogCall::ReadFeed(call) => reply(self.read_feed(call.id)?),
            CatalogCall::DecideFeed(call) => reply(self.decide_feed(&call, &envelope.request_id).await?),
            CatalogCall::ReadLeftOut(call) => reply(self.feed_left_out(call.id, call.after)?),
            CatalogCall::ReadFeedDifference(call) => reply(self.feed_difference(call.id, call.after)?),
            CatalogCall::EraseCatalog(_) => reply(()),
        };
        self.keep_alarm().await?;
        answer
    }

    /// Takes a file.
    async fn upload(self: Rc<Self>, id: i64, body: ByteStream) -> Result<serde_json::Value> {
        self.migrate()?;
        let taken = self.take_upload(id, body).await;
        self.keep_alarm().await?;
        reply(taken?)
    }

    fn migrate(&self) -> Result<()> {
        if !self.migrated.get() {
            sql::migrate(&self.database, MIGRATIONS, clock::now())?;
            self.migrated.set(true);
        }
        Ok(())
    }

    pub(super) fn env(&self) -> &Env {
        &self.env
    }

    pub(super) fn bindings(&self) -> Result<Rc<Bindings>> {
        Bindings::of(&self.env)
    }

    /// The app this catalogue is of; an object does not know its own name in an alarm.
    pub(super) fn client_id(&self) -> Result<Option<ClientId>> {
        #[derive(Deserialize)]
        struct Row {
            client_id: ClientId,
        }
        Ok(self.database.row::<Row>("SELECT client_id FROM about", vec![])?.map(|row| row.client_id))
    }

    /// Writes down whose catalogue this is.
    pub(super) fn keep_client_id(&self, call: &StartSync) -> Result<()> {
        self.database.run(
            "INSERT INTO about (only_row, client_id) VALUES (1, ?) ON CONFLICT (only_row) DO NOTHING",
            vec![call.client_id.as_str().into()],
        )
    }

    /// Counts a change of what is known or decided, and gives its number.
    pub(super) fn next_generation(&self) -> Result<i64> {
        #[derive(Deserialize)]
        struct Row {
            generation: i64,
        }
        let row: Option<Row> =
            self.database.row("UPDATE about SET generation = generation + 1 RETURNING generation", vec![])?;
        Ok(row.map_or(0, |row| row.generation))
    }

    /// The newest change's number.
    pub(super) fn generation(&self) -> Result<i64> {
        #[derive(Deserialize)]
        struct Row {
            generation: i64,
        }
        Ok(self.database.row::<Row>("SELECT generation FROM about", vec![])?.map_or(0, |row| row.generation))
    }

    /// What is needed to call BigCommerce, as the app's StoreObject has it now.
    pub(super) async fn access(&self, request_id: &RequestId) -> Result<Access> {
        let client_id = self.client_id()?.ok_or(Error::NotInstalled)?;
        call(&self.env, client_id.as_str(), request_id, ReadAccess {}).await
    }

    /// Has the app's StoreObject write down what somebody is about to do here: nothing is done that is not in the log.
    pub(super) async fn note_first(&self, done: NoteDone, request_id: &RequestId) -> Result<()> {
        let client_id = self.client_id()?.ok_or(Error::NotInstalled)?;
        call(&self.env, client_id.as_str(), request_id, done).await
    }

    async fn keep_alarm(&self) -> Result<()> {
        let due = jobs::earliest(&self.database)?;
        self.alarm.keep(&self.database, due).await?;
        if let Some(client_id) = self.client_id()? {
            self.alarm.note(&self.env, &client_id, AppObject::Catalog, due).await;
        }
        Ok(())
    }

    /// Runs what is due, then sets the next alarm.
    async fn work(self: &Rc<Self>) -> Result<()> {
        if !sql::exists(&self.database)? {
            return Ok(());
        }
        self.migrate()?;
        for _ in 0..JOBS_PER_ALARM {
            let Some(job) = jobs::next_due(&self.database, clock::now())? else { break };
            self.run(&job).await?;
        }
        self.keep_alarm().await
    }

    /// One try of one job. Its failure is logged and tried again later; it does not fail the alarm.
    async fn run(self: &Rc<Self>, job: &Job) -> Result<()> {
        jobs::begin(&self.database, job, clock::now())?;
        let request_id = RequestId::random();
        let outcome = match job.kind {
            JobKind::Sync => self.sync(&request_id).await,
            JobKind::Refresh => self.refresh(),
            JobKind::Reread => self.reread(&request_id).await,
            JobKind::WorkOffEvents => self.work_off_events(&request_id).await,
            JobKind::Check => self.check(job),
            JobKind::Export => self.export(job),
            JobKind::Tidy => self.tidy(),
            JobKind::StartFeed => self.start_due_feed(&request_id).await,
            JobKind::Feed => self.feed(job, &request_id).await,
            // Of another object.
            _ => Ok(Outcome::Done),
        };
        match outcome {
            Ok(outcome) => jobs::finish(&self.database, job, &outcome),
            // A store that left: the app's other object decides what becomes of what is known.
            Err(Error::NotInstalled | Error::UnknownApp) => self.rest(),
            Err(error) => {
                let fields = serde_json::json!({"job": job.kind.name(), "attempt": job.attempts + 1, "client_id": self.client_id()?});
                log::error("job_failed", &request_id, &error, fields);
                Ok(())
            }
        }
    }

    /// Does nothing more until the app is installed again.
    fn rest(&self) -> Result<()> {
        self.database.transaction(|| {
            self.stop_sync("The app is not installed in the store.")?;
            self.stop_feeds("The app is not installed in the store.")?;
            self.database.run("DELETE FROM events", vec![])?;
            // What works on what is known already goes on.
            self.database.run("DELETE FROM jobs WHERE kind NOT IN ('check', 'export', 'tidy')", vec![])
        })
    }

    async fn erase(&self) -> Result<()> {
        if sql::exists(&self.database)? {
            self.migrate()?;
            if let Some(client_id) = self.client_id()? {
                self.alarm.note(&self.env, &client_id, AppObject::Catalog, None).await;
            }
        }
        self.database.storage().delete_alarm().await.map_err(Error::internal)?;
        self.database.storage().delete_all().await.map_err(Error::internal)?;
        self.migrated.set(false);
        self.counts.set(None);
        self.alarm.start_over();
        Ok(())
    }
}
