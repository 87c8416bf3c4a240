//! Who may see what, by the policies in `workflows/policy/`.

mod cut;
mod faults;
mod table;
mod ties;
