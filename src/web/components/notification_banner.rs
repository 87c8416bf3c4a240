//! News about what just happened, or that matters for the whole page.

use maud::{Markup, html};

use super::{Content, classes, heading::heading, present};

const TITLE_ID: &str = "govuk-notification-banner-title";

/// `text` is one sentence in the banner's own style, `body` anything else (and wins). `success` is green and announced at once.
#[derive(Debug, Clone, Default)]
pub struct NotificationBanner<'a> {
    pub text: Content,
    pub body: Markup,
    pub success: bool,
    pub title: Content,
    pub title_id: &'a str,
    /// 0 means 2.
    pub title_level: u8,
    pub role: &'a str,
    pub classes: &'a str,
    pub keep_focus: Option<bool>,
}

/// The banner.
#[must_use]
pub fn notification_banner(banner: &NotificationBanner) -> Markup {
    let (kind, role, title) = if banner.success {
        ("govuk-notification-banner--success", "alert", "Success")
    } else {
        ("", "region", "Important")
    };
    let title_id = present(banner.title_id).unwrap_or(TITLE_ID);
    let level = if banner.title_level == 0 {
        2
    } else {
        banner.title_level
    };
    html! {
        div class=(classes(&["govuk-notification-banner", kind, banner.classes])) role=(present(banner.role).unwrap_or(role))
            aria-labelledby=(title_id) data-module="govuk-notification-banner" data-disable-auto-focus=[banner.keep_focus] {
            div class="govuk-notification-banner__header" {
                (heading(level, title_id, "govuk-notification-banner__title", &banner.title.or(title)))
            }
            div class="govuk-notification-banner__content" {
                @if !banner.body.0.is_empty() {
                    (banner.body)
                } @else if !banner.text.is_empty() {
                    p class="govuk-notification-banner__heading" { (banner.text) }
                }
            }
        }
    }
}
