//! What somebody in the console can do with feeds: begin one, stop, confirm or repeat it.

use super::{Cause, FeedRun, FeedRunView, State};
use crate::error::{Error, Result};
use crate::platform::clock;
use crate::platform::log::RequestId;
use crate::store::audit::Action;
use crate::store::calls::{DecideFeed, Decision, FeedSetup, NoteDone, StartFeed};
use crate::store::catalog::catalog_do::Catalog;
use crate::store::feed_settings::FeedKind;
use crate::store::jobs::{self, JobKind};

/// What is said of a category feed that nobody wants any more.
pub(super) const OFF: &str = "Category feeds are switched off, or feeds do not go by SFTP any more.";

impl Catalog {
    pub(in crate::store::catalog) async fn start_feed(
        &self,
        call: &StartFeed,
        request_id: &RequestId,
    ) -> Result<FeedRunView> {
        let setup = self.feed_setup(request_id).await?;
        setup.refuse_incomplete()?;
        self.refuse_second()?;
        let done = NoteDone { user: call.user.clone(), action: Action::FeedStarted, about: None };
        self.note_first(done, request_id).await?;
        let run = self.database.transaction(|| {
            self.begin_feed(&setup, FeedKind::Products, Cause::Hand, Some(call.user.clone()), call.send_unchanged)
        })?;
        Ok(self.feed_view(run))
    }

    pub(in crate::store::catalog) async fn decide_feed(
        &self,
        call: &DecideFeed,
        request_id: &RequestId,
    ) -> Result<FeedRunView> {
        let setup = self.feed_setup(request_id).await?;
        let run = self.feed_run(call.id)?;
        let action = self.may_decide(call.decision, &run, &setup)?;
        let about = Some((run.id, run.created_at.to_string()));
        self.note_first(NoteDone { user: call.user.clone(), action, about }, request_id).await?;
        let now = clock::now();
        let run = self.database.transaction(|| {
            let mut run = self.feed_run(call.id)?;
            self.may_decide(call.decision, &run, &setup)?;
            match call.decision {
                Decision::Cancel => {
                    // Beside one that is held, one of the other kind may be under way.
                    if run.state.is_under_way() {
                        self.break_off(&run);
                        jobs::cancel(&self.database, JobKind::Feed)?;
                    }
                    run.end(State::Cancelled, "", now);
                }
                Decision::Confirm => {
                    run.is_confirmed = true;
                    run.state = State::Checking;
                    run.message.clear();
                    jobs::schedule(&self.database, JobKind::Feed, now, now)?;
                }
                Decision::Retry => {
                    let same = run.destination == setup.address(run.feed) && run.channel == setup.feeds().channel;
                    // Only the newest file is still right, and only for where it was made for.
                    if run.sha256.is_empty() || !same || !self.is_newest(&run)? {
                        let send_unchanged = run.send_unchanged;
                        let user = Some(call.user.clone());
                        return self.begin_feed(&setup, run.feed, Cause::Retry, user, send_unchanged);
                    }
                    run = FeedRun { state: State::Delivering, finished_at: None, attempts: 0, ..run };
                    run.message.clear();
                    jobs::schedule(&self.database, JobKind::Feed, now, now)?;
                }
            }
            self.keep_feed(&run)?;
            Ok(run)
        })?;
        Ok(self.feed_view(run))
    }

    /// What the audit log calls a decision that can be taken.
    fn may_decide(&self, decision: Decision, run: &FeedRun, setup: &FeedSetup) -> Result<Action> {
        match (decision, run.state) {
            (Decision::Cancel, state) if !state.is_over() => Ok(Action::FeedCancelled),
            (Decision::Confirm, State::Held) => self.refuse_another(run).map(|()| Action::FeedConfirmed),
            (Decision::Retry, State::Failed) => {
                setup.refuse_incomplete()?;
                if run.feed == FeedKind::Categories && !setup.feeds().sends_categories() {
                    return Err(Error::Conflict { message: OFF.to_owned() });
                }
                self.refuse_another(run).map(|()| Action::FeedRetried)
            }
            _ => Err(Error::Conflict { message: refusal(decision).to_owned() }),
        }
    }

    fn is_newest(&self, run: &FeedRun) -> Result<bool> {
        Ok(self.last_feeds(1)?.first().is_some_and(|newest| newest.id == run.id))
    }

    fn refuse_another(&self, run: &FeedRun) -> Result<()> {
        match self.feed_under_way()? {
            Some(other) if other.id != run.id => Err(Error::Conflict {
                message: "Another feed is under way. Wait until it is done, or cancel it.".to_owned(),
            }),
            _ => Ok(()),
        }
    }
}

fn refusal(decision: Decision) -> &'static str {
    match decision {
        Decision::Cancel => "This feed is over already.",
        Decision::Confirm => "This feed does not wait for a confirmation any more.",
        Decision::Retry => "Only a feed that failed can be tried again.",
    }
}
