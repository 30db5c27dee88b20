//! An HTTP/1.1 client that costs little: one keep-alive connection, requests rendered beforehand.

use std::io::{Error, ErrorKind, Result};
use std::net::Ipv4Addr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A connection to a server on this machine.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header's value; `name` in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// The body as text, for messages.
    pub(crate) fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
}

/// Where a body ends.
enum Length {
    Known(usize),
    Chunked,
}

struct Head {
    status: u16,
    headers: Vec<(String, String)>,
    length: Length,
    bytes: usize,
}

/// Writes a request as it goes over the wire.
pub(crate) fn render(method: &str, path: &str, headers: &[(impl AsRef<str>, impl AsRef<str>)], body: &str) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n");
    for (name, value) in headers {
        text.extend([name.as_ref(), ": ", value.as_ref(), "\r\n"]);
    }
    if !body.is_empty() {
        text.push_str("content-type: application/json\r\n");
    }
    if !body.is_empty() || matches!(method, "POST" | "PUT" | "PATCH") {
        text.extend(["content-length: ", &body.len().to_string(), "\r\n"]);
    }
    text.extend(["\r\n", body]);
    text.into_bytes()
}

impl Connection {
    /// Connects to `port` of this machine.
    pub(crate) async fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4096) })
    }

    /// Sends a rendered request and reads the answer.
    pub(crate) async fn send(&mut self, request: &[u8]) -> Result<Answer> {
        self.buffer.clear();
        self.stream.write_all(request).await?;
        let head = loop {
            self.read_some().await?;
            if let Some(head) = parse_head(&self.buffer)? {
                break head;
            }
        };
        let body = match head.length {
            Length::Known(length) => {
                while self.buffer.len() < head.bytes + length {
                    self.read_some().await?;
                }
                self.buffer[head.bytes..head.bytes + length].to_vec()
            }
            Length::Chunked => loop {
                if let Some(body) = parse_chunks(&self.buffer[head.bytes..])? {
                    break body;
                }
                self.read_some().await?;
            },
        };
        Ok(Answer { status: head.status, headers: head.headers, body })
    }

    async fn read_some(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

fn malformed(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}

fn parse_head(bytes: &[u8]) -> Result<Option<Head>> {
    let mut slots = [httparse::EMPTY_HEADER; 32];
    let mut response = httparse::Response::new(&mut slots);
    let parsed = response.parse(bytes).map_err(|error| malformed(&error.to_string()))?;
    let httparse::Status::Complete(head) = parsed else {
        return Ok(None);
    };
    let status = response.code.unwrap_or_default();
    let mut length = Length::Known(0);
    let mut headers = Vec::with_capacity(response.headers.len());
    for header in response.headers.iter() {
        let name = header.name.to_ascii_lowercase();
        let value = std::str::from_utf8(header.value).map_err(|_| malformed("header not UTF-8"))?;
        match name.as_str() {
            "content-length" => {
                length = Length::Known(value.parse().map_err(|_| malformed("content-length"))?);
            }
            "transfer-encoding" => length = Length::Chunked,
            _ => {}
        }
        headers.push((name, value.to_owned()));
    }
    Ok(Some(Head { status, headers, length, bytes: head }))
}

/// The body in `bytes`, once its last chunk is there.
fn parse_chunks(mut bytes: &[u8]) -> Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    loop {
        let parsed = httparse::parse_chunk_size(bytes).map_err(|_| malformed("chunk size"))?;
        let httparse::Status::Complete((start, size)) = parsed else {
            return Ok(None);
        };
        let size = usize::try_from(size).map_err(|_| malformed("chunk size"))?;
        let end = start + size;
        if bytes.len() < end + 2 {
            return Ok(None);
        }
        if size == 0 {
            return Ok(Some(body));
        }
        body.extend_from_slice(&bytes[start..end]);
        bytes = &bytes[end + 2..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_have_a_length_when_they_have_a_body() {
        let get = render("GET", "/a?b=1", &[("x-y", "z")], "");
        assert_eq!(get, b"GET /a?b=1 HTTP/1.1\r\nhost: 127.0.0.1\r\nx-y: z\r\n\r\n");
        let none: [(&str, &str); 0] = [];
        let put = String::from_utf8(render("PUT", "/", &none, "{}")).unwrap();
        assert!(put.ends_with("content-type: application/json\r\ncontent-length: 2\r\n\r\n{}"));
    }

    #[test]
    fn a_head_is_read_when_it_is_whole() {
        let text = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 7\r\nVary: Origin\r\n\r\n{\"a\":1}";
        assert!(parse_head(&text[..30]).unwrap().is_none());
        let head = parse_head(text).unwrap().unwrap();
        assert_eq!((head.status, head.bytes), (403, text.len() - 7));
        assert!(matches!(head.length, Length::Known(7)));
        assert_eq!(head.headers[1], ("vary".to_owned(), "Origin".to_owned()));
    }

    #[test]
    fn chunks_are_joined() {
        let text = b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        assert_eq!(parse_chunks(text).unwrap().as_deref(), Some(&b"abcde"[..]));
        assert_eq!(parse_chunks(&text[..12]).unwrap(), None);
        assert!(parse_chunks(b"zz\r\n").is_err());
    }
}
