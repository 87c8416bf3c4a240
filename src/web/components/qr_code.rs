//! A square that a device's camera reads a text from.

use std::fmt::Write as _;

use maud::{Markup, html};
use qrcode::{Color, QrCode};

/// The quiet border that a camera needs, in modules (ISO/IEC 18004).
const QUIET: usize = 4;

/// The square; nothing when the text is too long for one. `label` is what it is for those who do not see it.
#[must_use]
pub fn qr_code(text: &str, label: &str) -> Markup {
    let Ok(code) = QrCode::new(text) else {
        return html! {};
    };
    let side = code.width() + 2 * QUIET;
    let view = format!("0 0 {side} {side}");
    html! {
        svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label=(label) viewBox=(view) width="240" height="240"
            shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#ffffff" {}
            path d=(dark(&code)) fill="#000000" {}
        }
    }
}

/// A path around each dark module.
fn dark(code: &QrCode) -> String {
    let width = code.width();
    let mut path = String::new();
    for (place, colour) in code.to_colors().into_iter().enumerate() {
        if colour == Color::Dark {
            let (x, y) = (QUIET + place % width, QUIET + place / width);
            let _ = write!(path, "M{x} {y}h1v1h-1z"); // a String takes everything
        }
    }
    path
}
