//! The picture of a scheme's states. It repeats what the list beside it says, so nobody needs to see it.

use std::fmt::Write;

use maud::{Markup, html};

use crate::engine::definition::graph::{Arrow, Band, Picture, Place};

/// The house's colours, as in `ui/scss/_theme.scss`: a picture must also show on its own, without the style sheet.
pub(super) const INK: &str = "#0b0c0c";
pub(super) const QUIET: &str = "#484c4f";
pub(super) const BRAND: &str = "#1f5a5f";
pub(super) const SURFACE: &str = "#eef4f4";
pub(super) const PAPER: &str = "#ffffff";

/// How to read the picture.
pub const ABOUT: &str = "Each box is a state, from the first phase at the top to the last. Arrows show the actions that lead on. \
A dashed arrow counts only when a second person confirms. A letter in a box stands for a way to the state with that letter.";

/// The picture as SVG, on a page or in a file of its own. Its title and `ABOUT` are read out in its place.
#[must_use]
pub fn state_picture(picture: &Picture, title: &str) -> Markup {
    let size = format!("0 0 {:.0} {:.0}", picture.width, picture.height);
    html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(size) width=(whole(picture.width)) height=(whole(picture.height))
            role="img" aria-labelledby="states-title states-about" font-family="arial, helvetica, sans-serif" {
            title id="states-title" { (title) }
            desc id="states-about" { (ABOUT) }
            defs { (head("states-arrow")) }
            rect width="100%" height="100%" fill=(PAPER) {}
            @for stripe in &picture.bands { (band(stripe, picture.width)) }
            @for line in &picture.arrows { (arrow(line)) }
            @for stripe in &picture.bands { (phase(stripe)) }
            @for state in &picture.places { (place(state)) }
        }
    }
}

fn whole(length: f64) -> String {
    format!("{length:.0}")
}

fn head(id: &str) -> Markup {
    html! {
        marker id=(id) viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto" {
            path d="M0 0 10 5 0 10z" fill=(BRAND) {}
        }
    }
}

fn band(band: &Band, width: f64) -> Markup {
    html! {
        rect x="0" y=(whole(band.top)) width=(whole(width)) height=(whole(band.height)) fill=(SURFACE) {}
    }
}

/// The name of a phase; its rim keeps it readable where an arrow passes.
fn phase(band: &Band) -> Markup {
    html! {
        text x="12" y=(whole(band.top + 22.0)) font-size="16" font-weight="bold" fill=(QUIET) stroke=(SURFACE) stroke-width="6"
            paint-order="stroke" { (band.label) }
    }
}

fn arrow(arrow: &Arrow) -> Markup {
    let dashes = arrow.takes_two.then_some("6 4");
    html! {
        path d=(curve(&arrow.points)) fill="none" stroke=(BRAND) stroke-width="2" stroke-dasharray=[dashes]
            marker-end="url(#states-arrow)" { title { (arrow.title) } }
    }
}

/// Through the middle of each stretch, rounded at the points between.
fn curve(points: &[(f64, f64)]) -> String {
    let [(x, y), inner @ .., (end_x, end_y)] = points else {
        return String::new();
    };
    let mut path = format!("M{x:.1} {y:.1}");
    for (place, (x, y)) in inner.iter().enumerate() {
        let (next_x, next_y) = inner.get(place + 1).copied().unwrap_or((*end_x, *end_y));
        let (to_x, to_y) = (x.midpoint(next_x), y.midpoint(next_y));
        let _ = write!(path, "Q{x:.1} {y:.1} {to_x:.1} {to_y:.1}"); // a String takes everything
    }
    let _ = write!(path, "L{end_x:.1} {end_y:.1}");
    path
}

fn place(place: &Place) -> Markup {
    let width = if place.start || place.end { "4" } else { "2" };
    html! {
        g {
            rect x=(whole(place.x)) y=(whole(place.y)) width=(whole(place.width)) height=(whole(place.height))
                rx=(if place.end { "18" } else { "2" }) fill=(PAPER) stroke=(BRAND) stroke-width=(width) {}
            (label(place))
            @if let Some(letter) = place.letter { (disc(place.x, place.y + 26.0, letter, true, false)) }
            @if let Some(cases) = place.cases { (count(place, cases)) }
            @if !place.leads.is_empty() { (leads(place)) }
        }
    }
}

fn label(place: &Place) -> Markup {
    html! {
        text x=(whole(place.x + 18.0)) font-size="14" font-weight="bold" fill=(INK) {
            @for (row, line) in (0_u8..).zip(&place.lines) {
                tspan x=(whole(place.x + 18.0)) y=(whole(place.y + 31.0 + 17.0 * f64::from(row))) { (line) }
            }
        }
    }
}

/// How many open cases stand there; none is said quietly.
fn count(place: &Place, cases: i64) -> Markup {
    let (x, y) = (place.x + place.width - 46.0, place.y - 11.0);
    let (fill, ink) = if cases > 0 {
        (BRAND, PAPER)
    } else {
        (PAPER, QUIET)
    };
    html! {
        rect x=(whole(x)) y=(whole(y)) width="46" height="22" rx="11" fill=(fill) stroke=(BRAND) {}
        text x=(whole(x + 23.0)) y=(whole(y + 16.0)) font-size="14" font-weight="bold" text-anchor="middle" fill=(ink) { (cases) }
    }
}

/// The letters of the states that this one leads to.
fn leads(place: &Place) -> Markup {
    let y = place.y + place.height - 15.0;
    html! {
        text x=(whole(place.x + 18.0)) y=(whole(y + 4.0)) font-size="12" fill=(QUIET) { "also to" }
        @for (row, (letter, two)) in (0_u8..).zip(&place.leads) {
            (disc(place.x + 72.0 + 23.0 * f64::from(row), y, *letter, false, *two))
        }
    }
}

fn disc(x: f64, y: f64, letter: char, own: bool, two: bool) -> Markup {
    let (fill, ink) = if own { (BRAND, PAPER) } else { (SURFACE, INK) };
    html! {
        circle cx=(whole(x)) cy=(whole(y)) r="10" fill=(fill) stroke=(BRAND) stroke-dasharray=[two.then_some("3 2")] {}
        text x=(whole(x)) y=(whole(y + 4.5)) font-size="12" font-weight="bold" text-anchor="middle" fill=(ink) { (letter) }
    }
}
