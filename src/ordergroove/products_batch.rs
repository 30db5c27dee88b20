//! Product batches: the catalogue by REST, for merchants without SFTP (Ordergroove, "Bulk operations").
//!
//! A batch is an update first: after the first feed Ordergroove knows nearly every product. Those that it does not
//! know are then created. Both are safe to send again. What the merchant has changed of a product at Ordergroove
//! stays: `force_all_fields` is not sent.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::product_id::ProductId;
use crate::error::Party;
use crate::outbound::{OutboundAnswer, OutboundRequest, join};

/// Products of one request.
pub const MOST_A_BATCH: usize = 100;

/// The least time from one request to the next: half of the 600 a minute that all apps of a merchant share.
pub const GAP: Duration = Duration::from_millis(200);

const TIMEOUT: Duration = Duration::from_secs(30);

/// Seconds to wait after an answer that asks for it and names no time: Ordergroove counts by the minute.
const USUAL_WAIT: u32 = 60;
const LONGEST_WAIT: u32 = 60 * 60;

const RETRY_AFTER: &str = "retry-after";

/// What a batch does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Changes products that Ordergroove knows.
    Update,
    /// Adds products that it does not.
    Create,
}

/// A batch of at most [`MOST_A_BATCH`] products, each as `feeds::product_json` has it.
pub fn request(action: Action, rest_url: &Url, api_key: &str, products: Vec<Value>) -> OutboundRequest {
    let products = Value::Array(products);
    let mut request = match action {
        Action::Update => {
            OutboundRequest::patch(Party::Ordergroove, join(rest_url, "/products-batch/update/"), products, TIMEOUT)
        }
        Action::Create => {
            OutboundRequest::post(Party::Ordergroove, join(rest_url, "/products-batch/create/"), products, TIMEOUT)
        }
    };
    request.wanted = &[RETRY_AFTER];
    request.header("x-api-key", api_key)
}

/// What an answer says of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Each product by itself, in the order they were sent.
    Read(Vec<(ProductId, Fate)>),
    /// The batch is to be sent again, after so many seconds.
    Again {
        /// At least 1.
        after: u32,
    },
    /// Sending it again will not help; what the merchant is told.
    Refused(&'static str),
}

/// What became of one product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Ordergroove has it as it was sent.
    Done,
    /// Ordergroove does not know what was to be changed: it is to be created.
    Unknown,
    /// Ordergroove refused it, and will again.
    Refused,
    /// Nothing was said of it, or that it is to be sent again.
    Again,
}

/// Reads the answer to a batch of the products `sent`.
pub fn read(action: Action, answer: &OutboundAnswer, sent: &[ProductId]) -> Outcome {
    match answer.status {
        200..=299 => read_results(action, answer, sent),
        401 | 403 => Outcome::Refused(
            "Ordergroove refused the API key. Check it, and ask Ordergroove whether it has the permission Bulk Operations.",
        ),
        404 | 405 => Outcome::Refused(
            "What answered does not take product batches. Check the REST endpoint, or deliver by SFTP.",
        ),
        400 | 413 | 415 | 422 => Outcome::Refused(
            "Ordergroove refused the products as a whole. Deliver by SFTP, and ask Ordergroove whether product batches \
             are open to you.",
        ),
        // 423 is a lock, 429 the limit of a minute; the rest are outages.
        _ => Outcome::Again { after: wait(answer) },
    }
}

#[derive(Deserialize)]
struct Results {
    results: Vec<ItemResult>,
}

#[derive(Deserialize)]
struct ItemResult {
    product_id: String,
    status: u16,
}

