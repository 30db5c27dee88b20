//! Where feeds go: the saved settings as a destination, and the step-by-step test of it.

use std::cell::Cell;

use futures_util::stream;
use serde_json::json;

use super::rows::{App, read_secret, read_settings};
use super::settings::{SSH_PORT, SecretName, SftpSettings};
use super::store_do::Store;
use crate::bindings::Bindings;
use crate::connection::Step;
use crate::error::{Error, Result};
use crate::platform::log::{self, RequestId};
use crate::platform::random;
use crate::secret::Secret;
use crate::sftp::{Credential, Destination, Fault, Fingerprint, PATIENCE, Session, Stage, connect_in_view};

/// Why there is no destination yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unready {
    /// These settings are empty.
    Missing(Vec<&'static str>),
    /// The operator no longer allows this server; a sentence for the merchant.
    NotAllowed(String),
}

/// The destination that the settings in force name. A private key is taken before a password.
pub fn destination(
    sftp: &SftpSettings,
    (password, private_key): (Option<Secret>, Option<Secret>),
    bindings: &Bindings,
) -> std::result::Result<Destination, Unready> {
    let SftpSettings { host, port, username, directory, host_key } = sftp;
    let port = port.unwrap_or(SSH_PORT);
    bindings.ordergroove_hosts.check_host(host, port).map_err(Unready::NotAllowed)?;
    let credential = private_key.map(Credential::Key).or(password.map(Credential::Password));
    match credential {
        Some(credential) if !username.is_empty() => Ok(Destination {
            host: host.clone(),
            port,
            username: username.clone(),
            credential,
            directory: directory.clone(),
            host_key: Fingerprint::parse(host_key),
            proxy: bindings.sftp_proxy.clone(),
            patience: PATIENCE,
        }),
        credential => {
            let missing = [(username.is_empty(), "sftp.username"), (credential.is_none(), "sftp.password")];
            Err(Unready::Missing(
                missing.into_iter().filter_map(|(is_missing, field)| is_missing.then_some(field)).collect(),
            ))
        }
    }
}

impl Store {
    /// The destination of this app's feeds.
    pub(super) fn destination(&self, app: &App) -> Result<std::result::Result<Destination, Unready>> {
        let (settings, _) = read_settings(&self.database)?;
        let bindings = self.bindings()?;
        let secret = |name| read_secret(&self.database, &bindings.sealer, &app.client_id, name);
        let secrets = (secret(SecretName::SftpPassword)?, secret(SecretName::SftpPrivateKey)?);
        Ok(destination(&settings.sftp(app.environment), secrets, &bindings))
    }

    /// Tries out everything that a delivery needs.
    pub(super) async fn try_sftp(&self, app: &App, request_id: &RequestId) -> Result<Vec<Step>> {
        let destination = match self.destination(app)? {
            Ok(destination) => destination,
            Err(Unready::Missing(_)) => {
                let lacking = "Enter the user name, and a password or a private key, first.";
                return Ok(vec![Step::failed(Stage::Login.name(), lacking)]);
            }
            Err(Unready::NotAllowed(sentence)) => return Ok(vec![Step::failed(Stage::Address.name(), sentence)]),
        };
        let stage = Cell::new(Stage::Address);
        let tried = exercise(&destination, &stage).await;
        if let Err(fault) = &tried {
            let told = json!({"client_id": app.client_id, "host": destination.host, "step": stage.get().name()});
            log::error(
                "connection_test_failed",
                request_id,
                &Error::upstream(crate::error::Party::Sftp, fault.to_string()),
                told,
            );
        }
        Ok(steps(&destination, stage.get(), &tried))
    }
}

/// Does what a delivery does, with a small file. Gives the server's key, and the name of the file if it had to stay.
async fn exercise(
    destination: &Destination,
    stage: &Cell<Stage>,
) -> std::result::Result<(Option<Fingerprint>, Option<String>), Fault> {
    let mut session = connect_in_view(destination, stage).await?;
    let fingerprint = session.fingerprint();
    stage.set(Stage::Directory);
    if !session.directory_exists().await? {
        return Err(Fault::DirectoryMissing(destination.directory.clone()));
    }
    stage.set(Stage::Write);
    let left = write(&mut session).await?;
    session.close().await;
    Ok((fingerprint, left))
}

