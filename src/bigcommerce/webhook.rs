//! A webhook of BigCommerce: whether it is one, and what it says.
//!
//! Two proofs. The **hook secret** is a header that the app asked for when it registered its hooks; it is
//! always required. The **signature** of Standard Webhooks, made with the client secret over the id, the time
//! and the body, is not sent to every store yet: once one of its headers is there, it must be right.
//!
//! The hook secret is stored nowhere. It is derived from the client secret and the store, which the edge and
//! the object both have anyway: so it is one secret less to keep and to seal, each store has another one, and
//! with the client secret it is replaced. While the client secret before is still taken, so is what is derived
//! from it, until the hooks are repaired.
//!
//! Sources: BigCommerce, "Webhooks overview", "Webhook security"; the Standard Webhooks specification.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::ids::{MalformedId, StoreHash};
use super::prepared_hmac::hmac_of;
use crate::secret::Secret;

/// The header that carries the hook secret.
pub const SECRET_HEADER: &str = "X-Hook-Secret";

/// How far a signature's time may be from ours: what Standard Webhooks' own libraries allow.
const TOLERANCE_SECONDS: i64 = 5 * 60;

/// Longer than any id or scope of a webhook.
const LONGEST_NAME: usize = 200;

/// The secret of an app's hooks at one store.
pub fn hook_secret(client_secret: &Secret, store: &StoreHash) -> Secret {
    let key: Hmac<Sha256> = hmac_of(client_secret.expose().as_bytes());
    let derived = key.chain_update(format!("webhooks of stores/{store}")).finalize().into_bytes();
    Secret::new(URL_SAFE_NO_PAD.encode(derived))
}

/// Why a webhook was refused: for the log only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum WebhookFault {
    /// No hook secret.
    #[error("webhook: no hook secret")]
    NoSecret,
    /// Another one.
    #[error("webhook: wrong hook secret")]
    WrongSecret,
    /// Some headers of a signature, not all.
    #[error("webhook: headers of its signature are missing or malformed")]
    PartialSignature,
    /// A signature of another time.
    #[error("webhook: signed more than five minutes from now")]
    Stale,
    /// Made with another key, or of another body.
    #[error("webhook: wrong signature")]
    WrongSignature,
}

/// A webhook as it arrived, not yet believed.
#[derive(Debug, Default)]
pub struct Delivery {
    /// `X-Hook-Secret`.
    pub secret: Option<Secret>,
    /// `webhook-id`.
    pub id: Option<String>,
    /// `webhook-timestamp`.
    pub timestamp: Option<String>,
    /// `webhook-signature`.
    pub signatures: Option<String>,
    /// The body to the letter.
    pub body: String,
}

impl Delivery {
    /// Checks both proofs with the client secrets that are taken now.
    pub fn verify(&self, client_secrets: &[&Secret], store: &StoreHash, now: i64) -> Result<(), WebhookFault> {
        let sent = self.secret.as_ref().ok_or(WebhookFault::NoSecret)?;
        if !client_secrets.iter().any(|client_secret| hook_secret(client_secret, store) == *sent) {
            return Err(WebhookFault::WrongSecret);
        }
        let (id, timestamp, signatures) = match (&self.id, &self.timestamp, &self.signatures) {
            (None, None, None) => return Ok(()),
            (Some(id), Some(timestamp), Some(signatures)) if (1..=LONGEST_NAME).contains(&id.len()) => {
                (id, timestamp, signatures)
            }
            _ => return Err(WebhookFault::PartialSignature),
        };
        let at: i64 = timestamp.parse().map_err(|_| WebhookFault::PartialSignature)?;
        if now.abs_diff(at) > TOLERANCE_SECONDS.unsigned_abs() {
            return Err(WebhookFault::Stale);
        }
        let signed = format!("{id}.{timestamp}.{}", self.body);
        let is_signed = |client_secret: &&Secret| {
            let key: Hmac<Sha256> = hmac_of(client_secret.expose().as_bytes());
            let key = key.chain_update(&signed);
            first_version(signatures).any(|signature| key.clone().verify_slice(&signature).is_ok())
        };
        if client_secrets.iter().any(is_signed) { Ok(()) } else { Err(WebhookFault::WrongSignature) }
    }

