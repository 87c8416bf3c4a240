//! The two frames that every page stands in: the public one, which names nothing and can be left in a moment, and the staff one.
//! Titles are 'what this page is – Online form' or '… – Case work': no scheme, no party, no reference in them (L8).

use maud::{DOCTYPE, Markup, html};

use super::assets;
use super::components::{
    BackLink, ErrorLink, ErrorSummary, ExitThisPage, GenericHeader, LanguageLink,
    LanguageNavigation, NavLink, ServiceNavigation, SkipLink, back_link, error_summary,
    exit_this_page, generic_header, language_navigation, service_navigation, skip_link,
};
use crate::engine::definition::voice::ENGLISH;

/// What the public service calls itself: it must mean nothing to somebody who glances at the screen.
pub const PUBLIC_NAME: &str = "Online form";
/// What the staff service calls itself.
pub const STAFF_NAME: &str = "Case work";
/// The way out of the public form: wipes what was typed, then redirects to somewhere harmless. Named for browser histories.
pub const EXIT: &str = "/weather";
/// Where one signs in.
pub const SIGN_IN: &str = "/staff/sign-in";

/// Where one gives the code of a device after the password.
pub const SIGN_IN_CODE: &str = "/staff/sign-in/code";
/// Where an invited person sets a password.
pub const JOIN: &str = "/staff/join";
/// Where an invited person sets a device.
pub const JOIN_DEVICE: &str = "/staff/join/device";
/// Where somebody signed in confirms who they are.
pub const CONFIRM: &str = "/staff/confirm-it-is-you";
/// Where somebody opens a case in an emergency.
pub const BREAK_GLASS: &str = "/staff/break-glass";
/// Where the staff's sign-out form posts to.
pub const SIGN_OUT: &str = "/staff/sign-out";
/// Where a page asks whether somebody is signed in still, before it sends what they typed.
pub const HERE: &str = "/staff/here";
/// The schemes of the installation.
pub const SCHEMES: &str = "/staff/schemes";
/// The meetings of the forum.
pub const MEETINGS: &str = "/staff/meetings";
/// Messages that were refused or may not have arrived.
pub const MESSAGES: &str = "/staff/messages";
/// Looks that a reviewer is asked about.
pub const LOOKS: &str = "/staff/looks";
/// Cases past the day until which they have to be kept.
pub const KEEPING: &str = "/staff/keeping";
/// The referrals that somebody made.
pub const REFERRALS: &str = "/staff/referrals";
/// Where the staff service begins.
pub const STAFF_HOME: &str = "/staff";

/// The brand colour of `ui/scss/_theme.scss`, for the browser's own bar on phones.
const THEME_COLOUR: &str = "#1f5a5f";

/// A page of the public form.
#[derive(Debug, Clone, Default)]
pub struct PublicPage<'a> {
    /// What this page asks or says. It lands in the browser's history: no scheme, no party.
    pub title: &'a str,
    /// The `h1` above the body; empty when the body brings its own (a legend or label that is the heading).
    pub heading: &'a str,
    /// Where 'Back' leads; empty for no back link.
    pub back: &'a str,
    /// What has to be mended; not empty puts 'Error: ' before the title and the summary above the heading.
    pub errors: Vec<ErrorLink>,
    pub body: Markup,
    /// The language that the reader chose; empty is English. What the page itself says is English all the same, and says so.
    pub language: &'a str,
    /// The same page in other languages.
    pub languages: Vec<LanguageLink<'a>>,
    /// Whether the way out shows. On every page from the first question on.
    pub exit: bool,
}

/// Who is signed in.
#[derive(Debug, Clone, Default)]
pub struct Who<'a> {
    pub name: &'a str,
    pub role: &'a str,
    pub authority: &'a str,
}

