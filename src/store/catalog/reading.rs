//! Reads the catalogue from BigCommerce, a few pages an alarm. Each page is committed with the cursor behind it.

use futures_util::future::join_all;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::catalog_do::Catalog;
use super::product_rows::sql_id;
use super::sync::{Phase, Run, SyncKind, SyncState};
use crate::bigcommerce::products::{MOST_A_PAGE, MOST_WITH_MODIFIERS, Product, ProductsPage, Reader};
use crate::error::{Error, Party, Result};
use crate::outbound::{OutboundAnswer, OutboundRequest};
use crate::platform::log::{self, RequestId};
use crate::platform::{clock, http};
use crate::store::calls::Access;
use crate::store::jobs::Outcome;

/// How long one alarm goes on reading before it sets the next.
const ALARM_MS: i64 = 10_000;

/// A round of re-reading modifiers is made of slices this far apart.
pub(super) const REREAD_EVERY: i64 = 5 * 60;

/// Slices of a round: a few less than a day has, so that a round is through within 24 hours.
const REREAD_SLICES: i64 = 270;

/// Tries in a row that may come to nothing before a run is given up: some two hours.
pub(super) const MOST_FAILURES: i64 = 14;

/// Products that are gone are forgotten, with what was set for them, after this long.
const FORGET_AFTER: i64 = 30 * 24 * 60 * 60;

/// Why a step did not get what it asked for.
pub(super) enum Stop {
    /// The store's quota is used up, or BigCommerce asked for patience: go on at this second.
    Wait(i64),
    /// BigCommerce said no, nothing or nonsense.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Catalog {
    /// Goes on with the run for some seconds.
    pub(super) async fn sync(&self, request_id: &RequestId) -> Result<Outcome> {
        let access = self.access(request_id).await?;
        let begun = clock::millis();
        while clock::millis() - begun < ALARM_MS {
            let Some(run) = self.run_of_sync()?.filter(Run::is_under_way) else { return Ok(Outcome::Done) };
            let stepped = match run.phase {
                Phase::Products => self.read_page(&access, &run).await,
                Phase::Options => self.read_modifiers(&access, &run).await,
            };
            match stepped {
                Ok(()) => {}
                Err(Stop::Wait(until)) => return Ok(Outcome::Again(until)),
                Err(Stop::Failed(error)) => return self.put_off(&error, request_id),
            }
        }
        Ok(Outcome::Again(clock::now()))
    }

    /// The next page of the list.
    async fn read_page(&self, access: &Access, run: &Run) -> Result<(), Stop> {
        let limit = self.page_limit()?;
        let since = (run.kind == SyncKind::Changes).then(|| clock::iso(run.since));
        let bindings = self.bindings()?;
        let reader = Reader {
            api_url: &bindings.bigcommerce_api_url,
            store: &access.store_hash,
            access_token: access.access_token.expose(),
        };
        let after = u64::try_from(run.cursor).unwrap_or(0);
        let answer = self.ask(reader.after(after, limit, since.as_deref())).await?;
        if answer.is_too_long {
            return Ok(self.keep_page_limit(limit)?);
        }
        let page: ProductsPage = read(&answer)?;
        let last_id = page.data.iter().filter_map(|product| sql_id(product.id)).max().unwrap_or(run.cursor);
        if last_id <= run.cursor && !page.data.is_empty() {
            return Err(Error::upstream(Party::BigCommerce, "a page of products before the one asked for").into());
        }
        Ok(self.commit(run, |run| self.keep_page(run, &page, limit, last_id))?)
    }

