//! L7: only accounts of the staff directory can be written to, checked at the moment of sending. L8: no word tells.

use std::path::Path;

use clares_law::mail::{Kind, Recipient};

use super::{drain, every_row, messages_for};
use crate::architecture::source;
use crate::support::database::either;
use crate::support::house::House;
use crate::support::post::folder_mailer;

#[test]
fn l7_a_recipient_is_staff_or_agency_and_made_in_one_place() {
    let recipient = Recipient::listed(Kind::Staff, "somebody@example.org").unwrap();
    match recipient.kind() {
        Kind::Staff | Kind::Agency => {} // a third kind would not compile
    }
    for text in ["applicant", "person_at_risk", "public", "", "Staff"] {
        assert_eq!(Kind::read(text), None, "{text}");
    }
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let naming: Vec<String> = source::read(&src)
        .into_iter()
        .filter(|source| source::code_only(&source.text).contains("Recipient"))
        .map(|source| source.path)
        .collect();
    assert_eq!(
        naming,
        ["app/notices.rs", "mail/mod.rs"],
        "a recipient is looked up in the staff directory only"
    );
}

#[tokio::test]
async fn l7_the_outbox_has_no_place_for_an_applicant() {
    let house = House::new().await;
    let to = |kind: &str| {
        let id = either("x'01'", "'00000000-0000-0000-0000-000000000001'");
        let at = "'2026-11-02T09:30:00.000000Z'";
        format!(
            "insert into outbox (id, made_at, authority, recipient_kind, recipient, message, language, status, attempts,
                due_at, next_at, dedupe)
             values ({id}, {at}, 'scotland', '{kind}', 'x', 'm', 'en', 'waiting', 0, {at}, {at}, 'a')"
        )
    };
    for kind in ["applicant", "person_at_risk"] {
        assert!(house.try_to(&to(kind)).await.is_err(), "{kind}");
    }
    house.tamper(&to("agency")).await;
}

#[tokio::test]
async fn l7_who_may_be_written_to_is_asked_at_the_moment_of_sending() {
    let changes = [
        "update staff set disabled = not disabled",
        "delete from staff",
        "update staff set agency = 'housing'",
        "update staff set email = 'not an address'",
        "update outbox set recipient = 'applicant@example.org'",
    ];
    for change in changes {
        let house = messages_for(&[("iain", "")]).await;
        house.tamper(change).await;
        let folder = tempfile::tempdir().unwrap();
        drain(&house, &folder_mailer(folder.path())).await;
        let row = every_row(&house).await.remove(0);
        assert_eq!(
            (row.status.as_str(), row.trouble.as_deref()),
            ("refused", Some("no_address")),
            "{change}"
        );
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            0,
            "{change}"
        );
    }
}

#[tokio::test]
async fn l8_a_message_is_the_neutral_text_and_nothing_else() {
    let house = messages_for(&[("iain", "")]).await;
    let folder = tempfile::tempdir().unwrap();
    drain(&house, &folder_mailer(folder.path())).await;
    let id = every_row(&house).await[0].id.simple().to_string();
    let letter = std::fs::read_to_string(folder.path().join(format!("{id}.eml"))).unwrap();
    let expected = format!(
        "From: Casework <no-reply@example.org>\r\n\
         To: supervisor@example.org\r\n\
         Subject: You have new tasks\r\n\
         Message-ID: <{id}@example.org>\r\n\
         Date: Mon, 02 Nov 2026 22:30:00 +0000\r\n\
         Auto-Submitted: auto-generated\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 7bit\r\n\
         \r\n\
         You have new tasks. Sign in to see them.\r\n\r\n\
         This message was sent by a machine. Please do not answer it."
    );
    assert_eq!(letter, expected);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
