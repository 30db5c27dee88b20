//! Runs as rows: how one begins, goes on step by step, and ends.

use std::rc::Rc;

use serde::Deserialize;
use serde_json::json;

use super::{Cause, FeedRun, State};
use crate::bigcommerce::ids::PanelUser;
use crate::error::{Error, Result};
use crate::platform::clock;
use crate::platform::log::{self, RequestId};
use crate::store::call;
use crate::store::calls::{FeedSetup, ReadFeedSetup};
use crate::store::catalog::catalog_do::Catalog;
use crate::store::catalog::sync::SyncState;
use crate::store::feed_settings::FeedKind;
use crate::store::jobs::{self, Job, JobKind, MOST_TRIES, Outcome};

/// Runs that are kept.
const KEPT: i64 = 10;

/// What is said of a product feed that no category feed follows, though one is wanted.
const NO_CATEGORIES: &str =
    "No category feed was sent: Ordergroove's REST API takes none. Choose SFTP as the way of sending for it.";

/// What a step asks for next.
pub(super) enum Next {
    /// The next step, at this second.
    At(i64),
    /// Nothing: it is over, or held.
    Nothing,
}

#[derive(Deserialize)]
struct Row {
    id: i64,
    json: String,
}

impl Row {
    fn run(self) -> Result<FeedRun> {
        let run: FeedRun = serde_json::from_str(&self.json).map_err(Error::internal)?;
        Ok(FeedRun { id: self.id, ..run })
    }
}

impl Catalog {
    /// What is needed to send a feed, as the app's StoreObject has it now.
    pub(in crate::store::catalog) async fn feed_setup(&self, request_id: &RequestId) -> Result<FeedSetup> {
        let client_id = self.client_id()?.ok_or(Error::NotInstalled)?;
        call(self.env(), client_id.as_str(), request_id, ReadFeedSetup {}).await
    }

    /// Refuses while a run is under way.
    pub(super) fn refuse_second(&self) -> Result<()> {
        if self.feed_under_way()?.is_none() {
            return Ok(());
        }
        Err(Error::Conflict { message: "A feed is under way. Wait until it is done, or cancel it.".to_owned() })
    }

    /// Begins a run, in a transaction; one of the same kind that is held makes room for it.
    pub(super) fn begin_feed(
        &self,
        setup: &FeedSetup,
        feed: FeedKind,
        cause: Cause,
        user: Option<PanelUser>,
        send_unchanged: bool,
    ) -> Result<FeedRun> {
        let now = clock::now();
        self.refuse_second()?;
        for mut held in self.feed_runs("state = 'held'")?.into_iter().filter(|held| held.feed == feed) {
            held.end(State::Cancelled, "A newer feed took its place.", now);
            self.keep_feed(&held)?;
        }
        let is_first = feed == FeedKind::Products;
        let mut run = FeedRun {
            id: 0,
            feed,
            cause,
            user,
            state: State::Waiting,
            send_unchanged,
            is_confirmed: false,
            channel: setup.feeds().channel,
            destination: setup.address(feed),
            file: setup.file(feed),
            storefront: setup.storefront.clone(),
            cursor: 0,
            is_followed: is_first && setup.feeds().sends_categories(),
            tree: None,
            anew: 0,
            within: 0,
            so_far: String::new(),
            stage_done: 0,
            stage_total: 0,
            created_at: now,
            finished_at: None,
            attempts: 0,
            next_try_at: None,
            products: 0,
            products_before: 0,
            items: 0,
            left_out: 0,
            added: 0,
            changed: 0,
            removed: 0,
            chunks: 0,
            bytes: 0,
            sha256: String::new(),
            attempted: false,
            is_placing: false,
            removes_first: false,
            message: String::new(),
            notes: Vec::new(),
        };
        if is_first && setup.feeds().wants_categories() && !run.is_followed {
            run.notes.push(NO_CATEGORIES.to_owned());
        }
        let row: Option<Row> = self.database.row(
            "INSERT INTO feed_runs (state, json) VALUES (?, ?) RETURNING id, json",
            vec![run.state.name().into(), text(&run)?.into()],
        )?;
        run.id = row.map(|row| row.id).ok_or_else(|| Error::internal("no run"))?;
        self.database.run(
            "DELETE FROM feed_runs WHERE id NOT IN (SELECT id FROM feed_runs ORDER BY id DESC LIMIT ?)",
            vec![KEPT.into()],
        )?;
        self.tidy_later()?;
        jobs::schedule(&self.database, JobKind::Feed, now, now)?;
        Ok(run)
    }

    /// Begins the category feed that follows, in the transaction in which a product feed ends well.
    pub(super) fn begin_categories(&self, run: &FeedRun, setup: &FeedSetup) -> Result<()> {
        if run.is_followed && setup.feeds().sends_categories() {
            self.begin_feed(setup, FeedKind::Categories, run.cause, run.user.clone(), run.send_unchanged)?;
        }
        Ok(())
    }

    /// The run that the job goes on with.
    pub(super) fn feed_under_way(&self) -> Result<Option<FeedRun>> {
        Ok(self.last_feeds(KEPT)?.into_iter().find(|run| run.state.is_under_way()))
    }

