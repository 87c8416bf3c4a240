//! A date one knows by heart, as day, month and year.

use maud::{Markup, html};

use super::form_group::{Explained, form_group, in_fieldset};
use super::{Content, Fieldset, Input, Label, classes, input, present};

/// One of the boxes. `name` also makes its id; `error` marks it red.
#[derive(Debug, Clone, Default)]
pub struct DatePart<'a> {
    pub name: &'a str,
    pub label: &'a str,
    pub value: &'a str,
    /// Its width, such as `govuk-input--width-2`.
    pub classes: &'a str,
    pub error: bool,
    pub autocomplete: &'a str,
    pub inputmode: &'a str,
    pub pattern: &'a str,
    pub id: &'a str,
}

/// The date. `prefix`, when given, stands before each box's name (`born` gives `born-day`).
#[derive(Debug, Clone, Default)]
pub struct DateInput<'a> {
    pub fieldset: Option<Fieldset<'a>>,
    pub id: &'a str,
    pub prefix: &'a str,
    pub parts: Vec<DatePart<'a>>,
    pub hint: Content,
    pub error: Content,
    pub classes: &'a str,
    pub group_classes: &'a str,
}

impl<'a> DatePart<'a> {
    /// The three boxes, with what was typed in them. Which is wrong is for the caller to mark.
    #[must_use]
    pub fn day_month_year(day: &'a str, month: &'a str, year: &'a str) -> Vec<Self> {
        let part = |name, label, value, classes| Self {
            name,
            label,
            value,
            classes,
            ..Self::default()
        };
        vec![
            part("day", "Day", day, "govuk-input--width-2"),
            part("month", "Month", month, "govuk-input--width-2"),
            part("year", "Year", year, "govuk-input--width-4"),
        ]
    }
}

/// The date with its legend, hint and error. With an error and no box marked, all boxes are red.
#[must_use]
pub fn date_input(date: &DateInput) -> Markup {
    let explained = Explained {
        id: date.id,
        hint: &date.hint,
        error: &date.error,
        also: date
            .fieldset
            .as_ref()
            .map_or("", |frame| frame.described_by),
    };
    let all_wrong = !date.error.is_empty() && !date.parts.iter().any(|part| part.error);
    let fields = html! {
        (explained.show())
        div class=(classes(&["govuk-date-input", date.classes])) id=[present(date.id)] {
            @for part in &date.parts {
                div class="govuk-date-input__item" { (part_input(date, part, all_wrong)) }
            }
        }
    };
    // JAWS reads the hint of a fieldset of text fields only when it says it is a group.
    let frame = date.fieldset.as_ref().map(|frame| Fieldset {
        role: "group",
        ..frame.clone()
    });
    let fields = in_fieldset(frame.as_ref(), &explained.described_by(), fields);
    form_group(&date.error, date.group_classes, &fields)
}

fn part_input(date: &DateInput, part: &DatePart, all_wrong: bool) -> Markup {
    let state = if part.error || all_wrong {
        "govuk-input--error"
    } else {
        ""
    };
    let own_id = format!("{}-{}", date.id, part.name);
    let name = match date.prefix {
        "" => part.name.to_owned(),
        prefix => format!("{prefix}-{}", part.name),
    };
    input(&Input {
        label: Label {
            text: part.label.into(),
            classes: "govuk-date-input__label",
            ..Label::default()
        },
        id: present(part.id).unwrap_or(&own_id),
        name: &name,
        value: part.value,
        classes: &classes(&["govuk-date-input__input", state, part.classes]),
        inputmode: present(part.inputmode).unwrap_or("numeric"),
        autocomplete: part.autocomplete,
        pattern: part.pattern,
        ..Input::default()
    })
}
