//! Looks that somebody else is asked about: a few drawn by chance, whoever goes through too many cases or searches too
//! often, and every case opened in an emergency. Nobody is asked about their own.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::App;
use super::digest::digest;
use super::error::AppError;
use super::looks::{AccessRow, WITHIN};
use super::reason::checked;
use super::reasons::{Place, Reasons};
use super::replies::{keep_reply, replied};
use super::staff::Person;
use crate::domain::class::FieldClass;
use crate::domain::id::CaseId;
use crate::domain::look::{Operation, Purpose};
use crate::domain::pii::withheld;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::due::due;
use crate::engine::limit::Limit;
use crate::store::look_reviews::{ReviewRow, VerdictRow};
use crate::store::{At, Tx, access_log, cases, look_reviews};

/// The most that are shown at once.
pub const MOST: i64 = 100;

/// How long the review of an emergency may take.
const REVIEWED_WITHIN: Limit = Limit::WorkingDays(1);

/// What is said to whoever would judge their own looks.
const OWN: &str = "These are your own looks, so another person must review them";

/// Why somebody is asked about a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Chance drew it.
    Sample,
    /// It was one of too many cases within ten minutes.
    Trawl,
    /// It was one of too many searches within ten minutes.
    Search,
    /// A case was opened in an emergency.
    BrokenGlass,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Sample, Self::Trawl, Self::Search, Self::BrokenGlass];

    /// The word in addresses and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sample => "sample",
            Self::Trawl => "trawl",
            Self::Search => "search",
            Self::BrokenGlass => "broken_glass",
        }
    }

    /// The kind that this word means.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A look that somebody is asked about.
#[derive(Clone, PartialEq, Eq)]
pub struct Review {
    pub kind: Kind,
    pub look: AccessRow,
    /// Who looked.
    pub name: String,
    /// How many different cases they had looked at within ten minutes, or how often they had searched.
    pub number: i64,
    /// How many people were sent a message because of it.
    pub told: i64,
    /// When it must have been reviewed; only an emergency has a limit.
    pub due: Option<Timestamp>,
    /// Those cases, with what people call them; none where a search began at none.
    pub cases: Vec<(CaseId, String)>,
}

withheld!(Review);

/// What somebody says of it, each with a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    InOrder,
    NotInOrder,
}

impl Verdict {
    fn name(self) -> &'static str {
        match self {
            Self::InOrder => "in_order",
            Self::NotInOrder => "not_in_order",
        }
    }
}

