//! Keys below the root, and the root as it is written down.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use clares_law::vault::keys::LENGTH;
use clares_law::vault::root::{NoRoot, Root};
use proptest::prelude::*;
use uuid::Uuid;

use super::{authority_key, stream_key};

fn once() -> impl Strategy<Value = [u8; 12]> {
    proptest::array::uniform12(any::<u8>())
}

/// The same text with one bit of what it stands for turned over.
fn altered(base64: &str, bit: usize) -> String {
    let mut bytes = STANDARD_NO_PAD.decode(base64).unwrap();
    let bit = bit % (bytes.len() * 8);
    bytes[bit / 8] ^= 1 << (bit % 8);
    STANDARD_NO_PAD.encode(bytes)
}

proptest! {
    #[test]
    fn a_wrapped_key_opens_for_its_stream_and_authority_only(
        stream: u128, other: u128, keys: (u8, u8, u8), once in once(), bit: usize
    ) {
        let (key, wrapper, another) = keys;
        let (stream, other) = (Uuid::from_u128(stream), Uuid::from_u128(other));
        let wrapped = authority_key(wrapper).wrap(stream, &stream_key(key), once);
        let opened = authority_key(wrapper).unwrap(stream, &wrapped).unwrap();
        // They are one key: what one sealed, the other opens.
        let sealed = stream_key(key).seal_text("here", "a text", once);
        prop_assert_eq!(opened.open_text("here", &sealed).unwrap(), "a text");
        prop_assert!(stream == other || authority_key(wrapper).unwrap(other, &wrapped).is_err());
        prop_assert!(wrapper == another || authority_key(another).unwrap(stream, &wrapped).is_err());
        prop_assert!(authority_key(wrapper).unwrap(stream, &altered(&wrapped, bit)).is_err());
    }

    #[test]
    fn a_sealed_text_opens_whole_at_its_place_only(
        text: String, place: String, other: String, keys: (u8, u8), once in once(), bit: usize
    ) {
        let key = stream_key(keys.0);
        let sealed = key.seal_text(&place, &text, once);
        prop_assert_eq!(key.open_text(&place, &sealed).unwrap(), &*text);
        prop_assert!(place == other || key.open_text(&other, &sealed).is_err());
        prop_assert!(keys.0 == keys.1 || stream_key(keys.1).open_text(&place, &sealed).is_err());
        prop_assert!(key.open_text(&place, &altered(&sealed, bit)).is_err());
        // Neither a text that was never sealed, nor part of one that was.
        prop_assert!(key.open_text(&place, &text).is_err());
        prop_assert!(key.open_text(&place, &sealed[..sealed.len() / 2]).is_err());
    }

    #[test]
    fn no_text_that_is_no_identity_is_a_root(text in "[^#]{0,80}") {
        prop_assume!(!text.contains("AGE-SECRET-KEY-1"));
        prop_assert_eq!(Root::parse(&text).err(), Some(NoRoot));
    }
}

#[test]
fn an_authoritys_key_opens_with_the_root_it_was_wrapped_for_and_unaltered() {
    let (root, other) = (Root::made(), Root::made());
    let wrapped = root.wrap(&authority_key(7));
    let opened = root.unwrap(&wrapped).unwrap();
    let stream = Uuid::nil();
    let sealed = opened.wrap(stream, &stream_key(1), [0; 12]);
    assert!(
        authority_key(7).unwrap(stream, &sealed).is_ok(),
        "it is the same key"
    );
    assert!(other.unwrap(&wrapped).is_err());
    let whole = STANDARD.decode(&wrapped).unwrap();
    assert!(
        whole.starts_with(b"age-encryption.org/v1\n"),
        "a common age file"
    );
    assert!(whole.len() > LENGTH);
    for byte in 0..whole.len() {
        let mut spoilt = whole.clone();
        spoilt[byte] ^= 1;
        assert!(
            root.unwrap(&STANDARD.encode(&spoilt)).is_err(),
            "byte {byte}"
        );
        assert!(
            root.unwrap(&STANDARD.encode(&whole[..byte])).is_err(),
            "{byte} bytes"
        );
    }
}

#[test]
fn an_identity_file_is_read_as_age_keygen_writes_it() {
    let root = Root::made();
    let text = root.text();
    let secret = text.lines().last().unwrap();
    let public = root.public();
    let keygen = format!("# created: 2026-11-23T19:00:00Z\n# public key: {public}\n{secret}\n");
    let windows = keygen.replace('\n', "\r\n");
    let unended = keygen.trim_end().to_owned();
    let spaced = format!("\n  {secret}  \n\n# kept in the safe\n");
    for file in [
        text.to_string(),
        keygen,
        windows,
        unended,
        spaced,
        secret.to_owned(),
    ] {
        let read = Root::parse(&file).unwrap();
        assert_eq!(read.public(), public);
        let wrapped = root.wrap(&authority_key(3));
        assert!(read.unwrap(&wrapped).is_ok());
    }
}

#[test]
fn a_file_without_one_identity_is_refused_and_not_repeated() {
    let (one, other) = (Root::made().text(), Root::made().text());
    let secret = one.lines().last().unwrap();
    let typo = secret.replacen("AGE-SECRET-KEY-1", "AGE-SECRET-KEY-1B", 1);
    let two = format!("{}{}", &*one, &*other);
    let behind = format!("{secret} and a word");
    let public = format!("{}\n", Root::made().public());
    let cut = &secret[..secret.len() - 1];
    for file in [
        "",
        "# only a comment\n",
        &two,
        &behind,
        &public,
        cut,
        &typo,
        "a password",
    ] {
        let refused = Root::parse(file).err().expect("it is no root");
        let said = format!("{refused} {refused:?}");
        let words = file.split_whitespace().filter(|word| word.len() > 16);
        for word in words {
            assert!(!said.contains(word), "{said}");
        }
    }
}
