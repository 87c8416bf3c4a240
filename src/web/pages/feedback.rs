//! One referral, for whoever made it: how far it has come, what the scheme tells them and asks of them, and what their own agency
//! promised. The words are the scheme's; of the case itself nothing is shown.

use std::sync::Arc;

use axum::extract::{Path, State};
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::meetings::report_tag;
use super::problem::Problem;
use super::{address as read, frame};
use crate::app::App;
use crate::app::feedback::Referral;
use crate::domain::id::CaseId;
use crate::engine::definition::explain;
use crate::engine::definition::feedback::ToReferrer;
use crate::engine::definition::yaml::Unconfirmed;
use crate::engine::meeting::table::Promised;
use crate::web::components::{
    Content, Details, Row, SummaryList, details, explained, summary_list, unconfirmed_because,
};
use crate::web::form::shown;
use crate::web::layout::{REFERRALS, StaffPage};
use crate::web::sign_in::SignedIn;
use crate::web::words::{date, today};

/// Where a referral is read by whoever made it.
pub fn address(case: CaseId) -> String {
    format!("{REFERRALS}/{case}")
}

pub async fn page(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(case): Path<String>,
) -> Result<Markup, Problem> {
    let referral = app.see_referral(&person, read::case_id(&case)).await?;
    let zone = app.definitions.zone(&person.actor.authority);
    let body = html! {
        (facts(&referral, &zone))
        @match &referral.told {
            Some(words) => (told(words)),
            None => p class="govuk-body" {
                "More is not told of it, whatever was found or decided. It does not mean that anyone is safe."
            },
        }
        (promised(&referral.promised))
        (details(&Details {
            summary: "What happens next".into(),
            body: explained(&explain::public(&referral.definition)).into(),
            ..Details::default()
        }))
    };
    let page = StaffPage {
        title: "Your referral",
        heading: "Your referral",
        back: REFERRALS,
        body,
        ..StaffPage::default()
    };
    Ok(frame::staff(&person, page))
}

fn facts(referral: &Referral, zone: &TimeZone) -> Markup {
    let receipt = &referral.receipt;
    let row = |key: &str, value: Content| Row {
        key: key.into(),
        value,
        ..Row::default()
    };
    let received = date(today(receipt.received_at, zone));
    summary_list(&SummaryList {
        rows: vec![
            row("Reference", receipt.reference.as_str().into()),
            row("Now", receipt.progress.word().into()),
            row("Received on", received.into()),
            row("Scheme", receipt.scheme.as_str().into()),
        ],
        ..SummaryList::default()
    })
}

fn told(words: &ToReferrer) -> Markup {
    html! {
        h2 class="govuk-heading-m" { "What we can tell you" }
        p class="govuk-body" { (words.says) }
        @if let Some(asks) = &words.asks {
            h2 class="govuk-heading-m" { "What we ask of you" }
            p class="govuk-body" { (asks) }
        }
        @if let Some(doubt) = &words.unconfirmed {
            p class="govuk-body" { (unconfirmed_because(&Unconfirmed::sentence(doubt))) }
        }
        p class="govuk-body" { "This is for you alone. Do not pass it on, and do not keep it where somebody else can read it." }
    }
}

fn promised(promises: &[Promised]) -> Markup {
    html! {
        @if !promises.is_empty() {
            h2 class="govuk-heading-m" { "What your organisation promised" }
            ul class="govuk-list app-cards" {
                @for kept in promises {
                    li class="app-card" {
                        (report_tag(kept.report))
                        (shown::lines(&kept.promise.what))
                        p class="app-quiet" { "By " (date(kept.promise.by)) }
                        @if !kept.because.is_empty() { (shown::lines(&kept.because)) }
                    }
                }
            }
        }
    }
}
