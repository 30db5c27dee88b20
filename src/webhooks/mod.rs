//! BigCommerce tells what happened at a store: verified here, written down by an object, then answered.
//!
//! BigCommerce looks at the status alone. Anything but 2xx is tried again for about 48 hours, then the hook is
//! switched off; and when fewer than nine in ten deliveries of two minutes succeed, nothing is delivered to this host
//! for a while. So:
//! - 200 is answered once the event is on disk, and no work is done before;
//! - what was proved to come from BigCommerce and is of no use is answered 200 too, and dropped: another kind of
//!   event, or a straggler of an app that was uninstalled meanwhile;
//! - nothing is refused on the word of a copy: a client secret may be newer than what this isolate knows, so the
//!   object is asked first, though not for every forgery.

use std::rc::Rc;

use worker::Env;

use crate::bigcommerce::hooks;
use crate::bigcommerce::ids::ClientId;
use crate::bigcommerce::webhook::{Delivery, SECRET_HEADER};
use crate::error::{Error, Result};
use crate::platform::clock;
use crate::platform::inbound::{Inbound, Reply};
use crate::platform::log;
use crate::secret::Secret;
use crate::store::call;
use crate::store::calls::{TakeEvent, TakeProductEvent};
use crate::storefront::edge::{self, EdgeApp};

/// BigCommerce sends less than 1 KB.
const LONGEST_BODY: usize = 64 * 1024;

/// `POST /bigcommerce/{client_id}/webhooks`, and `…/webhooks/exceptions`.
pub async fn take(mut inbound: Inbound, env: &Env, client_id: ClientId) -> Result<Reply> {
    let body = inbound.text(LONGEST_BODY).await?;
    let delivery = Delivery {
        secret: inbound.header(SECRET_HEADER).map(Secret::new),
        id: inbound.header("webhook-id"),
        timestamp: inbound.header("webhook-timestamp"),
        signatures: inbound.header("webhook-signature"),
        body,
    };
    let app = believe(&delivery, &inbound, env, &client_id).await?;
    let webhook = delivery.read().map_err(|error| Error::bad_request(error.to_string()))?;
    if app.store_ever() != Some(&webhook.store) {
        return Err(Error::bad_request("The webhook is of another store."));
    }
    let event = webhook.event;
    if !app.is_installed() || !hooks::is_wanted(&event.scope) {
        let fields = serde_json::json!({"client_id": client_id, "installed": app.is_installed(), "scope": event.scope});
        log::info("webhook_dropped", &inbound.id, fields);
        return Ok(Reply::empty(200));
    }
    if event.scope.starts_with(hooks::PRODUCTS) {
        call(env, client_id.as_str(), &inbound.id, TakeProductEvent { event }).await?;
    } else {
        call(env, client_id.as_str(), &inbound.id, TakeEvent { event }).await?;
    }
    Ok(Reply::empty(200))
}

/// The app, if the delivery proves to be for it.
async fn believe(delivery: &Delivery, inbound: &Inbound, env: &Env, client_id: &ClientId) -> Result<Rc<EdgeApp>> {
    let known = edge::find(client_id, &inbound.id, env).await.and_then(|app| prove(delivery, app));
    match known {
        Ok(app) if app.is_installed() => Ok(app),
        doubtful => match edge::find_newest(client_id, &inbound.id, env).await? {
            Some(app) => prove(delivery, app),
            None => doubtful,
        },
    }
}

fn prove(delivery: &Delivery, app: Rc<EdgeApp>) -> Result<Rc<EdgeApp>> {
    let now = clock::now();
    let store = app.store_ever().ok_or(Error::NotInstalled)?;
    let secrets: Vec<&Secret> = app.client_secrets(now).collect();
    delivery.verify(&secrets, store, now)?;
    Ok(app)
}
