//! The one error type, and the policy that goes with it.
//!
//! - A person or a program is told a **code** and a **sentence** that helps; nothing internal.
//! - The log gets the **cause** and the request id, once, at the edge of the Worker.
//! - Nobody gets a secret: variants hold no token, key or header, only what may be logged.

use serde::{Deserialize, Serialize};

use crate::bigcommerce::ids::PanelUser;
use crate::bigcommerce::token::TokenFault;
use crate::bigcommerce::webhook::WebhookFault;

/// Shorthand for the app's own results.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Somebody this app depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Party {
    /// The store's platform.
    BigCommerce,
    /// The subscription platform.
    Ordergroove,
    /// The server that feeds go to.
    Sftp,
}

impl Party {
    /// Its name in addresses and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::BigCommerce => "bigcommerce",
            Self::Ordergroove => "ordergroove",
            Self::Sftp => "sftp",
        }
    }
}

impl std::fmt::Display for Party {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::BigCommerce => "BigCommerce",
            Self::Ordergroove => "Ordergroove",
            Self::Sftp => "The SFTP server",
        })
    }
}

/// One refused field of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Dotted path in the settings, e.g. `ordergroove.secret_key`.
    pub field: String,
    /// What to do about it.
    pub message: String,
}

/// A field of the settings that somebody changed meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedField {
    /// Dotted path in the settings.
    pub field: String,
    /// Who changed it last.
    pub user: Option<PanelUser>,
    /// When, in Unix seconds.
    pub at: i64,
}

/// Why a product's configuration was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductError {
    /// The product.
    pub product_id: u64,
    /// The option it is about, if it is about one.
    pub option_id: Option<u64>,
    /// What to do about it.
    pub message: String,
}

/// Everything that can go wrong. The text of a variant is for the log; [`Error::message`] is for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Error {
    /// No such address.
    #[error("no such path")]
    NotFound,
    /// The address exists, the method does not.
    #[error("method not allowed")]
    MethodNotAllowed {
        /// For the `Allow` header.
        allow: String,
    },
    /// A header this app reads is over 8 KB.
    #[error("a header is over 8 KB")]
    HeaderTooLarge,
    /// A body over the limit of its route.
    #[error("the body is too large")]
    BodyTooLarge,
    /// No or unknown client id.
    #[error("unknown app")]
    UnknownApp,
    /// Registered, but no store has it installed (any more).
    #[error("app not installed")]
    NotInstalled,
    /// Installed, but merchant id or secret key is missing.
    #[error("app not configured")]
    NotConfigured,
    /// A token of BigCommerce was refused.
    #[error("{fault}")]
    InvalidToken {
        /// Which check failed: for the log only.
        fault: TokenFault,
    },
    /// A webhook does not prove to be BigCommerce's.
    #[error("{fault}")]
    InvalidWebhook {
        /// Which check failed: for the log only.
        fault: WebhookFault,
    },
    /// `ts` is no 10-digit time or outside its window.
    #[error("timestamp refused")]
    InvalidTimestamp,
    /// The page that asks is not of this store.
    #[error("origin not allowed")]
    OriginNotAllowed,
    /// Another party was unreachable, late or made no sense.
    #[error("{party}: {cause}")]
    UpstreamUnavailable {
        /// Who.
        party: Party,
        /// For the log.
        cause: String,
    },
    /// The operator's token is missing or wrong.
    #[error("operator token refused")]
    OperatorOnly,
    /// The console's session is unknown or over.
    #[error("session ended")]
    SessionEnded,
    /// The request makes no sense; the message says why.
    #[error("bad request: {message}")]
    BadRequest {
        /// Shown.
        message: String,
    },
    /// The request makes sense, but not now; the message says why.
    #[error("conflict: {message}")]
    Conflict {
        /// Shown.
        message: String,
    },
    /// Settings that cannot be saved.
    #[error("settings refused: {}", .errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>().join(", "))]
    InvalidSettings {
        /// One entry a field.
        errors: Vec<FieldError>,
    },
    /// The settings are newer than the ones the change was made to.
    #[error("settings changed meanwhile")]
    SettingsChanged {
        /// What others changed since.
        changed: Vec<ChangedField>,
    },
    /// Products that cannot be saved like this.
    #[error("products refused: {}", .errors.len())]
    InvalidProducts {
        /// At least one.
        errors: Vec<ProductError>,
    },
    /// Products are newer than the ones the change was made to, or gone.
    #[error("products changed meanwhile: {changed:?}")]
    ProductsChanged {
        /// Which.
        changed: Vec<u64>,
    },
    /// A body of a kind that is not taken here.
    #[error("media type not supported")]
    UnsupportedMediaType,
    /// More calls than are let through.
    #[error("too many requests")]
    TooManyRequests {
        /// Seconds until the next is let through.
        retry_after: u32,
    },
    /// BigCommerce did not take the install code.
    #[error("install code refused with status {status}")]
    CodeRefused {
        /// BigCommerce's answer.
        status: u16,
    },
    /// The app belongs to another store already.
    #[error("app belongs to another store")]
    AnotherStore,
    /// Our own fault.
    #[error("{cause}")]
    Internal {
        /// For the log.
        cause: String,
    },
}

