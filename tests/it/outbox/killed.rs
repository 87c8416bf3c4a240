//! A sending process that is killed again and again, over links that are cut at any byte: our own people lose nothing,
//! and get nothing twice but in doubt and under one Message-ID; an agency gets nothing twice, and what is in doubt is a
//! person's task.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use clares_law::store::outbox::{self, NewMessage};
use uuid::Uuid;

use super::{drain, every_row, messages_for};
use crate::support::database::on_postgres;
use crate::support::house::House;
use crate::support::post::{Post, SENDER};

/// How hard it is tried.
struct Effort {
    messages: u64,
    kills: u64,
    seed: u64,
}

/// How often it is looked whether a sender has lived long enough: a cut link makes it wait, so not for ever.
const LOOK: Duration = Duration::from_millis(3);
const LONGEST_LIFE: u32 = 1000;

/// How often each thing happened.
#[derive(Debug, Default)]
struct Tally {
    staff: usize,
    agency: usize,
    twice: usize,
    tasks: usize,
}

#[tokio::test]
async fn a_sender_killed_in_the_middle_neither_loses_nor_doubles() {
    if on_postgres() {
        return; // the database of these tests is the owner's, whom `serve` turns away
    }
    let tally = campaign(&Effort {
        messages: 120,
        kills: 6,
        seed: 7,
    })
    .await;
    assert!(tally.staff >= 60 && tally.agency >= 60, "{tally:?}");
    assert!(
        tally.tasks > 0 && tally.twice > 0,
        "nothing was ever in doubt: {tally:?}"
    );
    println!("{tally:?}");
}

async fn campaign(effort: &Effort) -> Tally {
    let house = messages_for(&[("iain", ""), ("una", "housing")]).await;
    add_messages(&house, effort.messages).await;
    let mut post = Post::start();
    post.tell(&format!("cut-any {}", effort.seed));
    for kill in 0..effort.kills {
        let mut sender = start(&house, &post);
        let enough =
            post.taken().len() + 3 + usize::try_from((effort.seed + kill * 5) % 11).unwrap();
        for _ in 0..LONGEST_LIFE {
            if post.taken().len() >= enough {
                break;
            }
            tokio::time::sleep(LOOK).await;
        }
        sender.kill().unwrap();
        sender.wait().unwrap();
    }
    let mailer = post.mailer();
    house.clock.set("2100-01-01T00:00:00Z".parse().unwrap());
    for round in 0..40 {
        if round == 30 {
            post.tell("accept");
        }
        drain(&house, &mailer).await;
        house.wait(2);
    }
    post.tell("accept");
    counted(&house, &mut post).await
}

/// As many for somebody of our own as for an agency, each a copy of the one that stands in the outbox.
async fn add_messages(house: &House, number: u64) {
    let rows = every_row(house).await;
    let mut tx = house.app.db.begin_write().await.unwrap();
    for number in 0..number {
        let like = rows[usize::try_from(number).unwrap() % rows.len()].clone();
        let message = NewMessage {
            id: Uuid::from_u128(u128::from(number) + 1),
            made_at: like.made_at,
            case_id: like.case_id,
            authority: like.authority,
            recipient_kind: like.recipient_kind,
            recipient: like.recipient,
            message: like.message,
            language: like.language,
            due_at: like.due_at,
            dedupe: number.to_string(),
            meeting_id: None,
        };
        assert!(outbox::add(&mut tx, &message).await.unwrap());
    }
    tx.commit().await.unwrap();
}

/// A process that serves, and so sends.
fn start(house: &House, post: &Post) -> Child {
    let mut sender = Command::new(env!("CARGO_BIN_EXE_clares-law"))
        .args(["serve", "--listen", "127.0.0.1:0", "--mail-timeout", "1"])
        .args(["--mail-from", SENDER])
        .arg("--mail")
        .arg(format!("smtp+unencrypted://localhost:{}", post.port))
        .arg("--data")
        .arg(house.folder())
        .env_remove("DATABASE_URL")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut said = BufReader::new(sender.stdout.take().unwrap());
    said.read_line(&mut line).unwrap();
    assert!(line.starts_with("Serving on"), "{line}");
    sender
}

async fn counted(house: &House, post: &mut Post) -> Tally {
    let mut taken = BTreeMap::new();
    for message in post.taken() {
        *taken.entry(message.id.clone()).or_insert(0) += 1;
    }
    let mut tally = Tally::default();
    for row in every_row(house).await {
        let id = format!("<{}@example.org>", row.id.simple());
        let times = taken.remove(&id).unwrap_or(0);
        match (row.recipient_kind.as_str(), row.status.as_str()) {
            ("staff", "sent") => {
                assert!(times >= 1, "lost: {row:?}");
                assert!(
                    times == 1 || row.attempts > 1,
                    "doubled without doubt: {row:?}"
                );
                tally.staff += 1;
                tally.twice += usize::from(times > 1);
            }
            ("agency", "sent") => {
                assert_eq!(times, 1, "{row:?}");
                tally.agency += 1;
            }
            ("agency", "in_doubt") => {
                assert!(times <= 1, "doubled: {row:?}");
                tally.agency += 1;
                tally.tasks += 1;
            }
            _ => panic!("left over: {row:?}"),
        }
    }
    assert!(taken.is_empty(), "sent and not in the outbox: {taken:?}");
    tally
}
