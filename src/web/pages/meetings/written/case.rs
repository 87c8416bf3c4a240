//! What papers say of a case that was at a meeting: what the agencies answered, what was said, the views, the decision, the promises.

use std::collections::BTreeSet;

use super::Written;
use crate::app::meetings::Settled;
use crate::domain::class::FieldClass;
use crate::engine::definition::meets::{ANSWER, Asks, Meets};
use crate::engine::meeting::event::{Event, Report};
use crate::engine::meeting::table::{Given, Item, Promised};
use crate::web::form::said::{Piece, Said, filled, said};
use crate::web::papers::Sheet;
use crate::web::words::{date, deadline};

/// A case on the agenda.
pub struct AtTable<'a> {
    pub written: &'a Written<'a>,
    pub meets: &'a Meets,
    pub item: &'a Item,
}

impl AtTable<'_> {
    /// The page of the case; `place` counts from 0.
    pub fn headed(&self, place: usize) -> Sheet {
        let of = self.written.view.meeting.items.len();
        let reference = self.written.reference(self.item.listing.case);
        Sheet::headed(format!("Case {} of {of}: {reference}", place + 1))
    }

    /// What the reader's own agency has to do with it, before everything else.
    pub fn own(&self, sheet: &mut Sheet) {
        let view = self.written.view;
        if !view.is_member() {
            return;
        }
        let agency = view.agency_of(&view.who);
        sheet.heading(format!("Your part: {}", self.written.agency(agency)));
        let asked = self.item.listing.asked.iter().any(|asked| asked == agency);
        match self.item.answers.get(agency) {
            _ if self.hides(sheet, FieldClass::AgencyReturn) => {}
            Some(given) => self.answer(sheet, given),
            None if asked => self.waits(sheet),
            None => sheet.line("Your agency was not asked."),
        }
    }

    /// Holding nothing is an answer like the others, and whoever answered without being asked is heard as well.
    pub fn answers(&self, sheet: &mut Sheet) {
        sheet.heading("What the agencies answered");
        if self.hides(sheet, FieldClass::AgencyReturn) {
            return;
        }
        let asked = &self.item.listing.asked;
        let unasked = self.item.answers.keys();
        let unasked = unasked.filter(|agency| !asked.contains(agency));
        for agency in asked.iter().chain(unasked) {
            sheet.name(self.written.agency(agency));
            match self.item.answers.get(agency) {
                Some(given) => self.answer(sheet, given),
                None => self.waits(sheet),
            }
        }
    }

    fn waits(&self, sheet: &mut Sheet) {
        let view = self.written.view;
        let due = deadline(self.item.listing.answers_by, view.now, &self.written.zone);
        sheet.pieces(if view.meeting.is_over() {
            vec![Piece::strong("No answer came")]
        } else {
            vec![
                Piece::strong("No answer yet"),
                Piece::Plain(format!(", due by {}", due.when)),
            ]
        });
    }

    fn answer(&self, sheet: &mut Sheet, given: &Given) {
        let form = self
            .written
            .view
            .definition
            .records
            .get(&*self.meets.answer.form);
        let field = form.and_then(|form| form.fields.get(ANSWER));
        if let Some((field, value)) = field.zip(given.answers.get(ANSWER))
            && let Said::Text(text) = said(field, value)
        {
            sheet.strong(text);
        }
        sheet.rows(self.filled(&self.meets.answer, given, ANSWER));
        self.signed(sheet, given);
    }

    fn filled(&self, asks: &Asks, given: &Given, but: &str) -> Vec<(String, Said)> {
        let form = self.written.view.definition.records.get(&*asks.form);
        let filled = form
            .into_iter()
            .flat_map(|form| filled(form, &given.answers, &[but]));
        filled
            .map(|(label, said)| (label.to_string(), said))
            .collect()
    }

    fn signed(&self, sheet: &mut Sheet, given: &Given) {
        let (name, at) = (
            self.written.name(&given.by.id),
            self.written.moment(given.at),
        );
        sheet.quiet(format!("{name}, {at}"));
    }

    pub fn discussion(&self, sheet: &mut Sheet) {
        let hidden = self.is_hidden(FieldClass::Decision);
        if self.item.taken.is_none() || (hidden && self.item.said.is_empty()) {
            return;
        }
        sheet.heading("Discussion");
        if self.item.said.is_empty() {
            sheet.line("Nothing was written down.");
        }
        for spoken in &self.item.said {
            sheet.name(self.written.agency(&spoken.agency));
            sheet.words(&spoken.text);
            let (by, at) = (
                self.written.name(&spoken.by.id),
                self.written.moment(spoken.at),
            );
            sheet.quiet(format!("Written down by {by}, {at}"));
        }
    }

    /// The views once they are open, by agency. While they are sealed nobody's stands on paper, not even the reader's own.
    pub fn views(&self, sheet: &mut Sheet) {
        let Some(missing) = &self.item.opened else {
            return;
        };
        sheet.heading("Views of the members");
        if self.hides(sheet, FieldClass::Decision) {
            return;
        }
        let view = self.written.view;
        let mut given: Vec<_> = self.item.views.values().collect();
        let label = |given: &Given| self.written.agency(view.agency_of(&given.by)).to_owned();
        given.sort_by_key(|given| (label(given), given.at));
        if given.is_empty() {
            sheet.line("No view was given.");
        }
        for given in given {
            sheet.name(label(given));
            sheet.rows(self.filled(&self.meets.view, given, ""));
            self.signed(sheet, given);
        }
        if !missing.is_empty() {
            let missing = missing.join(", ");
            sheet.line(format!("Not given when they were opened: {missing}."));
        }
    }

    /// What was done to the case from here, by the scheme's own names and with the reasons.
    pub fn decision(&self, sheet: &mut Sheet) {
        let over = self.written.view.meeting.is_over();
        let settled = &self.item.settled;
        if settled.is_empty() && !over {
            return;
        }
        sheet.heading("Decision");
        let case = self.item.listing.case;
        let told = self.written.view.settled.get(&case);
        for (action, version) in settled {
            sheet.strong(self.written.view.definition.done_label(action));
            let mut told = told.into_iter().flatten();
            if let Some(told) = told.find(|told| told.version == *version) {
                self.reasons(sheet, told);
            }
        }
        if settled.is_empty() {
            sheet.line("Not settled. It waits for another meeting.");
        }
    }

    /// The form as it was filled in then, and the reason. What is amended later stands in the record of the case.
    fn reasons(&self, sheet: &mut Sheet, settled: &Settled) {
        if settled.is_proposal() {
            sheet.line("It takes effect when a second person confirms it.");
        }
        let mut rows = Vec::new();
        if let Some(outcome) = settled.outcome() {
            rows.push(("Outcome".to_owned(), Said::Text(outcome.to_owned())));
        }
        let answers = settled.answers();
        rows.extend(answers.map(|(field, value)| (field.label.to_string(), said(field, value))));
        if !settled.because().is_empty() {
            let because = settled.because().to_owned();
            rows.push(("Because".to_owned(), Said::Lines(because)));
        }
        sheet.rows(rows);
        let labels = |classes: &BTreeSet<FieldClass>| {
            let labels: Vec<_> = classes.iter().map(|class| class.label()).collect();
            labels.join(", ")
        };
        if !settled.hidden.is_empty() {
            let hidden = labels(&settled.hidden);
            sheet.quiet(format!("Not shown in your role: {hidden}."));
        }
        if !settled.masked.is_empty() {
            let masked = labels(&settled.masked);
            sheet.quiet(format!(
                "Shown when you have confirmed that it is you: {masked}."
            ));
        }
        let recorded = &settled.recorded;
        let name = self.written.name(&recorded.actor.id);
        let at = self.written.moment(recorded.at);
        let version = settled.version;
        sheet.quiet(format!(
            "{name}, {at}, event {version} in the record of the case"
        ));
    }

    pub fn promises(&self, sheet: &mut Sheet) {
        let case = Some(self.item.listing.case);
        let kept = self.written.view.meeting.promises.iter();
        let kept: Vec<_> = kept.filter(|kept| kept.promise.case == case).collect();
        if !kept.is_empty() {
            sheet.heading("Promised for this case");
            sheet.rows(self.written.promised(&kept));
        }
    }

    fn is_hidden(&self, class: FieldClass) -> bool {
        let sight = self.written.view.sights.get(&self.item.listing.case);
        !sight.is_some_and(|sight| sight.has(class))
    }

    /// Says that something is not for the reader's role, so that nobody takes an empty part for an answer.
    fn hides(&self, sheet: &mut Sheet, class: FieldClass) -> bool {
        let hidden = self.is_hidden(class);
        if hidden {
            sheet.quiet(format!("Not shown in your role: {}.", class.label()));
        }
        hidden
    }
}

