//! The only place where chance comes from.

use aws_lc_rs::rand;
use uuid::Builder;

use crate::domain::id::CaseId;
use crate::domain::reference::Reference;

/// Random bytes from the operating system's generator.
///
/// # Panics
/// When the system has no randomness left to give; nothing safe can be done then.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where chance comes from"
)]
fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).expect("the operating system must give random bytes");
    bytes
}

/// A random id of 128 bits, six of them fixed by the format.
pub fn id() -> uuid::Uuid {
    Builder::from_random_bytes(bytes()).into_uuid()
}

pub fn case_id() -> CaseId {
    CaseId(id())
}

pub fn reference() -> Reference {
    Reference::from_bits(u64::from_be_bytes(bytes()))
}

/// A secret of 256 bits, in hexadecimal.
pub fn secret() -> String {
    hex(&bytes::<32>())
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        use std::fmt::Write;
        let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
        text
    })
}

/// The SHA-256 of parts, each with its length in front so that no two lists of parts share a hash.
pub fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    hex(context.finish().as_ref())
}