    fn keep_page(&self, run: &mut Run, page: &ProductsPage, limit: u32, last_id: i64) -> Result<()> {
        let is_last = page.is_last(limit);
        run.changed += self.keep_products(&page.data, run.kind == SyncKind::Changes)?;
        if run.kind != SyncKind::Changes {
            let covered = if is_last { 1 << 53 } else { last_id };
            run.gone += self.mark_missing(run.cursor, covered, &page.data)?;
        }
        run.requests += 1;
        run.done += count(page.data.len());
        run.total = run.done - count(page.data.len())
            + page.total().map_or(run.done, |total| i64::try_from(total).unwrap_or(0));
        run.total = run.total.max(run.done);
        run.cursor = last_id;
        if is_last {
            run.phase = Phase::Options;
            run.phase_started_at = clock::now();
            run.total = self.products_to_read(run)?;
            run.done = 0;
            run.cursor = 0;
        }
        Ok(())
    }

    /// The modifiers of the next products, up to three pages at a time.
    async fn read_modifiers(&self, access: &Access, run: &Run) -> Result<(), Stop> {
        let room = self.room()?;
        let ids = self.next_to_read(run, room * MOST_WITH_MODIFIERS)?;
        if ids.is_empty() {
            return Ok(self.commit(run, |run| self.finish(run))?);
        }
        let products = self.read_named(access, &ids, false).await?;
        Ok(self.commit(run, |run| {
            run.requests += count(ids.len().div_ceil(MOST_WITH_MODIFIERS));
            run.gone += self.mark_unanswered(&ids, &products)?;
            run.changed += self.keep_options(&products)?;
            run.done += count(ids.len());
            run.cursor = ids.last().and_then(|id| sql_id(*id)).unwrap_or(run.cursor);
            Ok(())
        })?)
    }

    /// The named products, ten a request, all at once: ask for [`Catalog::room`] before.
    pub(super) async fn read_named(&self, access: &Access, ids: &[u64], whole: bool) -> Result<Vec<Product>, Stop> {
        let bindings = self.bindings()?;
        let reader = Reader {
            api_url: &bindings.bigcommerce_api_url,
            store: &access.store_hash,
            access_token: access.access_token.expose(),
        };
        let pages = ids.chunks(MOST_WITH_MODIFIERS).map(|ids| self.read_few(&reader, ids, whole));
        let mut products = Vec::with_capacity(ids.len());
        for page in join_all(pages).await {
            products.extend(page?);
        }
        // What was not asked for is not believed to be an answer.
        products.retain(|product| ids.contains(&product.id));
        Ok(products)
    }

    /// One request, or one a product where ten together are too much to read at once.
    async fn read_few(&self, reader: &Reader<'_>, ids: &[u64], whole: bool) -> Result<Vec<Product>, Stop> {
        let request = |ids: &[u64]| if whole { reader.whole(ids) } else { reader.with_modifiers(ids) };
        let answer = self.ask(request(ids)).await?;
        if !answer.is_too_long {
            return Ok(read::<ProductsPage>(&answer)?.data);
        }
        let mut products = Vec::new();
        for id in ids {
            let mut answer = self.ask(request(&[*id])).await?;
            if answer.is_too_long {
                answer = self.ask(reader.with_modifiers(&[*id])).await?;
            }
            products.extend(read::<ProductsPage>(&answer)?.data);
        }
        Ok(products)
    }

    fn finish(&self, run: &mut Run) -> Result<()> {
        let now = clock::now();
        run.state = SyncState::Done;
        run.finished_at = Some(now);
        run.message = run.summary();
        if run.kind != SyncKind::List {
            self.database.run("UPDATE reading SET read_since = ?", vec![run.started_at.into()])?;
        }
        if run.kind != SyncKind::Changes {
            self.database.run("UPDATE reading SET page_limit = ?", vec![i64::from(MOST_A_PAGE).into()])?;
            self.forget_gone(now)?;
        }
        self.go_on_later(now)?;
        let fields = serde_json::json!({"client_id": self.client_id()?, "kind": run.kind, "products": run.total, "changed": run.changed,
            "gone": run.gone, "requests": run.requests, "seconds": now - run.started_at});
        log::info("catalog_read", &RequestId::random(), fields);
        Ok(())
    }

