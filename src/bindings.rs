//! The variables and secrets that are in use, read once an isolate and checked whole.

use std::cell::OnceCell;
use std::rc::Rc;

use subtle::ConstantTimeEq as _;
use url::Url;
use worker::Env;

use crate::bigcommerce::ids::ClientId;
use crate::error::{Error, Result};
use crate::ordergroove::hosts::AllowedHosts;
use crate::sftp::Proxy;
use crate::store::seal::Sealer;

/// KV namespace of the read copies.
pub const APPS: &str = "APPS";
/// Durable Object namespace of [`StoreObject`](crate::store::StoreObject).
pub const STORE: &str = "STORE";
/// Durable Object namespace of [`CatalogObject`](crate::store::CatalogObject).
pub const CATALOG: &str = "CATALOG";
/// Durable Object namespace of [`RegistryObject`](crate::store::RegistryObject).
pub const REGISTRY: &str = "REGISTRY";

/// The deployment's settings.
pub struct Bindings {
    /// Where BigCommerce's Management API is, without `/stores`.
    pub bigcommerce_api_url: Url,
    /// Where codes are exchanged, without `/oauth2/token`.
    pub bigcommerce_login_url: Url,
    /// BigCommerce's script that tells of a sign-out from the control panel.
    pub bigcommerce_sdk_url: Url,
    /// Where this Worker is reached: what callbacks are made from.
    pub public_url: Url,
    /// Hosts that settings may name.
    pub ordergroove_hosts: AllowedHosts,
    /// Seals every secret at rest.
    pub sealer: Sealer,
    /// How often shoppers are let through.
    pub rate_limits: RateLimits,
    /// The way to SFTP servers, if it is not the direct one.
    pub sftp_proxy: Option<Proxy>,
    operator_token: String,
}

/// Calls a minute that one isolate lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    /// Of one shopper.
    pub shopper: u32,
    /// Of one app to Ordergroove. Ordergroove: 6,000 a minute from one address, which apps share.
    pub app: u32,
}

impl RateLimits {
    /// Reads `shopper=60,app=3000`.
    fn parse(text: &str) -> Option<Self> {
        let (shopper, app) = text.split_once(',')?;
        let number = |text: &str, name: &str| -> Option<u32> {
            let number = text.trim().strip_prefix(name)?.strip_prefix('=')?.parse().ok()?;
            (number > 0).then_some(number)
        };
        Some(Self { shopper: number(shopper, "shopper")?, app: number(app, "app")? })
    }
}

thread_local! {
    static READ: OnceCell<Rc<Bindings>> = const { OnceCell::new() };
}

impl Bindings {
    /// The bindings; the first call of an isolate reads and checks them.
    pub fn of(env: &Env) -> Result<Rc<Self>> {
        if let Some(bindings) = READ.with(|read| read.get().cloned()) {
            return Ok(bindings);
        }
        let bindings = Rc::new(Self::read(|name| env.var(name).ok().map(|value| value.to_string()))?);
        Ok(READ.with(|read| read.get_or_init(|| bindings).clone()))
    }

    fn read(var: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let required = |name: &str| {
            var(name)
                .filter(|value| !value.is_empty())
                .ok_or_else(|| Error::internal(format!("variable {name} is not set")))
        };
        let address = |name: &str| {
            let url =
                Url::parse(&required(name)?).map_err(|error| Error::internal(format!("variable {name}: {error}")))?;
            match url.scheme() {
                "https" | "http" => Ok(url),
                _ => Err(Error::internal(format!("variable {name} is not an http address"))),
            }
        };
        let operator_token = required("OPERATOR_TOKEN")?;
        if operator_token.len() < 16 {
            return Err(Error::internal("secret OPERATOR_TOKEN is shorter than 16 characters"));
        }
        Ok(Self {
            bigcommerce_api_url: address("BIGCOMMERCE_API_URL")?,
            bigcommerce_login_url: address("BIGCOMMERCE_LOGIN_URL")?,
            bigcommerce_sdk_url: address("BIGCOMMERCE_SDK_URL")?,
            public_url: address("PUBLIC_URL")?,
            ordergroove_hosts: AllowedHosts::parse(&required("ORDERGROOVE_HOSTS")?),
            sealer: Sealer::from_ring(&required("SEALING_KEYS")?)?,
            rate_limits: RateLimits::parse(&required("RATE_LIMITS")?)
                .ok_or_else(|| Error::internal("variable RATE_LIMITS is not of the form shopper=60,app=3000"))?,
            sftp_proxy: var("SFTP_PROXY")
                .filter(|proxy| !proxy.is_empty())
                .map(|proxy| read_proxy(&proxy))
                .transpose()?,
            operator_token,
        })
    }

