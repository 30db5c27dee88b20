//! Feeds as the console shows them.

use std::rc::Rc;

use futures_util::TryStreamExt as _;
use serde::Serialize;
use worker::Response;

use super::{Cause, FeedRun, State};
use crate::bigcommerce::ids::PanelUser;
use crate::error::{Error, FieldError, Result};
use crate::feeds::schedule::Schedule;
use crate::platform::clock;
use crate::platform::log::RequestId;
use crate::platform::zone::RuntimeZone;
use crate::store::calls::FeedSetup;
use crate::store::catalog::catalog_do::Catalog;
use crate::store::feed_settings::{self, Channel, FeedKind};

/// Runs that are foretold.
const FORETOLD: usize = 5;

/// Runs that are shown.
const SHOWN: i64 = 10;

/// What a schedule means.
#[derive(Debug, Serialize)]
pub struct SchedulePreview {
    is_off: bool,
    words: String,
    warnings: Vec<String>,
    /// Unix seconds.
    next: Vec<i64>,
}

impl SchedulePreview {
    /// Reads a schedule that is not saved yet; what is wrong is said by field.
    pub fn of(expression: &str, time_zone: &str) -> Result<Self> {
        let mut errors = Vec::new();
        let mut refuse = |field: &str, message: String| errors.push(FieldError { field: field.to_owned(), message });
        let schedule = match Schedule::parse(expression) {
            Ok(schedule) => schedule,
            Err(message) => {
                refuse("feeds.schedule", message);
                None
            }
        };
        let zone = RuntimeZone::named(time_zone);
        if zone.is_none() {
            refuse("feeds.time_zone", feed_settings::NO_ZONE.to_owned());
        }
        let Some(zone) = zone.filter(|_| errors.is_empty()) else { return Err(Error::InvalidSettings { errors }) };
        let next = schedule.as_ref().map(|schedule| {
            std::iter::successors(schedule.next(clock::now(), &zone), |at| schedule.next(*at, &zone))
                .take(FORETOLD)
                .collect()
        });
        Ok(Self {
            is_off: schedule.is_none(),
            words: schedule.as_ref().map(Schedule::words).unwrap_or_default(),
            warnings: schedule.as_ref().map(Schedule::warnings).unwrap_or_default(),
            next: next.unwrap_or_default(),
        })
    }
}

/// All that the page of feeds shows.
#[derive(Debug, Serialize)]
pub struct FeedsView {
    schedule: ScheduleView,
    destination: DestinationView,
    run: Option<FeedRunView>,
    runs: Vec<FeedRunView>,
}

#[derive(Debug, Serialize)]
struct ScheduleView {
    expression: String,
    time_zone: String,
    is_off: bool,
    words: String,
    warnings: Vec<String>,
    next: Vec<i64>,
}

#[derive(Debug, Serialize)]
struct DestinationView {
    channel: Channel,
    address: String,
    missing: Vec<String>,
    host_key: String,
}

/// A run.
#[derive(Debug, Serialize)]
pub struct FeedRunView {
    id: i64,
    feed: FeedKind,
    cause: Cause,
    user: Option<PanelUser>,
    state: State,
    stage_done: i64,
    stage_total: i64,
    created_at: i64,
    started_at: i64,
    finished_at: Option<i64>,
    attempts: i64,
    next_try_at: Option<i64>,
    products: i64,
    items: i64,
    left_out: i64,
    added: i64,
    changed: i64,
    removed: i64,
    bytes: i64,
    sha256: String,
    file: String,
    channel: Channel,
    destination: String,
    has_file: bool,
    message: String,
    notes: Vec<String>,
}

impl Catalog {
    pub(in crate::store::catalog) async fn read_feeds(&self, request_id: &RequestId) -> Result<FeedsView> {
        let setup = self.feed_setup(request_id).await?;
        let runs = self.last_feeds(SHOWN)?;
        let open = runs.iter().find(|run| !run.state.is_over()).cloned();
        Ok(FeedsView {
            schedule: schedule_view(&setup)?,
            destination: DestinationView {
                channel: setup.feeds().channel,
                address: setup.address(FeedKind::Products),
                missing: setup.missing().into_iter().map(str::to_owned).collect(),
                host_key: setup.settings.sftp.host_key.clone(),
            },
            run: open.map(|run| self.feed_view(run)),
            runs: runs.into_iter().map(|run| self.feed_view(run)).collect(),
        })
    }

    pub(in crate::store::catalog) fn read_feed(&self, id: i64) -> Result<FeedRunView> {
        Ok(self.feed_view(self.feed_run(id)?))
    }

    /// The file, chunk by chunk.
    pub(in crate::store::catalog) fn download_feed(self: Rc<Self>, id: i64) -> worker::Result<Response> {
        let Ok(run) = self.feed_run(id) else { return Response::error("no such feed", 404) };
        let file = self.feed_file(id, run.chunks);
        Response::from_stream(file.map_err(|error| worker::Error::RustError(error.to_string())))
    }

    pub(super) fn feed_view(&self, run: FeedRun) -> FeedRunView {
        let (stage_done, stage_total) = self.stage(&run);
        FeedRunView {
            id: run.id,
            feed: run.feed,
            cause: run.cause,
            user: run.user,
            state: run.state,
            stage_done,
            stage_total,
            created_at: run.created_at,
            started_at: run.created_at,
            finished_at: run.finished_at,
            attempts: run.attempts,
            next_try_at: run.next_try_at,
            products: run.products,
            items: run.items,
            left_out: run.left_out,
            added: run.added,
            changed: run.changed,
            removed: run.removed,
            bytes: run.bytes,
            has_file: !run.sha256.is_empty(),
            sha256: run.sha256,
            file: run.file,
            channel: run.channel,
            destination: run.destination,
            message: run.message,
            notes: run.notes,
        }
    }

    /// How far the stage is: what reading and delivering know better than the row.
    fn stage(&self, run: &FeedRun) -> (i64, i64) {
        match run.state {
            State::Syncing if run.feed == FeedKind::Products => {
                let sync = self.run_of_sync().ok().flatten();
                sync.map_or((0, 0), |sync| (sync.done, sync.total))
            }
            State::Delivering => {
                let sent = self.delivered.get().filter(|(id, _)| *id == run.id);
                let sent = sent.and_then(|(_, bytes)| i64::try_from(bytes).ok());
                (sent.unwrap_or(run.stage_done), run.stage_total)
            }
            _ => (run.stage_done, run.stage_total),
        }
    }
}

fn schedule_view(setup: &FeedSetup) -> Result<ScheduleView> {
    let (expression, time_zone) = (setup.feeds().schedule().to_owned(), setup.feeds().time_zone().to_owned());
    let SchedulePreview { is_off, words, warnings, next } = SchedulePreview::of(&expression, &time_zone)?;
    Ok(ScheduleView { expression, time_zone, is_off, words, warnings, next })
}
