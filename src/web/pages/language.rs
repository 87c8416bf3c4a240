//! The language of a public page. It stands in the address and nowhere else: nothing of the choice stays on the computer.

use std::collections::BTreeMap;

use axum::extract::Query;
use axum::http::Uri;

use crate::engine::definition::voice::ENGLISH;

/// Its name in an address.
const NAME: &str = "lang";

/// The language that an address asks for, which need not be one that is offered.
pub fn asked(uri: &Uri) -> String {
    let asked = Query::<BTreeMap<String, String>>::try_from_uri(uri).ok();
    let language = asked.and_then(|Query(mut asked)| asked.remove(NAME));
    language.unwrap_or_else(|| ENGLISH.to_owned())
}

/// An address that asks for a language; English needs no asking.
pub fn address(path: &str, language: &str) -> String {
    if language == ENGLISH {
        path.to_owned()
    } else {
        format!("{path}?{NAME}={language}")
    }
}
