//! What addresses there are, by the sources, by the API's own document and by addresses.txt: three lists that must be one.

use std::collections::BTreeSet;
use std::path::Path;

use axum::http::Method;

use crate::support::machine::Installation;

const TABLE: &str = include_str!("addresses.txt");

/// An address of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub method: Method,
    pub path: &'static str,
    pub needs: &'static str,
}

pub fn addresses() -> Vec<Address> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let addresses = lines.map(|line| {
        let cells: Vec<_> = line.split_whitespace().collect();
        let [method, path, needs] = cells[..] else {
            panic!("{line}")
        };
        Address {
            method: method.parse().unwrap(),
            path,
            needs,
        }
    });
    addresses.collect()
}

type Named = BTreeSet<(String, String)>;

fn named(addresses: impl Iterator<Item = Address>) -> Named {
    let pairs = addresses.map(|one| (one.method.to_string(), one.path.to_owned()));
    pairs.collect()
}

fn source(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// What stands for a constant of `src/web/layout.rs`, or a text itself.
fn spelled(word: &str, constants: &str) -> String {
    let word = word.trim();
    if word.starts_with('"') {
        return word.trim_matches('"').to_owned();
    }
    let declared = format!("const {word}: &str = \"");
    let (_, rest) = constants
        .split_once(&declared)
        .unwrap_or_else(|| panic!("what is {word}?"));
    rest.split('"').next().unwrap().to_owned()
}

/// The addresses that a source file hangs its handlers on.
fn routed(path: &str) -> Named {
    let constants = source("src/web/layout.rs");
    let text = source(path);
    let mut found = Named::new();
    for route in text.split(".route(").skip(1) {
        // What follows the last route belongs to something else.
        let route = route.split("\n}").next().unwrap();
        let (address, handlers) = route.split_once(',').unwrap();
        for method in ["get", "post", "put", "patch", "delete"] {
            if handlers.contains(&format!("{method}(")) {
                found.insert((method.to_uppercase(), spelled(address, &constants)));
            }
        }
    }
    found
}

#[tokio::test]
async fn the_router_the_document_and_the_matrix_name_the_same_addresses() {
    let told = named(addresses().into_iter());
    let mut served = routed("src/web/pages/mod.rs");
    served.append(&mut routed("src/web/sign_in/mod.rs"));
    served.append(&mut routed("src/web/mod.rs"));
    let of_pages = |path: &str| !path.starts_with("/api/");
    let pages: Named = told
        .iter()
        .filter(|(_, path)| of_pages(path))
        .cloned()
        .collect();
    assert_eq!(served, pages, "the router, and addresses.txt");

    let service = Installation::at("2026-11-23T09:30").await;
    let document = service.document().await;
    let mut documented = Named::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            documented.insert((method.to_uppercase(), path.clone()));
        }
    }
    // The document does not describe itself.
    documented.insert(("GET".to_owned(), "/api/v1/openapi.json".to_owned()));
    let api: Named = told
        .iter()
        .filter(|(_, path)| !of_pages(path))
        .cloned()
        .collect();
    assert_eq!(documented, api, "the API's document, and addresses.txt");
    // Nothing of the API is served past its document.
    let by_hand = source("src/web/api/mod.rs").matches(".route(").count();
    assert_eq!(
        by_hand, 4,
        "the document, and three ways to what is not there"
    );
}
