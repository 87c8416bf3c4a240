//! The same keys again and again, many at the same moment, some with another body: one case for each key, and whoever uses a
//! key for something else is told so (G4, L16).

use anyhow::{bail, ensure};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::support::client::{Client, Outcome};
use super::support::database::{Databases, Kind};
use super::support::examination::examine;
use super::support::installation::{Installation, SCHEME};
use super::support::writer::{Sent, command, filled};

/// How much to do.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// How many applications are posted, on each database
    #[arg(long, default_value_t = 200)]
    posts: usize,
    /// Which databases
    #[arg(long, value_delimiter = ',', default_value = "sqlite,postgres")]
    database: Vec<Kind>,
    /// Begins the same sequence again
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// How many post at the same time.
const AT_ONCE: usize = 20;

/// Of a hundred posts, so many repeat an earlier one, and so many use an earlier key for another body.
const REPEATED: u8 = 30;
const MISUSED: u8 = 5;

/// How many post the same at the same moment, and after how many posts of one sender that happens.
const DUPLICATES: usize = 50;
const BETWEEN_DUPLICATES: usize = 200;

/// How often somebody asks again who is told to come back.
const PATIENCE: u32 = 100;

/// Posts applications under keys, 30 of 100 again and 5 of 100 with another body, and one in 200 fifty times at the same
/// moment. There must be exactly one case for each key, every repeated post must be answered as the first, and every other
/// body must be refused.
///
/// # Errors
/// The first key with two cases, or with two answers, or that was taken for something else.
pub async fn run(options: &Options) -> anyhow::Result<String> {
    let mut figures = Vec::new();
    for kind in &options.database {
        let mut chance = fastrand::Rng::with_seed(options.seed);
        let mut databases = Databases::of(*kind)?;
        let installation = Installation::new(&mut databases).await?;
        let service = installation.serve().await?;
        let client = Client::new(&installation.address())?;
        let mut posting = JoinSet::new();
        for number in 0..AT_ONCE {
            let sender = Sender {
                name: format!("sender {number}"),
                turn: number * BETWEEN_DUPLICATES / AT_ONCE,
                form: filled(
                    &installation.definition,
                    Some(&installation.definition.scheme.intake.referral_form),
                ),
                person: installation.people.verifier.clone(),
                client: client.clone(),
                chance: chance.fork(),
                sent: Vec::new(),
                refused: 0,
            };
            posting.spawn(sender.post(options.posts / AT_ONCE));
        }
        let (mut sent, mut refused) = (Vec::new(), 0);
        while let Some(sender) = posting.join_next().await {
            let sender = sender??;
            refused += sender.refused;
            sent.extend(sender.sent);
        }
        service.kill()?;
        let examined = examine(&installation.open().await?, &mut sent).await?;
        ensure!(
            examined.cases == sent.len(),
            "{} keys became {} cases",
            sent.len(),
            examined.cases
        );
        figures.push(format!(
            "{kind}: {} posts under {} keys made {} cases, {refused} of {refused} other bodies refused",
            client.sent(),
            sent.len(),
            examined.cases
        ));
    }
    Ok(figures.join("; "))
}

/// Somebody who posts.
struct Sender {
    name: String,
    /// Senders take turns with the posts that come many times at once.
    turn: usize,
    form: Value,
    person: super::support::installation::Person,
    client: Client,
    chance: fastrand::Rng,
    sent: Vec<Sent>,
    refused: usize,
}

impl Sender {
    async fn post(mut self, posts: usize) -> anyhow::Result<Self> {
        for number in 0..posts {
            let drawn = self.chance.u8(..100);
            if number % BETWEEN_DUPLICATES == self.turn {
                self.new_key(DUPLICATES).await?;
            } else if self.sent.is_empty() || drawn >= REPEATED + MISUSED {
                self.new_key(if number % BETWEEN_DUPLICATES == 0 {
                    DUPLICATES
                } else {
                    1
                })
                .await?;
            } else if drawn < REPEATED {
                self.repeat().await?;
            } else {
                self.misuse().await?;
            }
        }
        Ok(self)
    }

    /// Posts under a new key, so many times at the same moment: each must be answered alike.
    async fn new_key(&mut self, times: usize) -> anyhow::Result<()> {
        let command = command(
            format!("{} key {}", self.name, self.sent.len()),
            Some(&self.person),
            format!("/api/v1/schemes/{SCHEME}/referrals"),
            self.form.clone(),
        );
        let mut sent = Sent::new(command);
        let mut posting = JoinSet::new();
        for _ in 0..times {
            let (client, sent) = (self.client.clone(), sent.clone());
            posting.spawn(async move { answer(&client, &sent).await });
        }
        while let Some(answer) = posting.join_next().await {
            let answer = answer??;
            let first = sent.answer.get_or_insert_with(|| answer.clone());
            ensure!(
                *first == answer,
                "{}: {first} and {answer}",
                sent.command.key
            );
        }
        self.sent.push(sent);
        Ok(())
    }

    async fn repeat(&mut self) -> anyhow::Result<()> {
        let earlier = &self.sent[self.chance.usize(..self.sent.len())];
        let again = answer(&self.client, earlier).await?;
        ensure!(
            Some(&again) == earlier.answer.as_ref(),
            "{}: {:?} first and {again} when repeated",
            earlier.command.key,
            earlier.answer
        );
        Ok(())
    }

    async fn misuse(&mut self) -> anyhow::Result<()> {
        let earlier = &self.sent[self.chance.usize(..self.sent.len())];
        let mut other = earlier.command.clone();
        other.body["applicant"]["given_names"] = json!("Somebody Else");
        match self.client.send(&other).await {
            Outcome::Refused(problem) if problem.status == StatusCode::CONFLICT => {
                self.refused += 1;
                Ok(())
            }
            Outcome::Unavailable(_) | Outcome::Unknown => Ok(()),
            answer => bail!("{}: another body was answered with {answer:?}", other.key),
        }
    }
}

/// The answer to a command, which is sent again as long as the service cannot do it now or no answer comes.
async fn answer(client: &Client, sent: &Sent) -> anyhow::Result<Value> {
    for _ in 0..PATIENCE {
        match client.send(&sent.command).await {
            Outcome::Acknowledged(answer) => return Ok(answer),
            Outcome::Unavailable(_) | Outcome::Unknown => {}
            Outcome::Refused(problem) => bail!("{}: refused: {problem:?}", sent.command.key),
        }
    }
    bail!("{}: not answered in {PATIENCE} times", sent.command.key)
}
