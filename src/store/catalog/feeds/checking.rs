//! Is a file that was built to be sent? Its checksum is taken, and it is held if it shrank.

use sha2::{Digest as _, Sha256};

use super::building::hex;
use super::runs::Next;
use super::{FeedRun, State};
use crate::error::{Error, Result};
use crate::platform::log::RequestId;
use crate::platform::{clock, gzip};
use crate::store::catalog::catalog_do::Catalog;
use crate::store::feed_settings::Channel;

/// What is to become of a file.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Send,
    Hold(String),
    Unchanged,
    Nothing,
}

impl Catalog {
    pub(super) async fn check_feed(&self, run: &FeedRun, request_id: &RequestId) -> Result<Next> {
        let sha256 = self.checksum(run).await?;
        let setup = self.feed_setup(request_id).await?;
        match verdict(run, setup.feeds().shrink_limit()) {
            Verdict::Send => {
                self.commit_feed(run, |run| {
                    sha256.clone_into(&mut run.sha256);
                    run.state = State::Delivering;
                    run.cursor = 0;
                    run.stage_done = 0;
                    run.stage_total = match run.channel {
                        Channel::Sftp => run.bytes,
                        Channel::Rest => run.added + run.changed,
                    };
                    Ok(())
                })?;
                Ok(Next::At(clock::now()))
            }
            Verdict::Hold(message) => {
                self.commit_feed(run, |run| {
                    sha256.clone_into(&mut run.sha256);
                    run.state = State::Held;
                    run.message.clone_from(&message);
                    Ok(())
                })?;
                self.log_feed(run.id)?;
                Ok(Next::Nothing)
            }
            Verdict::Unchanged => {
                self.commit_feed(run, |run| {
                    sha256.clone_into(&mut run.sha256);
                    let message = "Nothing changed since the last feed, so nothing was sent.";
                    run.end(State::Unchanged, message, clock::now());
                    self.keep_feed(run)?;
                    self.begin_categories(run, &setup)
                })?;
                self.log_feed(run.id)?;
                Ok(Next::Nothing)
            }
            Verdict::Nothing => {
                let message = format!("There are no {} that can be sent. See what was left out, and why.", run.nouns());
                self.end_feed(run, State::Failed, &message)
            }
        }
    }

    async fn checksum(&self, run: &FeedRun) -> Result<String> {
        let (mut hash, mut bytes) = (Sha256::new(), 0_usize);
        for number in 0..run.chunks {
            let plain = gzip::unpack(&self.feed_chunk(run.id, number)?).await?;
            bytes += plain.len();
            hash.update(&plain);
        }
        if i64::try_from(bytes) != Ok(run.bytes) {
            return Err(Error::internal(format!("a feed of {} bytes has {bytes}", run.bytes)));
        }
        Ok(hex(&hash.finalize()))
    }

    pub(super) fn feed_chunk(&self, run: i64, number: i64) -> Result<Vec<u8>> {
        let chunk = self
            .database
            .bytes("SELECT bytes FROM feed_chunks WHERE run = ? AND number = ?", vec![run.into(), number.into()])?;
        chunk.ok_or_else(|| Error::internal("a chunk of a feed is missing"))
    }
}

fn verdict(run: &FeedRun, shrink_limit: u8) -> Verdict {
    let (before, now) = (run.products_before, run.products);
    let fewer = (before - now).max(0);
    if before > 0 && !run.is_confirmed && fewer * 100 > before * i64::from(shrink_limit) {
        return Verdict::Hold(format!(
            "This feed has {now} {}, {fewer} fewer than the last one ({before}). More than {shrink_limit} percent are missing, so it waits until you confirm it.",
            run.nouns()
        ));
    }
    if now == 0 && before == 0 {
        return Verdict::Nothing;
    }
    if before > 0 && run.added + run.changed + run.removed == 0 && !(run.send_unchanged && run.channel == Channel::Sftp)
    {
        return Verdict::Unchanged;
    }
    Verdict::Send
}
