//! The shop, the control panel and Ordergroove, as a browser meets them.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::common::{APP, SECRET, STORE, app, install, on_host, start, value};
use base64::Engine as _;
use hmac::{Hmac, Mac};
use jwt_compact::alg::{Hs256, Hs256Key, Hs512, Hs512Key};
use jwt_compact::{AlgorithmExt as _, UntrustedToken};
use reqwest::Method;
use sandbox::{JwtAlg, Modifier, Product, Sandbox, ThemeSettings};
use serde_json::{Value, json};

#[expect(clippy::disallowed_methods, reason = "the ban is for the Worker, which has no such clock")]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

async fn sign_in(sandbox: &Sandbox) -> String {
    let request = on_host(sandbox, STORE, Method::POST, "/login.php")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("email=ada%40shopper.example");
    let response = request.send().await.expect("an answer");
    assert_eq!(response.headers()["location"], "/account.php");
    let cookie = response.headers()["set-cookie"].to_str().expect("text").to_owned();
    assert!(cookie.contains("HttpOnly"), "{cookie}");
    cookie.split(';').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn current_jwt_says_who_is_signed_in() {
    let sandbox = start().await;
    let path = format!("/customer/current.jwt?app_client_id={APP}");
    let ask = |path: &str, cookie: &str| on_host(&sandbox, STORE, Method::GET, path).header("cookie", cookie).send();
    assert_eq!(ask(&path, "").await.expect("an answer").status(), 404);
    assert_eq!(ask("/customer/current.jwt?app_client_id=none", "").await.expect("an answer").status(), 403);
    let cookie = sign_in(&sandbox).await;
    let response = ask(&path, &cookie).await.expect("an answer");
    assert!(response.headers()["content-type"].to_str().expect("text").starts_with("text/plain"));
    check(&response.text().await.expect("text"), JwtAlg::Hs256);
    sandbox.set_jwt_alg(APP, JwtAlg::Hs512);
    let response = ask(&path, &cookie).await.expect("an answer");
    check(&response.text().await.expect("text"), JwtAlg::Hs512);
    check(&sandbox.customer_jwt(STORE, APP, 70421), JwtAlg::Hs512);
    let gone = on_host(&sandbox, STORE, Method::GET, "/login.php?action=logout").header("cookie", &cookie);
    assert_eq!(gone.send().await.expect("an answer").status(), 303);
    assert_eq!(ask(&path, &cookie).await.expect("an answer").status(), 404);
}

/// Reads the token with another library than the one under test, and compares the claims.
fn check(token: &str, alg: JwtAlg) {
    let token = UntrustedToken::new(token).expect("a compact token");
    let token = if alg == JwtAlg::Hs256 {
        Hs256.validator(&Hs256Key::new(SECRET)).validate(&token)
    } else {
        Hs512.validator(&Hs512Key::new(SECRET)).validate(&token)
    };
    let claims = claims(&token.expect("signed with the secret"));
    assert_eq!(claims["customer"], json!({ "id": 70421, "email": "ada@shopper.example", "group_id": "0" }));
    assert_eq!(claims["iss"], "bc/apps");
    assert_eq!((&claims["sub"], &claims["store_hash"]), (&json!(STORE), &json!(STORE)));
    assert_eq!((&claims["aud"], &claims["operation"]), (&json!(APP), &json!("current_customer")));
}

fn claims(token: &jwt_compact::Token<Value>) -> Value {
    let claims = token.claims();
    let issued = claims.issued_at.expect("iat");
    assert_eq!((claims.expiration.expect("exp") - issued).num_seconds(), 900);
    claims.custom.clone()
}

#[tokio::test]
async fn pages_carry_the_script_once_a_theme_is_attached() {
    let sandbox = start().await;
    let page =
        |path: &'static str, cookie: &str| on_host(&sandbox, STORE, Method::GET, path).header("cookie", cookie).send();
    let text = page("/", "").await.expect("an answer").text().await.expect("text");
    assert!(text.contains("Fern &amp; Kettle") && !text.contains("og-auth.js"));
    sandbox.attach_theme(
        STORE,
        ThemeSettings {
            worker_url: "http://localhost:8787".into(),
            client_id: APP.into(),
            merchant_id: "m1".into(),
            rest_url: sandbox.ordergroove_rest_url(),
        },
    );
    let cookie = sign_in(&sandbox).await;
    for path in ["/", "/login.php", "/account.php", "/og-auth-msi/", "/manage-subscriptions/", "/guide.html"] {
        let text = page(path, &cookie).await.expect("an answer").text().await.expect("text");
        let script = r#"<script src="http://localhost:8787/storefront/v1/og-auth.js" data-client-id="client-one" defer></script>"#;
        assert!(text.contains(script), "{path}");
    }
    assert_eq!(page("/account.php", "").await.expect("an answer").headers()["location"], "/login.php");
}

#[tokio::test]
async fn the_panel_installs_opens_and_uninstalls() {
    let sandbox = start().await;
    let panel = format!("store-{STORE}");
    let get = |path: String| on_host(&sandbox, &panel, Method::GET, &path).send();
    let text = get("/manage".into()).await.expect("an answer").text().await.expect("text");
    assert!(text.contains(r#"data-test="install""#) && !text.contains(r#"data-test="open""#));
    let text = get(format!("/manage/app/{APP}/install")).await.expect("an answer").text().await.expect("text");
    assert!(text.contains(r#"id="bigcommerce-app""#) && text.contains("context=stores%2Fabc123"), "{text}");
    let token = install(&sandbox, APP, SECRET).await;
    let text = get(format!("/manage/app/{APP}?user=21")).await.expect("an answer").text().await.expect("text");
    assert!(text.contains("signed_payload_jwt="));
    assert_eq!(get(format!("/manage/app/{APP}?user=99")).await.expect("an answer").status(), 404);
    let hook = json!({ "scope": "store/order/created", "destination": "https://a.example/" });
    assert_eq!(value(crate::common::api(&sandbox, &token, Method::POST, "/v3/hooks").json(&hook)).await.0, 200);
    let uninstall = on_host(&sandbox, &panel, Method::POST, &format!("/manage/app/{APP}/uninstall"));
    assert_eq!(uninstall.send().await.expect("an answer").status(), 303);
    assert_eq!(sandbox.token_of(STORE, APP), None);
    let token = install(&sandbox, APP, SECRET).await;
    assert_eq!(value(crate::common::api(&sandbox, &token, Method::GET, "/v3/hooks")).await.1["data"], json!([]));
}

#[tokio::test]
async fn signed_payloads_name_the_user_and_the_owner() {
    let sandbox = start().await;
    let url = sandbox.load_callback_url(STORE, APP, 21);
    let token = url.query_pairs().next().expect("a parameter").1.into_owned();
    let token = UntrustedToken::new(&token).expect("a compact token");
    let token = Hs256.validator::<Value>(&Hs256Key::new(SECRET)).validate(&token).expect("signed with the secret");
    let claims = token.claims();
    assert_eq!((claims.expiration.expect("exp") - claims.not_before.expect("nbf")).num_seconds(), 86_400);
    let custom = &claims.custom;
    assert_eq!((&custom["aud"], &custom["iss"], &custom["sub"]), (&json!(APP), &json!("bc"), &json!("stores/abc123")));
    assert_eq!((&custom["user"]["id"], &custom["owner"]["id"], &custom["url"]), (&json!(21), &json!(7), &json!("/")));
}

fn ordergroove(sandbox: &Sandbox, query: &str) -> reqwest::RequestBuilder {
    crate::common::client().get(format!("{}/subscriptions/{query}", sandbox.ordergroove_rest_url()))
}

fn signed(customer: &str, ts: u64) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"0123456789abcdef0123456789abcdef").expect("any length");
    mac.update(format!("{customer}|{ts}").as_bytes());
    let sig = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    json!({ "public_id": "m1", "ts": ts, "sig_field": customer, "sig": sig }).to_string()
}

#[tokio::test]
async fn ordergroove_lists_in_pages() {
    let sandbox = start().await;
    let keyed = |query: &str| ordergroove(&sandbox, query).header("x-api-key", "key-one");
    let (status, first) = value(keyed("?customer=70421")).await;
    assert_eq!((status, &first["count"], first["results"].as_array().map(Vec::len)), (200, &json!(12), Some(10)));
    let next = crate::common::client().get(first["next"].as_str().expect("a next page")).header("x-api-key", "key-one");
    let second = value(next).await.1;
    assert_eq!((second["results"].as_array().map(Vec::len), &second["next"]), (Some(2), &Value::Null));
    let cursor = |request: reqwest::RequestBuilder| request.header("x-og-api-version", "2");
    let first = value(cursor(keyed("?customer=70421&page_size=7"))).await.1;
    assert_eq!(first["count"], Value::Null);
    let next = crate::common::client().get(first["next"].as_str().expect("a next page")).header("x-api-key", "key-one");
    assert_eq!(value(cursor(next)).await.1["results"].as_array().map(Vec::len), Some(5));
    assert_eq!(value(keyed("?customer=1")).await.1["results"], json!([]));
    assert_eq!(value(keyed("")).await.0, 403);
    assert_eq!(sandbox.refusals().len(), 1);
}

#[tokio::test]
async fn ordergroove_lets_a_customer_see_its_own() {
    let sandbox = start().await;
    let ask = |customer: &str, header: String| {
        ordergroove(&sandbox, &format!("?customer={customer}")).header("authorization", header)
    };
    assert_eq!(value(ask("70421", signed("70421", now()))).await.0, 200);
    for (customer, header) in [
        ("70422", signed("70421", now())),
        ("70421", signed("70421", now() - 7_300)),
        ("70421", signed("70421", now()).replace("m1", "m2")),
    ] {
        let (status, body) = value(ask(customer, header)).await;
        assert_eq!((status, body), (403, json!({ "detail": "Authentication Failed" })));
    }
    let url = format!("{}/subscriptions/", sandbox.ordergroove_rest_url());
    let preflight = crate::common::client().request(Method::OPTIONS, url).send().await.expect("an answer");
    assert_eq!(preflight.headers()["access-control-allow-origin"], "*");
    let allowed = preflight.headers()["access-control-allow-headers"].to_str().expect("text");
    assert!(allowed.contains("authorization") && allowed.contains("content-type"));
}

#[tokio::test]
async fn an_attackers_token_can_be_made() {
    let sandbox = start().await;
    sandbox.add_app(app("client-two", "secret-two", &[]));
    assert!(sandbox.sign_jwt("client-two", JwtAlg::None, json!({})).ends_with('.'));
}

#[tokio::test]
async fn the_panel_lists_the_products() {
    let sandbox = start().await;
    let panel = format!("store-{STORE}");
    let page = async |path: &str| {
        let response = on_host(&sandbox, &panel, Method::GET, path).send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        response.text().await.expect("text")
    };
    assert!(page("/manage/products").await.contains("no products"));
    let tea = Product::named("Tea & <biscuits>").with(Modifier::dropdown("Subscription", &["Once", "Every month"]));
    let id = sandbox.add_product(STORE, tea);
    let shown = page("/manage/products").await;
    for text in [&id.to_string(), "Tea &amp; &lt;biscuits&gt;", "Subscription: Once, Every month"] {
        assert!(shown.contains(text), "{text}");
    }
    sandbox.generate_products(STORE, 150, 1);
    let all = sandbox.product_ids(STORE);
    let (first, next) = (page("/manage/products").await, format!("/manage/products?user=7&amp;after={}", all[99]));
    assert!(first.contains(&all[99].to_string()) && !first.contains(&all[100].to_string()));
    assert!(first.contains(&next));
    let second = page(&next.replace("&amp;", "&")).await;
    assert!(second.contains(&all[100].to_string()) && !second.contains("after="));
}
