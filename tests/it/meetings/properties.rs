//! Meetings on the pure engine: whoever asks whatever in whatever order, nothing of what was accepted is lost, nothing is decided that
//! may not be, and the history makes the meeting.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex, PoisonError};

use clares_law::domain::id::CaseId;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::meets::Meets;
use clares_law::engine::definition::record::Answers;
use clares_law::engine::event::Event as CaseEvent;
use clares_law::engine::meeting::ask::{Ask, Convening, Room};
use clares_law::engine::meeting::decide::{convene, decide};
use clares_law::engine::meeting::event::{
    Event, Form, Listing, Promise, Recorded, Report, Sitting,
};
use clares_law::engine::meeting::evolve::{evolve, replay};
use clares_law::engine::meeting::table::Meeting;
use clares_law::engine::meeting::writes;
use jiff::SignedDuration;
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::support::world::{Walk, answers, dsdas, person, scenario, steps_before};

const CASES: usize = 3;

/// Who may be about: name, role and agency.
const PEOPLE: [(&str, &str, &str); 11] = [
    ("ewan", "coordinator", ""),
    ("una", "chair", ""),
    ("orla", "chair", ""),
    ("donald", "member", ""),
    ("aoife", "member", "housing"),
    ("bran", "member", "housing"),
    ("fraser", "member", "social_work"),
    ("morven", "member", "victim_support"),
    ("shona", "member", "health"),
    ("iain", "supervisor", ""),
    ("rory", "intake", ""),
];

const AGENCIES: [&str; 6] = [
    "police",
    "housing",
    "social_work",
    "victim_support",
    "health",
    "nobody",
];
const SETTLING: [&str; 5] = [
    "decide_to_disclose",
    "decide_not_to_disclose",
    "adjourn",
    "convene",
    "note",
];

#[derive(Debug, Clone, Copy)]
enum What {
    List,
    Unlist,
    Answer,
    Remind,
    Seal,
    Accept,
    Come,
    Leave,
    WillCome,
    Apologise,
    Begin,
    Take,
    View,
    Open,
    Say,
    Settle,
    Promise,
    Report,
    Close,
    Comment,
    Approve,
    Move,
    CallOff,
    /// Declares a conflict with the case.
    Declare,
    /// Does what comes next with the case at a desk: circulates it, confirms a proposal, sends it back.
    Desk,
    Wait,
}

/// Somebody does something about a case; `which` chooses among what there is to choose.
#[derive(Debug, Clone, Copy)]
struct Turn {
    who: usize,
    case: usize,
    what: What,
    which: usize,
}

fn any_turn() -> impl Strategy<Value = Turn> {
    use What::*;
    let what = prop_oneof![
        2 => prop::sample::select(vec![List, Unlist, Remind, Seal, Accept, WillCome, Apologise, Begin, Move]),
        1 => prop::sample::select(vec![Close, Comment, Approve, CallOff, Declare]),
        2 => prop::sample::select(vec![Answer, Leave, Come, Promise, Report, Wait]),
        1 => prop::sample::select(vec![Promise, Report]),
        3 => prop::sample::select(vec![Take, Open, Settle, Desk]),
        5 => prop::sample::select(vec![View, View, Say]),
    ];
    let who = prop_oneof![2 => 0..PEOPLE.len(), 1 => 1..3_usize];
    (who, 0..CASES, what, 0..60_usize).prop_map(|(who, case, what, which)| Turn {
        who,
        case,
        what,
        which,
    })
}

/// A meeting as it should go, up to the moment when the chair comes to the first case.
fn script() -> Vec<Turn> {
    let turn = |who, case, what, which| Turn {
        who,
        case,
        what,
        which,
    };
    let mut script: Vec<_> = (0..CASES)
        .map(|case| turn(0, case, What::List, 0))
        .collect();
    for case in 0..CASES {
        script.extend(
            [(4, 1), (6, 2), (7, 3)].map(|(who, which)| turn(who, case, What::Answer, which)),
        );
    }
    script.push(turn(0, 0, What::Seal, 0));
    script.extend((0..CASES).map(|case| turn(0, case, What::Desk, 0)));
    script.push(turn(0, 0, What::Wait, 30));
    for who in [1, 3, 4, 5, 6, 7] {
        script.extend([What::Accept, What::Come].map(|what| turn(who, 0, what, 0)));
    }
    script.push(turn(1, 0, What::Begin, 0));
    script.extend((0..CASES).map(|case| turn(1, case, What::Take, 0)));
    script
}