/// Item by item: one that is refused says nothing of the others.
fn read_results(action: Action, answer: &OutboundAnswer, sent: &[ProductId]) -> Outcome {
    let Ok(Results { results }) = answer.json() else { return Outcome::Again { after: wait(answer) } };
    let statuses: BTreeMap<&str, u16> = results.iter().map(|item| (item.product_id.as_str(), item.status)).collect();
    let fate = |id: &ProductId| match statuses.get(id.to_string().as_str()) {
        Some(200..=299) => Fate::Done,
        Some(404) if action == Action::Update => Fate::Unknown,
        Some(423 | 429 | 500..) | None => Fate::Again,
        Some(_) => Fate::Refused,
    };
    Outcome::Read(sent.iter().map(|id| (*id, fate(id))).collect())
}

fn wait(answer: &OutboundAnswer) -> u32 {
    let named = answer.header(RETRY_AFTER).and_then(|text| text.trim().parse().ok());
    named.unwrap_or(USUAL_WAIT).clamp(1, LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::outbound::Method;

    fn id(variant: u64) -> ProductId {
        ProductId { product: 7, variant }
    }

    fn answer(status: u16, body: &str, retry_after: Option<&str>) -> OutboundAnswer {
        let headers = retry_after.map(|text| (RETRY_AFTER, text.to_owned())).into_iter().collect();
        OutboundAnswer { headers, ..OutboundAnswer::new(status, body) }
    }

    #[test]
    fn a_batch_is_an_array_with_the_key() {
        let rest = Url::parse("https://restapi.ordergroove.com").unwrap();
        let products = vec![json!({"product_id": "7_1"})];
        for (action, method, path) in [
            (Action::Update, Method::Patch, "/products-batch/update/"),
            (Action::Create, Method::Post, "/products-batch/create/"),
        ] {
            let request = request(action, &rest, "key", products.clone());
            assert_eq!((request.method, request.url.path(), request.url.query()), (method, path, None));
            assert_eq!(request.body, Some(json!([{"product_id": "7_1"}])));
            assert_eq!(request.headers, [("x-api-key", "key".to_owned())]);
        }
    }

    #[test]
    fn an_answer_is_read_item_by_item() {
        let body = r#"{"results":[{"product_id":"7_3","status":400},{"product_id":"7_1","status":200},
            {"product_id":"7_2","status":404},{"product_id":"7_5","status":503},{"product_id":"9_9","status":200}]}"#;
        let sent = [id(1), id(2), id(3), id(4), id(5)];
        let fates = [Fate::Done, Fate::Unknown, Fate::Refused, Fate::Again, Fate::Again];
        let expected = sent.into_iter().zip(fates).collect();
        assert_eq!(read(Action::Update, &answer(207, body, None), &sent), Outcome::Read(expected));
        let created = read(Action::Create, &answer(207, body, None), &sent[1..2]);
        assert_eq!(created, Outcome::Read(vec![(id(2), Fate::Refused)]), "it would go back and forth");
    }

    #[test]
    fn what_passes_is_tried_again_when_ordergroove_says() {
        for (status, body, retry_after, after) in [
            (429, "", Some("17"), 17),
            (429, "", Some(" 0 "), 1),
            (429, "", Some("999999"), 3600),
            (429, "", Some("Mon, 23 Nov 2026 04:00:00 GMT"), 60),
            (429, "", None, 60),
            (423, "", None, 60),
            (500, "", None, 60),
            (503, "", Some("5"), 5),
            (302, "", None, 60),
            (207, "<html>", None, 60),
            (207, r#"{"results":[{"product_id":"7_1","sta"#, None, 60),
            (200, "{}", None, 60),
        ] {
            let outcome = read(Action::Update, &answer(status, body, retry_after), &[id(1)]);
            assert_eq!(outcome, Outcome::Again { after }, "{status} {body} {retry_after:?}");
        }
    }

    #[test]
    fn what_stays_refused_is_told() {
        for (status, words) in [(401, "API key"), (403, "Bulk Operations"), (404, "REST endpoint"), (400, "as a whole")]
        {
            let Outcome::Refused(message) = read(Action::Update, &answer(status, "", None), &[id(1)]) else {
                panic!("{status}")
            };
            assert!(message.contains(words), "{message}");
        }
    }
}
