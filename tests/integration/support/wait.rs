//! Waiting for a condition instead of for a time.

use std::future::Future;
use std::time::{Duration, Instant};

/// Asks `condition` until it gives something; fails with `what` after a minute: machines that run tests are busy.
pub async fn eventually<T, F, W>(what: &str, condition: F) -> T
where
    F: FnMut() -> W,
    W: Future<Output = Option<T>>,
{
    within(Duration::from_mins(1), what, condition).await
}

/// [`eventually`] with a patience of its own.
#[expect(clippy::disallowed_methods, reason = "tests run on the host and wait on its clock")]
pub async fn within<T, F, W>(patience: Duration, what: &str, mut condition: F) -> T
where
    F: FnMut() -> W,
    W: Future<Output = Option<T>>,
{
    let begun = Instant::now();
    loop {
        if let Some(value) = condition().await {
            return value;
        }
        assert!(begun.elapsed() < patience, "not within {patience:?}: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Seconds since 1970, as the Worker's own clock has it unless a test set it ahead.
#[expect(clippy::disallowed_methods, reason = "tests run on the host")]
pub fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(since.expect("after 1970").as_secs()).expect("before the end of time")
}

/// How long `work` takes.
#[expect(clippy::disallowed_methods, reason = "tests run on the host")]
pub async fn timed<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let begun = Instant::now();
    let value = work.await;
    (value, begun.elapsed())
}
