//! What a text looks like in a file: as it is, in two bytes a letter, in hexadecimal, in base64.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use clares_law::app::digest::hex;

/// Every form is looked for by its beginning.
const BEGINNING: usize = 8;

/// Texts that are looked for in bytes.
pub struct Forms(HashMap<[u8; BEGINNING], Vec<Vec<u8>>>);

impl Forms {
    /// Of these texts, but for those so short that they stand in hexadecimal by chance.
    pub fn of(texts: &[String]) -> Self {
        let mut forms: HashMap<_, Vec<_>> = HashMap::new();
        let long = texts.iter().filter(|text| text.len() > BEGINNING);
        for form in long.flat_map(|text| forms_of(&text.to_lowercase())) {
            let beginning = form.first_chunk::<BEGINNING>().expect("a form is long");
            forms.entry(*beginning).or_default().push(form);
        }
        Self(forms)
    }

    /// The first text that stands in these bytes, in any form and any case.
    pub fn found_in(&self, bytes: &[u8]) -> Option<String> {
        let lower = bytes.to_ascii_lowercase();
        [bytes, &lower].into_iter().find_map(|bytes| {
            let mut places = bytes.windows(BEGINNING).enumerate();
            places.find_map(|(at, window)| {
                let forms = self.0.get(window)?;
                let form = forms.iter().find(|form| bytes[at..].starts_with(form))?;
                Some(String::from_utf8_lossy(form).into_owned())
            })
        })
    }
}

fn forms_of(text: &str) -> Vec<Vec<u8>> {
    let mut forms = vec![
        text.as_bytes().to_vec(),
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        hex(text.as_bytes()).into_bytes(),
    ];
    for before in 0..3 {
        // Three bytes are four letters of base64: what stands before moves those of the text.
        let moved = [&b"..."[..before], text.as_bytes()].concat();
        let whole = moved.len() / 3 * 4;
        let own = if before == 0 { 0 } else { 4 };
        for written in [
            STANDARD_NO_PAD.encode(&moved),
            URL_SAFE_NO_PAD.encode(&moved),
        ] {
            forms.push(written.as_bytes()[own..whole].to_vec());
        }
    }
    forms
}

#[test]
fn a_text_is_found_in_every_form() {
    let word = super::WORD;
    let forms = Forms::of(&[word.to_owned()]);
    let wide = |bytes: fn(u16) -> [u8; 2]| word.encode_utf16().flat_map(bytes).collect::<Vec<_>>();
    let mut written = vec![
        word.to_uppercase().into_bytes(),
        wide(u16::to_le_bytes),
        wide(u16::to_be_bytes),
        hex(word.as_bytes()).to_uppercase().into_bytes(),
    ];
    for before in ["", "a", "ab", "abc"] {
        let text = format!("{before}{word} and so on");
        written.push(STANDARD_NO_PAD.encode(&text).into_bytes());
    }
    for written in written {
        let page = [&[0, 7, 250], &*written, &[0, 9]].concat();
        assert!(forms.found_in(&page).is_some(), "{written:?}");
    }
    let other = STANDARD_NO_PAD.encode("quagga and wort").into_bytes();
    assert_eq!(forms.found_in(&other), None);
}