async fn write(session: &mut Session) -> std::result::Result<Option<String>, Fault> {
    let token = random::token().map_err(|error| Fault::Internal(error.to_string()))?;
    let name = format!(".connection-test-{}", &token[..8]);
    let temporary = format!("{name}.part");
    let bytes = stream::iter([Ok::<_, String>(b"A test of the connection. This file may be removed.\n".to_vec())]);
    session.upload(&temporary, bytes, |_| {}).await?;
    session.put_in_place(&temporary, &name, |_| Ok(())).await?;
    // A server that takes files and lets none be removed is good enough.
    Ok(session.remove(&name).await.is_err().then_some(name))
}

fn steps(
    destination: &Destination,
    reached: Stage,
    tried: &std::result::Result<(Option<Fingerprint>, Option<String>), Fault>,
) -> Vec<Step> {
    let Destination { host, port, directory, credential, host_key, .. } = destination;
    let passed = |stage: Stage| match stage {
        Stage::Address => format!("{host}:{port} answers."),
        Stage::HostKey => "The server has the confirmed key.".to_owned(),
        Stage::Login => match credential {
            Credential::Password(_) => "The server accepted the user name and the password.".to_owned(),
            Credential::Key(_) => "The server accepted the user name and the private key.".to_owned(),
        },
        Stage::Directory => format!("The folder {directory} is there."),
        Stage::Write => match tried {
            Ok((_, Some(name))) => format!("A small file was written. The server does not let it be removed: {name}."),
            _ => "A small file was written and removed again.".to_owned(),
        },
    };
    let fingerprint = match tried {
        Err(Fault::HostKeyUnknown(found) | Fault::HostKeyChanged { found }) => Some(*found),
        Ok((found, _)) => *found,
        Err(_) => (reached > Stage::HostKey).then_some(*host_key).flatten(),
    };
    let until = Stage::ALL.into_iter().take_while(|stage| *stage <= reached);
    until
        .map(|stage| {
            let mut step = match tried {
                Err(fault) if stage == reached => Step::failed(stage.name(), fault.message()),
                _ => Step::passed(stage.name(), passed(stage)),
            };
            if stage == Stage::HostKey {
                step.fingerprint = fingerprint.map(|fingerprint| fingerprint.to_string());
            }
            step
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(password: Option<&str>) -> Destination {
        Destination {
            host: "feeds.example".to_owned(),
            port: 22,
            username: "user".to_owned(),
            credential: password
                .map_or(Credential::Key(Secret::new("key")), |it| Credential::Password(Secret::new(it))),
            directory: "/incoming".to_owned(),
            host_key: None,
            proxy: None,
            patience: PATIENCE,
        }
    }

    #[test]
    fn steps_end_where_it_failed() {
        let found = Fingerprint::of(b"key");
        let all = steps(&of(Some("secret")), Stage::Write, &Ok((Some(found), None)));
        let names: Vec<&str> = all.iter().map(|step| step.name.as_str()).collect();
        assert_eq!(names, ["address", "host_key", "login", "directory", "write"]);
        assert!(all.iter().all(|step| step.ok));
        assert_eq!(all[1].fingerprint, Some(found.to_string()));

        let unknown = steps(&of(None), Stage::HostKey, &Err(Fault::HostKeyUnknown(found)));
        let [address, key] = &unknown[..] else { panic!("{unknown:?}") };
        assert!(address.ok && !key.ok && key.message.contains(&found.to_string()));
        assert_eq!(key.fingerprint, Some(found.to_string()));

        let silent = steps(&of(None), Stage::Address, &Err(Fault::Silent(Stage::Address)));
        assert!(matches!(&silent[..], [step] if !step.ok && step.fingerprint.is_none()));
    }

    #[test]
    fn a_file_that_had_to_stay_is_named() {
        let all = steps(&of(None), Stage::Write, &Ok((None, Some(".connection-test-x".to_owned()))));
        assert!(all[4].ok && all[4].message.contains(".connection-test-x"));
    }
}