    fn forget_gone(&self, now: i64) -> Result<()> {
        for sql in [
            "DELETE FROM plans WHERE product_id IN (SELECT id FROM products WHERE gone_at < ?)",
            "DELETE FROM products WHERE gone_at < ?",
        ] {
            self.database.run(sql, vec![(now - FORGET_AFTER).into()])?;
        }
        Ok(())
    }

    /// A slice of the endless round through all modifiers.
    pub(super) async fn reread(&self, request_id: &RequestId) -> Result<Outcome> {
        #[derive(Deserialize)]
        struct Row {
            reread_cursor: i64,
        }
        let next = Outcome::Again(clock::now() + REREAD_EVERY);
        // A run reads them anyway.
        if self.run_of_sync()?.is_some_and(|run| run.is_under_way()) {
            return Ok(next);
        }
        let access = self.access(request_id).await?;
        let mut left = usize::try_from(self.counts()?.all / REREAD_SLICES + 1).unwrap_or(1);
        while left > 0 {
            let Ok(room) = self.room() else { return Ok(next) };
            let cursor = self
                .database
                .row::<Row>("SELECT reread_cursor FROM reading", vec![])?
                .map_or(0, |row| row.reread_cursor);
            let ids = self.ids_after(cursor, left.min(room * MOST_WITH_MODIFIERS), "true")?;
            let products = match self.read_named(&access, &ids, false).await {
                Ok(products) => products,
                Err(Stop::Wait(_)) => return Ok(next),
                Err(Stop::Failed(error)) => return Err(error),
            };
            let cursor = ids.last().and_then(|id| sql_id(*id)).unwrap_or(0);
            self.database.transaction(|| {
                let changed = self.mark_unanswered(&ids, &products)? + self.keep_options(&products)?;
                if changed > 0 {
                    self.next_generation()?;
                }
                self.database.run("UPDATE reading SET reread_cursor = ?", vec![cursor.into()])
            })?;
            if ids.is_empty() {
                break;
            }
            left = left.saturating_sub(ids.len());
        }
        Ok(next)
    }

    /// How many requests may leave now.
    pub(super) fn room(&self) -> Result<usize, Stop> {
        let room = self.pace.borrow().room(clock::millis());
        room.map(|room| room as usize).map_err(|until| Stop::Wait(second_of(until)))
    }

    /// Asks BigCommerce once, at the store's pace.
    pub(super) async fn ask(&self, request: OutboundRequest) -> Result<OutboundAnswer, Stop> {
        self.room()?;
        let answer = http::send(request).await?;
        let quota = {
            let mut pace = self.pace.borrow_mut();
            let before = pace.quota().map(|quota| quota.requests);
            pace.note(&answer, clock::millis());
            pace.quota().filter(|quota| Some(quota.requests) != before)
        };
        if let Some(quota) = quota {
            let window_ms = quota.window_ms;
            self.database.run(
                "UPDATE reading SET quota = ?, window_ms = ?",
                vec![i64::from(quota.requests).into(), window_ms.into()],
            )?;
        }
        match answer.status {
            200..=299 => Ok(answer),
            status => Err(Stop::Failed(Error::upstream(Party::BigCommerce, format!("answered {status}")))),
        }
    }

    /// Commits what `step` makes of a run, unless somebody stopped or restarted it meanwhile.
    fn commit(&self, read: &Run, step: impl Fn(&mut Run) -> Result<()>) -> Result<()> {
        self.database.transaction(|| {
            let same = |run: &Run| {
                run.is_under_way()
                    && (run.started_at, run.kind, run.cursor, run.phase)
                        == (read.started_at, read.kind, read.cursor, read.phase)
            };
            let Some(mut run) = self.run_of_sync()?.filter(same) else { return Ok(()) };
            run.state = SyncState::Running;
            run.failures = 0;
            run.message = String::new();
            let before = run.changed + run.gone;
            step(&mut run)?;
            if run.changed + run.gone > before {
                self.next_generation()?;
            }
            self.keep_run(&run)
        })
    }