static START: LazyLock<Walk> = LazyLock::new(|| {
    let scenario = scenario("A member sends back a decision not to disclose");
    let steps = steps_before(scenario, "record_agency_returns");
    Walk::play(scenario, steps, |role, number| format!("{role} {number}"))
});

/// Who can commit their agency.
static SENIORS: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| [who(6), who(8)].map(|actor| actor.id).into());

/// What the runs came across, so that a run that meets nothing fails.
static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

#[derive(Clone)]
struct World {
    meeting: Meeting,
    history: Vec<Recorded>,
    cases: Vec<Walk>,
    away: Vec<BTreeSet<String>>,
    /// The newest view that was accepted of each person on each case.
    views: BTreeMap<(CaseId, String), Answers>,
    promised: usize,
}

fn id_of(case: usize) -> CaseId {
    CaseId(Uuid::from_u128(case as u128 + 1))
}

fn who(number: usize) -> Actor {
    let (name, role, agency) = PEOPLE[number];
    Actor {
        agency: agency.to_owned(),
        ..person(name, role)
    }
}

fn meets() -> &'static Meets {
    dsdas().meets().unwrap()
}

impl World {
    fn new() -> Self {
        let starts_at = START.now + SignedDuration::from_mins(90);
        let sitting = Sitting {
            starts_at,
            ends_at: starts_at + SignedDuration::from_hours(2),
            place: "Room 4".to_owned(),
        };
        let convening = Convening {
            authority: "scotland".to_owned(),
            form: Form::Regular,
            series: None,
            sitting,
            because: String::new(),
        };
        let nobody = BTreeSet::new();
        let ewan = who(0);
        let room = Room {
            definition: dsdas(),
            meets: meets(),
            actor: &ewan,
            case: None,
            kept_away: &nobody,
            seniors: &nobody,
            now: START.now,
        };
        let convened = convene(&room, &convening).unwrap();
        let mut world = Self {
            meeting: Meeting::default(),
            history: Vec::new(),
            cases: vec![START.clone(); CASES],
            away: vec![BTreeSet::new(); CASES],
            views: BTreeMap::new(),
            promised: 0,
        };
        world.record(&ewan, vec![convened]);
        world
    }

    fn now(&self) -> jiff::Timestamp {
        self.cases[0].now
    }

    fn record(&mut self, actor: &Actor, happened: Vec<Event>) {
        for event in happened {
            SEEN.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(event.kind().to_owned());
            let recorded = Recorded {
                seq: self.meeting.version + 1,
                at: self.now(),
                actor: actor.clone(),
                event,
            };
            self.meeting = evolve(std::mem::take(&mut self.meeting), &recorded);
            self.history.push(recorded);
        }
    }

    fn turn(&mut self, turn: Turn) {
        let actor = who(turn.who);
        match turn.what {
            What::Declare => {
                self.away[turn.case].insert(actor.id);
            }
            What::Wait => {
                let wait = SignedDuration::from_mins(i64::try_from(turn.which).unwrap());
                self.cases.iter_mut().for_each(|walk| walk.now += wait);
            }
            What::Desk => {
                let action = ["circulate", "confirm", "send_back"][turn.which % 3];
                if !self.away[turn.case].contains(&actor.id) {
                    let _ = self.cases[turn.case].does(actor, action, &json!({}));
                }
            }
            _ => {
                if let Some(ask) = self.asked(turn, &actor) {
                    self.ask(&actor, &ask);
                }
            }
        }
        self.holds();
    }

