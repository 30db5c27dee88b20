//! The table of API endpoints: what each takes, and what it takes it from.

use axum::http::Method;

use super::problem::Problem;
use crate::faults::Route;

/// The most items any list gives at once.
pub(super) const MAX_LIMIT: usize = 250;

/// What a query parameter may hold.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Positive,
    Positives,
    Bool,
    Text,
    /// A comma-separated list of these words.
    Words(&'static [&'static str]),
}

/// One path of the API with the methods it has.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) route: Route,
    /// After the store hash; `{id}` stands for a positive number.
    path: &'static str,
    pub(super) methods: &'static [Method],
    /// Any of these scopes will do; none means every token may.
    pub(super) scopes: &'static [&'static str],
    pub(super) query: &'static [(&'static str, Kind)],
}

const PAGE: (&str, Kind) = ("page", Kind::Positive);
const LIMIT: (&str, Kind) = ("limit", Kind::Positive);

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
    /// The id in the path, when the endpoint has one.
    pub(super) id: Option<u64>,
    /// The path as the platform's `OpenAPI` files have it, from `/stores` on.
    pub(super) path: String,
}

impl Place {
    /// Reads `/bigcommerce/api/stores/{hash}/{version}/...`.
    pub(super) fn of(path: &str) -> Option<Self> {
        let path = path.strip_prefix("/bigcommerce/api")?;
        let (store_hash, rest) = path.strip_prefix("/stores/")?.split_once('/')?;
        // `{id}` stands for a positive number, and only at the end.
        let (parent, last) = rest.rsplit_once('/').unwrap_or(("", rest));
        let id = last.parse().ok().filter(|id| *id > 0);
        let endpoint = ENDPOINTS.iter().find(|endpoint| match endpoint.path.strip_suffix("/{id}") {
            Some(prefix) => id.is_some() && prefix == parent,
            None => endpoint.path == rest,
        });
        Some(Self {
            store_hash: store_hash.to_owned(),
            v2: rest.starts_with("v2/"),
            endpoint,
            id,
            path: path.to_owned(),
        })
    }

    pub(super) fn route(&self) -> Route {
        self.endpoint.map_or(Route::OtherBigcommerce, |endpoint| endpoint.route)
    }
}

impl Endpoint {
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
        match self {
            Self::Positive => positive(value),
            Self::Positives => value.split(',').all(positive),
            Self::Bool => matches!(value, "true" | "false"),
            Self::Text => !value.is_empty(),
            Self::Words(words) => value.split(',').all(|word| words.contains(&word)),
        }
    }
}
