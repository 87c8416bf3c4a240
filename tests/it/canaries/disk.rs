//! What lies on the disk when a case has gone through the service: databases, their logs, backups and dumps, without a word of anybody.

use std::path::Path;
use std::process::Command;

use clares_law::app::backup::backup;
use clares_law::app::break_glass::Emergency;
use clares_law::app::key_store::KeyStore;
use clares_law::app::look_reviews::Verdict;
use clares_law::app::register::{Entry, Listing};
use clares_law::app::staff::Person;
use clares_law::app::ties::NewTie;
use clares_law::app::undelivered::Decision;
use clares_law::domain::id::StaffId;
use clares_law::domain::tie::TieKind;
use clares_law::store::copy_keys;

use super::forms::Forms;
use super::walk::Run;
use super::{BORN, COLLEAGUE, Log, PHONE, WORD};
use crate::support::database::on_postgres;
use crate::support::world::AUTHORITY;

/// Why somebody does something outside every history.
const BECAUSE: &str = "It is quaggawort who matters here";

#[tokio::test]
async fn nothing_that_anybody_says_types_or_is_called_is_on_the_disk() {
    // What nobody listens to on one thread, tracing may leave out on another.
    let _listens = Log::everything();
    let run = Run::ended().await;
    run.people_write_beside_history().await;
    let mut canaries = run.canaries.clone();
    canaries.retain(|canary| canary != COLLEAGUE);
    let forms = Forms::of(&canaries);
    let copies = run.copied().await;
    assert_eq!(found_under(run.test.folder(), &forms), Vec::<String>::new());

    // A canary that is put there in plain is found, in the databases and in what is copied from them.
    run.test
        .tamper(&format!(
            "insert into outbox_decisions (id, message_id, at, actor, decision, reason)
             select id, id, received_at, 'somebody', 'settled', 'Of {WORD}' from cases"
        ))
        .await;
    run.copied().await;
    let found = found_under(run.test.folder(), &forms);
    let expected = copies + usize::from(!on_postgres());
    assert!(found.len() >= expected, "{found:?}");
}

/// The files in a folder that hold one of these, with what they hold.
fn found_under(folder: &Path, forms: &Forms) -> Vec<String> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            found.extend(found_under(&path, forms));
        } else if let Some(form) = forms.found_in(&std::fs::read(&path).unwrap()) {
            found.push(format!("{} holds {form}", path.display()));
        }
    }
    found
}

impl Run {
    /// The case is restricted, opened in an emergency, judged, exported; a message is settled. Each with a reason.
    async fn people_write_beside_history(&self) {
        let app = &self.test.app;
        let listing = Listing {
            authority: AUTHORITY.to_owned(),
            agency: String::new(),
        };
        let replaced = app.replace_register(listing, vec![alike()], "moira").await;
        assert_eq!(replaced.unwrap().restricted, 2, "alike in both cases");

        let one = self.hired("one", "supervisor").await;
        let other = self.hired("other", "supervisor").await;
        let verifier = self.hired("verifier", "verifier").await;
        let opened = app.break_glass(&verifier, self.emergency().await).await;
        assert_eq!(opened.unwrap(), self.case);
        let verdict = app.reviews(&one).await.unwrap().remove(0);
        assert_eq!(verdict.look.reason.as_deref(), Some(BECAUSE));
        let judged = (verdict.look.id, verdict.kind);
        let settled = app.settle_review(&one, judged, Verdict::InOrder, BECAUSE, None);
        assert!(settled.await.unwrap());

        let let_in = NewTie {
            kind: TieKind::LetIn,
            who: Some(other.actor.id.parse().unwrap()),
            because: BECAUSE.to_owned(),
        };
        app.tie(&one, self.case, let_in, None).await.unwrap();
        let ties = app.see_ties(&one, self.case).await.unwrap().ties;
        let newest = ties.iter().find(|tie| tie.kind == TieKind::LetIn).unwrap();
        assert_eq!(newest.row.because, BECAUSE);
        let ended = app.settle_tie(&one, (self.case, newest.row.id), false, BECAUSE, None);
        ended.await.unwrap();

        let undelivered = app.undelivered(&one).await.unwrap();
        let settled = Decision::Settled(BECAUSE.to_owned());
        let decided = app.decide_on_message(&one, undelivered[0].id, settled, None);
        assert!(decided.await.unwrap());
        let day = "2026-11-02".parse().unwrap();
        app.export_log(&one.actor, (day, day), BECAUSE)
            .await
            .unwrap();
    }

    async fn hired(&self, name: &str, role: &str) -> Person {
        let actor = self.test.hire(name, role).await;
        let id = StaffId(actor.id.parse().unwrap());
        let person = self.test.app.person(id).await.unwrap();
        Person {
            confirmed: true,
            ..person
        }
    }

    async fn emergency(&self) -> Emergency {
        Emergency {
            reference: self.test.load(self.case).await.case.reference,
            reason: BECAUSE.to_owned(),
            key: None,
        }
    }

    /// Copies the databases as operators do, into the folder; answers how many copies hold the cases.
    async fn copied(&self) -> usize {
        let folder = self.test.folder();
        let keys = folder.join("copy of the keys.db");
        let cases = folder.join("copy of the cases");
        for old in [&keys, &cases, &folder.join("copy of the cases.sha256")] {
            let _ = std::fs::remove_file(old);
        }
        let source = folder.join(KeyStore::DATABASE);
        copy_keys(&source, &keys).await.unwrap();
        if on_postgres() {
            let dump = Command::new("pg_dump").arg(self.test.database()).output();
            let dump = dump.unwrap();
            assert!(
                dump.status.success(),
                "{}",
                String::from_utf8_lossy(&dump.stderr)
            );
            assert!(dump.stdout.len() > 100_000, "it is a whole database");
            std::fs::write(&cases, dump.stdout).unwrap();
        } else {
            let clock = &self.test.clock;
            backup(self.test.database(), &cases, clock).await.unwrap();
        }
        1
    }
}

/// Somebody alike to the people of the case.
fn alike() -> Entry {
    Entry {
        entry: format!("{WORD} 1"),
        person: clares_law::domain::person::Person {
            given_names: WORD.into(),
            family_name: format!("Mac{WORD}").as_str().into(),
            other_names: WORD.into(),
            born: BORN.into(),
        },
        staff_number: format!("{WORD}7"),
        addresses: vec![format!("7 {WORD} Row, Inverallan")],
        phones: vec![PHONE.to_owned()],
        sign_in_name: None,
    }
}