    /// What it says.
    pub fn read(&self) -> Result<Webhook, Unreadable> {
        let payload: Payload = serde_json::from_str(&self.body).map_err(|_| Unreadable::Json)?;
        if !(1..=LONGEST_NAME).contains(&payload.scope.len()) {
            return Err(Unreadable::Json);
        }
        let store = StoreHash::from_context(&payload.producer).map_err(Unreadable::Producer)?;
        let event = Event {
            key: self.key(&payload),
            scope: payload.scope,
            data: payload.data,
            created_at: payload.created_at.and_then(|at| at.as_i64()).unwrap_or_default(),
        };
        Ok(Webhook { store, event })
    }

    /// What a second delivery of the same event has too. `hash` is of the payload and has no key.
    fn key(&self, payload: &Payload) -> String {
        match (&self.id, &payload.hash) {
            (Some(id), _) => format!("id {id}"),
            (None, Some(hash)) if hash.len() <= LONGEST_NAME => {
                let created_at = payload.created_at.as_ref().map(ToString::to_string).unwrap_or_default();
                format!("hash {hash} {created_at} {}", payload.scope)
            }
            (None, _) => format!("body {}", URL_SAFE_NO_PAD.encode(Sha256::digest(&self.body))),
        }
    }
}

/// The signatures of the one version there is; others are for those who know them.
fn first_version(signatures: &str) -> impl Iterator<Item = Vec<u8>> {
    signatures.split(' ').filter_map(|entry| STANDARD.decode(entry.strip_prefix("v1,")?).ok())
}

/// A webhook that was believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Where it happened.
    pub store: StoreHash,
    /// What happened.
    pub event: Event,
}

/// Something that happened at a store. It is a hint: what is so is read anew by whoever works it off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The same for every delivery of it.
    pub key: String,
    /// `store/product/updated`.
    pub scope: String,
    /// What it happened to; its form depends on the scope.
    pub data: Value,
    /// When, in Unix seconds, as BigCommerce says; 0 if it does not.
    pub created_at: i64,
}

impl Event {
    /// The id of what it happened to, for scopes that name one.
    pub fn id(&self) -> Option<u64> {
        number(self.data.get("id")?)
    }
}

/// BigCommerce writes ids as numbers, and here and there as text.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// Why the body of a webhook cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is something else.
    #[error("The body is no webhook of BigCommerce.")]
    Json,
    /// It names no store.
    #[error("The producer is no store. {0}")]
    Producer(MalformedId),
}

