//! The table of API endpoints: what each takes, and what it takes it from.

use axum::http::Method;

use super::catalog::endpoints::CATALOG;
use super::moment;
use super::problem::Problem;
use crate::faults::Route;

/// The most items any list gives at once.
pub(super) const MAX_LIMIT: usize = 250;

/// What a query parameter may hold.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Positive,
    Positives,
    /// A number of at least 0.
    Whole,
    Wholes,
    Decimal,
    Bool,
    /// 0 or 1.
    Flag,
    /// A day, or a day and a time.
    Moment,
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A comma-separated list of these words.
    Words(&'static [&'static str]),
}

/// One path of the API with the methods it has.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) route: Route,
    /// After the store hash; each `{id}` stands for a positive number.
    pub(super) path: &'static str,
    pub(super) methods: &'static [Method],
    /// Any of these scopes will do; none means every token may.
    pub(super) scopes: &'static [&'static str],
    pub(super) query: &'static [(&'static str, Kind)],
}

pub(super) const PAGE: (&str, Kind) = ("page", Kind::Positive);
pub(super) const LIMIT: (&str, Kind) = ("limit", Kind::Positive);

static ENDPOINTS: [Endpoint; 6] = [
    Endpoint {
        route: Route::Store,
        path: "v2/store",
        methods: &[Method::GET],
        scopes: &["store_v2_information_read_only", "store_v2_information"],
        query: &[],
    },
    Endpoint { route: Route::Time, path: "v2/time", methods: &[Method::GET], scopes: &[], query: &[] },
    Endpoint {
        route: Route::Channels,
        path: "v3/channels",
        methods: &[Method::GET],
        scopes: &["store_channel_settings_read_only", "store_channel_settings"],
        query: &[
            PAGE,
            LIMIT,
            ("available", Kind::Bool),
            (
                "status:in",
                Kind::Words(&[
                    "prelaunch",
                    "active",
                    "inactive",
                    "connected",
                    "disconnected",
                    "archived",
                    "deleted",
                    "terminated",
                ]),
            ),
            ("type:in", Kind::Words(&["marketplace", "marketing", "pos", "storefront"])),
            ("platform:in", Kind::Text),
        ],
    },
    Endpoint {
        route: Route::Sites,
        path: "v3/sites",
        methods: &[Method::GET],
        scopes: &["store_sites_read_only", "store_sites"],
        query: &[
            PAGE,
            LIMIT,
            ("channel_id:in", Kind::Positives),
            ("url_type:in", Kind::Words(&["primary", "canonical", "checkout"])),
        ],
    },
    Endpoint {
        route: Route::Hooks,
        path: "v3/hooks",
        methods: &[Method::GET, Method::POST],
        scopes: &[],
        query: &[PAGE, LIMIT, ("scope", Kind::Text), ("destination", Kind::Text), ("is_active", Kind::Bool)],
    },
    Endpoint {
        route: Route::Hooks,
        path: "v3/hooks/{id}",
        methods: &[Method::GET, Method::PUT, Method::DELETE],
        scopes: &[],
        query: &[],
    },
];

/// Where in the API a request points.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) store_hash: String,
    pub(super) v2: bool,
    pub(super) endpoint: Option<&'static Endpoint>,
    /// The ids in the path, as many as the endpoint has.
    pub(super) ids: Vec<u64>,
    /// The path as the platform's `OpenAPI` files have it, from `/stores` on.
    pub(super) path: String,
}

impl Place {
    /// Reads `/bigcommerce/api/stores/{hash}/{version}/...`.
    pub(super) fn of(path: &str) -> Option<Self> {
        let path = path.strip_prefix("/bigcommerce/api")?;
        let (store_hash, rest) = path.strip_prefix("/stores/")?.split_once('/')?;
        let found = ENDPOINTS.iter().chain(&CATALOG).find_map(|endpoint| Some((endpoint, endpoint.ids(rest)?)));
        let (endpoint, ids) = found.map_or((None, Vec::new()), |(endpoint, ids)| (Some(endpoint), ids));
        Some(Self {
            store_hash: store_hash.to_owned(),
            v2: rest.starts_with("v2/"),
            endpoint,
            ids,
            path: path.to_owned(),
        })
    }

    pub(super) fn route(&self) -> Route {
        self.endpoint.map_or(Route::OtherBigcommerce, |endpoint| endpoint.route)
    }
}

impl Endpoint {
    /// The ids in a path that is this endpoint's.
    fn ids(&self, path: &str) -> Option<Vec<u64>> {
        if self.path.split('/').count() != path.split('/').count() {
            return None;
        }
        let mut ids = Vec::new();
        for (template, part) in self.path.split('/').zip(path.split('/')) {
            match template {
                "{id}" => ids.push(part.parse().ok().filter(|id| *id > 0)?),
                _ if template == part => {}
                _ => return None,
            }
        }
        Some(ids)
    }

    /// Every parameter known, each once, each of its kind.
    pub(super) fn check_query(&self, query: &[(String, String)]) -> Result<(), Problem> {
        for (place, (name, value)) in query.iter().enumerate() {
            let Some((_, kind)) = self.query.iter().find(|(known, _)| known == name) else {
                return Err(Problem::field(name, "this endpoint has no such parameter"));
            };
            if query[..place].iter().any(|(earlier, _)| earlier == name) {
                return Err(Problem::field(name, "given twice"));
            }
            if !kind.takes(value) {
                return Err(Problem::field(name, format!("{value:?} is not {kind:?}")));
            }
            if name == "limit" && value.parse::<usize>().is_ok_and(|limit| limit > MAX_LIMIT) {
                return Err(Problem::new(413, format!("limit is over {MAX_LIMIT}")));
            }
        }
        Ok(())
    }
}

impl Kind {
    fn takes(self, value: &str) -> bool {
        let positive = |text: &str| text.parse::<u64>().is_ok_and(|number| number > 0);
        let whole = |text: &str| text.parse::<u64>().is_ok();
        match self {
            Self::Positive => positive(value),
            Self::Positives => value.split(',').all(positive),
            Self::Whole => whole(value),
            Self::Wholes => value.split(',').all(whole),
            Self::Decimal => value.parse::<f64>().is_ok_and(f64::is_finite),
            Self::Flag => matches!(value, "0" | "1"),
            Self::Moment => moment::read(value).is_some(),
            Self::Word(words) => words.contains(&value),
            Self::Bool => matches!(value, "true" | "false"),
            Self::Text => !value.is_empty(),
            Self::Words(words) => value.split(',').all(|word| words.contains(&word)),
        }
    }
}
