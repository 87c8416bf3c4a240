//! Who may see what, by the policies in `workflows/policy/`.

mod addresses;
mod asking;
mod confirmed;
pub mod cut;
mod faults;
mod matrix;
mod races;
mod routes;
mod table;
mod ties;
mod unseen;
