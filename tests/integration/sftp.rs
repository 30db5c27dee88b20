//! Files on SFTP servers: requirements D5 and D6. The server is OpenSSH's own, or the stand-in with its faults.

use std::sync::atomic::{AtomicU32, Ordering};

use sandbox::{SftpFault, SftpServer, SftpStep, SftpUser};
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use crate::support::app::client;
use crate::support::openssh::OpenSsh;
use crate::support::proxy::ConnectProxy;
use crate::support::{World, run};

const MIB: usize = 1024 * 1024;
const FILE: &str = "12345.Products.xml";
const PASSWORD: &str = "correct horse";

/// Where the Worker is to put a file.
#[derive(Clone)]
struct Target {
    query: Vec<(&'static str, String)>,
}

impl Target {
    fn new(port: u16, username: &str, directory: &str, host_key: &str) -> Self {
        let query = vec![
            ("host", "127.0.0.1".to_owned()),
            ("port", port.to_string()),
            ("username", username.to_owned()),
            ("directory", directory.to_owned()),
            ("host_key", host_key.to_owned()),
            ("name", FILE.to_owned()),
        ];
        Self { query }
    }

    fn openssh(server: &OpenSsh, key: &str) -> Self {
        let directory = server.folder.to_str().expect("UTF-8");
        Self::new(server.port, &server.username, directory, &server.fingerprint).with("private_key", key)
    }

    #[expect(clippy::needless_pass_by_value, reason = "tests write values in place")]
    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.query.retain(|(known, _)| *known != name);
        self.query.push((name, value.to_string()));
        self
    }

    /// Puts a made-up file of so many bytes there.
    async fn deliver(&self, bytes: usize) -> Value {
        let world = World::shared().await;
        let request = client().post(format!("{}/test/sftp", world.worker.url)).query(&self.query);
        request.query(&[("bytes", bytes)]).send().await.unwrap().json().await.unwrap()
    }
}

/// What the Worker makes up.
fn made_up(bytes: usize) -> Vec<u8> {
    let mut content: Vec<u8> = (0..bytes.div_ceil(8) as u64).flat_map(u64::to_be_bytes).collect();
    content.truncate(bytes);
    content
}

/// A stand-in of a test's own, with one user whose old file is there.
struct StandIn {
    server: SftpServer,
    user: String,
}

const OLD: &[u8] = b"<products>the old file</products>";

impl StandIn {
    async fn start() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = SftpServer::start("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let user = format!("user{}", NEXT.fetch_add(1, Ordering::Relaxed));
        server.add_user(SftpUser { name: user.clone(), password: PASSWORD.to_owned(), ..SftpUser::default() });
        server.put(&user, &path(), OLD);
        Self { server, user }
    }

    fn target(&self) -> Target {
        Target::new(self.server.address().port(), &self.user, "/incoming", &self.server.fingerprint())
            .with("password", PASSWORD)
    }

    fn file(&self) -> Option<Vec<u8>> {
        self.server.file(&self.user, &path())
    }
}

fn path() -> String {
    format!("/incoming/{FILE}")
}

fn assert_placed(told: &Value, bytes: usize) {
    assert_eq!(
        (&told["sent"], &told["size"], &told["progress"]),
        (&bytes.into(), &bytes.into(), &bytes.into()),
        "{told}"
    );
    assert_eq!(told["placed"], "atomically", "{told}");
}

