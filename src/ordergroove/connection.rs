//! Trying out the connection with Ordergroove: are the credentials taken, do the addresses answer?

use std::time::Duration;

use url::Url;

use super::subscriptions::{Credential, read_page};
use crate::bigcommerce::ids::CustomerId;
use crate::connection::Step;
use crate::error::Party;
use crate::outbound::{OutboundAnswer, OutboundRequest};

/// One question of a test.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Asks for the subscriptions of nobody, to see whether `credential` is taken.
pub fn question(rest_url: &Url, credential: &Credential<'_>) -> OutboundRequest {
    super::subscriptions::list(rest_url, CustomerId::NOBODY, credential, None, TIMEOUT)
}

/// What the answer to [`question`] says. `None`: no answer came.
pub fn credential(name: &str, what: &str, rest_url: &Url, answer: Option<&OutboundAnswer>) -> Step {
    let Some(answer) = answer else { return Step::no_answer(name, rest_url) };
    match answer.status {
        401 | 403 => {
            Step::failed(name, format!("Ordergroove refused the {what}. Check it against what Ordergroove sent you."))
        }
        200..=299 | 404 if read_page(rest_url, answer, false).is_ok() => {
            Step::passed(name, format!("Ordergroove accepted the {what}."))
        }
        200..=299 => Step::failed(name, "What answered is not Ordergroove's REST API. Check the REST endpoint."),
        429 => Step::failed(name, "Ordergroove is busy. Try again in a minute."),
        status => Step::odd_answer(name, rest_url, status),
    }
}

/// Asks for nothing in particular, to see whether something answers at `url`.
pub fn knock(url: &Url) -> OutboundRequest {
    OutboundRequest::get(Party::Ordergroove, url.clone(), TIMEOUT)
}

/// What the answer to [`knock`] says: any answer will do, but an outage. `None`: no answer came.
pub fn reachable(name: &str, url: &Url, answer: Option<&OutboundAnswer>) -> Step {
    match answer {
        None => Step::no_answer(name, url),
        Some(answer) if answer.status >= 500 => Step::odd_answer(name, url, answer.status),
        Some(_) => Step::passed(name, format!("{} answers.", url.host_str().unwrap_or_default())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest() -> Url {
        Url::parse("https://restapi.ordergroove.com").unwrap()
    }

    #[test]
    fn each_answer_is_said_in_its_own_words() {
        let step = |status, body: &str| {
            credential("credentials", "secret key", &rest(), Some(&OutboundAnswer::new(status, body)))
        };
        assert!(step(200, r#"{"next":null,"results":[]}"#).ok && step(404, "").ok);
        for (status, body, words) in [
            (403, r#"{"detail":"Authentication Failed"}"#, "refused the secret key"),
            (401, "", "refused the secret key"),
            (200, "<html>", "not Ordergroove's REST API"),
            (200, "{}", "not Ordergroove's REST API"),
            (429, "", "busy"),
            (503, "", "(503)"),
            (302, "", "(302)"),
        ] {
            let step = step(status, body);
            assert!(!step.ok && step.message.contains(words), "{step:?}");
        }
        assert!(credential("credentials", "x", &rest(), None).message.contains("restapi.ordergroove.com"));
    }

    #[test]
    fn any_answer_but_an_outage_is_reachable() {
        let step = |status| reachable("api_url", &rest(), Some(&OutboundAnswer::new(status, "")));
        assert!([200, 301, 403, 404, 405].into_iter().all(|status| step(status).ok));
        assert!(!step(500).ok && !step(503).ok && !reachable("api_url", &rest(), None).ok);
    }
}
