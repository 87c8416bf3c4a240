//! Compares what writers were told with what the database holds, by other means than the service uses: every key there once
//! with its first answer, every case whole, every chain unbroken, every row equal to what its history makes (L1, L2, L16).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context, ensure};
use clares_law::app::App;
use clares_law::app::history::{CASE, load};
use clares_law::domain::id::CaseId;
use clares_law::engine::case::Case;
use clares_law::engine::draft::Happening;
use clares_law::engine::effects::{Effect, effects};
use clares_law::store::idempotency::ReplyRow;
use clares_law::store::{Db, Sql, Tx, events};
use serde_json::Value;

use super::installation::inside;
use super::writer::Sent;

const REPLIES: Sql = Sql::one("campaign.REPLIES", "select * from idempotency");
const LOOKS: Sql = Sql::one(
    "campaign.LOOKS",
    "select count(*) from access_log where operation = $1",
);
const MESSAGES: Sql = Sql::one(
    "campaign.MESSAGES",
    "select dedupe from outbox where case_id = $1",
);
const INTEGRITY: Sql = Sql::one("campaign.INTEGRITY", "pragma integrity_check");
const CASES: Sql = Sql::one("campaign.CASES", "select count(*) from cases");
const PEOPLE: Sql = Sql::one("campaign.PEOPLE", "select * from staff");

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// Commands with an answer that the database was held to.
    pub acknowledged: usize,
    /// Commands that had no answer and turned out to be done.
    pub done_unheard: usize,
    pub cases: usize,
    pub events: i64,
}

impl std::ops::Add for Examined {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            acknowledged: self.acknowledged + other.acknowledged,
            done_unheard: self.done_unheard + other.done_unheard,
            cases: self.cases + other.cases,
            events: self.events + other.events,
        }
    }
}

/// Examines an installation that nobody serves now, and closes it.
///
/// # Errors
/// The first thing that is not as it must be.
pub async fn examine<'a>(
    app: &Arc<App>,
    sent: impl IntoIterator<Item = &'a mut Sent>,
) -> anyhow::Result<Examined> {
    let examined = examine_open(app, sent).await;
    app.db.close().await;
    examined
}

async fn examine_open<'a>(
    app: &Arc<App>,
    sent: impl IntoIterator<Item = &'a mut Sent>,
) -> anyhow::Result<Examined> {
    if matches!(app.db, Db::Sqlite { .. }) {
        let mut tx = app.db.begin_read().await?;
        let found: String = tx.sql(INTEGRITY).scalar().await?;
        ensure!(found == "ok", "the database file is damaged: {found}");
    }
    let walk = app.verify_history().await.map_err(inside)?;
    ensure!(walk.bad.is_empty(), "a chain is broken: {:?}", walk.bad[0]);
    let (histories, differed) = app.rebuild().await.map_err(inside)?;
    ensure!(
        differed.is_empty(),
        "half-applied: the rows of {} of {histories} histories are not what these make",
        differed.len()
    );
    let mut tx = app.db.begin_read().await?;
    let replies: Vec<ReplyRow> = tx.sql(REPLIES).all().await?;
    let cases = every_answer_is_kept_and_whole(&mut tx, &replies).await?;
    let (acknowledged, done_unheard) = nothing_told_is_lost(&replies, sent)?;
    every_message_is_there(app, &mut tx).await?;
    Ok(Examined {
        acknowledged,
        done_unheard,
        cases,
        events: walk.events,
    })
}

/// Each key has one effect and each effect has its key: cases, answers and the log of accesses count alike. Answers how many
/// cases there are.
async fn every_answer_is_kept_and_whole(
    tx: &mut Tx,
    replies: &[ReplyRow],
) -> anyhow::Result<usize> {
    let mut cases = BTreeSet::new();
    let mut actions = 0;
    for row in replies {
        let reply: Value = serde_json::from_str(&row.reply)?;
        match reply["case"].as_str() {
            Some(case) => ensure!(
                cases.insert(case.to_owned()),
                "{}: a case of two keys",
                row.key
            ),
            None => actions += 1,
        }
    }
    let stored: i64 = tx.sql(CASES).scalar().await?;
    ensure!(
        usize::try_from(stored)? == cases.len(),
        "{stored} cases came of {} answered applications",
        cases.len()
    );
    for (operation, wanted) in [("collection", cases.len()), ("alteration", actions)] {
        let logged: i64 = tx.sql(LOOKS).bind(operation).scalar().await?;
        ensure!(
            usize::try_from(logged)? == wanted,
            "half-applied: {wanted} answers for {logged} entries of '{operation}' in the access log"
        );
    }
    Ok(cases.len())
}

