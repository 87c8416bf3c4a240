//! Reads the fixtures of the npm package and brings HTML into one form for comparing.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use scraper::{ElementRef, Html, Node};
use serde_json::Value;

/// A pair of options and the HTML they must give.
pub struct Fixture {
    pub name: String,
    pub options: Value,
    pub html: String,
}

/// The fixtures of one component.
pub fn fixtures(component: &str) -> Vec<Fixture> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/web/ui/node_modules/govuk-frontend/dist/govuk/components")
        .join(component)
        .join("fixtures.json");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("run make ui: the fixtures of {component} are not there ({error})")
    });
    let file: Value = serde_json::from_str(&text).expect("fixtures are JSON");
    let list = file["fixtures"].as_array().expect("a list of fixtures");
    list.iter().map(fixture).collect()
}

fn fixture(value: &Value) -> Fixture {
    let text = |key: &str| {
        value[key]
            .as_str()
            .expect("name and html are text")
            .to_owned()
    };
    Fixture {
        name: text("name"),
        options: value["options"].clone(),
        html: text("html"),
    }
}

/// Elements beside which white space shows on the screen.
const INLINE: [&str; 4] = ["a", "b", "span", "strong"];

/// HTML as a parser sees it: attributes in order, classes and white space tidied.
pub fn canonical(html: &str) -> String {
    let document = Html::parse_fragment(html);
    let mut out = String::new();
    write_children(document.root_element(), &mut out);
    out
}

fn write_children(parent: ElementRef, out: &mut String) {
    let inside = parent.value().name();
    for child in parent.children() {
        match child.value() {
            Node::Text(text) => {
                let touched_before = parent
                    .prev_sibling()
                    .is_some_and(|node| touches(node.value(), str::trim_end));
                let touched_after = parent
                    .next_sibling()
                    .is_some_and(|node| touches(node.value(), str::trim_start));
                let shows = (
                    space_shows(
                        child.prev_sibling().map(|node| node.value()),
                        inside,
                        touched_before,
                    ),
                    space_shows(
                        child.next_sibling().map(|node| node.value()),
                        inside,
                        touched_after,
                    ),
                );
                write_text(text, shows, out);
            }
            Node::Element(_) => write_element(ElementRef::wrap(child).expect("an element"), out),
            _ => {}
        }
    }
}

/// Whether white space shows at that end of a text: beside an inline element, or at the edge of one that words touch from outside.
fn space_shows(beside: Option<&Node>, inside: &str, touched: bool) -> bool {
    match beside {
        Some(node) => node
            .as_element()
            .is_some_and(|element| INLINE.contains(&element.name())),
        None => touched && INLINE.contains(&inside),
    }
}

/// Whether a neighbour is words without white space at the near end.
fn touches(neighbour: &Node, trim: fn(&str) -> &str) -> bool {
    neighbour
        .as_text()
        .is_some_and(|text| !text.is_empty() && trim(text).len() == text.len())
}

fn write_text(text: &str, (before, after): (bool, bool), out: &mut String) {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        out.push_str(if before && after { " " } else { "" });
        return;
    }
    let leading = before && text.starts_with(char::is_whitespace);
    let trailing = after && text.ends_with(char::is_whitespace);
    out.push_str(if leading { " " } else { "" });
    out.push_str(&words);
    out.push_str(if trailing { " " } else { "" });
}

fn write_element(element: ElementRef, out: &mut String) {
    let name = element.value().name();
    let attributes: BTreeMap<&str, String> = element
        .value()
        .attrs()
        .map(|(name, value)| (name, attribute(name, value)))
        .collect();
    out.extend(["<", name]);
    for (name, value) in attributes {
        out.extend([" ", name, "=\"", &value, "\""]);
    }
    out.push('>');
    write_children(element, out);
    out.extend(["</", name, ">"]);
}

fn attribute(name: &str, value: &str) -> String {
    if name == "class" {
        value.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        value.to_owned()
    }
}
