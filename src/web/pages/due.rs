//! A deadline on a page, with the badge of a clock that no source confirms.

use maud::{Markup, html};

use crate::engine::definition::Definition;
use crate::engine::definition::builtin::SECOND_PERSON;
use crate::web::components::unconfirmed;
use crate::web::words::{Deadline, Standing};

/// A deadline; how near it is stands in the words, and its look only repeats them.
pub fn deadline_words(deadline: &Deadline) -> Markup {
    let class = match deadline.standing {
        Standing::Late => "app-due app-due--late",
        Standing::Today => "app-due app-due--today",
        Standing::Later => "app-due",
    };
    html! { (deadline.when) " – " span class=(class) { (deadline.left) } }
}

/// The badge of a clock that no source confirms (L15).
pub fn doubt(definition: &Definition, clock: &str) -> Markup {
    let declared = definition
        .scheme
        .clocks
        .get(clock)
        .and_then(|clock| clock.unconfirmed.as_ref());
    let why = match declared {
        Some(doubt) => Some(doubt.sentence()),
        None => (clock == SECOND_PERSON).then(|| "our target".to_owned()),
    };
    html! { @if let Some(why) = why { " " (unconfirmed(&why)) } }
}
