//! What somebody can do now: arrive, settle the agenda, begin, end, move the meeting or call it off.

use maud::{Markup, html};

use super::one::{One, Step};
use super::sent::{ACCEPTED, AGENCY, Does, YES, anchor, has_accepted};
use super::when::When;
use crate::engine::meeting::arrive::opens;
use crate::engine::meeting::event::Form;
use crate::engine::meeting::table::{Attendance, Stage};
use crate::web::components::{Checkbox, Checkboxes, Choice, Label, Select, checkboxes, select};
use crate::web::layout::MEETINGS;
use crate::web::words::count;

/// What everybody in the room accepts.
const STATEMENT: &str = "I accept that what is said and shown here stays in the room, and is used only to keep people safe";

impl One<'_> {
    /// What comes next, the one thing first.
    pub fn next(&self) -> Markup {
        let meeting = &self.view.meeting;
        let (stage, here) = (meeting.stage, self.is_here());
        html! {
            @if self.may_say() { (self.press(Does::WillCome, "I am coming", "", "Say beforehand whether you come, so that everybody knows whether the meeting can decide.")) }
            @if self.takes_part() && !here {
                @match self.opens() {
                    Some(from) => p class="govuk-body" { (from) "." },
                    None => (self.arrive()),
                }
            }
            @if self.runs() && stage == Stage::Convened {
                @if meeting.items.is_empty() {
                    p class="govuk-body" { "Put cases on the agenda under " a class="govuk-link" href=(MEETINGS) { "Meetings" } "." }
                } @else {
                    (self.press(Does::Settle, "Settle the agenda", "", "The answers that are in go to the cases, and the order stands."))
                }
            }
            @if self.view.chairs() && stage == Stage::Sealed && here {
                (self.press(Does::Begin, "Begin the meeting", "", ""))
            }
        }
    }

    /// What is done rarely, or at the end.
    pub fn more(&self) -> Markup {
        let meeting = &self.view.meeting;
        html! {
            @if self.view.chairs() && meeting.stage == Stage::Begun { (self.end()) }
            @if self.is_here() { (self.press(Does::Leave, "I leave the meeting", "govuk-button--secondary", "")) }
            @if self.runs() || self.takes_part() && !self.is_here() { (self.apologise()) }
            @if self.runs() && self.is_to_come() { (self.put_off()) (self.call_off()) }
        }
    }

    fn takes_part(&self) -> bool {
        self.view.is_member() || self.runs()
    }

    fn is_here(&self) -> bool {
        let own = self.view.meeting.people.get(&self.view.who.id);
        own.is_some_and(Attendance::is_present)
    }

    /// Whether they can say that they come, and have not.
    fn may_say(&self) -> bool {
        let meeting = &self.view.meeting;
        let sits = self.view.is_member() || self.view.chairs();
        let open = self.is_to_come() && meeting.form != Form::Written;
        sits && open && !self.is_here() && !self.said_so()
    }

    fn said_so(&self) -> bool {
        let coming = &self.view.meeting.coming;
        coming.contains_key(&self.view.who.id)
    }

    fn press(&self, does: Does, button: &str, classes: &str, advice: &str) -> Markup {
        self.form(&Step {
            does,
            about: "",
            fields: html! { @if !advice.is_empty() { p class="govuk-body" { (advice) } } },
            button,
            aloud: "",
            classes,
        })
    }

    /// From when on they can come in, where that is still to come.
    fn opens(&self) -> Option<String> {
        let meeting = &self.view.meeting;
        let meets = self.view.definition.meets()?;
        let at = meets.opens_at(meeting.sitting.starts_at);
        let zone = &self.view.definition.zone;
        (self.view.now < at).then(|| opens(meeting.form, at, zone))
    }

    fn arrive(&self) -> Markup {
        let does = Does::Arrive;
        let accepted = checkboxes(&Checkboxes {
            name: ACCEPTED,
            id: &anchor(does.name(), "", ACCEPTED),
            items: vec![Checkbox {
                value: YES,
                text: STATEMENT.into(),
                ..Checkbox::default()
            }],
            error: self.error(does, "", ACCEPTED).into(),
            classes: "govuk-checkboxes--small",
            ..Checkboxes::default()
        });
        let again = has_accepted(self.view);
        self.form(&Step {
            does,
            about: "",
            fields: html! { @if !again { (accepted) } },
            button: match (self.view.meeting.form, again) {
                (Form::Written, true) => "I take part again",
                (Form::Written, false) => "I take part",
                (_, true) => "I am here again",
                (_, false) => "I am here",
            },
            aloud: "",
            classes: "",
        })
    }

    fn end(&self) -> Markup {
        let open = self.view.meeting.items.iter();
        let open = open.filter(|item| item.settled.is_empty()).count();
        let cases = count(i64::try_from(open).unwrap_or(i64::MAX), "case");
        let advice = match open {
            0 => "Every case is settled.".to_owned(),
            1 => format!("{cases} is not settled. It waits for another meeting then."),
            _ => format!("{cases} are not settled. They wait for another meeting then."),
        };
        self.press(
            Does::End,
            "End the meeting",
            "govuk-button--secondary",
            &advice,
        )
    }

    fn apologise(&self) -> Markup {
        let does = Does::Apologise;
        let own = self.view.agency_of(&self.view.who);
        let agencies = self.view.definition.agencies();
        let choices = agencies.map(|(name, row)| Choice {
            text: &row.label,
            value: Some(name),
            ..Choice::default()
        });
        let typed = self.typed(does, "", AGENCY);
        let which = select(&Select {
            label: Label {
                text: "Agency".into(),
                classes: "govuk-label--s",
                ..Label::default()
            },
            name: AGENCY,
            id: &anchor(does.name(), "", AGENCY),
            choices: choices.collect(),
            chosen: Some(if typed.is_empty() { own } else { typed }),
            error: self.error(does, "", AGENCY).into(),
            ..Select::default()
        });
        let fields = html! {
            @if self.runs() { (which) } @else { input type="hidden" name=(AGENCY) value=(own) autocomplete="off"; }
            (self.why(does, "", "It stands in the minutes. No name and no reference"))
        };
        let summary = if self.runs() {
            "An agency does not come"
        } else if self.said_so() {
            "I do not come after all"
        } else {
            "My agency does not come"
        };
        self.folded(
            summary,
            &Step {
                does,
                about: "",
                fields,
                button: "Apologise",
                aloud: "",
                classes: "govuk-button--secondary",
            },
        )
    }

    fn put_off(&self) -> Markup {
        let does = Does::Move;
        let when = if self.was_refused(does, "") {
            When::typed(&self.refused.typed)
        } else {
            When::of(&self.view.meeting.sitting, &self.zone)
        };
        self.folded(
            "Move it to another time or place",
            &Step {
                does,
                about: "",
                fields: html! {
                    (when.fields(self.errors(does, "")))
                    (self.why(does, "", "Everybody who was asked to come reads it"))
                },
                button: "Move the meeting",
                aloud: "",
                classes: "govuk-button--secondary",
            },
        )
    }

    fn call_off(&self) -> Markup {
        let does = Does::CallOff;
        self.folded(
            "Call it off",
            &Step {
                does,
                about: "",
                fields: self.why(does, "", "Its cases wait for another meeting then"),
                button: "Call the meeting off",
                aloud: "",
                classes: "govuk-button--warning",
            },
        )
    }
}
