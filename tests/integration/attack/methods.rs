//! A method that a route does not take is refused, whatever its name.

use reqwest::Method;

use super::{is_console, is_storefront, paths};
use crate::support::app::{client, operator};
use crate::support::{App, World, run};

const METHODS: [&str; 11] =
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "SEARCH", "PURGE", "REPORT"];

#[test]
fn no_route_takes_a_method_that_it_does_not_name() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let session = app.load(7).await;
        for (path, taken) in paths(&app.client_id) {
            let others = METHODS.into_iter().filter(|method| !taken.contains(method));
            // The storefront endpoints answer preflights besides.
            for name in others.filter(|method| !(is_storefront(&path) && *method == "OPTIONS")) {
                let method = Method::from_bytes(name.as_bytes()).unwrap();
                let request = if is_storefront(&path) {
                    let mut request = app.signature(&app.token()).build().unwrap();
                    request.url_mut().set_path(&path);
                    *request.method_mut() = method;
                    client().execute(request).await
                } else if is_console(&path) {
                    client().request(method, format!("{}{path}", world.worker.url)).bearer_auth(&session).send().await
                } else {
                    operator(&world.worker, method, &path).send().await
                };
                let answer = request.unwrap();
                assert_eq!(answer.status(), 405, "{name} {path}");
                let allow = answer.headers().get("allow").unwrap_or_else(|| panic!("{name} {path}: {answer:?}"));
                let allow = allow.to_str().unwrap();
                let allowed: Vec<&str> = allow.split(", ").filter(|method| *method != "OPTIONS").collect();
                assert_eq!(allowed, taken, "{name} {path}");
            }
        }
        assert_eq!(app.described().await["state"], "installed", "nothing was done");
    });
}

#[test]
fn a_storefront_endpoint_says_so_to_whoever_asks() {
    run(async {
        let world = World::shared().await;
        for (path, _) in paths("client1").into_iter().filter(|(path, _)| is_storefront(path)) {
            for name in METHODS.into_iter().filter(|method| !["GET", "OPTIONS"].contains(method)) {
                let method = Method::from_bytes(name.as_bytes()).unwrap();
                let answer = client().request(method, format!("{}{path}", world.worker.url)).send().await.unwrap();
                assert_eq!(answer.status(), 405, "{name} {path}");
                assert_eq!(answer.headers()["allow"], "GET, OPTIONS", "{name} {path}");
            }
        }
    });
}

#[test]
fn a_method_in_a_header_or_the_query_is_no_method() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let path = format!("/operator/apps/{}", app.client_id);
        for name in ["x-http-method-override", "x-http-method", "x-method-override"] {
            let answer = operator(&world.worker, Method::GET, &format!("{path}?_method=DELETE&force=true"))
                .header(name, "DELETE")
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 200, "{name}");
        }
        assert_eq!(app.described().await["state"], "installed");
    });
}
