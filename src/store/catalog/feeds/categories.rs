//! Reads the store's categories for a category feed, a page a step: those of the default storefront's tree where that
//! is known, else all. At the pace of everything that is read of the store.

use serde_json::json;

use super::runs::Next;
use super::{FeedRun, State};
use crate::bigcommerce::categories::{CategoriesPage, Follows, TreesPage, follows};
use crate::bigcommerce::products::Reader;
use crate::error::{Error, Party, Result};
use crate::outbound::{OutboundAnswer, OutboundRequest};
use crate::platform::clock;
use crate::platform::log::{self, RequestId};
use crate::store::catalog::catalog_do::Catalog;
use crate::store::catalog::product_rows::sql_id;
use crate::store::catalog::reading::{MOST_FAILURES, Stop, read, second_of};

/// Times that categories are read anew because some came or went while they were read.
const MOST_ANEW: i64 = 5;

impl Catalog {
    /// One page, or first the tree.
    pub(super) async fn read_categories(&self, run: &FeedRun, request_id: &RequestId) -> Result<Next> {
        let read = match run.state {
            State::Waiting => self.choose_tree(run, request_id).await,
            _ => self.read_page_of_categories(run, request_id).await,
        };
        match read {
            Ok(next) => Ok(next),
            Err(Stop::Wait(until)) => Ok(Next::At(until)),
            Err(Stop::Failed(error @ Error::NotInstalled)) => Err(error),
            Err(Stop::Failed(error)) => self.put_off_reading(run, &error, request_id),
        }
    }

    /// The tree stays the same for the whole file, whatever changes meanwhile.
    async fn choose_tree(&self, run: &FeedRun, request_id: &RequestId) -> Result<Next, Stop> {
        let tree = match self.feed_setup(request_id).await?.storefront_channel {
            Some(channel) => {
                let answer = self.ask_about_categories(request_id, |reader| reader.trees(channel)).await?;
                read::<TreesPage>(&answer)?.data.first().map(|tree| tree.id)
            }
            None => None,
        };
        self.commit_feed(run, |run| {
            run.tree = tree;
            run.state = State::Syncing;
            run.went_on();
            Ok(())
        })?;
        Ok(Next::At(clock::now()))
    }

    async fn read_page_of_categories(&self, run: &FeedRun, request_id: &RequestId) -> Result<Next, Stop> {
        let unsigned = |number| u64::try_from(number).unwrap_or(0);
        let before = unsigned(run.cursor);
        let answer = self.ask_about_categories(request_id, |reader| reader.categories(run.tree, before)).await?;
        let page: CategoriesPage = read(&answer)?;
        let follows = follows(&page, before, unsigned(run.stage_total));
        if follows == Follows::Nonsense {
            return Err(Error::upstream(Party::BigCommerce, "no page of categories").into());
        }
        if follows == Follows::Shifted && run.anew >= MOST_ANEW {
            let message = "The store's categories kept changing while they were read. Try it again.";
            return Ok(self.end_feed(run, State::Failed, message)?);
        }
        let accepted = self.accepted_products(&run.destination)?;
        let total = page.total().and_then(sql_id).unwrap_or(0);
        self.commit_feed(run, |run| {
            run.went_on();
            if follows == Follows::Shifted {
                (run.cursor, run.stage_done, run.anew) = (0, 0, run.anew + 1);
                return Ok(());
            }
            self.keep_categories(&page, run.cursor == 0)?;
            run.cursor += i64::try_from(page.data.len()).unwrap_or(0);
            (run.stage_done, run.stage_total) = (run.cursor, total);
            if follows == Follows::Nothing {
                (run.state, run.cursor, run.stage_done) = (State::Building, 0, 0);
                run.products_before = accepted;
            }
            Ok(())
        })?;
        Ok(Next::At(clock::now()))
    }

    /// Writes a page down; with the first, what was read for another feed goes.
    fn keep_categories(&self, page: &CategoriesPage, is_first: bool) -> Result<()> {
        if is_first {
            self.database.run("DELETE FROM categories", vec![])?;
        }
        let rows: Vec<_> =
            page.data.iter().filter_map(|category| Some(json!([sql_id(category.id)?, category.name]))).collect();
        self.database.run(
            "INSERT OR REPLACE INTO categories (id, name) SELECT value ->> 0, value ->> 1 FROM json_each(?)",
            vec![json!(rows).to_string().into()],
        )
    }

    async fn ask_about_categories(
        &self,
        request_id: &RequestId,
        question: impl FnOnce(&Reader<'_>) -> OutboundRequest,
    ) -> Result<OutboundAnswer, Stop> {
        let (access, bindings) = (self.access(request_id).await?, self.bindings()?);
        let reader = Reader {
            api_url: &bindings.bigcommerce_api_url,
            store: &access.store_hash,
            access_token: access.access_token.expose(),
        };
        self.ask(question(&reader)).await
    }

    /// Waits ever longer after tries that came to nothing, and says so.
    fn put_off_reading(&self, run: &FeedRun, error: &Error, request_id: &RequestId) -> Result<Next> {
        let fields = json!({"client_id": self.client_id()?, "run": run.id, "attempt": run.attempts + 1});
        log::error("categories_put_off", request_id, error, fields);
        if run.attempts >= MOST_FAILURES {
            let message = "BigCommerce could not be reached for hours, or gave no usable answer. Nothing was sent.";
            return self.end_feed(run, State::Failed, message);
        }
        let asked_to_wait = self.pace.borrow().room(clock::millis()).err().map(second_of);
        let message = match asked_to_wait {
            Some(_) => "BigCommerce asked us to slow down. It goes on by itself in a moment.",
            None => "BigCommerce could not be reached or gave no usable answer. It is tried again by itself.",
        };
        let at = asked_to_wait.unwrap_or(clock::now() + (2 << run.attempts.clamp(0, 9)));
        self.commit_feed(run, |run| {
            run.attempts += 1;
            run.next_try_at = Some(at);
            message.clone_into(&mut run.message);
            Ok(())
        })?;
        Ok(Next::At(at))
    }
}

impl FeedRun {
    /// A try came to something.
    fn went_on(&mut self) {
        self.attempts = 0;
        self.next_try_at = None;
        self.message.clear();
    }
}
