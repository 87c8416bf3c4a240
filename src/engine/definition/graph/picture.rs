//! Where the boxes, arrows and phases of a scheme's picture go. Lengths are in CSS pixels.

use std::collections::BTreeMap;

use dagre::graph::{Graph, GraphOptions};
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, layout};

use super::super::Definition;
use super::super::scheme::Phase;
use super::ways::{Way, Ways, ways};

const WIDTH: f64 = 172.0;
/// Of a box without its lines, and of a line.
const HEIGHT: f64 = 35.0;
const LINE_HEIGHT: f64 = 17.0;
/// Added to a box that leads to states by their letters.
const LETTERS: f64 = 24.0;
/// Room around the boxes of a phase, and for its name.
const MARGIN: f64 = 18.0;
const NAME: f64 = 22.0;
/// How many characters of a label fit on a line of a box.
const LINE: usize = 20;

#[derive(Debug)]
pub struct Picture {
    pub width: f64,
    pub height: f64,
    pub bands: Vec<Band>,
    pub places: Vec<Place>,
    pub arrows: Vec<Arrow>,
}

/// The stripe of a phase.
#[derive(Debug)]
pub struct Band {
    pub label: &'static str,
    pub top: f64,
    pub height: f64,
}

/// The box of a state. `x` and `y` are its upper left corner.
#[derive(Debug)]
pub struct Place {
    pub state: String,
    /// The label, in lines that fit.
    pub lines: Vec<String>,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
    pub start: bool,
    pub end: bool,
    /// How many open cases stand here, where that is known; none at an end.
    pub cases: Option<i64>,
    /// The letter by which other boxes lead here.
    pub letter: Option<char>,
    /// The letters of the states this one leads to without an arrow, and whether each takes two people.
    pub leads: Vec<(char, bool)>,
}

/// The arrow for all actions between two states.
#[derive(Debug)]
pub struct Arrow {
    pub points: Vec<(f64, f64)>,
    /// Each needs a second person.
    pub takes_two: bool,
    /// From where to where, and by which actions.
    pub title: String,
}

/// The picture of a scheme, with the open cases in each state where they have been counted.
pub fn picture(definition: &Definition, cases: Option<&BTreeMap<String, i64>>) -> Picture {
    let ways = ways(definition);
    let laid = lay_out(&ways);
    let mut picture = Picture {
        width: 0.0,
        height: 0.0,
        bands: Vec::new(),
        places: ways
            .states
            .iter()
            .filter_map(|(name, _)| place(definition, &ways, &laid, name, cases))
            .collect(),
        arrows: ways
            .drawn
            .iter()
            .filter_map(|way| arrow(definition, &ways, &laid, way))
            .collect(),
    };
    picture.bands(&ways);
    picture
}

impl Picture {
    /// Draws the phases around their boxes, and finds out how large everything is.
    fn bands(&mut self, ways: &Ways) {
        let right = self.places.iter().map(|place| place.x + place.width);
        let points = self.arrows.iter().flat_map(|arrow| &arrow.points);
        let right = right.chain(points.map(|(x, _)| *x)).fold(0.0, f64::max);
        self.width = right + MARGIN;
        for phase in Phase::ALL {
            let of_phase = |place: &&Place| {
                let mut states = ways.states.iter();
                states.any(|(name, state)| *name == place.state && state.phase == phase)
            };
            let places = || self.places.iter().filter(of_phase);
            let top = places().map(|place| place.y).fold(f64::MAX, f64::min);
            let bottom = places()
                .map(|place| place.y + place.height)
                .fold(0.0, f64::max);
            if bottom > 0.0 {
                self.bands.push(Band {
                    label: phase.label(),
                    top: top - MARGIN - NAME,
                    height: bottom - top + 2.0 * MARGIN + NAME,
                });
                self.height = bottom + 2.0 * MARGIN;
            }
        }
    }
}

type Laid = Graph<NodeLabel, EdgeLabel>;