impl Error {
    /// Our own fault, with its cause for the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal { cause: cause.to_string() }
    }

    /// Another party's fault, with its cause for the log.
    pub fn upstream(party: Party, cause: impl Into<String>) -> Self {
        Self::UpstreamUnavailable { party, cause: cause.into() }
    }

    /// A request that makes no sense.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::BadRequest { message: message.into() }
    }

    /// HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::BadRequest { .. } | Self::InvalidTimestamp | Self::CodeRefused { .. } => 400,
            Self::InvalidToken { .. } | Self::InvalidWebhook { .. } | Self::OperatorOnly | Self::SessionEnded => 401,
            Self::OriginNotAllowed => 403,
            Self::NotFound | Self::UnknownApp => 404,
            Self::MethodNotAllowed { .. } => 405,
            Self::NotInstalled | Self::NotConfigured | Self::Conflict { .. } | Self::AnotherStore => 409,
            Self::SettingsChanged { .. } | Self::ProductsChanged { .. } => 412,
            Self::BodyTooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::InvalidSettings { .. } | Self::InvalidProducts { .. } => 422,
            Self::TooManyRequests { .. } => 429,
            Self::HeaderTooLarge => 431,
            Self::Internal { .. } => 500,
            Self::UpstreamUnavailable { .. } => 503,
        }
    }

    /// The code a program can rely on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::MethodNotAllowed { .. } => "method_not_allowed",
            Self::HeaderTooLarge => "header_too_large",
            Self::BodyTooLarge => "body_too_large",
            Self::UnknownApp => "unknown_app",
            Self::NotInstalled => "not_installed",
            Self::NotConfigured => "not_configured",
            Self::InvalidToken { .. } => "invalid_token",
            Self::InvalidWebhook { .. } => "invalid_webhook",
            Self::InvalidTimestamp => "invalid_timestamp",
            Self::OriginNotAllowed => "origin_not_allowed",
            Self::UpstreamUnavailable { .. } => "upstream_unavailable",
            Self::OperatorOnly => "operator_only",
            Self::SessionEnded => "session_ended",
            Self::BadRequest { .. } => "bad_request",
            Self::Conflict { .. } => "conflict",
            Self::InvalidSettings { .. } => "invalid_settings",
            Self::SettingsChanged { .. } => "settings_changed",
            Self::InvalidProducts { .. } => "invalid_products",
            Self::ProductsChanged { .. } => "products_changed",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::TooManyRequests { .. } => "too_many_requests",
            Self::CodeRefused { .. } => "install_code_refused",
            Self::AnotherStore => "another_store",
            Self::Internal { .. } => "internal",
        }
    }

    /// The sentence a person reads.
    pub fn message(&self) -> String {
        match self {
            Self::NotFound => "There is nothing at this address.",
            Self::MethodNotAllowed { allow } => return format!("This address takes {allow} only."),
            Self::HeaderTooLarge => "A request header is longer than 8 KB.",
            Self::BodyTooLarge => "The request is too large.",
            Self::UnknownApp => "No app with this client id is registered here.",
            Self::NotInstalled => "The app is not installed in the store.",
            Self::NotConfigured => "The app still needs its Ordergroove merchant id and secret key.",
            Self::InvalidToken { .. } => "The signed token was not accepted. Ask BigCommerce for a fresh one.",
            Self::InvalidWebhook { .. } => "This does not prove to come from BigCommerce.",
            Self::InvalidTimestamp => "ts must be the time in seconds (10 digits), at most two hours old.",
            Self::OriginNotAllowed => "This page does not belong to the store.",
            Self::UpstreamUnavailable { party, .. } => {
                return format!("{party} could not be reached or gave no usable answer. Try again in a minute.");
            }
            Self::OperatorOnly => "The operator token is missing or wrong.",
            Self::SessionEnded => "Your session has ended. Open the app again from BigCommerce's control panel.",
            Self::BadRequest { message } | Self::Conflict { message } => return message.clone(),
            Self::InvalidSettings { .. } => "Some settings need another look.",
            Self::SettingsChanged { .. } => {
                "Somebody else changed the settings meanwhile. Look at what is new, then save again."
            }
            Self::InvalidProducts { .. } => "Some products need another look.",
            Self::ProductsChanged { .. } => {
                "Some of these products changed meanwhile. Look at what is new, then save again."
            }
            Self::UnsupportedMediaType => "This address takes JSON (application/json) only.",
            Self::TooManyRequests { retry_after } => {
                return format!("Too many requests at once. Try again in {retry_after} seconds.");
            }
            Self::CodeRefused { .. } => {
                "BigCommerce did not accept the installation. Start it again from the control panel."
            }
            Self::AnotherStore => "This app already belongs to another store.",
            Self::Internal { .. } => {
                "Something went wrong on our side. Try again; if it stays, give us the request id."
            }
        }
        .to_owned()
    }

    /// Whether somebody should look into it: the log's level is `error` then, `warn` otherwise.
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::Internal { .. })
    }
}

impl From<WebhookFault> for Error {
    fn from(fault: WebhookFault) -> Self {
        Self::InvalidWebhook { fault }
    }
}

impl From<TokenFault> for Error {
    fn from(fault: TokenFault) -> Self {
        Self::InvalidToken { fault }
    }
}
