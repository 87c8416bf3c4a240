//! Ways of spoiling the shipped files, each with the line where the error must stand and words that it must hold.

use clares_law::engine::definition::Library;

use crate::support::world::{SCHEME, shipped};

/// One text replaced in one file.
pub struct Spoilt {
    pub path: &'static str,
    /// The text to replace is the first after this.
    pub after: &'static str,
    pub from: &'static str,
    pub to: &'static str,
    /// The whole line that the error must name, without its indent: the first such after `after`, else the first of all.
    pub at: &'static str,
    /// What the error must say.
    pub words: &'static str,
}

const fn scheme(
    after: &'static str,
    from: &'static str,
    to: &'static str,
    at: &'static str,
    words: &'static str,
) -> Spoilt {
    Spoilt {
        path: SCHEME,
        after,
        from,
        to,
        at,
        words,
    }
}

/// In a file that the Scottish scheme includes.
const fn part(
    path: &'static str,
    after: &'static str,
    from: &'static str,
    to: &'static str,
    at: &'static str,
    words: &'static str,
) -> Spoilt {
    Spoilt {
        path,
        after,
        from,
        to,
        at,
        words,
    }
}

const fn file(
    path: &'static str,
    from: &'static str,
    to: &'static str,
    at: &'static str,
    words: &'static str,
) -> Spoilt {
    Spoilt {
        path,
        after: "",
        from,
        to,
        at,
        words,
    }
}

const SECOND: &str = "    second_person:\n      role: supervisor\n      within: 1 working day\n      back_to: assessed\n      unconfirmed: our target\n";

const ANSWER: &str = "records/agency_answer.yaml";

const KEEPING: &str = "parts/keeping.yaml";
const HOLD: &str = "parts/legal-hold.yaml";

