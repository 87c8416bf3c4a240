//! The page of a meeting, which changes with its stage, and what its forms ask.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::one::{One, Refused};
use super::sent::{DOES, Does, case_of, read};
use super::written::pack::pack_address;
use super::written::record::record_address;
use super::{address, item_address, kind, live, meeting_id, place_words, sitting_words, stage_tag};
use crate::app::App;
use crate::app::error::{AppError, BUSY};
use crate::app::meetings::{MeetingRequest, MeetingView};
use crate::app::staff::Person;
use crate::domain::id::MeetingId;
use crate::domain::refusal::FieldError;
use crate::engine::meeting::ask::Ask;
use crate::engine::meeting::event::Form;
use crate::engine::meeting::table::Stage;
use crate::web::components::{
    Details, InsetText, NotificationBanner, Row, SummaryList, details, inset_text,
    notification_banner, summary_list,
};
use crate::web::form::{Sent, Typed, own_key};
use crate::web::layout::{MEETINGS, StaffPage};
use crate::web::pages::frame;
use crate::web::pages::problem::Problem;
use crate::web::pages::settling::KEY;
use crate::web::sign_in::SignedIn;
use crate::web::words::date;

pub async fn page(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(meeting): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Markup, Problem> {
    let id = meeting_id(&meeting);
    // Asked first: what happens meanwhile brings the page up to date once more, and does not leave it behind.
    let version = app.meeting_version(&person.actor, id).await?;
    let view = app.see_meeting(&person.actor, id).await?;
    let news = match query.as_deref() {
        Some("called") => "The meeting is called. Put cases on its agenda under ‘Meetings’.",
        Some("done") => "Recorded.",
        _ => "",
    };
    let live = (!view.meeting.is_over()).then(|| live::marker(id, version));
    let above = html! { @if let Some(live) = live { (live) } (recorded(news)) };
    Ok(show(&app, &person, &view, &Refused::default(), above))
}

pub async fn send(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(meeting): Path<String>,
    Sent(typed): Sent,
) -> Result<Response, Problem> {
    let id = meeting_id(&meeting);
    let errors = match done(&app, &person, id, &typed).await {
        Ok(to) => return Ok(Redirect::to(&to).into_response()),
        Err(error) => error,
    };
    let (status, errors) = sentences(errors)?;
    let view = app.see_meeting(&person.actor, id).await?;
    let page = show(&app, &person, &view, &Refused { typed, errors }, html! {});
    Ok((status, page).into_response())
}

/// Does what a form asks; answers where to go then.
async fn done(
    app: &Arc<App>,
    person: &Person,
    id: MeetingId,
    typed: &Typed,
) -> Result<String, AppError> {
    let actor = &person.actor;
    let view = app.see_meeting(actor, id).await?;
    let Some(does) = Does::named(typed.text(DOES)) else {
        let why = "Choose what is to be done";
        return Err(AppError::Fields(vec![FieldError::new("", why)]));
    };
    let key = own_key(typed.text(KEY));
    if does == Does::PutOn {
        app.put_on_agenda(actor, id, case_of(typed), key).await?;
        return Ok(format!("{MEETINGS}?listed"));
    }
    let zone = app.definitions.zone(&actor.authority);
    let ask = read(does, typed, &view, &zone).map_err(AppError::Fields)?;
    let request = |ask, key| MeetingRequest {
        meeting: id,
        ask,
        key,
        actor: actor.clone(),
    };
    // One form, two things that happen: sent twice, each is done once.
    let coming = key.as_ref().map(|key| format!("{key}-come"));
    let comes_too = ask == Ask::Accept && view.meeting.form != Form::Written;
    let first = if ask == Ask::Come {
        coming.clone()
    } else {
        key
    };
    app.ask(request(ask, first)).await?;
    if comes_too {
        app.ask(request(Ask::Come, coming)).await?;
    }
    Ok(match does {
        Does::ComeTo => item_address(id, case_of(typed)),
        _ => format!("{}?done", address(id)),
    })
}

/// Why something was not done, for the page on which it was asked.
fn sentences(error: AppError) -> Result<(StatusCode, Vec<FieldError>), Problem> {
    let whole = |sentence: String| FieldError::new("", sentence);
    Ok(match error {
        AppError::Fields(errors) => (StatusCode::UNPROCESSABLE_ENTITY, errors),
        AppError::Unmet(sentences) => (
            StatusCode::CONFLICT,
            sentences.into_iter().map(whole).collect(),
        ),
        AppError::Forbidden(sentence) => (StatusCode::FORBIDDEN, vec![whole(sentence)]),
        AppError::Stale(_) => {
            let why = "Somebody has added something since you opened this page. Read it as it stands now, then send it again";
            (StatusCode::CONFLICT, vec![whole(why.to_owned())])
        }
        AppError::KeyTaken => {
            let why = "This was sent before with other words. Look, and send it again";
            (StatusCode::CONFLICT, vec![whole(why.to_owned())])
        }
        AppError::Busy => (
            StatusCode::SERVICE_UNAVAILABLE,
            vec![whole(format!("{BUSY}."))],
        ),
        other => return Err(Problem(other)),
    })
}

/// What the form before did.
fn recorded(news: &'static str) -> Markup {
    html! {
        @if !news.is_empty() {
            (notification_banner(&NotificationBanner {
                text: news.into(),
                success: true,
                ..NotificationBanner::default()
            }))
        }
    }
}

fn show(
    app: &App,
    person: &Person,
    view: &MeetingView,
    refused: &Refused,
    above: Markup,
) -> Markup {
    let one = One {
        app,
        view,
        zone: app.definitions.zone(&person.actor.authority),
        refused,
    };
    let sitting = &view.meeting.sitting;
    let day = sitting.starts_at.to_zoned(one.zone.clone()).date();
    let heading = format!("{}, {}", kind(view.meeting.form), date(day));
    let title = if view.meeting.is_over() {
        "Minutes"
    } else {
        "Meeting"
    };
    let page = StaffPage {
        title,
        heading: &heading,
        back: MEETINGS,
        errors: refused.links(),
        above,
        body: one.body(),
        ..StaffPage::default()
    };
    frame::staff(person, page)
}

impl One<'_> {
    fn body(&self) -> Markup {
        match self.view.meeting.stage {
            Stage::Convened | Stage::Sealed | Stage::Begun => self.live(),
            Stage::Closed | Stage::Approved => self.over(),
            Stage::CalledOff => self.facts(self.course()),
        }
    }

    /// On a phone the room comes after the agenda; on a desk it stands beside it.
    fn live(&self) -> Markup {
        html! {
            div class="govuk-grid-row" {
                div class="govuk-grid-column-two-thirds" {
                    (self.facts(Vec::new()))
                    (inset_text(&InsetText { body: self.enough().into(), ..InsetText::default() }))
                    (self.next())
                    (self.earlier())
                    (self.papers())
                    (self.agenda())
                    (self.promises())
                    div class="app-meeting__more" { (self.more()) (self.so_far()) }
                }
                div class="govuk-grid-column-one-third" { (self.room()) }
            }
        }
    }

    /// Who is missing of those needed; before anybody is here, who said that they come.
    fn enough(&self) -> String {
        if self.is_awaited() {
            self.view.forecast.sentence()
        } else {
            self.view.quorum.sentence()
        }
    }

    /// The minutes are the record itself, in the order of the meeting.
    fn over(&self) -> Markup {
        html! {
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
                (self.facts(self.course()))
                (self.papers())
                (self.room())
                (self.agenda())
                (self.promises())
                (self.comments())
                (self.since())
            } }
        }
    }

    /// The way to what can be read at a stretch, printed or taken along.
    fn papers(&self) -> Markup {
        let id = self.view.id;
        let (to, words) = if self.view.meeting.was_held() {
            (record_address(id), "Read the minutes as one document")
        } else {
            (pack_address(id), "Read the papers of all cases")
        };
        html! { p class="govuk-body" { a class="govuk-link" href=(to) { (words) } } }
    }

    /// Folded away while the meeting is under way: whoever sits in it looks for what comes next.
    fn so_far(&self) -> Markup {
        let course = SummaryList {
            rows: self.course(),
            classes: "app-answers",
            ..SummaryList::default()
        };
        details(&Details {
            summary: "What was done so far, and by whom".into(),
            body: summary_list(&course).into(),
            classes: "app-trace",
            ..Details::default()
        })
    }

    fn facts<'b>(&'b self, course: Vec<Row<'b>>) -> Markup {
        let meeting = &self.view.meeting;
        let sitting = &meeting.sitting;
        let row = |key: &'static str, value: Markup| Row {
            key: key.into(),
            value: value.into(),
            ..Row::default()
        };
        let when = sitting_words(sitting.starts_at, sitting.ends_at, &self.zone);
        let mut rows = vec![
            row("How it stands", stage_tag(meeting.stage.name())),
            row("When", html! { (when) }),
            row("Where", place_words(&sitting.place)),
            row("For", html! { (self.view.definition.scheme.name) }),
        ];
        rows.extend(course);
        summary_list(&SummaryList {
            rows,
            classes: "app-answers",
            ..SummaryList::default()
        })
    }
}
