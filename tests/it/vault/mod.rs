//! What is sealed, under which keys, and what is refused without them.

mod cost;
mod installation;
mod keys;
mod sealed;
