//! StoreObject, one per app: who it is, which store has it, its settings, users, sessions and jobs.
//!
//! Promises:
//! - what was answered is on disk: every change is one transaction before the answer;
//! - the copy at the edge follows: a change schedules its writing in the same transaction;
//! - work goes on after a crash: jobs are rows, the alarm is kept at the earliest, and an object that
//!   is called and finds unfinished work without an alarm sets one;
//! - an id that was never registered leaves nothing behind.

#![expect(missing_docs, reason = "of what #[durable_object] makes")]

use std::cell::Cell;
use std::rc::Rc;

use worker::{DurableObject, Env, Request, Response, State, durable_object};

use super::alarm::Alarm;
use super::calls::{AppObject, StoreCall, Wake};
use super::jobs::{self, Job, JobKind, Outcome};
use super::object::{Envelope, answer, reply};
use super::rows::{self, App, MIGRATIONS};
use crate::bigcommerce::ids::ClientId;
use crate::bindings::Bindings;
use crate::error::{Error, Result};
use crate::platform::clock;
use crate::platform::contain::contain;
use crate::platform::log::{self, RequestId};
use crate::platform::sql::{self, Database};

/// Jobs run in one alarm before the next alarm is set: an alarm that fails is given up after six tries.
const JOBS_PER_ALARM: usize = 16;

/// See the module.
#[durable_object]
pub struct StoreObject {
    store: Rc<Store>,
}

/// The object's inside, shared with the work that is under way in it.
pub(super) struct Store {
    pub(super) database: Database,
    pub(super) env: Env,
    pub(super) alarm: Alarm,
    /// Since when a copy is being written to KV; 0 when none is.
    pub(super) writing_kv_since: Cell<i64>,
    migrated: Cell<bool>,
}

impl DurableObject for StoreObject {
    fn new(state: State, env: Env) -> Self {
        let database = Database::new(state.storage());
        let store = Store {
            database,
            env,
            alarm: Alarm::default(),
            writing_kv_since: Cell::new(0),
            migrated: Cell::new(false),
        };
        Self { store: Rc::new(store) }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let store = self.store.clone();
        answer(request, move |envelope| async move { store.answer(envelope).await }).await
    }

    async fn alarm(&self) -> worker::Result<Response> {
        let store = self.store.clone();
        store.alarm.went_off();
        match contain(async move { store.work().await }).await {
            Some(Ok(())) => Response::empty(),
            // The runtime tries a failed alarm again, later and later; the rows are still there.
            Some(Err(error)) => Err(worker::Error::RustError(error.to_string())),
            None => Err(worker::Error::RustError("panicked in an alarm".to_owned())),
        }
    }
}

impl Store {
    async fn answer(self: Rc<Self>, envelope: Envelope<StoreCall>) -> Result<serde_json::Value> {
        let Envelope { request_id, call } = envelope;
        if !matches!(call, StoreCall::Register(_)) && !sql::exists(&self.database)? {
            return Err(Error::UnknownApp);
        }
        self.migrate()?;
        let answer = match call {
            StoreCall::Register(call) => reply(self.register(call).await?),
            StoreCall::Describe(_) => reply(self.describe()?),
            StoreCall::Remove(call) => return reply(self.remove(&call, &request_id).await?),
            StoreCall::ReadEdge(_) => {
                // A shopper is waiting, so the registry is not told; the alarm alone is seen to.
                self.alarm.keep(&self.database, jobs::earliest(&self.database)?).await?;
                return reply(self.read_edge()?);
            }
            StoreCall::Install(call) => reply(self.install(call, &request_id).await?),
            StoreCall::Load(call) => reply(self.load(&call, &request_id).await?),
            StoreCall::Uninstall(call) => reply(self.uninstall(&call, &request_id)?),
            StoreCall::RemoveUser(call) => reply(self.remove_user(&call, &request_id)?),
            StoreCall::ReadOverview(call) => reply(self.read_overview(&call, &request_id).await?),
            StoreCall::TestConnection(call) => reply(self.test_connection(&call, &request_id).await?),
            StoreCall::ReadAudit(call) => reply(self.read_audit(&call)?),
            StoreCall::ReadSession(call) => reply(self.read_session(&call)?),
            StoreCall::EndSession(call) => reply(self.end_session(&call)?),
            StoreCall::ReadSettings(call) => reply(self.read_settings(&call)?),
            StoreCall::PatchSettings(call) => reply(self.patch_settings(&call, &request_id).await?),
            StoreCall::ReadAccess(_) => return reply(self.read_access()?),
            StoreCall::ReadFeedSetup(_) => return reply(self.read_feed_setup()?),
            StoreCall::NoteDone(call) => return reply(self.note_done(&call)?),
            StoreCall::TakeEvent(call) => reply(self.take_event(&call, &request_id)?),
            StoreCall::Wake(Wake {}) => {
                // Whatever this object believes of its alarm, cron knows better: it is late.
                self.alarm.went_off();
                reply(())
            }
            #[cfg(feature = "test-hooks")]
            StoreCall::Panic(_) => self.database.transaction(|| {
                self.database.run("DELETE FROM settings", vec![])?;
                panic!("a panic that a test asked for, in the middle of a change")
            }),
        };
        self.keep_alarm().await?;
        answer
    }