    fn asked(&mut self, turn: Turn, actor: &Actor) -> Option<Ask> {
        let case = id_of(turn.case);
        let agency = AGENCIES[turn.which % AGENCIES.len()].to_owned();
        let own = meets().agency_of(actor).to_owned();
        let agency = if turn.which.is_multiple_of(2) {
            own
        } else {
            agency
        };
        let text = ["Because of what was said", " ", "It was otherwise"][turn.which % 3].to_owned();
        Some(match turn.what {
            What::List => Ask::List(Listing {
                case,
                asked: AGENCIES[..5].iter().map(ToString::to_string).collect(),
                answers_by: self.meeting.sitting.starts_at,
                first: turn.which % 3 == 1,
            }),
            What::Unlist => Ask::Unlist { case, because: text },
            What::Answer => Ask::Answer {
                case,
                agency,
                answers: answers(
                    [
                        json!({"answer": "nothing_held"}),
                        json!({"answer": "information", "pieces": [{"information": "Noise", "may_be_told": "told"}]}),
                        json!({"answer": "cannot_share", "reason": "It is before a court"}),
                        json!({"answer": "cannot_share"}),
                        json!({"answer": "information", "pieces": [{"information": "Noise", "may_be_told": "reworded"}]}),
                        json!({}),
                    ][turn.which % 6]
                        .clone(),
                ),
            },
            What::Remind => Ask::Remind { case, agency },
            What::Seal => Ask::SealAgenda,
            What::Accept => Ask::Accept,
            What::Come => Ask::Come,
            What::Leave => Ask::Leave,
            What::WillCome => Ask::WillCome,
            What::Apologise => Ask::Apologise { agency, because: text },
            What::Begin => Ask::Begin,
            What::Take => Ask::Take { case },
            What::View => Ask::View {
                case,
                answers: answers(if turn.which == 59 {
                    json!({"view": "disclose"})
                } else {
                    json!({"view": "disclose", "because": format!("Reason {}", turn.which)})
                }),
            },
            What::Open => Ask::OpenViews { case },
            What::Say => Ask::Say { case, agency, text },
            What::Settle => Ask::Settle {
                case,
                action: SETTLING[turn.which % SETTLING.len()].to_owned(),
            },
            What::Promise => {
                self.promised += 1;
                Ask::Promise(Promise {
                    id: Uuid::from_u128(self.promised as u128),
                    case: (!turn.which.is_multiple_of(3)).then_some(case),
                    agency,
                    what: text,
                    by: date(2026, 12, 1),
                })
            }
            What::Report => Ask::Report {
                promise: match self.meeting.promises.get(turn.case) {
                    Some(kept) if turn.which > 3 => kept.promise.id,
                    _ => Uuid::nil(),
                },
                report: [Report::Done, Report::NotDone, Report::NotPossible, Report::Open]
                    [turn.which % 4],
                because: text,
            },
            What::Close => Ask::Close,
            What::Comment => Ask::Comment {
                case: (!turn.which.is_multiple_of(2)).then_some(case),
                text,
            },
            What::Approve => Ask::Approve {
                version: self.meeting.version - u64::from(turn.which.is_multiple_of(5)),
            },
            What::Move => Ask::Move {
                sitting: self.meeting.sitting.clone(),
                because: text,
            },
            What::CallOff => Ask::CallOff { because: text },
            What::Declare | What::Desk | What::Wait => return None,
        })
    }

    /// Asks as the write door does: what follows for a case happens with it, or neither does.
    fn ask(&mut self, actor: &Actor, ask: &Ask) {
        let case = ask.case(&self.meeting);
        let number = case.map(|case| usize::try_from(case.0.as_u128()).unwrap() - 1);
        let nobody = BTreeSet::new();
        let away = number.map_or(&nobody, |number| &self.away[number]);
        let room = Room {
            definition: dsdas(),
            meets: meets(),
            actor,
            case: number.map(|number| &self.cases[number].case),
            kept_away: away,
            seniors: &SENIORS,
            now: self.now(),
        };
        let Ok(happened) = decide(&room, &self.meeting, ask) else {
            return;
        };
        assert!(
            !away.contains(&actor.id),
            "{ask:?} by {} who is kept away",
            actor.id
        );
        let quorum = room.quorum(&self.meeting).is_met();
        for event in &happened {
            assert!(self.is_sound(event, actor, quorum), "{event:?}");
        }
        if !self.followed(actor, number, ask) {
            return;
        }
        for event in &happened {
            if let Event::ViewTaken { case, filed } = event {
                self.views
                    .insert((*case, actor.id.clone()), filed.answers.clone());
            }
        }
        self.record(actor, happened);
    }

