//! A mail server as a process of its own, which does as it is told; and messages for it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use clares_law::mail::folder::Folder;
use clares_law::mail::{Kind, Mailer, Notice, Recipient, sender, smtp::Smtp};
use jiff::Timestamp;
use uuid::Uuid;

/// How long an answer of the server process may take.
const ANSWER: Duration = Duration::from_secs(20);

/// A message that the server took.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taken {
    pub id: String,
    pub recipient: String,
}

pub struct Post {
    process: Child,
    commands: ChildStdin,
    said: Receiver<String>,
    taken: Vec<Taken>,
    pub port: u16,
}

impl Post {
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// With these arguments; see `tests/smtp_server.py`.
    pub fn with(arguments: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smtp_server.py");
        let mut process = Command::new("/usr/bin/python3")
            .arg(script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("python3 with aiosmtpd: `.ci/needs aiosmtpd`");
        let (say, said) = channel();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = say.send(line); // nobody listens any more when the test is over
            }
        });
        let port = said.recv_timeout(ANSWER).expect("aiosmtpd is installed");
        let port = port.strip_prefix("port ").unwrap().parse().unwrap();
        let commands = process.stdin.take().unwrap();
        Self {
            process,
            commands,
            said,
            taken: Vec::new(),
            port,
        }
    }

    /// Tells the server what to do from now on.
    pub fn tell(&mut self, command: &str) {
        writeln!(self.commands, "{command}").unwrap();
        loop {
            let line = self.said.recv_timeout(ANSWER).expect("the server answers");
            if line == "ok" {
                return;
            }
            self.hear(&line);
        }
    }

    fn hear(&mut self, line: &str) {
        let taken = line.strip_prefix("taken ").expect("a message");
        let (id, recipient) = taken.split_once(' ').unwrap();
        self.taken.push(Taken {
            id: id.to_owned(),
            recipient: recipient.to_owned(),
        });
    }

    /// Every message that it has taken, in order.
    pub fn taken(&mut self) -> &[Taken] {
        while let Ok(line) = self.said.try_recv() {
            self.hear(&line);
        }
        &self.taken
    }

    /// The way to it without TLS, for somebody of little patience.
    pub fn mailer(&self) -> Mailer {
        self.mailer_by("smtp+unencrypted", "", &[])
    }

    /// The way to it by this scheme, with a sign-in such as `name:password@`, trusting these certificates.
    pub fn mailer_by(&self, scheme: &str, sign_in: &str, certificates: &[u8]) -> Mailer {
        let address = format!("{scheme}://{sign_in}localhost:{}", self.port);
        let patience = Duration::from_secs(2);
        let smtp = Smtp::new(&address, sender(SENDER).unwrap(), certificates, patience);
        Mailer::Smtp(Box::new(smtp.unwrap()))
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A neutral sender.
pub const SENDER: &str = "Casework <no-reply@example.org>";

/// The way into a folder.
pub fn folder_mailer(folder: &Path) -> Mailer {
    Mailer::Folder(Folder::new(folder.to_owned(), sender(SENDER).unwrap()))
}

/// A message such as the outbox makes.
pub fn notice(number: u128) -> Notice {
    Notice {
        id: Uuid::from_u128(number),
        made_at: "2026-11-02T09:30:00Z".parse::<Timestamp>().unwrap(),
        recipient: Recipient::listed(Kind::Staff, "supervisor@example.org").unwrap(),
        subject: "You have new tasks".to_owned(),
        appointment: None,
        text: "You have new tasks. Sign in to see them.".to_owned(),
    }
}

/// A certificate for `localhost` that nobody has signed, and its key, as files.
pub fn certificate(folder: &Path) -> (PathBuf, PathBuf) {
    let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        ])
        .args(["-subj", "/CN=localhost", "-days", "2"])
        .args(["-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-out")
        .arg(&certificate)
        .arg("-keyout")
        .arg(&key)
        .output()
        .expect("openssl: `.ci/needs openssl`");
    assert!(made.status.success(), "{made:?}");
    (certificate, key)
}