pub const ALL: [Spoilt; 71] = [
    // How long cases are kept
    part(
        KEEPING,
        "retention:",
        "hold: legal_hold",
        "hold: legal_hole",
        "hold: legal_hole",
        "There is no flag `legal_hole`",
    ),
    part(
        KEEPING,
        "retention:",
        "hold: legal_hold",
        "hold: child_at_risk",
        "hold: child_at_risk",
        "An action must raise `child_at_risk` in every state that ends a case",
    ),
    part(
        HOLD,
        "  lift_legal_hold:",
        "    second_person:\n      role: supervisor\n      within: 7 calendar days\n      unconfirmed: our target; calendar days, because no list of bank holidays reaches so far ahead\n",
        "",
        "lift_legal_hold:",
        "`lift_legal_hold` ends a legal hold, so it needs a `second_person`",
    ),
    part(
        KEEPING,
        "    long:",
        "keep: 10 years",
        "keep: 3650 days",
        "keep: 3650 days",
        "write years like `6 years`",
    ),
    part(
        KEEPING,
        "    long:",
        "then: review every 10 years",
        "then: look every 10 years",
        "then: look every 10 years",
        "Write this like `review every 10 years`",
    ),
    part(
        KEEPING,
        "    long:",
        "when: record.closing.retention_class == \"long\"",
        "when: actor.role == \"supervisor\"",
        "when: actor.role == \"supervisor\"",
        "How long a case is kept cannot depend on who asks",
    ),
    part(
        KEEPING,
        "    long:",
        "      when: record.closing.retention_class == \"long\"\n",
        "",
        "long:",
        "the last, and only the last, has no `when`",
    ),
    scheme(
        "  received:",
        "public: We read what you sent us",
        "public: We read about your violent partner",
        "public: We read about your violent partner and note how we can reach you safely.",
        "`violent` may not stand on a public page",
    ),
    scheme(
        "capacities:",
        "label: For myself",
        "label: As a victim",
        "for_myself:",
        "`victim` may not stand on a public page",
    ),
    // Who comes in, and what whoever referred is told
    scheme(
        "capacities:",
        "  public_form: application\n",
        "",
        "for_myself:",
        "No form offers the capacity `for_myself`",
    ),
    scheme(
        "\nroutes:",
        "  public_form: application\n",
        "",
        "right_to_ask:",
        "No case can come by the route `right_to_ask`",
    ),
    scheme(
        "  received:",
        "    public: We read what you sent us",
        "    to_referrer:\n      says: It is here\n      unconfirmed: ours\n    public: We read what you sent us",
        "says: It is here",
        "Nobody would read this",
    ),
    scheme(
        "  received:",
        "    public: We read what you sent us",
        "    to_referrer:\n      says: It is here\n    public: We read what you sent us",
        "says: It is here",
        "Give the `source` that lets whoever referred know this",
    ),
    scheme(
        "capacities:",
        "receives: facts",
        "receives: feedback",
        "for_myself:",
        "`for_myself` can apply from outside and cannot sign in",
    ),
    scheme(
        "  reopen:\n",
        "    to: registered\n",
        "    to: registered\n    keeps:\n      - plan\n",
        "- plan",
        "Only an action with `afresh: yes` keeps records",
    ),
    scheme(
        "  reopen:\n",
        "    to: registered\n",
        "    to: registered\n    afresh: yes\n    keeps:\n      - triage\n",
        "- triage",
        "A condition asks for `record.triage`",
    ),
    // How YAML is written
    scheme(
        "intake:\n",
        "  state: received\n",
        "  state: received\n  stage: one\n",
        "stage: one",
        "unknown field `stage`",
    ),
    scheme(
        "intake:\n",
        "  referral_form: referral\n",
        "  referral_form: referral\n  state: closed\n",
        "state: closed",
        "`state` stands here twice; remove one of them",
    ),
    scheme(
        "intake:\n",
        "  state: received",
        "\tstate: received",
        "state: received",
        "not with a tab",
    ),
    scheme(
        "  sift_no_concern:\n",
        "back_to: assessed",
        "back_to: closed",
        "back_to: closed",
        "must lead to an open state",
    ),
    scheme(
        "\nclocks:",
        "pausable: no",
        "pausable: yes",
        "overall:",
        "never pauses",
    ),
    scheme(
        "  register:\n",
        "- verifier",
        "- administrator",
        "- administrator",
        "may not see cases",
    ),
    scheme(
        "\nclocks:",
        "    limit: 24 hours\n",
        "",
        "unconfirmed: a habit of the sister schemes; not seen for Scotland",
        "missing field `limit`",
    ),
    scheme(
        "  register:\n",
        "        because: Look for earlier cases about the same people before you register this one\n",
        "",
        "- when: this.searched_earlier_cases == true",
        "missing field `because`",
    ),
    // Names
    scheme(
        "",
        "scheme: dsdas-scotland",
        "scheme: dsdas",
        "scheme: dsdas",
        "The file is called dsdas-scotland",
    ),
    scheme(
        "  register:\n",
        "to: registered",
        "to: registred",
        "to: registred",
        "did you mean `registered`?",
    ),
    part(
        "parts/forum.yaml",
        "  convene:\n",
        "role: chair",
        "role: foreman",
        "role: foreman",
        "There is no role `foreman`",
    ),
    part(
        "parts/forum.yaml",
        "  meets:\n",
        "room_opens: 1 hour",
        "room_opens: 1 calendar day",
        "room_opens: 1 calendar day",
        "how many hours before it begins people can come in",
    ),
    part(
        "parts/forum.yaml",
        "\nqueues:\n",
        "when: case.pending == \"decide_not_to_disclose\"",
        "when: clock.adjourn.last_day == \"2026-12-01\"",
        "when: clock.adjourn.last_day == \"2026-12-01\"",
        "There is no fact `clock.adjourn.last_day`",
    ),
    part(
        "parts/forum.yaml",
        "    ratifies:\n",
        "queue: to_ratify",
        "queue: to_praise",
        "queue: to_praise",
        "There is no queue `to_praise`",
    ),
    part(
        "parts/forum.yaml",
        "    ratifies:\n",
        "action: ratify",
        "action: adjourn",
        "action: adjourn",
        "so this action starts `from: any_open`",
    ),
    scheme(
        "  circulate:\n",
        "record: forum_pack",
        "record: papers",
        "record: papers",
        "There is no records/papers.yaml",
    ),
    part(
        "parts/concerns.yaml",
        "  record_crime:\n",
        "- crime_alleged",
        "- crime",
        "- crime",
        "There is no flag `crime`",
    ),
    scheme(
        "  uphold:\n",
        "back_to: review",
        "back_to: reviewing",
        "back_to: reviewing",
        "There is no state `reviewing`",
    ),
    scheme(
        "\nclocks:",
        "- action reopen_after_review",
        "- action look_again",
        "- action look_again",
        "There is no action `look_again`",
    ),
    scheme(
        "\nclocks:",
        "    limit: 45 calendar days",
        "    limit: 45 days",
        "limit: 45 days",
        "'calendar days' or 'working days'",
    ),
    scheme("\nclocks:", "- 50%", "- 150%", "- 150%", "from 1% to 99%"),
    scheme(
        "",
        "time_zone: Europe/London",
        "time_zone: Europe/Edinburgh",
        "time_zone: Europe/Edinburgh",
        "no such time zone",
    ),
    scheme(
        "",
        "  - en\n",
        "  - en\n  - gd\n",
        "task_message: staff_task",
        "There is no messages/staff_task.gd.md",
    ),
    // L4
    scheme(
        "  sift_no_concern:\n",
        SECOND,
        "",
        "sift_no_concern:",
        "needs a `second_person`, because it sets an outcome that is not a disclosure",
    ),
    scheme(
        "  close:\n",
        "    record: closing\n",
        "    record: closing\n    without: second_person\n",
        "close:",
        "needs a `second_person`, because it ends the case",
    ),
    scheme(
        "  police_decide:\n",
        SECOND,
        "",
        "police_decide:",
        "`decided_by: forum`, a `second_person`, or `emergency: yes`",
    ),
    scheme(
        "  clear_conflict:\n",
        "    resumes:\n",
        "    pauses:\n",
        "clear_conflict:",
        "needs a `second_person`, because it pauses a clock",
    ),
    part(
        "parts/delay.yaml",
        "  explain_delay:\n",
        "    record: delay\n",
        "    record: delay\n    extends:\n      clock: face_to_face\n      by: 5 working days\n",
        "explain_delay:",
        "needs a `second_person`, because it extends a clock",
    ),
    scheme(
        "  hold_meeting:\n",
        "      - face_to_face",
        "      - overall",
        "- overall",
        "The clock `overall` is not pausable",
    ),
    scheme(
        "  hold_meeting:\n",
        "record: hold\n",
        "record: conflict\n",
        "hold_meeting:",
        "required date field `review_on`",
    ),
    part(
        "parts/scope.yaml",
        "  out_of_scope:\n    label: It is",
        "    outcome:\n      - out_of_scope\n",
        "    outcome:\n      - out_of_scope\n      - superseded\n",
        "- superseded",
        "has several outcomes, so its record needs a required choice `outcome`",
    ),
    scheme(
        "  expedite:\n",
        "    rationale: required\n",
        "    emergency: yes\n",
        "expedite:",
        "An emergency needs a clock that starts on `action expedite`",
    ),
    // The graph, the clocks and the telling
    scheme(
        "\nstates:\n",
        "  received:\n",
        "  limbo:\n    label: Limbo\n    phase: intake\n  received:\n",
        "limbo:",
        "cannot be reached from `received`",
    ),
    scheme(
        "  close:\n",
        "    record: closing\n",
        "    record: closing\n    to: outcome_told\n",
        "closed:",
        "cannot be reached",
    ),
    scheme(
        "  close:\n",
        "    record: closing\n",
        "    record: closing\n    to: outcome_told\n",
        "decided:",
        "From `decided` the case can never end",
    ),
    scheme(
        "\nclocks:",
        "      - action reopen\n",
        "",
        "registered:",
        "A case can be in `registered` with no clock running",
    ),
    scheme(
        "  to_check:\n",
        "      - checks\n",
        "      - assessed\n",
        "checks:",
        "No queue shows cases in `checks`",
    ),
    scheme(
        "  face_to_face:\n    label",
        "    unconfirmed: a habit of the sister schemes; not seen for Scotland\n",
        "",
        "face_to_face:",
        "Give the `source` of this limit",
    ),
    scheme(
        "\nactions:\n",
        "\n  # Intake\n",
        "\n  record_reason_not_to_tell:\n    without: tells_nobody\n",
        "close:",
        "a case can end with nobody told",
    ),
    part(
        "parts/telling-the-outcome.yaml",
        "  tell_withdrawn:\n",
        "for_someone_else: third_party_end",
        "for_someone_else: no_information",
        "for_someone_else: no_information",
        "must be told the same everywhere",
    ),
    part(
        "parts/telling-the-outcome.yaml",
        "  tell_withdrawn:\n",
        "      for_myself: stopped_as_asked\n",
        "",
        "tell_withdrawn:",
        "tells some and forgets `for_myself`",
    ),
    // Conditions
    scheme(
        "  register:\n",
        "_cases == true",
        "_cases == = true",
        "- when: this.searched_earlier_cases == = true",
        "does not compile",
    ),
    scheme(
        "  register:\n",
        "_cases == true",
        "_case == true",
        "- when: this.searched_earlier_case == true",
        "There is no fact `this.searched_earlier_case`",
    ),
    scheme(
        "  complete_checks:\n",
        "\"uncertain\"",
        "\"unsure\"",
        "- when: this.match != \"unsure\"",
        "is never \"unsure\"; it can be:",
    ),
    scheme(
        "  sift_no_concern:\n",
        "record.initial_checks.found == 0",
        "record.triage.score < 9",
        "- when: record.triage.score < 9 && record.checks.found == 0",
        "On an empty case this condition gives no yes or no",
    ),
    part(
        "parts/danger.yaml",
        "  resolve_immediate_risk:\n",
        "this.contained == true",
        "this.contained.matches(\"x\")",
        "- when: this.contained.matches(\"x\")",
        "is not part of conditions",
    ),
    // Beside the scheme
    file(
        "messages/no_information.en.md",
        "There is nothing that we",
        "There is no violence that we",
        "You asked us a question. There is no violence that we can tell you about it.",
        "`violence` may not stand in messages/no_information.en.md",
    ),
    // Several things of one kind
    file(
        ANSWER,
        "        kind: partial_date",
        "        kind: addresses",
        "dated:",
        "An entry is asked for text, long_text, date,",
    ),
    file(
        ANSWER,
        "        kind: text\n        class: agency_return",
        "        kind: text\n        class: intelligence",
        "source_of_it:",
        "of the same `class` as the entries",
    ),
    file(
        ANSWER,
        "          may_be_told: reworded",
        "          may_be_told: rewritten",
        "may_be_told: rewritten",
        "`may_be_told` has no answer `rewritten`",
    ),
    file(
        ANSWER,
        "          may_be_told: reworded",
        "          dated: reworded",
        "dated: reworded",
        "There is no choice `dated` beside this field",
    ),
    file(
        ANSWER,
        "    max: 12",
        "    max: 21",
        "pieces:",
        "Entries have a `max` from 1 to 20",
    ),
    file(
        ANSWER,
        "    kind: entries",
        "    kind: long_text",
        "pieces:",
        "Entries need `fields`, and only entries have them",
    ),
    file(
        ANSWER,
        "        example: 2021-06",
        "        example: in June",
        "pieces:",
        "The example does not fit at pieces.0.dated",
    ),
    file(
        "records/triage.yaml",
        "    example: medium",
        "    example: middling",
        "grade:",
        "The example does not fit at grade",
    ),
];