    /// What the meeting does to its cases. Answers whether the case agrees.
    fn followed(&mut self, actor: &Actor, number: Option<usize>, ask: &Ask) -> bool {
        let Some(number) = number else { return true };
        let again = self
            .meeting
            .item(id_of(number))
            .is_some_and(|item| item.taken.is_some());
        match ask {
            Ask::Settle { action, .. } => {
                let today = self.now().to_zoned(dsdas().zone.clone()).date();
                let over = match action.as_str() {
                    "adjourn" => json!({"next_on": today}),
                    _ => json!({}),
                };
                self.cases[number]
                    .does(actor.clone(), action, &over)
                    .is_ok()
            }
            Ask::Take { .. } => {
                let room = Room {
                    definition: dsdas(),
                    meets: meets(),
                    actor,
                    case: None,
                    kept_away: &self.away[number],
                    seniors: &SENIORS,
                    now: self.now(),
                };
                let names = PEOPLE.map(|(name, _, _)| (name.to_owned(), name.to_uppercase()));
                let record = writes::taking(&room, &self.meeting, &names.into(), &dsdas().zone);
                let form = dsdas().form_of_action(&meets().taken_by).unwrap();
                if !room.agencies_present(&self.meeting).is_empty() {
                    assert!(form.accept(&record).is_ok(), "{:?}", form.accept(&record));
                }
                let record = json!(record);
                let brought = self.cases[number].does(actor.clone(), &meets().taken_by, &record);
                again || brought.is_ok()
            }
            Ask::Answer { .. } => {
                let room = Room {
                    definition: dsdas(),
                    meets: meets(),
                    actor,
                    case: None,
                    kept_away: &self.away[number],
                    seniors: &SENIORS,
                    now: self.now(),
                };
                let item = self.meeting.item(id_of(number)).unwrap();
                let record = writes::returns(&room, item);
                let form = dsdas().form_of_action(&meets().answers_filed_by).unwrap();
                assert!(form.accept(&record).is_ok(), "{:?}", form.accept(&record));
                let _ = self.cases[number].does(
                    actor.clone(),
                    &meets().answers_filed_by,
                    &json!(record),
                );
                true
            }
            _ => true,
        }
    }

    fn is_sound(&self, event: &Event, actor: &Actor, quorum: bool) -> bool {
        let item = event.case().and_then(|case| self.meeting.item(case));
        match event {
            Event::Came { .. } => {
                let hour = SignedDuration::from_hours(1);
                self.meeting.sitting.starts_at.duration_since(self.now()) <= hour
            }
            Event::ViewTaken { .. } => {
                let here = self.meeting.people.get(&actor.id);
                item.is_some_and(|item| item.taken.is_some() && item.opened.is_none())
                    && here.is_some_and(clares_law::engine::meeting::table::Attendance::is_present)
                    && meets().members.has(&actor.role)
            }
            Event::ViewsOpened { .. } => item.is_some_and(|item| item.opened.is_none()),
            Event::Settled { action, .. } => {
                let decides = dsdas()
                    .scheme
                    .actions
                    .get(action)
                    .unwrap()
                    .decided_by
                    .is_some();
                !decides || quorum && item.is_some_and(|item| item.opened.is_some())
            }
            _ => true,
        }
    }

    /// What is so after every turn.
    fn holds(&self) {
        for ((case, account), given) in &self.views {
            let item = self.meeting.item(*case).expect("it was taken, so it stays");
            let kept = item.views.get(account).map(|view| &view.answers);
            assert_eq!(kept, Some(given), "the view of {account} is lost");
        }
        for person in self.meeting.people.values() {
            let senior = SENIORS.contains(&person.who.id) && person.came_at.is_some();
            assert_eq!(person.senior, senior, "{}", person.who.id);
        }
        for coming in self.meeting.coming.values() {
            assert!(meets().members.has(&coming.who.role), "{coming:?}");
            assert_eq!(meets().agency_of(&coming.who), coming.agency);
        }
        for (number, walk) in self.cases.iter().enumerate() {
            let settled = self.meeting.item(id_of(number)).map(|item| &item.settled);
            let decided: Vec<_> = settled
                .into_iter()
                .flatten()
                .filter(|(action, _)| action.starts_with("decide"))
                .map(|(_, version)| *version)
                .collect();
            // Between two decisions somebody sent the first back, or it was adjourned and came again.
            for pair in decided.windows(2) {
                let between = walk
                    .history
                    .iter()
                    .filter(|one| (pair[0]..pair[1]).contains(&one.seq));
                let opened =
                    { between }.any(|one| matches!(&one.event, CaseEvent::SentBack { .. }));
                assert!(opened, "two decisions: {pair:?} {:#?}", walk.history);
            }
        }
    }

