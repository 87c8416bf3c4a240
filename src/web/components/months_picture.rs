//! The picture of one question over twelve months: a line for each agency, a bar for each month. It repeats what the table beside it
//! says, so nobody needs to see it; no meaning hangs on a colour.

use maud::{Markup, html};

use super::state_picture::{BRAND, INK, PAPER, QUIET, SURFACE};

/// A line of the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthsLine {
    pub label: String,
    /// How often in each month, of how many times; nothing where it was not asked.
    pub shares: Vec<Option<(u32, u32)>>,
}

const LABELS: usize = 230;
const MONTH: usize = 36;
const LINE: usize = 44;
const HEAD: usize = 28;
const BAR: usize = 32;

/// The picture as SVG. `id` tells it from others on the page; `sentence` is read out in its place.
#[must_use]
pub fn months_picture(id: &str, sentence: &str, months: &[String], lines: &[MonthsLine]) -> Markup {
    let width = LABELS + MONTH * months.len();
    let height = HEAD + LINE * lines.len();
    html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox={"0 0 " (width) " " (height)} width=(width) height=(height)
            role="img" aria-labelledby=(id) font-family="arial, helvetica, sans-serif" {
            title id=(id) { (sentence) }
            rect width="100%" height="100%" fill=(PAPER) {}
            @for (place, month) in months.iter().enumerate() {
                text x=(LABELS + MONTH * place + MONTH / 2) y="18" font-size="14" text-anchor="middle" fill=(QUIET) { (month) }
            }
            @for (place, line) in lines.iter().enumerate() {
                (one(HEAD + LINE * place, line))
            }
        }
    }
}

fn one(top: usize, line: &MonthsLine) -> Markup {
    html! {
        text x="0" y=(top + 26) font-size="16" fill=(INK) { (line.label) }
        @for (place, share) in line.shares.iter().enumerate() {
            @if let Some((so, of)) = share {
                @let height = BAR * (*so as usize) / (*of).max(1) as usize;
                @let left = LABELS + MONTH * place + 6;
                rect x=(left) y=(top + 4) width=(MONTH - 12) height=(BAR) fill=(SURFACE) stroke=(QUIET) {}
                rect x=(left) y=(top + 4 + BAR - height) width=(MONTH - 12) height=(height) fill=(BRAND) {}
            }
        }
    }
}
