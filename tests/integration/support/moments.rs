//! Moments for storms of kills.

use std::time::Duration;

/// Moments that nobody chose: from `SOAK_SEED`, or else from the process's number. The seed is printed.
pub struct Moments(u64);

impl Moments {
    pub fn new() -> Self {
        let given = std::env::var("SOAK_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| u64::from(std::process::id()));
        println!("SOAK_SEED={seed}");
        Self(seed)
    }

    /// Waits for less than `most`.
    pub async fn wait(&mut self, most: Duration) {
        // The constants of Knuth's MMIX.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let part = u32::try_from(self.0 >> 33).unwrap_or_default();
        let moment = most.mul_f64(f64::from(part) / f64::from(1_u32 << 31));
        println!("  after {moment:?}");
        tokio::time::sleep(moment).await;
    }
}