    fn at_the_end(&self) {
        assert_eq!(
            replay(&self.history),
            self.meeting,
            "the history makes the meeting"
        );
        let mut opened = BTreeSet::new();
        for one in &self.history {
            if let Event::ViewsOpened { case, .. } = &one.event {
                assert!(opened.insert(*case), "opened twice");
            }
            let told = serde_json::to_string(&one.event).unwrap();
            let body: serde_json::Value = serde_json::from_str(&told).unwrap();
            assert!(
                body.get("agency").is_none() && body.get("actor_authority").is_none(),
                "{told}"
            );
            assert_eq!(serde_json::from_value::<Event>(body).unwrap(), one.event);
        }
    }
}

fn config() -> ProptestConfig {
    let asked = ProptestConfig::default();
    ProptestConfig {
        cases: asked.cases.max(1_000),
        failure_persistence: None,
        ..asked
    }
}

/// The meeting of the script after each of its turns.
static PREPARED: LazyLock<Vec<World>> = LazyLock::new(|| {
    let mut worlds = vec![World::new()];
    for turn in script() {
        let mut world = worlds[worlds.len() - 1].clone();
        world.turn(turn);
        worlds.push(world);
    }
    worlds
});

#[test]
fn whatever_is_asked_of_a_meeting_nothing_is_lost_and_nothing_decided_that_may_not_be() {
    let prepared = prop_oneof![1 => 0..PREPARED.len(), 2 => PREPARED.len() - 8..PREPARED.len()];
    let turns = (prepared, prop::collection::vec(any_turn(), 1..60));
    proptest::test_runner::TestRunner::new(config())
        .run(&turns, |(prepared, turns)| {
            let mut world = PREPARED[prepared].clone();
            for turn in turns {
                world.turn(turn);
            }
            world.at_the_end();
            Ok(())
        })
        .unwrap();
    let seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(seen.len(), 24, "{seen:?}");
}

#[test]
fn a_meeting_that_goes_as_it_should_comes_to_every_case() {
    let mut world = World::new();
    for turn in script() {
        world.turn(turn);
    }
    assert!(world.meeting.items.iter().all(|item| item.taken.is_some()));
    assert!(
        world
            .cases
            .iter()
            .all(|walk| walk.case.state == "forum_held")
    );
    for who in [1, 3, 4, 5, 6, 7] {
        world.turn(Turn {
            who,
            case: 0,
            what: What::View,
            which: who,
        });
    }
    assert_eq!(
        world.meeting.item(id_of(0)).unwrap().opened,
        Some(Vec::new())
    );
    world.turn(Turn {
        who: 1,
        case: 0,
        what: What::Settle,
        which: 0,
    });
    assert_eq!(world.cases[0].case.state, "decided");
}

#[test]
fn the_quorum_is_told_in_a_sentence() {
    for (here, told) in [
        (&[1, 6, 7][..], "All 3 needed are here."),
        (&[3, 6, 7], "All 3 needed are here."),
        (
            &[1, 3, 6],
            "2 of 3 needed are here. Victim support and advocacy is missing.",
        ),
        (
            &[1, 4, 5, 8],
            "1 of 3 needed are here. Social work and Victim support and advocacy are missing.",
        ),
        (
            &[4],
            "0 of 3 needed are here. Police, Social work and Victim support and advocacy are missing.",
        ),
        (
            &[0, 4],
            "0 of 3 needed are here. Police, Social work and Victim support and advocacy are missing.",
        ),
    ] {
        let mut world = World::new();
        world.turn(Turn {
            who: 0,
            case: 0,
            what: What::Wait,
            which: 30,
        });
        for person in here {
            for what in [What::Accept, What::Come] {
                world.turn(Turn {
                    who: *person,
                    case: 0,
                    what,
                    which: 0,
                });
            }
        }
        let (nobody, una) = (BTreeSet::new(), who(1));
        let room = Room {
            definition: dsdas(),
            meets: meets(),
            actor: &una,
            case: None,
            kept_away: &nobody,
            seniors: &nobody,
            now: world.now(),
        };
        assert_eq!(room.quorum(&world.meeting).sentence(), told, "{here:?}");
        let away = here.iter().map(|person| who(*person).id).collect();
        let room = Room {
            kept_away: &away,
            ..room
        };
        assert_eq!(room.quorum(&world.meeting).missing.len(), 3, "{here:?}");
    }
}
