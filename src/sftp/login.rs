//! Being let in (RFC 4252, 4256): by a password, asked for in either of two ways, or by a private key.

use super::Credential;
use super::connection::{Connection, farewell};
use super::fault::{Fault, KeyFault};
use super::host_key::Scheme;
use super::user_key::PrivateKey;
use super::wire::{Put as _, Reader};
use crate::platform::webcrypto::SigningKey;

const MSG_SERVICE_REQUEST: u8 = 5;
const MSG_SERVICE_ACCEPT: u8 = 6;
const MSG_USERAUTH_REQUEST: u8 = 50;
const MSG_USERAUTH_FAILURE: u8 = 51;
const MSG_USERAUTH_SUCCESS: u8 = 52;
/// Of a password: it must be changed. Of a dialogue: questions.
const MSG_USERAUTH_MORE: u8 = 60;
const MSG_USERAUTH_INFO_RESPONSE: u8 = 61;

/// What ends a connection after too many tries (RFC 4253, section 11.1), and what OpenSSH says instead.
const NO_MORE_METHODS: u32 = 14;
const PROTOCOL_ERROR: u32 = 2;
/// Rounds of questions that are answered.
const MOST_ROUNDS: usize = 4;

/// What the server says to a try.
enum Verdict {
    In,
    /// And whether the try was good but not enough; the ways that are left.
    Out {
        was_good: bool,
        ways: String,
    },
    /// A message that depends on the way.
    More(Vec<u8>),
}

/// Logs in.
pub async fn login(connection: &mut Connection, username: &str, credential: &Credential) -> Result<(), Fault> {
    let mut request = vec![MSG_SERVICE_REQUEST];
    request.put_string("ssh-userauth");
    connection.queue(&[&request])?;
    match next(connection).await?.first() {
        Some(&MSG_SERVICE_ACCEPT) => {}
        _ => return Err(Fault::Protocol("no logins".to_owned())),
    }
    match credential {
        Credential::Password(password) => with_password(connection, username, password.expose()).await,
        Credential::Key(pem) => with_key(connection, username, pem.expose()).await,
    }
}

async fn with_password(connection: &mut Connection, username: &str, password: &str) -> Result<(), Fault> {
    let refused = Fault::LoginRefused { with_password: true };
    let mut request = request(username, "password");
    request.push(0);
    request.put_string(password);
    connection.queue(&[&request])?;
    let ways = match verdict(connection, &refused).await? {
        Verdict::In => return Ok(()),
        Verdict::More(_) => return Err(Fault::PasswordExpired),
        Verdict::Out { was_good: true, .. } => return Err(Fault::LoginIncomplete),
        Verdict::Out { was_good: false, ways } => ways,
    };
    if !ways.split(',').any(|way| way == "keyboard-interactive") {
        return Err(refused);
    }
    let mut request = self::request(username, "keyboard-interactive");
    request.put_string("");
    request.put_string("");
    connection.queue(&[&request])?;
    for _ in 0..MOST_ROUNDS {
        match verdict(connection, &refused).await? {
            Verdict::In => return Ok(()),
            Verdict::Out { was_good: true, .. } => return Err(Fault::LoginIncomplete),
            Verdict::Out { was_good: false, .. } => return Err(refused),
            Verdict::More(questions) => connection.queue(&[&answers(&questions, password)?])?,
        }
    }
    Err(Fault::LoginIncomplete)
}

/// The password to a question that is not to be seen; more than one such question is no password's dialogue.
pub(super) fn answers(questions: &[u8], password: &str) -> Result<Vec<u8>, Fault> {
    let mut reader = Reader::new(questions.get(1..).unwrap_or_default());
    for _ in 0..3 {
        reader.string()?; // name, instruction, language
    }
    let mut answers = vec![MSG_USERAUTH_INFO_RESPONSE];
    match reader.u32()? {
        0 => answers.put_u32(0),
        1 => {
            reader.string()?;
            if reader.bool()? {
                return Err(Fault::LoginIncomplete);
            }
            answers.put_u32(1);
            answers.put_string(password);
        }
        _ => return Err(Fault::LoginIncomplete),
    }
    Ok(answers)
}

