//! Users of the console and their sessions.
//!
//! A session token is `<client id>.<32 random bytes>`; its SHA-256 is all that is kept. It lives 30
//! minutes after its last use and 24 hours at most, and dies with its user or the installation.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::audit::{Action, Change};
use super::calls::{EndSession, ReadSession};
use super::rows::Installation;
use super::store_do::Store;
use crate::bigcommerce::ids::{ClientId, PanelUser};
use crate::bigcommerce::token::{LoadToken, TokenFault};
use crate::error::{Error, Result};
use crate::platform::{clock, random};
use crate::secret::Secret;

const IDLE_SECONDS: i64 = 30 * 60;
const LONGEST_SECONDS: i64 = 24 * 60 * 60;

/// Sessions one user can have at a time: tabs, not a leak.
const MOST_SESSIONS: i64 = 20;

/// A use is written down this often at most.
const SEEN_GRAIN_SECONDS: i64 = 60;

/// The app a session token is of: who must be asked about it.
pub fn app_of_session(token: &str) -> Option<ClientId> {
    ClientId::parse(token.split_once('.')?.0).ok()
}

/// A live session, as its holder may know it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Session {
    /// Who opened the console.
    pub user: PanelUser,
    /// It ends when it is not used for so long.
    pub idle_seconds: i64,
    /// It ends then at the latest, Unix seconds.
    pub ends_at: i64,
}

fn hash(token: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.expose()))
}

impl Store {
    pub(super) fn open_session(&self, client_id: &ClientId, user: &PanelUser) -> Result<Secret> {
        let token = Secret::new(format!("{client_id}.{}", random::token()?));
        let user_id = sql_id(user)?;
        let now = clock::now();
        self.database.transaction(|| {
            self.database.run(
                "INSERT INTO users (id, email, first_seen, last_seen) VALUES (?, ?, ?, ?)
                 ON CONFLICT (id) DO UPDATE SET email = excluded.email, last_seen = excluded.last_seen",
                vec![user_id.into(), user.email.as_str().into(), now.into(), now.into()],
            )?;
            self.database.run("DELETE FROM sessions WHERE seen_at < ? OR created_at < ?", vec![(now - IDLE_SECONDS).into(), (now - LONGEST_SECONDS).into()])?;
            self.database.run("INSERT INTO sessions (hash, user_id, created_at, seen_at) VALUES (?, ?, ?, ?)", vec![hash(&token).into(), user_id.into(), now.into(), now.into()])?;
            self.database.run(
                "DELETE FROM sessions WHERE user_id = ? AND hash NOT IN (SELECT hash FROM sessions WHERE user_id = ? ORDER BY seen_at DESC, rowid DESC LIMIT ?)",
                vec![user_id.into(), user_id.into(), MOST_SESSIONS.into()],
            )
        })?;
        Ok(token)
    }

    /// Lets the holder of a live session through, and says who it is.
    pub(super) fn authenticate(&self, token: &Secret) -> Result<Session> {
        #[derive(Deserialize)]
        struct Row {
            user_id: u64,
            email: String,
            created_at: i64,
            seen_at: i64,
        }
        Installation::read(&self.database)?.filter(Installation::is_installed).ok_or(Error::SessionEnded)?;
        let (hash, now) = (hash(token), clock::now());
        let row: Option<Row> = self.database.row(
            "SELECT user_id, email, created_at, seen_at FROM sessions JOIN users ON users.id = user_id WHERE hash = ?",
            vec![hash.as_str().into()],
        )?;
        let row = row
            .filter(|row| now - row.seen_at <= IDLE_SECONDS && now - row.created_at <= LONGEST_SECONDS)
            .ok_or(Error::SessionEnded)?;
        if now - row.seen_at >= SEEN_GRAIN_SECONDS {
            self.database.run("UPDATE sessions SET seen_at = ? WHERE hash = ?", vec![now.into(), hash.into()])?;
        }
        Ok(Session {
            user: PanelUser { id: row.user_id, email: row.email },
            idle_seconds: IDLE_SECONDS,
            ends_at: row.created_at + LONGEST_SECONDS,
        })
    }

    pub(super) fn read_session(&self, call: &ReadSession) -> Result<Session> {
        self.authenticate(&call.session_token)
    }

    /// Ends one session; the user's others go on.
    pub(super) fn end_session(&self, call: &EndSession) -> Result<()> {
        self.authenticate(&call.session_token)?;
        self.database.run("DELETE FROM sessions WHERE hash = ?", vec![hash(&call.session_token).into()])
    }

    /// Whether a token was issued before its user was removed: then it says nothing any more, however often it is shown.
    pub(super) fn is_outlived(&self, token: &LoadToken) -> Result<bool> {
        #[derive(Deserialize)]
        struct Row {
            removed_at: Option<i64>,
        }
        let row: Option<Row> =
            self.database.row("SELECT removed_at FROM users WHERE id = ?", vec![sql_id(&token.user)?.into()])?;
        Ok(row.and_then(|row| row.removed_at).is_some_and(|removed_at| token.issued_at <= removed_at))
    }

    /// Ends a user's sessions and remembers since when.
    pub(super) fn forget_user(&self, user: &PanelUser) -> Result<()> {
        let (user_id, now) = (sql_id(user)?, clock::now());
        self.database.transaction(|| {
            self.database.run("DELETE FROM sessions WHERE user_id = ?", vec![user_id.into()])?;
            let after = (!user.email.is_empty()).then(|| user.email.clone());
            self.note(None, &Change { after, ..Change::of(Action::UserRemoved) }, None)?;
            self.database.run(
                "INSERT INTO users (id, email, first_seen, last_seen, removed_at) VALUES (?, '', ?, ?, ?)
                 ON CONFLICT (id) DO UPDATE SET email = '', removed_at = excluded.removed_at",
                vec![user_id.into(), now.into(), now.into(), now.into()],
            )
        })
    }
}

/// A user id as SQLite and JavaScript both hold it.
fn sql_id(user: &PanelUser) -> Result<i64> {
    i64::try_from(user.id).ok().filter(|id| *id < 1 << 53).ok_or_else(|| TokenFault::Malformed.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_app_and_a_stranger_names_none() {
        assert_eq!(app_of_session("client1.AAAA").unwrap().as_str(), "client1");
        for bad in ["", "client1", ".AAAA", "a/b.AAAA", "é.x"] {
            assert!(app_of_session(bad).is_none(), "{bad}");
        }
    }
}
