//! Requests that no well-behaved client would send: bytes on a socket.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::World;

/// What came back.
#[derive(Debug)]
pub struct Raw {
    /// 0 when the connection was closed without an answer.
    pub status: u16,
    /// Status line and headers, lowercase names not guaranteed.
    pub head: String,
    /// As it came, chunks and all.
    pub body: String,
}

impl Raw {
    /// Whether a header line begins with `name`.
    pub fn has_header(&self, name: &str) -> bool {
        self.head.lines().skip(1).any(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:")))
    }
}

/// Sends a request line and header lines, each as the bytes they are.
pub async fn send(world: &World, line: &[u8], headers: &[&[u8]]) -> Raw {
    let host = world.worker.url.strip_prefix("http://").expect("http");
    let mut request = line.to_vec();
    request.extend_from_slice(format!(" HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n").as_bytes());
    for header in headers {
        request.extend_from_slice(header);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    let mut stream = TcpStream::connect(host).await.expect("connected");
    // Whoever refuses early may close before all is sent.
    let _ = stream.write_all(&request).await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(15), stream.read_to_end(&mut answer)).await;
    assert!(read.is_ok(), "no end of an answer to {}", String::from_utf8_lossy(line));
    let text = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Raw { status, head: head.to_owned(), body: body.to_owned() }
}
