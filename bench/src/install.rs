//! Brings our Worker to where the peers are by configuration: registered by the operator, installed by BigCommerce, set
//! up by the merchant. Over HTTP, as they do it.

use serde_json::{Value, json};

use crate::Outcome;
use crate::app::{API_KEY, CLIENT_ID, CLIENT_SECRET, MERCHANT_ID, SECRET_KEY, STORE_HASH};
use crate::http::{Answer, Connection, render};

/// The operator's token.
const OPERATOR_TOKEN: &str = "bench-operator-token-0123456789";
/// Seals what our Worker stores: 32 bytes.
const SEALING_KEYS: &str = "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// The variables and secrets of our Worker's deployment on `port`, with both platforms at the port `upstream` and
/// BigCommerce below the path `bigcommerce` there.
pub(crate) fn variables(port: u16, upstream: u16, bigcommerce: &str) -> Vec<(&'static str, String)> {
    let platform = |path: &str| format!("http://127.0.0.1:{upstream}{bigcommerce}/{path}");
    vec![
        ("BIGCOMMERCE_API_URL", platform("api")),
        ("BIGCOMMERCE_LOGIN_URL", platform("login")),
        ("BIGCOMMERCE_SDK_URL", platform("bc-sdk.js")),
        ("BIGCOMMERCE_PAYMENTS_URL", platform("payments")),
        ("PUBLIC_URL", format!("http://127.0.0.1:{port}")),
        ("ORDERGROOVE_HOSTS", format!("127.0.0.1:{upstream}")),
        // Counted as in production, but the load comes from a handful of shoppers.
        ("RATE_LIMITS", "shopper=60000000,app=60000000".to_owned()),
        ("OPERATOR_TOKEN", OPERATOR_TOKEN.to_owned()),
        ("SEALING_KEYS", SEALING_KEYS.to_owned()),
    ]
}

/// Registers, installs and sets up the app.
pub(crate) async fn install(port: u16, upstream: u16) -> Outcome<()> {
    let mut connection = Connection::open(port).await?;
    let scopes = register(&mut connection).await?;
    let path = format!(
        "/bigcommerce/{CLIENT_ID}/auth?account_uuid=6d1f2b3c-0b0e-4a5d-9c8b-7a6f5e4d3c2b&code=bench-code&context=stores%2F{STORE_HASH}&scope={}",
        scopes.join("+")
    );
    let session = authorize(&mut connection, &path).await?;
    configure(&mut connection, &session, upstream).await
}

/// What the operator does. Gives the scopes to install with.
pub(crate) async fn register(connection: &mut Connection) -> Outcome<Vec<String>> {
    let path = format!("/operator/apps/{CLIENT_ID}");
    let headers = [("authorization", format!("Bearer {OPERATOR_TOKEN}"))];
    let body = json!({"client_secret": CLIENT_SECRET, "environment": "staging"});
    let request = render("PUT", &path, &headers, &body.to_string());
    let answer = accepted("registering", connection.send(&request).await?)?;
    let registered: Value = serde_json::from_slice(&answer.body)
        .map_err(|error| format!("registering was answered {}: {error}", answer.text()))?;
    let scopes = registered["scopes"].as_array().cloned().unwrap_or_default();
    Ok(scopes.iter().filter_map(|scope| scope["name"].as_str().map(str::to_owned)).collect())
}

/// What BigCommerce's control panel does when the merchant installs: it opens the auth callback. Gives the session token
/// of the console.
pub(crate) async fn authorize(connection: &mut Connection, callback: &str) -> Outcome<String> {
    let request = render("GET", callback, &[("accept", "text/html")], "");
    let answer = accepted("installing", connection.send(&request).await?)?;
    session_token(&answer.text()).ok_or_else(|| "the page after the install has no session token".into())
}

/// The content of `<meta name="session-token" content="...">`.
fn session_token(page: &str) -> Option<String> {
    let (_, after_name) = page.split_once("name=\"session-token\"")?;
    let (_, content) = after_name.split_once("content=\"")?;
    let (token, _) = content.split_once('"')?;
    Some(token.to_owned())
}

/// What the merchant types into the console.
async fn configure(connection: &mut Connection, session: &str, upstream: u16) -> Outcome<()> {
    let headers = [("authorization", format!("Bearer {session}"))];
    let settings = json!({"ordergroove": {
        "merchant_id": MERCHANT_ID,
        "secret_key": SECRET_KEY,
        "rest_url": format!("http://127.0.0.1:{upstream}"),
        "api_key": API_KEY,
    }});
    let request = render("PATCH", "/console/api/settings", &headers, &settings.to_string());
    accepted("saving the settings", connection.send(&request).await?).map(drop)
}

/// The answer, if it is a good one.
pub(crate) fn accepted(what: &str, answer: Answer) -> Outcome<Answer> {
    if (200..=299).contains(&answer.status) {
        return Ok(answer);
    }
    Err(format!("{what} was answered {}: {}", answer.status, answer.text()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_token_is_found_in_the_page() {
        let page = r#"<head><meta charset="utf-8"><meta name="session-token" content="abc.123"></head>"#;
        assert_eq!(session_token(page).as_deref(), Some("abc.123"));
        assert_eq!(session_token("<p>Something went wrong</p>"), None);
    }
}
