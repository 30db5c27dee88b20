//! Feeds: a run reads the catalogue, builds a file, checks it and delivers it.
//!
//! A run is a row, its file chunks that are committed together with the cursor behind them: what dies in the middle
//! goes on. One run of an app at a time. What Ordergroove has is known by product ([`difference`]): that tells what a
//! feed changes, whether it shrank and whether there is anything to send.
//!
//! A category feed is a run of its own: it begins when the product feed before it is done, names the products that
//! are in that one's file ([`members`]), and goes the same way to the same folder.

mod batches;
mod building;
mod categories;
mod checking;
mod deciding;
mod delivering;
mod difference;
mod members;
mod plan;
mod runs;
mod views;

use serde::{Deserialize, Serialize};

use crate::bigcommerce::ids::PanelUser;
use crate::store::feed_settings::{Channel, FeedKind};

pub use difference::{FeedDifferencePage, LeftOutPage};
pub use views::{FeedRunView, FeedsView, SchedulePreview};

/// Why there is a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cause {
    /// Its time had come.
    Schedule,
    /// Its time had come while nothing ran.
    CatchUp,
    /// Somebody asked.
    Hand,
    /// Somebody asked again, after it failed.
    Retry,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// For its first step.
    Waiting,
    /// The catalogue is read anew.
    Syncing,
    Building,
    /// The file is whole: is it to be sent?
    Checking,
    /// It shrank: somebody has to look.
    Held,
    Delivering,
    /// Ordergroove has it.
    Delivered,
    /// Ordergroove has the same already.
    Unchanged,
    Failed,
    Cancelled,
}

impl State {
    /// Its name in the table.
    fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Syncing => "syncing",
            Self::Building => "building",
            Self::Checking => "checking",
            Self::Held => "held",
            Self::Delivering => "delivering",
            Self::Delivered => "delivered",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether the job goes on with it.
    fn is_under_way(self) -> bool {
        matches!(self, Self::Waiting | Self::Syncing | Self::Building | Self::Checking | Self::Delivering)
    }

    /// Whether nothing more will happen to it.
    fn is_over(self) -> bool {
        !self.is_under_way() && self != Self::Held
    }
}

/// A run, as the table has it.
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct FeedRun {
    #[serde(skip)]
    id: i64,
    #[serde(default)]
    feed: FeedKind,
    cause: Cause,
    user: Option<PanelUser>,
    state: State,
    send_unchanged: bool,
    /// Somebody looked at a feed that shrank.
    is_confirmed: bool,
    channel: Channel,
    /// Where it goes, without secrets.
    destination: String,
    file: String,
    /// The origin of the storefront: one for the whole file, whatever changes meanwhile.
    storefront: String,
    /// The last product or category that was built, or sent; how many categories are read.
    cursor: i64,
    /// Of a product feed: a category feed comes after it.
    #[serde(default)]
    is_followed: bool,
    /// Of a category feed: the tree whose categories are in it; none for all trees.
    #[serde(default)]
    tree: Option<u64>,
    /// How often they were read anew, since some came or went meanwhile.
    #[serde(default)]
    anew: i64,
    /// The last product that was written of the category after `cursor`, and the digest of what is written of that.
    #[serde(default)]
    within: i64,
    #[serde(default)]
    so_far: String,
    stage_done: i64,
    stage_total: i64,
    created_at: i64,
    finished_at: Option<i64>,
    /// Tries of the delivery that came to nothing.
    attempts: i64,
    next_try_at: Option<i64>,
    /// Products in it, or categories.
    products: i64,
    /// As many in the last one that was accepted.
    products_before: i64,
    /// Entries: variants, or categories.
    items: i64,
    left_out: i64,
    added: i64,
    changed: i64,
    removed: i64,
    chunks: i64,
    bytes: i64,
    sha256: String,
    /// Something may be on the server.
    attempted: bool,
    /// The file is whole on the server, and about to get its name.
    is_placing: bool,
    /// For that the server has the old file removed first: it cannot replace one in one step.
    #[serde(default)]
    removes_first: bool,
    message: String,
    notes: Vec<String>,
}

impl FeedRun {
    /// What the file is called until it is whole.
    fn temporary_name(&self) -> String {
        format!(".{}.{}.part", self.file, self.id)
    }

    /// Whether somebody should look at it.
    pub(super) fn needs_attention(&self) -> bool {
        matches!(self.state, State::Failed | State::Held)
    }

    /// What became of it, in a sentence.
    pub(super) fn said(&self) -> String {
        match (self.feed, self.state) {
            (FeedKind::Products, State::Delivered) => {
                format!("Ordergroove has the last feed, with {} products.", self.products)
            }
            (FeedKind::Products, _) => self.message.clone(),
            (FeedKind::Categories, _) => format!("Category feed: {}", self.message),
        }
    }

    /// What it has, as people say it.
    fn nouns(&self) -> &'static str {
        match self.feed {
            FeedKind::Products => "products",
            FeedKind::Categories => "categories",
        }
    }

    /// Says that somebody or something ended it.
    fn end(&mut self, state: State, message: impl Into<String>, now: i64) {
        self.state = state;
        self.message = message.into();
        self.finished_at = Some(now);
        self.next_try_at = None;
    }
}
