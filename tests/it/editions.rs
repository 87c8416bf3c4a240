//! What happens when an edition of a scheme changes: what it says otherwise, whom it would strand, and how a case moves.

mod diff;

use clares_law::engine::definition::finding::Severity;
use clares_law::engine::definition::{self, Definition, Library};

use crate::support::world::{SCHEME, shipped};

/// The shipped files with a few words replaced; each must stand there.
pub fn edited(changes: &[(&str, &str, &str)]) -> Library {
    let mut library = shipped();
    for (path, from, to) in changes {
        let file = library.0.get_mut(*path).unwrap();
        assert!(file.text.contains(from), "{path} does not say {from}");
        file.text = file.text.replacen(from, to, 1);
    }
    library
}

/// The scheme of such files, which must be sound.
pub fn edition(changes: &[(&str, &str, &str)]) -> Definition {
    let (read, findings) = definition::read(&edited(changes), SCHEME);
    read.unwrap_or_else(|| {
        let errors = findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error);
        panic!("{:?}", errors.collect::<Vec<_>>())
    })
}
