//! Fixtures of the components that are not fields, told in our options.

use clares_law::web::components::{
    Action, BackLink, Button, Card, Cell, Column, Details, ErrorLink, ErrorSummary, ExitThisPage,
    GenericHeader, InsetText, Kind, LanguageLink, LanguageNavigation, NavLink, NotificationBanner,
    PageItem, PageLink, Pagination, Panel, PhaseBanner, Row, ServiceNavigation, SkipLink,
    SummaryList, Table, Tag, WarningText, back_link, button, details, error_summary,
    exit_this_page, generic_header, inset_text, language_navigation, notification_banner,
    pagination, panel, phase_banner, service_navigation, skip_link, summary_list, table, tag,
    warning_text,
};
use maud::{Markup, PreEscaped};

use super::options::Options;

pub fn render(component: &str, o: Options) -> Option<Markup> {
    Some(match component {
        "back-link" => back_link(&BackLink {
            href: o.str("href"),
            text: o.content(),
            classes: o.str("classes"),
        }),
        "button" => as_button(o),
        "details" => details(&Details {
            summary: o.content_at("summaryHtml", "summaryText"),
            body: o.content(),
            id: o.str("id"),
            open: o.flag("open"),
            classes: o.str("classes"),
        }),
        "error-summary" => as_error_summary(o),
        "exit-this-page" => as_exit(o),
        "generic-header" => generic_header(&GenericHeader {
            name: o.content_at("logoHtml", "logoText"),
            href: o.str("url"),
            classes: o.str("classes"),
            container: o.str("containerClasses"),
        }),
        "inset-text" => inset_text(&InsetText {
            body: o.content(),
            id: o.str("id"),
            classes: o.str("classes"),
        }),
        "language-navigation" => as_languages(o),
        "notification-banner" => as_notification(o),
        "pagination" => as_pagination(o),
        "panel" => panel(&Panel {
            title: o.content_at("titleHtml", "titleText"),
            body: o.content(),
            level: o.number("headingLevel").unwrap_or_default(),
            classes: o.str("classes"),
        }),
        "phase-banner" => phase_banner(&PhaseBanner {
            tag: as_tag(o.at("tag")),
            text: o.content(),
            classes: o.str("classes"),
        }),
        "service-navigation" => as_navigation(o),
        "skip-link" => skip_link(&SkipLink {
            text: o.content(),
            href: o.str("href"),
            classes: o.str("classes"),
            rel: "",
        }),
        "summary-list" => as_summary_list(o),
        "table" => as_table(o),
        "tag" => tag(&as_tag(o)),
        "warning-text" => warning_text(&WarningText {
            text: o.content(),
            spoken: o.str("iconFallbackText"),
            classes: o.str("classes"),
        }),
        _ => return None,
    })
}

fn markup(html: &str) -> Markup {
    PreEscaped(html.to_owned())
}

fn as_tag(o: Options) -> Tag {
    Tag {
        text: o.content(),
        classes: o.str("classes"),
    }
}

fn as_button(o: Options) -> Markup {
    button(&Button {
        text: o.content(),
        href: o.str("href"),
        kind: match o.str("type") {
            "button" => Kind::Button,
            "reset" => Kind::Reset,
            _ => Kind::Submit,
        },
        name: o.str("name"),
        value: o.str("value"),
        id: o.str("id"),
        classes: o.str("classes"),
        start: o.flag("isStartButton"),
        disabled: o.flag("disabled"),
        once: o.maybe("preventDoubleClick"),
        rel: "",
    })
}

fn as_error_summary(o: Options) -> Markup {
    error_summary(&ErrorSummary {
        title: o.content_at("titleHtml", "titleText"),
        description: o.content_at("descriptionHtml", "descriptionText"),
        errors: o
            .list("errorList")
            .iter()
            .map(|error| ErrorLink {
                text: error.content(),
                href: error.str("href").to_owned(),
            })
            .collect(),
        classes: o.str("classes"),
        keep_focus: o.maybe("disableAutoFocus"),
    })
}

fn as_exit(o: Options) -> Markup {
    exit_this_page(&ExitThisPage {
        href: o.str("redirectUrl"),
        text: o.content(),
        id: o.str("id"),
        classes: o.str("classes"),
        activated: o.str("activatedText"),
        timed_out: o.str("timedOutText"),
        press_two_more_times: o.str("pressTwoMoreTimesText"),
        press_one_more_time: o.str("pressOneMoreTimeText"),
    })
}

