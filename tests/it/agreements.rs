//! Information-sharing agreements: what is wrong with their files, and that an agency's people and machines are shown nothing
//! without one in force and only its classes with one.

mod checks;
mod shown;
mod told;
