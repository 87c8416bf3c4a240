//! A definition as a picture of its states and the ways between them.
//! Nothing of a case is known here but how many stand in each state; how a picture is written down is for the edges.
//! Start with `ways`, then `picture` for where everything goes; `mermaid` is the same as a text for other programs.

mod mermaid;
mod picture;
mod ways;

pub use mermaid::mermaid;
pub use picture::{Arrow, Band, Picture, Place, picture};
pub use ways::{Ways, ways};
