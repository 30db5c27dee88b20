//! One connection: the key that is shown, the login, and the way to the files.

use std::sync::Arc;
use std::time::Duration;

use russh::keys::PublicKeyBase64 as _;
use russh::server::{Auth, ChannelOpenHandle, Config, Handler, Msg, Response, Session, VerifiedPublicKey, run_stream};
use russh::{Channel, ChannelId, MethodKind, MethodSet};
use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::files::Files;
use super::{SftpFault, SftpStep, Shared, host_key};

/// Talks until either side ends it, or a fault does.
pub(super) async fn converse(mut stream: TcpStream, shared: Arc<Shared>) {
    if shared.has("*", SftpFault::Hang(SftpStep::Connect)) {
        std::future::pending::<()>().await;
    }
    let config = Config {
        keys: vec![host_key(shared.has("*", SftpFault::OtherHostKey))],
        auth_rejection_time: Duration::ZERO,
        ..Config::default()
    };
    let (mut near, far) = tokio::io::duplex(1 << 18);
    let cut = Arc::new(Notify::new());
    let conversation = Conversation { shared, cut: cut.clone(), user: String::new(), channel: None };
    // What is under way in the pump must not be lost: it runs on from the first word to the last.
    let pump = copy_bidirectional(&mut stream, &mut near);
    tokio::pin!(pump);
    let session = tokio::select! {
        session = run_stream(Arc::new(config), far, conversation) => session,
        _ = &mut pump => return,
    };
    if session.is_ok() {
        tokio::select! {
            _ = &mut pump => {}
            () = cut.notified() => {}
        }
    }
}

struct Conversation {
    shared: Arc<Shared>,
    /// Ends the connection.
    cut: Arc<Notify>,
    user: String,
    channel: Option<Channel<Msg>>,
}

impl Conversation {
    /// Whether `user` is let in, as far as `is_known` says.
    async fn judge(&mut self, user: &str, is_known: impl FnOnce(&super::SftpUser) -> bool) -> Auth {
        self.shared.lock().logins.push(user.to_owned());
        if self.shared.has(user, SftpFault::Hang(SftpStep::Login)) {
            std::future::pending::<()>().await;
        }
        if self.shared.lock().users.get(user).is_some_and(is_known) {
            user.clone_into(&mut self.user);
            return Auth::Accept;
        }
        Auth::reject()
    }
}

impl Handler for Conversation {
    type Error = russh::Error;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, Self::Error> {
        if self.shared.lock().users.get(user).is_some_and(|user| user.only_by_dialogue) {
            let ways = MethodSet::from(&[MethodKind::KeyboardInteractive][..]);
            return Ok(Auth::Reject { proceed_with_methods: Some(ways), partial_success: false });
        }
        Ok(self.judge(user, |user| !user.password.is_empty() && user.password == password).await)
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, Self::Error> {
        let Some(mut response) = response else {
            let prompts = vec![("Password: ".into(), false)].into();
            return Ok(Auth::Partial { name: "".into(), instructions: "".into(), prompts });
        };
        let answer = response.next().map(|answer| String::from_utf8_lossy(&answer).into_owned()).unwrap_or_default();
        Ok(self.judge(user, |user| !user.password.is_empty() && user.password == answer).await)
    }

    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, Self::Error> {
        let offered = key.public_key.public_key_base64();
        let is_listed = |line: &String| line.split_whitespace().nth(1) == Some(&offered);
        Ok(self.judge(user, |user| user.keys.iter().any(is_listed)).await)
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        self.channel = Some(channel);
        reply.accept().await;
        Ok(())
    }

    async fn subsystem_request(&mut self, id: ChannelId, name: &str, session: &mut Session) -> Result<(), Self::Error> {
        match self.channel.take() {
            Some(channel) if name == "sftp" => {
                session.channel_success(id)?;
                let files = Files::new(self.shared.clone(), self.user.clone(), self.cut.clone());
                russh_sftp::server::run(channel.into_stream(), files).await;
            }
            _ => session.channel_failure(id)?,
        }
        Ok(())
    }
}
