//! Codes that a device and the service make from one secret and the time (RFC 6238: SHA-1, six digits, 30 seconds), as every
//! authenticator app does.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::chance::Chance;
use super::typed_code::{base32, grouped};

/// How long a code is the newest, in seconds.
const STEP: i64 = 30;

/// How many steps a device's clock may be off, either way.
const DRIFT: i64 = 1;

/// What the device files the secret under. It says nothing of what the service is for (L8).
const ISSUER: &str = "Case work";

/// What codes are made from: 160 bits, the length of the hash (RFC 4226, section 4).
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

/// Leaves the secret out: this may end up in a log.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret").finish_non_exhaustive()
    }
}

impl Secret {
    pub(super) fn draw(chance: &Chance) -> Self {
        Self(chance.bytes::<20>().to_vec())
    }

    /// One that was kept.
    pub fn kept(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The code that a device shows at this moment.
    pub fn code_at(&self, now: Timestamp) -> String {
        self.code(step_of(now))
    }

    /// The step whose code was typed, if it is one of those that a device may show now.
    pub(super) fn step_typed(&self, typed: &str, now: Timestamp) -> Option<i64> {
        let newest = step_of(now);
        let right = |step: &i64| {
            verify_slices_are_equal(self.code(*step).as_bytes(), typed.as_bytes()).is_ok()
        };
        (newest - DRIFT..=newest + DRIFT).rev().find(right)
    }

    /// The secret for typing.
    pub fn for_typing(&self) -> String {
        grouped(&base32(&self.0))
    }

    /// The address that opens a device's app, or stands in a picture for it to see.
    pub fn address(&self, sign_in_name: &str) -> String {
        let issuer = utf8_percent_encode(ISSUER, NON_ALPHANUMERIC);
        let name = utf8_percent_encode(sign_in_name, NON_ALPHANUMERIC);
        let secret = base32(&self.0);
        format!("otpauth://totp/{issuer}:{name}?secret={secret}&issuer={issuer}")
    }

    fn code(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let place = usize::from(tag[tag.len() - 1] & 0xf);
        let number = tag[place..place + 4]
            .iter()
            .fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
    }
}

fn step_of(now: Timestamp) -> i64 {
    now.as_second().div_euclid(STEP)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let secret = Secret::kept(b"12345678901234567890".to_vec());
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(
                secret.code_at(Timestamp::from_second(second).unwrap()),
                code
            );
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off_and_no_more() {
        let secret = Secret::kept(b"12345678901234567890".to_vec());
        let at = |second| Timestamp::from_second(second).unwrap();
        let code = secret.code_at(at(1_000_000_000));
        let step = step_of(at(1_000_000_000));
        for (off, found) in [
            (-60, None),
            (-30, Some(step)),
            (0, Some(step)),
            (30, Some(step)),
            (60, None),
        ] {
            assert_eq!(
                secret.step_typed(&code, at(1_000_000_000 + off)),
                found,
                "{off}"
            );
        }
        assert_eq!(secret.step_typed("", at(1_000_000_000)), None);
    }

    #[test]
    fn the_address_is_read_by_apps_and_says_nothing() {
        let secret = Secret::kept(b"12345678901234567890".to_vec());
        assert_eq!(
            secret.address("f.example@work"),
            "otpauth://totp/Case%20work:f%2Eexample%40work?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Case%20work"
        );
        assert_eq!(
            secret.for_typing(),
            "GEZD-GNBV-GY3T-QOJQ-GEZD-GNBV-GY3T-QOJQ"
        );
        assert!(!format!("{secret:?}").contains("49"));
    }
}