impl Written<'_> {
    /// What was promised: the agency, what, by when, and what had become of it when the minutes were approved.
    pub fn promised(&self, kept: &[&Promised]) -> Vec<(String, Said)> {
        let rows = kept.iter().map(|kept| {
            let promise = &kept.promise;
            let (report, because) = kept.in_minutes();
            let became = became(report, because);
            let text = format!("{}\nBy {}: {became}", promise.what, date(promise.by));
            (self.agency(&promise.agency).to_owned(), Said::Lines(text))
        });
        rows.collect()
    }

    /// What has become of promises since the minutes were approved: it is no part of them, and the hash does not stand for it.
    pub fn since(&self) -> Option<Sheet> {
        let rows = self.view.since_approved().filter_map(|one| {
            let Event::Reported {
                promise,
                report,
                because,
                ..
            } = &one.event
            else {
                return None;
            };
            let promise = &self.view.meeting.promised(*promise)?.promise;
            let (by, at) = (self.name(&one.actor.id), self.moment(one.at));
            let became = became(*report, because);
            let text = format!("{}\n{by}, {at}: {became}", promise.what);
            Some((self.agency(&promise.agency).to_owned(), Said::Lines(text)))
        });
        let rows: Vec<_> = rows.collect();
        let mut sheet = Sheet::headed("Since the minutes were approved");
        sheet.quiet("This is no part of the minutes.");
        sheet.heading("What became of promises");
        let told = !rows.is_empty();
        sheet.rows(rows);
        told.then_some(sheet)
    }
}

fn became(report: Report, because: &str) -> String {
    let became = match report {
        Report::Open => "open",
        Report::Done => "done",
        Report::NotPossible => "not possible",
        Report::NotDone => "not done",
    };
    if because.is_empty() {
        became.to_owned()
    } else {
        format!("{became}, because: {because}")
    }
}
