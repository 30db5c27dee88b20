//! Load on one contestant at a time, in rounds that alternate between them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::Outcome;
use crate::app;
use crate::http::{Connection, render};
use crate::workerd::Workerd;

/// Keep-alive connections that ask at the same time.
const CONNECTIONS: usize = 16;
/// Different shoppers, so that nothing is won by remembering a token.
const SHOPPERS: u64 = 512;
/// The first of them; none is special to the stand-ins.
const FIRST_SHOPPER: u64 = 500_000;

/// How much is asked.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) rounds: usize,
    pub(crate) warm_up: usize,
    pub(crate) requests: usize,
}

/// What one contestant did, a value for each round.
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    /// Microseconds of CPU time for a request.
    pub(crate) cpu: Vec<f64>,
    /// Requests answered in a second.
    pub(crate) rate: Vec<f64>,
}

/// The requests of a storefront page for `path`, rendered, one for each shopper.
pub(crate) fn requests(path: &str) -> Arc<Vec<Vec<u8>>> {
    let shoppers = FIRST_SHOPPER..FIRST_SHOPPER + SHOPPERS;
    let rendered = shoppers.map(|customer| {
        let token = app::shopper_token(customer);
        let headers = [
            ("accept", "application/json"),
            ("content-type", "application/json"),
            ("authorization-client", app::CLIENT_ID),
            ("authorization", "BigCommerce"),
            ("signed-payload", &token),
            ("origin", app::ORIGIN),
            ("referer", "https://shop.example/"),
            ("accept-language", "en-US,en;q=0.9"),
            ("accept-encoding", "identity"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "cors"),
            (
                "user-agent",
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
            ),
        ];
        render("GET", path, &headers, "")
    });
    Arc::new(rendered.collect())
}

/// Runs `plan` on `contestants` in turn, round after round. Every second round goes the other way about, so that none is
/// always the first after a pause.
pub(crate) async fn measure(contestants: &[&Workerd], path: &str, plan: Plan) -> Outcome<Vec<Measured>> {
    let requests = requests(path);
    for contestant in contestants {
        volley(contestant.port, &requests, plan.warm_up).await?;
    }
    let mut all: Vec<Measured> = contestants
        .iter()
        .map(|contestant| Measured { name: contestant.name, cpu: Vec::new(), rate: Vec::new() })
        .collect();
    for round in 0..plan.rounds {
        let mut order: Vec<usize> = (0..contestants.len()).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for index in order {
            let contestant = contestants[index];
            let before = contestant.cpu()?;
            let took = volley(contestant.port, &requests, plan.requests).await?;
            let cpu = contestant.cpu()?.saturating_sub(before);
            let count = f64::from(u32::try_from(plan.requests)?);
            all[index].cpu.push(cpu.as_secs_f64() * 1e6 / count);
            all[index].rate.push(count / took.as_secs_f64());
        }
    }
    Ok(all)
}

/// Sends `count` requests over all connections; gives the time until the last answer.
async fn volley(port: u16, requests: &Arc<Vec<Vec<u8>>>, count: usize) -> Outcome<Duration> {
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (next, requests) = (Arc::clone(&next), Arc::clone(requests));
        tasks.spawn(async move {
            let mut connection = Connection::open(port).await?;
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= count {
                    return Ok(());
                }
                let answer = connection.send(&requests[index % requests.len()]).await?;
                if answer.status != 200 {
                    let told = answer.text();
                    return Err(std::io::Error::other(format!("{} {told}", answer.status)));
                }
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(began.elapsed())
}
