//! What happens when an edition of a scheme changes: what it says otherwise, whom it would strand, and how a case moves.

mod commands;
mod diff;
mod migration;
mod moves;
mod rehearsal;

use clares_law::engine::definition::finding::{File, Severity};
use clares_law::engine::definition::{self, Definition, Library};
use clares_law::engine::scenario::{NOTHING, Scenario};

use crate::support::world::{SCHEME, Walk, actor, dsdas, own_name, shipped, waited};

/// The shipped files, with those of the scheme put together from what they share, so that a test finds its words in one.
pub fn whole() -> Library {
    let mut library = shipped();
    for (path, file) in &dsdas().documents.0 {
        if path.starts_with("schemes/") || path.starts_with("records/") {
            library.0.insert(
                path.clone(),
                File::new(file.path.clone(), file.text.clone()),
            );
        }
    }
    library
}

/// The shipped files with a few words replaced; each must stand there.
pub fn edited(changes: &[(&str, &str, &str)]) -> Library {
    let mut library = whole();
    for (path, from, to) in changes {
        let file = library.0.get_mut(*path).unwrap();
        assert!(file.text.contains(from), "{path} does not say {from}");
        file.text = file.text.replacen(from, to, 1);
    }
    library
}

/// The shipped files with words of one of them replaced wherever they stand.
pub fn replaced(path: &str, pairs: &[(&str, &str)]) -> Library {
    let mut library = whole();
    let file = library.0.get_mut(path).unwrap();
    for (from, to) in pairs {
        assert!(file.text.contains(from), "{path} does not say {from}");
        file.text = file.text.replace(from, to);
    }
    library
}

/// The shipped files with the scheme of changed ones beside them, as a later edition.
pub fn beside(changed: &Library) -> Library {
    let mut library = shipped();
    let path = SCHEME.replace(".yaml", "@later.yaml");
    let file = File::new(format!("workflows/{path}"), changed.0[SCHEME].text.clone());
    library.0.insert(path, file);
    library
}

/// The scheme of such files, which must be sound.
pub fn edition(changes: &[(&str, &str, &str)]) -> Definition {
    sound(&edited(changes))
}

/// The scheme of these files, which must be sound.
pub fn sound(library: &Library) -> Definition {
    let (read, findings) = definition::read(library, SCHEME);
    read.unwrap_or_else(|| {
        let errors = findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error);
        panic!("{:?}", errors.collect::<Vec<_>>())
    })
}

/// A case at every point of a scenario's way, as long as it is open.
pub fn along(scenario: &Scenario) -> Vec<Walk> {
    let mut walk = Walk::open(scenario);
    let mut way = vec![walk.clone()];
    for step in &scenario.steps {
        walk.now += waited(step);
        if *step.does == *NOTHING {
            walk.look_at_clocks();
        } else {
            let by = actor(scenario, step, |role, number| {
                own_name(scenario, role, number)
            })
            .unwrap();
            // Some steps are there to be refused.
            let _ = walk.ask(&scenario.command(dsdas(), step, by, walk.now));
        }
        if !walk.case.ended {
            way.push(walk.clone());
        }
    }
    way
}
