//! `POST /test/sftp`: puts a made-up file on an SFTP server, as a feed is delivered, and tells how it went.
//!
//! The query names the destination (`host`, `port`, `username`, `password` or `private_key`, `directory`, `host_key`,
//! `proxy`, `patience` in milliseconds), the `name` of the file and its `bytes`; with `broken_at` the source of the
//! bytes fails there.

use std::cell::Cell;
use std::time::Duration;

use futures_util::stream;
use serde_json::{Value, json};

use crate::platform::clock;
use crate::platform::inbound::{Inbound, Reply};
use crate::secret::Secret;
use crate::sftp::{Credential, Destination, Fault, Fingerprint, Proxy, Stage, connect_in_view};

const CHUNK: u64 = 64 * 1024;

pub(super) async fn answer(inbound: &Inbound) -> Reply {
    let text = |name: &str| inbound.query(name).unwrap_or_default();
    let number = |name: &str, default: u64| text(name).parse().unwrap_or(default);
    let key = text("private_key");
    let destination = Destination {
        host: text("host"),
        port: u16::try_from(number("port", 22)).unwrap_or(22),
        username: text("username"),
        credential: if key.is_empty() {
            Credential::Password(Secret::new(text("password")))
        } else {
            Credential::Key(Secret::new(key))
        },
        directory: text("directory"),
        host_key: Fingerprint::parse(&text("host_key")),
        proxy: Proxy::parse(&text("proxy")),
        patience: Duration::from_millis(number("patience", 10_000)),
    };
    let stage = Cell::new(Stage::Address);
    let began = clock::millis();
    let delivered =
        deliver(&destination, &text("name"), number("bytes", 0), number("broken_at", u64::MAX), &stage).await;
    let mut answer = match delivered {
        Ok(answer) => answer,
        Err(fault) => json!({
            "stage": stage.get().name(),
            "message": fault.message(),
            "cause": fault.to_string(),
            "is_final": fault.is_final(),
        }),
    };
    answer["ms"] = (clock::millis() - began).into();
    Reply::json(200, &answer)
}

async fn deliver(
    destination: &Destination,
    name: &str,
    bytes: u64,
    broken_at: u64,
    stage: &Cell<Stage>,
) -> Result<Value, Fault> {
    let mut session = connect_in_view(destination, stage).await?;
    stage.set(Stage::Directory);
    if !session.directory_exists().await? {
        return Err(Fault::DirectoryMissing(destination.directory.clone()));
    }
    stage.set(Stage::Write);
    let chunks = stream::iter((0..bytes.div_ceil(CHUNK)).map(|index| {
        let from = index * CHUNK;
        let to = bytes.min(from + CHUNK);
        if to > broken_at { Err("a fault that a test asked for") } else { Ok(made_up(from, to)) }
    }));
    let progress = Cell::new(0);
    let temporary = format!(".{name}.test.part");
    let sent = session
        .upload(&temporary, chunks, |taken| {
            assert!(taken >= progress.get(), "progress never goes back");
            progress.set(taken);
        })
        .await?;
    let placed = Cell::new("atomically");
    let on_removal = |removes_first: bool| {
        placed.set(if removes_first { "by_removal" } else { "atomically" });
        Ok(())
    };
    session.put_in_place(&temporary, name, on_removal).await?;
    let answer = json!({
        "sent": sent,
        "progress": progress.get(),
        "placed": placed.get(),
        "size": session.size_of(name).await?,
        "fingerprint": session.fingerprint().map(|fingerprint| fingerprint.to_string()),
    });
    session.close().await;
    Ok(answer)
}

/// Each eight bytes are their place in the file, so that a piece that is missing or doubled shows.
fn made_up(from: u64, to: u64) -> Vec<u8> {
    let mut bytes = vec![0; usize::try_from(to - from).unwrap_or_default().next_multiple_of(8)];
    for (place, bytes) in (from / 8..).zip(bytes.as_chunks_mut().0) {
        *bytes = place.to_be_bytes();
    }
    bytes.truncate(usize::try_from(to - from).unwrap_or_default());
    bytes
}
