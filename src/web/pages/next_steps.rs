//! What happens next, for whoever asks or wonders whether to ask: read outside the sign-in, so it names nothing (L8).

use maud::Markup;

use super::start::{self, At};
use crate::app::intake::PublicDoor;
use crate::engine::definition::explain;
use crate::web::components::explained;
use crate::web::layout::{PublicPage, public_page};

/// Where this page stands behind a way in.
const PAGE: &str = "/next";

/// The address of this page for a way in.
pub fn address(door: &PublicDoor) -> String {
    start::address(door, PAGE)
}

pub async fn page(At(door): At) -> Markup {
    let document = explain::public(&door.definition);
    public_page(&PublicPage {
        title: &document.title,
        heading: &document.title,
        back: &start::address(&door, ""),
        body: explained(&document),
        ..start::behind(&door, PAGE)
    })
}