/// Every arrow goes down to the layout, also those that lead back: so the order of the phases stays.
fn lay_out(ways: &Ways) -> Laid {
    let mut graph = Graph::with_options(GraphOptions {
        directed: true,
        multigraph: true,
        compound: false,
    });
    for (name, state) in &ways.states {
        let letters = ways.lettered.iter().any(|way| way.from == *name);
        let node = NodeLabel {
            width: WIDTH,
            height: height(&state.label, letters),
            ..NodeLabel::default()
        };
        graph.set_node(*name, Some(node));
    }
    for way in &ways.drawn {
        let (upper, lower) = downwards(ways, way);
        graph.set_edge(upper, lower, Some(EdgeLabel::default()), Some(way.from));
    }
    keep_phases_apart(&mut graph, ways);
    let options = LayoutOptions {
        nodesep: 24.0,
        ranksep: 32.0,
        edgesep: 10.0,
        marginx: 2.0 * MARGIN,
        marginy: MARGIN + MARGIN + NAME,
        ..LayoutOptions::default()
    };
    layout(&mut graph, Some(options));
    graph
}

fn height(label: &str, letters: bool) -> f64 {
    let lines = wrapped(label).iter().map(|_| LINE_HEIGHT).sum::<f64>();
    HEIGHT + lines + if letters { LETTERS } else { 0.0 }
}

fn downwards<'a>(ways: &Ways, way: &Way<'a>) -> (&'a str, &'a str) {
    if ways.place(way.from) < ways.place(way.to) {
        (way.from, way.to)
    } else {
        (way.to, way.from)
    }
}

/// Between two phases lies a point that comes after all states of the one and before all of the other.
fn keep_phases_apart(graph: &mut Laid, ways: &Ways) {
    let phases: Vec<Vec<&str>> = Phase::ALL
        .iter()
        .map(|phase| {
            let states = ways
                .states
                .iter()
                .filter(|(_, state)| state.phase == *phase);
            states.map(|(name, _)| *name).collect()
        })
        .filter(|states: &Vec<_>| !states.is_empty())
        .collect();
    for (number, pair) in phases.windows(2).enumerate() {
        let between = format!("between phases {number}");
        graph.set_node(between.as_str(), Some(NodeLabel::default()));
        let light = || EdgeLabel {
            weight: 0,
            ..EdgeLabel::default()
        };
        for state in &pair[0] {
            graph.set_edge(*state, between.as_str(), Some(light()), None);
        }
        for state in &pair[1] {
            graph.set_edge(between.as_str(), *state, Some(light()), None);
        }
    }
}

fn place(
    definition: &Definition,
    ways: &Ways,
    laid: &Laid,
    name: &str,
    cases: Option<&BTreeMap<String, i64>>,
) -> Option<Place> {
    let node = laid.node(name)?;
    let leads = ways.lettered.iter().filter(|way| way.from == name);
    let mut leads: Vec<_> = leads
        .filter_map(|way| Some((ways.letter(way.to)?, way.takes_two())))
        .collect();
    leads.sort_unstable();
    Some(Place {
        state: name.to_owned(),
        lines: wrapped(definition.state_label(name)),
        x: node.x? - node.width / 2.0,
        y: node.y? - node.height / 2.0,
        width: node.width,
        height: node.height,
        start: name == &*definition.scheme.intake.state,
        end: definition.is_end(name),
        cases: cases
            .filter(|_| !definition.is_end(name))
            .map(|cases| cases.get(name).copied().unwrap_or(0)),
        letter: ways.letter(name),
        leads,
    })
}

fn arrow(definition: &Definition, ways: &Ways, laid: &Laid, way: &Way) -> Option<Arrow> {
    let (upper, lower) = downwards(ways, way);
    let edge = laid.edge(upper, lower, Some(way.from))?;
    let mut points: Vec<_> = edge.points.iter().map(|point| (point.x, point.y)).collect();
    if upper != way.from {
        points.reverse();
    }
    let labels: Vec<_> = way.actions.iter().map(|action| &*action.label).collect();
    Some(Arrow {
        points,
        takes_two: way.takes_two(),
        title: format!(
            "From {} to {}: {}",
            definition.state_label(way.from),
            definition.state_label(way.to),
            labels.join("; ")
        ),
    })
}

/// A label in lines of whole words.
fn wrapped(label: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in label.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < LINE => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