async fn with_key(connection: &mut Connection, username: &str, pem: &str) -> Result<(), Fault> {
    let key = PrivateKey::parse(pem).map_err(Fault::Key)?;
    let refused = Fault::LoginRefused { with_password: false };
    for name in key.schemes {
        let known = connection.signatures.as_ref();
        if key.schemes.len() > 1 && known.is_some_and(|known| !known.split(',').any(|known| known == *name)) {
            continue;
        }
        let unreadable = |_| Fault::Key(KeyFault::Unreadable);
        let scheme = Scheme::named(name).ok_or(Fault::Key(KeyFault::UnknownKind))?;
        let signer = SigningKey::import(scheme, &key.pkcs8, &key.jwk).await.map_err(unreadable)?;
        let mut request = request(username, "publickey");
        request.push(1);
        request.put_string(name);
        request.put_string(key.public(&signer.public).map_err(Fault::Key)?);
        let mut signed = Vec::new();
        signed.put_string(&connection.session_id);
        signed.extend(&request);
        let signature = scheme.in_ssh(&signer.sign(&signed).await.map_err(unreadable)?);
        let mut blob = Vec::new();
        blob.put_string(name);
        blob.put_string(signature);
        request.put_string(blob);
        connection.queue(&[&request])?;
        match verdict(connection, &refused).await? {
            Verdict::In => return Ok(()),
            Verdict::Out { was_good: true, .. } => return Err(Fault::LoginIncomplete),
            Verdict::Out { was_good: false, .. } => {}
            Verdict::More(_) => return Err(Fault::Protocol("an answer to a question not asked".to_owned())),
        }
    }
    Err(refused)
}

fn request(username: &str, way: &str) -> Vec<u8> {
    let mut request = vec![MSG_USERAUTH_REQUEST];
    request.put_string(username);
    request.put_string("ssh-connection");
    request.put_string(way);
    request
}

async fn next(connection: &mut Connection) -> Result<Vec<u8>, Fault> {
    let message = connection.next().await?;
    if farewell(&message).is_some() { Err(Fault::Closed) } else { Ok(message) }
}

async fn verdict(connection: &mut Connection, refused: &Fault) -> Result<Verdict, Fault> {
    let message = connection.next().await?;
    if let Some(reason) = farewell(&message) {
        let is_refusal = reason == NO_MORE_METHODS || reason == PROTOCOL_ERROR;
        return Err(if is_refusal { refused.clone() } else { Fault::Closed });
    }
    match message[0] {
        MSG_USERAUTH_SUCCESS => Ok(Verdict::In),
        MSG_USERAUTH_FAILURE => {
            let mut reader = Reader::new(&message[1..]);
            let ways = reader.text()?.to_owned();
            Ok(Verdict::Out { was_good: reader.bool()?, ways })
        }
        MSG_USERAUTH_MORE => Ok(Verdict::More(message)),
        kind => Err(Fault::Protocol(format!("message {kind} in a login"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn questions(seen: &[bool]) -> Vec<u8> {
        let mut message = vec![MSG_USERAUTH_MORE];
        for _ in 0..3 {
            message.put_string("");
        }
        message.put_u32(u32::try_from(seen.len()).unwrap());
        for seen in seen {
            message.put_string("Password: ");
            message.push(u8::from(*seen));
        }
        message
    }

    #[test]
    fn a_password_is_the_answer_to_one_hidden_question_only() {
        let mut expected = vec![MSG_USERAUTH_INFO_RESPONSE, 0, 0, 0, 1];
        expected.put_string("secret");
        assert_eq!(answers(&questions(&[false]), "secret"), Ok(expected));
        assert_eq!(answers(&questions(&[]), "secret"), Ok(vec![MSG_USERAUTH_INFO_RESPONSE, 0, 0, 0, 0]));
        for others in [&[true][..], &[false, false], &[false, true]] {
            assert_eq!(answers(&questions(others), "secret"), Err(Fault::LoginIncomplete));
        }
        assert!(answers(&questions(&[false])[..15], "secret").is_err());
    }
}