/// A page of the staff service.
#[derive(Debug, Clone, Default)]
pub struct StaffPage<'a> {
    /// What this page is. It lands in histories and on shared screens: no names, no references.
    pub title: &'a str,
    /// The `h1` above the body; empty when the body brings its own.
    pub heading: &'a str,
    pub back: &'a str,
    /// `None` before sign-in.
    pub who: Option<Who<'a>>,
    pub nav: Vec<NavLink>,
    /// Stands above the heading: the case's identity bar, a notice.
    pub above: Markup,
    pub errors: Vec<ErrorLink>,
    pub body: Markup,
}

/// What both frames have.
struct Frame<'a> {
    language: &'a str,
    title: String,
    css: Option<&'a str>,
    js: Option<&'a str>,
    skip: Markup,
    header: Markup,
    container: Markup,
}

/// The public frame. Nothing in it needs scripts; without the built styles it is plain HTML.
#[must_use]
pub fn public_page(page: &PublicPage) -> Markup {
    frame(&Frame {
        language: page.language,
        title: title(page.title, PUBLIC_NAME, &page.errors),
        css: assets::public_css(),
        js: assets::public_js(),
        skip: html! {
            (skip_to_content())
            @if page.exit { (hidden_exit()) }
        },
        header: html! {
            (emergency())
            (generic_header(&GenericHeader { name: PUBLIC_NAME.into(), ..GenericHeader::default() }))
        },
        container: html! {
            @if page.exit { (exit()) }
            @if !page.languages.is_empty() {
                (language_navigation(&LanguageNavigation { items: page.languages.clone(), classes: "app-languages" }))
            }
            (back(page.back))
            main class="govuk-main-wrapper" id="main-content" {
                div class="govuk-grid-row" {
                    div class="govuk-grid-column-two-thirds" {
                        (errors(&page.errors))
                        (main_heading(page.heading))
                        (page.body)
                    }
                }
            }
        },
    })
}

/// The staff frame.
#[must_use]
pub fn staff_page(page: &StaffPage) -> Markup {
    frame(&Frame {
        language: ENGLISH,
        title: title(page.title, STAFF_NAME, &page.errors),
        css: assets::staff_css(),
        js: assets::staff_js(),
        skip: skip_to_content(),
        header: html! {
            (generic_header(&GenericHeader { name: STAFF_NAME.into(), href: STAFF_HOME, ..GenericHeader::default() }))
            @if let Some(who) = &page.who { (staff_bar(who, &page.nav)) }
        },
        container: html! {
            (back(page.back))
            main class="govuk-main-wrapper" id="main-content" {
                (page.above)
                (errors(&page.errors))
                (main_heading(page.heading))
                (page.body)
            }
        },
    })
}

fn frame(frame: &Frame) -> Markup {
    let language = Some(frame.language).filter(|language| !language.is_empty());
    // Until the pages themselves are translated, all that is not a definition's wording is English, on every page.
    let own = language
        .filter(|language| *language != ENGLISH)
        .map(|_| ENGLISH);
    html! {
        (DOCTYPE)
        html lang=(language.unwrap_or(ENGLISH)) class="govuk-template" {
            head {
                meta charset="utf-8";
                title lang=[own] { (frame.title) }
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="theme-color" content=(THEME_COLOUR);
                meta name="robots" content="noindex";
                // An empty icon: no crest in the tab, and no request for one.
                link rel="icon" href="data:,";
                @if let Some(css) = frame.css { link rel="stylesheet" href=(css); }
                @if let Some(js) = frame.js { script type="module" src=(js) {} }
            }
            body class="govuk-template__body" lang=[own] {
                (frame.skip)
                header class="govuk-template__header" { (frame.header) }
                div class="govuk-width-container" { (frame.container) }
            }
        }
    }
}

fn title(what: &str, service: &str, errors: &[ErrorLink]) -> String {
    let error = if errors.is_empty() { "" } else { "Error: " };
    format!("{error}{what} – {service}")
}

fn errors(errors: &[ErrorLink]) -> Markup {
    html! {
        @if !errors.is_empty() {
            (error_summary(&ErrorSummary {
                title: "There is a problem".into(),
                errors: errors.to_vec(),
                ..ErrorSummary::default()
            }))
        }
    }
}

