//! Styles and scripts, built by npm into `src/web/ui/dist` and taken into the binary.
//!
//! The binary also compiles without them (no Node at hand): pages then have no style sheet, and still work.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use rust_embed::RustEmbed;

/// Where the files are served, with the hash of their content in their names; so they may be cached for ever.
pub const PATH: &str = "/s/";

#[derive(RustEmbed)]
#[folder = "src/web/ui/dist"]
#[allow_missing = true]
struct Built;

/// From what is asked for (`app.css`) to where it is served (`/s/app.<hash>.css`).
static ADDRESSES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let manifest = Built::get("manifest.json");
    let names: BTreeMap<String, String> = manifest
        .and_then(|file| serde_json::from_slice(&file.data).ok())
        .unwrap_or_default();
    names
        .into_iter()
        .map(|(name, hashed)| (name, format!("{PATH}{hashed}")))
        .collect()
});

/// A file as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    pub content_type: &'static str,
    pub plain: Cow<'static, [u8]>,
    /// The same, compressed once when it was built.
    pub gzipped: Option<Cow<'static, [u8]>>,
}

/// Address of the public style sheet.
#[must_use]
pub fn public_css() -> Option<&'static str> {
    address("app.css")
}

/// Address of the public script.
#[must_use]
pub fn public_js() -> Option<&'static str> {
    address("app.js")
}

/// Address of the staff style sheet.
#[must_use]
pub fn staff_css() -> Option<&'static str> {
    address("staff.css")
}

/// Address of the staff script.
#[must_use]
pub fn staff_js() -> Option<&'static str> {
    address("staff.js")
}

/// True when the styles and scripts were built into this binary; `serve` says so at start when not.
#[must_use]
pub fn are_built() -> bool {
    !ADDRESSES.is_empty()
}

/// The file of that hashed name (without [`PATH`]), if it is one of ours.
#[must_use]
pub fn get(name: &str) -> Option<Asset> {
    let content_type = content_type(name)?;
    Some(Asset {
        content_type,
        plain: Built::get(name)?.data,
        gzipped: Built::get(&format!("{name}.gz")).map(|file| file.data),
    })
}

fn address(name: &str) -> Option<&'static str> {
    ADDRESSES.get(name).map(String::as_str)
}

fn content_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_leads_to_a_file() {
        assert_eq!(ADDRESSES.len(), 4, "run make ui");
        for address in ADDRESSES.values() {
            let name = address.strip_prefix(PATH).expect("served beneath PATH");
            let asset = get(name).expect("listed and there");
            assert!(asset.gzipped.expect("compressed too").len() < asset.plain.len());
        }
    }

    #[test]
    fn nothing_of_gov_uk_s_own_look_is_served() {
        for address in ADDRESSES.values() {
            let asset = get(address.trim_start_matches(PATH)).expect("listed and there");
            let text = String::from_utf8_lossy(&asset.plain).to_lowercase();
            for theirs in ["gds transport", "crest", "crown", "/assets/"] {
                assert!(!text.contains(theirs), "{theirs} in {address}");
            }
        }
    }

    #[test]
    fn nothing_else_is_served() {
        for name in [
            "manifest.json",
            "",
            "app.css",
            "../package.json",
            "app.css.gz",
        ] {
            assert_eq!(get(name), None, "{name}");
        }
    }
}
