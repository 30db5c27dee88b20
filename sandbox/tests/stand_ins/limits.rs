//! The request quota, and what is counted of the requests in flight.

use std::time::Duration;

use crate::common::{APP, SECRET, STORE, api, install, start, value};
use reqwest::{Method, Response};
use sandbox::{Fault, FaultKind, NewStore, Route, Sandbox};

fn with_quota(sandbox: &Sandbox, quota: u32, quota_window_ms: u64) {
    sandbox.add_store(NewStore { hash: STORE.into(), quota, quota_window_ms, ..NewStore::default() });
}

async fn time(sandbox: &Sandbox, token: &str) -> Response {
    api(sandbox, token, Method::GET, "/v2/time").send().await.expect("an answer")
}

fn number(response: &Response, name: &str) -> u64 {
    let value = response.headers().get(name).unwrap_or_else(|| panic!("no {name}"));
    value.to_str().expect("text").parse().expect("a number")
}

#[tokio::test]
async fn every_answer_says_what_is_left() {
    let sandbox = start().await;
    with_quota(&sandbox, 5, 60_000);
    let token = install(&sandbox, APP, SECRET).await;
    let first = time(&sandbox, &token).await;
    assert_eq!(number(&first, "x-rate-limit-requests-left"), 4);
    assert_eq!(number(&first, "x-rate-limit-requests-quota"), 5);
    assert_eq!(number(&first, "x-rate-limit-time-window-ms"), 60_000);
    assert!(number(&first, "x-rate-limit-time-reset-ms") <= 60_000);
    // What other apps use is gone for this one too, and a refusal counts.
    sandbox.spend_quota(STORE, 2);
    let refused = api(&sandbox, &token, Method::GET, "/v3/nothing").send().await.expect("an answer");
    assert_eq!((refused.status().as_u16(), number(&refused, "x-rate-limit-requests-left")), (404, 1));
    assert_eq!(time(&sandbox, &token).await.status(), 200);
    let over = time(&sandbox, &token).await;
    assert_eq!((over.status().as_u16(), number(&over, "x-rate-limit-requests-left")), (429, 0));
    let reset = number(&over, "x-rate-limit-time-reset-ms");
    let after = number(&over, "x-retry-after");
    assert!(after * 1000 + 1000 > reset && (1..=60).contains(&after), "{after} s for {reset} ms");
}

#[tokio::test]
async fn a_new_window_has_the_whole_quota() {
    let sandbox = start().await;
    with_quota(&sandbox, 1, 300);
    let token = install(&sandbox, APP, SECRET).await;
    let (mut good, mut refused) = (0, 0);
    // However slow the machine is, a refusal says when it is over.
    while good < 3 {
        let response = time(&sandbox, &token).await;
        match response.status().as_u16() {
            200 => good += 1,
            429 => {
                refused += 1;
                let reset = number(&response, "x-rate-limit-time-reset-ms");
                assert!(reset <= 300);
                tokio::time::sleep(Duration::from_millis(reset)).await;
            }
            other => panic!("{other}"),
        }
    }
    assert!(refused <= 4, "{refused}");
}

#[tokio::test]
async fn the_most_at_once_is_known_of_each_store() {
    let sandbox = start().await;
    let token = install(&sandbox, APP, SECRET).await;
    assert_eq!(value(api(&sandbox, &token, Method::GET, "/v2/time")).await.0, 200);
    assert_eq!(sandbox.most_in_flight(STORE), 1);
    sandbox.set_fault(STORE, Route::Time, Some(Fault::always(FaultKind::Slow { ms: 300 })));
    tokio::join!(time(&sandbox, &token), time(&sandbox, &token), time(&sandbox, &token));
    assert_eq!((sandbox.most_in_flight(STORE), sandbox.most_in_flight("another")), (3, 0));
    // A client that goes away is no longer in flight.
    sandbox.set_fault(STORE, Route::Time, Some(Fault::always(FaultKind::Hang)));
    let hanging = api(&sandbox, &token, Method::GET, "/v2/time").timeout(Duration::from_millis(100)).send().await;
    assert!(hanging.expect_err("no answer").is_timeout());
    sandbox.set_fault(STORE, Route::Time, None);
    // The server notices in its own time.
    for _ in 0..1000 {
        sandbox.clear_requests();
        time(&sandbox, &token).await;
        if sandbox.most_in_flight(STORE) == 1 {
            return;
        }
    }
    panic!("the request that was given up still counts");
}
