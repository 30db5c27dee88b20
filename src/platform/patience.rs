//! Waiting no longer than one is willing to.

use std::future::Future;
use std::time::Duration;

use futures_util::future::{Either, select};
use worker::Delay;

/// The output of `work`, or `None` if `limit` passes first; then `work` is dropped.
pub async fn within<F: Future>(limit: Duration, work: F) -> Option<F::Output> {
    match select(Box::pin(work), Delay::from(limit)).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(_) => None,
    }
}

/// Lets `time` pass.
pub async fn pause(time: Duration) {
    Delay::from(time).await;
}
