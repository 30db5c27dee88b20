//! Ordergroove's hosts by environment, and which hosts a setting may name.
//!
//! Source: Ordergroove, "URLs". An app's environment decides the defaults, so nobody edits five
//! fields to go live.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// Which Ordergroove an app talks to; fixed when the app is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// For trying out.
    Staging,
    /// For real.
    Production,
}

/// The default addresses of an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Defaults {
    /// Legacy API.
    pub api_url: &'static str,
    /// REST API.
    pub rest_url: &'static str,
    /// Subscription creation (Purchase POST).
    pub subscription_url: &'static str,
    /// Scripts.
    pub static_url: &'static str,
    /// Feeds.
    pub sftp_host: &'static str,
}

impl Environment {
    /// The hosts of this environment.
    pub fn defaults(self) -> Defaults {
        match self {
            Self::Staging => Defaults {
                api_url: "https://staging.v2.ordergroove.com",
                rest_url: "https://staging.restapi.ordergroove.com",
                subscription_url: "https://staging.sc.ordergroove.com",
                static_url: "https://staging.static.ordergroove.com",
                sftp_host: "staging.feeds.ordergroove.com",
            },
            Self::Production => Defaults {
                api_url: "https://api.ordergroove.com",
                rest_url: "https://restapi.ordergroove.com",
                subscription_url: "https://sc.ordergroove.com",
                static_url: "https://static.ordergroove.com",
                sftp_host: "feeds.ordergroove.com",
            },
        }
    }
}

/// The hosts that settings may name: the operator's `ORDERGROOVE_HOSTS`.
///
/// An entry is a host (`feeds.example.com`), a wildcard for every host below one (`*.ordergroove.com`),
/// or a loopback address with a port (`127.0.0.1:8788`), for which alone plain `http` is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHosts(Vec<String>);

impl AllowedHosts {
    /// Reads the comma-separated list.
    pub fn parse(list: &str) -> Self {
        Self(list.split(',').map(|entry| entry.trim().to_ascii_lowercase()).filter(|entry| !entry.is_empty()).collect())
    }

    /// Checks an address that settings want to call; says what is wrong with it.
    pub fn check_url(&self, text: &str) -> Result<Url, String> {
        let url = Url::parse(text)
            .map_err(|_| "Enter a full address, such as https://restapi.ordergroove.com.".to_owned())?;
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return Err("Enter the address without user name, \"?\" and \"#\".".to_owned());
        }
        let host = url.host_str().unwrap_or("").to_owned();
        let allowed = match (url.scheme(), url.port()) {
            ("https", None) => self.allows(&host),
            ("http" | "https", port) => {
                let port = port.unwrap_or(if url.scheme() == "http" { 80 } else { 443 });
                is_loopback(&url) && self.allows(&format!("{host}:{port}"))
            }
            _ => false,
        };
        if allowed { Ok(url) } else { Err(self.refusal()) }
    }

    /// Checks the host (and port) of an SFTP server.
    pub fn check_host(&self, host: &str, port: u16) -> Result<(), String> {
        let host = host.to_ascii_lowercase();
        // The text goes into a connection as it is: nothing may hide in front of an allowed ending.
        let label = |label: &str| {
            let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            plain && !label.is_empty() && !label.starts_with('-')
        };
        let named = self.allows(&host) || self.allows(&format!("{host}:{port}"));
        if named && host.split('.').all(label) { Ok(()) } else { Err(self.refusal()) }
    }

    fn allows(&self, host: &str) -> bool {
        self.0.iter().any(|entry| match entry.strip_prefix("*.") {
            Some(parent) => host.strip_suffix(parent).is_some_and(|sub| sub.len() > 1 && sub.ends_with('.')),
            None => entry == host,
        })
    }

    fn refusal(&self) -> String {
        format!("This address is not allowed. Allowed are https addresses at {}.", self.0.join(", "))
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_hosts_and_only_https() {
        let hosts = AllowedHosts::parse("*.ordergroove.com, 127.0.0.1:8788");
        for good in [
            "https://restapi.ordergroove.com",
            "https://a.b.ordergroove.com/path",
            "http://127.0.0.1:8788",
            "https://RESTAPI.ordergroove.com",
        ] {
            assert!(hosts.check_url(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "restapi.ordergroove.com",
            "http://restapi.ordergroove.com",
            "https://ordergroove.com",
            "https://evilordergroove.com",
            "https://restapi.ordergroove.com.evil.com",
            "https://restapi.ordergroove.com@evil.com",
            "https://u:p@restapi.ordergroove.com",
            "https://restapi.ordergroove.com:8443",
            "https://restapi.ordergroove.com/?a=b",
            "http://127.0.0.1:8789",
            "http://127.0.0.1",
            "http://10.0.0.1:8788",
            "http://[::1]:8788",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://.ordergroove.com",
            "http://2130706433:8789",
        ] {
            assert!(hosts.check_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_sftp_host_is_a_name_and_nothing_else() {
        let hosts = AllowedHosts::parse("*.ordergroove.com, 127.0.0.1:8788");
        for (good, port) in [("feeds.ordergroove.com", 2222), ("FEEDS.Ordergroove.com", 22), ("127.0.0.1", 8788)] {
            assert!(hosts.check_host(good, port).is_ok(), "{good}");
        }
        for bad in [
            "evil.example/.ordergroove.com",
            "evil.example#.ordergroove.com",
            "user@evil.example:22/.ordergroove.com",
            "evil.example:22.ordergroove.com",
            "evil.example\0.ordergroove.com",
            "evil.example\r\n.ordergroove.com",
            "evil.example .ordergroove.com",
            "..ordergroove.com",
            "-oProxyCommand=x.ordergroove.com",
            "-x.ordergroove.com",
            "évil.ordergroove.com",
            "feeds.ordergroove.com.",
            "ordergroove.com",
            "2130706433",
        ] {
            assert!(hosts.check_host(bad, 22).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_defaults_of_both_environments_are_allowed() {
        let hosts = AllowedHosts::parse("*.ordergroove.com");
        for environment in [Environment::Staging, Environment::Production] {
            let defaults = environment.defaults();
            for url in [defaults.api_url, defaults.rest_url, defaults.subscription_url, defaults.static_url] {
                assert!(hosts.check_url(url).is_ok(), "{url}");
            }
            assert!(hosts.check_host(defaults.sftp_host, 22).is_ok());
        }
    }
}