fn as_notification(o: Options) -> Markup {
    notification_banner(&NotificationBanner {
        text: o.words("text").unwrap_or_default().into(),
        body: markup(o.str("html")),
        success: o.str("type") == "success",
        title: o.content_at("titleHtml", "titleText"),
        title_id: o.str("titleId"),
        title_level: o.number("titleHeadingLevel").unwrap_or_default(),
        role: o.str("role"),
        classes: o.str("classes"),
        keep_focus: o.maybe("disableAutoFocus"),
    })
}

fn as_pagination(o: Options) -> Markup {
    let link = |key| {
        o.given(key).map(|link| PageLink {
            href: link.str("href").to_owned(),
            text: link.content(),
            label: link.str("labelText").to_owned(),
        })
    };
    pagination(&Pagination {
        previous: link("previous"),
        next: link("next"),
        items: o.list("items").into_iter().map(as_page_item).collect(),
        landmark: o.str("landmarkLabel"),
        classes: o.str("classes"),
    })
}

fn as_page_item(o: Options) -> PageItem {
    if o.flag("ellipsis") {
        return PageItem::Gap;
    }
    PageItem::Page {
        number: o.words("number").unwrap_or_default(),
        href: o.str("href").to_owned(),
        current: o.flag("current"),
        spoken: o.str("visuallyHiddenText").to_owned(),
    }
}

fn as_navigation(o: Options) -> Markup {
    let slots = o.at("slots");
    let end = slots.given("end");
    service_navigation(&ServiceNavigation {
        name: o.str("serviceName"),
        href: o.str("serviceUrl"),
        links: o
            .list("navigation")
            .iter()
            .map(|link| NavLink {
                text: link.content(),
                href: link.str("href").to_owned(),
                current: link.flag("current"),
                active: link.flag("active"),
            })
            .collect(),
        end: markup(end.map_or(slots.str("end"), |end| end.str("html"))),
        end_inline: end.is_some_and(|end| end.str("align") == "inline"),
        folds: o.maybe("collapseNavigationOnMobile"),
        menu: o.str("menuButtonText"),
        menu_spoken: o.str("menuButtonLabel"),
        links_label: o.str("navigationLabel"),
        links_classes: o.str("navigationClasses"),
        links_id: o.str("navigationId"),
        label: o.str("ariaLabel"),
        classes: o.str("classes"),
    })
}

fn as_languages(o: Options) -> Markup {
    let items = o.list("items").into_iter();
    let items = items.map(|item| LanguageLink {
        text: item.content(),
        language: item.str("lang"),
        href: item.str("href").to_owned(),
        current: item.flag("current"),
        classes: item.str("classes"),
    });
    language_navigation(&LanguageNavigation {
        items: items.collect(),
        classes: o.str("classes"),
    })
}

fn as_actions(o: Options) -> Vec<Action> {
    let items = o.at("actions").list("items");
    let action = |item: &Options| Action {
        text: item.content(),
        href: item.str("href").to_owned(),
        about: item.str("visuallyHiddenText").to_owned(),
    };
    items.iter().map(action).collect()
}

fn as_summary_list(o: Options) -> Markup {
    summary_list(&SummaryList {
        rows: o
            .list("rows")
            .into_iter()
            .map(|row| Row {
                key: row.at("key").content(),
                value: row.at("value").content(),
                actions: as_actions(row),
                classes: row.str("classes"),
            })
            .collect(),
        card: o.given("card").map(|card| Card {
            title: card.at("title").content(),
            level: card.at("title").number("headingLevel").unwrap_or_default(),
            actions: as_actions(card),
            classes: card.str("classes"),
        }),
        classes: o.str("classes"),
    })
}

fn as_table(o: Options) -> Markup {
    let numeric = |cell: &Options| cell.str("format") == "numeric";
    table(&Table {
        caption: o.str("caption").into(),
        caption_classes: o.str("captionClasses"),
        head: o
            .list("head")
            .iter()
            .map(|cell| Column {
                text: cell.content(),
                numeric: numeric(cell),
                classes: cell.str("classes"),
                sorted: None,
                colspan: cell.number("colspan"),
                rowspan: cell.number("rowspan"),
            })
            .collect(),
        rows: o
            .list("rows")
            .into_iter()
            .map(|row| {
                row.entries()
                    .iter()
                    .map(|cell| Cell {
                        text: cell.content(),
                        numeric: numeric(cell),
                        classes: cell.str("classes"),
                        colspan: cell.number("colspan"),
                        rowspan: cell.number("rowspan"),
                    })
                    .collect()
            })
            .collect(),
        row_headers: o.flag("firstCellIsHeader"),
        classes: o.str("classes"),
    })
}
