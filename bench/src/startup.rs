//! How long a contestant takes from the start of its process to its first answer.

use std::time::Instant;

use crate::Outcome;
use crate::http::render;
use crate::workerd::{Bundle, Project, Workerd, free_port};

/// Starts each contestant `rounds` times, in turn; gives milliseconds in the order of `bundles`.
pub(crate) async fn measure(project: &Project, bundles: &[&Bundle], rounds: usize) -> Outcome<Vec<Vec<f64>>> {
    // Every peer has an answer for any path; ours says that it is well.
    let none: [(&str, &str); 0] = [];
    let request = render("GET", "/healthz", &none, "");
    let mut all = vec![Vec::with_capacity(rounds); bundles.len()];
    for round in 0..=rounds {
        for (bundle, times) in bundles.iter().zip(&mut all) {
            let port = free_port()?;
            let began = Instant::now();
            let process = Workerd::spawn(project, bundle, port)?;
            let answer = process.first_answer(&request).await?;
            let took = began.elapsed();
            if answer.status != 200 {
                return Err(format!("{}: /healthz answered {}", bundle.name, answer.status).into());
            }
            // The first round fills the operating system's caches.
            if round > 0 {
                times.push(took.as_secs_f64() * 1e3);
            }
        }
    }
    Ok(all)
}