    /// Compares in constant time; of a wrong token not even the length is told by time.
    pub fn is_operator(&self, token: &str) -> bool {
        use sha2::{Digest as _, Sha256};
        Sha256::digest(token).ct_eq(&Sha256::digest(&self.operator_token)).into()
    }

    /// Whether this is a deployment on one machine, where pages are served over plain http.
    pub fn is_local(&self) -> bool {
        self.public_url.scheme() == "http"
    }

    /// The address of one of an app's callbacks.
    pub fn callback(&self, client_id: &ClientId, name: &str) -> String {
        crate::outbound::join(&self.public_url, &format!("/bigcommerce/{client_id}/{name}")).to_string()
    }
}

/// What is wrong with it is not told: its password would be.
fn read_proxy(text: &str) -> Result<Proxy> {
    Proxy::parse(text)
        .ok_or_else(|| Error::internal("secret SFTP_PROXY is not of the form http://user:password@host:port"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vars(name: &str) -> Option<String> {
        Some(match name {
            "BIGCOMMERCE_API_URL" => "https://api.bigcommerce.com".into(),
            "BIGCOMMERCE_LOGIN_URL" => "https://login.bigcommerce.com".into(),
            "BIGCOMMERCE_SDK_URL" => "https://cdn.bigcommerce.com/jssdk/bc-sdk.js".into(),
            "PUBLIC_URL" => "https://app.example/".into(),
            "ORDERGROOVE_HOSTS" => "*.ordergroove.com".into(),
            "RATE_LIMITS" => "shopper=60,app=3000".into(),
            "OPERATOR_TOKEN" => "0123456789abcdef".into(),
            "SEALING_KEYS" => "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".into(),
            _ => return None,
        })
    }

    #[test]
    fn a_missing_or_broken_variable_is_named() {
        assert!(Bindings::read(vars).is_ok());
        for name in [
            "BIGCOMMERCE_API_URL",
            "BIGCOMMERCE_LOGIN_URL",
            "BIGCOMMERCE_SDK_URL",
            "PUBLIC_URL",
            "ORDERGROOVE_HOSTS",
            "RATE_LIMITS",
            "OPERATOR_TOKEN",
            "SEALING_KEYS",
        ] {
            for broken in [None, Some(String::new())] {
                let read = Bindings::read(|asked| if asked == name { broken.clone() } else { vars(asked) });
                let Err(Error::Internal { cause }) = read else { panic!("{name}") };
                assert!(cause.contains(name), "{cause}");
            }
        }
    }

    #[test]
    fn a_proxy_may_be_missing_but_not_broken() {
        let read = |proxy: &str| {
            Bindings::read(|asked| if asked == "SFTP_PROXY" { Some(proxy.to_owned()) } else { vars(asked) })
        };
        assert!(read("").unwrap().sftp_proxy.is_none() && Bindings::read(vars).unwrap().sftp_proxy.is_none());
        assert!(read("http://user:hunter2@proxy.example:3128").unwrap().sftp_proxy.is_some());
        let Err(Error::Internal { cause }) = read("socks5://user:hunter2@proxy.example") else { panic!("refused") };
        assert!(cause.contains("SFTP_PROXY") && !cause.contains("hunter2"), "{cause}");
    }

    #[test]
    fn rate_limits_are_two_positive_numbers() {
        assert_eq!(RateLimits::parse("shopper=60, app=3000"), Some(RateLimits { shopper: 60, app: 3000 }));
        for bad in ["", "60", "shopper=0,app=1", "shopper=1,app=-1", "app=1,shopper=1", "shopper=1,app=1,x=1"] {
            assert_eq!(RateLimits::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_operator_token_is_compared_whole() {
        let bindings = Bindings::read(vars).unwrap();
        assert!(bindings.is_operator("0123456789abcdef"));
        for wrong in ["", "0123456789abcde", "0123456789abcdefg", "0123456789abcdeg"] {
            assert!(!bindings.is_operator(wrong), "{wrong:?}");
        }
        let id = ClientId::parse("abc").unwrap();
        assert_eq!(bindings.callback(&id, "auth"), "https://app.example/bigcommerce/abc/auth");
    }
}