#[test]
fn openssh_takes_files_whole_from_the_owner_of_any_usual_key() {
    run(async {
        let server = OpenSsh::start("ed25519", "").await;
        for (name, kind) in [
            ("ed25519", "ed25519"),
            ("p256", "ecdsa -b 256"),
            ("p384_pkcs8", "ecdsa -b 384 -m PKCS8"),
            ("p521_sec1", "ecdsa -b 521 -m PEM"),
            ("rsa", "rsa -b 2048"),
            ("rsa_pkcs1", "rsa -b 3072 -m PEM"),
            ("rsa_pkcs8", "rsa -b 2048 -m PKCS8"),
        ] {
            let target = Target::openssh(&server, &server.key(name, kind));
            for bytes in [0, 1, 32 * 1024, 3 * MIB + 7] {
                let told = target.deliver(bytes).await;
                assert_placed(&told, bytes);
                assert_eq!(told["fingerprint"], server.fingerprint);
                assert!(std::fs::read(server.folder.join(FILE)).unwrap() == made_up(bytes), "{kind}, {bytes} bytes");
            }
        }
        let files: Vec<_> =
            std::fs::read_dir(&server.folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(files, [FILE], "no temporary file is left");
    });
}

#[test]
fn every_method_we_offer_is_spoken_as_openssh_speaks_it() {
    run(async {
        for (kind, configuration) in [
            ("ed25519", "Ciphers aes128-gcm@openssh.com\nKexAlgorithms curve25519-sha256"),
            ("rsa -b 3072", "Ciphers aes256-ctr\nMACs hmac-sha2-256\nKexAlgorithms ecdh-sha2-nistp256"),
            ("ecdsa -b 256", "Ciphers aes128-ctr\nMACs hmac-sha2-512\nKexAlgorithms ecdh-sha2-nistp384"),
            (
                "ecdsa -b 384",
                "Ciphers aes256-ctr\nMACs hmac-sha2-256-etm@openssh.com\nKexAlgorithms ecdh-sha2-nistp521",
            ),
            ("ecdsa -b 521", "Ciphers aes128-ctr\nMACs hmac-sha2-512-etm@openssh.com"),
            // It wants new keys again and again.
            ("ed25519", "RekeyLimit 300K"),
            ("rsa -b 2048", "HostKeyAlgorithms rsa-sha2-256\nCiphers aes256-ctr\nRekeyLimit 1M"),
        ] {
            let server = OpenSsh::start(kind, configuration).await;
            let bytes = 5 * MIB + 1;
            let told = Target::openssh(&server, &server.key("user", "ed25519")).deliver(bytes).await;
            assert_placed(&told, bytes);
            assert!(std::fs::read(server.folder.join(FILE)).unwrap() == made_up(bytes), "{configuration}");
        }
        for (configuration, kind) in [
            ("KexAlgorithms diffie-hellman-group14-sha256", "key exchange"),
            ("Ciphers aes256-cbc", "cipher"),
            ("Ciphers aes256-ctr\nMACs umac-64@openssh.com", "MAC"),
        ] {
            let server = OpenSsh::start("ed25519", configuration).await;
            let told = Target::openssh(&server, &server.key("user", "ed25519")).deliver(1).await;
            assert!(told["message"].as_str().unwrap().contains(kind), "{told}");
        }
    });
}

#[test]
fn openssh_says_no_in_words_that_help() {
    run(async {
        let server = OpenSsh::start("ed25519", "").await;
        let key = server.key("user", "ed25519");
        let target = Target::openssh(&server, &key);
        let missing = server.folder.join("nowhere");
        let stranger = OpenSsh::start("ed25519", "").await.key("stranger", "ed25519");
        for (target, stage, words) in [
            (target.clone().with("directory", missing.display()), "directory", "There is no folder"),
            (target.clone().with("private_key", stranger), "login", "refused the user name or the private key"),
            (
                target.clone().with("private_key", "").with("password", "x"),
                "login",
                "refused the user name or the password",
            ),
            (target.clone().with("private_key", "nonsense"), "login", "cannot be read"),
            (target.clone().with("host_key", ""), "host_key", server.fingerprint.as_str()),
        ] {
            let told = target.deliver(1).await;
            assert_eq!((&told["stage"], &told["is_final"]), (&stage.into(), &true.into()), "{told}");
            assert!(told["message"].as_str().unwrap().contains(words), "{words}: {told}");
        }
    });
}

#[test]
fn a_password_is_given_in_either_way_a_server_asks() {
    run(async {
        let stand_in = StandIn::start().await;
        assert_placed(&stand_in.target().deliver(70_000).await, 70_000);
        assert!(stand_in.file().unwrap() == made_up(70_000));
        let wrong = stand_in.target().with("password", "wrong").deliver(1).await;
        assert_eq!((&wrong["stage"], &wrong["is_final"]), (&"login".into(), &true.into()), "{wrong}");

        let user = SftpUser {
            name: "dialogue".to_owned(),
            password: PASSWORD.to_owned(),
            only_by_dialogue: true,
            ..SftpUser::default()
        };
        stand_in.server.add_user(user);
        let target = stand_in.target().with("username", "dialogue");
        assert_placed(&target.deliver(10).await, 10);
        let wrong = target.with("password", "wrong").deliver(1).await;
        assert!(wrong["message"].as_str().unwrap().contains("refused the user name or the password"), "{wrong}");
    });
}

#[test]
fn a_server_with_another_key_learns_nothing() {
    run(async {
        let stand_in = StandIn::start().await;
        let unknown = stand_in.target().with("host_key", "").deliver(1).await;
        assert_eq!(unknown["stage"], "host_key", "{unknown}");
        stand_in.server.set_fault("*", SftpFault::OtherHostKey);
        let changed = stand_in.target().deliver(1).await;
        assert_eq!((&changed["stage"], &changed["is_final"]), (&"host_key".into(), &true.into()), "{changed}");
        let message = changed["message"].as_str().unwrap();
        assert!(message.contains("no longer the confirmed one"), "{changed}");
        assert!(message.contains(&stand_in.server.other_fingerprint()), "{changed}");
        assert_eq!(stand_in.server.logins(&stand_in.user), 0, "no name and no password was sent");
        assert_eq!(stand_in.file().unwrap(), OLD);
    });
}

#[test]
fn whatever_goes_wrong_the_old_file_is_whole_or_the_new_one() {
    run(async {
        let bytes = 2 * MIB;
        for (fault, is_final, words) in [
            (SftpFault::CloseAfter(300_000), false, "ended the connection"),
            (SftpFault::NoSpaceAfter(300_000), false, "Its disk may be full"),
            (SftpFault::ForgetAfter(1_000_000), false, "of the 2097152 that were sent"),
            (SftpFault::RenameRefused, false, "The old file is unchanged"),
            (SftpFault::ReadOnly, true, "does not let this user write to"),
            (SftpFault::Hang(SftpStep::Open), false, "stopped answering"),
            (SftpFault::Hang(SftpStep::Write), false, "stopped answering"),
            (SftpFault::Hang(SftpStep::Rename), false, "stopped answering"),
            (SftpFault::Hang(SftpStep::Login), false, "stopped answering"),
        ] {
            let stand_in = StandIn::start().await;
            stand_in.server.set_fault(&stand_in.user, fault);
            let told = stand_in.target().with("patience", 1000).deliver(bytes).await;
            assert_eq!(told["is_final"], is_final, "{fault:?}: {told}");
            assert!(told["message"].as_str().unwrap().contains(words), "{fault:?}: {told}");
            assert_eq!(stand_in.file().unwrap(), OLD, "{fault:?}");
            // And once it is over, the next try is as if nothing had been.
            stand_in.server.clear_faults(&stand_in.user);
            assert_placed(&stand_in.target().deliver(bytes).await, bytes);
            assert!(stand_in.file().unwrap() == made_up(bytes), "{fault:?}");
            assert_eq!(stand_in.server.files(&stand_in.user), [path()], "{fault:?}");
        }
        let stand_in = StandIn::start().await;
        stand_in.server.set_fault("*", SftpFault::Hang(SftpStep::Connect));
        let silent = stand_in.target().with("patience", 1000).deliver(1).await;
        assert!(silent["message"].as_str().unwrap().contains("did not answer in time"), "{silent}");

        let broken = StandIn::start().await;
        let told = broken.target().with("broken_at", 1_000_000).deliver(bytes).await;
        assert!(told["message"].as_str().unwrap().contains("on our side"), "{told}");
        assert_eq!(broken.file().unwrap(), OLD);
    });
}

#[test]
fn a_full_disk_gets_back_the_space_that_was_taken() {
    run(async {
        let stand_in = StandIn::start().await;
        stand_in.server.set_fault(&stand_in.user, SftpFault::NoSpaceAfter(300_000));
        stand_in.target().deliver(2 * MIB).await;
        assert_eq!(stand_in.server.files(&stand_in.user), [path()]);
    });
}

#[test]
fn without_the_extension_the_old_file_is_removed_first() {
    run(async {
        for fault in [SftpFault::NoPosixRename, SftpFault::BrokenPosixRename] {
            let stand_in = StandIn::start().await;
            stand_in.server.set_fault(&stand_in.user, fault);
            let told = stand_in.target().deliver(1000).await;
            assert_eq!(told["placed"], "by_removal", "{told}");
            assert_eq!(stand_in.file().unwrap(), made_up(1000));
            let fresh = stand_in.target().with("name", "first.xml").deliver(1000).await;
            assert_eq!(fresh["placed"], "atomically", "a free name needs no removal: {fresh}");

            stand_in.server.set_fault(&stand_in.user, SftpFault::NoRemoval);
            let refused = stand_in.target().deliver(2000).await;
            assert!(refused["message"].as_str().unwrap().contains("The old file is unchanged"), "{refused}");
            assert_eq!(stand_in.file().unwrap(), made_up(1000));
        }
    });
}

#[test]
fn a_proxy_of_the_operators_is_the_way_out() {
    run(async {
        let stand_in = StandIn::start().await;
        let proxy = ConnectProxy::start(None).await;
        let through =
            |proxy: &ConnectProxy| stand_in.target().with("proxy", format!("http://operator:p%40ss@{}", proxy.address));
        assert_placed(&through(&proxy).deliver(MIB).await, MIB);
        let head = &proxy.heads()[0];
        assert!(head.starts_with(&format!("CONNECT {} HTTP/1.1\r\n", stand_in.server.address())), "{head}");
        assert!(head.contains("Proxy-Authorization: Basic b3BlcmF0b3I6cEBzcw==\r\n"), "{head}");

        let refusing = ConnectProxy::start(Some("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")).await;
        let told = through(&refusing).deliver(1).await;
        assert!(told["message"].as_str().unwrap().contains("proxy refused the connection (407)"), "{told}");
        let no_proxy = ConnectProxy::start(Some("SSH-2.0-nonsense\r\n\r\n")).await;
        let told = through(&no_proxy).deliver(1).await;
        assert!(told["message"].as_str().unwrap().contains("proxy does not answer"), "{told}");
        assert!(!told.to_string().contains("cEBzcw"), "{told}");
    });
}

#[test]
fn memory_does_not_grow_with_the_file() {
    run(async {
        let world = World::shared().await;
        let server = OpenSsh::start("ed25519", "").await;
        let target = Target::openssh(&server, &server.key("user", "ed25519"));
        assert_placed(&target.deliver(8 * MIB).await, 8 * MIB);
        let before = world.worker.wasm_memory().await;
        assert_placed(&target.deliver(128 * MIB).await, 128 * MIB);
        let grown = world.worker.wasm_memory().await - before;
        // Other tests run in the same memory.
        assert!(grown < 24 * MIB as u64, "{grown} bytes");
    });
}

#[test]
fn nonsense_from_a_server_harms_nobody() {
    run(async {
        let world = World::shared().await;
        let kexinit = |body: &[u8]| {
            let mut packet = u32::try_from(body.len() + 6).unwrap().to_be_bytes().to_vec();
            packet.extend([4, 20]);
            packet.extend(body);
            packet.extend([0; 4]);
            packet
        };
        let greeting = b"SSH-2.0-x\r\n";
        let cases: Vec<(Vec<u8>, &str)> = vec![
            (b"HTTP/1.1 400 Bad Request\r\n\r\n".repeat(40), "not an SFTP server"),
            (b"SSH-1.5-old\r\n".to_vec(), "not an SFTP server"),
            (vec![b'a'; 20_000], "not an SFTP server"),
            (Vec::new(), "ended the connection"),
            (greeting.to_vec(), "ended the connection"),
            ([greeting.as_slice(), &[255; 64]].concat(), "makes no sense"),
            ([greeting.as_slice(), &[0; 64]].concat(), "makes no sense"),
            ([greeting.as_slice(), &[0, 0, 0, 2, 9, 20, 0, 0]].concat(), "makes no sense"),
            ([greeting.as_slice(), &kexinit(&[7; 16])].concat(), "makes no sense"),
            ([greeting.as_slice(), &kexinit(&[255; 64])].concat(), "makes no sense"),
            ([greeting.as_slice(), &kexinit(&[0; 64])].concat(), "outdated methods"),
        ];
        for (nonsense, words) in cases {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let port = listener.local_addr().unwrap().port();
            let sent = nonsense.clone();
            let server = tokio::spawn(async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                // The Worker may be gone by then.
                let _ = stream.write_all(&sent).await;
                let _ = stream.shutdown().await;
                let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
            });
            let told = Target::new(port, "user", "/", "").with("patience", 3000).deliver(1).await;
            let start = String::from_utf8_lossy(&nonsense[..nonsense.len().min(30)]).into_owned();
            assert!(told["message"].as_str().unwrap().contains(words), "{start:?}: {told}");
            server.await.unwrap();
        }
        let nobody = Target::new(1, "user", "/", "").with("patience", 3000).deliver(1).await;
        assert!(nobody["message"].as_str().unwrap().contains("Nothing answers"), "{nobody}");
        let health = client().get(format!("{}/healthz", world.worker.url)).send().await.unwrap();
        assert_eq!(health.status(), 200);
    });
}
