//! What a contestant must do before it is measured: the contract of the storefront endpoints, asked over HTTP.

use serde_json::Value;

use crate::Outcome;
use crate::app::{self, Algorithm, CLIENT_ID, CLIENT_SECRET, ORIGIN, SIGNATURE, SUBSCRIPTIONS};
use crate::http::{Connection, render};
use crate::judge::{CUSTOMER, Expected, judge};
use crate::upstream::{ACTIVE, EMPTY, FAILING, GARBLED, INACTIVE, SECOND_PAGE, UNHEARD_OF};

/// A request to be.
struct Ask {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
}

impl Ask {
    /// A faultless request of a storefront page.
    fn get(path: impl Into<String>, customer: u64) -> Self {
        Self {
            method: "GET",
            path: path.into(),
            headers: vec![
                ("accept", "application/json".into()),
                ("authorization-client", CLIENT_ID.into()),
                ("authorization", "BigCommerce".into()),
                ("signed-payload", app::shopper_token(customer)),
                ("origin", ORIGIN.into()),
            ],
        }
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    fn with(self, name: &'static str, value: impl Into<String>) -> Self {
        let mut ask = self.without(name);
        ask.headers.push((name, value.into()));
        ask
    }

    fn method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }
}

struct Case {
    what: String,
    ask: Ask,
    expected: Expected,
}

fn case(what: impl Into<String>, ask: Ask, expected: Expected) -> Case {
    Case { what: what.into(), ask, expected }
}

/// Runs every check on the server at `port`; gives their number, or what failed.
pub(crate) async fn check(name: &str, port: u16) -> Outcome<usize> {
    let mut connection = Connection::open(port).await?;
    let cases = cases();
    let mut failures = Vec::new();
    for case in &cases {
        let request = render(case.ask.method, &case.ask.path, &case.ask.headers, "");
        let answer = connection.send(&request).await?;
        if let Err(reason) = judge(&case.expected, &case.ask.path, &answer) {
            let told = answer.text();
            failures.push(format!("  {}: {reason}; {} {told}", case.what, answer.status));
        }
    }
    if failures.is_empty() {
        return Ok(cases.len());
    }
    Err(format!("{name} breaks the contract:\n{}", failures.join("\n")).into())
}

fn cases() -> Vec<Case> {
    let mut cases = good_signatures();
    cases.extend(bad_tokens());
    cases.extend(bad_requests());
    cases.extend(statuses());
    cases
}

fn good_signatures() -> Vec<Case> {
    let now = app::now();
    let at = |ts: u64| Ask::get(format!("{SIGNATURE}?ts={ts}"), CUSTOMER);
    let hs512 = app::token(Algorithm::Hs512, &app::claims(CUSTOMER), CLIENT_SECRET);
    let mut late = app::claims(CUSTOMER);
    late["exp"] = (now - 30).into();
    let late = app::token(Algorithm::Hs256, &late, CLIENT_SECRET);
    let mut cases: Vec<Case> =
        [("now", now), ("almost two hours ago", now - 7100), ("almost five minutes ahead", now + 280)]
            .into_iter()
            .map(|(what, ts)| case(what, at(ts), Expected::Signature(Some(ts))))
            .collect();
    cases.extend([
        case("HS512", at(now).with("signed-payload", hs512), Expected::Signature(Some(now))),
        case("expired within the leeway", at(now).with("signed-payload", late), Expected::Signature(Some(now))),
        case("no ts", Ask::get(SIGNATURE, CUSTOMER), Expected::Signature(None)),
    ]);
    cases
}

/// The token of `CUSTOMER` with one claim changed, or taken away.
fn changed(claim: &str, value: Option<Value>) -> String {
    let mut claims = app::claims(CUSTOMER);
    match value {
        Some(value) => claims[claim] = value,
        None => drop(claims.as_object_mut().and_then(|all| all.remove(claim))),
    }
    app::token(Algorithm::Hs256, &claims, CLIENT_SECRET)
}