    /// Waits ever longer after tries that came to nothing, and says so.
    fn put_off(&self, error: &Error, request_id: &RequestId) -> Result<Outcome> {
        if matches!(error, Error::NotInstalled) {
            return Err(error.clone());
        }
        let now = clock::now();
        log::error("sync_put_off", request_id, error, serde_json::json!({"client_id": self.client_id()?}));
        let Some(mut run) = self.run_of_sync()?.filter(Run::is_under_way) else { return Ok(Outcome::Done) };
        run.failures += 1;
        if run.failures > MOST_FAILURES {
            run.state = SyncState::Failed;
            run.finished_at = Some(now);
            "BigCommerce could not be reached for hours, or gave no usable answer. What was read is kept; it is tried again by itself.".clone_into(&mut run.message);
            self.database.transaction(|| {
                self.keep_run(&run)?;
                self.go_on_later(now)
            })?;
            return Ok(Outcome::Done);
        }
        let asked_to_wait = self.pace.borrow().room(clock::millis()).err().map(second_of);
        run.state = SyncState::Waiting;
        let said = match asked_to_wait {
            Some(_) => "BigCommerce asked us to slow down. It goes on by itself in a moment.",
            None => "BigCommerce could not be reached or gave no usable answer. It is tried again by itself.",
        };
        said.clone_into(&mut run.message);
        self.keep_run(&run)?;
        let backoff = 1_i64 << run.failures.clamp(0, 10);
        Ok(Outcome::Again(asked_to_wait.unwrap_or(now + backoff)))
    }

    fn products_to_read(&self, run: &Run) -> Result<i64> {
        #[derive(Deserialize)]
        struct Row {
            count: i64,
        }
        let sql = format!("SELECT count(*) AS count FROM products WHERE gone_at IS NULL AND {}", due(run));
        Ok(self.database.row::<Row>(&sql, vec![])?.map_or(0, |row| row.count))
    }

    fn next_to_read(&self, run: &Run, most: usize) -> Result<Vec<u64>> {
        self.ids_after(run.cursor, most, due(run))
    }

    fn ids_after(&self, cursor: i64, most: usize, condition: &str) -> Result<Vec<u64>> {
        #[derive(Deserialize)]
        struct Row {
            id: u64,
        }
        let rows: Vec<Row> = self.database.rows(
            &format!("SELECT id FROM products WHERE gone_at IS NULL AND id > ? AND {condition} ORDER BY id LIMIT ?"),
            vec![cursor.into(), count(most).into()],
        )?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    fn page_limit(&self) -> Result<u32> {
        #[derive(Deserialize)]
        struct Row {
            page_limit: u32,
        }
        Ok(self
            .database
            .row::<Row>("SELECT page_limit FROM reading", vec![])?
            .map_or(MOST_A_PAGE, |row| row.page_limit))
    }

    /// Asks for half as many products after a page that was too long to read.
    fn keep_page_limit(&self, limit: u32) -> Result<()> {
        if limit == 1 {
            return Err(Error::upstream(Party::BigCommerce, "one product is too long to read"));
        }
        self.database.run("UPDATE reading SET page_limit = ?", vec![i64::from(limit / 2).max(1).into()])
    }
}

/// Which products' modifiers a run reads.
fn due(run: &Run) -> &'static str {
    match run.kind {
        SyncKind::Full => "true",
        SyncKind::Changes | SyncKind::List => "options_due = 1",
    }
}

pub(super) fn read<T: DeserializeOwned>(answer: &OutboundAnswer) -> Result<T> {
    answer.json().map_err(|cause| Error::upstream(Party::BigCommerce, cause))
}

/// The second, of the app's clock, that a moment of the runtime's milliseconds falls before.
pub(super) fn second_of(millis: i64) -> i64 {
    let wait = (millis - clock::millis()).max(0);
    clock::now() + (wait + 999) / 1000
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
