//! Delivers by Ordergroove's product batches, a hundred variants a call: only what is new or different.
//!
//! Sending a product again changes nothing, so a run that dies goes on after the last product that was answered.

use std::rc::Rc;

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::FeedRun;
use super::runs::Next;
use crate::error::{Error, Result};
use crate::feeds::{Item, product_json};
use crate::ordergroove::product_id::ProductId;
use crate::ordergroove::products_batch::{self, Action, Fate, GAP, MOST_A_BATCH, Outcome};
use crate::platform::log::RequestId;
use crate::platform::{clock, http, patience};
use crate::store::calls::FeedSetup;
use crate::store::catalog::catalog_do::Catalog;

/// Changed products that are looked at for one call.
const PRODUCTS: i64 = 100;

/// Why a call came to nothing.
enum Stop {
    /// Again, after so many seconds.
    Later(i64),
    /// Not by itself; a sentence for the merchant.
    Refused(String),
    Ours(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

/// Products of one step.
struct Batch {
    items: Vec<Item>,
    products: i64,
    cursor: i64,
}

impl Catalog {
    pub(super) async fn deliver_in_batches(
        self: &Rc<Self>,
        run: &FeedRun,
        setup: &FeedSetup,
        request_id: &RequestId,
    ) -> Result<Next> {
        let Some(batch) = self.next_batch(run, setup)? else {
            return self.accept(run, setup);
        };
        let mut refused = Vec::new();
        for items in batch.items.chunks(MOST_A_BATCH) {
            match send(setup, items).await {
                Ok(more) => refused.extend(more),
                Err(Stop::Ours(error)) => return Err(error),
                Err(Stop::Refused(message)) => return self.put_off_delivery(run, &message, true, 0, request_id),
                Err(Stop::Later(seconds)) => {
                    let message = "Ordergroove did not take the products yet.";
                    return self.put_off_delivery(run, message, false, seconds, request_id);
                }
            }
        }
        self.commit_feed(run, |run| {
            self.note_refused(run, &refused)?;
            run.cursor = batch.cursor;
            run.stage_done += batch.products;
            run.attempts = 0;
            run.next_try_at = None;
            run.message.clear();
            Ok(())
        })?;
        Ok(Next::At(clock::now()))
    }

    /// The next products that changed, whole ones, with about as many variants as a call takes.
    fn next_batch(&self, run: &FeedRun, setup: &FeedSetup) -> Result<Option<Batch>> {
        #[derive(Deserialize)]
        struct Changed {
            product_id: i64,
        }
        let changed: Vec<Changed> = self.database.rows(
            "SELECT product_id FROM feed_changes WHERE run = ? AND product_id > ? AND kind != 'removed' ORDER BY product_id LIMIT ?",
            vec![run.id.into(), run.cursor.into(), PRODUCTS.into()],
        )?;
        if changed.is_empty() {
            return Ok(None);
        }
        let ids: Vec<i64> = changed.iter().map(|changed| changed.product_id).collect();
        let named = json!(ids).to_string();
        let rows =
            self.feed_rows("p.id IN (SELECT value FROM json_each(?)) ORDER BY p.id", || vec![named.as_str().into()])?;
        let mut batch = Batch { items: Vec::new(), products: 0, cursor: run.cursor };
        for id in ids {
            let row = rows.iter().find(|row| i64::try_from(row.id()) == Ok(id));
            let items = row.map(|row| row.items(&setup.storefront)).unwrap_or_default();
            if !batch.items.is_empty() && batch.items.len() + items.len() > MOST_A_BATCH {
                break;
            }
            batch.items.extend(items);
            batch.products += 1;
            batch.cursor = id;
        }
        Ok(Some(batch))
    }

    fn note_refused(&self, run: &mut FeedRun, refused: &[Item]) -> Result<()> {
        if refused.is_empty() {
            return Ok(());
        }
        let reason = "Ordergroove refused it when it was sent. Ask Ordergroove why.";
        let row = |item: &Item| json!([item.product_id, item.variant_id, item.name, item.sku, reason]);
        self.keep_left_out(run.id, &refused.iter().map(row).collect::<Vec<Value>>())?;
        run.left_out += i64::try_from(refused.len()).unwrap_or(i64::MAX);
        Ok(())
    }
}

/// Sends items: what Ordergroove does not know is created. Gives those that it refused.
async fn send(setup: &FeedSetup, items: &[Item]) -> Result<Vec<Item>, Stop> {
    let (mut action, mut left) = (Action::Update, items.to_vec());
    let mut refused = Vec::new();
    loop {
        let fates = ask(setup, action, &left).await?;
        let of = |wanted: Fate| {
            let chosen = left.iter().filter(|item| fates.contains(&(item.id(), wanted)));
            chosen.cloned().collect::<Vec<Item>>()
        };
        if !of(Fate::Again).is_empty() {
            return Err(Stop::Later(1));
        }
        refused.extend(of(Fate::Refused));
        left = of(Fate::Unknown);
        if left.is_empty() {
            return Ok(refused);
        }
        action = Action::Create;
    }
}

async fn ask(setup: &FeedSetup, action: Action, items: &[Item]) -> Result<Vec<(ProductId, Fate)>, Stop> {
    // What keeps no rule of Ordergroove's was left out of the file as well.
    let products: Vec<(ProductId, Value)> =
        items.iter().filter_map(|item| Some((item.id(), product_json::value(item).ok()?))).collect();
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let (ids, values): (Vec<ProductId>, Vec<Value>) = products.into_iter().unzip();
    let url = Url::parse(setup.rest_url()).map_err(Error::internal)?;
    let key = setup.api_key.as_ref().ok_or_else(|| Error::internal("no API key"))?;
    let answer = http::send(products_batch::request(action, &url, key.expose(), values)).await;
    patience::pause(GAP).await;
    let answer = answer.map_err(|_| Stop::Later(1))?;
    match products_batch::read(action, &answer, &ids) {
        Outcome::Read(fates) => Ok(fates),
        Outcome::Again { after } => Err(Stop::Later(after.into())),
        Outcome::Refused(message) => Err(Stop::Refused(message.to_owned())),
    }
}