fn main_heading(heading: &str) -> Markup {
    html! { @if !heading.is_empty() { h1 class="govuk-heading-l" { (heading) } } }
}

fn back(href: &str) -> Markup {
    html! { @if !href.is_empty() { (back_link(&BackLink { href, ..BackLink::default() })) } }
}

fn skip_to_content() -> Markup {
    skip_link(&SkipLink {
        text: "Skip to main content".into(),
        href: "#main-content",
        ..SkipLink::default()
    })
}

/// The second way out, for those who use the keyboard or a screen reader.
fn hidden_exit() -> Markup {
    skip_link(&SkipLink {
        text: "Exit this page".into(),
        href: EXIT,
        classes: "govuk-js-exit-this-page-skiplink",
        rel: "nofollow noreferrer",
    })
}

fn exit() -> Markup {
    exit_this_page(&ExitThisPage {
        href: EXIT,
        classes: "app-exit",
        timed_out: "Exit cancelled.",
        press_two_more_times: "Press 2 more times to exit.",
        press_one_more_time: "Press 1 more time to exit.",
        ..ExitThisPage::default()
    })
}

/// First thing on every public page, scripts or not.
fn emergency() -> Markup {
    html! {
        div class="app-emergency" {
            div class="govuk-width-container" {
                p class="app-emergency__text" {
                    "If someone is in danger now, call " a class="govuk-link" href="tel:999" { "999" }
                }
            }
        }
    }
}

fn staff_bar(who: &Who, nav: &[NavLink]) -> Markup {
    service_navigation(&ServiceNavigation {
        links: nav.to_vec(),
        end: html! {
            div class="app-signed-in" data-here=(HERE) data-sign-in=(SIGN_IN) {
                span { (who.name) ", " (who.role) ", " (who.authority) }
                form class="app-signed-in__form" method="post" action=(SIGN_OUT) {
                    button class="app-link-button" type="submit" { "Sign out" }
                }
            }
        },
        end_inline: true,
        ..ServiceNavigation::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l8_the_public_frame_names_nothing() {
        let page = public_page(&PublicPage {
            title: "How we can contact you",
            exit: true,
            ..PublicPage::default()
        });
        let page = page.into_string().to_lowercase();
        let banned = include_str!("../../workflows/messages/banned.yaml");
        let words: Vec<_> = banned
            .lines()
            .filter_map(|line| line.strip_prefix("  - "))
            .collect();
        assert!(words.len() > 10);
        for word in words {
            assert!(!page.contains(word), "{word}");
        }
    }

    #[test]
    fn the_title_follows_the_rule_and_says_when_something_is_to_be_mended() {
        let mut page = StaffPage {
            title: "Queue",
            ..StaffPage::default()
        };
        let html = staff_page(&page).into_string();
        assert!(html.contains("<title>Queue – Case work</title>"));
        assert!(!html.contains("Sign out"));

        page.errors = vec![ErrorLink {
            text: "Choose a case".into(),
            href: "#cases".to_owned(),
        }];
        let html = staff_page(&page).into_string();
        assert!(html.contains("<title>Error: Queue – Case work</title>"));
    }

    #[test]
    fn the_emergency_line_and_both_ways_out_are_plain_links() {
        let html = public_page(&PublicPage {
            exit: true,
            ..PublicPage::default()
        })
        .into_string();
        let emergency = html.find("href=\"tel:999\"").expect("999 is a link");
        assert!(emergency < html.find("govuk-generic-header").expect("header"));
        assert_eq!(html.matches("href=\"/weather\"").count(), 2);
        assert_eq!(html.matches("rel=\"nofollow noreferrer\"").count(), 2);
        assert!(!html.contains("<script>"), "no inline scripts");
    }

    #[test]
    fn what_a_person_typed_is_escaped() {
        let html = public_page(&PublicPage {
            title: "<b>",
            heading: "<script>alert(1)</script>",
            ..PublicPage::default()
        })
        .into_string();
        assert!(!html.contains("<script>alert"));
        assert!(html.contains("&lt;b&gt;"));
    }
}
