//! The pages for what did not work. They say nothing of the inside; what is inside goes to the log.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use crate::app::error::{AppError, BUSY};
use crate::web::guard::RETRY_AFTER;
use crate::web::layout::{PublicPage, SIGN_IN, STAFF_HOME, StaffPage, public_page, staff_page};

/// An error on a page for those who are signed in.
#[derive(Debug)]
pub struct Problem(pub AppError);

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        page(&self.0, true)
    }
}

/// The page of an error. Unknown, hidden and malformed are one page, to the byte.
pub fn page(error: &AppError, signed_in: bool) -> Response {
    let own = |status, title, sentences: &[String]| with(status, title, sentences, signed_in);
    match error {
        AppError::SignIn => Redirect::to(SIGN_IN).into_response(),
        AppError::NotFound => own(
            StatusCode::NOT_FOUND,
            "Page not found",
            &["Check the address, or start again.".to_owned()],
        ),
        AppError::Forbidden(sentence) => own(
            StatusCode::FORBIDDEN,
            "You cannot do this",
            std::slice::from_ref(sentence),
        ),
        AppError::Unmet(sentences) => {
            own(StatusCode::CONFLICT, "This cannot be done now", sentences)
        }
        AppError::Fields(errors) => {
            let sentences: Vec<_> = errors.iter().map(|error| error.message.clone()).collect();
            own(
                StatusCode::UNPROCESSABLE_ENTITY,
                "Something has to be mended",
                &sentences,
            )
        }
        AppError::Stale(_) => own(
            StatusCode::CONFLICT,
            "Somebody else has changed this",
            &["Open it again to see how it stands now.".to_owned()],
        ),
        AppError::KeyTaken => own(
            StatusCode::CONFLICT,
            "This was already sent",
            &[
                "It was sent before with other answers. Start again to send something new."
                    .to_owned(),
            ],
        ),
        AppError::Met | AppError::Busy => {
            let sentences = [format!("{BUSY}.")];
            let page = own(
                StatusCode::SERVICE_UNAVAILABLE,
                "Please try again in a moment",
                &sentences,
            );
            ([(header::RETRY_AFTER, RETRY_AFTER)], page).into_response()
        }
        AppError::Inside(inside) => {
            tracing::error!(error.inside = %inside, "a page could not be made");
            own(
                StatusCode::INTERNAL_SERVER_ERROR,
                "Sorry, something went wrong",
                &["Nothing was changed. Try again later.".to_owned()],
            )
        }
    }
}

/// The page in place of one whose handler panicked.
pub fn panicked() -> Response {
    page(&AppError::Inside("a handler panicked".to_owned()), false)
}

/// The page of something that could not be read or served.
pub fn with(status: StatusCode, title: &str, sentences: &[String], signed_in: bool) -> Response {
    let body = sentences_of(sentences);
    let markup = if signed_in {
        let again = html! { (body) p class="govuk-body" { a class="govuk-link" href=(STAFF_HOME) { "Your queues" } } };
        staff_page(&StaffPage {
            title,
            heading: title,
            body: again,
            ..StaffPage::default()
        })
    } else {
        let again = html! { (body) p class="govuk-body" { a class="govuk-link" href="/" { "Start again" } } };
        public_page(&PublicPage {
            title,
            heading: title,
            body: again,
            exit: true,
            ..PublicPage::default()
        })
    };
    (status, markup).into_response()
}

fn sentences_of(sentences: &[String]) -> Markup {
    html! {
        @match sentences {
            [one] => p class="govuk-body" { (one) },
            many => ul class="govuk-list govuk-list--bullet" { @for sentence in many { li { (sentence) } } },
        }
    }
}
