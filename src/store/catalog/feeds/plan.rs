//! When feeds are due. The job `start_feed` stands at the next time; one that comes late catches up once.

use serde::Deserialize;

use super::{Cause, State};
use crate::error::{Error, Result};
use crate::feeds::schedule::Schedule;
use crate::platform::clock;
use crate::platform::log::{self, RequestId};
use crate::platform::zone::RuntimeZone;
use crate::store::calls::{PlanFeeds, StartSync};
use crate::store::catalog::catalog_do::Catalog;
use crate::store::feed_settings::FeedKind;
use crate::store::jobs::{self, JobKind, Outcome};

/// Later than this, a time was missed: the platform's alarms and cron events are late by a minute at most.
const LATE: i64 = 150;

/// Seconds until a feed that is due looks again whether the one before it is done.
const LOOK_AGAIN: i64 = 10;

#[derive(Deserialize)]
struct Row {
    schedule: String,
    time_zone: String,
    next_at: Option<i64>,
}

impl Catalog {
    /// Takes the schedule as it is set now.
    pub(in crate::store::catalog) fn plan_feeds(&self, plan: &PlanFeeds) -> Result<()> {
        let now = clock::now();
        self.database.transaction(|| {
            self.keep_client_id(&StartSync { client_id: plan.client_id.clone() })?;
            let known = self.feed_plan()?;
            if known.is_some_and(|known| known.schedule == plan.schedule && known.time_zone == plan.time_zone) {
                return Ok(());
            }
            let next_at = next(&plan.schedule, &plan.time_zone, now)?;
            self.database.run(
                "INSERT OR REPLACE INTO feed_plan (only_row, schedule, time_zone, next_at) VALUES (1, ?, ?, ?)",
                vec![plan.schedule.as_str().into(), plan.time_zone.as_str().into(), next_at.into()],
            )?;
            jobs::cancel(&self.database, JobKind::StartFeed)?;
            match next_at {
                Some(at) => jobs::schedule(&self.database, JobKind::StartFeed, at, now),
                None => Ok(()),
            }
        })
    }

    /// Whether feeds are sent by themselves.
    pub(in crate::store::catalog) fn has_feed_plan(&self) -> Result<bool> {
        Ok(self.feed_plan()?.is_some_and(|plan| plan.next_at.is_some()))
    }

    fn feed_plan(&self) -> Result<Option<Row>> {
        self.database.row("SELECT schedule, time_zone, next_at FROM feed_plan", vec![])
    }

    /// Begins the feed that is due, once, however late it is.
    pub(in crate::store::catalog) async fn start_due_feed(&self, request_id: &RequestId) -> Result<Outcome> {
        let Some((plan, due)) =
            self.feed_plan()?.and_then(|plan| Some((plan.next_at?, plan)).map(|(due, plan)| (plan, due)))
        else {
            return Ok(Outcome::Done);
        };
        if clock::now() < due {
            return Ok(Outcome::Again(due));
        }
        if self.feed_under_way()?.is_some() {
            return Ok(Outcome::Again(clock::now() + LOOK_AGAIN));
        }
        let setup = self.feed_setup(request_id).await?;
        let now = clock::now();
        let next_at = next(&plan.schedule, &plan.time_zone, now)?;
        self.database.transaction(|| {
            if self.feed_plan()?.is_none_or(|plan| plan.next_at != Some(due)) || self.feed_under_way()?.is_some() {
                return Ok(());
            }
            let cause = if now - due > LATE { Cause::CatchUp } else { Cause::Schedule };
            let mut run = self.begin_feed(&setup, FeedKind::Products, cause, None, false)?;
            if let Err(Error::Conflict { message }) = setup.refuse_incomplete() {
                run.end(State::Failed, message, now);
                self.keep_feed(&run)?;
            }
            self.database.run("UPDATE feed_plan SET next_at = ?", vec![next_at.into()])
        })?;
        let fields = serde_json::json!({"client_id": self.client_id()?, "due": due, "late": now - due});
        log::info("feed_due", request_id, fields);
        Ok(next_at.map_or(Outcome::Done, Outcome::Again))
    }
}

/// When a schedule comes next; never, if it is off.
fn next(schedule: &str, time_zone: &str, after: i64) -> Result<Option<i64>> {
    let schedule = Schedule::parse(schedule).map_err(Error::internal)?;
    let Some(schedule) = schedule else { return Ok(None) };
    let zone =
        RuntimeZone::named(time_zone).ok_or_else(|| Error::internal("a time zone that the runtime does not know"))?;
    Ok(schedule.next(after, &zone))
}
