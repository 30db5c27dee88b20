//! The read copy of an app: all that a shopper's request needs, as KV holds it (sealed whole).

use serde::{Deserialize, Serialize};

use crate::bigcommerce::ids::{ClientId, StoreHash};
use crate::secret::Secret;

/// One app as the edge sees it. Its JSON form is stored: `json_form_is_unchanged` pins it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdgeRecord {
    /// The app.
    pub client_id: ClientId,
    /// Whether a store has it installed.
    pub installed: bool,
    /// The store it belongs to, also after an uninstall.
    pub store_hash: Option<StoreHash>,
    /// The client secret, and the one before it until its time is up.
    pub client_secrets: Vec<ClientSecret>,
    /// Every origin a page of the store can have.
    pub origins: Vec<String>,
    /// Ordergroove's public id of the merchant; empty when not set.
    pub merchant_id: String,
    /// The merchant's hash key.
    pub secret_key: Option<Secret>,
    /// Ordergroove's REST key.
    pub api_key: Option<Secret>,
    /// Ordergroove's REST address.
    pub rest_url: String,
}

/// A client secret and how long it is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientSecret {
    /// The secret.
    pub secret: Secret,
    /// Unix seconds; `None` is for good.
    pub until: Option<i64>,
}

impl EdgeRecord {
    /// KV key of an app's copy, and the name it is sealed under.
    pub fn key(client_id: &ClientId) -> String {
        format!("app/{client_id}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_form_is_unchanged() {
        let record = EdgeRecord {
            client_id: ClientId::parse("client1").unwrap(),
            installed: true,
            store_hash: Some(StoreHash::parse("abc123").unwrap()),
            client_secrets: vec![ClientSecret { secret: Secret::new("s"), until: Some(1) }],
            origins: vec!["https://shop.example".into()],
            merchant_id: "m".into(),
            secret_key: Some(Secret::new("k")),
            api_key: None,
            rest_url: "https://restapi.ordergroove.com".into(),
        };
        let json = r#"{"client_id":"client1","installed":true,"store_hash":"abc123","client_secrets":[{"secret":"s","until":1}],"origins":["https://shop.example"],"merchant_id":"m","secret_key":"k","api_key":null,"rest_url":"https://restapi.ordergroove.com"}"#;
        assert_eq!(serde_json::to_string(&record).unwrap(), json);
        assert_eq!(serde_json::from_str::<EdgeRecord>(json).unwrap(), record);
        assert!(!format!("{record:?}").contains("\"s\""));
    }
}
