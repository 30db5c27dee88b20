//! The operator's way out with a fixed address: an HTTP proxy that is asked to CONNECT.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use js_sys::Uint8Array;
use url::Url;

use super::fault::Fault;
use super::packets::Incoming;
use crate::platform::socket::Socket;
use crate::secret::Secret;

/// Lines of an answer's head.
const MOST_LINES: usize = 100;

/// A proxy, with what it wants to know about us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxy {
    host: String,
    port: u16,
    is_secure: bool,
    /// `user:password` in base64.
    credentials: Option<Secret>,
}

impl Proxy {
    /// Reads `http://user:password@host:port`; `https` for a proxy that speaks TLS.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let is_secure = match url.scheme() {
            "http" => false,
            "https" => true,
            _ => return None,
        };
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return None;
        }
        let plain = |text: &str| percent_encoding::percent_decode_str(text).collect::<Vec<u8>>();
        let user = plain(url.username());
        let password = plain(url.password().unwrap_or_default());
        let credentials = (!user.is_empty() || !password.is_empty())
            .then(|| Secret::new(STANDARD.encode([user.as_slice(), b":", &password].concat())));
        Some(Self { host: url.host_str()?.to_owned(), port: url.port_or_known_default()?, is_secure, credentials })
    }

    /// A connection to `host` through this proxy, and the bytes that came from there already.
    pub(super) async fn connect(&self, host: &str, port: u16) -> Result<(Socket, Vec<u8>), Fault> {
        let unavailable = |_| Fault::Proxy(None);
        let socket = Socket::open(&self.host, self.port, self.is_secure).await.map_err(unavailable)?;
        let request = self.request(host, port);
        socket.write(&Uint8Array::from(request.as_bytes())).await.map_err(unavailable)?;
        let mut incoming = Incoming::new(Vec::new());
        let mut status = None;
        for _ in 0..MOST_LINES {
            let line = incoming.line(&socket).await.ok().flatten().ok_or(Fault::Proxy(None))?;
            if status.is_none() {
                status = Some(status_of(&line).ok_or(Fault::Proxy(None))?);
            } else if line.is_empty() {
                return match status {
                    Some(200..=299) => Ok((socket, incoming.into_rest())),
                    refused => Err(Fault::Proxy(refused)),
                };
            }
        }
        Err(Fault::Proxy(None))
    }

    fn request(&self, host: &str, port: u16) -> String {
        let authorization = self
            .credentials
            .as_ref()
            .map_or_else(String::new, |credentials| format!("Proxy-Authorization: Basic {}\r\n", credentials.expose()));
        format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n{authorization}\r\n")
    }
}

fn status_of(line: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(line).ok()?;
    line.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_a_password_is_read_and_kept_secret() {
        let proxy = Proxy::parse("http://user:p%40ss@proxy.example:3128").unwrap();
        assert!(!format!("{proxy:?}").contains("cEBzcw"));
        assert_eq!(
            proxy.request("feeds.example", 22),
            "CONNECT feeds.example:22 HTTP/1.1\r\nHost: feeds.example:22\r\nProxy-Authorization: Basic dXNlcjpwQHNz\r\n\r\n"
        );
        let plain = Proxy::parse("https://proxy.example").unwrap();
        assert!(plain.is_secure && plain.port == 443 && !plain.request("h", 1).contains("Authorization"));
        for bad in ["", "proxy:3128", "socks5://proxy:1080", "http://proxy/path", "http://proxy?x", "http://"] {
            assert!(Proxy::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn only_an_http_answer_has_a_status() {
        assert_eq!(status_of(b"HTTP/1.1 200 Connection established"), Some(200));
        assert_eq!(status_of(b"HTTP/1.0 407"), Some(407));
        for bad in [&b""[..], b"SSH-2.0-x", b"HTTP/1.1", b"HTTP/1.1 x", b"\xff"] {
            assert_eq!(status_of(bad), None);
        }
    }
}
