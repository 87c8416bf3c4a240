//! Invented information-sharing agreements for tests.

use clares_law::domain::class::FieldClass;
use clares_law::engine::definition::Library;
use clares_law::engine::definition::finding::File;

use super::world::AUTHORITY;

/// The file of the agreement with this agency.
pub fn path(agency: &str) -> String {
    format!("agreements/with-{agency}.yaml")
}

/// The library with no agreement but this one.
pub fn only(
    mut library: Library,
    agency: &str,
    classes: &[FieldClass],
    days: [&str; 2],
) -> Library {
    without(&mut library);
    also(library, agency, classes, days)
}

/// The library with an agreement of the Scottish authority with this agency, on these classes, between these days.
pub fn also(
    mut library: Library,
    agency: &str,
    classes: &[FieldClass],
    days: [&str; 2],
) -> Library {
    let classes: Vec<_> = classes.iter().map(|class| class.name()).collect();
    let classes = classes.join("\n  - ");
    let [from, until] = days;
    let text = format!(
        "agreement: with-{agency}\nname: An agreement\nauthority: {AUTHORITY}\nagencies:\n  - {agency}\n\
         parties:\n  - A force\n  - An agency\npurposes:\n  - To decide together\nfields:\n  - {classes}\n\
         basis:\n  is: A task in law\n  source: A law\nsigned: {from}\nfrom: {from}\nuntil: {until}\n\
         review: coordinator\n"
    );
    library
        .0
        .insert(path(agency), File::new(path(agency), text));
    library
}

/// Takes every agreement out of a library.
pub fn without(library: &mut Library) {
    library.0.retain(|path, _| !path.starts_with("agreements/"));
}
