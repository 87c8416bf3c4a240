//! Keys and signatures as C2SP's `signed-note` writes them: a key is a line, a signature is a line below a text.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::tree::sha256;

/// What a line with a signature begins with.
const SIGNED_BY: &str = "\u{2014} ";
const ID: usize = 4;

/// The half of a key that everybody may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) name: String,
    /// What it signs, as C2SP numbers it.
    pub(super) kind: u8,
    pub(super) public: [u8; 32],
}

impl Key {
    /// As it is handed out: name, number and key in one line.
    pub(super) fn text(&self) -> String {
        let id = u32::from_be_bytes(self.id());
        let key = BASE64_STANDARD.encode(self.kind_and_key());
        format!("{}+{id:08x}+{key}", self.name)
    }

    /// Reads what `text` wrote of a key of this kind; none if it is anything else.
    pub(super) fn read(text: &str, kind: u8) -> Option<Self> {
        let mut parts = text.trim().splitn(3, '+');
        let (name, _id, key) = (parts.next()?, parts.next()?, parts.next()?);
        let bytes = BASE64_STANDARD.decode(key).ok()?;
        let read = Self {
            name: name.to_owned(),
            kind,
            public: bytes.get(1..)?.try_into().ok()?,
        };
        (read.text() == text.trim()).then_some(read)
    }

    /// A line with this key's signature.
    pub(super) fn line(&self, signature: &[u8]) -> String {
        let mut bytes = self.id().to_vec();
        bytes.extend(signature);
        let signature = BASE64_STANDARD.encode(bytes);
        format!("{SIGNED_BY}{} {signature}\n", self.name)
    }

    /// This key's signature among lines.
    pub(super) fn signature(&self, lines: &str) -> Option<Vec<u8>> {
        lines.lines().find_map(|line| {
            let (name, signature) = line.strip_prefix(SIGNED_BY)?.rsplit_once(' ')?;
            let bytes = BASE64_STANDARD.decode(signature).ok()?;
            let own = name == self.name && bytes.starts_with(&self.id());
            own.then(|| bytes[ID..].to_vec())
        })
    }

    fn id(&self) -> [u8; ID] {
        let mut bytes = format!("{}\n", self.name).into_bytes();
        bytes.extend(self.kind_and_key());
        let hash = sha256(&bytes);
        [hash[0], hash[1], hash[2], hash[3]]
    }

    fn kind_and_key(&self) -> Vec<u8> {
        let mut bytes = vec![self.kind];
        bytes.extend(self.public);
        bytes
    }
}
