//! The picture of a scheme: every state once, every way once, nothing on top of anything, and readable.

use std::collections::BTreeMap;

use clares_law::app::library;
use clares_law::engine::definition::Definition;
use clares_law::engine::definition::graph::{Picture, Place, picture, ways};
use clares_law::web::components::state_picture;

use crate::support::browser::{css, select};
use crate::support::world::{dsdas, shipped};

fn all() -> Vec<(Definition, Picture)> {
    let read = library::schemes(&shipped()).into_iter();
    let all = read.map(|read| read.definition.unwrap());
    all.map(|definition| {
        let drawn = picture(&definition, None);
        (definition, drawn)
    })
    .collect()
}

fn apart(one: &Place, other: &Place) -> bool {
    one.x + one.width <= other.x
        || other.x + other.width <= one.x
        || one.y + one.height <= other.y
        || other.y + other.height <= one.y
}

/// Whether a point lies on the edge of a box, to a pixel.
fn touches(place: &Place, (x, y): (f64, f64)) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() < 1.0;
    let across = x > place.x - 1.0 && x < place.x + place.width + 1.0;
    let along = y > place.y - 1.0 && y < place.y + place.height + 1.0;
    (across && (near(y, place.y) || near(y, place.y + place.height)))
        || (along && (near(x, place.x) || near(x, place.x + place.width)))
}

#[test]
fn every_state_has_its_own_place_within_its_phase() {
    for (definition, drawn) in all() {
        assert_eq!(drawn.places.len(), definition.scheme.states.0.len());
        for (number, place) in drawn.places.iter().enumerate() {
            for other in &drawn.places[..number] {
                assert!(apart(place, other), "{} on {}", place.state, other.state);
            }
            let phase = definition.scheme.states.get(&place.state).unwrap().phase;
            let band = drawn
                .bands
                .iter()
                .find(|band| band.label == phase.label())
                .unwrap();
            assert!(
                band.top < place.y && place.y + place.height < band.top + band.height,
                "{}",
                place.state
            );
            assert!(place.x > 0.0 && place.x + place.width < drawn.width);
            for line in &place.lines {
                assert!(line.len() <= 22, "‘{line}’ does not fit its box");
            }
        }
        for pair in drawn.bands.windows(2) {
            assert!(
                pair[0].top + pair[0].height <= pair[1].top,
                "two phases overlap"
            );
        }
    }
}

#[test]
fn every_way_is_an_arrow_from_box_to_box_or_a_letter() {
    for (definition, drawn) in all() {
        let ways = ways(&definition);
        let mut expected = 0;
        for (from, _) in &ways.states {
            let actions = definition.scheme.actions.iter();
            let to = actions.filter(|(_, action)| action.from.has(from));
            let to = to.filter_map(|(_, action)| action.to.as_deref());
            let to: std::collections::BTreeSet<_> = to.filter(|to| to != from).collect();
            expected += to.len();
        }
        let letters: usize = drawn.places.iter().map(|place| place.leads.len()).sum();
        assert_eq!(drawn.arrows.len() + letters, expected);
        assert_eq!(drawn.arrows.len(), ways.drawn.len());
        let place = |name: &str| {
            drawn
                .places
                .iter()
                .find(|place| place.state == name)
                .unwrap()
        };
        for (arrow, way) in drawn.arrows.iter().zip(&ways.drawn) {
            assert!(touches(place(way.from), arrow.points[0]), "{}", arrow.title);
            assert!(
                touches(place(way.to), *arrow.points.last().unwrap()),
                "{}",
                arrow.title
            );
        }
        for place in &drawn.places {
            let reached = ways.drawn.iter().any(|way| way.to == place.state);
            assert!(reached || place.start, "no arrow leads to {}", place.state);
        }
    }
}

#[test]
fn a_picture_can_be_read_by_everybody_and_is_the_same_each_time() {
    let cases = BTreeMap::from([("triaged".to_owned(), 7)]);
    let draw = || state_picture(&picture(dsdas(), Some(&cases)), "A <scheme>").into_string();
    let svg = draw();
    assert_eq!(svg, draw());
    assert!(svg.contains("role=\"img\"") && svg.contains("A &lt;scheme&gt;"));
    assert_eq!(select(&svg, "svg > title").len(), 1);
    assert_eq!(select(&svg, "svg > desc").len(), 1);
    assert!(select(&svg, "text").contains(&"7".to_owned()));
    let page = scraper::Html::parse_fragment(&svg);
    for text in page.select(&css("text")) {
        let size: u32 = text.value().attr("font-size").unwrap().parse().unwrap();
        assert!(size >= 12, "{size} px is too small");
    }
    assert!(
        !svg.contains("style="),
        "the page's rules forbid styles in place"
    );
}