impl App {
    /// How many looks of others wait for somebody at this person's authority; none for whoever is not asked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_reviews(&self, person: &Person) -> Result<i64, AppError> {
        if !person.reviews_looks {
            return Ok(0);
        }
        let mut tx = self.db.begin_read().await?;
        let actor = &person.actor;
        let hidden = self.hidden_from(&mut tx, actor).await?;
        if hidden.is_empty() {
            return Ok(look_reviews::count_open(&mut tx, &actor.authority, &actor.id).await?);
        }
        let rows = open_for(&mut tx, actor, &hidden).await?;
        i64::try_from(rows.len()).map_err(AppError::inside)
    }

    /// How many cases opened in an emergency wait for a reviewer, for those who are told where there are too few reviewers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_emergencies(&self, person: &Person) -> Result<i64, AppError> {
        if person.reviews_looks || !person.minds_messages {
            return Ok(0);
        }
        let mut tx = self.db.begin_read().await?;
        Ok(look_reviews::count_emergencies(&mut tx, &person.actor.authority).await?)
    }

    /// The looks of others at this person's authority that wait: emergencies first, then trawls and searches; a hundred at most.
    ///
    /// # Errors
    /// `NotFound` for whoever does not review looks.
    pub async fn reviews(self: &Arc<Self>, person: &Person) -> Result<Vec<Review>, AppError> {
        reviews_looks(person)?;
        self.log_oversight(&person.actor, None, "looks to review")
            .await?;
        let names = self.names().await?;
        let reasons = self.reasons().await?;
        let mut tx = self.db.begin_read().await?;
        let actor = &person.actor;
        let hidden = self.hidden_from(&mut tx, actor).await?;
        let rows = open_for(&mut tx, actor, &hidden).await?;
        let mut reviews = Vec::new();
        for row in rows {
            let name = names.get(&row.look.actor).cloned();
            let (name, row) = (name.unwrap_or_default(), opened(&reasons, row)?);
            let review = self.told(&mut tx, row, name, &hidden);
            reviews.push(review.await?);
        }
        Ok(reviews)
    }

    /// One of them; `None` when somebody has settled it already.
    ///
    /// # Errors
    /// `NotFound` for whoever does not review looks, for what is none of their authority, and for a case kept from them; `Forbidden` for
    /// their own.
    pub async fn review(
        self: &Arc<Self>,
        person: &Person,
        look: Uuid,
        kind: Kind,
    ) -> Result<Option<Review>, AppError> {
        reviews_looks(person)?;
        let row = {
            let mut tx = self.db.begin_read().await?;
            self.theirs(&mut tx, &person.actor, look, kind).await?
        };
        let case = row.look.case_id.map(CaseId);
        self.log_oversight(&person.actor, case, "a look to review")
            .await?;
        let names = self.names().await?;
        let row = opened(&self.reasons().await?, row)?;
        let mut tx = self.db.begin_read().await?;
        if look_reviews::is_decided(&mut tx, look, kind.name()).await? {
            return Ok(None);
        }
        let hidden = self.hidden_from(&mut tx, &person.actor).await?;
        let name = names.get(&row.look.actor).cloned();
        let review = self.told(&mut tx, row, name.unwrap_or_default(), &hidden);
        Ok(Some(review.await?))
    }

    /// Records what somebody says of a look, with the reason, person and time. Sent twice under one key, it is done once
    /// (L16); when somebody else was quicker, nothing is done and `false` answered.
    ///
    /// # Errors
    /// `NotFound` for whoever does not review looks, and for what is none of their authority; `Forbidden` for their own;
    /// `Fields` without a reason.
    pub async fn settle_review(
        self: &Arc<Self>,
        person: &Person,
        (look, kind): (Uuid, Kind),
        verdict: Verdict,
        reason: &str,
        key: Option<String>,
    ) -> Result<bool, AppError> {
        reviews_looks(person)?;
        // A verdict without a reason teaches nobody anything.
        let reason = checked(reason, "Say why it is or is not in order", "Say why")?;
        let body = digest([
            look.as_bytes(),
            kind.name().as_bytes(),
            verdict.name().as_bytes(),
            reason.as_bytes(),
        ]);
        let place = Place::Verdict(look, kind.name());
        let row = VerdictRow {
            look_id: look,
            kind: kind.name().to_owned(),
            at: At::from(self.clock.now()),
            actor: person.actor.id.clone(),
            verdict: verdict.name().to_owned(),
            reason: self.reasons().await?.sealed(place, &reason),
        };
        let actor = person.actor.clone();
        {
            let mut tx = self.db.begin_read().await?;
            self.theirs(&mut tx, &actor, look, kind).await?;
        }
        let app = Arc::clone(self);
        self.write(move |tx| {
            let (app, row, actor) = (Arc::clone(&app), row.clone(), actor.clone());
            let (body, key) = (body.clone(), key.clone());
            Box::pin(async move { settle_now(&app, tx, row, body, actor, key).await })
        })
        .await
    }

    /// A look of somebody else at the actor's authority, and not at a case that is kept from them.
    async fn theirs(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        look: Uuid,
        kind: Kind,
    ) -> Result<ReviewRow, AppError> {
        let hidden = self.hidden_from(tx, actor).await?;
        let row = look_reviews::get(tx, look, kind.name()).await?;
        let row = row.filter(|row| row.look.authority == actor.authority);
        let row = row.filter(|row| !is_kept_away(row, &hidden));
        let row = row.ok_or(AppError::NotFound)?;
        if row.look.actor == actor.id {
            return Err(AppError::Forbidden(OWN.to_owned()));
        }
        Ok(row)
    }

    async fn told(
        &self,
        tx: &mut Tx,
        row: ReviewRow,
        name: String,
        hidden: &BTreeSet<Uuid>,
    ) -> Result<Review, AppError> {
        let none = || AppError::inside("a review of no kind");
        let kind = Kind::parse(&row.kind).ok_or_else(none)?;
        let until: Timestamp = row.look.at.timestamp();
        let mut cases = match kind {
            Kind::Sample | Kind::BrokenGlass | Kind::Search => one_case(tx, &row.look).await?,
            Kind::Trawl => {
                access_log::cases_between(tx, &row.look.actor, until - WITHIN, until).await?
            }
        };
        let every = cases.len();
        cases.retain(|case| !hidden.contains(&case.id));
        let kept = i64::try_from(every - cases.len()).map_err(AppError::inside)?;
        // Its words are about one case of many, which may be kept from whoever reads this.
        let mut look = row.look;
        look.reason = look.reason.filter(|_| kind != Kind::Trawl);
        let cases = cases.into_iter();
        Ok(Review {
            kind,
            name,
            number: row.cases - kept,
            told: row.told,
            due: match kind {
                Kind::BrokenGlass => self.review_due(&look),
                _ => None,
            },
            cases: cases
                .map(|case| (CaseId(case.id), case.reference))
                .collect(),
            look,
        })
    }

    /// By when an emergency must have been reviewed, by the calendar of the authority's first scheme.
    fn review_due(&self, look: &AccessRow) -> Option<Timestamp> {
        let edition = self.first_edition(&look.authority)?;
        let Definition { zone, calendar, .. } = &*edition.definition;
        let due = due(REVIEWED_WITHIN, look.at.timestamp(), zone, calendar);
        due.ok().map(|due| due.at)
    }

    async fn log_oversight(
        self: &Arc<Self>,
        actor: &Actor,
        case: Option<CaseId>,
        what: &str,
    ) -> Result<(), AppError> {
        let now = self.clock.now();
        let look = self.access_row(now, actor, Operation::Consultation, case, what);
        self.log_look(AccessRow {
            purpose: Purpose::Oversight.name().to_owned(),
            classes: FieldClass::Process.name().to_owned(),
            ..look
        })
        .await
    }
}