    pub(super) fn bindings(&self) -> Result<Rc<Bindings>> {
        Bindings::of(&self.env)
    }

    /// The registered app; every call but `Register` needs one.
    pub(super) fn app(&self) -> Result<App> {
        App::read(&self.database)?.ok_or(Error::UnknownApp)
    }

    /// Forgets what the object knew of its tables, when they are gone.
    pub(super) fn start_over(&self) {
        self.migrated.set(false);
        self.alarm.start_over();
    }

    fn migrate(&self) -> Result<()> {
        if !self.migrated.get() {
            sql::migrate(&self.database, MIGRATIONS, clock::now())?;
            self.migrated.set(true);
            self.look_for_old_seals()?;
        }
        Ok(())
    }

    /// A retired sealing key is noticed when the object starts.
    fn look_for_old_seals(&self) -> Result<()> {
        let Some(app) = App::read(&self.database)? else { return Ok(()) };
        if rows::reseal(&self.database, &self.bindings()?.sealer, &app.client_id, true)? > 0 {
            let now = clock::now();
            jobs::schedule(&self.database, JobKind::Reseal, now, now)?;
        }
        Ok(())
    }

    /// Sets the alarm to the next job, and lets the registry know if that is news.
    pub(super) async fn keep_alarm(&self) -> Result<()> {
        let due = jobs::earliest(&self.database)?;
        self.alarm.keep(&self.database, due).await?;
        if let Some(app) = App::read(&self.database)? {
            self.alarm.note(&self.env, &app.client_id, AppObject::Store, due).await;
        }
        Ok(())
    }

    /// Runs what is due, then sets the next alarm.
    async fn work(&self) -> Result<()> {
        if !sql::exists(&self.database)? {
            return Ok(());
        }
        self.migrate()?;
        for _ in 0..JOBS_PER_ALARM {
            let now = clock::now();
            let Some(job) = jobs::next_due(&self.database, now)? else { break };
            self.run(&job).await?;
        }
        self.keep_alarm().await
    }

    /// One try of one job. Its failure is logged and tried again later; it does not fail the alarm.
    pub(super) async fn run(&self, job: &Job) -> Result<()> {
        jobs::begin(&self.database, job, clock::now())?;
        let request_id = RequestId::random();
        match self.run_kind(job, &request_id).await {
            Ok(outcome) => jobs::finish(&self.database, job, &outcome),
            Err(error) => {
                let fields = serde_json::json!({"job": job.kind.name(), "attempt": job.attempts + 1, "client_id": self.client_id()});
                log::error("job_failed", &request_id, &error, fields);
                Ok(())
            }
        }
    }

    async fn run_kind(&self, job: &Job, request_id: &RequestId) -> Result<Outcome> {
        match job.kind {
            JobKind::WriteKvCopy => self.write_kv_copy().await,
            JobKind::ReadStore => self.read_store(request_id).await,
            JobKind::ConfirmUninstall => self.confirm_uninstall(job, request_id).await,
            JobKind::ReleaseStore => self.release_store(request_id).await,
            JobKind::Erase => self.erase(request_id).await,
            JobKind::Reseal => self.reseal(),
            JobKind::StartCatalog => self.start_catalog(request_id).await,
            JobKind::PlanFeeds => self.plan_feeds(request_id).await,
            JobKind::KeepHooks => self.keep_hooks(request_id).await,
            JobKind::WorkOffEvents => self.work_off_events(request_id),
            // Of another object.
            _ => Ok(Outcome::Done),
        }
    }

    fn client_id(&self) -> Option<ClientId> {
        App::read(&self.database).ok().flatten().map(|app| app.client_id)
    }

    fn reseal(&self) -> Result<Outcome> {
        let app = self.app()?;
        let bindings = self.bindings()?;
        let count =
            self.database.transaction(|| rows::reseal(&self.database, &bindings.sealer, &app.client_id, false))?;
        log::info("resealed", &RequestId::random(), serde_json::json!({"client_id": app.client_id, "count": count}));
        self.schedule_kv_copy()?;
        Ok(Outcome::Done)
    }
}
