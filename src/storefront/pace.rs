//! How often one shopper may ask, and how often Ordergroove is asked for one app.
//!
//! Counted in the isolate's memory, after the shopper's token was verified: nobody is slowed down by
//! calls made in their name without a token, and a flood of one app uses up that app's share alone.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::bigcommerce::ids::{ClientId, CustomerId};
use crate::bindings::RateLimits;
use crate::error::{Error, Result};

/// Shoppers and apps that are counted at a time.
const MOST_COUNTED: usize = 10_000;

thread_local! {
    static PACES: RefCell<HashMap<ClientId, Rc<Pace>>> = RefCell::new(HashMap::new());
}

/// The pace of one app.
pub struct Pace {
    customers: RefCell<HashMap<CustomerId, i64>>,
    customer_limit: Limit,
    upstream: Cell<i64>,
    upstream_limit: Limit,
}

/// So many calls a minute, all of them at once if need be.
#[derive(Debug, Clone, Copy)]
struct Limit {
    per_minute: i64,
}

impl Limit {
    /// Takes one call, or says how many milliseconds to wait. `used_until` is when all calls taken so
    /// far are paid back, in milliseconds (the "generic cell rate algorithm": one number a caller).
    fn take(self, used_until: &mut i64, now: i64) -> Result<()> {
        let (cost, burst) = (60_000 / self.per_minute, 60_000);
        // After the clock was set back nobody owes for longer than a minute.
        *used_until = (*used_until).clamp(now, now + burst);
        let wait = *used_until + cost - now - burst;
        if wait > 0 {
            return Err(Error::TooManyRequests { retry_after: u32::try_from((wait + 999) / 1000).unwrap_or(60) });
        }
        *used_until += cost;
        Ok(())
    }
}

impl Pace {
    /// The pace of an app; it outlives what the isolate remembers of the app.
    pub fn of(client_id: &ClientId, limits: RateLimits) -> Rc<Self> {
        PACES.with_borrow_mut(|paces| {
            if paces.len() >= MOST_COUNTED {
                paces.retain(|_, pace| Rc::strong_count(pace) > 1);
            }
            let fresh = || Rc::new(Self::new(limits));
            paces.entry(client_id.clone()).or_insert_with(fresh).clone()
        })
    }

    fn new(limits: RateLimits) -> Self {
        Self {
            customers: RefCell::default(),
            customer_limit: Limit { per_minute: limits.shopper.into() },
            upstream: Cell::new(0),
            upstream_limit: Limit { per_minute: limits.app.into() },
        }
    }

    /// Counts a call of `customer`. `now` in milliseconds.
    pub fn customer(&self, customer: CustomerId, now: i64) -> Result<()> {
        let mut customers = self.customers.borrow_mut();
        if customers.len() >= MOST_COUNTED && !customers.contains_key(&customer) {
            customers.retain(|_, used_until| *used_until > now);
            if customers.len() >= MOST_COUNTED {
                customers.clear();
            }
        }
        self.customer_limit.take(customers.entry(customer).or_insert(0), now)
    }

    /// Counts a question to Ordergroove. `now` in milliseconds.
    pub fn upstream(&self, now: i64) -> Result<()> {
        let mut used_until = self.upstream.get();
        let taken = self.upstream_limit.take(&mut used_until, now);
        self.upstream.set(used_until);
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer(id: u64) -> CustomerId {
        CustomerId::try_from(id).unwrap()
    }

    #[test]
    fn a_minutes_calls_at_once_then_one_by_one() {
        let pace = Pace::new(RateLimits { shopper: 60, app: 3000 });
        let start = 1_700_000_000_000;
        assert!((0..60).all(|_| pace.customer(customer(7), start).is_ok()));
        assert_eq!(pace.customer(customer(7), start), Err(Error::TooManyRequests { retry_after: 1 }));
        assert!(pace.customer(customer(8), start).is_ok(), "another shopper is not held up");
        assert!(pace.customer(customer(7), start + 1000).is_ok());
        assert!(pace.customer(customer(7), start + 1500).is_err(), "a refused call costs nothing");
        assert!(pace.customer(customer(7), start + 2000).is_ok());
        assert!((0..60).all(|_| pace.customer(customer(7), start + 120_000).is_ok()), "all paid back");
        assert!(pace.customer(customer(7), start).is_err(), "a clock set back");
        assert!(pace.customer(customer(7), start + 1000).is_ok(), "owes for a minute at most");
    }

    #[test]
    fn what_is_counted_stays_small() {
        let pace = Pace::new(RateLimits { shopper: 60, app: 3000 });
        for id in 1..=25_000 {
            pace.customer(customer(id), 1_700_000_000_000).unwrap();
        }
        assert!(pace.customers.borrow().len() <= MOST_COUNTED);
    }

    #[test]
    fn ordergroove_is_asked_so_often_and_no_more() {
        let pace = Pace::new(RateLimits { shopper: 60, app: 100 });
        let taken = (0..500).filter(|_| pace.upstream(1_700_000_000_000).is_ok()).count();
        assert_eq!(taken, 100);
    }
}