/// Every answer that was heard is the one that is kept. Answers how many were heard, and how many only kept.
fn nothing_told_is_lost<'a>(
    replies: &[ReplyRow],
    sent: impl IntoIterator<Item = &'a mut Sent>,
) -> anyhow::Result<(usize, usize)> {
    let kept: BTreeMap<_, _> = replies
        .iter()
        .map(|row| ((&*row.key, &*row.actor), &row.reply))
        .collect();
    let (mut heard, mut unheard, mut known) = (0, 0, 0);
    for sent in sent {
        let key = &*sent.command.key;
        let found = kept.get(&(key, &*sent.command.actor));
        if let Some(answer) = &sent.answer {
            let reply = found.with_context(|| format!("acknowledged and lost: {key}"))?;
            ensure!(
                same(answer, &serde_json::from_str(reply)?),
                "{key}: {answer} was acknowledged and {reply} is kept"
            );
            heard += 1;
        } else if found.is_some() {
            unheard += 1;
        }
        if let (Some(before), Some(reply)) = (&sent.kept, found) {
            ensure!(
                before == *reply,
                "{key}: its first answer was {before}, now it is {reply}"
            );
        }
        ensure!(
            sent.kept.is_none() || found.is_some(),
            "was there and is lost: {key}"
        );
        sent.kept = found.map(ToString::to_string);
        known += usize::from(found.is_some());
    }
    ensure!(
        known == replies.len(),
        "{} answers are nobody's",
        replies.len() - known
    );
    Ok((heard, unheard))
}

/// Whether an answer tells what is kept. The answer to the public form tells nothing.
fn same(answer: &Value, kept: &Value) -> bool {
    if answer["status"] == "thank_you" {
        return kept["case"].is_string();
    }
    if answer["id"].is_string() {
        return answer["id"] == kept["case"] && answer["reference"] == kept["reference"];
    }
    answer == kept
}

/// Every case that has a history, in the order of their ids.
pub async fn case_ids(tx: &mut Tx) -> anyhow::Result<Vec<CaseId>> {
    let streams = events::streams(tx).await?;
    let cases = streams.into_iter().filter(|row| row.stream_kind == CASE);
    Ok(cases.map(|row| CaseId(row.stream)).collect())
}

/// For every event that calls for a message, the message is in the outbox, and no other is.
async fn every_message_is_there(app: &App, tx: &mut Tx) -> anyhow::Result<()> {
    let people: Vec<clares_law::store::staff::StaffRow> = tx.sql(PEOPLE).all().await?;
    for case in case_ids(tx).await? {
        let loaded = load(&app.keys, tx, case).await.map_err(inside)?;
        let pinned = app
            .definitions
            .pinned(&app.db, &loaded.edition, &loaded.case.authority);
        let definition = pinned.await.map_err(inside)?;
        let history: Vec<Happening> = loaded
            .history
            .into_iter()
            .map(|recorded| Happening {
                actor: recorded.actor,
                event: recorded.event,
            })
            .collect();
        let called_for: BTreeSet<String> = effects(&definition, None, &Case::default(), &history)
            .into_iter()
            .flat_map(
                |(
                    place,
                    Effect::Alert {
                        role, authority, ..
                    },
                )| {
                    let told = people
                        .iter()
                        .filter(move |person| person.role == role && person.authority == authority);
                    told.map(move |person| format!("{}:{}:{}", case, place + 1, person.id))
                },
            )
            .collect();
        let found: Vec<(String,)> = tx.sql(MESSAGES).bind(case.0).all().await?;
        let found: BTreeSet<String> = found.into_iter().map(|(dedupe,)| dedupe).collect();
        ensure!(
            found == called_for,
            "half-applied: {} messages in the outbox of a case that calls for {}",
            found.len(),
            called_for.len()
        );
    }
    Ok(())
}
