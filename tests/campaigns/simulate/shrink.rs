//! The shortest sequence that still breaks the same law: parts are taken out, ever smaller ones, as long as it does.

use super::laws::Broken;
use super::operation::Operation;

/// Takes out what is not needed. `breaks` plays a sequence and answers the law that did not hold.
pub fn shrunk(
    operations: &[Operation],
    broken: &Broken,
    most: u32,
    mut breaks: impl FnMut(&[Operation]) -> Option<Broken>,
) -> Vec<Operation> {
    let mut shortest = operations.to_vec();
    let mut left = most;
    let mut size = shortest.len() / 2;
    while size > 0 && left > 0 {
        let mut from = 0;
        let mut shorter = false;
        while from < shortest.len() && left > 0 {
            let mut without = shortest.clone();
            without.drain(from..(from + size).min(without.len()));
            left -= 1;
            if breaks(&without).is_some_and(|other| other.law == broken.law) {
                shortest = without;
                shorter = true;
            } else {
                from += size;
            }
        }
        if size > 1 || !shorter {
            size /= 2;
        }
    }
    shortest
}
