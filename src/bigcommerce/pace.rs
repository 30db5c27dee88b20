//! How fast a store's API may be asked: BigCommerce's quota is one for all apps of a store.
//!
//! Promises: a fifth of the quota is left to the others; at most three requests are under way; after a 429 nothing
//! is asked until BigCommerce says, or ever later if it says nothing. Times are milliseconds of any one clock.

use crate::outbound::OutboundAnswer;

/// The headers that BigCommerce tells its quota by.
pub const HEADERS: &[&str] = &[LEFT, QUOTA, WINDOW, RESET, RETRY];
const LEFT: &str = "x-rate-limit-requests-left";
const QUOTA: &str = "x-rate-limit-requests-quota";
const WINDOW: &str = "x-rate-limit-time-window-ms";
const RESET: &str = "x-rate-limit-time-reset-ms";
/// Seconds.
const RETRY: &str = "x-retry-after";

/// Requests under way at a time. BigCommerce: most resources take three.
const MOST_IN_FLIGHT: u32 = 3;

/// The part of the quota that is left to the store's other apps.
const LEFT_TO_OTHERS: f64 = 0.2;

/// The wait after a 429 that names none: the platform itself is under load. Doubled each time.
const FIRST_BLOCK_MS: i64 = 30_000;
const LONGEST_BLOCK_MS: i64 = 10 * 60_000;

/// What is known of a store's quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Requests in a window, of all apps.
    pub requests: u32,
    /// The window.
    pub window_ms: i64,
    left: u32,
    resets_at: i64,
}

impl Quota {
    fn of(answer: &OutboundAnswer, now: i64) -> Option<Self> {
        let number = |name| answer.header(name)?.trim().parse::<u32>().ok();
        let (left, requests) = (number(LEFT)?, number(QUOTA)?);
        let window_ms = number(WINDOW).map_or(30_000, i64::from).clamp(1, LONGEST_BLOCK_MS);
        let reset = number(RESET).map_or(window_ms, i64::from).min(window_ms);
        Some(Self { requests, window_ms, left, resets_at: now + reset })
    }

    fn reserve(&self) -> u32 {
        part(self.requests, LEFT_TO_OTHERS)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of a number below 2^32")]
fn part(of: u32, part: f64) -> u32 {
    (f64::from(of) * part).ceil() as u32
}

/// Requests a second that this app takes of a quota.
pub fn per_second(requests: u32, window_ms: u32) -> f64 {
    f64::from(requests - part(requests, LEFT_TO_OTHERS)) * 1000.0 / f64::from(window_ms.max(1))
}

/// Keeps the pace towards one store.
#[derive(Debug, Default)]
pub struct Pace {
    quota: Option<Quota>,
    blocked_until: i64,
    blocks: u32,
}

impl Pace {
    /// How many requests may leave together now, at most three; none before the moment in `Err`.
    pub fn room(&self, now: i64) -> Result<u32, i64> {
        if now < self.blocked_until {
            return Err(self.blocked_until);
        }
        match self.quota {
            // The first answer tells.
            None => Ok(1),
            Some(quota) if now >= quota.resets_at => {
                Ok(quota.requests.saturating_sub(quota.reserve()).clamp(1, MOST_IN_FLIGHT))
            }
            Some(quota) => match quota.left.saturating_sub(quota.reserve()) {
                0 => Err(quota.resets_at),
                room => Ok(room.min(MOST_IN_FLIGHT)),
            },
        }
    }

    /// Takes note of what an answer says. Of answers that overtook each other the lowest counts.
    pub fn note(&mut self, answer: &OutboundAnswer, now: i64) {
        let told = Quota::of(answer, now);
        if let Some(told) = told {
            let same_window = self.quota.filter(|known| now < known.resets_at && known.requests == told.requests);
            let left = same_window.map_or(told.left, |known| known.left.min(told.left));
            self.quota = Some(Quota { left, ..told });
        }
        if answer.status != 429 {
            self.blocks = 0;
            return;
        }
        self.blocks += 1;
        let retry = answer
            .header(RETRY)
            .and_then(|text| text.trim().parse::<u32>().ok())
            .map(|seconds| i64::from(seconds) * 1000);
        let reset = told.map(|quota| quota.resets_at - now);
        let wait = retry.or(reset).unwrap_or_else(|| FIRST_BLOCK_MS << (self.blocks - 1).min(8));
        self.blocked_until = now + wait.clamp(1, LONGEST_BLOCK_MS);
    }

    /// The quota that was named last.
    pub fn quota(&self) -> Option<Quota> {
        self.quota
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &str)]) -> OutboundAnswer {
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        OutboundAnswer { headers, ..OutboundAnswer::new(status, "") }
    }

    fn told(status: u16, left: &str) -> OutboundAnswer {
        answer(status, &[(LEFT, left), (QUOTA, "150"), (WINDOW, "30000"), (RESET, "12000")])
    }

    #[test]
    fn a_fifth_is_left_to_others() {
        let mut pace = Pace::default();
        assert_eq!(pace.room(0), Ok(1), "before anything is known, one request asks");
        pace.note(&told(200, "149"), 0);
        assert_eq!(pace.room(0), Ok(3));
        pace.note(&told(200, "32"), 0);
        assert_eq!(pace.room(0), Ok(2));
        pace.note(&told(200, "30"), 0);
        assert_eq!(pace.room(0), Err(12_000));
        assert_eq!(pace.room(12_000), Ok(3), "a new window");
        assert!((per_second(150, 30_000) - 4.0).abs() < 1e-9);
    }

    #[test]
    fn an_answer_that_was_overtaken_gives_nothing_back() {
        let mut pace = Pace::default();
        pace.note(&told(200, "30"), 0);
        pace.note(&told(200, "33"), 10);
        assert!(pace.room(10).is_err());
        pace.note(&told(200, "149"), 20_000);
        assert_eq!(pace.room(20_000), Ok(3));
    }

    #[test]
    fn a_429_is_waited_out() {
        let mut pace = Pace::default();
        pace.note(&told(429, "0"), 0);
        assert_eq!(pace.room(11_999), Err(12_000));
        assert_eq!(pace.room(12_000), Ok(3));
        pace.note(&answer(429, &[(RETRY, "5")]), 20_000);
        assert_eq!(pace.room(20_000), Err(25_000));
    }

    #[test]
    fn a_429_without_a_word_is_waited_out_ever_longer() {
        let mut pace = Pace::default();
        let mut now = 0;
        for wait in [30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000] {
            pace.note(&answer(429, &[]), now);
            assert_eq!(pace.room(now), Err(now + wait));
            now += wait;
        }
        pace.note(&answer(200, &[]), now);
        pace.note(&answer(429, &[]), now);
        assert_eq!(pace.room(now), Err(now + 30_000));
    }

    #[test]
    fn nonsense_is_not_believed() {
        let mut pace = Pace::default();
        pace.note(&answer(200, &[(LEFT, "many"), (QUOTA, "-1")]), 0);
        assert_eq!(pace.quota(), None);
        pace.note(&answer(429, &[(LEFT, "0"), (QUOTA, "0"), (WINDOW, "0"), (RESET, "99999999")]), 0);
        assert_eq!(pace.room(0), Err(1), "a window has at least a millisecond");
        assert_eq!(pace.room(1), Ok(1), "a quota of nothing would never let us find out that it changed");
    }
}