    /// The newest run that came to an end, or is held: the product feed's, unless the category feed after it is what
    /// somebody should look at.
    pub(in crate::store::catalog) fn last_feed(&self) -> Result<Option<FeedRun>> {
        let ended = |run: &FeedRun| !run.state.is_under_way() && run.state != State::Cancelled;
        let (mut products, mut categories) = (None, None);
        for run in self.last_feeds(KEPT)?.into_iter().filter(ended) {
            match run.feed {
                FeedKind::Products => {
                    products = Some(run);
                    break;
                }
                FeedKind::Categories => categories = categories.or(Some(run)),
            }
        }
        let is_fine = products.as_ref().is_none_or(|run| !run.needs_attention());
        Ok(categories.filter(|run| is_fine && run.needs_attention()).or(products))
    }

    /// The newest runs first.
    pub(super) fn last_feeds(&self, most: i64) -> Result<Vec<FeedRun>> {
        self.feed_runs(&format!("true ORDER BY id DESC LIMIT {most}"))
    }

    pub(super) fn feed_run(&self, id: i64) -> Result<FeedRun> {
        self.feed_runs(&format!("id = {id}"))?.into_iter().next().ok_or(Error::NotFound)
    }

    fn feed_runs(&self, condition: &str) -> Result<Vec<FeedRun>> {
        let rows: Vec<Row> =
            self.database.rows(&format!("SELECT id, json FROM feed_runs WHERE {condition}"), vec![])?;
        rows.into_iter().map(Row::run).collect()
    }

    pub(super) fn keep_feed(&self, run: &FeedRun) -> Result<()> {
        self.database.run(
            "UPDATE feed_runs SET state = ?, json = ? WHERE id = ?",
            vec![run.state.name().into(), text(run)?.into(), run.id.into()],
        )
    }

    /// Commits what `step` makes of a run, unless somebody decided otherwise meanwhile.
    pub(super) fn commit_feed(&self, read: &FeedRun, step: impl Fn(&mut FeedRun) -> Result<()>) -> Result<()> {
        self.database.transaction(|| {
            let mut run = self.feed_run(read.id)?;
            if (run.state, run.cursor, run.within) != (read.state, read.cursor, read.within) {
                return Ok(());
            }
            step(&mut run)?;
            self.keep_feed(&run)
        })
    }

    /// Ends a run, and says so in the log.
    pub(super) fn end_feed(&self, read: &FeedRun, state: State, message: &str) -> Result<Next> {
        self.commit_feed(read, |run| {
            run.end(state, message, clock::now());
            Ok(())
        })?;
        self.log_feed(read.id)?;
        Ok(Next::Nothing)
    }

    /// One line a run, when it is over.
    pub(super) fn log_feed(&self, id: i64) -> Result<()> {
        let run = self.feed_run(id)?;
        let fields = json!({"client_id": self.client_id()?, "run": id, "feed": run.feed, "state": run.state, "cause": run.cause,
            "products": run.products, "items": run.items, "left_out": run.left_out, "bytes": run.bytes,
            "attempts": run.attempts, "seconds": clock::now() - run.created_at});
        log::info("feed_ended", &RequestId::random(), fields);
        Ok(())
    }

    /// One step of the run under way.
    pub(in crate::store::catalog) async fn feed(self: &Rc<Self>, job: &Job, request_id: &RequestId) -> Result<Outcome> {
        let Some(run) = self.feed_under_way()? else { return Ok(Outcome::Done) };
        if job.attempts >= MOST_TRIES {
            self.end_feed(&run, State::Failed, "Something went wrong on our side. Try it again.")?;
            return Ok(Outcome::Done);
        }
        let next = match run.state {
            State::Waiting | State::Syncing if run.feed == FeedKind::Categories => {
                self.read_categories(&run, request_id).await?
            }
            State::Waiting => self.begin_sync_for_feed(&run)?,
            State::Syncing => self.wait_for_sync(&run)?,
            State::Building => self.build_feed(&run).await?,
            State::Checking => self.check_feed(&run, request_id).await?,
            _ => self.deliver_feed(&run, request_id).await?,
        };
        Ok(match next {
            Next::At(at) => Outcome::Again(at),
            Next::Nothing => Outcome::Done,
        })
    }

    /// Has the catalogue read for this run, after whatever is being read already.
    fn begin_sync_for_feed(&self, run: &FeedRun) -> Result<Next> {
        self.commit_feed(run, |run| {
            if self.begin_list()? {
                run.state = State::Syncing;
            }
            Ok(())
        })?;
        Ok(Next::At(clock::now() + 1))
    }

    /// Waits until it is read.
    fn wait_for_sync(&self, run: &FeedRun) -> Result<Next> {
        let Some(sync) = self.run_of_sync()? else { return self.begin_sync_for_feed(run) };
        match sync.state {
            _ if sync.is_under_way() => Ok(Next::At(clock::now() + 1)),
            SyncState::Done => {
                let (before, total) = (self.accepted_products(&run.destination)?, self.count_all()?);
                self.commit_feed(run, |run| {
                    run.state = State::Building;
                    run.products_before = before;
                    run.stage_total = total;
                    Ok(())
                })?;
                Ok(Next::At(clock::now()))
            }
            SyncState::Cancelled => self.end_feed(run, State::Failed, "Reading the catalogue was cancelled."),
            _ => self.end_feed(run, State::Failed, &sync.message),
        }
    }

    /// Ends the run under way and the schedule: the store left.
    pub(in crate::store::catalog) fn stop_feeds(&self, message: &str) -> Result<()> {
        for mut run in self.last_feeds(KEPT)?.into_iter().filter(|run| !run.state.is_over()) {
            run.end(State::Cancelled, message, clock::now());
            self.keep_feed(&run)?;
        }
        self.database.run("DELETE FROM feed_plan", vec![])
    }
}

fn text(run: &FeedRun) -> Result<String> {
    serde_json::to_string(run).map_err(Error::internal)
}