async fn settle_now(
    app: &App,
    tx: &mut Tx,
    row: VerdictRow,
    body: String,
    actor: Actor,
    key: Option<String>,
) -> Result<bool, AppError> {
    if let Some(reply) = replied(app, tx, key.as_deref(), &actor, &body).await? {
        return Ok(reply == true.to_string());
    }
    let done = look_reviews::decide(tx, &row).await?;
    keep_reply(
        app,
        tx,
        key,
        &actor,
        body,
        done.to_string(),
        row.at.timestamp(),
    )
    .await?;
    Ok(done)
}

fn opened(reasons: &Reasons<'_>, row: ReviewRow) -> Result<ReviewRow, AppError> {
    let look = reasons.opened_look(row.look)?;
    Ok(ReviewRow { look, ..row })
}

/// What waits for somebody, without the looks at cases that are kept from them (L10).
async fn open_for(
    tx: &mut Tx,
    actor: &Actor,
    hidden: &BTreeSet<Uuid>,
) -> Result<Vec<ReviewRow>, AppError> {
    let mut rows = look_reviews::open(tx, &actor.authority, &actor.id, MOST).await?;
    rows.retain(|row| !is_kept_away(row, hidden));
    Ok(rows)
}

/// Whether a review is about one case, and that one is kept from whoever asks.
fn is_kept_away(row: &ReviewRow, hidden: &BTreeSet<Uuid>) -> bool {
    let of_one = [Kind::Sample, Kind::BrokenGlass, Kind::Search].map(Kind::name);
    let case = row.look.case_id;
    of_one.contains(&&*row.kind) && case.is_some_and(|case| hidden.contains(&case))
}

/// The case of one look, as people call it.
async fn one_case(tx: &mut Tx, look: &AccessRow) -> Result<Vec<access_log::CaseSeen>, AppError> {
    let id = look.case_id.unwrap_or_default();
    let row = cases::get(tx, id).await?;
    let seen = row.map(|row| access_log::CaseSeen {
        id,
        reference: row.reference,
    });
    Ok(seen.into_iter().collect())
}

fn reviews_looks(person: &Person) -> Result<(), AppError> {
    if person.reviews_looks {
        Ok(())
    } else {
        Err(AppError::NotFound)
    }
}
