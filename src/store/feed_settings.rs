//! The part of the settings that says when feeds are sent, and how.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::settings::{Check, Text};
use crate::feeds::schedule::Schedule;

/// No feed is sent by itself.
const OFF: &str = "* * * * *";

/// Where Ordergroove's clocks hang.
const TIME_ZONE: &str = "America/Chicago";

/// What is said of a zone that nobody knows.
pub const NO_ZONE: &str = "Choose a time zone such as America/Chicago.";

/// Percent of the products that may be missing before somebody has to look.
const SHRINK_LIMIT: u8 = 20;

/// When feeds are sent, and how. An empty text means the default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedSettings {
    schedule: String,
    time_zone: String,
    /// The way feeds go.
    pub channel: Channel,
    shrink_limit: Option<u8>,
    categories: bool,
}

/// What a feed is of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FeedKind {
    /// The whole catalogue.
    #[default]
    Products,
    /// The categories, each with its products.
    Categories,
}

/// A way for feeds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// A file to a server.
    #[default]
    Sftp,
    /// Ordergroove's product batches.
    Rest,
}

impl FeedSettings {
    /// Five fields of cron.
    pub fn schedule(&self) -> &str {
        if self.schedule.is_empty() { OFF } else { &self.schedule }
    }

    /// An IANA name.
    pub fn time_zone(&self) -> &str {
        if self.time_zone.is_empty() { TIME_ZONE } else { &self.time_zone }
    }

    /// Percent of the products that may be missing without a question.
    pub fn shrink_limit(&self) -> u8 {
        self.shrink_limit.unwrap_or(SHRINK_LIMIT)
    }

    /// Whether a category feed follows each product feed. Ordergroove's API takes none, so it goes as a file or not at all.
    pub fn sends_categories(&self) -> bool {
        self.categories && self.channel == Channel::Sftp
    }

    /// Whether the merchant wants a category feed, however feeds go.
    pub fn wants_categories(&self) -> bool {
        self.categories
    }

    pub(super) fn view(&self) -> Value {
        json!({
            "schedule": self.schedule(),
            "time_zone": self.time_zone(),
            "categories": self.categories,
            "channel": self.channel,
            "shrink_limit": self.shrink_limit(),
        })
    }
}

/// A change to it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FeedPatch {
    schedule: Text,
    time_zone: Text,
    categories: Option<bool>,
    channel: Option<Channel>,
    shrink_limit: Option<Value>,
}

impl FeedPatch {
    pub(super) fn apply(self, check: &mut Check, next: &mut FeedSettings, knows_zone: &dyn Fn(&str) -> bool) {
        check.text("feeds.schedule", self.schedule, &mut next.schedule, |text| {
            let words: Vec<&str> = text.split_whitespace().collect();
            let text = words.join(" ");
            Schedule::parse(&text).map(|_| text)
        });
        check.text("feeds.time_zone", self.time_zone, &mut next.time_zone, |text| {
            if knows_zone(text) { Ok(text.to_owned()) } else { Err(NO_ZONE.to_owned()) }
        });
        next.categories = self.categories.unwrap_or(next.categories);
        next.channel = self.channel.unwrap_or(next.channel);
        match self.shrink_limit {
            None => {}
            Some(Value::Null) => next.shrink_limit = None,
            Some(limit) => match limit.as_u64().and_then(|limit| u8::try_from(limit).ok()) {
                Some(limit @ 0..=100) => next.shrink_limit = Some(limit),
                _ => check.refuse("feeds.shrink_limit", "Enter a whole number from 0 to 100."),
            },
        }
    }
}
