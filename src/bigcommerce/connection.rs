//! Trying out the connection with BigCommerce: is the access token taken, was everything granted?

use super::scopes::Scope;
use super::store_info::StoreInfo;
use crate::connection::Step;
use crate::outbound::OutboundAnswer;
use url::Url;

/// What the answer to a read of the store says of the access token. `None`: no answer came.
pub fn access_token(url: &Url, answer: Option<&OutboundAnswer>) -> Step {
    const NAME: &str = "access_token";
    let Some(answer) = answer else { return Step::no_answer(NAME, url) };
    match answer.status {
        200..=299 => match answer.json::<StoreInfo>() {
            Ok(store) if store.name.is_empty() => Step::passed(NAME, "BigCommerce answers."),
            Ok(store) => Step::passed(NAME, format!("BigCommerce answers for the store \"{}\".", store.name)),
            Err(_) => Step::failed(NAME, "What answered is not BigCommerce. Tell whoever runs this service."),
        },
        401 => Step::failed(
            NAME,
            "BigCommerce no longer accepts this app's access. The owner of the store has to open the app again; if that does not help, install it again.",
        ),
        // The store's own record needs a scope; the next step says which one is missing.
        403 => Step::passed(NAME, "BigCommerce answers."),
        429 => Step::failed(NAME, "The store has used up its calls to BigCommerce for now. Try again in a minute."),
        status => Step::odd_answer(NAME, url, status),
    }
}

/// Whether everything the app asks for was granted.
pub fn permissions(missing: &[Scope]) -> Step {
    const NAME: &str = "permissions";
    if missing.is_empty() {
        return Step::passed(NAME, "Everything the app needs was granted.");
    }
    let names: Vec<&str> = missing.iter().map(|scope| scope.name).collect();
    Step::failed(
        NAME,
        format!(
            "BigCommerce did not grant: {}. Add them to the app in BigCommerce's developer tools, then open the app again.",
            names.join(", ")
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_is_said_in_its_own_words() {
        let url = Url::parse("https://api.bigcommerce.com/stores/abc/v2/store").unwrap();
        let step = |status, body: &str| access_token(&url, Some(&OutboundAnswer::new(status, body)));
        assert!(step(200, r#"{"name":"Tea & Co"}"#).message.contains("Tea & Co"));
        assert!(step(200, "{}").ok && step(403, "").ok);
        for (status, body, words) in [
            (401, "", "no longer accepts"),
            (429, "", "used up"),
            (500, "", "(500)"),
            (302, "", "(302)"),
            (200, "<html>", "not BigCommerce"),
        ] {
            let step = step(status, body);
            assert!(!step.ok && step.message.contains(words), "{step:?}");
        }
        let silent = access_token(&url, None);
        assert!(!silent.ok && silent.message.contains("api.bigcommerce.com"), "{silent:?}");
    }

    #[test]
    fn a_missing_permission_is_named() {
        assert!(permissions(&[]).ok);
        let step = permissions(&crate::bigcommerce::scopes::NEEDED[..2]);
        assert!(!step.ok && step.message.contains("store_v2_content, store_content_checkout"), "{step:?}");
    }
}
