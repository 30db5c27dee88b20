//! The stand-ins as a program: `sandbox` serves, `sandbox demo` sets up a demo.

use std::env;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use sandbox::demo::Demo;
use sandbox::{Config, Sandbox, SftpUser};
use tokio::signal::unix::{SignalKind, signal};

/// Who may log in to the SFTP server of a program that runs for people.
const SFTP_USER: &str = "demo";
const SFTP_PASSWORD: &str = "demo-sftp-password";

const USAGE: &str = "\
usage: sandbox
         serves until it is interrupted; from the environment:
         SANDBOX_LISTEN          address and port, 127.0.0.1:8788 unless given
         SANDBOX_SFTP_LISTEN     the same for SFTP, 127.0.0.1:8722 unless given
         SANDBOX_STATE           file that keeps the state between runs
         BIGCOMMERCE_OPENAPI_DIR BigCommerce's OpenAPI files, to judge requests by
         BROWSER_LIBRARIES       directory with ordergroove-auth.js
       sandbox demo [--worker URL] [--sandbox URL] [--operator-token-env NAME] [--merchant ID]
         makes a demo store with the app installed, on servers that run";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        None => serve().await,
        Some((command, rest)) if command == "demo" => demo(rest).await,
        Some(_) => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("sandbox: {reason}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), String> {
    let path = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let mut config = Config {
        openapi_dir: path("BIGCOMMERCE_OPENAPI_DIR"),
        browser_libraries: path("BROWSER_LIBRARIES"),
        state_file: path("SANDBOX_STATE"),
        ..Config::default()
    };
    config.listen = address("SANDBOX_LISTEN", config.listen)?;
    let sftp_listen = address("SANDBOX_SFTP_LISTEN", SocketAddr::from(([127, 0, 0, 1], 8722)))?;
    config.sftp_listen = Some(sftp_listen);
    let listen = config.listen;
    let sandbox =
        Sandbox::start(config).await.map_err(|error| format!("cannot start on {listen} and {sftp_listen}: {error}"))?;
    sandbox.sftp().add_user(SftpUser {
        name: SFTP_USER.to_owned(),
        password: SFTP_PASSWORD.to_owned(),
        ..SftpUser::default()
    });
    println!("sandbox        {}", sandbox.url());
    println!("BigCommerce    {} {}", sandbox.bigcommerce_api_url(), sandbox.bigcommerce_login_url());
    println!("Ordergroove    {}", sandbox.ordergroove_rest_url());
    println!("SFTP           {} (key {})", sandbox.sftp().address(), sandbox.sftp().fingerprint());
    if let Some(operations) = sandbox.judged_operations() {
        println!("OpenAPI files  {operations} operations");
    }
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    tokio::select! {
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(|error| error.to_string())?,
    }
    Ok(())
}

/// The address a variable names, or the usual one.
fn address(variable: &str, usual: SocketAddr) -> Result<SocketAddr, String> {
    let Ok(listen) = env::var(variable) else { return Ok(usual) };
    listen.parse().map_err(|_| format!("{variable} is {listen:?}, not an address with a port"))
}

async fn demo(arguments: &[String]) -> Result<(), String> {
    let mut demo = Demo {
        worker: "http://localhost:8787".to_owned(),
        sandbox: "http://127.0.0.1:8788".to_owned(),
        operator_token: String::new(),
        merchant_id: "demo".to_owned(),
    };
    let mut token_variable = "OPERATOR_TOKEN".to_owned();
    for pair in arguments.chunks(2) {
        let [name, value] = pair else {
            return Err(USAGE.to_owned());
        };
        let value = value.trim_end_matches('/').to_owned();
        match name.as_str() {
            "--worker" => demo.worker = value,
            "--sandbox" => demo.sandbox = value,
            "--operator-token-env" => token_variable = value,
            "--merchant" => demo.merchant_id = value,
            _ => return Err(USAGE.to_owned()),
        }
    }
    demo.operator_token = env::var(&token_variable).map_err(|_| format!("{token_variable} is not set"))?;
    let made = demo.make().await.map_err(|error| error.to_string())?;
    println!("demo store     {}/ (sign in as {})", made.storefront, made.shopper);
    println!("guide's calls  {}/guide.html", made.storefront);
    println!("control panel  {}/manage", made.control_panel);
    println!("client id      {}", made.client_id);
    Ok(())
}