/// What is read of a payload. Only what nothing can be done without is required.
#[derive(Deserialize)]
struct Payload {
    scope: String,
    producer: String,
    #[serde(default)]
    data: Value,
    hash: Option<String>,
    created_at: Option<serde_json::Number>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"scope":"store/product/updated","store_id":"1025646","data":{"type":"product","id":77},
        "hash":"dd70c0976e06b67aaf671e73f49dcb79230ebf9d","created_at":1700000000,"producer":"stores/abc123"}"#;
    const NOW: i64 = 1_700_000_000;

    fn store() -> StoreHash {
        StoreHash::parse("abc123").unwrap()
    }

    fn secret(text: &str) -> Secret {
        Secret::new(text)
    }

    fn sign(client_secret: &str, id: &str, timestamp: &str, body: &str) -> String {
        let key: Hmac<Sha256> = hmac_of(client_secret.as_bytes());
        STANDARD.encode(key.chain_update(format!("{id}.{timestamp}.{body}")).finalize().into_bytes())
    }

    fn unsigned(client_secret: &str) -> Delivery {
        Delivery {
            secret: Some(hook_secret(&secret(client_secret), &store())),
            body: BODY.to_owned(),
            ..Delivery::default()
        }
    }

    fn signed(client_secret: &str, at: i64) -> Delivery {
        let timestamp = at.to_string();
        let signature = sign(client_secret, "msg_1", &timestamp, BODY);
        Delivery {
            id: Some("msg_1".to_owned()),
            timestamp: Some(timestamp),
            signatures: Some(format!("v1,{signature}")),
            ..unsigned(client_secret)
        }
    }

    fn verify(delivery: &Delivery, client_secrets: &[&str]) -> Result<(), WebhookFault> {
        let secrets: Vec<Secret> = client_secrets.iter().map(|text| secret(text)).collect();
        delivery.verify(&secrets.iter().collect::<Vec<_>>(), &store(), NOW)
    }

    #[test]
    fn the_hook_secret_is_of_one_app_and_one_store() {
        // Python: urlsafe_b64encode(hmac.new(b"client secret", b"webhooks of stores/abc123", "sha256").digest())
        let derived = hook_secret(&secret("client secret"), &store());
        assert_eq!(derived.expose(), "PlTcD0rytAnNpwi-Ooy_j3cIpWdXiqRPi3tK9MIi1ZM");
        let other = StoreHash::parse("abc124").unwrap();
        assert_ne!(hook_secret(&secret("client secret"), &other), derived);
        assert_ne!(hook_secret(&secret("client secreu"), &store()), derived);
    }

    #[test]
    fn the_secret_is_required_whatever_else_is_right() {
        assert_eq!(verify(&unsigned("s"), &["s"]), Ok(()));
        assert_eq!(verify(&unsigned("old"), &["new", "old"]), Ok(()));
        assert_eq!(verify(&unsigned("old"), &["new"]), Err(WebhookFault::WrongSecret));
        assert_eq!(verify(&unsigned("s"), &[]), Err(WebhookFault::WrongSecret));
        assert_eq!(verify(&Delivery { secret: None, ..signed("s", NOW) }, &["s"]), Err(WebhookFault::NoSecret));
        for wrong in ["", "s", "forged"] {
            let delivery = Delivery { secret: Some(secret(wrong)), ..signed("s", NOW) };
            assert_eq!(verify(&delivery, &["s"]), Err(WebhookFault::WrongSecret), "{wrong}");
        }
    }

    #[test]
    fn a_signature_that_is_there_must_be_right() {
        assert_eq!(verify(&signed("s", NOW), &["s"]), Ok(()));
        let delivery = Delivery { body: BODY.replace("77", "78"), ..signed("s", NOW) };
        assert_eq!(verify(&delivery, &["s"]), Err(WebhookFault::WrongSignature));
        let delivery = Delivery { id: Some("msg_2".into()), ..signed("s", NOW) };
        assert_eq!(verify(&delivery, &["s"]), Err(WebhookFault::WrongSignature));
        let delivery = Delivery { timestamp: Some((NOW + 1).to_string()), ..signed("s", NOW) };
        assert_eq!(verify(&delivery, &["s"]), Err(WebhookFault::WrongSignature));
        let delivery = Delivery { secret: unsigned("s").secret, ..signed("t", NOW) };
        assert_eq!(verify(&delivery, &["s"]), Err(WebhookFault::WrongSignature));
        // Hooks are repaired a moment after a client secret is replaced.
        let delivery = Delivery { secret: unsigned("old").secret, ..signed("new", NOW) };
        assert_eq!(verify(&delivery, &["new", "old"]), Ok(()));
    }

    #[test]
    fn any_of_several_signatures_will_do() {
        let right = signed("s", NOW).signatures.unwrap();
        let wrong = format!("v1,{}", sign("t", "msg_1", "1", BODY));
        for (signatures, expected) in [
            (format!("{wrong} {right}"), Ok(())),
            (format!("{right} {wrong}"), Ok(())),
            (format!("v1a,AAAA v2,x {right}"), Ok(())),
            (wrong.clone(), Err(WebhookFault::WrongSignature)),
            (right.replace("v1,", "v2,"), Err(WebhookFault::WrongSignature)),
            (right.replace("v1,", ""), Err(WebhookFault::WrongSignature)),
            (format!("{right}A"), Err(WebhookFault::WrongSignature)),
            ("v1,".to_owned(), Err(WebhookFault::WrongSignature)),
            (String::new(), Err(WebhookFault::WrongSignature)),
        ] {
            let delivery = Delivery { signatures: Some(signatures.clone()), ..signed("s", NOW) };
            assert_eq!(verify(&delivery, &["s"]), expected, "{signatures}");
        }
    }

    #[test]
    fn some_of_its_headers_are_no_signature() {
        let parts: [fn(&mut Delivery); 5] = [
            |delivery| delivery.id = None,
            |delivery| delivery.timestamp = None,
            |delivery| delivery.signatures = None,
            |delivery| delivery.id = Some(String::new()),
            |delivery| delivery.timestamp = Some("now".to_owned()),
        ];
        for spoil in parts {
            let mut delivery = signed("s", NOW);
            spoil(&mut delivery);
            assert_eq!(verify(&delivery, &["s"]), Err(WebhookFault::PartialSignature), "{delivery:?}");
        }
    }

    #[test]
    fn a_signature_is_good_for_five_minutes_either_way() {
        for (at, expected) in [
            (NOW - 300, Ok(())),
            (NOW + 300, Ok(())),
            (NOW - 301, Err(WebhookFault::Stale)),
            (NOW + 301, Err(WebhookFault::Stale)),
            (i64::MIN, Err(WebhookFault::Stale)),
        ] {
            assert_eq!(verify(&signed("s", at), &["s"]), expected, "{at}");
        }
    }

    #[test]
    fn the_same_event_has_the_same_key() {
        let read = |delivery: &Delivery| delivery.read().unwrap().event;
        assert_eq!(read(&signed("s", NOW)).key, read(&signed("s", NOW + 60)).key, "sent again");
        assert_eq!(read(&unsigned("s")).key, read(&unsigned("t")).key);
        assert_ne!(read(&signed("s", NOW)).key, read(&unsigned("s")).key);
        let body = |body: &str| Delivery { body: body.to_owned(), ..unsigned("s") };
        for other in [
            BODY.replace("dd70", "dd71"),
            BODY.replace("1700000000", "1700000001"),
            BODY.replace("product/updated", "product/deleted"),
            BODY.replace("\"hash\"", "\"no_hash\""),
        ] {
            assert_ne!(read(&body(&other)).key, read(&unsigned("s")).key, "{other}");
        }
    }

    #[test]
    fn what_is_not_needed_may_be_missing_or_new() {
        let read = |body: &str| Delivery { body: body.to_owned(), ..Delivery::default() }.read();
        let webhook = read(BODY).unwrap();
        assert_eq!((webhook.store.as_str(), webhook.event.id()), ("abc123", Some(77)));
        assert_eq!((webhook.event.scope.as_str(), webhook.event.created_at), ("store/product/updated", NOW));
        for (data, id) in [
            (r#""data":{"id":"77"}"#, Some(77)),
            (r#""data":{"type":"order","order_id":"7"}"#, None),
            (r#""data":{"id":-1}"#, None),
            (r#""data":{"id":"09346904-4175"}"#, None),
            (r#""data":[]"#, None),
            (r#""data":null,"created_at":null,"hash":null"#, None),
            (r#""new":{}"#, None),
        ] {
            let body = format!(r#"{{"scope":"store/x","producer":"stores/abc123",{data}}}"#);
            assert_eq!(read(&body).unwrap().event.id(), id, "{body}");
        }
        for wrong in [
            "",
            "{}",
            "[]",
            "null",
            r#"{"scope":"store/x"}"#,
            r#"{"scope":7,"producer":"stores/abc123"}"#,
            r#"{"scope":"","producer":"stores/abc123"}"#,
            r#"{"scope":"store/x","producer":"stores/../x"}"#,
            r#"{"scope":"store/x","producer":"abc123"}"#,
            &format!("{BODY}{BODY}"),
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