impl Spoilt {
    pub fn library(&self) -> Library {
        let mut library = shipped();
        let file = library
            .0
            .get_mut(self.path)
            .unwrap_or_else(|| panic!("there is no {}", self.path));
        let begins = file
            .text
            .find(self.after)
            .unwrap_or_else(|| panic!("{:?} is not there", self.after))
            + self.after.len();
        let (before, rest) = file.text.split_at(begins);
        assert!(
            rest.contains(self.from),
            "{:?} does not come after {:?}",
            self.from,
            self.after
        );
        file.text = format!("{before}{}", rest.replacen(self.from, self.to, 1));
        library
    }

    /// The number of the line where the error must stand.
    pub fn line(&self, library: &Library) -> u64 {
        let text = &library.0[self.path].text;
        let begins = text
            .find(self.after)
            .map_or(0, |at| text[..at].lines().count());
        let lines: Vec<usize> = (1..)
            .zip(text.lines())
            .filter(|(_, line)| line.trim() == self.at)
            .map(|(number, _)| number)
            .collect();
        let found = lines
            .iter()
            .filter(|number| **number > begins)
            .chain(&lines)
            .next();
        let number = found.unwrap_or_else(|| panic!("no line is {:?}", self.at));
        u64::try_from(*number).unwrap()
    }
}
