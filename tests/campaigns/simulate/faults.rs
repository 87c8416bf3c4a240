//! Every kind of fault that a simulation knows, how often each has fired, and the named points at which it crashes.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Once;

macro_rules! faults {
    ($($name:ident: $text:literal,)+) => {
        /// Something that goes wrong, or somebody who does what is not right.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Fault { $($name),+ }

        impl Fault {
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// As the report writes it.
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

faults! {
    CrashActBefore: "crash before an action is committed",
    CrashActAfter: "crash after an action is committed, before the answer",
    CrashIntakeBefore: "crash before an application is committed",
    CrashIntakeAfter: "crash after an application is committed, before the answer",
    CrashWrite: "crash before a write begins",
    CrashSweepRead: "crash between reading what is due and recording it",
    CrashSweepBefore: "crash before what is due is committed",
    CrashSweepAfter: "crash after what is due is committed",
    CrashPublishBefore: "crash before an edition is published",
    CrashPublishAfter: "crash after an edition is published",
    CrashOutboxClaimed: "crash after a message is claimed, before it leaves",
    CrashOutboxSent: "crash after a message has left, before that is noted",
    CrashOutboxNoted: "crash after it is noted that a message has left",
    Killed: "the process killed, its files left as they lie",
    Closed: "the store closed in order and opened again",
    Cold: "everything read anew after a restart",
    Moved: "the database found in another place: messages are held",
    ClockSeconds: "the clock jumps by seconds",
    ClockDays: "the clock jumps forward by days",
    ClockBackSeconds: "the clock jumps back by seconds",
    ClockBackDays: "the clock jumps back by hours or days",
    HourSkipped: "around the hour that is skipped in spring",
    HourTwice: "around the hour that comes twice in autumn",
    WorkerAwayDay: "nobody sweeps for a day while something is due",
    WorkerAwayMonth: "nobody sweeps for a month while something is due",
    TwoSweepers: "two sweepers at once",
    StaleSweeper: "a sweeper whose lease another has taken over",
    HangUp: "the sender goes away while the command is under way",
    SentTwiceAtOnce: "the same command twice at the same moment",
    TwoActors: "two people at the same moment on the same version",
    Stale: "an old version",
    KeyAgain: "the same command again under its key",
    KeyOtherBody: "another command under the same key",
    KeyOtherActor: "somebody else's key",
    UnknownField: "a field that the form does not have",
    MissingField: "a required field left out",
    WrongKind: "an answer of the wrong kind",
    TooLong: "an answer that is too long",
    Unprintable: "characters that cannot be printed",
    NoReason: "no reason where one is needed",
    OtherAuthority: "somebody of another authority",
    OtherRole: "somebody without the role",
    OwnProposal: "the proposer confirms alone",
    Stranger: "somebody who is not signed in",
    UnknownCase: "a case that does not exist",
    UnknownAction: "an action that does not exist",
    Rebuilt: "the rows made anew in the middle of the work",
    LateEdition: "an edition published after cases of its time came in",
    MailDown: "the mail server does not answer",
    MailDeferred: "the mail server wants a message later",
    MailRefused: "the mail server refuses a message",
    MailArrivedInDoubt: "the link cut after the last dot, the message has arrived",
    MailLostInDoubt: "the link cut after the last dot, the message is gone",
    MailFrozen: "a sender frozen beyond its claim while another goes on",
    MailShutOut: "somebody shut out for whom a message waits",
    MailDecided: "a person decides on a message that did not arrive",
    PostWhileHeld: "the post goes while messages are held",
    DoubtAfterMove: "messages to agencies become tasks when they are released",
}

/// How often each kind has fired.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fired(BTreeMap<Fault, u64>);

impl Fired {
    pub fn note(&mut self, fault: Fault) {
        *self.0.entry(fault).or_default() += 1;
    }

    pub fn add(&mut self, other: &Self) {
        for (fault, times) in &other.0 {
            *self.0.entry(*fault).or_default() += times;
        }
    }

    pub fn times(&self, fault: Fault) -> u64 {
        self.0.get(&fault).copied().unwrap_or(0)
    }

    /// The kinds that have not fired.
    pub fn never(&self) -> Vec<Fault> {
        let all = Fault::ALL.iter().copied();
        all.filter(|fault| self.times(*fault) == 0).collect()
    }
}

/// The named points in `src`, with what a crash there is.
pub const POINTS: [(&str, Fault); 13] = [
    ("write.before", Fault::CrashWrite),
    ("act.before_commit", Fault::CrashActBefore),
    ("act.after_commit", Fault::CrashActAfter),
    ("intake.before_commit", Fault::CrashIntakeBefore),
    ("intake.after_commit", Fault::CrashIntakeAfter),
    ("sweep.before_recording", Fault::CrashSweepRead),
    ("sweep.before_commit", Fault::CrashSweepBefore),
    ("sweep.after_commit", Fault::CrashSweepAfter),
    ("publish.before_commit", Fault::CrashPublishBefore),
    ("publish.after_commit", Fault::CrashPublishAfter),
    ("outbox.claimed", Fault::CrashOutboxClaimed),
    ("outbox.sent", Fault::CrashOutboxSent),
    ("outbox.noted", Fault::CrashOutboxNoted),
];

/// What is thrown where a process would have died.
pub struct Crash;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Life {
    Well,
    /// Dies at this point, when it comes there.
    Doomed(usize),
    /// Died there: whatever comes to any point now dies as well.
    Dead(usize),
}

thread_local! {
    /// A simulation runs on one thread, and several side by side in one process.
    static LIFE: Cell<Life> = const { Cell::new(Life::Well) };
}

/// Makes the points of this process crash for the threads that ask for it.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !panic.payload().is::<Crash>() {
                usual(panic);
            }
        }));
        for (number, (name, _)) in POINTS.iter().enumerate() {
            fail::cfg_callback(*name, move || reach(number)).expect("a point takes a callback");
        }
    });
}

fn reach(number: usize) {
    let dies = match LIFE.get() {
        Life::Well => return,
        Life::Doomed(at) => at == number,
        Life::Dead(_) => true,
    };
    if dies {
        if let Life::Doomed(at) = LIFE.get() {
            LIFE.set(Life::Dead(at));
        }
        std::panic::panic_any(Crash);
    }
}

/// What a crash at a point is.
pub fn point(point: u8) -> Fault {
    POINTS[usize::from(point) % POINTS.len()].1
}

/// The next time this thread comes to a point, it crashes.
pub fn doom(point: u8) {
    LIFE.set(Life::Doomed(usize::from(point) % POINTS.len()));
}

/// Whether this thread has crashed.
pub fn is_dead() -> bool {
    matches!(LIFE.get(), Life::Dead(_))
}

/// Where this thread has crashed, if so; it lives again.
pub fn died() -> Option<Fault> {
    match LIFE.get() {
        Life::Dead(at) => {
            LIFE.set(Life::Well);
            Some(POINTS[at].1)
        }
        Life::Well | Life::Doomed(_) => None,
    }
}

/// Nothing is about to crash any more.
pub fn pardon() {
    LIFE.set(Life::Well);
}