fn bad_tokens() -> Vec<Case> {
    let now = app::now();
    let good = app::claims(CUSTOMER);
    let signed = |algorithm| app::token(algorithm, &good, CLIENT_SECRET);
    let mut tampered = app::shopper_token(CUSTOMER);
    // Not the last letter, some of whose bits are nobody's.
    let last = tampered.pop();
    let other = if tampered.pop() == Some('x') { 'y' } else { 'x' };
    tampered.extend([Some(other), last].into_iter().flatten());
    let load = serde_json::json!({
        "aud": CLIENT_ID, "iss": "bc", "iat": now, "nbf": now, "exp": now + 86400, "sub": format!("stores/{}", app::STORE_HASH),
        "user": {"id": CUSTOMER, "email": "clerk@shop.example"}, "owner": {"id": 7}, "url": "/",
    });
    let mut tokens = vec![
        ("alg none", signed(Algorithm::None)),
        ("alg HS384", signed(Algorithm::Hs384)),
        ("another secret", app::token(Algorithm::Hs256, &good, "another")),
        ("a tampered signature", tampered),
        ("a load token", app::token(Algorithm::Hs256, &load, CLIENT_SECRET)),
        ("no token at all", "nonsense".to_owned()),
        ("half a token", "eyJhbGciOiJIUzI1NiJ9.e30".to_owned()),
    ];
    for (claim, value) in [
        ("exp", Some((now - 120).into())),
        ("exp", None),
        ("iat", Some((now + 120).into())),
        ("aud", Some("someoneelse".into())),
        ("aud", None),
        ("iss", Some("bc".into())),
        ("iss", None),
        ("operation", Some("other".into())),
        ("operation", None),
        ("sub", Some("otherstore".into())),
        ("store_hash", Some("otherstore".into())),
        ("customer", None),
        ("customer", Some(serde_json::json!({"id": 0}))),
        ("customer", Some(serde_json::json!({"id": -5}))),
        ("customer", Some(serde_json::json!({"id": 1.5}))),
        ("customer", Some(serde_json::json!({"id": "x|y"}))),
    ] {
        tokens.push((claim, changed(claim, value)));
    }
    let refused = || Expected::Refusal(401, "invalid_token");
    let mut cases = Vec::new();
    for path in [SIGNATURE, SUBSCRIPTIONS] {
        let ask = || Ask::get(path, CUSTOMER);
        cases.extend(tokens.iter().map(|(what, token)| {
            case(format!("{path}, {what}: {token}"), ask().with("signed-payload", token), refused())
        }));
        cases.extend([
            case("no signed-payload", ask().without("signed-payload"), refused()),
            case("no authorization", ask().without("authorization"), refused()),
            case("another scheme", ask().with("authorization", "Bearer x"), refused()),
        ]);
    }
    cases
}

fn bad_requests() -> Vec<Case> {
    let now = app::now();
    let mut cases = Vec::new();
    for path in [SIGNATURE, SUBSCRIPTIONS] {
        let ask = || Ask::get(path, CUSTOMER);
        let unknown = || Expected::Forbidden(404, "unknown_app");
        cases.extend([
            case("no client", ask().without("authorization-client"), unknown()),
            case("an unknown client", ask().with("authorization-client", "unknown1"), unknown()),
            case(
                "a foreign origin",
                ask().with("origin", "https://evil.example"),
                Expected::Forbidden(403, "origin_not_allowed"),
            ),
            case("POST", ask().method("POST"), Expected::Bare(405)),
            case("a header over 8 KB", ask().with("signed-payload", "x".repeat(8200)), Expected::Bare(431)),
            case("a preflight", preflight(path, ORIGIN), Expected::Preflight(ORIGIN)),
            case(
                "a preflight of any site",
                preflight(path, "https://other.example"),
                Expected::Preflight("https://other.example"),
            ),
        ]);
    }
    let nowhere = Ask::get("/api/v1/nowhere", CUSTOMER);
    cases.push(case("another path", nowhere, Expected::Bare(404)));
    let times = [
        (now - 7300).to_string(),
        (now + 400).to_string(),
        "170000000".into(),
        "17000000000".into(),
        "soon".into(),
        String::new(),
    ];
    cases.extend(times.map(|ts| {
        let ask = Ask::get(format!("{SIGNATURE}?ts={ts}"), CUSTOMER);
        case(format!("ts={ts}"), ask, Expected::Refusal(400, "invalid_timestamp"))
    }));
    cases
}

fn preflight(path: &str, origin: &str) -> Ask {
    Ask {
        method: "OPTIONS",
        path: path.to_owned(),
        headers: vec![
            ("origin", origin.to_owned()),
            ("access-control-request-method", "GET".into()),
            ("access-control-request-headers", "authorization,authorization-client,content-type,signed-payload".into()),
        ],
    }
}

fn statuses() -> Vec<Case> {
    let upstream = || Expected::Refusal(503, "upstream_unavailable");
    [
        ("an active subscription", ACTIVE, Expected::Status(1)),
        ("subscriptions that are over", INACTIVE, Expected::Status(0)),
        ("an empty list", EMPTY, Expected::Status(-1)),
        ("a customer unheard of", UNHEARD_OF, Expected::Status(-1)),
        ("an active one on page two", SECOND_PAGE, Expected::Status(1)),
        ("a failing upstream", FAILING, upstream()),
        ("a garbled upstream", GARBLED, upstream()),
    ]
    .into_iter()
    .map(|(what, customer, expected)| case(what, Ask::get(SUBSCRIPTIONS, customer), expected))
    .collect()
}
