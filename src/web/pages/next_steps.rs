//! What happens next, for whoever asks or wonders whether to ask: read outside the sign-in, so it names nothing (L8).

use maud::Markup;

use super::start::{self, At, NEXT};
use crate::engine::definition::explain;
use crate::web::components::explained;
use crate::web::layout::{PublicPage, public_page};

pub async fn page(At(door): At) -> Markup {
    let document = explain::public(&door.definition);
    public_page(&PublicPage {
        title: &document.title,
        heading: &document.title,
        back: &start::address(&door, ""),
        body: explained(&document),
        ..start::behind(&door, NEXT)
    })
}
