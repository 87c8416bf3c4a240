//! What becomes of cases past their day, at 320 px and desk width.

use jiff::SignedDuration;

use crate::chrome::Width;
use crate::gallery::{first, look, signed_in};
use crate::service::Service;

/// Longer than any case has to be kept, in hours.
const YEARS: i64 = 101 * 366 * 24;

#[tokio::test]
async fn cases_past_their_day_are_reviewed_by_two_people() {
    let service = Service::demonstration().await;
    service.clock.advance(SignedDuration::from_hours(YEARS));
    for width in [Width::Narrow, Width::Desk] {
        let browser = signed_in(&service, width, "supervisor-1").await;
        let list = format!("{}/staff/keeping", service.address);
        look(&browser, &list, "87-past-their-day").await;
        let case = first(&browser, "main .govuk-list a").await;
        look(&browser, &case, "88-to-be-kept-or-not").await;
        browser.press("Propose").await;
        browser.screenshot("89-proposal-with-errors").await;
        browser.no_sideways_scroll().await;
        let faults = browser.axe().await;
        assert!(faults.is_empty(), "89-proposal-with-errors: {faults:?}");
    }
}
